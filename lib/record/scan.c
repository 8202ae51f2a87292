#include "record/scan.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum {
	SCAN_KEY_TEXT = 64,	/* longest learnt key with quotes and colon */
	SCAN_INDEX = 4 * SCAN_IDS
};

/* A key and its member of the present object. */
struct scan_key {
	char text[SCAN_KEY_TEXT];	/* "price": and zeros */
	uint32_t n;			/* quotes and colon included */
	uint32_t mask;			/* low n bits of 32 */
	uint64_t *seen;			/* the word of scan's that has its */
	uint64_t bit;			/* bit */
	struct scan_value value;	/* when that is set */
	struct scan_key *next[2];	/* what came after it */
};

/* Memory of one unescaped text. */
struct scan_block {
	struct scan_block *next;
	char text[];
};

struct scan {
	uint64_t seen[SCAN_IDS / 64];	/* keys of this object */
	struct scan_key key[SCAN_IDS];
	struct scan_key odd;	/* any that is not learnt; its bit is 0 */
	struct scan_key start;	/* comes before the first */
	uint32_t nkeys;
	uint16_t index[SCAN_INDEX];	/* key number + 1 by hash; 0 empty */
	const char *open, *close;	/* braces of the object */
	const char *bad, *why;		/* place and reason of an error */
	struct slice *name;		/* keys to compare, of open objects */
	size_t nnames, cap_names;
	bool unlearnt;			/* a key of this object is not */
	struct scan_block *blocks;	/* unescaped texts of this line */
};

/* ---- errors, white space ---- */

static const char *
scan_fail(struct scan *scan, const char *p, const char *why)
{
	scan->bad = p;
	scan->why = why;
	return NULL;
}

static inline const char *
scan_space(const char *p)
{
	if (*p > ' ')			/* nearly always */
		return p;
	while (*p == ' ' || *p == '\t' || *p == '\r')
		p++;
	return p;
}

/* ---- strings ---- */

static int
scan_hex4(const char *p)
{
	int v = 0;

	for (int i = 0; i < 4; i++) {
		char c = p[i];

		v <<= 4;
		if (c >= '0' && c <= '9')
			v |= c - '0';
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v |= (c | 0x20) - 'a' + 10;
		else
			return -1;
	}
	return v;
}

/* p is behind the backslash; returns what follows the escape. */
static const char *
scan_escape(struct scan *scan, const char *p)
{
	int hi, lo;

	switch (*p) {
	case '"': case '\\': case '/': case 'b': case 'f': case 'n':
	case 'r': case 't':
		return p + 1;
	case 'u':
		break;
	default:
		return scan_fail(scan, p, "invalid escape");
	}
	hi = scan_hex4(p + 1);
	if (hi < 0)
		return scan_fail(scan, p, "invalid escape");
	if (hi == 0)
		return scan_fail(scan, p, "\\u0000 not allowed");
	if (hi >= 0xdc00 && hi < 0xe000)
		return scan_fail(scan, p, "lone surrogate");
	if (hi < 0xd800 || hi >= 0xe000)
		return p + 5;
	if (p[5] != '\\' || p[6] != 'u')
		return scan_fail(scan, p, "lone surrogate");
	lo = scan_hex4(p + 7);
	if (lo < 0xdc00 || lo >= 0xe000)
		return scan_fail(scan, p, "lone surrogate");
	return p + 11;
}

/* One sequence of two to four bytes; returns what follows it. */
static const char *
scan_utf8(struct scan *scan, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	unsigned lo = 0x80, hi = 0xbf;
	int more;

	if (p[0] >= 0xc2 && p[0] <= 0xdf) {
		more = 1;
	} else if (p[0] >= 0xe0 && p[0] <= 0xef) {
		more = 2;
		if (p[0] == 0xe0)
			lo = 0xa0;
		if (p[0] == 0xed)
			hi = 0x9f;
	} else if (p[0] >= 0xf0 && p[0] <= 0xf4) {
		more = 3;
		if (p[0] == 0xf0)
			lo = 0x90;
		if (p[0] == 0xf4)
			hi = 0x8f;
	} else {
		return scan_fail(scan, text, "invalid UTF-8");
	}
	for (int i = 1; i <= more; i++) {
		if (p[i] < lo || p[i] > hi)
			return scan_fail(scan, text, "invalid UTF-8");
		lo = 0x80;
		hi = 0xbf;
	}
	return text + more + 1;
}

