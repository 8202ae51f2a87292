#ifndef FLOW_REPLAY_H
#define FLOW_REPLAY_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "tap/outlet.h"

/*
 * The bytes of a file to replay; those of a gzip file (by its first bytes, not
 * its name) unpacked.  The only place that knows zlib.
 */

struct replay;

/*
 * Opens a file, "-" being standard input, or a folder, which is a journal;
 * follow: as journal_in_open, and nothing but a journal will do.  Before a
 * read that would block, outlet (may be NULL) is flushed; *stop not 0 ends the
 * bytes.  NULL with the reason when it cannot be read.
 */
struct replay *replay_open(const char *name, bool follow,
    struct outlet *outlet, const volatile sig_atomic_t *stop,
    struct err *err);
void replay_free(struct replay *replay);

/* True when it is a journal. */
bool replay_is_journal(const struct replay *replay);

const char *replay_name(const struct replay *replay);

/* Bytes of the file as stored; 0 when it is no regular file. */
int64_t replay_size(const struct replay *replay);

/* Hundredths of the stored bytes that were read; -1 when not known. */
int replay_percent(const struct replay *replay);

/* The flag that ends it. */
const volatile sig_atomic_t *replay_stop(const struct replay *replay);

/*
 * The first line without taking it, its newline included when it has one; at
 * most most bytes.
 */
struct slice replay_peek(struct replay *replay, size_t most);

/*
 * As read(2), with the replay as context of line_in_from.  A damaged or
 * truncated gzip file ends after what could be unpacked.
 */
ssize_t replay_read(void *replay, void *dst, size_t n);

/* Bytes handed out so far. */
int64_t replay_total(const struct replay *replay);

/* Why the bytes ended early (unpacking, reading), or NULL when they did not. */
const char *replay_trouble(const struct replay *replay);

#endif
