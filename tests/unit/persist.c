/* The memory of buyers, domain.md 4.9. */
#include "score/persist.h"

#include "check.h"

enum { DAY = 20416 };			/* Monday 2025-11-24 */

static struct persist_rules rules;

static void
event(struct persist *p, int32_t day, int64_t dollars)
{
	struct persist_session *s = persist_at(p, &rules, day, DAY + 60,
	    TRADE_CALL);

	s->events++;
	s->premium_e4 += dollars * 10000;
	s->buy_e4 += dollars * 10000;
}

static void
test_examples(void)
{
	static const int64_t meta[] = { 705000, 980000, 640000, 1250000,
	    870000, 1105000, 750000 };
	static const int32_t days[] = { DAY, DAY + 1, DAY + 1, DAY + 2,
	    DAY + 4, DAY + 4, DAY + 4 };	/* DAY + 3: Thanksgiving */
	struct persist p = { 0 };
	struct persist_sum sum;

	for (int i = 0; i < 7; i++)
		event(&p, days[i], meta[i]);
	persist_sums(&p, DAY + 60, TRADE_CALL, &sum);
	CHECK_INT("EX-4.43 n", sum.events, 7);
	CHECK_INT("EX-4.43 P", sum.premium_e4, INT64_C(63000000000));
	CHECK("EX-4.43", persist_holds(&rules, &sum));
	persist_sums(&p, DAY + 60, TRADE_PUT, &sum);
	CHECK_INT("4.9: puts are another key", sum.events, 0);
	persist_sums(&p, DAY + 61, TRADE_CALL, &sum);
	CHECK_INT("4.9: so is another expiration", sum.events, 0);
	persist_free(&p);
	sum = (struct persist_sum){ 3, INT64_C(9000000000),
	    INT64_C(9000000000), 0 };
	CHECK("EX-4.44", !persist_holds(&rules, &sum));
	sum = (struct persist_sum){ 4, INT64_C(20000000000),
	    INT64_C(20000000000), INT64_C(13333333333) };
	CHECK("EX-4.45", !persist_holds(&rules, &sum));
	sum.sell_e4 = INT64_C(8571428571);	/* 20/28.571428571 > 0.7 */
	CHECK("4.9 buy share 0.70", persist_holds(&rules, &sum));
	sum.sell_e4++;				/* and now below */
	CHECK("4.9 buy share below", !persist_holds(&rules, &sum));
}

/* Five sessions from Monday 11-24: 11-24 25 26 28 and Monday 12-01. */
static void
test_sessions(void)
{
	struct persist p = { 0 };
	struct persist_sum sum;

	event(&p, DAY - 3, 100000);		/* Friday 11-21 */
	event(&p, DAY, 200000);
	event(&p, DAY + 7, 400000);		/* Monday 12-01 */
	persist_sums(&p, DAY + 60, TRADE_CALL, &sum);
	CHECK_INT("4.9: the last 5 sessions, a holiday is none",
	    sum.premium_e4, INT64_C(6000000000));
	CHECK("a session that is over is not added to", persist_at(&p,
	    &rules, DAY - 3, DAY + 60, TRADE_CALL) == NULL);
	event(&p, DAY + 1, 800000);		/* late, but it counts */
	persist_sums(&p, DAY + 60, TRADE_CALL, &sum);
	CHECK_INT("a late record counts in its session", sum.premium_e4,
	    INT64_C(14000000000));
	persist_at(&p, &rules, DAY + 61, DAY + 90, TRADE_PUT);
	persist_sums(&p, DAY + 60, TRADE_CALL, &sum);
	CHECK_INT("expired keys are forgotten", sum.events, 0);
	persist_free(&p);
}

int
main(void)
{
	persist_rules_init(&rules);
	test_examples();
	test_sessions();
	return check_end();
}
