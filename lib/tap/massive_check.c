#include "tap/massive_check.h"

#include <stdlib.h>
#include <sys/random.h>

#include "base/log.h"
#include "net/http.h"
#include "net/link.h"
#include "net/ws.h"
#include "tap/massive_rest.h"
#include "tap/massive_session.h"
#include "tap/massive_wire.h"

enum {
	MASSIVE_CHECK_TURN_MS = 100,
	MASSIVE_CHECK_REPLY = 16 << 20,	/* bytes */
	MASSIVE_CHECK_HOST = 256
};

/* The lines, in their order. */
enum massive_check_line {
	MASSIVE_CHECK_TRADES,
	MASSIVE_CHECK_QUOTES,
	MASSIVE_CHECK_STOCKS,
	MASSIVE_CHECK_CHAIN,
	MASSIVE_CHECK_CONTRACTS,
	MASSIVE_CHECK_PRINTS,
	MASSIVE_CHECK_BARS,
	MASSIVE_CHECK_HOURS,
	MASSIVE_CHECK_LINES
};

/* A request for a line. */
struct massive_check_ask {
	struct massive_check *check;
	enum massive_check_line line;
};

struct massive_check_cluster {
	struct massive_check *check;
	enum massive_check_line line;	/* its trades */
	struct massive_session *session;
	struct ws *ws;
	struct link *link;
};

struct massive_check {
	const struct massive_check_setup *setup;
	struct loop *loop;
	struct http *http;
	struct loop_timer *turn;
	struct scan *scan;
	struct massive_check_cluster clusters[2];
	int64_t until_ns;
	struct massive_check_answer {
		bool known, yes;
		struct err why;		/* not; or what else is to be said */
	} answers[MASSIVE_CHECK_LINES];
	struct massive_check_ask asks[MASSIVE_CHECK_LINES];
	char quotes[32];		/* "Q.O:..." when a contract is known */
	bool delayed, quoted;		/* rows of the chain */
};

/* The first answer stands; the last one ends the check. */
static void
massive_check_say(struct massive_check *check, enum massive_check_line line,
    bool yes, const char *why)
{
	struct massive_check_answer *answer = &check->answers[line];

	if (answer->known)
		return;
	answer->known = true;
	answer->yes = yes;
	err_fill(&answer->why, "%s", why);
	for (size_t i = 0; i < MASSIVE_CHECK_LINES; i++)
		if (!check->answers[i].known)
			return;
	loop_stop(check->loop);
}

/* Nothing more will come of the cluster. */
static void
massive_check_over(struct massive_check_cluster *cluster, const char *why)
{
	link_silence(cluster->link);
	massive_check_say(cluster->check, cluster->line, false, why);
	if (cluster->line == MASSIVE_CHECK_TRADES)
		massive_check_say(cluster->check, MASSIVE_CHECK_QUOTES, false,
		    why);
}

/* ---- connections ---- */

static void
massive_check_follow(struct massive_check_cluster *cluster)
{
	const char *why;

	if (massive_session_fate(cluster->session, &why) !=
	    MASSIVE_SESSION_GOES_ON)
		massive_check_over(cluster, why);
	else
		link_send(cluster->link, ws_out(cluster->ws));
}

static void
massive_check_on_answer(void *ctx, const char *ask,
    enum massive_session_ask what)
{
	struct massive_check_cluster *cluster = ctx;

	massive_check_say(cluster->check, *ask == 'Q' ? MASSIVE_CHECK_QUOTES :
	    cluster->line, what == MASSIVE_SESSION_HELD,
	    what == MASSIVE_SESSION_HELD ? "" :
	    what == MASSIVE_SESSION_NOT_ENTITLED ? "not entitled" :
	    "no answer");
}

static void
massive_check_on_send(void *ctx, struct slice text)
{
	struct massive_check_cluster *cluster = ctx;

	ws_text(cluster->ws, text);
}

static void
massive_check_on_message(void *ctx, struct slice text)
{
	struct massive_check_cluster *cluster = ctx;
	struct buf frame = BUF_INIT;
	struct massive_wire event;
	size_t pos = 0;

	buf_add(&frame, text.p, text.n);
	memset(buf_reserve(&frame, SCAN_PAD), 0, SCAN_PAD);
	while (massive_wire_next(cluster->check->scan, MASSIVE_WIRE_OPTIONS,
	    frame.p, text.n, &pos, &event, NULL) > 0)
		if (event.kind == MASSIVE_WIRE_STATUS)
			massive_session_status(cluster->session, event.status,
			    event.message, loop_now_ns() / 1000000);
	buf_free(&frame);
}

static void
massive_check_on_up(void *ctx)
{
	struct massive_check_cluster *cluster = ctx;

	massive_session_begin(cluster->session, loop_now_ns() / 1000000);
	link_send(cluster->link, ws_out(cluster->ws));
}

