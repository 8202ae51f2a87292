#ifndef FLOW_BARS_H
#define FLOW_BARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/day.h"

/*
 * What the final bars of one underlying say: VWAP of the session, moving
 * averages and trends, relative volume, daily closes, highs and lows
 * (domain.md 4.7).  Intraday bars count within 09:30-16:00 New York (13:00 on
 * an early close); 5m, 15m and 1d bars that do not come are made of those of
 * 1m.  Prices are 1/10,000 dollar.  All answers are as of an instant t that
 * never lies before the end of a bar already added.
 */

enum bars_frame { BARS_1M, BARS_5M, BARS_15M, BARS_1D, BARS_FRAMES };

enum bars_trend { BARS_NO_TREND, BARS_DOWN, BARS_NEUTRAL, BARS_UP };

enum {
	BARS_MINUTES = 390,		/* of a full session */
	BARS_RECENT = 16,		/* 1m bars kept */
	BARS_DAYS = 320,		/* daily bars kept */
	BARS_HISTORY = 20,		/* sessions of volume kept, */
	BARS_HISTORY_MIN = 5,		/* and needed */
	BARS_FAST = 9, BARS_SLOW = 21,	/* EMA of intraday bars */
	BARS_DAY_FAST = 20, BARS_DAY_SLOW = 50,	/* SMA of daily bars */
	BARS_BACK = 3			/* bars that the slow one is compared
					 * over */
};

struct bars_bar {
	int64_t start_ts, end_ts;
	int64_t open_e4, high_e4, low_e4, close_e4;
	int64_t volume;			/* shares, or TRADE_NONE */
	int64_t vwap_e6;		/* or TRADE_NONE */
};

struct bars_day {
	int32_t day;
	bool given;			/* by a 1d bar, not made of 1m bars */
	int64_t high_e4, low_e4, close_e4;	/* TRADE_NONE: unknown */
};

/* An exponential mean by the recursion; its start is the mean of n closes. */
struct bars_ema {
	double value;			/* dollars; the sum before bar n */
	int n, count;
};

struct bars_line {			/* one intraday frame */
	struct bars_ema fast, slow;
	int64_t close_e4;		/* of the last bar */
	int64_t end_ts;			/* of the last bar */
	int64_t back_e6[BARS_BACK + 1];	/* slow of the last bars, a ring */
	bool given;			/* such bars come: none are made */
	struct bars_bar making;		/* of 1m bars; end_ts 0: none */
};

/* Two averages and what they say; TRADE_NONE: not enough bars. */
struct bars_view {
	int64_t close_e4, fast_e6, slow_e6, back_e6;
	enum bars_trend trend;
};

struct bars {
	struct bars_line line[BARS_1D];
	int64_t newest_e4, newest_ts;	/* close and end of the newest bar of
					 * any frame; end 0: none came */
	/* the session of the last 1m bar */
	int32_t day;
	int64_t open_ts, close_ts;
	bool early, over;
	__int128 turnover;		/* sum of 3 x price x volume, e-6 $ */
	int64_t volume;
	int64_t first_ts, last_ts;	/* start of the first, end of the last
					 * bar */
	int64_t opening_high_e4, opening_low_e4;	/* 09:30-09:45 */
	int64_t old_high_e4, old_low_e4;	/* before the recent bars */
	struct bars_bar session;	/* all of it; volume and vwap unused */
	struct bars_bar recent[BARS_RECENT];	/* a ring */
	uint32_t recent_n;		/* bars that came */
	uint32_t *minute;		/* volume up to each minute's end */
	/* sessions before */
	uint32_t *history[BARS_HISTORY];	/* a ring of the same */
	uint32_t history_n;		/* that came */
	int64_t *usual_e6;		/* of a baseline: mean volume so far by
					 * minute, or NULL */
	int32_t usual_day;		/* the date it is for */
	struct bars_day *days;		/* oldest first */
	size_t n_days, cap_days;
	uint32_t days_changed;		/* counts what happened to days */
	struct bars_view daily;		/* as of days_seen */
	uint32_t days_seen;
};

struct bars *bars_new(void);
void bars_free(struct bars *bars);

/*
 * Adds a final bar.  Bars that are no later than the last of their frame, and
 * intraday ones outside regular hours, change nothing.
 */
void bars_add(struct bars *bars, enum bars_frame frame,
    const struct bars_bar *bar);

/* Adds a day, or replaces it when it was not given; oldest days go. */
void bars_add_day(struct bars *bars, const struct bars_day *day);

/* Ends what ended before t: bars being made, the session's day. */
void bars_settle(struct bars *bars, int64_t t);

/*
 * What is usual on a date: mean volume up to the end of each of BARS_MINUTES
 * minutes, millionths of a share; bars_rvol_e6 goes by it then.
 */
void bars_set_usual(struct bars *bars, int32_t day,
    const int64_t usual_e6[BARS_MINUTES]);

/* The session's VWAP in e-6 dollars, or TRADE_NONE. */
int64_t bars_vwap_e6(const struct bars *bars, int64_t t);

/* The trend of a frame; after bars_settle. */
struct bars_view bars_look(struct bars *bars, enum bars_frame frame);

/* Volume so far relative to the usual, millionths, or TRADE_NONE. */
int64_t bars_rvol_e6(const struct bars *bars, int64_t t);

/* The last 1m bar that ended by t, or NULL; back: so many before it. */
const struct bars_bar *bars_recent(const struct bars *bars, uint32_t back);

/*
 * The session's high and low of bars that ended by a time in the last 15
 * minutes or so; TRADE_NONE when there is none.
 */
void bars_range(const struct bars *bars, int64_t until_ts, int64_t *high_e4,
    int64_t *low_e4);

/* True while the session of the last 1m bar is that of t's New York date. */
bool bars_is_today(const struct bars *bars, int64_t t);

/*
 * The mean of n daily closes, the last but skip of them, in e-6; TRADE_NONE
 * when there are fewer.
 */
int64_t bars_mean_e6(const struct bars *bars, size_t skip, size_t n);

/* The last day before a date, or so many before that; NULL for none. */
const struct bars_day *bars_before(const struct bars *bars, int32_t day,
    size_t back);

/*
 * Where a price is by more than 1/10,000 of the VWAP: 1 above, 0 at it, -1
 * below.
 */
int bars_side(int64_t price_e4, int64_t vwap_e6);

/* Trend of a close and two averages. */
enum bars_trend bars_trend(int64_t close_e4, int64_t fast_e6,
    int64_t slow_e6, int64_t back_e6);

/* One more value, dollars.  The mean so far in e-6, or TRADE_NONE. */
void bars_ema_add(struct bars_ema *ema, double close);
int64_t bars_ema_e6(const struct bars_ema *ema);

const char *bars_trend_name(enum bars_trend trend);	/* NULL for none */

#endif
