#include "report/backtest.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "market/cal.h"
#include "market/outcome.h"
#include "record/scan.h"

#define COLUMNS(array) (array), sizeof(array) / sizeof(*(array))

/* A text that only looks like an array is no JSON. */
#define TAGS(record) "CASE json_type(" record ", '$.tags') WHEN 'array'" \
	" THEN " record " ->> 'tags' END"

static void
backtest_number(struct sheet *sheet, int64_t value)
{
	if (value == OUTCOME_NONE)
		sheet_none(sheet);
	else
		sheet_number(sheet, value);
}

/* ---- paper records ---- */

/* Names as in source 2's comparison. */
static const struct sheet_column backtest_columns[] = {
	{ "detector", "DETECTOR", SHEET_TEXT },
	{ "markSource", "MARKS", SHEET_TEXT },
	{ "madeUp", "MADE UP", SHEET_BOOL },
	{ "totalTrades", "TRADES", SHEET_COUNT },
	{ "winRate", "WIN RATE", SHEET_RATIO },
	{ "winRateLow", "FROM", SHEET_RATIO },
	{ "winRateHigh", "TO", SHEET_RATIO },
	{ "profitFactor", "PROFIT FACTOR", SHEET_RATIO },
	{ "meanR", "MEAN R", SHEET_RATIO },
	{ "sdR", "SD", SHEET_RATIO },
	{ "maxDrawdownR", "DRAWDOWN", SHEET_RATIO },
};

enum backtest_class { BACKTEST_ALL, BACKTEST_KIND, BACKTEST_TAG,
	BACKTEST_STRENGTH, BACKTEST_REGIME };

static const char *const backtest_classes[] = {
	"ALL", "", "tag ", "strength ", "regime "
};

struct backtest_group {
	bool made_up;
	char *mark;
	enum backtest_class class;
	char *name;
	struct outcome outcome;
};

struct backtest_groups {
	struct backtest_group *all;
	size_t n;
};

/* A text as C likes it; yours to free. */
static char *
backtest_name(enum backtest_class class, struct slice name)
{
	struct buf text = BUF_INIT;
	char *own;

	buf_str(&text, backtest_classes[class]);
	buf_add(&text, name.p, name.n);
	own = buf_dup(text.p, text.n);
	buf_free(&text);
	return own;
}

static int
backtest_compare(const void *a, const void *b)
{
	const struct backtest_group *x = a, *y = b;
	int mark = strcmp(x->mark, y->mark);

	if (x->made_up != y->made_up)
		return x->made_up - y->made_up;
	if (mark != 0)
		return mark;
	return x->class != y->class ? (int)x->class - (int)y->class :
	    strcmp(x->name, y->name);
}

/* The statement's row counts in one more group. */
static void
backtest_count(struct backtest_groups *groups, const struct db_stmt *s,
    enum backtest_class class, struct slice name)
{
	struct slice mark = db_text(s, 1);
	struct backtest_group key = { db_int(s, 0) != 0,
	    buf_dup(mark.p, mark.n), class, backtest_name(class, name),
	    { 0 } };
	struct backtest_group *g = groups->all, *end = g + groups->n;

	while (g < end && backtest_compare(g, &key) != 0)
		g++;
	if (g < end) {
		free(key.mark);
		free(key.name);
	} else {
		groups->all = buf_realloc(groups->all, groups->n + 1,
		    sizeof(*groups->all));
		g = &groups->all[groups->n++];
		*g = key;
	}
	outcome_add(&g->outcome, db_int(s, 2));
}

/* The next of the tags, a JSON array as it is stored. */
static bool
backtest_tag(struct slice tags, size_t *pos, struct slice *out)
{
	struct scan_value all = { tags.p, (uint32_t)tags.n, SCAN_ARRAY };
	struct scan_value one;

	if (tags.n == 0 || !scan_element(all, pos, &one))
		return false;
	*out = (struct slice){ one.p, one.n };
	return true;
}

static void
backtest_take(struct backtest_groups *groups, const struct db_stmt *s)
{
	struct slice tags = db_text(s, 4), tag;
	size_t pos = 0;

	backtest_count(groups, s, BACKTEST_ALL, (struct slice){ NULL, 0 });
	if (!db_is_null(s, 3))
		backtest_count(groups, s, BACKTEST_KIND, db_text(s, 3));
	while (backtest_tag(tags, &pos, &tag))
		backtest_count(groups, s, BACKTEST_TAG, tag);
	if (!db_is_null(s, 5))
		backtest_count(groups, s, BACKTEST_STRENGTH, db_text(s, 5));
	if (!db_is_null(s, 6))
		backtest_count(groups, s, BACKTEST_REGIME, db_text(s, 6));
}

