/*
 * flow-tap: where a stream of option trades begins.
 *
 * Does: takes a live feed (--feed), reads recorded prints and quotes (--replay)
 * or makes a session up (--demo), normalises symbols, conditions, exchanges and
 * times, joins each print with the quote it met, and writes everything as one
 * stream in order of event time.
 * Adds: what the man page lists as stage T, hello, heartbeats, bye.
 * Does not: judge a print; that is flow-classify's work.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/conf.h"
#include "base/decimal.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/secret.h"
#include "record/osi.h"
#include "tap/bars.h"
#include "tap/columns.h"
#include "tap/demo.h"
#include "tap/desk.h"
#include "tap/ib_options.h"
#include "tap/ib_run.h"
#include "tap/massive_check.h"
#include "tap/massive_live.h"
#include "tap/massive_replay.h"
#include "tap/massive_universe.h"
#include "tap/prints.h"
#include "tap/recording.h"
#include "tap/records.h"
#include "tap/replay.h"
#include "tap/sorted.h"

static volatile sig_atomic_t tap_stop;	/* the signal that came, or 0 */

/* Formats of files; their numbers are part of a run's identity. */
enum tap_input {
	TAP_FLOW, TAP_CSV, TAP_AUTO, TAP_LIVEVOL, TAP_MASSIVE,
	TAP_RAW			/* frames of a live feed; never asked for */
};

/* Live feeds. */
enum tap_feed { TAP_NO_FEED = -1, TAP_FEED_MASSIVE, TAP_FEED_IB };

struct options {
	struct opt_list replay, quotes, columns, bars;
	int input, codes, quotes_out;
	int64_t multiplier, quote_lag_ms;
	const char *since, *until, *speed, *record, *journal;
	bool follow, durable;
	bool demo;
	const char *date, *rate;
	int feed;
	bool delayed, underlying, check;
	const char *key_file, *stream_url, *rest_url, *ca_file;
	int64_t watermark_ms, backoff_ms, backoff_most_ms, silence_ms;
	int64_t quotes_max, budget, per_minute, universe;
	struct ib_options ib;
};

struct state {
	struct options opts;
	struct demo_setup demo;
	struct conf *conf;
	struct columns columns, livevol, massive, massive_quotes;
	struct select select;
	struct control control;
	struct outlet outlet;
	struct contract_book book;
	struct source_merge merge;
	struct replay **recordings;	/* of them n_recordings */
	size_t n_recordings;
	int64_t *sizes;			/* of replays, quotes, bars, in order */
	bool has_massive;		/* a massive-flat file was opened */
	int64_t speed_e4;
	char *key;			/* of a live feed */
	char *url;			/* of its stream, as it is used */
	struct replay *raw;		/* frames to replay, or NULL */
	volatile sig_atomic_t never;	/* 0: Interactive Brokers' run ends
					 * itself, and what it held still
					 * leaves */
};

/* A percentage of the demo. */
#define TAP_SHARE(name, which, help) \
	{ 0, name, NULL, NULL, OPT_DECIMAL, &d->share[which], "PERCENT", \
	    0, 1000000, NULL, help }

