#ifndef FLOW_BIAS_H
#define FLOW_BIAS_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Which way the flow of a time leans, and how hard it trades (domain.md 4.1 to
 * 4.3).  Pure.  Money is 1/10,000 dollar in sums of 128 bits, which no window
 * can fill; ratios are millionths, half away from zero.  A ratio without a
 * denominator is BIAS_NONE.
 */

#define BIAS_NONE INT64_MIN

enum bias_sentiment { BIAS_NEUTRAL, BIAS_BULLISH, BIAS_BEARISH };
enum bias_aggressiveness { BIAS_NORMAL, BIAS_AGGRESSIVE, BIAS_PASSIVE };

/* One trade that counts in flow (market/flow). */
struct bias_trade {
	int64_t size;			/* contracts */
	int64_t premium_e4;
	bool put;			/* else a call */
	enum bias_sentiment sentiment;
	int64_t weight_e6;		/* of its sentiment, 0 to 1000000 */
	bool sided;			/* its side is known */
	bool aggressive;		/* AGGRESSIVE; counts when sided */
};

struct bias_sum {
	int64_t trades, calls, puts;	/* calls and puts: contracts */
	int64_t sided;			/* trades with a side */
	__int128 call_e4, put_e4;
	__int128 bull_e4, bear_e4;
	__int128 bull_e10, bear_e10;	/* times weight: B and R of 4.2 */
	__int128 sided_e4, aggressive_e4;
};

/* Adds a trade (sign 1), or takes it back to the last digit (sign -1). */
void bias_add(struct bias_sum *sum, const struct bias_trade *trade, int sign);

/* num / den; BIAS_NONE unless den > 0.  |num| and den below 2^123. */
int64_t bias_ratio(__int128 num, __int128 den);

/*
 * Of bullish and bearish premium, weighted or not: (bull - bear) / (bull +
 * bear) of at least neutral_e4 / 10,000 either way is a sentiment (0.15).
 */
enum bias_sentiment bias_sentiment(__int128 bull, __int128 bear,
    int64_t neutral_e4);

/* The larger one's share of both in percent, 50 to 100; 50 of nothing. */
int64_t bias_strength(__int128 bull, __int128 bear);

/* AGGRESSIVE from a share of 0.65 on, PASSIVE to 0.35; of 5 trades or more. */
enum bias_aggressiveness bias_aggressiveness(const struct bias_sum *sum);

const char *bias_sentiment_name(enum bias_sentiment sentiment);
const char *bias_aggressiveness_name(enum bias_aggressiveness a);

#endif
