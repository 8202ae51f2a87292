#include "report/lean.h"

#include "market/bias.h"

enum {
	LEAN_NEUTRAL_E4 = 1500,		/* bias_neutral */
	LEAN_SUMMED = 25,		/* columns that sums of trades give */
	LEAN_TOLD = 30			/* and that a context record has */
};

#define LEAN_HOUR_MS INT64_C(3600000)

const char *const lean_windows[] = { "1h", "4h", "24h", NULL };

const int64_t lean_hours[] = { 1, 4, 24, 24 };

static const struct sheet_column lean_columns[] = {
	{ "symbol", "TICKER", SHEET_TEXT },
	{ "window", "WINDOW", SHEET_TEXT },
	{ "timestamp", NULL, SHEET_TIME },
	{ "source", NULL, SHEET_TEXT },
	{ "total_volume", "CONTRACTS", SHEET_COUNT },
	{ "total_premium", "PREMIUM", SHEET_MONEY },
	{ "trade_count", "TRADES", SHEET_COUNT },
	{ "call_volume", NULL, SHEET_COUNT },
	{ "put_volume", NULL, SHEET_COUNT },
	{ "call_premium", NULL, SHEET_MONEY },
	{ "put_premium", NULL, SHEET_MONEY },
	{ "put_call_volume_ratio", "P/C VOLUME", SHEET_RATIO },
	{ "put_call_premium_ratio", NULL, SHEET_RATIO },
	{ "call_put_bias", NULL, SHEET_RATIO },
	{ "bull_premium", NULL, SHEET_MONEY },
	{ "bear_premium", NULL, SHEET_MONEY },
	{ "neutral_premium", NULL, SHEET_MONEY },
	{ "net_premium", "NET", SHEET_MONEY },
	{ "bias", "BIAS", SHEET_RATIO },
	{ "sentiment", "SENTIMENT", SHEET_TEXT },
	{ "sentiment_strength", "STRENGTH", SHEET_COUNT },
	{ "aggressive_share", NULL, SHEET_RATIO },
	{ "aggressiveness", "AGGRESSIVENESS", SHEET_TEXT },
	{ "sweep_count", "SWEEPS", SHEET_COUNT },
	{ "block_count", "BLOCKS", SHEET_COUNT },
	{ "unusual_share", NULL, SHEET_RATIO },
	{ "institutional_score", NULL, SHEET_COUNT },
	{ "confidence", NULL, SHEET_COUNT },
	{ "recommendation", NULL, SHEET_TEXT },
	{ "n_eff", NULL, SHEET_RATIO },
	{ "coverage_pct", "COVERAGE", SHEET_SHARE },
};

/* ---- as it is stored ---- */

/*
 * The record of the last minute, which is flow-score's interval, when no trade
 * is stored behind it: 1 and its row, 0, -1.
 */
static int
lean_stored(const struct ask *ask, const char *ticker, int window,
    struct sheet *sheet, struct err *err)
{
	struct buf sql = BUF_INIT;
	struct db_stmt *s;
	int r;

	buf_str(&sql, "SELECT ?1, ?2, c.ts, 'context'");
	for (int i = 4; i < LEAN_TOLD; i++) {
		const struct sheet_column *column = &lean_columns[i];

		buf_fmt(&sql, column->style == SHEET_TEXT ?
		    ", c.record ->> '%s'" : ", CAST(round((c.record ->> '%s')"
		    " * 1e%d) AS INTEGER)", column->name,
		    sheet_scale(column->style));
	}
	buf_str(&sql, " FROM context c WHERE c.symbol = ?1 AND c.span = ?2 AND"
	    " c.ts <= ?3 AND c.ts > ?3 - 60000 AND NOT EXISTS (SELECT 1 FROM"
	    " trades t WHERE t.symbol = (SELECT id FROM words WHERE text ="
	    " ?1) AND t.ts > c.ts AND t.ts <= ?3) ORDER BY c.ts DESC LIMIT 1");
	buf_add(&sql, "", 1);
	s = db_prepare(ask->db, sql.p, err);
	buf_free(&sql);
	if (s == NULL)
		return -1;
	db_bind_str(s, 1, ticker);
	db_bind_str(s, 2, lean_windows[window]);
	db_bind_int(s, 3, ask->as_of);
	r = db_step(s, err);
	if (r > 0)
		sheet_take(sheet, s, LEAN_TOLD);
	db_finish(s);
	return r;
}

