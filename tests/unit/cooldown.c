/* alert/cooldown: domain.md 5.2; and alert/recent below it. */
#include "alert/cooldown.h"

#include "check.h"

enum { MINUTE = 60000, HOUR = 60 * MINUTE };

/* One alert: the key, its severity, minutes after 10:00. */
struct step {
	const char *key;
	enum rule_severity severity;
	int64_t minute;
	bool emitted;
	int64_t count;
};

static void
run(const char *name, const struct step *steps, size_t n)
{
	struct cooldown c;

	cooldown_init(&c, 100);
	for (size_t i = 0; i < n; i++) {
		struct slice key = { steps[i].key, strlen(steps[i].key) };
		int64_t count = -1;

		CHECK_INT(name, cooldown_pass(&c, key, steps[i].severity,
		    steps[i].minute * MINUTE, HOUR, &count),
		    steps[i].emitted);
		CHECK_INT(name, count, steps[i].count);
	}
	cooldown_free(&c);
}

#define RUN(name, ...) \
	do {							\
		const struct step steps[] = { __VA_ARGS__ };	\
		run(name, steps, sizeof(steps) / sizeof(*steps)); \
	} while (0)

static void
test_scopes(void)
{
	RUN("EX-5.9",
	    { "KO PUT_SWEEP", RULE_CRITICAL, 0, true, 0 },
	    { "KO PUT_SWEEP", RULE_CRITICAL, 40, false, 1 },
	    { "KO PUT_SWEEP", RULE_CRITICAL, 60, true, 1 });
	RUN("EX-5.9 by ticker",
	    { "KO", RULE_CRITICAL, 0, true, 0 },
	    { "KO", RULE_CRITICAL, 40, false, 1 },
	    { "KO", RULE_CRITICAL, 60, true, 1 });
	RUN("EX-5.10",
	    { "KO HEAVY_CALL_FLOW", RULE_MEDIUM, 0, true, 0 },
	    { "KO PUT_SWEEP", RULE_CRITICAL, 10, true, 0 });
	RUN("EX-5.10 by ticker",
	    { "KO", RULE_MEDIUM, 0, true, 0 },
	    { "KO", RULE_CRITICAL, 10, true, 0 });
	RUN("EX-5.11",
	    { "KO PUT_SWEEP", RULE_CRITICAL, 0, true, 0 },
	    { "KO PUT_BLOCK", RULE_HIGH, 20, true, 0 });
	RUN("EX-5.11 by ticker",
	    { "KO", RULE_CRITICAL, 0, true, 0 },
	    { "KO", RULE_HIGH, 20, false, 1 });
}

static void
test_rules(void)
{
	RUN("suppressed ones do not extend it",
	    { "k", RULE_HIGH, 0, true, 0 },
	    { "k", RULE_HIGH, 59, false, 1 },
	    { "k", RULE_HIGH, 60, true, 1 });
	RUN("an earlier time is suppressed",
	    { "k", RULE_HIGH, 100, true, 0 },
	    { "k", RULE_HIGH, 10, false, 1 });
	RUN("keys are apart",
	    { "k", RULE_HIGH, 0, true, 0 },
	    { "l", RULE_HIGH, 0, true, 0 });
	RUN("the highest of the hour counts, not of all time",
	    { "KO", RULE_CRITICAL, 0, true, 0 },
	    { "KO", RULE_CRITICAL, 60, true, 0 },
	    { "KO", RULE_MEDIUM, 119, false, 1 },
	    { "KO", RULE_MEDIUM, 120, true, 1 },
	    { "KO", RULE_HIGH, 121, true, 0 },
	    { "KO", RULE_HIGH, 122, false, 1 });
}

static void
test_recent(void)
{
	struct recent r;
	int64_t *a;

	recent_init(&r, 2, sizeof(int64_t));
	a = recent_use(&r, SLICE("a"));
	CHECK_INT("new items are zero", *a, 0);
	*a = 7;
	recent_use(&r, SLICE("b"));
	recent_use(&r, SLICE("a"));
	recent_use(&r, SLICE("c"));
	CHECK_INT("one had to go", r.forgotten, 1);
	CHECK("the longest unused went", recent_get(&r, SLICE("b")) == NULL);
	a = recent_get(&r, SLICE("a"));
	CHECK("the used one stayed", a != NULL && *a == 7);
	a = recent_first(&r);
	CHECK_STR("walk", recent_name(a).p, "a");
	a = recent_next(a);
	CHECK_STR("walk on", recent_name(a).p, "c");
	CHECK("walk ends", recent_next(a) == NULL);
	recent_remove(&r, SLICE("c"));
	recent_use(&r, SLICE("d"));
	CHECK_INT("room again", r.forgotten, 1);
	recent_free(&r);
}

int
main(void)
{
	test_scopes();
	test_rules();
	test_recent();
	return check_end();
}
