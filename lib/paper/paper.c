#include "paper/paper.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/log.h"
#include "record/control.h"
#include "record/emit.h"
#include "record/trade.h"

struct paper {
	struct paper_options opt;
	struct line_out *out;
	struct control control;
	struct scan *scan;
	struct book book;
	struct stats stats;
	struct buf sweep_id, members;	/* of the latest sweep record */
	int64_t signals;
	bool demo;			/* made-up signals came: told */
};

/* What a trade, quote or bar says of prices; absent numbers TRADE_NONE. */
struct paper_price {
	struct slice symbol, contract_ticker, scope;
	int64_t timestamp, end_ts;
	int64_t price_e4, underlying_e4, underlying_age_ms;
	int64_t bid_e4, ask_e4, quote_ts;
	int64_t open_e4, high_e4, low_e4, close_e4, strike_e4;
	bool is_cancel, is_cancelled, is_late_arrival, is_late;
	bool is_out_of_sequence, is_final;
};

static const struct scan_field paper_fields[] = {
#define FIELD(key, type, most, member) \
	{ KEY_##key, type, most, offsetof(struct paper_price, member) }
#define PRICE(key, member) \
	FIELD(key, SCAN_TO_E4, TRADE_PRICE_MOST, member)
	FIELD(symbol, SCAN_TO_TEXT, 0, symbol),
	FIELD(contract_ticker, SCAN_TO_TEXT, 0, contract_ticker),
	FIELD(scope, SCAN_TO_TEXT, 0, scope),
	FIELD(timestamp, SCAN_TO_INT, TRADE_TIME_MOST, timestamp),
	FIELD(end_ts, SCAN_TO_INT, TRADE_TIME_MOST, end_ts),
	FIELD(underlying_age_ms, SCAN_TO_INT, TRADE_TIME_MOST,
	    underlying_age_ms),
	FIELD(quote_timestamp, SCAN_TO_INT, TRADE_TIME_MOST, quote_ts),
	PRICE(price, price_e4),
	PRICE(underlying_price, underlying_e4),
	PRICE(bid, bid_e4),
	PRICE(ask, ask_e4),
	PRICE(open, open_e4),
	PRICE(high, high_e4),
	PRICE(low, low_e4),
	PRICE(close, close_e4),
	PRICE(strike, strike_e4),
	FIELD(is_cancel, SCAN_TO_BOOL, 0, is_cancel),
	FIELD(is_cancelled, SCAN_TO_BOOL, 0, is_cancelled),
	FIELD(is_late_arrival, SCAN_TO_BOOL, 0, is_late_arrival),
	FIELD(is_late, SCAN_TO_BOOL, 0, is_late),
	FIELD(is_out_of_sequence, SCAN_TO_BOOL, 0, is_out_of_sequence),
	FIELD(is_final, SCAN_TO_BOOL, 0, is_final),
#undef PRICE
#undef FIELD
};

/* ---- records out ---- */

static void
paper_write_position(struct buf *dst, const struct book_item *item)
{
	const struct position *p = &item->position;
	struct position_result r = position_result(p);

	emit_int(dst, KEY_entry_ts, p->entry_ts);
	emit_decimal(dst, KEY_entry_price, p->entry_e6, DECIMAL_E6);
	emit_int(dst, KEY_exit_ts, p->exit_ts);
	emit_decimal(dst, KEY_exit_price, p->exit_e6, DECIMAL_E6);
	emit_str(dst, KEY_exit_reason, position_reason_name(p->reason));
	emit_int(dst, KEY_qty, item->qty);
	emit_decimal(dst, KEY_fees, p->plan.fees_e6, DECIMAL_E6);
	emit_decimal(dst, KEY_pnl, r.pnl_e6, DECIMAL_E6);
	emit_decimal(dst, KEY_return_pct, r.return_e6, DECIMAL_E6);
	emit_decimal(dst, KEY_r_multiple, r.r_e6, DECIMAL_E6);
	emit_decimal(dst, KEY_mfe_pct, r.mfe_e6, DECIMAL_E6);
	emit_decimal(dst, KEY_mae_pct, r.mae_e6, DECIMAL_E6);
}

static void
paper_write(struct buf *dst, const struct book_item *item,
    enum book_mark mark, int64_t ts)
{
	const struct entry *e = &item->entry;

	emit_open(dst, "paper");
	emit_text(dst, KEY_signal_id, e->signal_id);
	emit_int(dst, KEY_timestamp, ts);
	emit_text(dst, KEY_symbol, e->symbol);
	emit_text(dst, KEY_contract_ticker, e->contract_ticker);
	emit_str(dst, KEY_kind, entry_kind_names[e->kind]);
	emit_str(dst, KEY_direction, e->is_short ? "SHORT" : "LONG");
	emit_opt_decimal(dst, KEY_strength, e->strength_e4, DECIMAL_E4);
	if (e->tags.n > 0)
		emit_raw(dst, KEY_tags, e->tags);
	emit_opt_text(dst, KEY_regime_trend, e->regime_trend);
	emit_opt_text(dst, KEY_regime_vol, e->regime_vol);
	emit_opt_text(dst, KEY_experiment_id, e->experiment_id);
	emit_str(dst, KEY_mark_source, book_mark_names[mark]);
	if (item->pending)
		emit_str(dst, KEY_exit_reason,
		    position_reason_name(item->position.reason));
	else
		paper_write_position(dst, item);
	emit_opt_true(dst, KEY_gap_exposed, item->gap_exposed);
	emit_opt_text(dst, KEY_feed, e->feed);
	emit_close(dst);
}

static void
paper_done(void *ctx, const struct book_item *item, int64_t ts)
{
	struct paper *p = ctx;

	paper_write(&p->out->buf, item, p->opt.rules.mark, ts);
	p->control.count.add++;
	p->control.count.out++;
	stats_add(&p->stats, item);
	if (p->opt.log != NULL)
		csv_log_paper(p->opt.log, item, p->opt.rules.mark);
}

struct paper *
paper_new(const struct paper_options *options, struct line_out *out)
{
	struct paper *p = buf_alloc(1, sizeof(*p));

	p->opt = *options;
	p->out = out;
	control_init(&p->control, "flow-paper");
	p->scan = scan_new();
	book_init(&p->book, &options->rules, paper_done, p);
	return p;
}

void
paper_free(struct paper *p)
{
	if (p == NULL)
		return;
	book_free(&p->book);
	stats_free(&p->stats);
	buf_free(&p->sweep_id);
	buf_free(&p->members);
	control_free(&p->control);
	scan_free(p->scan);
	free(p);
}

/* ---- prices ---- */

static void
paper_share_price(struct paper *p, const struct paper_price *price)
{
	int64_t ts = price->timestamp;

	if (price->underlying_e4 > 0) {
		if (price->underlying_age_ms > 0)
			ts -= price->underlying_age_ms;
		book_price(&p->book, price->symbol, ts,
		    price->underlying_e4 * 100);
	} else if (price->strike_e4 == TRADE_NONE && price->price_e4 > 0 &&
	    slice_equal(price->symbol, price->contract_ticker)) {
		book_price(&p->book, price->symbol, ts,
		    price->price_e4 * 100);
	}
}

/* A trade's quote was in force just before it. */
static void
paper_trade(struct paper *p, const struct paper_price *price)
{
	if (price->is_cancel || price->is_cancelled || price->is_late ||
	    price->is_out_of_sequence || price->is_late_arrival)
		return;
	if (p->opt.rules.mark == BOOK_UNDERLYING)
		paper_share_price(p, price);
	else if (price->quote_ts == TRADE_NONE || price->timestamp -
	    price->quote_ts <= p->opt.max_quote_age_ms)
		book_quote(&p->book, price->contract_ticker,
		    price->timestamp, price->bid_e4, price->ask_e4);
}

static void
paper_quote(struct paper *p, const struct paper_price *price)
{
	if (slice_equal(price->scope, SLICE("EX")))
		return;
	book_quote(&p->book, price->contract_ticker.n > 0 ?
	    price->contract_ticker : price->symbol, price->timestamp,
	    price->bid_e4, price->ask_e4);
}

/* Bars of options are made of trades, and no quote. */
static void
paper_bar(struct paper *p, const struct paper_price *price)
{
	struct position_bar bar = { price->timestamp, price->end_ts,
	    price->open_e4 * 100, price->high_e4 * 100,
	    price->low_e4 * 100, price->close_e4 * 100 };

	if (price->is_final && p->opt.rules.mark == BOOK_UNDERLYING &&
	    price->contract_ticker.n == 0)
		book_bar(&p->book, price->symbol, &bar);
}

static int
paper_check_bar(const struct paper_price *price, struct err *err)
{
	if (price->end_ts == TRADE_NONE)
		return err_set(err, "end_ts: missing");
	if (price->low_e4 <= 0 || price->open_e4 < price->low_e4 ||
	    price->close_e4 < price->low_e4 ||
	    price->open_e4 > price->high_e4 ||
	    price->close_e4 > price->high_e4)
		return err_set(err, "open, high, low, close: not those of a "
		    "bar");
	return 0;
}

enum paper_kind { PAPER_TRADE, PAPER_QUOTE, PAPER_BAR, PAPER_SIGNAL,
	PAPER_CANCEL, PAPER_SWEEP, PAPER_OTHER };

static enum paper_kind
paper_kind_of(const struct paper *p, struct slice name)
{
	static const struct slice kinds[PAPER_OTHER] = {
		{ "trade", 5 }, { "quote", 5 }, { "bar", 3 },
		{ "signal", 6 }, { "cancel", 6 }, { "sweep", 5 }
	};
	int i = 0;

	while (i < PAPER_OTHER && !slice_equal(name, kinds[i]))
		i++;
	/* Of a newer schema nothing is understood. */
	return p->control.newer ? PAPER_OTHER : (enum paper_kind)i;
}

static int
paper_read_price(struct paper *p, enum paper_kind kind,
    struct paper_price *price, struct err *err)
{
	static const struct paper_price none = {
		.timestamp = TRADE_NONE, .end_ts = TRADE_NONE,
		.price_e4 = TRADE_NONE, .underlying_e4 = TRADE_NONE,
		.underlying_age_ms = TRADE_NONE, .bid_e4 = TRADE_NONE,
		.ask_e4 = TRADE_NONE, .quote_ts = TRADE_NONE,
		.open_e4 = TRADE_NONE, .high_e4 = TRADE_NONE,
		.low_e4 = TRADE_NONE, .close_e4 = TRADE_NONE,
		.strike_e4 = TRADE_NONE
	};

	*price = none;
	if (scan_fields(p->scan, paper_fields, sizeof(paper_fields) /
	    sizeof(*paper_fields), price, err) < 0)
		return -1;
	if (price->timestamp == TRADE_NONE)
		return err_set(err, "timestamp: missing");
	return kind == PAPER_BAR ? paper_check_bar(price, err) : 0;
}

/* ---- data records ---- */

static void
paper_pass(struct paper *p)
{
	emit_splice(&p->out->buf, p->scan, NULL);
	emit_close(&p->out->buf);
}

static void
paper_pass_data(struct paper *p, int64_t ts)
{
	if (ts != TRADE_NONE)
		book_clock(&p->book, ts);
	p->control.count.in++;
	p->control.count.out++;
	paper_pass(p);
}

static int
paper_take_price(struct paper *p, enum paper_kind kind, struct err *err)
{
	struct paper_price price;
	int64_t ts;

	if (paper_read_price(p, kind, &price, err) < 0)
		return -1;
	ts = kind == PAPER_BAR ? price.end_ts : price.timestamp;
	paper_pass_data(p, ts);
	if (ts < p->book.watermark)
		return 0;		/* late: its time is over */
	if (kind == PAPER_TRADE)
		paper_trade(p, &price);
	else if (kind == PAPER_QUOTE)
		paper_quote(p, &price);
	else
		paper_bar(p, &price);
	return 0;
}

static int
paper_take_signal(struct paper *p, struct err *err)
{
	struct entry entry;

	if (entry_read(&entry, p->scan, err) < 0)
		return -1;
	paper_pass_data(p, entry.timestamp);
	if (!p->demo && slice_equal(entry.feed, SLICE("demo"))) {
		log_warning("these signals were made up (demo): nothing "
		    "happened");
		p->demo = true;
	}
	if (entry.sweep_id.n > 0 && slice_equal(entry.sweep_id,
	    (struct slice){ p->sweep_id.p, p->sweep_id.n }))
		entry.members = (struct slice){ p->members.p, p->members.n };
	p->signals++;
	if (p->opt.log != NULL)
		csv_log_signal(p->opt.log, &entry);
	book_signal(&p->book, &entry);
	return 0;
}

/* Its prints, for the signals that follow it. */
static int
paper_take_sweep(struct paper *p, struct err *err)
{
	struct scan_value all = scan_get(p->scan, KEY_trade_ids);
	struct slice id = { NULL, 0 };
	int64_t ts = TRADE_NONE;

	if (scan_text(p->scan, KEY_sweep_id, &id, err) < 0 ||
	    scan_int(p->scan, KEY_timestamp, &ts, err) < 0)
		return -1;
	p->sweep_id.n = p->members.n = 0;
	buf_add(&p->sweep_id, id.p, id.n);
	if (all.type == SCAN_ARRAY)
		buf_add(&p->members, all.p, all.n);
	paper_pass_data(p, ts);
	return 0;
}

static int
paper_take_cancel(struct paper *p, struct err *err)
{
	struct slice id = { NULL, 0 };
	int64_t ts = TRADE_NONE;

	if (scan_text(p->scan, KEY_ref_trade_id, &id, err) < 0 ||
	    scan_int(p->scan, KEY_timestamp, &ts, err) < 0)
		return -1;
	paper_pass_data(p, ts);
	book_cancel(&p->book, id);
	return 0;
}

static int
paper_data(struct paper *p, struct slice name, struct err *err)
{
	enum paper_kind kind = paper_kind_of(p, name);
	int64_t ts = TRADE_NONE;

	switch (kind) {
	case PAPER_TRADE:
	case PAPER_QUOTE:
	case PAPER_BAR:
		return paper_take_price(p, kind, err);
	case PAPER_SIGNAL:
		return paper_take_signal(p, err);
	case PAPER_CANCEL:
		return paper_take_cancel(p, err);
	case PAPER_SWEEP:
		return paper_take_sweep(p, err);
	case PAPER_OTHER:
		break;
	}
	scan_int(p->scan, KEY_timestamp, &ts, NULL);
	paper_pass_data(p, ts);
	return 0;
}

/* ---- control records ---- */

static int
paper_heartbeat(struct paper *p, struct err *err)
{
	int64_t ts = TRADE_NONE;

	if (scan_int(p->scan, KEY_timestamp, &ts, err) < 0)
		return -1;
	if (ts != TRADE_NONE)
		book_clock(&p->book, ts);
	control_arrive(&p->control, CONTROL_HEARTBEAT, p->scan,
	    &p->out->buf);
	control_heartbeat(&p->out->buf, scan_object(p->scan),
	    control_hop_of(p->scan), p->control.stage, &p->control.count);
	return 0;
}

static void
paper_gap(struct paper *p)
{
	struct scan_value all = scan_get(p->scan, KEY_symbols), one;
	size_t pos = 0;

	if (all.type != SCAN_ARRAY)
		book_gap(&p->book, SLICE("*"));
	while (all.type == SCAN_ARRAY && scan_element(all, &pos, &one))
		book_gap(&p->book, scan_unescape(p->scan, one));
}

static int
paper_control(struct paper *p, enum control_kind kind, struct err *err)
{
	if (kind == CONTROL_HEARTBEAT)
		return paper_heartbeat(p, err);
	if (kind == CONTROL_GAP)
		paper_gap(p);
	control_arrive(&p->control, kind, p->scan, &p->out->buf);
	if (kind == CONTROL_BYE)
		control_bye(&p->control, p->scan, &p->out->buf);
	else
		paper_pass(p);
	return 0;
}

/* ---- the interface ---- */

int
paper_line(struct paper *p, const struct line *line)
{
	enum control_kind kind;
	struct slice name;
	struct err err;

	if (line->too_long)
		err_set(&err, "line over %d bytes", LINE_MAX_BYTES);
	if (line->too_long ||
	    scan_line(p->scan, line->p, line->n, &err) < 0 ||
	    control_kind_of(p->scan, &kind, &name, &err) < 0 ||
	    (kind == CONTROL_DATA ? paper_data(p, name, &err) :
	    paper_control(p, kind, &err)) < 0) {
		p->control.count.in++;
		p->control.count.reject++;
		control_reject(&p->control, line->file, line->number,
		    err.text);
	}
	return line_out_end(p->out);
}

int
paper_end(struct paper *p)
{
	int status = control_end(&p->control, &p->out->buf);

	control_tell_rest(&p->control);
	return status;
}

void
paper_unreadable(struct paper *p, const char *why)
{
	log_error("%s", why);
	p->control.rejected++;
}

void
paper_tell(const struct paper *p, struct buf *dst)
{
	buf_fmt(dst, "signals %" PRId64 ", of them %" PRId64 " while such a "
	    "position was open; still open or waiting %zu\n", p->signals,
	    p->book.busy, p->book.n);
	if (p->book.full > 0)
		buf_fmt(dst, "signals left out, %d positions being open: %"
		    PRId64 "\n", BOOK_ITEMS, p->book.full);
	stats_print(dst, &p->stats);
}
