#ifndef FLOW_ASK_H
#define FLOW_ASK_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/day.h"
#include "store/db.h"

/*
 * What is asked of the database: which tickers, which time.  "Now" is the
 * newest moment that is stored, not the clock's, so that a question has one
 * answer however late it is asked; only a gate looks at the clock.
 */

#define ASK_NONE INT64_MIN	/* not said */

struct ask {
	struct db *db;
	char *const *tickers;	/* n of them; none: all */
	size_t n;
	int64_t since, until;	/* ms UTC, until excluded; or ASK_NONE */
	int64_t days, hours;	/* back from now; or 0 */
	int64_t limit;		/* rows; or 0 */

	/* Set by ask_time. */
	int64_t from_ts, to_ts;	/* to_ts excluded */
	int64_t as_of;		/* the last ms of it */
	int32_t first, last;	/* open days; first > last: none */
};

/*
 * Reads a time as flow-tap does: a date is its midnight in New York, others
 * are UTC ("2025-11-24T14:30:00Z") or ms since 1970.
 */
int ask_parse_time(const char *text, int64_t *out, struct err *err);

/* The newest moment that is stored, or ASK_NONE. */
int ask_newest(struct db *db, int64_t *out, struct err *err);

/*
 * Sets the time asked about.  now: a moment, or ASK_NONE for the newest that
 * is stored; --until stands over both.  days and hours hold where neither
 * since nor days nor hours were said; days counts calendar days, the last
 * included.  1; 0 when nothing is stored; -1 and err.
 */
int ask_time(struct ask *ask, int64_t now, int64_t days, int64_t hours,
    struct err *err);

/*
 * Within which instants the trades of some dates were, the second excluded:
 * from the session before, whose evening may belong to the first date already,
 * to the end of the last.
 */
void ask_instants(int32_t first, int32_t last, int64_t *from_ts,
    int64_t *to_ts);

/*
 * Prepares head, the condition on tickers, and tail, with ?1 from_ts, ?2
 * to_ts and ?3 the limit (-1: none); tickers from ?9.
 */
struct db_stmt *ask_prepare(const struct ask *ask, const char *head,
    const char *column, const char *tail, int64_t limit, struct err *err);

#endif
