/*
 * flow-score: adds up the flow of each underlying, holds each classified trade
 * and sweep against it and the market, and makes context and signal records.
 * It passes on everything it reads.  It keeps no file, reads no clock and opens
 * no socket.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/opt.h"
#include "market/baseline.h"
#include "score/score.h"

struct options {
	struct score_options score;
	int profile;		/* enum score_profile */
	int weight;		/* index into weight_names */
	int64_t max_underlying_age_s;
	int64_t min_side_confidence;	/* of kinds that have none, 1/10,000 */
	const char *strategies;	/* as given, or NULL: all */
	struct opt_list exclude;
	const char *baseline;	/* file, or NULL */
	struct baseline *usual;	/* what it holds */
	struct conf *conf;
};

static const char *const profile_names[] = { "std", "seed", NULL };
static const char *const boost_names[] = {
	"mult", "always", "additive", "none", NULL
};
static const char *const weight_names[] = { "confidence", "none", NULL };
static const char *const clock_names[] = { "wall", "session", NULL };
static const char *const kind_names[] = { "scalp", "day_trade", "swing" };

#define MONEY_MAX INT64_C(1000000000000000)	/* $100 billion */
#define RATIO_MAX INT64_C(10000000)		/* 1,000 */
#define DAY_MS INT64_C(86400000)
#define KEYED(k, t, d, a, lo, hi, h) \
	{ 0, NULL, k, NULL, t, d, a, lo, hi, NULL, h }
#define PERCENT(k, d, h) \
	KEYED(k, OPT_DECIMAL, d, "PERCENT", -RATIO_MAX, RATIO_MAX, h)
#define KIND(k, l) \
	KEYED("score." k ".enabled", OPT_FLAG, &(l).on, NULL, 0, 0, \
	    "make such signals"), \
	KEYED("score." k ".min_dte", OPT_INT, &(l).min_dte, "DAYS", 0, \
	    36500, "fewest days to expiration"), \
	KEYED("score." k ".max_dte", OPT_INT, &(l).max_dte, "DAYS", 0, \
	    36500, "most days to expiration"), \
	KEYED("score." k ".min_premium", OPT_DECIMAL, &(l).min_premium_e4, \
	    "DOLLARS", 1, MONEY_MAX, "least premium"), \
	PERCENT("score." k ".min_otm_pct", &(l).min_otm_pct_e4, \
	    "least distance out of the money"), \
	PERCENT("score." k ".max_otm_pct", &(l).max_otm_pct_e4, \
	    "most distance out of the money"), \
	KEYED("score." k ".min_rvol", OPT_DECIMAL, &(l).min_rvol_e4, \
	    "RATIO", 0, RATIO_MAX, "least relative volume"), \
	KEYED("score." k ".min_side_confidence", OPT_DECIMAL, \
	    &(l).min_side_confidence_e4, "SHARE", 0, 10000, \
	    "least confidence in the side; 0: that of score"), \
	KEYED("score." k ".min_strength", OPT_DECIMAL, \
	    &(l).min_strength_e4, "POINTS", 0, 100000, \
	    "least strength of a signal")

enum { TABLE = 72 };

