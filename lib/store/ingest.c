#include "store/ingest.h"

#include <stdlib.h>

#include "market/cal.h"
#include "market/flow.h"
#include "store/column.h"
#include "store/coverage.h"
#include "store/cursor.h"
#include "store/daily.h"
#include "store/listing.h"
#include "store/moment.h"
#include "store/schema.h"
#include "store/tail.h"

/* A stored print, as its sweep, cancel or event needs it. */
struct ingest_print {
	int64_t ts, n;
	int64_t date, symbol;
	enum flow_class flow;
	int64_t premium_e4, size;
	int64_t own_sentiment, sentiment;	/* as it came; final */
	bool gone;
};

struct ingest {
	struct db *db;
	struct intern words, sweep_ids;
	struct listings listings;
	struct moments *moments;
	struct daily daily;
	struct coverage coverage;
	struct cursor cursor;
	struct db_stmt *insert[COLUMN_KINDS];
	struct column_known known;
	struct db_stmt *sweep_there, *sweep_whole, *sweep_counts;
	struct db_stmt *member, *print;
	struct db_stmt *cancelled, *uncancel, *blocks;
	struct db_stmt *settle, *ended, *audit, *alert, *kind;
	struct tail tail;
	struct buf extra;
	struct buf conditions;		/* of the trade in hand, a list */
	struct ingest_count count;
	int64_t waiting;
	bool begun;			/* a transaction is open */
	bool failed;			/* err is the database's */
	bool demo, was_demo;		/* the stream is made up; as stored */
	bool named;			/* tail knows of which run it is */
	int64_t newest_ts;		/* of what came, for audit rows */
	/* The cancelling print that came last, whose cancel record follows. */
	int64_t cancel_ts, cancel_n, cancel_contract;
};

/* Kinds that are kept as they came: a statement that takes the record. */
static const struct {
	struct slice name;
	const char *sql;
} ingest_records[] = {
	{ { "alert", 5 }, "INSERT INTO alert_rows(ts, alert_id, cancelled,"
	    " suppressed, ticker, record) VALUES (?1 ->> 'timestamp',"
	    " COALESCE(?1 ->> 'alert_id', ''),"
	    " COALESCE(?1 ->> 'cancelled', 0) = 1,"
	    " COALESCE(?1 ->> 'suppressed', 0) = 1, ?1 ->> 'ticker', ?1)"
	    " ON CONFLICT DO NOTHING" },
	{ { "signal", 6 }, "INSERT INTO signals(ts, signal_id, symbol, kind,"
	    " record) VALUES (?1 ->> 'timestamp',"
	    " COALESCE(?1 ->> 'signal_id', ''), ?1 ->> 'symbol',"
	    " ?1 ->> 'kind', ?1) ON CONFLICT DO NOTHING" },
	{ { "context", 7 }, "INSERT INTO context(ts, symbol, span, record)"
	    " VALUES (COALESCE(?1 ->> 'timestamp', 0),"
	    " COALESCE(?1 ->> 'symbol', ''), COALESCE(?1 ->> 'window', ''),"
	    " ?1) ON CONFLICT DO NOTHING" },
	{ { "bar", 3 }, "INSERT INTO bars(ts, name, tf, is_final, close,"
	    " record) VALUES (COALESCE(?1 ->> 'timestamp', 0),"
	    " COALESCE(?1 ->> 'contract_ticker', ?1 ->> 'symbol', ''),"
	    " COALESCE(?1 ->> 'tf', ''), COALESCE(?1 ->> 'is_final', 0) = 1,"
	    " ?1 ->> 'close', ?1) ON CONFLICT DO NOTHING" },
	{ { "paper", 5 }, "INSERT INTO paper(ts, signal_id, mark_source,"
	    " entry_ts, exit_ts, record) VALUES (COALESCE(?1 ->> 'timestamp',"
	    " ?1 ->> 'exit_ts', ?1 ->> 'entry_ts'),"
	    " COALESCE(?1 ->> 'signal_id', ''),"
	    " COALESCE(?1 ->> 'mark_source', ''),"
	    " COALESCE(?1 ->> 'entry_ts', 0), COALESCE(?1 ->> 'exit_ts', 0),"
	    " ?1) ON CONFLICT DO NOTHING" },
};

enum { RECORDS = sizeof(ingest_records) / sizeof(*ingest_records) };

/* ---- life ---- */

/* Columns of a print, for ingest_print_row. */
#define PRINT " f.ts, f.n, f.date, f.symbol, f.flow, f.premium_e4,"	\
	" f.size, f.sentiment, f.final_sentiment, f.gone "

