#include "tap/columns.h"

#include <string.h>

static const char *const columns_names[COLUMN_COUNT] = {
	[COLUMN_TIMESTAMP] = "timestamp",
	[COLUMN_QUOTE_TIMESTAMP] = "quote_timestamp",
	[COLUMN_EX_QUOTE_TIMESTAMP] = "ex_quote_timestamp",
	[COLUMN_DATE] = "date_et",
	[COLUMN_OSI] = "osi",
	[COLUMN_CONTRACT] = "contract",
	[COLUMN_ROOT] = "root",
	[COLUMN_SYMBOL] = "symbol",
	[COLUMN_EXPIRATION] = "expiration",
	[COLUMN_STRIKE] = "strike",
	[COLUMN_OPTION_TYPE] = "option_type",
	[COLUMN_PRICE] = "price",
	[COLUMN_SIZE] = "size",
	[COLUMN_BID] = "bid",
	[COLUMN_ASK] = "ask",
	[COLUMN_BID_SIZE] = "bid_size",
	[COLUMN_ASK_SIZE] = "ask_size",
	[COLUMN_EX_BID] = "ex_bid",
	[COLUMN_EX_ASK] = "ex_ask",
	[COLUMN_EX_BID_SIZE] = "ex_bid_size",
	[COLUMN_EX_ASK_SIZE] = "ex_ask_size",
	[COLUMN_EXCHANGE] = "exchange",
	[COLUMN_CONDITIONS] = "conditions",
	[COLUMN_SEQUENCE] = "sequence",
	[COLUMN_REF_SEQUENCE] = "ref_sequence",
	[COLUMN_MULTIPLIER] = "multiplier",
	[COLUMN_UNDERLYING_PRICE] = "underlying_price",
	[COLUMN_UNDERLYING_BID] = "underlying_bid",
	[COLUMN_UNDERLYING_ASK] = "underlying_ask",
	[COLUMN_OPEN_INTEREST] = "open_interest",
	[COLUMN_IS_CANCELLED] = "is_cancelled",
	[COLUMN_CORRECTION] = "correction",
	[COLUMN_MARKETS] = "markets",
};

static const char *const columns_units[] = {
	[CLOCK_S] = "_s", [CLOCK_MS] = "_ms", [CLOCK_US] = "_us",
	[CLOCK_NS] = "_ns", [CLOCK_ET] = "_et"
};

const char *
columns_name(enum column column)
{
	return columns_names[column];
}

/* The column a field names, with its unit when it is a time. */
static int
columns_find(struct slice field, enum column *column, enum clock_unit *unit)
{
	*unit = CLOCK_NONE;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		size_t n = strlen(columns_names[i]);
		struct slice rest;

		if (field.n < n || memcmp(field.p, columns_names[i], n) != 0)
			continue;
		rest = (struct slice){ field.p + n, field.n - n };
		*column = (enum column)i;
		if (i >= COLUMNS_TIMES && rest.n == 0)
			return 0;
		for (int u = CLOCK_S; i < COLUMNS_TIMES && u <= CLOCK_ET; u++)
			if (rest.n == strlen(columns_units[u]) &&
			    memcmp(rest.p, columns_units[u], rest.n) == 0) {
				*unit = (enum clock_unit)u;
				return 0;
			}
	}
	return -1;
}

static int
columns_add(struct columns *columns, struct slice field, struct slice header,
    struct err *err)
{
	enum clock_unit unit;
	enum column column;

	if (header.n == 0)
		return err_set(err, "columns: %.*s: not like field=header",
		    (int)field.n, field.p);
	if (columns_find(field, &column, &unit) < 0)
		return err_set(err, "columns: %.*s: unknown field%s",
		    (int)field.n, field.p,
		    slice_equal(field, SLICE("timestamp")) ||
		    slice_equal(field, SLICE("quote_timestamp")) ?
		    "; a time needs its unit: _s, _ms, _us, _ns, _et" : "");
	if (column == COLUMN_CONDITIONS) {
		if (columns->n_conditions == COLUMNS_CONDITIONS)
			return err_set(err, "columns: conditions: more than "
			    "%d columns", COLUMNS_CONDITIONS);
		columns->conditions[columns->n_conditions++] = header;
	} else if (columns_has(columns, column)) {
		return err_set(err, "columns: %s: given twice",
		    columns_names[column]);
	}
	columns->header[column] = header;
	if ((int)column < COLUMNS_TIMES)
		columns->unit[column] = unit;
	return 0;
}

static int
columns_parse_text(struct columns *columns, const char *text,
    struct err *err)
{
	while (*text != '\0') {
		size_t n = strcspn(text, ","), field = strcspn(text, "=,");
		struct slice header = { NULL, 0 };

		if (field < n)
			header = (struct slice){ text + field + 1,
			    n - field - 1 };
		if (columns_add(columns, (struct slice){ text, field },
		    header, err) < 0)
			return -1;
		text += n + (text[n] == ',');
	}
	return 0;
}

