#include "report/history.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "market/cal.h"
#include "record/emit.h"
#include "record/osi.h"
#include "report/tally.h"

enum {
	HISTORY_SCHEMA = 1,
	HISTORY_OPEN = 9 * 60 + 30,	/* minutes */
	HISTORY_STEP = 5,
	HISTORY_CLOSES = 300,
	HISTORY_MINUTES = 390,		/* of a share's session */
	HISTORY_BARS_LEAST = 5		/* sessions for a mean of bars */
};

#define HISTORY_DAY_MS INT64_C(86400000)

/* Dollars of an event in domain.md 4.9. */
#define HISTORY_EVENT_E4 INT64_C(1000000000)

/* On its way out. */
struct history_file {
	struct line_out *out;
	struct db *db;
	const struct ask *ask;
	const struct tally *tally;
	int64_t lines;
	struct buf text;		/* scratch */
};

int
history_date(const char *text, int32_t *out, struct err *err)
{
	*out = day_parse(text, strlen(text));
	if (*out == DAY_NONE)
		return err_set(err, "%s: not a date like 2025-11-24", text);
	if (cal_known(*out, err) < 0)
		return -1;
	if (!cal_is_open(*out))
		return err_set(err, "%s: no trading day, exchanges are "
		    "closed", text);
	return 0;
}

int
history_is_demo(struct db *db, bool *demo, struct err *err)
{
	int64_t made_up;

	/* A demo is never mixed: the newest trade speaks for all. */
	if (db_value(db, "SELECT EXISTS (SELECT 1 FROM coverage WHERE mode ="
	    " 'demo') OR COALESCE((SELECT extra ->> 'feed' FROM trades"
	    " ORDER BY ts DESC LIMIT 1), '') = 'demo'", &made_up, err) < 0)
		return -1;
	*demo = made_up != 0;
	return 0;
}

/* ---- texts ---- */

static struct buf *
history_open(struct history_file *f, const char *kind)
{
	struct buf *dst = &f->out->buf;

	emit_open(dst, "baseline");
	emit_str(dst, KEY_kind, kind);
	return dst;
}

/* What cannot be written is told by line_out_close. */
static void
history_close(struct history_file *f)
{
	emit_close(&f->out->buf);
	f->lines++;
	line_out_end(f->out);
}

static void
history_decimal(struct buf *dst, int64_t value, int scale)
{
	char *p = buf_reserve(dst, DECIMAL_TEXT);

	dst->n += decimal_print(p, value, scale);
}

static void
history_day(struct buf *dst, int32_t day)
{
	char *p = buf_reserve(dst, DAY_TEXT);

	dst->n += day_print(p, day);
}

static void
history_item(struct history_file *f)
{
	emit_item(&f->out->buf, (struct slice){ f->text.p, f->text.n });
	f->text.n = 0;
}

/* An item "2025-11-20 45.12". */
static void
history_dated(struct history_file *f, int32_t day, int64_t value, int scale)
{
	history_day(&f->text, day);
	buf_str(&f->text, " ");
	history_decimal(&f->text, value, scale);
	history_item(f);
}

/* An item "09:35 12345.6": a mean of n, of what sums to the value. */
static void
history_timed(struct history_file *f, int minute, int64_t value, int64_t n)
{
	buf_fmt(&f->text, "%02d:%02d ", minute / 60, minute % 60);
	history_decimal(&f->text, decimal_ratio(value, n, DECIMAL_E6),
	    DECIMAL_E6);
	history_item(f);
}

/* ---- HEAD ---- */

static void
history_left_out(struct history_file *f, const struct seen_set *set,
    const char *ticker, uint32_t counted)
{
	const struct tally_span *span = &f->tally->span;

	for (int i = 0; i < TALLY_SESSIONS; i++) {
		struct seen seen;

		if ((counted >> i & 1) != 0)
			continue;
		seen_of(set, ticker, cal_instant(span->days[i], 0),
		    cal_instant(span->days[i] + 1, 0), &seen);
		/* Per cent in 1/10,000 is a share in millionths. */
		history_dated(f, span->days[i], seen_share(&seen),
		    DECIMAL_E6);
		seen_done(&seen);
	}
}

