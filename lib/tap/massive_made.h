#ifndef FLOW_MASSIVE_MADE_H
#define FLOW_MASSIVE_MADE_H

#include "tap/bars.h"
#include "tap/massive_rest.h"

/*
 * Records of what Massive's REST service tells: open interest, chains, bars.
 * Each function appends one whole record.  Pure.
 */

/*
 * Open interest of the trading day before now; false when the row has none.
 */
bool massive_made_oi(struct buf *dst, const struct contract *contract,
    const struct massive_rest_contract *row, int64_t now_ms);

/* What a snapshot said of a contract at now. */
void massive_made_chain(struct buf *dst, const struct contract *contract,
    const struct massive_rest_contract *row, int64_t now_ms);

/*
 * A share's bar of a day, which begins at midnight in New York or thereabouts
 * and becomes one of the regular session, or of a minute.  False, and nothing
 * appended, when no session of the calendar has it.
 */
bool massive_made_bar(struct buf *dst, struct contract *contract,
    const struct massive_rest_bar *row, bool daily, int64_t *end_ts);

#endif
