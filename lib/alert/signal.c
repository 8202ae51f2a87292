#include "alert/signal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "alert/text.h"
#include "base/decimal.h"
#include "base/plain.h"
#include "market/cal.h"

static const struct {
	const char *name;
	const char *title;
	const char *symbol;		/* with its space */
	const char *channel;
} signal_kinds[] = {
	{ "SCALP", "SCALP", "\u26a1 ", "telegram_scalps" },
	{ "DAY_TRADE", "DAY TRADE", "\U0001f4c8 ", "telegram_main" },
	{ "SWING", "SWING", "\U0001f9e0 ", "telegram_swings" },
};

enum { SIGNAL_KINDS = sizeof(signal_kinds) / sizeof(*signal_kinds) };

const char *
signal_channel(enum signal_kind kind)
{
	return signal_kinds[kind].channel;
}

static bool
signal_is(struct slice text, const char *word)
{
	return slice_equal(text, (struct slice){ word, strlen(word) });
}

/* ---- reading ---- */

static int
signal_read_kind(struct signal *s, struct scan *scan, struct err *err)
{
	struct slice kind = { NULL, 0 }, direction = { NULL, 0 };
	int i = 0;

	if (scan_text(scan, KEY_kind, &kind, err) < 0 ||
	    scan_text(scan, KEY_direction, &direction, err) < 0)
		return -1;
	while (i < SIGNAL_KINDS && !signal_is(kind, signal_kinds[i].name))
		i++;
	if (i == SIGNAL_KINDS)
		return err_set(err, "kind: not SCALP, DAY_TRADE or SWING");
	s->kind = (enum signal_kind)i;
	s->is_short = signal_is(direction, "SHORT");
	if (!s->is_short && !signal_is(direction, "LONG"))
		return err_set(err, "direction: neither LONG nor SHORT");
	return 0;
}

/* up and down: the words that a LONG has for and against it. */
static int
signal_read_stand(struct scan *scan, enum key key, const struct signal *s,
    const char *up, const char *down, enum signal_stand *out, struct err *err)
{
	struct slice text = { NULL, 0 };

	if (scan_text(scan, key, &text, err) < 0)
		return -1;
	*out = SIGNAL_NEUTRAL;
	if (signal_is(text, up))
		*out = s->is_short ? SIGNAL_OPPOSED : SIGNAL_ALIGNED;
	else if (signal_is(text, down))
		*out = s->is_short ? SIGNAL_ALIGNED : SIGNAL_OPPOSED;
	return 0;
}

static int
signal_read_stands(struct signal *s, struct scan *scan, struct err *err)
{
	const struct {
		enum key key;
		enum signal_stand *stand;
	} trends[] = {
		{ KEY_trend_1m, &s->m1 }, { KEY_trend_5m, &s->m5 },
		{ KEY_trend_15m, &s->m15 }, { KEY_trend_1d, &s->day },
	};

	for (size_t i = 0; i < sizeof(trends) / sizeof(*trends); i++)
		if (signal_read_stand(scan, trends[i].key, s, "UP", "DOWN",
		    trends[i].stand, err) < 0)
			return -1;
	return signal_read_stand(scan, KEY_vwap_side, s, "ABOVE", "BELOW",
	    &s->vwap, err);
}

static int
signal_read_tags(struct signal *s, struct scan *scan, struct err *err)
{
	struct scan_value all = scan_get(scan, KEY_tags), one;
	size_t pos = 0;

	if (all.type == SCAN_ABSENT)
		return 0;
	if (all.type != SCAN_ARRAY)
		return err_set(err, "tags: not an array");
	while (scan_element(all, &pos, &one)) {
		if (one.type != SCAN_STRING && one.type != SCAN_ESCAPED)
			return err_set(err, "tags: not texts");
		if (s->n_tags == SIGNAL_TAGS)
			return err_set(err, "tags: more than %d",
			    SIGNAL_TAGS);
		s->tags[s->n_tags++] = scan_unescape(scan, one);
	}
	return 0;
}

