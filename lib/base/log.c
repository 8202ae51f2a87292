#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *log_prog = "flow";
static enum log_level log_most = LOG_WARNING;

void
log_init(const char *prog)
{
	int fd;

	log_prog = prog;
	do {
		fd = open("/dev/null", O_RDWR);
	} while (fd >= 0 && fd <= 2);
	if (fd > 2)
		close(fd);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);
}

void
log_level_set(enum log_level level)
{
	log_most = level;
}

/* A terminal must never act on what came from a feed. */
static void
log_defuse(char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c < 0x20 || c == 0x7f)
			p[i] = '?';
		else if (c == 0xc2 && i + 1 < n &&
		    (unsigned char)p[i + 1] < 0xa0)	/* C1 in UTF-8 */
			p[i] = p[i + 1] = '?';
		else if (c == 0xe2 && i + 2 < n &&	/* bidi controls */
		    (((unsigned char)p[i + 1] == 0x80 &&
		    ((unsigned char)p[i + 2] & 0xfe) == 0x8e) ||
		    ((unsigned char)p[i + 1] == 0x80 &&
		    (unsigned char)p[i + 2] >= 0xa8 &&
		    (unsigned char)p[i + 2] <= 0xae) ||
		    ((unsigned char)p[i + 1] == 0x81 &&
		    (unsigned char)p[i + 2] >= 0xa6 &&
		    (unsigned char)p[i + 2] <= 0xa9)))
			p[i] = p[i + 1] = p[i + 2] = '?';
	}
}

/* name: how the line calls its level. */
ERR_PRINTF(3, 0) static void
log_write(enum log_level level, const char *name, const char *fmt, va_list ap)
{
	char line[4096];
	int head, body;
	size_t n;

	if (level > log_most)
		return;
	head = snprintf(line, sizeof(line), "%s: %s: ", log_prog, name);
	if (head < 0 || (size_t)head >= sizeof(line) - 1)
		return;
	body = vsnprintf(line + head, sizeof(line) - (size_t)head - 1, fmt,
	    ap);
	if (body < 0)
		return;
	n = strlen(line);
	log_defuse(line, n);
	line[n++] = '\n';
	while (write(STDERR_FILENO, line, n) < 0 && errno == EINTR)
		;
}

void
log_progress(const char *fmt, ...)
{
	/* Clears what is left of the line; the next text starts at its head. */
	static const char end[] = "\033[K\r";
	char line[256];
	va_list ap;
	int n;

	if (log_most < LOG_WARNING || isatty(STDERR_FILENO) == 0)
		return;
	va_start(ap, fmt);
	n = vsnprintf(line, sizeof(line) - sizeof(end), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	log_defuse(line, strlen(line));
	memcpy(line + strlen(line), end, sizeof(end));
	while (write(STDERR_FILENO, line, strlen(line)) < 0 && errno == EINTR)
		;
}

#define LOG_AT(level, name)				\
	do {						\
		va_list ap;				\
							\
		va_start(ap, fmt);			\
		log_write(level, name, fmt, ap);	\
		va_end(ap);				\
	} while (0)

void
log_error(const char *fmt, ...)
{
	LOG_AT(LOG_ERROR, "error");
}

void
log_warning(const char *fmt, ...)
{
	LOG_AT(LOG_WARNING, "warning");
}

void
log_info(const char *fmt, ...)
{
	LOG_AT(LOG_INFO, "info");
}

void
log_result(const char *fmt, ...)
{
	LOG_AT(LOG_WARNING, "info");
}

void
log_debug(const char *fmt, ...)
{
	LOG_AT(LOG_DEBUG, "debug");
}

void
log_die(int status, const char *fmt, ...)
{
	LOG_AT(LOG_ERROR, "error");
	exit(status);
}
