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

struct volume_verdict {
	bool is_unusual;
	bool gt_oi;			/* day volume above open interest */
	int64_t ratio_e6;		/* day volume / adv20 */
	int64_t oi_ratio_e6;		/* day volume / open interest */
	enum volume_opening opening;
	int64_t opening_min;		/* contracts that must be opening;
					 * TRADE_NONE unless PROVEN */
};

/*
 * before, size: contracts traded before this print today, and of it.  adv20:
 * mean daily volume in 1/10,000 contract.  price: 1/10,000 dollar.
 */
void volume_judge(struct volume_verdict *out,
    const struct volume_limits *limits, int64_t before, int64_t size,
    int64_t adv20_e4, int64_t open_interest, int64_t price_e4);

/*
 * The day after: share of opening among the two sides of each contract traded,
 * (volume + oi_change) / (2 x volume), in millionths, half away from zero.
 * False when it does not follow: no volume, or |oi_change| above it.
 */
bool volume_opening_share(int64_t volume, int64_t oi_change,
    int64_t *share_e6);

/*
 * Contracts that open interest may have changed by today, an estimate:
 * day_volume x (2 x share - 1), half away from zero.  share_e6: the usual
 * opening share in millionths, 600000 when nothing better is known.
 */
int64_t volume_oi_estimate(int64_t day_volume, int64_t share_e6);

/*
 * Implied volatility, in millionths, above its reference by more than
 * ratio_e6 of it (200000) and by at least points_e6 (30000).  False when the
 * reference is not above 0.
 */
bool volume_is_iv_spike(int64_t iv_e6, int64_t ref_e6, int64_t ratio_e6,
    int64_t points_e6);

const char *volume_opening_name(enum volume_opening opening);

#endif
