/*
 * Dates as numbers.  The expected ones are GNU date's: date -u -d TEXT +%s
 * divided by 86400, and +%w.
 */

#include "check.h"

#include "base/day.h"

static int32_t
date(const char *p)
{
	return day_parse(p, strlen(p));
}

static void
test_days(void)
{
	static const struct {
		const char *text;
		int32_t day;
		int weekday;
	} known[] = {
		{ "1970-01-01", 0, 4 },
		{ "1969-12-31", -1, 3 },
		{ "2000-02-29", 11016, 2 },
		{ "2000-03-01", 11017, 3 },
		{ "2012-01-01", 15340, 0 },
		{ "2025-11-24", 20416, 1 },
		{ "2028-12-31", 21549, 0 },
		{ "0001-01-01", -719162, 1 },
		{ "9999-12-31", 2932896, 5 }
	};
	static const char *const wrong[] = {
		"2025-02-29", "2100-02-29", "2025-13-01", "2025-00-01",
		"2025-01-00", "2025-01-32", "2025-04-31", "0000-01-01",
		"2025-1-01", "2025/01/01", "20250101", "2025-01-01 ",
		" 025-01-01", "2025-+1-01", "", "2025-01-0x"
	};
	char text[DAY_TEXT];
	int year = 0, month = 0, mday = 0;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		const char *name = known[i].text;

		CHECK_INT(name, date(name), known[i].day);
		CHECK_INT(name, day_weekday(known[i].day), known[i].weekday);
		CHECK_INT(name, day_print(text, known[i].day), DAY_TEXT);
		CHECK_TEXT(name, text, sizeof(text), name);
		day_civil(known[i].day, &year, &month, &mday);
		CHECK_INT(name, day_make(year, month, mday), known[i].day);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK_INT(wrong[i], date(wrong[i]), DAY_NONE);
}

int
main(void)
{
	test_days();
	return check_end();
}
