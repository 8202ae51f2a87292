#ifndef FLOW_VOLUME_H
#define FLOW_VOLUME_H

#include <stdbool.h>
#include <stdint.h>

#include "record/trade.h"

/*
 * Day volume against what is usual and against open interest, whether a print
 * must open positions, and what open interest and volatility say a day later
 * (domain.md 3.11, 3.12).  Pure.  Unknown numbers are TRADE_NONE.
 */

enum volume_opening { VOLUME_UNKNOWN, VOLUME_LIKELY, VOLUME_PROVEN };

struct volume_limits {
	int64_t unusual_mult_e4;	/* 2 x adv20 */
	int64_t unusual_min;		/* 100 contracts */
	int64_t vol_oi_min_e4;		/* 1.25 */
	int64_t vol_oi_min_volume;	/* 500 contracts */
	int64_t vol_oi_min_oi;		/* 100 contracts */
};

/* What is usual, of a baseline. */
struct volume_usual {
	int64_t adv20_e6;		/* mean daily volume, contracts */
	int64_t sessions;		/* that it is a mean of */
	int64_t share_e6;		/* of a day's volume, traded by the
					 * time of the print; TRADE_NONE */
};

#define VOLUME_SHARE_MIN_E6 INT64_C(2500)	/* of share, reckoned with */

struct volume_verdict {
	bool is_unusual;
	bool gt_oi;			/* day volume above open interest */
	bool by_average;		/* unusual against adv20 */
	int64_t ratio_e6;		/* day volume / adv20 */
	int64_t ratio_tod_e6;		/* the same / the share */
	int64_t oi_ratio_e6;		/* day volume / open interest */
	enum volume_opening opening;
	int64_t opening_min;		/* contracts that must be opening;
					 * TRADE_NONE unless PROVEN */
};

/*
 * before, size: contracts traded before this print today, and of it.  usual:
 * NULL when it is not known.  price: 1/10,000 dollar.
 */
void volume_judge(struct volume_verdict *out,
    const struct volume_limits *limits, int64_t before, int64_t size,
    const struct volume_usual *usual, int64_t open_interest,
    int64_t price_e4);

const char *volume_opening_name(enum volume_opening opening);

#endif
