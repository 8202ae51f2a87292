#include "tap/massive_feed.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tap/massive_codes.h"
#include "tap/massive_spots.h"

enum {
	MASSIVE_FEED_SKEW_MS = 60000,	/* between events and the clock */
	MASSIVE_FEED_BACK_MS = 1000,	/* a clock that was set back */
	MASSIVE_FEED_HOLD_MS = 120000,	/* bars wait for those of the past */
	MASSIVE_FEED_QUIET_MS = 2000	/* then a gap ends without an event */
};

static const char massive_feed_name[] = "massive";

struct massive_feed {
	struct massive_feed_setup setup;
	struct scan *scan;
	struct buf text;		/* a frame, and its padding */
	struct buf made;
	struct massive_codes *codes;
	struct massive_spots spots;	/* of underlyings */
	struct trade trade;
	char ns_text[DECIMAL_TEXT];
	/*
	 * Prints that were fetched, counted under what parts their ids: two
	 * gaps may have parts of one millisecond.
	 */
	struct table fetched;
	int64_t fetched_ts;		/* of the newest of these */
	char id_text[TRADE_ID_TEXT];
	struct massive_fill *fill;	/* both or none */
	struct massive_start *start;
	/* Bars of minutes that wait for those before them: n_held records. */
	struct buf held;
	struct massive_feed_held {
		int64_t end_ts;
		size_t at;		/* begins there in held */
	} *held_bars;
	size_t n_held, cap_held;
	bool tired;			/* they waited long enough */
	int64_t frames;			/* number of the present one */
	int64_t prints;			/* options', asked for or not */
	int64_t now_ms;			/* of the newest arrival */
	int64_t clock_ms;		/* the same by a clock nobody sets */
	bool jumped;			/* the two differ */
	int64_t newest_ts, newest_at;	/* of the newest event; when it came
					 * by clock_ms */
	int64_t lag_ms;
	int skew;			/* that was told: events are behind
					 * (-1) or ahead (1) */
	int64_t gaps;			/* so far */
	struct desk_gap gap;
	bool seen;			/* trades were confirmed before */
	bool blind;			/* a gap is open */
	bool confirmed;			/* trades are confirmed again */
	int64_t confirmed_at;
	bool shedding;
	struct desk_gap shed;
};

void
massive_feed_free(struct massive_feed *feed)
{
	if (feed == NULL)
		return;
	massive_fill_free(feed->fill);
	massive_start_free(feed->start);
	buf_free(&feed->held);
	free(feed->held_bars);
	massive_spots_free(&feed->spots);
	table_free(&feed->fetched);
	massive_codes_free(feed->codes);
	scan_free(feed->scan);
	buf_free(&feed->text);
	buf_free(&feed->made);
	free(feed);
}

static void
massive_feed_reject(struct massive_feed *feed, const char *why)
{
	struct control *control = feed->setup.desk->control;

	control->count.in++;
	control->count.reject++;
	control_reject(control, massive_feed_name, feed->frames, why);
}

/* True when the record has no room in the stream: it is counted. */
static bool
massive_feed_sheds(struct massive_feed *feed)
{
	struct control_count *count = &feed->setup.desk->control->count;

	if (!feed->shedding)
		return false;
	count->in++;
	count->overflow++;
	feed->shed.missing++;
	return true;
}

/* ---- underlyings ---- */

/*
 * Sale conditions of shares whose price is not the market's: average, cash,
 * derivatively priced, out of sequence, official prices, next day, prior
 * reference, seller, odd lot, contingent (massive-api.md 6).
 */
static bool
massive_feed_is_last(const struct massive_wire *event)
{
	static const int64_t not[] = { 2, 7, 10, 13, 15, 16, 20, 22, 29, 32,
	    37, 38, 52, 53 };

	for (size_t i = 0; i < event->n_conditions; i++)
		for (size_t k = 0; k < sizeof(not) / sizeof(*not); k++)
			if (event->condition[i] == not[k])
				return false;
	return true;
}

