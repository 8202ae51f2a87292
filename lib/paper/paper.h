#ifndef FLOW_PAPER_H
#define FLOW_PAPER_H

#include "paper/book.h"
#include "paper/csv_log.h"
#include "paper/stats.h"
#include "record/line.h"

/*
 * flow-paper: follows the signals of a stream with positions that nobody holds
 * (domain.md 8), passes everything on in order, and adds a paper record for
 * each that ended.  Event time only: a replay gives what the live stream gave.
 */

struct paper_options {
	struct book_rules rules;
	int64_t max_quote_age_ms;	/* of a quote that a trade carries */
	struct csv_log *log;		/* or NULL */
};

struct paper;

/* options are copied; out and the log are borrowed. */
struct paper *paper_new(const struct paper_options *options,
    struct line_out *out);
void paper_free(struct paper *paper);

/* Handles one line.  -1 when the output failed, else 0. */
int paper_line(struct paper *paper, const struct line *line);

/* End of input.  Returns the exit status. */
int paper_end(struct paper *paper);

/* An unreadable file: counts as rejected input. */
void paper_unreadable(struct paper *paper, const char *why);

/* Appends what became of all, lines for people. */
void paper_tell(const struct paper *paper, struct buf *dst);

#endif