static void
tap_parse(struct state *state, int argc, char *argv[], int *n)
{
	static const char *const inputs[] = {
		"flow", "csv", "auto", "livevol", "massive-flat", NULL
	};
	static const char *const codes[] = {
		"names", "opra", "massive", "thetadata", NULL
	};
	static const char *const which[] = { "all", "traded", "none", NULL };
	static const char *const feeds[] = { "massive", "ib", NULL };
	struct options *o = &state->opts;
	struct demo_setup *d = &state->demo;
	const struct opt rows[] = {
		{ 0, "replay", NULL, NULL, OPT_LIST, &o->replay, "FILE", 0, 0,
		    NULL, "read FILE, a journal's folder, or - for standard "
		    "input; repeatable" },
		{ 0, "input", NULL, NULL, OPT_CHOICE, &o->input, "FORMAT",
		    0, 0, inputs, "format of the files" },
		{ 0, "quotes", NULL, NULL, OPT_LIST, &o->quotes, "FILE", 0, 0,
		    NULL, "massive-flat quotes for the prints; repeatable" },
		{ 0, "bars", NULL, NULL, OPT_LIST, &o->bars, "FILE", 0, 0,
		    NULL, "csv of minute or daily bars; repeatable" },
		{ 0, "columns", NULL, NULL, OPT_LIST, &o->columns,
		    "FIELD=HEADER,...", 0, 0, NULL,
		    "what the columns of a csv file are; repeatable" },
		{ 0, "codes", NULL, NULL, OPT_CHOICE, &o->codes, "WHOSE",
		    0, 0, codes, "numbering of exchanges and conditions in "
		    "a csv file" },
		{ 0, "multiplier", NULL, NULL, OPT_INT, &o->multiplier, "N",
		    1, 1000000, NULL, "multiplier of prints that name none" },
		{ 0, "quote-lag", "feed.quote_lag_ms", NULL, OPT_DURATION,
		    &o->quote_lag_ms, "TIME", 0, 1000, NULL, "how long a "
		    "quote must stand before the print that uses it" },
		{ 0, "quotes-out", NULL, NULL, OPT_CHOICE, &o->quotes_out,
		    "WHICH", 0, 0, which, "quote records that are passed on" },
		{ 's', "since", NULL, NULL, OPT_TEXT, &o->since, "TIME", 0, 0,
		    NULL, "leave out what is earlier" },
		{ 'u', "until", NULL, NULL, OPT_TEXT, &o->until, "TIME", 0, 0,
		    NULL, "leave out this time and what is later" },
		{ 0, "speed", NULL, NULL, OPT_TEXT, &o->speed, "N", 0, 0,
		    NULL, "N times as fast as it happened, or max" },
		{ 0, "record", NULL, NULL, OPT_TEXT, &o->record, "FILE", 0, 0,
		    NULL, "write the stream to FILE as well" },
		{ 0, "journal", NULL, NULL, OPT_TEXT, &o->journal, "DIR", 0,
		    0, NULL, "keep the stream in DIR, a folder a trade date" },
		{ 0, "durable", NULL, NULL, OPT_FLAG, &o->durable, NULL, 0, 0,
		    NULL, "sync the journal with each write" },
		{ 0, "follow", NULL, NULL, OPT_FLAG, &o->follow, NULL, 0, 0,
		    NULL, "replay a journal from its newest trade date on, "
		    "and go on as it grows" },
		{ 0, "demo", NULL, NULL, OPT_FLAG, &o->demo, NULL, 0, 0,
		    NULL, "make up a session of the symbols" },
		{ 0, "date", NULL, NULL, OPT_TEXT, &o->date, "DATE", 0, 0,
		    NULL, "trade date of the demo" },
		{ 0, "seed", NULL, NULL, OPT_INT, &d->seed, "N", 0, INT64_MAX,
		    NULL, "another demo for each number" },
		{ 0, "rate", NULL, NULL, OPT_TEXT, &o->rate, "N/s", 0, 0,
		    NULL, "prints a second of the demo, all symbols together" },
		{ 0, "for", NULL, NULL, OPT_DURATION, &d->span_ms, "TIME",
		    1, 86400000, NULL, "end the demo so long after the open" },
		{ 0, "truth", NULL, NULL, OPT_FLAG, &d->truth, NULL, 0, 0,
		    NULL, "let prints of the demo say who really traded" },
		{ 0, "demo-quote-delay", NULL, NULL, OPT_DURATION,
		    &d->delay_ms, "TIME", 0, 600000, NULL,
		    "how late quotes come" },
		{ 0, "demo-displayed", NULL, NULL, OPT_INT, &d->displayed,
		    "N", 1, 100000, NULL, "contracts at a quote, about" },
		{ 0, "demo-stories", NULL, NULL, OPT_FLAG, &d->stories, NULL,
		    0, 0, NULL, "plant stories (default), or not: =no" },
		TAP_SHARE("demo-resting", DEMO_RESTING,
		    "single orders that wait, not take"),
		TAP_SHARE("demo-hidden", DEMO_HIDDEN,
		    "of these: unseen, inside the quote"),
		TAP_SHARE("demo-full-fills", DEMO_FULL_FILLS,
		    "of those at the quote: filled whole"),
		TAP_SHARE("demo-improved", DEMO_IMPROVED,
		    "takers who trade inside a quote 0.05 wide"),
		TAP_SHARE("demo-iso", DEMO_ISO,
		    "takers marked ISO on one exchange only"),
		TAP_SHARE("demo-cancels", DEMO_CANCELS,
		    "prints taken back"),
		TAP_SHARE("demo-lates", DEMO_LATES,
		    "takers reported late"),
		TAP_SHARE("demo-sweeps", DEMO_SWEEPS,
		    "orders that are sweeps"),
		TAP_SHARE("demo-blocks", DEMO_BLOCKS,
		    "orders that are blocks"),
		TAP_SHARE("demo-splits", DEMO_SPLITS,
		    "orders that come in pieces"),
		TAP_SHARE("demo-auctions", DEMO_AUCTIONS,
		    "orders that are auctioned"),
		TAP_SHARE("demo-crosses", DEMO_CROSSES,
		    "orders that are crossed"),
		TAP_SHARE("demo-complex", DEMO_COMPLEX,
		    "orders that are spreads"),
		{ 0, "feed", "feed.name", NULL, OPT_CHOICE, &o->feed, "NAME",
		    0, 0, feeds, "a live feed" },
		{ 0, "check", NULL, NULL, OPT_FLAG, &o->check, NULL, 0, 0,
		    NULL, "say what the feed can do for us, and exit" },
		{ 0, "universe", NULL, NULL, OPT_INT, &o->universe, "N", 1,
		    100000, NULL, "massive: print the N symbols with most "
		    "shares traded on the day before, and exit; ib: take N "
		    "symbols that a scanner names" },
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
		{ 0, "requests-per-minute", "feed.requests_per_minute", NULL,
		    OPT_INT, &o->per_minute, "N", 0, 100000, NULL,
		    "most requests a minute; 0: no limit" },
		{ 0, "ca-file", "feed.ca_file", NULL, OPT_TEXT, &o->ca_file,
		    "FILE", 0, 0, NULL,
		    "certificates to trust instead of the system's" },
		{ 0, NULL, "feed.key_file", NULL, OPT_TEXT, &o->key_file,
		    NULL, 0, 0, NULL, "holds the key" }
	};
	struct opt table[sizeof(rows) / sizeof(*rows) + IB_OPTIONS_ROWS + 1] =
	    { { .help = NULL } };
	const struct opt_command command = {
		.name = "flow-tap",
		.synopsis = "[options] --feed massive [symbol ...]\n"
		    "       flow-tap [options] --feed ib symbol ...\n"
		    "       flow-tap [options] --replay FILE [symbol ...]\n"
		    "       flow-tap [options] --demo symbol ...",
		.summary = "Starts a stream of option trades from a live "
		    "feed, recorded prints, or made-up ones.",
		.table = table
	};

	o->input = TAP_AUTO;
	o->quotes_out = -1;
	o->quote_lag_ms = 1;
	o->speed = "max";
	o->feed = TAP_NO_FEED;
	o->underlying = true;
	o->quotes_max = 1000;
	o->budget = 500;
	o->rest_url = "https://api.massive.com";
	o->watermark_ms = 1000;
	o->silence_ms = 12000;
	o->backoff_ms = 500;
	o->backoff_most_ms = 30000;
	demo_setup_init(d);
	ib_options_init(&o->ib);
	memcpy(table, rows, sizeof(rows));
	ib_options_rows(&o->ib, table + sizeof(rows) / sizeof(*rows));
	opt_parse(&command, argc, argv, n, &state->conf);
}

