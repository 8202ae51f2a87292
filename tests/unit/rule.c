/* alert/rule: the predicates of domain.md 5.1 at their boundaries. */
#include "alert/rule.h"

#include "check.h"

#define USD(dollars) (INT64_C(10000) * (dollars))

static struct rule_limits limits, seed;

static struct rule_sweep
sweep(int64_t dollars)
{
	return (struct rule_sweep){ .premium_e4 = USD(dollars),
	    .n_exchanges = 5, .put = true, .bought = true, .sweep = true };
}

static void
test_put_sweep(void)
{
	struct rule_sweep s = sweep(34850);

	CHECK("EX-5.1", rule_put_sweep(&limits, &s));
	s = sweep(9000);
	CHECK("EX-5.2", !rule_put_sweep(&limits, &s));
	s = sweep(400000);
	s.bought = false;
	CHECK("EX-5.3", !rule_put_sweep(&limits, &s));
	s = sweep(25000);
	CHECK("floor is in", rule_put_sweep(&limits, &s));
	s.premium_e4--;
	CHECK("below the floor", !rule_put_sweep(&limits, &s));
	s = sweep(34850);
	s.n_exchanges = 2;
	CHECK("two exchanges", rule_put_sweep(&limits, &s));
	s.n_exchanges = 1;
	CHECK("one exchange", !rule_put_sweep(&limits, &s));
	s = sweep(34850);
	s.put = false;
	CHECK("call", !rule_put_sweep(&limits, &s));
	s = sweep(34850);
	s.sweep = false;
	CHECK("split", !rule_put_sweep(&limits, &s));
}

static void
test_prints(void)
{
	struct rule_print p = { .premium_e4 = USD(500000), .put = true };

	CHECK("EX-5.4 at", !rule_put_block(&limits, &p));
	p.premium_e4 += 100;		/* one cent */
	CHECK("EX-5.4 above", rule_put_block(&limits, &p));
	p.sold = true;
	CHECK("sold put", !rule_put_block(&limits, &p));
	p = (struct rule_print){ .premium_e4 = USD(900000), .put = true,
	    .multileg = true };
	CHECK("EX-5.5", !rule_put_block(&limits, &p));
	p = (struct rule_print){ .premium_e4 = USD(900000) };
	CHECK("call block", !rule_put_block(&limits, &p));
	p = (struct rule_print){ .block = true, .aggressor = true };
	CHECK("block trade", rule_block_trade(&limits, &p));
	p.multileg = true;
	CHECK("block of a spread", !rule_block_trade(&limits, &p));
	p = (struct rule_print){ .block = true };
	CHECK("block by nobody", !rule_block_trade(&limits, &p));
	p = (struct rule_print){ .aggressor = true };
	CHECK("no block", !rule_block_trade(&limits, &p));
}

/* Column "seed literal" of 5.1, source 1's block detector. */
static void
test_seed_prints(void)
{
	static const struct {
		const char *name;
		int64_t size;
		bool at_ask, at_bid, multileg, holds;
		const char *signal;
	} rows[] = {
		{ "500 at the ask", 500, true, false, false, true, "BULLISH" },
		{ "500 at the bid", 500, false, true, false, true, "BEARISH" },
		{ "499", 499, true, false, false, false, NULL },
		{ "between", 500, false, false, false, false, NULL },
		{ "of a spread", 500, true, false, true, true, "BULLISH" },
	};
	struct rule_sweep s = sweep(9000);
	struct rule_print p = { .premium_e4 = USD(900000), .put = true,
	    .multileg = true, .sold = true };

	CHECK("EX-5.2 seed", rule_put_sweep(&seed, &s));
	s.bought = false;
	CHECK("EX-5.3 seed", !rule_put_sweep(&seed, &s));
	CHECK("EX-5.5 seed", rule_put_block(&seed, &p));
	p.premium_e4 = USD(500000);
	CHECK("EX-5.4 seed, at", !rule_put_block(&seed, &p));
	p.put = false;
	p.premium_e4 = USD(900000);
	CHECK("call block", !rule_put_block(&seed, &p));
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		p = (struct rule_print){ .size = rows[i].size,
		    .at_ask = rows[i].at_ask, .at_bid = rows[i].at_bid,
		    .multileg = rows[i].multileg };
		CHECK_INT(rows[i].name, rule_block_trade(&seed, &p),
		    rows[i].holds);
		CHECK(rows[i].name, rule_block_signal(&limits, &p) == NULL);
		if (rows[i].holds)
			CHECK_STR(rows[i].name, rule_block_signal(&seed, &p),
			    rows[i].signal);
	}
}

static struct flow_sum
sums(int64_t put, int64_t call, int64_t trades)
{
	return (struct flow_sum){ .put_e4 = USD(put), .call_e4 = USD(call),
	    .trades = trades };
}

