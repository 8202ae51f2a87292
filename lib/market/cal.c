#include "market/cal.h"

#include <string.h>

#include "market/cal_data.h"

#define CAL_HOUR INT64_C(3600000)
#define CAL_DAY (24 * CAL_HOUR)

enum {
	CAL_FIRST_DAY = 15340,		/* 2012-01-01 */
	CAL_LAST_DAY = 21549,		/* 2028-12-31 */
	CAL_MIN_DAY = -719161,		/* 0001-01-02 */
	CAL_MAX_DAY = 2932895,		/* 9999-12-30 */
	CAL_EST = -5 * 3600,
	CAL_EDT = -4 * 3600
};

/* Minutes of the trade day. */
enum {
	CAL_PRE_START = 4 * 60,
	CAL_OPEN = 9 * 60 + 30,
	CAL_EARLY_CLOSE = 13 * 60,
	CAL_CLOSE = 16 * 60,
	CAL_LATE_EXTRA = 15,		/* what closes 16:15, or 13:15 */
	CAL_POST_END = 20 * 60,
	CAL_EARLY_POST_END = 17 * 60,
	CAL_MINUTES = 24 * 60
};

enum cal_kind { CAL_KIND_OPEN, CAL_KIND_EARLY, CAL_KIND_CLOSED };

static int64_t
cal_clamp(int64_t ts)
{
	if (ts < CAL_MIN_DAY * CAL_DAY)
		return CAL_MIN_DAY * CAL_DAY;
	if (ts >= (CAL_MAX_DAY + 1) * CAL_DAY)
		return (CAL_MAX_DAY + 1) * CAL_DAY - 1;
	return ts;
}

/*
 * Daylight time runs from the second Sunday of March to the first of November,
 * 02:00 by the clock each time: in standard time, which *t holds, from 02:00
 * and until 01:00.
 */
static bool
cal_is_daylight(const struct cal_time *t)
{
	int32_t first, sunday;

	if (t->month < 3 || t->month > 11)
		return false;
	if (t->month > 3 && t->month < 11)
		return true;
	first = t->day - t->mday + 1;
	sunday = first + (7 - day_weekday(first)) % 7;
	if (t->month == 3)
		return t->day > sunday + 7 || (t->day == sunday + 7 &&
		    t->ms >= 2 * CAL_HOUR);
	return t->day < sunday || (t->day == sunday && t->ms < CAL_HOUR);
}

/* All of *t but the time of day's parts; the date is taken apart once. */
static void
cal_local(int64_t ts, struct cal_time *t)
{
	int64_t since = cal_clamp(ts) + CAL_EST * 1000 -
	    (CAL_MIN_DAY - 1) * CAL_DAY;	/* positive: / rounds down */

	t->day = (int32_t)(since / CAL_DAY) + CAL_MIN_DAY - 1;
	t->ms = (int32_t)(since % CAL_DAY);
	t->offset_s = CAL_EST;
	day_civil(t->day, &t->year, &t->month, &t->mday);
	if (!cal_is_daylight(t))
		return;
	t->offset_s = CAL_EDT;
	t->ms += (int32_t)CAL_HOUR;
	if (t->ms >= CAL_DAY) {
		t->ms -= (int32_t)CAL_DAY;
		t->day++;
		day_civil(t->day, &t->year, &t->month, &t->mday);
	}
}

void
cal_new_york(int64_t ts, struct cal_time *out)
{
	int s;

	cal_local(ts, out);
	s = out->ms / 1000;
	out->milli = out->ms % 1000;
	out->hour = s / 3600;
	out->minute = s / 60 % 60;
	out->second = s % 60;
}

/* Daylight time is tried first: it is the first of two equal readings. */
int64_t
cal_instant(int32_t day, int32_t ms)
{
	int64_t local = day * CAL_DAY + ms;
	struct cal_time t;

	cal_local(local - CAL_EDT * 1000, &t);
	return local - t.offset_s * 1000;
}

