#include "base/decimal.h"

#include <stdbool.h>
#include <string.h>

const int64_t decimal_pow10[19] = {
	1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000,
	100000000000000, 1000000000000000, 10000000000000000,
	100000000000000000, 1000000000000000000
};

/*
 * The value's digits as an integer with a power of ten: "4.550" is 4550 and
 * -3.  Zeros at the end are set aside so that "1000000000000000000000e-20"
 * still fits; only they may be lost.
 */
struct decimal_digits {
	uint64_t mantissa;
	int64_t exponent;
	bool negative;
};

static int
decimal_read_exponent(const char *p, const char *end, int64_t *out)
{
	bool negative = false;
	int64_t e = 0;

	if (p < end && (*p == '+' || *p == '-'))
		negative = *p++ == '-';
	if (p == end)
		return -1;
	for (; p < end; p++) {
		if (*p < '0' || *p > '9')
			return -1;
		if (e < 100000000)
			e = 10 * e + (*p - '0');
	}
	*out = negative ? -e : e;
	return 0;
}

static int
decimal_read(const char *p, size_t n, struct decimal_digits *d)
{
	const char *end = p + n, *start;
	int64_t zeros = 0, e = 0;
	bool point = false;

	*d = (struct decimal_digits){ 0, 0, false };
	if (p < end && *p == '-') {
		d->negative = true;
		p++;
	}
	for (start = p; p < end && *p != 'e' && *p != 'E'; p++) {
		if (*p == '.') {
			if (point || p == start)
				return -1;
			point = true;
			continue;
		}
		if (*p < '0' || *p > '9')
			return -1;
		if (point)
			d->exponent--;
		if (*p == '0') {
			zeros++;
			continue;
		}
		if (d->mantissa != 0)
			for (; zeros > 0; zeros--)
				if (__builtin_mul_overflow(d->mantissa, 10,
				    &d->mantissa))
					return -1;
		zeros = 0;
		if (__builtin_mul_overflow(d->mantissa, 10, &d->mantissa) ||
		    __builtin_add_overflow(d->mantissa,
		    (uint64_t)(*p - '0'), &d->mantissa))
			return -1;
	}
	if (p == start || p[-1] == '.')
		return -1;
	if (p < end && decimal_read_exponent(p + 1, end, &e) < 0)
		return -1;
	d->exponent += zeros + e;
	return 0;
}

/* The common case: at most 17 digits and a point, no exponent. */
static int
decimal_parse_short(const char *p, size_t n, int scale, int64_t *out)
{
	bool negative = n > 0 && *p == '-';
	uint64_t v = 0;
	int places = -1;

	if (n > 17)
		return -1;
	for (size_t i = negative; i < n; i++) {
		unsigned c = (unsigned char)p[i] - (unsigned)'0';

		if (c <= 9) {
			v = 10 * v + c;
			places += places >= 0;
		} else if (p[i] == '.' && places < 0 && i > negative &&
		    i + 1 < n) {
			places = 0;
		} else {
			return -1;
		}
	}
	if (n == (size_t)negative)
		return -1;
	places = places < 0 ? 0 : places;
	if (places > scale)
		return -1;
	if (places < scale && (scale - places > 9 || v >
	    (uint64_t)INT64_MAX / (uint64_t)decimal_pow10[scale - places]))
		return -1;
	v *= (uint64_t)decimal_pow10[scale - places];
	*out = negative ? -(int64_t)v : (int64_t)v;
	return 0;
}

int
decimal_parse(const char *p, size_t n, int scale, int64_t *out,
    struct err *err)
{
	struct decimal_digits d;
	int64_t shift;
	uint64_t v;

	if (decimal_parse_short(p, n, scale, out) == 0)
		return 0;
	if (decimal_read(p, n, &d) < 0)
		return err_set(err, "not a number, or too long");
	if (d.mantissa == 0) {
		*out = 0;
		return 0;
	}
	v = d.mantissa;
	shift = d.exponent + scale;
	while (shift < 0 && v % 10 == 0) {
		v /= 10;
		shift++;
	}
	if (shift < 0)
		return err_set(err, "more than %d decimals", scale);
	if (shift > 18 || __builtin_mul_overflow(v,
	    (uint64_t)decimal_pow10[shift], &v) ||
	    v > (uint64_t)INT64_MAX + d.negative)
		return err_set(err, "number too large");
	*out = (int64_t)(d.negative ? 0 - v : v);
	return 0;
}

