/*
 * The codec beside jansson: same verdict, same members, same values.
 *
 * Every line of the input is read by jansson with JSON_REJECT_DUPLICATES, by a
 * scan made for this input and by one that lives as long as the process, whose
 * learnt keys and guesses come from all lines before.  jansson's answer is
 * right for single-line objects of at most SCAN_DEPTH levels; a deeper one
 * must be rejected.  Lines that are accepted are then spliced, with some
 * members replaced, and read again.  Last, the same bytes serve as a recipe:
 * jansson builds and prints an object, which the scan must accept.
 *
 * How to run: "make fuzz SECS=60", or by hand
 *
 *	make BUILD=build/fuzz CC=clang SAN=fuzzer-no-link,address,undefined \
 *	    fuzzers
 *	mkdir -p new
 *	build/fuzz/fuzz/scan -max_total_time=300 new tests/fuzz/corpus/scan
 *
 * A finding says which check failed and leaves a file; give that file to the
 * program to see it again.  When "aged" is in the message, the long-lived scan
 * matters: run the corpus before the file.
 */

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/emit.h"
#include "record/scan.h"

enum { FUZZ_DEEPEST = SCAN_DEPTH - 1 };	/* levels below the line's object */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(int ok, const char *what, const char *p, size_t n)
{
	if (ok)
		return;
	fprintf(stderr, "%s: %.*s\n", what, (int)n, p);
	abort();
}

/* n bytes, an end and junk behind it, in memory of just that size. */
static char *
padded(const void *text, size_t n, char end)
{
	char *p = buf_alloc(n + SCAN_PAD, 1);

	if (n > 0)
		memcpy(p, text, n);
	memset(p + n, '"', SCAN_PAD);
	p[n] = end;
	return p;
}

static int
depth_of(json_t *json)
{
	int deepest = 0, d;
	const char *key;
	json_t *item;
	size_t i;

	json_array_foreach(json, i, item)
		if ((d = depth_of(item)) > deepest)
			deepest = d;
	json_object_foreach(json, key, item)
		if ((d = depth_of(item)) > deepest)
			deepest = d;
	return deepest + (json_is_array(json) || json_is_object(json));
}

static json_t *
member(json_t *object, enum key key)
{
	return json_object_getn(object, key_texts[key].text + 2,
	    key_texts[key].n - 4);
}

/* ---- values ---- */

static int
same_real(struct scan_value got, double want)
{
	char *text = buf_dup(got.p, got.n);
	double d = strtod(text, NULL);

	free(text);
	return d == want;
}

static int
same_int(struct scan_value got, json_int_t want)
{
	int64_t v;

	return decimal_parse(got.p, got.n, 0, &v, NULL) == 0 && v == want;
}

static int
same_text(struct scan *scan, struct scan_value got, json_t *want)
{
	struct slice text = scan_unescape(scan, got);

	return text.n == json_string_length(want) &&
	    memcmp(text.p, json_string_value(want), text.n) == 0;
}

static int
same_nested(struct scan_value got, json_t *want)
{
	json_t *json = json_loadb(got.p, got.n, 0, NULL);
	int same = json_equal(json, want);

	json_decref(json);
	return same;
}

static int
same(struct scan *scan, struct scan_value got, json_t *want)
{
	struct scan_value item;
	size_t pos = 0, n = 0;

	switch (json_typeof(want)) {
	case JSON_NULL:
		return got.type == SCAN_NULL;
	case JSON_TRUE:
		return got.type == SCAN_TRUE;
	case JSON_FALSE:
		return got.type == SCAN_FALSE;
	case JSON_INTEGER:
		return got.type == SCAN_INT &&
		    same_int(got, json_integer_value(want));
	case JSON_REAL:
		return got.type == SCAN_REAL &&
		    same_real(got, json_real_value(want));
	case JSON_STRING:
		return (got.type == SCAN_STRING || got.type == SCAN_ESCAPED) &&
		    same_text(scan, got, want);
	case JSON_OBJECT:
		return got.type == SCAN_OBJECT && same_nested(got, want);
	case JSON_ARRAY:
		break;
	}
	if (got.type != SCAN_ARRAY)
		return 0;
	while (scan_element(got, &pos, &item) == 1)
		if (!same(scan, item, json_array_get(want, n++)))
			return 0;
	return n == json_array_size(want);
}

static void
same_members(struct scan *scan, json_t *want, const char *p, size_t n)
{
	for (enum key key = 0; key < KEY_COUNT; key++) {
		struct scan_value got = scan_get(scan, key);
		json_t *json = member(want, key);

		if (json == NULL || json_is_null(json))
			must(got.type == SCAN_ABSENT, "not absent", p, n);
		else
			must(same(scan, got, json) &&
			    (!json_is_array(json) || same_nested(got, json)),
			    key_texts[key].text, p, n);
	}
}

