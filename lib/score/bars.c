#include "score/bars.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "market/cal.h"
#include "record/trade.h"

enum { BARS_MINUTE = 60000, BARS_OPENING = 15 * BARS_MINUTE };

static const int64_t bars_span[BARS_1D] = {
	BARS_MINUTE, 5 * BARS_MINUTE, 15 * BARS_MINUTE
};

struct bars *
bars_new(void)
{
	struct bars *bars = buf_alloc(1, sizeof(*bars));

	for (int f = 0; f < BARS_1D; f++) {
		bars->line[f].fast.n = BARS_FAST;
		bars->line[f].slow.n = BARS_SLOW;
	}
	bars->day = bars->usual_day = DAY_NONE;
	bars->days_changed = 1;
	return bars;
}

void
bars_free(struct bars *bars)
{
	if (bars == NULL)
		return;
	for (int i = 0; i < BARS_HISTORY; i++)
		free(bars->history[i]);
	free(bars->minute);
	free(bars->usual_e6);
	free(bars->days);
	free(bars);
}

/* ---- averages ---- */

void
bars_ema_add(struct bars_ema *ema, double close)
{
	if (ema->count < ema->n) {
		ema->value += close;
		if (++ema->count == ema->n)
			ema->value /= ema->n;
		return;
	}
	ema->value += (close - ema->value) * 2 / (ema->n + 1);
}

int64_t
bars_ema_e6(const struct bars_ema *ema)
{
	return ema->count < ema->n ? TRADE_NONE : llround(ema->value * 1e6);
}

enum bars_trend
bars_trend(int64_t close_e4, int64_t fast_e6, int64_t slow_e6,
    int64_t back_e6)
{
	if (fast_e6 == TRADE_NONE || slow_e6 == TRADE_NONE ||
	    back_e6 == TRADE_NONE)
		return BARS_NO_TREND;
	if (close_e4 * 100 > fast_e6 && fast_e6 > slow_e6 &&
	    slow_e6 >= back_e6)
		return BARS_UP;
	if (close_e4 * 100 < fast_e6 && fast_e6 < slow_e6 &&
	    slow_e6 <= back_e6)
		return BARS_DOWN;
	return BARS_NEUTRAL;
}

int
bars_side(int64_t price_e4, int64_t vwap_e6)
{
	__int128 price = (__int128)price_e4 * 100 * 10000;

	if (price > (__int128)vwap_e6 * 10001)
		return 1;
	return price < (__int128)vwap_e6 * 9999 ? -1 : 0;
}

const char *
bars_trend_name(enum bars_trend trend)
{
	static const char *const names[] = { NULL, "DOWN", "NEUTRAL", "UP" };

	return names[trend];
}

static void
bars_line_add(struct bars_line *line, const struct bars_bar *bar)
{
	double close = (double)bar->close_e4 / 1e4;
	int at;

	bars_ema_add(&line->fast, close);
	bars_ema_add(&line->slow, close);
	line->close_e4 = bar->close_e4;
	line->end_ts = bar->end_ts;
	if (line->slow.count < line->slow.n)
		return;
	/* Counts on from n, so that the ring knows how full it is. */
	at = line->slow.count++ - line->slow.n;
	line->back_e6[at % (BARS_BACK + 1)] = bars_ema_e6(&line->slow);
}

static struct bars_view
bars_line_look(const struct bars_line *line)
{
	int n = line->slow.count - line->slow.n;
	struct bars_view v = { TRADE_NONE, bars_ema_e6(&line->fast),
	    bars_ema_e6(&line->slow), TRADE_NONE, BARS_NO_TREND };

	if (line->end_ts != 0)
		v.close_e4 = line->close_e4;
	if (n > BARS_BACK)
		v.back_e6 = line->back_e6[n % (BARS_BACK + 1)];
	v.trend = bars_trend(v.close_e4, v.fast_e6, v.slow_e6, v.back_e6);
	return v;
}

/* ---- days ---- */

