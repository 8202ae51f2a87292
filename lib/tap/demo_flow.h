#ifndef FLOW_DEMO_FLOW_H
#define FLOW_DEMO_FLOW_H

#include "tap/demo_chain.h"
#include "tap/demo_past.h"
#include "tap/demo_queue.h"
#include "tap/demo_random.h"
#include "tap/demo_setup.h"
#include "tap/demo_spot.h"

/*
 * The demo's orders: who trades what, where and how, as quotes and prints to
 * come.  The quotes an order meets are planned with it and stand until it is
 * done: orders on one contract follow one another, so that a print's price and
 * size say exactly what the customer did against the quote in force.
 */

enum demo_cond {
	DEMO_AUTO, DEMO_ISOI, DEMO_SLAN, DEMO_SLCN, DEMO_SLFT, DEMO_MLET,
	DEMO_MLAT, DEMO_MLFT, DEMO_MESL, DEMO_TLET, DEMO_LATE, DEMO_OSEQ,
	DEMO_CANC, DEMO_CNCL, DEMO_CNCO, DEMO_CNOL, DEMO_CONDS
};

/* What is planted on an underlying. */
enum demo_story {
	DEMO_STORY_NONE,
	DEMO_STORY_PUT_SWEEP,	/* three large put sweeps; the price falls */
	DEMO_STORY_CALL_BUYER	/* one call bought again and again */
};

/* One underlying with all that is traded on it. */
struct demo_stock {
	struct demo_chain chain;
	struct demo_spot spot;
	struct demo_past past;
	size_t number;
	int home;			/* the only exchange, or -1 */
	int64_t wait_ns;		/* mean between orders */
	int64_t next_ns;		/* the next order, since 1970 */
	enum demo_story story;
	int64_t chapter;		/* steps of it told */
};

struct demo_flow {
	const struct demo_setup *setup;
	struct demo_random *random;
	struct demo_queue *queue;
	int32_t day;
	int64_t sweeps;			/* so far */
	uint8_t routes[256];		/* exchanges by their share */
};

void demo_flow_init(struct demo_flow *flow, const struct demo_setup *setup,
    struct demo_random *random, struct demo_queue *queue);

/* Prints that an order makes, mean, 1/1000. */
int64_t demo_flow_prints_e3(const struct demo_setup *setup);

/* An order on the underlying at its present time. */
void demo_flow_order(struct demo_flow *flow, struct demo_stock *stock);

/* The next step of its story; returns ms until the one after, 0: over. */
int64_t demo_flow_story(struct demo_flow *flow, struct demo_stock *stock);

const char *demo_flow_exchange(int exchange);
/* The number of a name; -1 when it is "". */
int demo_flow_exchange_number(const char *name);
const char *demo_flow_cond(enum demo_cond cond);

#endif
