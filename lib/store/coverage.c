#include "store/coverage.h"

#include <string.h>

#include "market/cal.h"

#define COVERAGE_STEP_MS INT64_C(3600000)	/* no leap, at midnight too */

int
coverage_open(struct coverage *coverage, struct db *db, struct err *err)
{
	*coverage = (struct coverage){ .db = db };
	/* Same names, same quality, and touching. */
#define TOUCHING " feed = ?1 AND mode = ?2 AND universe = ?3 AND" \
	" quality = ?4 AND gap_id = '' AND from_ts <= ?6 AND to_ts >= ?5"
	coverage->reach = db_prepare(db, "SELECT min(from_ts), max(to_ts)"
	    " FROM coverage WHERE" TOUCHING, err);
	coverage->join = db_prepare(db, "DELETE FROM coverage WHERE" TOUCHING,
	    err);
#undef TOUCHING
	coverage->add = db_prepare(db, "INSERT INTO coverage(feed, mode,"
	    " universe, quality, from_ts, to_ts, gap_id) VALUES (?1, ?2, ?3,"
	    " ?4, ?5, ?6, COALESCE(?7, ''))", err);
	coverage->drop_gap = db_prepare(db, "DELETE FROM coverage WHERE"
	    " feed = ?1 AND gap_id = ?7", err);
	coverage->gap = db_prepare(db, "INSERT INTO gaps(gap_id, state,"
	    " from_ts, to_ts, record) VALUES (?1, ?2, ?3, ?4, ?5)"
	    " ON CONFLICT DO NOTHING", err);
	return coverage->reach == NULL || coverage->join == NULL ||
	    coverage->add == NULL || coverage->drop_gap == NULL ||
	    coverage->gap == NULL ? -1 : 0;
}

void
coverage_close(struct coverage *coverage)
{
	buf_free(&coverage->feed);
	buf_free(&coverage->mode);
	buf_free(&coverage->universe);
	buf_free(&coverage->run);
}

static struct slice
coverage_text(const struct buf *buf)
{
	return (struct slice){ buf->p, buf->n };
}

static void
coverage_read(struct scan *scan, enum key key, const char *otherwise,
    struct buf *out)
{
	struct slice text = { NULL, 0 };

	out->n = 0;
	scan_text(scan, key, &text, NULL);
	buf_add(out, text.p, text.n);
	if (out->n == 0)
		buf_str(out, otherwise);
}

/* ["SPY","KO"] as SPY,KO; absent: *. */
static void
coverage_symbols(struct scan *scan, struct buf *out)
{
	struct scan_value all = scan_get(scan, KEY_symbols), one;
	size_t pos = 0;

	out->n = 0;
	while (all.type == SCAN_ARRAY && scan_element(all, &pos, &one)) {
		struct slice text = { NULL, 0 };

		if (one.type == SCAN_STRING || one.type == SCAN_ESCAPED)
			text = scan_unescape(scan, one);
		if (out->n > 0)
			buf_add(out, ",", 1);
		buf_add(out, text.p, text.n);
	}
	if (out->n == 0)
		buf_str(out, "*");
}

static void
coverage_name(struct coverage *coverage, struct db_stmt *stmt,
    struct slice universe, const char *quality)
{
	db_bind_text(stmt, 1, coverage_text(&coverage->feed));
	db_bind_text(stmt, 2, coverage_text(&coverage->mode));
	db_bind_text(stmt, 3, universe);
	db_bind_str(stmt, 4, quality);
}

static void
coverage_span(struct db_stmt *stmt, int64_t from_ts, int64_t to_ts)
{
	db_bind_int(stmt, 5, from_ts);
	db_bind_int(stmt, 6, to_ts);
}

int
coverage_save(struct coverage *coverage, struct err *err)
{
	struct slice mode = coverage_text(&coverage->mode);
	struct slice universe = coverage_text(&coverage->universe);
	const char *quality = slice_equal(mode, SLICE("sampled")) ?
	    "sampled" : slice_equal(mode, SLICE("delayed")) ? "delayed" :
	    "live";
	struct db_stmt *s = coverage->reach;
	int r;

	if (!coverage->changed)
		return 0;
	coverage_name(coverage, s, universe, quality);
	coverage_span(s, coverage->from_ts, coverage->to_ts);
	r = db_step(s, err);
	if (r > 0 && !db_is_null(s, 0)) {
		if (db_int(s, 0) < coverage->from_ts)
			coverage->from_ts = db_int(s, 0);
		if (db_int(s, 1) > coverage->to_ts)
			coverage->to_ts = db_int(s, 1);
	}
	db_reset(s);
	if (r < 0)
		return -1;
	coverage_name(coverage, coverage->join, universe, quality);
	coverage_span(coverage->join, coverage->from_ts, coverage->to_ts);
	coverage_name(coverage, coverage->add, universe, quality);
	coverage_span(coverage->add, coverage->from_ts, coverage->to_ts);
	db_bind_null(coverage->add, 7);
	if (db_run(coverage->join, err) < 0 ||
	    db_run(coverage->add, err) < 0)
		return -1;
	coverage->changed = false;
	return 0;
}