static void
history_head(struct history_file *f, const struct seen_set *set,
    const char *ticker, uint32_t counted, bool demo)
{
	const struct tally_span *span = &f->tally->span;
	struct buf *dst = history_open(f, "HEAD");
	char day[DAY_TEXT];

	emit_int(dst, KEY_schema_version, HISTORY_SCHEMA);
	emit_word(dst, KEY_date, day, day_print(day, span->date));
	if (demo)
		emit_str(dst, KEY_mode, "demo");
	if (f->ask->n > 0) {
		emit_array(dst, KEY_symbols);
		for (size_t i = 0; i < f->ask->n; i++)
			emit_item(dst, (struct slice){ f->ask->tickers[i],
			    strlen(f->ask->tickers[i]) });
		emit_array_end(dst);
	}
	emit_array(dst, KEY_sessions);
	for (int i = 0; i < TALLY_SESSIONS; i++)
		if ((counted >> i & 1) != 0)
			emit_item(dst, (struct slice){ day,
			    day_print(day, span->days[i]) });
	emit_array_end(dst);
	emit_array(dst, KEY_left_out);
	history_left_out(f, set, ticker, counted);
	emit_array_end(dst);
	history_close(f);
}

/* ---- UNDERLYING ---- */

/* Texts, each with a NUL, as an array; none: absent. */
static void
history_texts(struct history_file *f, enum key key)
{
	struct buf *dst = &f->out->buf;
	const char *end = f->text.p + f->text.n;

	if (f->text.n == 0)
		return;
	emit_array(dst, key);
	for (const char *p = f->text.p; p < end; p += strlen(p) + 1)
		emit_item(dst, (struct slice){ p, strlen(p) });
	emit_array_end(dst);
	f->text.n = 0;
}

static void
history_sizes(struct history_file *f, enum key key, struct ring *ring)
{
	ring_texts(ring, &f->text);
	history_texts(f, key);
}

/* unit: of a value, as a part of what is written. */
static void
history_steps(struct history_file *f, enum key key, const int64_t *within,
    int steps, int64_t sessions, int64_t unit)
{
	int64_t sum = 0;

	emit_array(&f->out->buf, key);
	for (int i = 0; i < steps; i++) {
		if (__builtin_add_overflow(sum, within[i], &sum))
			sum = INT64_MAX;
		history_timed(f, HISTORY_OPEN + (i + 1) * HISTORY_STEP, sum,
		    sessions * unit);
	}
	emit_array_end(&f->out->buf);
}

/* Final bars of shares. */
struct history_bars {
	int32_t days[HISTORY_CLOSES];	/* the newest first */
	int64_t e4[3][HISTORY_CLOSES];	/* close, high, low; ASK_NONE */
	int n;
	int64_t minutes[HISTORY_MINUTES];	/* shares within each */
	int sessions;			/* that they are of */
};

static int
history_daily_bars(struct history_file *f, const char *name,
    struct history_bars *bars, struct err *err)
{
	struct db_stmt *s = db_prepare(f->db, "SELECT ts / 86400000,"
	    " CAST(round(close * 10000) AS INTEGER),"
	    " CAST(round((record ->> 'high') * 10000) AS INTEGER),"
	    " CAST(round((record ->> 'low') * 10000) AS INTEGER)"
	    " FROM bars WHERE name = ?1 AND tf = '1d' AND is_final = 1 AND"
	    " close IS NOT NULL AND ts < ?2 ORDER BY ts DESC", err);
	int r = -1;

