#include "base/day.h"

#include <stdbool.h>

/*
 * Years are counted from 1 March, so that the leap day comes last, and from
 * the year 0.  Source: H. Hinnant, "chrono-Compatible Low-Level Date
 * Algorithms" (2013), days_from_civil and civil_from_days.
 */
enum {
	DAY_EPOCH = 719468,		/* from 0000-03-01 to 1970-01-01 */
	DAY_400_YEARS = 146097
};

static bool
day_is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int32_t
day_make(int year, int month, int mday)
{
	static const int length[12] = {
		31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31
	};
	int y, of_year;

	if (year < 1 || year > 9999 || month < 1 || month > 12 || mday < 1 ||
	    mday > length[month - 1] + (month == 2 && day_is_leap(year)))
		return DAY_NONE;
	y = month > 2 ? year : year - 1;
	of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 +
	    mday - 1;
	return y * 365 + y / 4 - y / 100 + y / 400 + of_year - DAY_EPOCH;
}

void
day_civil(int32_t day, int *year, int *month, int *mday)
{
	uint32_t z = (uint32_t)day + DAY_EPOCH;
	uint32_t era = z / DAY_400_YEARS, doe = z % DAY_400_YEARS;
	uint32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	uint32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	uint32_t m = (5 * doy + 2) / 153;	/* 0 March .. 11 February */

	if (year != NULL)
		*year = (int)(yoe + 400 * era + (m >= 10));
	if (month != NULL)
		*month = (int)(m < 10 ? m + 3 : m - 9);
	if (mday != NULL)
		*mday = (int)(doy - (153 * m + 2) / 5 + 1);
}

int
day_weekday(int32_t day)
{
	return (int)(((uint32_t)day + DAY_EPOCH + 3) % 7);
}

int
day_digits(const char *p, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return -1;
		v = 10 * v + (p[i] - '0');
	}
	return v;
}

int32_t
day_parse(const char *p, size_t n)
{
	if (n != DAY_TEXT || p[4] != '-' || p[7] != '-')
		return DAY_NONE;
	return day_make(day_digits(p, 4), day_digits(p + 5, 2),
	    day_digits(p + 8, 2));
}

size_t
day_print(char *dst, int32_t day)
{
	int year, month, mday;

	day_civil(day, &year, &month, &mday);
	for (int i = 3; i >= 0; i--, year /= 10)
		dst[i] = (char)('0' + year % 10);
	dst[4] = dst[7] = '-';
	dst[5] = (char)('0' + month / 10);
	dst[6] = (char)('0' + month % 10);
	dst[8] = (char)('0' + mday / 10);
	dst[9] = (char)('0' + mday % 10);
	return DAY_TEXT;
}
