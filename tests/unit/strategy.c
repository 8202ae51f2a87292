/* Gates and strength: domain.md 4.10 and 4.11 by their examples. */
#include "score/strategy.h"

#include "check.h"
#include "record/trade.h"
#include "score/strength.h"

#define DOLLARS(n) (INT64_C(10000) * (n))

static struct strategy_limits limits[STRATEGY_KINDS];

/* EX-4.46: TSLA call, 1000 @ 1.85, one day, swept through. */
static const struct strategy_event tsla = {
	.is_long = true, .buy = true, .single_leg = true, .clean = true,
	.regular = true, .quoted = true, .sweep = true,
	.aggressiveness = BIAS_AGGRESSIVE, .confidence_e6 = 800000,
	.dte = 1, .premium_e4 = DOLLARS(185000), .otm_pct_e6 = 800000,
	.rvol_e6 = 1200000, .day_volume = 5000, .open_interest = 2200,
	.vol_oi_e6 = TRADE_NONE, .sweeps = 1, .vwap = STRATEGY_ALIGNED,
	.trend = { STRATEGY_ALIGNED, STRATEGY_ALIGNED, STRATEGY_BETWEEN,
	    STRATEGY_UNKNOWN },
	.level = LEVEL_PRESSURE, .regime_trend = REGIME_UP,
	.regime_vol = REGIME_HIGH
};

/* EX-4.47: AMD put, 500 @ 2.40, twelve days, no sweep. */
static const struct strategy_event amd = {
	.buy = true, .single_leg = true, .clean = true, .regular = true,
	.quoted = true, .aggressiveness = BIAS_AGGRESSIVE,
	.confidence_e6 = 680000, .dte = 12, .premium_e4 = DOLLARS(120000),
	.otm_pct_e6 = 1300000, .rvol_e6 = 1800000, .day_volume = 12000,
	.open_interest = 4500, .vol_oi_e6 = TRADE_NONE,
	.vwap = STRATEGY_ALIGNED,
	.trend = { STRATEGY_UNKNOWN, STRATEGY_ALIGNED, STRATEGY_BETWEEN,
	    STRATEGY_UNKNOWN },
	.level = LEVEL_BREAK, .regime_trend = REGIME_DOWN,
	.regime_vol = REGIME_ELEVATED
};

/* EX-4.48: META call, 750 @ 9.40, 35 days, the seventh event. */
static const struct strategy_event meta = {
	.is_long = true, .buy = true, .single_leg = true, .clean = true,
	.regular = true, .quoted = true,
	.aggressiveness = BIAS_AGGRESSIVE, .confidence_e6 = 680000,
	.dte = 35, .premium_e4 = DOLLARS(705000), .otm_pct_e6 = 4100000,
	.rvol_e6 = 1200000, .day_volume = 20000, .open_interest = 8000,
	.vol_oi_e6 = TRADE_NONE, .vwap = STRATEGY_ALIGNED,
	.trend = { STRATEGY_UNKNOWN, STRATEGY_UNKNOWN, STRATEGY_UNKNOWN,
	    STRATEGY_ALIGNED },
	.swing_level = LEVEL_SUPPORTIVE, .regime_trend = REGIME_UP,
	.regime_vol = REGIME_MEDIUM,
	.memory = { 7, DOLLARS(6300000), DOLLARS(6300000), 0 },
	.persistent = true
};

static uint32_t
failed(const struct strategy_event *e, enum strategy_kind kind)
{
	return strategy_judge(e, kind, &limits[kind], strategy_common(e));
}

static uint32_t
only(enum strategy_gate gate)
{
	return UINT32_C(1) << gate;
}

static void
check_strength(const char *id, const struct strategy_event *e,
    enum strategy_kind kind, const int64_t want[STRENGTH_COMPONENTS],
    int64_t raw)
{
	struct strength s;

	strength_measure(e, kind, &limits[kind], &s);
	for (int c = 0; c < STRENGTH_COMPONENTS; c++)
		CHECK_INT(id, s.component_e3[c], want[c]);
	CHECK_INT(id, s.raw_e3, raw);
	CHECK_INT(id, failed(e, kind), 0);
}

static unsigned
tag(enum strength_tag t)
{
	return 1u << t;
}

