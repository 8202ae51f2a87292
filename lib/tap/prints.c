#include "tap/prints.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

/* A name out of a column, read once. */
struct prints_text {
	char *p;			/* NULL: none */
	size_t n;
	bool unknown;
};

/* The conditions of a row, read once for each combination of codes. */
struct prints_conds {
	struct slice names[TRADE_CONDITIONS];
	size_t n;
	struct cond cond;
	char *unknown;			/* a code nobody knows, or NULL */
	struct err bad;			/* why they are not acceptable, or "" */
};

/* One print, parsed. */
struct prints_row {
	int64_t ts, sequence, ref_sequence, price_e4, size, multiplier;
	int64_t underlying_e4, open_interest;
	struct trade_quote nbbo, ex;
	struct contract *contract;
	const struct prints_conds *conds;
	const struct prints_text *exchange;
	int64_t line;
	int32_t sub_ns, nbbo_sub_ns, ex_sub_ns;
	bool nbbo_timed, ex_timed;	/* given, and when is known */
};

struct prints {
	struct source source;
	char *file;
	bool fine, nbbo_fine, ex_fine;	/* clocks tick finer than 1 ms */
	struct prints_row *rows;
	size_t n, cap;
	/* Row numbers by time: prints, and quotes of both scopes. */
	struct source_order *prints, *quotes;
	size_t n_quotes, cap_quotes, at_print, at_quote;
	struct table names, combinations;	/* by the cells' text */
	struct prints_text **texts;
	struct prints_conds **conds;
	size_t n_texts, n_conds;
	struct trade trade;		/* handed out */
	char ns_text[DECIMAL_TEXT];
};

/* What reading needs besides. */
struct prints_reader {
	struct prints *prints;
	const struct prints_setup *setup;
	struct csv *csv;
	struct columns_place place;
	struct buf key;			/* scratch */
	int digits[COLUMNS_TIMES];	/* most decimals of a second seen */
};

static void
prints_free(struct source *source)
{
	struct prints *prints = (struct prints *)source;

	for (size_t i = 0; i < prints->n_texts; i++) {
		free(prints->texts[i]->p);
		free(prints->texts[i]);
	}
	for (size_t i = 0; i < prints->n_conds; i++) {
		for (size_t k = 0; k < prints->conds[i]->n; k++)
			free((char *)(uintptr_t)prints->conds[i]->names[k].p);
		free(prints->conds[i]->unknown);
		free(prints->conds[i]);
	}
	table_free(&prints->names);
	table_free(&prints->combinations);
	free(prints->texts);
	free(prints->conds);
	free(prints->rows);
	free(prints->prints);
	free(prints->quotes);
	free(prints->file);
	free(prints);
}

/* ---- cells ---- */

static struct slice
prints_cell(const struct prints_reader *reader, enum column column)
{
	return csv_cell(reader->csv, reader->place.at[column]);
}

/* Puts the column's name before the reason; returns -1. */
static int
prints_blame(enum column column, struct err *err)
{
	struct err why = *err;

	return err_set(err, "%s: %s", columns_name(column), why.text);
}

/* A number's cell; an empty one is TRADE_NONE. */
static int
prints_number(const struct prints_reader *reader, enum column column,
    int scale, int64_t *out, struct err *err)
{
	struct slice cell = prints_cell(reader, column);

	*out = TRADE_NONE;
	if (cell.n == 0 ||
	    decimal_parse(cell.p, cell.n, scale, out, err) == 0)
		return 0;
	return prints_blame(column, err);
}

/* The same, at least least and no more than a record may hold. */
static int
prints_amount(const struct prints_reader *reader, enum column column,
    int scale, int64_t least, int64_t *out, struct err *err)
{
	if (prints_number(reader, column, scale, out, err) < 0)
		return -1;
	if (*out > (scale == 0 ? TRADE_SIZE_MOST : TRADE_PRICE_MOST))
		return err_set(err, "%s: out of range", columns_name(column));
	if (*out != TRADE_NONE && *out < least)
		return err_set(err, "%s: %s 0", columns_name(column),
		    least > 0 ? "not above" : "below");
	return 0;
}

