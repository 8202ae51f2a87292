#include "tap/massive_options.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "net/loop.h"
#include "tap/sorted.h"

void
massive_options_init(struct massive_options *options)
{
	*options = (struct massive_options){ .underlying = true,
		.rest_url = "https://api.massive.com", .watermark_ms = 1000,
		.backoff_ms = 500, .backoff_most_ms = 30000,
		.silence_ms = 12000, .quotes_max = 1000, .budget = 500,
		.warm_days = 60 };
}

void
massive_options_free(struct massive_options *options)
{
	secret_free(options->key);
	free(options->url);
}

void
massive_options_rows(struct massive_options *o,
    struct opt rows[MASSIVE_OPTIONS_ROWS])
{
	const struct opt all[] = {
		{ 0, "delayed", "feed.delayed", NULL, OPT_FLAG, &o->delayed,
		    NULL, 0, 0, NULL, "the plan's data are 15 minutes late" },
		{ 0, "underlying", "feed.underlying", NULL, OPT_FLAG,
		    &o->underlying, NULL, 0, 0, NULL, "take the underlyings' "
		    "prices from the feed, too (default), or not: =no" },
		{ 0, "quotes-max", "feed.quotes_max", NULL, OPT_INT,
		    &o->quotes_max, "N", 0, 1000000, NULL,
		    "contracts whose quotes are asked for at once" },
		{ 0, "watermark-delay", "feed.watermark_delay_ms", NULL,
		    OPT_DURATION, &o->watermark_ms, "TIME", 0, 3600000, NULL,
		    "how far heartbeats stay behind the feed" },
		{ 0, "silence", "feed.silence_ms", NULL, OPT_DURATION,
		    &o->silence_ms, "TIME", 100, 3600000, NULL,
		    "take a connection for dead that is silent so long" },
		{ 0, "backoff", "feed.backoff_ms", NULL, OPT_DURATION,
		    &o->backoff_ms, "TIME", 10, 3600000, NULL,
		    "wait before connecting again, doubling" },
		{ 0, "backoff-max", "feed.backoff_max_ms", NULL, OPT_DURATION,
		    &o->backoff_most_ms, "TIME", 10, 3600000, NULL,
		    "at most" },
		{ 0, "stream-url", "feed.stream_url", NULL, OPT_TEXT,
		    &o->stream_url, "URL", 0, 0, NULL,
		    "another server of the feed" },
		{ 0, "rest-url", "feed.rest_url", NULL, OPT_TEXT,
		    &o->rest_url, "URL", 0, 0, NULL,
		    "another server of the feed's requests" },
		{ 0, "gap-requests", "feed.gap_requests", NULL, OPT_INT,
		    &o->budget, "N", 0, 1000000, NULL,
		    "requests that filling a gap may cost; 0: ask nothing" },
		{ 0, "warm-days", "feed.warm_days", NULL, OPT_INT,
		    &o->warm_days, "N", 0, 1000, NULL, "begin with bars of "
		    "the N trading days before; 0: no bars" },
		{ 0, "backfill", NULL, NULL, OPT_TEXT, &o->backfill,
		    "DAYS", 0, 0, NULL, "instead of the stream, a past day "
		    "or FIRST..LAST" },
		{ 0, "refresh-tables", NULL, NULL, OPT_FLAG,
		    &o->refresh_tables, NULL, 0, 0, NULL, "fetch the tables of "
		    "conditions and exchanges, and exit" },
		{ 0, "requests-per-minute", "feed.requests_per_minute", NULL,
		    OPT_INT, &o->per_minute, "N", 0, 100000, NULL,
		    "most requests a minute; 0: no limit" },
		{ 0, "ca-file", "feed.ca_file", NULL, OPT_TEXT, &o->ca_file,
		    "FILE", 0, 0, NULL,
		    "certificates to trust instead of the system's" },
		{ 0, NULL, "feed.key_file", NULL, OPT_TEXT, &o->key_file,
		    NULL, 0, 0, NULL, "holds the key" }
	};

	_Static_assert(sizeof(all) == MASSIVE_OPTIONS_ROWS * sizeof(*rows),
	    "MASSIVE_OPTIONS_ROWS is their number");
	memcpy(rows, all, sizeof(all));
}

int
massive_options_key(struct massive_options *options, struct err *err)
{
	static const char *const names[] = { "POLYGON_MASSIVE_KEY",
	    "POLYGON_API_KEY", "MASSIVE_API_KEY", NULL };

	return secret_read(names, options->key_file, &options->key, err);
}

int
massive_options_servers(struct massive_options *o, struct err *err)
{
	struct buf text = BUF_INIT;

	if (o->stream_url == NULL)
		o->stream_url = o->delayed ? "https://delayed.massive.com" :
		    "https://socket.massive.com";
	/* "wss://" is "https://" to whoever connects. */
	if (strncmp(o->stream_url, "ws", 2) == 0) {
		buf_fmt(&text, "http%s%c", o->stream_url + 2, '\0');
		o->stream_url = o->url = text.p;
	}
	if (!massive_live_url_ok(o->stream_url))
		return err_set(err, "--stream-url: neither wss:// nor on this "
		    "machine");
	if (!massive_live_url_ok(o->rest_url))
		return err_set(err, "--rest-url: neither https:// nor on this "
		    "machine");
	return 0;
}

void
massive_options_setup(const struct massive_options *o,
    struct massive_live_setup *setup)
{
	*setup = (struct massive_live_setup){ .key = o->key,
	    .stream_url = o->stream_url, .rest_url = o->rest_url,
	    .ca_file = o->ca_file, .budget = o->budget,
	    .days = o->warm_days,
	    .per_minute = o->per_minute, .delayed = o->delayed,
	    .stocks = o->underlying, .delay_ms = o->watermark_ms,
	    .backoff_ms = o->backoff_ms,
	    .backoff_most_ms = o->backoff_most_ms,
	    .silence_ms = o->silence_ms, .quotes = o->quotes_max };
}

int
massive_options_past(const struct massive_options *o,
    struct massive_past_setup *setup, struct err *err)
{
	const char *dots = strstr(o->backfill, "..");
	size_t n = dots == NULL ? strlen(o->backfill) :
	    (size_t)(dots - o->backfill);
	struct cal_time now;

	*setup = (struct massive_past_setup){ .key = o->key,
	    .rest_url = o->rest_url, .ca_file = o->ca_file,
	    .budget = o->budget, .per_minute = o->per_minute,
	    .days = o->warm_days, .memory = SORTED_MEMORY };
	cal_new_york(loop_wall_ms(), &now);
	setup->first = day_parse(o->backfill, n);
	setup->last = dots == NULL ? setup->first :
	    day_parse(dots + 2, strlen(dots + 2));
	if (setup->first == DAY_NONE || setup->last == DAY_NONE ||
	    setup->first > setup->last)
		return err_set(err, "--backfill: neither a date nor "
		    "FIRST..LAST");
	if (setup->last > now.day)
		return err_set(err, "--backfill: the day is yet to come");
	if (o->budget == 0)
		return err_set(err, "--backfill: not with --gap-requests 0");
	if (setup->first == setup->last && !cal_is_open(setup->first))
		return err_set(err, "--backfill: %s: no trading day",
		    o->backfill);
	return cal_known(setup->first, err);
}
