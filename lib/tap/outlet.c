#include "tap/outlet.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define OUTLET_S INT64_C(1000000000)

enum { OUTLET_READ = 256 << 10 };	/* of the journal at once */

struct outlet_part {
	int fd;
	int64_t segment, at, end;	/* journal_written */
};

void
outlet_init(struct outlet *outlet, int64_t speed_e4,
    const volatile sig_atomic_t *stop)
{
	memset(outlet, 0, sizeof(*outlet));
	outlet->speed_e4 = speed_e4;
	outlet->stop = stop;
	line_out_init(&outlet->out, STDOUT_FILENO);
	outlet->record.fd = -1;
}

int
outlet_record(struct outlet *outlet, const char *path, struct err *err)
{
	size_t n = strlen(path);
	int fd;

	outlet->path = path;
	outlet->part = buf_alloc(n + sizeof(".part"), 1);
	memcpy(outlet->part, path, n);
	memcpy(outlet->part + n, ".part", sizeof(".part"));
	fd = open(outlet->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
	    0666);
	if (fd < 0)
		return err_sys(err, errno, "unable to create %s",
		    outlet->part);
	line_out_init(&outlet->record, fd);
	return 0;
}

void
outlet_journal(struct outlet *outlet, struct journal *journal)
{
	outlet->journal = journal;
}

/* Copies what came since the last call to the recording and the journal. */
static void
outlet_tee(struct outlet *outlet)
{
	struct buf *from = &outlet->out.buf;
	size_t n = from->n - outlet->mark;

	if (outlet->record.fd >= 0 && n > 0)
		buf_add(&outlet->record.buf, from->p + outlet->mark, n);
	if (outlet->journal != NULL && n > 0)
		journal_add(outlet->journal, from->p + outlet->mark, n);
	outlet->mark = from->n;
}

static int64_t
outlet_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * OUTLET_S + now.tv_nsec;
}

/* ---- what only the journal holds ---- */

/* Leaves the newest n bytes of out to the journal, which has them. */
static void
outlet_leave(struct outlet *outlet, size_t n)
{
	struct outlet_part *part;
	int64_t end, segment = journal_written(outlet->journal, &end);

	if (n == 0 || segment == 0 || journal_failed(outlet->journal))
		return;
	part = outlet->n_parts == 0 ? NULL :
	    &outlet->parts[outlet->n_parts - 1];
	if (part == NULL || part->segment != segment) {
		outlet->parts = buf_realloc(outlet->parts,
		    outlet->n_parts + 1, sizeof(*part));
		part = &outlet->parts[outlet->n_parts++];
		*part = (struct outlet_part){
		    journal_open_written(outlet->journal), segment,
		    end - (int64_t)n, end };
		if (part->fd < 0)
			outlet->out.error = errno;
	}
	part->end = end;
	outlet->out.buf.n -= n;
	outlet->mark -= n;
}

/* With nothing left in memory: the next of the journal.  False: nothing. */
static bool
outlet_fetch(struct outlet *outlet)
{
	struct outlet_part *part = outlet->parts;
	struct buf *buf = &outlet->out.buf;
	ssize_t n;

	if (outlet->n_parts == 0 || buf->n > outlet->sent ||
	    outlet->out.error != 0)
		return false;
	buf->n = outlet->sent = 0;
	n = part->end - part->at < OUTLET_READ ? part->end - part->at :
	    OUTLET_READ;
	n = pread(part->fd, buf_reserve(buf, (size_t)n), (size_t)n, part->at);
	if (n <= 0) {
		outlet->out.error = n < 0 ? errno : EIO;
		return false;
	}
	buf->n = outlet->mark = (size_t)n;
	part->at += n;
	if (part->at == part->end) {
		close(part->fd);
		memmove(part, part + 1, --outlet->n_parts * sizeof(*part));
	}
	return true;
}

int
outlet_end(struct outlet *outlet)
{
	size_t n = outlet->out.buf.n - outlet->mark;

	outlet_tee(outlet);
	if (outlet->live && outlet->journal != NULL && (outlet->n_parts > 0 ||
	    outlet->out.buf.n - outlet->sent > OUTLET_KEEP))
		outlet_leave(outlet, n);
	if (outlet->live)
		return outlet->out.error == 0 ? 0 : -1;
	if (outlet->record.fd >= 0)
		line_out_end(&outlet->record);
	line_out_end(&outlet->out);
	outlet->mark = outlet->out.buf.n;
	if (outlet->journal != NULL && outlet->mark == 0)
		journal_flush(outlet->journal, outlet_now());
	return outlet->out.error == 0 && outlet->record.error == 0 ? 0 : -1;
}

void
outlet_live(struct outlet *outlet)
{
	outlet->live = true;
}

