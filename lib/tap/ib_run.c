#include "tap/ib_run.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/plain.h"
#include "tap/meter.h"
#include "tap/ib_positions.h"

enum {
	IB_RUN_TICK_MS = 100,
	IB_RUN_BEAT_MS = 1000,
	IB_RUN_NOTHING = 165		/* its error: nothing matches */
};

enum ib_run_state { IB_RUN_START, IB_RUN_FIND, IB_RUN_LAP, IB_RUN_WAIT,
	IB_RUN_STREAM, IB_RUN_END };

struct ib_run {
	struct ib_run_setup setup;
	struct desk *desk;
	struct select *select;
	uint64_t id;
	const volatile sig_atomic_t *stop;
	struct loop *loop;
	struct loop_timer *timer;
	struct loop_watch *out;		/* standard output */
	size_t backlog;			/* bytes that wait for it */
	struct ib_session *session;
	struct ib_find *find;
	struct ib_scan *scan;
	struct ib_stream *stream;	/* or NULL: laps */
	struct ib_positions *positions;	/* or NULL */
	struct ib_call scanner;
	const char **symbols;		/* found by it, n of them, owned */
	size_t n_symbols;
	enum ib_run_state state;
	bool hello, lost;		/* said; the connection is away */
	unsigned farms;			/* kinds of data that once were away */
	bool wide;			/* the universe is known */
	int status;
	int64_t next_ms;		/* when the next lap is due */
	int64_t laps;			/* begun */
	int64_t beat_ms;		/* of the last heartbeat */
	int64_t until_ts;
	struct buf frame;
};

/* ---- the stream's begin and end ---- */

/* How it does: of its pace and lines nothing is counted. */
static void
ib_run_measure(struct ib_run *run, void (*look)(struct meter *meter,
    const struct desk *desk, const struct meter_facts *facts))
{
	const struct meter_facts facts = { !run->lost &&
	    run->state != IB_RUN_END, TRADE_NONE, TRADE_NONE, TRADE_NONE,
	    TRADE_NONE, TRADE_NONE, TRADE_NONE };

	if (run->setup.meter != NULL)
		look(run->setup.meter, run->desk, &facts);
}

static bool
ib_run_delayed(const struct ib_run *run)
{
	for (size_t i = 0; run->find != NULL && i < run->find->setup.n; i++)
		if (run->find->unders[i].data_type == 3 ||
		    run->find->unders[i].data_type == 4)
			return true;
	return false;
}

static void
ib_run_hello(struct ib_run *run)
{
	static const char *const coverage[] = {
		[IB_TASK_SCAN] = "scan", [IB_TASK_STREAM] = "stream",
		[IB_TASK_CHECK] = "none", [IB_TASK_POSITIONS] = "positions"
	};
	enum ib_task task = run->setup.task;
	struct desk_hello hello = {
		.run = run->id, .feed = "ib",
		.mode = ib_run_delayed(run) ? "delayed" : "sampled",
		.coverage = coverage[task],
		.caps = {
			.quotes = task != IB_TASK_POSITIONS,
			.conditions = task == IB_TASK_SCAN,
			.exchange = task == IB_TASK_SCAN,
			.resolution_e6 = task == IB_TASK_SCAN ?
			    INT64_C(1000000000) : 1000000
		}
	};

	if (run->hello)
		return;
	run->hello = true;
	desk_hello(run->desk, &hello);
}

static void
ib_run_left_out(struct ib_run *run)
{
	for (size_t i = 0; run->find != NULL && i < run->find->setup.n; i++)
		if (run->find->unders[i].why[0] != '\0' &&
		    run->status == EXIT_DONE)
			run->status = EXIT_PARTIAL;
	if (run->desk->control->rejected > 0 && run->status == EXIT_DONE)
		run->status = EXIT_PARTIAL;
}

static void
ib_run_over(struct ib_run *run, int64_t status, const char *why)
{
	if (status != 0) {
		log_error("%s", why);
		run->status = (int)status;
	}
	ib_run_left_out(run);
	run->state = IB_RUN_END;
	if (run->stream != NULL)
		ib_stream_room(run->stream);
	if (run->hello) {
		ib_run_measure(run, meter_end);
		desk_bye(run->desk, *run->stop != 0 ? "signal" : "end",
		    run->status);
	}
	loop_stop(run->loop);
}

