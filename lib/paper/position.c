#include "paper/position.h"

#include "base/decimal.h"

const char *
position_reason_name(enum position_reason reason)
{
	static const char *const names[] = {
		"OPEN", "TP", "SL", "TIMEOUT", "EOD", "EXPIRY", "CANCELLED",
		"NOT_FILLED"
	};

	return names[reason];
}

/* num / den, half away from zero; den > 0. */
static int64_t
position_ratio(__int128 num, __int128 den)
{
	__int128 q = num / den, r = num % den;

	if (2 * (r < 0 ? -r : r) >= den)
		q += num < 0 ? -1 : 1;
	return q > INT64_MAX ? INT64_MAX : q < -INT64_MAX ? -INT64_MAX :
	    (int64_t)q;
}

/* What a price is above (1) or below (-1) the entry by so many per cent. */
static int64_t
position_level(int64_t entry_e6, int64_t pct, int sign)
{
	return entry_e6 + sign * position_ratio((__int128)entry_e6 * pct,
	    100 * POSITION_PCT);
}

static int64_t
position_gain(const struct position *p, int64_t price_e6)
{
	return p->plan.is_short ? p->entry_e6 - price_e6 :
	    price_e6 - p->entry_e6;
}

void
position_open(struct position *p, const struct position_plan *plan,
    int64_t ts, int64_t entry_e6, int64_t mark_e6, int64_t timeout_ts)
{
	int sign = plan->is_short ? -1 : 1;

	*p = (struct position){ .plan = *plan, .entry_ts = ts,
	    .entry_e6 = entry_e6, .timeout_ts = timeout_ts, .last_ts = ts,
	    .last_e6 = mark_e6, .best_e6 = entry_e6, .worst_e6 = entry_e6,
	    .take_e6 = position_level(entry_e6, plan->take_pct, sign),
	    .stop_e6 = position_level(entry_e6, plan->stop_pct, -sign) };
}

static bool
position_close(struct position *p, enum position_reason reason, int64_t ts,
    int64_t price_e6)
{
	p->reason = reason;
	p->exit_ts = ts;
	p->exit_e6 = price_e6;
	return true;
}

static void
position_see(struct position *p, int64_t price_e6)
{
	if (position_gain(p, price_e6) > position_gain(p, p->best_e6))
		p->best_e6 = price_e6;
	if (position_gain(p, price_e6) < position_gain(p, p->worst_e6))
		p->worst_e6 = price_e6;
}

static bool
position_at_stop(const struct position *p, int64_t price_e6)
{
	return position_gain(p, price_e6) <= position_gain(p, p->stop_e6);
}

static bool
position_at_take(const struct position *p, int64_t price_e6)
{
	return position_gain(p, price_e6) >= position_gain(p, p->take_e6);
}

bool
position_price(struct position *p, int64_t ts, int64_t price_e6)
{
	p->last_ts = ts;
	p->last_e6 = price_e6;
	if (position_at_stop(p, price_e6)) {
		position_see(p, price_e6);
		return position_close(p, POSITION_SL, ts, price_e6);
	}
	if (position_at_take(p, price_e6)) {
		position_see(p, p->take_e6);
		return position_close(p, POSITION_TP, ts, p->take_e6);
	}
	position_see(p, price_e6);
	if (ts >= p->timeout_ts)
		return position_close(p, POSITION_TIMEOUT, ts, price_e6);
	if (ts >= p->plan.eod_ts)
		return position_close(p, POSITION_EOD, ts, price_e6);
	if (ts >= p->plan.expiry_ts)
		return position_close(p, POSITION_EXPIRY, ts, price_e6);
	return false;
}

/* Levels inside a bar fill at the level: the open has not jumped past. */
static bool
position_span(struct position *p, const struct position_bar *bar)
{
	int64_t best = p->plan.is_short ? bar->low_e6 : bar->high_e6;
	int64_t worst = p->plan.is_short ? bar->high_e6 : bar->low_e6;

	if (position_at_stop(p, worst)) {
		position_see(p, p->stop_e6);
		return position_close(p, POSITION_SL, bar->end_ts,
		    p->stop_e6);
	}
	position_see(p, worst);
	if (position_at_take(p, best)) {
		position_see(p, p->take_e6);
		return position_close(p, POSITION_TP, bar->end_ts,
		    p->take_e6);
	}
	position_see(p, best);
	return false;
}

bool
position_bar(struct position *p, const struct position_bar *bar)
{
	if (p->entry_ts <= bar->start_ts) {
		if (p->last_ts <= bar->start_ts &&
		    position_price(p, bar->start_ts, bar->open_e6))
			return true;
		if (position_span(p, bar))
			return true;
	}
	return p->last_ts <= bar->end_ts &&
	    position_price(p, bar->end_ts, bar->close_e6);
}

void
position_end(struct position *p, enum position_reason reason)
{
	position_close(p, reason, p->last_ts, p->last_e6);
}

struct position_result
position_result(const struct position *p)
{
	__int128 units = p->plan.units;
	__int128 cost = p->entry_e6 * units;
	__int128 pnl = position_gain(p, p->exit_e6) * units -
	    p->plan.fees_e6;
	struct position_result r = {
		.pnl_e6 = position_ratio(pnl, 1),
		.return_e6 = position_ratio(pnl * 100 *
		    decimal_pow10[DECIMAL_E6], cost),
		.mfe_e6 = position_ratio((__int128)position_gain(p,
		    p->best_e6) * 100 * decimal_pow10[DECIMAL_E6],
		    p->entry_e6),
		.mae_e6 = position_ratio((__int128)position_gain(p,
		    p->worst_e6) * 100 * decimal_pow10[DECIMAL_E6],
		    p->entry_e6),
	};

	r.r_e6 = position_ratio((__int128)r.return_e6 * POSITION_PCT,
	    p->plan.stop_pct);
	return r;
}
