#ifndef FLOW_RULE_H
#define FLOW_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "market/flow.h"

/*
 * The alert rules of domain.md 5.1: names, severities and predicates, as std
 * and as the sources have them literally (seed).  Pure: what was seen goes in,
 * yes or no comes out; edges, cooldown and output are other files' work.
 * Money is 1/10,000 dollar.
 */

enum rule_profile { RULE_STD, RULE_SEED };

enum rule_severity { RULE_LOW, RULE_MEDIUM, RULE_HIGH, RULE_CRITICAL };

enum rule {			/* in the order of 5.1 */
	RULE_PUT_SWEEP,
	RULE_PUT_BLOCK,
	RULE_EXTREME_BEARISH_FLOW,
	RULE_HEAVY_CALL_FLOW,
	RULE_UNUSUAL_VOLUME,
	RULE_OI_CHANGE,
	RULE_IV_SPIKE,
	RULE_BLOCK_TRADE,
	RULE_FLOW_DIVERGENCE,
	RULE_BULLISH_POSITIONING,
	RULE_NO_UNUSUAL_ACTIVITY,
	RULE_COUNT
};

/* What a rule must find in the stream to be on; bits. */
enum rule_input {
	RULE_NEEDS_OPTIONS = 1 << 0,	/* trades of calls and puts */
	RULE_NEEDS_CLASSES = 1 << 1,	/* what flow-classify adds */
	RULE_NEEDS_VOLUME = 1 << 2,	/* volume against OI or a baseline */
	RULE_NEEDS_OI = 1 << 3,		/* oi records and the figure before */
	RULE_NEEDS_IV = 1 << 4,		/* IV and its reference */
	RULE_NEEDS_DIVERGENCE = 1 << 5,	/* divergence records */
	RULE_NEEDS_HELLO = 1 << 6	/* a stream that tells of its gaps */
};

struct rule_info {
	const char *name;		/* alert_type */
	enum rule_severity severity;
	unsigned needs;			/* enum rule_input */
	bool per_contract;		/* keyed by contract, else by ticker */
	const char *advice;		/* recommendation, or NULL */
	const char *seed_advice;	/* the sources' words, or NULL: same */
};

/* Thresholds; those down to the floors are under alert: in flow-config(5). */
struct rule_limits {
	enum rule_profile profile;	/* whose predicates */
	int64_t put_sweep_min_e4;
	int64_t put_block_e4;
	int64_t pc_ratio_e4, pc_ratio_rearm_e4;
	int64_t call_flow_e4;
	int64_t oi_change_min;		/* contracts */
	int64_t oi_change_ratio_e4;
	int64_t opening_share_e4;	/* of an estimate of oi_change */
	int64_t iv_spike_ratio_e4, iv_spike_points_e4;
	/* Floors: what is less says nothing. */
	int64_t flow_min_e4;		/* of a ratio's larger side */
	int64_t volume_min_e4;		/* premium of a contract's day */
	int64_t trades_min;
};

/* One print, as far as the rules look at it. */
struct rule_print {
	int64_t premium_e4;
	int64_t size;
	bool put;
	bool multileg;
	bool block;			/* is_block */
	bool sold;			/* side SELL */
	bool aggressor;			/* aggressor_side known */
	bool at_ask, at_bid;		/* or beyond */
};

/* A contract's volume today, as a print tells it. */
struct rule_volume {
	int64_t ratio_e6;		/* to the average; TRADE_NONE unknown */
	bool unusual;			/* is_unusual_volume */
};

/* One sweep record. */
struct rule_sweep {
	int64_t premium_e4;
	int64_t n_exchanges;
	bool put;
	bool bought;			/* side BUY */
	bool sweep;			/* kind SWEEP, not SPLIT */
};

const struct rule_info *rule_info(enum rule rule);
const char *rule_severity_name(enum rule_severity severity);
/* The recommendation, or NULL. */
const char *rule_advice(enum rule rule, enum rule_profile profile);

/* The defaults of domain.md 12, or those under which seed's words hold. */
void rule_limits_init(struct rule_limits *limits, enum rule_profile profile);

bool rule_put_sweep(const struct rule_limits *limits,
    const struct rule_sweep *sweep);
bool rule_put_block(const struct rule_limits *limits,
    const struct rule_print *print);
bool rule_block_trade(const struct rule_limits *limits,
    const struct rule_print *print);

/*
 * What source 1 reads from a block: bought BULLISH, sold BEARISH, put or
 * call.  NULL in std, where the trade's own sentiment tells.
 */
const char *rule_block_signal(const struct rule_limits *limits,
    const struct rule_print *print);

/*
 * The rules over a ticker's sums of the day: EXTREME_BEARISH_FLOW,
 * HEAVY_CALL_FLOW, BULLISH_POSITIONING; false for any other.  mean_e6: call
 * flow that is usual by now, in millionths of a dollar; TRADE_NONE unknown.
 */
bool rule_sum_holds(enum rule rule, const struct rule_limits *limits,
    const struct flow_sum *sum, int64_t mean_e6);
/* True when a rule that fired today may fire again. */
bool rule_sum_rearms(enum rule rule, const struct rule_limits *limits,
    const struct flow_sum *sum);

/* UNUSUAL_VOLUME, and its floor over a contract's sums of the day. */
bool rule_volume(const struct rule_limits *limits,
    const struct rule_volume *volume);
bool rule_volume_counts(const struct rule_limits *limits,
    const struct flow_sum *contract);

/* open_interest: the new figure; oi_change: day over day. */
bool rule_oi_change(const struct rule_limits *limits, int64_t open_interest,
    int64_t oi_change);

/* IV_SPIKE: implied volatility now and before, in millionths, above 0. */
bool rule_iv_spike(const struct rule_limits *limits, int64_t iv_e6,
    int64_t ref_e6);

/* FLOW_DIVERGENCE: result and score, in millionths, of a record. */
bool rule_divergence(struct slice result, int64_t score_e6);

/* Trades enough that silence says something. */
bool rule_seen_enough(const struct rule_limits *limits,
    const struct flow_sum *sum);

#endif
