#ifndef FLOW_SUMMARY_H
#define FLOW_SUMMARY_H

#include "report/ask.h"

/*
 * Trade dates of underlyings, from the daily summary that the store keeps true
 * (domain.md 6.1): no trade is read for them.
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

struct summary_names {
	char **names;
	size_t n;
};

/*
 * The tickers asked about, or all of which a trade is stored from first to the
 * last day asked about, largest first.  summary_names_free after success.
 */
int summary_names(const struct ask *ask, int32_t first,
    struct summary_names *out, struct err *err);
void summary_names_free(struct summary_names *all);

/*
 * The first day to tell of: before the store began nothing was looked at,
 * unless --since asks for it.
 */
int summary_first(const struct ask *ask, int32_t *first, struct err *err);

/* The end of a day, as far as the time asked about goes. */
int64_t summary_end(const struct ask *ask, int32_t date);

#endif
