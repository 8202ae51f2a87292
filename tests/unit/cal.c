/*
 * The exchange calendar against documents: the examples EX-0.5 to EX-0.8 and
 * EX-2.0a to EX-2.17 of domain.md, its table of holidays, and (F1) the typed
 * list tests/data/calendar.csv, day by day.  Instants are given in UTC and made
 * by the C library's timegm, not by what is tested.
 */

#include <stdlib.h>
#include <time.h>

#include "check.h"

#include "market/cal.h"

/* "2025-11-24 21:20:00" UTC as an instant. */
static int64_t
utc(const char *p)
{
	struct tm tm = { 0 };

	if (strptime(p, "%Y-%m-%d %H:%M:%S", &tm) == NULL) {
		fprintf(stderr, "bad time in the test: %s\n", p);
		exit(1);
	}
	return (int64_t)timegm(&tm) * 1000;
}

static int32_t
date(const char *p)
{
	return day_parse(p, strlen(p));
}

static void
check_session(const char *name, const char *when, const char *root,
    bool expires, const char *expiration, const char *session,
    const char *trade_date)
{
	int64_t ts = utc(when);
	struct slice text = { root, strlen(root) };
	enum cal_class cls = cal_class_of(text, date(trade_date), expires);
	enum cal_session got = CAL_CLOSED;
	int32_t last = expiration == NULL ? CAL_NO_DAY : date(expiration);
	int32_t day = CAL_NO_DAY;
	char printed[DAY_TEXT];

	CHECK_INT(name, cal_session_at(ts, cls, last, &got, &day, NULL), 0);
	CHECK_STR(name, cal_session_name(got), session);
	day_print(printed, day);
	CHECK_TEXT(name, printed, sizeof(printed), trade_date);
}

static void
test_clock(void)
{
	static const struct {
		const char *name;
		int64_t ts;
		const char *date, *text;
	} when[] = {
		{ "EX-0.5", 1740064354000, "2025-02-20", "10:12:34 AM ET" },
		{ "EX-0.6", 1741972725000, "2025-03-14", "01:18:45 PM ET" },
		/* By hand: 05:00:00.999 UTC is midnight in winter. */
		{ "midnight", 1740027600999, "2025-02-20", "12:00:00 AM ET" },
		{ "noon", 1740070800000, "2025-02-20", "12:00:00 PM ET" }
	};
	char text[CAL_CLOCK_TEXT], day[DAY_TEXT];
	struct cal_time t;

	for (size_t i = 0; i < sizeof(when) / sizeof(when[0]); i++) {
		CHECK_INT(when[i].name, cal_clock_print(text, when[i].ts),
		    CAL_CLOCK_TEXT);
		CHECK_TEXT(when[i].name, text, sizeof(text), when[i].text);
		cal_new_york(when[i].ts, &t);
		day_print(day, t.day);
		CHECK_TEXT(when[i].name, day, sizeof(day), when[i].date);
	}
	cal_new_york(1741972725678, &t);
	CHECK_INT("parts", t.year, 2025);
	CHECK_INT("parts", t.month, 3);
	CHECK_INT("parts", t.mday, 14);
	CHECK_INT("parts", t.hour, 13);
	CHECK_INT("parts", t.minute, 18);
	CHECK_INT("parts", t.second, 45);
	CHECK_INT("parts", t.milli, 678);
	CHECK_INT("parts", t.ms, ((13 * 60 + 18) * 60 + 45) * 1000 + 678);
	CHECK_INT("parts", t.offset_s, -14400);
}

/* No instant may break it; years stay within 1 to 9999. */
static void
test_clock_ends(void)
{
	struct cal_time t;

	cal_new_york(INT64_MIN, &t);
	CHECK_INT("smallest instant", t.year, 1);
	cal_new_york(INT64_MAX, &t);
	CHECK_INT("largest instant", t.year, 9999);
}

