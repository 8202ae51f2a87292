#ifndef FLOW_SIZE_H
#define FLOW_SIZE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * How large a print is against what is usual (domain.md 3.9): an average of
 * the last eligible prints, of the contract, else of the underlying's calls or
 * puts, else a constant; and the size classes.  Averages stay fractions, so
 * that "five times the average" is exact.
 */

enum size_source { SIZE_CONTRACT, SIZE_UNDERLYING, SIZE_DEFAULT };

/* sum / n contracts */
struct size_average {
	int64_t sum, n;
	enum size_source source;
};

struct size_entry {
	uint32_t id;		/* of the print, to take it out again */
	uint16_t size;		/* capped */
	int32_t day;		/* trade date */
};

/* The last prints, oldest first; grows up to max entries. */
struct size_ring {
	struct size_entry *entry;
	uint32_t start, n, cap;
	int64_t sum;
	uint32_t next_id;
	int32_t oldest_day;	/* expired up to here */
};

struct size_limits {
	int64_t contract_n, contract_min;	/* 100, 20 */
	int64_t underlying_n, underlying_min;	/* 1000, 50 */
	int64_t fallback;			/* 10 contracts */
	int64_t cap;				/* 500 contracts a print */
	int64_t block_size, block_floor;	/* 500, 100 contracts */
	int64_t block_mult_e4;			/* 5 */
	int64_t large_mult_e4, large_floor;	/* 2, 10 contracts */
};

/* Forgets prints of trade dates before oldest_day. */
void size_expire(struct size_ring *ring, int32_t oldest_day);

/*
 * Adds a print of the day, dropping the oldest beyond max.  Returns its id.
 */
uint32_t size_add(struct size_ring *ring, int64_t max, int32_t day,
    int64_t size, int64_t cap);

/* Takes a cancelled print out, if it is still there. */
void size_remove(struct size_ring *ring, uint32_t id);

void size_free(struct size_ring *ring);

/* The average a print is held against; expire both rings first. */
struct size_average size_average_of(const struct size_ring *contract,
    const struct size_ring *underlying, const struct size_limits *limits);

bool size_is_block(int64_t size, struct size_average average,
    const struct size_limits *limits);
bool size_is_large(int64_t size, struct size_average average,
    const struct size_limits *limits);

const char *size_source_name(enum size_source source);

#endif
