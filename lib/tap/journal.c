#include "tap/journal.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "market/cal.h"
#include "record/emit.h"
#include "record/line.h"
#include "record/scan.h"

#define JOURNAL_HELLO "{\"record\":\"hello\""
#define JOURNAL_BYE "{\"record\":\"bye\""

enum {
	JOURNAL_EVENING_MS = 20 * 3600 * 1000,	/* after it: the next day */
	JOURNAL_TAIL = LINE_MAX_BYTES + 1,	/* longest last line */
	JOURNAL_NAME = 32
};

/* ---- names ---- */

static const char journal_day_shape[] = "0000-00-00";
static const char journal_segment_shape[] = "000000.ndjson";

static bool
journal_fits(const char *name, const char *shape)
{
	for (; *shape != '\0'; name++, shape++)
		if (*shape == '0' ? !isdigit((unsigned char)*name) :
		    *name != *shape)
			return false;
	return *name == '\0';
}

/*
 * The first name of a shape behind after in a folder, or with after NULL the
 * last of all.  Returns 1, 0 when there is none (found stays as it is), -1
 * with errno.  found may be after.
 */
static int
journal_find(int folder, const char *shape, const char *after,
    char found[JOURNAL_NAME])
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	char best[JOURNAL_NAME] = "";
	struct dirent *entry;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while ((entry = readdir(dir)) != NULL) {
		const char *name = entry->d_name;

		if (!journal_fits(name, shape))
			continue;
		if (after == NULL ? strcmp(name, best) > 0 :
		    strcmp(name, after) > 0 && (best[0] == '\0' ||
		    strcmp(name, best) < 0))
			memcpy(best, name, strlen(shape) + 1);
	}
	closedir(dir);
	if (best[0] == '\0')
		return 0;
	memcpy(found, best, sizeof(best));
	return 1;
}

static int
journal_open_folder(int at, const char *name)
{
	return openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* ---- writing ---- */

struct journal {
	const char *dir;
	int folder, lock;
	int day_folder;			/* -1 before the first record */
	struct line_out out;		/* fd -1: no segment is open */
	char segment[JOURNAL_NAME];	/* newest of the day; empty: none */
	struct buf hello;		/* of the stream as it is */
	int64_t size;			/* bytes of the segment */
	int64_t segments;		/* begun in this run */
	int64_t torn;
	int64_t synced_ns;		/* monotonic */
	int32_t day;			/* DAY_NONE before the first record */
	int error;			/* errno of the first failure */
	bool timed;			/* the day of what comes is known */
	bool durable, dirty;
};

/* Takes the lock; the process that has it is named. */
static int
journal_lock(struct journal *j, struct err *err)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	j->lock = openat(j->folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC,
	    0600);
	if (j->lock < 0)
		return err_sys(err, errno, "unable to lock %s", j->dir);
	if (fcntl(j->lock, F_SETLK, &lock) == 0)
		return 0;
	if (fcntl(j->lock, F_GETLK, &lock) < 0 || lock.l_type == F_UNLCK)
		return err_sys(err, errno, "unable to lock %s", j->dir);
	return err_set(err, "%s: process %ld writes this journal", j->dir,
	    (long)lock.l_pid);
}

/* Bytes of fd up to the end of its last whole line; -1 with errno. */
static int64_t
journal_whole(int fd, int64_t size)
{
	char tail[4096];

	while (size > 0) {
		int64_t from = size > (int64_t)sizeof(tail) ?
		    size - (int64_t)sizeof(tail) : 0;
		ssize_t n = pread(fd, tail, (size_t)(size - from), from);
		const char *nl;

		if (n < 0)
			return -1;
		nl = memrchr(tail, '\n', (size_t)n);
		if (nl != NULL)
			return from + (nl + 1 - tail);
		size = from;
	}
	return 0;
}

/* Cuts what is left of an unfinished line. */
static int
journal_cut(struct journal *j, struct err *err)
{
	int fd = openat(j->day_folder, j->segment, O_RDWR | O_CLOEXEC);
	int64_t whole = -1;
	struct stat st;
	int r = -1;

	if (fd >= 0 && fstat(fd, &st) == 0)
		whole = journal_whole(fd, st.st_size);
	if (whole >= 0) {
		j->torn = st.st_size - whole;
		r = j->torn == 0 ? 0 : ftruncate(fd, whole);
	}
	if (r < 0)
		err_fill_sys(err, errno, "unable to mend %s/%s", j->dir,
		    j->segment);
	if (fd >= 0)
		close(fd);
	return r;
}

