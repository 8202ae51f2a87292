/*
 * What a gateway, or whatever listens on its port, may send: frames are taken
 * apart and every message and row is read.  Never crashes; no message is
 * believed that has fewer fields than it says; fields put together again are
 * the same bytes.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tap/ib_wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
fuzz_fields(struct slice payload)
{
	struct ib_in in = { payload.p, payload.p + payload.n, -1, 0 };
	struct buf again = BUF_INIT;
	size_t begin = ib_wire_begin(&again);

	while (in.p < in.end)
		ib_wire_put(&again, ib_wire_text(&in));
	ib_wire_end(&again, begin);
	if (in.bad != 0 || again.n - begin != payload.n ||
	    memcmp(again.p + begin, payload.p, payload.n) != 0)
		abort();
	buf_free(&again);
}

static void
fuzz_message(struct slice payload)
{
	struct ib_message message;
	struct ib_rtvolume volume;
	struct ib_row row;
	struct err err;

	if (ib_wire_read(payload, &message, &err) < 0)
		return;
	fuzz_fields(payload);
	if (message.id == IB_STRING)
		ib_wire_rtvolume(message.text, &volume, &err);
	for (int list = 0; list < 2; list++) {
		size_t left = message.rows[list];

		for (; left > 0; left--)
			if (ib_wire_row(&message, list, &row, &err) == 0)
				abort();
		if (ib_wire_row(&message, list, &row, &err) != 0)
			abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *copy = buf_dup((const char *)data, n);
	struct slice rest = { copy, n }, payload;
	struct err err;
	size_t used;

	while (ib_wire_frame(rest, &payload, &used, &err) == 1) {
		/* exactly as long, so that a sanitizer sees a step beyond */
		char *alone = buf_realloc(NULL, payload.n, 1);

		memcpy(alone, payload.p, payload.n);
		fuzz_message((struct slice){ alone, payload.n });
		free(alone);
		rest.p += used;
		rest.n -= used;
	}
	free(copy);
	return 0;
}
