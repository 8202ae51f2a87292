#include "store/listing.h"

#include <stdlib.h>

#include "record/osi.h"

enum { LISTING_MOST = 1 << 19, LISTING_BLOCK = 256 };

/* The first item of a block links to the block before it. */
struct listing_block {
	struct listing_block *before;
	size_t n;
	struct listing items[LISTING_BLOCK];
};

int
listing_open(struct listings *all, struct db *db, struct intern *words,
    struct err *err)
{
	*all = (struct listings){ .words = words };
	table_init(&all->known);
	table_init(&all->tickers);
	/* IS: absent equals absent. */
	all->find = db_prepare(db, "SELECT id, base FROM contracts WHERE "
	    "ticker = ?1 AND symbol IS ?2 AND root IS ?3 AND strike_e4 IS ?4 "
	    "AND expiration IS ?5 AND option_type IS ?6 AND multiplier IS ?7 "
	    "AND settlement IS ?8 AND exercise_style IS ?9 AND flags = ?10",
	    err);
	all->base = db_prepare(db, "SELECT id, base, symbol FROM contracts "
	    "WHERE ticker = ?1 ORDER BY id LIMIT 1", err);
	all->add = db_prepare(db, "INSERT INTO contracts(ticker, symbol, root,"
	    " strike_e4, expiration, option_type, multiplier, settlement,"
	    " exercise_style, flags, base) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7,"
	    " ?8, ?9, ?10, COALESCE(?11, (SELECT COALESCE(max(id), 0) + 1"
	    " FROM contracts))) RETURNING id, base", err);
	return all->find == NULL || all->base == NULL || all->add == NULL ?
	    -1 : 0;
}

/*
 * The items live in blocks behind all->items, which points to the newest
 * block's first item.
 */
static struct listing_block *
listing_block_of(const struct listings *all)
{
	return all->items == NULL ? NULL : (struct listing_block *)(void *)
	    ((char *)all->items - offsetof(struct listing_block, items));
}

static void
listing_clear(struct listings *all)
{
	struct listing_block *block = listing_block_of(all), *before;

	table_free(&all->known);
	table_free(&all->tickers);
	for (; block != NULL; block = before) {
		before = block->before;
		free(block);
	}
	all->items = NULL;
}

void
listing_close(struct listings *all)
{
	listing_clear(all);
	buf_free(&all->key);
}

static struct listing *
listing_new(struct listings *all)
{
	struct listing_block *block = listing_block_of(all), *next;

	if (block == NULL || block->n == LISTING_BLOCK) {
		next = buf_alloc(1, sizeof(*next));
		next->before = block;
		all->items = next->items;
		block = next;
	}
	return &block->items[block->n++];
}

static int
listing_symbol(struct listings *all, const struct trade *trade, int64_t *id,
    struct err *err)
{
	struct slice text = trade->symbol;
	struct osi osi;

	if (text.n == 0 && osi_parse(trade->contract_ticker, &osi, NULL) == 0)
		text = (struct slice){ osi.symbol, strlen(osi.symbol) };
	return intern_id(all->words, text, id, err);
}

static int64_t
listing_flags(const struct trade *trade)
{
	return trade->is_adjusted | trade->is_flex << 1 |
	    trade->multiplier_assumed << 2;
}

static void
listing_bind(struct db_stmt *stmt, const struct trade *trade, int64_t symbol)
{
	static const char *const rights[] = { "", "call", "put" };

	db_bind_text(stmt, 1, trade->contract_ticker);
	db_bind_int(stmt, 2, symbol);
	db_bind_text(stmt, 3, trade->root);
	if (trade->strike_e4 == TRADE_NONE)
		db_bind_null(stmt, 4);
	else
		db_bind_int(stmt, 4, trade->strike_e4);
	db_bind_text(stmt, 5, trade->expiration);
	db_bind_str(stmt, 6, rights[trade->right]);
	if (trade->multiplier == TRADE_NONE)
		db_bind_null(stmt, 7);
	else
		db_bind_int(stmt, 7, trade->multiplier);
	db_bind_text(stmt, 8, trade->settlement);
	db_bind_text(stmt, 9, trade->exercise_style);
	db_bind_int(stmt, 10, listing_flags(trade));
}

/* One row of id and base, when there is one: 1, 0 or -1. */
static int
listing_row(struct db_stmt *stmt, struct listing *item, struct err *err)
{
	int r = db_step(stmt, err);

	if (r > 0) {
		item->id = db_int(stmt, 0);
		item->base = db_int(stmt, 1);
	}
	db_reset(stmt);
	return r;
}

