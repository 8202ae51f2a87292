#include "classify/classify.h"

#include <assert.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/log.h"
#include "classify/derived.h"
#include "classify/hold.h"
#include "classify/near.h"
#include "classify/series.h"
#include "classify/tag.h"
#include "classify/why.h"
#include "market/baseline.h"
#include "market/cal.h"
#include "market/flow.h"
#include "record/control.h"
#include "record/emit.h"

enum {
	CLASSIFY_DATES = 5,	/* trade dates the averages look back */
	CLASSIFY_GAPS = 1 << 16	/* gap_ids remembered */
};

/* A print on its way through. */
struct classify_print {
	struct series *contract;
	const struct classify_options *opt;	/* its underlying's */
	struct tag tag;
	struct cancel_print *logged;
	int32_t day;
	bool late;			/* below the watermark */
	bool past_day;			/* of a trade date already over */
	bool usual;			/* counts towards averages */
	struct volume_usual level;	/* of its contract, if has_level */
	bool has_level;
	struct trade trade;		/* last: trade_read sets all of it */
};

struct classify {
	struct classify_options opt;
	struct line_out *out;
	struct control control;
	struct scan *scan;
	struct series_store store;
	struct hold hold;
	struct key_set keys;		/* members we write on trades */
	struct tag_words words;
	struct table gaps;		/* gap_ids seen */
	struct series_cluster *oldest, *newest;	/* open clusters */
	struct series_cluster *spare;	/* one closed cluster, kept */
	struct series *window, *window_tail;	/* of the present window */
	int64_t window_start;		/* while window is not NULL */
	int64_t watermark;		/* TRADE_NONE before the first time */
	int64_t seek_until;		/* of the last print that sought its
					 * next price, ms */
	int64_t void_ts;		/* end of the last gap of all symbols */
	int64_t gaps_all;		/* how many there were */
	int64_t unmatched;		/* cancels without their print */
	int64_t unknown_conditions;
	uint64_t prints;		/* number of the last print */
	int32_t day;			/* trade date last looked up */
	char day_text[DAY_TEXT];
	int32_t oldest_day;		/* of the averages on that date */
	unsigned told;			/* of the baseline, baseline_tell */
	bool evicting;			/* eviction was told */
	/* scratch, here because clearing it each time shows */
	struct classify_print print;
	struct buf made;		/* records about the print */
	struct err err;
};

void
classify_defaults(struct classify_options *o, enum classify_profile profile)
{
	*o = (struct classify_options){
		.hold = true,
		.hold_max = 256 << 20,
		.side = { SIDE_RULE_GSU, 99, SIDE_SENTIMENT_SIDE,
		    SIDE_AGGRESSIVENESS_STD, false },
		.max_quote_age_ms = 60000,
		.cluster = { 2000, 2, 10, 100, 3, 50, false },
		.size = { 100, 20, 1000, 50, 10, 500, 500, 100, 50000, 20000,
		    10 },
		.volume = { 20000, 100, 12500, 500, 100 },
		.event_block_size = 100,
		.aggressive_threshold_e6 = 650000,
		.aggressive_min = 100,
		.max_contracts = 200000,
		.max_prints = 4000000,
	};
	if (profile == CLASSIFY_STD)
		return;
	o->side.rule = SIDE_RULE_SEED;
	o->side.sentiment = SIDE_SENTIMENT_OUTSIDE;
	o->side.aggressiveness = SIDE_AGGRESSIVENESS_SEED;
	o->cluster.any_evidence = true;
	o->size.block_floor = o->size.large_floor = 1;
	o->multileg_sweep = o->count_complex = true;
}

struct classify *
classify_new(const struct classify_options *options, struct line_out *out)
{
	struct classify *c = buf_alloc(1, sizeof(*c));

	c->opt = *options;
	c->out = out;
	control_init(&c->control, "flow-classify");
	c->scan = scan_new();
	series_store_init(&c->store, options->max_contracts,
	    options->max_prints);
	table_init(&c->gaps);
	tag_keys(&c->keys);
	tag_words_init(&c->words);
	if (options->why)
		key_set_add(&c->keys, KEY_why);
	if (options->near_miss)
		key_set_add(&c->keys, KEY_near_miss);
	c->opt.side.lookahead = c->opt.lookahead_ms > 0;
	c->watermark = c->void_ts = c->seek_until = TRADE_NONE;
	c->day = DAY_NONE;
	return c;
}

void
classify_free(struct classify *c)
{
	if (c == NULL)
		return;
	hold_free(&c->hold);
	series_store_free(&c->store);
	if (c->spare != NULL) {
		cluster_free(&c->spare->cluster);
		free(c->spare);
	}
	table_free(&c->gaps);
	control_free(&c->control);
	buf_free(&c->made);
	scan_free(c->scan);
	free(c);
}

/* The options that hold for a contract. */
static const struct classify_options *
classify_options_of(const struct classify *c, const struct series *contract)
{
	const struct series_underlying *u = contract->underlying;

	return u != NULL && u->own != NULL ? u->own : &c->opt;
}

/*
 * Gets the underlying's own options, once.  Held prints point to them, so that
 * the underlying stays.
 */
static void
classify_settle(struct classify *c, struct series_underlying *u)
{
	struct classify_options own = c->opt;

	u->asked = true;
	if (!c->opt.settle(c->opt.ctx, (struct slice){ u->symbol.p,
	    u->symbol.n }, &own))
		return;
	own.cluster.window_ms = c->opt.cluster.window_ms;
	own.side.lookahead = c->opt.side.lookahead;
	own.lookahead_ms = c->opt.lookahead_ms;
	own.why = c->opt.why;
	own.near_miss = c->opt.near_miss;
	series_pin(&c->store, u);
	u->own = buf_alloc(1, sizeof(own));
	*u->own = own;
}

/* ---- prints that wait for the next different price ---- */

/*
 * A price of the contract, or TRADE_NONE when there will be none: the prints
 * that waited for another than their own are decided.
 */
static void
classify_end_seeks(const struct classify *c, struct series *contract,
    int64_t ts, int64_t price_e4)
{
	struct hold_item **at = &contract->seeks, *item;

	contract->seeks_mixed = false;
	contract->last_seek = NULL;
	while ((item = *at) != NULL) {
		if (item->tag.print.price_e4 == price_e4) {
			contract->last_seek = item;
			at = &item->next_seek;
			continue;
		}
		*at = item->next_seek;
		item->seeks = NULL;
		if (price_e4 == TRADE_NONE ||
		    ts - item->ts > c->opt.lookahead_ms)
			continue;
		item->tag.print.next_e4 = price_e4;
		if (item->tag.why != NULL)
			item->tag.why->next_ts = ts;
		side_decide(item->tag.rules, &item->tag.print,
		    &item->tag.verdict);
	}
}

