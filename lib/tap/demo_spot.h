#ifndef FLOW_DEMO_SPOT_H
#define FLOW_DEMO_SPOT_H

#include <stdbool.h>
#include <stdint.h>

#include "market/cal.h"
#include "tap/demo_random.h"

/*
 * The price of a demo underlying: a random walk, livelier at the open and the
 * close, with a drift that a planted story may give it; and its bars, of each
 * minute and of the days before.
 */

/* One bar; prices in 1/10,000 dollar, whole cents. */
struct demo_bar {
	int64_t start_ts, end_ts;
	int64_t open_e4, high_e4, low_e4, close_e4;
	int64_t volume;			/* shares */
	int64_t vwap_e4;
	int64_t trades;
};

enum { DEMO_SPOT_DAYS = 60 };

struct demo_spot {
	struct cal_span session;	/* of its options */
	int64_t price;			/* 1/10,000 dollar x 2^16 */
	int64_t price_e4;		/* the same in whole cents */
	int64_t ln;			/* demo_price_ln(price_e4) */
	int64_t ts;			/* of the price */
	int64_t vol_e4;
	int64_t shares;			/* traded a second, mean */
	int64_t drift, drift_end_ts;	/* price a second, until then */
	struct demo_bar bar;		/* of the minute so far */
	int64_t bar_money;		/* price_e4 x volume */
	uint16_t roots[1001];		/* square roots of 0 to 1000, Q8 */
	struct demo_bar days[DEMO_SPOT_DAYS];	/* before, oldest first */
	size_t n_days;
};

/*
 * Starts at the session's open, at a price (cents), with the days before it.
 * vol_e4: a year, 1/10,000.  weight: how much it trades.
 */
void demo_spot_init(struct demo_spot *spot, int32_t day,
    const struct cal_span *session, int64_t price_cents, int64_t vol_e4,
    int64_t weight, struct demo_random *random);

/* Walks on to a time, at most a second after the last. */
void demo_spot_walk(struct demo_spot *spot, struct demo_random *random,
    int64_t ts);

/* Adds a second's shares to the bar of the minute. */
void demo_spot_trade(struct demo_spot *spot, struct demo_random *random);

/* The minute that ends now; the next one begins. */
struct demo_bar demo_spot_minute(struct demo_spot *spot);

/* From now on it drifts by so many 1/10,000 of the price in so many ms. */
void demo_spot_drift(struct demo_spot *spot, int64_t change_e4, int64_t ms);

/*
 * How much is going on at a time of the session, 1000 on average: much at the
 * open, little at noon, more towards the close.
 */
int64_t demo_spot_activity(const struct cal_span *session, int64_t ts);

#endif
