#include "tap/massive_quotes.h"

#include <stdlib.h>

#include "base/buf.h"

struct massive_quotes {
	size_t most, n;
	struct massive_quotes_place {
		size_t contract;
		int64_t traded_ms;
	} *places;			/* n of them */
	uint32_t *of;			/* place + 1 by contract; 0: none */
	size_t n_of;
	int64_t full_ms;		/* nobody gives way before */
	int64_t evicted;
};

struct massive_quotes *
massive_quotes_new(size_t most)
{
	struct massive_quotes *quotes = buf_alloc(1, sizeof(*quotes));

	quotes->most = most;
	quotes->places = buf_alloc(most + 1, sizeof(*quotes->places));
	return quotes;
}

void
massive_quotes_free(struct massive_quotes *quotes)
{
	if (quotes == NULL)
		return;
	free(quotes->places);
	free(quotes->of);
	free(quotes);
}

static uint32_t *
massive_quotes_of(struct massive_quotes *quotes, size_t contract)
{
	size_t n = quotes->n_of;

	if (contract >= n) {
		quotes->n_of = 2 * contract + 64;
		quotes->of = buf_realloc(quotes->of, quotes->n_of,
		    sizeof(*quotes->of));
		memset(quotes->of + n, 0, (quotes->n_of - n) *
		    sizeof(*quotes->of));
	}
	return &quotes->of[contract];
}

/* The place that traded longest ago. */
static size_t
massive_quotes_oldest(const struct massive_quotes *quotes)
{
	size_t oldest = 0;

	for (size_t i = 1; i < quotes->n; i++)
		if (quotes->places[i].traded_ms <
		    quotes->places[oldest].traded_ms)
			oldest = i;
	return oldest;
}

enum massive_quotes_do
massive_quotes_traded(struct massive_quotes *quotes, size_t contract,
    int64_t now_ms, size_t *evicted)
{
	uint32_t *of = massive_quotes_of(quotes, contract);
	struct massive_quotes_place *place;
	bool swap = false;
	size_t at;

	if (*of > 0) {
		quotes->places[*of - 1].traded_ms = now_ms;
		return MASSIVE_QUOTES_NOTHING;
	}
	if (quotes->n < quotes->most) {
		at = quotes->n++;
	} else {
		if (quotes->most == 0 || now_ms < quotes->full_ms)
			return MASSIVE_QUOTES_NOTHING;
		at = massive_quotes_oldest(quotes);
		quotes->full_ms = quotes->places[at].traded_ms +
		    MASSIVE_QUOTES_KEEP_MS;
		if (now_ms < quotes->full_ms)
			return MASSIVE_QUOTES_NOTHING;
		*evicted = quotes->places[at].contract;
		quotes->of[*evicted] = 0;
		quotes->evicted++;
		swap = true;
	}
	place = &quotes->places[at];
	place->contract = contract;
	place->traded_ms = now_ms;
	*of = (uint32_t)at + 1;
	return swap ? MASSIVE_QUOTES_SWAP : MASSIVE_QUOTES_ADD;
}

size_t
massive_quotes_used(const struct massive_quotes *quotes)
{
	return quotes->n;
}

int64_t
massive_quotes_evicted(const struct massive_quotes *quotes)
{
	return quotes->evicted;
}
