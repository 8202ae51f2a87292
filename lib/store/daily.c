#include "store/daily.h"

#include <inttypes.h>
#include <stdlib.h>

#include "market/cal.h"
#include "store/schema.h"

enum { DAILY_MOST = 1 << 16 };		/* rows in memory between commits */

int
daily_open(struct daily *daily, struct db *db, bool fresh, struct err *err)
{
	*daily = (struct daily){ .load = NULL };
	table_init(&daily->table);
	daily->load = db_prepare(db, fresh ?
	    "SELECT 0 WHERE ?1 IS NULL AND ?2 IS NULL" :
	    "SELECT call_e4, put_e4, call_complex_e4, put_complex_e4,"
	    " call_contracts, put_contracts, trades, bull_e4, bear_e4, blocks,"
	    " sweeps, aggressive, cancelled FROM daily_rows"
	    " WHERE date = ?1 AND symbol = ?2", err);
	daily->save = db_prepare(db, "INSERT OR REPLACE INTO daily_rows(date,"
	    " symbol, call_e4, put_e4, call_complex_e4, put_complex_e4,"
	    " call_contracts, put_contracts, trades, bull_e4, bear_e4, blocks,"
	    " sweeps, aggressive, cancelled, open_ts, close_ts) VALUES (?1,"
	    " ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
	    " ?16, ?17)", err);
	return daily->load == NULL || daily->save == NULL ? -1 : 0;
}

static void
daily_clear(struct daily *daily)
{
	struct daily_row *row, *other;

	for (row = daily->all; row != NULL; row = other) {
		other = row->other;
		free(row);
	}
	daily->all = daily->changed = NULL;
	table_free(&daily->table);
}

void
daily_close(struct daily *daily)
{
	daily_clear(daily);
}

static int
daily_load(struct daily *daily, struct daily_row *row, struct err *err)
{
	struct db_stmt *s = daily->load;
	struct flow_sum *sum = &row->sum;
	int64_t *const to[] = {
		&sum->call_e4, &sum->put_e4, &sum->call_complex_e4,
		&sum->put_complex_e4, &sum->call_contracts,
		&sum->put_contracts, &sum->trades, &row->bull_e4,
		&row->bear_e4, &row->blocks, &row->sweeps, &row->aggressive,
		&row->cancelled
	};
	int r;

	db_bind_int(s, 1, row->date);
	db_bind_int(s, 2, row->symbol);
	r = db_step(s, err);
	for (size_t i = 0; r > 0 && i < sizeof(to) / sizeof(*to); i++)
		*to[i] = db_int(s, (int)i);
	db_reset(s);
	return r < 0 ? -1 : 0;
}

int
daily_row(struct daily *daily, int64_t date, int64_t symbol,
    struct daily_row **out, struct err *err)
{
	const int64_t key[2] = { date, symbol };
	void **slot;
	struct daily_row *row;

	slot = table_at(&daily->table, (const char *)key, sizeof(key));
	if (*slot == NULL) {
		row = buf_alloc(1, sizeof(*row));
		row->date = date;
		row->symbol = symbol;
		row->other = daily->all;
		daily->all = row;
		*slot = row;
		if (daily_load(daily, row, err) < 0)
			return -1;
	}
	row = *slot;
	if (!row->changed) {
		row->changed = true;
		row->next = daily->changed;
		daily->changed = row;
	}
	*out = row;
	return 0;
}

void
daily_trade(struct daily_row *row, enum flow_class cls, int64_t premium_e4,
    int64_t size, int64_t sentiment, int sign)
{
	struct flow_sum side = { 0 };
	int64_t *to = sentiment == SCHEMA_BULLISH ? &row->bull_e4 :
	    sentiment == SCHEMA_BEARISH ? &row->bear_e4 : NULL;

	flow_sum_add(&row->sum, cls, premium_e4, size, sign);
	if (to == NULL || (cls != FLOW_CALL && cls != FLOW_PUT))
		return;
	side.call_e4 = *to;	/* the same saturating sum */
	flow_sum_add(&side, FLOW_CALL, premium_e4, size, sign);
	*to = side.call_e4;
}

/* The regular session of the date, which gaps are held against. */
static void
daily_session(struct db_stmt *stmt, int at, int64_t date)
{
	struct cal_span span;

	if (date > DAY_NONE && date < INT32_MAX && cal_span((int32_t)date,
	    CAL_EQUITY, CAL_RTH, &span, NULL) > 0) {
		db_bind_int(stmt, at, span.start_ts);
		db_bind_int(stmt, at + 1, span.end_ts);
	} else {
		db_bind_null(stmt, at);
		db_bind_null(stmt, at + 1);
	}
}

int
daily_save(struct daily *daily, struct err *err)
{
	struct db_stmt *s = daily->save;
	struct daily_row *row;

	for (row = daily->changed; row != NULL; row = row->next) {
		const struct flow_sum *sum = &row->sum;
		const int64_t values[] = {
			row->date, row->symbol, sum->call_e4, sum->put_e4,
			sum->call_complex_e4, sum->put_complex_e4,
			sum->call_contracts, sum->put_contracts, sum->trades,
			row->bull_e4, row->bear_e4, row->blocks, row->sweeps,
			row->aggressive, row->cancelled
		};
		enum { N = sizeof(values) / sizeof(*values) };

		for (int i = 0; i < N; i++)
			db_bind_int(s, i + 1, values[i]);
		daily_session(s, N + 1, row->date);
		if (db_run(s, err) < 0)
			return -1;
		row->changed = false;
	}
	daily->changed = NULL;
	if (daily->table.n > DAILY_MOST)
		daily_clear(daily);
	return 0;
}

