#ifndef FLOW_IB_LINE_H
#define FLOW_IB_LINE_H

#include "tap/ib_find.h"

/*
 * What the market data line of an option says: volume, open interest, quote,
 * model greeks, put into struct ib_option.  Values "not now" (a price of -1,
 * a greek that could not be computed) become TRADE_NONE.
 */

/* The generic ticks that are asked for: its open interest and volume. */
#define IB_LINE_GENERIC "100,101,106"

/* Forgets what an earlier line said. */
void ib_line_init(struct ib_option *option);

/*
 * Takes a message of the line; false when it was none of these.  *delayed is
 * set when the gateway says that its data is.
 */
bool ib_line_take(struct ib_option *option, const struct ib_message *message,
    bool *delayed);

/* All that a line can say has been said. */
bool ib_line_is_whole(const struct ib_option *option);

/* Members: the underlying's price, the vendor's volatility and greeks. */
void ib_line_write_greeks(struct buf *dst, const struct ib_option *option);

/* The chain record and, when the open interest is known, the oi record. */
void ib_line_write_chain(struct buf *dst, const struct ib_option *option,
    int64_t ts);
void ib_line_write_oi(struct buf *dst, const struct ib_option *option,
    int64_t ts, int32_t trade_day);

#endif
