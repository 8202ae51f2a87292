#include "tap/desk.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "record/emit.h"

static const char desk_stage[] = "flow-tap";

void
desk_init(struct desk *desk, struct control *control, struct outlet *outlet,
    const struct select *select, struct contract_book *book)
{
	memset(desk, 0, sizeof(*desk));
	desk->control = control;
	desk->outlet = outlet;
	desk->select = select;
	desk->book = book;
	desk->trade_day = CAL_NO_DAY;
	stamp_init(&desk->stamp, 0);
	table_init(&desk->gaps);
}

void
desk_free(struct desk *desk)
{
	stamp_free(&desk->stamp);
	table_free(&desk->gaps);
}

/* ---- control records ---- */

static void
desk_run(struct desk *desk, struct buf *dst)
{
	emit_word(dst, KEY_run, desk->run, sizeof(desk->run));
}

/* Those asked for: contracts when these were named, or their underlyings. */
static void
desk_symbols(const struct desk *desk, struct buf *dst, bool contracts)
{
	const struct select *select = desk->select;

	emit_array(dst, KEY_symbols);
	contracts = contracts && select->n_contracts > 0;
	for (size_t i = 0; i < select->n_contracts && contracts; i++)
		emit_item(dst, (struct slice){ select->contracts[i],
		    strlen(select->contracts[i]) });
	for (size_t i = 0; i < select->n && !contracts; i++)
		emit_item(dst, (struct slice){ select->symbols[i],
		    strlen(select->symbols[i]) });
	if (select->n == 0)
		emit_item(dst, SLICE("*"));
	emit_array_end(dst);
}

void
desk_hello(struct desk *desk, const struct desk_hello *hello)
{
	static const char hex[] = "0123456789abcdef";
	struct buf *dst = outlet_buf(desk->outlet);

	for (int i = 0; i < 16; i++)
		desk->run[i] = hex[hello->run >> (60 - 4 * i) & 15];
	emit_open(dst, "hello");
	emit_int(dst, KEY_schema_version, CONTROL_SCHEMA);
	desk_run(desk, dst);
	emit_str(dst, KEY_stage, desk_stage);
	emit_str(dst, KEY_feed, hello->feed);
	emit_str(dst, KEY_mode, hello->mode != NULL ? hello->mode :
	    hello->caps.demo ? "demo" : "replay");
	desk_symbols(desk, dst, true);
	emit_object(dst, KEY_capabilities);
	emit_bool(dst, KEY_quotes, hello->caps.quotes);
	emit_bool(dst, KEY_conditions, hello->caps.conditions);
	emit_bool(dst, KEY_exchange, hello->caps.exchange);
	if (hello->caps.resolution_e6 > 0)
		emit_decimal(dst, KEY_time_resolution_ms,
		    hello->caps.resolution_e6, DECIMAL_E6);
	emit_str(dst, KEY_coverage, hello->coverage);
	emit_object_end(dst);
	emit_opt_true(dst, KEY_replayed, hello->replayed);
	emit_close(dst);
	outlet_end(desk->outlet);
}

void
desk_bye(struct desk *desk, const char *reason, int status)
{
	struct buf *dst = outlet_buf(desk->outlet);

	emit_open(dst, "bye");
	desk_run(desk, dst);
	emit_int(dst, KEY_n, desk->control->count.out);
	emit_str(dst, KEY_reason, reason);
	emit_int(dst, KEY_exit, status);
	emit_close(dst);
	outlet_end(desk->outlet);
}

/* False when the run was stopped, as all below that may wait. */
static bool
desk_heartbeat(struct desk *desk, int64_t ts, int64_t lag_ms)
{
	struct buf *dst = outlet_buf(desk->outlet);
	bool open = ts >= desk->rth_start && ts < desk->rth_end;

	if (!outlet_pace(desk->outlet, ts))
		return false;
	emit_open(dst, "heartbeat");
	emit_int(dst, KEY_timestamp, ts);
	desk_run(desk, dst);
	emit_int(dst, KEY_n, desk->control->count.out);
	emit_str(dst, KEY_market, open ? "open" : "closed");
	emit_opt_int(dst, KEY_lag_ms, lag_ms);
	emit_array(dst, KEY_hop);
	control_hop_write(dst, desk_stage, &desk->control->count);
	emit_array_end(dst);
	emit_close(dst);
	outlet_end(desk->outlet);
	desk->second = ts;
	return true;
}

