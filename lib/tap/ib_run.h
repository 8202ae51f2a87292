#ifndef FLOW_IB_RUN_H
#define FLOW_IB_RUN_H

#include <signal.h>

#include "tap/desk.h"
#include "tap/ib_scan.h"
#include "tap/ib_stream.h"

/*
 * flow-tap --feed ib from the first connection to bye: what was asked for, on
 * an event loop of its own.  The clock of its records and heartbeats is the
 * gateway's.
 *
 * The gateway is read whether standard output is or not: no lap begins before
 * the one before has left, and a stream sheds prints.
 */

enum ib_task { IB_TASK_SCAN, IB_TASK_STREAM, IB_TASK_CHECK,
	IB_TASK_POSITIONS };

enum { IB_RUN_MOST = 50 };		/* symbols that a scanner names */

struct ib_run_setup {
	enum ib_task task;
	struct ib_session_setup session;
	struct ib_find_setup find;	/* symbols, expirations, strikes,
					 * lines, timeout */
	int64_t lookback;
	int64_t every_ms;		/* longest lap; from lap to lap */
	bool repeat;			/* else one lap */
	bool bars;			/* of minutes, with each lap */
	int64_t rotate_ms;		/* of streams: ib_stream_setup */
	bool until_close;		/* of regular hours */
	int64_t until_ts;		/* or this time; INT64_MAX: none */
	int64_t universe;		/* symbols from a scanner; 0: none */
	const char *scan_code;
	struct meter *meter;		/* or NULL */
};

struct ib_run;

/* The desk's select gets the symbols that a scanner finds. */
struct ib_run *ib_run_new(const struct ib_run_setup *setup, struct desk *desk,
    struct select *select, uint64_t run, const volatile sig_atomic_t *stop);
void ib_run_free(struct ib_run *run);

/* Until all is done or *stop; the exit status. */
int ib_run_all(struct ib_run *run);

#endif
