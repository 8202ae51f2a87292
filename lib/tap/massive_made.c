#include "tap/massive_made.h"

#include "record/emit.h"

enum { MASSIVE_MADE_MINUTE_MS = 60000 };

static void
massive_made_open(struct buf *dst, const char *kind,
    const struct contract *contract, int64_t now_ms)
{
	emit_open(dst, kind);
	emit_text(dst, KEY_symbol, contract->symbol);
	emit_text(dst, KEY_contract_ticker, contract->ticker);
	emit_int(dst, KEY_timestamp, now_ms);
}

bool
massive_made_oi(struct buf *dst, const struct contract *contract,
    const struct massive_rest_contract *row, int64_t now_ms)
{
	struct cal_time local;
	char day[DAY_TEXT];
	int32_t before;

	cal_new_york(now_ms, &local);
	if (row->open_interest == TRADE_NONE || row->open_interest < 0 ||
	    cal_step(local.day, -1, &before, NULL) < 0)
		return false;
	massive_made_open(dst, "oi", contract, now_ms);
	emit_word(dst, KEY_oi_date, day, day_print(day, before));
	emit_int(dst, KEY_open_interest, row->open_interest);
	emit_close(dst);
	return true;
}

void
massive_made_chain(struct buf *dst, const struct contract *contract,
    const struct massive_rest_contract *row, int64_t now_ms)
{
	const struct trade_quote *quote = &row->quote;

	massive_made_open(dst, "chain", contract, now_ms);
	emit_opt_decimal(dst, KEY_bid, quote->bid_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_ask, quote->ask_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_bid_size, quote->bid_size);
	emit_opt_int(dst, KEY_ask_size, quote->ask_size);
	if (quote->bid_e4 != TRADE_NONE || quote->ask_e4 != TRADE_NONE)
		emit_opt_int(dst, KEY_quote_timestamp, quote->ts);
	emit_opt_decimal(dst, KEY_last, row->last_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_day_volume, row->day_volume);
	emit_opt_int(dst, KEY_open_interest, row->open_interest);
	emit_opt_decimal(dst, KEY_underlying_price, row->underlying_e4,
	    DECIMAL_E4);
	emit_opt_decimal(dst, KEY_iv, row->iv_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_delta, row->delta_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_gamma, row->gamma_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_theta, row->theta_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_vega, row->vega_e6, DECIMAL_E6);
	if (row->iv_e6 != TRADE_NONE)
		emit_str(dst, KEY_model, "VENDOR");
	emit_close(dst);
}

static bool
massive_made_span(struct bar *bar, int64_t start_ts, bool daily)
{
	struct cal_time local;
	struct cal_span span;
	int32_t day;

	bar->start_ts = start_ts;
	bar->end_ts = start_ts + MASSIVE_MADE_MINUTE_MS;
	if (!daily)
		return cal_session_at(start_ts, CAL_SHARE, CAL_NO_DAY,
		    &bar->session, &day, NULL) == 0;
	cal_new_york(start_ts, &local);
	if (cal_span(local.day, CAL_SHARE, CAL_RTH, &span, NULL) <= 0)
		return false;
	bar->start_ts = span.start_ts;
	bar->end_ts = span.end_ts;
	bar->session = CAL_RTH;
	return true;
}

bool
massive_made_bar(struct buf *dst, struct contract *contract,
    const struct massive_rest_bar *row, bool daily, int64_t *end_ts)
{
	struct bar bar = { .contract = contract, .open_e4 = row->open_e4,
	    .high_e4 = row->high_e4, .low_e4 = row->low_e4,
	    .close_e4 = row->close_e4, .volume = row->volume,
	    .vwap_e4 = row->vwap_e4, .trades = row->trades };

	if (!massive_made_span(&bar, row->start_ts, daily))
		return false;
	bars_write(dst, &bar, daily);
	buf_str(dst, "\n");
	*end_ts = bar.end_ts;
	return true;
}
