#include "tap/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "market/cal.h"
#include "record/osi.h"
#include "tap/clock.h"

void
select_init(struct select *select)
{
	*select = (struct select){ .since = INT64_MIN, .until = INT64_MAX };
	table_init(&select->by_ticker);
}

void
select_free(struct select *select)
{
	for (size_t i = 0; select->owned != NULL && i < select->n; i++)
		free(select->owned[i]);
	free(select->owned);
	table_free(&select->by_ticker);
}

/* Adds the contract's underlying, once. */
static int
select_add(struct select *select, const char *name, struct err *err)
{
	struct slice text = { name, strlen(name) };
	struct osi osi;
	struct err why;

	if (strncmp(name, "O:", 2) != 0 || osi_parse(text, &osi, &why) < 0)
		return err_set(err, "%s: not a contract", name);
	*table_at(&select->by_ticker, text.p, text.n) = select;
	if (select->n > 0 && select_symbol(select, (struct slice){ osi.symbol,
	    strlen(osi.symbol) }))
		return 0;
	select->owned = buf_realloc(select->owned, select->n + 1,
	    sizeof(char *));
	select->owned[select->n] = buf_dup(osi.symbol, strlen(osi.symbol));
	select->symbols = (const char *const *)select->owned;
	select->n++;
	return 0;
}

int
select_names(struct select *select, const char *const *names, size_t n,
    struct err *err)
{
	if (n == 0 || strncmp(names[0], "O:", 2) != 0) {
		for (size_t i = 0; i < n; i++)
			if (!osi_is_symbol((struct slice){ names[i],
			    strlen(names[i]) }))
				return err_set(err, "%s: not a symbol",
				    names[i]);
		select->symbols = names;
		select->n = n;
		return 0;
	}
	for (size_t i = 0; i < n; i++)
		if (select_add(select, names[i], err) < 0)
			return -1;
	select->contracts = names;
	select->n_contracts = n;
	return 0;
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
select_contract(const struct select *select, struct slice ticker)
{
	return select->n_contracts == 0 ||
	    table_get(&select->by_ticker, ticker.p, ticker.n) != NULL;
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
