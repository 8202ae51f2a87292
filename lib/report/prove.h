#ifndef FLOW_PROVE_H
#define FLOW_PROVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/cond.h"
#include "record/trade.h"

/*
 * The rules of domain.md 3.3 to 3.12 and 5.1 once more, written from the text
 * and not from the stages that apply them, so that what is stored can be held
 * against them.  Pure.  Prices and money are 1/10,000 dollar (_e4), ratios
 * millionths (_e6); what is not known is TRADE_NONE.
 */

/* Thresholds of classify: and alert:, flow-config(5). */
struct prove_limits {
	int64_t max_quote_age_ms;
	int64_t tsize_max;		/* contracts; 0: no size rule */
	int64_t block_size, block_floor, large_floor;	/* contracts */
	int64_t block_mult_e4, large_mult_e4;
	int64_t unusual_mult_e4, unusual_min;
	int64_t vol_oi_min_e4, vol_oi_min_volume, vol_oi_min_oi;
	int64_t sweep_window_ms, sweep_min_exchanges, sweep_min_size;
	int64_t burst_gap_ms;
	int64_t split_min_prints, split_min_size;
	int64_t put_sweep_e4, put_block_e4, call_flow_e4, flow_min_e4;
	int64_t volume_min_e4, trades_min, oi_change_min;
};

/* The std profile. */
void prove_limits_init(struct prove_limits *limits);

/* ---- 3.3, 3.4, 3.7: the quote ---- */

struct prove_quote {
	int64_t bid_e4, ask_e4, bid_size, ask_size;
	int64_t age_ms;			/* below 0: later than the print */
	bool is_void;			/* from before the end of a gap */
};

/* "OK", "STALE" ... */
const char *prove_status(const struct prove_limits *limits,
    const struct prove_quote *quote);
bool prove_is_usable(const struct prove_limits *limits,
    const struct prove_quote *quote);
/* "AT_ASK", "UNKNOWN" ... */
const char *prove_location(const struct prove_limits *limits,
    const struct prove_quote *quote, int64_t price_e4);
/* TRADE_NONE where it is not defined. */
int64_t prove_position(const struct prove_limits *limits,
    const struct prove_quote *quote, int64_t price_e4);
bool prove_is_through(const struct prove_limits *limits,
    const struct prove_quote *quote, int64_t price_e4);
bool prove_is_wide(const struct prove_limits *limits,
    const struct prove_quote *quote);

/* ---- 3.5 to 3.7: who traded, and how hard ---- */

enum prove_side { PROVE_UNKNOWN, PROVE_BUY, PROVE_SELL };

enum prove_method {
	PROVE_NONE, PROVE_TSIZE_EX, PROVE_QUOTE_NBBO, PROVE_QUOTE_EX,
	PROVE_DEPTH_NBBO, PROVE_DEPTH_EX, PROVE_TICK_ALL, PROVE_SWEEP_ANCHOR
};

struct prove_print {
	int64_t price_e4, size;
	struct prove_quote nbbo, ex;
	int64_t tick_e4;		/* last different price of the day */
	uint32_t flags;			/* enum cond_flag */
	bool eligible;			/* may have a side */
	bool is_index;			/* cash index option */
	bool is_neutral;		/* adjusted, cancelled, cancelling */
	bool unguarded;			/* gsu-raw */
	enum trade_right right;
};

struct prove_sign {
	enum prove_side side, aggressor;
	enum prove_method method;
};

/* The stack gsu. */
struct prove_sign prove_sign(const struct prove_limits *limits,
    const struct prove_print *print);
/* By the quotes alone, as clusters do (3.10). */
enum prove_side prove_quoted(const struct prove_limits *limits,
    const struct prove_print *print);
int64_t prove_confidence(const struct prove_limits *limits,
    const struct prove_print *print, enum prove_method method);
/* "BULLISH" ... */
const char *prove_sentiment(const struct prove_print *print,
    enum prove_side side);
int64_t prove_weight(int64_t confidence_e6, const char *sentiment);
/* "AGGRESSIVE" ... */
const char *prove_aggressiveness(const struct prove_limits *limits,
    const struct prove_print *print, const struct prove_sign *sign);

const char *prove_side_name(enum prove_side side);
const char *prove_method_name(enum prove_method method);

/* ---- 3.9: size ---- */

bool prove_is_block(const struct prove_limits *limits, int64_t size,
    int64_t average_e6);
bool prove_is_large(const struct prove_limits *limits, int64_t size,
    int64_t average_e6);
/* Whether both can be roundings of numbers whose product is size. */
bool prove_ratio_fits(int64_t size, int64_t average_e6, int64_t ratio_e6);
const char *prove_type(bool sweep, bool block, bool split, bool large);

/* ---- 3.10: sweeps and splits ---- */

struct prove_member {
	int64_t ts, price_e4, size, premium_e4;
	int64_t exchange;		/* any number of its own; 0: unknown */
	bool iso, block;
};

struct prove_cluster {
	int64_t prints, exchanges, size, premium_e4, iso;
	int64_t vwap_e6, worst_e4;
	int64_t span_ms, gap_ms;	/* the longest */
	bool block;			/* one member is */
	bool monotone;
};

/* Members in their order, at least one. */
void prove_members(const struct prove_member *members, size_t n,
    enum prove_side side, struct prove_cluster *out);
/* "ISO", "BURST", "WINDOW" */
const char *prove_evidence(const struct prove_limits *limits,
    const struct prove_cluster *cluster);
/* "SWEEP", "SPLIT" or "PLAIN"; average: that of the first member. */
const char *prove_kind(const struct prove_limits *limits,
    const struct prove_cluster *cluster, int64_t average_e6);

/* ---- 3.11, 3.12: volume ---- */

struct prove_volume {
	bool unusual, gt_oi;
	int64_t oi_ratio_e6;
	const char *opening;		/* "PROVEN" ... */
	int64_t opening_min;
};

/* What is usual: the mean of a day, or the day volume's ratio to it. */
struct prove_usual {
	int64_t adv20_e6, ratio_e6;
};

void prove_volume(const struct prove_limits *limits, int64_t before,
    int64_t size, struct prove_usual usual, int64_t open_interest,
    int64_t price_e4, struct prove_volume *out);

/*
 * Day volume to adv20, and to the share of it that is usual by this time;
 * TRADE_NONE where it does not follow.
 */
int64_t prove_volume_ratio(int64_t volume, int64_t adv20_e6);
int64_t prove_volume_ratio_tod(int64_t volume, int64_t adv20_e6,
    int64_t share_e6);

/* ---- 5.1: alerts ---- */

/*
 * The rules over the sums of a day; false for other alert_types.  mean: call
 * flow that is usual by now.
 */
bool prove_sums(const struct prove_limits *limits, struct slice alert_type,
    int64_t put_e4, int64_t call_e4, int64_t trades, int64_t mean_e6);
bool prove_oi_change(const struct prove_limits *limits,
    int64_t open_interest, int64_t oi_change);
/* 3.12 */
bool prove_iv_spike(int64_t iv_e6, int64_t iv_ref_e6);

#endif
