/*
 * The demo's option values against EX-7.1 to EX-7.5 of domain.md and two
 * examples of Hull, "Options, Futures, and Other Derivatives"; its logarithm
 * and normal law against libm.  Tolerance 1/10,000 dollar, as values are
 * rounded to that, and twice that where the underlying costs thousands.
 */

#include <math.h>

#include "check.h"

#include "tap/demo_price.h"

#define Q28 ((double)DEMO_PRICE_ONE)

static void
test_values(void)
{
	static const struct {
		const char *name;
		bool put;
		double spot, strike, years, rate, yield, vol, value;
	} rows[] = {
		{ "EX-7.1", false, 100, 100, 30.0 / 365, .05, .01, .25,
		    3.018659 },
		{ "EX-7.2", true, 100, 100, 30.0 / 365, .05, .01, .25,
		    2.690701 },
		{ "EX-7.3", false, 6450, 6475, 25.0 / 365, .043, .012, .15,
		    95.484646 },
		{ "EX-7.4", true, 100, 90, 60.0 / 365, .04, 0, .35,
		    1.642578 },
		{ "EX-7.5", false, 50, 60, .5, .03, .02, .40, 2.456028 },
		/* Hull, 9th edition, example 15.6. */
		{ "Hull 15.6 call", false, 42, 40, .5, .10, 0, .20, 4.76 },
		{ "Hull 15.6 put", true, 42, 40, .5, .10, 0, .20, 0.81 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t s = llround(rows[i].spot * 10000);
		int64_t k = llround(rows[i].strike * 10000), got;
		double slack = rows[i].spot > 1000 ? 2 : 1;
		struct demo_price_term term;

		if (strncmp(rows[i].name, "Hull", 4) == 0)
			slack = 50;	/* printed with two decimals */
		/* years are millionths: that rounding is the test's own */
		demo_price_term(&term, llround(rows[i].years * 1e6),
		    llround(rows[i].rate * 1e4), llround(rows[i].yield * 1e4));
		got = demo_price_value(&term, rows[i].put, s,
		    demo_price_ln(s), k, demo_price_ln(k),
		    llround(rows[i].vol * Q28));
		if (fabs((double)got - rows[i].value * 1e4) > slack)
			fprintf(stderr, "  got %" PRId64 ", want %f\n", got,
			    rows[i].value * 1e4);
		CHECK(rows[i].name,
		    fabs((double)got - rows[i].value * 1e4) <= slack);
	}
}

static void
test_ends(void)
{
	struct demo_price_term term;
	int64_t ln100 = demo_price_ln(1000000), ln50 = demo_price_ln(500000);

	/* A minute left: what exercise brings. */
	demo_price_term(&term, 2, 0, 0);
	CHECK_INT("far in the money", demo_price_value(&term, false, 1000000,
	    ln100, 500000, ln50, llround(.2 * Q28)), 500000);
	CHECK_INT("far out of the money", demo_price_value(&term, true,
	    1000000, ln100, 500000, ln50, llround(.2 * Q28)), 0);
	CHECK_INT("no volatility", demo_price_value(&term, true, 500000, ln50,
	    1000000, ln100, 0), 500000);
}

static void
test_functions(void)
{
	double worst = 0;

	for (double x = -9; x <= 9; x += 0.0137) {
		double off = fabs((double)demo_price_cdf(llround(x * Q28)) /
		    Q28 - erfc(-x / sqrt(2)) / 2);

		worst = off > worst ? off : worst;
	}
	CHECK("normal law", worst < 3e-8);
	worst = 0;
	for (int64_t n = 1; n < INT64_C(1) << 40; n += 1 + n / 7) {
		double off = fabs((double)demo_price_ln(n) / Q28 -
		    log((double)n));

		worst = off > worst ? off : worst;
	}
	CHECK("logarithm", worst < 3e-8);
	CHECK_INT("root", demo_price_root(99), 9);
	CHECK_INT("root", demo_price_root(100), 10);
	CHECK_INT("root", demo_price_root(INT64_MAX), INT64_C(3037000499));
	CHECK_INT("root", demo_price_root(0), 0);
}

int
main(void)
{
	test_values();
	test_ends();
	test_functions();
	return check_end();
}
