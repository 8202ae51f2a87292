/* Bars, VWAP, averages, trends and relative volume: domain.md 4.7. */
#include "score/bars.h"

#include "check.h"
#include "market/cal.h"
#include "record/trade.h"

enum { DAY = 20416, MINUTE = 60000 };	/* Monday 2025-11-24 */

static int64_t
at(int32_t day, int minute)		/* minutes after 09:30 New York */
{
	return cal_instant(day, 34200000) + (int64_t)minute * MINUTE;
}

static struct bars_bar
bar(int32_t day, int minute, int minutes, int64_t close_e4, int64_t volume)
{
	return (struct bars_bar){ at(day, minute), at(day, minute + minutes),
	    close_e4, close_e4, close_e4, close_e4, volume, TRADE_NONE };
}

static void
test_vwap(void)
{
	static const int64_t hlcv[][4] = {
		{ 1010000, 990000, 1005000, 1000 },
		{ 1020000, 1000000, 1015000, 3000 },
		{ 1018000, 1002000, 1004000, 2000 },
	};
	static const int64_t want[] = { 100166667, 100916667, 100877778 };
	struct bars *bars = bars_new();

	for (int i = 0; i < 3; i++) {
		struct bars_bar b = bar(DAY, i, 1, hlcv[i][2], hlcv[i][3]);

		b.high_e4 = hlcv[i][0];
		b.low_e4 = hlcv[i][1];
		bars_add(bars, BARS_1M, &b);
		CHECK_INT("EX-4.22", bars_vwap_e6(bars, at(DAY, i + 1)),
		    want[i]);
	}
	CHECK_INT("EX-4.23", bars_side(1008800, 100877778), 0);
	CHECK_INT("EX-4.23: above from 100.887866 on", bars_side(1008879,
	    100877778), 1);
	CHECK_INT("EX-4.24", bars_side(1006000, 100877778), -1);
	CHECK_INT("4.7: the next day has none yet", bars_vwap_e6(bars,
	    at(DAY + 1, 1)), TRADE_NONE);
	bars_free(bars);
	bars = bars_new();
	{
		struct bars_bar early = bar(DAY, -1, 1, 500000, 1000000);
		struct bars_bar own = bar(DAY, 0, 1, 1000000, 10);

		own.vwap_e6 = 99500000;
		bars_add(bars, BARS_1M, &early);
		bars_add(bars, BARS_1M, &own);
	}
	CHECK_INT("4.7: RTH only, the bar's own vwap first",
	    bars_vwap_e6(bars, at(DAY, 1)), 99500000);
	bars_free(bars);
}

static void
test_ema(void)
{
	static const double closes[] = { 10, 11, 12, 13, 12, 14, 15 };
	static const int64_t want[] = { TRADE_NONE, TRADE_NONE, 11000000,
	    12000000, 12000000, 13000000, 14000000 };
	struct bars_ema ema = { .n = 3 };

	for (int i = 0; i < 7; i++) {
		bars_ema_add(&ema, closes[i]);
		CHECK_INT(i == 1 ? "EX-4.27" : "EX-4.25", bars_ema_e6(&ema),
		    want[i]);
	}
	/* alpha: from a mean of 0 one close of 1 gives alpha itself */
	ema = (struct bars_ema){ .n = 9, .count = 9 };
	bars_ema_add(&ema, 1);
	CHECK_INT("EX-4.26 alpha(9)", bars_ema_e6(&ema), 200000);
	ema = (struct bars_ema){ .n = 21, .count = 21 };
	bars_ema_add(&ema, 1);
	CHECK_INT("EX-4.26 alpha(21)", bars_ema_e6(&ema), 90909);
}

static void
test_trend(void)
{
	CHECK_INT("EX-4.28", bars_trend(1050000, 103000000, 101000000,
	    100000000), BARS_UP);
	CHECK_INT("EX-4.29", bars_trend(1020000, 103000000, 101000000,
	    100000000), BARS_NEUTRAL);
	CHECK_INT("EX-4.30", bars_trend(950000, 96000000, 98000000,
	    99000000), BARS_DOWN);
	CHECK_INT("4.7: slow not lower than three bars ago", bars_trend(
	    1050000, 103000000, 101000000, 101000001), BARS_NEUTRAL);
	CHECK_INT("undefined before", bars_trend(1050000, 103000000,
	    101000000, TRADE_NONE), BARS_NO_TREND);
}

