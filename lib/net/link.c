#include "net/link.h"

#include <stdlib.h>

enum {
	LINK_READ = 64 << 10,
	LINK_READS = 16		/* in one go; timers must have their turn */
};

struct link {
	struct loop *loop;
	struct multi *multi;	/* its own: an idle connection beside others
				 * might be closed for one of theirs */
	struct multi_call *call;
	struct link_events events;
	struct loop_watch *watch;	/* NULL until connected */
	struct loop_timer *again;
	struct buf *out;	/* of the last link_send */
	char *in;		/* LINK_READ */
	bool silent;
};

static void
link_down(struct link *link, const char *why)
{
	if (link->silent)
		return;
	link_silence(link);
	link->events.down(link->events.ctx, why);
}

/* TLS may hold bytes that no descriptor shows: read until AGAIN. */
static void
link_read(struct link *link)
{
	size_t n;
	int r;

	for (int i = 0; i < LINK_READS && !link->silent; i++) {
		if (link->out != NULL && link->out->n > 0)
			return;
		r = multi_call_recv(link->call, link->in, LINK_READ, &n);
		if (r == 0)
			return;
		if (r < 0 || n == 0) {
			link_down(link, r > 0 ?
			    "the server ended the connection" :
			    "connection lost");
			return;
		}
		link->events.data(link->events.ctx, link->in, n);
	}
	if (!link->silent)
		loop_timer_set(link->again, 0);
}

static void
link_on_again(void *ctx)
{
	link_read(ctx);
}

static void
link_on_ready(void *ctx, int what)
{
	struct link *link = ctx;

	if ((what & LOOP_WRITE) != 0 && link->out != NULL)
		link_send(link, link->out);
	if (!link->silent)
		link_read(link);
}

void
link_send(struct link *link, struct buf *out)
{
	size_t n;
	int r = 1;

	link->out = out;
	while (out->n > 0 && r > 0) {
		r = multi_call_send(link->call, out->p, out->n, &n);
		if (r > 0)
			buf_drop(out, n);
	}
	if (link->silent)
		return;
	if (r < 0)
		link_down(link, "connection lost");
	else
		loop_watch_set(link->watch, out->n > 0 ? LOOP_WRITE :
		    LOOP_READ);
}

static void
link_on_done(void *ctx, const char *why)
{
	struct link *link = ctx;
	int fd;

	if (link->silent)
		return;
	fd = why == NULL ? multi_call_fd(link->call) : -1;
	if (fd < 0) {
		link_down(link, why != NULL ? why : "unable to connect");
		return;
	}
	link->watch = loop_watch_new(link->loop, fd, link_on_ready, link);
	loop_watch_set(link->watch, LOOP_READ);
	link->events.up(link->events.ctx);
	loop_timer_set(link->again, 0);
}

struct link *
link_new(struct loop *loop, const struct multi_setup *setup, const char *url,
    const struct link_events *events)
{
	struct link *link = buf_alloc(1, sizeof(*link));

	link->loop = loop;
	link->events = *events;
	link->in = buf_alloc(LINK_READ, 1);
	link->again = loop_timer_new(loop, link_on_again, link);
	link->multi = multi_new(loop, setup);
	link->call = multi_call_new(link->multi, url, link_on_done, link);
	multi_call_connect(link->call);
	multi_call_start(link->call);
	return link;
}

void
link_silence(struct link *link)
{
	link->silent = true;
	loop_timer_off(link->again);
	if (link->watch != NULL)
		loop_watch_set(link->watch, 0);
}

void
link_free(struct link *link)
{
	if (link == NULL)
		return;
	loop_watch_free(link->watch);
	loop_timer_free(link->again);
	multi_call_free(link->call);
	multi_free(link->multi);
	free(link->in);
	free(link);
}
