#include "alert/memo.h"

#include <stdlib.h>

#include "alert/text.h"
#include "record/scan.h"

static void
memo_drop(struct memo *memo)
{
	buf_free(&memo->record);
	buf_free(&memo->title);
	buf_free(&memo->message);
	free(memo->ticker);
	free(memo->contract);
	free(memo->day);
	buf_free(&memo->ids);
	free(memo->gone);
	free(memo);
}

void
memo_free(struct memos *memos)
{
	for (size_t i = 0; i < memos->n; i++)
		memo_drop(memos->ring[(memos->first + i) % MEMO_MAX]);
}

static size_t
memo_bytes(const struct memo *memo)
{
	return memo->record.n + memo->ids.n + memo->n_ids + sizeof(*memo);
}

/* The member behind *pos, 0 at the start. */
static bool
memo_next_id(const struct memo *memo, size_t *pos, struct slice *id)
{
	if (*pos >= memo->ids.n)
		return false;
	*id = (struct slice){ memo->ids.p + *pos,
	    strlen(memo->ids.p + *pos) };
	*pos += id->n + 1;
	return true;
}

/* No text of a record holds a NUL. */
static void
memo_member(struct memo *memo, struct slice id)
{
	buf_add(&memo->ids, id.p, id.n);
	buf_add(&memo->ids, "", 1);
	memo->n_ids++;
}

/* Members of a sweep, whose trade_ids are an array as it came. */
static void
memo_members(struct memo *memo, struct slice ids)
{
	struct scan_value all = { ids.p, (uint32_t)ids.n, SCAN_ARRAY }, one;
	struct scan *scan = NULL;	/* hardly ever needed */
	size_t pos = 0;

	while (scan_element(all, &pos, &one)) {
		struct slice id = { one.p, one.n };

		if (one.type == SCAN_ESCAPED) {
			scan = scan == NULL ? scan_new() : scan;
			id = scan_unescape(scan, one);
		}
		memo_member(memo, id);
	}
	scan_free(scan);
}

void
memo_add(struct memos *memos, const struct notice *notice,
    struct slice record, const struct rule_limits *limits,
    const struct flow_sum *sum)
{
	const struct trade *identity = &notice->identity;
	struct memo *memo = buf_alloc(1, sizeof(*memo));

	memo->rule = notice->rule;
	buf_add(&memo->record, record.p, record.n);
	text_title(&memo->title, notice);
	text_message(&memo->message, notice);
	memo->ticker = buf_dup(notice->ticker.p, notice->ticker.n);
	memo->contract = buf_dup(identity->contract_ticker.p,
	    identity->contract_ticker.n);
	memo->day = buf_dup(identity->trade_date.p, identity->trade_date.n);
	memo->end_ts = notice->end_ts;
	memo->limits = *limits;
	memo->premium_e4 = notice->premium_e4;
	memo->n_exchanges = notice->n_exchanges;
	memo->sum = *sum;
	memo->mean_e6 = notice->mean_e6;
	if (notice->trade_ids.n > 0)
		memo_members(memo, notice->trade_ids);
	else if (notice->trade_id.n > 0)
		memo_member(memo, notice->trade_id);
	memo->gone = buf_alloc(memo->n_ids + 1, sizeof(*memo->gone));
	memos->bytes += memo_bytes(memo);
	while (memos->n > 0 && (memos->n == MEMO_MAX ||
	    memos->bytes > MEMO_BYTES)) {
		struct memo *old = memos->ring[memos->first];

		memos->bytes -= memo_bytes(old);
		memo_drop(old);
		memos->first = (memos->first + 1) % MEMO_MAX;
		memos->n--;
		memos->forgotten++;
	}
	memos->ring[(memos->first + memos->n++) % MEMO_MAX] = memo;
}

static bool
memo_same(const char *text, struct slice other)
{
	return slice_equal((struct slice){ text, strlen(text) }, other);
}

