#ifndef FLOW_MASSIVE_CHECK_H
#define FLOW_MASSIVE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * What a key of Massive can do, asked of the servers themselves: connects to
 * both clusters, authenticates, subscribes once to each kind, and makes one
 * request of each kind.  One line for each:
 *
 *	options trades: yes
 *	options quotes: no: not entitled
 *	stocks trades: no: the key was refused: authentication failed
 *	chain snapshots: yes, 15 minutes late, without quotes
 *	contracts: yes
 *	past prints: no: HTTP status 403: ...
 *	bars of shares: yes
 *	market hours: yes, open
 */

struct massive_check_setup {
	const char *key, *stream_url, *rest_url, *ca_file;
	const char *symbol;		/* whose chain and shares; "AAPL" */
	int64_t patience_ms;		/* for all of it */
};

/*
 * Appends the lines to out.  True when options' trades and snapshots are to be
 * had, which is what a feed needs.
 */
bool massive_check_run(const struct massive_check_setup *setup,
    struct buf *out);

#endif
