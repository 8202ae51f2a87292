#include "alert/watch.h"

#include <inttypes.h>
#include <stdlib.h>

#include "alert/blind.h"
#include "alert/cooldown.h"
#include "alert/memo.h"
#include "alert/notice.h"
#include "alert/print.h"
#include "alert/recent.h"
#include "alert/text.h"
#include "market/cal.h"
#include "market/flow.h"
#include "market/stat.h"
#include "record/emit.h"
#include "record/trade.h"

enum {
	WATCH_TICKERS = 1 << 16,
	WATCH_CONTRACTS = 1 << 19,
	WATCH_KEYS = 1 << 16		/* cooldowns; alert and trade ids */
};

#define WATCH_IV_MOST INT64_C(1000000000)	/* 100,000 %: beyond is none */

struct watch_ticker {
	struct watch_settings settings;
	const struct baseline_underlying *usual;	/* on day, or NULL */
	struct flow_sum sum;		/* of day */
	struct cal_span session;	/* regular hours of day */
	struct cal_span whole;		/* with the evening before */
	int64_t first_ts;		/* earliest trade counted today */
	int32_t day;			/* newest trade date */
	unsigned spent;			/* bit per rule that fired today and
					 * has not re-armed */
	bool known;			/* settings are those of the ticker */
	bool has_session;
	bool closed;			/* the session's end was looked at */
	bool alerted;			/* any rule fired today */
};

struct watch_contract {
	const struct baseline_contract *usual;	/* on day, or NULL */
	struct flow_sum sum;		/* of day */
	int64_t first_ts;
	int32_t day;
	int32_t oi_day;			/* oi_date last judged */
	bool known, has_oi;
	bool spent;			/* UNUSUAL_VOLUME fired today */
	bool estimated;			/* OI_CHANGE by estimate did */
	bool spiked;			/* IV_SPIKE did */
};

struct watch {
	struct watch_setup setup;
	struct tape_stats stats;	/* with the watermark */
	int64_t next_close;		/* of the sessions still open */
	unsigned inputs;		/* enum rule_input seen */
	struct recent tickers, contracts;
	struct recent ids;		/* alert_id to times used */
	struct recent withdrawn;	/* trade_ids that came cancelled */
	struct cooldown cooldown;
	struct blind blind;
	struct memos memos;
	struct buf run;			/* of the last hello, or empty */
	struct buf id, key, said, record;	/* of the alert in hand */
	unsigned told;			/* of the baseline, baseline_tell */
	bool knows_calls;		/* it has a ticker's call flow */
	bool demo;			/* made-up prints came */
	bool spoke;			/* an alert was written as text */
	bool cut;			/* what comes is not final */
	struct watch_tally tallies[RULE_COUNT];
};

struct watch *
watch_new(const struct watch_setup *setup)
{
	struct watch *w = buf_alloc(1, sizeof(*w));

	w->setup = *setup;
	w->stats.ts = INT64_MIN;
	w->next_close = INT64_MAX;
	recent_init(&w->tickers, WATCH_TICKERS, sizeof(struct watch_ticker));
	recent_init(&w->contracts, WATCH_CONTRACTS,
	    sizeof(struct watch_contract));
	recent_init(&w->ids, WATCH_KEYS, sizeof(int64_t));
	recent_init(&w->withdrawn, WATCH_KEYS, 0);
	cooldown_init(&w->cooldown, WATCH_KEYS);
	return w;
}

void
watch_free(struct watch *w)
{
	if (w == NULL)
		return;
	recent_free(&w->tickers);
	recent_free(&w->contracts);
	recent_free(&w->ids);
	recent_free(&w->withdrawn);
	cooldown_free(&w->cooldown);
	blind_free(&w->blind);
	memo_free(&w->memos);
	buf_free(&w->run);
	buf_free(&w->id);
	buf_free(&w->key);
	buf_free(&w->said);
	buf_free(&w->record);
	free(w);
}

/* ---- alerts out ---- */

/* domain.md 1.9; unique by a final ":2" and so on. */
static void
watch_name(struct watch *w, struct notice *notice)
{
	const struct rule_info *info = rule_info(notice->rule);
	struct slice key = info->per_contract ?
	    notice->identity.contract_ticker : notice->ticker;
	int64_t *used;

	w->id.n = 0;
	buf_fmt(&w->id, "al:%s:", info->name);
	buf_add(&w->id, key.p, key.n);
	buf_fmt(&w->id, ":%" PRId64, notice->end_ts);
	used = recent_use(&w->ids, (struct slice){ w->id.p, w->id.n });
	if (++*used > 1)
		buf_fmt(&w->id, ":%" PRId64, *used);
	notice->id = (struct slice){ w->id.p, w->id.n };
}

