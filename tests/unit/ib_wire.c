/*
 * The protocol of TWS as bytes, against the vectors of tests/data/ib-wire,
 * which other clients wrote or read: every one is taken apart and put together
 * byte for byte, each request of ours is theirs, each answer says what its
 * "fields" comment holds, and no cut or flipped bit is believed or harmful.
 */

#include "check.h"

#include <glob.h>
#include <stdlib.h>

#include "tap/ib_wire.h"

#define VECTORS "tests/data/ib-wire/"

/* The bytes of a vector; lines with # are comments. */
static struct buf
vector_read(const char *path)
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
	CHECK(path, bytes.n > 0);
	return bytes;
}

static struct buf
vector(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), VECTORS "%s.hex", name);
	return vector_read(path);
}

static struct slice
all_of(const struct buf *buf)
{
	return (struct slice){ buf->p, buf->n };
}

static struct slice
word(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

static void
is_vector(const char *name, struct buf *got)
{
	struct buf want = vector(name);

	CHECK(name, slice_equal(all_of(got), all_of(&want)));
	buf_free(&want);
	got->n = 0;
}

/* ---- all of them, as fields ---- */

/* Takes a frame apart and puts it together again. */
static void
test_again(const char *path, const struct buf *bytes)
{
	struct buf again = BUF_INIT;
	struct slice payload;
	struct ib_in in;
	size_t used = 0, begin;
	struct err err;

	CHECK_INT(path, ib_wire_frame(all_of(bytes), &payload, &used, &err), 1);
	CHECK_INT(path, used, bytes->n);
	CHECK(path, ib_wire_open(&in, payload, &err) >= 0);
	in = (struct ib_in){ payload.p, payload.p + payload.n, -1, 0 };
	begin = ib_wire_begin(&again);
	while (in.p < in.end)
		ib_wire_put(&again, ib_wire_text(&in));
	ib_wire_end(&again, begin);
	CHECK(path, slice_equal(all_of(&again), all_of(bytes)));
	buf_free(&again);
}

/* However it is cut, a frame is not taken before it is whole. */
static void
test_cut(const char *path, const struct buf *bytes)
{
	struct slice payload;
	size_t used;
	int early = 0;

	for (size_t n = 0; n < bytes->n; n++)
		early |= ib_wire_frame((struct slice){ bytes->p, n },
		    &payload, &used, NULL);
	CHECK_INT(path, early, 0);
}

static void
test_all(void)
{
	glob_t found;

	CHECK_INT("glob", glob(VECTORS "*.hex", 0, NULL, &found), 0);
	CHECK_INT("vectors", found.gl_pathc, 101);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct buf bytes = vector_read(found.gl_pathv[i]);

		if (strstr(found.gl_pathv[i], "c-handshake") == NULL) {
			test_again(found.gl_pathv[i], &bytes);
			test_cut(found.gl_pathv[i], &bytes);
		}
		buf_free(&bytes);
	}
	globfree(&found);
}

/* ---- what we send ---- */

#define TSLA_OPTION { .symbol = SLICE("TSLA"), .type = SLICE("OPT"),	\
	.expiration = SLICE("20260116"), .strike_e4 = 4000000,		\
	.right = SLICE("C"), .multiplier = SLICE("100"),		\
	.exchange = SLICE("SMART"), .currency = SLICE("USD") }

static void
test_session_out(void)
{
	struct buf out = BUF_INIT;

	ib_wire_hello(&out, 157, 178);
	is_vector("c-handshake-157-178", &out);
	ib_wire_hello(&out, 100, 178);
	is_vector("c-handshake-100-178", &out);
	ib_wire_start(&out, 7);
	is_vector("c-start-api", &out);
	ib_wire_time(&out);
	is_vector("c-req-current-time", &out);
	ib_wire_data_type(&out, 3);
	is_vector("c-req-market-data-type-3", &out);
	ib_wire_positions(&out);
	is_vector("c-req-positions", &out);
	ib_wire_cancel(&out, IB_CANCEL_MARKET, 6);
	is_vector("c-cancel-mkt-data", &out);
	ib_wire_cancel(&out, IB_CANCEL_SCAN, 16);
	is_vector("c-cancel-scanner-subscription", &out);
	buf_free(&out);
}