static int
listing_add(struct listings *all, const struct trade *trade, int64_t base,
    struct listing *item, struct err *err)
{
	listing_bind(all->add, trade, item->symbol);
	if (base == 0)
		db_bind_null(all->add, 11);
	else
		db_bind_int(all->add, 11, base);
	return listing_row(all->add, item, err) > 0 ? 0 : -1;
}

/* The first contract of the ticker: 1, 0 when there is none, -1. */
static int
listing_first(struct listings *all, struct slice ticker,
    struct listing *item, struct err *err)
{
	int r;

	db_bind_text(all->base, 1, ticker);
	r = db_step(all->base, err);
	if (r > 0)
		*item = (struct listing){ db_int(all->base, 0),
		    db_int(all->base, 1), db_int(all->base, 2) };
	db_reset(all->base);
	return r;
}

static void
listing_key(struct buf *key, const struct trade *trade)
{
	struct {
		int64_t strike_e4, multiplier;
		int32_t right, flags;
		uint32_t n[4];
	} rest = { trade->strike_e4, trade->multiplier,
	    (int32_t)trade->right, (int32_t)listing_flags(trade),
	    { (uint32_t)trade->symbol.n, (uint32_t)trade->root.n,
	    (uint32_t)trade->expiration.n, (uint32_t)trade->settlement.n } };

	key->n = 0;
	buf_add(key, &rest, sizeof(rest));
	buf_add(key, trade->symbol.p, trade->symbol.n);
	buf_add(key, trade->root.p, trade->root.n);
	buf_add(key, trade->expiration.p, trade->expiration.n);
	buf_add(key, trade->settlement.p, trade->settlement.n);
	buf_add(key, trade->exercise_style.p, trade->exercise_style.n);
	buf_add(key, " ", 1);
	buf_add(key, trade->contract_ticker.p, trade->contract_ticker.n);
}

int
listing_of(struct listings *all, const struct trade *trade,
    const struct listing **out, struct err *err)
{
	struct listing item, first = { 0, 0, 0 }, *place;
	void **slot;
	int r;

	if (all->known.n + all->tickers.n >= LISTING_MOST)
		listing_clear(all);
	listing_key(&all->key, trade);
	slot = table_at(&all->known, all->key.p, all->key.n);
	if (*slot != NULL) {
		*out = *slot;
		return 0;
	}
	if (listing_symbol(all, trade, &item.symbol, err) < 0)
		return -1;
	listing_bind(all->find, trade, item.symbol);
	r = listing_row(all->find, &item, err);
	if (r == 0) {
		r = listing_first(all, trade->contract_ticker, &first, err);
		if (r >= 0)
			r = listing_add(all, trade, first.base, &item, err);
	}
	if (r < 0)
		return -1;
	place = listing_new(all);
	*place = item;
	*slot = place;
	*out = place;
	return 0;
}

/* What a record leaves out that its ticker says: an oi record names no more. */
static void
listing_complete(struct trade *trade, struct osi *osi, char date[DAY_TEXT])
{
	if (trade->right != TRADE_NO_RIGHT || osi_parse(
	    trade->contract_ticker, osi, NULL) < 0)
		return;
	trade->right = osi->right == OSI_CALL ? TRADE_CALL : TRADE_PUT;
	if (trade->root.n == 0)
		trade->root = (struct slice){ osi->root, strlen(osi->root) };
	if (trade->strike_e4 == TRADE_NONE)
		trade->strike_e4 = osi->strike_e4;
	if (trade->expiration.n == 0)
		trade->expiration = (struct slice){ date, day_print(date,
		    osi->expiration) };
}

static int
listing_first_add(struct listings *all, const struct trade *trade,
    struct listing *item, struct err *err)
{
	struct trade whole = *trade;
	char date[DAY_TEXT];
	struct osi osi;

	listing_complete(&whole, &osi, date);
	if (listing_symbol(all, trade, &item->symbol, err) < 0)
		return -1;
	return listing_add(all, &whole, 0, item, err);
}

int
listing_base(struct listings *all, const struct trade *trade,
    const struct listing **out, struct err *err)
{
	struct listing item, *place;
	void **slot;
	int r;

	if (all->known.n + all->tickers.n >= LISTING_MOST)
		listing_clear(all);
	slot = table_at(&all->tickers, trade->contract_ticker.p,
	    trade->contract_ticker.n);
	if (*slot != NULL) {
		*out = *slot;
		return 0;
	}
	r = listing_first(all, trade->contract_ticker, &item, err);
	if (r == 0)
		r = listing_first_add(all, trade, &item, err);
	if (r < 0)
		return -1;
	place = listing_new(all);
	*place = item;
	*slot = place;
	*out = place;
	return 0;
}
