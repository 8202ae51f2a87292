#ifndef FLOW_MASSIVE_START_H
#define FLOW_MASSIVE_START_H

#include "tap/desk.h"
#include "tap/massive_rest.h"

/*
 * What REST tells at the start, and again at 9 o'clock of each further trading
 * day: the hours of the market, the bars of past days and of the day so far,
 * the chains: open interest, quotes, volatility and greeks.
 *
 * Where the service's holidays are not those of our calendar, a status says
 * so.  Requests are one at a time and in order: a reply belongs to the one
 * under way.  Pure: the same replies make the same records.
 */

enum { MASSIVE_START_PAGES = 1000 };	/* of one answer */

struct massive_start;

struct massive_start_setup {
	struct desk *desk;
	const char *base;		/* "https://api.massive.com" */
	int64_t days;			/* bars of so many; 0: no bars */
	/* Asks for base and path.  NULL: replies come by themselves. */
	void (*get)(void *ctx, const char *path);
	/* A record about a contract, or about a share. */
	void (*made)(void *ctx, enum source_rank rank, int64_t ts,
	    struct contract *contract, struct slice record);
	void *ctx;
};

struct massive_start *massive_start_new(
    const struct massive_start_setup *setup);
void massive_start_free(struct massive_start *start);	/* NULL is fine */

/* Trades came for the first time; time passed. */
void massive_start_begin(struct massive_start *start, int64_t now_ms);
void massive_start_time(struct massive_start *start, int64_t now_ms);

/* The reply to the request under way; status 0: none came. */
void massive_start_reply(struct massive_start *start, int64_t now_ms,
    int status, struct slice body);

/* A reply is awaited; one that may have bars is, or was not asked for yet. */
bool massive_start_busy(const struct massive_start *start);
bool massive_start_wants_bars(const struct massive_start *start);

/* The service says that exchanges are closed then. */
bool massive_start_closed(const struct massive_start *start, int64_t ts);

#endif
