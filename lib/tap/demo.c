#include "tap/demo.h"

#include <stdlib.h>
#include <string.h>

#include "record/emit.h"
#include "tap/clock.h"
#include "tap/demo_flow.h"

enum {
	DEMO_OI_MS = 1000,		/* before the open it is known here */
	DEMO_STORY_MS = 20000,		/* after the open the stories begin */
	/* where there is a story: today's volume, of the usual, and how the
	 * days before led there, 1/10,000 a day */
	DEMO_STORY_VOLUME_PCT = 160,
	DEMO_STORY_RISE = 50
};

static const char demo_name[] = "demo";

/* A sale condition as prints carry it. */
struct demo_mark {
	struct slice name;
	struct cond cond;
};

struct demo {
	struct source source;
	const struct demo_setup *setup;
	struct demo_random random;
	struct demo_queue queue;
	struct demo_flow flow;
	struct demo_stock *stocks;	/* setup->n of them */
	struct demo_mark marks[DEMO_CONDS];
	int64_t end_ts;			/* nothing later leaves */
	int64_t sequence;		/* of the latest print */
	/* How far the time before the open is told. */
	size_t day, stock, series, contract;
	int64_t minute;			/* of the day */
	bool told_vix;
	int64_t oi_ts;
	int32_t oi_day;			/* the business day it is of */
	struct trade trade;		/* handed out */
	struct buf made;		/* the same */
};

static void
demo_free(struct source *source)
{
	struct demo *demo = (struct demo *)source;

	for (size_t i = 0; i < demo->setup->n; i++)
		demo_chain_free(&demo->stocks[i].chain);
	free(demo->stocks);
	demo_queue_free(&demo->queue);
	buf_free(&demo->made);
	free(demo);
}

/* ---- records ---- */

static void
demo_item_init(struct source_item *item, int64_t ts, enum source_rank rank)
{
	memset(item, 0, sizeof(*item));
	item->ts = ts;
	item->rank = rank;
	item->file = demo_name;
}

static void
demo_made(struct demo *demo, struct source_item *item)
{
	item->made = (struct slice){ demo->made.p, demo->made.n };
}

/* Shares of an index are not traded: its bars have prices only. */
static void
demo_bar(struct demo *demo, const char *symbol, bool traded,
    const struct demo_bar *bar, const char *span, struct source_item *item)
{
	struct buf *dst = &demo->made;

	demo_item_init(item, bar->end_ts, SOURCE_BAR);
	dst->n = 0;
	emit_open(dst, "bar");
	emit_word(dst, KEY_symbol, symbol, strlen(symbol));
	emit_str(dst, KEY_tf, span);
	emit_int(dst, KEY_timestamp, bar->start_ts);
	emit_int(dst, KEY_end_ts, bar->end_ts);
	emit_decimal(dst, KEY_open, bar->open_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_high, bar->high_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_low, bar->low_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_close, bar->close_e4, DECIMAL_E4);
	if (traded) {
		emit_int(dst, KEY_volume, bar->volume);
		emit_decimal(dst, KEY_vwap, bar->vwap_e4, DECIMAL_E4);
		emit_int(dst, KEY_trades, bar->trades);
	}
	emit_str(dst, KEY_session, "RTH");
	emit_bool(dst, KEY_is_final, true);
	emit_str(dst, KEY_feed, demo_name);
	emit_close(dst);
	demo_made(demo, item);
}

static void
demo_stock_bar(struct demo *demo, const struct demo_stock *stock,
    const struct demo_bar *bar, const char *span, struct source_item *item)
{
	demo_bar(demo, stock->chain.product.symbol, stock->home < 0, bar,
	    span, item);
}

static void
demo_oi(struct demo *demo, const struct demo_contract *contract,
    struct source_item *item)
{
	struct buf *dst = &demo->made;
	char day[DAY_TEXT];

