#include "store/tail.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "record/line.h"

static const char tail_shape[] = "00000000.ndjson";

enum { TAIL_NAME = sizeof("alerts/") + sizeof(tail_shape) };

/* A file with something to read. */
struct tail_file {
	char name[TAIL_NAME];		/* of its cursor, NUL-ended */
	int fd;
	int64_t at, end;		/* to be read: whole lines */
	int64_t past;			/* what ends here was read before */
};

int
tail_open(struct tail *tail, struct db *db, const char *dir,
    struct db_stmt *insert, struct err *err)
{
	int64_t again;

	*tail = (struct tail){ .db = db, .dir = dir, .insert = insert,
	    .scan = scan_new() };
	tail->position = db_prepare(db, "SELECT position FROM cursor"
	    " WHERE name = ?1", err);
	tail->move = db_prepare(db, "INSERT INTO cursor(name, position)"
	    " VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET"
	    " position = excluded.position", err);
	/* A run without name is NULL as a parameter. */
	tail->begin = db_prepare(db, "INSERT INTO cursor(name, position)"
	    " VALUES ('begun/' || COALESCE(?1, ''), 0)"
	    " ON CONFLICT DO NOTHING", err);
	tail->begun = db_prepare(db, "SELECT position FROM cursor"
	    " WHERE name = 'begun/' || COALESCE(?1, '')", err);
	tail->caught = db_prepare(db, "UPDATE cursor SET position = 1"
	    " WHERE name GLOB 'begun/*' AND position = 0", err);
	if (tail->position == NULL || tail->move == NULL ||
	    tail->begin == NULL || tail->begun == NULL ||
	    tail->caught == NULL || db_value(db, "SELECT count(*) FROM cursor"
	    " WHERE name GLOB 'begun/*' AND position = 0", &again, err) < 0)
		return -1;
	tail->again = again > 0;
	return 0;
}

void
tail_close(struct tail *tail)
{
	scan_free(tail->scan);
}

int
tail_begin(struct tail *tail, struct slice run, struct err *err)
{
	db_bind_text(tail->begin, 1, run);
	if (db_run(tail->begin, err) < 0)
		return -1;
	tail->again |= db_changes(tail->db) > 0;
	return 0;
}

static bool
tail_fits(const char *name)
{
	const char *shape = tail_shape;

	for (; *shape != '\0'; name++, shape++)
		if (*shape == '0' ? *name < '0' || *name > '9' :
		    *name != *shape)
			return false;
	return *name == '\0';
}

/* Where the last whole line before size ends. */
static int64_t
tail_whole(int fd, int64_t size, int64_t from)
{
	char piece[4096];

	while (size > from) {
		int64_t at = size - from > (int64_t)sizeof(piece) ?
		    size - (int64_t)sizeof(piece) : from;
		ssize_t n = pread(fd, piece, (size_t)(size - at), at);
		const char *nl = n <= 0 ? NULL : memrchr(piece, '\n',
		    (size_t)n);

		if (n <= 0)
			return from;
		if (nl != NULL)
			return at + (nl + 1 - piece);
		size = at;
	}
	return from;
}

/* How far the file was read; another one under its name begins anew. */
static int64_t
tail_position(struct tail *tail, const struct tail_file *file)
{
	struct db_stmt *s = tail->position;
	int64_t at = 0;
	char last = '\n';

	db_bind_str(s, 1, file->name);
	if (db_step(s, NULL) > 0)
		at = db_int(s, 0);
	db_reset(s);
	if (at > 0 && (pread(file->fd, &last, 1, at - 1) != 1 ||
	    last != '\n'))
		return 0;
	return at;
}

/* Opens a file when it has something to read. */
static bool
tail_find(struct tail *tail, int dir, const char *name,
    struct tail_file *file)
{
	struct stat st;

	memcpy(file->name, "alerts/", sizeof("alerts/"));
	memcpy(file->name + sizeof("alerts/") - 1, name, sizeof(tail_shape));
	file->fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (file->fd < 0)
		return false;
	if (fstat(file->fd, &st) == 0 && S_ISREG(st.st_mode)) {
		file->past = tail_position(tail, file);
		file->at = tail->again ? 0 : file->past;
		file->end = tail_whole(file->fd, st.st_size, file->at);
		if (file->end > file->at)
			return true;
	}
	close(file->fd);
	return false;
}

