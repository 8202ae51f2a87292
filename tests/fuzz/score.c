/*
 * flow-score whole, and flow-paper behind it: any stream in.
 *
 * An input that begins with "{" is taken as lines; any other is a recipe, eight
 * bytes a record, for classified trades, sweeps of them, cancels, bars,
 * heartbeats and gaps that fit together: what random lines seldom do.  Each
 * stream ends with a bye and a heartbeat and goes through flow-score twice,
 * with and without --explain, then through flow-paper.  Then
 *
 * - nothing crashes (the sanitizers' part),
 * - every line that comes out is a valid record again,
 * - in + add = out + dropped at the last heartbeat, and out is what came out,
 * - both gave the same signals, and flow-paper passed them all on.
 *
 * How to run: see scan.c beside this file.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "paper/paper.h"
#include "record/control.h"
#include "record/scan.h"
#include "score/score.h"

enum { FUZZ_RECIPE = 1024 };		/* bytes of a recipe that count */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int ok, const char *what, const char *p, size_t n)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %.*s\n", what, (int)n, p);
	abort();
}

/* ---- the recipe ---- */

/* What trades and sweeps have in common. */
static void
put_common(struct buf *dst, const uint8_t *b, int64_t ts)
{
	static const int sizes[] = { 1, 10, 100, 500, 1000, 4000, 65536, 7 };
	static const char *const sides[] = { "BUY", "BUY", "BUY", "SELL" };
	int put = b[1] & 1, expires = b[1] & 2 ? 28 : 26;

	buf_fmt(dst, "\"symbol\":\"K%d\",\"contract_ticker\":"
	    "\"O:K%d2511%dC00100000\",\"option_type\":\"%s\",\"strike\":100,"
	    "\"expiration\":\"%s-%d\",\"trade_date\":\"2025-11-24\","
	    "\"timestamp\":%lld,\"size\":%d,\"premium\":%d,\"side\":\"%s\","
	    "\"side_confidence\":0.%d,\"sentiment\":\"%s\","
	    "\"sentiment_weight\":0.%d", b[1] % 6, b[1] % 6, expires,
	    put ? "put" : "call", b[1] & 4 ? "2025-11" : "2025-12", expires,
	    (long long)ts, sizes[b[3] % 8], sizes[b[3] % 8] * b[4] * 10,
	    sides[b[5] % 4], b[5] / 4 % 10, (b[5] % 4 == 3) == put ?
	    "BULLISH" : "BEARISH", b[6] % 10);
}

static void
put_trade(struct buf *dst, const uint8_t *b, int64_t ts, unsigned number)
{
	static const char *const words[] = { "AGGRESSIVE", "NORMAL",
		"PASSIVE", "x" };
	static const char *const conditions[] = { "AUTO", "ISOI", "SLAN",
		"MLET", "LATE", "CANC", "AUTO", "AUTO" };

	buf_fmt(dst, "{\"record\":\"trade\",\"trade_id\":\"t%u\",", number);
	put_common(dst, b, ts);
	buf_fmt(dst, ",\"session\":\"%s\",\"price\":%d.5,\"conditions\":"
	    "[\"%s\"],\"aggressiveness\":\"%s\",\"quote_status\":\"%s\","
	    "\"is_sweep\":%s,\"is_block\":%s,\"open_interest\":%d,"
	    "\"day_volume\":%d", b[6] & 64 ? "CURB" : "RTH", b[4],
	    conditions[b[7] % 8], words[b[6] / 16 % 4], b[6] & 128 ? "STALE" :
	    "OK", b[7] & 8 ? "true" : "false", b[7] & 16 ? "true" : "false",
	    b[2] * 8, b[3] * 32);
	if (b[7] & 32)
		buf_fmt(dst, ",\"underlying_price\":%d.%02d,"
		    "\"underlying_age_ms\":%d", 90 + b[2] % 20, b[4] % 100,
		    b[5] * 40);
	if (b[7] & 64)
		buf_fmt(dst, ",\"otm_pct\":%d.5", b[2] % 12 - 6);
	buf_str(dst, "}\n");
}

static void
put_sweep(struct buf *dst, const uint8_t *b, int64_t ts, unsigned last)
{
	buf_fmt(dst, "{\"record\":\"sweep\",\"sweep_id\":\"sw:t%u\",\"kind\":"
	    "\"%s\",", last - 2, b[6] & 16 ? "SPLIT" : "SWEEP");
	put_common(dst, b, ts);
	buf_fmt(dst, ",\"vwap_price\":%d.25,\"anchor_bid\":%d.2,"
	    "\"anchor_ask\":%d.3,\"aggressivenesses\":[\"AGGRESSIVE\"],"
	    "\"trade_ids\":[\"t%u\",\"t%u\"]}\n", b[4], b[4], b[4], last - 2,
	    last - 1);
}