static void
test_market_out(void)
{
	struct ib_contract stock = { .symbol = SLICE("TSLA"),
		.type = SLICE("STK"), .exchange = SLICE("SMART"),
		.currency = SLICE("USD") };
	struct ib_contract option = TSLA_OPTION;
	struct buf out = BUF_INIT;

	ib_wire_details(&out, 3, &stock);
	is_vector("c-req-contract-data-stk", &out);
	ib_wire_details(&out, 4, &option);
	is_vector("c-req-contract-data-opt", &out);
	stock.id = 76792991;
	ib_wire_chain(&out, 14, &stock);
	is_vector("c-req-secdef-opt-params", &out);
	ib_wire_market(&out, 7, &stock, SLICE(""), true);
	is_vector("c-req-mkt-data-stk-snapshot", &out);
	option.id = 780001234;
	option.local = SLICE("TSLA  260116C00400000");
	option.trading_class = SLICE("TSLA");
	ib_wire_market(&out, 6, &option,
	    SLICE("100,101,106,165,225,233,236,375"), false);
	is_vector("c-req-mkt-data-opt", &out);
	buf_free(&out);
}

static void
test_history_out(void)
{
	struct ib_contract stock = { .id = 76792991, .symbol = SLICE("TSLA"),
		.type = SLICE("STK"), .exchange = SLICE("SMART"),
		.currency = SLICE("USD") };
	struct ib_contract option = TSLA_OPTION;
	struct ib_ticks prints = { .start =
		SLICE("20260105 10:00:00 US/Eastern"), .n = 1000,
		.what = SLICE("TRADES") };
	struct ib_ticks quotes = { .end = SLICE("20260105-15:30:00"),
		.n = 1000, .what = SLICE("BID_ASK"), .regular = true,
		.ignore_size = true };
	struct ib_bars bars = { SLICE("20260105-15:30:00"), SLICE("5 mins"),
		SLICE("1 D"), SLICE("TRADES"), true, 1 };
	struct ib_scanner scan = { 50, SLICE("STK"), SLICE("STK.US.MAJOR"),
		SLICE("OPT_VOLUME_MOST_ACTIVE"), 50000,
		SLICE("avgVolumeAbove=100000;") };
	struct buf out = BUF_INIT;

	option.id = 780001234;
	option.local = SLICE("TSLA  260116C00400000");
	option.trading_class = SLICE("TSLA");
	ib_wire_ticks(&out, 11, &option, &prints);
	is_vector("c-req-hist-ticks-trades", &out);
	ib_wire_ticks(&out, 12, &option, &quotes);
	is_vector("c-req-hist-ticks-bidask", &out);
	ib_wire_bars(&out, 13, &stock, &bars);
	is_vector("c-req-hist-data", &out);
	ib_wire_scan(&out, 16, &scan);
	is_vector("c-req-scanner-subscription", &out);
	buf_free(&out);
}

/* Every id the protocol has, orders among them, and what may leave. */
static void
test_allowed(void)
{
	static const int may[] = { 1, 2, 9, 20, 22, 23, 25, 49, 59, 61, 64,
		71, 78, 96 };
	size_t k = 0;

	for (int id = -1; id < 1000; id++) {
		int want = k < sizeof(may) / sizeof(*may) && may[k] == id;

		k += (size_t)want;
		CHECK_INT("allowed", ib_wire_reads(id), want);
	}
}

/* ---- what we read ---- */

static struct buf held;		/* what the message points into */

