#ifndef FLOW_LISTING_H
#define FLOW_LISTING_H

#include "record/trade.h"
#include "store/intern.h"

/*
 * Contracts as numbers.  A record repeats what is known of its contract; here
 * each set of that is one row.  Two rows may have the same ticker, when records
 * disagree about its multiplier, say: base is the first of them and is what
 * identifies a print.
 */

struct listing {
	int64_t id, base;
	int64_t symbol;		/* a word; 0 when there is none */
};

struct listings {
	struct intern *words;
	struct db_stmt *find, *base, *add;
	struct table known;	/* struct listing, by all that is known */
	struct table tickers;	/* the bases, by ticker */
	struct listing *items;	/* blocks of them, linked */
	struct buf key;
};

int listing_open(struct listings *all, struct db *db, struct intern *words,
    struct err *err);
void listing_close(struct listings *all);

/*
 * The contract of a trade; its members are those of struct trade.  When symbol
 * is absent it follows from the ticker.  The result is valid until the next
 * call.
 */
int listing_of(struct listings *all, const struct trade *trade,
    const struct listing **out, struct err *err);

/*
 * The base of the trade's ticker, whatever else it says: for records that
 * repeat less of the contract.  Made from what they say when it is new, and
 * from what their ticker does.
 */
int listing_base(struct listings *all, const struct trade *trade,
    const struct listing **out, struct err *err);

#endif
