#include "report/render.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/day.h"
#include "base/decimal.h"
#include "base/plain.h"
#include "market/cal.h"

enum { RENDER_BLIND = 5 };	/* spans told to people */

/* ---- texts ---- */

static void
render_date(struct buf *dst, int64_t day)
{
	char text[DAY_TEXT];

	buf_add(dst, text, day_print(text, (int32_t)day));
}

/* "2025-11-24 10:12:34 AM ET" */
static void
render_time(struct buf *dst, int64_t ts)
{
	char text[CAL_CLOCK_TEXT];
	struct cal_time time;

	cal_new_york(ts, &time);
	render_date(dst, time.day);
	buf_str(dst, " ");
	buf_add(dst, text, cal_clock_print(text, ts));
}

/* Whole dollars, half away from zero; "-$5". */
static void
render_dollars(struct buf *dst, int64_t e4)
{
	plain_money(dst, decimal_round(e4, DECIMAL_E4, 0) * 10000);
}

/* A number as machines read it, in units of its style. */
static void
render_number(struct buf *dst, const struct sheet_cell *cell,
    enum sheet_style style)
{
	if (cell->kind == SHEET_REAL)
		buf_fmt(dst, "%.15g", cell->real);
	else if (style == SHEET_DATE)
		render_date(dst, cell->number);
	else
		plain_decimal(dst, cell->number, sheet_scale(style));
}

/* A cell for people. */
static void
render_cell(struct buf *dst, const struct sheet *sheet,
    const struct sheet_cell *cell, enum sheet_style style)
{
	if (cell->kind == SHEET_NONE) {
		buf_str(dst, "-");
	} else if (cell->kind == SHEET_WORDS) {
		plain_clean(dst, sheet_text(sheet, cell));
	} else if (style == SHEET_MONEY) {
		render_dollars(dst, cell->number);
	} else if (style == SHEET_TIME) {
		render_time(dst, cell->number);
	} else if (style == SHEET_BOOL) {
		buf_str(dst, cell->number != 0 ? "yes" : "no");
	} else if (style == SHEET_COUNT && cell->number >= 0) {
		plain_group(dst, (uint64_t)cell->number);
	} else {
		render_number(dst, cell, style);
		buf_str(dst, style == SHEET_SHARE ? " %" : "");
	}
}

/* Characters of UTF-8 text, each taken as one column wide. */
static size_t
render_width(const char *p, size_t n)
{
	size_t width = 0;

	for (size_t i = 0; i < n; i++)
		width += ((unsigned char)p[i] & 0xc0) != 0x80;
	return width;
}

/* ---- coverage ---- */

static const char *const render_qualities[] = {
	"live", "sampled", "delayed", "filled", "made up"
};

enum { QUALITIES = sizeof(render_qualities) / sizeof(*render_qualities) };

static void
render_blind(struct buf *dst, const struct seen *seen)
{
	for (size_t i = 0; i < seen->n_blind && i < RENDER_BLIND; i++) {
		buf_str(dst, i == 0 ? ", blind " : "; ");
		render_time(dst, seen->blind[i].from_ts);
		buf_str(dst, " to ");
		render_time(dst, seen->blind[i].to_ts);
	}
	if (seen->n_blind > RENDER_BLIND)
		buf_fmt(dst, "; and %zu times more",
		    seen->n_blind - RENDER_BLIND);
}

void
render_seen(struct buf *dst, const struct seen *seen)
{
	const char *between = " (";

	if (seen->expected_ms == 0) {
		buf_str(dst, "no regular session in this time");
		return;
	}
	if (seen->seen_ms == 0) {
		buf_str(dst, "0 %, nothing was seen: what is not here may "
		    "have happened");
		return;
	}
	plain_decimal(dst, seen_share(seen), DECIMAL_E4);
	buf_str(dst, " %");
	for (int i = 0; i < QUALITIES; i++) {
		if ((seen->quality >> i & 1) == 0)
			continue;
		buf_fmt(dst, "%s%s", between, render_qualities[i]);
		between = ", ";
	}
	buf_str(dst, ")");
	render_blind(dst, seen);
}

/* ---- table ---- */

