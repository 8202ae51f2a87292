#ifndef FLOW_PRINTS_H
#define FLOW_PRINTS_H

#include "record/control.h"
#include "tap/replay.h"
#include "tap/row.h"
#include "tap/select.h"
#include "tap/source.h"

/*
 * The prints and quotes of a vendor's csv file as a source.  All rows are read
 * at once, checked, put aside as a few numbers each (tap/sorted.h), and handed
 * out by time; the quote of a row is handed out as a quote of its own when its
 * time is known, so that the print takes it only when the rule allows, else
 * with the print.
 */

struct prints_setup {
	const struct columns *columns;
	enum cond_codes codes;
	struct contract_book *book;
	struct control *control;	/* told of bad rows */
	size_t memory;			/* for sorting: SORTED_MEMORY */
	/* Of a file of quotes only those asked for; NULL: all. */
	const struct select *select;
};

/*
 * Reads the replay to its end.  NULL with the reason and *status when it
 * cannot: EXIT_USAGE when the header lacks a column, EXIT_SYSTEM when the rows
 * cannot be sorted.  Of the setup only book and columns are needed afterwards,
 * of the replay nothing.
 */
struct source *prints_open(struct replay *replay,
    const struct prints_setup *setup, int *status, struct err *err);

#endif
