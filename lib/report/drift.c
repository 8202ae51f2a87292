#include "report/drift.h"

#include <stdlib.h>
#include <string.h>

#include "market/cal.h"
#include "record/emit.h"
#include "report/summary.h"

enum {
	DRIFT_SIGMA = 20,	/* returns before the window */
	DRIFT_SESSIONS = 3,	/* least with flow, for D1 */
	DRIFT_SIDED = 30,	/* least trades with a sentiment, for D1 */
	DRIFT_STANDARD = 60,	/* rolling flows, for D2 */
	DRIFT_RANK = 20,	/* sessions, for D3 */
	DRIFT_RANK_LEAST = 10,
	/* Sessions before the window that any of them needs. */
	DRIFT_BEFORE = DRIFT_STANDARD + 1
};

/* Sessions with their window: days[start .. n - 1]. */
struct drift_days {
	struct summary all;
	size_t start;
};

static int64_t
drift_flow(const struct summary *all, size_t from, size_t to)
{
	int64_t bull = 0, bear = 0;

	for (size_t i = from; i < to; i++) {
		bull += all->days[i].bull_e4;
		bear += all->days[i].bear_e4;
	}
	return divergence_flow(bull, bear);
}

static int64_t
drift_return(const struct summary *all, size_t from, size_t to)
{
	return divergence_return(all->days[from].close_e4,
	    all->days[to].close_e4);
}

/* ---- D1 ---- */

/* sigma of N sessions from the 20 returns before the window. */
static int64_t
drift_sigma(const struct drift_days *days, int sessions)
{
	int64_t closes[DRIFT_SIGMA + 1];

	if (days->start < DRIFT_SIGMA + 1)
		return DIVERGENCE_ABSENT;
	for (size_t i = 0; i <= DRIFT_SIGMA; i++)
		closes[i] = days->all.days[days->start - DRIFT_SIGMA - 1 +
		    i].close_e4;
	return divergence_sigma(closes, DRIFT_SIGMA + 1, sessions);
}

static void
drift_sign(const struct drift_days *days, struct drift *out)
{
	out->flow_e6 = drift_flow(&days->all, days->start, days->all.n);
	out->return_e6 = days->start == 0 ? DIVERGENCE_ABSENT :
	    drift_return(&days->all, days->start - 1, days->all.n - 1);
	out->sigma_e6 = drift_sigma(days, out->sessions);
	out->no_sign = out->stored < DRIFT_SESSIONS ?
	    "fewer than 3 sessions with trades" : out->sided < DRIFT_SIDED ?
	    "fewer than 30 trades with a sentiment" :
	    out->return_e6 == DIVERGENCE_ABSENT ?
	    "no daily close at both ends" :
	    out->sigma_e6 == DIVERGENCE_ABSENT ?
	    "fewer than 20 daily returns before" :
	    out->sigma_e6 == 0 ? "the price never moved" : NULL;
	out->score_e2 = DIVERGENCE_ABSENT;
	if (out->no_sign == NULL)
		out->sign = divergence_sign(out->flow_e6, out->return_e6,
		    out->sigma_e6, &out->score_e2);
}

/* ---- D2 ---- */

static void
drift_standard(const struct drift_days *days, struct drift *out)
{
	int64_t flows[DRIFT_STANDARD];
	size_t n = (size_t)out->sessions;

	out->z_flow_e6 = out->z_return_e6 = DIVERGENCE_ABSENT;
	out->difference_e6 = DIVERGENCE_ABSENT;
	out->no_standard = "fewer than 60 flows of as many sessions before";
	if (days->all.n < DRIFT_STANDARD + n)
		return;
	for (size_t i = 0; i < DRIFT_STANDARD; i++) {
		size_t end = days->all.n - DRIFT_STANDARD + i;

		flows[i] = drift_flow(&days->all, end - n, end);
		if (flows[i] == DIVERGENCE_ABSENT)
			return;
	}
	out->z_flow_e6 = divergence_z(out->flow_e6, flows, DRIFT_STANDARD);
	if (out->return_e6 != DIVERGENCE_ABSENT && out->sigma_e6 > 0)
		out->z_return_e6 = out->return_e6 * 1000000 / out->sigma_e6;
	out->standard = divergence_standard(out->z_flow_e6, out->z_return_e6,
	    &out->difference_e6);
	out->no_standard = out->standard != DIVERGENCE_UNKNOWN ? NULL :
	    "no price move to hold it against";
}