static int
prints_time(struct prints_reader *reader, enum column column,
    struct clock_instant *out, struct err *err)
{
	if (clock_read(reader->setup->columns->unit[column],
	    prints_cell(reader, column), prints_cell(reader, COLUMN_DATE),
	    out, err) < 0)
		return prints_blame(column, err);
	if (reader->digits[column] < out->digits)
		reader->digits[column] = out->digits;
	return 0;
}

/* ---- names ---- */

static const struct prints_text *
prints_exchange(struct prints_reader *reader)
{
	struct prints *prints = reader->prints;
	struct slice cell = prints_cell(reader, COLUMN_EXCHANGE);
	struct prints_text *text;
	const char *name;
	void **at;
	size_t n = 0;

	if (cell.n == 0)
		return NULL;
	at = table_at(&prints->names, cell.p, cell.n);
	if (*at != NULL)
		return *at;
	*at = text = buf_alloc(1, sizeof(*text));
	name = cond_exchange(reader->setup->codes, cell, &n);
	text->unknown = name == NULL || n > NBBO_EXCHANGE;
	text->p = text->unknown ? buf_dup(cell.p, cell.n) : buf_dup(name, n);
	text->n = text->unknown ? 0 : n;
	prints->texts = buf_realloc(prints->texts, prints->n_texts + 1,
	    sizeof(*prints->texts));
	prints->texts[prints->n_texts++] = text;
	return text;
}

/* A code that may stand in a record: printable, no space, not long. */
static bool
prints_is_code(struct slice code)
{
	for (size_t i = 0; i < code.n; i++)
		if (code.p[i] <= ' ' || code.p[i] > '~' ||
		    code.p[i] == '"' || code.p[i] == '\\')
			return false;
	return code.n <= 24;
}

/* Adds one code to the conditions. */
static int
prints_add_cond(struct prints_conds *conds, enum cond_codes codes,
    struct slice code)
{
	const char *name = cond_name(codes, code);
	struct buf text = BUF_INIT;

	if (!prints_is_code(code))
		return err_set(&conds->bad, "conditions: not a code");
	if (name != NULL) {
		buf_str(&text, name);
	} else {
		buf_str(&text, "UNKNOWN_");
		buf_add(&text, code.p, code.n);
		if (conds->unknown == NULL)
			conds->unknown = buf_dup(code.p, code.n);
	}
	for (size_t i = 0; i < conds->n; i++)
		if (slice_equal(conds->names[i],
		    (struct slice){ text.p, text.n }))
			text.n = 0;
	if (text.n == 0) {
		buf_free(&text);
		return 0;
	}
	if (conds->n == TRADE_CONDITIONS) {
		buf_free(&text);
		return err_set(&conds->bad, "conditions: more than %d",
		    TRADE_CONDITIONS);
	}
	conds->names[conds->n] = (struct slice){ text.p, text.n };
	cond_add(&conds->cond, conds->names[conds->n++]);
	return 0;
}

static void
prints_read_conds(struct prints_conds *conds, enum cond_codes codes,
    struct slice all)
{
	conds->cond = cond_regular();
	for (size_t i = 0, n; i < all.n; i += n + 1) {
		n = 0;
		while (i + n < all.n && strchr(" ;|", all.p[i + n]) == NULL)
			n++;
		if (n > 0 && prints_add_cond(conds, codes,
		    (struct slice){ all.p + i, n }) < 0)
			return;
	}
}

