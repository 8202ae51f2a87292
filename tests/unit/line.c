/*
 * Lines in and out: the same lines however the bytes arrive, bounded memory,
 * output before any wait.  What is wanted follows from the input by counting.
 */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "record/line.h"
#include "record/scan.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* ---- a source that delivers so many bytes at a time ---- */

struct source {
	const char *p;
	size_t n;
	size_t at;
	size_t step;
	int error;		/* errno at the end, instead of the end */
};

static ssize_t
source_read(void *ctx, void *dst, size_t n)
{
	struct source *s = ctx;

	if (s->at == s->n && s->error != 0) {
		errno = s->error;
		return -1;
	}
	if (n > s->step)
		n = s->step;
	if (n > s->n - s->at)
		n = s->n - s->at;
	memcpy(dst, s->p + s->at, n);
	s->at += n;
	return (ssize_t)n;
}

/* ---- the same lines whatever the reads ---- */

static const size_t steps[] = {
	1, 2, 3, 7, 4095, 4096, 4097, 65535, 65536, 65537, 1 << 22
};

/* Lines of 0 to 299 bytes, then a long one and one without its newline. */
static void
make_lines(struct buf *text)
{
	for (int i = 0; i < 300; i++) {
		for (int k = 0; k < i; k++)
			buf_add(text, &"0123456789\r\0{}"[(i + k) % 14], 1);
		buf_add(text, "\n", 1);
	}
	for (int i = 0; i < 700000; i++)
		buf_add(text, "x", 1);
	buf_str(text, "\nlast");
}

/* Walks lines and text side by side; the number of lines that agree. */
static int64_t
count_same(struct line_in *in, const struct buf *text)
{
	struct line line;
	struct err err;
	size_t at = 0;
	int64_t n = 0;

	while (line_next(in, &line, &err) == 1) {
		const char *p = text->p + at;
		const char *nl = memchr(p, '\n', text->n - at);
		size_t want = nl == NULL ? text->n - at : (size_t)(nl - p);

		if (line.n != want || memcmp(line.p, p, want) != 0 ||
		    line.number != n + 1 || line.offset != (int64_t)at ||
		    line.too_long || strcmp(line.file, "src") != 0)
			return -n - 1;
		/* What scan_line asks for: an end, and a pad to read. */
		if ((line.p[want] != '\n' && line.p[want] != '\0') ||
		    memchr(line.p + want, 1, SCAN_PAD) != NULL)
			return -n - 1;
		n++;
		at += want + 1;
	}
	return at == text->n + 1 ? n : -n - 1;
}

static void
test_steps(void)
{
	struct buf text = BUF_INIT;

	make_lines(&text);
	for (size_t i = 0; i < COUNT(steps); i++) {
		struct source src = { text.p, text.n, 0, steps[i], 0 };
		struct line_in *in = line_in_from(source_read, &src, "src");

		CHECK_INT("same lines", count_same(in, &text), 302);
		line_in_free(in);
	}
	buf_free(&text);
}

/* ---- ends ---- */

static void
test_ends(void)
{
	static const struct {
		const char *name, *text;
		int lines;
		const char *last;
	} cases[] = {
		{ "nothing", "", 0, NULL },
		{ "newline", "\n", 1, "" },
		{ "two newlines", "\n\n", 2, "" },
		{ "no newline", "a", 1, "a" },
		{ "newline at the end", "a\n", 1, "a" },
		{ "last without newline", "a\nb", 2, "b" },
		{ "CRLF", "a\r\n", 1, "a\r" },
		{ "CR at the end", "a\r", 1, "a\r" },
		{ "empty between", "a\n\nb\n", 3, "b" }
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct source src = { cases[i].text, strlen(cases[i].text), 0,
		    1, 0 };
		struct line_in *in = line_in_from(source_read, &src, "src");
		struct line line = { NULL, 0, NULL, 0, 0, false };
		struct buf last = BUF_INIT;
		int n = 0;

		while (line_next(in, &line, NULL) == 1) {
			n++;
			last.n = 0;
			buf_add(&last, line.p, line.n);
		}
		CHECK_INT(cases[i].name, n, cases[i].lines);
		if (n > 0 && last.n == 0)
			CHECK_STR(cases[i].name, "", cases[i].last);
		else if (n > 0)
			CHECK_TEXT(cases[i].name, last.p, last.n,
			    cases[i].last);
		CHECK_INT(cases[i].name, line_next(in, &line, NULL), 0);
		buf_free(&last);
		line_in_free(in);
	}
}

