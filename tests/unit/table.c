#include "base/table.h"

#include <stdio.h>
#include <stdlib.h>

#include "check.h"

/* Compared with a plain array, the simplest map there is. */
enum { KEYS = 3000 };

static size_t
key(char *text, size_t size, int i)
{
	/* Every third is longer than what a slot holds within itself. */
	return (size_t)snprintf(text, size, i % 3 == 0 ?
	    "O:SPXW251219C%08d-and-much-longer-than-a-slot" :
	    "O:SPXW251219C%08d", i);
}

static void
check_all(const struct table *table, int *const model[], const char *name)
{
	char text[80];
	int wrong = 0;

	for (int i = 0; i < KEYS; i++) {
		size_t n = key(text, sizeof(text), i);

		wrong += table_get(table, text, n) != model[i];
	}
	CHECK_INT(name, wrong, 0);
}

/* Insert, overwrite and remove in a fixed but scattered order. */
static void
test_model(void)
{
	static int items[KEYS];
	static int *model[KEYS];
	struct table table;
	size_t held = 0;
	char text[80];
	unsigned x = 1;

	table_init(&table);
	check_all(&table, model, "empty");
	for (int step = 0; step < 40000; step++) {
		int i;
		size_t n;

		x = x * 1103515245u + 12345u;
		i = (int)((x >> 8) % KEYS);
		n = key(text, sizeof(text), i);
		if ((x >> 28) < (step < 20000 ? 11 : 5)) {
			void **at = table_at(&table, text, n);

			if (*at != model[i])
				CHECK("at holds what was put", 0);
			held += model[i] == NULL;
			*at = model[i] = &items[i];
		} else {
			if (table_remove(&table, text, n) != model[i])
				CHECK("remove returns what was put", 0);
			held -= model[i] != NULL;
			model[i] = NULL;
		}
		if (table.n != held)
			CHECK("count", 0);
		if (step % 5000 == 0)
			check_all(&table, model, "on the way");
	}
	check_all(&table, model, "in the end");
	CHECK_INT("count", (int64_t)table.n, (int64_t)held);
	CHECK("not trivial", held > 100);
	table_free(&table);
	CHECK_INT("freed", (int64_t)table.n, 0);
	CHECK("freed", table_get(&table, "a", 1) == NULL);
}

/* Keys are bytes: they may be empty, hold NUL, be prefixes of each other. */
static void
test_keys(void)
{
	static const struct {
		const char *p;
		size_t n;
	} keys[] = {
		{ "", 0 }, { "\0", 1 }, { "\0\0", 2 }, { "a", 1 }, { "a\0", 2 },
		{ "ab", 2 }, { "abcdefgh", 8 }, { "abcdefgh\0", 9 },
		{ "abcdefghabcdefghabcdefgh", 24 },
		{ "abcdefghabcdefghabcdefgha", 25 },
		{ "abcdefghabcdefghabcdefghb", 25 }
	};
	enum { N = sizeof(keys) / sizeof(keys[0]) };
	int items[N];
	struct table table;

	table_init(&table);
	for (size_t i = 0; i < N; i++)
		*table_at(&table, keys[i].p, keys[i].n) = &items[i];
	CHECK_INT("all different", (int64_t)table.n, N);
	for (size_t i = 0; i < N; i++)
		CHECK("found", table_get(&table, keys[i].p, keys[i].n) ==
		    &items[i]);
	CHECK("absent", table_get(&table, "abc", 3) == NULL);
	CHECK("absent", table_remove(&table, "abc", 3) == NULL);
	CHECK("no bytes at all", table_get(&table, NULL, 0) == &items[0]);
	CHECK_INT("asking adds nothing", (int64_t)table.n, N);
	for (size_t i = 0; i < N; i++)
		CHECK("removed", table_remove(&table, keys[i].p, keys[i].n) ==
		    &items[i]);
	CHECK_INT("all gone", (int64_t)table.n, 0);
	table_free(&table);
}

/* A copy is kept, so the caller's bytes may change. */
static void
test_copy(void)
{
	char text[] = "first-key-longer-than-twenty-four-bytes";
	struct table table;
	int item;

	table_init(&table);
	CHECK("remove from nothing", table_remove(&table, text, 5) == NULL);
	*table_at(&table, text, strlen(text)) = &item;
	memset(text, 'x', strlen(text));
	CHECK("changed", table_get(&table, text, strlen(text)) == NULL);
	CHECK("kept", table_get(&table,
	    "first-key-longer-than-twenty-four-bytes", strlen(text)) == &item);
	table_free(&table);
}

static void
test_seed(void)
{
	struct table a, b;

	table_init(&a);
	table_init(&b);
	CHECK("seeds differ", a.seed != b.seed);
	table_free(&a);
	table_free(&b);
}

int
main(void)
{
	test_model();
	test_keys();
	test_copy();
	test_seed();
	return check_end();
}
