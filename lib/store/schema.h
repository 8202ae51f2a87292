#ifndef FLOW_SCHEMA_H
#define FLOW_SCHEMA_H

#include "store/db.h"

/*
 * The tables, and the views under the names that the sources of this toolkit
 * use.  A file says in user_version which it has; schema_ready takes it
 * forward, one transaction a step, so that a crash leaves the old or the new.
 *
 * How things are kept: prices and money in 1/10,000 dollar (_e4), ratios in
 * millionths (_e6), times in ms UTC, dates in days since 1970.  Contracts and
 * words that repeat are numbers of the tables contracts and words.  A trade is
 * found by its ms and its number within it, so time comes first in the key and
 * a day is appended at the end of the file.  Nothing is updated in place but
 * what is derived: daily_rows and coverage.
 */

/*
 * Words that views and sums select by have these numbers in each file; 0 is
 * the empty text.  Macros, for they stand in SQL too.
 */
#define SCHEMA_BULLISH 1
#define SCHEMA_BEARISH 2
#define SCHEMA_SWEEP 3
#define SCHEMA_SPLIT 4
#define SCHEMA_VENDOR 5
#define SCHEMA_ABOVE_ASK 6
#define SCHEMA_BELOW_BID 7
#define SCHEMA_BLOCK 8
#define SCHEMA_AGGRESSIVE 9
#define SCHEMA_WORDS(WORD)						\
	WORD(BULLISH) WORD(BEARISH) WORD(SWEEP) WORD(SPLIT)		\
	WORD(VENDOR) WORD(ABOVE_ASK) WORD(BELOW_BID) WORD(BLOCK)	\
	WORD(AGGRESSIVE)

/* Makes or migrates; the db is open for writing. */
int schema_ready(struct db *db, struct err *err);

#endif
