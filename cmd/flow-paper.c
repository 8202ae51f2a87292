/*
 * flow-paper: follows the signals of a stream with positions that nobody
 * holds, and adds a record of what became of each; passes on everything it
 * reads.  It keeps no file but its csv log, reads no clock and opens no socket.
 */
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/opt.h"
#include "paper/paper.h"

struct options {
	struct paper_options paper;
	int mark;		/* enum book_mark */
	const char *csv;	/* or NULL */
	struct conf *conf;
};

#define PERCENT(kind, key, d, h) \
	{ 0, NULL, "paper." kind "." key "_pct", NULL, OPT_DECIMAL, d, \
	    "PERCENT", 1, 100 * POSITION_PCT, NULL, h }
#define LEVELS(name, kind) \
	PERCENT(name, "take_profit", &r->kinds[kind].take_pct, \
	    "gain at which a position ends"), \
	PERCENT(name, "stop_loss", &r->kinds[kind].stop_pct, \
	    "loss at which a position ends")
#define TIMEOUT(name, d, hi, h) \
	{ 0, NULL, "paper." name, NULL, OPT_INT, d, "N", 1, hi, NULL, h }

static void
options_read(struct options *o, int *argc, char *argv[])
{
	struct book_rules *r = &o->paper.rules;
	const struct opt table[] = {
		{ 0, "mark-source", "paper.mark_source", NULL, OPT_CHOICE,
		    &o->mark, "SOURCE", 0, 0, book_mark_names,
		    "prices that positions go by" },
		{ 0, "latency", "paper.latency_ms", NULL, OPT_DURATION,
		    &r->latency_ms, "TIME", 0, 60000, NULL,
		    "from a signal to its entry" },
		{ 0, "fee", "paper.fee", NULL, OPT_DECIMAL, &r->fee_e4,
		    "DOLLARS", 0, 10000000, NULL,
		    "of an option contract, in and out each" },
		{ 0, "slippage", "paper.slippage", NULL, OPT_DECIMAL,
		    &r->slippage_e4, "DOLLARS", 0, 10000000, NULL,
		    "a share, on the ask that is paid" },
		{ 0, "qty", "paper.qty", NULL, OPT_INT, &r->qty, "N", 1,
		    1000000, NULL, "contracts, or shares, of a position" },
		{ 0, "csv", NULL, NULL, OPT_TEXT, &o->csv, "DIR", 0, 0, NULL,
		    "append to DIR/signals.csv and DIR/paper.csv" },
		LEVELS("scalp", ENTRY_SCALP),
		TIMEOUT("scalp.timeout_min",
		    &r->kinds[ENTRY_SCALP].timeout_min, 1000000,
		    "minutes until it ends"),
		LEVELS("day_trade", ENTRY_DAY_TRADE),
		TIMEOUT("day_trade.timeout_min",
		    &r->kinds[ENTRY_DAY_TRADE].timeout_min, 1000000,
		    "minutes until it ends"),
		LEVELS("swing", ENTRY_SWING),
		TIMEOUT("swing.timeout_sessions",
		    &r->kinds[ENTRY_SWING].timeout_sessions, 250,
		    "sessions until it ends"),
		{ .help = NULL }
	};
	const struct opt_command command = {
		.name = "flow-paper",
		.synopsis = "[options] [file ...]",
		.summary = "Follows signals with positions that nobody holds.",
		.table = table
	};

	*o = (struct options){ .paper.max_quote_age_ms = 60000 };
	book_defaults(r);
	opt_parse(&command, *argc, argv, argc, &o->conf);
	r->mark = (enum book_mark)o->mark;
}

/* What became of all, after the records that say it one by one. */
static void
tell(const struct paper *paper)
{
	struct buf text = BUF_INIT;
	const char *nl;

	paper_tell(paper, &text);
	for (const char *p = text.p; p < text.p + text.n; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(text.p + text.n - p));
		log_result("%.*s", (int)(nl - p), p);
	}
	buf_free(&text);
}

/* The exit status. */
static int
run(struct options *options, size_t n, char *files[], struct line_out *out)
{
	struct line_in *in = line_in_new(files, n, out);
	struct paper *paper = paper_new(&options->paper, out);
	struct line line;
	struct err err;
	int r, status;

	while ((r = line_next(in, &line, &err)) != 0) {
		if (r < 0)
			paper_unreadable(paper, err.text);
		else if (paper_line(paper, &line) < 0)
			break;
	}
	/* What could not be written has no end to tell of. */
	status = out->error != 0 ? EXIT_SYSTEM : paper_end(paper);
	line_out_flush(out);
	if (out->error == 0)
		tell(paper);
	paper_free(paper);
	line_in_free(in);
	return status;
}

int
main(int argc, char *argv[])
{
	struct options options;
	struct csv_log log;
	struct line_out out;
	struct err err;
	int status;

	log_init("flow-paper");
	options_read(&options, &argc, argv);
	if (options.csv != NULL) {
		if (csv_log_open(&log, options.csv, &err) < 0)
			log_die(EXIT_SYSTEM, "--csv %s: %s", options.csv,
			    err.text);
		options.paper.log = &log;
	}
	line_out_init(&out, STDOUT_FILENO);
	status = run(&options, (size_t)argc, argv, &out);
	if (options.csv != NULL) {
		csv_log_close(&log);
		if (log.failed) {
			log_error("%s", log.err.text);
			status = EXIT_SYSTEM;
		}
	}
	conf_free(options.conf);
	if (line_out_close(&out, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	return status;
}
