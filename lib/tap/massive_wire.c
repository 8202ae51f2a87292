#include "tap/massive_wire.h"

#include <string.h>

enum { MASSIVE_WIRE_FINE = 9 };		/* decimals of a share's price */

int
massive_wire_time(int64_t value, int64_t *ns, bool *fine)
{
	/* 13 digits are ms from 2001 to 2286; 16 us; 19 ns. */
	static const struct {
		int64_t from, times;
	} units[] = {
		{ INT64_C(1000000000000000000), 1 },
		{ INT64_C(1000000000000000), 1000 },
		{ INT64_C(1000000000000), 1000000 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (value >= units[i].from && value <= INT64_MAX /
		    units[i].times) {
			*ns = value * units[i].times;
			*fine = *ns % 1000000 != 0;
			return 0;
		}
	return -1;
}

/* A whole number, however it is spelled: 5, 5.0, 5e0. */
static int
massive_wire_int(const struct scan *scan, enum key key, int64_t *out,
    struct err *err)
{
	return scan_get(scan, key).type == SCAN_INT ?
	    scan_int(scan, key, out, err) :
	    scan_decimal(scan, key, 0, out, err);
}

static int
massive_wire_price(const struct scan *scan, enum massive_wire_market market,
    enum key key, int64_t *out, struct err *err)
{
	int64_t fine;
	int r;

	if (market == MASSIVE_WIRE_OPTIONS)
		return scan_decimal(scan, key, DECIMAL_E4, out, err);
	r = scan_decimal(scan, key, MASSIVE_WIRE_FINE, &fine, err);
	if (r > 0)
		*out = decimal_round(fine, MASSIVE_WIRE_FINE, DECIMAL_E4);
	return r;
}

static int
massive_wire_when(const struct scan *scan, enum key key, int64_t *ns,
    bool *fine, struct err *err)
{
	int64_t value;
	int r = massive_wire_int(scan, key, &value, err);

	if (r < 0)
		return -1;
	if (r == 0 || massive_wire_time(value, ns, fine) < 0)
		return err_set(err, "%s: not a time",
		    key == KEY_t ? "t" : key == KEY_s ? "s" : "e");
	return 0;
}

/* "c": an array of numbers, one number, or nothing. */
static int
massive_wire_conditions(const struct scan *scan, struct massive_wire *event,
    struct err *err)
{
	struct scan_value all = scan_get(scan, KEY_c), one = all;
	size_t pos = 0;

	event->n_conditions = 0;
	if (all.type == SCAN_ABSENT)
		return 0;
	while (all.type != SCAN_ARRAY || scan_element(all, &pos, &one)) {
		if (event->n_conditions == TRADE_CONDITIONS)
			return err_set(err, "c: more than %d conditions",
			    TRADE_CONDITIONS);
		if ((one.type != SCAN_INT && one.type != SCAN_REAL) ||
		    decimal_parse(one.p, one.n, 0,
		    &event->condition[event->n_conditions++], NULL) < 0)
			return err_set(err, "c: not a whole number");
		if (all.type != SCAN_ARRAY)
			break;
	}
	return 0;
}

static int
massive_wire_trade(const struct scan *scan, enum massive_wire_market market,
    struct massive_wire *event, struct err *err)
{
	bool options = market == MASSIVE_WIRE_OPTIONS;

	event->price_e4 = event->size = event->exchange = TRADE_NONE;
	if (massive_wire_when(scan, KEY_t, &event->ns, &event->fine, err) < 0 ||
	    massive_wire_price(scan, market, KEY_p, &event->price_e4,
	    err) < 0 ||
	    (options && massive_wire_int(scan, KEY_s, &event->size, err) < 0) ||
	    massive_wire_int(scan, KEY_x, &event->exchange, err) < 0 ||
	    massive_wire_int(scan, KEY_q, &event->sequence, err) < 0 ||
	    massive_wire_conditions(scan, event, err) < 0)
		return -1;
	if (event->price_e4 <= 0 || event->price_e4 > TRADE_PRICE_MOST)
		return err_set(err, "p: not above 0");
	if (options && (event->size <= 0 || event->size > TRADE_SIZE_MOST))
		return err_set(err, "s: not above 0");
	return 0;
}

static int
massive_wire_value(struct scan *scan, struct massive_wire *event,
    struct err *err)
{
	event->price_e4 = TRADE_NONE;
	if (scan_text(scan, KEY_T, &event->symbol, err) < 0 ||
	    massive_wire_when(scan, KEY_t, &event->ns, &event->fine, err) < 0 ||
	    massive_wire_price(scan, MASSIVE_WIRE_INDICES, KEY_val,
	    &event->price_e4, err) < 0)
		return -1;
	if (event->price_e4 <= 0 || event->price_e4 > TRADE_PRICE_MOST)
		return err_set(err, "val: not above 0");
	return 0;
}

/* A side: none when absent, or when neither price nor size is above 0. */
static int
massive_wire_side(const struct scan *scan, enum massive_wire_market market,
    enum key price, enum key size, int64_t *price_e4, int64_t *number,
    struct err *err)
{
	*price_e4 = *number = TRADE_NONE;
	if (massive_wire_price(scan, market, price, price_e4, err) < 0 ||
	    massive_wire_int(scan, size, number, err) < 0)
		return -1;
	if (*price_e4 == 0 && *number <= 0)
		*price_e4 = TRADE_NONE;
	if (*price_e4 == TRADE_NONE)
		*number = TRADE_NONE;
	if (*price_e4 != TRADE_NONE && (*price_e4 < 0 ||
	    *price_e4 > TRADE_PRICE_MOST))
		return err_set(err, "quote: price out of range");
	if (*number != TRADE_NONE && (*number < 0 ||
	    *number > TRADE_SIZE_MOST))
		return err_set(err, "quote: size out of range");
	return 0;
}

static int
massive_wire_quote(const struct scan *scan, enum massive_wire_market market,
    struct massive_wire *event, struct err *err)
{
	struct trade_quote *quote = &event->quote;

	if (massive_wire_when(scan, KEY_t, &event->ns, &event->fine, err) < 0 ||
	    massive_wire_side(scan, market, KEY_bp, KEY_bs, &quote->bid_e4,
	    &quote->bid_size, err) < 0 ||
	    massive_wire_side(scan, market, KEY_ap, KEY_as, &quote->ask_e4,
	    &quote->ask_size, err) < 0 ||
	    massive_wire_int(scan, KEY_q, &event->sequence, err) < 0)
		return -1;
	quote->ts = event->ns / 1000000;
	return 0;
}

static int
massive_wire_bar(const struct scan *scan, enum massive_wire_market market,
    struct massive_wire *event, struct err *err)
{
	const struct {
		enum key key;
		int64_t *to;
	} prices[] = {
		{ KEY_o, &event->open_e4 }, { KEY_h, &event->high_e4 },
		{ KEY_l, &event->low_e4 }, { KEY_c, &event->close_e4 },
		{ KEY_vw, &event->vwap_e4 }
	};
	int64_t start, end, volume;
	bool fine;
	int r;

	if (massive_wire_when(scan, KEY_s, &start, &fine, err) < 0 ||
	    massive_wire_when(scan, KEY_e, &end, &fine, err) < 0)
		return -1;
	event->start_ts = start / 1000000;
	event->end_ts = end / 1000000;
	event->ns = end;
	for (size_t i = 0; i < sizeof(prices) / sizeof(*prices); i++) {
		*prices[i].to = TRADE_NONE;
		if (massive_wire_price(scan, market, prices[i].key,
		    prices[i].to, err) < 0)
			return -1;
		if (*prices[i].to != TRADE_NONE && (*prices[i].to < 0 ||
		    *prices[i].to > TRADE_PRICE_MOST))
			return err_set(err, "bar: price out of range");
	}
	event->volume = TRADE_NONE;	/* may be a float: parts of shares */
	r = scan_decimal(scan, KEY_v, DECIMAL_E6, &volume, err);
	if (r > 0)
		event->volume = volume / 1000000;
	if (r < 0)
		return -1;
	return event->open_e4 == TRADE_NONE || event->close_e4 == TRADE_NONE ?
	    err_set(err, "bar: without open or close") : 0;
}

static int
massive_wire_event(struct scan *scan, enum massive_wire_market market,
    struct massive_wire *event, struct err *err)
{
	struct slice ev = { NULL, 0 };

	memset(event, 0, sizeof(*event));
	event->kind = MASSIVE_WIRE_OTHER;
	event->sequence = TRADE_NONE;
	if (scan_text(scan, KEY_ev, &ev, err) < 0 ||
	    scan_text(scan, KEY_sym, &event->symbol, err) < 0)
		return -1;
	if (slice_equal(ev, SLICE("status"))) {
		event->kind = MASSIVE_WIRE_STATUS;
		return scan_text(scan, KEY_status, &event->status, err) < 0 ||
		    scan_text(scan, KEY_message, &event->message, err) < 0 ?
		    -1 : 0;
	}
	if (slice_equal(ev, SLICE("T"))) {
		event->kind = MASSIVE_WIRE_TRADE;
		return massive_wire_trade(scan, market, event, err);
	}
	if (slice_equal(ev, SLICE("Q"))) {
		event->kind = MASSIVE_WIRE_QUOTE;
		return massive_wire_quote(scan, market, event, err);
	}
	if (slice_equal(ev, SLICE("AM"))) {
		event->kind = MASSIVE_WIRE_MINUTE;
		return massive_wire_bar(scan, market, event, err);
	}
	if (slice_equal(ev, SLICE("V"))) {
		event->kind = MASSIVE_WIRE_VALUE;
		return massive_wire_value(scan, event, err);
	}
	return 0;
}

/* Everywhere else an index is called by its name alone. */
static void
massive_wire_strip(struct slice *symbol)
{
	if (symbol->n > 2 && memcmp(symbol->p, "I:", 2) == 0)
		*symbol = (struct slice){ symbol->p + 2, symbol->n - 2 };
}

int
massive_wire_next(struct scan *scan, enum massive_wire_market market,
    const char *p, size_t n, size_t *pos, struct massive_wire *event,
    struct err *err)
{
	int r = scan_frame(scan, p, n, pos, err);

	if (r <= 0)
		return r < 0 ? MASSIVE_WIRE_BROKEN : MASSIVE_WIRE_END;
	if (massive_wire_event(scan, market, event, err) < 0)
		return MASSIVE_WIRE_REFUSED;
	massive_wire_strip(&event->symbol);
	return MASSIVE_WIRE_EVENT;
}