/* First byte from p on that is a quote, a backslash, a control or >= 0x80. */
static inline const char *
scan_plain(const char *p)
{
#ifdef __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), slash = _mm_set1_epi8('\\');
	const __m128i space = _mm_set1_epi8(' ');

	for (;; p += 16) {
		__m128i x = _mm_loadu_si128((const __m128i *)(const void *)p);
		/* signed, so bytes from 0x80 are below the space too */
		__m128i stop = _mm_or_si128(_mm_cmplt_epi8(x, space),
		    _mm_or_si128(_mm_cmpeq_epi8(x, quote),
		    _mm_cmpeq_epi8(x, slash)));
		unsigned mask = (unsigned)_mm_movemask_epi8(stop);

		if (mask != 0)
			return p + (unsigned)__builtin_ctz(mask);
	}
#else
	while ((unsigned char)*p >= 0x20 && (unsigned char)*p < 0x80 &&
	    *p != '"' && *p != '\\')
		p++;
	return p;
#endif
}

/* The rest of a string that has more in it than plain text. */
static const char *
scan_string_rest(struct scan *scan, const char *p, enum scan_type *type)
{
	for (;;) {
		if (*p == '\\') {
			*type = SCAN_ESCAPED;
			p = scan_escape(scan, p + 1);
		} else if ((unsigned char)*p < 0x20) {
			return scan_fail(scan, p,
			    *p == '\n' || *p == '\0' ?
			    "string not closed, or NUL in it" :
			    "control character in a string");
		} else {
			p = scan_utf8(scan, p);
		}
		if (p == NULL)
			return NULL;
		p = scan_plain(p);
		if (*p == '"')
			return p;
	}
}

/* p is behind the opening quote; returns the closing one. */
static inline const char *
scan_string(struct scan *scan, const char *p, enum scan_type *type)
{
	*type = SCAN_STRING;
	p = scan_plain(p);
	return *p == '"' ? p : scan_string_rest(scan, p, type);
}

static char *
scan_put_utf8(char *q, unsigned c)
{
	if (c < 0x80) {
		*q++ = (char)c;
	} else if (c < 0x800) {
		*q++ = (char)(0xc0 | c >> 6);
		*q++ = (char)(0x80 | (c & 0x3f));
	} else if (c < 0x10000) {
		*q++ = (char)(0xe0 | c >> 12);
		*q++ = (char)(0x80 | (c >> 6 & 0x3f));
		*q++ = (char)(0x80 | (c & 0x3f));
	} else {
		*q++ = (char)(0xf0 | c >> 18);
		*q++ = (char)(0x80 | (c >> 12 & 0x3f));
		*q++ = (char)(0x80 | (c >> 6 & 0x3f));
		*q++ = (char)(0x80 | (c & 0x3f));
	}
	return q;
}

/* The text behind validated escapes, in memory of its own. */
static struct slice
scan_decode(struct scan *scan, const char *p, size_t n)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	struct scan_block *block = buf_alloc(1, sizeof(*block) + n + 1);
	const char *end = p + n;
	char *q = block->text;

	block->next = scan->blocks;
	scan->blocks = block;
	while (p < end) {
		if (*p != '\\') {
			*q++ = *p++;
		} else if (p[1] != 'u') {
			*q++ = to[strchr(from, p[1]) - from];
			p += 2;
		} else {
			unsigned c = (unsigned)scan_hex4(p + 2);

			p += 6;
			if (c >= 0xd800 && c < 0xdc00) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    ((unsigned)scan_hex4(p + 2) - 0xdc00);
				p += 6;
			}
			q = scan_put_utf8(q, c);
		}
	}
	return (struct slice){ block->text, (size_t)(q - block->text) };
}

struct slice
scan_unescape(struct scan *scan, struct scan_value value)
{
	if (value.type != SCAN_ESCAPED)
		return (struct slice){ value.p, value.n };
	return scan_decode(scan, value.p, value.n);
}

static void
scan_forget(struct scan *scan)
{
	while (scan->blocks != NULL) {
		struct scan_block *block = scan->blocks;

		scan->blocks = block->next;
		free(block);
	}
}

/* ---- numbers and literals ---- */

#ifdef __SSE2__
/* Which of the 16 bytes at p are no digits, the first one lowest. */
static inline uint32_t
scan_not_digits(const char *p)
{
	/* '0'..'9' become the ten lowest signed bytes */
	const __m128i low = _mm_set1_epi8((char)('0' + 128));
	const __m128i nine = _mm_set1_epi8(-128 + 9);
	__m128i x = _mm_sub_epi8(_mm_loadu_si128(
	    (const __m128i *)(const void *)p), low);

	return (uint32_t)_mm_movemask_epi8(_mm_cmpgt_epi8(x, nine));
}
#endif

