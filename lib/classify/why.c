#include "classify/why.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#include "classify/classify.h"
#include "record/emit.h"

/* A print as its reasons see it. */
struct why_view {
	const struct classify_options *opt;
	const struct side_print *print;
	const struct side_verdict *verdict;
	const char *stack;		/* that signed it; NULL: a cluster */
	struct slice anchor;		/* whose quotes these are, if not its */
	int64_t ts;			/* ms: quotes are so old */
	int64_t next_ts;		/* of the next different price, ms */
};

/* ---- facts of a print ---- */

/* All names that the table of conditions knows fit. */
static void
why_name(char dst[WHY_NAME], struct slice name)
{
	if (name.n >= WHY_NAME)
		return;
	memset(dst, 0, WHY_NAME);
	memcpy(dst, name.p, name.n);
}

struct why *
why_new(const struct classify_options *options, const struct trade *t)
{
	struct why *why = buf_alloc(1, sizeof(*why));

	why->opt = options;
	why->timestamp = t->timestamp;
	why->open_interest = why->void_ts = TRADE_NONE;
	why->watermark = why->next_ts = TRADE_NONE;
	why->is_adjusted = t->is_adjusted;
	why->is_cancel = t->is_cancel;
	why->is_cancelled = t->is_cancelled;
	why->is_late_arrival = t->is_late_arrival;
	why->is_closed = slice_equal(t->session, SLICE("CLOSED"));
	for (size_t i = t->n_conditions; i-- > 0;) {
		struct slice name = t->condition[i];
		struct cond cond = cond_regular();

		cond_add(&cond, name);
		if (options->multileg_sweep &&
		    (cond.flags & COND_VENDOR_MULTILEG) != 0)
			cond.flags |= COND_VENDOR_SWEEP;
		if (cond.flags & COND_VENDOR_SWEEP)
			why_name(why->vendor, name);
		for (size_t j = 0; j < TAG_FLAGS; j++)
			if (cond.flags & tag_flags[j].flag)
				why_name(why->condition[j], name);
	}
	return why;
}

void
why_free(struct why *why)
{
	if (why == NULL)
		return;
	free(why->anchor);
	free(why);
}

static struct why_cluster
why_cluster_of(const struct cluster *cluster, const struct cluster_verdict *v)
{
	const struct cluster_member *m = cluster->member + v->first;
	struct why_cluster out = { v->kind, v->evidence, v->exchanges,
	    v->size, v->n, v->iso, m[v->n - 1].ts - cluster->first_ts, 0,
	    m[0].average, { cluster->ids.p, cluster->first_id_n } };

	for (uint32_t i = 1; i < v->n; i++)
		if (m[i].ts - m[i - 1].ts > out.gap_ms)
			out.gap_ms = m[i].ts - m[i - 1].ts;
	return out;
}

void
why_join(struct why *why, const struct cluster *cluster,
    const struct cluster_verdict *v)
{
	why->cluster = why_cluster_of(cluster, v);
	free(why->anchor);
	why->anchor = buf_dup(why->cluster.anchor.p, why->cluster.anchor.n);
	why->cluster.anchor.p = why->anchor;
}

uint64_t
why_digest(struct slice config)
{
	return hash_bytes(HASH_START, config.p, config.n);
}

/* ---- pieces ---- */

static void
why_open(struct buf *dst, const struct classify_options *options)
{
	char text[20];
	int n = snprintf(text, sizeof(text), "%016" PRIx64, options->digest);

	emit_object(dst, KEY_why);
	emit_word(dst, KEY_config, text, (size_t)n);
}

/* Opens the reasons of one tag.  rule: section of domain.md and name. */
static void
why_entry(struct buf *dst, enum key key, const char *section,
    const char *rule)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%s %s", section, rule);

	emit_object(dst, key);
	emit_word(dst, KEY_rule, text, (size_t)n);
}