static void
massive_feed_spot(struct massive_feed *feed,
    const struct massive_wire *event)
{
	if (select_symbol(feed->setup.desk->select, event->symbol) &&
	    massive_feed_is_last(event))
		massive_spots_add(&feed->spots, event->symbol,
		    event->ns / 1000000, event->price_e4);
}

static void
massive_feed_underlying(const struct massive_feed *feed,
    const struct contract *contract, struct trade *trade)
{
	int64_t ts;

	if (massive_spots_at(&feed->spots, contract->symbol, trade->timestamp,
	    &trade->underlying_e4, &ts))
		trade->underlying_age_ms = trade->timestamp - ts;
}

/* A whole record, made here or by REST. */
static void
massive_feed_made(void *ctx, enum source_rank rank, int64_t ts,
    struct contract *contract, struct slice record)
{
	struct massive_feed *feed = ctx;
	struct source_item item = { .ts = ts, .rank = rank,
	    .contract = contract, .made = record,
	    .file = massive_feed_name, .line = feed->frames };

	if (!massive_feed_sheds(feed))
		desk_item(feed->setup.desk, &item);
}

/* REST may take long when its requests are rationed. */
static bool
massive_feed_holds(struct massive_feed *feed, int64_t end_ts)
{
	if (feed->start == NULL || feed->tired ||
	    !massive_start_wants_bars(feed->start))
		return false;
	feed->tired = feed->n_held > 0 && end_ts - feed->held_bars[0].end_ts >
	    MASSIVE_FEED_HOLD_MS;
	return !feed->tired;
}

static void
massive_feed_hold(struct massive_feed *feed, int64_t end_ts)
{
	if (feed->n_held == feed->cap_held) {
		feed->cap_held = 2 * feed->cap_held + 64;
		feed->held_bars = buf_realloc(feed->held_bars, feed->cap_held,
		    sizeof(*feed->held_bars));
	}
	feed->held_bars[feed->n_held++] = (struct massive_feed_held){ end_ts,
	    feed->held.n };
	buf_add(&feed->held, feed->made.p, feed->made.n);
}

static void
massive_feed_let_go(struct massive_feed *feed)
{
	for (size_t i = 0; i < feed->n_held; i++) {
		size_t at = feed->held_bars[i].at;
		size_t end = i + 1 < feed->n_held ? feed->held_bars[i + 1].at :
		    feed->held.n;

		massive_feed_made(feed, SOURCE_BAR, feed->held_bars[i].end_ts,
		    NULL, (struct slice){ feed->held.p + at, end - at });
	}
	feed->n_held = feed->held.n = 0;
}

static void
massive_feed_bar(struct massive_feed *feed, const struct massive_wire *event)
{
	struct buf *dst = &feed->made;

	if (!select_symbol(feed->setup.desk->select, event->symbol))
		return;
	dst->n = 0;
	emit_open(dst, "bar");
	emit_text(dst, KEY_symbol, event->symbol);
	emit_str(dst, KEY_tf, "1m");
	emit_int(dst, KEY_timestamp, event->start_ts);
	emit_int(dst, KEY_end_ts, event->end_ts);
	emit_opt_decimal(dst, KEY_open, event->open_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_high, event->high_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_low, event->low_e4, DECIMAL_E4);
	emit_opt_decimal(dst, KEY_close, event->close_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_volume, event->volume);
	emit_opt_decimal(dst, KEY_vwap, event->vwap_e4, DECIMAL_E4);
	emit_bool(dst, KEY_is_final, true);
	emit_close(dst);
	if (massive_feed_holds(feed, event->end_ts)) {
		massive_feed_hold(feed, event->end_ts);
		return;
	}
	massive_feed_let_go(feed);
	massive_feed_made(feed, SOURCE_BAR, event->end_ts, NULL,
	    (struct slice){ dst->p, dst->n });
}

