#include "score/score.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "market/flow.h"
#include "record/control.h"
#include "record/emit.h"
#include "score/facts.h"
#include "score/output.h"

struct score {
	struct score_options opt;
	struct line_out *out;
	struct control control;
	struct scan *scan;
	struct underlying_store store;
	struct key_set keys;		/* members we write on trades and
					 * sweeps */
	struct key_set bar_keys;	/* and on bars */
	struct underlying *changed, **changed_end;	/* a list */
	int64_t watermark;		/* TRADE_NONE before the first time */
	int64_t from_ts;		/* from is as of this time */
	int64_t from[WINDOW_COUNT];
	/* the last trade, for the sweep that may follow it */
	struct facts_print last;
	struct buf last_id;
	bool told_full, told_fast;
	unsigned told;			/* of the baseline, baseline_tell */
	/* scratch, here because clearing it each time shows */
	struct facts facts;
	struct strategy_event event;
	struct underlying_market market;
	struct buf made;		/* signals about the record in hand */
	int64_t n_made;
	struct err err;
};

void
score_defaults(struct score_options *o, enum score_profile profile)
{
	struct underlying_settings *s = &o->settings;

	*o = (struct score_options){
		.context_interval_ms = 60000,
		.clock = WINDOW_WALL,
		.max_underlyings = 20000,
		.max_prints = 4000000,
	};
	context_rules_init(&s->context);
	persist_rules_init(&s->persist);
	regime_rules_init(&s->regime);
	strategy_limits_init(s->limits);
	s->proxy = "SPY";
	s->vol_index = "VIX";
	s->max_underlying_age_ms = 60000;
	if (profile == SCORE_STD)
		return;
	s->context.weighted = false;
	s->context.boost = CONTEXT_ALWAYS;
	s->context.lesser_penalty = false;
	s->count_complex = true;
}

struct score *
score_new(const struct score_options *options, struct line_out *out)
{
	struct score *s = buf_alloc(1, sizeof(*s));

	s->opt = *options;
	s->out = out;
	control_init(&s->control, "flow-score");
	s->scan = scan_new();
	underlying_store_init(&s->store, &options->settings,
	    options->max_underlyings, options->max_prints,
	    (enum window_clock_kind)options->clock);
	s->store.baseline = options->baseline;
	s->store.baseline_day = DAY_NONE;
	s->store.settle = options->settle;
	s->store.ctx = options->ctx;
	key_set_add(&s->keys, KEY_otm_pct);
	key_set_add(&s->keys, KEY_score);
	key_set_add(&s->keys, KEY_rules_failed);
	key_set_add(&s->bar_keys, KEY_metrics);
	s->changed_end = &s->changed;
	s->watermark = s->from_ts = TRADE_NONE;
	return s;
}

void
score_free(struct score *s)
{
	if (s == NULL)
		return;
	underlying_store_free(&s->store);
	control_free(&s->control);
	scan_free(s->scan);
	buf_free(&s->last_id);
	buf_free(&s->made);
	free(s);
}

/* ---- contexts ---- */

/* Brings an underlying's windows to where they are at the watermark. */
static void
score_expire(struct score *s, struct underlying *u)
{
	if (s->from_ts != s->watermark) {
		window_clock_from(&s->store.clock, s->watermark, s->from);
		s->from_ts = s->watermark;
	}
	window_expire(&u->log, &s->store.pool, s->from);
}

static void
score_contexts(const struct underlying *u, struct window_sum sum[],
    struct context context[])
{
	for (int w = 0; w < WINDOW_COUNT; w++)
		window_sums(&u->log, w, &sum[w]);
	context_make(context, sum, &u->settings->context);
}

/* A context record for each window of what has traded since its last. */
static void
score_write_contexts(struct score *s, int64_t ts)
{
	struct window_sum sum[WINDOW_COUNT];
	struct context context[WINDOW_COUNT];
	struct underlying *u;

	s->watermark = ts;
	while ((u = s->changed) != NULL) {
		s->changed = u->next_changed;
		u->changed = false;
		score_expire(s, u);
		score_contexts(u, sum, context);
		for (int w = 0; w < WINDOW_COUNT; w++) {
			output_context(&s->out->buf, u->symbol, ts, w,
			    &sum[w], &context[w], u->demo);
			s->control.count.add++;
			s->control.count.out++;
		}
		line_out_end(s->out);
	}
	s->changed_end = &s->changed;
}