void
bars_add_day(struct bars *bars, const struct bars_day *day)
{
	size_t at = bars->n_days;

	while (at > 0 && bars->days[at - 1].day > day->day)
		at--;
	bars->days_changed++;
	if (at > 0 && bars->days[at - 1].day == day->day) {
		if (day->given || !bars->days[at - 1].given)
			bars->days[at - 1] = *day;
		return;
	}
	if (bars->n_days == BARS_DAYS) {
		if (at == 0)
			return;
		at--;
		bars->n_days--;
		for (size_t i = 0; i < bars->n_days; i++)
			bars->days[i] = bars->days[i + 1];
	}
	if (bars->n_days == bars->cap_days) {
		bars->cap_days = bars->cap_days == 0 ? 8 : 2 * bars->cap_days;
		bars->days = buf_realloc(bars->days, bars->cap_days,
		    sizeof(*bars->days));
	}
	for (size_t i = bars->n_days++; i > at; i--)
		bars->days[i] = bars->days[i - 1];
	bars->days[at] = *day;
}

const struct bars_day *
bars_before(const struct bars *bars, int32_t day, size_t back)
{
	size_t at = bars->n_days;

	while (at > 0 && bars->days[at - 1].day >= day)
		at--;
	return at > back ? &bars->days[at - 1 - back] : NULL;
}

int64_t
bars_mean_e6(const struct bars *bars, size_t skip, size_t n)
{
	int64_t sum = 0;

	if (bars->n_days < skip + n)
		return TRADE_NONE;
	for (size_t i = 0; i < n; i++)
		sum += bars->days[bars->n_days - 1 - skip - i].close_e4;
	return decimal_ratio(sum * 100, (int64_t)n, 0);
}

static void
bars_look_days(struct bars *bars)
{
	struct bars_view *v = &bars->daily;

	if (bars->days_seen == bars->days_changed)
		return;
	bars->days_seen = bars->days_changed;
	v->close_e4 = bars->n_days == 0 ? TRADE_NONE :
	    bars->days[bars->n_days - 1].close_e4;
	v->fast_e6 = bars_mean_e6(bars, 0, BARS_DAY_FAST);
	v->slow_e6 = bars_mean_e6(bars, 0, BARS_DAY_SLOW);
	v->back_e6 = bars_mean_e6(bars, BARS_BACK, BARS_DAY_SLOW);
	v->trend = bars_trend(v->close_e4, v->fast_e6, v->slow_e6, v->back_e6);
}

struct bars_view
bars_look(struct bars *bars, enum bars_frame frame)
{
	if (frame != BARS_1D)
		return bars_line_look(&bars->line[frame]);
	bars_look_days(bars);
	return bars->daily;
}

/* ---- the session ---- */

/* The volume stood still up to the end of a minute. */
static void
bars_fill(struct bars *bars, int64_t to)
{
	int64_t from = (bars->last_ts - bars->open_ts) / BARS_MINUTE;

	for (int64_t m = from; m < to; m++)
		bars->minute[m] = (uint32_t)(bars->volume < UINT32_MAX ?
		    bars->volume : UINT32_MAX);
}

static void
bars_count_volume(struct bars *bars, const struct bars_bar *bar)
{
	int64_t end = (bar->end_ts - bars->open_ts) / BARS_MINUTE;
	int64_t price = bar->vwap_e6 != TRADE_NONE ? 3 * bar->vwap_e6 :
	    (bar->high_e4 + bar->low_e4 + bar->close_e4) * 100;

	bars_fill(bars, end - 1);
	bars->last_ts = bar->end_ts - BARS_MINUTE;
	if (bar->volume > 0) {		/* TRADE_NONE is below */
		bars->turnover += (__int128)price * bar->volume;
		bars->volume += bar->volume;
	}
	bars_fill(bars, end);
	bars->last_ts = bar->end_ts;
}

/* A session that was seen whole enters the history of volume. */
static void
bars_remember(struct bars *bars)
{
	int64_t seen = bars->last_ts - bars->first_ts;
	uint32_t **slot = &bars->history[bars->history_n % BARS_HISTORY];

	if (bars->minute == NULL || bars->early || bars->volume == 0 ||
	    seen * 100 < (bars->close_ts - bars->open_ts) * 95)
		return;
	bars_fill(bars, BARS_MINUTES);
	free(*slot);
	*slot = bars->minute;
	bars->minute = NULL;
	bars->history_n++;
}

static void
bars_end_day(struct bars *bars)
{
	struct bars_day day = { bars->day, false, bars->session.high_e4,
	    bars->session.low_e4, bars->session.close_e4 };

	if (bars->session.end_ts == 0)
		return;
	bars_add_day(bars, &day);
	bars->session.end_ts = 0;
	bars->over = true;
}

