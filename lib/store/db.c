#include "store/db.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "store/batch.h"

enum {
	DB_BUSY_MS = 5000,	/* for a foreign writer to finish */
	DB_PAGE = 8192,		/* measured: faster than 4096 */
	DB_CACHE_KIB = 16384,	/* more brings nothing */
	DB_WAL_PAGES = 4096,	/* checkpoint from here on: 32 MiB */
	DB_NFS = 0x6969		/* statfs(2): a WAL needs shared memory */
};

struct db_stmt {
	sqlite3_stmt *stmt;
	struct db *db;
	struct db_stmt *next, **prev;
	struct batch *batch;	/* rows that wait, or NULL */
	uint64_t set[2];	/* parameters below 128 that are not NULL */
};

struct db {
	sqlite3 *sql;
	struct db_stmt *stmts;		/* all that are not finished */
	struct db_stmt *begin, *commit;
	char *path;			/* as named, for messages */
	int lock;			/* descriptor, or -1 */
	int version;
	int status;			/* of the last failure */
	bool durable;
	int wal;			/* pages in the WAL after a commit */
	int due;			/* of them since the last checkpoint */
	int64_t limit_ms, end_ms;	/* of db_guard; 0: none */
};

/* ---- errors ---- */

/* What a restart may heal, and what it will not. */
static int
db_status_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_READONLY:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CANTOPEN:
	case SQLITE_PERM:
	case SQLITE_AUTH:
	case SQLITE_ERROR:
	case SQLITE_SCHEMA:
		return EXIT_USAGE;
	default:
		return EXIT_SYSTEM;
	}
}

static int
db_fail(struct db *db, struct err *err)
{
	int code = sqlite3_extended_errcode(db->sql);
	int cause = sqlite3_system_errno(db->sql);
	const char *more = "", *verb = db->lock < 0 ? "read" : "write";
	char text[64];

	db->status = db_status_of(code);
	if ((code & 0xff) == SQLITE_BUSY)
		more = ": another program writes to it";
	if ((code & 0xff) == SQLITE_INTERRUPT && db->limit_ms > 0)
		return err_set(err, "unable to read %s: not done after %"
		    PRId64 " ms", db->path, db->limit_ms);
	/* Before the version is known --check sees no more than this. */
	if ((code & 0xff) == SQLITE_CORRUPT && db->version > 0)
		more = "; see flow-store --check";
	if (((code & 0xff) == SQLITE_IOERR ||
	    (code & 0xff) == SQLITE_CANTOPEN) && cause != 0) {
		snprintf(text, sizeof(text), ": %s", strerror(cause));
		more = text;
	}
	if ((code & 0xff) == SQLITE_READONLY && db->lock < 0)
		return err_set(err, "unable to read %s: -wal and -shm are not "
		    "beside it, and may not be made there", db->path);
	return err_set(err, "unable to %s %s: %s%s", verb, db->path,
	    sqlite3_errmsg(db->sql), more);
}

const char *
db_wal_bug(void)
{
	return sqlite3_libversion_number() < 3051003 ? sqlite3_libversion() :
	    NULL;
}

int
db_status(const struct db *db)
{
	return db->status;
}

/* ---- one writer ---- */

/* The directory of a file that may not be there; yours to free. */
static char *
db_dir(const char *path, struct err *err)
{
	char *dir = buf_dup(path, strlen(path)), *real;
	char *slash = strrchr(dir, '/');

	if (slash != NULL)
		slash[slash == dir] = '\0';
	real = realpath(slash == NULL ? "." : dir, NULL);
	if (real == NULL)
		err_fill_sys(err, errno, "unable to open %s: directory %s",
		    path, slash == NULL ? "." : dir);
	free(dir);
	return real;
}

/* The file's own name behind links; the result is the caller's to free. */
static char *
db_real(const char *path, struct err *err)
{
	char *real = realpath(path, NULL), *dir;
	const char *slash = strrchr(path, '/');
	struct buf text = BUF_INIT;
	size_t n = strlen(path);

	if (real != NULL)
		return real;
	if (n == 0 || path[n - 1] == '/') {
		err_fill(err, "unable to open %s: not the name of a file",
		    n == 0 ? "the database" : path);
		return NULL;
	}
	dir = db_dir(path, err);
	if (dir == NULL)
		return NULL;
	buf_fmt(&text, "%s/%s", dir, slash == NULL ? path : slash + 1);
	buf_add(&text, "", 1);
	free(dir);
	return text.p;
}