/* Fills a table that reads into o. */
static void
options_table(struct options *o, struct opt *table)
{
	struct score_options *s = &o->score;
	struct underlying_settings *u = &s->settings;
	struct strategy_limits *l = u->limits;
	const struct opt rows[] = {
		{ 0, "profile", "score.profile", NULL, OPT_CHOICE,
		    &o->profile, "PROFILE", 0, 0, profile_names,
		    "sound rules, or the sources' literal ones" },
		{ 0, "boost", "score.boost", NULL, OPT_CHOICE,
		    &u->context.boost, "HOW", 0, 0, boost_names,
		    "what aligned and opposed flow does to a strength" },
		{ 0, "weight", "score.weight", NULL, OPT_CHOICE, &o->weight,
		    "HOW", 0, 0, weight_names,
		    "weigh sentiment by confidence in the side, or not" },
		{ 0, "window-clock", "score.window_clock", NULL, OPT_CHOICE,
		    &s->clock, "CLOCK", 0, 0, clock_names,
		    "hours of the clock, or of open market" },
		{ 0, "context-interval", "score.context_interval_s", NULL,
		    OPT_DURATION, &s->context_interval_ms, "TIME", 1000,
		    DAY_MS, NULL, "time between two context records" },
		{ 0, "count-complex", "score.count_complex", NULL, OPT_FLAG,
		    &u->count_complex, NULL, 0, 0, NULL,
		    "count multi-leg, cross and compression trades as others" },
		{ 0, "strategies", NULL, NULL, OPT_TEXT, &o->strategies,
		    "KIND,...", 0, 0, NULL,
		    "kinds of signals: scalp, day_trade, swing" },
		{ 0, "baseline", NULL, NULL, OPT_TEXT, &o->baseline, "FILE",
		    0, 0, NULL, "what was usual before the trade date" },
		{ 0, "explain", NULL, NULL, OPT_FLAG, &s->explain, NULL, 0, 0,
		    NULL, "write every gate that failed, and what bars say" },
		{ 0, "near-miss", NULL, NULL, OPT_FLAG, &s->near_miss, NULL,
		    0, 0, NULL, "write the gate that alone failed" },
		{ 0, "underlyings-max", NULL, NULL, OPT_INT,
		    &s->max_underlyings, "N", 1, 10000000, NULL,
		    "most underlyings remembered" },
		{ 0, "prints-max", NULL, NULL, OPT_INT, &s->max_prints, "N",
		    1, 1000000000, NULL, "most prints remembered" },
		KEYED("experiment.id", OPT_TEXT, &s->experiment, "ID", 0, 0,
		    "experiment_id of signals"),
		KEYED("tickers.exclude", OPT_LIST, &o->exclude, "TICKER", 0,
		    0, "give no signals"),
		KEYED("classify.max_underlying_age_s", OPT_INT,
		    &o->max_underlying_age_s, "N", 0, 86400,
		    "age from which a price of the underlying says nothing"),
		KEYED("score.bias_neutral", OPT_DECIMAL,
		    &u->context.bias_neutral_e4, "SHARE", 0, 10000,
		    "a smaller bias is neutral"),
		KEYED("score.follow_strength", OPT_INT,
		    &u->context.follow_strength, "N", 0, 100,
		    "least sentiment strength that is followed"),
		KEYED("score.follow_institutional", OPT_INT,
		    &u->context.follow_institutional, "N", 0, 100,
		    "institutional score above which flow is followed"),
		KEYED("score.follow_confidence", OPT_INT,
		    &u->context.follow_confidence, "N", 0, 100,
		    "least confidence that is followed"),
		KEYED("score.persist_min_event", OPT_DECIMAL,
		    &u->persist.min_event_e4, "DOLLARS", 0, MONEY_MAX,
		    "least premium of an accumulation event"),
		KEYED("score.persist_events", OPT_INT, &u->persist.events,
		    "N", 1, 1000000, "events of a persistent buyer"),
		KEYED("score.persist_premium", OPT_DECIMAL,
		    &u->persist.premium_e4, "DOLLARS", 0, MONEY_MAX,
		    "and their premium"),
		KEYED("score.persist_buy_share", OPT_DECIMAL,
		    &u->persist.buy_share_e4, "SHARE", 0, 10000,
		    "and the share of buying"),
		KEYED("score.persist_sessions", OPT_INT,
		    &u->persist.sessions, "N", 1, PERSIST_SESSIONS,
		    "sessions remembered"),
		KEYED("score.min_side_confidence", OPT_DECIMAL,
		    &o->min_side_confidence, "SHARE", 0, 10000,
		    "least confidence in the side"),
		KIND("scalp", l[STRATEGY_SCALP]),
		KEYED("score.scalp.min_vol_oi", OPT_DECIMAL,
		    &l[STRATEGY_SCALP].min_vol_oi_e4, "RATIO", 0, RATIO_MAX,
		    "least volume to open interest"),
		KIND("day_trade", l[STRATEGY_DAY_TRADE]),
		KEYED("score.day_trade.min_vol_oi", OPT_DECIMAL,
		    &l[STRATEGY_DAY_TRADE].min_vol_oi_e4, "RATIO", 0,
		    RATIO_MAX, "least volume to open interest"),
		KIND("swing", l[STRATEGY_SWING]),
		KEYED("score.swing.min_event_premium", OPT_DECIMAL,
		    &l[STRATEGY_SWING].min_event_premium_e4, "DOLLARS", 0,
		    MONEY_MAX, "least premium of the event itself"),
		KEYED("score.swing.min_events", OPT_INT,
		    &l[STRATEGY_SWING].min_events, "N", 0, 1000000,
		    "fewest events in memory"),
		KEYED("regime.proxy", OPT_TEXT, &u->proxy, "TICKER", 0, 0,
		    "stands for the market"),
		KEYED("regime.vol_index", OPT_TEXT, &u->vol_index, "TICKER",
		    0, 0, "its volatility index"),
		PERCENT("regime.vol_medium", &u->regime.medium_e4,
		    "percentile from which volatility is medium"),
		PERCENT("regime.vol_elevated", &u->regime.elevated_e4,
		    "percentile from which it is elevated"),
		PERCENT("regime.vol_high", &u->regime.high_e4,
		    "percentile from which it is high"),
		PERCENT("regime.index_medium", &u->regime.index_medium_e4,
		    "the same by the level of an index"),
		PERCENT("regime.index_elevated",
		    &u->regime.index_elevated_e4, "elevated"),
		PERCENT("regime.index_high", &u->regime.index_high_e4,
		    "high"),
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

	score_defaults(&o->score, (enum score_profile)o->profile);
	o->weight = !o->score.settings.context.weighted;
	o->max_underlying_age_s =
	    o->score.settings.max_underlying_age_ms / 1000;
	o->min_side_confidence = 6000;
}

/* True when the kind stands in a list with commas. */
static bool
options_names(const char *list, const char *kind)
{
	size_t n = strlen(kind);

	for (; list != NULL; list = strchr(list, ',')) {
		list += *list == ',';
		if (strncmp(list, kind, n) == 0 &&
		    (list[n] == ',' || list[n] == '\0'))
			return true;
	}
	return false;
}

/* Every word of the list must be a kind. */
static void
options_check_strategies(const char *list)
{
	for (const char *p = list; p != NULL; p = strchr(p, ',')) {
		size_t n, k = 0;

		p += p != list;
		n = strcspn(p, ",");
		while (k < STRATEGY_KINDS && (strlen(kind_names[k]) != n ||
		    memcmp(kind_names[k], p, n) != 0))
			k++;
		if (k == STRATEGY_KINDS)
			log_die(EXIT_USAGE, "--strategies: %.*s: not scalp, "
			    "day_trade or swing", (int)n, p);
	}
}

/* Puts what the table filled where flow-score looks. */
static void
options_finish(struct options *o)
{
	struct underlying_settings *u = &o->score.settings;

	u->context.weighted = o->weight == 0;
	u->max_underlying_age_ms = o->max_underlying_age_s * 1000;
	for (int k = 0; k < STRATEGY_KINDS; k++) {
		struct strategy_limits *l = &u->limits[k];

		if (o->strategies != NULL)
			l->on = l->on && options_names(o->strategies,
			    kind_names[k]);
		if (l->min_side_confidence_e4 == 0)
			l->min_side_confidence_e4 = o->min_side_confidence;
	}
}

static void
options_command(struct opt_command *command, struct options *o,
    struct opt *table)
{
	*command = (struct opt_command){
		.name = "flow-score",
		.synopsis = "[options] [file ...]",
		.summary = "Scores trades and sweeps: flow context and "
		    "signals.",
		.table = table,
		.preset = options_preset,
		.ctx = o
	};
	options_table(o, table);
}

static bool
options_is_excluded(const struct options *o, struct slice symbol)
{
	for (size_t i = 0; i < o->exclude.n; i++)
		if (slice_equal(symbol, (struct slice){ o->exclude.items[i],
		    strlen(o->exclude.items[i]) }))
			return true;
	return false;
}

/* A ticker's own values; opt_parse has checked them. */
static bool
options_settle(void *ctx, struct slice symbol,
    struct underlying_settings *own)
{
	const struct options *all = ctx;
	struct options o = *all;
	struct opt table[TABLE];
	struct opt_command command;
	bool excluded = options_is_excluded(all, symbol);
	char *ticker;

	if (!excluded && !conf_has_own(all->conf, symbol, ""))
		return false;
	ticker = buf_dup(symbol.p, symbol.n);
	options_command(&command, &o, table);
	opt_settle(&command, all->conf, ticker);
	options_finish(&o);
	*own = o.score.settings;
	own->excluded = excluded;
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
	o->usual = baseline_read(o->baseline, BASELINE_BARS |
	    BASELINE_PERSIST, &err);
	if (o->usual == NULL)
		log_die(EXIT_USAGE, "%s", err.text);
	o->score.baseline = o->usual;
}

static void
options_read(struct options *o, int *argc, char *argv[])
{
	struct opt table[TABLE];
	struct opt_command command;
	int n;

	o->profile = SCORE_STD;
	options_preset(o);
	options_command(&command, o, table);
	opt_parse(&command, *argc, argv, &n, &o->conf);
	options_check_strategies(o->strategies);
	options_finish(o);
	options_baseline(o);
	o->score.settle = options_settle;
	o->score.ctx = o;
	*argc = n;
}

int
main(int argc, char *argv[])
{
	struct options options = { .conf = NULL };
	struct score *score;
	struct line_out out;
	struct line_in *in;
	struct line line;
	struct err err;
	int r, status;

	log_init("flow-score");
	options_read(&options, &argc, argv);
	line_out_init(&out, STDOUT_FILENO);
	in = line_in_new(argv, (size_t)argc, &out);
	score = score_new(&options.score, &out);
	while ((r = line_next(in, &line, &err)) != 0) {
		if (r < 0)
			score_unreadable(score, err.text);
		else if (score_line(score, &line) < 0)
			break;
	}
	/* What could not be written has no end to tell of. */
	status = out.error != 0 ? EXIT_SYSTEM : score_end(score);
	score_free(score);
	baseline_free(options.usual);
	conf_free(options.conf);
	free(options.exclude.items);
	line_in_free(in);
	if (line_out_close(&out, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	return status;
}
