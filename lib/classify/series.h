#ifndef FLOW_SERIES_H
#define FLOW_SERIES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"
#include "classify/cancel.h"
#include "classify/cluster.h"
#include "classify/ratio.h"

/*
 * What flow-classify remembers of each contract and underlying, in bounded
 * memory: beyond the limits the contract not traded for longest is forgotten
 * whole, and counted.
 */

struct baseline_contract;
struct baseline_underlying;
struct classify_options;
struct hold_item;

struct series_underlying {
	struct classify_options *own;	/* its own options, or NULL */
	bool asked;			/* whether it has any */
	struct buf symbol;
	int64_t refs;			/* contracts remembered, and the pin */
	struct series_underlying *next_pinned;
	bool pinned;			/* stays without contracts */
	struct size_ring size[2];	/* calls, puts */
	/* What the baseline says of it, or NULL; found at the first print. */
	const struct baseline_underlying *usual;
	bool begun;			/* that print came */
	int64_t void_ts;		/* quotes before it are void */
	int64_t gaps;			/* gaps that named it */
};

/* An open cluster, in the order of first prints. */
struct series_cluster {
	struct cluster cluster;
	struct series *contract;
	struct series_cluster *prev, *next;
	bool early;			/* closed before its time was up */
};

struct series {
	struct series *newer, *older;	/* by last use, once ordered */
	uint64_t used;			/* number of the last use */
	struct series *next_window, *prev_window;	/* present window */
	struct series_underlying *underlying;
	struct series_cluster *open[2];	/* BUY, SELL */
	/* Prints that wait for another price than their own, oldest first. */
	struct hold_item *seeks, *last_seek;
	bool seeks_mixed;		/* of one its own is not last_e4 */
	struct buf ticker;
	struct buf identity;		/* members that made records repeat */
	int32_t day;			/* of the state below */
	char session[8];
	int64_t volume;			/* contracts today */
	/* What the baseline says of it, on its day; else NULL. */
	const struct baseline_contract *usual;
	int64_t last_e4, other_e4;	/* last price, last different one */
	int64_t gaps;			/* gaps seen when they were set */
	int64_t open_interest;		/* of an oi record; TRADE_NONE */
	struct size_ring size;
	struct cancel_log log;
	struct ratio_window window;	/* the present five minutes */
	struct ratio_window closing;	/* the last, waiting for clusters */
	int64_t window_done;		/* start of one a gap cut short */
	bool in_window;			/* listed */
	/* facts of the contract, from its last print */
	enum trade_right right;
	bool is_index, is_adjusted;
};

struct series_store {
	struct table contracts, underlyings;
	struct series *newest, *oldest;
	uint64_t uses;			/* calls of series_get */
	bool ordered;			/* the list is by last use */
	struct series_underlying *pinned;
	int64_t max_contracts;		/* limits */
	int64_t max_prints;
	int64_t prints;			/* in all logs */
	int64_t evicted;		/* contracts forgotten so far */
	int64_t forgotten;		/* prints that left a log */
};

void series_store_init(struct series_store *store, int64_t max_contracts,
    int64_t max_prints);
void series_store_free(struct series_store *store);

/* The contract, made when new and marked as just used. */
struct series *series_get(struct series_store *store,
    struct slice ticker);

/* Ties a contract to its underlying, once. */
void series_tie(struct series_store *store, struct series *contract,
    struct slice symbol);

/* The store keeps the underlying, also without a contract. */
void series_pin(struct series_store *store, struct series_underlying *u);

/* The underlying of a symbol, made when new, and kept. */
struct series_underlying *series_pin_symbol(struct series_store *store,
    struct slice symbol);

/* A new trade date: volume, ticks and prints start over. */
void series_new_day(struct series_store *store,
    struct series *contract, int32_t day);

/*
 * Forgets the longest unused contracts without an open cluster while a limit
 * is passed.  Returns how many; with them go their windows, which the caller
 * must have unlinked in unlink(ctx, contract).
 */
int64_t series_evict(struct series_store *store,
    void (*unlink)(void *ctx, struct series *contract), void *ctx);

/* True while a limit is passed. */
bool series_is_full(const struct series_store *store);

/* Last different price seen from price; TRADE_NONE when there is none. */
int64_t series_tick(const struct series *contract, int64_t price_e4);
void series_tick_set(struct series *contract, int64_t price_e4);

#endif
