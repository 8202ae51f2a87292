#ifndef FLOW_RECENT_H
#define FLOW_RECENT_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/table.h"

/*
 * Items by name, at most so many: when a new one does not fit, the one used
 * least recently goes and is counted.  So a filter's state stays bounded
 * whatever it is fed.  Unlike a table the items can be walked, because their
 * order depends on the input alone.
 */

struct recent_entry;

struct recent {
	struct table table;
	struct recent_entry *oldest, *newest;
	size_t max;		/* items held at most, above 0 */
	size_t size;		/* bytes of an item */
	int64_t forgotten;	/* items that had to go */
};

void recent_init(struct recent *recent, size_t max, size_t size);
void recent_free(struct recent *recent);

/* The item of a name, or NULL.  Does not count as use. */
void *recent_get(const struct recent *recent, struct slice name);

/*
 * The item of a name, zeroed when it is new; counts as use.  Valid until the
 * next item is made or removed.
 */
void *recent_use(struct recent *recent, struct slice name);

void recent_remove(struct recent *recent, struct slice name);

/* Walk from the item used least recently: NULL at the end. */
void *recent_first(const struct recent *recent);
void *recent_next(void *item);

/* Its name, valid as long as the item, NUL-terminated. */
struct slice recent_name(const void *item);

#endif
