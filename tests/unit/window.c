/*
 * Windows of domain.md 4.1 against adding up all prints anew each time, and
 * the session clock against hours written down by hand.
 */
#include "score/window.h"

#include <stdlib.h>

#include "check.h"

enum { PRINTS = 4000, HOUR = 3600000 };

static const int64_t spans[WINDOW_COUNT] = { HOUR, 4 * HOUR, 24 * HOUR };

static uint32_t
draw(void)
{
	static uint32_t state = 1;

	state = state * 1664525u + 1013904223u;
	return state >> 8;
}

/* Everything of the prints in (from, ...] that are still counted. */
static struct window_sum
naive(const struct window_print *p, size_t n, int64_t from)
{
	struct window_sum s = { 0 };

	for (size_t i = 0; i < n; i++) {
		__int128 premium = p[i].premium_e4;
		__int128 weighted = premium * p[i].weight_e6;
		uint32_t f = p[i].flags;

		if (p[i].clock <= from || f == 0)
			continue;
		if (f == WINDOW_SWEEP) {
			s.sweeps++;
			continue;
		}
		s.flow.trades++;
		s.flow.calls += f & WINDOW_PUT ? 0 : p[i].size;
		s.flow.puts += f & WINDOW_PUT ? p[i].size : 0;
		s.flow.call_e4 += f & WINDOW_PUT ? 0 : premium;
		s.flow.put_e4 += f & WINDOW_PUT ? premium : 0;
		s.flow.bull_e4 += f & WINDOW_BULLISH ? premium : 0;
		s.flow.bull_e10 += f & WINDOW_BULLISH ? weighted : 0;
		s.flow.bear_e4 += f & WINDOW_BEARISH ? premium : 0;
		s.flow.bear_e10 += f & WINDOW_BEARISH ? weighted : 0;
		s.blocks += f & WINDOW_BLOCK ? 1 : 0;
		s.big_e4 += f & WINDOW_BIG ? premium : 0;
		s.unusual_e4 += f & WINDOW_UNUSUAL ? premium : 0;
		s.quoted_e4 += f & WINDOW_QUOTED ? premium : 0;
		if ((f & (WINDOW_BUY | WINDOW_SELL)) == 0)
			continue;
		s.flow.sided++;
		s.flow.sided_e4 += premium;
		s.sided_e8 += premium * premium;
		s.flow.aggressive_e4 += f & WINDOW_AGGRESSIVE ? premium : 0;
	}
	return s;
}

static bool
same(const struct window_sum *a, const struct window_sum *b)
{
	const struct bias_sum *x = &a->flow, *y = &b->flow;

	return x->trades == y->trades && x->calls == y->calls &&
	    x->puts == y->puts && x->sided == y->sided &&
	    a->sweeps == b->sweeps && a->blocks == b->blocks &&
	    x->call_e4 == y->call_e4 && x->put_e4 == y->put_e4 &&
	    x->bull_e4 == y->bull_e4 && x->bear_e4 == y->bear_e4 &&
	    x->bull_e10 == y->bull_e10 && x->bear_e10 == y->bear_e10 &&
	    x->sided_e4 == y->sided_e4 && a->sided_e8 == b->sided_e8 &&
	    x->aggressive_e4 == y->aggressive_e4 &&
	    a->big_e4 == b->big_e4 && a->unusual_e4 == b->unusual_e4 &&
	    a->quoted_e4 == b->quoted_e4;
}

static struct window_print
any_print(int64_t clock, size_t number)
{
	struct window_print p = {
		.clock = clock,
		.premium_e4 = (int64_t)draw() * 1000,
		.size = draw() % 1000 + 1,
		.id = (uint32_t)number,
		.flags = WINDOW_PRINT,
		.weight_e6 = (int32_t)(draw() % 1000001),
	};

	if (draw() % 20 == 0) {
		p.flags = WINDOW_SWEEP;
		return p;
	}
	p.flags |= draw() % 2 ? WINDOW_PUT : 0;
	p.flags |= draw() % 3 == 0 ? WINDOW_BULLISH | WINDOW_BUY :
	    draw() % 3 == 0 ? WINDOW_BEARISH | WINDOW_SELL : 0;
	for (uint32_t f = WINDOW_AGGRESSIVE; f <= WINDOW_QUOTED; f <<= 1)
		p.flags |= draw() % 3 == 0 ? f : 0;
	return p;
}

/* A random day and a half with late prints and cancels. */
static void
test_against_naive(void)
{
	static struct window_print all[PRINTS];
	struct window_pool pool;
	struct window_log log = { 0 };
	struct window_print was;
	struct window_sum got, want;
	int64_t now = 1763994600000, from[WINDOW_COUNT], seen = 0;
	bool good = true, taken = true;

	window_pool_init(&pool, 1 << 20);
	for (size_t i = 0; i < PRINTS; i++) {
		size_t back = draw() % 64;

		now += draw() % 60000;
		for (int w = 0; w < WINDOW_COUNT; w++)
			from[w] = now - spans[w];
		window_expire(&log, &pool, from);
		all[i] = any_print(draw() % 10 ? now : now -
		    (int64_t)(draw() % (5 * HOUR)), i);
		window_add(&log, &pool, from, &all[i]);
		if (draw() % 10 == 0 && back < i &&
		    (all[i - back].flags & WINDOW_PRINT) != 0) {
			taken = taken && window_take_back(&log,
			    all[i - back].id, all[i - back].clock, &was) &&
			    was.flags == all[i - back].flags;
			all[i - back].flags = 0;
		}
		for (int w = 0; w < WINDOW_COUNT && i % 7 == 0; w++) {
			window_sums(&log, w, &got);
			want = naive(all, i + 1, from[w]);
			good = good && same(&got, &want);
			seen += want.flow.trades;
		}
	}
	CHECK("4.1: sums equal those of all prints added up anew", good);
	CHECK("3.2: a cancel takes back exactly its print", taken);
	CHECK("the windows were not empty", seen > PRINTS);
	CHECK("an unknown id takes nothing back",
	    !window_take_back(&log, PRINTS + 1, now, &was));
	window_free(&log, &pool);
	window_pool_free(&pool);
}

