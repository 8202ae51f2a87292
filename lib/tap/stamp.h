#ifndef FLOW_STAMP_H
#define FLOW_STAMP_H

#include "base/table.h"
#include "record/trade.h"
#include "tap/contract.h"

/*
 * What flow-tap adds to a print (stage T of domain.md 1.2): identity, session,
 * trade date, DTE, settlement, multiplier, premium and the trade_id of 1.9.
 * What the print brings itself stays.  A print without sequence and id is
 * numbered in its millisecond, so those of a contract must come in order of
 * their timestamp; others, such as late ones, need not.  Texts given to a trade
 * point into the stamp or the contract and are valid until the next print.
 */

struct stamp {
	int64_t multiplier;		/* of prints that name none; 0: 100 for
					 * options, 1 without expiration */
	int64_t day_start, day_end;	/* ms; the New York day last used */
	int32_t day;
	int32_t trade_day;		/* what date_text holds */
	char date_text[DAY_TEXT];
	char id_text[TRADE_ID_TEXT];
	int64_t ids_ts;			/* millisecond of ids */
	struct table ids;		/* trade_ids of it, and counts of
					 * prints under "contract:ts:exchange:",
					 * of contracts with several prints */
};

void stamp_init(struct stamp *stamp, int64_t multiplier);
void stamp_free(struct stamp *stamp);

/* Fills what is absent, the id apart.  -1 and the reason: not acceptable. */
int stamp_trade(struct stamp *stamp, struct contract *contract,
    struct trade *trade, struct err *err);

/*
 * Gives the print its id unless it has one, and notes it.  -1 and err when a
 * print had the same id before.
 */
int stamp_id(struct stamp *stamp, struct contract *contract,
    struct trade *trade, struct err *err);

#endif