static void
backtest_put(struct sheet *sheet, const struct backtest_group *group)
{
	const struct outcome *o = &group->outcome;
	struct outcome_share won = outcome_wilson(o->wins, o->n);

	sheet_str(sheet, group->name);
	sheet_str(sheet, group->mark);
	sheet_number(sheet, group->made_up);
	sheet_number(sheet, o->n);
	sheet_number(sheet, won.share_e6);
	sheet_number(sheet, won.low_e6);
	sheet_number(sheet, won.high_e6);
	backtest_number(sheet, outcome_factor(o));
	backtest_number(sheet, outcome_mean(o));
	backtest_number(sheet, outcome_sd(o));
	sheet_number(sheet, o->drawdown_e6);
}

/* Takes the groups apart. */
static void
backtest_put_all(struct backtest_groups *groups, struct answer *answer)
{
	if (groups->n > 0)
		qsort(groups->all, groups->n, sizeof(*groups->all),
		    backtest_compare);
	for (size_t i = 0; i < groups->n; i++) {
		struct backtest_group *g = &groups->all[i];

		backtest_put(g->class <= BACKTEST_KIND ? &answer->rows :
		    &answer->more, g);
		free(g->mark);
		free(g->name);
	}
	free(groups->all);
}

int
backtest_report(const struct ask *ask, struct answer *answer,
    struct err *err)
{
	struct db_stmt *s = ask_prepare(ask, "SELECT"
	    " p.record ->> 'feed' IS 'demo', p.mark_source,"
	    " CAST(round((p.record ->> 'r_multiple') * 1000000) AS INTEGER)"
	    "  AS r, p.record ->> 'kind', " TAGS("p.record") ","
	    " CAST(CAST(p.record ->> 'strength' AS INTEGER) AS TEXT),"
	    " (p.record ->> 'regime_trend') || '/' ||"
	    "  (p.record ->> 'regime_vol')"
	    " FROM paper p WHERE p.ts >= ?1 AND p.ts < ?2 AND r IS NOT NULL"
	    " AND p.record ->> 'exit_reason' IS NOT 'CANCELLED'",
	    "p.record ->> 'symbol'", " ORDER BY p.exit_ts, p.id LIMIT ?3", 0,
	    err);
	struct backtest_groups groups = { NULL, 0 };
	int r = -1;

	answer->more_name = "groups";
	sheet_init(&answer->rows, COLUMNS(backtest_columns));
	sheet_init(&answer->more, COLUMNS(backtest_columns));
	while (s != NULL && (r = db_step(s, err)) > 0)
		backtest_take(&groups, s);
	db_finish(s);
	backtest_put_all(&groups, answer);
	return r;
}

/* ---- returns after signals ---- */

static const int64_t backtest_minutes[] = { 5, 30, 180 };

enum {
	HORIZONS = sizeof(backtest_minutes) / sizeof(*backtest_minutes),
	BACKTEST_MINUTE = 60000,
	BACKTEST_LATE = 5 * BACKTEST_MINUTE	/* a price may be, at most */
};

struct backtest_price {
	int64_t end_ts, close_e4;
};

struct backtest_signal {
	int64_t ts;
	int32_t day;			/* in New York */
	int32_t ms;			/* of that day */
	bool is_short, made_up;
	char *kind, *tags;		/* tags: a JSON array, or empty */
	int64_t strength;		/* whole points, or OUTCOME_NONE */
};

/* One group over one horizon. */
struct backtest_cell {
	struct outcome_dated *after, *beyond;	/* beyond: less controls */
	size_t n, n_beyond, cap;
	int64_t controls;
};

struct backtest_row {
	char *name;
	bool made_up;
	struct backtest_cell cells[HORIZONS];
};

struct backtest {
	struct backtest_price *prices;	/* of one ticker, in order */
	size_t n_prices;
	int32_t *days;			/* on which it has any */
	size_t n_days;
	struct backtest_signal *signals;	/* of it, in order */
	size_t n_signals;
	struct backtest_row *rows;
	size_t n_rows;
};

/* The first price at or after a time, if it is not much later. */
static const struct backtest_price *
backtest_price(const struct backtest *b, int64_t ts)
{
	size_t low = 0, high = b->n_prices;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->prices[middle].end_ts < ts)
			low = middle + 1;
		else
			high = middle;
	}
	return low < b->n_prices && b->prices[low].end_ts <=
	    ts + BACKTEST_LATE ? &b->prices[low] : NULL;
}

