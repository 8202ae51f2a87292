#ifndef FLOW_MAINTAIN_H
#define FLOW_MAINTAIN_H

#include "store/db.h"

/*
 * What is done to a database now and then, beside the stream.  Functions
 * return 0, or -1 and err; db_status has the exit status.
 */

/* A database that exists, migrated when it is opened for writing. */
struct db *maintain_open(const char *path, enum db_mode mode, int *status,
    struct err *err);

/* Least size, in contracts, of what options_flow_history shows. */
int maintain_min_size(struct db *db, int64_t size, struct err *err);

/*
 * Deletes what belongs to trade dates more than days before the newest that is
 * stored: trades and all that refers to them, summaries too.  The clock takes
 * no part.
 */
int maintain_retain(struct db *db, int64_t days, struct err *err);

int maintain_vacuum(struct db *db, struct err *err);

/*
 * Looks for damage and for summaries that do not follow from the trades: a
 * line for each finding, or "ok".  1 when there are findings.
 */
int maintain_check(struct db *db, struct buf *out, struct err *err);

#endif