	demo_item_init(item, demo->oi_ts, SOURCE_OI);
	item->contract = contract->contract;
	dst->n = 0;
	emit_open(dst, "oi");
	emit_text(dst, KEY_symbol, contract->contract->symbol);
	emit_text(dst, KEY_contract_ticker, contract->contract->ticker);
	emit_int(dst, KEY_timestamp, demo->oi_ts);
	emit_word(dst, KEY_oi_date, day, day_print(day, demo->oi_day));
	emit_int(dst, KEY_open_interest, contract->open_interest);
	emit_int(dst, KEY_oi_change, contract->oi_change);
	emit_str(dst, KEY_feed, demo_name);
	emit_close(dst);
	demo_made(demo, item);
}

static void
demo_quote(struct demo *demo, const struct demo_item *from,
    struct source_item *item)
{
	const char *name;

	demo_item_init(item, from->ts, SOURCE_QUOTE);
	item->contract = from->contract->contract;
	item->quote = from->u.quote;
	item->time.ns = from->ts * 1000000;
	if (from->exchange >= 0) {
		name = demo_flow_exchange(from->exchange);
		item->quote_exchange = (struct slice){ name, strlen(name) };
	}
	demo->made.n = 0;
	emit_str(&demo->made, KEY_feed, demo_name);
	demo_made(demo, item);
}

/* ---- prints ---- */

/* What kind of report is taken back, as the tape tells it at that time. */
static enum demo_cond
demo_cancel_cond(const struct demo_contract *contract, int64_t nth)
{
	if (nth == contract->n_prints)
		return nth == 1 ? DEMO_CNOL : DEMO_CNCL;
	return nth == 1 ? DEMO_CNCO : DEMO_CANC;
}

static void
demo_truth(struct demo *demo, const struct demo_print *print)
{
	struct buf *dst = &demo->made, id = BUF_INIT;

	emit_str(dst, KEY_true_side, print->buy ? "BUY" : "SELL");
	if (print->sweep > 0) {
		buf_fmt(&id, "demo:%lld", (long long)print->sweep);
		emit_word(dst, KEY_true_sweep_id, id.p, id.n);
		buf_free(&id);
	}
	if (print->informed)
		emit_bool(dst, KEY_true_informed, true);
}

static void
demo_trade(struct demo *demo, const struct demo_item *from,
    enum demo_cond cond)
{
	const struct demo_print *print = &from->u.print;
	const struct demo_spot *spot = &demo->stocks[from->stock].spot;
	const char *exchange = demo_flow_exchange(from->exchange);
	struct trade *trade = &demo->trade;

	trade_init(trade);
	trade->timestamp = from->ts;
	trade->sequence = ++demo->sequence;
	trade->price_e4 = print->price_e4;
	trade->size = print->size;
	trade->exchange = (struct slice){ exchange, strlen(exchange) };
	trade->condition[0] = demo->marks[cond].name;
	trade->n_conditions = 1;
	trade->cond = demo->marks[cond].cond;
	trade->underlying_e4 = spot->price_e4;
	trade->underlying_age_ms = from->ts - spot->ts;
	trade->open_interest = from->contract->open_interest;
}

/* Plans that this report is taken back some time later. */
static void
demo_plan_cancel(struct demo *demo, const struct demo_item *from)
{
	struct demo_item item = *from;

	item.ts += 1 + demo_random_wait(&demo->random, 20000);
	item.u.print.cancel = true;
	item.u.print.sweep = 0;
	item.u.print.nth = from->contract->n_prints;
	if (item.ts < from->contract->series->close_ts)
		demo_queue_add(&demo->queue, SOURCE_TRADE, &item);
}

static void
demo_print(struct demo *demo, const struct demo_item *from,
    struct source_item *item)
{
	const struct demo_print *print = &from->u.print;
	enum demo_cond cond = (enum demo_cond)print->cond;

	if (print->cancel) {
		cond = demo_cancel_cond(from->contract, print->nth);
	} else {
		from->contract->n_prints++;
		if (demo_random_hit(&demo->random,
		    demo->setup->share[DEMO_CANCELS]))
			demo_plan_cancel(demo, from);
	}
	demo_trade(demo, from, cond);
	demo_item_init(item, from->ts, SOURCE_TRADE);
	item->contract = from->contract->contract;
	item->trade = &demo->trade;
	item->time.ns = from->ts * 1000000;
	item->line = demo->sequence;
	demo->made.n = 0;
	emit_str(&demo->made, KEY_feed, demo_name);
	if (demo->setup->truth)
		demo_truth(demo, print);
	demo_made(demo, item);
}

