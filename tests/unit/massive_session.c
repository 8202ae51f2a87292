/*
 * The talk with a cluster.  What is sent is compared with the exact payloads
 * of massive-api.md 2.3; what the server says is from 2.4 and 2.5.
 */

#include "check.h"

#include "tap/massive_session.h"

static struct buf log_text;
static struct massive_session *session;

static void
on_send(void *ctx, struct slice text)
{
	(void)ctx;
	buf_str(&log_text, ">");
	buf_add(&log_text, text.p, text.n);
}

static void
on_answer(void *ctx, const char *ask, enum massive_session_ask what)
{
	static const char *const names[] = { "wanted", "asked", "held",
	    "refused", "silence" };

	(void)ctx;
	buf_fmt(&log_text, "[%s %s]", ask, names[what]);
}

static void
begin(void)
{
	static const struct massive_session_setup setup = { "TEST_KEY",
	    on_send, on_answer, NULL };

	massive_session_free(session);
	session = massive_session_new(&setup);
	log_text.n = 0;
}

static void
say(const char *status, const char *message, int64_t now)
{
	massive_session_status(session,
	    (struct slice){ status, strlen(status) },
	    (struct slice){ message, strlen(message) }, now);
}

static void
check_log(const char *name, const char *want)
{
	CHECK_TEXT(name, log_text.n > 0 ? log_text.p : "", log_text.n, want);
	log_text.n = 0;
}

/* What was sent last is the sample of this name. */
static void
check_sample(const char *name)
{
	char path[128], want[512] = ">";
	FILE *file;
	size_t n = 0;

	snprintf(path, sizeof(path), "tests/data/massive/ws_client_%s.json",
	    name);
	file = fopen(path, "r");
	if (file != NULL) {
		n = fread(want + 1, 1, sizeof(want) - 2, file);
		fclose(file);
	}
	want[n] = '\0';			/* its newline */
	check_log(name, want);
}

/* The samples of what a client says. */
static void
check_samples(void)
{
	static const char put[] = "T.O:SPY251219P00650000";
	static const char quotes[] = "Q.O:SPY251219C00650000";

	begin();
	massive_session_want(session, "T.*", true);
	massive_session_begin(session, 0);
	say("connected", "Connected Successfully", 0);
	check_sample("auth");
	say("auth_success", "authenticated", 0);
	check_sample("subscribe_all_trades");
	begin();
	massive_session_want(session, "T.O:SPY251219C00650000", true);
	massive_session_want(session, put, true);
	massive_session_want(session, quotes, true);
	massive_session_begin(session, 0);
	say("connected", "Connected Successfully", 0);
	log_text.n = 0;
	say("auth_success", "authenticated", 0);
	check_sample("subscribe_list");
	say("success", "subscribed to: T.O:SPY251219C00650000", 0);
	say("success", "subscribed to: T.O:SPY251219P00650000", 0);
	say("success", "subscribed to: Q.O:SPY251219C00650000", 0);
	massive_session_drop(session, quotes);
	log_text.n = 0;
	massive_session_time(session, 1);
	check_sample("unsubscribe");
}

static void
check_fate(const char *name, enum massive_session_fate want, const char *text)
{
	const char *why;

	CHECK_INT(name, massive_session_fate(session, &why), want);
	if (want != MASSIVE_SESSION_GOES_ON)
		CHECK_STR(name, why, text);
}

/* 2.3, rows 1 to 8 */
static void
check_table(void)
{
	begin();
	massive_session_want(session, "T.*", true);
	massive_session_want(session, "Q.O:SPY251219C00650000", false);
	massive_session_begin(session, 0);
	massive_session_time(session, 10);
	check_log("nothing before the greeting", "");
	say("connected", "Connected Successfully", 20);
	check_log("auth", ">{\"action\":\"auth\",\"params\":\"TEST_KEY\"}");
	say("auth_success", "authenticated", 30);
	check_log("essential asks first",
	    ">{\"action\":\"subscribe\",\"params\":\"T.*\"}");
	CHECK_INT("asking", massive_session_state(session),
	    MASSIVE_SESSION_ASKING);
	say("success", "subscribed to: T.*", 40);
	CHECK_INT("live", massive_session_state(session),
	    MASSIVE_SESSION_LIVE);
	check_log("then the others", "[T.* held]>{\"action\":\"subscribe\","
	    "\"params\":\"Q.O:SPY251219C00650000\"}");
	say("success", "subscribed to: Q.O:SPY251219C00650000", 50);
	check_log("held", "[Q.O:SPY251219C00650000 held]");
	massive_session_drop(session, "Q.O:SPY251219C00650000");
	massive_session_time(session, 60);
	check_log("given up", ">{\"action\":\"unsubscribe\",\"params\":"
	    "\"Q.O:SPY251219C00650000\"}");
	say("success", "unsubscribed to: Q.O:SPY251219C00650000", 70);
	say("unheard_of", "", 80);
	massive_session_time(session, 100000);
	check_fate("goes on", MASSIVE_SESSION_GOES_ON, "");
	check_log("no more", "");
}

