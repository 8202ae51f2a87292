/*
 * flow-store: keeps what passes in a SQLite database, each record once, and
 * passes all of it on.  It adds no record but what it has to say of the
 * stream; the monotonic clock tells it when to commit and nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "base/opt.h"
#include "base/state.h"
#include "record/control.h"
#include "record/emit.h"
#include "record/line.h"
#include "record/scan.h"
#include "store/cursor.h"
#include "store/daily.h"
#include "store/export.h"
#include "store/ingest.h"
#include "store/maintain.h"
#include "store/schema.h"

enum {
	COMMIT_ROWS = 50000,
	COMMIT_MS = 200,	/* after the first row that waits */
	CLOCK_LINES = 64	/* between looks at the clock */
};

struct options {
	const char *db;
	bool relaxed, ack;
	const char *alerts;	/* a directory, "none", or NULL: its own */
	int64_t min_size;	/* -1: as the file has it */
	const char *backup;	/* or NULL */
	int64_t retain_ms;	/* or 0 */
	int64_t retain_days;
	int64_t wal_warn_mib;
	bool prune, check, vacuum, rebuild, export;
	const char *journal;	/* to look at, or NULL */
	char **files;
	size_t n_files;
	struct conf *conf;
};

struct state {
	struct scan *scan;
	struct db *db;
	struct ingest *ingest;
	struct control control;
	struct line_out out;
	char *alerts;		/* flow-alert's journal, or NULL */
	bool ack, relaxed;
	int64_t lines;		/* of input, dealt with */
	int64_t left;		/* records that are not final */
	int64_t wal_warn;	/* bytes beside the database that are told */
	bool wal_told;
	int64_t since_ms;	/* when the first row that waits came, or 0 */
	int failed;		/* exit status of the database's failure */
};

static volatile sig_atomic_t stopped;	/* the signal that ends the run */

static void
on_signal(int number)
{
	stopped = number;
}

#define DAY_MS INT64_C(86400000)

static void
options_read(struct options *o, int argc, char *argv[])
{
	const struct opt table[] = {
		{ 'd', "db", "store.db", NULL, OPT_TEXT, &o->db, "FILE", 0, 0,
		    NULL, "the database" },
		{ 0, "relaxed", NULL, NULL, OPT_FLAG, &o->relaxed, NULL, 0, 0,
		    NULL, "do not wait for the disk at each commit" },
		{ 0, "ack", NULL, NULL, OPT_FLAG, &o->ack, NULL, 0, 0, NULL,
		    "say how many lines are committed, after each commit" },
		{ 0, "alerts", "store.alerts", NULL, OPT_TEXT, &o->alerts,
		    "DIR", 0, 0, NULL,
		    "where flow-alert keeps its journal; none: do not look" },
		{ 0, "min-size", "store.min_size", NULL, OPT_INT,
		    &o->min_size, "N", 0, 1000000000, NULL,
		    "least contracts of options_flow_history" },
		{ 0, "backup", NULL, NULL, OPT_TEXT, &o->backup, "FILE", 0, 0,
		    NULL, "copy the database, also while it is written" },
		{ 0, "retain", NULL, NULL, OPT_DURATION, &o->retain_ms,
		    "DURATION", DAY_MS, 36525 * DAY_MS, NULL,
		    "delete what is older, counted from the newest day" },
		{ 0, NULL, "store.retain_days", NULL, OPT_INT,
		    &o->retain_days, "DAYS", 1, 36525, NULL,
		    "age at which --prune deletes" },
		{ 0, NULL, "store.wal_warn_mib", NULL, OPT_INT,
		    &o->wal_warn_mib, "MIB", 1, 1 << 20, NULL,
		    "what may wait beside the database before it is told" },
		{ 0, "prune", NULL, NULL, OPT_FLAG, &o->prune, NULL, 0, 0,
		    NULL, "delete what is older than store.retain_days" },
		{ 0, "check", NULL, NULL, OPT_FLAG, &o->check, NULL, 0, 0,
		    NULL, "look for damage" },
		{ 0, "vacuum", NULL, NULL, OPT_FLAG, &o->vacuum, NULL, 0, 0,
		    NULL, "give back space that is not used" },
		{ 0, "rebuild", NULL, NULL, OPT_FLAG, &o->rebuild, NULL, 0, 0,
		    NULL, "make the daily summaries anew" },
		{ 0, "cursor", NULL, NULL, OPT_TEXT, &o->journal, "JOURNAL",
		    0, 0, NULL,
		    "say which days of flow-tap's journal are stored" },
		{ 0, "export", NULL, NULL, OPT_FLAG, &o->export, NULL, 0, 0,
		    NULL, "print what is stored as records" },
		{ .help = NULL }
	};
	const struct opt_command command = {
		.name = "flow-store",
		.synopsis = "[options] [file ...]",
		.summary = "keep records in a database and pass them on",
		.table = table
	};
	int n;

	*o = (struct options){ .db = "data/flow_history.db",
	    .min_size = 10, .retain_days = 90, .wal_warn_mib = 256 };
	opt_parse(&command, argc, argv, &n, &o->conf);
	if (o->prune && o->retain_ms == 0)
		o->retain_ms = o->retain_days * DAY_MS;
	o->files = argv;
	o->n_files = (size_t)n;
}

