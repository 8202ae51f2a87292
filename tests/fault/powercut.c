/*
 * Power cuts (reliability.md C2).  A child stores synthetic trades through
 * lib/store over a VFS of its own, which knows what was written to each file
 * since its last xSync.  At a random operation the power goes: each 512-byte
 * sector of that is kept, dropped or torn, each change of a file's size stays
 * or not, a file that was never synced may be gone, and what shared memory
 * there was is.  The parent then opens what is left by SQLite's own VFS and
 * looks at every row.  A database lives for 20 cuts.
 *
 * usage: [N=200] [SEED=1] [MODE=durable|relaxed] powercut
 *
 * durable: every trade whose commit returned is there.  relaxed: the file is
 * sound and holds the first of the trades.  Prints one JSON line; exits 1 when
 * anything was wrong.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "record/scan.h"
#include "store/ingest.h"
#include "store/schema.h"

enum { SECTOR = 512, FILES = 8, LIFE = 20, NAME = 512 };

/* What a file was at its last xSync, as far as it has changed. */
struct sectors {
	char name[NAME];		/* empty: the place is free */
	sqlite3_file *real;		/* NULL: not open */
	int64_t size;			/* then */
	bool synced;			/* ever */
	struct sector {
		int64_t number;
		char was[SECTOR];
	} *changed;
	size_t n;
	uint32_t *at;			/* number to its place + 1 */
	size_t n_at;
};

struct shim {
	sqlite3_file base;
	struct sectors *sectors;	/* NULL: not watched */
	sqlite3_file *real;
};

static sqlite3_vfs *disk;		/* SQLite's own */
static struct sectors all[FILES];
static int64_t left;			/* operations until the power goes */
static uint64_t dice;

/* splitmix64 (Vigna 2015), public domain. */
static uint64_t
roll(uint64_t below)
{
	uint64_t z = dice += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (z ^ (z >> 31)) % below;
}

static void
die(const char *what)
{
	fprintf(stderr, "powercut: %s\n", what);
	_exit(4);
}

/* ---- what was written ---- */

static void
read_real(sqlite3_file *real, char *dst, int64_t at)
{
	int code = real->pMethods->xRead(real, dst, SECTOR, at);

	if (code != SQLITE_OK && code != SQLITE_IOERR_SHORT_READ)
		die("unable to read");
}

static int64_t
size_of(sqlite3_file *real)
{
	sqlite3_int64 size = 0;

	real->pMethods->xFileSize(real, &size);
	return size;
}

/* Keeps what a sector was, the first time it changes after a sync. */
static void
keep(struct sectors *s, int64_t number)
{
	struct sector *sector;

	if ((size_t)number >= s->n_at) {
		size_t n = (size_t)number * 2 + 64;

		s->at = buf_realloc(s->at, n, sizeof(*s->at));
		memset(s->at + s->n_at, 0, (n - s->n_at) * sizeof(*s->at));
		s->n_at = n;
	}
	if (s->at[number] != 0)
		return;
	s->changed = buf_realloc(s->changed, s->n + 1, sizeof(*s->changed));
	sector = &s->changed[s->n++];
	sector->number = number;
	s->at[number] = (uint32_t)s->n;
	read_real(s->real, sector->was, number * SECTOR);
}

static void
keep_span(struct sectors *s, int64_t from, int64_t to)
{
	for (int64_t i = from / SECTOR; i * SECTOR < to; i++)
		keep(s, i);
}

static void
forget(struct sectors *s)
{
	for (size_t i = 0; i < s->n; i++)
		s->at[s->changed[i].number] = 0;
	s->n = 0;
	s->size = size_of(s->real);
}

/* ---- the cut ---- */

/* One sector, of which the disk may have all, nothing or a part. */
static void
cut_sector(sqlite3_file *real, const struct sector *sector)
{
	char now[SECTOR];
	size_t torn = (size_t)roll(SECTOR);

	read_real(real, now, sector->number * SECTOR);
	switch (roll(3)) {
	case 0:
		return;
	case 1:
		memcpy(now, sector->was, SECTOR);
		break;
	default:
		if (roll(2) == 0)
			memcpy(now, sector->was, torn);
		else
			memcpy(now + torn, sector->was + torn, SECTOR - torn);
		break;
	}
	if (real->pMethods->xWrite(real, now, SECTOR,
	    sector->number * SECTOR) != SQLITE_OK)
		die("unable to write");
}