static int
ingest_prepare(struct ingest *in, struct err *err)
{
	const struct {
		struct db_stmt **to;
		const char *sql;
	} stmts[] = {
		{ &in->sweep_there, "SELECT extra ->> 'trade_ids' IS NOT NULL"
		    " FROM sweeps WHERE id = ?1" },
		{ &in->sweep_whole, "UPDATE sweeps SET extra = NULLIF("
		    "json_remove(extra, '$.trade_ids', '$.price_locations',"
		    " '$.aggressivenesses'), '{}') WHERE id = ?1" },
		/* As daily.c has it: none is here, or one stands. */
		{ &in->sweep_counts, "SELECT w.kind IS ?2 AND (NOT EXISTS"
		    " (SELECT 1 FROM members m WHERE m.sweep = w.id) OR"
		    " EXISTS (SELECT 1 FROM members m JOIN final_trades f"
		    " ON f.ts = m.ts AND f.n = m.n WHERE m.sweep = w.id AND"
		    " NOT f.gone)), w.date, w.symbol FROM sweeps w"
		    " WHERE w.id = ?1" },
		{ &in->member, "INSERT INTO members(ts, n, sweep, at,"
		    " price_location, aggressiveness) VALUES (?1, ?2, ?3, ?4,"
		    " ?5, ?6) ON CONFLICT DO NOTHING" },
		{ &in->print, "SELECT" PRINT "FROM final_trades f"
		    " WHERE f.ts = ?1 AND f.n = ?2" },
		{ &in->cancelled, "SELECT 1 FROM cancels WHERE ref_ts = ?1"
		    " AND ref_n = ?2" },
		/* The same cancel, when its print was not here. */
		{ &in->uncancel, "DELETE FROM cancels WHERE ts = ?1"
		    " AND contract = ?2 AND n = ?3 AND ref_n = -1"
		    " AND extra ->> 'ref_trade_id' = ?4" },
		{ &in->blocks, "SELECT count(*) FROM events WHERE ts = ?1"
		    " AND ref = ?2 AND type = ?3" },
		{ &in->settle, "SELECT" PRINT "FROM members m"
		    " JOIN final_trades f ON f.ts = m.ts AND f.n = m.n"
		    " WHERE m.sweep = ?1" },
		/* Of kind ?3 and with no member left that stands. */
		{ &in->ended, "SELECT count(*) FROM members m JOIN sweeps w"
		    " ON w.id = m.sweep WHERE m.ts = ?1 AND m.n = ?2"
		    " AND w.kind = ?3 AND NOT EXISTS (SELECT 1 FROM members o"
		    " JOIN final_trades f ON f.ts = o.ts AND f.n = o.n"
		    " WHERE o.sweep = m.sweep AND NOT f.gone)" },
		{ &in->audit, "INSERT INTO audit(ts, run, stage, severity,"
		    " code, message) VALUES (?1, COALESCE(?2, ''),"
		    " COALESCE(?3, ''), ?4, COALESCE(?5, ''),"
		    " COALESCE(?6, '')) ON CONFLICT DO NOTHING" },
		{ &in->alert, ingest_records[0].sql },
		{ &in->kind, "INSERT INTO meta VALUES ('demo', ?1)"
		    " ON CONFLICT(key) DO UPDATE SET value = excluded.value" },
	};

	for (size_t i = 0; i < sizeof(stmts) / sizeof(*stmts); i++) {
		*stmts[i].to = db_prepare(in->db, stmts[i].sql, err);
		if (*stmts[i].to == NULL)
			return -1;
	}
	for (int kind = 0; kind < COLUMN_KINDS; kind++) {
		in->insert[kind] = column_insert(in->db,
		    (enum column_kind)kind, err);
		if (in->insert[kind] == NULL)
			return -1;
	}
	return 0;
}

struct ingest *
ingest_new(struct db *db, const char *alerts, struct err *err)
{
	struct ingest *in = buf_alloc(1, sizeof(*in));
	int64_t demo;

	in->db = db;
	column_known_init(&in->known);
	in->newest_ts = INT64_MIN;
	in->cancel_ts = INT64_MIN;
	if (intern_open(&in->words, db, "words", err) < 0 ||
	    intern_open(&in->sweep_ids, db, "sweep_ids", err) < 0 ||
	    listing_open(&in->listings, db, &in->words, err) < 0 ||
	    daily_open(&in->daily, db, false, err) < 0 ||
	    coverage_open(&in->coverage, db, err) < 0 ||
	    ingest_prepare(in, err) < 0 ||
	    cursor_open(&in->cursor, db, err) < 0 ||
	    tail_open(&in->tail, db, alerts, in->alert, err) < 0 ||
	    db_value(db, "SELECT value FROM meta WHERE key = 'demo'", &demo,
	    err) < 0 || (in->moments = moment_new(db,
	    in->insert[COLUMN_TRADE], err)) == NULL) {
		ingest_free(in);
		return NULL;
	}
	in->demo = in->was_demo = demo != 0;
	return in;
}

void
ingest_free(struct ingest *in)
{
	if (in == NULL)
		return;
	moment_free(in->moments);
	tail_close(&in->tail);
	coverage_close(&in->coverage);
	cursor_close(&in->cursor);
	daily_close(&in->daily);
	listing_close(&in->listings);
	intern_close(&in->sweep_ids);
	intern_close(&in->words);
	buf_free(&in->extra);
	buf_free(&in->conditions);
	free(in);
}

void
ingest_pass(struct ingest *in)
{
	moment_pass(in->moments);
}

int64_t
ingest_strange(const struct ingest *in, const char **why)
{
	*why = in->tail.why.text;
	return in->tail.bad;
}

const struct ingest_count *
ingest_counts(const struct ingest *in)
{
	return &in->count;
}

int64_t
ingest_waiting(const struct ingest *in)
{
	return in->waiting;
}

/* What fails in here is the database, not the record. */
static int
ingest_fault(struct ingest *in, int r)
{
	if (r < 0)
		in->failed = true;
	return r;
}

static int
ingest_begin(struct ingest *in, struct err *err)
{
	if (in->begun)
		return 0;
	if (ingest_fault(in, db_begin(in->db, err)) < 0)
		return -1;
	in->begun = true;
	return 0;
}

/* What kind of stream is stored here, for a run without any. */
static int
ingest_kind(struct ingest *in, struct err *err)
{
	if (in->demo == in->was_demo)
		return 0;
	db_bind_int(in->kind, 1, in->demo);
	if (db_run(in->kind, err) < 0)
		return -1;
	in->was_demo = in->demo;
	return 0;
}

int
ingest_commit(struct ingest *in, struct err *err)
{
	if (tail_waits(&in->tail) && (ingest_begin(in, err) < 0 ||
	    tail_take(&in->tail, in->demo, err) < 0))
		return -1;
	if (!in->begun)
		return 0;
	if (ingest_kind(in, err) < 0 ||
	    db_flush(in->insert[COLUMN_TRADE], err) < 0 ||
	    daily_save(&in->daily, err) < 0 ||
	    coverage_save(&in->coverage, err) < 0 ||
	    cursor_save(&in->cursor, err) < 0 ||
	    db_commit(in->db, err) < 0)
		return -1;
	in->begun = false;
	in->waiting = 0;
	return 0;
}

/* ---- what records share ---- */

static int64_t
ingest_day(struct slice text)
{
	int32_t day = day_parse(text.p, text.n);

	return day == DAY_NONE ? INT64_MIN : day;
}

/* The trade date, else New York's date; one that is none stays in extra. */
static int64_t
ingest_date(const struct trade *trade, struct column_left *left)
{
	int64_t day = INT64_MIN;
	struct cal_time time;

	if (trade->trade_date.n > 0) {
		day = ingest_day(trade->trade_date);
		if (day == INT64_MIN)
			column_leave(left, KEY_trade_date);
	}
	if (day != INT64_MIN)
		return day;
	cal_new_york(trade->timestamp, &time);
	return time.day;
}

