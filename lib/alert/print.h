#ifndef FLOW_PRINT_H
#define FLOW_PRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"
#include "record/osi.h"
#include "record/scan.h"
#include "record/trade.h"

/*
 * What the alert rules read of a trade, and of the sweep, cancel, oi and
 * divergence records that are made of trades.  What a record from elsewhere
 * lacks comes from the contract's symbol and the New York date.  Texts point
 * into the line, the scan or the struct, which must not move.
 */

struct print {
	struct trade trade;
	int32_t day;			/* trade date */
	bool classified;		/* flow-classify saw it */
	bool block, unusual, multileg;
	struct slice side, aggressor;	/* as in the record, or empty */
	bool late;
	struct osi osi;			/* where texts stand that the record */
	char expiration[DAY_TEXT];	/* lacks */
	char date[DAY_TEXT];
};

/*
 * Reads a trade; late when its time is below the watermark.  Names are held
 * short, because state is kept by them.  All return 0, or -1 and the reason.
 */
int print_read_trade(struct print *p, struct scan *scan, int64_t watermark,
    struct err *err);

/* The identity and amounts of a derived record; late only by its own word. */
int print_read_derived(struct print *p, struct scan *scan, struct err *err);

/*
 * The ticker, date and time of a divergence record; root and expiration are
 * set so that its hours are those of the ticker's options.
 */
int print_read_divergence(struct print *p, struct scan *scan,
    struct err *err);

/* That size > 0 and premium >= 0 are there. */
int print_check_amounts(const struct trade *trade, struct err *err);

/* Adds the conditions of the print that a cancel takes back. */
int print_ref_conditions(struct trade *trade, struct scan *scan,
    struct err *err);

/* A number as it stands in the record, or empty. */
struct slice print_number(const struct scan *scan, enum key key);

#endif