/* Goes to the end of what is there already. */
static int
journal_resume(struct journal *j, struct err *err)
{
	char day[JOURNAL_NAME];
	int r = journal_find(j->folder, journal_day_shape, NULL, day);

	if (r == 0)
		return 0;
	if (r > 0) {
		j->day = day_parse(day, strlen(day));
		j->day_folder = journal_open_folder(j->folder, day);
		r = j->day_folder < 0 ? -1 : journal_find(j->day_folder,
		    journal_segment_shape, NULL, j->segment);
	}
	if (r < 0)
		return err_sys(err, errno, "unable to read %s", j->dir);
	return r == 0 ? 0 : journal_cut(j, err);
}

struct journal *
journal_open(const char *dir, bool durable, struct err *err)
{
	struct journal *j = buf_alloc(1, sizeof(*j));

	j->dir = dir;
	j->durable = durable;
	j->lock = j->day_folder = j->out.fd = -1;
	j->day = DAY_NONE;
	mkdir(dir, 0700);	/* when it is not there; open tells */
	j->folder = journal_open_folder(AT_FDCWD, dir);
	if (j->folder < 0)
		err_fill_sys(err, errno, "unable to open %s", dir);
	if (j->folder >= 0 && journal_lock(j, err) == 0 &&
	    journal_resume(j, err) == 0)
		return j;
	journal_close(j, NULL);
	return NULL;
}

int64_t
journal_torn(const struct journal *j)
{
	return j->torn;
}

static void
journal_fail(struct journal *j)
{
	if (j->error == 0)
		j->error = errno;
}

static void
journal_sync(struct journal *j)
{
	if (j->dirty && j->out.fd >= 0 && fdatasync(j->out.fd) < 0)
		journal_fail(j);
	j->dirty = false;
}

static void
journal_end_segment(struct journal *j)
{
	if (j->out.fd < 0)
		return;
	if (line_out_flush(&j->out) < 0 && j->error == 0)
		j->error = j->out.error;
	journal_sync(j);
	if (close(j->out.fd) < 0)
		journal_fail(j);
	j->out.fd = -1;
}

/* The day of a stream time; DAY_NONE outside the calendar. */
static int32_t
journal_day_of(int64_t ts)
{
	struct cal_time t;
	int32_t day;

	cal_new_york(ts, &t);
	day = t.day + (t.ms >= JOURNAL_EVENING_MS);
	if (cal_known(day, NULL) < 0)
		return DAY_NONE;
	if (!cal_is_open(day) && cal_step(day, 1, &day, NULL) < 0)
		return DAY_NONE;
	return day;
}

void
journal_advance(struct journal *j, int64_t ts)
{
	int32_t day = journal_day_of(ts);

	if (day == DAY_NONE)
		return;
	j->timed = true;
	if (j->day != DAY_NONE && day <= j->day)
		return;
	journal_end_segment(j);
	if (j->day_folder >= 0)
		close(j->day_folder);
	j->day_folder = -1;
	j->day = day;
	j->segment[0] = '\0';
}

static int
journal_open_day(struct journal *j)
{
	char name[DAY_TEXT + 1];

	if (j->day_folder >= 0)
		return 0;
	day_print(name, j->day);
	name[DAY_TEXT] = '\0';
	if (mkdirat(j->folder, name, 0700) < 0 && errno != EEXIST)
		return -1;
	j->day_folder = journal_open_folder(j->folder, name);
	return j->day_folder < 0 || fsync(j->folder) < 0 ? -1 : 0;
}

/*
 * Opens the segment behind the newest.  A day that begins without a hello
 * gets a copy of the stream's.
 */
