#include "tap/demo_spot.h"

#include <string.h>

#include "tap/demo_price.h"

/*
 * A trading year of 252 days of 6.5 hours has 5,896,800,000 ms; its square
 * root, which turns a year's volatility into that of a millisecond.
 */
enum { SPOT_YEAR_ROOT = 76791, SPOT_DAY_ROOT_E2 = 1587 };

int64_t
demo_spot_activity(const struct cal_span *session, int64_t ts)
{
	/* U-shaped, as published for US options and stocks; mean 1000 */
	static const int16_t shape[26] = {
		2360, 1690, 1425, 1260, 1135, 1040, 953, 886, 818, 760, 722,
		693, 674, 664, 664, 674, 693, 722, 751, 790, 838, 895, 963,
		1050, 1185, 1695
	};
	int64_t span = session->end_ts - session->start_ts;

	return shape[(ts - session->start_ts) * 26 / span];
}

/* Whole cents, a dollar at least. */
static void
spot_round(struct demo_spot *spot)
{
	int64_t least = INT64_C(10000) << 16;

	if (spot->price < least)
		spot->price = least;
	spot->price_e4 = ((spot->price >> 16) + 50) / 100 * 100;
	spot->ln = demo_price_ln(spot->price_e4);
}

static void
spot_open_bar(struct demo_spot *spot, int64_t start_ts)
{
	int64_t price = spot->price_e4;

	spot->bar = (struct demo_bar){ start_ts, start_ts + 60000, price,
	    price, price, price, 0, price, 0 };
	spot->bar_money = 0;
}

/*
 * The days before, from the last backwards: the first day's close leads to
 * today's open.
 */
static void
spot_history(struct demo_spot *spot, int32_t day, int64_t close_e4,
    struct demo_random *random)
{
	struct cal_span span;

	while (spot->n_days < DEMO_SPOT_DAYS && cal_step(day, -1, &day,
	    NULL) == 0 && cal_span(day, CAL_SHARE, CAL_RTH, &span, NULL) > 0) {
		struct demo_bar *bar = &spot->days[DEMO_SPOT_DAYS - 1 -
		    spot->n_days++];
		int64_t unit = close_e4 * spot->vol_e4 / 100 /
		    SPOT_DAY_ROOT_E2;
		int64_t open = close_e4 - (unit *
		    demo_random_normal(random) >> 16);
		int64_t low = open < close_e4 ? open : close_e4;
		int64_t high = open > close_e4 ? open : close_e4;

		high += demo_random_wait(random, unit / 3);
		low -= demo_random_wait(random, unit / 3);
		low = low < close_e4 / 2 ? close_e4 / 2 : low;
		open = open < low ? low : open;
		*bar = (struct demo_bar){ span.start_ts, span.end_ts,
		    open / 100 * 100, (high + 99) / 100 * 100,
		    low / 100 * 100, close_e4, spot->shares * 23400 *
		    demo_random_between(random, 60, 150) / 100, 0, 0 };
		bar->vwap_e4 = (bar->high_e4 + bar->low_e4 + close_e4) / 300 *
		    100;
		bar->trades = bar->volume / 90;
		/* over night it moves less */
		close_e4 = (open - (unit * demo_random_normal(random) >>
		    18)) / 100 * 100;
	}
	memmove(spot->days, spot->days + DEMO_SPOT_DAYS - spot->n_days,
	    spot->n_days * sizeof(*spot->days));
}

void
demo_spot_init(struct demo_spot *spot, int32_t day,
    const struct cal_span *session, int64_t price_cents, int64_t vol_e4,
    int64_t weight, struct demo_random *random)
{
	int64_t close_e4 = price_cents * 100, gap;

	memset(spot, 0, sizeof(*spot));
	for (int64_t i = 0; i <= 1000; i++)
		spot->roots[i] = (uint16_t)demo_price_root(i << 16);
	spot->session = *session;
	spot->vol_e4 = vol_e4;
	/* dollars traded follow the weight, whatever the price */
	spot->shares = 1 + weight * 1000000 / price_cents;
	spot_history(spot, day, close_e4, random);
	gap = close_e4 * vol_e4 / 100 / SPOT_DAY_ROOT_E2 *
	    demo_random_normal(random) >> 18;
	spot->price = (close_e4 + gap) << 16;
	spot->ts = session->start_ts;
	spot_round(spot);
	spot_open_bar(spot, spot->ts);
}

void
demo_spot_walk(struct demo_spot *spot, struct demo_random *random, int64_t ts)
{
	int64_t ms = ts - spot->ts, unit, price_e4;
	struct demo_bar *bar = &spot->bar;

	if (ms <= 0)
		return;
	ms = ms > 1000 ? 1000 : ms;
	/* one deviation of a millisecond, lively hours having larger ones */
	unit = spot->price / SPOT_YEAR_ROOT * spot->vol_e4 / 10000 *
	    (700 + demo_spot_activity(&spot->session, spot->ts) * 3 / 10) /
	    1000;
	spot->price += (unit * spot->roots[ms] >> 8) *
	    demo_random_normal(random) >> 16;
	if (ts <= spot->drift_end_ts)
		spot->price += spot->drift * ms / 1000;
	spot->ts = ts;
	spot_round(spot);
	price_e4 = spot->price_e4;
	bar->close_e4 = price_e4;
	bar->high_e4 = price_e4 > bar->high_e4 ? price_e4 : bar->high_e4;
	bar->low_e4 = price_e4 < bar->low_e4 ? price_e4 : bar->low_e4;
}

void
demo_spot_trade(struct demo_spot *spot, struct demo_random *random)
{
	int64_t mean = spot->shares *
	    demo_spot_activity(&spot->session, spot->ts - 1) / 1000;
	int64_t shares = demo_random_wait(random, mean);

	spot->bar.volume += shares;
	spot->bar.trades += 1 + shares / 90;
	spot->bar_money += spot->price_e4 / 100 * shares;
}

struct demo_bar
demo_spot_minute(struct demo_spot *spot)
{
	struct demo_bar bar = spot->bar;

	if (bar.volume > 0)
		bar.vwap_e4 = spot->bar_money / bar.volume * 100;
	spot_open_bar(spot, bar.end_ts);
	return bar;
}

void
demo_spot_drift(struct demo_spot *spot, int64_t change_e4, int64_t ms)
{
	spot->drift = spot->price / 10000 * change_e4 / (ms / 1000);
	spot->drift_end_ts = spot->ts + ms;
}
