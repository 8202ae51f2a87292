#ifndef FLOW_MASSIVE_REPLAY_H
#define FLOW_MASSIVE_REPLAY_H

#include <signal.h>

#include "tap/massive_raw.h"

/*
 * Frames that were recorded, once more: the records that they made then, with
 * "replayed":true in hello.
 */

/*
 * The desk selects by the head's symbols unless it has its own.  Returns the
 * exit status.
 */
int massive_replay_run(struct replay *replay, struct desk *desk,
    struct select *select, const volatile sig_atomic_t *stop);

#endif
