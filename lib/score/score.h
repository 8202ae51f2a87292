#ifndef FLOW_SCORE_H
#define FLOW_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "record/line.h"
#include "score/underlying.h"

/*
 * flow-score: adds up the flow of each underlying, holds prints and sweeps
 * against it and against the market, and makes context and signal records of
 * them (domain.md 4).  Passes everything on in order.  Runs on event time
 * alone: the same bytes in give the same bytes out, however they are cut into
 * reads.
 */

struct score_options {
	struct underlying_settings settings;
	int64_t context_interval_ms;	/* above 0 */
	int clock;			/* enum window_clock_kind */
	bool explain;			/* write all gates that fail, and what
					 * bars say */
	bool near_miss;			/* write gates that fail alone */
	int64_t max_underlyings, max_prints;	/* remembered */
	const char *experiment;		/* experiment_id, or NULL */
	const struct baseline *baseline;	/* borrowed, or NULL */
	/* As in underlying.h; NULL: none has its own. */
	bool (*settle)(void *ctx, struct slice symbol,
	    struct underlying_settings *own);
	void *ctx;
};

/* domain.md 0.1: sound rules, or the source documents' literal ones. */
enum score_profile { SCORE_STD, SCORE_SEED };

void score_defaults(struct score_options *options,
    enum score_profile profile);

struct score;

/* options are copied; out is borrowed. */
struct score *score_new(const struct score_options *options,
    struct line_out *out);
void score_free(struct score *score);

/* Handles one line.  -1 when the output failed, else 0. */
int score_line(struct score *score, const struct line *line);

/* End of input.  Returns the exit status. */
int score_end(struct score *score);

/* An unreadable file: counts as rejected input. */
void score_unreadable(struct score *score, const char *why);

#endif
