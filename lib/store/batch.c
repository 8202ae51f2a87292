#include "store/batch.h"

#include <sqlite3.h>
#include <stdlib.h>

enum batch_type { BATCH_NULL, BATCH_INT, BATCH_TEXT };

struct batch {
	int columns;
	int n;				/* complete rows */
	int64_t *values;		/* of a text: offset and length */
	unsigned char *types;
	struct buf texts;
};

/* ---- the virtual table ---- */

struct batch_table {
	sqlite3_vtab base;
	struct batch *batch;
};

struct batch_cursor {
	sqlite3_vtab_cursor base;
	struct batch *batch;
	int row;
};

static int
batch_connect(sqlite3 *sql, void *aux, int argc, const char *const *argv,
    sqlite3_vtab **out, char **why)
{
	struct batch_table *table = buf_alloc(1, sizeof(*table));
	struct buf text = BUF_INIT;
	int code;

	(void)argc;
	(void)argv;
	(void)why;
	table->batch = aux;
	for (int i = 1; i <= table->batch->columns; i++)
		buf_fmt(&text, "%s c%d", i == 1 ? "CREATE TABLE batch(" : ",",
		    i);
	buf_add(&text, ")", 2);
	code = sqlite3_declare_vtab(sql, text.p);
	buf_free(&text);
	*out = &table->base;
	return code;
}

static int
batch_disconnect(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

static int
batch_best(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->estimatedCost = BATCH_ROWS;
	info->estimatedRows = BATCH_ROWS;
	return SQLITE_OK;
}

static int
batch_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
	struct batch_cursor *cursor = buf_alloc(1, sizeof(*cursor));

	cursor->batch = ((struct batch_table *)(void *)table)->batch;
	*out = &cursor->base;
	return SQLITE_OK;
}

static int
batch_close(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static struct batch_cursor *
batch_cursor_of(sqlite3_vtab_cursor *cursor)
{
	return (struct batch_cursor *)(void *)cursor;
}

static int
batch_filter(sqlite3_vtab_cursor *cursor, int index, const char *name,
    int argc, sqlite3_value **argv)
{
	(void)index;
	(void)name;
	(void)argc;
	(void)argv;
	batch_cursor_of(cursor)->row = 0;
	return SQLITE_OK;
}

static int
batch_next(sqlite3_vtab_cursor *cursor)
{
	batch_cursor_of(cursor)->row++;
	return SQLITE_OK;
}

static int
batch_eof(sqlite3_vtab_cursor *cursor)
{
	struct batch_cursor *c = batch_cursor_of(cursor);

	return c->row >= c->batch->n;
}

static int
batch_column(sqlite3_vtab_cursor *cursor, sqlite3_context *result, int at)
{
	struct batch_cursor *c = batch_cursor_of(cursor);
	struct batch *batch = c->batch;
	size_t cell = (size_t)c->row * (size_t)batch->columns + (size_t)at;
	uint64_t value = (uint64_t)batch->values[cell];

	switch (batch->types[cell]) {
	case BATCH_INT:
		sqlite3_result_int64(result, (int64_t)value);
		break;
	case BATCH_TEXT:
		sqlite3_result_text(result, batch->texts.p + (value >> 32),
		    (int)(value & UINT32_MAX), SQLITE_STATIC);
		break;
	default:		/* NULL is what a result is */
		break;
	}
	return SQLITE_OK;
}

static int
batch_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
	*out = batch_cursor_of(cursor)->row;
	return SQLITE_OK;
}

static const sqlite3_module batch_module = {
	.iVersion = 1,
	.xConnect = batch_connect,
	.xBestIndex = batch_best,
	.xDisconnect = batch_disconnect,
	.xOpen = batch_open,
	.xClose = batch_close,
	.xFilter = batch_filter,
	.xNext = batch_next,
	.xEof = batch_eof,
	.xColumn = batch_column,
	.xRowid = batch_rowid,
};

/* ---- rows ---- */

struct batch *
batch_new(struct sqlite3 *sql, int columns)
{
	struct batch *batch = buf_alloc(1, sizeof(*batch));
	size_t cells = (size_t)columns * BATCH_ROWS;

	batch->columns = columns;
	batch->values = buf_alloc(cells, sizeof(*batch->values));
	batch->types = buf_alloc(cells, 1);
	/* When it fails, so does the statement that names the table. */
	sqlite3_create_module_v2(sql, "batch", &batch_module, batch,
	    batch_free);
	return batch;
}

void
batch_free(void *ctx)
{
	struct batch *batch = ctx;

	free(batch->values);
	free(batch->types);
	buf_free(&batch->texts);
	free(batch);
}

static size_t
batch_cell(const struct batch *batch, int at)
{
	return (size_t)batch->n * (size_t)batch->columns + (size_t)at - 1;
}

void
batch_int(struct batch *batch, int at, int64_t value)
{
	size_t cell = batch_cell(batch, at);

	batch->values[cell] = value;
	batch->types[cell] = BATCH_INT;
}

void
batch_null(struct batch *batch, int at)
{
	batch->types[batch_cell(batch, at)] = BATCH_NULL;
}

void
batch_text(struct batch *batch, int at, struct slice text)
{
	size_t cell = batch_cell(batch, at);

	batch->values[cell] = (int64_t)((uint64_t)batch->texts.n << 32 |
	    text.n);
	batch->types[cell] = BATCH_TEXT;
	buf_add(&batch->texts, text.p, text.n);
}

int
batch_row(struct batch *batch)
{
	return ++batch->n;
}

int
batch_rows(const struct batch *batch)
{
	return batch->n;
}

void
batch_clear(struct batch *batch)
{
	memset(batch->types, BATCH_NULL,
	    (size_t)batch->n * (size_t)batch->columns);
	batch->n = 0;
	batch->texts.n = 0;
}
