/* alert/tape: the lines of source 2, dollars of domain.md 0.2. */
#include "alert/tape.h"

#include "check.h"

static void
test_dollars(void)
{
	static const struct {
		const char *name;
		int64_t e4;
		const char *text;
	} rows[] = {
		{ "EX-0.1", INT64_C(11375000000), "$1.1M" },
		{ "EX-0.2", INT64_C(4800000000), "$480K" },
		{ "EX-0.3", INT64_C(1075000000), "$107K" },
		{ "EX-0.4", INT64_C(9999990000), "$999K" },
		/* the bounds of 0.2 */
		{ "0", 0, "$0" },
		{ "999.9999", 9999999, "$999" },
		{ "1,000", 10000000, "$1K" },
		{ "999,999.9999", INT64_C(9999999999), "$999K" },
		{ "1,000,000", INT64_C(10000000000), "$1.0M" },
		{ "trap 19", INT64_C(60000000000000), "$6000.0M" },
	};
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		b.n = 0;
		tape_dollars(&b, rows[i].e4);
		CHECK_TEXT(rows[i].name, b.p, b.n, rows[i].text);
	}
	buf_free(&b);
}

static struct trade
print(const char *symbol, enum trade_right right, int64_t strike,
    int64_t size, int64_t price_e4)
{
	struct trade trade;

	trade_init(&trade);
	trade.symbol = (struct slice){ symbol, strlen(symbol) };
	trade.right = right;
	trade.strike_e4 = strike * 10000;
	trade.size = size;
	trade.price_e4 = price_e4;
	trade.premium_e4 = price_e4 * size * 100;
	return trade;
}

/* Source 2, lines 179 to 181, without the name of its logger. */
static void
test_lines(void)
{
	struct trade spx = print("SPX", TRADE_CALL, 6475, 250, 455000);
	struct trade ndx = print("NDX", TRADE_PUT, 21000, 150, 320000);
	struct trade spy = print("SPY", TRADE_CALL, 645, 500, 21500);
	struct buf b = BUF_INIT;

	tape_trade(&b, &spx, SLICE("LARGE"));
	tape_trade(&b, &ndx, (struct slice){ NULL, 0 });
	tape_trade(&b, &spy, SLICE("BLOCK"));
	CHECK_TEXT("source 2", b.p, b.n,
	    "\xf0\x9f\x93\x88 SPX 6475C 250 @ $45.50 ($1.1M premium)\n"
	    "\xf0\x9f\x93\x89 NDX 21000P 150 @ $32.00 ($480K premium)\n"
	    "\xf0\x9f\x93\x88 SPY 645C 500 @ $2.15 ($107K premium)  BLOCK\n");
	b.n = 0;
	spy.symbol = SLICE("S\x1b[2J");
	spy.strike_e4 = 2475000;	/* 247.5 of 5.4 */
	tape_trade(&b, &spy, SLICE("SWEEP"));
	CHECK_TEXT("K5", b.p, b.n, "\xf0\x9f\x93\x88 S?[2J 247.5C 500 @ "
	    "$2.15 ($107K premium)  SWEEP\n");
	b.n = 0;
	spy.right = TRADE_NO_RIGHT;
	tape_trade(&b, &spy, (struct slice){ NULL, 0 });
	CHECK_INT("shares", (int64_t)b.n, 0);
	buf_free(&b);
}

/* Source 2, lines 183 to 190; the clock as domain.md 0.3 has it. */
static void
test_summary(void)
{
	struct tape_stats stats = {
		.first_ts = INT64_C(1764012642000),
		.ts = INT64_C(1764012942000),	/* 2025-11-24 19:35:42Z */
		.trade_ts = INT64_C(1764012942000),
		.trades = 1248, .stored = 342, .sweeps = 18, .blocks = 12
	};
	struct buf b = BUF_INIT;

	tape_summary(&b, &stats, 0);
	CHECK_TEXT("source 2", b.p, b.n,
	    "\xf0\x9f\x93\x8a Statistics:\n"
	    "  Uptime: 5 minutes\n"
	    "  Trades processed: 1,248\n"
	    "  Trades stored: 342 (27.4%)\n"
	    "  Sweeps detected: 18\n"
	    "  Blocks detected: 12\n"
	    "  Errors: 0\n"
	    "  Last trade: 02:35:42 PM ET\n");
	b.n = 0;
	stats = (struct tape_stats){ .ts = INT64_MIN };
	tape_summary(&b, &stats, 3);
	CHECK_TEXT("nothing came", b.p, b.n,
	    "\xf0\x9f\x93\x8a Statistics:\n"
	    "  Uptime: 0 minutes\n"
	    "  Trades processed: 0\n"
	    "  Trades stored: 0\n"
	    "  Sweeps detected: 0\n"
	    "  Blocks detected: 0\n"
	    "  Errors: 3\n"
	    "  Last trade: -\n");
	buf_free(&b);
}

int
main(void)
{
	test_dollars();
	test_lines();
	test_summary();
	return check_end();
}
