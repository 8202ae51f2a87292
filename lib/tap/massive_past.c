#include "tap/massive_past.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "net/http.h"
#include "tap/clock.h"
#include "tap/massive_codes.h"
#include "tap/massive_made.h"
#include "tap/massive_tables.h"
#include "tap/sorted.h"

enum {
	MASSIVE_PAST_TURN_MS = 200,	/* how often a signal is looked for */
	MASSIVE_PAST_MS = 30000,
	MASSIVE_PAST_REPLY = 64 << 20,	/* bytes */
	MASSIVE_PAST_TRIES = 5,
	MASSIVE_PAST_DAY_COSTS = 2	/* as much as 2 per mille of distance */
};

/* Within a millisecond; an open gap is first, a settled one last. */
enum { MASSIVE_PAST_OPEN, MASSIVE_PAST_BAR, MASSIVE_PAST_PRINT,
	MASSIVE_PAST_SETTLED };

/* Of a day, in this order; all but the last for each symbol. */
enum massive_past_job {
	MASSIVE_PAST_DAYS,		/* daily bars */
	MASSIVE_PAST_MINUTES,
	MASSIVE_PAST_LIST,
	MASSIVE_PAST_PRINTS		/* of one contract after another */
};

struct massive_past_contract {
	struct contract *contract;
	int64_t rank;			/* the lowest is asked for first */
	size_t at;			/* number in the list */
};

/* A print as it is put aside: all that is known of it. */
enum { MASSIVE_PAST_NUMBERS = 8 };

struct massive_past {
	struct source source;
	struct massive_past_setup setup;
	struct loop *loop;
	struct http *http;
	struct loop_timer *turn;
	struct massive_codes *codes;
	struct sorted *sorted;
	struct err sort_err;
	bool broken;			/* sorting failed: sort_err */

	/* The day at hand, and what is asked. */
	int32_t day;
	int64_t now_ms, from_ts, to_ts;
	int64_t first_ts, last_ts;	/* of what was put aside of it */
	enum massive_past_job job;
	size_t symbol, contract;
	struct massive_past_contract *contracts;
	size_t n_contracts, cap_contracts;
	struct table listed;		/* their tickers */
	int64_t *closes;		/* of the symbols */
	int64_t requests, answers;	/* of the day; answers with prints */
	bool failed;
	bool refused;			/* the next contract fares no better */
	bool no_bars;			/* the plan has none: told */
	struct buf path, made;

	/* All days. */
	struct desk_gap *gaps;
	size_t n_gaps;
	int64_t all_answers;
	bool any_failed;
	bool hopeless;			/* trying again is of no use */
	struct err why;			/* the last failure */

	struct trade trade;		/* handed out */
	struct desk_gap gap;		/* likewise */
	char ns_text[DECIMAL_TEXT];
};

static void massive_past_next_day(struct massive_past *past);

/* ---- putting aside ---- */

static void
massive_past_put(struct massive_past *past, int64_t ts, int rank,
    int64_t sub_ns)
{
	int64_t key = (ts << 22) | ((int64_t)rank << 20) | sub_ns;

	if (ts >= past->from_ts && ts < past->first_ts)
		past->first_ts = ts;
	if (ts < past->to_ts && ts > past->last_ts)
		past->last_ts = ts;
	if (!past->broken && sorted_add(past->sorted, key,
	    (struct slice){ past->made.p, past->made.n }, &past->sort_err) <
	    0) {
		past->broken = true;
		loop_stop(past->loop);
	}
}

