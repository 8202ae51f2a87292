#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "record/trade.h"

/*
 * Which trades count towards premium, volume and ratios, and the sums
 * (domain.md 5.1 "eligible for flow sums").  The one place that knows:
 * alerts, scores and the store all sum through it.
 */

enum flow_class {
	FLOW_NONE,		/* counts nowhere */
	FLOW_CALL,
	FLOW_PUT,
	FLOW_CALL_COMPLEX,	/* multi-leg, cross, compression: apart */
	FLOW_PUT_COMPLEX
};

/* Sums of one underlying (or contract) over one trade date. */
struct flow_sum {
	int64_t call_e4, put_e4;	/* premium, 1/10,000 dollar */
	int64_t call_complex_e4, put_complex_e4;
	int64_t call_contracts, put_contracts;
	int64_t trades;			/* counted in call or put */
};

/*
 * count_complex: multi-leg, cross and compression count as the rest
 * (--count-complex).
 */
enum flow_class flow_class_of(const struct trade *trade, bool count_complex);

/* What a print must not be to tell what size is usual (domain.md 3.9). */
enum {
	FLOW_UNUSUAL = COND_MULTILEG | COND_STOCK_TIED | COND_LATE |
	    COND_OUT_OF_SEQUENCE | COND_CROSS | COND_FLOOR |
	    COND_COMPRESSION | COND_UNKNOWN
};

/*
 * Whether a print tells what size is usual, unless it came late or was taken
 * back.  closed: its session is CLOSED.
 */
bool flow_is_usual(const struct cond *cond, bool closed);

/* Adds (sign 1) or takes back (sign -1) one trade; saturates, never wraps. */
void flow_sum_add(struct flow_sum *sum, enum flow_class cls,
    int64_t premium_e4, int64_t size, int sign);

#endif
