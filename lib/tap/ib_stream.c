#include "tap/ib_stream.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "tap/ib_line.h"
#include "tap/ib_look.h"

/* The line's generic ticks and its prints: all (233), and those reportable. */
#define IB_STREAM_GENERIC IB_LINE_GENERIC ",233,375"

enum {
	IB_STREAM_MINUTE_MS = 60000,
	IB_STREAM_ALL = 48, IB_STREAM_REPORTABLE = 77
};

/* Held until its time is up. */
struct ib_held {
	int64_t ts;
	enum source_rank rank;
	struct ib_option *option;
	int64_t price_e4, size;			/* of a print */
	int64_t underlying_e4, underlying_age_ms;
	struct trade_quote quote;		/* of a quote */
};

struct ib_stream {
	struct ib_session *session;
	struct ib_find *find;
	struct desk *desk;
	struct ib_stream_setup setup;
	struct ib_held *held;
	size_t n_held, cap_held;
	struct buf frame, made;		/* scratch */
	struct trade trade;		/* handed out */
	struct ib_look look;
	struct ib_option **order;	/* n of them: most active first */
	size_t n;
	bool looked;			/* by their volume */
	size_t next;			/* its place that gets a line next */
	int64_t lines;
	int64_t rotated_ms, minute_ms;
	int64_t traded;			/* contracts, since the last minute */
	int64_t watermark_ms;
	int64_t gap, gap_from;		/* number of the open gap, or 0 */
	int64_t gaps;
	bool shedding;
	struct desk_gap shed;		/* what was shed since */
};

/* ---- out ---- */

static struct ib_held *
ib_stream_hold(struct ib_stream *stream, enum source_rank rank,
    struct ib_option *option, int64_t ts)
{
	struct ib_held *held;

	if (stream->n_held == stream->cap_held) {
		stream->cap_held = stream->cap_held == 0 ? 256 :
		    2 * stream->cap_held;
		stream->held = buf_realloc(stream->held, stream->cap_held,
		    sizeof(*stream->held));
	}
	held = &stream->held[stream->n_held++];
	memset(held, 0, sizeof(*held));
	held->ts = ts;
	held->rank = rank;
	held->option = option;
	return held;
}

static void
ib_stream_print_out(struct ib_stream *stream, const struct ib_held *held,
    struct source_item *item)
{
	struct trade *trade = &stream->trade;

	trade_init(trade);
	trade->timestamp = held->ts;
	trade->price_e4 = held->price_e4;
	trade->size = held->size;
	trade->multiplier = held->option->multiplier;
	trade->open_interest = held->option->open_interest;
	trade->underlying_e4 = held->underlying_e4;
	trade->underlying_age_ms = held->underlying_age_ms;
	item->trade = trade;
	item->time.ns = held->ts * 1000000;
	desk_item(stream->desk, item);
}

static void
ib_stream_made_out(struct ib_stream *stream, const struct ib_held *held,
    struct source_item *item)
{
	struct cal_time day;

	stream->made.n = 0;
	cal_new_york(held->ts, &day);
	if (held->rank == SOURCE_OI)
		ib_line_write_oi(&stream->made, held->option, held->ts,
		    day.day);
	else
		ib_line_write_chain(&stream->made, held->option, held->ts);
	item->made = (struct slice){ stream->made.p, stream->made.n };
	if (stream->made.n > 0)
		desk_item(stream->desk, item);
}

/* A quote is joined to later prints also when it has no room itself. */
static void
ib_stream_quote_out(struct ib_stream *stream, const struct ib_held *held,
    struct source_item *item)
{
	enum desk_quotes wanted = stream->desk->row_quotes;

	item->quote = held->quote;
	item->time.ns = held->ts * 1000000;
	if (stream->shedding)
		stream->desk->row_quotes = DESK_NONE;
	desk_item(stream->desk, item);
	stream->desk->row_quotes = wanted;
}

static void
ib_stream_shed(struct ib_stream *stream)
{
	stream->shedding = true;
	stream->shed = (struct desk_gap){ ++stream->gaps, "lost", "OVERFLOW",
		stream->watermark_ms, 0, 0 };
	log_warning("standard output is not read: prints are dropped and "
	    "counted");
}