/* The return from a time on, per cent in millionths. */
static bool
backtest_return(const struct backtest *b, int64_t ts, int64_t ms,
    bool is_short, int64_t *out)
{
	const struct backtest_price *from = backtest_price(b, ts), *to;
	int64_t gain;

	to = from == NULL ? NULL : backtest_price(b, from->end_ts + ms);
	if (to == NULL || from->close_e4 <= 0)
		return false;
	gain = to->close_e4 - from->close_e4;
	*out = decimal_ratio(100 * (is_short ? -gain : gain),
	    from->close_e4, DECIMAL_E6);
	return true;
}

/* A signal of the kind is near. */
static bool
backtest_is_taken(const struct backtest *b, const char *kind, int64_t ts,
    int64_t ms)
{
	size_t low = 0, high = b->n_signals;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (b->signals[middle].ts < ts - ms)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < b->n_signals && b->signals[low].ts <= ts + ms; low++)
		if (strcmp(b->signals[low].kind, kind) == 0)
			return true;
	return false;
}

/* Mean of the same time of other days, in *out; how many those were. */
static int64_t
backtest_controls(const struct backtest *b, const struct backtest_signal *s,
    int64_t ms, int64_t *out)
{
	int64_t sum = 0, n = 0, one;

	for (size_t i = 0; i < b->n_days; i++) {
		int64_t ts = cal_instant(b->days[i], s->ms);

		if (b->days[i] == s->day ||
		    backtest_is_taken(b, s->kind, ts, ms) ||
		    !backtest_return(b, ts, ms, s->is_short, &one))
			continue;
		sum += one;
		n++;
	}
	if (n > 0)
		*out = decimal_ratio(sum, n, 0);
	return n;
}

static struct backtest_row *
backtest_row(struct backtest *b, const char *what, const char *name,
    size_t n, bool made_up)
{
	struct buf text = BUF_INIT;
	struct backtest_row *row = b->rows, *end = row + b->n_rows;

	buf_fmt(&text, "%s%.*s", what, (int)n, name);
	buf_add(&text, "", 1);
	while (row < end && (row->made_up != made_up ||
	    strcmp(row->name, text.p) != 0))
		row++;
	if (row == end) {
		b->rows = buf_realloc(b->rows, b->n_rows + 1,
		    sizeof(*b->rows));
		row = &b->rows[b->n_rows++];
		*row = (struct backtest_row){ buf_dup(text.p, text.n - 1),
		    made_up, { { 0 } } };
	}
	buf_free(&text);
	return row;
}

static void
backtest_note(struct backtest_cell *cell, int32_t day, int64_t after,
    int64_t controls, int64_t usual)
{
	if (cell->n == cell->cap) {
		cell->cap = cell->cap == 0 ? 16 : 2 * cell->cap;
		cell->after = buf_realloc(cell->after, cell->cap,
		    sizeof(*cell->after));
		cell->beyond = buf_realloc(cell->beyond, cell->cap,
		    sizeof(*cell->beyond));
	}
	cell->after[cell->n++] = (struct outcome_dated){ day, after };
	if (controls == 0)
		return;
	cell->controls += controls;
	cell->beyond[cell->n_beyond++] = (struct outcome_dated){ day,
	    after - usual };
}

static void
backtest_note_all(struct backtest *b, const struct backtest_signal *s,
    size_t horizon, int64_t after, int64_t controls, int64_t usual)
{
	struct slice tags = { s->tags, strlen(s->tags) }, tag;
	char strength[DECIMAL_TEXT];
	size_t pos = 0;

	backtest_note(&backtest_row(b, "ALL", "", 0, s->made_up)->
	    cells[horizon], s->day, after, controls, usual);
	backtest_note(&backtest_row(b, "", s->kind, strlen(s->kind),
	    s->made_up)->cells[horizon], s->day, after, controls, usual);
	while (backtest_tag(tags, &pos, &tag))
		backtest_note(&backtest_row(b, "tag ", tag.p, tag.n,
		    s->made_up)->cells[horizon], s->day, after, controls,
		    usual);
	if (s->strength != OUTCOME_NONE)
		backtest_note(&backtest_row(b, "strength ", strength,
		    decimal_print_int(strength, s->strength), s->made_up)->
		    cells[horizon], s->day, after, controls, usual);
}

