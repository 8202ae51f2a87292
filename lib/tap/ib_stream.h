#ifndef FLOW_IB_STREAM_H
#define FLOW_IB_STREAM_H

#include "tap/desk.h"
#include "tap/ib_find.h"

/*
 * What the gateway pushes: for each contract with a line its quote and the
 * price, size, time and day's volume of its latest print.  They are samples:
 * prints between two of them are merged, which the volume betrays, and
 * exchange and conditions are not told.  Quotes have no time of their own and
 * get that of their arrival on the gateway's clock.
 *
 * Lines are few.  When there are more contracts than lines, the line on which
 * nothing traded for longest is given, now and then, to the next contract.
 *
 * Records are held for IB_STREAM_DELAY_MS and leave in order of time; the
 * heartbeat promises the same.  When more than IB_STREAM_BACKLOG bytes wait to
 * leave, prints are shed and counted.
 */

enum { IB_STREAM_DELAY_MS = 1000, IB_STREAM_BACKLOG = 64 << 20 };

struct ib_stream_setup {
	int64_t max_lines;
	int64_t rotate_ms;		/* so often a line may change hands */
};

struct ib_stream;

struct ib_stream *ib_stream_new(struct ib_session *session,
    struct ib_find *find, struct desk *desk,
    const struct ib_stream_setup *setup);
void ib_stream_free(struct ib_stream *stream);	/* after the session */

/* Opens the lines, after each IB_NEWS_READY. */
void ib_stream_start(struct ib_stream *stream);

/* The data stopped, and came back (on the same lines, or after start). */
void ib_stream_lost(struct ib_stream *stream);
void ib_stream_back(struct ib_stream *stream);

/*
 * There is room again for what leaves: prints that were shed for want of it
 * are told as one gap.
 */
void ib_stream_room(struct ib_stream *stream);

/* Whenever a tenth of a second passed; end: nothing more is held back. */
void ib_stream_tick(struct ib_stream *stream, int64_t now_ms, bool end);

/* Promised so far, ms; 0: nothing yet. */
int64_t ib_stream_watermark(const struct ib_stream *stream);

#endif
