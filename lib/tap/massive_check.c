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
	MASSIVE_CHECK_LINES
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
		struct err why;
	} answers[MASSIVE_CHECK_LINES];
	char quotes[32];		/* "Q.O:..." when a contract is known */
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

/* ---- the snapshot, and with it a contract whose quotes to ask for ---- */

static void
massive_check_on_contract(void *ctx, const struct massive_rest_contract *row)
{
	struct massive_check *check = ctx;

	if (check->quotes[0] == '\0' && row->ticker.n + 3 <=
	    sizeof(check->quotes)) {
		memcpy(check->quotes, "Q.", 2);
		memcpy(check->quotes + 2, row->ticker.p, row->ticker.n);
	}
}

static void
massive_check_on_reply(void *ctx, const struct http_reply *reply)
{
	struct massive_check *check = ctx;
	struct massive_rest_rows rows = { NULL, massive_check_on_contract,
	    NULL, check };
	struct massive_rest_page page = { .next = NULL };
	struct err err;
	bool yes = false;

	if (reply->status == 0)
		err_fill(&err, "%s", reply->why);
	else if (reply->status != 200)
		massive_rest_why(reply->status, reply->body, &err);
	else
		yes = massive_rest_read(reply->body, check->setup->rest_url,
		    &rows, &page, &err) == 0;
	free(page.next);
	massive_check_say(check, MASSIVE_CHECK_CHAIN, yes,
	    yes ? "" : err.text);
	if (check->quotes[0] != '\0')
		massive_session_want(check->clusters[0].session,
		    check->quotes, false);
	else
		massive_check_say(check, MASSIVE_CHECK_QUOTES, false,
		    "no contract is known to ask for");
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
	text.n = 0;
	buf_fmt(&text, "%s/v3/snapshot/options/%s?limit=10%c",
	    setup->rest_url, setup->symbol, '\0');
	http_get(check->http, text.p, massive_check_on_reply, check);
	buf_free(&text);
	massive_check_on_turn(check);
}

bool
massive_check_run(const struct massive_check_setup *setup, struct buf *out)
{
	static const char *const names[] = { "options trades",
	    "options quotes", "stocks trades", "chain snapshots" };
	struct massive_check check = { .setup = setup };

	massive_check_start(&check);
	loop_run(check.loop);
	/* Who gets no trades gets no quotes, whichever was known first. */
	if (!check.answers[MASSIVE_CHECK_TRADES].yes)
		check.answers[MASSIVE_CHECK_QUOTES] =
		    check.answers[MASSIVE_CHECK_TRADES];
	for (size_t i = 0; i < MASSIVE_CHECK_LINES; i++)
		buf_fmt(out, "%s: %s%s\n", names[i],
		    check.answers[i].yes ? "yes" : "no: ",
		    check.answers[i].yes ? "" : check.answers[i].why.text);
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
