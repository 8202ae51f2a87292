#ifndef FLOW_UNDERLYING_H
#define FLOW_UNDERLYING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"
#include "market/baseline.h"
#include "score/bars.h"
#include "score/context.h"
#include "score/level.h"
#include "score/persist.h"
#include "score/regime.h"
#include "score/strategy.h"
#include "score/window.h"

/*
 * All that flow-score remembers, by underlying: its windows, its buyers, its
 * bars, its own settings; and what the market looks like from it.
 */

/* What may differ by ticker; texts are borrowed from the configuration. */
struct underlying_settings {
	struct context_rules context;
	struct persist_rules persist;
	struct regime_rules regime;
	struct strategy_limits limits[STRATEGY_KINDS];
	const char *proxy;		/* stands for the market */
	const char *vol_index;		/* its volatility */
	int64_t max_underlying_age_ms;
	bool count_complex;
	bool excluded;
};

struct underlying {
	struct slice symbol;
	const struct underlying_settings *settings;
	bool own_settings;		/* they are its own to free */
	struct window_log log;
	struct persist persist;
	struct bars *bars;		/* NULL: none came */
	struct underlying *next_changed;
	bool changed;			/* traded since its last context */
	bool demo;			/* made-up trades came */
	bool warm;			/* took its days from the baseline */
	int64_t sweep_ts[2][2];		/* times of the last two sweeps that
					 * were bearish and bullish, newest
					 * first */
	/* looked up when first needed */
	struct underlying *proxy, *vol_index, *etf;
	bool looked_up;
	/* of an index: prices of the session's first bar that the ETF has */
	int32_t anchor_day;
	int64_t anchor_e4, anchor_etf_e4;
	/* of a proxy, as of its bars->days_changed */
	uint32_t regime_seen;
	enum regime_trend regime_trend;
	int64_t vol_percentile_e6;
};

struct underlying_store {
	struct table table;
	struct underlying_settings settings;
	bool (*settle)(void *ctx, struct slice symbol,
	    struct underlying_settings *own);
	void *ctx;
	int64_t max;			/* underlyings remembered */
	struct underlying **all;	/* in the order they came */
	size_t n, cap;
	bool full;			/* one more was wanted */
	struct underlying *last;	/* looked up last */
	struct window_pool pool;
	struct window_clock clock;
	const struct baseline *baseline;	/* or NULL */
	int32_t baseline_day;		/* its date, when the record in hand is
					 * of it; else DAY_NONE */
};

/* What is known of an underlying at an instant; TRADE_NONE is unknown. */
struct underlying_market {
	int64_t underlying_e4;		/* the caller's */
	int64_t vwap_e6;
	int vwap_side;			/* 1 above, 0 at, -1 below */
	bool vwap_proxy;		/* scaled from the ETF's */
	int64_t rvol_e6;
	struct bars_view view[BARS_FRAMES];
	enum regime_trend regime_trend;
	enum regime_vol regime_vol;
	int64_t vol_percentile_e6;
};

/*
 * settle is asked once for each underlying: true and its own settings, made
 * from those given, when the configuration has any.
 */
void underlying_store_init(struct underlying_store *store,
    const struct underlying_settings *settings, int64_t max,
    int64_t max_prints, enum window_clock_kind clock);
void underlying_store_free(struct underlying_store *store);

/* NULL when it is new and there is no room; then the store is full. */
struct underlying *underlying_get(struct underlying_store *store,
    struct slice symbol);

/* Its bars, made when there are none. */
struct bars *underlying_bars(struct underlying *u);

/*
 * The session of a trade in the memory of buyers, as persist_at; a key that is
 * new begins with what the baseline knows of it.
 */
struct persist_session *underlying_remember(struct underlying_store *store,
    struct underlying *u, int32_t day, int32_t expiration,
    enum trade_right right);

/*
 * What its bars and those of its proxies say at t of market->underlying_e4,
 * which the caller has set.
 */
void underlying_look(struct underlying_store *store, struct underlying *u,
    int64_t t, struct underlying_market *market);

/* The levels of 4.7 at t of a trade date. */
void underlying_levels(const struct underlying *u, int64_t t, int32_t day,
    bool is_swing, struct level_set *set);

/* An index's bar came: it may be the first that its ETF has too. */
void underlying_anchor(struct underlying_store *store, struct underlying *u);

/* Notes a sweep; how many of its direction there were in ten minutes. */
void underlying_note_sweep(struct underlying *u, bool is_long, int64_t ts);
int64_t underlying_sweeps(const struct underlying *u, bool is_long,
    int64_t ts);

#endif
