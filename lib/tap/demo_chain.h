#ifndef FLOW_DEMO_CHAIN_H
#define FLOW_DEMO_CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tap/contract.h"
#include "tap/demo_price.h"
#include "tap/demo_random.h"

/*
 * The option chain of one demo underlying on one trade date: expirations by
 * the exchanges' rules, strikes around the price, tick sizes, volatility
 * surface, open interest.  Prices of underlyings are near those of late 2025
 * for some known symbols and made from the name for all others.
 */

enum demo_ticks {
	DEMO_TICKS_PENNY,	/* 0.01 at any price: SPY, QQQ, IWM */
	DEMO_TICKS_PROGRAM,	/* 0.01 below 3.00, 0.05 from there */
	DEMO_TICKS_CLASSIC	/* 0.05 below 3.00, 0.10 from there */
};

enum demo_listing {
	DEMO_LISTING_DAILY,	/* every open day of the next week, and */
	DEMO_LISTING_WEEKLY	/* five Fridays, four months, two Januaries */
};

/* What is known of an underlying. */
struct demo_product {
	char symbol[8];
	char root[8];		/* of AM-settled monthly series, or "" */
	char weekly_root[8];	/* of the others */
	char exchange[8];	/* the only one that lists it, or "" */
	int32_t price_cents;
	int32_t vol_e4;		/* at the money, a year */
	int32_t yield_e4;
	int32_t width_e3;	/* of quotes, of a value's time value */
	uint16_t weight;	/* share of trades */
	enum demo_ticks ticks;
	enum demo_listing listing;
};

struct demo_series;

struct demo_contract {
	struct contract *contract;	/* in the book */
	struct demo_series *series;
	int64_t strike_e4, strike_ln;	/* demo_price_ln */
	int64_t open_interest, oi_change;
	bool put;
	int64_t free_at;	/* ms; its latest quote or print is done */
	int64_t n_prints;	/* reports so far, cancels apart */
};

/* One expiration. */
struct demo_series {
	int32_t expiration;
	bool am;
	int64_t close_ts;	/* it trades before that, ms */
	int64_t step_e4, low_e4;	/* strikes low + i x step, n of them */
	size_t n;
	struct demo_contract *calls, *puts;	/* n each, by strike */
	uint16_t weight;	/* share of trades */
	int64_t vol;		/* at the money, Q28 */
	int64_t term_ts;	/* what term is of */
	struct demo_price_term term;
};

enum { DEMO_SERIES = 24 };

struct demo_chain {
	struct demo_product product;
	struct demo_series series[DEMO_SERIES];	/* n of them, by expiration */
	uint16_t weights[DEMO_SERIES];
	size_t n;
};

/*
 * Fills product; fails when no options of the symbol are known: it is no
 * symbol of 1 to 6 letters and digits, a root of another underlying, or an
 * index whose series follow rules of their own.
 */
int demo_chain_product(struct demo_product *product, const char *symbol,
    struct err *err);

/*
 * The chain on a day that exchanges are open, its contracts named in the book.
 * product is filled; close_ts ends the session.  -1 and err when the calendar
 * has no expirations.
 */
int demo_chain_init(struct demo_chain *chain, int32_t day, int64_t close_ts,
    struct contract_book *book, struct demo_random *random, struct err *err);
void demo_chain_free(struct demo_chain *chain);

/*
 * A contract somebody might trade with the underlying here; never NULL.
 * inside: share in the money, of DEMO_RANDOM_ALL.
 */
struct demo_contract *demo_chain_pick(struct demo_chain *chain,
    struct demo_random *random, int64_t spot_e4, int64_t inside);

/*
 * The contract of the first series at least so many days away whose strike is
 * so many hundredths of the spot.
 */
struct demo_contract *demo_chain_at(struct demo_chain *chain, int32_t day,
    int32_t days, bool put, int64_t spot_e4, int64_t percent);

/* n strikes up in the same series, down when negative; NULL: none. */
struct demo_contract *demo_chain_beside(struct demo_contract *contract, int n);

/* What it is worth, 1/10,000 dollar; spot_ln: demo_price_ln of the spot. */
int64_t demo_chain_value(const struct demo_chain *chain,
    struct demo_contract *contract, int64_t ts, int64_t spot_e4,
    int64_t spot_ln);

/* The smallest price step at a price, 1/10,000 dollar. */
int64_t demo_chain_tick(const struct demo_chain *chain, int64_t price_e4);

#endif
