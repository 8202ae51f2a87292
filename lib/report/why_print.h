#ifndef FLOW_WHY_PRINT_H
#define FLOW_WHY_PRINT_H

#include "report/prove.h"
#include "report/why.h"

/*
 * A stored print as the rules need it: its row with the sweep it belongs to,
 * its conditions, its quotes, and what stood before it.
 */

/* Bits of trades.flags, as store/column.c numbers them. */
enum why_print_bit {
	BIT_SWEEP = 0, BIT_BLOCK = 1, BIT_ABOVE_ASK = 2, BIT_BELOW_BID = 3,
	BIT_UNUSUAL = 4, BIT_TAGGED = 5, BIT_AT_ASK = 7, BIT_CANCEL = 8,
	BIT_CANCELLED = 9, BIT_AT_BID = 10, BIT_LARGE = 11, BIT_SPLIT = 17,
	BIT_THROUGH = 18, BIT_WIDE = 19, BIT_GT_OI = 24, BIT_LATE = 25
};

#define WHY_SAID(path) "t.extra ->> '$.why." path "'"
/* A number of the reasons, in units of 1/unit. */
#define WHY_UNITS(path, unit) "CAST(round((" WHY_SAID(path) ") * " #unit \
	") AS INTEGER)"

/* Columns of its row: what is shown as it is stored, then the rest. */
#define WHY_PRINT_FACTS(C)						\
	C(record, "'trade'")						\
	C(trade_id, "COALESCE(t.trade_id, c.ticker || ':' || t.ts || ':' ||" \
	    " COALESCE(" WHY_TEXT("t.exchange") ", '') || ':' || t.seq)") \
	C(timestamp, "t.ts")						\
	C(trade_date, "date(t.date * 86400, 'unixepoch')")		\
	C(session, WHY_TEXT("t.session"))				\
	C(symbol, WHY_TEXT("t.symbol"))					\
	C(contract_ticker, "c.ticker")					\
	C(expiration, "c.expiration")					\
	C(option_type, "c.option_type")					\
	C(strike_e4, "c.strike_e4")					\
	C(multiplier, "c.multiplier")					\
	C(price_e4, "t.price_e4")					\
	C(size, "t.size")						\
	C(exchange, WHY_TEXT("t.exchange"))				\
	C(conditions, WHY_TEXT("t.conditions"))				\
	C(bid_e4, "t.bid_e4")						\
	C(ask_e4, "t.ask_e4")						\
	C(bid_size, "t.bid_size")					\
	C(ask_size, "t.ask_size")					\
	C(quote_timestamp, "t.ts - t.quote_ago")			\
	C(ex_bid_e4, "t.ex_bid_e4")					\
	C(ex_ask_e4, "t.ex_ask_e4")					\
	C(ex_bid_size, "t.ex_bid_size")					\
	C(ex_ask_size, "t.ex_ask_size")					\
	C(ex_quote_timestamp, "t.ts - t.ex_quote_ago")			\
	C(anchor_bid_e4, "w.anchor_bid_e4")				\
	C(anchor_ask_e4, "w.anchor_ask_e4")				\
	C(anchor_quote_timestamp, "w.ts - w.anchor_quote_ago")		\
	C(underlying_price_e4, "t.underlying_e4")			\
	C(open_interest, "t.open_interest")				\
	C(volume_before, "t.volume_before")				\
	C(sweep_id, "(SELECT text FROM sweep_ids WHERE id = t.sweep)")	\
	C(cancelled_by, "(SELECT k.ts FROM cancels k WHERE"		\
	    " k.ref_ts = t.ts AND k.ref_n = t.n)")

