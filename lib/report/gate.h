#ifndef FLOW_GATE_H
#define FLOW_GATE_H

#include "report/render.h"

/*
 * Whether the flow of a ticker speaks against selling puts now: alerts, the
 * put/call ratio, divergence, and whether we looked at all.  What cannot be
 * known is never taken for clear.
 */

enum gate_result { GATE_CLEAR, GATE_ADVERSE, GATE_UNKNOWN };

/* Checks that --skip leaves out. */
enum gate_check { GATE_ALERTS, GATE_HISTORY, GATE_DIVERGENCE, GATE_COVERAGE,
	GATE_CHECKS };

extern const char *const gate_names[];	/* of checks, NULL at the end */

struct gate {
	bool skip[GATE_CHECKS];
	int64_t coverage_e4;	/* least per cent, 1/10,000 */
	int64_t days;		/* of history and divergence */
};

/*
 * Asks about one ticker; a row for each check.  The answer's verdict is set.
 * *result is the worst: adverse over unknown over clear.  0, or -1 and err.
 */
int gate_report(const struct ask *ask, const struct seen_set *set,
    const struct gate *gate, struct answer *answer, enum gate_result *result,
    struct err *err);

/* The answer when nothing at all is stored. */
void gate_empty(struct answer *answer);

#endif
