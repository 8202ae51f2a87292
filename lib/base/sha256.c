#include "base/sha256.h"

#include <sha2.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"

struct sha256 {
	SHA2_CTX state;
};

struct sha256 *
sha256_new(void)
{
	struct sha256 *sum = buf_alloc(1, sizeof(*sum));

	SHA256Init(&sum->state);
	return sum;
}

void
sha256_add(struct sha256 *sum, const void *p, size_t n)
{
	SHA256Update(&sum->state, p, n);
}

void
sha256_end(struct sha256 *sum, char text[SHA256_TEXT + 1])
{
	static const char digits[] = "0123456789abcdef";
	uint8_t digest[SHA256_DIGEST_LENGTH];

	SHA256Final(digest, &sum->state);
	for (size_t i = 0; i < sizeof(digest); i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 15];
	}
	text[SHA256_TEXT] = '\0';
	free(sum);
}