static void
put_bar(struct buf *dst, const uint8_t *b, int64_t ts)
{
	static const struct {
		const char *name;
		int ms;
	} spans[] = { { "1m", 60000 }, { "5m", 300000 }, { "1d", 23400000 },
		{ "1m", 60000 } };
	int low = 90 + b[3] % 20;

	buf_fmt(dst, "{\"record\":\"bar\",\"symbol\":\"%s%d\",\"tf\":\"%s\","
	    "\"timestamp\":%lld,\"end_ts\":%lld,\"open\":%d,\"high\":%d,"
	    "\"low\":%d,\"close\":%d.5,\"volume\":%d,\"is_final\":%s}\n",
	    b[5] & 1 ? "K" : "SPY", b[1] % 6, spans[b[4] % 4].name,
	    (long long)ts - spans[b[4] % 4].ms, (long long)ts, low + 1,
	    low + 2, low, low, b[2] * 100, b[5] & 2 ? "true" : "false");
}

static void
put_record(struct buf *dst, const uint8_t *b, int64_t *ts, unsigned number)
{
	*ts += b[0] % 8 == 7 ? b[2] * INT64_C(600000) : b[2] * 40;
	if (b[0] < 120)
		put_trade(dst, b, b[0] == 9 ? *ts - 9000 : *ts, number);
	else if (b[0] < 150)
		put_sweep(dst, b, *ts, number);
	else if (b[0] < 220)
		put_bar(dst, b, *ts / 60000 * 60000);
	else if (b[0] < 235)
		buf_fmt(dst, "{\"record\":\"heartbeat\",\"timestamp\":%lld}\n",
		    (long long)*ts);
	else if (b[0] < 248)
		buf_fmt(dst, "{\"record\":\"cancel\",\"symbol\":\"K%d\","
		    "\"contract_ticker\":\"O:K%d251128C00100000\","
		    "\"timestamp\":%lld,\"ref_trade_id\":\"t%u\","
		    "\"ref_timestamp\":%lld,\"size\":%d,\"premium\":%d}\n",
		    b[1] % 6, b[1] % 6, (long long)*ts, number - b[3] % 8,
		    (long long)*ts - b[4] * 40, b[5] + 1, b[6] * 1000);
	else
		buf_fmt(dst, "{\"record\":\"gap\",\"gap_id\":\"g%d\","
		    "\"state\":\"open\",\"from_ts\":%lld,"
		    "\"symbols\":[\"*\"]}\n", b[1], (long long)*ts);
}

/* Five full sessions and half an hour today, or no gate would ever open. */
static void
put_past(struct buf *dst)
{
	for (int i = 0; i < 11; i++) {
		long long ts = INT64_C(1763994600000) - (i == 10 ? 0 :
		    INT64_C(86400000) * (7 - i / 2) - i % 2 * 389 * 60000);

		for (int k = 0; k < 3; k++)
			buf_fmt(dst, "{\"record\":\"bar\",\"symbol\":\"K%d\","
			    "\"tf\":\"1m\",\"timestamp\":%lld,\"end_ts\":%lld,"
			    "\"open\":100,\"high\":100,\"low\":100,"
			    "\"close\":100,\"volume\":1000,"
			    "\"is_final\":true}\n", k, ts, ts + 60000);
	}
}

/* ---- one stream ---- */

static void
check_hop(struct scan *scan, long long all)
{
	struct scan_value hop = scan_get(scan, KEY_hop), entry;
	long long in = 0, out = 0, add = 0, drop = 0;
	const char *at, *end;
	size_t pos = 0;

	entry.n = 0;
	while (scan_element(hop, &pos, &entry))
		continue;
	must(entry.n > 0 && sscanf(entry.p, "{\"stage\":\"flow-%*[a-z]\","
	    "\"in\":%lld,\"out\":%lld,\"add\":%lld", &in, &out, &add) == 3,
	    "no hop", hop.p, hop.n);
	end = entry.p + entry.n;
	for (at = strstr(entry.p, "\"drop\":"); at != NULL && at < end;
	    at = memchr(at + 1, ':', (size_t)(end - at - 1)))
		drop += strtoll(at + 1, NULL, 10);
	must(in + add == out + drop, "not conserved", entry.p, entry.n);
	must(out == all, "another out", entry.p, entry.n);
}

