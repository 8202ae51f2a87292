#ifndef FLOW_CONTRACT_H
#define FLOW_CONTRACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"
#include "market/cal.h"
#include "record/osi.h"
#include "tap/nbbo.h"

/*
 * The instruments of a stream, each read once from whatever names it, with
 * what flow-tap remembers of each.  Pointers stay valid until the book is
 * freed.
 */

enum { CONTRACT_SYMBOL = 16 };	/* longest symbol, osi_is_symbol */

struct contract {
	size_t number;			/* its place in the book, from 0 */
	struct slice ticker;		/* contract_ticker */
	struct slice symbol;		/* underlying */
	struct slice root;		/* empty without expiration */
	struct slice expiration;	/* YYYY-MM-DD, empty without */
	bool expires;			/* an option: osi is set */
	struct osi osi;

	/* What the stream said of it so far. */
	bool traded;
	int asked;			/* of the desk: 1, -1 no, 0 not known */
	int32_t class_day;		/* the day cls was looked up for */
	enum cal_class cls;
	struct nbbo nbbo;
	int64_t id_ts;			/* millisecond of the latest print */
	struct buf first;		/* trade_id of the first print in it,
					 * then the same without its number */
	size_t n_id;			/* length of that trade_id */

	char ticker_text[OSI_TEXT + 1];
	char symbol_text[CONTRACT_SYMBOL];
	char expiration_text[DAY_TEXT];
};

/* What a feed calls an instrument; empty where it says nothing. */
struct contract_name {
	struct slice osi;		/* a whole option symbol, or */
	struct slice plain;		/* what never expires, or */
	struct slice root;		/* the parts; root or symbol */
	struct slice symbol;		/* the underlying, if known apart */
	struct slice expiration;	/* YYYY-MM-DD, YYYYMMDD, MM/DD/YYYY */
	struct slice strike;		/* dollars */
	struct slice right;		/* C, P, call, put */
};

struct contract_book {
	struct table by_name;		/* any spelling seen */
	struct contract **all;
	size_t n, cap;
	struct buf key;			/* scratch */
};

void contract_book_init(struct contract_book *book);
void contract_book_free(struct contract_book *book);

/*
 * The instrument named; NULL with the reason when the name is none.  The
 * symbol of an instrument is the one given when it was first named, else the
 * one its root stands for.
 */
struct contract *contract_find(struct contract_book *book,
    const struct contract_name *name, struct err *err);

/*
 * The instrument of a record's contract_ticker: an option symbol, or else an
 * instrument without expiration.
 */
struct contract *contract_of_ticker(struct contract_book *book,
    struct slice ticker, struct slice symbol, struct err *err);

/*
 * The option that the book has under its contract_ticker; NULL: none, though
 * another spelling may name it.
 */
struct contract *contract_known(const struct contract_book *book,
    struct slice ticker);

/* A date as files spell it (struct contract_name); DAY_NONE: none. */
int32_t contract_day(struct slice text);

#endif
