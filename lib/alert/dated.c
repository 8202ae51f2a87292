#include "alert/dated.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/state.h"

const struct dated_kind dated_log = {
	"alert log", "flow_alerts_", ".log", false
};
const struct dated_kind dated_journal = {
	"alert journal", "", ".ndjson", true
};

static int
dated_fail(struct dated *d, const char *verb)
{
	int error = errno;

	d->failed = true;
	return err_sys(&d->err, error, "unable to %s the %s in %s", verb,
	    d->kind->what, d->path);
}

int
dated_open(struct dated *d, const struct dated_kind *kind, const char *path)
{
	*d = (struct dated){ .kind = kind, .path = path, .dir = -1,
	    .fd = -1 };
	d->failed = true;
	if (state_make(path) < 0)
		return err_sys(&d->err, errno, "unable to make %s", path);
	d->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (d->dir < 0)
		return err_sys(&d->err, errno, "unable to open %s", path);
	d->failed = false;
	return 0;
}

/* What stands in a file's place may know no disk. */
static int
dated_sync(int fd)
{
	return fsync(fd) < 0 && errno != EINVAL ? -1 : 0;
}

/* Leaves the file open, synced with its name. */
static int
dated_leave(struct dated *d)
{
	int fd = d->fd;

	if (fd < 0)
		return 0;
	d->fd = -1;
	if (dated_sync(fd) < 0 || dated_sync(d->dir) < 0) {
		dated_fail(d, "sync");
		close(fd);
		return -1;
	}
	return close(fd) < 0 ? dated_fail(d, "close") : 0;
}

/* Opens the file of a date. */
static int
dated_turn(struct dated *d, const char *date)
{
	char name[64];

	if (dated_leave(d) < 0)
		return -1;
	snprintf(name, sizeof(name), "%s%.4s%.2s%.2s%s", d->kind->prefix,
	    date, date + 5, date + 8, d->kind->suffix);
	d->fd = openat(d->dir, name, (d->kind->lines ? O_RDWR : O_WRONLY) |
	    O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (d->fd < 0)
		return dated_fail(d, "open");
	memcpy(d->date, date, DAY_TEXT);
	return 0;
}

/* Cuts a last line that has no end; nobody else appends meanwhile. */
static int
dated_mend(struct dated *d)
{
	struct stat st;
	off_t size;
	char last = '\n';

	if (fstat(d->fd, &st) < 0 || !S_ISREG(st.st_mode))
		return 0;
	for (size = st.st_size; size > 0; size--)
		if (pread(d->fd, &last, 1, size - 1) == 1 && last == '\n')
			break;
	return size == st.st_size ? 0 : ftruncate(d->fd, size);
}

static int
dated_append(struct dated *d, struct slice text)
{
	while (text.n > 0) {
		ssize_t n = write(d->fd, text.p, text.n);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			text.p += n;
			text.n -= (size_t)n;
		}
	}
	return 0;
}

/* flock: the kernel lets it go with the process, however that ends. */
static int
dated_append_lines(struct dated *d, struct slice text)
{
	int r, error;

	while ((r = flock(d->fd, LOCK_EX)) < 0 && errno == EINTR)
		;
	if (r == 0)
		r = dated_mend(d);
	if (r == 0)
		r = dated_append(d, text);
	error = errno;
	flock(d->fd, LOCK_UN);
	errno = error;
	return r;
}

int
dated_write(struct dated *d, struct slice date, struct slice text)
{
	if (d->failed || date.n != DAY_TEXT || text.n == 0)
		return 0;
	if ((d->fd < 0 || memcmp(d->date, date.p, DAY_TEXT) != 0) &&
	    dated_turn(d, date.p) < 0)
		return -1;
	if ((d->kind->lines ? dated_append_lines(d, text) :
	    dated_append(d, text)) < 0)
		return dated_fail(d, "write");
	return 0;
}

int
dated_close(struct dated *d)
{
	int r = dated_leave(d);

	if (d->dir >= 0)
		close(d->dir);
	d->dir = -1;
	return r;
}
