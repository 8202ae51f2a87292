#include "store/cursor.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "record/control.h"
#include "record/line.h"

/* What stages after flow-tap add to the stream; it sends all else. */
static const struct slice cursor_added[] = {
	{ "sweep", 5 }, { "cancel", 6 }, { "event", 5 }, { "signal", 6 },
	{ "context", 7 }, { "alert", 5 }, { "paper", 5 }, { "near_miss", 9 },
};

int
cursor_open(struct cursor *cursor, struct db *db, struct err *err)
{
	*cursor = (struct cursor){ .from = -1, .to = -1,
	    .durable = db_is_durable(db) };
	cursor->get = db_prepare(db, "SELECT position FROM cursor"
	    " WHERE name = ?1", err);
	cursor->set = db_prepare(db, "INSERT INTO cursor(name, position)"
	    " VALUES (?1, ?2) ON CONFLICT(name) DO UPDATE SET"
	    " position = excluded.position", err);
	return cursor->get == NULL || cursor->set == NULL ? -1 : 0;
}

void
cursor_close(struct cursor *cursor)
{
	buf_free(&cursor->name);
}

/* run/RUN; empty when the record has no run. */
static void
cursor_name(struct scan *scan, struct buf *name)
{
	struct slice run = { NULL, 0 };

	name->n = 0;
	scan_text(scan, KEY_run, &run, NULL);
	if (run.n > 0) {
		buf_str(name, "run/");
		buf_add(name, run.p, run.n);
	}
}

int
cursor_hello(struct cursor *cursor, struct scan *scan, struct err *err)
{
	int r = cursor_save(cursor, err);

	cursor_name(scan, &cursor->name);
	cursor->count = 0;
	cursor->from = cursor->to = -1;
	cursor->whole = cursor->name.n > 0;
	return r;
}

/* True for a kind of data that flow-tap sends. */
static bool
cursor_is_sent(struct slice kind)
{
	for (size_t i = 0; i < sizeof(cursor_added) / sizeof(*cursor_added);
	    i++)
		if (slice_equal(kind, cursor_added[i]))
			return false;
	return true;
}

void
cursor_data(struct cursor *cursor, struct slice kind)
{
	cursor->count += cursor_is_sent(kind);
}

void
cursor_control(struct cursor *cursor, struct scan *scan)
{
	int64_t n = INT64_MIN, status = 0;

	if (!cursor->whole)
		return;
	/* The bye of a day whose stream goes on has no n. */
	if (scan_int(scan, KEY_n, &n, NULL) == 0 && cursor->from >= 0)
		n = cursor->from + cursor->count;
	if (cursor->from < 0)
		cursor->from = n - cursor->count;
	cursor->whole = n >= 0 && n - cursor->count == cursor->from &&
	    cursor->from >= 0 &&
	    scan_int(scan, KEY_exit, &status, NULL) >= 0 && status == 0;
	if (cursor->whole)
		cursor->to = n;
}

static int
cursor_position(struct db_stmt *get, struct slice name, int64_t *out,
    struct err *err)
{
	int r;

	db_bind_text(get, 1, name);
	r = db_step(get, err);
	*out = r > 0 ? db_int(get, 0) : 0;
	db_reset(get);
	return r < 0 ? -1 : 0;
}

int
cursor_save(struct cursor *cursor, struct err *err)
{
	struct slice name = { cursor->name.p, cursor->name.n };
	int64_t position, to = cursor->to;

	if (to < 0 || !cursor->durable)
		return 0;
	cursor->to = -1;
	if (cursor_position(cursor->get, name, &position, err) < 0)
		return -1;
	if (cursor->from > position || to <= position)
		return 0;
	db_bind_text(cursor->set, 1, name);
	db_bind_int(cursor->set, 2, to);
	return db_run(cursor->set, err);
}

/* ---- the journal ---- */

/* A day's reading. */
struct cursor_day {
	struct db_stmt *get;
	struct scan *scan;
	struct buf name;		/* of the run, or empty */
	int64_t n;			/* of its records so far, or -1 */
	int64_t count;			/* of them since its hello, this day */
	int64_t missing;		/* of the runs that ended */
};

/* A run's part is over. */
static int
cursor_part(struct cursor_day *day, struct err *err)
{
	int64_t position = 0, missing = day->count;

	if (day->name.n > 0 && cursor_position(day->get, (struct slice){
	    day->name.p, day->name.n }, &position, err) < 0)
		return -1;
	if (day->n >= 0 && day->name.n > 0 && day->n - position < missing)
		missing = day->n - position;
	if (missing > 0)
		day->missing += missing;
	day->count = 0;
	day->n = -1;
	return 0;
}

