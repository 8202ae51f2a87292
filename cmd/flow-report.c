/*
 * flow-report: answers questions from the database that flow-store keeps.  It
 * reads it and nothing else, beside a writer or without one, and says with
 * each answer how much of the time asked about was watched.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/opt.h"
#include "record/line.h"
#include "report/backtest.h"
#include "report/drift.h"
#include "report/flows.h"
#include "report/gate.h"
#include "report/history.h"
#include "report/lean.h"
#include "report/listed.h"
#include "report/render.h"
#include "report/watched.h"
#include "report/why.h"

enum question {
	TODAY, DAILY, TREND, TOP, DIVERGENCE, GATE, RECENT, UNUSUAL,
	BY_SENTIMENT, HISTORY, EVENTS, ALERTS, OI_CHANGE, COVERAGE,
	CONTEXT, DIVERGENCE_RECORDS, BACKTEST, MARKOUT, SQL, WHY, BASELINE,
	QUESTIONS
};

/* What goes with each question. */
static const struct {
	const char *name;
	int days, hours;	/* back, unless told */
	bool by_day;		/* hours make no sense */
	int least, most;	/* tickers */
} questions[QUESTIONS] = {
	[TODAY] = { "today", 1, 0, true, 0, 100 },
	[DAILY] = { "daily", 30, 0, true, 0, 100 },
	[TREND] = { "trend", 30, 0, true, 1, 100 },
	[TOP] = { "top", 1, 0, true, 0, 100 },
	[DIVERGENCE] = { "divergence", DRIFT_DAYS, 0, true, 1, 100 },
	[GATE] = { "gate", DRIFT_DAYS, 0, true, 1, 1 },
	[RECENT] = { "recent", 0, 1, false, 0, 100 },
	[UNUSUAL] = { "unusual", 0, 24, false, 0, 100 },
	[BY_SENTIMENT] = { "by-sentiment", 0, 4, false, 0, 100 },
	[HISTORY] = { "history", 7, 0, false, 0, 100 },
	[EVENTS] = { "events", 1, 0, false, 0, 100 },
	[ALERTS] = { "alerts", 0, 24, false, 0, 100 },
	[OI_CHANGE] = { "oi-change", 7, 0, true, 0, 100 },
	[COVERAGE] = { "coverage", 7, 0, true, 0, 100 },
	[CONTEXT] = { "context", 0, 24, false, 1, 100 },
	[DIVERGENCE_RECORDS] = { "divergence-records", DRIFT_DAYS, 0, true, 0,
	    100 },
	[BACKTEST] = { "backtest", 30, 0, false, 0, 100 },
	[MARKOUT] = { "markout", 30, 0, false, 0, 100 },
	[SQL] = { "sql", 0, 0, false, 0, 0 },
	[WHY] = { "why", 0, 0, false, 0, 0 },
	[BASELINE] = { "baseline", 0, 0, false, 0, 100 },
};

struct options {
	const char *db;
	bool asked[QUESTIONS];	/* but those with an argument */
	const char *sql, *why, *baseline;
	const char *since, *until;
	int64_t days, hours, limit;
	int64_t min_flow_e4, min_oi, min_coverage_e4, timeout_ms;
	int min_severity, window;
	struct opt_list where, skip;
	int format, color;
	bool raw;
	char **tickers;
	size_t n;
	struct conf *conf;
};

enum { FORMAT_UNSET = 3, COLOR_AUTO = 0, COLOR_ALWAYS = 1 };

