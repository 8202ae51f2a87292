#include "tap/massive_spots.h"

#include <stdlib.h>
#include <string.h>

struct massive_spots_share {
	struct massive_spot {
		int64_t ts, price_e4;
	} *prices;			/* by time, no two of one */
	size_t n, cap;
};

void
massive_spots_init(struct massive_spots *spots)
{
	*spots = (struct massive_spots){ .n = 0 };
	table_init(&spots->by_symbol);
}

void
massive_spots_free(struct massive_spots *spots)
{
	for (size_t i = 0; i < spots->n; i++) {
		free(spots->all[i]->prices);
		free(spots->all[i]);
	}
	free(spots->all);
	table_free(&spots->by_symbol);
}

/* Makes room for a price of this time. */
static void
massive_spots_room(struct massive_spots_share *share, int64_t ts)
{
	size_t old = 0;

	if (share->n < share->cap)
		return;
	while (old + 1 < share->n &&
	    share->prices[old + 1].ts <= ts - MASSIVE_SPOTS_KEEP_MS)
		old++;
	share->n -= old;
	if (old > 0)
		memmove(share->prices, share->prices + old,
		    share->n * sizeof(*share->prices));
	if (share->n <= share->cap / 2 && share->cap > 0)
		return;
	share->cap = share->cap == 0 ? 4 : 2 * share->cap;
	share->prices = buf_realloc(share->prices, share->cap,
	    sizeof(*share->prices));
}

void
massive_spots_add(struct massive_spots *spots, struct slice symbol,
    int64_t ts, int64_t price_e4)
{
	void **at = table_at(&spots->by_symbol, symbol.p, symbol.n);
	struct massive_spots_share *share;

	if (*at == NULL) {
		*at = buf_alloc(1, sizeof(*share));
		spots->all = buf_realloc(spots->all, spots->n + 1,
		    sizeof(*spots->all));
		spots->all[spots->n++] = *at;
	}
	share = *at;
	if (share->n > 0 && ts <= share->prices[share->n - 1].ts) {
		if (ts == share->prices[share->n - 1].ts)
			share->prices[share->n - 1].price_e4 = price_e4;
		return;
	}
	massive_spots_room(share, ts);
	share->prices[share->n++] = (struct massive_spot){ ts, price_e4 };
}

bool
massive_spots_at(const struct massive_spots *spots, struct slice symbol,
    int64_t ts, int64_t *price_e4, int64_t *price_ts)
{
	const struct massive_spots_share *share = table_get(&spots->by_symbol,
	    symbol.p, symbol.n);
	size_t low = 0, high = share == NULL ? 0 : share->n, middle;

	while (low < high) {		/* the first that is later */
		middle = low + (high - low) / 2;
		if (share->prices[middle].ts <= ts)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return false;
	*price_e4 = share->prices[low - 1].price_e4;
	*price_ts = share->prices[low - 1].ts;
	return true;
}
