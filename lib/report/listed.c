#include "report/listed.h"

#include <stdlib.h>

/* Money of a view, exactly: it comes from 1/10,000 dollar. */
#define E4(of) "CAST(round(" of " * 10000) AS INTEGER)"

#define COLUMNS(array) (array), sizeof(array) / sizeof(*(array))

static int
listed_run(struct sheet *sheet, struct db_stmt *stmt, struct err *err)
{
	int r = stmt == NULL ? -1 : sheet_query(sheet, stmt, err);

	db_finish(stmt);
	return r;
}

/* ---- trades ---- */

static const struct sheet_column listed_trades[] = {
	{ "timestamp", "TIME", SHEET_TIME },
	{ "symbol", "TICKER", SHEET_TEXT },
	{ "contract_ticker", "CONTRACT", SHEET_TEXT },
	{ "trade_type", "TYPE", SHEET_TEXT },
	{ "sentiment", "SENTIMENT", SHEET_TEXT },
	{ "aggressiveness", "AGGRESSIVENESS", SHEET_TEXT },
	{ "size", "SIZE", SHEET_COUNT },
	{ "price", "PRICE", SHEET_PRICE },
	{ "premium", "PREMIUM", SHEET_MONEY },
	{ "is_sweep", "SWEEP", SHEET_BOOL },
	{ "is_block", "BLOCK", SHEET_BOOL },
	{ "is_above_ask", "ABOVE ASK", SHEET_BOOL },
	{ "is_unusual_volume", "UNUSUAL VOLUME", SHEET_BOOL },
};

static int
listed_prints(const struct ask *ask, const char *order, int64_t limit,
    struct answer *answer, struct err *err)
{
	struct db_stmt *s = ask_prepare(ask, "SELECT timestamp, symbol,"
	    " contract_ticker, trade_type, sentiment, aggressiveness, size,"
	    " " E4("price") ", " E4("premium") ", is_sweep, is_block,"
	    " is_above_ask, is_unusual_volume FROM options_flow_history"
	    " WHERE timestamp >= ?1 AND timestamp < ?2", "symbol", order,
	    ask->limit > 0 ? ask->limit : limit, err);

	sheet_init(&answer->rows, COLUMNS(listed_trades));
	return listed_run(&answer->rows, s, err);
}

int
listed_recent(const struct ask *ask, struct answer *answer, struct err *err)
{
	return listed_prints(ask, " ORDER BY timestamp DESC, trade_id DESC"
	    " LIMIT ?3", 50, answer, err);
}

int
listed_unusual(const struct ask *ask, struct answer *answer, struct err *err)
{
	return listed_prints(ask, " ORDER BY premium DESC, timestamp DESC,"
	    " trade_id LIMIT ?3", 20, answer, err);
}

static const struct sheet_column listed_sentiments[] = {
	{ "symbol", "TICKER", SHEET_TEXT },
	{ "sentiment", "SENTIMENT", SHEET_TEXT },
	{ "trade_count", "TRADES", SHEET_COUNT },
	{ "total_size", "SIZE", SHEET_COUNT },
	{ "total_premium", "PREMIUM", SHEET_MONEY },
	{ "sweeps", "SWEEPS", SHEET_COUNT },
	{ "blocks", "BLOCKS", SHEET_COUNT },
	{ "coverage_pct", "COVERAGE", SHEET_SHARE },
};

int
listed_sentiment(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err)
{
	struct db_stmt *s = ask_prepare(ask, "SELECT symbol, sentiment,"
	    " count(*), sum(size), sum(" E4("premium") ") AS total,"
	    " sum(is_sweep), sum(is_block) FROM options_flow_history"
	    " WHERE timestamp >= ?1 AND timestamp < ?2", "symbol",
	    " GROUP BY symbol, sentiment ORDER BY total DESC, symbol,"
	    " sentiment LIMIT ?3", ask->limit, err);
	struct sheet *sheet = &answer->rows;
	int r = -1;

	sheet_init(sheet, COLUMNS(listed_sentiments));
	while (s != NULL && (r = db_step(s, err)) > 0) {
		struct slice symbol = db_text(s, 0);
		char *ticker = buf_dup(symbol.p, symbol.n);

		sheet_take(sheet, s, 7);
		seen_cell(sheet, set, ticker, ask->from_ts, ask->to_ts);
		free(ticker);
	}
	db_finish(s);
	return r;
}

/* ---- events ---- */

static const struct sheet_column listed_event[] = {
	{ "timestamp", "TIME", SHEET_TIME },
	{ "ticker", "TICKER", SHEET_TEXT },
	{ "event_type", "TYPE", SHEET_TEXT },
	{ "contract_ticker", "CONTRACT", SHEET_TEXT },
	{ "strike", NULL, SHEET_PRICE },
	{ "right", NULL, SHEET_TEXT },
	{ "expiration", NULL, SHEET_TEXT },
	{ "size", "SIZE", SHEET_COUNT },
	{ "premium_flow", "PREMIUM", SHEET_MONEY },
	{ "aggressive_ratio", "AGGRESSIVE", SHEET_RATIO },
	{ "sweep_exchanges", "EXCHANGES", SHEET_COUNT },
	{ "side", "SIDE", SHEET_TEXT },
};

/* flow_events has the time as a text: the table behind it has the number. */
#define EVENTS " FROM events e JOIN flow_events v ON v.id = e.id"	\
	" WHERE e.ts >= ?1 AND e.ts < ?2"

