/* tap/journal: segments of at most JOURNAL_SEGMENT bytes, days, lengths. */
#include "tap/journal.h"

#include <stdlib.h>
#include <unistd.h>

#include "check.h"

enum { LINE = 1 << 20, LINES = 130 };	/* over two segments */

static void
test_segments(const char *dir)
{
	struct journal_in *in;
	struct journal *j;
	struct err err;
	char *line = buf_alloc(LINE, 1);
	int64_t total = 0;
	ssize_t n;

	j = journal_open(dir, false, &err);
	CHECK_INT("opened", j != NULL, 1);
	memset(line, 'x', LINE);
	line[LINE - 1] = '\n';
	/* 2025-11-24 10:00 in New York */
	journal_advance(j, INT64_C(1763996400000));
	for (int i = 0; i < LINES; i++) {
		journal_add(j, line, LINE);
		journal_flush(j, i);
	}
	CHECK_INT("failed", journal_failed(j), 0);
	CHECK_INT("closed", journal_close(j, &err), 0);
	/* 64 lines of 1 MiB fill a segment to the byte: 64, 64, 2. */
	CHECK_INT("there", chdir(dir), 0);
	CHECK_INT("first", access("2025-11-24/000001.ndjson", R_OK), 0);
	CHECK_INT("third", access("2025-11-24/000003.ndjson", R_OK), 0);
	CHECK_INT("fourth", access("2025-11-24/000004.ndjson", R_OK), -1);
	in = journal_in_open(".", false, &err);
	CHECK_INT("read", in != NULL, 1);
	CHECK_INT("size", journal_in_size(in), (int64_t)LINE * LINES);
	while ((n = journal_in_read(in, line, LINE)) > 0)
		total += n;
	CHECK_INT("end", n, 0);
	CHECK_INT("all", total, (int64_t)LINE * LINES);
	journal_in_free(in);
	unlink("2025-11-24/000001.ndjson");
	unlink("2025-11-24/000002.ndjson");
	unlink("2025-11-24/000003.ndjson");
	unlink("lock");
	rmdir("2025-11-24");
	free(line);
}

int
main(void)
{
	char dir[] = "/tmp/flow-journal-XXXXXX";

	CHECK_INT("folder", mkdtemp(dir) != NULL, 1);
	test_segments(dir);
	rmdir(dir);
	return check_end();
}
