/*
 * What may leave for a gateway: every message id the protocol could have, and
 * every request that public clients were recorded with, orders among them, is
 * handed to the one function that sends.  How a session lives is in
 * tests/ib.bats, with a gateway at the other end.
 */

#include "check.h"

#include <glob.h>
#include <stdlib.h>

#include "tap/ib_session.h"

static const int reads[] = { 1, 2, 9, 20, 22, 23, 25, 49, 59, 61, 64, 71, 78,
	96 };

static bool
is_read(int64_t id)
{
	for (size_t i = 0; i < sizeof(reads) / sizeof(*reads); i++)
		if (reads[i] == id)
			return true;
	return false;
}

static void
ignore(void *ctx, enum ib_news news, int64_t code, const char *text)
{
	(void)ctx;
	(void)news;
	(void)code;
	(void)text;
}

static struct buf
vector(const char *path)
{
	struct buf bytes = BUF_INIT;
	FILE *file = fopen(path, "r");
	char line[4096];

	while (file != NULL && fgets(line, sizeof(line), file) != NULL)
		for (char *p = line; *line != '#' && p[0] > ' '; p += 2) {
			char digits[3] = { p[0], p[1], '\0' };
			char byte = (char)strtoul(digits, NULL, 16);

			buf_add(&bytes, &byte, 1);
		}
	if (file != NULL)
		fclose(file);
	return bytes;
}

static void
test_ids(struct ib_session *session)
{
	struct buf frame = BUF_INIT;
	size_t waiting = 0;

	for (int64_t id = -3; id < 1100; id++) {
		size_t begin;

		frame.n = 0;
		begin = ib_wire_begin(&frame);
		ib_wire_put_int(&frame, id);
		ib_wire_put_int(&frame, 1);
		ib_wire_end(&frame, begin);
		CHECK_INT("sent", ib_session_send(session, NULL,
		    (struct slice){ frame.p, frame.n }, NULL),
		    is_read(id) ? 0 : -1);
		waiting += is_read(id);
		CHECK_INT("waits", ib_session_waiting(session), waiting);
	}
	buf_free(&frame);
}

static void
test_vectors(struct ib_session *session)
{
	int refused = 0;
	glob_t found;

	CHECK_INT("glob", glob("tests/data/ib-wire/c-*.hex", 0, NULL, &found),
	    0);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct buf bytes = vector(found.gl_pathv[i]);
		/* the id is the first field: digits after the length */
		long id = bytes.n > 4 ? strtol(bytes.p + 4, NULL, 10) : 0;
		bool hello = strstr(found.gl_pathv[i], "handshake") != NULL;
		int r = ib_session_send(session, NULL,
		    (struct slice){ bytes.p, bytes.n }, NULL);

		CHECK_INT(found.gl_pathv[i], r,
		    !hello && is_read(id) ? 0 : -1);
		refused += r < 0 && strstr(found.gl_pathv[i], "order") != NULL;
		buf_free(&bytes);
	}
	/* six of place-order, cancel-order, open and completed orders */
	CHECK_INT("orders refused", refused, 9);
	globfree(&found);
}

/* Two frames at once, a part of one, bytes of none. */
static void
test_forms(struct ib_session *session)
{
	struct buf two = BUF_INIT;

	ib_wire_time(&two);
	ib_wire_time(&two);
	CHECK_INT("two", ib_session_send(session, NULL,
	    (struct slice){ two.p, two.n }, NULL), -1);
	CHECK_INT("a part", ib_session_send(session, NULL,
	    (struct slice){ two.p, 6 }, NULL), -1);
	CHECK_INT("nothing", ib_session_send(session, NULL,
	    (struct slice){ NULL, 0 }, NULL), -1);
	CHECK_INT("none", ib_session_send(session, NULL,
	    SLICE("\0\0\0\4abc"), NULL), -1);
	buf_free(&two);
}

int
main(void)
{
	const struct ib_session_setup setup = { "127.0.0.1", 9, 1, 1000, 1,
		60, 50 };
	const struct ib_events events = { ignore, NULL, NULL };
	struct loop *loop = loop_new();
	struct ib_session *session = ib_session_new(loop, &setup, &events);

	test_ids(session);
	test_vectors(session);
	test_forms(session);
	ib_session_free(session);
	loop_free(loop);
	return check_end();
}
