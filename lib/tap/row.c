#include "tap/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

enum { ROW_MARKETS = 64 };	/* most quotes of exchanges in a row */

void
row_init(struct row_reader *reader, const struct columns *columns,
    enum cond_codes codes, struct contract_book *book, struct csv *csv)
{
	memset(reader, 0, sizeof(*reader));
	reader->columns = columns;
	reader->codes = codes;
	reader->book = book;
	reader->csv = csv;
	table_init(&reader->by_name);
	table_init(&reader->by_codes);
}

void
row_free(struct row_reader *reader)
{
	for (size_t i = 0; i < reader->n_names; i++) {
		free(reader->names[i]->p);
		free(reader->names[i]);
	}
	for (size_t i = 0; i < reader->n_conds; i++) {
		for (size_t k = 0; k < reader->conds[i]->n; k++)
			free((char *)(uintptr_t)reader->conds[i]->names[k].p);
		free(reader->conds[i]->unknown);
		free(reader->conds[i]);
	}
	table_free(&reader->by_name);
	table_free(&reader->by_codes);
	free(reader->names);
	free(reader->conds);
	buf_free(&reader->key);
}

/* ---- cells ---- */

static struct slice
row_cell(const struct row_reader *reader, enum column column)
{
	return csv_cell(reader->csv, reader->place.at[column]);
}

/* Puts the column's name before the reason; returns -1. */
static int
row_blame(enum column column, struct err *err)
{
	struct err why = *err;

	return err_set(err, "%s: %s", columns_name(column), why.text);
}

/* A number's cell; an empty one is TRADE_NONE. */
static int
row_number_of(struct slice cell, enum column column, int scale, int64_t *out,
    struct err *err)
{
	*out = TRADE_NONE;
	if (cell.n == 0 ||
	    decimal_parse(cell.p, cell.n, scale, out, err) == 0)
		return 0;
	return row_blame(column, err);
}

/* The same, at least least and no more than a record may hold. */
static int
row_amount_of(struct slice cell, enum column column, int scale, int64_t least,
    int64_t *out, struct err *err)
{
	if (row_number_of(cell, column, scale, out, err) < 0)
		return -1;
	if (*out > (scale == 0 ? TRADE_SIZE_MOST : TRADE_PRICE_MOST))
		return err_set(err, "%s: out of range", columns_name(column));
	if (*out != TRADE_NONE && *out < least)
		return err_set(err, "%s: %s 0", columns_name(column),
		    least > 0 ? "not above" : "below");
	return 0;
}

static int
row_number(const struct row_reader *reader, enum column column, int64_t *out,
    struct err *err)
{
	return row_number_of(row_cell(reader, column), column, 0, out, err);
}

static int
row_amount(const struct row_reader *reader, enum column column, int scale,
    int64_t least, int64_t *out, struct err *err)
{
	return row_amount_of(row_cell(reader, column), column, scale, least,
	    out, err);
}

static int
row_time(struct row_reader *reader, enum column column,
    struct clock_instant *out, struct err *err)
{
	if (clock_read(reader->columns->unit[column],
	    row_cell(reader, column), row_cell(reader, COLUMN_DATE),
	    out, err) < 0)
		return row_blame(column, err);
	if (reader->digits[column] < out->digits)
		reader->digits[column] = out->digits;
	return 0;
}

/* ---- names ---- */

static const struct row_name *
row_exchange(struct row_reader *reader, struct slice cell)
{
	struct row_name *name;
	const char *known;
	void **at;
	size_t n = 0;

	if (cell.n == 0)
		return NULL;
	at = table_at(&reader->by_name, cell.p, cell.n);
	if (*at != NULL)
		return *at;
	*at = name = buf_alloc(1, sizeof(*name));
	known = cond_exchange(reader->codes, cell, &n);
	name->unknown = known == NULL || n > NBBO_EXCHANGE;
	name->p = name->unknown ? buf_dup(cell.p, cell.n) : buf_dup(known, n);
	name->n = name->unknown ? 0 : n;
	name->number = reader->n_names;
	reader->names = buf_realloc(reader->names, reader->n_names + 1,
	    sizeof(*reader->names));
	reader->names[reader->n_names++] = name;
	return name;
}

/* A code that may stand in a record: printable, no space, not long. */
static bool
row_is_code(struct slice code)
{
	for (size_t i = 0; i < code.n; i++)
		if (code.p[i] <= ' ' || code.p[i] > '~' ||
		    code.p[i] == '"' || code.p[i] == '\\')
			return false;
	return code.n <= 24;
}

