/* Levels, domain.md 4.7: the examples and their mirror images. */
#include "score/level.h"

#include "check.h"

static enum level_state
judge(int64_t level_e4, int64_t before_e4, int64_t close_e4,
    int64_t price_e4, bool is_long, bool is_swing)
{
	struct level_set set = { .n = 0, .close_e4 = { close_e4, before_e4 },
	    .n_closes = close_e4 == 0 ? 0 : 2 };

	level_add(&set, level_e4);
	return level_judge(&set, price_e4, is_long, is_swing);
}

static void
test_examples(void)
{
	CHECK_INT("EX-4.37", judge(2430000, 2430500, 2432000, 2432000, true,
	    false), LEVEL_BREAK);
	CHECK_INT("EX-4.37: price back at the level", judge(2430000, 2430500,
	    2432000, 2430000, true, false), LEVEL_PRESSURE);
	CHECK_INT("EX-4.37: the bar before was beyond b already",
	    judge(2430000, 2431300, 2432000, 2432000, true, false),
	    LEVEL_NONE);
	CHECK_INT("EX-4.37: b is 0.1215", judge(2430000, 2431215, 2431216,
	    2432000, true, false), LEVEL_BREAK);
	CHECK_INT("EX-4.38", judge(2440000, 0, 0, 2434000, true, false),
	    LEVEL_PRESSURE);
	CHECK_INT("EX-4.38 at 243.39", judge(2440000, 0, 0, 2433900, true,
	    false), LEVEL_PRESSURE);
	CHECK_INT("EX-4.38 below", judge(2440000, 0, 0, 2433899, true,
	    false), LEVEL_NONE);
	CHECK_INT("EX-4.39", judge(3800000, 0, 0, 3842000, true, true),
	    LEVEL_SUPPORTIVE);
	CHECK_INT("4.7: more than 2 % above", judge(3800000, 0, 0, 3876001,
	    true, true), LEVEL_NONE);
}

static void
test_mirror(void)
{
	/* b = 0.0005 x 240 = 0.12 */
	CHECK_INT("SHORT break", judge(2400000, 2398800, 2398799, 2398000,
	    false, false), LEVEL_BREAK);
	CHECK_INT("SHORT pressure", judge(2400000, 0, 0, 2406000, false,
	    false), LEVEL_PRESSURE);
	CHECK_INT("SHORT no pressure", judge(2400000, 0, 0, 2406001, false,
	    false), LEVEL_NONE);
	CHECK_INT("SHORT support is above", judge(2400000, 0, 0, 2380000,
	    false, true), LEVEL_SUPPORTIVE);
}

static void
test_hostile(void)
{
	struct level_set set = { .n = 0 };

	CHECK_INT("4.7 hostile: 0.25 % above", judge(2440000, 0, 0, 2434000,
	    true, true), LEVEL_HOSTILE);
	level_add(&set, 2440000);
	level_add(&set, 2433000);
	CHECK_INT("only the nearest stands in the way", level_judge(&set,
	    2434000, true, true), LEVEL_SUPPORTIVE);
	CHECK_INT("no level, nothing", level_judge(&(struct level_set){ .n =
	    0 }, 2434000, true, true), LEVEL_NONE);
}

int
main(void)
{
	test_examples();
	test_mirror();
	test_hostile();
	return check_end();
}
