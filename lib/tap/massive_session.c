#include "tap/massive_session.h"

#include <stdlib.h>

#include "base/plain.h"
#include "base/table.h"

struct massive_session_pair {
	char *text;			/* "T.O:..." */
	bool essential;
	bool alone;			/* is asked for by itself */
	bool unwanted;			/* to be given up, then forgotten */
	enum massive_session_ask state;
};

struct massive_session {
	struct massive_session_setup setup;
	enum massive_session_state state;
	enum massive_session_fate fate;
	struct err why;
	int64_t due_ms;			/* an answer is awaited until then */
	struct massive_session_pair **pairs;
	size_t n, cap;
	size_t n_essential;		/* pairs that are */
	size_t n_asked;			/* under way */
	size_t n_errors;		/* "not authorized" to those */
	bool news;			/* something wanted or unwanted */
	struct table by_text;
	struct buf out;
};

struct massive_session *
massive_session_new(const struct massive_session_setup *setup)
{
	struct massive_session *session = buf_alloc(1, sizeof(*session));

	session->setup = *setup;
	session->state = MASSIVE_SESSION_OVER;
	table_init(&session->by_text);
	return session;
}

void
massive_session_free(struct massive_session *session)
{
	if (session == NULL)
		return;
	for (size_t i = 0; i < session->n; i++) {
		free(session->pairs[i]->text);
		free(session->pairs[i]);
	}
	free(session->pairs);
	table_free(&session->by_text);
	buf_free(&session->out);
	free(session);
}

enum massive_session_state
massive_session_state(const struct massive_session *session)
{
	return session->state;
}

enum massive_session_fate
massive_session_fate(const struct massive_session *session, const char **why)
{
	*why = session->why.text;
	return session->fate;
}

/* ---- what is wanted ---- */

static struct massive_session_pair *
massive_session_find(const struct massive_session *session, const char *ask,
    size_t n)
{
	return table_get(&session->by_text, ask, n);
}

enum massive_session_ask
massive_session_has(const struct massive_session *session, const char *ask)
{
	const struct massive_session_pair *pair = massive_session_find(
	    session, ask, strlen(ask));

	return pair == NULL ? MASSIVE_SESSION_WANTED : pair->state;
}

void
massive_session_want(struct massive_session *session, const char *ask,
    bool essential)
{
	size_t n = strlen(ask);
	struct massive_session_pair *pair = massive_session_find(session, ask,
	    n);

	session->news = true;
	if (pair != NULL) {
		pair->unwanted = false;
		return;
	}
	if (session->n == session->cap) {
		session->cap = session->cap == 0 ? 16 : 2 * session->cap;
		session->pairs = buf_realloc(session->pairs, session->cap,
		    sizeof(*session->pairs));
	}
	pair = buf_alloc(1, sizeof(*pair));
	pair->text = buf_dup(ask, n);
	pair->essential = essential;
	session->n_essential += essential;
	session->pairs[session->n++] = pair;
	*table_at(&session->by_text, ask, n) = pair;
}

void
massive_session_drop(struct massive_session *session, const char *ask)
{
	struct massive_session_pair *pair = massive_session_find(session, ask,
	    strlen(ask));

	if (pair != NULL) {
		pair->unwanted = true;
		session->news = true;
	}
}

static void
massive_session_forget(struct massive_session *session, size_t i)
{
	struct massive_session_pair *pair = session->pairs[i];

	table_remove(&session->by_text, pair->text, strlen(pair->text));
	session->n_essential -= pair->essential;
	free(pair->text);
	free(pair);
	session->pairs[i] = session->pairs[--session->n];
}

/* ---- talking ---- */

static void
massive_session_end(struct massive_session *session,
    enum massive_session_fate fate, const char *why, struct slice said)
{
	struct buf clean = BUF_INIT;

	session->state = MASSIVE_SESSION_OVER;
	session->fate = fate;
	plain_clean(&clean, said);
	err_fill(&session->why, "%s%s%.*s", why, clean.n > 0 ? ": " : "",
	    (int)clean.n, clean.n > 0 ? clean.p : "");
	buf_free(&clean);
}

static void
massive_session_send(struct massive_session *session)
{
	buf_str(&session->out, "\"}");
	session->setup.send(session->setup.ctx,
	    (struct slice){ session->out.p, session->out.n });
}

