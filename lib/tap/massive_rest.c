#include "tap/massive_rest.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/plain.h"
#include "record/osi.h"

enum { MASSIVE_REST_WHY = 160 };

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

	if (!(value > 0 && value <= (double)TRADE_PRICE_MOST) ||
	    fabs(value - round(value)) > 1e-3)
		return TRADE_NONE;
	return (int64_t)round(value);
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
	if (print.price_e4 == TRADE_NONE || print.size <= 0 ||
	    print.size > TRADE_SIZE_MOST || massive_wire_time(
	    massive_rest_int(row, "sip_timestamp"), &print.ns,
	    &print.fine) < 0 || !massive_rest_conditions(row, &print))
		return false;
	if (rows->print != NULL)
		rows->print(rows->ctx, &print);
	return true;
}

static bool
massive_rest_contract(const json_t *row, const json_t *details,
    const struct massive_rest_rows *rows)
{
	const json_t *ticker = json_object_get(details, "ticker");
	struct massive_rest_contract contract;
	struct osi osi;

	if (!json_is_string(ticker))
		return false;
	contract.ticker = (struct slice){ json_string_value(ticker),
	    json_string_length(ticker) };
	if (osi_parse(contract.ticker, &osi, NULL) < 0)
		return false;
	contract.open_interest = massive_rest_int(row, "open_interest");
	contract.day_volume = massive_rest_int(json_object_get(row, "day"),
	    "volume");
	contract.traded_ns = massive_rest_int(json_object_get(row,
	    "last_trade"), "sip_timestamp");
	if (rows->contract != NULL)
		rows->contract(rows->ctx, &contract);
	return true;
}

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

int
massive_rest_read(struct slice body, const char *base,
    const struct massive_rest_rows *rows, struct massive_rest_page *page,
    struct err *err)
{
	json_t *root = json_loadb(body.n > 0 ? body.p : "", body.n,
	    JSON_REJECT_DUPLICATES, NULL);
	const json_t *results = json_object_get(root, "results");
	int r = 0;

	memset(page, 0, sizeof(*page));
	if (!json_is_object(root) || (results != NULL &&
	    !json_is_array(results)))
		r = err_set(err, "the reply is no page");
	for (size_t i = 0; r == 0 && i < json_array_size(results); i++) {
		const json_t *row = json_array_get(results, i);
		const json_t *details = json_object_get(row, "details");

		page->rows++;
		if (!(details != NULL ? massive_rest_contract(row, details,
		    rows) : massive_rest_print(row, rows)))
			page->refused++;
	}
	if (r == 0)
		r = massive_rest_next(root, base, &page->next, err);
	json_decref(root);
	return r;
}

int
massive_rest_volumes(struct slice body, void (*row)(void *ctx,
    struct slice symbol, int64_t volume), void *ctx, struct err *err)
{
	json_t *root = json_loadb(body.n > 0 ? body.p : "", body.n,
	    JSON_REJECT_DUPLICATES, NULL);
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
