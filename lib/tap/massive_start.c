#include "tap/massive_start.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tap/massive_made.h"

enum {
	MASSIVE_START_HOUR_MS = 3600000,
	MASSIVE_START_AGAIN_MS = 9 * MASSIVE_START_HOUR_MS,
	MASSIVE_START_EARLY_MS = 13 * MASSIVE_START_HOUR_MS,
	MASSIVE_START_DAYS = 64		/* holidays told ahead */
};

/* In this order; those of symbols for each of them. */
enum massive_start_job {
	MASSIVE_START_NEVER,		/* nothing was asked yet */
	MASSIVE_START_HOLIDAYS,
	MASSIVE_START_MARKET,
	MASSIVE_START_MINUTES,
	MASSIVE_START_BARS,		/* of days */
	MASSIVE_START_CHAINS,
	MASSIVE_START_IDLE
};

struct massive_start {
	struct massive_start_setup setup;
	enum massive_start_job job;
	size_t symbol;
	int64_t pages;			/* of the answer */
	int32_t day;			/* today in New York */
	int64_t now_ms;
	/* Of the service: what it says of days ahead, n of them. */
	struct massive_start_day {
		int32_t day;
		bool early;
	} days[MASSIVE_START_DAYS];
	size_t n_days;
	int32_t closed_day;		/* the market is closed that day, ... */
	int64_t closed_ts;		/* ... from this time on */
	struct buf path, made;
};

struct massive_start *
massive_start_new(const struct massive_start_setup *setup)
{
	struct massive_start *start = buf_alloc(1, sizeof(*start));

	start->setup = *setup;
	start->day = start->closed_day = DAY_NONE;
	return start;
}

void
massive_start_free(struct massive_start *start)
{
	if (start == NULL)
		return;
	buf_free(&start->path);
	buf_free(&start->made);
	free(start);
}

bool
massive_start_busy(const struct massive_start *start)
{
	return start->job != MASSIVE_START_NEVER &&
	    start->job != MASSIVE_START_IDLE;
}

bool
massive_start_wants_bars(const struct massive_start *start)
{
	return start->setup.days > 0 && start->setup.desk->select->n > 0 &&
	    start->job < MASSIVE_START_CHAINS;
}

bool
massive_start_closed(const struct massive_start *start, int64_t ts)
{
	struct cal_time local;

	cal_new_york(ts, &local);
	return local.day == start->closed_day && ts >= start->closed_ts;
}

/* ---- the hours ---- */

/* Told to the stream and to people. */
static void
massive_start_say(const struct massive_start *start, const char *severity,
    const char *code, const char *text)
{
	if (strcmp(severity, "warning") == 0)
		log_warning("massive: %s", text);
	desk_status(start->setup.desk, severity, code, text);
}

/* What a day is, by the service and by our calendar, when these differ. */
static void
massive_start_compare(const struct massive_start *start, int32_t day,
    const struct massive_start_day *told)
{
	static const char *const names[] = { "a whole trading day",
	    "closes early", "closed" };
	int ours = !cal_is_open(day) ? 2 : cal_is_early(day) ? 1 : 0;
	int theirs = told == NULL ? 0 : told->early ? 1 : 2;
	struct buf text = BUF_INIT;
	char date[DAY_TEXT];

	if (ours == theirs || cal_known(day, NULL) < 0)
		return;
	day_print(date, day);
	buf_fmt(&text, "%.*s is %s, by the calendar %s%c", DAY_TEXT, date,
	    names[theirs], names[ours], '\0');
	massive_start_say(start, "warning", "calendar", text.p);
	buf_free(&text);
}

static void
massive_start_on_holiday(void *ctx, const struct massive_rest_holiday *row)
{
	struct massive_start *start = ctx;
	int32_t day = day_parse(row->date.p, row->date.n);

	if (day == DAY_NONE || !slice_equal(row->exchange, SLICE("NYSE")) ||
	    day < start->day || start->n_days == MASSIVE_START_DAYS ||
	    (start->n_days > 0 && day <= start->days[start->n_days - 1].day))
		return;
	start->days[start->n_days++] = (struct massive_start_day){ day,
	    row->early };
}

static void
massive_start_close(struct massive_start *start, int64_t ts, const char *text)
{
	start->closed_day = start->day;
	start->closed_ts = ts;
	massive_start_say(start, "info", "market", text);
}

