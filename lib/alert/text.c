#include "alert/text.h"

#include <inttypes.h>

#include "base/decimal.h"
#include "base/plain.h"
#include "market/cal.h"

void
text_price(struct buf *dst, int64_t price_e6)
{
	int64_t cents = decimal_round(price_e6, DECIMAL_E6, 2);

	buf_fmt(dst, "$%" PRId64 ".%02d", cents / 100, (int)(cents % 100));
}

void
text_strike(struct buf *dst, const struct trade *contract)
{
	const char *date = contract->expiration.p;

	if (contract->strike_e4 == TRADE_NONE ||
	    contract->right == TRADE_NO_RIGHT)
		return;
	buf_str(dst, " | Strike ");
	plain_decimal(dst, contract->strike_e4, DECIMAL_E4);
	if (contract->expiration.n == DAY_TEXT) {	/* YYYY-MM-DD */
		buf_str(dst, " exp ");
		plain_clean(dst, (struct slice){ date + 5, 5 });
		buf_str(dst, "-");
		plain_clean(dst, (struct slice){ date, 4 });
	}
}

/* " | Strike 62 exp 12-19-2025 PUT"; nothing for shares. */
static void
text_contract(struct buf *dst, const struct trade *contract)
{
	size_t before = dst->n;

	text_strike(dst, contract);
	if (dst->n > before)
		buf_str(dst, contract->right == TRADE_PUT ? " PUT" : " CALL");
}

static bool
text_known(struct slice side)
{
	return slice_equal(side, SLICE("BUY")) ||
	    slice_equal(side, SLICE("SELL"));
}

/* " | BUY"; the aggressor too where the two differ (domain.md 3.5). */
static void
text_side(struct buf *dst, const struct notice *notice)
{
	bool known = text_known(notice->side);

	if (known) {
		buf_str(dst, " | ");
		plain_clean(dst, notice->side);
	} else {
		buf_str(dst, " | side unknown");
	}
	if (text_known(notice->aggressor) &&
	    !slice_equal(notice->side, notice->aggressor)) {
		buf_str(dst, ", aggressor ");
		plain_clean(dst, notice->aggressor);
	}
}

static void
text_event(struct buf *dst, const struct notice *notice)
{
	buf_fmt(dst, "%" PRId64 "x", notice->size);
	if (notice->price_e6 != TRADE_NONE) {
		buf_str(dst, " @ ");
		text_price(dst, notice->price_e6);
	}
	text_contract(dst, &notice->identity);
	buf_str(dst, " | Premium ");
	plain_money(dst, notice->premium_e4);
	if (notice->n_exchanges != TRADE_NONE)
		buf_fmt(dst, " | %" PRId64 " exchange%s", notice->n_exchanges,
		    notice->n_exchanges == 1 ? "" : "s");
	text_side(dst, notice);
	if (notice->signal != NULL)
		buf_fmt(dst, " | %s", notice->signal);
}

static void
text_sums(struct buf *dst, const struct flow_sum *sum)
{
	buf_str(dst, "Put flow ");
	plain_money(dst, sum->put_e4);
	buf_str(dst, " | Call flow ");
	plain_money(dst, sum->call_e4);
	buf_str(dst, " | Ratio ");
	if (sum->call_e4 > 0)
		plain_decimal(dst, decimal_ratio(sum->put_e4, sum->call_e4,
		    2), 2);
	else
		buf_str(dst, "-");
	buf_fmt(dst, " | %" PRId64 " trades", sum->trades);
}

/* "IV 45 % -> 65 % (+44.4 %)" */
static void
text_iv(struct buf *dst, const struct notice *notice)
{
	int64_t iv = notice->iv_e6, ref = notice->iv_ref_e6;

	buf_str(dst, "IV ");
	plain_decimal(dst, decimal_round(ref, DECIMAL_E4, 1), 1);
	buf_str(dst, " % -> ");
	plain_decimal(dst, decimal_round(iv, DECIMAL_E4, 1), 1);
	buf_str(dst, " % (+");
	plain_decimal(dst, decimal_ratio(100 * (iv - ref), ref, 1), 1);
	buf_str(dst, " %)");
	text_contract(dst, &notice->identity);
}

/* In whole dollars: a mean has no better. */
static void
text_mean(struct buf *dst, int64_t mean_e6)
{
	buf_str(dst, " | Usual call flow by now ");
	plain_money(dst, decimal_round(mean_e6, DECIMAL_E6, 0) * 10000);
}

static void
text_volume(struct buf *dst, const struct notice *notice)
{
	if (notice->day_volume != TRADE_NONE)
		buf_fmt(dst, "Vol/OI %" PRId64 "/", notice->day_volume);
	else
		buf_str(dst, "Vol/OI -/");
	if (notice->open_interest != TRADE_NONE)
		buf_fmt(dst, "%" PRId64, notice->open_interest);
	else
		buf_str(dst, "-");
	if (notice->volume_ratio.n > 0) {
		buf_str(dst, " | ");
		plain_clean(dst, notice->volume_ratio);
		buf_str(dst, "x average");
	}
	text_contract(dst, &notice->identity);
	buf_str(dst, " | Premium today ");
	plain_money(dst, notice->premium_e4);
}

