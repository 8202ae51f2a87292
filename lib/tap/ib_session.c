#include "tap/ib_session.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"

enum {
	IB_TICK_MS = 50,		/* how often deadlines are looked at */
	IB_READ = 64 << 10,
	IB_QUIET_MS = 25000,		/* without a byte: ask the time */
	IB_ASK_MS = 5000,		/* again */
	IB_DEAD_MS = 45000,		/* still none: the connection is dead */
	IB_LINGER_MS = 3000		/* for the last cancels */
};

enum ib_state { IB_DOWN, IB_CONNECTING, IB_GREETING, IB_STARTING, IB_CLOCK,
	IB_READY, IB_STOPPING };

/* A frame that waits. */
struct ib_queued {
	struct buf frame;
	int64_t call;			/* id, or 0 */
	bool history;
	struct ib_past past;
};

struct ib_session {
	struct ib_session_setup setup;
	struct ib_events events;
	struct loop *loop;
	struct loop_watch *watch;
	struct loop_timer *timer;
	enum ib_state state;
	int fd;
	struct addrinfo *hosts, *host;	/* and the one being tried */
	struct buf in, out;
	struct ib_queued *queue;
	size_t n_queue;
	struct ib_call **calls;
	size_t n_calls;
	int64_t next_id;
	struct ib_pace pace;
	int version;
	char *accounts;
	bool has_id;
	bool was_ready;			/* once, since the start */
	bool stale;			/* 1100 came */
	int tries;			/* since it last was ready */
	int64_t due_ms;			/* of the state */
	int64_t heard_ms, asked_ms;	/* the last byte; the last question */
	int64_t offset_ms;		/* gateway's clock less the monotonic */
	int64_t port;			/* 1300 may change it */
};

static int64_t
ib_session_ms(void)
{
	return loop_now_ns() / 1000000;
}

static void
ib_session_tell(struct ib_session *session, enum ib_news news, int64_t code,
    const char *text)
{
	session->events.news(session->events.ctx, news, code, text);
}

/* ---- calls ---- */

static struct ib_call *
ib_session_call(const struct ib_session *session, int64_t id)
{
	for (size_t i = 0; i < session->n_calls; i++)
		if (session->calls[i]->id == id)
			return session->calls[i];
	return NULL;
}

/* Takes the call out, and what it still had to send. */
static void
ib_session_forget(struct ib_session *session, struct ib_call *call)
{
	size_t n = 0;

	for (size_t i = 0; i < session->n_calls; i++)
		if (session->calls[i] == call) {
			session->calls[i] =
			    session->calls[--session->n_calls];
			break;
		}
	for (size_t i = 0; i < session->n_queue; i++)
		if (session->queue[i].call == call->id)
			buf_free(&session->queue[i].frame);
		else
			session->queue[n++] = session->queue[i];
	session->n_queue = n;
	call->id = 0;
}

static void
ib_session_over(struct ib_session *session, struct ib_call *call,
    int64_t code, const char *why)
{
	ib_session_forget(session, call);
	call->over(call, code, why);
}

int64_t
ib_session_open(struct ib_session *session, struct ib_call *call)
{
	session->calls = buf_realloc(session->calls, session->n_calls + 1,
	    sizeof(*session->calls));
	session->calls[session->n_calls++] = call;
	call->id = session->next_id++;
	call->due_ms = INT64_MAX;
	call->history = false;
	return call->id;
}

/* ---- sending ---- */

static size_t
ib_session_history(const struct ib_session *session)
{
	size_t n = 0;

	for (size_t i = 0; i < session->n_calls; i++)
		n += session->calls[i]->history &&
		    session->calls[i]->due_ms != INT64_MAX;
	return n;
}

/* Bytes to the socket as far as it takes them. */
static void
ib_session_write(struct ib_session *session)
{
	ssize_t n = 1;

	while (session->out.n > 0 && n > 0) {
		n = send(session->fd, session->out.p, session->out.n,
		    MSG_NOSIGNAL);
		if (n > 0)
			buf_drop(&session->out, (size_t)n);
	}
	/* What else went wrong the next read will tell. */
	loop_watch_set(session->watch, LOOP_READ |
	    (session->out.n > 0 ? LOOP_WRITE : 0));
}

