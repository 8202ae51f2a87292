#include "report/prove.h"

#include "base/decimal.h"

void
prove_limits_init(struct prove_limits *limits)
{
	*limits = (struct prove_limits){
		.max_quote_age_ms = 60000,
		.tsize_max = 99,
		.block_size = 500, .block_floor = 100, .large_floor = 10,
		.block_mult_e4 = 50000, .large_mult_e4 = 20000,
		.unusual_mult_e4 = 20000, .unusual_min = 100,
		.vol_oi_min_e4 = 12500, .vol_oi_min_volume = 500,
		.vol_oi_min_oi = 100,
		.sweep_window_ms = 2000, .sweep_min_exchanges = 2,
		.sweep_min_size = 10, .burst_gap_ms = 100,
		.split_min_prints = 3, .split_min_size = 50,
		.put_sweep_e4 = INT64_C(250000000),
		.put_block_e4 = INT64_C(5000000000),
		.call_flow_e4 = INT64_C(10000000000),
		.flow_min_e4 = INT64_C(2500000000),
		.volume_min_e4 = INT64_C(250000000),
		.trades_min = 20, .oi_change_min = 1000,
	};
}

/* a / b against ratio / 10,000: below 0, 0, above 0. */
static int
prove_compare(int64_t a, int64_t b, int64_t ratio_e4)
{
	__int128 left = (__int128)a * 10000, right = (__int128)b * ratio_e4;

	return (left > right) - (left < right);
}

/* ---- the quote ---- */

const char *
prove_status(const struct prove_limits *limits, const struct prove_quote *q)
{
	bool no_bid = q->bid_e4 == TRADE_NONE, no_ask = q->ask_e4 == TRADE_NONE;

	if ((no_bid && no_ask) || (q->age_ms != TRADE_NONE && q->age_ms < 0))
		return "NONE";
	if (q->age_ms > limits->max_quote_age_ms || q->is_void)
		return "STALE";
	if (no_bid || no_ask || (q->bid_e4 == 0 && q->ask_e4 == 0))
		return "ONE_SIDED";
	if (q->bid_e4 > q->ask_e4)
		return "CROSSED";
	if (q->bid_e4 == q->ask_e4)
		return "LOCKED";
	return q->bid_e4 == 0 ? "ZERO_BID" : "OK";
}

bool
prove_is_usable(const struct prove_limits *limits,
    const struct prove_quote *quote)
{
	const char *status = prove_status(limits, quote);

	return strcmp(status, "OK") == 0 || strcmp(status, "ZERO_BID") == 0 ||
	    strcmp(status, "LOCKED") == 0;
}

const char *
prove_location(const struct prove_limits *limits,
    const struct prove_quote *q, int64_t price_e4)
{
	int64_t above, spread;

	if (!prove_is_usable(limits, q))
		return "UNKNOWN";
	above = price_e4 - q->bid_e4;
	spread = q->ask_e4 - q->bid_e4;
	if (above < 0)
		return "BELOW_BID";
	if (above > spread)
		return "ABOVE_ASK";
	if (2 * above == spread)	/* also what is locked */
		return "MID";
	if (above == 0 || above == spread)
		return above == 0 ? "AT_BID" : "AT_ASK";
	if (prove_compare(above, spread, 7000) >= 0)
		return "NEAR_ASK";
	return prove_compare(above, spread, 3000) <= 0 ? "NEAR_BID" :
	    "INSIDE";
}

int64_t
prove_position(const struct prove_limits *limits,
    const struct prove_quote *q, int64_t price_e4)
{
	if (!prove_is_usable(limits, q) || q->bid_e4 == q->ask_e4)
		return TRADE_NONE;
	return decimal_ratio(price_e4 - q->bid_e4, q->ask_e4 - q->bid_e4,
	    DECIMAL_E6);
}

bool
prove_is_through(const struct prove_limits *limits,
    const struct prove_quote *q, int64_t price_e4)
{
	int64_t tenth_x10;

	if (!prove_is_usable(limits, q))
		return false;
	tenth_x10 = q->ask_e4 - q->bid_e4;
	return 10 * price_e4 > 10 * q->ask_e4 + tenth_x10 ||
	    10 * price_e4 < 10 * q->bid_e4 - tenth_x10;
}

