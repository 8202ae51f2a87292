#ifndef FLOW_COLUMNS_H
#define FLOW_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "tap/clock.h"
#include "tap/csv.h"

/*
 * Which column of a vendor's file is which field of a record: --columns
 * field=header,...  and the places those headers have in one file.
 */

enum column {
	COLUMN_TIMESTAMP, COLUMN_QUOTE_TIMESTAMP, COLUMN_EX_QUOTE_TIMESTAMP,
	COLUMN_DATE, COLUMN_OSI, COLUMN_CONTRACT, COLUMN_ROOT, COLUMN_SYMBOL,
	COLUMN_EXPIRATION, COLUMN_STRIKE, COLUMN_OPTION_TYPE, COLUMN_PRICE,
	COLUMN_SIZE, COLUMN_BID, COLUMN_ASK, COLUMN_BID_SIZE, COLUMN_ASK_SIZE,
	COLUMN_EX_BID, COLUMN_EX_ASK, COLUMN_EX_BID_SIZE, COLUMN_EX_ASK_SIZE,
	COLUMN_EXCHANGE, COLUMN_CONDITIONS, COLUMN_SEQUENCE,
	COLUMN_REF_SEQUENCE, COLUMN_MULTIPLIER, COLUMN_UNDERLYING_PRICE,
	COLUMN_UNDERLYING_BID, COLUMN_UNDERLYING_ASK, COLUMN_OPEN_INTEREST,
	COLUMN_IS_CANCELLED,	/* a number not 0: it was taken back */
	COLUMN_CORRECTION,	/* 0, or e: it was taken back */
	COLUMN_MARKETS,		/* how many groups of exchange, bid size,
				 * bid, ask size and ask stand behind it */
	COLUMN_COUNT
};

enum { COLUMNS_CONDITIONS = 8, COLUMNS_TIMES = COLUMN_EX_QUOTE_TIMESTAMP + 1 };

/* What a quote's price of 0 says. */
enum columns_zero {
	COLUMNS_ZERO_IS_PRICE,
	COLUMNS_ZERO_ASK_IS_NONE,	/* a bid of 0 is a real one */
	COLUMNS_ZERO_OF_NONE_IS_NONE	/* when its size is 0, too */
};

/* What was asked for. */
struct columns {
	struct slice header[COLUMN_COUNT];	/* borrowed; n 0: not mapped */
	enum clock_unit unit[COLUMNS_TIMES];	/* of the first columns */
	struct slice conditions[COLUMNS_CONDITIONS];	/* all of them */
	size_t n_conditions;
	enum columns_zero zero;
	bool quotes_only;		/* rows have no print */
};

/* Files whose columns are known. */
enum columns_vendor {
	COLUMNS_LIVEVOL,		/* Cboe DataShop, option trades */
	COLUMNS_MASSIVE,		/* Massive, flat file of trades */
	COLUMNS_MASSIVE_QUOTES		/* and of quotes */
};

/* Where it stands in a file. */
struct columns_place {
	size_t at[COLUMN_COUNT];	/* SIZE_MAX: nowhere */
	size_t conditions[COLUMNS_CONDITIONS];
	size_t least;			/* cells a whole row has */
};

/*
 * Reads n texts "field=header,...".  -1 with the reason: an unknown field, one
 * given twice, or one that is needed and missing.
 */
int columns_parse(struct columns *columns, const char *const *texts, size_t n,
    struct err *err);

void columns_vendor(struct columns *columns, enum columns_vendor vendor);

static inline bool
columns_has(const struct columns *columns, enum column column)
{
	return columns->header[column].n > 0;
}

/* Finds the headers in the row just read; -1 and the one that is not there. */
int columns_bind(const struct columns *columns, const struct csv *header,
    struct columns_place *place, struct err *err);

/* True when this first line of a file has all headers. */
bool columns_fit(const struct columns *columns, struct slice line);

const char *columns_name(enum column column);	/* "timestamp" */

#endif
