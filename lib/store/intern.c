#include "store/intern.h"

#include <string.h>

enum { INTERN_MOST = 1 << 20 };		/* texts in memory */

int
intern_open(struct intern *intern, struct db *db, const char *table,
    struct err *err)
{
	static const char *const sql[] = {
		"SELECT id FROM %s WHERE text = ?1",
		"INSERT INTO %s(text) VALUES (?1) RETURNING id",
		"SELECT text FROM %s WHERE id = ?1"
	};
	struct db_stmt **const stmts[] = {
		&intern->find, &intern->add, &intern->text
	};
	struct buf text = BUF_INIT;
	int r = 0;

	table_init(&intern->ids);
	memset(intern->recent, 0, sizeof(intern->recent));
	for (int i = 0; i < 3 && r == 0; i++) {
		size_t head = strcspn(sql[i], "%");

		text.n = 0;
		buf_add(&text, sql[i], head);
		buf_str(&text, table);
		buf_add(&text, sql[i] + head + 2, strlen(sql[i]) - head - 1);
		*stmts[i] = db_prepare(db, text.p, err);
		r = *stmts[i] == NULL ? -1 : 0;
	}
	buf_free(&text);
	return r;
}

void
intern_close(struct intern *intern)
{
	table_free(&intern->ids);
}

/* The id of one row of a statement that takes a text; 1, 0 or -1. */
static int
intern_ask(struct db_stmt *stmt, struct slice text, int64_t *id,
    struct err *err)
{
	int r;

	db_bind_text(stmt, 1, text);
	r = db_step(stmt, err);
	if (r > 0)
		*id = db_int(stmt, 0);
	db_reset(stmt);
	return r;
}

static int
intern_long(struct intern *intern, struct slice text, int64_t *id,
    struct err *err)
{
	void **place;
	int r;

	if (intern->ids.n >= INTERN_MOST) {
		table_free(&intern->ids);
		table_init(&intern->ids);
	}
	place = table_at(&intern->ids, text.p, text.n);
	if (*place == NULL) {
		r = intern_ask(intern->find, text, id, err);
		if (r == 0)
			r = intern_ask(intern->add, text, id, err);
		if (r < 0)
			return -1;
		*place = (void *)(intptr_t)*id;
	}
	*id = (intptr_t)*place;
	return 0;
}

/* No text holds a NUL, so one padded with them is itself. */
static struct intern_recent *
intern_recent(struct intern *intern, struct slice text,
    char padded[INTERN_SHORT])
{
	uint64_t a, b;

	memset(padded, 0, INTERN_SHORT);
	memcpy(padded, text.p, text.n);
	memcpy(&a, padded, 8);
	memcpy(&b, padded + 8, 8);
	a = (a ^ b * 31) * UINT64_C(0x9e3779b97f4a7c15);
	return &intern->recent[a >> 56];
}

int
intern_id(struct intern *intern, struct slice text, int64_t *id,
    struct err *err)
{
	char padded[INTERN_SHORT];
	struct intern_recent *recent;

	if (text.n == 0) {
		*id = 0;
		return 0;
	}
	if (text.n > INTERN_SHORT)
		return intern_long(intern, text, id, err);
	recent = intern_recent(intern, text, padded);
	if (recent->id == 0 ||
	    memcmp(recent->text, padded, INTERN_SHORT) != 0) {
		if (intern_long(intern, text, &recent->id, err) < 0)
			return -1;
		memcpy(recent->text, padded, INTERN_SHORT);
	}
	*id = recent->id;
	return 0;
}

int
intern_text(struct intern *intern, int64_t id, struct slice *text,
    struct err *err)
{
	int r;

	db_reset(intern->text);
	db_bind_int(intern->text, 1, id);
	r = db_step(intern->text, err);
	*text = r > 0 ? db_text(intern->text, 0) : (struct slice){ NULL, 0 };
	return r < 0 ? -1 : 0;
}
