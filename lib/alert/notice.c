#include "alert/notice.h"

#include <string.h>

#include "alert/text.h"
#include "record/emit.h"

void
notice_init(struct notice *notice, enum rule rule)
{
	memset(notice, 0, sizeof(*notice));
	trade_init(&notice->identity);
	notice->rule = rule;
	notice->price_e6 = notice->size = notice->premium_e4 = TRADE_NONE;
	notice->n_exchanges = notice->coverage_e4 = TRADE_NONE;
	notice->day_volume = TRADE_NONE;
	notice->open_interest = notice->oi_change = TRADE_NONE;
	notice->oi_change_est = notice->mean_e6 = TRADE_NONE;
	notice->iv_e6 = notice->iv_ref_e6 = TRADE_NONE;
	notice->n_sessions = TRADE_NONE;
}

static void
notice_number(struct buf *dst, enum key key, struct slice json)
{
	if (json.n > 0)
		emit_raw(dst, key, json);
}

static void
notice_sum(struct buf *dst, const struct flow_sum *sum)
{
	emit_decimal(dst, KEY_put_flow, sum->put_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_call_flow, sum->call_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_put_flow_complex, sum->put_complex_e4,
	    DECIMAL_E4);
	emit_decimal(dst, KEY_call_flow_complex, sum->call_complex_e4,
	    DECIMAL_E4);
	if (sum->call_e4 > 0)
		emit_decimal(dst, KEY_ratio, decimal_ratio(sum->put_e4,
		    sum->call_e4, DECIMAL_E6), DECIMAL_E6);
	emit_int(dst, KEY_trades, sum->trades);
}

static void
notice_metrics(struct buf *dst, const struct notice *notice)
{
	emit_object(dst, KEY_metrics);
	emit_opt_decimal(dst, KEY_price, notice->price_e6, DECIMAL_E6);
	emit_opt_int(dst, KEY_size, notice->size);
	emit_opt_decimal(dst, KEY_premium, notice->premium_e4, DECIMAL_E4);
	emit_opt_text(dst, KEY_side, notice->side);
	emit_opt_text(dst, KEY_aggressor_side, notice->aggressor);
	if (notice->signal != NULL)
		emit_str(dst, KEY_sentiment, notice->signal);
	emit_opt_int(dst, KEY_n_exchanges, notice->n_exchanges);
	emit_opt_int(dst, KEY_day_volume, notice->day_volume);
	notice_number(dst, KEY_volume_ratio, notice->volume_ratio);
	notice_number(dst, KEY_vol_oi_ratio, notice->vol_oi_ratio);
	emit_opt_int(dst, KEY_open_interest, notice->open_interest);
	emit_opt_int(dst, KEY_oi_change, notice->oi_change);
	emit_opt_int(dst, KEY_oi_change_est, notice->oi_change_est);
	emit_opt_decimal(dst, KEY_iv, notice->iv_e6, DECIMAL_E6);
	emit_opt_decimal(dst, KEY_iv_ref, notice->iv_ref_e6, DECIMAL_E6);
	emit_opt_text(dst, KEY_method, notice->method);
	emit_opt_text(dst, KEY_result, notice->result);
	notice_number(dst, KEY_score, notice->score);
	notice_number(dst, KEY_flow_bias, notice->flow_bias);
	notice_number(dst, KEY_price_return, notice->price_return);
	notice_number(dst, KEY_sigma, notice->sigma);
	emit_opt_int(dst, KEY_n_sessions, notice->n_sessions);
	if (notice->has_sum)
		notice_sum(dst, &notice->sum);
	emit_opt_decimal(dst, KEY_call_flow_mean, notice->mean_e6,
	    DECIMAL_E6);
	emit_opt_decimal(dst, KEY_coverage_pct, notice->coverage_e4,
	    DECIMAL_E4);
	if (notice->late)
		emit_bool(dst, KEY_is_late_arrival, true);
	emit_object_end(dst);
}

static void
notice_trade_ids(struct buf *dst, const struct notice *notice)
{
	if (notice->trade_ids.n > 0) {
		emit_raw(dst, KEY_trade_ids, notice->trade_ids);
		return;
	}
	emit_array(dst, KEY_trade_ids);
	if (notice->trade_id.n > 0)
		emit_item(dst, notice->trade_id);
	emit_array_end(dst);
}

void
notice_write(struct buf *dst, const struct notice *notice)
{
	const struct rule_info *info = rule_info(notice->rule);
	struct buf text = BUF_INIT;

	emit_open(dst, "alert");
	emit_text(dst, KEY_alert_id, notice->id);
	emit_int(dst, KEY_timestamp, notice->end_ts);
	emit_text(dst, KEY_ticker, notice->ticker);
	emit_str(dst, KEY_alert_type, info->name);
	emit_str(dst, KEY_severity, rule_severity_name(info->severity));
	text_title(&text, notice);
	emit_text(dst, KEY_title, (struct slice){ text.p, text.n });
	text.n = 0;
	text_message(&text, notice);
	emit_text(dst, KEY_message, (struct slice){ text.p, text.n });
	text.n = 0;
	text_advice(&text, notice);
	emit_opt_text(dst, KEY_recommendation,
	    (struct slice){ text.p, text.n });
	buf_free(&text);
	emit_int(dst, KEY_window_start, notice->start_ts);
	emit_int(dst, KEY_window_end, notice->end_ts);
	notice_metrics(dst, notice);
	notice_trade_ids(dst, notice);
	if (notice->suppressed)
		emit_bool(dst, KEY_suppressed, true);
	else
		emit_int(dst, KEY_suppressed_count,
		    notice->suppressed_count);
	trade_write_identity(dst, &notice->identity);
	emit_opt_text(dst, KEY_run, notice->run);
}