/* How many digits stand at p. */
static inline size_t
scan_digits(const char *p)
{
	size_t n = 0;

#ifdef __SSE2__
	for (;; n += 16) {
		uint32_t stops = scan_not_digits(p + n);

		if (stops != 0)
			return n + (unsigned)__builtin_ctz(stops);
	}
#else
	while (p[n] >= '0' && p[n] <= '9')
		n++;
	return n;
#endif
}

static bool
scan_fits_int64(const char *digits, size_t n, bool negative)
{
	if (n != 19)
		return n < 19;
	return memcmp(digits, negative ? "9223372036854775808" :
	    "9223372036854775807", 19) <= 0;
}

/*
 * Power of ten of the first significant digit of the real at p..end: 2 for
 * 123.4, -3 for 0.001.  Returns false when every digit is zero.
 */
static bool
scan_magnitude(const char *p, const char *end, int64_t *out)
{
	int64_t whole = 0, zeros = 0, e = 0;
	bool point = false, found = false, negative;

	for (; p < end && (*p | 0x20) != 'e'; p++) {
		if (*p == '.')
			point = true;
		else if (*p == '-')
			continue;
		else if (found || *p != '0') {
			found = true;
			whole += !point;
		} else {
			zeros += point;
		}
	}
	if (p < end) {
		negative = p[1] == '-';
		for (p += 1 + (p[1] == '-' || p[1] == '+'); p < end; p++)
			if (e < 100000000)
				e = 10 * e + (*p - '0');
		e = negative ? -e : e;
	}
	*out = (whole > 0 ? whole - 1 : -1 - zeros) + e;
	return found;
}

/* True when the real at p..end is too large for a double. */
static bool
scan_overflows(const char *p, const char *end)
{
	int64_t magnitude;
	char *text;
	double d;

	if (!scan_magnitude(p, end, &magnitude) || magnitude < 308)
		return false;
	if (magnitude > 308)
		return true;
	text = buf_dup(p, (size_t)(end - p));
	d = strtod(text, NULL);		/* the C locale is never left */
	free(text);
	return isinf(d);
}

/* What follows the integer digits of a real: fraction and exponent. */
static const char *
scan_real(struct scan *scan, const char *start, const char *p)
{
	size_t n;

	if (*p == '.') {
		n = scan_digits(p + 1);
		if (n == 0)
			return scan_fail(scan, p, "digit expected after point");
		p += 1 + n;
	}
	if ((*p | 0x20) == 'e') {
		p += 1 + (p[1] == '-' || p[1] == '+');
		n = scan_digits(p);
		if (n == 0)
			return scan_fail(scan, p, "digit expected in exponent");
		p += n;
		if (scan_overflows(start, p))
			return scan_fail(scan, start, "number too large");
	} else if (p - start > 308 && scan_overflows(start, p)) {
		return scan_fail(scan, start, "number too large");
	}
	return p;
}

static inline const char *
scan_number(struct scan *scan, const char *start, enum scan_type *type)
{
	const char *p = start + (*start == '-');
	size_t n = scan_digits(p);

	if (n == 0)
		return scan_fail(scan, p, "value expected");
	if (*p == '0' && n > 1)
		return scan_fail(scan, p, "number with a leading zero");
	if (p[n] == '.' || (p[n] | 0x20) == 'e') {
		*type = SCAN_REAL;
		return scan_real(scan, start, p + n);
	}
	if (n > 18 && !scan_fits_int64(p, n, *start == '-'))
		return scan_fail(scan, start, "integer beyond 64 bits");
	*type = SCAN_INT;
	return p + n;
}

static const char *
scan_literal(struct scan *scan, const char *p, enum scan_type *type)
{
	if (memcmp(p, "true", 4) == 0) {
		*type = SCAN_TRUE;
		return p + 4;
	}
	if (memcmp(p, "null", 4) == 0) {
		*type = SCAN_NULL;
		return p + 4;
	}
	if (memcmp(p, "false", 5) == 0) {
		*type = SCAN_FALSE;
		return p + 5;
	}
	return scan_fail(scan, p, "value expected");
}

/* ---- nested values: validated only ---- */

static int
scan_name_order(const void *a, const void *b)
{
	const struct slice *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? -1 : 1;
	return memcmp(x->p, y->p, x->n);
}

static void
scan_name_push(struct scan *scan, struct slice name)
{
	if (scan->nnames == scan->cap_names) {
		scan->cap_names = 2 * scan->cap_names + 16;
		scan->name = buf_realloc(scan->name, scan->cap_names,
		    sizeof(*scan->name));
	}
	scan->name[scan->nnames++] = name;
}

/* Drops the names from base on; false when two of them are the same. */
static bool
scan_names_differ(struct scan *scan, size_t base)
{
	struct slice *name = scan->name + base;
	size_t n = scan->nnames - base;

	scan->nnames = base;
	if (n < 2)
		return true;
	qsort(name, n, sizeof(*name), scan_name_order);
	for (size_t i = 1; i < n; i++)
		if (slice_equal(name[i - 1], name[i]))
			return false;
	return true;
}