static struct ib_message
message_of(const char *name)
{
	struct ib_message message = { .id = -1 };
	struct slice payload = { NULL, 0 };
	size_t used;

	buf_free(&held);
	held = vector(name);
	CHECK_INT(name, ib_wire_frame(all_of(&held), &payload, &used, NULL), 1);
	CHECK_INT(name, ib_wire_read(payload, &message, NULL), 1);
	return message;
}

static const struct {
	const char *vector;
	int64_t id, request, type, number, price_e4, size;
	const char *text;
} simple[] = {
#define NO TRADE_NONE
	{ "s-managed-accounts", 15, -1, NO, NO, NO, NO, "DU1234567" },
	{ "s-next-valid-id", 9, -1, NO, 1, NO, NO, "" },
	{ "s-current-time", 49, -1, NO, 1767627000, NO, NO, "" },
	{ "s-err-326", 4, -1, NO, 326, NO, NO, "Unable to connect as the "
	    "client id is already in use. Retry with a unique client id." },
	{ "s-err-1100", 4, -1, NO, 1100, NO, NO, "Connectivity between IBKR "
	    "and Trader Workstation has been lost." },
	{ "s-err-10189", 4, 10, NO, 10189, NO, NO, "Failed to request "
	    "tick-by-tick data.AllLast tick-by-tick requests are not "
	    "supported for TSLA." },
	{ "s-market-data-type-3", 58, 7, 3, NO, NO, NO, "" },
	{ "s-tick-price-bid", 1, 6, 1, NO, 123500, 14, "" },
	{ "s-tick-price-last", 1, 6, 4, NO, 124500, 3, "" },
	{ "s-tick-price-delayed-last", 1, 7, 68, NO, 4012000, 100, "" },
	{ "s-tick-size-bid", 2, 6, 0, NO, NO, 14, "" },
	{ "s-tick-size-call-oi", 2, 6, 27, NO, NO, 5021, "" },
	{ "s-tick-string-last-ts", 46, 6, 45, NO, NO, NO, "1767627001" },
	{ "s-tick-snapshot-end", 57, 7, NO, NO, NO, NO, "" },
	{ "s-contract-data-end", 52, 3, NO, NO, NO, NO, "" },
	{ "s-secdef-opt-params-end", 76, 14, NO, NO, NO, NO, "" },
	{ "s-position-end", 62, -1, NO, NO, NO, NO, "" },
};

static void
test_simple(void)
{
	for (size_t i = 0; i < sizeof(simple) / sizeof(*simple); i++) {
		const char *name = simple[i].vector;
		struct ib_message m = message_of(name);

		CHECK_INT(name, m.id, simple[i].id);
		CHECK_INT(name, m.request, simple[i].request);
		CHECK_INT(name, m.type, simple[i].type);
		CHECK_INT(name, m.number, simple[i].number);
		CHECK_INT(name, m.price_e4, simple[i].price_e4);
		CHECK_INT(name, m.size, simple[i].size);
		CHECK(name, slice_equal(m.text, word(simple[i].text)));
	}
}

static void
test_details(void)
{
	struct ib_message m = message_of("s-contract-data-opt");

	CHECK_INT("conId", m.contract.id, 780001234);
	CHECK_INT("underConId", m.underlying_id, 76792991);
	CHECK_INT("strike", m.contract.strike_e4, 4000000);
	CHECK("option", slice_equal(m.contract.type, SLICE("OPT")) &&
	    slice_equal(m.contract.symbol, SLICE("TSLA")) &&
	    slice_equal(m.contract.expiration, SLICE("20260116")) &&
	    slice_equal(m.contract.right, SLICE("C")) &&
	    slice_equal(m.contract.multiplier, SLICE("100")) &&
	    slice_equal(m.contract.local, SLICE("TSLA  260116C00400000")) &&
	    slice_equal(m.contract.trading_class, SLICE("TSLA")) &&
	    slice_equal(m.contract.exchange, SLICE("SMART")) &&
	    slice_equal(m.contract.currency, SLICE("USD")));
	m = message_of("s-contract-data-stk");	/* with an identifier in it */
	CHECK_INT("conId", m.contract.id, 76792991);
	CHECK("stock", slice_equal(m.contract.primary, SLICE("NASDAQ")) &&
	    slice_equal(m.long_name, SLICE("TESLA INC")));
	m = message_of("s-position");
	CHECK_INT("conId", m.contract.id, 780001234);
	CHECK_INT("position", m.position_e4, 20000);
	CHECK_INT("cost", m.cost_e4, 5123400);
	CHECK("account", slice_equal(m.account, SLICE("DU1234567")) &&
	    slice_equal(m.contract.local, SLICE("TSLA  260116C00400000")));
}

