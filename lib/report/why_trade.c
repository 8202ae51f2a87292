#include "report/why_trade.h"

#include "base/day.h"
#include "base/decimal.h"
#include "market/flow.h"
#include "report/why_print.h"

/* ---- the print itself ---- */

static void
why_trade_premium(struct why *why, const struct why_print *p)
{
	const struct db_stmt *row = p->row;
	struct slice text = db_text(row, AT_expiration);
	int32_t day = day_parse(text.p, text.n);
	int64_t multiplier = why_int(row, AT_multiplier), premium;

	why_from(why);
	why_in(why, "price", p->print.price_e4, DECIMAL_E4);
	why_in(why, "size", p->print.size, 0);
	why_in(why, "multiplier", multiplier, 0);
	if (trade_premium(p->print.price_e4, p->print.size,
	    multiplier == TRADE_NONE ? 100 : multiplier, &premium) < 0)
		premium = TRADE_NONE;
	why_number(why, "premium", "0.2", db_int(row, AT_premium), premium,
	    DECIMAL_E4);
	why_from(why);
	why_in_text(why, "trade_date", db_text(row, AT_trade_date));
	why_in_text(why, "expiration", text);
	if (!db_is_null(row, AT_dte))
		why_number(why, "dte", "2.4", db_int(row, AT_dte),
		    day == DAY_NONE ? TRADE_NONE : day - db_int(row, AT_date),
		    0);
}

static struct slice
why_trade_flow_name(int64_t flow)
{
	static const char *const names[] = {
		"none", "call", "put", "call apart", "put apart"
	};

	return flow < 0 || flow > FLOW_PUT_COMPLEX ? SLICE("?") :
	    (struct slice){ names[flow], strlen(names[flow]) };
}

/* What it counts towards, and what its conditions make of it. */
static void
why_trade_counts(struct why *why, const struct why_print *p)
{
	static const struct {
		uint32_t flag;
		enum why_print_bit bit;
		const char *name;
	} flags[] = {
		{ COND_ISO, 13, "is_iso" },
		{ COND_AUCTION, 14, "is_auction" },
		{ COND_CROSS, 15, "is_cross" },
		{ COND_FLOOR, 16, "is_floor" },
		{ COND_MULTILEG, 12, "is_multileg" },
		{ COND_STOCK_TIED, 20, "is_stock_tied" },
		{ COND_LATE, 21, "is_late" },
		{ COND_OUT_OF_SEQUENCE, 22, "is_out_of_sequence" },
		{ COND_EXTENDED, 23, "is_extended" },
	};
	const struct db_stmt *row = p->row;
	struct trade trade;

	trade_init(&trade);
	trade.cond = p->cond;
	trade.right = p->print.right;
	trade.is_adjusted = (db_int(row, AT_listing) & 1) != 0;
	trade.is_cancel = why_print_bit(p, BIT_CANCEL);
	trade.is_cancelled = why_print_bit(p, BIT_CANCELLED);
	trade.session = db_text(row, AT_session);
	why_from(why);
	why_in_text(why, "conditions", db_text(row, AT_conditions));
	why_in_text(why, "session", trade.session);
	why_text(why, "flow", "5.1", why_trade_flow_name(db_int(row,
	    AT_flow)), why_trade_flow_name(flow_class_of(&trade, false)));
	if (!why_print_bit(p, BIT_TAGGED))
		return;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++)
		why_flag(why, flags[i].name, "3.2", why_print_bit(p,
		    flags[i].bit), (p->cond.flags & flags[i].flag) != 0,
		    true);
}

/* ---- quote ---- */

