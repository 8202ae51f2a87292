/* classify/ratio: the aggressive ratio of domain.md 3.8. */
#include "classify/ratio.h"

#include "check.h"

static bool
judge(int64_t at_ask, int64_t other, int64_t *ratio_e6)
{
	struct ratio_window w = { 0 };

	ratio_add(&w, true, at_ask, 1, 1);
	ratio_add(&w, false, other, 1, 1);
	return ratio_is_aggressive(&w, 650000, 100, ratio_e6);
}

static void
test_examples(void)
{
	int64_t ratio;

	CHECK("EX-3.43", judge(130, 70, &ratio));
	CHECK_INT("EX-3.43 0.65", ratio, 650000);
	CHECK("EX-3.44", !judge(129, 71, &ratio));
	CHECK_INT("EX-3.44 0.645", ratio, 645000);
	CHECK("EX-3.45", !judge(65, 15, &ratio));
	CHECK_INT("EX-3.45 0.8125", ratio, 812500);
	CHECK("100 contracts are enough", judge(65, 35, &ratio));
	CHECK("99 are not", !judge(99, 0, &ratio));
	CHECK("none at the ask", !judge(0, 200, &ratio));
	CHECK("no contracts", !judge(0, 0, &ratio));
	/* 6499999/10000000 rounds to 0.65 but is below it */
	CHECK("rounding does not decide", !judge(6499999, 3500001, &ratio));
}

static void
test_add(void)
{
	struct ratio_window w = { 0 };

	ratio_add(&w, true, 130, 2730000, 1);
	ratio_add(&w, false, 70, 1400000, 1);
	CHECK_INT("eligible", w.eligible, 200);
	CHECK_INT("at ask", w.at_ask, 130);
	CHECK_INT("premium", w.premium_e4, 4130000);
	ratio_add(&w, true, 130, 2730000, -1);
	CHECK_INT("taken back", w.eligible, 70);
	CHECK_INT("taken back", w.at_ask, 0);
	CHECK_INT("taken back", w.premium_e4, 1400000);
	ratio_add(&w, false, 1, INT64_MAX, 1);
	CHECK_INT("no wrap", w.premium_e4, INT64_MAX);
}

/*
 * Windows of five minutes from 09:30 New York, 14:30Z in winter, 13:30Z in
 * summer: 1763994600000 and 1750080600000 by date(1).
 */
static void
test_start(void)
{
	const int64_t winter = INT64_C(1763994600000);
	const int64_t summer = INT64_C(1750080600000);

	CHECK_INT("at the open", ratio_start(winter), winter);
	CHECK_INT("last ms", ratio_start(winter + 299999), winter);
	CHECK_INT("next", ratio_start(winter + 300000), winter + 300000);
	CHECK_INT("summer", ratio_start(summer + 1), summer);
}

int
main(void)
{
	test_examples();
	test_add();
	test_start();
	return check_end();
}
