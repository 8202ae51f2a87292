#include "report/tally.h"

#include <stdlib.h>
#include <string.h>

#include "market/cal.h"
#include "market/flow.h"
#include "record/scan.h"
#include "store/db.h"

enum {
	TALLY_OPEN_MS = (9 * 60 + 30) * 60000,
	TALLY_STEP_MS = 5 * 60000,
	TALLY_CONTRACT_N = 100,		/* avg_contract_n */
	TALLY_UNDERLYING_N = 1000,	/* avg_underlying_n */
	/* Bits of trades.flags, as store/column.c has them. */
	TALLY_IS_CANCEL = 1 << 8,
	TALLY_IS_CANCELLED = 1 << 9,
	TALLY_LATE_ARRIVAL = 1 << 25
};

/* ---- days ---- */

int
tally_span(int32_t date, struct tally_span *out, struct err *err)
{
	out->date = date;
	out->full = 0;
	for (int i = 0; i < TALLY_SESSIONS; i++) {
		int32_t *day = &out->days[i];

		if (cal_step(date, i - TALLY_SESSIONS, day, err) < 0)
			return -1;
		out->opens[i] = cal_instant(*day, TALLY_OPEN_MS);
		out->full |= cal_is_early(*day) ? 0 : UINT32_C(1) << i;
	}
	return 0;
}

uint32_t
tally_counted(const struct tally_span *span, const struct seen_set *set,
    const char *ticker, int64_t min_coverage_e4)
{
	uint32_t counted = 0;

	for (int i = 0; i < TALLY_SESSIONS; i++) {
		struct seen seen;

		seen_of(set, ticker, cal_instant(span->days[i], 0),
		    cal_instant(span->days[i] + 1, 0), &seen);
		if (seen_share(&seen) >= min_coverage_e4 && seen.seen_ms > 0)
			counted |= UINT32_C(1) << i;
		seen_done(&seen);
	}
	return counted;
}

int
tally_days(uint32_t days)
{
	int n = 0;

	for (; days != 0; days &= days - 1)
		n++;
	return n;
}

/* The place of a date in the span; -1 before it. */
static int
tally_day(const struct tally_span *span, int32_t date)
{
	for (int i = TALLY_SESSIONS - 1; i >= 0; i--)
		if (span->days[i] == date)
			return i;
	return -1;
}

/* ---- symbols ---- */

/* Steps of five minutes in the regular session of the newest full day. */
static int
tally_steps(const struct tally_span *span, const char *name)
{
	struct slice root = { name, strlen(name) };

	for (int i = TALLY_SESSIONS - 1; i >= 0; i--) {
		int32_t day = span->days[i];
		struct cal_span rth;

		if ((span->full >> i & 1) != 0 && cal_span(day,
		    cal_class_of(root, day, true), CAL_RTH, &rth, NULL) > 0)
			return (int)((rth.end_ts - rth.start_ts) /
			    TALLY_STEP_MS);
	}
	return TALLY_STEPS;
}

static void
tally_add_symbol(struct tally *tally, struct slice name)
{
	struct tally_symbol *symbol = buf_alloc(1, sizeof(*symbol));

	symbol->name = buf_dup(name.p, name.n);
	symbol->steps = tally_steps(&tally->span, symbol->name);
	tally->symbols = buf_realloc(tally->symbols, tally->n + 1,
	    sizeof(*tally->symbols));
	tally->symbols[tally->n++] = symbol;
}

/* All that a contract or a bar is stored of, in order of their bytes. */
static int
tally_all_symbols(struct tally *tally, struct db *db, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "WITH RECURSIVE names(name) AS"
	    " (SELECT min(name) FROM bars UNION ALL SELECT (SELECT"
	    " min(b.name) FROM bars b WHERE b.name > names.name) FROM names"
	    " WHERE names.name IS NOT NULL)"
	    " SELECT name FROM names WHERE name NOT LIKE 'O:%' AND name != ''"
	    " UNION SELECT w.text FROM words w WHERE w.id IN (SELECT symbol"
	    " FROM contracts) AND w.text != '' ORDER BY 1", err);
	int r = -1;

	while (s != NULL && (r = db_step(s, err)) > 0)
		tally_add_symbol(tally, db_text(s, 0));
	db_finish(s);
	return r;
}

