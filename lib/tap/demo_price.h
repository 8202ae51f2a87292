#ifndef FLOW_DEMO_PRICE_H
#define FLOW_DEMO_PRICE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * What the demo's options are worth: Black-Scholes-Merton as in domain.md 7.1,
 * in integers.  Logarithms, roots and exponentials are series and tables in
 * units of 2^-28 (Q28); a value is right to about the price of the underlying
 * times 10^-8, and to half of 1/10,000 dollar.  Pure.
 */

#define DEMO_PRICE_ONE (INT64_C(1) << 28)

/* What all contracts of an expiration share at a time. */
struct demo_price_term {
	int64_t root;		/* square root of the years left, Q28 */
	int64_t drift;		/* (rate - yield) x years, Q28 */
	int64_t rate_factor;	/* exp(-rate x years), Q28 */
	int64_t yield_factor;	/* exp(-yield x years), Q28 */
};

/*
 * t_years_e6: millionths of a year, above 0, up to 3 years.  Rate and yield:
 * 1/10,000 a year, continuous, 0 to 1000.
 */
void demo_price_term(struct demo_price_term *term, int64_t t_years_e6,
    int64_t rate_e4, int64_t yield_e4);

/* The natural logarithm of a whole number, 1 to 2^40, Q28. */
int64_t demo_price_ln(int64_t number);

/* Distribution function of the normal law; x and the result in Q28. */
int64_t demo_price_cdf(int64_t x);

/* The square root rounded down; 0 for what is below 1. */
int64_t demo_price_root(int64_t number);

/*
 * The European value in 1/10,000 dollar.  Spot and strike in the same, up to
 * 10^9; spot_ln and strike_ln are their demo_price_ln; vol is Q28, up to 4.
 */
int64_t demo_price_value(const struct demo_price_term *term, bool put,
    int64_t spot_e4, int64_t spot_ln, int64_t strike_e4, int64_t strike_ln,
    int64_t vol);

#endif
