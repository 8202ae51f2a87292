#ifndef FLOW_TALLY_H
#define FLOW_TALLY_H

#include <stdbool.h>

#include "base/table.h"
#include "report/ring.h"
#include "report/seen.h"

/*
 * What the stored trades of the trade dates before a date add up to, of each
 * contract and each underlying: for a baseline, which is made of these.  The
 * trades are read once, in order of time; memory grows with the contracts and
 * not with the trades.
 *
 * A session counts for an underlying when enough of it was watched.  Means
 * leave out early closes, which are short.  Nothing that is of the date or of
 * a later one changes anything.
 */

enum {
	TALLY_SESSIONS = 20,	/* open days before the date */
	TALLY_RECENT = 5,	/* of them, for sizes */
	TALLY_STEPS = 81,	/* five minutes each, 09:30 to 16:15 */
	TALLY_NONE = -1
};

/* The open days before a date. */
struct tally_span {
	int32_t date;			/* that they are before */
	int32_t days[TALLY_SESSIONS];	/* oldest first */
	int64_t opens[TALLY_SESSIONS];	/* 09:30 of each */
	uint32_t full;			/* bit for each: no early close */
};

struct tally_symbol {
	char *name;
	bool stored;			/* a trade or open interest is */
	uint32_t counted;		/* bit for each day of the span */
	int steps;			/* of its regular session */
	/* Within each step of all full days counted; the last: and after. */
	int64_t flow_e4[TALLY_STEPS];	/* call premium that counts in flow */
	int64_t volume[TALLY_STEPS];	/* contracts, domain.md 3.11 */
	struct ring sizes[2];		/* calls, puts */
};

struct tally_contract {
	struct tally_symbol *symbol;
	bool put;
	int32_t first;			/* date it first appears */
	int64_t volume;			/* of the full days counted */
	struct ring sizes;
	int64_t open_interest;		/* TALLY_NONE: not known */
	int32_t oi_date;
	int64_t iv_e6, iv_ts;		/* of the last day; TALLY_NONE */
};

struct tally {
	struct tally_span span;
	struct tally_symbol **symbols;	/* by name */
	size_t n;
	struct table words;		/* the symbols by their words' ids */
	/* By id; of a contract's rows the base's alone has one. */
	struct tally_contract **contracts;
	struct tally_id {
		int64_t base;		/* the id that stands for it; or 0 */
		bool put;
	} *ids;
	size_t n_ids;
	struct db_stmt *word;		/* the text of one */
	struct table conditions;	/* struct tally_cond by a word's id */
	struct tally_cond *conds;	/* all of them */
	int64_t closed;			/* word of the session CLOSED */
};

/* The span before an open day; -1 and err outside the calendar. */
int tally_span(int32_t date, struct tally_span *out, struct err *err);

/* Days of the span of which enough was watched of a ticker ("": of any). */
uint32_t tally_counted(const struct tally_span *span,
    const struct seen_set *set, const char *ticker, int64_t min_coverage_e4);

/* Number of days in a set of them. */
int tally_days(uint32_t days);

/*
 * Reads it all, of the tickers named or of all, for the span that is set.
 * min_coverage_e4: per cent of a session.  -1 and err; tally_free in any case.
 */
int tally_load(struct tally *tally, struct db *db, char *const *tickers,
    size_t n, const struct seen_set *set, int64_t min_coverage_e4,
    struct err *err);
void tally_free(struct tally *tally);

#endif
