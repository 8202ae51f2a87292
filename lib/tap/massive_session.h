#ifndef FLOW_MASSIVE_SESSION_H
#define FLOW_MASSIVE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * The talk with one cluster of Massive's stream (massive-api.md 2): greet,
 * authenticate, ask for what is wanted and keep a table of what was confirmed,
 * because the server answers nothing to what it does not know.  One subscribe
 * message is under way at a time, so that bare "not authorized" can be laid at
 * its door: they are of those that had no other answer.  When some had none at
 * all, these are asked for again one by one.
 *
 * What is wanted outlives connections; massive_session_begin starts over.
 * Pure: time is handed in, in monotonic ms.
 */

enum massive_session_state {
	MASSIVE_SESSION_GREETING,	/* "connected" is awaited */
	MASSIVE_SESSION_AUTH,
	MASSIVE_SESSION_ASKING,		/* essential asks are under way */
	MASSIVE_SESSION_LIVE,		/* some are held, none is open */
	MASSIVE_SESSION_OVER		/* by fate */
};

enum massive_session_fate {
	MASSIVE_SESSION_GOES_ON,
	MASSIVE_SESSION_RETRY,		/* connect again after a backoff */
	MASSIVE_SESSION_PARK,		/* the account has its connections */
	MASSIVE_SESSION_REFUSED		/* never try again: key or plan */
};

/* What became of an ask. */
enum massive_session_ask {
	MASSIVE_SESSION_WANTED,
	MASSIVE_SESSION_ASKED,
	MASSIVE_SESSION_HELD,
	MASSIVE_SESSION_NOT_ENTITLED,
	MASSIVE_SESSION_UNANSWERED
};

enum {
	MASSIVE_SESSION_ANSWER_MS = 5000,	/* most time for an answer */
	MASSIVE_SESSION_GREET_MS = 10000,	/* for greeting and auth */
	MASSIVE_SESSION_BATCH = 100		/* asks in a message */
};

struct massive_session;

struct massive_session_setup {
	const char *key;		/* borrowed; sent, never shown */
	void (*send)(void *ctx, struct slice text);
	/* An ask has its answer, or none in time.  May be NULL. */
	void (*answered)(void *ctx, const char *ask,
	    enum massive_session_ask what);
	void *ctx;
};

struct massive_session *massive_session_new(
    const struct massive_session_setup *setup);
void massive_session_free(struct massive_session *session);

/*
 * Wants "T.*" or "Q.O:..." from now on; essential: without any of these the
 * connection is of no use.  Drop no longer wants it.  Neither sends at once.
 */
void massive_session_want(struct massive_session *session, const char *ask,
    bool essential);
void massive_session_drop(struct massive_session *session, const char *ask);

/* A connection was made: all is to be asked for again. */
void massive_session_begin(struct massive_session *session, int64_t now_ms);

/* A status event came. */
void massive_session_status(struct massive_session *session,
    struct slice status, struct slice message, int64_t now_ms);

/* Time passed: sends what is due, gives up on what had no answer. */
void massive_session_time(struct massive_session *session, int64_t now_ms);

enum massive_session_state massive_session_state(
    const struct massive_session *session);

/* How it must end; *why has the reason unless it goes on. */
enum massive_session_fate massive_session_fate(
    const struct massive_session *session, const char **why);

enum massive_session_ask massive_session_has(
    const struct massive_session *session, const char *ask);

#endif
