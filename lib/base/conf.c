#include "base/conf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <yaml.h>

#include "base/log.h"
#include "base/table.h"

#define CONF_MAX ((size_t)1 << 20)	/* bytes in a file */
#define CONF_OVERRIDES "tickers.overrides"

struct conf {
	char *path;			/* file read, or NULL */
	struct conf_item *first, *last;
	struct table items;		/* path to struct conf_item */
};

enum conf_shape {
	CONF_UNKNOWN,
	CONF_SECTION,			/* a mapping of known keys */
	CONF_TICKERS,			/* a mapping of tickers to sections */
	CONF_LIST,			/* a sequence of scalars, or one */
	CONF_SCALAR
};

/*
 * Every key a file may hold.  Meaning, unit and default of each stand in
 * flow-config(5); a section is known by what it holds.  CONF_OVERRIDES
 * repeats the sections of conf_per_ticker for each ticker.
 */
static const struct {
	const char *path;		/* a final "*" is any one name */
	enum conf_shape shape;
} conf_keys[] = {
	{ "experiment.id", CONF_SCALAR },
	{ "experiment.name", CONF_SCALAR },
	{ "experiment.description", CONF_SCALAR },

	{ "runtime.log_level", CONF_SCALAR },

	{ "feed.name", CONF_SCALAR },
	{ "feed.key_file", CONF_SCALAR },
	{ "feed.ib.target", CONF_SCALAR },
	{ "feed.ib.host", CONF_SCALAR },
	{ "feed.ib.port", CONF_SCALAR },
	{ "feed.ib.client_id", CONF_SCALAR },
	{ "feed.ib.data_type", CONF_SCALAR },
	{ "feed.ib.max_lines", CONF_SCALAR },
	{ "feed.ib.max_inflight", CONF_SCALAR },
	{ "feed.ib.history", CONF_SCALAR },
	{ "feed.quote_lag_ms", CONF_SCALAR },
	{ "feed.delayed", CONF_SCALAR },
	{ "feed.underlying", CONF_SCALAR },
	{ "feed.quotes_max", CONF_SCALAR },
	{ "feed.watermark_delay_ms", CONF_SCALAR },
	{ "feed.silence_ms", CONF_SCALAR },
	{ "feed.backoff_ms", CONF_SCALAR },
	{ "feed.backoff_max_ms", CONF_SCALAR },
	{ "feed.stream_url", CONF_SCALAR },
	{ "feed.rest_url", CONF_SCALAR },
	{ "feed.gap_requests", CONF_SCALAR },
	{ "feed.warm_days", CONF_SCALAR },
	{ "feed.requests_per_minute", CONF_SCALAR },
	{ "feed.ca_file", CONF_SCALAR },

	{ "classify.profile", CONF_SCALAR },
	{ "classify.rule", CONF_SCALAR },
	{ "classify.sentiment", CONF_SCALAR },
	{ "classify.aggressiveness", CONF_SCALAR },
	{ "classify.sweep_evidence", CONF_SCALAR },
	{ "classify.count_complex", CONF_SCALAR },
	{ "classify.floor_side", CONF_SCALAR },
	{ "classify.tsize_max", CONF_SCALAR },
	{ "classify.lookahead_ms", CONF_SCALAR },
	{ "classify.max_quote_age_s", CONF_SCALAR },
	{ "classify.max_underlying_age_s", CONF_SCALAR },
	{ "classify.emit", CONF_SCALAR },
	{ "classify.hold_max", CONF_SCALAR },
	{ "classify.sweep_window_ms", CONF_SCALAR },
	{ "classify.sweep_min_exchanges", CONF_SCALAR },
	{ "classify.sweep_min_size", CONF_SCALAR },
	{ "classify.burst_gap_ms", CONF_SCALAR },
	{ "classify.split_min_prints", CONF_SCALAR },
	{ "classify.split_min_size", CONF_SCALAR },
	{ "classify.block_size", CONF_SCALAR },
	{ "classify.block_mult", CONF_SCALAR },
	{ "classify.block_floor", CONF_SCALAR },
	{ "classify.large_mult", CONF_SCALAR },
	{ "classify.large_floor", CONF_SCALAR },
	{ "classify.event_block_size", CONF_SCALAR },
	{ "classify.avg_contract_n", CONF_SCALAR },
	{ "classify.avg_contract_min", CONF_SCALAR },
	{ "classify.avg_underlying_n", CONF_SCALAR },
	{ "classify.avg_underlying_min", CONF_SCALAR },
	{ "classify.avg_default", CONF_SCALAR },
	{ "classify.avg_cap", CONF_SCALAR },
	{ "classify.aggressive_threshold", CONF_SCALAR },
	{ "classify.aggressive_min", CONF_SCALAR },
	{ "classify.unusual_mult", CONF_SCALAR },
	{ "classify.unusual_min", CONF_SCALAR },
	{ "classify.vol_oi_min", CONF_SCALAR },
	{ "classify.vol_oi_min_volume", CONF_SCALAR },
	{ "classify.vol_oi_min_oi", CONF_SCALAR },

	{ "score.profile", CONF_SCALAR },
	{ "score.boost", CONF_SCALAR },
	{ "score.weight", CONF_SCALAR },
	{ "score.window_clock", CONF_SCALAR },
	{ "score.count_complex", CONF_SCALAR },
	{ "score.context_interval_s", CONF_SCALAR },
	{ "score.bias_neutral", CONF_SCALAR },
	{ "score.follow_strength", CONF_SCALAR },
	{ "score.follow_institutional", CONF_SCALAR },
	{ "score.follow_confidence", CONF_SCALAR },
	{ "score.persist_min_event", CONF_SCALAR },
	{ "score.persist_events", CONF_SCALAR },
	{ "score.persist_premium", CONF_SCALAR },
	{ "score.persist_buy_share", CONF_SCALAR },
	{ "score.persist_sessions", CONF_SCALAR },
	{ "score.min_option_volume", CONF_SCALAR },
	{ "score.spread_pct_max", CONF_SCALAR },
	{ "score.min_side_confidence", CONF_SCALAR },
	{ "score.rate", CONF_SCALAR },
	{ "score.scalp.enabled", CONF_SCALAR },
	{ "score.scalp.min_dte", CONF_SCALAR },
	{ "score.scalp.max_dte", CONF_SCALAR },
	{ "score.scalp.min_premium", CONF_SCALAR },
	{ "score.scalp.min_otm_pct", CONF_SCALAR },
	{ "score.scalp.max_otm_pct", CONF_SCALAR },
	{ "score.scalp.min_rvol", CONF_SCALAR },
	{ "score.scalp.min_vol_oi", CONF_SCALAR },
	{ "score.scalp.min_side_confidence", CONF_SCALAR },
	{ "score.scalp.min_strength", CONF_SCALAR },
	{ "score.day_trade.enabled", CONF_SCALAR },
	{ "score.day_trade.min_dte", CONF_SCALAR },
	{ "score.day_trade.max_dte", CONF_SCALAR },
	{ "score.day_trade.min_premium", CONF_SCALAR },
	{ "score.day_trade.min_otm_pct", CONF_SCALAR },
	{ "score.day_trade.max_otm_pct", CONF_SCALAR },
	{ "score.day_trade.min_rvol", CONF_SCALAR },
	{ "score.day_trade.min_vol_oi", CONF_SCALAR },
	{ "score.day_trade.min_side_confidence", CONF_SCALAR },
	{ "score.day_trade.min_strength", CONF_SCALAR },
	{ "score.swing.enabled", CONF_SCALAR },
	{ "score.swing.min_dte", CONF_SCALAR },
	{ "score.swing.max_dte", CONF_SCALAR },
	{ "score.swing.min_premium", CONF_SCALAR },
	{ "score.swing.min_event_premium", CONF_SCALAR },
	{ "score.swing.min_events", CONF_SCALAR },
	{ "score.swing.min_otm_pct", CONF_SCALAR },
	{ "score.swing.max_otm_pct", CONF_SCALAR },
	{ "score.swing.min_rvol", CONF_SCALAR },
	{ "score.swing.min_side_confidence", CONF_SCALAR },
	{ "score.swing.min_strength", CONF_SCALAR },

	{ "regime.proxy", CONF_SCALAR },
	{ "regime.vol_index", CONF_SCALAR },
	{ "regime.vol_medium", CONF_SCALAR },
	{ "regime.vol_elevated", CONF_SCALAR },
	{ "regime.vol_high", CONF_SCALAR },
	{ "regime.index_medium", CONF_SCALAR },
	{ "regime.index_elevated", CONF_SCALAR },
	{ "regime.index_high", CONF_SCALAR },

	{ "alert.profile", CONF_SCALAR },
	{ "alert.cooldown_s", CONF_SCALAR },
	{ "alert.cooldown_scope", CONF_SCALAR },
	{ "alert.min_severity", CONF_SCALAR },
	{ "alert.put_sweep_min", CONF_SCALAR },
	{ "alert.put_block", CONF_SCALAR },
	{ "alert.pc_ratio", CONF_SCALAR },
	{ "alert.pc_ratio_rearm", CONF_SCALAR },
	{ "alert.call_flow", CONF_SCALAR },
	{ "alert.oi_change_min", CONF_SCALAR },
	{ "alert.oi_change_ratio", CONF_SCALAR },
	{ "alert.iv_spike_ratio", CONF_SCALAR },
	{ "alert.iv_spike_points", CONF_SCALAR },
	{ "alert.count_complex", CONF_SCALAR },
	{ "alert.oi_estimate", CONF_SCALAR },
	{ "alert.opening_share", CONF_SCALAR },
	{ "alert.journal", CONF_SCALAR },

	{ "routing.channels.*", CONF_SCALAR },

	{ "store.db", CONF_SCALAR },
	{ "store.alerts", CONF_SCALAR },
	{ "store.min_size", CONF_SCALAR },
	{ "store.retain_days", CONF_SCALAR },
	{ "store.wal_warn_mib", CONF_SCALAR },
	{ "store.top_min_flow", CONF_SCALAR },

	{ "paper.mark_source", CONF_SCALAR },
	{ "paper.latency_ms", CONF_SCALAR },
	{ "paper.fee", CONF_SCALAR },
	{ "paper.slippage", CONF_SCALAR },
	{ "paper.qty", CONF_SCALAR },
	{ "paper.scalp.take_profit_pct", CONF_SCALAR },
	{ "paper.scalp.stop_loss_pct", CONF_SCALAR },
	{ "paper.scalp.timeout_min", CONF_SCALAR },
	{ "paper.day_trade.take_profit_pct", CONF_SCALAR },
	{ "paper.day_trade.stop_loss_pct", CONF_SCALAR },
	{ "paper.day_trade.timeout_min", CONF_SCALAR },
	{ "paper.swing.take_profit_pct", CONF_SCALAR },
	{ "paper.swing.stop_loss_pct", CONF_SCALAR },
	{ "paper.swing.timeout_sessions", CONF_SCALAR },

	{ "tickers.exclude", CONF_LIST },
	{ CONF_OVERRIDES, CONF_TICKERS }
};

