/*
 * The demo's random numbers: the generator against the values its authors'
 * code gives (the state 1, 2, 3, 4 as in the test of the Rust crate
 * rand_xoshiro; seeds as Rosetta Code lists splitmix64 for 1234567), the
 * draws against what their names promise, and the queue of what is planned.
 */

#include "check.h"

#include "tap/demo_queue.h"
#include "tap/demo_random.h"

static void
test_generator(void)
{
	static const uint64_t want[] = {
		UINT64_C(11520), 0, UINT64_C(1509978240),
		UINT64_C(1215971899390074240), UINT64_C(1216172134540287360),
		UINT64_C(607988272756665600), UINT64_C(16172922978634559625),
		UINT64_C(8476171486693032832), UINT64_C(10595114339597558777),
		UINT64_C(2904607092377533576)
	};
	static const uint64_t seeds[] = {
		UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
		UINT64_C(9817491932198370423), UINT64_C(4593380528125082431)
	};
	struct demo_random random = { { 1, 2, 3, 4 } };

	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++)
		CHECK("xoshiro256**", demo_random_next(&random) == want[i]);
	demo_random_seed(&random, 1234567);
	for (size_t i = 0; i < 4; i++)
		CHECK("splitmix64", random.s[i] == seeds[i]);
}

/* Over 100,000 draws the mean is within 4 of its deviations. */
static void
test_draws(void)
{
	static const uint16_t weights[] = { 1, 0, 3 };
	int64_t below = 0, hits = 0, waits = 0, normals = 0, squares = 0;
	int64_t picks[3] = { 0, 0, 0 };
	struct demo_random random;

	demo_random_seed(&random, 1);
	for (int i = 0; i < 100000; i++) {
		int64_t n = demo_random_below(&random, 10);
		int64_t z = demo_random_normal(&random);

		if (n < 0 || n > 9)
			CHECK("below", false);
		if (demo_random_hit(&random, 0) ||
		    !demo_random_hit(&random, DEMO_RANDOM_ALL))
			CHECK("never and always", false);
		below += n;
		hits += demo_random_hit(&random, 250000);
		waits += demo_random_wait(&random, 1000);
		normals += z;
		squares += z * z >> 16;
		picks[demo_random_pick(&random, weights, 3)]++;
	}
	CHECK("mean of 0 to 9", below > 446300 && below < 453700);
	CHECK("a quarter", hits > 24450 && hits < 25550);
	CHECK("mean wait", waits / 100000 > 987 && waits / 100000 < 1013);
	CHECK("normal mean", normals > -(INT64_C(1265) << 16) &&
	    normals < INT64_C(1265) << 16);
	CHECK("normal variance", squares > INT64_C(98200) << 16 &&
	    squares < INT64_C(101800) << 16);
	CHECK_INT("weight 0", picks[1], 0);
	CHECK("weight 1 of 4", picks[0] > 24450 && picks[0] < 25550);
	CHECK_INT("between", demo_random_between(&random, 7, 7), 7);
}

static void
test_queue(void)
{
	static const struct {
		int64_t ts;
		enum source_rank rank;
		size_t stock;		/* the order they must leave in */
	} rows[] = {
		{ 30, SOURCE_QUOTE, 4 }, { 10, SOURCE_TRADE, 1 },
		{ 30, SOURCE_TRADE, 6 }, { 10, SOURCE_BAR, 0 },
		{ 20, SOURCE_TRADE, 2 }, { 30, SOURCE_QUOTE, 5 },
		{ 20, SOURCE_TRADE, 3 },
	};
	struct demo_queue queue;
	struct demo_item item = { .what = DEMO_PRINT };
	int64_t last = 0;

	demo_queue_init(&queue);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		item.ts = rows[i].ts;
		item.stock = rows[i].stock;
		demo_queue_add(&queue, rows[i].rank, &item);
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		CHECK("taken", demo_queue_take(&queue, &item));
		CHECK_INT("by time, rank, plan", item.stock, i);
	}
	CHECK("empty", !demo_queue_take(&queue, &item));
	for (int64_t i = 0; i < 1000; i++) {
		item.ts = i * 7919 % 1000;
		demo_queue_add(&queue, SOURCE_TRADE, &item);
	}
	for (int64_t i = 0; i < 1000; i++) {
		CHECK("many", demo_queue_take(&queue, &item) &&
		    item.ts >= last);
		last = item.ts;
	}
	demo_queue_free(&queue);
}

int
main(void)
{
	test_generator();
	test_draws();
	test_queue();
	return check_end();
}
