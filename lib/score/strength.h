#ifndef FLOW_STRENGTH_H
#define FLOW_STRENGTH_H

#include <stdbool.h>
#include <stdint.h>

#include "score/strategy.h"

/*
 * How strong a signal is: components, penalties, tags (domain.md 4.11).  Pure,
 * whole thousandths of the scale of 0 to 10.
 */

enum strength_component {
	STRENGTH_SIZE, STRENGTH_SWEEP, STRENGTH_AGGRESSION, STRENGTH_VOL_OI,
	STRENGTH_VWAP, STRENGTH_TREND, STRENGTH_RVOL, STRENGTH_LEVEL,
	STRENGTH_REGIME, STRENGTH_FIT, STRENGTH_PERSISTENCE,
	STRENGTH_COMPONENTS
};

enum strength_tag {		/* in the order they are written */
	STRENGTH_TAG_SIZE, STRENGTH_TAG_SWEEP, STRENGTH_TAG_AGGRESSIVE,
	STRENGTH_TAG_VOL_OI, STRENGTH_TAG_TREND, STRENGTH_TAG_LEVEL,
	STRENGTH_TAG_PERSISTENT, STRENGTH_TAGS
};

struct strength {
	int64_t component_e3[STRENGTH_COMPONENTS];
	int64_t penalty_e3;
	int64_t raw_e3;			/* their sum less the penalty, >= 0 */
};

void strength_measure(const struct strategy_event *event,
    enum strategy_kind kind, const struct strategy_limits *limits,
    struct strength *out);

/* Bits 1 << tag. */
unsigned strength_tags(const struct strategy_event *event,
    enum strategy_kind kind);

const char *strength_tag_name(enum strength_tag tag);	/* "VOL>OI" */

#endif