/* What is late has been followed already. */
static bool
classify_seeks(const struct classify *c, const struct classify_print *p)
{
	return c->opt.lookahead_ms > 0 && !p->late && !p->past_day &&
	    (p->tag.print.flags & COND_VENDOR_SWEEP) == 0 &&
	    side_needs_next(p->tag.rules, &p->tag.print);
}

static void
classify_begin_seek(const struct classify_print *p, struct hold_item *item)
{
	struct series *contract = p->contract;

	if (contract->seeks != NULL)
		contract->last_seek->next_seek = item;
	else
		contract->seeks = item;
	contract->last_seek = item;
	if (p->trade.price_e4 != contract->last_e4)
		contract->seeks_mixed = true;	/* it moved no tick */
	item->next_seek = NULL;
	item->seeks = contract;
	item->ts = p->trade.timestamp;
}

/* The head of the queue waits for no price any longer. */
static void
classify_give_up(struct hold_item *item)
{
	assert(item->seeks->seeks == item);
	item->seeks->seeks = item->next_seek;
	item->seeks = NULL;
}

/* True while the head of the queue has to wait. */
static bool
classify_is_held(const struct classify *c, struct hold_item *item)
{
	if (item->seeks != NULL &&
	    c->watermark - item->ts > c->opt.lookahead_ms)
		classify_give_up(item);
	return item->waiting || item->seeks != NULL;
}

/* ---- output ---- */

/* Writes what is no longer waited for. */
static void
classify_release(struct classify *c)
{
	struct hold_item *item;
	struct buf *dst = &c->out->buf;

	while ((item = c->hold.head) != NULL && !classify_is_held(c, item)) {
		switch (item->kind) {
		case HOLD_TRADE:
			buf_add(dst, item->text, item->n);
			tag_write(dst, &item->tag, &c->words);
			emit_close(dst);
			c->control.count.out++;
			break;
		case HOLD_HEARTBEAT:
			item->count.out = c->control.count.out;
			item->count.add = c->control.count.add;
			control_heartbeat(dst, (struct slice){ item->text,
			    item->n }, item->hop, c->control.stage,
			    &item->count);
			break;
		case HOLD_MADE:
			c->control.count.add++;
			c->control.count.out++;
			buf_add(dst, item->text, item->n);
			break;
		case HOLD_DATA:
			c->control.count.out++;
			buf_add(dst, item->text, item->n);
			break;
		case HOLD_HELLO:
			c->control.count.out = c->control.count.add = 0;
			buf_add(dst, item->text, item->n);
			break;
		case HOLD_CONTROL:
			buf_add(dst, item->text, item->n);
			break;
		}
		buf_add(dst, item->after.p, item->after.n);
		c->control.count.add += item->n_after;
		c->control.count.out += item->n_after;
		line_out_end(c->out);
		hold_pop(&c->hold);
	}
}

/*
 * A whole line in its turn: at once when nothing is held before it.
 */
static void
classify_put(struct classify *c, enum hold_kind kind, struct slice text)
{
	hold_push(&c->hold, kind, text.p, text.n);
	classify_release(c);
}

/* A record made here, behind the print it is about (NULL: in its turn). */
static void
classify_make(struct classify *c, struct hold_item *item,
    const struct buf *text)
{
	if (item != NULL) {
		buf_add(&item->after, text->p, text->n);
		item->n_after++;
	} else {
		classify_put(c, HOLD_MADE, (struct slice){ text->p,
		    text->n });
	}
}

/* ---- the aggressive ratio ---- */

/* Judges a window and forgets it.  end: where it ended, ms. */
static void
classify_judge_window(struct classify *c, struct series *contract,
    struct ratio_window *window, int64_t end)
{
	const struct classify_options *opt = classify_options_of(c, contract);
	struct buf text = BUF_INIT;
	int64_t ratio;

	if (window->open && ratio_is_aggressive(window,
	    opt->aggressive_threshold_e6, opt->aggressive_min, &ratio)) {
		derived_aggressive(&text, contract, opt, window, end, ratio);
		classify_make(c, NULL, &text);
	} else if (opt->near_miss && window->open &&
	    near_window(&text, opt, contract, window, end)) {
		classify_make(c, NULL, &text);
	}
	buf_free(&text);
	memset(window, 0, sizeof(*window));
}

/* The window of a print at ts, or NULL when it is no longer counted. */
static struct ratio_window *
classify_window_of(struct series *contract, int64_t ts)
{
	int64_t start = ratio_start(ts);

	if (contract->window.open && contract->window.start == start)
		return &contract->window;
	if (contract->closing.open && contract->closing.start == start)
		return &contract->closing;
	return NULL;
}

static void
classify_count_ratio(struct classify *c, const struct classify_print *p,
    bool at_ask)
{
	struct series *contract = p->contract;
	int64_t start = ratio_start(p->trade.timestamp);

	if (contract->window_done == start)
		return;
	if (!contract->window.open) {
		contract->window.open = true;
		contract->window.start = start;
	}
	if (!contract->in_window) {
		if (c->window == NULL)
			c->window_start = start;
		contract->in_window = true;
		contract->next_window = NULL;
		contract->prev_window = c->window_tail;
		if (c->window_tail != NULL)
			c->window_tail->next_window = contract;
		else
			c->window = contract;
		c->window_tail = contract;
	}
	ratio_add(&contract->window, at_ask, p->trade.size,
	    p->trade.premium_e4, 1);
}

/* Ends the present window of every contract; early: before its time. */
static void
classify_roll_windows(struct classify *c, bool early)
{
	int64_t end = c->window_start + RATIO_WINDOW_MS;
	struct series *contract = c->window, *next;

	c->window = c->window_tail = NULL;
	if (early && c->watermark < end)
		end = c->watermark;
	for (; contract != NULL; contract = next) {
		next = contract->next_window;
		contract->in_window = false;
		if (early)
			contract->window_done = c->window_start;
		if (contract->open[0] != NULL || contract->open[1] != NULL) {
			contract->closing = contract->window;
			memset(&contract->window, 0,
			    sizeof(contract->window));
		} else {
			classify_judge_window(c, contract, &contract->window,
			    end);
		}
	}
}

/* ---- clusters ---- */

static void
classify_unlink(struct classify *c, struct series_cluster *cc)
{
	assert((cc->prev == NULL) == (c->oldest == cc));
	if (cc->prev != NULL)
		cc->prev->next = cc->next;
	else
		c->oldest = cc->next;
	if (cc->next != NULL)
		cc->next->prev = cc->prev;
	else
		c->newest = cc->prev;
	cc->contract->open[cc->cluster.side == SIDE_SELL] = NULL;
	if (c->spare == NULL) {
		c->spare = cc;
	} else {
		cluster_free(&cc->cluster);
		free(cc);
	}
}

