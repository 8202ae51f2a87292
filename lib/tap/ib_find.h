#ifndef FLOW_IB_FIND_H
#define FLOW_IB_FIND_H

#include "tap/contract.h"
#include "tap/ib_session.h"

/*
 * Which contracts a gateway is asked about: of each underlying its number,
 * price and chain, then of the chain the nearest expirations and the strikes
 * nearest to the price, each looked up, because the lists of a chain are
 * unions and not every pair exists.  What a gateway does not know is told and
 * left out.
 */

enum { IB_FIND_TEXT = 24 };

/* Trading class, expirations and strikes of an underlying. */
struct ib_chain {
	char name[IB_FIND_TEXT], multiplier[IB_FIND_TEXT];
	int32_t *days;
	int64_t *strikes_e4;
	size_t n_days, n_strikes;
};

struct ib_under {
	struct ib_call call;
	struct ib_find *find;
	void *owner;			/* whose call it is, if not find's */
	const char *symbol;		/* as asked: BRK.B */
	char wire[IB_FIND_TEXT];	/* as IBKR spells it: BRK B */
	char primary[IB_FIND_TEXT];
	bool index;			/* IND, else STK */
	int64_t id;			/* TRADE_NONE: not known (yet) */
	int64_t price_e4, close_e4;
	bool priced;			/* since its line was opened */
	int64_t data_type;		/* 1 to 4; TRADE_NONE: not told */
	int64_t asked_ms;		/* when its line was opened */
	int64_t bars_ms;		/* when bars were asked for; 0: never */
	int64_t bar_ts, bar_e4;		/* end and close of the last bar passed
					 * on; 0: none */
	struct ib_chain *chains;
	size_t n_chains;
	char why[128];			/* it was left out; or "" */
};

struct ib_option {
	struct ib_call call;
	void *owner;			/* whose call it is */
	struct ib_under *under;
	const struct ib_chain *chain;	/* NULL: known by its id alone */
	bool chosen;			/* by the price last looked at */
	char expiration[IB_FIND_TEXT], local[IB_FIND_TEXT];
	int64_t strike_e4;
	enum osi_right right;
	int64_t multiplier;		/* or TRADE_NONE */
	int64_t id;			/* TRADE_NONE: not known */
	bool absent;			/* the gateway knows none */
	struct contract *contract;	/* in the book */
	/* What its line said; TRADE_NONE: nothing. */
	int64_t volume, open_interest, last_e4;
	struct trade_quote quote;
	int64_t iv_e6, delta_e6, gamma_e6, vega_e6, theta_e6, underlying_e4;
	int64_t asked_ms, ticked_ms;	/* the line, and its last tick */
	int64_t read_s;			/* prints up to here were passed on */
	int64_t from_s;			/* the same, of the laps before */
	int64_t base_volume, told;	/* of a stream: the day's volume when
					 * it began, contracts told since */
	int64_t missed;			/* and those reported as not told */
	int64_t tick;			/* kind of its volume ticks, or 0 */
	int64_t print_ts, print_e4, print_size;	/* the last one told */
	int64_t seen_volume, seen_ms;	/* of the day, and when it was new */
	int64_t owed;			/* of it, not yet read as prints */
	int64_t oi_day;			/* the trade date its oi was told on */
};

/* Requests run beside one another, so many at most. */
struct ib_jobs {
	size_t n, next, running, most;
	bool (*start)(void *ctx, size_t i);	/* false: nothing to ask */
	void (*done)(void *ctx);		/* all are over */
	void *ctx;
};

void ib_find_run(struct ib_jobs *jobs);
void ib_find_ran(struct ib_jobs *jobs);	/* one of them is */

struct ib_find_setup {
	const char *const *symbols;
	size_t n;
	int64_t expirations;		/* the nearest so many; 0: no options */
	int64_t strikes;		/* of each; 0: as max_lines allows */
	int64_t max_lines;		/* market data at once */
	int64_t min_volume;		/* contracts of a day: less is passed
					 * over, when it is known */
	int64_t request_ms;
	/* All was asked for; none of the calls runs any more. */
	void (*done)(void *ctx);
	void *ctx;
};

struct ib_find {
	struct ib_find_setup setup;
	struct ib_session *session;
	struct contract_book *book;
	struct ib_under *unders;	/* setup.n of them */
	struct ib_option **options;	/* all that were ever chosen */
	size_t n_options;
	size_t entered, left;		/* chosen now but not before; and the
					 * other way round */
	struct ib_jobs jobs;
	struct buf frame;		/* scratch */
	bool broken;			/* the connection was lost meanwhile */
};

struct ib_find *ib_find_new(struct ib_session *session,
    const struct ib_find_setup *setup, struct contract_book *book);
void ib_find_free(struct ib_find *find);	/* after the session */

/*
 * Asks; of what is known from before only the prices again, and chooses by
 * them.
 */
void ib_find_start(struct ib_find *find);

/* Whenever a tenth of a second passed. */
void ib_find_tick(struct ib_find *find, int64_t now_ms);

/* The options chosen, into dst, which has room for n_options; their number. */
size_t ib_find_chosen(const struct ib_find *find, struct ib_option **dst);

/*
 * Opens a market data line (frame: scratch); the call, its got and over are
 * the caller's.
 */
void ib_find_line(struct ib_session *session, struct buf *frame,
    struct ib_call *call, const struct ib_contract *contract,
    struct slice generic);

/* As requests name it; texts point into the option. */
struct ib_contract ib_find_contract(const struct ib_option *option);
struct ib_contract ib_find_underlying(const struct ib_under *under);

/*
 * The places of the n nearest to the price in k ascending strikes: *from and
 * as many as returned.  Of two equally near the lower one.
 */
size_t ib_find_near(const int64_t *strikes, size_t k, int64_t price, size_t n,
    size_t *from);

#endif
