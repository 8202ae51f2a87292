/*
 * osi_parse on any bytes: never crashes; what it accepts prints as a symbol
 * that parses to the same contract, and osi_make builds it from its parts.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "record/osi.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
same(const struct osi *a, const struct osi *b)
{
	if (strcmp(a->root, b->root) != 0 || strcmp(a->symbol,
	    b->symbol) != 0 || a->expiration != b->expiration ||
	    a->right != b->right || a->strike_e4 != b->strike_e4 ||
	    a->am_settled != b->am_settled || a->european != b->european ||
	    a->is_adjusted != b->is_adjusted || a->is_flex != b->is_flex)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct slice text = { (const char *)data, n };
	struct osi osi, again;
	char printed[OSI_TEXT];
	struct err err;
	size_t len;

	osi_is_symbol(text);
	if (osi_parse(text, &osi, &err) < 0)
		return 0;
	len = osi_print(printed, &osi);
	if (len > OSI_TEXT || osi_parse((struct slice){ printed, len },
	    &again, &err) < 0)
		abort();
	same(&osi, &again);
	if (osi_make((struct slice){ osi.root, strlen(osi.root) },
	    osi.expiration, osi.right, osi.strike_e4, &again, &err) < 0)
		abort();
	same(&osi, &again);
	return 0;
}