/*
 * A sweep's member moves in the ratio from its own quote to the anchor; its
 * print remembers where, for a cancel.
 */
static void
classify_move_ratio(const struct series_cluster *cc,
    const struct cluster_member *m)
{
	struct ratio_window *window = classify_window_of(cc->contract, m->ts);
	enum quote_location at = quote_locate(&cc->cluster.nbbo, m->price_e4);
	struct cancel_print *logged = cancel_of(&cc->contract->log, m->number);
	bool at_ask = cc->cluster.side == SIDE_BUY &&
	    (at == QUOTE_AT_ASK || at == QUOTE_ABOVE_ASK);

	if (window == NULL)
		return;
	if (m->in_ratio)
		ratio_add(window, m->at_ask, m->size, m->premium_e4, -1);
	if (cc->cluster.nbbo.usable)
		ratio_add(window, at_ask, m->size, m->premium_e4, 1);
	if (logged != NULL) {
		logged->in_ratio = cc->cluster.nbbo.usable;
		logged->at_ask = at_ask;
	}
}

/* Tells the members what they were part of. */
static void
classify_settle_members(const struct series_cluster *cc,
    const struct cluster_verdict *v)
{
	const struct cluster *cluster = &cc->cluster;

	for (uint32_t i = v->first; i < v->first + v->n; i++) {
		const struct cluster_member *m = &cluster->member[i];
		struct hold_item *item = m->owner;

		if (v->kind == CLUSTER_SWEEP)
			classify_move_ratio(cc, m);
		if (item == NULL)
			continue;
		if (v->kind == CLUSTER_SWEEP)
			tag_anchor(&item->tag, cluster, m->ts);
		else
			item->tag.kind = CLUSTER_SPLIT;
		item->tag.sweep_id = derived_sweep_id(cluster, v);
		if (item->tag.why != NULL)
			why_join(item->tag.why, cluster, v);
	}
}

static void
classify_announce(struct classify *c, const struct series_cluster *cc,
    const struct cluster_verdict *v)
{
	const struct classify_options *opt = classify_options_of(c,
	    cc->contract);
	struct hold_item *last =
	    cc->cluster.member[v->first + v->n - 1].owner;
	struct buf text = BUF_INIT;

	derived_sweep(&text, cc, v, opt, cc->cluster.first_ts +
	    c->opt.cluster.window_ms);
	classify_make(c, last, &text);
	if (v->kind == CLUSTER_SWEEP) {
		text.n = 0;
		derived_sweep_event(&text, cc, v, opt);
		classify_make(c, last, &text);
	}
	buf_free(&text);
}

/* Prints the vendor calls sweeps, where no sweep was found: one each. */
static void
classify_announce_vendor(struct classify *c,
    const struct series_cluster *cc, const struct cluster_verdict *found)
{
	for (uint32_t i = 0; i < cc->cluster.n; i++) {
		const struct cluster_member *m = &cc->cluster.member[i];
		struct cluster_verdict v = { CLUSTER_SWEEP, CLUSTER_VENDOR, i,
		    1, cluster_exchanges(m, 1), m->size, m->premium_e4,
		    (m->flags & COND_ISO) != 0, m->price_e4 * 100,
		    m->price_e4 };

		if ((m->flags & COND_VENDOR_SWEEP) == 0 ||
		    (found->kind == CLUSTER_SWEEP && i >= found->first &&
		    i < found->first + found->n))
			continue;
		classify_announce(c, cc, &v);
	}
}

/* What a cluster needs of a print; item: the held record, or NULL. */
static void
classify_fill_member(struct cluster_member *m, const struct classify_print *p,
    struct hold_item *item)
{
	m->ts = p->trade.timestamp;
	m->size = p->trade.size;
	m->premium_e4 = p->trade.premium_e4;
	cancel_exchange(m->exchange, p->trade.exchange);
	m->flags = p->tag.print.flags;
	m->is_block = p->tag.is_block;
	m->is_unusual = p->tag.volume.is_unusual;
	m->owner = item;
}

/* The same for a print that no cluster takes. */
static void
classify_announce_alone(struct classify *c, const struct classify_print *p,
    struct slice trade_id, struct hold_item *item)
{
	struct cluster_verdict none = { .kind = CLUSTER_PLAIN };
	struct series_cluster cc = { .contract = p->contract };
	struct cluster_member *m;

	cluster_open(&cc.cluster, p->tag.verdict.side, p->trade.timestamp,
	    &p->tag.print.nbbo, &p->tag.print.ex);
	m = cluster_join(&cc.cluster, trade_id, p->trade.price_e4);
	classify_fill_member(m, p, item);
	classify_announce_vendor(c, &cc, &none);
	cluster_free(&cc.cluster);
}

/* A cluster that nearly was something says so behind its last print. */
static void
classify_tell_near(struct classify *c, struct series_cluster *cc)
{
	const struct classify_options *opt = classify_options_of(c,
	    cc->contract);
	struct buf text = BUF_INIT;

	if (opt->near_miss && near_cluster(&text, opt, cc))
		classify_make(c, cc->cluster.member[cc->cluster.n - 1].owner,
		    &text);
	buf_free(&text);
}

static void
classify_close(struct classify *c, struct series_cluster *cc)
{
	struct series *contract = cc->contract;
	struct cluster *cluster = &cc->cluster;
	struct cluster_verdict v;

	for (uint32_t i = 0; i < cluster->n; i++)
		if (cluster->member[i].owner != NULL)
			((struct hold_item *)cluster->member[i].owner)->
			    waiting = false;
	cluster_judge(cluster, &classify_options_of(c, contract)->cluster, &v);
	if (v.kind != CLUSTER_PLAIN) {
		classify_settle_members(cc, &v);
		classify_announce(c, cc, &v);
	} else {
		classify_tell_near(c, cc);
	}
	classify_announce_vendor(c, cc, &v);
	classify_unlink(c, cc);
	if (contract->closing.open && contract->open[0] == NULL &&
	    contract->open[1] == NULL)
		classify_judge_window(c, contract, &contract->closing,
		    contract->closing.start + RATIO_WINDOW_MS);
}

static void
classify_close_contract(struct classify *c, struct series *contract)
{
	for (int i = 0; i < 2; i++)
		if (contract->open[i] != NULL)
			classify_close(c, contract->open[i]);
}

static void
classify_close_all(struct classify *c)
{
	while (c->oldest != NULL)
		classify_close(c, c->oldest);
	if (c->window != NULL)
		classify_roll_windows(c, true);
	classify_release(c);
	while (c->hold.head != NULL && c->hold.head->seeks != NULL) {
		classify_give_up(c->hold.head);
		classify_release(c);
	}
}

