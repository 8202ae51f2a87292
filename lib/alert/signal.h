#ifndef FLOW_SIGNAL_H
#define FLOW_SIGNAL_H

#include <stdbool.h>

#include "alert/print.h"
#include "base/buf.h"

/*
 * A signal record as flow-score makes it, and the three texts it has for
 * people (domain.md 5.4 to 5.7): short, medium, deep.  As in text.h nothing
 * that comes from a feed acts on a terminal.  What the record does not know
 * appears as "-".
 */

enum signal_kind { SIGNAL_SCALP, SIGNAL_DAY_TRADE, SIGNAL_SWING };

/* AUTO: the one that goes with the kind, in the same order. */
enum signal_style {
	SIGNAL_SHORT, SIGNAL_MEDIUM, SIGNAL_DEEP, SIGNAL_AUTO
};

/* Where something stands against the signal's direction. */
enum signal_stand { SIGNAL_NEUTRAL, SIGNAL_ALIGNED, SIGNAL_OPPOSED };

enum { SIGNAL_TAGS = 16 };

/* Texts are borrowed; numbers that are absent are TRADE_NONE. */
struct signal {
	struct print print;		/* contract, trade date, time */
	enum signal_kind kind;
	bool is_short;			/* direction */
	int64_t strength_e6, price_e6, otm_e6, rvol_e6;
	int64_t notional_e4, underlying_e4;
	int64_t day_volume, open_interest, dte;
	struct slice aggressiveness, level, regime_trend, regime_vol;
	struct slice vwap_side;
	enum signal_stand vwap, m1, m5, m15, day;
	struct slice tags[SIGNAL_TAGS];
	size_t n_tags;
};

/*
 * Needs kind, direction, strength, size, price and the contract.  0, or -1
 * and the reason.
 */
int signal_read(struct signal *signal, struct scan *scan, struct err *err);

/* The whole text; ascii: without symbols and dashes beyond ASCII. */
void signal_text(struct buf *dst, const struct signal *signal,
    enum signal_style style, bool ascii);

/* The channel a kind goes to (source 4): "telegram_scalps". */
const char *signal_channel(enum signal_kind kind);

#endif