/* This feed may end with regular hours. */
static bool
tap_until_close(const struct options *o)
{
	return o->feed == TAP_FEED_IB && o->until != NULL &&
	    strcmp(o->until, "close") == 0;
}

static void
tap_check_times(struct state *state)
{
	const struct options *o = &state->opts;
	struct err err;

	if (o->since != NULL &&
	    select_parse_time(o->since, &state->select.since, &err) < 0)
		log_die(EXIT_USAGE, "--since: %s", err.text);
	if (o->until != NULL && !tap_until_close(o) &&
	    select_parse_time(o->until, &state->select.until, &err) < 0)
		log_die(EXIT_USAGE, "--until: %s", err.text);
	if (strcmp(o->speed, "max") != 0 &&
	    (decimal_parse(o->speed, strlen(o->speed), DECIMAL_E4,
	    &state->speed_e4, &err) < 0 || state->speed_e4 <= 0))
		log_die(EXIT_USAGE, "--speed: neither max nor a number "
		    "above 0");
}

static void
tap_check_demo(struct state *state)
{
	const struct options *o = &state->opts;
	struct demo_setup *setup = &state->demo;
	struct err err;

	if (o->replay.n > 0 || o->quotes.n > 0 || o->columns.n > 0 ||
	    o->bars.n > 0 || o->follow)
		log_die(EXIT_USAGE, "--demo: made-up prints are not mixed "
		    "with recorded ones");
	if (o->date != NULL && demo_setup_date(setup, o->date, &err) < 0)
		log_die(EXIT_USAGE, "--date: %s", err.text);
	if (o->rate != NULL && demo_setup_rate(setup, o->rate, &err) < 0)
		log_die(EXIT_USAGE, "--rate: %s", err.text);
	setup->symbols = state->select.symbols;
	setup->n = state->select.n;
	if (demo_setup_check(setup, &err) < 0)
		log_die(EXIT_USAGE, "--demo: %s", err.text);
}