static void
journal_open_segment(struct journal *j, bool has_hello)
{
	long number = strtol(j->segment, NULL, 10);

	if (number == 0 && !has_hello && j->out.buf.n == 0)
		buf_add(&j->out.buf, j->hello.p, j->hello.n);
	j->size = (int64_t)j->out.buf.n;
	snprintf(j->segment, sizeof(j->segment), "%06ld.ndjson", number + 1);
	if (journal_open_day(j) == 0)
		j->out.fd = openat(j->day_folder, j->segment, O_WRONLY |
		    O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	j->segments++;
	if (j->out.fd < 0 || fsync(j->day_folder) < 0)
		journal_fail(j);
}

void
journal_add(struct journal *j, const char *p, size_t n)
{
	bool hello = n >= sizeof(JOURNAL_HELLO) &&
	    memcmp(p, JOURNAL_HELLO, sizeof(JOURNAL_HELLO) - 1) == 0;
	const char *nl = hello ? memchr(p, '\n', n) : NULL;

	if (j->error != 0)
		return;
	if (nl != NULL) {
		j->hello.n = 0;
		buf_add(&j->hello, p, (size_t)(nl + 1 - p));
	}
	if (hello || (j->size > 0 &&
	    j->size + (int64_t)n > JOURNAL_SEGMENT))
		journal_end_segment(j);
	if (j->timed && j->out.fd < 0)
		journal_open_segment(j, hello);
	if (j->error != 0)
		return;
	buf_add(&j->out.buf, p, n);
	j->size += (int64_t)n;
	j->dirty = true;
	if (j->out.fd >= 0 && line_out_end(&j->out) < 0)
		j->error = j->out.error;
}

void
journal_flush(struct journal *j, int64_t now_ns)
{
	if (j->out.fd >= 0 && line_out_flush(&j->out) < 0 && j->error == 0)
		j->error = j->out.error;
	if (j->durable || now_ns - j->synced_ns >=
	    JOURNAL_SYNC_MS * INT64_C(1000000)) {
		journal_sync(j);
		j->synced_ns = now_ns;
	}
}

int64_t
journal_written(const struct journal *j, int64_t *end)
{
	*end = j->size;
	return j->out.fd < 0 ? 0 : j->segments;
}

int
journal_open_written(const struct journal *j)
{
	return openat(j->day_folder, j->segment, O_RDONLY | O_CLOEXEC);
}

bool
journal_failed(const struct journal *j)
{
	return j->error != 0;
}

int
journal_close(struct journal *j, struct err *err)
{
	int error;

	if (j == NULL)
		return 0;
	if (j->out.fd < 0 && j->out.buf.n > 0 && j->day != DAY_NONE)
		journal_open_segment(j, true);
	journal_end_segment(j);
	error = j->error;
	if (error != 0)
		err_fill_sys(err, error, "unable to write the journal %s",
		    j->dir);
	if (j->day_folder >= 0)
		close(j->day_folder);
	if (j->folder >= 0)
		close(j->folder);
	if (j->lock >= 0)
		close(j->lock);		/* the last: it lets others in */
	buf_free(&j->out.buf);
	buf_free(&j->hello);
	free(j);
	return error == 0 ? 0 : -1;
}

/* ---- reading ---- */

struct journal_in {
	const char *dir;
	int folder;			/* -1: not there yet */
	int day_folder, fd;		/* -1: none is open */
	char day[JOURNAL_NAME], segment[JOURNAL_NAME];
	struct buf hello;		/* the last one */
	struct buf head;		/* handed out before what fd has */
	size_t head_at;
	int64_t size;
	bool follow;
	bool found;			/* what dir is, is known */
	bool one_day;			/* dir is a day's folder */
	bool begins;			/* the segment is a day's first */
	bool fresh;			/* its first line is unread */
	bool last;			/* another one follows it */
	bool torn;			/* the last byte was no newline */
	bool broken;			/* so ended the segment before */
	bool after_bye;			/* that ended with a bye */
	bool ended;			/* the bye of a day alone was made */
};

/* Bytes of a day's segments. */
static int64_t
journal_in_measure(int folder)
{
	char name[JOURNAL_NAME] = "";
	int64_t size = 0;
	struct stat st;

	while (journal_find(folder, journal_segment_shape, name, name) > 0)
		if (fstatat(folder, name, &st, 0) == 0)
			size += st.st_size;
	return size;
}

/* Finds out what the folder is.  1, 0: nothing there yet, -1 and errno. */
static int
journal_in_find(struct journal_in *in)
{
	char name[JOURNAL_NAME];
	int r;

	if (in->folder < 0)
		in->folder = journal_open_folder(AT_FDCWD, in->dir);
	if (in->folder < 0)
		return in->follow && errno == ENOENT ? 0 : -1;
	r = journal_find(in->folder, journal_day_shape, NULL, name);
	if (r > 0 && in->follow) {	/* where a restart begins */
		memcpy(in->day, name, sizeof(in->day));
		in->day_folder = journal_open_folder(in->folder, name);
		r = in->day_folder < 0 ? -1 : 1;
	}
	if (r == 0) {
		r = journal_find(in->folder, journal_segment_shape, NULL,
		    name);
		in->one_day = r > 0;
		in->day_folder = r > 0 ? dup(in->folder) : -1;
	}
	in->found = r > 0;
	return r;
}

struct journal_in *
journal_in_open(const char *dir, bool follow, struct err *err)
{
	struct journal_in *in = buf_alloc(1, sizeof(*in));
	char day[JOURNAL_NAME] = "";
	int r, folder;

	in->dir = dir;
	in->follow = follow;
	in->folder = in->day_folder = in->fd = -1;
	r = journal_in_find(in);
	if (r < 0)
		err_fill_sys(err, errno, "unable to read %s", dir);
	else if (r == 0 && !follow)
		err_fill(err, "%s: no journal", dir);
	if (r < 0 || (r == 0 && !follow)) {
		journal_in_free(in);
		return NULL;
	}
	if (in->one_day)
		in->size = journal_in_measure(in->folder);
	while (!in->one_day && in->folder >= 0 &&
	    journal_find(in->folder, journal_day_shape, day, day) > 0) {
		folder = journal_open_folder(in->folder, day);
		if (folder < 0)
			continue;
		in->size += journal_in_measure(folder);
		close(folder);
	}
	return in;
}

void
journal_in_free(struct journal_in *in)
{
	if (in == NULL)
		return;
	if (in->fd >= 0)
		close(in->fd);
	if (in->day_folder >= 0)
		close(in->day_folder);
	if (in->folder >= 0)
		close(in->folder);
	buf_free(&in->hello);
	buf_free(&in->head);
	free(in);
}

int64_t
journal_in_size(const struct journal_in *in)
{
	return in->size;
}

/* Opens the next segment.  1, 0 when there is none, -1 and errno. */
static int
journal_in_next(struct journal_in *in)
{
	int r = 0;

	while (in->day_folder < 0 || (r = journal_find(in->day_folder,
	    journal_segment_shape, in->segment, in->segment)) == 0) {
		if (in->one_day)
			return 0;
		r = journal_find(in->folder, journal_day_shape, in->day,
		    in->day);
		if (r <= 0)
			return r;
		if (in->day_folder >= 0)
			close(in->day_folder);
		in->segment[0] = '\0';
		in->begins = true;
		in->day_folder = journal_open_folder(in->folder, in->day);
		if (in->day_folder < 0)
			return -1;
	}
	if (r < 0)
		return -1;
	in->fd = openat(in->day_folder, in->segment, O_RDONLY | O_CLOEXEC);
	in->fresh = true;
	in->last = false;
	return in->fd < 0 ? -1 : 1;
}

/* True when a later segment was begun: the present one is whole then. */
static bool
journal_in_is_done(const struct journal_in *in)
{
	char name[JOURNAL_NAME];

	return journal_find(in->day_folder, journal_segment_shape,
	    in->segment, name) > 0 || (!in->one_day &&
	    journal_find(in->folder, journal_day_shape, in->day, name) > 0);
}

/* True when the last line of the segment says bye. */
static bool
journal_in_at_bye(const struct journal_in *in)
{
	char tail[4096], *line;
	off_t end = lseek(in->fd, 0, SEEK_CUR);
	off_t from = end > (off_t)sizeof(tail) ? end - (off_t)sizeof(tail) : 0;
	ssize_t n = end <= 0 ? 0 : pread(in->fd, tail, (size_t)(end - from),
	    from);

	if (n <= 0 || tail[n - 1] != '\n')
		return false;
	line = memrchr(tail, '\n', (size_t)n - 1);
	line = line == NULL ? tail : line + 1;
	return (line > tail || from == 0) &&
	    tail + n - line > (ptrdiff_t)sizeof(JOURNAL_BYE) &&
	    memcmp(line, JOURNAL_BYE, sizeof(JOURNAL_BYE) - 1) == 0;
}

static bool
journal_in_is_written(const struct journal_in *in)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = openat(in->folder, in->one_day ? "../lock" : "lock",
	    O_RDONLY | O_CLOEXEC);
	bool held = fd >= 0 && fcntl(fd, F_GETLK, &lock) == 0 &&
	    lock.l_type != F_UNLCK;

	if (fd >= 0)
		close(fd);
	return held;
}

