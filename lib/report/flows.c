#include "report/flows.h"

#include <stdlib.h>

#include "base/decimal.h"
#include "base/plain.h"
#include "market/cal.h"
#include "report/drift.h"
#include "report/summary.h"

#define COLUMNS(array) (array), sizeof(array) / sizeof(*(array))

/* ---- cells ---- */

/* What was seen of a ticker on a day, as far as the time asked about goes. */
static void
flows_seen(struct sheet *sheet, const struct ask *ask,
    const struct seen_set *set, const char *ticker, int32_t date)
{
	seen_cell(sheet, set, ticker, cal_instant(date, 0),
	    summary_end(ask, date));
}

#define FLOWS_SUMS							\
	{ "total_premium_flow", "PREMIUM", SHEET_MONEY },		\
	{ "put_flow", "PUTS", SHEET_MONEY },				\
	{ "call_flow", "CALLS", SHEET_MONEY },				\
	{ "put_call_ratio", "P/C", SHEET_RATIO },			\
	{ "put_call_infinite", NULL, SHEET_BOOL }

static void
flows_sums(struct sheet *sheet, int64_t put_e4, int64_t call_e4)
{
	sheet_number(sheet, put_e4 + call_e4);
	sheet_number(sheet, put_e4);
	sheet_number(sheet, call_e4);
	sheet_maybe(sheet, summary_ratio(put_e4, call_e4));
	sheet_number(sheet, call_e4 <= 0 && put_e4 > 0);
}

#define FLOWS_DAY							\
	{ "date", "DATE", SHEET_DATE },					\
	{ "ticker", "TICKER", SHEET_TEXT },				\
	FLOWS_SUMS,							\
	{ "put_call_volume_ratio", NULL, SHEET_RATIO },			\
	{ "block_count", "BLOCKS", SHEET_COUNT },			\
	{ "sweep_count", "SWEEPS", SHEET_COUNT },			\
	{ "aggressive_buy_count", "AGGRESSIVE", SHEET_COUNT },		\
	{ "bull_flow", NULL, SHEET_MONEY },				\
	{ "bear_flow", NULL, SHEET_MONEY },				\
	{ "net_flow", "NET", SHEET_MONEY },				\
	{ "bias", "BIAS", SHEET_RATIO },				\
	{ "trade_count", "TRADES", SHEET_COUNT },			\
	{ "close", "CLOSE", SHEET_PRICE },				\
	{ "cancelled_count", NULL, SHEET_COUNT },			\
	{ "coverage_pct", "COVERAGE", SHEET_SHARE }

const struct sheet_column flows_columns[] = { FLOWS_DAY };
const size_t flows_n_columns =
    sizeof(flows_columns) / sizeof(*flows_columns);

static void
flows_put(struct sheet *sheet, const struct ask *ask,
    const struct seen_set *set, const char *ticker,
    const struct summary_day *day)
{
	int64_t bias = divergence_flow(day->bull_e4, day->bear_e4);

	sheet_number(sheet, day->date);
	sheet_str(sheet, ticker);
	flows_sums(sheet, day->put_e4, day->call_e4);
	sheet_maybe(sheet, summary_ratio(day->put_contracts,
	    day->call_contracts));
	sheet_number(sheet, day->blocks);
	sheet_number(sheet, day->sweeps);
	sheet_number(sheet, day->aggressive);
	sheet_number(sheet, day->bull_e4);
	sheet_number(sheet, day->bear_e4);
	sheet_number(sheet, day->bull_e4 - day->bear_e4);
	sheet_maybe(sheet, bias);
	sheet_number(sheet, day->trades);
	sheet_maybe(sheet, day->close_e4);
	sheet_number(sheet, day->cancelled);
	flows_seen(sheet, ask, set, ticker, day->date);
}

/* ---- daily, trend ---- */

/* A bar of eighths for each value of 0 to the largest; "?": not known. */
static void
flows_spark(struct buf *dst, const char *name, const int64_t *values,
    size_t n)
{
	static const char *const bars[] = { "\u2581", "\u2582", "\u2583",
	    "\u2584", "\u2585", "\u2586", "\u2587", "\u2588" };
	int64_t most = 0;

	for (size_t i = 0; i < n; i++)
		if (values[i] > most)
			most = values[i];
	buf_fmt(dst, "%-9s", name);
	for (size_t i = 0; i < n; i++) {
		double part = most == 0 ? 0 : (double)values[i] /
		    (double)most;

		buf_str(dst, values[i] == ASK_NONE ? "?" :
		    bars[part <= 0 ? 0 : (int)(part * 7.999)]);
	}
}

