#ifndef FLOW_DEMO_RANDOM_H
#define FLOW_DEMO_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Random numbers of the demo: xoshiro256** by Blackman and Vigna ("Scrambled
 * linear pseudorandom number generators", ACM TOMS 47(4), 2021), seeded by
 * splitmix64 as its authors advise.  Integers only; everything else is drawn
 * from tables of quantiles.
 */

struct demo_random {
	uint64_t s[4];
};

/* Shares count millionths: this is all. */
enum { DEMO_RANDOM_ALL = 1000000 };

void demo_random_seed(struct demo_random *random, uint64_t seed);
uint64_t demo_random_next(struct demo_random *random);

/* 0 to n - 1, n up to 2^32; no value is likelier by more than n / 2^32. */
int64_t demo_random_below(struct demo_random *random, int64_t n);

/* low to high, both included. */
int64_t demo_random_between(struct demo_random *random, int64_t low,
    int64_t high);

/* True in share of DEMO_RANDOM_ALL cases; always and never are exact. */
bool demo_random_hit(struct demo_random *random, int64_t share);

/* An index below n: item i in weights[i] of their sum (not 0) cases. */
size_t demo_random_pick(struct demo_random *random, const uint16_t *weights,
    size_t n);

/* A waiting time of this mean (up to 2^43), by the exponential law. */
int64_t demo_random_wait(struct demo_random *random, int64_t mean);

/* Normal of mean 0 and deviation 1, Q16. */
int64_t demo_random_normal(struct demo_random *random);

/* A number that depends on the text and the seed only (FNV-1a, mixed). */
uint64_t demo_random_hash(const char *p, size_t n, uint64_t seed);

#endif
