#ifndef FLOW_ROW_H
#define FLOW_ROW_H

#include "base/table.h"
#include "record/cond.h"
#include "record/trade.h"
#include "tap/columns.h"
#include "tap/contract.h"

/*
 * One row of a vendor's csv file as numbers and names: which cell is what,
 * units, codes, quotes.  Names and combinations of conditions are read once
 * and numbered, so that a row can be put aside as a few numbers.
 */

/* A market's name out of a column. */
struct row_name {
	char *p;			/* as the file has it when unknown */
	size_t n;			/* 0 when unknown */
	bool unknown;
	size_t number;
};

/* The conditions of a row, read once for each combination of codes. */
struct row_conds {
	struct slice names[TRADE_CONDITIONS];
	size_t n;
	struct cond cond;
	char *unknown;			/* a code nobody knows, or NULL */
	struct err bad;			/* why they are not acceptable, or "" */
	size_t number;
};

/* TRADE_NONE where the file says nothing. */
struct row {
	int64_t ts, sequence, ref_sequence, price_e4, size, multiplier;
	int64_t underlying_e4, open_interest;
	struct trade_quote nbbo, ex;
	struct contract *contract;
	const struct row_conds *conds;	/* NULL: no such column */
	const struct row_name *exchange;	/* NULL: none */
	int32_t sub_ns, nbbo_sub_ns, ex_sub_ns;	/* below the millisecond */
	bool nbbo_timed, ex_timed;	/* given, and when is known */
	bool is_cancelled;		/* the file says it was taken back */
	bool odd_correction;		/* in a way nobody knows */
};

struct row_reader {
	const struct columns *columns;
	enum cond_codes codes;
	struct contract_book *book;
	struct csv *csv;		/* whose row is read */
	struct columns_place place;
	int digits[COLUMNS_TIMES];	/* most decimals of a second seen */
	struct buf key;			/* scratch */
	struct table by_name, by_codes;	/* the cells' text */
	struct row_name **names;	/* by number */
	struct row_conds **conds;
	size_t n_names, n_conds;
};

/* All of it borrowed; the header is bound to place by the caller. */
void row_init(struct row_reader *reader, const struct columns *columns,
    enum cond_codes codes, struct contract_book *book, struct csv *csv);
void row_free(struct row_reader *reader);

/* Reads the row at hand; -1 with the reason when it is not acceptable. */
int row_read(struct row_reader *reader, struct row *row, struct err *err);

#endif
