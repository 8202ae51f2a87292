#ifndef FLOW_DESK_H
#define FLOW_DESK_H

#include <stdbool.h>
#include <stdint.h>

#include "record/control.h"
#include "tap/nbbo.h"
#include "tap/outlet.h"
#include "tap/select.h"
#include "tap/source.h"
#include "tap/stamp.h"

/*
 * Makes a stream of items: hello first, each print with its quote and stamp,
 * heartbeats, bye.  What leaves is selected here; quotes of contracts not
 * asked for are not kept, those before --since are.
 *
 * Heartbeats come by event time, of themselves; of a live feed they come when
 * it says so (desk_beat), and what is earlier than they promised is late.
 */

enum desk_quotes { DESK_ALL, DESK_TRADED, DESK_NONE };

/* What hello says of the stream. */
struct desk_hello {
	uint64_t run;			/* identity: a hash of the inputs */
	struct source_caps caps;
	const char *feed;		/* "replay" */
	const char *mode;		/* NULL: "demo" or "replay" by caps */
	const char *coverage;		/* "file" */
	bool replayed;
};

/* A time in which the feed saw nothing. */
struct desk_gap {
	int64_t number;			/* within the run, from 1 */
	const char *state;		/* open, filled, partial, lost */
	const char *reason;		/* DISCONNECT, OVERFLOW */
	int64_t from_ts, to_ts;		/* TRADE_NONE: not known yet */
	int64_t missing;		/* prints, TRADE_NONE: not known */
};

struct desk {
	struct control *control;	/* accounts and rejections */
	struct outlet *outlet;
	const struct select *select;
	struct contract_book *book;
	struct stamp stamp;
	struct nbbo_rule rule;
	/* Quotes to let through: what a feed sends, and what csv rows carry. */
	enum desk_quotes quotes, row_quotes;
	char run[16];			/* hex digits */
	struct table gaps;		/* gap_ids seen */
	bool live;			/* heartbeats by desk_beat alone */
	int64_t watermark;		/* promised by the last one, ms */
	int64_t trades, trade_ts;	/* passed on; of the last one, ms */
	bool begun;			/* a heartbeat was written */
	int64_t second;			/* of the last heartbeat, ms */
	int32_t trade_day;		/* it belongs to */
	int64_t rth_start, rth_end;	/* of that day, equities */
};

void desk_init(struct desk *desk, struct control *control,
    struct outlet *outlet, const struct select *select,
    struct contract_book *book);
void desk_free(struct desk *desk);

void desk_hello(struct desk *desk, const struct desk_hello *hello);
void desk_item(struct desk *desk, struct source_item *item);
void desk_bye(struct desk *desk, const char *reason, int status);

/* ---- live ---- */

/*
 * A heartbeat promising that what is earlier than ts is late.  lag_ms: how far
 * the feed is behind, or TRADE_NONE.
 */
void desk_beat(struct desk *desk, int64_t ts, int64_t lag_ms);

/* Writes a gap of what was asked for; an open one voids all quotes. */
void desk_tell_gap(struct desk *desk, const struct desk_gap *gap);

/* A status record; severity info, warning or error. */
void desk_status(struct desk *desk, const char *severity, const char *code,
    const char *message);

#endif
