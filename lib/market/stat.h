#ifndef FLOW_STAT_H
#define FLOW_STAT_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Arithmetic over volume, open interest and volatility that more than one
 * stage needs (domain.md 3.12).  Pure.  Shares, ratios and volatilities are
 * millionths.
 */

/*
 * The day after: share of opening among the two sides of each contract traded,
 * (volume + oi_change) / (2 x volume), half away from zero.  False when it does
 * not follow: no volume, or |oi_change| above it.
 */
bool stat_opening_share(int64_t volume, int64_t oi_change,
    int64_t *share_e6);

/*
 * Contracts that open interest may have changed by today, an estimate:
 * day_volume x (2 x share - 1), half away from zero.  share_e6: the usual
 * opening share, 0 to 1000000; 600000 when nothing better is known.
 */
int64_t stat_oi_estimate(int64_t day_volume, int64_t share_e6);

/*
 * Implied volatility above its reference by more than ratio_e6 of it (200000)
 * and by at least points_e6 (30000).  False when the reference is not above 0.
 */
bool stat_is_iv_spike(int64_t iv_e6, int64_t ref_e6, int64_t ratio_e6,
    int64_t points_e6);

#endif
