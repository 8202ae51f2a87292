#include "report/ask.h"

#include <string.h>

#include "base/decimal.h"
#include "market/cal.h"

enum { ASK_TICKER = 9 };	/* the first parameter for one */

#define ASK_DAY_MS INT64_C(86400000)
#define ASK_HOUR_MS INT64_C(3600000)

/* "14:30:00", 24 hours. */
static int
ask_parse_clock(const char *p, int64_t *ms)
{
	int hour = day_digits(p, 2), minute = day_digits(p + 3, 2);
	int second = day_digits(p + 6, 2);

	if (p[2] != ':' || p[5] != ':' || hour < 0 || hour > 23 ||
	    minute < 0 || minute > 59 || second < 0 || second > 59)
		return -1;
	*ms = ((hour * 60 + minute) * 60 + second) * INT64_C(1000);
	return 0;
}

int
ask_parse_time(const char *text, int64_t *out, struct err *err)
{
	size_t n = strlen(text);
	int32_t day = n < DAY_TEXT ? DAY_NONE : day_parse(text, DAY_TEXT);
	int64_t ms;

	if (day != DAY_NONE && n == DAY_TEXT) {
		*out = cal_instant(day, 0);
		return 0;
	}
	if (day != DAY_NONE && n == DAY_TEXT + 10 && text[n - 1] == 'Z' &&
	    (text[DAY_TEXT] == 'T' || text[DAY_TEXT] == ' ') &&
	    ask_parse_clock(text + DAY_TEXT + 1, &ms) == 0) {
		*out = day * ASK_DAY_MS + ms;
		return 0;
	}
	/* Years 1 to 9999, so that sums stay in range. */
	if (day == DAY_NONE && decimal_parse(text, n, 0, out, NULL) == 0 &&
	    *out >= 0 && *out < INT64_C(253402300800000))
		return 0;
	return err_set(err, "%s: not a date, a time like "
	    "2024-06-14T13:30:00Z, or milliseconds since 1970", text);
}

int
ask_newest(struct db *db, int64_t *out, struct err *err)
{
	if (db_value(db, "SELECT max(COALESCE((SELECT max(ts) FROM trades),"
	    " -1), COALESCE((SELECT max(max(from_ts, COALESCE(to_ts, 0)))"
	    " FROM coverage), -1), COALESCE((SELECT max(ts) FROM alert_rows),"
	    " -1), COALESCE((SELECT max(ts) FROM signals), -1),"
	    " COALESCE((SELECT max(ts) FROM paper), -1))", out, err) < 0)
		return -1;
	if (*out < 0)
		*out = ASK_NONE;
	return 0;
}

/* The open day of a moment, or the one before it. */
static int
ask_day(int64_t ts, int32_t *out, struct err *err)
{
	struct cal_time time;

	cal_new_york(ts, &time);
	if (cal_known(time.day, err) < 0)
		return -1;
	*out = time.day;
	return cal_is_open(time.day) ? 0 : cal_step(time.day, -1, out, err);
}

void
ask_instants(int32_t first, int32_t last, int64_t *from_ts, int64_t *to_ts)
{
	int32_t before;

	if (cal_step(first, -1, &before, NULL) < 0)
		before = first - 1;
	*from_ts = cal_instant(before, 16 * (int32_t)ASK_HOUR_MS);
	*to_ts = cal_instant(last + 1, 0);
}

/* Midnight in New York, days - 1 days before that of the moment. */
static int64_t
ask_back(int64_t ts, int64_t days)
{
	struct cal_time time;

	cal_new_york(ts, &time);
	return cal_instant(time.day - (int32_t)days + 1, 0);
}

int
ask_time(struct ask *ask, int64_t now, int64_t days, int64_t hours,
    struct err *err)
{
	bool stored = now == ASK_NONE && ask->until == ASK_NONE;
	struct cal_time time;

	if (now == ASK_NONE && ask_newest(ask->db, &now, err) < 0)
		return -1;
	if (ask->until != ASK_NONE)
		now = ask->until - 1;
	if (now == ASK_NONE)
		return 0;
	if (ask->days > 0 || ask->hours > 0 || ask->since != ASK_NONE) {
		days = ask->days;
		hours = ask->hours;
	}
	ask->as_of = now;
	ask->to_ts = now + 1;
	ask->from_ts = ask->since != ASK_NONE ? ask->since : days > 0 ?
	    ask_back(now, days) : ask->to_ts - hours * ASK_HOUR_MS;
	if (ask->from_ts > now)
		return err_set(err, "no time between --since and what is "
		    "asked or stored");
	if (ask_day(now, &ask->last, err) < 0)
		return !stored ? -1 : err_set(err, "the newest that is stored "
		    "is outside the exchange calendar: say --until");
	cal_new_york(ask->from_ts, &time);
	ask->first = time.day;
	if (cal_known(time.day, err) < 0)
		return -1;
	return cal_is_open(time.day) ||
	    cal_step(time.day, 1, &ask->first, err) == 0 ? 1 : -1;
}

struct db_stmt *
ask_prepare(const struct ask *ask, const char *head, const char *column,
    const char *tail, int64_t limit, struct err *err)
{
	struct buf sql = BUF_INIT;
	struct db_stmt *stmt;

	buf_str(&sql, head);
	for (size_t i = 0; i < ask->n; i++)
		buf_fmt(&sql, i == 0 ? " AND %s IN (?%d" : "%.0s, ?%d", column,
		    ASK_TICKER + (int)i);
	if (ask->n > 0)
		buf_str(&sql, ")");
	buf_str(&sql, tail);
	buf_add(&sql, "", 1);
	stmt = db_prepare(ask->db, sql.p, err);
	buf_free(&sql);
	if (stmt == NULL)
		return NULL;
	db_bind_int(stmt, 1, ask->from_ts);
	db_bind_int(stmt, 2, ask->to_ts);
	db_bind_int(stmt, 3, limit > 0 ? limit : -1);
	for (size_t i = 0; i < ask->n; i++)
		db_bind_str(stmt, ASK_TICKER + (int)i, ask->tickers[i]);
	return stmt;
}
