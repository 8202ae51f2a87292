#ifndef FLOW_LEAN_H
#define FLOW_LEAN_H

#include "report/render.h"

/*
 * Which way the flow of a ticker leans (domain.md 4.1 to 4.3): over the hours
 * before a moment, as the context record that is stored of it says, or else
 * summed from the trades.  What only flow-score works out is absent then.
 */

/* "1h", "4h", "24h", NULL. */
extern const char *const lean_windows[];

enum { LEAN_ALL = 3 };		/* instead of an index of these */

/* The hours of each, and of all. */
extern const int64_t lean_hours[LEAN_ALL + 1];

/* A row for each ticker of the ask and one window, or LEAN_ALL. */
int lean_report(const struct ask *ask, const struct seen_set *set, int window,
    struct answer *answer, struct err *err);

#endif
