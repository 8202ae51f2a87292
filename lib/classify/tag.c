#include "classify/tag.h"

#include "classify/classify.h"
#include "classify/near.h"
#include "classify/why.h"

const struct tag_flag tag_flags[TAG_FLAGS] = {
	{ COND_ISO, KEY_is_iso },
	{ COND_AUCTION, KEY_is_auction },
	{ COND_CROSS, KEY_is_cross },
	{ COND_FLOOR, KEY_is_floor },
	{ COND_MULTILEG, KEY_is_multileg },
	{ COND_STOCK_TIED, KEY_is_stock_tied },
	{ COND_LATE, KEY_is_late },
	{ COND_OUT_OF_SEQUENCE, KEY_is_out_of_sequence },
	{ COND_EXTENDED, KEY_is_extended },
};

void
tag_keys(struct key_set *set)
{
	static const enum key keys[] = {
#define KEY(name) KEY_##name,
		KEY_LIST_TAGS(KEY)
#undef KEY
	};

	*set = (struct key_set){ { 0 } };
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		key_set_add(set, keys[i]);
}

void
tag_words_init(struct tag_words *words)
{
	static const char *const types[TAG_TYPES] = {
		"REGULAR", "LARGE", "SPLIT", "BLOCK", "SWEEP"
	};

#define NAMES(member, key, type, name) \
	for (size_t i = 0; i < sizeof(words->member) / \
	    sizeof(*words->member); i++) \
		emit_fix_str(&words->member[i], KEY_##key, name((type)i))
	NAMES(status, quote_status, enum quote_status, quote_status_name);
	NAMES(location, price_location, enum quote_location,
	    quote_location_name);
	NAMES(method, side_method, enum side_method, side_method_name);
	NAMES(side, side, enum side, side_name);
	NAMES(aggressor, aggressor_side, enum side, side_name);
	NAMES(sentiment, sentiment, enum side_sentiment, side_sentiment_name);
	NAMES(aggressiveness, aggressiveness, enum side_aggressiveness,
	    side_aggressiveness_name);
	NAMES(source, avg_size_source, enum size_source, size_source_name);
	NAMES(opening, opening, enum volume_opening, volume_opening_name);
#undef NAMES
	for (size_t i = 0; i < TAG_TYPES; i++)
		emit_fix_str(&words->type[i], KEY_trade_type, types[i]);
	for (int i = 0; i < 2; i++) {
		emit_fix_bool(&words->is_sweep[i], KEY_is_sweep, i);
		emit_fix_bool(&words->is_block[i], KEY_is_block, i);
		emit_fix_bool(&words->is_above_ask[i], KEY_is_above_ask, i);
		emit_fix_bool(&words->is_below_bid[i], KEY_is_below_bid, i);
		emit_fix_bool(&words->is_unusual[i], KEY_is_unusual_volume,
		    i);
	}
}

static void
tag_write_side(struct buf *dst, const struct tag *tag,
    const struct tag_words *words, enum quote_location at)
{
	const struct side_print *print = &tag->print;
	const struct quote_view *q = &print->nbbo;
	enum side_sentiment sentiment = side_sentiment(tag->rules,
	    print, tag->verdict.side);
	int64_t position;

	emit_opt_int(dst, KEY_quote_age_ms, q->age_ms);
	emit_fixed(dst, &words->status[q->status]);
	if (quote_position(q, print->price_e4, &position))
		emit_decimal(dst, KEY_spread_position, position, DECIMAL_E6);
	emit_fixed(dst, &words->location[at]);
	emit_fixed(dst, &words->side[tag->verdict.side]);
	emit_fixed(dst, &words->method[tag->verdict.method]);
	emit_decimal(dst, KEY_side_confidence, tag->verdict.confidence_e6,
	    DECIMAL_E6);
	emit_fixed(dst, &words->aggressor[tag->verdict.aggressor]);
	emit_fixed(dst, &words->sentiment[sentiment]);
	emit_decimal(dst, KEY_sentiment_weight, side_weight_e6(&tag->verdict,
	    sentiment), DECIMAL_E6);
	emit_fixed(dst, &words->aggressiveness[side_aggressiveness(tag->rules,
	    print, &tag->verdict)]);
}

static enum tag_type
tag_type_of(const struct tag *tag, bool is_sweep)
{
	if (is_sweep)
		return TAG_SWEEP;
	if (tag->is_block)
		return TAG_BLOCK;
	if (tag->kind == CLUSTER_SPLIT)
		return TAG_SPLIT;
	return tag->is_large ? TAG_LARGE : TAG_REGULAR;
}

static void
tag_write_class(struct buf *dst, const struct tag *tag,
    const struct tag_words *words, enum quote_location at)
{
	bool is_sweep = tag->kind == CLUSTER_SWEEP ||
	    (tag->print.flags & COND_VENDOR_SWEEP) != 0;

	emit_fixed(dst, &words->type[tag_type_of(tag, is_sweep)]);
	emit_opt_text(dst, KEY_sweep_id, tag->sweep_id);
	emit_fixed(dst, &words->is_sweep[is_sweep]);
	emit_fixed(dst, &words->is_block[tag->is_block]);
	emit_opt_true(dst, KEY_is_split, tag->kind == CLUSTER_SPLIT);
	emit_opt_true(dst, KEY_is_large, tag->is_large);
	emit_fixed(dst, &words->is_above_ask[at == QUOTE_ABOVE_ASK]);
	emit_fixed(dst, &words->is_below_bid[at == QUOTE_BELOW_BID]);
	emit_opt_true(dst, KEY_is_at_ask, tag->print.nbbo.usable &&
	    tag->print.price_e4 == tag->print.nbbo.ask_e4);
	emit_opt_true(dst, KEY_is_at_bid, tag->print.nbbo.usable &&
	    tag->print.price_e4 == tag->print.nbbo.bid_e4);
	emit_opt_true(dst, KEY_is_through, quote_is_through(&tag->print.nbbo,
	    tag->print.price_e4));
	emit_opt_true(dst, KEY_is_wide, quote_is_wide(&tag->print.nbbo));
}

static void
tag_write_flags(struct buf *dst, const struct tag *tag)
{
	for (size_t i = 0; i < TAG_FLAGS; i++)
		emit_opt_true(dst, tag_flags[i].key,
		    (tag->print.flags & tag_flags[i].flag) != 0);
	emit_opt_true(dst, KEY_is_cancelled, tag->is_cancelled);
}

static void
tag_write_size(struct buf *dst, const struct tag *tag,
    const struct tag_words *words)
{
	const struct size_average *a = &tag->average;

	if (!tag->has_average)
		return;
	emit_decimal(dst, KEY_avg_trade_size, decimal_ratio(a->sum, a->n,
	    DECIMAL_E6), DECIMAL_E6);
	emit_fixed(dst, &words->source[a->source]);
	emit_decimal(dst, KEY_size_ratio, decimal_ratio(
	    tag->print.size * a->n, a->sum, DECIMAL_E6), DECIMAL_E6);
}

static void
tag_write_volume(struct buf *dst, const struct tag *tag,
    const struct tag_words *words)
{
	const struct volume_verdict *v = &tag->volume;

	emit_fixed(dst, &words->is_unusual[v->is_unusual]);
	emit_opt_decimal(dst, KEY_volume_ratio, v->ratio_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_volume_ratio_tod, v->ratio_tod_e6,
	    DECIMAL_E6);
	emit_opt_decimal(dst, KEY_vol_oi_ratio, v->oi_ratio_e6, DECIMAL_E6);
	emit_opt_true(dst, KEY_vol_gt_oi, v->gt_oi);
	emit_fixed(dst, &words->opening[v->opening]);
	emit_opt_int(dst, KEY_opening_min, v->opening_min);
}

static void
tag_write_why(struct buf *dst, const struct tag *tag)
{
	if (tag->why->opt->why)
		why_write(dst, tag);
	if (tag->why->opt->near_miss)
		near_write(dst, tag);
}

void
tag_write(struct buf *dst, const struct tag *tag,
    const struct tag_words *words)
{
	enum quote_location at = quote_locate(&tag->print.nbbo,
	    tag->print.price_e4);

	emit_opt_text(dst, KEY_trade_id, tag->trade_id);
	emit_opt_true(dst, KEY_is_late_arrival, tag->is_late_arrival);
	emit_opt_int(dst, KEY_volume_before, tag->volume_before);
	emit_opt_int(dst, KEY_day_volume, tag->day_volume);
	emit_int(dst, KEY_decision_ts, tag->decision_ts);
	tag_write_side(dst, tag, words, at);
	tag_write_class(dst, tag, words, at);
	tag_write_flags(dst, tag);
	tag_write_size(dst, tag, words);
	tag_write_volume(dst, tag, words);
	if (tag->why != NULL)
		tag_write_why(dst, tag);
}

void
tag_anchor(struct tag *tag, const struct cluster *cluster, int64_t ts)
{
	tag->print.nbbo = cluster->nbbo;
	tag->print.ex = cluster->ex;
	if (cluster->nbbo.age_ms != TRADE_NONE)
		tag->print.nbbo.age_ms = ts - cluster->nbbo.ts;
	side_sweep(cluster->side, &tag->print, &tag->verdict);
	tag->kind = CLUSTER_SWEEP;
}
