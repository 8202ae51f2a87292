#include "score/strategy.h"

#include "record/trade.h"

#define STRATEGY_BIT(gate) (UINT32_C(1) << STRATEGY_##gate)

enum {
	STRATEGY_CLUSTER = 2		/* sweeps in ten minutes */
};

void
strategy_limits_init(struct strategy_limits limits[STRATEGY_KINDS])
{
	static const struct strategy_limits defaults[STRATEGY_KINDS] = {
		[STRATEGY_SCALP] = { true, 0, 2, INT64_C(250000000), 0, 0,
		    -20000, 20000, 12000, 5000, 0, 70000 },
		[STRATEGY_DAY_TRADE] = { true, 0, 14, INT64_C(500000000), 0,
		    0, -50000, 50000, 12000, 5000, 0, 70000 },
		[STRATEGY_SWING] = { true, 15, 90, INT64_C(2500000000),
		    INT64_C(1000000000), 3, -50000, 100000, 8000, 0, 0,
		    80000 },
	};

	for (int kind = 0; kind < STRATEGY_KINDS; kind++)
		limits[kind] = defaults[kind];
}

uint32_t
strategy_gates(enum strategy_kind kind)
{
	uint32_t all = (UINT32_C(1) << STRATEGY_GATES) - 1;

	if (kind == STRATEGY_SWING)
		return all & ~(STRATEGY_BIT(VWAP) | STRATEGY_BIT(FRESHNESS));
	return all & ~STRATEGY_BIT(MIN_EVENT_PREMIUM);
}

uint32_t
strategy_common(const struct strategy_event *e)
{
	return (e->buy ? 0 : STRATEGY_BIT(SIDE)) |
	    (e->single_leg ? 0 : STRATEGY_BIT(SINGLE_LEG)) |
	    (e->clean ? 0 : STRATEGY_BIT(CLEAN)) |
	    (e->regular ? 0 : STRATEGY_BIT(SESSION)) |
	    (e->quoted ? 0 : STRATEGY_BIT(QUOTE)) |
	    (e->excluded ? STRATEGY_BIT(TICKER) : 0) |
	    (e->member ? STRATEGY_BIT(MEMBER) : 0);
}

static bool
strategy_knows_oi(const struct strategy_event *e)
{
	return e->vol_oi_e6 != TRADE_NONE ||
	    (e->open_interest != TRADE_NONE && e->day_volume != TRADE_NONE);
}

bool
strategy_vol_oi(const struct strategy_event *e, int64_t ratio_e6, bool above)
{
	__int128 left, right;

	if (!strategy_knows_oi(e))
		return false;
	if (e->open_interest == TRADE_NONE || e->day_volume == TRADE_NONE) {
		left = e->vol_oi_e6;
		right = ratio_e6;
	} else if (e->open_interest == 0) {
		return e->day_volume > 0;
	} else {
		left = (__int128)e->day_volume * 1000000;
		right = (__int128)e->open_interest * ratio_e6;
	}
	return above ? left > right : left >= right;
}

static bool
strategy_trend(const struct strategy_event *e, enum strategy_kind kind)
{
	const enum strategy_stand *t = e->trend;

	switch (kind) {
	case STRATEGY_SCALP:
		return t[STRATEGY_1M] != STRATEGY_OPPOSED &&
		    t[STRATEGY_5M] != STRATEGY_OPPOSED &&
		    (t[STRATEGY_1M] == STRATEGY_ALIGNED ||
		    t[STRATEGY_5M] == STRATEGY_ALIGNED);
	case STRATEGY_DAY_TRADE:
		return t[STRATEGY_15M] != STRATEGY_OPPOSED;
	default:
		return t[STRATEGY_1D] == STRATEGY_ALIGNED;
	}
}

static bool
strategy_trigger(const struct strategy_event *e, enum strategy_kind kind,
    const struct strategy_limits *limits)
{
	bool aggressive = e->aggressiveness == BIAS_AGGRESSIVE;

	switch (kind) {
	case STRATEGY_SCALP:
		return e->sweep || aggressive;
	case STRATEGY_DAY_TRADE:
		return aggressive || e->level == LEVEL_BREAK ||
		    e->sweeps >= STRATEGY_CLUSTER;
	default:
		return e->memory.events >= limits->min_events;
	}
}

/* The gates that only some kinds have. */
static uint32_t
strategy_own(const struct strategy_event *e, enum strategy_kind kind,
    const struct strategy_limits *limits)
{
	uint32_t failed = 0;

	if (kind == STRATEGY_SWING)
		return e->premium_e4 < limits->min_event_premium_e4 ?
		    STRATEGY_BIT(MIN_EVENT_PREMIUM) : 0;
	if (kind == STRATEGY_SCALP ? e->vwap != STRATEGY_ALIGNED :
	    e->vwap == STRATEGY_OPPOSED)
		failed |= STRATEGY_BIT(VWAP);
	if (strategy_knows_oi(e) && !strategy_vol_oi(e,
	    limits->min_vol_oi_e4 * 100, false))
		failed |= STRATEGY_BIT(FRESHNESS);
	return failed;
}

uint32_t
strategy_judge(const struct strategy_event *e, enum strategy_kind kind,
    const struct strategy_limits *limits, uint32_t common)
{
	uint32_t failed = common | strategy_own(e, kind, limits);
	int64_t premium_e4 = kind == STRATEGY_SWING ? e->memory.premium_e4 :
	    e->premium_e4;

	if (e->confidence_e6 < limits->min_side_confidence_e4 * 100)
		failed |= STRATEGY_BIT(SIDE_CONFIDENCE);
	if (e->dte == TRADE_NONE || e->dte < limits->min_dte ||
	    e->dte > limits->max_dte)
		failed |= STRATEGY_BIT(DTE);
	if (premium_e4 < limits->min_premium_e4)
		failed |= STRATEGY_BIT(MIN_PREMIUM);
	if (e->otm_pct_e6 == TRADE_NONE ||
	    e->otm_pct_e6 < limits->min_otm_pct_e4 * 100 ||
	    e->otm_pct_e6 > limits->max_otm_pct_e4 * 100)
		failed |= STRATEGY_BIT(OTM_PCT);
	if (e->rvol_e6 == TRADE_NONE ||
	    e->rvol_e6 < limits->min_rvol_e4 * 100)
		failed |= STRATEGY_BIT(RVOL);
	if (!strategy_trend(e, kind))
		failed |= STRATEGY_BIT(TREND);
	if (!strategy_trigger(e, kind, limits))
		failed |= STRATEGY_BIT(TRIGGER);
	return failed;
}

const char *
strategy_kind_name(enum strategy_kind kind)
{
	static const char *const names[] = { "SCALP", "DAY_TRADE", "SWING" };

	return names[kind];
}

const char *
strategy_gate_name(enum strategy_gate gate)
{
	static const char *const names[STRATEGY_GATES] = {
		"side", "single_leg", "clean", "session", "side_confidence",
		"quote", "ticker", "member", "dte", "min_premium",
		"min_event_premium", "otm_pct", "rvol", "vwap", "trend",
		"trigger", "freshness", "min_strength"
	};

	return names[gate];
}
