#include "classify/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

void
cluster_open(struct cluster *cluster, enum side side, int64_t ts,
    const struct quote_view *nbbo, const struct quote_view *ex)
{
	cluster->side = side;
	cluster->first_ts = ts;
	cluster->nbbo = *nbbo;
	cluster->ex = *ex;
	cluster->n = 0;
	cluster->ids.n = 0;
	cluster->monotone = true;
	cluster->truncated = false;
	cluster->best_e4 = 0;
}

void
cluster_free(struct cluster *cluster)
{
	free(cluster->member);
	buf_free(&cluster->ids);
	memset(cluster, 0, sizeof(*cluster));
}

bool
cluster_is_in_time(const struct cluster *cluster, int64_t ts,
    const struct cluster_limits *limits)
{
	return ts - cluster->first_ts <= limits->window_ms;
}

enum side
cluster_anchor_side(const struct cluster *cluster, int64_t price_e4)
{
	enum side side = side_quote(&cluster->nbbo, price_e4);

	if (side == SIDE_UNKNOWN)
		side = side_quote(&cluster->ex, price_e4);
	return side;
}

/* A sweep pays up level by level; going back by over a tick is not one. */
static void
cluster_watch_price(struct cluster *cluster, int64_t price_e4)
{
	int64_t best = cluster->best_e4;
	int64_t tick = best < 30000 ? 100 : 500;
	int64_t back = cluster->side == SIDE_BUY ? best - price_e4 :
	    price_e4 - best;

	if (cluster->n == 0) {
		cluster->best_e4 = price_e4;
		return;
	}
	if (back > tick)
		cluster->monotone = false;
	if (back < 0)
		cluster->best_e4 = price_e4;
}

struct cluster_member *
cluster_join(struct cluster *cluster, struct slice trade_id,
    int64_t price_e4)
{
	struct cluster_member *member;

	cluster_watch_price(cluster, price_e4);
	if (cluster->n == cluster->cap) {
		cluster->cap = cluster->cap == 0 ? 4 : 2 * cluster->cap;
		cluster->member = buf_realloc(cluster->member, cluster->cap,
		    sizeof(*cluster->member));
	}
	member = &cluster->member[cluster->n++];
	memset(member, 0, sizeof(*member));
	member->price_e4 = price_e4;
	member->id_at = (uint32_t)cluster->ids.n;
	member->id_n = (uint32_t)trade_id.n;
	if (member->id_at == 0)
		cluster->first_id_n = member->id_n;
	buf_add(&cluster->ids, trade_id.p, trade_id.n);
	return member;
}

int64_t
cluster_exchanges(const struct cluster_member *member, uint32_t n)
{
	static const char unknown[12];
	int64_t count = 0;

	for (uint32_t i = 0; i < n; i++) {
		bool known = memcmp(member[i].exchange, unknown, 12) != 0;

		/* There are some twenty exchanges: the search is short. */
		for (uint32_t j = 0; j < i && known; j++)
			known = memcmp(member[i].exchange, member[j].exchange,
			    12) != 0;
		count += known;
	}
	return count;
}

static void
cluster_sum(const struct cluster *cluster, struct cluster_verdict *v)
{
	int64_t weighted = 0;

	v->size = v->premium_e4 = v->iso = 0;
	for (uint32_t i = v->first; i < v->first + v->n; i++) {
		const struct cluster_member *m = &cluster->member[i];

		v->size += m->size;
		v->iso += (m->flags & COND_ISO) != 0;
		if (__builtin_add_overflow(v->premium_e4, m->premium_e4,
		    &v->premium_e4))
			v->premium_e4 = INT64_MAX;
		weighted += m->price_e4 * m->size;
		if (i == v->first || (cluster->side == SIDE_BUY ?
		    m->price_e4 > v->worst_e4 : m->price_e4 < v->worst_e4))
			v->worst_e4 = m->price_e4;
	}
	v->exchanges = cluster_exchanges(cluster->member + v->first, v->n);
	v->vwap_e6 = v->size == 0 ? 0 :
	    decimal_ratio(weighted, 100 * v->size, DECIMAL_E4);
}

/*
 * The first maximal run of prints close in time that is a sweep by itself.
 */
static bool
cluster_find_burst(const struct cluster *cluster,
    const struct cluster_limits *limits, struct cluster_verdict *v)
{
	uint32_t start = 0;

	for (uint32_t i = 1; i <= cluster->n; i++) {
		if (i < cluster->n && cluster->member[i].ts -
		    cluster->member[i - 1].ts <= limits->burst_gap_ms)
			continue;
		v->first = start;
		v->n = i - start;
		cluster_sum(cluster, v);
		if (v->exchanges >= limits->min_exchanges &&
		    v->size >= limits->min_size)
			return true;
		start = i;
	}
	return false;
}

static bool
cluster_is_split(const struct cluster *cluster,
    const struct cluster_limits *limits, const struct cluster_verdict *v)
{
	struct size_average average = cluster->member[0].average;

	for (uint32_t i = 0; i < cluster->n; i++)
		if (cluster->member[i].is_block)
			return false;
	return v->exchanges == 1 && v->n >= limits->split_min_prints &&
	    v->size >= limits->split_min_size &&
	    v->size * average.n >= 2 * average.sum;
}

static void
cluster_drop_cancelled(struct cluster *cluster)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < cluster->n; i++)
		if (!cluster->member[i].cancelled)
			cluster->member[kept++] = cluster->member[i];
	cluster->n = kept;
}

void
cluster_judge(struct cluster *cluster, const struct cluster_limits *limits,
    struct cluster_verdict *out)
{
	memset(out, 0, sizeof(*out));
	cluster_drop_cancelled(cluster);
	if (cluster->n == 0)
		return;
	for (uint32_t i = 0; i < cluster->n; i++)
		out->iso += (cluster->member[i].flags & COND_ISO) != 0;
	if (out->iso == 0 && !limits->any_evidence &&
	    cluster_find_burst(cluster, limits, out)) {
		out->kind = CLUSTER_SWEEP;
		out->evidence = CLUSTER_BURST;
		return;
	}
	out->evidence = out->iso > 0 ? CLUSTER_ISO : CLUSTER_WINDOW;
	out->first = 0;
	out->n = cluster->n;
	cluster_sum(cluster, out);
	if ((out->evidence == CLUSTER_ISO || limits->any_evidence) &&
	    out->exchanges >= limits->min_exchanges &&
	    out->size >= limits->min_size)
		out->kind = CLUSTER_SWEEP;
	else if (cluster_is_split(cluster, limits, out))
		out->kind = CLUSTER_SPLIT;
}

const char *
cluster_kind_name(enum cluster_kind kind)
{
	static const char *const names[] = { "PLAIN", "SWEEP", "SPLIT" };

	return names[kind];
}

const char *
cluster_evidence_name(enum cluster_evidence evidence)
{
	static const char *const names[] = {
		"ISO", "BURST", "WINDOW", "VENDOR"
	};

	return names[evidence];
}
