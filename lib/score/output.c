#include "score/output.h"

#include <stdio.h>
#include <string.h>

#include "record/emit.h"

static const char *const output_windows[WINDOW_COUNT] = { "1h", "4h", "24h" };

static const enum key output_trends[BARS_FRAMES] = {
	KEY_trend_1m, KEY_trend_5m, KEY_trend_15m, KEY_trend_1d
};

/* Sums beyond int64 end at it. */
static void
output_money(struct buf *dst, enum key key, __int128 value_e4)
{
	emit_decimal(dst, key, value_e4 > INT64_MAX ? INT64_MAX :
	    value_e4 < -INT64_MAX ? -INT64_MAX : (int64_t)value_e4,
	    DECIMAL_E4);
}

static void
output_opt_str(struct buf *dst, enum key key, const char *text)
{
	if (text != NULL)
		emit_str(dst, key, text);
}

static void
output_totals(struct buf *dst, const struct bias_sum *s,
    const struct context *c)
{
	__int128 total = s->call_e4 + s->put_e4;

	emit_int(dst, KEY_total_volume, s->calls + s->puts);
	output_money(dst, KEY_total_premium, total);
	emit_int(dst, KEY_trade_count, s->trades);
	emit_int(dst, KEY_call_volume, s->calls);
	emit_int(dst, KEY_put_volume, s->puts);
	output_money(dst, KEY_call_premium, s->call_e4);
	output_money(dst, KEY_put_premium, s->put_e4);
	emit_opt_decimal(dst, KEY_put_call_volume_ratio,
	    c->put_call_volume_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_put_call_premium_ratio,
	    c->put_call_premium_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_call_put_bias, c->call_put_bias_e6,
	    DECIMAL_E6);
	output_money(dst, KEY_bull_premium, s->bull_e4);
	output_money(dst, KEY_bear_premium, s->bear_e4);
	output_money(dst, KEY_neutral_premium, total - s->bull_e4 -
	    s->bear_e4);
	output_money(dst, KEY_net_premium, s->bull_e4 - s->bear_e4);
}

void
output_context(struct buf *dst, struct slice symbol, int64_t ts, int window,
    const struct window_sum *s, const struct context *c, bool demo)
{
	emit_open(dst, "context");
	emit_text(dst, KEY_symbol, symbol);
	emit_int(dst, KEY_timestamp, ts);
	if (demo)
		emit_str(dst, KEY_feed, "demo");
	emit_str(dst, KEY_window, output_windows[window]);
	output_totals(dst, &s->flow, c);
	emit_opt_decimal(dst, KEY_bias, c->bias_e6, DECIMAL_E6);
	emit_str(dst, KEY_sentiment, bias_sentiment_name(c->sentiment));
	emit_int(dst, KEY_sentiment_strength, c->strength);
	emit_opt_decimal(dst, KEY_aggressive_share, c->aggressive_share_e6,
	    DECIMAL_E6);
	emit_str(dst, KEY_aggressiveness,
	    bias_aggressiveness_name(c->aggressiveness));
	emit_int(dst, KEY_sweep_count, s->sweeps);
	emit_int(dst, KEY_block_count, s->blocks);
	emit_opt_decimal(dst, KEY_unusual_share, c->unusual_share_e6,
	    DECIMAL_E6);
	emit_int(dst, KEY_institutional_score, c->institutional);
	emit_int(dst, KEY_confidence, c->confidence);
	emit_str(dst, KEY_recommendation,
	    context_recommendation_name(c->recommendation));
	emit_decimal(dst, KEY_n_eff, c->n_eff_e6, DECIMAL_E6);
	emit_close(dst);
}

static void
output_components(struct buf *dst, const struct strength *strength)
{
	static const enum key keys[STRENGTH_COMPONENTS] = {
		KEY_size, KEY_sweep, KEY_aggression, KEY_vol_oi, KEY_vwap,
		KEY_trend, KEY_rvol, KEY_level, KEY_regime, KEY_fit,
		KEY_persistence
	};

	emit_object(dst, KEY_components);
	for (int c = 0; c < STRENGTH_COMPONENTS; c++)
		emit_decimal(dst, keys[c], strength->component_e3[c], 3);
	emit_object_end(dst);
}

static void
output_lists(struct buf *dst, const struct output_signal *s)
{
	uint32_t gates = strategy_gates(s->kind);

	emit_array(dst, KEY_tags);
	for (int t = 0; t < STRENGTH_TAGS; t++)
		if ((s->tags & 1u << t) != 0) {
			const char *name = strength_tag_name(
			    (enum strength_tag)t);

			emit_item(dst, (struct slice){ name, strlen(name) });
		}
	emit_array_end(dst);
	emit_array(dst, KEY_rules);
	for (int g = 0; g < STRATEGY_GATES; g++)
		if ((gates & UINT32_C(1) << g) != 0) {
			const char *name = strategy_gate_name(
			    (enum strategy_gate)g);

			emit_item(dst, (struct slice){ name, strlen(name) });
		}
	emit_array_end(dst);
}

/* The print or sweep itself. */
static void
output_event(struct buf *dst, const struct output_signal *s)
{
	const struct facts *f = s->facts;
	const struct strategy_event *e = s->event;

	emit_str(dst, KEY_aggressiveness,
	    bias_aggressiveness_name(e->aggressiveness));
	emit_decimal(dst, KEY_side_confidence, e->confidence_e6, DECIMAL_E6);
	emit_int(dst, KEY_size, f->trade.size);
	emit_opt_decimal(dst, KEY_price, f->price_e6, DECIMAL_E6);
	emit_decimal(dst, KEY_premium, e->premium_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_notional, e->persistent ?
	    e->memory.premium_e4 : e->premium_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_day_volume, e->day_volume);
	emit_opt_int(dst, KEY_open_interest, e->open_interest);
}