static const char *
render_color(struct slice severity)
{
	if (slice_equal(severity, SLICE("CRITICAL")))
		return "\033[1;31m";
	if (slice_equal(severity, SLICE("HIGH")))
		return "\033[31m";
	if (slice_equal(severity, SLICE("MEDIUM")))
		return "\033[33m";
	return "\033[32m";
}

static bool
render_left(enum sheet_style style, const struct sheet_cell *cell)
{
	return style == SHEET_TEXT || style == SHEET_SEVERITY ||
	    style == SHEET_TIME || style == SHEET_DATE ||
	    (style == SHEET_ANY && (cell == NULL ||
	    cell->kind == SHEET_WORDS));
}

/* text is padded to width but for the last column of left-aligned ones. */
static void
render_padded(struct buf *dst, const struct buf *text, size_t width,
    bool left, const char *color)
{
	size_t n = render_width(text->p, text->n);

	if (!left)
		buf_fmt(dst, "%*s", (int)(width - n), "");
	buf_str(dst, color == NULL ? "" : color);
	buf_add(dst, text->p, text->n);
	buf_str(dst, color == NULL ? "" : "\033[0m");
	if (left)
		buf_fmt(dst, "%*s", (int)(width - n), "");
}

/* Ends a line without spaces behind it. */
static void
render_line(struct buf *dst)
{
	while (dst->n > 0 && dst->p[dst->n - 1] == ' ')
		dst->n--;
	buf_str(dst, "\n");
}

static size_t *
render_widths(const struct sheet *sheet)
{
	size_t *widths = buf_alloc(sheet->n_columns + 1, sizeof(*widths));
	struct buf text = BUF_INIT;

	for (size_t c = 0; c < sheet->n_columns; c++) {
		const struct sheet_column *column = &sheet->columns[c];

		widths[c] = column->title == NULL ? 0 :
		    render_width(column->title, strlen(column->title));
		for (size_t r = 0; r < sheet_rows(sheet) &&
		    column->title != NULL; r++) {
			size_t n;

			text.n = 0;
			render_cell(&text, sheet, sheet_cell(sheet, r, c),
			    column->style);
			n = render_width(text.p, text.n);
			widths[c] = n > widths[c] ? n : widths[c];
		}
	}
	buf_free(&text);
	return widths;
}

static void
render_row(struct buf *dst, const struct sheet *sheet, size_t row,
    const size_t *widths, bool color)
{
	struct buf text = BUF_INIT;
	bool first = true;

	for (size_t c = 0; c < sheet->n_columns; c++) {
		const struct sheet_column *column = &sheet->columns[c];
		const struct sheet_cell *cell = sheet_cell(sheet, row, c);

		if (column->title == NULL)
			continue;
		buf_str(dst, first ? "" : "  ");
		first = false;
		text.n = 0;
		render_cell(&text, sheet, cell, column->style);
		render_padded(dst, &text, widths[c],
		    render_left(column->style, cell), color &&
		    column->style == SHEET_SEVERITY &&
		    cell->kind == SHEET_WORDS ?
		    render_color(sheet_text(sheet, cell)) : NULL);
	}
	render_line(dst);
	buf_free(&text);
}

static void
render_sheet(struct buf *dst, const struct sheet *sheet, bool color)
{
	size_t *widths = render_widths(sheet);
	bool first = true;

	for (size_t c = 0; c < sheet->n_columns; c++) {
		const struct sheet_column *column = &sheet->columns[c];
		struct buf title = BUF_INIT;

		if (column->title == NULL)
			continue;
		buf_str(dst, first ? "" : "  ");
		first = false;
		/* A column of --sql has its name from the question. */
		plain_clean(&title, (struct slice){ column->title,
		    strlen(column->title) });
		render_padded(dst, &title, widths[c],
		    render_left(column->style, NULL), NULL);
		buf_free(&title);
	}
	render_line(dst);
	for (size_t r = 0; r < sheet_rows(sheet); r++)
		render_row(dst, sheet, r, widths, color);
	free(widths);
}