/*
 * Moves the watermark.  A context is as of the first multiple of its interval
 * that the time passes after a trade, so that it holds all up to then.
 */
static void
score_advance(struct score *s, int64_t ts)
{
	int64_t interval = s->opt.context_interval_ms, due;

	if ((s->watermark != TRADE_NONE && ts <= s->watermark) ||
	    ts > TRADE_TIME_MOST || ts < -TRADE_TIME_MOST)
		return;
	if (s->changed != NULL) {
		due = (s->watermark + interval - 1) / interval * interval;
		if (ts > due)
			score_write_contexts(s, due);
	}
	s->watermark = ts;
}

static void
score_mark(struct score *s, struct underlying *u)
{
	if (u->changed)
		return;
	u->changed = true;
	u->next_changed = NULL;
	*s->changed_end = u;
	s->changed_end = &u->next_changed;
}

/* ---- counting ---- */

static struct underlying *
score_underlying(struct score *s, struct slice symbol)
{
	struct underlying *u = underlying_get(&s->store, symbol);

	if (u == NULL && !s->told_full) {
		s->told_full = true;
		control_status(&s->out->buf, s->control.stage, "warning",
		    "state_full", "more underlyings than are remembered: the "
		    "new ones pass unscored");
	}
	return u;
}

static bool
score_is_single_leg(const struct trade *t)
{
	return (t->cond.flags & (COND_MULTILEG | COND_STOCK_TIED |
	    COND_CROSS | COND_COMPRESSION)) == 0;
}

/* What a print counts as in the windows. */
static uint32_t
score_flags(const struct facts *f)
{
	bool sided = f->buy || f->sell;

	return WINDOW_PRINT |
	    (f->trade.right == TRADE_PUT ? WINDOW_PUT : 0) |
	    (f->sentiment == BIAS_BULLISH ? WINDOW_BULLISH : 0) |
	    (f->sentiment == BIAS_BEARISH ? WINDOW_BEARISH : 0) |
	    (f->buy ? WINDOW_BUY : f->sell ? WINDOW_SELL : 0) |
	    (sided && f->aggressiveness == BIAS_AGGRESSIVE ?
	    WINDOW_AGGRESSIVE : 0) |
	    (f->is_block ? WINDOW_BLOCK : 0) |
	    ((f->is_sweep || f->is_block) && !f->print.auction ?
	    WINDOW_BIG : 0) |
	    (f->unusual ? WINDOW_UNUSUAL : 0) |
	    (f->status_ok ? WINDOW_QUOTED : 0);
}

static void
score_add(struct score *s, struct underlying *u, const struct facts *f,
    uint32_t flags)
{
	struct window_print p = {
		.clock = window_clock_at(&s->store.clock,
		    f->trade.timestamp),
		.premium_e4 = f->trade.premium_e4 < WINDOW_PREMIUM_MOST ?
		    f->trade.premium_e4 : WINDOW_PREMIUM_MOST,
		.size = (uint32_t)f->trade.size,
		.id = window_id(f->id.p, f->id.n),
		.flags = flags,
		.weight_e6 = (int32_t)f->weight_e6,
	};

	score_expire(s, u);
	window_add(&u->log, &s->store.pool, s->from, &p);
	score_mark(s, u);
}

/*
 * Adds to the memory of buyers.  True when it is an accumulation event: a
 * sweep or split record, or a print that is part of neither.
 */
static bool
score_remember(struct score *s, struct underlying *u, const struct facts *f)
{
	const struct persist_rules *rules = &u->settings->persist;
	int64_t premium_e4 = f->trade.premium_e4;
	struct persist_session *session;
	bool event = f->buy && premium_e4 >= rules->min_event_e4 &&
	    (f->is_sweep_record || (!f->is_sweep && f->sweep_id.n == 0));

	if ((!f->buy && !f->sell) || f->expiration == DAY_NONE ||
	    (f->is_sweep_record && !event))
		return false;
	session = underlying_remember(&s->store, u, f->day, f->expiration,
	    f->trade.right);
	if (session == NULL)
		return false;
	if (!f->is_sweep_record)	/* its members count */
		persist_add(f->buy ? &session->buy_e4 : &session->sell_e4,
		    premium_e4);
	if (event) {
		persist_add(&session->events, 1);
		persist_add(&session->premium_e4, premium_e4);
	}
	return event;
}