/* A space stands in no ticker and in no name of a rule. */
static struct slice
watch_key(struct watch *w, const struct watch_ticker *t,
    const struct notice *notice)
{
	const struct rule_info *info = rule_info(notice->rule);

	w->key.n = 0;
	buf_add(&w->key, notice->ticker.p, notice->ticker.n);
	if (t->settings.scope == WATCH_BY_TYPE) {
		buf_fmt(&w->key, " %s ", info->name);
		if (info->per_contract)
			buf_add(&w->key, notice->identity.contract_ticker.p,
			    notice->identity.contract_ticker.n);
	}
	return (struct slice){ w->key.p, w->key.n };
}

/* Where words go, for watch_say; NULL when nobody listens. */
static struct buf *
watch_words(struct watch *w)
{
	return w->setup.text == NULL && w->setup.log == NULL ? NULL :
	    &w->said;
}

/*
 * Says the words gathered.  Alerts are set apart by an empty line; in a log,
 * to which others append, it stands behind each.
 */
static void
watch_say(struct watch *w, struct slice trade_date)
{
	if (w->setup.text != NULL) {
		if (w->spoke)
			buf_str(w->setup.text, "\n");
		w->spoke = true;
		buf_add(w->setup.text, w->said.p, w->said.n);
	}
	if (w->setup.log != NULL) {	/* keeps its own failure */
		buf_str(&w->said, "\n");
		dated_write(w->setup.log, trade_date,
		    (struct slice){ w->said.p, w->said.n });
	}
	w->said.n = 0;
}

/*
 * Ends the record in hand.  The journal has it before a reader of the stream
 * can; it keeps its own failure.
 */
static void
watch_tell(struct watch *w, struct slice trade_date)
{
	struct buf *record = &w->record;

	emit_close(record);
	if (w->setup.journal != NULL && !w->cut)
		dated_write(w->setup.journal, trade_date,
		    (struct slice){ record->p, record->n });
	if (w->setup.records == NULL)
		return;
	buf_add(w->setup.records, record->p, record->n);
	w->setup.count->add++;
	w->setup.count->out++;
}

/* judged: the sums that the rule looked at. */
static void
watch_write(struct watch *w, const struct watch_ticker *t,
    const struct notice *notice, const struct flow_sum *judged)
{
	bool recorded = w->setup.records != NULL || w->setup.journal != NULL;
	struct buf *record = &w->record;

	record->n = 0;
	if (recorded)
		notice_write(record, notice);
	if (!notice->suppressed)
		memo_add(&w->memos, notice, (struct slice){ record->p,
		    record->n }, &t->settings.limits, judged);
	if (recorded)
		watch_tell(w, notice->identity.trade_date);
	if (!notice->suppressed && watch_words(w) != NULL) {
		text_alert(watch_words(w), notice);
		watch_say(w, notice->identity.trade_date);
	}
}

static void
watch_fire(struct watch *w, struct watch_ticker *t, struct notice *notice,
    const struct flow_sum *judged)
{
	enum rule_severity severity = rule_info(notice->rule)->severity;
	struct watch_tally *tally = &w->tallies[notice->rule];

	tally->fired++;
	t->alerted = true;
	if ((int)severity < t->settings.min_severity) {
		tally->below++;
		return;
	}
	notice->profile = t->settings.limits.profile;
	notice->run = (struct slice){ w->run.p, w->run.n };
	watch_name(w, notice);
	notice->suppressed = !cooldown_pass(&w->cooldown,
	    watch_key(w, t, notice), severity, notice->end_ts,
	    t->settings.cooldown_ms, &notice->suppressed_count);
	if (notice->suppressed)
		tally->suppressed++;
	else
		tally->emitted++;
	watch_write(w, t, notice, judged);
}

/* Percent of the session so far, TRADE_NONE when nobody can know. */
static int64_t
watch_coverage_e4(const struct watch *w, struct slice ticker,
    const struct watch_ticker *t)
{
	struct cal_span span = t->session;

	if ((w->inputs & RULE_NEEDS_HELLO) == 0 || !t->has_session ||
	    w->stats.ts <= span.start_ts)
		return TRADE_NONE;
	if (w->stats.ts < span.end_ts)
		span.end_ts = w->stats.ts;
	return blind_coverage_e4(&w->blind, ticker, &span);
}

/* Call flow that is usual by now. */
static int64_t
watch_mean_e6(const struct watch *w, const struct watch_ticker *t,
    enum rule rule)
{
	if (rule != RULE_HEAVY_CALL_FLOW || t->usual == NULL)
		return TRADE_NONE;
	return baseline_by_time(w->setup.baseline, &t->usual->call_flow,
	    w->stats.ts);
}

/* An alert over the sums of the ticker's day. */
static void
watch_fire_sum(struct watch *w, struct watch_ticker *t, enum rule rule,
    int64_t end_ts, struct slice trade_id, bool late)
{
	struct slice ticker = recent_name(t);
	char date[DAY_TEXT];
	struct notice n;

	notice_init(&n, rule);
	n.ticker = n.identity.symbol = ticker;
	n.identity.trade_date = (struct slice){ date,
	    day_print(date, t->day) };
	if (w->demo)
		n.identity.feed = SLICE("demo");
	n.start_ts = t->first_ts < end_ts ? t->first_ts : end_ts;
	n.end_ts = end_ts;
	n.trade_id = trade_id;
	n.has_sum = true;
	n.sum = t->sum;
	n.mean_e6 = watch_mean_e6(w, t, rule);
	n.coverage_e4 = watch_coverage_e4(w, ticker, t);
	n.late = late;
	watch_fire(w, t, &n, &t->sum);
}

