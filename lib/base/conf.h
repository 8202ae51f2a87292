#ifndef FLOW_CONF_H
#define FLOW_CONF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/*
 * The configuration file: YAML (so JSON too) read by libyaml into a flat list
 * of paths and texts, "classify.block_size" = "500", each with its line.
 * Scalars stay text; the option table (base/opt.h) gives them types.  Unknown
 * and duplicate keys, aliases, anchors and tags are errors with file and line.
 * The tree is that of design.md 4; every command knows all of it and reads
 * its own part.  scalp, day_trade and swing at the top of the file are
 * another spelling of score.scalp, score.day_trade and score.swing.
 */

struct conf;

/* One scalar of the file. */
struct conf_item {
	const char *path;	/* "tickers.overrides.KO.alert.put_block" */
	const char *ticker;	/* "KO", or NULL when outside the overrides */
	const char *key;	/* path without the ticker: "alert.put_block" */
	const char *text;	/* as written, quotes and escapes undone */
	int line;		/* from 1; 0 when conf_set gave it */
	const struct conf_item *next;	/* in the order of the file */
};

/*
 * Reads a file.  path NULL: $FLOW_CONFIG when set and not empty (then it must
 * exist), else the first that exists of ./flow.yaml and
 * $XDG_CONFIG_HOME/flow/flow.yaml (~/.config when unset); none is an empty
 * configuration.  Returns NULL with the reason ("flow.yaml:12:
 * classify.blok_size: unknown key").
 */
struct conf *conf_read(const char *path, struct err *err);

/* As conf_read, from n bytes at p; name stands in messages. */
struct conf *conf_parse(const char *p, size_t n, const char *name,
    struct err *err);

void conf_free(struct conf *conf);

/* The file read, or NULL when there was none. */
const char *conf_path(const struct conf *conf);

/* The first scalar, or NULL when there is none. */
const struct conf_item *conf_first(const struct conf *conf);

/* A ticker has values of its own whose path begins so; "" is all. */
bool conf_has_own(const struct conf *conf, struct slice ticker,
    const char *prefix);

/*
 * The text at a dotted path, or NULL.  conf may be NULL.  A sequence's items
 * are "path.0", "path.1" ...; a scalar standing for a sequence is its item 0.
 * *line (may be NULL) gets the line it stands on.
 */
const char *conf_get(const struct conf *conf, const char *path, int *line);

/*
 * The same for a ticker: tickers.overrides.TICKER.<path> first, then path.
 */
const char *conf_get_for(const struct conf *conf, const char *ticker,
    const char *path, int *line);

/*
 * A flag or the environment gives the value at path: it stands over the file,
 * the overrides of single tickers included.  text is copied.
 */
void conf_set(struct conf *conf, const char *path, const char *text);

/* The i-th path a file may hold ("*": any name), or NULL past the last. */
const char *conf_key(size_t i);

/*
 * A ticker as the overrides spell it: capitals, digits and ". - / ^", not
 * empty.  Small letters are refused because they would never match a record.
 */
bool conf_ticker_ok(const char *p, size_t n);

#endif
