#include "tap/massive_live.h"

#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/log.h"
#include "net/http.h"
#include "net/link.h"
#include "net/ws.h"
#include "tap/clock.h"
#include "tap/massive_feed.h"
#include "tap/massive_quotes.h"
#include "tap/massive_raw.h"
#include "tap/massive_rest.h"
#include "tap/massive_session.h"
#include "tap/massive_tables.h"

enum {
	MASSIVE_LIVE_TURN_MS = 200,	/* how often time is looked at */
	MASSIVE_LIVE_CONNECT_MS = 10000,
	MASSIVE_LIVE_LATE_MS = 15 * 60 * 1000,	/* of a delayed feed */
	MASSIVE_LIVE_HOST = 256,
	MASSIVE_LIVE_REPLY_MS = 30000,
	MASSIVE_LIVE_REPLY = 64 << 20,	/* bytes */
	MASSIVE_LIVE_TRIES = 5
};

/* One connection: options, stocks or indices. */
struct massive_live_cluster {
	struct massive_live *live;
	enum massive_wire_market market;
	const char *path;		/* "/options" */
	struct massive_session *session;
	struct link *link;		/* NULL: between two */
	struct ws *ws;
	struct loop_timer *retry;
	int attempts, parks;		/* since it last was stable */
	bool up;			/* its trades are confirmed */
	bool over;			/* never again */
	int64_t up_ms, heard_ms, told_ms, pinged_ms;	/* monotonic */
};

struct massive_live {
	struct massive_live_setup setup;
	struct loop *loop;
	struct massive_feed *feed;
	struct massive_quotes *quotes;
	struct massive_raw *raw;
	struct http *http;
	struct buf page;		/* scratch */
	struct massive_live_cluster clusters[MASSIVE_WIRE_MARKETS];
	struct loop_timer *turn;
	struct loop_watch *out;
	char host[MASSIVE_LIVE_HOST];
	int64_t wall_ms;		/* of the arrival at hand */
	int64_t beat_ms;		/* of the last heartbeat, monotonic */
	int64_t turn_ms;		/* of the last look at time */
	bool shedding;
	int status;
	const char *reason;		/* of bye */
};

static const struct slice massive_live_none = { NULL, 0 };

static int64_t
massive_live_ms(void)
{
	return loop_now_ns() / 1000000;
}

static void
massive_live_end(struct massive_live *live, int status, const char *reason)
{
	live->status = status;
	live->reason = reason;
	loop_stop(live->loop);
}

/* ---- standard output ---- */

static void massive_live_drain(struct massive_live *live);

static void
massive_live_on_out(void *ctx, int what)
{
	(void)what;
	massive_live_drain(ctx);
}

/* Writes what goes; when too much stays, prints are dropped until less does. */
static void
massive_live_drain(struct massive_live *live)
{
	size_t left = outlet_drain(live->setup.outlet);
	bool shed = left > (live->shedding ? MASSIVE_LIVE_BACKLOG / 2 :
	    MASSIVE_LIVE_BACKLOG);

	loop_watch_set(live->out, left > 0 ? LOOP_WRITE : 0);
	if (outlet_failed(live->setup.outlet))
		massive_live_end(live, EXIT_SYSTEM, "output");
	if (shed == live->shedding)
		return;
	live->shedding = shed;
	live->wall_ms = loop_wall_ms();
	massive_raw_add(live->raw, live->wall_ms,
	    shed ? MASSIVE_RAW_SHED : MASSIVE_RAW_KEEP, massive_live_none);
	massive_feed_shed(live->feed, live->wall_ms, shed);
	if (shed)
		log_warning("standard output is not read: prints are dropped "
		    "and counted");
}

/* ---- a connection's end ---- */

/* Somewhere in the upper half of ms, so that many do not come at once. */
static int64_t
massive_live_jitter(int64_t ms)
{
	uint64_t bits = 0;

	if (getrandom(&bits, sizeof(bits), 0) < 0)
		bits = (uint64_t)loop_now_ns();
	return ms - (int64_t)(bits % (uint64_t)(ms / 2 + 1));
}