static bool
ib_session_is_probe(const struct ib_queued *queued)
{
	struct slice payload;
	struct ib_in in;
	size_t used;

	return ib_wire_frame((struct slice){ queued->frame.p,
	    queued->frame.n }, &payload, &used, NULL) == 1 &&
	    ib_wire_open(&in, payload, NULL) == IB_REQ_TIME;
}

/*
 * True when the frame may leave now: to a gateway that has lost its servers
 * only the question for the time, and a farewell.
 */
static bool
ib_session_may(struct ib_session *session, struct ib_queued *queued,
    int64_t now)
{
	if (session->stale && session->state == IB_READY &&
	    !ib_session_is_probe(queued))
		return false;
	if (queued->history && (ib_session_history(session) >=
	    (size_t)session->setup.open ||
	    ib_pace_history(&session->pace, now, &queued->past) > 0))
		return false;
	return true;
}

/*
 * What its turn has come of: in order, but a request of history that must wait
 * holds up no other.
 */
static void
ib_session_pump(struct ib_session *session)
{
	int64_t now = ib_session_ms();
	bool blocked = false;
	size_t i = 0;

	if (session->state < IB_CLOCK)
		return;
	while (i < session->n_queue) {
		struct ib_queued *queued = &session->queue[i];
		struct ib_call *call;

		if (queued->history && blocked) {
			i++;
			continue;
		}
		if (!ib_pace_message(&session->pace, now))
			break;
		if (!ib_session_may(session, queued, now)) {
			session->pace.tokens_e3 += 1000;
			blocked |= queued->history;
			i++;
			continue;
		}
		call = ib_session_call(session, queued->call);
		if (call != NULL)
			call->due_ms = call->timeout_ms == 0 ?
			    INT64_MAX - 1 : now + call->timeout_ms;
		buf_add(&session->out, queued->frame.p, queued->frame.n);
		buf_free(&queued->frame);
		memmove(queued, queued + 1, (--session->n_queue - i) *
		    sizeof(*queued));
	}
	if (session->out.n > 0)
		ib_session_write(session);
}

int
ib_session_send(struct ib_session *session, struct ib_call *call,
    struct slice frame, const struct ib_past *history)
{
	struct ib_queued *queued;
	struct slice payload;
	struct ib_in in;
	size_t used;

	if (ib_wire_frame(frame, &payload, &used, NULL) != 1 ||
	    used != frame.n || !ib_wire_reads(ib_wire_open(&in, payload,
	    NULL)))
		return -1;
	session->queue = buf_realloc(session->queue, session->n_queue + 1,
	    sizeof(*session->queue));
	queued = &session->queue[session->n_queue++];
	memset(queued, 0, sizeof(*queued));
	buf_add(&queued->frame, frame.p, frame.n);
	if (call != NULL) {
		queued->call = call->id;
		call->history = history != NULL;
	}
	if (history != NULL) {
		queued->history = true;
		queued->past = *history;
	}
	ib_session_pump(session);
	return 0;
}

static void
ib_session_send_own(struct ib_session *session, struct buf *frame)
{
	ib_session_send(session, NULL, (struct slice){ frame->p, frame->n },
	    NULL);
	buf_free(frame);
}

/* True when the call's request has left. */
static bool
ib_session_is_sent(const struct ib_call *call)
{
	return call->due_ms != INT64_MAX;
}

void
ib_session_close(struct ib_session *session, struct ib_call *call)
{
	struct buf frame = BUF_INIT;
	bool sent = ib_session_is_sent(call);
	int64_t id = call->id;

	if (id == 0)
		return;
	ib_session_forget(session, call);
	if (!sent || call->cancel == 0 || session->state < IB_CLOCK)
		return;
	ib_wire_cancel(&frame, call->cancel, id);
	ib_session_send_own(session, &frame);
}

/* ---- the connection ---- */

static void ib_session_connect(struct ib_session *session);

static void
ib_session_drop(struct ib_session *session)
{
	loop_watch_free(session->watch);
	session->watch = NULL;
	if (session->fd >= 0)
		close(session->fd);
	session->fd = -1;
	session->in.n = session->out.n = 0;
	for (size_t i = 0; i < session->n_queue; i++)
		buf_free(&session->queue[i].frame);
	session->n_queue = 0;
	session->has_id = session->stale = false;
	free(session->accounts);
	session->accounts = NULL;
}