static void
options_read(struct options *o, int argc, char *argv[])
{
	static const char *const formats[] = { "table", "csv", "json", NULL };
	static const char *const colors[] = { "auto", "always", "never",
	    NULL };
	const struct opt table[] = {
		{ 'd', "db", "store.db", NULL, OPT_TEXT, &o->db, "FILE", 0, 0,
		    NULL, "the database" },
		{ 0, "today", NULL, NULL, OPT_FLAG, &o->asked[TODAY], NULL, 0,
		    0, NULL, "flow of the newest trade date" },
		{ 0, "daily", NULL, NULL, OPT_FLAG, &o->asked[DAILY], NULL, 0,
		    0, NULL, "flow by trade date" },
		{ 0, "trend", NULL, NULL, OPT_FLAG, &o->asked[TREND], NULL, 0,
		    0, NULL, "the same with a line to look at" },
		{ 0, "top", NULL, NULL, OPT_FLAG, &o->asked[TOP], NULL, 0, 0,
		    NULL, "tickers by premium" },
		{ 0, "divergence", NULL, NULL, OPT_FLAG,
		    &o->asked[DIVERGENCE], NULL, 0, 0, NULL,
		    "whether flow and price disagree" },
		{ 0, "context", NULL, NULL, OPT_FLAG, &o->asked[CONTEXT],
		    NULL, 0, 0, NULL, "which way flow leans by now" },
		{ 0, "divergence-records", NULL, NULL, OPT_FLAG,
		    &o->asked[DIVERGENCE_RECORDS], NULL, 0, 0, NULL,
		    "the same as records, for flow-alert" },
		{ 0, "gate", NULL, NULL, OPT_FLAG, &o->asked[GATE], NULL, 0,
		    0, NULL, "exit 0 clear, 1 adverse, 3 not enough data" },
		{ 0, "recent", NULL, NULL, OPT_FLAG, &o->asked[RECENT], NULL,
		    0, 0, NULL, "trades, the newest first" },
		{ 0, "unusual", NULL, NULL, OPT_FLAG, &o->asked[UNUSUAL],
		    NULL, 0, 0, NULL, "trades by premium" },
		{ 0, "by-sentiment", NULL, NULL, OPT_FLAG,
		    &o->asked[BY_SENTIMENT], NULL, 0, 0, NULL,
		    "sums by ticker and sentiment" },
		{ 0, "history", NULL, NULL, OPT_FLAG, &o->asked[HISTORY],
		    NULL, 0, 0, NULL, "events, the newest first" },
		{ 0, "events", NULL, NULL, OPT_FLAG, &o->asked[EVENTS], NULL,
		    0, 0, NULL, "events by premium, and counts by type" },
		{ 0, "alerts", NULL, NULL, OPT_FLAG, &o->asked[ALERTS], NULL,
		    0, 0, NULL, "alerts that were sent" },
		{ 0, "oi-change", NULL, NULL, OPT_FLAG, &o->asked[OI_CHANGE],
		    NULL, 0, 0, NULL, "changes of open interest" },
		{ 0, "coverage", NULL, NULL, OPT_FLAG, &o->asked[COVERAGE],
		    NULL, 0, 0, NULL, "when anything was watched" },
		{ 0, "backtest", NULL, NULL, OPT_FLAG, &o->asked[BACKTEST],
		    NULL, 0, 0, NULL, "what following signals came to" },
		{ 0, "markout", NULL, NULL, OPT_FLAG, &o->asked[MARKOUT],
		    NULL, 0, 0, NULL, "what prices did after signals" },
		{ 0, "sql", NULL, NULL, OPT_TEXT, &o->sql, "SELECT", 0, 0,
		    NULL, "what one statement selects" },
		{ 0, "why", NULL, NULL, OPT_TEXT, &o->why, "ID", 0, 0, NULL,
		    "whether stored tags follow from stored facts" },
		{ 0, "baseline", NULL, NULL, OPT_TEXT, &o->baseline, "DATE", 0,
		    0, NULL, "what was usual before a trade date" },
		{ 's', "since", NULL, NULL, OPT_TEXT, &o->since, "TIME", 0, 0,
		    NULL, "from this time or date on" },
		{ 'u', "until", NULL, NULL, OPT_TEXT, &o->until, "TIME", 0, 0,
		    NULL, "before this time, as if it were now" },
		{ 0, "days", NULL, NULL, OPT_INT, &o->days, "N", 1, 3660,
		    NULL, "calendar days back, the last included" },
		{ 0, "hours", NULL, NULL, OPT_INT, &o->hours, "N", 1, 87840,
		    NULL, "hours back" },
		{ 0, "window", NULL, NULL, OPT_CHOICE, &o->window, "WINDOW", 0,
		    0, lean_windows, "of these alone (context)" },
		{ 0, "limit", NULL, NULL, OPT_INT, &o->limit, "N", 1,
		    1000000000, NULL, "no more rows" },
		{ 0, "where", NULL, NULL, OPT_LIST, &o->where, "CONDITION", 0,
		    0, NULL, "days where, as 'put_call_ratio>2'" },
		{ 0, "min-flow", NULL, NULL, OPT_DECIMAL, &o->min_flow_e4,
		    "DOLLARS", 0, INT64_C(1000000000000000000), NULL,
		    "least premium of a ticker (top)" },
		{ 0, "min-severity", NULL, NULL, OPT_CHOICE, &o->min_severity,
		    "SEVERITY", 0, 0, listed_severities,
		    "least severity of an alert" },
		{ 0, "min", NULL, NULL, OPT_INT, &o->min_oi, "N", 0,
		    1000000000, NULL, "least change in contracts" },
		{ 0, "min-coverage", NULL, NULL, OPT_DECIMAL,
		    &o->min_coverage_e4, "PERCENT", 0, 1000000, NULL,
		    "least coverage of a session (gate, baseline)" },
		{ 0, "skip", NULL, NULL, OPT_LIST, &o->skip, "CHECK", 0, 0,
		    NULL, "alerts, history or divergence (gate)" },
		{ 'f', "format", NULL, NULL, OPT_CHOICE, &o->format, "FORMAT",
		    0, 0, formats, "how to print the answer" },
		{ 0, "color", NULL, NULL, OPT_CHOICE, &o->color, "WHEN", 0, 0,
		    colors, "severities in colour" },
		{ 0, "raw", NULL, NULL, OPT_FLAG, &o->raw, NULL, 0, 0, NULL,
		    "csv texts as they are stored" },
		{ 0, "timeout", NULL, NULL, OPT_DURATION, &o->timeout_ms,
		    "DURATION", 1, 3600000, NULL, "give up after this time" },
		{ .help = NULL }
	};
	const struct opt_command command = {
		.name = "flow-report",
		.synopsis = "--QUESTION [options] [ticker ...]",
		.summary = "answer questions about stored trades",
		.table = table
	};
	int n;

	*o = (struct options){ .db = "data/flow_history.db",
	    .min_flow_e4 = INT64_C(5000000000), .min_oi = 1000,
	    .min_coverage_e4 = -1, .timeout_ms = -1,
	    .min_severity = 1, .window = LEAN_ALL, .format = FORMAT_UNSET };
	opt_parse(&command, argc, argv, &n, &o->conf);
	o->tickers = argv;
	o->n = (size_t)n;
}

