/* The market's regime, domain.md 4.7 and 7.9. */
#include "score/regime.h"

#include "check.h"
#include "record/trade.h"

static void
test_trend(void)
{
	CHECK_INT("EX-4.34", regime_trend(5050000, 500000000, 490000000),
	    REGIME_UP);
	CHECK_INT("EX-4.35", regime_trend(4950000, 500000000, 490000000),
	    REGIME_UP);
	CHECK_INT("EX-4.35 below SMA50", regime_trend(4850000, 500000000,
	    490000000), REGIME_RANGE);
	CHECK_INT("both reversed", regime_trend(4850000, 480000000,
	    490000000), REGIME_DOWN);
	CHECK_INT("unknown", regime_trend(4850000, 480000000, TRADE_NONE),
	    REGIME_NO_TREND);
}

static void
test_vol(void)
{
	struct regime_rules rules;

	regime_rules_init(&rules);
	CHECK_INT("EX-4.36", regime_vol(84900000, TRADE_NONE, &rules),
	    REGIME_ELEVATED);
	CHECK_INT("EX-4.36 at 85", regime_vol(85000000, TRADE_NONE, &rules),
	    REGIME_HIGH);
	CHECK_INT("below 25", regime_vol(24999999, TRADE_NONE, &rules),
	    REGIME_LOW);
	CHECK_INT("at 25", regime_vol(25000000, TRADE_NONE, &rules),
	    REGIME_MEDIUM);
	CHECK_INT("an index comes first", regime_vol(99000000, 139999,
	    &rules), REGIME_LOW);
	CHECK_INT("14 is medium", regime_vol(TRADE_NONE, 140000, &rules),
	    REGIME_MEDIUM);
	CHECK_INT("28 is high", regime_vol(TRADE_NONE, 280000, &rules),
	    REGIME_HIGH);
	CHECK_INT("unknown", regime_vol(TRADE_NONE, TRADE_NONE, &rules),
	    REGIME_NO_VOL);
}

/*
 * Closes that go up and down by a factor f in turns have 20 returns of +-log f:
 * mean 0, sample deviation log f x sqrt(20/19); a year x sqrt(252).  For f =
 * 1.01: awk "BEGIN { print log(1.01) * sqrt(20 / 19) * sqrt(252) }" = 0.16206.
 */
static void
test_realised(void)
{
	int64_t close[400];

	for (int i = 0; i < 400; i++)
		close[i] = i % 2 ? 1010000 : 1000000;
	CHECK_INT("realised volatility", regime_realised_e6(close, 21),
	    162060);
	CHECK_INT("20 closes are too few", regime_realised_e6(close, 20),
	    TRADE_NONE);
	CHECK_INT("none of the days before was lower",
	    regime_percentile_e6(close, 100), 0);
	CHECK_INT("59 days before are too few", regime_percentile_e6(close,
	    80), TRADE_NONE);
	CHECK_INT("60 are enough", regime_percentile_e6(close, 81), 0);
	close[99] = 1100000;
	CHECK_INT("all were", regime_percentile_e6(close, 100), 100000000);
	/* the jump of close 99 leaves the last 20 returns with close 120 */
	CHECK_INT("higher ones do not count", regime_percentile_e6(close,
	    300), 0);
}

int
main(void)
{
	test_trend();
	test_vol();
	test_realised();
	return check_end();
}
