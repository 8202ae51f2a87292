#ifndef FLOW_COND_H
#define FLOW_COND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Sale conditions and exchanges: one table each, reached by every spelling the
 * vendors use.  The table of domain.md 3.2 says what a print with a condition
 * counts towards; several conditions combine to the most restrictive answer.
 */

/* Numberings a vendor's file may use. */
enum cond_codes {
	COND_NAMES,		/* our own: mnemonics and exchange names */
	COND_OPRA,		/* OPRA letters */
	COND_MASSIVE,		/* Massive's numbers */
	COND_THETADATA		/* ThetaData's numbers */
};

enum cond_flag {		/* bits: what a print is, not what it counts */
	COND_ISO = 1 << 0,
	COND_AUCTION = 1 << 1,
	COND_CROSS = 1 << 2,
	COND_FLOOR = 1 << 3,
	COND_MULTILEG = 1 << 4,
	COND_STOCK_TIED = 1 << 5,
	COND_LATE = 1 << 6,
	COND_OUT_OF_SEQUENCE = 1 << 7,
	COND_EXTENDED = 1 << 8,
	COND_COMPRESSION = 1 << 9,
	COND_VENDOR_SWEEP = 1 << 10,	/* literal SWEEP from a vendor */
	COND_VENDOR_MULTILEG = 1 << 11,	/* literal MLTI from a vendor */
	COND_UNKNOWN = 1 << 12
};

enum cond_cancel {
	COND_NO_CANCEL,
	COND_CANC,		/* neither the last nor the first report */
	COND_CNCL,		/* the last */
	COND_CNCO,		/* the opening */
	COND_CNOL		/* the only */
};

/* One row of the table, or the sum of several. */
struct cond {
	bool volume;		/* counts towards volume */
	bool premium;		/* counts towards premium and flow sums */
	bool last;		/* sets last price and tick state */
	bool side;		/* may be given a side */
	bool sweep;		/* may join a sweep cluster */
	uint32_t flags;		/* enum cond_flag */
	enum cond_cancel cancel;
};

/*
 * A regular print with no condition: counts everywhere.  Start of a sum.
 */
struct cond cond_regular(void);

/* Adds one condition by its mnemonic ("ISOI"); unknown ones set
 * COND_UNKNOWN and leave volume only. */
void cond_add(struct cond *sum, struct slice mnemonic);

/*
 * Our mnemonic for a vendor's code ("130" with COND_THETADATA is "MLET"), or
 * NULL when unknown.  A code that means a regular print, the empty one
 * included, gives "" (no condition).
 */
const char *cond_name(enum cond_codes codes, struct slice code);

/*
 * Our name for a vendor's exchange code ("302" with COND_MASSIVE, "C" with
 * COND_OPRA, "5" with COND_THETADATA are "CBOE"), or NULL when unknown.  With
 * COND_NAMES vendors' names and MIC codes become ours ("XCBO"), and any other
 * 1 to 8 of A-Z 0-9 are the name themselves: markets without options have
 * names of their own.  The result may point into code; its length in *len.
 */
const char *cond_exchange(enum cond_codes codes, struct slice code,
    size_t *len);

#endif