static void
score_count_trade(struct score *s, struct underlying *u,
    const struct facts *f)
{
	enum flow_class cls = flow_class_of(&f->trade,
	    u->settings->count_complex);
	uint32_t flags;

	u->demo = u->demo || trade_is_demo(&f->trade);
	if (cls != FLOW_CALL && cls != FLOW_PUT)
		return;
	flags = score_flags(f);
	if (score_is_single_leg(&f->trade) && score_remember(s, u, f))
		flags |= WINDOW_EVENT;
	score_add(s, u, f, flags);
}

/* What the baseline is to a trade's date; told when it is not its. */
static void
score_use_baseline(struct score *s, const struct facts *f)
{
	const struct baseline *b = s->opt.baseline;
	enum baseline_use use;

	if (b == NULL)
		return;
	use = baseline_use(b, f->day, trade_is_demo(&f->trade));
	s->store.baseline_day = use == BASELINE_NOW ? f->day : DAY_NONE;
	baseline_tell(b, use, f->day, s->control.stage, &s->told,
	    &s->out->buf);
}

/* ---- scoring ---- */

static enum strategy_stand
score_stand(enum bars_trend trend, bool is_long)
{
	switch (trend) {
	case BARS_NO_TREND:
		return STRATEGY_UNKNOWN;
	case BARS_NEUTRAL:
		return STRATEGY_BETWEEN;
	default:
		return (trend == BARS_UP) == is_long ? STRATEGY_ALIGNED :
		    STRATEGY_OPPOSED;
	}
}

/* What the record itself says. */
static void
score_describe(struct strategy_event *e, const struct underlying *u,
    const struct facts *f)
{
	const struct trade *t = &f->trade;

	e->is_long = f->sentiment == BIAS_BULLISH;
	e->buy = f->buy && f->sentiment != BIAS_NEUTRAL;
	e->single_leg = score_is_single_leg(t);
	e->clean = (t->cond.flags & (COND_LATE | COND_OUT_OF_SEQUENCE)) ==
	    0 && !f->late && !t->is_cancel && !t->is_cancelled &&
	    !t->is_adjusted && !t->is_flex;
	e->regular = f->print.regular;
	e->quoted = f->quoted;
	e->excluded = u->settings->excluded;
	e->member = !f->is_sweep_record && f->is_sweep;
	e->sweep = f->is_sweep;
	e->part_sweep = !f->is_sweep && !f->is_sweep_record &&
	    (f->is_split || (t->cond.flags & COND_ISO) != 0);
	e->wide = f->wide;
	e->auction = f->print.auction;
	e->iv_bad = f->print.iv_bad;
	e->aggressiveness = f->aggressiveness;
	e->confidence_e6 = f->confidence_e6;
	e->dte = t->dte;
	e->premium_e4 = t->premium_e4;
}

/* A price of the underlying that the record lacks is that of its bars. */
static void
score_price(const struct underlying *u, struct facts *f)
{
	const struct bars *bars = u->bars;

	if (f->print.underlying_e4 != TRADE_NONE || bars == NULL ||
	    bars->newest_ts <= 0 || bars->newest_ts > f->trade.timestamp)
		return;
	f->print.underlying_e4 = bars->newest_e4;
	f->print.underlying_age_ms = f->trade.timestamp - bars->newest_ts;
}

/* otm_pct, of a price that is fresh enough; what the record says stands. */
static int64_t
score_otm_e6(const struct underlying *u, const struct facts *f)
{
	int64_t strike_e4 = f->trade.strike_e4, away;
	int64_t price_e4 = f->print.underlying_e4;

	if (f->print.otm_pct_e6 != TRADE_NONE)
		return f->print.otm_pct_e6;
	if (price_e4 == TRADE_NONE || price_e4 <= 0 ||
	    strike_e4 == TRADE_NONE || f->trade.is_adjusted ||
	    f->trade.right == TRADE_NO_RIGHT ||
	    f->print.underlying_age_ms > u->settings->max_underlying_age_ms)
		return TRADE_NONE;
	away = f->trade.right == TRADE_PUT ? price_e4 - strike_e4 :
	    strike_e4 - price_e4;
	return decimal_ratio(100 * away, price_e4, DECIMAL_E6);
}

