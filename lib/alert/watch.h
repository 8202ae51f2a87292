#ifndef FLOW_WATCH_H
#define FLOW_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "alert/dated.h"
#include "alert/rule.h"
#include "alert/signal.h"
#include "alert/tape.h"
#include "base/buf.h"
#include "market/baseline.h"
#include "record/control.h"
#include "record/scan.h"

/*
 * Watches a stream of classified records and says what its rules find: the
 * day's sums per ticker and contract, edges and re-arming, cooldown, cancels,
 * coverage (domain.md 5.1 to 5.3).  A signal record is said as it comes: it
 * has no severity, and no cooldown holds it back.  Event time only.  All state
 * is bounded; what had to be forgotten is counted.
 *
 * The sums of a ticker are those of its newest trade date.  A late record
 * counts in them as any other, and an alert that it makes says that it is
 * late; a record of an older trade date counts in no sum.
 */

enum { WATCH_BY_TYPE, WATCH_BY_TICKER };	/* cooldown scopes */

/* What may differ by ticker. */
struct watch_settings {
	struct rule_limits limits;
	int min_severity;		/* enum rule_severity */
	int scope;			/* of the cooldown */
	int64_t cooldown_ms;
	bool count_complex;
	bool oi_estimate;
};

struct watch_tally {			/* of one rule */
	int64_t fired;			/* = emitted + suppressed + below */
	int64_t emitted;
	int64_t suppressed;		/* by the cooldown */
	int64_t below;			/* under min_severity */
};

struct watch_forgotten {
	int64_t tickers, contracts;	/* with their sums */
	int64_t cooldowns;
	int64_t alerts;			/* no longer taken back */
	int64_t ids, gaps;
};

struct watch;

/*
 * Where alerts go: records gets the stream and alert records, journal the alert
 * records alone, text and log the words for people; tape gets a line for each
 * trade.  Each may be NULL.  count is kept as the stream's accounts.  settle
 * (may be NULL) changes a ticker's settings from those given.  baseline (may
 * be NULL) is what was usual.
 */
struct watch_setup {
	struct watch_settings settings;
	bool retract;			/* say so when an alert is cancelled */
	struct buf *records, *text, *tape;
	struct dated *log, *journal;
	enum signal_style style;	/* of signals, as text */
	bool ascii;
	int64_t min_size;		/* contracts: what the store takes */
	struct control_count *count;
	const struct baseline *baseline;	/* borrowed */
	void (*settle)(void *ctx, const char *ticker,
	    struct watch_settings *settings);
	void *ctx;
};

struct watch *watch_new(const struct watch_setup *setup);
void watch_free(struct watch *watch);

/*
 * One data record of a kind ("trade"): passes it on, then what it gives rise
 * to.  Unknown kinds pass.  -1 and err when it is bad; then nothing was done.
 */
int watch_take(struct watch *watch, struct scan *scan, struct slice kind,
    struct err *err);

/*
 * Whether what comes from here on is not final (control_cut): alerts that it
 * gives rise to are printed, and not kept in the journal.
 */
void watch_cut(struct watch *watch, bool cut);

/*
 * Control records, each before the caller passes it on.  watch_bye also speaks
 * for tickers whose session did not end.  A bad record: -1 and err.
 */
void watch_hello(struct watch *watch, struct scan *scan);
int watch_heartbeat(struct watch *watch, struct scan *scan, struct err *err);
int watch_gap(struct watch *watch, struct scan *scan, struct err *err);
void watch_bye(struct watch *watch);

/* NULL when the stream held no input for the rule. */
const struct watch_tally *watch_tally(const struct watch *watch,
    enum rule rule);
/* True when the baseline told the usual call flow of a ticker that came. */
bool watch_knows_calls(const struct watch *watch);
struct watch_forgotten watch_forgotten(const struct watch *watch);
const struct tape_stats *watch_stats(const struct watch *watch);

#endif
