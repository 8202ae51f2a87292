#include "store/schema.h"

/*
 * The bits of trades.flags are listed in store/column.c; contracts.flags:
 * 1 is_adjusted, 2 is_flex, 4 multiplier_assumed.
 */
static const char schema_tables[] =
    "CREATE TABLE meta("
    " key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE words("		/* symbols, exchanges, states ... */
    " id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
    /* base: the first contract of the same ticker, which is its identity */
    "CREATE TABLE contracts("
    " id INTEGER PRIMARY KEY, base INTEGER NOT NULL, ticker TEXT NOT NULL,"
    " symbol INTEGER, root TEXT, strike_e4 INTEGER, expiration TEXT,"
    " option_type TEXT, multiplier INTEGER, settlement TEXT,"
    " exercise_style TEXT, flags INTEGER NOT NULL);"
    "CREATE INDEX contracts_ticker ON contracts(ticker);"
    /* In the order of store/column.c: then rows are inserted uncopied. */
    "CREATE TABLE trades("
    " ts INTEGER NOT NULL, n INTEGER NOT NULL, contract INTEGER NOT NULL,"
    " symbol INTEGER, date INTEGER, seq INTEGER, price_e4 INTEGER NOT NULL,"
    " size INTEGER NOT NULL, premium_e4 INTEGER NOT NULL,"
    " flow INTEGER NOT NULL, flags INTEGER NOT NULL, exchange INTEGER,"
    " conditions INTEGER, sweep INTEGER, trade_id TEXT,"
    " session INTEGER, dte INTEGER,"
    " underlying_e4 INTEGER, underlying_age_ms INTEGER,"
    " open_interest INTEGER, bid_e4 INTEGER, ask_e4 INTEGER,"
    " bid_size INTEGER, ask_size INTEGER, quote_ago INTEGER,"
    " ex_bid_e4 INTEGER, ex_ask_e4 INTEGER, ex_bid_size INTEGER,"
    " ex_ask_size INTEGER, ex_quote_ago INTEGER, recv_after INTEGER,"
    " ns_after INTEGER,"
    " ref_sequence INTEGER, volume_before INTEGER, day_volume INTEGER,"
    " decision_after INTEGER, quote_age_ms INTEGER, quote_status INTEGER,"
    " spread_position_e6 INTEGER, price_location INTEGER, side INTEGER,"
    " side_method INTEGER, side_confidence_e6 INTEGER,"
    " aggressor_side INTEGER, sentiment INTEGER,"
    " sentiment_weight_e6 INTEGER, aggressiveness INTEGER,"
    " trade_type INTEGER, avg_trade_size_e6 INTEGER,"
    " avg_size_source INTEGER, size_ratio_e6 INTEGER,"
    " volume_ratio_e6 INTEGER, vol_oi_ratio_e6 INTEGER, opening INTEGER,"
    " opening_min INTEGER, extra TEXT,"
    " PRIMARY KEY(ts, n)) WITHOUT ROWID;"
    "CREATE INDEX trades_symbol ON trades(symbol, ts);"
    /* Numbers for sweep ids: a member may come before its sweep. */
    "CREATE TABLE sweep_ids("
    " id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);"
    "CREATE TABLE sweeps("
    " id INTEGER PRIMARY KEY, ts INTEGER NOT NULL,"
    " contract INTEGER NOT NULL, symbol INTEGER, date INTEGER,"
    " kind INTEGER, evidence INTEGER, first_ago INTEGER, last_ago INTEGER,"
    " n_prints INTEGER, n_exchanges INTEGER, exchanges INTEGER,"
    " size INTEGER, premium_e4 INTEGER, vwap_price_e6 INTEGER,"
    " worst_price_e4 INTEGER, iso_prints INTEGER, anchor_bid_e4 INTEGER,"
    " anchor_ask_e4 INTEGER, anchor_quote_ago INTEGER, side INTEGER,"
    " side_method INTEGER, side_confidence_e6 INTEGER,"
    " aggressor_side INTEGER, sentiment INTEGER,"
    " sentiment_weight_e6 INTEGER, decision_after INTEGER,"
    " monotone INTEGER, truncated INTEGER, is_unusual_volume INTEGER,"
    " extra TEXT);"
    "CREATE INDEX sweeps_ts ON sweeps(ts);"
    "CREATE TABLE members("
    " ts INTEGER NOT NULL, n INTEGER NOT NULL, sweep INTEGER NOT NULL,"
    " at INTEGER NOT NULL, price_location INTEGER, aggressiveness INTEGER,"
    " PRIMARY KEY(ts, n)) WITHOUT ROWID;"
    "CREATE INDEX members_sweep ON members(sweep);"
    /* n: of the cancelling print; ref_n: of the print; -1: not here */
    "CREATE TABLE cancels("
    " id INTEGER PRIMARY KEY, ts INTEGER NOT NULL,"
    " contract INTEGER NOT NULL, n INTEGER NOT NULL,"
    " ref_ts INTEGER NOT NULL, ref_n INTEGER NOT NULL, symbol INTEGER,"
    " date INTEGER, counted INTEGER NOT NULL, price_e4 INTEGER,"
    " size INTEGER, premium_e4 INTEGER, exchange INTEGER,"
    " conditions INTEGER, ref_conditions INTEGER, session INTEGER,"
    " extra TEXT, UNIQUE(ts, contract, n, ref_ts, ref_n));"
    "CREATE INDEX cancels_ref ON cancels(ref_ts, ref_n);"
    /* ref: BLOCK: n of its trade; SWEEP: the sweep; below 0: a word; or 0 */
    "CREATE TABLE events("
    " id INTEGER PRIMARY KEY, ts INTEGER NOT NULL,"
    " contract INTEGER NOT NULL, type INTEGER NOT NULL,"
    " ref INTEGER NOT NULL, symbol INTEGER, date INTEGER, size INTEGER,"
    " premium_e4 INTEGER, side INTEGER, sentiment INTEGER,"
    " n_exchanges INTEGER, aggressive_ratio_e6 INTEGER,"
    " window_start INTEGER, window_end INTEGER, extra TEXT,"
    " UNIQUE(ts, contract, type, ref));"
    "CREATE INDEX events_symbol ON events(symbol, ts);"
    "CREATE TABLE oi("
    " date INTEGER NOT NULL, contract INTEGER NOT NULL, ts INTEGER,"
    " open_interest INTEGER, oi_change INTEGER, extra TEXT,"
    " PRIMARY KEY(date, contract)) WITHOUT ROWID;";

