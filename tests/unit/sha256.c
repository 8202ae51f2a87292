/* base/sha256: the examples of FIPS 180-4 (NIST's "abc" and two blocks). */
#include "base/sha256.h"

#include "check.h"

/* The sum of text added in pieces of at most piece bytes. */
static const char *
sum_of(const char *text, size_t piece)
{
	static char out[SHA256_TEXT + 1];
	struct sha256 *sum = sha256_new();
	size_t n = strlen(text);

	for (size_t at = 0; at < n; at += piece)
		sha256_add(sum, text + at, n - at < piece ? n - at : piece);
	sha256_end(sum, out);
	return out;
}

int
main(void)
{
	const char *two =
	    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
	const char *of_two = "248d6a61d20638b8e5c026930c3e6039"
	    "a33ce45964ff2167f6ecedd419db06c1";

	CHECK_STR("empty", sum_of("", 1), "e3b0c44298fc1c149afbf4c8996fb924"
	    "27ae41e4649b934ca495991b7852b855");
	CHECK_STR("abc", sum_of("abc", 3), "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	CHECK_STR("two blocks", sum_of(two, 64), of_two);
	CHECK_STR("byte by byte", sum_of(two, 1), of_two);
	return check_end();
}
