/*
 * Texts by key: the same order in memory and through sort(1), which qsort's
 * order of the same pairs confirms, and failures of sort(1) that are told.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "check.h"
#include "tap/sorted.h"

enum { N = 20000 };

static const volatile sig_atomic_t go = 0, stopped = 1;

struct pair {
	int64_t key;
	int number;
};

static int
compare(const void *a, const void *b)
{
	const struct pair *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

/* Few different keys, so that many are the same; some at both ends. */
static int64_t
key_of(int i)
{
	uint32_t x = (uint32_t)i * 2654435761u;

	if (i % 5000 == 17)
		return INT64_MAX;
	return i % 3 == 0 ? (int64_t)(x % 7) : (int64_t)x << 31;
}

static void
order(const char *name, size_t memory)
{
	struct pair *want = calloc(N, sizeof(*want));
	struct sorted *sorted = sorted_new(memory, &go);
	struct sorted_line line;
	struct err err = { "" };
	char text[64];
	int bad = 0, n = 0;

	for (int i = 0; i < N; i++) {
		want[i] = (struct pair){ key_of(i), i };
		n = snprintf(text, sizeof(text), "text %d, %s", i,
		    i % 2 == 0 ? "" : "-12345678901234567890");
		bad += sorted_add(sorted, want[i].key,
		    (struct slice){ text, (size_t)n }, &err) < 0;
	}
	bad += sorted_end(sorted, &err) < 0;
	CHECK_INT(name, bad, 0);
	qsort(want, N, sizeof(*want), compare);
	for (int i = 0; i < N; i++) {
		if (sorted_next(sorted, &line, &err) != 1) {
			bad = N;
			break;
		}
		n = snprintf(text, sizeof(text), "text %d, %s",
		    want[i].number, want[i].number % 2 == 0 ? "" :
		    "-12345678901234567890");
		bad += line.key != want[i].key || line.text.n != (size_t)n ||
		    memcmp(line.text.p, text, (size_t)n) != 0;
	}
	CHECK_INT(name, bad, 0);
	CHECK_INT(name, sorted_next(sorted, &line, &err), 0);
	CHECK_INT(name, sorted_next(sorted, &line, &err), 0);
	sorted_free(sorted);
	free(want);
}

static void
nothing(void)
{
	struct sorted *sorted = sorted_new(0, &go);
	struct sorted_line line;
	struct err err;

	CHECK_INT("nothing", sorted_end(sorted, &err), 0);
	CHECK_INT("nothing", sorted_next(sorted, &line, &err), 0);
	sorted_free(sorted);
}

/* More than sort keeps in memory, and nowhere to put it. */
static void
no_room(void)
{
	struct sorted *sorted = sorted_new(0, &go);
	struct sorted_line line;
	struct err err = { "" };
	char text[SORTED_TEXT];
	int r = 0, fd = dup(STDERR_FILENO);

	memset(text, 'x', sizeof(text));
	CHECK("stderr", fd >= 0 &&
	    freopen("/dev/null", "w", stderr) != NULL);
	for (int i = 0; i < 60000 && r == 0; i++)
		r = sorted_add(sorted, N - i,
		    (struct slice){ text, sizeof(text) }, &err);
	if (r == 0)
		r = sorted_end(sorted, &err);
	if (r == 0)
		r = sorted_next(sorted, &line, &err);
	dup2(fd, STDERR_FILENO);
	close(fd);
	CHECK_INT("no room for sort", r, -1);
	CHECK("no room for sort", strcmp(err.text,
	    "unable to sort: sort ended with status 2") == 0);
	sorted_free(sorted);
}

static void
stop(void)
{
	struct sorted *sorted = sorted_new(0, &stopped);
	struct sorted_line line;
	struct err err;

	CHECK_INT("stopped", sorted_add(sorted, 1, SLICE("a"), &err), 0);
	CHECK_INT("stopped", sorted_end(sorted, &err), 0);
	CHECK_INT("stopped", sorted_next(sorted, &line, &err), 0);
	sorted_free(sorted);
}

int
main(void)
{
	log_init("sorted");
	order("in memory", SORTED_MEMORY);
	order("through sort", 0);
	order("through sort after a while", 100000);
	nothing();
	stop();
	setenv("TMPDIR", "/nonexistent", 1);
	order("no directory is needed for few", 0);
	no_room();
	return check_end();
}
