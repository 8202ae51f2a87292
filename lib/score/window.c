#include "score/window.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "market/cal.h"

enum { WINDOW_CHUNK = 64 };	/* prints */

struct window_chunk {
	struct window_chunk *next;	/* spare ones */
	struct window_print print[WINDOW_CHUNK];
};

#define WINDOW_HOUR INT64_C(3600000)

/* ---- the clock ---- */

void
window_clock_init(struct window_clock *clock, enum window_clock_kind kind)
{
	*clock = (struct window_clock){ .kind = kind, .first = DAY_NONE,
	    .day = DAY_NONE };
}

/* A session and a millisecond, so that a close is before the next open. */
static int64_t
window_length(int32_t day)
{
	struct cal_span span;

	if (cal_span(day, CAL_EQUITY, CAL_RTH, &span, NULL) <= 0)
		return 0;
	return span.end_ts - span.start_ts + 1;
}

/* Open time from the count's start to a day's open; negative before it. */
static int64_t
window_base(int32_t first, int32_t day)
{
	int64_t ms = 0;

	for (int32_t d = first; d < day; d++)
		ms += window_length(d);
	for (int32_t d = day; d < first; d++)
		ms -= window_length(d);
	return ms;
}

/* Looks up a New York date; outside the calendar nothing changes. */
static void
window_clock_turn(struct window_clock *clock, int32_t day)
{
	struct cal_span span;
	int32_t session = day, before;
	struct err err;

	if (cal_known(day, &err) < 0 || (!cal_is_open(day) &&
	    cal_step(day, -1, &session, &err) < 0) ||
	    cal_span(session, CAL_EQUITY, CAL_RTH, &span, &err) <= 0 ||
	    cal_step(session, -1, &before, &err) < 0)
		return;
	if (clock->first == DAY_NONE)
		clock->first = session;
	clock->open_ts = span.start_ts;
	clock->close_ts = span.end_ts;
	clock->base = window_base(clock->first, session);
	clock->before = clock->base - window_length(before);
}

static void
window_clock_look(struct window_clock *clock, int64_t ts)
{
	struct cal_time time;

	if (clock->day != DAY_NONE && ts >= clock->start_ts &&
	    ts < clock->end_ts)
		return;
	cal_new_york(ts, &time);
	clock->day = time.day;
	clock->start_ts = cal_instant(time.day, 0);
	clock->end_ts = cal_instant(time.day + 1, 0);
	window_clock_turn(clock, time.day);
}

int64_t
window_clock_at(struct window_clock *clock, int64_t ts)
{
	if (clock->kind == WINDOW_SESSION)
		window_clock_look(clock, ts);
	if (clock->kind == WINDOW_WALL)
		return ts;
	if (ts < clock->open_ts)
		return clock->base;
	if (ts > clock->close_ts)
		ts = clock->close_ts;
	return clock->base + ts - clock->open_ts;
}

void
window_clock_from(struct window_clock *clock, int64_t ts,
    int64_t from[WINDOW_COUNT])
{
	int64_t now = window_clock_at(clock, ts);

	from[WINDOW_1H] = now - WINDOW_HOUR;
	from[WINDOW_4H] = now - 4 * WINDOW_HOUR;
	from[WINDOW_24H] = clock->kind == WINDOW_WALL ?
	    now - 24 * WINDOW_HOUR : clock->before - 1;
}

/* ---- sums ---- */

static void
window_sum_add(struct window_sum *s, const struct window_print *p, int sign)
{
	int64_t premium = sign * p->premium_e4;
	uint32_t f = p->flags;
	struct bias_trade trade = {
		.size = p->size,
		.premium_e4 = p->premium_e4,
		.put = (f & WINDOW_PUT) != 0,
		.sentiment = (f & WINDOW_BULLISH) != 0 ? BIAS_BULLISH :
		    (f & WINDOW_BEARISH) != 0 ? BIAS_BEARISH : BIAS_NEUTRAL,
		.weight_e6 = p->weight_e6,
		.sided = (f & (WINDOW_BUY | WINDOW_SELL)) != 0,
		.aggressive = (f & WINDOW_AGGRESSIVE) != 0,
	};

	if ((f & WINDOW_SWEEP) != 0)
		s->sweeps += sign;
	if ((f & WINDOW_PRINT) == 0)
		return;
	bias_add(&s->flow, &trade, sign);
	if (trade.sided)
		s->sided_e8 += (__int128)premium * p->premium_e4;
	if ((f & WINDOW_BLOCK) != 0)
		s->blocks += sign;
	if ((f & WINDOW_BIG) != 0)
		s->big_e4 += premium;
	if ((f & WINDOW_UNUSUAL) != 0)
		s->unusual_e4 += premium;
	if ((f & WINDOW_QUOTED) != 0)
		s->quoted_e4 += premium;
}