/* What is known beyond the record. */
static void
score_gather(struct score *s, struct strategy_event *e, struct underlying *u,
    const struct facts *f)
{
	struct underlying_market *m = &s->market;
	struct level_set set;
	int64_t t = f->trade.timestamp;

	m->underlying_e4 = f->print.underlying_e4;
	underlying_look(&s->store, u, t, m);
	e->otm_pct_e6 = score_otm_e6(u, f);
	e->underlying_age_ms = f->print.underlying_age_ms;
	e->rvol_e6 = m->rvol_e6;
	e->day_volume = f->print.day_volume;
	e->open_interest = f->print.open_interest;
	e->vol_oi_e6 = f->print.vol_oi_e6;
	e->sweeps = underlying_sweeps(u, e->is_long, t);
	e->vwap = m->vwap_e6 == TRADE_NONE || m->underlying_e4 == TRADE_NONE ?
	    STRATEGY_UNKNOWN : m->vwap_side == 0 ? STRATEGY_BETWEEN :
	    (m->vwap_side > 0) == e->is_long ? STRATEGY_ALIGNED :
	    STRATEGY_OPPOSED;
	for (int i = 0; i < BARS_FRAMES; i++)
		e->trend[i] = score_stand(m->view[i].trend, e->is_long);
	e->level = e->swing_level = LEVEL_NONE;
	if (m->underlying_e4 != TRADE_NONE) {
		underlying_levels(u, t, f->day, false, &set);
		e->level = level_judge(&set, m->underlying_e4, e->is_long,
		    false);
		underlying_levels(u, t, f->day, true, &set);
		e->swing_level = level_judge(&set, m->underlying_e4,
		    e->is_long, true);
	}
	e->regime_trend = m->regime_trend;
	e->regime_vol = m->regime_vol;
	persist_sums(&u->persist, f->expiration, f->trade.right, &e->memory);
	e->persistent = persist_holds(&u->settings->persist, &e->memory);
}

/* The contexts of an underlying now. */
static void
score_weigh(struct score *s, struct underlying *u,
    struct context context[WINDOW_COUNT])
{
	struct window_sum sum[WINDOW_COUNT];

	score_expire(s, u);
	score_contexts(u, sum, context);
}

/*
 * The strength of a kind and, when failed holds none of its gates and it is
 * strong enough, its signal.  Returns the gates that fail; *best_e1 is the best
 * strength of all kinds so far.
 */
static uint32_t
score_kind(struct score *s, const struct underlying *u,
    enum strategy_kind kind, uint32_t failed,
    const struct context *context, int64_t *best_e1)
{
	static const int64_t additive_pct[] = { 15, 12, 10 };
	const struct strategy_limits *limits = &u->settings->limits[kind];
	struct output_signal signal = { .facts = &s->facts,
	    .event = &s->event, .market = &s->market, .kind = kind,
	    .experiment = s->opt.experiment };

	strength_measure(&s->event, kind, limits, &signal.strength);
	signal.strength_e1 = context_boost(signal.strength.raw_e3,
	    s->event.is_long, context, &u->settings->context,
	    additive_pct[kind], &signal.boost_e3);
	if (signal.strength_e1 * 1000 < limits->min_strength_e4)
		failed |= UINT32_C(1) << STRATEGY_MIN_STRENGTH;
	if (failed != 0)
		return failed;
	signal.tags = strength_tags(&s->event, kind);
	output_signal(&s->made, &signal);
	s->n_made++;
	if (signal.strength_e1 > *best_e1)
		*best_e1 = signal.strength_e1;
	return 0;
}

/* True when a kind could make something of it: looks before the long way. */
static bool
score_may(const struct underlying *u, const struct facts *f)
{
	const struct strategy_limits *l = u->settings->limits;

	for (int k = 0; k < STRATEGY_KINDS; k++) {
		int64_t least = k == STRATEGY_SWING ?
		    l[k].min_event_premium_e4 : l[k].min_premium_e4;

		if (l[k].on && f->trade.premium_e4 >= least &&
		    f->trade.dte >= l[k].min_dte &&
		    f->trade.dte <= l[k].max_dte)
			return true;
	}
	return false;
}

