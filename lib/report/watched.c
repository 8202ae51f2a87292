#include "report/watched.h"

#include "market/cal.h"
#include "report/summary.h"

#define COLUMNS(array) (array), sizeof(array) / sizeof(*(array))

static const struct sheet_column watched_columns[] = {
	{ "date", "DATE", SHEET_DATE },
	{ "ticker", "TICKER", SHEET_TEXT },
	{ "coverage_pct", "COVERAGE", SHEET_SHARE },
	{ "expected_seconds", "SECONDS", SHEET_COUNT },
	{ "blind_seconds", "BLIND", SHEET_COUNT },
	{ "trade_count", "TRADES", SHEET_COUNT },
};

static const struct sheet_column watched_feed_columns[] = {
	{ "from_ts", "FROM", SHEET_TIME },
	{ "to_ts", "TO", SHEET_TIME },
	{ "feed", "FEED", SHEET_TEXT },
	{ "mode", "MODE", SHEET_TEXT },
	{ "universe", "TICKERS", SHEET_TEXT },
	{ "quality", "QUALITY", SHEET_TEXT },
};

static int
watched_feeds(const struct ask *ask, struct answer *answer, struct err *err)
{
	struct db_stmt *s = db_prepare(ask->db, "SELECT from_ts, to_ts, feed,"
	    " mode, universe, quality FROM coverage WHERE from_ts < ?2 AND"
	    " COALESCE(to_ts, ?1) >= ?1 ORDER BY from_ts, id", err);
	int r = -1;

	answer->more_name = "feeds";
	sheet_init(&answer->more, COLUMNS(watched_feed_columns));
	if (s != NULL) {
		db_bind_int(s, 1, ask->from_ts);
		db_bind_int(s, 2, ask->to_ts);
		r = sheet_query(&answer->more, s, err);
	}
	db_finish(s);
	return r;
}

/* Whole seconds, so rounded that blindness does not vanish. */
static void
watched_day(const struct ask *ask, const struct seen_set *set,
    const char *ticker, const struct summary_day *day, struct sheet *sheet)
{
	struct seen seen;

	seen_of(set, ticker, cal_instant(day->date, 0),
	    summary_end(ask, day->date), &seen);
	sheet_number(sheet, day->date);
	sheet_str(sheet, ticker);
	sheet_maybe(sheet, seen_share(&seen));
	sheet_number(sheet, seen.expected_ms / 1000);
	sheet_number(sheet, (seen.expected_ms - seen.seen_ms + 999) / 1000);
	sheet_number(sheet, day->trades);
	seen_done(&seen);
}

int
watched_report(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err)
{
	struct summary_names all;
	int32_t first;
	int r = summary_first(ask, &first, err);

	sheet_init(&answer->rows, COLUMNS(watched_columns));
	if (r < 0 || watched_feeds(ask, answer, err) < 0 ||
	    summary_names(ask, first, &all, err) < 0)
		return -1;
	for (size_t i = 0; r == 0 && i < all.n; i++) {
		struct summary summary;

		r = summary_load(ask->db, all.names[i], first, ask->last,
		    &summary, err);
		for (size_t k = 0; r == 0 && k < summary.n; k++)
			watched_day(ask, set, all.names[i],
			    &summary.days[k], &answer->rows);
		summary_free(&summary);
	}
	summary_names_free(&all);
	return r;
}
