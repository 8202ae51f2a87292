#ifndef FLOW_MASSIVE_QUOTES_H
#define FLOW_MASSIVE_QUOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Which contracts' quotes to ask for, when a connection may ask for so many
 * only: those that traded last.  A contract keeps its place for a while, or a
 * wide market would exchange all of them all the time.  Contracts are numbers
 * (struct contract).  Pure.
 */

enum { MASSIVE_QUOTES_KEEP_MS = 30000 };

struct massive_quotes;

struct massive_quotes *massive_quotes_new(size_t most);
void massive_quotes_free(struct massive_quotes *quotes);

enum massive_quotes_do {
	MASSIVE_QUOTES_NOTHING,		/* has its place, or gets none */
	MASSIVE_QUOTES_ADD,
	MASSIVE_QUOTES_SWAP		/* in the place of *evicted */
};

/* The contract traded: what to do about its quotes. */
enum massive_quotes_do massive_quotes_traded(struct massive_quotes *quotes,
    size_t contract, int64_t now_ms, size_t *evicted);

/* Contracts that have a place. */
size_t massive_quotes_used(const struct massive_quotes *quotes);

/* Places taken so far from one contract for another. */
int64_t massive_quotes_evicted(const struct massive_quotes *quotes);

#endif
