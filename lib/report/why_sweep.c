#include "report/why_sweep.h"

#include <stdlib.h>

#include "base/decimal.h"
#include "report/prove.h"
#include "report/why_print.h"

#define REASON(name) "w.extra ->> '$.why.kind." name "'"

#define FACTS(C)							\
	C(record, "'sweep'")						\
	C(sweep_id, "i.text")						\
	C(timestamp, "w.ts")						\
	C(trade_date, "date(w.date * 86400, 'unixepoch')")		\
	C(symbol, WHY_TEXT("w.symbol"))					\
	C(contract_ticker, "c.ticker")					\
	C(option_type, "c.option_type")					\
	C(anchor_bid_e4, "w.anchor_bid_e4")				\
	C(anchor_ask_e4, "w.anchor_ask_e4")				\
	C(anchor_quote_timestamp, "w.ts - w.anchor_quote_ago")		\
	C(truncated, "w.truncated")

#define REST(C)								\
	C(id, "w.id") C(base, "w.contract")				\
	C(kind, WHY_TEXT("w.kind")) C(evidence, WHY_TEXT("w.evidence"))	\
	C(first_ts, "w.ts - w.first_ago") C(last_ts, "w.ts - w.last_ago") \
	C(prints, "w.n_prints") C(n_exchanges, "w.n_exchanges")		\
	C(exchanges, WHY_TEXT("w.exchanges")) C(size, "w.size")		\
	C(premium, "w.premium_e4") C(vwap, "w.vwap_price_e6")		\
	C(worst, "w.worst_price_e4") C(iso, "w.iso_prints")		\
	C(side, WHY_TEXT("w.side")) C(method, WHY_TEXT("w.side_method")) \
	C(confidence, "w.side_confidence_e6")				\
	C(aggressor, WHY_TEXT("w.aggressor_side"))			\
	C(sentiment, WHY_TEXT("w.sentiment"))				\
	C(weight, "w.sentiment_weight_e6")				\
	C(monotone, "w.monotone") C(unusual, "w.is_unusual_volume")	\
	C(torn, "w.extra ->> '$.trade_ids' IS NOT NULL")		\
	C(window_ms, REASON("sweep_window_ms"))				\
	C(min_exchanges, REASON("sweep_min_exchanges"))			\
	C(min_size, REASON("sweep_min_size"))				\
	C(burst_ms, REASON("burst_gap_ms"))				\
	C(split_prints, REASON("split_min_prints"))			\
	C(split_size, REASON("split_min_size"))				\
	C(any, REASON("sweep_evidence"))				\
	C(sentiment_rule, "w.extra ->> '$.why.sentiment.rule'")

enum {
#define NAME(name, sql) HAS_##name,
	FACTS(NAME) REST(NAME)
#undef NAME
	HAS_COLUMNS
};

static const char why_sweep_sql[] = "SELECT "
#define EXPRESSION(name, sql) sql " AS " #name ", "
    FACTS(EXPRESSION) REST(EXPRESSION)
#undef EXPRESSION
    "?2 FROM sweep_ids i JOIN sweeps w ON w.id = i.id JOIN contracts c"
    " ON c.id = w.contract WHERE i.text = ?1";

/* A sweep with its members that are stored. */
struct why_cluster {
	const struct db_stmt *row;
	struct prove_limits limits;
	struct prove_member *members;
	size_t n;
	struct buf exchanges;		/* as JSON, each once */
	struct why_print first;		/* open when n is above 0 */
	bool last_unusual;
	bool alone;			/* no print but the members near it */
};

/* ---- members ---- */