/* How long to wait before the next try, a fifth more or less. */
static int64_t
ib_session_backoff(int tries)
{
	static const int64_t ms[] = { 500, 1000, 2000, 4000, 8000, 15000,
		30000, 60000 };
	size_t most = sizeof(ms) / sizeof(*ms) - 1;
	int64_t wait = ms[tries < (int)most ? tries : (int)most];

	return wait - wait / 5 + loop_now_ns() % (2 * wait / 5);
}

/* What never worked is given up, what did is tried for ever. */
static void
ib_session_down(struct ib_session *session, int status, const char *why)
{
	enum ib_state was = session->state;

	session->state = IB_DOWN;
	ib_session_drop(session);
	while (session->n_calls > 0)
		ib_session_over(session, session->calls[0], IB_CALL_GONE, why);
	if (was == IB_STOPPING || !session->was_ready) {
		session->due_ms = INT64_MAX;
		ib_session_tell(session, IB_NEWS_OVER,
		    was == IB_STOPPING ? 0 : status, why);
		return;
	}
	session->due_ms = ib_session_ms() +
	    ib_session_backoff(session->tries++);
	if (was == IB_READY)
		ib_session_tell(session, IB_NEWS_LOST, 0, why);
	else
		log_info("%s", why);
}

static void
ib_session_greet(struct ib_session *session)
{
	session->state = IB_GREETING;
	session->due_ms = ib_session_ms() + session->setup.connect_ms;
	session->heard_ms = ib_session_ms();
	ib_wire_hello(&session->out, IB_WIRE_LOW, IB_WIRE_NEWEST);
	ib_session_write(session);
}

/* The two fields of the gateway's greeting: version and a time for people. */
static int
ib_session_greeted(struct ib_session *session, struct slice payload,
    struct err *err)
{
	struct buf frame = BUF_INIT;
	struct ib_in in;
	int64_t version = ib_wire_open(&in, payload, err);

	if (version < 0)
		return -1;
	ib_wire_text(&in);
	if (in.bad != 0 || in.p != in.end)
		return 0;		/* something else came first */
	if (version < IB_WIRE_OLDEST || version > IB_WIRE_NEWEST)
		return err_set(err, "it speaks version %lld, not %d to %d: "
		    "update TWS or IB Gateway", (long long)version,
		    IB_WIRE_OLDEST, IB_WIRE_NEWEST);
	session->version = (int)version;
	session->state = IB_STARTING;
	session->due_ms = ib_session_ms() + session->setup.connect_ms;
	ib_wire_start(&frame, session->setup.client);
	buf_add(&session->out, frame.p, frame.n);
	buf_free(&frame);
	ib_session_write(session);
	return 0;
}

/* Both opening messages are there: ask for the time, then it is ready. */
static void
ib_session_started(struct ib_session *session)
{
	struct buf frame = BUF_INIT;

	if (session->state != IB_STARTING || !session->has_id ||
	    session->accounts == NULL)
		return;
	session->state = IB_CLOCK;
	ib_wire_data_type(&frame, session->setup.data_type);
	ib_session_send_own(session, &frame);
	ib_wire_time(&frame);
	ib_session_send_own(session, &frame);
}

static void
ib_session_timed(struct ib_session *session, int64_t seconds)
{
	if (session->state != IB_CLOCK || seconds < 0 ||
	    seconds > TRADE_TIME_MOST / 1000)
		return;
	session->offset_ms = seconds * 1000 - ib_session_ms();
	session->state = IB_READY;
	session->was_ready = true;
	session->tries = 0;
	session->due_ms = INT64_MAX;
	ib_session_tell(session, IB_NEWS_READY, 0, "");
}

/* ---- errors ---- */

/* Codes that end no request. */
static bool
ib_session_is_advice(const struct ib_call *call, int64_t code)
{
	static const int64_t ends[] = { 101, 102, 200, 320, 321, 322, 354,
		414, 420, 10168, 10186, 10187, 10189, 10190, 10225, 10346 };

	if ((code >= 2100 && code <= 2199) || code == 10167 ||
	    code == 10089 || code == 10090 || code == 10091 || code == 492 ||
	    code == 10197)
		return true;
	if (call->cancel != IB_CANCEL_MARKET)
		return false;
	/* A line goes on after what nobody knows; silence will tell. */
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++)
		if (ends[i] == code)
			return false;
	return true;
}

/* "... on the new port - 4005": what stands behind the last dash. */
static void
ib_session_new_port(struct ib_session *session, const char *text)
{
	const char *dash = strrchr(text, '-');
	long port = dash == NULL ? 0 : strtol(dash + 1, NULL, 10);

	if (port > 0 && port < 65536)
		session->port = port;
}

