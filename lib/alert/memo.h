#ifndef FLOW_MEMO_H
#define FLOW_MEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "alert/notice.h"
#include "alert/rule.h"
#include "base/buf.h"
#include "market/flow.h"
#include "record/trade.h"

/*
 * Emitted alerts, remembered so that cancelled trades can take them back
 * (domain.md 5.2, EX-5.12).  A memo keeps what its rule was judged by, as it
 * stood when the alert was made; each cancel of a trade that was part of it is
 * subtracted, and when the predicate no longer holds the alert is cancelled.
 */

enum { MEMO_MAX = 4096 };		/* the oldest go */
#define MEMO_BYTES ((size_t)64 << 20)

struct memo {
	enum rule rule;
	struct buf record;		/* as notice_write left it */
	struct buf title, message;	/* for a retraction */
	char *ticker;			/* NUL-terminated */
	char *contract;
	char *day;			/* trade_date, DAY_TEXT bytes */
	int64_t end_ts;
	struct rule_limits limits;
	int64_t premium_e4;		/* of a sweep: what is left */
	int64_t n_exchanges;
	struct flow_sum sum;		/* of the ticker or the contract */
	int64_t mean_e6;		/* call flow usual by then */
	struct buf ids;			/* of members, a NUL behind each */
	bool *gone;			/* per member: cancelled */
	size_t n_ids;
	bool cancelled;			/* taken back already */
};

struct memos {
	struct memo *ring[MEMO_MAX];
	size_t first, n;
	size_t bytes;			/* of texts held */
	int64_t forgotten;
};

void memo_free(struct memos *memos);

/*
 * Remembers an emitted alert.  record: as notice_write left it; sum: what the
 * rule was judged by, of the ticker or the contract.
 */
void memo_add(struct memos *memos, const struct notice *notice,
    struct slice record, const struct rule_limits *limits,
    const struct flow_sum *sum);

/* One cancelled trade. */
struct memo_cancel {
	const struct trade *trade;	/* the original; its timestamp too */
	struct slice ticker;
	struct slice ref_trade_id;
	enum flow_class cls;
};

/*
 * Subtracts the cancel from the memos, *pos starting at 0, up to the next one
 * that it cancels, which is returned; NULL at the end.
 */
const struct memo *memo_take_back(struct memos *memos, size_t *pos,
    const struct memo_cancel *cancel);

#endif
