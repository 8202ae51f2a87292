#include "score/facts.h"

#include <stddef.h>
#include <string.h>

#include "market/cal.h"

enum { FACTS_NAME = 64 };	/* bytes of a symbol, at most */

/* What both kinds of record have, and the tags that are compared here. */
struct facts_texts {
	struct slice side, sentiment, aggressiveness, quote_status, opening;
	struct slice kind, iv_status;
	bool is_block, is_unusual;
	int64_t anchor_bid_e4, anchor_ask_e4;
};

#define AT(key, kind, most, member) \
	{ KEY_##key, SCAN_TO_##kind, most, offsetof(struct facts, member) }
#define TEXT_AT(key) \
	{ KEY_##key, SCAN_TO_TEXT, 0, offsetof(struct facts_texts, key) }

/* Of trades, sweeps and cancels. */
static const struct scan_field facts_fields[] = {
	AT(symbol, TEXT, 0, trade.symbol), AT(root, TEXT, 0, trade.root),
	AT(contract_ticker, TEXT, 0, trade.contract_ticker),
	AT(expiration, TEXT, 0, trade.expiration),
	AT(trade_date, TEXT, 0, trade.trade_date),
	AT(option_type, TEXT, 0, option_type),
	AT(session, TEXT, 0, trade.session), AT(feed, TEXT, 0, trade.feed),
	AT(timestamp, INT, TRADE_TIME_MOST, trade.timestamp),
	AT(strike, E4, TRADE_PRICE_MOST, trade.strike_e4),
	AT(multiplier, INT, TRADE_SIZE_MOST, trade.multiplier),
	AT(size, INT, TRADE_SIZE_MOST, trade.size),
	AT(premium, E4, INT64_MAX, trade.premium_e4),
	AT(is_adjusted, BOOL, 0, trade.is_adjusted),
	AT(is_flex, BOOL, 0, trade.is_flex),
	AT(is_late_arrival, BOOL, 0, trade.is_late_arrival),
	AT(decision_ts, INT, TRADE_TIME_MOST, decision_ts),
	AT(sweep_id, TEXT, 0, sweep_id),
};

static const struct scan_field facts_trade_fields[] = {
	AT(trade_id, TEXT, 0, trade.trade_id),
	AT(price, E4, TRADE_PRICE_MOST, trade.price_e4),
	AT(dte, INT, INT32_MAX, trade.dte),
	AT(open_interest, INT, TRADE_SIZE_MOST, trade.open_interest),
	AT(underlying_price, E4, TRADE_PRICE_MOST, print.underlying_e4),
	AT(underlying_age_ms, INT, TRADE_TIME_MOST, print.underlying_age_ms),
	AT(day_volume, INT, INT64_MAX, print.day_volume),
	AT(is_cancel, BOOL, 0, trade.is_cancel),
	AT(is_cancelled, BOOL, 0, trade.is_cancelled),
	AT(is_sweep, BOOL, 0, is_sweep), AT(is_split, BOOL, 0, is_split),
	AT(is_wide, BOOL, 0, wide),
};

static const struct scan_field facts_cancel_fields[] = {
	AT(ref_trade_id, TEXT, 0, ref_id),
	AT(ref_timestamp, INT, TRADE_TIME_MOST, ref_ts),
};

static const struct scan_field facts_text_fields[] = {
	TEXT_AT(side), TEXT_AT(sentiment), TEXT_AT(aggressiveness),
	TEXT_AT(quote_status), TEXT_AT(opening), TEXT_AT(kind),
	TEXT_AT(iv_status),
	{ KEY_is_block, SCAN_TO_BOOL, 0,
	    offsetof(struct facts_texts, is_block) },
	{ KEY_is_unusual_volume, SCAN_TO_BOOL, 0,
	    offsetof(struct facts_texts, is_unusual) },
	{ KEY_anchor_bid, SCAN_TO_E4, TRADE_PRICE_MOST,
	    offsetof(struct facts_texts, anchor_bid_e4) },
	{ KEY_anchor_ask, SCAN_TO_E4, TRADE_PRICE_MOST,
	    offsetof(struct facts_texts, anchor_ask_e4) },
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* ---- identity ---- */

static void
facts_from_symbol(struct facts *f)
{
	struct trade *t = &f->trade;

	if (osi_parse(t->contract_ticker, &f->osi, NULL) < 0) {
		if (t->symbol.n == 0)
			t->symbol = t->contract_ticker;
		return;
	}
	if (t->symbol.n == 0)
		t->symbol = (struct slice){ f->osi.symbol,
		    strlen(f->osi.symbol) };
	if (t->root.n == 0)
		t->root = (struct slice){ f->osi.root, strlen(f->osi.root) };
	if (t->right == TRADE_NO_RIGHT)
		t->right = f->osi.right == OSI_PUT ? TRADE_PUT : TRADE_CALL;
	if (t->strike_e4 == TRADE_NONE)
		t->strike_e4 = f->osi.strike_e4;
	if (t->expiration.n == 0)
		t->expiration = (struct slice){ f->date[0],
		    day_print(f->date[0], f->osi.expiration) };
}

static int
facts_complete(struct facts *f, struct err *err)
{
	struct trade *t = &f->trade;
	struct cal_time time;

	if (slice_equal(f->option_type, SLICE("call")))
		t->right = TRADE_CALL;
	else if (slice_equal(f->option_type, SLICE("put")))
		t->right = TRADE_PUT;
	else if (f->option_type.n > 0)
		return err_set(err, "option_type: neither call nor put");
	if (t->contract_ticker.n == 0)
		return err_set(err, "contract_ticker: missing");
	if (t->timestamp == TRADE_NONE)
		return err_set(err, "timestamp: missing");
	if (t->size == TRADE_NONE || t->size <= 0)
		return err_set(err, "size: missing or not above 0");
	if (t->symbol.n == 0 || t->right == TRADE_NO_RIGHT ||
	    t->strike_e4 == TRADE_NONE || t->expiration.n == 0)
		facts_from_symbol(f);
	if (t->symbol.n > FACTS_NAME)
		return err_set(err, "symbol: longer than %d bytes",
		    FACTS_NAME);
	if (t->trade_date.n == DAY_TEXT &&
	    memcmp(t->trade_date.p, f->last_date, DAY_TEXT) == 0) {
		f->day = f->last_day;
	} else if (t->trade_date.n > 0) {
		f->day = day_parse(t->trade_date.p, t->trade_date.n);
		if (f->day == DAY_NONE)
			return err_set(err, "trade_date: not a date");
		f->last_day = f->day;
		memcpy(f->last_date, t->trade_date.p, DAY_TEXT);
	} else {
		cal_new_york(t->timestamp, &time);
		f->day = time.day;
		t->trade_date = (struct slice){ f->date[1],
		    day_print(f->date[1], f->day) };
	}
	f->expiration = t->expiration.n == 0 ? DAY_NONE :
	    day_parse(t->expiration.p, t->expiration.n);
	if (t->expiration.n > 0 && f->expiration == DAY_NONE)
		return err_set(err, "expiration: not a date");
	return 0;
}

/* ---- tags ---- */

static enum bias_aggressiveness
facts_aggressiveness(struct slice text)
{
	if (slice_equal(text, SLICE("AGGRESSIVE")))
		return BIAS_AGGRESSIVE;
	return slice_equal(text, SLICE("PASSIVE")) ? BIAS_PASSIVE :
	    BIAS_NORMAL;
}

static int
facts_read_tags(struct facts *f, struct facts_texts *x, struct scan *scan,
    struct err *err)
{
	*x = (struct facts_texts){ .anchor_bid_e4 = TRADE_NONE,
	    .anchor_ask_e4 = TRADE_NONE };
	f->confidence_e6 = f->weight_e6 = 0;
	f->print.vol_oi_e6 = TRADE_NONE;
	if (scan_fields(scan, facts_text_fields, COUNT(facts_text_fields), x,
	    err) < 0 ||
	    scan_decimal(scan, KEY_side_confidence, DECIMAL_E6,
	    &f->confidence_e6, err) < 0 ||
	    scan_decimal(scan, KEY_sentiment_weight, DECIMAL_E6,
	    &f->weight_e6, err) < 0)
		return -1;
	if (f->weight_e6 < 0 || f->weight_e6 > 1000000)
		return err_set(err, "sentiment_weight: not from 0 to 1");
	f->buy = slice_equal(x->side, SLICE("BUY"));
	f->sell = slice_equal(x->side, SLICE("SELL"));
	f->sentiment = slice_equal(x->sentiment, SLICE("BULLISH")) ?
	    BIAS_BULLISH : slice_equal(x->sentiment, SLICE("BEARISH")) ?
	    BIAS_BEARISH : BIAS_NEUTRAL;
	f->aggressiveness = facts_aggressiveness(x->aggressiveness);
	f->is_block = x->is_block;
	f->unusual = x->is_unusual || slice_equal(x->opening,
	    SLICE("PROVEN"));
	f->print.iv_bad = x->iv_status.n > 0 && !slice_equal(x->iv_status,
	    SLICE("OK"));
	return 0;
}

/* Everything unknown, then what all kinds have. */
static int
facts_begin(struct facts *f, struct scan *scan, struct err *err)
{
	memset(f, 0, offsetof(struct facts, osi));
	trade_init(&f->trade);
	f->print.underlying_e4 = f->print.underlying_age_ms = TRADE_NONE;
	f->print.day_volume = f->print.vol_oi_e6 = TRADE_NONE;
	f->print.otm_pct_e6 = TRADE_NONE;
	f->print.open_interest = f->decision_ts = f->ref_ts = TRADE_NONE;
	f->price_e6 = TRADE_NONE;
	if (scan_fields(scan, facts_fields, COUNT(facts_fields), f, err) < 0)
		return -1;
	return facts_complete(f, err);
}

static int
facts_read_conditions(struct trade *t, struct scan *scan, enum key key,
    struct err *err)
{
	struct scan_value all = scan_get(scan, key), one;
	size_t pos = 0;

	if (all.type == SCAN_ABSENT)
		return 0;
	if (all.type != SCAN_ARRAY)
		return err_set(err, "%s: not an array", key ==
		    KEY_conditions ? "conditions" : "ref_conditions");
	while (scan_element(all, &pos, &one))
		cond_add(&t->cond, scan_unescape(scan, one));
	t->is_cancel = t->is_cancel || t->cond.cancel != COND_NO_CANCEL;
	return 0;
}

/* The premium, where the record has none; its amounts must be above 0. */
static int
facts_amounts(struct trade *t, struct err *err)
{
	if (t->price_e4 == TRADE_NONE || t->price_e4 <= 0)
		return err_set(err, "price: missing or not above 0");
	if (t->multiplier == TRADE_NONE)
		t->multiplier = 100;
	if (t->multiplier <= 0)
		return err_set(err, "multiplier: not above 0");
	if (t->premium_e4 == TRADE_NONE && trade_premium(t->price_e4, t->size,
	    t->multiplier, &t->premium_e4) < 0)
		return err_set(err, "premium: too large");
	return t->premium_e4 < 0 ? err_set(err, "premium: below 0") : 0;
}

/*
 * What flow-classify knows of open interest from oi records stands in its ratio
 * alone; without one volume is above it when it is 0.
 */
static int
facts_read_oi(struct facts *f, struct scan *scan, struct err *err)
{
	bool above = false;

	f->print.open_interest = f->trade.open_interest;
	if (f->trade.open_interest != TRADE_NONE)
		return 0;
	if (scan_decimal(scan, KEY_vol_oi_ratio, DECIMAL_E6,
	    &f->print.vol_oi_e6, err) < 0 ||
	    scan_bool(scan, KEY_vol_gt_oi, &above, err) < 0)
		return -1;
	if (above && f->print.vol_oi_e6 == TRADE_NONE)
		f->print.open_interest = 0;
	return 0;
}

int
facts_read_trade(struct facts *f, struct scan *scan, int64_t watermark,
    struct err *err)
{
	struct facts_texts x;

	if (facts_begin(f, scan, err) < 0 ||
	    scan_fields(scan, facts_trade_fields, COUNT(facts_trade_fields),
	    f, err) < 0 ||
	    facts_read_conditions(&f->trade, scan, KEY_conditions, err) < 0 ||
	    facts_amounts(&f->trade, err) < 0 ||
	    facts_read_tags(f, &x, scan, err) < 0 ||
	    scan_decimal(scan, KEY_otm_pct, DECIMAL_E6, &f->print.otm_pct_e6,
	    err) < 0)
		return -1;
	f->id = f->trade.trade_id;
	f->price_e6 = f->trade.price_e4 * 100;
	if (f->trade.dte == TRADE_NONE && f->expiration != DAY_NONE)
		f->trade.dte = f->expiration - f->day;
	if (facts_read_oi(f, scan, err) < 0)
		return -1;
	f->print.regular = slice_equal(f->trade.session, SLICE("RTH"));
	f->print.auction = (f->trade.cond.flags & COND_AUCTION) != 0;
	f->status_ok = slice_equal(x.quote_status, SLICE("OK"));
	f->quoted = f->status_ok ||
	    slice_equal(x.quote_status, SLICE("ZERO_BID")) ||
	    slice_equal(x.quote_status, SLICE("LOCKED"));
	f->late = f->trade.is_late_arrival || f->trade.timestamp < watermark;
	return 0;
}

/* ---- derived records ---- */

/* The tags of the members together; 4.3's share makes it aggressive. */
static int
facts_read_members(struct facts *f, struct scan *scan, struct err *err)
{
	struct scan_value all = scan_get(scan, KEY_aggressivenesses), one;
	struct scan_value ids = scan_get(scan, KEY_trade_ids);
	size_t pos = 0, n = 0, aggressive = 0, passive = 0;

	if ((all.type != SCAN_ABSENT && all.type != SCAN_ARRAY) ||
	    (ids.type != SCAN_ABSENT && ids.type != SCAN_ARRAY))
		return err_set(err, "%s: not an array", all.type ==
		    SCAN_ARRAY ? "trade_ids" : "aggressivenesses");
	while (all.type == SCAN_ARRAY && scan_element(all, &pos, &one)) {
		enum bias_aggressiveness a = facts_aggressiveness(
		    (struct slice){ one.p, one.n });

		n++;
		aggressive += a == BIAS_AGGRESSIVE;
		passive += a == BIAS_PASSIVE;
	}
	if (n > 0)
		f->aggressiveness = aggressive * 100 >= n * 65 ?
		    BIAS_AGGRESSIVE : passive == n ? BIAS_PASSIVE :
		    BIAS_NORMAL;
	pos = 0;
	while (ids.type == SCAN_ARRAY && scan_element(ids, &pos, &one))
		f->last_id = (struct slice){ one.p, one.n };
	return 0;
}

int
facts_read_sweep(struct facts *f, struct scan *scan, int64_t watermark,
    struct err *err)
{
	struct facts_texts x;
	int64_t spread;

	if (facts_begin(f, scan, err) < 0 ||
	    facts_read_tags(f, &x, scan, err) < 0 ||
	    facts_read_members(f, scan, err) < 0 ||
	    scan_decimal(scan, KEY_vwap_price, DECIMAL_E6, &f->price_e6,
	    err) < 0)
		return -1;
	if (f->trade.premium_e4 == TRADE_NONE || f->trade.premium_e4 < 0)
		return err_set(err, "premium: missing or below 0");
	if (f->expiration != DAY_NONE)
		f->trade.dte = f->expiration - f->day;
	f->id = f->sweep_id;
	f->is_sweep_record = true;
	f->is_sweep = slice_equal(x.kind, SLICE("SWEEP"));
	f->late = f->trade.is_late_arrival || f->trade.timestamp < watermark;
	f->quoted = x.anchor_bid_e4 != TRADE_NONE && x.anchor_ask_e4 > 0 &&
	    x.anchor_bid_e4 <= x.anchor_ask_e4;
	/* is_wide, as 3.3 has it of a print. */
	spread = x.anchor_ask_e4 - x.anchor_bid_e4;
	f->wide = f->quoted && spread > 500 &&
	    20 * spread > x.anchor_ask_e4 + x.anchor_bid_e4;
	return 0;
}

int
facts_read_cancel(struct facts *f, struct scan *scan, struct err *err)
{
	if (facts_begin(f, scan, err) < 0 ||
	    scan_fields(scan, facts_cancel_fields,
	    COUNT(facts_cancel_fields), f, err) < 0 ||
	    facts_read_conditions(&f->trade, scan, KEY_ref_conditions,
	    err) < 0)
		return -1;
	return f->trade.premium_e4 == TRADE_NONE || f->trade.premium_e4 < 0 ?
	    err_set(err, "premium: missing or below 0") : 0;
}

/* ---- bars ---- */

static int
facts_bar_prices(struct bars_bar *bar, struct err *err)
{
	const int64_t price[] = { bar->open_e4, bar->high_e4, bar->low_e4,
	    bar->close_e4 };

	for (size_t i = 0; i < COUNT(price); i++)
		if (price[i] <= 0)
			return err_set(err,
			    "open, high, low, close: missing or not above 0");
	if (bar->high_e4 < bar->low_e4)
		return err_set(err, "high: below low");
	if (bar->start_ts == TRADE_NONE || bar->end_ts == TRADE_NONE)
		return err_set(err, "timestamp, end_ts: missing");
	return 0;
}

int
facts_read_bar(struct slice *symbol, enum bars_frame *frame,
    struct bars_bar *bar, struct scan *scan, struct err *err)
{
#define BAR(key, kind, most, member) \
	{ KEY_##key, SCAN_TO_##kind, most, offsetof(struct bars_bar, member) }
	static const struct scan_field fields[] = {
		BAR(timestamp, INT, TRADE_TIME_MOST, start_ts),
		BAR(end_ts, INT, TRADE_TIME_MOST, end_ts),
		BAR(open, E4, TRADE_PRICE_MOST, open_e4),
		BAR(high, E4, TRADE_PRICE_MOST, high_e4),
		BAR(low, E4, TRADE_PRICE_MOST, low_e4),
		BAR(close, E4, TRADE_PRICE_MOST, close_e4),
		BAR(volume, INT, INT64_C(1000000000000), volume),
	};
#undef BAR
	static const struct slice frames[BARS_FRAMES] = {
		{ "1m", 2 }, { "5m", 2 }, { "15m", 3 }, { "1d", 2 }
	};
	struct slice tf = { NULL, 0 }, contract = { NULL, 0 };
	bool final = false;
	int f = 0;

	*symbol = (struct slice){ NULL, 0 };
	*bar = (struct bars_bar){ TRADE_NONE, TRADE_NONE, TRADE_NONE,
	    TRADE_NONE, TRADE_NONE, TRADE_NONE, TRADE_NONE, TRADE_NONE };
	if (scan_text(scan, KEY_symbol, symbol, err) < 0 ||
	    scan_text(scan, KEY_contract_ticker, &contract, err) < 0 ||
	    scan_text(scan, KEY_tf, &tf, err) < 0 ||
	    scan_bool(scan, KEY_is_final, &final, err) < 0)
		return -1;
	while (f < BARS_FRAMES && !slice_equal(tf, frames[f]))
		f++;
	if (!final || f == BARS_FRAMES || symbol->n == 0 || contract.n > 0)
		return 0;
	*frame = (enum bars_frame)f;
	if (symbol->n > FACTS_NAME)
		return err_set(err, "symbol: longer than %d bytes",
		    FACTS_NAME);
	if (scan_fields(scan, fields, COUNT(fields), bar, err) < 0 ||
	    scan_decimal(scan, KEY_vwap, DECIMAL_E6, &bar->vwap_e6, err) < 0)
		return -1;
	if (bar->vwap_e6 > TRADE_PRICE_MOST * 100)
		return err_set(err, "vwap: out of range");
	return facts_bar_prices(bar, err) < 0 ? -1 : 1;
}
