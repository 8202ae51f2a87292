/*
 * The feed without a connection: what heartbeats promise, what is late, what a
 * slow reader costs, a clock that is behind.  Times are worked out by hand
 * from design.md 3: a heartbeat promises the earlier of the clock and of the
 * newest event with the silence since, less the delay, here 1 s.
 */

#include "check.h"

#include <stdlib.h>

#include "base/log.h"
#include "tap/massive_feed.h"

#define T0 INT64_C(1790000000000)	/* 2026-09-21 14:13:20 UTC, a Monday */

static struct contract_book book;
static struct control control;
static struct select all;
static struct outlet outlet;
static struct desk desk;
static volatile sig_atomic_t stop;
static struct massive_feed *feed;

static void
begin(void)
{
	const struct massive_feed_setup setup = { .desk = &desk,
	    .delay_ms = 1000 };

	contract_book_init(&book);
	control_init(&control, "flow-tap");
	select_init(&all);
	outlet_init(&outlet, 0, &stop);
	outlet_live(&outlet);
	desk_init(&desk, &control, &outlet, &all, &book);
	desk.live = true;
	memset(desk.run, '0', sizeof(desk.run));
	feed = massive_feed_new(&setup);
}

static void
end(void)
{
	massive_feed_free(feed);
	desk_free(&desk);
	control_free(&control);
	contract_book_free(&book);
	buf_free(&outlet.out.buf);
}

/* A print of a time, arriving at another. */
static void
print(int64_t at, int64_t t, int q)
{
	struct buf frame = BUF_INIT;

	buf_fmt(&frame, "[{\"ev\":\"T\",\"sym\":\"O:KO261218C00070000\","
	    "\"x\":302,\"p\":1.5,\"s\":10,\"c\":[209],\"t\":%lld,\"q\":%d}]",
	    (long long)t, q);
	massive_feed_frame(feed, at, MASSIVE_WIRE_OPTIONS,
	    (struct slice){ frame.p, frame.n });
	buf_free(&frame);
}

/* A share's price of a time, in cents. */
static void
share(int64_t at, int64_t t, int cents)
{
	struct buf frame = BUF_INIT;

	buf_fmt(&frame, "[{\"ev\":\"T\",\"sym\":\"KO\",\"x\":12,\"p\":%d.%02d,"
	    "\"s\":100,\"c\":[14],\"t\":%lld,\"q\":1}]", cents / 100,
	    cents % 100, (long long)t);
	massive_feed_frame(feed, at, MASSIVE_WIRE_STOCKS,
	    (struct slice){ frame.p, frame.n });
	buf_free(&frame);
}

/* What was written since, whole lines; true when a part stands in it. */
static bool
wrote(const char *part)
{
	struct buf *out = &outlet.out.buf;
	bool is = out->n > 0 && memmem(out->p, out->n, part,
	    strlen(part)) != NULL;

	if (!is)
		fprintf(stderr, "  not in: %.*s\n", (int)out->n,
		    out->n > 0 ? out->p : "");
	return is;
}

static void
clear(void)
{
	outlet.out.buf.n = 0;
	outlet.mark = 0;
}

static void
check_promise(void)
{
	begin();
	massive_feed_tick(feed, T0);
	CHECK("before any event the clock less the delay",
	    wrote("\"timestamp\":1789999999000,"));
	clear();
	print(T0 + 500, T0 + 200, 1);
	CHECK("not late", !memmem(outlet.out.buf.p, outlet.out.buf.n,
	    "late", 4));
	massive_feed_tick(feed, T0 + 1000);
	CHECK("the event with the silence since",
	    wrote("\"timestamp\":1789999999700,"));
	CHECK("it was 300 ms behind", wrote("\"lag_ms\":300,"));
	clear();
	print(T0 + 1100, T0 - 301, 2);
	CHECK("earlier than promised",
	    wrote("\"is_late_arrival\":true"));
	clear();
	print(T0 + 1100, T0 - 300, 3);
	CHECK("just as promised", !memmem(outlet.out.buf.p,
	    outlet.out.buf.n, "late", 4));
	massive_feed_tick(feed, T0 + 1100);
	CHECK("a promise is not taken back",
	    wrote("\"timestamp\":1789999999700,"));
	end();
}