/* "wss://" is "https://" to whoever connects. */
static void
tap_check_url(struct state *state)
{
	struct options *o = &state->opts;
	struct buf text = BUF_INIT;

	if (o->stream_url == NULL)
		o->stream_url = o->delayed ? "https://delayed.massive.com" :
		    "https://socket.massive.com";
	if (strncmp(o->stream_url, "ws", 2) == 0) {
		buf_fmt(&text, "http%s%c", o->stream_url + 2, '\0');
		o->stream_url = state->url = text.p;
	}
	if (!massive_live_url_ok(o->stream_url))
		log_die(EXIT_USAGE, "--stream-url: neither wss:// nor on this "
		    "machine");
	if (!massive_live_url_ok(o->rest_url))
		log_die(EXIT_USAGE, "--rest-url: neither https:// nor on this "
		    "machine");
}

/* With nothing said a key is enough: then its feed is meant. */
static void
tap_check_massive(struct state *state)
{
	static const char *const names[] = { "POLYGON_MASSIVE_KEY",
	    "POLYGON_API_KEY", "MASSIVE_API_KEY", NULL };
	struct options *o = &state->opts;
	struct err err;
	int r = secret_read(names, o->key_file, &state->key, &err);

	if (r < 0)
		log_die(EXIT_USAGE, "%s", err.text);
	if (r == 0 && o->feed == TAP_NO_FEED)
		log_die(EXIT_USAGE, "no source: say --feed, --replay FILE or "
		    "--demo SYMBOL ...");
	if (r == 0)
		log_die(EXIT_USAGE, "--feed massive: no key in "
		    "POLYGON_MASSIVE_KEY, POLYGON_API_KEY, MASSIVE_API_KEY "
		    "or feed.key_file");
	o->feed = TAP_FEED_MASSIVE;
	tap_check_url(state);
}

static void
tap_check_ib(struct state *state)
{
	static const char *const example[] = { "AAPL" };
	const struct options *o = &state->opts;

	if (o->universe > IB_RUN_MOST)
		log_die(EXIT_USAGE, "--universe: at most %d with --feed ib",
		    IB_RUN_MOST);
	if (o->universe > 0 && state->select.n > 0)
		log_die(EXIT_USAGE, "--universe: instead of symbols, not "
		    "beside them");
	if (o->universe > 0 || state->select.n > 0 ||
	    (o->ib.positions && !o->check))
		return;
	if (!o->check)
		log_die(EXIT_USAGE, "--feed ib: say which symbols, or "
		    "--universe N");
	state->select.symbols = example;
	state->select.n = 1;
}

/* Recorded and made-up prints need no feed, whatever the file names. */
static void
tap_check_feed(struct state *state)
{
	struct options *o = &state->opts;
	bool live = !o->demo && o->replay.n == 0 && o->bars.n == 0;

	if (!live)
		o->feed = TAP_NO_FEED;
	else if (o->feed == TAP_FEED_IB)
		tap_check_ib(state);
	else
		tap_check_massive(state);
	if (live && strcmp(o->speed, "max") != 0)
		log_die(EXIT_USAGE, "--speed: not with --feed");
	if ((o->check || o->universe > 0) && !live)
		log_die(EXIT_USAGE, "--%s: only with --feed",
		    o->check ? "check" : "universe");
	if (o->ib.positions && o->feed != TAP_FEED_IB)
		log_die(EXIT_USAGE, "--positions: only with --feed ib");
}

