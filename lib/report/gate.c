#include "report/gate.h"

#include <inttypes.h>

#include "base/decimal.h"
#include "base/plain.h"
#include "market/cal.h"
#include "report/drift.h"
#include "report/summary.h"

enum { GATE_LEAST_TRADES = 20 };

#define GATE_LEAST_E4 INT64_C(2500000000)	/* 250,000 dollars */
#define GATE_MOST_RATIO INT64_C(2000000)	/* above 2: bearish days */

const char *const gate_names[] = {
	"alerts", "history", "divergence", "coverage", NULL
};

static const char *const gate_words[] = { "clear", "adverse", "unknown" };

static const struct sheet_column gate_columns[] = {
	{ "check", "CHECK", SHEET_TEXT },
	{ "result", "RESULT", SHEET_TEXT },
	{ "reason", "WHY", SHEET_TEXT },
};

/*
 * Alerts that were sent in the last 24 hours and stand.  A store that never
 * saw one in the week does not tell whether anybody watches.
 */
static int
gate_alerts(const struct ask *ask, struct buf *why, enum gate_result *out,
    struct err *err)
{
	struct db_stmt *s = db_prepare(ask->db, "SELECT count(*),"
	    " count(*) FILTER (WHERE a.ts >= ?2 - 86400000 AND"
	    " v.ticker = ?1 AND v.severity IN ('CRITICAL', 'HIGH') AND"
	    " NOT v.cancelled), max(v.alert_type) FILTER (WHERE"
	    " a.ts >= ?2 - 86400000 AND v.ticker = ?1 AND v.severity IN"
	    " ('CRITICAL', 'HIGH') AND NOT v.cancelled) FROM alert_rows a"
	    " LEFT JOIN alerts v ON v.alert_id = a.alert_id AND a.cancelled = 0"
	    " WHERE a.ts >= ?2 - 7 * 86400000 AND a.ts < ?2", err);
	int r;

	if (s == NULL)
		return -1;
	db_bind_str(s, 1, ask->tickers[0]);
	db_bind_int(s, 2, ask->to_ts);
	r = db_step(s, err);
	*out = GATE_UNKNOWN;
	if (r > 0 && db_int(s, 0) == 0) {
		buf_str(why, "no alert of any ticker is stored of 7 days");
	} else if (r > 0 && db_int(s, 1) > 0) {
		struct slice type = db_text(s, 2);

		*out = GATE_ADVERSE;
		buf_fmt(why, "%" PRId64 " CRITICAL or HIGH in 24 hours: ",
		    db_int(s, 1));
		plain_clean(why, type);
	} else if (r > 0) {
		*out = GATE_CLEAR;
		buf_str(why, "none CRITICAL or HIGH in 24 hours");
	}
	db_finish(s);
	return r < 0 ? -1 : 0;
}

/* Put against call premium over the days. */
static int
gate_history(const struct ask *ask, struct buf *why, enum gate_result *out,
    struct err *err)
{
	struct summary summary;
	int64_t put = 0, call = 0, trades = 0, ratio;
	int r = summary_load(ask->db, ask->tickers[0], ask->first, ask->last,
	    &summary, err);

	for (size_t i = 0; i < summary.n; i++) {
		put += summary.days[i].put_e4;
		call += summary.days[i].call_e4;
		trades += summary.days[i].trades;
	}
	summary_free(&summary);
	ratio = summary_ratio(put, call);
	*out = GATE_CLEAR;
	if (trades == 0) {
		*out = GATE_UNKNOWN;
		buf_str(why, "no trades");
	} else if (put + call < GATE_LEAST_E4 || trades < GATE_LEAST_TRADES) {
		plain_money(why, put + call);
		buf_fmt(why, " in %" PRId64 " trades is too little to lean "
		    "either way", trades);
	} else if (ratio == ASK_NONE || ratio > GATE_MOST_RATIO) {
		*out = GATE_ADVERSE;
		buf_str(why, "put/call premium ");
		if (ratio == ASK_NONE)
			buf_str(why, "without any calls");
		else
			plain_decimal(why, ratio, DECIMAL_E6);
	} else {
		buf_str(why, "put/call premium ");
		plain_decimal(why, ratio, DECIMAL_E6);
	}
	return r;
}