/* All signals of a ticker whose prices are loaded. */
static void
backtest_measure(struct backtest *b)
{
	for (size_t i = 0; i < b->n_signals; i++) {
		const struct backtest_signal *s = &b->signals[i];

		for (size_t h = 0; h < HORIZONS; h++) {
			int64_t ms = backtest_minutes[h] * BACKTEST_MINUTE;
			int64_t after, controls, usual = 0;

			if (!backtest_return(b, s->ts, ms, s->is_short,
			    &after))
				continue;
			controls = backtest_controls(b, s, ms, &usual);
			backtest_note_all(b, s, h, after, controls, usual);
		}
	}
}

/* ---- what is stored ---- */

static void
backtest_clear(struct backtest *b)
{
	for (size_t i = 0; i < b->n_signals; i++) {
		free(b->signals[i].kind);
		free(b->signals[i].tags);
	}
	b->n_signals = b->n_prices = b->n_days = 0;
}

static void
backtest_add_price(struct backtest *b, int64_t end_ts, int64_t close_e4)
{
	struct cal_time time;

	b->prices = buf_realloc(b->prices, b->n_prices + 1,
	    sizeof(*b->prices));
	b->prices[b->n_prices++] = (struct backtest_price){ end_ts,
	    close_e4 };
	cal_new_york(end_ts, &time);
	if (b->n_days > 0 && b->days[b->n_days - 1] == time.day)
		return;
	b->days = buf_realloc(b->days, b->n_days + 1, sizeof(*b->days));
	b->days[b->n_days++] = time.day;
}

/* Prices behind the last signal are known, unless now was put before them. */
static int
backtest_load_prices(struct backtest *b, const struct ask *ask,
    const char *ticker, struct err *err)
{
	struct db_stmt *s = db_prepare(ask->db, "SELECT ts + 60000,"
	    " CAST(round(close * 10000) AS INTEGER) FROM bars"
	    " WHERE name = ?1 AND tf = '1m' AND is_final = 1 AND ts >= ?2"
	    " AND ts < ?3 AND close > 0 ORDER BY ts", err);
	int r;

	if (s == NULL)
		return -1;
	db_bind_str(s, 1, ticker);
	db_bind_int(s, 2, ask->from_ts);
	db_bind_int(s, 3, ask->until == ASK_NONE ? INT64_MAX : ask->to_ts);
	while ((r = db_step(s, err)) > 0)
		backtest_add_price(b, db_int(s, 0), db_int(s, 1));
	db_finish(s);
	return r;
}

/* The statement's row, from its second column on. */
static void
backtest_add_signal(struct backtest *b, const struct db_stmt *s)
{
	struct slice kind = db_text(s, 2), tags = db_text(s, 4);
	struct backtest_signal *signal;
	struct cal_time time;

	b->signals = buf_realloc(b->signals, b->n_signals + 1,
	    sizeof(*b->signals));
	signal = &b->signals[b->n_signals++];
	cal_new_york(db_int(s, 1), &time);
	*signal = (struct backtest_signal){ .ts = db_int(s, 1),
	    .day = time.day, .ms = time.ms, .is_short = db_int(s, 3) != 0,
	    .made_up = db_int(s, 6) != 0,
	    .kind = buf_dup(kind.p, kind.n), .tags = buf_dup(tags.p, tags.n),
	    .strength = db_is_null(s, 5) ? OUTCOME_NONE : db_int(s, 5) };
}

static int
backtest_ticker(struct backtest *b, const struct ask *ask,
    const char *ticker, struct err *err)
{
	int r;

	if (b->n_signals == 0)
		return 0;
	r = backtest_load_prices(b, ask, ticker, err);
	if (r == 0)
		backtest_measure(b);
	backtest_clear(b);
	return r;
}

/* Ticker after ticker, so that the prices of one are held at a time. */
static int
backtest_load(struct backtest *b, const struct ask *ask, struct err *err)
{
	struct db_stmt *s = ask_prepare(ask, "SELECT g.symbol,"
	    " COALESCE(g.record ->> 'decision_ts', g.ts), g.kind,"
	    " g.record ->> 'direction' IS 'SHORT',"
	    " " TAGS("g.record") ","
	    " CAST(g.record ->> 'strength' AS INTEGER),"
	    " g.record ->> 'feed' IS 'demo' FROM signals g"
	    " WHERE g.ts >= ?1 AND g.ts < ?2 AND g.symbol IS NOT NULL"
	    " AND g.kind IS NOT NULL", "g.symbol",
	    " ORDER BY g.symbol, 2, g.id LIMIT ?3", 0, err);
	struct buf ticker = BUF_INIT;
	int r = -1;

	buf_add(&ticker, "", 1);
	while (s != NULL && (r = db_step(s, err)) > 0) {
		struct slice symbol = db_text(s, 0);

		if (!slice_equal(symbol, (struct slice){ ticker.p,
		    ticker.n - 1 })) {
			r = backtest_ticker(b, ask, ticker.p, err);
			if (r < 0)
				break;
			ticker.n = 0;
			buf_add(&ticker, symbol.p, symbol.n);
			buf_add(&ticker, "", 1);
		}
		backtest_add_signal(b, s);
	}
	db_finish(s);
	if (r == 0)
		r = backtest_ticker(b, ask, ticker.p, err);
	buf_free(&ticker);
	return r;
}

