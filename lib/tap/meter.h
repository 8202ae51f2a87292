#ifndef FLOW_METER_H
#define FLOW_METER_H

#include "base/opt.h"
#include "tap/desk.h"

/*
 * How a live feed is doing, for those who watch it: a line on stderr every so
 * often (--stats), and a file in the text form that Prometheus reads
 * (--metrics-file), replaced as a whole so that no reader sees half of it.
 * Nothing of it enters the stream.
 */

enum { METER_ROWS = 2 };

struct meter {
	int64_t stats_ms;		/* 0: no lines */
	const char *path;		/* NULL: no file */
	int64_t start_ms, told_ms;	/* monotonic; 0: not begun */
	bool failed;			/* to write, and said so */
};

/* What the desk does not know of a feed; TRADE_NONE: it has no such thing. */
struct meter_facts {
	bool connected;
	int64_t trades;			/* it sent, asked for or not */
	int64_t lag_ms;			/* of our own loop, since last time */
	int64_t requests, throttled;	/* of requests beside the stream */
	int64_t lines, evictions;	/* contracts watched at once, and those
					 * that gave way to others */
};

/* Fills the rows of the command's table; what they set goes into meter. */
void meter_rows(struct meter *meter, struct opt rows[METER_ROWS]);

/* With each heartbeat; and last, when the feed has ended. */
void meter_beat(struct meter *meter, const struct desk *desk,
    const struct meter_facts *facts);
void meter_end(struct meter *meter, const struct desk *desk,
    const struct meter_facts *facts);

#endif