/* ---- the ends of sessions ---- */

/* NO_UNUSUAL_ACTIVITY, when silence says something. */
static void
watch_quiet(struct watch *w, struct watch_ticker *t, int64_t end_ts)
{
	const unsigned bit = 1u << RULE_NO_UNUSUAL_ACTIVITY;
	unsigned needs = rule_info(RULE_NO_UNUSUAL_ACTIVITY)->needs;

	if ((t->spent & bit) != 0 || t->alerted ||
	    (w->inputs & needs) != needs ||
	    !rule_seen_enough(&t->settings.limits, &t->sum) ||
	    blind_touches(&w->blind, recent_name(t), &t->whole))
		return;
	t->spent |= bit;
	watch_fire_sum(w, t, RULE_NO_UNUSUAL_ACTIVITY, end_ts,
	    (struct slice){ NULL, 0 }, false);
}

/* Moves the watermark; sessions that end by it are looked at once. */
static void
watch_clock(struct watch *w, int64_t ts)
{
	struct watch_ticker *t;

	if (w->stats.ts == INT64_MIN)
		w->stats.first_ts = ts;
	if (ts > w->stats.ts)
		w->stats.ts = ts;
	if (w->stats.ts < w->next_close)
		return;
	w->next_close = INT64_MAX;
	for (t = recent_first(&w->tickers); t != NULL; t = recent_next(t)) {
		if (!t->has_session || t->closed)
			continue;
		if (t->session.end_ts <= w->stats.ts) {
			t->closed = true;
			watch_quiet(w, t, t->session.end_ts);
		} else if (t->session.end_ts < w->next_close) {
			w->next_close = t->session.end_ts;
		}
	}
}

/* ---- state of tickers and contracts ---- */

/* The baseline when it is of a record's date; what else it is, is told. */
static const struct baseline *
watch_baseline(struct watch *w, const struct trade *trade, int32_t day)
{
	const struct baseline *b = w->setup.baseline;
	struct buf unsaid = BUF_INIT;
	enum baseline_use use;

	if (b == NULL)
		return NULL;
	use = baseline_use(b, day, trade_is_demo(trade));
	baseline_tell(b, use, day, "flow-alert", &w->told,
	    w->setup.records != NULL ? w->setup.records : &unsaid);
	buf_free(&unsaid);
	return use == BASELINE_NOW ? b : NULL;
}

static void
watch_new_day(struct watch *w, struct watch_ticker *t,
    const struct trade *trade, int32_t day)
{
	enum cal_class cls = cal_class_of(trade->root, day,
	    trade->expiration.n > 0);
	const struct baseline *b = watch_baseline(w, trade, day);
	struct cal_span evening;

	t->usual = b == NULL ? NULL : baseline_underlying(b, trade->symbol);
	w->knows_calls |= t->usual != NULL && t->usual->call_flow.n > 0;
	memset(&t->sum, 0, sizeof(t->sum));
	t->day = day;
	t->first_ts = trade->timestamp;
	t->spent = 0;
	t->closed = t->alerted = false;
	t->has_session = cal_span(day, cls, CAL_RTH, &t->session, NULL) > 0;
	t->whole = (struct cal_span){ INT64_MIN, INT64_MAX };
	if (!t->has_session)
		return;
	t->whole = t->session;
	if (cal_span(day, cls, CAL_GTH, &evening, NULL) > 0)
		t->whole.start_ts = evening.start_ts;
	if (t->session.end_ts < w->next_close)
		w->next_close = t->session.end_ts;
}

static struct watch_ticker *
watch_ticker(struct watch *w, const struct trade *trade, int32_t day)
{
	struct watch_ticker *t = recent_use(&w->tickers, trade->symbol);

	if (!t->known) {
		t->settings = w->setup.settings;
		if (w->setup.settle != NULL)
			w->setup.settle(w->setup.ctx, recent_name(t).p,
			    &t->settings);
	}
	if (!t->known || day > t->day)
		watch_new_day(w, t, trade, day);
	t->known = true;
	return t;
}

static struct watch_contract *
watch_contract(struct watch *w, const struct trade *trade, int32_t day)
{
	struct watch_contract *c = recent_use(&w->contracts,
	    trade->contract_ticker);

	if (!c->known || day > c->day) {
		const struct baseline *b = watch_baseline(w, trade, day);

		c->usual = b == NULL ? NULL : baseline_contract(b,
		    trade->contract_ticker);
		memset(&c->sum, 0, sizeof(c->sum));
		c->day = day;
		c->first_ts = trade->timestamp;
		c->spent = c->estimated = c->spiked = false;
		c->known = true;
	}
	return c;
}

