#include "tap/massive_replay.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tap/clock.h"

/* The symbols of "A,B" as an array; it points into the text. */
static const char **
massive_replay_symbols(char *text, size_t *n)
{
	const char **symbols = NULL;
	size_t cap = 0;

	*n = 0;
	if (strcmp(text, "*") == 0)
		return NULL;
	for (char *p = text; p != NULL; ) {
		char *end = strchr(p, ',');

		if (end != NULL)
			*end++ = '\0';
		if (*n == cap) {
			cap = 2 * cap + 8;
			symbols = buf_realloc(symbols, cap,
			    sizeof(*symbols));
		}
		symbols[(*n)++] = p;
		p = end;
	}
	return symbols;
}

/* A reply is its status, a newline, and its body. */
static void
massive_replay_page(struct massive_feed *feed, int64_t at, struct slice bytes)
{
	const char *end = bytes.n == 0 ? NULL :
	    memchr(bytes.p, '\n', bytes.n);
	size_t n = end == NULL ? 0 : (size_t)(end - bytes.p);
	int status = day_digits(bytes.p, n);

	if (end != NULL && status >= 0)
		massive_feed_reply(feed, at, status, (struct slice){ end + 1,
		    bytes.n - n - 1 });
}

static void
massive_replay_one(struct massive_feed *feed, int64_t at,
    enum massive_raw_what what, struct slice bytes)
{
	switch (what) {
	case MASSIVE_RAW_OPTIONS:
		massive_feed_frame(feed, at, MASSIVE_WIRE_OPTIONS, bytes);
		break;
	case MASSIVE_RAW_STOCKS:
		massive_feed_frame(feed, at, MASSIVE_WIRE_STOCKS, bytes);
		break;
	case MASSIVE_RAW_INDICES:
		massive_feed_frame(feed, at, MASSIVE_WIRE_INDICES, bytes);
		break;
	case MASSIVE_RAW_LIVE:
		massive_feed_live(feed, at);
		break;
	case MASSIVE_RAW_LOST:
		massive_feed_lost(feed, at, bytes);
		break;
	case MASSIVE_RAW_TICK:
		massive_feed_tick(feed, at);
		break;
	case MASSIVE_RAW_PAGE:
		massive_replay_page(feed, at, bytes);
		break;
	case MASSIVE_RAW_TABLES:
		massive_feed_tables(feed, bytes);
		break;
	case MASSIVE_RAW_BYE:
		break;
	case MASSIVE_RAW_SHED:
	case MASSIVE_RAW_KEEP:
		massive_feed_shed(feed, at, what == MASSIVE_RAW_SHED);
		break;
	}
}

/* To its end; bye says what the run said, "end" when it was cut short. */
static int
massive_replay_all(struct massive_raw_in *in, struct massive_feed *feed,
    struct desk *desk, const volatile sig_atomic_t *stop)
{
	enum massive_raw_what what;
	char reason[16] = "end";
	struct slice bytes;
	struct err err;
	int64_t at;
	int r = 1, status;

	while (*stop == 0 && !outlet_failed(desk->outlet) &&
	    (r = massive_raw_next(in, &at, &what, &bytes, &err)) > 0) {
		massive_replay_one(feed, at, what, bytes);
		if (what == MASSIVE_RAW_BYE && bytes.n < sizeof(reason)) {
			memcpy(reason, bytes.p, bytes.n);
			reason[bytes.n] = '\0';
		}
	}
	if (r < 0)
		log_warning("%s", err.text);
	status = r < 0 || desk->control->rejected > 0 ? EXIT_PARTIAL :
	    EXIT_DONE;
	if (*stop == 0) {
		massive_feed_end(feed);
		desk_bye(desk, reason, status);
	}
	return status;
}

int
massive_replay_run(struct replay *replay, struct desk *desk,
    struct select *select, const volatile sig_atomic_t *stop)
{
	struct massive_raw_head *head = buf_alloc(1, sizeof(*head));
	struct massive_feed_setup setup = { .desk = desk };
	struct massive_raw_in *in;
	struct massive_feed *feed;
	struct desk_hello hello;
	const char **symbols = NULL;
	size_t n = 0;
	struct err err;
	int status;

	in = massive_raw_open(replay, head, &err);
	if (in != NULL && select->n == 0)
		symbols = massive_replay_symbols(head->symbols, &n);
	if (in == NULL || (n > 0 &&
	    select_names(select, symbols, n, &err) < 0)) {
		log_error("%s", err.text);
		massive_raw_in_free(in);
		free(symbols);
		free(head);
		return EXIT_USAGE;
	}
	setup.delay_ms = head->delay_ms + head->late_ms;
	setup.late_ms = head->late_ms;
	setup.budget = head->budget;
	setup.days = head->days;
	setup.base = head->base;
	hello = (struct desk_hello){ .run = head->run, .feed = "massive",
	    .mode = head->mode, .coverage = "live", .replayed = true,
	    .caps = { .quotes = head->late_ms == 0, .conditions = true,
	    .exchange = true, .resolution_e6 = clock_resolution_e6(3) } };
	desk->live = true;
	desk_hello(desk, &hello);
	feed = massive_feed_new(&setup);
	status = massive_replay_all(in, feed, desk, stop);
	massive_feed_free(feed);
	massive_raw_in_free(in);
	free(symbols);
	free(head);
	return status;
}
