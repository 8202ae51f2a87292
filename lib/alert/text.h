#ifndef FLOW_TEXT_H
#define FLOW_TEXT_H

#include <stdint.h>

#include "alert/notice.h"
#include "base/buf.h"

/*
 * Alerts in words, for people (domain.md 5.3).  What comes from a feed passes
 * through plain_clean, so that nothing acts on a terminal: a text of ours holds
 * no control character but the newlines put here.
 */

/* "$0.41", two decimals, half away from zero (5.4).  price_e6 >= 0. */
void text_price(struct buf *dst, int64_t price_e6);

/* " | Strike 62 exp 12-19-2025"; nothing for shares. */
void text_strike(struct buf *dst, const struct trade *contract);

/* Parts of an alert, no newline: "KO PUT_SWEEP"; what happened; what to do
 * (empty when the rule advises nothing). */
void text_title(struct buf *dst, const struct notice *notice);
void text_message(struct buf *dst, const struct notice *notice);
void text_advice(struct buf *dst, const struct notice *notice);

/* The whole alert, each line with its newline. */
void text_alert(struct buf *dst, const struct notice *notice);

/*
 * Takes an alert back.  title and message: as text_title and text_message
 * gave them; end_ts: the alert's; ts: of the cancel.
 */
void text_retraction(struct buf *dst, enum rule_severity severity,
    struct slice title, struct slice message, int64_t end_ts, int64_t ts);

#endif
