/* market/bias: EX-4.1 to EX-4.6c of domain.md 4.1 to 4.3. */
#include "market/bias.h"

#include "check.h"

/* EX-4.1 to EX-4.3: contracts of calls and puts. */
static void
test_ratios(void)
{
	static const struct {
		const char *name;
		int64_t calls, puts, ratio, bias;
	} rows[] = {
		{ "EX-4.1", 10200, 8250, 808824, 105691 },
		{ "EX-4.2", 0, 500, BIAS_NONE, -1000000 },
		{ "EX-4.3", 0, 0, BIAS_NONE, BIAS_NONE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bias_sum s = { .calls = rows[i].calls,
		    .puts = rows[i].puts };

		CHECK_INT(rows[i].name, bias_ratio(s.puts, s.calls),
		    rows[i].ratio);
		CHECK_INT(rows[i].name, bias_ratio(s.calls - s.puts,
		    (__int128)s.calls + s.puts), rows[i].bias);
	}
	/* half away from zero */
	CHECK_INT("1/2000000", bias_ratio(1, 2000000), 1);
	CHECK_INT("-1/2000000", bias_ratio(-1, 2000000), -1);
	CHECK_INT("1/2000001", bias_ratio(1, 2000001), 0);
	CHECK_INT("2/3", bias_ratio(2, 3), 666667);
}

/* EX-4.4 to EX-4.6: B and R in $10,000. */
static void
test_lean(void)
{
	static const struct {
		const char *name;
		int64_t bull, bear, bias;
		enum bias_sentiment sentiment;
		int64_t strength;
	} rows[] = {
		{ "EX-4.4", 2448, 1152, 360000, BIAS_BULLISH, 68 },
		{ "EX-4.5", 4520, 3850, 80048, BIAS_NEUTRAL, 54 },
		{ "EX-4.6", 100, 300, -500000, BIAS_BEARISH, 75 },
		{ "EX-4.3", 0, 0, BIAS_NONE, BIAS_NEUTRAL, 50 },
		/* 0.15 either way is one: (115 - 85) / 200; 57.5 is 58 */
		{ "0.15", 115, 85, 150000, BIAS_BULLISH, 58 },
		{ "-0.15", 85, 115, -150000, BIAS_BEARISH, 58 },
		{ "0.1499", 114990, 85010, 149900, BIAS_NEUTRAL, 57 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		__int128 bull = (__int128)rows[i].bull * 10000 * 10000;
		__int128 bear = (__int128)rows[i].bear * 10000 * 10000;

		CHECK_INT(rows[i].name, bias_ratio(bull - bear, bull + bear),
		    rows[i].bias);
		CHECK_STR(rows[i].name, bias_sentiment_name(
		    bias_sentiment(bull, bear, 1500)),
		    bias_sentiment_name(rows[i].sentiment));
		CHECK_INT(rows[i].name, bias_strength(bull, bear),
		    rows[i].strength);
	}
}

/* EX-4.6a to EX-4.6c: thousands of dollars, of so many trades. */
static void
test_aggressiveness(void)
{
	static const struct {
		const char *name;
		int64_t aggressive, sided, trades, share;
		const char *want;
	} rows[] = {
		{ "EX-4.6a", 650, 1000, 10, 650000, "AGGRESSIVE" },
		{ "EX-4.6b", 350, 1000, 10, 350000, "PASSIVE" },
		{ "EX-4.6c", 400, 400, 4, 1000000, "NORMAL" },
		{ "between", 500, 1000, 10, 500000, "NORMAL" },
		{ "below 0.65", 649, 1000, 10, 649000, "NORMAL" },
		{ "above 0.35", 351, 1000, 10, 351000, "NORMAL" },
		{ "5 trades", 500, 500, 5, 1000000, "AGGRESSIVE" },
		{ "none", 0, 0, 0, BIAS_NONE, "NORMAL" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bias_sum s = { .sided = rows[i].trades,
		    .sided_e4 = rows[i].sided * 10000000,
		    .aggressive_e4 = rows[i].aggressive * 10000000 };

		CHECK_STR(rows[i].name, bias_aggressiveness_name(
		    bias_aggressiveness(&s)), rows[i].want);
		CHECK_INT(rows[i].name, bias_ratio(s.aggressive_e4,
		    s.sided_e4), rows[i].share);
	}
}

static void
test_add(void)
{
	static const struct bias_trade trades[] = {
		/* EX-3.30: a call bought, weight 0.5 */
		{ 7, 14700000, false, BIAS_BULLISH, 500000, true, true },
		/* EX-3.31: a put bought, weight 0.36 */
		{ 500, 1060000000, true, BIAS_BEARISH, 360000, true, false },
		/* EX-3.34: legs have no side */
		{ 10, 19900000, false, BIAS_NEUTRAL, 0, false, true },
		/* no sum of premiums wraps */
		{ 1, INT64_MAX, true, BIAS_BEARISH, 1000000, true, true },
		{ 1, INT64_MAX, true, BIAS_BEARISH, 1000000, true, true },
	};
	struct bias_sum s = { .trades = 0 }, none = { .trades = 0 };

	for (int i = 0; i < 3; i++)
		bias_add(&s, &trades[i], 1);
	CHECK_INT("trades", s.trades, 3);
	CHECK_INT("calls", s.calls, 17);
	CHECK_INT("puts", s.puts, 500);
	CHECK_INT("call premium", s.call_e4, 34600000);
	CHECK_INT("put premium", s.put_e4, 1060000000);
	CHECK_INT("bull", s.bull_e4, 14700000);
	CHECK_INT("bear", s.bear_e4, 1060000000);
	CHECK_INT("B", s.bull_e10 / 1000000, 7350000);
	CHECK_INT("R", s.bear_e10 / 1000000, 381600000);
	CHECK_INT("sided", s.sided, 2);
	CHECK_INT("sided premium", s.sided_e4, 1074700000);
	CHECK_INT("aggressive", s.aggressive_e4, 14700000);
	bias_add(&s, &trades[3], 1);
	bias_add(&s, &trades[4], 1);
	CHECK("large", s.put_e4 - 1060000000 == 2 * (__int128)INT64_MAX);
	for (int i = 0; i < 5; i++)
		bias_add(&s, &trades[i], -1);
	CHECK("taken back", memcmp(&s, &none, sizeof(s)) == 0);
}

int
main(void)
{
	test_ratios();
	test_lean();
	test_aggressiveness();
	test_add();
	return check_end();
}
