/* record/trade: the trade record in and out, domain.md 1.2 and 1.9. */
#include "record/trade.h"

#include "check.h"

static char line[4096];			/* the texts of a trade point here */

static int
read_trade(struct scan *scan, const char *json, struct trade *trade,
    struct err *err)
{
	size_t n = strlen(json);

	memset(line, 0, sizeof(line));
	memcpy(line, json, n);
	if (scan_line(scan, line, n, err) < 0)
		return -1;
	return trade_read(trade, scan, err);
}

/* EX-1.1, domain.md 1.2: seed 2's record as flow-tap writes it. */
#define EX_1_1								\
	"\"trade_id\":\"O:SPX251219C06475000:1764019200000:CBOE:1\","	\
	"\"symbol\":\"SPX\",\"root\":\"SPX\","				\
	"\"contract_ticker\":\"O:SPX251219C06475000\","			\
	"\"timestamp\":1764019200000,\"trade_date\":\"2025-11-24\","	\
	"\"session\":\"CURB\",\"price\":45.5,\"size\":250,"		\
	"\"multiplier\":100,\"premium\":1137500,\"strike\":6475,"	\
	"\"expiration\":\"2025-12-19\",\"option_type\":\"call\","	\
	"\"dte\":25,\"settlement\":\"AM\",\"exercise_style\":\"E\","	\
	"\"exchange\":\"CBOE\",\"conditions\":[\"ISOI\"],"		\
	"\"underlying_price\":6450,\"bid\":44.8,\"ask\":45.2"

static void
test_read(struct scan *scan)
{
	struct trade t;
	struct err err;

	CHECK_INT("EX-1.1", read_trade(scan, "{\"record\":\"trade\","
	    EX_1_1 "}", &t, &err), 0);
	CHECK_TEXT("symbol", t.symbol.p, t.symbol.n, "SPX");
	CHECK_TEXT("root", t.root.p, t.root.n, "SPX");
	CHECK_TEXT("ticker", t.contract_ticker.p, t.contract_ticker.n,
	    "O:SPX251219C06475000");
	CHECK_TEXT("session", t.session.p, t.session.n, "CURB");
	CHECK_TEXT("date", t.trade_date.p, t.trade_date.n, "2025-11-24");
	CHECK_INT("timestamp", t.timestamp, INT64_C(1764019200000));
	CHECK_INT("price", t.price_e4, 455000);
	CHECK_INT("size", t.size, 250);
	CHECK_INT("premium", t.premium_e4, INT64_C(11375000000));
	CHECK_INT("strike", t.strike_e4, 64750000);
	CHECK_INT("bid", t.nbbo.bid_e4, 448000);
	CHECK_INT("ask", t.nbbo.ask_e4, 452000);
	CHECK_INT("no bid size", t.nbbo.bid_size, TRADE_NONE);
	CHECK_INT("no quote of the exchange", t.ex.bid_e4, TRADE_NONE);
	CHECK_INT("call", t.right, TRADE_CALL);
	CHECK_INT("iso", t.cond.flags, COND_ISO);
	CHECK("no cancel", !t.is_cancel && !t.is_cancelled);
	CHECK_INT("no open interest", t.open_interest, TRADE_NONE);
}

#define MINIMAL \
	"\"record\":\"trade\",\"contract_ticker\":\"X\",\"timestamp\":1,"

static void
test_defaults(struct scan *scan)
{
	struct trade t;
	struct err err;

	CHECK_INT("least", read_trade(scan, "{" MINIMAL
	    "\"price\":2.15,\"size\":500}", &t, &err), 0);
	CHECK_INT("2.15 x 500 x 100", t.premium_e4, INT64_C(1075000000));
	CHECK_INT("multiplier", t.multiplier, 100);
	CHECK_INT("no right", t.right, TRADE_NO_RIGHT);
	read_trade(scan, "{" MINIMAL "\"price\":45.50,\"size\":250}", &t,
	    &err);
	CHECK_INT("45.50 x 250 x 100", t.premium_e4, INT64_C(11375000000));
	read_trade(scan, "{" MINIMAL "\"price\":32,\"size\":150}", &t, &err);
	CHECK_INT("32 x 150 x 100", t.premium_e4, INT64_C(4800000000));
	read_trade(scan, "{" MINIMAL "\"price\":10000,\"size\":6000}", &t,
	    &err);
	/* trap 19 of section 10: beyond 32 bits */
	CHECK_INT("6e9 dollars", t.premium_e4, INT64_C(60000000000000));
	read_trade(scan, "{" MINIMAL
	    "\"price\":191.25,\"size\":3,\"multiplier\":1}", &t, &err);
	CHECK_INT("multiplier 1", t.premium_e4, 5737500);
	CHECK_INT("null is absent", read_trade(scan, "{" MINIMAL
	    "\"price\":1,\"size\":1,\"bid\":null,\"conditions\":null,"
	    "\"option_type\":null}", &t, &err), 0);
	CHECK_INT("null bid", t.nbbo.bid_e4, TRADE_NONE);
	CHECK_INT("cancel by condition", read_trade(scan, "{" MINIMAL
	    "\"price\":1,\"size\":1,\"conditions\":[\"CNCO\"]}", &t, &err),
	    0);
	CHECK("cancel by condition", t.is_cancel);
	CHECK_INT("cancel by condition", t.cond.cancel, COND_CNCO);
}

