#ifndef FLOW_RENDER_H
#define FLOW_RENDER_H

#include "report/seen.h"
#include "report/sheet.h"

/*
 * Answers as bytes: a table for people (New York time, dollars), csv for
 * spreadsheets, one JSON object for programs (ms UTC, numbers as they are).
 * Texts from the database never act on a terminal or a spreadsheet.
 */

enum render_format { RENDER_TABLE, RENDER_CSV, RENDER_JSON };

struct answer {
	const char *name;	/* of the report */
	const struct ask *ask;	/* or NULL: no time was asked about */
	const char *verdict;	/* of a gate, or NULL */
	struct sheet rows;
	struct sheet more;	/* another table, without columns: none */
	const char *more_name;	/* its member in JSON */
	struct buf lines;	/* for people, above the table */
	struct seen seen;	/* of all that was asked about */
	bool has_seen;
	struct sheet_column *own;	/* columns to free, or NULL */
};

void render_free(struct answer *answer);

/*
 * Appends the answer.  color: severities in colour, in a table.  raw: csv
 * cells as they are stored, also those that a spreadsheet would calculate.
 */
void render_answer(struct buf *dst, const struct answer *answer,
    enum render_format format, bool color, bool raw);

/* "99.6 %, blind 10:31:04 AM ET to ..." of what was watched. */
void render_seen(struct buf *dst, const struct seen *seen);

#endif
