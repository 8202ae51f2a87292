#include "classify/series.h"

#include <stdlib.h>
#include <string.h>

void
series_store_init(struct series_store *store, int64_t max_contracts,
    int64_t max_prints)
{
	memset(store, 0, sizeof(*store));
	table_init(&store->contracts);
	table_init(&store->underlyings);
	store->max_contracts = max_contracts;
	store->max_prints = max_prints;
}

static void
series_unlink(struct series_store *store, struct series *contract)
{
	if (contract->newer != NULL)
		contract->newer->older = contract->older;
	else
		store->newest = contract->older;
	if (contract->older != NULL)
		contract->older->newer = contract->newer;
	else
		store->oldest = contract->newer;
}

static void
series_link_newest(struct series_store *store, struct series *contract)
{
	contract->newer = NULL;
	contract->older = store->newest;
	if (store->newest != NULL)
		store->newest->newer = contract;
	else
		store->oldest = contract;
	store->newest = contract;
}

static void
series_untie(struct series_store *store, struct series_underlying *u)
{
	if (u == NULL || --u->refs > 0)
		return;
	table_remove(&store->underlyings, u->symbol.p, u->symbol.n);
	free(u->own);
	size_free(&u->size[0]);
	size_free(&u->size[1]);
	buf_free(&u->symbol);
	free(u);
}

static void
series_free(struct series_store *store, struct series *contract)
{
	series_untie(store, contract->underlying);
	series_unlink(store, contract);
	table_remove(&store->contracts, contract->ticker.p,
	    contract->ticker.n);
	for (int i = 0; i < 2; i++)
		if (contract->open[i] != NULL) {
			cluster_free(&contract->open[i]->cluster);
			free(contract->open[i]);
		}
	store->prints -= contract->log.n;
	cancel_clear(&contract->log);
	size_free(&contract->size);
	buf_free(&contract->ticker);
	buf_free(&contract->identity);
	free(contract);
}

void
series_store_free(struct series_store *store)
{
	struct series_underlying *u;

	while (store->oldest != NULL)
		series_free(store, store->oldest);
	while ((u = store->pinned) != NULL) {
		store->pinned = u->next_pinned;
		series_untie(store, u);
	}
	table_free(&store->contracts);
	table_free(&store->underlyings);
}

/* Made when new. */
static struct series_underlying *
series_underlying(struct series_store *store, struct slice symbol)
{
	void **at = table_at(&store->underlyings, symbol.p, symbol.n);
	struct series_underlying *u = *at;

	if (u == NULL) {
		*at = u = buf_alloc(1, sizeof(*u));
		u->void_ts = TRADE_NONE;
		buf_add(&u->symbol, symbol.p, symbol.n);
	}
	return u;
}

void
series_pin(struct series_store *store, struct series_underlying *u)
{
	if (u->pinned)
		return;
	u->pinned = true;
	u->refs++;
	u->next_pinned = store->pinned;
	store->pinned = u;
}

struct series_underlying *
series_pin_symbol(struct series_store *store, struct slice symbol)
{
	struct series_underlying *u = series_underlying(store, symbol);

	series_pin(store, u);
	return u;
}

void
series_tie(struct series_store *store, struct series *contract,
    struct slice symbol)
{
	if (contract->underlying != NULL)
		return;
	contract->underlying = series_underlying(store, symbol);
	contract->underlying->refs++;
}

struct series *
series_get(struct series_store *store, struct slice ticker)
{
	void **at = table_at(&store->contracts, ticker.p, ticker.n);
	struct series *contract = *at;

	if (contract != NULL) {
		contract->used = ++store->uses;
		if (store->ordered && contract->newer != NULL) {
			series_unlink(store, contract);
			series_link_newest(store, contract);
		}
		return contract;
	}
	*at = contract = buf_alloc(1, sizeof(*contract));
	contract->used = ++store->uses;
	series_link_newest(store, contract);
	buf_add(&contract->ticker, ticker.p, ticker.n);
	contract->day = INT32_MIN;
	contract->last_e4 = contract->other_e4 = TRADE_NONE;
	contract->open_interest = contract->window_done = TRADE_NONE;
	return contract;
}

void
series_new_day(struct series_store *store, struct series *contract,
    int32_t day)
{
	contract->day = day;
	contract->volume = 0;
	contract->last_e4 = contract->other_e4 = TRADE_NONE;
	store->prints -= contract->log.n;
	cancel_clear(&contract->log);
	contract->identity.n = 0;
}

bool
series_is_full(const struct series_store *store)
{
	return (int64_t)store->contracts.n > store->max_contracts ||
	    store->prints > store->max_prints;
}

static int
series_by_use(const void *a, const void *b)
{
	const struct series *const *x = a, *const *y = b;

	return ((*x)->used > (*y)->used) - ((*x)->used < (*y)->used);
}

/*
 * Brings the list into the order of use.  It is kept so from here on, not
 * before: few runs reach a limit, and moving a contract in the list touches
 * two that nobody asked for.
 */
static void
series_order(struct series_store *store)
{
	size_t n = store->contracts.n, i = 0;
	struct series **all = buf_alloc(n, sizeof(*all)), *contract;

	for (contract = store->oldest; contract != NULL;
	    contract = contract->newer)
		all[i++] = contract;
	qsort(all, n, sizeof(*all), series_by_use);
	store->oldest = store->newest = NULL;
	for (i = 0; i < n; i++)
		series_link_newest(store, all[i]);
	free(all);
	store->ordered = true;
}

int64_t
series_evict(struct series_store *store,
    void (*unlink)(void *ctx, struct series *contract), void *ctx)
{
	int64_t before = store->evicted;
	struct series *contract;

	if (!store->ordered)
		series_order(store);
	contract = store->oldest;
	while (contract != NULL && contract != store->newest &&
	    series_is_full(store)) {
		struct series *newer = contract->newer;

		if (contract->open[0] == NULL && contract->open[1] == NULL) {
			unlink(ctx, contract);
			series_free(store, contract);
			store->evicted++;
		}
		contract = newer;
	}
	return store->evicted - before;
}

int64_t
series_tick(const struct series *contract, int64_t price_e4)
{
	return contract->last_e4 != price_e4 ? contract->last_e4 :
	    contract->other_e4;
}

void
series_tick_set(struct series *contract, int64_t price_e4)
{
	if (contract->last_e4 == price_e4)
		return;
	contract->other_e4 = contract->last_e4;
	contract->last_e4 = price_e4;
}
