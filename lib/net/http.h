#ifndef FLOW_HTTP_H
#define FLOW_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/multi.h"

/*
 * GET requests to one service, one at a time and in order, so that no burst
 * of ours needs a limit.  Each is tried again on 413, 429, 499, 500, 502, 503,
 * 504 and when the transfer failed: after the Retry-After said, else after
 * 0.5 s doubling to 30 s, give or take a half.
 */

struct http;

struct http_setup {
	struct multi_setup multi;
	const char *bearer;	/* key, or NULL; sent in a header, never kept
				 * in a text that is shown */
	int64_t per_minute;	/* requests, tries included; 0: no limit */
	int64_t timeout_ms;	/* of one try */
	size_t most;		/* bytes of a reply, unpacked */
	int tries;
};

struct http_reply {
	int status;		/* 0: no reply at all */
	const char *why;	/* then why; or NULL */
	struct slice body;
	int tries;
};

/* Texts of the setup are borrowed. */
struct http *http_new(struct loop *loop, const struct http_setup *setup);
void http_free(struct http *http);	/* drops what waits; NULL is fine */

/*
 * done is called from the loop with the last try's reply, valid during the
 * call, and may ask for more.
 */
void http_get(struct http *http, const char *url,
    void (*done)(void *ctx, const struct http_reply *reply), void *ctx);

/* Tries sent so far; those of them that were told to come later (429). */
int64_t http_sent(const struct http *http);
int64_t http_throttled(const struct http *http);

/* Requests that wait or run. */
size_t http_waiting(const struct http *http);

#endif