static int
why_trade_status(struct why *why, struct why_print *p, struct err *err)
{
	const struct db_stmt *row = p->row;
	struct prove_quote *q = &p->print.nbbo;
	struct slice stored = db_text(row, AT_quote_status);
	int64_t quote_ts = why_int(row, p->anchored ?
	    AT_anchor_quote_timestamp : AT_quote_timestamp);
	int64_t age = quote_ts == TRADE_NONE || quote_ts > p->ts ? TRADE_NONE :
	    p->ts - quote_ts;
	int gap = quote_ts == TRADE_NONE ? 0 :
	    why_print_gap(why->db, p, quote_ts, err);

	if (gap < 0)
		return -1;
	why_from(why);
	why_in_text(why, "anchor", p->anchored ? db_text(row, AT_sweep_id) :
	    SLICE(""));
	why_in(why, "bid", q->bid_e4, DECIMAL_E4);
	why_in(why, "ask", q->ask_e4, DECIMAL_E4);
	why_in(why, "quote_timestamp", quote_ts, 0);
	why_number(why, "quote_age_ms", "3.3", why_int(row, AT_quote_age_ms),
	    age, 0);
	why_in(why, "void_ts", why_int(row, AT_void_ts), 0);
	if (gap > 0 && db_is_null(row, AT_void_ts) &&
	    slice_equal(stored, SLICE("STALE"))) {
		/* Which came first, the gap or the quote, is not stored. */
		q->is_void = p->print.ex.is_void = true;
		why->unknown = "a gap may have voided the quote";
	}
	why_word(why, "quote_status", "3.3", stored,
	    prove_status(&p->limits, q));
	why->unknown = NULL;
	return 0;
}

static void
why_trade_location(struct why *why, const struct why_print *p)
{
	const struct db_stmt *row = p->row;
	const struct prove_limits *l = &p->limits;
	const struct prove_quote *q = &p->print.nbbo;
	int64_t price = p->print.price_e4;
	const char *at = prove_location(l, q, price);
	bool usable = prove_is_usable(l, q);

	why_from(why);
	why_in(why, "price", price, DECIMAL_E4);
	why_in(why, "bid", q->bid_e4, DECIMAL_E4);
	why_in(why, "ask", q->ask_e4, DECIMAL_E4);
	why_number(why, "spread_position", "3.4", why_int(row, AT_position),
	    prove_position(l, q, price), DECIMAL_E6);
	why_word(why, "price_location", "3.4", db_text(row, AT_location), at);
	why_flag(why, "is_above_ask", "3.4", why_print_bit(p, BIT_ABOVE_ASK),
	    strcmp(at, "ABOVE_ASK") == 0, false);
	why_flag(why, "is_below_bid", "3.4", why_print_bit(p, BIT_BELOW_BID),
	    strcmp(at, "BELOW_BID") == 0, false);
	why_flag(why, "is_at_ask", "1.2", why_print_bit(p, BIT_AT_ASK),
	    usable && price == q->ask_e4, true);
	why_flag(why, "is_at_bid", "1.2", why_print_bit(p, BIT_AT_BID),
	    usable && price == q->bid_e4, true);
	why_flag(why, "is_through", "3.7", why_print_bit(p, BIT_THROUGH),
	    prove_is_through(l, q, price), true);
	why_flag(why, "is_wide", "3.3", why_print_bit(p, BIT_WIDE),
	    prove_is_wide(l, q), true);
}

/* ---- side ---- */

/* What signed it, or why that cannot be said. */
static int
why_trade_sign(struct why *why, struct why_print *p, struct prove_sign *out,
    struct err *err)
{
	struct slice stack = db_text(p->row, AT_stack);

	if (p->anchored) {
		out->side = out->aggressor = prove_quoted(&p->limits,
		    &(struct prove_print){ .price_e4 = p->print.price_e4,
		    .nbbo = p->print.nbbo, .ex = { .bid_e4 = TRADE_NONE,
		    .ask_e4 = TRADE_NONE } });
		out->method = PROVE_SWEEP_ANCHOR;
		if (out->side == PROVE_UNKNOWN)
			why->unknown = "the exchange's quote before the sweep "
			    "is not stored";
		return 0;
	}
	*out = prove_sign(&p->limits, &p->print);
	if (stack.n > 0 && !slice_equal(stack, SLICE("gsu")) &&
	    !slice_equal(stack, SLICE("gsu-raw")))
		why->unknown = "signed by another stack of rules";
	else if (slice_equal(db_text(p->row, AT_method), SLICE("RTICK_ALL")))
		why->unknown = "signed by a later price";
	if (why->unknown == NULL && out->aggressor == PROVE_UNKNOWN &&
	    p->print.eligible) {
		if (why_print_tick(why, p, err) < 0)
			return -1;
		*out = prove_sign(&p->limits, &p->print);
	}
	return 0;
}

