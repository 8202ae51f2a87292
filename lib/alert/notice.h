#ifndef FLOW_NOTICE_H
#define FLOW_NOTICE_H

#include <stdbool.h>
#include <stdint.h>

#include "alert/rule.h"
#include "base/buf.h"
#include "market/flow.h"
#include "record/trade.h"

/*
 * One alert as a rule made it: what happened, to whom, and what became of it.
 * text.h says it to people, notice_write to programs.  Texts are borrowed;
 * numbers that are not known are TRADE_NONE.
 */

struct notice {
	enum rule rule;
	enum rule_profile profile;	/* whose words */
	struct slice ticker;
	/*
	 * Event and contract rules: the contract, and its print or sweep.
	 * Day rules: the trade date alone.
	 */
	struct trade identity;
	int64_t start_ts, end_ts;	/* window; end_ts made the rule fire */
	int64_t price_e6;		/* of the print, VWAP of the sweep */
	int64_t size, premium_e4;
	int64_t n_exchanges;		/* of the sweep */
	struct slice side, aggressor;	/* as in the record, or empty */
	const char *signal;		/* BULLISH, BEARISH, or NULL */
	struct slice trade_id;		/* the print, or the one that
					 * completed the day's sums */
	struct slice trade_ids;		/* of the sweep: a JSON array */
	bool has_sum;
	struct flow_sum sum;		/* day rules: of the ticker */
	int64_t coverage_e4;		/* percent of the session seen */
	int64_t day_volume;		/* of the contract */
	struct slice volume_ratio;	/* JSON numbers as read, or empty */
	struct slice vol_oi_ratio;
	int64_t open_interest, oi_change;
	int64_t oi_change_est;		/* instead of oi_change */
	int64_t mean_e6;		/* call flow that is usual by now */
	int64_t iv_e6, iv_ref_e6;	/* volatility now and before */
	/* Flow against price, as a divergence record tells; or empty. */
	struct slice method, result;
	struct slice score, flow_bias, price_return, sigma;	/* numbers */
	int64_t n_sessions;
	bool late;			/* made by a late record */
	struct slice run;		/* the stream's, or empty */
	/* The decision. */
	struct slice id;
	bool suppressed;
	int64_t suppressed_count;
};

void notice_init(struct notice *notice, enum rule rule);

/* The record, less its closing brace and newline (emit_close). */
void notice_write(struct buf *dst, const struct notice *notice);

#endif
