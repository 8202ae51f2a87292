/*
 * SHA-1.  Digests are those of FIPS 180-1's appendices and, where it has none,
 * of sha1sum(1) of GNU coreutils 9.1.
 */

#include "check.h"

#include <stdlib.h>

#include "base/buf.h"
#include "net/sha1.h"

static void
check_digest(const char *name, const void *p, size_t n, const char *want)
{
	uint8_t digest[SHA1_BYTES];
	char hex[2 * SHA1_BYTES + 1];

	sha1_of(p, n, digest);
	for (size_t i = 0; i < SHA1_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	CHECK_STR(name, hex, want);
}

int
main(void)
{
	/* lengths about the padding's edges, from sha1sum of so many "a" */
	static const struct {
		size_t n;
		const char *want;
	} edges[] = {
		{ 55, "c1c8bbdc22796e28c0e15163d20899b65621d65a" },
		{ 56, "c2db330f6083854c99d4b5bfb6e8f29f201be699" },
		{ 63, "03f09f5b158a7a8cdad920bddc29b81c18a551f5" },
		{ 64, "0098ba824b5c16427bd7a1122a5a442a25ec644d" },
		{ 65, "11655326c708d70319be2610e8a57d9a5b959d3b" },
		{ 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f" },
	};
	char *many = buf_alloc(1000000, 1);

	check_digest("nothing", "", 0,
	    "da39a3ee5e6b4b0d3255bfef95601890afd80709");
	check_digest("FIPS 180-1 A", "abc", 3,
	    "a9993e364706816aba3e25717850c26c9cd0d89d");
	check_digest("FIPS 180-1 B",
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
	    "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
	memset(many, 'a', 1000000);
	for (size_t i = 0; i < sizeof(edges) / sizeof(*edges); i++)
		check_digest("many a", many, edges[i].n, edges[i].want);
	free(many);
	return check_end();
}
