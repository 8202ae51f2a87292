/*
 * Rows of comma-separated values.  Expected cells follow RFC 4180 section 2 by
 * hand; every text is read whole and byte by byte.
 */
#include "check.h"
#include "tap/clock.h"
#include "tap/columns.h"
#include "tap/csv.h"

struct text {
	const char *p;
	size_t n, at, step;
};

static ssize_t
text_read(void *ctx, void *dst, size_t n)
{
	struct text *text = ctx;
	size_t left = text->n - text->at;

	n = n < left ? n : left;
	n = n < text->step ? n : text->step;
	memcpy(dst, text->p + text->at, n);
	text->at += n;
	return (ssize_t)n;
}

/*
 * Rows as "cell|cell\n"; a damaged one is "!line reason\n".  Not for texts
 * with | in them.
 */
static void
render(const char *p, size_t n, size_t step, struct buf *out)
{
	struct text text = { p, n, 0, step };
	struct csv *csv = csv_new(text_read, &text);
	struct err err;
	int r;

	out->n = 0;
	while ((r = csv_next(csv, &err)) != 0) {
		if (r < 0)
			buf_fmt(out, "!%d %s", (int)csv_line(csv), err.text);
		for (size_t i = 0; r > 0 && i < csv_count(csv); i++) {
			buf_str(out, i > 0 ? "|" : "");
			buf_add(out, csv_cell(csv, i).p, csv_cell(csv, i).n);
		}
		buf_str(out, "\n");
	}
	csv_free(csv);
}

static void
rows(void)
{
	static const struct {
		const char *name, *in, *want;
	} cases[] = {
		{ "plain", "a,b\n1,2\n", "a|b\n1|2\n" },
		{ "CRLF", "a,b\r\n1,2\r\n", "a|b\n1|2\n" },
		{ "last row without newline", "a,b\n1,2", "a|b\n1|2\n" },
		{ "empty cells", "a,,c\n,,\n", "a||c\n||\n" },
		{ "empty lines", "\n\na\n\r\nb\n", "a\nb\n" },
		{ "byte order mark", "\xef\xbb\xbf" "a,b\n1,2\n",
		    "a|b\n1|2\n" },
		{ "spaces around", " a ,\tb\n", "a|b\n" },
		{ "quoted", "\"a\",\"b c\"\n", "a|b c\n" },
		{ "comma in quotes", "\"a,b\",c\n", "a,b|c\n" },
		{ "doubled quotes", "\"a \"\"b\"\"\",c\n", "a \"b\"|c\n" },
		{ "newline in quotes", "\"a\nb\",c\nd,e\n", "a\nb|c\nd|e\n" },
		{ "CRLF in quotes", "\"a\r\nb\",c\r\nd,e\r\n",
		    "a\r\nb|c\nd|e\n" },
		{ "quoted and empty", "\"\",x\n", "|x\n" },
		{ "quoted at the end", "x,\"y\"", "x|y\n" },
		{ "quote not closed", "x,\"y\nz,w\n",
		    "!1 a quoted cell is not closed\nz|w\n" },
		{ "text behind a quote", "x,\"y\"z\na,b\n",
		    "!1 text behind a closing quote\na|b\n" },
		{ "quote within a cell", "x,5\" pipe\nz,w\n",
		    "x|5\" pipe\nz|w\n" },
		{ "empty", "", "" },
	};
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		size_t n = strlen(cases[i].in);

		render(cases[i].in, n, n + 1, &out);
		CHECK_TEXT(cases[i].name, out.n == 0 ? "" : out.p, out.n,
		    cases[i].want);
		render(cases[i].in, n, 1, &out);
		CHECK_TEXT(cases[i].name, out.n == 0 ? "" : out.p, out.n,
		    cases[i].want);
	}
	buf_free(&out);
}

static void
lines_and_length(void)
{
	static const char text[] = "a\n\"b\nc\"\nd\n";
	struct text in = { text, sizeof(text) - 1, 0, 5 };
	struct csv *csv = csv_new(text_read, &in);
	struct buf big = BUF_INIT, out = BUF_INIT;

	CHECK_INT("first", csv_next(csv, NULL), 1);
	CHECK_INT("its line", csv_line(csv), 1);
	CHECK_INT("second", csv_next(csv, NULL), 1);
	CHECK_INT("where it begins", csv_line(csv), 2);
	CHECK_INT("third", csv_next(csv, NULL), 1);
	CHECK_INT("newlines in cells count", csv_line(csv), 4);
	CHECK("ended", !csv_is_unended(csv));
	CHECK_INT("end", csv_next(csv, NULL), 0);
	csv_free(csv);

	memset(buf_reserve(&big, (1 << 20) + 2), 'x', (1 << 20) + 2);
	big.n = (1 << 20) + 2;
	buf_str(&big, "\nb,c\n");
	render(big.p, big.n, 100000, &out);
	CHECK_TEXT("a row over 1 MiB", out.p, out.n,
	    "!1 a row of more than 1 MiB\nb|c\n");
	buf_free(&big);
	buf_free(&out);
}

/* ---- times ---- */