	if (s != NULL) {
		db_bind_str(s, 1, name);
		db_bind_int(s, 2, f->tally->span.date * HISTORY_DAY_MS);
	}
	bars->n = 0;
	while (s != NULL && bars->n < HISTORY_CLOSES &&
	    (r = db_step(s, err)) > 0) {
		int32_t day = (int32_t)db_int(s, 0);

		if (bars->n > 0 && bars->days[bars->n - 1] == day)
			continue;
		bars->days[bars->n] = day;
		for (int i = 0; i < 3; i++)
			bars->e4[i][bars->n] = db_is_null(s, i + 1) ?
			    ASK_NONE : db_int(s, i + 1);
		bars->n++;
	}
	db_finish(s);
	return r < 0 ? -1 : 0;
}

/* Adds the shares of one session by minute; *any: there was a bar. */
static int
history_minutes(struct db_stmt *s, const struct cal_span *rth,
    int64_t *minutes, bool *any, struct err *err)
{
	int r;

	*any = false;
	db_bind_int(s, 2, rth->start_ts);
	db_bind_int(s, 3, rth->end_ts);
	while ((r = db_step(s, err)) > 0) {
		int64_t at = (db_int(s, 0) - rth->start_ts) / 60000;

		if (at >= HISTORY_MINUTES || db_is_null(s, 1))
			continue;
		*any = true;
		if (__builtin_add_overflow(minutes[at], db_int(s, 1),
		    &minutes[at]))
			minutes[at] = INT64_MAX;
	}
	return r;
}

static int
history_minute_bars(struct history_file *f, const struct tally_symbol *symbol,
    struct history_bars *bars, struct err *err)
{
	const struct tally_span *span = &f->tally->span;
	struct slice root = { symbol->name, strlen(symbol->name) };
	struct db_stmt *s = db_prepare(f->db, "SELECT ts, CAST(record ->>"
	    " 'volume' AS INTEGER) FROM bars WHERE name = ?1 AND tf = '1m'"
	    " AND is_final = 1 AND ts >= ?2 AND ts < ?3", err);
	int r = s == NULL ? -1 : 0;

	memset(bars->minutes, 0, sizeof(bars->minutes));
	bars->sessions = 0;
	for (int i = 0; r == 0 && i < TALLY_SESSIONS; i++) {
		struct cal_span rth;
		bool any;

		if ((symbol->counted & span->full & UINT32_C(1) << i) == 0 ||
		    cal_span(span->days[i], cal_class_of(root, span->days[i],
		    false), CAL_RTH, &rth, NULL) <= 0)
			continue;
		db_bind_str(s, 1, symbol->name);
		r = history_minutes(s, &rth, bars->minutes, &any, err);
		bars->sessions += any;
		db_reset(s);
	}
	db_finish(s);
	return r;
}

static void
history_put_bars(struct history_file *f, const struct history_bars *bars)
{
	static const enum key keys[] = { KEY_closes, KEY_highs, KEY_lows };
	struct buf *dst = &f->out->buf;
	int64_t sum = 0;

	for (int k = 0; k < 3; k++) {
		bool any = false;

		for (int i = bars->n - 1; i >= 0; i--) {
			if (bars->e4[k][i] == ASK_NONE)
				continue;
			if (!any)
				emit_array(dst, keys[k]);
			any = true;
			history_dated(f, bars->days[i], bars->e4[k][i],
			    DECIMAL_E4);
		}
		if (any)
			emit_array_end(dst);
	}
	if (bars->sessions >= HISTORY_BARS_LEAST) {
		emit_array(dst, KEY_bar_volume);
		for (int i = 0; i < HISTORY_MINUTES; i++) {
			if (__builtin_add_overflow(sum, bars->minutes[i],
			    &sum))
				sum = INT64_MAX;
			history_timed(f, HISTORY_OPEN + i + 1, sum,
			    bars->sessions);
		}
		emit_array_end(dst);
	}
	emit_int(dst, KEY_sessions_bars, bars->sessions);
}

static int
history_underlying(struct history_file *f, struct tally_symbol *symbol,
    struct err *err)
{
	int sessions = tally_days(symbol->counted & f->tally->span.full);
	struct history_bars bars;
	struct buf *dst;