/* Only those that failed alone. */
static void
score_keep_near(uint32_t failed[STRATEGY_KINDS])
{
	for (int k = 0; k < STRATEGY_KINDS; k++)
		if ((failed[k] & (failed[k] - 1)) != 0)
			failed[k] = 0;
}

/*
 * Judges the print or sweep in hand: signals go to s->made, gates that failed
 * to failed[].  Returns the best strength, or TRADE_NONE without a signal.
 */
static int64_t
score_judge(struct score *s, struct underlying *u,
    uint32_t failed[STRATEGY_KINDS])
{
	const struct strategy_limits *limits = u->settings->limits;
	bool tells = s->opt.explain || s->opt.near_miss, weighed = false;
	struct context context[WINDOW_COUNT];
	int64_t best_e1 = TRADE_NONE;
	uint32_t common;

	score_describe(&s->event, u, &s->facts);
	common = strategy_common(&s->event);
	if (!tells && (common != 0 || !score_may(u, &s->facts)))
		return TRADE_NONE;
	score_gather(s, &s->event, u, &s->facts);
	for (int k = 0; k < STRATEGY_KINDS; k++) {
		if (!limits[k].on)
			continue;
		failed[k] = strategy_judge(&s->event, (enum strategy_kind)k,
		    &limits[k], common);
		if (failed[k] != 0 && !tells)
			continue;
		if (!weighed)
			score_weigh(s, u, context);
		weighed = true;
		failed[k] = score_kind(s, u, (enum strategy_kind)k,
		    failed[k], &context[WINDOW_4H], &best_e1);
	}
	if (!s->opt.explain)
		score_keep_near(failed);
	return best_e1;
}

/* ---- records ---- */

static int
score_bad(struct score *s, const struct line *line)
{
	s->control.count.reject++;
	control_reject(&s->control, line->file, line->number, s->err.text);
	return 0;
}

/* The record in hand with what is known of it, and its signals. */
static void
score_put(struct score *s, int64_t otm_e6, int64_t best_e1,
    const uint32_t failed[STRATEGY_KINDS])
{
	struct buf *dst = &s->out->buf;

	emit_splice(dst, s->scan, &s->keys);
	emit_opt_decimal(dst, KEY_otm_pct, otm_e6, DECIMAL_E6);
	emit_opt_int(dst, KEY_score, best_e1);
	if (s->opt.explain || s->opt.near_miss)
		output_failed(dst, failed);
	emit_close(dst);
	buf_add(dst, s->made.p, s->made.n);
	s->control.count.add += s->n_made;
	s->control.count.out += 1 + s->n_made;
	s->made.n = 0;
	s->n_made = 0;
}

static void
score_keep_last(struct score *s, const struct facts *f)
{
	s->last = f->print;
	s->last_id.n = 0;
	buf_add(&s->last_id, f->id.p, f->id.n);
}

static int
score_trade(struct score *s, const struct line *line)
{
	struct facts *f = &s->facts;
	uint32_t failed[STRATEGY_KINDS] = { 0 };
	int64_t best_e1 = TRADE_NONE, otm_e6 = TRADE_NONE;
	struct underlying *u;

	if (facts_read_trade(f, s->scan, s->watermark, &s->err) < 0)
		return score_bad(s, line);
	score_advance(s, f->trade.timestamp);
	score_use_baseline(s, f);
	u = score_underlying(s, f->trade.symbol);
	if (u != NULL && f->trade.right != TRADE_NO_RIGHT) {
		score_price(u, f);
		otm_e6 = score_otm_e6(u, f);
		if (!f->trade.is_cancel) {
			score_count_trade(s, u, f);
			best_e1 = score_judge(s, u, failed);
			score_keep_last(s, f);
		}
	}
	score_put(s, otm_e6, best_e1, failed);
	return 0;
}

