#ifndef FLOW_TRADE_H
#define FLOW_TRADE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "record/cond.h"
#include "record/emit.h"
#include "record/scan.h"

/*
 * The trade record in C (domain.md 1.2): what flow-tap writes and what the
 * filters read of it.  Prices and money count 1/10,000 dollar.  A number that
 * the record does not have is TRADE_NONE; a text has length 0.
 */

#define TRADE_NONE EMIT_ABSENT

/*
 * How far numbers may go, so that no sum, product or difference of a few of
 * them wraps: prices $100,000,000, sizes a billion contracts, times the year
 * 9999.  No market has been near.
 */
#define TRADE_PRICE_MOST INT64_C(1000000000000)
#define TRADE_SIZE_MOST INT64_C(1000000000)
#define TRADE_TIME_MOST INT64_C(253402300799999)

enum { TRADE_CONDITIONS = 8, TRADE_ID_TEXT = 104 };

enum trade_right { TRADE_NO_RIGHT, TRADE_CALL, TRADE_PUT };

/* One market's best bid and offer. */
struct trade_quote {
	int64_t bid_e4, ask_e4;		/* TRADE_NONE: no quote on that side */
	int64_t bid_size, ask_size;	/* contracts */
	int64_t ts;			/* ms */
};

struct trade {
	struct slice trade_id;
	struct slice symbol;		/* underlying */
	struct slice root;
	struct slice contract_ticker;
	struct slice trade_date;	/* YYYY-MM-DD */
	struct slice session;		/* "RTH" */
	struct slice expiration;	/* YYYY-MM-DD, or empty */
	struct slice settlement;	/* AM, PM */
	struct slice exercise_style;	/* A, E */
	struct slice exchange;		/* normalised name, or empty */
	struct slice ts_ns;		/* decimal digits, or empty */
	struct slice feed;		/* "demo", or empty */
	struct slice condition[TRADE_CONDITIONS];	/* mnemonics */
	size_t n_conditions;
	struct cond cond;		/* what they add up to */
	int64_t timestamp;		/* ms */
	int64_t sequence;
	int64_t ref_sequence;		/* of the print a cancel is about */
	int64_t price_e4;		/* > 0 */
	int64_t size;			/* contracts, > 0 */
	int64_t multiplier;
	int64_t premium_e4;		/* price x size x multiplier */
	int64_t strike_e4;
	int64_t dte;			/* calendar days */
	int64_t underlying_e4;
	int64_t underlying_age_ms;
	int64_t open_interest;
	enum trade_right right;
	bool is_adjusted, is_flex, multiplier_assumed;
	bool is_cancel;			/* this print takes another back */
	bool is_late_arrival;
	bool is_cancelled;		/* this print was taken back */
	struct trade_quote nbbo;
	struct trade_quote ex;		/* of the print's own exchange */
};

/* All absent, a regular print. */
void trade_init(struct trade *trade);

/*
 * Reads a record of kind trade.  Needs contract_ticker, timestamp, price > 0
 * and size > 0; makes premium when it is absent (multiplier 100 when that is
 * absent too).  Texts point into the line or the scan.  -1 and the reason
 * when a member has the wrong type or range, or when no sum of a day could
 * hold it (a size over a billion, a price over $100,000,000).
 */
int trade_read(struct trade *trade, struct scan *scan, struct err *err);

/*
 * Writes the record as flow-tap does: members in the order of domain.md 1.2,
 * absent ones left out, with its newline.
 */
void trade_write(struct buf *dst, const struct trade *trade);

/* The same without its end, for members to follow; then emit_close. */
void trade_write_open(struct buf *dst, const struct trade *trade);

/* The identity members that derived records repeat (1.6). */
void trade_write_identity(struct buf *dst, const struct trade *trade);

/* True when it was made up: nothing that comes of it may hide that. */
static inline bool
trade_is_demo(const struct trade *trade)
{
	return slice_equal(trade->feed, SLICE("demo"));
}

/*
 * trade_id of domain.md 1.9: contract_ticker:timestamp:exchange:seq.  Writes
 * at most TRADE_ID_TEXT bytes; returns the length.
 */
size_t trade_id_print(char *dst, struct slice contract_ticker,
    int64_t timestamp, struct slice exchange, int64_t seq);

/* price x size x multiplier into *out; -1 when beyond int64_t. */
int trade_premium(int64_t price_e4, int64_t size, int64_t multiplier,
    int64_t *out);

#endif
