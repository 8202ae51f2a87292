#ifndef FLOW_BATCH_H
#define FLOW_BATCH_H

#include "base/buf.h"

/*
 * Rows of one table that are inserted together: a virtual table whose rows are
 * in memory, and one INSERT ... SELECT from it.  The table's cursors then stay
 * where the last row went, and appending needs no search (measured: half again
 * as fast as a statement a row).  For db.c alone.
 */

struct sqlite3;
struct batch;

enum { BATCH_ROWS = 256 };

/* Registers the virtual table "batch" with columns c1 to c<columns>. */
struct batch *batch_new(struct sqlite3 *sql, int columns);

/* Ends with the connection, which calls it. */
void batch_free(void *batch);

/* The row in the making: columns from 1; what is not set is NULL. */
void batch_int(struct batch *batch, int at, int64_t value);
void batch_null(struct batch *batch, int at);
/* The text is copied. */
void batch_text(struct batch *batch, int at, struct slice text);

/* The row is complete; how many wait now, BATCH_ROWS at most. */
int batch_row(struct batch *batch);
int batch_rows(const struct batch *batch);

/* Forgets them, once they are inserted. */
void batch_clear(struct batch *batch);

#endif
