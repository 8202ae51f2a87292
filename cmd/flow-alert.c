/*
 * flow-alert: watches classified trades and says when one of its rules finds
 * something, and what signals are in the stream, as text for people or as
 * records within the stream.  It keeps no file but its log and its journal,
 * reads no clock and opens no socket.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "alert/watch.h"
#include "base/log.h"
#include "base/opt.h"
#include "base/state.h"
#include "record/control.h"
#include "record/emit.h"
#include "record/line.h"
#include "record/scan.h"

enum { FORMAT_TEXT, FORMAT_JSON, FORMAT_TAPE };

enum { STATS_MS = 300000 };	/* between statistics: source 2's 5 minutes */

struct options {
	struct watch_settings settings;
	int profile;		/* enum rule_profile */
	int format;
	int style;		/* enum signal_style */
	bool ascii;
	bool stats;
	const char *log_dir;	/* or NULL */
	const char *journal;	/* a directory, "none", or NULL: its own */
	const char *baseline;	/* file, or NULL */
	int64_t min_size;
	bool retract;
	char **files;
	size_t n_files;
	struct conf *conf;
};

struct state {
	struct scan *scan;
	struct watch *watch;
	struct baseline *baseline;	/* or NULL */
	struct control control;
	struct line_out out;
	struct buf unsaid;	/* control's records when the output is text */
	struct buf *records;	/* out.buf or unsaid */
	struct dated log, journal;
	char *place;		/* of the journal, NULL: there is none */
	bool logs;		/* the log is in use */
	bool log_told, journal_told;	/* of their failures */
	bool demo;		/* made-up records came, which was told */
	bool stats;
	int64_t stats_ts;	/* when the next are due */
};

static const char *const format_names[] = { "text", "json", "tape", NULL };
static const char *const style_names[] = {
	"short", "medium", "deep", "auto", NULL
};
static const char *const profile_names[] = { "std", "seed", NULL };
static const char *const severity_names[] = {
	"LOW", "MEDIUM", "HIGH", "CRITICAL", NULL
};
static const char *const scope_names[] = { "type", "ticker", NULL };

#define MONEY_MAX INT64_C(1000000000000000)	/* $100 billion */
#define RATIO_MAX INT64_C(10000000)		/* 1,000 */
#define KEYED(k, t, d, a, hi, h) \
	{ 0, NULL, "alert." k, NULL, t, d, a, 0, hi, NULL, h }

enum { TABLE = 28 };

