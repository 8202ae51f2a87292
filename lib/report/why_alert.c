#include "report/why_alert.h"

#include "base/day.h"
#include "base/decimal.h"
#include "report/prove.h"
#include "report/why_print.h"

#define MEMBER(name) "a.record ->> '$." name "'"
#define METRIC(name) MEMBER("metrics." name)
/* A decimal in units of 1/unit. */
#define UNITS(of, unit) "CAST(round((" of ") * " #unit ") AS INTEGER)"

#define FACTS(C)							\
	C(record, "'alert'") C(alert_id, "a.alert_id")			\
	C(timestamp, "a.ts") C(ticker, "a.ticker")			\
	C(trade_date, MEMBER("trade_date"))				\
	C(contract_ticker, MEMBER("contract_ticker"))			\
	C(title, MEMBER("title")) C(message, MEMBER("message"))		\
	C(recommendation, MEMBER("recommendation"))			\
	C(window_start, MEMBER("window_start"))				\
	C(window_end, MEMBER("window_end"))				\
	C(suppressed, "CASE WHEN a.suppressed THEN 'true' END")		\
	C(cancelled, "CASE WHEN EXISTS (SELECT 1 FROM alert_rows b WHERE" \
	    " b.alert_id = a.alert_id AND b.cancelled) THEN 'true' END") \
	C(trade_id, MEMBER("trade_ids[0]"))

#define REST(C)								\
	C(type, MEMBER("alert_type")) C(severity, MEMBER("severity"))	\
	C(price, UNITS(METRIC("price"), 1000000))			\
	C(size, METRIC("size"))						\
	C(premium, UNITS(METRIC("premium"), 10000))			\
	C(side, METRIC("side")) C(aggressor, METRIC("aggressor_side"))	\
	C(n_exchanges, METRIC("n_exchanges"))				\
	C(day_volume, METRIC("day_volume"))				\
	C(open_interest, METRIC("open_interest"))			\
	C(oi_change, METRIC("oi_change"))				\
	C(put_flow, UNITS(METRIC("put_flow"), 10000))			\
	C(call_flow, UNITS(METRIC("call_flow"), 10000))			\
	C(put_complex, UNITS(METRIC("put_flow_complex"), 10000))	\
	C(call_complex, UNITS(METRIC("call_flow_complex"), 10000))	\
	C(ratio, UNITS(METRIC("ratio"), 1000000))			\
	C(trades, METRIC("trades"))					\
	C(mean, UNITS(METRIC("call_flow_mean"), 1000000))		\
	C(iv, UNITS(METRIC("iv"), 1000000))				\
	C(iv_ref, UNITS(METRIC("iv_ref"), 1000000))			\
	C(late, METRIC("is_late_arrival"))

enum {
#define NAME(name, sql) HAS_##name,
	FACTS(NAME) REST(NAME)
#undef NAME
	HAS_COLUMNS
};

static const char why_alert_sql[] = "SELECT "
#define EXPRESSION(name, sql) sql " AS " #name ", "
    FACTS(EXPRESSION) REST(EXPRESSION)
#undef EXPRESSION
    "?2 FROM alert_rows a WHERE a.alert_id = ?1 ORDER BY a.cancelled";

static const char rule[] = "5.1";
static const char why_alert_order[] =
    "the order in which some prints came is not stored";

/* ---- rows that several kinds have ---- */

static void
why_alert_severity(struct why *why, const struct db_stmt *row)
{
	static const struct {
		struct slice type;
		const char *severity;
	} known[] = {
		{ { "PUT_SWEEP", 9 }, "CRITICAL" },
		{ { "PUT_BLOCK", 9 }, "HIGH" },
		{ { "EXTREME_BEARISH_FLOW", 20 }, "HIGH" },
		{ { "HEAVY_CALL_FLOW", 15 }, "MEDIUM" },
		{ { "UNUSUAL_VOLUME", 14 }, "MEDIUM" },
		{ { "OI_CHANGE", 9 }, "MEDIUM" },
		{ { "IV_SPIKE", 8 }, "MEDIUM" },
		{ { "BLOCK_TRADE", 11 }, "MEDIUM" },
		{ { "FLOW_DIVERGENCE", 15 }, "MEDIUM" },
		{ { "BULLISH_POSITIONING", 19 }, "LOW" },
		{ { "NO_UNUSUAL_ACTIVITY", 19 }, "LOW" },
	};
	struct slice type = db_text(row, HAS_type);
	const char *severity = "";

	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (slice_equal(known[i].type, type))
			severity = known[i].severity;
	why_from(why);
	why_in_text(why, "alert_type", type);
	why_word(why, "severity", rule, db_text(row, HAS_severity), severity);
}