/* Turns to the session of a New York date; false when it has none. */
static bool
bars_turn(struct bars *bars, int32_t day)
{
	struct cal_span span;

	if (cal_span(day, CAL_EQUITY, CAL_RTH, &span, NULL) <= 0)
		return false;
	if (bars->day != DAY_NONE) {
		bars_end_day(bars);
		bars_remember(bars);
	}
	bars->day = day;
	bars->over = false;
	bars->open_ts = span.start_ts;
	bars->close_ts = span.end_ts;
	bars->early = cal_is_early(day);
	bars->turnover = 0;
	bars->volume = 0;
	bars->first_ts = bars->last_ts = span.start_ts;
	bars->opening_high_e4 = bars->opening_low_e4 = TRADE_NONE;
	bars->old_high_e4 = bars->old_low_e4 = TRADE_NONE;
	if (bars->minute == NULL)
		bars->minute = buf_alloc(BARS_MINUTES, sizeof(*bars->minute));
	return true;
}

bool
bars_is_today(const struct bars *bars, int64_t t)
{
	/* Without a look at the calendar for most prints. */
	return bars->day != DAY_NONE && t >= bars->open_ts &&
	    t < bars->open_ts + INT64_C(86400000) - 34200000;
}

static void
bars_widen(const struct bars_bar *bar, int64_t *high_e4, int64_t *low_e4)
{
	if (*high_e4 == TRADE_NONE || bar->high_e4 > *high_e4)
		*high_e4 = bar->high_e4;
	if (*low_e4 == TRADE_NONE || bar->low_e4 < *low_e4)
		*low_e4 = bar->low_e4;
}

/* Adds a bar to one that is made of several; end_ts 0: a new one. */
static void
bars_join(struct bars_bar *made, const struct bars_bar *bar,
    int64_t start_ts, int64_t end_ts)
{
	if (made->end_ts == 0) {
		*made = *bar;
		made->start_ts = start_ts;
		made->end_ts = end_ts;
		return;
	}
	bars_widen(bar, &made->high_e4, &made->low_e4);
	made->close_e4 = bar->close_e4;
}

static void
bars_finish(struct bars_line *line, int64_t t)
{
	if (line->making.end_ts == 0 || line->making.end_ts > t)
		return;
	bars_line_add(line, &line->making);
	line->making.end_ts = 0;
}

static void
bars_make(struct bars *bars, enum bars_frame frame,
    const struct bars_bar *bar)
{
	struct bars_line *line = &bars->line[frame];
	int64_t span = bars_span[frame];
	int64_t start = bars->open_ts + (bar->start_ts - bars->open_ts) /
	    span * span;

	if (line->given || start + span <= line->end_ts)
		return;			/* given, or over when it came late */
	bars_finish(line, start);
	bars_join(&line->making, bar, start, start + span);
	bars_finish(line, bar->end_ts);
}

static void
bars_add_minute(struct bars *bars, const struct bars_bar *bar)
{
	struct bars_bar *slot = &bars->recent[bars->recent_n % BARS_RECENT];

	bars_count_volume(bars, bar);
	if (bars->session.end_ts == 0 && !bars->over)
		bars->first_ts = bar->start_ts;
	if (bar->end_ts <= bars->open_ts + BARS_OPENING)
		bars_widen(bar, &bars->opening_high_e4,
		    &bars->opening_low_e4);
	if (bars->recent_n >= BARS_RECENT && slot->start_ts >= bars->open_ts)
		bars_widen(slot, &bars->old_high_e4, &bars->old_low_e4);
	*slot = *bar;
	bars->recent_n++;
	if (!bars->over)
		bars_join(&bars->session, bar, bars->open_ts,
		    bars->close_ts);
	bars_make(bars, BARS_5M, bar);
	bars_make(bars, BARS_15M, bar);
}

static void
bars_add_daily(struct bars *bars, const struct bars_bar *bar)
{
	struct cal_time time;
	struct bars_day day = { 0, true, bar->high_e4, bar->low_e4,
	    bar->close_e4 };

	cal_new_york(bar->end_ts - 1, &time);
	day.day = time.day;
	bars_add_day(bars, &day);
}

