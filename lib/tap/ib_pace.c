#include "tap/ib_pace.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* The windows, with room for what the way to the gateway may add. */
enum {
	IB_PACE_SAME_MS = 15500,	/* one request and itself */
	IB_PACE_NEAR_MS = 2200,		/* of one instrument and kind: */
	IB_PACE_NEAR = 4,		/* no more than that and one */
	IB_PACE_LONG_MS = 601000
};

void
ib_pace_init(struct ib_pace *pace, int64_t history)
{
	memset(pace, 0, sizeof(*pace));
	pace->history = history;
	pace->tokens_e3 = IB_PACE_BURST * 1000;
}

void
ib_pace_free(struct ib_pace *pace)
{
	free(pace->past);
}

bool
ib_pace_message(struct ib_pace *pace, int64_t now_ms)
{
	int64_t gone = now_ms - pace->at_ms;

	pace->at_ms = now_ms;
	if (gone >= 1000)
		pace->tokens_e3 = IB_PACE_BURST * 1000;
	else if (gone > 0)
		pace->tokens_e3 += gone * IB_PACE_RATE;
	if (pace->tokens_e3 > IB_PACE_BURST * 1000)
		pace->tokens_e3 = IB_PACE_BURST * 1000;
	if (pace->tokens_e3 < 1000)
		return false;
	pace->tokens_e3 -= 1000;
	return true;
}

static void
ib_pace_forget(struct ib_pace *pace, int64_t now_ms)
{
	size_t old = 0;

	while (old < pace->n &&
	    now_ms - pace->past[old].at_ms >= IB_PACE_LONG_MS)
		old++;
	if (old == 0)
		return;
	pace->n -= old;
	memmove(pace->past, pace->past + old, pace->n * sizeof(*pace->past));
}

/* The time from which the past leaves room for one more of this weight. */
static int64_t
ib_pace_long(const struct ib_pace *pace, int64_t weight)
{
	int64_t left = pace->history - weight;

	for (size_t i = pace->n; i > 0; i--) {
		left -= pace->past[i - 1].weight;
		if (left < 0)
			return pace->past[i - 1].at_ms + IB_PACE_LONG_MS;
	}
	return INT64_MIN;
}

static int64_t
ib_pace_near(const struct ib_pace *pace, const struct ib_past *request)
{
	int64_t from = INT64_MIN;
	int near = 0;

	for (size_t i = pace->n; i > 0; i--) {
		const struct ib_past *past = &pace->past[i - 1];

		if (past->key == request->key &&
		    from < past->at_ms + IB_PACE_SAME_MS)
			from = past->at_ms + IB_PACE_SAME_MS;
		if (past->instrument == request->instrument &&
		    ++near == IB_PACE_NEAR &&
		    from < past->at_ms + IB_PACE_NEAR_MS)
			from = past->at_ms + IB_PACE_NEAR_MS;
	}
	return from;
}

int64_t
ib_pace_history(struct ib_pace *pace, int64_t now_ms,
    const struct ib_past *request)
{
	int64_t from, near;

	ib_pace_forget(pace, now_ms);
	from = ib_pace_long(pace, request->weight);
	near = ib_pace_near(pace, request);
	if (from < near)
		from = near;
	if (from > now_ms)
		return from - now_ms;
	if (pace->n == pace->cap) {
		pace->cap = pace->cap == 0 ? 64 : 2 * pace->cap;
		pace->past = buf_realloc(pace->past, pace->cap,
		    sizeof(*pace->past));
	}
	pace->past[pace->n] = *request;
	pace->past[pace->n++].at_ms = now_ms;
	return 0;
}

int64_t
ib_pace_wait(const struct ib_pace *pace, int64_t now_ms, int64_t weight)
{
	int64_t from = ib_pace_long(pace, weight);

	return from > now_ms ? from - now_ms : 0;
}
