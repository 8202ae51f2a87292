#include "classify/derived.h"

#include <stdlib.h>
#include <string.h>

#include "classify/classify.h"
#include "classify/why.h"
#include "record/emit.h"

static void
derived_open(struct buf *dst, const char *kind,
    const struct series *contract)
{
	emit_open(dst, kind);
	buf_add(dst, contract->identity.p, contract->identity.n);
}

static struct slice
derived_member_id(const struct cluster *cluster,
    const struct cluster_member *m)
{
	return (struct slice){ cluster->ids.p + m->id_at, m->id_n };
}

/* A member as side.h sees it, against the cluster's quotes. */
static struct side_print
derived_member_print(const struct series_cluster *cc,
    const struct cluster_member *m)
{
	return (struct side_print){
		.price_e4 = m->price_e4,
		.size = m->size,
		.nbbo = cc->cluster.nbbo,
		.ex = cc->cluster.ex,
		.tick_e4 = TRADE_NONE,
		.next_e4 = TRADE_NONE,
		.flags = m->flags,
		.eligible = true,
		.is_index = cc->contract->is_index,
		.right = cc->contract->right,
		.is_neutral = cc->contract->is_adjusted,
	};
}

static void
derived_exchanges(struct buf *dst, const struct cluster_member *m,
    uint32_t n)
{
	emit_array(dst, KEY_exchanges);
	for (uint32_t i = 0; i < n; i++) {
		bool known = m[i].exchange[0] != '\0';

		for (uint32_t j = 0; j < i && known; j++)
			known = memcmp(m[i].exchange, m[j].exchange, 12) != 0;
		if (known)
			emit_item(dst, (struct slice){ m[i].exchange,
			    strnlen(m[i].exchange, 12) });
	}
	emit_array_end(dst);
}

/* What became of the members, in the order of trade_ids. */
static void
derived_members(struct buf *dst, const struct series_cluster *cc,
    const struct cluster_verdict *v)
{
	const struct cluster *cluster = &cc->cluster;

	emit_array(dst, KEY_trade_ids);
	for (uint32_t i = v->first; i < v->first + v->n; i++)
		emit_item(dst, derived_member_id(cluster,
		    &cluster->member[i]));
	emit_array_end(dst);
	emit_bool(dst, KEY_monotone, cluster->monotone);
	if (cluster->truncated)
		emit_bool(dst, KEY_truncated, true);
}

static void
derived_member_tags(struct buf *dst, const struct series_cluster *cc,
    const struct cluster_verdict *v, const struct side_rules *rules)
{
	emit_array(dst, KEY_price_locations);
	for (uint32_t i = v->first; i < v->first + v->n; i++) {
		const char *name = quote_location_name(quote_locate(
		    &cc->cluster.nbbo, cc->cluster.member[i].price_e4));

		emit_item(dst, (struct slice){ name, strlen(name) });
	}
	emit_array_end(dst);
	emit_array(dst, KEY_aggressivenesses);
	for (uint32_t i = v->first; i < v->first + v->n; i++) {
		struct side_print print = derived_member_print(cc,
		    &cc->cluster.member[i]);
		struct side_verdict verdict;
		const char *name;

		side_sweep(cc->cluster.side, &print, &verdict);
		name = side_aggressiveness_name(side_aggressiveness(rules,
		    &print, &verdict));
		emit_item(dst, (struct slice){ name, strlen(name) });
	}
	emit_array_end(dst);
}

/* Side and what follows of the cluster as a whole. */
static void
derived_verdict(struct buf *dst, const struct side_rules *rules,
    const struct side_print *print, const struct side_verdict *verdict)
{
	enum side_sentiment sentiment = side_sentiment(rules, print,
	    verdict->side);

	emit_str(dst, KEY_side, side_name(verdict->side));
	emit_str(dst, KEY_side_method, side_method_name(verdict->method));
	emit_decimal(dst, KEY_side_confidence, verdict->confidence_e6,
	    DECIMAL_E6);
	emit_str(dst, KEY_aggressor_side, side_name(verdict->aggressor));
	emit_str(dst, KEY_sentiment, side_sentiment_name(sentiment));
	emit_decimal(dst, KEY_sentiment_weight, side_weight_e6(verdict,
	    sentiment), DECIMAL_E6);
}

/* Who traded in the cluster, going by its first member. */
static void
derived_decide(const struct series_cluster *cc,
    const struct cluster_verdict *v, const struct side_print *print,
    struct side_verdict *verdict)
{
	/* What the cluster went by: the NBBO, else the exchange. */
	static const struct side_rules anchor = { SIDE_RULE_GSU, 0,
	    SIDE_SENTIMENT_SIDE, SIDE_AGGRESSIVENESS_STD, false };

	if (v->kind == CLUSTER_SWEEP && v->evidence != CLUSTER_VENDOR)
		side_sweep(cc->cluster.side, print, verdict);
	else
		side_decide(&anchor, print, verdict);
}

struct slice
derived_sweep_id(const struct cluster *cluster,
    const struct cluster_verdict *v)
{
	struct slice id = derived_member_id(cluster,
	    &cluster->member[v->first]);
	char *text = buf_alloc(id.n + 3, 1);

	memcpy(text, "sw:", 3);
	memcpy(text + 3, id.p, id.n);
	return (struct slice){ text, id.n + 3 };
}

static void
derived_put_sweep_id(struct buf *dst, const struct cluster *cluster,
    const struct cluster_verdict *v)
{
	struct slice id = derived_sweep_id(cluster, v);

	emit_text(dst, KEY_sweep_id, id);
	free((void *)(uintptr_t)id.p);
}