/* ---- options ---- */

/* NULL when it was not asked for, or is no contract: then told. */
static struct contract *
massive_feed_contract(struct massive_feed *feed,
    const struct massive_wire *event)
{
	struct desk *desk = feed->setup.desk;
	struct contract_name name = { .osi = event->symbol };
	struct contract *contract = contract_known(desk->book, event->symbol);
	struct osi osi;
	struct err err;

	/* What is in the book was asked for: the rest is not kept there. */
	if (contract != NULL)
		return contract;
	if (!select_all(desk->select)) {
		if (osi_parse(event->symbol, &osi, &err) < 0) {
			massive_feed_reject(feed, err.text);
			return NULL;
		}
		if (!select_symbol(desk->select, (struct slice){ osi.symbol,
		    strlen(osi.symbol) }) ||
		    !select_contract(desk->select, event->symbol)) {
			if (event->kind == MASSIVE_WIRE_TRADE) {
				desk->control->count.in++;
				desk->control->count.filter++;
			}
			return NULL;
		}
	}
	contract = contract_find(desk->book, &name, &err);
	if (contract == NULL)
		massive_feed_reject(feed, err.text);
	return contract;
}

/* Without a sequence: its number among those of its millisecond. */
static void
massive_feed_number(struct massive_feed *feed,
    const struct contract *contract, struct trade *trade)
{
	size_t n = trade_id_print(feed->id_text, contract->ticker,
	    trade->timestamp, trade->exchange, 1) - 1;
	void **at = table_at(&feed->fetched, feed->id_text, n);
	uintptr_t number = (uintptr_t)*at + 1;

	*at = (void *)number;	/* a number in the pointer's place */
	trade->trade_id = (struct slice){ feed->id_text, n +
	    decimal_print_int(feed->id_text + n, (int64_t)number) };
	if (trade->timestamp > feed->fetched_ts)
		feed->fetched_ts = trade->timestamp;
}

static void
massive_feed_trade(struct massive_feed *feed, struct contract *contract,
    const struct massive_wire *event, bool late)
{
	struct trade *trade = &feed->trade;
	struct source_item item = { .ts = event->ns / 1000000,
	    .rank = SOURCE_TRADE, .contract = contract, .trade = trade,
	    .time = { event->ns, event->fine },
	    .file = massive_feed_name, .line = feed->frames };

	trade_init(trade);
	trade->is_late_arrival = late;
	massive_codes_print(feed->codes, event, trade);
	if (event->fine)
		trade->ts_ns = (struct slice){ feed->ns_text,
		    decimal_print_int(feed->ns_text, event->ns) };
	massive_feed_underlying(feed, contract, trade);
	if (late && trade->sequence == TRADE_NONE)
		massive_feed_number(feed, contract, trade);
	desk_item(feed->setup.desk, &item);
}

/* A print of the past: late, but not lost. */
static void
massive_feed_fill(void *ctx, struct contract *contract,
    const struct massive_wire *print)
{
	struct massive_feed *feed = ctx;

	if (!massive_feed_sheds(feed))
		massive_feed_trade(feed, contract, print, true);
}

static void
massive_feed_quote(struct massive_feed *feed, struct contract *contract,
    const struct massive_wire *event)
{
	struct source_item item = { .ts = event->ns / 1000000,
	    .rank = SOURCE_QUOTE, .contract = contract,
	    .quote = event->quote, .time = { event->ns, event->fine },
	    .file = massive_feed_name, .line = feed->frames };

	desk_item(feed->setup.desk, &item);
}

/* ---- time ---- */

static void
massive_feed_tell_clock(struct massive_feed *feed, const char *what,
    int64_t ms, const char *then)
{
	struct buf text = BUF_INIT;

	buf_fmt(&text, "%s %" PRId64 " s %s%c", what, ms / 1000, then, '\0');
	log_warning("%s: %s", massive_feed_name, text.p);
	desk_status(feed->setup.desk, "warning", "clock", text.p);
	buf_free(&text);
}

