#ifndef FLOW_TAPE_H
#define FLOW_TAPE_H

#include <stdint.h>

#include "base/buf.h"
#include "record/trade.h"

/*
 * What source 2's listener told people: a line for each print, and its
 * statistics.  Time is event time, so a replay tells the same.
 */

struct tape_stats {
	int64_t first_ts, ts;		/* of the stream; INT64_MIN: none */
	int64_t trade_ts;		/* of the last trade */
	int64_t trades;			/* not cancelled */
	int64_t stored;			/* of them as large as the store asks */
	int64_t sweeps, blocks;
};

/*
 * "$999", "$480K", "$1.1M": domain.md 0.2, cut and never rounded.
 * value_e4 >= 0.
 */
void tape_dollars(struct buf *dst, int64_t value_e4);

/*
 * One line for a print of an option, with its newline; nothing for shares.
 * type: its trade_type, or empty.
 */
void tape_trade(struct buf *dst, const struct trade *trade,
    struct slice type);

/* The statistics, each line with its newline. */
void tape_summary(struct buf *dst, const struct tape_stats *stats,
    int64_t errors);

#endif
