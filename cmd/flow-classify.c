/*
 * flow-classify: reads trades, adds who traded, how hard and in what shape,
 * and passes on everything else it reads; adds sweep, cancel and event records.
 * It keeps no file, reads no clock and opens no socket.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/opt.h"
#include "classify/classify.h"
#include "classify/why.h"
#include "market/baseline.h"

struct options {
	struct classify_options classify;
	int profile;		/* enum classify_profile */
	int emit;		/* index into emit_names */
	int rule;		/* enum side_rule */
	int sentiment;		/* enum side_sentiment_rule */
	int aggressiveness;	/* enum side_aggressiveness_rule */
	int evidence;		/* index into evidence_names */
	int floor_side;		/* index into switch_names */
	int64_t max_quote_age_s;
	int64_t vol_oi_min;	/* 1/10,000 */
	int64_t aggressive_threshold;	/* 1/10,000 */
	const char *baseline;	/* file, or NULL */
	struct baseline *usual;	/* what it holds */
	struct conf *conf;
};

static const char *const profile_names[] = { "std", "seed", NULL };
static const char *const evidence_names[] = { "burst", "any", NULL };
static const char *const emit_names[] = { "hold", "fast", NULL };
static const char *const switch_names[] = { "off", "on", NULL };

enum { MANY = 1000000000, TABLE = 64 };	/* contracts; rows */
#define KEYED(k, d, lo, hi, h) \
	{ 0, NULL, "classify." k, NULL, OPT_INT, d, "N", lo, hi, NULL, h }
#define RATIO(k, d, h) \
	{ 0, NULL, "classify." k, NULL, OPT_DECIMAL, d, "RATIO", 1, \
	    INT64_C(10000000000), NULL, h }

