#ifndef FLOW_BOOK_H
#define FLOW_BOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"
#include "paper/entry.h"
#include "paper/position.h"

/*
 * The positions that are open or wait for their first price, and which prices
 * reach which of them (domain.md 8).  Times are the stream's; what ends by
 * time alone ends in the order of that time, however far the stream leaps.
 */

enum book_mark { BOOK_UNDERLYING, BOOK_OPTION_MID, BOOK_OPTION_EXEC };

extern const char *const book_mark_names[];	/* NULL at the end */

struct book_rules {
	enum book_mark mark;
	int64_t latency_ms;
	int64_t fee_e4;			/* a contract and side, dollars */
	int64_t slippage_e4;		/* on the ask, dollars a share */
	int64_t qty;			/* contracts, or shares */
	struct {
		int64_t take_pct, stop_pct;	/* POSITION_PCT */
		int64_t timeout_min;	/* or */
		int64_t timeout_sessions;	/* not 0 */
	} kinds[ENTRY_KINDS];
};

void book_defaults(struct book_rules *rules);

/* A signal on its way: pending, then a position, then done. */
struct book_item {
	struct entry entry;
	bool pending;			/* no price yet: position is empty */
	bool gap_exposed;		/* we were blind meanwhile */
	int64_t qty;			/* contracts, or shares */
	int64_t due_ts;			/* first price it may take */
	int64_t until_ts;		/* last one */
	struct position_plan plan;
	struct position position;
	struct book_name *name;		/* by which its prices come */
	int64_t number;			/* the oldest has the lowest */
	struct book_item *prev, *next;	/* of all, oldest first */
	struct book_item *next_same;	/* of one name */
};

enum { BOOK_ITEMS = 1 << 16 };		/* at most, open and pending */

struct book {
	struct book_rules rules;
	struct table names;		/* to struct book_name */
	struct table slots;		/* symbol, kind, direction: taken */
	struct buf key;			/* scratch */
	struct book_item *first, *last;
	size_t n;			/* items held */
	int64_t watermark;
	int64_t next_ts;		/* nothing ends by time before */
	int64_t added;			/* items there ever were */
	int64_t busy, full;		/* signals that found no room */
	/* An item that ended; ts: when that was known. */
	void (*done)(void *ctx, const struct book_item *item, int64_t ts);
	void *ctx;
};

/* done is called from the functions below, but book_signal and book_gap. */
void book_init(struct book *book, const struct book_rules *rules,
    void (*done)(void *ctx, const struct book_item *item, int64_t ts),
    void *ctx);
void book_free(struct book *book);

/* The stream has come so far; before the record that says so is handled. */
void book_clock(struct book *book, int64_t ts);

/* A signal; one that has the place of another of its kind is only counted. */
void book_signal(struct book *book, const struct entry *entry);

/*
 * Prices by the name that the mark source goes by, the underlying's or the
 * contract's: one price, or what one could sell and buy at (0: nothing).
 */
void book_price(struct book *book, struct slice name, int64_t ts,
    int64_t price_e6);
void book_quote(struct book *book, struct slice name, int64_t ts,
    int64_t bid_e4, int64_t ask_e4);
void book_bar(struct book *book, struct slice name,
    const struct position_bar *bar);

/* We were blind for a symbol, "*" being all. */
void book_gap(struct book *book, struct slice symbol);

/* A print was taken back. */
void book_cancel(struct book *book, struct slice trade_id);

#endif