/* Straight lines: EMA21 is defined at bar 21, the trend three bars later. */
static void
test_frames(void)
{
	struct bars *bars = bars_new();
	struct bars_bar b;

	for (int i = 0; i < 120; i++) {
		b = bar(DAY, i, 1, 1000000 + i * 100, 10);
		bars_add(bars, BARS_1M, &b);
		if (i == 22)
			CHECK_INT("1m: 23 bars are too few",
			    bars_look(bars, BARS_1M).trend, BARS_NO_TREND);
		if (i == 23)
			CHECK_INT("1m: 24 are enough",
			    bars_look(bars, BARS_1M).trend, BARS_UP);
	}
	/*
	 * The 24 bars of 5m close at 1000000 + 100 x (4, 9, ... 119).  An EMA
	 * of a line that starts with the mean of its first n is (n - 1) / 2
	 * steps behind for good.
	 */
	CHECK_INT("5m of 1m: close", bars_look(bars, BARS_5M).close_e4,
	    1011900);
	CHECK_INT("5m of 1m: EMA9", bars_look(bars, BARS_5M).fast_e6,
	    101190000 - 4 * 50000);
	CHECK_INT("5m of 1m: EMA21", bars_look(bars, BARS_5M).slow_e6,
	    101190000 - 10 * 50000);
	CHECK_INT("5m of 1m: trend", bars_look(bars, BARS_5M).trend, BARS_UP);
	CHECK_INT("15m: 8 bars", bars_look(bars, BARS_15M).slow_e6,
	    TRADE_NONE);
	b = bar(DAY, 121, 1, 1000000, 10);	/* minute 120 had no trade */
	bars_add(bars, BARS_1M, &b);
	CHECK_INT("a bar in the making says nothing",
	    bars_look(bars, BARS_5M).close_e4, 1011900);
	bars_settle(bars, at(DAY, 125));
	CHECK_INT("nor when bars of that time may come",
	    bars_look(bars, BARS_5M).close_e4, 1011900);
	bars_settle(bars, at(DAY, 125) + 1);
	CHECK_INT("but once it is over", bars_look(bars, BARS_5M).close_e4,
	    1000000);
	b = bar(DAY, 125, 5, 2000000, 10);
	bars_add(bars, BARS_5M, &b);
	CHECK_INT("5m bars that come are taken",
	    bars_look(bars, BARS_5M).close_e4, 2000000);
	bars_settle(bars, at(DAY, 390) + 1);
	CHECK_INT("a session that is over is a day",
	    bars_look(bars, BARS_1D).close_e4, 1000000);
	bars_free(bars);
}

static void
test_days(void)
{
	struct bars *bars = bars_new();
	struct bars_day day = { DAY, true, 10, 1, 0 };

	for (int i = 0; i < 53; i++) {
		day.day = DAY - 100 + i;
		day.close_e4 = 1000000 + i * 10000;
		bars_add_day(bars, &day);
	}
	/* the mean of a line is its middle: 9.5 and 24.5 steps back */
	CHECK_INT("SMA20", bars_look(bars, BARS_1D).fast_e6, 152000000 -
	    9500000);
	CHECK_INT("SMA50", bars_look(bars, BARS_1D).slow_e6, 152000000 -
	    24500000);
	CHECK_INT("daily trend", bars_look(bars, BARS_1D).trend, BARS_UP);
	day.given = false;
	day.close_e4 = 5;
	bars_add_day(bars, &day);
	CHECK_INT("a day that was given stays",
	    bars_before(bars, DAY, 0)->close_e4, 1520000);
	CHECK_INT("the day before a date", bars_before(bars, day.day,
	    0)->day, day.day - 1);
	CHECK("none before the first", bars_before(bars, DAY - 100, 0) ==
	    NULL);
	bars_free(bars);
}

/* Five sessions of two volumes a day: 09:30-09:31 and 15:59-16:00. */
static void
test_rvol(void)
{
	static const int64_t first[] = { 1000000, 1200000, 800000, 1100000,
	    900000 };
	static const int32_t days[] = { DAY - 7, DAY - 6, DAY - 5, DAY - 4,
	    DAY - 3 };
	struct bars *bars = bars_new();
	struct bars_bar b;

	for (int i = 0; i < 5; i++) {
		b = bar(days[i], 0, 1, 1000000, first[i]);
		bars_add(bars, BARS_1M, &b);
		b = bar(days[i], 389, 1, 1000000, 4000000);
		bars_add(bars, BARS_1M, &b);
		if (i == 4) {
			b = bar(days[i], 390, 1, 1, 1);
			bars_add(bars, BARS_1M, &b);	/* after hours */
			CHECK_INT("EX-4.32", bars_rvol_e6(bars,
			    at(days[i], 380)), TRADE_NONE);
		}
	}
	b = bar(DAY, 0, 1, 1000000, 1800000);
	bars_add(bars, BARS_1M, &b);
	CHECK_INT("EX-4.31", bars_rvol_e6(bars, at(DAY, 1)), 1800000);
	CHECK_INT("EX-4.31 until there is more", bars_rvol_e6(bars,
	    at(DAY, 60)), 1800000);
	CHECK_INT("EX-4.33: by time of day, not by full days",
	    bars_rvol_e6(bars, at(DAY, 390)), 360000);
	CHECK_INT("before a minute is over", bars_rvol_e6(bars,
	    at(DAY, 0) + 1), TRADE_NONE);
	bars_free(bars);
}

static void
test_range(void)
{
	struct bars *bars = bars_new();
	struct bars_bar b;
	int64_t high, low;

	for (int i = 0; i < 60; i++) {
		b = bar(DAY, i, 1, i == 3 ? 2000000 : 1000000 + i, 10);
		bars_add(bars, BARS_1M, &b);
	}
	bars_range(bars, at(DAY, 50), &high, &low);
	CHECK_INT("high before the last ten minutes", high, 2000000);
	CHECK_INT("low", low, 1000000);
	CHECK_INT("opening range", bars->opening_high_e4, 2000000);
	CHECK_INT("the last bar", bars_recent(bars, 0)->close_e4, 1000059);
	CHECK_INT("the one before", bars_recent(bars, 1)->close_e4, 1000058);
	bars_free(bars);
}

int
main(void)
{
	test_vwap();
	test_ema();
	test_trend();
	test_frames();
	test_days();
	test_rvol();
	test_range();
	return check_end();
}