static void
why_quote(struct buf *dst, const struct quote_view *q, int64_t ts)
{
	emit_opt_decimal(dst, KEY_bid, q->bid_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_ask, q->ask_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_quote_timestamp, q->ts);
	if (q->ts != TRADE_NONE && q->ts <= ts)
		emit_int(dst, KEY_quote_age_ms, ts - q->ts);
}

static void
why_quote_ex(struct buf *dst, const struct quote_view *q, int64_t ts)
{
	emit_opt_decimal(dst, KEY_ex_bid, q->bid_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_ex_ask, q->ask_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_ex_quote_timestamp, q->ts);
	if (q->ts != TRADE_NONE && q->ts <= ts)
		emit_int(dst, KEY_ex_quote_age_ms, ts - q->ts);
}

static void
why_priced(struct buf *dst, const struct why_view *v)
{
	emit_decimal(dst, KEY_price, v->print->price_e4, DECIMAL_E4);
	why_quote(dst, &v->print->nbbo, v->ts);
}

static void
why_sizes(struct buf *dst, const struct quote_view *q, bool ex)
{
	emit_opt_int(dst, ex ? KEY_ex_bid_size : KEY_bid_size, q->bid_size);
	emit_opt_int(dst, ex ? KEY_ex_ask_size : KEY_ask_size, q->ask_size);
}

/* ---- quote ---- */

static void
why_quote_status(struct buf *dst, const struct why_view *v, int64_t void_ts)
{
	const struct quote_view *q = &v->print->nbbo;
	bool by_gap = q->status == QUOTE_STALE &&
	    v->ts - q->ts <= v->opt->max_quote_age_ms;

	why_entry(dst, KEY_quote_status, "3.3", by_gap ? "STALE by gap" :
	    quote_status_name(q->status));
	emit_opt_text(dst, KEY_anchor, v->anchor);
	why_quote(dst, q, v->ts);
	if (by_gap)
		emit_int(dst, KEY_void_ts, void_ts);
	else if (q->ts != TRADE_NONE && q->status != QUOTE_NONE)
		emit_int(dst, KEY_max_quote_age_s,
		    v->opt->max_quote_age_ms / 1000);
	emit_object_end(dst);
}

static void
why_location(struct buf *dst, const struct why_view *v)
{
	const struct quote_view *q = &v->print->nbbo;
	enum quote_location at = quote_locate(q, v->print->price_e4);
	int64_t position;

	why_entry(dst, KEY_price_location, "3.4", quote_location_name(at));
	if (at == QUOTE_UNKNOWN) {
		emit_str(dst, KEY_quote_status, quote_status_name(q->status));
	} else {
		why_priced(dst, v);
		if (quote_position(q, v->print->price_e4, &position))
			emit_decimal(dst, KEY_spread_position, position,
			    DECIMAL_E6);
	}
	emit_object_end(dst);
	if (quote_is_through(q, v->print->price_e4)) {
		why_entry(dst, KEY_is_through, "3.7", "is_through");
		why_priced(dst, v);
		emit_object_end(dst);
	}
	if (quote_is_wide(q)) {
		why_entry(dst, KEY_is_wide, "3.3", "is_wide");
		why_quote(dst, q, v->ts);
		emit_object_end(dst);
	}
}

/* ---- side ---- */

/* All that the rule went by; without a rule, all there was. */
static void
why_evidence(struct buf *dst, const struct why_view *v,
    enum side_method method)
{
	const struct side_print *p = v->print;
	bool all = method == SIDE_NONE;
	bool both = all || method == SIDE_SWEEP_ANCHOR;
	bool depth = all || method == SIDE_DEPTH_NBBO;

