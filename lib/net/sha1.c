#include "net/sha1.h"

#include <string.h>

static uint32_t
sha1_rotate(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

/* Round function and constant of FIPS 180-4, 4.1.1 and 4.2.1. */
static uint32_t
sha1_mix(int t, uint32_t b, uint32_t c, uint32_t d)
{
	if (t < 20)
		return ((b & c) ^ (~b & d)) + 0x5a827999;
	if (t < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (t < 60)
		return ((b & c) ^ (b & d) ^ (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

static void
sha1_block(uint32_t h[5], const uint8_t *p)
{
	uint32_t w[80], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], x;

	for (int t = 0; t < 16; t++)
		w[t] = (uint32_t)p[4 * t] << 24 | (uint32_t)p[4 * t + 1] << 16 |
		    (uint32_t)p[4 * t + 2] << 8 | p[4 * t + 3];
	for (int t = 16; t < 80; t++)
		w[t] = sha1_rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16],
		    1);
	for (int t = 0; t < 80; t++) {
		x = sha1_rotate(a, 5) + sha1_mix(t, b, c, d) + e + w[t];
		e = d;
		d = c;
		c = sha1_rotate(b, 30);
		b = a;
		a = x;
	}
	h[0] += a;
	h[1] += b;
	h[2] += c;
	h[3] += d;
	h[4] += e;
}

void
sha1_of(const void *p, size_t n, uint8_t out[SHA1_BYTES])
{
	uint32_t h[5] = { 0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
	    0xc3d2e1f0 };
	uint64_t bits = (uint64_t)n * 8;
	uint8_t last[128] = { 0 };
	const uint8_t *from = p;
	size_t left = n, end;

	for (; left >= 64; left -= 64, from += 64)
		sha1_block(h, from);
	if (left > 0)
		memcpy(last, from, left);
	last[left] = 0x80;
	end = left < 56 ? 64 : 128;
	for (size_t i = 0; i < 8; i++)
		last[end - 1 - i] = (uint8_t)(bits >> (8 * i));
	for (size_t at = 0; at < end; at += 64)
		sha1_block(h, last + at);
	for (size_t i = 0; i < SHA1_BYTES; i++)
		out[i] = (uint8_t)(h[i / 4] >> (24 - 8 * (i % 4)));
}
