#include "classify/hold.h"

#include <stdlib.h>
#include <string.h>

#include "classify/why.h"

enum { HOLD_CHUNK = 256 << 10, HOLD_ALIGN = 16 };

struct hold_chunk {
	size_t cap, used;
	size_t live;		/* items not yet released */
	_Alignas(HOLD_ALIGN) char data[];
};

static struct hold_chunk *
hold_chunk_for(struct hold *hold, size_t size)
{
	struct hold_chunk *chunk = hold->last;
	size_t cap = size > HOLD_CHUNK ? size : HOLD_CHUNK;

	if (chunk != NULL && chunk->cap - chunk->used >= size)
		return chunk;
	if (chunk != NULL && chunk->live == 0)
		free(chunk);
	chunk = hold->spare;
	if (chunk != NULL && chunk->cap >= size) {
		hold->spare = NULL;
	} else {
		chunk = buf_alloc(1, sizeof(*chunk) + cap);
		chunk->cap = cap;
	}
	chunk->used = chunk->live = 0;
	hold->last = chunk;
	return chunk;
}

struct hold_item *
hold_push(struct hold *hold, enum hold_kind kind, const char *text, size_t n)
{
	size_t size = (sizeof(struct hold_item) + n + HOLD_ALIGN - 1) &
	    ~(size_t)(HOLD_ALIGN - 1);
	struct hold_chunk *chunk = hold_chunk_for(hold, size);
	struct hold_item *item;

	item = (struct hold_item *)(void *)(chunk->data + chunk->used);
	chunk->used += size;
	chunk->live++;
	item->next = NULL;
	item->chunk = chunk;
	item->kind = kind;
	item->waiting = false;
	item->seeks = NULL;
	item->number = 0;
	item->tag.why = NULL;
	item->tag.trade_id = item->tag.sweep_id = (struct slice){ NULL, 0 };
	item->after = (struct buf)BUF_INIT;
	item->n_after = 0;
	item->n = (uint32_t)n;
	memcpy(item->text, text, n);
	if (hold->tail != NULL)
		hold->tail->next = item;
	else
		hold->head = item;
	hold->tail = item;
	hold->bytes += size;
	return item;
}

void
hold_pop(struct hold *hold)
{
	struct hold_item *item = hold->head;
	struct hold_chunk *chunk = item->chunk;

	hold->head = item->next;
	if (hold->head == NULL)
		hold->tail = NULL;
	hold->bytes -= (sizeof(*item) + item->n + HOLD_ALIGN - 1) &
	    ~(size_t)(HOLD_ALIGN - 1);
	buf_free(&item->after);
	why_free(item->tag.why);
	free((void *)(uintptr_t)item->tag.sweep_id.p);
	free((void *)(uintptr_t)item->tag.trade_id.p);
	if (--chunk->live > 0)
		return;
	if (chunk == hold->last) {
		chunk->used = 0;
	} else if (hold->spare == NULL && chunk->cap == HOLD_CHUNK) {
		hold->spare = chunk;
	} else {
		free(chunk);
	}
}

struct hold_item *
hold_find(const struct hold *hold, uint64_t number)
{
	struct hold_item *item;

	for (item = hold->head; item != NULL; item = item->next)
		if (item->kind == HOLD_TRADE && item->number == number)
			return item;
	return NULL;
}

void
hold_free(struct hold *hold)
{
	while (hold->head != NULL)
		hold_pop(hold);
	free(hold->last);
	free(hold->spare);
	memset(hold, 0, sizeof(*hold));
}