static void
test_edges(void)
{
	const struct window_print p = { 1000000, 10000, 1, 1, WINDOW_PRINT,
	    0 };
	int64_t from[WINDOW_COUNT] = { 999999, 999999, 999999 };
	struct window_pool pool;
	struct window_log log = { 0 };
	struct window_sum sum;

	window_pool_init(&pool, 1 << 20);
	window_add(&log, &pool, from, &p);
	window_sums(&log, WINDOW_1H, &sum);
	CHECK_INT("4.1: t - w < timestamp is in", sum.flow.trades, 1);
	from[WINDOW_1H] = 1000000;
	window_expire(&log, &pool, from);
	window_sums(&log, WINDOW_1H, &sum);
	CHECK_INT("4.1: timestamp = t - w is out", sum.flow.trades, 0);
	window_sums(&log, WINDOW_4H, &sum);
	CHECK_INT("it stays in the longer one", sum.flow.trades, 1);
	window_free(&log, &pool);
	window_pool_free(&pool);
}

/* With room for 128 prints, an underlying forgets its own oldest. */
static void
test_bound(void)
{
	int64_t from[WINDOW_COUNT] = { 0, 0, 0 };
	struct window_pool pool;
	struct window_log log = { 0 };
	struct window_sum sum;

	window_pool_init(&pool, 128);
	for (int i = 1; i <= 1000; i++) {
		struct window_print p = { i, 1, 1, (uint32_t)i, WINDOW_PRINT,
		    0 };

		window_add(&log, &pool, from, &p);
	}
	window_sums(&log, WINDOW_24H, &sum);
	CHECK("at most what there is room for", sum.flow.trades <= 128);
	CHECK_INT("the others are counted as forgotten",
	    sum.flow.trades + pool.forgotten, 1000);
	window_free(&log, &pool);
	window_pool_free(&pool);
}

/* From the latest to the earliest: beyond what a late print may pass. */
static void
test_backwards(void)
{
	int64_t from[WINDOW_COUNT] = { 0, 0, 0 };
	struct window_pool pool;
	struct window_log log = { 0 };
	struct window_sum sum;

	window_pool_init(&pool, 1 << 20);
	for (int i = 3 * WINDOW_LATE; i > 0; i--) {
		struct window_print p = { i, 1, 1, (uint32_t)i, WINDOW_PRINT,
		    0 };

		window_add(&log, &pool, from, &p);
	}
	window_sums(&log, WINDOW_1H, &sum);
	CHECK_INT("all count", sum.flow.trades, 3 * WINDOW_LATE);
	from[WINDOW_1H] = 3 * WINDOW_LATE;
	window_expire(&log, &pool, from);
	window_sums(&log, WINDOW_1H, &sum);
	CHECK_INT("and all leave", sum.flow.trades, 0);
	window_free(&log, &pool);
	window_pool_free(&pool);
}

/* 2025: Thursday 11-27 is closed, Friday 11-28 ends at 13:00 (18:00Z). */
static void
test_session_clock(void)
{
	const int64_t wed_15 = 1764187200000;	/* 11-26 15:00 ET */
	const int64_t fri_open = 1764340200000;	/* 11-28 09:30 ET */
	const int64_t fri_noon = 1764349200000;	/* 11-28 12:00 ET */
	const int64_t mon_10 = 1764601200000;	/* 12-01 10:00 ET */
	struct window_clock clock;
	int64_t from[WINDOW_COUNT];

	window_clock_init(&clock, WINDOW_SESSION);
	window_clock_from(&clock, fri_noon, from);
	CHECK("2.5 hours into Friday, 1h is Friday's",
	    window_clock_at(&clock, fri_noon - HOUR + 1) > from[WINDOW_1H] &&
	    window_clock_at(&clock, fri_noon - HOUR) <= from[WINDOW_1H]);
	CHECK("4h reaches into Wednesday's last hour and a half",
	    window_clock_at(&clock, wed_15) > from[WINDOW_4H] &&
	    window_clock_at(&clock, wed_15 - HOUR) <= from[WINDOW_4H]);
	CHECK("24h is all of Wednesday and today",
	    window_clock_at(&clock, wed_15 - 5 * HOUR) > from[WINDOW_24H] &&
	    window_clock_at(&clock, wed_15 - 24 * HOUR) <=
	    from[WINDOW_24H]);
	window_clock_from(&clock, mon_10, from);
	CHECK("24h on Monday is Friday's short session and today",
	    window_clock_at(&clock, fri_open) > from[WINDOW_24H] &&
	    window_clock_at(&clock, wed_15) <= from[WINDOW_24H]);
	CHECK_INT("Monday 09:30 to 10:00 is half an hour",
	    window_clock_at(&clock, mon_10) -
	    window_clock_at(&clock, mon_10 - HOUR / 2), HOUR / 2);
	window_clock_init(&clock, WINDOW_WALL);
	window_clock_from(&clock, mon_10, from);
	CHECK("4.1: on Monday 10:00 the 24h by the wall hold only Monday",
	    window_clock_at(&clock, fri_noon) <= from[WINDOW_24H]);
}

int
main(void)
{
	test_against_naive();
	test_edges();
	test_bound();
	test_backwards();
	test_session_clock();
	return check_end();
}