/* ---- splice ---- */

/* Every stride-th key, with numbers in place of what was there. */
static struct key_set
some_keys(unsigned stride)
{
	struct key_set set = { { 0 } };

	for (enum key key = 0; key < KEY_COUNT; key++)
		if ((key + 1) % stride == 0)
			key_set_add(&set, key);
	return set;
}

static int
in_set(const struct key_set *set, enum key key)
{
	return set->bits[key / 64] >> (key % 64) & 1;
}

static void
same_bytes(const struct scan *before, const struct scan *after,
    const struct key_set *replaced, const char *p, size_t n)
{
	for (enum key key = 0; key < KEY_COUNT; key++) {
		struct scan_value a = scan_get(before, key);
		struct scan_value b = scan_get(after, key);

		if (in_set(replaced, key))
			must(b.type == SCAN_INT, "not replaced", p, n);
		else
			must(a.type == b.type && a.n == b.n && (a.n == 0 ||
			    memcmp(a.p, b.p, a.n) == 0), "not kept", p, n);
	}
}

static void
check_splice(const struct scan *scan, struct scan *again, json_t *json,
    unsigned stride)
{
	struct key_set set = some_keys(stride);
	json_t *want = json_copy(json), *got;
	struct buf dst = BUF_INIT;
	char *line;

	emit_splice(&dst, scan, &set);
	for (enum key key = 0; key < KEY_COUNT; key++) {
		if (!in_set(&set, key))
			continue;
		emit_int(&dst, key, -(int64_t)key);
		json_object_setn_new(want, key_texts[key].text + 2,
		    key_texts[key].n - 4, json_integer(-(json_int_t)key));
	}
	emit_close(&dst);
	line = padded(dst.p, dst.n - 1, '\n');
	must(scan_line(again, line, dst.n - 1, NULL) == 0, "splice rejected",
	    line, dst.n);
	same_bytes(scan, again, &set, line, dst.n);
	got = json_loadb(line, dst.n, JSON_REJECT_DUPLICATES, NULL);
	must(json_equal(got, want), "splice differs", line, dst.n);
	json_decref(got);
	json_decref(want);
	buf_free(&dst);
	free(line);
}

/* ---- one line ---- */

/* The scans one input is read by. */
struct pair {
	struct scan *fresh;		/* of this input */
	struct scan *aged, *again;	/* of all inputs */
};

static void
check_scan(struct scan *scan, const char *name, json_t *json, const char *p,
    size_t n)
{
	int want = json_is_object(json) && depth_of(json) <= SCAN_DEPTH;
	int got = scan_line(scan, p, n, NULL) == 0;

	must(got == want, name, p, n);
	if (got)
		same_members(scan, json, p, n);
}

/* An object alone in an array must read as it does on a line. */
static void
check_frame(struct scan *scan, json_t *json, const char *p, size_t n)
{
	char *frame = buf_alloc(2 * n + 3 + SCAN_PAD, 1);
	size_t pos = 0, total = 2 * n + 3;

	frame[0] = '[';
	memcpy(frame + 1, p, n);
	frame[n + 1] = ',';
	memcpy(frame + n + 2, p, n);
	frame[total - 1] = ']';
	frame[total] = '\n';
	for (int i = 0; i < 2; i++) {
		must(scan_frame(scan, frame, total, &pos, NULL) == 1,
		    "frame rejected", p, n);
		same_members(scan, json, p, n);
	}
	must(scan_frame(scan, frame, total, &pos, NULL) == 0,
	    "frame not ended", p, n);
	free(frame);
}

static int
check_line(struct pair *scans, const void *data, size_t n)
{
	/* jansson 2.14 swallows a NUL behind a number; no JSON holds one. */
	json_t *json = memchr(data, '\0', n) != NULL ? NULL :
	    json_loadb(data, n, JSON_REJECT_DUPLICATES, NULL);
	char *line = padded(data, n, n % 2 == 0 ? '\n' : '\0');
	int accepted;

	check_scan(scans->fresh, "fresh", json, line, n);
	check_scan(scans->aged, "aged", json, line, n);
	accepted = json_is_object(json) && depth_of(json) <= SCAN_DEPTH;
	if (accepted) {
		check_splice(scans->aged, scans->again, json,
		    n % 4 == 0 ? KEY_COUNT + 1 : n % 29 + 1);
		check_frame(scans->fresh, json, line, n);
	}
	json_decref(json);
	free(line);
	return accepted;
}