static void
test_greeks(void)
{
	struct ib_message m = message_of("s-tick-opt-model");

	CHECK_INT("type", m.type, 13);
	CHECK_INT("iv", m.iv_e6, 441700);
	CHECK_INT("delta", m.delta_e6, 523100);
	CHECK_INT("price", m.price_e4, 124312);
	CHECK_INT("gamma", m.gamma_e6, 8700);
	CHECK_INT("vega", m.vega_e6, 314100);
	CHECK_INT("theta", m.theta_e6, -287700);
	CHECK_INT("underlying", m.underlying_e4, 4012200);
	m = message_of("s-tick-opt-bid-notcomputed");
	CHECK_INT("price", m.price_e4, 123500);
	CHECK("absent", m.iv_e6 == NO && m.delta_e6 == NO &&
	    m.gamma_e6 == NO && m.vega_e6 == NO && m.theta_e6 == NO &&
	    m.underlying_e4 == NO);
}

static void
test_ticks(void)
{
	struct ib_message m = message_of("s-hist-ticks-last");
	struct ib_row row;

	CHECK_INT("request", m.request, 11);
	CHECK_INT("done", m.number, 1);
	CHECK_INT("rows", m.rows[0], 2);
	CHECK_INT("first", ib_wire_row(&m, 0, &row, NULL), 1);
	CHECK("first", row.time == 1767627000 && row.mask == 0 &&
	    row.price_e4 == 124500 && row.size == 3 &&
	    slice_equal(row.exchange, SLICE("CBOE")) &&
	    slice_equal(row.conditions, SLICE("I")));
	CHECK_INT("second", ib_wire_row(&m, 0, &row, NULL), 1);
	CHECK("second", row.time == 1767627001 && row.mask == 2 &&
	    row.price_e4 == 124000 && row.size == 1 &&
	    slice_equal(row.exchange, SLICE("PHLX")) &&
	    slice_equal(row.conditions, SLICE("a")));
	CHECK_INT("end", ib_wire_row(&m, 0, &row, NULL), 0);
	m = message_of("s-hist-ticks-bidask");
	CHECK_INT("done", m.number, 1);
	CHECK_INT("rows", m.rows[0], 2);
	ib_wire_row(&m, 0, &row, NULL);
	ib_wire_row(&m, 0, &row, NULL);
	CHECK("quote", row.time == 1767627001 && row.mask == 1 &&
	    row.bid_e4 == 123500 && row.ask_e4 == 125500 &&
	    row.bid_size == 14 && row.ask_size == 9);
}

static void
test_lists(void)
{
	static const char *const dates[] = { "20260109", "20260116",
		"20260123" };
	static const int64_t strikes[] = { 3950000, 3975000, 4000000,
		4025000 };
	struct ib_message m = message_of("s-secdef-opt-params");
	struct ib_row row;
	size_t n = 0;

	CHECK("class", slice_equal(m.contract.trading_class, SLICE("TSLA")));
	CHECK_INT("underlying", m.underlying_id, 76792991);
	for (; n < 3 && ib_wire_row(&m, 0, &row, NULL) == 1; n++)
		CHECK("date", slice_equal(row.text, word(dates[n])));
	CHECK_INT("dates", n + m.rows[0], 3);
	for (n = 0; n < 4 && ib_wire_row(&m, 1, &row, NULL) == 1; n++)
		CHECK_INT("strike", row.price_e4, strikes[n]);
	CHECK_INT("strikes", n + m.rows[1], 4);
	m = message_of("s-scanner-data");
	CHECK_INT("found", m.rows[0], 2);
	ib_wire_row(&m, 0, &row, NULL);
	ib_wire_row(&m, 0, &row, NULL);
	CHECK("row", row.rank == 1 && row.contract.id == 265598 &&
	    slice_equal(row.contract.symbol, SLICE("AAPL")) &&
	    slice_equal(row.contract.local, SLICE("AAPL")));
}