	emit_decimal(dst, KEY_price, p->price_e4, DECIMAL_E4);
	if (both || depth || method == SIDE_QUOTE_NBBO)
		why_quote(dst, &p->nbbo, v->ts);
	if (depth)
		why_sizes(dst, &p->nbbo, false);
	depth = all || method == SIDE_DEPTH_EX || method == SIDE_TSIZE_EX;
	if (method == SIDE_TSIZE_EX)
		emit_int(dst, KEY_size, p->size);
	if (both || depth || method == SIDE_QUOTE_EX)
		why_quote_ex(dst, &p->ex, v->ts);
	if (depth)
		why_sizes(dst, &p->ex, true);
	if (all || method == SIDE_TICK_ALL)
		emit_opt_decimal(dst, KEY_last_different_price, p->tick_e4,
		    DECIMAL_E4);
	if (method == SIDE_RTICK_ALL) {
		emit_opt_decimal(dst, KEY_next_different_price, p->next_e4,
		    DECIMAL_E4);
		emit_opt_int(dst, KEY_next_timestamp, v->next_ts);
		emit_int(dst, KEY_lookahead_ms, v->opt->lookahead_ms);
	}
}

static void
why_side(struct buf *dst, enum key key, const struct why_view *v,
    enum side_method method)
{
	why_entry(dst, key, "3.5", side_method_name(method));
	if (v->stack != NULL && method != SIDE_SWEEP_ANCHOR)
		emit_str(dst, KEY_stack, v->stack);
	if (method == SIDE_TSIZE_EX && v->opt->side.rule == SIDE_RULE_GSU)
		emit_int(dst, KEY_tsize_max, v->opt->side.tsize_max);
	emit_opt_text(dst, KEY_anchor, v->anchor);
	why_evidence(dst, v, method);
	emit_object_end(dst);
}

/* The member that says why a print may have no side. */
static void
why_no_side(struct buf *dst, const struct why *why)
{
	why_entry(dst, KEY_side, "3.2", "no side");
	emit_str(dst, KEY_because, why->is_cancel ? "is_cancel" :
	    why->is_cancelled ? "is_cancelled" :
	    why->is_closed ? "session" : "conditions");
	emit_object_end(dst);
}

static const char *
why_confidence_case(const struct side_print *p, enum side_method method)
{
	switch (method) {
	case SIDE_QUOTE_NBBO:
	case SIDE_QUOTE_EX:
		switch (quote_locate(method == SIDE_QUOTE_EX ? &p->ex :
		    &p->nbbo, p->price_e4)) {
		case QUOTE_AT_ASK:
		case QUOTE_AT_BID:
			return "at the quotes";
		case QUOTE_ABOVE_ASK:
		case QUOTE_BELOW_BID:
			return "outside";
		default:
			return "inside";
		}
	case SIDE_DEPTH_NBBO:
	case SIDE_DEPTH_EX:
		return "mid, by depth";
	case SIDE_TICK_ALL:
	case SIDE_RTICK_ALL:
		return "tick only";
	case SIDE_SWEEP_ANCHOR:
		return "sweep member";
	default:
		return side_method_name(method);
	}
}

static void
why_confidence(struct buf *dst, const struct why_view *v)
{
	enum side_method method = v->verdict->method;
	struct side_print plain = *v->print;

	plain.is_index = false;
	plain.flags &= ~(uint32_t)COND_AUCTION;
	why_entry(dst, KEY_side_confidence, "3.5",
	    why_confidence_case(v->print, method));
	emit_decimal(dst, KEY_prior, side_confidence(&plain, method),
	    DECIMAL_E6);
	if (method != SIDE_NONE) {
		emit_int(dst, KEY_size, v->print->size);
		emit_bool(dst, KEY_exchange_quote, v->print->ex.usable);
		if (v->print->is_index)
			emit_decimal(dst, KEY_index_factor, 5000, DECIMAL_E4);
		if (v->print->flags & COND_AUCTION)
			emit_decimal(dst, KEY_auction_factor, 8000,
			    DECIMAL_E4);
	}
	emit_object_end(dst);
}

/*
 * Who crossed the spread; only the size rule parts it from the side, so the
 * stack is asked again for a size that no quote has.
 */
