#include "store/maintain.h"

#include <string.h>

#include "store/daily.h"
#include "store/schema.h"

struct db *
maintain_open(const char *path, enum db_mode mode, int *status,
    struct err *err)
{
	struct db *db = db_open(path, DB_READ, false, status, err);

	if (db == NULL || mode == DB_READ)
		return db;
	db_close(db);	/* it is there and it is ours */
	db = db_open(path, DB_WRITE, false, status, err);
	if (db != NULL && schema_ready(db, err) < 0) {
		*status = db_status(db);
		db_close(db);
		return NULL;
	}
	return db;
}

/* Runs one statement with one number. */
static int
maintain_run(struct db *db, const char *sql, int64_t value, struct err *err)
{
	struct db_stmt *stmt = db_prepare(db, sql, err);
	int r;

	if (stmt == NULL)
		return -1;
	db_bind_int(stmt, 1, value);
	r = db_run(stmt, err);
	db_finish(stmt);
	return r;
}

int
maintain_min_size(struct db *db, int64_t size, struct err *err)
{
	int64_t present;

	if (db_value(db, "SELECT value FROM meta WHERE key = 'min_size'",
	    &present, err) < 0)
		return -1;
	if (present == size)
		return 0;
	return maintain_run(db,
	    "UPDATE meta SET value = ?1 WHERE key = 'min_size'", size, err);
}

int
maintain_retain(struct db *db, int64_t days, struct err *err)
{
	/* A trade date begins on the evening before and ends on its own. */
#define OLD_MS " < (?1 + 1) * 86400000"
	static const struct {
		const char *sql;
	} old[] = {
		{ "DELETE FROM members WHERE ts" OLD_MS " AND EXISTS (SELECT 1"
		    " FROM trades t WHERE t.ts = members.ts AND"
		    " t.n = members.n AND t.date < ?1)" },
		{ "DELETE FROM trades WHERE ts" OLD_MS " AND date < ?1" },
		{ "DELETE FROM sweeps WHERE date < ?1" },
		{ "DELETE FROM cancels WHERE date < ?1" },
		{ "DELETE FROM events WHERE date < ?1" },
		{ "DELETE FROM oi WHERE date < ?1" },
		{ "DELETE FROM daily_rows WHERE date < ?1" },
		{ "DELETE FROM alert_rows WHERE ts < ?1 * 86400000" },
		{ "DELETE FROM signals WHERE ts < ?1 * 86400000" },
		{ "DELETE FROM context WHERE ts < ?1 * 86400000" },
		{ "DELETE FROM bars WHERE ts < ?1 * 86400000" },
		{ "DELETE FROM paper WHERE ts < ?1 * 86400000" },
		{ "DELETE FROM gaps WHERE max(from_ts, to_ts)"
		    " < ?1 * 86400000" },
		{ "DELETE FROM coverage WHERE to_ts < ?1 * 86400000" },
		{ "DELETE FROM audit WHERE ts < ?1 * 86400000" },
		{ "DELETE FROM sweep_ids WHERE ?1 AND id NOT IN (SELECT id FROM"
		    " sweeps) AND id NOT IN (SELECT sweep FROM trades WHERE"
		    " sweep IS NOT NULL) AND id NOT IN (SELECT ref FROM"
		    " events)" },
	};
#undef OLD_MS
	int64_t newest;

	if (db_begin(db, err) < 0 || db_value(db,
	    "SELECT max(date) FROM daily_rows", &newest, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(old) / sizeof(*old); i++)
		if (maintain_run(db, old[i].sql, newest - days, err) < 0)
			return -1;
	return db_commit(db, err);
}

int
maintain_vacuum(struct db *db, struct err *err)
{
	if (db_exec(db, "VACUUM", err) < 0)
		return -1;
	return db_checkpoint(db, err);
}

/* ---- check ---- */

/* Appends the rows of a query, a line each; their number, or -1. */
static int
maintain_list(struct db *db, const char *sql, struct buf *out,
    struct err *err)
{
	struct db_stmt *stmt = db_prepare(db, sql, err);
	int r = -1, n = 0;

	while (stmt != NULL && (r = db_step(stmt, err)) > 0) {
		struct slice text = db_text(stmt, 0);

		buf_add(out, text.p, text.n);
		buf_str(out, "\n");
		n++;
	}
	db_finish(stmt);
	return r < 0 ? -1 : n;
}

int
maintain_check(struct db *db, struct buf *out, struct err *err)
{
	static const struct {
		const char *sql;
	} rules[] = {
		{ "SELECT 'member of a sweep without its print: ' || m.ts"
		    " || ' ' || m.n FROM members m LEFT JOIN trades t"
		    " ON t.ts = m.ts"
		    " AND t.n = m.n WHERE t.ts IS NULL LIMIT 100" },
		{ "SELECT 'trade without its contract: ' || t.ts || ' ' || t.n"
		    " FROM trades t LEFT JOIN contracts c ON c.id = t.contract"
		    " WHERE c.id IS NULL LIMIT 100" },
	};
	size_t start = out->n;
	struct err why;
	int n = maintain_list(db, "PRAGMA integrity_check", out, &why);
	int findings = n != 1 || out->n - start != 3 ||
	    memcmp(out->p + start, "ok\n", 3) != 0;

	if (n < 0)	/* so damaged that it cannot be looked at */
		buf_fmt(out, "%s\n", why.text);
	for (size_t i = 0; !findings && i < sizeof(rules) / sizeof(*rules);
	    i++) {
		out->n = start;
		n = maintain_list(db, rules[i].sql, out, err);
		if (n < 0)
			return -1;
		findings = n > 0;
	}
	if (!findings) {
		out->n = start;
		n = daily_check(db, out, err);
		if (n < 0)
			return -1;
		findings = n > 0;
	}
	if (!findings)
		buf_str(out, "ok\n");
	return findings;
}
