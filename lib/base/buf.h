#ifndef FLOW_BUF_H
#define FLOW_BUF_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

/*
 * Bytes: a borrowed run of them (slice), a growing run of them (buf), and
 * checked allocation.  Running out of memory ends the process with status 4;
 * no caller needs to handle it.
 */

struct slice {
	const char *p;		/* not NUL-terminated; NULL when n is 0 */
	size_t n;		/* bytes */
};

#define SLICE(literal) ((struct slice){ (literal), sizeof(literal) - 1 })

struct buf {
	char *p;		/* NULL until first used; never NUL-ended */
	size_t n;		/* bytes held */
	size_t cap;		/* bytes allocated */
};

#define BUF_INIT { NULL, 0, 0 }

/* True when both hold the same bytes. */
static inline int
slice_equal(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Allocation: zeroed; n * size is checked.  Results are yours to free(). */
void *buf_alloc(size_t n, size_t size);
void *buf_realloc(void *p, size_t n, size_t size);
char *buf_dup(const char *p, size_t n);		/* n bytes and a NUL */

/* Makes room for n more bytes; returns where they go. */
char *buf_grow(struct buf *buf, size_t n);

static inline char *
buf_reserve(struct buf *buf, size_t n)
{
	return buf->cap - buf->n >= n ? buf->p + buf->n : buf_grow(buf, n);
}

void buf_add(struct buf *buf, const void *p, size_t n);
void buf_str(struct buf *buf, const char *text);
void buf_fmt(struct buf *buf, const char *fmt, ...) ERR_PRINTF(2, 3);

/* Drops the first n bytes. */
void buf_drop(struct buf *buf, size_t n);

void buf_free(struct buf *buf);

#endif