/* ---- what happens ---- */

static void
demo_plan(struct demo *demo, enum demo_what what, size_t stock, int64_t ts)
{
	struct demo_item item = { .what = what, .stock = stock, .ts = ts };

	demo_queue_add(&demo->queue, SOURCE_BAR, &item);
}

/* The time of the stock's next order, by how much is going on. */
static void
demo_plan_order(struct demo *demo, struct demo_stock *stock)
{
	const struct cal_span *session = &stock->spot.session;
	int64_t mean = stock->wait_ns * 1000 / demo_spot_activity(session,
	    stock->next_ns / 1000000);

	stock->next_ns += demo_random_wait(&demo->random, mean);
	if (stock->next_ns / 1000000 < session->end_ts)
		demo_plan(demo, DEMO_ORDER, stock->number,
		    stock->next_ns / 1000000);
}

/* A second has passed; true when it ended a minute: then item is its bar. */
static bool
demo_second(struct demo *demo, struct demo_stock *stock, int64_t ts,
    struct source_item *item)
{
	struct demo_bar bar;

	demo_spot_walk(&stock->spot, &demo->random, ts);
	demo_spot_trade(&stock->spot, &demo->random);
	if (ts + 1000 <= stock->spot.session.end_ts)
		demo_plan(demo, DEMO_SECOND, stock->number, ts + 1000);
	if (ts < stock->spot.bar.end_ts)
		return false;
	bar = demo_spot_minute(&stock->spot);
	demo_stock_bar(demo, stock, &bar, "1m", item);
	return true;
}

static void
demo_story(struct demo *demo, struct demo_stock *stock, int64_t ts)
{
	int64_t wait;

	demo_spot_walk(&stock->spot, &demo->random, ts);
	wait = demo_flow_story(&demo->flow, stock);
	if (wait > 0 && ts + wait < stock->spot.session.end_ts)
		demo_plan(demo, DEMO_STORY, stock->number, ts + wait);
}

/* Lets one thing happen; true when it is an item to hand out. */
static bool
demo_happen(struct demo *demo, const struct demo_item *event,
    struct source_item *item)
{
	struct demo_stock *stock = &demo->stocks[event->stock];

	switch (event->what) {
	case DEMO_SECOND:
		return demo_second(demo, stock, event->ts, item);
	case DEMO_STORY:
		demo_story(demo, stock, event->ts);
		return false;
	case DEMO_ORDER:
		demo_spot_walk(&stock->spot, &demo->random, event->ts);
		demo_flow_order(&demo->flow, stock);
		demo_plan_order(demo, stock);
		return false;
	case DEMO_QUOTE:
		demo_quote(demo, event, item);
		return true;
	case DEMO_PRINT:
		demo_print(demo, event, item);
		return true;
	}
	return false;
}

/* ---- before the open ---- */

/* Draws of a day before, of which the session's know nothing. */
static uint64_t
demo_past_seed(const struct demo *demo, const struct demo_stock *stock,
    const struct demo_bar *day)
{
	const char *symbol = stock->chain.product.symbol;

	return demo_random_hash(symbol, strlen(symbol),
	    (uint64_t)(demo->setup->seed + day->start_ts));
}

/* The minutes of a day that are told. */
static int64_t
demo_minutes(const struct demo *demo, size_t day)
{
	const struct demo_spot *spot = &demo->stocks[0].spot;

	return day + (size_t)demo->setup->history < spot->n_days ? 0 :
	    demo_past_minutes(&spot->days[day]);
}

/*
 * The next bar of the next stock: a day's minutes, then the day; false when
 * all days are told.
 */
