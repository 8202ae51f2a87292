#include "tap/replay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "tap/journal.h"

enum { REPLAY_CHUNK = 256 << 10 };

struct replay {
	const char *name;
	int fd;				/* -1 with a journal */
	struct journal_in *journal;	/* or NULL */
	struct outlet *outlet;
	const volatile sig_atomic_t *stop;
	int64_t size, stored, total;	/* stored: read of the size */
	char *raw;			/* REPLAY_CHUNK bytes as stored */
	size_t start, end;		/* unread ones */
	bool eof;
	bool packed, inflating;		/* a gzip file; inside a member */
	z_stream z;
	struct buf peeked;		/* unpacked, to be read first */
	size_t peeked_at;
	struct err trouble;
	bool troubled;
};

static void
replay_set_trouble(struct replay *replay, const char *why)
{
	if (!replay->troubled)
		err_set(&replay->trouble, "%s", why);
	replay->troubled = true;
	replay->eof = true;
}

/* What is written must not wait for what may never come. */
static void
replay_before_read(const struct replay *replay)
{
	struct pollfd ready = { replay->fd, POLLIN, 0 };

	/* A journal never waits by itself. */
	if (replay->journal == NULL && replay->outlet != NULL &&
	    poll(&ready, 1, 0) <= 0)
		outlet_flush(replay->outlet);
}

/* Nothing is there yet. */
static void
replay_wait(const struct replay *replay)
{
	static const struct timespec look = { 0, 20 * 1000 * 1000 };
	struct pollfd wait = { replay->fd, POLLIN, 0 };

	if (replay->journal == NULL) {
		poll(&wait, 1, -1);
		return;
	}
	if (replay->outlet != NULL)
		outlet_flush(replay->outlet);
	nanosleep(&look, NULL);
}

/* Reads stored bytes into raw when it is empty; false at the end. */
static bool
replay_fill(struct replay *replay)
{
	ssize_t n;

	while (replay->start == replay->end && !replay->eof) {
		replay_before_read(replay);
		n = replay->journal != NULL ?
		    journal_in_read(replay->journal, replay->raw,
		    REPLAY_CHUNK) :
		    read(replay->fd, replay->raw, REPLAY_CHUNK);
		if (*replay->stop != 0 || n == 0) {
			replay->eof = true;
		} else if (n > 0) {
			replay->stored += n;
			replay->start = 0;
			replay->end = (size_t)n;
		} else if (errno == EAGAIN) {
			replay_wait(replay);
		} else if (errno != EINTR) {
			replay_set_trouble(replay, strerror(errno));
		}
	}
	return replay->start < replay->end;
}

/* Unpacks at least one byte; 0 at the end or on trouble. */
static size_t
replay_unpack(struct replay *replay, void *dst, size_t n)
{
	z_stream *z = &replay->z;
	int r;

	z->next_out = dst;
	z->avail_out = n > REPLAY_CHUNK ? REPLAY_CHUNK : (uInt)n;
	n = z->avail_out;
	while (z->avail_out == n) {
		if (!replay_fill(replay)) {
			if (replay->inflating && *replay->stop == 0)
				replay_set_trouble(replay,
				    "gzip data is cut short");
			break;
		}
		if (!replay->inflating && inflateReset(z) != Z_OK)
			break;
		replay->inflating = true;
		z->next_in = (Bytef *)replay->raw + replay->start;
		z->avail_in = (uInt)(replay->end - replay->start);
		r = inflate(z, Z_NO_FLUSH);
		replay->start = replay->end - z->avail_in;
		if (r == Z_STREAM_END) {
			replay->inflating = false;
		} else if (r != Z_OK && r != Z_BUF_ERROR) {
			replay_set_trouble(replay, "gzip data is damaged");
			replay->start = replay->end;
			break;
		}
	}
	return n - z->avail_out;
}

static size_t
replay_take(struct replay *replay, void *dst, size_t n)
{
	if (replay->packed)
		return replay_unpack(replay, dst, n);
	if (!replay_fill(replay))
		return 0;
	if (n > replay->end - replay->start)
		n = replay->end - replay->start;
	memcpy(dst, replay->raw + replay->start, n);
	replay->start += n;
	return n;
}

