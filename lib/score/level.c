#include "score/level.h"

enum {				/* 1/10,000 of a level, domain.md 4.7 */
	LEVEL_ONE = 10000,
	LEVEL_BEYOND = 5,	/* b: broken by more than this */
	LEVEL_NEAR = 25,	/* pressing on it, or it stands in the way */
	LEVEL_BEHIND = 200	/* it supports */
};

void
level_add(struct level_set *set, int64_t level_e4)
{
	if (level_e4 > 0 && set->n < LEVEL_MOST)
		set->level_e4[set->n++] = level_e4;
}

/*
 * A price's distance from a level in the direction of the signal, in units
 * that level_part gives.
 */
static int64_t
level_beyond(int64_t price_e4, int64_t level_e4, bool is_long)
{
	int64_t d = (price_e4 - level_e4) * LEVEL_ONE;

	return is_long ? d : -d;
}

static int64_t
level_part(int64_t level_e4, int64_t part)
{
	return level_e4 * part;
}

static bool
level_is_broken(const struct level_set *set, int64_t x, int64_t price_e4,
    bool is_long)
{
	int64_t b = level_part(x, LEVEL_BEYOND);

	if (level_beyond(price_e4, x, is_long) <= 0)
		return false;
	for (size_t i = 0; i + 1 < set->n_closes; i++)
		if (level_beyond(set->close_e4[i], x, is_long) > b &&
		    level_beyond(set->close_e4[i + 1], x, is_long) <= b)
			return true;
	return false;
}

static bool
level_is_pressed(int64_t x, int64_t price_e4, bool is_long)
{
	int64_t d = level_beyond(price_e4, x, is_long);

	return d >= -level_part(x, LEVEL_NEAR) &&
	    d <= level_part(x, LEVEL_BEYOND);
}

/* The nearest level stands close in the way. */
static bool
level_is_hostile(const struct level_set *set, int64_t price_e4, bool is_long)
{
	int64_t nearest = 0, least = INT64_MAX;

	for (size_t i = 0; i < set->n; i++) {
		int64_t d = set->level_e4[i] - price_e4;

		if ((d < 0 ? -d : d) < least) {
			least = d < 0 ? -d : d;
			nearest = set->level_e4[i];
		}
	}
	return nearest > 0 &&
	    level_beyond(price_e4, nearest, is_long) < 0 &&
	    level_is_pressed(nearest, price_e4, is_long);
}

static bool
level_is_support(int64_t x, int64_t price_e4, bool is_long)
{
	int64_t d = level_beyond(price_e4, x, is_long);

	return d > 0 && d <= level_part(x, LEVEL_BEHIND);
}

enum level_state
level_judge(const struct level_set *set, int64_t price_e4, bool is_long,
    bool is_swing)
{
	for (size_t i = 0; i < set->n; i++)
		if (level_is_broken(set, set->level_e4[i], price_e4, is_long))
			return LEVEL_BREAK;
	if (is_swing && level_is_hostile(set, price_e4, is_long))
		return LEVEL_HOSTILE;
	for (size_t i = 0; i < set->n; i++) {
		int64_t x = set->level_e4[i];

		if (!is_swing && level_is_pressed(x, price_e4, is_long))
			return LEVEL_PRESSURE;
		if (is_swing && level_is_support(x, price_e4, is_long))
			return LEVEL_SUPPORTIVE;
	}
	return LEVEL_NONE;
}

const char *
level_state_name(enum level_state state)
{
	static const char *const names[] = {
		"NONE", "BREAK", "PRESSURE", "HOSTILE", "SUPPORTIVE"
	};

	return names[state];
}