/* A read that fails: said once, and half a line is no line. */
static void
test_read_error(void)
{
	struct source src = { "{}\n{\"half\":", 11, 0, 5, EIO };
	struct line_in *in = line_in_from(source_read, &src, "src");
	struct line line;
	struct err err;

	CHECK_INT("line before", line_next(in, &line, &err), 1);
	CHECK_INT("error", line_next(in, &line, &err), -1);
	CHECK_STR("error", err.text, "unable to read src: Input/output error");
	CHECK_INT("end", line_next(in, &line, &err), 0);
	line_in_free(in);
}

/* ---- long lines ---- */

static struct buf
line_of(size_t n)
{
	struct buf text = BUF_INIT;

	buf_str(&text, "first\n");
	memset(buf_reserve(&text, n), 'x', n);
	text.n += n;
	return text;
}

/*
 * first, a line of n bytes, and a last one (or the end) behind it, which
 * starts 6 + n + 1 bytes into the text.
 */
static void
check_long(size_t n, size_t step, bool last)
{
	struct buf text = line_of(n);
	struct source src = { NULL, 0, 0, step, 0 };
	bool too_long = n > 1048576;
	struct line_in *in;
	struct line line;

	if (last)
		buf_str(&text, "\nlast\n");
	src.p = text.p;
	src.n = text.n;
	in = line_in_from(source_read, &src, "src");
	CHECK_INT("first", line_next(in, &line, NULL), 1);
	CHECK_TEXT("first", line.p, line.n, "first");
	CHECK_INT("long", line_next(in, &line, NULL), 1);
	CHECK_INT("long", line.too_long, too_long);
	CHECK_INT("long", line.n, too_long ? 0 : n);
	CHECK_INT("number of the long line", line.number, 2);
	CHECK_INT("offset of the long line", line.offset, 6);
	if (last) {
		CHECK_INT("last", line_next(in, &line, NULL), 1);
		CHECK_TEXT("last", line.p, line.n, "last");
		CHECK("last", !line.too_long);
		CHECK_INT("number of the last", line.number, 3);
		CHECK_INT("offset of the last", line.offset, 6 + n + 1);
	}
	CHECK_INT("end", line_next(in, &line, NULL), 0);
	line_in_free(in);
	buf_free(&text);
}

static void
test_long(void)
{
	/* 1 MiB is 1,048,576 bytes */
	static const size_t sizes[] = {
		1048575, 1048576, 1048577, 1048578, 2097152, 2097153, 5000000
	};
	static const size_t reads[] = { 1000, 65537, 1048577, 1 << 23 };

	for (size_t i = 0; i < COUNT(sizes); i++) {
		for (size_t k = 0; k < COUNT(reads); k++) {
			check_long(sizes[i], reads[k], true);
			check_long(sizes[i], reads[k], false);
		}
	}
}

/* 256 MiB of one line, out of nothing. */
static ssize_t
endless_read(void *ctx, void *dst, size_t n)
{
	int64_t *left = ctx;

	if ((int64_t)n > *left)
		n = (size_t)*left;
	memset(dst, 'x', n);
	*left -= (int64_t)n;
	return (ssize_t)n;
}

static void
test_endless(void)
{
	int64_t left = INT64_C(1) << 28;
	struct line_in *in = line_in_from(endless_read, &left, "src");
	struct rusage before, after;
	struct line line;

	getrusage(RUSAGE_SELF, &before);
	CHECK_INT("endless line", line_next(in, &line, NULL), 1);
	getrusage(RUSAGE_SELF, &after);
	CHECK("too long", line.too_long);
	CHECK_INT("end", line_next(in, &line, NULL), 0);
	CHECK("less than 16 MiB more",
	    after.ru_maxrss - before.ru_maxrss < 16 << 10);
	line_in_free(in);
}

/* ---- files ---- */

/* A file of the text; its name goes into a template of mkstemp. */
static void
make_file(char *name, const char *text)
{
	int fd = mkstemp(name);
	size_t n = strlen(text);

	CHECK("file made", fd >= 0 && write(fd, text, n) == (ssize_t)n);
	close(fd);
}