static const struct prints_conds *
prints_conditions(struct prints_reader *reader)
{
	struct prints *prints = reader->prints;
	size_t columns = reader->setup->columns->n_conditions;
	struct prints_conds *conds;
	void **at;

	if (columns == 0)
		return NULL;
	reader->key.n = 0;
	for (size_t i = 0; i < columns; i++) {
		struct slice cell = csv_cell(reader->csv,
		    reader->place.conditions[i]);

		if (i > 0)
			buf_add(&reader->key, "|", 1);
		buf_add(&reader->key, cell.p, cell.n);
	}
	at = table_at(&prints->combinations, reader->key.p, reader->key.n);
	if (*at != NULL)
		return *at;
	*at = conds = buf_alloc(1, sizeof(*conds));
	prints->conds = buf_realloc(prints->conds, prints->n_conds + 1,
	    sizeof(*prints->conds));
	prints->conds[prints->n_conds++] = conds;
	prints_read_conds(conds, reader->setup->codes,
	    (struct slice){ reader->key.p, reader->key.n });
	return conds;
}

static struct contract *
prints_contract(struct prints_reader *reader, struct err *err)
{
	struct contract_name name = {
		.osi = prints_cell(reader, COLUMN_OSI),
		.plain = prints_cell(reader, COLUMN_CONTRACT),
		.symbol = prints_cell(reader, COLUMN_SYMBOL)
	};
	const struct columns *columns = reader->setup->columns;

	if (columns_has(columns, COLUMN_OSI) && name.osi.n == 0) {
		err_set(err, "osi: empty");
		return NULL;
	}
	if (columns_has(columns, COLUMN_CONTRACT) && name.plain.n == 0) {
		err_set(err, "contract: empty");
		return NULL;
	}
	if (name.osi.n == 0 && name.plain.n == 0) {
		name.root = prints_cell(reader, COLUMN_ROOT);
		name.expiration = prints_cell(reader, COLUMN_EXPIRATION);
		name.strike = prints_cell(reader, COLUMN_STRIKE);
		name.right = prints_cell(reader, COLUMN_OPTION_TYPE);
	}
	return contract_find(reader->setup->book, &name, err);
}

/* ---- rows ---- */

/* Columns of a quote of one scope. */
struct prints_scope {
	enum column time, bid, ask, bid_size, ask_size;
};

static const struct prints_scope prints_nbbo = {
	COLUMN_QUOTE_TIMESTAMP, COLUMN_BID, COLUMN_ASK, COLUMN_BID_SIZE,
	COLUMN_ASK_SIZE
};
static const struct prints_scope prints_ex = {
	COLUMN_EX_QUOTE_TIMESTAMP, COLUMN_EX_BID, COLUMN_EX_ASK,
	COLUMN_EX_BID_SIZE, COLUMN_EX_ASK_SIZE
};

/* A quote without any price is none: its sizes and time go with it. */
static int
prints_quote(struct prints_reader *reader,
    const struct prints_scope *scope, struct trade_quote *quote,
    int32_t *sub_ns, bool *timed, struct err *err)
{
	struct clock_instant time;

	if (prints_amount(reader, scope->bid, DECIMAL_E4, 0, &quote->bid_e4,
	    err) < 0 ||
	    prints_amount(reader, scope->ask, DECIMAL_E4, 0, &quote->ask_e4,
	    err) < 0 ||
	    prints_amount(reader, scope->bid_size, 0, 0, &quote->bid_size,
	    err) < 0 ||
	    prints_amount(reader, scope->ask_size, 0, 0, &quote->ask_size,
	    err) < 0)
		return -1;
	quote->ts = TRADE_NONE;
	*timed = false;
	*sub_ns = 0;
	if (quote->bid_e4 == TRADE_NONE && quote->ask_e4 == TRADE_NONE) {
		quote->bid_size = quote->ask_size = TRADE_NONE;
		return 0;
	}
	if (prints_cell(reader, scope->time).n == 0)
		return 0;
	if (prints_time(reader, scope->time, &time, err) < 0)
		return -1;
	quote->ts = time.ms;
	*sub_ns = time.sub_ns;
	*timed = true;
	return 0;
}

