#include "paper/book.h"

#include <stdlib.h>

#include "base/decimal.h"
#include "market/cal.h"
#include "record/trade.h"

enum {
	BOOK_WAIT_MS = 5000,		/* for the first price */
	BOOK_EOD_MS = 300000		/* DAY_TRADE ends before the close */
};

const char *const book_mark_names[] = {
	"UNDERLYING", "OPTION_MID", "OPTION_EXEC", NULL
};

struct book_name {
	struct book_item *items;
};

void
book_defaults(struct book_rules *rules)
{
	*rules = (struct book_rules){
		.mark = BOOK_UNDERLYING,
		.latency_ms = 250,
		.fee_e4 = 6500,
		.qty = 1,
		.kinds = {
			[ENTRY_SCALP] = { 2 * POSITION_PCT, POSITION_PCT,
			    30, 0 },
			[ENTRY_DAY_TRADE] = { 4 * POSITION_PCT,
			    2 * POSITION_PCT, 180, 0 },
			[ENTRY_SWING] = { 10 * POSITION_PCT,
			    5 * POSITION_PCT, 0, 10 },
		},
	};
}

void
book_init(struct book *book, const struct book_rules *rules,
    void (*done)(void *ctx, const struct book_item *item, int64_t ts),
    void *ctx)
{
	*book = (struct book){ .rules = *rules, .watermark = INT64_MIN,
	    .next_ts = INT64_MAX, .done = done, .ctx = ctx };
	table_init(&book->names);
	table_init(&book->slots);
}

/* ---- the lists ---- */

static struct slice
book_name_of(const struct book *book, const struct entry *entry)
{
	return book->rules.mark == BOOK_UNDERLYING ? entry->symbol :
	    entry->contract_ticker;
}

/* No symbol holds a NUL. */
static struct slice
book_slot(struct book *book, const struct entry *entry)
{
	const char tail[] = { '\0', (char)('0' + entry->kind),
	    entry->is_short ? '-' : '+' };

	book->key.n = 0;
	buf_add(&book->key, entry->symbol.p, entry->symbol.n);
	buf_add(&book->key, tail, sizeof(tail));
	return (struct slice){ book->key.p, book->key.n };
}

static void
book_add(struct book *book, struct book_item *item)
{
	struct slice name = book_name_of(book, &item->entry);
	struct slice slot = book_slot(book, &item->entry);
	void **at = table_at(&book->names, name.p, name.n);
	struct book_item **last;

	if (*at == NULL)
		*at = buf_alloc(1, sizeof(struct book_name));
	item->name = *at;
	last = &item->name->items;
	while (*last != NULL)
		last = &(*last)->next_same;
	*last = item;
	*table_at(&book->slots, slot.p, slot.n) = item;
	item->prev = book->last;
	if (book->last != NULL)
		book->last->next = item;
	else
		book->first = item;
	book->last = item;
	item->number = book->added++;
	book->n++;
}

static void
book_remove(struct book *book, struct book_item *item)
{
	struct slice name = book_name_of(book, &item->entry);
	struct slice slot = book_slot(book, &item->entry);
	struct book_item **at = &item->name->items;

	while (*at != item)
		at = &(*at)->next_same;
	*at = item->next_same;
	if (item->name->items == NULL)
		free(table_remove(&book->names, name.p, name.n));
	table_remove(&book->slots, slot.p, slot.n);
	if (item->prev != NULL)
		item->prev->next = item->next;
	else
		book->first = item->next;
	if (item->next != NULL)
		item->next->prev = item->prev;
	else
		book->last = item->prev;
	book->n--;
	entry_free(&item->entry);
	free(item);
}

void
book_free(struct book *book)
{
	while (book->first != NULL)
		book_remove(book, book->first);
	table_free(&book->names);
	table_free(&book->slots);
	buf_free(&book->key);
}

static void
book_done(struct book *book, struct book_item *item, int64_t ts)
{
	book->done(book->ctx, item, ts);
	book_remove(book, item);
}

/* ---- what ends by time alone ---- */

/* When an item ends, unless a price comes at that time or before. */
static int64_t
book_end_ts(const struct book_item *item)
{
	if (!item->pending)
		return item->plan.expiry_ts;
	return item->until_ts > item->due_ts ? item->until_ts : item->due_ts;
}

/* After an end was set or came nearer. */
static void
book_due(struct book *book, const struct book_item *item)
{
	if (book_end_ts(item) < book->next_ts)
		book->next_ts = book_end_ts(item);
}

static int
book_compare(const void *a, const void *b)
{
	const struct book_item *x = *(const struct book_item *const *)a;
	const struct book_item *y = *(const struct book_item *const *)b;
	int64_t x_ts = book_end_ts(x), y_ts = book_end_ts(y);

	return x_ts != y_ts ? (x_ts > y_ts) - (x_ts < y_ts) :
	    (x->number > y->number) - (x->number < y->number);
}