static void
check_open(const char *name, const char *day, const char *start,
    const char *end)
{
	struct cal_span span = { 0, 0 };

	CHECK_INT(name, cal_span(date(day), CAL_EQUITY, CAL_RTH, &span, NULL),
	    1);
	CHECK_INT(name, span.start_ts, utc(start));
	CHECK_INT(name, span.end_ts, utc(end));
}

static void
test_clock_changes(void)
{
	check_open("EX-0.7", "2025-03-07", "2025-03-07 14:30:00",
	    "2025-03-07 21:00:00");
	check_open("EX-0.7", "2025-03-10", "2025-03-10 13:30:00",
	    "2025-03-10 20:00:00");
	check_open("EX-0.8", "2025-10-31", "2025-10-31 13:30:00",
	    "2025-10-31 20:00:00");
	check_open("EX-0.8", "2025-11-03", "2025-11-03 14:30:00",
	    "2025-11-03 21:00:00");
	/* reliability.md F2's own examples. */
	check_open("F2 2026-03-09", "2026-03-09", "2026-03-09 13:30:00",
	    "2026-03-09 20:00:00");
	check_open("F2 2026-10-30", "2026-10-30", "2026-10-30 13:30:00",
	    "2026-10-30 20:00:00");
	CHECK_INT("02:30 skipped", cal_instant(date("2025-03-09"),
	    150 * 60000), utc("2025-03-09 07:30:00"));
	CHECK_INT("01:30 twice", cal_instant(date("2025-11-02"), 90 * 60000),
	    utc("2025-11-02 05:30:00"));
	CHECK_INT("02:00 after", cal_instant(date("2025-11-02"), 120 * 60000),
	    utc("2025-11-02 07:00:00"));
	CHECK_INT("evening before", cal_instant(date("2025-11-25"),
	    -225 * 60000), utc("2025-11-25 01:15:00"));
}

/* domain.md 2.1, typed from the document. */
static const struct {
	int year;
	const char *closed, *early;
} holidays[] = {
	{ 2024, "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
	    "07-03 11-29 12-24" },
	{ 2025, "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 "
	    "12-25", "07-03 11-28 12-24" },
	{ 2026, "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
	    "11-27 12-24" },
	{ 2027, "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24",
	    "11-26" },
	{ 2028, "01-17 02-21 04-14 05-29 06-19 07-04 09-04 11-23 12-25",
	    "07-03 11-24" },
	/* Facts of the earlier years: the exchange's notices. */
	{ 2012, "01-02 01-16 02-20 04-06 05-28 07-04 09-03 10-29 10-30 11-22 "
	    "12-25", "07-03 11-23 12-24" },
	{ 2013, "01-01 01-21 02-18 03-29 05-27 07-04 09-02 11-28 12-25",
	    "07-03 11-29 12-24" },
	{ 2014, "01-01 01-20 02-17 04-18 05-26 07-04 09-01 11-27 12-25",
	    "07-03 11-28 12-24" },
	{ 2015, "01-01 01-19 02-16 04-03 05-25 07-03 09-07 11-26 12-25",
	    "11-27 12-24" },
	{ 2016, "01-01 01-18 02-15 03-25 05-30 07-04 09-05 11-24 12-26",
	    "11-25" },
	{ 2017, "01-02 01-16 02-20 04-14 05-29 07-04 09-04 11-23 12-25",
	    "07-03 11-24" },
	{ 2018, "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25",
	    "07-03 11-23 12-24" },
	{ 2019, "01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25",
	    "07-03 11-29 12-24" }
};

static void
check_year(int year, const char *closed, const char *early)
{
	char text[DAY_TEXT], what[32];

	for (int32_t day = day_make(year, 1, 1); day <= day_make(year, 12, 31);
	    day++) {
		char mmdd[6] = { 0 };
		bool weekend = day_weekday(day) == 0 || day_weekday(day) == 6;

		day_print(text, day);
		memcpy(mmdd, text + 5, 5);
		snprintf(what, sizeof(what), "domain 2.1 %.10s", text);
		CHECK_INT(what, cal_is_open(day), !weekend &&
		    strstr(closed, mmdd) == NULL);
		CHECK_INT(what, cal_is_early(day), strstr(early, mmdd) !=
		    NULL);
	}
}