/*
 * A string without escapes, or a short number with a comma behind it, as nearly
 * every value is; returns what follows it, or NULL for all else.
 */
static inline const char *
scan_plain_value(const char *p, struct scan_value *value)
{
	const char *end;

	if (*p == '"') {
		end = scan_plain(p + 1);
		value->p = p + 1;
		value->n = (uint32_t)(end - p - 1);
		value->type = SCAN_STRING;
		return *end == '"' ? end + 1 : NULL;
	}
#ifdef __SSE2__
	uint32_t stops = scan_not_digits(p) | 1u << 16;
	uint32_t n = (uint32_t)__builtin_ctz(stops), point = n;

	if (n == 0 || (n > 1 && p[0] == '0'))
		return NULL;
	value->type = SCAN_INT;
	if (p[n] == '.') {
		stops = (stops & (stops - 1)) | 1u << 16;
		n = (uint32_t)__builtin_ctz(stops);
		value->type = SCAN_REAL;
		if (n == point + 1)
			return NULL;
	}
	value->p = p;
	value->n = n;
	return p[n] == ',' ? p + n : NULL;
#else
	return NULL;
#endif
}

static const char *scan_nested(struct scan *, const char *, int);

/* Any value at p; returns what follows it. */
static inline const char *
scan_value_at(struct scan *scan, const char *p, int depth,
    struct scan_value *value)
{
	const char *end;

	switch (*p) {
	case '"':
		end = scan_string(scan, p + 1, &value->type);
		if (end == NULL)
			return NULL;
		value->p = p + 1;
		value->n = (uint32_t)(end - p - 1);
		return end + 1;
	case '{':
	case '[':
		value->type = *p == '{' ? SCAN_OBJECT : SCAN_ARRAY;
		end = scan_nested(scan, p, depth + 1);
		break;
	case 't':
	case 'f':
	case 'n':
		end = scan_literal(scan, p, &value->type);
		break;
	default:
		end = scan_number(scan, p, &value->type);
	}
	if (end == NULL)
		return NULL;
	value->p = p;
	value->n = (uint32_t)(end - p);
	return end;
}

/* A key at p; returns where its value starts. */
static const char *
scan_key_text(struct scan *scan, const char *p, struct slice *name)
{
	enum scan_type type;
	const char *end;

	if (*p != '"')
		return scan_fail(scan, p, "key expected");
	end = scan_string(scan, p + 1, &type);
	if (end == NULL)
		return NULL;
	*name = (struct slice){ p + 1, (size_t)(end - p - 1) };
	if (type == SCAN_ESCAPED)
		*name = scan_decode(scan, name->p, name->n);
	p = scan_space(end + 1);
	if (*p != ':')
		return scan_fail(scan, p, "colon expected");
	return scan_space(p + 1);
}

static const char *
scan_nested_object(struct scan *scan, const char *p, int depth)
{
	size_t base = scan->nnames;
	const char *open = p;
	struct scan_value value;
	struct slice name;

	p = scan_space(p + 1);
	if (*p == '}')
		return p + 1;
	for (;;) {
		p = scan_key_text(scan, p, &name);
		if (p == NULL)
			return NULL;
		scan_name_push(scan, name);
		p = scan_value_at(scan, p, depth, &value);
		if (p == NULL)
			return NULL;
		p = scan_space(p);
		if (*p == '}')
			break;
		if (*p != ',')
			return scan_fail(scan, p, "comma or } expected");
		p = scan_space(p + 1);
	}
	if (!scan_names_differ(scan, base))
		return scan_fail(scan, open, "duplicate key");
	return p + 1;
}

/* The object or array at p, the depth-th level of the line. */
static const char *
scan_nested(struct scan *scan, const char *p, int depth)
{
	struct scan_value value;

	if (depth > SCAN_DEPTH)
		return scan_fail(scan, p, "nested too deeply");
	if (*p == '{')
		return scan_nested_object(scan, p, depth);
	p = scan_space(p + 1);
	if (*p == ']')
		return p + 1;
	for (;;) {
		p = scan_value_at(scan, p, depth, &value);
		if (p == NULL)
			return NULL;
		p = scan_space(p);
		if (*p == ']')
			return p + 1;
		if (*p != ',')
			return scan_fail(scan, p, "comma or ] expected");
		p = scan_space(p + 1);
	}
}

/* ---- top-level keys ---- */

static uint32_t
scan_hash(struct slice name)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.p[i]) * 16777619u;
	return h ^ h >> 15;
}

