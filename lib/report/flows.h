#ifndef FLOW_FLOWS_H
#define FLOW_FLOWS_H

#include "report/render.h"

/*
 * Reports on the flow of trade dates (domain.md 6.1, 6.2, 6.4).  Each fills
 * the rows of the answer; -1 and err.
 */

/* The columns that --where knows: those of --daily. */
extern const struct sheet_column flows_columns[];
extern const size_t flows_n_columns;

/*
 * A row for each open day and ticker since the store began, or since --since;
 * lines: with sparks for people.
 */
int flows_daily(const struct ask *ask, const struct seen_set *set,
    bool sparks, struct answer *answer, struct err *err);

/* The last trade date asked about, a row for each ticker. */
int flows_today(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err);

/*
 * Tickers by premium over the days asked about, at least min_e4; the day
 * before counts too while the last one is not open.
 */
int flows_top(const struct ask *ask, const struct seen_set *set,
    int64_t min_e4, struct answer *answer, struct err *err);

#endif
