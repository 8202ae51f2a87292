#ifndef FLOW_SCAN_H
#define FLOW_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "record/key.h"

/*
 * One strict pass over a JSON object: no tree, no copy.  The whole line is
 * validated (RFC 8259, UTF-8, at most SCAN_DEPTH levels) and its top-level
 * members come out as slices of it, reached by key number.  Rejected besides
 * bad syntax, anywhere in the line: duplicate keys (after unescaping),
 * \u0000, lone surrogates, integers beyond int64_t, reals beyond double.
 *
 * Streams repeat their keys in a fixed order, so each key is guessed from the
 * one before it and confirmed by comparing its bytes; a wrong guess costs a
 * hash lookup, never correctness.  Keys not in record/key.h are learnt up to
 * SCAN_IDS, which makes the duplicate check a bit test.
 */

enum {
	SCAN_DEPTH = 64,	/* levels, the line's own object included */
	SCAN_IDS = 512,		/* known and learnt keys */
	SCAN_PAD = 32		/* bytes that must be readable after a text */
};

enum scan_type {
	SCAN_ABSENT,		/* scan_get only: absent or null */
	SCAN_NULL,
	SCAN_FALSE,
	SCAN_TRUE,
	SCAN_INT,		/* no fraction, no exponent; fits int64_t */
	SCAN_REAL,
	SCAN_STRING,		/* p, n: between the quotes, no escapes */
	SCAN_ESCAPED,		/* the same, with escapes in it */
	SCAN_ARRAY,		/* p, n: brackets included */
	SCAN_OBJECT
};

struct scan_value {
	const char *p;		/* in the line */
	uint32_t n;		/* bytes */
	enum scan_type type;
};

struct scan;

struct scan *scan_new(void);
void scan_free(struct scan *scan);

/*
 * Reads one object and nothing else but white space around it.  p[n] and the
 * SCAN_PAD - 1 bytes behind it must be readable, and p[n] must be '\n' or NUL
 * (which no valid text contains, so that every loop ends there).  The members
 * stay valid until the next call and as long as the line.  Returns 0, or -1
 * with the reason and the offset.
 */
int scan_line(struct scan *scan, const char *p, size_t n, struct err *err);

/*
 * Walks a top-level array of objects: *pos starts at 0.  Returns 1 with the
 * next object read as by scan_line, 0 after the closing bracket, -1 on an
 * error.  Same demands on p[n].
 */
int scan_frame(struct scan *scan, const char *p, size_t n, size_t *pos,
    struct err *err);

/* The object last read, opening to closing brace. */
struct slice scan_object(const struct scan *scan);

/* True when a key of the set is a member, null or not. */
bool scan_has_any(const struct scan *scan, const struct key_set *set);

/* True when a key outside the set is a member, null or not. */
bool scan_has_more(const struct scan *scan, const struct key_set *set);

/*
 * Appends the object to dst without its closing brace and without the members
 * of the set, ready for further members; what stays keeps its bytes.
 */
void scan_copy(const struct scan *scan, const struct key_set *without,
    struct buf *dst);

/* The member of a key; type SCAN_ABSENT when it is absent or null. */
struct scan_value scan_get(const struct scan *scan, enum key key);

/* Its value as it stands, quotes and null included; empty without a member. */
struct slice scan_raw(const struct scan *scan, enum key key);

/*
 * Typed reading.  Return 1 and the value, 0 when absent or null (*out is left
 * alone), -1 and err ("size: not an integer").
 */
int scan_int(const struct scan *scan, enum key key, int64_t *out,
    struct err *err);
/* Exact decimal in units of 10^-scale. */
int scan_decimal(const struct scan *scan, enum key key, int scale,
    int64_t *out, struct err *err);
int scan_bool(const struct scan *scan, enum key key, bool *out,
    struct err *err);
/* Unescaped text; valid until the next scan_line. */
int scan_text(struct scan *scan, enum key key, struct slice *out,
    struct err *err);

/*
 * Many members at once, into the members of a struct at dst, in the order of
 * the table; those of absent or null keys are left alone.  0, or -1 and err as
 * above ("size: out of range").
 */
enum scan_kind {
	SCAN_TO_TEXT,		/* struct slice, as scan_text */
	SCAN_TO_INT,		/* int64_t */
	SCAN_TO_E4,		/* int64_t, 1/10,000 */
	SCAN_TO_BOOL
};

struct scan_field {
	enum key key;
	enum scan_kind kind;
	int64_t most;		/* of a number, either side of 0 */
	size_t at;		/* offset in the struct */
};

int scan_fields(struct scan *scan, const struct scan_field *field, size_t n,
    void *dst, struct err *err);

/*
 * Elements of an array member, already validated: *pos starts at 0.  Returns 1
 * with the next element, 0 at the end.
 */
int scan_element(struct scan_value array, size_t *pos,
    struct scan_value *out);

/* Unescaped text of a string value; escapes are decoded in the scan's own
 * memory, valid until the next scan_line. */
struct slice scan_unescape(struct scan *scan, struct scan_value value);

#endif
