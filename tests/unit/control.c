/* record/control: a stage's accounts and what it adds to control records,
 * design.md 3. */
#include "record/control.h"

#include "base/log.h"
#include "check.h"

static struct scan *scan;
static char line[4096];

static void
scan_text_of(const char *json)
{
	memset(line, 0, sizeof(line));
	memcpy(line, json, strlen(json));
	CHECK_INT(json, scan_line(scan, line, strlen(json), NULL), 0);
}

static enum control_kind
kind_of(const char *json)
{
	enum control_kind kind = CONTROL_DATA;
	struct slice name;

	scan_text_of(json);
	CHECK_INT(json, control_kind_of(scan, &kind, &name, NULL), 0);
	return kind;
}

static void
test_kind(void)
{
	enum control_kind kind;
	struct slice name;

	CHECK_INT("hello", kind_of("{\"record\":\"hello\"}"), CONTROL_HELLO);
	CHECK_INT("heartbeat", kind_of("{\"record\":\"heartbeat\"}"),
	    CONTROL_HEARTBEAT);
	CHECK_INT("gap", kind_of("{\"record\":\"gap\"}"), CONTROL_GAP);
	CHECK_INT("status", kind_of("{\"record\":\"status\"}"),
	    CONTROL_STATUS);
	CHECK_INT("bye", kind_of("{\"record\":\"bye\"}"), CONTROL_BYE);
	CHECK_INT("trade", kind_of("{\"record\":\"trade\"}"), CONTROL_DATA);
	CHECK_INT("unknown", kind_of("{\"record\":\"by\"}"), CONTROL_DATA);
	CHECK_INT("none", kind_of("{}"), CONTROL_DATA);
	scan_text_of("{\"record\":7}");
	CHECK_INT("no text", control_kind_of(scan, &kind, &name, NULL), -1);
}

/* A heartbeat as the stage "me" writes it. */
static void
want_hop(const char *in, const char *want)
{
	struct control_count count = { .in = 7, .out = 8, .add = 2,
	    .duplicate = 1 };
	struct buf dst = BUF_INIT;
	struct slice object;

	scan_text_of(in);
	object = scan_object(scan);
	control_heartbeat(&dst, object, control_hop_of(scan), "me", &count);
	CHECK_TEXT(in, dst.p, dst.n, want);
	buf_free(&dst);
}

/* 7 + 2 = 8 + 1 */
#define ME "{\"stage\":\"me\",\"in\":7,\"out\":8,\"add\":2,\"drop\":"	\
	"{\"duplicate\":1}}"

static void
test_hop(void)
{
	want_hop("{\"record\":\"heartbeat\",\"hop\":[{\"stage\":\"tap\"}],"
	    "\"x\":1}", "{\"record\":\"heartbeat\",\"hop\":[{\"stage\":"
	    "\"tap\"}," ME "],\"x\":1}\n");
	want_hop("{\"record\":\"heartbeat\",\"hop\":[ ]}",
	    "{\"record\":\"heartbeat\",\"hop\":[ " ME "]}\n");
	/* What is no array is replaced: a key twice would be no record. */
	want_hop("{\"record\":\"heartbeat\",\"hop\":56,\"x\":1}",
	    "{\"record\":\"heartbeat\",\"hop\":[" ME "],\"x\":1}\n");
	want_hop("{\"hop\": null ,\"record\":\"heartbeat\"}",
	    "{\"hop\": [" ME "] ,\"record\":\"heartbeat\"}\n");
	want_hop("{\"record\":\"heartbeat\",\"hop\":\"a\\n\"}",
	    "{\"record\":\"heartbeat\",\"hop\":[" ME "]}\n");
	want_hop("{\"record\":\"heartbeat\",\"hop\":{}}",
	    "{\"record\":\"heartbeat\",\"hop\":[" ME "]}\n");
	want_hop("{\"record\":\"heartbeat\"}",
	    "{\"record\":\"heartbeat\",\"hop\":[" ME "]}\n");
}

static void
test_accounts(void)
{
	struct control c;
	struct buf dst = BUF_INIT;

	control_init(&c, "me");
	scan_text_of("{\"record\":\"hello\",\"schema_version\":1}");
	c.count.in = 5;
	control_arrive(&c, CONTROL_HELLO, scan, &dst);
	CHECK_INT("hello starts over", c.count.in, 0);
	c.count.in = 3;
	scan_text_of("{\"record\":\"heartbeat\",\"hop\":[{\"out\":9},"
	    "{\"stage\":\"tap\",\"out\":3}]}");
	control_arrive(&c, CONTROL_HEARTBEAT, scan, &dst);
	CHECK_INT("three sent, three came", dst.n, 0);
	c.count.in = 2;
	control_arrive(&c, CONTROL_HEARTBEAT, scan, &dst);
	CHECK_TEXT("three sent, two came", dst.p, dst.n,
	    "{\"record\":\"status\",\"stage\":\"me\",\"severity\":"
	    "\"warning\",\"code\":\"uneven_counts\",\"message\":\"3 records "
	    "were sent and 2 arrived: the stream was filtered or lost "
	    "lines\"}\n");
	dst.n = 0;
	control_arrive(&c, CONTROL_HEARTBEAT, scan, &dst);
	CHECK_INT("told once", dst.n, 0);
	control_free(&c);
	buf_free(&dst);
}