static void
journal_in_end_segment(struct journal_in *in)
{
	in->after_bye = journal_in_at_bye(in);
	close(in->fd);
	in->fd = -1;
	in->head.n = in->head_at = 0;
	in->broken = in->torn;
	in->torn = false;
}

static ssize_t
journal_in_file(struct journal_in *in, void *dst, size_t n)
{
	ssize_t got = read(in->fd, dst, n);

	if (got > 0)
		in->torn = ((const char *)dst)[got - 1] != '\n';
	return got;
}

/* The line is in head: a copy of a hello we have is left out. */
static void
journal_in_greet(struct journal_in *in, size_t n)
{
	struct slice line = { in->head.p, n }, known = { in->hello.p,
	    in->hello.n };

	in->fresh = false;
	if (n < sizeof(JOURNAL_HELLO) || memcmp(line.p, JOURNAL_HELLO,
	    sizeof(JOURNAL_HELLO) - 1) != 0)
		return;
	if (in->begins && !in->after_bye && slice_equal(line, known))
		in->head_at = n;
	in->hello.n = 0;
	buf_add(&in->hello, line.p, n);
}

/*
 * Reads a segment's first line whole, into head.  1, 0 when the segment has
 * no more for now, -1 and errno.
 */
static int
journal_in_first_line(struct journal_in *in)
{
	enum { PIECE = 64 << 10 };
	const char *nl = NULL;
	ssize_t n;

	for (;;) {
		if (in->head.n > 0)
			nl = memchr(in->head.p, '\n', in->head.n);
		if (nl != NULL || in->head.n > JOURNAL_TAIL)
			break;
		n = journal_in_file(in, buf_reserve(&in->head, PIECE), PIECE);
		if (n < 0)
			return -1;
		if (n == 0 && in->head.n > 0 && (in->last || !in->follow))
			break;
		if (n == 0)
			return 0;
		in->head.n += (size_t)n;
	}
	journal_in_greet(in, nl == NULL ? in->head.n :
	    (size_t)(nl + 1 - in->head.p));
	in->begins = false;
	return 1;
}