/* Prints and chains; open interest comes but once a day. */
static bool
ib_stream_sheds(struct ib_stream *stream, const struct ib_held *held)
{
	struct control_count *count = &stream->desk->control->count;

	if (!stream->shedding &&
	    outlet_buf(stream->desk->outlet)->n > IB_STREAM_BACKLOG)
		ib_stream_shed(stream);
	if (!stream->shedding || held->rank == SOURCE_QUOTE ||
	    held->rank == SOURCE_OI)
		return false;
	count->in++;
	count->overflow++;
	stream->shed.missing += held->rank == SOURCE_TRADE;
	return true;
}

static void
ib_stream_out(struct ib_stream *stream, const struct ib_held *held)
{
	struct source_item item = { .ts = held->ts, .rank = held->rank,
		.contract = held->option->contract, .file = "ib" };

	if (ib_stream_sheds(stream, held))
		return;
	if (held->rank == SOURCE_TRADE) {
		ib_stream_print_out(stream, held, &item);
	} else if (held->rank == SOURCE_QUOTE) {
		ib_stream_quote_out(stream, held, &item);
	} else {
		ib_stream_made_out(stream, held, &item);
	}
}

/* What is of this time or earlier leaves, in order. */
static void
ib_stream_release(struct ib_stream *stream, int64_t ts)
{
	struct source_order *order = buf_alloc(stream->n_held + 1,
	    sizeof(*order));
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < stream->n_held; i++)
		if (stream->held[i].ts <= ts)
			order[n++] = (struct source_order){
				8 * stream->held[i].ts +
				(int64_t)stream->held[i].rank, i };
	source_order_sort(order, n);
	for (size_t i = 0; i < n; i++)
		ib_stream_out(stream, &stream->held[order[i].at]);
	free(order);
	for (size_t i = 0; i < stream->n_held; i++)
		if (stream->held[i].ts > ts)
			stream->held[kept++] = stream->held[i];
	stream->n_held = kept;
}

/* ---- lines ---- */

/*
 * Both kinds of volume ticks are asked for, because it is not documented which
 * an option sends.  The kind that tells all is taken when it comes; what the
 * other told before is not told again.
 */
static bool
ib_stream_is_new(struct ib_option *option, int64_t kind,
    const struct ib_rtvolume *tick)
{
	if (option->tick == IB_STREAM_ALL && kind != IB_STREAM_ALL)
		return false;
	if (option->tick != kind && option->print_ts == tick->ts &&
	    option->print_e4 == tick->price_e4 &&
	    option->print_size == tick->size) {
		option->tick = kind;
		return false;
	}
	option->tick = kind;
	return true;
}

/* The day's volume, of which told has been told by now. */
static void
ib_stream_volume(struct ib_option *option, int64_t volume, int64_t told)
{
	if (volume == TRADE_NONE)
		return;
	if (option->base_volume == TRADE_NONE || volume < option->base_volume) {
		option->base_volume = volume - told;	/* or a new day */
		option->told = option->missed = 0;
	}
	option->told += told;
	if (option->volume == TRADE_NONE || volume > option->volume)
		option->volume = volume;
}

static void
ib_stream_print(struct ib_stream *stream, struct ib_option *option,
    const struct ib_rtvolume *tick)
{
	const struct ib_under *under = option->under;
	int64_t size = tick->price_e4 > 0 && tick->size > 0 ? tick->size : 0;
	int64_t volume = tick->volume;
	struct ib_held *held;

	if (tick->ts <= 0 || tick->ts > TRADE_TIME_MOST)
		size = 0;
	/* That of reportable prints is less than the day's. */
	if (option->tick == IB_STREAM_REPORTABLE &&
	    option->volume != TRADE_NONE && option->volume > volume)
		volume = option->volume;
	ib_stream_volume(option, volume, size);
	if (size == 0)
		return;
	option->print_ts = tick->ts;
	option->print_e4 = tick->price_e4;
	option->print_size = size;
	option->seen_ms = ib_session_now(stream->session);
	stream->traded += size;
	held = ib_stream_hold(stream, SOURCE_TRADE, option, tick->ts);
	held->price_e4 = tick->price_e4;
	held->size = size;
	held->underlying_e4 = held->underlying_age_ms = TRADE_NONE;
	if (under->price_e4 != TRADE_NONE && tick->ts >= under->asked_ms) {
		held->underlying_e4 = under->price_e4;
		held->underlying_age_ms = tick->ts - under->asked_ms;
	}
}