/* True when the connection is over and was taken down. */
static bool
ib_session_system(struct ib_session *session, int64_t code, const char *text)
{
	switch (code) {
	case 326:
		ib_session_down(session, EXIT_USAGE, text);
		return true;
	case 1300:
		ib_session_new_port(session, text);
		ib_session_down(session, EXIT_SYSTEM, text);
		return true;
	case 1100:
	case 2110:
		if (!session->stale)
			ib_session_tell(session, IB_NEWS_STALE, code, text);
		session->stale = true;
		return false;
	case 1101:
		session->stale = false;
		while (session->n_calls > 0)
			ib_session_over(session, session->calls[0],
			    IB_CALL_GONE, text);
		ib_session_tell(session, IB_NEWS_LOST, code, text);
		ib_session_tell(session, IB_NEWS_READY, code, text);
		return false;
	case 1102:
		session->stale = false;
		ib_session_tell(session, IB_NEWS_BACK, code, text);
		return false;
	case 2103:
	case 2105:
	case 2157:
		ib_session_tell(session, IB_NEWS_FARM, code, text);
		return false;
	case 2104:
	case 2106:
	case 2158:
		ib_session_tell(session, IB_NEWS_FARM_BACK, code, text);
		return false;
	case 300:			/* cancelled twice: no matter */
	case 365:
	case 366:
	case 2107:
	case 2108:
	case 2119:
		return false;
	default:
		ib_session_tell(session, IB_NEWS_ADVICE, code, text);
		return false;
	}
}

static bool
ib_session_error(struct ib_session *session, struct ib_message *message)
{
	struct ib_call *call = message->request > 0 ?
	    ib_session_call(session, message->request) : NULL;

	if (call == NULL)
		return message->request > 0 && message->number != 326 ?
		    false : ib_session_system(session, message->number,
		    message->text.p);
	if (ib_session_is_advice(call, message->number))
		call->got(call, message);
	else
		ib_session_over(session, call, message->number,
		    message->text.p);
	return false;
}

/* ---- messages ---- */

/* True when nothing more comes for the request. */
static bool
ib_session_is_last(const struct ib_message *message)
{
	switch (message->id) {
	case IB_DETAILS_END:
	case IB_SNAPSHOT_END:
	case IB_CHAIN_END:
	case IB_BARS:
		return true;
	case IB_QUOTES:
	case IB_PRINTS:
		return message->number != 0;
	default:
		return false;
	}
}

static void
ib_session_for_call(struct ib_session *session, struct ib_message *message)
{
	struct ib_call *call = ib_session_call(session, message->request);
	bool last = ib_session_is_last(message);
	int64_t id = message->request;

	if (call == NULL)
		return;			/* cancelled meanwhile */
	call->got(call, message);
	/* It may have closed itself. */
	if (last && ib_session_call(session, id) == call)
		ib_session_over(session, call, IB_CALL_DONE, "");
}

/* False when the connection was taken down. */
static bool
ib_session_message(struct ib_session *session, struct ib_message *message)
{
	switch (message->id) {
	case IB_ERROR:
		return !ib_session_error(session, message);
	case IB_NEXT_ID:
		session->has_id = true;
		break;
	case IB_ACCOUNTS:
		free(session->accounts);
		session->accounts = buf_dup(message->text.p, message->text.n);
		break;
	case IB_TIME:
		ib_session_timed(session, message->number);
		return true;
	case IB_POSITION:
	case IB_POSITIONS_END:
		session->events.message(session->events.ctx, message);
		return true;
	default:
		ib_session_for_call(session, message);
		return true;
	}
	ib_session_started(session);
	return true;
}

/* One frame; -1 and err: the connection makes no sense any more. */
static int
ib_session_frame(struct ib_session *session, struct slice payload,
    bool *gone, struct err *err)
{
	struct ib_message message;
	int r;

	if (session->state == IB_GREETING)
		return ib_session_greeted(session, payload, err);
	r = ib_wire_read(payload, &message, err);
	if (r > 0)
		*gone = !ib_session_message(session, &message);
	return r < 0 ? -1 : 0;
}

