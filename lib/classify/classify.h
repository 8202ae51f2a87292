#ifndef FLOW_CLASSIFY_H
#define FLOW_CLASSIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "classify/cluster.h"
#include "classify/side.h"
#include "classify/size.h"
#include "classify/volume.h"
#include "record/line.h"

/*
 * flow-classify: tags each trade with who traded, how hard and in what shape
 * (domain.md 3), finds sweeps and splits, matches cancels, and passes
 * everything on in order.  Runs on event time alone: the same bytes in give
 * the same bytes out, however they are cut into reads.
 *
 * A print is classified by itself when it arrives, from what was known before
 * it.  If it may belong to a sweep it joins a cluster; when the cluster closes,
 * members of a sweep are signed anew against the quote before the sweep.  With
 * hold, records wait for that; without, they leave at once and the sweep record
 * tells the final tags.  With lookahead a print that no quote can sign waits
 * for the next different price of its contract as well.
 */

struct baseline;

struct classify_options {
	bool hold;			/* --emit hold */
	int64_t hold_max;		/* bytes */
	int64_t lookahead_ms;		/* wait for the next price; 0: never,
					 * above needs hold */
	struct side_rules side;
	bool floor_side;		/* SLFT prints get a side */
	bool multileg_sweep;		/* MLTI from a vendor is a sweep */
	bool count_complex;		/* block events of spread legs too */
	int64_t max_quote_age_ms;
	struct cluster_limits cluster;
	struct size_limits size;
	struct volume_limits volume;
	int64_t event_block_size;	/* contracts */
	int64_t aggressive_threshold_e6;
	int64_t aggressive_min;		/* contracts */
	int64_t max_contracts;		/* remembered */
	int64_t max_prints;		/* remembered, all contracts */
	bool why;			/* write reasons */
	bool near_miss;			/* write what was missed by little */
	uint64_t digest;		/* why_digest of the configuration */
	const struct baseline *baseline;	/* borrowed; NULL: none */
	/*
	 * Asked once for each underlying when not NULL: true and its own
	 * options in *own when it has any.  Their cluster window, hold,
	 * hold_max, lookahead, why, near_miss, baseline and max_ are not
	 * used.
	 */
	bool (*settle)(void *ctx, struct slice symbol,
	    struct classify_options *own);
	void *ctx;
};

/* domain.md 0.1: sound rules, or the source documents' literal ones. */
enum classify_profile { CLASSIFY_STD, CLASSIFY_SEED };

/* Sets all of *options to a profile's values. */
void classify_defaults(struct classify_options *options,
    enum classify_profile profile);

struct classify;

/* options are copied; out is borrowed. */
struct classify *classify_new(const struct classify_options *options,
    struct line_out *out);
void classify_free(struct classify *classify);

/* Handles one line.  -1 when the output failed, else 0. */
int classify_line(struct classify *classify, const struct line *line);

/* End of input: releases all.  Returns the exit status. */
int classify_end(struct classify *classify);

/* An unreadable file: counts as rejected input. */
void classify_unreadable(struct classify *classify, const char *why);

#endif
