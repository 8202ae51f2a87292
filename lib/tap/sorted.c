#include "tap/sorted.h"

#include <errno.h>
#include <inttypes.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	/* A line begins with its key and its number, in hex digits. */
	SORTED_KEY = 16, SORTED_NUMBER = 12,
	SORTED_HEAD = SORTED_KEY + SORTED_NUMBER,
	SORTED_CHUNK = 64 << 10
};

struct sorted {
	struct buf bytes;		/* lines to sort or write; lines read */
	size_t *order;			/* where n lines begin in bytes */
	size_t n, cap, next;
	size_t memory;
	uint64_t added, taken;		/* lines in all */
	int fd;				/* sort's ends; -1: all in memory */
	pid_t pid;			/* of sort; 0: none */
	const volatile sig_atomic_t *stop;
};

struct sorted *
sorted_new(size_t memory, const volatile sig_atomic_t *stop)
{
	struct sorted *sorted = buf_alloc(1, sizeof(*sorted));

	sorted->memory = memory;
	sorted->stop = stop;
	sorted->fd = -1;
	return sorted;
}

void
sorted_free(struct sorted *sorted)
{
	if (sorted == NULL)
		return;
	if (sorted->fd >= 0)
		close(sorted->fd);
	if (sorted->pid > 0) {		/* it removes its files and ends */
		kill(sorted->pid, SIGTERM);
		while (waitpid(sorted->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	buf_free(&sorted->bytes);
	free(sorted->order);
	free(sorted);
}

/* ---- lines ---- */

static void
sorted_print(char *dst, uint64_t value, int digits)
{
	static const char hex[] = "0123456789abcdef";

	for (int i = digits - 1; i >= 0; i--, value >>= 4)
		dst[i] = hex[value & 15];
}

/* Reads the line at p, n bytes without its newline. */
static void
sorted_read(const char *p, size_t n, struct sorted_line *line)
{
	uint64_t key = 0;

	for (int i = 0; i < SORTED_KEY; i++)
		key = 16 * key + (uint64_t)(p[i] <= '9' ? p[i] - '0' :
		    p[i] - 'a' + 10);
	line->key = (int64_t)key;
	line->text = (struct slice){ p + SORTED_HEAD, n - SORTED_HEAD };
}

/* ---- sort(1) ---- */

/* Where systems keep it; PATH may hold anything. */
static const char *
sorted_program(void)
{
	static const char *const places[] = {
		"/usr/bin/sort", "/bin/sort"
	};

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (access(places[i], X_OK) == 0)
			return places[i];
	return NULL;
}

static int
sorted_spawn(struct sorted *sorted, int end, struct err *err)
{
	/* 32 MiB: without it GNU sort takes most of the machine's memory. */
	char name[] = "sort", room[] = "-S32768", locale[] = "LC_ALL=C";
	char *const argv[] = { name, room, NULL };
	const char *program = sorted_program(), *dir = getenv("TMPDIR");
	struct buf tmpdir = BUF_INIT;
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t defaults;
	char *envp[3] = { locale, NULL, NULL };
	int r;

	if (program == NULL)
		return err_set(err, "unable to sort: neither /usr/bin/sort "
		    "nor /bin/sort is there");
	if (dir != NULL && dir[0] != '\0') {
		buf_fmt(&tmpdir, "TMPDIR=%s", dir);
		buf_add(&tmpdir, "", 1);
		envp[1] = tmpdir.p;
	}
	/* SIGXFSZ is ignored here; of the others we have handlers. */
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGXFSZ);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, end, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, end, STDOUT_FILENO);
	r = posix_spawn(&sorted->pid, program, &actions, &attr, argv, envp);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	buf_free(&tmpdir);
	if (r == 0)
		return 0;
	sorted->pid = 0;
	return err_sys(err, r, "unable to run %s", program);
}

/*
 * A socket, not pipes: writing to one whose reader has gone can be kept from
 * raising SIGPIPE, which here means that standard output has no reader.
 */
static int
sorted_start(struct sorted *sorted, struct err *err)
{
	int ends[2], r;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return err_sys(err, errno, "unable to sort");
	r = sorted_spawn(sorted, ends[1], err);
	close(ends[1]);
	if (r < 0)
		close(ends[0]);
	else
		sorted->fd = ends[0];
	return r;
}

/* Waits until sort has ended; -1 and err when it failed. */
static int
sorted_wait(struct sorted *sorted, struct err *err)
{
	int status;
	pid_t pid;

	do {
		pid = waitpid(sorted->pid, &status, 0);
	} while (pid < 0 && errno == EINTR);
	sorted->pid = 0;
	if (pid < 0)
		return err_sys(err, errno, "unable to wait for sort");
	if (WIFSIGNALED(status))
		return err_set(err, "unable to sort: sort was ended by signal "
		    "%d", WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return err_set(err, "unable to sort: sort ended with status "
		    "%d", WEXITSTATUS(status));
	return 0;
}

/* Gives the bytes at hand to sort. */
static int
sorted_write(struct sorted *sorted, struct err *err)
{
	size_t at = 0;
	ssize_t n;

	while (at < sorted->bytes.n) {
		n = send(sorted->fd, sorted->bytes.p + at,
		    sorted->bytes.n - at, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int why = errno;

			if (sorted_wait(sorted, err) < 0)
				return -1;
			return err_sys(err, why, "unable to write to sort");
		}
		at += (size_t)n;
	}
	sorted->bytes.n = 0;
	return 0;
}

/* Makes sure that a whole line stands at *at; 1, 0 at the end, -1. */
static int
sorted_fill(struct sorted *sorted, size_t *length, struct err *err)
{
	struct buf *bytes = &sorted->bytes;
	const char *nl;
	ssize_t n;

	for (;;) {
		size_t have = bytes->n - sorted->next;

		nl = have == 0 ? NULL :
		    memchr(bytes->p + sorted->next, '\n', have);
		if (nl != NULL) {
			*length = (size_t)(nl - bytes->p) - sorted->next;
			return 1;
		}
		buf_drop(bytes, sorted->next);
		sorted->next = 0;
		n = recv(sorted->fd, buf_reserve(bytes, SORTED_CHUNK),
		    SORTED_CHUNK, 0);
		if (*sorted->stop != 0 || n == 0)
			return 0;
		if (n < 0 && errno != EINTR)
			return err_sys(err, errno, "unable to read from sort");
		if (n > 0)
			bytes->n += (size_t)n;
	}
}

static int
sorted_next_sorted(struct sorted *sorted, struct sorted_line *line,
    struct err *err)
{
	size_t n;
	int r = sorted_fill(sorted, &n, err);

	if (r < 0)
		return -1;
	if (r == 0) {
		if (*sorted->stop != 0 || sorted->pid == 0)
			return 0;
		if (sorted_wait(sorted, err) < 0)
			return -1;
		return sorted->taken == sorted->added ? 0 :
		    err_set(err, "unable to sort: %" PRIu64 " of %" PRIu64
		    " lines came back", sorted->taken, sorted->added);
	}
	if (n < SORTED_HEAD)
		return err_set(err, "unable to sort: a line came back short");
	sorted_read(sorted->bytes.p + sorted->next, n, line);
	sorted->next += n + 1;
	sorted->taken++;
	return 1;
}

/* ---- in memory ---- */

static int
sorted_compare(const void *a, const void *b, void *bytes)
{
	const char *p = bytes;

	return memcmp(p + *(const size_t *)a, p + *(const size_t *)b,
	    SORTED_HEAD);
}

static void
sorted_sort(struct sorted *sorted)
{
	const char *p = sorted->bytes.p;

	for (size_t i = 1; i < sorted->n; i++)
		if (memcmp(p + sorted->order[i], p + sorted->order[i - 1],
		    SORTED_HEAD) < 0) {
			qsort_r(sorted->order, sorted->n,
			    sizeof(*sorted->order), sorted_compare,
			    sorted->bytes.p);
			return;
		}
}

static int
sorted_next_held(struct sorted *sorted, struct sorted_line *line)
{
	const char *p;

	if (sorted->next == sorted->n)
		return 0;
	p = sorted->bytes.p + sorted->order[sorted->next++];
	sorted_read(p, (size_t)((const char *)memchr(p, '\n',
	    SORTED_HEAD + SORTED_TEXT + 1) - p), line);
	return 1;
}

/* ---- both ---- */

int
sorted_add(struct sorted *sorted, int64_t key, struct slice text,
    struct err *err)
{
	struct buf *bytes = &sorted->bytes;
	char *p;

	if (sorted->fd < 0 && sorted->n == sorted->cap) {
		sorted->cap = sorted->cap == 0 ? 1024 : 2 * sorted->cap;
		sorted->order = buf_realloc(sorted->order, sorted->cap,
		    sizeof(*sorted->order));
	}
	if (sorted->fd < 0)
		sorted->order[sorted->n++] = bytes->n;
	p = buf_reserve(bytes, SORTED_HEAD + text.n + 1);
	sorted_print(p, (uint64_t)key, SORTED_KEY);
	sorted_print(p + SORTED_KEY, sorted->added++, SORTED_NUMBER);
	memcpy(p + SORTED_HEAD, text.p, text.n);
	p[SORTED_HEAD + text.n] = '\n';
	bytes->n += SORTED_HEAD + text.n + 1;
	if (sorted->fd >= 0)
		return bytes->n < SORTED_CHUNK ? 0 :
		    sorted_write(sorted, err);
	if (bytes->n <= sorted->memory)
		return 0;
	if (sorted_start(sorted, err) < 0 || sorted_write(sorted, err) < 0)
		return -1;
	buf_free(bytes);
	free(sorted->order);
	sorted->order = NULL;
	sorted->n = sorted->cap = 0;
	return 0;
}

int
sorted_end(struct sorted *sorted, struct err *err)
{
	if (sorted->fd < 0) {
		sorted_sort(sorted);
		return 0;
	}
	if (sorted_write(sorted, err) < 0)
		return -1;
	if (shutdown(sorted->fd, SHUT_WR) < 0)
		return err_sys(err, errno, "unable to sort");
	return 0;
}

int
sorted_next(struct sorted *sorted, struct sorted_line *line, struct err *err)
{
	return sorted->fd < 0 ? sorted_next_held(sorted, line) :
	    sorted_next_sorted(sorted, line, err);
}
