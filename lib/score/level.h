#ifndef FLOW_LEVEL_H
#define FLOW_LEVEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Prices that an underlying is held against, and how its price stands to them
 * (domain.md 4.7).  Pure.  Prices are 1/10,000 dollar.
 */

enum { LEVEL_MOST = 10, LEVEL_CLOSES = 11 };

enum level_state {
	LEVEL_NONE,
	LEVEL_BREAK,
	LEVEL_PRESSURE,			/* intraday kinds only */
	LEVEL_HOSTILE,			/* swings only */
	LEVEL_SUPPORTIVE		/* swings only */
};

struct level_set {
	int64_t level_e4[LEVEL_MOST];
	size_t n;
	/*
	 * Closes of the final 1m bars of the last ten minutes, newest first,
	 * and of the one before them.
	 */
	int64_t close_e4[LEVEL_CLOSES];
	size_t n_closes;
};

/* Adds a level; one that is not above 0 is none. */
void level_add(struct level_set *set, int64_t level_e4);

enum level_state level_judge(const struct level_set *set, int64_t price_e4,
    bool is_long, bool is_swing);

const char *level_state_name(enum level_state state);

#endif