/*
 * A link to what is not there yet has no other name before that is: two
 * writers would lock two names for one file.  SQLite takes an empty file, and
 * has no locks of this process yet that closing could drop.
 */
static void
db_touch(const char *path)
{
	struct stat st;
	int fd;

	if (lstat(path, &st) < 0 || !S_ISLNK(st.st_mode) ||
	    stat(path, &st) == 0)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd >= 0)
		close(fd);
}

/*
 * A record lock on a file of its own: the kernel lets it go with the process,
 * however that ends, and knows who holds it.  The database itself is never
 * opened here: closing it would drop SQLite's own locks.
 */
static int
db_lock(struct db *db, const char *real, struct err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char *name = buf_alloc(strlen(real) + sizeof("-lock"), 1);
	int saved;

	memcpy(name, real, strlen(real));
	memcpy(name + strlen(real), "-lock", sizeof("-lock"));
	db->lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	saved = errno;
	free(name);
	if (db->lock < 0) {
		db->status = saved == ENOSPC ? EXIT_SYSTEM : EXIT_USAGE;
		return err_sys(err, saved, "unable to lock %s", db->path);
	}
	if (fcntl(db->lock, F_SETLK, &lock) == 0)
		return 0;
	db->status = EXIT_SYSTEM;
	lock.l_type = F_WRLCK;
	if (fcntl(db->lock, F_GETLK, &lock) == 0 && lock.l_type != F_UNLCK)
		return err_set(err, "unable to write %s: process %ld writes it",
		    db->path, (long)lock.l_pid);
	return err_set(err, "unable to write %s: another process writes it",
	    db->path);
}

/* ---- opening ---- */

static int
db_connect(struct db *db, const char *real, int flags, struct err *err)
{
	if (sqlite3_open_v2(real, &db->sql, flags | SQLITE_OPEN_NOMUTEX,
	    NULL) != SQLITE_OK) {
		if (db->sql == NULL)
			return err_set(err, "unable to open %s: no memory",
			    db->path);
		return db_fail(db, err);
	}
	sqlite3_extended_result_codes(db->sql, 1);
	sqlite3_busy_timeout(db->sql, DB_BUSY_MS);
	/* A poisoned file must not make SQLite run what it says. */
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	return 0;
}

/* Whose file it is, before anything is written to it. */
static int
db_identify(struct db *db, struct err *err)
{
	int64_t id, version, tables;

	if (db_value(db, "PRAGMA application_id", &id, err) < 0 ||
	    db_value(db, "PRAGMA user_version", &version, err) < 0 ||
	    db_value(db, "SELECT count(*) FROM sqlite_schema", &tables,
	    err) < 0)
		return -1;
	db->status = EXIT_USAGE;
	if (tables > 0 && id != DB_APPLICATION)
		return err_set(err, "unable to use %s: the database of another "
		    "program", db->path);
	if (version > DB_SCHEMA)
		return err_set(err, "unable to use %s: schema %" PRId64
		    " is newer than %d, which this version knows", db->path,
		    version, DB_SCHEMA);
	db->version = (int)version;
	return 0;
}

/* What a writer that died began must first be undone, which readers cannot. */
static bool
db_is_hot(const struct db *db)
{
	int code = db->sql == NULL ? 0 : sqlite3_extended_errcode(db->sql);

	return code == SQLITE_READONLY_ROLLBACK ||
	    code == SQLITE_READONLY_RECOVERY;
}

static int
db_wal_seen(void *ctx, sqlite3 *sql, const char *name, int pages)
{
	struct db *db = ctx;

	(void)sql;
	(void)name;
	db->wal = db->due = pages;
	return SQLITE_OK;
}