#define WHY_PRINT_REST(C)						\
	C(flags, "t.flags") C(flow, "t.flow") C(date, "t.date")		\
	C(premium, "t.premium_e4") C(dte, "t.dte")			\
	C(symbol_id, "t.symbol") C(base, "c.base")			\
	C(listing, "c.flags") C(style, "c.exercise_style")		\
	C(quote_age_ms, "t.quote_age_ms")				\
	C(quote_status, WHY_TEXT("t.quote_status"))			\
	C(position, "t.spread_position_e6")				\
	C(location, WHY_TEXT("t.price_location"))			\
	C(side, WHY_TEXT("t.side")) C(method, WHY_TEXT("t.side_method")) \
	C(confidence, "t.side_confidence_e6")				\
	C(aggressor, WHY_TEXT("t.aggressor_side"))			\
	C(sentiment, WHY_TEXT("t.sentiment"))				\
	C(weight, "t.sentiment_weight_e6")				\
	C(aggressiveness, WHY_TEXT("t.aggressiveness"))			\
	C(trade_type, WHY_TEXT("t.trade_type"))				\
	C(average, "t.avg_trade_size_e6")				\
	C(source, WHY_TEXT("t.avg_size_source"))			\
	C(size_ratio, "t.size_ratio_e6")				\
	C(day_volume, "t.day_volume")					\
	C(volume_ratio, "t.volume_ratio_e6")				\
	C(oi_ratio, "t.vol_oi_ratio_e6")				\
	C(opening, WHY_TEXT("t.opening")) C(opening_min, "t.opening_min") \
	C(sweep, "t.sweep") C(sweep_row, "w.id")			\
	C(sweep_kind, WHY_TEXT("w.kind")) C(evidence, WHY_TEXT("w.evidence")) \
	C(sweep_side, WHY_TEXT("w.side"))				\
	C(first_ts, "w.ts - w.first_ago")				\
	C(member_of, "m.sweep")						\
	C(member_location, WHY_TEXT("m.price_location"))		\
	C(member_force, WHY_TEXT("m.aggressiveness"))			\
	C(takes_back, "EXISTS (SELECT 1 FROM cancels k WHERE"		\
	    " k.ts = t.ts AND k.n = t.n AND k.ref_n >= 0)")		\
	/* An oi record may have told it. */				\
	C(known_interest, "COALESCE(t.open_interest, "			\
	    WHY_UNITS("opening.open_interest", 1) ", (SELECT"		\
	    " o.open_interest FROM oi o WHERE o.contract = c.base AND"	\
	    " o.ts <= t.ts ORDER BY o.date DESC LIMIT 1))")		\
	C(void_ts, WHY_SAID("quote_status.void_ts"))			\
	C(stack, WHY_SAID("side.stack"))				\
	C(sentiment_rule, WHY_SAID("sentiment.rule"))			\
	C(force_rule, WHY_SAID("aggressiveness.rule"))			\
	C(average_sum, WHY_SAID("avg_trade_size.contracts"))		\
	C(average_n, WHY_SAID("avg_trade_size.prints"))			\
	C(average_else, WHY_UNITS("avg_trade_size.avg_default", 1000000)) \
	C(max_age_s, WHY_SAID("quote_status.max_quote_age_s"))		\
	C(tsize_max, WHY_SAID("side.tsize_max"))			\
	C(block_size, WHY_SAID("is_block.block_size"))			\
	C(block_floor, WHY_SAID("is_block.block_floor"))		\
	C(block_mult, WHY_UNITS("is_block.block_mult", 10000))		\
	C(large_floor, WHY_SAID("is_large.large_floor"))		\
	C(large_mult, WHY_UNITS("is_large.large_mult", 10000))		\
	C(adv20, "COALESCE(" WHY_UNITS("volume_ratio.adv20", 1000000)	\
	    ", " WHY_UNITS("is_unusual_volume.adv20", 1000000) ")")	\
	C(usual_share, WHY_UNITS("volume_ratio_tod.usual_share",	\
	    1000000))							\
	C(ratio_tod, "CAST(round((t.extra ->> '$.volume_ratio_tod') *"	\
	    " 1000000) AS INTEGER)")					\
	C(unusual_mult, WHY_UNITS("is_unusual_volume.unusual_mult",	\
	    10000))							\
	C(unusual_min, WHY_SAID("is_unusual_volume.unusual_min"))	\
	C(oi_min, WHY_UNITS("is_unusual_volume.vol_oi_min", 10000))	\
	C(oi_min_oi, WHY_SAID("is_unusual_volume.vol_oi_min_oi"))	\
	C(oi_min_volume, WHY_SAID("is_unusual_volume.vol_oi_min_volume"))

enum why_print_at {
#define NAME(name, sql) AT_##name,
	WHY_PRINT_FACTS(NAME) WHY_PRINT_REST(NAME)
#undef NAME
	WHY_PRINT_COLUMNS
};

/* A stored print, ready for the rules. */
struct why_print {
	struct db_stmt *row;	/* NULL: not open */
	int64_t ts, n;
	struct prove_limits limits;	/* those of its reasons, else std */
	struct prove_print print;
	struct cond cond;
	int64_t flags;		/* of the table */
	int64_t average_e6;
	bool anchored;		/* member of a sweep, tagged as such */
};

/* What a query about a print yields of it. */
struct why_verdict {
	struct slice side, aggressor;
	int64_t price_e4, size, premium_e4, volume, open_interest;
	bool block, unusual, multileg, put;
};

/* 1 with a trade_id's place, 0 when it is not stored, -1. */
int why_print_find(struct db *db, struct slice id, int64_t *ts, int64_t *n,
    struct err *err);
/* 1, 0, -1; why_print_close when it was 1. */
int why_print_open(struct db *db, int64_t ts, int64_t n,
    struct why_print *out, struct err *err);
void why_print_close(struct why_print *print);
/* The quote before its sweep, as old as it was at the first print. */
struct prove_quote why_print_anchor(const struct why_print *print);
/* Valid until it is closed. */
struct why_verdict why_print_verdict(const struct why_print *print);

bool why_print_bit(const struct why_print *print, enum why_print_bit bit);

/* Whether a stored gap may lie between a time and the print: 1, 0, -1. */
int why_print_gap(struct db *db, const struct why_print *print,
    int64_t from_ts, struct err *err);

/*
 * Sets the last different price of the contract on the trade date, from the
 * prints before this one that set a price, and why->unknown when something may
 * stand between.  0, or -1.
 */
int why_print_tick(struct why *why, struct why_print *print,
    struct err *err);

#endif