static void
why_aggressor(struct buf *dst, const struct why_view *v)
{
	struct side_print other = *v->print;
	struct side_verdict plain;

	if (v->verdict->method != SIDE_TSIZE_EX) {
		why_entry(dst, KEY_aggressor_side, "3.5", "as side");
		emit_str(dst, KEY_side, side_name(v->verdict->side));
		emit_object_end(dst);
		return;
	}
	other.size = -1;
	side_decide(&v->opt->side, &other, &plain);
	why_side(dst, KEY_aggressor_side, v, plain.method);
}

/* ---- what follows from the side ---- */

/* The member by which a print is neutral, or NULL. */
static const char *
why_neutral(const struct side_print *p, const struct why *why)
{
	static const struct {
		uint32_t flag;
		const char *name;
	} flags[] = {	/* compressions are all multi-leg */
		{ COND_MULTILEG, "is_multileg" },
		{ COND_STOCK_TIED, "is_stock_tied" },
		{ COND_CROSS, "is_cross" },
		{ COND_LATE, "is_late" },
		{ COND_OUT_OF_SEQUENCE, "is_out_of_sequence" },
	};

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		if (p->flags & flags[i].flag)
			return flags[i].name;
	if (!p->is_neutral)
		return NULL;
	if (why == NULL || why->is_adjusted)
		return "is_adjusted";
	return why->is_cancel ? "is_cancel" : "is_cancelled";
}

static void
why_sentiment(struct buf *dst, const struct why_view *v,
    const struct why *why)
{
	const struct side_print *p = v->print;
	bool outside = v->opt->side.sentiment == SIDE_SENTIMENT_OUTSIDE;
	const char *neutral = outside ? NULL : why_neutral(p, why);
	enum side_sentiment sentiment = side_sentiment(&v->opt->side, p,
	    v->verdict->side);

	why_entry(dst, KEY_sentiment, "3.6", neutral != NULL ? "neutral" :
	    p->right == TRADE_NO_RIGHT ? "no option" :
	    outside ? "outside" : "side");
	if (neutral != NULL) {
		emit_str(dst, KEY_because, neutral);
	} else if (p->right != TRADE_NO_RIGHT) {
		if (outside)
			emit_str(dst, KEY_price_location, quote_location_name(
			    quote_locate(&p->nbbo, p->price_e4)));
		else
			emit_str(dst, KEY_side, side_name(v->verdict->side));
		emit_str(dst, KEY_option_type,
		    p->right == TRADE_CALL ? "call" : "put");
	}
	if (sentiment != SIDE_NEUTRAL)
		emit_decimal(dst, KEY_side_confidence,
		    v->verdict->confidence_e6, DECIMAL_E6);
	emit_object_end(dst);
}

/* |2L - 1| in millionths; 0 at a locked market's price. */
static int64_t
why_distance(const struct quote_view *q, int64_t price_e4)
{
	int64_t spread = q->ask_e4 - q->bid_e4;
	int64_t off = 2 * (price_e4 - q->bid_e4) - spread;

	if (spread == 0)
		return off == 0 ? 0 : 1000000;
	return decimal_ratio(off < 0 ? -off : off, spread, DECIMAL_E6);
}

static void
why_aggressiveness_seed(struct buf *dst, const struct why_view *v,
    enum side_aggressiveness value)
{
	why_entry(dst, KEY_aggressiveness, "3.7",
	    value == SIDE_AGGRESSIVE ? "seed through" :
	    value == SIDE_PASSIVE ? "seed at the quote" : "seed else");
	why_priced(dst, v);
	emit_object_end(dst);
}

static bool
why_at_edge(const struct why_view *v)
{
	switch (quote_locate(&v->print->nbbo, v->print->price_e4)) {
	case QUOTE_AT_ASK:
	case QUOTE_AT_BID:
	case QUOTE_ABOVE_ASK:
	case QUOTE_BELOW_BID:
		return true;
	default:
		return false;
	}
}