/* The contract's members in a record that has no print of its own. */
static int
ingest_identity(struct trade *trade, struct scan *scan, struct err *err)
{
	struct slice right = { NULL, 0 };

	trade_init(trade);
	if (scan_text(scan, KEY_contract_ticker, &trade->contract_ticker,
	    err) < 0 ||
	    scan_text(scan, KEY_symbol, &trade->symbol, err) < 0 ||
	    scan_text(scan, KEY_root, &trade->root, err) < 0 ||
	    scan_text(scan, KEY_expiration, &trade->expiration, err) < 0 ||
	    scan_text(scan, KEY_trade_date, &trade->trade_date, err) < 0 ||
	    scan_text(scan, KEY_option_type, &right, err) < 0 ||
	    scan_int(scan, KEY_timestamp, &trade->timestamp, err) < 0 ||
	    scan_int(scan, KEY_multiplier, &trade->multiplier, err) < 0 ||
	    scan_decimal(scan, KEY_strike, DECIMAL_E4, &trade->strike_e4,
	    err) < 0 ||
	    scan_bool(scan, KEY_is_adjusted, &trade->is_adjusted, err) < 0 ||
	    scan_bool(scan, KEY_is_flex, &trade->is_flex, err) < 0)
		return -1;
	trade->right = slice_equal(right, SLICE("call")) ? TRADE_CALL :
	    slice_equal(right, SLICE("put")) ? TRADE_PUT : TRADE_NO_RIGHT;
	if (trade->contract_ticker.n == 0)
		return err_set(err, "contract_ticker: missing");
	if (trade->timestamp == TRADE_NONE)
		return err_set(err, "timestamp: missing");
	return 0;
}

/* Parameters 1 to 4 of sweeps, cancels and events. */
static void
ingest_bind(struct db_stmt *stmt, int64_t ts, const struct listing *listing,
    int64_t date)
{
	db_bind_int(stmt, 1, ts);
	db_bind_int(stmt, 2, listing->base);
	db_bind_int(stmt, 3, listing->symbol);
	db_bind_int(stmt, 4, date);
}

/* Runs a prepared insert: 1 when there is a new row, 0, -1. */
static int
ingest_insert(struct ingest *in, struct db_stmt *stmt, struct err *err)
{
	if (ingest_fault(in, db_run(stmt, err)) < 0)
		return -1;
	return db_changes(in->db) > 0;
}

/* Row of the daily summary, or NULL when the symbol is not known. */
static int
ingest_daily(struct ingest *in, int64_t date, int64_t symbol,
    struct daily_row **row, struct err *err)
{
	*row = NULL;
	if (symbol == 0)
		return 0;
	return ingest_fault(in, daily_row(&in->daily, date, symbol, row,
	    err));
}

/* ---- trade ids ---- */

/* contract:ts:exchange:seq in its parts; false when it is another form. */
struct ingest_id {
	struct slice ticker, exchange;
	int64_t ts, seq;
};

static bool
ingest_id_number(const char *p, const char *end, int64_t *out)
{
	if (p == end || end - p > 19 || (*p == '0' && end - p > 1))
		return false;
	for (const char *q = p; q < end; q++)
		if (*q < '0' || *q > '9')
			return false;
	return decimal_parse(p, (size_t)(end - p), 0, out, NULL) == 0;
}

static bool
ingest_id_read(struct slice text, struct ingest_id *id)
{
	const char *end = text.p + text.n, *at[3];

	for (int i = 2; i >= 0; i--) {
		end = text.n == 0 ? NULL : memrchr(text.p, ':',
		    (size_t)(end - text.p));
		if (end == NULL)
			return false;
		at[i] = end;
	}
	id->ticker = (struct slice){ text.p, (size_t)(at[0] - text.p) };
	id->exchange = (struct slice){ at[1] + 1,
	    (size_t)(at[2] - at[1] - 1) };
	return ingest_id_number(at[0] + 1, at[1], &id->ts) &&
	    ingest_id_number(at[2] + 1, text.p + text.n, &id->seq);
}

/*
 * The stored print that a trade_id names: 1, 0 when there is none, -1.  ts:
 * where to look when the id does not tell.
 */
static int
ingest_resolve(struct ingest *in, struct slice text, int64_t ts,
    const struct trade *trade, const struct listing *listing,
    int64_t *print_ts, int64_t *n, struct err *err)
{
	struct moment_print print = { .contract = listing->base,
	    .native = (int64_t)moment_hash(text), .kind = MOMENT_NAME };
	struct ingest_id id;
	int r = 0;

	*print_ts = ts;
	if (ingest_id_read(text, &id) &&
	    slice_equal(id.ticker, trade->contract_ticker)) {
		print.kind = MOMENT_CONTENT;
		print.ordinal = id.seq;
		if (ingest_fault(in, intern_id(&in->words, id.exchange,
		    &print.exchange, err)) < 0)
			return -1;
		*print_ts = id.ts;
		r = moment_named(in->moments, id.ts, &print, n, err);
		print.kind = MOMENT_NAME;
	}
	if (r == 0 && *print_ts != TRADE_NONE)
		r = moment_named(in->moments, *print_ts, &print, n, err);
	return ingest_fault(in, r);
}

static void
ingest_print_row(const struct db_stmt *s, struct ingest_print *out)
{
	*out = (struct ingest_print){ .ts = db_int(s, 0), .n = db_int(s, 1),
	    .date = db_int(s, 2), .symbol = db_int(s, 3),
	    .flow = (enum flow_class)db_int(s, 4),
	    .premium_e4 = db_int(s, 5), .size = db_int(s, 6),
	    .own_sentiment = db_int(s, 7), .sentiment = db_int(s, 8),
	    .gone = db_int(s, 9) != 0 };
}

/* A stored print: 1, 0 when it is not there, -1. */
static int
ingest_look(struct ingest *in, int64_t ts, int64_t n,
    struct ingest_print *out, struct err *err)
{
	struct db_stmt *s = in->print;
	int r;

	db_bind_int(s, 1, ts);
	db_bind_int(s, 2, n);
	r = db_step(s, err);
	if (r > 0)
		ingest_print_row(s, out);
	db_reset(s);
	return ingest_fault(in, r);
}

/* ---- trades ---- */

/* Its conditions as ["ISOI","AUTO"], or empty. */
static void
ingest_list(struct buf *text, const struct trade *trade)
{
	text->n = 0;
	if (trade->n_conditions == 0)
		return;
	buf_str(text, "[");
	for (size_t i = 0; i < trade->n_conditions; i++)
		emit_item(text, trade->condition[i]);
	emit_array_end(text);
}

