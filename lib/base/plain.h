#ifndef FLOW_PLAIN_H
#define FLOW_PLAIN_H

#include <stdint.h>

#include "base/buf.h"

/*
 * Foreign text and numbers for people: nothing that a feed sends may act on a
 * terminal.
 */

/*
 * Appends foreign text with each C0 or C1 control, DEL, line separator and
 * bidirectional control replaced by "?".
 */
void plain_clean(struct buf *dst, struct slice text);

/* "$34,850", "$500,000.01", "-$0.005": exact, cents only when not whole. */
void plain_money(struct buf *dst, int64_t value_e4);

/* "34,850" */
void plain_group(struct buf *dst, uint64_t value);

/* As decimal_print. */
void plain_decimal(struct buf *dst, int64_t value, int scale);

#endif
