/*
 * Frames of Massive's stream.  Every golden sample in tests/data/massive is
 * read; what must come out is copied from the sample by hand.  The misbehaved
 * frames are those of massive-api.md 12 and 13.
 */

#include "check.h"

#include <stdlib.h>

#include "base/buf.h"
#include "tap/massive_wire.h"

static struct scan *scan;

static void
put(struct buf *dst, const char *name, int64_t value)
{
	if (value != TRADE_NONE)
		buf_fmt(dst, " %s%lld", name, (long long)value);
}

/* One event as a line: kind, symbol, ns, and what its kind has. */
static void
tell(struct buf *dst, const struct massive_wire *event)
{
	static const char *const kinds[] = { "status", "T", "Q", "AM", "V",
	    "-" };

	buf_fmt(dst, "%s", kinds[event->kind]);
	if (event->kind == MASSIVE_WIRE_STATUS) {
		buf_fmt(dst, " %.*s: %.*s\n", (int)event->status.n,
		    event->status.p, (int)event->message.n,
		    event->message.p);
		return;
	}
	if (event->kind == MASSIVE_WIRE_OTHER) {
		buf_str(dst, "\n");
		return;
	}
	buf_fmt(dst, " %.*s", (int)event->symbol.n, event->symbol.p);
	put(dst, "", event->ns);
	if (event->fine)
		buf_str(dst, " fine");
	if (event->kind == MASSIVE_WIRE_VALUE) {
		put(dst, "p", event->price_e4);
	} else if (event->kind == MASSIVE_WIRE_TRADE) {
		put(dst, "p", event->price_e4);
		put(dst, "s", event->size);
		put(dst, "x", event->exchange);
		for (size_t i = 0; i < event->n_conditions; i++)
			put(dst, "c", event->condition[i]);
	} else if (event->kind == MASSIVE_WIRE_QUOTE) {
		put(dst, "b", event->quote.bid_e4);
		put(dst, "*", event->quote.bid_size);
		put(dst, "a", event->quote.ask_e4);
		put(dst, "*", event->quote.ask_size);
	} else {
		put(dst, "from", event->start_ts);
		put(dst, "to", event->end_ts);
		put(dst, "o", event->open_e4);
		put(dst, "h", event->high_e4);
		put(dst, "l", event->low_e4);
		put(dst, "c", event->close_e4);
		put(dst, "v", event->volume);
		put(dst, "w", event->vwap_e4);
	}
	put(dst, "q", event->sequence);
	buf_str(dst, "\n");
}

static void
check_frame(const char *name, enum massive_wire_market market, const char *p,
    size_t n, const char *want)
{
	struct buf text = BUF_INIT, told = BUF_INIT;
	struct massive_wire event;
	struct err err;
	size_t pos = 0;
	int r;

	buf_add(&text, p, n);
	memset(buf_reserve(&text, SCAN_PAD), 0, SCAN_PAD);
	while ((r = massive_wire_next(scan, market, text.p, n, &pos, &event,
	    &err)) > 0)
		if (r == MASSIVE_WIRE_REFUSED)
			buf_fmt(&told, "refused: %s\n", err.text);
		else
			tell(&told, &event);
	if (r < 0)
		buf_str(&told, "broken\n");
	CHECK_TEXT(name, told.n > 0 ? told.p : "", told.n, want);
	buf_free(&told);
	buf_free(&text);
}

static void
check_sample(const char *name, enum massive_wire_market market,
    const char *want)
{
	char path[128], text[8192];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "tests/data/massive/%s.json", name);
	file = fopen(path, "r");
	CHECK(path, file != NULL);
	if (file == NULL)
		return;
	n = fread(text, 1, sizeof(text), file);
	fclose(file);
	CHECK(path, n < sizeof(text));
	check_frame(name, market, text, n - 1, want);	/* its newline */
}

static void
check_options(void)
{
	static const char bar[] = "AM O:ONEM220121C00025000 "
	    "1632419700000000000 from1632419640000 to1632419700000 o20500 "
	    "h20500 l20500 c20500 v2 w20500\n";

	check_sample("ws_options_trade", MASSIVE_WIRE_OPTIONS,
	    "T O:AMC210827C00037000 1629820676333000000 p15400 s1 x65 c233 "
	    "q651921857\n");
	check_sample("ws_options_trade_spxw", MASSIVE_WIRE_OPTIONS,
	    "T O:SPXW261002C05600000 1790000123456000000 p302500 s7 x302 "
	    "c236 q1801234567\n");
	check_sample("ws_options_quote", MASSIVE_WIRE_OPTIONS,
	    "Q O:SPY241220P00720000 1644506128351000000 b97100 *17 a98100 "
	    "*24 q844090872\n");
	check_sample("ws_options_agg_minute", MASSIVE_WIRE_OPTIONS, bar);
	check_sample("ws_options_agg_second", MASSIVE_WIRE_OPTIONS, "-\n");
	check_sample("ws_options_fmv", MASSIVE_WIRE_OPTIONS, "-\n");
	check_sample("ws_options_mixed_frame", MASSIVE_WIRE_OPTIONS,
	    "Q O:SPY261002C00560000 1790000000000000000 b43500 *12 a44000 "
	    "*8 q5001\n"
	    "T O:SPY261002C00560000 1790000000001000000 p44000 s250 x302 "
	    "c219 q5002\n"
	    "T O:SPY261002C00560000 1790000000001000000 p44000 s150 x304 "
	    "c219 q5003\n"
	    "T O:SPY261002C00560000 1790000000002000000 p44100 s100 x313 "
	    "c219 q5004\n"
	    "status success: subscribed to: T.O:SPXW261002P05000000\n"
	    "T O:SPXW261002P05000000 1790000000002000000 p121000 s1000 x302 "
	    "c246 q5005\n"
	    "Q O:SPY261002C00560000 1790000000003000000 b43800 *40 a44500 "
	    "*3 q5006\n");
}