/* ---- records ---- */

static void
watch_pass(struct watch *w, const struct scan *scan)
{
	w->setup.count->in++;
	w->setup.count->out++;
	if (w->setup.records == NULL)
		return;
	emit_splice(w->setup.records, scan, NULL);
	emit_close(w->setup.records);
}

/* An alert over one print, sweep or contract. */
static void
watch_notice(struct notice *n, enum rule rule, const struct print *p)
{
	notice_init(n, rule);
	n->ticker = p->trade.symbol;
	n->identity = p->trade;
	n->start_ts = n->end_ts = p->trade.timestamp;
	n->size = p->trade.size;
	n->premium_e4 = p->trade.premium_e4;
	n->side = p->side;
	n->aggressor = p->aggressor;
	n->trade_id = p->trade.trade_id;
	n->late = p->late;
}

static void
watch_event_rule(struct watch *w, struct watch_ticker *t,
    const struct print *p, enum rule rule, const char *signal)
{
	struct notice n;

	watch_notice(&n, rule, p);
	n.signal = signal;
	if (__builtin_mul_overflow(p->trade.price_e4, 100, &n.price_e6))
		n.price_e6 = TRADE_NONE;
	watch_fire(w, t, &n, &t->sum);
}

/* Rules over the sums: which may fire again, and which fire now. */
static void
watch_sum_rule(struct watch *w, struct watch_ticker *t, enum rule rule,
    const struct print *p)
{
	const struct rule_limits *limits = &t->settings.limits;
	unsigned bit = 1u << rule;

	if ((t->spent & bit) != 0) {
		if (rule_sum_rearms(rule, limits, &t->sum))
			t->spent &= ~bit;
	} else if (rule_sum_holds(rule, limits, &t->sum, watch_mean_e6(w, t,
	    rule))) {
		t->spent |= bit;
		watch_fire_sum(w, t, rule, p->trade.timestamp,
		    p->trade.trade_id, p->late);
	}
}

static void
watch_volume_rule(struct watch *w, struct watch_ticker *t,
    struct watch_contract *c, const struct print *p,
    const struct scan *scan)
{
	const struct rule_limits *limits = &t->settings.limits;
	struct rule_volume volume = { TRADE_NONE, p->unusual };
	struct notice n;

	if (c->spent)
		return;
	scan_decimal(scan, KEY_volume_ratio, DECIMAL_E6, &volume.ratio_e6,
	    NULL);
	if (!rule_volume(limits, &volume) ||
	    !rule_volume_counts(limits, &c->sum))
		return;
	c->spent = true;
	watch_notice(&n, RULE_UNUSUAL_VOLUME, p);
	n.start_ts = c->first_ts < n.end_ts ? c->first_ts : n.end_ts;
	n.size = TRADE_NONE;
	n.premium_e4 = p->trade.right == TRADE_PUT ? c->sum.put_e4 :
	    c->sum.call_e4;
	n.side = n.aggressor = (struct slice){ NULL, 0 };
	scan_int(scan, KEY_day_volume, &n.day_volume, NULL);
	n.volume_ratio = print_number(scan, KEY_volume_ratio);
	n.vol_oi_ratio = print_number(scan, KEY_vol_oi_ratio);
	n.open_interest = p->trade.open_interest;
	watch_fire(w, t, &n, &c->sum);
}

/* OI_CHANGE before its time: the figure comes out the next morning. */
static void
watch_estimate_rule(struct watch *w, struct watch_ticker *t,
    struct watch_contract *c, const struct print *p,
    const struct scan *scan)
{
	const struct rule_limits *limits = &t->settings.limits;
	int64_t volume, prior = p->trade.open_interest, change, next;
	struct notice n;

	if (!t->settings.oi_estimate || prior == TRADE_NONE || prior < 0 ||
	    scan_int(scan, KEY_day_volume, &volume, NULL) <= 0)
		return;
	w->inputs |= RULE_NEEDS_OI;
	change = stat_oi_estimate(volume, limits->opening_share_e4 * 100);
	if (c->estimated || __builtin_add_overflow(prior, change, &next) ||
	    !rule_oi_change(limits, next, change))
		return;
	c->estimated = true;
	watch_notice(&n, RULE_OI_CHANGE, p);
	n.size = n.premium_e4 = TRADE_NONE;
	n.side = n.aggressor = (struct slice){ NULL, 0 };
	n.day_volume = volume;
	n.open_interest = prior;
	n.oi_change_est = change;
	watch_fire(w, t, &n, &c->sum);
}

/* What the contract's volatility was before, or else its underlying's. */
static int64_t
watch_iv_ref(const struct watch_ticker *t, const struct watch_contract *c)
{
	int64_t ref = c->usual == NULL ? TRADE_NONE : c->usual->iv_e6;

	if (ref == TRADE_NONE && t->usual != NULL)
		ref = t->usual->iv30_e6;
	return ref > 0 && ref <= WATCH_IV_MOST ? ref : TRADE_NONE;
}

