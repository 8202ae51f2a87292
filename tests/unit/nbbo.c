/*
 * Which quote a print gets (domain.md 3.3).  The status that classify derives
 * from it is tested there.
 */
#include "check.h"
#include "tap/nbbo.h"

#define MS INT64_C(1000000)
/* 2024-06-14 10:00:00 New York. */
#define TEN INT64_C(1718373600000)

static const struct nbbo_rule by_clock = { 0, false };
static const struct slice all = { NULL, 0 };

static void
quote_at(struct nbbo *nbbo, const struct nbbo_rule *rule, struct slice ex,
    int64_t ts, int64_t bid, int64_t ask)
{
	struct trade_quote quote = { bid * 100, ask * 100, 1, 1, ts };

	nbbo_add(nbbo, rule, ex, &quote,
	    (struct nbbo_time){ ts * MS, false });
}

static void
fine_quote_at(struct nbbo *nbbo, const struct nbbo_rule *rule, int64_t ns,
    int64_t bid)
{
	struct trade_quote quote = { bid * 100, bid * 100 + 1000, 1, 1,
	    ns / MS };

	nbbo_add(nbbo, rule, all, &quote, (struct nbbo_time){ ns, true });
}

/* The bid in cents the print gets, or -1. */
static int64_t
bid_for(const struct nbbo *nbbo, const struct nbbo_rule *rule,
    struct slice ex, int64_t ns, bool fine)
{
	struct trade_quote out;

	return nbbo_pick(nbbo, rule, ex, (struct nbbo_time){ ns, fine },
	    &out) ? out.bid_e4 / 100 : -1;
}

static void
examples(void)
{
	struct nbbo nbbo;
	int64_t print = (TEN + 500) * MS;

	nbbo_init(&nbbo);
	quote_at(&nbbo, &by_clock, all, TEN + 400, 200, 210);
	quote_at(&nbbo, &by_clock, all, TEN + 500, 210, 220);
	CHECK_INT("EX-3.5a", bid_for(&nbbo, &by_clock, all, print, false),
	    200);
	nbbo_free(&nbbo);

	quote_at(&nbbo, &by_clock, all, TEN - 61000, 200, 210);
	CHECK_INT("EX-3.5b", bid_for(&nbbo, &by_clock, all, print, false),
	    200);
	nbbo_free(&nbbo);

	quote_at(&nbbo, &by_clock, all, TEN + 450, 215, 210);
	CHECK_INT("EX-3.5c", bid_for(&nbbo, &by_clock, all, print, false),
	    215);
	nbbo_free(&nbbo);

	quote_at(&nbbo, &by_clock, all, TEN - 2000, 200, 210);
	nbbo_void(&nbbo);
	CHECK_INT("EX-3.5d", bid_for(&nbbo, &by_clock, all, print, false),
	    -1);
	quote_at(&nbbo, &by_clock, all, TEN + 1, 190, 200);
	CHECK_INT("EX-3.5d, a quote after the gap",
	    bid_for(&nbbo, &by_clock, all, print, false), 190);
	nbbo_free(&nbbo);
}