/* The first and the last of the 33, and how many there are. */
static void
check_every_condition(void)
{
	char text[8192];
	FILE *file = fopen("tests/data/massive/"
	    "ws_options_trade_every_condition.json", "r");
	struct massive_wire event;
	size_t n, pos = 0, count = 0;
	int64_t first = 0;

	CHECK("every condition", file != NULL);
	if (file == NULL)
		return;
	memset(text, 0, sizeof(text));
	n = fread(text, 1, sizeof(text) - SCAN_PAD, file);
	fclose(file);
	while (massive_wire_next(scan, MASSIVE_WIRE_OPTIONS, text, n, &pos,
	    &event, NULL) == MASSIVE_WIRE_EVENT) {
		first = count++ == 0 ? event.condition[0] : first;
		CHECK_INT("one condition", event.n_conditions, 1);
	}
	CHECK_INT("33 of them", count, 33);
	CHECK_INT("first", first, 201);
	CHECK_INT("last", event.kind == MASSIVE_WIRE_TRADE ?
	    event.condition[0] : 248, 248);
}

static void
check_stocks(void)
{
	check_sample("ws_stocks_trade", MASSIVE_WIRE_STOCKS,
	    "T MSFT 1536036818784000000 p1141250 x4 c0 c12 q3681328\n");
	check_sample("ws_stocks_trade_fractional", MASSIVE_WIRE_STOCKS,
	    "T MSFT 1790000000500000000 p1141250 x4 c14 c41 q3681329\n");
	check_sample("ws_stocks_two_events", MASSIVE_WIRE_STOCKS,
	    "T AMZN 1651684192536000000 p1618700 x12 c14 c37 c41 q4009408\n"
	    "T AMZN 1651684192717000000 p1618700 x4 q4009434\n");
	check_sample("ws_stocks_quote", MASSIVE_WIRE_STOCKS,
	    "Q MSFT 1536036818784000000 b1141250 *100 a1141280 *160 "
	    "q50385480\n");
	check_sample("ws_stocks_agg_minute", MASSIVE_WIRE_STOCKS,
	    "AM GTE 1610144700000000000 from1610144640000 to1610144700000 "
	    "o4488 h4489 l4486 c4486 v4110 w4488\n");
	check_sample("ws_stocks_agg_second", MASSIVE_WIRE_STOCKS, "-\n");
	check_sample("ws_stocks_agg_second_decimal", MASSIVE_WIRE_STOCKS,
	    "-\n");
	check_sample("ws_stocks_fmv", MASSIVE_WIRE_STOCKS, "-\n");
	check_sample("ws_stocks_imbalance", MASSIVE_WIRE_STOCKS, "-\n");
	check_sample("ws_stocks_luld", MASSIVE_WIRE_STOCKS, "-\n");
}

static void
check_status(void)
{
	static const struct {
		const char *file, *want;
	} samples[] = {
		{ "connected", "status connected: Connected Successfully\n" },
		{ "auth_success", "status auth_success: authenticated\n" },
		{ "auth_failed_bad_key",
		    "status auth_failed: authentication failed\n" },
		{ "auth_failed_no_plan", "status auth_failed: Your plan "
		    "doesn't include websocket access.\n" },
		{ "auth_timeout", "status auth_timeout: No authentication "
		    "request received.\n" },
		{ "max_connections_short", "status max_connections: Maximum "
		    "number of websocket connections exceeded. \n" },
		{ "max_connections_long", "status max_connections: Maximum "
		    "number of websocket connections exceeded. You have "
		    "reached the connection limit for your account.\n" },
		{ "not_authorized", "status error: not authorized\n" },
		{ "partial_refusal", "status error: not authorized\n"
		    "status success: subscribed to: "
		    "T.O:SPY251219C00650000\n" },
		{ "subscribed_all_trades",
		    "status success: subscribed to: T.*\n" },
		{ "subscribed_batch", "status success: subscribed to: "
		    "T.O:SPY251219C00650000\nstatus success: subscribed to: "
		    "T.O:SPY251219P00650000\nstatus success: subscribed to: "
		    "Q.O:SPY251219C00650000\n" },
		{ "unsubscribed", "status success: unsubscribed to: "
		    "Q.O:SPY251219C00650000\n" },
	};
	char name[64];

	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		snprintf(name, sizeof(name), "ws_status_%s", samples[i].file);
		check_sample(name, MASSIVE_WIRE_OPTIONS, samples[i].want);
	}
}

