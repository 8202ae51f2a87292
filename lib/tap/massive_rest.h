#ifndef FLOW_MASSIVE_REST_H
#define FLOW_MASSIVE_REST_H

#include "tap/massive_wire.h"

/*
 * Replies of Massive's REST service: pages of prints, contracts, chain
 * snapshots and bars, the hours of the market, tables.  A row that is not
 * acceptable is refused, its page is not.  The only place of tap that knows
 * jansson.  No clock, no socket.
 */

/*
 * One contract of a list or of a chain; TRADE_NONE where the plan or the page
 * has nothing.  A list tells the ticker alone.
 */
struct massive_rest_contract {
	struct slice ticker;		/* "O:..." */
	int64_t open_interest;
	int64_t day_volume;
	int64_t traded_ns;		/* of the last trade */
	int64_t last_e4;
	struct trade_quote quote;
	int64_t underlying_e4;
	int64_t iv_e6, delta_e6, gamma_e6, theta_e6, vega_e6;
	bool delayed;			/* a block of it says so */
};

/* A bar of a share or an index. */
struct massive_rest_bar {
	int64_t start_ts;
	int64_t open_e4, high_e4, low_e4, close_e4;
	int64_t volume, vwap_e4, trades;	/* or TRADE_NONE */
};

struct massive_rest_rows {
	/* Any may be NULL.  What they get is valid during the call. */
	void (*print)(void *ctx, const struct massive_wire *print);
	void (*contract)(void *ctx,
	    const struct massive_rest_contract *contract);
	void (*bar)(void *ctx, const struct massive_rest_bar *bar);
	void *ctx;
};

struct massive_rest_page {
	char *next;		/* path and query of the next page, yours to
				 * free; NULL: this was the last */
	int64_t rows, refused;
};

/*
 * Reads a reply of status 200.  next_url counts only below base ("https://
 * host"), where the key may go.  -1 and err when it is no page at all, or
 * leads elsewhere.
 */
int massive_rest_read(struct slice body, const char *base,
    const struct massive_rest_rows *rows, struct massive_rest_page *page,
    struct err *err);

/*
 * Reads what the market does now: "open", "closed", "extended-hours", valid
 * during the call of told.  -1 and err when it is no such reply.
 */
int massive_rest_market(struct slice body, void (*told)(void *ctx,
    struct slice market), void *ctx, struct err *err);

/* A day on which a stock exchange is closed, or closes early. */
struct massive_rest_holiday {
	struct slice date;		/* YYYY-MM-DD */
	struct slice exchange;		/* NYSE, NASDAQ, OTC */
	struct slice name;
	bool early;			/* open, but closes before its time */
};

/* Reads the holidays to come. */
int massive_rest_holidays(struct slice body, void (*row)(void *ctx,
    const struct massive_rest_holiday *holiday), void *ctx, struct err *err);

/* A row of the tables of sale conditions and exchanges; empty: not told. */
struct massive_rest_code {
	int64_t id;
	struct slice name;
	struct slice letter;		/* OPRA's */
	struct slice mic;		/* of an exchange */
};

/* Reads such a table; a row without a number is passed over. */
int massive_rest_codes(struct slice body, void (*row)(void *ctx,
    const struct massive_rest_code *code), void *ctx, struct err *err);

/* The ticker of an underlying: cash indexes have a prefix. */
const char *massive_rest_prefix(const char *symbol);

/*
 * Reads a reply of the grouped daily bars: row gets each share's symbol and
 * volume.  -1 and err when it is none.
 */
int massive_rest_volumes(struct slice body, void (*row)(void *ctx,
    struct slice symbol, int64_t volume), void *ctx, struct err *err);

/* What an error's reply says, harmless to show: "403 You are not entitled". */
void massive_rest_why(int status, struct slice body, struct err *why);

#endif
