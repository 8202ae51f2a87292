#include "tap/massive_raw.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/decimal.h"

enum {
	MASSIVE_RAW_WRITE = 128 << 10,
	MASSIVE_RAW_READ = 256 << 10,
	MASSIVE_RAW_MOST = 128 << 20,	/* of one arrival */
	MASSIVE_RAW_LINE = 64		/* of one but the first */
};

static const char massive_raw_magic[] = "flow-raw 1 massive ";

static const char *const massive_raw_names[] = {
	"options", "stocks", "indices", "live", "lost", "tick", "page", "shed",
	"keep", "bye", "tables"
};

enum { MASSIVE_RAW_NAMES = sizeof(massive_raw_names) /
    sizeof(*massive_raw_names) };

struct massive_raw {
	int fd, error;
	char *path;
	struct buf out;
};

struct massive_raw *
massive_raw_create(const char *dir, const struct massive_raw_head *head,
    struct err *err)
{
	struct massive_raw *raw = buf_alloc(1, sizeof(*raw));
	struct buf path = BUF_INIT;

	buf_fmt(&path, "%s/%016" PRIx64 ".raw%c", dir, head->run, '\0');
	raw->path = path.p;
	if (mkdir(dir, 0700) < 0 && errno != EEXIST) {
		err_fill_sys(err, errno, "unable to create %s", dir);
		raw->fd = -1;
	} else {
		raw->fd = open(raw->path, O_WRONLY | O_CREAT | O_EXCL |
		    O_CLOEXEC, 0600);
		if (raw->fd < 0)
			err_fill_sys(err, errno, "unable to create %s",
			    raw->path);
	}
	if (raw->fd < 0) {
		free(raw->path);
		free(raw);
		return NULL;
	}
	buf_fmt(&raw->out, "%s%016" PRIx64 " %s %" PRId64 " %" PRId64 " %"
	    PRId64 " %" PRId64 " %s %s\n", massive_raw_magic, head->run,
	    head->mode, head->delay_ms, head->late_ms, head->budget,
	    head->days, head->base, head->symbols);
	return raw;
}

static void
massive_raw_write(struct massive_raw *raw)
{
	size_t done = 0;

	while (done < raw->out.n && raw->error == 0) {
		ssize_t n = write(raw->fd, raw->out.p + done,
		    raw->out.n - done);

		if (n >= 0)
			done += (size_t)n;
		else if (errno != EINTR)
			raw->error = errno;
	}
	raw->out.n = 0;
}

void
massive_raw_add(struct massive_raw *raw, int64_t at_ms,
    enum massive_raw_what what, struct slice bytes)
{
	if (raw == NULL)
		return;
	buf_fmt(&raw->out, "%" PRId64 " %s %zu\n", at_ms,
	    massive_raw_names[what], bytes.n);
	buf_add(&raw->out, bytes.p, bytes.n);
	buf_str(&raw->out, "\n");
	if (raw->out.n >= MASSIVE_RAW_WRITE)
		massive_raw_write(raw);
}

int
massive_raw_flush(struct massive_raw *raw, struct err *err)
{
	if (raw == NULL)
		return 0;
	massive_raw_write(raw);
	return raw->error == 0 ? 0 : err_sys(err, raw->error,
	    "unable to write %s", raw->path);
}

int
massive_raw_close(struct massive_raw *raw, struct err *err)
{
	int r;

	if (raw == NULL)
		return 0;
	massive_raw_write(raw);
	if (fsync(raw->fd) < 0 && errno != EINVAL && raw->error == 0)
		raw->error = errno;
	if (close(raw->fd) < 0 && raw->error == 0)
		raw->error = errno;
	r = massive_raw_flush(raw, err);
	free(raw->path);
	buf_free(&raw->out);
	free(raw);
	return r;
}

/* ---- reading ---- */

struct massive_raw_in {
	struct replay *replay;
	struct buf text;
	size_t at;			/* read so far */
	bool end;
};

bool
massive_raw_begins(struct slice line)
{
	size_t n = sizeof(massive_raw_magic) - 1;

	return line.n > n && memcmp(line.p, massive_raw_magic, n) == 0;
}

