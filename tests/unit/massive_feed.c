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

#define T0 INT64_C(1790000000000)	/* 2026-09-21 13:33:20 UTC, a Monday */

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
	return check_end();
}
