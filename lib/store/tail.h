#ifndef FLOW_TAIL_H
#define FLOW_TAIL_H

#include <stdbool.h>

#include "record/scan.h"
#include "store/db.h"

/*
 * flow-alert's journal, read as far as it is written: DIR/YYYYMMDD.ndjson,
 * alert records in whole lines.  How far each file was read stands in the
 * table cursor, as alerts/YYYYMMDD.ndjson, and is committed with the rows of
 * what was read; so a crash repeats nothing and leaves nothing out.  An alert
 * that is stored already is known by its alert_id.
 *
 * All streams of a user share that journal.  Here belong the alerts of the
 * runs that are stored here, which the table cursor has as begun/RUN.  A stream
 * that names no run is the run with an empty name, as it is in its alerts.
 *
 * What was read before a run began here is read again for the alerts of that
 * run alone, for others may have been deleted since on purpose.  Until then the
 * position of begun/RUN is 0, afterwards 1.
 */

struct tail {
	struct db *db;
	const char *dir;		/* borrowed; NULL: there is none */
	struct scan *scan;
	struct db_stmt *position, *move, *insert;
	struct db_stmt *begin, *begun, *caught;
	bool again;			/* a run's position is 0 */
	int64_t bad;			/* lines that are no alert */
	struct err why;			/* the first of them */
};

/* insert: a statement that stores the alert record of its parameter. */
int tail_open(struct tail *tail, struct db *db, const char *dir,
    struct db_stmt *insert, struct err *err);
void tail_close(struct tail *tail);

/* The stream is of this run from here on; within a transaction. */
int tail_begin(struct tail *tail, struct slice run, struct err *err);

/*
 * True when a file has whole lines that were not read, or not for all runs.  A
 * directory that is not there has none.
 */
bool tail_waits(struct tail *tail);

/*
 * Reads them, within a transaction.  demo: the made-up alerts are those that
 * belong here, else they are the ones that do not; the others are passed over.
 * 0, or -1 and err when the database fails.
 */
int tail_take(struct tail *tail, bool demo, struct err *err);

#endif
