#ifndef FLOW_QUOTE_H
#define FLOW_QUOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "record/trade.h"

/*
 * A quote as a print sees it: whether it can be trusted, and where the price
 * stands in it (domain.md 3.3, 3.4, 3.7).  Pure.  Prices count 1/10,000
 * dollar; every comparison is between integers.
 */

enum quote_status {
	QUOTE_OK,		/* 0 < bid < ask */
	QUOTE_ZERO_BID,		/* 0 = bid < ask */
	QUOTE_LOCKED,		/* bid = ask > 0 */
	QUOTE_CROSSED,		/* bid > ask */
	QUOTE_ONE_SIDED,	/* a side missing, or both 0 */
	QUOTE_STALE,		/* too old, or a gap since */
	QUOTE_NONE,		/* no quote from before the print */
	QUOTE_STATUSES
};

enum quote_location {
	QUOTE_UNKNOWN,		/* no usable quote */
	QUOTE_BELOW_BID,
	QUOTE_AT_BID,
	QUOTE_NEAR_BID,		/* 0 < L <= 0.3 */
	QUOTE_INSIDE,
	QUOTE_MID,		/* L = 0.5 exactly */
	QUOTE_NEAR_ASK,		/* 0.7 <= L < 1 */
	QUOTE_AT_ASK,
	QUOTE_ABOVE_ASK,
	QUOTE_LOCATIONS
};

struct quote_view {
	enum quote_status status;
	bool usable;		/* the quote rule may go by it */
	int64_t bid_e4, ask_e4;	/* as in the record */
	int64_t bid_size, ask_size;
	int64_t ts;		/* of the quote; TRADE_NONE: unknown */
	int64_t age_ms;		/* >= 0; TRADE_NONE: unknown */
};

/*
 * Looks at a quote from a print at ts.  Older than max_age_ms is stale, and so
 * is one from before void_ts, the end of the last gap (TRADE_NONE: no gap).  A
 * quote later than the print was not in force and is none.
 */
void quote_look(struct quote_view *view, const struct trade_quote *quote,
    int64_t ts, int64_t max_age_ms, int64_t void_ts);

enum quote_location quote_locate(const struct quote_view *view,
    int64_t price_e4);

/*
 * L = (price - bid) / (ask - bid) in millionths, half away from zero.  False
 * when undefined (status neither OK nor ZERO_BID).
 */
bool quote_position(const struct quote_view *view, int64_t price_e4,
    int64_t *out_e6);

/* Beyond the quote by more than a tenth of the spread. */
bool quote_is_through(const struct quote_view *view, int64_t price_e4);

/* Spread above 10 % of the midpoint and above $0.05. */
bool quote_is_wide(const struct quote_view *view);

/* |2L - 1| < 0.4: near the midpoint; at a locked market, its price. */
bool quote_is_central(const struct quote_view *view, int64_t price_e4);

const char *quote_status_name(enum quote_status status);
const char *quote_location_name(enum quote_location location);

#endif
