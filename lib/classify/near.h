#ifndef FLOW_NEAR_H
#define FLOW_NEAR_H

#include "classify/ratio.h"
#include "classify/series.h"
#include "classify/tag.h"

/*
 * Near misses (--near-miss): rules that failed by exactly one condition, each
 * as a text "rule: what VALUE < threshold VALUE".
 *
 * A rule about one amount fails by one condition nearly always, so that an
 * amount must come within a tenth of its threshold, or one unit of it.  A
 * sweep has other conditions to meet, and any amount will do.  Of block, block
 * event and large, the first that was missed is told alone.
 */

/* Appends the member near_miss, when there is one; tag->why is not NULL. */
void near_write(struct buf *dst, const struct tag *tag);

struct classify_options;

/*
 * Makes a near_miss record of a cluster that was neither a sweep nor a split,
 * or of a window without an event.  False, and nothing, when it was not near.
 * end: of the window, ms.
 */
bool near_cluster(struct buf *dst, const struct classify_options *options,
    struct series_cluster *cc);
bool near_window(struct buf *dst, const struct classify_options *options,
    const struct series *contract, const struct ratio_window *window,
    int64_t end);

#endif
