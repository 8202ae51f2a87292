#ifndef FLOW_COVERAGE_H
#define FLOW_COVERAGE_H

#include "record/scan.h"
#include "store/db.h"

/*
 * When we looked and when we were blind (reliability.md 4.4): spans of event
 * time with a quality, from hello, heartbeat, gap and bye.  Without it no
 * trades and nothing seen would look alike.  Spans of the same feed, mode,
 * universe and quality are merged, so feeding a day again changes none; each
 * gap keeps its own, which a later state of it replaces.  A stream without
 * hello claims nothing.
 *
 * Made-up streams and files (mode demo, replay) watched nothing: their
 * heartbeats are made of the records, history before the session among them.
 * There each trade date's span begins at its first trade.
 */

struct coverage {
	struct db *db;
	struct db_stmt *reach, *join, *add, *drop_gap, *gap;
	struct buf feed, mode, universe, run;	/* of the last hello */
	int64_t from_ts, to_ts;		/* the present span */
	bool open;			/* a hello came */
	bool any;			/* and a time after it */
	bool changed;			/* since the last save */
	bool filed;			/* of mode demo or replay */
	int64_t until_ts;		/* where its date ends, when filed */
};

int coverage_open(struct coverage *coverage, struct db *db, struct err *err);
void coverage_close(struct coverage *coverage);

/*
 * hello begins a span, the time of every trade and heartbeat lengthens it, bye
 * ends it.
 */
int coverage_hello(struct coverage *coverage, struct scan *scan,
    struct err *err);
void coverage_time(struct coverage *coverage, int64_t ts, bool trade);

/*
 * True when a time would leap to another date: within one a stream has a
 * heartbeat every second, and a file has none of the days that it leaves out.
 * The span is to be saved first; the time then begins another.
 */
bool coverage_leaps(const struct coverage *coverage, int64_t ts, bool trade);
int coverage_bye(struct coverage *coverage, struct err *err);

/*
 * The gap record scanned: 1 when it is new, 0, -1 and err; *bad when it is the
 * record that is wrong.
 */
int coverage_gap(struct coverage *coverage, struct scan *scan, bool *bad,
    struct err *err);

/* Within a transaction, before its commit. */
int coverage_save(struct coverage *coverage, struct err *err);

#endif