static void
watch_iv_rule(struct watch *w, struct watch_ticker *t,
    struct watch_contract *c, const struct print *p, const struct scan *scan)
{
	struct scan_value status = scan_get(scan, KEY_iv_status);
	int64_t iv, ref = watch_iv_ref(t, c);
	struct notice n;

	if (ref == TRADE_NONE || (status.type != SCAN_ABSENT && !slice_equal(
	    (struct slice){ status.p, status.n }, SLICE("OK"))) ||
	    scan_decimal(scan, KEY_iv, DECIMAL_E6, &iv, NULL) <= 0 ||
	    iv <= 0 || iv > WATCH_IV_MOST)
		return;
	w->inputs |= RULE_NEEDS_IV;
	if (c->spiked || !rule_iv_spike(&t->settings.limits, iv, ref))
		return;
	c->spiked = true;
	watch_notice(&n, RULE_IV_SPIKE, p);
	n.size = n.premium_e4 = TRADE_NONE;
	n.side = n.aggressor = (struct slice){ NULL, 0 };
	n.iv_e6 = iv;
	n.iv_ref_e6 = ref;
	watch_fire(w, t, &n, &c->sum);
}

/* In the order of 5.1. */
static void
watch_judge(struct watch *w, struct watch_ticker *t,
    struct watch_contract *c, const struct print *p,
    const struct scan *scan)
{
	const struct rule_limits *limits = &t->settings.limits;
	const struct trade_quote *nbbo = &p->trade.nbbo;
	struct rule_print print = {
		.premium_e4 = p->trade.premium_e4,
		.size = p->trade.size,
		.put = p->trade.right == TRADE_PUT,
		.multileg = p->multileg,
		.block = p->block,
		.sold = slice_equal(p->side, SLICE("SELL")),
		.aggressor = slice_equal(p->aggressor, SLICE("BUY")) ||
		    slice_equal(p->aggressor, SLICE("SELL")),
		.at_ask = nbbo->ask_e4 > 0 &&
		    p->trade.price_e4 >= nbbo->ask_e4,
		.at_bid = nbbo->bid_e4 > 0 &&
		    p->trade.price_e4 <= nbbo->bid_e4,
	};

	if (p->classified && rule_put_block(limits, &print))
		watch_event_rule(w, t, p, RULE_PUT_BLOCK, NULL);
	if (c != NULL) {
		watch_sum_rule(w, t, RULE_EXTREME_BEARISH_FLOW, p);
		watch_sum_rule(w, t, RULE_HEAVY_CALL_FLOW, p);
		watch_volume_rule(w, t, c, p, scan);
		watch_estimate_rule(w, t, c, p, scan);
		watch_iv_rule(w, t, c, p, scan);
	}
	if (p->classified && rule_block_trade(limits, &print))
		watch_event_rule(w, t, p, RULE_BLOCK_TRADE,
		    rule_block_signal(limits, &print));
	if (c != NULL)
		watch_sum_rule(w, t, RULE_BULLISH_POSITIONING, p);
}

/* Seed's words know an average, and no open interest. */
static bool
watch_has_volume(const struct rule_limits *limits, const struct scan *scan)
{
	return scan_get(scan, KEY_volume_ratio).type != SCAN_ABSENT ||
	    (limits->profile != RULE_SEED &&
	    (scan_get(scan, KEY_vol_oi_ratio).type != SCAN_ABSENT ||
	    scan_get(scan, KEY_vol_gt_oi).type != SCAN_ABSENT));
}

static void
watch_inputs(struct watch *w, const struct watch_ticker *t,
    const struct print *p, const struct scan *scan)
{
	if (p->trade.right != TRADE_NO_RIGHT)
		w->inputs |= RULE_NEEDS_OPTIONS;
	if (p->classified)
		w->inputs |= RULE_NEEDS_CLASSES;
	if ((w->inputs & RULE_NEEDS_VOLUME) == 0 &&
	    watch_has_volume(&t->settings.limits, scan))
		w->inputs |= RULE_NEEDS_VOLUME;
}

/* For people who want to see every print. */
static void
watch_tape(struct watch *w, const struct print *p, struct scan *scan)
{
	struct slice type = { NULL, 0 };

	w->stats.trades++;
	w->stats.stored += p->trade.size >= w->setup.min_size;
	w->stats.blocks += p->block;
	w->stats.trade_ts = p->trade.timestamp;
	if (w->setup.tape == NULL)
		return;
	scan_text(scan, KEY_trade_type, &type, NULL);
	tape_trade(w->setup.tape, &p->trade, type);
}