/* ---- from the trades ---- */

struct lean {
	struct bias_sum sum;
	int64_t blocks, sweeps;
};

/* A prepared query of a ticker (?1) over a window (?2 to ?3, ?3 in it). */
static struct db_stmt *
lean_prepare(const struct ask *ask, const char *sql, const char *ticker,
    int window, struct err *err)
{
	struct db_stmt *s = db_prepare(ask->db, sql, err);

	if (s == NULL)
		return NULL;
	db_bind_str(s, 1, ticker);
	db_bind_int(s, 2, ask->as_of - lean_hours[window] *
	    LEAN_HOUR_MS);
	db_bind_int(s, 3, ask->as_of);
	return s;
}

#define WORD "(SELECT id FROM words WHERE text = ?1)"
#define TEXT(of) "(SELECT text FROM words WHERE id = " of ")"

static void
lean_add(struct lean *lean, const struct db_stmt *s)
{
	struct slice sentiment = db_text(s, 3), side = db_text(s, 5);

	bias_add(&lean->sum, &(struct bias_trade){
		.size = db_int(s, 0), .premium_e4 = db_int(s, 1),
		.put = db_int(s, 2) != 0,
		.sentiment = slice_equal(sentiment, SLICE("BULLISH")) ?
		    BIAS_BULLISH : slice_equal(sentiment, SLICE("BEARISH")) ?
		    BIAS_BEARISH : BIAS_NEUTRAL,
		.weight_e6 = db_int(s, 4),
		.sided = slice_equal(side, SLICE("BUY")) ||
		    slice_equal(side, SLICE("SELL")),
		.aggressive = slice_equal(db_text(s, 6), SLICE("AGGRESSIVE")),
	}, 1);
	lean->blocks += db_int(s, 7);
}

/* flow: FLOW_CALL is 1 and FLOW_PUT is 2 in the file. */
static int
lean_trades(const struct ask *ask, const char *ticker, int window,
    struct lean *lean, struct err *err)
{
	struct db_stmt *s = lean_prepare(ask, "SELECT f.size, f.premium_e4,"
	    " f.flow = 2, " TEXT("f.final_sentiment") ", COALESCE((SELECT"
	    " w.sentiment_weight_e6 FROM members m JOIN sweeps w ON w.id ="
	    " m.sweep WHERE m.ts = f.ts AND m.n = f.n AND " TEXT("w.kind")
	    " = 'SWEEP'), f.sentiment_weight_e6), " TEXT("f.final_side") ", "
	    TEXT("f.final_aggressiveness") ", f.flags >> 1 & 1"
	    " FROM final_trades f WHERE f.symbol = " WORD " AND f.ts > ?2 AND"
	    " f.ts <= ?3 AND f.flow IN (1, 2) AND NOT f.gone", ticker, window,
	    err);
	int r = -1;

	while (s != NULL && (r = db_step(s, err)) > 0)
		lean_add(lean, s);
	db_finish(s);
	return r;
}

/* Sweeps of which a member stands, or none is stored. */
static int
lean_sweeps(const struct ask *ask, const char *ticker, int window,
    struct lean *lean, struct err *err)
{
	struct db_stmt *s = lean_prepare(ask, "SELECT count(*) FROM sweeps w"
	    " WHERE w.symbol = " WORD " AND w.ts > ?2 AND w.ts <= ?3 AND "
	    TEXT("w.kind") " = 'SWEEP' AND (NOT EXISTS (SELECT 1 FROM members"
	    " m WHERE m.sweep = w.id) OR EXISTS (SELECT 1 FROM members m"
	    " JOIN final_trades f ON f.ts = m.ts AND f.n = m.n WHERE"
	    " m.sweep = w.id AND NOT f.gone))", ticker, window, err);
	int r = s == NULL ? -1 : db_step(s, err);

