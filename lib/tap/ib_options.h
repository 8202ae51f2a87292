#ifndef FLOW_IB_OPTIONS_H
#define FLOW_IB_OPTIONS_H

#include "base/opt.h"
#include "tap/ib_run.h"

/* What can be said of --feed ib: its rows in the command's table of options. */

enum { IB_OPTIONS_ROWS = 20 };

struct ib_options {
	int target;			/* index of its word; -1: none said */
	int data_type, mode;		/* indices of theirs */
	const char *host, *scan_code;
	int64_t port;			/* 0: the target's */
	int64_t client, connect_ms, request_ms;
	int64_t expirations, strikes, lookback;
	int64_t every_ms;		/* 0: one lap */
	int64_t rotate_ms, max_lines, max_inflight, history;
	int64_t min_volume;		/* contracts a day */
	bool minutes, positions;
};

/* The built-in values. */
void ib_options_init(struct ib_options *options);

/* Fills the rows; what they set goes into options. */
void ib_options_rows(struct ib_options *options,
    struct opt rows[IB_OPTIONS_ROWS]);

/*
 * What was said of the rows, by opt_parse.  ib: the feed is taken.  -1 with
 * err when it is not and one of them was said, when it is and one makes no
 * sense with the others, or the environment none at all.
 */
int ib_options_check(struct ib_options *options,
    const struct opt_said said[IB_OPTIONS_ROWS], bool ib, struct err *err);

/*
 * Where a gateway is: unless its port was said, IB Gateway's of a paper account
 * (4002) and then TWS's (7497) are tried, and the one that answers becomes the
 * target.  True when one does.
 */
bool ib_options_find(struct ib_options *options);

/* What a run needs to know of them; check, universe and until are not here. */
void ib_options_setup(const struct ib_options *options,
    struct ib_run_setup *setup);

#endif
