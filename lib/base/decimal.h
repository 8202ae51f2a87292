#ifndef FLOW_DECIMAL_H
#define FLOW_DECIMAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/*
 * Exact decimals: an int64_t counting units of 10^-scale.  Prices and money
 * are scale 4 (1/10,000 dollar), so that ties, midpoints and sums are exact;
 * no binary floating point takes part.
 */

enum { DECIMAL_E4 = 4, DECIMAL_E6 = 6 };

/* 10^0 to 10^18. */
extern const int64_t decimal_pow10[19];

/* Room for a text of decimal_print: it may write beyond the length returned. */
enum { DECIMAL_TEXT = 32 };

/*
 * Reads a whole JSON number ("-12.5", "4.5e1") into units of 10^-scale,
 * 0 <= scale <= 9.  Fails when the text is no number, is finer than the
 * scale (trailing zeros do not count), or does not fit.  Returns 0 or -1.
 */
int decimal_parse(const char *p, size_t n, int scale, int64_t *out,
    struct err *err);

/*
 * Writes value / 10^scale without trailing zeros: 45500 at scale 4 is "4.55".
 * dst holds DECIMAL_TEXT bytes.  Returns the length; no NUL is written.
 */
size_t decimal_print(char *dst, int64_t value, int scale);

/* As decimal_print at scale 0. */
size_t decimal_print_int(char *dst, int64_t value);

/*
 * num / den in units of 10^-scale, rounded half away from zero.  den > 0.
 * Saturates at the ends of int64_t.
 */
int64_t decimal_ratio(int64_t num, int64_t den, int scale);

/*
 * value with unit 10^-from, rounded half away from zero to unit 10^-to.
 * Saturates at the ends of int64_t.
 */
int64_t decimal_round(int64_t value, int from, int to);

/*
 * The nearest whole number, half away from zero, of a value below 9e18 either
 * way: what llround does, without a third of a mebibyte of libm.
 */
int64_t decimal_whole(double value);

#endif