static void
tap_check(struct state *state, char *symbols[], int n)
{
	const struct options *o = &state->opts;
	struct err err;

	select_init(&state->select);
	state->select.symbols = (const char *const *)symbols;
	state->select.n = (size_t)n;
	for (int i = 0; i < n; i++)
		if (!osi_is_symbol((struct slice){ symbols[i],
		    strlen(symbols[i]) }))
			log_die(EXIT_USAGE, "%s: not a symbol", symbols[i]);
	if (o->demo)
		tap_check_demo(state);
	else if (o->date != NULL || o->rate != NULL ||
	    demo_setup_said(&state->demo) != NULL)
		log_die(EXIT_USAGE, "%s: only with --demo",
		    o->date != NULL ? "--date" : o->rate != NULL ? "--rate" :
		    demo_setup_said(&state->demo));
	tap_check_feed(state);
	if (o->follow && o->replay.n > 1)
		log_die(EXIT_USAGE, "--follow: one journal, no more");
	if (o->durable && o->journal == NULL)
		log_die(EXIT_USAGE, "--durable: only with --journal");
	if (o->input == TAP_CSV && o->columns.n == 0)
		log_die(EXIT_USAGE, "--input csv: needs --columns");
	if (o->columns.n > 0 && o->input != TAP_CSV && o->input != TAP_AUTO)
		log_die(EXIT_USAGE, "--columns: only for csv files");
	if (o->columns.n > 0 && columns_parse(&state->columns,
	    o->columns.items, o->columns.n, &err) < 0)
		log_die(EXIT_USAGE, "--%s", err.text);
	columns_vendor(&state->livevol, COLUMNS_LIVEVOL);
	columns_vendor(&state->massive, COLUMNS_MASSIVE);
	columns_vendor(&state->massive_quotes, COLUMNS_MASSIVE_QUOTES);
	tap_check_times(state);
}

static void
tap_on_signal(int number)
{
	tap_stop = number;
}

/* A broken pipe ends the run as a signal does: the recording is finished. */
static void
tap_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGPIPE };
	struct sigaction action = { .sa_handler = tap_on_signal };

	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		sigaction(numbers[i], &action, NULL);
}

/* What a file holds: TAP_AUTO stands for a recording. */
static enum tap_input
tap_detect(const struct state *state, struct replay *replay)
{
	enum tap_input input = (enum tap_input)state->opts.input;
	struct slice line;
	size_t i = 0;

	if (replay_is_journal(replay)) {
		if (input != TAP_AUTO && input != TAP_FLOW)
			log_die(EXIT_USAGE, "%s: a journal holds flow records",
			    replay_name(replay));
		return TAP_AUTO;
	}
	line = replay_peek(replay, LINE_MAX_BYTES);
	if (massive_raw_begins(line))
		return TAP_RAW;
	while (i < line.n && strchr(" \t\r\n", line.p[i]) != NULL)
		i++;
	if (input == TAP_AUTO) {
		if (line.n == 0 || (i < line.n && line.p[i] == '{'))
			input = TAP_FLOW;
		else if (state->opts.columns.n > 0)
			input = TAP_CSV;
		else if (columns_fit(&state->livevol, line))
			input = TAP_LIVEVOL;
		else if (columns_fit(&state->massive, line))
			input = TAP_MASSIVE;
		else
			log_die(EXIT_USAGE, "%s: neither flow records nor a "
			    "livevol or massive-flat file; for another csv "
			    "file say --columns", replay_name(replay));
	}
	if (input == TAP_FLOW && recording_begins(line))
		return TAP_AUTO;
	return input;
}

static struct replay *
tap_open_file(struct state *state, const char *name, int64_t *size)
{
	struct replay *replay;
	struct err err;

	replay = replay_open(name, state->opts.follow, &state->outlet,
	    &tap_stop, &err);
	if (replay != NULL) {
		*size = replay_size(replay);
		return replay;
	}
	log_die(EXIT_USAGE, "%s", err.text);
}

static void
tap_open_rows(struct state *state, struct replay *replay,
    const struct columns *columns, enum cond_codes codes)
{
	const struct prints_setup setup = { columns, codes, &state->book,
	    &state->control, SORTED_MEMORY, &state->select };
	struct source *source;
	struct err err;
	int status;

	source = prints_open(replay, &setup, &status, &err);
	if (source == NULL)
		log_die(status, "%s", err.text);
	source_merge_add(&state->merge, source);
	replay_free(replay);
}

static void
tap_open_one(struct state *state, size_t i)
{
	struct replay *replay = tap_open_file(state,
	    state->opts.replay.items[i], &state->sizes[i]);

	switch (tap_detect(state, replay)) {
	case TAP_AUTO:
		state->recordings[state->n_recordings++] = replay;
		break;
	case TAP_FLOW:
		source_merge_add(&state->merge, records_open(replay,
		    &state->book, &state->control));
		replay_free(replay);
		break;
	case TAP_CSV:
		tap_open_rows(state, replay, &state->columns,
		    (enum cond_codes)state->opts.codes);
		break;
	case TAP_LIVEVOL:
		tap_open_rows(state, replay, &state->livevol, COND_THETADATA);
		break;
	case TAP_RAW:
		state->raw = replay;
		break;
	case TAP_MASSIVE:
		state->has_massive = true;
		tap_open_rows(state, replay, &state->massive, COND_MASSIVE);
		break;
	}
}