static int64_t
massive_live_backoff(const struct massive_live *live, int attempts)
{
	int64_t ms = live->setup.backoff_ms, most = live->setup.backoff_most_ms;

	for (int i = 1; i < attempts && ms < most; i++)
		ms *= 2;
	return massive_live_jitter(ms < most ? ms : most);
}

static void
massive_live_lost(struct massive_live_cluster *cluster, const char *why)
{
	struct massive_live *live = cluster->live;
	struct slice text = { why, strlen(why) };

	if (cluster->up &&
	    massive_live_ms() - cluster->up_ms >= MASSIVE_LIVE_STABLE_MS)
		cluster->attempts = cluster->parks = 0;
	cluster->up = false;
	if (cluster->market != MASSIVE_WIRE_OPTIONS)
		return;
	live->wall_ms = loop_wall_ms();
	massive_raw_add(live->raw, live->wall_ms, MASSIVE_RAW_LOST, text);
	massive_feed_lost(live->feed, live->wall_ms, text);
}

/* Takes leave of the connection; it is freed before the next one. */
static void
massive_live_part(struct massive_live_cluster *cluster)
{
	if (cluster->link == NULL)
		return;
	link_silence(cluster->link);
	if (!ws_is_open(cluster->ws))
		return;
	if (ws_closed_by(cluster->ws) == 0)
		ws_close(cluster->ws, 1000);
	link_send(cluster->link, ws_out(cluster->ws));
}

/* The connection is over; another is made after a while. */
static void
massive_live_retry(struct massive_live_cluster *cluster, const char *why,
    int64_t ms)
{
	massive_live_part(cluster);
	massive_live_lost(cluster, why);
	log_warning("%s%s: %s; again in %" PRId64 ".%" PRId64 " s",
	    cluster->live->host, cluster->path, why, ms / 1000,
	    ms % 1000 / 100);
	loop_timer_set(cluster->retry, ms);
}

/* Never again: without options there is nothing to do, else less. */
static void
massive_live_refuse(struct massive_live_cluster *cluster, const char *why)
{
	struct massive_live *live = cluster->live;
	bool options = cluster->market == MASSIVE_WIRE_OPTIONS;
	const char *hint = live->setup.delayed ? "" :
	    "; a plan with delayed data needs --delayed";

	massive_live_part(cluster);
	if (cluster->up)
		massive_live_lost(cluster, why);
	cluster->over = true;
	if (options) {
		log_error("%s%s: %s%s", live->host, cluster->path, why, hint);
		massive_live_end(live, EXIT_USAGE, "refused");
	} else {
		log_warning("%s%s: %s: prints%s have no underlying_price",
		    live->host, cluster->path, why,
		    cluster->market == MASSIVE_WIRE_STOCKS ? "" :
		    " of index options");
	}
}

static void
massive_live_park(struct massive_live_cluster *cluster, const char *why)
{
	if (++cluster->parks >= MASSIVE_LIVE_PARKS)
		massive_live_refuse(cluster, why);
	else
		massive_live_retry(cluster, why, cluster->parks * 2 *
		    massive_live_jitter(cluster->live->setup.
		    backoff_most_ms));
}

static void
massive_live_down(struct massive_live_cluster *cluster, const char *why)
{
	massive_live_retry(cluster, why, massive_live_backoff(cluster->live,
	    ++cluster->attempts));
}

/* What the session has come to; false when the connection is over. */
static bool
massive_live_follow(struct massive_live_cluster *cluster)
{
	struct massive_live *live = cluster->live;
	const char *why;

	switch (massive_session_fate(cluster->session, &why)) {
	case MASSIVE_SESSION_RETRY:
		massive_live_down(cluster, why);
		return false;
	case MASSIVE_SESSION_PARK:
		massive_live_park(cluster, why);
		return false;
	case MASSIVE_SESSION_REFUSED:
		massive_live_refuse(cluster, why);
		return false;
	case MASSIVE_SESSION_GOES_ON:
		break;
	}
	if (cluster->up || massive_session_state(cluster->session) !=
	    MASSIVE_SESSION_LIVE)
		return true;
	cluster->up = true;
	cluster->up_ms = cluster->told_ms = massive_live_ms();
	if (cluster->market == MASSIVE_WIRE_OPTIONS) {
		log_info("%s%s: trades are confirmed", live->host,
		    cluster->path);
		live->wall_ms = loop_wall_ms();
		massive_raw_add(live->raw, live->wall_ms, MASSIVE_RAW_LIVE,
		    massive_live_none);
		massive_feed_live(live->feed, live->wall_ms);
	}
	return true;
}