static void
cut_file(struct sectors *s)
{
	int64_t size = size_of(s->real), whole = size;

	if (s->size != size && roll(2) == 0)
		whole = s->size;
	for (size_t i = 0; i < s->n; i++)
		if (s->changed[i].number * SECTOR < whole)
			cut_sector(s->real, &s->changed[i]);
	/* A sector may have been written past the end. */
	s->real->pMethods->xTruncate(s->real, whole);
	if (!s->synced && roll(2) == 0)
		unlink(s->name);
}

static void
cut(void)
{
	for (int i = 0; i < FILES; i++) {
		size_t n = strlen(all[i].name);
		char shm[NAME + 8];

		if (all[i].real != NULL)
			cut_file(&all[i]);
		if (n > 4 && strcmp(all[i].name + n - 4, "-wal") == 0) {
			snprintf(shm, sizeof(shm), "%.*s-shm", (int)n - 4,
			    all[i].name);
			unlink(shm);
		}
	}
	_exit(0);
}

/* Before each operation that changes something or makes it last. */
static void
spend(void)
{
	if (left-- == 0)
		cut();
}

/* ---- the VFS ---- */

static sqlite3_file *
real_of(sqlite3_file *file)
{
	return ((struct shim *)file)->real;
}

static int
shim_close(sqlite3_file *file)
{
	struct shim *shim = (struct shim *)file;
	int code = shim->real->pMethods->xClose(shim->real);

	/* What was not synced stays in doubt no longer: that is SQLite's. */
	if (shim->sectors != NULL) {
		free(shim->sectors->changed);
		free(shim->sectors->at);
		memset(shim->sectors, 0, sizeof(*shim->sectors));
	}
	free(shim->real);
	return code;
}

static int
shim_read(sqlite3_file *file, void *dst, int n, sqlite3_int64 at)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xRead(real, dst, n, at);
}

static int
shim_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	struct sectors *s = ((struct shim *)file)->sectors;
	sqlite3_file *real = real_of(file);

	if (s != NULL) {
		spend();
		keep_span(s, at, at + n);
	}
	return real->pMethods->xWrite(real, p, n, at);
}

static int
shim_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct sectors *s = ((struct shim *)file)->sectors;
	sqlite3_file *real = real_of(file);

	if (s != NULL) {
		spend();
		keep_span(s, size, size_of(real));
	}
	return real->pMethods->xTruncate(real, size);
}

static int
shim_sync(sqlite3_file *file, int flags)
{
	struct sectors *s = ((struct shim *)file)->sectors;

	(void)flags;
	if (s != NULL) {
		spend();
		forget(s);
		s->synced = true;
	}
	return SQLITE_OK;
}

static int
shim_size(sqlite3_file *file, sqlite3_int64 *size)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xFileSize(real, size);
}

static int
shim_lock(sqlite3_file *file, int lock)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xLock(real, lock);
}

static int
shim_unlock(sqlite3_file *file, int lock)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xUnlock(real, lock);
}

static int
shim_reserved(sqlite3_file *file, int *held)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xCheckReservedLock(real, held);
}

static int
shim_control(sqlite3_file *file, int op, void *arg)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xFileControl(real, op, arg);
}

static int
shim_sector_size(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xSectorSize(real);
}

static int
shim_device(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xDeviceCharacteristics(real);
}

static int
shim_map(sqlite3_file *file, int page, int size, int extend,
    void volatile **out)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xShmMap(real, page, size, extend, out);
}

static int
shim_shm_lock(sqlite3_file *file, int offset, int n, int flags)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xShmLock(real, offset, n, flags);
}

static void
shim_barrier(sqlite3_file *file)
{
	sqlite3_file *real = real_of(file);

	real->pMethods->xShmBarrier(real);
}

static int
shim_unmap(sqlite3_file *file, int remove)
{
	sqlite3_file *real = real_of(file);

	return real->pMethods->xShmUnmap(real, remove);
}

static const sqlite3_io_methods shim_methods = {
	.iVersion = 2, .xClose = shim_close, .xRead = shim_read,
	.xWrite = shim_write, .xTruncate = shim_truncate, .xSync = shim_sync,
	.xFileSize = shim_size, .xLock = shim_lock, .xUnlock = shim_unlock,
	.xCheckReservedLock = shim_reserved, .xFileControl = shim_control,
	.xSectorSize = shim_sector_size, .xDeviceCharacteristics = shim_device,
	.xShmMap = shim_map, .xShmLock = shim_shm_lock,
	.xShmBarrier = shim_barrier, .xShmUnmap = shim_unmap
};