/* ---- maintenance ---- */

static bool
options_task(const struct options *o)
{
	return o->check || o->vacuum || o->rebuild || o->export ||
	    o->backup != NULL || o->retain_ms > 0 || o->journal != NULL;
}

/* Tasks instead of reading; the exit status. */
static int
maintain(const struct options *o)
{
	enum db_mode mode = o->retain_ms > 0 || o->vacuum || o->rebuild ?
	    DB_WRITE : DB_READ;
	struct line_out out;
	struct db *db;
	struct err err;
	int status, r = 0, answer = 0;

	if (o->n_files > 0)
		log_die(EXIT_USAGE, "%s: no input is read by this option",
		    o->files[0]);
	db = maintain_open(o->db, mode, &status, &err);
	if (db == NULL)
		log_die(status, "%s", err.text);
	line_out_init(&out, STDOUT_FILENO);
	if (o->retain_ms > 0)
		r = maintain_retain(db, o->retain_ms / DAY_MS, &err);
	if (r == 0 && o->rebuild)
		r = daily_rebuild(db, &err);
	if (r == 0 && o->vacuum)
		r = maintain_vacuum(db, &err);
	if (r == 0 && o->backup != NULL)
		r = db_backup(db, o->backup, &err);
	if (r == 0 && o->export)
		r = export_all(db, &out, &err);
	if (r == 0 && o->journal != NULL)
		r = answer = cursor_list(db, o->journal, &out.buf, &err);
	if (r >= 0 && o->check)
		r = maintain_check(db, &out.buf, &err);
	status = db_status(db);
	db_close(db);
	if (r < 0)
		log_die(status, "%s", err.text);
	if (line_out_close(&out, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	return r > 0 || answer > 0 ? EXIT_NO : EXIT_DONE;
}

/* ---- commits ---- */

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000 + 1;
}

/* The database cannot go on; what was not committed is not there. */
static int
fail(struct state *s, const struct err *err)
{
	log_error("%s", err->text);
	s->failed = db_status(s->db);
	return -1;
}

/*
 * Somebody reads on and on, so that nothing can be moved into the database:
 * told once, and again when it was well meanwhile.
 */
static int
tell_wal(struct state *s, struct err *err)
{
	int64_t size = db_wal_size(s->db);
	struct err why;

	if (size < s->wal_warn) {
		s->wal_told = false;
		return 0;
	}
	if (s->wal_told)
		return 0;
	s->wal_told = true;
	err_fill(&why, "a reader of the database does not let go: %" PRId64
	    " MiB wait beside it", size >> 20);
	log_warning("%s", why.text);
	control_status(&s->out.buf, "flow-store", "warning", "wal_pinned",
	    why.text);
	if (ingest_audit(s->ingest, SLICE("flow-store"), SLICE("warning"),
	    SLICE("wal_pinned"), (struct slice){ why.text,
	    strlen(why.text) }, err) != INGEST_DONE)
		return -1;
	return ingest_commit(s->ingest, err);
}

static int
commit(struct state *s)
{
	struct err err;

	s->since_ms = 0;
	if (s->failed != 0)
		return -1;
	if (ingest_commit(s->ingest, &err) < 0 || tell_wal(s, &err) < 0)
		return fail(s, &err);
	if (s->ack)
		log_result("%s %" PRId64, s->relaxed ? "applied" :
		    "committed", s->lines);
	return 0;
}

/* How long rows may still wait, in ms; -1: none waits. */
static int64_t
commit_wait(struct state *s)
{
	int64_t now;

	if (ingest_waiting(s->ingest) == 0)
		return -1;
	now = now_ms();
	if (s->since_ms == 0)
		s->since_ms = now;
	return now - s->since_ms >= COMMIT_MS ? 0 :
	    s->since_ms + COMMIT_MS - now;
}

/* After each line. */
static int
commit_due(struct state *s)
{
	if (ingest_waiting(s->ingest) >= COMMIT_ROWS)
		return commit(s);
	if ((s->since_ms != 0 && s->lines % CLOCK_LINES != 0) ||
	    commit_wait(s) != 0)
		return 0;
	return commit(s);
}

/* A wait that finds its descriptor ready lets no signal in: this does. */
static void
hear(void)
{
	sigset_t none, held;

	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, &held);
	sigprocmask(SIG_SETMASK, &held, NULL);
}

