#ifndef FLOW_CANCEL_H
#define FLOW_CANCEL_H

#include <stdbool.h>
#include <stdint.h>

#include "record/cond.h"
#include "record/trade.h"

/*
 * The prints of one contract on one trade date, kept to find the one that a
 * cancel takes back (domain.md 3.2) and to tell a repeated trade_id.  The last
 * CANCEL_LOG prints and the first of the day are kept; what is older cannot be
 * matched any more.
 */

enum { CANCEL_LOG = 512, CANCEL_NEAR = 72 };

struct cancel_print {
	int64_t ts;
	int64_t price_e4;
	int64_t size;
	int64_t premium_e4;
	int64_t sequence;	/* TRADE_NONE: the feed gave none */
	char exchange[12];	/* name and zeros; longer ones are cut */
	char *far;		/* the texts, when near is too small */
	char near[CANCEL_NEAR];	/* trade_id, then conditions as JSON */
	uint32_t trade_id_n, conditions_n;	/* bytes of each */
	uint64_t number;	/* of the print in the run, from 1 */
	uint32_t contract_id, underlying_id;	/* in the size rings */
	bool counted;		/* in day_volume */
	bool averaged;		/* in the size rings */
	bool cancelled;
	bool closed;			/* outside every session */
	/* its part in the aggressive ratio, ratio.h */
	bool in_ratio, at_ask;
};

struct cancel_log {
	struct cancel_print first;	/* of the day, when has_first */
	struct cancel_print *print;	/* ring, oldest first */
	uint32_t start, n, cap;
	bool has_first;			/* first has left the ring */
	int64_t reports;		/* of the day, cancelled ones too */
	int64_t latest_ts;		/* of any print, while there is one */
};

void cancel_clear(struct cancel_log *log);

/*
 * Room for one more print, its texts copied; the caller fills in the
 * rest.
 *forgotten grows when an old print leaves for good.
 */
struct cancel_print *cancel_add(struct cancel_log *log,
    struct slice trade_id, struct slice conditions, int64_t ts,
    int64_t *forgotten);

struct slice cancel_trade_id(const struct cancel_print *print);
struct slice cancel_conditions(const struct cancel_print *print);

/*
 * seq for the trade_id of a print without one: its ordinal among the prints of
 * the same time and exchange, from 1 (domain.md 1.9).
 */
int64_t cancel_ordinal(const struct cancel_log *log, int64_t ts,
    struct slice exchange);

/* True when the contract had a print of this id and time today. */
bool cancel_is_repeat(const struct cancel_log *log, struct slice trade_id,
    int64_t ts);

/*
 * The print that a cancelling trade takes back, or NULL.  Contract and trade
 * date are the log's; exchange, price and size must agree, and the sequence
 * when the trade says which one (ref_sequence).  CNCL: the latest report of
 * the day; CNCO: the first; CNOL: the only one; CANC: the latest one not yet
 * cancelled, rather neither the first nor the last.
 */
struct cancel_print *cancel_find(struct cancel_log *log,
    const struct trade *trade);

/* The print of a number, or NULL when it is not kept any more. */
struct cancel_print *cancel_of(struct cancel_log *log, uint64_t number);

/* The exchange's name as the log keeps it: 12 bytes, zeros behind. */
void cancel_exchange(char dst[12], struct slice exchange);

#endif