static void
book_expire(struct book *book, struct book_item *item)
{
	int64_t end_ts = book_end_ts(item);

	if (item->pending)
		item->position.reason = POSITION_NOT_FILLED;
	else
		position_end(&item->position, POSITION_EXPIRY);
	book_done(book, item, end_ts);
}

void
book_clock(struct book *book, int64_t ts)
{
	struct book_item **over;
	size_t n = 0;

	if (ts > book->watermark)
		book->watermark = ts;
	if (book->next_ts >= book->watermark)
		return;
	over = buf_alloc(book->n + 1, sizeof(struct book_item *));
	book->next_ts = INT64_MAX;
	for (struct book_item *item = book->first; item != NULL;
	    item = item->next) {
		if (book_end_ts(item) < book->watermark)
			over[n++] = item;
		else
			book_due(book, item);
	}
	qsort(over, n, sizeof(struct book_item *), book_compare);
	for (size_t i = 0; i < n; i++)
		book_expire(book, over[i]);
	free(over);
}

/* ---- signals ---- */

/* The close of the regular session of a day; never when nobody knows. */
static int64_t
book_close(int32_t day)
{
	struct cal_span span;

	return day != DAY_NONE && cal_span(day, CAL_SHARE, CAL_RTH, &span,
	    NULL) > 0 ? span.end_ts : POSITION_NEVER;
}

/*
 * The last close at which the option has a price of its own; of a SWING the
 * close before the day it expires.
 */
static int64_t
book_expiry(const struct entry *entry)
{
	int32_t day = entry->expiration;

	if (cal_known(day, NULL) < 0 || ((entry->kind == ENTRY_SWING ||
	    entry->am_settled || !cal_is_open(day)) &&
	    cal_step(day, -1, &day, NULL) < 0))
		return POSITION_NEVER;
	return book_close(day);
}

/* The session of the signal: its trade date, and its last millisecond. */
static void
book_session(const struct book *book, const struct entry *entry,
    int32_t *day, int64_t *last_ts)
{
	enum cal_session session;
	enum cal_class cls = CAL_SHARE;
	struct cal_time local;
	struct cal_span span;

	cal_new_york(entry->timestamp, &local);
	if (book->rules.mark != BOOK_UNDERLYING)
		cls = cal_class_of(entry->root, local.day, true);
	*day = DAY_NONE;
	*last_ts = POSITION_NEVER;
	if (cal_session_at(entry->timestamp, cls, CAL_NO_DAY, &session, day,
	    NULL) == 0 && cal_span(*day, cls, session, &span, NULL) > 0)
		*last_ts = span.end_ts - 1;
}

static void
book_plan(const struct book *book, struct book_item *item, int32_t day)
{
	const struct book_rules *rules = &book->rules;
	const struct entry *entry = &item->entry;
	bool option = rules->mark != BOOK_UNDERLYING;
	int64_t close_ts = book_close(day);

	item->plan = (struct position_plan){
		.is_short = !option && entry->is_short,
		.take_pct = rules->kinds[entry->kind].take_pct,
		.stop_pct = rules->kinds[entry->kind].stop_pct,
		.units = rules->qty * (option ? entry->multiplier : 1),
		.fees_e6 = option ? 2 * 100 * rules->fee_e4 * rules->qty : 0,
		.eod_ts = entry->kind == ENTRY_DAY_TRADE &&
		    close_ts != POSITION_NEVER ? close_ts - BOOK_EOD_MS :
		    POSITION_NEVER,
		.expiry_ts = book_expiry(entry)
	};
}

void
book_signal(struct book *book, const struct entry *entry)
{
	struct slice slot = book_slot(book, entry);
	struct book_item *item;
	int64_t last_ts;
	int32_t day;

	if (table_get(&book->slots, slot.p, slot.n) != NULL) {
		book->busy++;
		return;
	}
	if (book->n == BOOK_ITEMS) {
		book->full++;
		return;
	}
	item = buf_alloc(1, sizeof(*item));
	item->entry = *entry;
	entry_keep(&item->entry);
	item->pending = true;
	item->qty = book->rules.qty;
	item->due_ts = entry->decision_ts + book->rules.latency_ms;
	item->until_ts = item->due_ts + BOOK_WAIT_MS;
	book_session(book, entry, &day, &last_ts);
	if (last_ts < item->until_ts)
		item->until_ts = last_ts;
	book_plan(book, item, day);
	book_add(book, item);
	book_due(book, item);
}

/* ---- prices ---- */

/* When a position opened now has had its time. */
static int64_t
book_timeout(const struct book *book, const struct book_item *item,
    int64_t ts)
{
	int64_t sessions = book->rules.kinds[item->entry.kind]
	    .timeout_sessions;
	struct cal_time local;
	int32_t day;

	if (sessions == 0)
		return ts + book->rules.kinds[item->entry.kind].timeout_min *
		    60000;
	cal_new_york(ts, &local);
	if (cal_step(local.day, (int)sessions, &day, NULL) < 0)
		return POSITION_NEVER;
	return cal_instant(day, local.ms);
}