/* ---- anew ---- */

/* What each query counts: date, symbol, number; where it goes in a row. */
static const struct {
	const char *sql;
	size_t at;
} daily_counts[] = {
	{ "SELECT date, symbol, count(*) FROM events e WHERE type = ?1 AND NOT"
	    " EXISTS (SELECT 1 FROM final_trades f WHERE f.ts = e.ts AND"
	    " f.n = e.ref AND f.gone) GROUP BY date, symbol",
	    offsetof(struct daily_row, blocks) },
	{ "SELECT date, symbol, count(*) FROM sweeps w WHERE kind = ?2 AND"
	    " (NOT EXISTS (SELECT 1 FROM members m WHERE m.sweep = w.id) OR"
	    " EXISTS (SELECT 1 FROM members m JOIN final_trades f ON"
	    " f.ts = m.ts AND f.n = m.n WHERE m.sweep = w.id AND NOT f.gone))"
	    " GROUP BY date, symbol", offsetof(struct daily_row, sweeps) },
	{ "SELECT date, symbol, count(*) FROM events WHERE type = ?3"
	    " GROUP BY date, symbol", offsetof(struct daily_row, aggressive) },
	{ "SELECT date, symbol, count(*) FROM cancels WHERE counted"
	    " GROUP BY date, symbol", offsetof(struct daily_row, cancelled) },
};

static int
daily_add_trades(struct daily *daily, struct db *db, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT date, symbol, flow,"
	    " premium_e4, size, final_sentiment, gone FROM final_trades"
	    " WHERE symbol != 0", err);
	struct daily_row *row;
	int r = -1;

	while (s != NULL && (r = db_step(s, err)) > 0) {
		if (daily_row(daily, db_int(s, 0), db_int(s, 1), &row,
		    err) < 0) {
			r = -1;
			break;
		}
		if (db_int(s, 6) == 0)
			daily_trade(row, (enum flow_class)db_int(s, 2),
			    db_int(s, 3), db_int(s, 4), db_int(s, 5), 1);
	}
	db_finish(s);
	return r;
}

static int
daily_add_count(struct daily *daily, struct db *db, size_t which,
    struct err *err)
{
	static const int words[] = { SCHEMA_BLOCK, SCHEMA_SWEEP,
	    SCHEMA_AGGRESSIVE };
	struct db_stmt *s = db_prepare(db, daily_counts[which].sql, err);
	struct daily_row *row;
	int r = -1;

	if (s != NULL && which < 3)
		db_bind_int(s, (int)which + 1, words[which]);
	while (s != NULL && (r = db_step(s, err)) > 0) {
		if (db_int(s, 1) == 0)
			continue;
		if (daily_row(daily, db_int(s, 0), db_int(s, 1), &row,
		    err) < 0) {
			r = -1;
			break;
		}
		*(int64_t *)(void *)((char *)row + daily_counts[which].at) =
		    db_int(s, 2);
	}
	db_finish(s);
	return r;
}

/* All rows as they follow from what is stored. */
static int
daily_derive(struct daily *daily, struct db *db, struct err *err)
{
	int r = daily_open(daily, db, true, err);

	if (r == 0)
		r = daily_add_trades(daily, db, err);
	for (size_t i = 0; r == 0 && i < sizeof(daily_counts) /
	    sizeof(*daily_counts); i++)
		r = daily_add_count(daily, db, i, err);
	return r;
}

int
daily_rebuild(struct db *db, struct err *err)
{
	struct daily daily;
	int r;

	if (db_begin(db, err) < 0)
		return -1;
	r = daily_derive(&daily, db, err);
	if (r == 0)
		r = db_exec(db, "DELETE FROM daily_rows", err);
	if (r == 0)
		r = daily_save(&daily, err);
	daily_close(&daily);
	return r < 0 ? -1 : db_commit(db, err);
}

static bool
daily_same(const struct daily_row *a, const struct daily_row *b)
{
	return memcmp(&a->sum, &b->sum, sizeof(a->sum)) == 0 &&
	    a->bull_e4 == b->bull_e4 && a->bear_e4 == b->bear_e4 &&
	    a->blocks == b->blocks && a->sweeps == b->sweeps &&
	    a->aggressive == b->aggressive && a->cancelled == b->cancelled;
}

int
daily_check(struct db *db, struct buf *out, struct err *err)
{
	struct daily right, stored;
	struct daily_row *row, *other;
	int64_t rows;
	char day[DAY_TEXT];
	int n = 0, r = daily_derive(&right, db, err);

	if (daily_open(&stored, db, false, err) < 0)
		r = -1;
	for (row = right.all; r == 0 && row != NULL; row = row->other) {
		r = daily_row(&stored, row->date, row->symbol, &other, err);
		if (r < 0 || daily_same(row, other))
			continue;
		day_print(day, (int32_t)row->date);
		buf_fmt(out, "daily summary of %.*s, word %" PRId64
		    ": not the sum of its trades\n", DAY_TEXT, day,
		    row->symbol);
		n++;
	}
	if (r == 0)
		r = db_value(db, "SELECT count(*) FROM daily_rows",
		    &rows, err);
	if (r == 0 && rows != (int64_t)right.table.n) {
		buf_fmt(out, "daily summaries: %" PRId64 " stored, %zu follow "
		    "from the trades\n", rows, right.table.n);
		n++;
	}
	daily_close(&stored);
	daily_close(&right);
	return r < 0 ? -1 : n;
}