/* The alert's type again when its predicate holds. */
static void
why_alert_type(struct why *why, const struct db_stmt *row, bool holds)
{
	struct slice type = db_text(row, HAS_type);

	why_text(why, "alert_type", rule, type, holds ? type :
	    SLICE("none"));
}

/* One that cannot be judged. */
static int
why_alert_unknown(struct why *why, const struct db_stmt *row,
    const char *reason)
{
	why->unknown = reason;
	why_alert_type(why, row, false);
	why->unknown = NULL;
	return 1;
}

static void
why_alert_amounts(struct why *why, const struct db_stmt *row,
    const char *name, struct slice id, int64_t price_e6, int64_t size,
    int64_t premium_e4)
{
	why_from(why);
	why_in_text(why, name, id);
	why_number(why, "price", "1.7", why_int(row, HAS_price), price_e6,
	    DECIMAL_E6);
	why_number(why, "size", "1.7", why_int(row, HAS_size), size, 0);
	why_number(why, "premium", "1.7", why_int(row, HAS_premium),
	    premium_e4, DECIMAL_E4);
}

static void
why_alert_sides(struct why *why, const struct db_stmt *row,
    struct slice side, struct slice aggressor)
{
	why_text(why, "side", "1.7", db_text(row, HAS_side), side);
	why_text(why, "aggressor_side", "1.7", db_text(row, HAS_aggressor),
	    aggressor);
}

/* ---- one print, one sweep ---- */

static int
why_alert_print(struct why *why, const struct db_stmt *row,
    const struct why_print *p)
{
	struct why_verdict v = why_print_verdict(p);
	bool block = slice_equal(db_text(row, HAS_type), SLICE("BLOCK_TRADE"));

	why_alert_amounts(why, row, "trade_id", db_text(row, HAS_trade_id),
	    v.price_e4 * 100, v.size, v.premium_e4);
	why_alert_sides(why, row, v.side, v.aggressor);
	why_from(why);
	why_in(why, "premium", v.premium_e4, DECIMAL_E4);
	why_in_text(why, "option_type", v.put ? SLICE("put") : SLICE("call"));
	why_in_text(why, "side", v.side);
	why_in_text(why, "aggressor_side", v.aggressor);
	why_in_text(why, "is_block", v.block ? SLICE("true") :
	    SLICE("false"));
	why_alert_type(why, row, !v.multileg && (block ? v.block &&
	    v.aggressor.n > 0 && !slice_equal(v.aggressor, SLICE("UNKNOWN")) :
	    v.put && v.premium_e4 > p->limits.put_block_e4 &&
	    !slice_equal(v.side, SLICE("SELL"))));
	return 1;
}

