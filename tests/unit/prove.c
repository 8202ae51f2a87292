/*
 * report/prove: the worked examples of domain.md 3.3 to 3.12 and 5.1, once
 * more, for it is written apart from flow-classify and flow-alert.
 */
#include "report/prove.h"

#include "check.h"

#define NONE TRADE_NONE

static struct prove_limits limits;

static struct prove_quote
quote(int64_t bid_e4, int64_t ask_e4, int64_t bid_size, int64_t ask_size)
{
	return (struct prove_quote){ bid_e4, ask_e4, bid_size, ask_size,
	    10, false };
}

static const struct prove_quote nothing = {
	NONE, NONE, NONE, NONE, NONE, false
};

static void
test_quote(void)
{
	static const struct {
		const char *name;
		int64_t bid_e4, ask_e4, age_ms;
		bool is_void;
		const char *status;
	} rows[] = {
		{ "EX-3.5a", 20000, 21000, 100, false, "OK" },
		{ "EX-3.5b", 20000, 21000, 61500, false, "STALE" },
		{ "EX-3.5c", 21500, 21000, 50, false, "CROSSED" },
		{ "EX-3.5d", 20000, 21000, 2500, true, "STALE" },
		{ "60 s is not over 60 s", 20000, 21000, 60000, false,
		    "OK" },
		{ "later", 20000, 21000, -1, false, "NONE" },
		{ "none", NONE, NONE, NONE, false, "NONE" },
		{ "one side", NONE, 21000, 5, false, "ONE_SIDED" },
		{ "nothing bid, nothing asked", 0, 0, 5, false, "ONE_SIDED" },
		{ "age not known", 0, 500, NONE, false, "ZERO_BID" },
		{ "locked", 15000, 15000, 5, false, "LOCKED" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct prove_quote q = { rows[i].bid_e4, rows[i].ask_e4, NONE,
		    NONE, rows[i].age_ms, rows[i].is_void };

		CHECK_STR(rows[i].name, prove_status(&limits, &q),
		    rows[i].status);
	}
}

static void
test_location(void)
{
	static const struct {
		const char *name;
		int64_t bid_e4, ask_e4, price_e4, position_e6;
		const char *at;
	} rows[] = {
		{ "EX-3.6", 20000, 21000, 20800, 800000, "NEAR_ASK" },
		{ "EX-3.7", 20000, 21000, 20700, 700000, "NEAR_ASK" },
		{ "EX-3.8", 20000, 21000, 20500, 500000, "MID" },
		{ "EX-3.9", 0, 500, 500, 1000000, "AT_ASK" },
		{ "EX-3.10", 15000, 15000, 15200, NONE, "ABOVE_ASK" },
		{ "0.3 is near", 20000, 21000, 20300, 300000, "NEAR_BID" },
		{ "0.31 is not", 20000, 21000, 20310, 310000, "INSIDE" },
		{ "at the bid", 20000, 21000, 20000, 0, "AT_BID" },
		{ "below", 20000, 21000, 19900, -100000, "BELOW_BID" },
		{ "crossed", 21000, 20000, 20500, NONE, "UNKNOWN" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct prove_quote q = quote(rows[i].bid_e4, rows[i].ask_e4,
		    50, 30);

		CHECK_STR(rows[i].name, prove_location(&limits, &q,
		    rows[i].price_e4), rows[i].at);
		CHECK_INT(rows[i].name, prove_position(&limits, &q,
		    rows[i].price_e4), rows[i].position_e6);
	}
}

/* The setting of 3.5; what a row changes is said in its place. */
static struct prove_print
print(int64_t size, int64_t price_e4, uint32_t flags)
{
	return (struct prove_print){ .price_e4 = price_e4, .size = size,
	    .nbbo = quote(20000, 21000, 50, 30),
	    .ex = quote(20000, 21000, 20, 30), .tick_e4 = 20500,
	    .flags = flags, .eligible = true, .right = TRADE_CALL };
}

static void
sign(const char *name, const struct prove_print *p, const char *side,
    const char *method, const char *aggressor)
{
	struct prove_sign s = prove_sign(&limits, p);

	CHECK_STR(name, prove_side_name(s.side), side);
	CHECK_STR(name, prove_method_name(s.method), method);
	CHECK_STR(name, prove_side_name(s.aggressor), aggressor);
}

static void
test_side(void)
{
	struct prove_print p = print(7, 21000, 0);

	sign("EX-3.11", &p, "BUY", "QUOTE_NBBO", "BUY");
	p = print(30, 21000, 0);
	sign("EX-3.12", &p, "SELL", "TSIZE_EX", "BUY");
	p = print(20, 20000, 0);
	sign("EX-3.13", &p, "BUY", "TSIZE_EX", "SELL");
	p = print(30, 21000, COND_ISO);
	sign("EX-3.14", &p, "BUY", "QUOTE_NBBO", "BUY");
	p = print(7, 20500, 0);
	p.ex.ask_e4 = 22000;
	sign("EX-3.15", &p, "SELL", "QUOTE_EX", "SELL");
	p = print(7, 20500, 0);
	p.ex = nothing;
	sign("EX-3.16", &p, "SELL", "DEPTH_NBBO", "SELL");
	p = print(7, 20500, 0);
	p.nbbo = quote(20000, 21000, 40, 40);
	p.ex = quote(20000, 21000, 10, 25);
	sign("EX-3.17", &p, "BUY", "DEPTH_EX", "BUY");
	p.ex = nothing;
	p.tick_e4 = 20400;
	sign("EX-3.18", &p, "BUY", "TICK_ALL", "BUY");
	p.tick_e4 = NONE;
	sign("EX-3.19", &p, "UNKNOWN", "NONE", "UNKNOWN");
	p = print(7, 21000, 0);
	p.nbbo = quote(21500, 21000, 50, 30);
	p.ex = nothing;
	p.tick_e4 = 21200;
	sign("EX-3.20", &p, "SELL", "TICK_ALL", "SELL");
	p = print(500, 21200, 0);
	sign("EX-3.21", &p, "BUY", "QUOTE_NBBO", "BUY");
	p = print(10, 500, 0);
	p.nbbo = p.ex = quote(0, 500, 50, 30);
	sign("EX-3.22", &p, "BUY", "QUOTE_NBBO", "BUY");
	p = print(7, 21000, 0);
	p.eligible = false;
	sign("3.2: no side", &p, "UNKNOWN", "NONE", "UNKNOWN");
	p = print(100, 21000, 0);
	p.ex.ask_size = 100;
	sign("100 is too large for the size rule", &p, "BUY", "QUOTE_NBBO",
	    "BUY");
	p.unguarded = true;
	sign("but not for gsu-raw", &p, "SELL", "TSIZE_EX", "BUY");
}

static void
test_confidence(void)
{
	struct prove_print p = print(7, 21000, 0);

	CHECK_INT("EX-3.27", prove_confidence(&limits, &p,
	    PROVE_QUOTE_NBBO), 750000);
	p.is_index = true;
	CHECK_INT("EX-3.27 index", prove_confidence(&limits, &p,
	    PROVE_QUOTE_NBBO), 625000);
	p = print(7, 21000, 0);
	p.ex = nothing;
	CHECK_INT("EX-3.26", prove_confidence(&limits, &p,
	    PROVE_QUOTE_NBBO), 500000);
	CHECK_INT("EX-3.28", prove_confidence(&limits, &p, PROVE_TSIZE_EX),
	    800000);
	p = print(20, 21000, COND_AUCTION);
	CHECK_INT("EX-3.29", prove_confidence(&limits, &p,
	    PROVE_QUOTE_NBBO), 644000);
	p = print(7, 21200, 0);
	CHECK_INT("outside", prove_confidence(&limits, &p,
	    PROVE_QUOTE_NBBO), 680000);
	p = print(7, 20800, 0);
	CHECK_INT("inside", prove_confidence(&limits, &p, PROVE_QUOTE_NBBO),
	    650000);
	CHECK_INT("by depth", prove_confidence(&limits, &p,
	    PROVE_DEPTH_NBBO), 660000);
	CHECK_INT("tick", prove_confidence(&limits, &p, PROVE_TICK_ALL),
	    530000);
	CHECK_INT("sweep", prove_confidence(&limits, &p,
	    PROVE_SWEEP_ANCHOR), 800000);
	CHECK_INT("none", prove_confidence(&limits, &p, PROVE_NONE), 500000);
}

static void
test_sentiment(void)
{
	static const struct {
		const char *name;
		enum trade_right right;
		int64_t size, price_e4;
		uint32_t flags;
		const char *sentiment;
		int64_t weight_e6;
	} rows[] = {
		{ "EX-3.31", TRADE_PUT, 500, 21200, 0, "BEARISH", 360000 },
		{ "EX-3.30", TRADE_CALL, 7, 21000, 0, "BULLISH", 500000 },
		{ "EX-3.32", TRADE_CALL, 30, 21000, 0, "BEARISH", 600000 },
		{ "EX-3.33", TRADE_PUT, 10, 19800, 0, "BULLISH", 360000 },
		{ "EX-3.34", TRADE_CALL, 10, 19900, COND_MULTILEG, "NEUTRAL",
		    0 },
		{ "late", TRADE_CALL, 7, 21000, COND_LATE, "NEUTRAL", 0 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct prove_print p = print(rows[i].size, rows[i].price_e4,
		    rows[i].flags);
		struct prove_sign s;
		const char *sentiment;

		p.right = rows[i].right;
		s = prove_sign(&limits, &p);
		sentiment = prove_sentiment(&p, s.side);
		CHECK_STR(rows[i].name, sentiment, rows[i].sentiment);
		CHECK_INT(rows[i].name, prove_weight(prove_confidence(
		    &limits, &p, s.method), sentiment), rows[i].weight_e6);
	}
}

static void
test_aggressiveness(void)
{
	static const struct {
		const char *name;
		int64_t size, price_e4;
		const char *value;
		bool through;
	} rows[] = {
		{ "EX-3.35", 7, 21000, "AGGRESSIVE", false },
		{ "EX-3.36", 7, 21050, "AGGRESSIVE", false },
		{ "EX-3.37", 7, 21200, "AGGRESSIVE", true },
		{ "EX-3.38", 7, 20800, "NORMAL", false },
		{ "EX-3.39", 7, 20500, "PASSIVE", false },
		{ "EX-3.40", 7, 19900, "AGGRESSIVE", false },
		{ "EX-3.41", 30, 21000, "PASSIVE", false },
	};
	struct prove_print p;
	struct prove_sign s;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		p = print(rows[i].size, rows[i].price_e4, 0);
		s = prove_sign(&limits, &p);
		CHECK_STR(rows[i].name, prove_aggressiveness(&limits, &p,
		    &s), rows[i].value);
		CHECK_INT(rows[i].name, prove_is_through(&limits, &p.nbbo,
		    p.price_e4), rows[i].through);
	}
	p = print(250, 455000, 0);
	p.nbbo = quote(448000, 452000, 50, 30);
	s = prove_sign(&limits, &p);
	CHECK_STR("EX-3.42", prove_aggressiveness(&limits, &p, &s),
	    "AGGRESSIVE");
	CHECK("EX-3.42", prove_is_through(&limits, &p.nbbo, p.price_e4));
	p = print(500, 30000, COND_MULTILEG);
	s = prove_sign(&limits, &p);
	CHECK_STR("EX-3.5", prove_aggressiveness(&limits, &p, &s), "NORMAL");
	p = print(7, 20500, COND_AUCTION);
	CHECK_STR("an auction inside", prove_aggressiveness(&limits, &p, &s),
	    "NORMAL");
	p.nbbo = quote(15000, 15000, 1, 1);
	p.flags = 0;
	p.price_e4 = 15000;
	CHECK_STR("locked, at its price", prove_aggressiveness(&limits, &p,
	    &s), "PASSIVE");
	p.nbbo = quote(9500, 10500, 1, 1);
	CHECK("a tenth exactly is not wide", !prove_is_wide(&limits,
	    &p.nbbo));
	p.nbbo = quote(9499, 10500, 1, 1);
	CHECK("above a tenth is", prove_is_wide(&limits, &p.nbbo));
	p.nbbo = quote(500, 1000, 1, 1);
	CHECK("five cents are not", !prove_is_wide(&limits, &p.nbbo));
}

static void
test_size(void)
{
	static const struct {
		const char *name;
		int64_t size, average_e6, ratio_e6;
		const char *type;
	} rows[] = {
		{ "EX-3.46", 250, 40000000, 6250000, "BLOCK" },
		{ "EX-3.47", 10, 2000000, 5000000, "LARGE" },
		{ "EX-3.48", 500, 300000000, 1666667, "BLOCK" },
		{ "EX-3.49", 24, 12000000, 2000000, "LARGE" },
		{ "EX-3.50", 8, 3000000, 2666667, "REGULAR" },
		/* 500 in 3 prints; 500 / that is 3 */
		{ "a rounded average", 500, 166666667, 3000000, "BLOCK" },
		{ "99 is below the floor", 99, 10000000, 9900000, "LARGE" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t size = rows[i].size, average = rows[i].average_e6;

		CHECK_STR(rows[i].name, prove_type(false,
		    prove_is_block(&limits, size, average), false,
		    prove_is_large(&limits, size, average)), rows[i].type);
		CHECK(rows[i].name, prove_ratio_fits(size, average,
		    rows[i].ratio_e6));
		CHECK(rows[i].name, !prove_ratio_fits(size, average,
		    rows[i].ratio_e6 + 2));
	}
	CHECK_STR("precedence", prove_type(true, true, true, true), "SWEEP");
	CHECK_STR("precedence", prove_type(false, true, true, true),
	    "BLOCK");
	CHECK_STR("precedence", prove_type(false, false, true, true),
	    "SPLIT");
}

static struct prove_member
member(int64_t ts, int64_t exchange, int64_t size, int64_t price_e4, bool iso)
{
	return (struct prove_member){ ts, price_e4, size, price_e4 * size *
	    100, exchange, iso, false };
}

static void
test_cluster(void)
{
	struct prove_member m[4] = {
		member(0, 1, 40, 21000, true), member(3, 2, 60, 21000, true),
		member(5, 3, 55, 21200, true),
		member(1800, 4, 45, 21200, false)
	};
	struct prove_cluster c;

	prove_members(m, 4, PROVE_BUY, &c);
	CHECK_STR("EX-3.52", prove_evidence(&limits, &c), "ISO");
	CHECK_STR("EX-3.52", prove_kind(&limits, &c, 0), "SWEEP");
	CHECK_INT("EX-3.52 prints", c.prints, 4);
	CHECK_INT("EX-3.52 exchanges", c.exchanges, 4);
	CHECK_INT("EX-3.52 size", c.size, 200);
	CHECK_INT("EX-3.52 premium", c.premium_e4, 422000000);
	CHECK_INT("EX-3.52 VWAP", c.vwap_e6, 2110000);
	CHECK_INT("EX-3.52 worst", c.worst_e4, 21200);
	CHECK("EX-3.52 monotone", c.monotone);
	m[3].price_e4 = 21000;
	prove_members(m, 4, PROVE_BUY, &c);
	CHECK("two cents back are not monotone", !c.monotone);
	prove_members(m, 4, PROVE_SELL, &c);
	CHECK("nor up when sold", !c.monotone);
	m[0] = member(0, 1, 30, 21000, false);
	m[1] = member(40, 2, 30, 21000, false);
	m[2] = member(90, 3, 20, 21000, false);
	prove_members(m, 3, PROVE_BUY, &c);
	CHECK_STR("EX-3.54", prove_evidence(&limits, &c), "BURST");
	CHECK_STR("EX-3.54", prove_kind(&limits, &c, 0), "SWEEP");
	CHECK_INT("EX-3.54 gap", c.gap_ms, 50);
	m[1] = member(1500, 2, 30, 21000, false);
	prove_members(m, 2, PROVE_BUY, &c);
	CHECK_STR("EX-3.55", prove_evidence(&limits, &c), "WINDOW");
	CHECK_STR("EX-3.55", prove_kind(&limits, &c, 10000000), "PLAIN");
	m[0] = member(0, 1, 30, 21000, false);
	m[1] = member(300, 1, 30, 21000, false);
	m[2] = member(900, 1, 40, 21000, false);
	prove_members(m, 3, PROVE_BUY, &c);
	CHECK_STR("EX-3.56", prove_kind(&limits, &c, 10000000), "SPLIT");
	CHECK_STR("below twice the average", prove_kind(&limits, &c,
	    50000001), "PLAIN");
	m[1].block = true;
	prove_members(m, 3, PROVE_BUY, &c);
	CHECK_STR("a block among them", prove_kind(&limits, &c, 10000000),
	    "PLAIN");
	m[0] = member(0, 1, 4, 21000, true);
	m[1] = member(2, 2, 4, 21000, true);
	prove_members(m, 2, PROVE_BUY, &c);
	CHECK_STR("EX-3.59", prove_kind(&limits, &c, 10000000), "PLAIN");
}

static struct prove_volume
volume(int64_t before, int64_t size, int64_t adv20_e6, int64_t ratio_e6,
    int64_t open_interest, int64_t price_e4)
{
	struct prove_volume v;

	prove_volume(&limits, before, size, (struct prove_usual){ adv20_e6,
	    ratio_e6 }, open_interest, price_e4, &v);
	return v;
}

static void
test_volume(void)
{
	struct prove_volume v;

	v = volume(800, 1, NONE, 2002500, 5000, 18500);
	CHECK("EX-3.60", v.unusual);
	v = volume(799, 1, NONE, 2000000, 5000, 18500);
	CHECK("EX-3.61", !v.unusual);
	v = volume(89, 1, NONE, 4500000, 5000, 18500);
	CHECK("EX-3.62", !v.unusual);
	v = volume(4999, 1, NONE, NONE, 2200, 18500);
	CHECK("EX-3.63", v.unusual && v.gt_oi);
	CHECK_INT("EX-3.63", v.oi_ratio_e6, 2272727);
	v = volume(4999, 1, NONE, NONE, 2200, 1000);
	CHECK("ten cents is not above ten cents", !v.unusual);
	v = volume(0, 5, NONE, NONE, 0, 18500);
	CHECK_INT("EX-3.64", v.oi_ratio_e6, NONE);
	CHECK("EX-3.64", v.gt_oi && !v.unusual);
	v = volume(0, 10000, NONE, NONE, 4000, 18500);
	CHECK_STR("EX-3.65", v.opening, "PROVEN");
	CHECK_INT("EX-3.65", v.opening_min, 6000);
	v = volume(7000, 10000, NONE, NONE, 4000, 18500);
	CHECK_STR("EX-3.66", v.opening, "LIKELY");
	CHECK_INT("EX-3.66", v.opening_min, NONE);
	v = volume(0, 10, NONE, NONE, NONE, 18500);
	CHECK_STR("open interest not known", v.opening, "UNKNOWN");
	CHECK("EX-3.60", volume(800, 1, 400000000, NONE, 5000, 18500)
	    .unusual);
	CHECK("EX-3.61", !volume(799, 1, 400000000, NONE, 5000, 18500)
	    .unusual);
	CHECK("a mean of 0 is exceeded", volume(99, 1, 0, NONE, 5000, 18500)
	    .unusual);
	CHECK_INT("EX-3.60 ratio", prove_volume_ratio(801, 400000000),
	    2002500);
	CHECK_INT("a mean of 0 gives none", prove_volume_ratio(801, 0), NONE);
	/* 801 / (400 x 0.5) = 4.005; 1 / (400 x 0.0025) = 1 */
	CHECK_INT("by the time of day", prove_volume_ratio_tod(801,
	    400000000, 500000), 4005000);
	CHECK_INT("with a floor", prove_volume_ratio_tod(1, 400000000, 1),
	    1000000);
}

static void
test_alerts(void)
{
	const int64_t dollar = 10000;
	struct slice bearish = SLICE("EXTREME_BEARISH_FLOW");
	struct slice heavy = SLICE("HEAVY_CALL_FLOW");
	struct slice bullish = SLICE("BULLISH_POSITIONING");

	CHECK("EX-5.6", prove_sums(&limits, bearish, 1350000 * dollar,
	    420000 * dollar, 25, NONE));
	CHECK("EX-5.6 with 19 trades", !prove_sums(&limits, bearish,
	    1350000 * dollar, 420000 * dollar, 19, NONE));
	CHECK("3 is not above 3", !prove_sums(&limits, bearish,
	    1260000 * dollar, 420000 * dollar, 25, NONE));
	CHECK("no calls are above any ratio", prove_sums(&limits, bearish,
	    250000 * dollar, 0, 20, NONE));
	CHECK("EX-5.8", !prove_sums(&limits, heavy, 0, 1000000 * dollar, 1,
	    NONE));
	CHECK("EX-5.8", prove_sums(&limits, heavy, 0, 1000001 * dollar, 1,
	    NONE));
	/* Twice 500,000.50 are 1,000,001 */
	CHECK("not above twice what is usual", !prove_sums(&limits, heavy, 0,
	    1000001 * dollar, 1, INT64_C(500000500000)));
	CHECK("above it", prove_sums(&limits, heavy, 0, 1000001 * dollar, 1,
	    INT64_C(500000499999)));
	CHECK("EX-3.70", prove_iv_spike(650000, 450000));
	CHECK("EX-3.71", !prove_iv_spike(121000, 100000));
	CHECK("EX-3.72", !prove_iv_spike(360000, 300000));
	CHECK("3 times is enough", prove_sums(&limits, bullish,
	    100000 * dollar, 300000 * dollar, 20, NONE));
	CHECK("but not below 250,000", !prove_sums(&limits, bullish, 0,
	    249999 * dollar, 20, NONE));
	CHECK("another type", !prove_sums(&limits, SLICE("PUT_SWEEP"),
	    1350000 * dollar, 420000 * dollar, 25, NONE));
	/* 1000 of 5000 is a fifth */
	CHECK("5.1 OI_CHANGE", prove_oi_change(&limits, 6000, 1000));
	CHECK("below a fifth", !prove_oi_change(&limits, 6001, 1000));
	CHECK("below a thousand", !prove_oi_change(&limits, 1500, 999));
	CHECK("down", prove_oi_change(&limits, 1000, -1000));
}

int
main(void)
{
	prove_limits_init(&limits);
	test_quote();
	test_location();
	test_side();
	test_confidence();
	test_sentiment();
	test_aggressiveness();
	test_size();
	test_cluster();
	test_volume();
	test_alerts();
	return check_end();
}