/* All days up to the last one told, weekends apart. */
static void
massive_start_holidays(struct massive_start *start)
{
	size_t i = 0;

	if (start->n_days == 0)
		return;
	for (int32_t day = start->day;
	    day <= start->days[start->n_days - 1].day; day++) {
		bool told = day == start->days[i].day;
		int weekday = day_weekday(day);

		if (weekday != 0 && weekday != 6)
			massive_start_compare(start, day,
			    told ? &start->days[i] : NULL);
		i += told;
	}
	if (start->days[0].day != start->day)
		return;
	if (start->days[0].early)
		massive_start_close(start, cal_instant(start->day,
		    MASSIVE_START_EARLY_MS), "exchanges close early today");
	else
		massive_start_close(start, cal_instant(start->day, 0),
		    "exchanges are closed today");
}

/* Closed though the calendar says open: not foreseen, so until tomorrow. */
static void
massive_start_on_market(void *ctx, struct slice market)
{
	struct massive_start *start = ctx;
	enum cal_session session;
	int32_t day;

	if (!slice_equal(market, SLICE("closed")) ||
	    massive_start_closed(start, start->now_ms) ||
	    cal_session_at(start->now_ms, CAL_EQUITY, CAL_NO_DAY, &session,
	    &day, NULL) < 0 || session != CAL_RTH)
		return;
	massive_start_say(start, "warning", "calendar", "the market is "
	    "closed now, by the calendar it is open");
	massive_start_close(start, start->now_ms, "the market is closed");
}

/* ---- rows ---- */

static void
massive_start_made(struct massive_start *start, enum source_rank rank,
    int64_t ts, struct contract *contract)
{
	start->setup.made(start->setup.ctx, rank, ts, contract,
	    (struct slice){ start->made.p, start->made.n });
}

static void
massive_start_on_bar(void *ctx, const struct massive_rest_bar *bar)
{
	struct massive_start *start = ctx;
	struct desk *desk = start->setup.desk;
	const char *symbol = desk->select->symbols[start->symbol];
	struct contract_name name = { .plain = { symbol, strlen(symbol) } };
	struct contract *contract = contract_find(desk->book, &name, NULL);
	int64_t end_ts;

	start->made.n = 0;
	if (contract != NULL && massive_made_bar(&start->made, contract, bar,
	    start->job == MASSIVE_START_BARS, &end_ts) &&
	    end_ts <= start->now_ms)
		massive_start_made(start, SOURCE_BAR, end_ts, contract);
}

static void
massive_start_on_contract(void *ctx, const struct massive_rest_contract *row)
{
	struct massive_start *start = ctx;
	struct contract_name name = { .osi = row->ticker };
	struct contract *contract = contract_find(start->setup.desk->book,
	    &name, NULL);

	if (contract == NULL)
		return;
	start->made.n = 0;
	if (massive_made_oi(&start->made, contract, row, start->now_ms))
		massive_start_made(start, SOURCE_OI, start->now_ms, contract);
	start->made.n = 0;
	massive_made_chain(&start->made, contract, row, start->now_ms);
	massive_start_made(start, SOURCE_CHAIN, start->now_ms, contract);
}

/* ---- requests ---- */

static void
massive_start_get(struct massive_start *start, const char *path)
{
	if (start->setup.get != NULL)
		start->setup.get(start->setup.ctx, path);
}

static void
massive_start_ask_bars(struct massive_start *start, const char *symbol)
{
	bool daily = start->job == MASSIVE_START_BARS;
	char from[DAY_TEXT], to[DAY_TEXT];
	int32_t first = start->day, last = start->day;

	/* Beyond the calendar's years nothing begins. */
	if (daily && (cal_step(start->day, -(int)start->setup.days, &first,
	    NULL) < 0 || cal_step(start->day, -1, &last, NULL) < 0))
		first = last = start->day;
	day_print(from, first);
	day_print(to, last);
	buf_fmt(&start->path, "/v2/aggs/ticker/%s%s/range/1/%s/%.*s/%.*s"
	    "?sort=asc&limit=50000%c", massive_rest_prefix(symbol), symbol,
	    daily ? "day" : "minute", DAY_TEXT, from, DAY_TEXT, to, '\0');
}