/* "KO, PEP: daily from ... , as of ..." */
static void
render_head(struct buf *dst, const struct answer *answer)
{
	const struct ask *ask = answer->ask;

	for (size_t i = 0; i < ask->n; i++)
		buf_fmt(dst, "%s%s", ask->tickers[i],
		    i + 1 < ask->n ? ", " : ": ");
	buf_fmt(dst, "%s from ", answer->name);
	render_time(dst, ask->from_ts);
	buf_str(dst, " as of ");
	render_time(dst, ask->as_of);
	buf_str(dst, "\n");
}

static void
render_table(struct buf *dst, const struct answer *answer, bool color)
{
	if (answer->ask != NULL)
		render_head(dst, answer);
	if (answer->verdict != NULL)
		buf_fmt(dst, "%s\n", answer->verdict);
	buf_add(dst, answer->lines.p, answer->lines.n);
	if (answer->more.n_columns > 0 && sheet_rows(&answer->more) > 0) {
		render_sheet(dst, &answer->more, color);
		buf_str(dst, "\n");
	}
	if (sheet_rows(&answer->rows) > 0)
		render_sheet(dst, &answer->rows, color);
	else
		buf_str(dst, "no rows\n");
	if (answer->has_seen) {
		buf_str(dst, "coverage: ");
		render_seen(dst, &answer->seen);
		buf_str(dst, "\n");
	}
}

/* ---- csv ---- */

/* Quoted where RFC 4180 asks for it; disarmed, unless raw. */
static void
render_csv_text(struct buf *dst, struct slice text, bool raw)
{
	struct buf clean = BUF_INIT;
	bool quote = false;

	if (!raw && text.n > 0 && strchr("=+-@\t\r\n", text.p[0]) != NULL &&
	    text.p[0] != '\0')
		buf_str(&clean, "'");
	if (raw)
		buf_add(&clean, text.p, text.n);
	else
		plain_clean(&clean, text);
	for (size_t i = 0; i < clean.n; i++)
		quote = quote || strchr("\",\r\n", clean.p[i]) != NULL;
	buf_str(dst, quote ? "\"" : "");
	for (size_t i = 0; i < clean.n; i++)
		buf_add(dst, clean.p[i] == '"' ? "\"\"" : &clean.p[i],
		    clean.p[i] == '"' ? 2 : 1);
	buf_str(dst, quote ? "\"" : "");
	buf_free(&clean);
}

static void
render_csv(struct buf *dst, const struct sheet *sheet, bool raw)
{
	for (size_t c = 0; c < sheet->n_columns; c++) {
		const char *name = sheet->columns[c].name;

		buf_str(dst, c == 0 ? "" : ",");
		render_csv_text(dst, (struct slice){ name, strlen(name) },
		    raw);
	}
	buf_str(dst, "\n");
	for (size_t i = 0; i < sheet_rows(sheet) * sheet->n_columns; i++) {
		const struct sheet_cell *cell = &sheet->cells[i];
		size_t c = i % sheet->n_columns;

		buf_str(dst, c == 0 ? "" : ",");
		if (cell->kind == SHEET_WORDS)
			render_csv_text(dst, sheet_text(sheet, cell), raw);
		else if (cell->kind != SHEET_NONE)
			render_number(dst, cell, sheet->columns[c].style);
		if (c + 1 == sheet->n_columns)
			buf_str(dst, "\n");
	}
}

/* ---- json ---- */

/* Memory apart, only what is no UTF-8 fails: it becomes "?". */
static json_t *
render_json_text(struct slice text)
{
	json_t *value = json_stringn(text.n == 0 ? "" : text.p, text.n);
	char *plain;

	if (value != NULL)
		return value;
	plain = buf_dup(text.p, text.n);
	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)plain[i] >= 0x80)
			plain[i] = '?';
	value = json_stringn(plain, text.n);
	free(plain);
	return value;
}

static json_t *
render_json_decimal(int64_t value, int scale)
{
	int64_t unit = decimal_pow10[scale];

	/* Exact while 15 digits hold it. */
	return value % unit == 0 ? json_integer(value / unit) :
	    json_real((double)value / (double)unit);
}

static json_t *
render_json_cell(const struct sheet *sheet, const struct sheet_cell *cell,
    enum sheet_style style)
{
	char date[DAY_TEXT];

