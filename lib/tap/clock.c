#include "tap/clock.h"

#include <string.h>

#include "base/decimal.h"
#include "market/cal.h"
#include "tap/contract.h"

static const int32_t clock_pow10[10] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000
};

/* n digits, or -1. */
static int32_t
clock_digits(const char *p, size_t n)
{
	int32_t v = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		v = 10 * v + (p[i] - '0');
	}
	return v;
}

/* Seconds and their fraction: ":SS", ":SS.fff". */
static int
clock_seconds(const char *p, size_t n, int32_t *second, int32_t *ns,
    int *digits)
{
	int32_t fraction;

	if (n < 3 || p[0] != ':' || (*second = clock_digits(p + 1, 2)) < 0)
		return -1;
	if (n == 3)
		return 0;
	if (p[3] != '.' || n < 5 || n > 13)
		return -1;
	fraction = clock_digits(p + 4, n - 4);
	if (fraction < 0)
		return -1;
	*digits = (int)(n - 4);
	*ns = fraction * clock_pow10[9 - *digits];
	return 0;
}

int
clock_parse(struct slice text, struct clock_time *out)
{
	int32_t hour, minute, second = 0, ns = 0;

	*out = (struct clock_time){ 0, 0, 0 };
	if (text.n < 5 || text.p[2] != ':')
		return -1;
	hour = clock_digits(text.p, 2);
	minute = clock_digits(text.p + 3, 2);
	if (text.n > 5 && clock_seconds(text.p + 5, text.n - 5, &second, &ns,
	    &out->digits) < 0)
		return -1;
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second > 59)
		return -1;
	out->ms = ((hour * 60 + minute) * 60 + second) * 1000 + ns / 1000000;
	out->sub_ns = ns % 1000000;
	return 0;
}

int
clock_known(int64_t ts, struct err *err)
{
	if (ts >= cal_instant(day_make(CAL_FIRST_YEAR, 1, 1), 0) &&
	    ts < cal_instant(day_make(CAL_LAST_YEAR + 1, 1, 1), 0))
		return 0;
	return err_set(err, "outside the exchange calendar, %d to %d",
	    CAL_FIRST_YEAR, CAL_LAST_YEAR);
}

static int
clock_read_et(struct slice text, struct slice date, struct clock_instant *out,
    struct err *err)
{
	struct clock_time time;
	int32_t day;

	if (text.n > DAY_TEXT && (text.p[DAY_TEXT] == ' ' ||
	    text.p[DAY_TEXT] == 'T')) {
		date = (struct slice){ text.p, DAY_TEXT };
		text.p += DAY_TEXT + 1;
		text.n -= DAY_TEXT + 1;
	}
	if (date.n == 0)
		return err_set(err, "a time without a date");
	day = contract_day(date);
	if (day == DAY_NONE)
		return err_set(err, "not a date");
	if (clock_parse(text, &time) < 0)
		return err_set(err, "not a time");
	*out = (struct clock_instant){ cal_instant(day, time.ms), time.sub_ns,
	    time.digits };
	return 0;
}

int
clock_read(enum clock_unit unit, struct slice text, struct slice date,
    struct clock_instant *out, struct err *err)
{
	static const int decimals[] = {
		[CLOCK_S] = 0, [CLOCK_MS] = 3, [CLOCK_US] = 6, [CLOCK_NS] = 9
	};
	int64_t v, per_ms;
	int d;

	if (unit == CLOCK_ET) {
		if (clock_read_et(text, date, out, err) < 0)
			return -1;
		return clock_known(out->ms, err);
	}
	d = decimals[unit];
	if (decimal_parse(text.p, text.n, 0, &v, err) < 0)
		return -1;
	if (v < 0)
		return err_set(err, "before 1970");
	if (unit == CLOCK_S) {
		if (v > INT64_MAX / 1000)
			return clock_known(INT64_MAX, err);
		*out = (struct clock_instant){ v * 1000, 0, 0 };
	} else {
		per_ms = clock_pow10[d - 3];
		*out = (struct clock_instant){ v / per_ms,
		    (int32_t)(v % per_ms) * clock_pow10[9 - d], d };
		/* Vendors widen times of ms: these digits tell nothing. */
		if (out->sub_ns == 0)
			out->digits = 3;
	}
	return clock_known(out->ms, err);
}

int64_t
clock_resolution_e6(int digits)
{
	return clock_pow10[9 - digits];
}