static void
test_holidays(void)
{
	for (size_t i = 0; i < sizeof(holidays) / sizeof(holidays[0]); i++)
		check_year(holidays[i].year, holidays[i].closed,
		    holidays[i].early);
	CHECK("EX-2.0a", !cal_is_open(date("2026-07-03")));
	CHECK("EX-2.0a", cal_is_open(date("2026-07-02")) &&
	    !cal_is_early(date("2026-07-02")));
	CHECK("EX-2.0b", !cal_is_open(date("2027-12-24")));
	for (int32_t day = date("2027-12-20"); day <= date("2027-12-26");
	    day++)
		CHECK("EX-2.0b", !cal_is_early(day));
	CHECK("EX-2.0c", cal_is_open(date("2027-12-31")) &&
	    !cal_is_early(date("2027-12-31")));
}

/* The regular session of an open day, in New York minutes after 09:30. */
static void
check_close(const char *name, int32_t day, enum cal_class cls, int minutes)
{
	struct cal_span span = { 0, 0 };

	CHECK_INT(name, cal_span(day, cls, CAL_RTH, &span, NULL), 1);
	CHECK_INT(name, span.end_ts - span.start_ts, minutes * 60000);
}

/* One day of F1: state is what the file says, "" when it says nothing. */
static void
check_listed(int32_t day, const char *state)
{
	bool weekend = day_weekday(day) == 0 || day_weekday(day) == 6;
	bool open = !weekend && strcmp(state, "closed") != 0;
	bool early = strcmp(state, "early") == 0;
	struct cal_span span;
	char name[DAY_TEXT + 4] = "F1 ";

	day_print(name + 3, day);
	CHECK_INT(name, cal_is_open(day), open);
	CHECK_INT(name, cal_is_early(day), early);
	if (!open) {
		CHECK_INT(name, cal_span(day, CAL_EQUITY, CAL_RTH, &span,
		    NULL), 0);
		return;
	}
	check_close(name, day, CAL_SHARE, early ? 210 : 390);
	check_close(name, day, CAL_EQUITY, early ? 210 : 390);
	check_close(name, day, CAL_LATE_ETF, early ? 225 : 405);
	check_close(name, day, CAL_INDEX, early ? 225 : 405);
	check_close(name, day, CAL_INDEX_GTH, early ? 225 : 405);
}

/* F1: the file is in order of date; days it does not name are plain. */
static void
test_file(void)
{
	FILE *fp = fopen("tests/data/calendar.csv", "r");
	int32_t day = date("2020-01-01"), listed;
	int rows = 0;
	char line[128];

	CHECK("F1 tests/data/calendar.csv", fp != NULL);
	if (fp == NULL)
		return;
	while (fgets(line, sizeof(line), fp) != NULL) {
		if (line[0] < '0' || line[0] > '9')
			continue;
		line[strcspn(line, "\n")] = '\0';
		listed = day_parse(line, 10);
		CHECK(line, listed >= day && line[10] == ',');
		for (; day < listed; day++)
			check_listed(day, "");
		check_listed(day++, line + 11);
		rows++;
	}
	fclose(fp);
	for (; day <= date("2028-12-31"); day++)
		check_listed(day, "");
	/* Counted on the lists: 87 closed, 17 early. */
	CHECK_INT("F1 rows", rows, 104);
}