static void
massive_session_message(struct massive_session *session, const char *action)
{
	session->out.n = 0;
	buf_fmt(&session->out, "{\"action\":\"%s\",\"params\":\"", action);
}

static void
massive_session_answer(struct massive_session *session,
    struct massive_session_pair *pair, enum massive_session_ask what)
{
	if (pair->state == MASSIVE_SESSION_ASKED)
		session->n_asked--;
	pair->state = what;
	if (session->setup.answered != NULL &&
	    what != MASSIVE_SESSION_WANTED)
		session->setup.answered(session->setup.ctx, pair->text, what);
}

/* Gives up what is no longer wanted, in messages of their own. */
static void
massive_session_unask(struct massive_session *session)
{
	int n = 0;

	for (size_t i = session->n; i-- > 0; ) {
		struct massive_session_pair *pair = session->pairs[i];

		if (!pair->unwanted || pair->state == MASSIVE_SESSION_ASKED)
			continue;
		if (pair->state == MASSIVE_SESSION_HELD) {
			if (n == 0)
				massive_session_message(session,
				    "unsubscribe");
			buf_fmt(&session->out, "%s%s", n++ > 0 ? "," : "",
			    pair->text);
		}
		massive_session_forget(session, i);
		if (n == MASSIVE_SESSION_BATCH) {
			massive_session_send(session);
			n = 0;
		}
	}
	if (n > 0)
		massive_session_send(session);
}

/* Asks for the next batch, the essential first; true when there was one. */
static bool
massive_session_ask(struct massive_session *session, bool essential,
    int64_t now_ms)
{
	bool alone = false;
	size_t n = 0;

	for (size_t i = 0; i < session->n && n < MASSIVE_SESSION_BATCH &&
	    !alone; i++) {
		struct massive_session_pair *pair = session->pairs[i];

		if (pair->state != MASSIVE_SESSION_WANTED || pair->unwanted ||
		    pair->essential != essential || (pair->alone && n > 0))
			continue;
		if (n == 0)
			massive_session_message(session, "subscribe");
		buf_fmt(&session->out, "%s%s", n++ > 0 ? "," : "",
		    pair->text);
		pair->state = MASSIVE_SESSION_ASKED;
		alone = pair->alone;
	}
	if (n == 0)
		return false;
	session->n_asked = n;
	session->n_errors = 0;
	session->due_ms = now_ms + MASSIVE_SESSION_ANSWER_MS;
	massive_session_send(session);
	return true;
}

/* All essential asks have an answer: is any of them held? */
static void
massive_session_judge(struct massive_session *session)
{
	size_t held = 0, refused = 0;

	for (size_t i = 0; i < session->n; i++) {
		const struct massive_session_pair *pair = session->pairs[i];

		held += pair->essential &&
		    pair->state == MASSIVE_SESSION_HELD;
		refused += pair->essential &&
		    pair->state == MASSIVE_SESSION_NOT_ENTITLED;
	}
	if (held > 0)
		session->state = MASSIVE_SESSION_LIVE;
	else if (refused > 0)
		massive_session_end(session, MASSIVE_SESSION_REFUSED,
		    "not entitled to what was asked for",
		    (struct slice){ NULL, 0 });
	else
		massive_session_end(session, MASSIVE_SESSION_RETRY,
		    "no answer to a subscription", (struct slice){ NULL, 0 });
}

/*
 * Goes on asking.  What is not essential waits until the connection is live,
 * which also lets the feed begin as early as can be.
 */
static void
massive_session_next(struct massive_session *session, int64_t now_ms)
{
	if (session->n_asked > 0 || session->state == MASSIVE_SESSION_OVER)
		return;
	if (massive_session_ask(session, true, now_ms))
		return;
	if (session->state == MASSIVE_SESSION_ASKING)
		massive_session_judge(session);
	if (session->state != MASSIVE_SESSION_LIVE || !session->news)
		return;
	massive_session_unask(session);
	session->news = massive_session_ask(session, false, now_ms);
}

/* A batch is over: all of it was answered, or its time is up. */
static void
massive_session_settle(struct massive_session *session)
{
	bool sure = session->n_errors >= session->n_asked;
	bool many = session->n_asked > 1;

	for (size_t i = 0; i < session->n && session->n_asked > 0; i++) {
		struct massive_session_pair *pair = session->pairs[i];

		if (pair->state != MASSIVE_SESSION_ASKED)
			continue;
		if (session->n_errors > 0 && many && !sure) {
			pair->alone = true;	/* which one was it? */
			massive_session_answer(session, pair,
			    MASSIVE_SESSION_WANTED);
		} else {
			massive_session_answer(session, pair,
			    session->n_errors > 0 ?
			    MASSIVE_SESSION_NOT_ENTITLED :
			    MASSIVE_SESSION_UNANSWERED);
		}
	}
	session->n_asked = 0;
}

