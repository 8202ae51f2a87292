#ifndef FLOW_DIVERGENCE_H
#define FLOW_DIVERGENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Whether flow and price disagree: four ways to ask (domain.md 6.3).  Pure.
 * Numbers named _e6 are millionths; doubles are rounded to them before
 * anything is decided, so that the last bit of a logarithm decides nothing.
 * Where a number does not follow, DIVERGENCE_ABSENT stands for it.
 */

#define DIVERGENCE_ABSENT INT64_MIN

enum divergence {
	DIVERGENCE_UNKNOWN,	/* not enough to say */
	DIVERGENCE_NONE,
	DIVERGENCE_CONFIRMATION,
	DIVERGENCE_BEARISH,
	DIVERGENCE_BULLISH,
	DIVERGENCE_OPPOSED	/* D3: day for day, without a direction */
};

/* "BEARISH_DIVERGENCE"; NULL when unknown. */
const char *divergence_name(enum divergence kind);

/* (bull - bear) / (bull + bear) of premiums; absent when both are 0. */
int64_t divergence_flow(int64_t bull_e4, int64_t bear_e4);

/* ln(to / from); absent unless both are above 0. */
int64_t divergence_return(int64_t from_e4, int64_t to_e4);

/*
 * Sample standard deviation (n - 1) of the returns between n closes, times the
 * square root of sessions.  Absent below three closes or when one is not above
 * 0.
 */
int64_t divergence_sigma(const int64_t *closes_e4, size_t n, int sessions);

/*
 * D1: signs of flow F and return r over the same sessions, sigma that of r
 * expected.  F at least 0.2, r at least half of sigma, else NONE.  *score: 0
 * to 100 in hundredths.  Unknown when one is absent or sigma is 0.
 */
enum divergence divergence_sign(int64_t flow_e6, int64_t return_e6,
    int64_t sigma_e6, int64_t *score_e2);

/* value in standard deviations from the mean of n others; absent below 2. */
int64_t divergence_z(int64_t value_e6, const int64_t *others_e6, size_t n);

/*
 * D2: how far flow and price, both in standard deviations, are apart:
 * divergent when the difference is at least 2 and the signs differ.
 */
enum divergence divergence_standard(int64_t z_flow_e6, int64_t z_return_e6,
    int64_t *difference_e6);

/*
 * D3: Spearman's rank correlation, equal values sharing the mean of their
 * ranks.  Absent below 2 values or when one side is all equal.
 */
int64_t divergence_rank(const int64_t *a, const int64_t *b, size_t n);

/* D3: divergent at -0.3 and below. */
enum divergence divergence_opposed(int64_t rank_e6);

/*
 * Slope of the least-squares line of ln(value) over 0, 1 ... n - 1; absent
 * below 2 values or when one is not above 0.
 */
int64_t divergence_slope(const int64_t *values, size_t n);

/*
 * D4: slopes of the put/call ratio and of the price: both up is bearish, both
 * down bullish.
 */
enum divergence divergence_trend(int64_t ratio_e6, int64_t price_e6);

#endif