static void
check_shed(void)
{
	begin();
	print(T0 + 100, T0, 1);
	massive_feed_shed(feed, T0 + 100, true);
	clear();
	for (int i = 0; i < 5; i++)
		print(T0 + 200, T0 + 100 + i, 2 + i);
	CHECK_INT("nothing is written", outlet.out.buf.n, 0);
	massive_feed_shed(feed, T0 + 300, false);
	CHECK("the gap", wrote("{\"record\":\"gap\",\"gap_id\":"
	    "\"0000000000000000-1\",\"state\":\"lost\",\"from_ts\":"
	    "1790000000000,\"to_ts\":1790000000104,\"symbols\":[\"*\"],"
	    "\"missing\":5,\"reason\":\"OVERFLOW\"}\n"));
	massive_feed_tick(feed, T0 + 1000);
	CHECK("the account", wrote("\"hop\":[{\"stage\":\"flow-tap\","
	    "\"in\":6,\"out\":1,\"add\":0,\"drop\":{\"overflow\":5}}]"));
	massive_feed_shed(feed, T0 + 1100, true);
	print(T0 + 1200, T0 + 1200, 9);
	clear();
	massive_feed_end(feed);
	CHECK("told at the end at the latest", wrote("\"missing\":1,"
	    "\"reason\":\"OVERFLOW\"}\n"));
	end();
}

static void
check_clock(void)
{
	begin();
	print(T0, T0 + 60000, 1);
	CHECK("a minute ahead is not told", !memmem(outlet.out.buf.p,
	    outlet.out.buf.n, "clock", 5));
	print(T0, T0 + 600000, 2);
	CHECK("ten are", wrote("\"code\":\"clock\",\"message\":"
	    "\"events are 600 s ahead of this machine's clock\"}"));
	clear();
	print(T0, T0 + 600001, 3);
	CHECK("once", !memmem(outlet.out.buf.p, outlet.out.buf.n, "clock",
	    5));
	massive_feed_tick(feed, T0 + 1000);
	CHECK("the clock promises", wrote("\"timestamp\":1790000000000,"));
	end();
}

/* D11: what this machine's clock does moves no promise, and is told once. */
static void
check_steps(void)
{
	begin();
	print(T0, T0, 1);
	massive_feed_tick(feed, T0 + 1000);
	clear();
	massive_feed_tick(feed, T0 + 2000 + 3600000);
	CHECK("on by an hour", wrote("\"code\":\"clock\",\"message\":"
	    "\"this machine's clock went 3601 s on at once\"}"));
	CHECK("no silence of an hour", wrote("\"timestamp\":1790000000000,"));
	clear();
	print(T0 + 2000 + 3600000, T0 + 2000, 2);
	CHECK("the event does not agree", wrote("\"message\":\"events are "
	    "3600 s behind this machine's clock\"}"));
	CHECK("nor is it late", !memmem(outlet.out.buf.p, outlet.out.buf.n,
	    "is_late", 7));
	clear();
	massive_feed_tick(feed, T0 + 3000);
	CHECK("and back", wrote("\"this machine's clock went 3599 s back\"}"));
	print(T0 + 3000, T0 + 3000, 3);
	clear();
	massive_feed_tick(feed, T0 + 4000);
	CHECK("as if nothing had been", wrote("\"timestamp\":1790000003000,"));
	CHECK("no age is negative", wrote("\"lag_ms\":0,"));
	/* It slept for an hour: the event of now agrees with the clock. */
	massive_feed_tick(feed, T0 + 3600000);
	print(T0 + 3600100, T0 + 3600000, 4);
	clear();
	massive_feed_tick(feed, T0 + 3601100);
	CHECK("the promise comes after",
	    wrote("\"timestamp\":1790003600000,"));
	end();
}

/* A gap: from the last event to the first one after trades are confirmed. */
static void
check_gap(void)
{
	begin();
	massive_feed_live(feed, T0);
	print(T0 + 100, T0 + 50, 1);
	clear();
	massive_feed_lost(feed, T0 + 500, SLICE("why"));
	CHECK("open", wrote("\"state\":\"open\",\"from_ts\":1790000000050,"
	    "\"symbols\""));
	clear();
	massive_feed_lost(feed, T0 + 900, SLICE("again"));
	CHECK_INT("the same gap goes on", outlet.out.buf.n, 0);
	massive_feed_live(feed, T0 + 1000);
	clear();
	print(T0 + 1200, T0 + 1150, 2);
	CHECK("its end", wrote("\"state\":\"lost\",\"from_ts\":1790000000050,"
	    "\"to_ts\":1790000001150,"));
	CHECK("the gap before the print", outlet.out.buf.n > 12 &&
	    memcmp(outlet.out.buf.p, "{\"record\":\"gap", 14) == 0);
	massive_feed_lost(feed, T0 + 1300, SLICE("why"));
	massive_feed_live(feed, T0 + 1400);
	clear();
	massive_feed_tick(feed, T0 + 3399);
	CHECK("quiet, not yet", !memmem(outlet.out.buf.p, outlet.out.buf.n,
	    "gap", 3));
	massive_feed_tick(feed, T0 + 3400);
	CHECK("after 2 s without an event it ends", wrote("-2\",\"state\":"
	    "\"lost\",\"from_ts\":1790000001150,\"to_ts\":1790000002350,"));
	end();
}