static void
test_reject(struct scan *scan)
{
	static const struct {
		const char *name, *json, *why;
	} rows[] = {
		{ "zero price", "{" MINIMAL "\"price\":0,\"size\":1}",
		    "price: not above 0" },
		{ "negative size", "{" MINIMAL "\"price\":1,\"size\":-5}",
		    "size: not above 0" },
		{ "zero size", "{" MINIMAL "\"price\":1,\"size\":0}",
		    "size: not above 0" },
		{ "no price", "{" MINIMAL "\"size\":1}", "price: missing" },
		{ "no size", "{" MINIMAL "\"price\":1}", "size: missing" },
		{ "no time", "{\"record\":\"trade\",\"contract_ticker\":"
		    "\"X\",\"price\":1,\"size\":1}", "timestamp: missing" },
		{ "no contract", "{\"record\":\"trade\",\"timestamp\":1,"
		    "\"price\":1,\"size\":1}", "contract_ticker: missing" },
		{ "size text", "{" MINIMAL "\"price\":1,\"size\":\"1\"}",
		    "size: not an integer" },
		{ "size real", "{" MINIMAL "\"price\":1,\"size\":1.5}",
		    "size: not an integer" },
		{ "right", "{" MINIMAL "\"price\":1,\"size\":1,"
		    "\"option_type\":\"C\"}",
		    "option_type: neither call nor put" },
		{ "conditions text", "{" MINIMAL "\"price\":1,\"size\":1,"
		    "\"conditions\":\"AUTO\"}", "conditions: not an array" },
		{ "conditions numbers", "{" MINIMAL "\"price\":1,\"size\":1,"
		    "\"conditions\":[209]}", "conditions: not texts" },
		{ "multiplier", "{" MINIMAL "\"price\":1,\"size\":1,"
		    "\"multiplier\":0}", "multiplier: not above 0" },
		{ "premium", "{" MINIMAL "\"price\":90000000,"
		    "\"size\":1000000000}", "premium: too large" },
		/* given or not, no sum may wrap because of it */
		{ "premium given", "{" MINIMAL "\"price\":90000000,"
		    "\"size\":1000000000,\"premium\":1}",
		    "premium: too large" },
		{ "nobody trades that many", "{" MINIMAL
		    "\"price\":0.01,\"size\":1000000001,\"premium\":1}",
		    "size: out of range" },
		{ "nobody pays that much", "{" MINIMAL
		    "\"price\":100000000.01,\"size\":1,\"premium\":1}",
		    "price: out of range" },
		{ "no quote is that high", "{" MINIMAL
		    "\"price\":1,\"size\":1,\"ask\":900000000000000}",
		    "ask: out of range" },
		{ "end of time", "{\"record\":\"trade\",\"contract_ticker\":"
		    "\"X\",\"timestamp\":9223372036854775807,\"price\":1,"
		    "\"size\":1}", "timestamp: out of range" },
		{ "start of time", "{\"record\":\"trade\",\"contract_ticker\""
		    ":\"X\",\"timestamp\":-9223372036854775807,\"price\":1,"
		    "\"size\":1}", "timestamp: out of range" },
	};
	struct trade t;
	struct err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		err.text[0] = '\0';
		CHECK_INT(rows[i].name, read_trade(scan, rows[i].json, &t,
		    &err), -1);
		CHECK_STR(rows[i].name, err.text, rows[i].why);
	}
}

/* Keys in the order of domain.md 1.2; what is absent stays away. */
static void
test_write(struct scan *scan)
{
	struct buf dst = BUF_INIT;
	struct trade t;
	struct err err;

	read_trade(scan, "{\"record\":\"trade\"," EX_1_1 "}", &t, &err);
	t.dte = 25;			/* not read back, only written */
	t.underlying_e4 = 64500000;
	t.settlement = SLICE("AM");
	trade_write(&dst, &t);
	CHECK_TEXT("EX-1.1", dst.p, dst.n, "{\"record\":\"trade\"," EX_1_1
	    "}\n");
	buf_free(&dst);
}

static void
test_id(void)
{
	char text[TRADE_ID_TEXT];
	size_t n = trade_id_print(text, SLICE("O:SPX251219C06475000"),
	    INT64_C(1764019200000), SLICE("CBOE"), 1);

	CHECK_TEXT("EX-1.2", text, n,
	    "O:SPX251219C06475000:1764019200000:CBOE:1");
	n = trade_id_print(text, SLICE("O:SPX251219C06475000"),
	    INT64_C(1764019200000), SLICE("CBOE"), 88123);
	CHECK_TEXT("EX-1.3", text, n,
	    "O:SPX251219C06475000:1764019200000:CBOE:88123");
	n = trade_id_print(text, SLICE("X"), 0, (struct slice){ NULL, 0 }, 1);
	CHECK_TEXT("no exchange", text, n, "X:0::1");
}

int
main(void)
{
	struct scan *scan = scan_new();

	test_read(scan);
	test_defaults(scan);
	test_reject(scan);
	test_write(scan);
	test_id();
	scan_free(scan);
	return check_end();
}
