#ifndef FLOW_HASH_H
#define FLOW_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/decimal.h"

/*
 * FNV-1a of 64 bits (Fowler, Noll, Vo): names a setting or a text by a number
 * that is the same everywhere.  Not against anyone who wants equal ones.
 */

#define HASH_START UINT64_C(0xcbf29ce484222325)

/* Goes on from a hash, HASH_START at first. */
static inline uint64_t
hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
	const unsigned char *p = bytes;

	for (size_t i = 0; i < n; i++) {
		hash ^= p[i];
		hash *= UINT64_C(0x100000001b3);
	}
	return hash;
}

/* A text and its NUL, so that "ab" "c" and "a" "bc" differ. */
static inline uint64_t
hash_text(uint64_t hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text) + 1);
}

/* A number as the text that it prints as. */
static inline uint64_t
hash_number(uint64_t hash, int64_t number)
{
	char text[DECIMAL_TEXT + 1];

	text[decimal_print_int(text, number)] = '\0';
	return hash_text(hash, text);
}

#endif
