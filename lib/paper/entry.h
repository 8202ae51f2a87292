#ifndef FLOW_ENTRY_H
#define FLOW_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/day.h"
#include "record/scan.h"

/*
 * What a signal asks for: which contract, which way, when it could be known,
 * and what statistics are made by.
 */

enum entry_kind { ENTRY_SCALP, ENTRY_DAY_TRADE, ENTRY_SWING, ENTRY_KINDS };

extern const char *const entry_kind_names[];	/* "SCALP" */

struct entry {
	enum entry_kind kind;
	bool is_short;			/* bearish on the underlying */
	int64_t timestamp, decision_ts;	/* ms */
	int64_t multiplier;		/* shares a contract */
	int64_t strength_e4;
	int32_t expiration;		/* or DAY_NONE */
	bool am_settled;
	struct slice signal_id, symbol, contract_ticker, root, trade_id;
	struct slice sweep_id;
	struct slice members;		/* a JSON array of trade_ids, or empty;
					 * not read: given by its sweep */
	struct slice regime_trend, regime_vol, experiment_id, feed;
	struct slice tags;		/* a JSON array, or empty */
	char *own;			/* the texts, after entry_keep */
};

/*
 * Reads a signal record; texts are borrowed from the line or the scan.  0, or
 * -1 and the reason.
 */
int entry_read(struct entry *entry, struct scan *scan, struct err *err);

/* Makes the texts its own. */
void entry_keep(struct entry *entry);
void entry_free(struct entry *entry);

#endif
