#ifndef FLOW_IB_PACE_H
#define FLOW_IB_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * How fast a gateway may be asked: 50 messages a second, and for history, a
 * request of quotes counting twice, IB_PACE_HISTORY in ten minutes, fewer than
 * six in two seconds for one instrument and kind, and the same one not within
 * 15 seconds.  Who breaks the first loses the message, after three times the
 * connection; who breaks the others gets nothing.  Pure: the time is given, in
 * milliseconds of any clock that only goes forward.
 *
 * Source: IBKR's limits as tests/standin/ib_gateway.py counts them.  Ours stay
 * a little below, because what left in order may arrive in a bunch: no more
 * than IB_PACE_BURST and IB_PACE_RATE messages in any second.
 */

enum { IB_PACE_RATE = 40, IB_PACE_BURST = 8, IB_PACE_HISTORY = 60 };

/* A request of history. */
struct ib_past {
	int64_t at_ms;
	uint64_t key;			/* all of it, hashed */
	uint64_t instrument;		/* and what of it, hashed */
	int64_t weight;
};

struct ib_pace {
	int64_t tokens_e3;		/* thousandths of messages */
	int64_t at_ms;			/* as of when */
	int64_t history;		/* weight allowed in ten minutes */
	struct ib_past *past;		/* n of them, oldest first */
	size_t n, cap;
};

void ib_pace_init(struct ib_pace *pace, int64_t history);
void ib_pace_free(struct ib_pace *pace);

/* One message more: true when it may go now. */
bool ib_pace_message(struct ib_pace *pace, int64_t now_ms);

/*
 * 0 when the request may go now, which counts it; else the milliseconds until
 * it may be asked again.
 */
int64_t ib_pace_history(struct ib_pace *pace, int64_t now_ms,
    const struct ib_past *request);

/* Milliseconds until history of this weight fits into its ten minutes. */
int64_t ib_pace_wait(const struct ib_pace *pace, int64_t now_ms,
    int64_t weight);

#endif
