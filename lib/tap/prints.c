#include "tap/prints.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/log.h"
#include "tap/csv.h"
#include "tap/sorted.h"

/*
 * Ranks of what is put aside.  Some vendors give a print that was taken back a
 * second time, with a mark: the marked one goes first, so that it is the other
 * one whose trade_id is a repeat.
 */
enum { PRINTS_QUOTE, PRINTS_CANCELLED, PRINTS_PRINT };

enum { PRINTS_NUMBERS = 19 };

/* What is put aside: a print, or a quote (up to bid_size and ask_size). */
union prints_item {
	struct {
		int64_t contract;	/* its number in the book */
		int64_t line;
		int64_t exchange;	/* number of its name */
		int64_t bid_e4, ask_e4, bid_size, ask_size;
		int64_t price_e4, size;
		int64_t conds;		/* number of the combination */
		int64_t sequence, ref_sequence;
		int64_t underlying_e4, multiplier, open_interest;
		int64_t ex_bid_e4, ex_ask_e4, ex_bid_size, ex_ask_size;
	};
	int64_t numbers[PRINTS_NUMBERS];	/* the same */
};

static_assert(sizeof(union prints_item) == PRINTS_NUMBERS * sizeof(int64_t),
    "as many numbers as members");

struct prints {
	struct source source;
	char *file;
	struct row_reader reader;
	struct sorted *sorted;
	bool fine, nbbo_fine, ex_fine;	/* clocks tick finer than 1 ms */
	bool in_progress;		/* told; until the first item */
	struct trade trade;		/* handed out */
	char ns_text[DECIMAL_TEXT];
};

/* What reading needs besides. */
struct prints_reader {
	struct prints *prints;
	const struct prints_setup *setup;
	struct replay *replay;
	int percent;			/* told last */
};

static void
prints_free(struct source *source)
{
	struct prints *prints = (struct prints *)source;

	sorted_free(prints->sorted);
	row_free(&prints->reader);
	free(prints->file);
	free(prints);
}

/* ---- putting aside ---- */

/* Numbers parted by commas, absent ones empty, those at the end left out. */
static size_t
prints_pack(char *dst, const union prints_item *item)
{
	size_t n = 0, end = 0;

	for (size_t i = 0; i < PRINTS_NUMBERS; i++) {
		if (item->numbers[i] != TRADE_NONE) {
			n += decimal_print_int(dst + n, item->numbers[i]);
			end = n;
		}
		dst[n++] = ',';
	}
	return end;
}

static void
prints_unpack(union prints_item *item, struct slice text)
{
	size_t at = 0;

	for (size_t i = 0; i < PRINTS_NUMBERS; i++) {
		bool minus = at < text.n && text.p[at] == '-';
		uint64_t v = 0;
		size_t begin = at;

		for (at += minus; at < text.n && text.p[at] != ','; at++)
			v = 10 * v + (uint64_t)(text.p[at] - '0');
		item->numbers[i] = at == begin ? TRADE_NONE :
		    (int64_t)(minus ? 0 - v : v);
		at++;
	}
}

/*
 * Stream order: the millisecond, the rank, then the time within the
 * millisecond.  The calendar ends before 2^41 ms.
 */
static int64_t
prints_key(int64_t ts, int rank, int32_t sub_ns)
{
	return (ts << 22) | (rank << 20) | sub_ns;
}

static int
prints_put(struct prints *prints, int64_t key, const union prints_item *item,
    struct err *err)
{
	char text[PRINTS_NUMBERS * DECIMAL_TEXT];
	size_t n = prints_pack(text, item);

	return sorted_add(prints->sorted, key, (struct slice){ text, n },
	    err);
}

static void
prints_set_quote(union prints_item *item, const struct trade_quote *quote)
{
	item->bid_e4 = quote->bid_e4;
	item->ask_e4 = quote->ask_e4;
	item->bid_size = quote->bid_size;
	item->ask_size = quote->ask_size;
}

