/*
 * What REST tells at the start: which requests are made in which order, what
 * of the replies becomes a record, what is made of holidays.  New York was at
 * UTC-5 on the days used; 2025-11-27 was Thanksgiving, 2025-11-28 closed at
 * 13:00 (NYSE's calendar); 2025-11-26 was an ordinary Wednesday.
 */

#include "check.h"

#include "base/log.h"
#include "tap/massive_start.h"

#define HOUR INT64_C(3600000)
#define NOON INT64_C(1764176400000)	/* 2025-11-26 12:00 in New York */

static const char *const names[] = { "KO", "SPX" };
static struct contract_book book;
static struct control control;
static struct select select_two;
static struct outlet outlet;
static struct desk desk;
static struct buf asked, made;
static volatile sig_atomic_t stop;

static void
on_get(void *ctx, const char *path)
{
	(void)ctx;
	buf_fmt(&asked, "%s\n", path);
}

static void
on_made(void *ctx, enum source_rank rank, int64_t ts,
    struct contract *contract, struct slice record)
{
	(void)ctx;
	buf_fmt(&made, "%d %lld %.*s ", (int)rank, (long long)ts,
	    (int)contract->ticker.n, contract->ticker.p);
	buf_add(&made, record.p, record.n);
}

static struct massive_start *
begin(size_t symbols, int64_t days)
{
	const struct massive_start_setup setup = { &desk,
	    "https://api.massive.com", days, on_get, on_made, NULL };

	asked.n = made.n = 0;
	contract_book_init(&book);
	control_init(&control, "flow-tap");
	select_init(&select_two);
	select_two.symbols = names;
	select_two.n = symbols;
	outlet_init(&outlet, 0, &stop);
	outlet_live(&outlet);
	desk_init(&desk, &control, &outlet, &select_two, &book);
	desk.live = true;
	return massive_start_new(&setup);
}

static void
end(struct massive_start *start)
{
	massive_start_free(start);
	desk_free(&desk);
	control_free(&control);
	contract_book_free(&book);
	buf_free(&outlet.out.buf);
}

static void
reply(struct massive_start *start, int64_t now, int status, const char *body)
{
	massive_start_reply(start, now, status, (struct slice){ body,
	    strlen(body) });
}

static void
check_text(const char *name, const struct buf *got, const char *want)
{
	CHECK_TEXT(name, got->n > 0 ? got->p : "", got->n, want);
}

