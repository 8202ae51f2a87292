#include "score/underlying.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "record/trade.h"

enum {
	UNDERLYING_SPAN_MS = 600000,	/* ten minutes */
	UNDERLYING_OPENING_MS = 900000,	/* the opening range */
	UNDERLYING_SWING_DAYS = 20,
	UNDERLYING_OPEN = 570		/* minutes before 09:30 */
};

void
underlying_store_init(struct underlying_store *store,
    const struct underlying_settings *settings, int64_t max,
    int64_t max_prints, enum window_clock_kind clock)
{
	*store = (struct underlying_store){ .settings = *settings,
	    .max = max };
	table_init(&store->table);
	window_pool_init(&store->pool, max_prints);
	window_clock_init(&store->clock, clock);
}

static void
underlying_free(struct underlying *u, struct window_pool *pool)
{
	window_free(&u->log, pool);
	persist_free(&u->persist);
	bars_free(u->bars);
	if (u->own_settings)
		free((void *)(uintptr_t)u->settings);
	free((void *)(uintptr_t)u->symbol.p);
	free(u);
}

void
underlying_store_free(struct underlying_store *store)
{
	for (size_t i = 0; i < store->n; i++)
		underlying_free(store->all[i], &store->pool);
	free(store->all);
	table_free(&store->table);
	window_pool_free(&store->pool);
}

static void
underlying_settle(struct underlying_store *store, struct underlying *u)
{
	struct underlying_settings own = store->settings, *copy;

	u->settings = &store->settings;
	if (store->settle == NULL ||
	    !store->settle(store->ctx, u->symbol, &own))
		return;
	copy = buf_alloc(1, sizeof(*copy));
	*copy = own;
	u->settings = copy;
	u->own_settings = true;
}

static struct underlying *
underlying_new(struct underlying_store *store, struct slice symbol)
{
	struct underlying *u = buf_alloc(1, sizeof(*u));

	u->symbol = (struct slice){ buf_dup(symbol.p, symbol.n), symbol.n };
	u->anchor_day = DAY_NONE;
	for (int i = 0; i < 4; i++)
		u->sweep_ts[i / 2][i % 2] = TRADE_NONE;
	underlying_settle(store, u);
	if (store->n == store->cap) {
		store->cap = store->cap == 0 ? 64 : 2 * store->cap;
		store->all = buf_realloc(store->all, store->cap,
		    sizeof(struct underlying *));
	}
	store->all[store->n++] = u;
	*table_at(&store->table, symbol.p, symbol.n) = u;
	return u;
}

struct underlying *
underlying_get(struct underlying_store *store, struct slice symbol)
{
	struct underlying *u = store->last;

	if (u != NULL && slice_equal(u->symbol, symbol))
		return u;
	u = table_get(&store->table, symbol.p, symbol.n);
	if (u == NULL && (int64_t)store->n >= store->max) {
		store->full = true;
		return NULL;
	}
	if (u == NULL)
		u = underlying_new(store, symbol);
	store->last = u;
	return u;
}

struct bars *
underlying_bars(struct underlying *u)
{
	if (u->bars == NULL)
		u->bars = bars_new();
	return u->bars;
}

/* ---- the baseline ---- */

/* The value of a date, or TRADE_NONE. */
static int64_t
underlying_value_e4(const struct baseline_values *values, int32_t day)
{
	for (size_t i = 0; i < values->n; i++)
		if (values->item[i].at == day)
			return decimal_round(values->item[i].value_e6,
			    DECIMAL_E6, DECIMAL_E4);
	return TRADE_NONE;
}

static void
underlying_warm_days(struct bars *bars,
    const struct baseline_underlying *usual)
{
	size_t n = usual->closes.n;

	for (size_t i = n > BARS_DAYS ? n - BARS_DAYS : 0; i < n; i++) {
		int32_t day = usual->closes.item[i].at;
		struct bars_day d = { day, true,
		    underlying_value_e4(&usual->highs, day),
		    underlying_value_e4(&usual->lows, day),
		    underlying_value_e4(&usual->closes, day) };

		bars_add_day(bars, &d);
	}
}

