#ifndef FLOW_HOLD_H
#define FLOW_HOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "classify/tag.h"
#include "record/control.h"

/*
 * The queue of --emit hold (domain.md 3.10 rule 4): records leave in input
 * order, each once every cluster that could claim it is closed.  Memory comes
 * in large pieces that are freed as the head passes them.
 */

enum hold_kind {
	HOLD_TRADE,		/* text is the object without its brace */
	HOLD_DATA,		/* whole line, newline included */
	HOLD_MADE,		/* a record made here, whole line */
	HOLD_CONTROL,		/* whole line */
	HOLD_HELLO,		/* whole line; accounts start over behind it */
	HOLD_HEARTBEAT		/* the object; hop and count say what to add */
};

struct hold_chunk;
struct series;

struct hold_item {
	struct hold_item *next;		/* towards the tail */
	struct hold_chunk *chunk;
	enum hold_kind kind;
	bool waiting;			/* for its cluster to close */
	struct series *seeks;		/* contract whose next price it waits
					 * for, or NULL */
	struct hold_item *next_seek;	/* of that contract, later */
	int64_t ts;			/* of a print that seeks */
	uint64_t number;		/* of the print, HOLD_TRADE */
	struct tag tag;			/* HOLD_TRADE */
	struct buf after;		/* made records that follow it */
	int64_t n_after;
	struct control_hop hop;		/* HOLD_HEARTBEAT */
	struct control_count count;	/* at its arrival */
	uint32_t n;			/* bytes of text */
	char text[];
};

struct hold {
	struct hold_item *head, *tail;
	struct hold_chunk *last;	/* where the next item goes */
	struct hold_chunk *spare;
	size_t bytes;			/* in items not yet released */
};

/*
 * Appends an item with a copy of the text.  The caller fills in tag, or hop and
 * count, by its kind.
 */
struct hold_item *hold_push(struct hold *hold, enum hold_kind kind,
    const char *text, size_t n);

/* Releases the head. */
void hold_pop(struct hold *hold);

/* The held print of a number, or NULL; walks the queue. */
struct hold_item *hold_find(const struct hold *hold, uint64_t number);

void hold_free(struct hold *hold);

#endif
