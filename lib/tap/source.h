#ifndef FLOW_SOURCE_H
#define FLOW_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/scan.h"
#include "record/trade.h"
#include "tap/contract.h"
#include "tap/nbbo.h"

/*
 * Where records come from, whatever it is: a file now, a live feed later.  A
 * source is pulled: next() hands out one item at a time, in stream order as
 * far as the source can promise it.  It does not join quotes, stamp, filter or
 * write; tap/desk.h does that with the merged items of all sources.
 *
 * A live feed is pushed instead: what arrives goes to the desk at once, in the
 * order of arrival (tap/massive_feed.h).  A merge releases an item only when no
 * source may still come with an earlier one, so a source that answers
 * SOURCE_WAIT holds the others back.
 */

struct desk_gap;

enum { SOURCE_ERROR = -1, SOURCE_END = 0, SOURCE_ITEM = 1, SOURCE_WAIT = 2 };

/* Order of items of one stream time. */
enum source_rank {
	SOURCE_GAP,
	SOURCE_OI,
	SOURCE_CHAIN,
	SOURCE_BAR,
	SOURCE_QUOTE,
	SOURCE_TRADE		/* and records nobody knows */
};

struct source_item {
	int64_t ts;		/* stream time, ms */
	enum source_rank rank;
	/* A print or an option's quote comes parsed. */
	struct contract *contract;	/* NULL when neither */
	struct trade *trade;		/* rank SOURCE_TRADE; what it lacks is
					 * added to it */
	struct trade_quote quote;	/* rank SOURCE_QUOTE */
	struct slice quote_exchange;	/* of one exchange; empty: NBBO */
	struct nbbo_time time;		/* of the print or the quote */
	/* The record as it arrived, or NULL when the feed has another form. */
	struct scan *scan;
	struct slice kind;		/* its "record" */
	/*
	 * Of a source that makes its records: a whole one, newline included,
	 * or, to a print or a quote, members of its own that stand last.
	 */
	struct slice made;
	const struct desk_gap *gap;	/* rank SOURCE_GAP, not as a record */
	const char *file;		/* for messages */
	int64_t line;
};

/* What a source can tell, for hello's capabilities. */
struct source_caps {
	bool quotes, conditions, exchange;
	bool demo;			/* made up, and marked as such */
	int64_t resolution_e6;		/* of its clock, 1/1,000,000 ms */
};

struct source {
	/*
	 * The next item, valid until the next call; SOURCE_ERROR with err when
	 * the source is broken, which ends it.
	 */
	int (*next)(struct source *source, struct source_item *item,
	    struct err *err);
	void (*free)(struct source *source);
	struct source_caps caps;
};

void source_free(struct source *source);	/* NULL is fine */

/* ---- several as one ---- */

struct source_merge {
	struct source **sources;	/* n of them, owned */
	struct source_item *heads;
	int *states;			/* of the heads, as next() answers */
	size_t n;
	size_t taken;			/* whose head was handed out last */
};

void source_merge_init(struct source_merge *merge);
void source_merge_free(struct source_merge *merge);

/* The sources' order decides between items of one time and rank. */
void source_merge_add(struct source_merge *merge, struct source *source);

/* The item that is first by time, rank and order; answers as next(). */
int source_merge_next(struct source_merge *merge, struct source_item *item,
    struct err *err);

/* All sources together: what any tells, with the coarsest clock. */
struct source_caps source_merge_caps(const struct source_merge *merge);

/* ---- for sources that hold their items and sort them ---- */

struct source_order {
	int64_t key;			/* sorted by this, then by at */
	size_t at;			/* number of arrival */
};

/* Sorts when it is not sorted already; stable. */
void source_order_sort(struct source_order *order, size_t n);

#endif
