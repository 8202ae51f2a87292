#ifndef FLOW_IB_SESSION_H
#define FLOW_IB_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/loop.h"
#include "tap/ib_pace.h"
#include "tap/ib_wire.h"

/*
 * A connection to TWS or IB Gateway that is kept up: handshake, requests with
 * their ids, deadlines and pace, errors sorted into what ends a request, what
 * is advice and what is about the connection, and reconnecting for ever once
 * it has worked.  Nothing is sent but what ib_wire_reads.
 *
 * The owner keeps a table of what it wants and asks for all of it whenever the
 * session says IB_NEWS_READY: nothing that was asked before is asked again by
 * itself.
 */

struct ib_session_setup {
	const char *host;		/* borrowed, as all */
	int64_t port, client;
	int64_t connect_ms;		/* to connect, and then to be ready */
	int64_t data_type;		/* ib_wire_data_type */
	int64_t history;		/* weight of history in ten minutes */
	int64_t open;			/* requests of history at once */
};

enum ib_news {
	IB_NEWS_READY,		/* all must be asked for (again) */
	IB_NEWS_LOST,		/* no data; what was asked is gone */
	IB_NEWS_STALE,		/* no data; it may come back as it was */
	IB_NEWS_BACK,		/* it did */
	IB_NEWS_FARM,		/* a kind of data is away, or back */
	IB_NEWS_FARM_BACK,
	IB_NEWS_ADVICE,		/* not tied to a request */
	IB_NEWS_OVER		/* no use in going on; code: exit status */
};

struct ib_events {
	void (*news)(void *ctx, enum ib_news news, int64_t code,
	    const char *text);
	/* A message without a request: positions. */
	void (*message)(void *ctx, struct ib_message *message);
	void *ctx;
};

/* Codes of our own in the place of the gateway's. */
enum { IB_CALL_DONE = 0, IB_CALL_LATE = -1, IB_CALL_GONE = -2 };

/*
 * One request, owned by whoever asks.  over comes exactly once, after it the
 * session has forgotten the call, unless it was closed before.
 */
struct ib_call {
	/* A message for it, advice (IB_ERROR) too. */
	void (*got)(struct ib_call *call, struct ib_message *message);
	/* code: IB_CALL_*, or the error's; why: text, or "" */
	void (*over)(struct ib_call *call, int64_t code, const char *why);
	int64_t timeout_ms;	/* since it was sent; 0: none */
	int cancel;		/* the message that ends it, or 0 */
	/* The session's own: */
	int64_t id;
	int64_t due_ms;
	bool history;
};

struct ib_session;

struct ib_session *ib_session_new(struct loop *loop,
    const struct ib_session_setup *setup, const struct ib_events *events);
/* Ends all calls without a word. */
void ib_session_free(struct ib_session *session);

/* Cancels what runs, sends what waits, closes; then IB_NEWS_OVER, code 0. */
void ib_session_stop(struct ib_session *session);

/* Gives the call its id; then comes the request with that id. */
int64_t ib_session_open(struct ib_session *session, struct ib_call *call);

/*
 * Queues a frame, of a call or (NULL) of none; history not NULL: at its pace
 * (at_ms is not read).  -1 when it is not on the list of those that only
 * read: then nothing is sent.
 */
int ib_session_send(struct ib_session *session, struct ib_call *call,
    struct slice frame, const struct ib_past *history);

/* Forgets the call and cancels it: no over comes.  Fine when it is over. */
void ib_session_close(struct ib_session *session, struct ib_call *call);

bool ib_session_is_ready(const struct ib_session *session);

/* The gateway's clock, ms; only after IB_NEWS_READY. */
int64_t ib_session_now(const struct ib_session *session);

/* How long history of this weight must wait for its turn, ms. */
int64_t ib_session_wait(const struct ib_session *session, int64_t weight);

/* Messages that wait for their turn. */
size_t ib_session_waiting(const struct ib_session *session);

/* As negotiated; and the accounts, comma-separated. */
int ib_session_version(const struct ib_session *session);
struct slice ib_session_accounts(const struct ib_session *session);

#endif