/* Which case of the rule, the quote being usable and the print single-leg. */
static const char *
why_aggressive_case(const struct why_view *v, enum side_aggressiveness value)
{
	switch (value) {
	case SIDE_AGGRESSIVE:
		return "at or through the quote";
	case SIDE_PASSIVE:
		return v->verdict->method == SIDE_TSIZE_EX ? "TSIZE_EX" :
		    "near the midpoint";
	default:
		return (v->print->flags & COND_AUCTION) != 0 &&
		    !why_at_edge(v) ? "auction inside" : "else";
	}
}

static void
why_aggressiveness(struct buf *dst, const struct why_view *v)
{
	const struct side_print *p = v->print;
	const struct side_verdict *verdict = v->verdict;
	enum side_aggressiveness value = side_aggressiveness(&v->opt->side, p,
	    verdict);
	enum key key = KEY_aggressiveness;

	if (v->opt->side.aggressiveness == SIDE_AGGRESSIVENESS_SEED) {
		why_aggressiveness_seed(dst, v, value);
		return;
	}
	if (!p->nbbo.usable) {
		why_entry(dst, key, "3.7", "no usable quote");
		emit_str(dst, KEY_quote_status,
		    quote_status_name(p->nbbo.status));
		emit_object_end(dst);
		return;
	}
	if (p->flags & (COND_MULTILEG | COND_CROSS)) {
		why_entry(dst, key, "3.7", "neutral");
		emit_str(dst, KEY_because, (p->flags & COND_MULTILEG) != 0 ?
		    "is_multileg" : "is_cross");
		emit_object_end(dst);
		return;
	}
	why_entry(dst, key, "3.7", why_aggressive_case(v, value));
	why_priced(dst, v);
	emit_decimal(dst, KEY_distance, why_distance(&p->nbbo, p->price_e4),
	    DECIMAL_E6);
	emit_str(dst, KEY_side, side_name(verdict->side));
	emit_str(dst, KEY_aggressor_side, side_name(verdict->aggressor));
	emit_object_end(dst);
}

/* ---- size and shape ---- */

static void
why_average(struct buf *dst, const struct classify_options *o,
    struct size_average a)
{
	why_entry(dst, KEY_avg_trade_size, "3.9",
	    size_source_name(a.source));
	if (a.source == SIZE_DEFAULT) {
		emit_int(dst, KEY_avg_default, o->size.fallback);
	} else {
		emit_int(dst, KEY_contracts, a.sum);
		emit_int(dst, KEY_prints, a.n);
		if (a.source == SIZE_CONTRACT)
			emit_int(dst, KEY_avg_contract_min,
			    o->size.contract_min);
		else
			emit_int(dst, KEY_avg_underlying_min,
			    o->size.underlying_min);
	}
	emit_object_end(dst);
}

static void
why_ratio(struct buf *dst, const struct tag *tag)
{
	emit_decimal(dst, KEY_size_ratio, decimal_ratio(tag->print.size *
	    tag->average.n, tag->average.sum, DECIMAL_E6), DECIMAL_E6);
}

static void
why_size(struct buf *dst, const struct tag *tag)
{
	const struct size_limits *s = &tag->why->opt->size;

	if (tag->has_average)
		why_average(dst, tag->why->opt, tag->average);
	if (tag->is_block) {
		bool by_size = tag->print.size >= s->block_size;

		why_entry(dst, KEY_is_block, "3.9", by_size ? "size" :
		    "average");
		emit_int(dst, KEY_size, tag->print.size);
		if (by_size) {
			emit_int(dst, KEY_block_size, s->block_size);
		} else {
			emit_int(dst, KEY_block_floor, s->block_floor);
			why_ratio(dst, tag);
			emit_decimal(dst, KEY_block_mult, s->block_mult_e4,
			    DECIMAL_E4);
		}
		emit_object_end(dst);
	}
	if (tag->is_large) {
		why_entry(dst, KEY_is_large, "3.9", "large");
		emit_int(dst, KEY_size, tag->print.size);
		emit_int(dst, KEY_large_floor, s->large_floor);
		why_ratio(dst, tag);
		emit_decimal(dst, KEY_large_mult, s->large_mult_e4,
		    DECIMAL_E4);
		emit_object_end(dst);
	}
}

