#ifndef FLOW_SEEN_H
#define FLOW_SEEN_H

#include "report/ask.h"
#include "report/sheet.h"

/*
 * How much of a time was watched (reliability.md 4.4): what the store knows of
 * its feeds, against the regular sessions in that time.  Nothing traded and
 * nothing seen must not look alike.
 */

struct seen_span {
	int64_t from_ts, to_ts;		/* to_ts excluded */
};

enum { SEEN_LIVE = 1, SEEN_SAMPLED = 2, SEEN_DELAYED = 4, SEEN_FILLED = 8,
	SEEN_MADE_UP = 16 };

/* How much of the sessions in a time. */
struct seen {
	int64_t expected_ms;	/* of regular sessions */
	int64_t seen_ms;	/* of it */
	unsigned quality;	/* SEEN_ bits of what was watched */
	struct seen_span *blind;	/* when not, in order */
	size_t n_blind;
};

struct seen_set;

/* All that the store says of when it was fed; NULL and err. */
struct seen_set *seen_new(struct db *db, struct err *err);
void seen_free(struct seen_set *set);

/*
 * What was watched of a ticker ("": of any) in the sessions within
 * from_ts and to_ts (excluded).  blind is freed by seen_done.
 */
void seen_of(const struct seen_set *set, const char *ticker, int64_t from_ts,
    int64_t to_ts, struct seen *out);
void seen_done(struct seen *seen);

/*
 * Per cent in 1/10,000, ASK_NONE without a session; 100 and 0 are what they
 * say, however little is missing.
 */
int64_t seen_share(const struct seen *seen);

/* The share of a ticker as the next cell. */
void seen_cell(struct sheet *sheet, const struct seen_set *set,
    const char *ticker, int64_t from_ts, int64_t to_ts);

#endif
