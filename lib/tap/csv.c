#include "tap/csv.h"

#include <stdlib.h>
#include <string.h>

enum {
	CSV_READ = 256 << 10,
	CSV_ROW_MAX = 1 << 20		/* a longer row is a bad one */
};

struct csv {
	ssize_t (*reader)(void *, void *, size_t);
	void *ctx;
	char *p;
	size_t cap;
	size_t start, end;		/* unread bytes */
	bool eof, begun, unended;
	int64_t next_line, line;	/* of start; of the row handed out */
	struct slice *cells;
	size_t n, room;
};

struct csv *
csv_new(ssize_t (*reader)(void *ctx, void *dst, size_t n), void *ctx)
{
	struct csv *csv = buf_alloc(1, sizeof(*csv));

	csv->reader = reader;
	csv->ctx = ctx;
	csv->cap = CSV_READ;
	csv->p = buf_alloc(csv->cap, 1);
	csv->next_line = 1;
	return csv;
}

void
csv_free(struct csv *csv)
{
	if (csv == NULL)
		return;
	free(csv->p);
	free(csv->cells);
	free(csv);
}

static void
csv_fill(struct csv *csv)
{
	ssize_t n;

	if (csv->start > 0) {
		memmove(csv->p, csv->p + csv->start, csv->end - csv->start);
		csv->end -= csv->start;
		csv->start = 0;
	}
	if (csv->end == csv->cap) {
		csv->cap *= 2;
		csv->p = buf_realloc(csv->p, csv->cap, 1);
	}
	n = csv->reader(csv->ctx, csv->p + csv->end, csv->cap - csv->end);
	if (n <= 0)
		csv->eof = true;
	else
		csv->end += (size_t)n;
}

/* A line of the bytes at hand from *at on, without its newline. */
static bool
csv_find_line(struct csv *csv, size_t at, size_t *length)
{
	const char *nl;

	for (;;) {
		size_t have = csv->end - csv->start;

		nl = have <= at ? NULL : memchr(csv->p + csv->start + at,
		    '\n', have - at);
		if (nl != NULL) {
			*length = (size_t)(nl - (csv->p + csv->start));
			return true;
		}
		if (csv->eof || have > CSV_ROW_MAX) {
			*length = have;
			return false;
		}
		csv_fill(csv);
	}
}

/* Leaves a line out, however long. */
static void
csv_skip_line(struct csv *csv)
{
	size_t n;

	while (!csv_find_line(csv, 0, &n)) {
		csv->start += n;
		if (csv->eof)
			break;
	}
	if (csv->start < csv->end)
		csv->start += n + 1;
	csv->next_line++;
}

static struct slice
csv_trim(const char *p, size_t n)
{
	while (n > 0 && (*p == ' ' || *p == '\t')) {
		p++;
		n--;
	}
	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == '\t'))
		n--;
	return (struct slice){ p, n };
}

static void
csv_add_cell(struct csv *csv, const char *p, size_t n)
{
	if (csv->n == csv->room) {
		csv->room = csv->room == 0 ? 32 : 2 * csv->room;
		csv->cells = buf_realloc(csv->cells, csv->room,
		    sizeof(*csv->cells));
	}
	csv->cells[csv->n++] = csv_trim(p, n);
}

/* The row of one line without quotes. */
static void
csv_split(struct csv *csv, const char *p, size_t n)
{
	const char *end = p + n, *cell = p;

	for (; p < end; p++)
		if (*p == ',') {
			csv_add_cell(csv, cell, (size_t)(p - cell));
			cell = p + 1;
		}
	csv_add_cell(csv, cell, (size_t)(end - cell));
}

/*
 * Where the quoted cell ends whose text starts at offset at: the offset of its
 * closing quote, or -1 and err.  More is read as needed.
 */
static ssize_t
csv_find_quote(struct csv *csv, size_t at, struct err *err)
{
	for (;; at++) {
		while (csv->end - csv->start < at + 2 && !csv->eof &&
		    csv->end - csv->start <= CSV_ROW_MAX)
			csv_fill(csv);
		if (csv->end - csv->start <= at ||
		    at > CSV_ROW_MAX)
			return err_set(err, "a quoted cell is not closed");
		if (csv->p[csv->start + at] != '"')
			continue;
		if (csv->end - csv->start <= at + 1 ||
		    csv->p[csv->start + at + 1] != '"')
			return (ssize_t)at;
		at++;
	}
}

/* Undoes doubled quotes in a cell at p; returns its new length. */
static size_t
csv_undouble(char *p, size_t n)
{
	char *to = p;

	for (size_t i = 0; i < n; i++) {
		*to++ = p[i];
		if (p[i] == '"')
			i++;
	}
	return (size_t)(to - p);
}

