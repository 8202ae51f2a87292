#ifndef FLOW_RECORDING_H
#define FLOW_RECORDING_H

#include "record/control.h"
#include "tap/outlet.h"
#include "tap/replay.h"
#include "tap/select.h"

/*
 * Replaying what --record wrote: NDJSON that begins with a hello.  Every line
 * leaves as it came, control records included; only hello gains
 * "replayed":true.  When records are left out (not asked for, or damaged), the
 * heartbeats after them get an entry of the stage "flow-tap-replay", so that
 * the counts of the stream still add up.
 */

/*
 * Passes one recording on, to its end or until *stop.  Recordings follow one
 * another as parts of a stream and share the control, which has the stage
 * "flow-tap-replay".  Returns the exit status of this part.
 */
int recording_replay(struct replay *replay, const struct select *select,
    struct control *control, struct outlet *outlet,
    const volatile sig_atomic_t *stop);

/* True when this line is a hello. */
bool recording_begins(struct slice line);

#endif
