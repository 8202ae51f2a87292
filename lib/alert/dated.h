#ifndef FLOW_DATED_H
#define FLOW_DATED_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/day.h"

/*
 * A directory with a file for each trade date, appended to: the alert log of
 * source 0 and the journal of decisions.  Each text is one write, so what
 * several processes append does not mix.  What was written outlives the
 * process at once; it is synced to the disk when its file is left, for another
 * date or at the end, because a replay can always make it again.
 *
 * The first failure ends it: later texts are left out, and the caller, who
 * has other places for them, says so.
 */

struct dated_kind {
	const char *what;	/* "alert log", for messages */
	const char *prefix;	/* of a file's name, before YYYYMMDD */
	const char *suffix;
	/*
	 * The texts are whole lines that a program reads: what a process that
	 * died left of one is cut before another is added.
	 */
	bool lines;
};

struct dated {
	const struct dated_kind *kind;	/* borrowed, as path */
	const char *path;		/* the directory */
	int dir, fd;			/* -1: none open */
	char date[DAY_TEXT];		/* of the file open */
	bool failed;
	struct err err;			/* why */
};

extern const struct dated_kind dated_log;	/* flow_alerts_YYYYMMDD.log */
extern const struct dated_kind dated_journal;	/* YYYYMMDD.ndjson */

/*
 * Makes the directory, and those above it, when it is not there.  0, or -1
 * with err; then it has failed, and can be used as one that failed.
 */
int dated_open(struct dated *dated, const struct dated_kind *kind,
    const char *path);

/*
 * Appends text to the file of a date, YYYY-MM-DD.  -1 at the failure that
 * ends it (err holds why), else 0.
 */
int dated_write(struct dated *dated, struct slice date, struct slice text);

/* Syncs and closes.  As dated_write. */
int dated_close(struct dated *dated);

#endif