#define CONF_NKEYS (sizeof(conf_keys) / sizeof(conf_keys[0]))

static const char *const conf_kinds[] = { "scalp", "day_trade", "swing", NULL };
static const char *const conf_per_ticker[] = {
	"classify", "alert", "score", "scalp", "day_trade", "swing", "regime",
	NULL
};

struct conf_reader {
	yaml_parser_t yaml;
	yaml_event_t event;	/* the current one */
	struct conf *conf;	/* being filled */
	struct buf path;	/* where the current event stands */
	size_t key;		/* where in path the known key starts */
	struct table seen;	/* path to the line it was first on */
	const char *p;		/* the whole text */
	size_t n;
	const char *name;	/* for messages */
	struct err *err;
};

const char *
conf_key(size_t i)
{
	return i < CONF_NKEYS ? conf_keys[i].path : NULL;
}

static enum conf_shape
conf_lookup(const char *p, size_t n)
{
	for (size_t i = 0; i < CONF_NKEYS; i++) {
		const char *known = conf_keys[i].path;
		size_t m = strcspn(known, "*");

		if (n < m && memcmp(known, p, n) == 0 && known[n] == '.')
			return CONF_SECTION;
		if (n >= m && memcmp(known, p, m) == 0 &&
		    (known[m] == '*') == (n > m))
			return conf_keys[i].shape;
	}
	return CONF_UNKNOWN;
}