static int
signal_read_numbers(struct signal *s, struct scan *scan, struct err *err)
{
	static const struct {
		enum key key;
		int scale;
		size_t at;
	} numbers[] = {
		{ KEY_strength, DECIMAL_E6,
		    offsetof(struct signal, strength_e6) },
		{ KEY_price, DECIMAL_E6, offsetof(struct signal, price_e6) },
		{ KEY_otm_pct, DECIMAL_E6, offsetof(struct signal, otm_e6) },
		{ KEY_rvol, DECIMAL_E6, offsetof(struct signal, rvol_e6) },
		{ KEY_notional, DECIMAL_E4,
		    offsetof(struct signal, notional_e4) },
		{ KEY_underlying_price, DECIMAL_E4,
		    offsetof(struct signal, underlying_e4) },
		{ KEY_day_volume, 0, offsetof(struct signal, day_volume) },
		{ KEY_open_interest, 0,
		    offsetof(struct signal, open_interest) },
		{ KEY_dte, 0, offsetof(struct signal, dte) },
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		int64_t value = TRADE_NONE;

		if (scan_decimal(scan, numbers[i].key, numbers[i].scale,
		    &value, err) < 0)
			return -1;
		memcpy((char *)s + numbers[i].at, &value, sizeof(value));
	}
	if (s->strength_e6 == TRADE_NONE)
		return err_set(err, "strength: missing");
	if (s->price_e6 == TRADE_NONE || s->price_e6 < 0)
		return err_set(err, "price: missing or below 0");
	if (s->underlying_e4 != TRADE_NONE && s->underlying_e4 < 0)
		return err_set(err, "underlying_price: below 0");
	return 0;
}

int
signal_read(struct signal *s, struct scan *scan, struct err *err)
{
	memset(s, 0, sizeof(*s));
	if (print_read_derived(&s->print, scan, err) < 0 ||
	    print_check_amounts(&s->print.trade, err) < 0 ||
	    signal_read_kind(s, scan, err) < 0 ||
	    signal_read_numbers(s, scan, err) < 0 ||
	    signal_read_stands(s, scan, err) < 0 ||
	    signal_read_tags(s, scan, err) < 0 ||
	    scan_text(scan, KEY_aggressiveness, &s->aggressiveness, err) < 0 ||
	    scan_text(scan, KEY_vwap_side, &s->vwap_side, err) < 0 ||
	    scan_text(scan, KEY_level_state, &s->level, err) < 0 ||
	    scan_text(scan, KEY_regime_trend, &s->regime_trend, err) < 0 ||
	    scan_text(scan, KEY_regime_vol, &s->regime_vol, err) < 0)
		return -1;
	if (s->print.trade.right == TRADE_NO_RIGHT)
		return err_set(err, "contract_ticker: not an option");
	if (s->notional_e4 == TRADE_NONE)
		s->notional_e4 = s->print.trade.premium_e4;
	return 0;
}

/* ---- words ---- */

static bool
signal_has(const struct signal *s, const char *tag)
{
	size_t i = 0;

	while (i < s->n_tags && !signal_is(s->tags[i], tag))
		i++;
	return i < s->n_tags;
}

/* A record of before aggressiveness was told has the tag. */
static bool
signal_is_aggressive(const struct signal *s)
{
	return s->aggressiveness.n > 0 ?
	    signal_is(s->aggressiveness, "AGGRESSIVE") :
	    signal_has(s, "AGGRESSIVE");
}

static const char *
signal_right(const struct signal *s)
{
	return s->print.trade.right == TRADE_PUT ? "PUT" : "CALL";
}

/* "7.9", "-" when absent. */
static void
signal_tenths(struct buf *dst, int64_t value_e6)
{
	int64_t tenths = decimal_round(value_e6, DECIMAL_E6, 1);

	if (value_e6 == TRADE_NONE) {
		buf_str(dst, "-");
		return;
	}
	buf_fmt(dst, "%s%" PRId64 ".%d", tenths < 0 ? "-" : "",
	    tenths / 10 < 0 ? -(tenths / 10) : tenths / 10,
	    abs((int)(tenths % 10)));
}

static void
signal_count(struct buf *dst, int64_t value)
{
	if (value == TRADE_NONE)
		buf_str(dst, "-");
	else
		buf_fmt(dst, "%" PRId64, value);
}

static void
signal_notional(struct buf *dst, const struct signal *s)
{
	int64_t dollars = decimal_round(s->notional_e4, DECIMAL_E4, 0);

	buf_str(dst, dollars < 0 ? "-$" : "$");
	plain_group(dst, dollars < 0 ? -(uint64_t)dollars :
	    (uint64_t)dollars);
}

static void
signal_volume(struct buf *dst, const struct signal *s)
{
	signal_count(dst, s->day_volume);
	buf_str(dst, "/");
	signal_count(dst, s->open_interest);
}

/* What the tags are parted by; none: what stands when there is none. */
static void
signal_list(struct buf *dst, const struct signal *s, bool header,
    const char *none)
{
	size_t before = dst->n;

	for (size_t i = 0; i < s->n_tags; i++) {
		if (header && !signal_is(s->tags[i], "SWEEP") &&
		    !signal_is(s->tags[i], "AGGRESSIVE") &&
		    !signal_is(s->tags[i], "PERSISTENT_BUYER"))
			continue;
		if (dst->n > before)
			buf_str(dst, ", ");
		plain_clean(dst, s->tags[i]);
	}
	if (dst->n == before)
		buf_str(dst, none);
}