/* What tells the print from others; own_id: its trade_id must be kept. */
static int
ingest_print_of(struct ingest *in, const struct trade *trade,
    const struct listing *listing, struct moment_print *print, bool *own_id,
    struct err *err)
{
	struct ingest_id id;

	*print = (struct moment_print){ .contract = listing->base,
	    .price_e4 = trade->price_e4, .size = trade->size,
	    .ordinal = -1, .kind = MOMENT_CONTENT };
	if (ingest_fault(in, intern_id(&in->words, trade->exchange,
	    &print->exchange, err)) < 0)
		return -1;
	ingest_list(&in->conditions, trade);
	print->conditions = moment_conditions((struct slice){
	    in->conditions.p, in->conditions.n });
	*own_id = trade->trade_id.n > 0 &&
	    !(ingest_id_read(trade->trade_id, &id) &&
	    slice_equal(id.ticker, trade->contract_ticker) &&
	    slice_equal(id.exchange, trade->exchange) &&
	    id.ts == trade->timestamp &&
	    (trade->sequence == TRADE_NONE || id.seq == trade->sequence));
	if (trade->sequence != TRADE_NONE) {
		print->kind = MOMENT_SEQUENCE;
		print->native = print->ordinal = trade->sequence;
	} else if (*own_id) {
		print->kind = MOMENT_NAME;
		print->native = (int64_t)moment_hash(trade->trade_id);
	} else if (trade->trade_id.n > 0) {
		print->ordinal = id.seq;
	}
	return 0;
}

/* The word of a text member; 0 when there is none. */
static int
ingest_word(struct ingest *in, struct scan *scan, enum key key, int64_t *id,
    struct err *err)
{
	struct slice text = { NULL, 0 };

	if (scan_text(scan, key, &text, err) < 0)
		return -1;
	return ingest_fault(in, intern_id(&in->words, text, id, err));
}

static void
ingest_bind_opt(struct db_stmt *stmt, int at, int64_t value, int64_t none)
{
	if (value == none)
		db_bind_null(stmt, at);
	else
		db_bind_int(stmt, at, value);
}

/* The caller's parameters of a trade's row. */
static int
ingest_bind_trade(struct ingest *in, struct scan *scan,
    const struct trade *trade, const struct listing *listing, int64_t date,
    int64_t n, const struct moment_print *print, bool own_id,
    enum flow_class flow, struct err *err)
{
	struct db_stmt *s = in->insert[COLUMN_TRADE];
	struct slice sweep_id = { NULL, 0 };
	struct slice list = { in->conditions.p, in->conditions.n };
	int64_t conditions, sweep, flags = column_flags(scan);

	if (scan_text(scan, KEY_sweep_id, &sweep_id, err) < 0 ||
	    ingest_fault(in, intern_id(&in->sweep_ids, sweep_id, &sweep,
	    err)) < 0 || ingest_fault(in, intern_id(&in->words, list,
	    &conditions, err)) < 0)
		return -1;
	if (print->kind == MOMENT_SEQUENCE)
		flags |= INT64_C(1) << COLUMN_FED;
	if (trade->is_cancel)
		flags |= INT64_C(1) << COLUMN_CANCEL_BIT;
	db_bind_int(s, 1, trade->timestamp);
	db_bind_int(s, 2, n);
	db_bind_int(s, 3, listing->id);
	db_bind_int(s, 4, listing->symbol);
	db_bind_int(s, 5, date);
	ingest_bind_opt(s, 6, print->ordinal, -1);
	db_bind_int(s, 7, trade->price_e4);
	db_bind_int(s, 8, trade->size);
	db_bind_int(s, 9, trade->premium_e4);
	db_bind_int(s, 10, flow);
	db_bind_int(s, 11, flags);
	ingest_bind_opt(s, 12, print->exchange, 0);
	ingest_bind_opt(s, 13, conditions, 0);
	ingest_bind_opt(s, 14, sweep, 0);
	db_bind_text(s, 15, own_id ? trade->trade_id :
	    (struct slice){ NULL, 0 });
	return 0;
}

static int
ingest_add_trade(struct ingest *in, struct scan *scan,
    const struct trade *trade, const struct listing *listing, int64_t n,
    const struct moment_print *print, bool own_id, struct err *err)
{
	struct column_left left = { { { 0 } }, false };
	enum flow_class flow = flow_class_of(trade, false);
	int64_t date = ingest_date(trade, &left), sentiment;
	struct daily_row *row;

	if (ingest_word(in, scan, KEY_sentiment, &sentiment, err) < 0 ||
	    ingest_bind_trade(in, scan, trade, listing, date, n, print,
	    own_id, flow, err) < 0 ||
	    ingest_fault(in, column_bind(COLUMN_TRADE, &in->known,
	    in->insert[COLUMN_TRADE], scan, trade->timestamp, &in->words,
	    &left, &in->extra, err)) < 0 ||
	    ingest_fault(in, db_run(in->insert[COLUMN_TRADE], err)) < 0 ||
	    ingest_daily(in, date, listing->symbol, &row, err) < 0)
		return -1;
	if (row != NULL)
		daily_trade(row, flow, trade->premium_e4, trade->size,
		    sentiment, 1);
	return 1;
}

static int
ingest_trade(struct ingest *in, struct scan *scan, struct err *err)
{
	const struct listing *listing;
	struct moment_print print;
	struct slice text = { NULL, 0 };
	struct trade trade;
	int64_t n;
	bool own_id;
	int r;

	if (trade_read(&trade, scan, err) < 0 ||
	    scan_text(scan, KEY_settlement, &trade.settlement, err) < 0 ||
	    scan_bool(scan, KEY_multiplier_assumed,
	    &trade.multiplier_assumed, err) < 0 ||
	    scan_text(scan, KEY_sweep_id, &text, err) < 0 ||
	    scan_text(scan, KEY_sentiment, &text, err) < 0)
		return -1;
	if (ingest_fault(in, listing_of(&in->listings, &trade, &listing,
	    err)) < 0 ||
	    ingest_print_of(in, &trade, listing, &print, &own_id, err) < 0)
		return -1;
	in->demo = trade_is_demo(&trade);
	r = ingest_fault(in, moment_place(in->moments, trade.timestamp,
	    &print, &n, err));
	if (r > 0)
		r = ingest_add_trade(in, scan, &trade, listing, n, &print,
		    own_id, err);
	if (r >= 0 && trade.is_cancel) {
		in->cancel_ts = trade.timestamp;
		in->cancel_n = n;
		in->cancel_contract = listing->base;
	}
	return r;
}

