#ifndef FLOW_OUTPUT_H
#define FLOW_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "score/context.h"
#include "score/facts.h"
#include "score/strategy.h"
#include "score/strength.h"
#include "score/underlying.h"
#include "score/window.h"

/*
 * The records that flow-score makes, and what it adds to those it passes.
 * Members as in flow-record(5).
 */

/* One context record; demo: of made-up trades. */
void output_context(struct buf *dst, struct slice symbol, int64_t ts,
    int window, const struct window_sum *sum, const struct context *context,
    bool demo);

struct output_signal {
	const struct facts *facts;
	const struct strategy_event *event;
	const struct underlying_market *market;
	enum strategy_kind kind;
	struct strength strength;
	int64_t strength_e1;		/* boosted, tenths */
	int64_t boost_e3;
	unsigned tags;			/* bits of enum strength_tag */
	const char *experiment;		/* or NULL */
};

void output_signal(struct buf *dst, const struct output_signal *signal);

/* rules_failed of each kind, when there is any. */
void output_failed(struct buf *dst, const uint32_t failed[STRATEGY_KINDS]);

/* The object metrics of a bar. */
void output_metrics(struct buf *dst, const struct underlying_market *market);

#endif