static void
massive_start_ask(struct massive_start *start)
{
	const struct select *select = start->setup.desk->select;

	start->path.n = 0;
	start->pages = 0;
	switch (start->job) {
	case MASSIVE_START_HOLIDAYS:
		massive_start_get(start, "/v1/marketstatus/upcoming");
		return;
	case MASSIVE_START_MARKET:
		massive_start_get(start, "/v1/marketstatus/now");
		return;
	case MASSIVE_START_MINUTES:
	case MASSIVE_START_BARS:
		massive_start_ask_bars(start,
		    select->symbols[start->symbol]);
		break;
	case MASSIVE_START_CHAINS:
		buf_fmt(&start->path, "/v3/snapshot/options/%s%s?limit=250%c",
		    massive_rest_prefix(select->symbols[start->symbol]),
		    select->symbols[start->symbol], '\0');
		break;
	case MASSIVE_START_NEVER:
	case MASSIVE_START_IDLE:
		return;
	}
	massive_start_get(start, start->path.p);
}

/* An answer is whole, or there is none: all of the job when skip is said. */
static void
massive_start_next(struct massive_start *start, bool skip)
{
	bool by_symbol = start->job >= MASSIVE_START_MINUTES;
	size_t symbols = start->setup.desk->select->n;

	if (by_symbol && !skip && ++start->symbol < symbols) {
		massive_start_ask(start);
		return;
	}
	start->symbol = 0;
	start->job++;
	if (start->job == MASSIVE_START_MINUTES && start->setup.days == 0)
		start->job = MASSIVE_START_CHAINS;
	if (start->job >= MASSIVE_START_MINUTES && symbols == 0)
		start->job = MASSIVE_START_IDLE;
	massive_start_ask(start);
}

static const char *
massive_start_want(const struct massive_start *start)
{
	return start->job >= MASSIVE_START_CHAINS ? "no open interest" :
	    start->job >= MASSIVE_START_MINUTES ? "no bars of the past" :
	    "the market's hours are not known";
}

/* A page of bars or of a chain; true when another is asked for. */
static int
massive_start_page(struct massive_start *start, struct slice body,
    bool *more, struct err *err)
{
	struct massive_rest_rows rows = { NULL, NULL, NULL, start };
	struct massive_rest_page page;

	if (start->job == MASSIVE_START_CHAINS)
		rows.contract = massive_start_on_contract;
	else
		rows.bar = massive_start_on_bar;
	if (massive_rest_read(body, start->setup.base, &rows, &page, err) < 0)
		return -1;
	*more = page.next != NULL && ++start->pages < MASSIVE_START_PAGES;
	if (*more)
		massive_start_get(start, page.next);
	else if (page.next != NULL)
		log_warning("massive: %s: more than %d pages",
		    massive_start_want(start), MASSIVE_START_PAGES);
	free(page.next);
	return 0;
}

static int
massive_start_read(struct massive_start *start, struct slice body, bool *more,
    struct err *err)
{
	int r;

	*more = false;
	if (start->job == MASSIVE_START_MARKET)
		return massive_rest_market(body, massive_start_on_market,
		    start, err);
	if (start->job != MASSIVE_START_HOLIDAYS)
		return massive_start_page(start, body, more, err);
	r = massive_rest_holidays(body, massive_start_on_holiday, start, err);
	if (r == 0)
		massive_start_holidays(start);
	return r;
}

void
massive_start_reply(struct massive_start *start, int64_t now_ms, int status,
    struct slice body)
{
	bool more = false, refused = status == 401 || status == 403;
	struct err err;

	start->now_ms = now_ms;
	if (status != 200)
		massive_rest_why(status, body, &err);
	if (status != 200 || massive_start_read(start, body, &more, &err) < 0)
		log_warning("massive: %s: %s", massive_start_want(start),
		    err.text);
	if (more)
		return;
	/* Shares that the plan lacks have no bars of days either. */
	if (refused && start->job == MASSIVE_START_MINUTES)
		start->job = MASSIVE_START_BARS;
	massive_start_next(start, refused);
}

void
massive_start_begin(struct massive_start *start, int64_t now_ms)
{
	struct cal_time local;

	if (massive_start_busy(start))
		return;
	cal_new_york(now_ms, &local);
	start->now_ms = now_ms;
	start->day = local.day;
	start->n_days = start->symbol = 0;
	start->job = MASSIVE_START_HOLIDAYS;
	massive_start_ask(start);
}

void
massive_start_time(struct massive_start *start, int64_t now_ms)
{
	struct cal_time local;

	if (start->job != MASSIVE_START_IDLE)
		return;
	cal_new_york(now_ms, &local);
	if (local.day != start->day && local.ms >= MASSIVE_START_AGAIN_MS &&
	    cal_is_open(local.day))
		massive_start_begin(start, now_ms);
}