static void
test_samples(void)
{
	static const int64_t scalp[] = { 900, 1500, 1500, 750, 1000, 960,
	    250, 400, 400, 200, 0 };
	static const int64_t day[] = { 400, 0, 2000, 1200, 1200, 210, 600,
	    1400, 800, 500, 0 };
	static const int64_t swing[] = { 1200, 0, 1400, 0, 600, 2000, 75,
	    300, 1000, 600, 2000 };

	check_strength("EX-4.46", &tsla, STRATEGY_SCALP, scalp, 7860);
	check_strength("EX-4.47", &amd, STRATEGY_DAY_TRADE, day, 8310);
	check_strength("EX-4.48", &meta, STRATEGY_SWING, swing, 9175);
	CHECK_INT("EX-4.46 tags", strength_tags(&tsla, STRATEGY_SCALP),
	    tag(STRENGTH_TAG_SWEEP) | tag(STRENGTH_TAG_AGGRESSIVE) |
	    tag(STRENGTH_TAG_VOL_OI));
	CHECK_INT("EX-4.47 tags", strength_tags(&amd, STRATEGY_DAY_TRADE),
	    tag(STRENGTH_TAG_AGGRESSIVE) | tag(STRENGTH_TAG_VOL_OI) |
	    tag(STRENGTH_TAG_LEVEL));
	CHECK_INT("EX-4.48 tags", strength_tags(&meta, STRATEGY_SWING),
	    tag(STRENGTH_TAG_AGGRESSIVE) | tag(STRENGTH_TAG_PERSISTENT));
}

static int64_t
boosted(const struct strategy_event *e, enum strategy_kind kind,
    const struct context *context)
{
	struct context_rules rules;
	struct strength s;
	int64_t by;

	context_rules_init(&rules);
	strength_measure(e, kind, &limits[kind], &s);
	return context_boost(s.raw_e3, e->is_long, context, &rules, 15, &by);
}

static void
test_strength(void)
{
	static const struct context none = { .sentiment = BIAS_NEUTRAL };
	static const struct context follow = {
		.sentiment = BIAS_BULLISH, .institutional = 72,
		.recommendation = CONTEXT_FOLLOW_FLOW
	};
	struct strategy_event e = tsla;

	CHECK_INT("EX-4.46 published", boosted(&e, STRATEGY_SCALP, &none),
	    79);
	CHECK_INT("EX-4.47 published", boosted(&amd, STRATEGY_DAY_TRADE,
	    &none), 83);
	CHECK_INT("EX-4.48 published", boosted(&meta, STRATEGY_SWING, &none),
	    92);
	CHECK_INT("EX-4.51", boosted(&e, STRATEGY_SCALP, &follow), 94);
	e.wide = true;
	CHECK_INT("EX-4.51 wide", boosted(&e, STRATEGY_SCALP, &follow), 88);

	e = tsla;			/* EX-4.49 */
	e.premium_e4 = DOLLARS(25000);
	e.sweep = false;
	e.sweeps = 0;
	e.aggressiveness = BIAS_NORMAL;
	e.day_volume = 1;
	e.trend[STRATEGY_1M] = STRATEGY_BETWEEN;
	e.rvol_e6 = 1000000;
	e.level = LEVEL_NONE;
	e.regime_vol = REGIME_LOW;
	e.otm_pct_e6 = 500000;
	CHECK_INT("EX-4.49", boosted(&e, STRATEGY_SCALP, &none), 34);

	e = tsla;			/* EX-4.50: everything at its best */
	e.premium_e4 = DOLLARS(25000 * 8);
	e.trend[STRATEGY_15M] = STRATEGY_ALIGNED;
	e.day_volume = 5500;
	e.rvol_e6 = 2000000;
	e.level = LEVEL_BREAK;
	e.otm_pct_e6 = 500000;
	CHECK_INT("EX-4.50", boosted(&e, STRATEGY_SCALP, &none), 100);
	CHECK_INT("TREND_CONFIRMED", strength_tags(&e, STRATEGY_SCALP) &
	    tag(STRENGTH_TAG_TREND), tag(STRENGTH_TAG_TREND));
	e.rvol_e6 = 1499999;
	CHECK_INT("TREND_CONFIRMED asks for RVOL 1.5", strength_tags(&e,
	    STRATEGY_SCALP) & tag(STRENGTH_TAG_TREND), 0);
	e.premium_e4 = DOLLARS(1000000);
	CHECK_INT("SIZE from a million on", strength_tags(&e,
	    STRATEGY_SCALP) & tag(STRENGTH_TAG_SIZE),
	    tag(STRENGTH_TAG_SIZE));
}

static void
test_penalties(void)
{
	struct strategy_event e = tsla;
	struct strength s;

	e.confidence_e6 = 649999;
	e.wide = e.auction = e.iv_bad = true;
	e.underlying_age_ms = 5001;
	strength_measure(&e, STRATEGY_SCALP, &limits[STRATEGY_SCALP], &s);
	CHECK_INT("4.11 penalties", s.penalty_e3, 4 * 500 + 250);
	e = tsla;
	e.confidence_e6 = 650000;
	e.underlying_age_ms = 5000;
	strength_measure(&e, STRATEGY_SCALP, &limits[STRATEGY_SCALP], &s);
	CHECK_INT("4.11 none at the limits", s.penalty_e3, 0);
}

