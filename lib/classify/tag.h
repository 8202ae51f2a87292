#ifndef FLOW_TAG_H
#define FLOW_TAG_H

#include <stdbool.h>
#include <stdint.h>

#include "classify/cluster.h"
#include "classify/side.h"
#include "classify/size.h"
#include "classify/volume.h"
#include "record/emit.h"

/*
 * Everything flow-classify says of one print, and how it is written: the
 * members of domain.md 1.2 marked C, in that order.
 */

struct why;

struct tag {
	const struct side_rules *rules;	/* borrowed */
	struct side_print print;	/* what was known of it */
	struct side_verdict verdict;
	struct size_average average;
	struct volume_verdict volume;
	int64_t volume_before, day_volume;	/* TRADE_NONE: unknown */
	int64_t decision_ts;		/* ms: when this could be known */
	enum cluster_kind kind;		/* of the cluster it belongs to */
	struct slice trade_id;		/* made here; empty when it had one */
	struct slice sweep_id;		/* memory of the tag's owner */
	bool is_block, is_large;
	bool is_late_arrival;		/* found here; the input did not say */
	bool is_cancelled;
	bool has_average;		/* false: a cancelling print */
	struct why *why;		/* its reasons, when asked for; NULL */
};

enum tag_type {
	TAG_REGULAR, TAG_LARGE, TAG_SPLIT, TAG_BLOCK, TAG_SWEEP,
	TAG_TYPES
};

/* The members that have few values, ready to be copied. */
struct tag_words {
	struct emit_fixed status[QUOTE_STATUSES], location[QUOTE_LOCATIONS];
	struct emit_fixed method[SIDE_METHODS], type[TAG_TYPES];
	struct emit_fixed side[3], aggressor[3], sentiment[3];
	struct emit_fixed aggressiveness[3], source[3], opening[3];
	struct emit_fixed is_sweep[2], is_block[2], is_unusual[2];
	struct emit_fixed is_above_ask[2], is_below_bid[2];
};

void tag_words_init(struct tag_words *words);

/* The members that come of sale conditions (3.2), in their order. */
enum { TAG_FLAGS = 9 };
extern const struct tag_flag {
	uint32_t flag;			/* enum cond_flag */
	enum key key;
} tag_flags[TAG_FLAGS];

/* Every key that tag_write may write: members of the input to replace. */
void tag_keys(struct key_set *set);

/* Appends the members to a record begun with emit_splice. */
void tag_write(struct buf *dst, const struct tag *tag,
    const struct tag_words *words);

/*
 * Makes the print a sweep member: the cluster's side, and its quotes from
 * before the first print.  ts: of the print.
 */
void tag_anchor(struct tag *tag, const struct cluster *cluster, int64_t ts);

#endif
