/*
 * flow-classify whole: any stream in, held and at once.
 *
 * An input that begins with "{" is taken as lines; any other is a recipe, eight
 * bytes a record, for trades, cancels, heartbeats and gaps that fit together:
 * what random lines seldom do.  Each stream ends with a bye and a heartbeat and
 * goes through two classifiers, one with hold, one without.  Then
 *
 * - nothing crashes (the sanitizers' part),
 * - every line that comes out is a valid record again,
 * - in + add = out + dropped at the last heartbeat, and out is what came out,
 * - both wrote the same sweeps, cancels and events, and as many trades.
 *
 * How to run: see scan.c beside this file.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "classify/classify.h"
#include "record/control.h"
#include "record/scan.h"

enum { FUZZ_RECIPE = 512 };		/* bytes of a recipe that count */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What a stream came to. */
struct tally {
	int64_t trades, others;		/* data records since the last hello */
	int64_t all_trades;
	uint64_t made;			/* sum of hashes: order is free */
};

static void
must(int ok, const char *what, const char *p, size_t n)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %.*s\n", what, (int)n, p);
	abort();
}

static uint64_t
hash(const char *p, size_t n)
{
	uint64_t h = 14695981039346656037u;

	while (n-- > 0)
		h = (h ^ (unsigned char)*p++) * 1099511628211u;
	return h;
}

/* ---- the recipe ---- */

static void
put_trade(struct buf *dst, const uint8_t *b, int64_t ts, unsigned number)
{
	static const char *const conditions[] = {
		"AUTO", "ISOI", "ISOI", "ISOI", "SLAN", "SLAI", "MLET",
		"LATE", "CANC", "CNCL", "CNCO", "CNOL", "SWEEP", "MLTI",
		"EXHT", "X"
	};
	static const char *const sessions[] = { "RTH", "RTH", "CURB",
		"CLOSED" };
	static const int sizes[] = { 1, 5, 10, 40, 100, 500, 4000, 65536 };
	int mid = 200 + (b[5] & 15), ask = mid + (b[5] >> 4) % 4;

	buf_fmt(dst, "{\"record\":\"trade\",\"trade_id\":\"t%u\","
	    "\"contract_ticker\":\"O:K%d\",\"symbol\":\"K%d\","
	    "\"timestamp\":%lld,\"trade_date\":\"2025-11-2%d\","
	    "\"session\":\"%s\",\"price\":%d.%02d,\"size\":%d,"
	    "\"option_type\":\"%s\",\"exchange\":\"E%d\","
	    "\"conditions\":[\"%s\"]",
	    b[7] % 32 == 0 ? number / 2 : number, b[1] % 12, b[1] % 3,
	    (long long)ts, b[7] / 32 == 7 ? 5 : 4, sessions[b[7] / 4 % 4],
	    (mid + b[4] % 8 - 2) / 100, (mid + b[4] % 8 - 2) % 100,
	    sizes[b[3] % 8], b[1] & 1 ? "call" : "put", b[6] % 4,
	    conditions[b[6] / 16]);
	if (b[5] % 16 != 15)
		buf_fmt(dst, ",\"bid\":%d.%02d,\"ask\":%d.%02d,"
		    "\"bid_size\":%d,\"ask_size\":%d", mid / 100, mid % 100,
		    ask / 100, ask % 100, b[3] % 5, b[4] % 5);
	if (b[3] & 32)
		buf_fmt(dst, ",\"quote_timestamp\":%lld",
		    (long long)ts - b[2]);
	if (b[3] & 64)
		buf_fmt(dst, ",\"ex_bid\":1.9%d,\"ex_ask\":2.1%d,"
		    "\"ex_ask_size\":%d", b[4] % 8, b[5] % 8, sizes[b[3] % 8]);
	if (b[3] & 128)
		buf_fmt(dst, ",\"open_interest\":%d", b[2] * 16);
	buf_str(dst, "}\n");
}

static void
put_record(struct buf *dst, const uint8_t *b, int64_t *ts, unsigned number)
{
	*ts += b[2] % 16 == 15 ? b[2] * 40 : b[2] % 16 * 10;
	if (b[0] < 220)
		put_trade(dst, b, b[0] % 64 == 9 ? *ts - b[2] * 9 : *ts,
		    number);
	else if (b[0] < 240)
		buf_fmt(dst, "{\"record\":\"heartbeat\",\"timestamp\":%lld}\n",
		    (long long)*ts);
	else if (b[0] < 246)
		buf_fmt(dst, "{\"record\":\"gap\",\"gap_id\":\"g%d\","
		    "\"state\":\"open\",\"from_ts\":%lld,\"to_ts\":%lld,"
		    "\"symbols\":[\"%s%d\"]}\n", b[1] % 8, (long long)*ts,
		    (long long)*ts + b[3], b[4] & 1 ? "K" : "*", b[5] % 3);
	else if (b[0] < 249)
		buf_fmt(dst, "{\"record\":\"oi\",\"contract_ticker\":"
		    "\"O:K%d\",\"timestamp\":%lld,\"open_interest\":%d}\n",
		    b[1] % 12, (long long)*ts, b[3]);
	else if (b[0] < 251)
		buf_str(dst, "{\"record\":\"hello\",\"schema_version\":1}\n");
	else if (b[0] < 252)
		buf_str(dst, "{\"record\":\"bye\",\"exit\":0}\n");
	else
		buf_fmt(dst, "{\"record\":\"x%d\"}\n", b[1]);
}