/* The vector's bars have times as text; here they are asked as numbers. */
static void
test_bars(void)
{
	static const char *const fields[] = { "17", "13", "a", "b", "1",
		"1767623400", "400.1", "401.0", "399.8", "400.9", "98231.5",
		"400.4871", "-1" };
	struct buf payload = BUF_INIT;
	struct ib_message m;
	struct ib_row row;

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		ib_wire_put(&payload, word(fields[i]));
	CHECK_INT("bars", ib_wire_read(all_of(&payload), &m, NULL), 1);
	CHECK_INT("bar", ib_wire_row(&m, 0, &row, NULL), 1);
	CHECK("bar", row.time == 1767623400 && row.open_e4 == 4001000 &&
	    row.high_e4 == 4010000 && row.low_e4 == 3998000 &&
	    row.close_e4 == 4009000 && row.volume == 98232 &&
	    row.vwap_e6 == 400487100 && row.trades == NO);
	buf_free(&payload);
	m = message_of("s-hist-data");
	CHECK_INT("text is no number", ib_wire_row(&m, 0, &row, NULL), -1);
}

static void
test_rtvolume(void)
{
	struct ib_message m = message_of("s-tick-string-rtvolume");
	struct ib_rtvolume v;

	CHECK_INT("type", m.type, 48);
	CHECK_INT("rtvolume", ib_wire_rtvolume(m.text, &v, NULL), 0);
	CHECK("rtvolume", v.price_e4 == 124500 && v.size == 3 &&
	    v.ts == 1767627001534 && v.volume == 1873);
	CHECK_INT("totals only", ib_wire_rtvolume(
	    SLICE(";;1767627001534;1873;12.38664442;true"), &v, NULL), 0);
	CHECK("totals only", v.price_e4 == NO && v.size == NO &&
	    v.volume == 1873);
	CHECK_INT("long", ib_wire_rtvolume(SLICE("12.45;3.0000000000000000;"
	    "1767627001534;1873.0000000000000000;12.38664442;true"), &v,
	    NULL), 0);
	CHECK("long", v.size == 3 && v.volume == 1873);
	CHECK_INT("words", ib_wire_rtvolume(SLICE("a;b;c;d;e;f"), &v, NULL),
	    -1);
	CHECK_INT("cut", ib_wire_rtvolume(SLICE("12.45;3"), &v, NULL), -1);
}

static const struct {
	const char *text;
	int scale;
	int64_t want;
} numbers[] = {
	{ "", 4, NO }, { "2147483647", 0, NO },
	{ "9223372036854775807", 0, NO }, { "-9223372036854775808", 0, NO },
	{ "1.7976931348623157E308", 4, NO },
	{ "1.7976931348623157e+308", 6, NO }, { "0.0", 4, 0 },
	{ "4.0E-4", 4, 4 }, { "-1.0", 4, -10000 },
	{ "0.441712345678901", 6, 441712 }, { "-0.0000005", 6, -1 },
	{ "98231.5", 0, 98232 }, { "12.35", 4, 123500 }
};

static const char *const words[] = { "a", "1a", "1 ", " 1", "0x10", "inf",
	"nan", "1.0E25", "--1", "+1", ".", "-" };

