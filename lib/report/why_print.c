#include "report/why_print.h"

#include "base/decimal.h"

static const char why_print_sql[] = "SELECT "
#define EXPRESSION(name, sql) sql " AS " #name ", "
    WHY_PRINT_FACTS(EXPRESSION) WHY_PRINT_REST(EXPRESSION)
#undef EXPRESSION
    "?1 FROM trades t JOIN contracts c ON c.id = t.contract"
    " LEFT JOIN members m ON m.ts = t.ts AND m.n = t.n"
    " LEFT JOIN sweeps w ON w.id = COALESCE(t.sweep, m.sweep)"
    " WHERE t.ts = ?2 AND t.n = ?3";

/* ---- finding ---- */

/* contract:ts:exchange:seq, where the store keeps no text of it. */
static int
why_print_by_parts(struct db *db, struct slice id, int64_t *ts, int64_t *n,
    struct err *err)
{
	const char *end = id.p + id.n, *at[3];
	struct db_stmt *s;
	int64_t seq;
	int r;

	for (int i = 2; i >= 0; i--) {
		at[i] = memrchr(id.p, ':', (size_t)(end - id.p));
		if (at[i] == NULL)
			return 0;
		end = at[i];
	}
	if (decimal_parse(at[0] + 1, (size_t)(at[1] - at[0] - 1), 0, ts,
	    NULL) < 0 || decimal_parse(at[2] + 1, (size_t)(id.p + id.n -
	    at[2] - 1), 0, &seq, NULL) < 0)
		return 0;
	r = why_row(db, "SELECT t.n FROM trades t JOIN contracts c ON"
	    " c.id = t.contract WHERE t.ts = ?2 AND t.seq = ?3 AND"
	    " t.trade_id IS NULL AND c.ticker || ':' || t.ts || ':' ||"
	    " COALESCE(" WHY_TEXT("t.exchange") ", '') || ':' || t.seq = ?1",
	    id, *ts, seq, &s, err);
	if (r > 0) {
		*n = db_int(s, 0);
		db_finish(s);
	}
	return r;
}

int
why_print_find(struct db *db, struct slice id, int64_t *ts, int64_t *n,
    struct err *err)
{
	struct db_stmt *s;
	int r = why_print_by_parts(db, id, ts, n, err);

	if (r != 0)
		return r;
	r = why_row(db, "SELECT ts, n FROM trades WHERE trade_id = ?1", id, 0,
	    0, &s, err);
	if (r > 0) {
		*ts = db_int(s, 0);
		*n = db_int(s, 1);
		db_finish(s);
	}
	return r;
}

/* ---- reading ---- */

bool
why_print_bit(const struct why_print *p, enum why_print_bit bit)
{
	return (p->flags >> bit & 1) != 0;
}

