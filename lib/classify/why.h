#ifndef FLOW_WHY_H
#define FLOW_WHY_H

#include "classify/ratio.h"
#include "classify/series.h"
#include "classify/tag.h"

/*
 * How a tag's reasons are written (--why): for each tag of a print, and for
 * what a sweep or event record says, the rule of domain.md, what was measured
 * and what it was held against, thresholds under their names in flow-config(5),
 * and a digest of the configuration.  Nothing is written that cannot be checked
 * against the record, the records around it, or the configuration; tests/
 * why-check does so from the text of the rules.
 */

enum { WHY_NAME = 8 };		/* room for a condition's name */

/* What made a cluster a sweep or a split. */
struct why_cluster {
	enum cluster_kind kind;		/* PLAIN: there is none */
	enum cluster_evidence evidence;
	int64_t exchanges, size, prints, iso;
	int64_t span_ms;		/* first print of all to last member */
	int64_t gap_ms;			/* longest pause between members */
	struct size_average average;	/* of the first member */
	struct slice anchor;		/* trade_id of the first print of all,
					 * in the cluster's memory */
};

/* What a print's tag does not hold of its reasons. */
struct why {
	const struct classify_options *opt;	/* borrowed */
	int64_t timestamp;		/* of the print, ms */
	int64_t open_interest;		/* TRADE_NONE: unknown */
	int64_t void_ts;		/* end of the last gap; TRADE_NONE */
	int64_t watermark;		/* when it came; TRADE_NONE */
	int64_t next_ts;		/* of the next different price */
	struct volume_usual level;	/* of the baseline, if has_level */
	bool has_level;
	bool counted;			/* in the day's volume */
	bool in_flow;			/* large, it makes a block event */
	bool is_adjusted, is_cancel, is_closed;	/* as it came */
	bool is_cancelled, is_late_arrival;	/* as it came */
	/* Names of the conditions that said so; empty when none did. */
	char condition[TAG_FLAGS][WHY_NAME];	/* as tag_flags */
	char vendor[WHY_NAME];		/* the vendor's word for a sweep */
	struct why_cluster cluster;
	char *anchor;			/* cluster.anchor's text, owned */
};

/* Facts of a print with its sale conditions as they came. */
struct why *why_new(const struct classify_options *options,
    const struct trade *trade);
void why_free(struct why *why);

/* The print is part of what v says of cluster. */
void why_join(struct why *why, const struct cluster *cluster,
    const struct cluster_verdict *v);

/* Appends the member why to a record begun; tag->why is not NULL. */
void why_write(struct buf *dst, const struct tag *tag);

/* The same for a sweep or split record, and the event of a sweep.  print: its
 * first member against the cluster's quotes. */
void why_sweep(struct buf *dst, const struct classify_options *options,
    const struct series_cluster *cc, const struct cluster_verdict *v,
    const struct side_print *print, const struct side_verdict *verdict);
void why_sweep_event(struct buf *dst, const struct classify_options *options,
    const struct cluster *cluster, const struct cluster_verdict *v);

/* For the other events: a block's, and an aggressive window's. */
void why_block_event(struct buf *dst, const struct classify_options *options,
    int64_t size);
void why_aggressive(struct buf *dst, const struct classify_options *options,
    const struct ratio_window *window);

/*
 * The digest of a configuration: FNV-1a with 64 bits over its text.  It tells
 * configurations apart and guards against nothing, so it needs no library.
 */
uint64_t why_digest(struct slice config);

#endif