/* massive-api.md 3.6; not a sample: the vendor publishes none. */
static const char value[] = "[{\"ev\":\"V\",\"T\":\"I:SPX\","
    "\"val\":6450.12345,\"t\":1790000000001},{\"ev\":\"V\",\"T\":\"I:VIX\","
    "\"val\":0,\"t\":1790000000001},{\"ev\":\"AM\",\"sym\":\"I:NDX\","
    "\"o\":21000,\"h\":21001.5,\"l\":20999,\"c\":21000.25,"
    "\"s\":1790000000000,\"e\":1790000060000}]";

static const char share[] = "[{\"ev\":\"T\",\"sym\":\"A\","
    "\"p\":1.00005,\"s\":0.5,\"t\":1790000000001}]";

/* Odd spellings that are fine, events that are not, and broken frames. */
static void
check_odd(void)
{
	static const struct {
		const char *name, *frame, *want;
	} odd[] = {
		{ "empty", "[]", "" },
		{ "no array", "{\"ev\":\"T\"}", "broken\n" },
		{ "no JSON", "hello", "broken\n" },
		{ "nothing", "", "broken\n" },
		{ "cut", "[{\"ev\":\"status\",\"status\":\"x\"},{\"ev",
		    "status x: \nbroken\n" },
		{ "unknown event, extra keys", "[{\"ev\":\"ZZ\",\"sym\":\"A\","
		    "\"new\":[{}]}]", "-\n" },
		{ "no c, floats, order", "[{\"s\":5.0,\"p\":4e0,\"q\":"
		    "2147483648,\"t\":1790000000001.0,\"sym\":\"O:A\",\"x\":"
		    "3.02e2,\"ev\":\"T\",\"c\":null}]", "T O:A "
		    "1790000000001000000 p40000 s5 x302 q2147483648\n" },
		{ "c alone, 19 digits", "[{\"ev\":\"T\",\"sym\":\"O:A\","
		    "\"p\":1,\"s\":1,\"t\":1790000000001000001,\"c\":209}]",
		    "T O:A 1790000000001000001 fine p10000 s1 c209\n" },
		{ "16 digits", "[{\"ev\":\"T\",\"sym\":\"O:A\",\"p\":1,"
		    "\"s\":1,\"t\":1790000000001002}]",
		    "T O:A 1790000000001002000 fine p10000 s1\n" },
		{ "size 0", "[{\"ev\":\"T\",\"sym\":\"O:A\",\"p\":1,\"s\":0,"
		    "\"t\":1790000000001}]", "refused: s: not above 0\n" },
		{ "price 0", "[{\"ev\":\"T\",\"sym\":\"O:A\",\"p\":0,\"s\":1,"
		    "\"t\":1790000000001}]", "refused: p: not above 0\n" },
		{ "seconds", "[{\"ev\":\"T\",\"sym\":\"O:A\",\"p\":1,\"s\":1,"
		    "\"t\":1790000000}]", "refused: t: not a time\n" },
		{ "one is bad, the next is not", "[{\"ev\":\"T\",\"p\":1,"
		    "\"s\":1},{\"ev\":\"status\",\"status\":\"y\"}]",
		    "refused: t: not a time\nstatus y: \n" },
		{ "no bid, zero ask price", "[{\"ev\":\"Q\",\"sym\":\"O:A\","
		    "\"bp\":0,\"bs\":0,\"ap\":0,\"as\":4,\"t\":1790000000001}"
		    "]", "Q O:A 1790000000001000000 a0 *4\n" },
		{ "real zero bid", "[{\"ev\":\"Q\",\"sym\":\"O:A\",\"bp\":0,"
		    "\"bs\":3,\"ap\":0.05,\"as\":4,\"t\":1790000000001}]",
		    "Q O:A 1790000000001000000 b0 *3 a500 *4\n" },
		{ "too fine for an option", "[{\"ev\":\"T\",\"sym\":\"O:A\","
		    "\"p\":1.00001,\"s\":1,\"t\":1790000000001}]",
		    "refused: p: more than 4 decimals\n" },
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		check_frame(odd[i].name, MASSIVE_WIRE_OPTIONS, odd[i].frame,
		    strlen(odd[i].frame), odd[i].want);
	check_frame("an index", MASSIVE_WIRE_INDICES, value, strlen(value),
	    "V SPX 1790000000001000000 p64501235\n"
	    "refused: val: not above 0\n"
	    "AM NDX 1790000060000000000 from1790000000000 to1790000060000 "
	    "o210000000 h210015000 l209990000 c210002500\n");
	check_frame("a share's price is rounded", MASSIVE_WIRE_STOCKS,
	    share, strlen(share), "T A 1790000000001000000 p10001\n");
}

int
main(void)
{
	scan = scan_new();
	check_options();
	check_every_condition();
	check_stocks();
	check_status();
	check_odd();
	scan_free(scan);
	return check_end();
}