	if (r > 0)
		lean->sweeps = db_int(s, 0);
	db_finish(s);
	return r < 0 ? -1 : 0;
}

static void
lean_number(struct sheet *sheet, __int128 value)
{
	sheet_number(sheet, value > INT64_MAX ? INT64_MAX : value <
	    -INT64_MAX ? -INT64_MAX : (int64_t)value);
}

static void
lean_ratio(struct sheet *sheet, __int128 num, __int128 den)
{
	int64_t ratio = bias_ratio(num, den);

	if (ratio == BIAS_NONE)
		sheet_none(sheet);
	else
		sheet_number(sheet, ratio);
}

/* The columns from total_volume to block_count. */
static void
lean_put(struct sheet *sheet, const struct lean *lean)
{
	const struct bias_sum *s = &lean->sum;
	__int128 total = s->call_e4 + s->put_e4;
	__int128 bull = s->bull_e10, bear = s->bear_e10;

	sheet_number(sheet, s->calls + s->puts);
	lean_number(sheet, total);
	sheet_number(sheet, s->trades);
	sheet_number(sheet, s->calls);
	sheet_number(sheet, s->puts);
	lean_number(sheet, s->call_e4);
	lean_number(sheet, s->put_e4);
	lean_ratio(sheet, s->puts, s->calls);
	lean_ratio(sheet, s->put_e4, s->call_e4);
	lean_ratio(sheet, s->calls - s->puts, (__int128)s->calls + s->puts);
	lean_number(sheet, s->bull_e4);
	lean_number(sheet, s->bear_e4);
	lean_number(sheet, total - s->bull_e4 - s->bear_e4);
	lean_number(sheet, s->bull_e4 - s->bear_e4);
	lean_ratio(sheet, bull - bear, bull + bear);
	sheet_str(sheet, bias_sentiment_name(bias_sentiment(bull, bear,
	    LEAN_NEUTRAL_E4)));
	sheet_number(sheet, bias_strength(bull, bear));
	lean_ratio(sheet, s->aggressive_e4, s->sided_e4);
	sheet_str(sheet, bias_aggressiveness_name(bias_aggressiveness(s)));
	sheet_number(sheet, lean->sweeps);
	sheet_number(sheet, lean->blocks);
}

static int
lean_summed(const struct ask *ask, const char *ticker, int window,
    struct sheet *sheet, struct err *err)
{
	struct lean lean = { .blocks = 0 };

	if (lean_trades(ask, ticker, window, &lean, err) < 0 ||
	    lean_sweeps(ask, ticker, window, &lean, err) < 0)
		return -1;
	sheet_str(sheet, ticker);
	sheet_str(sheet, lean_windows[window]);
	sheet_number(sheet, ask->as_of);
	sheet_str(sheet, "trades");
	lean_put(sheet, &lean);
	for (int i = LEAN_SUMMED; i < LEAN_TOLD; i++)
		sheet_none(sheet);
	return 0;
}

int
lean_report(const struct ask *ask, const struct seen_set *set, int window,
    struct answer *answer, struct err *err)
{
	struct sheet *sheet = &answer->rows;

	sheet_init(sheet, lean_columns,
	    sizeof(lean_columns) / sizeof(*lean_columns));
	for (size_t i = 0; i < ask->n; i++) {
		const char *ticker = ask->tickers[i];

		for (int w = 0; w < LEAN_ALL; w++) {
			int r;

			if (window != LEAN_ALL && window != w)
				continue;
			r = lean_stored(ask, ticker, w, sheet, err);
			if (r < 0 || (r == 0 && lean_summed(ask, ticker, w,
			    sheet, err) < 0))
				return -1;
			seen_cell(sheet, set, ticker, ask->as_of -
			    lean_hours[w] * LEAN_HOUR_MS + 1, ask->to_ts);
		}
	}
	return 0;
}