static int
gate_divergence(const struct ask *ask, const struct gate *gate,
    struct buf *why, enum gate_result *out, struct err *err)
{
	struct drift drift;

	if (drift_load(ask->db, ask->tickers[0], ask->last, gate->days, &drift,
	    err) < 0)
		return -1;
	*out = drift.sign == DIVERGENCE_UNKNOWN ? GATE_UNKNOWN :
	    drift.sign == DIVERGENCE_BEARISH ? GATE_ADVERSE : GATE_CLEAR;
	buf_str(why, drift.sign == DIVERGENCE_UNKNOWN ? drift.no_sign :
	    divergence_name(drift.sign));
	return 0;
}

/* The session that is on, or the last one that was. */
static int
gate_session(const struct ask *ask, struct cal_span *span, struct err *err)
{
	struct slice root = { ask->tickers[0], strlen(ask->tickers[0]) };
	int32_t day = ask->last;

	for (int i = 0; i < 2; i++) {
		if (cal_span(day, cal_class_of(root, day, true), CAL_RTH, span,
		    err) < 0)
			return -1;
		if (span->start_ts <= ask->as_of)
			break;
		if (cal_step(day, -1, &day, err) < 0)
			return -1;
	}
	if (span->end_ts > ask->to_ts)
		span->end_ts = ask->to_ts;
	return 0;
}

static int
gate_coverage(const struct ask *ask, const struct seen_set *set,
    const struct gate *gate, struct answer *answer, struct buf *why,
    enum gate_result *out, struct err *err)
{
	struct cal_span span;

	if (gate_session(ask, &span, err) < 0)
		return -1;
	seen_of(set, ask->tickers[0], span.start_ts, span.end_ts,
	    &answer->seen);
	answer->has_seen = true;
	/* Whatever a demo shows, it says nothing of the market. */
	*out = seen_share(&answer->seen) >= gate->coverage_e4 &&
	    (answer->seen.quality & SEEN_MADE_UP) == 0 ? GATE_CLEAR :
	    GATE_UNKNOWN;
	render_seen(why, &answer->seen);
	return 0;
}

static int
gate_run(const struct ask *ask, const struct seen_set *set,
    const struct gate *gate, int check, struct answer *answer,
    struct buf *why, enum gate_result *out, struct err *err)
{
	switch (check) {
	case GATE_ALERTS:
		return gate_alerts(ask, why, out, err);
	case GATE_HISTORY:
		return gate_history(ask, why, out, err);
	case GATE_DIVERGENCE:
		return gate_divergence(ask, gate, why, out, err);
	default:
		return gate_coverage(ask, set, gate, answer, why, out, err);
	}
}

static enum gate_result
gate_worse(enum gate_result a, enum gate_result b)
{
	if (a == GATE_ADVERSE || b == GATE_ADVERSE)
		return GATE_ADVERSE;
	return a == GATE_UNKNOWN ? a : b;
}

int
gate_report(const struct ask *ask, const struct seen_set *set,
    const struct gate *gate, struct answer *answer, enum gate_result *result,
    struct err *err)
{
	struct sheet *sheet = &answer->rows;

	sheet_init(sheet, gate_columns, 3);
	*result = GATE_CLEAR;
	for (int i = 0; i < GATE_CHECKS; i++) {
		struct buf why = BUF_INIT;
		enum gate_result one;

		if (gate->skip[i])
			continue;
		if (gate_run(ask, set, gate, i, answer, &why, &one, err) < 0) {
			buf_free(&why);
			return -1;
		}
		sheet_str(sheet, gate_names[i]);
		sheet_str(sheet, gate_words[one]);
		sheet_words(sheet, (struct slice){ why.p, why.n });
		buf_free(&why);
		*result = gate_worse(*result, one);
	}
	answer->verdict = gate_words[*result];
	return 0;
}

void
gate_empty(struct answer *answer)
{
	sheet_init(&answer->rows, gate_columns, 3);
	sheet_str(&answer->rows, gate_names[GATE_COVERAGE]);
	sheet_str(&answer->rows, gate_words[GATE_UNKNOWN]);
	sheet_str(&answer->rows, "nothing is stored");
	answer->verdict = gate_words[GATE_UNKNOWN];
}
