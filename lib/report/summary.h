#ifndef FLOW_SUMMARY_H
#define FLOW_SUMMARY_H

#include "report/render.h"

/*
 * Reports on trade dates and underlyings, from the daily summary that the
 * store keeps true (domain.md 6.1, 6.2, 6.4): no trade is read for them, but
 * for the ratios of one day.
 */

/* One open day of one underlying. */
struct summary_day {
	int32_t date;
	bool stored;		/* else nothing is known but the close */
	int64_t put_e4, call_e4, put_contracts, call_contracts, trades;
	int64_t bull_e4, bear_e4, blocks, sweeps, aggressive, cancelled;
	int64_t close_e4;	/* of the daily bar, or ASK_NONE */
};

struct summary {
	struct summary_day *days;
	size_t n;
};

/* All open days from first to last; summary_free also after a failure. */
int summary_load(struct db *db, const char *ticker, int32_t first,
    int32_t last, struct summary *out, struct err *err);
void summary_free(struct summary *summary);

/* put / call in millionths, ASK_NONE without calls. */
int64_t summary_ratio(int64_t put, int64_t call);

/* The columns that --where knows: those of --daily. */
extern const struct sheet_column summary_columns[];
extern const size_t summary_n_columns;

/*
 * A row for each open day and ticker since the store began, or since --since;
 * lines: with sparks for people.
 */
int summary_daily(const struct ask *ask, const struct seen_set *set,
    bool sparks, struct answer *answer, struct err *err);

/* The last trade date asked about, a row for each ticker. */
int summary_today(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err);

/*
 * Tickers by premium over the days asked about, at least min_e4; the day
 * before counts too while the last one is not open.
 */
int summary_top(const struct ask *ask, const struct seen_set *set,
    int64_t min_e4, struct answer *answer, struct err *err);

/* How much of each day was seen, and when the feeds were there. */
int summary_coverage(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err);

#endif
