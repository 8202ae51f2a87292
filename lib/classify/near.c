#include "classify/near.h"

#include "classify/classify.h"
#include "classify/why.h"
#include "record/emit.h"

/* The list being written; it begins with its first text. */
struct near_list {
	struct buf *dst;
	bool begun;
};

static void
near_add(struct near_list *list, struct slice text)
{
	if (!list->begun)
		emit_array(list->dst, KEY_near_miss);
	list->begun = true;
	emit_item(list->dst, text);
}

static void
near_number(struct buf *text, int64_t value, int scale)
{
	buf_reserve(text, DECIMAL_TEXT);
	text->n += decimal_print(text->p + text->n, value, scale);
}

/*
 * "rule: what VALUE than threshold LIMIT".  than: how the value stands to the
 * threshold, which is why the rule failed.
 */
static void
near_tell(struct near_list *list, const char *what, int64_t value,
    int scale, const char *than, int64_t limit, int limit_scale)
{
	struct buf text = BUF_INIT;

	buf_fmt(&text, "%s ", what);
	near_number(&text, value, scale);
	buf_fmt(&text, " %s ", than);
	near_number(&text, limit, limit_scale);
	near_add(list, (struct slice){ text.p, text.n });
	buf_free(&text);
}

/* Within a tenth of the limit from below, or one unit of it. */
static bool
near_is_close(int64_t value, int64_t limit)
{
	return value + 1 >= limit || (__int128)10 * value >=
	    (__int128)9 * limit;
}

/* Least size that is times the average. */
static int64_t
near_times(struct size_average a, int64_t times_e4)
{
	__int128 den = (__int128)a.n * 10000;

	return (int64_t)(((__int128)times_e4 * a.sum + den - 1) / den);
}

/* A rule of a floor and a multiple of the average, one of them missed. */
struct near_size {
	bool close;
	bool by_floor;
	int64_t missing;		/* contracts */
};

static struct near_size
near_size_of(const struct tag *tag, int64_t floor, int64_t mult_e4)
{
	int64_t size = tag->print.size;
	int64_t need = near_times(tag->average, mult_e4);
	struct near_size out = { false, size < floor, 0 };

	if ((size < floor) == (size < need))
		return out;
	if (out.by_floor)
		need = floor;
	out.missing = need - size;
	out.close = near_is_close(size, need);
	return out;
}

static void
near_tell_size(struct near_list *list, const struct tag *tag,
    struct near_size near, const char *const what[2], int64_t floor,
    int64_t mult_e4)
{
	if (near.by_floor)
		near_tell(list, what[0], tag->print.size, 0, what[1], floor,
		    0);
	else
		near_tell(list, what[0], decimal_ratio(tag->print.size *
		    tag->average.n, tag->average.sum, DECIMAL_E6), DECIMAL_E6,
		    what[1], mult_e4, DECIMAL_E4);
}

/* True when the print was near a block, which is then told. */
static bool
near_block(struct near_list *list, const struct tag *tag)
{
	const struct size_limits *s = &tag->why->opt->size;
	const char *const floor[] = { "block: size", "< block_floor" };
	const char *const mult[] = { "block: size_ratio", "< block_mult" };
	struct near_size near = near_size_of(tag, s->block_floor,
	    s->block_mult_e4);
	int64_t size = tag->print.size;

	if (near_is_close(size, s->block_size) && (!near.close ||
	    s->block_size - size <= near.missing))
		near_tell(list, "block: size", size, 0, "< block_size",
		    s->block_size, 0);
	else if (near.close)
		near_tell_size(list, tag, near, near.by_floor ? floor : mult,
		    s->block_floor, s->block_mult_e4);
	else
		return false;
	return true;
}

static void
near_sizes(struct near_list *list, const struct tag *tag)
{
	const struct classify_options *o = tag->why->opt;
	const char *const floor[] = { "large: size", "< large_floor" };
	const char *const mult[] = { "large: size_ratio", "< large_mult" };
	int64_t size = tag->print.size;
	struct near_size near;

	if (tag->is_block || near_block(list, tag))
		return;
	if (tag->why->in_flow && size < o->event_block_size &&
	    near_is_close(size, o->event_block_size)) {
		near_tell(list, "block event: size", size, 0,
		    "< event_block_size", o->event_block_size, 0);
		return;
	}
	if (tag->is_large)
		return;
	near = near_size_of(tag, o->size.large_floor, o->size.large_mult_e4);
	if (near.close)
		near_tell_size(list, tag, near, near.by_floor ? floor : mult,
		    o->size.large_floor, o->size.large_mult_e4);
}

