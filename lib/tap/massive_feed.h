#ifndef FLOW_MASSIVE_FEED_H
#define FLOW_MASSIVE_FEED_H

#include "tap/desk.h"
#include "tap/massive_fill.h"
#include "tap/massive_start.h"
#include "tap/massive_wire.h"

/*
 * Massive's stream as records: what came, with the time it came at, goes in;
 * the desk writes.  All that decides about a record is here and in the desk,
 * and knows no clock and no socket, so that the same arrivals make the same
 * records, from a connection or from a file of them (tap/massive_raw.h).
 *
 * Options' prints and quotes become items; a share's prints and an index's
 * values give prints their underlying_price, their minute bars become bar
 * records.  A gap begins at the
 * last event seen when trades were lost and ends with the first one after they
 * were confirmed again.
 */

struct massive_feed;

struct massive_feed_setup {
	struct desk *desk;
	int64_t delay_ms;		/* of the watermark */
	int64_t late_ms;		/* of the feed itself: 15 min or 0 */
	/* May all be NULL.  A status event; a print was passed on. */
	void (*status)(void *ctx, enum massive_wire_market market,
	    const struct massive_wire *event);
	void (*traded)(void *ctx, struct contract *contract);
	/* REST: asks for base and path.  NULL: replies come by themselves. */
	void (*get)(void *ctx, const char *path);
	const char *base;
	int64_t budget;			/* 0: REST is not asked at all */
	int64_t days;			/* bars at the start, of so many */
	void *ctx;
};

struct massive_feed *massive_feed_new(const struct massive_feed_setup *setup);
void massive_feed_free(struct massive_feed *feed);	/* NULL is fine */

/* The vendor's own tables; before the first frame. */
void massive_feed_tables(struct massive_feed *feed, struct slice text);

/* A frame of a market's cluster. */
void massive_feed_frame(struct massive_feed *feed, int64_t now_ms,
    enum massive_wire_market market, struct slice frame);

/* Trades are confirmed; they are lost, and why (again and again is fine). */
void massive_feed_live(struct massive_feed *feed, int64_t now_ms);
void massive_feed_lost(struct massive_feed *feed, int64_t now_ms,
    struct slice why);

/*
 * Who reads is too slow: from now on prints and bars are dropped and counted,
 * until it is said that they are kept again; then a gap tells how many.
 */
void massive_feed_shed(struct massive_feed *feed, int64_t now_ms, bool shed);

/* A second passed: the heartbeat. */
void massive_feed_tick(struct massive_feed *feed, int64_t now_ms);

/* The reply to the request under way; status 0: none came. */
void massive_feed_reply(struct massive_feed *feed, int64_t now_ms,
    int status, struct slice body);

/* The service says that exchanges are closed then. */
bool massive_feed_closed(const struct massive_feed *feed, int64_t ts);

/* Options' prints so far, asked for or not: a sign of life. */
int64_t massive_feed_prints(const struct massive_feed *feed);

/* No more is to come; then bye. */
void massive_feed_end(struct massive_feed *feed);

#endif