static int
db_settle(struct db *db, bool relaxed, struct err *err)
{
	char sql[512];
	int on = 1;

	snprintf(sql, sizeof(sql),
	    "PRAGMA page_size = %d;"
	    "PRAGMA journal_mode = WAL;"
	    "PRAGMA wal_autocheckpoint = 0;"	/* db_commit does it */
	    "PRAGMA journal_size_limit = %d;"
	    "PRAGMA cache_size = -%d;"
	    "PRAGMA temp_store = MEMORY;"
	    "PRAGMA synchronous = %s;",
	    DB_PAGE, 2 * DB_WAL_PAGES * DB_PAGE, DB_CACHE_KIB,
	    relaxed ? "NORMAL" : "FULL");
	if (db_exec(db, sql, err) < 0)
		return -1;
	db->durable = !relaxed;
	sqlite3_wal_hook(db->sql, db_wal_seen, db);
	/* Else a reader of another user fails once the writer is gone. */
	sqlite3_file_control(db->sql, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
	return 0;
}

static int
db_open_write(struct db *db, const char *real, bool relaxed,
    struct err *err)
{
	struct statfs fs;
	struct stat st;

	if (db_lock(db, real, err) < 0)
		return -1;
	db->status = EXIT_USAGE;
	if (fstatfs(db->lock, &fs) == 0 && fs.f_type == DB_NFS)
		return err_set(err, "unable to use %s: not on a network file "
		    "system", db->path);
	/* First as a reader: what is not ours is not even checkpointed. */
	if (stat(real, &st) == 0 && st.st_size > 0) {
		if ((db_connect(db, real, SQLITE_OPEN_READONLY, err) < 0 ||
		    db_identify(db, err) < 0) && !db_is_hot(db))
			return -1;
		sqlite3_close(db->sql);
		db->sql = NULL;
	}
	if (db_connect(db, real, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
	    err) < 0)
		return -1;
	if (sqlite3_db_readonly(db->sql, "main") == 1) {
		db->status = EXIT_USAGE;
		return err_set(err, "unable to write %s: read-only", db->path);
	}
	return db_identify(db, err) < 0 ? -1 :
	    db_settle(db, relaxed, err);
}

static int
db_open_read(struct db *db, const char *real, struct err *err)
{
	struct stat st;

	db->status = EXIT_USAGE;
	if (stat(real, &st) < 0)
		return err_sys(err, errno, "unable to open %s", db->path);
	if (db_connect(db, real, SQLITE_OPEN_READONLY, err) < 0 ||
	    db_identify(db, err) < 0)
		return -1;
	if (db->version == 0)
		return err_set(err, "unable to use %s: nothing was stored yet",
		    db->path);
	return 0;
}

struct db *
db_open(const char *path, enum db_mode mode, bool relaxed,
    int *status, struct err *err)
{
	struct db *db = buf_alloc(1, sizeof(*db));
	struct stat st;
	char *real;
	int r;

	/* One thread, no statistics: less work for each row (measured). */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	db->lock = -1;
	db->status = EXIT_USAGE;
	db->path = buf_dup(path, strlen(path));
	if (mode == DB_WRITE)
		db_touch(path);
	real = db_real(path, err);
	if (real != NULL && stat(real, &st) == 0 && !S_ISREG(st.st_mode)) {
		err_fill(err, "unable to open %s: not a file", path);
		free(real);
		real = NULL;
	}
	r = real == NULL ? -1 : mode == DB_READ ?
	    db_open_read(db, real, err) :
	    db_open_write(db, real, relaxed, err);
	free(real);
	*status = db->status;
	if (r < 0) {
		db_close(db);
		return NULL;
	}
	return db;
}

int
db_version(const struct db *db)
{
	return db->version;
}

bool
db_is_durable(const struct db *db)
{
	return db->durable;
}

void
db_close(struct db *db)
{
	struct db_stmt *stmt, *next;

	if (db == NULL)
		return;
	for (stmt = db->stmts; stmt != NULL; stmt = next) {
		next = stmt->next;
		sqlite3_finalize(stmt->stmt);
		free(stmt);
	}
	sqlite3_close(db->sql);
	if (db->lock >= 0)
		close(db->lock);
	free(db->path);
	free(db);
}

/* ---- statements ---- */

struct db_stmt *
db_prepare(struct db *db, const char *sql, struct err *err)
{
	struct db_stmt *stmt = buf_alloc(1, sizeof(*stmt));

	if (sqlite3_prepare_v3(db->sql, sql, -1, SQLITE_PREPARE_PERSISTENT,
	    &stmt->stmt, NULL) != SQLITE_OK) {
		db_fail(db, err);
		free(stmt);
		return NULL;
	}
	stmt->db = db;
	stmt->next = db->stmts;
	stmt->prev = &db->stmts;
	if (stmt->next != NULL)
		stmt->next->prev = &stmt->next;
	db->stmts = stmt;
	return stmt;
}

void
db_finish(struct db_stmt *stmt)
{
	if (stmt == NULL)
		return;
	sqlite3_finalize(stmt->stmt);
	*stmt->prev = stmt->next;
	if (stmt->next != NULL)
		stmt->next->prev = stmt->prev;
	free(stmt);
}

/* Notes that a parameter has a value, or has none; true when it had one. */
static inline bool
db_note(struct db_stmt *stmt, int at, bool value)
{
	uint64_t *word, bit = UINT64_C(1) << (at % 64);
	bool had;

	if (at >= 128)
		return true;
	word = &stmt->set[at / 64];
	had = (*word & bit) != 0;
	*word = value ? *word | bit : *word & ~bit;
	return had;
}

void
db_bind_int(struct db_stmt *stmt, int at, int64_t value)
{
	if (stmt->batch != NULL) {
		batch_int(stmt->batch, at, value);
		return;
	}
	db_note(stmt, at, true);
	sqlite3_bind_int64(stmt->stmt, at, value);
}

/* Wide rows are mostly NULL, and what is NULL stays so. */
void
db_bind_null(struct db_stmt *stmt, int at)
{
	if (stmt->batch != NULL)
		batch_null(stmt->batch, at);
	else if (db_note(stmt, at, false))
		sqlite3_bind_null(stmt->stmt, at);
}

void
db_bind_text(struct db_stmt *stmt, int at, struct slice text)
{
	if (text.n == 0) {
		db_bind_null(stmt, at);
		return;
	}
	if (stmt->batch != NULL) {
		batch_text(stmt->batch, at, text);
		return;
	}
	db_note(stmt, at, true);
	sqlite3_bind_text64(stmt->stmt, at, text.p, text.n, SQLITE_STATIC,
	    SQLITE_UTF8);
}

void
db_bind_str(struct db_stmt *stmt, int at, const char *text)
{
	db_bind_text(stmt, at, (struct slice){ text, strlen(text) });
}

int
db_step(struct db_stmt *stmt, struct err *err)
{
	int code = sqlite3_step(stmt->stmt);

	if (code == SQLITE_ROW)
		return 1;
	if (code == SQLITE_DONE)
		return 0;
	return db_fail(stmt->db, err);
}

static int
db_finish_run(struct db_stmt *stmt, struct err *err)
{
	int r;

	while ((r = db_step(stmt, err)) > 0)
		;
	sqlite3_reset(stmt->stmt);
	return r;
}

int
db_run(struct db_stmt *stmt, struct err *err)
{
	if (stmt->batch == NULL)
		return db_finish_run(stmt, err);
	return batch_row(stmt->batch) < BATCH_ROWS ? 0 : db_flush(stmt, err);
}

struct db_stmt *
db_prepare_batch(struct db *db, const char *insert, int columns,
    struct err *err)
{
	struct batch *batch = batch_new(db->sql, columns);
	struct buf sql = BUF_INIT;
	struct db_stmt *stmt;

	buf_str(&sql, insert);
	for (int i = 1; i <= columns; i++)
		buf_fmt(&sql, "%s c%d", i == 1 ? " SELECT" : ",", i);
	buf_str(&sql, " FROM batch");
	buf_add(&sql, "", 1);
	stmt = db_prepare(db, sql.p, err);
	buf_free(&sql);
	if (stmt != NULL)
		stmt->batch = batch;
	return stmt;
}

int
db_flush(struct db_stmt *stmt, struct err *err)
{
	if (batch_rows(stmt->batch) == 0)
		return 0;
	if (db_finish_run(stmt, err) < 0)
		return -1;
	batch_clear(stmt->batch);
	return 0;
}

void
db_reset(struct db_stmt *stmt)
{
	sqlite3_reset(stmt->stmt);
}

bool
db_is_null(const struct db_stmt *stmt, int at)
{
	return sqlite3_column_type(stmt->stmt, at) == SQLITE_NULL;
}

int64_t
db_int(const struct db_stmt *stmt, int at)
{
	return sqlite3_column_int64(stmt->stmt, at);
}

struct slice
db_text(const struct db_stmt *stmt, int at)
{
	const unsigned char *p = sqlite3_column_text(stmt->stmt, at);
	int n = sqlite3_column_bytes(stmt->stmt, at);

	return (struct slice){ (const char *)p, p == NULL ? 0 : (size_t)n };
}

int
db_columns(const struct db_stmt *stmt)
{
	return sqlite3_column_count(stmt->stmt);
}

const char *
db_column(const struct db_stmt *stmt, int at)
{
	return sqlite3_column_name(stmt->stmt, at);
}

int
db_value(struct db *db, const char *sql, int64_t *out, struct err *err)
{
	struct db_stmt *stmt = db_prepare(db, sql, err);
	int r;

	if (stmt == NULL)
		return -1;
	*out = 0;
	r = db_step(stmt, err);
	if (r > 0)
		*out = db_int(stmt, 0);
	db_finish(stmt);
	return r < 0 ? -1 : 0;
}

enum db_type
db_type(const struct db_stmt *stmt, int at)
{
	switch (sqlite3_column_type(stmt->stmt, at)) {
	case SQLITE_INTEGER:
		return DB_INT;
	case SQLITE_FLOAT:
		return DB_REAL;
	case SQLITE_TEXT:
		return DB_TEXT;
	case SQLITE_BLOB:
		return DB_BYTES;
	default:
		return DB_NULL;
	}
}

double
db_double(const struct db_stmt *stmt, int at)
{
	return sqlite3_column_double(stmt->stmt, at);
}

/* ---- SQL that is input ---- */

static int
db_allow(void *ctx, int action, const char *a, const char *b,
    const char *schema, const char *inner)
{
	(void)ctx;
	(void)a;
	(void)schema;
	(void)inner;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_RECURSIVE:
		return SQLITE_OK;
	case SQLITE_FUNCTION:
		return b != NULL && strcmp(b, "load_extension") == 0 ?
		    SQLITE_DENY : SQLITE_OK;
	default:
		return SQLITE_DENY;
	}
}