/*
 * A descriptor that poll calls ready takes PIPE_BUF bytes without blocking,
 * whatever else it is; asking for O_NONBLOCK instead would change it for all
 * who share it.
 */
size_t
outlet_drain(struct outlet *outlet)
{
	struct buf *buf = &outlet->out.buf;
	struct pollfd ready = { outlet->out.fd, POLLOUT, 0 };
	size_t left;
	ssize_t n;

	if (outlet->journal != NULL)
		journal_flush(outlet->journal, outlet_now());
	if (outlet->record.fd >= 0)
		line_out_flush(&outlet->record);
	while ((left = buf->n - outlet->sent) > 0 && outlet->out.error == 0 &&
	    poll(&ready, 1, 0) > 0) {
		n = write(outlet->out.fd, buf->p + outlet->sent,
		    left < PIPE_BUF ? left : PIPE_BUF);
		if (n >= 0)
			outlet->sent += (size_t)n;
		else if (errno != EINTR && errno != EAGAIN)
			outlet->out.error = errno;
	}
	if (outlet->sent > buf->n / 2) {
		buf_drop(buf, outlet->sent);
		outlet->mark -= outlet->sent;
		outlet->sent = 0;
	}
	outlet_fetch(outlet);
	return buf->n - outlet->sent;
}

int
outlet_flush(struct outlet *outlet)
{
	outlet_tee(outlet);
	buf_drop(&outlet->out.buf, outlet->sent);
	outlet->sent = 0;
	if (outlet->record.fd >= 0)
		line_out_flush(&outlet->record);
	if (outlet->journal != NULL)
		journal_flush(outlet->journal, outlet_now());
	do {
		line_out_flush(&outlet->out);
		outlet->mark = 0;
	} while (outlet_fetch(outlet));
	return outlet->out.error == 0 && outlet->record.error == 0 ? 0 : -1;
}

bool
outlet_failed(const struct outlet *outlet)
{
	return outlet->out.error != 0 || (outlet->journal != NULL &&
	    journal_failed(outlet->journal));
}

bool
outlet_pace(struct outlet *outlet, int64_t ts)
{
	int64_t due, wait;

	if (outlet->journal != NULL)
		journal_advance(outlet->journal, ts < outlet->begins ?
		    outlet->begins : ts);
	if (outlet->speed_e4 == 0 || ts < outlet->begins)
		return *outlet->stop == 0;
	if (!outlet->started) {
		outlet->started = true;
		outlet->first_ts = ts;
		outlet->start_ns = outlet_now();
	}
	if (__builtin_mul_overflow(ts - outlet->first_ts,
	    INT64_C(10000000000), &due))
		return *outlet->stop == 0;
	due = outlet->start_ns + due / outlet->speed_e4;
	while ((wait = due - outlet_now()) > 0 && *outlet->stop == 0) {
		struct timespec left = { wait / OUTLET_S, wait % OUTLET_S };

		outlet_flush(outlet);
		nanosleep(&left, NULL);
	}
	return *outlet->stop == 0;
}

/* The new name must survive a power cut as the bytes do. */
static int
outlet_sync_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash == NULL ? buf_dup(".", 1) :
	    buf_dup(path, slash == path ? 1 : (size_t)(slash - path));
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), r;

	free(folder);
	if (fd < 0)
		return -1;
	r = fsync(fd);
	close(fd);
	return r;
}

static int
outlet_close_record(struct outlet *outlet, struct err *err)
{
	struct line_out *record = &outlet->record;
	int error;

	if (record->fd < 0)
		return 0;
	line_out_flush(record);
	error = record->error;
	if (error == 0 && fsync(record->fd) < 0 && errno != EINVAL)
		error = errno;
	if (close(record->fd) < 0 && error == 0)
		error = errno;
	if (error == 0 && rename(outlet->part, outlet->path) < 0)
		error = errno;
	if (error == 0 && outlet_sync_folder(outlet->path) < 0)
		error = errno;
	return error == 0 ? 0 :
	    err_sys(err, error, "unable to write %s", outlet->path);
}

int
outlet_close(struct outlet *outlet, struct err *err)
{
	struct err why;
	int r, s;

	outlet_flush(outlet);
	r = outlet_close_record(outlet, err);
	if (journal_close(outlet->journal, r == 0 ? err : &why) < 0)
		r = -1;
	s = line_out_close(&outlet->out, r == 0 ? err : &why);
	for (size_t i = 0; i < outlet->n_parts; i++)
		close(outlet->parts[i].fd);
	free(outlet->parts);
	buf_free(&outlet->record.buf);
	free(outlet->part);
	return r < 0 || s < 0 ? -1 : 0;
}
