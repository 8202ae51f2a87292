#ifndef FLOW_STATS_H
#define FLOW_STATS_H

#include "market/outcome.h"
#include "paper/book.h"

/*
 * What the positions of a run came to: all together, by kind, by tag, by whole
 * points of strength, by regime.  A position whose trade was taken back counts
 * apart, as one without a price does.
 */

enum { STATS_GROUPS = 256 };		/* more than there are words for */

struct stats_group {
	char *name;			/* "tag SWEEP" */
	struct outcome outcome;
};

struct stats {
	struct outcome all;
	struct stats_group groups[STATS_GROUPS];	/* sorted by name */
	size_t n;
	int64_t not_filled, cancelled, gap_exposed;
};

void stats_free(struct stats *stats);		/* a zeroed one is ready */

/* An item that ended. */
void stats_add(struct stats *stats, const struct book_item *item);

/* Appends lines for people, the whole first. */
void stats_print(struct buf *dst, const struct stats *stats);

#endif