static void
tap_open_quotes(struct state *state)
{
	const struct opt_list *quotes = &state->opts.quotes;
	int64_t *sizes = state->sizes + state->opts.replay.n;

	if (quotes->n > 0 && !state->has_massive && tap_stop == 0)
		log_die(EXIT_USAGE, "--quotes: only with a massive-flat file");
	for (size_t i = 0; i < quotes->n && tap_stop == 0; i++)
		tap_open_rows(state, tap_open_file(state, quotes->items[i],
		    &sizes[i]), &state->massive_quotes, COND_MASSIVE);
}

static void
tap_open_bars(struct state *state)
{
	const struct opt_list *bars = &state->opts.bars;
	const struct bars_setup setup = { &state->book, &state->control,
	    SORTED_MEMORY };
	int64_t *sizes = state->sizes + state->opts.replay.n +
	    state->opts.quotes.n;
	struct replay *replay;
	struct source *source;
	struct err err;
	int status;

	for (size_t i = 0; i < bars->n && tap_stop == 0; i++) {
		replay = tap_open_file(state, bars->items[i], &sizes[i]);
		source = bars_open(replay, &setup, &status, &err);
		if (source == NULL)
			log_die(status, "%s", err.text);
		source_merge_add(&state->merge, source);
		replay_free(replay);
	}
}

/* The time before the open is told at once, whatever the speed. */
static void
tap_open_demo(struct state *state)
{
	struct source *source;
	struct err err;

	source = demo_open(&state->demo, &state->book,
	    &state->outlet.begins, &err);
	if (source == NULL)
		log_die(EXIT_USAGE, "--demo: %s", err.text);
	source_merge_add(&state->merge, source);
}

static void
tap_open(struct state *state)
{
	size_t n = state->opts.replay.n;

	state->sizes = buf_alloc(n + state->opts.quotes.n +
	    state->opts.bars.n, sizeof(*state->sizes));
	state->recordings = buf_alloc(n, sizeof(struct replay *));
	source_merge_init(&state->merge);
	contract_book_init(&state->book);
	for (size_t i = 0; i < n && tap_stop == 0; i++)
		tap_open_one(state, i);
	tap_open_quotes(state);
	tap_open_bars(state);
	if (state->opts.demo)
		tap_open_demo(state);
	if (state->n_recordings > 0 && state->merge.n > 0)
		log_die(EXIT_USAGE, "%s: a recording has its own heartbeats "
		    "and cannot be mixed with other files",
		    replay_name(state->recordings[0]));
	if (state->raw != NULL && n + state->opts.quotes.n > 1)
		log_die(EXIT_USAGE, "%s: frames are replayed alone",
		    replay_name(state->raw));
}

/* True when both names are of one folder. */
static bool
tap_is_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	    x.st_ino == y.st_ino;
}

static void
tap_open_journal(struct state *state)
{
	const struct options *o = &state->opts;
	struct journal *journal;
	struct err err;

	for (size_t i = 0; i < o->replay.n; i++)
		if (tap_is_same(o->replay.items[i], o->journal))
			log_die(EXIT_USAGE, "--journal %s: is what is "
			    "replayed", o->journal);
	journal = journal_open(o->journal, o->durable, &err);
	if (journal == NULL)
		log_die(EXIT_SYSTEM, "%s", err.text);
	if (journal_torn(journal) > 0)
		log_warning("%s: an unfinished line of %" PRId64
		    " bytes was cut", o->journal, journal_torn(journal));
	outlet_journal(&state->outlet, journal);
}

static uint64_t
tap_hash(uint64_t hash, const char *text)
{
	do {		/* FNV-1a, the NUL included to part the texts */
		hash ^= (unsigned char)*text;
		hash *= UINT64_C(0x100000001b3);
	} while (*text++ != '\0');
	return hash;
}

static uint64_t
tap_hash_number(uint64_t hash, int64_t number)
{
	char text[DECIMAL_TEXT + 1];

	text[decimal_print_int(text, number)] = '\0';
	return tap_hash(hash, text);
}

