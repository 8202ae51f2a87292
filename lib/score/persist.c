#include "score/persist.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "market/cal.h"

struct persist_key {
	int32_t expiration;
	enum trade_right right;
	size_t n;			/* sessions held, oldest first */
};

void
persist_rules_init(struct persist_rules *rules)
{
	*rules = (struct persist_rules){
		.min_event_e4 = INT64_C(1000000000),	/* $100,000 */
		.events = 3,
		.premium_e4 = INT64_C(10000000000),	/* $1,000,000 */
		.buy_share_e4 = 7000,
		.sessions = 5,
	};
}

void
persist_free(struct persist *persist)
{
	free(persist->key);
	free(persist->session);
}

void
persist_add(int64_t *sum, int64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = INT64_MAX;
	if (*sum < 0)
		*sum = 0;
}

/* Where a key is or would be. */
static size_t
persist_find(const struct persist *persist, int32_t expiration,
    enum trade_right right)
{
	size_t low = 0, high = persist->n;

	while (low < high) {
		size_t middle = (low + high) / 2;
		const struct persist_key *k = &persist->key[middle];

		if (k->expiration < expiration ||
		    (k->expiration == expiration && k->right < right))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
persist_is(const struct persist *persist, size_t at, int32_t expiration,
    enum trade_right right)
{
	return at < persist->n && persist->key[at].expiration == expiration &&
	    persist->key[at].right == right;
}

/* The sessions of a key. */
static struct persist_session *
persist_of(const struct persist *persist, size_t at)
{
	return &persist->session[at * persist->most];
}

/* Puts the key at one place, with its sessions, to another. */
static void
persist_move(struct persist *persist, size_t to, size_t from)
{
	persist->key[to] = persist->key[from];
	memmove(persist_of(persist, to), persist_of(persist, from),
	    persist->most * sizeof(*persist->session));
}

static void
persist_turn(struct persist *persist, const struct persist_rules *rules,
    int32_t day)
{
	size_t kept = 0;

	if (persist->day != 0 && day <= persist->day)
		return;
	persist->day = day;
	if (cal_step(day, 1 - (int)rules->sessions, &persist->oldest,
	    NULL) < 0)
		persist->oldest = day;
	for (size_t i = 0; i < persist->n; i++)
		if (persist->key[i].expiration >= day)
			persist_move(persist, kept++, i);
	persist->n = kept;
}

static void
persist_insert(struct persist *persist, const struct persist_rules *rules,
    size_t at, int32_t expiration, enum trade_right right)
{
	if (persist->n == persist->cap) {
		persist->most = (size_t)rules->sessions;
		persist->cap = persist->cap == 0 ? 4 : 2 * persist->cap;
		persist->key = buf_realloc(persist->key, persist->cap,
		    sizeof(*persist->key));
		persist->session = buf_realloc(persist->session,
		    persist->cap * persist->most, sizeof(*persist->session));
	}
	for (size_t i = persist->n++; i > at; i--)
		persist_move(persist, i, i - 1);
	persist->key[at] = (struct persist_key){ expiration, right, 0 };
}

/* The session of a day; what no longer counts, or the oldest, makes room. */
static struct persist_session *
persist_session(struct persist *persist, size_t key, int32_t day)
{
	struct persist_session *s = persist_of(persist, key);
	size_t n = persist->key[key].n, at = n, gone = 0;

	while (at > 0 && s[at - 1].day > day)
		at--;
	if (at > 0 && s[at - 1].day == day)
		return &s[at - 1];
	while (gone < n && s[gone].day < persist->oldest)
		gone++;
	if (n - gone == persist->most)
		gone++;
	if (at < gone)
		return NULL;
	memmove(s, s + gone, (at - gone) * sizeof(*s));
	memmove(s + at - gone + 1, s + at, (n - at) * sizeof(*s));
	persist->key[key].n = n - gone + 1;
	s[at - gone] = (struct persist_session){ .day = day };
	return &s[at - gone];
}

struct persist_session *
persist_at(struct persist *persist, const struct persist_rules *rules,
    int32_t day, int32_t expiration, enum trade_right right)
{
	size_t at;

	persist_turn(persist, rules, day);
	if (day < persist->oldest || expiration < persist->day)
		return NULL;
	at = persist_find(persist, expiration, right);
	if (!persist_is(persist, at, expiration, right)) {
		if (persist->n == PERSIST_KEYS)
			return NULL;
		persist_insert(persist, rules, at, expiration, right);
	}
	return persist_session(persist, at, day);
}

bool
persist_knows(const struct persist *persist, int32_t expiration,
    enum trade_right right)
{
	return persist_is(persist, persist_find(persist, expiration, right),
	    expiration, right);
}

void
persist_sums(const struct persist *persist, int32_t expiration,
    enum trade_right right, struct persist_sum *out)
{
	size_t at = persist_find(persist, expiration, right);

	*out = (struct persist_sum){ 0 };
	if (!persist_is(persist, at, expiration, right))
		return;
	for (size_t i = 0; i < persist->key[at].n; i++) {
		const struct persist_session *s = persist_of(persist, at) + i;

		if (s->day < persist->oldest)
			continue;
		persist_add(&out->events, s->events);
		persist_add(&out->premium_e4, s->premium_e4);
		persist_add(&out->buy_e4, s->buy_e4);
		persist_add(&out->sell_e4, s->sell_e4);
	}
}

bool
persist_holds(const struct persist_rules *rules,
    const struct persist_sum *sum)
{
	__int128 all = (__int128)sum->buy_e4 + sum->sell_e4;

	return sum->events >= rules->events &&
	    sum->premium_e4 >= rules->premium_e4 && all > 0 &&
	    (__int128)sum->buy_e4 * 10000 >= all * rules->buy_share_e4;
}
