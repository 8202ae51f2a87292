#ifndef FLOW_SIDE_H
#define FLOW_SIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "classify/quote.h"

/*
 * Who traded: the customer's side, the aggressor's side, and what follows from
 * them (domain.md 3.5-3.7).  Pure.  Confidence and weight are millionths.
 */

enum side { SIDE_UNKNOWN, SIDE_BUY, SIDE_SELL };

enum side_method {
	SIDE_NONE,
	SIDE_TSIZE_EX,		/* size equals the exchange's quote size */
	SIDE_QUOTE_NBBO,
	SIDE_QUOTE_EX,
	SIDE_DEPTH_NBBO,
	SIDE_DEPTH_EX,
	SIDE_TICK_ALL,
	SIDE_RTICK_ALL,		/* the next different price */
	SIDE_SWEEP_ANCHOR,
	SIDE_METHODS
};

/*
 * The stacks of rules.  Grauer, Schuster and Uhrig-Homburg, "Option Trade
 * Classification" (SSRN 4098475) with guards, and without; the quote rule;
 * Lee and Ready 1991; Ellis, Michaely and O'Hara 2000; Chakrabarty et al.
 * 2007; the tick rule alone.
 */
enum side_rule {
	SIDE_RULE_GSU,
	SIDE_RULE_GSU_RAW,
	SIDE_RULE_QUOTE,
	SIDE_RULE_LR,
	SIDE_RULE_EMO,
	SIDE_RULE_CLNV,
	SIDE_RULE_TICK,
	SIDE_RULE_SEED		/* above the ask bought, below the bid sold */
};

/* What sentiment goes by, and how aggressiveness is meant. */
enum side_sentiment_rule {
	SIDE_SENTIMENT_SIDE,		/* the customer's side */
	SIDE_SENTIMENT_OUTSIDE		/* prices outside the NBBO alone */
};
enum side_aggressiveness_rule {
	SIDE_AGGRESSIVENESS_STD,
	SIDE_AGGRESSIVENESS_SEED	/* at the quote is passive */
};

struct side_rules {
	enum side_rule rule;
	int64_t tsize_max;		/* largest size the size rule signs */
	enum side_sentiment_rule sentiment;
	enum side_aggressiveness_rule aggressiveness;
	bool lookahead;			/* gsu and gsu-raw ask the next price */
};

extern const char *const side_rule_names[];	/* NULL-terminated, and */
extern const char *const side_sentiment_names[];	/* so are these */
extern const char *const side_aggressiveness_names[];

enum side_sentiment { SIDE_NEUTRAL, SIDE_BULLISH, SIDE_BEARISH };
enum side_aggressiveness { SIDE_NORMAL, SIDE_AGGRESSIVE, SIDE_PASSIVE };

/* A print and what was known before it. */
struct side_print {
	int64_t price_e4;
	int64_t size;			/* contracts */
	struct quote_view nbbo, ex;	/* best market; its own exchange's */
	int64_t tick_e4;		/* last different price today, or
					 * TRADE_NONE */
	int64_t next_e4;		/* next one, the same */
	uint32_t flags;			/* enum cond_flag */
	bool eligible;			/* side column of the conditions */
	bool is_index;			/* cash index option */
	enum trade_right right;
	bool is_neutral;		/* adjusted or cancelled */
};

struct side_verdict {
	enum side side;			/* the customer's */
	enum side aggressor;		/* who crossed the spread */
	enum side_method method;
	int64_t confidence_e6;		/* 0.5 .. 1 */
};

/* BUY above the midpoint, SELL below, UNKNOWN at it or without a usable
 * quote.  Lee and Ready (1991), J. Finance 46(2), 733-746. */
enum side side_quote(const struct quote_view *quote, int64_t price_e4);

/* The side a sweep cluster goes by: quote rule on the NBBO, else on the
 * exchange's quote. */
enum side side_provisional(const struct side_print *print);

/*
 * The whole stack.  With lookahead gsu and gsu-raw end in the reverse tick
 * rule: sold when the next different price is higher, bought when it is lower.
 * While that price is not known gsu answers by the tick rule and gsu-raw, which
 * is the published stack, not at all.
 */
void side_decide(const struct side_rules *rules,
    const struct side_print *print, struct side_verdict *out);

/* True when the next different price would decide. */
bool side_needs_next(const struct side_rules *rules,
    const struct side_print *print);

/* A member of a sweep: the cluster's side. */
void side_sweep(enum side side, const struct side_print *print,
    struct side_verdict *out);

/* side_confidence of a print signed by the method. */
int64_t side_confidence(const struct side_print *print,
    enum side_method method);

enum side_sentiment side_sentiment(const struct side_rules *rules,
    const struct side_print *print, enum side side);

/* max(0, 2 x confidence - 1); 0 when neutral. */
int64_t side_weight_e6(const struct side_verdict *verdict,
    enum side_sentiment sentiment);

enum side_aggressiveness side_aggressiveness(
    const struct side_rules *rules, const struct side_print *print,
    const struct side_verdict *verdict);

const char *side_name(enum side side);
const char *side_method_name(enum side_method method);
const char *side_sentiment_name(enum side_sentiment sentiment);
const char *side_aggressiveness_name(enum side_aggressiveness value);

#endif