/* A sweep follows its last print, whose market is its own. */
static void
score_take_over(struct score *s, struct facts *f)
{
	static const struct facts_print unknown = { TRADE_NONE, TRADE_NONE,
	    TRADE_NONE, TRADE_NONE, TRADE_NONE, TRADE_NONE, false, false,
	    false };

	if (slice_equal(f->last_id, (struct slice){ s->last_id.p,
	    s->last_id.n })) {
		f->print = s->last;
		return;
	}
	f->print = unknown;
	if (!s->told_fast) {
		s->told_fast = true;
		log_warning("a sweep does not follow its last print (flow-"
		    "classify --emit fast?): such sweeps make no signal");
	}
}

static int
score_sweep(struct score *s, const struct line *line)
{
	struct facts *f = &s->facts;
	uint32_t failed[STRATEGY_KINDS] = { 0 };
	int64_t best_e1 = TRADE_NONE, otm_e6 = TRADE_NONE;
	struct underlying *u;

	if (facts_read_sweep(f, s->scan, s->watermark, &s->err) < 0)
		return score_bad(s, line);
	score_advance(s, f->trade.timestamp);
	score_use_baseline(s, f);
	u = score_underlying(s, f->trade.symbol);
	if (u != NULL)
		score_take_over(s, f);
	if (u != NULL && !f->trade.is_adjusted) {
		score_remember(s, u, f);
		if (f->is_sweep)
			score_add(s, u, f, WINDOW_SWEEP);
	}
	if (u != NULL && f->is_sweep) {
		if (f->sentiment != BIAS_NEUTRAL)
			underlying_note_sweep(u, f->sentiment ==
			    BIAS_BULLISH, f->trade.timestamp);
		best_e1 = score_judge(s, u, failed);
		otm_e6 = score_otm_e6(u, f);
	}
	score_put(s, otm_e6, best_e1, failed);
	return 0;
}

static void
score_pass(struct score *s)
{
	emit_splice(&s->out->buf, s->scan, NULL);
	emit_close(&s->out->buf);
	s->control.count.out++;
}

/* Takes from the memory what a print had added. */
static void
score_forget(struct underlying *u, const struct facts *f, uint32_t flags)
{
	struct persist_session *session;

	if ((flags & (WINDOW_BUY | WINDOW_SELL)) == 0 ||
	    f->expiration == DAY_NONE || !score_is_single_leg(&f->trade))
		return;
	session = persist_at(&u->persist, &u->settings->persist, f->day,
	    f->expiration, f->trade.right);
	if (session == NULL)
		return;
	persist_add((flags & WINDOW_BUY) != 0 ? &session->buy_e4 :
	    &session->sell_e4, -f->trade.premium_e4);
	if ((flags & WINDOW_EVENT) != 0) {
		persist_add(&session->events, -1);
		persist_add(&session->premium_e4, -f->trade.premium_e4);
	}
}

static int
score_cancel(struct score *s, const struct line *line)
{
	struct facts *f = &s->facts;
	struct window_print was;
	struct underlying *u;

	if (facts_read_cancel(f, s->scan, &s->err) < 0)
		return score_bad(s, line);
	score_advance(s, f->trade.timestamp);
	u = f->ref_id.n == 0 || f->ref_ts == TRADE_NONE ? NULL :
	    underlying_get(&s->store, f->trade.symbol);
	if (u != NULL && window_take_back(&u->log, window_id(f->ref_id.p,
	    f->ref_id.n), window_clock_at(&s->store.clock, f->ref_ts),
	    &was)) {
		score_forget(u, f, was.flags);
		score_mark(s, u);
	}
	score_pass(s);
	return 0;
}

static int
score_bar(struct score *s, const struct line *line)
{
	struct underlying *u = NULL;
	struct slice symbol;
	struct bars_bar bar;
	enum bars_frame frame;
	int r = facts_read_bar(&symbol, &frame, &bar, s->scan, &s->err);

	if (r < 0)
		return score_bad(s, line);
	if (r == 0 && scan_int(s->scan, KEY_end_ts, &bar.end_ts,
	    &s->err) < 0)
		return score_bad(s, line);
	if (bar.end_ts != TRADE_NONE)
		score_advance(s, bar.end_ts);
	if (r > 0)
		u = score_underlying(s, symbol);
	if (u != NULL) {
		bars_add(underlying_bars(u), frame, &bar);
		underlying_anchor(&s->store, u);
	}
	if (u == NULL || !s->opt.explain) {
		score_pass(s);
		return 0;
	}
	s->market.underlying_e4 = TRADE_NONE;
	underlying_look(&s->store, u, bar.end_ts, &s->market);
	emit_splice(&s->out->buf, s->scan, &s->bar_keys);
	output_metrics(&s->out->buf, &s->market);
	emit_close(&s->out->buf);
	s->control.count.out++;
	return 0;
}

