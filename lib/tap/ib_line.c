#include "tap/ib_line.h"

#include "record/emit.h"

/* Tick types, each live and delayed. */
enum {
	IB_BID_SIZE = 0, IB_BID = 1, IB_ASK = 2, IB_ASK_SIZE = 3, IB_LAST = 4,
	IB_VOLUME = 8, IB_MODEL = 13, IB_CALL_OI = 27, IB_PUT_OI = 28,
	IB_LATE_BID = 66, IB_LATE_ASK = 67, IB_LATE_LAST = 68,
	IB_LATE_BID_SIZE = 69, IB_LATE_ASK_SIZE = 70, IB_LATE_VOLUME = 74,
	IB_LATE_MODEL = 83
};

void
ib_line_init(struct ib_option *option)
{
	option->volume = option->open_interest = option->last_e4 =
	    option->iv_e6 = option->delta_e6 = option->gamma_e6 =
	    option->vega_e6 = option->theta_e6 = option->underlying_e4 =
	    TRADE_NONE;
	option->quote = (struct trade_quote){ TRADE_NONE, TRADE_NONE,
	    TRADE_NONE, TRADE_NONE, TRADE_NONE };
	option->ticked_ms = 0;
}

/* A side of the quote; a bid of 0 with a size is a real one. */
static void
ib_line_side(int64_t price_e4, int64_t size, int64_t *to, int64_t *to_size)
{
	bool none = price_e4 < 0 || (price_e4 == 0 && size <= 0);

	*to = none ? TRADE_NONE : price_e4;
	*to_size = none ? TRADE_NONE : size;
}

static bool
ib_line_price(struct ib_option *option, const struct ib_message *message)
{
	struct trade_quote *quote = &option->quote;

	switch (message->type) {
	case IB_BID:
	case IB_LATE_BID:
		ib_line_side(message->price_e4, message->size, &quote->bid_e4,
		    &quote->bid_size);
		return true;
	case IB_ASK:
	case IB_LATE_ASK:
		ib_line_side(message->price_e4, message->size, &quote->ask_e4,
		    &quote->ask_size);
		if (quote->ask_e4 == 0)	/* nothing is offered for nothing */
			quote->ask_e4 = quote->ask_size = TRADE_NONE;
		return true;
	case IB_LAST:
	case IB_LATE_LAST:
		if (message->price_e4 > 0)
			option->last_e4 = message->price_e4;
		return true;
	default:
		return false;
	}
}

static bool
ib_line_size(struct ib_option *option, const struct ib_message *message)
{
	int oi = option->right == OSI_CALL ? IB_CALL_OI : IB_PUT_OI;

	if (message->size < 0)
		return false;
	switch (message->type) {
	case IB_BID_SIZE:
	case IB_LATE_BID_SIZE:
		if (option->quote.bid_e4 != TRADE_NONE)
			option->quote.bid_size = message->size;
		return true;
	case IB_ASK_SIZE:
	case IB_LATE_ASK_SIZE:
		if (option->quote.ask_e4 != TRADE_NONE)
			option->quote.ask_size = message->size;
		return true;
	case IB_VOLUME:
	case IB_LATE_VOLUME:
		option->volume = message->size;
		return true;
	default:
		if (message->type == oi)
			option->open_interest = message->size;
		return message->type == oi;
	}
}

static bool
ib_line_greeks(struct ib_option *option, const struct ib_message *message)
{
	if (message->type != IB_MODEL && message->type != IB_LATE_MODEL)
		return false;
	option->iv_e6 = message->iv_e6;
	option->delta_e6 = message->delta_e6;
	option->gamma_e6 = message->gamma_e6;
	option->vega_e6 = message->vega_e6;
	option->theta_e6 = message->theta_e6;
	if (message->underlying_e4 > 0)
		option->underlying_e4 = message->underlying_e4;
	return true;
}

bool
ib_line_take(struct ib_option *option, const struct ib_message *message,
    bool *delayed)
{
	switch (message->id) {
	case IB_PRICE:
		return ib_line_price(option, message);
	case IB_SIZE:
		return ib_line_size(option, message);
	case IB_GREEKS:
		return ib_line_greeks(option, message);
	case IB_DATA_TYPE:
		*delayed |= message->type == 3 || message->type == 4;
		return false;
	default:
		return false;
	}
}

bool
ib_line_is_whole(const struct ib_option *option)
{
	return option->volume != TRADE_NONE &&
	    option->open_interest != TRADE_NONE &&
	    option->iv_e6 != TRADE_NONE &&
	    option->quote.ask_e4 != TRADE_NONE;
}

static void
ib_line_open(struct buf *dst, const char *kind,
    const struct ib_option *option, int64_t ts)
{
	emit_open(dst, kind);
	emit_text(dst, KEY_symbol, option->contract->symbol);
	emit_text(dst, KEY_contract_ticker, option->contract->ticker);
	emit_int(dst, KEY_timestamp, ts);
}

void
ib_line_write_greeks(struct buf *dst, const struct ib_option *option)
{
	emit_opt_decimal(dst, KEY_underlying_price, option->underlying_e4,
	    DECIMAL_E4);
	emit_opt_decimal(dst, KEY_iv, option->iv_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_delta, option->delta_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_gamma, option->gamma_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_theta, option->theta_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_vega, option->vega_e6, DECIMAL_E6);
	if (option->iv_e6 != TRADE_NONE)
		emit_str(dst, KEY_model, "VENDOR");
}

void
ib_line_write_chain(struct buf *dst, const struct ib_option *option,
    int64_t ts)
{
	const struct trade_quote *quote = &option->quote;

	ib_line_open(dst, "chain", option, ts);
	emit_opt_decimal(dst, KEY_bid, quote->bid_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_ask, quote->ask_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_bid_size, quote->bid_size);
	emit_opt_int(dst, KEY_ask_size, quote->ask_size);
	emit_opt_decimal(dst, KEY_last, option->last_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_day_volume, option->volume);
	emit_opt_int(dst, KEY_open_interest, option->open_interest);
	ib_line_write_greeks(dst, option);
	emit_close(dst);
}

void
ib_line_write_oi(struct buf *dst, const struct ib_option *option, int64_t ts,
    int32_t trade_day)
{
	char text[DAY_TEXT];
	int32_t day;

	/* the figure of the business day before */
	if (cal_step(trade_day, -1, &day, NULL) < 0)
		return;
	ib_line_open(dst, "oi", option, ts);
	emit_word(dst, KEY_oi_date, text, day_print(text, day));
	emit_int(dst, KEY_open_interest, option->open_interest);
	emit_close(dst);
}
