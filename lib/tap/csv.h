#ifndef FLOW_CSV_H
#define FLOW_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"

/*
 * Rows of comma-separated values (RFC 4180): quoted cells with commas,
 * newlines and doubled quotes in them, LF or CRLF, a byte order mark at the
 * start.  What is damaged costs one line: after a quote that is not closed or
 * has text behind it, reading goes on with the next line.
 */

struct csv;

/* reader is called as read(2) with ctx in the descriptor's place. */
struct csv *csv_new(ssize_t (*reader)(void *ctx, void *dst, size_t n),
    void *ctx);
void csv_free(struct csv *csv);

/*
 * The next row that is not empty.  Returns 1, 0 at the end, -1 with the
 * reason when the row is damaged (call again for the next).  Cells are valid
 * until the next call; spaces around them are left out.
 */
int csv_next(struct csv *csv, struct err *err);

size_t csv_count(const struct csv *csv);	/* cells of the row */

/* The i-th cell from 0; empty when the row has fewer. */
struct slice csv_cell(const struct csv *csv, size_t i);

int64_t csv_line(const struct csv *csv);	/* the row begins on, from 1 */

/* The row read last was the last and has no newline. */
bool csv_is_unended(const struct csv *csv);

#endif
