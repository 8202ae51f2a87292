/* classify/size: averages and size classes of domain.md 3.9. */
#include "classify/size.h"

#include "check.h"

static const struct size_limits limits = {
	.contract_n = 100, .contract_min = 20,
	.underlying_n = 1000, .underlying_min = 50,
	.fallback = 10, .cap = 500,
	.block_size = 500, .block_mult_e4 = 50000, .block_floor = 100,
	.large_mult_e4 = 20000, .large_floor = 10
};

enum { DAY = 20416 };			/* 2025-11-24 */

static void
test_class(void)
{
	static const struct {
		const char *name;
		int64_t size, sum, n;
		bool block, large;
	} rows[] = {
		{ "EX-3.46", 250, 40, 1, true, true },
		{ "EX-3.47", 10, 2, 1, false, true },
		{ "EX-3.48", 500, 300, 1, true, false },
		{ "EX-3.49", 24, 12, 1, false, true },
		{ "EX-3.50", 8, 3, 1, false, false },
		{ "499", 499, 300, 1, false, false },
		{ "5 x 20 at the floor", 100, 20, 1, true, true },
		{ "99 is below the floor", 99, 2, 1, false, true },
		{ "5 x exactly, a fraction", 125, 50, 2, true, true },
		{ "short of 5 x by 1/3", 133, 80, 3, false, true },
		{ "short of 2 x", 19, 10, 1, false, false },
		{ "2 x exactly", 20, 10, 1, false, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct size_average a = { rows[i].sum, rows[i].n,
		    SIZE_CONTRACT };

		CHECK_INT(rows[i].name, size_is_block(rows[i].size, a,
		    &limits), rows[i].block);
		CHECK_INT(rows[i].name, size_is_large(rows[i].size, a,
		    &limits), rows[i].large);
	}
}

static void
add_many(struct size_ring *ring, int64_t max, int32_t day, int n,
    int64_t size)
{
	while (n-- > 0)
		size_add(ring, max, day, size, limits.cap);
}

static void
want(const char *name, const struct size_ring *contract,
    const struct size_ring *underlying, int64_t sum, int64_t n,
    const char *source)
{
	struct size_average a = size_average_of(contract, underlying,
	    &limits);

	CHECK_INT(name, a.sum, sum);
	CHECK_INT(name, a.n, n);
	CHECK_STR(name, size_source_name(a.source), source);
}

static void
test_levels(void)
{
	static const int64_t ten[] = { 1, 2, 5, 10, 3, 4, 1, 20, 2, 12 };
	struct size_ring contract = { 0 }, underlying = { 0 };

	for (size_t i = 0; i < 10; i++)
		size_add(&contract, 100, DAY, ten[i], limits.cap);
	CHECK_INT("EX-3.51: the mean is 6.0", contract.sum, 60);
	want("EX-3.51", &contract, &underlying, 10, 1, "DEFAULT");
	add_many(&underlying, 1000, DAY, 49, 8);
	want("49 of the underlying", &contract, &underlying, 10, 1,
	    "DEFAULT");
	add_many(&underlying, 1000, DAY, 1, 8);
	want("EX-3.51 falls to the underlying", &contract, &underlying, 400,
	    50, "UNDERLYING");
	add_many(&contract, 100, DAY, 9, 6);
	want("19 of the contract", &contract, &underlying, 400, 50,
	    "UNDERLYING");
	add_many(&contract, 100, DAY, 1, 6);
	want("20 of the contract", &contract, &underlying, 120, 20,
	    "CONTRACT");
	size_free(&contract);
	size_free(&underlying);
}

static void
test_last_n(void)
{
	struct size_ring ring = { 0 };

	add_many(&ring, 100, DAY, 30, 7);
	add_many(&ring, 100, DAY, 100, 3);
	CHECK_INT("the last 100", ring.n, 100);
	CHECK_INT("older ones are out of the sum", ring.sum, 300);
	add_many(&ring, 100, DAY, 1, 10000);
	CHECK_INT("capped at 500", ring.sum, 99 * 3 + 500);
	add_many(&ring, 100, DAY, 1, 500);
	CHECK_INT("500 itself", ring.sum, 98 * 3 + 1000);
	size_free(&ring);
}

/* Current and previous five trade dates: the caller names the first. */
static void
test_expire(void)
{
	struct size_ring ring = { 0 };

	add_many(&ring, 100, DAY - 7, 3, 1);
	add_many(&ring, 100, DAY - 6, 2, 10);
	add_many(&ring, 100, DAY, 1, 100);
	size_expire(&ring, DAY - 7);
	CHECK_INT("none is older", ring.sum, 123);
	size_expire(&ring, DAY - 6);
	CHECK_INT("three are", ring.n, 3);
	CHECK_INT("three are", ring.sum, 120);
	size_expire(&ring, DAY + 1);
	CHECK_INT("all are", ring.n, 0);
	CHECK_INT("all are", ring.sum, 0);
	add_many(&ring, 100, DAY + 1, 2, 4);
	CHECK_INT("starts over", ring.sum, 8);
	size_free(&ring);
}

static void
test_remove(void)
{
	struct size_ring ring = { 0 };
	uint32_t first, second, last;

	first = size_add(&ring, 4, DAY, 1, 500);
	second = size_add(&ring, 4, DAY, 20, 500);
	size_add(&ring, 4, DAY, 300, 500);
	last = size_add(&ring, 4, DAY, 4000, 500);	/* counts 500 */
	size_remove(&ring, second);
	CHECK_INT("out of the sum", ring.sum, 801);
	CHECK_INT("out of the count", ring.n, 3);
	size_remove(&ring, second);
	CHECK_INT("only once", ring.sum, 801);
	size_remove(&ring, last);
	CHECK_INT("the capped size", ring.sum, 301);
	size_add(&ring, 4, DAY, 2, 500);
	size_add(&ring, 4, DAY, 2, 500);
	size_add(&ring, 4, DAY, 2, 500);
	size_remove(&ring, first);
	CHECK_INT("already out of the last four", ring.sum, 306);
	size_free(&ring);
}

int
main(void)
{
	test_class();
	test_levels();
	test_last_n();
	test_expire();
	test_remove();
	return check_end();
}