static int
tally_order(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
tally_named_symbols(struct tally *tally, char *const *tickers, size_t n)
{
	char **names = buf_alloc(n, sizeof(*names));

	memcpy(names, tickers, n * sizeof(*names));
	qsort(names, n, sizeof(*names), tally_order);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || strcmp(names[i], names[i - 1]) != 0)
			tally_add_symbol(tally, (struct slice){ names[i],
			    strlen(names[i]) });
	free(names);
}

/* The symbols by the ids of their words. */
static int
tally_words(struct tally *tally, struct db *db, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT id FROM words WHERE text ="
	    " ?1", err);
	int r = s == NULL ? -1 : 0;

	for (size_t i = 0; r == 0 && i < tally->n; i++) {
		int64_t id;

		db_bind_str(s, 1, tally->symbols[i]->name);
		r = db_step(s, err);
		if (r > 0) {
			id = db_int(s, 0);
			*table_at(&tally->words, (const char *)&id,
			    sizeof(id)) = tally->symbols[i];
			r = 0;
		}
		db_reset(s);
	}
	db_finish(s);
	return r;
}

/* ---- contracts ---- */

static int
tally_contracts(struct tally *tally, struct db *db, struct err *err)
{
	struct db_stmt *s;
	int64_t most;
	int r = -1;

	if (db_value(db, "SELECT COALESCE(max(id), 0) FROM contracts", &most,
	    err) < 0)
		return -1;
	tally->n_ids = (size_t)most + 1;
	tally->ids = buf_alloc(tally->n_ids, sizeof(*tally->ids));
	tally->contracts = buf_alloc(tally->n_ids,
	    sizeof(*tally->contracts));
	s = db_prepare(db, "SELECT id, base, option_type = 'put' FROM"
	    " contracts WHERE base > 0 AND base <= id", err);
	while (s != NULL && (r = db_step(s, err)) > 0)
		tally->ids[db_int(s, 0)] = (struct tally_id){ db_int(s, 1),
		    db_int(s, 2) != 0 };
	db_finish(s);
	return r;
}

/* The contract of a row of contracts; NULL when its symbol is not asked. */
static struct tally_contract *
tally_contract(struct tally *tally, int64_t id, int64_t symbol)
{
	struct tally_symbol *owner;
	struct tally_contract *c;
	bool put;

	if (id < 0 || (size_t)id >= tally->n_ids || tally->ids[id].base == 0)
		return NULL;
	put = tally->ids[id].put;
	id = tally->ids[id].base;
	if (tally->contracts[id] != NULL)
		return tally->contracts[id];
	owner = table_get(&tally->words, (const char *)&symbol,
	    sizeof(symbol));
	if (owner == NULL)
		return NULL;
	tally->contracts[id] = c = buf_alloc(1, sizeof(*c));
	c->symbol = owner;
	c->put = put;
	c->first = INT32_MAX;
	c->open_interest = c->iv_e6 = TALLY_NONE;
	owner->stored = true;
	return c;
}

/* ---- trades ---- */

/* What the conditions of a print add up to. */
struct tally_cond {
	struct cond sum;
	struct tally_cond *next;
};

