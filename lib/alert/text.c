#include "alert/text.h"

#include <inttypes.h>

#include "base/decimal.h"
#include "market/cal.h"

/*
 * Bytes of the unwanted character at p, or 0.  n > 0.  Line and paragraph
 * separators count as controls; bidi controls are those of Unicode's
 * Bidi_Control property.
 */
static size_t
text_control(const unsigned char *p, size_t n)
{
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (n >= 2 && p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
		return 2;
	if (n >= 2 && p[0] == 0xd8 && p[1] == 0x9c)	/* U+061C */
		return 2;
	if (n < 3 || p[0] != 0xe2)
		return 0;
	/* U+200E 200F, U+2028 to 202E */
	if (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
	    (p[2] >= 0xa8 && p[2] <= 0xae)))
		return 3;
	/* U+2066 to 2069 */
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9 ? 3 : 0;
}

void
text_clean(struct buf *dst, struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p;

	for (size_t i = 0; i < text.n; ) {
		size_t n = text_control(p + i, text.n - i);

		buf_add(dst, n > 0 ? (const void *)"?" : p + i, 1);
		i += n > 0 ? n : 1;
	}
}

void
text_group(struct buf *dst, uint64_t value)
{
	uint64_t group = 1;

	while (value / group >= 1000)
		group *= 1000;
	buf_fmt(dst, "%" PRIu64, value / group);
	for (group /= 1000; group > 0; group /= 1000)
		buf_fmt(dst, ",%03" PRIu64, value / group % 1000);
}

void
text_money(struct buf *dst, int64_t value_e4)
{
	uint64_t v = value_e4 < 0 ? -(uint64_t)value_e4 : (uint64_t)value_e4;
	unsigned part = (unsigned)(v % 10000);

	buf_str(dst, value_e4 < 0 ? "-$" : "$");
	text_group(dst, v / 10000);
	if (part % 100 != 0)
		buf_fmt(dst, part % 10 != 0 ? ".%04u" : ".%03u",
		    part % 10 != 0 ? part : part / 10);
	else if (part != 0)
		buf_fmt(dst, ".%02u", part / 100);
}

void
text_price(struct buf *dst, int64_t price_e6)
{
	int64_t cents = decimal_round(price_e6, DECIMAL_E6, 2);

	buf_fmt(dst, "$%" PRId64 ".%02d", cents / 100, (int)(cents % 100));
}

void
text_decimal(struct buf *dst, int64_t value, int scale)
{
	char text[DECIMAL_TEXT];

	buf_add(dst, text, decimal_print(text, value, scale));
}

/* " | Strike 62 exp 12-19-2025 PUT"; nothing for shares. */
static void
text_contract(struct buf *dst, const struct trade *contract)
{
	const char *date = contract->expiration.p;

	if (contract->strike_e4 == TRADE_NONE ||
	    contract->right == TRADE_NO_RIGHT)
		return;
	buf_str(dst, " | Strike ");
	text_decimal(dst, contract->strike_e4, DECIMAL_E4);
	if (contract->expiration.n == DAY_TEXT) {	/* YYYY-MM-DD */
		buf_str(dst, " exp ");
		text_clean(dst, (struct slice){ date + 5, 5 });
		buf_str(dst, "-");
		text_clean(dst, (struct slice){ date, 4 });
	}
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
		text_clean(dst, notice->side);
	} else {
		buf_str(dst, " | side unknown");
	}
	if (text_known(notice->aggressor) &&
	    !slice_equal(notice->side, notice->aggressor)) {
		buf_str(dst, ", aggressor ");
		text_clean(dst, notice->aggressor);
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
	text_money(dst, notice->premium_e4);
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
	text_money(dst, sum->put_e4);
	buf_str(dst, " | Call flow ");
	text_money(dst, sum->call_e4);
	buf_str(dst, " | Ratio ");
	if (sum->call_e4 > 0)
		text_decimal(dst, decimal_ratio(sum->put_e4, sum->call_e4,
		    2), 2);
	else
		buf_str(dst, "-");
	buf_fmt(dst, " | %" PRId64 " trades", sum->trades);
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
		text_clean(dst, notice->volume_ratio);
		buf_str(dst, "x average");
	}
	text_contract(dst, &notice->identity);
	buf_str(dst, " | Premium today ");
	text_money(dst, notice->premium_e4);
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

void
text_title(struct buf *dst, const struct notice *notice)
{
	text_clean(dst, notice->ticker);
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
	else
		text_event(dst, notice);
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
	text_decimal(dst, tenths, 1);
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
