#ifndef FLOW_FACTS_H
#define FLOW_FACTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"
#include "record/osi.h"
#include "record/scan.h"
#include "record/trade.h"
#include "score/bars.h"
#include "score/context.h"

/*
 * What flow-score reads of classified trades, sweep, cancel and bar records.
 * What a record from elsewhere lacks of its identity comes from the contract's
 * symbol and the New York date.  Texts point into the line, the scan or the
 * struct, which must not move.
 */

/* What a sweep takes over from its last print. */
struct facts_print {
	int64_t underlying_e4, underlying_age_ms;
	int64_t day_volume, open_interest, vol_oi_e6;
	int64_t otm_pct_e6;		/* as the record has it */
	bool regular;			/* session RTH */
	bool auction;
	bool iv_bad;			/* iv_status is there and not OK */
};

struct facts {
	struct trade trade;		/* as far as it is read here */
	struct slice id;		/* trade_id or sweep_id */
	struct slice sweep_id;		/* of a sweep, or of a trade: its
					 * cluster's, or empty */
	struct slice option_type;
	struct slice last_id;		/* of a sweep: its last trade_id */
	struct slice ref_id;		/* of a cancel: the print taken back, */
	int64_t ref_ts;			/* and its time */
	struct facts_print print;
	int64_t price_e6;		/* of a sweep its vwap_price */
	int64_t confidence_e6, weight_e6;
	int64_t decision_ts;
	enum bias_sentiment sentiment;
	enum bias_aggressiveness aggressiveness;
	int32_t day;			/* trade date */
	int32_t expiration;		/* or DAY_NONE */
	bool is_sweep_record;
	bool buy, sell;			/* side */
	bool is_sweep, is_split, is_block;
	bool unusual;			/* unusual volume, opening proven */
	bool status_ok, quoted, wide;	/* of the quote */
	bool late;			/* below the watermark */
	struct osi osi;			/* where texts stand that the record */
	char date[2][DAY_TEXT];		/* lacks */
	char last_date[DAY_TEXT];	/* trade_date looked up last; kept from
					 * one record to the next, 0 at first */
	int32_t last_day;
};

/* watermark: what is earlier is late. */
int facts_read_trade(struct facts *facts, struct scan *scan,
    int64_t watermark, struct err *err);
int facts_read_sweep(struct facts *facts, struct scan *scan,
    int64_t watermark, struct err *err);

/* Of a cancel: identity and amounts, ref_id empty when it matched nothing. */
int facts_read_cancel(struct facts *facts, struct scan *scan,
    struct err *err);

/*
 * 1 for a final bar of an underlying in a frame of bars.h, 0 for any other,
 * -1 and the reason.
 */
int facts_read_bar(struct slice *symbol, enum bars_frame *frame,
    struct bars_bar *bar, struct scan *scan, struct err *err);

#endif