/* Whole frames of what was received. */
static void
ib_session_frames(struct ib_session *session)
{
	size_t done = 0, used;
	struct slice payload;
	bool gone = false;
	struct err err;
	int r = 1;

	while (!gone && r > 0) {
		struct slice rest = { session->in.p + done,
		    session->in.n - done };

		r = ib_wire_frame(rest, &payload, &used, &err);
		if (r > 0 && ib_session_frame(session, payload, &gone,
		    &err) < 0)
			r = -1;
		if (session->watch == NULL)
			return;		/* a callback ended it */
		if (r > 0)
			done += used;
	}
	if (gone)
		return;
	if (r < 0) {
		ib_session_down(session, EXIT_USAGE, err.text);
		return;
	}
	buf_drop(&session->in, done);
}

static void
ib_session_receive(struct ib_session *session)
{
	char *to = buf_reserve(&session->in, IB_READ);
	ssize_t n = recv(session->fd, to, IB_READ, 0);
	struct err err;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		session->in.n += (size_t)n;
		session->heard_ms = ib_session_ms();
		ib_session_frames(session);
		return;
	}
	if (n < 0)
		err_fill_sys(&err, errno, "the gateway's connection");
	else
		err_fill(&err, session->state == IB_READY ?
		    "the gateway closed the connection" :
		    "the gateway closed the connection at once: is this "
		    "computer among its trusted addresses?");
	ib_session_down(session, EXIT_SYSTEM, err.text);
}

static void
ib_session_connected(struct ib_session *session)
{
	socklen_t n = sizeof(int);
	int error = 0;

	getsockopt(session->fd, SOL_SOCKET, SO_ERROR, &error, &n);
	if (error == 0) {
		ib_session_greet(session);
		return;
	}
	loop_watch_free(session->watch);
	session->watch = NULL;
	close(session->fd);
	session->fd = -1;
	session->host = session->host->ai_next;
	errno = error;
	ib_session_connect(session);
}

static void
ib_session_on_watch(void *ctx, int what)
{
	struct ib_session *session = ctx;

	if (session->state == IB_CONNECTING) {
		ib_session_connected(session);
		return;
	}
	if ((what & LOOP_WRITE) != 0)
		ib_session_write(session);
	if ((what & LOOP_READ) != 0)
		ib_session_receive(session);
}

/* Tries the host's addresses in turn, from session->host on; errno: of the
 * one before. */
static void
ib_session_connect(struct ib_session *session)
{
	struct err err;

	for (; session->host != NULL; session->host = session->host->ai_next) {
		const struct addrinfo *to = session->host;

		session->fd = socket(to->ai_family,
		    to->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
		if (session->fd < 0)
			continue;
		if (connect(session->fd, to->ai_addr, to->ai_addrlen) == 0 ||
		    errno == EINPROGRESS) {
			session->watch = loop_watch_new(session->loop,
			    session->fd, ib_session_on_watch, session);
			loop_watch_set(session->watch, LOOP_WRITE);
			return;
		}
		close(session->fd);
		session->fd = -1;
	}
	err_fill(&err, "unable to connect to %s port %lld: %s%s",
	    session->setup.host, (long long)session->port, strerror(errno),
	    errno == ECONNREFUSED ? ": neither TWS nor IB Gateway listens "
	    "there, or its API is off" : "");
	ib_session_down(session, EXIT_SYSTEM, err.text);
}

static void
ib_session_try(struct ib_session *session)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	char port[8];
	struct err err;
	int r;

	if (session->hosts != NULL)
		freeaddrinfo(session->hosts);
	session->hosts = NULL;
	session->state = IB_CONNECTING;
	session->due_ms = ib_session_ms() + session->setup.connect_ms;
	snprintf(port, sizeof(port), "%d", (int)session->port);
	r = getaddrinfo(session->setup.host, port, &hints, &session->hosts);
	if (r != 0) {
		err_fill(&err, "%s: %s", session->setup.host,
		    gai_strerror(r));
		ib_session_down(session, EXIT_SYSTEM, err.text);
		return;
	}
	session->host = session->hosts;
	errno = 0;
	ib_session_connect(session);
}

/* ---- time ---- */