static int64_t
db_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int
db_late(void *ctx)
{
	const struct db *db = ctx;

	return db_now_ms() > db->end_ms;
}

void
db_guard(struct db *db, int64_t limit_ms)
{
	db->limit_ms = limit_ms;
	db->end_ms = db_now_ms() + limit_ms;
	/*
	 * Our views call JSON functions, which older SQLites do not know to be
	 * harmless; here there is nothing else that a poisoned view could do.
	 */
	sqlite3_db_config(db->sql, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL);
	sqlite3_set_authorizer(db->sql, db_allow, NULL);
	/* Instructions between looks at the time: about a tenth of a ms. */
	if (limit_ms > 0)
		sqlite3_progress_handler(db->sql, 10000, db_late, db);
}

struct db_stmt *
db_prepare_one(struct db *db, const char *sql, struct err *err)
{
	struct db_stmt *stmt = db_prepare(db, sql, err);
	const char *rest;

	if (stmt == NULL)
		return NULL;
	rest = sql + (stmt->stmt == NULL ? 0 : strlen(sqlite3_sql(stmt->stmt)));
	if (stmt->stmt != NULL && rest[strspn(rest, "; \t\r\n")] == '\0')
		return stmt;
	db->status = EXIT_USAGE;
	err_fill(err, stmt->stmt == NULL ? "no statement" :
	    "more than one statement");
	db_finish(stmt);
	return NULL;
}