/* The one question that was asked. */
static enum question
options_question(const struct options *o)
{
	int question = o->sql != NULL ? SQL : o->why != NULL ? WHY :
	    o->baseline != NULL ? BASELINE : QUESTIONS;
	int asked = (o->sql != NULL) + (o->why != NULL) +
	    (o->baseline != NULL);

	for (int i = 0; i < SQL; i++) {
		if (o->asked[i])
			question = i;
		asked += o->asked[i];
	}
	if (asked != 1)
		log_die(EXIT_USAGE, asked == 0 ? "no question: say --today, "
		    "or see --help" : "more than one question");
	return (enum question)question;
}

/* What does not go together. */
static void
options_check(const struct options *o, enum question question)
{
	const char *name = questions[question].name;

	if (o->n < (size_t)questions[question].least)
		log_die(EXIT_USAGE, "--%s: of which ticker?", name);
	if (o->n > (size_t)questions[question].most)
		log_die(EXIT_USAGE, "--%s: too many tickers", name);
	for (size_t i = 0; i < o->n; i++)
		if (!conf_ticker_ok(o->tickers[i], strlen(o->tickers[i])))
			log_die(EXIT_USAGE, "%s: not a ticker",
			    o->tickers[i]);
	if ((o->days > 0) + (o->hours > 0) + (o->since != NULL) > 1)
		log_die(EXIT_USAGE, "only one of --since, --days, --hours");
	if (o->hours > 0 && questions[question].by_day)
		log_die(EXIT_USAGE, "--%s goes by days: not with --hours",
		    name);
	if (o->window != LEAN_ALL && question != CONTEXT)
		log_die(EXIT_USAGE, "--window is for --context");
	if (question == CONTEXT && (o->days > 0 || o->hours > 0 ||
	    o->since != NULL))
		log_die(EXIT_USAGE, "--context goes by --window, before "
		    "--until or now");
	if ((question == BASELINE || question == DIVERGENCE_RECORDS) &&
	    (o->since != NULL || o->limit > 0 || o->format != FORMAT_UNSET))
		log_die(EXIT_USAGE, "--%s: prints all, as records", name);
	if (question == BASELINE && (o->days > 0 || o->hours > 0 ||
	    o->until != NULL))
		log_die(EXIT_USAGE, "--%s: all before its date", name);
	if (o->where.n > 0 && question != DAILY && question != TREND)
		log_die(EXIT_USAGE, "--where is for --daily and --trend");
}

