#ifndef FLOW_MASSIVE_CODES_H
#define FLOW_MASSIVE_CODES_H

#include "tap/massive_wire.h"

/*
 * Massive's numbers of sale conditions and exchanges as names; each is looked
 * up once, and one that nobody knows is told once.
 */

struct massive_codes;

struct massive_codes *massive_codes_new(void);
void massive_codes_free(struct massive_codes *codes);	/* NULL is fine */

/*
 * Names of the vendor's own tables (tap/massive_tables.h), kept by name, for
 * what is not built in.
 */
void massive_codes_tables(struct massive_codes *codes, struct slice text);

/*
 * Puts into a trade that was initialised what the print says of itself.  Its
 * texts belong to the codes.
 */
void massive_codes_print(struct massive_codes *codes,
    const struct massive_wire *print, struct trade *trade);

#endif
