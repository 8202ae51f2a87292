#include "tap/records.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/log.h"
#include "record/line.h"
#include "tap/clock.h"

struct records_line {
	size_t at, n;			/* in bytes, no newline */
	int64_t number;
};

struct records {
	struct source source;
	char *file;
	struct contract_book *book;
	struct scan *scan;
	struct trade trade;		/* handed out */
	struct buf bytes;		/* all lines, newlines included */
	struct records_line *lines;
	struct source_order *order;	/* by stream time and rank */
	size_t n, cap, next;
	bool fine;			/* all prints have ts_ns */
};

void
records_reject(struct control *control, const struct line *line,
    const struct replay *replay, const char *why)
{
	struct err err;

	if (line->offset + (int64_t)line->n == replay_total(replay)) {
		err_set(&err, "half-written line of %zu bytes at byte %" PRId64
		    ": %s", line->n, line->offset, why);
		why = err.text;
	}
	control_reject(control, line->file, line->number, why);
}

static void
records_free(struct source *source)
{
	struct records *records = (struct records *)source;

	scan_free(records->scan);
	buf_free(&records->bytes);
	free(records->lines);
	free(records->order);
	free(records->file);
	free(records);
}

/* ---- one record ---- */

static int
records_time(struct scan *scan, enum key key, int64_t *out, struct err *err)
{
	const char *name = key_texts[key].text;
	int r = scan_int(scan, key, out, err);
	struct err why;

	if (r < 0)
		return -1;
	if (r == 0)
		return err_set(err, "%.*s: missing",
		    (int)key_texts[key].n - 4, name + 2);
	if (clock_known(*out, &why) < 0)
		return err_set(err, "%.*s: %s", (int)key_texts[key].n - 4,
		    name + 2, why.text);
	return 0;
}

/* Nanoseconds of a print: ts_ns when it agrees with the timestamp. */
static struct nbbo_time
records_fine_time(struct scan *scan, int64_t ts)
{
	struct nbbo_time time = { ts * 1000000, false };
	struct slice text = { NULL, 0 };
	int64_t ns;

	if (scan_text(scan, KEY_ts_ns, &text, NULL) > 0 &&
	    decimal_parse(text.p, text.n, 0, &ns, NULL) == 0 &&
	    ns >= 0 && ns / 1000000 == ts)
		time = (struct nbbo_time){ ns, true };
	return time;
}

static struct contract *
records_contract(struct records *records, struct err *err)
{
	struct slice ticker = { NULL, 0 }, symbol = { NULL, 0 };
	struct contract *contract;
	struct err why;

	if (scan_text(records->scan, KEY_contract_ticker, &ticker, err) < 0 ||
	    scan_text(records->scan, KEY_symbol, &symbol, err) < 0)
		return NULL;
	contract = contract_of_ticker(records->book, ticker, symbol, &why);
	if (contract == NULL)
		err_set(err, "contract_ticker: %s", why.text);
	return contract;
}

static int
records_trade(struct records *records, struct source_item *item,
    struct err *err)
{
	struct trade *trade = &records->trade;

	if (records_time(records->scan, KEY_timestamp, &item->ts, err) < 0)
		return -1;
	trade_init(trade);
	if (trade_read(trade, records->scan, err) < 0)
		return -1;
	item->contract = records_contract(records, err);
	if (item->contract == NULL)
		return -1;
	/* Defaults of trade_read are not what the record says. */
	if (scan_get(records->scan, KEY_multiplier).type == SCAN_ABSENT) {
		trade->multiplier = TRADE_NONE;
		if (scan_get(records->scan, KEY_premium).type == SCAN_ABSENT)
			trade->premium_e4 = TRADE_NONE;
	}
	item->rank = SOURCE_TRADE;
	item->trade = trade;
	item->time = records_fine_time(records->scan, item->ts);
	return 0;
}

static int
records_quote(struct records *records, struct source_item *item,
    struct err *err)
{
	struct scan *scan = records->scan;
	struct trade_quote *quote = &item->quote;
	struct slice scope = { NULL, 0 };