/* ---- sweeps ---- */

/* The i-th text of an array member as a word; 0 behind its end. */
static int
ingest_item(struct ingest *in, struct scan *scan, enum key key, size_t *pos,
    int64_t *id, struct err *err)
{
	struct scan_value all = scan_get(scan, key), one;
	struct slice text = { NULL, 0 };

	if (all.type == SCAN_ARRAY && scan_element(all, pos, &one) &&
	    (one.type == SCAN_STRING || one.type == SCAN_ESCAPED))
		text = scan_unescape(scan, one);
	return ingest_fault(in, intern_id(&in->words, text, id, err));
}

/* One member: 1 when it is stored, 0 when its print is not here, -1. */
static int
ingest_member(struct ingest *in, struct slice id, const struct trade *trade,
    const struct listing *listing, int64_t sweep, int64_t at,
    int64_t location, int64_t aggressiveness, struct ingest_print *print,
    struct err *err)
{
	struct db_stmt *s = in->member;
	int r = ingest_resolve(in, id, TRADE_NONE, trade, listing,
	    &print->ts, &print->n, err);

	if (r <= 0)
		return r;
	db_bind_int(s, 1, print->ts);
	db_bind_int(s, 2, print->n);
	db_bind_int(s, 3, sweep);
	db_bind_int(s, 4, at);
	ingest_bind_opt(s, 5, location, 0);
	ingest_bind_opt(s, 6, aggressiveness, 0);
	return ingest_fault(in, db_run(s, err)) < 0 ? -1 : 1;
}

/* What a member's final sentiment changes in the summary. */
static int
ingest_adjust(struct ingest *in, const struct ingest_print *print,
    struct err *err)
{
	struct daily_row *row;

	if (print->gone || print->own_sentiment == print->sentiment)
		return 0;
	if (ingest_daily(in, print->date, print->symbol, &row, err) < 0)
		return -1;
	if (row == NULL)
		return 0;
	daily_trade(row, print->flow, print->premium_e4, print->size,
	    print->own_sentiment, -1);
	daily_trade(row, print->flow, print->premium_e4, print->size,
	    print->sentiment, 1);
	return 0;
}

/*
 * All members; *all is false when one is not here.  adjust: the sweep is
 * stored already, and the summary follows each member that is new.
 */
static int
ingest_members(struct ingest *in, struct scan *scan,
    const struct trade *trade, const struct listing *listing, int64_t sweep,
    bool adjust, bool *whole, struct err *err)
{
	struct scan_value ids = scan_get(scan, KEY_trade_ids), one;
	size_t pos = 0, place = 0, force = 0;
	int64_t location, aggressiveness;
	struct ingest_print print = { .n = -1 };

	*whole = ids.type == SCAN_ARRAY || ids.type == SCAN_ABSENT;
	for (int64_t at = 0; ids.type == SCAN_ARRAY &&
	    scan_element(ids, &pos, &one); at++) {
		struct slice id = { NULL, 0 };
		int r;

		if (one.type == SCAN_STRING || one.type == SCAN_ESCAPED)
			id = scan_unescape(scan, one);
		if (ingest_item(in, scan, KEY_price_locations, &place,
		    &location, err) < 0 ||
		    ingest_item(in, scan, KEY_aggressivenesses, &force,
		    &aggressiveness, err) < 0)
			return -1;
		r = ingest_member(in, id, trade, listing, sweep, at, location,
		    aggressiveness, &print, err);
		if (r < 0)
			return -1;
		if (r == 0)
			*whole = false;
		if (r > 0 && adjust && db_changes(in->db) > 0 &&
		    (ingest_look(in, print.ts, print.n, &print, err) < 0 ||
		    ingest_adjust(in, &print, err) < 0))
			return -1;
	}
	return 0;
}

/*
 * What the members' final sentiment changes in the summary, and whether one
 * of them stands; called when the sweep is stored.
 */
static int
ingest_settle(struct ingest *in, int64_t sweep, bool *stands,
    struct err *err)
{
	struct db_stmt *s = in->settle;
	struct ingest_print print;
	bool any = false;
	int r;

	db_bind_int(s, 1, sweep);
	*stands = false;
	while ((r = db_step(s, err)) > 0) {
		ingest_print_row(s, &print);
		any = true;
		*stands |= !print.gone;
		r = ingest_adjust(in, &print, err);
		if (r < 0)
			break;
	}
	db_reset(s);
	*stands |= !any;
	return ingest_fault(in, r);
}

/* Whether a stored sweep counts in the summary, and in which row. */
static int
ingest_counts_sweep(struct ingest *in, int64_t sweep, bool *counts,
    int64_t *date, int64_t *symbol, struct err *err)
{
	struct db_stmt *s = in->sweep_counts;
	int r;

	db_bind_int(s, 1, sweep);
	db_bind_int(s, 2, SCHEMA_SWEEP);
	r = db_step(s, err);
	*counts = r > 0 && db_int(s, 0) != 0;
	*date = r > 0 ? db_int(s, 1) : 0;
	*symbol = r > 0 ? db_int(s, 2) : 0;
	db_reset(s);
	return ingest_fault(in, r < 0 ? -1 : 0);
}

/*
 * A sweep that came before its members: some may have come since, and with
 * them it may count, or count no more.
 */
static int
ingest_mend(struct ingest *in, struct scan *scan, const struct trade *trade,
    const struct listing *listing, int64_t sweep, struct err *err)
{
	struct daily_row *row;
	int64_t date, symbol;
	bool before, after, whole;

	if (ingest_counts_sweep(in, sweep, &before, &date, &symbol,
	    err) < 0 || ingest_members(in, scan, trade, listing, sweep, true,
	    &whole, err) < 0 || ingest_counts_sweep(in, sweep, &after, &date,
	    &symbol, err) < 0)
		return -1;
	if (after != before) {
		if (ingest_daily(in, date, symbol, &row, err) < 0)
			return -1;
		if (row != NULL)
			row->sweeps += after - before;
	}
	if (!whole)
		return 0;
	db_bind_int(in->sweep_whole, 1, sweep);
	return ingest_fault(in, db_run(in->sweep_whole, err));
}

