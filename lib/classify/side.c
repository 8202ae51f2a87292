#include "classify/side.h"

#include <stddef.h>

const char *const side_rule_names[] = {
	"gsu", "gsu-raw", "quote", "lr", "emo", "clnv", "tick", "seed", NULL
};

const char *const side_sentiment_names[] = { "side", "outside", NULL };
const char *const side_aggressiveness_names[] = { "std", "seed", NULL };

enum side
side_quote(const struct quote_view *quote, int64_t price_e4)
{
	int64_t above;

	if (!quote->usable)
		return SIDE_UNKNOWN;
	above = 2 * price_e4 - (quote->bid_e4 + quote->ask_e4);
	return above > 0 ? SIDE_BUY : above < 0 ? SIDE_SELL : SIDE_UNKNOWN;
}

enum side
side_provisional(const struct side_print *print)
{
	enum side side = side_quote(&print->nbbo, print->price_e4);

	if (side == SIDE_UNKNOWN)
		side = side_quote(&print->ex, print->price_e4);
	return side;
}

/* At the midpoint the larger side is the one less in need. */
static enum side
side_depth(const struct quote_view *quote, int64_t price_e4)
{
	if (!quote->usable || quote->bid_size == TRADE_NONE ||
	    quote->ask_size == TRADE_NONE ||
	    2 * price_e4 != quote->bid_e4 + quote->ask_e4 ||
	    quote->ask_size == quote->bid_size)
		return SIDE_UNKNOWN;
	return quote->ask_size > quote->bid_size ? SIDE_BUY : SIDE_SELL;
}

static enum side
side_tick(const struct side_print *print)
{
	if (print->tick_e4 == TRADE_NONE || print->tick_e4 == print->price_e4)
		return SIDE_UNKNOWN;
	return print->price_e4 > print->tick_e4 ? SIDE_BUY : SIDE_SELL;
}

/* The tick rule with time reversed. */
static enum side
side_rtick(const struct side_print *print)
{
	if (print->next_e4 == TRADE_NONE || print->next_e4 == print->price_e4)
		return SIDE_UNKNOWN;
	return print->next_e4 < print->price_e4 ? SIDE_BUY : SIDE_SELL;
}

/*
 * A print of exactly the displayed size took a resting customer order, so the
 * customer stood on the other side of the aggressor.
 */
static enum side
side_tsize(const struct side_print *print)
{
	const struct quote_view *ex = &print->ex;

	if (ex->status >= QUOTE_STALE || ex->bid_size == TRADE_NONE ||
	    ex->ask_size == TRADE_NONE || ex->bid_size == ex->ask_size)
		return SIDE_UNKNOWN;
	if (print->size == ex->bid_size)
		return SIDE_BUY;
	return print->size == ex->ask_size ? SIDE_SELL : SIDE_UNKNOWN;
}

/* Where the size rule is known to mislead (domain.md 3.5). */
static bool
side_tsize_allowed(const struct side_print *print, int64_t tsize_max)
{
	return print->ex.status == QUOTE_OK &&
	    print->price_e4 >= print->ex.bid_e4 &&
	    print->price_e4 <= print->ex.ask_e4 && print->size <= tsize_max &&
	    (print->flags & (COND_ISO | COND_AUCTION | COND_CROSS |
	    COND_FLOOR | COND_MULTILEG)) == 0;
}

/* The quote a one-quote rule goes by. */
static const struct quote_view *
side_selected(const struct side_print *print, enum side_method *method)
{
	*method = SIDE_QUOTE_NBBO;
	if (!print->nbbo.usable && print->ex.usable) {
		*method = SIDE_QUOTE_EX;
		return &print->ex;
	}
	return &print->nbbo;
}

static enum side
side_at_quote(const struct side_print *print, enum side_method *method)
{
	const struct quote_view *q = side_selected(print, method);

	if (!q->usable || q->bid_e4 == q->ask_e4)
		return SIDE_UNKNOWN;
	if (print->price_e4 == q->ask_e4)
		return SIDE_BUY;
	return print->price_e4 == q->bid_e4 ? SIDE_SELL : SIDE_UNKNOWN;
}

static enum side
side_in_deciles(const struct side_print *print, enum side_method *method)
{
	switch (quote_locate(side_selected(print, method), print->price_e4)) {
	case QUOTE_AT_ASK:
	case QUOTE_NEAR_ASK:
		return SIDE_BUY;
	case QUOTE_AT_BID:
	case QUOTE_NEAR_BID:
		return SIDE_SELL;
	default:
		return SIDE_UNKNOWN;
	}
}

/* Seed 2's rule: only what is outside the quote was bought or sold. */
static enum side
side_outside(const struct quote_view *quote, int64_t price_e4)
{
	switch (quote_locate(quote, price_e4)) {
	case QUOTE_ABOVE_ASK:
		return SIDE_BUY;
	case QUOTE_BELOW_BID:
		return SIDE_SELL;
	default:
		return SIDE_UNKNOWN;
	}
}

