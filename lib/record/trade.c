#include "record/trade.h"

#include <stddef.h>
#include <string.h>

#include "record/emit.h"

void
trade_init(struct trade *trade)
{
	static const struct trade_quote none = {
		TRADE_NONE, TRADE_NONE, TRADE_NONE, TRADE_NONE, TRADE_NONE
	};

	memset(trade, 0, sizeof(*trade));
	trade->timestamp = trade->sequence = trade->ref_sequence = TRADE_NONE;
	trade->price_e4 = trade->size = trade->multiplier = TRADE_NONE;
	trade->premium_e4 = trade->strike_e4 = trade->dte = TRADE_NONE;
	trade->underlying_e4 = trade->underlying_age_ms = TRADE_NONE;
	trade->open_interest = TRADE_NONE;
	trade->nbbo = trade->ex = none;
	trade->cond = cond_regular();
}

int
trade_premium(int64_t price_e4, int64_t size, int64_t multiplier,
    int64_t *out)
{
	int64_t v;

	if (__builtin_mul_overflow(price_e4, size, &v) ||
	    __builtin_mul_overflow(v, multiplier, out))
		return -1;
	return 0;
}

/* ---- reading ---- */

#define AT(key, kind, most, member) \
	{ KEY_##key, SCAN_TO_##kind, most, offsetof(struct trade, member) }
#define TEXT(key) AT(key, TEXT, 0, key)
#define INT(key, most, member) AT(key, INT, most, member)
#define PRICE(key, member) AT(key, E4, TRADE_PRICE_MOST, member)
#define SIZE(key, member) AT(key, INT, TRADE_SIZE_MOST, member)
#define TIME(key, member) AT(key, INT, TRADE_TIME_MOST, member)
#define FLAG(key) AT(key, BOOL, 0, key)
static const struct scan_field trade_fields[] = {
	TEXT(trade_id), TEXT(symbol), TEXT(root), TEXT(contract_ticker),
	TEXT(trade_date), TEXT(session), TEXT(expiration),
	TEXT(exercise_style), TEXT(exchange), TIME(timestamp, timestamp),
	INT(sequence, INT64_MAX, sequence),
	INT(ref_sequence, INT64_MAX, ref_sequence), PRICE(price, price_e4),
	SIZE(size, size), SIZE(multiplier, multiplier),
	AT(premium, E4, INT64_MAX, premium_e4), PRICE(strike, strike_e4),
	SIZE(open_interest, open_interest), PRICE(bid, nbbo.bid_e4),
	PRICE(ask, nbbo.ask_e4), SIZE(bid_size, nbbo.bid_size),
	SIZE(ask_size, nbbo.ask_size), TIME(quote_timestamp, nbbo.ts),
	PRICE(ex_bid, ex.bid_e4), PRICE(ex_ask, ex.ask_e4),
	SIZE(ex_bid_size, ex.bid_size), SIZE(ex_ask_size, ex.ask_size),
	TIME(ex_quote_timestamp, ex.ts), FLAG(is_adjusted), FLAG(is_flex),
	FLAG(is_cancel), FLAG(is_late_arrival), FLAG(is_cancelled), TEXT(feed)
};
#undef AT
#undef TEXT
#undef INT
#undef PRICE
#undef SIZE
#undef TIME
#undef FLAG

static int
trade_read_conditions(struct trade *trade, struct scan *scan,
    struct err *err)
{
	struct scan_value all = scan_get(scan, KEY_conditions), one;
	size_t pos = 0;

	if (all.type == SCAN_ABSENT)
		return 0;
	if (all.type != SCAN_ARRAY)
		return err_set(err, "conditions: not an array");
	while (scan_element(all, &pos, &one)) {
		struct slice text;

		if (one.type != SCAN_STRING && one.type != SCAN_ESCAPED)
			return err_set(err, "conditions: not texts");
		if (trade->n_conditions == TRADE_CONDITIONS)
			return err_set(err, "conditions: more than %d",
			    TRADE_CONDITIONS);
		text = scan_unescape(scan, one);
		trade->condition[trade->n_conditions++] = text;
		cond_add(&trade->cond, text);
	}
	return 0;
}

static int
trade_read_right(struct trade *trade, struct scan *scan, struct err *err)
{
	struct slice text = { NULL, 0 };

	if (scan_text(scan, KEY_option_type, &text, err) < 0)
		return -1;
	if (text.n == 0)
		trade->right = TRADE_NO_RIGHT;
	else if (slice_equal(text, SLICE("call")))
		trade->right = TRADE_CALL;
	else if (slice_equal(text, SLICE("put")))
		trade->right = TRADE_PUT;
	else
		return err_set(err, "option_type: neither call nor put");
	return 0;
}

static int
trade_check(struct trade *trade, struct err *err)
{
	int64_t premium_e4;

	if (trade->contract_ticker.n == 0)
		return err_set(err, "contract_ticker: missing");
	if (trade->timestamp == TRADE_NONE)
		return err_set(err, "timestamp: missing");
	if (trade->price_e4 == TRADE_NONE || trade->price_e4 <= 0)
		return err_set(err, "price: %s", trade->price_e4 ==
		    TRADE_NONE ? "missing" : "not above 0");
	if (trade->size == TRADE_NONE || trade->size <= 0)
		return err_set(err, "size: %s", trade->size == TRADE_NONE ?
		    "missing" : "not above 0");
	if (trade->multiplier == TRADE_NONE)
		trade->multiplier = 100;
	if (trade->multiplier <= 0)
		return err_set(err, "multiplier: not above 0");
	if (trade_premium(trade->price_e4, trade->size, trade->multiplier,
	    &premium_e4) < 0)
		return err_set(err, "premium: too large");
	if (trade->premium_e4 == TRADE_NONE)
		trade->premium_e4 = premium_e4;
	return 0;
}

int
trade_read(struct trade *trade, struct scan *scan, struct err *err)
{
	trade_init(trade);
	if (scan_fields(scan, trade_fields, sizeof(trade_fields) /
	    sizeof(*trade_fields), trade, err) < 0 ||
	    trade_read_right(trade, scan, err) < 0 ||
	    trade_read_conditions(trade, scan, err) < 0)
		return -1;
	if (trade->cond.cancel != COND_NO_CANCEL)
		trade->is_cancel = true;
	return trade_check(trade, err);
}

/* ---- writing ---- */

static void
trade_put_right(struct buf *dst, enum trade_right right)
{
	if (right != TRADE_NO_RIGHT)
		emit_str(dst, KEY_option_type,
		    right == TRADE_CALL ? "call" : "put");
}

static void
trade_put_quotes(struct buf *dst, const struct trade *trade)
{
	emit_opt_decimal(dst, KEY_bid, trade->nbbo.bid_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_ask, trade->nbbo.ask_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_bid_size, trade->nbbo.bid_size);
	emit_opt_int(dst, KEY_ask_size, trade->nbbo.ask_size);
	emit_opt_int(dst, KEY_quote_timestamp, trade->nbbo.ts);
	emit_opt_decimal(dst, KEY_ex_bid, trade->ex.bid_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_ex_ask, trade->ex.ask_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_ex_bid_size, trade->ex.bid_size);
	emit_opt_int(dst, KEY_ex_ask_size, trade->ex.ask_size);
	emit_opt_int(dst, KEY_ex_quote_timestamp, trade->ex.ts);
}

static void
trade_put_conditions(struct buf *dst, const struct trade *trade)
{
	if (trade->n_conditions == 0)
		return;
	emit_array(dst, KEY_conditions);
	for (size_t i = 0; i < trade->n_conditions; i++)
		emit_item(dst, trade->condition[i]);
	emit_array_end(dst);
}

void
trade_write_open(struct buf *dst, const struct trade *trade)
{
	emit_open(dst, "trade");
	emit_opt_text(dst, KEY_trade_id, trade->trade_id);
	emit_opt_text(dst, KEY_symbol, trade->symbol);
	emit_opt_text(dst, KEY_root, trade->root);
	emit_opt_text(dst, KEY_contract_ticker, trade->contract_ticker);
	emit_int(dst, KEY_timestamp, trade->timestamp);
	emit_opt_text(dst, KEY_ts_ns, trade->ts_ns);
	emit_opt_int(dst, KEY_sequence, trade->sequence);
	emit_opt_int(dst, KEY_ref_sequence, trade->ref_sequence);
	emit_opt_text(dst, KEY_trade_date, trade->trade_date);
	emit_opt_text(dst, KEY_session, trade->session);
	emit_decimal(dst, KEY_price, trade->price_e4, DECIMAL_E4);
	emit_int(dst, KEY_size, trade->size);
	emit_opt_int(dst, KEY_multiplier, trade->multiplier);
	emit_opt_decimal(dst, KEY_premium, trade->premium_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_strike, trade->strike_e4, DECIMAL_E4);
	emit_opt_text(dst, KEY_expiration, trade->expiration);
	trade_put_right(dst, trade->right);
	emit_opt_int(dst, KEY_dte, trade->dte);
	emit_opt_text(dst, KEY_settlement, trade->settlement);
	emit_opt_text(dst, KEY_exercise_style, trade->exercise_style);
	emit_opt_true(dst, KEY_is_adjusted, trade->is_adjusted);
	emit_opt_true(dst, KEY_is_flex, trade->is_flex);
	emit_opt_true(dst, KEY_multiplier_assumed,
	    trade->multiplier_assumed);
	emit_opt_text(dst, KEY_exchange, trade->exchange);
	trade_put_conditions(dst, trade);
	emit_opt_decimal(dst, KEY_underlying_price, trade->underlying_e4,
	    DECIMAL_E4);
	emit_opt_int(dst, KEY_underlying_age_ms, trade->underlying_age_ms);
	emit_opt_int(dst, KEY_open_interest, trade->open_interest);
	trade_put_quotes(dst, trade);
	emit_opt_true(dst, KEY_is_cancel, trade->is_cancel);
	emit_opt_true(dst, KEY_is_late_arrival, trade->is_late_arrival);
	emit_opt_true(dst, KEY_is_cancelled, trade->is_cancelled);
}

void
trade_write(struct buf *dst, const struct trade *trade)
{
	trade_write_open(dst, trade);
	emit_close(dst);
}

void
trade_write_identity(struct buf *dst, const struct trade *trade)
{
	emit_opt_text(dst, KEY_symbol, trade->symbol);
	emit_opt_text(dst, KEY_root, trade->root);
	emit_opt_text(dst, KEY_contract_ticker, trade->contract_ticker);
	emit_opt_decimal(dst, KEY_strike, trade->strike_e4, DECIMAL_E4);
	emit_opt_text(dst, KEY_expiration, trade->expiration);
	trade_put_right(dst, trade->right);
	emit_opt_int(dst, KEY_multiplier, trade->multiplier);
	emit_opt_true(dst, KEY_is_adjusted, trade->is_adjusted);
	emit_opt_true(dst, KEY_is_flex, trade->is_flex);
	emit_opt_text(dst, KEY_trade_date, trade->trade_date);
	emit_opt_text(dst, KEY_feed, trade->feed);
}

size_t
trade_id_print(char *dst, struct slice contract_ticker, int64_t timestamp,
    struct slice exchange, int64_t seq)
{
	char *p = dst;

	/* So much leaves the second number its room. */
	if (contract_ticker.n > 32)
		contract_ticker.n = 32;
	if (exchange.n > 12)
		exchange.n = 12;
	memcpy(p, contract_ticker.p, contract_ticker.n);
	p += contract_ticker.n;
	*p++ = ':';
	p += decimal_print_int(p, timestamp);
	*p++ = ':';
	if (exchange.n > 0)
		memcpy(p, exchange.p, exchange.n);
	p += exchange.n;
	*p++ = ':';
	p += decimal_print_int(p, seq);
	return (size_t)(p - dst);
}
