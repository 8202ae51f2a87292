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

const char *
volume_opening_name(enum volume_opening opening)
{
	static const char *const names[] = { "UNKNOWN", "LIKELY", "PROVEN" };

	return names[opening];
}