/* What differs by question, where it was not told. */
static void
options_settle(struct options *o, enum question question)
{
	bool baseline = question == BASELINE;

	if (o->min_coverage_e4 < 0)
		o->min_coverage_e4 = baseline ? 950000 : 900000;
	if (o->timeout_ms < 0)
		o->timeout_ms = baseline ? 600000 : 30000;
}

static struct ask
options_ask(const struct options *o, struct db *db)
{
	struct ask ask = { .db = db, .tickers = o->tickers, .n = o->n,
	    .since = ASK_NONE, .until = ASK_NONE, .days = o->days,
	    .hours = o->hours, .limit = o->limit };
	struct err err;

	if (o->since != NULL && ask_parse_time(o->since, &ask.since, &err) < 0)
		log_die(EXIT_USAGE, "--since: %s", err.text);
	if (o->until != NULL && ask_parse_time(o->until, &ask.until, &err) < 0)
		log_die(EXIT_USAGE, "--until: %s", err.text);
	return ask;
}

static struct gate
options_gate(const struct options *o)
{
	struct gate gate = { .coverage_e4 = o->min_coverage_e4,
	    .days = o->days > 0 ? o->days : DRIFT_DAYS };

	for (size_t i = 0; i < o->skip.n; i++) {
		int check = 0;

		while (check < GATE_COVERAGE &&
		    strcmp(o->skip.items[i], gate_names[check]) != 0)
			check++;
		if (check == GATE_COVERAGE)
			log_die(EXIT_USAGE, "--skip: %s: not alerts, history "
			    "or divergence", o->skip.items[i]);
		gate.skip[check] = true;
	}
	return gate;
}

/* ---- questions ---- */

static int
daily(const struct options *o, const struct ask *ask,
    const struct seen_set *set, bool sparks, struct answer *answer,
    struct err *err)
{
	struct sheet_where where;

	if (flows_daily(ask, set, sparks, answer, err) < 0)
		return -1;
	for (size_t i = 0; i < o->where.n; i++) {
		if (sheet_where(o->where.items[i], flows_columns,
		    flows_n_columns, &where, err) < 0)
			log_die(EXIT_USAGE, "--where: %s", err->text);
		sheet_keep(&answer->rows, &where);
	}
	return 0;
}