/* Records of other kinds move time. */
static int
score_other(struct score *s, const struct line *line)
{
	int64_t ts;
	int r = scan_int(s->scan, KEY_timestamp, &ts, &s->err);

	if (r < 0)
		return score_bad(s, line);
	if (r > 0)
		score_advance(s, ts);
	score_pass(s);
	return 0;
}

static int
score_data(struct score *s, const struct line *line, struct slice kind)
{
	s->control.count.in++;
	if (s->control.newer)		/* of unknown meaning */
		score_pass(s);
	else if (slice_equal(kind, SLICE("trade")))
		return score_trade(s, line);
	else if (slice_equal(kind, SLICE("sweep")))
		return score_sweep(s, line);
	else if (slice_equal(kind, SLICE("cancel")))
		return score_cancel(s, line);
	else if (slice_equal(kind, SLICE("bar")))
		return score_bar(s, line);
	else
		return score_other(s, line);
	return 0;
}

/* The hello says what was known before the first record. */
static void
score_hello(struct score *s)
{
	struct buf name = BUF_INIT;

	baseline_name(&name, s->opt.baseline, s->control.stage);
	control_baseline(&s->out->buf, s->scan, (struct slice){ name.p,
	    name.n });
	buf_free(&name);
}

static int
score_control(struct score *s, const struct line *line,
    enum control_kind kind)
{
	struct buf *dst = &s->out->buf;
	int64_t ts = TRADE_NONE;

	if (kind == CONTROL_HEARTBEAT && scan_int(s->scan, KEY_timestamp,
	    &ts, &s->err) < 0) {
		control_reject(&s->control, line->file, line->number,
		    s->err.text);
		return 0;
	}
	if (ts != TRADE_NONE)
		score_advance(s, ts);
	if (kind == CONTROL_BYE && s->watermark != TRADE_NONE)
		score_write_contexts(s, s->watermark);
	control_arrive(&s->control, kind, s->scan, dst);
	if (kind == CONTROL_HEARTBEAT) {
		control_heartbeat(dst, scan_object(s->scan),
		    control_hop_of(s->scan), s->control.stage,
		    &s->control.count);
	} else if (kind == CONTROL_BYE) {
		control_bye(&s->control, s->scan, dst);
	} else if (kind == CONTROL_HELLO && s->opt.baseline != NULL) {
		score_hello(s);
	} else {
		emit_splice(dst, s->scan, NULL);
		emit_close(dst);
	}
	return 0;
}

/* ---- the interface ---- */

int
score_line(struct score *s, const struct line *line)
{
	enum control_kind kind;
	struct slice name;

	if (line->too_long)
		err_set(&s->err, "line over %d bytes", LINE_MAX_BYTES);
	if (line->too_long ||
	    scan_line(s->scan, line->p, line->n, &s->err) < 0 ||
	    control_kind_of(s->scan, &kind, &name, &s->err) < 0) {
		s->control.count.in++;
		score_bad(s, line);
	} else if (kind != CONTROL_DATA) {
		score_control(s, line, kind);
	} else {
		score_data(s, line, name);
	}
	return line_out_end(s->out);
}

int
score_end(struct score *s)
{
	int status;

	control_cut(&s->control, &s->out->buf);
	if (s->watermark != TRADE_NONE)
		score_write_contexts(s, s->watermark);
	status = control_end(&s->control, &s->out->buf);
	control_tell_rest(&s->control);
	if (s->store.pool.forgotten > 0)
		log_warning("%" PRId64 " prints left their windows early: "
		    "more than are remembered", s->store.pool.forgotten);
	if (s->store.full)
		log_warning("more underlyings than are remembered: some "
		    "passed unscored");
	return status;
}

void
score_unreadable(struct score *s, const char *why)
{
	log_error("%s", why);
	s->control.rejected++;
}