/* Volume to open interest: four conditions, one of them missed. */
static void
near_unusual(struct near_list *list, const struct tag *tag)
{
	const struct volume_limits *v = &tag->why->opt->volume;
	int64_t oi = tag->why->open_interest, volume = tag->day_volume;
	int64_t price = tag->print.price_e4;
	bool ratio = (__int128)volume * 10000 >=
	    (__int128)v->vol_oi_min_e4 * oi;
	int failed = !ratio + (volume < v->vol_oi_min_volume) +
	    (oi < v->vol_oi_min_oi) + (price <= 1000);

	if (failed != 1)
		return;
	if (!ratio && (__int128)volume * 100000 >=
	    (__int128)9 * v->vol_oi_min_e4 * oi)
		near_tell(list, "unusual volume: vol_oi_ratio",
		    tag->volume.oi_ratio_e6, DECIMAL_E6, "< vol_oi_min",
		    v->vol_oi_min_e4, DECIMAL_E4);
	else if (volume < v->vol_oi_min_volume &&
	    near_is_close(volume, v->vol_oi_min_volume))
		near_tell(list, "unusual volume: day_volume", volume, 0,
		    "< vol_oi_min_volume", v->vol_oi_min_volume, 0);
	else if (oi < v->vol_oi_min_oi &&
	    near_is_close(oi, v->vol_oi_min_oi))
		near_tell(list, "unusual volume: open_interest", oi, 0,
		    "< vol_oi_min_oi", v->vol_oi_min_oi, 0);
	else if (price <= 1000 && price >= 900)
		near_tell(list, "unusual volume: price", price, DECIMAL_E4,
		    "<=", 1000, DECIMAL_E4);
}

/* Volume to its mean: two conditions, one of them missed. */
static void
near_average(struct near_list *list, const struct tag *tag)
{
	const struct volume_limits *v = &tag->why->opt->volume;
	int64_t volume = tag->day_volume;
	__int128 have = (__int128)volume * INT64_C(10000000000);
	__int128 need = (__int128)v->unusual_mult_e4 *
	    tag->why->level.adv20_e6;

	if ((have > need) == (volume >= v->unusual_min))
		return;
	if (have <= need && 10 * have >= 9 * need)
		near_tell(list, "unusual volume: volume_ratio",
		    tag->volume.ratio_e6, DECIMAL_E6, "<= unusual_mult",
		    v->unusual_mult_e4, DECIMAL_E4);
	else if (have > need && near_is_close(volume, v->unusual_min))
		near_tell(list, "unusual volume: day_volume", volume, 0,
		    "< unusual_min", v->unusual_min, 0);
}

static void
near_volume(struct near_list *list, const struct tag *tag)
{
	const struct why *why = tag->why;
	int64_t held;

	if (!tag->volume.is_unusual && why->has_level)
		near_average(list, tag);
	if (!why->counted || why->open_interest == TRADE_NONE)
		return;
	if (!tag->volume.is_unusual && why->open_interest > 0)
		near_unusual(list, tag);
	held = why->open_interest + tag->volume_before;
	if (tag->volume.opening != VOLUME_PROVEN &&
	    near_is_close(tag->print.size, held))
		near_tell(list, "opening: size", tag->print.size, 0,
		    "<= open_interest + volume_before", held, 0);
}

void
near_write(struct buf *dst, const struct tag *tag)
{
	struct near_list list = { dst, false };

	if (tag->has_average)
		near_sizes(&list, tag);
	near_volume(&list, tag);
	if (list.begun)
		emit_array_end(dst);
}

/* ---- clusters ---- */

/* What the cluster would have been by other limits. */
static bool
near_would_be(struct cluster *cluster, const struct cluster_limits *limits,
    enum cluster_kind kind, struct cluster_verdict *v)
{
	cluster_judge(cluster, limits, v);
	return v->kind == kind && v->n > 1;
}

/* The least pause that would have made it a burst, ms. */
static int64_t
near_gap(struct cluster *cluster, struct cluster_limits limits,
    struct cluster_verdict *v)
{
	int64_t low = limits.burst_gap_ms, high = limits.window_ms;

	while (low + 1 < high) {
		limits.burst_gap_ms = low + (high - low) / 2;
		cluster_judge(cluster, &limits, v);
		if (v->kind == CLUSTER_SWEEP)
			high = limits.burst_gap_ms;
		else
			low = limits.burst_gap_ms;
	}
	limits.burst_gap_ms = high;
	cluster_judge(cluster, &limits, v);
	return high;
}

