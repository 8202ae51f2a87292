#ifndef FLOW_INTERN_H
#define FLOW_INTERN_H

#include "base/table.h"
#include "store/db.h"

/*
 * Texts that repeat, as numbers of a table (id, text) of the database.  What
 * is used stays in memory, up to a bound; behind it the table answers.
 */

enum { INTERN_SHORT = 16, INTERN_RECENT = 256 };

struct intern {
	struct db_stmt *find, *add, *text;
	struct table ids;
	/* Short texts met lately, found without hashing all of them. */
	struct intern_recent {
		char text[INTERN_SHORT];	/* padded with NUL */
		int64_t id;			/* 0: none */
	} recent[INTERN_RECENT];
};

/* table: "words" or "sweep_ids". */
int intern_open(struct intern *intern, struct db *db, const char *table,
    struct err *err);
void intern_close(struct intern *intern);

/* The number of a text, made when it is new. */
int intern_id(struct intern *intern, struct slice text, int64_t *id,
    struct err *err);

/*
 * The text of a number, empty when there is none; valid until the next call.
 */
int intern_text(struct intern *intern, int64_t id, struct slice *text,
    struct err *err);

#endif