static enum prove_side
why_trade_side_of(struct slice name)
{
	return slice_equal(name, SLICE("BUY")) ? PROVE_BUY :
	    slice_equal(name, SLICE("SELL")) ? PROVE_SELL : PROVE_UNKNOWN;
}

/* As it is stored, for what follows from it. */
static struct prove_sign
why_trade_stored(const struct db_stmt *row)
{
	struct prove_sign sign = {
		why_trade_side_of(db_text(row, AT_side)),
		why_trade_side_of(db_text(row, AT_aggressor)), PROVE_NONE };
	struct slice method = db_text(row, AT_method);

	for (int i = 0; i <= PROVE_SWEEP_ANCHOR; i++) {
		const char *name = prove_method_name((enum prove_method)i);

		if (slice_equal(method, (struct slice){ name, strlen(name) }))
			sign.method = (enum prove_method)i;
	}
	if (slice_equal(method, SLICE("RTICK_ALL")))
		sign.method = PROVE_TICK_ALL;	/* as sure */
	return sign;
}

static void
why_trade_evidence(struct why *why, const struct why_print *p)
{
	const struct prove_quote *q = &p->print.nbbo, *ex = &p->print.ex;

	why_in(why, "bid_size", q->bid_size, 0);
	why_in(why, "ask_size", q->ask_size, 0);
	if (!p->anchored) {
		why_in(why, "size", p->print.size, 0);
		why_in(why, "ex_bid", ex->bid_e4, DECIMAL_E4);
		why_in(why, "ex_ask", ex->ask_e4, DECIMAL_E4);
		why_in(why, "ex_bid_size", ex->bid_size, 0);
		why_in(why, "ex_ask_size", ex->ask_size, 0);
	}
	why_in(why, "last_different_price", p->print.tick_e4, DECIMAL_E4);
	why_in_text(why, "conditions", db_text(p->row, AT_conditions));
}

/* What follows from a side. */
static void
why_trade_follows(struct why *why, const struct why_print *p,
    const struct prove_sign *sign)
{
	const struct db_stmt *row = p->row;
	const char *side = prove_side_name(sign->side);
	const char *sentiment = prove_sentiment(&p->print, sign->side);
	struct slice rule = db_text(row, AT_sentiment_rule);

	why_number(why, "side_confidence", "3.5", why_int(row,
	    AT_confidence), prove_confidence(&p->limits, &p->print,
	    sign->method), DECIMAL_E6);
	why_from(why);
	why_in_text(why, "side", (struct slice){ side, strlen(side) });
	why_in_text(why, "option_type", db_text(row, AT_option_type));
	if (slice_equal(rule, SLICE("3.6 outside")))
		why->unknown = "by the prices outside the quote alone";
	why_word(why, "sentiment", "3.6", db_text(row, AT_sentiment),
	    sentiment);
	why_in(why, "side_confidence", why_int(row, AT_confidence),
	    DECIMAL_E6);
	why_number(why, "sentiment_weight", "3.6", why_int(row, AT_weight),
	    prove_weight(prove_confidence(&p->limits, &p->print,
	    sign->method), sentiment), DECIMAL_E6);
	why->unknown = NULL;
}

static void
why_trade_seed(struct why *why, const struct why_print *p)
{
	struct slice rule = db_text(p->row, AT_force_rule);

	if (rule.n >= 8 && memcmp(rule.p, "3.7 seed", 8) == 0)
		why->unknown = "by the seed formula";
}