static int
ingest_sweep(struct ingest *in, struct scan *scan, struct err *err)
{
	struct db_stmt *s = in->insert[COLUMN_SWEEP];
	struct column_left left = { { { 0 } }, false };
	const struct listing *listing;
	struct slice name = { NULL, 0 };
	struct daily_row *row;
	struct trade trade;
	int64_t id, date, kind;
	bool stands, torn, whole;
	int r;

	if (ingest_identity(&trade, scan, err) < 0 ||
	    scan_text(scan, KEY_sweep_id, &name, err) < 0 ||
	    ingest_word(in, scan, KEY_kind, &kind, err) < 0)
		return -1;
	if (name.n == 0)
		return err_set(err, "sweep_id: missing");
	date = ingest_date(&trade, &left);
	if (ingest_fault(in, listing_base(&in->listings, &trade, &listing,
	    err)) < 0 ||
	    ingest_fault(in, intern_id(&in->sweep_ids, name, &id, err)) < 0)
		return -1;
	db_bind_int(in->sweep_there, 1, id);
	r = db_step(in->sweep_there, err);
	torn = r > 0 && db_int(in->sweep_there, 0) != 0;
	db_reset(in->sweep_there);
	if (r < 0 || (r > 0 && !torn))
		return ingest_fault(in, r) < 0 ? -1 : 0;
	if (torn)
		return ingest_mend(in, scan, &trade, listing, id, err);
	if (ingest_members(in, scan, &trade, listing, id, false, &whole,
	    err) < 0)
		return -1;
	if (!whole) {
		column_leave(&left, KEY_trade_ids);
		column_leave(&left, KEY_price_locations);
		column_leave(&left, KEY_aggressivenesses);
	}
	ingest_bind(s, trade.timestamp, listing, date);
	db_bind_int(s, 5, id);
	if (ingest_fault(in, column_bind(COLUMN_SWEEP, &in->known, s,
	    scan, trade.timestamp, &in->words, &left, &in->extra, err)) < 0 ||
	    ingest_insert(in, s, err) < 0 ||
	    ingest_settle(in, id, &stands, err) < 0)
		return -1;
	if (kind != SCHEMA_SWEEP || !stands)
		return 1;
	if (ingest_daily(in, date, listing->symbol, &row, err) < 0)
		return -1;
	if (row != NULL)
		row->sweeps++;
	return 1;
}

/* ---- cancels ---- */

/* Number of rows that a counting statement gives for a print and a word. */
static int
ingest_count_of(struct ingest *in, struct db_stmt *stmt, int64_t ts,
    int64_t n, int word, int64_t *out, struct err *err)
{
	db_bind_int(stmt, 1, ts);
	db_bind_int(stmt, 2, n);
	db_bind_int(stmt, 3, word);
	*out = 0;
	if (ingest_fault(in, db_step(stmt, err)) < 0)
		return -1;
	*out = db_int(stmt, 0);
	db_reset(stmt);
	return 0;
}

/* The summary without a print whose cancel is stored just now. */
static int
ingest_take_back(struct ingest *in, const struct ingest_print *print,
    struct err *err)
{
	struct daily_row *row;
	int64_t blocks, sweeps;

	if (ingest_count_of(in, in->blocks, print->ts, print->n,
	    SCHEMA_BLOCK, &blocks, err) < 0 ||
	    ingest_count_of(in, in->ended, print->ts, print->n, SCHEMA_SWEEP,
	    &sweeps, err) < 0 ||
	    ingest_daily(in, print->date, print->symbol, &row, err) < 0)
		return -1;
	if (row == NULL)
		return 0;
	daily_trade(row, print->flow, print->premium_e4, print->size,
	    print->sentiment, -1);
	row->blocks -= blocks;
	row->sweeps -= sweeps;
	return 0;
}

/* The print that a cancel record refers to: 1, 0 when it is not here, -1. */
static int
ingest_reference(struct ingest *in, struct scan *scan,
    const struct trade *trade, const struct listing *listing,
    struct ingest_print *print, struct column_left *left, struct err *err)
{
	struct slice id = { NULL, 0 };
	int64_t ref_ts = TRADE_NONE, n = 0;
	int r;

	if (scan_text(scan, KEY_ref_trade_id, &id, err) < 0 ||
	    scan_int(scan, KEY_ref_timestamp, &ref_ts, err) < 0)
		return -1;
	r = id.n == 0 ? 0 : ingest_resolve(in, id, ref_ts, trade, listing,
	    &ref_ts, &n, err);
	if (r > 0)
		r = ingest_look(in, ref_ts, n, print, err);
	if (r == 0) {
		print->ts = print->n = -1;
		column_leave(left, KEY_ref_trade_id);
		column_leave(left, KEY_ref_timestamp);
	}
	return r;
}

/* Drops the same cancel as it was stored when its print was not here. */
static int
ingest_uncancel(struct ingest *in, struct scan *scan, int64_t ts,
    int64_t contract, int64_t n, struct err *err)
{
	struct slice id = { NULL, 0 };

	scan_text(scan, KEY_ref_trade_id, &id, NULL);
	db_bind_int(in->uncancel, 1, ts);
	db_bind_int(in->uncancel, 2, contract);
	db_bind_int(in->uncancel, 3, n);
	db_bind_text(in->uncancel, 4, id);
	return ingest_fault(in, db_run(in->uncancel, err));
}