static int
watch_trade(struct watch *w, struct scan *scan, struct err *err)
{
	struct watch_contract *c = NULL;
	struct print p;
	struct watch_ticker *t;
	enum flow_class cls;

	if (print_read_trade(&p, scan, w->stats.ts, err) < 0)
		return -1;
	w->demo = w->demo || trade_is_demo(&p.trade);
	watch_clock(w, p.trade.timestamp);
	watch_pass(w, scan);
	if (p.trade.is_cancel)
		return 0;
	if (p.trade.is_cancelled) {	/* its cancel must subtract nothing */
		recent_use(&w->withdrawn, p.trade.trade_id);
		return 0;
	}
	watch_tape(w, &p, scan);
	t = watch_ticker(w, &p.trade, p.day);
	watch_inputs(w, t, &p, scan);
	p.late |= p.day < t->day;
	cls = flow_class_of(&p.trade, t->settings.count_complex);
	if (p.day == t->day) {
		c = watch_contract(w, &p.trade, p.day);
		flow_sum_add(&t->sum, cls, p.trade.premium_e4, p.trade.size,
		    1);
		flow_sum_add(&c->sum, cls, p.trade.premium_e4, p.trade.size,
		    1);
		if (p.trade.timestamp < t->first_ts)
			t->first_ts = p.trade.timestamp;
	}
	watch_judge(w, t, c, &p, scan);
	return 0;
}

static int
watch_sweep(struct watch *w, struct scan *scan, struct err *err)
{
	struct slice kind = { NULL, 0 };
	struct scan_value ids = scan_get(scan, KEY_trade_ids);
	struct rule_sweep sweep = { 0 };
	struct print p;
	struct watch_ticker *t;
	struct notice n;
	int64_t vwap_e6 = TRADE_NONE, first_ts;

	if (print_read_derived(&p, scan, err) < 0 ||
	    print_check_amounts(&p.trade, err) < 0)
		return -1;
	first_ts = p.trade.timestamp;
	if (scan_text(scan, KEY_kind, &kind, err) < 0 ||
	    scan_text(scan, KEY_side, &p.side, err) < 0 ||
	    scan_text(scan, KEY_aggressor_side, &p.aggressor, err) < 0 ||
	    scan_int(scan, KEY_n_exchanges, &sweep.n_exchanges, err) < 0 ||
	    scan_int(scan, KEY_first_ts, &first_ts, err) < 0 ||
	    scan_decimal(scan, KEY_vwap_price, DECIMAL_E6, &vwap_e6, err) < 0)
		return -1;
	watch_clock(w, p.trade.timestamp);
	watch_pass(w, scan);
	w->inputs |= RULE_NEEDS_CLASSES;
	t = watch_ticker(w, &p.trade, p.day);
	p.late |= p.day < t->day;
	sweep.premium_e4 = p.trade.premium_e4;
	sweep.put = p.trade.right == TRADE_PUT;
	sweep.bought = slice_equal(p.side, SLICE("BUY"));
	sweep.sweep = slice_equal(kind, SLICE("SWEEP"));
	w->stats.sweeps += sweep.sweep;
	if (!rule_put_sweep(&t->settings.limits, &sweep))
		return 0;
	watch_notice(&n, RULE_PUT_SWEEP, &p);
	n.start_ts = first_ts;
	n.price_e6 = vwap_e6;
	n.n_exchanges = sweep.n_exchanges;
	if (ids.type == SCAN_ARRAY)
		n.trade_ids = (struct slice){ ids.p, ids.n };
	watch_fire(w, t, &n, &t->sum);
	return 0;
}

/*
 * The change since the baseline's figure, when that is of the open date before:
 * a change is from one day to the next.
 */
static int64_t
watch_oi_change(const struct baseline *b, const struct notice *n,
    int32_t oi_day)
{
	const struct baseline_contract *usual = b == NULL ? NULL :
	    baseline_contract(b, n->identity.contract_ticker);
	int32_t before;

	if (usual == NULL || usual->open_interest == TRADE_NONE ||
	    cal_step(oi_day, -1, &before, NULL) < 0 ||
	    usual->oi_day != before)
		return TRADE_NONE;
	return n->open_interest - usual->open_interest;
}

