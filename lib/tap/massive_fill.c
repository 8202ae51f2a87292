#include "tap/massive_fill.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

/* What identifies a print across transports. */
struct massive_fill_print {
	int64_t contract, ts, price_e4, size, exchange;
	int64_t conds;			/* sorted and mixed into one number */
};

struct massive_fill_row {
	struct massive_fill_print key;
	size_t at;			/* in the answer; SIZE_MAX: was seen */
};

enum massive_fill_job {
	MASSIVE_FILL_IDLE,
	MASSIVE_FILL_CHAINS,		/* chains, for who traded */
	MASSIVE_FILL_PRINTS		/* of one contract after another */
};

struct massive_fill {
	struct massive_fill_setup setup;
	enum massive_fill_job job;
	size_t symbol;			/* whose chain is read */
	struct massive_fill_wait {
		struct desk_gap gap;
		int64_t since_ms;
	} gaps[MASSIVE_FILL_GAPS];	/* n of them, the first under way */
	size_t n_gaps;
	int64_t requests, pages;	/* of the gap, of the answer */
	int64_t fetched;
	bool failed;
	struct contract **traded;	/* those to fetch */
	size_t n_traded, cap_traded, contract;
	struct massive_wire *rows;	/* of the contract at hand */
	size_t n_rows, cap_rows;
	struct massive_fill_print *seen;	/* from first to n */
	size_t first_seen, n_seen, cap_seen;
	struct buf path;
};

struct massive_fill *
massive_fill_new(const struct massive_fill_setup *setup)
{
	struct massive_fill *fill = buf_alloc(1, sizeof(*fill));

	fill->setup = *setup;
	return fill;
}

void
massive_fill_free(struct massive_fill *fill)
{
	if (fill == NULL)
		return;
	free(fill->traded);
	free(fill->rows);
	free(fill->seen);
	buf_free(&fill->path);
	free(fill);
}

size_t
massive_fill_waiting(const struct massive_fill *fill)
{
	return fill->n_gaps;
}

/* ---- what was seen ---- */

