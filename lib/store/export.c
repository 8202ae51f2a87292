#include "store/export.h"

#include "base/day.h"
#include "record/control.h"
#include "record/emit.h"
#include "store/column.h"
#include "store/schema.h"

/*
 * The contract of a row, from the query's first column on; a trade_date that
 * was none stands in extra.
 */
#define CONTRACT "t.ts, c.ticker, s.text, c.root, c.strike_e4,"		\
	" c.expiration, c.option_type, c.multiplier, c.flags, CASE WHEN" \
	" t.extra ->> 'trade_date' IS NULL THEN t.date END, "
#define FROM(table) " FROM " table " t JOIN contracts c ON"		\
	" c.id = t.contract LEFT JOIN words s ON s.id = c.symbol"
enum { CONTRACT_COLUMNS = 10 };

#define WORD(of) "(SELECT text FROM words WHERE id = " of ")"
#define SWEEP(of) "(SELECT text FROM sweep_ids WHERE id = " of ")"
#define TRADE_ID(ts, n) "(SELECT COALESCE(r.trade_id, k.ticker || ':' ||" \
	" r.ts || ':' || COALESCE((SELECT text FROM words WHERE"	\
	" id = r.exchange), '') || ':' || r.seq) FROM trades r JOIN"	\
	" contracts k ON k.id = r.contract WHERE r.ts = " ts		\
	" AND r.n = " n ")"

#define DIGITS(number) #number
#define NUMBER(number) DIGITS(number)
#define ID(word) NUMBER(SCHEMA_##word)

struct export {
	struct db *db;
	struct intern words;
	struct db_stmt *members;
	struct line_out *out;
};

struct export_source {
	const char *name;		/* of the record */
	const char *head, *tail;	/* of the query, columns between */
	int kind;			/* enum column_kind; -1: kept whole */
	int (*own)(struct export *, struct db_stmt *, struct buf *,
	    struct err *);
	struct db_stmt *stmt;
	int64_t ts;			/* of its row */
};

static void
export_text(struct buf *dst, enum key key, struct db_stmt *s, int at)
{
	emit_opt_text(dst, key, db_text(s, at));
}

static void
export_int(struct buf *dst, enum key key, struct db_stmt *s, int at)
{
	if (!db_is_null(s, at))
		emit_int(dst, key, db_int(s, at));
}

static void
export_list(struct buf *dst, enum key key, struct db_stmt *s, int at)
{
	if (!db_is_null(s, at))
		emit_raw(dst, key, db_text(s, at));
}

static void
export_day(struct buf *dst, enum key key, struct db_stmt *s, int at)
{
	char day[DAY_TEXT];

	if (!db_is_null(s, at))
		emit_word(dst, key, day,
		    day_print(day, (int32_t)db_int(s, at)));
}

static void
export_contract(struct buf *dst, struct db_stmt *s)
{
	int64_t flags = db_int(s, 8);

	export_text(dst, KEY_symbol, s, 2);
	export_text(dst, KEY_root, s, 3);
	export_text(dst, KEY_contract_ticker, s, 1);
	export_int(dst, KEY_timestamp, s, 0);
	export_day(dst, KEY_trade_date, s, 9);
	if (!db_is_null(s, 4))
		emit_decimal(dst, KEY_strike, db_int(s, 4), DECIMAL_E4);
	export_text(dst, KEY_expiration, s, 5);
	export_text(dst, KEY_option_type, s, 6);
	export_int(dst, KEY_multiplier, s, 7);
	emit_opt_true(dst, KEY_is_adjusted, flags & 1);
	emit_opt_true(dst, KEY_is_flex, flags >> 1 & 1);
	emit_opt_true(dst, KEY_multiplier_assumed, flags >> 2 & 1);
}

/* Each: the members of its own, from column CONTRACT_COLUMNS on. */

static int
export_trade(struct export *export, struct db_stmt *s, struct buf *dst,
    struct err *err)
{
	int64_t flags = db_int(s, 14);

	(void)export;
	(void)err;
	export_text(dst, KEY_trade_id, s, 15);
	if (flags >> COLUMN_FED & 1)
		export_int(dst, KEY_sequence, s, 10);
	emit_decimal(dst, KEY_price, db_int(s, 11), DECIMAL_E4);
	export_int(dst, KEY_size, s, 12);
	emit_decimal(dst, KEY_premium, db_int(s, 13), DECIMAL_E4);
	export_text(dst, KEY_settlement, s, 16);
	export_text(dst, KEY_exercise_style, s, 17);
	export_text(dst, KEY_exchange, s, 18);
	export_list(dst, KEY_conditions, s, 19);
	export_text(dst, KEY_sweep_id, s, 20);
	column_emit_flags(dst, flags);
	return 21;
}