/*
 * Something came, if only a tick: those are a second apart.  What a clock does
 * that is set, or a machine that slept, is no time that the feed was silent.
 */
static void
massive_feed_time(struct massive_feed *feed, int64_t now_ms)
{
	int64_t step = feed->now_ms == TRADE_NONE ? 0 : now_ms - feed->now_ms;

	if (feed->now_ms == TRADE_NONE)
		feed->clock_ms = now_ms;
	feed->now_ms = now_ms;
	if (step < -MASSIVE_FEED_BACK_MS || step > MASSIVE_FEED_SKEW_MS) {
		massive_feed_tell_clock(feed, "this machine's clock went",
		    step < 0 ? -step : step, step < 0 ? "back" :
		    "on at once");
		feed->jumped = true;
	} else if (step > 0) {
		feed->clock_ms += step;
	}
}

/* An event came: does it agree with the clock?  What does not is told once. */
static void
massive_feed_agree(struct massive_feed *feed, int64_t ts)
{
	int64_t ahead_ms = ts - feed->now_ms;
	int64_t behind_ms = -ahead_ms - feed->setup.late_ms;
	int skew = feed->skew;

	feed->lag_ms = behind_ms > 0 ? behind_ms : 0;
	if (ahead_ms > MASSIVE_FEED_SKEW_MS)
		skew = 1;
	else if (behind_ms > MASSIVE_FEED_SKEW_MS)
		skew = -1;
	else if (ahead_ms < MASSIVE_FEED_SKEW_MS / 2 &&
	    behind_ms < MASSIVE_FEED_SKEW_MS / 2)
		skew = 0;
	if (skew == 0 && feed->jumped) {
		feed->clock_ms = feed->now_ms;
		feed->jumped = false;
	}
	if (skew != 0 && skew != feed->skew)
		massive_feed_tell_clock(feed, "events are", skew > 0 ?
		    ahead_ms : behind_ms, skew > 0 ?
		    "ahead of this machine's clock" :
		    "behind this machine's clock");
	feed->skew = skew;
}

/* ---- gaps ---- */

/* The gap is over at this time; if nobody fills it, it is lost. */
static void
massive_feed_sees(struct massive_feed *feed, int64_t ts)
{
	feed->blind = false;
	feed->gap.to_ts = ts > feed->gap.from_ts ? ts : feed->gap.from_ts;
	feed->gap.state = "lost";
	if (feed->fill != NULL)
		massive_fill_gap(feed->fill, &feed->gap, feed->clock_ms);
	else
		desk_tell_gap(feed->setup.desk, &feed->gap);
}

/* A gap that begins where the feed was seen last. */
static struct desk_gap
massive_feed_gap(struct massive_feed *feed, const char *reason)
{
	return (struct desk_gap){ ++feed->gaps, "open", reason,
	    feed->newest_ts != TRADE_NONE ? feed->newest_ts :
	    feed->now_ms - feed->setup.late_ms, TRADE_NONE, TRADE_NONE };
}

void
massive_feed_lost(struct massive_feed *feed, int64_t now_ms, struct slice why)
{
	struct buf text = BUF_INIT;

	massive_feed_time(feed, now_ms);
	feed->confirmed = false;
	if (feed->blind)
		return;				/* the same gap goes on */
	buf_fmt(&text, "%.*s%c", (int)why.n, why.p, '\0');
	desk_status(feed->setup.desk, "warning", "feed_lost", text.p);
	buf_free(&text);
	feed->blind = true;
	feed->gap = massive_feed_gap(feed, "DISCONNECT");
	desk_tell_gap(feed->setup.desk, &feed->gap);
	if (feed->fill != NULL && massive_fill_waiting(feed->fill) == 0 &&
	    feed->fetched_ts < feed->gap.from_ts - MASSIVE_FILL_MARGIN_MS) {
		table_free(&feed->fetched);
		table_init(&feed->fetched);
	}
}

