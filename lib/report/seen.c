#include "report/seen.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/table.h"
#include "market/cal.h"

struct seen_row {
	char *feed, *universe;	/* "KO,PEP" or "*" */
	unsigned quality;	/* 0: missing */
	bool filed;		/* a file of nobody knows which tickers */
	struct seen_span span;
};

struct seen_set {
	struct seen_row *rows;	/* by feed, then time */
	size_t n;
	bool filed;		/* a row is */
	struct table traded;	/* date and ticker, for rows that are filed */
};

/* Spans in order that do not touch. */
struct seen_list {
	struct seen_span *spans;
	size_t n;
};

static char *
seen_dup(struct slice text)
{
	return buf_dup(text.p, text.n);
}

static unsigned
seen_quality(struct slice quality, struct slice mode)
{
	unsigned bits = slice_equal(mode, SLICE("demo")) ? SEEN_MADE_UP : 0;

	if (slice_equal(quality, SLICE("missing")))
		return 0;
	if (slice_equal(quality, SLICE("sampled")))
		return bits | SEEN_SAMPLED;
	if (slice_equal(quality, SLICE("delayed")))
		return bits | SEEN_DELAYED;
	if (slice_equal(quality, SLICE("filled")))
		return bits | SEEN_FILLED;
	return bits | SEEN_LIVE;
}

static void
seen_key(struct buf *key, int64_t date, struct slice ticker)
{
	key->n = 0;
	buf_add(key, &date, sizeof(date));
	buf_add(key, ticker.p, ticker.n);
}

/* The dates of which a trade of a ticker is stored. */
static int
seen_trades(struct seen_set *set, struct db *db, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT d.date, w.text FROM"
	    " daily_rows d JOIN words w ON w.id = d.symbol", err);
	struct buf key = BUF_INIT;
	int r = -1;

	while (s != NULL && (r = db_step(s, err)) > 0) {
		seen_key(&key, db_int(s, 0), db_text(s, 1));
		*table_at(&set->traded, key.p, key.n) = set;
	}
	db_finish(s);
	buf_free(&key);
	return r;
}

static bool
seen_traded(const struct seen_set *set, int32_t date, const char *ticker)
{
	struct buf key = BUF_INIT;
	bool traded;

	seen_key(&key, date, (struct slice){ ticker, strlen(ticker) });
	traded = table_get(&set->traded, key.p, key.n) != NULL;
	buf_free(&key);
	return traded;
}

struct seen_set *
seen_new(struct db *db, struct err *err)
{
	struct db_stmt *s = db_prepare(db, "SELECT feed, universe, quality,"
	    " mode, from_ts, to_ts FROM coverage ORDER BY feed, from_ts", err);
	struct seen_set *set = buf_alloc(1, sizeof(*set));
	int r = -1;

	table_init(&set->traded);
	while (s != NULL && (r = db_step(s, err)) > 0) {
		struct seen_row *row;

		set->rows = buf_realloc(set->rows, set->n + 1,
		    sizeof(*set->rows));
		row = &set->rows[set->n++];
		row->feed = seen_dup(db_text(s, 0));
		row->universe = seen_dup(db_text(s, 1));
		row->quality = seen_quality(db_text(s, 2), db_text(s, 3));
		row->span.from_ts = db_int(s, 4);
		/* A gap that nobody closed goes on; what was seen, was. */
		row->span.to_ts = db_is_null(s, 5) ? INT64_MAX :
		    db_int(s, 5) + (row->quality != 0);
		row->filed = row->quality != 0 &&
		    slice_equal(db_text(s, 3), SLICE("replay")) &&
		    strcmp(row->universe, "*") == 0;
		set->filed |= row->filed;
	}
	db_finish(s);
	if (r == 0 && set->filed)
		r = seen_trades(set, db, err);
	if (r == 0)
		return set;
	seen_free(set);
	return NULL;
}

void
seen_free(struct seen_set *set)
{
	if (set == NULL)
		return;
	for (size_t i = 0; i < set->n; i++) {
		free(set->rows[i].feed);
		free(set->rows[i].universe);
	}
	free(set->rows);
	table_free(&set->traded);
	free(set);
}

/* ---- spans ---- */

static void
seen_add(struct seen_list *list, int64_t from_ts, int64_t to_ts)
{
	struct seen_span *last = list->n == 0 ? NULL :
	    &list->spans[list->n - 1];

	if (from_ts >= to_ts)
		return;
	if (last != NULL && from_ts <= last->to_ts) {
		if (to_ts > last->to_ts)
			last->to_ts = to_ts;
		return;
	}
	list->spans = buf_realloc(list->spans, list->n + 1,
	    sizeof(*list->spans));
	list->spans[list->n++] = (struct seen_span){ from_ts, to_ts };
}

static int
seen_order(const void *a, const void *b)
{
	const struct seen_span *x = a, *y = b;

	return (x->from_ts > y->from_ts) - (x->from_ts < y->from_ts);
}

/* Puts the spans of both into dst, which is emptied. */
static void
seen_join(struct seen_list *dst, const struct seen_list *more)
{
	size_t n = dst->n + more->n;
	struct seen_span *all = buf_alloc(n + 1, sizeof(*all));

	if (dst->spans != NULL)
		memcpy(all, dst->spans, dst->n * sizeof(*all));
	if (more->spans != NULL)
		memcpy(all + dst->n, more->spans, more->n * sizeof(*all));
	qsort(all, n, sizeof(*all), seen_order);
	dst->n = 0;
	for (size_t i = 0; i < n; i++)
		seen_add(dst, all[i].from_ts, all[i].to_ts);
	free(all);
}