static void
check_next(struct line_in *in, const char *text, const char *file,
    int64_t number, int64_t offset)
{
	struct line line = { "", 0, "", 0, 0, false };

	CHECK_INT(text, line_next(in, &line, NULL), 1);
	CHECK_TEXT(text, line.p, line.n, text);
	CHECK_STR(text, line.file, file);
	CHECK_INT(text, line.number, number);
	CHECK_INT(text, line.offset, offset);
}

static void
test_files(void)
{
	char a[] = "line-test-XXXXXX", b[] = "line-test-XXXXXX";
	char empty[] = "line-test-XXXXXX", none[] = "line-test-none";
	char dir[] = ".";
	char *const files[] = { a, empty, none, dir, b, a };
	struct line_in *in;
	struct line line;
	struct err err;

	make_file(a, "a1\na2");
	make_file(b, "b1\n");
	make_file(empty, "");
	in = line_in_new(files, COUNT(files), NULL);
	check_next(in, "a1", a, 1, 0);
	check_next(in, "a2", a, 2, 3);
	CHECK_INT("missing", line_next(in, &line, &err), -1);
	CHECK_STR("missing", err.text,
	    "unable to open line-test-none: No such file or directory");
	CHECK_INT("directory", line_next(in, &line, &err), -1);
	CHECK_STR("directory", err.text, "unable to read .: Is a directory");
	check_next(in, "b1", b, 1, 0);
	check_next(in, "a1", a, 1, 0);
	check_next(in, "a2", a, 2, 3);
	CHECK_INT("end", line_next(in, &line, &err), 0);
	CHECK_INT("end again", line_next(in, &line, &err), 0);
	line_in_free(in);

	in = line_in_new(files + 2, 1, NULL);
	CHECK_INT("missing alone", line_next(in, &line, &err), -1);
	CHECK_INT("missing alone, end", line_next(in, &line, &err), 0);
	line_in_free(in);
	unlink(a);
	unlink(b);
	unlink(empty);
}

/* A too long line at a file's end has no part in the next file. */
static void
test_long_then_next(void)
{
	char a[] = "line-test-XXXXXX", b[] = "line-test-XXXXXX";
	char *const files[] = { a, b };
	struct buf text = line_of(1500000);
	struct line_in *in;
	struct line line;

	buf_add(&text, "", 1);
	make_file(a, text.p);
	make_file(b, "b1\n");
	in = line_in_new(files, 2, NULL);
	check_next(in, "first", a, 1, 0);
	CHECK_INT("long", line_next(in, &line, NULL), 1);
	CHECK("long", line.too_long);
	check_next(in, "b1", b, 1, 0);
	CHECK_INT("end", line_next(in, &line, NULL), 0);
	line_in_free(in);
	unlink(a);
	unlink(b);
	buf_free(&text);
}

/* ---- standard input ---- */

/* No name and "-" are standard input, which stays open. */
static void
test_stdin(void)
{
	char dash[] = "-";
	char *const files[] = { dash };
	int saved = dup(STDIN_FILENO);

	for (int i = 0; i < 2; i++) {
		int ends[2];
		struct line_in *in;
		struct line line;

		CHECK("pipe", pipe(ends) == 0);
		dup2(ends[0], STDIN_FILENO);
		close(ends[0]);
		CHECK("written", write(ends[1], "one\ntwo", 7) == 7);
		close(ends[1]);
		in = i == 0 ? line_in_new(NULL, 0, NULL) :
		    line_in_new(files, 1, NULL);
		check_next(in, "one", "-", 1, 0);
		check_next(in, "two", "-", 2, 4);
		CHECK_INT("end", line_next(in, &line, NULL), 0);
		line_in_free(in);
		CHECK("still open", fcntl(STDIN_FILENO, F_GETFD) >= 0);
	}
	dup2(saved, STDIN_FILENO);
	close(saved);
}

/* ---- output ---- */

static int
readable(int fd, int timeout_ms)
{
	struct pollfd wait = { fd, POLLIN, 0 };

	return poll(&wait, 1, timeout_ms) == 1 && (wait.revents & POLLIN);
}

/*
 * A peer that sends the second line only when it has received the answer to
 * the first; it gives up after ten seconds.  Ends with 0 when all went so.
 */