/* Volume by minute; where a minute is missing it stood still. */
static void
underlying_warm_volume(struct bars *bars, int32_t day,
    const struct baseline_underlying *usual)
{
	const struct baseline_values *steps = &usual->bar_volume;
	int64_t minute_e6[BARS_MINUTES], sum_e6 = 0;
	size_t at = 0;

	if (usual->sessions_bars < BARS_HISTORY_MIN)
		return;
	for (int m = 0; m < BARS_MINUTES; m++) {
		for (; at < steps->n && steps->item[at].at <=
		    UNDERLYING_OPEN + m + 1; at++)
			sum_e6 = steps->item[at].value_e6;
		minute_e6[m] = sum_e6;
	}
	bars_set_usual(bars, day, minute_e6);
}

/* Once, on the baseline's date: its days and volumes. */
static void
underlying_warm(struct underlying_store *store, struct underlying *u)
{
	const struct baseline_underlying *usual;

	if (u == NULL || u->warm || store->baseline_day == DAY_NONE)
		return;
	u->warm = true;
	usual = baseline_underlying(store->baseline, u->symbol);
	if (usual == NULL || (usual->closes.n == 0 &&
	    usual->bar_volume.n == 0))
		return;
	underlying_warm_days(underlying_bars(u), usual);
	underlying_warm_volume(u->bars, store->baseline_day, usual);
}

struct persist_session *
underlying_remember(struct underlying_store *store, struct underlying *u,
    int32_t day, int32_t expiration, enum trade_right right)
{
	const struct persist_rules *rules = &u->settings->persist;
	const struct baseline_persist *before = NULL;

	if (store->baseline_day != DAY_NONE &&
	    !persist_knows(&u->persist, expiration, right))
		before = baseline_persist(store->baseline, u->symbol,
		    expiration, right);
	for (size_t i = 0; before != NULL && i < before->n; i++) {
		const struct baseline_event *e = &before->item[i];
		struct persist_session *s = e->day < day ?
		    persist_at(&u->persist, rules, e->day, expiration,
		    right) : NULL;

		if (s != NULL)
			*s = (struct persist_session){ e->day, e->events,
			    e->premium_e4, e->buy_e4, e->sell_e4 };
	}
	return persist_at(&u->persist, rules, day, expiration, right);
}

/* ---- proxies ---- */

