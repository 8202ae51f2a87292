#include "classify/cancel.h"

#include <stdlib.h>
#include <string.h>

static struct cancel_print *
cancel_at(const struct cancel_log *log, uint32_t i)
{
	return &log->print[(log->start + i) % log->cap];
}

void
cancel_clear(struct cancel_log *log)
{
	for (uint32_t i = 0; i < log->n; i++)
		free(cancel_at(log, i)->far);
	if (log->has_first)
		free(log->first.far);
	free(log->print);
	memset(log, 0, sizeof(*log));
}

void
cancel_exchange(char dst[12], struct slice exchange)
{
	memset(dst, 0, 12);
	if (exchange.n > 0)
		memcpy(dst, exchange.p, exchange.n < 12 ? exchange.n : 12);
}

static void
cancel_grow(struct cancel_log *log)
{
	uint32_t cap = log->cap == 0 ? 4 : 2 * log->cap;
	struct cancel_print *print = buf_alloc(cap, sizeof(*print));

	for (uint32_t i = 0; i < log->n; i++)
		print[i] = *cancel_at(log, i);
	free(log->print);
	log->print = print;
	log->start = 0;
	log->cap = cap;
}

static void
cancel_forget_oldest(struct cancel_log *log, int64_t *forgotten)
{
	struct cancel_print *old = cancel_at(log, 0);

	if (!log->has_first) {
		log->first = *old;
		log->has_first = true;
	} else {
		free(old->far);
		++*forgotten;
	}
	log->start = (log->start + 1) % log->cap;
	log->n--;
}

struct cancel_print *
cancel_add(struct cancel_log *log, struct slice trade_id,
    struct slice conditions, int64_t ts, int64_t *forgotten)
{
	struct cancel_print *print;
	char *text;

	if (log->n == CANCEL_LOG)
		cancel_forget_oldest(log, forgotten);
	else if (log->n == log->cap)
		cancel_grow(log);
	log->n++;
	log->reports++;
	print = cancel_at(log, log->n - 1);
	memset(print, 0, sizeof(*print));
	text = print->near;
	if (trade_id.n + conditions.n > CANCEL_NEAR)
		text = print->far = buf_alloc(trade_id.n + conditions.n, 1);
	memcpy(text, trade_id.p, trade_id.n);
	if (conditions.n > 0)
		memcpy(text + trade_id.n, conditions.p, conditions.n);
	print->trade_id_n = (uint32_t)trade_id.n;
	print->conditions_n = (uint32_t)conditions.n;
	print->ts = ts;
	if (log->reports == 1 || ts > log->latest_ts)
		log->latest_ts = ts;
	return print;
}

static const char *
cancel_text(const struct cancel_print *print)
{
	return print->far != NULL ? print->far : print->near;
}

struct slice
cancel_trade_id(const struct cancel_print *print)
{
	return (struct slice){ cancel_text(print), print->trade_id_n };
}

struct slice
cancel_conditions(const struct cancel_print *print)
{
	return (struct slice){ cancel_text(print) + print->trade_id_n,
	    print->conditions_n };
}

int64_t
cancel_ordinal(const struct cancel_log *log, int64_t ts,
    struct slice exchange)
{
	char name[12];
	int64_t n = 1;

	cancel_exchange(name, exchange);
	for (uint32_t i = log->n; i-- > 0;)
		n += cancel_at(log, i)->ts == ts &&
		    memcmp(cancel_at(log, i)->exchange, name, 12) == 0;
	return n;
}

static bool
cancel_is(const struct cancel_print *print, struct slice trade_id, int64_t ts)
{
	return print->ts == ts && slice_equal(cancel_trade_id(print),
	    trade_id);
}

bool
cancel_is_repeat(const struct cancel_log *log, struct slice trade_id,
    int64_t ts)
{
	/* Prints come in order of time, so the usual answer is one look. */
	if (log->n == 0 || ts > log->latest_ts)
		return false;
	for (uint32_t i = log->n; i-- > 0;)
		if (cancel_is(cancel_at(log, i), trade_id, ts))
			return true;
	return log->has_first && cancel_is(&log->first, trade_id, ts);
}

struct cancel_print *
cancel_of(struct cancel_log *log, uint64_t number)
{
	for (uint32_t i = log->n; i-- > 0;)
		if (cancel_at(log, i)->number == number)
			return cancel_at(log, i);
	return log->has_first && log->first.number == number ? &log->first :
	    NULL;
}

struct cancel_key {
	char exchange[12];
	int64_t price_e4, size, sequence;
};

static bool
cancel_matches(const struct cancel_print *print, const struct cancel_key *key)
{
	return !print->cancelled && print->price_e4 == key->price_e4 &&
	    print->size == key->size &&
	    memcmp(print->exchange, key->exchange, 12) == 0 &&
	    (key->sequence == TRADE_NONE || print->sequence == key->sequence);
}

/* The first report of the day, or NULL when there is none. */
static struct cancel_print *
cancel_first(struct cancel_log *log)
{
	if (log->has_first)
		return &log->first;
	return log->n > 0 ? cancel_at(log, 0) : NULL;
}

static struct cancel_print *
cancel_find_inner(struct cancel_log *log, const struct cancel_key *key)
{
	struct cancel_print *first = cancel_first(log), *edge = NULL;

	for (uint32_t i = log->n; i-- > 0;) {
		struct cancel_print *print = cancel_at(log, i);

		if (!cancel_matches(print, key))
			continue;
		if (i + 1 < log->n && print != first)
			return print;
		if (edge == NULL)
			edge = print;
	}
	if (edge == NULL && log->has_first && cancel_matches(first, key))
		edge = first;
	return edge;
}

struct cancel_print *
cancel_find(struct cancel_log *log, const struct trade *trade)
{
	struct cancel_print *print = NULL;
	struct cancel_key key = { .price_e4 = trade->price_e4,
	    .size = trade->size, .sequence = trade->ref_sequence };

	cancel_exchange(key.exchange, trade->exchange);
	switch (trade->cond.cancel) {
	case COND_CNCL:
		print = log->n > 0 ? cancel_at(log, log->n - 1) : NULL;
		break;
	case COND_CNCO:
		print = cancel_first(log);
		break;
	case COND_CNOL:
		print = log->reports == 1 ? cancel_first(log) : NULL;
		break;
	case COND_CANC:
	case COND_NO_CANCEL:
		return cancel_find_inner(log, &key);
	}
	return print != NULL && cancel_matches(print, &key) ? print : NULL;
}