size_t
cal_clock_print(char *dst, int64_t ts)
{
	struct cal_time t;
	int part[3];

	cal_new_york(ts, &t);
	part[0] = (t.hour + 11) % 12 + 1;
	part[1] = t.minute;
	part[2] = t.second;
	memcpy(dst, "00:00:00 AM ET", CAL_CLOCK_TEXT);
	for (int i = 0; i < 3; i++) {
		dst[3 * i] = (char)('0' + part[i] / 10);
		dst[3 * i + 1] = (char)('0' + part[i] % 10);
	}
	if (t.hour >= 12)
		dst[9] = 'P';
	return CAL_CLOCK_TEXT;
}

static bool
cal_in_years(int32_t day)
{
	return day >= CAL_FIRST_DAY && day <= CAL_LAST_DAY;
}

int
cal_known(int32_t day, struct err *err)
{
	if (cal_in_years(day))
		return 0;
	return err_set(err, "outside the exchange calendar, %d to %d",
	    CAL_FIRST_YEAR, CAL_LAST_YEAR);
}

/* Easter Sunday.  Source: Meeus, Astronomical Algorithms (1991), ch. 8. */
static int32_t
cal_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int g = (8 * b + 13) / 25;
	int h = (19 * a + b - b / 4 - g + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;

	return day_make(year, n / 31, n % 31 + 1);
}

/* A fixed date, kept on Friday when a Saturday, on Monday when a Sunday. */
static bool
cal_observed(int mday, int weekday, int holiday)
{
	return mday == holiday || (weekday == 5 && mday == holiday - 1) ||
	    (weekday == 1 && mday == holiday + 1);
}

static bool
cal_is_holiday(int32_t day, int year, int month, int mday, int weekday)
{
	bool monday = weekday == 1;

	switch (month) {
	case 1:	/* a Saturday's New Year falls in no year: 12-31 is open */
		return mday == 1 || (monday && mday == 2) ||
		    (monday && mday >= 15 && mday <= 21);
	case 2:
		return monday && mday >= 15 && mday <= 21;
	case 3:
	case 4:
		return weekday == 5 && day == cal_easter(year) - 2;
	case 5:
		return monday && mday >= 25;
	case 6:	/* Juneteenth: an exchange holiday since 2022 */
		return year >= 2022 && cal_observed(mday, weekday, 19);
	case 7:
		return cal_observed(mday, weekday, 4);
	case 9:
		return monday && mday <= 7;
	case 11:
		return weekday == 4 && mday >= 22 && mday <= 28;
	case 12:
		return cal_observed(mday, weekday, 25);
	default:
		return false;
	}
}

/* Of a weekday that is no holiday: domain.md 2.1. */
static bool
cal_closes_early(int month, int mday, int weekday)
{
	return (month == 7 && mday == 3) ||
	    (month == 11 && mday >= 23 && mday <= 29 && weekday == 5) ||
	    (month == 12 && mday == 24);
}

/* What the exchanges do on a day with these parts. */
static enum cal_kind
cal_kind_of(int32_t day, int year, int month, int mday)
{
	int weekday = day_weekday(day);

	if (!cal_in_years(day) || weekday == 0 || weekday == 6)
		return CAL_KIND_CLOSED;
	for (size_t i = 0; i < cal_data_n_closures; i++)
		if (cal_data_closures[i] == year * 10000 + month * 100 + mday)
			return CAL_KIND_CLOSED;
	if (cal_is_holiday(day, year, month, mday, weekday))
		return CAL_KIND_CLOSED;
	return cal_closes_early(month, mday, weekday) ? CAL_KIND_EARLY :
	    CAL_KIND_OPEN;
}

static enum cal_kind
cal_kind(int32_t day)
{
	int year, month, mday;

	day_civil(day, &year, &month, &mday);
	return cal_kind_of(day, year, month, mday);
}

bool
cal_is_open(int32_t day)
{
	return cal_kind(day) != CAL_KIND_CLOSED;
}

