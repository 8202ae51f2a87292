#ifndef FLOW_SHA256_H
#define FLOW_SHA256_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

/*
 * SHA-256 (FIPS 180-4) of bytes that come in pieces: what names a file in
 * hello, so that a run can say from what it was made.
 */

enum { SHA256_TEXT = 64 };	/* hexadecimal digits, no NUL */

struct sha256;

struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *sum, const void *p, size_t n);

/* Sums a file as it is read: NULL and err when it cannot be opened. */
struct sha256 *sha256_open(const char *path, struct err *err);

/* As read(2), with such a sum as ctx; what is read counts. */
ssize_t sha256_read(void *ctx, void *dst, size_t n);

/*
 * Writes the digits, in small letters, and a NUL; closes the file and frees
 * the sum.
 */
void sha256_end(struct sha256 *sum, char text[SHA256_TEXT + 1]);

#endif