/*
 * Waits for a descriptor, and commits meanwhile what has waited long enough.
 * Only here do signals arrive, so that none cuts a line or a commit.  -1 when
 * one did, or when a commit failed.
 */
static int
wait_for(struct state *s, int fd, short events)
{
	sigset_t none;

	sigemptyset(&none);
	hear();
	while (stopped == 0) {
		int64_t wait = s->failed != 0 ? -1 : commit_wait(s);
		struct timespec limit = { wait / 1000,
		    wait % 1000 * 1000000 };
		struct pollfd poll = { fd, events, 0 };
		int n;

		if (wait == 0) {
			if (commit(s) < 0)
				return -1;
			continue;
		}
		n = ppoll(&poll, 1, wait < 0 ? NULL : &limit, &none);
		if (n > 0 || (n < 0 && errno != EINTR))
			return stopped == 0 ? 0 : -1;
	}
	return -1;
}

static int
ready_in(void *ctx, int fd)
{
	struct state *s = ctx;

	return s->failed != 0 || s->out.error != 0 ? -1 :
	    wait_for(s, fd, POLLIN);
}

static int
ready_out(void *ctx, int fd)
{
	return wait_for(ctx, fd, POLLOUT);
}

/*
 * A reader that stalls must not keep rows from their commit: a pipe is opened
 * anew, not to block, which leaves alone those who share the old descriptor.
 */
static int
open_out(void)
{
	struct stat st;
	int fd;

	if (fstat(STDOUT_FILENO, &st) < 0 || !S_ISFIFO(st.st_mode))
		return STDOUT_FILENO;
	fd = open("/proc/self/fd/1", O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return STDOUT_FILENO;
	close(STDOUT_FILENO);	/* the reader must see the end */
	return fd;
}

/* ---- records ---- */

static void
pass(struct state *s)
{
	emit_splice(&s->out.buf, s->scan, NULL);
	emit_close(&s->out.buf);
}

/* The first difference of the counts goes to the audit too. */
static enum ingest_result
handle_heartbeat(struct state *s, struct err *err)
{
	struct control *control = &s->control;
	bool told = control->uneven;

	control_arrive(control, CONTROL_HEARTBEAT, s->scan, &s->out.buf);
	control_heartbeat(&s->out.buf, scan_object(s->scan),
	    control_hop_of(s->scan), control->stage, &control->count);
	if (told || !control->uneven)
		return INGEST_DONE;
	return ingest_audit(s->ingest, SLICE("flow-store"), SLICE("warning"),
	    SLICE("uneven_counts"), (struct slice){ control->why.text,
	    strlen(control->why.text) }, err);
}

static enum ingest_result
handle(struct state *s, struct err *err)
{
	struct control *control = &s->control;
	enum control_kind kind;
	enum ingest_result result = INGEST_DONE;
	struct slice name;

	if (control_kind_of(s->scan, &kind, &name, err) < 0)
		return INGEST_BAD;
	if (kind == CONTROL_DATA) {
		s->left += control->cut;
		/* Of unknown meaning, or of an end that was none. */
		if (!control->newer && !control->cut)
			result = ingest_data(s->ingest, s->scan, name, err);
		if (result != INGEST_DONE)
			return result;
		control->count.in++;
		control->count.out++;
		pass(s);
		return INGEST_DONE;
	}
	if (!control->cut || kind == CONTROL_STATUS)
		result = ingest_control(s->ingest, s->scan, kind, err);
	if (result != INGEST_DONE)
		return result;
	if (kind == CONTROL_HEARTBEAT)
		return handle_heartbeat(s, err);
	control_arrive(control, kind, s->scan, &s->out.buf);
	if (kind == CONTROL_BYE)
		control_bye(control, s->scan, &s->out.buf);
	else
		pass(s);
	return INGEST_DONE;
}

static int
handle_line(struct state *s, const struct line *line)
{
	enum ingest_result result = INGEST_BAD;
	struct err err;

	if (line->number == 1) {
		ingest_pass(s->ingest);
		s->control.cut = false;
	}
	if (line->too_long)
		err_set(&err, "line over %d bytes", LINE_MAX_BYTES);
	else if (scan_line(s->scan, line->p, line->n, &err) == 0)
		result = handle(s, &err);
	if (result == INGEST_FAILED)
		return fail(s, &err);
	if (result == INGEST_BAD) {
		s->control.count.in++;
		s->control.count.reject++;
		control_reject(&s->control, line->file, line->number,
		    err.text);
	}
	s->lines++;
	if (line_out_end(&s->out) < 0)
		return -1;
	return commit_due(s);
}

/* Those that ask to end; nohup(1) has HUP ignored, and that holds. */
static void
catch_signals(void)
{
	static const int numbers[] = { SIGHUP, SIGINT, SIGTERM };
	const struct sigaction action = { .sa_handler = on_signal };
	struct sigaction before;
	sigset_t held;

	sigemptyset(&held);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		sigaction(numbers[i], NULL, &before);
		if (numbers[i] == SIGHUP && before.sa_handler == SIG_IGN)
			continue;
		sigaddset(&held, numbers[i]);
		sigaction(numbers[i], &action, NULL);
	}
	sigprocmask(SIG_BLOCK, &held, NULL);
}