void
massive_feed_live(struct massive_feed *feed, int64_t now_ms)
{
	massive_feed_time(feed, now_ms);
	desk_status(feed->setup.desk, "info", "feed_live",
	    "trades are confirmed");
	if (!feed->seen && feed->start != NULL)
		massive_start_begin(feed->start, now_ms);
	feed->seen = true;
	feed->confirmed = true;
	feed->confirmed_at = feed->clock_ms;
}

void
massive_feed_shed(struct massive_feed *feed, int64_t now_ms, bool shed)
{
	if (feed->shedding == shed)
		return;
	massive_feed_time(feed, now_ms);
	feed->shedding = shed;
	if (shed) {
		feed->shed = massive_feed_gap(feed, "OVERFLOW");
		feed->shed.missing = 0;
	} else {
		feed->shed.state = "lost";
		feed->shed.to_ts = feed->newest_ts;
		desk_tell_gap(feed->setup.desk, &feed->shed);
	}
}

/* ---- what comes ---- */

static void
massive_feed_note(struct massive_feed *feed, int64_t ts)
{
	massive_feed_agree(feed, ts);
	if (feed->newest_ts == TRADE_NONE || ts > feed->newest_ts)
		feed->newest_ts = ts;
	feed->newest_at = feed->clock_ms;
	if (feed->blind && feed->confirmed)
		massive_feed_sees(feed, ts);
}

static void
massive_feed_option(struct massive_feed *feed,
    const struct massive_wire *event)
{
	struct contract *contract;

	if (event->kind != MASSIVE_WIRE_TRADE &&
	    event->kind != MASSIVE_WIRE_QUOTE)
		return;
	feed->prints += event->kind == MASSIVE_WIRE_TRADE;
	massive_feed_note(feed, event->ns / 1000000);
	contract = massive_feed_contract(feed, event);
	if (contract == NULL || (event->kind == MASSIVE_WIRE_TRADE &&
	    massive_feed_sheds(feed)))
		return;
	if (event->kind == MASSIVE_WIRE_QUOTE) {
		massive_feed_quote(feed, contract, event);
		return;
	}
	massive_feed_trade(feed, contract, event, false);
	if (feed->fill != NULL)
		massive_fill_note(feed->fill, contract, event);
	if (feed->setup.traded != NULL)
		feed->setup.traded(feed->setup.ctx, contract);
}

static void
massive_feed_event(struct massive_feed *feed,
    enum massive_wire_market market, const struct massive_wire *event)
{
	if (event->kind == MASSIVE_WIRE_STATUS) {
		if (feed->setup.status != NULL)
			feed->setup.status(feed->setup.ctx, market, event);
	} else if (market == MASSIVE_WIRE_OPTIONS) {
		massive_feed_option(feed, event);
	} else if (event->kind == MASSIVE_WIRE_TRADE ||
	    event->kind == MASSIVE_WIRE_VALUE) {
		massive_feed_spot(feed, event);
	} else if (event->kind == MASSIVE_WIRE_MINUTE) {
		massive_feed_bar(feed, event);
	}
}

void
massive_feed_frame(struct massive_feed *feed, int64_t now_ms,
    enum massive_wire_market market, struct slice frame)
{
	struct massive_wire event;
	struct err err;
	size_t pos = 0;
	int r;