static bool
demo_history(struct demo *demo, struct source_item *item)
{
	const struct demo_bar *day;
	struct demo_stock *stock;
	struct demo_bar bar;
	bool all;

	if (demo->day == demo->stocks[0].spot.n_days)
		return false;
	stock = &demo->stocks[demo->stock];
	day = &stock->spot.days[demo->day];
	all = demo->minute == demo_minutes(demo, demo->day);
	if (!all && demo->minute == 0)
		demo_past_begin(&stock->past, day, stock->spot.vol_e4,
		    demo_past_seed(demo, stock, day));
	bar = all ? *day : demo_past_minute(&stock->past);
	demo_stock_bar(demo, stock, &bar, all ? "1d" : "1m", item);
	if (++demo->stock < demo->setup->n)
		return true;
	demo->stock = 0;
	demo->minute = all ? 0 : demo->minute + 1;
	demo->day += all;
	return true;
}

/*
 * The volatility index of the day before, once: what the market's options are
 * priced with.
 */
static bool
demo_vix(struct demo *demo, struct source_item *item)
{
	const struct demo_spot *spot = &demo->stocks[0].spot;
	struct demo_product market;
	int64_t level_e4;

	if (demo->told_vix || spot->n_days == 0 ||
	    demo_chain_product(&market, "SPY", NULL) < 0)
		return false;
	level_e4 = (int64_t)market.vol_e4 * 100;
	demo_bar(demo, "VIX", false, &(struct demo_bar){
	    spot->days[spot->n_days - 1].start_ts,
	    spot->days[spot->n_days - 1].end_ts, level_e4, level_e4, level_e4,
	    level_e4, 0, 0, 0 }, "1d", item);
	demo->told_vix = true;
	return true;
}

/* The next contract's open interest; false when all are told. */
static bool
demo_interest(struct demo *demo, struct source_item *item)
{
	const struct demo_chain *chain;
	const struct demo_series *series;

	if (demo->stock == demo->setup->n)
		return false;
	chain = &demo->stocks[demo->stock].chain;
	series = &chain->series[demo->series];
	demo_oi(demo, &series->calls[demo->contract], item);
	if (++demo->contract == 2 * series->n) {
		demo->contract = 0;
		demo->series++;
	}
	if (demo->series == chain->n) {
		demo->series = 0;
		demo->stock++;
	}
	return true;
}

static int
demo_next(struct source *source, struct source_item *item, struct err *err)
{
	struct demo *demo = (struct demo *)source;
	struct demo_item event;

	(void)err;
	if (demo_history(demo, item) || demo_vix(demo, item) ||
	    demo_interest(demo, item))
		return SOURCE_ITEM;
	while (demo_queue_take(&demo->queue, &event) &&
	    event.ts <= demo->end_ts)
		if (demo_happen(demo, &event, item))
			return SOURCE_ITEM;
	return SOURCE_END;
}

/* ---- opening ---- */

static void
demo_marks(struct demo *demo)
{
	for (size_t i = 0; i < DEMO_CONDS; i++) {
		const char *name = demo_flow_cond((enum demo_cond)i);
		struct demo_mark *mark = &demo->marks[i];

		mark->name = (struct slice){ name, strlen(name) };
		mark->cond = cond_regular();
		cond_add(&mark->cond, mark->name);
	}
}

/* A story has more shares change hands, and did not begin today. */
static void
demo_plant(struct demo *demo, struct demo_stock *stock)
{
	struct demo_spot *spot = &stock->spot;

	if (demo->setup->stories && stock->number < 2)
		stock->story = stock->number == 0 ? DEMO_STORY_PUT_SWEEP :
		    DEMO_STORY_CALL_BUYER;
	if (stock->story == DEMO_STORY_NONE)
		return;
	spot->shares = spot->shares * DEMO_STORY_VOLUME_PCT / 100;
	demo_past_tilt(spot->days, spot->n_days, stock->story ==
	    DEMO_STORY_PUT_SWEEP ? -DEMO_STORY_RISE : DEMO_STORY_RISE);
}

/* The bars of days whose minutes are told are made of these. */
static void
demo_settle(struct demo *demo, struct demo_stock *stock)
{
	struct demo_spot *spot = &stock->spot;

	for (size_t i = 0; i < spot->n_days; i++)
		if (i + (size_t)demo->setup->history >= spot->n_days)
			demo_past_settle(&spot->days[i], spot->vol_e4,
			    demo_past_seed(demo, stock, &spot->days[i]));
}

