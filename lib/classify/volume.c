#include "classify/volume.h"

#include "base/decimal.h"

/* volume / (adv20 x share), half up, saturating. */
static int64_t
volume_ratio_tod(int64_t volume, const struct volume_usual *usual)
{
	int64_t share = usual->share_e6 > VOLUME_SHARE_MIN_E6 ?
	    usual->share_e6 : VOLUME_SHARE_MIN_E6;
	__int128 den = (__int128)usual->adv20_e6 * share;
	__int128 ratio = ((__int128)volume * decimal_pow10[18] + den / 2) /
	    den;

	return ratio > INT64_MAX ? INT64_MAX : (int64_t)ratio;
}

/* Against the mean; a mean of 0 gives no ratio, but is exceeded. */
static void
volume_compare(struct volume_verdict *out, const struct volume_limits *limits,
    int64_t volume, const struct volume_usual *usual)
{
	out->by_average = volume >= limits->unusual_min &&
	    (__int128)volume * INT64_C(10000000000) >
	    (__int128)limits->unusual_mult_e4 * usual->adv20_e6;
	out->is_unusual = out->by_average;
	if (usual->adv20_e6 == 0)
		return;
	out->ratio_e6 = decimal_ratio(volume, usual->adv20_e6,
	    2 * DECIMAL_E6);
	if (usual->share_e6 != TRADE_NONE)
		out->ratio_tod_e6 = volume_ratio_tod(volume, usual);
}

void
volume_judge(struct volume_verdict *out, const struct volume_limits *limits,
    int64_t before, int64_t size, const struct volume_usual *usual,
    int64_t open_interest, int64_t price_e4)
{
	int64_t volume = before + size, oi = open_interest;

	*out = (struct volume_verdict){ false, false, false, TRADE_NONE,
	    TRADE_NONE, TRADE_NONE, VOLUME_UNKNOWN, TRADE_NONE };
	if (usual != NULL)
		volume_compare(out, limits, volume, usual);
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