static void
why_trade_force(struct why *why, const struct why_print *p,
    const struct prove_sign *sign)
{
	const char *side = prove_side_name(sign->side);
	const char *aggressor = prove_side_name(sign->aggressor);

	why_from(why);
	why_in(why, "price", p->print.price_e4, DECIMAL_E4);
	why_in(why, "bid", p->print.nbbo.bid_e4, DECIMAL_E4);
	why_in(why, "ask", p->print.nbbo.ask_e4, DECIMAL_E4);
	why_in_text(why, "side", (struct slice){ side, strlen(side) });
	why_in_text(why, "aggressor_side", (struct slice){ aggressor,
	    strlen(aggressor) });
	why_trade_seed(why, p);
	why_word(why, "aggressiveness", "3.7", db_text(p->row,
	    AT_aggressiveness), prove_aggressiveness(&p->limits, &p->print,
	    sign));
	why->unknown = NULL;
}

static int
why_trade_side(struct why *why, struct why_print *p, struct err *err)
{
	const struct db_stmt *row = p->row;
	struct prove_sign sign = { PROVE_UNKNOWN, PROVE_UNKNOWN, PROVE_NONE };

	if (why_trade_sign(why, p, &sign, err) < 0)
		return -1;
	why_from(why);
	why_in(why, "price", p->print.price_e4, DECIMAL_E4);
	why_in(why, "bid", p->print.nbbo.bid_e4, DECIMAL_E4);
	why_in(why, "ask", p->print.nbbo.ask_e4, DECIMAL_E4);
	why_trade_evidence(why, p);
	why_word(why, "side", "3.5", db_text(row, AT_side),
	    prove_side_name(sign.side));
	why_word(why, "side_method", "3.5", db_text(row, AT_method),
	    prove_method_name(sign.method));
	why_word(why, "aggressor_side", "3.5", db_text(row, AT_aggressor),
	    prove_side_name(sign.aggressor));
	if (why->unknown != NULL)
		sign = why_trade_stored(row);
	why->unknown = NULL;
	why_trade_follows(why, p, &sign);
	why_trade_force(why, p, &sign);
	return 0;
}

/* ---- size and shape ---- */

static void
why_trade_average(struct why *why, const struct why_print *p)
{
	const struct db_stmt *row = p->row;
	int64_t sum = why_int(row, AT_average_sum);
	int64_t n = why_int(row, AT_average_n), average = 10000000;
	int64_t ratio = why_int(row, AT_size_ratio), again;

	if (p->average_e6 == TRADE_NONE || p->average_e6 <= 0)
		return;
	why_from(why);
	why_in_text(why, "avg_size_source", db_text(row, AT_source));
	if (n != TRADE_NONE && n > 0) {
		why_in(why, "contracts", sum, 0);
		why_in(why, "prints", n, 0);
		average = decimal_ratio(sum, n, DECIMAL_E6);
	} else if (!slice_equal(db_text(row, AT_source), SLICE("DEFAULT"))) {
		why->unknown = "which prints it had seen is not stored";
	} else if (!db_is_null(row, AT_average_else)) {
		average = db_int(row, AT_average_else);
	}
	why_number(why, "avg_trade_size", "3.9", p->average_e6, average,
	    DECIMAL_E6);
	why->unknown = NULL;
	why_from(why);
	why_in(why, "size", p->print.size, 0);
	why_in(why, "avg_trade_size", p->average_e6, DECIMAL_E6);
	again = decimal_ratio(p->print.size * 1000000, p->average_e6,
	    DECIMAL_E6);
	why_rounded(why, "size_ratio", "3.9", ratio, again, DECIMAL_E6,
	    ratio != TRADE_NONE && prove_ratio_fits(p->print.size,
	    p->average_e6, ratio));
}

