#include "market/stat.h"

#include "base/decimal.h"

bool
stat_opening_share(int64_t volume, int64_t oi_change, int64_t *share_e6)
{
	if (volume <= 0 || oi_change > volume || oi_change < -volume)
		return false;
	*share_e6 = decimal_ratio(volume + oi_change, 2 * volume, DECIMAL_E6);
	return true;
}

int64_t
stat_oi_estimate(int64_t day_volume, int64_t share_e6)
{
	int64_t twice;

	if (__builtin_mul_overflow(day_volume, 2 * share_e6 - 1000000,
	    &twice))
		return 0;
	return decimal_round(twice, DECIMAL_E6, 0);
}

bool
stat_is_iv_spike(int64_t iv_e6, int64_t ref_e6, int64_t ratio_e6,
    int64_t points_e6)
{
	int64_t rise = iv_e6 - ref_e6;

	/* By cross product: rounding must not decide. */
	return ref_e6 > 0 && rise >= points_e6 &&
	    rise * 1000000 > ratio_e6 * ref_e6;
}
