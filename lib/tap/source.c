#include "tap/source.h"

#include <stdlib.h>
#include <string.h>

void
source_free(struct source *source)
{
	if (source != NULL)
		source->free(source);
}

void
source_merge_init(struct source_merge *merge)
{
	memset(merge, 0, sizeof(*merge));
}

void
source_merge_free(struct source_merge *merge)
{
	for (size_t i = 0; i < merge->n; i++)
		source_free(merge->sources[i]);
	free(merge->sources);
	free(merge->heads);
	free(merge->states);
}

void
source_merge_add(struct source_merge *merge, struct source *source)
{
	size_t n = merge->n + 1;

	merge->sources = buf_realloc(merge->sources, n,
	    sizeof(*merge->sources));
	merge->heads = buf_realloc(merge->heads, n, sizeof(*merge->heads));
	merge->states = buf_realloc(merge->states, n, sizeof(*merge->states));
	merge->sources[merge->n] = source;
	merge->states[merge->n] = SOURCE_WAIT;
	merge->taken = merge->n = n;
}

static bool
source_before(const struct source_item *a, const struct source_item *b)
{
	return a->ts != b->ts ? a->ts < b->ts : a->rank < b->rank;
}

/* Asks every source without a head; SOURCE_ITEM when none must be awaited. */
static int
source_merge_fill(struct source_merge *merge, struct err *err)
{
	int answer = SOURCE_ITEM;

	if (merge->taken < merge->n)
		merge->states[merge->taken] = SOURCE_WAIT;
	merge->taken = merge->n;
	for (size_t i = 0; i < merge->n; i++) {
		if (merge->states[i] == SOURCE_WAIT)
			merge->states[i] = merge->sources[i]->next(
			    merge->sources[i], &merge->heads[i], err);
		if (merge->states[i] == SOURCE_ERROR) {
			merge->states[i] = SOURCE_END;
			return SOURCE_ERROR;
		}
		if (merge->states[i] == SOURCE_WAIT)
			answer = SOURCE_WAIT;
	}
	return answer;
}

int
source_merge_next(struct source_merge *merge, struct source_item *item,
    struct err *err)
{
	int answer = source_merge_fill(merge, err);
	size_t first = merge->n;

	if (answer != SOURCE_ITEM)
		return answer;
	for (size_t i = 0; i < merge->n; i++)
		if (merge->states[i] == SOURCE_ITEM && (first == merge->n ||
		    source_before(&merge->heads[i], &merge->heads[first])))
			first = i;
	if (first == merge->n)
		return SOURCE_END;
	*item = merge->heads[first];
	merge->taken = first;
	return SOURCE_ITEM;
}

struct source_caps
source_merge_caps(const struct source_merge *merge)
{
	struct source_caps all = { .resolution_e6 = 0 };

	for (size_t i = 0; i < merge->n; i++) {
		const struct source_caps *caps = &merge->sources[i]->caps;

		all.quotes |= caps->quotes;
		all.conditions |= caps->conditions;
		all.exchange |= caps->exchange;
		all.demo |= caps->demo;
		if (all.resolution_e6 < caps->resolution_e6)
			all.resolution_e6 = caps->resolution_e6;
	}
	return all;
}

static int
source_order_compare(const void *a, const void *b)
{
	const struct source_order *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

void
source_order_sort(struct source_order *order, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (order[i].key < order[i - 1].key) {
			qsort(order, n, sizeof(*order), source_order_compare);
			return;
		}
}