static void
ib_run_end(struct ib_run *run)
{
	if (run->state == IB_RUN_STREAM)
		ib_stream_tick(run->stream, ib_session_now(run->session),
		    true);
	run->state = IB_RUN_END;
	ib_session_stop(run->session);
}

/* ---- laps ---- */

static void
ib_run_beat(struct ib_run *run)
{
	int64_t ts = run->stream != NULL ?
	    ib_stream_watermark(run->stream) : ib_scan_watermark(run->scan);
	int64_t now = ib_session_now(run->session);

	if (ts == 0)
		return;
	run->beat_ms = loop_now_ns() / 1000000;
	desk_beat(run->desk, ts, now - ts);
	ib_run_measure(run, meter_beat);
}

static void
ib_run_lapped(void *ctx)
{
	struct ib_run *run = ctx;
	int64_t now = ib_session_now(run->session);

	ib_run_beat(run);
	desk_status(run->desk, "info", "scan_lap", ib_scan_told(run->scan));
	log_info("%s", ib_scan_told(run->scan));
	if (ib_scan_left(run->scan) > 0)
		desk_status(run->desk, "warning", "scan_left_out",
		    ib_scan_told(run->scan));
	if (!run->setup.repeat) {
		ib_run_end(run);
		return;
	}
	run->state = IB_RUN_WAIT;
	if (now > run->next_ms)
		desk_status(run->desk, "warning", "scan_overrun",
		    ib_scan_told(run->scan));
}

static void
ib_run_lap(struct ib_run *run)
{
	run->state = IB_RUN_LAP;
	if (run->laps++ == 0)
		run->next_ms = ib_session_now(run->session) +
		    run->setup.every_ms;
	ib_scan_lap(run->scan);
}

/* The underlyings may have moved: their prices first. */
static void
ib_run_again(struct ib_run *run)
{
	run->next_ms = ib_session_now(run->session) + run->setup.every_ms;
	run->state = IB_RUN_FIND;
	ib_find_start(run->find);
}

static void
ib_run_moved(struct ib_run *run)
{
	char text[IB_FIND_TEXT + 64];

	if (run->laps == 0 || run->find->entered + run->find->left == 0)
		return;
	snprintf(text, sizeof(text), "chosen anew: %zu contracts more, %zu "
	    "no longer", run->find->entered, run->find->left);
	desk_status(run->desk, "info", "strikes_moved", text);
}

/* The close of the trade date it is by the gateway's clock. */
static int64_t
ib_run_close(const struct ib_run *run)
{
	struct cal_time now;
	struct cal_span span;

	cal_new_york(ib_session_now(run->session), &now);
	if (cal_span(now.day, CAL_EQUITY, CAL_RTH, &span, NULL) != 1)
		return 0;
	return span.end_ts;
}

/* ---- --check ---- */

static void
ib_run_say(struct ib_run *run, const char *text)
{
	struct buf *dst = outlet_buf(run->desk->outlet);

	plain_clean(dst, (struct slice){ text, strlen(text) });
	buf_str(dst, "\n");
	outlet_end(run->desk->outlet);
}

static void
ib_run_check(struct ib_run *run)
{
	static const char *const types[] = { "", "live", "frozen",
		"delayed: live is not subscribed",
		"delayed-frozen: live is not subscribed" };
	struct slice accounts = ib_session_accounts(run->session);
	struct buf text = BUF_INIT;

	buf_fmt(&text, "%s port %" PRId64 ": answers, version %d, client id "
	    "%" PRId64 " is free, accounts ", run->setup.session.host,
	    run->setup.session.port, ib_session_version(run->session),
	    run->setup.session.client);
	ib_positions_mask(&text, accounts);
	buf_add(&text, "", 1);
	ib_run_say(run, text.p);
	ib_run_say(run, "read-only: fine; nothing here can place an order");
	for (size_t i = 0; i < run->find->setup.n; i++) {
		const struct ib_under *under = &run->find->unders[i];
		int64_t type = under->data_type;

		text.n = 0;
		if (under->why[0] != '\0')
			buf_fmt(&text, "%s: no: %s", under->symbol,
			    under->why);
		else
			buf_fmt(&text, "%s: market data is %s, %zu chains",
			    under->symbol, type >= 1 && type <= 4 ?
			    types[type] : "of no known kind",
			    under->n_chains);
		buf_add(&text, "", 1);
		ib_run_say(run, text.p);
		if (under->why[0] != '\0' || type == 3 || type == 4)
			run->status = EXIT_NO;
	}
	buf_free(&text);
}