static int
watch_oi(struct watch *w, struct scan *scan, struct err *err)
{
	struct watch_contract *c;
	struct print p;
	struct watch_ticker *t;
	struct slice date = { NULL, 0 };
	struct notice n;
	int64_t prior;
	int32_t oi_day;

	if (print_read_derived(&p, scan, err) < 0)
		return -1;
	watch_notice(&n, RULE_OI_CHANGE, &p);
	if (scan_int(scan, KEY_open_interest, &n.open_interest, err) < 0 ||
	    scan_int(scan, KEY_oi_change, &n.oi_change, err) < 0 ||
	    scan_text(scan, KEY_oi_date, &date, err) < 0)
		return -1;
	oi_day = date.n == 0 ? p.day : day_parse(date.p, date.n);
	if (oi_day == DAY_NONE)
		return err_set(err, "oi_date: not a date");
	if (n.open_interest < 0 && n.open_interest != TRADE_NONE)
		return err_set(err, "open_interest: below 0");
	watch_clock(w, p.trade.timestamp);
	watch_pass(w, scan);
	if (n.open_interest == TRADE_NONE)
		return 0;
	if (n.oi_change == TRADE_NONE && date.n > 0)
		n.oi_change = watch_oi_change(watch_baseline(w, &p.trade,
		    p.day), &n, oi_day);
	if (n.oi_change == TRADE_NONE ||
	    __builtin_sub_overflow(n.open_interest, n.oi_change, &prior) ||
	    prior < 0)
		return 0;
	w->inputs |= RULE_NEEDS_OI;
	t = watch_ticker(w, &p.trade, p.day);
	c = watch_contract(w, &p.trade, p.day);
	if ((c->has_oi && oi_day <= c->oi_day) ||
	    !rule_oi_change(&t->settings.limits, n.open_interest,
	    n.oi_change))
		return 0;
	c->has_oi = true;
	c->oi_day = oi_day;
	watch_fire(w, t, &n, &t->sum);
	return 0;
}

/* What flow-report knows of days; an alert when flow and price disagree. */
static int
watch_divergence(struct watch *w, struct scan *scan, struct err *err)
{
	int64_t score_e6 = TRADE_NONE;
	struct print p;
	struct watch_ticker *t;
	struct notice n;

	if (print_read_divergence(&p, scan, err) < 0)
		return -1;
	watch_notice(&n, RULE_FLOW_DIVERGENCE, &p);
	n.identity.root = n.identity.expiration = (struct slice){ NULL, 0 };
	if (scan_text(scan, KEY_method, &n.method, err) < 0 ||
	    scan_text(scan, KEY_result, &n.result, err) < 0 ||
	    scan_decimal(scan, KEY_score, DECIMAL_E6, &score_e6, err) < 0 ||
	    scan_int(scan, KEY_n_sessions, &n.n_sessions, err) < 0 ||
	    scan_int(scan, KEY_window_start, &n.start_ts, err) < 0 ||
	    scan_decimal(scan, KEY_coverage_pct, DECIMAL_E4, &n.coverage_e4,
	    err) < 0)
		return -1;
	w->demo = w->demo || trade_is_demo(&p.trade);
	watch_clock(w, p.trade.timestamp);
	watch_pass(w, scan);
	w->inputs |= RULE_NEEDS_DIVERGENCE;
	if (!rule_divergence(n.result, score_e6))
		return 0;
	n.score = print_number(scan, KEY_score);
	n.flow_bias = print_number(scan, KEY_flow_bias);
	n.price_return = print_number(scan, KEY_price_return);
	n.sigma = print_number(scan, KEY_sigma);
	t = watch_ticker(w, &p.trade, p.day);
	watch_fire(w, t, &n, &t->sum);
	return 0;
}

/* ---- signals ---- */

/* What a signal says is its own; what is added is where it goes. */
static void
watch_pass_signal(struct watch *w, const struct scan *scan,
    const struct signal *signal)
{
	struct key_set channel = { { 0 } };

	w->setup.count->in++;
	w->setup.count->out++;
	if (w->setup.records == NULL)
		return;
	key_set_add(&channel, KEY_channel);
	emit_splice(w->setup.records, scan, &channel);
	emit_str(w->setup.records, KEY_channel,
	    signal_channel(signal->kind));
	emit_close(w->setup.records);
}

static int
watch_signal(struct watch *w, struct scan *scan, struct err *err)
{
	struct signal signal;

	if (signal_read(&signal, scan, err) < 0)
		return -1;
	watch_clock(w, signal.print.trade.timestamp);
	watch_pass_signal(w, scan, &signal);
	if (watch_words(w) == NULL)
		return 0;
	signal_text(watch_words(w), &signal, w->setup.style, w->setup.ascii);
	watch_say(w, signal.print.trade.trade_date);
	return 0;
}

/* ---- cancels ---- */

static void
watch_take_back(struct watch *w, const struct memo_cancel *cancel,
    int64_t ts)
{
	const struct memo *memo;
	size_t pos = 0;

	while ((memo = memo_take_back(&w->memos, &pos, cancel)) != NULL) {
		struct slice day = { memo->day, DAY_TEXT };

		w->record.n = 0;
		buf_add(&w->record, memo->record.p, memo->record.n);
		emit_bool(&w->record, KEY_cancelled, true);
		if (memo->record.n > 0)
			watch_tell(w, day);
		if (w->setup.retract && watch_words(w) != NULL) {
			text_retraction(watch_words(w),
			    rule_info(memo->rule)->severity,
			    (struct slice){ memo->title.p, memo->title.n },
			    (struct slice){ memo->message.p,
			    memo->message.n }, memo->end_ts, ts);
			watch_say(w, day);
		}
	}
}

