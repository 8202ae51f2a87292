#include "base/decimal.h"

#include <inttypes.h>
#include <stdio.h>

#include "check.h"

/*
 * Expected values follow from the meaning of decimal notation alone; those of
 * the domain carry its example's name.
 */

static const struct {
	const char *text;
	int scale;
	int64_t want;
} good[] = {
	{ "0", 4, 0 },
	{ "-0", 4, 0 },
	{ "0.0", 0, 0 },
	{ "0e999999999999", 4, 0 },
	{ "1", 4, 10000 },
	{ "45.5", 4, 455000 },			/* EX-1.1 */
	{ "44.8", 4, 448000 },			/* EX-1.1 */
	{ "0.0001", 4, 1 },
	{ "-0.0001", 4, -1 },
	{ "4.550", 4, 45500 },
	{ "4.55000000000000000000000000", 4, 45500 },
	{ "4.5e1", 4, 450000 },
	{ "4.5E+1", 4, 450000 },
	{ "4500e-2", 4, 450000 },
	{ "1e-4", 4, 1 },
	{ "10e-5", 4, 1 },
	{ "1000000000000000000000e-20", 4, 100000 },
	{ "0.000000000000000000000000001e27", 0, 1 },
	{ "1732483200000", 0, 1732483200000 },	/* a time in ms */
	{ "9007199254740993", 0, 9007199254740993 },	/* 2^53 + 1 */
	{ "9223372036854775807", 0, INT64_MAX },
	{ "-9223372036854775807", 0, -INT64_MAX },
	{ "-9223372036854775808", 0, INT64_MIN },
	{ "922337203685477.5807", 4, INT64_MAX },
	{ "-922337203685477.5808", 4, INT64_MIN },
	{ "9.223372036854775807e18", 0, INT64_MAX },
	{ "99999999999999999", 0, 99999999999999999 },
	{ "99999999999999999.0", 0, 99999999999999999 },
	{ "922337203685477", 4, 9223372036854770000 },
	{ "0.123456789", 9, 123456789 }
};

static const struct {
	const char *text;
	int scale;
	const char *want;
} bad[] = {
	{ "", 4, "not a number, or too long" },
	{ "-", 4, "not a number, or too long" },
	{ "+1", 4, "not a number, or too long" },
	{ ".5", 4, "not a number, or too long" },
	{ "5.", 4, "not a number, or too long" },
	{ "5.e1", 4, "not a number, or too long" },
	{ "1.2.3", 4, "not a number, or too long" },
	{ "1e", 4, "not a number, or too long" },
	{ "1e+", 4, "not a number, or too long" },
	{ "1e1.0", 4, "not a number, or too long" },
	{ "--1", 4, "not a number, or too long" },
	{ "1-", 4, "not a number, or too long" },
	{ " 1", 4, "not a number, or too long" },
	{ "1 ", 4, "not a number, or too long" },
	{ "0x10", 4, "not a number, or too long" },
	{ "1,000", 4, "not a number, or too long" },
	{ "NaN", 4, "not a number, or too long" },
	{ "Infinity", 4, "not a number, or too long" },
	{ "0.00001", 4, "more than 4 decimals" },
	{ "1.5", 0, "more than 0 decimals" },
	{ "1e-5", 4, "more than 4 decimals" },
	{ "1e-999999999999", 4, "more than 4 decimals" },
	{ "9223372036854775808", 0, "number too large" },
	{ "-9223372036854775809", 0, "number too large" },
	{ "922337203685478", 4, "number too large" },
	{ "922337203685477.5808", 4, "number too large" },
	{ "1e19", 0, "number too large" },
	{ "1e999999999999", 4, "number too large" },
	{ "123456789012345678901", 0, "not a number, or too long" }
};

static const struct {
	int64_t value;
	int scale;
	const char *want;
} printed[] = {
	{ 0, 4, "0" },
	{ 45500, 4, "4.55" },
	{ 455000, 4, "45.5" },
	{ 10000, 4, "1" },
	{ 1, 4, "0.0001" },
	{ -1, 4, "-0.0001" },
	{ -455000, 4, "-45.5" },
	{ 100, 0, "100" },
	{ 808824, 6, "0.808824" },		/* EX-4.1 */
	{ 11375000000, 4, "1137500" },		/* EX-0.1 */
	{ 99, 0, "99" },
	{ 9, 0, "9" },
	{ 123456789, 9, "0.123456789" },
	{ INT64_MAX, 0, "9223372036854775807" },
	{ INT64_MIN, 0, "-9223372036854775808" },
	{ INT64_MAX, 4, "922337203685477.5807" },
	{ INT64_MIN, 4, "-922337203685477.5808" },
	{ INT64_MIN, 9, "-9223372036.854775808" }
};

static const struct {
	const char *name;
	int64_t num, den;
	int scale;
	int64_t want;
} ratios[] = {
	{ "EX-4.1 put/call", 8250, 10200, 6, 808824 },
	{ "EX-4.1 bias", 10200 - 8250, 18450, 6, 105691 },
	{ "EX-4.5", 452 - 385, 452 + 385, 6, 80048 },
	{ "EX-5.6", 1350000, 420000, 4, 32143 },
	{ "EX-3.63", 5000, 2200, 4, 22727 },
	{ "EX-3.60", 801, 400, 6, 2002500 },
	{ "EX-3.68", 4300 - 1200, 2 * 4300, 6, 360465 },
	{ "half up", 1, 2, 0, 1 },
	{ "half down", -1, 2, 0, -1 },
	{ "below half", 49, 100, 0, 0 },
	{ "below half, negative", -49, 100, 0, 0 },
	{ "above half, negative", -51, 100, 0, -1 },
	{ "half of an odd denominator", 1, 3, 0, 0 },
	{ "largest", INT64_MAX, 1, 0, INT64_MAX },
	{ "least", INT64_MIN, 1, 0, INT64_MIN },
	{ "too large", INT64_MAX, 1, 6, INT64_MAX },
	{ "too small", INT64_MIN, 1, 6, INT64_MIN },
	{ "largest over largest", INT64_MAX, INT64_MAX, 6, 1000000 }
};

