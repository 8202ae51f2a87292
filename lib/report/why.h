#ifndef FLOW_WHY_H
#define FLOW_WHY_H

#include "report/render.h"

/*
 * Why a stored trade, sweep or alert says what it says: each tag beside what
 * the rules make of the stored facts (report/prove.h).
 */

enum why_result {
	WHY_AGREES,		/* all that could be recomputed does */
	WHY_DIFFERS,		/* a tag does not */
	WHY_OPEN,		/* nothing could be recomputed */
	WHY_UNKNOWN_ID
};

/*
 * id: a trade_id, sweep_id or alert_id.  A row for each tag, and the facts as
 * the answer's other table.  0, or -1 and err.
 */
int why_report(struct db *db, const char *id, struct answer *answer,
    enum why_result *result, struct err *err);

/* ---- for the kinds of records ---- */

/* A word by its number, in SQL. */
#define WHY_TEXT(of) "(SELECT text FROM words WHERE id = " of ")"

/* An answer in the making. */
struct why {
	struct db *db;
	struct sheet *rows, *facts;
	struct buf from;	/* what the next rows went by */
	const char *unknown;	/* why the next rows cannot be recomputed */
	int same, other;	/* rows that agree, and that do not */
};

/* What follows goes by other inputs. */
void why_from(struct why *why);
void why_in(struct why *why, const char *name, int64_t value, int scale);
void why_in_text(struct why *why, const char *name, struct slice value);

/*
 * A row: what is stored and what the rule gives.  Empty texts and TRADE_NONE
 * are absent; when both are, there is no row.
 */
void why_text(struct why *why, const char *tag, const char *rule,
    struct slice stored, struct slice again);
void why_word(struct why *why, const char *tag, const char *rule,
    struct slice stored, const char *again);
void why_number(struct why *why, const char *tag, const char *rule,
    int64_t stored, int64_t again, int scale);
/* fits: whether they agree is known already. */
void why_rounded(struct why *why, const char *tag, const char *rule,
    int64_t stored, int64_t again, int scale, bool fits);
/* No row when both are false and quiet is true. */
void why_flag(struct why *why, const char *tag, const char *rule,
    bool stored, bool again, bool quiet);

/*
 * The first n columns of a row as facts.  "_e4" and "_e6" at the end of a
 * column's name are the unit of its number.
 */
void why_facts(struct why *why, const struct db_stmt *row, int n);

/* TRADE_NONE when it is NULL. */
int64_t why_int(const struct db_stmt *row, int at);

/*
 * Prepares a query with one text and up to two numbers, and takes its first
 * row: 1, 0 when there is none, -1.  *out is finished unless it is 1.
 */
int why_row(struct db *db, const char *sql, struct slice text, int64_t a,
    int64_t b, struct db_stmt **out, struct err *err);

#endif
