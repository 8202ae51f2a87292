#ifndef FLOW_DRIFT_H
#define FLOW_DRIFT_H

#include "record/line.h"
#include "report/divergence.h"
#include "report/render.h"

/*
 * The divergence of a ticker's flow and price from what is stored: its daily
 * summaries and daily bars (domain.md 6.3).
 */

enum { DRIFT_DAYS = 7 };	/* calendar days, unless told */

struct drift {
	int sessions;			/* N, in the calendar days */
	int32_t first, last;		/* of them; DAY_NONE: none */
	int stored;			/* of them, with flow */
	int64_t sided;			/* trades, no more than needed */
	/* Absent where they do not follow. */
	int64_t flow_e6, return_e6, sigma_e6, score_e2;
	int64_t z_flow_e6, z_return_e6, difference_e6;
	int64_t rank_e6;
	int64_t ratio_slope_e6, price_slope_e6;
	enum divergence sign, standard, rank, trend;
	/* Why one is unknown; NULL when it is not. */
	const char *no_sign, *no_standard, *no_rank, *no_trend;
};

/* Of the calendar days that end with last. */
int drift_load(struct db *db, const char *ticker, int32_t last, int64_t days,
    struct drift *out, struct err *err);

/*
 * Writes a divergence record for each ticker of the ask, or for all that a
 * trade is stored of: D1, at the close of its last session.
 */
int drift_records(struct line_out *out, const struct ask *ask,
    const struct seen_set *set, int64_t days, bool demo, struct err *err);

/* A row for each way to ask, and each ticker of the ask. */
int drift_report(const struct ask *ask, const struct seen_set *set,
    int64_t days, struct answer *answer, struct err *err);

#endif