bool
conf_ticker_ok(const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((p[i] < 'A' || p[i] > 'Z') && (p[i] < '0' || p[i] > '9') &&
		    (p[i] == '\0' || strchr(".-/^", p[i]) == NULL))
			return false;
	return n > 0;
}

static bool
conf_among(const char *const *names, const char *p, size_t n)
{
	for (; *names != NULL; names++)
		if (strlen(*names) == n && memcmp(*names, p, n) == 0)
			return true;
	return false;
}

static int
conf_fail(struct conf_reader *r, const char *why)
{
	size_t line = r->event.start_mark.line + 1, n = r->path.n;

	if (n == 0)
		return err_set(r->err, "%s:%zu: %s", r->name, line, why);
	if (n == r->key)
		n--;		/* the dot behind a ticker */
	return err_set(r->err, "%s:%zu: %.*s: %s", r->name, line,
	    n > 80 ? 80 : (int)n, r->path.p, why);
}

/* libyaml gives lines for grammar, but byte offsets for bad characters. */
static int
conf_fail_yaml(struct conf_reader *r)
{
	const char *why = r->yaml.problem;
	size_t line = r->yaml.problem_mark.line + 1;

	if (r->yaml.error == YAML_MEMORY_ERROR)
		log_die(EXIT_SYSTEM, "out of memory");
	if (r->yaml.error == YAML_READER_ERROR) {
		line = 1;
		for (size_t i = 0; i < r->yaml.problem_offset && i < r->n; i++)
			line += r->p[i] == '\n';
	}
	return err_set(r->err, "%s:%zu: %s", r->name, line,
	    why == NULL ? "not YAML" : why);
}

