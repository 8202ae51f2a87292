#ifndef FLOW_RING_H
#define FLOW_RING_H

#include <stdint.h>

#include "base/buf.h"

/*
 * The last sizes of a contract or an underlying as flow-classify would
 * remember them at the end of a day: a print that is taken back leaves when
 * its cancel comes, and does not bring back what it drove out before.  Add in
 * order of time.
 */

#define RING_STANDS INT64_MAX	/* never taken back */

enum { RING_SIZE_MOST = 500 };	/* avg_cap: contracts of a print that count */

struct ring_entry {
	int64_t cancel_ts;	/* or RING_STANDS */
	int32_t date;		/* trade date */
	int32_t size;		/* at most RING_SIZE_MOST */
};

struct ring {
	struct ring_entry *entries;	/* the oldest at start */
	uint32_t start, n, cap;
	uint32_t doomed;		/* to be taken back */
};

/* max: entries kept, the same for all calls. */
void ring_add(struct ring *ring, uint32_t max, int64_t ts, int32_t date,
    int64_t size, int64_t cancel_ts);

/*
 * Ends it: appends to texts, for each date in order, "2025-11-20 1 2 5" and a
 * NUL.  What is to be taken back is.
 */
void ring_texts(struct ring *ring, struct buf *texts);

void ring_free(struct ring *ring);

#endif
