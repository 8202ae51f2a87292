#ifndef FLOW_JOURNAL_H
#define FLOW_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/*
 * The stream kept on disk, so that whatever dies can start over from the trade
 * date's begin (design.md 4, "exactly once").
 *
 *	DIR/lock			held by the one that writes
 *	DIR/2025-11-24/000001.ndjson	whole lines, at most JOURNAL_SEGMENT
 *	DIR/2025-11-24/000002.ndjson	bytes; a hello begins another one
 *
 * A record belongs to the day whose 20:00 in New York comes next (so the
 * evening session is in its trade date's folder), closed days counting to the
 * next open one; time only goes forward.  Each day can be replayed alone: one
 * that begins in the middle of a stream starts with a copy of its hello, which
 * a reader of the days before leaves out, and one that a stream goes on from
 * is read with a bye (reason next_date) at its end.
 */

enum { JOURNAL_SEGMENT = 64 << 20 };

/* ---- writing ---- */

struct journal;

enum { JOURNAL_SYNC_MS = 200 };

/*
 * Makes the folder when needed, takes the lock, and cuts what a writer that
 * died left of its last line.  durable: each flush is synced, else the first
 * after JOURNAL_SYNC_MS.  dir is borrowed.  NULL and err: in use (with the
 * process that writes), or not writable.
 */
struct journal *journal_open(const char *dir, bool durable, struct err *err);

/* Bytes that journal_open cut from an unfinished line. */
int64_t journal_torn(const struct journal *journal);

/* The stream time, ms, of what is added next. */
void journal_advance(struct journal *journal, int64_t ts);

/* Adds whole lines; a hello stands first.  Written when much has gathered. */
void journal_add(struct journal *journal, const char *p, size_t n);

/*
 * Hands what was added to the system.  now_ns: monotonic.  A failure stays;
 * journal_close tells why.
 */
void journal_flush(struct journal *journal, int64_t now_ns);

/*
 * What journal_add added last ends at *end of the segment of this number, 1
 * and up; 0: no segment is begun.  journal_open_written opens the segment for
 * reading, which shows what was flushed; -1 and errno.
 */
int64_t journal_written(const struct journal *journal, int64_t *end);
int journal_open_written(const struct journal *journal);

/* True when something could not be written. */
bool journal_failed(const struct journal *journal);

/* Syncs, closes, frees (NULL is fine).  -1 and err when anything was lost. */
int journal_close(struct journal *journal, struct err *err);

/* ---- reading ---- */

struct journal_in;

/*
 * Opens the folder of a journal, or of one of its days.  follow: begins with
 * the newest day, and goes on with what is still to be written.  NULL and err
 * when there is none (with follow only when it cannot be read).
 */
struct journal_in *journal_in_open(const char *dir, bool follow,
    struct err *err);
void journal_in_free(struct journal_in *in);

/*
 * As read(2).  With follow -1 and EAGAIN means nothing more yet; the end, 0,
 * comes when the last line is a bye and nobody writes any more.
 */
ssize_t journal_in_read(struct journal_in *in, void *dst, size_t n);

/* Bytes of all that there was when it was opened. */
int64_t journal_in_size(const struct journal_in *in);

#endif