/* Has n bytes ready, or as many as there are; the number. */
static size_t
massive_raw_fill(struct massive_raw_in *in, size_t n)
{
	while (in->text.n - in->at < n && !in->end) {
		ssize_t got;

		if (in->at > 0) {
			buf_drop(&in->text, in->at);
			in->at = 0;
		}
		got = replay_read(in->replay, buf_reserve(&in->text,
		    MASSIVE_RAW_READ), MASSIVE_RAW_READ);
		in->end = got <= 0;
		if (got > 0)
			in->text.n += (size_t)got;
	}
	return in->text.n - in->at;
}

/* A line of at most most bytes as a C string; false: there is none. */
static bool
massive_raw_line(struct massive_raw_in *in, char *dst, size_t most)
{
	size_t n = massive_raw_fill(in, most - 1);
	const char *from = in->text.p + in->at, *end;

	n = n < most - 1 ? n : most - 1;
	end = n == 0 ? NULL : memchr(from, '\n', n);
	if (end == NULL)
		return false;
	n = (size_t)(end - from);
	memcpy(dst, from, n);
	dst[n] = '\0';
	in->at += n + 1;
	return true;
}

/* Takes the next word of a line; false when it does not fit or is empty. */
static bool
massive_raw_word(char **line, char *dst, size_t most)
{
	const char *word = strsep(line, " ");
	size_t n = word == NULL ? 0 : strlen(word);

	if (n == 0 || n >= most)
		return false;
	memcpy(dst, word, n + 1);
	return true;
}

static bool
massive_raw_number(char **line, int64_t *out)
{
	char text[DECIMAL_TEXT];

	return massive_raw_word(line, text, sizeof(text)) &&
	    decimal_parse(text, strlen(text), 0, out, NULL) == 0;
}

static bool
massive_raw_head(char *line, struct massive_raw_head *head)
{
	char run[17], *end;

	line += sizeof(massive_raw_magic) - 1;
	if (!massive_raw_word(&line, run, sizeof(run)))
		return false;
	head->run = strtoull(run, &end, 16);
	return *end == '\0' &&
	    massive_raw_word(&line, head->mode, sizeof(head->mode)) &&
	    massive_raw_number(&line, &head->delay_ms) &&
	    massive_raw_number(&line, &head->late_ms) &&
	    massive_raw_number(&line, &head->budget) &&
	    massive_raw_number(&line, &head->days) &&
	    massive_raw_word(&line, head->base, sizeof(head->base)) &&
	    massive_raw_word(&line, head->symbols, sizeof(head->symbols));
}

struct massive_raw_in *
massive_raw_open(struct replay *replay, struct massive_raw_head *head,
    struct err *err)
{
	struct massive_raw_in *in = buf_alloc(1, sizeof(*in));
	char line[sizeof(massive_raw_magic) + MASSIVE_RAW_SYMBOLS +
	    MASSIVE_RAW_BASE + 128];

	in->replay = replay;
	if (massive_raw_line(in, line, sizeof(line)) &&
	    massive_raw_head(line, head))
		return in;
	err_set(err, "%s: not a recording of frames", replay_name(replay));
	massive_raw_in_free(in);
	return NULL;
}

void
massive_raw_in_free(struct massive_raw_in *in)
{
	if (in == NULL)
		return;
	buf_free(&in->text);
	free(in);
}

int
massive_raw_next(struct massive_raw_in *in, int64_t *at_ms,
    enum massive_raw_what *what, struct slice *bytes, struct err *err)
{
	char line[MASSIVE_RAW_LINE], name[16], *rest = line;
	int64_t bytes_said;
	size_t n;

	if (massive_raw_fill(in, 1) == 0)
		return 0;
	if (!massive_raw_line(in, line, sizeof(line)) ||
	    !massive_raw_number(&rest, at_ms) ||
	    !massive_raw_word(&rest, name, sizeof(name)) ||
	    !massive_raw_number(&rest, &bytes_said) || bytes_said < 0 ||
	    bytes_said > MASSIVE_RAW_MOST)
		return err_set(err, "damaged recording of frames");
	n = (size_t)bytes_said;
	for (size_t i = 0; ; i++) {
		if (i == MASSIVE_RAW_NAMES)
			return err_set(err, "damaged recording of frames");
		if (strcmp(name, massive_raw_names[i]) == 0) {
			*what = (enum massive_raw_what)i;
			break;
		}
	}
	if (massive_raw_fill(in, n + 1) < n + 1)
		return err_set(err, "the recording of frames breaks off");
	*bytes = (struct slice){ in->text.p + in->at, n };
	in->at += n + 1;
	return 1;
}