/* No trades, and nobody who would have seen one. */
static bool
flows_blind(const struct ask *ask, const struct seen_set *set,
    const char *ticker, const struct summary_day *day)
{
	struct seen seen;

	if (day->stored)
		return false;
	seen_of(set, ticker, cal_instant(day->date, 0),
	    summary_end(ask, day->date), &seen);
	seen_done(&seen);
	return seen.seen_ms == 0;
}

static void
flows_sparks(struct buf *dst, const struct ask *ask,
    const struct seen_set *set, const struct summary *summary,
    const char *ticker)
{
	int64_t *premium = buf_alloc(summary->n + 1, sizeof(*premium));
	int64_t *ratio = buf_alloc(summary->n + 1, sizeof(*ratio));
	int64_t most = 0;

	for (size_t i = 0; i < summary->n; i++) {
		const struct summary_day *day = &summary->days[i];

		premium[i] = flows_blind(ask, set, ticker, day) ? ASK_NONE :
		    day->put_e4 + day->call_e4;
		ratio[i] = summary_ratio(day->put_e4, day->call_e4);
		if (premium[i] > most)
			most = premium[i];
	}
	buf_fmt(dst, "%s\n", ticker);
	flows_spark(dst, "premium", premium, summary->n);
	buf_str(dst, " to ");
	plain_money(dst, most);
	buf_str(dst, "\n");
	most = 0;
	for (size_t i = 0; i < summary->n; i++)
		if (ratio[i] > most)
			most = ratio[i];
	flows_spark(dst, "put/call", ratio, summary->n);
	buf_str(dst, " to ");
	plain_decimal(dst, most, DECIMAL_E6);
	buf_str(dst, "\n\n");
	free(premium);
	free(ratio);
}

int
flows_daily(const struct ask *ask, const struct seen_set *set, bool sparks,
    struct answer *answer, struct err *err)
{
	struct summary_names all;
	int32_t first;
	int r = summary_first(ask, &first, err);

	sheet_init(&answer->rows, flows_columns, flows_n_columns);
	if (r < 0 || summary_names(ask, first, &all, err) < 0)
		return -1;
	for (size_t i = 0; r == 0 && i < all.n; i++) {
		struct summary summary;

		r = summary_load(ask->db, all.names[i], first, ask->last,
		    &summary, err);
		for (size_t k = 0; r == 0 && k < summary.n; k++)
			flows_put(&answer->rows, ask, set, all.names[i],
			    &summary.days[k]);
		if (r == 0 && sparks)
			flows_sparks(&answer->lines, ask, set, &summary,
			    all.names[i]);
		summary_free(&summary);
	}
	summary_names_free(&all);
	return r;
}

/* ---- today ---- */

static const struct sheet_column flows_today_columns[] = {
	FLOWS_DAY,
	{ "put_call_oi_ratio", NULL, SHEET_RATIO },
	{ "put_share_open_buy", NULL, SHEET_RATIO },
	{ "divergence", "DIVERGENCE", SHEET_TEXT },
};

/* Two sums of a statement's one row, puts and calls, which it frees. */
static int
flows_pair(struct db_stmt *s, const char *ticker, int32_t date, int64_t *put,
    int64_t *call, struct err *err)
{
	int r;

	db_bind_str(s, 1, ticker);
	db_bind_int(s, 2, date);
	r = db_step(s, err);
	*put = r > 0 ? db_int(s, 0) : 0;
	*call = r > 0 ? db_int(s, 1) : 0;
	db_finish(s);
	return r < 0 ? -1 : 0;
}

#define WORD "(SELECT id FROM words WHERE text = ?1)"

/* put_call_oi_ratio (domain.md 6.2). */
static int
flows_interest(struct sheet *sheet, struct db *db, const char *ticker,
    int32_t date, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT sum(open_interest) FILTER"
	    " (WHERE c.option_type = 'put'), sum(open_interest) FILTER (WHERE"
	    " c.option_type = 'call') FROM oi o JOIN contracts c ON"
	    " c.id = o.contract WHERE c.symbol = " WORD " AND o.date ="
	    " (SELECT max(date) FROM oi WHERE date <= ?2)", err);
	int64_t put, call;

	if (s == NULL || flows_pair(s, ticker, date, &put, &call, err) < 0)
		return -1;
	sheet_maybe(sheet, summary_ratio(put, call));
	return 0;
}

/*
 * put_share_open_buy (domain.md 6.2); flow: FLOW_CALL is 1 and FLOW_PUT is 2
 * in the file.
 */
