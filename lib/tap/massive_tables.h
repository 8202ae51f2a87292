#ifndef FLOW_MASSIVE_TABLES_H
#define FLOW_MASSIVE_TABLES_H

#include "base/buf.h"

/*
 * Massive's own tables of sale conditions and exchanges, kept in a file beside
 * those that are built in: what a new number is called is known without a new
 * program.  A line each, behind a first line that says what the file is:
 *
 *	flow-tables 1 massive
 *	condition 219 Intermarket Sweep Order
 *	exchange 302 XCBO
 */

enum { MASSIVE_TABLES_MOST = 1 << 20 };	/* bytes of the file */

struct massive_tables_setup {
	const char *key, *rest_url, *ca_file;
	const char *path;		/* of the file, replaced as a whole */
};

/*
 * Fetches both, replaces the file, and appends to out a line for each number
 * that differs from what is built in and one for each table.  Returns an exit
 * status, and err unless it is EXIT_DONE; then the file is as it was.
 */
int massive_tables_refresh(const struct massive_tables_setup *setup,
    struct buf *out, struct err *err);

/* Where the file is: yours to free; NULL when no place for it is known. */
char *massive_tables_path(void);

/* Appends the file to text; nothing when there is none, or it is no table. */
void massive_tables_read(const char *path, struct buf *text);

/*
 * The name that the text has for a number, empty when it has none.  kind:
 * "condition" or "exchange".
 */
struct slice massive_tables_name(struct slice text, const char *kind,
    int64_t number);

#endif