static void
test_gates(void)
{
	struct strategy_event e = tsla;

	e.premium_e4 = DOLLARS(24999);
	CHECK_INT("EX-4.45a", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_MIN_PREMIUM));
	e = amd;
	e.trend[STRATEGY_15M] = STRATEGY_OPPOSED;
	CHECK_INT("EX-4.45b", failed(&e, STRATEGY_DAY_TRADE),
	    only(STRATEGY_TREND));
	e = amd;
	e.dte = 14;
	CHECK_INT("EX-4.45c 14 days", failed(&e, STRATEGY_DAY_TRADE), 0);
	CHECK("EX-4.45c 14 days are no swing", failed(&e, STRATEGY_SWING) &
	    only(STRATEGY_DTE));
	e = meta;
	e.dte = 15;
	CHECK_INT("EX-4.45c 15 days", failed(&e, STRATEGY_SWING), 0);
	CHECK("EX-4.45c 15 days are no day trade", failed(&e,
	    STRATEGY_DAY_TRADE) & only(STRATEGY_DTE));
	e = tsla;
	limits[STRATEGY_SCALP].min_premium_e4 = DOLLARS(200000);
	CHECK_INT("EX-4.45d", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_MIN_PREMIUM));
	strategy_limits_init(limits);
	for (int k = 0; k < STRATEGY_KINDS; k++)
		limits[k].min_side_confidence_e4 = 6000;
	e.buy = false;
	CHECK_INT("EX-4.45e", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_SIDE));
	e = tsla;
	e.confidence_e6 = 599999;
	CHECK_INT("4.10 side_confidence", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_SIDE_CONFIDENCE));
	e = tsla;
	e.sweep = false;
	e.aggressiveness = BIAS_NORMAL;
	CHECK_INT("4.10 trigger", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_TRIGGER));
	e = amd;
	e.aggressiveness = BIAS_NORMAL;
	e.level = LEVEL_NONE;
	e.sweeps = 1;
	CHECK_INT("4.10 one sweep is no cluster", failed(&e,
	    STRATEGY_DAY_TRADE), only(STRATEGY_TRIGGER));
	e.sweeps = 2;
	CHECK_INT("4.10 two are", failed(&e, STRATEGY_DAY_TRADE), 0);
	e = meta;
	e.premium_e4 = DOLLARS(99999);
	CHECK_INT("4.10 the event itself", failed(&e, STRATEGY_SWING),
	    only(STRATEGY_MIN_EVENT_PREMIUM));
	e = meta;
	e.memory.events = 2;
	CHECK_INT("4.10 events", failed(&e, STRATEGY_SWING),
	    only(STRATEGY_TRIGGER));
}

/* "A gate whose input is absent fails; not opposed and OI unknown pass." */
static void
test_absent(void)
{
	struct strategy_event e = tsla;

	e.open_interest = TRADE_NONE;
	CHECK_INT("OI unknown passes", failed(&e, STRATEGY_SCALP), 0);
	e.vol_oi_e6 = 499999;
	CHECK_INT("a ratio serves for it", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_FRESHNESS));
	e = tsla;
	e.open_interest = 10001;
	CHECK_INT("4.10 freshness", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_FRESHNESS));
	e.open_interest = 10000;
	CHECK_INT("4.10 half the OI", failed(&e, STRATEGY_SCALP), 0);
	e = tsla;
	e.vwap = STRATEGY_UNKNOWN;
	CHECK_INT("SCALP asks for VWAP", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_VWAP));
	e = amd;
	e.vwap = STRATEGY_UNKNOWN;
	e.trend[STRATEGY_15M] = STRATEGY_UNKNOWN;
	CHECK_INT("DAY_TRADE: not opposed", failed(&e, STRATEGY_DAY_TRADE),
	    0);
	e = tsla;
	e.trend[STRATEGY_1M] = e.trend[STRATEGY_5M] = STRATEGY_UNKNOWN;
	CHECK_INT("SCALP: one trend aligned", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_TREND));
	e = tsla;
	e.rvol_e6 = e.otm_pct_e6 = e.dte = TRADE_NONE;
	CHECK_INT("no RVOL, no price, no dte", failed(&e, STRATEGY_SCALP),
	    only(STRATEGY_RVOL) | only(STRATEGY_OTM_PCT) |
	    only(STRATEGY_DTE));
}

int
main(void)
{
	strategy_limits_init(limits);
	for (int k = 0; k < STRATEGY_KINDS; k++)
		limits[k].min_side_confidence_e4 = 6000;
	test_samples();
	test_strength();
	test_penalties();
	test_gates();
	test_absent();
	return check_end();
}
