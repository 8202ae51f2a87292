#ifndef FLOW_INTERN_H
#define FLOW_INTERN_H

#include "base/table.h"
#include "store/db.h"

/*
 * Texts that repeat, as numbers of a table (id, text) of the database.  What
 * is used stays in memory, up to a bound; behind it the table answers.
 */

struct intern {
	struct db_stmt *find, *add, *text;
	struct table ids;
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