/* ---- a connection ---- */

static void
massive_live_on_message(void *ctx, struct slice text)
{
	struct massive_live_cluster *cluster = ctx;
	struct massive_live *live = cluster->live;
	int64_t prints = massive_feed_prints(live->feed);

	if (live->reason != NULL)
		return;
	live->wall_ms = loop_wall_ms();
	massive_raw_add(live->raw, live->wall_ms, MASSIVE_RAW_OPTIONS +
	    (enum massive_raw_what)cluster->market, text);
	massive_feed_frame(live->feed, live->wall_ms, cluster->market, text);
	if (massive_feed_prints(live->feed) != prints)
		cluster->told_ms = massive_live_ms();
}

static void
massive_live_on_send(void *ctx, struct slice text)
{
	struct massive_live_cluster *cluster = ctx;

	ws_text(cluster->ws, text);
}

static void
massive_live_on_answer(void *ctx, const char *ask,
    enum massive_session_ask what)
{
	const struct massive_live_cluster *cluster = ctx;

	if (what == MASSIVE_SESSION_HELD && ask[0] == 'Q')
		log_debug("%s: subscribed to %s", cluster->path, ask);
	else if (what == MASSIVE_SESSION_HELD)
		log_info("%s%s: subscribed to %s", cluster->live->host,
		    cluster->path, ask);
	else
		log_warning("%s%s: %s: %s", cluster->live->host,
		    cluster->path, ask, what == MASSIVE_SESSION_UNANSWERED ?
		    "no answer" : "not entitled");
}

static void
massive_live_on_up(void *ctx)
{
	struct massive_live_cluster *cluster = ctx;

	cluster->heard_ms = cluster->pinged_ms = massive_live_ms();
	/* Its greeting may come in one piece with the handshake's answer. */
	massive_session_begin(cluster->session, cluster->heard_ms);
	link_send(cluster->link, ws_out(cluster->ws));
}

static void
massive_live_on_data(void *ctx, const char *p, size_t n)
{
	struct massive_live_cluster *cluster = ctx;
	struct err err;
	int r = ws_feed(cluster->ws, p, n, &err);

	cluster->heard_ms = massive_live_ms();
	if (!massive_live_follow(cluster))
		return;
	if (r < 0) {
		/* A policy close without a word before: the same account. */
		if (ws_closed_by(cluster->ws) == 1008)
			massive_live_park(cluster, err.text);
		else
			massive_live_down(cluster, err.text);
		return;
	}
	link_send(cluster->link, ws_out(cluster->ws));
	massive_live_drain(cluster->live);
}

static void
massive_live_on_down(void *ctx, const char *why)
{
	massive_live_down(ctx, why);
}

static void
massive_live_connect(void *ctx)
{
	struct massive_live_cluster *cluster = ctx;
	struct massive_live *live = cluster->live;
	struct multi_setup multi = { live->setup.ca_file,
	    MASSIVE_LIVE_CONNECT_MS };
	struct link_events events = { massive_live_on_up,
	    massive_live_on_data, massive_live_on_down, cluster };
	struct ws_setup setup = { .host = live->host, .path = cluster->path,
	    .message = massive_live_on_message, .ctx = cluster };

	link_free(cluster->link);
	ws_free(cluster->ws);
	if (getrandom(setup.nonce, sizeof(setup.nonce), 0) < 0)
		log_die(EXIT_SYSTEM, "no random bytes");
	log_info("%s%s: connecting", live->host, cluster->path);
	cluster->ws = ws_new(&setup);
	cluster->heard_ms = massive_live_ms() + MASSIVE_LIVE_CONNECT_MS;
	cluster->link = link_new(live->loop, &multi, live->setup.stream_url,
	    &events);
}

/* ---- what comes out of the feed ---- */

