#include "tap/massive_rest.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain.h"
#include "record/osi.h"

enum { MASSIVE_REST_WHY = 160 };

static json_t *
massive_rest_load(struct slice body)
{
	return json_loadb(body.n > 0 ? body.p : "", body.n,
	    JSON_REJECT_DUPLICATES, NULL);
}

/* Empty when there is no such text. */
static struct slice
massive_rest_text(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	return (struct slice){ json_string_value(value),
	    json_string_length(value) };
}

/* A whole number, as 5, 5.0 or 5e0; TRADE_NONE when it is none. */
static int64_t
massive_rest_int(const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	double real;

	if (json_is_integer(value))
		return json_integer_value(value);
	if (!json_is_real(value))
		return TRADE_NONE;
	real = json_real_value(value);
	return real == trunc(real) && fabs(real) < 9e15 ? (int64_t)real :
	    TRADE_NONE;
}

/* A price of at most four decimals; a double tells those apart below 1e8. */
static int64_t
massive_rest_price(const json_t *object, const char *key)
{
	double value = json_number_value(json_object_get(object, key)) * 1e4;
	int64_t whole;

	if (!(value > 0 && value <= (double)TRADE_PRICE_MOST))
		return TRADE_NONE;
	whole = decimal_whole(value);
	return fabs(value - (double)whole) > 1e-3 ? TRADE_NONE : whole;
}

/*
 * Any number, rounded to 10^-scale; TRADE_NONE when there is none.  For what
 * is computed anyway: volatility, greeks, prices of shares, mean prices.
 */
static int64_t
massive_rest_round(const json_t *object, const char *key, double scale)
{
	const json_t *value = json_object_get(object, key);
	double scaled = json_number_value(value) * scale;

	return json_is_number(value) && fabs(scaled) < 9e15 ?
	    decimal_whole(scaled) : TRADE_NONE;
}

static bool
massive_rest_conditions(const json_t *row, struct massive_wire *print)
{
	const json_t *all = json_object_get(row, "conditions");
	size_t n = json_array_size(all);

	if (all != NULL && !json_is_null(all) && !json_is_array(all))
		return false;
	if (n > TRADE_CONDITIONS)
		return false;
	for (size_t i = 0; i < n; i++) {
		const json_t *one = json_array_get(all, i);

		if (!json_is_integer(one))
			return false;
		print->condition[i] = json_integer_value(one);
	}
	print->n_conditions = n;
	return true;
}

static bool
massive_rest_print(const json_t *row, const struct massive_rest_rows *rows)
{
	struct massive_wire print = { .kind = MASSIVE_WIRE_TRADE };

	print.price_e4 = massive_rest_price(row, "price");
	print.size = massive_rest_int(row, "size");
	print.exchange = massive_rest_int(row, "exchange");
	print.sequence = massive_rest_int(row, "sequence_number");
	print.is_cancelled = json_number_value(json_object_get(row,
	    "correction")) != 0;
	if (print.price_e4 == TRADE_NONE || print.size <= 0 ||
	    print.size > TRADE_SIZE_MOST || massive_wire_time(
	    massive_rest_int(row, "sip_timestamp"), &print.ns,
	    &print.fine) < 0 || !massive_rest_conditions(row, &print))
		return false;
	if (rows->print != NULL)
		rows->print(rows->ctx, &print);
	return true;
}

/* ---- contracts ---- */

static void
massive_rest_side(const json_t *quote, const char *price, const char *size,
    int64_t *to, int64_t *to_size)
{
	int64_t p = massive_rest_round(quote, price, 1e4);
	int64_t n = massive_rest_int(quote, size);
	bool none = p < 0 || p > TRADE_PRICE_MOST || (p == 0 && n <= 0);

	*to = none ? TRADE_NONE : p;
	*to_size = none || n < 0 ? TRADE_NONE : n;
}

static void
massive_rest_quote(const json_t *last, struct trade_quote *quote)
{
	bool fine;

	massive_rest_side(last, "bid", "bid_size", &quote->bid_e4,
	    &quote->bid_size);
	massive_rest_side(last, "ask", "ask_size", &quote->ask_e4,
	    &quote->ask_size);
	if (quote->ask_e4 == 0)		/* nothing is offered for nothing */
		quote->ask_e4 = quote->ask_size = TRADE_NONE;
	quote->ts = TRADE_NONE;
	if (massive_wire_time(massive_rest_int(last, "last_updated"),
	    &quote->ts, &fine) == 0)
		quote->ts /= 1000000;
}

