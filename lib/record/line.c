#include "record/line.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "record/scan.h"

/*
 * A pipe of 256 KiB already gives what a larger one would, and a buffer larger
 * than the pipe loses speed (measured, performance.md 2).
 */
enum {
	LINE_PIPE = 256 << 10,
	LINE_READ = 256 << 10,
	LINE_WRITE = 128 << 10
};

void
line_out_init(struct line_out *out, int fd)
{
	*out = (struct line_out){ .fd = fd };
	fcntl(fd, F_SETPIPE_SZ, LINE_PIPE);	/* a wish: failure is fine */
}

void
line_out_wait(struct line_out *out, int (*ready)(void *ctx, int fd),
    void *ctx)
{
	out->ready = ready;
	out->ctx = ctx;
}

static int
line_out_ready(const struct line_out *out)
{
	struct pollfd wait = { out->fd, POLLOUT, 0 };

	if (out->ready != NULL)
		return out->ready(out->ctx, out->fd);
	poll(&wait, 1, -1);
	return 0;
}

int
line_out_flush(struct line_out *out)
{
	size_t done = 0;

	while (done < out->buf.n && out->error == 0) {
		ssize_t n = write(out->fd, out->buf.p + done,
		    out->buf.n - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EAGAIN && errno != EINTR)
			out->error = errno;
		else if (errno == EAGAIN && line_out_ready(out) < 0)
			out->error = EINTR;
	}
	out->buf.n = 0;
	return out->error == 0 ? 0 : -1;
}

int
line_out_end(struct line_out *out)
{
	return out->buf.n >= LINE_WRITE ? line_out_flush(out) :
	    out->error == 0 ? 0 : -1;
}

int
line_out_close(struct line_out *out, struct err *err)
{
	line_out_flush(out);
	if (close(out->fd) < 0 && out->error == 0)
		out->error = errno;
	buf_free(&out->buf);
	if (out->error != 0)
		return err_sys(err, out->error,
		    "unable to write standard output");
	return 0;
}

struct line_in {
	char *const *files;		/* borrowed; NULL with a reader */
	size_t nfiles;
	size_t next;			/* file to open next */
	ssize_t (*reader)(void *, void *, size_t);
	int (*ready)(void *, int);	/* or NULL */
	void *ctx;			/* of either */
	int fd;				/* -1: none open */
	const char *name;
	struct line_out *out;
	char *p;			/* cap bytes, SCAN_PAD more behind */
	size_t cap;
	size_t start, end;		/* unread bytes */
	int64_t number;			/* lines handed out of this file */
	int64_t offset;			/* of p[start] in the file */
	int64_t skipped;		/* bytes of a too long line dropped */
	bool eof;			/* of the present file */
};

static char *const line_stdin[] = { (char *)(uintptr_t)"-" };

struct line_in *
line_in_new(char *const files[], size_t n, struct line_out *out)
{
	struct line_in *in = buf_alloc(1, sizeof(*in));

	in->files = n == 0 ? line_stdin : files;
	in->nfiles = n == 0 ? 1 : n;
	in->fd = -1;
	in->out = out;
	in->eof = true;
	in->cap = LINE_READ;
	in->p = buf_alloc(in->cap + SCAN_PAD, 1);
	return in;
}

struct line_in *
line_in_from(ssize_t (*reader)(void *ctx, void *dst, size_t n), void *ctx,
    const char *name)
{
	struct line_in *in = line_in_new(NULL, 0, NULL);

	in->files = NULL;
	in->nfiles = 0;
	in->reader = reader;
	in->ctx = ctx;
	in->name = name;
	in->eof = false;
	return in;
}

void
line_in_wait(struct line_in *in, int (*ready)(void *ctx, int fd), void *ctx)
{
	in->ready = ready;
	in->ctx = ctx;
}

static void
line_in_shut(struct line_in *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
}

void
line_in_free(struct line_in *in)
{
	if (in == NULL)
		return;
	line_in_shut(in);
	free(in->p);
	free(in);
}