/* The quotes of a row whose times are known. */
static int
prints_put_quotes(struct prints *prints, const struct row *row,
    union prints_item *item, struct err *err)
{
	int64_t exchange = item->exchange;

	if (row->nbbo_timed) {
		item->exchange = TRADE_NONE;
		prints_set_quote(item, &row->nbbo);
		if (prints_put(prints, prints_key(row->nbbo.ts, PRINTS_QUOTE,
		    row->nbbo_sub_ns), item, err) < 0)
			return -1;
		item->exchange = exchange;
	}
	if (!row->ex_timed || exchange == TRADE_NONE)
		return 0;
	prints_set_quote(item, &row->ex);
	return prints_put(prints, prints_key(row->ex.ts, PRINTS_QUOTE,
	    row->ex_sub_ns), item, err);
}

static void
prints_set_print(union prints_item *item, const struct row *row)
{
	static const struct trade_quote none = { TRADE_NONE, TRADE_NONE,
	    TRADE_NONE, TRADE_NONE, TRADE_NONE };

	prints_set_quote(item, row->nbbo_timed ? &none : &row->nbbo);
	item->price_e4 = row->price_e4;
	item->size = row->size;
	if (row->conds != NULL)
		item->conds = (int64_t)row->conds->number;
	item->sequence = row->sequence;
	item->ref_sequence = row->ref_sequence;
	item->underlying_e4 = row->underlying_e4;
	item->multiplier = row->multiplier;
	item->open_interest = row->open_interest;
	if (row->ex_timed)
		return;
	item->ex_bid_e4 = row->ex.bid_e4;
	item->ex_ask_e4 = row->ex.ask_e4;
	item->ex_bid_size = row->ex.bid_size;
	item->ex_ask_size = row->ex.ask_size;
}

static int
prints_put_row(struct prints *prints, const struct row *row, struct err *err)
{
	union prints_item item;

	for (size_t i = 0; i < PRINTS_NUMBERS; i++)
		item.numbers[i] = TRADE_NONE;
	item.contract = (int64_t)row->contract->number;
	item.line = csv_line(prints->reader.csv);
	if (row->exchange != NULL && row->exchange->n > 0)
		item.exchange = (int64_t)row->exchange->number;
	if (prints_put_quotes(prints, row, &item, err) < 0)
		return -1;
	if (prints->reader.columns->quotes_only)
		return 0;
	prints_set_print(&item, row);
	return prints_put(prints, prints_key(row->ts, row->is_cancelled ?
	    PRINTS_CANCELLED : PRINTS_PRINT, row->sub_ns), &item, err);
}

/* ---- reading ---- */

static void
prints_tell(const struct prints_reader *reader, const char *why)
{
	const struct prints *prints = reader->prints;

	control_reject(reader->setup->control, prints->file,
	    csv_line(prints->reader.csv), why);
}

/* What is not known is said; the print stays. */
static void
prints_tell_unknown(const struct prints_reader *reader, const struct row *row)
{
	struct err why;

	if (row->conds != NULL && row->conds->unknown != NULL) {
		err_set(&why, "conditions: %s is unknown: counts for volume "
		    "only", row->conds->unknown);
		prints_tell(reader, why.text);
	}
	if (row->exchange != NULL && row->exchange->unknown) {
		err_set(&why, "exchange: %s is unknown: left out",
		    row->exchange->p);
		prints_tell(reader, why.text);
	}
	if (row->odd_correction)
		prints_tell(reader, "correction: unknown: taken as cancelled");
}

static void
prints_reject(const struct prints_reader *reader, const char *why)
{
	struct control *control = reader->setup->control;

	control->count.in++;
	control->count.reject++;
	prints_tell(reader, why);
}

/* For those who wait at a terminal, when there is something to wait for. */
static void
prints_tell_progress(struct prints_reader *reader)
{
	int percent = replay_percent(reader->replay);

	if (percent < 0 || percent == reader->percent ||
	    replay_size(reader->replay) < SORTED_MEMORY / 2)
		return;
	reader->percent = percent;
	reader->prints->in_progress = true;
	log_progress("%s: %d %% read", reader->prints->file, percent);
}

