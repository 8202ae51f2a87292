#ifndef FLOW_SELECT_H
#define FLOW_SELECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"

/*
 * What was asked for: underlyings, or single contracts of them, and a span of
 * event time.
 */

struct select {
	const char *const *symbols;	/* n of them, borrowed; 0: all */
	size_t n;
	/* Of these underlyings only so; n_contracts, borrowed; 0: all. */
	const char *const *contracts;
	size_t n_contracts;
	struct table by_ticker;		/* the same */
	char **owned;			/* symbols, when from contracts */
	int64_t since, until;		/* ms; since included, until not */
};

/* Everything. */
void select_init(struct select *select);
void select_free(struct select *select);

/*
 * Takes what was named: symbols, or else contracts ("O:SPY251219C00650000"),
 * whose underlyings then are the symbols.  -1 and err: one is neither, or they
 * are mixed.
 */
int select_names(struct select *select, const char *const *names, size_t n,
    struct err *err);

bool select_all(const struct select *select);
bool select_symbol(const struct select *select, struct slice symbol);
/* By its ticker, when its underlying was asked for. */
bool select_contract(const struct select *select, struct slice ticker);
bool select_time(const struct select *select, int64_t ts);

/*
 * A point in time as options give it: epoch milliseconds, a date with UTC time
 * ("2024-06-14T13:30:00Z", seconds and their fraction optional), or a date
 * alone, which is its midnight in New York.  -1 and err when it is none.
 */
int select_parse_time(const char *text, int64_t *out, struct err *err);

#endif