static char asked[512];

static void
on_get(void *ctx, const char *path)
{
	(void)ctx;
	snprintf(asked, sizeof(asked), "%s", path);
}

/* Answers what is asked: the contract traded, and these are its prints. */
static void
answer(int64_t now, const char *prints)
{
	static const char chain[] = "{\"results\":[{\"details\":{\"ticker\":"
	    "\"O:KO261218C00070000\",\"contract_type\":\"call\","
	    "\"expiration_date\":\"2026-12-18\",\"strike_price\":70,"
	    "\"shares_per_contract\":100},\"day\":{\"volume\":9}}]}";

	while (asked[0] != '\0') {
		const char *body = strncmp(asked, "/v3/snapshot/", 13) == 0 ?
		    chain : strncmp(asked, "/v3/trades/", 11) == 0 ? prints :
		    NULL;

		asked[0] = '\0';
		massive_feed_reply(feed, now, body == NULL ? 404 : 200,
		    (struct slice){ body, body == NULL ? 0 : strlen(body) });
	}
}

#define ROW(price, ms) "{\"sip_timestamp\":" #ms "000000,\"exchange\":302," \
	"\"price\":" #price ",\"size\":1,\"conditions\":[209]}"

/* Two gaps that share a millisecond; of it the first was told one print. */
static void
check_fetched(void)
{
	static const char *const names[] = { "KO" };
	struct massive_feed_setup setup = { .desk = &desk, .delay_ms = 1000,
	    .base = "https://api.massive.com", .budget = 50, .get = on_get };

	begin();
	massive_feed_free(feed);
	feed = massive_feed_new(&setup);
	all.symbols = names;
	all.n = 1;
	massive_feed_live(feed, T0);
	for (int i = 0; i < 3; i++) {
		massive_feed_tick(feed, T0 + i);
		answer(T0, "");
	}
	print(T0 + 10, T0 + 10, 101);
	for (int gap = 0; gap < 2; gap++) {
		int64_t t = T0 + 100 + 500 * gap;

		massive_feed_lost(feed, t, SLICE("why"));
		massive_feed_live(feed, t + 50);
		print(t + 60, t + 60, 102 + gap);
		clear();
		massive_feed_tick(feed, t + 4000);
		answer(t + 4000, gap == 0 ?
		    "{\"results\":[" ROW(2.5, 1790000000090) "]}" :
		    "{\"results\":[" ROW(2.5, 1790000000090) ","
		    ROW(2.75, 1790000000090) "]}");
		CHECK("its own number", wrote(gap == 0 ?
		    "\"O:KO261218C00070000:1790000000090:CBOE:1\"" :
		    "\"O:KO261218C00070000:1790000000090:CBOE:2\""));
	}
	CHECK("only the other print", !memmem(outlet.out.buf.p,
	    outlet.out.buf.n, ":CBOE:1\"", 9));
	end();
}

/* Blind from the start is blind, not quiet. */
static void
check_start(void)
{
	begin();
	massive_feed_tick(feed, T0);
	clear();
	massive_feed_lost(feed, T0 + 100, SLICE("refused"));
	CHECK("told", wrote("{\"record\":\"status\",\"stage\":\"flow-tap\","
	    "\"severity\":\"warning\",\"code\":\"feed_lost\",\"message\":"
	    "\"refused\"}\n{\"record\":\"gap\",\"gap_id\":"
	    "\"0000000000000000-1\",\"state\":\"open\",\"from_ts\":"
	    "1790000000100,\"symbols\":[\"*\"],\"reason\":\"DISCONNECT\"}\n"));
	clear();
	massive_feed_lost(feed, T0 + 700, SLICE("refused"));
	CHECK_INT("once", outlet.out.buf.n, 0);
	massive_feed_live(feed, T0 + 1000);
	clear();
	print(T0 + 1200, T0 + 1150, 1);
	CHECK("until the first event", wrote("\"state\":\"lost\",\"from_ts\":"
	    "1790000000100,\"to_ts\":1790000001150,"));
	end();
}