static void
test_numbers(void)
{
	struct buf payload = BUF_INIT;
	struct ib_in in;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		payload.n = 0;
		ib_wire_put(&payload, SLICE("1"));
		ib_wire_put(&payload, word(numbers[i].text));
		ib_wire_open(&in, all_of(&payload), NULL);
		CHECK_INT(numbers[i].text, ib_wire_number(&in,
		    numbers[i].scale), numbers[i].want);
		CHECK_INT(numbers[i].text, in.bad, 0);
	}
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		payload.n = 0;
		ib_wire_put(&payload, SLICE("1"));
		ib_wire_put(&payload, word(words[i]));
		ib_wire_open(&in, all_of(&payload), NULL);
		ib_wire_number(&in, 4);
		CHECK_INT(words[i], in.bad, 1);
	}
	buf_free(&payload);
}

/* ---- damage ---- */

/* All that can be read of a payload; true when it was believed. */
static bool
believed(struct slice payload)
{
	struct ib_message m;
	struct ib_row row;
	int r = ib_wire_read(payload, &m, NULL);

	for (int list = 0; r == 1 && list < 2; list++)
		while ((r = ib_wire_row(&m, list, &row, NULL)) == 1)
			;
	return r >= 0;
}

/* Copies to the end of a block, where a sanitizer sees what reads beyond. */
static bool
believed_copy(struct slice payload, size_t n)
{
	char *copy = buf_dup(payload.p, n);
	char *exact = buf_realloc(copy, n + (n == 0), 1);
	bool r = believed((struct slice){ exact, n });

	free(exact);
	return r;
}

static const char *const damaged[] = { "s-managed-accounts",
	"s-next-valid-id", "s-current-time", "s-err-200", "s-tick-price-bid",
	"s-tick-size-bid", "s-tick-string-rtvolume", "s-tick-opt-model",
	"s-market-data-type", "s-contract-data-stk", "s-contract-data-opt",
	"s-contract-data-end", "s-position", "s-position-end",
	"s-secdef-opt-params", "s-secdef-opt-params-end", "s-scanner-data",
	"s-hist-ticks-last", "s-hist-ticks-bidask" };

static void
test_damage(void)
{
	for (size_t i = 0; i < sizeof(damaged) / sizeof(*damaged); i++) {
		struct buf bytes = vector(damaged[i]);
		struct slice payload = { NULL, 0 };
		size_t used, cuts = 0;

		ib_wire_frame(all_of(&bytes), &payload, &used, NULL);
		CHECK(damaged[i], believed_copy(payload, payload.n));
		for (size_t n = 0; n < payload.n; n++)
			cuts += believed_copy(payload, n);
		CHECK_INT(damaged[i], cuts, 0);
		for (size_t bit = 0; bit < 8 * bytes.n; bit++) {
			struct slice flipped = { NULL, 0 };

			bytes.p[bit / 8] ^= (char)(1 << bit % 8);
			if (ib_wire_frame(all_of(&bytes), &flipped, &used,
			    NULL) == 1)
				believed_copy(flipped, flipped.n);
			bytes.p[bit / 8] ^= (char)(1 << bit % 8);
		}
		CHECK(damaged[i], believed_copy(payload, payload.n));
		buf_free(&bytes);
	}
}

static void
test_frames(void)
{
	struct slice payload;
	size_t used;
	struct err err;

	CHECK_INT("empty", ib_wire_frame((struct slice){ "\0\0\0\0a", 5 },
	    &payload, &used, &err), -1);
	CHECK_INT("too long", ib_wire_frame((struct slice){ "\1\0\0\0a", 5 },
	    &payload, &used, &err), -1);
	CHECK_INT("longest", ib_wire_frame((struct slice){ "\0\xff\xff\xff",
	    4 }, &payload, &used, &err), 0);
}

int
main(void)
{
	test_all();
	test_session_out();
	test_market_out();
	test_history_out();
	test_allowed();
	test_simple();
	test_details();
	test_greeks();
	test_ticks();
	test_lists();
	test_bars();
	test_rtvolume();
	test_numbers();
	test_damage();
	test_frames();
	buf_free(&held);
	return check_end();
}