/*
 * True when the key is written as it reads.  No other may be learnt, because
 * guesses compare bytes: a":1,"b would be found in {"a":1,"b":2}.
 */
static bool
scan_is_plain(struct slice name)
{
	for (size_t i = 0; i < name.n; i++)
		if ((unsigned char)name.p[i] < 0x20 || name.p[i] == '"' ||
		    name.p[i] == '\\')
			return false;
	return true;
}

/* The key of a name, learnt now if new; scan->odd when it cannot be. */
static struct scan_key *
scan_key_named(struct scan *scan, struct slice name)
{
	uint32_t i = scan_hash(name) % SCAN_INDEX;
	struct scan_key *key;

	if (name.n + 3 > SCAN_KEY_TEXT)
		return &scan->odd;
	for (; scan->index[i] != 0; i = (i + 1) % SCAN_INDEX) {
		key = &scan->key[scan->index[i] - 1];
		if (key->n == name.n + 3 &&
		    memcmp(key->text + 1, name.p, name.n) == 0)
			return key;
	}
	if (scan->nkeys == SCAN_IDS || !scan_is_plain(name))
		return &scan->odd;
	key = &scan->key[scan->nkeys];
	key->n = (uint32_t)name.n + 3;
	key->mask = key->n >= 32 ? UINT32_MAX : (1u << key->n) - 1;
	key->seen = &scan->seen[scan->nkeys / 64];
	key->bit = UINT64_C(1) << (scan->nkeys % 64);
	key->next[0] = key->next[1] = scan->key;
	key->text[0] = '"';
	memcpy(key->text + 1, name.p, name.n);
	key->text[name.n + 1] = '"';
	key->text[name.n + 2] = ':';
	scan->index[i] = (uint16_t)++scan->nkeys;
	return key;
}

/* True when the key's text stands at p. */
static inline bool
scan_key_at(const struct scan_key *key, const char *p)
{
#ifdef __SSE2__
	const __m128i *want = (const __m128i *)(const void *)key->text;
	const __m128i *have = (const __m128i *)(const void *)p;
	uint32_t same = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(
	    _mm_loadu_si128(have), _mm_loadu_si128(want)));

	if (key->n > 16)
		same |= (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(
		    _mm_loadu_si128(have + 1),
		    _mm_loadu_si128(want + 1))) << 16;
	if ((same & key->mask) != key->mask)
		return false;
#else
	if (memcmp(p, key->text, key->n < 32 ? key->n : 32) != 0)
		return false;
#endif
	/* 32 bytes agree, so the text goes on and the pad lies behind it. */
	return key->n <= 32 || memcmp(p + 32, key->text + 32,
	    key->n - 32) == 0;
}

static const char *
scan_key_slow(struct scan *scan, const char *p, struct scan_key **key)
{
	struct scan_key *before = *key;
	struct slice name;

	p = scan_key_text(scan, p, &name);
	if (p == NULL)
		return NULL;
	*key = scan_key_named(scan, name);
	if (*key == &scan->odd) {
		scan_name_push(scan, name);
	} else if (before->next[0] != *key) {
		before->next[1] = before->next[0];
		before->next[0] = *key;
	}
	return p;
}

/*
 * The key at p or behind white space; *key: the one before it, and then this
 * one.  Returns what follows its colon, which is white space or a value.
 */
static inline const char *
scan_key(struct scan *scan, const char *p, struct scan_key **key)
{
	struct scan_key *const *guess = (*key)->next;

	if (scan_key_at(guess[0], p)) {
		*key = guess[0];
		return p + guess[0]->n;
	}
	p = scan_space(p);
	for (int i = 0; i < 2; i++)
		if (scan_key_at(guess[i], p)) {
			*key = guess[i];
			return p + guess[i]->n;
		}
	return scan_key_slow(scan, p, key);
}

/* The members of the line's object, from behind its brace to the other. */
static const char *
scan_members(struct scan *scan, const char *p)
{
	struct scan_key *key = &scan->start;

	p = scan_space(p);
	if (*p == '}')
		return p;
	for (;; p++) {
		const char *at = p, *end;

		p = scan_key(scan, p, &key);
		if (p == NULL)
			return NULL;
		if (*key->seen & key->bit)
			return scan_fail(scan, scan_space(at),
			    "duplicate key");
		*key->seen |= key->bit;
		end = scan_plain_value(p, &key->value);
		if (end == NULL)
			end = scan_value_at(scan, scan_space(p), 1,
			    &key->value);
		if (end == NULL)
			return NULL;
		p = end;
		if (*p == ',')
			continue;
		p = scan_space(p);
		if (*p == '}')
			return p;
		if (*p != ',')
			return scan_fail(scan, p, "comma or } expected");
	}
}

