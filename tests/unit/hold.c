/* classify/hold: a queue of records, first in first out. */
#include "classify/hold.h"

#include <stdlib.h>

#include "check.h"

static void
test_order(void)
{
	struct hold hold = { 0 };

	CHECK("empty", hold.head == NULL);
	hold_push(&hold, HOLD_CONTROL, "one", 3);
	hold_push(&hold, HOLD_DATA, "second", 6);
	CHECK_TEXT("first in", hold.head->text, hold.head->n, "one");
	CHECK_INT("kind", hold.head->kind, HOLD_CONTROL);
	hold_pop(&hold);
	CHECK_TEXT("then the next", hold.head->text, hold.head->n, "second");
	hold_push(&hold, HOLD_DATA, "third", 5);
	hold_pop(&hold);
	CHECK_TEXT("and so on", hold.head->text, hold.head->n, "third");
	hold_pop(&hold);
	CHECK("empty again", hold.head == NULL && hold.tail == NULL);
	CHECK_INT("no bytes", hold.bytes, 0);
	hold_push(&hold, HOLD_DATA, "", 0);
	CHECK_INT("an empty text", hold.head->n, 0);
	hold_free(&hold);
}

static void
test_find(void)
{
	struct hold hold = { 0 };
	struct hold_item *item;

	for (uint64_t i = 1; i <= 5; i++)
		hold_push(&hold, HOLD_TRADE, "t", 1)->number = i;
	item = hold_push(&hold, HOLD_DATA, "d", 1);
	item->number = 9;
	CHECK_INT("found", hold_find(&hold, 3)->number, 3);
	CHECK("released", (hold_pop(&hold), hold_find(&hold, 1) == NULL));
	CHECK("only trades", hold_find(&hold, 9) == NULL);
	CHECK("never held", hold_find(&hold, 6) == NULL);
	hold_free(&hold);
}

/* Many chunks, some items larger than a chunk; nothing lost, nothing left. */
static void
test_chunks(void)
{
	enum { MANY = 3000, HUGE_TEXT = 700000 };
	struct hold hold = { 0 };
	char *text = calloc(1, HUGE_TEXT);
	int out = 0, wrong = 0;
	size_t most = 0;

	for (int i = 0; i < MANY; i++) {
		size_t n = i % 500 == 7 ? HUGE_TEXT : (size_t)(i % 977) + 4;

		memcpy(text, &i, sizeof(i));
		hold_push(&hold, HOLD_DATA, text, n);
		most = hold.bytes > most ? hold.bytes : most;
		for (int k = 0; k < 2 && i % 3 == 0 && hold.head != NULL;
		    k++) {
			wrong += memcmp(hold.head->text, &out,
			    sizeof(out)) != 0;
			out++;
			hold_pop(&hold);
		}
	}
	while (hold.head != NULL) {
		wrong += memcmp(hold.head->text, &out, sizeof(out)) != 0;
		out++;
		hold_pop(&hold);
	}
	CHECK_INT("all came out", out, MANY);
	CHECK_INT("in order", wrong, 0);
	CHECK_INT("counted to nothing", hold.bytes, 0);
	CHECK("counted on the way", most > HUGE_TEXT);
	free(text);
	hold_free(&hold);
}

/* What an item owns goes with it (the leak checkers see to it). */
static void
test_owned(void)
{
	struct hold hold = { 0 };
	struct hold_item *item = hold_push(&hold, HOLD_TRADE, "t", 1);

	buf_add(&item->after, "sweep", 5);
	item->tag.sweep_id = (struct slice){ buf_dup("sw:x", 4), 4 };
	item->tag.trade_id = (struct slice){ buf_dup("x", 1), 1 };
	hold_pop(&hold);
	item = hold_push(&hold, HOLD_TRADE, "t", 1);
	CHECK("nothing of the last one", item->tag.sweep_id.p == NULL &&
	    item->tag.trade_id.p == NULL && item->after.n == 0 &&
	    !item->waiting && item->n_after == 0);
	item->tag.sweep_id = (struct slice){ buf_dup("sw:x", 4), 4 };
	hold_free(&hold);
}

int
main(void)
{
	test_order();
	test_find();
	test_chunks();
	test_owned();
	return check_end();
}