/* Fills a table that reads into o. */
static void
options_table(struct options *o, struct opt *table)
{
	struct watch_settings *s = &o->settings;
	struct rule_limits *l = &s->limits;
	const struct opt rows[] = {
		{ 0, "profile", "alert.profile", NULL, OPT_CHOICE,
		    &o->profile, "PROFILE", 0, 0, profile_names,
		    "sound rules, or the sources' own words" },
		{ 'f', "format", NULL, NULL, OPT_CHOICE, &o->format, "FORMAT",
		    0, 0, format_names, "what to print" },
		{ 0, "style", NULL, NULL, OPT_CHOICE, &o->style, "STYLE", 0,
		    0, style_names, "how signals are told" },
		{ 0, "ascii", NULL, NULL, OPT_FLAG, &o->ascii, NULL, 0, 0,
		    NULL, "tell signals in ASCII" },
		{ 0, "min-severity", "alert.min_severity", NULL, OPT_CHOICE,
		    &s->min_severity, "SEVERITY", 0, 0, severity_names,
		    "least severity that is printed" },
		{ 0, "cooldown", "alert.cooldown_s", NULL, OPT_DURATION,
		    &s->cooldown_ms, "DURATION", 0, INT64_C(31622400000),
		    NULL, "time in which an alert is not repeated" },
		{ 0, "cooldown-scope", "alert.cooldown_scope", NULL,
		    OPT_CHOICE, &s->scope, "SCOPE", 0, 0, scope_names,
		    "what the cooldown counts by" },
		{ 0, "count-complex", "alert.count_complex", NULL, OPT_FLAG,
		    &s->count_complex, NULL, 0, 0, NULL,
		    "count multi-leg, cross and compression trades as others" },
		{ 0, "oi-estimate", "alert.oi_estimate", NULL, OPT_FLAG,
		    &s->oi_estimate, NULL, 0, 0, NULL,
		    "also alert at what open interest may come to" },
		{ 0, "baseline", NULL, NULL, OPT_TEXT, &o->baseline, "FILE",
		    0, 0, NULL, "what was usual before, of flow-report" },
		{ 0, "log-dir", NULL, NULL, OPT_TEXT, &o->log_dir,
		    "DIR", 0, 0, NULL,
		    "append alerts to DIR/flow_alerts_YYYYMMDD.log" },
		{ 0, "journal", "alert.journal", NULL, OPT_TEXT, &o->journal,
		    "DIR", 0, 0, NULL,
		    "keep each decision in DIR/YYYYMMDD.ndjson; none: do not" },
		{ 0, "stats", NULL, NULL, OPT_FLAG, &o->stats, NULL, 0, 0,
		    NULL, "tell counts on stderr, every five minutes" },
		{ 0, "retract", NULL, NULL, OPT_FLAG, &o->retract, NULL, 0, 0,
		    NULL, "print when an alert's trades were cancelled" },
		KEYED("put_sweep_min", OPT_DECIMAL, &l->put_sweep_min_e4,
		    "DOLLARS", MONEY_MAX, "least premium of a put sweep"),
		KEYED("put_block", OPT_DECIMAL, &l->put_block_e4, "DOLLARS",
		    MONEY_MAX, "premium above which a put print alerts"),
		KEYED("pc_ratio", OPT_DECIMAL, &l->pc_ratio_e4, "RATIO",
		    RATIO_MAX, "put to call flow above which it is bearish"),
		KEYED("pc_ratio_rearm", OPT_DECIMAL, &l->pc_ratio_rearm_e4,
		    "RATIO", RATIO_MAX, "ratio below which it may alert again"),
		KEYED("call_flow", OPT_DECIMAL, &l->call_flow_e4, "DOLLARS",
		    MONEY_MAX, "call flow above which it is heavy"),
		KEYED("oi_change_min", OPT_INT, &l->oi_change_min, "N",
		    1000000000, "least change of open interest, contracts"),
		KEYED("oi_change_ratio", OPT_DECIMAL, &l->oi_change_ratio_e4,
		    "RATIO", RATIO_MAX, "the same, to the prior figure"),
		KEYED("opening_share", OPT_DECIMAL, &l->opening_share_e4,
		    "SHARE", 10000, "of the day's volume that opens"),
		KEYED("iv_spike_ratio", OPT_DECIMAL, &l->iv_spike_ratio_e4,
		    "RATIO", RATIO_MAX, "rise of volatility that is a spike"),
		KEYED("iv_spike_points", OPT_DECIMAL, &l->iv_spike_points_e4,
		    "N", RATIO_MAX, "the same, as a difference"),
		{ 0, NULL, "store.min_size", NULL, OPT_INT, &o->min_size,
		    "N", 0, 1000000000, NULL, "least size that is stored" },
		{ .help = NULL }
	};

	_Static_assert(sizeof(rows) / sizeof(*rows) <= TABLE, "table");
	memcpy(table, rows, sizeof(rows));
}

/* The built-in values that go with the profile. */
static void
options_preset(void *ctx)
{
	struct options *o = ctx;

	rule_limits_init(&o->settings.limits, (enum rule_profile)o->profile);
	o->settings.count_complex = o->profile == RULE_SEED;
}

static void
options_command(struct opt_command *command, struct options *o,
    struct opt *table)
{
	*command = (struct opt_command){
		.name = "flow-alert",
		.synopsis = "[options] [file ...]",
		.summary = "say when classified trades give cause for alarm",
		.table = table,
		.preset = options_preset,
		.ctx = o
	};
	options_table(o, table);
}

static void
options_read(struct options *o, int argc, char *argv[])
{
	struct opt table[TABLE];
	struct opt_command command;
	int n;

	*o = (struct options){ .settings = { .min_severity = RULE_MEDIUM,
	    .scope = WATCH_BY_TYPE, .cooldown_ms = 3600000 },
	    .profile = RULE_STD, .style = SIGNAL_AUTO, .min_size = 10 };
	options_command(&command, o, table);
	opt_parse(&command, argc, argv, &n, &o->conf);
	o->files = argv;
	o->n_files = (size_t)n;
}

/* A ticker's own values; opt_parse has checked them. */
static void
options_settle(void *ctx, const char *ticker, struct watch_settings *settings)
{
	const struct options *options = ctx;
	struct options own = *options;
	struct opt table[TABLE];
	struct opt_command command;

	options_command(&command, &own, table);
	opt_settle(&command, options->conf, ticker);
	*settings = own.settings;
}

/* Alerts are worth more than what is kept of them: a failure is only told. */
static void
open_journal(struct state *s, const char *path)
{
	if (path != NULL && strcmp(path, "none") == 0)
		return;
	s->place = path == NULL ? state_path("alerts") :
	    buf_dup(path, strlen(path));
	if (s->place == NULL)
		log_warning("no journal of alerts: neither FLOW_STATE nor "
		    "HOME is set");
	else
		dated_open(&s->journal, &dated_journal, s->place);
}

