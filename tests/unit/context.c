/* The arithmetic of flow contexts: domain.md 4.1 to 4.6, by its examples. */
#include "score/context.h"

#include "base/decimal.h"
#include "check.h"

#define MILLION ((__int128)10000000000)		/* $1,000,000 */

static struct context_rules rules;

/* The context of the 1h window with these sums, the others empty. */
static struct context
made(const struct window_sum *sum)
{
	struct window_sum all[WINDOW_COUNT] = { *sum };
	struct context out[WINDOW_COUNT];

	context_make(out, all, &rules);
	return out[WINDOW_1H];
}

static void
test_totals(void)
{
	struct context c = made(&(struct window_sum){ .flow.calls = 10200,
	    .flow.puts = 8250, .flow.trades = 342 });

	CHECK_INT("EX-4.1 put_call_volume_ratio", c.put_call_volume_e6,
	    808824);
	CHECK_INT("EX-4.1 call_put_bias", c.call_put_bias_e6, 105691);
	c = made(&(struct window_sum){ .flow.puts = 500, .flow.trades = 1 });
	CHECK_INT("EX-4.2 no calls: no ratio", c.put_call_volume_e6,
	    BIAS_NONE);
	CHECK_INT("EX-4.2 call_put_bias", c.call_put_bias_e6, -1000000);
	c = made(&(struct window_sum){ 0 });
	CHECK("EX-4.3 no ratios", c.put_call_volume_e6 == BIAS_NONE &&
	    c.put_call_premium_e6 == BIAS_NONE && c.bias_e6 == BIAS_NONE &&
	    c.call_put_bias_e6 == BIAS_NONE &&
	    c.aggressive_share_e6 == BIAS_NONE);
	CHECK("EX-4.3 neutral", c.sentiment == BIAS_NEUTRAL);
	CHECK_INT("EX-4.3 confidence", c.confidence, 0);
	CHECK_INT("4.2 strength without direction", c.strength, 50);
}