/* The object at p; returns what follows its closing brace. */
static const char *
scan_object_at(struct scan *scan, const char *p)
{
	scan_forget(scan);
	scan->nnames = 0;
	memset(scan->seen, 0, sizeof(scan->seen));
	if (*p != '{')
		return scan_fail(scan, p, "object expected");
	scan->open = p;
	p = scan_members(scan, p + 1);
	if (p == NULL)
		return NULL;
	scan->close = p;
	scan->unlearnt = scan->nnames > 0;
	if (scan->unlearnt && !scan_names_differ(scan, 0))
		return scan_fail(scan, scan->open, "duplicate key");
	return p + 1;
}

/* ---- the interface ---- */

struct scan *
scan_new(void)
{
	struct scan *scan = buf_alloc(1, sizeof(*scan));

	scan->odd.seen = scan->seen;
	for (int i = 0; i < 2; i++)
		scan->odd.next[i] = scan->start.next[i] = scan->key;
	for (int i = 0; i < KEY_COUNT; i++) {
		struct slice name = { key_texts[i].text + 2,
		    key_texts[i].n - 4 };

		scan_key_named(scan, name);
	}
	return scan;
}

void
scan_free(struct scan *scan)
{
	if (scan == NULL)
		return;
	scan_forget(scan);
	free(scan->name);
	free(scan);
}

int
scan_line(struct scan *scan, const char *p, size_t n, struct err *err)
{
	const char *end = scan_object_at(scan, scan_space(p));

	if (end != NULL) {
		end = scan_space(end);
		if (end == p + n)
			return 0;
		scan_fail(scan, end, "more than one value");
	}
	return err_set(err, "not a JSON object: %s at byte %td", scan->why,
	    scan->bad - p);
}

int
scan_frame(struct scan *scan, const char *p, size_t n, size_t *pos,
    struct err *err)
{
	const char *q = scan_space(p + *pos);
	bool first = *pos == 0;

	if (*q != (first ? '[' : ',') && (first || *q != ']')) {
		scan_fail(scan, q, first ? "array expected" :
		    "comma or ] expected");
		goto bad;
	}
	if (*q != ']')
		q = scan_space(q + 1);
	if (*q == ']' && (first || p[*pos] == ']')) {
		q = scan_space(q + 1);
		if (q == p + n)
			return 0;
		scan_fail(scan, q, "more than one value");
		goto bad;
	}
	q = scan_object_at(scan, q);
	if (q == NULL)
		goto bad;
	*pos = (size_t)(scan_space(q) - p);
	return 1;
bad:
	return err_set(err, "not an array of JSON objects: %s at byte %td",
	    scan->why, scan->bad - p);
}

struct slice
scan_object(const struct scan *scan)
{
	return (struct slice){ scan->open,
	    (size_t)(scan->close - scan->open) + 1 };
}

bool
scan_has_any(const struct scan *scan, const struct key_set *set)
{
	uint64_t any = 0;

	for (int i = 0; i < KEY_WORDS; i++)
		any |= scan->seen[i] & set->bits[i];
	return any != 0;
}

bool
scan_has_more(const struct scan *scan, const struct key_set *set)
{
	uint64_t any = 0;

	for (size_t i = 0; i < SCAN_IDS / 64; i++)
		any |= scan->seen[i] & ~(i < KEY_WORDS ? set->bits[i] : 0);
	return any != 0 || scan->unlearnt;
}

/* What follows the validated value at p. */
static const char *
scan_past(const char *p)
{
	int depth = 0;

	do {
		if (*p == '"') {
			for (p++; *p != '"'; p++)
				p += *p == '\\';
		} else if (*p == '{' || *p == '[') {
			depth++;
		} else if (*p == '}' || *p == ']') {
			depth--;
		}
		p++;
	} while (depth > 0);
	if (p[-1] == '"' || p[-1] == '}' || p[-1] == ']')
		return p;
	while (*p != ',' && *p != '}' && *p != ']' && *p > ' ')
		p++;
	return p;
}

void
scan_copy(const struct scan *scan, const struct key_set *without,
    struct buf *dst)
{
	/* Only values the scan has seen can belong to a key of the set. */
	const char *p = scan_space(scan->open + 1);
	size_t start = dst->n;

