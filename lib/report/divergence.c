#include "report/divergence.h"

#include <math.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/decimal.h"

enum {
	DIVERGENCE_LEAST_FLOW = 200000,	/* of D1 */
	DIVERGENCE_FULL_FLOW = 500000,
	DIVERGENCE_APART = 2000000,	/* of D2 */
	DIVERGENCE_LEAST_RANK = 300000	/* of D3, below 0 */
};

const char *
divergence_name(enum divergence kind)
{
	static const char *const names[] = {
		NULL, "NONE", "CONFIRMATION", "BEARISH_DIVERGENCE",
		"BULLISH_DIVERGENCE", "DIVERGENCE"
	};

	return names[kind];
}

/* To millionths, half away from zero. */
static int64_t
divergence_round(double value)
{
	return (int64_t)llround(value * 1000000);
}

int64_t
divergence_flow(int64_t bull_e4, int64_t bear_e4)
{
	double all = (double)bull_e4 + (double)bear_e4;

	if (!(all > 0))
		return DIVERGENCE_ABSENT;
	return divergence_round(((double)bull_e4 - (double)bear_e4) / all);
}

int64_t
divergence_return(int64_t from_e4, int64_t to_e4)
{
	if (from_e4 <= 0 || to_e4 <= 0)
		return DIVERGENCE_ABSENT;
	return divergence_round(log((double)to_e4 / (double)from_e4));
}

static double
divergence_mean(const double *values, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += values[i];
	return sum / (double)n;
}

/* Sample standard deviation in the unit of the values; n >= 2. */
static double
divergence_deviation(const double *values, size_t n)
{
	double mean = divergence_mean(values, n), sum = 0;

	for (size_t i = 0; i < n; i++) {
		double off = values[i] - mean;

		sum += off * off;
	}
	return sqrt(sum / (double)(n - 1));
}

int64_t
divergence_sigma(const int64_t *closes_e4, size_t n, int sessions)
{
	double *returns = buf_alloc(n + 1, sizeof(*returns)), deviation;
	bool known = n >= 3 && closes_e4[0] > 0;

	for (size_t i = 1; known && i < n; i++) {
		known = closes_e4[i] > 0;
		if (known)
			returns[i - 1] = log((double)closes_e4[i] /
			    (double)closes_e4[i - 1]);
	}
	deviation = known ? divergence_deviation(returns, n - 1) : 0;
	free(returns);
	return known ? divergence_round(deviation * sqrt((double)sessions)) :
	    DIVERGENCE_ABSENT;
}

static int64_t
divergence_size(int64_t value)
{
	return value < 0 ? -value : value;
}

/* Flow against price: who is right is not said, which way flow leans is. */
static enum divergence
divergence_of(int64_t flow_e6)
{
	return flow_e6 < 0 ? DIVERGENCE_BEARISH : DIVERGENCE_BULLISH;
}

enum divergence
divergence_sign(int64_t flow_e6, int64_t return_e6, int64_t sigma_e6,
    int64_t *score_e2)
{
	double flow, move;

	*score_e2 = DIVERGENCE_ABSENT;
	if (flow_e6 == DIVERGENCE_ABSENT || return_e6 == DIVERGENCE_ABSENT ||
	    sigma_e6 == DIVERGENCE_ABSENT || sigma_e6 == 0)
		return DIVERGENCE_UNKNOWN;
	flow = (double)divergence_size(flow_e6) / DIVERGENCE_FULL_FLOW;
	move = (double)divergence_size(return_e6) / (2 * (double)sigma_e6);
	*score_e2 = llround(10000 * fmin(1, flow) * fmin(1, move));
	if (divergence_size(flow_e6) < DIVERGENCE_LEAST_FLOW ||
	    2 * divergence_size(return_e6) < sigma_e6)
		return DIVERGENCE_NONE;
	return (flow_e6 < 0) == (return_e6 < 0) ? DIVERGENCE_CONFIRMATION :
	    divergence_of(flow_e6);
}

