#ifndef FLOW_OUTCOME_H
#define FLOW_OUTCOME_H

#include <stddef.h>
#include <stdint.h>

/*
 * What trades came to, counted in R, the risk each began with (domain.md 8):
 * how many won and how sure that is, how much, how deep it went between.
 * Pure.  Numbers are millionths; what does not follow is OUTCOME_NONE.
 */

#define OUTCOME_NONE INT64_MIN

struct outcome {
	int64_t n, wins;		/* wins: above 0 */
	int64_t gain_e6, loss_e6;	/* sums above and below 0; both >= 0 */
	int64_t peak_e6;		/* of the sum so far, from 0 on */
	int64_t drawdown_e6;		/* largest fall from the peak, >= 0 */
	double mean, squares;		/* running mean, squared deviations */
};

/* One more, in the order they ended.  A zeroed outcome is an empty one. */
void outcome_add(struct outcome *outcome, int64_t r_e6);

int64_t outcome_sum(const struct outcome *outcome);
int64_t outcome_mean(const struct outcome *outcome);	/* none of none */
/* Sample standard deviation: none of fewer than two. */
int64_t outcome_sd(const struct outcome *outcome);
/* Gains to losses: none without a loss. */
int64_t outcome_factor(const struct outcome *outcome);

/*
 * Share of wins among n, and its 95 % interval; all none when n is 0.
 * Source: Wilson (1927), J. Am. Stat. Assoc. 22, 209-212.
 */
struct outcome_share {
	int64_t share_e6, low_e6, high_e6;
};

struct outcome_share outcome_wilson(int64_t wins, int64_t n);

/* What happened on a day; values of one day depend on each other. */
struct outcome_dated {
	int32_t day;
	int64_t value_e6;
};

/*
 * Mean of values, those of a day standing together, and its 95 % interval,
 * which takes each day for one observation; none of fewer than two days.
 * Source: Liang and Zeger (1986), Biometrika 73, 13-22, with D / (D - 1) and
 * Student's t of D - 1 degrees for D days.
 */
struct outcome_mean {
	int64_t mean_e6, low_e6, high_e6;
};

struct outcome_mean outcome_by_day(const struct outcome_dated *values,
    size_t n);

#endif
