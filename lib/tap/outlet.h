#ifndef FLOW_OUTLET_H
#define FLOW_OUTLET_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "record/line.h"
#include "tap/journal.h"

/*
 * Where the stream leaves: standard output, and the same bytes into a file
 * (--record) or a journal (--journal) when asked to, at the pace asked for
 * (--speed).  The file is written beside its name as NAME.part and takes the
 * name when it is whole.
 */

struct outlet {
	struct line_out out;		/* standard output */
	struct line_out record;		/* fd -1: none */
	struct journal *journal;	/* or NULL */
	const char *path;		/* of the record, borrowed */
	char *part;
	size_t mark;			/* bytes of out already recorded */
	int64_t speed_e4;		/* event time per time; 0: no pacing */
	int64_t begins;			/* the session: history does not wait,
					 * and is of its date */
	bool live;			/* standard output by outlet_drain */
	size_t sent;			/* bytes of out that it has */
	/*
	 * Of a live feed, behind what out holds: stretches of the journal that
	 * standard output still has to be given, and memory need not hold.
	 */
	struct outlet_part *parts;
	size_t n_parts;
	const volatile sig_atomic_t *stop;
	int64_t first_ts, start_ns;	/* event and monotonic time */
	bool started;			/* both are set */
};

/* *stop not 0 ends waiting. */
void outlet_init(struct outlet *outlet, int64_t speed_e4,
    const volatile sig_atomic_t *stop);

/*
 * From now on the same into a file; -1 and err when it cannot be made.
 */
int outlet_record(struct outlet *outlet, const char *path, struct err *err);

/* From now on into a journal too, which the outlet then owns. */
void outlet_journal(struct outlet *outlet, struct journal *journal);

/* Records are appended here, whole lines; then outlet_end. */
static inline struct buf *
outlet_buf(struct outlet *outlet)
{
	return &outlet->out.buf;
}

/* After each record: writes when enough has gathered.  -1: not writable. */
int outlet_end(struct outlet *outlet);

/*
 * From now on nothing waits for standard output: records gather until
 * outlet_drain writes as much as goes at once.  It returns the bytes left in
 * memory; with a journal these are OUTLET_KEEP and little more, because the
 * rest is read from the journal when its turn comes.
 */
enum { OUTLET_KEEP = 8 << 20 };
void outlet_live(struct outlet *outlet);
size_t outlet_drain(struct outlet *outlet);

/* Writes what there is: before waiting for anything. */
int outlet_flush(struct outlet *outlet);

/* True when there is no use in going on. */
bool outlet_failed(const struct outlet *outlet);

/*
 * Waits, with all written, until the event time's turn has come; false when
 * the run was stopped, so that the record must not leave.
 */
bool outlet_pace(struct outlet *outlet, int64_t ts);

/* Finishes both; -1 and err when anything was lost. */
int outlet_close(struct outlet *outlet, struct err *err);

#endif
