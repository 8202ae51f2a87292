#include "market/outcome.h"

#include <math.h>

#include "base/decimal.h"

/* Two-sided 95 % point of the normal distribution. */
static const double outcome_z = 1.959963984540054;

static int64_t
outcome_e6(double value)
{
	value = round(value * 1e6);
	return value >= 9e18 ? INT64_MAX : value <= -9e18 ? -INT64_MAX :
	    (int64_t)value;
}

static int64_t
outcome_plus(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

int64_t
outcome_sum(const struct outcome *o)
{
	return o->gain_e6 - o->loss_e6;
}

void
outcome_add(struct outcome *o, int64_t r_e6)
{
	double r = (double)r_e6 / 1e6, off = r - o->mean;
	int64_t fall;

	o->n++;
	o->wins += r_e6 > 0;
	if (r_e6 > 0)
		o->gain_e6 = outcome_plus(o->gain_e6, r_e6);
	else
		o->loss_e6 = outcome_plus(o->loss_e6, r_e6 == INT64_MIN ?
		    INT64_MAX : -r_e6);
	o->mean += off / (double)o->n;
	o->squares += off * (r - o->mean);
	if (outcome_sum(o) > o->peak_e6)
		o->peak_e6 = outcome_sum(o);
	if (__builtin_sub_overflow(o->peak_e6, outcome_sum(o), &fall))
		fall = INT64_MAX;
	if (fall > o->drawdown_e6)
		o->drawdown_e6 = fall;
}

int64_t
outcome_mean(const struct outcome *o)
{
	return o->n == 0 ? OUTCOME_NONE :
	    decimal_ratio(outcome_sum(o), o->n, 0);
}

int64_t
outcome_sd(const struct outcome *o)
{
	return o->n < 2 ? OUTCOME_NONE :
	    outcome_e6(sqrt(o->squares / (double)(o->n - 1)));
}

int64_t
outcome_factor(const struct outcome *o)
{
	return o->loss_e6 == 0 ? OUTCOME_NONE :
	    decimal_ratio(o->gain_e6, o->loss_e6, DECIMAL_E6);
}

struct outcome_share
outcome_wilson(int64_t wins, int64_t n)
{
	double z2 = outcome_z * outcome_z, p, middle, half, whole;

	if (n <= 0)
		return (struct outcome_share){ OUTCOME_NONE, OUTCOME_NONE,
		    OUTCOME_NONE };
	p = (double)wins / (double)n;
	whole = 1 + z2 / (double)n;
	middle = p + z2 / (2 * (double)n);
	half = outcome_z * sqrt(p * (1 - p) / (double)n +
	    z2 / (4 * (double)n * (double)n));
	return (struct outcome_share){
	    decimal_ratio(wins, n, DECIMAL_E6),
	    outcome_e6((middle - half) / whole),
	    outcome_e6((middle + half) / whole) };
}

/* Two-sided 95 % points of Student's t, 1 to 30 degrees of freedom. */
static double
outcome_t(int64_t degrees)
{
	static const double t[] = {
		12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306,
		2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
		2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064,
		2.060, 2.056, 2.052, 2.048, 2.045, 2.042
	};

	return degrees <= 30 ? t[degrees - 1] : outcome_z;
}

struct outcome_mean
outcome_by_day(const struct outcome_dated *values, size_t n)
{
	struct outcome_mean out = { OUTCOME_NONE, OUTCOME_NONE,
	    OUTCOME_NONE };
	double mean = 0, squares = 0, day = 0, half;
	int64_t days = 0;

	if (n == 0)
		return out;
	for (size_t i = 0; i < n; i++)
		mean += (double)values[i].value_e6 / 1e6;
	mean /= (double)n;
	for (size_t i = 0; i < n; i++) {
		day += (double)values[i].value_e6 / 1e6 - mean;
		if (i + 1 < n && values[i + 1].day == values[i].day)
			continue;
		squares += day * day;
		day = 0;
		days++;
	}
	out.mean_e6 = outcome_e6(mean);
	if (days < 2)
		return out;
	half = outcome_t(days - 1) * sqrt(squares * (double)days /
	    (double)(days - 1)) / (double)n;
	out.low_e6 = outcome_e6(mean - half);
	out.high_e6 = outcome_e6(mean + half);
	return out;
}
