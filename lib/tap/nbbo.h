#ifndef FLOW_NBBO_H
#define FLOW_NBBO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/trade.h"

/*
 * The quote of a print, by domain.md 3.3: of the quotes that came before it in
 * the stream, the last one at or before the print's time less the lag.  A
 * quote of the print's own millisecond may already show what the print did, so
 * clocks that tick in milliseconds or coarser keep 1 ms distance; when both
 * times are finer than that, the quote needs only be not after the print.
 *
 * One struct nbbo holds the quotes of one contract: those of the whole market
 * (NBBO) and of each exchange apart.  The stream is ordered by millisecond, so
 * no later print can be earlier than the newest quote's millisecond.  What is
 * kept is therefore the last quote that such a print could use and the newer
 * ones: with the default lag two or three, never more than came within the lag
 * and one millisecond.  Pure: no clock.
 */

struct nbbo_time {
	int64_t ns;		/* since 1970, UTC */
	bool fine;		/* the clock ticks finer than 1 ms */
};

struct nbbo_scope;

struct nbbo {
	struct nbbo_scope *scopes;	/* n of them, in order of appearance */
	size_t n;
};

/* How far a quote must precede. */
struct nbbo_rule {
	int64_t lag_ns;		/* when fixed */
	bool fixed;		/* else 1 ms, or 0 between fine clocks */
};

enum { NBBO_EXCHANGE = 12 };	/* longest name of an exchange */

void nbbo_init(struct nbbo *nbbo);
void nbbo_free(struct nbbo *nbbo);

/*
 * Takes a quote; exchange empty: of the whole market.  quote->ts is its
 * millisecond.  Returns false when it says the same as the newest quote of its
 * scope, or when the exchange's name is too long.
 */
bool nbbo_add(struct nbbo *nbbo, const struct nbbo_rule *rule,
    struct slice exchange, const struct trade_quote *quote,
    struct nbbo_time time);

/* The quote a print at this time has; false (and *out untouched): none. */
bool nbbo_pick(const struct nbbo *nbbo, const struct nbbo_rule *rule,
    struct slice exchange, struct nbbo_time time, struct trade_quote *out);

/* A gap: what was known no longer holds. */
void nbbo_void(struct nbbo *nbbo);

#endif
