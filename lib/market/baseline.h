#ifndef FLOW_BASELINE_H
#define FLOW_BASELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"
#include "base/sha256.h"
#include "record/trade.h"

/*
 * What was usual before a trade date: the file that flow-report --baseline
 * writes and the filters load before the first record, so that they know
 * history without a database (flow-record(5), "Baselines").  Kinds and members
 * that nobody knows are passed over; a known one of another type, a line twice
 * for the same contract, or a file without its last line is an error.
 *
 * It holds for records of its own date.  For an earlier one it would tell the
 * future; for a later one it is out of date, but for the sizes, which grow
 * old by themselves.  One of made-up records (mode demo) holds for such records
 * alone, and one of real records for real ones.
 */

struct baseline;

/* What to keep of the lists, which are long; bits.  Numbers always are. */
enum baseline_want {
	BASELINE_SIZES = 1 << 0,
	BASELINE_FLOW = 1 << 1,		/* call_flow, option_volume */
	BASELINE_BARS = 1 << 2,		/* closes, highs, lows, bar_volume */
	BASELINE_PERSIST = 1 << 3
};

/* A figure of a date, or up to a time of the day. */
struct baseline_value {
	int32_t at;		/* day, or minutes since New York midnight */
	int64_t value_e6;	/* >= 0 */
};

struct baseline_values {
	struct baseline_value *item;	/* by rising at */
	size_t n;
};

/* Print sizes by trade date, packed: see baseline_next_size. */
struct baseline_sizes {
	uint16_t *word;
	size_t n;
};

struct baseline_underlying {
	struct baseline_sizes sizes[2];	/* calls, puts */
	struct baseline_values call_flow;	/* dollars, by time of day */
	struct baseline_values option_volume;	/* contracts, by time */
	struct baseline_values bar_volume;	/* shares, by time */
	struct baseline_values closes, highs, lows;	/* dollars, by day */
	int64_t sessions_flow;		/* that the first two are a mean of */
	int64_t sessions_bars;		/* the same of bar_volume */
	int64_t iv30_e6;		/* at the money; TRADE_NONE unknown */
	struct baseline_underlying *next;	/* all of the file */
};

struct baseline_contract {
	struct baseline_sizes sizes;
	int64_t adv20_e6;		/* contracts a day; TRADE_NONE */
	int64_t adv20_sessions;
	int64_t open_interest;		/* contracts; TRADE_NONE unknown */
	int32_t oi_day;			/* it is of; DAY_NONE unknown */
	int64_t iv_e6;			/* at the last close; TRADE_NONE */
	int64_t iv_ts;			/* ms */
	struct baseline_contract *next;	/* all of the file */
};

/* Signals of one expiration and right on one day (domain.md 4.9). */
struct baseline_event {
	int32_t day;
	int64_t events;
	int64_t premium_e4, buy_e4, sell_e4;
};

struct baseline_persist {
	struct baseline_event *item;	/* oldest first */
	size_t n;
	struct baseline_persist *next;	/* all of the file */
};

/*
 * Reads a file; want: enum baseline_want.  NULL with "FILE:LINE: reason" when
 * it cannot be read or is not as it must be.
 */
struct baseline *baseline_read(const char *path, unsigned want,
    struct err *err);
void baseline_free(struct baseline *baseline);

/* What it is to a record of a trade date, made up (demo) or not. */
enum baseline_use {
	BASELINE_NOW,		/* of the baseline's own date */
	BASELINE_STALE,		/* of a later one: sizes alone count */
	BASELINE_AHEAD,		/* of an earlier one: nothing does */
	BASELINE_FOREIGN	/* one of the two is made up: nothing does */
};

enum baseline_use baseline_use(const struct baseline *baseline, int32_t day,
    bool demo);

/*
 * The first time that a use is not BASELINE_NOW it is told, each kind of use
 * once: on stderr and as a status record appended to dst.  day: of the record
 * that came.  *told begins at 0.
 */
void baseline_tell(const struct baseline *baseline, enum baseline_use use,
    int32_t day, const char *stage, unsigned *told, struct buf *dst);

/* "flow-classify 2025-11-25 <SHA-256 of the file>", for hello. */
void baseline_name(struct buf *dst, const struct baseline *baseline,
    const char *stage);

/* What is known of each, or NULL. */
const struct baseline_underlying *baseline_underlying(
    const struct baseline *baseline, struct slice symbol);
const struct baseline_contract *baseline_contract(
    const struct baseline *baseline, struct slice contract_ticker);
const struct baseline_persist *baseline_persist(
    const struct baseline *baseline, struct slice symbol, int32_t expiration,
    enum trade_right right);

/* Walks sizes, oldest first; *at begins as {0}.  False at the end. */
struct baseline_place {
	size_t at;		/* words passed */
	uint16_t left;		/* sizes left of day */
	int32_t day;
};

bool baseline_next_size(const struct baseline *baseline,
    const struct baseline_sizes *sizes, struct baseline_place *at,
    int32_t *day, int64_t *size);

/*
 * The figure of the first step at or after an instant, before the first step
 * that of the first and after the last that of the last; TRADE_NONE when there
 * are no steps.
 */
int64_t baseline_by_time(const struct baseline *baseline,
    const struct baseline_values *steps, int64_t ts);

/*
 * Share of the day's option volume that has usually been traded by an
 * instant, in millionths; TRADE_NONE unknown.
 */
int64_t baseline_share_e6(const struct baseline *baseline,
    const struct baseline_underlying *underlying, int64_t ts);

#endif
