#ifndef FLOW_REGIME_H
#define FLOW_REGIME_H

#include <stddef.h>
#include <stdint.h>

/*
 * The market's trend and volatility by a proxy's daily closes (domain.md 4.7,
 * 7.9).  Pure.  Closes are 1/10,000 dollar, averages e-6 dollars, percentiles
 * e-6 percent; TRADE_NONE is unknown.
 */

enum {
	REGIME_RETURNS = 20,		/* of one realised volatility */
	REGIME_SPAN = 252,		/* days that it is ranked among, */
	REGIME_SPAN_MIN = 60,		/* and needed */
	REGIME_CLOSES = REGIME_SPAN + REGIME_RETURNS + 1
};

enum regime_trend {
	REGIME_NO_TREND, REGIME_UP, REGIME_DOWN, REGIME_RANGE
};

enum regime_vol {
	REGIME_NO_VOL, REGIME_LOW, REGIME_MEDIUM, REGIME_ELEVATED, REGIME_HIGH
};

struct regime_rules {			/* from where on, 1/10,000 */
	int64_t medium_e4, elevated_e4, high_e4;	/* percentiles */
	int64_t index_medium_e4, index_elevated_e4, index_high_e4;	/* a
					 * volatility index, points */
};

void regime_rules_init(struct regime_rules *rules);

enum regime_trend regime_trend(int64_t close_e4, int64_t fast_e6,
    int64_t slow_e6);

/*
 * Realised volatility of the last REGIME_RETURNS log returns of the n closes,
 * a year of 252 days, e-6; TRADE_NONE when there are fewer.
 */
int64_t regime_realised_e6(const int64_t *close_e4, size_t n);

/*
 * Percent of the up to REGIME_SPAN days before the last whose volatility was
 * lower; closes oldest first.
 */
int64_t regime_percentile_e6(const int64_t *close_e4, size_t n);

/* By the index's level when it is known, else by the percentile. */
enum regime_vol regime_vol(int64_t percentile_e6, int64_t index_e4,
    const struct regime_rules *rules);

const char *regime_trend_name(enum regime_trend trend);	/* NULL for none */
const char *regime_vol_name(enum regime_vol vol);

#endif
