#include "tap/ib_scan.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "record/emit.h"
#include "tap/ib_line.h"
#include "tap/ib_look.h"

enum {
	IB_SCAN_SETTLE_S = 2,		/* the newest seconds may still grow */
	IB_SCAN_PAGE = 1000,		/* most ticks of one request */
	IB_SCAN_PAGES = 20,		/* of one contract in one lap */
	IB_SCAN_WEIGHT = 3,		/* of prints and then quotes */
	IB_SCAN_MINUTE_MS = 60000,
	IB_SCAN_CODES = 8, IB_SCAN_TIME = 32
};

/* What a lap has read, to be sorted and handed out. */
struct ib_item {
	int64_t ts;
	enum source_rank rank;
	struct ib_option *option;
	int64_t price_e4, size;			/* of a print */
	char exchange[NBBO_EXCHANGE];
	char codes[IB_SCAN_CODES + 1];		/* conditions, OPRA's */
	struct trade_quote quote;		/* of a quote */
	struct ib_under *under;			/* of a bar */
	struct ib_row bar;
};

struct ib_scan {
	struct ib_session *session;
	struct ib_find *find;
	struct desk *desk;
	struct ib_scan_setup setup;
	struct ib_look look;
	struct ib_jobs jobs;
	struct ib_option **order;	/* the lap's options, n_order of them,
					 * by new volume */
	size_t n_order;
	struct ib_item *items;
	size_t n_items, cap_items;
	struct buf frame, made;
	struct trade trade;		/* handed out */
	int64_t began_ms, due_ms;	/* the lap, and its end at the latest */
	int64_t end_s, last_s;		/* this lap and the one before read
					 * up to here */
	int64_t left, prints;		/* of this lap */
	int64_t bare;			/* its contracts with prints before any
					 * quote that there was time for */
	int64_t page_s;			/* newest print of the contract */
	int64_t first_s;		/* oldest print of the contract */
	int64_t quote_s;		/* oldest quote of the running page */
	int64_t page_n, pages;
	char told[192];
};

/* ---- items ---- */

static struct ib_item *
ib_scan_item(struct ib_scan *scan, enum source_rank rank,
    struct ib_option *option, int64_t ts)
{
	struct ib_item *item;

	if (scan->n_items == scan->cap_items) {
		scan->cap_items = scan->cap_items == 0 ? 1024 :
		    2 * scan->cap_items;
		scan->items = buf_realloc(scan->items, scan->cap_items,
		    sizeof(*scan->items));
	}
	item = &scan->items[scan->n_items++];
	memset(item, 0, sizeof(*item));
	item->ts = ts;
	item->rank = rank;
	item->option = option;
	return item;
}

static void
ib_scan_exchange(struct ib_scan *scan, struct ib_item *item,
    struct slice name)
{
	size_t n = 0;
	const char *ours = name.n == 0 ? "" :
	    cond_exchange(COND_NAMES, name, &n);
	struct err why;

	if (ours != NULL && n < sizeof(item->exchange)) {
		memcpy(item->exchange, ours, n);
		return;
	}
	err_fill(&why, "exchange: %.*s is unknown: left out",
	    (int)(name.n < 32 ? name.n : 32), name.p);
	control_reject(scan->desk->control, item->option->local, item->ts,
	    why.text);
}

/* Letters with blanks between them, or none. */
static void
ib_scan_codes(struct ib_item *item, struct slice text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < IB_SCAN_CODES; i++)
		if (text.p[i] != ' ')
			item->codes[n++] = text.p[i];
}

static void
ib_scan_print(struct ib_scan *scan, struct ib_option *option,
    const struct ib_row *row)
{
	struct ib_item *item;

	scan->page_n++;
	if (row->time > scan->page_s)
		scan->page_s = row->time;
	/* A halt is marked by a print of nothing. */
	if (row->time <= option->read_s || row->time > scan->end_s ||
	    row->price_e4 <= 0 || row->size <= 0)
		return;
	item = ib_scan_item(scan, SOURCE_TRADE, option, row->time * 1000);
	item->price_e4 = row->price_e4;
	item->size = row->size;
	option->owed -= row->size;
	ib_scan_exchange(scan, item, row->exchange);
	ib_scan_codes(item, row->conditions);
	scan->prints++;
	if (scan->first_s == 0 || row->time < scan->first_s)
		scan->first_s = row->time;
}

