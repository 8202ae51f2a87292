#ifndef FLOW_MASSIVE_LIVE_H
#define FLOW_MASSIVE_LIVE_H

#include "tap/meter.h"

/*
 * Massive's feed, live: the connections to its clusters, what is asked of
 * them, when to try again and when never, and what of it is kept on disk.
 * Each arrival goes into tap/massive_feed.h, which alone makes records, and
 * beside it into the raw recording.
 *
 * Nothing here waits: when standard output is not read, records gather up to
 * MASSIVE_LIVE_BACKLOG bytes, then prints are dropped and counted, because a
 * server that is not read cuts the connection and counts nothing.
 */

enum {
	MASSIVE_LIVE_BACKLOG = 64 << 20,
	MASSIVE_LIVE_STABLE_MS = 10000,	/* a connection that lasted so long
					 * was a good one */
	MASSIVE_LIVE_PARKS = 3		/* times the account may be taken */
};

struct massive_live_setup {
	struct desk *desk;		/* its hello is not written yet */
	struct outlet *outlet;
	struct meter *meter;
	const char *key;
	const char *stream_url;		/* https://socket.massive.com */
	const char *rest_url;		/* https://api.massive.com */
	const char *ca_file;		/* or NULL */
	const char *raw_dir;		/* or NULL */
	bool delayed, stocks;
	int64_t delay_ms;		/* of the watermark, the feed's own
					 * lateness apart */
	int64_t backoff_ms, backoff_most_ms, silence_ms;
	int64_t quotes;			/* contracts with quotes at once */
	int64_t budget;			/* requests a gap may cost; 0: none */
	int64_t days;			/* bars at the start, of so many */
	int64_t per_minute;		/* requests; 0: no limit */
	void (*on_signal)(int number);
};

/*
 * True for a URL that a key may be sent to: https, or http to this machine
 * itself.
 */
bool massive_live_url_ok(const char *url);

/*
 * Runs until a signal, a failing output, or a refusal.  Writes hello first and
 * bye last.  Returns the exit status; refusals are said.
 */
int massive_live_run(const struct massive_live_setup *setup);

#endif
