#ifndef FLOW_MASSIVE_FILL_H
#define FLOW_MASSIVE_FILL_H

#include "tap/desk.h"
#include "tap/massive_rest.h"

/*
 * What REST adds to the stream after a gap: the prints that were missed.
 *
 * The service lists prints by contract only.  So for each symbol asked for a
 * chain snapshot tells which contracts traded since the gap began; of each its
 * prints are fetched, and of those equal in contract, millisecond, exchange,
 * price, size and conditions so many are passed on as were not seen already
 * (reliability.md 4.3): two real prints may be equal.  A gap is filled when
 * all was fetched, partial when something failed or the budget was spent, lost
 * when nothing could be fetched.
 *
 * Requests are one at a time and in order: a reply belongs to the one under
 * way.  Pure: the same notes and replies make the same records.
 */

enum {
	MASSIVE_FILL_MARGIN_MS = 2000,	/* before a gap, fetched again */
	MASSIVE_FILL_PAGES = 1000,	/* of one answer */
	MASSIVE_FILL_GAPS = 64		/* that wait; further ones are lost */
};

struct massive_fill;

struct massive_fill_setup {
	struct desk *desk;
	const char *base;		/* "https://api.massive.com" */
	int64_t budget;			/* requests a gap may cost */
	/* Asks for base and path.  NULL: replies come by themselves. */
	void (*get)(void *ctx, const char *path);
	/* A print that was missed. */
	void (*print)(void *ctx, struct contract *contract,
	    const struct massive_wire *print);
	void *ctx;
};

struct massive_fill *massive_fill_new(const struct massive_fill_setup *setup);
void massive_fill_free(struct massive_fill *fill);	/* NULL is fine */

/* A print was passed on. */
void massive_fill_note(struct massive_fill *fill,
    const struct contract *contract, const struct massive_wire *print);

/* A gap with both ends known; its further states are told to the desk. */
void massive_fill_gap(struct massive_fill *fill, const struct desk_gap *gap,
    int64_t now_ms);

/*
 * Time passed, and the newest event is of newest_ts: prints of a gap's last
 * moment are in by now, so it may be filled.
 */
void massive_fill_time(struct massive_fill *fill, int64_t now_ms,
    int64_t newest_ts);

/* The reply to the request under way; status 0: none came. */
void massive_fill_reply(struct massive_fill *fill, int status,
    struct slice body);

/* Gaps that wait or are under way. */
size_t massive_fill_waiting(const struct massive_fill *fill);

/* No more is to come: what is not filled is told as it stands. */
void massive_fill_end(struct massive_fill *fill);

#endif