/* One of the lists that are parallel to a sweep's trade_ids. */
static int
export_members(struct export *export, int64_t sweep, enum key key, int at,
    struct buf *dst, struct err *err)
{
	struct db_stmt *s = export->members;
	bool any = false;
	int r;

	db_bind_int(s, 1, sweep);
	while ((r = db_step(s, err)) > 0) {
		if (db_is_null(s, at))
			continue;
		if (!any)
			emit_array(dst, key);
		any = true;
		emit_item(dst, db_text(s, at));
	}
	if (any)
		emit_array_end(dst);
	db_reset(s);
	return r;
}

static int
export_sweep(struct export *export, struct db_stmt *s, struct buf *dst,
    struct err *err)
{
	int64_t sweep = db_int(s, 11);

	export_text(dst, KEY_sweep_id, s, 10);
	if (db_int(s, 12) != 0)		/* all of them are in extra */
		return 13;
	if (export_members(export, sweep, KEY_trade_ids, 0, dst, err) < 0 ||
	    export_members(export, sweep, KEY_price_locations, 1, dst,
	    err) < 0 || export_members(export, sweep, KEY_aggressivenesses, 2,
	    dst, err) < 0)
		return -1;
	return 13;
}

static int
export_cancel(struct export *export, struct db_stmt *s, struct buf *dst,
    struct err *err)
{
	(void)export;
	(void)err;
	export_text(dst, KEY_ref_trade_id, s, 10);
	if (db_int(s, 11) >= 0)
		export_int(dst, KEY_ref_timestamp, s, 11);
	return 12;
}

static int
export_event(struct export *export, struct db_stmt *s, struct buf *dst,
    struct err *err)
{
	(void)export;
	(void)err;
	export_text(dst, KEY_event_type, s, 10);
	export_text(dst, KEY_trade_id, s, 11);
	export_text(dst, KEY_sweep_id, s, 12);
	return 13;
}

static int
export_oi(struct export *export, struct db_stmt *s, struct buf *dst,
    struct err *err)
{
	(void)export;
	(void)err;
	export_day(dst, KEY_oi_date, s, 10);
	return 11;
}

/* In the order of records of the same time. */
static const struct export_source export_sources[] = {
	{ "gap", "SELECT from_ts, record FROM gaps ORDER BY from_ts, id",
	    NULL, -1, NULL, NULL, 0 },
	{ "oi", "SELECT t.ts, c.ticker, s.text, c.root, c.strike_e4,"
	    " c.expiration, c.option_type, c.multiplier, c.flags, NULL,"
	    " t.date, ", FROM("oi") " ORDER BY t.ts, t.contract", COLUMN_OI,
	    export_oi, NULL, 0 },
	{ "bar", "SELECT ts, record FROM bars ORDER BY ts, name, tf",
	    NULL, -1, NULL, NULL, 0 },
	{ "trade", "SELECT " CONTRACT "t.seq, t.price_e4, t.size,"
	    " t.premium_e4, t.flags, " TRADE_ID("t.ts", "t.n")
	    ", c.settlement, c.exercise_style, " WORD("t.exchange") ", "
	    WORD("t.conditions") ", " SWEEP("t.sweep") ", ", FROM("trades")
	    " ORDER BY t.ts, t.n", COLUMN_TRADE, export_trade, NULL, 0 },
	{ "sweep", "SELECT " CONTRACT SWEEP("t.id") ", t.id,"
	    " t.extra IS NOT NULL AND t.extra ->> 'trade_ids' IS NOT NULL, ",
	    FROM("sweeps") " ORDER BY t.ts, t.id", COLUMN_SWEEP, export_sweep,
	    NULL, 0 },
	{ "cancel", "SELECT " CONTRACT TRADE_ID("t.ref_ts", "t.ref_n")
	    ", t.ref_ts, ", FROM("cancels") " ORDER BY t.ts, t.id",
	    COLUMN_CANCEL, export_cancel, NULL, 0 },
	{ "event", "SELECT " CONTRACT WORD("t.type") ", CASE WHEN t.ref < 0"
	    " THEN " WORD("-t.ref") " WHEN t.type = " ID(BLOCK) " THEN "
	    TRADE_ID("t.ts", "t.ref") " END, CASE t.type WHEN " ID(SWEEP)
	    " THEN " SWEEP("t.ref") " END, ",
	    FROM("events") " ORDER BY t.ts, t.id", COLUMN_EVENT, export_event,
	    NULL, 0 },
	{ "signal", "SELECT ts, record FROM signals ORDER BY ts, id",
	    NULL, -1, NULL, NULL, 0 },
	{ "context", "SELECT ts, record FROM context ORDER BY ts, symbol",
	    NULL, -1, NULL, NULL, 0 },
	{ "alert", "SELECT ts, record FROM alert_rows ORDER BY ts, id",
	    NULL, -1, NULL, NULL, 0 },
	{ "paper", "SELECT ts, record FROM paper ORDER BY ts, id",
	    NULL, -1, NULL, NULL, 0 },
};

