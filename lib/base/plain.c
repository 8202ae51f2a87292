#include "base/plain.h"

#include <inttypes.h>

#include "base/decimal.h"

/*
 * Bytes of the unwanted character at p, or 0.  n > 0.  Line and paragraph
 * separators count as controls; bidi controls are those of Unicode's
 * Bidi_Control property.
 */
static size_t
plain_control(const unsigned char *p, size_t n)
{
	if (p[0] < 0x20 || p[0] == 0x7f)
		return 1;
	if (n >= 2 && p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0)
		return 2;
	if (n >= 2 && p[0] == 0xd8 && p[1] == 0x9c)	/* U+061C */
		return 2;
	if (n < 3 || p[0] != 0xe2)
		return 0;
	/* U+200E 200F, U+2028 to 202E */
	if (p[1] == 0x80 && (p[2] == 0x8e || p[2] == 0x8f ||
	    (p[2] >= 0xa8 && p[2] <= 0xae)))
		return 3;
	/* U+2066 to 2069 */
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9 ? 3 : 0;
}

void
plain_clean(struct buf *dst, struct slice text)
{
	const unsigned char *p = (const unsigned char *)text.p;

	for (size_t i = 0; i < text.n; ) {
		size_t n = plain_control(p + i, text.n - i);

		buf_add(dst, n > 0 ? (const void *)"?" : p + i, 1);
		i += n > 0 ? n : 1;
	}
}

void
plain_group(struct buf *dst, uint64_t value)
{
	uint64_t group = 1;

	while (value / group >= 1000)
		group *= 1000;
	buf_fmt(dst, "%" PRIu64, value / group);
	for (group /= 1000; group > 0; group /= 1000)
		buf_fmt(dst, ",%03" PRIu64, value / group % 1000);
}

void
plain_money(struct buf *dst, int64_t value_e4)
{
	uint64_t v = value_e4 < 0 ? -(uint64_t)value_e4 : (uint64_t)value_e4;
	unsigned part = (unsigned)(v % 10000);

	buf_str(dst, value_e4 < 0 ? "-$" : "$");
	plain_group(dst, v / 10000);
	if (part % 100 != 0)
		buf_fmt(dst, part % 10 != 0 ? ".%04u" : ".%03u",
		    part % 10 != 0 ? part : part / 10);
	else if (part != 0)
		buf_fmt(dst, ".%02u", part / 100);
}

void
plain_decimal(struct buf *dst, int64_t value, int scale)
{
	char text[DECIMAL_TEXT];

	buf_add(dst, text, decimal_print(text, value, scale));
}
