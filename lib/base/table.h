#ifndef FLOW_TABLE_H
#define FLOW_TABLE_H

#include <stddef.h>
#include <stdint.h>

/*
 * A map from bytes to a pointer, for per-symbol state.  Keys are copied.
 * Nothing may walk it: the order of a hash table must never reach output, so
 * there is no way to ask for it.  The hash is seeded per process, so a hostile
 * set of keys cannot be prepared beforehand.
 */

struct table_slot;

struct table {
	struct table_slot *slots;	/* cap of them */
	size_t n;			/* keys held */
	size_t cap;			/* 0 or a power of two */
	uint64_t seed;
};

void table_init(struct table *table);
void table_free(struct table *table);	/* the pointers are the caller's */

/* The pointer stored under the key, or NULL. */
void *table_get(const struct table *table, const char *key, size_t n);

/*
 * The place of the key's pointer, made with NULL in it when the key is new.
 * Valid until the table next changes.
 */
void **table_at(struct table *table, const char *key, size_t n);

/* Forgets the key; returns its pointer, or NULL. */
void *table_remove(struct table *table, const char *key, size_t n);

#endif
