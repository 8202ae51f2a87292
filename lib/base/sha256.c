#include "base/sha256.h"

#include <errno.h>
#include <fcntl.h>
#include <sha2.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"

struct sha256 {
	SHA2_CTX state;
	int fd;			/* of sha256_open, or -1 */
};

struct sha256 *
sha256_new(void)
{
	struct sha256 *sum = buf_alloc(1, sizeof(*sum));

	SHA256Init(&sum->state);
	sum->fd = -1;
	return sum;
}

struct sha256 *
sha256_open(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct sha256 *sum;

	if (fd < 0) {
		err_fill_sys(err, errno, "unable to open %s", path);
		return NULL;
	}
	sum = sha256_new();
	sum->fd = fd;
	return sum;
}

ssize_t
sha256_read(void *ctx, void *dst, size_t n)
{
	struct sha256 *sum = ctx;
	ssize_t got;

	do {
		got = read(sum->fd, dst, n);
	} while (got < 0 && errno == EINTR);
	if (got > 0)
		sha256_add(sum, dst, (size_t)got);
	return got;
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
	if (sum->fd >= 0)
		close(sum->fd);
	free(sum);
}
