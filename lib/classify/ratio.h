#ifndef FLOW_RATIO_H
#define FLOW_RATIO_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The aggressive ratio of a contract (domain.md 3.8): contracts bought at or
 * above the ask out of those that could be placed, over tumbling windows of
 * five minutes from the session's open.  Every session opens at a whole
 * five minutes New York time and New York is whole hours from UTC, so windows
 * start at whole five minutes of the epoch.  Pure.
 */

enum { RATIO_WINDOW_MS = 300000 };

struct ratio_window {
	int64_t start;			/* ms; meaningless while empty */
	int64_t at_ask, eligible;	/* contracts */
	int64_t premium_e4;		/* of the eligible */
	bool open;
};

/* Start of the window an instant belongs to. */
int64_t ratio_start(int64_t ts);

/* Adds (sign 1) or takes back (-1) one print of the window. */
void ratio_add(struct ratio_window *window, bool at_ask, int64_t size,
    int64_t premium_e4, int sign);

/*
 * True when at_ask / eligible >= threshold (millionths) on at least minimum
 * contracts; the ratio in millionths in any case when there is one.
 */
bool ratio_is_aggressive(const struct ratio_window *window,
    int64_t threshold_e6, int64_t minimum, int64_t *ratio_e6);

#endif