static void
ib_session_late(struct ib_session *session)
{
	static const char *const why[] = {
		[IB_CONNECTING] = "the gateway's computer does not answer",
		[IB_GREETING] = "what listens there does not answer: another "
		    "program's port, or a dialog in TWS that asks whether "
		    "this computer may connect",
		[IB_STARTING] = "the gateway accepted the connection and "
		    "then said nothing: is it logged in?",
		[IB_CLOCK] = "the gateway does not tell the time",
		[IB_STOPPING] = "",
	};

	switch (session->state) {
	case IB_DOWN:
		ib_session_try(session);
		return;
	case IB_READY:
		return;
	case IB_CONNECTING:
	case IB_GREETING:
	case IB_STARTING:
	case IB_CLOCK:
	case IB_STOPPING:
	default:
		ib_session_down(session, EXIT_SYSTEM, why[session->state]);
		return;
	}
}

/* Nothing was heard for long: ask for the time, then give up. */
static void
ib_session_listen(struct ib_session *session, int64_t now)
{
	int64_t quiet = now - session->heard_ms;
	struct buf frame = BUF_INIT;

	if (session->state != IB_READY)
		return;
	if (quiet >= IB_DEAD_MS) {
		ib_session_down(session, EXIT_SYSTEM,
		    "the gateway fell silent");
	} else if (quiet >= IB_QUIET_MS &&
	    now - session->asked_ms >= IB_ASK_MS) {
		session->asked_ms = now;
		ib_wire_time(&frame);
		ib_session_send_own(session, &frame);
	}
}

static void
ib_session_on_timer(void *ctx)
{
	struct ib_session *session = ctx;
	int64_t now = ib_session_ms();

	loop_timer_set(session->timer, IB_TICK_MS);
	if (now >= session->due_ms)
		ib_session_late(session);
	for (size_t i = 0; i < session->n_calls; i++)
		if (now >= session->calls[i]->due_ms) {
			struct ib_call *call = session->calls[i];
			struct buf frame = BUF_INIT;

			if (call->cancel != 0) {
				ib_wire_cancel(&frame, call->cancel, call->id);
				ib_session_send_own(session, &frame);
			}
			ib_session_over(session, call, IB_CALL_LATE,
			    "no answer in time");
			break;		/* the table may have changed */
		}
	ib_session_listen(session, now);
	ib_session_pump(session);
	if (session->state == IB_STOPPING && session->n_queue == 0 &&
	    session->out.n == 0)
		ib_session_down(session, EXIT_DONE, "");
}

/* ---- life ---- */

struct ib_session *
ib_session_new(struct loop *loop, const struct ib_session_setup *setup,
    const struct ib_events *events)
{
	struct ib_session *session = buf_alloc(1, sizeof(*session));

	session->setup = *setup;
	session->events = *events;
	session->loop = loop;
	session->fd = -1;
	session->next_id = 1;
	session->port = setup->port;
	ib_pace_init(&session->pace, setup->history);
	session->timer = loop_timer_new(loop, ib_session_on_timer, session);
	loop_timer_set(session->timer, 0);
	return session;			/* due_ms is 0: connects at once */
}

void
ib_session_free(struct ib_session *session)
{
	if (session == NULL)
		return;
	ib_session_drop(session);
	loop_timer_free(session->timer);
	if (session->hosts != NULL)
		freeaddrinfo(session->hosts);
	free(session->queue);
	free(session->calls);
	buf_free(&session->in);
	buf_free(&session->out);
	ib_pace_free(&session->pace);
	free(session);
}

void
ib_session_stop(struct ib_session *session)
{
	bool up = session->state >= IB_CLOCK;

	while (session->n_calls > 0) {
		struct ib_call *call = session->calls[0];

		ib_session_close(session, call);
		call->over(call, IB_CALL_GONE, "");
	}
	session->state = IB_STOPPING;
	session->due_ms = up ? ib_session_ms() + IB_LINGER_MS : 0;
}

int64_t
ib_session_wait(const struct ib_session *session, int64_t weight)
{
	for (size_t i = 0; i < session->n_queue; i++)
		weight += session->queue[i].past.weight;
	return ib_pace_wait(&session->pace, ib_session_ms(), weight);
}

bool
ib_session_is_ready(const struct ib_session *session)
{
	return session->state == IB_READY;
}

int64_t
ib_session_now(const struct ib_session *session)
{
	return ib_session_ms() + session->offset_ms;
}

size_t
ib_session_waiting(const struct ib_session *session)
{
	return session->n_queue;
}

int
ib_session_version(const struct ib_session *session)
{
	return session->version;
}

struct slice
ib_session_accounts(const struct ib_session *session)
{
	return session->accounts == NULL ? SLICE("") :
	    (struct slice){ session->accounts, strlen(session->accounts) };
}
