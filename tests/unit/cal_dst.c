/*
 * F2: New York time and the regular session against the C library's zoneinfo,
 * every hour of 2024 to 2030 and every minute of the weeks around both clock
 * changes; and the same answers whatever TZ is set to.
 */

#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#include "check.h"

#include "market/cal.h"

enum { DST_FROM = 1704067200, DST_TO = 1924992000 };	/* 2024 to 2031, UTC */

/* What the C library says of one instant in New York. */
struct clock {
	int64_t ts;
	int year, month, mday, hour, minute, offset_s;
};

struct clocks {
	struct clock *p;
	size_t n;
};

static void
set_zone(const char *name)
{
	setenv("TZ", name, 1);
	tzset();
}

/* Within a week of 10 March or of 4 November: both changes fall there. */
static bool
is_change_week(const struct tm *tm)
{
	return (tm->tm_mon == 2 && tm->tm_mday >= 2 && tm->tm_mday <= 18) ||
	    (tm->tm_mon == 9 && tm->tm_mday >= 28) ||
	    (tm->tm_mon == 10 && tm->tm_mday <= 11);
}

static struct clock
read_clock(int64_t s)
{
	time_t t = (time_t)s;
	struct tm tm;

	localtime_r(&t, &tm);
	return (struct clock){ s * 1000, tm.tm_year + 1900, tm.tm_mon + 1,
	    tm.tm_mday, tm.tm_hour, tm.tm_min, (int)tm.tm_gmtoff };
}

static struct clocks
read_clocks(void)
{
	struct clocks all = { calloc((DST_TO - DST_FROM) / 60,
	    sizeof(*all.p)), 0 };
	struct tm tm;

	if (all.p == NULL)
		exit(1);
	for (int64_t s = DST_FROM; s < DST_TO; s += 60) {
		time_t t = (time_t)s;

		gmtime_r(&t, &tm);
		if (tm.tm_min == 0 || is_change_week(&tm))
			all.p[all.n++] = read_clock(s);
	}
	return all;
}

static bool
agrees(const struct clock *want)
{
	int64_t ts = want->ts + 59999;	/* the minute's last millisecond */
	struct cal_time got;

	cal_new_york(ts, &got);
	return got.year == want->year && got.month == want->month &&
	    got.mday == want->mday && got.hour == want->hour &&
	    got.minute == want->minute && got.second == 59 &&
	    got.milli == 999 && got.offset_s == want->offset_s &&
	    got.day == day_make(want->year, want->month, want->mday) &&
	    got.ms == (want->hour * 60 + want->minute) * 60000 + 59999;
}

static void
check_clocks(const char *zone, const struct clocks *all)
{
	int64_t wrong = 0;

	for (size_t i = 0; i < all->n; i++)
		wrong += !agrees(&all->p[i]);
	CHECK_INT(zone, wrong, 0);
}

/* 09:30 and 16:00 of each day of 2024 to 2028 by mktime, two a day. */
static struct clocks
read_bounds(int32_t from, int32_t to)
{
	struct clocks all = { calloc((size_t)(to - from) * 2,
	    sizeof(*all.p)), 0 };

	if (all.p == NULL)
		exit(1);
	for (int i = 0; i < 2 * (to - from); i++) {
		struct tm tm = { .tm_year = 2024 - 1900, .tm_mday = 1 + i / 2,
		    .tm_hour = i % 2 == 0 ? 9 : 16,
		    .tm_min = i % 2 == 0 ? 30 : 0, .tm_isdst = -1 };

		all.p[all.n++].ts = (int64_t)mktime(&tm) * 1000;
	}
	return all;
}

static void
check_bounds(const char *zone, int32_t from, const struct clocks *all)
{
	int64_t wrong = 0, open = 0;
	struct cal_span span;

	for (size_t i = 0; i < all->n; i += 2) {
		int32_t day = from + (int32_t)(i / 2);

		if (cal_span(day, CAL_EQUITY, CAL_RTH, &span, NULL) != 1)
			continue;
		open++;
		wrong += span.start_ts != all->p[i].ts;
		wrong += !cal_is_early(day) &&
		    span.end_ts != all->p[i + 1].ts;
	}
	CHECK_INT(zone, wrong, 0);
	/*
	 * Weekdays less the holidays of domain.md 2.1: 262 - 10, 261 - 11,
	 * 261 - 10, 261 - 10, 260 - 9.
	 */
	CHECK_INT(zone, open, 252 + 250 + 251 + 251 + 251);
}

int
main(void)
{
	static const char *const zones[] = {
		"UTC", "America/New_York", "Europe/London", "Asia/Tokyo",
		"Australia/Lord_Howe"
	};
	int32_t from = day_make(2024, 1, 1), to = day_make(2029, 1, 1);
	struct clocks clocks, bounds;
	struct clock winter, summer;

	set_zone("America/New_York");
	winter = read_clock(1736942400);	/* 2025-01-15 12:00 UTC */
	summer = read_clock(1752580800);	/* 2025-07-15 12:00 UTC */
	CHECK_INT("F2 zoneinfo is installed", winter.hour, 7);
	CHECK_INT("F2 zoneinfo is installed", summer.hour, 8);
	clocks = read_clocks();
	bounds = read_bounds(from, to);
	/* 61,368 hours; 7 years of 17 + 4 + 11 days of the other minutes. */
	CHECK_INT("F2 instants", clocks.n, 61368 + 7 * 32 * 24 * 59);
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		set_zone(zones[i]);
		check_clocks(zones[i], &clocks);
		check_bounds(zones[i], from, &bounds);
	}
	free(clocks.p);
	free(bounds.p);
	return check_end();
}
