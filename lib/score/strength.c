#include "score/strength.h"

#include "record/trade.h"

#define STRENGTH_SIZE_E4 INT64_C(10000000000)	/* the tag SIZE: $1,000,000 */
#define STRENGTH_P_E4 INT64_C(10000000000)	/* persistence: $1,000,000 */
#define STRENGTH_P_MORE_E4 INT64_C(50000000000)	/* and $5,000,000 */

/* Thousandths; each kind's come to 10. */
static const int64_t strength_weight[STRENGTH_COMPONENTS][STRATEGY_KINDS] = {
	[STRENGTH_SIZE] = { 1200, 800, 1200 },
	[STRENGTH_SWEEP] = { 1500, 600, 100 },
	[STRENGTH_AGGRESSION] = { 1500, 2000, 1400 },
	[STRENGTH_VOL_OI] = { 1000, 1200, 200 },
	[STRENGTH_VWAP] = { 1000, 1200, 600 },
	[STRENGTH_TREND] = { 1200, 700, 2000 },
	[STRENGTH_RVOL] = { 1000, 800, 300 },
	[STRENGTH_LEVEL] = { 800, 1400, 600 },
	[STRENGTH_REGIME] = { 400, 800, 1000 },
	[STRENGTH_FIT] = { 400, 500, 600 },
	[STRENGTH_PERSISTENCE] = { 0, 0, 2000 },
};

/* Levels are thousandths of the weight. */

static int64_t
strength_size(const struct strategy_event *e, enum strategy_kind kind,
    const struct strategy_limits *limits)
{
	int64_t premium_e4 = kind == STRATEGY_SWING ? e->memory.premium_e4 :
	    e->premium_e4;
	int64_t level = 0;

	for (int times = 1; times <= 8; times *= 2)
		if (premium_e4 / times >= limits->min_premium_e4)
			level += 250;
	return level;
}

static int64_t
strength_sweep(const struct strategy_event *e, enum strategy_kind kind)
{
	if (kind == STRATEGY_DAY_TRADE) {
		if (e->sweeps >= 2)
			return 1000;
		return e->sweeps == 1 || e->part_sweep ? 500 : 0;
	}
	return e->sweep ? 1000 : e->part_sweep ? 500 : 0;
}

static int64_t
strength_aggression(const struct strategy_event *e)
{
	switch (e->aggressiveness) {
	case BIAS_AGGRESSIVE:
		return 1000;
	case BIAS_NORMAL:
		return 500;
	default:
		return 0;
	}
}

static int64_t
strength_vol_oi(const struct strategy_event *e, enum strategy_kind kind)
{
	if (kind == STRATEGY_SWING)
		return strategy_vol_oi(e, 5000000, false) ? 1000 :
		    strategy_vol_oi(e, 3000000, false) ? 500 : 0;
	return strategy_vol_oi(e, 2500000, false) ? 1000 :
	    strategy_vol_oi(e, 1500000, false) ? 750 :
	    strategy_vol_oi(e, 1000000, true) ? 500 : 0;
}

static int64_t
strength_vwap(const struct strategy_event *e)
{
	return e->vwap == STRATEGY_ALIGNED ? 1000 :
	    e->vwap == STRATEGY_OPPOSED ? 0 : 500;
}

static int64_t
strength_stand(enum strategy_stand stand)
{
	return stand == STRATEGY_UNKNOWN ? 0 : (int64_t)stand;
}

static int64_t
strength_trend(const struct strategy_event *e, enum strategy_kind kind)
{
	int64_t a1 = strength_stand(e->trend[STRATEGY_1M]);
	int64_t a5 = strength_stand(e->trend[STRATEGY_5M]);
	int64_t a15 = strength_stand(e->trend[STRATEGY_15M]);
	int64_t level;

	if (kind == STRATEGY_SCALP)
		level = 400 * a1 + 400 * a5 + 200 * a15;
	else if (kind == STRATEGY_DAY_TRADE)
		level = 300 * a5 + 700 * a15;
	else
		level = 1000 * strength_stand(e->trend[STRATEGY_1D]);
	return level < 0 ? 0 : level;
}

static int64_t
strength_rvol(const struct strategy_event *e)
{
	return e->rvol_e6 >= 2000000 ? 1000 : e->rvol_e6 >= 1500000 ? 750 :
	    e->rvol_e6 >= 1250000 ? 500 : e->rvol_e6 >= 1000000 ? 250 : 0;
}

static int64_t
strength_level(const struct strategy_event *e, enum strategy_kind kind)
{
	enum level_state state = kind == STRATEGY_SWING ? e->swing_level :
	    e->level;

	return state == LEVEL_BREAK ? 1000 : state == LEVEL_PRESSURE ||
	    state == LEVEL_SUPPORTIVE ? 500 : 0;
}

static int64_t
strength_vol(enum regime_vol vol, enum strategy_kind kind)
{
	static const int64_t level[][STRATEGY_KINDS] = {
		[REGIME_NO_VOL] = { 0, 0, 0 },
		[REGIME_LOW] = { 0, 250, 500 },
		[REGIME_MEDIUM] = { 250, 500, 500 },
		[REGIME_ELEVATED] = { 500, 500, 250 },
		[REGIME_HIGH] = { 500, 250, 0 },
	};

	return level[vol][kind];
}

