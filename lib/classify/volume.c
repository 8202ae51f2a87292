#include "classify/volume.h"

#include "base/decimal.h"

void
volume_judge(struct volume_verdict *out, const struct volume_limits *limits,
    int64_t before, int64_t size, int64_t adv20_e4, int64_t open_interest,
    int64_t price_e4)
{
	int64_t volume = before + size, oi = open_interest;

	*out = (struct volume_verdict){ false, false, TRADE_NONE, TRADE_NONE,
	    VOLUME_UNKNOWN, TRADE_NONE };
	if (adv20_e4 != TRADE_NONE && adv20_e4 > 0) {
		out->ratio_e6 = decimal_ratio(volume * 10000, adv20_e4,
		    DECIMAL_E6);
		out->is_unusual = (__int128)volume * 100000000 >
		    (__int128)limits->unusual_mult_e4 * adv20_e4 &&
		    volume >= limits->unusual_min;
	}
	if (oi == TRADE_NONE)
		return;
	out->gt_oi = volume > oi;
	if (oi > 0)
		out->oi_ratio_e6 = decimal_ratio(volume, oi, DECIMAL_E6);
	if (oi >= limits->vol_oi_min_oi && oi > 0 &&
	    volume >= limits->vol_oi_min_volume && price_e4 > 1000 &&
	    volume * 10000 >= limits->vol_oi_min_e4 * oi)
		out->is_unusual = true;
	if (size > oi + before) {
		out->opening = VOLUME_PROVEN;
		out->opening_min = size - (oi + before);
	} else if (out->gt_oi) {
		out->opening = VOLUME_LIKELY;
	}
}

bool
volume_opening_share(int64_t volume, int64_t oi_change, int64_t *share_e6)
{
	if (volume <= 0 || oi_change > volume || oi_change < -volume)
		return false;
	*share_e6 = decimal_ratio(volume + oi_change, 2 * volume, DECIMAL_E6);
	return true;
}

int64_t
volume_oi_estimate(int64_t day_volume, int64_t share_e6)
{
	return decimal_ratio(day_volume * (2 * share_e6 - 1000000), 1000000,
	    0);
}

bool
volume_is_iv_spike(int64_t iv_e6, int64_t ref_e6, int64_t ratio_e6,
    int64_t points_e6)
{
	int64_t rise = iv_e6 - ref_e6;

	/* By cross product: rounding must not decide. */
	return ref_e6 > 0 && rise >= points_e6 &&
	    rise * 1000000 > ratio_e6 * ref_e6;
}

const char *
volume_opening_name(enum volume_opening opening)
{
	static const char *const names[] = { "UNKNOWN", "LIKELY", "PROVEN" };

	return names[opening];
}
