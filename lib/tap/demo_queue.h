#ifndef FLOW_DEMO_QUEUE_H
#define FLOW_DEMO_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/trade.h"
#include "tap/demo_chain.h"
#include "tap/source.h"

/*
 * What the demo has planned, in the order it will happen: by time, by rank
 * (tap/source.h), then as it was planned.  It holds what is at most seconds
 * ahead (minutes with a delay of quotes), however long the session is.
 */

enum demo_what {
	DEMO_SECOND,		/* the clock of an underlying */
	DEMO_STORY,		/* the next step of its planted story */
	DEMO_ORDER,		/* somebody sends an order */
	DEMO_QUOTE,
	DEMO_PRINT
};

/* A print to come. */
struct demo_print {
	int64_t price_e4, size;
	uint8_t cond;		/* enum demo_cond, tap/demo_flow.h */
	bool buy;		/* the customer's side */
	bool informed;		/* part of a story */
	bool cancel;		/* takes back the report number nth */
	int64_t nth;
	int64_t sweep;		/* number of its sweep; 0: none */
};

struct demo_item {
	enum demo_what what;
	int exchange;		/* of a quote or print; -1: whole market */
	int64_t ts;
	size_t stock;		/* number of the underlying */
	struct demo_contract *contract;
	union {
		struct trade_quote quote;
		struct demo_print print;
	} u;
};

struct demo_queue_key {
	int64_t key;		/* time and rank */
	uint64_t number;	/* as planned */
	size_t slot;
};

struct demo_queue {
	struct demo_queue_key *heap;	/* n of them */
	struct demo_item *slots;
	size_t *free_slots;		/* cap - n of them */
	size_t n, cap;
	uint64_t number;
};

void demo_queue_init(struct demo_queue *queue);
void demo_queue_free(struct demo_queue *queue);

/* Plans a copy of the item. */
void demo_queue_add(struct demo_queue *queue, enum source_rank rank,
    const struct demo_item *item);

/* Takes out the first; false when there is none. */
bool demo_queue_take(struct demo_queue *queue, struct demo_item *item);

#endif