static void
massive_live_on_status(void *ctx, enum massive_wire_market market,
    const struct massive_wire *event)
{
	struct massive_live *live = ctx;
	struct massive_live_cluster *cluster = &live->clusters[market];

	if (slice_equal(event->status, SLICE("connected")) ||
	    slice_equal(event->status, SLICE("auth_success")))
		log_info("%s%s: %s", live->host, cluster->path,
		    event->status.n == 9 ? "connected" : "authenticated");
	else
		log_debug("%s: %.*s: %.*s", cluster->path,
		    (int)event->status.n, event->status.p,
		    (int)event->message.n, event->message.p);
	massive_session_status(cluster->session, event->status,
	    event->message, massive_live_ms());
}

static void
massive_live_ask(struct massive_live_cluster *cluster, char channel,
    struct slice ticker, bool want)
{
	char ask[OSI_TEXT + 3];
	size_t n = ticker.n < OSI_TEXT ? ticker.n : OSI_TEXT;

	ask[0] = channel;
	ask[1] = '.';
	memcpy(ask + 2, ticker.p, n);
	ask[2 + n] = '\0';
	if (want)
		massive_session_want(cluster->session, ask, false);
	else
		massive_session_drop(cluster->session, ask);
}

static void
massive_live_on_traded(void *ctx, struct contract *contract)
{
	struct massive_live *live = ctx;
	struct massive_live_cluster *cluster =
	    &live->clusters[MASSIVE_WIRE_OPTIONS];
	int64_t now = massive_live_ms();
	enum massive_quotes_do what;
	size_t evicted;

	what = massive_quotes_traded(live->quotes, contract->number, now,
	    &evicted);
	if (what == MASSIVE_QUOTES_SWAP) {
		massive_live_ask(cluster, 'Q',
		    live->setup.desk->book->all[evicted]->ticker, false);
		if (massive_quotes_evicted(live->quotes) == 1)
			log_warning("more contracts trade than may have "
			    "quotes (%" PRId64 "): those idle longest give "
			    "way", live->setup.quotes);
	}
	if (what != MASSIVE_QUOTES_NOTHING)
		massive_live_ask(cluster, 'Q', contract->ticker, true);
}

static void
massive_live_on_reply(void *ctx, const struct http_reply *reply)
{
	struct massive_live *live = ctx;
	struct buf *page = &live->page;

	if (reply->status == 0)
		log_warning("%s: %s", live->setup.rest_url, reply->why);
	page->n = 0;
	buf_fmt(page, "%d\n", reply->status);
	buf_add(page, reply->body.p, reply->body.n);
	live->wall_ms = loop_wall_ms();
	massive_raw_add(live->raw, live->wall_ms, MASSIVE_RAW_PAGE,
	    (struct slice){ page->p, page->n });
	massive_feed_reply(live->feed, live->wall_ms, reply->status,
	    reply->body);
	massive_live_drain(live);
}

static void
massive_live_on_get(void *ctx, const char *path)
{
	struct massive_live *live = ctx;
	struct buf url = BUF_INIT;

	buf_fmt(&url, "%s%s%c", live->setup.rest_url, path, '\0');
	http_get(live->http, url.p, massive_live_on_reply, live);
	buf_free(&url);
}

/* ---- time ---- */

/*
 * All trades are asked for: none at all for so long means that none come.  Of
 * single contracts nothing may be heard for hours.
 */
static bool
massive_live_is_silent(const struct massive_live_cluster *cluster,
    int64_t now)
{
	const struct massive_live *live = cluster->live;
	enum cal_session session;
	int32_t day;

	return cluster->up && cluster->market == MASSIVE_WIRE_OPTIONS &&
	    live->setup.desk->select->n_contracts == 0 &&
	    now - cluster->told_ms > live->setup.silence_ms &&
	    cal_session_at(live->wall_ms, CAL_EQUITY, CAL_NO_DAY, &session,
	    &day, NULL) == 0 && session == CAL_RTH &&
	    !massive_feed_closed(live->feed, live->wall_ms);
}

static void
massive_live_watch(struct massive_live_cluster *cluster, int64_t now)
{
	int64_t silence = cluster->live->setup.silence_ms;

	if (cluster->over || cluster->link == NULL ||
	    loop_timer_is_set(cluster->retry))
		return;
	if (now - cluster->heard_ms > silence) {
		massive_live_down(cluster, "nothing was heard");
		return;
	}
	if (massive_live_is_silent(cluster, now)) {
		massive_live_down(cluster, "no trade came while the market "
		    "is open");
		return;
	}
	if (!ws_is_open(cluster->ws))
		return;
	if (now - cluster->pinged_ms > silence / 3) {
		cluster->pinged_ms = now;
		ws_ping(cluster->ws);
	}
	massive_session_time(cluster->session, now);
	if (massive_live_follow(cluster))
		link_send(cluster->link, ws_out(cluster->ws));
}