/* Nobody asks for such a quote: it need not be put aside. */
static bool
prints_is_idle(const struct prints_reader *reader, const struct row *row)
{
	const struct prints_setup *setup = reader->setup;

	return setup->columns->quotes_only && setup->select != NULL &&
	    !select_symbol(setup->select, row->contract->symbol);
}

/* -1 and err when rows cannot be put aside. */
static int
prints_read_rows(struct prints_reader *reader, struct err *err)
{
	struct prints *prints = reader->prints;
	struct csv *csv = prints->reader.csv;
	struct err why;
	struct row row;
	int r;

	while ((r = csv_next(csv, &why)) != 0) {
		prints_tell_progress(reader);
		if (r > 0 && csv_is_unended(csv) &&
		    replay_trouble(reader->replay) != NULL)
			r = err_set(&why, "half-written row");
		if (r > 0)
			r = row_read(&prints->reader, &row, &why);
		if (r < 0) {
			prints_reject(reader, why.text);
			continue;
		}
		prints_tell_unknown(reader, &row);
		if (!prints_is_idle(reader, &row) &&
		    prints_put_row(prints, &row, err) < 0)
			return -1;
	}
	if (replay_trouble(reader->replay) != NULL)
		prints_tell(reader, replay_trouble(reader->replay));
	if (prints->in_progress)
		log_progress("%s: sorting", prints->file);
	return sorted_end(prints->sorted, err);
}

/* Binds the header: 1, 0 when there is no row at all, -1 and err. */
static int
prints_read_header(struct prints_reader *reader, struct err *err)
{
	struct row_reader *rows = &reader->prints->reader;
	const char *trouble;
	struct err why;
	int r = csv_next(rows->csv, &why);

	if (r == 0) {
		trouble = replay_trouble(reader->replay);
		control_reject(reader->setup->control, reader->prints->file,
		    1, trouble != NULL ? trouble : "empty input");
		return 0;
	}
	if (r > 0)
		r = columns_bind(rows->columns, rows->csv, &rows->place, &why);
	if (r < 0)
		return err_set(err, "%s:1: %s", reader->prints->file,
		    why.text);
	return 1;
}

static int
prints_read(struct prints_reader *reader, int *status, struct err *err)
{
	int r;

	*status = EXIT_USAGE;
	r = prints_read_header(reader, err);
	if (r <= 0)
		return r;
	*status = EXIT_SYSTEM;
	return prints_read_rows(reader, err);
}

/* ---- handing out ---- */

static struct slice
prints_exchange(const struct prints *prints, int64_t number)
{
	const struct row_name *name;

	if (number == TRADE_NONE)
		return (struct slice){ NULL, 0 };
	name = prints->reader.names[number];
	return (struct slice){ name->p, name->n };
}

static void
prints_hand_quote(const struct prints *prints, int64_t ns,
    const union prints_item *from, struct source_item *item)
{
	item->rank = SOURCE_QUOTE;
	item->quote = (struct trade_quote){ from->bid_e4, from->ask_e4,
	    from->bid_size, from->ask_size, item->ts };
	item->quote_exchange = prints_exchange(prints, from->exchange);
	item->time = (struct nbbo_time){ ns, from->exchange != TRADE_NONE ?
	    prints->ex_fine : prints->nbbo_fine };
}