static void
massive_rest_greeks(const json_t *row, struct massive_rest_contract *contract)
{
	const json_t *greeks = json_object_get(row, "greeks");

	contract->iv_e6 = massive_rest_round(row, "implied_volatility", 1e6);
	contract->delta_e6 = massive_rest_round(greeks, "delta", 1e6);
	contract->gamma_e6 = massive_rest_round(greeks, "gamma", 1e6);
	contract->theta_e6 = massive_rest_round(greeks, "theta", 1e6);
	contract->vega_e6 = massive_rest_round(greeks, "vega", 1e6);
}

static bool
massive_rest_is_delayed(const json_t *row)
{
	static const char *const blocks[] = { "last_quote", "last_trade",
	    "underlying_asset" };

	for (size_t i = 0; i < sizeof(blocks) / sizeof(*blocks); i++)
		if (slice_equal(massive_rest_text(json_object_get(row,
		    blocks[i]), "timeframe"), SLICE("DELAYED")))
			return true;
	return false;
}

/* A row of a chain has details; one of a list is the details. */
static bool
massive_rest_contract(const json_t *row, const json_t *details,
    const struct massive_rest_rows *rows)
{
	const json_t *last = json_object_get(row, "last_trade");
	const json_t *share = json_object_get(row, "underlying_asset");
	struct massive_rest_contract contract;
	struct osi osi;

	contract.ticker = massive_rest_text(details, "ticker");
	if (osi_parse(contract.ticker, &osi, NULL) < 0)
		return false;
	contract.open_interest = massive_rest_int(row, "open_interest");
	contract.day_volume = massive_rest_int(json_object_get(row, "day"),
	    "volume");
	contract.traded_ns = massive_rest_int(last, "sip_timestamp");
	contract.last_e4 = massive_rest_price(last, "price");
	massive_rest_quote(json_object_get(row, "last_quote"),
	    &contract.quote);
	contract.underlying_e4 = massive_rest_round(share,
	    json_object_get(share, "price") != NULL ? "price" : "value", 1e4);
	massive_rest_greeks(row, &contract);
	contract.delayed = massive_rest_is_delayed(row);
	if (rows->contract != NULL)
		rows->contract(rows->ctx, &contract);
	return true;
}

/* ---- bars ---- */

static bool
massive_rest_bar(const json_t *row, const struct massive_rest_rows *rows)
{
	struct massive_rest_bar bar = {
	    .open_e4 = massive_rest_round(row, "o", 1e4),
	    .high_e4 = massive_rest_round(row, "h", 1e4),
	    .low_e4 = massive_rest_round(row, "l", 1e4),
	    .close_e4 = massive_rest_round(row, "c", 1e4),
	    .volume = massive_rest_round(row, "v", 1),
	    .vwap_e4 = massive_rest_round(row, "vw", 1e4),
	    .trades = massive_rest_int(row, "n") };
	bool fine;

	if (massive_wire_time(massive_rest_int(row, "t"), &bar.start_ts,
	    &fine) < 0 || bar.low_e4 <= 0 || bar.low_e4 > bar.open_e4 ||
	    bar.low_e4 > bar.close_e4 || bar.high_e4 < bar.open_e4 ||
	    bar.high_e4 < bar.close_e4 || bar.high_e4 > TRADE_PRICE_MOST)
		return false;
	bar.start_ts /= 1000000;
	if (bar.volume < 0)
		bar.volume = TRADE_NONE;
	if (bar.vwap_e4 <= 0)
		bar.vwap_e4 = TRADE_NONE;
	if (bar.trades < 0)
		bar.trades = TRADE_NONE;
	if (rows->bar != NULL)
		rows->bar(rows->ctx, &bar);
	return true;
}

/* ---- pages ---- */

static int
massive_rest_next(const json_t *root, const char *base, char **next,
    struct err *err)
{
	const char *url = json_string_value(json_object_get(root,
	    "next_url"));
	size_t n = strlen(base);

	*next = NULL;
	if (url == NULL || *url == '\0')
		return 0;
	if (strncmp(url, base, n) != 0 || url[n] != '/')
		return err_set(err, "the next page is on another server");
	*next = buf_dup(url + n, strlen(url + n));
	return 0;
}

/* What a row is can be seen at it. */
static bool
massive_rest_row(const json_t *row, const struct massive_rest_rows *rows)
{
	const json_t *details = json_object_get(row, "details");

	if (details != NULL)
		return massive_rest_contract(row, details, rows);
	if (json_object_get(row, "ticker") != NULL)
		return massive_rest_contract(NULL, row, rows);
	if (json_object_get(row, "t") != NULL)
		return massive_rest_bar(row, rows);
	return massive_rest_print(row, rows);
}

int
massive_rest_read(struct slice body, const char *base,
    const struct massive_rest_rows *rows, struct massive_rest_page *page,
    struct err *err)
{
	json_t *root = massive_rest_load(body);
	const json_t *results = json_object_get(root, "results");
	int r = 0;