	if (history_daily_bars(f, symbol->name, &bars, err) < 0 ||
	    history_minute_bars(f, symbol, &bars, err) < 0)
		return -1;
	if (!symbol->stored && bars.n == 0 && bars.sessions == 0)
		return 0;
	dst = history_open(f, "UNDERLYING");
	emit_text(dst, KEY_symbol, (struct slice){ symbol->name,
	    strlen(symbol->name) });
	history_sizes(f, KEY_call_sizes, &symbol->sizes[0]);
	history_sizes(f, KEY_put_sizes, &symbol->sizes[1]);
	if (sessions > 0) {
		history_steps(f, KEY_call_flow, symbol->flow_e4,
		    symbol->steps, sessions, decimal_pow10[DECIMAL_E4]);
		history_steps(f, KEY_option_volume, symbol->volume,
		    symbol->steps, sessions, 1);
	}
	emit_int(dst, KEY_sessions_flow, sessions);
	history_put_bars(f, &bars);
	history_close(f);
	return 0;
}

/* ---- CONTRACT ---- */

/* What a contract is: its row's texts, else what its ticker says. */
struct history_contract {
	struct slice ticker, root, expiration;
	int64_t strike_e4;
	bool put;
	struct osi osi;
	char date[DAY_TEXT];
};

/* Columns 1 to 5 of a row; false when it is not known when it expires. */
static bool
history_identity(struct history_contract *c, const struct db_stmt *s)
{
	bool known;

	c->ticker = db_text(s, 1);
	c->root = db_text(s, 2);
	c->strike_e4 = db_is_null(s, 3) ? ASK_NONE : db_int(s, 3);
	c->expiration = db_text(s, 4);
	c->put = slice_equal(db_text(s, 5), SLICE("put"));
	known = c->root.n > 0 && c->strike_e4 != ASK_NONE &&
	    c->expiration.n > 0 && !db_is_null(s, 5);
	if (known || osi_parse(c->ticker, &c->osi, NULL) < 0)
		return c->expiration.n > 0 && !db_is_null(s, 5);
	c->root = (struct slice){ c->osi.root, strlen(c->osi.root) };
	c->strike_e4 = c->osi.strike_e4;
	c->expiration = (struct slice){ c->date,
	    day_print(c->date, c->osi.expiration) };
	c->put = c->osi.right == OSI_PUT;
	return true;
}

/* Sessions since it first appears, of those that count in means. */
static int
history_listed(const struct tally *tally, const struct tally_contract *t)
{
	uint32_t days = t->symbol->counted & tally->span.full;

	for (int i = 0; i < TALLY_SESSIONS; i++)
		if (tally->span.days[i] < t->first)
			days &= ~(UINT32_C(1) << i);
	return tally_days(days);
}

static void
history_contract(struct history_file *f, const struct history_contract *c,
    struct tally_contract *t)
{
	struct buf *dst = history_open(f, "CONTRACT");
	int sessions = history_listed(f->tally, t);
	char day[DAY_TEXT];

	emit_text(dst, KEY_symbol, (struct slice){ t->symbol->name,
	    strlen(t->symbol->name) });
	emit_opt_text(dst, KEY_root, c->root);
	emit_text(dst, KEY_contract_ticker, c->ticker);
	emit_opt_decimal(dst, KEY_strike, c->strike_e4, DECIMAL_E4);
	emit_text(dst, KEY_expiration, c->expiration);
	emit_str(dst, KEY_option_type, c->put ? "put" : "call");
	history_sizes(f, KEY_sizes, &t->sizes);
	if (sessions > 0)
		emit_decimal(dst, KEY_adv20, decimal_ratio(t->volume,
		    sessions, DECIMAL_E6), DECIMAL_E6);
	emit_int(dst, KEY_adv20_sessions, sessions);
	if (t->open_interest != TALLY_NONE) {
		emit_int(dst, KEY_open_interest, t->open_interest);
		emit_word(dst, KEY_oi_date, day, day_print(day, t->oi_date));
	}
	if (t->iv_e6 != TALLY_NONE) {
		emit_decimal(dst, KEY_iv, t->iv_e6, DECIMAL_E6);
		emit_int(dst, KEY_iv_ts, t->iv_ts);
	}
	history_close(f);
}