static int64_t
strength_regime(const struct strategy_event *e, enum strategy_kind kind)
{
	int64_t trend = 0;

	if (e->regime_trend == REGIME_RANGE)
		trend = 250;
	else if (e->regime_trend == (e->is_long ? REGIME_UP : REGIME_DOWN))
		trend = 500;
	return trend + strength_vol(e->regime_vol, kind);
}

static int64_t
strength_fit(const struct strategy_event *e, enum strategy_kind kind)
{
	int64_t otm = e->otm_pct_e6, off;

	if (otm == TRADE_NONE)
		return 0;
	off = otm < 0 ? -otm : otm;
	if (kind == STRATEGY_SCALP)
		return off <= 500000 ? 1000 : off <= 1000000 ? 500 :
		    off <= 2000000 ? 250 : 0;
	if (kind == STRATEGY_DAY_TRADE)
		return off <= 2500000 ? 1000 : off <= 5000000 ? 500 : 0;
	return e->dte >= 21 && e->dte <= 60 && otm >= 0 && otm <= 8000000 ?
	    1000 : 500;
}

static int64_t
strength_persistence(const struct strategy_event *e)
{
	const struct persist_sum *m = &e->memory;

	if (m->events >= 5 && m->premium_e4 >= STRENGTH_P_MORE_E4)
		return 1000;
	return m->events >= 3 && m->premium_e4 >= STRENGTH_P_E4 ? 500 : 0;
}

static int64_t
strength_penalty(const struct strategy_event *e)
{
	return (e->confidence_e6 < 650000 ? 500 : 0) + (e->wide ? 500 : 0) +
	    (e->auction ? 500 : 0) +
	    (e->underlying_age_ms > 5000 ? 500 : 0) + (e->iv_bad ? 250 : 0);
}

void
strength_measure(const struct strategy_event *e, enum strategy_kind kind,
    const struct strategy_limits *limits, struct strength *out)
{
	const int64_t level[STRENGTH_COMPONENTS] = {
		[STRENGTH_SIZE] = strength_size(e, kind, limits),
		[STRENGTH_SWEEP] = strength_sweep(e, kind),
		[STRENGTH_AGGRESSION] = strength_aggression(e),
		[STRENGTH_VOL_OI] = strength_vol_oi(e, kind),
		[STRENGTH_VWAP] = strength_vwap(e),
		[STRENGTH_TREND] = strength_trend(e, kind),
		[STRENGTH_RVOL] = strength_rvol(e),
		[STRENGTH_LEVEL] = strength_level(e, kind),
		[STRENGTH_REGIME] = strength_regime(e, kind),
		[STRENGTH_FIT] = strength_fit(e, kind),
		[STRENGTH_PERSISTENCE] = strength_persistence(e),
	};

	out->penalty_e3 = strength_penalty(e);
	out->raw_e3 = -out->penalty_e3;
	for (int c = 0; c < STRENGTH_COMPONENTS; c++) {
		out->component_e3[c] = strength_weight[c][kind] * level[c] /
		    1000;
		out->raw_e3 += out->component_e3[c];
	}
	if (out->raw_e3 < 0)
		out->raw_e3 = 0;
}

unsigned
strength_tags(const struct strategy_event *e, enum strategy_kind kind)
{
	bool swing = kind == STRATEGY_SWING;
	const bool has[STRENGTH_TAGS] = {
		[STRENGTH_TAG_SIZE] = e->premium_e4 >= STRENGTH_SIZE_E4,
		[STRENGTH_TAG_SWEEP] = e->sweep,
		[STRENGTH_TAG_AGGRESSIVE] = e->aggressiveness ==
		    BIAS_AGGRESSIVE,
		[STRENGTH_TAG_VOL_OI] = swing ?
		    strategy_vol_oi(e, 3000000, false) :
		    strategy_vol_oi(e, 1000000, true),
		[STRENGTH_TAG_TREND] = e->rvol_e6 >= 1500000 &&
		    e->trend[swing ? STRATEGY_1D : STRATEGY_15M] ==
		    STRATEGY_ALIGNED,
		[STRENGTH_TAG_LEVEL] = (swing ? e->swing_level : e->level) ==
		    LEVEL_BREAK,
		[STRENGTH_TAG_PERSISTENT] = e->persistent,
	};
	unsigned tags = 0;

	for (int t = 0; t < STRENGTH_TAGS; t++)
		tags |= has[t] ? 1u << t : 0;
	return tags;
}

const char *
strength_tag_name(enum strength_tag tag)
{
	static const char *const names[STRENGTH_TAGS] = {
		"SIZE", "SWEEP", "AGGRESSIVE", "VOL>OI", "TREND_CONFIRMED",
		"LEVEL_BREAK", "PERSISTENT_BUYER"
	};

	return names[tag];
}
