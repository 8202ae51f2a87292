#include "store/column.h"

#include <string.h>

#include "record/emit.h"

enum column_type {
	TYPE_INT,
	TYPE_E4,		/* decimal, 1/10,000 */
	TYPE_E6,		/* decimal, 1/1,000,000 */
	TYPE_WORD,		/* text, as a number of words */
	TYPE_LIST,		/* array, its JSON as a number of words */
	TYPE_AGO,		/* time, as ms before the record's */
	TYPE_AFTER,		/* time, as ms after it */
	TYPE_NS,		/* text of ns, as ns after it */
	TYPE_BOOL		/* switch: 1 or 0 */
};

struct column {
	enum key key;
	enum column_type type;
	const char *name;	/* of the column */
};

#define INT(key) { KEY_##key, TYPE_INT, #key }
#define E4(key) { KEY_##key, TYPE_E4, #key "_e4" }
#define E6(key) { KEY_##key, TYPE_E6, #key "_e6" }
#define WORD(key) { KEY_##key, TYPE_WORD, #key }
#define LIST(key) { KEY_##key, TYPE_LIST, #key }
#define BOOL(key) { KEY_##key, TYPE_BOOL, #key }

static const struct column column_trades[] = {
	WORD(session), INT(dte),
	{ KEY_underlying_price, TYPE_E4, "underlying_e4" },
	INT(underlying_age_ms), INT(open_interest), E4(bid), E4(ask),
	INT(bid_size), INT(ask_size),
	{ KEY_quote_timestamp, TYPE_AGO, "quote_ago" },
	E4(ex_bid), E4(ex_ask), INT(ex_bid_size), INT(ex_ask_size),
	{ KEY_ex_quote_timestamp, TYPE_AGO, "ex_quote_ago" },
	{ KEY_recv_ts, TYPE_AFTER, "recv_after" },
	{ KEY_ts_ns, TYPE_NS, "ns_after" },
	INT(ref_sequence), INT(volume_before), INT(day_volume),
	{ KEY_decision_ts, TYPE_AFTER, "decision_after" },
	INT(quote_age_ms), WORD(quote_status), E6(spread_position),
	WORD(price_location), WORD(side), WORD(side_method),
	E6(side_confidence), WORD(aggressor_side), WORD(sentiment),
	E6(sentiment_weight), WORD(aggressiveness), WORD(trade_type),
	E6(avg_trade_size), WORD(avg_size_source), E6(size_ratio),
	E6(volume_ratio), E6(vol_oi_ratio), WORD(opening), INT(opening_min),
};

static const struct column column_sweeps[] = {
	WORD(kind), WORD(evidence),
	{ KEY_first_ts, TYPE_AGO, "first_ago" },
	{ KEY_last_ts, TYPE_AGO, "last_ago" },
	INT(n_prints), INT(n_exchanges), LIST(exchanges), INT(size),
	E4(premium), E6(vwap_price), E4(worst_price), INT(iso_prints),
	E4(anchor_bid), E4(anchor_ask),
	{ KEY_anchor_quote_timestamp, TYPE_AGO, "anchor_quote_ago" },
	WORD(side), WORD(side_method), E6(side_confidence),
	WORD(aggressor_side), WORD(sentiment), E6(sentiment_weight),
	{ KEY_decision_ts, TYPE_AFTER, "decision_after" },
	BOOL(monotone), BOOL(truncated), BOOL(is_unusual_volume),
};

static const struct column column_cancels[] = {
	E4(price), INT(size), E4(premium), WORD(exchange), LIST(conditions),
	LIST(ref_conditions), WORD(session),
};

static const struct column column_events[] = {
	INT(size), E4(premium), WORD(side), WORD(sentiment),
	INT(n_exchanges), E6(aggressive_ratio), INT(window_start),
	INT(window_end),
};

static const struct column column_ois[] = {
	INT(open_interest), INT(oi_change),
};