static void
output_underlying(struct buf *dst, const struct underlying_market *m,
    const struct strategy_event *e)
{
	static const char *const sides[] = { "BELOW", "AT", "ABOVE" };

	emit_opt_decimal(dst, KEY_underlying_price, m->underlying_e4,
	    DECIMAL_E4);
	emit_opt_decimal(dst, KEY_otm_pct, e->otm_pct_e6, DECIMAL_E6);
	emit_opt_int(dst, KEY_dte, e->dte);
	emit_opt_decimal(dst, KEY_vwap, m->vwap_e6, DECIMAL_E6);
	if (m->vwap_e6 != TRADE_NONE) {
		emit_str(dst, KEY_vwap_side, sides[m->vwap_side + 1]);
		output_opt_str(dst, KEY_vwap_source, m->vwap_proxy ?
		    "PROXY" : NULL);
	}
	for (int f = 0; f < BARS_FRAMES; f++)
		output_opt_str(dst, output_trends[f],
		    bars_trend_name(m->view[f].trend));
	emit_opt_decimal(dst, KEY_rvol, m->rvol_e6, DECIMAL_E6);
}

void
output_signal(struct buf *dst, const struct output_signal *s)
{
	const struct facts *f = s->facts;
	const struct strategy_event *e = s->event;
	const struct underlying_market *m = s->market;
	const char *kind = strategy_kind_name(s->kind);
	struct buf id = BUF_INIT;

	buf_fmt(&id, "sig:%s:", kind);
	buf_add(&id, f->id.p, f->id.n);
	emit_open(dst, "signal");
	emit_text(dst, KEY_signal_id, (struct slice){ id.p, id.n });
	buf_free(&id);
	emit_str(dst, KEY_kind, kind);
	emit_int(dst, KEY_timestamp, f->trade.timestamp);
	trade_write_identity(dst, &f->trade);
	emit_str(dst, KEY_direction, e->is_long ? "LONG" : "SHORT");
	emit_decimal(dst, KEY_strength, s->strength_e1, 1);
	emit_decimal(dst, KEY_strength_raw, s->strength.raw_e3, 3);
	output_components(dst, &s->strength);
	output_lists(dst, s);
	output_event(dst, s);
	output_underlying(dst, m, e);
	emit_str(dst, KEY_level_state, level_state_name(s->kind ==
	    STRATEGY_SWING ? e->swing_level : e->level));
	output_opt_str(dst, KEY_regime_trend,
	    regime_trend_name(m->regime_trend));
	output_opt_str(dst, KEY_regime_vol, regime_vol_name(m->regime_vol));
	emit_decimal(dst, KEY_boost, s->boost_e3, 3);
	output_opt_str(dst, KEY_experiment_id, s->experiment);
	emit_text(dst, f->is_sweep_record ? KEY_sweep_id : KEY_trade_id,
	    f->id);
	emit_opt_int(dst, KEY_decision_ts, f->decision_ts);
	emit_close(dst);
}

void
output_failed(struct buf *dst, const uint32_t failed[STRATEGY_KINDS])
{
	char text[64];

	if ((failed[0] | failed[1] | failed[2]) == 0)
		return;
	emit_array(dst, KEY_rules_failed);
	for (int k = 0; k < STRATEGY_KINDS; k++)
		for (int g = 0; g < STRATEGY_GATES; g++)
			if ((failed[k] & UINT32_C(1) << g) != 0) {
				int n = snprintf(text, sizeof(text), "%s:%s",
				    strategy_kind_name((enum strategy_kind)k),
				    strategy_gate_name((enum strategy_gate)g));

				emit_item(dst, (struct slice){ text,
				    (size_t)n });
			}
	emit_array_end(dst);
}

void
output_metrics(struct buf *dst, const struct underlying_market *m)
{
	static const enum key fast[] = { KEY_fast_1m, KEY_fast_5m,
	    KEY_fast_15m, KEY_fast_1d };
	static const enum key slow[] = { KEY_slow_1m, KEY_slow_5m,
	    KEY_slow_15m, KEY_slow_1d };

	emit_object(dst, KEY_metrics);
	emit_opt_decimal(dst, KEY_vwap, m->vwap_e6, DECIMAL_E6);
	output_opt_str(dst, KEY_vwap_source, m->vwap_proxy &&
	    m->vwap_e6 != TRADE_NONE ? "PROXY" : NULL);
	emit_opt_decimal(dst, KEY_rvol, m->rvol_e6, DECIMAL_E6);
	for (int f = 0; f < BARS_FRAMES; f++) {
		const struct bars_view *v = &m->view[f];

		emit_opt_decimal(dst, fast[f], v->fast_e6, DECIMAL_E6);
		emit_opt_decimal(dst, slow[f], v->slow_e6, DECIMAL_E6);
		output_opt_str(dst, output_trends[f],
		    bars_trend_name(v->trend));
	}
	output_opt_str(dst, KEY_regime_trend,
	    regime_trend_name(m->regime_trend));
	output_opt_str(dst, KEY_regime_vol, regime_vol_name(m->regime_vol));
	emit_opt_decimal(dst, KEY_vol_percentile, m->vol_percentile_e6,
	    DECIMAL_E6);
	emit_object_end(dst);
}