static void
test_sums(void)
{
	static const struct {
		const char *name;
		enum rule rule;
		int64_t put, call, trades;
		bool holds, rearms;
	} rows[] = {
		{ "EX-5.6", RULE_EXTREME_BEARISH_FLOW, 1350000, 420000, 25,
		    true, false },
		{ "ratio 3.0", RULE_EXTREME_BEARISH_FLOW, 1260000, 420000, 25,
		    false, false },
		{ "19 trades", RULE_EXTREME_BEARISH_FLOW, 1350000, 420000, 19,
		    false, false },
		{ "20 trades", RULE_EXTREME_BEARISH_FLOW, 1350000, 420000, 20,
		    true, false },
		{ "no calls", RULE_EXTREME_BEARISH_FLOW, 250000, 0, 20,
		    true, false },
		{ "little flow", RULE_EXTREME_BEARISH_FLOW, 249999, 0, 20,
		    false, false },
		{ "ratio 2.5", RULE_EXTREME_BEARISH_FLOW, 1050000, 420000, 25,
		    false, false },
		{ "EX-5.7 at 2.4", RULE_EXTREME_BEARISH_FLOW, 1008000, 420000,
		    25, false, true },
		{ "EX-5.8 exactly", RULE_HEAVY_CALL_FLOW, 0, 1000000, 1,
		    false, false },
		{ "EX-5.8 above", RULE_HEAVY_CALL_FLOW, 0, 1000001, 1,
		    true, false },
		{ "calls 3x", RULE_BULLISH_POSITIONING, 100000, 300000, 20,
		    true, false },
		{ "calls below 3x", RULE_BULLISH_POSITIONING, 100001, 300000,
		    20, false, false },
		{ "calls 250,000", RULE_BULLISH_POSITIONING, 0, 250000, 20,
		    true, false },
		{ "calls 249,999", RULE_BULLISH_POSITIONING, 0, 249999, 20,
		    false, false },
		{ "calls, 19 trades", RULE_BULLISH_POSITIONING, 0, 250000, 19,
		    false, false },
		{ "calls 2.5x", RULE_BULLISH_POSITIONING, 100000, 250000, 20,
		    false, false },
		{ "calls under 2.5x", RULE_BULLISH_POSITIONING, 100001,
		    250000, 20, false, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct flow_sum s = sums(rows[i].put, rows[i].call,
		    rows[i].trades);

		CHECK_INT(rows[i].name, rule_sum_holds(rows[i].rule, &limits,
		    &s, TRADE_NONE), rows[i].holds);
		CHECK_INT(rows[i].name, rule_sum_rearms(rows[i].rule, &limits,
		    &s), rows[i].rearms);
	}
}

/* No floor, no sample size: domain.md 11. */
static void
test_seed_sums(void)
{
	static const struct {
		const char *name;
		enum rule rule;
		int64_t put, call;
		bool std, seed;
	} rows[] = {
		{ "ratio 3.1", RULE_EXTREME_BEARISH_FLOW, 31, 10, false,
		    true },
		{ "ratio 3.0", RULE_EXTREME_BEARISH_FLOW, 30, 10, false,
		    false },
		{ "EX-5.8 exactly", RULE_HEAVY_CALL_FLOW, 0, 1000000, false,
		    false },
		{ "EX-5.8 above", RULE_HEAVY_CALL_FLOW, 0, 1000001, true,
		    true },
		{ "calls 3x", RULE_BULLISH_POSITIONING, 10, 30, false, true },
		{ "calls less", RULE_BULLISH_POSITIONING, 10, 29, false,
		    false },
		{ "nothing", RULE_BULLISH_POSITIONING, 0, 0, false, false },
	};
	struct flow_sum s;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		s = sums(rows[i].put, rows[i].call, 1);
		CHECK_INT(rows[i].name, rule_sum_holds(rows[i].rule, &limits,
		    &s, TRADE_NONE), rows[i].std);
		CHECK_INT(rows[i].name, rule_sum_holds(rows[i].rule, &seed,
		    &s, TRADE_NONE), rows[i].seed);
	}
	s = sums(0, 0, 1);
	CHECK("one trade is enough", rule_seen_enough(&seed, &s));
	s.trades = 0;
	CHECK("none is not", !rule_seen_enough(&seed, &s));
	s = sums(1, 0, 1);
	CHECK("no premium floor", rule_volume_counts(&seed, &s));
}