/* ---- D3 ---- */

static void
drift_rank(const struct drift_days *days, struct drift *out)
{
	const struct summary *all = &days->all;
	size_t first = all->n > DRIFT_RANK ? all->n - DRIFT_RANK : 1, n = 0;
	int64_t flows[DRIFT_RANK], returns[DRIFT_RANK];

	for (size_t i = first; i < all->n; i++) {
		flows[n] = drift_flow(all, i, i + 1);
		returns[n] = drift_return(all, i - 1, i);
		n += flows[n] != DIVERGENCE_ABSENT &&
		    returns[n] != DIVERGENCE_ABSENT;
	}
	out->rank_e6 = DIVERGENCE_ABSENT;
	out->no_rank = "fewer than 10 of 20 sessions with flow and closes";
	if (n < DRIFT_RANK_LEAST)
		return;
	out->rank_e6 = divergence_rank(flows, returns, n);
	out->rank = divergence_opposed(out->rank_e6);
	out->no_rank = out->rank_e6 == DIVERGENCE_ABSENT ?
	    "all sessions are alike" : NULL;
}

/* ---- D4 ---- */

static void
drift_trend(const struct drift_days *days, struct drift *out)
{
	const struct summary *all = &days->all;
	size_t n = all->n - days->start;
	int64_t *ratios = buf_alloc(n, sizeof(*ratios));
	int64_t *closes = buf_alloc(n, sizeof(*closes));

	out->no_trend = "not a ratio and a close for at least 3 sessions, "
	    "each of them";
	out->ratio_slope_e6 = out->price_slope_e6 = DIVERGENCE_ABSENT;
	for (size_t i = 0; i < n; i++) {
		const struct summary_day *day = &all->days[days->start + i];

		ratios[i] = summary_ratio(day->put_e4, day->call_e4);
		closes[i] = day->close_e4;
	}
	if (n >= DRIFT_SESSIONS) {
		out->ratio_slope_e6 = divergence_slope(ratios, n);
		out->price_slope_e6 = divergence_slope(closes, n);
	}
	free(ratios);
	free(closes);
	out->trend = divergence_trend(out->ratio_slope_e6,
	    out->price_slope_e6);
	if (out->trend != DIVERGENCE_UNKNOWN)
		out->no_trend = NULL;
}

/* ---- all ---- */

/* Trades of the window with a sentiment that count; as many as are needed. */
static int
drift_sided(struct db *db, const char *ticker, const struct drift_days *days,
    int64_t *out, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT count(*) FROM (SELECT 1"
	    " FROM final_trades f WHERE f.symbol = (SELECT id FROM words WHERE"
	    " text = ?1) AND f.ts >= ?5 AND f.ts < ?6"
	    " AND f.date >= ?2 AND f.date <= ?3"
	    " AND f.flow IN (1, 2) AND NOT f.gone AND f.final_sentiment IN"
	    " (SELECT id FROM words WHERE text IN ('BULLISH', 'BEARISH'))"
	    " LIMIT ?4)", err);
	int32_t first = days->all.days[days->start].date;
	int32_t last = days->all.days[days->all.n - 1].date;
	int64_t from_ts, to_ts;
	int r;

	if (s == NULL)
		return -1;
	ask_instants(first, last, &from_ts, &to_ts);
	db_bind_str(s, 1, ticker);
	db_bind_int(s, 2, first);
	db_bind_int(s, 3, last);
	db_bind_int(s, 4, DRIFT_SIDED);
	db_bind_int(s, 5, from_ts);
	db_bind_int(s, 6, to_ts);
	r = db_step(s, err);
	*out = r > 0 ? db_int(s, 0) : 0;
	db_finish(s);
	return r < 0 ? -1 : 0;
}

static int
drift_of(struct db *db, const char *ticker, struct drift_days *days,
    struct drift *out, struct err *err)
{
	for (size_t i = days->start; i < days->all.n; i++)
		out->stored += days->all.days[i].trades > 0;
	out->sessions = (int)(days->all.n - days->start);
	out->first = days->all.days[days->start].date;
	out->last = days->all.days[days->all.n - 1].date;
	if (drift_sided(db, ticker, days, &out->sided, err) < 0)
		return -1;
	drift_sign(days, out);
	drift_standard(days, out);
	drift_rank(days, out);
	drift_trend(days, out);
	return 0;
}