/* ---- what comes ---- */

void
massive_session_begin(struct massive_session *session, int64_t now_ms)
{
	for (size_t i = session->n; i-- > 0; ) {
		session->pairs[i]->state = MASSIVE_SESSION_WANTED;
		session->pairs[i]->alone = false;
		if (session->pairs[i]->unwanted)
			massive_session_forget(session, i);
	}
	session->state = MASSIVE_SESSION_GREETING;
	session->fate = MASSIVE_SESSION_GOES_ON;
	session->n_asked = 0;
	session->news = true;
	session->due_ms = now_ms + MASSIVE_SESSION_GREET_MS;
}

static void
massive_session_auth(struct massive_session *session, int64_t now_ms)
{
	struct buf *out = &session->out;

	massive_session_message(session, "auth");
	buf_str(out, session->setup.key);
	massive_session_send(session);
	explicit_bzero(out->p, out->n);
	session->state = MASSIVE_SESSION_AUTH;
	session->due_ms = now_ms + MASSIVE_SESSION_GREET_MS;
}

static void
massive_session_success(struct massive_session *session, struct slice message,
    int64_t now_ms)
{
	static const char to[] = "subscribed to: ";
	struct massive_session_pair *pair;
	size_t n = sizeof(to) - 1;

	if (message.n <= n || memcmp(message.p, to, n) != 0)
		return;			/* "unsubscribed to: " among others */
	pair = massive_session_find(session, message.p + n, message.n - n);
	if (pair == NULL || (pair->state != MASSIVE_SESSION_ASKED &&
	    pair->state != MASSIVE_SESSION_UNANSWERED))
		return;			/* late is better than never */
	massive_session_answer(session, pair, MASSIVE_SESSION_HELD);
	if (session->n_asked > 0 && session->n_asked == session->n_errors)
		massive_session_settle(session);
	massive_session_next(session, now_ms);
}

void
massive_session_status(struct massive_session *session, struct slice status,
    struct slice message, int64_t now_ms)
{
	if (session->state == MASSIVE_SESSION_OVER)
		return;
	if (slice_equal(status, SLICE("connected"))) {
		if (session->state == MASSIVE_SESSION_GREETING)
			massive_session_auth(session, now_ms);
	} else if (slice_equal(status, SLICE("auth_success"))) {
		if (session->state != MASSIVE_SESSION_AUTH)
			return;
		session->state = MASSIVE_SESSION_ASKING;
		massive_session_next(session, now_ms);
	} else if (slice_equal(status, SLICE("success"))) {
		massive_session_success(session, message, now_ms);
	} else if (slice_equal(status, SLICE("error"))) {
		/* One each; those that succeed come behind, and by name. */
		session->n_errors++;
		if (session->n_asked > 0 &&
		    session->n_errors == session->n_asked) {
			massive_session_settle(session);
			massive_session_next(session, now_ms);
		}
	} else if (slice_equal(status, SLICE("auth_failed"))) {
		massive_session_end(session, MASSIVE_SESSION_REFUSED,
		    "the key was refused", message);
	} else if (slice_equal(status, SLICE("auth_timeout"))) {
		massive_session_end(session, MASSIVE_SESSION_RETRY,
		    "not authenticated in time", message);
	} else if (slice_equal(status, SLICE("max_connections"))) {
		massive_session_end(session, MASSIVE_SESSION_PARK,
		    "the account's connections are taken", message);
	}
}

void
massive_session_time(struct massive_session *session, int64_t now_ms)
{
	static const struct slice none = { NULL, 0 };

	if (session->state == MASSIVE_SESSION_OVER)
		return;
	if (session->state <= MASSIVE_SESSION_AUTH) {
		if (now_ms >= session->due_ms)
			massive_session_end(session, MASSIVE_SESSION_RETRY,
			    session->state == MASSIVE_SESSION_GREETING ?
			    "no greeting" : "no answer to the key", none);
		return;
	}
	if (session->n_asked > 0 && now_ms >= session->due_ms)
		massive_session_settle(session);
	massive_session_next(session, now_ms);
}