/* Files and their sizes. */
static uint64_t
tap_hash_files(uint64_t hash, const struct opt_list *files,
    const int64_t *sizes)
{
	for (size_t i = 0; i < files->n; i++) {
		hash = tap_hash(hash, files->items[i]);
		hash = tap_hash_number(hash, sizes[i]);
	}
	return hash;
}

/* Which run this is: inputs and whatever else changes a byte. */
static uint64_t
tap_run(const struct state *state)
{
	const struct options *o = &state->opts;
	const int64_t numbers[] = { o->input, o->codes, o->quotes_out,
	    o->multiplier, o->quote_lag_ms, state->select.since,
	    state->select.until };
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	hash = tap_hash_files(hash, &o->replay, state->sizes);
	hash = tap_hash_files(hash, &o->quotes, state->sizes + o->replay.n);
	hash = tap_hash_files(hash, &o->bars, state->sizes + o->replay.n +
	    o->quotes.n);
	for (size_t i = 0; i < o->columns.n; i++)
		hash = tap_hash(hash, o->columns.items[i]);
	for (size_t i = 0; i < state->select.n; i++)
		hash = tap_hash(hash, state->select.symbols[i]);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		hash = tap_hash_number(hash, numbers[i]);
	if (o->demo)
		hash ^= demo_setup_hash(&state->demo);
	return hash;
}

static int
tap_replay_recordings(struct state *state)
{
	int status = EXIT_DONE, part;

	for (size_t i = 0; i < state->n_recordings && tap_stop == 0 &&
	    !outlet_failed(&state->outlet); i++) {
		part = recording_replay(state->recordings[i], &state->select,
		    &state->control, &state->outlet, &tap_stop);
		if (status < part)
			status = part;
	}
	return status;
}

static void
tap_desk(struct state *state, struct desk *desk)
{
	const struct options *o = &state->opts;

	desk_init(desk, &state->control, &state->outlet, &state->select,
	    &state->book);
	desk->stamp.multiplier = o->multiplier;
	desk->rule.lag_ns = o->quote_lag_ms * 1000000;
	desk->rule.fixed =
	    conf_get(state->conf, "feed.quote_lag_ms", NULL) != NULL;
	desk->quotes = desk->row_quotes = (enum desk_quotes)o->quotes_out;
	if (o->quotes_out < 0) {
		desk->quotes = DESK_ALL;
		desk->row_quotes = DESK_NONE;
	}
}

static int
tap_replay_raw(struct state *state)
{
	struct desk desk;
	int status;

	tap_desk(state, &desk);
	status = massive_replay_run(state->raw, &desk, &state->select,
	    &tap_stop);
	desk_free(&desk);
	return status;
}

/* ---- live feeds ---- */

/* Whether a feed can be had: its answer is the exit status. */
static int
tap_check_key(struct state *state)
{
	const struct options *o = &state->opts;
	struct massive_check_setup setup = { state->key, o->stream_url,
	    o->rest_url, o->ca_file, state->select.n > 0 ?
	    state->select.symbols[0] : "AAPL", o->silence_ms };

	return massive_check_run(&setup, outlet_buf(&state->outlet)) ?
	    EXIT_DONE : EXIT_NO;
}

static int
tap_universe(struct state *state)
{
	const struct options *o = &state->opts;
	struct massive_universe_setup setup = { state->key, o->rest_url,
	    o->ca_file, (size_t)o->universe };
	struct err err;
	int status;

	status = massive_universe_run(&setup, outlet_buf(&state->outlet),
	    &err);
	if (status != EXIT_DONE)
		log_error("--universe: %s", err.text);
	return status;
}

static int
tap_massive(struct state *state)
{
	const struct options *o = &state->opts;
	struct desk desk;
	struct massive_live_setup setup = { .desk = &desk,
	    .outlet = &state->outlet, .key = state->key,
	    .stream_url = o->stream_url, .rest_url = o->rest_url,
	    .ca_file = o->ca_file, .budget = o->budget,
	    .per_minute = o->per_minute,
	    .raw_dir = o->record, .delayed = o->delayed,
	    .stocks = o->underlying, .delay_ms = o->watermark_ms,
	    .backoff_ms = o->backoff_ms,
	    .backoff_most_ms = o->backoff_most_ms,
	    .silence_ms = o->silence_ms, .quotes = o->quotes_max,
	    .on_signal = tap_on_signal };
	int status;

	tap_desk(state, &desk);
	status = massive_live_run(&setup);
	desk_free(&desk);
	return status;
}

