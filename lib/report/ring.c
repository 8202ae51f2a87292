#include "report/ring.h"

#include <stdlib.h>

#include "base/day.h"

static struct ring_entry *
ring_at(const struct ring *ring, uint32_t i)
{
	return &ring->entries[(ring->start + i) % ring->cap];
}

/* Drops what was taken back by now. */
static void
ring_take_back(struct ring *ring, int64_t ts)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < ring->n; i++) {
		struct ring_entry entry = *ring_at(ring, i);

		if (entry.cancel_ts <= ts && entry.cancel_ts != RING_STANDS)
			ring->doomed--;
		else
			*ring_at(ring, kept++) = entry;
	}
	ring->n = kept;
}

static void
ring_grow(struct ring *ring, uint32_t max)
{
	uint32_t cap = ring->cap == 0 ? 8 : 2 * ring->cap;
	struct ring_entry *entries;

	if (cap > max)
		cap = max;
	entries = buf_alloc(cap, sizeof(*entries));
	for (uint32_t i = 0; i < ring->n; i++)
		entries[i] = *ring_at(ring, i);
	free(ring->entries);
	ring->entries = entries;
	ring->start = 0;
	ring->cap = cap;
}

void
ring_add(struct ring *ring, uint32_t max, int64_t ts, int32_t date,
    int64_t size, int64_t cancel_ts)
{
	if (ring->n == max && ring->doomed > 0)
		ring_take_back(ring, ts);
	if (ring->n == max) {
		ring->doomed -= ring_at(ring, 0)->cancel_ts != RING_STANDS;
		ring->start = (ring->start + 1) % ring->cap;
		ring->n--;
	} else if (ring->n == ring->cap) {
		ring_grow(ring, max);
	}
	ring->n++;
	ring->doomed += cancel_ts != RING_STANDS;
	*ring_at(ring, ring->n - 1) = (struct ring_entry){ cancel_ts, date,
	    size < RING_SIZE_MOST ? (int32_t)size : RING_SIZE_MOST };
}

void
ring_texts(struct ring *ring, struct buf *texts)
{
	int32_t date = DAY_NONE;
	char text[DAY_TEXT];

	if (ring->doomed > 0)
		ring_take_back(ring, RING_STANDS);
	for (uint32_t i = 0; i < ring->n; i++) {
		const struct ring_entry *entry = ring_at(ring, i);

		if (entry->date < date)		/* a day that was over */
			continue;
		if (entry->date > date) {
			if (date != DAY_NONE)
				buf_add(texts, "", 1);
			date = entry->date;
			buf_add(texts, text, day_print(text, date));
		}
		buf_fmt(texts, " %d", (int)entry->size);
	}
	if (date != DAY_NONE)
		buf_add(texts, "", 1);
}

void
ring_free(struct ring *ring)
{
	free(ring->entries);
}
