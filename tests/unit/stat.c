/* market/stat: the worked numbers of domain.md 3.12. */
#include "market/stat.h"

#include "check.h"

static int64_t
share(int64_t volume, int64_t oi_change)
{
	int64_t share_e6;

	return stat_opening_share(volume, oi_change, &share_e6) ?
	    share_e6 : -1;
}

static void
test_next_day(void)
{
	CHECK_INT("EX-3.67 +6000", share(10000, 6000), 800000);
	CHECK_INT("EX-3.67 0", share(10000, 0), 500000);
	CHECK_INT("EX-3.67 -10000", share(10000, -10000), 0);
	CHECK_INT("EX-3.68", share(4300, -1200), 360465);
	CHECK_INT("all opening", share(10000, 10000), 1000000);
	CHECK_INT("more than was traded", share(10000, 10001), -1);
	CHECK_INT("less than was traded", share(10000, -10001), -1);
	CHECK_INT("no volume", share(0, 0), -1);
	CHECK_INT("EX-3.69", stat_oi_estimate(2500, 600000), 500);
	CHECK_INT("half opening", stat_oi_estimate(2500, 500000), 0);
	CHECK_INT("mostly closing", stat_oi_estimate(2500, 400000), -500);
	/* 3 x 0.5 = 1.5, away from zero */
	CHECK_INT("half a contract", stat_oi_estimate(3, 750000), 2);
}

static void
test_iv(void)
{
	CHECK("EX-3.70", stat_is_iv_spike(650000, 450000, 200000, 30000));
	CHECK("EX-3.71", !stat_is_iv_spike(121000, 100000, 200000, 30000));
	CHECK("EX-3.72", !stat_is_iv_spike(360000, 300000, 200000, 30000));
	CHECK("just above 20 %", stat_is_iv_spike(360001, 300000, 200000,
	    30000));
	CHECK("3 points exactly", stat_is_iv_spike(130000, 100000, 200000,
	    30000));
	CHECK("just under 3 points", !stat_is_iv_spike(129999, 100000,
	    200000, 30000));
	CHECK("no reference", !stat_is_iv_spike(360000, 0, 200000, 30000));
}

int
main(void)
{
	test_next_day();
	test_iv();
	return check_end();
}