/*
 * A lap's times are whole seconds, and a quote of a print's own second may show
 * the print already: no lag that was chosen for other feeds makes it fit.
 */
static int
tap_ib(struct state *state)
{
	const struct options *o = &state->opts;
	uint64_t id = tap_hash_number(tap_run(state), loop_wall_ms());
	struct ib_run_setup setup;
	struct ib_run *run;
	struct desk desk;
	int status;

	ib_options_setup(&o->ib, &setup);
	if (o->check)
		setup.task = IB_TASK_CHECK;
	setup.universe = o->universe;
	setup.until_close = tap_until_close(o);
	setup.until_ts = state->select.until;
	log_info("%s port %" PRId64 "%s", setup.session.host,
	    setup.session.port, setup.session.port == 4001 ||
	    setup.session.port == 7496 ?
	    ": a live account's port; nothing here places orders" : "");
	state->outlet.stop = &state->never;
	tap_desk(state, &desk);
	desk.rule.fixed = false;
	run = ib_run_new(&setup, &desk, &state->select, id, &tap_stop);
	status = ib_run_all(run);
	ib_run_free(run);
	desk_free(&desk);
	return status;
}

static int
tap_live(struct state *state)
{
	if (state->opts.feed == TAP_FEED_IB)
		return tap_ib(state);
	if (state->opts.check)
		return tap_check_key(state);
	if (state->opts.universe > 0)
		return tap_universe(state);
	return tap_massive(state);
}

static int
tap_replay_sources(struct state *state)
{
	struct desk_hello hello = { .run = tap_run(state),
	    .caps = source_merge_caps(&state->merge),
	    .feed = state->opts.demo ? "demo" : "replay",
	    .coverage = state->opts.demo ? "demo" : "file" };
	struct source_item item;
	struct desk desk;
	struct err err;
	int r = SOURCE_ITEM, status;

	tap_desk(state, &desk);
	desk_hello(&desk, &hello);
	while (tap_stop == 0 && r != SOURCE_END) {
		r = source_merge_next(&state->merge, &item, &err);
		if (r == SOURCE_ITEM)
			desk_item(&desk, &item);
		else if (r == SOURCE_ERROR)
			log_die(EXIT_SYSTEM, "%s", err.text);
		if (outlet_failed(&state->outlet))
			break;
	}
	status = state->control.rejected > 0 ? EXIT_PARTIAL : EXIT_DONE;
	if (tap_stop == 0)
		desk_bye(&desk, "end", status);
	desk_free(&desk);
	return status;
}

static void
tap_free(struct state *state)
{
	for (size_t i = 0; i < state->n_recordings; i++)
		replay_free(state->recordings[i]);
	free(state->recordings);
	free(state->sizes);
	source_merge_free(&state->merge);
	contract_book_free(&state->book);
	replay_free(state->raw);
	secret_free(state->key);
	free(state->url);
	control_free(&state->control);
	free(state->opts.replay.items);
	free(state->opts.quotes.items);
	free(state->opts.bars.items);
	free(state->opts.columns.items);
	conf_free(state->conf);
}

int
main(int argc, char *argv[])
{
	struct state state = { .n_recordings = 0 };
	int n, status = EXIT_DONE;
	struct err err;

	log_init("flow-tap");
	tap_parse(&state, argc, argv, &n);
	tap_check(&state, argv, n);
	tap_catch();
	outlet_init(&state.outlet, state.speed_e4, &tap_stop);
	control_init(&state.control, "flow-tap");
	tap_open(&state);
	if (state.opts.journal != NULL)
		tap_open_journal(&state);
	if (state.opts.record != NULL &&
	    state.opts.feed != TAP_FEED_MASSIVE && outlet_record(&state.outlet,
	    state.opts.record, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	if (state.n_recordings > 0) {
		state.control.stage = "flow-tap-replay";
		status = tap_replay_recordings(&state);
	} else if (state.raw != NULL) {
		status = tap_replay_raw(&state);
	} else if (state.opts.feed != TAP_NO_FEED) {
		status = tap_live(&state);
	} else if (tap_stop == 0) {
		status = tap_replay_sources(&state);
	}
	control_tell_rest(&state.control);
	if (outlet_close(&state.outlet, &err) < 0 && tap_stop != SIGPIPE) {
		log_error("%s", err.text);
		status = EXIT_SYSTEM;
	}
	tap_free(&state);
	if (tap_stop != 0) {
		signal(tap_stop, SIG_DFL);
		raise(tap_stop);
	}
	return status;
}