bool
prove_is_wide(const struct prove_limits *limits, const struct prove_quote *q)
{
	int64_t spread = q->ask_e4 - q->bid_e4;

	/* Above a tenth of the midpoint: twice of it is bid and ask. */
	return prove_is_usable(limits, q) && spread > 500 &&
	    prove_compare(2 * spread, q->ask_e4 + q->bid_e4, 1000) > 0;
}

/* ---- side ---- */

const char *
prove_side_name(enum prove_side side)
{
	static const char *const names[] = { "UNKNOWN", "BUY", "SELL" };

	return names[side];
}

const char *
prove_method_name(enum prove_method method)
{
	static const char *const names[] = { "NONE", "TSIZE_EX",
	    "QUOTE_NBBO", "QUOTE_EX", "DEPTH_NBBO", "DEPTH_EX", "TICK_ALL",
	    "SWEEP_ANCHOR" };

	return names[method];
}

/* Above is a buy, below a sell. */
static enum prove_side
prove_against(int64_t value, int64_t other)
{
	return value > other ? PROVE_BUY : value < other ? PROVE_SELL :
	    PROVE_UNKNOWN;
}

static enum prove_side
prove_by_quote(const struct prove_limits *limits,
    const struct prove_quote *q, int64_t price_e4)
{
	return prove_is_usable(limits, q) ? prove_against(2 * price_e4,
	    q->bid_e4 + q->ask_e4) : PROVE_UNKNOWN;
}

static enum prove_side
prove_by_depth(const struct prove_limits *limits,
    const struct prove_quote *q, int64_t price_e4)
{
	if (!prove_is_usable(limits, q) || q->bid_size == TRADE_NONE ||
	    q->ask_size == TRADE_NONE || 2 * price_e4 != q->bid_e4 +
	    q->ask_e4)
		return PROVE_UNKNOWN;
	return prove_against(q->ask_size, q->bid_size);
}

enum prove_side
prove_quoted(const struct prove_limits *limits,
    const struct prove_print *print)
{
	enum prove_side side = prove_by_quote(limits, &print->nbbo,
	    print->price_e4);

	return side != PROVE_UNKNOWN ? side : prove_by_quote(limits,
	    &print->ex, print->price_e4);
}

/* Where the size rule may be asked: the guards of 3.5. */
static bool
prove_is_guarded(const struct prove_limits *limits,
    const struct prove_print *print)
{
	const struct prove_quote *q = &print->ex;

	return strcmp(prove_status(limits, q), "OK") != 0 ||
	    print->price_e4 < q->bid_e4 || print->price_e4 > q->ask_e4 ||
	    print->size > limits->tsize_max || (print->flags & (COND_ISO |
	    COND_AUCTION | COND_CROSS | COND_FLOOR | COND_MULTILEG)) != 0;
}

static enum prove_side
prove_by_size(const struct prove_limits *limits,
    const struct prove_print *print)
{
	const struct prove_quote *q = &print->ex;
	const char *status = prove_status(limits, q);

	if (strcmp(status, "NONE") == 0 || strcmp(status, "STALE") == 0 ||
	    q->bid_size == TRADE_NONE || q->ask_size == TRADE_NONE ||
	    q->bid_size == q->ask_size ||
	    (!print->unguarded && prove_is_guarded(limits, print)))
		return PROVE_UNKNOWN;
	return print->size == q->bid_size ? PROVE_BUY :
	    print->size == q->ask_size ? PROVE_SELL : PROVE_UNKNOWN;
}

struct prove_sign
prove_sign(const struct prove_limits *limits, const struct prove_print *print)
{
	const int64_t price = print->price_e4;
	const struct {
		enum prove_method method;
		enum prove_side side;
	} stack[] = {
		{ PROVE_QUOTE_NBBO, prove_by_quote(limits, &print->nbbo,
		    price) },
		{ PROVE_QUOTE_EX, prove_by_quote(limits, &print->ex, price) },
		{ PROVE_DEPTH_NBBO, prove_by_depth(limits, &print->nbbo,
		    price) },
		{ PROVE_DEPTH_EX, prove_by_depth(limits, &print->ex, price) },
		{ PROVE_TICK_ALL, print->tick_e4 == TRADE_NONE ?
		    PROVE_UNKNOWN : prove_against(price, print->tick_e4) },
	};
	struct prove_sign out = { PROVE_UNKNOWN, PROVE_UNKNOWN, PROVE_NONE };
	enum prove_side by_size;

	if (!print->eligible)
		return out;
	for (size_t i = 0; i < sizeof(stack) / sizeof(*stack) &&
	    out.side == PROVE_UNKNOWN; i++)
		if (stack[i].side != PROVE_UNKNOWN)
			out = (struct prove_sign){ stack[i].side,
			    stack[i].side, stack[i].method };
	by_size = prove_by_size(limits, print);
	if (by_size != PROVE_UNKNOWN) {
		out.side = by_size;
		out.method = PROVE_TSIZE_EX;
	}
	return out;
}

