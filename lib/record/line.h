#ifndef FLOW_LINE_H
#define FLOW_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/*
 * Lines in and lines out, as fast as full buffering and as prompt as line
 * buffering: output is flushed before a read that would block, and nowhere
 * else but when it has grown large.
 */

enum { LINE_MAX_BYTES = 1 << 20 };	/* longer lines are bad records */

/* Output: whole lines, written in large pieces. */
struct line_out {
	struct buf buf;		/* append here, then line_out_end */
	int fd;
	int error;		/* errno of the first failed write, or 0 */
	int (*ready)(void *ctx, int fd);	/* see line_out_wait, or NULL */
	void *ctx;
};

void line_out_init(struct line_out *out, int fd);

/*
 * ready is called when a descriptor that does not block would: it waits until
 * it can be written and returns 0, or -1 to give up what is not written.
 */
void line_out_wait(struct line_out *out, int (*ready)(void *ctx, int fd),
    void *ctx);

/* After each record; writes when enough has gathered.  0, or -1 on error. */
int line_out_end(struct line_out *out);
int line_out_flush(struct line_out *out);

/*
 * Flushes, closes and checks.  -1 and err when anything written was lost.
 */
int line_out_close(struct line_out *out, struct err *err);

struct line {
	const char *p;		/* the line, no newline; see scan_line */
	size_t n;
	const char *file;	/* as named, "-" for standard input */
	int64_t number;		/* from 1 in its file */
	int64_t offset;		/* of its first byte in its file */
	bool too_long;		/* over LINE_MAX_BYTES: n is 0 */
};

struct line_in;

/*
 * Reads the named files one after the other, "-" being standard input, which
 * is also what no names mean.  The names are borrowed.  out (may be NULL) is
 * flushed before a read that would block.
 */
struct line_in *line_in_new(char *const files[], size_t n,
    struct line_out *out);

/*
 * The same over one source of bytes: read is called as read(2) with ctx in the
 * descriptor's place.
 */
struct line_in *line_in_from(ssize_t (*reader)(void *ctx, void *dst,
    size_t n), void *ctx, const char *name);

/*
 * ready is called before each read of a file, with its descriptor, and may
 * wait until there is something to read: it returns 0, or -1 to end the input
 * there, the rest of a line and all further files left out.
 */
void line_in_wait(struct line_in *in, int (*ready)(void *ctx, int fd),
    void *ctx);

void line_in_free(struct line_in *in);

/*
 * The next line; empty lines and a carriage return are left as they are.
 * Returns 1, 0 at the end of the last file, -1 and err when a file cannot be
 * read (the next call goes on with the next file).
 */
int line_next(struct line_in *in, struct line *line, struct err *err);

#endif
