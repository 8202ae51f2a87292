#include "report/summary.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "market/cal.h"

#define SUMMARY_DAY_MS INT64_C(86400000)

/* ---- days ---- */

static struct summary_day *
summary_at(struct summary *summary, int64_t date)
{
	size_t low = 0, high = summary->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (summary->days[middle].date < date)
			low = middle + 1;
		else
			high = middle;
	}
	return low < summary->n && summary->days[low].date == date ?
	    &summary->days[low] : NULL;
}

static int
summary_rows(struct db *db, const char *ticker, struct summary *out,
    int32_t first, int32_t last, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT date, put_e4, call_e4,"
	    " put_contracts, call_contracts, trades, bull_e4, bear_e4, blocks,"
	    " sweeps, aggressive, cancelled FROM daily_rows WHERE symbol ="
	    " (SELECT id FROM words WHERE text = ?1) AND date >= ?2 AND"
	    " date <= ?3", err);
	int r = -1;

	if (s != NULL) {
		db_bind_str(s, 1, ticker);
		db_bind_int(s, 2, first);
		db_bind_int(s, 3, last);
	}
	while (s != NULL && (r = db_step(s, err)) > 0) {
		struct summary_day *day = summary_at(out, db_int(s, 0));

		if (day == NULL)
			continue;
		*day = (struct summary_day){ day->date, true, db_int(s, 1),
		    db_int(s, 2), db_int(s, 3), db_int(s, 4), db_int(s, 5),
		    db_int(s, 6), db_int(s, 7), db_int(s, 8), db_int(s, 9),
		    db_int(s, 10), db_int(s, 11), ASK_NONE };
	}
	db_finish(s);
	return r;
}

static int
summary_closes(struct db *db, const char *ticker, struct summary *out,
    int32_t first, int32_t last, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT ts, CAST(round(close *"
	    " 10000) AS INTEGER) FROM bars WHERE name = ?1 AND tf = '1d' AND"
	    " is_final = 1 AND close IS NOT NULL AND ts >= ?2 AND ts < ?3"
	    " ORDER BY ts", err);
	int r = -1;

	if (s != NULL) {
		db_bind_str(s, 1, ticker);
		db_bind_int(s, 2, first * SUMMARY_DAY_MS);
		db_bind_int(s, 3, (last + INT64_C(1)) * SUMMARY_DAY_MS);
	}
	while (s != NULL && (r = db_step(s, err)) > 0) {
		struct summary_day *day = summary_at(out, db_int(s, 0) /
		    SUMMARY_DAY_MS);

		if (day != NULL)
			day->close_e4 = db_int(s, 1);
	}
	db_finish(s);
	return r;
}

int
summary_load(struct db *db, const char *ticker, int32_t first, int32_t last,
    struct summary *out, struct err *err)
{
	*out = (struct summary){ NULL, 0 };
	if (cal_known(first, err) < 0 || cal_known(last, err) < 0)
		return -1;
	out->days = buf_alloc(first > last ? 1 : (size_t)(last - first) + 1,
	    sizeof(*out->days));
	for (int32_t date = first; date <= last; date++)
		if (cal_is_open(date))
			out->days[out->n++] = (struct summary_day){
			    .date = date, .close_e4 = ASK_NONE };
	if (summary_rows(db, ticker, out, first, last, err) < 0)
		return -1;
	return summary_closes(db, ticker, out, first, last, err);
}

void
summary_free(struct summary *summary)
{
	free(summary->days);
}

int64_t
summary_ratio(int64_t put, int64_t call)
{
	return call > 0 ? decimal_ratio(put, call, DECIMAL_E6) : ASK_NONE;
}

/* ---- tickers ---- */

void
summary_names_free(struct summary_names *all)
{
	for (size_t i = 0; i < all->n; i++)
		free(all->names[i]);
	free(all->names);
}

int
summary_names(const struct ask *ask, int32_t first, struct summary_names *out,
    struct err *err)
{
	struct db_stmt *s;
	int r = -1;

	*out = (struct summary_names){ NULL, 0 };
	if (ask->n > 0) {
		out->names = buf_alloc(ask->n, sizeof(*out->names));
		for (; out->n < ask->n; out->n++)
			out->names[out->n] = buf_dup(ask->tickers[out->n],
			    strlen(ask->tickers[out->n]));
		return 0;
	}
	s = db_prepare(ask->db, "SELECT w.text FROM daily_rows d JOIN words w"
	    " ON w.id = d.symbol WHERE d.date >= ?1 AND d.date <= ?2"
	    " GROUP BY w.text ORDER BY sum(put_e4 + call_e4) DESC, w.text",
	    err);
	if (s != NULL) {
		db_bind_int(s, 1, first);
		db_bind_int(s, 2, ask->last);
	}
	while (s != NULL && (r = db_step(s, err)) > 0) {
		struct slice text = db_text(s, 0);

		out->names = buf_realloc(out->names, out->n + 1,
		    sizeof(*out->names));
		out->names[out->n++] = buf_dup(text.p, text.n);
	}
	db_finish(s);
	return r;
}

/* ---- times ---- */

int
summary_first(const struct ask *ask, int32_t *first, struct err *err)
{
	int64_t date, ts;
	struct cal_time time;

	*first = ask->first;
	if (ask->since != ASK_NONE)
		return 0;
	if (db_value(ask->db, "SELECT COALESCE(min(date), 1000000) FROM"
	    " daily_rows", &date, err) < 0 || db_value(ask->db,
	    "SELECT COALESCE(min(from_ts), 86400000000000) FROM coverage",
	    &ts, err) < 0)
		return -1;
	cal_new_york(ts, &time);
	if (time.day < date)
		date = time.day;
	if (date > *first)
		*first = date > ask->last ? ask->last : (int32_t)date;
	return 0;
}

int64_t
summary_end(const struct ask *ask, int32_t date)
{
	int64_t end = cal_instant(date + 1, 0);

	return end < ask->to_ts ? end : ask->to_ts;
}
