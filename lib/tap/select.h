#ifndef FLOW_SELECT_H
#define FLOW_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * What was asked for: underlyings and a span of event time.
 */

struct select {
	const char *const *symbols;	/* n of them, borrowed; 0: all */
	size_t n;
	int64_t since, until;		/* ms; since included, until not */
};

/* Everything. */
void select_init(struct select *select);

bool select_all(const struct select *select);
bool select_symbol(const struct select *select, struct slice symbol);
bool select_time(const struct select *select, int64_t ts);

/*
 * A point in time as options give it: epoch milliseconds, a date with UTC time
 * ("2024-06-14T13:30:00Z", seconds and their fraction optional), or a date
 * alone, which is its midnight in New York.  -1 and err when it is none.
 */
int select_parse_time(const char *text, int64_t *out, struct err *err);

#endif
