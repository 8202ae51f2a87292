/*
 * Whose quotes are asked for: by hand, with two places and 30 s of grace.
 */

#include "check.h"

#include "tap/massive_quotes.h"

int
main(void)
{
	static const struct {
		size_t contract;
		int64_t ms;
		enum massive_quotes_do want;
		size_t evicted;
	} steps[] = {
		{ 7, 0, MASSIVE_QUOTES_ADD, 0 },
		{ 7, 1, MASSIVE_QUOTES_NOTHING, 0 },
		{ 1000, 2, MASSIVE_QUOTES_ADD, 0 },
		{ 3, 3, MASSIVE_QUOTES_NOTHING, 0 },	/* all are fresh */
		{ 7, 20000, MASSIVE_QUOTES_NOTHING, 0 },
		{ 3, 30001, MASSIVE_QUOTES_NOTHING, 0 },
		{ 3, 30002, MASSIVE_QUOTES_SWAP, 1000 },
		{ 1000, 30003, MASSIVE_QUOTES_NOTHING, 0 },
		{ 1000, 50000, MASSIVE_QUOTES_SWAP, 7 },
		{ 3, 50001, MASSIVE_QUOTES_NOTHING, 0 },
	};
	struct massive_quotes *quotes = massive_quotes_new(2);
	size_t evicted;

	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		evicted = 0;
		CHECK_INT("what to do", massive_quotes_traded(quotes,
		    steps[i].contract, steps[i].ms, &evicted), steps[i].want);
		CHECK_INT("who gives way", evicted, steps[i].evicted);
	}
	CHECK_INT("swaps", massive_quotes_evicted(quotes), 2);
	massive_quotes_free(quotes);
	quotes = massive_quotes_new(0);
	CHECK_INT("no place at all", massive_quotes_traded(quotes, 1, 1,
	    &evicted), MASSIVE_QUOTES_NOTHING);
	massive_quotes_free(quotes);
	return check_end();
}
