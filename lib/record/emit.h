#ifndef FLOW_EMIT_H
#define FLOW_EMIT_H

#include <stdbool.h>
#include <string.h>

#include "record/key.h"
#include "record/scan.h"

/*
 * Records out.  A record is either made anew (emit_open) or grows from the
 * one just scanned (emit_splice): the input object is copied without its
 * closing brace, and members are appended, so members nobody knows survive
 * byte for byte.  All JSON of the toolkit leaves through here.
 *
 * The functions append to a struct buf; a record ends with emit_close, which
 * adds the brace and the newline.
 */

/* Starts {"record":"<kind>" */
void emit_open(struct buf *dst, const char *kind);

/*
 * Copies the scanned object less its brace.  Members of the set, which the
 * caller is about to write, are left out when the input has them.
 */
void emit_splice(struct buf *dst, const struct scan *scan,
    const struct key_set *replaced);

void emit_close(struct buf *dst);

void emit_int(struct buf *dst, enum key key, int64_t value);
/* value / 10^scale, trailing zeros removed */
void emit_decimal(struct buf *dst, enum key key, int64_t value, int scale);
void emit_bool(struct buf *dst, enum key key, bool value);
void emit_null(struct buf *dst, enum key key);

/*
 * The same, leaving the member out when there is nothing to say: EMIT_ABSENT,
 * false, an empty text.
 */
#define EMIT_ABSENT INT64_MIN
void emit_opt_int(struct buf *dst, enum key key, int64_t value);
void emit_opt_decimal(struct buf *dst, enum key key, int64_t value,
    int scale);
static inline void
emit_opt_true(struct buf *dst, enum key key, bool value)
{
	if (value)
		emit_bool(dst, key, true);
}
void emit_opt_text(struct buf *dst, enum key key, struct slice text);

/*
 * Any UTF-8 text; escaped as needed.  Invalid bytes, and U+0000, which no
 * record may hold, become U+FFFD.
 */
void emit_text(struct buf *dst, enum key key, struct slice text);
void emit_str(struct buf *dst, enum key key, const char *text);
/* A word of A-Z a-z 0-9 _ . : - and the like: nothing to escape. */
void emit_word(struct buf *dst, enum key key, const char *word, size_t n);

/*
 * A member that has few values and is written often: made once, then copied
 * whole.  Never the first member of its object.
 */
enum { EMIT_FIXED = 44 };	/* bytes of comma, key and value at most */

struct emit_fixed {
	char text[EMIT_FIXED];
	uint32_t n;
};

/* The word is of the kind that emit_word takes. */
void emit_fix_str(struct emit_fixed *member, enum key key, const char *word);
void emit_fix_bool(struct emit_fixed *member, enum key key, bool value);

static inline void
emit_fixed(struct buf *dst, const struct emit_fixed *member)
{
	memcpy(buf_reserve(dst, EMIT_FIXED), member->text, EMIT_FIXED);
	dst->n += member->n;
}

/* A value that is JSON already. */
void emit_raw(struct buf *dst, enum key key, struct slice json);

/* Arrays of texts: open, items, close. */
void emit_array(struct buf *dst, enum key key);
void emit_item(struct buf *dst, struct slice text);
void emit_array_end(struct buf *dst);

/* Nested objects: why, metrics, capabilities, hop. */
void emit_object(struct buf *dst, enum key key);
void emit_object_end(struct buf *dst);

#endif