/* Its sweep is named after its first print. */
static int
why_alert_sweep(struct why *why, const struct db_stmt *row, struct err *err)
{
	struct prove_limits limits;
	struct db_stmt *s;
	int64_t premium;
	bool holds;
	int r = why_row(why->db, "SELECT i.text, " WHY_TEXT("w.kind") ","
	    " c.option_type, " WHY_TEXT("w.side") ", "
	    WHY_TEXT("w.aggressor_side") ", w.n_exchanges, w.size,"
	    " w.premium_e4, w.vwap_price_e6 FROM sweep_ids i"
	    " JOIN sweeps w ON w.id = i.id JOIN contracts c ON"
	    " c.id = w.contract WHERE i.text = 'sw:' || ?1",
	    db_text(row, HAS_trade_id), 0, 0, &s, err);

	if (r < 0)
		return -1;
	if (r == 0)
		return why_alert_unknown(why, row, "its sweep is not stored");
	premium = why_int(s, 7);
	why_alert_amounts(why, row, "sweep_id", db_text(s, 0), why_int(s, 8),
	    why_int(s, 6), premium);
	why_alert_sides(why, row, db_text(s, 3), db_text(s, 4));
	why_number(why, "n_exchanges", "1.7", why_int(row, HAS_n_exchanges),
	    why_int(s, 5), 0);
	why_from(why);
	why_in_text(why, "kind", db_text(s, 1));
	why_in_text(why, "option_type", db_text(s, 2));
	why_in_text(why, "side", db_text(s, 3));
	why_in(why, "n_exchanges", why_int(s, 5), 0);
	why_in(why, "premium", premium, DECIMAL_E4);
	prove_limits_init(&limits);
	holds = slice_equal(db_text(s, 1), SLICE("SWEEP")) &&
	    slice_equal(db_text(s, 2), SLICE("put")) &&
	    slice_equal(db_text(s, 3), SLICE("BUY")) && db_int(s, 5) >= 2 &&
	    premium >= limits.put_sweep_e4;
	why_alert_type(why, row, holds);
	db_finish(s);
	return 1;
}

/* ---- sums of a day ---- */

/*
 * Sums of the trade date's prints up to one, or up to a time when n is
 * INT64_MAX, less those that had been cancelled by then, and last how many
 * there are that may have come before or after.  1, 0, -1.
 */
static int
why_alert_sum(struct why *why, const struct db_stmt *row,
    struct slice contract, int64_t ts, int64_t n, struct db_stmt **out,
    struct err *err)
{
	struct db_stmt *s = db_prepare(why->db, "WITH day AS (SELECT t.*,"
	    " t.ts < ?3 OR (t.ts = ?3 AND t.n <= ?4) AS before FROM trades t"
	    " WHERE t.symbol = (SELECT id FROM words WHERE text = ?1) AND"
	    " t.date = ?2 AND (?5 IS NULL OR t.contract IN (SELECT id FROM"
	    " contracts WHERE ticker = ?5)) AND t.ts >= (?2 - 4) * 86400000"
	    " AND t.ts < (?2 + 2) * 86400000 AND NOT EXISTS (SELECT 1 FROM"
	    " cancels k WHERE k.ref_ts = t.ts AND k.ref_n = t.n AND"
	    " k.ts <= ?3))"
	    " SELECT COALESCE(sum(premium_e4) FILTER (WHERE flow = 2), 0),"
	    " COALESCE(sum(premium_e4) FILTER (WHERE flow = 1), 0),"
	    " COALESCE(sum(premium_e4) FILTER (WHERE flow = 4), 0),"
	    " COALESCE(sum(premium_e4) FILTER (WHERE flow = 3), 0),"
	    " count(*) FILTER (WHERE flow IN (1, 2)), (SELECT count(*) FROM"
	    " day WHERE flags >> 25 & 1 OR (?4 = ?6 AND ts = ?3 AND"
	    " flow > 0)) FROM day WHERE before", err);
	struct slice date = db_text(row, HAS_trade_date);
	int r;

	*out = NULL;
	if (s == NULL)
		return -1;
	db_bind_text(s, 1, db_text(row, HAS_ticker));
	db_bind_int(s, 2, day_parse(date.p, date.n));
	db_bind_int(s, 3, ts);
	db_bind_int(s, 4, n);
	db_bind_text(s, 5, contract);
	db_bind_int(s, 6, INT64_MAX);
	r = db_step(s, err);
	if (r > 0)
		*out = s;
	else
		db_finish(s);
	return r;
}

