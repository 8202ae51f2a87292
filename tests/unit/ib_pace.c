/*
 * The pace of requests, on a clock of its own: what leaves is counted again,
 * by the limits themselves, over every window.
 */

#include "check.h"

#include <stdlib.h>

#include "tap/ib_pace.h"

enum { MANY = 4000 };

static struct sent {
	int64_t at, weight;
	uint64_t key, instrument;
} sent[MANY];

/* The most that stands in any span of so many ms. */
static int64_t
most(size_t n, int64_t span, uint64_t instrument)
{
	int64_t worst = 0;

	for (size_t i = 0; i < n; i++) {
		int64_t sum = 0;

		for (size_t j = i; j < n && sent[j].at - sent[i].at < span;
		    j++)
			if (instrument == 0 ||
			    sent[j].instrument == instrument)
				sum += sent[j].weight;
		if (sum > worst)
			worst = sum;
	}
	return worst;
}

/* As many messages as will go, asked for every millisecond, then in bursts. */
static void
test_messages(void)
{
	struct ib_pace pace;
	size_t n = 0;

	ib_pace_init(&pace, 60);
	for (int64_t now = 5000; now < 15000; now++)
		while (ib_pace_message(&pace, now))
			sent[n++] = (struct sent){ now, 1, 0, 0 };
	for (int64_t now = 15000; now < 45000; now += 700)
		while (ib_pace_message(&pace, now))
			sent[n++] = (struct sent){ now, 1, 0, 0 };
	CHECK("50 a second", most(n, 1000, 0) <= 50);
	/* 10 s of 40 and a burst of 8; then 43 bursts */
	CHECK("and not much less", n >= 400 + 43 * 8 && n <= 410 + 43 * 8);
	ib_pace_free(&pace);
}

/*
 * 15 tickers of 12 contracts, prints and quotes of each: 15 x 12 x 3 = 540 of
 * a budget of 60 in ten minutes, so the last goes after 80 minutes or later.
 */
static void
test_history(void)
{
	int64_t now = 1000, start = now;
	struct ib_pace pace;
	size_t n = 0;

	ib_pace_init(&pace, 60);
	for (uint64_t i = 0; i < 15 * 12 * 2; i++) {
		struct ib_past request = { 0, i + 1, i + 1, i % 2 + 1 };
		int64_t wait;

		while ((wait = ib_pace_history(&pace, now, &request)) > 0)
			now += wait;
		sent[n++] = (struct sent){ now, request.weight, i + 1, i + 1 };
	}
	CHECK_INT("60 in ten minutes", most(n, 600000, 0), 60);
	CHECK("no faster", now - start >= 80 * 60000);
	CHECK("no slower", now - start < 81 * 60000);
	ib_pace_free(&pace);
}

static void
test_near(void)
{
	struct ib_past same = { 0, 7, 3, 1 };
	int64_t now = 1000, wait;
	struct ib_pace pace;
	size_t n = 0;

	ib_pace_init(&pace, 1000);
	for (uint64_t i = 0; i < 100; i++) {
		struct ib_past request = { 0, 100 + i, 3, 1 };

		while ((wait = ib_pace_history(&pace, now, &request)) > 0)
			now += wait;
		sent[n++] = (struct sent){ now, 1, 0, 3 };
	}
	CHECK("fewer than six in two seconds", most(n, 2000, 3) < 6);
	CHECK("other instruments go on", ib_pace_history(&pace, now,
	    &(struct ib_past){ 0, 8, 4, 1 }) == 0);
	now += 10000;
	CHECK_INT("once", ib_pace_history(&pace, now, &same), 0);
	CHECK("not again at once", ib_pace_history(&pace, now, &same) >= 15000);
	CHECK("nor after 15 s less one", ib_pace_history(&pace, now + 14999,
	    &same) > 0);
	CHECK_INT("but later", ib_pace_history(&pace, now + 16000, &same), 0);
	ib_pace_free(&pace);
}

int
main(void)
{
	test_messages();
	test_history();
	test_near();
	return check_end();
}