/* Kinds that are few: what they are found by, and the record as it came. */
static const char schema_records[] =
    "CREATE TABLE alert_rows("
    " id INTEGER PRIMARY KEY, ts INTEGER, alert_id TEXT NOT NULL,"
    " cancelled INTEGER NOT NULL, suppressed INTEGER NOT NULL,"
    " ticker TEXT, record TEXT NOT NULL, UNIQUE(alert_id, cancelled));"
    "CREATE INDEX alert_rows_ts ON alert_rows(ts);"
    "CREATE TABLE signals("
    " id INTEGER PRIMARY KEY, ts INTEGER, signal_id TEXT NOT NULL UNIQUE,"
    " symbol TEXT, kind TEXT, record TEXT NOT NULL);"
    "CREATE INDEX signals_ts ON signals(ts);"
    "CREATE TABLE context("
    " ts INTEGER NOT NULL, symbol TEXT NOT NULL, span TEXT NOT NULL,"
    " record TEXT NOT NULL, PRIMARY KEY(ts, symbol, span)) WITHOUT ROWID;"
    "CREATE INDEX context_symbol ON context(symbol, ts);"
    "CREATE TABLE bars("
    " ts INTEGER NOT NULL, name TEXT NOT NULL, tf TEXT NOT NULL,"
    " is_final INTEGER NOT NULL, close REAL, record TEXT NOT NULL,"
    " PRIMARY KEY(ts, name, tf, is_final)) WITHOUT ROWID;"
    "CREATE INDEX bars_name ON bars(name, tf, ts);"
    "CREATE TABLE paper("
    " id INTEGER PRIMARY KEY, ts INTEGER, signal_id TEXT NOT NULL,"
    " mark_source TEXT NOT NULL, entry_ts INTEGER NOT NULL,"
    " exit_ts INTEGER NOT NULL, record TEXT NOT NULL,"
    " UNIQUE(signal_id, mark_source, entry_ts, exit_ts));"
    "CREATE TABLE gaps("
    " id INTEGER PRIMARY KEY, gap_id TEXT NOT NULL, state TEXT NOT NULL,"
    " from_ts INTEGER NOT NULL, to_ts INTEGER NOT NULL,"
    " record TEXT NOT NULL, UNIQUE(gap_id, state, from_ts, to_ts));";