/* Opens the next file: 1, 0 when there is none, -1 when it cannot be. */
static int
line_in_open(struct line_in *in, struct err *err)
{
	line_in_shut(in);
	if (in->next == in->nfiles)
		return 0;
	in->name = in->files[in->next++];
	if (strcmp(in->name, "-") == 0)
		in->fd = STDIN_FILENO;
	else
		in->fd = open(in->name, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0)
		return err_sys(err, errno, "unable to open %s", in->name);
	fcntl(in->fd, F_SETPIPE_SZ, LINE_PIPE);
	in->start = in->end = 0;
	in->number = in->offset = 0;
	in->skipped = 0;
	in->eof = false;
	return 1;
}

/* What is written must not wait for what may never come. */
static void
line_in_before_read(struct line_in *in)
{
	struct pollfd ready = { in->fd, POLLIN, 0 };

	if (in->out == NULL || in->out->buf.n == 0)
		return;
	if (poll(&ready, 1, 0) <= 0)
		line_out_flush(in->out);
}

/* Nothing more is read: half a line is no record. */
static int
line_in_stop(struct line_in *in)
{
	in->eof = true;
	in->next = in->nfiles;
	in->start = in->end = 0;
	in->skipped = 0;
	return 0;
}

/* Reads more behind what is there: 0, or -1 and err.  Sets eof. */
static int
line_in_fill(struct line_in *in, struct err *err)
{
	ssize_t n;

	if (in->start > 0) {
		memmove(in->p, in->p + in->start, in->end - in->start);
		in->end -= in->start;
		in->start = 0;
	}
	if (in->end == in->cap) {
		in->cap *= 2;
		in->p = buf_realloc(in->p, in->cap + SCAN_PAD, 1);
	}
	if (in->reader != NULL) {
		n = in->reader(in->ctx, in->p + in->end, in->cap - in->end);
	} else {
		line_in_before_read(in);
		if (in->ready != NULL && in->ready(in->ctx, in->fd) < 0)
			return line_in_stop(in);
		do {
			n = read(in->fd, in->p + in->end,
			    in->cap - in->end);
		} while (n < 0 && errno == EINTR);
	}
	if (n < 0 && errno == EAGAIN && in->reader == NULL) {
		struct pollfd wait = { in->fd, POLLIN, 0 };

		poll(&wait, 1, -1);
		return 0;
	}
	if (n < 0) {
		/* Half a line is no record: what was read of it goes. */
		in->eof = true;
		in->start = in->end = 0;
		in->skipped = 0;
		return err_sys(err, errno, "unable to read %s", in->name);
	}
	if (n == 0)
		in->eof = true;
	in->end += (size_t)n;
	memset(in->p + in->end, 0, SCAN_PAD);
	return 0;
}

/* Hands out n bytes at start as a line; used: newline included. */
static int
line_in_take(struct line_in *in, struct line *line, size_t n, size_t used)
{
	line->p = in->p + in->start;
	line->n = n;
	line->file = in->name;
	line->number = ++in->number;
	line->offset = in->offset;
	line->too_long = in->skipped > 0 || n > LINE_MAX_BYTES;
	if (line->too_long)
		line->n = 0;
	in->start += used;
	in->offset += in->skipped + (int64_t)used;
	in->skipped = 0;
	return 1;
}

int
line_next(struct line_in *in, struct line *line, struct err *err)
{
	size_t seen = 0;		/* searched for a newline already */

	for (;;) {
		size_t have = in->end - in->start;
		const char *p = in->p + in->start, *nl = NULL;
		int r;

		if (have > seen)
			nl = memchr(p + seen, '\n', have - seen);
		if (nl != NULL)
			return line_in_take(in, line, (size_t)(nl - p),
			    (size_t)(nl - p) + 1);
		if (in->eof && (have > 0 || in->skipped > 0))
			return line_in_take(in, line, have, have);
		if (have > LINE_MAX_BYTES) {	/* drop it as it comes */
			in->skipped += (int64_t)have;
			in->start = in->end = have = 0;
		}
		if (in->eof) {
			if (in->reader != NULL)
				return 0;
			r = line_in_open(in, err);
			if (r <= 0)
				return r;
			have = 0;
		}
		seen = have;
		if (line_in_fill(in, err) < 0)
			return -1;
	}
}
