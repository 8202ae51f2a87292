#ifndef FLOW_LINK_H
#define FLOW_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "net/multi.h"

/*
 * A connection that carries bytes both ways: names, proxies, TLS and its
 * verification are libcurl's (CONNECT_ONLY), the bytes are ours.
 */

struct link;

struct link_events {
	void (*up)(void *ctx);		/* connected; bytes may be sent */
	void (*data)(void *ctx, const char *p, size_t n);
	void (*down)(void *ctx, const char *why);	/* over, once */
	void *ctx;
};

/*
 * Connects to the host of an https URL (or an http one of this machine).
 * Callbacks come from the loop and may not free the link, but silence it.
 */
struct link *link_new(struct loop *loop, const struct multi_setup *setup,
    const char *url, const struct link_events *events);
void link_free(struct link *link);	/* NULL is fine */

/*
 * Sends from the front of out, which it drops, as much as goes.  Reading rests
 * until all of it is gone, so who never reads our answers gets no more of
 * them.
 */
void link_send(struct link *link, struct buf *out);

/* No callback comes any more; a last word may still be sent. */
void link_silence(struct link *link);

#endif
