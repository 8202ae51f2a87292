#include "alert/sink_log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int
sink_log_open(struct sink_log *log, const char *path, struct err *err)
{
	*log = (struct sink_log){ .path = path, .dir = -1, .fd = -1 };
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_sys(err, errno, "unable to make %s", path);
	log->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (log->dir < 0)
		return err_sys(err, errno, "unable to open %s", path);
	return 0;
}

static int
sink_log_fail(struct sink_log *log, const char *verb)
{
	int error = errno;

	log->failed = true;
	return err_sys(&log->err, error, "unable to %s the alert log in %s",
	    verb, log->path);
}

/* What stands in the log's place may know no disk. */
static int
sink_log_sync(int fd)
{
	return fsync(fd) < 0 && errno != EINVAL ? -1 : 0;
}

/* Leaves the file open, synced with its name. */
static int
sink_log_leave(struct sink_log *log)
{
	int fd = log->fd;

	if (fd < 0)
		return 0;
	log->fd = -1;
	if (sink_log_sync(fd) < 0 || sink_log_sync(log->dir) < 0) {
		sink_log_fail(log, "sync");
		close(fd);
		return -1;
	}
	return close(fd) < 0 ? sink_log_fail(log, "close") : 0;
}

/* Opens the file of a date. */
static int
sink_log_turn(struct sink_log *log, const char *date)
{
	char name[sizeof("flow_alerts_YYYYMMDD.log")];

	if (sink_log_leave(log) < 0)
		return -1;
	snprintf(name, sizeof(name), "flow_alerts_%.4s%.2s%.2s.log", date,
	    date + 5, date + 8);
	log->fd = openat(log->dir, name, O_WRONLY | O_APPEND | O_CREAT |
	    O_CLOEXEC, 0600);
	if (log->fd < 0)
		return sink_log_fail(log, "open");
	memcpy(log->date, date, DAY_TEXT);
	return 0;
}

int
sink_log_write(struct sink_log *log, struct slice date, struct slice text)
{
	if (log->failed || date.n != DAY_TEXT)
		return 0;
	if ((log->fd < 0 || memcmp(log->date, date.p, DAY_TEXT) != 0) &&
	    sink_log_turn(log, date.p) < 0)
		return -1;
	while (text.n > 0) {
		ssize_t n = write(log->fd, text.p, text.n);

		if (n < 0 && errno != EINTR)
			return sink_log_fail(log, "write");
		if (n > 0) {
			text.p += n;
			text.n -= (size_t)n;
		}
	}
	return 0;
}

int
sink_log_close(struct sink_log *log)
{
	int r = sink_log_leave(log);

	if (log->dir >= 0)
		close(log->dir);
	log->dir = -1;
	return r;
}