/* Appends all that was written to dst; returns how many signals. */
static long long
take(struct scan *scan, int fd, struct buf *dst)
{
	long long data = 0, signals = 0;
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = buf_alloc((size_t)size + SCAN_PAD, 1);
	const char *p = text, *nl;

	must(pread(fd, text, (size_t)size, 0) == size, "unread", "", 0);
	for (; p < text + size; p = nl + 1) {
		enum control_kind kind;
		struct slice name;

		nl = memchr(p, '\n', (size_t)(text + size - p));
		must(nl != NULL, "no newline", p, 0);
		must(scan_line(scan, p, (size_t)(nl - p), NULL) == 0,
		    "no record", p, (size_t)(nl - p));
		must(control_kind_of(scan, &kind, &name, NULL) == 0,
		    "no kind", p, (size_t)(nl - p));
		data = kind == CONTROL_HELLO ? 0 :
		    data + (kind == CONTROL_DATA);
		signals += slice_equal(name, SLICE("signal"));
	}
	check_hop(scan, data);		/* the heartbeat fed last */
	buf_add(dst, text, (size_t)size);
	memset(buf_reserve(dst, SCAN_PAD), 0, SCAN_PAD);
	free(text);
	return signals;
}

/* Each line of text to a stage's function. */
static void
feed(const struct buf *text, int (*put)(void *, const struct line *),
    void *stage)
{
	const char *p = text->p, *nl;

	for (; p < text->p + text->n; p = nl + 1) {
		struct line line = { .p = p, .file = "fuzz", .number = 1 };

		nl = memchr(p, '\n', (size_t)(text->p + text->n - p));
		line.n = (size_t)(nl - p);
		must(put(stage, &line) == 0, "output failed", p, line.n);
	}
}

static int
put_score(void *stage, const struct line *line)
{
	return score_line(stage, line);
}

static int
put_paper(void *stage, const struct line *line)
{
	return paper_line(stage, line);
}

static long long
run_score(struct scan *scan, const struct buf *text, bool explain,
    struct buf *dst)
{
	struct score_options options;
	struct line_out out;
	struct score *s;
	long long signals;
	int fd = memfd_create("out", 0);

	must(fd >= 0, "memfd_create", "", 0);
	score_defaults(&options, SCORE_STD);
	options.explain = explain;
	options.max_underlyings = 4;
	options.max_prints = 64;
	for (int k = 0; k < STRATEGY_KINDS; k++) {
		options.settings.limits[k].min_rvol_e4 = 0;
		options.settings.limits[k].min_strength_e4 = 0;
	}
	line_out_init(&out, fd);
	s = score_new(&options, &out);
	feed(text, put_score, s);
	must(line_out_flush(&out) == 0, "flush", "", 0);
	signals = take(scan, fd, dst);
	score_end(s);
	score_free(s);
	line_out_close(&out, NULL);
	return signals;
}

static long long
run_paper(struct scan *scan, const struct buf *text, struct buf *dst)
{
	struct paper_options options;
	struct line_out out;
	struct paper *p;
	long long signals;
	int fd = memfd_create("out", 0);

	must(fd >= 0, "memfd_create", "", 0);
	memset(&options, 0, sizeof(options));
	book_defaults(&options.rules);
	options.max_quote_age_ms = 60000;
	line_out_init(&out, fd);
	p = paper_new(&options, &out);
	feed(text, put_paper, p);
	must(line_out_flush(&out) == 0, "flush", "", 0);
	signals = take(scan, fd, dst);
	paper_end(p);
	paper_free(p);
	line_out_close(&out, NULL);
	return signals;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf text = BUF_INIT, plain = BUF_INIT, told = BUF_INIT;
	struct buf last = BUF_INIT;
	struct scan *scan = scan_new();
	int64_t ts = INT64_C(1763996400000);
	long long signals;

	log_level_set(LOG_ERROR);
	if (size > 0 && data[0] == '{') {
		buf_add(&text, data, size);
		buf_add(&text, "\n", 1);
	} else {
		put_past(&text);
		for (size_t i = 0; i + 8 <= size && i < FUZZ_RECIPE; i += 8)
			put_record(&text, data + i, &ts, (unsigned)i / 8);
	}
	buf_str(&text, "{\"record\":\"bye\"}\n{\"record\":\"heartbeat\"}\n");
	memset(buf_reserve(&text, SCAN_PAD), 0, SCAN_PAD);
	signals = run_score(scan, &text, false, &plain);
	must(signals == run_score(scan, &text, true, &told), "other signals",
	    text.p, text.n);
	must(signals == run_paper(scan, &plain, &last), "signals lost",
	    plain.p, plain.n);
	buf_free(&text);
	buf_free(&plain);
	buf_free(&told);
	buf_free(&last);
	scan_free(scan);
	return 0;
}
