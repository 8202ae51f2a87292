#include "score/regime.h"

#include <math.h>

#include "base/decimal.h"
#include "record/trade.h"

void
regime_rules_init(struct regime_rules *rules)
{
	*rules = (struct regime_rules){ 250000, 600000, 850000, 140000,
	    200000, 280000 };
}

enum regime_trend
regime_trend(int64_t close_e4, int64_t fast_e6, int64_t slow_e6)
{
	if (close_e4 == TRADE_NONE || fast_e6 == TRADE_NONE ||
	    slow_e6 == TRADE_NONE)
		return REGIME_NO_TREND;
	if (close_e4 * 100 > slow_e6 && fast_e6 > slow_e6)
		return REGIME_UP;
	if (close_e4 * 100 < slow_e6 && fast_e6 < slow_e6)
		return REGIME_DOWN;
	return REGIME_RANGE;
}

int64_t
regime_realised_e6(const int64_t *close_e4, size_t n)
{
	double sum = 0, squares = 0, mean, x[REGIME_RETURNS];

	if (n < REGIME_RETURNS + 1)
		return TRADE_NONE;
	close_e4 += n - REGIME_RETURNS - 1;
	for (int i = 0; i < REGIME_RETURNS; i++) {
		if (close_e4[i] <= 0 || close_e4[i + 1] <= 0)
			return TRADE_NONE;
		x[i] = log((double)close_e4[i + 1] / (double)close_e4[i]);
		sum += x[i];
	}
	mean = sum / REGIME_RETURNS;
	for (int i = 0; i < REGIME_RETURNS; i++)
		squares += (x[i] - mean) * (x[i] - mean);
	/* Rounded before anything follows from it. */
	return llround(sqrt(squares / (REGIME_RETURNS - 1) * 252) * 1e6);
}

int64_t
regime_percentile_e6(const int64_t *close_e4, size_t n)
{
	int64_t now = regime_realised_e6(close_e4, n), lower = 0, days = 0;

	if (now == TRADE_NONE)
		return TRADE_NONE;
	for (size_t m = n - 1; m > 0 && days < REGIME_SPAN; m--) {
		int64_t then = regime_realised_e6(close_e4, m);

		if (then == TRADE_NONE)
			break;
		days++;
		lower += then < now;
	}
	return days < REGIME_SPAN_MIN ? TRADE_NONE :
	    decimal_ratio(100 * lower, days, DECIMAL_E6);
}

/* value and limits in the same unit */
static enum regime_vol
regime_among(int64_t value, int64_t medium, int64_t elevated, int64_t high)
{
	if (value < medium)
		return REGIME_LOW;
	if (value < elevated)
		return REGIME_MEDIUM;
	return value < high ? REGIME_ELEVATED : REGIME_HIGH;
}

enum regime_vol
regime_vol(int64_t percentile_e6, int64_t index_e4,
    const struct regime_rules *rules)
{
	if (index_e4 != TRADE_NONE)
		return regime_among(index_e4, rules->index_medium_e4,
		    rules->index_elevated_e4, rules->index_high_e4);
	if (percentile_e6 == TRADE_NONE)
		return REGIME_NO_VOL;
	return regime_among(percentile_e6, rules->medium_e4 * 100,
	    rules->elevated_e4 * 100, rules->high_e4 * 100);
}

const char *
regime_trend_name(enum regime_trend trend)
{
	static const char *const names[] = { NULL, "UP", "DOWN", "RANGE" };

	return names[trend];
}

const char *
regime_vol_name(enum regime_vol vol)
{
	static const char *const names[] = {
		NULL, "LOW", "MEDIUM", "ELEVATED", "HIGH"
	};

	return names[vol];
}