static int
peer(int to, int from)
{
	char got[16];

	if (!readable(from, 10000))
		return 1;
	if (read(from, got, sizeof(got)) != 4 || memcmp(got, "one\n", 4) != 0)
		return 2;
	return write(to, "two\n", 4) == 4 ? 0 : 3;
}

/* Forks a peer; *in and *out are the test's ends of its pipes. */
static pid_t
peer_start(int *in, int *out)
{
	int in_ends[2], out_ends[2], status;
	pid_t child;

	CHECK("pipes", pipe(in_ends) == 0 && pipe(out_ends) == 0);
	CHECK("written", write(in_ends[1], "one\n", 4) == 4);
	child = fork();
	if (child == 0) {
		close(in_ends[0]);
		close(out_ends[1]);
		status = peer(in_ends[1], out_ends[0]);
		close(in_ends[1]);
		close(out_ends[0]);
		_exit(status);
	}
	close(in_ends[1]);
	close(out_ends[0]);
	*in = in_ends[0];
	*out = out_ends[1];
	return child;
}

/*
 * Output leaves before a read that would block, and not before that; flags
 * may say that reads do not block.
 */
static void
test_flush_before_wait(int flags)
{
	int from, to, saved, status = -1;
	pid_t child = peer_start(&from, &to);
	struct line_out out;
	struct line_in *in;
	struct line line;

	saved = dup(STDIN_FILENO);
	dup2(from, STDIN_FILENO);
	close(from);
	fcntl(STDIN_FILENO, F_SETFL, flags);
	line_out_init(&out, to);
	in = line_in_new(NULL, 0, &out);
	check_next(in, "one", "-", 1, 0);
	buf_str(&out.buf, "one\n");
	CHECK_INT("one record", line_out_end(&out), 0);
	CHECK_INT("held while lines may be ready", out.buf.n, 4);
	check_next(in, "two", "-", 2, 4);
	CHECK("peer ended", waitpid(child, &status, 0) == child);
	CHECK_INT("peer was answered", status, 0);
	CHECK_INT("end", line_next(in, &line, NULL), 0);
	line_in_free(in);
	CHECK_INT("closed", line_out_close(&out, NULL), 0);
	dup2(saved, STDIN_FILENO);
	close(saved);
}

/* A file never waits: nothing is flushed while its lines are read. */
static void
test_no_flush_on_file(void)
{
	char name[] = "line-test-XXXXXX";
	char *const files[] = { name };
	struct buf text = BUF_INIT;
	struct line_out out;
	struct line_in *in;
	struct line line;
	int ends[2];

	for (int i = 0; i < 100000; i++)
		buf_str(&text, "0123456789\n");
	buf_add(&text, "", 1);
	make_file(name, text.p);
	CHECK("pipe", pipe(ends) == 0);
	line_out_init(&out, ends[1]);
	in = line_in_new(files, 1, &out);
	buf_str(&out.buf, "x\n");
	while (line_next(in, &line, NULL) == 1)
		line_out_end(&out);
	CHECK("held to the end", !readable(ends[0], 0));
	CHECK_INT("closed", line_out_close(&out, NULL), 0);
	CHECK("then written", readable(ends[0], 0));
	close(ends[0]);
	line_in_free(in);
	unlink(name);
	buf_free(&text);
}

/* What is written is what was put, in pieces smaller than all of it. */
static void
test_out_large(void)
{
	char name[] = "line-test-XXXXXX";
	int fd = mkstemp(name);
	struct line_out out;
	struct buf want = BUF_INIT;
	off_t before_close;
	char *got;

	line_out_init(&out, fd);
	for (int i = 0; i < 100000; i++) {
		buf_fmt(&out.buf, "line %d\n", i);
		buf_fmt(&want, "line %d\n", i);
		if (line_out_end(&out) != 0)
			break;
	}
	before_close = lseek(fd, 0, SEEK_END);
	CHECK("written as it grew", before_close > 0);
	CHECK("bounded", want.n - (size_t)before_close < 256 << 10);
	CHECK_INT("closed", line_out_close(&out, NULL), 0);
	fd = open(name, O_RDONLY);
	got = buf_alloc(want.n + 1, 1);
	CHECK("length", read(fd, got, want.n + 1) == (ssize_t)want.n);
	CHECK("bytes", memcmp(got, want.p, want.n) == 0);
	close(fd);
	free(got);
	unlink(name);
	buf_free(&want);
}