static struct meter_facts
massive_live_facts(const struct massive_live *live, int64_t now)
{
	int64_t late = live->turn_ms == 0 ? 0 :
	    now - live->turn_ms - MASSIVE_LIVE_TURN_MS;

	return (struct meter_facts){
	    live->clusters[MASSIVE_WIRE_OPTIONS].up && live->reason == NULL,
	    massive_feed_prints(live->feed), late > 0 ? late : 0,
	    http_sent(live->http), http_throttled(live->http),
	    (int64_t)massive_quotes_used(live->quotes),
	    massive_quotes_evicted(live->quotes) };
}

static void
massive_live_on_turn(void *ctx)
{
	struct massive_live *live = ctx;
	int64_t now = massive_live_ms();
	struct meter_facts facts;
	struct err err;

	live->wall_ms = loop_wall_ms();
	for (size_t i = 0; i < MASSIVE_WIRE_MARKETS; i++)
		massive_live_watch(&live->clusters[i], now);
	if (now - live->beat_ms >= 1000 - MASSIVE_LIVE_TURN_MS / 2) {
		live->beat_ms = now;
		massive_raw_add(live->raw, live->wall_ms, MASSIVE_RAW_TICK,
		    massive_live_none);
		massive_feed_tick(live->feed, live->wall_ms);
		facts = massive_live_facts(live, now);
		meter_beat(live->setup.meter, live->setup.desk, &facts);
		if (massive_raw_flush(live->raw, &err) < 0) {
			log_error("%s", err.text);
			massive_live_end(live, EXIT_SYSTEM, "recording");
		}
	}
	massive_live_drain(live);
	live->turn_ms = massive_live_ms();
	loop_timer_set(live->turn, MASSIVE_LIVE_TURN_MS);
}

static void
massive_live_on_signal(void *ctx, int number)
{
	struct massive_live *live = ctx;

	live->setup.on_signal(number);
	massive_live_end(live, EXIT_DONE, "signal");
}

/* ---- beginning and end ---- */

static void
massive_live_open(struct massive_live *live, enum massive_wire_market market,
    const char *path)
{
	struct massive_live_cluster *c = &live->clusters[market];
	struct massive_session_setup setup = { live->setup.key,
	    massive_live_on_send, massive_live_on_answer, c };

	c->live = live;
	c->market = market;
	c->path = path;
	c->session = massive_session_new(&setup);
	c->retry = loop_timer_new(live->loop, massive_live_connect, c);
	c->over = true;			/* until something is wanted of it */
}

static void
massive_live_want(struct massive_live *live, enum massive_wire_market market,
    const char *channel, const char *prefix, const char *name)
{
	struct massive_live_cluster *cluster = &live->clusters[market];
	struct buf ask = BUF_INIT;

	buf_fmt(&ask, "%s.%s%s%c", channel, prefix, name, '\0');
	massive_session_want(cluster->session, ask.p, true);
	cluster->over = false;
	buf_free(&ask);
}

/* Prices and minute bars of an underlying, or of all of them. */
static void
massive_live_want_prices(struct massive_live *live, const char *symbol)
{
	const char *prefix = massive_rest_prefix(symbol);

	if (prefix[0] == '\0' || strcmp(symbol, "*") == 0) {
		massive_live_want(live, MASSIVE_WIRE_STOCKS, "T", "", symbol);
		massive_live_want(live, MASSIVE_WIRE_STOCKS, "AM", "", symbol);
	}
	if (prefix[0] != '\0' || strcmp(symbol, "*") == 0) {
		massive_live_want(live, MASSIVE_WIRE_INDICES, "V", prefix,
		    symbol);
		massive_live_want(live, MASSIVE_WIRE_INDICES, "AM", prefix,
		    symbol);
	}
}

