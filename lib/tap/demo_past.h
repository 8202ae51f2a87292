#ifndef FLOW_DEMO_PAST_H
#define FLOW_DEMO_PAST_H

#include <stddef.h>
#include <stdint.h>

#include "tap/demo_random.h"
#include "tap/demo_spot.h"

/*
 * The minutes of a day before the demo's: a walk from the day's open to its
 * close, made as it is asked for.  The same day and seed give the same minutes,
 * so that a day's bar can be made of them before they are told.
 */
struct demo_past {
	const struct demo_bar *day;
	struct demo_random random;
	int64_t vol_e4;			/* a year */
	int64_t ts, price_e4;		/* so far */
	int64_t volume, activity;	/* that are left of the day */
};

/* How many minutes a day has. */
int64_t demo_past_minutes(const struct demo_bar *day);

/*
 * Begins before the first minute of a day, which must stay: its times, open,
 * close and volume are used.
 */
void demo_past_begin(struct demo_past *past, const struct demo_bar *day,
    int64_t vol_e4, uint64_t seed);

/* The next minute; demo_past_minutes of them in all. */
struct demo_bar demo_past_minute(struct demo_past *past);

/* Gives a day the high, low, VWAP and trades of its minutes. */
void demo_past_settle(struct demo_bar *day, int64_t vol_e4, uint64_t seed);

/*
 * Lets the n days, oldest first, have led to where the last one ends, by so
 * many 1/10,000 a day.
 */
void demo_past_tilt(struct demo_bar *days, size_t n, int64_t rise_e4);

#endif
