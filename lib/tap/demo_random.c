#include "tap/demo_random.h"

#include "base/hash.h"

#include "tap/demo_tables.h"

/* splitmix64, Steele, Lea and Flood, OOPSLA 2014. */
static uint64_t
demo_random_mix(uint64_t *state)
{
	uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

void
demo_random_seed(struct demo_random *random, uint64_t seed)
{
	for (int i = 0; i < 4; i++)
		random->s[i] = demo_random_mix(&seed);
}

static uint64_t
demo_random_rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

uint64_t
demo_random_next(struct demo_random *random)
{
	uint64_t *s = random->s;
	uint64_t result = demo_random_rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = demo_random_rotate(s[3], 45);
	return result;
}

int64_t
demo_random_below(struct demo_random *random, int64_t n)
{
	return (int64_t)((demo_random_next(random) >> 32) * (uint64_t)n >> 32);
}

int64_t
demo_random_between(struct demo_random *random, int64_t low, int64_t high)
{
	return low + demo_random_below(random, high - low + 1);
}

bool
demo_random_hit(struct demo_random *random, int64_t share)
{
	return demo_random_below(random, DEMO_RANDOM_ALL) < share;
}

size_t
demo_random_pick(struct demo_random *random, const uint16_t *weights,
    size_t n)
{
	int64_t sum = 0, at;
	size_t i = 0;

	for (size_t k = 0; k < n; k++)
		sum += weights[k];
	at = demo_random_below(random, sum);
	while (i + 1 < n && at >= weights[i])
		at -= weights[i++];
	return i;
}

static size_t
demo_random_draw(struct demo_random *random)
{
	return demo_random_next(random) >> 32 & (DEMO_TABLES_DRAWS - 1);
}

int64_t
demo_random_wait(struct demo_random *random, int64_t mean)
{
	return mean * (int64_t)demo_tables_exponential[
	    demo_random_draw(random)] >> 16;
}

int64_t
demo_random_normal(struct demo_random *random)
{
	return demo_tables_normal[demo_random_draw(random)];
}

uint64_t
demo_random_hash(const char *p, size_t n, uint64_t seed)
{
	uint64_t hash = hash_bytes(HASH_START ^ seed, p, n);

	return demo_random_mix(&hash);
}
