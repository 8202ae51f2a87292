#ifndef FLOW_DEMO_SETUP_H
#define FLOW_DEMO_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/opt.h"

/*
 * What is asked of a demo session: --demo, its options, and their defaults.
 * Shares count millionths (DEMO_RANDOM_ALL), which are the units of a percent
 * option with four decimals.
 */

enum demo_share {
	/* of single orders on an exchange */
	DEMO_RESTING,		/* waits for a market maker; others take */
	DEMO_HIDDEN,		/* of these: unseen inside a nickel quote */
	DEMO_FULL_FILLS,	/* of those at the quote: filled whole */
	DEMO_IMPROVED,		/* takers that trade inside a nickel spread */
	DEMO_ISO,		/* takers marked ISO though they meet one
				 * exchange only */
	DEMO_CANCELS,		/* prints taken back */
	DEMO_LATES,		/* prints reported late */
	/* of all orders; the rest are single */
	DEMO_SWEEPS,
	DEMO_BLOCKS,
	DEMO_SPLITS,
	DEMO_AUCTIONS,
	DEMO_CROSSES,
	DEMO_COMPLEX,
	DEMO_SHARES
};

enum { DEMO_SETUP_ROWS = 22 };

#define DEMO_SETUP_NONE INT64_MIN	/* not said */

struct demo_setup {
	const char *const *symbols;	/* n of them, borrowed */
	size_t n;
	const char *date, *rate;	/* as said, "40/s"; or NULL */
	int32_t day;			/* trade date, and */
	int64_t seed;
	int64_t rate_e4;		/* prints a second, of all symbols:
					 * both as read */
	int64_t span_ms;		/* from the open; none: whole day */
	int64_t delay_ms;		/* of quotes on the tape */
	int64_t displayed;		/* contracts at a quote, about */
	int64_t history;		/* days before told by minutes */
	int64_t share[DEMO_SHARES];
	bool truth, stories;
};

/* Nothing said: DEMO_SETUP_NONE everywhere, DAY_NONE, stories on. */
void demo_setup_init(struct demo_setup *setup);

/* The name of an option that was said, "--seed", or NULL. */
const char *demo_setup_said(const struct demo_setup *setup);

/* Fills the rows of the command's table; what they set goes into setup. */
void demo_setup_rows(struct demo_setup *setup,
    struct opt rows[DEMO_SETUP_ROWS]);

/* Reads the texts; -1 and err, with the option's name. */
int demo_setup_read(struct demo_setup *setup, struct err *err);

/*
 * Puts the defaults where nothing was said, and checks: symbols, a day that
 * exchanges are open, shares that fit into one.  -1 and err.
 */
int demo_setup_check(struct demo_setup *setup, struct err *err);

/* The setup as a number: of equal ones the same, for hello's run. */
uint64_t demo_setup_hash(const struct demo_setup *setup);

#endif