/* Subtracts a print that was counted; p.trade is that print. */
static void
watch_subtract(struct watch *w, const struct print *p,
    struct slice ref_trade_id, int64_t ts)
{
	struct watch_ticker *t = recent_get(&w->tickers, p->trade.symbol);
	struct watch_contract *c = recent_get(&w->contracts,
	    p->trade.contract_ticker);
	struct memo_cancel cancel = { .trade = &p->trade,
	    .ref_trade_id = ref_trade_id };
	struct print now = *p;

	/* Of another day, or from before this stream began. */
	if (t == NULL || t->day != p->day ||
	    p->trade.timestamp < t->first_ts)
		return;
	cancel.ticker = recent_name(t);
	cancel.cls = flow_class_of(&p->trade, t->settings.count_complex);
	flow_sum_add(&t->sum, cancel.cls, p->trade.premium_e4, p->trade.size,
	    -1);
	if (c != NULL && c->day == p->day)
		flow_sum_add(&c->sum, cancel.cls, p->trade.premium_e4,
		    p->trade.size, -1);
	watch_take_back(w, &cancel, ts);
	now.trade.timestamp = ts;
	watch_sum_rule(w, t, RULE_EXTREME_BEARISH_FLOW, &now);
	watch_sum_rule(w, t, RULE_HEAVY_CALL_FLOW, &now);
	watch_sum_rule(w, t, RULE_BULLISH_POSITIONING, &now);
}

static int
watch_cancel(struct watch *w, struct scan *scan, struct err *err)
{
	struct slice ref = { NULL, 0 };
	struct print p;
	int64_t ts;

	if (print_read_derived(&p, scan, err) < 0 ||
	    print_check_amounts(&p.trade, err) < 0 ||
	    print_ref_conditions(&p.trade, scan, err) < 0 ||
	    scan_text(scan, KEY_ref_trade_id, &ref, err) < 0)
		return -1;
	ts = p.trade.timestamp;
	if (scan_int(scan, KEY_ref_timestamp, &p.trade.timestamp, err) < 0)
		return -1;
	watch_clock(w, ts);
	watch_pass(w, scan);
	if (ref.n == 0)
		return 0;
	if (recent_get(&w->withdrawn, ref) != NULL)
		recent_remove(&w->withdrawn, ref);
	else
		watch_subtract(w, &p, ref, ts);
	return 0;
}

/* ---- the stream ---- */

int
watch_take(struct watch *w, struct scan *scan, struct slice kind,
    struct err *err)
{
	int64_t ts;

	if (slice_equal(kind, SLICE("trade")))
		return watch_trade(w, scan, err);
	if (slice_equal(kind, SLICE("sweep")))
		return watch_sweep(w, scan, err);
	if (slice_equal(kind, SLICE("cancel")))
		return watch_cancel(w, scan, err);
	if (slice_equal(kind, SLICE("oi")))
		return watch_oi(w, scan, err);
	if (slice_equal(kind, SLICE("divergence")))
		return watch_divergence(w, scan, err);
	if (slice_equal(kind, SLICE("signal")))
		return watch_signal(w, scan, err);
	if (scan_int(scan, KEY_timestamp, &ts, NULL) > 0)
		watch_clock(w, ts);
	watch_pass(w, scan);
	return 0;
}

void
watch_cut(struct watch *w, bool cut)
{
	w->cut = cut;
}

void
watch_hello(struct watch *w, struct scan *scan)
{
	struct slice run = { NULL, 0 };

	w->inputs |= RULE_NEEDS_HELLO;
	scan_text(scan, KEY_run, &run, NULL);
	w->run.n = 0;
	buf_add(&w->run, run.p, run.n);
}

int
watch_heartbeat(struct watch *w, struct scan *scan, struct err *err)
{
	int64_t ts;
	int r = scan_int(scan, KEY_timestamp, &ts, err);

	if (r > 0)
		watch_clock(w, ts);
	return r < 0 ? -1 : 0;
}

int
watch_gap(struct watch *w, struct scan *scan, struct err *err)
{
	return blind_note(&w->blind, scan, w->stats.ts, err);
}

void
watch_bye(struct watch *w)
{
	struct watch_ticker *t;

	for (t = recent_first(&w->tickers); t != NULL; t = recent_next(t))
		watch_quiet(w, t, w->stats.ts);
}

const struct watch_tally *
watch_tally(const struct watch *w, enum rule rule)
{
	unsigned needs = rule_info(rule)->needs;

	return (w->inputs & needs) == needs ? &w->tallies[rule] : NULL;
}

bool
watch_knows_calls(const struct watch *w)
{
	return w->knows_calls;
}

struct watch_forgotten
watch_forgotten(const struct watch *w)
{
	return (struct watch_forgotten){
		.tickers = w->tickers.forgotten,
		.contracts = w->contracts.forgotten,
		.cooldowns = w->cooldown.keys.forgotten,
		.alerts = w->memos.forgotten,
		.ids = w->ids.forgotten + w->withdrawn.forgotten,
		.gaps = w->blind.forgotten,
	};
}

const struct tape_stats *
watch_stats(const struct watch *w)
{
	return &w->stats;
}