static void
why_sweep_member(struct why_cluster *c, const struct why_print *p,
    const struct db_stmt *row)
{
	struct prove_member *m;
	struct slice exchange = db_text(row, 3);
	bool known = exchange.n == 0;

	c->members = buf_realloc(c->members, c->n + 1, sizeof(*c->members));
	m = &c->members[c->n++];
	*m = (struct prove_member){ p->ts, p->print.price_e4, p->print.size,
	    why_print_verdict(p).premium_e4, db_int(row, 2),
	    (p->cond.flags & COND_ISO) != 0, why_print_verdict(p).block };
	for (size_t i = 0; i + 1 < c->n; i++)
		known = known || c->members[i].exchange == m->exchange;
	if (!known) {
		buf_str(&c->exchanges, c->exchanges.n > 0 ? ",\"" : "[\"");
		buf_add(&c->exchanges, exchange.p, exchange.n);
		buf_str(&c->exchanges, "\"");
	}
	c->last_unusual = why_print_verdict(p).unusual;
}

static int
why_sweep_members(struct why *why, struct why_cluster *c, struct err *err)
{
	struct db_stmt *s;
	int r = why_row(why->db, "SELECT m.ts, m.n, COALESCE(t.exchange, 0), "
	    WHY_TEXT("t.exchange") ", ?1 FROM members m JOIN trades t ON"
	    " t.ts = m.ts AND t.n = m.n WHERE m.sweep = ?2 AND ?3 = 0"
	    " ORDER BY m.at", SLICE(""), db_int(c->row, HAS_id), 0, &s, err);

	while (r > 0) {
		struct why_print p;

		r = why_print_open(why->db, db_int(s, 0), db_int(s, 1), &p,
		    err);
		if (r <= 0)
			break;
		why_sweep_member(c, &p, s);
		if (c->n == 1)
			c->first = p;
		else
			why_print_close(&p);
		r = db_step(s, err);
	}
	db_finish(s);
	if (c->n > 0)
		buf_str(&c->exchanges, "]");
	return r;
}

/*
 * Whether other prints may have been in the cluster: those of the contract
 * within its time.
 */
static int
why_sweep_alone(struct why *why, struct why_cluster *c, struct err *err)
{
	int64_t first = db_int(c->row, HAS_first_ts);
	struct db_stmt *s = db_prepare(why->db, "SELECT count(*) FROM trades t"
	    " JOIN contracts c ON c.id = t.contract LEFT JOIN members m ON"
	    " m.ts = t.ts AND m.n = t.n AND m.sweep = ?4 WHERE"
	    " c.base = ?1 AND t.ts >= ?2 AND t.ts <= ?3 AND m.ts IS NULL",
	    err);
	int r;

	if (s == NULL)
		return -1;
	db_bind_int(s, 1, db_int(c->row, HAS_base));
	db_bind_int(s, 2, first - c->limits.sweep_window_ms);
	db_bind_int(s, 3, first + c->limits.sweep_window_ms);
	db_bind_int(s, 4, db_int(c->row, HAS_id));
	r = db_step(s, err);
	c->alone = r > 0 && db_int(s, 0) == 0;
	db_finish(s);
	return r < 0 ? -1 : 0;
}

static void
why_sweep_limits(struct why_cluster *c)
{
	struct prove_limits *l = &c->limits;
	const struct {
		int64_t *to;
		int at;
	} limits[] = {
		{ &l->sweep_window_ms, HAS_window_ms },
		{ &l->sweep_min_exchanges, HAS_min_exchanges },
		{ &l->sweep_min_size, HAS_min_size },
		{ &l->burst_gap_ms, HAS_burst_ms },
		{ &l->split_min_prints, HAS_split_prints },
		{ &l->split_min_size, HAS_split_size },
	};

	prove_limits_init(l);
	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++)
		if (!db_is_null(c->row, limits[i].at))
			*limits[i].to = db_int(c->row, limits[i].at);
	l->tsize_max = 0;		/* no cluster goes by sizes */
}

/* ---- rows ---- */