static void
check_order(void)
{
	struct massive_start *start = begin(2, 2);

	CHECK("bars are awaited", massive_start_wants_bars(start));
	CHECK("idle", !massive_start_busy(start));
	massive_start_begin(start, NOON);
	CHECK("busy", massive_start_busy(start));
	reply(start, NOON, 200, "[]");
	reply(start, NOON, 200, "{\"market\":\"open\"}");
	/* the minute at 12:00 is not over; 11:59 is */
	reply(start, NOON, 200, "{\"results\":[{\"t\":1764176340000,\"o\":1,"
	    "\"h\":2,\"l\":1,\"c\":2,\"v\":1e3,\"vw\":1.5,\"n\":7},"
	    "{\"t\":1764176400000,\"o\":2,\"h\":2,\"l\":1,\"c\":2}],"
	    "\"next_url\":\"https://api.massive.com/v2/next?cursor=9\"}");
	reply(start, NOON, 200, "{\"resultsCount\":0}");
	reply(start, NOON, 500, "");
	/* a day told by its midnight, and a Saturday */
	reply(start, NOON, 200, "{\"results\":[{\"t\":1764046800000,\"o\":1,"
	    "\"h\":2,\"l\":1,\"c\":2,\"v\":5},{\"t\":1763787600000,\"o\":1,"
	    "\"h\":2,\"l\":1,\"c\":2}]}");
	CHECK("still", massive_start_wants_bars(start));
	reply(start, NOON, 0, "");
	CHECK("no more bars", !massive_start_wants_bars(start));
	reply(start, NOON, 200, "{\"results\":[{\"details\":{\"ticker\":"
	    "\"O:KO251219P00062000\"},\"open_interest\":12,"
	    "\"implied_volatility\":0.25,\"last_quote\":{\"bid\":0,"
	    "\"bid_size\":4,\"ask\":0.05,\"ask_size\":9,\"last_updated\":"
	    "1764176399000000000},\"underlying_asset\":{\"price\":70.5}}]}");
	CHECK("busy with SPX", massive_start_busy(start));
	reply(start, NOON, 404, "");
	CHECK("done", !massive_start_busy(start));
	check_text("requests", &asked, "/v1/marketstatus/upcoming\n"
	    "/v1/marketstatus/now\n"
	    "/v2/aggs/ticker/KO/range/1/minute/2025-11-26/2025-11-26"
	    "?sort=asc&limit=50000\n"
	    "/v2/next?cursor=9\n"
	    "/v2/aggs/ticker/I:SPX/range/1/minute/2025-11-26/2025-11-26"
	    "?sort=asc&limit=50000\n"
	    "/v2/aggs/ticker/KO/range/1/day/2025-11-24/2025-11-25"
	    "?sort=asc&limit=50000\n"
	    "/v2/aggs/ticker/I:SPX/range/1/day/2025-11-24/2025-11-25"
	    "?sort=asc&limit=50000\n"
	    "/v3/snapshot/options/KO?limit=250\n"
	    "/v3/snapshot/options/I:SPX?limit=250\n");
	check_text("records", &made,
	    "3 1764176400000 KO {\"record\":\"bar\",\"symbol\":\"KO\","
	    "\"tf\":\"1m\",\"timestamp\":1764176340000,\"end_ts\":"
	    "1764176400000,\"open\":1,\"high\":2,\"low\":1,\"close\":2,"
	    "\"volume\":1000,\"vwap\":1.5,\"trades\":7,\"session\":\"RTH\","
	    "\"is_final\":true}\n"
	    "3 1764104400000 KO {\"record\":\"bar\",\"symbol\":\"KO\","
	    "\"tf\":\"1d\",\"timestamp\":1764081000000,\"end_ts\":"
	    "1764104400000,\"open\":1,\"high\":2,\"low\":1,\"close\":2,"
	    "\"volume\":5,\"session\":\"RTH\",\"is_final\":true}\n"
	    "1 1764176400000 O:KO251219P00062000 {\"record\":\"oi\","
	    "\"symbol\":\"KO\",\"contract_ticker\":\"O:KO251219P00062000\","
	    "\"timestamp\":1764176400000,\"oi_date\":\"2025-11-25\","
	    "\"open_interest\":12}\n"
	    "2 1764176400000 O:KO251219P00062000 {\"record\":\"chain\","
	    "\"symbol\":\"KO\",\"contract_ticker\":\"O:KO251219P00062000\","
	    "\"timestamp\":1764176400000,\"bid\":0,\"ask\":0.05,\"bid_size\":4,"
	    "\"ask_size\":9,\"quote_timestamp\":1764176399000,"
	    "\"open_interest\":12,\"underlying_price\":70.5,\"iv\":0.25,"
	    "\"model\":\"VENDOR\"}\n");
	end(start);
}

/* What the plan lacks is asked for once, not for each symbol. */
static void
check_refused(void)
{
	struct massive_start *start = begin(2, 2);

	massive_start_begin(start, NOON);
	for (int i = 0; i < 4; i++)
		reply(start, NOON, 403, "");
	CHECK("done", !massive_start_busy(start));
	check_text("requests", &asked, "/v1/marketstatus/upcoming\n"
	    "/v1/marketstatus/now\n"
	    "/v2/aggs/ticker/KO/range/1/minute/2025-11-26/2025-11-26"
	    "?sort=asc&limit=50000\n"
	    "/v3/snapshot/options/KO?limit=250\n");
	end(start);
}