static int
reply(const struct options *o, enum question question, const struct ask *ask,
    const struct seen_set *set, struct answer *answer, struct err *err)
{
	switch (question) {
	case TODAY:
		return flows_today(ask, set, answer, err);
	case DAILY:
	case TREND:
		return daily(o, ask, set, question == TREND, answer, err);
	case TOP:
		return flows_top(ask, set, o->min_flow_e4, answer, err);
	case DIVERGENCE:
		return drift_report(ask, set, o->days > 0 ? o->days :
		    DRIFT_DAYS, answer, err);
	case RECENT:
		return listed_recent(ask, answer, err);
	case UNUSUAL:
		return listed_unusual(ask, answer, err);
	case CONTEXT:
		return lean_report(ask, set, o->window, answer, err);
	case BY_SENTIMENT:
		return listed_sentiment(ask, set, answer, err);
	case HISTORY:
		return listed_history(ask, answer, err);
	case EVENTS:
		return listed_events(ask, answer, err);
	case ALERTS:
		return listed_alerts(ask, o->min_severity, answer, err);
	case OI_CHANGE:
		return listed_oi(ask, o->min_oi, answer, err);
	case BACKTEST:
		return backtest_report(ask, answer, err);
	case MARKOUT:
		return backtest_markout(ask, answer, err);
	default:
		return watched_report(ask, set, answer, err);
	}
}

/* Of one ticker what was seen of it, of several what was seen of any. */
static void
add_seen(const struct ask *ask, const struct seen_set *set,
    struct answer *answer)
{
	seen_of(set, ask->n == 1 ? ask->tickers[0] : "", ask->from_ts,
	    ask->to_ts, &answer->seen);
	answer->has_seen = true;
}

static int
explain(const struct options *o, struct db *db, struct answer *answer,
    struct err *err)
{
	static const int statuses[] = { EXIT_DONE, EXIT_NO, EXIT_PARTIAL,
	    EXIT_USAGE };
	enum why_result result;

	if (why_report(db, o->why, answer, &result, err) < 0)
		return -1;
	if (result == WHY_UNKNOWN_ID)
		log_die(statuses[result], "%s: no such trade, sweep or alert",
		    o->why);
	return statuses[result];
}

static int64_t
clock_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Sets the time asked about: 1; 0 when a gate finds nothing stored; -1. */
static int
set_time(const struct options *o, enum question question, struct ask *ask,
    struct err *err)
{
	int64_t newest, hours = question == CONTEXT ? lean_hours[o->window] :
	    questions[question].hours;

	if (ask_newest(ask->db, &newest, err) < 0)
		return -1;
	if (newest == ASK_NONE && question != GATE)
		log_die(EXIT_USAGE, "%s: nothing was stored yet", o->db);
	if (newest == ASK_NONE)
		return 0;
	return ask_time(ask, question == GATE ? clock_ms() : ASK_NONE,
	    questions[question].days, hours, err);
}

/* Asks the database; the exit status. */
static int
answer_of(const struct options *o, enum question question, struct ask *ask,
    struct answer *answer, struct err *err)
{
	static const int statuses[] = { EXIT_DONE, EXIT_NO, EXIT_PARTIAL };
	struct gate gate = options_gate(o);
	enum gate_result result = GATE_UNKNOWN;
	struct seen_set *set;
	int r;

	if (question == SQL)
		return listed_sql(ask->db, o->sql, answer, err);
	if (question == WHY)
		return explain(o, ask->db, answer, err);
	r = set_time(o, question, ask, err);
	if (r < 0)
		return -1;
	if (r == 0) {
		gate_empty(answer);
		return EXIT_PARTIAL;
	}
	answer->ask = ask;
	set = seen_new(ask->db, err);
	if (set == NULL)
		return -1;
	if (question == GATE) {
		r = gate_report(ask, set, &gate, answer, &result, err);
		r = r < 0 ? -1 : statuses[result];
	} else {
		r = reply(o, question, ask, set, answer, err);
		if (r == 0)
			add_seen(ask, set, answer);
		if (o->limit > 0)
			sheet_cut(&answer->rows, (size_t)o->limit);
	}
	seen_free(set);
	return r;
}