static void
why_trade_shape(struct why *why, const struct why_print *p)
{
	const struct db_stmt *row = p->row;
	struct slice kind = db_text(row, AT_sweep_kind);
	bool joined = !db_is_null(row, AT_sweep), sized = p->average_e6 > 0;
	bool vendor = (p->cond.flags & COND_VENDOR_SWEEP) != 0;
	bool sweep = vendor || (joined && slice_equal(kind, SLICE("SWEEP")));
	bool split = joined && slice_equal(kind, SLICE("SPLIT"));
	bool block = sized && prove_is_block(&p->limits, p->print.size,
	    p->average_e6);
	bool large = sized && prove_is_large(&p->limits, p->print.size,
	    p->average_e6);

	why_flag(why, "is_block", "3.9", why_print_bit(p, BIT_BLOCK), block,
	    false);
	why_flag(why, "is_large", "3.9", why_print_bit(p, BIT_LARGE), large,
	    true);
	why_from(why);
	why_in_text(why, "sweep_id", db_text(row, AT_sweep_id));
	why_in_text(why, "kind", joined ? kind : SLICE(""));
	why_in_text(why, "conditions", db_text(row, AT_conditions));
	if (joined && (db_is_null(row, AT_sweep_row) || (!vendor &&
	    why_int(row, AT_member_of) != db_int(row, AT_sweep))))
		why->unknown = "its sweep is not stored with this member";
	why_flag(why, "is_sweep", "3.10", why_print_bit(p, BIT_SWEEP), sweep,
	    false);
	why_flag(why, "is_split", "3.10", why_print_bit(p, BIT_SPLIT), split,
	    true);
	why_word(why, "trade_type", "3.9", db_text(row, AT_trade_type),
	    prove_type(sweep, block, split, large));
	why->unknown = NULL;
}

/* What the sweep's record says of it, for it left before (--emit fast). */
static void
why_trade_member(struct why *why, const struct why_print *p)
{
	const struct db_stmt *row = p->row;
	struct prove_print print = p->print;
	enum prove_side side = why_trade_side_of(db_text(row,
	    AT_sweep_side));
	struct prove_sign sign = { side, side, PROVE_SWEEP_ANCHOR };

	if (db_is_null(row, AT_member_of) || !slice_equal(db_text(row,
	    AT_sweep_kind), SLICE("SWEEP")))
		return;
	print.nbbo = why_print_anchor(p);
	why_from(why);
	why_in(why, "price", print.price_e4, DECIMAL_E4);
	why_in(why, "anchor_bid", print.nbbo.bid_e4, DECIMAL_E4);
	why_in(why, "anchor_ask", print.nbbo.ask_e4, DECIMAL_E4);
	why_word(why, "price_location in the sweep", "3.10", db_text(row,
	    AT_member_location), prove_location(&p->limits, &print.nbbo,
	    print.price_e4));
	why_in_text(why, "side", db_text(row, AT_sweep_side));
	why_trade_seed(why, p);
	why_word(why, "aggressiveness in the sweep", "3.10", db_text(row,
	    AT_member_force), prove_aggressiveness(&p->limits, &print,
	    &sign));
	why->unknown = NULL;
}

/* ---- volume ---- */

static const char why_trade_mean[] = "the average volume is not stored";

static void
why_trade_interest(struct why *why, const struct why_print *p,
    const struct prove_volume *v, int64_t interest)
{
	const struct db_stmt *row = p->row;
	int64_t ratio = why_int(row, AT_volume_ratio);
	int64_t volume = why_int(row, AT_day_volume);

	why_from(why);
	why_in(why, "day_volume", volume, 0);
	why_in(why, "adv20", why_int(row, AT_adv20), DECIMAL_E6);
	why_in(why, "open_interest", interest, 0);
	why_in(why, "price", p->print.price_e4, DECIMAL_E4);
	why_in(why, "volume_ratio", ratio, DECIMAL_E6);
	if (interest == TRADE_NONE && !db_is_null(row, AT_oi_ratio))
		why->unknown = "the open interest is not stored";
	why_number(why, "vol_oi_ratio", "3.11", why_int(row, AT_oi_ratio),
	    v->oi_ratio_e6, DECIMAL_E6);
	why_flag(why, "vol_gt_oi", "3.11", why_print_bit(p, BIT_GT_OI),
	    v->gt_oi, true);
	/* A mean of 0 is exceeded and gives no ratio; others are rounded. */
	if (db_is_null(row, AT_adv20) && !v->unusual &&
	    why_print_bit(p, BIT_UNUSUAL) && volume >=
	    p->limits.unusual_min && (ratio == TRADE_NONE ||
	    ratio == p->limits.unusual_mult_e4 * 100))
		why->unknown = why_trade_mean;
	why_flag(why, "is_unusual_volume", "3.11", why_print_bit(p,
	    BIT_UNUSUAL), v->unusual, false);
	why->unknown = NULL;
	why_from(why);
	why_in(why, "size", p->print.size, 0);
	why_in(why, "volume_before", why_int(row, AT_volume_before), 0);
	why_in(why, "open_interest", interest, 0);
	if (interest == TRADE_NONE && !slice_equal(db_text(row, AT_opening),
	    SLICE("UNKNOWN")))
		why->unknown = "the open interest is not stored";
	why_word(why, "opening", "3.12", db_text(row, AT_opening),
	    v->opening);
	why_number(why, "opening_min", "3.12", why_int(row, AT_opening_min),
	    v->opening_min, 0);
	why->unknown = NULL;
}