	item->rank = SOURCE_QUOTE;
	if (records_time(scan, KEY_timestamp, &item->ts, err) < 0)
		return -1;
	if (scan_get(scan, KEY_contract_ticker).type == SCAN_ABSENT)
		return 0;		/* of an underlying */
	*quote = (struct trade_quote){ TRADE_NONE, TRADE_NONE, TRADE_NONE,
	    TRADE_NONE, item->ts };
	item->contract = records_contract(records, err);
	item->time = records_fine_time(scan, item->ts);
	if (item->contract == NULL ||
	    scan_text(scan, KEY_scope, &scope, err) < 0 ||
	    scan_decimal(scan, KEY_bid, DECIMAL_E4, &quote->bid_e4, err) < 0 ||
	    scan_decimal(scan, KEY_ask, DECIMAL_E4, &quote->ask_e4, err) < 0 ||
	    scan_int(scan, KEY_bid_size, &quote->bid_size, err) < 0 ||
	    scan_int(scan, KEY_ask_size, &quote->ask_size, err) < 0)
		return -1;
	if (slice_equal(scope, SLICE("EX")) &&
	    scan_text(scan, KEY_exchange, &item->quote_exchange, err) <= 0)
		return err_set(err, "exchange: missing");
	return 0;
}

/* A gap counts from when it is told: its end when that is known. */
static int
records_gap(struct records *records, struct source_item *item,
    struct err *err)
{
	static const enum key keys[] = {
		KEY_timestamp, KEY_to_ts, KEY_from_ts
	};
	size_t i = 0;

	item->rank = SOURCE_GAP;
	while (i < 2 && scan_get(records->scan, keys[i]).type == SCAN_ABSENT)
		i++;
	return records_time(records->scan, keys[i], &item->ts, err);
}

static int
records_other(struct records *records, struct source_item *item,
    struct err *err)
{
	static const struct {
		struct slice kind;
		enum source_rank rank;
		enum key time;
	} kinds[] = {
		{ { "oi", 2 }, SOURCE_OI, KEY_timestamp },
		{ { "chain", 5 }, SOURCE_CHAIN, KEY_timestamp },
		{ { "bar", 3 }, SOURCE_BAR, KEY_end_ts },
	};
	enum key time = KEY_timestamp;

	item->rank = SOURCE_TRADE;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_equal(item->kind, kinds[i].kind)) {
			item->rank = kinds[i].rank;
			time = kinds[i].time;
		}
	if (records_time(records->scan, time, &item->ts, err) < 0)
		return -1;
	if (scan_get(records->scan, KEY_contract_ticker).type == SCAN_ABSENT)
		return 0;
	item->contract = records_contract(records, err);
	return item->contract == NULL ? -1 : 0;
}

/* Makes the item of a line: 1, 0 when it is another stream's control. */
static int
records_item(struct records *records, const char *p, size_t n,
    struct source_item *item, struct err *err)
{
	enum control_kind kind;
	int r;

	memset(item, 0, sizeof(*item));
	item->file = records->file;
	item->scan = records->scan;
	if (scan_line(records->scan, p, n, err) < 0 ||
	    control_kind_of(records->scan, &kind, &item->kind, err) < 0)
		return -1;
	if (kind == CONTROL_GAP)
		r = records_gap(records, item, err);
	else if (kind != CONTROL_DATA)
		return 0;
	else if (item->kind.n == 0)
		return err_set(err, "record: missing");
	else if (slice_equal(item->kind, SLICE("trade")))
		r = records_trade(records, item, err);
	else if (slice_equal(item->kind, SLICE("quote")))
		r = records_quote(records, item, err);
	else
		r = records_other(records, item, err);
	return r < 0 ? -1 : 1;
}

/* ---- reading all ---- */

/* Conditions are mnemonics here: one that is none is said, and stays. */
static void
records_tell_unknown(struct control *control, const struct line *line,
    const struct trade *trade)
{
	struct err why;

	if ((trade->cond.flags & COND_UNKNOWN) == 0)
		return;
	for (size_t i = 0; i < trade->n_conditions; i++) {
		struct cond one = cond_regular();
		struct slice name = trade->condition[i];

		cond_add(&one, name);
		if ((one.flags & COND_UNKNOWN) == 0)
			continue;
		err_set(&why, "conditions: %.*s is unknown: counts for "
		    "volume only", (int)name.n, name.p);
		control_reject(control, line->file, line->number, why.text);
		return;
	}
}

