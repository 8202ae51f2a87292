#include "tap/demo_past.h"

enum {
	PAST_MINUTE = 60000,
	/* minutes of a year of 252 sessions: the root, times 100 */
	PAST_YEAR_ROOT_E2 = 31350
};

int64_t
demo_past_minutes(const struct demo_bar *day)
{
	return (day->end_ts - day->start_ts) / PAST_MINUTE;
}

static int64_t
past_activity(const struct demo_bar *day, int64_t ts)
{
	struct cal_span session = { day->start_ts, day->end_ts };

	return demo_spot_activity(&session, ts);
}

void
demo_past_begin(struct demo_past *past, const struct demo_bar *day,
    int64_t vol_e4, uint64_t seed)
{
	past->day = day;
	demo_random_seed(&past->random, seed);
	past->vol_e4 = vol_e4;
	past->ts = day->start_ts;
	past->price_e4 = day->open_e4;
	past->volume = day->volume;
	past->activity = 0;
	for (int64_t ts = day->start_ts; ts < day->end_ts; ts += PAST_MINUTE)
		past->activity += past_activity(day, ts);
}

static int64_t
past_cents(int64_t price_e4)
{
	return price_e4 < 10000 ? 10000 : price_e4 / 100 * 100;
}

/* Towards the close, the nearer the straighter, and there at the end. */
static int64_t
past_step(struct demo_past *past, int64_t unit_e4)
{
	int64_t left = (past->day->end_ts - past->ts) / PAST_MINUTE;

	if (left == 1)
		return past->day->close_e4;
	return past_cents(past->price_e4 + (past->day->close_e4 -
	    past->price_e4) / left + (unit_e4 *
	    demo_random_normal(&past->random) >> 16));
}

/* Its share of what is left of the day's volume; the last takes all. */
static int64_t
past_shares(struct demo_past *past)
{
	int64_t activity = past_activity(past->day, past->ts), shares;

	shares = past->volume * activity / past->activity *
	    demo_random_between(&past->random, 50, 150) / 100;
	if (shares > past->volume || activity == past->activity)
		shares = past->volume;
	past->volume -= shares;
	past->activity -= activity;
	return shares;
}

struct demo_bar
demo_past_minute(struct demo_past *past)
{
	int64_t unit = past->price_e4 * past->vol_e4 / 100 /
	    PAST_YEAR_ROOT_E2;
	int64_t open = past->price_e4, close = past_step(past, unit);
	struct demo_bar bar = { past->ts, past->ts + PAST_MINUTE, open,
	    open > close ? open : close, open < close ? open : close, close,
	    0, 0, 0 };

	bar.high_e4 += demo_random_wait(&past->random, unit / 3) / 100 * 100;
	bar.low_e4 = past_cents(bar.low_e4 -
	    demo_random_wait(&past->random, unit / 3));
	bar.vwap_e4 = (bar.high_e4 + bar.low_e4 + close) / 300 * 100;
	bar.volume = past_shares(past);
	bar.trades = 1 + bar.volume / 90;
	past->ts = bar.end_ts;
	past->price_e4 = close;
	return bar;
}

void
demo_past_settle(struct demo_bar *day, int64_t vol_e4, uint64_t seed)
{
	int64_t high = day->open_e4, low = high, money = 0, trades = 0;
	struct demo_past past;

	demo_past_begin(&past, day, vol_e4, seed);
	while (past.ts < day->end_ts) {
		struct demo_bar bar = demo_past_minute(&past);

		high = bar.high_e4 > high ? bar.high_e4 : high;
		low = bar.low_e4 < low ? bar.low_e4 : low;
		money += bar.vwap_e4 / 100 * bar.volume;
		trades += bar.trades;
	}
	day->high_e4 = high;
	day->low_e4 = low;
	day->vwap_e4 = money / day->volume * 100;
	day->trades = trades;
}

void
demo_past_tilt(struct demo_bar *days, size_t n, int64_t rise_e4)
{
	for (size_t i = 0; i < n; i++) {
		int64_t share_e4 = 10000 - rise_e4 * (int64_t)(n - 1 - i);
		int64_t *const prices[] = { &days[i].open_e4,
		    &days[i].high_e4, &days[i].low_e4, &days[i].close_e4,
		    &days[i].vwap_e4 };

		for (size_t k = 0; k < sizeof(prices) / sizeof(*prices); k++)
			*prices[k] = past_cents(*prices[k] * share_e4 /
			    10000);
	}
}
