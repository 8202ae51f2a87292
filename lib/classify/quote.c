#include "classify/quote.h"

static enum quote_status
quote_status_of(const struct trade_quote *quote)
{
	int64_t bid = quote->bid_e4, ask = quote->ask_e4;

	if (bid == TRADE_NONE || ask == TRADE_NONE || bid < 0 || ask <= 0)
		return QUOTE_ONE_SIDED;
	if (bid > ask)
		return QUOTE_CROSSED;
	if (bid == ask)
		return QUOTE_LOCKED;
	return bid == 0 ? QUOTE_ZERO_BID : QUOTE_OK;
}

void
quote_look(struct quote_view *view, const struct trade_quote *quote,
    int64_t ts, int64_t max_age_ms, int64_t void_ts)
{
	view->bid_e4 = quote->bid_e4;
	view->ask_e4 = quote->ask_e4;
	view->bid_size = quote->bid_size;
	view->ask_size = quote->ask_size;
	view->ts = quote->ts;
	view->age_ms = TRADE_NONE;
	if (quote->ts != TRADE_NONE && quote->ts <= ts)
		view->age_ms = ts - quote->ts;
	if ((quote->bid_e4 == TRADE_NONE && quote->ask_e4 == TRADE_NONE) ||
	    (quote->ts != TRADE_NONE && quote->ts > ts))
		view->status = QUOTE_NONE;
	else if (view->age_ms != TRADE_NONE && (view->age_ms > max_age_ms ||
	    (void_ts != TRADE_NONE && quote->ts < void_ts)))
		view->status = QUOTE_STALE;
	else
		view->status = quote_status_of(quote);
	view->usable = view->status <= QUOTE_LOCKED;
}

enum quote_location
quote_locate(const struct quote_view *view, int64_t price_e4)
{
	int64_t up, spread;

	if (!view->usable)
		return QUOTE_UNKNOWN;
	up = price_e4 - view->bid_e4;
	spread = view->ask_e4 - view->bid_e4;
	if (up < 0)
		return QUOTE_BELOW_BID;
	if (up > spread)
		return QUOTE_ABOVE_ASK;
	if (spread == 0 || 2 * up == spread)
		return QUOTE_MID;
	if (up == 0)
		return QUOTE_AT_BID;
	if (up == spread)
		return QUOTE_AT_ASK;
	if (10 * up >= 7 * spread)
		return QUOTE_NEAR_ASK;
	if (10 * up <= 3 * spread)
		return QUOTE_NEAR_BID;
	return QUOTE_INSIDE;
}

bool
quote_position(const struct quote_view *view, int64_t price_e4,
    int64_t *out_e6)
{
	if (view->status > QUOTE_ZERO_BID)
		return false;
	*out_e6 = decimal_ratio(price_e4 - view->bid_e4,
	    view->ask_e4 - view->bid_e4, DECIMAL_E6);
	return true;
}

bool
quote_is_through(const struct quote_view *view, int64_t price_e4)
{
	int64_t spread;

	if (!view->usable)
		return false;
	spread = view->ask_e4 - view->bid_e4;
	return 10 * (price_e4 - view->ask_e4) > spread ||
	    10 * (view->bid_e4 - price_e4) > spread;
}

bool
quote_is_wide(const struct quote_view *view)
{
	int64_t spread;

	if (!view->usable)
		return false;
	spread = view->ask_e4 - view->bid_e4;
	return spread > 500 && 20 * spread > view->bid_e4 + view->ask_e4;
}

bool
quote_is_central(const struct quote_view *view, int64_t price_e4)
{
	int64_t spread, off;

	if (!view->usable)
		return false;
	spread = view->ask_e4 - view->bid_e4;
	off = 2 * (price_e4 - view->bid_e4) - spread;
	if (spread == 0)
		return off == 0;
	return 5 * (off < 0 ? -off : off) < 2 * spread;
}

const char *
quote_status_name(enum quote_status status)
{
	static const char *const names[QUOTE_STATUSES] = {
		"OK", "ZERO_BID", "LOCKED", "CROSSED", "ONE_SIDED", "STALE",
		"NONE"
	};

	return names[status];
}

const char *
quote_location_name(enum quote_location location)
{
	static const char *const names[QUOTE_LOCATIONS] = {
		"UNKNOWN", "BELOW_BID", "AT_BID", "NEAR_BID", "INSIDE",
		"MID", "NEAR_ASK", "AT_ASK", "ABOVE_ASK"
	};

	return names[location];
}
