#include "classify/size.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

static struct size_entry *
size_at(const struct size_ring *ring, uint32_t i)
{
	return &ring->entry[(ring->start + i) % ring->cap];
}

static void
size_drop_oldest(struct size_ring *ring)
{
	ring->sum -= size_at(ring, 0)->size;
	ring->start = (ring->start + 1) % ring->cap;
	ring->n--;
}

void
size_expire(struct size_ring *ring, int32_t oldest_day)
{
	if (ring->oldest_day == oldest_day)
		return;
	ring->oldest_day = oldest_day;
	while (ring->n > 0 && size_at(ring, 0)->day < oldest_day)
		size_drop_oldest(ring);
}

static void
size_grow(struct size_ring *ring, int64_t max)
{
	uint32_t cap = ring->cap == 0 ? 8 : 2 * ring->cap;
	struct size_entry *entry;

	if (cap > max)
		cap = (uint32_t)max;
	entry = buf_alloc(cap, sizeof(*entry));
	for (uint32_t i = 0; i < ring->n; i++)
		entry[i] = *size_at(ring, i);
	free(ring->entry);
	ring->entry = entry;
	ring->start = 0;
	ring->cap = cap;
}

uint32_t
size_add(struct size_ring *ring, int64_t max, int32_t day, int64_t size,
    int64_t cap)
{
	uint16_t capped = (uint16_t)(size < cap ? size : cap);

	if (ring->n == max)
		size_drop_oldest(ring);
	else if (ring->n == ring->cap)
		size_grow(ring, max);
	ring->n++;
	*size_at(ring, ring->n - 1) = (struct size_entry){
	    ring->next_id, capped, day };
	ring->sum += capped;
	return ring->next_id++;
}

void
size_remove(struct size_ring *ring, uint32_t id)
{
	for (uint32_t i = ring->n; i-- > 0;) {
		if (size_at(ring, i)->id != id)
			continue;
		ring->sum -= size_at(ring, i)->size;
		for (; i + 1 < ring->n; i++)
			*size_at(ring, i) = *size_at(ring, i + 1);
		ring->n--;
		return;
	}
}

void
size_free(struct size_ring *ring)
{
	free(ring->entry);
	memset(ring, 0, sizeof(*ring));
}

struct size_average
size_average_of(const struct size_ring *contract,
    const struct size_ring *underlying, const struct size_limits *limits)
{
	if (contract->n >= limits->contract_min)
		return (struct size_average){ contract->sum, contract->n,
		    SIZE_CONTRACT };
	if (underlying->n >= limits->underlying_min)
		return (struct size_average){ underlying->sum, underlying->n,
		    SIZE_UNDERLYING };
	return (struct size_average){ limits->fallback, 1, SIZE_DEFAULT };
}

/* size >= times x average; exact, and TRADE_SIZE_MOST cannot overflow it. */
static bool
size_is_times(int64_t size, struct size_average average, int64_t times_e4)
{
	return (__int128)size * average.n * 10000 >=
	    (__int128)times_e4 * average.sum;
}

bool
size_is_block(int64_t size, struct size_average average,
    const struct size_limits *limits)
{
	return size >= limits->block_size || (size >= limits->block_floor &&
	    size_is_times(size, average, limits->block_mult_e4));
}

bool
size_is_large(int64_t size, struct size_average average,
    const struct size_limits *limits)
{
	return size >= limits->large_floor &&
	    size_is_times(size, average, limits->large_mult_e4);
}

const char *
size_source_name(enum size_source source)
{
	static const char *const names[] = {
		"CONTRACT", "UNDERLYING", "DEFAULT"
	};

	return names[source];
}