/* Adds one code to the conditions. */
static int
row_add_cond(struct row_conds *conds, enum cond_codes codes,
    struct slice code)
{
	const char *name = cond_name(codes, code);
	struct buf text = BUF_INIT;

	if (!row_is_code(code))
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
row_read_conds(struct row_conds *conds, enum cond_codes codes,
    struct slice all)
{
	conds->cond = cond_regular();
	for (size_t i = 0, n; i < all.n; i += n + 1) {
		n = 0;
		while (i + n < all.n && strchr(" ;|", all.p[i + n]) == NULL)
			n++;
		if (n > 0 && row_add_cond(conds, codes,
		    (struct slice){ all.p + i, n }) < 0)
			return;
	}
}

static const struct row_conds *
row_conditions(struct row_reader *reader)
{
	size_t columns = reader->columns->n_conditions;
	struct row_conds *conds;
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
	at = table_at(&reader->by_codes, reader->key.p, reader->key.n);
	if (*at != NULL)
		return *at;
	*at = conds = buf_alloc(1, sizeof(*conds));
	conds->number = reader->n_conds;
	reader->conds = buf_realloc(reader->conds, reader->n_conds + 1,
	    sizeof(*reader->conds));
	reader->conds[reader->n_conds++] = conds;
	row_read_conds(conds, reader->codes,
	    (struct slice){ reader->key.p, reader->key.n });
	return conds;
}

/* A leading ^ marks an index; our names for it have none. */
static struct slice
row_symbol(struct slice cell)
{
	if (cell.n > 1 && cell.p[0] == '^')
		return (struct slice){ cell.p + 1, cell.n - 1 };
	return cell;
}

static struct contract *
row_contract(struct row_reader *reader, struct err *err)
{
	struct contract_name name = {
		.osi = row_cell(reader, COLUMN_OSI),
		.plain = row_cell(reader, COLUMN_CONTRACT),
		.symbol = row_symbol(row_cell(reader, COLUMN_SYMBOL))
	};
	const struct columns *columns = reader->columns;

	if (columns_has(columns, COLUMN_OSI) && name.osi.n == 0) {
		err_set(err, "osi: empty");
		return NULL;
	}
	if (columns_has(columns, COLUMN_CONTRACT) && name.plain.n == 0) {
		err_set(err, "contract: empty");
		return NULL;
	}
	if (name.osi.n == 0 && name.plain.n == 0) {
		name.root = row_symbol(row_cell(reader, COLUMN_ROOT));
		name.expiration = row_cell(reader, COLUMN_EXPIRATION);
		name.strike = row_cell(reader, COLUMN_STRIKE);
		name.right = row_cell(reader, COLUMN_OPTION_TYPE);
	}
	return contract_find(reader->book, &name, err);
}

/* ---- quotes ---- */

/* Columns of a quote of one scope. */
struct row_scope {
	enum column time, bid, ask, bid_size, ask_size;
};

static const struct row_scope row_nbbo = {
	COLUMN_QUOTE_TIMESTAMP, COLUMN_BID, COLUMN_ASK, COLUMN_BID_SIZE,
	COLUMN_ASK_SIZE
};
static const struct row_scope row_ex = {
	COLUMN_EX_QUOTE_TIMESTAMP, COLUMN_EX_BID, COLUMN_EX_ASK,
	COLUMN_EX_BID_SIZE, COLUMN_EX_ASK_SIZE
};

/*
 * What a price of 0 says is the vendor's; a side without a price has no size,
 * a quote without any is none.
 */
static void
row_settle_quote(const struct columns *columns, struct trade_quote *quote)
{
	bool sized = columns->zero == COLUMNS_ZERO_OF_NONE_IS_NONE;

	if (sized && quote->bid_e4 == 0 && quote->bid_size <= 0)
		quote->bid_e4 = TRADE_NONE;
	if (columns->zero != COLUMNS_ZERO_IS_PRICE && quote->ask_e4 == 0 &&
	    (!sized || quote->ask_size <= 0))
		quote->ask_e4 = TRADE_NONE;
	if (columns->zero == COLUMNS_ZERO_ASK_IS_NONE &&
	    quote->bid_e4 == 0 && quote->ask_e4 == TRADE_NONE)
		quote->bid_e4 = TRADE_NONE;
	if (quote->bid_e4 == TRADE_NONE)
		quote->bid_size = TRADE_NONE;
	if (quote->ask_e4 == TRADE_NONE)
		quote->ask_size = TRADE_NONE;
}

static bool
row_is_quoted(const struct trade_quote *quote)
{
	return quote->bid_e4 != TRADE_NONE || quote->ask_e4 != TRADE_NONE;
}

static int
row_quote(struct row_reader *reader, const struct row_scope *scope,
    struct trade_quote *quote, int32_t *sub_ns, bool *timed, struct err *err)
{
	struct clock_instant time;

