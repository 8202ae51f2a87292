/*
 * Records out.  What is wanted is written by hand from RFC 8259 and from the
 * contract in emit.h; every record is read back by the scanner as well.
 */

#include <stdlib.h>

#include "check.h"
#include "record/emit.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The record is one valid line and reads as wanted. */
static void
check_record(const char *name, struct buf *dst, const char *want)
{
	struct scan *scan = scan_new();

	CHECK_TEXT(name, dst->p, dst->n, want);
	buf_reserve(dst, SCAN_PAD);
	memset(dst->p + dst->n, 0, SCAN_PAD);
	CHECK(name, scan_line(scan, dst->p, dst->n - 1, NULL) == 0);
	scan_free(scan);
	dst->n = 0;
}

/* ---- new records ---- */

static void
test_scalars(void)
{
	struct buf dst = BUF_INIT;

	emit_open(&dst, "trade");
	emit_close(&dst);
	check_record("kind alone", &dst, "{\"record\":\"trade\"}\n");

	emit_open(&dst, "trade");
	emit_int(&dst, KEY_size, 0);
	emit_int(&dst, KEY_n, INT64_MAX);
	emit_int(&dst, KEY_missing, INT64_MIN);
	emit_bool(&dst, KEY_is_late, true);
	emit_bool(&dst, KEY_is_iso, false);
	emit_null(&dst, KEY_dte);
	emit_str(&dst, KEY_side, "BUY");
	emit_word(&dst, KEY_symbol, "SPYX", 3);
	emit_raw(&dst, KEY_metrics, SLICE("{\"a\":[1]}"));
	emit_close(&dst);
	check_record("scalars", &dst, "{\"record\":\"trade\",\"size\":0,"
	    "\"n\":9223372036854775807,\"missing\":-9223372036854775808,"
	    "\"is_late\":true,\"is_iso\":false,\"dte\":null,\"side\":\"BUY\","
	    "\"symbol\":\"SPY\",\"metrics\":{\"a\":[1]}}\n");
	buf_free(&dst);
}

static void
test_decimals(void)
{
	static const struct {
		int64_t value;
		int scale;
		const char *want;
	} rows[] = {
		{ 45500, 4, "4.55" },
		{ -45500, 4, "-4.55" },
		{ 40000, 4, "4" },
		{ 1, 4, "0.0001" },
		{ -1, 4, "-0.0001" },
		{ 0, 4, "0" },
		{ 10, 4, "0.001" },
		{ 1000001, 6, "1.000001" },
		{ 500000, 6, "0.5" },
		{ 100, 0, "100" },
		{ INT64_MAX, 4, "922337203685477.5807" },
		{ INT64_MIN, 4, "-922337203685477.5808" },
		{ INT64_MAX, 9, "9223372036.854775807" },
		{ INT64_MIN, 0, "-9223372036854775808" }
	};
	struct buf dst = BUF_INIT, want = BUF_INIT;

	for (size_t i = 0; i < COUNT(rows); i++) {
		want.n = 0;
		buf_fmt(&want, "{\"record\":\"x\",\"price\":%s}\n",
		    rows[i].want);
		buf_add(&want, "", 1);
		emit_open(&dst, "x");
		emit_decimal(&dst, KEY_price, rows[i].value, rows[i].scale);
		emit_close(&dst);
		check_record(rows[i].want, &dst, want.p);
	}
	buf_free(&dst);
	buf_free(&want);
}

/* ---- escaping ---- */