/* Adds each of the array in a text, which the store made. */
static void
tally_add_conditions(struct cond *sum, struct slice array)
{
	static const char pad[SCAN_PAD];
	struct scan *scan = scan_new();
	struct buf line = BUF_INIT;
	struct scan_value all, one;
	size_t n, pos = 0;

	buf_str(&line, "{\"conditions\":");
	buf_add(&line, array.p, array.n);
	buf_str(&line, "}");
	n = line.n;
	buf_add(&line, pad, sizeof(pad));
	if (scan_line(scan, line.p, n, NULL) == 0) {
		all = scan_get(scan, KEY_conditions);
		while (all.type == SCAN_ARRAY && scan_element(all, &pos, &one))
			cond_add(sum, scan_unescape(scan, one));
	}
	buf_free(&line);
	scan_free(scan);
}

/* Of a word, which is the conditions as a text; 0: none. */
static const struct cond *
tally_cond(struct tally *tally, int64_t word, struct err *err)
{
	void **at = table_at(&tally->conditions, (const char *)&word,
	    sizeof(word));
	struct tally_cond *cond = *at;
	int r;

	if (cond != NULL)
		return &cond->sum;
	*at = cond = buf_alloc(1, sizeof(*cond));
	*cond = (struct tally_cond){ cond_regular(), tally->conds };
	tally->conds = cond;
	db_bind_int(tally->word, 1, word);
	r = db_step(tally->word, err);
	if (r > 0 && db_text(tally->word, 0).n > 0)
		tally_add_conditions(&cond->sum, db_text(tally->word, 0));
	db_reset(tally->word);
	return r < 0 ? NULL : &cond->sum;
}

/* A row of tally_prints. */
struct tally_print {
	int64_t ts, size, premium_e4, cancel_ts;
	int32_t date;
	enum flow_class flow;
	int64_t flags;
	bool closed;
	bool gone;			/* it counts nowhere */
	const struct cond *cond;
};

static void
tally_size(struct tally_contract *c, const struct tally_print *print)
{
	/* Taken back by a cancel that is stored, it was there until then. */
	if ((print->flags & (TALLY_IS_CANCEL | TALLY_LATE_ARRIVAL)) != 0 ||
	    (print->gone && print->cancel_ts == RING_STANDS) ||
	    !flow_is_usual(print->cond, print->closed))
		return;
	ring_add(&c->sizes, TALLY_CONTRACT_N, print->ts, print->date,
	    print->size, print->cancel_ts);
	ring_add(&c->symbol->sizes[c->put], TALLY_UNDERLYING_N, print->ts,
	    print->date, print->size, print->cancel_ts);
}

/* A sum that no stored number can wrap. */
static void
tally_add(int64_t *sum, int64_t value)
{
	if (__builtin_add_overflow(*sum, value, sum))
		*sum = INT64_MAX;
}

static void
tally_print(const struct tally_span *span, struct tally_contract *c,
    const struct tally_print *print)
{
	struct tally_symbol *symbol = c->symbol;
	int day = tally_day(span, print->date);
	int64_t step;

	if (print->date < c->first)
		c->first = print->date;
	if (day < 0)
		return;
	if (day >= TALLY_SESSIONS - TALLY_RECENT)
		tally_size(c, print);
	if (print->gone || (symbol->counted & span->full & UINT32_C(1) << day)
	    == 0)
		return;
	step = print->ts < span->opens[day] ? 0 :
	    (print->ts - span->opens[day]) / TALLY_STEP_MS;
	if (step >= symbol->steps)
		step = symbol->steps - 1;
	if (print->flow == FLOW_CALL)
		tally_add(&symbol->flow_e4[step], print->premium_e4);
	if (print->cond->volume) {
		tally_add(&symbol->volume[step], print->size);
		tally_add(&c->volume, print->size);
	}
}

/*
 * All prints before the date, in order of time; ?3 is the last day, whose
 * volatility alone is asked for, but not when its maker does not trust it.
 */
