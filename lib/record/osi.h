#ifndef FLOW_OSI_H
#define FLOW_OSI_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/day.h"

/*
 * Option symbols (domain.md 2.3): root, yymmdd, C or P, strike in thousandths
 * in 8 digits; padded to 21 characters or not, with or without "O:".  Parsed
 * from the right, because roots may end in digits.  What a root says of its
 * underlying, settlement and exercise is a table keyed by root, without the
 * digits of adjusted and FLEX series.
 */

enum { OSI_ROOT = 6, OSI_TEXT = 23 };	/* OSI_TEXT: "O:" and 21 at most */

enum osi_right { OSI_CALL, OSI_PUT };

struct osi {
	char root[OSI_ROOT + 1];	/* NUL-terminated, no padding */
	char symbol[OSI_ROOT + 2];	/* underlying: "BRK.B" of BRKB */
	int32_t expiration;		/* base/day.h; 2000 to 2099 */
	enum osi_right right;
	int64_t strike_e4;		/* 1/10,000 dollar, above 0 */
	bool am_settled;		/* else PM */
	bool european;			/* else American */
	bool is_adjusted;		/* trailing digit: AAPL1 */
	bool is_flex;			/* leading digit */
};

/* Reads a symbol; -1 with the reason when it is none. */
int osi_parse(struct slice text, struct osi *out, struct err *err);

/*
 * Builds one from its parts: root text of 1 to 6 of A-Z 0-9, strike a
 * multiple of 1/1000 dollar below 100,000.
 */
int osi_make(struct slice root, int32_t expiration, enum osi_right right,
    int64_t strike_e4, struct osi *out, struct err *err);

/* "O:AAPL250221C00250000": writes at most OSI_TEXT bytes, no NUL. */
size_t osi_print(char *dst, const struct osi *osi);

/*
 * True when the text can be an underlying's symbol: 1 to 16 of
 * A-Z 0-9 . : ^ - / (BRK.B, I:SPX, ^SPX).
 */
bool osi_is_symbol(struct slice text);

#endif