/* Contracts named have their quotes from the start, as many as may. */
static void
massive_live_want_contract(struct massive_live *live, const char *ticker)
{
	struct contract_name name = { .osi = { ticker, strlen(ticker) } };
	struct contract *contract = contract_find(live->setup.desk->book,
	    &name, NULL);

	massive_live_want(live, MASSIVE_WIRE_OPTIONS, "T", "", ticker);
	if (contract != NULL)
		massive_live_on_traded(live, contract);
}

static void
massive_live_wants(struct massive_live *live)
{
	const struct select *select = live->setup.desk->select;

	for (size_t i = 0; i < select->n_contracts; i++)
		massive_live_want_contract(live, select->contracts[i]);
	if (select->n_contracts == 0)
		massive_live_want(live, MASSIVE_WIRE_OPTIONS, "T", "", "*");
	for (size_t i = 0; i < select->n && live->setup.stocks; i++)
		massive_live_want_prices(live, select->symbols[i]);
	if (select->n == 0 && live->setup.stocks)
		massive_live_want_prices(live, "*");
}

/* What was asked for, as one word. */
static int
massive_live_names(const struct select *select, char *dst, size_t most,
    struct err *err)
{
	size_t n = select->n_contracts > 0 ? select->n_contracts : select->n;
	const char *const *names = select->n_contracts > 0 ?
	    select->contracts : select->symbols;
	size_t at = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = strlen(names[i]);

		if (at + k + 2 > most)
			return err_set(err, "too many symbols for a "
			    "recording of frames");
		memcpy(dst + at, names[i], k);
		at += k;
		dst[at++] = ',';
	}
	if (at > 0)
		dst[at - 1] = '\0';
	else
		memcpy(dst, "*", 2);
	return 0;
}

static int
massive_live_hello(struct massive_live *live, struct err *err)
{
	const struct massive_live_setup *setup = &live->setup;
	const struct select *select = setup->desk->select;
	struct massive_raw_head head = { .delay_ms = setup->delay_ms,
	    .budget = setup->budget, .days = setup->days,
	    .late_ms = setup->delayed ? MASSIVE_LIVE_LATE_MS : 0 };
	struct desk_hello hello = { .feed = "massive",
	    .mode = setup->delayed ? "delayed" : "live",
	    .coverage = "live", .caps = { .quotes = !setup->delayed,
	    .conditions = true, .exchange = true,
	    .resolution_e6 = clock_resolution_e6(3) } };
	size_t n = 0;

	if (getrandom(&hello.run, sizeof(hello.run), 0) < 0)
		log_die(EXIT_SYSTEM, "no random bytes");
	if (setup->raw_dir != NULL) {
		head.run = hello.run;
		n = strlen(setup->rest_url);
		if (n >= sizeof(head.base))
			return err_set(err, "too long a URL for a recording "
			    "of frames");
		memcpy(head.base, setup->rest_url, n);
		memcpy(head.mode, hello.mode, strlen(hello.mode));
		if (massive_live_names(select, head.symbols,
		    sizeof(head.symbols), err) < 0)
			return -1;
		live->raw = massive_raw_create(setup->raw_dir, &head, err);
		if (live->raw == NULL)
			return -1;
	}
	desk_hello(setup->desk, &hello);
	return 0;
}

/* Records depend on it, so it is recorded, too. */
static void
massive_live_tables(struct massive_live *live)
{
	char *path = massive_tables_path();
	struct buf text = BUF_INIT;
	struct slice all;

	massive_tables_read(path, &text);
	all = (struct slice){ text.p, text.n };
	if (all.n > 0) {
		massive_raw_add(live->raw, loop_wall_ms(), MASSIVE_RAW_TABLES,
		    all);
		massive_feed_tables(live->feed, all);
	}
	buf_free(&text);
	free(path);
}

static void
massive_live_free(struct massive_live *live)
{
	for (size_t i = 0; i < MASSIVE_WIRE_MARKETS; i++) {
		link_free(live->clusters[i].link);
		ws_free(live->clusters[i].ws);
		massive_session_free(live->clusters[i].session);
		loop_timer_free(live->clusters[i].retry);
	}
	http_free(live->http);
	buf_free(&live->page);
	massive_quotes_free(live->quotes);
	massive_feed_free(live->feed);
	loop_timer_free(live->turn);
	loop_watch_free(live->out);
	loop_free(live->loop);
}

