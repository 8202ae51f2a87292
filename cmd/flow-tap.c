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
#include "base/hash.h"
#include "base/log.h"
#include "base/opt.h"
#include "record/osi.h"
#include "tap/demo.h"
#include "tap/desk.h"
#include "tap/ib_options.h"
#include "tap/ib_run.h"
#include "tap/inputs.h"
#include "tap/massive_check.h"
#include "tap/massive_options.h"
#include "tap/massive_replay.h"
#include "tap/massive_tables.h"
#include "tap/massive_universe.h"
#include "tap/meter.h"

static volatile sig_atomic_t tap_stop;	/* the signal that came, or 0 */

/* Live feeds. */
enum tap_feed { TAP_NO_FEED = -1, TAP_FEED_MASSIVE, TAP_FEED_IB };

struct options {
	int quotes_out;
	int64_t multiplier, quote_lag_ms;
	const char *since, *until, *speed, *record, *journal;
	bool durable;
	bool demo;
	int feed;
	bool check;
	int64_t universe;
	struct massive_options massive;
	struct meter meter;
	struct ib_options ib;
};

struct state {
	struct options opts;
	struct demo_setup demo;
	struct conf *conf;
	struct select select;
	struct control control;
	struct outlet outlet;
	struct inputs inputs;
	struct massive_past_setup past;	/* of --backfill */
	int past_status;		/* what came of it */
	int64_t speed_e4;
	struct opt_said *said;		/* of all options, these among them: */
	const struct opt_said *said_massive, *said_ib;
	volatile sig_atomic_t never;	/* 0: Interactive Brokers' run ends
					 * itself, and what it held still
					 * leaves */
};

static void
tap_parse(struct state *state, int argc, char *argv[], int *n)
{
	static const char *const which[] = { "all", "traded", "none", NULL };
	static const char *const feeds[] = { "massive", "ib", NULL };
	struct options *o = &state->opts;
	const struct opt rows[] = {
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
		{ 0, "demo", NULL, NULL, OPT_FLAG, &o->demo, NULL, 0, 0,
		    NULL, "make up a session of the symbols" },
		{ 0, "feed", "feed.name", NULL, OPT_CHOICE, &o->feed, "NAME",
		    0, 0, feeds, "a live feed" },
		{ 0, "check", NULL, NULL, OPT_FLAG, &o->check, NULL, 0, 0,
		    NULL, "say what the feed can do for us, and exit" },
		{ 0, "universe", NULL, NULL, OPT_INT, &o->universe, "N", 1,
		    100000, NULL, "massive: print the N symbols with most "
		    "shares traded on the day before, and exit; ib: take N "
		    "symbols that a scanner names" },
	};
	enum {
		OWN = sizeof(rows) / sizeof(*rows),
		DEMO = INPUTS_ROWS + OWN,
		MASSIVE = DEMO + DEMO_SETUP_ROWS,
		IB = MASSIVE + MASSIVE_OPTIONS_ROWS,
		METER = IB + IB_OPTIONS_ROWS,
		ROWS = METER + METER_ROWS
	};
	struct opt table[ROWS + 1] = { { .help = NULL } };
	const struct opt_command command = {
		.name = "flow-tap",
		.synopsis = "[options] --feed massive [symbol ...]\n"
		    "       flow-tap [options] --feed ib symbol ...\n"
		    "       flow-tap [options] --replay FILE [symbol ...]\n"
		    "       flow-tap [options] --demo symbol ...",
		.summary = "Starts a stream of option trades from a live "
		    "feed, recorded prints, or made-up ones.",
		.table = table,
		.said = state->said = buf_alloc(sizeof(table) / sizeof(*table),
		    sizeof(*state->said))
	};

	o->quotes_out = -1;
	o->quote_lag_ms = 1;
	o->speed = "max";
	o->feed = TAP_NO_FEED;
	demo_setup_init(&state->demo);
	massive_options_init(&o->massive);
	ib_options_init(&o->ib);
	inputs_init(&state->inputs);
	inputs_rows(&state->inputs, table);
	memcpy(table + INPUTS_ROWS, rows, sizeof(rows));
	demo_setup_rows(&state->demo, table + DEMO);
	massive_options_rows(&o->massive, table + MASSIVE);
	ib_options_rows(&o->ib, table + IB);
	meter_rows(&o->meter, table + METER);
	state->said_massive = state->said + MASSIVE;
	state->said_ib = state->said + IB;
	opt_parse(&command, argc, argv, n, &state->conf);
}