	if (row_amount(reader, scope->bid, DECIMAL_E4, 0, &quote->bid_e4,
	    err) < 0 ||
	    row_amount(reader, scope->ask, DECIMAL_E4, 0, &quote->ask_e4,
	    err) < 0 ||
	    row_amount(reader, scope->bid_size, 0, 0, &quote->bid_size,
	    err) < 0 ||
	    row_amount(reader, scope->ask_size, 0, 0, &quote->ask_size,
	    err) < 0)
		return -1;
	quote->ts = TRADE_NONE;
	*timed = false;
	*sub_ns = 0;
	/* In a file of quotes, that there is none is news as well. */
	if (!reader->columns->quotes_only) {
		row_settle_quote(reader->columns, quote);
		if (!row_is_quoted(quote) ||
		    row_cell(reader, scope->time).n == 0)
			return 0;
	}
	if (row_time(reader, scope->time, &time, err) < 0)
		return -1;
	row_settle_quote(reader->columns, quote);
	quote->ts = time.ms;
	*sub_ns = time.sub_ns;
	*timed = true;
	return 0;
}

/* ---- quotes of several exchanges behind the row's last column ---- */

enum { ROW_EXCHANGE, ROW_BID_SIZE, ROW_BID, ROW_ASK_SIZE, ROW_ASK, ROW_GROUP };

static int
row_market(const struct row_reader *reader, size_t at,
    struct trade_quote *quote, struct err *err)
{
	const struct csv *csv = reader->csv;

	if (row_amount_of(csv_cell(csv, at + ROW_BID_SIZE),
	    COLUMN_EX_BID_SIZE, 0, 0, &quote->bid_size, err) < 0 ||
	    row_amount_of(csv_cell(csv, at + ROW_BID), COLUMN_EX_BID,
	    DECIMAL_E4, 0, &quote->bid_e4, err) < 0 ||
	    row_amount_of(csv_cell(csv, at + ROW_ASK_SIZE),
	    COLUMN_EX_ASK_SIZE, 0, 0, &quote->ask_size, err) < 0 ||
	    row_amount_of(csv_cell(csv, at + ROW_ASK), COLUMN_EX_ASK,
	    DECIMAL_E4, 0, &quote->ask_e4, err) < 0)
		return -1;
	quote->ts = TRADE_NONE;
	row_settle_quote(reader->columns, quote);
	return 0;
}

static int
row_add_size(int64_t *sum, int64_t size, enum column column, struct err *err)
{
	if (size == TRADE_NONE)
		return 0;
	*sum = *sum == TRADE_NONE ? size : *sum + size;
	return *sum <= TRADE_SIZE_MOST ? 0 :
	    err_set(err, "%s: out of range", columns_name(column));
}

/*
 * The whole market's sizes are those of all exchanges at the best prices; the
 * quote of the print's own exchange is among them.
 */
static int
row_markets(const struct row_reader *reader, struct row *row, struct err *err)
{
	const struct csv *csv = reader->csv;
	struct slice own = row_cell(reader, COLUMN_EXCHANGE);
	size_t at = reader->place.at[COLUMN_MARKETS] + 1, end;
	struct trade_quote quote;
	int64_t n;

	if (row_amount(reader, COLUMN_MARKETS, 0, 0, &n, err) < 0)
		return -1;
	if (n > ROW_MARKETS)
		return err_set(err, "markets: out of range");
	end = at + (n > 0 ? (size_t)n * ROW_GROUP : 0);
	if (csv_count(csv) < end)
		return err_set(err, "row too short: %zu cells, needs %zu",
		    csv_count(csv), end);
	for (size_t i = end; i < csv_count(csv); i++)
		if (csv_cell(csv, i).n > 0)
			return err_set(err, "row too long: %zu cells, needs "
			    "%zu", csv_count(csv), end);
	for (; at < end; at += ROW_GROUP) {
		if (row_market(reader, at, &quote, err) < 0)
			return -1;
		if (quote.bid_e4 == row->nbbo.bid_e4 && row_add_size(
		    &row->nbbo.bid_size, quote.bid_size, COLUMN_BID_SIZE,
		    err) < 0)
			return -1;
		if (quote.ask_e4 == row->nbbo.ask_e4 && row_add_size(
		    &row->nbbo.ask_size, quote.ask_size, COLUMN_ASK_SIZE,
		    err) < 0)
			return -1;
		if (own.n > 0 &&
		    slice_equal(csv_cell(csv, at + ROW_EXCHANGE), own))
			row->ex = quote;
	}
	return 0;
}

/* ---- rows ---- */

/* A price, or the middle between the underlying's bid and ask. */
static int
row_underlying(const struct row_reader *reader, struct row *row,
    struct err *err)
{
	int64_t bid, ask;