int64_t
db_changes(const struct db *db)
{
	return sqlite3_changes(db->sql);
}

int
db_exec(struct db *db, const char *sql, struct err *err)
{
	if (sqlite3_exec(db->sql, sql, NULL, NULL, NULL) != SQLITE_OK)
		return db_fail(db, err);
	return 0;
}

/* ---- transactions ---- */

static int
db_ready(struct db *db, struct db_stmt **stmt, const char *sql,
    struct err *err)
{
	if (*stmt == NULL)
		*stmt = db_prepare(db, sql, err);
	return *stmt == NULL ? -1 : 0;
}

int
db_begin(struct db *db, struct err *err)
{
	/* Not plain BEGIN: a reader cannot always become a writer. */
	if (db_ready(db, &db->begin, "BEGIN IMMEDIATE", err) < 0)
		return -1;
	return db_run(db->begin, err);
}

int
db_commit(struct db *db, struct err *err)
{
	if (db_ready(db, &db->commit, "COMMIT", err) < 0)
		return -1;
	if (db_run(db->commit, err) < 0)
		return -1;
	return db->due < DB_WAL_PAGES ? 0 : db_checkpoint(db, err);
}

int64_t
db_wal_size(const struct db *db)
{
	return (int64_t)db->wal * DB_PAGE;
}