static void
live(void)
{
	massive_session_want(session, "T.*", true);
	massive_session_begin(session, 0);
	say("connected", "", 0);
	say("auth_success", "", 0);
	say("success", "subscribed to: T.*", 0);
	log_text.n = 0;
}

/* 2.5: refusals come first and name no pair; silence is an answer, too. */
static void
check_answers(void)
{
	begin();
	live();
	massive_session_want(session, "Q.A", false);
	massive_session_want(session, "Q.B", false);
	massive_session_want(session, "ZZ.C", false);
	massive_session_time(session, 1);
	check_log("one message",
	    ">{\"action\":\"subscribe\",\"params\":\"Q.A,Q.B,ZZ.C\"}");
	say("error", "not authorized", 2);
	say("success", "subscribed to: Q.A", 2);
	check_log("not clear yet", "[Q.A held]");
	massive_session_time(session, 5000);
	check_log("in time", "");
	massive_session_time(session, 5001);
	check_log("one by one", ">{\"action\":\"subscribe\",\"params\":"
	    "\"Q.B\"}");
	say("error", "not authorized", 5002);
	check_log("that one", "[Q.B refused]>{\"action\":\"subscribe\","
	    "\"params\":\"ZZ.C\"}");
	massive_session_time(session, 10002);
	check_log("never answered", "[ZZ.C silence]");
	massive_session_time(session, 20000);
	check_log("and not asked again", "");
	say("success", "subscribed to: ZZ.C", 20001);
	check_log("late", "[ZZ.C held]");
	check_fate("goes on", MASSIVE_SESSION_GOES_ON, "");
}

static void
check_clear_refusal(void)
{
	begin();
	live();
	massive_session_want(session, "Q.A", false);
	massive_session_want(session, "Q.B", false);
	massive_session_time(session, 1);
	log_text.n = 0;
	say("error", "not authorized", 2);
	say("success", "subscribed to: Q.B", 2);
	check_log("by elimination", "[Q.B held][Q.A refused]");
	CHECK_INT("has", massive_session_has(session, "Q.B"),
	    MASSIVE_SESSION_HELD);
	massive_session_begin(session, 100);
	CHECK_INT("a new connection holds nothing", massive_session_has(
	    session, "Q.B"), MASSIVE_SESSION_WANTED);
}

static void
check_batches(void)
{
	char ask[32];
	size_t commas = 0;

	begin();
	live();
	for (int i = 0; i < 250; i++) {
		snprintf(ask, sizeof(ask), "Q.%d", i);
		massive_session_want(session, ask, false);
	}
	massive_session_time(session, 1);
	for (size_t i = 0; i < log_text.n; i++)
		commas += log_text.p[i] == ',';
	CHECK_INT("100 in a message, one message", commas, 99 + 1);
}

static void
check_fates(void)
{
	begin();
	massive_session_want(session, "T.*", true);
	massive_session_begin(session, 0);
	massive_session_time(session, 9999);
	check_fate("patience", MASSIVE_SESSION_GOES_ON, "");
	massive_session_time(session, 10000);
	check_fate("no greeting", MASSIVE_SESSION_RETRY, "no greeting");
	massive_session_begin(session, 20000);
	check_fate("again", MASSIVE_SESSION_GOES_ON, "");
	say("connected", "", 20001);
	massive_session_time(session, 30001);
	check_fate("no auth", MASSIVE_SESSION_RETRY, "no answer to the key");
	massive_session_begin(session, 0);
	say("connected", "", 0);
	say("auth_failed", "authentication failed", 1);
	check_fate("bad key", MASSIVE_SESSION_REFUSED,
	    "the key was refused: authentication failed");
	massive_session_begin(session, 0);
	say("connected", "", 0);
	say("auth_timeout", "No authentication request received.", 1);
	check_fate("timeout", MASSIVE_SESSION_RETRY, "not authenticated in "
	    "time: No authentication request received.");
	massive_session_begin(session, 0);
	say("connected", "", 0);
	say("auth_success", "", 1);
	say("error", "not authorized", 1);
	check_fate("trades refused", MASSIVE_SESSION_REFUSED,
	    "not entitled to what was asked for");
	massive_session_begin(session, 0);
	say("connected", "", 0);
	say("auth_success", "", 1);
	massive_session_time(session, 5001);
	check_fate("trades unanswered", MASSIVE_SESSION_RETRY,
	    "no answer to a subscription");
	begin();
	live();
	say("max_connections", "Maximum\033", 5);
	check_fate("kicked off", MASSIVE_SESSION_PARK,
	    "the account's connections are taken: Maximum?");
	say("success", "subscribed to: T.*", 6);
	check_fate("it stays over", MASSIVE_SESSION_PARK,
	    "the account's connections are taken: Maximum?");
}

int
main(void)
{
	check_table();
	check_samples();
	check_answers();
	check_clear_refusal();
	check_batches();
	check_fates();
	massive_session_free(session);
	buf_free(&log_text);
	return check_end();
}
