#ifndef FLOW_DERIVED_H
#define FLOW_DERIVED_H

#include "classify/series.h"

/*
 * The records flow-classify makes (domain.md 1.6), written: sweep, cancel and
 * event.  Each function appends one whole line.
 */

/*
 * A sweep or split.  v: what cluster_judge said of cc.  decision_ts: when it
 * could be known, ms.
 */
void derived_sweep(struct buf *dst, const struct series_cluster *cc,
    const struct cluster_verdict *v,
    const struct classify_options *options, int64_t decision_ts);

/* "sw:" and the trade_id of the verdict's first member, in memory to free. */
struct slice derived_sweep_id(const struct cluster *cluster,
    const struct cluster_verdict *v);

/* event_type SWEEP, BLOCK, AGGRESSIVE. */
void derived_sweep_event(struct buf *dst, const struct series_cluster *cc,
    const struct cluster_verdict *v,
    const struct classify_options *options);
void derived_block_event(struct buf *dst, const struct trade *trade,
    struct slice trade_id, const struct classify_options *options);
/* end: of the window, ms; ratio in millionths. */
void derived_aggressive(struct buf *dst, const struct series *contract,
    const struct classify_options *options,
    const struct ratio_window *window, int64_t end, int64_t ratio_e6);

/*
 * What a cancelling trade took back; print NULL: nothing was found.
 * conditions: of the cancelling trade, as JSON, or empty.
 */
void derived_cancel(struct buf *dst, const struct trade *trade,
    const struct cancel_print *print, struct slice conditions);

#endif
