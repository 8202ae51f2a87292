#ifndef FLOW_CLOCK_H
#define FLOW_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Times as files write them.  "Clock" is the file's, not the machine's:
 * nothing here asks what time it is.
 */

enum clock_unit {
	CLOCK_NONE,		/* no such column */
	CLOCK_S, CLOCK_MS, CLOCK_US, CLOCK_NS,	/* since 1970, UTC */
	CLOCK_ET		/* New York text */
};

/* A time of day. */
struct clock_time {
	int32_t ms;		/* since midnight */
	int32_t sub_ns;		/* below the millisecond */
	int digits;		/* of the second's fraction, 0 to 9 */
};

/* An instant. */
struct clock_instant {
	int64_t ms;		/* since 1970, rounded down */
	int32_t sub_ns;		/* 0 to 999,999 */
	int digits;		/* decimals of the second told: 0 to 9 */
};

/* "HH:MM", "HH:MM:SS", "HH:MM:SS.fraction"; -1 when it is none. */
int clock_parse(struct slice text, struct clock_time *out);

/*
 * Reads a time.  New York text is "YYYY-MM-DD HH:MM:SS", with T or a space
 * between, or a time alone on the given date (its own column; may be empty).
 * Fails outside the years of the exchange calendar.
 */
int clock_read(enum clock_unit unit, struct slice text, struct slice date,
    struct clock_instant *out, struct err *err);

/* Fails outside the years of the exchange calendar. */
int clock_known(int64_t ts, struct err *err);

/* 1,000,000ths of a millisecond that a clock with so many decimals ticks. */
int64_t clock_resolution_e6(int digits);

#endif
