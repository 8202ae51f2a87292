#ifndef FLOW_MOMENT_H
#define FLOW_MOMENT_H

#include <stdbool.h>

#include "store/db.h"

/*
 * Which prints of a millisecond are stored, so that none is stored twice and
 * no twin is lost (reliability.md 4.3).  A print that its feed numbers is the
 * one of that number.  Others are told apart by content (contract, exchange,
 * price, size, conditions) and how many equal ones there are: the k-th equal
 * print of a pass over the input is the k-th that is stored.  A numbered print
 * and one without number of the same content are one print on two ways, if
 * there is one of each.
 *
 * The prints of recent milliseconds are in memory, others come from the file.
 */

enum moment_kind {
	MOMENT_CONTENT,		/* no number of the feed */
	MOMENT_SEQUENCE,	/* native is its number */
	MOMENT_NAME		/* native is the hash of a foreign trade_id */
};

struct moment_print {
	int64_t contract;	/* base */
	int64_t exchange;	/* a word */
	int64_t price_e4, size;
	uint64_t conditions;	/* moment_conditions */
	int64_t native;
	int64_t ordinal;	/* last part of its id; -1: none */
	enum moment_kind kind;
};

struct moments;

/* pending: the insert whose batch may hold prints that are not stored yet. */
struct moments *moment_new(struct db *db, struct db_stmt *pending,
    struct err *err);
void moment_free(struct moments *moments);

/* Input that may repeat what was read begins: another part, another file. */
void moment_pass(struct moments *moments);

/*
 * Places a print at ts: 1 when it is new, and *n is its number there; 0 when
 * it is stored, and *n is the number of that one; -1 and err.
 */
int moment_place(struct moments *moments, int64_t ts,
    const struct moment_print *print, int64_t *n, struct err *err);

/*
 * The print at ts that a trade_id names: by its parts, or by its hash when
 * they are not (kind MOMENT_NAME).  Only contract, exchange, native, ordinal
 * and kind are read.  1 and *n, 0 when it is not stored, -1 and err.
 */
int moment_named(struct moments *moments, int64_t ts,
    const struct moment_print *print, int64_t *n, struct err *err);

/* The hash of a foreign id. */
uint64_t moment_hash(struct slice text);

/* Of ["ISOI","AUTO"] as emit writes it, the same in any order. */
uint64_t moment_conditions(struct slice array);

#endif