/* An item may take prices of this time. */
static bool
book_takes(const struct book_item *item, int64_t ts)
{
	return item->pending ? ts >= item->due_ts && ts <= item->until_ts :
	    ts >= item->position.last_ts;
}

static void
book_open(struct book *book, struct book_item *item, int64_t ts,
    int64_t entry_e6, int64_t mark_e6)
{
	item->pending = false;
	position_open(&item->position, &item->plan, ts, entry_e6, mark_e6,
	    book_timeout(book, item, ts));
	book_due(book, item);
}

static void
book_end(struct book *book, struct book_item *item)
{
	book_done(book, item, book->watermark);
}

static struct book_item *
book_items(const struct book *book, struct slice name)
{
	struct book_name *found = name.n == 0 ? NULL :
	    table_get(&book->names, name.p, name.n);

	return found == NULL ? NULL : found->items;
}

/* A share is bought 1/10,000 dearer, and sold as much cheaper. */
static int64_t
book_against_us(const struct book *book, const struct book_item *item,
    int64_t price_e6)
{
	if (book->rules.mark != BOOK_UNDERLYING)
		return price_e6;
	return price_e6 + (item->plan.is_short ? -1 : 1) *
	    decimal_ratio(price_e6, 10000, 0);
}

void
book_price(struct book *book, struct slice name, int64_t ts,
    int64_t price_e6)
{
	struct book_item *item = book_items(book, name), *next;

	for (; item != NULL; item = next) {
		next = item->next_same;
		if (!book_takes(item, ts))
			continue;
		if (item->pending)
			book_open(book, item, ts, book_against_us(book, item,
			    price_e6), price_e6);
		else if (position_price(&item->position, ts, price_e6))
			book_end(book, item);
	}
}

/* One buys at the ask and sells at the bid. */
static void
book_execute(struct book *book, struct book_item *item, int64_t ts,
    int64_t bid_e4, int64_t ask_e4)
{
	int64_t buy_e6 = (ask_e4 + book->rules.slippage_e4) * 100;

	if (!item->pending) {
		if (bid_e4 > 0 && position_price(&item->position, ts,
		    bid_e4 * 100))
			book_end(book, item);
	} else if (ask_e4 > 0) {
		book_open(book, item, ts, buy_e6, bid_e4 > 0 ? bid_e4 * 100 :
		    buy_e6);
	}
}

void
book_quote(struct book *book, struct slice name, int64_t ts, int64_t bid_e4,
    int64_t ask_e4)
{
	struct book_item *item = book_items(book, name), *next;

	if (bid_e4 != TRADE_NONE && ask_e4 != TRADE_NONE && bid_e4 > ask_e4)
		return;			/* crossed: no price of anybody's */
	if (book->rules.mark != BOOK_OPTION_EXEC) {
		/* The middle needs both; a share's bid is above 0. */
		if (bid_e4 != TRADE_NONE && ask_e4 > 0 && (bid_e4 > 0 ||
		    book->rules.mark == BOOK_OPTION_MID))
			book_price(book, name, ts, (bid_e4 + ask_e4) * 50);
		return;
	}
	for (; item != NULL; item = next) {
		next = item->next_same;
		if (book_takes(item, ts))
			book_execute(book, item, ts, bid_e4, ask_e4);
	}
}

void
book_bar(struct book *book, struct slice name,
    const struct position_bar *bar)
{
	struct book_item *item = book_items(book, name), *next;

	for (; item != NULL; item = next) {
		next = item->next_same;
		if (!item->pending) {
			if (position_bar(&item->position, bar))
				book_end(book, item);
		} else if (book_takes(item, bar->end_ts)) {
			book_open(book, item, bar->end_ts, book_against_us(
			    book, item, bar->close_e6), bar->close_e6);
		}
	}
}

/* ---- what else befalls them ---- */

void
book_gap(struct book *book, struct slice symbol)
{
	bool all = slice_equal(symbol, SLICE("*"));

	for (struct book_item *item = book->first; item != NULL;
	    item = item->next)
		if (all || slice_equal(symbol, item->entry.symbol))
			item->gap_exposed = true;
}

/* True when the signal was made of this print, or of a sweep that it is in. */
static bool
book_is_of(const struct entry *e, struct slice trade_id)
{
	struct scan_value all = { e->members.p, (uint32_t)e->members.n,
	    SCAN_ARRAY }, one;
	size_t pos = 0;

	if (slice_equal(e->trade_id, trade_id))
		return true;
	while (e->members.n > 0 && scan_element(all, &pos, &one))
		if (slice_equal((struct slice){ one.p, one.n }, trade_id))
			return true;
	return false;
}

void
book_cancel(struct book *book, struct slice trade_id)
{
	struct book_item *item = book->first, *next;

	for (; item != NULL; item = next) {
		next = item->next;
		if (trade_id.n == 0 || !book_is_of(&item->entry, trade_id))
			continue;
		if (item->pending)
			item->position.reason = POSITION_CANCELLED;
		else
			position_end(&item->position, POSITION_CANCELLED);
		book_end(book, item);
	}
}
