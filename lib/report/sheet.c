#include "report/sheet.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

void
sheet_init(struct sheet *sheet, const struct sheet_column *columns, size_t n)
{
	*sheet = (struct sheet){ .columns = columns, .n_columns = n };
}

void
sheet_free(struct sheet *sheet)
{
	free(sheet->cells);
	buf_free(&sheet->text);
}

static struct sheet_cell *
sheet_next(struct sheet *sheet, enum sheet_kind kind)
{
	struct sheet_cell *cell;

	if (sheet->n_cells == sheet->cap) {
		sheet->cap = sheet->cap == 0 ? 64 : 2 * sheet->cap;
		sheet->cells = buf_realloc(sheet->cells, sheet->cap,
		    sizeof(*sheet->cells));
	}
	cell = &sheet->cells[sheet->n_cells++];
	*cell = (struct sheet_cell){ .kind = kind };
	return cell;
}

void
sheet_none(struct sheet *sheet)
{
	sheet_next(sheet, SHEET_NONE);
}

void
sheet_number(struct sheet *sheet, int64_t value)
{
	sheet_next(sheet, SHEET_NUMBER)->number = value;
}

void
sheet_maybe(struct sheet *sheet, int64_t value)
{
	if (value == INT64_MIN)
		sheet_none(sheet);
	else
		sheet_number(sheet, value);
}

void
sheet_words(struct sheet *sheet, struct slice text)
{
	struct sheet_cell *cell = sheet_next(sheet, SHEET_WORDS);

	cell->number = (int64_t)text.n;
	cell->at = sheet->text.n;
	buf_add(&sheet->text, text.p, text.n);
}

void
sheet_str(struct sheet *sheet, const char *text)
{
	sheet_words(sheet, (struct slice){ text, strlen(text) });
}

/* X'0AFF', as SQL writes bytes that are no text. */
static void
sheet_bytes(struct sheet *sheet, struct slice bytes)
{
	struct buf text = BUF_INIT;

	buf_str(&text, "X'");
	for (size_t i = 0; i < bytes.n; i++)
		buf_fmt(&text, "%02X", (unsigned char)bytes.p[i]);
	buf_str(&text, "'");
	sheet_words(sheet, (struct slice){ text.p, text.n });
	buf_free(&text);
}

static void
sheet_take_one(struct sheet *sheet, const struct db_stmt *stmt, int at,
    enum sheet_style style)
{
	enum db_type type = db_type(stmt, at);

	if (type == DB_NULL)
		sheet_none(sheet);
	else if (style == SHEET_ANY && type == DB_REAL)
		sheet_next(sheet, SHEET_REAL)->real = db_double(stmt, at);
	else if (style == SHEET_ANY && type == DB_BYTES)
		sheet_bytes(sheet, db_text(stmt, at));
	else if (style == SHEET_TEXT || style == SHEET_SEVERITY ||
	    (style == SHEET_ANY && type == DB_TEXT))
		sheet_words(sheet, db_text(stmt, at));
	else
		sheet_number(sheet, db_int(stmt, at));
}

void
sheet_take(struct sheet *sheet, const struct db_stmt *stmt, int n)
{
	size_t first = sheet->n_cells % sheet->n_columns;

	for (int i = 0; i < n; i++)
		sheet_take_one(sheet, stmt, i,
		    sheet->columns[first + (size_t)i].style);
}

int
sheet_query(struct sheet *sheet, struct db_stmt *stmt, struct err *err)
{
	int r;

	while ((r = db_step(stmt, err)) > 0)
		sheet_take(sheet, stmt, (int)sheet->n_columns);
	return r;
}

size_t
sheet_rows(const struct sheet *sheet)
{
	return sheet->n_columns == 0 ? 0 : sheet->n_cells / sheet->n_columns;
}

const struct sheet_cell *
sheet_cell(const struct sheet *sheet, size_t row, size_t column)
{
	return &sheet->cells[row * sheet->n_columns + column];
}

struct slice
sheet_text(const struct sheet *sheet, const struct sheet_cell *cell)
{
	return (struct slice){ sheet->text.p + cell->at,
	    (size_t)cell->number };
}

int
sheet_scale(enum sheet_style style)
{
	switch (style) {
	case SHEET_MONEY:
	case SHEET_PRICE:
	case SHEET_SHARE:
		return DECIMAL_E4;
	case SHEET_RATIO:
		return DECIMAL_E6;
	default:
		return 0;
	}
}

/* ---- conditions ---- */

static const struct {
	const char *text;
	bool less, equal, more;
} sheet_signs[] = {
	{ "<=", true, true, false }, { ">=", false, true, true },
	{ "!=", true, false, true }, { "<", true, false, false },
	{ ">", false, false, true }, { "=", false, true, false }
};

enum { SIGNS = sizeof(sheet_signs) / sizeof(*sheet_signs) };

int
sheet_where(const char *text, const struct sheet_column *columns, size_t n,
    struct sheet_where *out, struct err *err)
{
	size_t name = strcspn(text, "<>=! "), column = 0, sign = 0;
	const char *rest = text + name + strspn(text + name, " ");
	struct err why;

	while (column < n && (strlen(columns[column].name) != name ||
	    strncmp(columns[column].name, text, name) != 0))
		column++;
	if (column == n || columns[column].style == SHEET_TEXT ||
	    columns[column].style == SHEET_DATE)
		return err_set(err, "%.*s: not a column of numbers",
		    name > 40 ? 40 : (int)name, text);
	while (sign < SIGNS && strncmp(rest, sheet_signs[sign].text,
	    strlen(sheet_signs[sign].text)) != 0)
		sign++;
	if (sign == SIGNS)
		return err_set(err, "%s: not one of < <= = != >= >",
		    columns[column].name);
	rest += strlen(sheet_signs[sign].text);
	rest += strspn(rest, " ");
	*out = (struct sheet_where){ column, sheet_signs[sign].less,
	    sheet_signs[sign].equal, sheet_signs[sign].more, 0 };
	if (decimal_parse(rest, strlen(rest),
	    sheet_scale(columns[column].style), &out->value, &why) < 0)
		return err_set(err, "%s: %s", columns[column].name, why.text);
	return 0;
}

static bool
sheet_fulfils(const struct sheet_cell *cell, const struct sheet_where *where)
{
	if (cell->kind != SHEET_NUMBER)
		return false;
	return cell->number < where->value ? where->less :
	    cell->number > where->value ? where->more : where->equal;
}

void
sheet_keep(struct sheet *sheet, const struct sheet_where *where)
{
	size_t rows = sheet_rows(sheet), kept = 0, n = sheet->n_columns;

	for (size_t i = 0; i < rows; i++) {
		if (!sheet_fulfils(sheet_cell(sheet, i, where->column),
		    where))
			continue;
		memmove(sheet->cells + kept * n, sheet->cells + i * n,
		    n * sizeof(*sheet->cells));
		kept++;
	}
	sheet->n_cells = kept * n;
}

void
sheet_cut(struct sheet *sheet, size_t n)
{
	if (sheet_rows(sheet) > n)
		sheet->n_cells = n * sheet->n_columns;
}
