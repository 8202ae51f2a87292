#include "alert/recent.h"

#include <stdlib.h>

struct recent_entry {
	struct recent_entry *older, *newer;
	char *name;
	size_t n;		/* bytes of name */
	int64_t item[];
};

void
recent_init(struct recent *recent, size_t max, size_t size)
{
	*recent = (struct recent){ .max = max, .size = size };
	table_init(&recent->table);
}

/* The entry an item is part of. */
static struct recent_entry *
recent_entry(const void *item)
{
	return (struct recent_entry *)((uintptr_t)item -
	    offsetof(struct recent_entry, item));
}

static void
recent_unlink(struct recent *recent, struct recent_entry *entry)
{
	if (entry->older != NULL)
		entry->older->newer = entry->newer;
	else
		recent->oldest = entry->newer;
	if (entry->newer != NULL)
		entry->newer->older = entry->older;
	else
		recent->newest = entry->older;
}

static void
recent_append(struct recent *recent, struct recent_entry *entry)
{
	entry->older = recent->newest;
	entry->newer = NULL;
	if (recent->newest != NULL)
		recent->newest->newer = entry;
	else
		recent->oldest = entry;
	recent->newest = entry;
}

static void
recent_drop(struct recent *recent, struct recent_entry *entry)
{
	recent_unlink(recent, entry);
	table_remove(&recent->table, entry->name, entry->n);
	free(entry->name);
	free(entry);
}

void
recent_free(struct recent *recent)
{
	while (recent->oldest != NULL)
		recent_drop(recent, recent->oldest);
	table_free(&recent->table);
}

void *
recent_get(const struct recent *recent, struct slice name)
{
	struct recent_entry *entry = table_get(&recent->table, name.p,
	    name.n);

	return entry == NULL ? NULL : entry->item;
}

void *
recent_use(struct recent *recent, struct slice name)
{
	struct recent_entry *entry = table_get(&recent->table, name.p,
	    name.n);

	if (entry == NULL) {
		if (recent->table.n == recent->max) {
			recent->forgotten++;
			recent_drop(recent, recent->oldest);
		}
		entry = buf_alloc(1, sizeof(*entry) + recent->size);
		entry->name = buf_dup(name.p, name.n);
		entry->n = name.n;
		*table_at(&recent->table, name.p, name.n) = entry;
		recent_append(recent, entry);
	} else if (entry != recent->newest) {
		recent_unlink(recent, entry);
		recent_append(recent, entry);
	}
	return entry->item;
}

void
recent_remove(struct recent *recent, struct slice name)
{
	struct recent_entry *entry = table_get(&recent->table, name.p,
	    name.n);

	if (entry != NULL)
		recent_drop(recent, entry);
}

void *
recent_first(const struct recent *recent)
{
	return recent->oldest == NULL ? NULL : recent->oldest->item;
}

void *
recent_next(void *item)
{
	struct recent_entry *entry = recent_entry(item)->newer;

	return entry == NULL ? NULL : entry->item;
}

struct slice
recent_name(const void *item)
{
	struct recent_entry *entry = recent_entry(item);

	return (struct slice){ entry->name, entry->n };
}