#define PRINTS "SELECT t.ts, t.n, t.contract, t.symbol, t.date, t.size," \
	" t.premium_e4, t.flow, t.flags, t.conditions, t.session,"	\
	" CASE WHEN t.date = ?3 AND COALESCE(t.extra ->> 'iv_status',"	\
	" 'OK') = 'OK' THEN CAST(round((t.extra ->> 'iv') * 1000000) AS" \
	" INTEGER) END FROM trades t"					\
	" WHERE t.ts < (?1 + 1) * 86400000 AND t.date < ?1"

/* The cancels of prints, in the order of the prints. */
struct tally_cancels {
	struct db_stmt *stmt;
	int64_t ref_ts, ref_n, ts;	/* of the one in hand */
};

static int
tally_next_cancel(struct tally_cancels *cancels, struct err *err)
{
	int r = db_step(cancels->stmt, err);

	cancels->ref_ts = r > 0 ? db_int(cancels->stmt, 0) : INT64_MAX;
	cancels->ref_n = r > 0 ? db_int(cancels->stmt, 1) : 0;
	cancels->ts = r > 0 ? db_int(cancels->stmt, 2) : 0;
	return r < 0 ? -1 : 0;
}

static int
tally_open_cancels(struct tally_cancels *cancels, struct db *db, int32_t date,
    struct err *err)
{
	cancels->stmt = db_prepare(db, "SELECT ref_ts, ref_n, min(ts) FROM"
	    " cancels WHERE ref_n >= 0 AND date < ?1 GROUP BY ref_ts, ref_n"
	    " ORDER BY ref_ts, ref_n", err);
	if (cancels->stmt == NULL)
		return -1;
	db_bind_int(cancels->stmt, 1, date);
	return tally_next_cancel(cancels, err);
}

/* When the print was taken back; prints come in order. */
static int
tally_cancel_ts(struct tally_cancels *cancels, int64_t ts, int64_t n,
    int64_t *out, struct err *err)
{
	while (cancels->ref_ts < ts ||
	    (cancels->ref_ts == ts && cancels->ref_n < n))
		if (tally_next_cancel(cancels, err) < 0)
			return -1;
	*out = cancels->ref_ts == ts && cancels->ref_n == n ? cancels->ts :
	    RING_STANDS;
	return 0;
}

static int
tally_row(struct tally *tally, struct tally_cancels *cancels,
    const struct db_stmt *s, struct err *err)
{
	struct tally_contract *c = tally_contract(tally, db_int(s, 2),
	    db_int(s, 3));
	struct tally_print print = { .ts = db_int(s, 0),
	    .date = (int32_t)db_int(s, 4), .size = db_int(s, 5),
	    .premium_e4 = db_int(s, 6),
	    .flow = (enum flow_class)db_int(s, 7), .flags = db_int(s, 8),
	    .closed = !db_is_null(s, 10) && db_int(s, 10) == tally->closed };

	if (c == NULL)
		return 0;
	print.cond = tally_cond(tally, db_is_null(s, 9) ? 0 : db_int(s, 9),
	    err);
	if (print.cond == NULL || tally_cancel_ts(cancels, print.ts,
	    db_int(s, 1), &print.cancel_ts, err) < 0)
		return -1;
	print.gone = print.cancel_ts != RING_STANDS ||
	    (print.flags & (TALLY_IS_CANCEL | TALLY_IS_CANCELLED)) != 0;
	tally_print(&tally->span, c, &print);
	if (!print.gone && db_int(s, 11) > 0) {
		c->iv_e6 = db_int(s, 11);
		c->iv_ts = print.ts;
	}
	return 0;
}

/* symbol: of the one, by its index; NULL: of all, in one pass. */
static int
tally_prints(struct tally *tally, struct db *db, const char *symbol,
    struct err *err)
{
	struct db_stmt *s = db_prepare(db, symbol == NULL ?
	    PRINTS " ORDER BY t.ts, t.n" :
	    PRINTS " AND t.symbol = (SELECT id FROM words WHERE text = ?2)"
	    " ORDER BY t.ts, t.n", err);
	struct tally_cancels cancels;
	int r = -1;