/* Event time moves to ts: what is over is closed, before what moved it. */
static void
classify_advance(struct classify *c, int64_t ts)
{
	if (c->watermark != TRADE_NONE && ts <= c->watermark)
		return;
	c->watermark = ts;
	while (c->oldest != NULL && !cluster_is_in_time(&c->oldest->cluster,
	    ts, &c->opt.cluster))
		classify_close(c, c->oldest);
	if (c->window != NULL && ts >= c->window_start + RATIO_WINDOW_MS)
		classify_roll_windows(c, false);
	classify_release(c);
}

static struct series_cluster *
classify_open_cluster(struct classify *c, const struct classify_print *p,
    enum side side)
{
	struct series_cluster *cc = c->spare;

	c->spare = NULL;
	if (cc == NULL)
		cc = buf_alloc(1, sizeof(*cc));
	cluster_open(&cc->cluster, side, p->trade.timestamp,
	    &p->tag.print.nbbo, &p->tag.print.ex);
	cc->contract = p->contract;
	cc->next = NULL;
	cc->prev = c->newest;
	if (c->newest != NULL)
		c->newest->next = cc;
	else
		c->oldest = cc;
	c->newest = cc;
	p->contract->open[side == SIDE_SELL] = cc;
	return cc;
}

/*
 * The side whose cluster the print joins or opens, SIDE_UNKNOWN for none.  A
 * cluster it cannot join is closed here, before the print is written.
 */
static enum side
classify_seek(struct classify *c, const struct classify_print *p)
{
	struct series *contract = p->contract;
	struct series_cluster *cc;
	enum side side;

	if (!p->trade.cond.sweep || p->late)
		return SIDE_UNKNOWN;
	side = side_provisional(&p->tag.print);
	if (side == SIDE_UNKNOWN)
		return SIDE_UNKNOWN;
	cc = contract->open[side == SIDE_SELL];
	if (cc == NULL)
		return side;
	if (cc->cluster.n == CLUSTER_MEMBERS)
		cc->cluster.truncated = true;
	else if (cluster_anchor_side(&cc->cluster, p->trade.price_e4) == side)
		return side;
	classify_close(c, cc);
	return side;
}

static void
classify_join(struct classify *c, const struct classify_print *p,
    enum side side, struct slice trade_id, struct hold_item *item)
{
	struct series_cluster *cc = p->contract->open[side == SIDE_SELL];
	struct cluster_member *m;

	if (cc == NULL)
		cc = classify_open_cluster(c, p, side);
	m = cluster_join(&cc->cluster, trade_id, p->trade.price_e4);
	classify_fill_member(m, p, item);
	m->in_ratio = p->logged->in_ratio;
	m->at_ask = p->logged->at_ask;
	m->average = p->tag.average;
	m->number = c->prints;
	if (item != NULL)
		item->waiting = true;
}

/* ---- one print ---- */

/* A bad control record: told, but no part of the accounts. */
static int
classify_bad_control(struct classify *c, const struct line *line,
    const char *why)
{
	control_reject(&c->control, line->file, line->number, why);
	return 0;
}

static int
classify_bad(struct classify *c, const struct line *line, const char *why)
{
	c->control.count.reject++;
	return classify_bad_control(c, line, why);
}

/* What the baseline is to a print's trade date; told when it is not its. */
static enum baseline_use
classify_baseline_use(struct classify *c, const struct classify_print *p)
{
	enum baseline_use use = baseline_use(c->opt.baseline, p->day,
	    trade_is_demo(&p->trade));
	struct buf text = BUF_INIT;

	baseline_tell(c->opt.baseline, use, p->day, c->control.stage,
	    &c->told, &text);
	if (text.n > 0)
		classify_put(c, HOLD_CONTROL, (struct slice){ text.p,
		    text.n });
	buf_free(&text);
	return use;
}

/*
 * The trade date, and the first one the averages still use.  A record without
 * one (not from flow-tap) gets it from the calendar.
 */
static int
classify_date(struct classify *c, struct classify_print *p, struct err *err)
{
	struct trade *t = &p->trade;
	enum cal_session session;
	int32_t day;

	if (t->trade_date.n == DAY_TEXT && c->day != DAY_NONE &&
	    memcmp(t->trade_date.p, c->day_text, DAY_TEXT) == 0) {
		p->day = c->day;
		return 0;
	}
	if (t->trade_date.n > 0) {
		day = day_parse(t->trade_date.p, t->trade_date.n);
		if (day == DAY_NONE)
			return err_set(err, "trade_date: no such date");
		if (cal_known(day, err) < 0)
			return -1;
	} else if (cal_session_at(t->timestamp, cal_class_of(t->root, 0,
	    t->right != TRADE_NO_RIGHT), DAY_NONE, &session, &day, err) < 0) {
		return -1;
	}
	p->day = c->day = day;
	day_print(c->day_text, day);
	/* At the calendar's first days a week is as good. */
	if (cal_step(day, -CLASSIFY_DATES, &c->oldest_day, NULL) < 0)
		c->oldest_day = day - 7;
	return 0;
}

/* What the session and the switches change in what a print counts for. */
static void
classify_eligible(struct classify *c, struct classify_print *p)
{
	bool closed = slice_equal(p->trade.session, SLICE("CLOSED"));
	struct cond *cond = &p->trade.cond;
	uint32_t flags = cond->flags;

	if (flags & COND_UNKNOWN)
		c->unknown_conditions++;
	if (p->opt->multileg_sweep && (flags & COND_VENDOR_MULTILEG) != 0)
		cond->flags |= COND_VENDOR_SWEEP;
	if (p->opt->floor_side && (flags & COND_FLOOR) != 0 &&
	    (flags & FLOW_UNUSUAL) == COND_FLOOR)
		cond->side = true;
	if (closed)
		cond->premium = cond->last = cond->side = cond->sweep = false;
	if (p->trade.is_cancel || p->trade.is_cancelled)
		cond->volume = cond->premium = cond->last = cond->side =
		    cond->sweep = false;
	p->usual = flow_is_usual(cond, closed) && !p->late && !p->past_day;
}

static void
classify_begin_ring(const struct classify *c, struct size_ring *ring,
    int64_t max, int64_t cap, const struct baseline_sizes *sizes)
{
	struct baseline_place at = { 0 };
	int64_t size;
	int32_t day;

	while (baseline_next_size(c->opt.baseline, sizes, &at, &day, &size))
		size_add(ring, max, day, size, cap);
}

/*
 * The contract's first print of a date: what the baseline knows of it.  The
 * averages of a contract and an underlying begin with the baseline's sizes when
 * their first print of all is not of an earlier date.
 */
