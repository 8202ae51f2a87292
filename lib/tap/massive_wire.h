#ifndef FLOW_MASSIVE_WIRE_H
#define FLOW_MASSIVE_WIRE_H

#include "record/scan.h"
#include "record/trade.h"

/*
 * What Massive's stream says: one frame is a JSON array of events of any kind,
 * one event becomes one struct.  Times are guarded by magnitude (ms, us or
 * ns); keys and events nobody knows are passed over.  No clock, no state.
 */

enum massive_wire_kind {
	MASSIVE_WIRE_STATUS,
	MASSIVE_WIRE_TRADE,
	MASSIVE_WIRE_QUOTE,
	MASSIVE_WIRE_MINUTE,	/* one-minute bar */
	MASSIVE_WIRE_VALUE,	/* of an index: its price */
	MASSIVE_WIRE_OTHER	/* nothing we use */
};

/* Whose prices: an option's are exact or refused, the others' rounded. */
enum massive_wire_market {
	MASSIVE_WIRE_OPTIONS,
	MASSIVE_WIRE_STOCKS,
	MASSIVE_WIRE_INDICES,
	MASSIVE_WIRE_MARKETS
};

/* By kind; TRADE_NONE and empty where the event says nothing. */
struct massive_wire {
	enum massive_wire_kind kind;
	struct slice symbol;	/* "O:...", a share's, an index's bare */
	int64_t ns;		/* its time, since 1970, UTC */
	bool fine;		/* told finer than 1 ms */
	int64_t sequence;
	int64_t price_e4, size, exchange;	/* of a print */
	int64_t condition[TRADE_CONDITIONS];
	size_t n_conditions;
	bool is_cancelled;	/* was taken back, says REST */
	struct trade_quote quote;	/* a side of price and size 0 is none */
	int64_t start_ts, end_ts;	/* of a bar */
	int64_t open_e4, high_e4, low_e4, close_e4, volume, vwap_e4;
	struct slice status, message;
};

/* Answers of massive_wire_next. */
enum {
	MASSIVE_WIRE_BROKEN = -1,	/* the rest of the frame is lost */
	MASSIVE_WIRE_END = 0,
	MASSIVE_WIRE_EVENT = 1,
	MASSIVE_WIRE_REFUSED = 2	/* this event, err says why */
};

/*
 * The next event of a frame; *pos starts at 0.  p[n] and the bytes behind it
 * are as scan_line demands.  Texts are valid until the next call.
 */
int massive_wire_next(struct scan *scan, enum massive_wire_market market,
    const char *p, size_t n, size_t *pos, struct massive_wire *event,
    struct err *err);

/* A time of unknown unit as nanoseconds; -1 when it is none. */
int massive_wire_time(int64_t value, int64_t *ns, bool *fine);

#endif
