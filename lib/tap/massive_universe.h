#ifndef FLOW_MASSIVE_UNIVERSE_H
#define FLOW_MASSIVE_UNIVERSE_H

#include <stddef.h>

#include "base/buf.h"

/*
 * The symbols of which most shares were traded on the trading day before
 * today, by Massive's grouped daily bars: one request for the whole market.
 */

struct massive_universe_setup {
	const char *key, *rest_url, *ca_file;
	size_t n;			/* symbols wanted */
};

/*
 * Appends them to out, a line each, the most traded first.  Returns an exit
 * status, and err unless it is EXIT_DONE.
 */
int massive_universe_run(const struct massive_universe_setup *setup,
    struct buf *out, struct err *err);

#endif
