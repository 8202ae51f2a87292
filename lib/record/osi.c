#include "record/osi.h"

#include <string.h>

enum {
	OSI_TAIL = 15,			/* yymmdd, right, strike */
	OSI_PADDED = OSI_ROOT + OSI_TAIL,
	OSI_STRIKE_E4_MAX = 1000000000	/* 100,000 dollars, excluded */
};

/*
 * Roots whose contract differs from an American option, settled PM, on the
 * stock of that name.  Cboe and Nasdaq contract specifications; domain.md 2.3.
 */
static const struct osi_rule {
	char root[8];			/* NUL-padded */
	const char *symbol;
	bool am_settled, european;
} osi_rules[] = {
	{ "SPX", "SPX", true, true },
	{ "SPXW", "SPX", false, true },
	{ "XSP", "XSP", false, true },
	{ "VIX", "VIX", true, true },
	{ "VIXW", "VIX", true, true },
	{ "NDX", "NDX", true, true },
	{ "NDXP", "NDX", false, true },
	{ "XND", "XND", false, true },
	{ "RUT", "RUT", true, true },
	{ "RUTW", "RUT", false, true },
	{ "MRUT", "MRUT", false, true },
	{ "DJX", "DJX", true, true },
	{ "OEX", "OEX", false, false },
	{ "XEO", "XEO", false, true },
	{ "BRKB", "BRK.B", false, false },
	{ "BFB", "BF.B", false, false }
};

static bool
osi_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
osi_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* The number of n digits; -1 when one is no digit. */
static int
osi_number(const char *p, size_t n)
{
	int v = 0;

	for (size_t i = 0; i < n; i++) {
		if (!osi_is_digit(p[i]))
			return -1;
		v = 10 * v + (p[i] - '0');
	}
	return v;
}

static void
osi_apply_rule(struct osi *osi, struct slice bare)
{
	char key[8] = { 0 };

	memcpy(key, bare.p, bare.n);
	for (size_t i = 0; i < sizeof(osi_rules) / sizeof(osi_rules[0]); i++) {
		const struct osi_rule *rule = &osi_rules[i];

		if (memcmp(rule->root, key, sizeof(key)) != 0)
			continue;
		memcpy(osi->symbol, rule->symbol, strlen(rule->symbol));
		osi->am_settled = rule->am_settled;
		osi->european = rule->european;
		return;
	}
	memcpy(osi->symbol, bare.p, bare.n);
}

/* Fills all that the root says; the rest of *osi is zero so far. */
static int
osi_set_root(struct osi *osi, struct slice root, struct err *err)
{
	struct slice bare = root;

	if (root.n < 1 || root.n > OSI_ROOT)
		return err_set(err, "option root is not 1 to 6 characters");
	for (size_t i = 0; i < root.n; i++)
		if (!osi_is_upper(root.p[i]) && !osi_is_digit(root.p[i]))
			return err_set(err, "option root is not A-Z, 0-9");
	osi->is_flex = osi_is_digit(root.p[0]);
	osi->is_adjusted = osi_is_digit(root.p[root.n - 1]);
	for (; bare.n > 0 && osi_is_digit(bare.p[0]); bare.n--)
		bare.p++;
	while (bare.n > 0 && osi_is_digit(bare.p[bare.n - 1]))
		bare.n--;
	if (bare.n == 0)
		return err_set(err, "option root has no letter");
	memcpy(osi->root, root.p, root.n);
	osi_apply_rule(osi, bare);
	return 0;
}

int
osi_make(struct slice root, int32_t expiration, enum osi_right right,
    int64_t strike_e4, struct osi *out, struct err *err)
{
	int year;

	*out = (struct osi){ .expiration = expiration, .right = right,
	    .strike_e4 = strike_e4 };
	if (osi_set_root(out, root, err) < 0)
		return -1;
	if (expiration == DAY_NONE)
		return err_set(err, "option expiration is no date");
	day_civil(expiration, &year, NULL, NULL);
	if (year < 2000 || year > 2099)
		return err_set(err, "option expiration is not in this century");
	if (strike_e4 <= 0 || strike_e4 >= OSI_STRIKE_E4_MAX)
		return err_set(err, "strike is not between 0 and 100,000");
	if (strike_e4 % 10 != 0)
		return err_set(err, "strike is finer than 1/1000");
	return 0;
}

/* The root of a symbol without its tail: trailing blanks only when padded. */
static struct slice
osi_root_of(struct slice text)
{
	struct slice root = { text.p, text.n - OSI_TAIL };

	if (text.n == OSI_PADDED)
		while (root.n > 0 && root.p[root.n - 1] == ' ')
			root.n--;
	return root;
}

int
osi_parse(struct slice text, struct osi *out, struct err *err)
{
	const char *tail;
	int date, strike;
	int32_t day;

	if (text.n > 2 && memcmp(text.p, "O:", 2) == 0) {
		text.p += 2;
		text.n -= 2;
	}
	if (text.n <= OSI_TAIL)
		return err_set(err, "not an option symbol: %zu characters",
		    text.n);
	tail = text.p + text.n - OSI_TAIL;
	date = osi_number(tail, 6);
	strike = osi_number(tail + 7, 8);
	if (date < 0 || strike < 0 || (tail[6] != 'C' && tail[6] != 'P'))
		return err_set(err, "not an option symbol: does not end in "
		    "yymmdd, C or P, 8 digits");
	day = day_make(2000 + date / 10000, date / 100 % 100, date % 100);
	return osi_make(osi_root_of(text), day,
	    tail[6] == 'C' ? OSI_CALL : OSI_PUT, (int64_t)strike * 10, out,
	    err);
}

static char *
osi_put(char *dst, int64_t v, int digits)
{
	for (int i = digits - 1; i >= 0; i--, v /= 10)
		dst[i] = (char)('0' + v % 10);
	return dst + digits;
}

size_t
osi_print(char *dst, const struct osi *osi)
{
	size_t n = strlen(osi->root);
	int year, month, mday;
	char *p = dst;

	day_civil(osi->expiration, &year, &month, &mday);
	memcpy(p, "O:", 2);
	memcpy(p + 2, osi->root, n);
	p = osi_put(p + 2 + n, year % 100, 2);
	p = osi_put(p, month, 2);
	p = osi_put(p, mday, 2);
	*p++ = osi->right == OSI_CALL ? 'C' : 'P';
	p = osi_put(p, osi->strike_e4 / 10, 8);
	return (size_t)(p - dst);
}

bool
osi_is_symbol(struct slice text)
{
	if (text.n < 1 || text.n > 16)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if (!osi_is_upper(text.p[i]) && !osi_is_digit(text.p[i]) &&
		    memchr(".:^-/", text.p[i], 5) == NULL)
			return false;
	return true;
}