/* Bits of trades.flags; the views know the first ten.  Never renumbered. */
static const struct {
	enum key key;
	int bit;
} column_bits[] = {
	{ KEY_is_sweep, 0 }, { KEY_is_block, 1 }, { KEY_is_above_ask, 2 },
	{ KEY_is_below_bid, 3 }, { KEY_is_unusual_volume, 4 },
	{ KEY_is_at_ask, 7 }, { KEY_is_cancel, COLUMN_CANCEL_BIT },
	{ KEY_is_cancelled, COLUMN_CANCELLED }, { KEY_is_at_bid, 10 },
	{ KEY_is_large, 11 }, { KEY_is_multileg, 12 }, { KEY_is_iso, 13 },
	{ KEY_is_auction, 14 }, { KEY_is_cross, 15 }, { KEY_is_floor, 16 },
	{ KEY_is_split, 17 }, { KEY_is_through, 18 }, { KEY_is_wide, 19 },
	{ KEY_is_stock_tied, 20 }, { KEY_is_late, 21 },
	{ KEY_is_out_of_sequence, 22 }, { KEY_is_extended, 23 },
	{ KEY_vol_gt_oi, 24 }, { KEY_is_late_arrival, 25 },
};

enum { BITS = sizeof(column_bits) / sizeof(*column_bits), TAGS = 5 };

/* The contract and the day; what each kind repeats. */
#define IDENTITY							\
	KEY_record, KEY_timestamp, KEY_symbol, KEY_root,		\
	KEY_contract_ticker, KEY_strike, KEY_expiration,		\
	KEY_option_type, KEY_multiplier, KEY_is_adjusted, KEY_is_flex,	\
	KEY_trade_date

static const enum key column_own_trade[] = {
	IDENTITY, KEY_trade_id, KEY_sequence, KEY_price, KEY_size,
	KEY_premium, KEY_exchange, KEY_conditions, KEY_settlement,
	KEY_exercise_style, KEY_multiplier_assumed, KEY_sweep_id,
};
static const enum key column_own_sweep[] = {
	IDENTITY, KEY_sweep_id, KEY_trade_ids, KEY_price_locations,
	KEY_aggressivenesses,
};
static const enum key column_own_cancel[] = {
	IDENTITY, KEY_ref_trade_id, KEY_ref_timestamp,
};
static const enum key column_own_event[] = {
	IDENTITY, KEY_event_type, KEY_trade_id, KEY_sweep_id,
};
static const enum key column_own_oi[] = { IDENTITY, KEY_oi_date };

#define LENGTH(array) (sizeof(array) / sizeof(*(array)))
#define KIND(name, table, fixed, n, own) \
	{ table, fixed, n, column_##name, LENGTH(column_##name), own, \
	    LENGTH(own) }

static const struct {
	const char *table;
	const char *fixed;		/* columns of the caller */
	int n_fixed;
	const struct column *columns;
	size_t n;
	const enum key *own;		/* members of the caller */
	size_t n_own;
} column_kinds[COLUMN_KINDS] = {
	KIND(trades, "trades", "ts, n, contract, symbol, date, seq, price_e4,"
	    " size, premium_e4, flow, flags, exchange, conditions, sweep,"
	    " trade_id", 15, column_own_trade),
	KIND(sweeps, "sweeps", "ts, contract, symbol, date, id", 5,
	    column_own_sweep),
	KIND(cancels, "cancels", "ts, contract, symbol, date, n, ref_ts,"
	    " ref_n, counted", 8, column_own_cancel),
	KIND(events, "events", "ts, contract, symbol, date, type, ref", 6,
	    column_own_event),
	KIND(ois, "oi", "ts, contract, date", 3, column_own_oi),
};

struct db_stmt *
column_insert(struct db *db, enum column_kind kind, struct err *err)
{
	int n = column_kinds[kind].n_fixed + (int)column_kinds[kind].n + 1;
	struct buf sql = BUF_INIT;
	struct db_stmt *stmt;

	/*
	 * Whatever fails here ends the transaction.  Without OR FAIL SQLite
	 * would keep what each page was, to undo the one statement.
	 */
	buf_fmt(&sql, "INSERT%s INTO %s(%s",
	    kind == COLUMN_TRADE ? " OR FAIL" : "",
	    column_kinds[kind].table, column_kinds[kind].fixed);
	for (size_t i = 0; i < column_kinds[kind].n; i++)
		buf_fmt(&sql, ", %s", column_kinds[kind].columns[i].name);
	buf_str(&sql, ", extra)");
	if (kind != COLUMN_TRADE) {
		for (int i = 1; i <= n; i++)
			buf_fmt(&sql, "%s?%d", i == 1 ? " VALUES (" : ", ",
			    i);
		buf_str(&sql, ") ON CONFLICT DO NOTHING");
	}
	buf_add(&sql, "", 1);
	stmt = kind == COLUMN_TRADE ? db_prepare_batch(db, sql.p, n, err) :
	    db_prepare(db, sql.p, err);
	buf_free(&sql);
	return stmt;
}