static void
why_alert_flows(struct why *why, const struct db_stmt *row,
    const struct db_stmt *s)
{
	static const struct {
		const char *name;
		int at;
	} flows[] = {
		{ "put_flow", HAS_put_flow }, { "call_flow", HAS_call_flow },
		{ "put_flow_complex", HAS_put_complex },
		{ "call_flow_complex", HAS_call_complex },
	};
	int64_t put = why_int(row, HAS_put_flow);
	int64_t call = why_int(row, HAS_call_flow);

	why_from(why);
	why_in(why, "stored trades that count", db_int(s, 4), 0);
	if (db_int(s, 5) > 0 || !db_is_null(row, HAS_late))
		why->unknown = why_alert_order;
	for (int i = 0; i < 4; i++)
		why_number(why, flows[i].name, rule, why_int(row,
		    flows[i].at), db_int(s, i), DECIMAL_E4);
	why_number(why, "trades", rule, why_int(row, HAS_trades),
	    db_int(s, 4), 0);
	why->unknown = NULL;
	why_from(why);
	why_in(why, "put_flow", put, DECIMAL_E4);
	why_in(why, "call_flow", call, DECIMAL_E4);
	why_number(why, "ratio", "6.2", why_int(row, HAS_ratio),
	    put != TRADE_NONE && call != TRADE_NONE && call > 0 ?
	    decimal_ratio(put, call, DECIMAL_E6) : TRADE_NONE, DECIMAL_E6);
}

static int
why_alert_day(struct why *why, const struct db_stmt *row, int64_t ts,
    int64_t n, struct err *err)
{
	struct slice type = db_text(row, HAS_type);
	struct prove_limits limits;
	struct db_stmt *s;
	bool quiet = slice_equal(type, SLICE("NO_UNUSUAL_ACTIVITY"));
	int64_t put = why_int(row, HAS_put_flow);
	int64_t call = why_int(row, HAS_call_flow);
	int64_t trades = why_int(row, HAS_trades);
	int r = why_alert_sum(why, row, SLICE(""), ts, n, &s, err);

	if (r <= 0)
		return r;
	why_alert_flows(why, row, s);
	db_finish(s);
	why_in(why, "trades", trades, 0);
	if (put == TRADE_NONE || call == TRADE_NONE || trades == TRADE_NONE)
		return why_alert_unknown(why, row, "it has no sums");
	prove_limits_init(&limits);
	if (quiet && trades >= limits.trades_min)
		return why_alert_unknown(why, row,
		    "that no rule fired is not recomputed");
	why_in(why, "call_flow_mean", why_int(row, HAS_mean), DECIMAL_E6);
	why_alert_type(why, row, prove_sums(&limits, type, put, call, trades,
	    why_int(row, HAS_mean)));
	return 1;
}

/* ---- volume and open interest ---- */

static int
why_alert_volume(struct why *why, const struct db_stmt *row,
    const struct why_print *p, struct err *err)
{
	struct why_verdict v = why_print_verdict(p);
	struct db_stmt *s;
	int64_t premium;
	int r = why_alert_sum(why, row, db_text(row, HAS_contract_ticker),
	    p->ts, p->n, &s, err);

	if (r <= 0)
		return r;
	premium = db_int(s, v.put ? 0 : 1);
	why_from(why);
	why_in_text(why, "trade_id", db_text(row, HAS_trade_id));
	why_number(why, "day_volume", "1.7", why_int(row, HAS_day_volume),
	    v.volume, 0);
	if (!db_is_null(row, HAS_open_interest))
		why_number(why, "open_interest", "1.7", why_int(row,
		    HAS_open_interest), v.open_interest, 0);
	if (db_int(s, 5) > 0 || !db_is_null(row, HAS_late))
		why->unknown = why_alert_order;
	why_in_text(why, "and", SLICE("those before it"));
	why_number(why, "premium", rule, why_int(row, HAS_premium), premium,
	    DECIMAL_E4);
	why->unknown = NULL;
	db_finish(s);
	why_from(why);
	why_in_text(why, "is_unusual_volume", v.unusual ? SLICE("true") :
	    SLICE("false"));
	why_in(why, "premium", why_int(row, HAS_premium), DECIMAL_E4);
	why_alert_type(why, row, v.unusual && why_int(row, HAS_premium) >=
	    p->limits.volume_min_e4);
	return 1;
}