static int
flows_opened(struct sheet *sheet, struct db *db, const char *ticker,
    int32_t date, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT sum(f.size) FILTER (WHERE"
	    " f.flow = 2), sum(f.size) FROM final_trades f WHERE"
	    " f.symbol = " WORD " AND f.ts >= ?3 AND f.ts < ?4 AND"
	    " f.date = ?2 AND f.flow IN (1, 2) AND f.opening IN (SELECT id"
	    " FROM words WHERE text IN ('PROVEN', 'LIKELY')) AND NOT f.gone"
	    " AND f.final_side = (SELECT id FROM words WHERE text = 'BUY')",
	    err);
	int64_t from_ts, to_ts, put, all;

	if (s == NULL)
		return -1;
	ask_instants(date, date, &from_ts, &to_ts);
	db_bind_int(s, 3, from_ts);
	db_bind_int(s, 4, to_ts);
	if (flows_pair(s, ticker, date, &put, &all, err) < 0)
		return -1;
	sheet_maybe(sheet, summary_ratio(put, all));
	return 0;
}

static int
flows_today_one(const struct ask *ask, const struct seen_set *set,
    const char *ticker, struct sheet *sheet, struct err *err)
{
	struct summary summary;
	struct drift drift;
	const char *name;
	int r = summary_load(ask->db, ticker, ask->last, ask->last, &summary,
	    err);

	if (r == 0 && summary.n > 0)
		flows_put(sheet, ask, set, ticker, &summary.days[0]);
	summary_free(&summary);
	if (r < 0 ||
	    flows_interest(sheet, ask->db, ticker, ask->last, err) < 0 ||
	    flows_opened(sheet, ask->db, ticker, ask->last, err) < 0 ||
	    drift_load(ask->db, ticker, ask->last, DRIFT_DAYS, &drift,
	    err) < 0)
		return -1;
	name = divergence_name(drift.sign);
	if (name == NULL)
		sheet_none(sheet);
	else
		sheet_str(sheet, name);
	return 0;
}

int
flows_today(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err)
{
	struct summary_names all;
	int r = 0;

	sheet_init(&answer->rows, COLUMNS(flows_today_columns));
	if (summary_names(ask, ask->last, &all, err) < 0)
		return -1;
	for (size_t i = 0; r == 0 && i < all.n; i++)
		r = flows_today_one(ask, set, all.names[i], &answer->rows,
		    err);
	summary_names_free(&all);
	return r;
}

/* ---- top ---- */

static const struct sheet_column flows_top_columns[] = {
	{ "ticker", "TICKER", SHEET_TEXT },
	FLOWS_SUMS,
	{ "block_count", "BLOCKS", SHEET_COUNT },
	{ "sweep_count", "SWEEPS", SHEET_COUNT },
	{ "trade_count", "TRADES", SHEET_COUNT },
	{ "coverage_pct", "COVERAGE", SHEET_SHARE },
};

/* The first day that counts. */
static int
flows_top_first(const struct ask *ask, int32_t *first, struct err *err)
{
	struct cal_span span;

	*first = ask->first;
	if (ask->since == ASK_NONE && cal_span(ask->last, CAL_EQUITY, CAL_RTH,
	    &span, err) > 0 && ask->as_of < span.start_ts)
		return cal_step(ask->first, -1, first, err);
	return 0;
}

int
flows_top(const struct ask *ask, const struct seen_set *set, int64_t min_e4,
    struct answer *answer, struct err *err)
{
	struct sheet *sheet = &answer->rows;
	struct db_stmt *s;
	int32_t first;
	int r = -1;

	sheet_init(sheet, COLUMNS(flows_top_columns));
	if (flows_top_first(ask, &first, err) < 0)
		return -1;
	s = ask_prepare(ask, "SELECT w.text, sum(put_e4), sum(call_e4),"
	    " sum(blocks), sum(sweeps), sum(trades) FROM daily_rows d"
	    " JOIN words w ON w.id = d.symbol WHERE ?1 < ?2 AND"
	    " d.date >= ?4 AND d.date <= ?5", "w.text", " GROUP BY w.text"
	    " HAVING sum(put_e4 + call_e4) >= ?6 ORDER BY"
	    " sum(put_e4 + call_e4) DESC, w.text LIMIT ?3", ask->limit, err);
	if (s != NULL) {
		db_bind_int(s, 4, first);
		db_bind_int(s, 5, ask->last);
		db_bind_int(s, 6, min_e4);
	}
	while (s != NULL && (r = db_step(s, err)) > 0) {
		struct slice text = db_text(s, 0);
		char *ticker = buf_dup(text.p, text.n);

		sheet_str(sheet, ticker);
		flows_sums(sheet, db_int(s, 1), db_int(s, 2));
		for (int i = 3; i < 6; i++)
			sheet_number(sheet, db_int(s, i));
		seen_cell(sheet, set, ticker, cal_instant(first, 0),
		    ask->to_ts);
		free(ticker);
	}
	db_finish(s);
	return r;
}