void
column_list(struct buf *sql, enum column_kind kind)
{
	for (size_t i = 0; i < column_kinds[kind].n; i++)
		buf_fmt(sql, "t.%s, ", column_kinds[kind].columns[i].name);
	buf_str(sql, "t.extra");
}

int64_t
column_flags(const struct scan *scan)
{
	int64_t flags = 0;

	for (int i = 0; i < BITS; i++) {
		enum scan_type type = scan_get(scan, column_bits[i].key).type;

		if (type == SCAN_TRUE)
			flags |= INT64_C(1) << column_bits[i].bit;
		if (i < TAGS && type != SCAN_ABSENT)
			flags |= INT64_C(1) << COLUMN_TAGGED;
	}
	return flags;
}

/* ---- in ---- */

static int
column_ns(struct scan *scan, enum key key, int64_t ts, int64_t *out)
{
	struct slice text;

	if (scan_text(scan, key, &text, NULL) < 0 || text.n == 0 ||
	    text.p[0] == '0')
		return -1;
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] < '0' || text.p[i] > '9')
			return -1;
	if (decimal_parse(text.p, text.n, 0, out, NULL) < 0 ||
	    __builtin_mul_overflow(ts, INT64_C(1000000), &ts) ||
	    __builtin_sub_overflow(*out, ts, out))
		return -1;
	return 1;
}

/* Exactly what a number column holds; below 1 when the member is no such. */
static int
column_number(struct scan *scan, const struct column *column, int64_t ts,
    int64_t *out)
{
	bool on = false;

	switch (column->type) {
	case TYPE_INT:
		return scan_int(scan, column->key, out, NULL);
	case TYPE_E4:
		return scan_decimal(scan, column->key, DECIMAL_E4, out, NULL);
	case TYPE_E6:
		return scan_decimal(scan, column->key, DECIMAL_E6, out, NULL);
	case TYPE_AGO:
		if (scan_int(scan, column->key, out, NULL) < 0 ||
		    __builtin_sub_overflow(ts, *out, out))
			return -1;
		return 1;
	case TYPE_AFTER:
		if (scan_int(scan, column->key, out, NULL) < 0 ||
		    __builtin_sub_overflow(*out, ts, out))
			return -1;
		return 1;
	case TYPE_NS:
		return column_ns(scan, column->key, ts, out);
	default:
		if (scan_bool(scan, column->key, &on, NULL) < 0)
			return -1;
		*out = on;
		return 1;
	}
}

/* 1 with the value, 0 when it cannot be held, -1 and err. */
static int
column_value(struct scan *scan, const struct column *column, int64_t ts,
    struct intern *words, struct scan_value value, int64_t *out,
    struct err *err)
{
	struct slice text = { value.p, value.n };

	if (column->type == TYPE_WORD) {
		if (value.type == SCAN_ESCAPED)
			text = scan_unescape(scan, value);
		else if (value.type != SCAN_STRING)
			return 0;
	} else if (column->type == TYPE_LIST) {
		if (value.type != SCAN_ARRAY)
			return 0;
	} else {
		return column_number(scan, column, ts, out) > 0;
	}
	return intern_id(words, text, out, err) < 0 ? -1 : 1;
}

void
column_leave(struct column_left *left, enum key key)
{
	key_set_add(&left->keys, key);
	left->any = true;
}

void
column_known_init(struct column_known *known)
{
	memset(known, 0, sizeof(*known));
	for (int kind = 0; kind < COLUMN_KINDS; kind++) {
		struct key_set *keys = &known->keys[kind];

		for (size_t i = 0; i < column_kinds[kind].n; i++)
			key_set_add(keys, column_kinds[kind].columns[i].key);
		for (size_t i = 0; i < column_kinds[kind].n_own; i++)
			key_set_add(keys, column_kinds[kind].own[i]);
	}
	for (int i = 0; i < BITS; i++)
		key_set_add(&known->keys[COLUMN_TRADE], column_bits[i].key);
}