/*
 * A price of -1, or of 0 without size, is no quote on that side.  Quotes of
 * what an earlier lap read are of its last second, still before its end.
 */
static void
ib_scan_quote(struct ib_scan *scan, struct ib_option *option,
    const struct ib_row *row)
{
	bool no_bid = row->bid_e4 < 0 || (row->bid_e4 == 0 &&
	    row->bid_size <= 0);
	bool no_ask = row->ask_e4 <= 0;
	struct ib_item *item;

	scan->page_n++;
	if (row->time <= 0 || row->time > scan->end_s)
		return;
	if (scan->quote_s == 0 || row->time < scan->quote_s)
		scan->quote_s = row->time;
	item = ib_scan_item(scan, SOURCE_QUOTE, option,
	    (row->time > option->from_s ? row->time : option->from_s + 1) *
	    1000);
	item->quote = (struct trade_quote){
		no_bid ? TRADE_NONE : row->bid_e4,
		no_ask ? TRADE_NONE : row->ask_e4,
		no_bid ? TRADE_NONE : row->bid_size,
		no_ask ? TRADE_NONE : row->ask_size, row->time * 1000
	};
}

/* ---- handing out ---- */

/* A minute of the underlying; shares since version 175 of the protocol. */
static void
ib_scan_hand_bar(struct ib_scan *scan, const struct ib_item *from)
{
	struct source_item item = { .ts = from->ts, .rank = SOURCE_BAR,
		.file = "ib" };
	const char *symbol = from->under->symbol;
	const struct ib_row *bar = &from->bar;
	struct buf *dst = &scan->made;

	dst->n = 0;
	emit_open(dst, "bar");
	emit_str(dst, KEY_symbol, symbol);
	emit_str(dst, KEY_tf, "1m");
	emit_int(dst, KEY_timestamp, from->ts - IB_SCAN_MINUTE_MS);
	emit_int(dst, KEY_end_ts, from->ts);
	emit_decimal(dst, KEY_open, bar->open_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_high, bar->high_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_low, bar->low_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_close, bar->close_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_volume, bar->volume);
	emit_opt_decimal(dst, KEY_vwap, bar->vwap_e6, DECIMAL_E6);
	emit_opt_int(dst, KEY_trades, bar->trades);
	emit_str(dst, KEY_session, "RTH");
	emit_bool(dst, KEY_is_final, true);
	emit_close(dst);
	item.made = (struct slice){ dst->p, dst->n };
	from->under->bar_ts = from->ts;
	from->under->bar_e4 = bar->close_e4;
	desk_item(scan->desk, &item);
}

static void
ib_scan_conditions(struct ib_scan *scan, const struct ib_item *from,
    struct trade *trade, char (*unknown)[16])
{
	struct err why;
	size_t n = 0;

	for (const char *p = from->codes; *p != '\0'; p++) {
		const char *name = cond_name(COND_OPRA,
		    (struct slice){ p, 1 });

		if (name == NULL) {
			snprintf(unknown[n], sizeof(*unknown), "UNKNOWN_%c",
			    *p);
			name = unknown[n];
			err_fill(&why, "conditions: %c is unknown: counts for "
			    "volume only", *p);
			control_reject(scan->desk->control,
			    from->option->local, from->ts, why.text);
		}
		if (*name == '\0')
			continue;
		trade->condition[n] = (struct slice){ name, strlen(name) };
		cond_add(&trade->cond, trade->condition[n++]);
	}
	trade->n_conditions = n;
}

static void
ib_scan_hand_print(struct ib_scan *scan, const struct ib_item *from,
    struct source_item *item)
{
	const struct ib_under *under = from->option->under;
	char unknown[IB_SCAN_CODES][16];
	struct trade *trade = &scan->trade;

	trade_init(trade);
	trade->timestamp = from->ts;
	trade->price_e4 = from->price_e4;
	trade->size = from->size;
	trade->exchange = (struct slice){ from->exchange,
	    strlen(from->exchange) };
	trade->multiplier = from->option->multiplier;
	trade->open_interest = from->option->open_interest;
	if (under->bar_ts > 0 && under->bar_ts <= from->ts) {
		trade->underlying_e4 = under->bar_e4;
		trade->underlying_age_ms = from->ts - under->bar_ts;
	}
	ib_scan_conditions(scan, from, trade, unknown);
	item->trade = trade;
	item->time.ns = from->ts * 1000000;
	desk_item(scan->desk, item);
}