static const struct {
	const char *name;
	struct slice text;
	const char *want;
} texts[] = {
	{ "empty", { "", 0 }, "" },
	{ "plain", { "abc", 3 }, "abc" },
	{ "quote and backslash", { "a\"b\\c", 5 }, "a\\\"b\\\\c" },
	{ "slash", { "a/b", 3 }, "a/b" },
	{ "controls", { "\0\b\t\n\f\r\x1f", 7 },
	    "\xef\xbf\xbd\\u0008\\u0009\\u000a\\u000c\\u000d\\u001f" },
	{ "delete", { "\x7f", 1 }, "\\u007f" },
	{ "two bytes", { "\xc2\x80\xdf\xbf", 4 }, "\xc2\x80\xdf\xbf" },
	{ "three bytes", { "\xe0\xa0\x80\xef\xbf\xbf", 6 },
	    "\xe0\xa0\x80\xef\xbf\xbf" },
	{ "about the surrogates", { "\xed\x9f\xbf\xee\x80\x80", 6 },
	    "\xed\x9f\xbf\xee\x80\x80" },
	{ "four bytes", { "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8 },
	    "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf" },
	/* invalid: each byte becomes U+FFFD, what follows is kept */
	{ "continuation alone", { "a\x80z", 3 }, "a\xef\xbf\xbdz" },
	{ "byte FF", { "\xff", 1 }, "\xef\xbf\xbd" },
	{ "Latin-1", { "\xe9t\xe9", 3 }, "\xef\xbf\xbdt\xef\xbf\xbd" },
	{ "cut at the end", { "\xe2\x82", 2 }, "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "cut by a quote", { "\xc3\"", 2 }, "\xef\xbf\xbd\\\"" },
	/* reliability.md 5: line ends for some readers of JavaScript */
	{ "line separators", { "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa", 9 },
	    "\\u2028\\u2029\xe2\x80\xaa" },
	{ "overlong slash", { "\xc0\xaf", 2 }, "\xef\xbf\xbd\xef\xbf\xbd" },
	{ "overlong three bytes", { "\xe0\x9f\xbf", 3 },
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "surrogate", { "\xed\xa0\x80", 3 },
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
	{ "above U+10FFFF", { "\xf4\x90\x80\x80", 4 },
	    "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" }
};

static void
test_texts(void)
{
	struct buf dst = BUF_INIT, want = BUF_INIT;

	for (size_t i = 0; i < COUNT(texts); i++) {
		char *text = buf_alloc(texts[i].text.n, 1);

		memcpy(text, texts[i].text.p, texts[i].text.n);
		want.n = 0;
		buf_fmt(&want, "{\"record\":\"x\",\"title\":\"%s\","
		    "\"symbols\":[\"%s\"]}\n", texts[i].want, texts[i].want);
		buf_add(&want, "", 1);
		emit_open(&dst, "x");
		emit_text(&dst, KEY_title,
		    (struct slice){ text, texts[i].text.n });
		emit_array(&dst, KEY_symbols);
		emit_item(&dst, (struct slice){ text, texts[i].text.n });
		emit_array_end(&dst);
		emit_close(&dst);
		free(text);
		check_record(texts[i].name, &dst, want.p);
	}
	buf_free(&dst);
	buf_free(&want);
}

/* One byte to escape at each place of texts of each length. */
static void
test_places(void)
{
	static const struct {
		char byte;
		const char *want;
	} bytes[] = {
		{ '"', "\\\"" }, { '\\', "\\\\" }, { 0x1f, "\\u001f" },
		{ 0x7f, "\\u007f" }, { '~', "~" }, { ' ', " " }, { '#', "#" }
	};
	struct buf dst = BUF_INIT, want = BUF_INIT;
	char text[20];

	for (size_t n = 1; n <= sizeof(text); n++)
		for (size_t at = 0; at < n; at++)
			for (size_t i = 0; i < COUNT(bytes); i++) {
				memset(text, 'a', n);
				text[at] = bytes[i].byte;
				want.n = 0;
				buf_fmt(&want, "{\"record\":\"x\","
				    "\"title\":\"%.*s%s%.*s\"}\n", (int)at,
				    text, bytes[i].want, (int)(n - at - 1),
				    text + at + 1);
				buf_add(&want, "", 1);
				emit_open(&dst, "x");
				emit_text(&dst, KEY_title,
				    (struct slice){ text, n });
				emit_close(&dst);
				check_record("place", &dst, want.p);
			}
	buf_free(&dst);
	buf_free(&want);
}

static void
test_fixed(void)
{
	struct buf dst = BUF_INIT;
	struct emit_fixed side, late, wide;

	emit_fix_str(&side, KEY_side, "BUY");
	emit_fix_bool(&late, KEY_is_late, true);
	emit_fix_bool(&wide, KEY_is_wide, false);
	emit_open(&dst, "x");
	emit_fixed(&dst, &side);
	emit_fixed(&dst, &late);
	emit_fixed(&dst, &wide);
	emit_close(&dst);
	check_record("fixed", &dst, "{\"record\":\"x\",\"side\":\"BUY\","
	    "\"is_late\":true,\"is_wide\":false}\n");
	buf_free(&dst);
}

/* ---- arrays and objects ---- */

static void
test_nested(void)
{
	struct buf dst = BUF_INIT;

	emit_open(&dst, "hello");
	emit_array(&dst, KEY_symbols);
	emit_array_end(&dst);
	emit_array(&dst, KEY_exchanges);
	emit_item(&dst, SLICE("CBOE"));
	emit_array_end(&dst);
	emit_array(&dst, KEY_conditions);
	emit_item(&dst, SLICE("["));
	emit_item(&dst, SLICE(""));
	emit_item(&dst, SLICE("a\"b"));
	emit_array_end(&dst);
	emit_close(&dst);
	check_record("arrays", &dst, "{\"record\":\"hello\",\"symbols\":[],"
	    "\"exchanges\":[\"CBOE\"],"
	    "\"conditions\":[\"[\",\"\",\"a\\\"b\"]}\n");

	emit_open(&dst, "hello");
	emit_object(&dst, KEY_metrics);
	emit_object_end(&dst);
	emit_object(&dst, KEY_capabilities);
	emit_bool(&dst, KEY_quotes, true);
	emit_int(&dst, KEY_time_resolution_ms, 1);
	emit_object_end(&dst);
	emit_object(&dst, KEY_hop);
	emit_object(&dst, KEY_drop);
	emit_decimal(&dst, KEY_price, 15000, 4);
	emit_object_end(&dst);
	emit_array(&dst, KEY_trade_ids);
	emit_item(&dst, SLICE("{"));
	emit_array_end(&dst);
	emit_str(&dst, KEY_stage, "tap");
	emit_object_end(&dst);
	emit_int(&dst, KEY_n, 1);
	emit_close(&dst);
	check_record("objects", &dst, "{\"record\":\"hello\",\"metrics\":{},"
	    "\"capabilities\":{\"quotes\":true,\"time_resolution_ms\":1},"
	    "\"hop\":{\"drop\":{\"price\":1.5},\"trade_ids\":[\"{\"],"
	    "\"stage\":\"tap\"},\"n\":1}\n");
	buf_free(&dst);
}

/* The first member of an object has no comma, whichever kind it is. */
static void
test_first(void)
{
	struct buf dst = BUF_INIT;
	static const char *const want = "{\"record\":\"x\","
	    "\"why\":{\"n\":1},\"metrics\":{\"price\":1},\"hop\":{\"in\":null}"
	    ",\"drop\":{\"exit\":true},\"add\":{\"title\":\"t\"},\"code\":{"
	    "\"kind\":\"k\"},\"state\":{\"run\":{}},\"reason\":{\"trades\":[]}"
	    "}\n";

	buf_str(&dst, "{\"record\":\"x\",\"why\":{");
	emit_int(&dst, KEY_n, 1);
	emit_object_end(&dst);
	emit_object(&dst, KEY_metrics);
	emit_decimal(&dst, KEY_price, 1, 0);
	emit_object_end(&dst);
	emit_object(&dst, KEY_hop);
	emit_null(&dst, KEY_in);
	emit_object_end(&dst);
	emit_object(&dst, KEY_drop);
	emit_bool(&dst, KEY_exit, true);
	emit_object_end(&dst);
	emit_object(&dst, KEY_add);
	emit_text(&dst, KEY_title, SLICE("t"));
	emit_object_end(&dst);
	emit_object(&dst, KEY_code);
	emit_str(&dst, KEY_kind, "k");
	emit_object_end(&dst);
	emit_object(&dst, KEY_state);
	emit_object(&dst, KEY_run);
	emit_object_end(&dst);
	emit_object_end(&dst);
	emit_object(&dst, KEY_reason);
	emit_array(&dst, KEY_trades);
	emit_array_end(&dst);
	emit_object_end(&dst);
	emit_close(&dst);
	check_record("first members", &dst, want);
	buf_free(&dst);
}

/* ---- splice ---- */

/* Each line gets "size" and "is_late"; a line that has them loses its own. */
static const struct {
	const char *line, *want;
} splices[] = {
	{ "{\"a\":1}", "{\"a\":1,\"size\":7,\"is_late\":true}" },
	/* an empty object, however it is written */
	{ "{}", "{\"size\":7,\"is_late\":true}" },
	{ "{ }", "{\"size\":7,\"is_late\":true}" },
	{ "{\t \r}", "{\"size\":7,\"is_late\":true}" },
	/* bytes kept: spacing, escapes, number forms, unknown and odd keys */
	{ " {\"x\" : 1.500 ,\"\\u0079\":\"\\u00e9\\/\"}\r",
	    "{\"x\" : 1.500 ,\"\\u0079\":\"\\u00e9\\/\",\"size\":7,"
	    "\"is_late\":true}" },
	{ "{\"why\":{\"size\":[1, 2]}}",
	    "{\"why\":{\"size\":[1, 2]},\"size\":7,\"is_late\":true}" },
	/* replaced: alone, first, middle, last, both */
	{ "{\"size\":1}", "{\"size\":7,\"is_late\":true}" },
	{ "{ \"size\" : 1 }", "{\"size\":7,\"is_late\":true}" },
	{ "{\"size\":1,\"a\":2}", "{\"a\":2,\"size\":7,\"is_late\":true}" },
	{ "{\"a\":2,\"size\":1,\"b\":3}",
	    "{\"a\":2,\"b\":3,\"size\":7,\"is_late\":true}" },
	{ "{\"a\":2,\"size\":1}", "{\"a\":2,\"size\":7,\"is_late\":true}" },
	{ "{\"size\":1,\"is_late\":false}", "{\"size\":7,\"is_late\":true}" },
	{ "{\"is_late\":false,\"a\":2,\"size\":1}",
	    "{\"a\":2,\"size\":7,\"is_late\":true}" },
	/* replaced whatever the value */
	{ "{\"size\":null,\"a\":2}", "{\"a\":2,\"size\":7,\"is_late\":true}" },
	{ "{\"size\":\"\",\"a\":\"\"}",
	    "{\"a\":\"\",\"size\":7,\"is_late\":true}" },
	{ "{\"size\":\"}\\\"\",\"a\":2}",
	    "{\"a\":2,\"size\":7,\"is_late\":true}" },
	{ "{\"size\":{\"a\":[\"]}\"]},\"a\":2}",
	    "{\"a\":2,\"size\":7,\"is_late\":true}" },
	{ "{\"size\":-1.5E+3 ,\"a\":true}",
	    "{\"a\":true,\"size\":7,\"is_late\":true}" },
	/* replaced when its key is escaped */
	{ "{\"\\u0073ize\":1,\"a\":2}",
	    "{\"a\":2,\"size\":7,\"is_late\":true}" },
	/* not replaced: the same word elsewhere */
	{ "{\"a\":\"size\",\"size_\":1,\"size\":1,\"b\":{\"size\":2}}",
	    "{\"a\":\"size\",\"size_\":1,\"b\":{\"size\":2},\"size\":7,"
	    "\"is_late\":true}" },
	/* kept beside a replaced one: its bytes */
	{ "{\"size\":1, \"a\" :\t[ 1 , 2 ] , \"b\":1.0e0 }",
	    "{\"a\" :\t[ 1 , 2 ],\"b\":1.0e0,\"size\":7,\"is_late\":true}" }
};

static void
test_splice(void)
{
	struct scan *scan = scan_new();
	struct key_set set = { { 0 } };
	struct buf dst = BUF_INIT;

	key_set_add(&set, KEY_size);
	key_set_add(&set, KEY_is_late);
	for (size_t i = 0; i < COUNT(splices); i++) {
		size_t n = strlen(splices[i].line), want;
		char *p = buf_alloc(n + SCAN_PAD, 1);
		char *text;

		memcpy(p, splices[i].line, n);
		CHECK("line", scan_line(scan, p, n, NULL) == 0);
		emit_splice(&dst, scan, &set);
		emit_int(&dst, KEY_size, 7);
		emit_bool(&dst, KEY_is_late, true);
		emit_close(&dst);
		want = strlen(splices[i].want);
		text = buf_dup(splices[i].want, want + 1);
		text[want] = '\n';
		check_record(splices[i].line, &dst, text);
		free(text);
		free(p);
	}
	buf_free(&dst);
	scan_free(scan);
}

/* Nothing to replace: the object as it stands, and records one by one. */
static void
test_splice_more(void)
{
	static const char line[] = "{\"size\":1,\"a\":[ ]}";
	struct scan *scan = scan_new();
	struct key_set set = { { 0 } };
	struct buf dst = BUF_INIT;
	char *p = buf_alloc(sizeof(line) + SCAN_PAD, 1);
	size_t n = sizeof(line) - 1;

	memcpy(p, line, n);
	CHECK("line", scan_line(scan, p, n, NULL) == 0);
	emit_splice(&dst, scan, NULL);
	emit_close(&dst);
	emit_splice(&dst, scan, &set);
	emit_close(&dst);
	key_set_add(&set, KEY_exit);
	emit_splice(&dst, scan, &set);
	emit_int(&dst, KEY_exit, 3);
	emit_close(&dst);
	emit_open(&dst, "bye");
	emit_close(&dst);
	CHECK_TEXT("four records", dst.p, dst.n, "{\"size\":1,\"a\":[ ]}\n"
	    "{\"size\":1,\"a\":[ ]}\n{\"size\":1,\"a\":[ ],\"exit\":3}\n"
	    "{\"record\":\"bye\"}\n");
	free(p);
	buf_free(&dst);
	scan_free(scan);
}

/* Every key is written as it is named and found again under its number. */
static void
test_keys(void)
{
	static const char *const names[] = {
#define KEY(name) #name,
		KEY_LIST(KEY)
		KEY_LIST_WIRE(KEY)
#undef KEY
	};
	struct scan *scan = scan_new();
	struct buf dst = BUF_INIT;
	int64_t v;

	buf_str(&dst, "{");
	for (int key = 0; key < KEY_COUNT; key++) {
		size_t start = dst.n, len = strlen(names[key]);

		emit_int(&dst, (enum key)key, key);
		CHECK_TEXT(names[key], dst.p + start + (key == 0 ? 1 : 2),
		    len, names[key]);
	}
	emit_close(&dst);
	buf_reserve(&dst, SCAN_PAD);
	memset(dst.p + dst.n, 0, SCAN_PAD);
	CHECK("all keys", scan_line(scan, dst.p, dst.n - 1, NULL) == 0);
	for (int key = 0; key < KEY_COUNT; key++) {
		v = -1;
		CHECK_INT(names[key], scan_int(scan, (enum key)key, &v, NULL),
		    1);
		CHECK_INT(names[key], v, key);
	}
	buf_free(&dst);
	scan_free(scan);
}

int
main(void)
{
	test_scalars();
	test_decimals();
	test_texts();
	test_places();
	test_fixed();
	test_nested();
	test_first();
	test_splice();
	test_splice_more();
	test_keys();
	return check_end();
}