static void
test_years_outside(void)
{
	struct cal_span span;
	enum cal_session session;
	struct err err = { "" };
	int32_t day;

	CHECK_INT("first day", cal_known(date("2012-01-01"), &err), 0);
	CHECK_INT("last day", cal_known(date("2028-12-31"), &err), 0);
	CHECK_INT("2011", cal_known(date("2011-12-31"), &err), -1);
	CHECK_INT("2029", cal_known(date("2029-01-01"), &err), -1);
	CHECK("message", strstr(err.text, "2012") != NULL &&
	    strstr(err.text, "2028") != NULL);
	CHECK_INT("no day", cal_known(CAL_NO_DAY, &err), -1);
	CHECK_INT("session in 2029", cal_session_at(
	    utc("2029-01-02 15:00:00"), CAL_EQUITY, CAL_NO_DAY, &session,
	    &day, &err), -1);
	CHECK_INT("session in 2011", cal_session_at(
	    utc("2011-12-30 15:00:00"), CAL_EQUITY, CAL_NO_DAY, &session,
	    &day, &err), -1);
	CHECK_INT("next day unknown", cal_session_at(
	    utc("2028-12-31 15:00:00"), CAL_EQUITY, CAL_NO_DAY, &session,
	    &day, &err), -1);
	CHECK_INT("smallest", cal_session_at(INT64_MIN, CAL_EQUITY,
	    CAL_NO_DAY, &session, &day, &err), -1);
	CHECK_INT("largest", cal_session_at(INT64_MAX, CAL_EQUITY,
	    CAL_NO_DAY, &session, &day, &err), -1);
	CHECK_INT("span in 2029", cal_span(date("2029-01-02"), CAL_EQUITY,
	    CAL_RTH, &span, &err), -1);
	CHECK_INT("step out", cal_step(date("2028-12-29"), 1, &day, &err),
	    -1);
	CHECK_INT("step out", cal_step(date("2012-01-03"), -1, &day, &err),
	    -1);
	CHECK_INT("expiry in 2029", cal_monthly_expiry(2029, 1), CAL_NO_DAY);
	CHECK_INT("month 13", cal_monthly_expiry(2025, 13), CAL_NO_DAY);
}

static void
test_steps(void)
{
	int32_t day = 0;

	CHECK_INT("over Thanksgiving", cal_step(date("2025-11-26"), 1, &day,
	    NULL), 0);
	CHECK_INT("over Thanksgiving", day, date("2025-11-28"));
	CHECK_INT("over New Year", cal_step(date("2025-01-02"), -2, &day,
	    NULL), 0);
	CHECK_INT("over New Year", day, date("2024-12-30"));
	CHECK_INT("from a Sunday", cal_step(date("2025-11-23"), 1, &day,
	    NULL), 0);
	CHECK_INT("from a Sunday", day, date("2025-11-24"));
	CHECK_INT("back from a Sunday", cal_step(date("2025-11-23"), -1, &day,
	    NULL), 0);
	CHECK_INT("back from a Sunday", day, date("2025-11-21"));
	CHECK_INT("none", cal_step(date("2025-11-23"), 0, &day, NULL), 0);
	CHECK_INT("none", day, date("2025-11-23"));
	/* domain.md 2.4: Good Friday 2025; the other days by a wall calendar */
	CHECK_INT("April 2025", cal_monthly_expiry(2025, 4),
	    date("2025-04-17"));
	CHECK_INT("December 2025", cal_monthly_expiry(2025, 12),
	    date("2025-12-19"));
	CHECK_INT("August 2025", cal_monthly_expiry(2025, 8),
	    date("2025-08-15"));
	CHECK_INT("November 2024", cal_monthly_expiry(2024, 11),
	    date("2024-11-15"));
	CHECK_INT("April 2014", cal_monthly_expiry(2014, 4),
	    date("2014-04-17"));
	CHECK_INT("June 2026, Juneteenth", cal_monthly_expiry(2026, 6),
	    date("2026-06-18"));
}

/* In winter New York is 5 hours behind UTC. */
static void
test_session_examples(void)
{
	check_session("EX-2.1", "2025-11-24 21:20:00", "SPX", true, NULL,
	    "CURB", "2025-11-24");
	check_session("EX-2.2", "2025-11-25 01:30:00", "SPXW", true, NULL,
	    "GTH", "2025-11-25");
	check_session("EX-2.3", "2025-11-24 01:30:00", "SPXW", true, NULL,
	    "GTH", "2025-11-24");
	check_session("EX-2.4", "2025-11-28 18:10:00", "AAPL", true, NULL,
	    "CLOSED", "2025-11-28");
	check_session("EX-2.5", "2025-11-28 18:10:00", "SPY", true, NULL,
	    "RTH", "2025-11-28");
}