static int
prints_row_numbers(const struct prints_reader *reader,
    struct prints_row *row, struct err *err)
{
	if (prints_amount(reader, COLUMN_PRICE, DECIMAL_E4, 1, &row->price_e4,
	    err) < 0 ||
	    prints_amount(reader, COLUMN_SIZE, 0, 1, &row->size, err) < 0 ||
	    prints_number(reader, COLUMN_SEQUENCE, 0, &row->sequence,
	    err) < 0 ||
	    prints_number(reader, COLUMN_REF_SEQUENCE, 0, &row->ref_sequence,
	    err) < 0 ||
	    prints_amount(reader, COLUMN_MULTIPLIER, 0, 1, &row->multiplier,
	    err) < 0 ||
	    prints_amount(reader, COLUMN_UNDERLYING_PRICE, DECIMAL_E4, 1,
	    &row->underlying_e4, err) < 0 ||
	    prints_amount(reader, COLUMN_OPEN_INTEREST, 0, 0,
	    &row->open_interest, err) < 0)
		return -1;
	if (row->price_e4 == TRADE_NONE)
		return err_set(err, "price: empty");
	if (row->size == TRADE_NONE)
		return err_set(err, "size: empty");
	return 0;
}

static int
prints_row(struct prints_reader *reader, struct prints_row *row,
    struct err *err)
{
	struct clock_instant time;

	if (csv_count(reader->csv) < reader->place.least)
		return err_set(err, "row too short: %zu cells, needs %zu",
		    csv_count(reader->csv), reader->place.least);
	if (prints_time(reader, COLUMN_TIMESTAMP, &time, err) < 0 ||
	    prints_row_numbers(reader, row, err) < 0 ||
	    prints_quote(reader, &prints_nbbo, &row->nbbo, &row->nbbo_sub_ns,
	    &row->nbbo_timed, err) < 0 ||
	    prints_quote(reader, &prints_ex, &row->ex, &row->ex_sub_ns,
	    &row->ex_timed, err) < 0)
		return -1;
	row->contract = prints_contract(reader, err);
	if (row->contract == NULL)
		return -1;
	row->conds = prints_conditions(reader);
	if (row->conds != NULL && row->conds->bad.text[0] != '\0')
		return err_set(err, "%s", row->conds->bad.text);
	row->exchange = prints_exchange(reader);
	row->ts = time.ms;
	row->sub_ns = time.sub_ns;
	row->line = csv_line(reader->csv);
	return 0;
}

/* What is not known is said; the print stays. */
static void
prints_tell_unknown(const struct prints_reader *reader,
    const struct prints_row *row)
{
	struct control *control = reader->setup->control;
	struct err why;

	if (row->conds != NULL && row->conds->unknown != NULL) {
		err_set(&why, "conditions: %s is unknown: counts for volume "
		    "only", row->conds->unknown);
		control_reject(control, reader->prints->file, row->line,
		    why.text);
	}
	if (row->exchange != NULL && row->exchange->unknown) {
		err_set(&why, "exchange: %s is unknown: left out",
		    row->exchange->p);
		control_reject(control, reader->prints->file, row->line,
		    why.text);
	}
}

static void
prints_reject(const struct prints_reader *reader, const char *why)
{
	struct control *control = reader->setup->control;

	control->count.in++;
	control->count.reject++;
	control_reject(control, reader->prints->file, csv_line(reader->csv),
	    why);
}

static int64_t
prints_ns(int64_t ts, int32_t sub_ns)
{
	return ts * 1000000 + sub_ns;
}