static void
classify_use_baseline(struct classify *c, struct classify_print *p)
{
	const struct baseline *b = c->opt.baseline;
	const struct size_limits *limits = &p->opt->size;
	struct series *contract = p->contract;
	struct series_underlying *u = contract->underlying;
	enum baseline_use use = classify_baseline_use(c, p);
	bool sizes = use == BASELINE_NOW || use == BASELINE_STALE;
	const struct baseline_contract *usual = baseline_contract(b,
	    p->trade.contract_ticker);

	if (contract->day == DAY_NONE && sizes && usual != NULL)
		classify_begin_ring(c, &contract->size, limits->contract_n,
		    limits->cap, &usual->sizes);
	contract->usual = use == BASELINE_NOW ? usual : NULL;
	if (u->begun)
		return;
	u->begun = true;
	u->usual = baseline_underlying(b, (struct slice){ u->symbol.p,
	    u->symbol.n });
	for (int i = 0; i < 2 && sizes && u->usual != NULL; i++)
		classify_begin_ring(c, &u->size[i], limits->underlying_n,
		    limits->cap, &u->usual->sizes[i]);
}

/* The contract's state, made ready for a print of this date. */
static void
classify_contract(struct classify *c, struct classify_print *p)
{
	const struct trade *t = &p->trade;
	struct series *contract = series_get(&c->store,
	    t->contract_ticker);
	int64_t gaps;

	p->contract = contract;
	series_tie(&c->store, contract, t->symbol.n > 0 ? t->symbol :
	    t->contract_ticker);
	if (!contract->underlying->asked && c->opt.settle != NULL)
		classify_settle(c, contract->underlying);
	p->opt = classify_options_of(c, contract);
	p->past_day = contract->day != DAY_NONE && p->day < contract->day;
	if (p->past_day)
		return;
	if (p->day != contract->day) {
		classify_end_seeks(c, contract, 0, TRADE_NONE);
		if (c->opt.baseline != NULL)
			classify_use_baseline(c, p);
		series_new_day(&c->store, contract, p->day);
	}
	contract->right = t->right;
	contract->is_adjusted = t->is_adjusted;
	contract->is_index = slice_equal(t->exercise_style, SLICE("E"));
	if (contract->identity.n == 0)
		trade_write_identity(&contract->identity, t);
	gaps = c->gaps_all + contract->underlying->gaps;
	if (contract->gaps != gaps) {
		classify_end_seeks(c, contract, 0, TRADE_NONE);
		contract->gaps = gaps;
		contract->last_e4 = contract->other_e4 = TRADE_NONE;
	}
}

static void
classify_look(struct classify *c, struct classify_print *p)
{
	const struct trade *t = &p->trade;
	struct side_print *print = &p->tag.print;
	int64_t void_ts = p->contract->underlying->void_ts;

	if (c->void_ts > void_ts)
		void_ts = c->void_ts;
	quote_look(&print->nbbo, &t->nbbo, t->timestamp,
	    p->opt->max_quote_age_ms, void_ts);
	quote_look(&print->ex, &t->ex, t->timestamp, p->opt->max_quote_age_ms,
	    void_ts);
	print->price_e4 = t->price_e4;
	print->size = t->size;
	print->flags = t->cond.flags;
	print->eligible = t->cond.side;
	print->is_index = slice_equal(t->exercise_style, SLICE("E"));
	print->right = t->right;
	print->is_neutral = t->is_adjusted || t->is_cancel ||
	    t->is_cancelled;
	print->tick_e4 = p->past_day ? TRADE_NONE :
	    series_tick(p->contract, t->price_e4);
	print->next_e4 = TRADE_NONE;
}

/* The usual volume of the print's contract, when the baseline knows it. */
static const struct volume_usual *
classify_level(const struct classify *c, struct classify_print *p)
{
	const struct baseline_contract *usual = p->contract->usual;
	const struct baseline_underlying *u = p->contract->underlying->usual;

	if (usual == NULL || usual->adv20_e6 == TRADE_NONE)
		return NULL;
	p->has_level = true;
	p->level = (struct volume_usual){ usual->adv20_e6,
	    usual->adv20_sessions, u == NULL ? TRADE_NONE :
	    baseline_share_e6(c->opt.baseline, u, p->trade.timestamp) };
	return &p->level;
}

/* What is known of the print by itself, before anything counts it. */
static void
classify_judge(struct classify *c, struct classify_print *p)
{
	const struct trade *t = &p->trade;
	struct series *contract = p->contract;
	struct tag *tag = &p->tag;
	struct size_ring *shared;
	int64_t oi = t->open_interest;

	classify_look(c, p);
	tag->rules = &p->opt->side;
	side_decide(tag->rules, &tag->print, &tag->verdict);
	tag->is_cancelled = t->is_cancelled;
	tag->decision_ts = t->timestamp;
	tag->volume_before = tag->day_volume = TRADE_NONE;
	tag->volume.ratio_e6 = tag->volume.ratio_tod_e6 = TRADE_NONE;
	tag->volume.oi_ratio_e6 = TRADE_NONE;
	tag->volume.opening_min = TRADE_NONE;
	if (t->is_cancel)
		return;
	shared = &contract->underlying->size[t->right == TRADE_PUT];
	size_expire(&contract->size, c->oldest_day);
	size_expire(shared, c->oldest_day);
	tag->average = size_average_of(&contract->size, shared,
	    &p->opt->size);
	tag->has_average = true;
	tag->is_block = size_is_block(t->size, tag->average, &p->opt->size);
	tag->is_large = size_is_large(t->size, tag->average, &p->opt->size);
	if (p->past_day)
		return;
	tag->volume_before = tag->day_volume = contract->volume;
	if (!t->cond.volume)
		return;
	tag->day_volume += t->size;
	volume_judge(&tag->volume, &p->opt->volume, contract->volume, t->size,
	    classify_level(c, p), oi != TRADE_NONE ? oi :
	    contract->open_interest, t->price_e4);
}

/* Whether its size alone decides that the print makes a block event. */
static bool
classify_in_flow(const struct classify_print *p)
{
	return !p->trade.is_cancel && p->trade.cond.premium &&
	    (p->opt->count_complex || (p->trade.cond.flags & (COND_MULTILEG |
	    COND_STOCK_TIED | COND_CROSS | COND_COMPRESSION)) == 0);
}

/* Keeps what reasons and near misses need beyond the tag, when asked for. */
static void
classify_explain(const struct classify *c, struct classify_print *p)
{
	const struct series_underlying *u = p->contract->underlying;
	struct why *why;

	if (!p->opt->why && !p->opt->near_miss)
		return;
	p->tag.why = why = why_new(p->opt, &p->trade);
	why->watermark = c->watermark;
	why->void_ts = c->void_ts > u->void_ts ? c->void_ts : u->void_ts;
	why->open_interest = p->trade.open_interest != TRADE_NONE ?
	    p->trade.open_interest : p->contract->open_interest;
	why->counted = !p->past_day && p->trade.cond.volume;
	why->in_flow = classify_in_flow(p);
	why->level = p->level;
	why->has_level = p->has_level;
}

