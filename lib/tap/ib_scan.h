#ifndef FLOW_IB_SCAN_H
#define FLOW_IB_SCAN_H

#include "tap/desk.h"
#include "tap/ib_find.h"

/*
 * Laps: what traded since the last one, in each contract found, read from the
 * gateway's history at the resolution of a second, exchange and conditions
 * kept, with the bid and ask that stood before each.  A lap first looks at
 * every contract's line, which gives open interest, greeks and the day's
 * volume, and then reads history only where volume is new, largest first,
 * because history is rationed.  What does not fit before the next lap is due is
 * left out and told.
 *
 * The records of a lap leave together, in order of time; the heartbeat behind
 * them promises the second up to which the lap has read.
 */

struct ib_scan_setup {
	int64_t lookback;		/* prints of a contract, first lap */
	int64_t every_ms;		/* from lap to lap; and the longest */
	int64_t max_lines, request_ms;
	bool bars;			/* minutes of the underlyings too */
	/* The lap's records were handed to the desk. */
	void (*done)(void *ctx);
	void *ctx;
};

struct ib_scan;

struct ib_scan *ib_scan_new(struct ib_session *session, struct ib_find *find,
    struct desk *desk, const struct ib_scan_setup *setup);
void ib_scan_free(struct ib_scan *scan);	/* after the session */

/* Begins a lap over what ib_find knows. */
void ib_scan_lap(struct ib_scan *scan);
/* The connection was lost: what the lap has so far is forgotten. */
void ib_scan_abort(struct ib_scan *scan);
/* Whenever a tenth of a second passed. */
void ib_scan_tick(struct ib_scan *scan, int64_t now_ms);

/* Read so far, ms; 0 before the first lap's end. */
int64_t ib_scan_watermark(const struct ib_scan *scan);

/* The last lap, in words. */
const char *ib_scan_told(const struct ib_scan *scan);
/* Contracts it left out, their first quotes at least. */
int64_t ib_scan_left(const struct ib_scan *scan);

#endif