/* A contract may have rows that say more than the first, its base. */
static int
history_contracts(struct history_file *f, struct err *err)
{
	struct db_stmt *s = db_prepare(f->db, "SELECT base, max(ticker),"
	    " max(root), max(strike_e4), max(expiration), max(option_type)"
	    " FROM contracts GROUP BY base ORDER BY max(ticker)", err);
	int r = -1;

	while (s != NULL && (r = db_step(s, err)) > 0) {
		int64_t id = db_int(s, 0);
		struct tally_contract *t = id > 0 &&
		    (size_t)id < f->tally->n_ids ? f->tally->contracts[id] :
		    NULL;
		struct history_contract c;

		if (t == NULL || !history_identity(&c, s) ||
		    day_parse(c.expiration.p, c.expiration.n) <
		    f->tally->span.date)
			continue;
		history_contract(f, &c, t);
	}
	db_finish(s);
	return r;
}

/* ---- PERSIST ---- */

/*
 * Events of domain.md 4.9: sweeps and splits, by what stands of them, and
 * bought prints that are of none, of at least ?3; and the premium of all
 * bought and sold prints.  ?1 to ?2, excluded: trade dates.  CROSS JOIN
 * keeps the order: else all trades would be searched for members.
 */
#define HISTORY_PARTS							\
    "WITH print AS (SELECT f.contract, f.date, f.premium_e4 AS e4,"	\
    "  w.text AS side, EXISTS (SELECT 1 FROM members m WHERE"		\
    "  m.ts = f.ts AND m.n = f.n) AS member"				\
    "  FROM final_trades f JOIN words w ON w.id = f.final_side"		\
    "  WHERE f.ts >= (?1 - 1) * 86400000 AND f.ts < (?2 + 1) * 86400000" \
    "  AND f.date >= ?1 AND f.date < ?2 AND f.flow IN (1, 2)"		\
    "  AND NOT f.gone AND w.text IN ('BUY', 'SELL')),"			\
    " single AS (SELECT *, side = 'BUY' AND NOT member AND e4 >= ?3"	\
    "  AS event FROM print),"						\
    " sweep AS (SELECT max(f.contract) AS contract, w.date AS date,"	\
    "  sum(f.premium_e4) AS e4 FROM sweeps w"				\
    "  CROSS JOIN members m ON m.sweep = w.id"				\
    "  CROSS JOIN final_trades f ON f.ts = m.ts AND f.n = m.n"		\
    "  WHERE w.ts >= (?1 - 1) * 86400000 AND w.ts < (?2 + 1) * 86400000" \
    "  AND w.date >= ?1 AND w.date < ?2 AND f.flow IN (1, 2)"		\
    "  AND NOT f.gone AND w.side = (SELECT id FROM words WHERE"		\
    "  text = 'BUY') GROUP BY w.id HAVING sum(f.premium_e4) >= ?3),"	\
    " part(contract, date, events, event_e4, buy_e4, sell_e4) AS ("	\
    "  SELECT contract, date, event, event * e4, (side = 'BUY') * e4,"	\
    "  (side = 'SELL') * e4 FROM single UNION ALL"			\
    "  SELECT contract, date, 1, e4, 0, 0 FROM sweep)"

/* Begins the line of a row's key, unless it is that of the row before. */
static void
history_key(struct history_file *f, const struct db_stmt *s,
    struct buf *before)
{
	static const enum key keys[] = { KEY_symbol, KEY_expiration,
	    KEY_option_type };
	struct buf now = BUF_INIT;