/* Marks the member gone: true when it was one and was not gone yet. */
static bool
memo_remove(struct memo *memo, struct slice trade_id)
{
	struct slice id;
	size_t pos = 0;

	for (size_t i = 0; memo_next_id(memo, &pos, &id); i++) {
		if (!slice_equal(id, trade_id) || memo->gone[i])
			continue;
		memo->gone[i] = true;
		return true;
	}
	return false;
}

/* The exchange in a trade_id, contract:timestamp:exchange:seq; or empty. */
static struct slice
memo_exchange(struct slice id)
{
	const char *end = id.n == 0 ? NULL : memrchr(id.p, ':', id.n);
	const char *start = end == NULL ? NULL :
	    memrchr(id.p, ':', (size_t)(end - id.p));

	if (start == NULL)
		return (struct slice){ NULL, 0 };
	return (struct slice){ start + 1, (size_t)(end - start - 1) };
}

/*
 * How many exchanges the members left print on, as far as PUT_SWEEP asks: 0,
 * 1, or the record's own count.
 */
static int64_t
memo_exchanges(const struct memo *memo)
{
	struct slice id, first = { NULL, 0 };
	size_t pos = 0;

	for (size_t i = 0; memo_next_id(memo, &pos, &id); i++) {
		struct slice exchange = memo_exchange(id);

		if (memo->gone[i])
			continue;
		if (exchange.n == 0)	/* ids of another make: unknown */
			return memo->n_exchanges;
		if (first.n > 0 && !slice_equal(first, exchange))
			return memo->n_exchanges;
		first = exchange;
	}
	return first.n > 0;
}

static bool
memo_sweep_holds(struct memo *memo, const struct memo_cancel *cancel)
{
	struct rule_sweep sweep = { .put = true, .bought = true,
	    .sweep = true };

	if (!memo_remove(memo, cancel->ref_trade_id))
		return true;
	if (__builtin_sub_overflow(memo->premium_e4,
	    cancel->trade->premium_e4, &memo->premium_e4))
		memo->premium_e4 = INT64_MIN;
	sweep.premium_e4 = memo->premium_e4;
	sweep.n_exchanges = memo_exchanges(memo);
	return rule_put_sweep(&memo->limits, &sweep);
}

/* The cancelled trade was counted when the alert was made. */
static bool
memo_counted(const struct memo *memo, const struct memo_cancel *cancel)
{
	return cancel->trade->timestamp <= memo->end_ts;
}

static bool
memo_holds(struct memo *memo, const struct memo_cancel *cancel)
{
	const struct trade *trade = cancel->trade;

	switch (memo->rule) {
	case RULE_PUT_SWEEP:
		return memo_sweep_holds(memo, cancel);
	case RULE_PUT_BLOCK:
	case RULE_BLOCK_TRADE:
		return !memo_remove(memo, cancel->ref_trade_id);
	case RULE_UNUSUAL_VOLUME:
		if (!memo_counted(memo, cancel) || !memo_same(memo->contract,
		    trade->contract_ticker))
			return true;
		flow_sum_add(&memo->sum, cancel->cls, trade->premium_e4,
		    trade->size, -1);
		return rule_volume_counts(&memo->limits, &memo->sum);
	case RULE_EXTREME_BEARISH_FLOW:
	case RULE_HEAVY_CALL_FLOW:
	case RULE_BULLISH_POSITIONING:
		if (!memo_counted(memo, cancel))
			return true;
		flow_sum_add(&memo->sum, cancel->cls, trade->premium_e4,
		    trade->size, -1);
		return rule_sum_holds(memo->rule, &memo->limits, &memo->sum,
		    memo->mean_e6);
	default:			/* made of no trades */
		return true;
	}
}

const struct memo *
memo_take_back(struct memos *memos, size_t *pos,
    const struct memo_cancel *cancel)
{
	while (*pos < memos->n) {
		struct memo *memo = memos->ring[(memos->first + (*pos)++) %
		    MEMO_MAX];

		if (memo->cancelled || !memo_same(memo->ticker,
		    cancel->ticker) || !memo_same(memo->day,
		    cancel->trade->trade_date))
			continue;
		if (!memo_holds(memo, cancel)) {
			memo->cancelled = true;
			return memo;
		}
	}
	return NULL;
}