static enum side
side_stack_gsu(const struct side_print *print, enum side_method *method)
{
	const struct {
		enum side_method method;
		enum side side;
	} steps[] = {
		{ SIDE_QUOTE_NBBO, side_quote(&print->nbbo, print->price_e4) },
		{ SIDE_QUOTE_EX, side_quote(&print->ex, print->price_e4) },
		{ SIDE_DEPTH_NBBO, side_depth(&print->nbbo, print->price_e4) },
		{ SIDE_DEPTH_EX, side_depth(&print->ex, print->price_e4) },
	};

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i].side != SIDE_UNKNOWN) {
			*method = steps[i].method;
			return steps[i].side;
		}
	return SIDE_UNKNOWN;
}

/* The rule's quote part; the tick rule follows most of them. */
static enum side
side_by_quotes(enum side_rule rule, const struct side_print *print,
    enum side_method *method)
{
	switch (rule) {
	case SIDE_RULE_GSU:
	case SIDE_RULE_GSU_RAW:
		return side_stack_gsu(print, method);
	case SIDE_RULE_QUOTE:
	case SIDE_RULE_LR:
		return side_quote(side_selected(print, method),
		    print->price_e4);
	case SIDE_RULE_EMO:
		return side_at_quote(print, method);
	case SIDE_RULE_CLNV:
		return side_in_deciles(print, method);
	case SIDE_RULE_SEED:
		return side_outside(side_selected(print, method),
		    print->price_e4);
	case SIDE_RULE_TICK:
		break;
	}
	return SIDE_UNKNOWN;
}

static bool
side_asks_next(const struct side_rules *rules)
{
	return rules->lookahead && (rules->rule == SIDE_RULE_GSU ||
	    rules->rule == SIDE_RULE_GSU_RAW);
}

/* What is left when the quotes do not tell. */
static enum side
side_by_ticks(const struct side_rules *rules, const struct side_print *print,
    enum side_method *method)
{
	enum side side = SIDE_UNKNOWN;

	if (rules->rule == SIDE_RULE_QUOTE || rules->rule == SIDE_RULE_SEED)
		return SIDE_UNKNOWN;
	*method = SIDE_RTICK_ALL;
	if (side_asks_next(rules)) {
		side = side_rtick(print);
		if (rules->rule == SIDE_RULE_GSU_RAW)
			return side;
	}
	if (side == SIDE_UNKNOWN) {
		*method = SIDE_TICK_ALL;
		side = side_tick(print);
	}
	return side;
}

bool
side_needs_next(const struct side_rules *rules, const struct side_print *print)
{
	enum side_method method;

	return print->eligible && side_asks_next(rules) &&
	    side_by_quotes(rules->rule, print, &method) == SIDE_UNKNOWN;
}

/* ---- confidence: the table of domain.md 3.5 ---- */

/* Excess over one half shrinks for index options and auctions. */
static int64_t
side_discount(const struct side_print *print, int64_t confidence_e6)
{
	int64_t excess = confidence_e6 - 500000;

	if (print->is_index)
		excess = excess * 5 / 10;
	if (print->flags & COND_AUCTION)
		excess = excess * 8 / 10;
	return 500000 + excess;
}

static int64_t
side_confidence_quote(const struct quote_view *quote,
    const struct side_print *print)
{
	bool ex = print->ex.usable;

	switch (quote_locate(quote, print->price_e4)) {
	case QUOTE_AT_ASK:
	case QUOTE_AT_BID:
		if (print->size <= 11)
			return ex ? 750000 : 500000;
		return ex ? 680000 : 650000;
	case QUOTE_ABOVE_ASK:
	case QUOTE_BELOW_BID:
		return ex ? 680000 : 700000;
	default:
		return ex ? 650000 : 630000;
	}
}

int64_t
side_confidence(const struct side_print *print, enum side_method method)
{
	bool ex = print->ex.usable;

	switch (method) {
	case SIDE_TSIZE_EX:
	case SIDE_SWEEP_ANCHOR:
		return side_discount(print, 800000);
	case SIDE_QUOTE_NBBO:
		return side_discount(print,
		    side_confidence_quote(&print->nbbo, print));
	case SIDE_QUOTE_EX:
		return side_discount(print,
		    side_confidence_quote(&print->ex, print));
	case SIDE_DEPTH_NBBO:
	case SIDE_DEPTH_EX:
		return side_discount(print, ex ? 660000 : 550000);
	case SIDE_TICK_ALL:
	case SIDE_RTICK_ALL:
		return side_discount(print, ex ? 530000 : 520000);
	default:
		return 500000;
	}
}