/* Notes the quotes of the row just added under their times. */
static void
prints_note_quotes(struct prints *prints)
{
	size_t at = prints->n - 1;
	const struct prints_row *row = &prints->rows[at];

	if (prints->cap_quotes - prints->n_quotes < 2) {
		prints->cap_quotes = prints->cap_quotes == 0 ? 1024 :
		    2 * prints->cap_quotes;
		prints->quotes = buf_realloc(prints->quotes,
		    prints->cap_quotes, sizeof(*prints->quotes));
	}
	/* Even numbers are of the whole market, odd ones of the exchange. */
	if (row->nbbo_timed)
		prints->quotes[prints->n_quotes++] = (struct source_order){
		    prints_ns(row->nbbo.ts, row->nbbo_sub_ns), 2 * at };
	if (row->ex_timed && row->exchange != NULL && row->exchange->n > 0)
		prints->quotes[prints->n_quotes++] = (struct source_order){
		    prints_ns(row->ex.ts, row->ex_sub_ns), 2 * at + 1 };
}

static void
prints_read_row(struct prints_reader *reader)
{
	struct prints *prints = reader->prints;
	struct err err;

	if (prints->n == prints->cap) {
		prints->cap = prints->cap == 0 ? 1024 : 2 * prints->cap;
		prints->rows = buf_realloc(prints->rows, prints->cap,
		    sizeof(*prints->rows));
	}
	if (prints_row(reader, &prints->rows[prints->n], &err) < 0) {
		prints_reject(reader, err.text);
		return;
	}
	prints_tell_unknown(reader, &prints->rows[prints->n]);
	prints->n++;
	prints_note_quotes(prints);
}

static void
prints_read_rows(struct prints_reader *reader, struct replay *replay)
{
	struct err err;
	int r;

	while ((r = csv_next(reader->csv, &err)) != 0) {
		if (r < 0)
			prints_reject(reader, err.text);
		else if (csv_is_unended(reader->csv) &&
		    replay_trouble(replay) != NULL)
			prints_reject(reader, "half-written row");
		else
			prints_read_row(reader);
	}
	if (replay_trouble(replay) != NULL)
		control_reject(reader->setup->control, reader->prints->file,
		    csv_line(reader->csv), replay_trouble(replay));
}

static void
prints_sort(struct prints *prints)
{
	prints->prints = buf_alloc(prints->n, sizeof(*prints->prints));
	for (size_t i = 0; i < prints->n; i++)
		prints->prints[i] = (struct source_order){
		    prints_ns(prints->rows[i].ts, prints->rows[i].sub_ns), i };
	source_order_sort(prints->prints, prints->n);
	source_order_sort(prints->quotes, prints->n_quotes);
}

/* ---- handing out ---- */

static void
prints_hand_quote(struct prints *prints, const struct source_order *order,
    struct source_item *item)
{
	const struct prints_row *row = &prints->rows[order->at / 2];
	bool ex = order->at % 2 == 1;

	item->rank = SOURCE_QUOTE;
	item->quote = ex ? row->ex : row->nbbo;
	item->ts = item->quote.ts;
	item->contract = row->contract;
	if (ex)
		item->quote_exchange = (struct slice){ row->exchange->p,
		    row->exchange->n };
	item->time = (struct nbbo_time){ order->key,
	    ex ? prints->ex_fine : prints->nbbo_fine };
	item->line = row->line;
}

static void
prints_hand_print(struct prints *prints, const struct source_order *order,
    struct source_item *item)
{
	const struct prints_row *row = &prints->rows[order->at];
	struct trade *trade = &prints->trade;

	trade_init(trade);
	trade->timestamp = row->ts;
	trade->sequence = row->sequence;
	trade->ref_sequence = row->ref_sequence;
	trade->price_e4 = row->price_e4;
	trade->size = row->size;
	trade->multiplier = row->multiplier;
	trade->underlying_e4 = row->underlying_e4;
	trade->open_interest = row->open_interest;
	if (!row->nbbo_timed)
		trade->nbbo = row->nbbo;
	if (!row->ex_timed)
		trade->ex = row->ex;
	if (row->exchange != NULL)
		trade->exchange = (struct slice){ row->exchange->p,
		    row->exchange->n };
	if (row->conds != NULL) {
		trade->cond = row->conds->cond;
		trade->n_conditions = row->conds->n;
		memcpy(trade->condition, row->conds->names,
		    sizeof(trade->condition));
	}
	if (prints->fine)
		trade->ts_ns = (struct slice){ prints->ns_text,
		    decimal_print_int(prints->ns_text, order->key) };
	item->rank = SOURCE_TRADE;
	item->ts = row->ts;
	item->contract = row->contract;
	item->trade = trade;
	item->time = (struct nbbo_time){ order->key, prints->fine };
	item->line = row->line;
}