enum { SOURCES = sizeof(export_sources) / sizeof(*export_sources) };

/* ---- merging ---- */

static int
export_prepare(struct export *export, struct export_source *source,
    struct err *err)
{
	struct buf sql = BUF_INIT;

	buf_str(&sql, source->head);
	if (source->tail != NULL) {
		column_list(&sql, (enum column_kind)source->kind);
		buf_str(&sql, source->tail);
	}
	buf_add(&sql, "", 1);
	source->stmt = db_prepare(export->db, sql.p, err);
	buf_free(&sql);
	return source->stmt == NULL ? -1 : 0;
}

/* To the source's next row; without one it has no statement any more. */
static int
export_next(struct export_source *source, struct err *err)
{
	int r = db_step(source->stmt, err);

	if (r > 0) {
		source->ts = db_int(source->stmt, 0);
		return 0;
	}
	db_finish(source->stmt);
	source->stmt = NULL;
	return r;
}

static int
export_row(struct export *export, struct export_source *source,
    struct err *err)
{
	struct buf *dst = &export->out->buf;
	struct db_stmt *s = source->stmt;
	struct slice record;
	int first;

	if (source->own == NULL) {
		record = db_text(s, 1);
		buf_add(dst, record.p, record.n);
		buf_str(dst, "\n");
		return 0;
	}
	emit_open(dst, source->name);
	export_contract(dst, s);
	first = source->own(export, s, dst, err);
	if (first < 0 || column_emit((enum column_kind)source->kind, dst, s,
	    first, source->ts, &export->words, err) < 0)
		return -1;
	emit_close(dst);
	return 0;
}

static struct export_source *
export_first(struct export_source *sources)
{
	struct export_source *first = NULL;

	for (int i = 0; i < SOURCES; i++)
		if (sources[i].stmt != NULL &&
		    (first == NULL || sources[i].ts < first->ts))
			first = &sources[i];
	return first;
}

static void
export_hello(struct buf *dst)
{
	emit_open(dst, "hello");
	emit_int(dst, KEY_schema_version, CONTROL_SCHEMA);
	emit_str(dst, KEY_stage, "flow-store");
	emit_str(dst, KEY_feed, "store");
	emit_str(dst, KEY_mode, "replay");
	emit_array(dst, KEY_symbols);
	emit_item(dst, SLICE("*"));
	emit_array_end(dst);
	emit_close(dst);
}

static void
export_bye(struct buf *dst, int64_t n)
{
	emit_open(dst, "bye");
	emit_int(dst, KEY_n, n);
	emit_str(dst, KEY_reason, "end");
	emit_int(dst, KEY_exit, 0);
	emit_close(dst);
}

static int
export_merge(struct export *export, struct export_source *sources,
    struct err *err)
{
	struct export_source *source;
	int64_t n = 0;

	for (int i = 0; i < SOURCES; i++)
		if (export_prepare(export, &sources[i], err) < 0 ||
		    export_next(&sources[i], err) < 0)
			return -1;
	export_hello(&export->out->buf);
	while ((source = export_first(sources)) != NULL) {
		if (export_row(export, source, err) < 0 ||
		    export_next(source, err) < 0)
			return -1;
		n++;
		if (line_out_end(export->out) < 0)
			return 0;	/* line_out_close tells */
	}
	export_bye(&export->out->buf, n);
	return 0;
}

int
export_all(struct db *db, struct line_out *out, struct err *err)
{
	struct export_source sources[SOURCES];
	struct export export = { .db = db, .out = out };
	int r;

	memcpy(sources, export_sources, sizeof(sources));
	if (db_exec(db, "BEGIN", err) < 0)	/* one moment for all */
		return -1;
	export.members = db_prepare(db, "SELECT " TRADE_ID("t.ts", "t.n") ", "
	    WORD("t.price_location") ", " WORD("t.aggressiveness")
	    " FROM members t WHERE t.sweep = ?1 ORDER BY t.at", err);
	r = export.members == NULL ||
	    intern_open(&export.words, db, "words", err) < 0 ? -1 :
	    export_merge(&export, sources, err);
	intern_close(&export.words);
	return r;
}