/* Of a feed the past, which is read to its end as files are. */
static bool
tap_is_past(const struct options *o)
{
	return o->massive.backfill != NULL;
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
	struct demo_setup *setup = &state->demo;
	struct err err;

	if (inputs_any(&state->inputs) || state->inputs.columns.n > 0 ||
	    state->inputs.follow)
		log_die(EXIT_USAGE, "--demo: made-up prints are not mixed "
		    "with recorded ones");
	if (demo_setup_read(setup, &err) < 0)
		log_die(EXIT_USAGE, "%s", err.text);
	setup->symbols = state->select.symbols;
	setup->n = state->select.n;
	if (demo_setup_check(setup, &err) < 0)
		log_die(EXIT_USAGE, "--demo: %s", err.text);
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

/* With nothing said and no key: a gateway that answers is a source. */
static void
tap_check_default(struct state *state)
{
	struct options *o = &state->opts;
	struct ib_run_setup setup;

	if (!ib_options_find(&o->ib))
		log_die(EXIT_USAGE, "no source: say --feed, --replay FILE or "
		    "--demo SYMBOL ...");
	o->feed = TAP_FEED_IB;
	ib_options_setup(&o->ib, &setup);
	log_result("no key of Massive, but %s port %" PRId64 " answers: "
	    "taking --feed ib", setup.session.host, setup.session.port);
	tap_check_ib(state);
}

/* With nothing said a key is enough: then its feed is meant. */
static void
tap_check_massive(struct state *state)
{
	struct options *o = &state->opts;
	struct err err;
	int r = massive_options_key(&o->massive, &err);

	if (r < 0)
		log_die(EXIT_USAGE, "%s", err.text);
	if (r == 0 && o->feed == TAP_NO_FEED) {
		tap_check_default(state);
		return;
	}
	if (r == 0)
		log_die(EXIT_USAGE, "--feed massive: no key in "
		    "POLYGON_MASSIVE_KEY, POLYGON_API_KEY, MASSIVE_API_KEY "
		    "or feed.key_file");
	o->feed = TAP_FEED_MASSIVE;
	if (massive_options_servers(&o->massive, &err) < 0)
		log_die(EXIT_USAGE, "%s", err.text);
	if (!tap_is_past(o))
		return;
	if (massive_options_past(&o->massive, &state->past, &err) < 0)
		log_die(EXIT_USAGE, "%s", err.text);
	if (state->select.n == 0)
		log_die(EXIT_USAGE, "--backfill: say which symbols");
}

/* Options of one feed are refused with another. */
static void
tap_check_said(struct state *state)
{
	struct options *o = &state->opts;
	bool ib = o->feed == TAP_FEED_IB;
	struct opt rows[MASSIVE_OPTIONS_ROWS];
	struct err err;

	massive_options_rows(&o->massive, rows);
	for (size_t i = 0; ib && i < MASSIVE_OPTIONS_ROWS; i++)
		if (state->said_massive[i].flag != NULL)
			log_die(EXIT_USAGE, "--%s: only with --feed massive",
			    rows[i].name);
	if (ib_options_check(&o->ib, state->said_ib, ib, &err) < 0)
		log_die(EXIT_USAGE, "%s", err.text);
}

/* Recorded and made-up prints need no feed, whatever the file names. */
static void
tap_check_feed(struct state *state)
{
	struct options *o = &state->opts;
	bool live = !o->demo && !inputs_any(&state->inputs);

	if (!live)
		o->feed = TAP_NO_FEED;
	else if (o->feed == TAP_FEED_IB)
		tap_check_ib(state);
	else
		tap_check_massive(state);
	if (state->select.n_contracts > 0 && o->feed != TAP_FEED_MASSIVE)
		log_die(EXIT_USAGE, "%s: contracts only with --feed massive",
		    state->select.contracts[0]);
	if (live && strcmp(o->speed, "max") != 0)
		log_die(EXIT_USAGE, "--speed: not with --feed");
	if ((o->check || o->universe > 0) && !live)
		log_die(EXIT_USAGE, "--%s: only with --feed",
		    o->check ? "check" : "universe");
	tap_check_said(state);
	if (o->massive.refresh_tables && o->feed != TAP_FEED_MASSIVE)
		log_die(EXIT_USAGE, "--refresh-tables: only with --feed "
		    "massive");
	if (tap_is_past(o) && (o->feed != TAP_FEED_MASSIVE || o->check ||
	    o->universe > 0 || o->massive.refresh_tables))
		log_die(EXIT_USAGE, "--backfill: only with --feed massive, and "
		    "alone");
}

static void
tap_check(struct state *state, char *symbols[], int n)
{
	const struct options *o = &state->opts;
	struct err err;

	select_init(&state->select);
	if (select_names(&state->select, (const char *const *)symbols,
	    (size_t)n, &err) < 0)
		log_die(EXIT_USAGE, "%s", err.text);
	if (o->demo)
		tap_check_demo(state);
	else if (demo_setup_said(&state->demo) != NULL)
		log_die(EXIT_USAGE, "%s: only with --demo",
		    demo_setup_said(&state->demo));
	tap_check_feed(state);
	if (inputs_check(&state->inputs, &err) < 0)
		log_die(EXIT_USAGE, "%s", err.text);
	if (o->durable && o->journal == NULL)
		log_die(EXIT_USAGE, "--durable: only with --journal");
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

/* The time before the open is told at once, whatever the speed. */
static void
tap_open_demo(struct state *state)
{
	struct source *source;
	struct err err;

	source = demo_open(&state->demo, &state->inputs.book,
	    &state->outlet.begins, &err);
	if (source == NULL)
		log_die(EXIT_USAGE, "--demo: %s", err.text);
	source_merge_add(&state->inputs.merge, source);
}

static void
tap_open_past(struct state *state)
{
	struct massive_past_setup *setup = &state->past;
	struct source *source;
	struct err err;

	setup->select = &state->select;
	setup->book = &state->inputs.book;
	setup->stop = &tap_stop;
	source = massive_past_open(setup, &state->past_status, &err);
	if (source == NULL)
		log_die(state->past_status, "--backfill: %s", err.text);
	source_merge_add(&state->inputs.merge, source);
	state->opts.feed = TAP_NO_FEED;	/* from here on as a file is read */
}

static void
tap_open(struct state *state)
{
	struct inputs *inputs = &state->inputs;
	struct err err;
	int status;

	inputs->select = &state->select;
	inputs->control = &state->control;
	inputs->outlet = &state->outlet;
	inputs->stop = &tap_stop;
	status = inputs_open(inputs, &err);
	if (status != EXIT_DONE)
		log_die(status, "%s", err.text);
	if (state->opts.demo)
		tap_open_demo(state);
	if (tap_is_past(&state->opts))
		tap_open_past(state);
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

	for (size_t i = 0; i < state->inputs.replay.n; i++)
		if (tap_is_same(state->inputs.replay.items[i], o->journal))
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

/* Which run this is: inputs and whatever else changes a byte. */
static uint64_t
tap_run(const struct state *state)
{
	const struct options *o = &state->opts;
	const int64_t numbers[] = { state->inputs.format,
	    state->inputs.codes, o->quotes_out,
	    o->multiplier, o->quote_lag_ms, state->select.since,
	    state->select.until };
	uint64_t hash = inputs_hash(&state->inputs, HASH_START);

	for (size_t i = 0; i < state->select.n; i++)
		hash = hash_text(hash, state->select.symbols[i]);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		hash = hash_number(hash, numbers[i]);
	if (o->demo)
		hash ^= demo_setup_hash(&state->demo);
	if (tap_is_past(o))
		hash = hash_text(hash, o->massive.backfill);
	return hash;
}

static int
tap_replay_recordings(struct state *state)
{
	const struct inputs *inputs = &state->inputs;
	int status = EXIT_DONE, part;

	for (size_t i = 0; i < inputs->n_recordings && tap_stop == 0 &&
	    !outlet_failed(&state->outlet); i++) {
		part = recording_replay(inputs->recordings[i], &state->select,
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
	    &state->inputs.book);
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
	status = massive_replay_run(state->inputs.raw, &desk, &state->select,
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
	const struct massive_options *m = &o->massive;
	struct massive_check_setup setup = { m->key, m->stream_url,
	    m->rest_url, m->ca_file, state->select.n > 0 ?
	    state->select.symbols[0] : "AAPL", m->silence_ms };

	return massive_check_run(&setup, outlet_buf(&state->outlet)) ?
	    EXIT_DONE : EXIT_NO;
}

static int
tap_universe(struct state *state)
{
	const struct options *o = &state->opts;
	struct massive_universe_setup setup = { o->massive.key,
	    o->massive.rest_url, o->massive.ca_file, (size_t)o->universe };
	struct err err;
	int status;

	status = massive_universe_run(&setup, outlet_buf(&state->outlet),
	    &err);
	if (status != EXIT_DONE)
		log_error("--universe: %s", err.text);
	return status;
}

static int
tap_refresh(struct state *state)
{
	const struct massive_options *m = &state->opts.massive;
	char *path = massive_tables_path();
	struct massive_tables_setup setup = { m->key, m->rest_url,
	    m->ca_file, path };
	struct err err;
	int status;

	if (path == NULL)
		log_die(EXIT_USAGE, "--refresh-tables: neither FLOW_STATE nor "
		    "HOME is set");
	status = massive_tables_refresh(&setup, outlet_buf(&state->outlet),
	    &err);
	if (status != EXIT_DONE)
		log_error("--refresh-tables: %s", err.text);
	free(path);
	return status;
}

static int
tap_massive(struct state *state)
{
	struct options *o = &state->opts;
	struct desk desk;
	struct massive_live_setup setup;
	int status;

	massive_options_setup(&o->massive, &setup);
	setup.desk = &desk;
	setup.outlet = &state->outlet;
	setup.meter = &o->meter;
	setup.raw_dir = o->record;
	setup.on_signal = tap_on_signal;
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
	struct options *o = &state->opts;
	uint64_t id = hash_number(tap_run(state), loop_wall_ms());
	struct ib_run_setup setup;
	struct ib_run *run;
	struct desk desk;
	int status;

	if (o->ib.port == 0 && o->ib.target < 0)
		ib_options_find(&state->opts.ib);
	ib_options_setup(&o->ib, &setup);
	if (o->check)
		setup.task = IB_TASK_CHECK;
	setup.universe = o->universe;
	setup.meter = &o->meter;
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
	if (state->opts.massive.refresh_tables)
		return tap_refresh(state);
	return tap_massive(state);
}

static int
tap_replay_sources(struct state *state)
{
	const struct options *o = &state->opts;
	struct desk_hello hello = { .run = tap_run(state),
	    .caps = source_merge_caps(&state->inputs.merge),
	    .feed = o->demo ? "demo" : tap_is_past(o) ? "massive" : "replay",
	    .coverage = o->demo ? "demo" : tap_is_past(o) ? "backfill" :
	    "file" };
	struct source_item item;
	struct desk desk;
	struct err err;
	int r = SOURCE_ITEM, status;

	tap_desk(state, &desk);
	desk_hello(&desk, &hello);
	while (tap_stop == 0 && r != SOURCE_END) {
		r = source_merge_next(&state->inputs.merge, &item, &err);
		if (r == SOURCE_ITEM)
			desk_item(&desk, &item);
		else if (r == SOURCE_ERROR)
			log_die(EXIT_SYSTEM, "%s", err.text);
		if (outlet_failed(&state->outlet))
			break;
	}
	status = state->control.rejected > 0 ? EXIT_PARTIAL :
	    state->past_status;
	if (tap_stop == 0)
		desk_bye(&desk, "end", status);
	desk_free(&desk);
	return status;
}

static void
tap_free(struct state *state)
{
	inputs_free(&state->inputs);
	massive_options_free(&state->opts.massive);
	select_free(&state->select);
	free(state->said);
	control_free(&state->control);
	conf_free(state->conf);
}

int
main(int argc, char *argv[])
{
	struct state state = { .speed_e4 = 0 };
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
	if (state.inputs.n_recordings > 0) {
		state.control.stage = "flow-tap-replay";
		status = tap_replay_recordings(&state);
	} else if (state.inputs.raw != NULL) {
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
