#ifndef FLOW_COLUMN_H
#define FLOW_COLUMN_H

#include "record/scan.h"
#include "store/intern.h"

/*
 * Which member of a record is which column of its table, and back.  Members
 * without a column, and those whose value a column cannot hold, stay as they
 * are in the column extra, so a record comes out of the file as it went in but
 * for the order of its members and for null and false, which mean absent.
 */

/* Bits of trades.flags that are no member. */
enum {
	COLUMN_TAGGED = 5,	/* the five is_* that classify always sets */
	COLUMN_FED = 6,		/* seq is the feed's sequence */
	COLUMN_CANCEL_BIT = 8,	/* is_cancel */
	COLUMN_CANCELLED = 9	/* is_cancelled */
};

enum column_kind {
	COLUMN_TRADE,
	COLUMN_SWEEP,
	COLUMN_CANCEL,
	COLUMN_EVENT,
	COLUMN_OI,
	COLUMN_KINDS
};

/*
 * Prepares the insert of a kind's rows; what is there already is left alone.
 * The first parameters are the caller's.  Trades are inserted in batches
 * (db_prepare_batch), and it is for the caller to know that they are new.
 */
struct db_stmt *column_insert(struct db *db, enum column_kind kind,
    struct err *err);

/*
 * Appends "t.a, t.b, t.extra": the columns that are not the caller's, t being
 * the table's name in a query.
 */
void column_list(struct buf *sql, enum column_kind kind);

/* The members that have a place, of each kind. */
struct column_known {
	struct key_set keys[COLUMN_KINDS];
};

void column_known_init(struct column_known *known);

/* Members the caller has no place for; they go to extra. */
struct column_left {
	struct key_set keys;
	bool any;
};

void column_leave(struct column_left *left, enum key key);

/* The bits of the members that are true; COLUMN_TAGGED among them. */
int64_t column_flags(const struct scan *scan);

/*
 * Binds all but the caller's parameters of a record at ts.  extra lends the
 * memory of that column until the statement is reset.  left: what of the
 * caller's own members could not be taken.
 */
int column_bind(enum column_kind kind, const struct column_known *known,
    struct db_stmt *stmt, struct scan *scan, int64_t ts,
    struct intern *words, struct column_left *left, struct buf *extra,
    struct err *err);

/*
 * Appends the members of a row to a record that is open: first is the first of
 * column_list.
 */
int column_emit(enum column_kind kind, struct buf *dst,
    struct db_stmt *stmt, int first, int64_t ts, struct intern *words,
    struct err *err);

/* The members that are true. */
void column_emit_flags(struct buf *dst, int64_t flags);

#endif
