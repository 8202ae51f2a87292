/*
 * Outcomes in R: domain.md's examples, computed there, and by hand where the
 * sums are small.
 */
#include <stddef.h>

#include "market/outcome.h"
#include "check.h"

/* EX-8.10: sum 2.9, mean 2.9 / 8, gains 6.3 against losses 3.4. */
static void
test_example(void)
{
	static const int64_t r[] = { 2000000, -1000000, -1000000, 2000000,
	    300000, -1000000, 2000000, -400000 };
	struct outcome o = { 0 };
	struct outcome_share won;

	for (size_t i = 0; i < sizeof(r) / sizeof(*r); i++)
		outcome_add(&o, r[i]);
	won = outcome_wilson(o.wins, o.n);
	CHECK_INT("EX-8.10 n", o.n, 8);
	CHECK_INT("EX-8.10 sum", outcome_sum(&o), 2900000);
	CHECK_INT("EX-8.10 mean", outcome_mean(&o), 362500);
	CHECK_INT("EX-8.10 sd", outcome_sd(&o), 1424217);
	CHECK_INT("EX-8.10 profit factor", outcome_factor(&o), 1852941);
	CHECK_INT("EX-8.10 drawdown", o.drawdown_e6, 2000000);
	CHECK_INT("EX-8.10 won", won.share_e6, 500000);
	/* 0.2152 and 0.7848; six places by python3 and its NormalDist */
	CHECK_INT("EX-8.10 low", won.low_e6, 215216);
	CHECK_INT("EX-8.10 high", won.high_e6, 784784);
}

static void
test_wilson(void)
{
	static const struct {
		const char *name;
		int64_t wins, n, share, low, high;
	} rows[] = {
		{ "EX-9.4", 7000, 10000, 700000, 690943, 708903 },
		/* domain.md 8: 0.494-0.668 and 0.544-0.731 of source 2 */
		{ "70 of 120", 70, 120, 583333, 493880, 667616 },
		{ "63 of 98", 63, 98, 642857, 544252, 730685 },
		/* 0 of n: from 0 to z^2 / (n + z^2) = 3.841459 / 4.841459 */
		{ "0 of 1", 0, 1, 0, 0, 793451 },
		{ "1 of 1", 1, 1, 1000000, 206549, 1000000 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct outcome_share got = outcome_wilson(rows[i].wins,
		    rows[i].n);

		CHECK_INT(rows[i].name, got.share_e6, rows[i].share);
		CHECK_INT(rows[i].name, got.low_e6, rows[i].low);
		CHECK_INT(rows[i].name, got.high_e6, rows[i].high);
	}
	CHECK_INT("of none", outcome_wilson(0, 0).low_e6, OUTCOME_NONE);
}

static void
test_few(void)
{
	struct outcome o = { 0 };

	CHECK_INT("no mean of none", outcome_mean(&o), OUTCOME_NONE);
	CHECK_INT("no factor of none", outcome_factor(&o), OUTCOME_NONE);
	outcome_add(&o, 1500000);
	CHECK_INT("no deviation of one", outcome_sd(&o), OUTCOME_NONE);
	CHECK_INT("no factor without a loss", outcome_factor(&o),
	    OUTCOME_NONE);
	outcome_add(&o, 0);
	CHECK_INT("0 is no win", o.wins, 1);
	CHECK_INT("and no loss", outcome_factor(&o), OUTCOME_NONE);
	CHECK_INT("1.5 and 0: mean", outcome_mean(&o), 750000);
	/* sqrt(2 x 0.75^2 / 1) */
	CHECK_INT("1.5 and 0: deviation", outcome_sd(&o), 1060660);
	/* from the start: the first loss is a fall too */
	o = (struct outcome){ 0 };
	outcome_add(&o, -1000000);
	CHECK_INT("drawdown from 0", o.drawdown_e6, 1000000);
	CHECK_INT("factor of losses alone", outcome_factor(&o), 0);
	for (int i = 0; i < 3; i++)
		outcome_add(&o, INT64_MAX / 2);
	CHECK("sums saturate", outcome_sum(&o) > INT64_MAX / 2);
}

/*
 * 1 and 1 on one day, 4 on another: the mean is 2, the days stand 2 below and
 * 2 above; the half width is 12.706 x sqrt(2 x (4 + 4)) / 3.
 */
static void
test_days(void)
{
	static const struct outcome_dated v[] = {
		{ 10, 1000000 }, { 10, 1000000 }, { 11, 4000000 }
	};
	struct outcome_mean m = outcome_by_day(v, 3);

	CHECK_INT("mean", m.mean_e6, 2000000);
	CHECK_INT("low", m.low_e6, -14941333);
	CHECK_INT("high", m.high_e6, 18941333);
	m = outcome_by_day(v, 2);
	CHECK_INT("one day has a mean", m.mean_e6, 1000000);
	CHECK_INT("and no interval", m.low_e6, OUTCOME_NONE);
	CHECK_INT("nothing has none", outcome_by_day(v, 0).mean_e6,
	    OUTCOME_NONE);
}

int
main(void)
{
	test_days();
	test_example();
	test_wilson();
	test_few();
	return check_end();
}