static void
massive_check_on_data(void *ctx, const char *p, size_t n)
{
	struct massive_check_cluster *cluster = ctx;
	struct err err;
	int r = ws_feed(cluster->ws, p, n, &err);

	massive_check_follow(cluster);
	if (r < 0)
		massive_check_over(cluster, err.text);
}

static void
massive_check_on_down(void *ctx, const char *why)
{
	massive_check_over(ctx, why);
}

static void
massive_check_connect(struct massive_check *check,
    enum massive_check_line line, const char *path, const char *ask)
{
	struct massive_check_cluster *cluster =
	    &check->clusters[line == MASSIVE_CHECK_STOCKS];
	struct multi_setup multi = { check->setup->ca_file,
	    check->setup->patience_ms };
	struct link_events events = { massive_check_on_up,
	    massive_check_on_data, massive_check_on_down, cluster };
	struct massive_session_setup session = { check->setup->key,
	    massive_check_on_send, massive_check_on_answer, cluster };
	char host[MASSIVE_CHECK_HOST];
	struct ws_setup ws = { .host = host, .path = path,
	    .message = massive_check_on_message, .ctx = cluster };

	multi_url_host(check->setup->stream_url, host, sizeof(host));
	if (getrandom(ws.nonce, sizeof(ws.nonce), 0) < 0)
		log_die(EXIT_SYSTEM, "no random bytes");
	cluster->check = check;
	cluster->line = line;
	cluster->session = massive_session_new(&session);
	massive_session_want(cluster->session, ask, true);
	cluster->ws = ws_new(&ws);
	cluster->link = link_new(check->loop, &multi,
	    check->setup->stream_url, &events);
}

/* ---- requests, and with them a contract whose quotes to ask for ---- */

static void
massive_check_on_contract(void *ctx, const struct massive_rest_contract *row)
{
	struct massive_check *check = ctx;

	check->delayed |= row->delayed;
	check->quoted |= row->quote.ask_e4 != TRADE_NONE;
	if (check->quotes[0] == '\0' && row->ticker.n + 3 <=
	    sizeof(check->quotes)) {
		memcpy(check->quotes, "Q.", 2);
		memcpy(check->quotes + 2, row->ticker.p, row->ticker.n);
	}
}

static void massive_check_on_reply(void *ctx, const struct http_reply *reply);

static void
massive_check_get(struct massive_check *check, enum massive_check_line line,
    const char *path, const char *what, const char *query)
{
	struct massive_check_ask *ask = &check->asks[line];
	struct buf url = BUF_INIT;

	*ask = (struct massive_check_ask){ check, line };
	buf_fmt(&url, "%s%s%s%s%c", check->setup->rest_url, path, what, query,
	    '\0');
	http_get(check->http, url.p, massive_check_on_reply, ask);
	buf_free(&url);
}

/* The chain is the last that may tell a contract. */
static void
massive_check_told(struct massive_check *check)
{
	static const char none[] = "no contract is known to ask for";

	if (check->quotes[0] == '\0') {
		massive_check_say(check, MASSIVE_CHECK_QUOTES, false, none);
		massive_check_say(check, MASSIVE_CHECK_PRINTS, false, none);
		return;
	}
	massive_session_want(check->clusters[0].session, check->quotes,
	    false);
	massive_check_get(check, MASSIVE_CHECK_PRINTS, "/v3/trades/",
	    check->quotes + 2, "?limit=1");
}

static void
massive_check_on_market(void *ctx, struct slice market)
{
	buf_fmt(ctx, "%.*s", (int)(market.n < 32 ? market.n : 32), market.p);
}

/* Whether a page of status 200 is one; what else it says. */
static int
massive_check_read(struct massive_check *check, enum massive_check_line line,
    struct slice body, struct err *err)
{
	struct massive_rest_rows rows = { NULL, massive_check_on_contract,
	    NULL, check };
	struct massive_rest_page page = { .next = NULL };
	struct buf market = BUF_INIT;
	int r;

	if (line == MASSIVE_CHECK_HOURS)
		r = massive_rest_market(body, massive_check_on_market,
		    &market, err);
	else
		r = massive_rest_read(body, check->setup->rest_url, &rows,
		    &page, err);
	if (r == 0)
		err_fill(err, "%.*s", (int)market.n, market.p);
	if (r == 0 && line == MASSIVE_CHECK_CHAIN)
		err_fill(err, "%s%s%s", check->delayed ?
		    "15 minutes late" : "", check->delayed &&
		    !check->quoted ? ", " : "", check->quoted ? "" :
		    "without quotes");
	free(page.next);
	buf_free(&market);
	return r;
}