static void
why_sweep_sums(struct why *why, const struct why_cluster *c,
    const struct prove_cluster *p)
{
	const struct db_stmt *row = c->row;

	why_from(why);
	why_in(why, "members", p->prints, 0);
	why_number(why, "n_prints", "1.6", why_int(row, HAS_prints),
	    p->prints, 0);
	why_number(why, "first_ts", "1.6", why_int(row, HAS_first_ts),
	    c->members[0].ts, 0);
	why_number(why, "last_ts", "1.6", why_int(row, HAS_last_ts),
	    c->members[c->n - 1].ts, 0);
	why_number(why, "timestamp", "1.6", why_int(row, HAS_timestamp),
	    c->members[c->n - 1].ts, 0);
	why_number(why, "n_exchanges", "1.6", why_int(row, HAS_n_exchanges),
	    p->exchanges, 0);
	why_text(why, "exchanges", "1.6", db_text(row, HAS_exchanges),
	    (struct slice){ c->exchanges.p, c->exchanges.n });
	why_number(why, "size", "1.6", why_int(row, HAS_size), p->size, 0);
	why_number(why, "premium", "1.6", why_int(row, HAS_premium),
	    p->premium_e4, DECIMAL_E4);
	why_number(why, "vwap_price", "1.6", why_int(row, HAS_vwap),
	    p->vwap_e6, DECIMAL_E6);
	why_number(why, "worst_price", "1.6", why_int(row, HAS_worst),
	    p->worst_e4, DECIMAL_E4);
	why_number(why, "iso_prints", "1.6", why_int(row, HAS_iso), p->iso,
	    0);
	why_flag(why, "is_unusual_volume", "1.6", why_int(row, HAS_unusual) ==
	    1, c->last_unusual, false);
	if (!c->alone && p->monotone && why_int(row, HAS_monotone) == 0)
		why->unknown = "another print of its time may have turned back";
	why_flag(why, "monotone", "3.10", why_int(row, HAS_monotone) == 1,
	    p->monotone, false);
	why->unknown = NULL;
}

static void
why_sweep_kind(struct why *why, const struct why_cluster *c,
    const struct prove_cluster *p)
{
	const struct db_stmt *row = c->row;
	int64_t average = c->first.average_e6;

	why_from(why);
	why_in(why, "span_ms", p->span_ms, 0);
	why_in(why, "gap_ms", p->gap_ms, 0);
	why_in(why, "iso_prints", p->iso, 0);
	why_in(why, "n_prints", p->prints, 0);
	why_in(why, "n_exchanges", p->exchanges, 0);
	why_in(why, "size", p->size, 0);
	why_in(why, "avg_trade_size", average, DECIMAL_E6);
	if ((c->first.cond.flags & COND_VENDOR_SWEEP) != 0) {
		why_word(why, "evidence", "3.2", db_text(row, HAS_evidence),
		    "VENDOR");
		why_word(why, "kind", "3.2", db_text(row, HAS_kind), "SWEEP");
		return;
	}
	if (!db_is_null(row, HAS_any))
		why->unknown = "any evidence was enough";
	why_word(why, "evidence", "3.10", db_text(row, HAS_evidence),
	    prove_evidence(&c->limits, p));
	why_word(why, "kind", "3.10", db_text(row, HAS_kind),
	    prove_kind(&c->limits, p, average == TRADE_NONE ? 0 : average));
	why->unknown = NULL;
}

/* As the print before which the anchor stood; its own exchange's quote only
 * where it was the first of the cluster. */
static struct prove_print
why_sweep_print(const struct why_cluster *c)
{
	const struct db_stmt *row = c->row;
	struct prove_print print = c->first.print;
	int64_t ts = why_int(row, HAS_anchor_quote_timestamp);

	print.nbbo = (struct prove_quote){ why_int(row, HAS_anchor_bid_e4),
	    why_int(row, HAS_anchor_ask_e4), print.nbbo.bid_size,
	    print.nbbo.ask_size, ts == TRADE_NONE ? TRADE_NONE :
	    c->members[0].ts - ts, false };
	/* A member that was cancelled afterwards changes nothing. */
	print.is_neutral = (db_int(c->first.row, AT_listing) & 1) != 0;
	print.tick_e4 = TRADE_NONE;
	return print;
}

