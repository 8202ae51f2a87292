#ifndef FLOW_MASSIVE_PAST_H
#define FLOW_MASSIVE_PAST_H

#include <signal.h>

#include "tap/desk.h"
#include "tap/select.h"

/*
 * Past days by Massive's REST service, as a source: all prints of the symbols,
 * their minute bars, the daily bars before.
 *
 * The service lists prints by contract only, and of a past day does not tell
 * which contracts traded; so those listed are asked for one after another,
 * nearest to the share's close and to expiration first, or of today those that
 * traded, the most active first, as far as the budget goes.  Each day is a gap
 * that opens at its midnight in New York and ends as filled, partial (the
 * budget was spent, or something failed) or lost (nothing came).
 *
 * Prints have no number of the feed's: what was stored of the day from the
 * stream is known again by its content (reliability.md 4.3).
 */

struct massive_past_setup {
	const char *key, *rest_url, *ca_file;
	int32_t first, last;		/* days */
	int64_t budget;			/* requests a day */
	int64_t per_minute;		/* 0: no limit */
	int64_t days;			/* daily bars before; 0: no bars */
	size_t memory;			/* for sorting: SORTED_MEMORY */
	const struct select *select;
	struct contract_book *book;
	const volatile sig_atomic_t *stop;
};

/*
 * Fetches all.  *status is EXIT_DONE, or EXIT_PARTIAL when not all came.  NULL
 * and err when nothing did: EXIT_USAGE when the key or the plan was refused,
 * else EXIT_SYSTEM.
 */
struct source *massive_past_open(const struct massive_past_setup *setup,
    int *status, struct err *err);

#endif