	/* Our reader takes lines: what parts tokens becomes a space. */
	feed->text.n = 0;
	buf_add(&feed->text, frame.p, frame.n);
	memset(buf_reserve(&feed->text, SCAN_PAD), 0, SCAN_PAD);
	for (char *p = feed->text.p; (p = memchr(p, '\n', frame.n -
	    (size_t)(p - feed->text.p))) != NULL; )
		*p = ' ';
	feed->frames++;
	massive_feed_time(feed, now_ms);
	while ((r = massive_wire_next(feed->scan, market, feed->text.p,
	    frame.n, &pos, &event, &err)) > 0) {
		if (r == MASSIVE_WIRE_REFUSED)
			massive_feed_reject(feed, err.text);
		else
			massive_feed_event(feed, market, &event);
	}
	if (r < 0)
		massive_feed_reject(feed, err.text);
}

void
massive_feed_tick(struct massive_feed *feed, int64_t now_ms)
{
	struct desk *desk = feed->setup.desk;
	int64_t seen, mark;

	massive_feed_time(feed, now_ms);
	mark = feed->clock_ms;
	seen = feed->newest_ts + (mark - feed->newest_at);
	if (feed->newest_ts != TRADE_NONE && seen < mark)
		mark = seen;
	mark -= feed->setup.delay_ms;
	if (feed->blind && feed->confirmed &&
	    feed->clock_ms - feed->confirmed_at >= MASSIVE_FEED_QUIET_MS)
		massive_feed_sees(feed, mark);
	if (feed->start != NULL && massive_fill_waiting(feed->fill) == 0)
		massive_start_time(feed->start, now_ms);
	if (feed->fill != NULL && !massive_start_busy(feed->start))
		massive_fill_time(feed->fill, feed->clock_ms,
		    feed->newest_ts);
	desk_beat(desk, mark > desk->watermark ? mark : desk->watermark,
	    feed->lag_ms);
}

/* ---- REST ---- */

static void
massive_feed_get(void *ctx, const char *path)
{
	struct massive_feed *feed = ctx;

	feed->setup.get(feed->setup.ctx, path);
}

void
massive_feed_reply(struct massive_feed *feed, int64_t now_ms, int status,
    struct slice body)
{
	if (feed->fill == NULL)
		return;
	if (!massive_start_busy(feed->start)) {
		massive_fill_reply(feed->fill, status, body);
		return;
	}
	massive_start_reply(feed->start, now_ms, status, body);
	if (!massive_start_wants_bars(feed->start))
		massive_feed_let_go(feed);
}

void
massive_feed_tables(struct massive_feed *feed, struct slice text)
{
	massive_codes_tables(feed->codes, text);
}

bool
massive_feed_closed(const struct massive_feed *feed, int64_t ts)
{
	return feed->start != NULL && massive_start_closed(feed->start, ts);
}

int64_t
massive_feed_prints(const struct massive_feed *feed)
{
	return feed->prints;
}

void
massive_feed_end(struct massive_feed *feed)
{
	massive_feed_shed(feed, feed->now_ms, false);
	massive_feed_let_go(feed);
	if (feed->fill != NULL)
		massive_fill_end(feed->fill);
}

/* ---- */

struct massive_feed *
massive_feed_new(const struct massive_feed_setup *setup)
{
	struct massive_feed *feed = buf_alloc(1, sizeof(*feed));
	struct massive_fill_setup fill;
	struct massive_start_setup start;

	feed->setup = *setup;
	feed->scan = scan_new();
	feed->codes = massive_codes_new();
	feed->newest_ts = feed->lag_ms = feed->now_ms = TRADE_NONE;
	massive_spots_init(&feed->spots);
	table_init(&feed->fetched);
	feed->fetched_ts = INT64_MIN;
	fill = (struct massive_fill_setup){ setup->desk, setup->base,
	    setup->budget, setup->get == NULL ? NULL : massive_feed_get,
	    massive_feed_fill, feed };
	start = (struct massive_start_setup){ setup->desk, setup->base,
	    setup->days, setup->get == NULL ? NULL : massive_feed_get,
	    massive_feed_made, feed };
	if (setup->budget > 0) {
		feed->fill = massive_fill_new(&fill);
		feed->start = massive_start_new(&start);
	}
	return feed;
}