/* ---- the answer ---- */

static const struct sheet_column backtest_markouts[] = {
	{ "detector", "DETECTOR", SHEET_TEXT },
	{ "made_up", "MADE UP", SHEET_BOOL },
	{ "minutes", "MINUTES", SHEET_COUNT },
	{ "n", "N", SHEET_COUNT },
	{ "mean_pct", "MEAN %", SHEET_RATIO },
	{ "low_pct", "FROM", SHEET_RATIO },
	{ "high_pct", "TO", SHEET_RATIO },
	{ "matched", "MATCHED", SHEET_COUNT },
	{ "controls", "CONTROLS", SHEET_COUNT },
	{ "beyond_pct", "BEYOND %", SHEET_RATIO },
	{ "beyond_low_pct", "FROM", SHEET_RATIO },
	{ "beyond_high_pct", "TO", SHEET_RATIO },
};

static int
backtest_by_day(const void *a, const void *b)
{
	const struct outcome_dated *x = a, *y = b;

	return (x->day > y->day) - (x->day < y->day);
}

static void
backtest_mean(struct sheet *sheet, struct outcome_dated *values, size_t n)
{
	struct outcome_mean mean;

	if (n > 0)
		qsort(values, n, sizeof(*values), backtest_by_day);
	mean = outcome_by_day(values, n);
	backtest_number(sheet, mean.mean_e6);
	backtest_number(sheet, mean.low_e6);
	backtest_number(sheet, mean.high_e6);
}

static void
backtest_write(struct sheet *sheet, const struct backtest_row *row,
    size_t horizon)
{
	const struct backtest_cell *cell = &row->cells[horizon];

	sheet_str(sheet, row->name);
	sheet_number(sheet, row->made_up);
	sheet_number(sheet, backtest_minutes[horizon]);
	sheet_number(sheet, (int64_t)cell->n);
	backtest_mean(sheet, cell->after, cell->n);
	sheet_number(sheet, (int64_t)cell->n_beyond);
	sheet_number(sheet, cell->controls);
	backtest_mean(sheet, cell->beyond, cell->n_beyond);
}

static int
backtest_by_name(const void *a, const void *b)
{
	const struct backtest_row *x = a, *y = b;

	return x->made_up != y->made_up ? x->made_up - y->made_up :
	    strcmp(x->name, y->name);
}

static void
backtest_write_all(struct backtest *b, struct answer *answer)
{
	size_t written = 0;

	if (b->n_rows > 0)
		qsort(b->rows, b->n_rows, sizeof(*b->rows), backtest_by_name);
	for (size_t i = 0; i < b->n_rows; i++)
		for (size_t h = 0; h < HORIZONS; h++)
			if (b->rows[i].cells[h].n > 0) {
				backtest_write(&answer->rows, &b->rows[i], h);
				written++;
			}
	buf_fmt(&answer->lines, "%zu comparisons: of 20 without meaning one "
	    "is expected outside its interval\n", written);
}

static void
backtest_free(struct backtest *b)
{
	backtest_clear(b);
	for (size_t i = 0; i < b->n_rows; i++) {
		free(b->rows[i].name);
		for (size_t h = 0; h < HORIZONS; h++) {
			free(b->rows[i].cells[h].after);
			free(b->rows[i].cells[h].beyond);
		}
	}
	free(b->rows);
	free(b->prices);
	free(b->days);
	free(b->signals);
}

int
backtest_markout(const struct ask *ask, struct answer *answer,
    struct err *err)
{
	struct backtest b = { .rows = NULL };
	int r;

	sheet_init(&answer->rows, COLUMNS(backtest_markouts));
	r = backtest_load(&b, ask, err);
	if (r == 0)
		backtest_write_all(&b, answer);
	backtest_free(&b);
	return r;
}