	if (tally_open_cancels(&cancels, db, tally->span.date, err) < 0 ||
	    s == NULL)
		goto out;
	db_bind_int(s, 1, tally->span.date);
	db_bind_int(s, 3, tally->span.days[TALLY_SESSIONS - 1]);
	if (symbol != NULL)
		db_bind_str(s, 2, symbol);
	while ((r = db_step(s, err)) > 0)
		if (tally_row(tally, &cancels, s, err) < 0) {
			r = -1;
			break;
		}
out:
	db_finish(cancels.stmt);
	db_finish(s);
	return r;
}

/* The newest figure of each contract that was known before the date. */
static int
tally_interest(struct tally *tally, struct db *db, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT o.contract, k.symbol,"
	    " o.date, o.open_interest FROM oi o"
	    " JOIN contracts k ON k.id = o.contract WHERE o.date < ?1 AND"
	    " COALESCE(o.ts, 0) < ?2 ORDER BY o.date, o.contract", err);
	int r = -1;

	if (s != NULL) {
		db_bind_int(s, 1, tally->span.date);
		db_bind_int(s, 2, cal_instant(tally->span.date, 0));
	}
	while (s != NULL && (r = db_step(s, err)) > 0) {
		struct tally_contract *c = tally_contract(tally, db_int(s, 0),
		    db_int(s, 1));

		if (c == NULL)
			continue;
		if (db_int(s, 2) < c->first)
			c->first = (int32_t)db_int(s, 2);
		if (db_is_null(s, 3))
			continue;
		c->open_interest = db_int(s, 3);
		c->oi_date = (int32_t)db_int(s, 2);
	}
	db_finish(s);
	return r;
}

/* ---- all ---- */

int
tally_load(struct tally *tally, struct db *db, char *const *tickers, size_t n,
    const struct seen_set *set, int64_t min_coverage_e4, struct err *err)
{
	int r = 0;

	table_init(&tally->words);
	table_init(&tally->conditions);
	if (n > 0)
		tally_named_symbols(tally, tickers, n);
	else
		r = tally_all_symbols(tally, db, err);
	for (size_t i = 0; i < tally->n; i++)
		tally->symbols[i]->counted = tally_counted(&tally->span, set,
		    tally->symbols[i]->name, min_coverage_e4);
	tally->word = db_prepare(db, "SELECT text FROM words WHERE id = ?1",
	    err);
	if (r < 0 || tally->word == NULL || tally_words(tally, db, err) < 0 ||
	    tally_contracts(tally, db, err) < 0 || db_value(db, "SELECT"
	    " COALESCE((SELECT id FROM words WHERE text = 'CLOSED'), -1)",
	    &tally->closed, err) < 0)
		return -1;
	for (size_t i = 0; r == 0 && n > 0 && i < tally->n; i++)
		r = tally_prints(tally, db, tally->symbols[i]->name, err);
	if (r == 0 && n == 0)
		r = tally_prints(tally, db, NULL, err);
	return r < 0 ? -1 : tally_interest(tally, db, err);
}

void
tally_free(struct tally *tally)
{
	for (size_t i = 0; i < tally->n; i++) {
		ring_free(&tally->symbols[i]->sizes[0]);
		ring_free(&tally->symbols[i]->sizes[1]);
		free(tally->symbols[i]->name);
		free(tally->symbols[i]);
	}
	for (size_t i = 0; tally->contracts != NULL && i < tally->n_ids; i++) {
		if (tally->contracts[i] != NULL)
			ring_free(&tally->contracts[i]->sizes);
		free(tally->contracts[i]);
	}
	while (tally->conds != NULL) {
		struct tally_cond *cond = tally->conds;

		tally->conds = cond->next;
		free(cond);
	}
	db_finish(tally->word);
	free(tally->symbols);
	free(tally->contracts);
	free(tally->ids);
	table_free(&tally->words);
	table_free(&tally->conditions);
}