static int
cursor_line(struct cursor_day *day, const struct line *line,
    struct err *err)
{
	enum control_kind kind;
	struct slice name;
	int64_t n = -1;

	/* What is no record was stored by nobody and never will be. */
	if (line->too_long ||
	    scan_line(day->scan, line->p, line->n, NULL) < 0 ||
	    control_kind_of(day->scan, &kind, &name, NULL) < 0)
		return 0;
	if (kind == CONTROL_HELLO) {
		if (cursor_part(day, err) < 0)
			return -1;
		cursor_name(day->scan, &day->name);
	} else if (kind == CONTROL_DATA && cursor_is_sent(name)) {
		day->count++;
		day->n += day->n >= 0;
	} else if (scan_int(day->scan, KEY_n, &n, NULL) > 0) {
		day->n = n;
	}
	return 0;
}

static int
cursor_segment(struct cursor_day *day, char *path, struct err *err)
{
	struct line_in *in = line_in_new(&path, 1, NULL);
	struct line line;
	struct stat st;
	int r = stat(path, &st) < 0 ? err_sys(err, errno, "unable to read %s",
	    path) : 0;

	while (r == 0 && (r = line_next(in, &line, err)) > 0)
		/* Half a line, left by a crash, is no record. */
		r = line.offset + (int64_t)line.n >= st.st_size ? 0 :
		    cursor_line(day, &line, err);
	line_in_free(in);
	return r;
}

static bool
cursor_fits(const char *name, const char *shape)
{
	for (; *shape != '\0'; name++, shape++)
		if (*shape == '0' ? *name < '0' || *name > '9' :
		    *name != *shape)
			return false;
	return *name == '\0';
}

static int
cursor_is_day(const struct dirent *entry)
{
	return cursor_fits(entry->d_name, "0000-00-00");
}

static int
cursor_is_segment(const struct dirent *entry)
{
	return cursor_fits(entry->d_name, "000000.ndjson");
}

/* Reads all segments of a day. */
static int
cursor_read(struct cursor_day *day, const char *path, struct err *err)
{
	struct dirent **names;
	int n = scandir(path, &names, cursor_is_segment, alphasort), r = 0;

	if (n < 0)
		return err_sys(err, errno, "unable to read %s", path);
	for (int i = 0; i < n; i++) {
		struct buf name = BUF_INIT;

		buf_fmt(&name, "%s/%s", path, names[i]->d_name);
		buf_add(&name, "", 1);
		if (r == 0)
			r = cursor_segment(day, name.p, err);
		buf_free(&name);
		free(names[i]);
	}
	free(names);
	return r < 0 ? -1 : cursor_part(day, err);
}

/* One day's line; open: it is the newest, to which more may be added. */
static int
cursor_tell(struct db_stmt *get, const char *dir, const char *name, bool open,
    struct buf *out, struct err *err)
{
	struct cursor_day day = { .get = get, .scan = scan_new(), .n = -1 };
	struct buf path = BUF_INIT;
	int r;

	buf_fmt(&path, "%s/%s", dir, name);
	buf_add(&path, "", 1);
	r = cursor_read(&day, path.p, err);
	if (r == 0)
		buf_fmt(out, "%s\t%s\t%" PRId64 "\n", name, open ? "open" :
		    day.missing > 0 ? "missing" : "stored", day.missing);
	buf_free(&path);
	buf_free(&day.name);
	scan_free(day.scan);
	return r < 0 ? -1 : !open && day.missing > 0;
}

int
cursor_list(struct db *db, const char *dir, struct buf *out,
    struct err *err)
{
	struct db_stmt *get = db_prepare(db, "SELECT position FROM cursor"
	    " WHERE name = ?1", err);
	struct dirent **names;
	int n, r = 0, found = 0;

	if (get == NULL)
		return -1;
	n = scandir(dir, &names, cursor_is_day, alphasort);
	if (n < 0)
		return err_sys(err, errno, "unable to read %s", dir);
	for (int i = 0; i < n; i++) {
		if (r >= 0)
			r = cursor_tell(get, dir, names[i]->d_name,
			    i == n - 1, out, err);
		found |= r > 0;
		free(names[i]);
	}
	free(names);
	db_finish(get);
	return r < 0 ? -1 : found;
}
