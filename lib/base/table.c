#include "base/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"

/* Most keys are option symbols: 23 bytes at most, held in the slot. */
#define TABLE_INLINE 24

struct table_slot {
	uint64_t hash;			/* 0: empty */
	void *item;
	uint32_t n;			/* key length */
	union {
		char text[TABLE_INLINE];	/* n <= TABLE_INLINE */
		char *far;			/* longer keys */
	} key;
};

static uint64_t
table_mix(uint64_t a, uint64_t b)
{
	unsigned __int128 m = (unsigned __int128)a * b;

	return (uint64_t)m ^ (uint64_t)(m >> 64);
}

static uint64_t
table_hash(const struct table *table, const char *key, size_t n)
{
	uint64_t h = table->seed ^ n, word;

	while (n >= 8) {
		memcpy(&word, key, 8);
		h = table_mix(h ^ word, 0x9e3779b97f4a7c15u);
		key += 8;
		n -= 8;
	}
	if (n > 0) {
		word = 0;
		memcpy(&word, key, n);
		h = table_mix(h ^ word, 0xd6e8feb86659fd93u);
	}
	h = table_mix(h, 0xa0761d6478bd642fu);
	return h == 0 ? 1 : h;
}

static const char *
table_key(const struct table_slot *slot)
{
	return slot->n <= TABLE_INLINE ? slot->key.text : slot->key.far;
}

/* The key's slot, or the empty one where it would go. */
static struct table_slot *
table_find(const struct table *table, uint64_t hash, const char *key,
    size_t n)
{
	size_t mask = table->cap - 1, i = hash & mask;

	for (;; i = (i + 1) & mask) {
		struct table_slot *slot = &table->slots[i];

		if (slot->hash == 0)
			return slot;
		if (slot->hash == hash && slot->n == n &&
		    (n == 0 || memcmp(table_key(slot), key, n) == 0))
			return slot;
	}
}

static void
table_resize(struct table *table, size_t cap)
{
	struct table_slot *old = table->slots;
	size_t oldcap = table->cap;

	table->slots = buf_alloc(cap, sizeof(*table->slots));
	table->cap = cap;
	for (size_t i = 0; i < oldcap; i++) {
		size_t j = old[i].hash & (cap - 1);

		if (old[i].hash == 0)
			continue;
		while (table->slots[j].hash != 0)
			j = (j + 1) & (cap - 1);
		table->slots[j] = old[i];
	}
	free(old);
}

void
table_init(struct table *table)
{
	*table = (struct table){ NULL, 0, 0, 0 };
	if (getrandom(&table->seed, sizeof(table->seed), GRND_NONBLOCK) < 0)
		table->seed = (uint64_t)(uintptr_t)&table;
}

void
table_free(struct table *table)
{
	for (size_t i = 0; i < table->cap; i++)
		if (table->slots[i].hash != 0 &&
		    table->slots[i].n > TABLE_INLINE)
			free(table->slots[i].key.far);
	free(table->slots);
	table->slots = NULL;
	table->n = table->cap = 0;
}

void *
table_get(const struct table *table, const char *key, size_t n)
{
	if (table->cap == 0)
		return NULL;
	return table_find(table, table_hash(table, key, n), key, n)->item;
}

void **
table_at(struct table *table, const char *key, size_t n)
{
	uint64_t hash = table_hash(table, key, n);
	struct table_slot *slot;

	if (table->cap > 0) {
		slot = table_find(table, hash, key, n);
		if (slot->hash != 0)
			return &slot->item;
	}
	if (4 * (table->n + 1) > 3 * table->cap)
		table_resize(table, table->cap == 0 ? 64 : 2 * table->cap);
	slot = table_find(table, hash, key, n);
	slot->hash = hash;
	slot->n = (uint32_t)n;
	slot->item = NULL;
	if (n > TABLE_INLINE)
		slot->key.far = buf_dup(key, n);
	else if (n > 0)
		memcpy(slot->key.text, key, n);
	table->n++;
	return &slot->item;
}

void *
table_remove(struct table *table, const char *key, size_t n)
{
	struct table_slot *slot;
	size_t mask = table->cap - 1, hole, i;
	void *item;

	if (table->cap == 0)
		return NULL;
	slot = table_find(table, table_hash(table, key, n), key, n);
	if (slot->hash == 0)
		return NULL;
	item = slot->item;
	if (slot->n > TABLE_INLINE)
		free(slot->key.far);
	hole = (size_t)(slot - table->slots);
	for (i = (hole + 1) & mask; table->slots[i].hash != 0;
	    i = (i + 1) & mask) {
		size_t home = table->slots[i].hash & mask;

		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		table->slots[hole] = table->slots[i];
		hole = i;
	}
	table->slots[hole].hash = 0;
	table->slots[hole].item = NULL;
	table->n--;
	return item;
}