/* Files with a name that are written are watched. */
static struct sectors *
watch(const char *name, sqlite3_file *real, int flags, bool there)
{
	struct sectors *s = all;

	if (name == NULL || (flags & SQLITE_OPEN_READWRITE) == 0 ||
	    strlen(name) >= NAME)
		return NULL;
	while (s < all + FILES && s->name[0] != '\0')
		s++;
	if (s == all + FILES)
		die("too many files");
	memcpy(s->name, name, strlen(name) + 1);
	s->real = real;
	s->size = size_of(real);
	s->synced = there;
	return s;
}

static int
shim_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
    int *out)
{
	struct shim *shim = (struct shim *)file;
	bool there = name != NULL && access(name, F_OK) == 0;
	int got = flags, code;

	(void)vfs;
	memset(shim, 0, sizeof(*shim));
	shim->real = buf_alloc(1, (size_t)disk->szOsFile);
	code = disk->xOpen(disk, name, shim->real, flags, &got);
	if (out != NULL)
		*out = got;
	if (code != SQLITE_OK) {
		free(shim->real);
		return code;
	}
	shim->sectors = watch(name, shim->real, got, there);
	shim->base.pMethods = &shim_methods;
	return SQLITE_OK;
}

static int
shim_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	spend();
	return disk->xDelete(disk, name, sync);
}

static void
shim_register(sqlite3_vfs *shim)
{
	disk = sqlite3_vfs_find(NULL);
	*shim = *disk;
	shim->zName = "powercut";
	shim->szOsFile = sizeof(struct shim);
	shim->xOpen = shim_open;
	shim->xDelete = shim_delete;
	if (sqlite3_vfs_register(shim, 1) != SQLITE_OK)
		die("unable to register the VFS");
}

/* ---- the trades ---- */

#define START_MS INT64_C(1763994600000)	/* 2025-11-24 09:30 in New York */

/* Three share a millisecond, at different prices. */
static void
trade_of(int64_t k, int64_t *ts, int64_t *price_e4, int64_t *size)
{
	*ts = START_MS + k / 3;
	*price_e4 = (k % 7 + 1) * 10000 + 5000;
	*size = k % 5 + 1;
}

static void
store_trade(struct ingest *ingest, struct scan *scan, struct buf *line,
    int64_t k)
{
	int64_t ts, price_e4, size;
	struct err err;

	trade_of(k, &ts, &price_e4, &size);
	line->n = 0;
	buf_fmt(line, "{\"record\":\"trade\",\"symbol\":\"KO\","
	    "\"contract_ticker\":\"O:KO251219P00062000\",\"trade_date\":"
	    "\"2025-11-24\",\"option_type\":\"put\",\"multiplier\":100,"
	    "\"timestamp\":%" PRId64 ",\"price\":%" PRId64 ".5,\"size\":%"
	    PRId64 ",\"exchange\":\"CBOE\"}", ts, price_e4 / 10000, size);
	memset(buf_reserve(line, SCAN_PAD), 0, SCAN_PAD);
	if (scan_line(scan, line->p, line->n, &err) < 0 ||
	    ingest_data(ingest, scan, SLICE("trade"), &err) != INGEST_DONE)
		die(err.text);
}

/* Stores from trade held on, telling each commit, until the power goes. */
static void
child(const char *path, bool relaxed, int64_t held, int ack)
{
	struct scan *scan = scan_new();
	struct buf line = BUF_INIT;
	struct ingest *ingest;
	sqlite3_vfs shim;
	struct err err;
	struct db *db;
	int status;

	shim_register(&shim);
	db = db_open(path, DB_WRITE, relaxed, &status, &err);
	if (db == NULL || schema_ready(db, &err) < 0 ||
	    (ingest = ingest_new(db, NULL, &err)) == NULL)
		die(err.text);
	for (int commits = (int)roll(12); commits > 0; commits--) {
		for (uint64_t n = 1 + roll(200); n > 0; n--)
			store_trade(ingest, scan, &line, held++);
		if (ingest_commit(ingest, &err) < 0)
			die(err.text);
		if (write(ack, &held, sizeof(held)) != sizeof(held))
			die("unable to tell");
		if (roll(4) == 0 && db_checkpoint(db, &err) < 0)
			die(err.text);
	}
	if (roll(3) == 0) {
		ingest_free(ingest);
		db_close(db);
	}
	cut();
}

/* ---- the judge ---- */

static int64_t
number(sqlite3 *db, const char *sql)
{
	sqlite3_stmt *stmt = NULL;
	int64_t value = -1;

	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK &&
	    sqlite3_step(stmt) == SQLITE_ROW)
		value = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return value;
}