void
window_sums(const struct window_log *log, int window,
    struct window_sum *out)
{
	const struct window_sum *a = &log->total, *b = &log->gone[window];
	const struct bias_sum *all = &a->flow, *gone = &b->flow;

	*out = (struct window_sum){
		.flow = {
			.trades = all->trades - gone->trades,
			.calls = all->calls - gone->calls,
			.puts = all->puts - gone->puts,
			.sided = all->sided - gone->sided,
			.call_e4 = all->call_e4 - gone->call_e4,
			.put_e4 = all->put_e4 - gone->put_e4,
			.bull_e4 = all->bull_e4 - gone->bull_e4,
			.bear_e4 = all->bear_e4 - gone->bear_e4,
			.bull_e10 = all->bull_e10 - gone->bull_e10,
			.bear_e10 = all->bear_e10 - gone->bear_e10,
			.sided_e4 = all->sided_e4 - gone->sided_e4,
			.aggressive_e4 = all->aggressive_e4 -
			    gone->aggressive_e4,
		},
		.sweeps = a->sweeps - b->sweeps,
		.blocks = a->blocks - b->blocks,
		.sided_e8 = a->sided_e8 - b->sided_e8,
		.big_e4 = a->big_e4 - b->big_e4,
		.unusual_e4 = a->unusual_e4 - b->unusual_e4,
		.quoted_e4 = a->quoted_e4 - b->quoted_e4,
	};
}

/* ---- room ---- */

void
window_pool_init(struct window_pool *pool, int64_t max_prints)
{
	*pool = (struct window_pool){ .max = max_prints / WINDOW_CHUNK };
}

void
window_pool_free(struct window_pool *pool)
{
	struct window_chunk *chunk;

	while ((chunk = pool->spare) != NULL) {
		pool->spare = chunk->next;
		free(chunk);
	}
}

static struct window_print *
window_at(const struct window_log *log, uint64_t number)
{
	return &log->chunk[number / WINDOW_CHUNK & (log->cap - 1)]->
	    print[number % WINDOW_CHUNK];
}

/* Gives back the chunk of the first print; head goes behind it. */
static void
window_drop_chunk(struct window_log *log, struct window_pool *pool)
{
	struct window_chunk **at = &log->chunk[log->head / WINDOW_CHUNK &
	    (log->cap - 1)];

	(*at)->next = pool->spare;
	pool->spare = *at;
	*at = NULL;
	log->head = (log->head / WINDOW_CHUNK + 1) * WINDOW_CHUNK;
	if (log->head > log->tail)
		log->head = log->tail;
}

void
window_free(struct window_log *log, struct window_pool *pool)
{
	while (log->head < log->tail)
		window_drop_chunk(log, pool);
	free(log->chunk);
}

/* Moves a window's start over the first print in it. */
static void
window_pass(struct window_log *log, int window)
{
	window_sum_add(&log->gone[window],
	    window_at(log, log->cursor[window]++), 1);
}

/* Forgets an underlying's oldest prints, though they are still in a window. */
static void
window_forget(struct window_log *log, struct window_pool *pool)
{
	uint64_t end = (log->head / WINDOW_CHUNK + 1) * WINDOW_CHUNK;

	pool->forgotten += (int64_t)(end - log->head);
	for (int w = 0; w < WINDOW_COUNT; w++)
		while (log->cursor[w] < end)
			window_pass(log, w);
	window_drop_chunk(log, pool);
}

