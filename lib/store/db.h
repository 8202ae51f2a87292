#ifndef FLOW_DB_H
#define FLOW_DB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * The one face of SQLite: an open database, its statements, its transactions.
 * A file has one process that writes it, held by a lock file beside it; that
 * process alone commits and checkpoints, because SQLite before 3.51.3 can lose
 * pages when two do (the WAL-reset bug).  Every other opener is read-only.
 *
 * Functions return -1 and err when SQLite refuses; db_status then says which
 * exit status that is.  Texts are bound, never formatted into SQL.
 */

/* "flow" in the file's header: what else calls itself a database is foreign */
enum { DB_APPLICATION = 0x666c6f77 };

enum { DB_SCHEMA = 2 };		/* the newest user_version known here */

enum db_mode {
	DB_WRITE,		/* the writing process; makes the file */
	DB_READ			/* beside a writer or without one */
};

struct db;

/*
 * Opens path.  The directory must exist.  A file of a newer version than
 * DB_SCHEMA, and one that is not ours, is left untouched.  NULL on failure,
 * with *status the exit status: EXIT_USAGE when a restart would not help,
 * EXIT_SYSTEM when it may (another writer, a full disk).  relaxed: a power cut
 * may take the newest commits (synchronous NORMAL); without it a commit is on
 * the disk when it returns (FULL).
 */
struct db *db_open(const char *path, enum db_mode mode, bool relaxed,
    int *status, struct err *err);

/* The user_version; 0 for a file just made. */
int db_version(const struct db *db);

/* Opened for writing, and not relaxed. */
bool db_is_durable(const struct db *db);

/* Closes; what was not committed is not there.  db may be NULL. */
void db_close(struct db *db);

/*
 * The version of SQLite when it has the WAL-reset bug (below 3.51.3), else
 * NULL.
 */
const char *db_wal_bug(void);

/* The exit status that goes with the last failure. */
int db_status(const struct db *db);

/* Runs statements that yield nothing; sql is ours, never input. */
int db_exec(struct db *db, const char *sql, struct err *err);

/* BEGIN IMMEDIATE, COMMIT; a commit is followed by a checkpoint when due. */
int db_begin(struct db *db, struct err *err);
int db_commit(struct db *db, struct err *err);

/*
 * Bytes beside the file that the last commit left, waiting for it.  Many when
 * a reader does not let go: nothing is moved past what it looks at.
 */
int64_t db_wal_size(const struct db *db);

/* Moves what is committed into the file, as far as readers let it. */
int db_checkpoint(struct db *db, struct err *err);

/* Rows that the last INSERT, UPDATE or DELETE changed. */
int64_t db_changes(const struct db *db);

/* Copies what is committed into another file, complete or not at all. */
int db_backup(struct db *db, const char *path, struct err *err);

/* ---- statements ---- */

struct db_stmt;

/* NULL on failure.  Finished by db_close at the latest. */
struct db_stmt *db_prepare(struct db *db, const char *sql, struct err *err);

/*
 * A statement that inserts many rows as one: insert is "INSERT INTO t(...)",
 * its columns the parameters.  db_run keeps the row, which is in the table
 * after db_flush; db_commit does not flush.  One for each db.
 */
struct db_stmt *db_prepare_batch(struct db *db, const char *insert,
    int columns, struct err *err);
int db_flush(struct db_stmt *stmt, struct err *err);

/*
 * Parameters, from 1.  Texts are borrowed until db_reset; an empty slice is
 * NULL.  They cannot fail: memory apart, only a wrong index would.
 */
void db_bind_int(struct db_stmt *stmt, int at, int64_t value);
void db_bind_null(struct db_stmt *stmt, int at);
void db_bind_text(struct db_stmt *stmt, int at, struct slice text);
void db_bind_str(struct db_stmt *stmt, int at, const char *text);

/* 1 with a row, 0 at the end, -1 and err. */
int db_step(struct db_stmt *stmt, struct err *err);

/* Runs a statement to its end and makes it ready again.  0 or -1. */
int db_run(struct db_stmt *stmt, struct err *err);

/* Ready again; parameters keep their values, but texts are NULL. */
void db_reset(struct db_stmt *stmt);
void db_finish(struct db_stmt *stmt);

/* Columns of the row, from 0.  Texts live until the next step. */
bool db_is_null(const struct db_stmt *stmt, int at);
int64_t db_int(const struct db_stmt *stmt, int at);
struct slice db_text(const struct db_stmt *stmt, int at);
int db_columns(const struct db_stmt *stmt);
const char *db_column(const struct db_stmt *stmt, int at);

/* The type of a column's value, and a real one; -1.5 is a DB_REAL. */
enum db_type { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BYTES };
enum db_type db_type(const struct db_stmt *stmt, int at);
double db_double(const struct db_stmt *stmt, int at);

/* First column of the first row of a query; 0 when there is none. */
int db_value(struct db *db, const char *sql, int64_t *out, struct err *err);

/* ---- SQL that is input ---- */

/*
 * From now on statements may only read what is stored: all others, PRAGMA and
 * ATTACH among them, are refused when they are prepared.  All that run from
 * here on have limit_ms together; 0: no limit.  The time is the machine's.
 */
void db_guard(struct db *db, int64_t limit_ms);

/* As db_prepare, for a text that must be one statement. */
struct db_stmt *db_prepare_one(struct db *db, const char *sql,
    struct err *err);

#endif
