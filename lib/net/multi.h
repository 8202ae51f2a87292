#ifndef FLOW_MULTI_H
#define FLOW_MULTI_H

#include <stdbool.h>

#include "base/buf.h"
#include "net/loop.h"

/*
 * libcurl on the event loop: transfers that run beside one another without
 * blocking, all with the same care.  TLS 1.2 or later, certificates and names
 * always verified; no redirect is followed; nothing but http and https.
 *
 * The only place that knows libcurl, which is loaded by the first multi_new:
 * it brings thirty libraries along, and starting them takes many times as long
 * as all of a program that replays a file.
 */

struct multi;
struct multi_call;

struct multi_setup {
	const char *ca_file;	/* trusted besides nothing else; NULL: the
				 * system's certificates */
	int64_t connect_ms;	/* most time to connect, TLS included */
};

/*
 * True for https, and for http to this machine itself: a key never travels
 * unencrypted over a network.  No user and password, which could make a host
 * look like another.
 */
bool multi_url_ok(const char *url);

/* "host:port" of a URL that is ok, cut to fit into most bytes with its NUL. */
void multi_url_host(const char *url, char *dst, size_t most);

/* Texts of the setup are borrowed. */
struct multi *multi_new(struct loop *loop, const struct multi_setup *setup);
void multi_free(struct multi *multi);	/* after its calls; NULL is fine */

/*
 * A transfer; done is called once, with NULL or the reason why it failed, and
 * may free the call.  It is made a connection or a request before
 * multi_call_start.
 */
struct multi_call *multi_call_new(struct multi *multi, const char *url,
    void (*done)(void *ctx, const char *why), void *ctx);
void multi_call_start(struct multi_call *call);
void multi_call_free(struct multi_call *call);	/* NULL is fine */

/* ---- a connection: done comes when it stands ---- */

void multi_call_connect(struct multi_call *call);

/* Its descriptor, -1 when there is none. */
int multi_call_fd(const struct multi_call *call);

/* As recv(2) and send(2) without blocking: 1 and *done, 0 not now, -1 over. */
int multi_call_recv(struct multi_call *call, char *p, size_t n, size_t *done);
int multi_call_send(struct multi_call *call, const char *p, size_t n,
    size_t *done);

/* ---- a request ---- */

/*
 * header: one more line, or NULL.  body gets what comes, unpacked; false ends
 * the transfer.  Both with the ctx of the call.
 */
void multi_call_request(struct multi_call *call, const char *header,
    int64_t timeout_ms, bool (*body)(void *ctx, const char *p, size_t n));

/* When done: the status, and the seconds of Retry-After or 0. */
int multi_call_status(const struct multi_call *call, int64_t *retry_after_s);

#endif
