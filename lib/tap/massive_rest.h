#ifndef FLOW_MASSIVE_REST_H
#define FLOW_MASSIVE_REST_H

#include "tap/massive_wire.h"

/*
 * Replies of Massive's REST service: pages of prints and of chain snapshots.
 * A row that is not acceptable is refused, its page is not.  The only place of
 * tap that knows jansson.  No clock, no socket.
 */

/* One contract of a chain; TRADE_NONE where the plan or the page has nothing */
struct massive_rest_contract {
	struct slice ticker;		/* "O:..." */
	int64_t open_interest;
	int64_t day_volume;
	int64_t traded_ns;		/* of the last trade */
};

struct massive_rest_rows {
	/* Either may be NULL.  What they get is valid during the call. */
	void (*print)(void *ctx, const struct massive_wire *print);
	void (*contract)(void *ctx,
	    const struct massive_rest_contract *contract);
	void *ctx;
};

struct massive_rest_page {
	char *next;		/* path and query of the next page, yours to
				 * free; NULL: this was the last */
	int64_t rows, refused;
};

/*
 * Reads a reply of status 200.  next_url counts only below base ("https://
 * host"), where the key may go.  -1 and err when it is no page at all, or
 * leads elsewhere.
 */
int massive_rest_read(struct slice body, const char *base,
    const struct massive_rest_rows *rows, struct massive_rest_page *page,
    struct err *err);

/*
 * Reads a reply of the grouped daily bars: row gets each share's symbol and
 * volume.  -1 and err when it is none.
 */
int massive_rest_volumes(struct slice body, void (*row)(void *ctx,
    struct slice symbol, int64_t volume), void *ctx, struct err *err);

/* What an error's reply says, harmless to show: "403 You are not entitled". */
void massive_rest_why(int status, struct slice body, struct err *why);

#endif