static void
why_split(struct buf *dst, const struct cluster_limits *limits,
    const struct why_cluster *c)
{
	emit_int(dst, KEY_n_exchanges, c->exchanges);
	emit_int(dst, KEY_n_prints, c->prints);
	emit_int(dst, KEY_split_min_prints, limits->split_min_prints);
	emit_int(dst, KEY_size, c->size);
	emit_int(dst, KEY_split_min_size, limits->split_min_size);
	emit_decimal(dst, KEY_avg_trade_size, decimal_ratio(c->average.sum,
	    c->average.n, DECIMAL_E6), DECIMAL_E6);
}

/* key: is_sweep, is_split; kind or event_type of a made record. */
static void
why_cluster(struct buf *dst, enum key key, const struct classify_options *o,
    const struct why_cluster *c)
{
	const struct cluster_limits *limits = &o->cluster;

	if (c->kind == CLUSTER_SPLIT)
		why_entry(dst, key, "3.10", "SPLIT");
	else
		why_entry(dst, key, "3.10",
		    cluster_evidence_name(c->evidence));
	emit_text(dst, KEY_anchor, c->anchor);
	emit_int(dst, KEY_span_ms, c->span_ms);
	emit_int(dst, KEY_sweep_window_ms, limits->window_ms);
	if (c->kind == CLUSTER_SPLIT) {
		why_split(dst, limits, c);
		emit_object_end(dst);
		return;
	}
	emit_int(dst, KEY_n_exchanges, c->exchanges);
	emit_int(dst, KEY_sweep_min_exchanges, limits->min_exchanges);
	emit_int(dst, KEY_size, c->size);
	emit_int(dst, KEY_sweep_min_size, limits->min_size);
	if (c->evidence == CLUSTER_BURST) {
		emit_int(dst, KEY_gap_ms, c->gap_ms);
		emit_int(dst, KEY_burst_gap_ms, limits->burst_gap_ms);
	} else if (c->evidence == CLUSTER_ISO) {
		emit_int(dst, KEY_iso_prints, c->iso);
	} else {
		emit_str(dst, KEY_sweep_evidence, "any");
	}
	emit_object_end(dst);
}

/* The vendor's word; condition is what it used. */
static void
why_vendor(struct buf *dst, enum key key, const char *condition)
{
	why_entry(dst, key, "3.2", "VENDOR");
	emit_str(dst, KEY_condition, condition);
	emit_object_end(dst);
}

static void
why_class(struct buf *dst, const struct tag *tag)
{
	const struct why *why = tag->why;
	bool vendor = (tag->print.flags & COND_VENDOR_SWEEP) != 0;
	const struct {
		bool holds;
		const char *name;
	} of[] = {
		{ tag->kind == CLUSTER_SWEEP || vendor, "is_sweep" },
		{ tag->is_block, "is_block" },
		{ tag->kind == CLUSTER_SPLIT, "is_split" },
		{ tag->is_large, "is_large" },
	};

	why_entry(dst, KEY_trade_type, "3.9", "precedence");
	emit_array(dst, KEY_of);
	for (size_t i = 0; i < sizeof(of) / sizeof(*of); i++)
		if (of[i].holds)
			emit_item(dst, (struct slice){ of[i].name,
			    strlen(of[i].name) });
	emit_array_end(dst);
	emit_object_end(dst);
	if (tag->kind == CLUSTER_SWEEP)
		why_cluster(dst, KEY_is_sweep, why->opt, &why->cluster);
	else if (vendor)
		why_vendor(dst, KEY_is_sweep, why->vendor);
	if (tag->kind == CLUSTER_SPLIT)
		why_cluster(dst, KEY_is_split, why->opt, &why->cluster);
}

