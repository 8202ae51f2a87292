#ifndef FLOW_COOLDOWN_H
#define FLOW_COOLDOWN_H

#include <stdbool.h>
#include <stdint.h>

#include "alert/recent.h"
#include "alert/rule.h"
#include "base/buf.h"

/*
 * Cooldown and deduplication of domain.md 5.2, on event time.  An alert is
 * suppressed when one of its key and of at least its severity was emitted less
 * than the cooldown before (or at a later time).  With a key per ticker and
 * type that is the plain rule, because a type has one severity; with a key per
 * ticker it is the exception for strictly higher ones.
 */

struct cooldown {
	struct recent keys;
};

void cooldown_init(struct cooldown *cooldown, size_t max);
void cooldown_free(struct cooldown *cooldown);

/*
 * Decides and remembers.  True: emit it; *suppressed is how many of the key
 * were suppressed since the last that was emitted.  False: suppress it;
 * *suppressed counts this one too.  ms >= 0.
 */
bool cooldown_pass(struct cooldown *cooldown, struct slice key,
    enum rule_severity severity, int64_t ts, int64_t ms,
    int64_t *suppressed);

#endif