static void
signal_word(struct buf *dst, struct slice text)
{
	if (text.n > 0)
		plain_clean(dst, text);
	else
		buf_str(dst, "-");
}

static const char *
signal_stand_word(enum signal_stand stand)
{
	static const char *const words[] = {
		"uncertain", "aligned", "opposed"
	};

	return words[stand];
}

/* ---- parts that all three have ---- */

static void
signal_head(struct buf *dst, const struct signal *s, bool ascii)
{
	const struct trade *trade = &s->print.trade;

	buf_fmt(dst, "%s%s %s %s ", ascii ? "" : signal_kinds[s->kind].symbol,
	    signal_kinds[s->kind].title, signal_right(s),
	    ascii ? "-" : "\u2013");
	plain_clean(dst, trade->symbol);
	if (trade_is_demo(trade))
		buf_str(dst, " (DEMO)");
	buf_str(dst, " (Strength ");
	signal_tenths(dst, s->strength_e6);
	buf_fmt(dst, "/10)\n%" PRId64 "x @ ", trade->size);
	text_price(dst, s->price_e6);
	text_strike(dst, trade);
	buf_str(dst, " | Notional ");
	signal_notional(dst, s);
	buf_str(dst, " | Vol/OI ");
	signal_volume(dst, s);
	buf_str(dst, " | ");
	signal_list(dst, s, true, "-");
	buf_str(dst, "\n\n");
}

/* "  Underlying $243.40 | OTM 0.8% | DTE 1 | Above VWAP" */
static void
signal_place(struct buf *dst, const struct signal *s, bool rvol)
{
	int64_t tenths = decimal_round(s->otm_e6, DECIMAL_E6, 1);

	buf_str(dst, "  Underlying ");
	if (s->underlying_e4 != TRADE_NONE)
		text_price(dst, decimal_round(s->underlying_e4, DECIMAL_E4,
		    DECIMAL_E6));
	else
		buf_str(dst, "-");
	if (s->otm_e6 == TRADE_NONE) {
		buf_str(dst, " | OTM -");
	} else {
		buf_str(dst, tenths < 0 ? " | ITM " : " | OTM ");
		signal_tenths(dst, tenths < 0 ? -s->otm_e6 : s->otm_e6);
		buf_str(dst, "%");
	}
	buf_str(dst, " | DTE ");
	signal_count(dst, s->dte);
	buf_fmt(dst, " | %s VWAP", signal_is(s->vwap_side, "ABOVE") ?
	    "Above" : signal_is(s->vwap_side, "BELOW") ? "Below" :
	    signal_is(s->vwap_side, "AT") ? "At" : "-");
	if (rvol) {
		buf_str(dst, " | RVOL ");
		signal_tenths(dst, s->rvol_e6);
	}
	buf_str(dst, "\n");
}

static void
signal_foot(struct buf *dst, const struct signal *s)
{
	char clock[CAL_CLOCK_TEXT];

	buf_str(dst, "\n\nRegime: trend=");
	signal_word(dst, s->regime_trend);
	buf_str(dst, " vol=");
	signal_word(dst, s->regime_vol);
	buf_str(dst, "\nTime: ");
	buf_add(dst, clock, cal_clock_print(clock,
	    s->print.trade.timestamp));
	buf_str(dst, "\n");
}

/* ---- short: domain.md 5.5 ---- */

static const char *
signal_frames(const struct signal *s)
{
	int aligned = (s->m1 == SIGNAL_ALIGNED) + (s->m5 == SIGNAL_ALIGNED);

	return aligned == 2 ? "aligned" : aligned == 1 ? "mixed" : "opposed";
}

static void
signal_why(struct buf *dst, const struct signal *s)
{
	if (s->vwap != SIGNAL_ALIGNED ||
	    (!signal_has(s, "SWEEP") && !signal_is_aggressive(s)))
		buf_str(dst, "partial alignment only; treat as information, "
		    "not as a trigger.");
	else
		buf_fmt(dst, "sweep/aggression + VWAP/momentum alignment "
		    "suggest tape control; favors a fast %s continuation "
		    "instead of noise.", s->is_short ? "downside" : "upside");
}