/* ---- after the connection ---- */

static void
ib_run_found(void *ctx)
{
	struct ib_run *run = ctx;
	size_t useless = 0;

	if (run->setup.task == IB_TASK_CHECK) {
		ib_run_check(run);
		ib_run_end(run);
		return;
	}
	for (size_t i = 0; i < run->find->setup.n; i++)
		useless += run->find->unders[i].why[0] != '\0';
	if (useless == run->find->setup.n) {
		run->status = EXIT_USAGE;
		ib_run_end(run);
		return;
	}
	ib_run_hello(run);
	if (run->setup.until_close)
		run->until_ts = ib_run_close(run);
	if (run->stream == NULL) {
		ib_run_moved(run);
		ib_run_lap(run);
		return;
	}
	run->state = IB_RUN_STREAM;
	ib_stream_start(run->stream);
}

static void
ib_run_find(struct ib_run *run)
{
	const struct ib_scan_setup setup = { run->setup.lookback,
		run->setup.every_ms, run->setup.find.max_lines,
		run->setup.find.request_ms, run->setup.bars, ib_run_lapped,
		run };
	const struct ib_stream_setup streams = { run->setup.find.max_lines,
		run->setup.rotate_ms };
	struct ib_find_setup find = run->setup.find;

	run->state = IB_RUN_FIND;
	if (run->find == NULL) {
		find.symbols = run->select->symbols;
		find.n = run->select->n;
		find.done = ib_run_found;
		find.ctx = run;
		if (run->setup.task == IB_TASK_CHECK)
			find.expirations = 0;
		run->find = ib_find_new(run->session, &find,
		    run->desk->book);
		if (run->setup.task == IB_TASK_STREAM)
			run->stream = ib_stream_new(run->session, run->find,
			    run->desk, &streams);
		else
			run->scan = ib_scan_new(run->session, run->find,
			    run->desk, &setup);
	}
	ib_find_start(run->find);
}

/* ---- a scanner's universe ---- */

#define IB_RUN_OF(member, run_) ((struct ib_run *)(void *)((char *)(run_) - \
	offsetof(struct ib_run, member)))

static void
ib_run_scanned(struct ib_call *call, struct ib_message *message)
{
	struct ib_run *run = IB_RUN_OF(scanner, call);
	struct ib_row row;

	if (message->id == IB_ERROR) {
		log_warning("%s", message->text.p);
		return;
	}
	if (message->id != IB_FOUND)
		return;
	while (run->n_symbols < (size_t)run->setup.universe &&
	    ib_wire_row(message, 0, &row, NULL) == 1) {
		char *name = buf_dup(row.contract.symbol.p,
		    row.contract.symbol.n);

		for (char *p = name; *p != '\0'; p++)
			if (*p == ' ')
				*p = '.';
		if (!osi_is_symbol((struct slice){ name, strlen(name) })) {
			free(name);
			continue;
		}
		run->symbols = buf_realloc(run->symbols, run->n_symbols + 1,
		    sizeof(*run->symbols));
		run->symbols[run->n_symbols++] = name;
	}
	ib_session_close(run->session, call);
	run->wide = true;
	run->select->symbols = run->symbols;
	run->select->n = run->n_symbols;
	log_info("the scan found %zu underlyings", run->n_symbols);
	if (run->n_symbols > 0) {
		ib_run_find(run);
		return;
	}
	log_error("the scan found nothing");
	run->status = EXIT_NO;
	ib_run_end(run);
}