static int
ingest_cancel(struct ingest *in, struct scan *scan, struct err *err)
{
	struct db_stmt *s = in->insert[COLUMN_CANCEL];
	struct column_left left = { { { 0 } }, false };
	struct ingest_print print = { .ts = -1, .n = -1 };
	const struct listing *listing;
	struct daily_row *row;
	struct trade trade;
	int64_t date, n;
	bool first;
	int r;

	if (ingest_identity(&trade, scan, err) < 0)
		return -1;
	date = ingest_date(&trade, &left);
	if (ingest_fault(in, listing_base(&in->listings, &trade, &listing,
	    err)) < 0)
		return -1;
	r = ingest_reference(in, scan, &trade, listing, &print, &left, err);
	if (r < 0)
		return -1;
	first = r > 0;
	db_bind_int(in->cancelled, 1, print.ts);
	db_bind_int(in->cancelled, 2, print.n);
	if (first && (r = db_step(in->cancelled, err)) != 0)
		first = false;
	db_reset(in->cancelled);
	if (ingest_fault(in, r) < 0)
		return -1;
	n = in->cancel_ts == trade.timestamp &&
	    in->cancel_contract == listing->base ? in->cancel_n : -1;
	if (print.n >= 0 && ingest_uncancel(in, scan, trade.timestamp,
	    listing->base, n, err) < 0)
		return -1;
	ingest_bind(s, trade.timestamp, listing, date);
	db_bind_int(s, 5, n);
	db_bind_int(s, 6, print.ts);
	db_bind_int(s, 7, print.n);
	db_bind_int(s, 8, first);
	if (ingest_fault(in, column_bind(COLUMN_CANCEL, &in->known, s,
	    scan, trade.timestamp, &in->words, &left, &in->extra, err)) < 0 ||
	    (r = ingest_insert(in, s, err)) < 0)
		return -1;
	if (r == 0 || !first)
		return r;
	if (ingest_daily(in, date, listing->symbol, &row, err) < 0)
		return -1;
	if (row != NULL)
		row->cancelled++;
	return !print.gone && ingest_take_back(in, &print, err) < 0 ? -1 : 1;
}

/* ---- events, open interest ---- */

/* What an event is about: n of its print, a sweep, or a word below 0. */
static int
ingest_event_ref(struct ingest *in, struct scan *scan, int64_t type,
    const struct trade *trade, const struct listing *listing, int64_t *ref,
    bool *gone, struct err *err)
{
	struct ingest_print print;
	struct slice id = { NULL, 0 };
	int64_t ts, n, word;
	int r;

	*ref = 0;
	*gone = false;
	if (scan_text(scan, type == SCHEMA_SWEEP ? KEY_sweep_id :
	    KEY_trade_id, &id, err) < 0)
		return -1;
	if (id.n == 0 || (type != SCHEMA_SWEEP && type != SCHEMA_BLOCK))
		return 0;
	if (type == SCHEMA_SWEEP)
		return ingest_fault(in, intern_id(&in->sweep_ids, id, ref,
		    err));
	r = ingest_resolve(in, id, trade->timestamp, trade, listing, &ts, &n,
	    err);
	if (r > 0 && ts == trade->timestamp) {
		*ref = n;
		r = ingest_look(in, ts, n, &print, err);
		*gone = r > 0 && print.gone;
		return r < 0 ? -1 : 0;
	}
	if (r < 0 || ingest_fault(in, intern_id(&in->words, id, &word,
	    err)) < 0)
		return -1;
	*ref = -word;
	return 0;
}

static int
ingest_event(struct ingest *in, struct scan *scan, struct err *err)
{
	struct db_stmt *s = in->insert[COLUMN_EVENT];
	struct column_left left = { { { 0 } }, false };
	const struct listing *listing;
	struct daily_row *row;
	struct trade trade;
	int64_t type, ref, date;
	bool gone;
	int r;

	if (ingest_identity(&trade, scan, err) < 0 ||
	    ingest_word(in, scan, KEY_event_type, &type, err) < 0)
		return -1;
	date = ingest_date(&trade, &left);
	if (ingest_fault(in, listing_base(&in->listings, &trade, &listing,
	    err)) < 0 || ingest_event_ref(in, scan, type, &trade, listing,
	    &ref, &gone, err) < 0)
		return -1;
	/* An event has one reference; another member is not its own. */
	if (type != SCHEMA_SWEEP)
		column_leave(&left, KEY_sweep_id);
	if (type != SCHEMA_BLOCK)
		column_leave(&left, KEY_trade_id);
	ingest_bind(s, trade.timestamp, listing, date);
	db_bind_int(s, 5, type);
	db_bind_int(s, 6, ref);
	if (ingest_fault(in, column_bind(COLUMN_EVENT, &in->known, s,
	    scan, trade.timestamp, &in->words, &left, &in->extra, err)) < 0 ||
	    (r = ingest_insert(in, s, err)) < 0)
		return -1;
	if (r == 0 || gone || (type != SCHEMA_BLOCK &&
	    type != SCHEMA_AGGRESSIVE))
		return r;
	if (ingest_daily(in, date, listing->symbol, &row, err) < 0)
		return -1;
	if (row != NULL && type == SCHEMA_BLOCK)
		row->blocks++;
	else if (row != NULL)
		row->aggressive++;
	return 1;
}

static int
ingest_oi(struct ingest *in, struct scan *scan, struct err *err)
{
	struct db_stmt *s = in->insert[COLUMN_OI];
	struct column_left left = { { { 0 } }, false };
	const struct listing *listing;
	struct slice text = { NULL, 0 };
	struct trade trade;
	int64_t date;

	if (ingest_identity(&trade, scan, err) < 0 ||
	    scan_text(scan, KEY_oi_date, &text, err) < 0)
		return -1;
	date = ingest_day(text);
	if (date == INT64_MIN)
		return err_set(err, "oi_date: %s", text.n == 0 ? "missing" :
		    "not a date");
	if (trade.trade_date.n > 0)
		column_leave(&left, KEY_trade_date);
	if (ingest_fault(in, listing_base(&in->listings, &trade, &listing,
	    err)) < 0)
		return -1;
	db_bind_int(s, 1, trade.timestamp);
	db_bind_int(s, 2, listing->base);
	db_bind_int(s, 3, date);
	if (ingest_fault(in, column_bind(COLUMN_OI, &in->known, s, scan,
	    trade.timestamp, &in->words, &left, &in->extra, err)) < 0)
		return -1;
	return ingest_insert(in, s, err);
}

/* ---- any record ---- */

/* The run of what comes, empty when nothing says it. */
static int
ingest_run(struct ingest *in, struct slice run, struct err *err)
{
	in->named = true;
	return ingest_fault(in, tail_begin(&in->tail, run, err));
}

/* Time has come so far. */
static int
ingest_time(struct ingest *in, int64_t ts, bool trade, struct err *err)
{
	if (coverage_leaps(&in->coverage, ts, trade) &&
	    (ingest_begin(in, err) < 0 ||
	    ingest_fault(in, coverage_save(&in->coverage, err)) < 0))
		return -1;
	coverage_time(&in->coverage, ts, trade);
	if (ts > in->newest_ts)
		in->newest_ts = ts;
	return 0;
}