/* Bytes of the present segment; 0 when it has no more for now. */
static ssize_t
journal_in_take(struct journal_in *in, void *dst, size_t n)
{
	size_t left;
	int r = in->fresh ? journal_in_first_line(in) : 1;

	if (r <= 0)
		return r;
	left = in->head.n - in->head_at;
	if (left == 0)
		return journal_in_file(in, dst, n);
	n = n < left ? n : left;
	memcpy(dst, in->head.p + in->head_at, n);
	in->head_at += n;
	return (ssize_t)n;
}

/* True when the stream did not end here, but went on in a later day. */
static bool
journal_in_goes_on(const struct journal_in *in)
{
	char day[JOURNAL_NAME];
	char *path = realpath(in->dir, NULL);
	const char *slash = path == NULL ? NULL : strrchr(path, '/');
	int parent = openat(in->folder, "..", O_RDONLY | O_DIRECTORY |
	    O_CLOEXEC);
	bool found = parent >= 0 && slash != NULL &&
	    journal_fits(slash + 1, journal_day_shape) &&
	    journal_find(parent, journal_day_shape, slash + 1, day) > 0;

	if (parent >= 0)
		close(parent);
	free(path);
	return found && !in->torn && !journal_in_at_bye(in);
}

/* Writes the bye of a day alone. */
static void
journal_in_bid(struct journal_in *in)
{
	struct slice run = { NULL, 0 };
	struct scan *scan = scan_new();

	in->ended = true;
	in->head.n = in->head_at = 0;
	buf_reserve(&in->hello, SCAN_PAD);
	emit_open(&in->head, "bye");
	if (in->hello.n > 0 && scan_line(scan, in->hello.p, in->hello.n - 1,
	    NULL) == 0 && scan_text(scan, KEY_run, &run, NULL) > 0)
		emit_text(&in->head, KEY_run, run);
	emit_str(&in->head, KEY_reason, "next_date");
	emit_int(&in->head, KEY_exit, 0);
	emit_close(&in->head);
	scan_free(scan);
}

/* There is no more: for now with follow, else and after a bye at all. */
static ssize_t
journal_in_wait(const struct journal_in *in)
{
	if (!in->follow || (in->fd >= 0 && journal_in_at_bye(in) &&
	    !journal_in_is_written(in) && !journal_in_is_done(in)))
		return 0;
	errno = EAGAIN;
	return -1;
}

ssize_t
journal_in_read(struct journal_in *in, void *dst, size_t n)
{
	ssize_t got;
	int r;

	for (;;) {
		if (in->fd < 0) {
			r = in->found ? 1 : journal_in_find(in);
			r = r > 0 ? journal_in_next(in) : r;
			if (r < 0)
				return -1;
			if (r == 0)
				return journal_in_wait(in);
		}
		if (in->broken) {	/* the next one begins a line */
			in->broken = false;
			*(char *)dst = '\n';
			return 1;
		}
		got = journal_in_take(in, dst, n);
		if (got != 0)
			return got;
		if (in->last)
			journal_in_end_segment(in);
		else if (journal_in_is_done(in))
			in->last = true;	/* what was added meanwhile */
		else if (in->one_day && !in->ended && journal_in_goes_on(in))
			journal_in_bid(in);
		else
			return journal_in_wait(in);
	}
}
