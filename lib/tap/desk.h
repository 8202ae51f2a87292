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
 * heartbeats by event time, bye.  What leaves is selected here; quotes of
 * contracts not asked for are not kept, those before --since are.
 */

enum desk_quotes { DESK_ALL, DESK_TRADED, DESK_NONE };

/* What hello says of the stream. */
struct desk_hello {
	uint64_t run;			/* identity: a hash of the inputs */
	struct source_caps caps;
	const char *feed;		/* "replay" */
	const char *coverage;		/* "file" */
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
void desk_bye(struct desk *desk);

#endif