	if (row_amount(reader, COLUMN_UNDERLYING_PRICE, DECIMAL_E4, 1,
	    &row->underlying_e4, err) < 0 ||
	    row_amount(reader, COLUMN_UNDERLYING_BID, DECIMAL_E4, 0, &bid,
	    err) < 0 ||
	    row_amount(reader, COLUMN_UNDERLYING_ASK, DECIMAL_E4, 0, &ask,
	    err) < 0)
		return -1;
	if (row->underlying_e4 == TRADE_NONE && bid > 0 && ask > 0)
		row->underlying_e4 = decimal_ratio(bid + ask, 2, 0);
	return 0;
}

/* What a file says, later than the print, of its being taken back. */
static int
row_cancelled(const struct row_reader *reader, struct row *row,
    struct err *err)
{
	struct slice correction = row_cell(reader, COLUMN_CORRECTION);
	int64_t number;

	if (row_number(reader, COLUMN_IS_CANCELLED, &number, err) < 0)
		return -1;
	row->is_cancelled = number != TRADE_NONE && number != 0;
	row->odd_correction = false;
	if (correction.n > 0 && !slice_equal(correction, SLICE("0"))) {
		row->is_cancelled = true;
		row->odd_correction = !slice_equal(correction, SLICE("e"));
	}
	return 0;
}

static int
row_numbers(const struct row_reader *reader, struct row *row, struct err *err)
{
	if (row_amount(reader, COLUMN_PRICE, DECIMAL_E4, 1, &row->price_e4,
	    err) < 0 ||
	    row_amount(reader, COLUMN_SIZE, 0, 1, &row->size, err) < 0 ||
	    row_number(reader, COLUMN_SEQUENCE, &row->sequence, err) < 0 ||
	    row_number(reader, COLUMN_REF_SEQUENCE, &row->ref_sequence,
	    err) < 0 ||
	    row_amount(reader, COLUMN_MULTIPLIER, 0, 1, &row->multiplier,
	    err) < 0 ||
	    row_underlying(reader, row, err) < 0 ||
	    row_amount(reader, COLUMN_OPEN_INTEREST, 0, 0,
	    &row->open_interest, err) < 0)
		return -1;
	if (row->price_e4 == TRADE_NONE)
		return err_set(err, "price: empty");
	if (row->size == TRADE_NONE)
		return err_set(err, "size: empty");
	return 0;
}

static int
row_print(struct row_reader *reader, struct row *row, struct err *err)
{
	struct clock_instant time;

	if (row_time(reader, COLUMN_TIMESTAMP, &time, err) < 0 ||
	    row_numbers(reader, row, err) < 0)
		return -1;
	row->ts = time.ms;
	row->sub_ns = time.sub_ns;
	return 0;
}

int
row_read(struct row_reader *reader, struct row *row, struct err *err)
{
	const struct columns *columns = reader->columns;

	memset(row, 0, sizeof(*row));
	if (csv_count(reader->csv) < reader->place.least)
		return err_set(err, "row too short: %zu cells, needs %zu",
		    csv_count(reader->csv), reader->place.least);
	if ((!columns->quotes_only && row_print(reader, row, err) < 0) ||
	    row_quote(reader, &row_nbbo, &row->nbbo, &row->nbbo_sub_ns,
	    &row->nbbo_timed, err) < 0 ||
	    (!columns->quotes_only && row_quote(reader, &row_ex, &row->ex,
	    &row->ex_sub_ns, &row->ex_timed, err) < 0) ||
	    (columns_has(columns, COLUMN_MARKETS) &&
	    row_markets(reader, row, err) < 0) ||
	    row_cancelled(reader, row, err) < 0)
		return -1;
	row->contract = row_contract(reader, err);
	if (row->contract == NULL)
		return -1;
	row->conds = row_conditions(reader);
	if (row->conds != NULL && row->conds->bad.text[0] != '\0')
		return err_set(err, "%s", row->conds->bad.text);
	row->exchange = row_exchange(reader,
	    row_cell(reader, COLUMN_EXCHANGE));
	return 0;
}
