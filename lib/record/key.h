#ifndef FLOW_KEY_H
#define FLOW_KEY_H

#include <stdint.h>

/*
 * Every key the toolkit reads or writes, each once: scan maps a key's text to
 * its number, emit writes the text of a number, and flow-record(5) describes
 * each.  Other keys pass through the filters byte for byte.
 */

/* What flow-classify says of a trade. */
#define KEY_LIST_TAGS(KEY)						\
	KEY(volume_before) KEY(day_volume) KEY(decision_ts)		\
	KEY(quote_age_ms) KEY(quote_status) KEY(spread_position)	\
	KEY(price_location) KEY(side) KEY(side_method)			\
	KEY(side_confidence) KEY(aggressor_side) KEY(sentiment)		\
	KEY(sentiment_weight) KEY(aggressiveness) KEY(trade_type)	\
	KEY(sweep_id) KEY(is_sweep) KEY(is_block) KEY(is_split)		\
	KEY(is_large) KEY(is_above_ask) KEY(is_below_bid)		\
	KEY(is_at_ask) KEY(is_at_bid) KEY(is_through) KEY(is_wide)	\
	KEY(is_iso) KEY(is_auction) KEY(is_cross) KEY(is_floor)		\
	KEY(is_multileg) KEY(is_stock_tied) KEY(is_late)		\
	KEY(is_out_of_sequence) KEY(is_extended) KEY(is_cancelled)	\
	KEY(avg_trade_size) KEY(avg_size_source) KEY(size_ratio)	\
	KEY(is_unusual_volume) KEY(volume_ratio)			\
	KEY(volume_ratio_tod) KEY(vol_oi_ratio) KEY(vol_gt_oi)		\
	KEY(opening) KEY(opening_min)