static int
why_alert_interest(struct why *why, const struct db_stmt *row,
    struct err *err)
{
	struct prove_limits limits;
	struct db_stmt *s;
	int r = db_is_null(row, HAS_oi_change) ? 0 : why_row(why->db,
	    "SELECT o.open_interest, COALESCE(o.oi_change, o.open_interest -"
	    " (SELECT p.open_interest FROM oi p WHERE p.contract = o.contract"
	    " AND p.date < o.date ORDER BY p.date DESC LIMIT 1)) AS change"
	    " FROM oi o JOIN contracts c ON c.id = o.contract WHERE"
	    " c.ticker = ?1 AND o.ts <= ?2 AND ?3 = 0 AND change IS NOT NULL"
	    " ORDER BY o.date DESC", db_text(row, HAS_contract_ticker),
	    db_int(row, HAS_timestamp), 0, &s, err);

	if (r < 0)
		return -1;
	if (r == 0)
		return why_alert_unknown(why, row, db_is_null(row,
		    HAS_oi_change) ? "an estimate" :
		    "the open interest is not stored");
	why_from(why);
	why_in_text(why, "contract", db_text(row, HAS_contract_ticker));
	why_number(why, "open_interest", "1.7", why_int(row,
	    HAS_open_interest), why_int(s, 0), 0);
	why_number(why, "oi_change", "1.7", why_int(row, HAS_oi_change),
	    why_int(s, 1), 0);
	why_from(why);
	why_in(why, "open_interest", why_int(s, 0), 0);
	why_in(why, "oi_change", why_int(s, 1), 0);
	prove_limits_init(&limits);
	why_alert_type(why, row, prove_oi_change(&limits, db_int(s, 0),
	    db_int(s, 1)));
	db_finish(s);
	return 1;
}

static int
why_alert_volatility(struct why *why, const struct db_stmt *row)
{
	int64_t iv = why_int(row, HAS_iv), before = why_int(row, HAS_iv_ref);

	if (iv == TRADE_NONE || before == TRADE_NONE)
		return why_alert_unknown(why, row,
		    "its volatilities are not told");
	why_from(why);
	why_in(why, "iv", iv, DECIMAL_E6);
	why_in(why, "iv_ref", before, DECIMAL_E6);
	why_alert_type(why, row, prove_iv_spike(iv, before));
	return 1;
}

/* ---- all ---- */

/* Rules that a print set off. */
static int
why_alert_of_print(struct why *why, const struct db_stmt *row,
    struct err *err)
{
	struct slice type = db_text(row, HAS_type);
	struct why_print p;
	int64_t ts, n;
	int r = why_print_find(why->db, db_text(row, HAS_trade_id), &ts, &n,
	    err);

	if (r > 0)
		r = why_print_open(why->db, ts, n, &p, err);
	if (r < 0)
		return -1;
	if (r == 0)
		return why_alert_unknown(why, row, "its trade is not stored");
	if (slice_equal(type, SLICE("UNUSUAL_VOLUME")))
		r = why_alert_volume(why, row, &p, err);
	else if (slice_equal(type, SLICE("PUT_BLOCK")) ||
	    slice_equal(type, SLICE("BLOCK_TRADE")))
		r = why_alert_print(why, row, &p);
	else
		r = why_alert_day(why, row, ts, n, err);
	why_print_close(&p);
	return r;
}

int
why_alert_explain(struct why *why, struct slice id, struct err *err)
{
	struct db_stmt *row;
	struct slice type;
	int r = why_row(why->db, why_alert_sql, id, 0, 0, &row, err);

	if (r <= 0)
		return r;
	type = db_text(row, HAS_type);
	why_facts(why, row, HAS_trade_id + 1);
	why_alert_severity(why, row);
	if (slice_equal(type, SLICE("PUT_SWEEP")))
		r = why_alert_sweep(why, row, err);
	else if (slice_equal(type, SLICE("OI_CHANGE")))
		r = why_alert_interest(why, row, err);
	else if (slice_equal(type, SLICE("IV_SPIKE")))
		r = why_alert_volatility(why, row);
	else if (slice_equal(type, SLICE("FLOW_DIVERGENCE")))
		r = why_alert_unknown(why, row,
		    "what it went by is not stored");
	else if (db_is_null(row, HAS_trade_id))	/* by time, or a cancel */
		r = why_alert_day(why, row, why_int(row, HAS_window_end),
		    INT64_MAX, err);
	else
		r = why_alert_of_print(why, row, err);
	db_finish(row);
	return r;
}