/* What control_bye writes for a stage that rejected so many lines. */
static void
want_bye(int64_t rejected, const char *in, const char *want)
{
	struct control c;
	struct buf dst = BUF_INIT;

	control_init(&c, "me");
	c.rejected = rejected;
	scan_text_of(in);
	control_bye(&c, scan, &dst);
	CHECK_TEXT(in, dst.p, dst.n, want);
	control_free(&c);
	buf_free(&dst);
}

static void
test_bye(void)
{
	want_bye(0, "{\"record\":\"bye\",\"exit\":0}",
	    "{\"record\":\"bye\",\"exit\":0}\n");
	want_bye(1, "{\"record\":\"bye\",\"exit\":0,\"n\":1}",
	    "{\"record\":\"bye\",\"n\":1,\"exit\":3}\n");
	want_bye(1, "{\"record\":\"bye\",\"exit\":4}",
	    "{\"record\":\"bye\",\"exit\":4}\n");
}

/* The exit status after these records (NULL: none) and rejected lines. */
static int
end(const char *first, enum control_kind first_kind, const char *second,
    enum control_kind second_kind, int64_t rejected, size_t *n)
{
	struct control c;
	struct buf dst = BUF_INIT;
	int status;

	control_init(&c, "me");
	if (first != NULL) {
		scan_text_of(first);
		control_arrive(&c, first_kind, scan, &dst);
	}
	if (second != NULL) {
		scan_text_of(second);
		control_arrive(&c, second_kind, scan, &dst);
	}
	c.rejected = rejected;
	status = control_end(&c, &dst);
	*n = dst.n;
	control_free(&c);
	buf_free(&dst);
	return status;
}

static void
test_end(void)
{
	const char *hello = "{\"record\":\"hello\"}";
	const char *bye = "{\"record\":\"bye\",\"exit\":0}";
	size_t n;

	CHECK_INT("plain records", end(NULL, 0, NULL, 0, 0, &n), 0);
	CHECK_INT("rejected", end(NULL, 0, NULL, 0, 1, &n), 3);
	CHECK_INT("hello and bye", end(hello, CONTROL_HELLO, bye,
	    CONTROL_BYE, 0, &n), 0);
	CHECK_INT("nothing to say", n, 0);
	CHECK_INT("no bye", end(hello, CONTROL_HELLO, NULL, 0, 0, &n), 3);
	CHECK("says so", n > 0);
	CHECK_INT("bye of a stage that failed", end(hello, CONTROL_HELLO,
	    "{\"record\":\"bye\",\"exit\":4}", CONTROL_BYE, 0, &n), 3);
	CHECK_INT("another part without bye", end(bye, CONTROL_BYE, hello,
	    CONTROL_HELLO, 0, &n), 3);
}

/*
 * h hello, b bye, f not_final, n no_bye: whether what comes then is final, and
 * whether the end of input is one.
 */
static void
test_cut(void)
{
	static const struct {
		const char *records;
		bool cut, says;
	} rows[] = {
		{ "", false, false }, { "h", false, true },
		{ "hb", false, false }, { "hbh", false, true },
		{ "hn", false, false }, { "hnh", false, true },
		{ "hf", true, true }, { "hfh", true, true },
		{ "hfn", false, true }, { "hfhn", false, true },
		{ "hfnfn", false, true }, { "hnf", true, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct control c;
		struct buf dst = BUF_INIT;

		control_init(&c, "me");
		for (const char *p = rows[i].records; *p != '\0'; p++) {
			scan_text_of(*p == 'h' ? "{\"record\":\"hello\"}" :
			    *p == 'b' ? "{\"record\":\"bye\"}" :
			    *p == 'f' ? "{\"code\":\"not_final\"}" :
			    "{\"code\":\"no_bye\"}");
			control_arrive(&c, *p == 'h' ? CONTROL_HELLO :
			    *p == 'b' ? CONTROL_BYE : CONTROL_STATUS, scan,
			    &dst);
		}
		CHECK_INT(rows[i].records, c.cut, rows[i].cut);
		control_cut(&c, &dst);
		CHECK_INT(rows[i].records, dst.n > 0, rows[i].says);
		control_free(&c);
		buf_free(&dst);
	}
}

/* Each stage adds its entry behind those that are there. */
static void
test_baseline(void)
{
	static const struct {
		const char *in, *want;
	} rows[] = {
		{ "{\"record\":\"hello\",\"run\":\"r\"}",
		    "{\"record\":\"hello\",\"run\":\"r\","
		    "\"baseline\":[\"me\"]}\n" },
		{ "{\"record\":\"hello\",\"baseline\":[\"a\",\"b\\u0041\"],"
		    "\"run\":\"r\"}", "{\"record\":\"hello\",\"run\":\"r\","
		    "\"baseline\":[\"a\",\"bA\",\"me\"]}\n" },
		{ "{\"record\":\"hello\",\"baseline\":null}",
		    "{\"record\":\"hello\",\"baseline\":[\"me\"]}\n" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct buf dst = BUF_INIT;

		scan_text_of(rows[i].in);
		control_baseline(&dst, scan, SLICE("me"));
		CHECK_TEXT(rows[i].in, dst.p, dst.n, rows[i].want);
		buf_free(&dst);
	}
}

int
main(void)
{
	log_init("control");
	log_level_set(LOG_ERROR);
	scan = scan_new();
	test_kind();
	test_hop();
	test_accounts();
	test_bye();
	test_end();
	test_cut();
	test_baseline();
	scan_free(scan);
	return check_end();
}
