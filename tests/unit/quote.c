/* classify/quote: domain.md 3.3, 3.4 and the flags of 3.7. */
#include "classify/quote.h"

#include "check.h"

enum { AGE = 60000 };			/* max_quote_age_s 60 */

/* Monday 2025-11-24 10:00:00.500 New York */
static const int64_t print_ts = INT64_C(1763996400500);

static const struct trade_quote none = {
	TRADE_NONE, TRADE_NONE, TRADE_NONE, TRADE_NONE, TRADE_NONE
};

/* A view of bid and ask quoted before_ms before the print. */
static struct quote_view
look(int64_t bid_e4, int64_t ask_e4, int64_t before_ms, int64_t void_ts)
{
	struct trade_quote quote = none;
	struct quote_view view;

	quote.bid_e4 = bid_e4;
	quote.ask_e4 = ask_e4;
	quote.ts = print_ts - before_ms;
	quote_look(&view, &quote, print_ts, AGE, void_ts);
	return view;
}

static const char *
status_of(int64_t bid_e4, int64_t ask_e4, int64_t before_ms, int64_t void_ts)
{
	struct quote_view view = look(bid_e4, ask_e4, before_ms, void_ts);

	return quote_status_name(view.status);
}

/* The table of 3.3; usable is its "quote rule" column. */
static void
test_status(void)
{
	static const struct {
		const char *name;
		int64_t bid, ask, before;
		const char *status;
		bool usable;
	} rows[] = {
		{ "two sides", 20000, 21000, 100, "OK", true },
		{ "zero bid", 0, 500, 100, "ZERO_BID", true },
		{ "locked", 15000, 15000, 100, "LOCKED", true },
		{ "EX-3.5c", 21500, 21000, 50, "CROSSED", false },
		{ "no bid", TRADE_NONE, 21000, 100, "ONE_SIDED", false },
		{ "no ask", 20000, TRADE_NONE, 100, "ONE_SIDED", false },
		{ "both zero", 0, 0, 100, "ONE_SIDED", false },
		{ "ask zero", 20000, 0, 100, "ONE_SIDED", false },
		{ "neither", TRADE_NONE, TRADE_NONE, 100, "NONE", false },
		{ "EX-3.5b", 20000, 21000, 61500, "STALE", false },
		{ "as old as may be", 20000, 21000, 60000, "OK", true },
		{ "one ms older", 20000, 21000, 60001, "STALE", false },
		{ "stale before crossed", 21500, 21000, 61500, "STALE",
		    false },
		{ "stale before one-sided", TRADE_NONE, 21000, 61500,
		    "STALE", false },
		{ "none before stale", TRADE_NONE, TRADE_NONE, 61500, "NONE",
		    false },
		{ "after the print", 20000, 21000, -1, "NONE", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct quote_view view = look(rows[i].bid, rows[i].ask,
		    rows[i].before, TRADE_NONE);

		CHECK_STR(rows[i].name, quote_status_name(view.status),
		    rows[i].status);
		CHECK_INT(rows[i].name, view.usable, rows[i].usable);
	}
}

static void
test_gap(void)
{
	int64_t at_10 = print_ts - 500;		/* 10:00:00.000 */

	/* quoted 09:59:58, blind 09:59:59 to 10:00:00 */
	CHECK_STR("EX-3.5d", status_of(20000, 21000, 2500, at_10), "STALE");
	CHECK_STR("inside the gap", status_of(20000, 21000, 501, at_10),
	    "STALE");
	CHECK_STR("as the gap ends", status_of(20000, 21000, 500, at_10),
	    "OK");
	CHECK_STR("after the gap", status_of(20000, 21000, 499, at_10),
	    "OK");
	CHECK_STR("none is none", status_of(TRADE_NONE, TRADE_NONE, 2500,
	    at_10), "NONE");
}

static void
test_age(void)
{
	struct trade_quote quote = none;
	struct quote_view view = look(20000, 21000, 61500, TRADE_NONE);

	CHECK_INT("EX-3.5b age", view.age_ms, 61500);
	view = look(20000, 21000, 0, TRADE_NONE);
	CHECK_INT("age zero", view.age_ms, 0);
	quote.bid_e4 = 20000;
	quote.ask_e4 = 21000;
	quote_look(&view, &quote, print_ts, AGE, TRADE_NONE);
	CHECK_STR("no time", quote_status_name(view.status), "OK");
	CHECK_INT("no time, no age", view.age_ms, TRADE_NONE);
}

static void
test_location(void)
{
	static const struct {
		const char *name;
		int64_t bid, ask, price;
		const char *location;
		int64_t position;	/* millionths; -1: none */
	} rows[] = {
		{ "EX-3.6", 20000, 21000, 20800, "NEAR_ASK", 800000 },
		{ "EX-3.7", 20000, 21000, 20700, "NEAR_ASK", 700000 },
		{ "EX-3.8", 20000, 21000, 20500, "MID", 500000 },
		{ "EX-3.9", 0, 500, 500, "AT_ASK", 1000000 },
		{ "EX-3.10", 15000, 15000, 15200, "ABOVE_ASK", -1 },
		{ "locked, below", 15000, 15000, 14900, "BELOW_BID", -1 },
		{ "locked, at", 15000, 15000, 15000, "MID", -1 },
		{ "below 0.7", 20000, 21000, 20699, "INSIDE", 699000 },
		{ "0.3", 20000, 21000, 20300, "NEAR_BID", 300000 },
		{ "above 0.3", 20000, 21000, 20301, "INSIDE", 301000 },
		{ "just above the bid", 20000, 21000, 20001, "NEAR_BID",
		    1000 },
		{ "just below the ask", 20000, 21000, 20999, "NEAR_ASK",
		    999000 },
		{ "at the bid", 20000, 21000, 20000, "AT_BID", 0 },
		{ "at the ask", 20000, 21000, 21000, "AT_ASK", 1000000 },
		{ "below", 20000, 21000, 19900, "BELOW_BID", -100000 },
		{ "above", 20000, 21000, 21200, "ABOVE_ASK", 1200000 },
		/* 2/3 of three cents: half away from zero, 6 places */
		{ "a third", 20000, 20300, 20200, "INSIDE", 666667 },
		{ "zero bid, at the bid's end", 0, 500, 100, "NEAR_BID",
		    200000 },
		{ "crossed", 21500, 21000, 21200, "UNKNOWN", -1 },
		{ "one-sided", TRADE_NONE, 21000, 21000, "UNKNOWN", -1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct quote_view view = look(rows[i].bid, rows[i].ask, 100,
		    TRADE_NONE);
		int64_t position = -1;

		CHECK_STR(rows[i].name, quote_location_name(quote_locate(
		    &view, rows[i].price)), rows[i].location);
		if (!quote_position(&view, rows[i].price, &position))
			position = -1;
		CHECK_INT(rows[i].name, position, rows[i].position);
	}
}

/* The seed's AGGRESSIVE condition: a tenth of the spread beyond. */
static void
test_through(void)
{
	static const struct {
		const char *name;
		int64_t bid, ask, price;
		bool through;
	} rows[] = {
		{ "EX-3.35", 20000, 21000, 21000, false },
		{ "EX-3.36", 20000, 21000, 21050, false },
		{ "a tenth above", 20000, 21000, 21100, false },
		{ "more than a tenth above", 20000, 21000, 21101, true },
		{ "EX-3.37", 20000, 21000, 21200, true },
		{ "EX-3.38", 20000, 21000, 20800, false },
		{ "EX-3.39", 20000, 21000, 20500, false },
		{ "EX-3.40", 20000, 21000, 19900, false },
		{ "EX-3.40 below 1.99", 20000, 21000, 19899, true },
		/* 45.20 + 0.1 x 0.40 = 45.24 */
		{ "EX-3.42", 448000, 452000, 455000, true },
		{ "EX-3.42 at 45.24", 448000, 452000, 452400, false },
		{ "locked, off", 15000, 15000, 15001, true },
		{ "locked, at", 15000, 15000, 15000, false },
		{ "crossed", 21500, 21000, 30000, false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct quote_view view = look(rows[i].bid, rows[i].ask, 100,
		    TRADE_NONE);

		CHECK_INT(rows[i].name, quote_is_through(&view,
		    rows[i].price), rows[i].through);
	}
}

static void
test_wide(void)
{
	struct quote_view view = look(20000, 22100, 100, TRADE_NONE);

	/* spread 0.21, 10 % of the mid 2.105 is 0.2105 */
	CHECK("9.98 %", !quote_is_wide(&view));
	view = look(20000, 22200, 100, TRADE_NONE);
	/* 0.22 against 0.211 */
	CHECK("10.4 %", quote_is_wide(&view));
	view = look(19000, 21000, 100, TRADE_NONE);
	CHECK("10 % exactly", !quote_is_wide(&view));
	view = look(500, 1000, 100, TRADE_NONE);
	CHECK("67 % but five cents", !quote_is_wide(&view));
	view = look(500, 1001, 100, TRADE_NONE);
	CHECK("above five cents", quote_is_wide(&view));
	view = look(21500, 11000, 100, TRADE_NONE);
	CHECK("crossed", !quote_is_wide(&view));
}

/* e = |2L - 1| < 0.4, which is 0.3 < L < 0.7. */
static void
test_central(void)
{
	struct quote_view view = look(20000, 21000, 100, TRADE_NONE);

	CHECK("e 0", quote_is_central(&view, 20500));
	CHECK("e 0.4 above", !quote_is_central(&view, 20700));
	CHECK("e 0.398", quote_is_central(&view, 20699));
	CHECK("e 0.4 below", !quote_is_central(&view, 20300));
	CHECK("e 0.398 below", quote_is_central(&view, 20301));
	view = look(15000, 15000, 100, TRADE_NONE);
	CHECK("locked, at", quote_is_central(&view, 15000));
	CHECK("locked, off", !quote_is_central(&view, 15001));
}

int
main(void)
{
	test_status();
	test_gap();
	test_age();
	test_location();
	test_through();
	test_wide();
	test_central();
	return check_end();
}
