#include "tap/nbbo.h"

#include <stdlib.h>
#include <string.h>

#define NBBO_MS INT64_C(1000000)

struct nbbo_quote {
	struct trade_quote quote;
	struct nbbo_time time;
};

/* An exchange's name as numbers, which compare at once; 0: whole market. */
struct nbbo_name {
	uint64_t head;
	uint32_t tail;
};

struct nbbo_scope {
	struct nbbo_name name;
	struct nbbo_quote *quotes;	/* by time, oldest first */
	size_t n, cap;
};

void
nbbo_init(struct nbbo *nbbo)
{
	*nbbo = (struct nbbo){ NULL, 0 };
}

void
nbbo_free(struct nbbo *nbbo)
{
	for (size_t i = 0; i < nbbo->n; i++)
		free(nbbo->scopes[i].quotes);
	free(nbbo->scopes);
	nbbo_init(nbbo);
}

static struct nbbo_name
nbbo_name(struct slice exchange)
{
	char text[NBBO_EXCHANGE] = { 0 };
	struct nbbo_name name;

	for (size_t i = 0; i < exchange.n; i++)
		text[i] = exchange.p[i];
	memcpy(&name.head, text, sizeof(name.head));
	memcpy(&name.tail, text + sizeof(name.head), sizeof(name.tail));
	return name;
}

static struct nbbo_scope *
nbbo_scope(const struct nbbo *nbbo, struct nbbo_name name)
{
	for (size_t i = 0; i < nbbo->n; i++)
		if (nbbo->scopes[i].name.head == name.head &&
		    nbbo->scopes[i].name.tail == name.tail)
			return &nbbo->scopes[i];
	return NULL;
}

static struct nbbo_scope *
nbbo_scope_make(struct nbbo *nbbo, struct nbbo_name name)
{
	struct nbbo_scope *scope = nbbo_scope(nbbo, name);

	if (scope != NULL)
		return scope;
	nbbo->scopes = buf_realloc(nbbo->scopes, nbbo->n + 1,
	    sizeof(*nbbo->scopes));
	scope = &nbbo->scopes[nbbo->n++];
	memset(scope, 0, sizeof(*scope));
	scope->name = name;
	return scope;
}

/* True when a print at this time may use the quote. */
static bool
nbbo_precedes(const struct nbbo_rule *rule, const struct nbbo_quote *quote,
    struct nbbo_time time)
{
	if (rule->fixed)
		return quote->time.ns <= time.ns - rule->lag_ns;
	if (quote->time.fine && time.fine)
		return quote->time.ns <= time.ns;
	return quote->time.ns / NBBO_MS <= time.ns / NBBO_MS - 1;
}

/*
 * Forgets what no print from the newest quote's millisecond on can use.  The
 * earliest such print stands at the start of that millisecond.
 */
static void
nbbo_prune(struct nbbo_scope *scope, const struct nbbo_rule *rule)
{
	int64_t newest = scope->quotes[scope->n - 1].time.ns;
	int64_t lag = rule->fixed ? rule->lag_ns : NBBO_MS;
	int64_t limit = newest - newest % NBBO_MS - lag;
	size_t old = 0;

	while (old + 1 < scope->n && scope->quotes[old + 1].time.ns <= limit)
		old++;
	if (old == 0)
		return;
	scope->n -= old;
	memmove(scope->quotes, scope->quotes + old,
	    scope->n * sizeof(*scope->quotes));
}

static bool
nbbo_same(const struct trade_quote *a, const struct trade_quote *b)
{
	return a->bid_e4 == b->bid_e4 && a->ask_e4 == b->ask_e4 &&
	    a->bid_size == b->bid_size && a->ask_size == b->ask_size &&
	    a->ts == b->ts;
}

bool
nbbo_add(struct nbbo *nbbo, const struct nbbo_rule *rule,
    struct slice exchange, const struct trade_quote *quote,
    struct nbbo_time time)
{
	struct nbbo_scope *scope;
	size_t at;

	if (exchange.n > NBBO_EXCHANGE)
		return false;
	scope = nbbo_scope_make(nbbo, nbbo_name(exchange));
	at = scope->n;
	if (at > 0 && nbbo_same(&scope->quotes[at - 1].quote, quote) &&
	    scope->quotes[at - 1].time.ns == time.ns)
		return false;
	while (at > 0 && scope->quotes[at - 1].time.ns > time.ns)
		at--;		/* came late: in its place by time */
	if (at == 0 || scope->quotes[at - 1].time.ns != time.ns) {
		if (scope->n == scope->cap) {
			scope->cap = scope->cap == 0 ? 4 : 2 * scope->cap;
			scope->quotes = buf_realloc(scope->quotes, scope->cap,
			    sizeof(*scope->quotes));
		}
		memmove(scope->quotes + at + 1, scope->quotes + at,
		    (scope->n - at) * sizeof(*scope->quotes));
		scope->n++;
	} else {
		at--;		/* of one time the last counts */
	}
	scope->quotes[at] = (struct nbbo_quote){ *quote, time };
	nbbo_prune(scope, rule);
	return true;
}

bool
nbbo_pick(const struct nbbo *nbbo, const struct nbbo_rule *rule,
    struct slice exchange, struct nbbo_time time, struct trade_quote *out)
{
	const struct nbbo_scope *scope = exchange.n > NBBO_EXCHANGE ? NULL :
	    nbbo_scope(nbbo, nbbo_name(exchange));

	for (size_t i = scope == NULL ? 0 : scope->n; i > 0; i--)
		if (nbbo_precedes(rule, &scope->quotes[i - 1], time)) {
			*out = scope->quotes[i - 1].quote;
			return true;
		}
	return false;
}

void
nbbo_void(struct nbbo *nbbo)
{
	for (size_t i = 0; i < nbbo->n; i++)
		nbbo->scopes[i].n = 0;
}