/* The quote after a tick that changed it. */
static void
ib_stream_quote(struct ib_stream *stream, struct ib_option *option,
    const struct trade_quote *before)
{
	const struct trade_quote *quote = &option->quote;
	struct ib_held *held;

	if (before->bid_e4 == quote->bid_e4 &&
	    before->ask_e4 == quote->ask_e4 &&
	    before->bid_size == quote->bid_size &&
	    before->ask_size == quote->ask_size)
		return;
	held = ib_stream_hold(stream, SOURCE_QUOTE, option,
	    ib_session_now(stream->session));
	held->quote = *quote;
	held->quote.ts = held->ts;
}

static void
ib_stream_string(struct ib_stream *stream, struct ib_option *option,
    const struct ib_message *message)
{
	struct ib_rtvolume tick;
	struct err err;

	if (message->type != IB_STREAM_ALL &&
	    message->type != IB_STREAM_REPORTABLE)
		return;
	if (ib_wire_rtvolume(message->text, &tick, &err) < 0)
		control_reject(stream->desk->control, option->local, 0,
		    err.text);
	else if (ib_stream_is_new(option, message->type, &tick))
		ib_stream_print(stream, option, &tick);
}

static void
ib_stream_got(struct ib_call *call, struct ib_message *message)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_stream *stream = option->owner;
	struct trade_quote before = option->quote;
	int64_t now = ib_session_now(stream->session);
	int64_t volume = option->volume;
	bool delayed = false;
	struct cal_time day;

	if (message->id == IB_STRING) {
		ib_stream_string(stream, option, message);
	} else if (ib_line_take(option, message, &delayed)) {
		option->ticked_ms = now;
		if (option->volume != volume)
			ib_stream_volume(option, option->volume, 0);
		ib_stream_quote(stream, option, &before);
	}
	ib_look_late(&stream->look, delayed);
	cal_new_york(now, &day);
	if (option->open_interest != TRADE_NONE &&
	    option->oi_day != day.day) {
		option->oi_day = day.day;
		ib_stream_hold(stream, SOURCE_OI, option, now);
	}
}

static void
ib_stream_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_stream *stream = option->owner;

	stream->lines--;
	if (code != IB_CALL_GONE)
		log_warning("%s: no market data: %s", option->local, why);
}

static void
ib_stream_open(struct ib_stream *stream, struct ib_option *option)
{
	struct ib_contract contract = ib_find_contract(option);

	ib_line_init(option);
	option->owner = stream;
	option->tick = 0;
	option->asked_ms = option->seen_ms =
	    ib_session_now(stream->session);
	option->call.got = ib_stream_got;
	option->call.over = ib_stream_over;
	ib_find_line(stream->session, &stream->frame, &option->call,
	    &contract, SLICE(IB_STREAM_GENERIC));
	stream->lines++;
}

/* The next contract in turn that has none, or NULL. */
static struct ib_option *
ib_stream_next(struct ib_stream *stream)
{
	for (size_t i = 0; i < stream->n; i++) {
		struct ib_option *option =
		    stream->order[stream->next++ % stream->n];

		if (option->contract != NULL && option->call.id == 0)
			return option;
	}
	return NULL;
}

/* ---- underlyings ---- */

/* under->asked_ms is when the price came. */
static void
ib_stream_under_got(struct ib_call *call, struct ib_message *message)
{
	struct ib_under *under = (struct ib_under *)call;

	if (message->id != IB_PRICE || message->price_e4 <= 0 ||
	    (message->type != 4 && message->type != 68))
		return;
	under->price_e4 = message->price_e4;
	under->asked_ms = ib_session_now(under->find->session);
}