static void
prints_hand_print(struct prints *prints, int64_t ns,
    const union prints_item *from, struct source_item *item)
{
	struct trade *trade = &prints->trade;

	trade_init(trade);
	trade->timestamp = item->ts;
	trade->sequence = from->sequence;
	trade->ref_sequence = from->ref_sequence;
	trade->price_e4 = from->price_e4;
	trade->size = from->size;
	trade->multiplier = from->multiplier;
	trade->underlying_e4 = from->underlying_e4;
	trade->open_interest = from->open_interest;
	trade->nbbo = (struct trade_quote){ from->bid_e4, from->ask_e4,
	    from->bid_size, from->ask_size, TRADE_NONE };
	trade->ex = (struct trade_quote){ from->ex_bid_e4, from->ex_ask_e4,
	    from->ex_bid_size, from->ex_ask_size, TRADE_NONE };
	trade->exchange = prints_exchange(prints, from->exchange);
	if (from->conds != TRADE_NONE) {
		const struct row_conds *conds =
		    prints->reader.conds[from->conds];

		trade->cond = conds->cond;
		trade->n_conditions = conds->n;
		memcpy(trade->condition, conds->names,
		    sizeof(trade->condition));
	}
	if (prints->fine)
		trade->ts_ns = (struct slice){ prints->ns_text,
		    decimal_print_int(prints->ns_text, ns) };
	item->rank = SOURCE_TRADE;
	item->trade = trade;
	item->time = (struct nbbo_time){ ns, prints->fine };
}

static int
prints_next(struct source *source, struct source_item *item, struct err *err)
{
	struct prints *prints = (struct prints *)source;
	struct sorted_line line;
	union prints_item from;
	int64_t ns;
	int rank, r = sorted_next(prints->sorted, &line, err);

	if (prints->in_progress)
		log_progress("%s", "");
	prints->in_progress = false;
	if (r <= 0)
		return r < 0 ? SOURCE_ERROR : SOURCE_END;
	prints_unpack(&from, line.text);
	memset(item, 0, sizeof(*item));
	item->file = prints->file;
	item->line = from.line;
	item->ts = line.key >> 22;
	rank = (int)(line.key >> 20 & 3);
	ns = item->ts * 1000000 + (line.key & 0xfffff);
	item->contract = prints->reader.book->all[from.contract];
	if (rank == PRINTS_QUOTE) {
		prints_hand_quote(prints, ns, &from, item);
	} else {
		prints_hand_print(prints, ns, &from, item);
		/* A cancelling print is no print that was taken back. */
		item->trade->is_cancelled = rank == PRINTS_CANCELLED &&
		    item->trade->cond.cancel == COND_NO_CANCEL;
	}
	return SOURCE_ITEM;
}

static void
prints_set_caps(struct prints *prints)
{
	const struct columns *columns = prints->reader.columns;
	const int *digits = prints->reader.digits;

	prints->source.caps = (struct source_caps){
		.quotes = columns_has(columns, COLUMN_BID) ||
		    columns_has(columns, COLUMN_ASK),
		.conditions = columns->n_conditions > 0,
		.exchange = columns_has(columns, COLUMN_EXCHANGE),
		.resolution_e6 = columns->quotes_only ? 0 :
		    clock_resolution_e6(digits[COLUMN_TIMESTAMP])
	};
	prints->fine = digits[COLUMN_TIMESTAMP] > 3;
	prints->nbbo_fine = digits[COLUMN_QUOTE_TIMESTAMP] > 3;
	prints->ex_fine = digits[COLUMN_EX_QUOTE_TIMESTAMP] > 3;
}

struct source *
prints_open(struct replay *replay, const struct prints_setup *setup,
    int *status, struct err *err)
{
	struct prints *prints = buf_alloc(1, sizeof(*prints));
	struct prints_reader reader = { prints, setup, replay, -1 };
	const char *name = replay_name(replay);
	struct csv *csv = csv_new(replay_read, replay);
	int r;

	prints->source.next = prints_next;
	prints->source.free = prints_free;
	prints->file = buf_dup(name, strlen(name));
	prints->sorted = sorted_new(setup->memory, replay_stop(replay));
	row_init(&prints->reader, setup->columns, setup->codes, setup->book,
	    csv);
	r = prints_read(&reader, status, err);
	prints_set_caps(prints);
	prints->reader.csv = NULL;
	csv_free(csv);
	if (r >= 0)
		return &prints->source;
	prints_free(&prints->source);
	return NULL;
}
