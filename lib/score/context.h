#ifndef FLOW_CONTEXT_H
#define FLOW_CONTEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "market/bias.h"
#include "score/window.h"

/*
 * What the flow in an underlying's windows comes to: ratios, bias, sentiment,
 * scores, recommendation and the boost of signals (domain.md 4.1 to 4.6), as
 * far as market/bias does not have it.  Pure.  Money is 1/10,000 dollar, ratios
 * and shares are millionths.  A ratio without a denominator is BIAS_NONE.
 */

enum context_recommendation {
	CONTEXT_IGNORE,
	CONTEXT_WATCH,
	CONTEXT_FOLLOW_FLOW
};

/* How a boost is made of a context; --boost. */
enum context_boost {
	CONTEXT_MULT,		/* a factor, with FOLLOW_FLOW only */
	CONTEXT_ALWAYS,		/* a factor, whatever is recommended */
	CONTEXT_ADDITIVE,	/* points, with FOLLOW_FLOW only */
	CONTEXT_NO_BOOST
};

struct context_rules {
	bool weighted;			/* by sentiment_weight, else by 1 */
	int64_t bias_neutral_e4;	/* a smaller bias is neutral */
	int64_t follow_strength;	/* FOLLOW_FLOW: at least, */
	int64_t follow_institutional;	/* above, */
	int64_t follow_confidence;	/* at least */
	int boost;			/* enum context_boost */
	bool lesser_penalty;		/* opposed flow of a score of 51 to 70
					 * counts too */
};

/* Members as in flow-record(5); what window_sum has is read there. */
struct context {
	int64_t put_call_volume_e6, put_call_premium_e6;
	int64_t call_put_bias_e6;
	int64_t bias_e6;
	enum bias_sentiment sentiment;
	int64_t strength;		/* 50 to 100 */
	int64_t aggressive_share_e6;
	enum bias_aggressiveness aggressiveness;
	int64_t unusual_share_e6;
	int64_t institutional;		/* 0 to 100 */
	int64_t n_eff_e6;
	int64_t confidence;		/* 0 to 100 */
	enum context_recommendation recommendation;
};

void context_rules_init(struct context_rules *rules);

/* All windows of an underlying, whose sentiments bear on each other. */
void context_make(struct context out[WINDOW_COUNT],
    const struct window_sum sum[WINDOW_COUNT],
    const struct context_rules *rules);

/*
 * institutional_score of 4.4: shares big (S), aggressive (A) and unusual (U)
 * in millionths, mean premium M of a trade in dollars.
 */
int64_t context_institutional(int64_t big_e6, double mean, int64_t
    aggressive_e6, int64_t unusual_e6);

/* confidence of 4.5; others: 0 to 2 windows of the same sentiment. */
int64_t context_confidence(int64_t n_eff_e6, int64_t sided_e6,
    int64_t quoted_e6, int others);

enum context_recommendation context_recommend(const struct context *context,
    const struct context_rules *rules);

/*
 * A strength in thousandths of 0 to 10, boosted (4.6), in tenths; additive_pct
 * is how many percent of the score are added on a scale of 100.  *by gets the
 * factor, or with CONTEXT_ADDITIVE the points, in thousandths.
 */
int64_t context_boost(int64_t strength_e3, bool is_long,
    const struct context *context, const struct context_rules *rules,
    int64_t additive_pct, int64_t *by);

const char *context_recommendation_name(enum context_recommendation r);

#endif