bool
cal_is_early(int32_t day)
{
	return cal_kind(day) == CAL_KIND_EARLY;
}

int
cal_step(int32_t day, int n, int32_t *out, struct err *err)
{
	int by = n < 0 ? -1 : 1;

	if (cal_known(day, err) < 0)
		return -1;
	while (n != 0) {
		day += by;
		if (cal_known(day, err) < 0)
			return -1;
		if (cal_is_open(day))
			n -= by;
	}
	*out = day;
	return 0;
}

int32_t
cal_monthly_expiry(int year, int month)
{
	int32_t first = day_make(year, month, 1), day;

	if (first == DAY_NONE || !cal_in_years(first))
		return CAL_NO_DAY;
	day = first + (5 - day_weekday(first) + 7) % 7 + 14;
	while (!cal_is_open(day))
		day--;
	return day;
}

static int
cal_date(int32_t day)
{
	int year, month, mday;

	day_civil(day, &year, &month, &mday);
	return year * 10000 + month * 100 + mday;
}

static bool
cal_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

enum cal_class
cal_class_of(struct slice root, int32_t day, bool expires)
{
	size_t low = 0, high = cal_data_n_roots;
	const struct cal_root *row;
	char key[8] = { 0 };
	int date = cal_date(day);

	if (!expires)
		return CAL_SHARE;
	for (; root.n > 0 && cal_is_digit(root.p[0]); root.n--)
		root.p++;
	while (root.n > 0 && cal_is_digit(root.p[root.n - 1]))
		root.n--;
	if (root.n == 0 || root.n > sizeof(key))
		return CAL_EQUITY;
	memcpy(key, root.p, root.n);
	while (low < high) {	/* the last row not after key and date */
		size_t middle = (low + high) / 2;
		int order;

		row = &cal_data_roots[middle];
		order = memcmp(row->root, key, sizeof(key));
		if (order < 0 || (order == 0 && row->from <= date))
			low = middle + 1;
		else
			high = middle;
	}
	row = low > 0 ? &cal_data_roots[low - 1] : NULL;
	return row != NULL && memcmp(row->root, key, sizeof(key)) == 0 ?
	    row->cls : CAL_EQUITY;
}

static bool
cal_is_index(enum cal_class cls)
{
	return cls == CAL_INDEX_GTH || cls == CAL_INDEX;
}

static int
cal_close(bool early, enum cal_class cls)
{
	int close = early ? CAL_EARLY_CLOSE : CAL_CLOSE;

	return cls == CAL_LATE_ETF || cal_is_index(cls) ?
	    close + CAL_LATE_EXTRA : close;
}

static const struct cal_hours *
cal_hours_on(int32_t day)
{
	int date = cal_date(day);
	size_t i = cal_data_n_hours - 1;

	while (i > 0 && cal_data_hours[i].from > date)
		i--;
	return &cal_data_hours[i];
}

/*
 * Minutes of a session on an open day; false when the class has none.  On an
 * early close there is no CURB; the evening before one and after one is as
 * ever.
 */
static bool
cal_bounds(int32_t day, bool early, enum cal_class cls,
    enum cal_session session, int *start, int *end)
{
	const struct cal_hours *hours;

	*start = *end = 0;
	switch (session) {
	case CAL_RTH:
		*start = CAL_OPEN;
		*end = cal_close(early, cls);
		break;
	case CAL_PRE:
		if (cls != CAL_SHARE)
			break;
		*start = CAL_PRE_START;
		*end = CAL_OPEN;
		break;
	case CAL_POST:
		if (cls != CAL_SHARE)
			break;
		*start = cal_close(early, cls);
		*end = early ? CAL_EARLY_POST_END : CAL_POST_END;
		break;
	case CAL_GTH:
		if (cls != CAL_INDEX_GTH)
			break;
		hours = cal_hours_on(day);
		*start = hours->gth_start;
		*end = hours->gth_end;
		break;
	case CAL_CURB:
		if (cls != CAL_INDEX_GTH || early)
			break;
		*start = cal_close(early, cls);
		*end = cal_hours_on(day)->curb_end;
		break;
	case CAL_CLOSED:
		break;
	}
	return *start < *end;
}

