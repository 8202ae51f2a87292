#ifndef FLOW_IB_POSITIONS_H
#define FLOW_IB_POSITIONS_H

#include "tap/ib_look.h"

/*
 * The positions of the account as records, those of options with the model
 * greeks that a look at their lines gave.  Account numbers are masked.
 */

struct ib_positions;

struct ib_positions *ib_positions_new(struct ib_session *session,
    struct desk *desk, const struct ib_look_setup *setup);
void ib_positions_free(struct ib_positions *positions);	/* after the session */

/* Asks, after each IB_NEWS_READY; then comes setup's done. */
void ib_positions_ask(struct ib_positions *positions);

/* IB_POSITION, IB_POSITIONS_END. */
void ib_positions_take(struct ib_positions *positions,
    const struct ib_message *message);

/* Whenever a tenth of a second passed. */
void ib_positions_tick(struct ib_positions *positions, int64_t now_ms);

/* "DU*****67": enough to tell one's own accounts apart. */
void ib_positions_mask(struct buf *dst, struct slice account);

#endif
