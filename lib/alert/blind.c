#include "alert/blind.h"

#include <stdlib.h>
#include <string.h>

void
blind_free(struct blind *blind)
{
	for (size_t i = 0; i < blind->n; i++) {
		free(blind->gaps[i].id);
		free(blind->gaps[i].symbols);
	}
}

/* The gap of an id, or a fresh one. */
static struct blind_gap *
blind_gap(struct blind *blind, struct slice id)
{
	struct blind_gap *gap;

	for (size_t i = 0; i < blind->n; i++) {
		gap = &blind->gaps[i];
		if (slice_equal(id, (struct slice){ gap->id,
		    strlen(gap->id) }))
			return gap;
	}
	if (blind->n < BLIND_GAPS) {
		gap = &blind->gaps[blind->n++];
	} else {
		gap = &blind->gaps[blind->next];
		blind->next = (blind->next + 1) % BLIND_GAPS;
		blind->forgotten++;
		free(gap->id);
		free(gap->symbols);
	}
	*gap = (struct blind_gap){ .id = buf_dup(id.p, id.n) };
	return gap;
}

int
blind_note(struct blind *blind, struct scan *scan, int64_t ts,
    struct err *err)
{
	struct scan_value symbols = scan_get(scan, KEY_symbols);
	struct slice id = { NULL, 0 }, state = { NULL, 0 };
	int64_t from = ts, to;
	struct blind_gap *gap;
	int given;

	if (scan_text(scan, KEY_gap_id, &id, err) < 0 ||
	    scan_text(scan, KEY_state, &state, err) < 0 ||
	    scan_int(scan, KEY_from_ts, &from, err) < 0)
		return -1;
	to = slice_equal(state, SLICE("open")) ? INT64_MAX : ts;
	given = scan_int(scan, KEY_to_ts, &to, err);
	if (given < 0)
		return -1;
	if (symbols.type != SCAN_ABSENT && symbols.type != SCAN_ARRAY)
		return err_set(err, "symbols: not an array");
	gap = blind_gap(blind, id);
	if (gap->symbols == NULL || scan_get(scan, KEY_from_ts).type !=
	    SCAN_ABSENT)
		gap->from_ts = from;
	gap->to_ts = to;
	gap->filled = slice_equal(state, SLICE("filled"));
	if (gap->symbols == NULL || symbols.type == SCAN_ARRAY) {
		free(gap->symbols);
		gap->n = symbols.type == SCAN_ARRAY ? symbols.n : 5;
		gap->symbols = buf_dup(symbols.type == SCAN_ARRAY ?
		    symbols.p : "[\"*\"]", gap->n);
	}
	return 0;
}

/* The part of the span in which the gap touches the ticker; false: none. */
static bool
blind_within(const struct blind_gap *gap, struct slice ticker,
    const struct cal_span *span, struct cal_span *part)
{
	struct scan_value all = { gap->symbols, (uint32_t)gap->n, SCAN_ARRAY };
	struct scan_value one;
	size_t pos = 0;

	part->start_ts = gap->from_ts > span->start_ts ? gap->from_ts :
	    span->start_ts;
	part->end_ts = gap->to_ts < span->end_ts ? gap->to_ts : span->end_ts;
	if (part->start_ts >= part->end_ts)
		return false;
	while (scan_element(all, &pos, &one)) {
		struct slice name = { one.p, one.n };

		if (slice_equal(name, SLICE("*")) ||
		    slice_equal(name, ticker))
			return true;
	}
	return false;
}

bool
blind_touches(const struct blind *blind, struct slice ticker,
    const struct cal_span *span)
{
	struct cal_span part;

	for (size_t i = 0; i < blind->n; i++)
		if (blind_within(&blind->gaps[i], ticker, span, &part))
			return true;
	return false;
}

static int
blind_order(const void *a, const void *b)
{
	const struct cal_span *x = a, *y = b;

	return (x->start_ts > y->start_ts) - (x->start_ts < y->start_ts);
}

int64_t
blind_coverage_e4(const struct blind *blind, struct slice ticker,
    const struct cal_span *span)
{
	struct cal_span parts[BLIND_GAPS] = { { 0, 0 } };
	int64_t lost = 0, at = span->start_ts;
	int64_t whole = span->end_ts - span->start_ts;
	size_t n = 0;

	for (size_t i = 0; i < blind->n; i++)
		if (!blind->gaps[i].filled && blind_within(&blind->gaps[i],
		    ticker, span, &parts[n]))
			n++;
	qsort(parts, n, sizeof(*parts), blind_order);
	for (size_t i = 0; i < n; i++) {
		if (parts[i].start_ts > at)
			at = parts[i].start_ts;
		if (parts[i].end_ts > at) {
			lost += parts[i].end_ts - at;
			at = parts[i].end_ts;
		}
	}
	return decimal_ratio((whole - lost) * 100, whole, DECIMAL_E4);
}