static const struct {
	const char *name;
	int64_t value;
	int from, to;
	int64_t want;
} rounds[] = {
	{ "domain 0.2: 7.85 is 7.9", 78500, 4, 1, 79 },
	{ "domain 0.2: -1.25 is -1.3", -12500, 4, 1, -13 },
	{ "EX-4.46 strength", 7860, 3, 1, 79 },
	{ "EX-4.48 strength", 9175, 3, 1, 92 },
	{ "just below half", 78499, 4, 1, 78 },
	{ "finer", 79, 1, 4, 79000 },
	{ "same", 79, 4, 4, 79 },
	{ "to whole", 14999, 4, 0, 1 },
	{ "finer than fits", INT64_MAX / 10, 0, 4, INT64_MAX },
	{ "finer than fits, negative", INT64_MIN / 10, 0, 4, INT64_MIN }
};

/* What llround of C11 7.12.9.7 returns, the largest below a half included. */
static const struct {
	const char *name;
	double value;
	int64_t want;
} wholes[] = {
	{ "half up", 0.5, 1 },
	{ "half down", -0.5, -1 },
	{ "largest below half", 0.49999999999999994, 0 },
	{ "its negative", -0.49999999999999994, 0 },
	{ "odd half", 2.5, 3 },
	{ "2^52 + 1", 4503599627370497.0, 4503599627370497 },
	{ "largest with a half", 4503599627370495.5, 4503599627370496 },
	{ "large", -8999999999999998976.0, -8999999999999998976 }
};

static void
test_parse(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct err err = { "" };
		int64_t v = -77;

		CHECK_INT(good[i].text, decimal_parse(good[i].text,
		    strlen(good[i].text), good[i].scale, &v, &err), 0);
		CHECK_INT(good[i].text, v, good[i].want);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = { "" };
		int64_t v;

		CHECK_INT(bad[i].text, decimal_parse(bad[i].text,
		    strlen(bad[i].text), bad[i].scale, &v, &err), -1);
		CHECK_STR(bad[i].text, err.text, bad[i].want);
	}
}

/* Reading stops at n: the bytes behind belong to the next member. */
static void
test_length(void)
{
	int64_t v;

	CHECK_INT("length", decimal_parse("12.34567", 4, 4, &v, NULL), 0);
	CHECK_INT("length", v, 123000);
}

static void
test_print(void)
{
	char text[DECIMAL_TEXT];

	for (size_t i = 0; i < sizeof(printed) / sizeof(printed[0]); i++) {
		size_t n = decimal_print(text, printed[i].value,
		    printed[i].scale);
		int64_t back;

		CHECK_TEXT(printed[i].want, text, n, printed[i].want);
		CHECK_INT(printed[i].want, decimal_parse(text, n,
		    printed[i].scale, &back, NULL), 0);
		CHECK_INT(printed[i].want, back, printed[i].value);
		if (printed[i].scale != 0)
			continue;
		n = decimal_print_int(text, printed[i].value);
		CHECK_TEXT(printed[i].want, text, n, printed[i].want);
	}
}

static int64_t
scaled(int64_t v, int scale)
{
	for (; scale > 0; scale--)
		v *= 10;
	return v;
}

/* Every number of digits, beside printf(3) and its zeros taken off. */
static void
test_print_lengths(void)
{
	char text[DECIMAL_TEXT], want[64];
	int64_t one = 1;

	for (int digits = 1; digits <= 18; digits++, one *= 10)
		for (int64_t step = -2; step <= 2; step++) {
			int64_t v = one * (1 + digits % 9) + step;
			size_t n = decimal_print_int(text, v);

			snprintf(want, sizeof(want), "%" PRId64, v);
			CHECK_TEXT("whole", text, n, want);
			for (int scale = 1; scale <= 9; scale++) {
				int64_t unit = scaled(1, scale), u = v < 0 ?
				    -v : v;
				size_t w = (size_t)snprintf(want, sizeof(want),
				    "%s%" PRId64 ".%0*" PRId64,
				    v < 0 ? "-" : "", u / unit, scale,
				    u % unit);

				while (want[w - 1] == '0')
					w--;
				want[w - (want[w - 1] == '.')] = '\0';
				n = decimal_print(text, v, scale);
				CHECK_TEXT("scaled", text, n, want);
			}
		}
}

int
main(void)
{
	test_parse();
	test_length();
	test_print();
	test_print_lengths();
	for (size_t i = 0; i < sizeof(ratios) / sizeof(ratios[0]); i++)
		CHECK_INT(ratios[i].name, decimal_ratio(ratios[i].num,
		    ratios[i].den, ratios[i].scale), ratios[i].want);
	for (size_t i = 0; i < sizeof(rounds) / sizeof(rounds[0]); i++)
		CHECK_INT(rounds[i].name, decimal_round(rounds[i].value,
		    rounds[i].from, rounds[i].to), rounds[i].want);
	for (size_t i = 0; i < sizeof(wholes) / sizeof(wholes[0]); i++)
		CHECK_INT(wholes[i].name, decimal_whole(wholes[i].value),
		    wholes[i].want);
	return check_end();
}