/* The trade date of the whole stream at an instant: that of index options. */
static int32_t
desk_trade_day(int64_t ts)
{
	enum cal_session session;
	int32_t day;

	return cal_session_at(ts, CAL_INDEX_GTH, CAL_NO_DAY, &session, &day,
	    NULL) < 0 ? CAL_NO_DAY : day;
}

static void
desk_begin_day(struct desk *desk, int32_t day)
{
	struct cal_span span = { 0, 0 };

	cal_span(day, CAL_EQUITY, CAL_RTH, &span, NULL);
	desk->rth_start = span.start_ts;
	desk->rth_end = span.end_ts;
	desk->trade_day = day;
}

/*
 * The heartbeats due before a record of this time: one at each whole second
 * within a trade date, from its first record's second to its last one's, and
 * one between two trade dates, a second after the first one's last.  The days
 * before a session that is made up have only that one.
 */
static bool
desk_pulse(struct desk *desk, int64_t ts)
{
	int64_t second = ts - ts % 1000;
	int32_t day;

	if (desk->live || (desk->begun && second <= desk->second))
		return true;
	day = desk_trade_day(ts);
	if (!desk->begun || day != desk->trade_day) {
		if (desk->begun && !desk_heartbeat(desk, desk->second + 1000,
		    TRADE_NONE))
			return false;
		desk_begin_day(desk, day);
		if (!desk->begun)
			desk->second = second - 1000;
		desk->begun = true;
		return desk->second >= second ||
		    desk_heartbeat(desk, second, TRADE_NONE);
	}
	if (ts < desk->outlet->begins)
		desk->second = second;
	while (desk->second < second)
		if (!desk_heartbeat(desk, desk->second + 1000, TRADE_NONE))
			return false;
	return true;
}

void
desk_beat(struct desk *desk, int64_t ts, int64_t lag_ms)
{
	int32_t day = desk_trade_day(ts);

	if (day != desk->trade_day)
		desk_begin_day(desk, day);
	desk->watermark = ts;
	desk_heartbeat(desk, ts, lag_ms);
}

/* ---- records ---- */

/* A record that goes no further, counted under its reason. */
static void
desk_drop(struct desk *desk, int64_t *reason)
{
	desk->control->count.in++;
	(*reason)++;
}

static void
desk_reject(struct desk *desk, const struct source_item *item,
    int64_t *reason, const char *why)
{
	desk_drop(desk, reason);
	control_reject(desk->control, item->file, item->line, why);
}

/*
 * Makes room in the stream for a record of this time, after the heartbeats
 * due, which do not count it yet.  origin: the count of what was read, or of
 * what was made here.  Returns where the record goes, or NULL when the run was
 * stopped before its turn.
 */
static struct buf *
desk_turn(struct desk *desk, int64_t ts, int64_t *origin)
{
	if (!desk_pulse(desk, ts) || !outlet_pace(desk->outlet, ts))
		return NULL;
	(*origin)++;
	desk->control->count.out++;
	return outlet_buf(desk->outlet);
}

/* A record that arrived as JSON leaves as it came, a made one as made. */
static void
desk_pass(struct desk *desk, const struct source_item *item)
{
	struct buf *dst = desk_turn(desk, item->ts,
	    &desk->control->count.in);

	if (dst == NULL)
		return;
	if (item->scan != NULL) {
		emit_splice(dst, item->scan, NULL);
		emit_close(dst);
	} else {
		buf_add(dst, item->made.p, item->made.n);
	}
	outlet_end(desk->outlet);
}