int
drift_load(struct db *db, const char *ticker, int32_t last, int64_t days,
    struct drift *out, struct err *err)
{
	struct drift_days window = { .start = 0 };
	int32_t start = last - (int32_t)days + 1, first;
	static const char nothing[] = "no session in this time";
	struct err unknown;
	int r;

	*out = (struct drift){ 0, DAY_NONE, DAY_NONE, 0, 0,
	    DIVERGENCE_ABSENT, DIVERGENCE_ABSENT, DIVERGENCE_ABSENT,
	    DIVERGENCE_ABSENT, DIVERGENCE_ABSENT, DIVERGENCE_ABSENT,
	    DIVERGENCE_ABSENT, DIVERGENCE_ABSENT, DIVERGENCE_ABSENT,
	    DIVERGENCE_ABSENT, DIVERGENCE_UNKNOWN, DIVERGENCE_UNKNOWN,
	    DIVERGENCE_UNKNOWN, DIVERGENCE_UNKNOWN,
	    nothing, nothing, nothing, nothing };
	/* As far back as the calendar goes: the rest is not stored. */
	if (cal_known(start, err) < 0)
		return -1;
	if (cal_step(start, -(DRIFT_BEFORE + (int)days), &first, &unknown) < 0)
		first = day_make(CAL_FIRST_YEAR, 1, 1);
	r = summary_load(db, ticker, first, last, &window.all, err);
	while (r == 0 && window.start < window.all.n &&
	    window.all.days[window.start].date < start)
		window.start++;
	/* The day's bar comes at its end: until then it is no session. */
	if (r == 0 && window.all.n > 0 &&
	    window.all.days[window.all.n - 1].close_e4 == ASK_NONE)
		window.all.n--;
	if (r == 0 && window.start < window.all.n)
		r = drift_of(db, ticker, &window, out, err);
	summary_free(&window.all);
	return r;
}

/* ---- report ---- */

static const struct sheet_column drift_columns[] = {
	{ "ticker", "TICKER", SHEET_TEXT },
	{ "method", "METHOD", SHEET_TEXT },
	{ "result", "RESULT", SHEET_TEXT },
	{ "score", "SCORE", SHEET_PRICE },
	{ "flow", "FLOW", SHEET_RATIO },
	{ "price", "PRICE", SHEET_RATIO },
	{ "sigma", "SIGMA", SHEET_RATIO },
	{ "value", "VALUE", SHEET_RATIO },
	{ "sessions", "SESSIONS", SHEET_COUNT },
	{ "reason", "WHY NOT", SHEET_TEXT },
	{ "coverage_pct", "COVERAGE", SHEET_SHARE },
};

struct drift_row {
	const char *method, *reason;
	enum divergence kind;
	int64_t score_e4, flow, price, sigma, value;
};

static void
drift_text(struct sheet *sheet, const char *text)
{
	if (text == NULL)
		sheet_none(sheet);
	else
		sheet_str(sheet, text);
}

static void
drift_rows(const struct ask *ask, const struct seen_set *set,
    const char *ticker, const struct drift *d, struct sheet *sheet)
{
	const int64_t none = DIVERGENCE_ABSENT;
	const struct drift_row rows[] = {
		{ "sign", d->no_sign, d->sign, d->score_e2 == none ? none :
		    d->score_e2 * 100, d->flow_e6, d->return_e6, d->sigma_e6,
		    none },
		{ "standardised", d->no_standard, d->standard, none,
		    d->z_flow_e6, d->z_return_e6, none, d->difference_e6 },
		{ "rank", d->no_rank, d->rank, none, none, none, none,
		    d->rank_e6 },
		{ "trend", d->no_trend, d->trend, none, d->ratio_slope_e6,
		    d->price_slope_e6, none, none },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct drift_row *row = &rows[i];

		sheet_str(sheet, ticker);
		sheet_str(sheet, row->method);
		drift_text(sheet, divergence_name(row->kind));
		sheet_maybe(sheet, row->score_e4);
		sheet_maybe(sheet, row->flow);
		sheet_maybe(sheet, row->price);
		sheet_maybe(sheet, row->sigma);
		sheet_maybe(sheet, row->value);
		sheet_number(sheet, d->sessions);
		drift_text(sheet, row->reason);
		seen_cell(sheet, set, ticker, ask->from_ts, ask->to_ts);
	}
}