/* '["AUTO","ISOI"]' */
static struct cond
why_print_conditions(struct slice json)
{
	struct cond cond = cond_regular();
	const char *p = json.p, *end = json.p + json.n;

	while (json.n > 0 && (p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		const char *last = memchr(p + 1, '"', (size_t)(end - p - 1));

		if (last == NULL)
			break;
		cond_add(&cond, (struct slice){ p + 1,
		    (size_t)(last - p - 1) });
		p = last + 1;
	}
	return cond;
}

static void
why_print_limit(int64_t *limit, const struct db_stmt *row, int at,
    int64_t unit)
{
	if (!db_is_null(row, at))
		*limit = db_int(row, at) * unit;
}

static void
why_print_limits(struct prove_limits *l, const struct db_stmt *row)
{
	prove_limits_init(l);
	why_print_limit(&l->max_quote_age_ms, row, AT_max_age_s, 1000);
	why_print_limit(&l->tsize_max, row, AT_tsize_max, 1);
	why_print_limit(&l->block_size, row, AT_block_size, 1);
	why_print_limit(&l->block_floor, row, AT_block_floor, 1);
	why_print_limit(&l->block_mult_e4, row, AT_block_mult, 1);
	why_print_limit(&l->large_floor, row, AT_large_floor, 1);
	why_print_limit(&l->large_mult_e4, row, AT_large_mult, 1);
	why_print_limit(&l->unusual_mult_e4, row, AT_unusual_mult, 1);
	why_print_limit(&l->unusual_min, row, AT_unusual_min, 1);
	why_print_limit(&l->vol_oi_min_e4, row, AT_oi_min, 1);
	why_print_limit(&l->vol_oi_min_oi, row, AT_oi_min_oi, 1);
	why_print_limit(&l->vol_oi_min_volume, row, AT_oi_min_volume, 1);
}

static struct prove_quote
why_print_quote(const struct db_stmt *row, int first)
{
	int64_t ts = why_int(row, first + 4);

	return (struct prove_quote){ why_int(row, first),
	    why_int(row, first + 1), why_int(row, first + 2),
	    why_int(row, first + 3), ts == TRADE_NONE ? TRADE_NONE :
	    db_int(row, AT_timestamp) - ts, false };
}

/* A burst may have begun within its cluster, up to a window later. */
struct prove_quote
why_print_anchor(const struct why_print *p)
{
	const struct db_stmt *row = p->row;
	int64_t ts = why_int(row, AT_anchor_quote_timestamp);
	int64_t age = ts == TRADE_NONE ? TRADE_NONE :
	    db_int(row, AT_first_ts) - ts;

	if (age > p->limits.max_quote_age_ms && age <=
	    p->limits.max_quote_age_ms + p->limits.sweep_window_ms)
		age = p->limits.max_quote_age_ms;
	return (struct prove_quote){ why_int(row, AT_anchor_bid_e4),
	    why_int(row, AT_anchor_ask_e4), TRADE_NONE, TRADE_NONE, age,
	    false };
}

/* Void by the gap that its reasons name, or that the store knows of. */
static void
why_print_void(struct why_print *p, struct prove_quote *q)
{
	const struct db_stmt *row = p->row;
	int64_t void_ts = why_int(row, AT_void_ts);

	if (void_ts != TRADE_NONE && q->age_ms != TRADE_NONE)
		q->is_void = p->ts - q->age_ms < void_ts;
}

static void
why_print_read(struct why_print *p)
{
	const struct db_stmt *row = p->row;
	struct prove_print *print = &p->print;
	struct slice right = db_text(row, AT_option_type);
	struct slice stack = db_text(row, AT_stack);
	bool closed = slice_equal(db_text(row, AT_session), SLICE("CLOSED"));
	bool cancelled;

	why_print_limits(&p->limits, row);
	p->flags = db_int(row, AT_flags);
	p->cond = why_print_conditions(db_text(row, AT_conditions));
	p->average_e6 = why_int(row, AT_average);
	p->anchored = !db_is_null(row, AT_sweep) &&
	    slice_equal(db_text(row, AT_sweep_kind), SLICE("SWEEP")) &&
	    !slice_equal(db_text(row, AT_evidence), SLICE("VENDOR"));
	/* What came cancelled never counted; what was, later, had a side. */
	cancelled = why_print_bit(p, BIT_CANCEL) ||
	    (why_print_bit(p, BIT_CANCELLED) &&
	    db_is_null(row, AT_cancelled_by));
	*print = (struct prove_print){ .price_e4 = db_int(row, AT_price_e4),
	    .size = db_int(row, AT_size), .tick_e4 = TRADE_NONE,
	    .nbbo = p->anchored ? why_print_anchor(p) :
	    why_print_quote(row, AT_bid_e4),
	    .ex = why_print_quote(row, AT_ex_bid_e4),
	    .flags = p->cond.flags,
	    .eligible = (p->cond.side || stack.n > 0) && !closed && !cancelled,
	    .is_index = slice_equal(db_text(row, AT_style), SLICE("E")),
	    .is_neutral = (db_int(row, AT_listing) & 1) != 0 ||
	    why_print_bit(p, BIT_CANCEL) || why_print_bit(p, BIT_CANCELLED),
	    .unguarded = slice_equal(stack, SLICE("gsu-raw")),
	    .right = slice_equal(right, SLICE("call")) ? TRADE_CALL :
	    slice_equal(right, SLICE("put")) ? TRADE_PUT : TRADE_NO_RIGHT };
	why_print_void(p, &print->nbbo);
	why_print_void(p, &print->ex);
}

int
why_print_open(struct db *db, int64_t ts, int64_t n, struct why_print *out,
    struct err *err)
{
	int r;

	*out = (struct why_print){ .ts = ts, .n = n };
	r = why_row(db, why_print_sql, SLICE(""), ts, n, &out->row, err);
	if (r > 0)
		why_print_read(out);
	return r;
}

void
why_print_close(struct why_print *print)
{
	db_finish(print->row);
}

struct why_verdict
why_print_verdict(const struct why_print *p)
{
	const struct db_stmt *row = p->row;

	return (struct why_verdict){ .side = db_text(row, AT_side),
	    .aggressor = db_text(row, AT_aggressor),
	    .price_e4 = p->print.price_e4, .size = p->print.size,
	    .premium_e4 = db_int(row, AT_premium),
	    .volume = why_int(row, AT_day_volume),
	    .open_interest = why_int(row, AT_known_interest),
	    .block = why_print_bit(p, BIT_BLOCK),
	    .unusual = why_print_bit(p, BIT_UNUSUAL),
	    .multileg = (p->cond.flags & COND_MULTILEG) != 0,
	    .put = p->print.right == TRADE_PUT };
}

/* ---- what stood before it ---- */

int
why_print_gap(struct db *db, const struct why_print *p, int64_t from_ts,
    struct err *err)
{
	struct db_stmt *s;
	int r = why_row(db, "SELECT 1 FROM gaps g WHERE g.from_ts <= ?3 AND"
	    " max(g.from_ts, g.to_ts) >= ?2 AND (instr(g.record, '\"*\"') OR"
	    " instr(g.record, '\"' || ?1 || '\"'))",
	    db_text(p->row, AT_symbol), from_ts, p->ts, &s, err);

	if (r > 0)
		db_finish(s);
	return r;
}

int
why_print_tick(struct why *why, struct why_print *p, struct err *err)
{
	const struct db_stmt *row = p->row;
	struct db_stmt *s = db_prepare(why->db, "SELECT t.price_e4, t.ts, "
	    WHY_TEXT("t.conditions") ", " WHY_TEXT("t.session") " FROM trades t"
	    " JOIN contracts c ON c.id = t.contract WHERE t.symbol = ?1 AND"
	    " t.ts <= ?2 AND (t.ts < ?2 OR t.n < ?3) AND c.base = ?4 AND"
	    " t.date = ?5 AND t.price_e4 <> ?6 AND t.flags >> 8 & 1 = 0 AND"
	    " t.flags >> 25 & 1 = 0 ORDER BY t.ts DESC, t.n DESC", err);
	int64_t found_ts = TRADE_NONE;
	int r, gap;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, db_int(row, AT_symbol_id));
	db_bind_int(s, 2, p->ts);
	db_bind_int(s, 3, p->n);
	db_bind_int(s, 4, db_int(row, AT_base));
	db_bind_int(s, 5, db_int(row, AT_date));
	db_bind_int(s, 6, p->print.price_e4);
	while ((r = db_step(s, err)) > 0) {
		if (!why_print_conditions(db_text(s, 2)).last ||
		    slice_equal(db_text(s, 3), SLICE("CLOSED")))
			continue;
		p->print.tick_e4 = db_int(s, 0);
		found_ts = db_int(s, 1);
		break;
	}
	db_finish(s);
	if (r < 0)
		return -1;
	gap = found_ts == TRADE_NONE ? 0 : why_print_gap(why->db, p, found_ts,
	    err);
	if (gap > 0)
		why->unknown = "a gap may lie behind the last price";
	else if (why_print_bit(p, BIT_LATE))
		why->unknown = "what came before a late print is not stored";
	else if (found_ts == TRADE_NONE && slice_equal(db_text(row,
	    AT_method), SLICE("TICK_ALL")))
		why->unknown = "no earlier price of the day is stored";
	return gap < 0 ? -1 : 0;
}