static void
why_conditions(struct buf *dst, const struct tag *tag)
{
	const struct why *why = tag->why;

	for (size_t i = 0; i < TAG_FLAGS; i++) {
		if (why->condition[i][0] == '\0')
			continue;
		why_entry(dst, tag_flags[i].key, "3.2", "condition");
		emit_str(dst, KEY_condition, why->condition[i]);
		emit_object_end(dst);
	}
	if (tag->is_cancelled) {
		why_entry(dst, KEY_is_cancelled, why->is_cancelled ? "1.2" :
		    "3.2", why->is_cancelled ? "input" : "cancel");
		emit_object_end(dst);
	}
	if (tag->is_late_arrival) {
		why_entry(dst, KEY_is_late_arrival, "0.3", "watermark");
		emit_int(dst, KEY_watermark, why->watermark);
		emit_object_end(dst);
	} else if (why->is_late_arrival) {
		why_entry(dst, KEY_is_late_arrival, "1.2", "input");
		emit_object_end(dst);
	}
}

/* ---- volume ---- */

/* The mean that the baseline gives, and what the day has come to. */
static void
why_mean(struct buf *dst, const struct tag *tag)
{
	const struct volume_usual *level = &tag->why->level;

	emit_int(dst, KEY_day_volume, tag->day_volume);
	emit_decimal(dst, KEY_adv20, level->adv20_e6, DECIMAL_E6);
	emit_int(dst, KEY_adv20_sessions, level->sessions);
}

static void
why_ratios(struct buf *dst, const struct tag *tag)
{
	const struct volume_usual *level = &tag->why->level;

	if (tag->volume.ratio_e6 != TRADE_NONE) {
		why_entry(dst, KEY_volume_ratio, "3.11", "baseline");
		why_mean(dst, tag);
		emit_object_end(dst);
	}
	if (tag->volume.ratio_tod_e6 != TRADE_NONE) {
		why_entry(dst, KEY_volume_ratio_tod, "3.11", "baseline");
		why_mean(dst, tag);
		emit_decimal(dst, KEY_usual_share, level->share_e6,
		    DECIMAL_E6);
		emit_decimal(dst, KEY_usual_share_min, VOLUME_SHARE_MIN_E6,
		    DECIMAL_E6);
		emit_object_end(dst);
	}
}

static void
why_volume(struct buf *dst, const struct tag *tag)
{
	const struct why *why = tag->why;
	const struct volume_limits *limits = &why->opt->volume;
	int64_t oi = why->open_interest;

	if (tag->volume.by_average) {
		why_entry(dst, KEY_is_unusual_volume, "3.11", "adv20");
		why_mean(dst, tag);
		emit_decimal(dst, KEY_unusual_mult, limits->unusual_mult_e4,
		    DECIMAL_E4);
		emit_int(dst, KEY_unusual_min, limits->unusual_min);
		emit_object_end(dst);
	} else if (tag->volume.is_unusual) {
		why_entry(dst, KEY_is_unusual_volume, "3.11", "V/OI");
		emit_int(dst, KEY_day_volume, tag->day_volume);
		emit_int(dst, KEY_vol_oi_min_volume,
		    limits->vol_oi_min_volume);
		emit_int(dst, KEY_open_interest, oi);
		emit_int(dst, KEY_vol_oi_min_oi, limits->vol_oi_min_oi);
		emit_decimal(dst, KEY_vol_oi_ratio, tag->volume.oi_ratio_e6,
		    DECIMAL_E6);
		emit_decimal(dst, KEY_vol_oi_min, limits->vol_oi_min_e4,
		    DECIMAL_E4);
		emit_decimal(dst, KEY_price, tag->print.price_e4, DECIMAL_E4);
		emit_decimal(dst, KEY_price_above, 1000, DECIMAL_E4);
		emit_object_end(dst);
	}
	why_ratios(dst, tag);
	if (tag->volume.gt_oi) {
		why_entry(dst, KEY_vol_gt_oi, "3.11", "vol_gt_oi");
		emit_int(dst, KEY_day_volume, tag->day_volume);
		emit_int(dst, KEY_open_interest, oi);
		emit_object_end(dst);
	}
	if (!why->counted || oi == TRADE_NONE) {
		why_entry(dst, KEY_opening, "3.12", why->counted ?
		    "no open interest" : "not counted");
		emit_object_end(dst);
		return;
	}
	why_entry(dst, KEY_opening, "3.12",
	    volume_opening_name(tag->volume.opening));
	emit_int(dst, KEY_size, tag->print.size);
	emit_int(dst, KEY_volume_before, tag->volume_before);
	emit_int(dst, KEY_open_interest, oi);
	emit_object_end(dst);
}