/* The table of 3.5, in hundredths, before what halves the excess. */
static int64_t
prove_prior(const struct prove_limits *limits,
    const struct prove_print *print, enum prove_method method)
{
	bool ex = prove_is_usable(limits, &print->ex);
	const char *at;

	switch (method) {
	case PROVE_NONE:
		return 50;
	case PROVE_TSIZE_EX:
	case PROVE_SWEEP_ANCHOR:
		return 80;
	case PROVE_DEPTH_NBBO:
	case PROVE_DEPTH_EX:
		return ex ? 66 : 55;
	case PROVE_TICK_ALL:
		return ex ? 53 : 52;
	default:
		break;
	}
	at = prove_location(limits, method == PROVE_QUOTE_EX ? &print->ex :
	    &print->nbbo, print->price_e4);
	if (strcmp(at, "AT_ASK") == 0 || strcmp(at, "AT_BID") == 0)
		return print->size <= 11 ? (ex ? 75 : 50) : (ex ? 68 : 65);
	if (strcmp(at, "ABOVE_ASK") == 0 || strcmp(at, "BELOW_BID") == 0)
		return ex ? 68 : 70;
	return ex ? 65 : 63;
}

int64_t
prove_confidence(const struct prove_limits *limits,
    const struct prove_print *print, enum prove_method method)
{
	/* Hundredths, times 5/10 and 8/10: all in millionths, exactly. */
	int64_t excess_e6 = (prove_prior(limits, print, method) - 50) * 10000;

	if (print->is_index)
		excess_e6 = excess_e6 / 10 * 5;
	if (print->flags & COND_AUCTION)
		excess_e6 = excess_e6 / 10 * 8;
	return 500000 + excess_e6;
}

const char *
prove_sentiment(const struct prove_print *print, enum prove_side side)
{
	bool call = print->right == TRADE_CALL;

	if (side == PROVE_UNKNOWN || print->right == TRADE_NO_RIGHT ||
	    print->is_neutral || (print->flags & (COND_MULTILEG |
	    COND_STOCK_TIED | COND_CROSS | COND_LATE | COND_OUT_OF_SEQUENCE |
	    COND_COMPRESSION)) != 0)
		return "NEUTRAL";
	return call == (side == PROVE_BUY) ? "BULLISH" : "BEARISH";
}

int64_t
prove_weight(int64_t confidence_e6, const char *sentiment)
{
	if (strcmp(sentiment, "NEUTRAL") == 0 || confidence_e6 < 500000)
		return 0;
	return 2 * (confidence_e6 - 500000);
}

const char *
prove_aggressiveness(const struct prove_limits *limits,
    const struct prove_print *print, const struct prove_sign *sign)
{
	const struct prove_quote *q = &print->nbbo;
	int64_t above, spread, off;
	bool edge;

	if (!prove_is_usable(limits, q) ||
	    (print->flags & (COND_MULTILEG | COND_CROSS)) != 0)
		return "NORMAL";
	above = print->price_e4 - q->bid_e4;
	spread = q->ask_e4 - q->bid_e4;
	/* At a locked market's price nobody is at an edge. */
	edge = spread == 0 ? above != 0 : above <= 0 || above >= spread;
	if ((print->flags & COND_AUCTION) != 0 && !edge)
		return "NORMAL";
	if (edge && sign->side != PROVE_UNKNOWN &&
	    sign->side == sign->aggressor)
		return "AGGRESSIVE";
	off = 2 * above < spread ? spread - 2 * above : 2 * above - spread;
	if (sign->method == PROVE_TSIZE_EX || (spread == 0 ? off == 0 :
	    prove_compare(off, spread, 4000) < 0))
		return "PASSIVE";
	return "NORMAL";
}