/* A larger ring; chunks keep their numbers. */
static void
window_widen(struct window_log *log)
{
	size_t cap = log->cap == 0 ? 4 : 2 * log->cap;
	struct window_chunk **ring = buf_alloc(cap, sizeof(*ring));
	uint64_t first = log->head / WINDOW_CHUNK;

	for (uint64_t i = first; i < first + log->cap; i++)
		ring[i & (cap - 1)] = log->chunk[i & (log->cap - 1)];
	free(log->chunk);
	log->chunk = ring;
	log->cap = cap;
}

/* Room for one more print at the tail. */
static void
window_extend(struct window_log *log, struct window_pool *pool)
{
	uint64_t number = log->tail / WINDOW_CHUNK;
	struct window_chunk *chunk = pool->spare;

	if (log->tail % WINDOW_CHUNK != 0)
		return;
	if (chunk == NULL && pool->chunks >= pool->max &&
	    log->tail - log->head >= WINDOW_CHUNK) {
		window_forget(log, pool);
		chunk = pool->spare;
	}
	if (chunk != NULL) {
		pool->spare = chunk->next;
	} else {
		chunk = buf_alloc(1, sizeof(*chunk));
		pool->chunks++;
	}
	if (number - log->head / WINDOW_CHUNK >= log->cap)
		window_widen(log);
	log->chunk[number & (log->cap - 1)] = chunk;
}

/* ---- prints ---- */

uint32_t
window_id(const char *p, size_t n)
{
	uint64_t h = n, word;

	for (; n > 0; p += n < 8 ? n : 8, n -= n < 8 ? n : 8) {
		word = 0;
		memcpy(&word, p, n < 8 ? n : 8);
		h = (h ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		h ^= h >> 32;
	}
	return (uint32_t)h;
}

void
window_expire(struct window_log *log, struct window_pool *pool,
    const int64_t from[WINDOW_COUNT])
{
	uint64_t oldest = log->tail;

	for (int w = 0; w < WINDOW_COUNT; w++) {
		while (log->cursor[w] < log->tail &&
		    window_at(log, log->cursor[w])->clock <= from[w])
			window_pass(log, w);
		if (log->cursor[w] < oldest)
			oldest = log->cursor[w];
	}
	while (log->head < log->tail && log->head / WINDOW_CHUNK <
	    oldest / WINDOW_CHUNK)
		window_drop_chunk(log, pool);
}

void
window_add(struct window_log *log, struct window_pool *pool,
    const int64_t from[WINDOW_COUNT], const struct window_print *print)
{
	uint64_t at, least;
	struct window_print p = *print;

	window_extend(log, pool);
	at = log->tail++;
	least = at - log->head < WINDOW_LATE ? log->head : at - WINDOW_LATE;
	for (; at > least && window_at(log, at - 1)->clock > p.clock; at--)
		*window_at(log, at) = *window_at(log, at - 1);
	if (at > log->head && window_at(log, at - 1)->clock > p.clock)
		p.clock = window_at(log, at - 1)->clock;
	*window_at(log, at) = p;
	window_sum_add(&log->total, &p, 1);
	for (int w = 0; w < WINDOW_COUNT; w++)
		if (p.clock <= from[w] || at < log->cursor[w]) {
			window_sum_add(&log->gone[w], &p, 1);
			log->cursor[w]++;
		}
}

bool
window_take_back(struct window_log *log, uint32_t id, int64_t clock,
    struct window_print *was)
{
	uint64_t low = log->head, high = log->tail;
	struct window_print *p;

	while (low < high) {
		uint64_t middle = low + (high - low) / 2;

		if (window_at(log, middle)->clock < clock)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < log->tail; low++) {
		p = window_at(log, low);
		if (p->clock != clock)
			break;
		if (p->id != id || (p->flags & WINDOW_SWEEP) != 0 ||
		    p->flags == 0)
			continue;
		*was = *p;
		window_sum_add(&log->total, p, -1);
		for (int w = 0; w < WINDOW_COUNT; w++)
			if (low < log->cursor[w])
				window_sum_add(&log->gone[w], p, -1);
		p->flags = 0;		/* holds its place, counts nothing */
		return true;
	}
	return false;
}