static void
test_bias(void)
{
	static const struct {
		const char *id;
		int64_t bull, bear;		/* $10,000 */
		int64_t bias_e6;
		enum bias_sentiment sentiment;
		int64_t strength;
	} rows[] = {
		{ "EX-4.4", 2448, 1152, 360000, BIAS_BULLISH, 68 },
		{ "EX-4.5", 4520, 3850, 80048, BIAS_NEUTRAL, 54 },
		{ "EX-4.6", 100, 300, -500000, BIAS_BEARISH, 75 },
		/* (115 - 85) / 200 is 0.15 exactly, the limit included */
		{ "4.2 at the limit", 115, 85, 150000, BIAS_BULLISH, 58 },
		{ "4.2 below it", 114999, 85001, 149990, BIAS_NEUTRAL,
		    57 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct context c = made(&(struct window_sum){
		    .flow.bull_e10 = rows[i].bull * MILLION,
		    .flow.bear_e10 = rows[i].bear * MILLION });

		CHECK_INT(rows[i].id, c.bias_e6, rows[i].bias_e6);
		CHECK_INT(rows[i].id, c.sentiment, rows[i].sentiment);
		CHECK_INT(rows[i].id, c.strength, rows[i].strength);
	}
	rules.weighted = false;
	CHECK_INT("--weight none", made(&(struct window_sum){
	    .flow.bull_e4 = MILLION, .flow.bear_e4 = 3 * MILLION,
	    .flow.bull_e10 = MILLION }).bias_e6, -500000);
	rules.weighted = true;
}

static void
test_aggressiveness(void)
{
	struct context c = made(&(struct window_sum){ .flow.sided = 5,
	    .flow.sided_e4 = 1000, .flow.aggressive_e4 = 650 });

	CHECK_INT("EX-4.6a", c.aggressiveness, BIAS_AGGRESSIVE);
	c = made(&(struct window_sum){ .flow.sided = 5, .flow.sided_e4 = 1000,
	    .flow.aggressive_e4 = 649 });
	CHECK_INT("4.3 just below", c.aggressiveness, BIAS_NORMAL);
	c = made(&(struct window_sum){ .flow.sided = 5, .flow.sided_e4 = 1000,
	    .flow.aggressive_e4 = 350 });
	CHECK_INT("EX-4.6b", c.aggressiveness, BIAS_PASSIVE);
	c = made(&(struct window_sum){ .flow.sided = 4, .flow.sided_e4 = 1000,
	    .flow.aggressive_e4 = 1000 });
	CHECK_INT("EX-4.6c share", c.aggressive_share_e6, 1000000);
	CHECK_INT("EX-4.6c", c.aggressiveness, BIAS_NORMAL);
}

static void
test_scores(void)
{
	CHECK_INT("EX-4.7", context_institutional(400000, 45.2e6 / 342,
	    660000, 126500), 72);
	CHECK_INT("EX-4.8", context_institutional(100000, 8000, 500000,
	    50000), 29);
	CHECK_INT("EX-4.9", context_institutional(550000, 1.2e6, 800000,
	    600000), 100);
	CHECK_INT("EX-4.10", context_institutional(250000, 60000, 550000,
	    200000), 55);
	CHECK_INT("EX-4.11", context_confidence(60000000, 750000, 1000000,
	    1), 85);
	CHECK_INT("EX-4.12", context_confidence(10000000, 600000, 900000, 0),
	    40);
	CHECK_INT("EX-4.13", context_confidence(200000000, 950000, 1000000,
	    2), 99);
}

/* The same numbers from sums: EX-4.7 with premium in dollars. */
static void
test_score_of_sums(void)
{
	const __int128 total = (__int128)45200000 * 10000;
	struct window_sum sum[WINDOW_COUNT] = { {
		.flow.trades = 342, .flow.call_e4 = total,
		.big_e4 = total * 2 / 5,
		.flow.sided = 300, .flow.sided_e4 = total / 2,
		.flow.aggressive_e4 = total / 2 * 66 / 100,
		.unusual_e4 = total * 1265 / 10000,
		.flow.bull_e10 = 68, .flow.bear_e10 = 32,
	}, { .flow.bull_e10 = 1 }, { .flow.bear_e10 = 1 } };
	struct context out[WINDOW_COUNT];

	context_make(out, sum, &rules);
	CHECK_INT("EX-4.7 from sums", out[0].institutional, 72);
	/* n_eff 0 of no squares: 0 + 30/2 + 0 + 7.5 for the one window that
	 * agrees = 22.5 */
	CHECK_INT("4.5 from sums", out[0].confidence, 23);
}

static void
test_n_eff(void)
{
	/* 1000 and nine of 10; ten of 100; 500, 300, 200 */
	CHECK_INT("EX-4.14 one giant", made(&(struct window_sum){
	    .flow.sided_e4 = 1090, .sided_e8 = 1000900 }).n_eff_e6, 1187032);
	CHECK_INT("EX-4.14 ten alike", made(&(struct window_sum){
	    .flow.sided_e4 = 1000, .sided_e8 = 100000 }).n_eff_e6, 10000000);
	CHECK_INT("EX-4.14 three", made(&(struct window_sum){
	    .flow.sided_e4 = 1000, .sided_e8 = 380000 }).n_eff_e6, 2631579);
}

static void
test_recommendation(void)
{
	static const struct {
		const char *id;
		struct context c;
		enum context_recommendation want;
	} rows[] = {
		{ "EX-4.14a", { .sentiment = BIAS_BULLISH, .strength = 68,
		    .institutional = 72, .confidence = 85 },
		    CONTEXT_FOLLOW_FLOW },
		{ "EX-4.14b", { .sentiment = BIAS_BULLISH, .strength = 68,
		    .institutional = 55, .confidence = 40 }, CONTEXT_WATCH },
		{ "EX-4.14c", { .sentiment = BIAS_NEUTRAL, .strength = 54,
		    .institutional = 72, .confidence = 85 },
		    CONTEXT_IGNORE },
		{ "EX-4.14d", { .sentiment = BIAS_BULLISH, .strength = 68,
		    .institutional = 29, .confidence = 85 },
		    CONTEXT_IGNORE },
		{ "4.6: above 50, not at it", { .sentiment = BIAS_BEARISH,
		    .strength = 60, .institutional = 50, .confidence = 60 },
		    CONTEXT_WATCH },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_INT(rows[i].id, context_recommend(&rows[i].c, &rules),
		    rows[i].want);
}

/* Bases of 0 to 100 are strengths of 0 to 10 in tenths. */
static void
test_boost(void)
{
	static const struct {
		const char *id;
		int64_t base, score, additive;
		bool aligned;
		int mode;
		int64_t want;
	} rows[] = {
		{ "EX-4.15", 55, 72, 0, true, CONTEXT_MULT, 66 },
		{ "EX-4.16 scalp", 55, 72, 15, true, CONTEXT_ADDITIVE, 66 },
		{ "EX-4.16 day", 55, 72, 12, true, CONTEXT_ADDITIVE, 64 },
		{ "EX-4.16 swing", 55, 72, 10, true, CONTEXT_ADDITIVE, 62 },
		{ "EX-4.17", 55, 60, 0, true, CONTEXT_MULT, 61 },
		{ "EX-4.18", 55, 50, 0, true, CONTEXT_ALWAYS, 55 },
		{ "EX-4.19", 55, 72, 0, false, CONTEXT_MULT, 44 },
		{ "EX-4.20", 90, 88, 0, true, CONTEXT_MULT, 100 },
		{ "EX-4.21", 62, 51, 0, false, CONTEXT_MULT, 56 },
		{ "4.6 none", 55, 72, 15, true, CONTEXT_NO_BOOST, 55 },
	};
	struct context c = { .sentiment = BIAS_BULLISH,
	    .recommendation = CONTEXT_FOLLOW_FLOW };
	int64_t by;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		c.institutional = rows[i].score;
		rules.boost = rows[i].mode;
		CHECK_INT(rows[i].id, context_boost(rows[i].base * 100,
		    rows[i].aligned, &c, &rules, rows[i].additive, &by),
		    rows[i].want);
	}
	rules.boost = CONTEXT_ALWAYS;
	rules.lesser_penalty = false;
	c.institutional = 51;
	CHECK_INT("EX-4.21 seed", context_boost(6200, false, &c, &rules, 0,
	    &by), 62);
	rules.lesser_penalty = true;
	c.recommendation = CONTEXT_WATCH;
	c.institutional = 72;
	rules.boost = CONTEXT_MULT;
	CHECK_INT("4.6 std boosts with FOLLOW_FLOW only",
	    context_boost(5500, true, &c, &rules, 0, &by), 55);
	CHECK_INT("a boost of nothing is 1", by, 1000);
}

int
main(void)
{
	context_rules_init(&rules);
	test_totals();
	test_bias();
	test_aggressiveness();
	test_scores();
	test_score_of_sums();
	test_n_eff();
	test_recommendation();
	test_boost();
	return check_end();
}