static void
state_init(struct state *s, struct options *o)
{
	struct watch_setup setup = { .settings = o->settings,
	    .style = (enum signal_style)o->style, .ascii = o->ascii,
	    .retract = o->retract, .min_size = o->min_size,
	    .settle = options_settle, .ctx = o };
	struct err err;

	*s = (struct state){ .scan = scan_new(), .stats = o->stats,
	    .stats_ts = INT64_MIN, .logs = o->log_dir != NULL };
	if (o->baseline != NULL) {
		s->baseline = baseline_read(o->baseline, BASELINE_FLOW, &err);
		if (s->baseline == NULL)
			log_die(EXIT_USAGE, "%s", err.text);
	}
	setup.baseline = s->baseline;
	if (s->logs && dated_open(&s->log, &dated_log, o->log_dir) < 0)
		log_die(EXIT_SYSTEM, "%s", s->log.err.text);
	open_journal(s, o->journal);
	line_out_init(&s->out, STDOUT_FILENO);
	control_init(&s->control, "flow-alert");
	s->records = o->format == FORMAT_JSON ? &s->out.buf : &s->unsaid;
	setup.records = o->format == FORMAT_JSON ? &s->out.buf : NULL;
	setup.text = o->format == FORMAT_TEXT ? &s->out.buf : NULL;
	setup.tape = o->format == FORMAT_TAPE ? &s->out.buf : NULL;
	setup.log = s->logs ? &s->log : NULL;
	setup.journal = s->place != NULL ? &s->journal : NULL;
	setup.count = &s->control.count;
	s->watch = watch_new(&setup);
}

static void
state_free(struct state *s)
{
	watch_free(s->watch);
	baseline_free(s->baseline);
	control_free(&s->control);
	scan_free(s->scan);
	buf_free(&s->unsaid);
	free(s->place);
}

/* Passes the record scanned as it is. */
static void
pass(struct state *s)
{
	emit_splice(s->records, s->scan, NULL);
	emit_close(s->records);
}

static void
handle_hello(struct state *s)
{
	struct buf name = BUF_INIT;

	watch_hello(s->watch, s->scan);
	control_arrive(&s->control, CONTROL_HELLO, s->scan, s->records);
	if (s->baseline == NULL) {
		pass(s);
		return;
	}
	baseline_name(&name, s->baseline, s->control.stage);
	control_baseline(s->records, s->scan,
	    (struct slice){ name.p, name.n });
	buf_free(&name);
}

static int
handle_heartbeat(struct state *s, struct err *err)
{
	if (watch_heartbeat(s->watch, s->scan, err) < 0)
		return -1;
	control_arrive(&s->control, CONTROL_HEARTBEAT, s->scan, s->records);
	control_heartbeat(s->records, scan_object(s->scan),
	    control_hop_of(s->scan), s->control.stage, &s->control.count);
	return 0;
}

/*
 * Once: an alert looks the same whether its prints were made up or not, and
 * the hello that says so may have been cut off.
 */
static void
tell_demo(struct state *s)
{
	struct slice feed = { NULL, 0 };

	if (s->demo || scan_text(s->scan, KEY_feed, &feed, NULL) <= 0 ||
	    !slice_equal(feed, SLICE("demo")))
		return;
	log_warning("these records were made up (demo): nothing happened");
	s->demo = true;
}

static int
handle(struct state *s, struct err *err)
{
	struct control *control = &s->control;
	enum control_kind kind;
	struct slice name;

	if (control_kind_of(s->scan, &kind, &name, err) < 0)
		return -1;
	switch (kind) {
	case CONTROL_DATA:
		if (control->newer)	/* of unknown meaning */
			name = (struct slice){ NULL, 0 };
		tell_demo(s);
		return watch_take(s->watch, s->scan, name, err);
	case CONTROL_HEARTBEAT:
		return handle_heartbeat(s, err);
	case CONTROL_BYE:
		watch_bye(s->watch);
		control_arrive(control, kind, s->scan, s->records);
		control_bye(control, s->scan, s->records);
		return 0;
	case CONTROL_GAP:
		if (watch_gap(s->watch, s->scan, err) < 0)
			return -1;
		break;
	case CONTROL_HELLO:
		handle_hello(s);
		return 0;
	case CONTROL_STATUS:
		break;
	}
	control_arrive(control, kind, s->scan, s->records);
	watch_cut(s->watch, control->cut);
	pass(s);
	return 0;
}

/* The first time only; alerts still go to standard output. */
static void
tell_failure(const struct dated *dated, const char *lost, bool *told)
{
	if (dated->failed && !*told)
		log_error("%s; %s", dated->err.text, lost);
	*told |= dated->failed;
}