/* A minute's bar that ends at a time, as it comes from the stream. */
static void
minute(int64_t end_ts)
{
	struct buf frame = BUF_INIT;

	buf_fmt(&frame, "[{\"ev\":\"AM\",\"sym\":\"KO\",\"o\":1,\"h\":1,"
	    "\"l\":1,\"c\":1,\"v\":1,\"s\":%lld,\"e\":%lld}]",
	    (long long)end_ts - 60000, (long long)end_ts);
	massive_feed_frame(feed, end_ts + 10, MASSIVE_WIRE_STOCKS,
	    (struct slice){ frame.p, frame.n });
	buf_free(&frame);
}

/* How many bars were written since. */
static int
bars(void)
{
	const char *p = outlet.out.buf.p, *end = p + outlet.out.buf.n;
	int n = 0;

	for (; p != NULL && (p = memmem(p, (size_t)(end - p),
	    "\"bar\"", 5)) != NULL; p++)
		n++;
	clear();
	return n;
}

/* The stream's bars wait for those of the past, but not for ever. */
static void
check_bars(void)
{
	static const char *const symbols[] = { "KO" };
	const struct slice none = SLICE("[]");
	struct massive_feed_setup setup = { .desk = &desk, .delay_ms = 1000,
	    .base = "https://api.massive.com", .budget = 10, .days = 5 };

	begin();
	all.symbols = symbols;
	all.n = 1;
	massive_feed_free(feed);
	feed = massive_feed_new(&setup);
	minute(T0);
	minute(T0 + 60000);
	CHECK_INT("they wait", bars(), 0);
	minute(T0 + 120000);
	CHECK_INT("still", bars(), 0);
	minute(T0 + 180000);
	CHECK_INT("long enough", bars(), 4);
	minute(T0 + 240000);
	CHECK_INT("no more", bars(), 1);
	end();

	begin();
	all.symbols = symbols;
	all.n = 1;
	massive_feed_free(feed);
	feed = massive_feed_new(&setup);
	minute(T0);
	massive_feed_live(feed, T0);
	for (int i = 0; i < 3; i++)
		massive_feed_reply(feed, T0, 200, none);
	CHECK_INT("the day's minutes and the days are yet to come", bars(),
	    0);
	massive_feed_reply(feed, T0, 200, SLICE("{\"results\":[{\"t\":"
	    "1789704000000,\"o\":1,\"h\":1,\"l\":1,\"c\":1}]}"));
	CHECK_INT("that of Friday, then the one that waited", bars(), 2);
	minute(T0 + 60000);
	CHECK_INT("from then on at once", bars(), 1);
	end();
	all.n = 0;
}

/* domain.md 1.2: the last valid price at or before the trade. */
static void
check_underlying(void)
{
	static const struct {
		const char *what;
		int t;		/* of the print, ms after T0 */
		const char *want;
	} prints[] = {
		{ "before all prices", 99, "\"exchange\":\"CBOE\","
		    "\"conditions\":[\"AUTO\"]}" },
		{ "at the first", 100, "\"underlying_price\":70.01,"
		    "\"underlying_age_ms\":0" },
		{ "the last of one time counts", 299,
		    "\"underlying_price\":70.02,\"underlying_age_ms\":99" },
		{ "a later price is here already", 4999,
		    "\"underlying_price\":70.02,\"underlying_age_ms\":4799" },
		{ "at the newest", 5200, "\"underlying_price\":70.04,"
		    "\"underlying_age_ms\":100" }
	};

	begin();
	share(T0, T0 + 100, 7001);
	share(T0, T0 + 200, 7005);
	share(T0, T0 + 200, 7002);
	share(T0, T0 + 150, 6900);	/* out of order: left out */
	for (int i = 0; i < 100; i++)
		share(T0, T0 + 5000 + i, 7003);
	share(T0, T0 + 5100, 7004);
	for (size_t i = 0; i < sizeof(prints) / sizeof(*prints); i++) {
		clear();
		print(T0 + 5300, T0 + prints[i].t, (int)i + 1);
		CHECK(prints[i].what, wrote(prints[i].want));
	}
	/* Only what is 5 s older than the newest is forgotten. */
	for (int i = 0; i < 20000; i++)
		share(T0, T0 + 6000 + i, 7100 + i % 7);
	clear();
	print(T0 + 26000, T0 + 21001, 9);
	CHECK("5 s ago", wrote("\"underlying_price\":71,"
	    "\"underlying_age_ms\":0"));
	clear();
	print(T0 + 26000, T0 + 5150, 10);
	CHECK("forgotten", !memmem(outlet.out.buf.p, outlet.out.buf.n,
	    "underlying", 10));
	end();
}

int
main(void)
{
	log_level_set(LOG_ERROR);
	check_promise();
	check_shed();
	check_clock();
	check_steps();
	check_gap();
	check_start();
	check_fetched();
	check_bars();
	check_underlying();
	return check_end();
}
