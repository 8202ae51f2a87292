#include "tap/select.h"

#include <string.h>

#include "base/decimal.h"
#include "market/cal.h"
#include "tap/clock.h"

void
select_init(struct select *select)
{
	*select = (struct select){ NULL, 0, INT64_MIN, INT64_MAX };
}

bool
select_all(const struct select *select)
{
	return select->n == 0 && select->since == INT64_MIN &&
	    select->until == INT64_MAX;
}

bool
select_symbol(const struct select *select, struct slice symbol)
{
	for (size_t i = 0; i < select->n; i++)
		if (strlen(select->symbols[i]) == symbol.n &&
		    memcmp(select->symbols[i], symbol.p, symbol.n) == 0)
			return true;
	return select->n == 0;
}

bool
select_time(const struct select *select, int64_t ts)
{
	return ts >= select->since && ts < select->until;
}

int
select_parse_time(const char *text, int64_t *out, struct err *err)
{
	size_t n = strlen(text);
	int32_t day = n < DAY_TEXT ? DAY_NONE : day_parse(text, DAY_TEXT);
	struct clock_time clock;

	if (day != DAY_NONE && n == DAY_TEXT) {
		*out = cal_instant(day, 0);
		return 0;
	}
	if (day != DAY_NONE && text[n - 1] == 'Z' &&
	    (text[DAY_TEXT] == 'T' || text[DAY_TEXT] == ' ') &&
	    clock_parse((struct slice){ text + DAY_TEXT + 1,
	    n - DAY_TEXT - 2 }, &clock) == 0) {
		*out = day * INT64_C(86400000) + clock.ms;
		return 0;
	}
	if (day == DAY_NONE && decimal_parse(text, n, 0, out, NULL) == 0)
		return 0;
	return err_set(err, "%s: not a date, a time like "
	    "2024-06-14T13:30:00Z, or milliseconds since 1970", text);
}