	memset(page, 0, sizeof(*page));
	if (!json_is_object(root) || (results != NULL &&
	    !json_is_array(results)))
		r = err_set(err, "the reply is no page");
	for (size_t i = 0; r == 0 && i < json_array_size(results); i++) {
		page->rows++;
		if (!massive_rest_row(json_array_get(results, i), rows))
			page->refused++;
	}
	if (r == 0)
		r = massive_rest_next(root, base, &page->next, err);
	json_decref(root);
	return r;
}

int
massive_rest_market(struct slice body, void (*told)(void *ctx,
    struct slice market), void *ctx, struct err *err)
{
	json_t *root = massive_rest_load(body);
	struct slice market = massive_rest_text(root, "market");
	int r = 0;

	if (market.n == 0)
		r = err_set(err, "the reply tells no market's status");
	else
		told(ctx, market);
	json_decref(root);
	return r;
}

int
massive_rest_holidays(struct slice body, void (*row)(void *ctx,
    const struct massive_rest_holiday *holiday), void *ctx, struct err *err)
{
	json_t *root = massive_rest_load(body);
	int r = 0;

	if (!json_is_array(root))
		r = err_set(err, "the reply is no list of holidays");
	for (size_t i = 0; r == 0 && i < json_array_size(root); i++) {
		const json_t *one = json_array_get(root, i);
		struct slice status = massive_rest_text(one, "status");
		struct massive_rest_holiday holiday = {
		    massive_rest_text(one, "date"),
		    massive_rest_text(one, "exchange"),
		    massive_rest_text(one, "name"),
		    slice_equal(status, SLICE("early-close")) };

		if (holiday.early || slice_equal(status, SLICE("closed")))
			row(ctx, &holiday);
	}
	json_decref(root);
	return r;
}

int
massive_rest_codes(struct slice body, void (*row)(void *ctx,
    const struct massive_rest_code *code), void *ctx, struct err *err)
{
	json_t *root = massive_rest_load(body);
	const json_t *results = json_object_get(root, "results");
	int r = 0;

	if (!json_is_array(results) || json_array_size(results) == 0)
		r = err_set(err, "the reply is no table");
	for (size_t i = 0; r == 0 && i < json_array_size(results); i++) {
		const json_t *one = json_array_get(results, i);
		const json_t *sip = json_object_get(one, "sip_mapping");
		struct massive_rest_code code = {
		    massive_rest_int(one, "id"),
		    massive_rest_text(one, "name"),
		    sip != NULL ? massive_rest_text(sip, "OPRA") :
		    massive_rest_text(one, "participant_id"),
		    massive_rest_text(one, "mic") };

		if (code.id != TRADE_NONE && code.id >= 0)
			row(ctx, &code);
	}
	json_decref(root);
	return r;
}

const char *
massive_rest_prefix(const char *symbol)
{
	static const char *const indexes[] = { "SPX", "XSP", "NDX", "RUT",
	    "VIX", "DJX", "OEX", "XEO" };

	for (size_t i = 0; i < sizeof(indexes) / sizeof(*indexes); i++)
		if (strcmp(symbol, indexes[i]) == 0)
			return "I:";
	return "";
}

int
massive_rest_volumes(struct slice body, void (*row)(void *ctx,
    struct slice symbol, int64_t volume), void *ctx, struct err *err)
{
	json_t *root = massive_rest_load(body);
	const json_t *results = json_object_get(root, "results");
	int r = 0;

	if (!json_is_object(root) || (results != NULL &&
	    !json_is_array(results)))
		r = err_set(err, "the reply is no page");
	for (size_t i = 0; r == 0 && i < json_array_size(results); i++) {
		const json_t *one = json_array_get(results, i);
		const json_t *name = json_object_get(one, "T");
		double volume = json_number_value(json_object_get(one, "v"));
		struct slice symbol = { json_string_value(name),
		    json_string_length(name) };

		if (osi_is_symbol(symbol) && volume >= 0 && volume < 9e15)
			row(ctx, symbol, (int64_t)volume);
	}
	json_decref(root);
	return r;
}

void
massive_rest_why(int status, struct slice body, struct err *why)
{
	json_t *root = json_loadb(body.n > 0 ? body.p : "", body.n, 0, NULL);
	const char *text = json_string_value(json_object_get(root, "error"));
	struct buf clean = BUF_INIT;
	size_t n;

	if (text == NULL)
		text = json_string_value(json_object_get(root, "message"));
	n = text == NULL ? 0 : strlen(text);
	plain_clean(&clean, (struct slice){ text,
	    n < MASSIVE_REST_WHY ? n : MASSIVE_REST_WHY });
	err_fill(why, "HTTP status %d%s%.*s", status, clean.n > 0 ? ": " : "",
	    (int)clean.n, clean.n > 0 ? clean.p : "");
	buf_free(&clean);
	json_decref(root);
}
