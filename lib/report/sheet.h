#ifndef FLOW_SHEET_H
#define FLOW_SHEET_H

#include <stdbool.h>

#include "store/db.h"

/*
 * Rows and columns of an answer, in memory, before anybody knows how they will
 * be written.  Numbers are exact: what a column's style says is their unit.
 */

enum sheet_style {
	SHEET_TEXT,
	SHEET_SEVERITY,		/* a text that may have a colour */
	SHEET_COUNT,
	SHEET_BOOL,
	SHEET_MONEY,		/* 1/10,000 dollar */
	SHEET_PRICE,		/* 1/10,000 dollar, decimals as they are */
	SHEET_RATIO,		/* millionths */
	SHEET_SHARE,		/* per cent, 1/10,000 of one */
	SHEET_DATE,		/* days since 1970 */
	SHEET_TIME,		/* ms UTC since 1970 */
	SHEET_ANY		/* as the cell says (--sql) */
};

struct sheet_column {
	const char *name;	/* as records spell it; csv and json */
	const char *title;	/* in a table; NULL: not in tables */
	enum sheet_style style;
};

enum sheet_kind { SHEET_NONE, SHEET_NUMBER, SHEET_REAL, SHEET_WORDS };

struct sheet_cell {
	enum sheet_kind kind;
	int64_t number;		/* or the length of the words */
	double real;
	size_t at;		/* of words, in sheet.text */
};

struct sheet {
	const struct sheet_column *columns;
	size_t n_columns;
	struct sheet_cell *cells;	/* row after row */
	size_t n_cells, cap;
	struct buf text;
};

/* The columns are borrowed. */
void sheet_init(struct sheet *sheet, const struct sheet_column *columns,
    size_t n);
void sheet_free(struct sheet *sheet);

/* The next cell; a row is complete when it has all columns. */
void sheet_none(struct sheet *sheet);
void sheet_number(struct sheet *sheet, int64_t value);
void sheet_maybe(struct sheet *sheet, int64_t value);	/* INT64_MIN: none */
void sheet_words(struct sheet *sheet, struct slice text);
void sheet_str(struct sheet *sheet, const char *text);

/*
 * The first n columns of a statement's row, as the styles of the next columns
 * have it.
 */
void sheet_take(struct sheet *sheet, const struct db_stmt *stmt, int n);

/* All rows of a statement, one column of it for each of the sheet. */
int sheet_query(struct sheet *sheet, struct db_stmt *stmt, struct err *err);

size_t sheet_rows(const struct sheet *sheet);
const struct sheet_cell *sheet_cell(const struct sheet *sheet, size_t row,
    size_t column);
/* Valid until the sheet changes. */
struct slice sheet_text(const struct sheet *sheet,
    const struct sheet_cell *cell);

/* Decimals behind the point of a style's unit: 4 for money. */
int sheet_scale(enum sheet_style style);

/*
 * A condition on a column of numbers: "put_call_ratio>2", with < <= = != >= >.
 * What is absent fulfils none.
 */
struct sheet_where {
	size_t column;
	bool less, equal, more;	/* than the value: fulfilled when */
	int64_t value;		/* in the column's unit */
};

/* -1 and err when the text is no condition on these columns. */
int sheet_where(const char *text, const struct sheet_column *columns,
    size_t n, struct sheet_where *out, struct err *err);

/* Leaves out the rows that do not fulfil it. */
void sheet_keep(struct sheet *sheet, const struct sheet_where *where);

/* Leaves out all rows but the first n. */
void sheet_cut(struct sheet *sheet, size_t n);

#endif
