#include "report/why.h"

#include "base/decimal.h"
#include "base/plain.h"
#include "market/cal.h"
#include "record/trade.h"
#include "report/why_alert.h"
#include "report/why_sweep.h"
#include "report/why_trade.h"

static const struct sheet_column why_columns[] = {
	{ "tag", "TAG", SHEET_TEXT },
	{ "stored", "STORED", SHEET_TEXT },
	{ "recomputed", "RECOMPUTED", SHEET_TEXT },
	{ "agrees", "AGREES", SHEET_TEXT },
	{ "rule", "RULE", SHEET_TEXT },
	{ "from", "FROM", SHEET_TEXT },
	{ "reason", "WHY NOT", SHEET_TEXT },
};

static const struct sheet_column why_fact_columns[] = {
	{ "fact", "FACT", SHEET_TEXT },
	{ "value", "VALUE", SHEET_TEXT },
};

static const char *const why_answers[] = {
	"agrees", "differs", "nothing recomputed", NULL
};

/* ---- inputs ---- */

void
why_from(struct why *why)
{
	why->from.n = 0;
}

static void
why_in_name(struct why *why, const char *name)
{
	buf_fmt(&why->from, "%s%s ", why->from.n > 0 ? ", " : "", name);
}

void
why_in(struct why *why, const char *name, int64_t value, int scale)
{
	if (value == TRADE_NONE)
		return;
	why_in_name(why, name);
	plain_decimal(&why->from, value, scale);
}

void
why_in_text(struct why *why, const char *name, struct slice value)
{
	if (value.n == 0)
		return;
	why_in_name(why, name);
	buf_add(&why->from, value.p, value.n);
}

/* ---- rows ---- */

static void
why_cell(struct sheet *sheet, struct slice text)
{
	if (text.n == 0)
		sheet_none(sheet);
	else
		sheet_words(sheet, text);
}

static void
why_put(struct why *why, const char *tag, const char *rule,
    struct slice stored, struct slice again, bool same)
{
	const char *agrees = why->unknown != NULL ? "unknown" :
	    same ? "yes" : "no";

	if (stored.n == 0 && (again.n == 0 || why->unknown != NULL))
		return;
	if (why->unknown == NULL) {
		why->same += same;
		why->other += !same;
	}
	sheet_str(why->rows, tag);
	why_cell(why->rows, stored);
	why_cell(why->rows, why->unknown != NULL ? SLICE("") : again);
	sheet_str(why->rows, agrees);
	sheet_str(why->rows, rule);
	why_cell(why->rows, (struct slice){ why->from.p, why->from.n });
	if (why->unknown != NULL)
		sheet_str(why->rows, why->unknown);
	else
		sheet_none(why->rows);
}

void
why_text(struct why *why, const char *tag, const char *rule,
    struct slice stored, struct slice again)
{
	why_put(why, tag, rule, stored, again, slice_equal(stored, again));
}

void
why_word(struct why *why, const char *tag, const char *rule,
    struct slice stored, const char *again)
{
	why_text(why, tag, rule, stored,
	    (struct slice){ again, strlen(again) });
}

static struct slice
why_digits(char text[DECIMAL_TEXT], int64_t value, int scale)
{
	return (struct slice){ text, value == TRADE_NONE ? 0 :
	    decimal_print(text, value, scale) };
}

void
why_rounded(struct why *why, const char *tag, const char *rule,
    int64_t stored, int64_t again, int scale, bool fits)
{
	char a[DECIMAL_TEXT], b[DECIMAL_TEXT];

	why_put(why, tag, rule, why_digits(a, stored, scale),
	    why_digits(b, again, scale), fits);
}

void
why_number(struct why *why, const char *tag, const char *rule,
    int64_t stored, int64_t again, int scale)
{
	why_rounded(why, tag, rule, stored, again, scale, stored == again);
}

void
why_flag(struct why *why, const char *tag, const char *rule, bool stored,
    bool again, bool quiet)
{
	if (quiet && !stored && !again)
		return;
	why_put(why, tag, rule, stored ? SLICE("true") : SLICE("false"),
	    again ? SLICE("true") : SLICE("false"), stored == again);
}

/* ---- facts ---- */

static void
why_fact(struct why *why, const char *name, struct slice value)
{
	size_t n = strlen(name);

	if (n > 3 && (strcmp(name + n - 3, "_e4") == 0 ||
	    strcmp(name + n - 3, "_e6") == 0))
		n -= 3;
	sheet_words(why->facts, (struct slice){ name, n });
	sheet_words(why->facts, value);
}

void
why_facts(struct why *why, const struct db_stmt *row, int n)
{
	for (int i = 0; i < n; i++) {
		const char *name = db_column(row, i);
		const char *unit = strrchr(name, '_');
		char digits[DECIMAL_TEXT], clock[CAL_CLOCK_TEXT];
		int scale = unit == NULL ? 0 : strcmp(unit, "_e4") == 0 ? 4 :
		    strcmp(unit, "_e6") == 0 ? 6 : 0;

		if (db_type(row, i) == DB_NULL)
			continue;
		why_fact(why, name, db_type(row, i) != DB_INT ?
		    db_text(row, i) : why_digits(digits, db_int(row, i),
		    scale));
		if (strcmp(name, "timestamp") == 0)
			why_fact(why, "time", (struct slice){ clock,
			    cal_clock_print(clock, db_int(row, i)) });
	}
}

/* ---- queries ---- */

int64_t
why_int(const struct db_stmt *row, int at)
{
	return db_is_null(row, at) ? TRADE_NONE : db_int(row, at);
}

int
why_row(struct db *db, const char *sql, struct slice text, int64_t a,
    int64_t b, struct db_stmt **out, struct err *err)
{
	struct db_stmt *s = db_prepare(db, sql, err);
	int r;

	*out = NULL;
	if (s == NULL)
		return -1;
	db_bind_text(s, 1, text);
	db_bind_int(s, 2, a);
	db_bind_int(s, 3, b);
	r = db_step(s, err);
	if (r > 0)
		*out = s;
	else
		db_finish(s);
	return r;
}

int
why_report(struct db *db, const char *id, struct answer *answer,
    enum why_result *result, struct err *err)
{
	struct slice text = { id, strlen(id) };
	struct why why = { .db = db, .rows = &answer->rows,
	    .facts = &answer->more };
	int r;

	sheet_init(&answer->rows, why_columns,
	    sizeof(why_columns) / sizeof(*why_columns));
	sheet_init(&answer->more, why_fact_columns, 2);
	answer->more_name = "facts";
	r = why_sweep_explain(&why, text, err);
	if (r == 0)
		r = why_alert_explain(&why, text, err);
	if (r == 0)
		r = why_trade_explain(&why, text, err);
	buf_free(&why.from);
	*result = r == 0 ? WHY_UNKNOWN_ID : why.other > 0 ? WHY_DIFFERS :
	    why.same > 0 ? WHY_AGREES : WHY_OPEN;
	answer->verdict = r > 0 ? why_answers[*result] : NULL;
	return r < 0 ? -1 : 0;
}