static void
boundaries(void)
{
	static const struct nbbo_rule none = { 0, true };
	static const struct nbbo_rule ten = { 10 * MS, true };
	struct nbbo nbbo;
	int64_t print = (TEN + 500) * MS;

	nbbo_init(&nbbo);
	CHECK_INT("no quote", bid_for(&nbbo, &by_clock, all, print, false),
	    -1);
	quote_at(&nbbo, &by_clock, all, TEN + 499, 200, 210);
	CHECK_INT("1 ms before is enough",
	    bid_for(&nbbo, &by_clock, all, print, false), 200);
	CHECK_INT("lag 0 takes it too",
	    bid_for(&nbbo, &none, all, print, false), 200);
	nbbo_free(&nbbo);

	quote_at(&nbbo, &none, all, TEN + 500, 200, 210);
	CHECK_INT("the same millisecond with --quote-lag 0",
	    bid_for(&nbbo, &none, all, print, false), 200);
	CHECK_INT("and not with the default",
	    bid_for(&nbbo, &by_clock, all, print, false), -1);
	nbbo_free(&nbbo);

	for (int64_t i = 1; i <= 500; i++)
		quote_at(&nbbo, &ten, all, TEN + i, i, i + 10);
	CHECK_INT("lag 10 ms of a quote each ms",
	    bid_for(&nbbo, &ten, all, print, false), 490);
	nbbo_free(&nbbo);

	quote_at(&nbbo, &by_clock, all, TEN + 300, 200, 210);
	quote_at(&nbbo, &by_clock, all, TEN + 300, 205, 215);
	CHECK_INT("of one millisecond the last in sequence",
	    bid_for(&nbbo, &by_clock, all, print, false), 205);
	nbbo_free(&nbbo);

	quote_at(&nbbo, &by_clock, all, TEN + 300, 200, 210);
	quote_at(&nbbo, &by_clock, all, TEN + 200, 100, 110);
	CHECK_INT("one that came late is older",
	    bid_for(&nbbo, &by_clock, all, print, false), 200);
	nbbo_free(&nbbo);
}

/* Nanosecond clocks need no distance; against a millisecond clock, 1 ms. */
static void
fine_clocks(void)
{
	struct nbbo nbbo;
	int64_t print = (TEN + 500) * MS + 400000;

	nbbo_init(&nbbo);
	fine_quote_at(&nbbo, &by_clock, (TEN + 499) * MS + 7, 100);
	fine_quote_at(&nbbo, &by_clock, (TEN + 500) * MS + 300000, 200);
	fine_quote_at(&nbbo, &by_clock, (TEN + 500) * MS + 400001, 300);
	CHECK_INT("the same millisecond, earlier",
	    bid_for(&nbbo, &by_clock, all, print, true), 200);
	CHECK_INT("the same nanosecond",
	    bid_for(&nbbo, &by_clock, all, print + 1, true), 300);
	CHECK_INT("a print whose clock ticks in ms",
	    bid_for(&nbbo, &by_clock, all, (TEN + 500) * MS, false), 100);
	nbbo_free(&nbbo);

	quote_at(&nbbo, &by_clock, all, TEN + 500, 200, 210);
	CHECK_INT("a quote whose clock ticks in ms",
	    bid_for(&nbbo, &by_clock, all, print, true), -1);
	nbbo_free(&nbbo);
}

static void
scopes(void)
{
	static const struct trade_quote same = { 100, 200, 1, 1, TEN };
	const struct nbbo_time time = { TEN * MS, false };
	struct nbbo nbbo;
	int64_t print = (TEN + 500) * MS;

	nbbo_init(&nbbo);
	quote_at(&nbbo, &by_clock, all, TEN, 200, 210);
	quote_at(&nbbo, &by_clock, SLICE("CBOE"), TEN, 190, 215);
	quote_at(&nbbo, &by_clock, SLICE("ISE"), TEN, 195, 220);
	CHECK_INT("NBBO", bid_for(&nbbo, &by_clock, all, print, false), 200);
	CHECK_INT("EX CBOE", bid_for(&nbbo, &by_clock, SLICE("CBOE"), print,
	    false), 190);
	CHECK_INT("EX ISE", bid_for(&nbbo, &by_clock, SLICE("ISE"), print,
	    false), 195);
	CHECK_INT("EX of another exchange", bid_for(&nbbo, &by_clock,
	    SLICE("BOX"), print, false), -1);
	nbbo_void(&nbbo);
	CHECK_INT("a gap voids all scopes", bid_for(&nbbo, &by_clock,
	    SLICE("ISE"), print, false), -1);
	CHECK("news", nbbo_add(&nbbo, &by_clock, all, &same, time));
	CHECK("no news", !nbbo_add(&nbbo, &by_clock, all, &same, time));
	CHECK("a name too long", !nbbo_add(&nbbo, &by_clock,
	    SLICE("THIRTEENCHARS"), &same, time));
	nbbo_free(&nbbo);
}

int
main(void)
{
	examples();
	boundaries();
	fine_clocks();
	scopes();
	return check_end();
}