static int
conf_next(struct conf_reader *r)
{
	const yaml_event_t *event = &r->event;
	bool marked = false;

	yaml_event_delete(&r->event);
	if (!yaml_parser_parse(&r->yaml, &r->event))
		return conf_fail_yaml(r);
	if (event->type == YAML_ALIAS_EVENT)
		return conf_fail(r, "aliases are not supported");
	if (event->type == YAML_SCALAR_EVENT)
		marked = event->data.scalar.anchor != NULL ||
		    event->data.scalar.tag != NULL;
	else if (event->type == YAML_SEQUENCE_START_EVENT)
		marked = event->data.sequence_start.anchor != NULL ||
		    event->data.sequence_start.tag != NULL;
	else if (event->type == YAML_MAPPING_START_EVENT)
		marked = event->data.mapping_start.anchor != NULL ||
		    event->data.mapping_start.tag != NULL;
	if (marked)
		return conf_fail(r, "anchors and tags are not supported");
	return 0;
}

/* "key:" with nothing behind it. */
static bool
conf_is_nothing(const yaml_event_t *event)
{
	return event->type == YAML_SCALAR_EVENT &&
	    event->data.scalar.length == 0 &&
	    event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
}

static struct conf_item *
conf_add(struct conf *conf, const char *path, size_t n, const char *text,
    int line)
{
	struct conf_item *item = buf_alloc(1, sizeof(*item));

	item->path = item->key = buf_dup(path, n);
	item->text = buf_dup(text, strlen(text));
	item->line = line;
	if (conf->last != NULL)
		conf->last->next = item;
	else
		conf->first = item;
	conf->last = item;
	*table_at(&conf->items, path, n) = item;
	return item;
}

/* Takes the current event as the value at the current path. */
static int
conf_take(struct conf_reader *r)
{
	const yaml_event_t *event = &r->event;
	size_t tickers = sizeof(CONF_OVERRIDES);	/* with the dot */
	struct conf_item *item;
	const char *text;

	if (event->type != YAML_SCALAR_EVENT)
		return conf_fail(r, "a single value is wanted");
	if (conf_is_nothing(event))
		return conf_fail(r, "no value");
	text = (const char *)event->data.scalar.value;
	if (strlen(text) != event->data.scalar.length)
		return conf_fail(r, "NUL in a value");
	item = conf_add(r->conf, r->path.p, r->path.n, text,
	    (int)event->start_mark.line + 1);
	if (r->key > 0) {
		item->ticker = buf_dup(r->path.p + tickers,
		    r->key - tickers - 1);
		item->key = item->path + r->key;
	}
	return 0;
}

static int
conf_take_list(struct conf_reader *r)
{
	bool many = r->event.type == YAML_SEQUENCE_START_EVENT;
	size_t n = r->path.n;

	if (many && conf_next(r) < 0)
		return -1;
	for (size_t i = 0; r->event.type != YAML_SEQUENCE_END_EVENT; i++) {
		buf_fmt(&r->path, ".%zu", i);
		if (conf_take(r) < 0)
			return -1;
		r->path.n = n;
		if (!many)
			return 0;
		if (conf_next(r) < 0)
			return -1;
	}
	return 0;
}