static const char schema_accounts[] =
    /* Disjoint per feed, mode, universe and quality, but for gaps. */
    "CREATE TABLE coverage("
    " id INTEGER PRIMARY KEY, feed TEXT NOT NULL, mode TEXT NOT NULL,"
    " universe TEXT NOT NULL, quality TEXT NOT NULL, gap_id TEXT NOT NULL,"
    " from_ts INTEGER NOT NULL, to_ts INTEGER);"
    "CREATE INDEX coverage_from ON coverage(from_ts);"
    "CREATE TABLE audit("
    " id INTEGER PRIMARY KEY, ts INTEGER NOT NULL, run TEXT NOT NULL,"
    " stage TEXT NOT NULL, severity TEXT, code TEXT NOT NULL,"
    " message TEXT NOT NULL, UNIQUE(ts, run, stage, code, message));"
    /* How far a file outside was read, committed with what it held. */
    "CREATE TABLE cursor("
    " name TEXT PRIMARY KEY, position INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE daily_rows("
    " date INTEGER NOT NULL, symbol INTEGER NOT NULL,"
    " open_ts INTEGER, close_ts INTEGER,"
    " put_e4 INTEGER NOT NULL, call_e4 INTEGER NOT NULL,"
    " put_complex_e4 INTEGER NOT NULL, call_complex_e4 INTEGER NOT NULL,"
    " put_contracts INTEGER NOT NULL, call_contracts INTEGER NOT NULL,"
    " trades INTEGER NOT NULL, bull_e4 INTEGER NOT NULL,"
    " bear_e4 INTEGER NOT NULL, blocks INTEGER NOT NULL,"
    " sweeps INTEGER NOT NULL, aggressive INTEGER NOT NULL,"
    " cancelled INTEGER NOT NULL, PRIMARY KEY(date, symbol))"
    " WITHOUT ROWID;"
    "CREATE INDEX daily_rows_symbol ON daily_rows(symbol, date);";

#define TEXT(of) "(SELECT text FROM words WHERE id = " of ")"
#define DIGITS(number) #number
#define NUMBER(number) DIGITS(number)
#define ID(word) NUMBER(SCHEMA_##word)
#define BIT(of, bit) "(" of " >> " #bit " & 1)"

/*
 * A trade with its final tags: those of the sweep or split it turned out to
 * be part of, which flow-classify --emit fast tells afterwards.  VENDOR: the
 * print says so itself.  gone: a cancelling or a cancelled print.
 */