void
bars_add(struct bars *bars, enum bars_frame frame,
    const struct bars_bar *bar)
{
	struct bars_line *line;
	struct cal_time time;

	if (bar->end_ts > bars->newest_ts) {
		bars->newest_ts = bar->end_ts;
		bars->newest_e4 = bar->close_e4;
	}
	if (frame == BARS_1D) {
		bars_add_daily(bars, bar);
		return;
	}
	line = &bars->line[frame];
	if (bar->end_ts <= line->end_ts)
		return;
	if (!bars_is_today(bars, bar->start_ts)) {
		cal_new_york(bar->start_ts, &time);
		if ((bars->day != DAY_NONE && time.day <= bars->day) ||
		    !bars_turn(bars, time.day))
			return;
	}
	if (bar->start_ts < bars->open_ts || bar->end_ts > bars->close_ts ||
	    bar->end_ts <= bar->start_ts)
		return;
	if (frame == BARS_1M) {
		bars_add_minute(bars, bar);
	} else {
		line->given = true;
		line->making.end_ts = 0;
	}
	bars_line_add(line, bar);
}

void
bars_settle(struct bars *bars, int64_t t)
{
	/* What ends at t may still come: bars of one time come in any order. */
	bars_finish(&bars->line[BARS_5M], t - 1);
	bars_finish(&bars->line[BARS_15M], t - 1);
	if (bars->session.end_ts < t)
		bars_end_day(bars);
}

void
bars_set_usual(struct bars *bars, int32_t day,
    const int64_t usual_e6[BARS_MINUTES])
{
	if (bars->usual_e6 == NULL)
		bars->usual_e6 = buf_alloc(BARS_MINUTES, sizeof(int64_t));
	memcpy(bars->usual_e6, usual_e6, BARS_MINUTES * sizeof(int64_t));
	bars->usual_day = day;
}

/* ---- answers ---- */

int64_t
bars_vwap_e6(const struct bars *bars, int64_t t)
{
	__int128 den = (__int128)3 * bars->volume;

	if (den == 0 || !bars_is_today(bars, t))
		return TRADE_NONE;
	return (int64_t)((2 * bars->turnover + den) / (2 * den));
}

/* Volume of the session up to the end of a minute, from 1. */
static int64_t
bars_so_far(const struct bars *bars, int64_t minute)
{
	int64_t last = (bars->last_ts - bars->open_ts) / BARS_MINUTE;

	return minute >= last ? bars->volume : bars->minute[minute - 1];
}

int64_t
bars_rvol_e6(const struct bars *bars, int64_t t)
{
	int64_t minute = (t - bars->open_ts) / BARS_MINUTE, usual = 0;
	uint32_t n = bars->history_n < BARS_HISTORY ? bars->history_n :
	    BARS_HISTORY;

	if (!bars_is_today(bars, t) || bars->volume == 0 || minute < 1)
		return TRADE_NONE;
	if (minute > BARS_MINUTES)
		minute = BARS_MINUTES;
	if (bars->usual_e6 != NULL && bars->usual_day == bars->day) {
		usual = bars->usual_e6[minute - 1];
		return usual <= 0 ? TRADE_NONE : decimal_ratio(1000000 *
		    bars_so_far(bars, minute), usual, DECIMAL_E6);
	}
	if (n < BARS_HISTORY_MIN)
		return TRADE_NONE;
	for (uint32_t i = 0; i < n; i++)
		usual += bars->history[i][minute - 1];
	return usual == 0 ? TRADE_NONE : decimal_ratio((int64_t)n *
	    bars_so_far(bars, minute), usual, DECIMAL_E6);
}

const struct bars_bar *
bars_recent(const struct bars *bars, uint32_t back)
{
	if (back >= bars->recent_n || back >= BARS_RECENT)
		return NULL;
	return &bars->recent[(bars->recent_n - 1 - back) % BARS_RECENT];
}

void
bars_range(const struct bars *bars, int64_t until_ts, int64_t *high_e4,
    int64_t *low_e4)
{
	const struct bars_bar *bar;

	*high_e4 = bars->old_high_e4;
	*low_e4 = bars->old_low_e4;
	for (uint32_t i = 0; (bar = bars_recent(bars, i)) != NULL; i++)
		if (bar->start_ts >= bars->open_ts && bar->end_ts <= until_ts)
			bars_widen(bar, high_e4, low_e4);
}