/* Appends to out what of [from, to) is not in the list. */
static void
seen_rest(struct seen_list *out, const struct seen_list *list, int64_t from_ts,
    int64_t to_ts)
{
	for (size_t i = 0; list->spans != NULL && i < list->n &&
	    from_ts < to_ts; i++) {
		const struct seen_span *span = &list->spans[i];

		if (span->to_ts <= from_ts)
			continue;
		seen_add(out, from_ts, span->from_ts < to_ts ? span->from_ts :
		    to_ts);
		from_ts = span->to_ts;
	}
	seen_add(out, from_ts, to_ts);
}

/* ---- what was watched ---- */

static bool
seen_names(const char *universe, const char *ticker)
{
	size_t n = strlen(ticker);

	if (n == 0 || strcmp(universe, "*") == 0)
		return true;
	for (const char *p = universe; p != NULL; p = strchr(p, ',')) {
		p += *p == ',';
		if (strncmp(p, ticker, n) == 0 && (p[n] == ',' || p[n] == '\0'))
			return true;
	}
	return false;
}

/*
 * What a row says of a ticker.  A file has what somebody put into it: of a
 * ticker without a trade on a date it does not tell whether it looked.  False
 * when it says nothing.
 */
static bool
seen_watched(const struct seen_set *set, const struct seen_row *row,
    const char *ticker, int64_t from, int64_t to, struct seen_list *out)
{
	struct cal_time first, last;
	bool any = false;

	if (!row->filed || *ticker == '\0') {
		seen_add(out, from, to);
		return true;
	}
	cal_new_york(from, &first);
	cal_new_york(to, &last);
	for (int32_t day = first.day; day <= last.day; day++) {
		int64_t start = cal_instant(day, 0);
		int64_t end = cal_instant(day + 1, 0);

		if (!seen_traded(set, day, ticker))
			continue;
		seen_add(out, from > start ? from : start,
		    to < end ? to : end);
		any = true;
	}
	return any;
}

/*
 * The rows of one feed, from at on, as what was watched within a time; its
 * gaps are taken out.  Returns where the next feed begins.
 */
static size_t
seen_feed(const struct seen_set *set, size_t at, const char *ticker,
    const struct seen_span *time, struct seen_list *out, unsigned *quality)
{
	struct seen_list watched = { NULL, 0 }, gaps = { NULL, 0 };
	size_t i;

	for (i = at; i < set->n &&
	    strcmp(set->rows[i].feed, set->rows[at].feed) == 0; i++) {
		const struct seen_row *row = &set->rows[i];
		int64_t from = row->span.from_ts > time->from_ts ?
		    row->span.from_ts : time->from_ts;
		int64_t to = row->span.to_ts < time->to_ts ?
		    row->span.to_ts : time->to_ts;

		if (from >= to || !seen_names(row->universe, ticker))
			continue;
		if (row->quality == 0)
			seen_add(&gaps, from, to);
		else if (seen_watched(set, row, ticker, from, to, &watched))
			*quality |= row->quality;
	}
	for (size_t k = 0; k < watched.n; k++)
		seen_rest(out, &gaps, watched.spans[k].from_ts,
		    watched.spans[k].to_ts);
	free(watched.spans);
	free(gaps.spans);
	return i;
}

void
seen_of(const struct seen_set *set, const char *ticker, int64_t from_ts,
    int64_t to_ts, struct seen *out)
{
	struct seen_list watched = { NULL, 0 }, blind = { NULL, 0 };
	struct seen_span time = { from_ts, to_ts };
	struct slice root = { ticker, strlen(ticker) };
	struct cal_time first, last;
	int64_t missing = 0;

	*out = (struct seen){ .quality = 0 };
	for (size_t i = 0; i < set->n; ) {
		struct seen_list feed = { NULL, 0 };

		i = seen_feed(set, i, ticker, &time, &feed, &out->quality);
		seen_join(&watched, &feed);
		free(feed.spans);
	}
	cal_new_york(from_ts, &first);
	cal_new_york(to_ts, &last);
	for (int32_t day = first.day; day <= last.day; day++) {
		struct cal_span span;

		if (cal_span(day, cal_class_of(root, day, true), CAL_RTH,
		    &span, NULL) <= 0)
			continue;
		if (span.start_ts < from_ts)
			span.start_ts = from_ts;
		if (span.end_ts > to_ts)
			span.end_ts = to_ts;
		if (span.start_ts >= span.end_ts)
			continue;
		out->expected_ms += span.end_ts - span.start_ts;
		seen_rest(&blind, &watched, span.start_ts, span.end_ts);
	}
	for (size_t i = 0; i < blind.n; i++)
		missing += blind.spans[i].to_ts - blind.spans[i].from_ts;
	out->seen_ms = out->expected_ms - missing;
	out->blind = blind.spans;
	out->n_blind = blind.n;
	free(watched.spans);
}

void
seen_done(struct seen *seen)
{
	free(seen->blind);
}

int64_t
seen_share(const struct seen *seen)
{
	int64_t share;

	if (seen->expected_ms == 0)
		return ASK_NONE;
	share = decimal_ratio(seen->seen_ms * 100, seen->expected_ms,
	    DECIMAL_E4);
	if (share == 1000000 && seen->seen_ms < seen->expected_ms)
		share--;
	if (share == 0 && seen->seen_ms > 0)
		share++;
	return share;
}

void
seen_cell(struct sheet *sheet, const struct seen_set *set, const char *ticker,
    int64_t from_ts, int64_t to_ts)
{
	struct seen seen;

	seen_of(set, ticker, from_ts, to_ts, &seen);
	sheet_maybe(sheet, seen_share(&seen));
	seen_done(&seen);
}
