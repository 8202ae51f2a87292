#ifndef FLOW_INPUTS_H
#define FLOW_INPUTS_H

#include <signal.h>

#include "base/opt.h"
#include "tap/columns.h"
#include "tap/recording.h"
#include "tap/source.h"

/*
 * The files that a run reads: what is asked of them, what each turns out to
 * hold, and the order their prints, quotes and bars come in.  A recording of
 * ours, and frames of a live feed, are replayed as they are; all the rest is
 * merged by time.
 */

enum { INPUTS_ROWS = 7 };

/* Formats of files; their numbers are part of a run's identity. */
enum inputs_format {
	INPUTS_FLOW, INPUTS_CSV, INPUTS_AUTO, INPUTS_LIVEVOL, INPUTS_MASSIVE,
	INPUTS_RAW		/* frames of a live feed; never asked for */
};

struct inputs {
	/* what is asked */
	struct opt_list replay, quotes, bars, columns;
	int format, codes;
	bool follow;
	/* what they share with the stream, borrowed; set before inputs_open */
	const struct select *select;
	struct control *control;
	struct outlet *outlet;
	const volatile sig_atomic_t *stop;
	/* what is there */
	struct columns own, livevol, massive, massive_quotes;
	struct contract_book book;
	struct source_merge merge;
	struct replay **recordings;	/* of them n_recordings */
	size_t n_recordings;
	struct replay *raw;		/* frames to replay, or NULL */
	int64_t *sizes;			/* of replays, quotes, bars, in order */
	bool has_massive;		/* a massive-flat file was opened */
};

void inputs_init(struct inputs *inputs);
void inputs_free(struct inputs *inputs);

/* Fills the rows of the command's table; what they set goes into inputs. */
void inputs_rows(struct inputs *inputs, struct opt rows[INPUTS_ROWS]);

/* False when no file is named. */
bool inputs_any(const struct inputs *inputs);

/* Whether what is asked fits together; -1 and err, with the option's name. */
int inputs_check(struct inputs *inputs, struct err *err);

/*
 * Opens the files.  Returns EXIT_DONE, or an exit status and err.  A run that
 * was stopped may have opened some of them only.
 */
int inputs_open(struct inputs *inputs, struct err *err);

/* Goes on from a hash over names, sizes and columns of the files (FNV-1a). */
uint64_t inputs_hash(const struct inputs *inputs, uint64_t hash);

#endif