/* More than a million, and more than twice the mean when it is known. */
static void
test_heavy_calls(void)
{
	static const struct {
		const char *name;
		int64_t call, mean_e6;
		bool std, seed;
	} rows[] = {
		{ "no mean", 1000001, TRADE_NONE, true, true },
		{ "twice 500,000.50 exactly", 1000001, 500000500000, false,
		    true },
		{ "a little above", 1000001, 500000499999, true, true },
		{ "usual", 3000000, 3000000000000, false, true },
		{ "a mean of nothing", 1000001, 0, true, true },
		{ "too little, whatever the mean", 1000000, 0, false,
		    false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct flow_sum s = sums(0, rows[i].call, 1);

		CHECK_INT(rows[i].name, rule_sum_holds(RULE_HEAVY_CALL_FLOW,
		    &limits, &s, rows[i].mean_e6), rows[i].std);
		CHECK_INT(rows[i].name, rule_sum_holds(RULE_HEAVY_CALL_FLOW,
		    &seed, &s, rows[i].mean_e6), rows[i].seed);
	}
}

static void
test_iv(void)
{
	CHECK("EX-3.70", rule_iv_spike(&limits, 650000, 450000));
	CHECK("EX-3.71", !rule_iv_spike(&limits, 121000, 100000));
	CHECK("EX-3.71 seed: > 20 %", rule_iv_spike(&seed, 121000, 100000));
	CHECK("EX-3.72", !rule_iv_spike(&limits, 360000, 300000));
	CHECK("EX-3.72 seed", !rule_iv_spike(&seed, 360000, 300000));
}

static void
test_volume(void)
{
	/* EX-3.60 to 3.63: ratio and is_unusual_volume there. */
	static const struct {
		const char *name;
		struct rule_volume volume;
		bool std, seed;
	} rows[] = {
		{ "EX-3.60", { 2002500, true }, true, true },
		{ "EX-3.61", { 2000000, false }, false, false },
		{ "EX-3.62", { 4500000, false }, false, true },
		{ "EX-3.63", { TRADE_NONE, true }, true, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK_INT(rows[i].name, rule_volume(&limits,
		    &rows[i].volume), rows[i].std);
		CHECK_INT(rows[i].name, rule_volume(&seed, &rows[i].volume),
		    rows[i].seed);
	}
	CHECK("OI literal at 1,000", !rule_oi_change(&seed, 901000, 1000));
	CHECK("OI literal above", rule_oi_change(&seed, 901001, 1001));
	CHECK("OI literal down", rule_oi_change(&seed, 901001, -1001));
}

static void
test_advice(void)
{
	const char *safe = "Safe to proceed with wheel strategy";

	for (int rule = 0; rule < RULE_COUNT; rule++) {
		const char *advice = rule_advice((enum rule)rule, RULE_SEED);
		bool low = rule_info((enum rule)rule)->severity == RULE_LOW;

		CHECK_INT("source 0: LOW", advice != NULL &&
		    strcmp(advice, safe) == 0, low);
		advice = rule_advice((enum rule)rule, RULE_STD);
		CHECK("no such words in std", advice == NULL ||
		    strcmp(advice, safe) != 0);
	}
}

static void
test_others(void)
{
	struct flow_sum s = sums(0, 25000, 1);

	CHECK("contract premium", rule_volume_counts(&limits, &s));
	s.call_e4--;
	CHECK("contract premium below", !rule_volume_counts(&limits, &s));
	/* 1,000 contracts are 20 % of 5,000. */
	CHECK("OI at both", rule_oi_change(&limits, 6000, 1000));
	CHECK("OI down", rule_oi_change(&limits, 4000, -1000));
	CHECK("OI 999", !rule_oi_change(&limits, 1999, 999));
	CHECK("OI under 20 %", !rule_oi_change(&limits, 6001, 1000));
	/* 5.1: score >= 30, of 100; EX-6.7, EX-6.8 */
	CHECK("bearish 38.07", rule_divergence(SLICE("BEARISH_DIVERGENCE"),
	    38070000));
	CHECK("bullish 42.80", rule_divergence(SLICE("BULLISH_DIVERGENCE"),
	    42800000));
	CHECK("30", rule_divergence(SLICE("BULLISH_DIVERGENCE"), 30000000));
	CHECK("29.99", !rule_divergence(SLICE("BULLISH_DIVERGENCE"),
	    29990000));
	CHECK("no score", !rule_divergence(SLICE("BULLISH_DIVERGENCE"),
	    TRADE_NONE));
	CHECK("confirmation", !rule_divergence(SLICE("CONFIRMATION"),
	    90000000));
	s = sums(0, 0, 20);
	CHECK("20 trades say something", rule_seen_enough(&limits, &s));
	s.trades = 19;
	CHECK("19 trades do not", !rule_seen_enough(&limits, &s));
}

int
main(void)
{
	rule_limits_init(&limits, RULE_STD);
	rule_limits_init(&seed, RULE_SEED);
	test_put_sweep();
	test_prints();
	test_sums();
	test_seed_prints();
	test_seed_sums();
	test_heavy_calls();
	test_iv();
	test_volume();
	test_advice();
	test_others();
	return check_end();
}