/* Appends the current event, a key, to the path; each path comes once. */
static int
conf_push(struct conf_reader *r, bool ticker)
{
	bool top = r->path.n == r->key;
	const char *name;
	char why[64];
	void **line;
	size_t n;

	if (r->event.type != YAML_SCALAR_EVENT)
		return conf_fail(r, "a key must be a word");
	name = (const char *)r->event.data.scalar.value;
	n = r->event.data.scalar.length;
	if (top && conf_among(conf_kinds, name, n))
		buf_str(&r->path, "score.");
	else if (!top)
		buf_str(&r->path, ".");
	buf_add(&r->path, name, n);
	if (ticker && !conf_ticker_ok(name, n))
		return conf_fail(r, "not a ticker in capitals");
	if (!ticker && (n == 0 || memchr(name, '.', n) != NULL ||
	    memchr(name, '\0', n) != NULL || (top && r->key > 0 &&
	    !conf_among(conf_per_ticker, name, n))))
		return conf_fail(r, "unknown key");
	line = table_at(&r->seen, r->path.p, r->path.n);
	if (*line != NULL) {
		snprintf(why, sizeof(why), "given twice, first on line %d",
		    (int)(intptr_t)*line);
		return conf_fail(r, why);
	}
	*line = (void *)(intptr_t)(r->event.start_mark.line + 1);
	return 0;
}

static int conf_section(struct conf_reader *r);

/* The current event is a ticker's mapping; its keys start afresh. */
static int
conf_ticker(struct conf_reader *r)
{
	int rc;

	buf_str(&r->path, ".");
	r->key = r->path.n;
	rc = conf_section(r);
	r->key = 0;
	return rc;
}

static int
conf_value(struct conf_reader *r)
{
	switch (conf_lookup(r->path.p + r->key, r->path.n - r->key)) {
	case CONF_SCALAR:
		return conf_take(r);
	case CONF_LIST:
		return conf_take_list(r);
	case CONF_SECTION:
	case CONF_TICKERS:
		return conf_section(r);
	case CONF_UNKNOWN:
		break;
	}
	return conf_fail(r, "unknown key");
}

/*
 * The current event is the value of a section.  Unknown keys end the walk, so
 * the known tree bounds the depth of the recursion.
 */
static int
conf_section(struct conf_reader *r)
{
	size_t n = r->path.n;
	bool tickers = r->key == 0 && n == sizeof(CONF_OVERRIDES) - 1 &&
	    memcmp(r->path.p, CONF_OVERRIDES, n) == 0;

	if (conf_is_nothing(&r->event))
		return 0;	/* all its keys are commented out */
	if (r->event.type != YAML_MAPPING_START_EVENT)
		return conf_fail(r, "a mapping is wanted");
	if (conf_next(r) < 0)
		return -1;
	while (r->event.type != YAML_MAPPING_END_EVENT) {
		if (conf_push(r, tickers) < 0 || conf_next(r) < 0 ||
		    (tickers ? conf_ticker(r) : conf_value(r)) < 0 ||
		    conf_next(r) < 0)
			return -1;
		r->path.n = n;
	}
	return 0;
}

static int
conf_stream(struct conf_reader *r)
{
	if (conf_next(r) < 0 || conf_next(r) < 0)	/* stream, document */
		return -1;
	if (r->event.type == YAML_STREAM_END_EVENT)
		return 0;
	if (conf_next(r) < 0 || conf_section(r) < 0 ||
	    conf_next(r) < 0 || conf_next(r) < 0)
		return -1;
	if (r->event.type != YAML_STREAM_END_EVENT)
		return conf_fail(r, "more than one document");
	return 0;
}

static struct conf *
conf_new(void)
{
	struct conf *conf = buf_alloc(1, sizeof(*conf));

	table_init(&conf->items);
	return conf;
}

struct conf *
conf_parse(const char *p, size_t n, const char *name, struct err *err)
{
	struct conf_reader r = { .p = p, .n = n, .name = name, .err = err };
	int rc;

	if (n > CONF_MAX) {
		err_set(err, "%s: larger than %zu bytes", name, CONF_MAX);
		return NULL;
	}
	if (!yaml_parser_initialize(&r.yaml))
		log_die(EXIT_SYSTEM, "out of memory");
	yaml_parser_set_encoding(&r.yaml, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r.yaml,
	    (const unsigned char *)(n == 0 ? "" : p), n);
	table_init(&r.seen);
	r.conf = conf_new();
	r.conf->path = buf_dup(name, strlen(name));
	rc = conf_stream(&r);
	yaml_event_delete(&r.event);
	yaml_parser_delete(&r.yaml);
	table_free(&r.seen);
	buf_free(&r.path);
	if (rc == 0)
		return r.conf;
	conf_free(r.conf);
	return NULL;
}