/* A bought print at or above the ask. */
static bool
classify_at_ask(const struct tag *tag)
{
	enum quote_location at = quote_locate(&tag->print.nbbo,
	    tag->print.price_e4);

	return tag->verdict.aggressor == SIDE_BUY &&
	    (at == QUOTE_AT_ASK || at == QUOTE_ABOVE_ASK);
}

/* Counts the print into all that later prints are held against. */
static void
classify_count(struct classify *c, struct classify_print *p,
    struct slice trade_id)
{
	const struct trade *t = &p->trade;
	struct series *contract = p->contract;
	struct size_ring *shared =
	    &contract->underlying->size[t->right == TRADE_PUT];
	struct scan_value conditions = scan_get(c->scan, KEY_conditions);
	int64_t before = contract->log.n;
	struct cancel_print *log;

	log = cancel_add(&contract->log, trade_id,
	    (struct slice){ conditions.p, conditions.n }, t->timestamp,
	    &c->store.forgotten);
	c->store.prints += contract->log.n - before;
	p->logged = log;
	log->price_e4 = t->price_e4;
	log->size = t->size;
	log->premium_e4 = t->premium_e4;
	log->sequence = t->sequence;
	log->number = ++c->prints;
	cancel_exchange(log->exchange, t->exchange);
	log->closed = slice_equal(t->session, SLICE("CLOSED"));
	if (t->cond.volume) {
		contract->volume += t->size;
		log->counted = true;
	}
	if (p->usual) {
		log->averaged = true;
		log->contract_id = size_add(&contract->size,
		    p->opt->size.contract_n, p->day, t->size,
		    p->opt->size.cap);
		log->underlying_id = size_add(shared,
		    p->opt->size.underlying_n, p->day, t->size,
		    p->opt->size.cap);
	}
	if (t->cond.last && !p->late) {
		if (contract->seeks != NULL && (contract->seeks_mixed ||
		    t->price_e4 != contract->last_e4))
			classify_end_seeks(c, contract, t->timestamp,
			    t->price_e4);
		series_tick_set(contract, t->price_e4);
	}
	if (t->cond.side && p->tag.print.nbbo.usable && !p->late &&
	    !t->is_cancelled) {
		log->in_ratio = true;
		log->at_ask = classify_at_ask(&p->tag);
		classify_count_ratio(c, p, log->at_ask);
	}
}

/* ---- cancels ---- */

static void
classify_uncount(struct classify *c, struct series *contract,
    struct cancel_print *print, enum trade_right right)
{
	struct ratio_window *window = classify_window_of(contract, print->ts);
	struct hold_item *item;

	print->cancelled = true;
	if (print->counted)
		contract->volume -= print->size;
	if (print->averaged) {
		size_remove(&contract->size, print->contract_id);
		size_remove(&contract->underlying->size[right == TRADE_PUT],
		    print->underlying_id);
	}
	if (print->in_ratio && window != NULL)
		ratio_add(window, print->at_ask, print->size,
		    print->premium_e4, -1);
	for (int i = 0; i < 2; i++) {
		struct series_cluster *cc = contract->open[i];

		for (uint32_t j = 0; cc != NULL && j < cc->cluster.n; j++)
			if (cc->cluster.member[j].number == print->number)
				cc->cluster.member[j].cancelled = true;
	}
	item = hold_find(&c->hold, print->number);
	if (item != NULL) {
		item->tag.is_cancelled = true;
		item->tag.print.is_neutral = true;
	}
}

/* Finds what the print takes back, and makes the record that says so. */
static void
classify_cancel(struct classify *c, struct classify_print *p,
    struct buf *made)
{
	struct series *contract = p->contract;
	struct scan_value conditions = scan_get(c->scan, KEY_conditions);
	struct cancel_print *print = NULL;

	if (!p->past_day) {
		p->tag.volume_before = contract->volume;
		print = cancel_find(&contract->log, &p->trade);
		if (print != NULL)
			classify_uncount(c, contract, print, p->trade.right);
		p->tag.day_volume = contract->volume;
	}
	c->unmatched += print == NULL;
	derived_cancel(made, &p->trade, print, (struct slice){ conditions.p,
	    conditions.n });
}

/* ---- writing a print ---- */

/*
 * The print in its turn.  Returns the held record, or NULL when it has left.
 * The tag's own texts become the record's.
 */
static struct hold_item *
classify_write(struct classify *c, struct classify_print *p, bool wait)
{
	struct buf *dst = &c->out->buf, held = BUF_INIT;
	struct key_set keys = c->keys;
	struct hold_item *item;
	struct slice object = scan_object(c->scan);

	if (p->tag.is_late_arrival)
		key_set_add(&keys, KEY_is_late_arrival);
	if (p->tag.trade_id.n > 0)
		key_set_add(&keys, KEY_trade_id);
	if (!c->opt.hold || (!wait && c->hold.head == NULL)) {
		emit_splice(dst, c->scan, &keys);
		tag_write(dst, &p->tag, &c->words);
		emit_close(dst);
		c->control.count.out++;
		line_out_end(c->out);
		return NULL;
	}
	if (scan_has_any(c->scan, &keys)) {
		emit_splice(&held, c->scan, &keys);
		item = hold_push(&c->hold, HOLD_TRADE, held.p, held.n);
		buf_free(&held);
	} else {
		item = hold_push(&c->hold, HOLD_TRADE, object.p,
		    object.n - 1);
	}
	item->tag = p->tag;
	item->number = c->prints;
	p->tag.trade_id = (struct slice){ NULL, 0 };
	p->tag.why = NULL;
	return item;
}

/* When this is known at the latest: all that it waits for is over. */
static int64_t
classify_decision_ts(const struct classify *c, const struct classify_print *p,
    enum side side, bool seeks)
{
	int64_t ts = p->trade.timestamp, first = ts - c->opt.cluster.window_ms;

	if (!c->opt.hold)
		return ts;
	if (side != SIDE_UNKNOWN &&
	    p->contract->open[side == SIDE_SELL] == NULL)
		first = ts;
	else if (c->newest != NULL)
		first = c->newest->cluster.first_ts;
	first += c->opt.cluster.window_ms;
	if ((seeks || c->hold.head != NULL) && c->seek_until > first)
		first = c->seek_until;
	return first > ts ? first : ts;
}

/* Beyond the cap prints wait no longer, and the oldest clusters close. */
static void
classify_limit_hold(struct classify *c)
{
	while (c->hold.head != NULL &&
	    (int64_t)c->hold.bytes > c->opt.hold_max) {
		if (c->hold.head->seeks != NULL) {
			classify_give_up(c->hold.head);
		} else {
			c->oldest->cluster.truncated = true;
			classify_close(c, c->oldest);
		}
		classify_release(c);
	}
}

