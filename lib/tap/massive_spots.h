#ifndef FLOW_MASSIVE_SPOTS_H
#define FLOW_MASSIVE_SPOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"

/*
 * Prices of underlyings as they were: prints of options come on another
 * connection, and when one is here its share may have traded again.  What is
 * older than MASSIVE_SPOTS_KEEP_MS is forgotten but for the last.
 */

enum { MASSIVE_SPOTS_KEEP_MS = 5000 };

struct massive_spots {
	struct table by_symbol;
	struct massive_spots_share **all;
	size_t n;
};

void massive_spots_init(struct massive_spots *spots);
void massive_spots_free(struct massive_spots *spots);

/* A price of this time, ms; one earlier than the symbol's last is left out. */
void massive_spots_add(struct massive_spots *spots, struct slice symbol,
    int64_t ts, int64_t price_e4);

/* The last price at or before a time; false: none is known. */
bool massive_spots_at(const struct massive_spots *spots, struct slice symbol,
    int64_t ts, int64_t *price_e4, int64_t *price_ts);

#endif