static int
prints_next(struct source *source, struct source_item *item, struct err *err)
{
	struct prints *prints = (struct prints *)source;
	const struct source_order *print = NULL, *quote = NULL;

	(void)err;
	if (prints->at_print < prints->n)
		print = &prints->prints[prints->at_print];
	if (prints->at_quote < prints->n_quotes)
		quote = &prints->quotes[prints->at_quote];
	if (print == NULL && quote == NULL)
		return SOURCE_END;
	memset(item, 0, sizeof(*item));
	item->file = prints->file;
	/* A quote goes before the prints of its millisecond. */
	if (print == NULL || (quote != NULL &&
	    quote->key / 1000000 <= print->key / 1000000)) {
		prints->at_quote++;
		prints_hand_quote(prints, quote, item);
	} else {
		prints->at_print++;
		prints_hand_print(prints, print, item);
	}
	return SOURCE_ITEM;
}

static void
prints_set_caps(struct prints *prints, const struct columns *columns,
    const int *digits)
{
	prints->source.caps = (struct source_caps){
		.quotes = columns_has(columns, COLUMN_BID) ||
		    columns_has(columns, COLUMN_ASK),
		.conditions = columns->n_conditions > 0,
		.exchange = columns_has(columns, COLUMN_EXCHANGE),
		.resolution_e6 = clock_resolution_e6(digits[COLUMN_TIMESTAMP])
	};
	prints->fine = digits[COLUMN_TIMESTAMP] > 3;
	prints->nbbo_fine = digits[COLUMN_QUOTE_TIMESTAMP] > 3;
	prints->ex_fine = digits[COLUMN_EX_QUOTE_TIMESTAMP] > 3;
}

/* Binds the header: 1, 0 when there is no row at all, -1 and err. */
static int
prints_read_header(struct prints_reader *reader, struct replay *replay,
    struct err *err)
{
	struct err why;
	int r = csv_next(reader->csv, &why);

	if (r == 0) {
		control_reject(reader->setup->control, reader->prints->file,
		    1, replay_trouble(replay) != NULL ?
		    replay_trouble(replay) : "empty input");
		return 0;
	}
	if (r > 0)
		r = columns_bind(reader->setup->columns, reader->csv,
		    &reader->place, &why);
	if (r < 0)
		return err_set(err, "%s:1: %s", reader->prints->file,
		    why.text);
	return 1;
}

struct source *
prints_open(struct replay *replay, const struct prints_setup *setup,
    struct err *err)
{
	struct prints *prints = buf_alloc(1, sizeof(*prints));
	struct prints_reader reader = { .prints = prints, .setup = setup };
	const char *name = replay_name(replay);
	int r;

	prints->source.next = prints_next;
	prints->source.free = prints_free;
	prints->file = buf_dup(name, strlen(name));
	table_init(&prints->names);
	table_init(&prints->combinations);
	reader.csv = csv_new(replay_read, replay);
	r = prints_read_header(&reader, replay, err);
	if (r > 0)
		prints_read_rows(&reader, replay);
	prints_set_caps(prints, setup->columns, reader.digits);
	prints_sort(prints);
	csv_free(reader.csv);
	buf_free(&reader.key);
	if (r >= 0)
		return &prints->source;
	prints_free(&prints->source);
	return NULL;
}