int
coverage_hello(struct coverage *coverage, struct scan *scan, struct err *err)
{
	struct slice mode;

	if (coverage_save(coverage, err) < 0)
		return -1;
	coverage_read(scan, KEY_feed, "unknown", &coverage->feed);
	coverage_read(scan, KEY_mode, "unknown", &coverage->mode);
	coverage_read(scan, KEY_run, "", &coverage->run);
	coverage_symbols(scan, &coverage->universe);
	mode = coverage_text(&coverage->mode);
	coverage->filed = slice_equal(mode, SLICE("demo")) ||
	    slice_equal(mode, SLICE("replay"));
	coverage->until_ts = INT64_MIN;
	coverage->open = true;
	coverage->any = false;
	return 0;
}

/* Where the trade date of an instant ends: at 20:00 in New York. */
static int64_t
coverage_end(int64_t ts)
{
	const int32_t evening_ms = 20 * 3600 * 1000;
	struct cal_time time;

	cal_new_york(ts, &time);
	return cal_instant(time.day + (time.ms >= evening_ms), evening_ms);
}

bool
coverage_leaps(const struct coverage *coverage, int64_t ts, bool trade)
{
	struct cal_time last, next;

	if (!coverage->open)
		return false;
	if (coverage->filed)
		return trade && ts >= coverage->until_ts;
	if (!coverage->any || ts - coverage->to_ts <= COVERAGE_STEP_MS)
		return false;
	cal_new_york(coverage->to_ts, &last);
	cal_new_york(ts, &next);
	return last.day != next.day;
}

void
coverage_time(struct coverage *coverage, int64_t ts, bool trade)
{
	bool leaps = coverage_leaps(coverage, ts, trade);

	if (!coverage->open || (coverage->filed && !leaps &&
	    ts >= coverage->until_ts))
		return;
	if (coverage->filed && leaps)
		coverage->until_ts = coverage_end(ts);
	if (!coverage->any || leaps) {
		coverage->from_ts = coverage->to_ts = ts;
		if (coverage->filed)	/* its time goes by whole seconds */
			coverage->from_ts -= ts % 1000;
		coverage->any = coverage->changed = true;
	} else if (ts > coverage->to_ts) {
		coverage->to_ts = ts;
		coverage->changed = true;
	}
}

int
coverage_bye(struct coverage *coverage, struct err *err)
{
	coverage->open = false;
	return coverage_save(coverage, err);
}

/* What a gap record has of its own. */
struct coverage_gap {
	struct slice id, state;
	int64_t from_ts, to_ts;		/* to_ts -1: not over */
};

static int
coverage_gap_read(struct scan *scan, struct coverage_gap *gap,
    struct err *err)
{
	*gap = (struct coverage_gap){ .to_ts = -1 };
	if (scan_text(scan, KEY_gap_id, &gap->id, err) < 0 ||
	    scan_text(scan, KEY_state, &gap->state, err) < 0)
		return -1;
	switch (scan_int(scan, KEY_from_ts, &gap->from_ts, err)) {
	case 0:
		return err_set(err, "from_ts: missing");
	case -1:
		return -1;
	default:
		break;
	}
	return scan_int(scan, KEY_to_ts, &gap->to_ts, err) < 0 ? -1 : 0;
}

/* The gap's span instead of those of its earlier states. */
static int
coverage_gap_span(struct coverage *coverage, const struct coverage_gap *gap,
    struct scan *scan, struct err *err)
{
	struct db_stmt *drop = coverage->drop_gap, *add = coverage->add;
	struct buf universe = BUF_INIT;
	int r;

	coverage_symbols(scan, &universe);
	coverage_name(coverage, add, coverage_text(&universe),
	    slice_equal(gap->state, SLICE("filled")) ? "filled" : "missing");
	coverage_span(add, gap->from_ts, gap->to_ts);
	if (gap->to_ts < 0)
		db_bind_null(add, 6);
	db_bind_text(add, 7, gap->id);
	db_bind_text(drop, 1, coverage_text(&coverage->feed));
	db_bind_text(drop, 7, gap->id);
	r = db_run(drop, err);
	if (r == 0)
		r = db_run(add, err);
	buf_free(&universe);
	return r;
}

int
coverage_gap(struct coverage *coverage, struct scan *scan, bool *bad,
    struct err *err)
{
	struct coverage_gap gap;
	struct db_stmt *s = coverage->gap;

	*bad = coverage_gap_read(scan, &gap, err) < 0;
	if (*bad)
		return -1;
	if (gap.id.n == 0)
		gap.id = SLICE("?");
	if (gap.state.n == 0)
		gap.state = SLICE("open");
	db_bind_text(s, 1, gap.id);
	db_bind_text(s, 2, gap.state);
	db_bind_int(s, 3, gap.from_ts);
	db_bind_int(s, 4, gap.to_ts);
	db_bind_text(s, 5, scan_object(scan));
	if (db_run(s, err) < 0)
		return -1;
	if (db_changes(coverage->db) == 0)
		return 0;
	if (!coverage->open) {
		buf_free(&coverage->feed);
		buf_free(&coverage->mode);
		buf_str(&coverage->feed, "unknown");
		buf_str(&coverage->mode, "unknown");
		coverage->feed.n = coverage->mode.n = 7;
	}
	return coverage_gap_span(coverage, &gap, scan, err) < 0 ? -1 : 1;
}
