#ifndef FLOW_CSV_LOG_H
#define FLOW_CSV_LOG_H

#include "base/buf.h"
#include "paper/book.h"

/*
 * Signals and paper trades for spreadsheets: signals.csv and paper.csv in a
 * directory, appended to, a header in a new file (RFC 4180, LF, empty =
 * absent).  Each row is one write.  A text that a spreadsheet would calculate
 * gets a ' before it.
 */

struct csv_log {
	int signals, paper;		/* descriptors */
	struct buf row;
	bool failed;			/* nothing is written any more */
	struct err err;			/* why */
};

/* Makes the directory if needed; -1 and err when it cannot be written. */
int csv_log_open(struct csv_log *log, const char *dir, struct err *err);

void csv_log_signal(struct csv_log *log, const struct entry *entry);
void csv_log_paper(struct csv_log *log, const struct book_item *item,
    enum book_mark mark);

/* Synced and closed; failed tells whether all is there. */
void csv_log_close(struct csv_log *log);

#endif