/* Looks for gzip's two first bytes. */
static int
replay_detect(struct replay *replay, struct err *err)
{
	if (!replay_fill(replay) || replay->end < 2 ||
	    memcmp(replay->raw, "\x1f\x8b", 2) != 0)
		return 0;
	replay->packed = true;
	if (inflateInit2(&replay->z, 15 + 16) != Z_OK)
		return err_set(err, "unable to unpack %s", replay->name);
	return 0;
}

static struct replay *
replay_new(const char *name, struct outlet *outlet,
    const volatile sig_atomic_t *stop)
{
	struct replay *replay = buf_alloc(1, sizeof(*replay));

	replay->name = name;
	replay->fd = -1;
	replay->outlet = outlet;
	replay->stop = stop;
	replay->raw = buf_alloc(REPLAY_CHUNK, 1);
	return replay;
}

static int
replay_open_file(struct replay *replay, struct err *err)
{
	bool standard = strcmp(replay->name, "-") == 0;
	struct stat st;

	replay->fd = standard ? STDIN_FILENO :
	    open(replay->name, O_RDONLY | O_CLOEXEC);
	if (replay->fd < 0 || fstat(replay->fd, &st) < 0)
		return err_sys(err, errno, "unable to open %s", replay->name);
	if (S_ISDIR(st.st_mode))
		return err_sys(err, EISDIR, "unable to read %s",
		    replay->name);
	if (S_ISREG(st.st_mode) && !standard)
		replay->size = st.st_size;
	return replay_detect(replay, err);
}

static int
replay_open_journal(struct replay *replay, bool follow, struct err *err)
{
	replay->journal = journal_in_open(replay->name, follow, err);
	if (replay->journal == NULL)
		return -1;
	replay->size = journal_in_size(replay->journal);
	return 0;
}

struct replay *
replay_open(const char *name, bool follow, struct outlet *outlet,
    const volatile sig_atomic_t *stop, struct err *err)
{
	struct replay *replay = replay_new(name, outlet, stop);
	struct stat st;
	bool folder = strcmp(name, "-") != 0 && stat(name, &st) == 0 &&
	    S_ISDIR(st.st_mode);

	if ((folder || follow ? replay_open_journal(replay, follow, err) :
	    replay_open_file(replay, err)) == 0)
		return replay;
	replay_free(replay);
	return NULL;
}

void
replay_free(struct replay *replay)
{
	if (replay == NULL)
		return;
	if (replay->packed)
		inflateEnd(&replay->z);
	if (replay->fd > STDIN_FILENO)
		close(replay->fd);
	journal_in_free(replay->journal);
	buf_free(&replay->peeked);
	free(replay->raw);
	free(replay);
}

bool
replay_is_journal(const struct replay *replay)
{
	return replay->journal != NULL;
}

const char *
replay_name(const struct replay *replay)
{
	return replay->name;
}

int64_t
replay_size(const struct replay *replay)
{
	return replay->size;
}

int
replay_percent(const struct replay *replay)
{
	if (replay->size <= 0 || replay->stored > replay->size)
		return -1;
	return (int)(100 * replay->stored / replay->size);
}

const volatile sig_atomic_t *
replay_stop(const struct replay *replay)
{
	return replay->stop;
}

struct slice
replay_peek(struct replay *replay, size_t most)
{
	struct buf *peeked = &replay->peeked;
	size_t got = 1;
	const char *nl = NULL;

	while (peeked->n < most && got > 0 && nl == NULL) {
		size_t room = most - peeked->n < REPLAY_CHUNK ?
		    most - peeked->n : REPLAY_CHUNK;
		char *p = buf_reserve(peeked, room);

		got = replay_take(replay, p, room);
		nl = got == 0 ? NULL : memchr(p, '\n', got);
		peeked->n += got;
	}
	return (struct slice){ peeked->p, nl == NULL ? peeked->n :
	    (size_t)(nl + 1 - peeked->p) };
}

ssize_t
replay_read(void *ctx, void *dst, size_t n)
{
	struct replay *replay = ctx;
	size_t left = replay->peeked.n - replay->peeked_at;

	if (left > 0) {
		n = n < left ? n : left;
		memcpy(dst, replay->peeked.p + replay->peeked_at, n);
		replay->peeked_at += n;
	} else {
		n = replay_take(replay, dst, n);
	}
	replay->total += (int64_t)n;
	return (ssize_t)n;
}

int64_t
replay_total(const struct replay *replay)
{
	return replay->total;
}

const char *
replay_trouble(const struct replay *replay)
{
	return replay->troubled ? replay->trouble.text : NULL;
}
