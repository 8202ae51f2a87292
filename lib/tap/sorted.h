#ifndef FLOW_SORTED_H
#define FLOW_SORTED_H

#include <signal.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Short texts in the order of their keys, however many: in memory while they
 * are few, beyond that through sort(1), which keeps what does not fit into its
 * own memory in temporary files under TMPDIR (else /tmp).  The order, and so
 * every byte, is the same either way: by key, then as they were added.
 *
 * sort(1) is started without a shell, under its absolute path and LC_ALL=C.
 * It alone makes temporary files, and removes them whatever becomes of us:
 * when this process ends, its input ends and its output has no reader.
 */

enum { SORTED_MEMORY = 16 << 20, SORTED_TEXT = 1024 };

struct sorted;

struct sorted_line {
	int64_t key;
	struct slice text;	/* valid until the next call */
};

/*
 * memory: bytes to hold before sort(1) takes over.  *stop not 0 ends waiting
 * for it.
 */
struct sorted *sorted_new(size_t memory, const volatile sig_atomic_t *stop);
void sorted_free(struct sorted *sorted);

/*
 * Adds a text: no newline in it, at most SORTED_TEXT bytes; key 0 or more.
 * -1 and err when sort(1) cannot be run or has failed.
 */
int sorted_add(struct sorted *sorted, int64_t key, struct slice text,
    struct err *err);

/* After the last one, and before the first is taken. */
int sorted_end(struct sorted *sorted, struct err *err);

/*
 * The next one: 1, 0 at the end or when stopped, -1 and err when sort(1)
 * failed: then some are missing.
 */
int sorted_next(struct sorted *sorted, struct sorted_line *line,
    struct err *err);

#endif