/* A contract that is forgotten leaves the list of windows. */
static void
classify_leave_window(void *ctx, struct series *contract)
{
	struct classify *c = ctx;

	classify_end_seeks(c, contract, 0, TRADE_NONE);
	if (!contract->in_window)
		return;
	if (contract->prev_window != NULL)
		contract->prev_window->next_window = contract->next_window;
	else
		c->window = contract->next_window;
	if (contract->next_window != NULL)
		contract->next_window->prev_window = contract->prev_window;
	else
		c->window_tail = contract->prev_window;
}

static void
classify_limit_state(struct classify *c)
{
	struct buf text = BUF_INIT;

	if (!series_is_full(&c->store))
		return;
	series_evict(&c->store, classify_leave_window, c);
	classify_release(c);
	if (series_is_full(&c->store) && c->oldest != NULL &&
	    c->oldest != c->newest) {
		c->oldest->cluster.truncated = true;
		classify_close(c, c->oldest);
		series_evict(&c->store, classify_leave_window, c);
		classify_release(c);
	}
	if (c->store.evicted == 0 || c->evicting)
		return;
	c->evicting = true;
	control_status(&text, c->control.stage, "warning", "state_evicted",
	    "more contracts than are remembered: the longest unused start "
	    "over");
	classify_put(c, HOLD_CONTROL, (struct slice){ text.p, text.n });
	buf_free(&text);
}

/* A print of another session ends what the last one began. */
static void
classify_watch_session(struct classify *c, struct classify_print *p)
{
	struct slice session = p->trade.session;
	char name[8] = { 0 };

	if (session.n > 0)
		memcpy(name, session.p, session.n < 8 ? session.n : 8);
	if (memcmp(name, p->contract->session, 8) == 0)
		return;
	classify_close_contract(c, p->contract);
	memcpy(p->contract->session, name, 8);
}

/* The print's own trade_id, or one made by the rule; false: a repeat. */
static bool
classify_identify(struct classify_print *p, struct slice *id,
    char made[TRADE_ID_TEXT])
{
	const struct trade *t = &p->trade;
	const struct cancel_log *log = &p->contract->log;

	*id = t->trade_id;
	if (id->n == 0) {
		id->n = trade_id_print(made, t->contract_ticker, t->timestamp,
		    t->exchange, t->sequence != TRADE_NONE ? t->sequence :
		    cancel_ordinal(log, t->timestamp, t->exchange));
		id->p = made;
		p->tag.trade_id = (struct slice){ buf_dup(made, id->n),
		    id->n };
	}
	return p->past_day || !cancel_is_repeat(log, *id, t->timestamp);
}

static void
classify_handle(struct classify *c, struct classify_print *p,
    struct slice id)
{
	enum side side;
	struct hold_item *item;
	bool seeks;

	c->made.n = 0;
	if (!p->late)
		classify_watch_session(c, p);
	classify_judge(c, p);
	classify_explain(c, p);
	p->tag.is_late_arrival = p->late && !p->trade.is_late_arrival;
	side = p->past_day ? SIDE_UNKNOWN : classify_seek(c, p);
	seeks = classify_seeks(c, p);
	if (seeks)
		c->seek_until = p->trade.timestamp + c->opt.lookahead_ms;
	p->tag.decision_ts = classify_decision_ts(c, p, side, seeks);
	if (p->trade.is_cancel)
		classify_cancel(c, p, &c->made);
	else if (!p->past_day)
		classify_count(c, p, id);
	if (p->trade.size >= p->opt->event_block_size && classify_in_flow(p))
		derived_block_event(&c->made, &p->trade, id, p->opt);
	item = classify_write(c, p, side != SIDE_UNKNOWN || seeks);
	if (seeks)
		classify_begin_seek(p, item);
	if (side != SIDE_UNKNOWN)
		classify_join(c, p, side, id, item);
	if (c->made.n > 0)
		classify_make(c, item, &c->made);
	if (side == SIDE_UNKNOWN && !p->past_day &&
	    (p->tag.print.flags & COND_VENDOR_SWEEP) != 0)
		classify_announce_alone(c, p, id, item);
	free((void *)(uintptr_t)p->tag.trade_id.p);
	why_free(p->tag.why);
	classify_release(c);
	classify_limit_hold(c);
	classify_limit_state(c);
}

static int
classify_trade(struct classify *c, const struct line *line)
{
	struct classify_print *p = &c->print;
	struct trade *t = &p->trade;
	char made[TRADE_ID_TEXT];
	struct slice id;

	memset(p, 0, offsetof(struct classify_print, trade));
	c->control.count.in++;
	if (trade_read(t, c->scan, &c->err) < 0 ||
	    classify_date(c, p, &c->err) < 0)
		return classify_bad(c, line, c->err.text);
	p->late = t->is_late_arrival || (c->watermark != TRADE_NONE &&
	    t->timestamp < c->watermark);
	if (!p->late)
		classify_advance(c, t->timestamp);
	classify_contract(c, p);
	if (!classify_identify(p, &id, made)) {
		err_set(&c->err, "trade_id %.*s: seen before", (int)id.n,
		    id.p);
		control_reject(&c->control, line->file, line->number,
		    c->err.text);
		c->control.count.duplicate++;
		free((void *)(uintptr_t)p->tag.trade_id.p);
		return 0;
	}
	classify_eligible(c, p);
	classify_handle(c, p, id);
	return 0;
}

/* ---- the other records ---- */

static int
classify_pass(struct classify *c, enum hold_kind kind)
{
	struct slice object = scan_object(c->scan);
	struct buf text = BUF_INIT;

	buf_add(&text, object.p, object.n);
	buf_add(&text, "\n", 1);
	classify_put(c, kind, (struct slice){ text.p, text.n });
	buf_free(&text);
	return 0;
}

/* Records that are not trades: they move time, oi is remembered. */
static int
classify_data(struct classify *c, const struct line *line, struct slice kind)
{
	bool is_bar = slice_equal(kind, SLICE("bar"));
	struct slice ticker = { NULL, 0 };
	int64_t ts, oi;
	struct err err;

	c->control.count.in++;
	if (scan_int(c->scan, is_bar ? KEY_end_ts : KEY_timestamp, &ts,
	    &err) < 0)
		return classify_bad(c, line, err.text);
	if (scan_get(c->scan, is_bar ? KEY_end_ts : KEY_timestamp).type !=
	    SCAN_ABSENT)
		classify_advance(c, ts);
	if (slice_equal(kind, SLICE("oi"))) {
		if (scan_text(c->scan, KEY_contract_ticker, &ticker,
		    &err) < 0 ||
		    scan_int(c->scan, KEY_open_interest, &oi, &err) < 0)
			return classify_bad(c, line, err.text);
		if (ticker.n > 0 && scan_get(c->scan,
		    KEY_open_interest).type != SCAN_ABSENT)
			series_get(&c->store, ticker)->open_interest = oi;
	}
	classify_pass(c, HOLD_DATA);
	classify_limit_hold(c);
	classify_limit_state(c);
	return 0;
}

