#ifndef FLOW_BARS_H
#define FLOW_BARS_H

#include "record/control.h"
#include "tap/contract.h"
#include "tap/replay.h"
#include "tap/source.h"

/*
 * Bars of a csv file as a source: of minutes when its rows have a time, of
 * days when they have a date alone.  A day's bar is that of the regular
 * session, known at its close.
 */

struct bar {
	struct contract *contract;
	int64_t start_ts, end_ts;
	enum cal_session session;
	int64_t open_e4, high_e4, low_e4, close_e4;
	int64_t volume, vwap_e4, trades;	/* or EMIT_ABSENT */
};

/* The record (domain.md 1.4), without its newline. */
void bars_write(struct buf *dst, const struct bar *bar, bool daily);

struct bars_setup {
	struct contract_book *book;
	struct control *control;	/* told of bad rows */
	size_t memory;			/* for sorting: SORTED_MEMORY */
};

/*
 * Reads the replay to its end.  NULL with the reason and *status when it
 * cannot: EXIT_USAGE when the header lacks a column, EXIT_SYSTEM when the rows
 * cannot be sorted.  Of the setup only book is needed afterwards, of the
 * replay nothing.
 */
struct source *bars_open(struct replay *replay,
    const struct bars_setup *setup, int *status, struct err *err);

#endif
