#ifndef FLOW_PRINTS_H
#define FLOW_PRINTS_H

#include "record/cond.h"
#include "record/control.h"
#include "tap/columns.h"
#include "tap/replay.h"
#include "tap/source.h"

/*
 * The prints of a csv file as a source.  All rows are read at once, each to a
 * few numbers, and handed out by time; the quote of a row is handed out as a
 * quote of its own when its time is known, so that the print takes it only
 * when the rule allows, else with the print.
 */

struct prints_setup {
	const struct columns *columns;
	enum cond_codes codes;
	struct contract_book *book;
	struct control *control;	/* told of bad rows */
};

/*
 * Reads the replay to its end.  NULL with the reason when the header lacks a
 * column.  Of the setup only book is needed afterwards.
 */
struct source *prints_open(struct replay *replay,
    const struct prints_setup *setup, struct err *err);

#endif