int
drift_report(const struct ask *ask, const struct seen_set *set, int64_t days,
    struct answer *answer, struct err *err)
{
	sheet_init(&answer->rows, drift_columns,
	    sizeof(drift_columns) / sizeof(*drift_columns));
	for (size_t i = 0; i < ask->n; i++) {
		struct drift drift;

		if (drift_load(ask->db, ask->tickers[i], ask->last, days,
		    &drift, err) < 0)
			return -1;
		drift_rows(ask, set, ask->tickers[i], &drift, &answer->rows);
	}
	return 0;
}

/* ---- records ---- */

/* Regular hours of a ticker's options. */
static int
drift_span(const char *ticker, int32_t day, struct cal_span *out,
    struct err *err)
{
	struct slice root = { ticker, strlen(ticker) };

	return cal_span(day, cal_class_of(root, day, true), CAL_RTH, out,
	    err) < 0 ? -1 : 0;
}

/* What is known of a sign divergence, or why it is not. */
static void
drift_sign_members(struct buf *dst, const struct drift *d)
{
	const char *result = divergence_name(d->sign);

	emit_str(dst, KEY_method, "sign");
	if (result != NULL)
		emit_str(dst, KEY_result, result);
	else
		emit_text(dst, KEY_reason, (struct slice){ d->no_sign,
		    strlen(d->no_sign) });
	emit_opt_decimal(dst, KEY_score, d->score_e2, 2);
	emit_opt_decimal(dst, KEY_flow_bias, d->flow_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_price_return, d->return_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_sigma, d->sigma_e6, DECIMAL_E6);
	emit_int(dst, KEY_n_sessions, d->sessions);
}

static int
drift_record(struct buf *dst, const struct ask *ask,
    const struct seen_set *set, const char *ticker, int64_t days, bool demo,
    struct err *err)
{
	struct cal_span first, last;
	struct seen seen;
	struct drift d;
	char date[DAY_TEXT];

	if (drift_load(ask->db, ticker, ask->last, days, &d, err) < 0)
		return -1;
	if (d.last == DAY_NONE)		/* the present one is not over */
		d.first = d.last = ask->last;
	if (drift_span(ticker, d.first, &first, err) < 0 ||
	    drift_span(ticker, d.last, &last, err) < 0)
		return -1;
	emit_open(dst, "divergence");
	emit_int(dst, KEY_timestamp, last.end_ts);
	emit_text(dst, KEY_symbol, (struct slice){ ticker, strlen(ticker) });
	emit_word(dst, KEY_trade_date, date, day_print(date, d.last));
	drift_sign_members(dst, &d);
	seen_of(set, ticker, first.start_ts, last.end_ts, &seen);
	emit_opt_decimal(dst, KEY_coverage_pct, seen_share(&seen),
	    DECIMAL_E4);
	seen_done(&seen);
	emit_int(dst, KEY_window_start, first.start_ts);
	emit_int(dst, KEY_window_end, last.end_ts);
	if (demo)
		emit_str(dst, KEY_feed, "demo");
	emit_close(dst);
	return 0;
}

int
drift_records(struct line_out *out, const struct ask *ask,
    const struct seen_set *set, int64_t days, bool demo, struct err *err)
{
	struct db_stmt *s;
	int r = 0;

	for (size_t i = 0; r == 0 && i < ask->n; i++) {
		r = drift_record(&out->buf, ask, set, ask->tickers[i], days,
		    demo, err);
		line_out_end(out);
	}
	if (r < 0 || ask->n > 0)
		return r;
	s = db_prepare(ask->db, "SELECT DISTINCT w.text FROM daily_rows d"
	    " JOIN words w ON w.id = d.symbol WHERE d.date >= ?1 AND"
	    " d.date <= ?2 ORDER BY w.text", err);
	if (s == NULL)
		return -1;
	db_bind_int(s, 1, ask->first);
	db_bind_int(s, 2, ask->last);
	while ((r = db_step(s, err)) > 0) {
		struct slice text = db_text(s, 0);
		char *ticker = buf_dup(text.p, text.n);

		r = drift_record(&out->buf, ask, set, ticker, days, demo, err);
		free(ticker);
		if (r < 0)
			break;
		line_out_end(out);
	}
	db_finish(s);
	return r;
}
