#ifndef FLOW_LOG_H
#define FLOW_LOG_H

#include <stdnoreturn.h>

#include "base/err.h"

/*
 * Lines for people on stderr: "prog: level: text", each one write of at most
 * 4096 bytes with control bytes replaced, so that the messages of several
 * programs sharing a stderr never mix.  No timestamps.
 */

enum log_level {
	LOG_ERROR,
	LOG_WARNING,
	LOG_INFO,
	LOG_DEBUG
};

/*
 * Names the program (borrowed for the process's life), makes sure that
 * descriptors 0, 1 and 2 are open, ignores SIGXFSZ and resets SIGPIPE to its
 * default, as a filter needs.
 */
void log_init(const char *prog);

/* The most detailed level printed; LOG_WARNING until set. */
void log_level_set(enum log_level level);

void log_error(const char *fmt, ...) ERR_PRINTF(1, 2);
void log_warning(const char *fmt, ...) ERR_PRINTF(1, 2);
void log_info(const char *fmt, ...) ERR_PRINTF(1, 2);
/* An info line that is printed wherever warnings are: what a run came to. */
void log_result(const char *fmt, ...) ERR_PRINTF(1, 2);
void log_debug(const char *fmt, ...) ERR_PRINTF(1, 2);

/*
 * How far something is, when stderr is a terminal and warnings are printed:
 * a line that the next one replaces; an empty one ends it.
 */
void log_progress(const char *fmt, ...) ERR_PRINTF(1, 2);

/* An error line, then exit(status). */
noreturn void log_die(int status, const char *fmt, ...) ERR_PRINTF(2, 3);

#endif