static int
massive_fill_compare_int(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static struct massive_fill_print
massive_fill_key(const struct contract *contract,
    const struct massive_wire *print)
{
	struct massive_fill_print key = { (int64_t)contract->number,
	    print->ns / 1000000, print->price_e4, print->size,
	    print->exchange, 0 };
	int64_t conds[TRADE_CONDITIONS];

	memcpy(conds, print->condition, sizeof(conds));
	qsort(conds, print->n_conditions, sizeof(*conds),
	    massive_fill_compare_int);
	for (size_t i = 0; i < print->n_conditions; i++)
		key.conds = (key.conds << 9) ^ (conds[i] & 511);
	return key;
}

/* Prints older than any gap may reach are forgotten. */
static void
massive_fill_prune(struct massive_fill *fill, int64_t ts)
{
	int64_t from = ts;

	for (size_t i = 0; i < fill->n_gaps; i++)
		if (fill->gaps[i].gap.from_ts < from)
			from = fill->gaps[i].gap.from_ts;
	from -= 2 * MASSIVE_FILL_MARGIN_MS;
	while (fill->first_seen < fill->n_seen &&
	    fill->seen[fill->first_seen].ts < from)
		fill->first_seen++;
	/* Moving costs less than the memory of twice as many. */
	if (fill->first_seen == 0 || fill->first_seen < fill->n_seen / 8)
		return;
	fill->n_seen -= fill->first_seen;
	memmove(fill->seen, fill->seen + fill->first_seen,
	    fill->n_seen * sizeof(*fill->seen));
	fill->first_seen = 0;
}

void
massive_fill_note(struct massive_fill *fill, const struct contract *contract,
    const struct massive_wire *print)
{
	if (fill->n_seen == fill->cap_seen) {
		massive_fill_prune(fill, print->ns / 1000000);
		if (fill->n_seen == fill->cap_seen) {
			fill->cap_seen = 2 * fill->cap_seen + 1024;
			fill->seen = buf_realloc(fill->seen, fill->cap_seen,
			    sizeof(*fill->seen));
		}
	}
	fill->seen[fill->n_seen++] = massive_fill_key(contract, print);
}

static int
massive_fill_compare(const void *a, const void *b)
{
	const struct massive_fill_row *x = a, *y = b;
	int r = memcmp(&x->key, &y->key, sizeof(x->key));

	return r != 0 ? r : x->at < y->at ? -1 : x->at > y->at;
}

/* Rows of the contract, and behind them what was seen of it; sorted. */
static struct massive_fill_row *
massive_fill_gather(const struct massive_fill *fill,
    const struct contract *contract, size_t *n)
{
	struct massive_fill_row *all = buf_alloc(fill->n_rows +
	    fill->n_seen + 1, sizeof(*all));

	*n = 0;
	for (size_t i = 0; i < fill->n_rows; i++)
		all[(*n)++] = (struct massive_fill_row){
		    massive_fill_key(contract, &fill->rows[i]), i };
	for (size_t i = fill->first_seen; i < fill->n_seen; i++)
		if (fill->seen[i].contract == (int64_t)contract->number)
			all[(*n)++] = (struct massive_fill_row){
			    fill->seen[i], SIZE_MAX };
	qsort(all, *n, sizeof(*all), massive_fill_compare);
	return all;
}

/* Of equal rows so many are new as were not seen: the last of them. */
static void
massive_fill_pass(struct massive_fill *fill)
{
	struct contract *contract = fill->traded[fill->contract];
	bool *known = buf_alloc(fill->n_rows + 1, sizeof(*known));
	size_t n, end, seen;
	struct massive_fill_row *all = massive_fill_gather(fill, contract,
	    &n);

	for (size_t i = 0; i < n; i = end) {
		seen = 0;
		for (end = i; end < n && memcmp(&all[i].key, &all[end].key,
		    sizeof(all[i].key)) == 0; end++)
			seen += all[end].at == SIZE_MAX;
		for (size_t k = i; k < i + seen && k < end - seen; k++)
			known[all[k].at] = true;
	}
	for (size_t i = 0; i < fill->n_rows; i++)
		if (!known[i]) {
			fill->setup.print(fill->setup.ctx, contract,
			    &fill->rows[i]);
			massive_fill_note(fill, contract, &fill->rows[i]);
		}
	fill->n_rows = 0;
	free(known);
	free(all);
}

/* ---- rows ---- */

static void
massive_fill_on_print(void *ctx, const struct massive_wire *print)
{
	struct massive_fill *fill = ctx;

	if (fill->n_rows == fill->cap_rows) {
		fill->cap_rows = 2 * fill->cap_rows + 64;
		fill->rows = buf_realloc(fill->rows, fill->cap_rows,
		    sizeof(*fill->rows));
	}
	fill->rows[fill->n_rows++] = *print;
}

static void
massive_fill_on_contract(void *ctx, const struct massive_rest_contract *row)
{
	struct massive_fill *fill = ctx;
	struct contract_name name = { .osi = row->ticker };
	struct contract *contract = contract_find(fill->setup.desk->book,
	    &name, NULL);
	int64_t from;

	if (contract == NULL)
		return;
	from = (fill->gaps[0].gap.from_ts - MASSIVE_FILL_MARGIN_MS) * 1000000;
	if (row->traded_ns != TRADE_NONE ? row->traded_ns < from :
	    row->day_volume <= 0)
		return;
	if (fill->n_traded == fill->cap_traded) {
		fill->cap_traded = 2 * fill->cap_traded + 64;
		fill->traded = buf_realloc(fill->traded, fill->cap_traded,
		    sizeof(struct contract *));
	}
	fill->traded[fill->n_traded++] = contract;
}

/* ---- requests ---- */

static void
massive_fill_get(struct massive_fill *fill, const char *path)
{
	fill->requests++;
	if (fill->setup.get != NULL)
		fill->setup.get(fill->setup.ctx, path);
}

static void
massive_fill_ask(struct massive_fill *fill)
{
	const struct select *select = fill->setup.desk->select;
	const struct desk_gap *gap = &fill->gaps[0].gap;

	fill->path.n = 0;
	fill->pages = 0;
	if (fill->job == MASSIVE_FILL_PRINTS)
		buf_fmt(&fill->path, "/v3/trades/%.*s?timestamp.gte=%" PRId64
		    "&timestamp.lte=%" PRId64 "&order=asc&sort=timestamp"
		    "&limit=50000%c",
		    (int)fill->traded[fill->contract]->ticker.n,
		    fill->traded[fill->contract]->ticker.p,
		    (gap->from_ts - MASSIVE_FILL_MARGIN_MS) * 1000000,
		    gap->to_ts * 1000000 + 999999, '\0');
	else
		buf_fmt(&fill->path, "/v3/snapshot/options/%s%s?limit=250%c",
		    massive_rest_prefix(select->symbols[fill->symbol]),
		    select->symbols[fill->symbol], '\0');
	massive_fill_get(fill, fill->path.p);
}

static void
massive_fill_start(struct massive_fill *fill, enum massive_fill_job job)
{
	fill->job = job;
	fill->symbol = fill->contract = fill->n_traded = fill->n_rows = 0;
	fill->requests = fill->fetched = 0;
	fill->failed = false;
	massive_fill_ask(fill);
}

static void
massive_fill_settle(struct massive_fill *fill)
{
	struct desk_gap *gap = &fill->gaps[0].gap;

	gap->state = !fill->failed ? "filled" : fill->fetched > 0 ?
	    "partial" : "lost";
	desk_tell_gap(fill->setup.desk, gap);
	memmove(fill->gaps, fill->gaps + 1,
	    --fill->n_gaps * sizeof(*fill->gaps));
}

/* The answer is whole, or failed: what is next? */
static void
massive_fill_next(struct massive_fill *fill)
{
	size_t symbols = fill->setup.desk->select->n;
	bool spent = fill->requests >= fill->setup.budget;

	if (fill->job == MASSIVE_FILL_PRINTS) {
		massive_fill_pass(fill);
		fill->contract++;
	} else if (++fill->symbol < symbols && !spent) {
		massive_fill_ask(fill);
		return;
	}
	fill->failed |= spent && (fill->contract < fill->n_traded ||
	    fill->symbol < symbols);
	if (fill->contract < fill->n_traded && !spent) {
		fill->job = MASSIVE_FILL_PRINTS;
		massive_fill_ask(fill);
		return;
	}
	fill->job = MASSIVE_FILL_IDLE;
	massive_fill_settle(fill);
}

void
massive_fill_reply(struct massive_fill *fill, int status, struct slice body)
{
	struct massive_rest_rows rows = { massive_fill_on_print,
	    massive_fill_on_contract, NULL, fill };
	struct massive_rest_page page = { .next = NULL };
	struct err err;
	bool more;

	if (fill->job == MASSIVE_FILL_IDLE)
		return;
	if (status != 200) {
		massive_rest_why(status, body, &err);
	} else if (massive_rest_read(body, fill->setup.base, &rows, &page,
	    &err) == 0) {
		fill->fetched++;
		if (page.refused > 0)
			log_warning("massive: rows of a gap left out: %"
			    PRId64, page.refused);
		fill->failed |= page.refused > 0 &&
		    fill->job == MASSIVE_FILL_PRINTS;
		more = page.next != NULL;
		if (more && (++fill->pages >= MASSIVE_FILL_PAGES ||
		    fill->requests >= fill->setup.budget)) {
			fill->failed = true;
			more = false;
		}
		if (more)
			massive_fill_get(fill, page.next);
		free(page.next);
		if (!more)
			massive_fill_next(fill);
		return;
	}
	log_warning("massive: the gap is not filled: %s", err.text);
	fill->failed = true;
	massive_fill_next(fill);
}

/* ---- what is to be done ---- */

void
massive_fill_gap(struct massive_fill *fill, const struct desk_gap *gap,
    int64_t now_ms)
{
	struct desk_gap lost = *gap;

	if (fill->n_gaps == MASSIVE_FILL_GAPS ||
	    fill->setup.desk->select->n == 0 || fill->setup.budget == 0) {
		lost.state = "lost";
		desk_tell_gap(fill->setup.desk, &lost);
		return;
	}
	fill->gaps[fill->n_gaps++] = (struct massive_fill_wait){ *gap,
	    now_ms };
}

void
massive_fill_time(struct massive_fill *fill, int64_t now_ms,
    int64_t newest_ts)
{
	const struct massive_fill_wait *wait = &fill->gaps[0];

	if (fill->job != MASSIVE_FILL_IDLE || fill->n_gaps == 0 ||
	    (newest_ts < wait->gap.to_ts + MASSIVE_FILL_MARGIN_MS &&
	    now_ms < wait->since_ms + MASSIVE_FILL_MARGIN_MS))
		return;
	massive_fill_start(fill, MASSIVE_FILL_CHAINS);
}

void
massive_fill_end(struct massive_fill *fill)
{
	if (fill->job == MASSIVE_FILL_IDLE)
		fill->fetched = 0;	/* was for another gap */
	while (fill->n_gaps > 0) {
		fill->failed = true;
		massive_fill_settle(fill);
		fill->fetched = 0;
	}
}
