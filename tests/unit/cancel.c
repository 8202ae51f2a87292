/* classify/cancel: matching cancels and repeats, domain.md 3.2 and 1.9. */
#include "classify/cancel.h"

#include "check.h"

static struct slice
text(const char *p)
{
	return (struct slice){ p, strlen(p) };
}

/* A print of the log: cents, contracts, exchange. */
static struct cancel_print *
add(struct cancel_log *log, const char *id, int64_t ts, int64_t cents,
    int64_t size, const char *exchange)
{
	int64_t forgotten = 0;
	struct cancel_print *print = cancel_add(log, text(id),
	    SLICE("[\"AUTO\"]"), ts, &forgotten);

	print->price_e4 = cents * 100;
	print->size = size;
	print->sequence = TRADE_NONE;
	cancel_exchange(print->exchange, text(exchange));
	return print;
}

static struct cancel_print *
find(struct cancel_log *log, enum cond_cancel how, int64_t cents,
    int64_t size, const char *exchange)
{
	struct trade trade;

	trade_init(&trade);
	trade.cond.cancel = how;
	trade.price_e4 = cents * 100;
	trade.size = size;
	trade.exchange = text(exchange);
	return cancel_find(log, &trade);
}

static void
want(const char *name, struct cancel_log *log, enum cond_cancel how,
    int64_t cents, int64_t size, const char *exchange, const char *id)
{
	struct cancel_print *print = find(log, how, cents, size, exchange);

	if (id == NULL) {
		CHECK(name, print == NULL);
		return;
	}
	CHECK(name, print != NULL);
	if (print != NULL) {
		struct slice got = cancel_trade_id(print);

		CHECK_TEXT(name, got.p, got.n, id);
	}
}

static void
test_examples(void)
{
	struct cancel_log log = { 0 };

	add(&log, "only", 1, 100, 10, "CBOE");
	want("EX-3.1", &log, COND_CANC, 100, 10, "CBOE", "only");
	cancel_clear(&log);
	add(&log, "one", 1, 100, 10, "ISE");
	add(&log, "two", 2, 105, 10, "ISE");
	want("EX-3.2", &log, COND_CNCL, 105, 10, "ISE", "two");
	want("EX-3.3", &log, COND_CANC, 200, 7, "ISE", NULL);
	cancel_clear(&log);
	want("EX-3.3 no print at all", &log, COND_CANC, 200, 7, "ISE", NULL);
}

static void
test_keys(void)
{
	struct cancel_log log = { 0 };
	struct trade trade;

	add(&log, "a", 1, 100, 10, "CBOE")->sequence = 5;
	add(&log, "b", 2, 100, 10, "CBOE")->sequence = 6;
	add(&log, "c", 3, 100, 10, "CBOE")->sequence = 7;
	want("exchange", &log, COND_CANC, 100, 10, "ISE", NULL);
	want("price", &log, COND_CANC, 101, 10, "CBOE", NULL);
	want("size", &log, COND_CANC, 100, 11, "CBOE", NULL);
	trade_init(&trade);
	trade.cond.cancel = COND_CANC;
	trade.price_e4 = 10000;
	trade.size = 10;
	trade.exchange = SLICE("CBOE");
	trade.ref_sequence = 5;
	CHECK_INT("the sequence decides", cancel_find(&log, &trade)->ts, 1);
	trade.ref_sequence = 8;
	CHECK("an unknown sequence", cancel_find(&log, &trade) == NULL);
	trade.ref_sequence = TRADE_NONE;
	trade.sequence = 9;		/* the cancel's own */
	CHECK_INT("its own does not", cancel_find(&log, &trade)->ts, 2);
	cancel_clear(&log);
}

/* CANC: the latest match, rather neither the first nor the last report. */
static void
test_canc(void)
{
	struct cancel_log log = { 0 };

	add(&log, "first", 1, 100, 10, "CBOE");
	add(&log, "b", 2, 100, 10, "CBOE");
	add(&log, "c", 3, 100, 10, "CBOE");
	add(&log, "last", 4, 100, 10, "CBOE");
	want("the latest inner one", &log, COND_CANC, 100, 10, "CBOE", "c");
	find(&log, COND_CANC, 100, 10, "CBOE")->cancelled = true;
	want("then the one before", &log, COND_CANC, 100, 10, "CBOE", "b");
	find(&log, COND_CANC, 100, 10, "CBOE")->cancelled = true;
	want("then an outer one, the latest", &log, COND_CANC, 100, 10,
	    "CBOE", "last");
	find(&log, COND_CANC, 100, 10, "CBOE")->cancelled = true;
	want("then the first", &log, COND_CANC, 100, 10, "CBOE", "first");
	find(&log, COND_CANC, 100, 10, "CBOE")->cancelled = true;
	want("then none", &log, COND_CANC, 100, 10, "CBOE", NULL);
	cancel_clear(&log);
}