void
side_decide(const struct side_rules *rules, const struct side_print *print,
    struct side_verdict *out)
{
	const enum side_rule rule = rules->rule;
	enum side_method method = SIDE_NONE;
	enum side side, tsize = SIDE_UNKNOWN;

	*out = (struct side_verdict){ SIDE_UNKNOWN, SIDE_UNKNOWN, SIDE_NONE,
	    500000 };
	if (!print->eligible)
		return;
	side = side_by_quotes(rule, print, &method);
	if (side == SIDE_UNKNOWN)
		side = side_by_ticks(rules, print, &method);
	if (rule == SIDE_RULE_GSU_RAW || (rule == SIDE_RULE_GSU &&
	    side_tsize_allowed(print, rules->tsize_max)))
		tsize = side_tsize(print);
	out->aggressor = side;
	out->side = tsize != SIDE_UNKNOWN ? tsize : side;
	out->method = tsize != SIDE_UNKNOWN ? SIDE_TSIZE_EX :
	    side != SIDE_UNKNOWN ? method : SIDE_NONE;
	out->confidence_e6 = side_confidence(print, out->method);
}

void
side_sweep(enum side side, const struct side_print *print,
    struct side_verdict *out)
{
	out->side = out->aggressor = side;
	out->method = SIDE_SWEEP_ANCHOR;
	out->confidence_e6 = side_confidence(print, SIDE_SWEEP_ANCHOR);
}

enum side_sentiment
side_sentiment(const struct side_rules *rules, const struct side_print *print,
    enum side side)
{
	const uint32_t neutral = COND_MULTILEG | COND_STOCK_TIED |
	    COND_CROSS | COND_LATE | COND_OUT_OF_SEQUENCE | COND_COMPRESSION;

	if (rules->sentiment == SIDE_SENTIMENT_OUTSIDE)
		side = side_outside(&print->nbbo, print->price_e4);
	else if ((print->flags & neutral) != 0 || print->is_neutral)
		side = SIDE_UNKNOWN;
	if (side == SIDE_UNKNOWN || print->right == TRADE_NO_RIGHT)
		return SIDE_NEUTRAL;
	return (side == SIDE_BUY) == (print->right == TRADE_CALL) ?
	    SIDE_BULLISH : SIDE_BEARISH;
}

int64_t
side_weight_e6(const struct side_verdict *verdict,
    enum side_sentiment sentiment)
{
	int64_t weight = 2 * verdict->confidence_e6 - 1000000;

	return sentiment == SIDE_NEUTRAL || weight < 0 ? 0 : weight;
}

enum side_aggressiveness
side_aggressiveness(const struct side_rules *rules,
    const struct side_print *print, const struct side_verdict *verdict)
{
	enum quote_location at = quote_locate(&print->nbbo, print->price_e4);
	bool edge = at == QUOTE_AT_ASK || at == QUOTE_AT_BID ||
	    at == QUOTE_ABOVE_ASK || at == QUOTE_BELOW_BID;

	if (rules->aggressiveness == SIDE_AGGRESSIVENESS_SEED) {
		if (quote_is_through(&print->nbbo, print->price_e4))
			return SIDE_AGGRESSIVE;
		return edge ? SIDE_PASSIVE : SIDE_NORMAL;
	}
	if (at == QUOTE_UNKNOWN ||
	    (print->flags & (COND_MULTILEG | COND_CROSS)) != 0 ||
	    ((print->flags & COND_AUCTION) != 0 && !edge))
		return SIDE_NORMAL;
	if (edge && verdict->side != SIDE_UNKNOWN &&
	    verdict->side == verdict->aggressor)
		return SIDE_AGGRESSIVE;
	if (verdict->method == SIDE_TSIZE_EX ||
	    quote_is_central(&print->nbbo, print->price_e4))
		return SIDE_PASSIVE;
	return SIDE_NORMAL;
}

const char *
side_name(enum side side)
{
	static const char *const names[] = { "UNKNOWN", "BUY", "SELL" };

	return names[side];
}

const char *
side_method_name(enum side_method method)
{
	static const char *const names[SIDE_METHODS] = {
		"NONE", "TSIZE_EX", "QUOTE_NBBO", "QUOTE_EX", "DEPTH_NBBO",
		"DEPTH_EX", "TICK_ALL", "RTICK_ALL", "SWEEP_ANCHOR"
	};

	return names[method];
}

const char *
side_sentiment_name(enum side_sentiment sentiment)
{
	static const char *const names[] = { "NEUTRAL", "BULLISH", "BEARISH" };

	return names[sentiment];
}

const char *
side_aggressiveness_name(enum side_aggressiveness value)
{
	static const char *const names[] = {
		"NORMAL", "AGGRESSIVE", "PASSIVE"
	};

	return names[value];
}