/* A kind that is kept as it came; -2: none of them. */
static int
ingest_record(struct ingest *in, struct scan *scan, struct slice name,
    struct err *err)
{
	struct db_stmt *s;
	int64_t ts;
	int r;

	for (int i = 0; i < RECORDS; i++) {
		if (!slice_equal(name, ingest_records[i].name))
			continue;
		/* As another type it would be later than all times. */
		if (scan_int(scan, KEY_timestamp, &ts, err) < 0)
			return -1;
		s = db_prepare(in->db, ingest_records[i].sql, err);
		if (s == NULL)
			return ingest_fault(in, -1);
		db_bind_text(s, 1, scan_object(scan));
		r = ingest_insert(in, s, err);
		db_finish(s);
		return r;
	}
	return -2;
}

enum ingest_result
ingest_data(struct ingest *in, struct scan *scan, struct slice name,
    struct err *err)
{
	static const struct {
		struct slice name;
		int (*take)(struct ingest *, struct scan *, struct err *);
	} kinds[] = {
		{ { "trade", 5 }, ingest_trade },
		{ { "sweep", 5 }, ingest_sweep },
		{ { "cancel", 6 }, ingest_cancel },
		{ { "event", 5 }, ingest_event },
		{ { "oi", 2 }, ingest_oi },
	};
	int64_t ts = 0;
	int r = -2;

	if (ingest_begin(in, err) < 0 ||
	    (!in->named && ingest_run(in, (struct slice){ NULL, 0 }, err) < 0))
		return INGEST_FAILED;
	/* What refers to trades looks them up. */
	if (!slice_equal(name, kinds[0].name) &&
	    db_flush(in->insert[COLUMN_TRADE], err) < 0)
		return INGEST_FAILED;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_equal(name, kinds[i].name)) {
			r = kinds[i].take(in, scan, err);
			break;
		}
	if (r == -2)
		r = ingest_record(in, scan, name, err);
	if (r == -1)
		return in->failed ? INGEST_FAILED : INGEST_BAD;
	/* Bars and open interest have other times than the stream's. */
	if (slice_equal(name, SLICE("trade")) &&
	    scan_int(scan, KEY_timestamp, &ts, NULL) > 0 &&
	    ingest_time(in, ts, true, err) < 0)
		return INGEST_FAILED;
	in->waiting++;
	cursor_data(&in->cursor, name);
	if (r == -2)
		in->count.passed++;
	else if (r > 0)
		in->count.stored++;
	else
		in->count.known++;
	return INGEST_DONE;
}

enum ingest_result
ingest_audit(struct ingest *in, struct slice stage, struct slice severity,
    struct slice code, struct slice message, struct err *err)
{
	struct db_stmt *s = in->audit;

	if (ingest_begin(in, err) < 0)
		return INGEST_FAILED;
	db_bind_int(s, 1, in->newest_ts == INT64_MIN ? 0 : in->newest_ts);
	db_bind_text(s, 2, (struct slice){ in->coverage.run.p,
	    in->coverage.run.n });
	db_bind_text(s, 3, stage);
	db_bind_text(s, 4, severity);
	db_bind_text(s, 5, code);
	db_bind_text(s, 6, message);
	in->waiting++;
	return ingest_insert(in, s, err) < 0 ? INGEST_FAILED : INGEST_DONE;
}

/* A status record of any stage is an entry of the audit. */
static enum ingest_result
ingest_status(struct ingest *in, struct scan *scan, struct err *err)
{
	struct slice stage = SLICE("?"), severity = { NULL, 0 };
	struct slice code = SLICE("?"), message = { NULL, 0 };

	if (scan_text(scan, KEY_stage, &stage, err) < 0 ||
	    scan_text(scan, KEY_severity, &severity, err) < 0 ||
	    scan_text(scan, KEY_code, &code, err) < 0 ||
	    scan_text(scan, KEY_message, &message, err) < 0)
		return INGEST_BAD;
	return ingest_audit(in, stage, severity, code, message, err);
}

static enum ingest_result
ingest_heartbeat(struct ingest *in, struct scan *scan, struct err *err)
{
	int64_t ts = INT64_MIN;

	if (scan_int(scan, KEY_timestamp, &ts, err) < 0)
		return INGEST_BAD;
	if (ts == INT64_MIN)
		return INGEST_DONE;
	if (ingest_time(in, ts, false, err) < 0)
		return INGEST_FAILED;
	cursor_control(&in->cursor, scan);
	if (in->coverage.changed) {
		if (ingest_begin(in, err) < 0)
			return INGEST_FAILED;
		in->waiting++;
	}
	return INGEST_DONE;
}

enum ingest_result
ingest_control(struct ingest *in, struct scan *scan, enum control_kind kind,
    struct err *err)
{
	bool bad = false;

	switch (kind) {
	case CONTROL_HEARTBEAT:
		return ingest_heartbeat(in, scan, err);
	case CONTROL_HELLO:
		ingest_pass(in);
		break;
	case CONTROL_GAP:
	case CONTROL_STATUS:
	case CONTROL_BYE:
		break;
	case CONTROL_DATA:
		return INGEST_DONE;
	}
	if (ingest_begin(in, err) < 0)
		return INGEST_FAILED;
	in->waiting++;
	if (kind == CONTROL_STATUS)
		return ingest_status(in, scan, err);
	if ((kind == CONTROL_HELLO ? coverage_hello(&in->coverage, scan, err) :
	    kind == CONTROL_BYE ? coverage_bye(&in->coverage, err) :
	    coverage_gap(&in->coverage, scan, &bad, err)) < 0)
		return bad ? INGEST_BAD : INGEST_FAILED;
	if (kind == CONTROL_BYE)
		cursor_control(&in->cursor, scan);
	if (kind == CONTROL_HELLO && cursor_hello(&in->cursor, scan, err) < 0)
		return INGEST_FAILED;
	if (kind == CONTROL_HELLO) {
		in->demo = slice_equal((struct slice){ in->coverage.mode.p,
		    in->coverage.mode.n }, SLICE("demo"));
		if (ingest_run(in, (struct slice){ in->coverage.run.p,
		    in->coverage.run.n }, err) < 0)
			return INGEST_FAILED;
	}
	return INGEST_DONE;
}
