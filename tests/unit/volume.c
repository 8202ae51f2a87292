/* classify/volume: domain.md 3.11 and 3.12. */
#include "classify/volume.h"

#include "check.h"

static const struct volume_limits limits = {
	20000, 100, 12500, 500, 100
};

/* A verdict on a day's volume of which the last print was size. */
static struct volume_verdict
judge(int64_t volume, int64_t size, int64_t adv20_e4, int64_t oi,
    int64_t price_e4)
{
	struct volume_usual usual = { adv20_e4 * 100, 20, TRADE_NONE };
	struct volume_verdict v;

	volume_judge(&v, &limits, volume - size, size,
	    adv20_e4 == TRADE_NONE ? NULL : &usual, oi, price_e4);
	return v;
}

/* The ratio by the time of day, in millionths. */
static int64_t
by_time(int64_t volume, int64_t adv20_e6, int64_t share_e6)
{
	struct volume_usual usual = { adv20_e6, 20, share_e6 };
	struct volume_verdict v;

	volume_judge(&v, &limits, volume - 1, 1, &usual, TRADE_NONE, 18500);
	return v.ratio_tod_e6;
}

/* 3.11: volume_ratio / the usual share by now, 0.25 % at least. */
static void
test_time_of_day(void)
{
	CHECK_INT("100 of 400 by a quarter", by_time(100, 400000000, 250000),
	    1000000);
	CHECK_INT("801 / 400 / 0.5", by_time(801, 400000000, 500000),
	    4005000);
	CHECK_INT("1 / 3 / 0.7 = 0.476190...", by_time(1, 3000000, 700000),
	    476190);
	CHECK_INT("2 / 3 / 0.7 = 0.952380...9", by_time(2, 3000000, 700000),
	    952381);
	CHECK_INT("0.25 %", by_time(1, 400000000, 2500), 1000000);
	CHECK_INT("0.1 % counts as 0.25 %", by_time(1, 400000000, 1000),
	    1000000);
	CHECK_INT("nothing yet", by_time(1, 400000000, 0), 1000000);
	CHECK_INT("all", by_time(801, 400000000, 1000000), 2002500);
	CHECK_INT("no share", by_time(801, 400000000, TRADE_NONE),
	    TRADE_NONE);
	CHECK_INT("no mean", by_time(801, 0, 500000), TRADE_NONE);
	CHECK_INT("beyond int64_t", by_time(4000000000000000, 1, 1),
	    INT64_MAX);
}

static void
test_examples(void)
{
	struct volume_verdict v = judge(801, 1, 4000000, 5000, 18500);

	CHECK_INT("EX-3.60 ratio 2.0025", v.ratio_e6, 2002500);
	CHECK("EX-3.60", v.is_unusual);
	v = judge(800, 1, 4000000, 5000, 18500);
	CHECK_INT("EX-3.61 ratio 2", v.ratio_e6, 2000000);
	CHECK("EX-3.61", !v.is_unusual);
	v = judge(90, 1, 200000, 5000, 18500);
	CHECK_INT("EX-3.62 ratio 4.5", v.ratio_e6, 4500000);
	CHECK("EX-3.62", !v.is_unusual);
	v = judge(5000, 1, TRADE_NONE, 2200, 18500);
	CHECK_INT("EX-3.63 2.2727", v.oi_ratio_e6, 2272727);
	CHECK_INT("EX-3.63 no adv20", v.ratio_e6, TRADE_NONE);
	CHECK("EX-3.63", v.is_unusual);
	CHECK("EX-3.63 vol_gt_oi", v.gt_oi);
	v = judge(5, 5, TRADE_NONE, 0, 18500);
	CHECK_INT("EX-3.64 no ratio", v.oi_ratio_e6, TRADE_NONE);
	CHECK("EX-3.64 vol_gt_oi", v.gt_oi);
	CHECK("EX-3.64", !v.is_unusual);
}

static void
test_boundaries(void)
{
	struct volume_verdict v = judge(100, 1, 490000, 5000, 18500);

	CHECK("100 contracts, above 2 x 49", v.is_unusual);
	v = judge(99, 1, 490000, 5000, 18500);
	CHECK("99 contracts", !v.is_unusual);
	v = judge(625, 1, TRADE_NONE, 500, 18500);
	CHECK("V/OI 1.25", v.is_unusual);
	v = judge(624, 1, TRADE_NONE, 500, 18500);
	CHECK("V/OI 1.248", !v.is_unusual);
	v = judge(500, 1, TRADE_NONE, 100, 18500);
	CHECK("500 contracts, OI 100", v.is_unusual);
	v = judge(499, 1, TRADE_NONE, 100, 18500);
	CHECK("499 contracts", !v.is_unusual);
	v = judge(500, 1, TRADE_NONE, 99, 18500);
	CHECK("OI 99", !v.is_unusual);
	v = judge(625, 1, TRADE_NONE, 500, 1000);
	CHECK("price 0.10 exactly", !v.is_unusual);
	v = judge(625, 1, TRADE_NONE, 500, 1001);
	CHECK("price above 0.10", v.is_unusual);
	v = judge(100000, 1, TRADE_NONE, TRADE_NONE, 18500);
	CHECK("OI unknown", !v.gt_oi && !v.is_unusual);
	CHECK_INT("OI unknown", v.oi_ratio_e6, TRADE_NONE);
	CHECK_STR("OI unknown", volume_opening_name(v.opening), "UNKNOWN");
	v = judge(100, 1, TRADE_NONE, 100, 18500);
	CHECK("as much as OI is not above", !v.gt_oi);
	CHECK_INT("ratio 1", v.oi_ratio_e6, 1000000);
	v = judge(101, 1, TRADE_NONE, 100, 18500);
	CHECK("above OI", v.gt_oi);
	v = judge(100, 1, 0, 5000, 18500);
	CHECK_INT("adv20 zero: no ratio", v.ratio_e6, TRADE_NONE);
	CHECK("adv20 zero: any volume is above twice", v.is_unusual);
	v = judge(99, 1, 0, 5000, 18500);
	CHECK("adv20 zero, 99 contracts", !v.is_unusual);
}

static void
test_opening(void)
{
	struct volume_verdict v = judge(10000, 10000, TRADE_NONE, 4000,
	    18500);

	CHECK_STR("EX-3.65", volume_opening_name(v.opening), "PROVEN");
	CHECK_INT("EX-3.65 opening_min", v.opening_min, 6000);
	v = judge(17000, 10000, TRADE_NONE, 4000, 18500);
	CHECK_STR("EX-3.66", volume_opening_name(v.opening), "LIKELY");
	CHECK_INT("EX-3.66", v.opening_min, TRADE_NONE);
	v = judge(10000, 7000, TRADE_NONE, 4000, 18500);
	CHECK_STR("size = OI + before proves nothing",
	    volume_opening_name(v.opening), "LIKELY");
	v = judge(10001, 7001, TRADE_NONE, 4000, 18500);
	CHECK_INT("one more does", v.opening_min, 1);
	v = judge(4000, 3000, TRADE_NONE, 4000, 18500);
	CHECK_STR("not above OI", volume_opening_name(v.opening), "UNKNOWN");
}

int
main(void)
{
	test_examples();
	test_boundaries();
	test_time_of_day();
	test_opening();
	return check_end();
}