static void
test_session_edges(void)
{
	static const struct {
		const char *when, *root, *session, *trade_date;
	} edges[] = {	/* Monday 2025-11-24 and what surrounds it */
		{ "2025-11-24 14:29:59", "AAPL", "CLOSED", "2025-11-24" },
		{ "2025-11-24 14:30:00", "AAPL", "RTH", "2025-11-24" },
		{ "2025-11-24 20:59:59", "AAPL", "RTH", "2025-11-24" },
		{ "2025-11-24 21:00:00", "AAPL", "CLOSED", "2025-11-24" },
		{ "2025-11-24 21:14:59", "QQQ", "RTH", "2025-11-24" },
		{ "2025-11-24 21:15:00", "QQQ", "CLOSED", "2025-11-24" },
		{ "2025-11-24 21:14:59", "NDXP", "RTH", "2025-11-24" },
		{ "2025-11-24 21:15:00", "NDXP", "CLOSED", "2025-11-24" },
		{ "2025-11-25 01:30:00", "NDX", "CLOSED", "2025-11-24" },
		{ "2025-11-24 21:14:59", "SPX", "RTH", "2025-11-24" },
		{ "2025-11-24 21:15:00", "SPX", "CURB", "2025-11-24" },
		{ "2025-11-24 21:59:59", "VIX", "CURB", "2025-11-24" },
		{ "2025-11-24 22:00:00", "VIX", "CLOSED", "2025-11-24" },
		{ "2025-11-25 01:14:59", "XSP", "CLOSED", "2025-11-24" },
		{ "2025-11-25 01:15:00", "XSP", "GTH", "2025-11-25" },
		{ "2025-11-25 14:24:59", "VIXW", "GTH", "2025-11-25" },
		{ "2025-11-25 14:25:00", "VIXW", "CLOSED", "2025-11-25" },
		{ "2025-11-25 14:30:00", "SPXW", "RTH", "2025-11-25" },
		/* Friday evening belongs to no session, Saturday to Monday. */
		{ "2025-11-22 01:30:00", "SPXW", "CLOSED", "2025-11-21" },
		{ "2025-11-22 16:00:00", "AAPL", "CLOSED", "2025-11-24" },
		{ "2025-11-24 01:30:00", "AAPL", "CLOSED", "2025-11-24" },
		/* Thanksgiving: closed; its evening leads to Friday. */
		{ "2025-11-27 15:00:00", "SPX", "CLOSED", "2025-11-28" },
		{ "2025-11-28 01:30:00", "SPX", "GTH", "2025-11-28" },
		/* Early close: 13:15 and no CURB. */
		{ "2025-11-28 18:14:59", "SPX", "RTH", "2025-11-28" },
		{ "2025-11-28 18:15:00", "SPX", "CLOSED", "2025-11-28" },
		{ "2025-11-28 21:20:00", "SPX", "CLOSED", "2025-11-28" },
		{ "2025-11-28 17:59:59", "AAPL", "RTH", "2025-11-28" },
		/* Adjusted and FLEX series keep their class's hours. */
		{ "2025-11-24 21:10:00", "SPY1", "RTH", "2025-11-24" },
		{ "2025-11-24 21:20:00", "4SPX", "CURB", "2025-11-24" },
		{ "2025-11-24 21:10:00", "SPYX", "CLOSED", "2025-11-24" },
		{ "2025-11-24 21:10:00", "SP", "CLOSED", "2025-11-24" },
		/* Summer: 4 hours behind. */
		{ "2025-07-15 13:30:00", "AAPL", "RTH", "2025-07-15" },
		{ "2025-07-15 00:15:00", "SPX", "GTH", "2025-07-15" },
		/* The morning after the clocks went forward on Sunday. */
		{ "2025-03-10 00:15:00", "SPX", "GTH", "2025-03-10" },
		{ "2025-03-10 13:24:59", "SPX", "GTH", "2025-03-10" }
	};

	for (size_t i = 0; i < sizeof(edges) / sizeof(edges[0]); i++)
		check_session(edges[i].when, edges[i].when, edges[i].root,
		    true, NULL, edges[i].session, edges[i].trade_date);
}