/*
 * The 8 digits of v < 10^8, one a byte, the first in the lowest: fours, pairs
 * and single digits side by side, divided by multiplying.
 */
static inline uint64_t
decimal_eight(uint64_t v)
{
	uint64_t x = v / 10000 | v % 10000 << 32;
	uint64_t y = (x * 10486 >> 20) & UINT64_C(0x7f0000007f);

	x = y | (x - 100 * y) << 16;
	y = (x * 103 >> 10) & UINT64_C(0x000f000f000f000f);
	return y | (x - 10 * y) << 8;
}

static inline void
decimal_put_eight(char *p, uint64_t digits)
{
	digits |= UINT64_C(0x3030303030303030);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	digits = __builtin_bswap64(digits);
#endif
	memcpy(p, &digits, 8);
}

/* Returns what follows the digits; up to 8 bytes from p are written anyway. */
static inline char *
decimal_put(char *p, uint64_t v)
{
	const uint64_t one = 100000000;
	uint64_t digits;
	int zeros;

	if (v < 10) {
		*p = (char)('0' + v);
		return p + 1;
	}
	if (v >= one) {
		p = decimal_put(p, v / one);
		decimal_put_eight(p, decimal_eight(v % one));
		return p + 8;
	}
	digits = decimal_eight(v);
	/* leading ones; the last digit stays */
	zeros = __builtin_ctzll(digits | UINT64_C(1) << 56) / 8;
	decimal_put_eight(p, digits >> 8 * zeros);
	return p + 8 - zeros;
}

size_t
decimal_print_int(char *dst, int64_t value)
{
	bool negative = value < 0;
	uint64_t v = negative ? 0 - (uint64_t)value : (uint64_t)value;

	*dst = '-';
	return (size_t)(decimal_put(dst + negative, v) - dst);
}

/* Inline, so that the usual scales divide by a constant. */
static inline __attribute__((always_inline)) size_t
decimal_print_scaled(char *dst, int64_t value, int scale)
{
	bool negative = value < 0;
	uint64_t v = negative ? 0 - (uint64_t)value : (uint64_t)value;
	uint64_t one = (uint64_t)decimal_pow10[scale], part = v % one, digits;
	char *p;

	*dst = '-';
	p = decimal_put(dst + negative, v / one);
	if (part == 0)
		return (size_t)(p - dst);
	*p++ = '.';
	digits = decimal_eight(scale > 8 ? part / 10 :
	    part * (uint64_t)decimal_pow10[8 - scale]);
	decimal_put_eight(p, digits);
	if (scale > 8 && part % 10 != 0) {
		p[8] = (char)('0' + part % 10);
		return (size_t)(p + 9 - dst);
	}
	return (size_t)(p + 8 - __builtin_clzll(digits) / 8 - dst);
}

size_t
decimal_print(char *dst, int64_t value, int scale)
{
	switch (scale) {
	case DECIMAL_E4:
		return decimal_print_scaled(dst, value, DECIMAL_E4);
	case DECIMAL_E6:
		return decimal_print_scaled(dst, value, DECIMAL_E6);
	default:
		return decimal_print_scaled(dst, value, scale);
	}
}

int64_t
decimal_ratio(int64_t num, int64_t den, int scale)
{
	__int128 n, q, r;
	int64_t small;

	if (!__builtin_mul_overflow(num, decimal_pow10[scale], &small) &&
	    den <= INT64_MAX / 2) {
		int64_t rest = small % den;

		small /= den;
		if (2 * (rest < 0 ? -rest : rest) >= den)
			small += num < 0 ? -1 : 1;
		return small;
	}
	n = (__int128)num * decimal_pow10[scale];
	q = n / den;
	r = n % den;
	if (2 * (r < 0 ? -r : r) >= den)
		q += n < 0 ? -1 : 1;
	if (q > INT64_MAX)
		return INT64_MAX;
	if (q < INT64_MIN)
		return INT64_MIN;
	return (int64_t)q;
}

int64_t
decimal_round(int64_t value, int from, int to)
{
	if (from <= to)
		return decimal_ratio(value, 1, to - from);
	return decimal_ratio(value, decimal_pow10[from - to], 0);
}

int64_t
decimal_whole(double value)
{
	int64_t whole = (int64_t)value;
	double rest = value - (double)whole;	/* exact */

	return whole + (rest >= 0.5) - (rest <= -0.5);
}