static void
massive_live_start(struct massive_live *live)
{
	const struct massive_live_setup *setup = &live->setup;
	struct massive_feed_setup feed = { .desk = setup->desk,
	    .delay_ms = setup->delay_ms +
	    (setup->delayed ? MASSIVE_LIVE_LATE_MS : 0),
	    .late_ms = setup->delayed ? MASSIVE_LIVE_LATE_MS : 0,
	    .status = massive_live_on_status,
	    .traded = massive_live_on_traded, .get = massive_live_on_get,
	    .base = setup->rest_url, .budget = setup->budget,
	    .days = setup->days, .ctx = live };
	struct http_setup http = { { setup->ca_file,
	    MASSIVE_LIVE_CONNECT_MS }, setup->key, setup->per_minute,
	    MASSIVE_LIVE_REPLY_MS, MASSIVE_LIVE_REPLY, MASSIVE_LIVE_TRIES };

	live->loop = loop_new();
	live->http = http_new(live->loop, &http);
	live->feed = massive_feed_new(&feed);
	massive_live_tables(live);
	live->quotes = massive_quotes_new(setup->delayed ? 0 :
	    (size_t)setup->quotes);
	live->turn = loop_timer_new(live->loop, massive_live_on_turn, live);
	live->out = loop_watch_new(live->loop, setup->outlet->out.fd,
	    massive_live_on_out, live);
	massive_live_open(live, MASSIVE_WIRE_OPTIONS, "/options");
	massive_live_open(live, MASSIVE_WIRE_STOCKS, "/stocks");
	massive_live_open(live, MASSIVE_WIRE_INDICES, "/indices");
	massive_live_wants(live);
	loop_signal(live->loop, SIGINT, massive_live_on_signal, live);
	loop_signal(live->loop, SIGTERM, massive_live_on_signal, live);
	for (size_t i = 0; i < MASSIVE_WIRE_MARKETS; i++)
		if (!live->clusters[i].over)
			massive_live_connect(&live->clusters[i]);
	massive_live_on_turn(live);
}

bool
massive_live_url_ok(const char *url)
{
	return multi_url_ok(url);
}

static void
massive_live_tell_watched(const struct select *select)
{
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < select->n; i++)
		buf_fmt(&text, "%s%s", i > 0 ? ", " : "",
		    select->symbols[i]);
	if (select->n_contracts > 0)
		log_info("watching %zu contracts of %.*s",
		    select->n_contracts, (int)text.n, text.p);
	else
		log_info("watching %.*s", select->n == 0 ? 11 : (int)text.n,
		    select->n == 0 ? "all symbols" : text.p);
	buf_free(&text);
}

int
massive_live_run(const struct massive_live_setup *setup)
{
	struct massive_live live = { .setup = *setup };
	struct control *control = setup->desk->control;
	struct meter_facts facts;
	struct err err;

	setup->desk->live = true;
	outlet_live(setup->outlet);
	massive_live_tell_watched(setup->desk->select);
	multi_url_host(setup->stream_url, live.host, sizeof(live.host));
	if (massive_live_hello(&live, &err) < 0) {
		log_error("%s", err.text);
		return EXIT_SYSTEM;
	}
	massive_live_start(&live);
	loop_run(live.loop);
	for (size_t i = 0; i < MASSIVE_WIRE_MARKETS; i++)
		if (!loop_timer_is_set(live.clusters[i].retry))
			massive_live_part(&live.clusters[i]);
	if (live.status == EXIT_DONE && control->rejected > 0)
		live.status = EXIT_PARTIAL;
	massive_raw_add(live.raw, loop_wall_ms(), MASSIVE_RAW_BYE,
	    (struct slice){ live.reason, strlen(live.reason) });
	massive_feed_end(live.feed);
	facts = massive_live_facts(&live, live.turn_ms);
	meter_end(setup->meter, setup->desk, &facts);
	desk_bye(setup->desk, live.reason, live.status);
	if (massive_raw_close(live.raw, &err) < 0) {
		log_error("%s", err.text);
		live.status = EXIT_SYSTEM;
	}
	massive_live_free(&live);
	return live.status;
}
