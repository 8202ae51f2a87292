#ifndef FLOW_SINK_LOG_H
#define FLOW_SINK_LOG_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/day.h"

/*
 * The alert log of source 0: flow_alerts_YYYYMMDD.log in a directory, one file
 * for each trade date, appended to.  Each text is one write, so what several
 * processes append does not mix.  What was written outlives the process at
 * once; it is synced to the disk when its file is left, for another date or at
 * the end, because a replay can always make it again.
 *
 * The first failure ends it: later texts are left out, and the caller, who
 * has other places for them, says so.
 */

struct sink_log {
	const char *path;	/* the directory, borrowed */
	int dir, fd;		/* -1: none open */
	char date[DAY_TEXT];	/* of the file open */
	bool failed;
	struct err err;		/* why */
};

/* Makes the directory when it is not there.  0, or -1 and err. */
int sink_log_open(struct sink_log *log, const char *path, struct err *err);

/*
 * Appends text to the file of a date, YYYY-MM-DD.  -1 at the failure that
 * ends it (err holds why), else 0.
 */
int sink_log_write(struct sink_log *log, struct slice date,
    struct slice text);

/* Syncs and closes.  As sink_log_write. */
int sink_log_close(struct sink_log *log);

#endif