/* Without symbols there is nothing to ask but the hours. */
static void
check_none(void)
{
	struct massive_start *start = begin(0, 2);

	CHECK("no bars", !massive_start_wants_bars(start));
	massive_start_begin(start, NOON);
	reply(start, NOON, 200, "[]");
	reply(start, NOON, 200, "{}");
	CHECK("done", !massive_start_busy(start));
	/* the next day at 9, but Thanksgiving; the day after, early close */
	massive_start_time(start, NOON + 21 * HOUR);
	CHECK("a holiday", !massive_start_busy(start));
	massive_start_time(start, NOON + 45 * HOUR - 1);
	CHECK("before nine", !massive_start_busy(start));
	massive_start_time(start, NOON + 45 * HOUR);
	CHECK("again", massive_start_busy(start));
	end(start);
}

/* The start with what is said of the hours, which is compared. */
static struct massive_start *
hours(const char *name, const char *upcoming, const char *market, int64_t now,
    const char *want)
{
	struct massive_start *start = begin(0, 0);

	massive_start_begin(start, now);
	reply(start, now, 200, upcoming);
	reply(start, now, 200, market);
	check_text(name, &outlet.out.buf, want);
	return start;
}

#define STATUS(severity, code, message) \
	"{\"record\":\"status\",\"stage\":\"flow-tap\",\"severity\":\"" \
	severity "\",\"code\":\"" code "\",\"message\":\"" message "\"}\n"
#define DAY(date, status) "{\"date\":\"" date "\",\"exchange\":\"NYSE\"," \
	"\"name\":\"x\",\"status\":\"" status "\"}"

static void
check_hours(void)
{
	struct massive_start *start;

	start = hours("as the calendar has it", "[" DAY("2025-11-27",
	    "closed") "," DAY("2025-11-28", "early-close") "]",
	    "{\"market\":\"open\"}", NOON, "");
	CHECK("open", !massive_start_closed(start, NOON));
	end(start);

	start = hours("closed today, and Thanksgiving not",
	    "[" DAY("2025-11-26", "closed") "," DAY("2025-11-28",
	    "closed") "]", "{\"market\":\"closed\"}", NOON,
	    STATUS("warning", "calendar", "2025-11-26 is closed, by the "
	    "calendar a whole trading day")
	    STATUS("warning", "calendar", "2025-11-27 is a whole trading "
	    "day, by the calendar closed")
	    STATUS("warning", "calendar", "2025-11-28 is closed, by the "
	    "calendar closes early")
	    STATUS("info", "market", "exchanges are closed today"));
	CHECK("in the morning", massive_start_closed(start, NOON - 3 * HOUR));
	CHECK("tomorrow is another day", !massive_start_closed(start,
	    NOON + 24 * HOUR));
	end(start);

	start = hours("early today", "[" DAY("2025-11-28", "early-close")
	    "]", "{\"market\":\"open\"}", NOON + 48 * HOUR,
	    STATUS("info", "market", "exchanges close early today"));
	CHECK("before one", !massive_start_closed(start, NOON + 49 * HOUR -
	    1));
	CHECK("at one", massive_start_closed(start, NOON + 49 * HOUR));
	end(start);

	start = hours("closed unforeseen", "[]",
	    "{\"market\":\"closed\"}", NOON,
	    STATUS("warning", "calendar", "the market is "
	    "closed now, by the calendar it is open")
	    STATUS("info", "market", "the market is closed"));
	CHECK("from now on", massive_start_closed(start, NOON));
	CHECK("not before", !massive_start_closed(start, NOON - 1));
	end(start);

	start = hours("rows that are none", "[1,{\"date\":5},"
	    DAY("2025-11-xx", "closed") "," DAY("2020-01-02", "closed") ","
	    DAY("2026-01-01", "noise") ",{}]", "{\"market\":7}", NOON,
	    "");
	end(start);
}

int
main(void)
{
	log_init("massive_start");
	log_level_set(LOG_ERROR);
	check_order();
	check_refused();
	check_none();
	check_hours();
	buf_free(&asked);
	buf_free(&made);
	return check_end();
}