static const char schema_final[] =
    "CREATE VIEW final_trades AS SELECT t.*,"
    " " BIT("t.flags", 8) " OR " BIT("t.flags", 9) " OR EXISTS"
    "  (SELECT 1 FROM cancels c WHERE c.ref_ts = t.ts AND c.ref_n = t.n)"
    "  AS gone,"
    " CASE w.kind WHEN " ID(SWEEP) " THEN " ID(SWEEP)
    "  WHEN " ID(SPLIT) " THEN CASE " BIT("t.flags", 0)
    "  WHEN 1 THEN " ID(SWEEP) " ELSE " ID(SPLIT) " END"
    "  ELSE t.trade_type END AS final_type,"
    " CASE w.kind WHEN " ID(SWEEP) " THEN w.sentiment"
    "  ELSE t.sentiment END AS final_sentiment,"
    " CASE w.kind WHEN " ID(SWEEP) " THEN w.side ELSE t.side END"
    "  AS final_side,"
    " CASE w.kind WHEN " ID(SWEEP) " THEN m.aggressiveness"
    "  ELSE t.aggressiveness END AS final_aggressiveness,"
    " CASE w.kind WHEN " ID(SWEEP) " THEN 1 ELSE " BIT("t.flags", 0) " END"
    "  AS is_sweep,"
    " CASE w.kind WHEN " ID(SWEEP) " THEN m.price_location IS "
    ID(ABOVE_ASK) " ELSE " BIT("t.flags", 2) " END AS is_above_ask,"
    " CASE w.kind WHEN " ID(SWEEP) " THEN m.price_location IS "
    ID(BELOW_BID) " ELSE " BIT("t.flags", 3) " END AS is_below_bid"
    " FROM trades t LEFT JOIN members m ON m.ts = t.ts AND m.n = t.n"
    " LEFT JOIN sweeps w ON w.id = m.sweep AND w.evidence IS NOT "
    ID(VENDOR) ";";

/* The words the views select by are there from the start. */
static const char schema_words[] =
    "INSERT INTO words VALUES (0, '')"
#define WORD_ROW(name) ", (" ID(name) ", '" #name "')"
    SCHEMA_WORDS(WORD_ROW)
#undef WORD_ROW
    ";"
    "INSERT INTO meta VALUES ('min_size', 10);";

