#ifndef FLOW_MASSIVE_RAW_H
#define FLOW_MASSIVE_RAW_H

#include "tap/massive_feed.h"
#include "tap/replay.h"

/*
 * What arrived, as it arrived: every frame before anything else touches it,
 * and what else the records depend on, each with its time.
 *
 *	flow-raw 1 massive RUN MODE DELAY_MS LATE_MS BUDGET DAYS BASE SYMBOL,...
 *	AT_MS WHAT BYTES
 *	(so many bytes)
 *
 * WHAT is options, stocks or indices (a frame), live or lost (what became of
 * trades), tick (a heartbeat), page (a reply), shed or keep (who reads is too
 * slow), bye (why it ended), tables (the vendor's own, from their file).
 * Replayed, it makes the same records again.
 */

enum massive_raw_what {
	MASSIVE_RAW_OPTIONS,
	MASSIVE_RAW_STOCKS,
	MASSIVE_RAW_INDICES,
	MASSIVE_RAW_LIVE,
	MASSIVE_RAW_LOST,
	MASSIVE_RAW_TICK,
	MASSIVE_RAW_PAGE,
	MASSIVE_RAW_SHED,
	MASSIVE_RAW_KEEP,
	MASSIVE_RAW_BYE,
	MASSIVE_RAW_TABLES
};

enum {
	MASSIVE_RAW_MODE = 16,
	MASSIVE_RAW_BASE = 256,
	MASSIVE_RAW_SYMBOLS = 64 << 10
};

/* The first line. */
struct massive_raw_head {
	uint64_t run;
	char mode[MASSIVE_RAW_MODE];
	int64_t delay_ms, late_ms;
	int64_t budget;			/* of REST's requests */
	int64_t days;			/* bars at the start, of so many */
	char base[MASSIVE_RAW_BASE];	/* its server */
	char symbols[MASSIVE_RAW_SYMBOLS];	/* "*": all */
};

/* ---- writing ---- */

struct massive_raw;

/*
 * A new file in the folder (made when it is not there), named by the run.
 * NULL and err when it cannot be made.
 */
struct massive_raw *massive_raw_create(const char *dir,
    const struct massive_raw_head *head, struct err *err);

/* NULL raw is fine: nothing is kept. */
void massive_raw_add(struct massive_raw *raw, int64_t at_ms,
    enum massive_raw_what what, struct slice bytes);

/* Writes what gathered.  -1 and err when it cannot; said once. */
int massive_raw_flush(struct massive_raw *raw, struct err *err);
int massive_raw_close(struct massive_raw *raw, struct err *err);

/* ---- reading ---- */

/* True when this first line of a file says so. */
bool massive_raw_begins(struct slice line);

struct massive_raw_in;

struct massive_raw_in *massive_raw_open(struct replay *replay,
    struct massive_raw_head *head, struct err *err);
void massive_raw_in_free(struct massive_raw_in *in);

/* The next arrival: 1, 0 at the end, -1 and err when the file is damaged. */
int massive_raw_next(struct massive_raw_in *in, int64_t *at_ms,
    enum massive_raw_what *what, struct slice *bytes, struct err *err);

#endif