/* We were blind: what was known of the symbols is void. */
static void
classify_blind(struct classify *c, struct slice symbol, int64_t ts,
    bool first)
{
	/* More names than are remembered: rather blind than wrong. */
	bool all = slice_equal(symbol, SLICE("*")) ||
	    (int64_t)c->store.underlyings.n > c->opt.max_contracts;
	struct series_underlying *u = NULL;
	struct series_cluster *cc, *next;

	if (!all)
		u = series_pin_symbol(&c->store, symbol);
	if (all && (c->void_ts == TRADE_NONE || ts > c->void_ts))
		c->void_ts = ts;
	if (!all && (u->void_ts == TRADE_NONE || ts > u->void_ts))
		u->void_ts = ts;
	if (!first)
		return;
	if (all)
		c->gaps_all++;
	else
		u->gaps++;
	for (cc = c->oldest; cc != NULL; cc = next) {
		next = cc->next;
		if (all || cc->contract->underlying == u)
			classify_close(c, cc);
	}
	for (struct series *k = c->window; k != NULL; k = k->next_window)
		if (all || k->underlying == u) {
			k->window_done = k->window.open ? k->window.start :
			    k->window_done;
			classify_judge_window(c, k, &k->window,
			    c->watermark < c->window_start + RATIO_WINDOW_MS ?
			    c->watermark : c->window_start + RATIO_WINDOW_MS);
		}
}

static int
classify_gap(struct classify *c, const struct line *line)
{
	struct scan_value symbols = scan_get(c->scan, KEY_symbols), one;
	struct slice id = { NULL, 0 }, state = { NULL, 0 };
	int64_t ts = TRADE_NONE;
	bool first;
	size_t pos = 0;
	struct err err;

	if (scan_text(c->scan, KEY_gap_id, &id, &err) < 0 ||
	    scan_text(c->scan, KEY_state, &state, &err) < 0 ||
	    scan_int(c->scan, KEY_from_ts, &ts, &err) < 0 ||
	    scan_int(c->scan, KEY_to_ts, &ts, &err) < 0)
		return classify_bad_control(c, line, err.text);
	if (ts == TRADE_NONE)
		ts = c->watermark;
	if (c->gaps.n >= CLASSIFY_GAPS) {	/* old ones are long over */
		table_free(&c->gaps);
		table_init(&c->gaps);
	}
	first = id.n == 0 || table_get(&c->gaps, id.p, id.n) == NULL;
	if (id.n > 0)
		*table_at(&c->gaps, id.p, id.n) = c;
	if (symbols.type != SCAN_ARRAY)
		classify_blind(c, SLICE("*"), ts, first);
	while (symbols.type == SCAN_ARRAY &&
	    scan_element(symbols, &pos, &one))
		classify_blind(c, scan_unescape(c->scan, one), ts, first);
	return classify_pass(c, HOLD_CONTROL);
}

static int
classify_heartbeat(struct classify *c, const struct line *line)
{
	struct slice object = scan_object(c->scan);
	struct hold_item *item;
	int64_t ts = TRADE_NONE;
	struct err err;

	if (scan_int(c->scan, KEY_timestamp, &ts, &err) < 0)
		return classify_bad_control(c, line, err.text);
	if (ts != TRADE_NONE)
		classify_advance(c, ts);
	item = hold_push(&c->hold, HOLD_HEARTBEAT, object.p, object.n);
	item->hop = control_hop_of(c->scan);
	item->count = c->control.count;
	classify_release(c);
	return 0;
}

static void
classify_hello(struct classify *c)
{
	struct buf name = BUF_INIT, text = BUF_INIT;

	if (c->opt.baseline == NULL) {
		classify_pass(c, HOLD_HELLO);
		return;
	}
	baseline_name(&name, c->opt.baseline, c->control.stage);
	control_baseline(&text, c->scan, (struct slice){ name.p, name.n });
	classify_put(c, HOLD_HELLO, (struct slice){ text.p, text.n });
	buf_free(&name);
	buf_free(&text);
}

static int
classify_control(struct classify *c, const struct line *line,
    enum control_kind kind)
{
	struct control_count count = c->control.count;
	struct buf text = BUF_INIT;

	control_arrive(&c->control, kind, c->scan, &text);
	if (text.n > 0)
		classify_put(c, HOLD_CONTROL, (struct slice){ text.p,
		    text.n });
	text.n = 0;
	switch (kind) {
	case CONTROL_HEARTBEAT:
		buf_free(&text);
		return classify_heartbeat(c, line);
	case CONTROL_GAP:
		buf_free(&text);
		return classify_gap(c, line);
	case CONTROL_HELLO:
		/* What is held has not left yet: it belongs to what was. */
		c->control.count.out = count.out;
		c->control.count.add = count.add;
		classify_hello(c);
		break;
	case CONTROL_BYE:
		classify_close_all(c);
		control_bye(&c->control, c->scan, &text);
		classify_put(c, HOLD_CONTROL, (struct slice){ text.p,
		    text.n });
		break;
	default:
		classify_pass(c, HOLD_CONTROL);
	}
	buf_free(&text);
	return 0;
}

/* ---- the interface ---- */

int
classify_line(struct classify *c, const struct line *line)
{
	enum control_kind kind;
	struct slice name;

	if (line->too_long)
		err_set(&c->err, "line over %d bytes", LINE_MAX_BYTES);
	if (line->too_long ||
	    scan_line(c->scan, line->p, line->n, &c->err) < 0 ||
	    control_kind_of(c->scan, &kind, &name, &c->err) < 0) {
		c->control.count.in++;
		classify_bad(c, line, c->err.text);
	} else if (kind != CONTROL_DATA) {
		classify_control(c, line, kind);
	} else if (slice_equal(name, SLICE("trade")) && !c->control.newer) {
		classify_trade(c, line);
	} else {
		classify_data(c, line, name);
	}
	return line_out_end(c->out);
}

int
classify_end(struct classify *c)
{
	struct buf text = BUF_INIT;
	int status;

	control_cut(&c->control, &c->out->buf);
	classify_close_all(c);
	status = control_end(&c->control, &text);
	buf_add(&c->out->buf, text.p, text.n);
	buf_free(&text);
	control_tell_rest(&c->control);
	if (c->store.evicted > 0)
		log_warning("%" PRId64 " contracts were forgotten, the "
		    "longest unused", c->store.evicted);
	if (c->unmatched > 0)
		log_info("unmatched_cancels %" PRId64, c->unmatched);
	if (c->unknown_conditions > 0)
		log_info("unknown_condition %" PRId64,
		    c->unknown_conditions);
	return status;
}

void
classify_unreadable(struct classify *c, const char *why)
{
	log_error("%s", why);
	c->control.rejected++;
}
