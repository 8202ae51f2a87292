#include "tap/demo_queue.h"

#include <stdlib.h>
#include <string.h>

void
demo_queue_init(struct demo_queue *queue)
{
	memset(queue, 0, sizeof(*queue));
}

void
demo_queue_free(struct demo_queue *queue)
{
	free(queue->heap);
	free(queue->slots);
	free(queue->free_slots);
}

static void
demo_queue_grow(struct demo_queue *queue)
{
	size_t cap = queue->cap == 0 ? 256 : 2 * queue->cap;

	queue->heap = buf_realloc(queue->heap, cap, sizeof(*queue->heap));
	queue->slots = buf_realloc(queue->slots, cap, sizeof(*queue->slots));
	queue->free_slots = buf_realloc(queue->free_slots, cap,
	    sizeof(*queue->free_slots));
	for (size_t i = 0; i < cap - queue->cap; i++)
		queue->free_slots[i] = queue->cap + i;
	queue->cap = cap;
}

static bool
demo_queue_before(const struct demo_queue_key *a,
    const struct demo_queue_key *b)
{
	return a->key != b->key ? a->key < b->key : a->number < b->number;
}

void
demo_queue_add(struct demo_queue *queue, enum source_rank rank,
    const struct demo_item *item)
{
	struct demo_queue_key key;
	size_t at;

	if (queue->n == queue->cap)
		demo_queue_grow(queue);
	at = queue->n++;
	key = (struct demo_queue_key){ 8 * item->ts + (int64_t)rank,
	    queue->number++, queue->free_slots[queue->cap - queue->n] };
	queue->slots[key.slot] = *item;
	while (at > 0 && demo_queue_before(&key,
	    &queue->heap[(at - 1) / 2])) {
		queue->heap[at] = queue->heap[(at - 1) / 2];
		at = (at - 1) / 2;
	}
	queue->heap[at] = key;
}

bool
demo_queue_take(struct demo_queue *queue, struct demo_item *item)
{
	struct demo_queue_key *heap = queue->heap, last;
	size_t at = 0, child;

	if (queue->n == 0)
		return false;
	*item = queue->slots[heap[0].slot];
	queue->free_slots[queue->cap - queue->n] = heap[0].slot;
	last = heap[--queue->n];
	for (child = 1; child < queue->n; child = 2 * at + 1) {
		if (child + 1 < queue->n &&
		    demo_queue_before(&heap[child + 1], &heap[child]))
			child++;
		if (!demo_queue_before(&heap[child], &last))
			break;
		heap[at] = heap[child];
		at = child;
	}
	if (queue->n > 0)
		heap[at] = last;
	return true;
}
