#include "alert/print.h"

#include <string.h>

#include "market/cal.h"

enum {
	PRINT_NAME = 64,		/* bytes of a symbol, at most */
	PRINT_ID = 256			/* bytes of a trade_id, at most */
};

static int
print_short(struct slice text, size_t most, const char *name,
    struct err *err)
{
	if (text.n <= most)
		return 0;
	return err_set(err, "%s: longer than %zu bytes", name, most);
}

/* What the record lacks, from the contract's symbol. */
static void
print_from_symbol(struct print *p)
{
	struct trade *trade = &p->trade;

	if (osi_parse(trade->contract_ticker, &p->osi, NULL) < 0) {
		if (trade->symbol.n == 0)
			trade->symbol = trade->contract_ticker;
		return;
	}
	if (trade->symbol.n == 0)
		trade->symbol = (struct slice){ p->osi.symbol,
		    strlen(p->osi.symbol) };
	if (trade->root.n == 0)
		trade->root = (struct slice){ p->osi.root,
		    strlen(p->osi.root) };
	if (trade->right == TRADE_NO_RIGHT)
		trade->right = p->osi.right == OSI_PUT ? TRADE_PUT :
		    TRADE_CALL;
	if (trade->strike_e4 == TRADE_NONE)
		trade->strike_e4 = p->osi.strike_e4;
	if (trade->expiration.n == 0)
		trade->expiration = (struct slice){ p->expiration,
		    day_print(p->expiration, p->osi.expiration) };
}

/* The trade date, of the time when the record has none. */
static int
print_date(struct print *p, struct err *err)
{
	struct trade *trade = &p->trade;
	struct cal_time time;

	if (trade->timestamp == TRADE_NONE)
		return err_set(err, "timestamp: missing");
	if (trade->trade_date.n > 0) {
		p->day = day_parse(trade->trade_date.p, trade->trade_date.n);
		return p->day != DAY_NONE ? 0 :
		    err_set(err, "trade_date: not a date");
	}
	cal_new_york(trade->timestamp, &time);
	p->day = time.day;
	trade->trade_date = (struct slice){ p->date,
	    day_print(p->date, p->day) };
	return 0;
}

/* Completes the record and checks that its names are short. */
static int
print_complete(struct print *p, struct err *err)
{
	struct trade *trade = &p->trade;

	if (trade->contract_ticker.n == 0)
		return err_set(err, "contract_ticker: missing");
	if (trade->symbol.n == 0 || trade->root.n == 0 ||
	    trade->right == TRADE_NO_RIGHT || trade->strike_e4 == TRADE_NONE)
		print_from_symbol(p);
	if (print_date(p, err) < 0)
		return -1;
	if (print_short(trade->symbol, PRINT_NAME, "symbol", err) < 0 ||
	    print_short(trade->contract_ticker, PRINT_NAME,
	    "contract_ticker", err) < 0)
		return -1;
	return print_short(trade->trade_id, PRINT_ID, "trade_id", err);
}

int
print_read_trade(struct print *p, struct scan *scan, int64_t watermark,
    struct err *err)
{
	memset(p, 0, offsetof(struct print, osi));
	if (trade_read(&p->trade, scan, err) < 0 ||
	    print_complete(p, err) < 0 ||
	    scan_bool(scan, KEY_is_block, &p->block, err) < 0 ||
	    scan_bool(scan, KEY_is_unusual_volume, &p->unusual, err) < 0 ||
	    scan_bool(scan, KEY_is_multileg, &p->multileg, err) < 0 ||
	    scan_text(scan, KEY_side, &p->side, err) < 0 ||
	    scan_text(scan, KEY_aggressor_side, &p->aggressor, err) < 0)
		return -1;
	p->classified = scan_get(scan, KEY_is_block).type != SCAN_ABSENT;
	p->multileg |= (p->trade.cond.flags & COND_MULTILEG) != 0;
	p->late = p->trade.is_late_arrival ||
	    p->trade.timestamp < watermark;
	return 0;
}

static int
print_read_right(struct trade *trade, struct scan *scan, struct err *err)
{
	struct slice text = { NULL, 0 };

	if (scan_text(scan, KEY_option_type, &text, err) < 0)
		return -1;
	if (slice_equal(text, SLICE("call")))
		trade->right = TRADE_CALL;
	else if (slice_equal(text, SLICE("put")))
		trade->right = TRADE_PUT;
	else if (text.n > 0)
		return err_set(err, "option_type: neither call nor put");
	return 0;
}