static void
ib_scan_hand_made(struct ib_scan *scan, const struct ib_item *from,
    struct source_item *item)
{
	struct cal_time now;

	scan->made.n = 0;
	cal_new_york(from->ts, &now);
	if (from->rank == SOURCE_OI)
		ib_line_write_oi(&scan->made, from->option, from->ts,
		    now.day);
	else
		ib_line_write_chain(&scan->made, from->option, from->ts);
	item->made = (struct slice){ scan->made.p, scan->made.n };
	if (scan->made.n > 0)
		desk_item(scan->desk, item);
}

static void
ib_scan_hand(struct ib_scan *scan, const struct ib_item *from)
{
	struct source_item item = { .ts = from->ts, .rank = from->rank,
		.file = "ib" };

	if (from->rank == SOURCE_BAR) {
		ib_scan_hand_bar(scan, from);
		return;
	}
	item.contract = from->option->contract;
	switch (from->rank) {
	case SOURCE_TRADE:
		ib_scan_hand_print(scan, from, &item);
		break;
	case SOURCE_QUOTE:
		item.quote = from->quote;
		item.time.ns = from->quote.ts * 1000000;
		desk_item(scan->desk, &item);
		break;
	case SOURCE_GAP:
	case SOURCE_OI:
	case SOURCE_CHAIN:
	case SOURCE_BAR:
	default:
		ib_scan_hand_made(scan, from, &item);
		break;
	}
}

/* The lines' records are known as of the lap's end. */
static void
ib_scan_lines_out(struct ib_scan *scan)
{
	int64_t ts = scan->end_s * 1000;
	struct cal_time now;

	cal_new_york(ts, &now);
	for (size_t i = 0; i < scan->n_order; i++) {
		struct ib_option *option = scan->order[i];

		if (option->contract == NULL || option->ticked_ms == 0)
			continue;
		if (option->open_interest != TRADE_NONE &&
		    option->oi_day != now.day) {
			option->oi_day = now.day;
			ib_scan_item(scan, SOURCE_OI, option, ts);
		}
		ib_scan_item(scan, SOURCE_CHAIN, option, ts);
	}
}

static void
ib_scan_hand_all(struct ib_scan *scan)
{
	struct source_order *order = buf_alloc(scan->n_items + 1,
	    sizeof(*order));

	for (size_t i = 0; i < scan->n_items; i++)
		order[i] = (struct source_order){
			8 * scan->items[i].ts + (int64_t)scan->items[i].rank,
			i };
	source_order_sort(order, scan->n_items);
	for (size_t i = 0; i < scan->n_items; i++)
		ib_scan_hand(scan, &scan->items[order[i].at]);
	free(order);
	scan->n_items = 0;
}

static void
ib_scan_end(void *ctx)
{
	struct ib_scan *scan = ctx;
	int64_t now = ib_session_now(scan->session);

	ib_scan_lines_out(scan);
	ib_scan_hand_all(scan);
	scan->last_s = scan->end_s;
	for (size_t i = 0; i < scan->find->n_options; i++)
		scan->find->options[i]->from_s =
		    scan->find->options[i]->read_s;
	snprintf(scan->told, sizeof(scan->told), "a lap of %zu contracts "
	    "took %" PRId64 ".%" PRId64 " s: %" PRId64 " prints, %" PRId64
	    " contracts left out, %" PRId64 " without their first quotes",
	    scan->n_order, (now - scan->began_ms) / 1000,
	    (now - scan->began_ms) / 100 % 10, scan->prints, scan->left,
	    scan->bare);
	scan->setup.done(scan->setup.ctx);
}

/* ---- history ---- */

/* "20260105-15:00:00", UTC */
static struct slice
ib_scan_time(char *dst, int64_t seconds)
{
	int32_t day = (int32_t)(seconds / 86400);
	int at = (int)(seconds % 86400), year, month, mday, n;

	day_civil(day, &year, &month, &mday);
	n = snprintf(dst, IB_SCAN_TIME, "%04d%02d%02d-%02d:%02d:%02d", year,
	    month, mday, at / 3600, at / 60 % 60, at % 60);
	return (struct slice){ dst, (size_t)n };
}

