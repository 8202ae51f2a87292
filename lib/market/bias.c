#include "market/bias.h"

enum {				/* domain.md 4.3 */
	BIAS_HIGH_PCT = 65,
	BIAS_LOW_PCT = 35,
	BIAS_SIDED_LEAST = 5
};

void
bias_add(struct bias_sum *sum, const struct bias_trade *trade, int sign)
{
	__int128 e4 = (__int128)trade->premium_e4 * sign;
	__int128 e10 = e4 * trade->weight_e6;
	int64_t size = trade->size * sign;

	sum->trades += sign;
	*(trade->put ? &sum->puts : &sum->calls) += size;
	*(trade->put ? &sum->put_e4 : &sum->call_e4) += e4;
	if (trade->sentiment == BIAS_BULLISH) {
		sum->bull_e4 += e4;
		sum->bull_e10 += e10;
	} else if (trade->sentiment == BIAS_BEARISH) {
		sum->bear_e4 += e4;
		sum->bear_e10 += e10;
	}
	if (!trade->sided)
		return;
	sum->sided += sign;
	sum->sided_e4 += e4;
	if (trade->aggressive)
		sum->aggressive_e4 += e4;
}

int64_t
bias_ratio(__int128 num, __int128 den)
{
	__int128 rest, value;

	if (den <= 0)
		return BIAS_NONE;
	value = num / den;
	rest = num % den;
	for (int i = 0; i < 6; i++) {
		rest *= 10;
		value = value * 10 + rest / den;
		rest %= den;
	}
	if (2 * (rest < 0 ? -rest : rest) >= den)
		value += num < 0 ? -1 : 1;
	return value > INT64_MAX ? INT64_MAX : value < -INT64_MAX ?
	    -INT64_MAX : (int64_t)value;
}

enum bias_sentiment
bias_sentiment(__int128 bull, __int128 bear, int64_t neutral_e4)
{
	__int128 net = bull > bear ? bull - bear : bear - bull;

	if (bull + bear <= 0 || net * 10000 < (bull + bear) * neutral_e4)
		return BIAS_NEUTRAL;
	return bull > bear ? BIAS_BULLISH : BIAS_BEARISH;
}

int64_t
bias_strength(__int128 bull, __int128 bear)
{
	__int128 more = bull > bear ? bull : bear, all = bull + bear;

	return all <= 0 ? 50 : (int64_t)((200 * more + all) / (2 * all));
}

enum bias_aggressiveness
bias_aggressiveness(const struct bias_sum *sum)
{
	__int128 share = 100 * sum->aggressive_e4;

	if (sum->sided < BIAS_SIDED_LEAST || sum->sided_e4 <= 0)
		return BIAS_NORMAL;
	return share >= sum->sided_e4 * BIAS_HIGH_PCT ? BIAS_AGGRESSIVE :
	    share <= sum->sided_e4 * BIAS_LOW_PCT ? BIAS_PASSIVE :
	    BIAS_NORMAL;
}

const char *
bias_sentiment_name(enum bias_sentiment sentiment)
{
	static const char *const names[] = { "NEUTRAL", "BULLISH", "BEARISH" };

	return names[sentiment];
}

const char *
bias_aggressiveness_name(enum bias_aggressiveness a)
{
	static const char *const names[] = {
		"NORMAL", "AGGRESSIVE", "PASSIVE"
	};

	return names[a];
}