/* Session of a minute of an open day; GTH's evening has a negative minute. */
static enum cal_session
cal_session_of(int32_t day, bool early, int minute, enum cal_class cls,
    bool last_day)
{
	static const enum cal_session order[] = {
		CAL_RTH, CAL_GTH, CAL_PRE, CAL_CURB, CAL_POST
	};
	int start, end;

	if (last_day && cal_is_index(cls) &&
	    minute >= (early ? CAL_EARLY_CLOSE : CAL_CLOSE))
		return CAL_CLOSED;
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++)
		if (cal_bounds(day, early, cls, order[i], &start, &end) &&
		    minute >= start && minute < end)
			return order[i];
	return CAL_CLOSED;
}

int
cal_session_at(int64_t ts, enum cal_class cls, int32_t expiration,
    enum cal_session *session, int32_t *trade_day, struct err *err)
{
	enum cal_kind kind;
	struct cal_time t;
	int minute;

	cal_local(ts, &t);
	if (cal_known(t.day, err) < 0)
		return -1;
	minute = t.ms / 60000;
	if (cls == CAL_INDEX_GTH && minute >= CAL_CLOSE &&
	    cal_is_open(t.day + 1) && cal_session_of(t.day + 1, false,
	    minute - CAL_MINUTES, cls, false) == CAL_GTH) {
		*session = CAL_GTH;
		*trade_day = t.day + 1;
		return 0;
	}
	kind = cal_kind_of(t.day, t.year, t.month, t.mday);
	if (kind == CAL_KIND_CLOSED) {
		*session = CAL_CLOSED;
		return cal_step(t.day, 1, trade_day, err);
	}
	*session = cal_session_of(t.day, kind == CAL_KIND_EARLY, minute, cls,
	    expiration == t.day);
	*trade_day = t.day;
	return 0;
}

int
cal_span(int32_t day, enum cal_class cls, enum cal_session session,
    struct cal_span *out, struct err *err)
{
	enum cal_kind kind = cal_kind(day);
	int start, end;

	if (cal_known(day, err) < 0)
		return -1;
	if (kind == CAL_KIND_CLOSED || !cal_bounds(day,
	    kind == CAL_KIND_EARLY, cls, session, &start, &end))
		return 0;
	out->start_ts = cal_instant(day, start * 60000);
	out->end_ts = cal_instant(day, end * 60000);
	return 1;
}

static const char *const cal_names[] = {
	[CAL_GTH] = "GTH", [CAL_PRE] = "PRE", [CAL_RTH] = "RTH",
	[CAL_CURB] = "CURB", [CAL_POST] = "POST", [CAL_CLOSED] = "CLOSED"
};

const char *
cal_session_name(enum cal_session session)
{
	return cal_names[session];
}

int
cal_session_parse(struct slice text, enum cal_session *out)
{
	for (enum cal_session s = CAL_GTH; s <= CAL_CLOSED; s++)
		if (text.n == strlen(cal_names[s]) &&
		    memcmp(text.p, cal_names[s], text.n) == 0) {
			*out = s;
			return 0;
		}
	return -1;
}

int64_t
cal_expiry_ts(int32_t expiration, bool am_settled)
{
	int minute = CAL_CLOSE;

	if (am_settled)
		minute = CAL_OPEN;
	else if (cal_is_early(expiration))
		minute = CAL_EARLY_CLOSE;
	return cal_instant(expiration, minute * 60000);
}

/* A year of 31,536,000 s has 31,536 ms in each millionth. */
int64_t
cal_t_years_e6(int64_t ts, int32_t expiration, bool am_settled)
{
	int64_t left = cal_expiry_ts(expiration, am_settled) - cal_clamp(ts);

	if (left < 60000)
		left = 60000;
	return (left + 31536 / 2) / 31536;
}