static void
ib_scan_ask(struct ib_scan *scan, struct ib_option *option,
    const struct ib_ticks *ticks, int64_t weight)
{
	struct ib_contract contract = ib_find_contract(option);
	struct ib_past past = { .weight = weight };

	past.instrument = hash_bytes(HASH_START, option->local,
	    strlen(option->local));
	past.instrument = hash_bytes(past.instrument, ticks->what.p,
	    ticks->what.n);
	past.key = hash_bytes(past.instrument, ticks->start.p,
	    ticks->start.n);
	past.key = hash_bytes(past.key, ticks->end.p, ticks->end.n);
	option->call.cancel = 0;
	option->call.timeout_ms = 12 * scan->setup.request_ms;
	scan->frame.n = 0;
	ib_wire_ticks(&scan->frame, ib_session_open(scan->session,
	    &option->call), &contract, ticks);
	ib_session_send(scan->session, &option->call,
	    (struct slice){ scan->frame.p, scan->frame.n }, &past);
}

static void
ib_scan_job_over(struct ib_scan *scan, int64_t code)
{
	if (code != IB_CALL_GONE)
		ib_find_ran(&scan->jobs);
}

static void
ib_scan_got_quotes(struct ib_call *call, struct ib_message *message)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_row row;

	if (message->id == IB_QUOTES)
		while (ib_wire_row(message, 0, &row, NULL) == 1)
			ib_scan_quote(option->owner, option, &row);
}

static void ib_scan_ask_quotes(struct ib_scan *scan,
    struct ib_option *option, int64_t end_s);

/* Another page when it was full and prints are older than it. */
static void
ib_scan_quotes_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_scan *scan = option->owner;
	int64_t now = ib_session_now(scan->session);
	bool more = code == IB_CALL_DONE && scan->page_n >= IB_SCAN_PAGE &&
	    scan->quote_s >= scan->first_s;

	if (code != IB_CALL_DONE && code != IB_CALL_GONE)
		log_warning("%s: no quotes: %s", option->local, why);
	if (more && ++scan->pages < IB_SCAN_PAGES && now +
	    ib_session_wait(scan->session, 2) < scan->due_ms) {
		ib_scan_ask_quotes(scan, option, scan->quote_s - 1);
		return;
	}
	scan->bare += more || (code != IB_CALL_DONE && code != IB_CALL_GONE);
	ib_scan_job_over(scan, code);
}

/*
 * Backwards from the newest print.  The second that a page begins with may be
 * cut, but only its last quote matters, and that is there.
 */
static void
ib_scan_ask_quotes(struct ib_scan *scan, struct ib_option *option,
    int64_t end_s)
{
	struct ib_ticks ticks = { .n = IB_SCAN_PAGE,
		.what = SLICE("BID_ASK") };
	char end[IB_SCAN_TIME];

	ticks.end = ib_scan_time(end, end_s);
	scan->page_n = scan->quote_s = 0;
	option->call.got = ib_scan_got_quotes;
	option->call.over = ib_scan_quotes_over;
	ib_scan_ask(scan, option, &ticks, 2);
}

static void
ib_scan_got_prints(struct ib_call *call, struct ib_message *message)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_row row;

	if (message->id == IB_PRINTS)
		while (ib_wire_row(message, 0, &row, NULL) == 1)
			ib_scan_print(option->owner, option, &row);
}

static void ib_scan_ask_prints(struct ib_scan *scan,
    struct ib_option *option);

static void
ib_scan_prints_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_scan *scan = option->owner;

	if (code == IB_CALL_GONE)
		return;
	if (code != IB_CALL_DONE) {
		log_warning("%s: no prints: %s", option->local, why);
		scan->left++;
		ib_find_ran(&scan->jobs);
		return;
	}
	if (option->read_s > 0 && scan->page_n >= IB_SCAN_PAGE &&
	    ++scan->pages < IB_SCAN_PAGES && scan->page_s < scan->end_s) {
		option->read_s = scan->page_s;
		ib_scan_ask_prints(scan, option);
		return;
	}
	option->read_s = scan->end_s;
	/* History leaves prints out for good, as those of combinations. */
	if (scan->end_s * 1000 >= option->seen_ms)
		option->owed = 0;
	if (scan->first_s > 0) {
		scan->pages = 0;
		ib_scan_ask_quotes(scan, option, scan->page_s);
	} else {
		ib_find_ran(&scan->jobs);
	}
}