static void
text_oi(struct buf *dst, const struct notice *notice)
{
	bool official = notice->oi_change != TRADE_NONE;
	int64_t change = official ? notice->oi_change : notice->oi_change_est;
	int64_t prior = notice->open_interest - (official ? change : 0);

	buf_fmt(dst, "OI %" PRId64 " -> %" PRId64 " (%s%" PRId64 ")%s", prior,
	    prior + change, change > 0 ? "+" : "", change,
	    official ? "" : " ESTIMATE");
	text_contract(dst, &notice->identity);
}

/* " | Flow -0.36" */
static void
text_number(struct buf *dst, const char *head, struct slice number)
{
	buf_str(dst, head);
	plain_clean(dst, number.n > 0 ? number : SLICE("-"));
}

/* "BEARISH_DIVERGENCE 38.07/100 | Flow -0.36 | Price 0.029559 | 5 sessions" */
static void
text_divergence(struct buf *dst, const struct notice *notice)
{
	plain_clean(dst, notice->result);
	text_number(dst, " ", notice->score);
	text_number(dst, "/100 | Flow ", notice->flow_bias);
	text_number(dst, " | Price ", notice->price_return);
	if (notice->n_sessions != TRADE_NONE)
		buf_fmt(dst, " | %" PRId64 " sessions", notice->n_sessions);
	if (notice->coverage_e4 != TRADE_NONE) {
		buf_str(dst, " | Coverage ");
		plain_decimal(dst, notice->coverage_e4 / 1000, 1);
		buf_str(dst, " %");
	}
}

void
text_title(struct buf *dst, const struct notice *notice)
{
	plain_clean(dst, notice->ticker);
	buf_str(dst, " ");
	buf_str(dst, rule_info(notice->rule)->name);
	if (trade_is_demo(&notice->identity))
		buf_str(dst, " (DEMO)");
}

void
text_message(struct buf *dst, const struct notice *notice)
{
	if (notice->has_sum)
		text_sums(dst, &notice->sum);
	else if (notice->rule == RULE_UNUSUAL_VOLUME)
		text_volume(dst, notice);
	else if (notice->rule == RULE_OI_CHANGE)
		text_oi(dst, notice);
	else if (notice->rule == RULE_IV_SPIKE)
		text_iv(dst, notice);
	else if (notice->rule == RULE_FLOW_DIVERGENCE)
		text_divergence(dst, notice);
	else
		text_event(dst, notice);
	if (notice->mean_e6 != TRADE_NONE)
		text_mean(dst, notice->mean_e6);
	if (notice->late)
		buf_str(dst, " | late report");
}

void
text_advice(struct buf *dst, const struct notice *notice)
{
	const char *advice = rule_advice(notice->rule, notice->profile);
	int64_t tenths;

	if (advice == NULL)
		return;
	buf_str(dst, advice);
	if (rule_info(notice->rule)->severity != RULE_LOW)
		return;
	buf_str(dst, "; coverage ");
	if (notice->coverage_e4 == TRADE_NONE) {
		buf_str(dst, "unknown");
		return;
	}
	/* Cut, not rounded: 100 means all of it. */
	tenths = notice->coverage_e4 / 1000;
	plain_decimal(dst, tenths, 1);
	buf_str(dst, " %");
}

static void
text_head(struct buf *dst, enum rule_severity severity)
{
	buf_fmt(dst, "[%s] ", rule_severity_name(severity));
}

static void
text_time(struct buf *dst, const char *head, int64_t ts, const char *tail)
{
	char clock[CAL_CLOCK_TEXT];

	buf_str(dst, head);
	buf_add(dst, clock, cal_clock_print(clock, ts));
	buf_str(dst, tail);
}

void
text_alert(struct buf *dst, const struct notice *notice)
{
	const struct rule_info *info = rule_info(notice->rule);

	text_head(dst, info->severity);
	text_title(dst, notice);
	buf_str(dst, "\n");
	text_message(dst, notice);
	if (info->advice != NULL) {
		buf_str(dst, "\nAction: ");
		text_advice(dst, notice);
		buf_str(dst, ".");
	}
	text_time(dst, "\nTime: ", notice->end_ts, "\n");
}

void
text_retraction(struct buf *dst, enum rule_severity severity,
    struct slice title, struct slice message, int64_t end_ts, int64_t ts)
{
	text_head(dst, severity);
	buf_add(dst, title.p, title.n);
	buf_str(dst, " RETRACTED\n");
	buf_add(dst, message.p, message.n);
	text_time(dst, "\nAction: Disregard the alert of ", end_ts,
	    "; its trades were cancelled.\n");
	text_time(dst, "Time: ", ts, "\n");
}