int
db_checkpoint(struct db *db, struct err *err)
{
	int code = sqlite3_wal_checkpoint_v2(db->sql, "main",
	    SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);

	db->due = 0;
	if (code == SQLITE_OK || (code & 0xff) == SQLITE_BUSY)
		return 0;
	return db_fail(db, err);
}

/* ---- backup ---- */

/* The file and its name are on the disk. */
static int
db_sync(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), r;

	if (fd < 0)
		return -1;
	r = fsync(fd);
	if (close(fd) < 0 || r < 0)
		return -1;
	return 0;
}

static int
db_copy(struct db *db, sqlite3 *to, const char *path, struct err *err)
{
	/* In one step: a writer goes on beside it and never restarts it. */
	sqlite3_backup *copy = sqlite3_backup_init(to, "main", db->sql,
	    "main");
	int code;

	if (copy != NULL)
		sqlite3_backup_step(copy, -1);
	sqlite3_backup_finish(copy);
	code = sqlite3_errcode(to);
	/* Not WAL: whoever reads the copy may not write beside it. */
	if (code == SQLITE_OK)
		code = sqlite3_exec(to, "PRAGMA journal_mode = DELETE", NULL,
		    NULL, NULL);
	if (code == SQLITE_OK)
		return 0;
	db->status = db_status_of(code);
	return err_set(err, "unable to write %s: %s", path,
	    sqlite3_errmsg(to));
}

/*
 * What the backup would replace: not the database itself, and no database with
 * a log beside it, which SQLite would then take for the backup's.
 */
static int
db_replaces(struct db *db, const char *path, struct err *err)
{
	struct stat here, there;
	struct buf log = BUF_INIT;
	int r;

	db->status = EXIT_USAGE;
	if (stat(path, &there) == 0 && stat(sqlite3_db_filename(db->sql,
	    "main"), &here) == 0 && there.st_dev == here.st_dev &&
	    there.st_ino == here.st_ino)
		return err_set(err, "unable to write %s: it is the database",
		    path);
	buf_fmt(&log, "%s-wal", path);
	buf_add(&log, "", 1);
	r = stat(log.p, &there) < 0 || there.st_size == 0 ? 0 :
	    err_set(err, "unable to write %s: it is a database in use, %s "
	    "belongs to it", path, log.p);
	buf_free(&log);
	return r;
}

int
db_backup(struct db *db, const char *path, struct err *err)
{
	struct buf name = BUF_INIT;
	sqlite3 *to = NULL;
	char *dir;
	int r = -1;

	if (db_replaces(db, path, err) < 0 ||
	    (dir = db_dir(path, err)) == NULL)
		return -1;
	buf_fmt(&name, "%s.%ld", path, (long)getpid());
	buf_add(&name, "", 1);
	db->status = EXIT_SYSTEM;
	unlink(name.p);
	if (sqlite3_open_v2(name.p, &to, SQLITE_OPEN_READWRITE |
	    SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		err_fill(err, "unable to open %s: %s", path,
		    sqlite3_errmsg(to));
	else
		r = db_copy(db, to, path, err);
	sqlite3_close(to);
	if (r == 0 && (db_sync(name.p) < 0 || rename(name.p, path) < 0))
		r = err_sys(err, errno, "unable to write %s", path);
	if (r < 0)
		unlink(name.p);
	else if (db_sync(dir) < 0)
		r = err_sys(err, errno, "unable to write %s", path);
	buf_free(&name);
	free(dir);
	return r;
}