static void
tell_failures(struct state *s)
{
	tell_failure(&s->log, "alerts are no longer logged", &s->log_told);
	tell_failure(&s->journal, "alerts no longer reach flow-store by it",
	    &s->journal_told);
}

/* Both files are kept to the end. */
static void
close_files(struct state *s)
{
	if (s->logs)
		dated_close(&s->log);
	if (s->place != NULL)
		dated_close(&s->journal);
	tell_failures(s);
}

static void
tell_stats(const struct state *s)
{
	struct buf text = BUF_INIT;
	size_t n;

	tape_summary(&text, watch_stats(s->watch), s->control.rejected);
	for (const char *p = text.p; p < text.p + text.n; p += n + 1) {
		n = (size_t)((const char *)memchr(p, '\n',
		    (size_t)(text.p + text.n - p)) - p);
		log_result("%.*s", (int)n, p);
	}
	buf_free(&text);
}

/* After each record, by event time. */
static void
tell_due(struct state *s)
{
	int64_t ts = watch_stats(s->watch)->ts;

	if (!s->stats || ts < s->stats_ts)
		return;
	if (s->stats_ts != INT64_MIN)
		tell_stats(s);
	if (ts != INT64_MIN && __builtin_add_overflow(ts, STATS_MS,
	    &s->stats_ts))
		s->stats_ts = INT64_MAX;
}

static int
handle_line(struct state *s, const struct line *line)
{
	struct err err;

	if (line->too_long)
		err_set(&err, "line over %d bytes", LINE_MAX_BYTES);
	if (line->too_long ||
	    scan_line(s->scan, line->p, line->n, &err) < 0 ||
	    handle(s, &err) < 0) {
		s->control.count.in++;
		s->control.count.reject++;
		control_reject(&s->control, line->file, line->number,
		    err.text);
	}
	s->unsaid.n = 0;
	tell_failures(s);
	tell_due(s);
	return line_out_end(&s->out);
}

static void
tell_rule(const struct state *s, enum rule rule)
{
	const struct watch *watch = s->watch;
	const struct watch_tally *t = watch_tally(watch, rule);
	const char *name = rule_info(rule)->name;
	struct buf more = BUF_INIT;

	if (t == NULL) {
		log_result("%s: off (no input)", name);
		return;
	}
	if (t->below > 0)
		buf_fmt(&more, ", %" PRId64 " below min_severity", t->below);
	if (rule == RULE_HEAVY_CALL_FLOW && !watch_knows_calls(watch))
		buf_fmt(&more, "; 20-day arm off (%s baseline)",
		    s->baseline == NULL ? "no" : "not in the");
	log_result("%s: %" PRId64 " fired, %" PRId64 " emitted, %" PRId64
	    " suppressed%.*s", name, t->fired, t->emitted, t->suppressed,
	    (int)more.n, more.n == 0 ? "" : more.p);
	buf_free(&more);
}

static void
tell_forgotten(const char *what, int64_t n)
{
	if (n > 0)
		log_warning("%" PRId64 " %s were forgotten, the longest unused",
		    n, what);
}

/* The closing statistics. */
static void
tell(const struct state *s)
{
	struct watch_forgotten f = watch_forgotten(s->watch);

	control_tell_rest(&s->control);
	tell_forgotten("tickers with their sums", f.tickers);
	tell_forgotten("contracts with their sums", f.contracts);
	tell_forgotten("cooldowns", f.cooldowns);
	tell_forgotten("alerts that a cancel could take back", f.alerts);
	tell_forgotten("alert and trade ids", f.ids);
	tell_forgotten("gaps", f.gaps);
	for (int rule = 0; rule < RULE_COUNT; rule++)
		tell_rule(s, (enum rule)rule);
	if (s->stats)
		tell_stats(s);
}

int
main(int argc, char *argv[])
{
	struct options options;
	struct state state;
	struct line_in *in;
	struct line line;
	struct err err;
	int r, status;

	log_init("flow-alert");
	options_read(&options, argc, argv);
	state_init(&state, &options);
	in = line_in_new(options.files, options.n_files, &state.out);
	while ((r = line_next(in, &line, &err)) != 0) {
		if (r < 0) {
			log_error("%s", err.text);
			state.control.rejected++;
		} else if (handle_line(&state, &line) < 0) {
			break;
		}
	}
	/* What could not be written has no end to tell of. */
	status = state.out.error != 0 ? EXIT_SYSTEM :
	    control_end(&state.control, state.records);
	line_out_flush(&state.out);	/* alerts before the account of them */
	close_files(&state);
	if (state.out.error == 0)
		tell(&state);
	line_in_free(in);
	if (line_out_close(&state.out, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	if (state.log_told || state.journal_told)
		status = EXIT_SYSTEM;
	state_free(&state);
	conf_free(options.conf);
	return status;
}