	if (cell->kind == SHEET_WORDS)
		return render_json_text(sheet_text(sheet, cell));
	if (cell->kind == SHEET_REAL)
		return json_real(cell->real);
	if (style == SHEET_BOOL)
		return json_boolean(cell->number != 0);
	if (style == SHEET_DATE)
		return json_stringn(date,
		    day_print(date, (int32_t)cell->number));
	return render_json_decimal(cell->number, sheet_scale(style));
}

static json_t *
render_json_rows(const struct sheet *sheet)
{
	json_t *rows = json_array(), *row = NULL;

	for (size_t i = 0; i < sheet_rows(sheet) * sheet->n_columns; i++) {
		const struct sheet_cell *cell = &sheet->cells[i];
		const struct sheet_column *column =
		    &sheet->columns[i % sheet->n_columns];

		if (i % sheet->n_columns == 0) {
			row = json_object();
			json_array_append_new(rows, row);
		}
		if (cell->kind != SHEET_NONE)
			json_object_set_new(row, column->name,
			    render_json_cell(sheet, cell, column->style));
	}
	return rows;
}

static json_t *
render_json_seen(const struct seen *seen)
{
	json_t *all = json_object(), *blind = json_array();
	json_t *quality = json_array();

	if (seen->expected_ms > 0)
		json_object_set_new(all, "coverage_pct",
		    render_json_decimal(seen_share(seen), DECIMAL_E4));
	json_object_set_new(all, "expected_seconds",
	    render_json_decimal(seen->expected_ms, 3));
	json_object_set_new(all, "seen_seconds",
	    render_json_decimal(seen->seen_ms, 3));
	for (int i = 0; i < QUALITIES; i++)
		if ((seen->quality >> i & 1) != 0)
			json_array_append_new(quality,
			    json_string(render_qualities[i]));
	json_object_set_new(all, "quality", quality);
	for (size_t i = 0; i < seen->n_blind; i++) {
		json_t *span = json_object();

		json_object_set_new(span, "from_ts",
		    json_integer(seen->blind[i].from_ts));
		json_object_set_new(span, "to_ts",
		    json_integer(seen->blind[i].to_ts));
		json_array_append_new(blind, span);
	}
	json_object_set_new(all, "blind", blind);
	return all;
}

static void
render_json_ask(json_t *all, const struct ask *ask)
{
	json_t *tickers = json_array();

	for (size_t i = 0; i < ask->n; i++)
		json_array_append_new(tickers, json_string(ask->tickers[i]));
	json_object_set_new(all, "tickers", tickers);
	json_object_set_new(all, "from_ts", json_integer(ask->from_ts));
	json_object_set_new(all, "as_of", json_integer(ask->as_of));
}

static int
render_json_put(const char *p, size_t n, void *ctx)
{
	buf_add(ctx, p, n);
	return 0;
}

static void
render_json(struct buf *dst, const struct answer *answer)
{
	json_t *all = json_object();

	json_object_set_new(all, "report", json_string(answer->name));
	if (answer->ask != NULL)
		render_json_ask(all, answer->ask);
	if (answer->verdict != NULL)
		json_object_set_new(all, "answer",
		    json_string(answer->verdict));
	if (answer->has_seen)
		json_object_set_new(all, "coverage",
		    render_json_seen(&answer->seen));
	if (answer->more.n_columns > 0)
		json_object_set_new(all, answer->more_name,
		    render_json_rows(&answer->more));
	json_object_set_new(all, "rows", render_json_rows(&answer->rows));
	json_dump_callback(all, render_json_put, dst, JSON_COMPACT |
	    JSON_REAL_PRECISION(15));
	buf_str(dst, "\n");
	json_decref(all);
}

void
render_answer(struct buf *dst, const struct answer *answer,
    enum render_format format, bool color, bool raw)
{
	if (format == RENDER_JSON)
		render_json(dst, answer);
	else if (format == RENDER_CSV)
		render_csv(dst, &answer->rows, raw);
	else
		render_table(dst, answer, color);
}

void
render_free(struct answer *answer)
{
	sheet_free(&answer->rows);
	sheet_free(&answer->more);
	buf_free(&answer->lines);
	free(answer->own);
	if (answer->has_seen)
		seen_done(&answer->seen);
}