/* Against what the baseline said is usual, which only reasons name. */
static void
why_trade_usual(struct why *why, const struct why_print *p)
{
	const struct db_stmt *row = p->row;
	int64_t volume = why_int(row, AT_day_volume);
	int64_t adv20 = why_int(row, AT_adv20);
	int64_t share = why_int(row, AT_usual_share);

	why_from(why);
	why_in(why, "day_volume", volume, 0);
	why_in(why, "adv20", adv20, DECIMAL_E6);
	why->unknown = adv20 == TRADE_NONE ? why_trade_mean : NULL;
	why_number(why, "volume_ratio", "3.11", why_int(row,
	    AT_volume_ratio), prove_volume_ratio(volume, adv20), DECIMAL_E6);
	why_in(why, "usual_share", share, DECIMAL_E6);
	why_number(why, "volume_ratio_tod", "3.11", why_int(row,
	    AT_ratio_tod), prove_volume_ratio_tod(volume, adv20, share),
	    DECIMAL_E6);
	why->unknown = NULL;
}

static void
why_trade_volume(struct why *why, const struct why_print *p)
{
	const struct db_stmt *row = p->row;
	int64_t before = why_int(row, AT_volume_before);
	int64_t interest = why_int(row, AT_known_interest);
	/* What came cancelled, or on an earlier date than others, is not. */
	bool counted = before != TRADE_NONE && p->cond.volume &&
	    !why_print_bit(p, BIT_CANCEL) && (!why_print_bit(p,
	    BIT_CANCELLED) ||
	    !db_is_null(row, AT_cancelled_by));
	struct prove_volume v = { .oi_ratio_e6 = TRADE_NONE,
	    .opening = "UNKNOWN", .opening_min = TRADE_NONE };

	if (counted)
		prove_volume(&p->limits, before, p->print.size,
		    (struct prove_usual){ why_int(row, AT_adv20),
		    why_int(row, AT_volume_ratio) }, interest,
		    p->print.price_e4, &v);
	why_from(why);
	why_in(why, "volume_before", before, 0);
	why_in(why, "size", p->print.size, 0);
	why_number(why, "day_volume", "3.11", why_int(row, AT_day_volume),
	    counted ? before + p->print.size : before == TRADE_NONE ||
	    db_int(row, AT_takes_back) == 0 ? before :
	    before - p->print.size, 0);
	why_trade_interest(why, p, &v, counted ? interest : TRADE_NONE);
	if (counted)
		why_trade_usual(why, p);
}

/* ---- all ---- */

int
why_trade_explain(struct why *why, struct slice id, struct err *err)
{
	struct why_print print;
	int64_t ts, n;
	int r = why_print_find(why->db, id, &ts, &n, err);

	if (r > 0)
		r = why_print_open(why->db, ts, n, &print, err);
	if (r <= 0)
		return r;
	why_facts(why, print.row, AT_cancelled_by + 1);
	why_trade_premium(why, &print);
	why_trade_counts(why, &print);
	if (why_print_bit(&print, BIT_TAGGED)) {
		if (why_trade_status(why, &print, err) < 0) {
			r = -1;
		} else {
			why_trade_location(why, &print);
			r = why_trade_side(why, &print, err) < 0 ? -1 : 1;
		}
		why_trade_average(why, &print);
		why_trade_shape(why, &print);
		why_trade_member(why, &print);
		why_trade_volume(why, &print);
	}
	why_print_close(&print);
	return r;
}