static void
records_note_caps(struct records *records, const struct source_item *item)
{
	struct source_caps *caps = &records->source.caps;
	const struct trade *trade = item->trade;
	struct slice feed = { NULL, 0 };

	/* What was cut out of a demo remains one. */
	if (scan_text(item->scan, KEY_feed, &feed, NULL) > 0 &&
	    slice_equal(feed, SLICE("demo")))
		caps->demo = true;
	if (item->rank == SOURCE_QUOTE)
		caps->quotes = true;
	if (trade == NULL)
		return;
	caps->quotes |= trade->nbbo.bid_e4 != TRADE_NONE ||
	    trade->nbbo.ask_e4 != TRADE_NONE;
	caps->conditions |=
	    scan_get(item->scan, KEY_conditions).type != SCAN_ABSENT;
	caps->exchange |= trade->exchange.n > 0;
	records->fine = records->fine && item->time.fine;
}

static void
records_keep(struct records *records, const struct line *line,
    const struct source_item *item)
{
	if (records->n == records->cap) {
		records->cap = records->cap == 0 ? 1024 : 2 * records->cap;
		records->lines = buf_realloc(records->lines, records->cap,
		    sizeof(*records->lines));
		records->order = buf_realloc(records->order, records->cap,
		    sizeof(*records->order));
	}
	records->lines[records->n] = (struct records_line){ records->bytes.n,
	    line->n, line->number };
	records->order[records->n] = (struct source_order){
	    8 * item->ts + (int64_t)item->rank, records->n };
	records->n++;
	buf_add(&records->bytes, line->p, line->n);
	buf_add(&records->bytes, "\n", 1);
}

static void
records_take(struct records *records, const struct line *line,
    const struct replay *replay, struct control *control, bool *foreign)
{
	struct source_item item;
	struct err err;
	int r = -1;

	if (line->too_long)
		err_set(&err, "a line of more than 1 MiB");
	else
		r = records_item(records, line->p, line->n, &item, &err);
	if (r < 0) {
		control->count.in++;
		control->count.reject++;
		records_reject(control, line, replay, err.text);
		return;
	}
	if (r == 0) {
		if (!*foreign)
			log_warning("%s:%" PRId64 ": control records of "
			    "another stream are left out", line->file,
			    line->number);
		*foreign = true;
		return;
	}
	if (item.trade != NULL)
		records_tell_unknown(control, line, item.trade);
	records_note_caps(records, &item);
	records_keep(records, line, &item);
}

static void
records_read(struct records *records, struct replay *replay,
    struct control *control)
{
	struct line_in *in = line_in_from(replay_read, replay, records->file);
	bool foreign = false;
	struct line line;
	struct err err;

	while (line_next(in, &line, &err) > 0)
		if (line.too_long || line.n > 0)
			records_take(records, &line, replay, control,
			    &foreign);
	line_in_free(in);
	if (replay_trouble(replay) != NULL)
		control_reject(control, records->file, line.number,
		    replay_trouble(replay));
	else if (replay_total(replay) == 0)
		control_reject(control, records->file, 1, "empty input");
	memset(buf_reserve(&records->bytes, SCAN_PAD), 0, SCAN_PAD);
	source_order_sort(records->order, records->n);
}

static int
records_next(struct source *source, struct source_item *item, struct err *err)
{
	struct records *records = (struct records *)source;
	const struct records_line *line;

	if (records->next == records->n)
		return SOURCE_END;
	line = &records->lines[records->order[records->next++].at];
	if (records_item(records, records->bytes.p + line->at, line->n, item,
	    err) < 0)
		return SOURCE_ERROR;	/* not again: it was read before */
	item->line = line->number;
	return SOURCE_ITEM;
}

struct source *
records_open(struct replay *replay, struct contract_book *book,
    struct control *control)
{
	struct records *records = buf_alloc(1, sizeof(*records));
	const char *name = replay_name(replay);

	records->source.next = records_next;
	records->source.free = records_free;
	records->file = buf_dup(name, strlen(name));
	records->book = book;
	records->scan = scan_new();
	records->fine = true;
	records_read(records, replay, control);
	records->source.caps.resolution_e6 =
	    clock_resolution_e6(records->fine && records->n > 0 ? 9 : 3);
	return &records->source;
}
