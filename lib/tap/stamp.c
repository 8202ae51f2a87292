#include "tap/stamp.h"

#include <string.h>

#include "base/decimal.h"

void
stamp_init(struct stamp *stamp, int64_t multiplier)
{
	memset(stamp, 0, sizeof(*stamp));
	stamp->multiplier = multiplier;
	stamp->trade_day = CAL_NO_DAY;
	stamp->ids_ts = INT64_MIN;
	table_init(&stamp->ids);
}

void
stamp_free(struct stamp *stamp)
{
	table_free(&stamp->ids);
}

static int32_t
stamp_day(struct stamp *stamp, int64_t ts)
{
	struct cal_time local;

	if (ts < stamp->day_start || ts >= stamp->day_end) {
		cal_new_york(ts, &local);
		stamp->day = local.day;
		stamp->day_start = cal_instant(local.day, 0);
		stamp->day_end = cal_instant(local.day + 1, 0);
	}
	return stamp->day;
}

static void
stamp_text(struct slice *to, struct slice text)
{
	if (to->n == 0)
		*to = text;
}

static void
stamp_number(int64_t *to, int64_t value)
{
	if (*to == TRADE_NONE)
		*to = value;
}

static void
stamp_identity(const struct contract *contract, struct trade *trade)
{
	const struct osi *osi = &contract->osi;

	stamp_text(&trade->contract_ticker, contract->ticker);
	stamp_text(&trade->symbol, contract->symbol);
	if (!contract->expires)
		return;
	stamp_text(&trade->root, contract->root);
	stamp_text(&trade->expiration, contract->expiration);
	stamp_text(&trade->settlement,
	    osi->am_settled ? SLICE("AM") : SLICE("PM"));
	stamp_text(&trade->exercise_style,
	    osi->european ? SLICE("E") : SLICE("A"));
	stamp_number(&trade->strike_e4, osi->strike_e4);
	if (trade->right == TRADE_NO_RIGHT)
		trade->right = osi->right == OSI_CALL ? TRADE_CALL : TRADE_PUT;
	trade->is_adjusted |= osi->is_adjusted;
	trade->is_flex |= osi->is_flex;
}

static int
stamp_session(struct stamp *stamp, struct contract *contract,
    struct trade *trade, struct err *err)
{
	int32_t day = stamp_day(stamp, trade->timestamp), trade_day, last;
	enum cal_session session;
	const char *name;

	if (contract->class_day != day) {
		contract->cls = cal_class_of(contract->root, day,
		    contract->expires);
		contract->class_day = day;
	}
	last = contract->expires && !contract->osi.am_settled ?
	    contract->osi.expiration : CAL_NO_DAY;
	if (cal_session_at(trade->timestamp, contract->cls, last, &session,
	    &trade_day, err) < 0) {
		struct err why = *err;

		return err_set(err, "timestamp: %s", why.text);
	}
	if (trade->trade_date.n > 0) {
		trade_day = day_parse(trade->trade_date.p, trade->trade_date.n);
		if (trade_day == DAY_NONE)
			return err_set(err, "trade_date: not a date");
	} else if (stamp->trade_day != trade_day) {
		stamp->trade_day = trade_day;
		day_print(stamp->date_text, trade_day);
	}
	name = cal_session_name(session);
	stamp_text(&trade->session, (struct slice){ name, strlen(name) });
	stamp_text(&trade->trade_date,
	    (struct slice){ stamp->date_text, DAY_TEXT });
	if (!contract->expires)
		return 0;
	if (contract->osi.expiration < trade_day)
		return err_set(err, "expiration: %.*s is before the trade "
		    "date %.*s", (int)contract->expiration.n,
		    contract->expiration.p, (int)trade->trade_date.n,
		    trade->trade_date.p);
	stamp_number(&trade->dte, contract->osi.expiration - trade_day);
	return 0;
}

int
stamp_trade(struct stamp *stamp, struct contract *contract,
    struct trade *trade, struct err *err)
{
	stamp_identity(contract, trade);
	if (stamp_session(stamp, contract, trade, err) < 0)
		return -1;
	if (trade->multiplier == TRADE_NONE && stamp->multiplier > 0) {
		trade->multiplier = stamp->multiplier;
	} else if (trade->multiplier == TRADE_NONE) {
		trade->multiplier = contract->expires ? 100 : 1;
		trade->multiplier_assumed = trade->is_adjusted;
	}
	if (trade->premium_e4 == TRADE_NONE && trade_premium(trade->price_e4,
	    trade->size, trade->multiplier, &trade->premium_e4) < 0)
		return err_set(err, "premium: number too large");
	if (trade->cond.cancel != COND_NO_CANCEL)
		trade->is_cancel = true;
	return 0;
}

/* ---- trade_id ---- */

/* Counts one more print under the prefix; returns how many there are. */
static int64_t
stamp_count(struct stamp *stamp, struct slice prefix)
{
	void **at = table_at(&stamp->ids, prefix.p, prefix.n);
	uintptr_t n = (uintptr_t)*at + 1;

	*at = (void *)n;	/* a number in the pointer's place */
	return (int64_t)n;
}

/*
 * Most prints are the only one of their contract and millisecond; the table
 * takes part only from the second on.
 */
static void
stamp_open_ids(struct stamp *stamp, const struct contract *contract,
    int64_t ts)
{
	struct slice id = { contract->first.p, contract->n_id };
	struct slice prefix = { contract->first.p + contract->n_id,
	    contract->first.n - contract->n_id };

	if (stamp->ids_ts != ts && stamp->ids.n > 0) {
		table_free(&stamp->ids);
		table_init(&stamp->ids);
	}
	stamp->ids_ts = ts;
	if (table_get(&stamp->ids, id.p, id.n) != NULL)
		return;
	stamp_count(stamp, id);
	stamp_count(stamp, prefix);
}

static void
stamp_remember(struct contract *contract, int64_t ts, struct slice id,
    struct slice prefix)
{
	contract->id_ts = ts;
	contract->first.n = 0;
	buf_add(&contract->first, id.p, id.n);
	buf_add(&contract->first, prefix.p, prefix.n);
	contract->n_id = id.n;
}

int
stamp_id(struct stamp *stamp, struct contract *contract, struct trade *trade,
    struct err *err)
{
	bool alone = contract->id_ts != trade->timestamp;
	int64_t number = 1;
	struct slice prefix;

	/* The id of number 1, less its number. */
	prefix = (struct slice){ stamp->id_text, trade_id_print(stamp->id_text,
	    contract->ticker, trade->timestamp, trade->exchange, 1) - 1 };
	if (!alone) {
		stamp_open_ids(stamp, contract, trade->timestamp);
		number = stamp_count(stamp, prefix);
	}
	if (trade->sequence != TRADE_NONE)
		number = trade->sequence;
	if (trade->trade_id.n == 0)
		trade->trade_id = (struct slice){ stamp->id_text, prefix.n +
		    decimal_print_int(stamp->id_text + prefix.n, number) };
	if (alone)
		stamp_remember(contract, trade->timestamp, trade->trade_id,
		    prefix);
	else if (stamp_count(stamp, trade->trade_id) > 1)
		return err_set(err, "trade_id: %.*s came before",
		    (int)trade->trade_id.n, trade->trade_id.p);
	return 0;
}
