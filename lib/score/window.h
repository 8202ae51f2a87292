#ifndef FLOW_WINDOW_H
#define FLOW_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"
#include "market/bias.h"

/*
 * What was traded in one underlying over the trailing windows of domain.md
 * 4.1: the prints of the longest window in order of time, and sums of all that
 * ever came less what has left each window.  Adding and expiring a print cost
 * the same however many there are.  Sums are exact: what was added is taken
 * off again to the last digit.
 */

enum { WINDOW_1H, WINDOW_4H, WINDOW_24H, WINDOW_COUNT };

enum window_clock_kind {
	WINDOW_WALL,		/* hours of the clock */
	WINDOW_SESSION		/* hours in which the market is open */
};

/*
 * Instants as windows count them.  On the session clock a print outside
 * regular hours (09:30-16:00, 13:00 on an early close) counts at their nearest
 * edge in its New York date, and one on a closed day at the close before it;
 * 24h are the session before and today's part.  Outside the calendar time
 * stands still.
 */
struct window_clock {
	enum window_clock_kind kind;
	int32_t first;		/* open day that the count starts at */
	int32_t day;		/* New York date looked up last */
	int64_t start_ts, end_ts;	/* of that date; excluded */
	int64_t open_ts, close_ts;	/* of its session, or of the one
					 * before when the date has none */
	int64_t base;		/* open time before that session, ms */
	int64_t before;		/* open time before the session before it */
};

void window_clock_init(struct window_clock *clock,
    enum window_clock_kind kind);
int64_t window_clock_at(struct window_clock *clock, int64_t ts);

/* Where each window begins at an instant: later prints are in it. */
void window_clock_from(struct window_clock *clock, int64_t ts,
    int64_t from[WINDOW_COUNT]);

enum window_flag {		/* bits */
	WINDOW_PRINT = 1 << 0,	/* counts as a trade, in volume and premium */
	WINDOW_PUT = 1 << 1,	/* else a call */
	WINDOW_BULLISH = 1 << 2,
	WINDOW_BEARISH = 1 << 3,
	WINDOW_BUY = 1 << 4,	/* the customer's side */
	WINDOW_SELL = 1 << 5,
	WINDOW_AGGRESSIVE = 1 << 6,
	WINDOW_BLOCK = 1 << 7,
	WINDOW_BIG = 1 << 8,	/* sweep member or block, no auction */
	WINDOW_UNUSUAL = 1 << 9,	/* unusual volume or proven opening */
	WINDOW_QUOTED = 1 << 10,	/* quote_status OK */
	WINDOW_SWEEP = 1 << 11,	/* a sweep record: only counted */
	WINDOW_EVENT = 1 << 12	/* an accumulation event (4.9) */
};

/* Larger premiums ($100 billion) count as this in sums. */
#define WINDOW_PREMIUM_MOST INT64_C(1000000000000000)

struct window_print {
	int64_t clock;		/* window_clock_at */
	int64_t premium_e4;	/* 0 to WINDOW_PREMIUM_MOST */
	uint32_t size;		/* contracts */
	uint32_t id;		/* window_id, to find it again */
	uint32_t flags;		/* enum window_flag */
	int32_t weight_e6;	/* of its sentiment, 0 to 1,000,000 */
};

struct window_sum {
	struct bias_sum flow;		/* market/bias: what all sum */
	int64_t sweeps, blocks;
	__int128 sided_e8;		/* squares of premium with a side */
	__int128 big_e4, unusual_e4, quoted_e4;
};

/* Room for prints, shared by all underlyings. */
struct window_chunk;

struct window_pool {
	struct window_chunk *spare;
	int64_t chunks, max;		/* made; most */
	int64_t forgotten;		/* prints that went before their time */
};

struct window_log {
	struct window_chunk **chunk;	/* a ring of cap */
	size_t cap;			/* a power of two, or 0 */
	uint64_t head, tail;		/* numbers of the first print held and
					 * of the next one */
	uint64_t cursor[WINDOW_COUNT];	/* first print in each window */
	struct window_sum total, gone[WINDOW_COUNT];
};

/*
 * max_prints: about so many are held in all; beyond, an underlying that wants
 * room forgets its own oldest and its windows begin later.
 */
void window_pool_init(struct window_pool *pool, int64_t max_prints);
void window_pool_free(struct window_pool *pool);

/* A log of zeros is an empty one. */
void window_free(struct window_log *log, struct window_pool *pool);

uint32_t window_id(const char *p, size_t n);

/* Prints before from are out of their window for good. */
void window_expire(struct window_log *log, struct window_pool *pool,
    const int64_t from[WINDOW_COUNT]);

/*
 * Adds a print; a late one goes where its time is, or behind the WINDOW_LATE
 * last prints when it is later still.  Windows begin where they did at the
 * last window_expire with the same from.
 */
enum { WINDOW_LATE = 4096 };

void window_add(struct window_log *log, struct window_pool *pool,
    const int64_t from[WINDOW_COUNT], const struct window_print *print);

/*
 * Takes back the print of an id at a time: true, with what it was, when it is
 * still held.
 */
bool window_take_back(struct window_log *log, uint32_t id, int64_t clock,
    struct window_print *was);

/* The sums of one window. */
void window_sums(const struct window_log *log, int window,
    struct window_sum *out);

#endif
