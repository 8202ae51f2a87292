#ifndef FLOW_CHECK_H
#define FLOW_CHECK_H

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/*
 * What a unit test needs: named checks that say what was wanted and what was
 * got, and a count.  A test program ends with "return check_end();".
 */

static int check_passed, check_failed;

static inline void
check_note(int ok, const char *file, int line, const char *name)
{
	if (ok) {
		check_passed++;
		return;
	}
	check_failed++;
	fprintf(stderr, "%s:%d: %s: failed\n", file, line, name);
}

static inline void
check_int_at(const char *file, int line, const char *name, int64_t got,
    int64_t want)
{
	if (got != want)
		fprintf(stderr, "  got %" PRId64 ", want %" PRId64 "\n", got,
		    want);
	check_note(got == want, file, line, name);
}

static inline void
check_text_at(const char *file, int line, const char *name, const char *got,
    size_t n, const char *want)
{
	int ok = got != NULL && n == strlen(want) &&
	    memcmp(got, want, n) == 0;

	if (!ok)
		fprintf(stderr, "  got \"%.*s\", want \"%s\"\n", (int)n,
		    got == NULL ? "" : got, want);
	check_note(ok, file, line, name);
}

#define CHECK(name, ok) check_note((ok) ? 1 : 0, __FILE__, __LINE__, name)
#define CHECK_INT(name, got, want) \
	check_int_at(__FILE__, __LINE__, name, (int64_t)(got), (int64_t)(want))
#define CHECK_TEXT(name, got, n, want) \
	check_text_at(__FILE__, __LINE__, name, got, n, want)
#define CHECK_STR(name, got, want) \
	check_text_at(__FILE__, __LINE__, name, got, strlen(got), want)

/* One line for the runner: "N passed, N failed"; the exit status. */
static inline int
check_end(void)
{
	printf("%d passed, %d failed\n", check_passed, check_failed);
	return check_failed == 0 && check_passed > 0 ? 0 : 1;
}

#endif