/* The first time the last ones, then all since. */
static void
ib_scan_ask_prints(struct ib_scan *scan, struct ib_option *option)
{
	struct ib_ticks ticks = { .n = scan->setup.lookback,
		.what = SLICE("TRADES") };
	char text[IB_SCAN_TIME];

	if (option->read_s > 0) {
		ticks.n = IB_SCAN_PAGE;
		ticks.start = ib_scan_time(text, option->read_s + 1);
	} else {
		ticks.end = ib_scan_time(text, scan->end_s);
	}
	scan->page_n = 0;
	option->call.got = ib_scan_got_prints;
	option->call.over = ib_scan_prints_over;
	ib_scan_ask(scan, option, &ticks, 1);
}

/*
 * One contract after the other: prints and then quotes, so that when time is
 * up those that were read are whole.
 */
static bool
ib_scan_start_history(void *ctx, size_t i)
{
	struct ib_scan *scan = ctx;
	struct ib_option *option = scan->order[i];
	int64_t now = ib_session_now(scan->session);

	if (option->contract == NULL || option->owed <= 0 ||
	    (option->volume != TRADE_NONE &&
	    option->volume < scan->find->setup.min_volume))
		return false;
	if (now + ib_session_wait(scan->session, IB_SCAN_WEIGHT) >=
	    scan->due_ms) {
		scan->left++;
		return false;
	}
	option->owner = scan;
	scan->page_s = scan->first_s = 0;
	scan->pages = 0;
	ib_scan_ask_prints(scan, option);
	return true;
}

static void
ib_scan_prints(void *ctx)
{
	struct ib_scan *scan = ctx;

	scan->jobs = (struct ib_jobs){ scan->n_order, 0, 0, 1,
		ib_scan_start_history, ib_scan_end, scan };
	ib_find_run(&scan->jobs);
}

/* ---- bars ---- */

static void
ib_scan_got_bars(struct ib_call *call, struct ib_message *message)
{
	struct ib_under *under = (struct ib_under *)call;
	struct ib_scan *scan = under->owner;
	struct ib_row row;

	while (message->id == IB_BARS &&
	    ib_wire_row(message, 0, &row, NULL) == 1) {
		int64_t end = row.time * 1000 + IB_SCAN_MINUTE_MS;
		struct ib_item *item;

		/* the running minute's bar is not final */
		if (row.time <= 0 || end > scan->end_s * 1000 ||
		    end <= scan->last_s * 1000 || end <= under->bar_ts ||
		    row.open_e4 <= 0 || row.high_e4 <= 0 ||
		    row.low_e4 <= 0 || row.close_e4 <= 0)
			continue;
		item = ib_scan_item(scan, SOURCE_BAR, NULL, end);
		item->under = under;
		item->bar = row;
	}
}

static void
ib_scan_bars_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_under *under = (struct ib_under *)call;

	if (code != IB_CALL_DONE && code != IB_CALL_GONE)
		log_warning("%s: no bars: %s", under->symbol, why);
	ib_scan_job_over(under->owner, code);
}

static bool
ib_scan_start_bars(void *ctx, size_t i)
{
	struct ib_scan *scan = ctx;
	struct ib_under *under = &scan->find->unders[i];
	const struct ib_bars bars = { SLICE(""), SLICE("1 min"),
		SLICE("1 D"), SLICE("TRADES"), true, 2 };
	struct ib_contract contract = ib_find_underlying(under);
	struct ib_past past = { .weight = 1 };
	int64_t now = ib_session_now(scan->session);

	if (under->why[0] != '\0' || (under->bars_ms > 0 &&
	    now - under->bars_ms < IB_SCAN_MINUTE_MS) ||
	    now + ib_session_wait(scan->session, 1) >= scan->due_ms)
		return false;
	past.key = past.instrument = hash_bytes(HASH_START, under->symbol,
	    strlen(under->symbol));
	under->owner = scan;
	under->bars_ms = now;
	under->call = (struct ib_call){ ib_scan_got_bars, ib_scan_bars_over,
	    12 * scan->setup.request_ms, IB_CANCEL_BARS, 0, 0, false };
	scan->frame.n = 0;
	ib_wire_bars(&scan->frame, ib_session_open(scan->session,
	    &under->call), &contract, &bars);
	ib_session_send(scan->session, &under->call,
	    (struct slice){ scan->frame.p, scan->frame.n }, &past);
	return true;
}

