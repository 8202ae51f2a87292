#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/log.h"

void *
buf_alloc(size_t n, size_t size)
{
	void *p = calloc(n == 0 ? 1 : n, size);

	if (p == NULL)
		log_die(EXIT_SYSTEM, "out of memory");
	return p;
}

void *
buf_realloc(void *p, size_t n, size_t size)
{
	void *q = reallocarray(p, n == 0 ? 1 : n, size);

	if (q == NULL)
		log_die(EXIT_SYSTEM, "out of memory");
	return q;
}

char *
buf_dup(const char *p, size_t n)
{
	char *q = buf_alloc(n + 1, 1);

	if (n > 0)
		memcpy(q, p, n);
	return q;
}

char *
buf_grow(struct buf *buf, size_t n)
{
	size_t cap = buf->cap < 128 ? 128 : buf->cap;

	if (buf->cap - buf->n >= n)
		return buf->p + buf->n;
	if (n > SIZE_MAX / 2 - buf->n)
		log_die(EXIT_SYSTEM, "out of memory");
	while (cap - buf->n < n)
		cap *= 2;
	buf->p = buf_realloc(buf->p, cap, 1);
	buf->cap = cap;
	return buf->p + buf->n;
}

void
buf_add(struct buf *buf, const void *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_reserve(buf, n), p, n);
	buf->n += n;
}

void
buf_str(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void
buf_fmt(struct buf *buf, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	buf_reserve(buf, (size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(buf->p + buf->n, (size_t)n + 1, fmt, ap);
	va_end(ap);
	buf->n += (size_t)n;
}

void
buf_drop(struct buf *buf, size_t n)
{
	if (n > 0 && n < buf->n)
		memmove(buf->p, buf->p + n, buf->n - n);
	buf->n -= n;
}

void
buf_free(struct buf *buf)
{
	free(buf->p);
	*buf = (struct buf)BUF_INIT;
}