	for (int i = 0; i < 3; i++) {
		struct slice text = db_text(s, i);

		buf_add(&now, text.p, text.n);
		buf_add(&now, "", 1);
	}
	if (!slice_equal((struct slice){ before->p, before->n },
	    (struct slice){ now.p, now.n })) {
		if (before->n > 0) {
			emit_array_end(&f->out->buf);
			history_close(f);
		}
		history_open(f, "PERSIST");
		for (int i = 0; i < 3; i++)
			emit_text(&f->out->buf, keys[i], db_text(s, i));
		emit_array(&f->out->buf, KEY_events);
	}
	buf_free(before);
	*before = now;
}

static int
history_persist(struct history_file *f, struct err *err)
{
	const struct tally_span *span = &f->tally->span;
	struct db_stmt *s = ask_prepare(f->ask, HISTORY_PARTS " SELECT s.text,"
	    " c.expiration, c.option_type, p.date, sum(p.events),"
	    " sum(p.event_e4), sum(p.buy_e4), sum(p.sell_e4) FROM part p"
	    " JOIN contracts c ON c.id = p.contract JOIN words s ON"
	    " s.id = c.symbol WHERE c.expiration >= ?4 AND c.option_type"
	    " IS NOT NULL", "s.text", " GROUP BY 1, 2, 3, 4"
	    " ORDER BY 1, 2, 3, 4", 0, err);
	struct buf key = BUF_INIT;
	char date[DAY_TEXT + 1] = "";
	int r = -1;

	day_print(date, span->date);
	if (s != NULL) {
		db_bind_int(s, 1, span->days[TALLY_SESSIONS - TALLY_RECENT]);
		db_bind_int(s, 2, span->date);
		db_bind_int(s, 3, HISTORY_EVENT_E4);
		db_bind_str(s, 4, date);
	}
	while (s != NULL && (r = db_step(s, err)) > 0) {
		history_key(f, s, &key);
		history_day(&f->text, (int32_t)db_int(s, 3));
		buf_str(&f->text, " ");
		history_decimal(&f->text, db_int(s, 4), 0);
		for (int i = 5; i < 8; i++) {
			buf_str(&f->text, " ");
			history_decimal(&f->text, db_int(s, i), DECIMAL_E4);
		}
		history_item(f);
	}
	if (key.n > 0) {
		emit_array_end(&f->out->buf);
		history_close(f);
	}
	buf_free(&key);
	db_finish(s);
	return r;
}

/* ---- all ---- */

static int
history_all(struct history_file *f, struct tally *tally, struct err *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < tally->n; i++)
		r = history_underlying(f, tally->symbols[i], err);
	if (r == 0)
		r = history_contracts(f, err);
	return r < 0 ? -1 : history_persist(f, err);
}

static void
history_end(struct history_file *f)
{
	int64_t lines = f->lines;

	emit_int(history_open(f, "END"), KEY_n, lines);
	history_close(f);
}

int
history_write(struct line_out *out, const struct ask *ask,
    const struct history *history, bool *counts, struct err *err)
{
	const char *ticker = ask->n == 1 ? ask->tickers[0] : "";
	struct tally tally = { .n = 0 };
	struct history_file f = { .out = out, .db = ask->db, .ask = ask,
	    .tally = &tally };
	struct seen_set *set = NULL;
	uint32_t counted;
	bool demo;
	int r = -1;

	if (tally_span(history->date, &tally.span, err) < 0 ||
	    history_is_demo(ask->db, &demo, err) < 0 ||
	    (set = seen_new(ask->db, err)) == NULL)
		return -1;
	counted = tally_counted(&tally.span, set, ticker,
	    history->min_coverage_e4);
	*counts = counted != 0;
	history_head(&f, set, ticker, counted, demo);
	if (*counts && (tally_load(&tally, ask->db, ask->tickers, ask->n,
	    set, history->min_coverage_e4, err) < 0 ||
	    history_all(&f, &tally, err) < 0))
		goto out;
	history_end(&f);
	r = 0;
out:
	tally_free(&tally);
	seen_free(set);
	buf_free(&f.text);
	return r;
}