/* ---- size ---- */

/* size >= times x average */
static bool
prove_is_times(int64_t size, int64_t average_e6, int64_t times_e4)
{
	return (__int128)size * INT64_C(10000000000) >=
	    (__int128)average_e6 * times_e4;
}

/*
 * An average is a sum over at most 1,000 prints, so that its rounding to
 * millionths moves no comparison with a whole size.
 */
bool
prove_is_block(const struct prove_limits *limits, int64_t size,
    int64_t average_e6)
{
	return size >= limits->block_size || (size >= limits->block_floor &&
	    prove_is_times(size, average_e6, limits->block_mult_e4));
}

bool
prove_is_large(const struct prove_limits *limits, int64_t size,
    int64_t average_e6)
{
	return size >= limits->large_floor &&
	    prove_is_times(size, average_e6, limits->large_mult_e4);
}

bool
prove_ratio_fits(int64_t size, int64_t average_e6, int64_t ratio_e6)
{
	__int128 off = (__int128)average_e6 * ratio_e6 -
	    (__int128)size * INT64_C(1000000000000);

	/* Each is off by a half at most. */
	return 2 * (off < 0 ? -off : off) <= (__int128)average_e6 + ratio_e6 +
	    1;
}

const char *
prove_type(bool sweep, bool block, bool split, bool large)
{
	return sweep ? "SWEEP" : block ? "BLOCK" : split ? "SPLIT" :
	    large ? "LARGE" : "REGULAR";
}

/* ---- sweeps and splits ---- */

static bool
prove_is_new_exchange(const struct prove_member *members, size_t at)
{
	if (members[at].exchange == 0)
		return false;
	for (size_t i = 0; i < at; i++)
		if (members[i].exchange == members[at].exchange)
			return false;
	return true;
}

void
prove_members(const struct prove_member *m, size_t n, enum prove_side side,
    struct prove_cluster *out)
{
	int64_t sign = side == PROVE_SELL ? -1 : 1, paid = 0, best, tick;

	*out = (struct prove_cluster){ .prints = (int64_t)n, .monotone = true,
	    .worst_e4 = m[0].price_e4, .span_ms = m[n - 1].ts - m[0].ts };
	for (size_t i = 0; i < n; i++) {
		int64_t gap = i == 0 ? 0 : m[i].ts - m[i - 1].ts;

		best = out->worst_e4;
		tick = best < 30000 ? 100 : 500;
		if (sign * (best - m[i].price_e4) > tick)
			out->monotone = false;
		if (sign * (m[i].price_e4 - best) > 0)
			out->worst_e4 = m[i].price_e4;
		out->exchanges += prove_is_new_exchange(m, i);
		out->size += m[i].size;
		out->premium_e4 += m[i].premium_e4;
		out->iso += m[i].iso;
		out->block = out->block || m[i].block;
		out->gap_ms = gap > out->gap_ms ? gap : out->gap_ms;
		paid += m[i].price_e4 * m[i].size;
	}
	out->vwap_e6 = decimal_ratio(paid, 100 * out->size, DECIMAL_E4);
}

const char *
prove_evidence(const struct prove_limits *limits,
    const struct prove_cluster *c)
{
	if (c->iso > 0)
		return "ISO";
	return c->gap_ms <= limits->burst_gap_ms &&
	    c->exchanges >= limits->sweep_min_exchanges &&
	    c->size >= limits->sweep_min_size ? "BURST" : "WINDOW";
}

const char *
prove_kind(const struct prove_limits *limits, const struct prove_cluster *c,
    int64_t average_e6)
{
	bool far = c->span_ms > limits->sweep_window_ms;

	if (!far && strcmp(prove_evidence(limits, c), "WINDOW") != 0 &&
	    c->exchanges >= limits->sweep_min_exchanges &&
	    c->size >= limits->sweep_min_size)
		return "SWEEP";
	return !far && c->exchanges == 1 && !c->block &&
	    c->prints >= limits->split_min_prints &&
	    c->size >= limits->split_min_size &&
	    prove_is_times(c->size, average_e6, 20000) ? "SPLIT" : "PLAIN";
}