/* Fills the table for a struct options; returns it for opt_parse. */
static const struct opt *
options_table(struct options *o, struct opt *table)
{
	struct classify_options *c = &o->classify;
	const struct opt rows[] = {
		{ 0, "profile", "classify.profile", NULL, OPT_CHOICE,
		    &o->profile, "PROFILE", 0, 0, profile_names,
		    "sound rules, or the sources' literal ones" },
		{ 0, "emit", "classify.emit", NULL, OPT_CHOICE, &o->emit,
		    "hold|fast", 0, 0, emit_names,
		    "hold prints until sweeps are known, or not" },
		{ 0, "rule", "classify.rule", NULL, OPT_CHOICE, &o->rule,
		    "RULE", 0, 0, side_rule_names,
		    "rule that says who traded" },
		{ 0, "sentiment", "classify.sentiment", NULL, OPT_CHOICE,
		    &o->sentiment, "RULE", 0, 0, side_sentiment_names,
		    "what sentiment goes by" },
		{ 0, "aggressiveness", "classify.aggressiveness", NULL,
		    OPT_CHOICE, &o->aggressiveness, "RULE", 0, 0,
		    side_aggressiveness_names, "what aggressive means" },
		{ 0, "sweep-evidence", "classify.sweep_evidence", NULL,
		    OPT_CHOICE, &o->evidence, "EVIDENCE", 0, 0,
		    evidence_names, "what makes a sweep of a cluster" },
		{ 0, "lookahead", "classify.lookahead_ms", NULL, OPT_INT,
		    &c->lookahead_ms, "MS", 0, 86400000, NULL,
		    "longest wait for the next price, milliseconds" },
		{ 0, "count-complex", "classify.count_complex", NULL,
		    OPT_FLAG, &c->count_complex, NULL, 0, 0, NULL,
		    "make block events of spread legs too" },
		{ 0, "floor-side", "classify.floor_side", NULL, OPT_CHOICE,
		    &o->floor_side, "off|on", 0, 0, switch_names,
		    "give single-leg floor prints a side" },
		{ 0, "hold-max", "classify.hold_max", NULL, OPT_INT,
		    &c->hold_max, "BYTES", 4096, INT64_C(1) << 40, NULL,
		    "most bytes held; beyond, clusters close early" },
		{ 0, "baseline", NULL, NULL, OPT_TEXT, &o->baseline, "FILE",
		    0, 0, NULL, "what was usual before, of flow-report" },
		{ 0, "why", NULL, NULL, OPT_FLAG, &c->why, NULL, 0, 0, NULL,
		    "write the reasons of each tag" },
		{ 0, "near-miss", NULL, NULL, OPT_FLAG, &c->near_miss, NULL,
		    0, 0, NULL, "write what failed by one condition" },
		{ 0, "contracts-max", NULL, NULL, OPT_INT,
		    &c->max_contracts, "N", 1, 100000000, NULL,
		    "most contracts remembered" },
		{ 0, "prints-max", NULL, NULL, OPT_INT, &c->max_prints, "N",
		    1, 1000000000, NULL,
		    "most prints remembered, to match cancels" },
		KEYED("max_quote_age_s", &o->max_quote_age_s, 0, 86400,
		    "age from which a quote is stale, seconds"),
		KEYED("tsize_max", &c->side.tsize_max, 0, MANY,
		    "largest size the size rule signs, contracts"),
		KEYED("sweep_window_ms", &c->cluster.window_ms, 0, 60000,
		    "longest sweep, milliseconds"),
		KEYED("sweep_min_exchanges", &c->cluster.min_exchanges, 1,
		    100, "exchanges a sweep needs"),
		KEYED("sweep_min_size", &c->cluster.min_size, 0, MANY,
		    "contracts a sweep needs"),
		KEYED("burst_gap_ms", &c->cluster.burst_gap_ms, 0, 60000,
		    "longest pause inside a burst, milliseconds"),
		KEYED("split_min_prints", &c->cluster.split_min_prints, 1,
		    4096, "prints a split needs"),
		KEYED("split_min_size", &c->cluster.split_min_size, 0, MANY,
		    "contracts a split needs"),
		KEYED("block_size", &c->size.block_size, 0, MANY,
		    "contracts that make a block by themselves"),
		RATIO("block_mult", &c->size.block_mult_e4,
		    "times the average that make a block"),
		KEYED("block_floor", &c->size.block_floor, 0, MANY,
		    "contracts a block has at least"),
		RATIO("large_mult", &c->size.large_mult_e4,
		    "times the average that make a large print"),
		KEYED("large_floor", &c->size.large_floor, 0, MANY,
		    "contracts a large print has at least"),
		KEYED("event_block_size", &c->event_block_size, 0, MANY,
		    "contracts that make a block event"),
		KEYED("avg_contract_n", &c->size.contract_n, 1, 10000,
		    "prints in a contract's average"),
		KEYED("avg_contract_min", &c->size.contract_min, 1, 10000,
		    "prints a contract's average needs"),
		KEYED("avg_underlying_n", &c->size.underlying_n, 1, 100000,
		    "prints in an underlying's average"),
		KEYED("avg_underlying_min", &c->size.underlying_min, 1,
		    100000, "prints an underlying's average needs"),
		KEYED("avg_default", &c->size.fallback, 1, 1000000,
		    "average without enough prints, contracts"),
		KEYED("avg_cap", &c->size.cap, 1, 65535,
		    "largest size a print adds to an average"),
		{ 0, NULL, "classify.aggressive_threshold", NULL,
		    OPT_DECIMAL, &o->aggressive_threshold, "SHARE", 0, 10000,
		    NULL, "share at the ask that makes an aggressive event" },
		KEYED("aggressive_min", &c->aggressive_min, 0, MANY,
		    "contracts an aggressive event needs"),
		RATIO("unusual_mult", &c->volume.unusual_mult_e4,
		    "times the usual volume that are unusual"),
		KEYED("unusual_min", &c->volume.unusual_min, 0, MANY,
		    "contracts that can be unusual"),
		RATIO("vol_oi_min", &c->volume.vol_oi_min_e4,
		    "volume to open interest that is unusual"),
		KEYED("vol_oi_min_volume", &c->volume.vol_oi_min_volume,
		    0, MANY, "contracts that rule needs"),
		KEYED("vol_oi_min_oi", &c->volume.vol_oi_min_oi, 0, MANY,
		    "open interest that rule needs"),
		{ .help = NULL }
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		table[i] = rows[i];
	return table;
}

/* The built-in values that go with the profile. */
static void
options_preset(void *ctx)
{
	struct options *o = ctx;
	struct classify_options *c = &o->classify;

	classify_defaults(c, (enum classify_profile)o->profile);
	o->emit = o->floor_side = 0;
	o->rule = (int)c->side.rule;
	o->sentiment = (int)c->side.sentiment;
	o->aggressiveness = (int)c->side.aggressiveness;
	o->evidence = c->cluster.any_evidence;
	o->max_quote_age_s = c->max_quote_age_ms / 1000;
	o->aggressive_threshold = c->aggressive_threshold_e6 / 100;
}

/* Puts what the table filled where flow-classify looks. */
static void
options_finish(struct options *o)
{
	struct classify_options *c = &o->classify;

	c->hold = o->emit == 0;
	c->side.rule = (enum side_rule)o->rule;
	c->side.sentiment = (enum side_sentiment_rule)o->sentiment;
	c->side.aggressiveness =
	    (enum side_aggressiveness_rule)o->aggressiveness;
	c->cluster.any_evidence = o->evidence == 1;
	c->floor_side = o->floor_side == 1;
	c->max_quote_age_ms = o->max_quote_age_s * 1000;
	c->aggressive_threshold_e6 = o->aggressive_threshold * 100;
}

static void
options_command(struct opt_command *command, struct options *o,
    struct opt *table)
{
	*command = (struct opt_command){
		.name = "flow-classify",
		.synopsis = "[options] [file ...]",
		.summary = "Tags each trade with side, sentiment, size and "
		    "shape.",
		.table = options_table(o, table),
		.preset = options_preset,
		.ctx = o
	};
}

/*
 * The digest of what --show-config prints, without the line of emit, which
 * changes when a tag is known and not what it is.
 */
static void
options_digest(struct options *o)
{
	struct opt table[TABLE];
	struct buf text = BUF_INIT;

	options_table(o, table);
	for (struct opt *row = table; row->help != NULL; row++)
		if (row->dest == &o->emit)
			row->key = NULL;
	opt_print_config(&text, table);
	o->classify.digest = why_digest((struct slice){ text.p, text.n });
	buf_free(&text);
}

/* A ticker's own values, when the configuration has any of ours. */
static bool
options_settle(void *ctx, struct slice symbol, struct classify_options *own)
{
	const struct options *all = ctx;
	struct options o = *all;
	struct opt table[TABLE];
	struct opt_command command;
	char *ticker;

	if (!conf_has_own(all->conf, symbol, "classify."))
		return false;
	ticker = buf_dup(symbol.p, symbol.n);
	options_command(&command, &o, table);
	opt_settle(&command, all->conf, ticker);
	options_finish(&o);
	options_digest(&o);
	*own = o.classify;
	free(ticker);
	return true;
}

/* Loads it before the first record: nothing of the stream decides that. */
static void
options_baseline(struct options *o)
{
	struct err err;

	if (o->baseline == NULL)
		return;
	o->usual = baseline_read(o->baseline, BASELINE_SIZES | BASELINE_FLOW,
	    &err);
	if (o->usual == NULL)
		log_die(EXIT_USAGE, "%s", err.text);
	o->classify.baseline = o->usual;
}

static void
options_read(struct options *o, int *argc, char *argv[])
{
	struct opt table[TABLE];
	struct opt_command command;
	int n;

	o->profile = CLASSIFY_STD;
	options_preset(o);
	options_command(&command, o, table);
	opt_parse(&command, *argc, argv, &n, &o->conf);
	options_finish(o);
	if (o->classify.lookahead_ms > 0 && !o->classify.hold)
		log_die(EXIT_USAGE, "--lookahead: needs --emit hold");
	options_digest(o);
	options_baseline(o);
	o->classify.settle = options_settle;
	o->classify.ctx = o;
	*argc = n;
}

int
main(int argc, char *argv[])
{
	struct options options = { .conf = NULL };
	struct classify *classify;
	struct line_out out;
	struct line_in *in;
	struct line line;
	struct err err;
	int r, status;

	log_init("flow-classify");
	options_read(&options, &argc, argv);
	line_out_init(&out, STDOUT_FILENO);
	in = line_in_new(argv, (size_t)argc, &out);
	classify = classify_new(&options.classify, &out);
	while ((r = line_next(in, &line, &err)) != 0) {
		if (r < 0)
			classify_unreadable(classify, err.text);
		else if (classify_line(classify, &line) < 0)
			break;
	}
	/* What could not be written has no end to tell of. */
	status = out.error != 0 ? EXIT_SYSTEM : classify_end(classify);
	classify_free(classify);
	baseline_free(options.usual);
	conf_free(options.conf);
	line_in_free(in);
	if (line_out_close(&out, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	return status;
}