static void
massive_check_on_reply(void *ctx, const struct http_reply *reply)
{
	const struct massive_check_ask *ask = ctx;
	struct massive_check *check = ask->check;
	enum massive_check_line line = ask->line;
	struct err err;
	bool yes = false;

	if (reply->status == 0)
		err_fill(&err, "%s", reply->why);
	else if (reply->status != 200)
		massive_rest_why(reply->status, reply->body, &err);
	else
		yes = massive_check_read(check, line, reply->body, &err) == 0;
	massive_check_say(check, line, yes, err.text);
	if (line == MASSIVE_CHECK_CHAIN)
		massive_check_told(check);
}

static void
massive_check_on_turn(void *ctx)
{
	struct massive_check *check = ctx;

	if (loop_now_ns() >= check->until_ns) {
		for (int i = 0; i < MASSIVE_CHECK_LINES; i++)
			massive_check_say(check, (enum massive_check_line)i,
			    false, "no answer in time");
		return;
	}
	for (size_t i = 0; i < 2; i++) {
		struct massive_check_cluster *cluster = &check->clusters[i];

		if (!ws_is_open(cluster->ws) || (i == 0 ?
		    check->answers[MASSIVE_CHECK_QUOTES].known :
		    check->answers[MASSIVE_CHECK_STOCKS].known))
			continue;
		massive_session_time(cluster->session,
		    loop_now_ns() / 1000000);
		massive_check_follow(cluster);
	}
	loop_timer_set(check->turn, MASSIVE_CHECK_TURN_MS);
}

/* ---- */

static void
massive_check_chain(struct massive_check *check)
{
	struct buf name = BUF_INIT;

	buf_fmt(&name, "%s%s%c", massive_rest_prefix(check->setup->symbol),
	    check->setup->symbol, '\0');
	massive_check_get(check, MASSIVE_CHECK_CHAIN,
	    "/v3/snapshot/options/", name.p, "?limit=10");
	buf_free(&name);
}

static void
massive_check_start(struct massive_check *check)
{
	const struct massive_check_setup *setup = check->setup;
	struct http_setup http = { { setup->ca_file, setup->patience_ms },
	    setup->key, 0, setup->patience_ms, MASSIVE_CHECK_REPLY, 1 };
	struct buf text = BUF_INIT;

	check->loop = loop_new();
	check->scan = scan_new();
	check->until_ns = loop_now_ns() + setup->patience_ms * 1000000;
	check->http = http_new(check->loop, &http);
	check->turn = loop_timer_new(check->loop, massive_check_on_turn,
	    check);
	massive_check_connect(check, MASSIVE_CHECK_TRADES, "/options", "T.*");
	buf_fmt(&text, "T.%s%c", setup->symbol, '\0');
	massive_check_connect(check, MASSIVE_CHECK_STOCKS, "/stocks", text.p);
	buf_free(&text);
	massive_check_get(check, MASSIVE_CHECK_CONTRACTS,
	    "/v3/reference/options/contracts?underlying_ticker=",
	    setup->symbol, "&limit=10");
	massive_check_get(check, MASSIVE_CHECK_BARS, "/v2/aggs/ticker/",
	    setup->symbol, "/prev");
	massive_check_get(check, MASSIVE_CHECK_HOURS, "/v1/marketstatus/now",
	    "", "");
	massive_check_chain(check);
	massive_check_on_turn(check);
}

bool
massive_check_run(const struct massive_check_setup *setup, struct buf *out)
{
	static const char *const names[] = { "options trades",
	    "options quotes", "stocks trades", "chain snapshots", "contracts",
	    "past prints", "bars of shares", "market hours" };
	struct massive_check check = { .setup = setup };

	massive_check_start(&check);
	loop_run(check.loop);
	/* Who gets no trades gets no quotes, whichever was known first. */
	if (!check.answers[MASSIVE_CHECK_TRADES].yes)
		check.answers[MASSIVE_CHECK_QUOTES] =
		    check.answers[MASSIVE_CHECK_TRADES];
	for (size_t i = 0; i < MASSIVE_CHECK_LINES; i++) {
		const struct massive_check_answer *answer = &check.answers[i];
		const char *more = answer->why.text;

		buf_fmt(out, "%s: %s%s%s\n", names[i], answer->yes ? "yes" :
		    "no", *more == '\0' ? "" : answer->yes ? ", " : ": ",
		    more);
	}
	for (size_t i = 0; i < 2; i++) {
		link_free(check.clusters[i].link);
		ws_free(check.clusters[i].ws);
		massive_session_free(check.clusters[i].session);
	}
	http_free(check.http);
	loop_timer_free(check.turn);
	scan_free(check.scan);
	loop_free(check.loop);
	return check.answers[MASSIVE_CHECK_TRADES].yes &&
	    check.answers[MASSIVE_CHECK_CHAIN].yes;
}
