#ifndef FLOW_CONTROL_H
#define FLOW_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/scan.h"

/*
 * Control records (design.md 3) and a stage's own accounts: what it read,
 * wrote, made and dropped since the hello, as each heartbeat reports.  A
 * filter passes control records on in their place; this module makes what it
 * adds to them.
 */

enum { CONTROL_SCHEMA = 1 };

enum control_kind {
	CONTROL_DATA,		/* trade, quote, anything that is not control */
	CONTROL_HELLO,
	CONTROL_HEARTBEAT,
	CONTROL_GAP,
	CONTROL_STATUS,
	CONTROL_BYE
};

/* in + add = out + reject + duplicate + filter + overflow + held */
struct control_count {
	int64_t in;		/* data records read */
	int64_t out;		/* data records written */
	int64_t add;		/* data records made here */
	int64_t reject;		/* bad records, dropped */
	int64_t duplicate;	/* repeated trade_id, dropped */
	int64_t filter;		/* not asked for, dropped */
	int64_t overflow;	/* the reader was too slow, dropped */
};

struct control {
	const char *stage;		/* "flow-classify" */
	struct control_count count;	/* since the last hello */
	int64_t rejected;		/* bad input of the whole run, lines */
	bool hello, bye;		/* a hello came; a bye came after it */
	bool ended;			/* or the word that there is none */
	bool cut;			/* what comes is not final */
	bool uneven;			/* the mismatch was told already */
	struct err why;			/* as it was told */
	bool newer;			/* schema above CONTROL_SCHEMA */
	int upstream_exit;		/* the worst a bye carried */
	struct scan *inner;		/* for the objects in hop; or NULL */
	struct buf text;		/* one of them */
};

/* Where a heartbeat's hop array takes another entry. */
struct control_hop {
	size_t at;		/* offset in the object */
	size_t cut;		/* bytes there that it replaces: no array */
	bool fresh;		/* it has no hop array: make one */
	bool first;		/* the array is empty */
};

void control_init(struct control *control, const char *stage);
void control_free(struct control *control);

/*
 * The kind of the record scanned, by its "record" member; *name is that text
 * (empty when there is none).  -1 and err when it is not a text.
 */
int control_kind_of(struct scan *scan, enum control_kind *kind,
    struct slice *name, struct err *err);

/*
 * Notes a control record at its arrival: resets the accounts at hello, keeps
 * bye's exit, warns once of a schema_version above CONTROL_SCHEMA, of which
 * nothing but control records is understood.  For a heartbeat, compares the
 * previous stage's "out" with what came in here; the first difference is
 * written to dst as a status record (somebody filtered the stream, or lines
 * were lost).
 */
void control_arrive(struct control *control, enum control_kind kind,
    struct scan *scan, struct buf *dst);

/* Where to add to the heartbeat scanned. */
struct control_hop control_hop_of(const struct scan *scan);

/* Writes the heartbeat with this stage's entry, newline included. */
void control_heartbeat(struct buf *dst, struct slice object,
    struct control_hop hop, const char *stage,
    const struct control_count *count);

/* One hop entry as an element of an open array. */
void control_hop_write(struct buf *dst, const char *stage,
    const struct control_count *count);

/*
 * Writes the bye scanned; "exit" becomes EXIT_PARTIAL when it was 0 and this
 * stage rejected input, so that the end of the pipe knows.
 */
void control_bye(const struct control *control, const struct scan *scan,
    struct buf *dst);

/*
 * Writes the hello scanned with another entry in "baseline": what a stage
 * knew before the first record.
 */
void control_baseline(struct buf *dst, struct scan *scan,
    struct slice entry);

/* A status record: severity info, warning or error; code in lower_snake. */
void control_status(struct buf *dst, const char *stage, const char *severity,
    const char *code, const char *message);

/*
 * At the end of input, before a stage writes what it held.  When a hello had
 * no bye, and no earlier stage said that its own input had none, then this
 * stage's feeder died: the end is none, windows are closed too early, and the
 * same stream fed again gives other records in place of what follows.  A
 * status record of code not_final says so; it holds up to the no_bye of
 * control_end.
 */
void control_cut(struct control *control, struct buf *dst);

/*
 * At the end of input: a status record when a hello had no bye.  Returns the
 * exit status: EXIT_PARTIAL when input was rejected here or above or was cut
 * short, else EXIT_DONE.
 */
int control_end(struct control *control, struct buf *dst);

/*
 * Says which line is bad and why on stderr, the first hundred of a run, and
 * counts it.  The last call of the run is control_tell_rest.
 */
void control_reject(struct control *control, const char *file,
    int64_t number, const char *why);
void control_tell_rest(const struct control *control);

#endif