static void
ib_run_unscanned(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_run *run = IB_RUN_OF(scanner, call);

	if (code == IB_CALL_GONE)
		return;
	log_error("--scan %s: %s", run->setup.scan_code, why);
	run->status = code == IB_RUN_NOTHING ? EXIT_NO : EXIT_USAGE;
	ib_run_end(run);
}

static void
ib_run_universe(struct ib_run *run)
{
	const char *code = run->setup.scan_code;
	const struct ib_scanner scan = { IB_RUN_MOST, SLICE("STK"),
		SLICE("STK.US.MAJOR"), { code, strlen(code) }, TRADE_NONE,
		SLICE("") };

	run->scanner = (struct ib_call){ ib_run_scanned, ib_run_unscanned,
		4 * run->setup.find.request_ms, IB_CANCEL_SCAN, 0, 0, false };
	run->frame.n = 0;
	ib_wire_scan(&run->frame, ib_session_open(run->session,
	    &run->scanner), &scan);
	ib_session_send(run->session, &run->scanner,
	    (struct slice){ run->frame.p, run->frame.n }, NULL);
}

/* ---- --positions ---- */

static void
ib_run_read(void *ctx)
{
	ib_run_end(ctx);
}

static void
ib_run_positions(struct ib_run *run)
{
	const struct ib_look_setup setup = { run->setup.find.max_lines,
		run->setup.find.request_ms, ib_run_read, run };

	ib_run_hello(run);
	if (run->positions == NULL)
		run->positions = ib_positions_new(run->session, run->desk,
		    &setup);
	ib_positions_ask(run->positions);
}

static void
ib_run_on_message(void *ctx, struct ib_message *message)
{
	struct ib_run *run = ctx;

	if (run->positions != NULL && run->state != IB_RUN_END)
		ib_positions_take(run->positions, message);
}

/* ---- news of the connection ---- */

static void
ib_run_ready(struct ib_run *run)
{
	if (run->state == IB_RUN_END)
		return;
	if (run->lost)
		desk_status(run->desk, "info", "ib_back",
		    "the gateway answers again");
	run->lost = false;
	if (run->setup.task == IB_TASK_POSITIONS) {
		ib_run_positions(run);
	} else if (run->setup.universe > 0 && !run->wide) {
		ib_run_universe(run);
	} else {
		ib_run_find(run);
	}
}

/*
 * History is read again later, so of laps nothing is lost that a gap would
 * tell; what was not pushed is.
 */
static void
ib_run_lost(struct ib_run *run, int64_t code, const char *text)
{
	char name[IB_FIND_TEXT] = "ib_lost";

	log_warning("%s", text);
	if (code != 0)
		snprintf(name, sizeof(name), "ib_%" PRId64, code);
	if (run->hello && !run->lost)
		desk_status(run->desk, "warning", name, text);
	run->lost = true;
	if (run->scan != NULL)
		ib_scan_abort(run->scan);
	if (run->state == IB_RUN_STREAM)
		ib_stream_lost(run->stream);
}

static void
ib_run_told(struct ib_run *run, enum ib_news news, int64_t code,
    const char *text)
{
	char name[IB_FIND_TEXT];
	bool back = news == IB_NEWS_BACK || news == IB_NEWS_FARM_BACK;

	log_warning("%s", text);
	snprintf(name, sizeof(name), "ib_%" PRId64, code);
	if (run->hello)
		desk_status(run->desk, back ? "info" : "warning", name, text);
	if (run->state != IB_RUN_STREAM)
		return;
	if (news == IB_NEWS_STALE)
		ib_stream_lost(run->stream);
	else if (news == IB_NEWS_BACK)
		ib_stream_back(run->stream);
}

/* At first all farms say that they are there: news is it after one was not. */
static void
ib_run_farm(struct ib_run *run, enum ib_news news, int64_t code,
    const char *text)
{
	unsigned kind = 1u << (code >= 2157 ? 2 : (code - 2103) / 2);

	if (news == IB_NEWS_FARM_BACK && (run->farms & kind) == 0)
		return;
	run->farms |= kind;
	ib_run_told(run, news, code, text);
}

