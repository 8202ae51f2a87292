#ifndef FLOW_HISTORY_H
#define FLOW_HISTORY_H

#include <stdbool.h>

#include "record/line.h"
#include "report/ask.h"

/*
 * The baseline of a trade date: what was usual before it, as the records that
 * the filters load (flow-record(5), "Baselines").  The same stored days give
 * the same bytes; what is stored of the date itself and later changes none.
 */

struct history {
	int32_t date;			/* an open day */
	int64_t min_coverage_e4;	/* per cent of a session that counts */
};

/* An open day; -1 and err. */
int history_date(const char *text, int32_t *out, struct err *err);

/*
 * Writes the baseline of the tickers asked about.  *counts is false when no
 * session counts: then there is only the head and the end.
 */
int history_write(struct line_out *out, const struct ask *ask,
    const struct history *history, bool *counts, struct err *err);

/* Whether what is stored was made up. */
int history_is_demo(struct db *db, bool *demo, struct err *err);

#endif