void
derived_sweep(struct buf *dst, const struct series_cluster *cc,
    const struct cluster_verdict *v,
    const struct classify_options *options, int64_t decision_ts)
{
	const struct cluster *cluster = &cc->cluster;
	const struct cluster_member *m = cluster->member + v->first;
	const struct side_rules *rules = &options->side;
	struct side_print print = derived_member_print(cc, m);
	struct side_verdict verdict;

	derived_open(dst, "sweep", cc->contract);
	derived_put_sweep_id(dst, cluster, v);
	emit_str(dst, KEY_kind, cluster_kind_name(v->kind));
	emit_str(dst, KEY_evidence, cluster_evidence_name(v->evidence));
	emit_int(dst, KEY_timestamp, m[v->n - 1].ts);
	emit_int(dst, KEY_first_ts, m[0].ts);
	emit_int(dst, KEY_last_ts, m[v->n - 1].ts);
	emit_int(dst, KEY_n_prints, v->n);
	emit_int(dst, KEY_n_exchanges, v->exchanges);
	derived_exchanges(dst, m, v->n);
	emit_int(dst, KEY_size, v->size);
	emit_decimal(dst, KEY_premium, v->premium_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_vwap_price, v->vwap_e6, DECIMAL_E6);
	emit_decimal(dst, KEY_worst_price, v->worst_e4, DECIMAL_E4);
	emit_int(dst, KEY_iso_prints, v->iso);
	derived_members(dst, cc, v);
	emit_opt_decimal(dst, KEY_anchor_bid, cluster->nbbo.bid_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_anchor_ask, cluster->nbbo.ask_e4, DECIMAL_E4);
	if (cluster->nbbo.ts != TRADE_NONE)
		emit_int(dst, KEY_anchor_quote_timestamp, cluster->nbbo.ts);
	if (v->kind == CLUSTER_SWEEP)
		derived_member_tags(dst, cc, v, rules);
	derived_decide(cc, v, &print, &verdict);
	derived_verdict(dst, rules, &print, &verdict);
	emit_bool(dst, KEY_is_unusual_volume, m[v->n - 1].is_unusual);
	emit_int(dst, KEY_decision_ts, decision_ts);
	if (options->why)
		why_sweep(dst, options, cc, v, &print, &verdict);
	emit_close(dst);
}

void
derived_sweep_event(struct buf *dst, const struct series_cluster *cc,
    const struct cluster_verdict *v,
    const struct classify_options *options)
{
	const struct cluster *cluster = &cc->cluster;

	derived_open(dst, "event", cc->contract);
	emit_str(dst, KEY_event_type, "SWEEP");
	emit_int(dst, KEY_timestamp,
	    cluster->member[v->first + v->n - 1].ts);
	derived_put_sweep_id(dst, cluster, v);
	emit_str(dst, KEY_side, side_name(cluster->side));
	emit_int(dst, KEY_n_exchanges, v->exchanges);
	emit_int(dst, KEY_size, v->size);
	emit_decimal(dst, KEY_premium, v->premium_e4, DECIMAL_E4);
	if (options->why)
		why_sweep_event(dst, options, cluster, v);
	emit_close(dst);
}

void
derived_block_event(struct buf *dst, const struct trade *trade,
    struct slice trade_id, const struct classify_options *options)
{
	emit_open(dst, "event");
	trade_write_identity(dst, trade);
	emit_str(dst, KEY_event_type, "BLOCK");
	emit_int(dst, KEY_timestamp, trade->timestamp);
	emit_text(dst, KEY_trade_id, trade_id);
	emit_int(dst, KEY_n_exchanges, 1);
	emit_int(dst, KEY_size, trade->size);
	emit_decimal(dst, KEY_premium, trade->premium_e4, DECIMAL_E4);
	if (options->why)
		why_block_event(dst, options, trade->size);
	emit_close(dst);
}

void
derived_aggressive(struct buf *dst, const struct series *contract,
    const struct classify_options *options,
    const struct ratio_window *window, int64_t end, int64_t ratio_e6)
{
	derived_open(dst, "event", contract);
	emit_str(dst, KEY_event_type, "AGGRESSIVE");
	emit_int(dst, KEY_timestamp, end);
	emit_decimal(dst, KEY_aggressive_ratio, ratio_e6, DECIMAL_E6);
	emit_int(dst, KEY_window_start, window->start);
	emit_int(dst, KEY_window_end, end);
	emit_int(dst, KEY_size, window->eligible);
	emit_decimal(dst, KEY_premium, window->premium_e4, DECIMAL_E4);
	if (options->why)
		why_aggressive(dst, options, window);
	emit_close(dst);
}

void
derived_cancel(struct buf *dst, const struct trade *t,
    const struct cancel_print *print, struct slice conditions)
{
	emit_open(dst, "cancel");
	trade_write_identity(dst, t);
	emit_int(dst, KEY_timestamp, t->timestamp);
	if (print != NULL) {
		emit_text(dst, KEY_ref_trade_id, cancel_trade_id(print));
		emit_int(dst, KEY_ref_timestamp, print->ts);
		if (print->closed)	/* it counted towards volume only */
			emit_str(dst, KEY_session, "CLOSED");
		if (print->conditions_n > 0)
			emit_raw(dst, KEY_ref_conditions,
			    cancel_conditions(print));
	}
	emit_decimal(dst, KEY_price, t->price_e4, DECIMAL_E4);
	emit_int(dst, KEY_size, t->size);
	emit_decimal(dst, KEY_premium, t->premium_e4, DECIMAL_E4);
	if (t->exchange.n > 0)
		emit_text(dst, KEY_exchange, t->exchange);
	if (conditions.n > 0)
		emit_raw(dst, KEY_conditions, conditions);
	emit_close(dst);
}