static void
test_ends(void)
{
	struct cancel_log log = { 0 };

	add(&log, "only", 1, 100, 10, "CBOE");
	want("CNOL", &log, COND_CNOL, 100, 10, "CBOE", "only");
	want("CNOL, other price", &log, COND_CNOL, 101, 10, "CBOE", NULL);
	want("CNCO", &log, COND_CNCO, 100, 10, "CBOE", "only");
	want("CNCL", &log, COND_CNCL, 100, 10, "CBOE", "only");
	add(&log, "second", 2, 100, 10, "CBOE");
	want("CNOL of two", &log, COND_CNOL, 100, 10, "CBOE", NULL);
	want("CNCO of two", &log, COND_CNCO, 100, 10, "CBOE", "only");
	want("CNCL of two", &log, COND_CNCL, 100, 10, "CBOE", "second");
	add(&log, "third", 3, 105, 10, "CBOE");
	want("CNCL is the latest report or none", &log, COND_CNCL, 100, 10,
	    "CBOE", NULL);
	find(&log, COND_CNCO, 100, 10, "CBOE")->cancelled = true;
	want("never twice", &log, COND_CNCO, 100, 10, "CBOE", NULL);
	cancel_clear(&log);
}

/* More than the log holds: the first of the day is kept, others go. */
static void
test_bounded(void)
{
	struct cancel_log log = { 0 };
	int64_t forgotten = 0;
	char id[16];

	for (int i = 0; i < CANCEL_LOG + 10; i++) {
		struct cancel_print *p;
		int n = snprintf(id, sizeof(id), "t%d", i);

		p = cancel_add(&log, (struct slice){ id, (size_t)n },
		    (struct slice){ NULL, 0 }, i, &forgotten);
		p->price_e4 = 100 * i;
		p->size = 1;
		p->sequence = TRADE_NONE;
	}
	CHECK_INT("kept", log.n, CANCEL_LOG);
	CHECK_INT("the first and those behind it left, one stays",
	    forgotten, 9);
	want("CNCO", &log, COND_CNCO, 0, 1, "", "t0");
	want("the first by CANC", &log, COND_CANC, 0, 1, "", "t0");
	want("forgotten", &log, COND_CANC, 9, 1, "", NULL);
	want("the oldest kept", &log, COND_CANC, 10, 1, "", "t10");
	CHECK("repeat of the first", cancel_is_repeat(&log, SLICE("t0"), 0));
	CHECK("repeat of a kept one", cancel_is_repeat(&log, SLICE("t10"),
	    10));
	CHECK("new", !cancel_is_repeat(&log, SLICE("t600"), 600));
	cancel_clear(&log);
	CHECK("cleared", !cancel_is_repeat(&log, SLICE("t0"), 0));
	want("cleared", &log, COND_CNCO, 0, 1, "", NULL);
	cancel_clear(&log);
}

static void
test_repeat(void)
{
	struct cancel_log log = { 0 };

	CHECK("first of the day", !cancel_is_repeat(&log, SLICE("x:1"), 1));
	add(&log, "x:1", 5, 100, 10, "CBOE");
	add(&log, "x:0", 3, 100, 10, "CBOE");
	CHECK("again", cancel_is_repeat(&log, SLICE("x:1"), 5));
	CHECK("a late one again", cancel_is_repeat(&log, SLICE("x:0"), 3));
	CHECK("same ms, other id", !cancel_is_repeat(&log, SLICE("x:2"), 5));
	CHECK("later", !cancel_is_repeat(&log, SLICE("x:1"), 6));
	cancel_clear(&log);
}

/* EX-1.2: no sequence; ordinals from 1 in one ms on one exchange. */
static void
test_ordinal(void)
{
	struct cancel_log log = { 0 };
	struct slice cboe = SLICE("CBOE");

	CHECK_INT("EX-1.2 first", cancel_ordinal(&log, 7, cboe), 1);
	add(&log, "x", 7, 100, 10, "CBOE");
	CHECK_INT("EX-1.2 second", cancel_ordinal(&log, 7, cboe), 2);
	CHECK_INT("other exchange", cancel_ordinal(&log, 7, SLICE("ISE")),
	    1);
	CHECK_INT("other ms", cancel_ordinal(&log, 8, cboe), 1);
	cancel_clear(&log);
}

static void
test_texts(void)
{
	static const char wide[] =
	    "a-trade-id-of-sixty-bytes-and-more-aaaaaaaaaaaaaaaaaaaaaaaaa";
	struct cancel_log log = { 0 };
	struct cancel_print *p = add(&log, wide, 1, 100, 10, "CBOE");
	struct slice got = cancel_trade_id(p);

	CHECK_TEXT("long id", got.p, got.n, wide);
	got = cancel_conditions(p);
	CHECK_TEXT("conditions behind a long id", got.p, got.n,
	    "[\"AUTO\"]");
	p = add(&log, "short", 2, 100, 10, "CBOE");
	got = cancel_conditions(p);
	CHECK_TEXT("conditions", got.p, got.n, "[\"AUTO\"]");
	cancel_clear(&log);
}

int
main(void)
{
	test_examples();
	test_keys();
	test_canc();
	test_ends();
	test_bounded();
	test_repeat();
	test_ordinal();
	test_texts();
	return check_end();
}
