/*
 * Times what a shell cannot: how long one record takes through an idle chain,
 * and how long a program takes to start and end.
 *
 *	stopwatch way N PAUSE_MS 'chain' ...
 *	stopwatch start N 'program argument ...' ...
 *
 * Both go round all contestants N times and print a line for each: the 50th
 * and 99th percentile in microseconds, and for start the largest resident set
 * in KiB (not below stopwatch's own).
 *
 * way sends each chain a trade, waits until it comes out at the end, and lets
 * the machine rest; the first tenth of the rounds does not count.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/log.h"

extern char **environ;

enum { ARGS = 16 };

struct contestant {
	const char *command;
	int to, from;		/* its ends */
	pid_t pid;
	double *us;		/* one per round */
	long rss;		/* KiB */
};

static double
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int
by_time(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
report(struct contestant *c, size_t from, size_t n)
{
	double *us = c->us + from;

	n -= from;
	qsort(us, n, sizeof(*us), by_time);
	printf("%.1f %.1f %ld\n", us[n / 2], us[n * 99 / 100], c->rss);
}

/* ---- one record's way ---- */

static void
open_chain(struct contestant *c)
{
	char *argv[] = { (char *)(uintptr_t)"sh", (char *)(uintptr_t)"-c",
	    (char *)(uintptr_t)c->command, NULL };
	posix_spawn_file_actions_t actions;
	int in[2], out[2];

	/* The ends kept here must not be held open by the others' chains. */
	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		log_die(EXIT_SYSTEM, "unable to make a pipe");
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	if (posix_spawnp(&c->pid, "sh", &actions, NULL, argv, environ) != 0)
		log_die(EXIT_SYSTEM, "unable to start %s", c->command);
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	c->to = in[1];
	c->from = out[0];
}

/* Reads until the record of this number has come out, to its line's end. */
static void
await(struct contestant *c, const char *mark)
{
	char text[8192];
	size_t n = 0;

	for (;;) {
		ssize_t r = read(c->from, text + n, sizeof(text) - 1 - n);

		if (r <= 0)
			log_die(EXIT_SYSTEM, "%s: ended early", c->command);
		n += (size_t)r;
		text[n] = '\0';
		if (text[n - 1] != '\n')
			continue;
		if (strstr(text, mark) != NULL)
			return;
		n = 0;
	}
}

static double
send_record(struct contestant *c, int64_t number)
{
	char text[1024], mark[64];
	int64_t ts = 1763994600000 + 1000 * number;
	int n = snprintf(text, sizeof(text), "{\"record\":\"trade\","
	    "\"trade_id\":\"w%" PRId64 "\",\"symbol\":\"AAA\",\"root\":\"AAA\","
	    "\"contract_ticker\":\"O:AAA251219C00100000\",\"timestamp\":%"
	    PRId64 ",\"sequence\":%" PRId64 ",\"trade_date\":\"2025-11-24\","
	    "\"session\":\"RTH\",\"price\":1.05,\"size\":1,\"multiplier\":100,"
	    "\"premium\":105,\"strike\":100,\"expiration\":\"2025-12-19\","
	    "\"option_type\":\"call\",\"dte\":25,\"exchange\":\"CBOE\","
	    "\"conditions\":[\"AUTO\"],\"bid\":1,\"ask\":1.1,\"bid_size\":10,"
	    "\"ask_size\":20,\"quote_timestamp\":%" PRId64 "}\n", number, ts,
	    number, ts - 5);
	double start;

	snprintf(mark, sizeof(mark), "\"sequence\":%" PRId64 ",", number);
	start = now_us();
	if (write(c->to, text, (size_t)n) != n)
		log_die(EXIT_SYSTEM, "%s: does not read", c->command);
	await(c, mark);
	return now_us() - start;
}

static void
time_ways(struct contestant *c, size_t n, size_t rounds, long pause_ms)
{
	static const char hello[] = "{\"record\":\"hello\","
	    "\"schema_version\":1,\"run\":\"w\","
	    "\"stage\":\"stopwatch\",\"mode\":\"demo\"}\n";
	struct timespec rest = { 0, pause_ms * 1000000 };

	for (size_t i = 0; i < n; i++) {
		open_chain(&c[i]);
		if (write(c[i].to, hello, sizeof(hello) - 1) < 0)
			log_die(EXIT_SYSTEM, "%s: no start", c[i].command);
		await(&c[i], "hello");
	}
	for (size_t k = 0; k < rounds; k++)
		for (size_t i = 0; i < n; i++) {
			nanosleep(&rest, NULL);
			c[i].us[k] = send_record(&c[i], (int64_t)k + 1);
		}
	for (size_t i = 0; i < n; i++) {
		close(c[i].to);
		close(c[i].from);
		waitpid(c[i].pid, NULL, 0);
		report(&c[i], rounds / 10, rounds);
	}
}

/* ---- start to end ---- */

static void
time_start(struct contestant *c, size_t round)
{
	char *text = buf_dup(c->command, strlen(c->command)), *rest = text;
	char *argv[ARGS + 1] = { NULL };
	posix_spawn_file_actions_t actions;
	struct rusage usage;
	double start;

	for (int i = 0; i < ARGS; i++) {
		argv[i] = strtok_r(NULL, " ", &rest);
		if (argv[i] == NULL)
			break;
	}
	posix_spawn_file_actions_init(&actions);
	for (int fd = 0; fd < 3; fd++)
		posix_spawn_file_actions_addopen(&actions, fd, "/dev/null",
		    O_RDWR, 0);
	start = now_us();
	if (posix_spawnp(&c->pid, argv[0], &actions, NULL, argv, environ) != 0)
		log_die(EXIT_SYSTEM, "unable to start %s", c->command);
	wait4(c->pid, NULL, 0, &usage);
	c->us[round] = now_us() - start;
	if (usage.ru_maxrss > c->rss)
		c->rss = usage.ru_maxrss;
	posix_spawn_file_actions_destroy(&actions);
	free(text);
}

int
main(int argc, char *argv[])
{
	bool ways = argc > 4 && strcmp(argv[1], "way") == 0;
	int first = ways ? 4 : 3;
	struct contestant *c;
	size_t n, rounds;

	log_init("stopwatch");
	signal(SIGPIPE, SIG_IGN);
	if (argc <= first)
		log_die(EXIT_USAGE, "usage: stopwatch way N MS chain ... | "
		    "stopwatch start N program ...");
	n = (size_t)(argc - first);
	rounds = (size_t)strtoul(argv[2], NULL, 10);
	c = buf_alloc(n, sizeof(*c));
	for (size_t i = 0; i < n; i++) {
		c[i].command = argv[first + (int)i];
		c[i].us = buf_alloc(rounds, sizeof(double));
	}
	if (ways)
		time_ways(c, n, rounds, strtol(argv[3], NULL, 10));
	for (size_t k = 0; k < rounds && !ways; k++)
		for (size_t i = 0; i < n; i++)
			time_start(&c[i], k);
	for (size_t i = 0; i < n && !ways; i++)
		report(&c[i], 0, rounds);
	for (size_t i = 0; i < n; i++)
		free(c[i].us);
	free(c);
	return 0;
}