/* domain.md 2.2: PM index series stop at 16:00 on their expiration day. */
static void
test_last_day(void)
{
	check_session("SPXW last day", "2025-11-24 20:59:59", "SPXW", true,
	    "2025-11-24", "RTH", "2025-11-24");
	check_session("SPXW last day", "2025-11-24 21:00:00", "SPXW", true,
	    "2025-11-24", "CLOSED", "2025-11-24");
	check_session("SPXW last day", "2025-11-24 21:20:00", "SPXW", true,
	    "2025-11-24", "CLOSED", "2025-11-24");
	check_session("SPXW day before", "2025-11-24 21:05:00", "SPXW", true,
	    "2025-11-25", "RTH", "2025-11-24");
	check_session("NDXP last day", "2025-11-24 21:05:00", "NDXP", true,
	    "2025-11-24", "CLOSED", "2025-11-24");
	check_session("SPXW last day, early", "2025-11-28 17:59:59", "SPXW",
	    true, "2025-11-28", "RTH", "2025-11-28");
	check_session("SPXW last day, early", "2025-11-28 18:00:00", "SPXW",
	    true, "2025-11-28", "CLOSED", "2025-11-28");
	check_session("SPY last day", "2025-11-24 21:05:00", "SPY", true,
	    "2025-11-24", "RTH", "2025-11-24");
}

static void
test_shares(void)
{
	check_session("03:59", "2025-11-24 08:59:59", "IBM", false, NULL,
	    "CLOSED", "2025-11-24");
	check_session("04:00", "2025-11-24 09:00:00", "IBM", false, NULL,
	    "PRE", "2025-11-24");
	check_session("09:30", "2025-11-24 14:30:00", "IBM", false, NULL,
	    "RTH", "2025-11-24");
	check_session("16:00", "2025-11-24 21:00:00", "SPY", false, NULL,
	    "POST", "2025-11-24");
	check_session("20:00", "2025-11-25 01:00:00", "IBM", false, NULL,
	    "CLOSED", "2025-11-24");
	check_session("early 13:00", "2025-11-28 18:00:00", "IBM", false,
	    NULL, "POST", "2025-11-28");
	check_session("early 17:00", "2025-11-28 22:00:00", "IBM", false,
	    NULL, "CLOSED", "2025-11-28");
	/* The first tick of the recorded IBM day: 2013-10-08 04:00 EDT. */
	check_session("2013", "2013-10-08 08:00:00", "IBM", false, NULL,
	    "PRE", "2013-10-08");
}

/* Hours changed: the Federal Register and Cboe notices of cal_data.c. */
static void
test_effective_dates(void)
{
	check_session("2014: none", "2014-11-24 13:00:00", "SPX", true, NULL,
	    "CLOSED", "2014-11-24");
	check_session("2020: from 03:00", "2020-11-24 08:00:00", "SPX", true,
	    NULL, "GTH", "2020-11-24");
	check_session("2020: not before", "2020-11-24 01:30:00", "SPX", true,
	    NULL, "CLOSED", "2020-11-23");
	check_session("2020: to 09:15", "2020-11-24 14:15:00", "SPX", true,
	    NULL, "CLOSED", "2020-11-24");
	check_session("2021-11-21 20:15", "2021-11-22 01:15:00", "SPX", true,
	    NULL, "GTH", "2021-11-22");
	check_session("CURB the Friday before", "2022-04-22 20:20:00", "SPX",
	    true, NULL, "CLOSED", "2022-04-22");
	check_session("CURB from 2022-04-25", "2022-04-25 20:20:00", "SPX",
	    true, NULL, "CURB", "2022-04-25");
	check_session("RUT before", "2026-02-06 21:20:00", "RUT", true, NULL,
	    "CLOSED", "2026-02-06");
	check_session("RUTW from 2026-02-09", "2026-02-09 21:20:00", "RUTW",
	    true, NULL, "CURB", "2026-02-09");
	check_session("RUT 2025", "2025-11-25 01:30:00", "RUT", true, NULL,
	    "CLOSED", "2025-11-24");
}