static const char schema_views[] =
    "CREATE VIEW options_flow_history AS SELECT"
    " s.text AS symbol, c.ticker AS contract_ticker, t.ts AS timestamp,"
    " t.price_e4 / 10000.0 AS price, t.size AS size,"
    " t.premium_e4 / 10000.0 AS premium,"
    " " TEXT("t.final_type") " AS trade_type,"
    " " TEXT("t.final_sentiment") " AS sentiment,"
    " " TEXT("t.final_aggressiveness") " AS aggressiveness,"
    " c.strike_e4 / 10000.0 AS strike, c.expiration AS expiration,"
    " c.option_type AS option_type,"
    " t.underlying_e4 / 10000.0 AS underlying_price, t.dte AS dte,"
    " t.is_sweep AS is_sweep, " BIT("t.flags", 1) " AS is_block,"
    " t.is_above_ask AS is_above_ask, t.is_below_bid AS is_below_bid,"
    " " BIT("t.flags", 4) " AS is_unusual_volume,"
    " " TEXT("t.exchange") " AS exchange,"
    " " TEXT("t.conditions") " AS conditions,"
    " " TEXT("t.final_side") " AS side,"
    " date(t.date * 86400, 'unixepoch') AS trade_date,"
    " COALESCE(t.trade_id, c.ticker || ':' || t.ts || ':' ||"
    "  COALESCE(" TEXT("t.exchange") ", '') || ':' || t.seq) AS trade_id"
    " FROM final_trades t JOIN contracts c ON c.id = t.contract"
    " JOIN words s ON s.id = t.symbol"
    " WHERE NOT t.gone AND t.size >="
    "  (SELECT value FROM meta WHERE key = 'min_size');"

    "CREATE VIEW flow_events AS SELECT e.id AS id,"
    " strftime('%Y-%m-%dT%H:%M:%fZ', e.ts / 1000.0, 'unixepoch')"
    "  AS timestamp, s.text AS ticker, c.strike_e4 / 10000.0 AS strike,"
    " CASE c.option_type WHEN 'call' THEN 'C' WHEN 'put' THEN 'P' END"
    "  AS \"right\", c.expiration AS expiration,"
    " " TEXT("e.type") " AS event_type, e.size AS size,"
    " e.premium_e4 / 10000.0 AS premium_flow,"
    " e.aggressive_ratio_e6 / 1000000.0 AS aggressive_ratio,"
    " COALESCE(e.n_exchanges, 1) AS sweep_exchanges,"
    " json_patch(json_patch('{}', json_object("
    "  'contract_ticker', c.ticker, 'root', c.root,"
    "  'option_type', c.option_type, 'multiplier', c.multiplier,"
    "  'trade_date', date(e.date * 86400, 'unixepoch'),"
    "  'side', " TEXT("e.side") ", 'sentiment', " TEXT("e.sentiment") ","
    "  'sweep_id', (SELECT text FROM sweep_ids WHERE id = e.ref AND"
    "   e.type = " ID(SWEEP) "),"
    "  'window_start', e.window_start, 'window_end', e.window_end)),"
    "  COALESCE(e.extra, '{}')) AS details"
    " FROM events e JOIN contracts c ON c.id = e.contract"
    " LEFT JOIN words s ON s.id = e.symbol"
    /* A block that was taken back is none. */
    " WHERE e.type IS NOT " ID(BLOCK) " OR NOT EXISTS"
    "  (SELECT 1 FROM final_trades f WHERE f.ts = e.ts AND f.n = e.ref AND"
    "  f.gone);"

    "CREATE VIEW alerts AS SELECT"
    " strftime('%Y-%m-%dT%H:%M:%fZ', a.ts / 1000.0, 'unixepoch')"
    "  AS timestamp, a.ticker AS ticker,"
    " a.record ->> 'alert_type' AS alert_type,"
    " a.record ->> 'severity' AS severity, a.record ->> 'title' AS title,"
    " a.record ->> 'message' AS message,"
    " a.record ->> 'recommendation' AS recommendation,"
    " a.alert_id AS alert_id, EXISTS (SELECT 1 FROM alert_rows b WHERE"
    "  b.alert_id = a.alert_id AND b.cancelled = 1) AS cancelled"
    " FROM alert_rows a WHERE a.suppressed = 0 AND (a.cancelled = 0 OR NOT"
    "  EXISTS (SELECT 1 FROM alert_rows b WHERE b.alert_id = a.alert_id AND"
    "  b.cancelled = 0));";

/* Around the column gap_seconds, which each version has its own way. */
static const char schema_daily[] =
    "CREATE VIEW daily_summary AS SELECT"
    " date(d.date * 86400, 'unixepoch') AS date, s.text AS ticker,"
    " (d.put_e4 + d.call_e4) / 10000.0 AS total_premium_flow,"
    " d.put_e4 / 10000.0 AS put_flow, d.call_e4 / 10000.0 AS call_flow,"
    " CASE WHEN d.call_e4 > 0 THEN round(1.0 * d.put_e4 / d.call_e4, 6) END"
    "  AS put_call_ratio, d.blocks AS block_count,"
    " d.sweeps AS sweep_count, d.aggressive AS aggressive_buy_count,"
    " CASE WHEN d.call_contracts > 0 THEN"
    "  round(1.0 * d.put_contracts / d.call_contracts, 6) END"
    "  AS put_call_volume_ratio,"
    " d.call_e4 <= 0 AND d.put_e4 > 0 AS put_call_infinite,"
    " d.bull_e4 / 10000.0 AS bull_flow, d.bear_e4 / 10000.0 AS bear_flow,"
    " (d.bull_e4 - d.bear_e4) / 10000.0 AS net_flow,"
    " CASE WHEN d.bull_e4 + d.bear_e4 > 0 THEN"
    "  round(1.0 * (d.bull_e4 - d.bear_e4) / (d.bull_e4 + d.bear_e4), 6) END"
    "  AS bias, d.trades AS trade_count,"
    " (SELECT b.close FROM bars b WHERE b.name = s.text AND b.tf = '1d'"
    "  AND b.is_final = 1 AND b.ts >= d.date * 86400000 AND"
    "  b.ts < (d.date + 1) * 86400000 ORDER BY b.ts DESC LIMIT 1)"
    "  AS close, d.cancelled AS cancelled_count,";
