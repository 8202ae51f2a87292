#ifndef FLOW_LISTED_H
#define FLOW_LISTED_H

#include "report/render.h"

/*
 * Reports that list what is stored: prints, events, alerts, open interest.
 * They ask the views that flow-store documents, so that SQL by hand says the
 * same.  Each fills the rows of the answer; -1 and err.
 */

/* Trades, the newest first. */
int listed_recent(const struct ask *ask, struct answer *answer,
    struct err *err);

/* Trades by premium, the largest first. */
int listed_unusual(const struct ask *ask, struct answer *answer,
    struct err *err);

/* Counts and sums by underlying and sentiment, with what was seen of each. */
int listed_sentiment(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err);

/* Events in the order of their time, the newest first. */
int listed_history(const struct ask *ask, struct answer *answer,
    struct err *err);

/* Events by premium, and how many of each type. */
int listed_events(const struct ask *ask, struct answer *answer,
    struct err *err);

/* From the least severe to the most. */
extern const char *const listed_severities[];

/*
 * Alerts that were sent, the newest first, of at least a severity (index of
 * listed_severities).
 */
int listed_alerts(const struct ask *ask, int least, struct answer *answer,
    struct err *err);

/* Changes of open interest of at least min contracts, the largest first. */
int listed_oi(const struct ask *ask, int64_t min, struct answer *answer,
    struct err *err);

/* Whatever one statement selects. */
int listed_sql(struct db *db, const char *sql, struct answer *answer,
    struct err *err);

#endif