static void
ib_run_on_news(void *ctx, enum ib_news news, int64_t code, const char *text)
{
	struct ib_run *run = ctx;

	switch (news) {
	case IB_NEWS_READY:
		ib_run_ready(run);
		break;
	case IB_NEWS_LOST:
		ib_run_lost(run, code, text);
		break;
	case IB_NEWS_STALE:
	case IB_NEWS_BACK:
		ib_run_told(run, news, code, text);
		break;
	case IB_NEWS_FARM:
	case IB_NEWS_FARM_BACK:
		ib_run_farm(run, news, code, text);
		break;
	case IB_NEWS_ADVICE:
		log_warning("%s", text);
		break;
	case IB_NEWS_OVER:
		ib_run_over(run, code, text);
		break;
	default:
		log_debug("%s", text);
		break;
	}
}

/* ---- standard output ---- */

static void
ib_run_drain(struct ib_run *run)
{
	run->backlog = outlet_drain(run->desk->outlet);
	loop_watch_set(run->out, run->backlog > 0 ? LOOP_WRITE : 0);
	if (outlet_failed(run->desk->outlet))
		loop_stop(run->loop);
	if (run->stream != NULL && run->backlog < IB_STREAM_BACKLOG / 2)
		ib_stream_room(run->stream);
}

static void
ib_run_on_out(void *ctx, int what)
{
	(void)what;
	ib_run_drain(ctx);
}

/* ---- time ---- */

static void
ib_run_on_timer(void *ctx)
{
	struct ib_run *run = ctx;
	int64_t now = ib_session_now(run->session);

	loop_timer_set(run->timer, IB_RUN_TICK_MS);
	if (run->state != IB_RUN_END && (*run->stop != 0 ||
	    now >= run->until_ts))
		ib_run_end(run);
	if (run->state == IB_RUN_FIND)
		ib_find_tick(run->find, now);
	if (run->state == IB_RUN_LAP)
		ib_scan_tick(run->scan, now);
	if (run->state == IB_RUN_STREAM)
		ib_stream_tick(run->stream, now, false);
	if (run->positions != NULL)
		ib_positions_tick(run->positions, now);
	if (run->state == IB_RUN_WAIT && !run->lost && run->backlog == 0 &&
	    now >= run->next_ms)
		ib_run_again(run);
	if (run->hello && run->positions == NULL &&
	    run->state != IB_RUN_END &&
	    loop_now_ns() / 1000000 - run->beat_ms >= IB_RUN_BEAT_MS)
		ib_run_beat(run);
	ib_run_drain(run);
}

int
ib_run_all(struct ib_run *run)
{
	const struct ib_events events = { ib_run_on_news, ib_run_on_message,
		run };

	run->session = ib_session_new(run->loop, &run->setup.session,
	    &events);
	loop_timer_set(run->timer, IB_RUN_TICK_MS);
	loop_run(run->loop);
	return run->status;
}

struct ib_run *
ib_run_new(const struct ib_run_setup *setup, struct desk *desk,
    struct select *select, uint64_t id, const volatile sig_atomic_t *stop)
{
	struct ib_run *run = buf_alloc(1, sizeof(*run));

	run->setup = *setup;
	run->desk = desk;
	run->select = select;
	run->id = id;
	run->stop = stop;
	run->until_ts = setup->until_ts;
	run->loop = loop_new();
	run->timer = loop_timer_new(run->loop, ib_run_on_timer, run);
	run->out = loop_watch_new(run->loop, desk->outlet->out.fd,
	    ib_run_on_out, run);
	desk->live = true;
	outlet_live(desk->outlet);
	return run;
}

void
ib_run_free(struct ib_run *run)
{
	if (run == NULL)
		return;
	ib_session_free(run->session);
	ib_scan_free(run->scan);
	ib_stream_free(run->stream);
	ib_positions_free(run->positions);
	ib_find_free(run->find);
	for (size_t i = 0; i < run->n_symbols; i++)
		free((void *)(uintptr_t)run->symbols[i]);
	free(run->symbols);
	buf_free(&run->frame);
	loop_timer_free(run->timer);
	loop_watch_free(run->out);
	loop_free(run->loop);
	free(run);
}
