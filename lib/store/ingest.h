#ifndef FLOW_INGEST_H
#define FLOW_INGEST_H

#include "record/control.h"
#include "store/db.h"

/*
 * Records to rows, each once: what is stored already is recognised and left
 * as it is.  Rows wait in a transaction until ingest_commit; a crash before
 * it leaves none of them.  Quotes, chains and kinds that nobody knows are not
 * stored.
 */

struct ingest;

enum ingest_result {
	INGEST_DONE,
	INGEST_BAD,		/* the record is wrong, err says how */
	INGEST_FAILED		/* the database is: nothing more can be done */
};

/*
 * db is open for writing and ready; borrowed.  alerts: the directory of
 * flow-alert's journal, which is read at each commit, or NULL; borrowed.  NULL
 * and err on failure.
 */
struct ingest *ingest_new(struct db *db, const char *alerts, struct err *err);
void ingest_free(struct ingest *ingest);

/* Another file or another part of the stream begins, which may repeat. */
void ingest_pass(struct ingest *ingest);

/* A data record: name is its kind. */
enum ingest_result ingest_data(struct ingest *ingest, struct scan *scan,
    struct slice name, struct err *err);

/* A control record. */
enum ingest_result ingest_control(struct ingest *ingest, struct scan *scan,
    enum control_kind kind, struct err *err);

/*
 * An entry of the audit: what does not add up.  stage and run of whoever
 * tells; the time is the stream's.
 */
enum ingest_result ingest_audit(struct ingest *ingest, struct slice stage,
    struct slice severity, struct slice code, struct slice message,
    struct err *err);

/* Rows that wait for a commit. */
int64_t ingest_waiting(const struct ingest *ingest);

/*
 * Makes them durable, with summaries, coverage and what flow-alert's journal
 * has that is new.  0 or -1.
 */
int ingest_commit(struct ingest *ingest, struct err *err);

/* Lines of that journal that were no alert, *why the first of them. */
int64_t ingest_strange(const struct ingest *ingest, const char **why);

/* What became of the data records of this run. */
struct ingest_count {
	int64_t stored;		/* new rows */
	int64_t known;		/* stored before */
	int64_t passed;		/* of kinds that are not stored */
};

const struct ingest_count *ingest_counts(const struct ingest *ingest);

#endif