	buf_add(dst, "{", 1);
	while (p < scan->close) {
		const char *key = p, *value, *end;
		bool drop = false;

		value = scan_space(scan_space(scan_past(p)) + 1);
		end = scan_past(value);
		for (unsigned i = 0; i < KEY_COUNT && !drop; i++) {
			if (!(without->bits[i / 64] >> (i % 64) & 1) ||
			    !(scan->seen[i / 64] >> (i % 64) & 1))
				continue;
			drop = scan->key[i].value.p == value ||
			    scan->key[i].value.p == value + 1;
		}
		if (!drop) {
			if (dst->n > start + 1)
				buf_add(dst, ",", 1);
			buf_add(dst, key, (size_t)(end - key));
		}
		p = scan_space(end);
		if (*p == ',')
			p = scan_space(p + 1);
	}
}

struct scan_value
scan_get(const struct scan *scan, enum key key)
{
	if (!(scan->seen[key / 64] >> (key % 64) & 1) ||
	    scan->key[key].value.type == SCAN_NULL)
		return (struct scan_value){ NULL, 0, SCAN_ABSENT };
	return scan->key[key].value;
}

struct slice
scan_raw(const struct scan *scan, enum key key)
{
	struct scan_value v = scan->key[key].value;

	if (!(scan->seen[key / 64] >> (key % 64) & 1))
		return (struct slice){ NULL, 0 };
	if (v.type == SCAN_STRING || v.type == SCAN_ESCAPED)
		return (struct slice){ v.p - 1, v.n + 2 };
	return (struct slice){ v.p, v.n };
}

static int
scan_not(enum key key, const char *what, struct err *err)
{
	const struct key_text *k = &key_texts[key];

	return err_set(err, "%.*s: %s", (int)k->n - 4, k->text + 2, what);
}

/* 8 bytes of the line, the first the lowest. */
static inline uint64_t
scan_bytes(const char *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	v = __builtin_bswap64(v);
#endif
	return v;
}

/* The first n of 8 digits, 0 <= n <= 8, as a number: three multiplications. */
static inline uint64_t
scan_eight(uint64_t v, size_t n)
{
	v = n == 0 ? 0 : v << (64 - 8 * n);
	v = (v & 0x0f0f0f0f0f0f0f0fu) * 2561 >> 8;
	v = (v & 0x00ff00ff00ff00ffu) * 6553601 >> 16;
	return (v & 0x0000ffff0000ffffu) * 42949672960001u >> 32;
}

/* Value of a SCAN_INT, which is known to fit. */
static inline int64_t
scan_int_value(struct scan_value v)
{
	bool negative = *v.p == '-';
	const char *p = v.p + negative;
	size_t left = v.n - negative;
	uint64_t n = 0;

	for (; left > 8; p += 8, left -= 8)
		n = n * 100000000 + scan_eight(scan_bytes(p), 8);
	n = n * (uint64_t)decimal_pow10[left] + scan_eight(scan_bytes(p), left);
	return (int64_t)(negative ? 0 - n : n);
}

/*
 * A number without sign and exponent, of at most 8 bytes and scale decimals,
 * in units of 10^-scale, scale <= 9; false: any other.
 */
static inline bool
scan_short_decimal(struct scan_value v, int scale, int64_t *out)
{
	const uint64_t ones = 0x0101010101010101u, tops = 0x80 * ones;
	uint64_t x, points, whole;
	size_t at, places;

	if ((v.type != SCAN_INT && v.type != SCAN_REAL) || v.n > 8)
		return false;
	x = scan_bytes(v.p);
	if (v.type == SCAN_INT) {
		if (*v.p == '-')
			return false;
		*out = (int64_t)scan_eight(x, v.n) * decimal_pow10[scale];
		return true;
	}
	/* The lowest byte that is a point; then close the gap it leaves. */
	points = x ^ '.' * ones;
	points = (points - ones) & ~points & tops;
	at = points == 0 ? 8 : (size_t)__builtin_ctzll(points) / 8;
	if (at >= v.n)
		return false;
	places = v.n - 1 - at;
	whole = (UINT64_C(1) << (8 * at)) - 1;
	x = (x & whole) | (x >> 8 & ~whole);
	/* The scan found digits, a point, a sign or an exponent. */
	if (places > (size_t)scale || ((x ^ '0' * ones) &
	    0xf0 * ones) << (72 - 8 * v.n) != 0)
		return false;
	*out = (int64_t)scan_eight(x, v.n - 1) *
	    decimal_pow10[(size_t)scale - places];
	return true;
}

static int
scan_long_decimal(enum key key, struct scan_value v, int scale, int64_t *out,
    struct err *err)
{
	struct err why;

	if (v.type == SCAN_ABSENT)
		return 0;
	if (v.type != SCAN_INT && v.type != SCAN_REAL)
		return scan_not(key, "not a number", err);
	if (decimal_parse(v.p, v.n, scale, out, &why) < 0)
		return scan_not(key, why.text, err);
	return 1;
}

