#ifndef FLOW_MASSIVE_OPTIONS_H
#define FLOW_MASSIVE_OPTIONS_H

#include "base/opt.h"
#include "tap/massive_live.h"
#include "tap/massive_past.h"

/*
 * What can be said of --feed massive: its rows in the command's table of
 * options, the key, and the servers that follow from them.
 */

enum { MASSIVE_OPTIONS_ROWS = 16 };

struct massive_options {
	bool delayed, underlying, refresh_tables;
	const char *key_file, *stream_url, *rest_url, *ca_file;
	int64_t watermark_ms, backoff_ms, backoff_most_ms, silence_ms;
	int64_t quotes_max, budget, per_minute, warm_days;
	const char *backfill;	/* DATE or FIRST..LAST, or NULL */
	char *key;		/* found by massive_options_key, or NULL */
	char *url;		/* stream_url, where it was spelt anew */
};

/* The built-in values. */
void massive_options_init(struct massive_options *options);
void massive_options_free(struct massive_options *options);

/* Fills the rows; what they set goes into options. */
void massive_options_rows(struct massive_options *options,
    struct opt rows[MASSIVE_OPTIONS_ROWS]);

/*
 * Reads the key, from the environment or feed.key_file.  1, or 0 when there is
 * none, or -1 and err.
 */
int massive_options_key(struct massive_options *options, struct err *err);

/*
 * Settles the servers' addresses; -1 and err for one that no key may be sent
 * to.
 */
int massive_options_servers(struct massive_options *options, struct err *err);

/* What a live run needs to know of them; the rest is the caller's. */
void massive_options_setup(const struct massive_options *options,
    struct massive_live_setup *setup);

/* The same of --backfill; -1 and err when its days are none. */
int massive_options_past(const struct massive_options *options,
    struct massive_past_setup *setup, struct err *err);

#endif