static void
ib_stream_under_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_under *under = (struct ib_under *)call;

	under->price_e4 = TRADE_NONE;
	if (code != IB_CALL_GONE)
		log_warning("%s: no market data: %s", under->symbol, why);
}

/* A line's volume is lost when it is opened again. */
static int
ib_stream_order(const void *a, const void *b)
{
	const struct ib_option *x, *y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	if (x->volume != y->volume)
		return x->volume > y->volume ? -1 : 1;
	return strcmp(x->local, y->local);
}

/* All lines, the most active contracts first. */
static void
ib_stream_open_all(void *ctx)
{
	struct ib_stream *stream = ctx;
	struct ib_find *find = stream->find;
	int64_t least = find->setup.min_volume;
	struct ib_option *option;
	size_t n = 0;

	if (stream->looked)
		qsort(stream->order, stream->n, sizeof(struct ib_option *),
		    ib_stream_order);
	for (size_t i = 0; i < stream->n; i++)
		if (!stream->looked || stream->order[i]->volume >= least ||
		    stream->order[i]->volume == TRADE_NONE)
			stream->order[n++] = stream->order[i];
	stream->n = n;
	stream->lines = 0;
	for (size_t i = 0; i < find->setup.n; i++) {
		struct ib_under *under = &find->unders[i];
		struct ib_contract contract = ib_find_underlying(under);

		if (under->why[0] != '\0' ||
		    stream->lines + 1 >= stream->setup.max_lines)
			continue;
		under->price_e4 = TRADE_NONE;
		under->call.got = ib_stream_under_got;
		under->call.over = ib_stream_under_over;
		ib_find_line(stream->session, &stream->frame, &under->call,
		    &contract, SLICE(""));
		stream->lines++;
	}
	while (stream->lines < stream->setup.max_lines &&
	    (option = ib_stream_next(stream)) != NULL)
		ib_stream_open(stream, option);
	stream->rotated_ms = stream->minute_ms =
	    ib_session_now(stream->session);
	ib_stream_back(stream);
}

/* With more contracts than lines, or a least volume, all are seen first. */
void
ib_stream_start(struct ib_stream *stream)
{
	const struct ib_find *find = stream->find;

	free(stream->order);
	stream->order = buf_alloc(find->n_options + 1,
	    sizeof(struct ib_option *));
	stream->n = ib_find_chosen(find, stream->order);
	stream->next = 0;
	stream->looked = find->setup.min_volume > 0 ||
	    (int64_t)(stream->n + find->setup.n) > stream->setup.max_lines;
	if (stream->looked)
		ib_look_start(&stream->look, stream->order, stream->n);
	else
		ib_stream_open_all(stream);
}

/* ---- more contracts than lines ---- */

static struct ib_option *
ib_stream_quietest(const struct ib_stream *stream)
{
	struct ib_option *quiet = NULL;

	for (size_t i = 0; i < stream->n; i++) {
		struct ib_option *option = stream->order[i];

		if (option->call.id != 0 &&
		    (quiet == NULL || option->seen_ms < quiet->seen_ms))
			quiet = option;
	}
	return quiet;
}

static void
ib_stream_rotate(struct ib_stream *stream, int64_t now_ms)
{
	struct ib_option *quiet, *next;
	char text[2 * IB_FIND_TEXT + 32];

	if (now_ms - stream->rotated_ms < stream->setup.rotate_ms)
		return;
	stream->rotated_ms = now_ms;
	quiet = ib_stream_quietest(stream);
	next = quiet == NULL ||
	    now_ms - quiet->seen_ms < stream->setup.rotate_ms ? NULL :
	    ib_stream_next(stream);
	if (next == NULL)
		return;
	ib_session_close(stream->session, &quiet->call);
	stream->lines--;
	snprintf(text, sizeof(text), "the line of %s goes to %s",
	    quiet->local, next->local);
	desk_status(stream->desk, "info", "line_evicted", text);
	ib_stream_open(stream, next);
}