int
print_read_derived(struct print *p, struct scan *scan, struct err *err)
{
	struct trade *trade = &p->trade;

	memset(p, 0, offsetof(struct print, osi));
	trade_init(trade);
	if (scan_text(scan, KEY_symbol, &trade->symbol, err) < 0 ||
	    scan_text(scan, KEY_root, &trade->root, err) < 0 ||
	    scan_text(scan, KEY_contract_ticker, &trade->contract_ticker,
	    err) < 0 ||
	    scan_text(scan, KEY_expiration, &trade->expiration, err) < 0 ||
	    scan_text(scan, KEY_trade_date, &trade->trade_date, err) < 0 ||
	    scan_text(scan, KEY_session, &trade->session, err) < 0 ||
	    scan_text(scan, KEY_feed, &trade->feed, err) < 0 ||
	    scan_int(scan, KEY_timestamp, &trade->timestamp, err) < 0 ||
	    scan_int(scan, KEY_size, &trade->size, err) < 0 ||
	    scan_int(scan, KEY_multiplier, &trade->multiplier, err) < 0 ||
	    scan_decimal(scan, KEY_premium, DECIMAL_E4, &trade->premium_e4,
	    err) < 0 ||
	    scan_decimal(scan, KEY_strike, DECIMAL_E4, &trade->strike_e4,
	    err) < 0 ||
	    scan_bool(scan, KEY_is_adjusted, &trade->is_adjusted, err) < 0 ||
	    scan_bool(scan, KEY_is_flex, &trade->is_flex, err) < 0 ||
	    scan_bool(scan, KEY_is_late_arrival, &p->late, err) < 0 ||
	    print_read_right(trade, scan, err) < 0)
		return -1;
	return print_complete(p, err);
}

int
print_read_divergence(struct print *p, struct scan *scan, struct err *err)
{
	struct trade *trade = &p->trade;

	memset(p, 0, offsetof(struct print, osi));
	trade_init(trade);
	if (scan_text(scan, KEY_symbol, &trade->symbol, err) < 0 ||
	    scan_text(scan, KEY_trade_date, &trade->trade_date, err) < 0 ||
	    scan_text(scan, KEY_feed, &trade->feed, err) < 0 ||
	    scan_int(scan, KEY_timestamp, &trade->timestamp, err) < 0 ||
	    print_date(p, err) < 0)
		return -1;
	if (trade->symbol.n == 0)
		return err_set(err, "symbol: missing");
	/* The hours are those of its options. */
	trade->root = trade->symbol;
	trade->expiration = trade->trade_date;
	return print_short(trade->symbol, PRINT_NAME, "symbol", err);
}

int
print_check_amounts(const struct trade *trade, struct err *err)
{
	if (trade->size == TRADE_NONE || trade->size <= 0)
		return err_set(err, "size: %s", trade->size == TRADE_NONE ?
		    "missing" : "not above 0");
	if (trade->premium_e4 == TRADE_NONE || trade->premium_e4 < 0)
		return err_set(err, "premium: %s", trade->premium_e4 ==
		    TRADE_NONE ? "missing" : "below 0");
	return 0;
}

struct slice
print_number(const struct scan *scan, enum key key)
{
	struct scan_value v = scan_get(scan, key);

	if (v.type != SCAN_INT && v.type != SCAN_REAL)
		return (struct slice){ NULL, 0 };
	return (struct slice){ v.p, v.n };
}

int
print_ref_conditions(struct trade *trade, struct scan *scan,
    struct err *err)
{
	struct scan_value all = scan_get(scan, KEY_ref_conditions), one;
	size_t pos = 0;

	if (all.type == SCAN_ABSENT)
		return 0;
	if (all.type != SCAN_ARRAY)
		return err_set(err, "ref_conditions: not an array");
	while (scan_element(all, &pos, &one)) {
		if (one.type != SCAN_STRING && one.type != SCAN_ESCAPED)
			return err_set(err, "ref_conditions: not texts");
		cond_add(&trade->cond, scan_unescape(scan, one));
	}
	return 0;
}