/* ---- output ---- */

static bool
colored(const struct options *o)
{
	const char *no = getenv("NO_COLOR");

	if (o->color != COLOR_AUTO)
		return o->color == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) != 0 && (no == NULL || *no == '\0');
}

static void
print(const struct options *o, enum question question,
    const struct answer *answer)
{
	enum render_format format = o->format != FORMAT_UNSET ?
	    (enum render_format)o->format : question == GATE ? RENDER_JSON :
	    RENDER_TABLE;
	struct buf seen = BUF_INIT;
	struct line_out out;
	struct err err;

	line_out_init(&out, STDOUT_FILENO);
	render_answer(&out.buf, answer, format, colored(o), o->raw);
	if (format == RENDER_CSV && answer->has_seen) {
		render_seen(&seen, &answer->seen);
		log_result("coverage: %.*s", (int)seen.n, seen.p);
		buf_free(&seen);
	}
	if (line_out_close(&out, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
}

/* ---- records ---- */

/* The baseline; the exit status. */
static int
baseline(const struct options *o, struct line_out *out, struct ask *ask,
    struct err *err)
{
	struct history history = { .min_coverage_e4 = o->min_coverage_e4 };
	bool counts;

	if (history_date(o->baseline, &history.date, err) < 0)
		log_die(EXIT_USAGE, "--baseline: %s", err->text);
	if (history_write(out, ask, &history, &counts, err) < 0)
		return -1;
	if (!counts)
		log_warning("%s: no session of the 20 before %s was watched",
		    o->db, o->baseline);
	return counts ? EXIT_DONE : EXIT_PARTIAL;
}

static int
divergence_records(const struct options *o, struct line_out *out,
    struct ask *ask, struct err *err)
{
	struct seen_set *set = NULL;
	bool demo;
	int r;

	if (set_time(o, DIVERGENCE_RECORDS, ask, err) < 0 ||
	    history_is_demo(ask->db, &demo, err) < 0 ||
	    (set = seen_new(ask->db, err)) == NULL)
		return -1;
	r = drift_records(out, ask, set, o->days > 0 ? o->days : DRIFT_DAYS,
	    demo, err);
	seen_free(set);
	return r;
}

/* Prints records; the exit status. */
static int
records(const struct options *o, enum question question, struct ask *ask)
{
	struct line_out out;
	struct err err;
	int status;

	line_out_init(&out, STDOUT_FILENO);
	status = question == BASELINE ? baseline(o, &out, ask, &err) :
	    divergence_records(o, &out, ask, &err);
	if (status < 0)
		log_die(db_status(ask->db), "%s", err.text);
	if (line_out_close(&out, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	return status;
}

/* Prints a table, csv or JSON; the exit status. */
static int
answer(const struct options *o, enum question question, struct ask *ask)
{
	struct answer answer = { .name = questions[question].name };
	struct err err;
	int status = answer_of(o, question, ask, &answer, &err);

	if (status < 0)
		log_die(db_status(ask->db), "%s", err.text);
	print(o, question, &answer);
	render_free(&answer);
	return status;
}

int
main(int argc, char *argv[])
{
	struct options options;
	enum question question;
	struct ask ask;
	struct db *db;
	struct err err;
	int status;

	log_init("flow-report");
	options_read(&options, argc, argv);
	question = options_question(&options);
	options_check(&options, question);
	options_settle(&options, question);
	db = db_open(options.db, DB_READ, false, &status, &err);
	if (db == NULL)
		log_die(status, "%s", err.text);
	db_guard(db, options.timeout_ms);
	ask = options_ask(&options, db);
	status = question == BASELINE || question == DIVERGENCE_RECORDS ?
	    records(&options, question, &ask) :
	    answer(&options, question, &ask);
	db_close(db);
	free(options.where.items);
	free(options.skip.items);
	conf_free(options.conf);
	return status;
}