#define KEY_LIST(KEY)							\
	/* every record */						\
	KEY(record) KEY(schema_version) KEY(timestamp)			\
	/* trade, from flow-tap */					\
	KEY(trade_id) KEY(symbol) KEY(root) KEY(contract_ticker)	\
	KEY(ts_ns) KEY(recv_ts) KEY(sequence) KEY(ref_sequence)		\
	KEY(trade_date) KEY(session) KEY(price) KEY(size)		\
	KEY(multiplier) KEY(premium) KEY(strike) KEY(expiration)	\
	KEY(option_type) KEY(dte) KEY(settlement) KEY(exercise_style)	\
	KEY(is_adjusted) KEY(is_flex) KEY(multiplier_assumed)		\
	KEY(exchange) KEY(conditions) KEY(underlying_price)		\
	KEY(underlying_age_ms) KEY(open_interest) KEY(bid) KEY(ask)	\
	KEY(bid_size) KEY(ask_size) KEY(quote_timestamp) KEY(ex_bid)	\
	KEY(ex_ask) KEY(ex_bid_size) KEY(ex_ask_size)			\
	KEY(ex_quote_timestamp) KEY(is_cancel) KEY(is_late_arrival)	\
	KEY_LIST_TAGS(KEY)						\
	/* quote, bar, oi */						\
	KEY(scope) KEY(bid_exchange) KEY(ask_exchange) KEY(end_ts)	\
	KEY(tf) KEY(open) KEY(high) KEY(low) KEY(close) KEY(volume)	\
	KEY(vwap) KEY(is_final) KEY(oi_date) KEY(oi_change) KEY(iv)	\
	KEY(iv_status)							\
	/* chain, position */						\
	KEY(last) KEY(delta) KEY(gamma) KEY(theta) KEY(vega) KEY(model)	\
	KEY(account) KEY(position) KEY(avg_cost)			\
	/* of a demo, when asked for */					\
	KEY(true_side) KEY(true_sweep_id) KEY(true_informed)		\
	/* sweep, cancel, event */					\
	KEY(kind) KEY(evidence) KEY(first_ts) KEY(last_ts)		\
	KEY(n_prints) KEY(n_exchanges) KEY(exchanges) KEY(vwap_price)	\
	KEY(worst_price) KEY(iso_prints) KEY(trade_ids) KEY(monotone)	\
	KEY(truncated) KEY(anchor_bid) KEY(anchor_ask)			\
	KEY(anchor_quote_timestamp) KEY(price_locations)		\
	KEY(aggressivenesses) KEY(ref_trade_id)				\
	KEY(ref_timestamp) KEY(ref_conditions) KEY(event_type)		\
	KEY(aggressive_ratio) KEY(window_start) KEY(window_end)		\
	/* context */							\
	KEY(window) KEY(total_volume) KEY(total_premium)		\
	KEY(trade_count) KEY(call_volume) KEY(put_volume)		\
	KEY(call_premium) KEY(put_premium) KEY(put_call_volume_ratio)	\
	KEY(put_call_premium_ratio) KEY(call_put_bias)			\
	KEY(bull_premium) KEY(bear_premium) KEY(neutral_premium)	\
	KEY(net_premium) KEY(bias) KEY(sentiment_strength)		\
	KEY(aggressive_share) KEY(sweep_count) KEY(block_count)		\
	KEY(unusual_share) KEY(institutional_score) KEY(confidence)	\
	KEY(n_eff)							\
	/* what flow-score adds to records */				\
	KEY(rules_failed) KEY(fast_1m)					\
	KEY(slow_1m) KEY(fast_5m) KEY(slow_5m) KEY(fast_15m)		\
	KEY(slow_15m) KEY(fast_1d) KEY(slow_1d) KEY(vol_percentile)	\
	/* alert */							\
	KEY(alert_id) KEY(ticker) KEY(alert_type) KEY(severity)		\
	KEY(title) KEY(message) KEY(recommendation) KEY(metrics)	\
	KEY(suppressed) KEY(suppressed_count) KEY(cancelled)		\
	KEY(put_flow) KEY(call_flow) KEY(put_flow_complex)		\
	KEY(call_flow_complex) KEY(ratio) KEY(trades) KEY(coverage_pct)	\
	KEY(oi_change_est) KEY(call_flow_mean) KEY(iv_ref)		\
	/* signal */							\
	KEY(signal_id) KEY(direction) KEY(strength) KEY(tags)		\
	KEY(notional) KEY(otm_pct) KEY(vwap_side) KEY(trend_1m)		\
	KEY(trend_5m) KEY(trend_15m) KEY(trend_1d) KEY(rvol)		\
	KEY(level_state) KEY(regime_trend) KEY(regime_vol)		\
	KEY(channel) KEY(experiment_id) KEY(strength_raw)		\
	KEY(components) KEY(sweep) KEY(aggression) KEY(vol_oi)		\
	KEY(trend) KEY(level) KEY(regime) KEY(fit) KEY(persistence)	\
	KEY(rules) KEY(vwap_source) KEY(boost)				\
	/* paper */							\
	KEY(mark_source) KEY(entry_ts) KEY(entry_price) KEY(exit_ts)	\
	KEY(exit_price) KEY(exit_reason) KEY(qty) KEY(fees) KEY(pnl)	\
	KEY(return_pct) KEY(r_multiple) KEY(mfe_pct) KEY(mae_pct)	\
	KEY(gap_exposed)						\
	/* why */							\
	KEY(why) KEY(near_miss) KEY(config) KEY(rule) KEY(because)	\
	KEY(of) KEY(condition) KEY(stack) KEY(anchor)			\
	KEY(max_quote_age_s) KEY(void_ts) KEY(ex_quote_age_ms)		\
	KEY(tsize_max) KEY(last_different_price) KEY(prior)		\
	KEY(next_different_price) KEY(next_timestamp) KEY(lookahead_ms)	\
	KEY(exchange_quote) KEY(index_factor) KEY(auction_factor)	\
	KEY(distance) KEY(watermark) KEY(contracts) KEY(prints)		\
	KEY(avg_contract_min) KEY(avg_underlying_min) KEY(avg_default)	\
	KEY(block_size) KEY(block_floor) KEY(block_mult)		\
	KEY(large_floor) KEY(large_mult) KEY(sweep_evidence)		\
	KEY(span_ms) KEY(sweep_window_ms) KEY(sweep_min_exchanges)	\
	KEY(sweep_min_size) KEY(gap_ms) KEY(burst_gap_ms)		\
	KEY(split_min_prints) KEY(split_min_size) KEY(vol_oi_min)	\
	KEY(vol_oi_min_volume) KEY(vol_oi_min_oi) KEY(price_above)	\
	KEY(event_block_size) KEY(at_ask) KEY(eligible)			\
	KEY(aggressive_threshold) KEY(aggressive_min)			\
	KEY(unusual_mult) KEY(unusual_min) KEY(usual_share)		\
	KEY(usual_share_min)						\
	/* divergence */						\
	KEY(method) KEY(result) KEY(score) KEY(flow_bias)		\
	KEY(price_return) KEY(sigma) KEY(n_sessions)			\
	/* baseline */							\
	KEY(date) KEY(sessions) KEY(left_out) KEY(call_sizes)		\
	KEY(put_sizes) KEY(option_volume) KEY(sessions_flow)		\
	KEY(closes) KEY(highs) KEY(lows) KEY(bar_volume)		\
	KEY(sessions_bars) KEY(iv30) KEY(sizes) KEY(adv20)		\
	KEY(adv20_sessions) KEY(iv_ts) KEY(events)			\
	/* control */							\
	KEY(run) KEY(stage) KEY(feed) KEY(mode) KEY(symbols)		\
	KEY(capabilities) KEY(quotes) KEY(time_resolution_ms)		\
	KEY(coverage) KEY(replayed) KEY(baseline) KEY(n) KEY(market)	\
	KEY(lag_ms)							\
	KEY(hop) KEY(in) KEY(out) KEY(add) KEY(drop) KEY(gap_id)	\
	KEY(state) KEY(from_ts) KEY(to_ts) KEY(missing) KEY(reason)	\
	KEY(code) KEY(exit)

/* What only a vendor's wire calls so; nothing of ours is written under it. */
#define KEY_LIST_WIRE(WIRE)						\
	WIRE(ev) WIRE(sym) WIRE(x) WIRE(p) WIRE(s) WIRE(c) WIRE(t)	\
	WIRE(q) WIRE(bp) WIRE(bs) WIRE(bx) WIRE(ap) WIRE(as) WIRE(ax)	\
	WIRE(e) WIRE(o) WIRE(h) WIRE(l) WIRE(v) WIRE(vw) WIRE(status)	\
	WIRE(T) WIRE(val)

enum key {
#define KEY(name) KEY_##name,
	KEY_LIST(KEY)
	KEY_LIST_WIRE(KEY)
#undef KEY
	KEY_COUNT
};

/* A key as it stands in a record after another member: ,"price": */
enum { KEY_TEXT = 32 };

struct key_text {
	char text[KEY_TEXT];	/* padded, so that 32 bytes may be copied */
	uint32_t n;		/* bytes, comma, quotes and colon included */
};

extern const struct key_text key_texts[KEY_COUNT];

/* A set of keys. */
enum { KEY_WORDS = (KEY_COUNT + 63) / 64 };

struct key_set {
	uint64_t bits[KEY_WORDS];
};

static inline void
key_set_add(struct key_set *set, enum key key)
{
	set->bits[key / 64] |= UINT64_C(1) << (key % 64);
}

#endif