/* ---- lines ---- */

/*
 * New volume is owed until it was read as prints, or until prints were read up
 * to when it was seen: some of it may be of the seconds that still may grow.
 */
static void
ib_scan_owe(struct ib_option *option)
{
	if (option->volume == TRADE_NONE) {
		option->owed = 1;
		option->seen_ms = 0;
	} else if (option->volume != option->seen_volume) {
		if (option->volume < option->seen_volume)	/* a new day */
			option->seen_volume = option->owed = 0;
		option->owed += option->volume - option->seen_volume;
		option->seen_volume = option->volume;
		option->seen_ms = option->ticked_ms;
	}
}

static int
ib_scan_order(const void *a, const void *b)
{
	const struct ib_option *x, *y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	if (x->owed != y->owed)
		return x->owed > y->owed ? -1 : 1;
	return strcmp(x->local, y->local);
}

static void
ib_scan_lines_done(void *ctx)
{
	struct ib_scan *scan = ctx;

	for (size_t i = 0; i < scan->n_order; i++)
		ib_scan_owe(scan->order[i]);
	qsort(scan->order, scan->n_order, sizeof(struct ib_option *),
	    ib_scan_order);
	scan->jobs = (struct ib_jobs){
		scan->setup.bars ? scan->find->setup.n : 0, 0, 0,
		scan->find->setup.n + 1, ib_scan_start_bars, ib_scan_prints,
		scan };
	ib_find_run(&scan->jobs);
}

/* ---- laps ---- */

void
ib_scan_lap(struct ib_scan *scan)
{
	int64_t now = ib_session_now(scan->session);

	scan->left = scan->prints = scan->bare = 0;
	scan->n_items = 0;
	scan->began_ms = now;
	scan->due_ms = now + scan->setup.every_ms;
	scan->end_s = now / 1000 - IB_SCAN_SETTLE_S;
	free(scan->order);
	scan->order = buf_alloc(scan->find->n_options + 1,
	    sizeof(struct ib_option *));
	scan->n_order = ib_find_chosen(scan->find, scan->order);
	ib_look_start(&scan->look, scan->order, scan->n_order);
}

void
ib_scan_tick(struct ib_scan *scan, int64_t now_ms)
{
	ib_look_tick(&scan->look, now_ms);
}

/* What was read is read again: nothing of it has left. */
void
ib_scan_abort(struct ib_scan *scan)
{
	scan->n_items = 0;
	for (size_t i = 0; i < scan->find->n_options; i++) {
		struct ib_option *option = scan->find->options[i];

		option->read_s = option->from_s;
		option->seen_volume = option->owed = 0;
	}
}

struct ib_scan *
ib_scan_new(struct ib_session *session, struct ib_find *find,
    struct desk *desk, const struct ib_scan_setup *setup)
{
	struct ib_scan *scan = buf_alloc(1, sizeof(*scan));
	const struct ib_look_setup look = { setup->max_lines,
		setup->request_ms, ib_scan_lines_done, scan };

	scan->session = session;
	scan->find = find;
	scan->desk = desk;
	scan->setup = *setup;
	ib_look_init(&scan->look, session, desk, &look);
	return scan;
}

void
ib_scan_free(struct ib_scan *scan)
{
	if (scan == NULL)
		return;
	ib_look_free(&scan->look);
	free(scan->order);
	free(scan->items);
	buf_free(&scan->frame);
	buf_free(&scan->made);
	free(scan);
}

int64_t
ib_scan_watermark(const struct ib_scan *scan)
{
	return scan->last_s * 1000;
}

const char *
ib_scan_told(const struct ib_scan *scan)
{
	return scan->told;
}

int64_t
ib_scan_left(const struct ib_scan *scan)
{
	return scan->left + scan->bare;
}
