#ifndef FLOW_POSITION_H
#define FLOW_POSITION_H

#include <stdbool.h>
#include <stdint.h>

/*
 * One paper position and when it ends (domain.md 8): pure arithmetic on prices
 * in millionths of a dollar a share and times in ms UTC.  Prices come in time
 * order.  At one instant the stop goes before the target, and both before the
 * ends by time; a price beyond the stop fills at that price, one beyond the
 * target at the target.
 */

enum position_reason {
	POSITION_OPEN,
	POSITION_TP, POSITION_SL, POSITION_TIMEOUT, POSITION_EOD,
	POSITION_EXPIRY, POSITION_CANCELLED,
	POSITION_NOT_FILLED		/* of what never was one */
};

const char *position_reason_name(enum position_reason reason);

#define POSITION_NEVER INT64_MAX	/* a time that does not come */

enum { POSITION_PCT = 10000 };		/* units of 1 % */

/* What is decided before it opens. */
struct position_plan {
	bool is_short;			/* gains when the price falls */
	int64_t take_pct, stop_pct;	/* POSITION_PCT, above 0 */
	int64_t units;			/* shares: quantity x multiplier */
	int64_t fees_e6;		/* in and out together, dollars */
	int64_t eod_ts, expiry_ts;	/* or POSITION_NEVER */
};

struct position {
	struct position_plan plan;
	int64_t entry_ts, entry_e6;
	int64_t take_e6, stop_e6;
	int64_t timeout_ts;		/* or POSITION_NEVER */
	int64_t last_ts, last_e6;	/* the newest price */
	int64_t best_e6, worst_e6;	/* while it was open, entry included */
	enum position_reason reason;	/* POSITION_OPEN while it is */
	int64_t exit_ts, exit_e6;
};

/*
 * Opens at a price; mark_e6: what it could be closed at now.  0 < prices <=
 * 10^14.
 */
void position_open(struct position *position,
    const struct position_plan *plan, int64_t ts, int64_t entry_e6,
    int64_t mark_e6, int64_t timeout_ts);

/* A price, not earlier than the last one.  True when that ends it. */
bool position_price(struct position *position, int64_t ts, int64_t price_e6);

/*
 * A bar that is over.  Its high and low count when the position was open all
 * along; at its open a jump is seen, when no price has come since.  True when
 * that ends it.
 */
struct position_bar {
	int64_t start_ts, end_ts;
	int64_t open_e6, high_e6, low_e6, close_e6;
};

bool position_bar(struct position *position, const struct position_bar *bar);

/* At the newest price: the option expires, or its trade was taken back. */
void position_end(struct position *position, enum position_reason reason);

/* What came of it, when it has ended. */
struct position_result {
	int64_t pnl_e6;			/* dollars, net of fees */
	int64_t return_e6;		/* %, of what the entry cost */
	int64_t r_e6;			/* return_e6 / the stop's % */
	int64_t mfe_e6, mae_e6;		/* %, at best and at worst, no fees */
};

struct position_result position_result(const struct position *position);

#endif