/* The directory's next file with something to read. */
static bool
tail_next(struct tail *tail, DIR *dir, struct tail_file *file)
{
	struct dirent *entry;

	while ((entry = readdir(dir)) != NULL)
		if (tail_fits(entry->d_name) &&
		    tail_find(tail, dirfd(dir), entry->d_name, file))
			return true;
	return false;
}

bool
tail_waits(struct tail *tail)
{
	DIR *dir = tail->dir == NULL ? NULL : opendir(tail->dir);
	struct tail_file file;
	bool waits = dir != NULL && tail_next(tail, dir, &file);

	if (waits)
		close(file.fd);
	if (dir != NULL)
		closedir(dir);
	return waits;
}

/* ---- lines ---- */

static ssize_t
tail_read(void *ctx, void *dst, size_t n)
{
	struct tail_file *file = ctx;
	int64_t left = file->end - file->at;
	ssize_t got;

	if (left < (int64_t)n)
		n = (size_t)left;
	got = pread(file->fd, dst, n, file->at);
	if (got > 0)
		file->at += got;
	return got;
}

/* The alert in a line: its feed and run.  -1 when it is none. */
static int
tail_line(struct tail *tail, const struct line *line, struct slice *feed,
    struct slice *run, struct err *err)
{
	struct slice kind = { NULL, 0 };
	int64_t ts;

	*feed = *run = kind;
	if (line->too_long)
		return err_set(err, "line over %d bytes", LINE_MAX_BYTES);
	if (scan_line(tail->scan, line->p, line->n, err) < 0 ||
	    scan_text(tail->scan, KEY_record, &kind, err) < 0 ||
	    scan_text(tail->scan, KEY_feed, feed, err) < 0 ||
	    scan_text(tail->scan, KEY_run, run, err) < 0 ||
	    scan_int(tail->scan, KEY_timestamp, &ts, err) < 0)
		return -1;
	if (!slice_equal(kind, SLICE("alert")))
		return err_set(err, "not an alert");
	return 0;
}

/*
 * The alert scanned to a row, when its run began here; past: when it did so
 * after these lines were read.
 */
static int
tail_store(struct tail *tail, struct slice run, bool past, struct err *err)
{
	struct db_stmt *s = tail->begun;
	int r;

	db_bind_text(s, 1, run);
	r = db_step(s, err);
	if (r > 0 && past)
		r = db_int(s, 0) == 0;
	db_reset(s);
	if (r <= 0)
		return r;
	db_bind_text(tail->insert, 1, scan_object(tail->scan));
	return db_run(tail->insert, err);
}

static void
tail_reject(struct tail *tail, const struct tail_file *file,
    const struct line *line, const struct err *err)
{
	if (tail->bad++ == 0)
		err_set(&tail->why, "%s: byte %" PRId64 ": %s", file->name,
		    line->offset, err->text);
}

static int
tail_file(struct tail *tail, struct tail_file *file, bool demo,
    struct err *err)
{
	int64_t from = file->at;
	struct line_in *in = line_in_from(tail_read, file, file->name);
	struct line line;
	int r = 0;

	while (r == 0 && line_next(in, &line, NULL) > 0) {
		struct slice feed, run;
		struct err why;
		bool past;

		line.offset += from;
		past = line.offset < file->past;
		if (tail_line(tail, &line, &feed, &run, &why) < 0) {
			if (!past)	/* else it was told */
				tail_reject(tail, file, &line, &why);
		} else if (slice_equal(feed, SLICE("demo")) == demo) {
			r = tail_store(tail, run, past, err);
		}
	}
	line_in_free(in);
	if (r < 0 || file->at < file->end)	/* unreadable: again later */
		return r;
	db_bind_str(tail->move, 1, file->name);
	db_bind_int(tail->move, 2, file->end);
	return db_run(tail->move, err);
}

int
tail_take(struct tail *tail, bool demo, struct err *err)
{
	DIR *dir = tail->dir == NULL ? NULL : opendir(tail->dir);
	struct tail_file file;
	bool whole = true;
	int r = 0;

	if (dir == NULL)
		return 0;
	while (r == 0 && tail_next(tail, dir, &file)) {
		r = tail_file(tail, &file, demo, err);
		whole &= file.at == file.end;
		close(file.fd);
	}
	closedir(dir);
	if (r < 0 || !tail->again || !whole)
		return r;
	tail->again = false;
	return db_run(tail->caught, err);
}