/* A cell as offsets from the row's start, since reading moves the bytes. */
struct csv_span {
	size_t at, n;
	bool quoted;
};

/* The next cell from *at on; *at goes behind its comma or newline. */
static int
csv_next_span(struct csv *csv, size_t *at, struct csv_span *span, bool *last,
    struct err *err)
{
	ssize_t close;
	char c;

	while (csv->end - csv->start <= *at && !csv->eof)
		csv_fill(csv);
	span->quoted = csv->end - csv->start > *at &&
	    csv->p[csv->start + *at] == '"';
	span->at = *at + span->quoted;
	if (span->quoted) {
		close = csv_find_quote(csv, span->at, err);
		if (close < 0)
			return -1;
		span->n = (size_t)close - span->at;
		*at = (size_t)close + 1;
	}
	for (;; (*at)++) {
		if (csv->end - csv->start <= *at && !csv->eof)
			csv_fill(csv);
		if (csv->end - csv->start <= *at) {
			c = '\0';
			csv->unended = true;
			break;
		}
		if (*at > CSV_ROW_MAX)
			return err_set(err, "a row of more than 1 MiB");
		c = csv->p[csv->start + *at];
		if (c == ',' || c == '\n')
			break;
		if (span->quoted && c != '\r' && c != ' ')
			return err_set(err, "text behind a closing quote");
	}
	if (!span->quoted) {
		span->n = *at - span->at;
		if (c == '\n' && span->n > 0 &&
		    csv->p[csv->start + *at - 1] == '\r')
			span->n--;
	}
	*last = c != ',';
	*at += !csv->unended;
	return 0;
}

/* A row with quotes in it; it may go on over several lines. */
static int
csv_read_quoted(struct csv *csv, struct err *err)
{
	struct csv_span *spans = NULL;
	size_t n = 0, room = 0, at = 0;
	bool last = false;
	int r = 0;

	while (!last) {
		if (n == room) {
			room = room == 0 ? 32 : 2 * room;
			spans = buf_realloc(spans, room, sizeof(*spans));
		}
		r = csv_next_span(csv, &at, &spans[n++], &last, err);
		if (r < 0)
			break;
	}
	for (size_t i = 0; r == 0 && i < n; i++) {
		char *p = csv->p + csv->start + spans[i].at;

		csv_add_cell(csv, p, spans[i].quoted ?
		    csv_undouble(p, spans[i].n) : spans[i].n);
	}
	free(spans);
	if (r < 0)
		return -1;
	for (size_t i = 0; i < at; i++)
		csv->next_line += csv->p[csv->start + i] == '\n';
	csv->start += at;
	return 0;
}

static void
csv_skip_mark(struct csv *csv)
{
	while (csv->end - csv->start < 3 && !csv->eof)
		csv_fill(csv);
	if (csv->end - csv->start >= 3 &&
	    memcmp(csv->p + csv->start, "\xef\xbb\xbf", 3) == 0)
		csv->start += 3;
	csv->begun = true;
}

static int
csv_bad_row(struct csv *csv, struct err *err, const char *why)
{
	if (why != NULL)
		err_set(err, "%s", why);
	csv->unended = false;
	csv_skip_line(csv);
	return -1;
}

int
csv_next(struct csv *csv, struct err *err)
{
	const char *p;
	size_t n;
	bool ended;

	if (!csv->begun)
		csv_skip_mark(csv);
	do {
		csv->n = 0;
		csv->line = csv->next_line;
		ended = csv_find_line(csv, 0, &n);
		csv->unended = !ended;
		if (!ended && n == 0)
			return 0;
		if (n > CSV_ROW_MAX)
			return csv_bad_row(csv, err,
			    "a row of more than 1 MiB");
		p = csv->p + csv->start;
		if (memchr(p, '"', n) != NULL) {
			csv->unended = false;
			return csv_read_quoted(csv, err) < 0 ?
			    csv_bad_row(csv, err, NULL) : 1;
		}
		csv->start += n + ended;
		csv->next_line += ended;
		if (n > 0 && p[n - 1] == '\r')
			n--;
	} while (n == 0);
	csv_split(csv, p, n);
	return 1;
}

size_t
csv_count(const struct csv *csv)
{
	return csv->n;
}

struct slice
csv_cell(const struct csv *csv, size_t i)
{
	return i < csv->n ? csv->cells[i] : (struct slice){ NULL, 0 };
}

int64_t
csv_line(const struct csv *csv)
{
	return csv->line;
}

bool
csv_is_unended(const struct csv *csv)
{
	return csv->unended;
}