static struct slice
underlying_slice(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

/* Cash indices have no volume; an ETF that follows them has. */
static const char *
underlying_etf_of(struct slice symbol)
{
	static const char *const pairs[][2] = {
		{ "SPX", "SPY" }, { "NDX", "QQQ" }, { "RUT", "IWM" }
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (slice_equal(symbol, underlying_slice(pairs[i][0])))
			return pairs[i][1];
	return NULL;
}

static void
underlying_look_up(struct underlying_store *store, struct underlying *u)
{
	const char *etf = underlying_etf_of(u->symbol);

	if (u->looked_up)
		return;
	u->looked_up = true;
	u->proxy = underlying_get(store,
	    underlying_slice(u->settings->proxy));
	u->vol_index = underlying_get(store,
	    underlying_slice(u->settings->vol_index));
	if (etf != NULL)
		u->etf = underlying_get(store, underlying_slice(etf));
}

/* The close of the ETF's bar that began at a time, or TRADE_NONE. */
static int64_t
underlying_close_at(const struct bars *bars, int64_t start_ts)
{
	const struct bars_bar *bar;

	for (uint32_t i = 0; (bar = bars_recent(bars, i)) != NULL; i++)
		if (bar->start_ts == start_ts)
			return bar->close_e4;
	return TRADE_NONE;
}

void
underlying_anchor(struct underlying_store *store, struct underlying *u)
{
	const struct bars *bars = u->bars;
	const struct bars_bar *bar;

	underlying_look_up(store, u);
	if (u->etf == NULL || u->etf->bars == NULL || bars == NULL ||
	    u->anchor_day == bars->day || u->etf->bars->day != bars->day)
		return;
	for (uint32_t i = 0; (bar = bars_recent(bars, i)) != NULL; i++) {
		int64_t etf_e4 = underlying_close_at(u->etf->bars,
		    bar->start_ts);

		if (bar->start_ts < bars->open_ts || etf_e4 == TRADE_NONE)
			continue;
		u->anchor_day = bars->day;	/* the earliest stays */
		u->anchor_e4 = bar->close_e4;
		u->anchor_etf_e4 = etf_e4;
	}
}

static void
underlying_look_proxy(struct underlying_store *store, struct underlying *u,
    int64_t t, struct underlying_market *m)
{
	int64_t vwap_e6, den = 2 * u->anchor_etf_e4;

	if (u->etf == NULL || u->etf->bars == NULL)
		return;
	m->rvol_e6 = bars_rvol_e6(u->etf->bars, t);
	underlying_anchor(store, u);
	vwap_e6 = bars_vwap_e6(u->etf->bars, t);
	if (vwap_e6 == TRADE_NONE || u->anchor_day != u->etf->bars->day)
		return;
	m->vwap_e6 = (int64_t)(((__int128)vwap_e6 * u->anchor_e4 * 2 +
	    u->anchor_etf_e4) / den);
	m->vwap_proxy = true;
}

/* ---- the market ---- */

static void
underlying_regime(struct underlying *proxy)
{
	int64_t close_e4[REGIME_CLOSES];
	const struct bars *bars = proxy->bars;
	size_t n = bars->n_days < REGIME_CLOSES ? bars->n_days :
	    REGIME_CLOSES;
	struct bars_view v = bars_look(proxy->bars, BARS_1D);

	if (proxy->regime_seen == bars->days_changed)
		return;
	proxy->regime_seen = bars->days_changed;
	for (size_t i = 0; i < n; i++)
		close_e4[i] = bars->days[bars->n_days - n + i].close_e4;
	proxy->regime_trend = regime_trend(v.close_e4, v.fast_e6, v.slow_e6);
	proxy->vol_percentile_e6 = regime_percentile_e6(close_e4, n);
}

/* The close of its newest bar of any frame, or TRADE_NONE. */
static int64_t
underlying_newest_e4(const struct underlying *u)
{
	const struct bars *bars = u->bars;

	if (bars == NULL || (bars->newest_ts == 0 && bars->n_days == 0))
		return TRADE_NONE;
	return bars->newest_ts != 0 ? bars->newest_e4 :
	    bars->days[bars->n_days - 1].close_e4;
}

static void
underlying_look_regime(struct underlying *u, int64_t t,
    struct underlying_market *m)
{
	int64_t index_e4 = TRADE_NONE;

	if (u->proxy != NULL && u->proxy->bars != NULL) {
		bars_settle(u->proxy->bars, t);
		underlying_regime(u->proxy);
		m->regime_trend = u->proxy->regime_trend;
		m->vol_percentile_e6 = u->proxy->vol_percentile_e6;
	}
	if (u->vol_index != NULL)
		index_e4 = underlying_newest_e4(u->vol_index);
	m->regime_vol = regime_vol(m->vol_percentile_e6, index_e4,
	    &u->settings->regime);
}

void
underlying_look(struct underlying_store *store, struct underlying *u,
    int64_t t, struct underlying_market *m)
{
	underlying_look_up(store, u);
	underlying_warm(store, u);
	underlying_warm(store, u->proxy);
	underlying_warm(store, u->vol_index);
	underlying_warm(store, u->etf);
	m->vwap_e6 = m->rvol_e6 = m->vol_percentile_e6 = TRADE_NONE;
	m->vwap_side = 0;
	m->vwap_proxy = false;
	m->regime_trend = REGIME_NO_TREND;
	for (int f = 0; f < BARS_FRAMES; f++)
		m->view[f] = (struct bars_view){ TRADE_NONE, TRADE_NONE,
		    TRADE_NONE, TRADE_NONE, BARS_NO_TREND };
	underlying_look_regime(u, t, m);
	if (u->bars != NULL) {
		bars_settle(u->bars, t);
		m->vwap_e6 = bars_vwap_e6(u->bars, t);
		m->rvol_e6 = bars_rvol_e6(u->bars, t);
		for (int f = 0; f < BARS_FRAMES; f++)
			m->view[f] = bars_look(u->bars, (enum bars_frame)f);
	}
	if (m->vwap_e6 == TRADE_NONE)
		underlying_look_proxy(store, u, t, m);
	if (m->underlying_e4 != TRADE_NONE && m->vwap_e6 != TRADE_NONE)
		m->vwap_side = bars_side(m->underlying_e4, m->vwap_e6);
}

/* ---- levels ---- */

static void
underlying_closes(const struct bars *bars, int64_t from_ts,
    struct level_set *set)
{
	const struct bars_bar *bar;

	for (uint32_t i = 0; set->n_closes < LEVEL_CLOSES &&
	    (bar = bars_recent(bars, i)) != NULL; i++) {
		set->close_e4[set->n_closes++] = bar->close_e4;
		if (bar->end_ts <= from_ts)
			break;	/* the one before the ten minutes */
	}
}

static void
underlying_swing_levels(const struct bars *bars, int32_t day,
    struct level_set *set)
{
	int64_t high_e4 = 0, low_e4 = 0;
	const struct bars_day *d;

	if (bars_before(bars, day, UNDERLYING_SWING_DAYS - 1) == NULL)
		return;
	for (size_t i = 0; i < UNDERLYING_SWING_DAYS; i++) {
		d = bars_before(bars, day, i);
		if (d->high_e4 == TRADE_NONE || d->low_e4 == TRADE_NONE)
			return;
		if (i == 0 || d->high_e4 > high_e4)
			high_e4 = d->high_e4;
		if (i == 0 || d->low_e4 < low_e4)
			low_e4 = d->low_e4;
	}
	level_add(set, high_e4);
	level_add(set, low_e4);
}

void
underlying_levels(const struct underlying *u, int64_t t, int32_t day,
    bool is_swing, struct level_set *set)
{
	const struct bars *bars = u->bars;
	const struct bars_day *prior;
	int64_t high_e4, low_e4;

	set->n = set->n_closes = 0;
	if (bars == NULL)
		return;
	prior = bars_before(bars, day, 0);
	if (prior != NULL) {
		level_add(set, prior->high_e4);
		level_add(set, prior->low_e4);
		level_add(set, prior->close_e4);
	}
	if (is_swing)
		underlying_swing_levels(bars, day, set);
	if (!bars_is_today(bars, t))
		return;
	if (t >= bars->open_ts + UNDERLYING_OPENING_MS) {
		level_add(set, bars->opening_high_e4);
		level_add(set, bars->opening_low_e4);
	}
	bars_range(bars, t - UNDERLYING_SPAN_MS, &high_e4, &low_e4);
	level_add(set, high_e4);
	level_add(set, low_e4);
	underlying_closes(bars, t - UNDERLYING_SPAN_MS, set);
}

/* ---- sweeps ---- */

void
underlying_note_sweep(struct underlying *u, bool is_long, int64_t ts)
{
	int64_t *last = u->sweep_ts[is_long];

	if (ts >= last[0]) {		/* TRADE_NONE is before all */
		last[1] = last[0];
		last[0] = ts;
	} else if (ts > last[1]) {
		last[1] = ts;
	}
}

int64_t
underlying_sweeps(const struct underlying *u, bool is_long, int64_t ts)
{
	const int64_t *last = u->sweep_ts[is_long];
	int64_t n = 0;

	for (int i = 0; i < 2; i++)
		n += last[i] != TRADE_NONE && last[i] <= ts &&
		    last[i] > ts - UNDERLYING_SPAN_MS;
	return n;
}
