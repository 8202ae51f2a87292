/* report/ring: the last sizes by trade date (domain.md 3.9). */
#include "report/ring.h"

#include "check.h"

/* 2025-11-20 is day 20412. */
enum { DAY = 20412, MOST = 4 };

/* Its texts, each followed by "|". */
static void
expect(const char *name, struct ring *ring, const char *want)
{
	struct buf texts = BUF_INIT;

	ring_texts(ring, &texts);
	for (size_t i = 0; i < texts.n; i++)
		if (texts.p[i] == '\0')
			texts.p[i] = '|';
	buf_add(&texts, "", 1);
	CHECK_STR(name, texts.p, want);
	buf_free(&texts);
	ring_free(ring);
	*ring = (struct ring){ NULL, 0, 0, 0, 0 };
}

static void
stands(struct ring *ring, int64_t ts, int32_t date, int64_t size)
{
	ring_add(ring, MOST, ts, date, size, RING_STANDS);
}

int
main(void)
{
	struct ring ring = { NULL, 0, 0, 0, 0 };

	expect("nothing", &ring, "");

	stands(&ring, 1, DAY, 1);
	stands(&ring, 2, DAY, 501);
	stands(&ring, 3, DAY + 1, 3);
	expect("by date, capped", &ring, "2025-11-20 1 500|2025-11-21 3|");

	for (int i = 1; i <= 6; i++)
		stands(&ring, i, DAY, i);
	expect("the last four", &ring, "2025-11-20 3 4 5 6|");

	/* The fifth drives out the first, and its cancel leaves a hole. */
	for (int i = 1; i <= 4; i++)
		stands(&ring, i, DAY, i);
	ring_add(&ring, MOST, 5, DAY, 5, 9);
	expect("taken back at the end", &ring, "2025-11-20 2 3 4|");

	/* The sixth comes behind the cancel, and fills the hole. */
	for (int i = 1; i <= 4; i++)
		stands(&ring, i, DAY, i);
	ring_add(&ring, MOST, 5, DAY, 5, 6);
	stands(&ring, 7, DAY, 6);
	expect("a hole is filled", &ring, "2025-11-20 2 3 4 6|");

	/* The sixth comes before it, and drives out another. */
	for (int i = 1; i <= 4; i++)
		stands(&ring, i, DAY, i);
	ring_add(&ring, MOST, 5, DAY, 5, 8);
	stands(&ring, 7, DAY, 6);
	expect("a hole stays", &ring, "2025-11-20 3 4 6|");

	/* One that is driven out is not taken back again. */
	ring_add(&ring, MOST, 1, DAY, 1, 20);
	for (int i = 2; i <= 6; i++)
		stands(&ring, i, DAY, i);
	expect("driven out first", &ring, "2025-11-20 3 4 5 6|");

	stands(&ring, 1, DAY + 1, 1);
	stands(&ring, 2, DAY, 2);
	stands(&ring, 3, DAY + 1, 3);
	expect("a day that was over", &ring, "2025-11-21 1 3|");
	return check_end();
}
