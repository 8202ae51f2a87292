#ifndef FLOW_IB_OPTIONS_H
#define FLOW_IB_OPTIONS_H

#include "base/opt.h"
#include "tap/ib_run.h"

/* What can be said of --feed ib: its rows in the command's table of options. */

enum { IB_OPTIONS_ROWS = 19 };

struct ib_options {
	int target, data_type, mode;	/* indices of their words */
	const char *host, *scan_code;
	int64_t port;			/* 0: the target's */
	int64_t client, connect_ms, request_ms;
	int64_t expirations, strikes, lookback;
	int64_t every_ms;		/* 0: one lap */
	int64_t rotate_ms, max_lines, max_inflight, history;
	bool minutes, positions;
};

/* The built-in values. */
void ib_options_init(struct ib_options *options);

/* Fills the rows; what they set goes into options. */
void ib_options_rows(struct ib_options *options,
    struct opt rows[IB_OPTIONS_ROWS]);

/* What a run needs to know of them; check, universe and until are not here. */
void ib_options_setup(const struct ib_options *options,
    struct ib_run_setup *setup);

#endif
