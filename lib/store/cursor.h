#ifndef FLOW_CURSOR_H
#define FLOW_CURSOR_H

#include <stdbool.h>

#include "record/scan.h"
#include "store/db.h"

/*
 * How much of flow-tap's journal is stored.  Heartbeats and bye tell n, how
 * many records flow-tap has sent in its run; n less those that came here
 * since the hello is where this pass began, and stays the same as long as
 * nothing is lost, left out or rejected on the way.  Then the first n records
 * of the run are stored, if the pass began no later than what was stored
 * before: the table cursor has n as run/RUN, committed with the rows.
 */

struct cursor {
	struct db_stmt *get, *set;
	struct buf name;		/* run/RUN of the last hello */
	int64_t count;			/* of flow-tap's records since then */
	int64_t from;			/* n before the first; -1: not known */
	int64_t to;			/* n up to which all came; -1: none */
	bool whole;			/* nothing was lost since the hello */
	bool durable;			/* else nothing is ever said */
};

int cursor_open(struct cursor *cursor, struct db *db, struct err *err);
void cursor_close(struct cursor *cursor);

/* The stream: a hello; a data record of this kind that is stored; others. */
int cursor_hello(struct cursor *cursor, struct scan *scan, struct err *err);
void cursor_data(struct cursor *cursor, struct slice kind);
void cursor_control(struct cursor *cursor, struct scan *scan);

/* Within a transaction, before its commit. */
int cursor_save(struct cursor *cursor, struct err *err);

/*
 * Appends a line for each day of the journal in dir, oldest first: its date,
 * "stored", "missing" or "open", and how many of its records are not known to
 * be stored, with tabs between.  1 when a day is missing, 0, -1 and err.
 */
int cursor_list(struct db *db, const char *dir, struct buf *out,
    struct err *err);

#endif
