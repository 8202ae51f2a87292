#ifndef FLOW_PERSIST_H
#define FLOW_PERSIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "record/trade.h"

/*
 * Who keeps buying: per option_type and expiration of one underlying, the
 * accumulation events and the premium bought and sold of the last sessions
 * (domain.md 4.9).  Money is 1/10,000 dollar; sums saturate.
 */

enum {
	PERSIST_SESSIONS = 20,		/* remembered at most */
	PERSIST_KEYS = 4096		/* of an underlying; no more count */
};

struct persist_rules {
	int64_t min_event_e4;		/* premium of an event */
	int64_t events;			/* of a persistent buyer, */
	int64_t premium_e4;
	int64_t buy_share_e4;		/* 1/10,000 */
	int64_t sessions;		/* 1 to PERSIST_SESSIONS */
};

struct persist_session {
	int32_t day;			/* trade date */
	int64_t events;
	int64_t premium_e4;		/* of the events */
	int64_t buy_e4, sell_e4;	/* of all trades with a side */
};

struct persist_key;

/* The keys of one underlying; zeros are an empty one. */
struct persist {
	struct persist_key *key;	/* sorted */
	struct persist_session *session;	/* most to each key */
	size_t n, cap, most;
	int32_t day;			/* newest trade date */
	int32_t oldest;			/* first session that counts then */
};

void persist_rules_init(struct persist_rules *rules);
void persist_free(struct persist *persist);

/* True when something is remembered of the key. */
bool persist_knows(const struct persist *persist, int32_t expiration,
    enum trade_right right);

/* What a key's last sessions come to. */
struct persist_sum {
	int64_t events;
	int64_t premium_e4, buy_e4, sell_e4;
};

/*
 * The session of a trade date in a key's memory, to add to, or NULL when the
 * date no longer counts or there are too many keys.  A new date forgets expired
 * keys.  Valid until the next call.
 */
struct persist_session *persist_at(struct persist *persist,
    const struct persist_rules *rules, int32_t day, int32_t expiration,
    enum trade_right right);

/* Over the sessions that count on the newest date. */
void persist_sums(const struct persist *persist, int32_t expiration,
    enum trade_right right, struct persist_sum *out);

/* Adds without wrapping; sums stay at 0 or above. */
void persist_add(int64_t *sum, int64_t value);

/* PERSISTENT_BUYER. */
bool persist_holds(const struct persist_rules *rules,
    const struct persist_sum *sum);

#endif
