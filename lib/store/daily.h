#ifndef FLOW_DAILY_H
#define FLOW_DAILY_H

#include "base/table.h"
#include "market/flow.h"
#include "store/db.h"

/*
 * The daily summary (domain.md 6.1): a row for each trade date and underlying
 * of which a trade is stored, kept true as records come, cancels and late ones
 * among them, and written once a commit.  market/flow knows what counts.
 */

struct daily_row {
	int64_t date;		/* days since 1970 */
	int64_t symbol;		/* a word */
	struct flow_sum sum;
	int64_t bull_e4, bear_e4;	/* of what counts in sum */
	int64_t blocks;		/* BLOCK events whose print stands */
	int64_t sweeps;		/* of kind SWEEP, a member of which stands */
	int64_t aggressive;	/* AGGRESSIVE events */
	int64_t cancelled;	/* prints taken back */
	bool changed;
	struct daily_row *next;		/* of those changed */
	struct daily_row *other;	/* of all */
};

struct daily {
	struct db_stmt *load, *save;
	struct table table;
	struct daily_row *all, *changed;
};

/* fresh: the table is to be made anew, and what it holds does not count. */
int daily_open(struct daily *daily, struct db *db, bool fresh,
    struct err *err);
void daily_close(struct daily *daily);

/* The row to change; it is written by the next daily_save. */
int daily_row(struct daily *daily, int64_t date, int64_t symbol,
    struct daily_row **out, struct err *err);

/*
 * Adds a trade (sign 1) or takes it back (sign -1); sentiment is a word.
 */
void daily_trade(struct daily_row *row, enum flow_class cls,
    int64_t premium_e4, int64_t size, int64_t sentiment, int sign);

/* Within a transaction, before its commit. */
int daily_save(struct daily *daily, struct err *err);

/* Makes all rows anew from what is stored, in one transaction. */
int daily_rebuild(struct db *db, struct err *err);

/*
 * Appends a line for each row that does not follow from what is stored; their
 * number, or -1 and err.
 */
int daily_check(struct db *db, struct buf *out, struct err *err);

#endif