/* ---- volume ---- */

/* More than so many times the mean. */
static bool
prove_exceeds(const struct prove_limits *limits, int64_t volume,
    struct prove_usual usual)
{
	if (volume < limits->unusual_min)
		return false;
	if (usual.adv20_e6 != TRADE_NONE)
		return (__int128)volume * INT64_C(10000000000) >
		    (__int128)usual.adv20_e6 * limits->unusual_mult_e4;
	return usual.ratio_e6 != TRADE_NONE &&
	    usual.ratio_e6 > limits->unusual_mult_e4 * 100;
}

int64_t
prove_volume_ratio(int64_t volume, int64_t adv20_e6)
{
	return adv20_e6 == TRADE_NONE || adv20_e6 <= 0 ? TRADE_NONE :
	    decimal_ratio(volume, adv20_e6, 2 * DECIMAL_E6);
}

int64_t
prove_volume_ratio_tod(int64_t volume, int64_t adv20_e6, int64_t share_e6)
{
	__int128 usual, twice;

	if (adv20_e6 == TRADE_NONE || adv20_e6 <= 0 || share_e6 == TRADE_NONE)
		return TRADE_NONE;
	/* Below a quarter of a per cent no share means much. */
	usual = (__int128)adv20_e6 * (share_e6 < 2500 ? 2500 : share_e6);
	twice = (__int128)volume * decimal_pow10[18] * 2;
	return (int64_t)((twice + usual) / (2 * usual));
}

void
prove_volume(const struct prove_limits *limits, int64_t before, int64_t size,
    struct prove_usual usual, int64_t oi, int64_t price_e4,
    struct prove_volume *out)
{
	int64_t volume = before + size;

	*out = (struct prove_volume){ .oi_ratio_e6 = TRADE_NONE,
	    .opening = "UNKNOWN", .opening_min = TRADE_NONE };
	out->unusual = prove_exceeds(limits, volume, usual);
	if (oi == TRADE_NONE)
		return;
	out->gt_oi = volume > oi;
	if (oi > 0)
		out->oi_ratio_e6 = decimal_ratio(volume, oi, DECIMAL_E6);
	if (oi > 0 && oi >= limits->vol_oi_min_oi && price_e4 > 1000 &&
	    volume >= limits->vol_oi_min_volume &&
	    prove_compare(volume, oi, limits->vol_oi_min_e4) >= 0)
		out->unusual = true;
	if (size > oi + before) {
		out->opening = "PROVEN";
		out->opening_min = size - (oi + before);
	} else if (out->gt_oi) {
		out->opening = "LIKELY";
	}
}

/* ---- alerts ---- */

bool
prove_sums(const struct prove_limits *limits, struct slice alert_type,
    int64_t put_e4, int64_t call_e4, int64_t trades, int64_t mean_e6)
{
	if (slice_equal(alert_type, SLICE("HEAVY_CALL_FLOW")))
		return call_e4 > limits->call_flow_e4 &&
		    (mean_e6 == TRADE_NONE ||
		    (__int128)call_e4 * 100 > (__int128)mean_e6 * 2);
	if (trades < limits->trades_min)
		return false;
	if (slice_equal(alert_type, SLICE("EXTREME_BEARISH_FLOW")))
		return put_e4 >= limits->flow_min_e4 &&
		    prove_compare(put_e4, call_e4, 30000) > 0;
	return slice_equal(alert_type, SLICE("BULLISH_POSITIONING")) &&
	    call_e4 >= limits->flow_min_e4 &&
	    prove_compare(call_e4, put_e4, 30000) >= 0;
}

bool
prove_oi_change(const struct prove_limits *limits, int64_t open_interest,
    int64_t oi_change)
{
	int64_t off = oi_change < 0 ? -oi_change : oi_change;

	return off >= limits->oi_change_min &&
	    prove_compare(off, open_interest - oi_change, 2000) >= 0;
}

bool
prove_iv_spike(int64_t iv_e6, int64_t iv_ref_e6)
{
	return iv_ref_e6 > 0 && prove_compare(iv_e6 - iv_ref_e6, iv_ref_e6,
	    2000) > 0 && iv_e6 - iv_ref_e6 >= 30000;
}
