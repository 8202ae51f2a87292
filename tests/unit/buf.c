#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "check.h"

/* The bytes of buf, err and log: base's three smallest modules. */

static void
test_slice(void)
{
	const char same[] = { 'a', 'b' };

	CHECK("equal", slice_equal(SLICE("ab"), (struct slice){ same, 2 }));
	CHECK("shorter", !slice_equal(SLICE("ab"), SLICE("a")));
	CHECK("other", !slice_equal(SLICE("ab"), SLICE("ac")));
	CHECK("nothing", slice_equal(SLICE(""), (struct slice){ NULL, 0 }));
	CHECK("NUL counts", !slice_equal(SLICE("a\0b"), SLICE("a\0c")));
}

static void
test_buf(void)
{
	struct buf buf = BUF_INIT;
	char want[1001];

	buf_add(&buf, NULL, 0);
	CHECK("nothing allocates nothing", buf.p == NULL && buf.n == 0);
	buf_str(&buf, "");
	buf_str(&buf, "ab");
	buf_add(&buf, "c\0d", 3);
	buf_fmt(&buf, "%d-%s", 42, "x");
	CHECK_INT("length", (int64_t)buf.n, 9);
	CHECK("bytes", memcmp(buf.p, "abc\0d42-x", 9) == 0);
	buf_drop(&buf, 0);
	buf_drop(&buf, 5);
	CHECK_TEXT("front dropped", buf.p, buf.n, "42-x");
	buf_drop(&buf, 4);
	CHECK_INT("all dropped", (int64_t)buf.n, 0);
	for (int i = 0; i < 1000; i++) {
		buf_fmt(&buf, "%d", i % 10);
		want[i] = (char)('0' + i % 10);
	}
	want[1000] = '\0';
	CHECK_TEXT("grown", buf.p, buf.n, want);
	memset(buf_reserve(&buf, 100000), 'x', 100000);
	CHECK_TEXT("room does not change it", buf.p, buf.n, want);
	CHECK("room", buf.cap - buf.n >= 100000);
	buf_free(&buf);
	CHECK("freed", buf.p == NULL && buf.n == 0 && buf.cap == 0);
}

static void
test_alloc(void)
{
	unsigned char *p = buf_alloc(3, 7);
	char *text = buf_dup("ab\0c", 4), *none = buf_dup(NULL, 0);
	unsigned sum = 0;

	for (size_t i = 0; i < 21; i++)
		sum |= p[i];
	CHECK_INT("zeroed", sum, 0);
	CHECK("copy and NUL", memcmp(text, "ab\0c", 5) == 0);
	CHECK_STR("copy of nothing", none, "");
	free(p);
	free(text);
	free(none);
}

static void
test_err(void)
{
	struct err err;
	char want[256];

	CHECK_INT("returns", err_set(&err, "%s: %d", "a", 5), -1);
	CHECK_STR("text", err.text, "a: 5");
	CHECK_INT("NULL", err_set(NULL, "a"), -1);
	CHECK_INT("returns", err_sys(&err, ENOENT, "unable to read %s", "f"),
	    -1);
	CHECK_STR("errno", err.text,
	    "unable to read f: No such file or directory");
	CHECK_INT("NULL", err_sys(NULL, EIO, "a"), -1);
	memset(want, 'x', 255);
	want[255] = '\0';
	err_set(&err, "%s%s", want, want);
	CHECK_STR("cut", err.text, want);
	err_sys(&err, EIO, "%s%s", want, want);
	CHECK_STR("cut", err.text, want);
}

/*
 * Runs what in a child.  Its stderr is a pipe in packet mode, so that each
 * read gives what one write wrote; text gets the first, *writes their number.
 */