static int
demo_stock_init(struct demo *demo, struct demo_stock *stock,
    struct contract_book *book, struct err *err)
{
	const struct demo_setup *setup = demo->setup;
	struct demo_product *product = &stock->chain.product;
	struct cal_span session;
	const char *root;

	stock->number = (size_t)(stock - demo->stocks);
	if (demo_chain_product(product, setup->symbols[stock->number],
	    err) < 0)
		return -1;
	root = product->weekly_root;
	if (cal_span(setup->day, cal_class_of((struct slice){ root,
	    strlen(root) }, setup->day, true), CAL_RTH, &session, err) < 0)
		return -1;
	stock->home = demo_flow_exchange_number(product->exchange);
	demo_spot_init(&stock->spot, setup->day, &session,
	    product->price_cents, product->vol_e4, product->weight,
	    &demo->random);
	demo_plant(demo, stock);
	demo_settle(demo, stock);
	stock->next_ns = session.start_ts * 1000000;
	if (session.end_ts > demo->end_ts)
		demo->end_ts = session.end_ts;
	return demo_chain_init(&stock->chain, setup->day, session.end_ts,
	    book, &demo->random, err);
}

/* The rate is shared out by weight. */
static void
demo_share_rate(struct demo *demo)
{
	const struct demo_setup *setup = demo->setup;
	int64_t sum = 0, orders_e4;

	for (size_t i = 0; i < setup->n; i++)
		sum += demo->stocks[i].chain.product.weight;
	orders_e4 = setup->rate_e4 * 1000 / demo_flow_prints_e3(setup);
	orders_e4 = orders_e4 < 1 ? 1 : orders_e4;
	for (size_t i = 0; i < setup->n; i++) {
		struct demo_stock *stock = &demo->stocks[i];
		int64_t most = INT64_C(1) << 42;

		stock->wait_ns = INT64_C(10000000000000) / orders_e4 * sum /
		    stock->chain.product.weight;
		if (stock->wait_ns > most)
			stock->wait_ns = most;
	}
}

static void
demo_start(struct demo *demo)
{
	for (size_t i = 0; i < demo->setup->n; i++) {
		struct demo_stock *stock = &demo->stocks[i];
		int64_t open = stock->spot.session.start_ts;

		if (stock->story != DEMO_STORY_NONE)
			demo_plan(demo, DEMO_STORY, i, open + DEMO_STORY_MS);
		demo_plan(demo, DEMO_SECOND, i, open + 1000);
		demo_plan_order(demo, stock);
	}
}

struct source *
demo_open(const struct demo_setup *setup, struct contract_book *book,
    int64_t *open_ts, struct err *err)
{
	struct demo *demo = buf_alloc(1, sizeof(*demo));
	int r = 0;

	demo->source.next = demo_next;
	demo->source.free = demo_free;
	demo->source.caps = (struct source_caps){ true, true, true, true,
	    clock_resolution_e6(3) };
	demo->setup = setup;
	demo->stocks = buf_alloc(setup->n, sizeof(*demo->stocks));
	demo_random_seed(&demo->random, (uint64_t)setup->seed);
	demo_queue_init(&demo->queue);
	demo_flow_init(&demo->flow, setup, &demo->random, &demo->queue);
	demo_marks(demo);
	if (cal_step(setup->day, -1, &demo->oi_day, NULL) < 0)
		r = err_set(err, "the day before is outside the calendar");
	for (size_t i = 0; i < setup->n && r == 0; i++)
		r = demo_stock_init(demo, &demo->stocks[i], book, err);
	if (r < 0) {
		demo_free(&demo->source);
		return NULL;
	}
	*open_ts = demo->stocks[0].spot.session.start_ts;
	demo->oi_ts = *open_ts - DEMO_OI_MS;
	if (setup->span_ms != DEMO_SETUP_NONE &&
	    *open_ts + setup->span_ms < demo->end_ts)
		demo->end_ts = *open_ts + setup->span_ms;
	demo_share_rate(demo);
	demo_start(demo);
	return &demo->source;
}