static void
why_sweep_side(struct why *why, const struct why_cluster *c)
{
	const struct db_stmt *row = c->row;
	struct prove_print print = why_sweep_print(c);
	struct prove_sign sign = { PROVE_UNKNOWN, PROVE_UNKNOWN,
	    PROVE_SWEEP_ANCHOR };
	const char *sentiment;
	int64_t confidence;

	if (slice_equal(db_text(row, HAS_kind), SLICE("SWEEP")) &&
	    !slice_equal(db_text(row, HAS_evidence), SLICE("VENDOR")))
		sign.side = sign.aggressor = prove_quoted(&c->limits, &print);
	else
		sign = prove_sign(&c->limits, &print);
	if (!c->alone && strcmp(prove_location(&c->limits, &print.nbbo,
	    print.price_e4), "MID") == 0)
		why->unknown = "the exchange's quote before it is not stored";
	why_from(why);
	why_in(why, "price", print.price_e4, DECIMAL_E4);
	why_in(why, "anchor_bid", print.nbbo.bid_e4, DECIMAL_E4);
	why_in(why, "anchor_ask", print.nbbo.ask_e4, DECIMAL_E4);
	why_word(why, "side", "3.10", db_text(row, HAS_side),
	    prove_side_name(sign.side));
	why_word(why, "side_method", "3.10", db_text(row, HAS_method),
	    prove_method_name(sign.method));
	why_word(why, "aggressor_side", "3.10", db_text(row, HAS_aggressor),
	    prove_side_name(sign.aggressor));
	confidence = prove_confidence(&c->limits, &print, sign.method);
	why_number(why, "side_confidence", "3.5", why_int(row,
	    HAS_confidence), confidence, DECIMAL_E6);
	sentiment = prove_sentiment(&print, sign.side);
	if (slice_equal(db_text(row, HAS_sentiment_rule), SLICE("3.6 outside")))
		why->unknown = "by the prices outside the quote alone";
	why_in_text(why, "option_type", db_text(row, HAS_option_type));
	why_word(why, "sentiment", "3.6", db_text(row, HAS_sentiment),
	    sentiment);
	why_number(why, "sentiment_weight", "3.6", why_int(row, HAS_weight),
	    prove_weight(confidence, sentiment), DECIMAL_E6);
	why->unknown = NULL;
}

/* ---- all ---- */

static void
why_sweep_rows(struct why *why, struct why_cluster *c)
{
	struct prove_cluster p;
	bool sold = slice_equal(db_text(c->row, HAS_side), SLICE("SELL"));

	why_facts(why, c->row, HAS_truncated + 1);
	if (db_int(c->row, HAS_torn) != 0 || c->n == 0) {
		why->unknown = "its members are not all stored";
		why_number(why, "n_prints", "1.6", why_int(c->row,
		    HAS_prints), TRADE_NONE, 0);
		why->unknown = NULL;
		return;
	}
	prove_members(c->members, c->n, sold ? PROVE_SELL : PROVE_BUY, &p);
	why_sweep_sums(why, c, &p);
	why_sweep_kind(why, c, &p);
	why_sweep_side(why, c);
}

int
why_sweep_explain(struct why *why, struct slice id, struct err *err)
{
	struct why_cluster c = { .n = 0 };
	struct db_stmt *s;
	int r = why_row(why->db, why_sweep_sql, id, 0, 0, &s, err);

	if (r <= 0)
		return r;
	c.row = s;
	why_sweep_limits(&c);
	r = why_sweep_members(why, &c, err);
	if (r == 0)
		r = why_sweep_alone(why, &c, err);
	if (r == 0)
		why_sweep_rows(why, &c);
	if (c.n > 0)
		why_print_close(&c.first);
	free(c.members);
	buf_free(&c.exchanges);
	db_finish(s);
	return r < 0 ? -1 : 1;
}
