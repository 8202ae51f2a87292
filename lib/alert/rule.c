#include "alert/rule.h"

#include <assert.h>

#include "base/decimal.h"
#include "market/stat.h"

/* Figures of 5.1 that are the same for all. */
enum {
	RULE_EXCHANGES = 2,
	RULE_HEAVY = 2,			/* call_flow over its mean */
	RULE_BULLISH = 3,		/* call_flow over put_flow */
	RULE_BULLISH_REARM_X2 = 5,	/* twice 2.5 */
	RULE_DIVERGENCE_E6 = 30000000,	/* score of 100 */
	RULE_SEED_BLOCK = 500,		/* contracts */
	RULE_SEED_UNUSUAL_E6 = 2000000	/* 2 x the average */
};

/* The words of source 0 for all that is LOW. */
#define RULE_SAFE "Safe to proceed with wheel strategy"

static const struct rule_info rule_table[RULE_COUNT] = {
	[RULE_PUT_SWEEP] = { "PUT_SWEEP", RULE_CRITICAL,
	    RULE_NEEDS_CLASSES, false, "Do not sell puts now", NULL },
	[RULE_PUT_BLOCK] = { "PUT_BLOCK", RULE_HIGH,
	    RULE_NEEDS_CLASSES, false, "Avoid selling puts", NULL },
	[RULE_EXTREME_BEARISH_FLOW] = { "EXTREME_BEARISH_FLOW", RULE_HIGH,
	    RULE_NEEDS_OPTIONS, false, "Avoid selling puts", NULL },
	[RULE_HEAVY_CALL_FLOW] = { "HEAVY_CALL_FLOW", RULE_MEDIUM,
	    RULE_NEEDS_OPTIONS, false,
	    "Volatility may expand; wait for better premium", NULL },
	[RULE_UNUSUAL_VOLUME] = { "UNUSUAL_VOLUME", RULE_MEDIUM,
	    RULE_NEEDS_CLASSES | RULE_NEEDS_VOLUME, true,
	    "Look at the contract", NULL },
	[RULE_OI_CHANGE] = { "OI_CHANGE", RULE_MEDIUM, RULE_NEEDS_OI, false,
	    "Check direction of yesterday's flow", NULL },
	[RULE_IV_SPIKE] = { "IV_SPIKE", RULE_MEDIUM, RULE_NEEDS_IV, true,
	    "Premium richer; risk higher", NULL },
	[RULE_BLOCK_TRADE] = { "BLOCK_TRADE", RULE_MEDIUM,
	    RULE_NEEDS_CLASSES, false, NULL, NULL },
	[RULE_FLOW_DIVERGENCE] = { "FLOW_DIVERGENCE", RULE_MEDIUM,
	    RULE_NEEDS_DIVERGENCE, false, "Recheck thesis", NULL },
	[RULE_BULLISH_POSITIONING] = { "BULLISH_POSITIONING", RULE_LOW,
	    RULE_NEEDS_OPTIONS, false, "No adverse flow", RULE_SAFE },
	[RULE_NO_UNUSUAL_ACTIVITY] = { "NO_UNUSUAL_ACTIVITY", RULE_LOW,
	    RULE_NEEDS_OPTIONS | RULE_NEEDS_CLASSES | RULE_NEEDS_HELLO,
	    false, "No rule fired", RULE_SAFE },
};

const struct rule_info *
rule_info(enum rule rule)
{
	assert(rule < RULE_COUNT);
	return &rule_table[rule];
}

const char *
rule_severity_name(enum rule_severity severity)
{
	static const char *const names[] = {
		"LOW", "MEDIUM", "HIGH", "CRITICAL"
	};

	return names[severity];
}

const char *
rule_advice(enum rule rule, enum rule_profile profile)
{
	const struct rule_info *info = rule_info(rule);

	return profile == RULE_SEED && info->seed_advice != NULL ?
	    info->seed_advice : info->advice;
}

void
rule_limits_init(struct rule_limits *limits, enum rule_profile profile)
{
	*limits = (struct rule_limits){
		.profile = profile,
		.put_sweep_min_e4 = INT64_C(250000000),
		.put_block_e4 = INT64_C(5000000000),
		.pc_ratio_e4 = 30000,
		.pc_ratio_rearm_e4 = 25000,
		.call_flow_e4 = INT64_C(10000000000),
		.oi_change_min = 1000,
		.oi_change_ratio_e4 = 2000,
		.opening_share_e4 = 6000,
		.iv_spike_ratio_e4 = 2000,
		.iv_spike_points_e4 = 300,
		.flow_min_e4 = INT64_C(2500000000),	/* $250,000 */
		.volume_min_e4 = INT64_C(250000000),	/* $25,000 */
		.trades_min = 20,
	};
	if (profile != RULE_SEED)
		return;
	limits->put_sweep_min_e4 = 0;
	limits->oi_change_min = 1001;		/* "> 1000" */
	limits->oi_change_ratio_e4 = 0;
	limits->iv_spike_points_e4 = 0;
	limits->flow_min_e4 = 0;
	limits->volume_min_e4 = 0;
	limits->trades_min = 1;
}