/* Reads up to one byte more than a file may hold. */
static int
conf_slurp(int fd, struct buf *text)
{
	ssize_t got;

	do {
		buf_reserve(text, CONF_MAX + 1 - text->n);
		got = read(fd, text->p + text->n, CONF_MAX + 1 - text->n);
		if (got > 0)
			text->n += (size_t)got;
	} while (got > 0 || (got < 0 && errno == EINTR));
	return got < 0 ? -1 : 0;
}

/* NULL with *missing set when there is no such file. */
static struct conf *
conf_open(const char *path, bool *missing, struct err *err)
{
	struct buf text = BUF_INIT;
	struct conf *conf = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	*missing = fd < 0 && (errno == ENOENT || errno == ENOTDIR);
	if (fd < 0 || conf_slurp(fd, &text) < 0)
		err_sys(err, errno, "unable to read %s", path);
	else
		conf = conf_parse(text.p, text.n, path, err);
	if (fd >= 0)
		close(fd);
	buf_free(&text);
	return conf;
}

/* Where the user's own file would be; false when nothing says where. */
static bool
conf_home(struct buf *path)
{
	const char *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	/* A relative XDG path is to be ignored: XDG Base Directory 0.8. */
	if (xdg != NULL && xdg[0] == '/')
		buf_str(path, xdg);
	else if (home != NULL && home[0] != '\0')
		buf_fmt(path, "%s/.config", home);
	else
		return false;
	buf_add(path, "/flow/flow.yaml", sizeof("/flow/flow.yaml"));
	return true;
}

struct conf *
conf_read(const char *path, struct err *err)
{
	const char *env = getenv("FLOW_CONFIG");
	struct buf home = BUF_INIT;
	struct conf *conf;
	bool missing;

	if (path == NULL && env != NULL && env[0] != '\0')
		path = env;
	if (path != NULL)
		return conf_open(path, &missing, err);
	conf = conf_open("flow.yaml", &missing, err);
	if (missing && conf_home(&home))
		conf = conf_open(home.p, &missing, err);
	buf_free(&home);
	return missing ? conf_new() : conf;
}

void
conf_free(struct conf *conf)
{
	const struct conf_item *item, *next;

	if (conf == NULL)
		return;
	for (item = conf->first; item != NULL; item = next) {
		next = item->next;
		free((void *)item->path);
		free((void *)item->ticker);
		free((void *)item->text);
		free((void *)item);
	}
	table_free(&conf->items);
	free(conf->path);
	free(conf);
}

const char *
conf_path(const struct conf *conf)
{
	return conf->path;
}

const struct conf_item *
conf_first(const struct conf *conf)
{
	return conf->first;
}

bool
conf_has_own(const struct conf *conf, struct slice ticker, const char *prefix)
{
	const struct conf_item *item = conf_first(conf);

	while (item != NULL && (item->ticker == NULL ||
	    strncmp(item->key, prefix, strlen(prefix)) != 0 ||
	    !slice_equal(ticker, (struct slice){ item->ticker,
	    strlen(item->ticker) })))
		item = item->next;
	return item != NULL;
}

static const struct conf_item *
conf_find(const struct conf *conf, const char *path)
{
	if (conf == NULL)
		return NULL;
	return table_get(&conf->items, path, strlen(path));
}

static const char *
conf_answer(const struct conf_item *item, int *line)
{
	if (item == NULL)
		return NULL;
	if (line != NULL)
		*line = item->line;
	return item->text;
}

const char *
conf_get(const struct conf *conf, const char *path, int *line)
{
	return conf_answer(conf_find(conf, path), line);
}

const char *
conf_get_for(const struct conf *conf, const char *ticker, const char *path,
    int *line)
{
	const struct conf_item *item = conf_find(conf, path), *own;
	struct buf full = BUF_INIT;

	if (conf == NULL || (item != NULL && item->line == 0))
		return conf_answer(item, line);	/* conf_set's stands over all */
	buf_fmt(&full, CONF_OVERRIDES ".%s.%s", ticker, path);
	own = table_get(&conf->items, full.p, full.n);
	buf_free(&full);
	return conf_answer(own != NULL ? own : item, line);
}

void
conf_set(struct conf *conf, const char *path, const char *text)
{
	size_t n = strlen(path);
	struct conf_item *item = table_get(&conf->items, path, n);

	if (item == NULL) {
		conf_add(conf, path, n, text, 0);
		return;
	}
	free((void *)item->text);
	item->text = buf_dup(text, strlen(text));
	item->line = 0;
}
