#include "score/context.h"

#include <math.h>

#include "base/decimal.h"

#define CONTEXT_ONE INT64_C(1000000)

enum {				/* domain.md 4.4 to 4.6 */
	CONTEXT_A_ALL_E6 = 650000,	/* aggressive share that counts full */
	CONTEXT_CROWD = 50,		/* n_eff that is a crowd */
	CONTEXT_WATCH_ABOVE = 35,
	CONTEXT_BOOST_LARGE = 70,	/* scores above which flow counts */
	CONTEXT_BOOST_SMALL = 50
};

void
context_rules_init(struct context_rules *rules)
{
	*rules = (struct context_rules){
		.weighted = true,
		.bias_neutral_e4 = 1500,
		.follow_strength = 60,
		.follow_institutional = 50,
		.follow_confidence = 60,
		.boost = CONTEXT_MULT,
		.lesser_penalty = true,
	};
}

/* A ratio, 0 without a denominator. */
static int64_t
context_share(__int128 num, __int128 den)
{
	return den <= 0 ? 0 : bias_ratio(num, den);
}

/* (sum of p)^2 / sum of p^2; beyond $115 trillion of lesser precision. */
static int64_t
context_n_eff(__int128 sum, __int128 squares)
{
	while (sum >= (__int128)1 << 60) {
		sum >>= 1;
		squares >>= 2;
	}
	return context_share(sum * sum, squares);
}

static int64_t
context_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t
context_whole(int64_t value_e6)
{
	return decimal_round(value_e6, DECIMAL_E6, 0);
}

int64_t
context_institutional(int64_t big_e6, double mean, int64_t aggressive_e6,
    int64_t unusual_e6)
{
	/* Doubles are rounded before anything follows from them. */
	int64_t size_e6 = mean <= 10000 ? 0 : mean >= 1000000 ?
	    2 * CONTEXT_ONE : llround(log10(mean / 10000) * 1e6);

	return context_whole(
	    context_min(40 * CONTEXT_ONE, 80 * big_e6) + 10 * size_e6 +
	    context_min(25 * CONTEXT_ONE, decimal_ratio(25 * aggressive_e6,
	    CONTEXT_A_ALL_E6, DECIMAL_E6)) +
	    context_min(15 * CONTEXT_ONE, 30 * unusual_e6));
}

int64_t
context_confidence(int64_t n_eff_e6, int64_t sided_e6, int64_t quoted_e6,
    int others)
{
	int64_t crowd_e6 = context_min(n_eff_e6, CONTEXT_CROWD * CONTEXT_ONE);

	return context_whole(40 * crowd_e6 / CONTEXT_CROWD + 30 * sided_e6 +
	    15 * quoted_e6 + 75 * CONTEXT_ONE / 10 * others);
}

enum context_recommendation
context_recommend(const struct context *context,
    const struct context_rules *rules)
{
	if (context->sentiment == BIAS_NEUTRAL)
		return CONTEXT_IGNORE;
	if (context->strength >= rules->follow_strength &&
	    context->institutional > rules->follow_institutional &&
	    context->confidence >= rules->follow_confidence)
		return CONTEXT_FOLLOW_FLOW;
	return context->institutional > CONTEXT_WATCH_ABOVE ?
	    CONTEXT_WATCH : CONTEXT_IGNORE;
}

static void
context_one(struct context *c, const struct window_sum *s,
    const struct context_rules *rules)
{
	const struct bias_sum *f = &s->flow;
	__int128 total = f->call_e4 + f->put_e4;
	__int128 up = rules->weighted ? f->bull_e10 : f->bull_e4;
	__int128 down = rules->weighted ? f->bear_e10 : f->bear_e4;
	int64_t share = bias_ratio(f->aggressive_e4, f->sided_e4);

	c->bias_e6 = bias_ratio(up - down, up + down);
	c->sentiment = bias_sentiment(up, down, rules->bias_neutral_e4);
	c->strength = bias_strength(up, down);
	c->put_call_volume_e6 = bias_ratio(f->puts, f->calls);
	c->put_call_premium_e6 = bias_ratio(f->put_e4, f->call_e4);
	c->call_put_bias_e6 = bias_ratio(f->calls - f->puts,
	    (__int128)f->calls + f->puts);
	c->aggressive_share_e6 = share;
	c->aggressiveness = bias_aggressiveness(f);
	c->unusual_share_e6 = bias_ratio(s->unusual_e4, total);
	c->n_eff_e6 = context_n_eff(f->sided_e4, s->sided_e8);
	c->institutional = context_institutional(
	    context_share(s->big_e4, total),
	    f->trades <= 0 ? 0 : (double)total / (double)f->trades / 1e4,
	    share == BIAS_NONE ? 0 : share,
	    context_share(s->unusual_e4, total));
}

void
context_make(struct context out[WINDOW_COUNT],
    const struct window_sum sum[WINDOW_COUNT],
    const struct context_rules *rules)
{
	for (int w = 0; w < WINDOW_COUNT; w++)
		context_one(&out[w], &sum[w], rules);
	for (int w = 0; w < WINDOW_COUNT; w++) {
		const struct window_sum *s = &sum[w];
		__int128 total = s->flow.call_e4 + s->flow.put_e4;
		int others = 0;

		for (int v = 0; v < WINDOW_COUNT; v++)
			others += v != w && out[w].sentiment !=
			    BIAS_NEUTRAL && out[v].sentiment ==
			    out[w].sentiment;
		out[w].confidence = context_confidence(out[w].n_eff_e6,
		    context_share(s->flow.sided_e4, total),
		    context_share(s->quoted_e4, total), others);
		out[w].recommendation = context_recommend(&out[w], rules);
	}
}

/* Percent by which flow changes a strength. */
static int64_t
context_percent(bool aligned, int64_t score,
    const struct context_rules *rules)
{
	if (score > CONTEXT_BOOST_LARGE)
		return aligned ? 20 : -20;
	if (score > CONTEXT_BOOST_SMALL && (aligned || rules->lesser_penalty))
		return aligned ? 10 : -10;
	return 0;
}

static int64_t
context_clip(int64_t value, int64_t most)
{
	return value < 0 ? 0 : context_min(value, most);
}

int64_t
context_boost(int64_t strength_e3, bool is_long,
    const struct context *context, const struct context_rules *rules,
    int64_t additive_pct, int64_t *by)
{
	bool aligned = context->sentiment == (is_long ? BIAS_BULLISH :
	    BIAS_BEARISH);
	bool follow = context->recommendation == CONTEXT_FOLLOW_FLOW;

	if (rules->boost == CONTEXT_ADDITIVE) {
		*by = follow && aligned ? additive_pct *
		    context->institutional : 0;
		return context_clip(decimal_ratio(strength_e3 + *by, 100, 0),
		    100);
	}
	*by = 1000;
	if (context->sentiment != BIAS_NEUTRAL &&
	    (rules->boost == CONTEXT_ALWAYS ||
	    (rules->boost == CONTEXT_MULT && follow)))
		*by += 10 * context_percent(aligned, context->institutional,
		    rules);
	return context_clip(decimal_ratio(strength_e3 * *by, 100000, 0), 100);
}

const char *
context_recommendation_name(enum context_recommendation r)
{
	static const char *const names[] = {
		"IGNORE", "WATCH", "FOLLOW_FLOW"
	};

	return names[r];
}