int
scan_decimal(const struct scan *scan, enum key key, int scale, int64_t *out,
    struct err *err)
{
	struct scan_value v = scan_get(scan, key);

	return scan_short_decimal(v, scale, out) ? 1 :
	    scan_long_decimal(key, v, scale, out, err);
}

int
scan_int(const struct scan *scan, enum key key, int64_t *out,
    struct err *err)
{
	struct scan_value v = scan_get(scan, key);

	if (v.type == SCAN_ABSENT)
		return 0;
	if (v.type == SCAN_INT) {
		*out = scan_int_value(v);
		return 1;
	}
	if (v.type != SCAN_REAL || decimal_parse(v.p, v.n, 0, out, NULL) < 0)
		return scan_not(key, "not an integer", err);
	return 1;
}

int
scan_bool(const struct scan *scan, enum key key, bool *out, struct err *err)
{
	struct scan_value v = scan_get(scan, key);

	if (v.type == SCAN_ABSENT)
		return 0;
	if (v.type != SCAN_TRUE && v.type != SCAN_FALSE)
		return scan_not(key, "neither true nor false", err);
	*out = v.type == SCAN_TRUE;
	return 1;
}

int
scan_text(struct scan *scan, enum key key, struct slice *out,
    struct err *err)
{
	struct scan_value v = scan_get(scan, key);

	if (v.type == SCAN_ABSENT)
		return 0;
	if (v.type != SCAN_STRING && v.type != SCAN_ESCAPED)
		return scan_not(key, "not a string", err);
	*out = scan_unescape(scan, v);
	return 1;
}

/* A field of the plain kinds; false: neither read nor judged. */
static inline bool
scan_field_plain(const struct scan_field *f, struct scan_value v, void *to)
{
	int64_t n;

	switch (f->kind) {
	case SCAN_TO_TEXT:
		if (v.type != SCAN_STRING)
			return false;
		*(struct slice *)to = (struct slice){ v.p, v.n };
		return true;
	case SCAN_TO_INT:
		if (v.type != SCAN_INT)
			return false;
		n = scan_int_value(v);
		break;
	case SCAN_TO_E4:
		if (!scan_short_decimal(v, DECIMAL_E4, &n))
			return false;
		break;
	default:
		return false;
	}
	if (n > f->most || n < -f->most)
		return false;
	*(int64_t *)to = n;
	return true;
}

static int
scan_field(struct scan *scan, const struct scan_field *f, void *to,
    struct err *err)
{
	int64_t *number = to;
	int r;

	switch (f->kind) {
	case SCAN_TO_TEXT:
		return scan_text(scan, f->key, to, err);
	case SCAN_TO_BOOL:
		return scan_bool(scan, f->key, to, err);
	case SCAN_TO_INT:
		r = scan_int(scan, f->key, number, err);
		break;
	default:
		r = scan_decimal(scan, f->key, DECIMAL_E4, number, err);
	}
	if (r > 0 && (*number > f->most || *number < -f->most))
		return scan_not(f->key, "out of range", err);
	return r;
}

int
scan_fields(struct scan *scan, const struct scan_field *field, size_t n,
    void *dst, struct err *err)
{
	for (const struct scan_field *f = field; f < field + n; f++) {
		void *to = (char *)dst + f->at;

		if ((scan->seen[f->key / 64] >> (f->key % 64) & 1) &&
		    !scan_field_plain(f, scan->key[f->key].value, to) &&
		    scan_field(scan, f, to, err) < 0)
			return -1;
	}
	return 0;
}

int
scan_element(struct scan_value array, size_t *pos, struct scan_value *out)
{
	const char *p, *end;

	p = scan_space(array.p + (*pos == 0 ? 1 : *pos));
	if (*p == ',')
		p = scan_space(p + 1);
	if (*p == ']')
		return 0;
	end = scan_past(p);
	*pos = (size_t)(end - array.p);
	out->p = p;
	out->n = (uint32_t)(end - p);
	switch (*p) {
	case '"':
		out->p = p + 1;
		out->n -= 2;
		out->type = memchr(out->p, '\\', out->n) == NULL ?
		    SCAN_STRING : SCAN_ESCAPED;
		break;
	case '{':
		out->type = SCAN_OBJECT;
		break;
	case '[':
		out->type = SCAN_ARRAY;
		break;
	case 't':
		out->type = SCAN_TRUE;
		break;
	case 'f':
		out->type = SCAN_FALSE;
		break;
	case 'n':
		out->type = SCAN_NULL;
		break;
	default:
		out->type = memchr(p, '.', out->n) != NULL ||
		    memchr(p, 'e', out->n) != NULL ||
		    memchr(p, 'E', out->n) != NULL ? SCAN_REAL : SCAN_INT;
	}
	return 1;
}
