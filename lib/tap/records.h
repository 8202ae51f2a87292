#ifndef FLOW_RECORDS_H
#define FLOW_RECORDS_H

#include "record/control.h"
#include "tap/replay.h"
#include "tap/source.h"

/*
 * Records from elsewhere, NDJSON that does not begin with a hello, as a
 * source: read at once, validated, and handed out by stream time.  Control
 * records of another stream are left out, gaps apart.
 */

/*
 * Reads the replay to its end; control is told of bad lines.  book must
 * outlive the source.
 */
struct source *records_open(struct replay *replay, struct contract_book *book,
    struct control *control);

/*
 * Says that a line is no record and why; where it breaks off when it is the
 * last one and has no newline.
 */
void records_reject(struct control *control, const struct line *line,
    const struct replay *replay, const char *why);

#endif