/* Every root of the table is found: domain.md 2.2, the two published lists. */
static void
test_classes(void)
{
	static const struct {
		enum cal_class cls;
		const char *roots;
	} sets[] = {
		{ CAL_LATE_ETF, "DBA DBB DBC DBO DIA EEM EFA GAZ IWM IWN IWO "
		    "IWV JJC KBE KRE MDY MOO OEF OIL QQQ SLX SPY SVXY UNG UUP "
		    "UVXY VIXY VXX VXZ XHB XLB XLE XLF XLI XLK XLP XLU XLV "
		    "XLY XME XRT" },
		{ CAL_INDEX_GTH, "SPX SPXW XSP VIX VIXW" },
		{ CAL_INDEX, "NDX NDXP RUT RUTW MRUT DJX OEX XEO" },
		{ CAL_EQUITY, "AAPL A ZZZZ SPXX QQQM BRKB NDXA 123 ABCDEFGH" }
	};
	int32_t day = date("2025-11-24");

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++)
		for (const char *p = sets[i].roots; *p != '\0';) {
			struct slice root = { p, strcspn(p, " ") };
			char name[16];

			snprintf(name, sizeof(name), "%.*s", (int)root.n, p);
			CHECK_INT(name, cal_class_of(root, day, true),
			    sets[i].cls);
			CHECK_INT(name, cal_class_of(root, day, false),
			    CAL_SHARE);
			p += root.n + (p[root.n] == ' ');
		}
	CHECK_INT("no root", cal_class_of((struct slice){ NULL, 0 }, day,
	    true), CAL_EQUITY);
	CHECK_INT("long root", cal_class_of(SLICE("ABCDEFGHIJKL"), day, true),
	    CAL_EQUITY);
}

static void
test_spans(void)
{
	struct cal_span span = { 0, 0 };
	int32_t monday = date("2025-11-24"), early = date("2025-11-28");

	CHECK_INT("GTH", cal_span(monday, CAL_INDEX_GTH, CAL_GTH, &span,
	    NULL), 1);
	CHECK_INT("GTH start", span.start_ts, utc("2025-11-24 01:15:00"));
	CHECK_INT("GTH end", span.end_ts, utc("2025-11-24 14:25:00"));
	CHECK_INT("CURB", cal_span(monday, CAL_INDEX_GTH, CAL_CURB, &span,
	    NULL), 1);
	CHECK_INT("CURB start", span.start_ts, utc("2025-11-24 21:15:00"));
	CHECK_INT("CURB end", span.end_ts, utc("2025-11-24 22:00:00"));
	CHECK_INT("PRE", cal_span(monday, CAL_SHARE, CAL_PRE, &span, NULL),
	    1);
	CHECK_INT("PRE start", span.start_ts, utc("2025-11-24 09:00:00"));
	CHECK_INT("PRE end", span.end_ts, utc("2025-11-24 14:30:00"));
	CHECK_INT("POST", cal_span(early, CAL_SHARE, CAL_POST, &span, NULL),
	    1);
	CHECK_INT("POST start", span.start_ts, utc("2025-11-28 18:00:00"));
	CHECK_INT("POST end", span.end_ts, utc("2025-11-28 22:00:00"));
	CHECK_INT("no CURB", cal_span(early, CAL_INDEX_GTH, CAL_CURB, &span,
	    NULL), 0);
	CHECK_INT("no GTH", cal_span(monday, CAL_INDEX, CAL_GTH, &span, NULL),
	    0);
	CHECK_INT("no PRE", cal_span(monday, CAL_EQUITY, CAL_PRE, &span,
	    NULL), 0);
	CHECK_INT("holiday", cal_span(date("2025-11-27"), CAL_INDEX_GTH,
	    CAL_GTH, &span, NULL), 0);
	CHECK_INT("CLOSED", cal_span(monday, CAL_SHARE, CAL_CLOSED, &span,
	    NULL), 0);
}