static int
listed_event_rows(const struct ask *ask, const char *order, int64_t limit,
    struct answer *answer, struct err *err)
{
	struct db_stmt *s = ask_prepare(ask, "SELECT e.ts, v.ticker,"
	    " v.event_type, v.details ->> 'contract_ticker', "
	    E4("v.strike") ", v.right, v.expiration, v.size,"
	    " " E4("v.premium_flow") ","
	    " CAST(round(v.aggressive_ratio * 1000000) AS INTEGER),"
	    " v.sweep_exchanges, v.details ->> 'side'" EVENTS, "v.ticker",
	    order, ask->limit > 0 ? ask->limit : limit, err);

	sheet_init(&answer->rows, COLUMNS(listed_event));
	return listed_run(&answer->rows, s, err);
}

int
listed_history(const struct ask *ask, struct answer *answer, struct err *err)
{
	return listed_event_rows(ask, " ORDER BY e.ts DESC, e.id DESC"
	    " LIMIT ?3", 0, answer, err);
}

static const struct sheet_column listed_types[] = {
	{ "event_type", "TYPE", SHEET_TEXT },
	{ "events", "EVENTS", SHEET_COUNT },
	{ "premium_flow", "PREMIUM", SHEET_MONEY },
};

int
listed_events(const struct ask *ask, struct answer *answer, struct err *err)
{
	struct db_stmt *s = ask_prepare(ask, "SELECT v.event_type, count(*),"
	    " sum(" E4("v.premium_flow") ")" EVENTS, "v.ticker",
	    " GROUP BY v.event_type ORDER BY v.event_type", 0, err);

	answer->more_name = "types";
	sheet_init(&answer->more, COLUMNS(listed_types));
	if (listed_run(&answer->more, s, err) < 0)
		return -1;
	return listed_event_rows(ask, " ORDER BY v.premium_flow DESC,"
	    " e.ts DESC, e.id DESC LIMIT ?3", 50, answer, err);
}

/* ---- alerts ---- */

const char *const listed_severities[] = {
	"LOW", "MEDIUM", "HIGH", "CRITICAL", NULL
};

static const struct sheet_column listed_alert[] = {
	{ "timestamp", "TIME", SHEET_TIME },
	{ "ticker", "TICKER", SHEET_TEXT },
	{ "severity", "SEVERITY", SHEET_SEVERITY },
	{ "alert_type", "TYPE", SHEET_TEXT },
	{ "title", NULL, SHEET_TEXT },
	{ "message", "MESSAGE", SHEET_TEXT },
	{ "recommendation", "ACTION", SHEET_TEXT },
	{ "alert_id", NULL, SHEET_TEXT },
	{ "cancelled", "TAKEN BACK", SHEET_BOOL },
};

int
listed_alerts(const struct ask *ask, int least, struct answer *answer,
    struct err *err)
{
	struct buf tail = BUF_INIT;
	struct db_stmt *s;

	buf_str(&tail, " AND v.severity IN (");
	for (int i = least; listed_severities[i] != NULL; i++)
		buf_fmt(&tail, "%s'%s'", i == least ? "" : ", ",
		    listed_severities[i]);
	buf_str(&tail, ") ORDER BY a.ts DESC, a.id DESC LIMIT ?3");
	buf_add(&tail, "", 1);
	s = ask_prepare(ask, "SELECT a.ts, v.ticker, v.severity,"
	    " v.alert_type, v.title, v.message, v.recommendation, v.alert_id,"
	    " v.cancelled FROM alert_rows a JOIN alerts v"
	    " ON v.alert_id = a.alert_id WHERE a.cancelled = 0 AND"
	    " a.ts >= ?1 AND a.ts < ?2", "v.ticker", tail.p, ask->limit, err);
	buf_free(&tail);
	sheet_init(&answer->rows, COLUMNS(listed_alert));
	return listed_run(&answer->rows, s, err);
}

/* ---- open interest ---- */

static const struct sheet_column listed_interest[] = {
	{ "oi_date", "DATE", SHEET_DATE },
	{ "symbol", "TICKER", SHEET_TEXT },
	{ "contract_ticker", "CONTRACT", SHEET_TEXT },
	{ "open_interest", "OPEN INTEREST", SHEET_COUNT },
	{ "oi_change", "CHANGE", SHEET_COUNT },
};

int
listed_oi(const struct ask *ask, int64_t min, struct answer *answer,
    struct err *err)
{
	struct db_stmt *s = ask_prepare(ask, "SELECT o.date, w.text,"
	    " c.ticker, o.open_interest, o.oi_change FROM oi o"
	    " JOIN contracts c ON c.id = o.contract"
	    " JOIN words w ON w.id = c.symbol"
	    " WHERE ?1 < ?2 AND o.date >= ?4 AND o.date <= ?5"
	    " AND abs(o.oi_change) >= ?6", "w.text",
	    " ORDER BY abs(o.oi_change) DESC, o.date DESC, c.ticker LIMIT ?3",
	    ask->limit, err);

	sheet_init(&answer->rows, COLUMNS(listed_interest));
	if (s != NULL) {
		db_bind_int(s, 4, ask->first);
		db_bind_int(s, 5, ask->last);
		db_bind_int(s, 6, min);
	}
	return listed_run(&answer->rows, s, err);
}

/* ---- SQL ---- */

int
listed_sql(struct db *db, const char *sql, struct answer *answer,
    struct err *err)
{
	struct db_stmt *s = db_prepare_one(db, sql, err);
	struct sheet_column *columns;
	int n;

	if (s == NULL)
		return -1;
	n = db_columns(s);
	columns = buf_alloc((size_t)n + 1, sizeof(*columns));
	for (int i = 0; i < n; i++) {
		const char *name = db_column(s, i);

		columns[i] = (struct sheet_column){ name, name, SHEET_ANY };
	}
	sheet_init(&answer->rows, columns, (size_t)n);
	answer->own = columns;	/* names live until db_close */
	return sheet_query(&answer->rows, s, err);
}