/* Instants from GNU date: date -d 'TZ="America/New_York" ...' +%s%3N. */
static void
times(void)
{
	static const struct {
		const char *name;
		enum clock_unit unit;
		const char *text, *date;
		int64_t ms;
		int32_t sub_ns;
		int digits;
	} cases[] = {
		{ "s", CLOCK_S, "1718373303", "", 1718373303000, 0, 0 },
		{ "ms", CLOCK_MS, "1718373303122", "", 1718373303122, 0, 3 },
		{ "us", CLOCK_US, "1718373303122456", "", 1718373303122,
		    456000, 6 },
		{ "ns", CLOCK_NS, "1718373303122456789", "", 1718373303122,
		    456789, 9 },
		{ "summer", CLOCK_ET, "2024-06-14 09:55:03.122", "",
		    1718373303122, 0, 3 },
		{ "T between", CLOCK_ET, "2024-06-14T09:55:03", "",
		    1718373303000, 0, 0 },
		{ "date apart", CLOCK_ET, "09:55:03.122456789", "20240614",
		    1718373303122, 456789, 9 },
		{ "date as in America", CLOCK_ET, "09:55", "06/14/2024",
		    1718373300000, 0, 0 },
		/* EX-0.7: the Friday before and the Monday after. */
		{ "EX-0.7 winter", CLOCK_ET, "2025-03-07 09:30:00", "",
		    1741357800000, 0, 0 },
		{ "EX-0.7 summer", CLOCK_ET, "2025-03-10 09:30:00", "",
		    1741613400000, 0, 0 },
		{ "EX-0.8 summer", CLOCK_ET, "2025-10-31 09:30:00", "",
		    1761917400000, 0, 0 },
		{ "EX-0.8 winter", CLOCK_ET, "2025-11-03 09:30:00", "",
		    1762180200000, 0, 0 },
	};
	static const struct {
		const char *name;
		enum clock_unit unit;
		const char *text, *date;
	} bad[] = {
		{ "empty", CLOCK_MS, "", "" },
		{ "no number", CLOCK_MS, "12x", "" },
		{ "before the calendar", CLOCK_MS, "1325376000000", "" },
		{ "after the calendar", CLOCK_S, "1861938000", "" },
		{ "seconds taken for ms", CLOCK_MS, "1718373303", "" },
		{ "ms taken for seconds", CLOCK_S, "1718373303122", "" },
		{ "huge", CLOCK_S, "9223372036854775807", "" },
		{ "negative", CLOCK_NS, "-1", "" },
		{ "time without a date", CLOCK_ET, "09:55:03", "" },
		{ "no such date", CLOCK_ET, "2024-02-30 09:55:03", "" },
		{ "no such time", CLOCK_ET, "2024-06-14 24:00:00", "" },
		{ "half a time", CLOCK_ET, "2024-06-14 09:55:0", "" },
		{ "ten decimals", CLOCK_ET, "2024-06-14 09:55:03.1234567890",
		    "" },
	};
	struct clock_instant out;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		CHECK_INT(cases[i].name, clock_read(cases[i].unit,
		    (struct slice){ cases[i].text, strlen(cases[i].text) },
		    (struct slice){ cases[i].date, strlen(cases[i].date) },
		    &out, NULL), 0);
		CHECK_INT(cases[i].name, out.ms, cases[i].ms);
		CHECK_INT(cases[i].name, out.sub_ns, cases[i].sub_ns);
		CHECK_INT(cases[i].name, out.digits, cases[i].digits);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		CHECK_INT(bad[i].name, clock_read(bad[i].unit,
		    (struct slice){ bad[i].text, strlen(bad[i].text) },
		    (struct slice){ bad[i].date, strlen(bad[i].date) },
		    &out, NULL), -1);
}

/* ---- --columns ---- */

static void
columns(void)
{
	static const struct {
		const char *text, *why;		/* "" : accepted */
	} cases[] = {
		{ "timestamp_ms=t,osi=o,price=p,size=s", "" },
		{ "timestamp_et=t,date_et=d,contract=c,price=p,size=s", "" },
		{ "timestamp_ns=t,symbol=u,expiration=e,strike=k,"
		    "option_type=r,price=p,size=s", "" },
		{ "timestamp_ms=t,osi=o,price=p,size=s,conditions=a,"
		    "conditions=b", "" },
		{ "timestamp_ms=t,osi=o,price=p,size=s,prize=x",
		    "columns: prize: unknown field" },
		{ "timestamp=t,osi=o,price=p,size=s",
		    "columns: timestamp: unknown field; a time needs its "
		    "unit: _s, _ms, _us, _ns, _et" },
		{ "timestamp_ms=t,timestamp_s=u,osi=o,price=p,size=s",
		    "columns: timestamp: given twice" },
		{ "timestamp_ms=t,osi=o,price=p,price=q,size=s",
		    "columns: price: given twice" },
		{ "timestamp_ms=t,osi=o,price=,size=s",
		    "columns: price: not like field=header" },
		{ "osi=o,price=p,size=s", "columns: no time: needs "
		    "timestamp_s=, _ms=, _us=, _ns= or _et=" },
		{ "timestamp_ms=t,osi=o,price=p", "columns: needs size=" },
		{ "timestamp_ms=t,osi=o,contract=c,price=p,size=s",
		    "columns: osi and contract exclude each other" },
		{ "timestamp_ms=t,symbol=u,expiration=e,price=p,size=s",
		    "columns: no contract: needs osi=, or contract=, or root= "
		    "or symbol= with expiration=, strike= and option_type=" },
	};
	struct columns out;
	struct err err;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		err_set(&err, "%s", "");
		columns_parse(&out, &cases[i].text, 1, &err);
		CHECK_STR(cases[i].text, err.text, cases[i].why);
	}
}

int
main(void)
{
	rows();
	lines_and_length();
	times();
	columns();
	return check_end();
}