static void
test_names(void)
{
	static const char *const names[] = {
		"GTH", "PRE", "RTH", "CURB", "POST", "CLOSED"
	};
	enum cal_session session = CAL_CLOSED;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct slice text = { names[i], strlen(names[i]) };

		CHECK_INT(names[i], cal_session_parse(text, &session), 0);
		CHECK_STR(names[i], cal_session_name(session), names[i]);
	}
	CHECK_INT("rth", cal_session_parse(SLICE("rth"), &session), -1);
	CHECK_INT("empty", cal_session_parse(SLICE(""), &session), -1);
	CHECK_INT("RTHX", cal_session_parse(SLICE("RTHX"), &session), -1);
}

static void
test_dte(void)
{
	CHECK_INT("EX-2.10", date("2025-12-19") - date("2025-11-24"), 25);
	CHECK_INT("EX-2.11", date("2025-02-21") - date("2025-02-20"), 1);
	CHECK_INT("EX-2.12", date("2025-04-17") - date("2025-03-14"), 34);
	CHECK_INT("EX-2.12", date("2025-04-18") - date("2025-03-14"), 35);
}

static void
test_t_years(void)
{
	static const struct {
		const char *name, *when, *expiration;
		bool am;
		int64_t seconds, years_e6;
	} cases[] = {
		{ "EX-2.13", "2025-11-24 21:20:00", "2025-12-19", true,
		    2135400, 67713 },
		{ "EX-2.14", "2025-11-24 21:20:00", "2025-12-19", false,
		    2158800, 68455 },
		{ "EX-2.15", "2025-02-20 15:12:34", "2025-02-21", false,
		    107246, 3401 },
		{ "EX-2.16", "2025-03-07 20:00:00", "2025-03-10", false,
		    259200, 8219 },
		{ "EX-2.17", "2025-10-31 19:00:00", "2025-11-03", false,
		    266400, 8447 },
		/* 13:00 on an early close; 3600 / 31536000 = 0.000114155 */
		{ "early close", "2025-11-28 17:00:00", "2025-11-28", false,
		    3600, 114 }
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t ts = utc(cases[i].when);
		int32_t day = date(cases[i].expiration);

		CHECK_INT(cases[i].name, cal_expiry_ts(day, cases[i].am) - ts,
		    cases[i].seconds * 1000);
		CHECK_INT(cases[i].name, cal_t_years_e6(ts, day, cases[i].am),
		    cases[i].years_e6);
	}
	/* The floor of 60 s: 60 / 31536000 = 0.0000019026. */
	CHECK_INT("floor", cal_t_years_e6(utc("2025-11-24 20:59:30"),
	    date("2025-11-24"), false), 2);
	CHECK_INT("after", cal_t_years_e6(utc("2025-11-24 23:00:00"),
	    date("2025-11-24"), false), 2);
	/* A leap year's expiry beyond the calendar: 366 days. */
	CHECK_INT("2032", cal_t_years_e6(utc("2032-01-16 21:00:00"),
	    date("2033-01-16"), false), 1002740);
}

int
main(void)
{
	test_clock();
	test_clock_ends();
	test_clock_changes();
	test_holidays();
	test_file();
	test_years_outside();
	test_steps();
	test_session_examples();
	test_session_edges();
	test_last_day();
	test_shares();
	test_effective_dates();
	test_classes();
	test_spans();
	test_names();
	test_dte();
	test_t_years();
	return check_end();
}