/* Judges again with one limit at a time out of the way. */
static bool
near_sweep(struct near_list *list, struct cluster *cluster,
    const struct cluster_limits *limits, struct cluster_verdict *v)
{
	struct cluster_limits other = *limits;

	other.min_size = 0;
	if (near_would_be(cluster, &other, CLUSTER_SWEEP, v)) {
		near_tell(list, "sweep: size", v->size, 0, "< sweep_min_size",
		    limits->min_size, 0);
		return true;
	}
	other = *limits;
	other.burst_gap_ms = limits->window_ms;
	if (near_would_be(cluster, &other, CLUSTER_SWEEP, v)) {
		near_tell(list, "sweep: gap_ms", near_gap(cluster, *limits, v),
		    0, "> burst_gap_ms", limits->burst_gap_ms, 0);
		return true;
	}
	other = *limits;
	other.min_exchanges--;
	if (other.min_exchanges > 0 &&
	    near_would_be(cluster, &other, CLUSTER_SWEEP, v)) {
		near_tell(list, "sweep: n_exchanges", v->exchanges, 0,
		    "< sweep_min_exchanges", limits->min_exchanges, 0);
		return true;
	}
	return false;
}

static bool
near_split(struct near_list *list, struct cluster *cluster,
    const struct cluster_limits *limits, struct cluster_verdict *v)
{
	struct cluster_limits other = *limits;

	other.split_min_prints--;
	if (near_would_be(cluster, &other, CLUSTER_SPLIT, v)) {
		near_tell(list, "split: n_prints", v->n, 0,
		    "< split_min_prints", limits->split_min_prints, 0);
		return true;
	}
	other = *limits;
	other.split_min_size = 0;
	if (near_would_be(cluster, &other, CLUSTER_SPLIT, v) &&
	    near_is_close(v->size, limits->split_min_size)) {
		near_tell(list, "split: size", v->size, 0, "< split_min_size",
		    limits->split_min_size, 0);
		return true;
	}
	return false;
}

bool
near_cluster(struct buf *dst, const struct classify_options *options,
    struct series_cluster *cc)
{
	const struct cluster *cluster = &cc->cluster;
	struct buf text = BUF_INIT;
	struct near_list list = { &text, false };
	struct cluster_verdict v;
	const struct cluster_member *m;

	if (cluster->n < 2 || (!near_sweep(&list, &cc->cluster,
	    &options->cluster, &v) && !near_split(&list, &cc->cluster,
	    &options->cluster, &v)))
		return false;
	emit_array_end(&text);
	m = cluster->member + v.first;
	emit_open(dst, "near_miss");
	buf_add(dst, cc->contract->identity.p, cc->contract->identity.n);
	buf_add(dst, text.p, text.n);
	buf_free(&text);
	emit_int(dst, KEY_timestamp, m[v.n - 1].ts);
	emit_int(dst, KEY_first_ts, m[0].ts);
	emit_int(dst, KEY_last_ts, m[v.n - 1].ts);
	emit_int(dst, KEY_n_prints, v.n);
	emit_int(dst, KEY_n_exchanges, v.exchanges);
	emit_int(dst, KEY_size, v.size);
	emit_decimal(dst, KEY_premium, v.premium_e4, DECIMAL_E4);
	emit_array(dst, KEY_trade_ids);
	for (uint32_t i = 0; i < v.n; i++)
		emit_item(dst, (struct slice){ cluster->ids.p + m[i].id_at,
		    m[i].id_n });
	emit_array_end(dst);
	emit_str(dst, KEY_side, side_name(cluster->side));
	emit_close(dst);
	return true;
}

bool
near_window(struct buf *dst, const struct classify_options *options,
    const struct series *contract, const struct ratio_window *window,
    int64_t end)
{
	struct buf text = BUF_INIT;
	struct near_list list = { &text, false };
	int64_t ratio = 0, threshold = options->aggressive_threshold_e6;
	bool at_ask = ratio_is_aggressive(window, threshold, 0, &ratio);
	bool enough = window->eligible >= options->aggressive_min;

	if (window->eligible <= 0 || at_ask == enough)
		return false;
	if (enough && 10 * ratio >= 9 * threshold)
		near_tell(&list, "aggressive: aggressive_ratio", ratio,
		    DECIMAL_E6, "< aggressive_threshold", threshold,
		    DECIMAL_E6);
	else if (!enough && near_is_close(window->eligible,
	    options->aggressive_min))
		near_tell(&list, "aggressive: size", window->eligible, 0,
		    "< aggressive_min", options->aggressive_min, 0);
	else
		return false;
	emit_array_end(&text);
	emit_open(dst, "near_miss");
	buf_add(dst, contract->identity.p, contract->identity.n);
	buf_add(dst, text.p, text.n);
	buf_free(&text);
	emit_int(dst, KEY_timestamp, end);
	emit_int(dst, KEY_window_start, window->start);
	emit_int(dst, KEY_window_end, end);
	emit_int(dst, KEY_size, window->eligible);
	emit_decimal(dst, KEY_premium, window->premium_e4, DECIMAL_E4);
	emit_close(dst);
	return true;
}
