/*
 * Massive's feed on any bytes: frames of either market, replies, losses and
 * ticks, as a first byte of each piece says, into one stream.
 *
 * - nothing crashes,
 * - every line that comes out is a valid record,
 * - in + add = out + dropped when it ends.
 *
 * Pieces are parted by 0xff, which no UTF-8 has.  How to run: see scan.c
 * beside this file.
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "record/scan.h"
#include "tap/massive_feed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int ok, const char *what, const char *p, size_t n)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %.*s\n", what, (int)n, p);
	abort();
}

static void
feed_piece(struct massive_feed *feed, int64_t *now, const char *p, size_t n)
{
	struct slice text = { p + 1, n - 1 };

	*now += 700;
	switch (*p) {
	case 's':
		massive_feed_frame(feed, *now, MASSIVE_WIRE_STOCKS, text);
		break;
	case 'i':
		massive_feed_frame(feed, *now, MASSIVE_WIRE_INDICES, text);
		break;
	case 'r':
		massive_feed_reply(feed, *now, 200, text);
		break;
	case 'e':
		massive_feed_reply(feed, *now, 500, text);
		break;
	case 'g':
		massive_feed_live(feed, *now);
		break;
	case 'l':
		massive_feed_lost(feed, *now, text);
		break;
	case 't':
		massive_feed_tick(feed, *now);
		break;
	case 'x':
		massive_feed_shed(feed, *now, n % 2 == 0);
		break;
	default:
		massive_feed_frame(feed, *now, MASSIVE_WIRE_OPTIONS, text);
	}
}

static void
check_lines(struct buf *out)
{
	struct scan *scan = scan_new();
	const char *end, *nl;

	memset(buf_reserve(out, SCAN_PAD), 0, SCAN_PAD);
	end = out->p + out->n;
	for (const char *p = out->p; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		must(nl != NULL, "no newline", p, 0);
		must(scan_line(scan, p, (size_t)(nl - p), NULL) == 0,
		    "no record", p, (size_t)(nl - p));
	}
	scan_free(scan);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const symbols[] = { "SPY", "SPX", "KO" };
	const char *p = (const char *)data, *end = p + size, *next;
	struct contract_book book;
	struct control control;
	struct select select;
	struct outlet outlet;
	struct desk desk;
	struct massive_feed *feed;
	volatile sig_atomic_t stop = 0;
	int64_t now = INT64_C(1790000000000);
	const struct control_count *n = &control.count;
	struct massive_feed_setup setup = { .desk = &desk, .delay_ms = 1000,
	    .base = "https://api.massive.com", .budget = 20, .days = 60 };

	log_level_set(LOG_ERROR);
	contract_book_init(&book);
	control_init(&control, "flow-tap");
	select_init(&select);
	if (size > 0 && data[0] % 2 == 0) {
		select.symbols = symbols;
		select.n = 3;
	}
	outlet_init(&outlet, 0, &stop);
	outlet_live(&outlet);
	desk_init(&desk, &control, &outlet, &select, &book);
	desk.live = true;
	memset(desk.run, '0', sizeof(desk.run));
	feed = massive_feed_new(&setup);
	for (; p < end; p = next + 1) {
		next = memchr(p, 0xff, (size_t)(end - p));
		if (next == NULL)
			next = end;
		if (next > p)
			feed_piece(feed, &now, p, (size_t)(next - p));
	}
	massive_feed_shed(feed, now, false);
	massive_feed_end(feed);
	check_lines(&outlet.out.buf);
	must(n->in + n->add == n->out + n->duplicate + n->filter + n->reject +
	    n->overflow, "not conserved", "", 0);
	massive_feed_free(feed);
	desk_free(&desk);
	control_free(&control);
	contract_book_free(&book);
	buf_free(&outlet.out.buf);
	return 0;
}