/* ---- time ---- */

/*
 * Contracts traded but not told, by the day's volume, that were not reported
 * yet.
 */
static int64_t
ib_stream_missed(struct ib_option *option)
{
	int64_t missed;

	if (option->base_volume == TRADE_NONE || option->volume == TRADE_NONE)
		return 0;
	missed = option->volume - option->base_volume - option->told -
	    option->missed;
	if (missed <= 0)
		return 0;
	option->missed += missed;
	return missed;
}

/* Chains once a minute, and what was merged meanwhile. */
static void
ib_stream_minute(struct ib_stream *stream, int64_t now_ms)
{
	int64_t missing = 0;
	char text[128];

	stream->minute_ms = now_ms;
	for (size_t i = 0; i < stream->n; i++) {
		struct ib_option *option = stream->order[i];

		if (option->call.id != 0 && option->ticked_ms > 0)
			ib_stream_hold(stream, SOURCE_CHAIN, option, now_ms);
		missing += ib_stream_missed(option);
	}
	if (missing > 0) {
		snprintf(text, sizeof(text), "%" PRId64 " contracts traded "
		    "beside the %" PRId64 " told", missing, stream->traded);
		desk_status(stream->desk, "info", "sampled_missing", text);
	}
	stream->traded = 0;
}

static void
ib_stream_gap(struct ib_stream *stream, const char *state, int64_t to_ts)
{
	const struct desk_gap gap = { stream->gap, state, "DISCONNECT",
		stream->gap_from, to_ts, TRADE_NONE };

	desk_tell_gap(stream->desk, &gap);
}

/* The gap begins where the stream was known to be whole. */
void
ib_stream_lost(struct ib_stream *stream)
{
	if (stream->gap != 0)
		return;
	ib_stream_release(stream, INT64_MAX);
	stream->gap = ++stream->gaps;
	stream->gap_from = stream->watermark_ms > 0 ? stream->watermark_ms :
	    ib_session_now(stream->session);
	ib_stream_gap(stream, "open", TRADE_NONE);
}

void
ib_stream_back(struct ib_stream *stream)
{
	if (stream->gap == 0)
		return;
	ib_stream_gap(stream, "lost", ib_session_now(stream->session));
	stream->gap = 0;
}

void
ib_stream_room(struct ib_stream *stream)
{
	if (!stream->shedding)
		return;
	stream->shedding = false;
	stream->shed.to_ts = stream->watermark_ms;
	desk_tell_gap(stream->desk, &stream->shed);
}

void
ib_stream_tick(struct ib_stream *stream, int64_t now_ms, bool end)
{
	ib_look_tick(&stream->look, now_ms);
	if (end || now_ms - stream->minute_ms >= IB_STREAM_MINUTE_MS)
		ib_stream_minute(stream, now_ms);
	if (!end && stream->gap == 0 && !stream->look.on)
		ib_stream_rotate(stream, now_ms);
	if (stream->gap == 0) {
		stream->watermark_ms = end ? now_ms :
		    now_ms - IB_STREAM_DELAY_MS;
		ib_stream_release(stream, end ? INT64_MAX :
		    stream->watermark_ms);
	}
}

int64_t
ib_stream_watermark(const struct ib_stream *stream)
{
	return stream->watermark_ms;
}

struct ib_stream *
ib_stream_new(struct ib_session *session, struct ib_find *find,
    struct desk *desk, const struct ib_stream_setup *setup)
{
	struct ib_stream *stream = buf_alloc(1, sizeof(*stream));
	const struct ib_look_setup look = { setup->max_lines,
		find->setup.request_ms, ib_stream_open_all, stream };

	stream->session = session;
	stream->find = find;
	stream->desk = desk;
	stream->setup = *setup;
	ib_look_init(&stream->look, session, desk, &look);
	return stream;
}

void
ib_stream_free(struct ib_stream *stream)
{
	if (stream == NULL)
		return;
	ib_look_free(&stream->look);
	free(stream->order);
	free(stream->held);
	buf_free(&stream->frame);
	buf_free(&stream->made);
	free(stream);
}