static void
massive_past_on_print(void *ctx, const struct massive_wire *print)
{
	struct massive_past *past = ctx;
	const int64_t numbers[MASSIVE_PAST_NUMBERS] = {
	    (int64_t)past->contracts[past->contract].contract->number,
	    print->ns, print->fine, print->price_e4, print->size,
	    print->exchange, print->sequence, print->is_cancelled };

	/* What was not asked for would spoil the order. */
	if (print->ns / 1000000 < past->from_ts ||
	    print->ns / 1000000 >= past->to_ts)
		return;
	past->made.n = 0;
	for (size_t i = 0; i < MASSIVE_PAST_NUMBERS; i++)
		buf_fmt(&past->made, "%" PRId64 ",", numbers[i]);
	for (size_t i = 0; i < print->n_conditions; i++)
		buf_fmt(&past->made, "%" PRId64 ",", print->condition[i]);
	if (print->fine)
		past->source.caps.resolution_e6 = clock_resolution_e6(9);
	massive_past_put(past, print->ns / 1000000, MASSIVE_PAST_PRINT,
	    print->ns % 1000000);
}

static void
massive_past_on_bar(void *ctx, const struct massive_rest_bar *bar)
{
	struct massive_past *past = ctx;
	const char *symbol = past->setup.select->symbols[past->symbol];
	struct contract_name name = { .plain = { symbol, strlen(symbol) } };
	struct contract *contract = contract_find(past->setup.book, &name,
	    NULL);
	bool daily = past->job == MASSIVE_PAST_DAYS;
	int64_t end_ts;

	if (contract == NULL)
		return;
	past->made.n = 0;
	buf_fmt(&past->made, "%zu,", contract->number);
	if (!massive_made_bar(&past->made, contract, bar, daily, &end_ts) ||
	    end_ts > past->now_ms)
		return;
	past->made.n--;			/* its newline */
	if (end_ts < past->to_ts)
		past->closes[past->symbol] = bar->close_e4;
	massive_past_put(past, end_ts, MASSIVE_PAST_BAR, 0);
}

/* How far its strike is from the close, and its end from the day. */
static int64_t
massive_past_rank(const struct massive_past *past,
    const struct contract *contract)
{
	int64_t close = past->closes[past->symbol], far = 0;

	if (close > 0)
		far = llabs(contract->osi.strike_e4 - close) * 1000 /
		    close;
	return far + MASSIVE_PAST_DAY_COSTS *
	    (int64_t)(contract->osi.expiration - past->day);
}

static void
massive_past_on_contract(void *ctx, const struct massive_rest_contract *row)
{
	struct massive_past *past = ctx;
	struct contract_name name = { .osi = row->ticker };
	struct contract *contract = contract_find(past->setup.book, &name,
	    NULL);
	bool live = row->day_volume != TRADE_NONE;
	void **listed;

	if (contract == NULL || (live && row->day_volume <= 0))
		return;
	/* Pages are not of one moment: one may repeat what another had. */
	listed = table_at(&past->listed, contract->ticker.p,
	    contract->ticker.n);
	if (*listed != NULL)
		return;
	*listed = contract;
	if (past->n_contracts == past->cap_contracts) {
		past->cap_contracts = 2 * past->cap_contracts + 256;
		past->contracts = buf_realloc(past->contracts,
		    past->cap_contracts, sizeof(*past->contracts));
	}
	past->contracts[past->n_contracts] = (struct massive_past_contract){
	    contract, live ? -row->day_volume : massive_past_rank(past,
	    contract), past->n_contracts };
	past->n_contracts++;
}

