#ifndef FLOW_CLUSTER_H
#define FLOW_CLUSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "classify/side.h"
#include "classify/size.h"

/*
 * Sweeps and splits (domain.md 3.10): prints of one contract and side within a
 * short time, held together by the quote before the first of them, and the
 * judgement at their end.  Times are ms of event time.
 */

enum { CLUSTER_MEMBERS = 4096 };

enum cluster_kind { CLUSTER_PLAIN, CLUSTER_SWEEP, CLUSTER_SPLIT };

enum cluster_evidence {
	CLUSTER_ISO,		/* a member is an intermarket sweep order */
	CLUSTER_BURST,		/* several exchanges, gaps <= burst_gap_ms */
	CLUSTER_WINDOW,		/* nothing but the time window */
	CLUSTER_VENDOR		/* the vendor said so */
};

struct cluster_limits {
	int64_t window_ms;		/* 2000 */
	int64_t min_exchanges;		/* 2 */
	int64_t min_size;		/* 10 contracts */
	int64_t burst_gap_ms;		/* 100 */
	int64_t split_min_prints;	/* 3 */
	int64_t split_min_size;		/* 50 contracts */
	bool any_evidence;		/* the window alone makes a sweep */
};

/* A print in a cluster: what judgement needs of it, and who it is. */
struct cluster_member {
	int64_t ts;
	int64_t price_e4;
	int64_t size;
	int64_t premium_e4;
	char exchange[12];		/* name and zeros; all zero: unknown */
	uint32_t id_at, id_n;		/* trade_id in the cluster's ids */
	uint32_t flags;			/* enum cond_flag */
	bool is_block, is_unusual;
	bool cancelled;			/* taken back since */
	bool in_ratio, at_ask;		/* its part in the aggressive ratio */
	struct size_average average;
	uint64_t number;		/* of the print, for cancel records */
	void *owner;			/* the held record, or NULL */
};

struct cluster {
	enum side side;
	int64_t first_ts;
	struct quote_view nbbo, ex;	/* before the first print */
	struct cluster_member *member;
	uint32_t n, cap;
	struct buf ids;
	uint32_t first_id_n;		/* of them, the first print's */
	bool monotone, truncated;
	int64_t best_e4;		/* highest (BUY) or lowest price yet */
};

struct cluster_verdict {
	enum cluster_kind kind;
	enum cluster_evidence evidence;
	uint32_t first, n;		/* the members it is about */
	int64_t exchanges, size, premium_e4, iso;
	int64_t vwap_e6;		/* dollars per share, millionths */
	int64_t worst_e4;		/* highest bought, lowest sold */
};

/* Empties it for a first print at ts with the quotes before it. */
void cluster_open(struct cluster *cluster, enum side side, int64_t ts,
    const struct quote_view *nbbo, const struct quote_view *ex);
void cluster_free(struct cluster *cluster);

/* True while a print at ts may still join. */
bool cluster_is_in_time(const struct cluster *cluster, int64_t ts,
    const struct cluster_limits *limits);

/* Side of a price against the quotes before the first print. */
enum side cluster_anchor_side(const struct cluster *cluster,
    int64_t price_e4);

/*
 * Adds a print; the caller fills in the rest of the member.  Notes when the
 * price turned back by more than a tick.
 */
struct cluster_member *cluster_join(struct cluster *cluster,
    struct slice trade_id, int64_t price_e4);

/*
 * What the cluster was.  Cancelled members are removed first, which may leave
 * none.
 */
void cluster_judge(struct cluster *cluster,
    const struct cluster_limits *limits, struct cluster_verdict *out);

/* Distinct exchanges among n members. */
int64_t cluster_exchanges(const struct cluster_member *member, uint32_t n);

const char *cluster_kind_name(enum cluster_kind kind);
const char *cluster_evidence_name(enum cluster_evidence evidence);

#endif