/* Reads to the end; 0 when so many bytes came. */
static int
drain(int fd, size_t want)
{
	char bytes[4096];
	ssize_t n;

	while ((n = read(fd, bytes, sizeof(bytes))) > 0)
		want -= (size_t)n;
	return n == 0 && want == 0 ? 0 : 1;
}

/* A descriptor that does not block loses nothing when the pipe is full. */
static void
test_out_nonblocking(void)
{
	struct line_out out;
	int ends[2], status = -1;
	pid_t child;

	CHECK("pipe", pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		close(ends[1]);
		status = drain(ends[0], 200000 * 11);
		close(ends[0]);
		_exit(status);
	}
	close(ends[0]);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	line_out_init(&out, ends[1]);
	for (int i = 0; i < 200000; i++) {
		buf_str(&out.buf, "0123456789\n");
		line_out_end(&out);
	}
	CHECK_INT("closed", line_out_close(&out, NULL), 0);
	CHECK("peer ended", waitpid(child, &status, 0) == child);
	CHECK_INT("all bytes came", status, 0);
}

static void
test_out_full(void)
{
	struct line_out out;
	struct err err = { "" };

	line_out_init(&out, open("/dev/full", O_WRONLY));
	buf_str(&out.buf, "lost\n");
	CHECK_INT("gathered", line_out_end(&out), 0);
	CHECK_INT("close", line_out_close(&out, &err), -1);
	CHECK_STR("close", err.text,
	    "unable to write standard output: No space left on device");

	line_out_init(&out, open("/dev/full", O_WRONLY));
	buf_str(&out.buf, "lost\n");
	CHECK_INT("flush", line_out_flush(&out), -1);
	CHECK_INT("after a failure", line_out_end(&out), -1);
	CHECK_INT("nothing new", line_out_close(&out, &err), -1);
	CHECK_STR("nothing new", err.text,
	    "unable to write standard output: No space left on device");

	line_out_init(&out, open("/dev/full", O_WRONLY));
	CHECK_INT("nothing written", line_out_close(&out, &err), 0);

	line_out_init(&out, -1);
	CHECK_INT("bad descriptor", line_out_close(&out, &err), -1);
	CHECK_STR("bad descriptor", err.text,
	    "unable to write standard output: Bad file descriptor");
}

struct waiter {
	int calls, end;		/* ends the input at this call */
};

static int
waiter_ready(void *ctx, int fd)
{
	struct waiter *waiter = ctx;

	CHECK("a descriptor", fd >= 0);
	return ++waiter->calls < waiter->end ? 0 : -1;
}

/* ready is asked before each read, and its word ends the input. */
static void
test_wait(void)
{
	struct waiter waiter = { 0, 100 };
	struct line_in *in;
	struct line line;
	struct err err;
	int fd[2];

	if (pipe(fd) < 0 || dup2(fd[0], STDIN_FILENO) < 0 ||
	    write(fd[1], "one\ntwo", 7) != 7)
		return;
	in = line_in_new(NULL, 0, NULL);
	line_in_wait(in, waiter_ready, &waiter);
	CHECK_INT("first", line_next(in, &line, &err), 1);
	CHECK_INT("one read", waiter.calls, 1);
	waiter.end = 2;
	CHECK_INT("stopped: half a line is none", line_next(in, &line, &err),
	    0);
	CHECK_INT("stays stopped", line_next(in, &line, &err), 0);
	CHECK_INT("asked twice", waiter.calls, 2);
	line_in_free(in);
	close(fd[0]);
	close(fd[1]);
}

int
main(void)
{
	char dir[] = "/tmp/flow-line-XXXXXX";

	if (mkdtemp(dir) == NULL || chdir(dir) < 0)
		return 1;
	test_steps();
	test_ends();
	test_read_error();
	test_long();
	test_endless();
	test_files();
	test_long_then_next();
	test_stdin();
	test_wait();
	test_flush_before_wait(0);
	test_flush_before_wait(O_NONBLOCK);
	test_no_flush_on_file();
	test_out_large();
	test_out_nonblocking();
	test_out_full();
	if (rmdir(dir) < 0)
		CHECK("nothing left behind", 0);
	return check_end();
}
