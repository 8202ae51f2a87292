#include "record/emit.h"

#include <assert.h>

static inline char *
emit_key(struct buf *dst, enum key key, size_t room)
{
	const struct key_text *k = &key_texts[key];
	char *p = buf_reserve(dst, KEY_TEXT + room), *start = p;

	memcpy(p, k->text, KEY_TEXT);
	p += k->n;
	/* The first member of an object has no comma before it. */
	if (dst->n > 0 && start[-1] == '{') {
		memmove(start, start + 1, k->n - 1);
		p--;
	}
	return p;
}

static inline void
emit_done(struct buf *dst, const char *end)
{
	dst->n = (size_t)(end - dst->p);
}

void
emit_open(struct buf *dst, const char *kind)
{
	buf_add(dst, "{", 1);
	emit_str(dst, KEY_record, kind);
}

void
emit_splice(struct buf *dst, const struct scan *scan,
    const struct key_set *replaced)
{
	struct slice object = scan_object(scan);

	if (replaced == NULL || !scan_has_any(scan, replaced))
		buf_add(dst, object.p, object.n - 1);
	else
		scan_copy(scan, replaced, dst);
	/* White space before the brace would hide an empty object's "{". */
	while (dst->p[dst->n - 1] <= ' ')
		dst->n--;
}

void
emit_close(struct buf *dst)
{
	buf_add(dst, "}\n", 2);
}

void
emit_int(struct buf *dst, enum key key, int64_t value)
{
	char *p = emit_key(dst, key, DECIMAL_TEXT);

	emit_done(dst, p + decimal_print_int(p, value));
}

void
emit_decimal(struct buf *dst, enum key key, int64_t value, int scale)
{
	char *p = emit_key(dst, key, DECIMAL_TEXT);

	emit_done(dst, p + decimal_print(p, value, scale));
}

void
emit_bool(struct buf *dst, enum key key, bool value)
{
	char *p = emit_key(dst, key, 8);

	memcpy(p, value ? "true " : "false", 5);
	emit_done(dst, p + (value ? 4 : 5));
}

void
emit_null(struct buf *dst, enum key key)
{
	char *p = emit_key(dst, key, 4);

	memcpy(p, "null", 4);
	emit_done(dst, p + 4);
}

/* Length of the UTF-8 sequence at p, or 0 when it is invalid. */
static size_t
emit_utf8(const unsigned char *p, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 :
	    p[0] < 0xf0 ? 3 : p[0] < 0xf5 ? 4 : 0;
	uint32_t c;

	if (len < 2)
		return len;
	if (len > n)
		return 0;
	c = p[0] & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return len;
}

/* Where among 8 bytes one is the same as c, its highest bit; else 0. */
static inline uint64_t
emit_find(uint64_t bytes, unsigned char c)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t x = bytes ^ c * ones;

	return (x - ones) & ~x & 0x80 * ones;
}

/* True when 8 bytes stand for themselves. */
static inline bool
emit_is_plain(uint64_t x)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);

	return (((x - 0x20 * ones) | x) & 0x80 * ones) == 0 &&
	    (emit_find(x, '"') | emit_find(x, '\\') |
	    emit_find(x, 0x7f)) == 0;
}

/*
 * Copies a text whose bytes all stand for themselves; false: not all do, and
 * what is at q is of no use.  The ends of a text overlap rather than be done
 * byte by byte.
 */
static inline bool
emit_copy_plain(char *q, const char *p, size_t n)
{
	uint64_t x, y;
	uint32_t a, b;

	if (n >= 8) {
		for (size_t i = 0; i + 8 < n; i += 8) {
			memcpy(&x, p + i, 8);
			if (!emit_is_plain(x))
				return false;
			memcpy(q + i, &x, 8);
		}
		memcpy(&y, p + n - 8, 8);
		memcpy(q + n - 8, &y, 8);
		return emit_is_plain(y);
	}
	if (n >= 4) {
		memcpy(&a, p, 4);
		memcpy(&b, p + n - 4, 4);
		memcpy(q, &a, 4);
		memcpy(q + n - 4, &b, 4);
		return emit_is_plain(a | (uint64_t)b << 32);
	}
	x = UINT64_C(0x2020202020202020);
	for (size_t i = 0; i < n; i++) {
		q[i] = p[i];
		x = x << 8 | (unsigned char)p[i];
	}
	return emit_is_plain(x);
}

/* How many bytes at p stand for themselves. */
static size_t
emit_plain(const unsigned char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] >= 0x20 && p[i] < 0x7f && p[i] != '"' &&
	    p[i] != '\\')
		i++;
	return i;
}