/* ---- whole records ---- */

void
why_write(struct buf *dst, const struct tag *tag)
{
	const struct why *why = tag->why;
	struct why_view v = { why->opt, &tag->print, &tag->verdict,
	    side_rule_names[why->opt->side.rule], { NULL, 0 },
	    why->timestamp, why->next_ts };

	if (tag->kind == CLUSTER_SWEEP)
		v.anchor = why->cluster.anchor;
	why_open(dst, why->opt);
	why_quote_status(dst, &v, why->void_ts);
	why_location(dst, &v);
	if (tag->print.eligible || tag->kind == CLUSTER_SWEEP)
		why_side(dst, KEY_side, &v, tag->verdict.method);
	else
		why_no_side(dst, why);
	why_confidence(dst, &v);
	why_aggressor(dst, &v);
	why_sentiment(dst, &v, why);
	why_aggressiveness(dst, &v);
	why_class(dst, tag);
	why_size(dst, tag);
	why_conditions(dst, tag);
	why_volume(dst, tag);
	emit_object_end(dst);
}

void
why_sweep(struct buf *dst, const struct classify_options *options,
    const struct series_cluster *cc, const struct cluster_verdict *v,
    const struct side_print *print, const struct side_verdict *verdict)
{
	struct why_cluster c = why_cluster_of(&cc->cluster, v);
	struct why_view view = { options, print, verdict, NULL, c.anchor,
	    cc->cluster.first_ts, TRADE_NONE };

	why_open(dst, options);
	if (v->evidence == CLUSTER_VENDOR)
		why_vendor(dst, KEY_kind, (print->flags &
		    COND_VENDOR_MULTILEG) != 0 ? "MLTI" : "SWEEP");
	else
		why_cluster(dst, KEY_kind, options, &c);
	why_side(dst, KEY_side, &view, verdict->method);
	why_confidence(dst, &view);
	why_aggressor(dst, &view);
	why_sentiment(dst, &view, NULL);
	emit_object_end(dst);
}

void
why_sweep_event(struct buf *dst, const struct classify_options *options,
    const struct cluster *cluster, const struct cluster_verdict *v)
{
	struct why_cluster c = why_cluster_of(cluster, v);

	why_open(dst, options);
	if (v->evidence == CLUSTER_VENDOR)
		why_vendor(dst, KEY_event_type, (cluster->member[v->first].
		    flags & COND_VENDOR_MULTILEG) != 0 ? "MLTI" : "SWEEP");
	else
		why_cluster(dst, KEY_event_type, options, &c);
	emit_object_end(dst);
}

void
why_block_event(struct buf *dst, const struct classify_options *options,
    int64_t size)
{
	why_open(dst, options);
	why_entry(dst, KEY_event_type, "3.9", "event BLOCK");
	emit_int(dst, KEY_size, size);
	emit_int(dst, KEY_event_block_size, options->event_block_size);
	emit_object_end(dst);
	emit_object_end(dst);
}

void
why_aggressive(struct buf *dst, const struct classify_options *options,
    const struct ratio_window *window)
{
	why_open(dst, options);
	why_entry(dst, KEY_event_type, "3.8", "event AGGRESSIVE");
	emit_int(dst, KEY_at_ask, window->at_ask);
	emit_int(dst, KEY_eligible, window->eligible);
	emit_decimal(dst, KEY_aggressive_threshold,
	    options->aggressive_threshold_e6, DECIMAL_E6);
	emit_int(dst, KEY_aggressive_min, options->aggressive_min);
	emit_object_end(dst);
	emit_object_end(dst);
}