/* a / b against ratio, exactly: below 0, 0 or above 0. */
static int
rule_compare(int64_t a, int64_t b, int64_t ratio_e4)
{
	__int128 left = (__int128)a * 10000, right = (__int128)b * ratio_e4;

	return (left > right) - (left < right);
}

bool
rule_put_sweep(const struct rule_limits *limits,
    const struct rule_sweep *sweep)
{
	return sweep->sweep && sweep->put && sweep->bought &&
	    sweep->n_exchanges >= RULE_EXCHANGES &&
	    sweep->premium_e4 >= limits->put_sweep_min_e4;
}

bool
rule_put_block(const struct rule_limits *limits,
    const struct rule_print *print)
{
	bool literal = limits->profile == RULE_SEED;

	return print->put && (literal || (!print->multileg && !print->sold)) &&
	    print->premium_e4 > limits->put_block_e4;
}

bool
rule_block_trade(const struct rule_limits *limits,
    const struct rule_print *print)
{
	if (limits->profile == RULE_SEED)
		return print->size >= RULE_SEED_BLOCK &&
		    (print->at_ask || print->at_bid);
	return print->block && print->aggressor && !print->multileg;
}

const char *
rule_block_signal(const struct rule_limits *limits,
    const struct rule_print *print)
{
	if (limits->profile != RULE_SEED)
		return NULL;
	return print->at_ask ? "BULLISH" : "BEARISH";
}

/* Also more than twice what is usual by now, when that is known. */
static bool
rule_heavy_calls(const struct rule_limits *limits, int64_t call_e4,
    int64_t mean_e6)
{
	return call_e4 > limits->call_flow_e4 && (mean_e6 == TRADE_NONE ||
	    limits->profile == RULE_SEED ||
	    (__int128)call_e4 * 100 > (__int128)mean_e6 * RULE_HEAVY);
}

bool
rule_sum_holds(enum rule rule, const struct rule_limits *limits,
    const struct flow_sum *sum, int64_t mean_e6)
{
	switch (rule) {
	case RULE_EXTREME_BEARISH_FLOW:	/* no calls at all: ratio above any */
		return sum->trades >= limits->trades_min &&
		    sum->put_e4 >= limits->flow_min_e4 &&
		    rule_compare(sum->put_e4, sum->call_e4,
		    limits->pc_ratio_e4) > 0;
	case RULE_HEAVY_CALL_FLOW:
		return rule_heavy_calls(limits, sum->call_e4, mean_e6);
	case RULE_BULLISH_POSITIONING:
		return sum->trades >= limits->trades_min &&
		    sum->call_e4 > 0 && sum->call_e4 >= limits->flow_min_e4 &&
		    rule_compare(sum->call_e4, sum->put_e4,
		    RULE_BULLISH * 10000) >= 0;
	default:
		return false;
	}
}

bool
rule_sum_rearms(enum rule rule, const struct rule_limits *limits,
    const struct flow_sum *sum)
{
	switch (rule) {
	case RULE_EXTREME_BEARISH_FLOW:
		return rule_compare(sum->put_e4, sum->call_e4,
		    limits->pc_ratio_rearm_e4) < 0;
	case RULE_BULLISH_POSITIONING:
		return rule_compare(sum->call_e4, sum->put_e4,
		    RULE_BULLISH_REARM_X2 * 10000 / 2) < 0;
	default:			/* once per day */
		return false;
	}
}

bool
rule_volume(const struct rule_limits *limits,
    const struct rule_volume *volume)
{
	if (limits->profile == RULE_SEED)	/* unknown is below any */
		return volume->ratio_e6 > RULE_SEED_UNUSUAL_E6;
	return volume->unusual;
}

bool
rule_volume_counts(const struct rule_limits *limits,
    const struct flow_sum *contract)
{
	/* One contract is a call or a put, so the other sum is 0. */
	return contract->call_e4 >= limits->volume_min_e4 ||
	    contract->put_e4 >= limits->volume_min_e4;
}

bool
rule_oi_change(const struct rule_limits *limits, int64_t open_interest,
    int64_t oi_change)
{
	int64_t size = oi_change < 0 ? -oi_change : oi_change;

	return size >= limits->oi_change_min &&
	    rule_compare(size, open_interest - oi_change,
	    limits->oi_change_ratio_e4) >= 0;
}

bool
rule_iv_spike(const struct rule_limits *limits, int64_t iv_e6,
    int64_t ref_e6)
{
	return stat_is_iv_spike(iv_e6, ref_e6,
	    limits->iv_spike_ratio_e4 * 100, limits->iv_spike_points_e4 * 100);
}

bool
rule_divergence(struct slice result, int64_t score_e6)
{
	return (slice_equal(result, SLICE("BEARISH_DIVERGENCE")) ||
	    slice_equal(result, SLICE("BULLISH_DIVERGENCE"))) &&
	    score_e6 >= RULE_DIVERGENCE_E6;
}

bool
rule_seen_enough(const struct rule_limits *limits,
    const struct flow_sum *sum)
{
	return sum->trades >= limits->trades_min;
}