/* ---- the bytes as a recipe ---- */

struct recipe {
	const uint8_t *p, *end;
};

static unsigned
take(struct recipe *r)
{
	return r->p < r->end ? *r->p++ : 0;
}

static uint64_t
take_word(struct recipe *r, unsigned bytes)
{
	uint64_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | take(r);
	return v;
}

static char *
put_utf8(char *p, uint32_t c)
{
	if (c < 0x80)
		*p++ = (char)c;
	else if (c < 0x800)
		*p++ = (char)(0xc0 | c >> 6);
	else if (c < 0x10000)
		*p++ = (char)(0xe0 | c >> 12);
	else
		*p++ = (char)(0xf0 | c >> 18);
	if (c >= 0x10000)
		*p++ = (char)(0x80 | (c >> 12 & 0x3f));
	if (c >= 0x800)
		*p++ = (char)(0x80 | (c >> 6 & 0x3f));
	if (c >= 0x80)
		*p++ = (char)(0x80 | (c & 0x3f));
	return p;
}

/* Up to 79 characters of every size; never U+0000, which is not allowed. */
static size_t
make_text(struct recipe *r, char *dst)
{
	unsigned n = take(r) % 80;
	char *p = dst;

	while (n-- > 0) {
		unsigned size = take(r);
		uint32_t c = size % 16 < 12 ? size & 0x7f : size % 16 < 14 ?
		    (uint32_t)take_word(r, 2) :
		    (uint32_t)take_word(r, 3) % 0x110000;

		if (c == 0 || (c >= 0xd800 && c < 0xe000))
			c = '"';
		p = put_utf8(p, c);
	}
	return (size_t)(p - dst);
}

static json_t *
make_real(struct recipe *r)
{
	uint64_t bits = take_word(r, 8);
	double d;

	memcpy(&d, &bits, sizeof(d));
	return d - d == 0 ? json_real(d) : json_real(0.5);
}

static json_t *make_value(struct recipe *r, int room);

static json_t *
make_object(struct recipe *r, int room)
{
	json_t *object = json_object(), *value;
	unsigned n = take(r) % 40;
	char text[4 * 80];

	while (n-- > 0 && r->p < r->end) {
		unsigned key = take(r);

		value = make_value(r, room - 1);
		if (key < KEY_COUNT)
			json_object_setn_new(object, key_texts[key].text + 2,
			    key_texts[key].n - 4, value);
		else
			json_object_setn_new(object, text, make_text(r, text),
			    value);
	}
	return object;
}

static json_t *
make_array(struct recipe *r, int room)
{
	json_t *array = json_array();
	unsigned n = take(r) % 16;

	while (n-- > 0 && r->p < r->end)
		json_array_append_new(array, make_value(r, room - 1));
	return array;
}

/* room: levels that may still be opened */
static json_t *
make_value(struct recipe *r, int room)
{
	unsigned kind = take(r) % (room > 0 ? 10 : 7);
	char text[4 * 80];

	switch (kind) {
	case 0:
		return json_null();
	case 1:
		return json_boolean(take(r) & 1);
	case 2:
		return json_integer((json_int_t)(int8_t)take(r));
	case 3:
		return json_integer((json_int_t)take_word(r, 8));
	case 4:
		return make_real(r);
	case 5:
	case 6:
		return json_stringn(text, make_text(r, text));
	case 7:
		return make_object(r, room);
	default:
		return make_array(r, room);
	}
}

static void
check_recipe(struct pair *scans, const uint8_t *data, size_t size)
{
	struct recipe r = { data, data + size };
	unsigned flags = take(&r);
	json_t *object = make_object(&r, FUZZ_DEEPEST);
	char *text = json_dumps(object, (flags & 1 ? JSON_COMPACT : 0) |
	    (flags & 2 ? JSON_ENSURE_ASCII : 0) |
	    (flags & 4 ? JSON_ESCAPE_SLASH : 0) |
	    (flags & 8 ? JSON_SORT_KEYS : 0));

	must(text != NULL, "recipe not printed", "", 0);
	must(check_line(scans, text, strlen(text)), "recipe rejected",
	    text, strlen(text));
	free(text);
	json_decref(object);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pair scans;
	const uint8_t *p = data, *end = data + size, *nl;

	if (scans.aged == NULL) {
		json_object_seed(1);	/* the same run twice */
		scans.aged = scan_new();
		scans.again = scan_new();
	}
	scans.fresh = scan_new();
	for (; p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			nl = end;
		check_line(&scans, p, (size_t)(nl - p));
	}
	check_recipe(&scans, data, size);
	scan_free(scans.fresh);
	return 0;
}