static void
signal_short(struct buf *dst, const struct signal *s, bool ascii)
{
	static const char *const vwap[] = {
		"pinned to VWAP", "pushing off VWAP", "fighting VWAP"
	};

	buf_fmt(dst, "Flow Intent (intraday): %s %s flow; %s; tags: ",
	    signal_is_aggressive(s) ? "aggressive" :
	    signal_is(s->aggressiveness, "PASSIVE") ? "passive" : "steady",
	    signal_right(s), signal_has(s, "VOL>OI") ?
	    "size looks like new money" : "size vs OI inconclusive");
	signal_list(dst, s, false, "none");
	buf_str(dst, ".\nPrice / Microstructure:\n");
	signal_place(dst, s, false);
	buf_fmt(dst, "  Microstructure: %s; trend 1m/5m %s; level "
	    "pressure=%s.\n\nWhy this matters:\n  ", s->vwap_side.n == 0 ?
	    "no VWAP" : vwap[s->vwap], signal_frames(s),
	    signal_is(s->level, "PRESSURE") || signal_is(s->level, "BREAK") ?
	    "yes" : "no");
	signal_why(dst, s);
	buf_fmt(dst, "\n\nRisk & timing:\n  invalidate on VWAP or trigger "
	    "loss; suited for a 5%s20 min scalp with tight stops.",
	    ascii ? "-" : "\u2013");
}

/* ---- medium: domain.md 5.6 ---- */

static void
signal_medium(struct buf *dst, const struct signal *s, bool ascii)
{
	buf_fmt(dst, "Flow Intent (session): %sparticipation pressing the "
	    "theme; vol vs OI ", signal_is_aggressive(s) ? "assertive " : "");
	signal_volume(dst, s);
	buf_str(dst, "; tags: ");
	signal_list(dst, s, false, "none");
	buf_str(dst, ".\nPrice / Structure:\n");
	signal_place(dst, s, true);
	buf_fmt(dst, "  VWAP/EMA: %s; 15m trend %s; key level=%s; RVOL=",
	    signal_is(s->vwap_side, "BELOW") ? "overhead/drag" :
	    signal_is(s->vwap_side, "ABOVE") ? "underfoot/support" :
	    "neutral", signal_stand_word(s->m15),
	    signal_is(s->level, "BREAK") ? "break/hold" :
	    signal_is(s->level, "PRESSURE") ? "pressure" : "none");
	signal_tenths(dst, s->rvol_e6);
	buf_fmt(dst, ".\n\nWhy this is a good day-trade alert:\n  flow + "
	    "intraday structure and regime point to %s control; timing "
	    "favors continuation movement rather than random noise.\n\n"
	    "Risk & execution:\n  invalidate on VWAP/15m trend break or "
	    "failed level retest; intraday idea (approx. 30%s180 minutes if "
	    "structure holds).", s->is_short ? "sellers" : "buyers",
	    ascii ? "-" : "\u2013");
}

/* ---- deep: domain.md 5.7 ---- */

static void
signal_deep(struct buf *dst, const struct signal *s, bool ascii)
{
	bool holds = signal_is(s->level, "BREAK") ||
	    signal_is(s->level, "SUPPORTIVE");

	buf_fmt(dst, "Flow Intent (swing): %s flow; DTE/OTM consistent with "
	    "positioning; tags: ", signal_has(s, "PERSISTENT_BUYER") ?
	    "persistent" : "single");
	signal_list(dst, s, false, "none");
	buf_fmt(dst, "; Cluster notional %s ", ascii ? "~" : "\u2248");
	signal_notional(dst, s);
	buf_str(dst, ".\nPrice / Structure (HTF):\n");
	signal_place(dst, s, true);
	buf_fmt(dst, "  HTF posture: daily trend %s; structure %s; level "
	    "posture=%s; RVOL=", signal_stand_word(s->day),
	    holds ? "breakout/pullback" : "none", holds ? "supportive" :
	    signal_is(s->level, "HOSTILE") ? "hostile" : "neutral");
	signal_tenths(dst, s->rvol_e6);
	buf_str(dst, ".\n\nWhy this is a good swing alert:\n  size + "
	    "repetition at HTF structure implies institutional "
	    "participation; aligns with the prevailing trend in current "
	    "regime and supports an accumulation thesis rather than "
	    "short-term noise.\n\nRisk & plan:\n  invalidate on break of "
	    "recent swing pivot/HTF level; holding window on the order of "
	    "days to weeks; informational context, not advice.");
}

void
signal_text(struct buf *dst, const struct signal *s, enum signal_style style,
    bool ascii)
{
	if (style == SIGNAL_AUTO)
		style = (enum signal_style)s->kind;
	signal_head(dst, s, ascii);
	if (style == SIGNAL_SHORT)
		signal_short(dst, s, ascii);
	else if (style == SIGNAL_MEDIUM)
		signal_medium(dst, s, ascii);
	else
		signal_deep(dst, s, ascii);
	signal_foot(dst, s);
}