int64_t
divergence_z(int64_t value_e6, const int64_t *others_e6, size_t n)
{
	double *others, mean, deviation;

	if (n < 2 || value_e6 == DIVERGENCE_ABSENT)
		return DIVERGENCE_ABSENT;
	others = buf_alloc(n, sizeof(*others));
	for (size_t i = 0; i < n; i++)
		others[i] = (double)others_e6[i];
	mean = divergence_mean(others, n);
	deviation = divergence_deviation(others, n);
	free(others);
	if (!(deviation > 0))
		return DIVERGENCE_ABSENT;
	return divergence_round(((double)value_e6 - mean) / deviation);
}

enum divergence
divergence_standard(int64_t z_flow_e6, int64_t z_return_e6,
    int64_t *difference_e6)
{
	*difference_e6 = DIVERGENCE_ABSENT;
	if (z_flow_e6 == DIVERGENCE_ABSENT || z_return_e6 == DIVERGENCE_ABSENT)
		return DIVERGENCE_UNKNOWN;
	*difference_e6 = z_flow_e6 - z_return_e6;
	if (divergence_size(*difference_e6) < DIVERGENCE_APART ||
	    (z_flow_e6 < 0 && z_return_e6 <= 0) ||
	    (z_flow_e6 > 0 && z_return_e6 >= 0) || z_flow_e6 == 0)
		return DIVERGENCE_NONE;
	return divergence_of(z_flow_e6);
}

/* Twice the rank of each value, so that shared ranks are whole. */
static int64_t *
divergence_ranks(const int64_t *values, size_t n)
{
	int64_t *ranks = buf_alloc(n, sizeof(*ranks));

	for (size_t i = 0; i < n; i++) {
		int64_t below = 0, equal = 0;

		for (size_t k = 0; k < n; k++) {
			below += values[k] < values[i];
			equal += values[k] == values[i];
		}
		ranks[i] = 2 * below + equal + 1;
	}
	return ranks;
}

int64_t
divergence_rank(const int64_t *a, const int64_t *b, size_t n)
{
	int64_t *x, *y;
	double mean = (double)n + 1, xy = 0, xx = 0, yy = 0;

	if (n < 2)
		return DIVERGENCE_ABSENT;
	x = divergence_ranks(a, n);
	y = divergence_ranks(b, n);
	for (size_t i = 0; i < n; i++) {
		double dx = (double)x[i] - mean, dy = (double)y[i] - mean;

		xy += dx * dy;
		xx += dx * dx;
		yy += dy * dy;
	}
	free(x);
	free(y);
	if (!(xx > 0) || !(yy > 0))
		return DIVERGENCE_ABSENT;
	return divergence_round(xy / sqrt(xx * yy));
}

enum divergence
divergence_opposed(int64_t rank_e6)
{
	if (rank_e6 == DIVERGENCE_ABSENT)
		return DIVERGENCE_UNKNOWN;
	return rank_e6 <= -DIVERGENCE_LEAST_RANK ? DIVERGENCE_OPPOSED :
	    DIVERGENCE_NONE;
}

int64_t
divergence_slope(const int64_t *values, size_t n)
{
	double middle = ((double)n - 1) / 2, xy = 0, xx = 0;

	if (n < 2)
		return DIVERGENCE_ABSENT;
	for (size_t i = 0; i < n; i++) {
		double x = (double)i - middle;

		if (values[i] <= 0)
			return DIVERGENCE_ABSENT;
		xy += x * log((double)values[i]);
		xx += x * x;
	}
	return divergence_round(xy / xx);
}

enum divergence
divergence_trend(int64_t ratio_e6, int64_t price_e6)
{
	if (ratio_e6 == DIVERGENCE_ABSENT || price_e6 == DIVERGENCE_ABSENT)
		return DIVERGENCE_UNKNOWN;
	if (ratio_e6 > 0 && price_e6 > 0)
		return DIVERGENCE_BEARISH;
	if (ratio_e6 < 0 && price_e6 < 0)
		return DIVERGENCE_BULLISH;
	return DIVERGENCE_NONE;
}