/* The members without a place, as an object; empty when there are none. */
static struct slice
column_extra(const struct key_set *known, const struct scan *scan,
    const struct column_left *left, struct buf *extra)
{
	struct key_set without = *known;

	if (!scan_has_more(scan, known) &&
	    !(left->any && scan_has_any(scan, &left->keys)))
		return (struct slice){ NULL, 0 };
	for (int i = 0; i < KEY_WORDS; i++)
		without.bits[i] &= ~left->keys.bits[i];
	extra->n = 0;
	scan_copy(scan, &without, extra);
	if (extra->n == 1)
		return (struct slice){ NULL, 0 };
	buf_add(extra, "}", 1);
	return (struct slice){ extra->p, extra->n };
}

int
column_bind(enum column_kind kind, const struct column_known *known,
    struct db_stmt *stmt, struct scan *scan, int64_t ts,
    struct intern *words, struct column_left *left, struct buf *extra,
    struct err *err)
{
	int at = column_kinds[kind].n_fixed;
	int64_t value = 0;
	int r;

	for (size_t i = 0; i < column_kinds[kind].n; i++) {
		const struct column *column = &column_kinds[kind].columns[i];
		struct scan_value member = scan_get(scan, column->key);

		at++;
		if (member.type == SCAN_ABSENT) {
			db_bind_null(stmt, at);
			continue;
		}
		r = column_value(scan, column, ts, words, member, &value,
		    err);
		if (r < 0)
			return -1;
		if (r > 0) {
			db_bind_int(stmt, at, value);
		} else {
			db_bind_null(stmt, at);
			column_leave(left, column->key);
		}
	}
	db_bind_text(stmt, at + 1, column_extra(&known->keys[kind], scan,
	    left, extra));
	return 0;
}

/* ---- out ---- */

static int
column_put_word(struct buf *dst, const struct column *column, int64_t value,
    struct intern *words, struct err *err)
{
	struct slice text;

	if (intern_text(words, value, &text, err) < 0)
		return -1;
	if (column->type == TYPE_LIST)
		emit_raw(dst, column->key, text);
	else
		emit_text(dst, column->key, text);
	return 0;
}

static int
column_put(struct buf *dst, const struct column *column, int64_t value,
    int64_t ts, struct intern *words, struct err *err)
{
	char digits[DECIMAL_TEXT];

	switch (column->type) {
	case TYPE_INT:
		emit_int(dst, column->key, value);
		break;
	case TYPE_E4:
		emit_decimal(dst, column->key, value, DECIMAL_E4);
		break;
	case TYPE_E6:
		emit_decimal(dst, column->key, value, DECIMAL_E6);
		break;
	case TYPE_AGO:
		emit_int(dst, column->key, ts - value);
		break;
	case TYPE_AFTER:
		emit_int(dst, column->key, ts + value);
		break;
	case TYPE_NS:
		emit_word(dst, column->key, digits, decimal_print_int(digits,
		    ts * 1000000 + value));
		break;
	case TYPE_BOOL:
		emit_bool(dst, column->key, value != 0);
		break;
	case TYPE_WORD:
	case TYPE_LIST:
		return column_put_word(dst, column, value, words, err);
	}
	return 0;
}

int
column_emit(enum column_kind kind, struct buf *dst, struct db_stmt *stmt,
    int first, int64_t ts, struct intern *words, struct err *err)
{
	struct slice extra;

	for (size_t i = 0; i < column_kinds[kind].n; i++, first++)
		if (!db_is_null(stmt, first) && column_put(dst,
		    &column_kinds[kind].columns[i], db_int(stmt, first), ts,
		    words, err) < 0)
			return -1;
	extra = db_text(stmt, first);
	if (extra.n > 2) {	/* without its braces */
		buf_add(dst, ",", 1);
		buf_add(dst, extra.p + 1, extra.n - 2);
	}
	return 0;
}

void
column_emit_flags(struct buf *dst, int64_t flags)
{
	for (int i = 0; i < BITS; i++) {
		bool on = flags >> column_bits[i].bit & 1;

		if (on || (i < TAGS && (flags >> COLUMN_TAGGED & 1)))
			emit_bool(dst, column_bits[i].key, on);
	}
}