/* The same with what must be escaped, and what is no UTF-8 replaced. */
static char *
emit_escaped(char *q, struct slice text)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *p = (const unsigned char *)text.p;

	for (size_t i = 0, len; i < text.n; i += len) {
		unsigned char c = p[i];

		len = emit_plain(p + i, text.n - i);
		if (len > 0) {
			memcpy(q, p + i, len);
			q += len;
			continue;
		}
		len = emit_utf8(p + i, text.n - i);
		if (len == 0 || c == '\0') {
			memcpy(q, "\xef\xbf\xbd", 3);
			q += 3;
			len = 1;
		} else if (len == 3 && memcmp(p + i, "\xe2\x80", 2) == 0 &&
		    (p[i + 2] | 1) == 0xa9) {
			/* line ends for some readers: U+2028, U+2029 */
			memcpy(q, p[i + 2] == 0xa8 ? "\\u2028" : "\\u2029", 6);
			q += 6;
		} else if (c == '"' || c == '\\') {
			*q++ = '\\';
			*q++ = (char)c;
		} else if (c < 0x20 || c == 0x7f) {
			memcpy(q, "\\u00", 4);
			q[4] = hex[c >> 4];
			q[5] = hex[c & 15];
			q += 6;
		} else {
			memcpy(q, p + i, len);
			q += len;
		}
	}
	return q;
}

/* A quoted string; at most 6 bytes come of one. */
static inline void
emit_quoted(struct buf *dst, struct slice text)
{
	char *q = buf_reserve(dst, 6 * text.n + 2);

	*q++ = '"';
	q = emit_copy_plain(q, text.p, text.n) ? q + text.n :
	    emit_escaped(q, text);
	*q++ = '"';
	emit_done(dst, q);
}

void
emit_text(struct buf *dst, enum key key, struct slice text)
{
	emit_done(dst, emit_key(dst, key, 0));
	emit_quoted(dst, text);
}

void
emit_str(struct buf *dst, enum key key, const char *text)
{
	emit_word(dst, key, text, strlen(text));
}

void
emit_word(struct buf *dst, enum key key, const char *word, size_t n)
{
	char *p = emit_key(dst, key, n + 2);

	*p++ = '"';
	memcpy(p, word, n);
	p += n;
	*p++ = '"';
	emit_done(dst, p);
}

void
emit_opt_int(struct buf *dst, enum key key, int64_t value)
{
	if (value != EMIT_ABSENT)
		emit_int(dst, key, value);
}

void
emit_opt_decimal(struct buf *dst, enum key key, int64_t value, int scale)
{
	if (value != EMIT_ABSENT)
		emit_decimal(dst, key, value, scale);
}

void
emit_opt_text(struct buf *dst, enum key key, struct slice text)
{
	if (text.n > 0)
		emit_text(dst, key, text);
}

static void
emit_fix(struct emit_fixed *member, struct buf *text)
{
	assert(text->n <= EMIT_FIXED);
	memcpy(member->text, text->p, text->n);
	member->n = (uint32_t)text->n;
	buf_free(text);
}

void
emit_fix_str(struct emit_fixed *member, enum key key, const char *word)
{
	struct buf text = BUF_INIT;

	buf_reserve(&text, EMIT_FIXED);
	emit_str(&text, key, word);
	emit_fix(member, &text);
}

void
emit_fix_bool(struct emit_fixed *member, enum key key, bool value)
{
	struct buf text = BUF_INIT;

	buf_reserve(&text, EMIT_FIXED);
	emit_bool(&text, key, value);
	emit_fix(member, &text);
}

void
emit_raw(struct buf *dst, enum key key, struct slice json)
{
	char *p = emit_key(dst, key, json.n);

	memcpy(p, json.p, json.n);
	emit_done(dst, p + json.n);
}

void
emit_array(struct buf *dst, enum key key)
{
	char *p = emit_key(dst, key, 1);

	*p++ = '[';
	emit_done(dst, p);
}

void
emit_item(struct buf *dst, struct slice text)
{
	if (dst->p[dst->n - 1] != '[')
		buf_add(dst, ",", 1);
	emit_quoted(dst, text);
}

void
emit_array_end(struct buf *dst)
{
	buf_add(dst, "]", 1);
}

void
emit_object(struct buf *dst, enum key key)
{
	char *p = emit_key(dst, key, 1);

	*p++ = '{';
	emit_done(dst, p);
}

void
emit_object_end(struct buf *dst)
{
	buf_add(dst, "}", 1);
}