/* ---- one stream ---- */

static void
feed(struct classify *c, const char *p, size_t n)
{
	struct line line = { .p = p, .n = n, .file = "fuzz", .number = 1 };

	must(classify_line(c, &line) == 0, "output failed", p, n);
}

static void
check_hop(struct scan *scan, const struct tally *t)
{
	struct scan_value hop = scan_get(scan, KEY_hop), entry;
	long long in = 0, out = 0, add = 0, drop = 0;
	const char *at, *end;
	size_t pos = 0;

	entry.n = 0;
	while (scan_element(hop, &pos, &entry))
		continue;
	must(entry.n > 0 && sscanf(entry.p, "{\"stage\":\"flow-classify\","
	    "\"in\":%lld,\"out\":%lld,\"add\":%lld", &in, &out, &add) == 3,
	    "no hop", hop.p, hop.n);
	end = entry.p + entry.n;
	for (at = strstr(entry.p, "\"drop\":"); at != NULL && at < end;
	    at = memchr(at + 1, ':', (size_t)(end - at - 1)))
		drop += strtoll(at + 1, NULL, 10);
	must(in + add == out + drop, "not conserved", entry.p, entry.n);
	must(out == t->trades + t->others, "another out", entry.p, entry.n);
}

static void
count_line(struct scan *scan, struct tally *t, const char *p, size_t n)
{
	enum control_kind kind;
	struct slice name;

	must(scan_line(scan, p, n, NULL) == 0, "no record", p, n);
	must(control_kind_of(scan, &kind, &name, NULL) == 0, "no kind", p, n);
	if (kind == CONTROL_HELLO)
		t->trades = t->others = 0;
	else if (kind == CONTROL_DATA && slice_equal(name, SLICE("trade")))
		t->trades++;
	else if (kind == CONTROL_DATA)
		t->others++;
	if (slice_equal(name, SLICE("trade")))
		t->all_trades++;
	if (slice_equal(name, SLICE("sweep")) ||
	    slice_equal(name, SLICE("cancel")) ||
	    slice_equal(name, SLICE("event")))
		t->made += hash(p, n);
}

/* Reads all that was written; the last heartbeat is the one fed last. */
static struct tally
count(struct scan *scan, int fd)
{
	struct tally t = { 0, 0, 0, 0 };
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = buf_alloc((size_t)size + SCAN_PAD, 1);
	const char *p = text, *nl, *last = NULL;

	must(pread(fd, text, (size_t)size, 0) == size, "unread", "", 0);
	for (; p < text + size; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(text + size - p));
		must(nl != NULL, "no newline", p, 0);
		count_line(scan, &t, p, (size_t)(nl - p));
		last = p;
	}
	nl = memchr(last, '\n', (size_t)(text + size - last));
	must(scan_line(scan, last, (size_t)(nl - last), NULL) == 0, "last",
	    last, 0);
	check_hop(scan, &t);
	free(text);
	return t;
}

static struct tally
run(struct scan *scan, const struct buf *text, size_t size, bool hold)
{
	static const char bye[64] = "{\"record\":\"bye\"}\n";
	static const char beat[64] = "{\"record\":\"heartbeat\"}\n";
	struct classify_options options;
	struct line_out out;
	struct classify *c;
	struct tally t;
	const char *p = text->p, *nl;
	int fd = memfd_create("out", 0);

	must(fd >= 0, "memfd_create", "", 0);
	classify_defaults(&options, CLASSIFY_STD);
	options.hold = hold;
	options.max_contracts = 8;
	options.max_prints = 64;
	line_out_init(&out, fd);
	c = classify_new(&options, &out);
	for (; p < text->p + size; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(text->p + size - p));
		feed(c, p, (size_t)(nl - p));
	}
	feed(c, bye, strlen(bye) - 1);
	feed(c, beat, strlen(beat) - 1);
	must(line_out_flush(&out) == 0, "flush", "", 0);
	t = count(scan, fd);
	classify_end(c);
	classify_free(c);
	line_out_close(&out, NULL);
	return t;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT;
	struct tally hold, fast;
	struct scan *scan = scan_new();
	int64_t ts = INT64_C(1763996400000);
	size_t n;

	log_level_set(LOG_ERROR);
	if (size > 0 && data[0] == '{') {
		buf_add(&text, data, size);
		buf_add(&text, "\n", 1);
	} else {
		for (size_t i = 0; i + 8 <= size && i < FUZZ_RECIPE; i += 8)
			put_record(&text, data + i, &ts, (unsigned)i / 8);
	}
	n = text.n;
	memset(buf_reserve(&text, SCAN_PAD), 0, SCAN_PAD);
	hold = run(scan, &text, n, true);
	fast = run(scan, &text, n, false);
	must(hold.all_trades == fast.all_trades, "other trades", text.p, n);
	must(hold.made == fast.made, "other sweeps", text.p, n);
	buf_free(&text);
	scan_free(scan);
	return 0;
}