static int
columns_check_contract(const struct columns *columns, struct err *err)
{
	static const enum column parts[] = {
		COLUMN_EXPIRATION, COLUMN_STRIKE, COLUMN_OPTION_TYPE
	};
	bool root = columns_has(columns, COLUMN_ROOT) ||
	    columns_has(columns, COLUMN_SYMBOL);

	if (columns_has(columns, COLUMN_OSI) &&
	    columns_has(columns, COLUMN_CONTRACT))
		return err_set(err, "columns: osi and contract exclude each "
		    "other");
	if (columns_has(columns, COLUMN_OSI) ||
	    columns_has(columns, COLUMN_CONTRACT))
		return 0;
	for (size_t i = 0; root && i < sizeof(parts) / sizeof(*parts); i++)
		root = columns_has(columns, parts[i]);
	if (root)
		return 0;
	return err_set(err, "columns: no contract: needs osi=, or contract=, "
	    "or root= or symbol= with expiration=, strike= and option_type=");
}

int
columns_parse(struct columns *columns, const char *const *texts, size_t n,
    struct err *err)
{
	static const enum column needed[] = { COLUMN_PRICE, COLUMN_SIZE };

	memset(columns, 0, sizeof(*columns));
	for (size_t i = 0; i < n; i++)
		if (columns_parse_text(columns, texts[i], err) < 0)
			return -1;
	if (!columns_has(columns, COLUMN_TIMESTAMP))
		return err_set(err, "columns: no time: needs timestamp_s=, "
		    "_ms=, _us=, _ns= or _et=");
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++)
		if (!columns_has(columns, needed[i]))
			return err_set(err, "columns: needs %s=",
			    columns_names[needed[i]]);
	return columns_check_contract(columns, err);
}

void
columns_vendor(struct columns *columns, enum columns_vendor vendor)
{
	static const struct {
		const char *text;
		enum columns_zero zero;
	} vendors[] = {
		[COLUMNS_LIVEVOL] = { "symbol=underlying_symbol,"
		    "timestamp_et=quote_datetime,sequence=sequence_number,"
		    "root=root,expiration=expiration,strike=strike,"
		    "option_type=option_type,exchange=exchange_id,"
		    "size=trade_size,price=trade_price,"
		    "conditions=trade_condition_id,"
		    "is_cancelled=canceled_trade_condition_id,"
		    "bid=best_bid,ask=best_ask,"
		    "underlying_bid=underlying_bid,"
		    "underlying_ask=underlying_ask,"
		    "markets=number_of_exchanges", COLUMNS_ZERO_ASK_IS_NONE },
		[COLUMNS_MASSIVE] = { "osi=ticker,conditions=conditions,"
		    "correction=correction,exchange=exchange,price=price,"
		    "timestamp_ns=sip_timestamp,size=size",
		    COLUMNS_ZERO_IS_PRICE },
		[COLUMNS_MASSIVE_QUOTES] = { "osi=ticker,ask=ask_price,"
		    "ask_size=ask_size,bid=bid_price,bid_size=bid_size,"
		    "quote_timestamp_ns=sip_timestamp",
		    COLUMNS_ZERO_OF_NONE_IS_NONE }
	};

	memset(columns, 0, sizeof(*columns));
	columns_parse_text(columns, vendors[vendor].text, NULL);
	columns->zero = vendors[vendor].zero;
	columns->quotes_only = vendor == COLUMNS_MASSIVE_QUOTES;
}

static int
columns_bind_one(const struct csv *row, struct slice header, size_t *at,
    size_t *least, struct err *err)
{
	*at = SIZE_MAX;
	for (size_t i = 0; i < csv_count(row); i++) {
		if (!slice_equal(csv_cell(row, i), header))
			continue;
		if (*at != SIZE_MAX)
			return err_set(err, "column \"%.*s\" stands twice in "
			    "the header", (int)header.n, header.p);
		*at = i;
	}
	if (*at == SIZE_MAX)
		return err_set(err, "no column \"%.*s\" in the header",
		    (int)header.n, header.p);
	if (*least <= *at)
		*least = *at + 1;
	return 0;
}

int
columns_bind(const struct columns *columns, const struct csv *header,
    struct columns_place *place, struct err *err)
{
	place->least = 0;
	for (int i = 0; i < COLUMN_COUNT; i++) {
		place->at[i] = SIZE_MAX;
		if (i != COLUMN_CONDITIONS && columns->header[i].n > 0 &&
		    columns_bind_one(header, columns->header[i],
		    &place->at[i], &place->least, err) < 0)
			return -1;
	}
	for (size_t i = 0; i < columns->n_conditions; i++)
		if (columns_bind_one(header, columns->conditions[i],
		    &place->conditions[i], &place->least, err) < 0)
			return -1;
	return 0;
}

/* The reader of a text: as read(2). */
static ssize_t
columns_read(void *ctx, void *dst, size_t n)
{
	struct slice *rest = ctx;

	n = n < rest->n ? n : rest->n;
	memcpy(dst, rest->p, n);
	rest->p += n;
	rest->n -= n;
	return (ssize_t)n;
}

bool
columns_fit(const struct columns *columns, struct slice line)
{
	struct csv *csv = csv_new(columns_read, &line);
	struct columns_place place;
	bool fits = csv_next(csv, NULL) > 0 &&
	    columns_bind(columns, csv, &place, NULL) == 0;

	csv_free(csv);
	return fits;
}