/* What flow-tap adds to a print that arrived as JSON, where it is absent. */
static const struct desk_member {
	enum key key;
	enum { DESK_TEXT, DESK_INT, DESK_E4, DESK_TRUE, DESK_RIGHT } type;
	size_t at;
} desk_members[] = {
#define DESK_MEMBER(type, key, member) \
	{ KEY_##key, type, offsetof(struct trade, member) }
	DESK_MEMBER(DESK_TEXT, trade_id, trade_id),
	DESK_MEMBER(DESK_TEXT, symbol, symbol),
	DESK_MEMBER(DESK_TEXT, root, root),
	DESK_MEMBER(DESK_TEXT, trade_date, trade_date),
	DESK_MEMBER(DESK_TEXT, session, session),
	DESK_MEMBER(DESK_INT, multiplier, multiplier),
	DESK_MEMBER(DESK_E4, premium, premium_e4),
	DESK_MEMBER(DESK_E4, strike, strike_e4),
	DESK_MEMBER(DESK_TEXT, expiration, expiration),
	DESK_MEMBER(DESK_RIGHT, option_type, right),
	DESK_MEMBER(DESK_INT, dte, dte),
	DESK_MEMBER(DESK_TEXT, settlement, settlement),
	DESK_MEMBER(DESK_TEXT, exercise_style, exercise_style),
	DESK_MEMBER(DESK_TRUE, is_adjusted, is_adjusted),
	DESK_MEMBER(DESK_TRUE, is_flex, is_flex),
	DESK_MEMBER(DESK_TRUE, multiplier_assumed, multiplier_assumed),
	DESK_MEMBER(DESK_E4, bid, nbbo.bid_e4),
	DESK_MEMBER(DESK_E4, ask, nbbo.ask_e4),
	DESK_MEMBER(DESK_INT, bid_size, nbbo.bid_size),
	DESK_MEMBER(DESK_INT, ask_size, nbbo.ask_size),
	DESK_MEMBER(DESK_INT, quote_timestamp, nbbo.ts),
	DESK_MEMBER(DESK_E4, ex_bid, ex.bid_e4),
	DESK_MEMBER(DESK_E4, ex_ask, ex.ask_e4),
	DESK_MEMBER(DESK_INT, ex_bid_size, ex.bid_size),
	DESK_MEMBER(DESK_INT, ex_ask_size, ex.ask_size),
	DESK_MEMBER(DESK_INT, ex_quote_timestamp, ex.ts),
	DESK_MEMBER(DESK_TRUE, is_cancel, is_cancel),
#undef DESK_MEMBER
};

enum { DESK_MEMBERS = sizeof(desk_members) / sizeof(*desk_members) };

static void
desk_write_member(struct buf *dst, const struct desk_member *member,
    const struct trade *trade)
{
	const char *at = (const char *)trade + member->at;
	struct slice text;
	int64_t number;
	bool flag;

	switch (member->type) {
	case DESK_TEXT:
		memcpy(&text, at, sizeof(text));
		if (text.n > 0)
			emit_text(dst, member->key, text);
		break;
	case DESK_INT:
	case DESK_E4:
		memcpy(&number, at, sizeof(number));
		if (number != TRADE_NONE)
			emit_decimal(dst, member->key, number,
			    member->type == DESK_E4 ? DECIMAL_E4 : 0);
		break;
	case DESK_TRUE:
		memcpy(&flag, at, sizeof(flag));
		if (flag)
			emit_bool(dst, member->key, true);
		break;
	case DESK_RIGHT:
		if (trade->right != TRADE_NO_RIGHT)
			emit_str(dst, member->key,
			    trade->right == TRADE_CALL ? "call" : "put");
		break;
	}
}

static void
desk_splice(struct buf *dst, const struct scan *scan,
    const struct trade *trade)
{
	struct key_set absent = { { 0 } };	/* null counts as absent */

	for (size_t i = 0; i < DESK_MEMBERS; i++)
		if (scan_get(scan, desk_members[i].key).type == SCAN_ABSENT)
			key_set_add(&absent, desk_members[i].key);
	emit_splice(dst, scan, &absent);
	for (size_t i = 0; i < DESK_MEMBERS; i++)
		if (scan_get(scan, desk_members[i].key).type == SCAN_ABSENT)
			desk_write_member(dst, &desk_members[i], trade);
	emit_close(dst);
}

static bool
desk_has_quote(const struct trade_quote *quote)
{
	return quote->bid_e4 != TRADE_NONE || quote->ask_e4 != TRADE_NONE;
}

static void
desk_join(struct desk *desk, const struct source_item *item)
{
	const struct nbbo *nbbo = &item->contract->nbbo;
	struct trade *trade = item->trade;

	if (!desk_has_quote(&trade->nbbo))
		nbbo_pick(nbbo, &desk->rule, (struct slice){ NULL, 0 },
		    item->time, &trade->nbbo);
	if (!desk_has_quote(&trade->ex) && trade->exchange.n > 0)
		nbbo_pick(nbbo, &desk->rule, trade->exchange, item->time,
		    &trade->ex);
	if (!desk_has_quote(&trade->nbbo))	/* neither side was quoted */
		trade->nbbo.ts = TRADE_NONE;
}

/* A monthly series is listed for the day before: say it once. */
static void
desk_check_expiry(struct contract *contract, const struct source_item *item)
{
	int32_t day = contract->osi.expiration;
	int weekday = day_weekday(day);

	if (contract->traded || !contract->expires || weekday == 0 ||
	    weekday == 6 || cal_known(day, NULL) < 0 || cal_is_open(day))
		return;
	log_warning("%s:%" PRId64 ": expiry_on_holiday: %.*s expires on "
	    "%.*s, when exchanges are closed", item->file, item->line,
	    (int)contract->ticker.n, contract->ticker.p,
	    (int)contract->expiration.n, contract->expiration.p);
}

/* The symbols asked for may be hundreds: each contract is judged once. */
static bool
desk_asked(const struct desk *desk, struct contract *contract)
{
	if (contract->asked == 0)
		contract->asked = select_symbol(desk->select,
		    contract->symbol) && select_contract(desk->select,
		    contract->ticker) ? 1 : -1;
	return contract->asked > 0;
}

static void
desk_trade(struct desk *desk, struct source_item *item)
{
	struct contract *contract = item->contract;
	struct control_count *count = &desk->control->count;
	struct trade *trade = item->trade;
	struct buf *dst;
	struct err err;

	if (!desk_asked(desk, contract) ||
	    !select_time(desk->select, item->ts)) {
		desk_drop(desk, &count->filter);
		return;
	}
	desk_join(desk, item);
	if (item->ts < desk->watermark)
		trade->is_late_arrival = true;
	if (stamp_trade(&desk->stamp, contract, trade, &err) < 0) {
		desk_reject(desk, item, &count->reject, err.text);
		return;
	}
	if (stamp_id(&desk->stamp, contract, trade, &err) < 0) {
		desk_reject(desk, item, &count->duplicate, err.text);
		return;
	}
	desk_check_expiry(contract, item);
	contract->traded = true;
	dst = desk_turn(desk, item->ts, &count->in);
	if (dst == NULL)
		return;
	desk->trades++;
	desk->trade_ts = item->ts;
	if (item->scan != NULL) {
		desk_splice(dst, item->scan, trade);
	} else {
		trade_write_open(dst, trade);
		buf_add(dst, item->made.p, item->made.n);
		emit_close(dst);
	}
	outlet_end(desk->outlet);
}

static void
desk_put(struct buf *dst, enum key key, int64_t value, int scale)
{
	if (value != TRADE_NONE)
		emit_decimal(dst, key, value, scale);
}

/* A quote that did not come as a record, as one (domain.md 1.3). */
static void
desk_write_quote(struct buf *dst, const struct source_item *item, bool late)
{
	const struct trade_quote *quote = &item->quote;

	emit_open(dst, "quote");
	emit_text(dst, KEY_contract_ticker, item->contract->ticker);
	emit_int(dst, KEY_timestamp, item->ts);
	desk_put(dst, KEY_bid, quote->bid_e4, DECIMAL_E4);
	desk_put(dst, KEY_ask, quote->ask_e4, DECIMAL_E4);
	desk_put(dst, KEY_bid_size, quote->bid_size, 0);
	desk_put(dst, KEY_ask_size, quote->ask_size, 0);
	emit_str(dst, KEY_scope, item->quote_exchange.n > 0 ? "EX" : "NBBO");
	if (item->quote_exchange.n > 0)
		emit_text(dst, KEY_exchange, item->quote_exchange);
	emit_opt_true(dst, KEY_is_late_arrival, late);
	buf_add(dst, item->made.p, item->made.n);
	emit_close(dst);
}

static bool
desk_wants_quote(const struct desk *desk, const struct source_item *item)
{
	enum desk_quotes want = item->scan != NULL ? desk->quotes :
	    desk->row_quotes;

	return want == DESK_ALL ||
	    (want == DESK_TRADED && item->contract->traded);
}

static void
desk_quote(struct desk *desk, struct source_item *item)
{
	struct contract *contract = item->contract;
	bool asked = desk_asked(desk, contract);
	bool news = asked && nbbo_add(&contract->nbbo, &desk->rule,
	    item->quote_exchange, &item->quote, item->time);
	struct buf *dst;

	asked = asked && select_time(desk->select, item->ts) &&
	    desk_wants_quote(desk, item);
	if (item->scan != NULL && asked) {
		desk_pass(desk, item);
	} else if (item->scan != NULL) {
		desk_drop(desk, &desk->control->count.filter);
	} else if (asked && news) {
		dst = desk_turn(desk, item->ts, &desk->control->count.add);
		if (dst == NULL)
			return;
		desk_write_quote(dst, item, item->ts < desk->watermark);
		outlet_end(desk->outlet);
	}
}

/* ---- gaps and what nobody knows ---- */

static bool
desk_names(struct scan *scan, enum key key, struct slice symbol)
{
	struct scan_value all = scan_get(scan, key), one;
	size_t pos = 0;

	if (all.type != SCAN_ARRAY)
		return true;		/* of whom is not said: of all */
	while (scan_element(all, &pos, &one)) {
		struct slice text = { one.p, one.n };

		if (one.type == SCAN_STRING && (slice_equal(text, symbol) ||
		    slice_equal(text, SLICE("*"))))
			return true;
	}
	return false;
}

/* At the first record of a gap the quotes of its contracts are void. */
static void
desk_void(struct desk *desk, struct source_item *item)
{
	struct slice id = { NULL, 0 };
	void **seen;

	if (scan_text(item->scan, KEY_gap_id, &id, NULL) > 0) {
		seen = table_at(&desk->gaps, id.p, id.n);
		if (*seen != NULL)
			return;
		*seen = desk;		/* anything but NULL */
	}
	for (size_t i = 0; i < desk->book->n; i++)
		if (desk_names(item->scan, KEY_symbols,
		    desk->book->all[i]->symbol))
			nbbo_void(&desk->book->all[i]->nbbo);
}

void
desk_tell_gap(struct desk *desk, const struct desk_gap *gap)
{
	struct buf *dst = outlet_buf(desk->outlet);
	char id[sizeof(desk->run) + DECIMAL_TEXT];
	size_t n = sizeof(desk->run);

	memcpy(id, desk->run, n);
	id[n++] = '-';
	n += decimal_print_int(id + n, gap->number);
	if (strcmp(gap->state, "open") == 0)
		for (size_t i = 0; i < desk->book->n; i++)
			nbbo_void(&desk->book->all[i]->nbbo);
	emit_open(dst, "gap");
	emit_word(dst, KEY_gap_id, id, n);
	emit_str(dst, KEY_state, gap->state);
	emit_opt_int(dst, KEY_from_ts, gap->from_ts);
	emit_opt_int(dst, KEY_to_ts, gap->to_ts);
	desk_symbols(desk, dst, false);
	emit_opt_int(dst, KEY_missing, gap->missing);
	emit_str(dst, KEY_reason, gap->reason);
	emit_close(dst);
	outlet_end(desk->outlet);
}

void
desk_status(struct desk *desk, const char *severity, const char *code,
    const char *message)
{
	control_status(outlet_buf(desk->outlet), desk_stage, severity, code,
	    message);
	outlet_end(desk->outlet);
}

static void
desk_gap(struct desk *desk, struct source_item *item)
{
	struct buf *dst = outlet_buf(desk->outlet);

	if (item->scan != NULL)
		desk_void(desk, item);
	if (!desk_pulse(desk, item->ts))
		return;
	if (item->scan == NULL) {
		desk_tell_gap(desk, item->gap);
		return;
	}
	emit_splice(dst, item->scan, NULL);
	emit_close(dst);
	outlet_end(desk->outlet);
}

static void
desk_other(struct desk *desk, struct source_item *item)
{
	struct slice symbol = { NULL, 0 };

	if (item->contract != NULL)
		symbol = item->contract->symbol;
	else if (item->scan != NULL)
		scan_text(item->scan, KEY_symbol, &symbol, NULL);
	if (select_time(desk->select, item->ts) && (symbol.n == 0 ||
	    select_symbol(desk->select, symbol)) && (item->contract == NULL ||
	    select_contract(desk->select, item->contract->ticker)))
		desk_pass(desk, item);
	else
		desk_drop(desk, &desk->control->count.filter);
}

void
desk_item(struct desk *desk, struct source_item *item)
{
	if (item->trade != NULL) {
		desk_trade(desk, item);
	} else if (item->rank == SOURCE_QUOTE && item->contract != NULL) {
		desk_quote(desk, item);
	} else if (item->rank == SOURCE_GAP) {
		desk_gap(desk, item);
	} else {
		desk_other(desk, item);
	}
}
