#ifndef FLOW_CAL_H
#define FLOW_CAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"

/*
 * The exchange calendar of domain.md 2.1, 2.2 and 2.4, and New York time.
 * Holidays and early closes come from rules plus a list of exceptions, for
 * the years CAL_FIRST_YEAR to CAL_LAST_YEAR; a date outside is an error, never
 * a guess.  Pure: no clock, no environment; TZ and the C library's zones take
 * no part, so the answers are the same everywhere.
 *
 * A day is an int32_t of base/day.h.  An instant is int64_t milliseconds UTC
 * since 1970.  Sessions include their start and exclude their end.
 */

enum { CAL_FIRST_YEAR = 2012, CAL_LAST_YEAR = 2028 };

#define CAL_NO_DAY DAY_NONE

enum cal_session {
	CAL_GTH,		/* global trading hours, the evening before */
	CAL_PRE,		/* before the open: shares only */
	CAL_RTH,		/* regular trading hours */
	CAL_CURB,		/* after the close of index options */
	CAL_POST,		/* after the close: shares only */
	CAL_CLOSED
};

/* Products that share hours (domain.md 2.2). */
enum cal_class {
	CAL_SHARE,		/* the instrument has no expiration */
	CAL_EQUITY,		/* options, 09:30-16:00 */
	CAL_LATE_ETF,		/* options closing 16:15: SPY QQQ IWM DIA ... */
	CAL_INDEX_GTH,		/* SPX XSP VIX: 09:30-16:15, GTH, CURB */
	CAL_INDEX		/* NDX DJX OEX: 09:30-16:15 */
};

/* A civil date and time of day in New York. */
struct cal_time {
	int32_t day;		/* the New York date */
	int32_t ms;		/* milliseconds since its midnight, by clock */
	int year, month, mday;	/* month and mday from 1 */
	int hour, minute, second, milli;
	int offset_s;		/* seconds to add to UTC: -18000 or -14400 */
};

/* One session of a trade day, as instants. */
struct cal_span {
	int64_t start_ts;
	int64_t end_ts;		/* excluded */
};

/*
 * New York time of an instant by the daylight saving rule in force since
 * 2007 (Energy Policy Act of 2005, section 110).  An instant outside the years
 * 1 to 9999 is taken as the nearest inside.
 */
void cal_new_york(int64_t ts, struct cal_time *out);

/*
 * The instant of a New York clock reading: ms since the day's midnight, which
 * may be negative (the evening before).  A reading skipped in spring counts on
 * from the hour before; one that occurs twice in autumn is the first.
 */
int64_t cal_instant(int32_t day, int32_t ms);

/* "01:18:45 PM ET" of an instant, for people: writes 14 bytes, no NUL. */
enum { CAL_CLOCK_TEXT = 14 };
size_t cal_clock_print(char *dst, int64_t ts);

/* Fails (-1, err) when the day's year is outside the calendar. */
int cal_known(int32_t day, struct err *err);

/* Both are false outside the calendar: ask cal_known first. */
bool cal_is_open(int32_t day);			/* exchanges trade */
bool cal_is_early(int32_t day);			/* 13:00 close */

/*
 * The n-th open day before (n < 0) or after (n > 0) the day; n = 0 is the day
 * itself.  Fails when the way leaves the calendar.
 */
int cal_step(int32_t day, int n, int32_t *out, struct err *err);

/*
 * Third Friday, or the open day before it when that is a holiday; CAL_NO_DAY
 * outside the calendar.
 */
int32_t cal_monthly_expiry(int year, int month);

/*
 * Hours class of an option root on a day; expires false: CAL_SHARE.  Digits
 * before (FLEX) and after the root (adjusted) do not count: SPX of "4SPX".
 */
enum cal_class cal_class_of(struct slice root, int32_t day, bool expires);

/*
 * Session and trade date of an instant.  expiration: the contract's last day
 * when it is PM-settled, else CAL_NO_DAY (index PM series stop at 16:00 on
 * it, at 13:00 on an early close, and have no CURB).  Results in *session and
 * *trade_day.  Fails outside the calendar.
 *
 * GTH starts on the evening of the calendar day before its trade day; the
 * short GTH sessions of holiday mornings are not known here: such prints are
 * CAL_CLOSED, with the next open day as trade day.
 */
int cal_session_at(int64_t ts, enum cal_class cls, int32_t expiration,
    enum cal_session *session, int32_t *trade_day, struct err *err);

/*
 * The span of a session on a trade day: GTH starts on the evening before.
 * Returns 1, 0 when the class has no such session that day, -1 and err
 * outside the calendar.
 */
int cal_span(int32_t day, enum cal_class cls, enum cal_session session,
    struct cal_span *out, struct err *err);

const char *cal_session_name(enum cal_session session);	/* "RTH" */
int cal_session_parse(struct slice text, enum cal_session *out);

/*
 * Expiry instant: 16:00 New York (13:00 on an early close) for PM settlement,
 * 09:30 for AM, on the expiration day.  Early closes after CAL_LAST_YEAR are
 * not known and count as 16:00, so that far expirations have a time too.
 */
int64_t cal_expiry_ts(int32_t expiration, bool am_settled);

/*
 * Years from an instant to the expiry: elapsed seconds / 31,536,000, at least
 * 60 s, rounded to 6 decimals (domain.md 2.4).  In millionths.
 */
int64_t cal_t_years_e6(int64_t ts, int32_t expiration, bool am_settled);

#endif