static const char schema_daily_rest[] =
    " d.put_complex_e4 / 10000.0 AS put_flow_complex,"
    " d.call_complex_e4 / 10000.0 AS call_flow_complex,"
    " d.put_contracts AS put_volume, d.call_contracts AS call_volume"
    " FROM daily_rows d JOIN words s ON s.id = d.symbol;";

static const char schema_gaps_1[] =
    " COALESCE((SELECT sum(max(0, min(COALESCE(g.to_ts, d.close_ts),"
    "  d.close_ts) - max(g.from_ts, d.open_ts))) FROM coverage g WHERE"
    "  g.quality = 'missing' AND g.from_ts < d.close_ts AND"
    "  (g.universe = '*' OR instr(',' || g.universe || ',',"
    "  ',' || s.text || ','))), 0) / 1000.0 AS gap_seconds,";

/* Where gaps overlap they count once: reach is how far those before went. */
#define GAP_END "min(COALESCE(g.to_ts, d.close_ts), d.close_ts)"
static const char schema_gaps_2[] =
    " COALESCE((SELECT sum(max(0, m.to_ts - max(m.from_ts, m.reach,"
    "  d.open_ts))) FROM (SELECT g.from_ts, " GAP_END " AS to_ts,"
    "  COALESCE(max(" GAP_END ") OVER (ORDER BY g.from_ts, g.id ROWS BETWEEN"
    "  UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS reach"
    "  FROM coverage g WHERE g.quality = 'missing' AND"
    "  g.from_ts < d.close_ts AND (g.universe = '*' OR"
    "  instr(',' || g.universe || ',', ',' || s.text || ','))) m), 0)"
    "  / 1000.0 AS gap_seconds,";

/* Files from before meta said what kind of stream they hold. */
static const char schema_demo[] =
    "INSERT OR IGNORE INTO meta SELECT 'demo', 1 WHERE (SELECT mode FROM"
    " coverage ORDER BY id DESC LIMIT 1) = 'demo';"
    "DROP VIEW daily_summary;";

/*
 * migrations[v] takes a file from version v to v + 1; its parts are one text.
 */
static const char *const schema_migrations[DB_SCHEMA][10] = {
	{ schema_tables, schema_records, schema_accounts, schema_words,
	    schema_final, schema_views, schema_daily, schema_gaps_1,
	    schema_daily_rest },
	{ schema_demo, schema_daily, schema_gaps_2, schema_daily_rest },
};

static int
schema_step(struct db *db, int version, struct err *err)
{
	struct buf sql = BUF_INIT;
	int r;

	for (const char *const *part = schema_migrations[version];
	    *part != NULL; part++)
		buf_str(&sql, *part);
	buf_fmt(&sql, "PRAGMA application_id = %d; PRAGMA user_version = %d",
	    DB_APPLICATION, version + 1);
	buf_add(&sql, "", 1);
	r = db_begin(db, err);
	if (r == 0)
		r = db_exec(db, sql.p, err);
	buf_free(&sql);
	return r < 0 ? -1 : db_commit(db, err);
}

int
schema_ready(struct db *db, struct err *err)
{
	for (int v = db_version(db); v < DB_SCHEMA; v++)
		if (schema_step(db, v, err) < 0)
			return -1;
	return 0;
}
