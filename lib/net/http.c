#include "net/http.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

enum {
	HTTP_BACKOFF_MS = 500,
	HTTP_BACKOFF_MOST_MS = 30000,
	HTTP_AFTER_MOST_MS = 120000	/* of a Retry-After */
};

struct http_request {
	struct http_request *next;
	char *url;
	void (*done)(void *, const struct http_reply *);
	void *ctx;
	int tries;
};

struct http {
	struct http_setup setup;
	struct multi *multi;
	struct loop_timer *timer;
	struct http_request *first, **last;
	size_t n;
	struct multi_call *call;	/* of the first, while it runs */
	char *header;			/* of the key, or NULL */
	struct buf body;
	bool too_long;
	int64_t next_ns;		/* no request before */
	int64_t sent, throttled;	/* so far */
};

static void http_start(struct http *http);

/* A number up to n, for jitter. */
static int64_t
http_random(int64_t n)
{
	uint64_t bits = 0;

	if (getrandom(&bits, sizeof(bits), 0) < 0)
		bits = (uint64_t)loop_now_ns();
	return (int64_t)(bits % (uint64_t)(n + 1));
}

static bool
http_is_passing(int status)
{
	static const int passing[] = { 0, 413, 429, 499, 500, 502, 503, 504 };

	for (size_t i = 0; i < sizeof(passing) / sizeof(*passing); i++)
		if (status == passing[i])
			return true;
	return false;
}

/* Takes the first request off and tells it. */
static void
http_finish(struct http *http, const struct http_reply *reply)
{
	struct http_request *request = http->first;
	struct buf body = http->body;

	http->first = request->next;
	if (http->first == NULL)
		http->last = &http->first;
	http->n--;
	http->body = (struct buf)BUF_INIT;
	request->done(request->ctx, reply);
	buf_free(&body);
	free(request->url);
	free(request);
	if (http->call == NULL && http->first != NULL)
		http_start(http);
}

static int64_t
http_pause(const struct http_request *request, int64_t after_s)
{
	int64_t ms = HTTP_BACKOFF_MS;

	if (after_s > 0)
		return after_s < HTTP_AFTER_MOST_MS / 1000 ?
		    after_s * 1000 : HTTP_AFTER_MOST_MS;
	for (int i = 1; i < request->tries && ms < HTTP_BACKOFF_MOST_MS; i++)
		ms *= 2;
	ms = ms < HTTP_BACKOFF_MOST_MS ? ms : HTTP_BACKOFF_MOST_MS;
	return ms / 2 + http_random(ms);
}

static void
http_on_done(void *ctx, const char *why)
{
	struct http *http = ctx;
	struct http_request *request = http->first;
	struct http_reply reply = { .why = why, .tries = request->tries };
	char reason[256];
	int64_t after = 0;

	if (http->too_long) {
		snprintf(reason, sizeof(reason), "a reply of more than %zu "
		    "bytes", http->setup.most);
		reply.why = reason;
	} else if (why != NULL) {	/* the call's own, soon freed */
		snprintf(reason, sizeof(reason), "%s", why);
		reply.why = reason;
	} else {
		reply.status = multi_call_status(http->call, &after);
	}
	multi_call_free(http->call);
	http->call = NULL;
	http->throttled += reply.status == 429;
	if (http_is_passing(reply.status) && !http->too_long &&
	    request->tries < http->setup.tries) {
		http->next_ns = loop_now_ns() + http_pause(request, after) *
		    INT64_C(1000000);
		http_start(http);
		return;
	}
	reply.body = (struct slice){ http->body.p, http->body.n };
	http_finish(http, &reply);
}

static bool
http_on_body(void *ctx, const char *p, size_t n)
{
	struct http *http = ctx;

	http->too_long = n > http->setup.most - http->body.n;
	if (!http->too_long)
		buf_add(&http->body, p, n);
	return !http->too_long;
}

static void
http_send(struct http *http)
{
	http->first->tries++;
	http->sent++;
	http->body.n = 0;
	http->too_long = false;
	http->call = multi_call_new(http->multi, http->first->url,
	    http_on_done, http);
	multi_call_request(http->call, http->header, http->setup.timeout_ms,
	    http_on_body);
	if (http->setup.per_minute > 0)
		http->next_ns = loop_now_ns() +
		    INT64_C(60000000000) / http->setup.per_minute;
	multi_call_start(http->call);
}

static void
http_start(struct http *http)
{
	int64_t wait = http->next_ns - loop_now_ns();

	if (wait > 0)
		loop_timer_set(http->timer, wait / 1000000 + 1);
	else
		http_send(http);
}

static void
http_on_timer(void *ctx)
{
	struct http *http = ctx;

	if (http->call == NULL && http->first != NULL)
		http_send(http);
}

struct http *
http_new(struct loop *loop, const struct http_setup *setup)
{
	struct http *http = buf_alloc(1, sizeof(*http));
	struct buf header = BUF_INIT;

	http->setup = *setup;
	http->last = &http->first;
	http->multi = multi_new(loop, &setup->multi);
	http->timer = loop_timer_new(loop, http_on_timer, http);
	if (setup->bearer != NULL) {
		buf_fmt(&header, "Authorization: Bearer %s%c", setup->bearer,
		    '\0');
		http->header = header.p;
	}
	return http;
}

void
http_free(struct http *http)
{
	struct http_request *request;

	if (http == NULL)
		return;
	multi_call_free(http->call);
	while ((request = http->first) != NULL) {
		http->first = request->next;
		free(request->url);
		free(request);
	}
	if (http->header != NULL)
		explicit_bzero(http->header, strlen(http->header));
	free(http->header);
	buf_free(&http->body);
	loop_timer_free(http->timer);
	multi_free(http->multi);
	free(http);
}

void
http_get(struct http *http, const char *url,
    void (*done)(void *ctx, const struct http_reply *reply), void *ctx)
{
	struct http_request *request = buf_alloc(1, sizeof(*request));

	*request = (struct http_request){ NULL, buf_dup(url, strlen(url)),
	    done, ctx, 0 };
	*http->last = request;
	http->last = &request->next;
	if (http->n++ == 0)
		http_start(http);
}

int64_t
http_sent(const struct http *http)
{
	return http->sent;
}

int64_t
http_throttled(const struct http *http)
{
	return http->throttled;
}

size_t
http_waiting(const struct http *http)
{
	return http->n;
}