static void
state_init(struct state *s, const struct options *o)
{
	struct err err;
	int status;

	*s = (struct state){ .scan = scan_new(), .ack = o->ack,
	    .relaxed = o->relaxed, .wal_warn = o->wal_warn_mib << 20 };
	s->db = db_open(o->db, DB_WRITE, o->relaxed, &status, &err);
	if (s->db == NULL)
		log_die(status, "%s", err.text);
	if (db_wal_bug() != NULL)
		log_info("SQLite %s can damage a database that two processes "
		    "commit to and checkpoint; only this one does",
		    db_wal_bug());
	if (o->alerts == NULL)
		s->alerts = state_path("alerts");
	else if (strcmp(o->alerts, "none") != 0)
		s->alerts = buf_dup(o->alerts, strlen(o->alerts));
	if (schema_ready(s->db, &err) < 0 ||
	    maintain_min_size(s->db, o->min_size, &err) < 0 ||
	    (s->ingest = ingest_new(s->db, s->alerts, &err)) == NULL)
		log_die(db_status(s->db), "%s", err.text);
	line_out_init(&s->out, open_out());
	line_out_wait(&s->out, ready_out, s);
	control_init(&s->control, "flow-store");
	signal(SIGPIPE, SIG_IGN);	/* commit first */
	catch_signals();
}

static void
state_free(struct state *s)
{
	ingest_free(s->ingest);
	db_close(s->db);
	control_free(&s->control);
	scan_free(s->scan);
	free(s->alerts);
}

/* The exit status that comes of it. */
static int
tell(const struct state *s, int status)
{
	const struct ingest_count *count = ingest_counts(s->ingest);
	const char *why;
	int64_t strange = ingest_strange(s->ingest, &why);

	control_tell_rest(&s->control);
	if (s->left > 0)
		log_warning("%" PRId64 " records behind the break of the "
		    "stream are not final and were not stored: feed it again",
		    s->left);
	if (strange > 0)
		log_warning("%s: %" PRId64 " lines are no alerts, the first "
		    "at %s", s->alerts, strange, why);
	log_info("%" PRId64 " records stored, %" PRId64 " known before, %"
	    PRId64 " of kinds that are not stored", count->stored,
	    count->known, count->passed);
	return status == EXIT_DONE && strange > 0 ? EXIT_PARTIAL : status;
}

/* Ends as the signal would have ended it. */
static void
die_of(int number)
{
	sigset_t set;

	signal(number, SIG_DFL);
	raise(number);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
}

int
main(int argc, char *argv[])
{
	struct options options;
	struct state state;
	struct line_in *in;
	struct line line;
	struct err err;
	int r, status;

	log_init("flow-store");
	options_read(&options, argc, argv);
	if (options_task(&options)) {
		status = maintain(&options);
		conf_free(options.conf);
		return status;
	}
	state_init(&state, &options);
	in = line_in_new(options.files, options.n_files, &state.out);
	line_in_wait(in, ready_in, &state);
	while ((r = line_next(in, &line, &err)) != 0) {
		if (r < 0) {
			log_error("%s", err.text);
			state.control.rejected++;
		} else if (handle_line(&state, &line) < 0) {
			break;
		}
	}
	hear();
	status = state.failed != 0 || stopped != 0 || state.out.error != 0 ?
	    EXIT_SYSTEM : control_end(&state.control, &state.out.buf);
	commit(&state);
	if (state.failed != 0)
		status = state.failed;
	else
		status = tell(&state, status);
	line_in_free(in);
	r = line_out_close(&state.out, &err);
	if (r < 0 && state.out.error != EPIPE && stopped == 0)
		log_error("%s", err.text);
	state_free(&state);
	conf_free(options.conf);
	if (stopped != 0)
		die_of(stopped);
	if (r < 0 && state.out.error == EPIPE)
		die_of(SIGPIPE);
	return r < 0 ? EXIT_SYSTEM : status;
}
