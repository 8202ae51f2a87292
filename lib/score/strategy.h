#ifndef FLOW_STRATEGY_H
#define FLOW_STRATEGY_H

#include <stdbool.h>
#include <stdint.h>

#include "score/context.h"
#include "score/level.h"
#include "score/persist.h"
#include "score/regime.h"

/*
 * The three kinds of signals and their gates (domain.md 4.10).  Pure: what is
 * known of a print or sweep and its underlying goes in, the gates it fails
 * come out.  TRADE_NONE is unknown; an unknown input fails its gate but where
 * 4.10 says otherwise.
 */

enum strategy_kind {
	STRATEGY_SCALP, STRATEGY_DAY_TRADE, STRATEGY_SWING, STRATEGY_KINDS
};

enum strategy_gate {
	/* common */
	STRATEGY_SIDE,			/* customer bought, which has a sense */
	STRATEGY_SINGLE_LEG,
	STRATEGY_CLEAN,		/* not late, cancelled, adjusted, FLEX */
	STRATEGY_SESSION,		/* regular hours */
	STRATEGY_SIDE_CONFIDENCE,
	STRATEGY_QUOTE,			/* usable */
	STRATEGY_TICKER,		/* not excluded */
	STRATEGY_MEMBER,		/* no member of a sweep */
	/* by kind */
	STRATEGY_DTE,
	STRATEGY_MIN_PREMIUM,
	STRATEGY_MIN_EVENT_PREMIUM,	/* SWING */
	STRATEGY_OTM_PCT,
	STRATEGY_RVOL,
	STRATEGY_VWAP,			/* not SWING */
	STRATEGY_TREND,
	STRATEGY_TRIGGER,
	STRATEGY_FRESHNESS,		/* not SWING */
	STRATEGY_MIN_STRENGTH,
	STRATEGY_GATES
};

/* How something stands to the signal's direction. */
enum strategy_stand {
	STRATEGY_OPPOSED = -1, STRATEGY_BETWEEN, STRATEGY_ALIGNED,
	STRATEGY_UNKNOWN
};

enum strategy_frame { STRATEGY_1M, STRATEGY_5M, STRATEGY_15M, STRATEGY_1D,
	STRATEGY_FRAMES };

/* Of one kind, for one ticker; 1/10,000 but for days and counts. */
struct strategy_limits {
	bool on;
	int64_t min_dte, max_dte;
	int64_t min_premium_e4;		/* SWING: of all events in memory */
	int64_t min_event_premium_e4;	/* SWING */
	int64_t min_events;		/* SWING */
	int64_t min_otm_pct_e4, max_otm_pct_e4;
	int64_t min_rvol_e4;
	int64_t min_vol_oi_e4;		/* not SWING */
	int64_t min_side_confidence_e4;
	int64_t min_strength_e4;
};

/* A print or a sweep, and what was known at its time. */
struct strategy_event {
	bool is_long;			/* bullish, else bearish */
	bool buy;			/* side BUY with a sentiment */
	bool single_leg, clean, regular, quoted;
	bool excluded;			/* the ticker is */
	bool member;			/* of a SWEEP */
	bool sweep;			/* a SWEEP itself */
	bool part_sweep;		/* of a SPLIT, or a lone ISO print */
	bool wide, auction, iv_bad;
	enum bias_aggressiveness aggressiveness;
	int64_t confidence_e6;
	int64_t dte;
	int64_t premium_e4;
	int64_t otm_pct_e6;
	int64_t rvol_e6;
	int64_t day_volume, open_interest;	/* contracts */
	int64_t vol_oi_e6;		/* when open_interest is unknown */
	int64_t underlying_age_ms;
	int64_t sweeps;			/* sweep records of the direction in
					 * the last ten minutes, this too */
	enum strategy_stand vwap;
	enum strategy_stand trend[STRATEGY_FRAMES];
	enum level_state level, swing_level;
	enum regime_trend regime_trend;
	enum regime_vol regime_vol;
	struct persist_sum memory;	/* of its key, this event included */
	bool persistent;		/* PERSISTENT_BUYER */
};

void strategy_limits_init(struct strategy_limits limits[STRATEGY_KINDS]);

/* The common gates that fail, as bits 1 << gate; confidence is not one. */
uint32_t strategy_common(const struct strategy_event *event);

/*
 * All gates of a kind that fail, but for STRATEGY_MIN_STRENGTH; common as
 * strategy_common returned it.
 */
uint32_t strategy_judge(const struct strategy_event *event,
    enum strategy_kind kind, const struct strategy_limits *limits,
    uint32_t common);

/* The gates that a kind has. */
uint32_t strategy_gates(enum strategy_kind kind);

/*
 * True when volume / OI is at least (or above) ratio_e6; OI 0 with volume is
 * above any.  False when it is not known.
 */
bool strategy_vol_oi(const struct strategy_event *event, int64_t ratio_e6,
    bool above);

const char *strategy_kind_name(enum strategy_kind kind);	/* DAY_TRADE */
/* "min_premium" */
const char *strategy_gate_name(enum strategy_gate gate);

#endif