static int
child(void (*what)(void), char *text, size_t size, int *writes)
{
	int fds[2], status = -1;
	char more[8192];
	ssize_t n;
	pid_t pid;

	CHECK("pipe", pipe2(fds, O_DIRECT) == 0);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		what();
		_exit(0);
	}
	close(fds[1]);
	n = read(fds[0], text, size - 1);
	text[n < 0 ? 0 : n] = '\0';
	for (*writes = n > 0; read(fds[0], more, sizeof(more)) > 0; )
		++*writes;
	close(fds[0]);
	CHECK("child", waitpid(pid, &status, 0) == pid && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
log_hostile(void)
{
	log_init("prog");
	log_warning("a\nb\tc\r\033[31m\x7f" "d");
}

static void
log_unicode(void)
{
	log_init("prog");
	/* C1, bidi controls, a line separator; then letters that must stay. */
	log_warning("\xc2\x9b|\xe2\x80\xae|\xe2\x80\x8f|\xe2\x81\xa6|"
	    "\xe2\x80\xa8|\xc3\xa9\xe2\x82\xac\xe2\x80\x93");
}

static void
log_long(void)
{
	static char big[9000];

	memset(big, 'x', sizeof(big) - 1);
	log_init("prog");
	log_error("%s", big);
}

static void
log_levels(void)
{
	log_init("prog");
	log_info("no");
	log_debug("no");
	log_level_set(LOG_ERROR);
	log_warning("no");
	log_error("yes");
}

static void
log_all(void)
{
	log_init("prog");
	log_level_set(LOG_DEBUG);
	log_error("1");
	log_warning("2");
	log_info("3");
	log_debug("4");
}

static void
log_end(void)
{
	log_init("prog");
	log_level_set(LOG_ERROR);
	log_die(3, "because of %s", "it");
}

#ifndef __SANITIZE_ADDRESS__	/* it has its own word on such sizes */
static void
out_of_memory(void)
{
	log_init("prog");
	free(buf_realloc(NULL, SIZE_MAX / 2, 4));
}
#endif

static void
buf_too_large(void)
{
	struct buf buf = BUF_INIT;

	log_init("prog");
	buf_str(&buf, "a");
	buf_reserve(&buf, SIZE_MAX);
}

static void
test_log(void)
{
	static const struct {
		const char *name;
		void (*what)(void);
		int status, writes;
		const char *want;
	} cases[] = {
		{ "hostile bytes", log_hostile, 0, 1,
		    "prog: warning: a?b?c??[31m?d\n" },
		{ "hostile unicode", log_unicode, 0, 1,
		    "prog: warning: ??|???|???|???|???|"
		    "\xc3\xa9\xe2\x82\xac\xe2\x80\x93\n" },
		{ "levels", log_levels, 0, 1, "prog: error: yes\n" },
		{ "a write each", log_all, 0, 4, "prog: error: 1\n" },
		{ "die", log_end, 3, 1, "prog: error: because of it\n" },
#ifndef __SANITIZE_ADDRESS__
		{ "out of memory", out_of_memory, 4, 1,
		    "prog: error: out of memory\n" },
#endif
		{ "too large", buf_too_large, 4, 1,
		    "prog: error: out of memory\n" }
	};
	char text[8192];
	int writes;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		CHECK_INT(cases[i].name, child(cases[i].what, text,
		    sizeof(text), &writes), cases[i].status);
		CHECK_STR(cases[i].name, text, cases[i].want);
		CHECK_INT(cases[i].name, writes, cases[i].writes);
	}
	child(log_long, text, sizeof(text), &writes);
	CHECK_INT("long line, one write", writes, 1);
	CHECK("long line, its length", strlen(text) > 4000 &&
	    strlen(text) <= 4096);
	CHECK("long line, its end", text[strlen(text) - 1] == '\n' &&
	    strspn(text + strlen("prog: error: "), "x") ==
	    strlen(text) - strlen("prog: error: ") - 1);
}

/* Descriptors 0 to 2 are open afterwards, and signals as a filter needs. */
static void
log_bare(void)
{
	int keep = fcntl(2, F_DUPFD, 10), third = fcntl(3, F_GETFD);
	bool open;

	signal(SIGPIPE, SIG_IGN);
	close(0);
	close(1);
	close(2);
	log_init("prog");
	open = fcntl(0, F_GETFD) >= 0 && fcntl(1, F_GETFD) >= 0 &&
	    fcntl(2, F_GETFD) >= 0 && fcntl(3, F_GETFD) == third;
	dup2(keep, 2);
	close(keep);
	log_error("%s, %s, %s", open ? "open" : "closed",
	    signal(SIGPIPE, SIG_IGN) == SIG_DFL ? "default" : "ignored",
	    signal(SIGXFSZ, SIG_DFL) == SIG_IGN ? "ignored" : "default");
}

static void
test_bare(void)
{
	char text[256];
	int writes;

	child(log_bare, text, sizeof(text), &writes);
	CHECK_STR("bare start", text, "prog: error: open, default, ignored\n");
}

int
main(void)
{
	test_slice();
	test_buf();
	test_alloc();
	test_err();
	test_log();
	test_bare();
	return check_end();
}