/* How many trades there are, when they are the first and as they were. */
static int64_t
judge_rows(sqlite3 *db)
{
	sqlite3_stmt *stmt = NULL;
	int64_t k = 0, ts, price_e4, size;

	if (sqlite3_prepare_v2(db, "SELECT ts, price_e4, size FROM trades"
	    " ORDER BY ts, n", -1, &stmt, NULL) != SQLITE_OK)
		return -1;
	for (; sqlite3_step(stmt) == SQLITE_ROW; k++) {
		trade_of(k, &ts, &price_e4, &size);
		if (sqlite3_column_int64(stmt, 0) != ts ||
		    sqlite3_column_int64(stmt, 1) != price_e4 ||
		    sqlite3_column_int64(stmt, 2) != size)
			break;
	}
	return sqlite3_finalize(stmt) == SQLITE_OK ? k : -1;
}

/* The trades of a sound database; -1 when it is none. */
static int64_t
judge(const char *path)
{
	sqlite3 *db = NULL;
	int64_t rows = -1;

	if (access(path, F_OK) < 0)
		return 0;
	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) ==
	    SQLITE_OK && number(db, "SELECT count(*) FROM"
	    " pragma_integrity_check WHERE integrity_check != 'ok'") == 0)
		rows = number(db, "PRAGMA user_version") == 0 ? 0 :
		    judge_rows(db);
	if (rows > 0 && number(db, "SELECT sum(trade_count) ="
	    " (SELECT count(*) FROM trades) AND count(*) = 1 AND put_flow ="
	    " (SELECT sum(premium_e4) FROM trades) / 10000.0"
	    " FROM daily_summary") != 1)
		rows = -1;
	if (rows > 0 && number(db, "SELECT count(*) FROM trades") != rows)
		rows = -1;
	sqlite3_close(db);
	return rows;
}

/* One cut: the trades that were committed, as the child told. */
static int64_t
play(const char *path, bool relaxed, int64_t held)
{
	int64_t committed = held, told;
	int fds[2], status = 0;
	pid_t pid;

	if (pipe(fds) < 0 || (pid = fork()) < 0)
		die(strerror(errno));
	left = (int64_t)(roll(3) == 0 ? roll(40) : roll(1500));
	if (pid == 0)
		child(path, relaxed, held, fds[1]);
	close(fds[1]);
	while (read(fds[0], &told, sizeof(told)) == sizeof(told))
		committed = told;
	close(fds[0]);
	waitpid(pid, &status, 0);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return -1;
	return committed;
}

static void
clean(const char *path)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-lock",
	    "-journal" };
	char name[NAME];

	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		snprintf(name, sizeof(name), "%s%s", path, ends[i]);
		unlink(name);
	}
}

static int64_t
setting(const char *name, int64_t otherwise)
{
	const char *text = getenv(name);

	return text == NULL || *text == '\0' ? otherwise :
	    strtoll(text, NULL, 10);
}

int
main(void)
{
	const char *mode = getenv("MODE");
	bool relaxed = mode != NULL && strcmp(mode, "relaxed") == 0;
	int64_t n = setting("N", 200), seed = setting("SEED", time(NULL));
	int64_t held = 0, bad = 0, lost = 0, cuts = 0;
	char dir[] = "/tmp/powercut.XXXXXX", path[64];

	if (mkdtemp(dir) == NULL)
		die(strerror(errno));
	snprintf(path, sizeof(path), "%s/db", dir);
	for (int64_t i = 0; i < n; i++) {
		int64_t committed, there;

		if (i % LIFE == 0) {
			clean(path);
			held = 0;
		}
		dice = (uint64_t)(seed * 1000003 + i);
		committed = play(path, relaxed, held);
		there = judge(path);
		if (committed < 0 || there < 0 ||
		    (there < committed && !relaxed)) {
			fprintf(stderr, "powercut: SEED=%" PRId64 ", cut %"
			    PRId64 ": %" PRId64 " committed, %" PRId64
			    " there\n", seed, i, committed, there);
			bad++;
			clean(path);
			there = 0;
		} else if (there < committed) {
			lost += committed - there;
			cuts++;
		}
		held = there;
	}
	clean(path);
	rmdir(dir);
	printf("{\"check\":\"C2\",\"mode\":\"%s\",\"n\":%" PRId64 ",\"bad\":%"
	    PRId64 ",\"lost\":%" PRId64 ",\"cuts_with_loss\":%" PRId64
	    ",\"seed\":%" PRId64 ",\"pass\":%s}\n", relaxed ? "relaxed" :
	    "durable", n, bad, lost, cuts, seed, bad == 0 ? "true" : "false");
	return bad > 0;
}
