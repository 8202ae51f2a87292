#include "tap/demo_price.h"

#include "tap/demo_tables.h"

#define ONE DEMO_PRICE_ONE
#define LN2_Q40 INT64_C(762123384786)

enum { BITS = 28 };

/* Both Q28; right shifts of negative numbers are arithmetic in gcc, clang. */
static int64_t
demo_price_times(int64_t a, int64_t b)
{
	return (a * b + ONE / 2) >> BITS;
}

int64_t
demo_price_root(int64_t number)
{
	int64_t root = 0, bit = INT64_C(1) << 62;

	while (bit > number)
		bit >>= 2;
	for (; bit > 0; bit >>= 2) {
		if (number >= root + bit) {
			number -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return root;
}

int64_t
demo_price_ln(int64_t number)
{
	int e = 63 - __builtin_clzll((unsigned long long)number);
	int64_t mantissa, i, base, r, square;

	/* number = mantissa x 2^e, mantissa = (1 + i/64) x (1 + r) */
	mantissa = e > BITS ? number >> (e - BITS) : number << (BITS - e);
	i = (mantissa - ONE) >> (BITS - 6);
	base = ONE + (i << (BITS - 6));
	r = ((mantissa - base) << BITS) / base;
	square = demo_price_times(r, r);
	return (e * LN2_Q40 >> 12) + demo_tables_log[i] + r - square / 2 +
	    demo_price_times(square, r) / 3 -
	    demo_price_times(square, square) / 4;
}

/* exp(-x) for 0 <= x <= 0.3, where the seventh term is below 2^-28. */
static int64_t
demo_price_decay(int64_t x)
{
	int64_t term = ONE, sum = ONE;

	for (int i = 1; i < 8; i++) {
		term = -demo_price_times(term, x) / i;
		sum += term;
	}
	return sum;
}

void
demo_price_term(struct demo_price_term *term, int64_t t_years_e6,
    int64_t rate_e4, int64_t yield_e4)
{
	int64_t years = t_years_e6 * (ONE / 64) / 15625;	/* / 10^6 */
	int64_t rate = years * rate_e4 / 10000;
	int64_t yield = years * yield_e4 / 10000;

	term->root = demo_price_root(years << BITS);
	term->drift = rate - yield;
	term->rate_factor = demo_price_decay(rate);
	term->yield_factor = demo_price_decay(yield);
}

/*
 * Between two entries of the table, the cubic that has both values and both
 * slopes; it is off by less than 4 x 10^-9.
 */
int64_t
demo_price_cdf(int64_t x)
{
	int64_t far = x < 0 ? -x : x, i, t, low, rise, a, b, result;

	if (far >= 8 * ONE)
		return x < 0 ? 0 : ONE;
	i = far >> (BITS - 5);
	t = (far & ((ONE >> 5) - 1)) << 5;
	low = demo_tables_cdf[i];
	rise = (int64_t)demo_tables_cdf[i + 1] - low;
	/* slopes over one step of 1/32 */
	a = ((int64_t)demo_tables_density[i] >> 5) - rise;
	b = rise - ((int64_t)demo_tables_density[i + 1] >> 5);
	result = low + demo_price_times(t, rise) +
	    demo_price_times(demo_price_times(t, ONE - t),
	    demo_price_times(ONE - t, a) + demo_price_times(t, b));
	return x < 0 ? ONE - result : result;
}

int64_t
demo_price_value(const struct demo_price_term *term, bool put,
    int64_t spot_e4, int64_t spot_ln, int64_t strike_e4, int64_t strike_ln,
    int64_t vol)
{
	int64_t width = demo_price_times(vol, term->root), d, spot, strike, v;
	int64_t ahead = spot_ln - strike_ln + term->drift;

	/* beyond 8 deviations, or without any, all is certain */
	if (width < 1 || ahead > 8 * width + ONE || ahead < -8 * width - ONE)
		d = ahead < 0 ? -16 * ONE : 16 * ONE;
	else
		d = (ahead * ONE) / width + width / 2;
	spot = demo_price_times(term->yield_factor, demo_price_cdf(d));
	strike = demo_price_times(term->rate_factor,
	    demo_price_cdf(d - width));
	v = spot_e4 * spot - strike_e4 * strike;
	if (put)	/* put-call parity */
		v += strike_e4 * term->rate_factor -
		    spot_e4 * term->yield_factor;
	return v <= 0 ? 0 : (v + ONE / 2) >> BITS;
}