static int
massive_past_compare(const void *a, const void *b)
{
	const struct massive_past_contract *x = a, *y = b;

	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* ---- requests ---- */

static void massive_past_on_reply(void *ctx, const struct http_reply *reply);

static void
massive_past_get(struct massive_past *past)
{
	struct buf url = BUF_INIT;

	past->requests++;
	buf_fmt(&url, "%s%s%c", past->setup.rest_url, past->path.p, '\0');
	http_get(past->http, url.p, massive_past_on_reply, past);
	buf_free(&url);
}

/* True, and the day is not whole, when no more may be asked of it. */
static bool
massive_past_is_spent(struct massive_past *past)
{
	if (past->requests < past->setup.budget)
		return false;
	err_fill(&past->why, "%" PRId64 " requests are too few",
	    past->setup.budget);
	past->failed = past->hopeless = true;
	return true;
}

static void
massive_past_path_bars(struct massive_past *past, const char *symbol)
{
	bool daily = past->job == MASSIVE_PAST_DAYS;
	char from[DAY_TEXT], to[DAY_TEXT];
	int32_t first = past->day;

	if (daily && cal_step(past->day, -(int)past->setup.days, &first,
	    NULL) < 0)
		first = past->day;
	day_print(from, first);
	day_print(to, daily ? past->setup.last : past->day);
	buf_fmt(&past->path, "/v2/aggs/ticker/%s%s/range/1/%s/%.*s/%.*s"
	    "?sort=asc&limit=50000%c", massive_rest_prefix(symbol), symbol,
	    daily ? "day" : "minute", DAY_TEXT, from, DAY_TEXT, to, '\0');
}

/* Today's chain says what traded; of another day there is only a list. */
static void
massive_past_path_list(struct massive_past *past, const char *symbol)
{
	char day[DAY_TEXT];

	day_print(day, past->day);
	if (past->to_ts > past->now_ms)
		buf_fmt(&past->path, "/v3/snapshot/options/%s%s?limit=250%c",
		    massive_rest_prefix(symbol), symbol, '\0');
	else
		buf_fmt(&past->path, "/v3/reference/options/contracts"
		    "?underlying_ticker=%s&as_of=%.*s&expiration_date.gte=%.*s"
		    "&limit=1000%c", symbol, DAY_TEXT, day, DAY_TEXT, day,
		    '\0');
}

static void
massive_past_path_prints(struct massive_past *past)
{
	const struct contract *contract =
	    past->contracts[past->contract].contract;

	buf_fmt(&past->path, "/v3/trades/%.*s?timestamp.gte=%" PRId64
	    "&timestamp.lte=%" PRId64 "&order=asc&sort=timestamp"
	    "&limit=50000%c", (int)contract->ticker.n, contract->ticker.p,
	    past->from_ts * 1000000, past->to_ts * 1000000 - 1, '\0');
}

static void
massive_past_ask(struct massive_past *past)
{
	const char *symbol = past->setup.select->symbols[past->symbol];

	past->path.n = 0;
	switch (past->job) {
	case MASSIVE_PAST_DAYS:
	case MASSIVE_PAST_MINUTES:
		massive_past_path_bars(past, symbol);
		break;
	case MASSIVE_PAST_LIST:
		massive_past_path_list(past, symbol);
		break;
	case MASSIVE_PAST_PRINTS:
		massive_past_path_prints(past);
		break;
	}
	massive_past_get(past);
}

/* ---- from one request to the next ---- */

static void
massive_past_settle(struct massive_past *past)
{
	struct desk_gap *gap = &past->gaps[past->n_gaps - 1];
	char day[DAY_TEXT];

	gap->state = !past->failed ? "filled" : past->answers > 0 ?
	    "partial" : "lost";
	gap->to_ts = past->to_ts < past->now_ms ? past->to_ts : past->now_ms;
	past->all_answers += past->answers;
	past->any_failed |= past->failed;
	past->hopeless |= past->refused;
	/* Beside the day's records, or heartbeats would fill up the night. */
	if (past->first_ts > past->last_ts)
		past->first_ts = past->last_ts;
	past->made.n = 0;
	buf_fmt(&past->made, "%zu,", past->n_gaps - 1);
	massive_past_put(past, past->first_ts, MASSIVE_PAST_OPEN, 0);
	massive_past_put(past, past->last_ts, MASSIVE_PAST_SETTLED, 0);
	day_print(day, past->day);
	if (past->n_contracts == 0 && !past->failed)
		log_warning("massive: %.*s: no contract is listed", DAY_TEXT,
		    day);
	log_info("%.*s: %s: prints of %" PRId64 " of %zu contracts, %" PRId64
	    " requests", DAY_TEXT, day, gap->state, past->answers,
	    past->n_contracts, past->requests);
}

/* Bars that are not wanted, or that the plan lacks, are passed over. */
static enum massive_past_job
massive_past_first(const struct massive_past *past)
{
	return past->no_bars || past->setup.days == 0 ? MASSIVE_PAST_LIST :
	    past->n_gaps > 1 ? MASSIVE_PAST_MINUTES : MASSIVE_PAST_DAYS;
}

/* To the next job of the day; false when it was the last. */
static bool
massive_past_step(struct massive_past *past)
{
	switch (past->job) {
	case MASSIVE_PAST_DAYS:
		past->job = past->no_bars ? MASSIVE_PAST_LIST :
		    MASSIVE_PAST_MINUTES;
		break;
	case MASSIVE_PAST_MINUTES:
		past->job = MASSIVE_PAST_LIST;
		break;
	case MASSIVE_PAST_LIST:
		if (++past->symbol < past->setup.select->n) {
			past->job = massive_past_first(past);
			break;
		}
		past->symbol = 0;
		past->job = MASSIVE_PAST_PRINTS;
		if (past->n_contracts > 0)
			qsort(past->contracts, past->n_contracts,
			    sizeof(*past->contracts), massive_past_compare);
		break;
	case MASSIVE_PAST_PRINTS:
		past->contract++;
		break;
	}
	return past->job != MASSIVE_PAST_PRINTS ||
	    past->contract < past->n_contracts;
}

/* An answer is whole, or failed: what is next? */
static void
massive_past_next(struct massive_past *past)
{
	if (past->refused || !massive_past_step(past) ||
	    massive_past_is_spent(past))
		massive_past_next_day(past);
	else
		massive_past_ask(past);
}

static void
massive_past_fail(struct massive_past *past, int status)
{
	static const char *const what[] = { "no bars of days",
	    "no bars of minutes", "no list of contracts", "no prints" };
	bool bars = past->job <= MASSIVE_PAST_MINUTES;
	bool refused = status == 401 || status == 403;
	char day[DAY_TEXT];

	day_print(day, past->day);
	log_warning("massive: %.*s: %s: %s", DAY_TEXT, day, what[past->job],
	    past->why.text);
	if (bars && refused)
		past->no_bars = true;
	if (bars)
		return;
	past->failed = true;
	past->refused |= refused;
}

/* A page that leads on to itself would be read for ever. */
static bool
massive_past_more(struct massive_past *past, const char *next)
{
	if (next == NULL)
		return false;
	if (strcmp(next, past->path.p) == 0) {
		err_fill(&past->why, "a page that leads on to itself");
		massive_past_fail(past, 200);
		return false;
	}
	if (massive_past_is_spent(past))
		return false;
	past->path.n = 0;
	buf_fmt(&past->path, "%s%c", next, '\0');
	massive_past_get(past);
	return true;
}

static void
massive_past_refused(struct massive_past *past, int64_t rows)
{
	log_warning("massive: %.*s: rows left out: %" PRId64,
	    (int)strcspn(past->path.p, "?"), past->path.p, rows);
	if (past->job == MASSIVE_PAST_PRINTS)
		past->failed = true;
}

static void
massive_past_on_reply(void *ctx, const struct http_reply *reply)
{
	struct massive_past *past = ctx;
	struct massive_rest_rows rows = { massive_past_on_print,
	    massive_past_on_contract, massive_past_on_bar, past };
	struct massive_rest_page page = { .next = NULL };
	bool more = false;
	int r = -1;

	/* Rows of another kind than was asked for are none. */
	if (past->job != MASSIVE_PAST_PRINTS)
		rows.print = NULL;
	if (past->job != MASSIVE_PAST_LIST)
		rows.contract = NULL;
	if (past->job > MASSIVE_PAST_MINUTES)
		rows.bar = NULL;
	if (reply->status == 0)
		err_fill(&past->why, "%s", reply->why);
	else if (reply->status != 200)
		massive_rest_why(reply->status, reply->body, &past->why);
	else
		r = massive_rest_read(reply->body, past->setup.rest_url, &rows,
		    &page, &past->why);
	if (r < 0)
		massive_past_fail(past, reply->status);
	if (page.refused > 0)
		massive_past_refused(past, page.refused);
	if (r == 0)
		more = massive_past_more(past, page.next);
	free(page.next);
	past->answers += r == 0 && !more && past->job == MASSIVE_PAST_PRINTS;
	if (!more && !past->broken)
		massive_past_next(past);
}

/* ---- days ---- */

static void
massive_past_begin_day(struct massive_past *past)
{
	past->from_ts = cal_instant(past->day, 0);
	past->to_ts = cal_instant(past->day + 1, 0);
	past->symbol = past->contract = past->n_contracts = 0;
	past->requests = past->answers = 0;
	past->failed = past->refused = false;
	past->gaps = buf_realloc(past->gaps, past->n_gaps + 1,
	    sizeof(*past->gaps));
	past->gaps[past->n_gaps] = (struct desk_gap){
	    (int64_t)past->n_gaps + 1, "lost", "BACKFILL", past->from_ts,
	    TRADE_NONE, TRADE_NONE };
	past->n_gaps++;
	table_free(&past->listed);
	table_init(&past->listed);
	past->last_ts = past->from_ts;
	past->first_ts = past->to_ts;
	past->job = massive_past_first(past);
	massive_past_ask(past);
}

static void
massive_past_next_day(struct massive_past *past)
{
	if (past->n_gaps > 0)
		massive_past_settle(past);
	do
		past->day++;
	while (past->day <= past->setup.last && !cal_is_open(past->day));
	if (past->day > past->setup.last)
		loop_stop(past->loop);
	else
		massive_past_begin_day(past);
}

static void
massive_past_on_turn(void *ctx)
{
	struct massive_past *past = ctx;

	if (*past->setup.stop != 0)
		loop_stop(past->loop);
	else
		loop_timer_set(past->turn, MASSIVE_PAST_TURN_MS);
}

/* ---- handing out ---- */

/* Numbers, each with a comma behind it; returns how many. */
static size_t
massive_past_unpack(struct slice text, int64_t *numbers, size_t most)
{
	const char *p = text.p, *end = text.p + text.n, *comma;
	size_t n = 0;

	while (n < most && p < end &&
	    (comma = memchr(p, ',', (size_t)(end - p))) != NULL) {
		numbers[n++] = strtoll(p, NULL, 10);
		p = comma + 1;
	}
	return n;
}

static void
massive_past_item_print(struct massive_past *past, struct slice text,
    struct source_item *item)
{
	int64_t numbers[MASSIVE_PAST_NUMBERS + TRADE_CONDITIONS] = { 0 };
	size_t n = massive_past_unpack(text, numbers,
	    sizeof(numbers) / sizeof(*numbers));
	struct massive_wire print = { .kind = MASSIVE_WIRE_TRADE,
	    .ns = numbers[1], .fine = numbers[2] != 0,
	    .price_e4 = numbers[3], .size = numbers[4],
	    .exchange = numbers[5], .sequence = numbers[6],
	    .is_cancelled = numbers[7] != 0 };

	assert(n >= MASSIVE_PAST_NUMBERS);	/* our own text */
	print.n_conditions = n - MASSIVE_PAST_NUMBERS;
	memcpy(print.condition, numbers + MASSIVE_PAST_NUMBERS,
	    print.n_conditions * sizeof(*numbers));
	trade_init(&past->trade);
	massive_codes_print(past->codes, &print, &past->trade);
	if (print.fine)
		past->trade.ts_ns = (struct slice){ past->ns_text,
		    decimal_print_int(past->ns_text, print.ns) };
	item->rank = SOURCE_TRADE;
	item->contract = past->setup.book->all[numbers[0]];
	item->trade = &past->trade;
	item->time = (struct nbbo_time){ print.ns, print.fine };
}

static void
massive_past_item_bar(struct massive_past *past, struct slice text,
    struct source_item *item)
{
	const char *comma = memchr(text.p, ',', text.n);
	size_t head = (size_t)(comma + 1 - text.p);
	int64_t number = strtoll(text.p, NULL, 10);

	past->made.n = 0;
	buf_add(&past->made, text.p + head, text.n - head);
	buf_str(&past->made, "\n");
	item->rank = SOURCE_BAR;
	item->contract = past->setup.book->all[number];
	item->made = (struct slice){ past->made.p, past->made.n };
}

static void
massive_past_item_gap(struct massive_past *past, struct slice text,
    bool open, struct source_item *item)
{
	past->gap = past->gaps[strtoll(text.p, NULL, 10)];
	if (open) {
		past->gap.state = "open";
		past->gap.to_ts = TRADE_NONE;
	}
	item->rank = SOURCE_GAP;
	item->gap = &past->gap;
}

static int
massive_past_next_item(struct source *source, struct source_item *item,
    struct err *err)
{
	struct massive_past *past = (struct massive_past *)source;
	struct sorted_line line;
	int r = sorted_next(past->sorted, &line, err);
	int rank;

	if (r <= 0)
		return r < 0 ? SOURCE_ERROR : SOURCE_END;
	memset(item, 0, sizeof(*item));
	item->ts = line.key >> 22;
	item->file = "massive";
	rank = (int)(line.key >> 20 & 3);
	if (rank == MASSIVE_PAST_PRINT)
		massive_past_item_print(past, line.text, item);
	else if (rank == MASSIVE_PAST_BAR)
		massive_past_item_bar(past, line.text, item);
	else
		massive_past_item_gap(past, line.text,
		    rank == MASSIVE_PAST_OPEN, item);
	return SOURCE_ITEM;
}

/* ---- */

static void
massive_past_free(struct source *source)
{
	struct massive_past *past = (struct massive_past *)source;

	http_free(past->http);
	loop_timer_free(past->turn);
	loop_free(past->loop);
	sorted_free(past->sorted);
	massive_codes_free(past->codes);
	free(past->contracts);
	table_free(&past->listed);
	free(past->closes);
	free(past->gaps);
	buf_free(&past->path);
	buf_free(&past->made);
	free(past);
}

static void
massive_past_fetch(struct massive_past *past)
{
	const struct massive_past_setup *setup = &past->setup;
	struct http_setup http = { { setup->ca_file, MASSIVE_PAST_MS },
	    setup->key, setup->per_minute, MASSIVE_PAST_MS,
	    MASSIVE_PAST_REPLY, MASSIVE_PAST_TRIES };

	past->loop = loop_new();
	past->http = http_new(past->loop, &http);
	past->turn = loop_timer_new(past->loop, massive_past_on_turn, past);
	past->now_ms = loop_wall_ms();
	past->day = setup->first - 1;
	massive_past_on_turn(past);
	massive_past_next_day(past);
	if (past->n_gaps > 0)
		loop_run(past->loop);
}

struct source *
massive_past_open(const struct massive_past_setup *setup, int *status,
    struct err *err)
{
	struct massive_past *past = buf_alloc(1, sizeof(*past));
	char *path = massive_tables_path();
	struct buf tables = BUF_INIT;

	past->setup = *setup;
	past->source.next = massive_past_next_item;
	past->source.free = massive_past_free;
	past->source.caps = (struct source_caps){ .conditions = true,
	    .exchange = true, .resolution_e6 = clock_resolution_e6(3) };
	past->codes = massive_codes_new();
	table_init(&past->listed);
	massive_tables_read(path, &tables);
	massive_codes_tables(past->codes, (struct slice){ tables.p,
	    tables.n });
	buf_free(&tables);
	free(path);
	past->sorted = sorted_new(setup->memory, setup->stop);
	past->closes = buf_alloc(setup->select->n, sizeof(*past->closes));
	massive_past_fetch(past);
	*status = past->any_failed ? EXIT_PARTIAL : EXIT_DONE;
	if (!past->broken && sorted_end(past->sorted, &past->sort_err) < 0)
		past->broken = true;
	if (past->broken || (past->any_failed && past->all_answers == 0)) {
		*err = past->broken ? past->sort_err : past->why;
		*status = past->hopeless && !past->broken ? EXIT_USAGE :
		    EXIT_SYSTEM;
		massive_past_free(&past->source);
		return NULL;
	}
	return &past->source;
}
