#include "tap/bars.h"

#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "market/cal.h"
#include "record/emit.h"
#include "tap/clock.h"
#include "tap/csv.h"
#include "tap/sorted.h"

enum bars_column {
	BARS_SYMBOL, BARS_OSI, BARS_TIMESTAMP, BARS_DATE, BARS_TIME,
	BARS_OPEN, BARS_HIGH, BARS_LOW, BARS_CLOSE, BARS_VOLUME, BARS_VWAP,
	BARS_TRADES, BARS_COLUMNS
};

static const char *const bars_headers[BARS_COLUMNS] = {
	"symbol", "osi", "ts_utc_ms", "date", "time_et", "open", "high",
	"low", "close", "volume", "vwap", "trades"
};

enum { BARS_MINUTE_MS = 60000 };

struct bars {
	struct source source;
	struct contract_book *book;
	struct sorted *sorted;	/* number of the contract, comma, record */
	struct buf made;	/* handed out */
	char *file;
	size_t at[BARS_COLUMNS];	/* SIZE_MAX: no such column */
};

static void
bars_free(struct source *source)
{
	struct bars *bars = (struct bars *)source;

	sorted_free(bars->sorted);
	buf_free(&bars->made);
	free(bars->file);
	free(bars);
}

/* ---- one row ---- */

static struct slice
bars_cell(const struct bars *bars, const struct csv *csv,
    enum bars_column column)
{
	return bars->at[column] == SIZE_MAX ? (struct slice){ NULL, 0 } :
	    csv_cell(csv, bars->at[column]);
}

/* A number of 0 or more; an empty cell is absent. */
static int
bars_number(const struct bars *bars, const struct csv *csv,
    enum bars_column column, int scale, int64_t *out, struct err *err)
{
	struct slice text = bars_cell(bars, csv, column);
	struct err why;

	*out = EMIT_ABSENT;
	if (text.n == 0)
		return 0;
	if (decimal_parse(text.p, text.n, scale, out, &why) < 0)
		return err_set(err, "%s: %s", bars_headers[column], why.text);
	if (*out < 0)
		return err_set(err, "%s: below 0", bars_headers[column]);
	return 0;
}

static int
bars_prices(const struct bars *bars, const struct csv *csv, struct bar *bar,
    struct err *err)
{
	int64_t *prices[] = { &bar->open_e4, &bar->high_e4, &bar->low_e4,
	    &bar->close_e4 };

	for (int i = 0; i < 4; i++) {
		enum bars_column column = (enum bars_column)(BARS_OPEN + i);

		if (bars_number(bars, csv, column, DECIMAL_E4, prices[i],
		    err) < 0)
			return -1;
		if (*prices[i] <= 0)
			return err_set(err, "%s: %s", bars_headers[column],
			    *prices[i] == EMIT_ABSENT ? "missing" :
			    "not above 0");
	}
	if (bar->low_e4 > bar->open_e4 || bar->low_e4 > bar->close_e4 ||
	    bar->high_e4 < bar->open_e4 || bar->high_e4 < bar->close_e4)
		return err_set(err, "high, low: open or close is outside");
	if (bars_number(bars, csv, BARS_VOLUME, 0, &bar->volume, err) < 0 ||
	    bars_number(bars, csv, BARS_VWAP, DECIMAL_E4, &bar->vwap_e4,
	    err) < 0)
		return -1;
	return bars_number(bars, csv, BARS_TRADES, 0, &bar->trades, err);
}

static bool
bars_are_daily(const struct bars *bars)
{
	return bars->at[BARS_TIMESTAMP] == SIZE_MAX &&
	    bars->at[BARS_TIME] == SIZE_MAX;
}

static int
bars_day(const struct bars *bars, const struct csv *csv, struct bar *bar,
    struct err *err)
{
	int32_t day = contract_day(bars_cell(bars, csv, BARS_DATE));
	struct cal_span span;

	if (day == DAY_NONE)
		return err_set(err, "date: not a date");
	if (cal_known(day, err) < 0)
		return -1;
	if (cal_span(day, CAL_SHARE, CAL_RTH, &span, err) <= 0)
		return err_set(err, "date: no trading day");
	bar->start_ts = span.start_ts;
	bar->end_ts = span.end_ts;
	bar->session = CAL_RTH;
	return 0;
}

static int
bars_minute(const struct bars *bars, const struct csv *csv, struct bar *bar,
    struct err *err)
{
	bool utc = bars->at[BARS_TIMESTAMP] != SIZE_MAX;
	struct clock_instant at;
	struct cal_time local;
	struct err why;
	int32_t day;

	if (clock_read(utc ? CLOCK_MS : CLOCK_ET, bars_cell(bars, csv, utc ?
	    BARS_TIMESTAMP : BARS_TIME), bars_cell(bars, csv, BARS_DATE), &at,
	    &why) < 0)
		return err_set(err, "%s: %s", bars_headers[utc ?
		    BARS_TIMESTAMP : BARS_TIME], why.text);
	if (at.ms % BARS_MINUTE_MS != 0 || at.sub_ns != 0)
		return err_set(err, "a minute's bar begins within a minute");
	bar->start_ts = at.ms;
	bar->end_ts = at.ms + BARS_MINUTE_MS;
	cal_new_york(at.ms, &local);
	return cal_session_at(at.ms, cal_class_of(bar->contract->root,
	    local.day, bar->contract->expires), CAL_NO_DAY, &bar->session,
	    &day, err);
}

static int
bars_read_row(const struct bars *bars, const struct csv *csv,
    struct bar *bar, struct err *err)
{
	struct contract_name name = { .osi = bars_cell(bars, csv, BARS_OSI),
	    .plain = bars_cell(bars, csv, BARS_SYMBOL) };

	bar->contract = contract_find(bars->book, &name, err);
	if (bar->contract == NULL)
		return -1;
	if ((bars_are_daily(bars) ? bars_day(bars, csv, bar, err) :
	    bars_minute(bars, csv, bar, err)) < 0)
		return -1;
	return bars_prices(bars, csv, bar, err);
}

void
bars_write(struct buf *dst, const struct bar *bar, bool daily)
{
	emit_open(dst, "bar");
	if (bar->contract->expires)
		emit_text(dst, KEY_contract_ticker, bar->contract->ticker);
	else
		emit_text(dst, KEY_symbol, bar->contract->symbol);
	emit_str(dst, KEY_tf, daily ? "1d" : "1m");
	emit_int(dst, KEY_timestamp, bar->start_ts);
	emit_int(dst, KEY_end_ts, bar->end_ts);
	emit_decimal(dst, KEY_open, bar->open_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_high, bar->high_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_low, bar->low_e4, DECIMAL_E4);
	emit_decimal(dst, KEY_close, bar->close_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_volume, bar->volume);
	emit_opt_decimal(dst, KEY_vwap, bar->vwap_e4, DECIMAL_E4);
	emit_opt_int(dst, KEY_trades, bar->trades);
	emit_str(dst, KEY_session, cal_session_name(bar->session));
	emit_bool(dst, KEY_is_final, true);
	emit_close(dst);
	dst->n--;
}

/* ---- the file ---- */

static int
bars_bind(struct bars *bars, const struct csv *csv, struct err *err)
{
	const size_t *at = bars->at;

	for (size_t c = 0; c < BARS_COLUMNS; c++) {
		bars->at[c] = SIZE_MAX;
		for (size_t i = csv_count(csv); i-- > 0;)
			if (slice_equal(csv_cell(csv, i), (struct slice){
			    bars_headers[c], strlen(bars_headers[c]) }))
				bars->at[c] = i;
	}
	for (size_t c = BARS_OPEN; c <= BARS_CLOSE; c++)
		if (at[c] == SIZE_MAX)
			return err_set(err, "no column \"%s\" in the header",
			    bars_headers[c]);
	if (at[BARS_SYMBOL] == SIZE_MAX && at[BARS_OSI] == SIZE_MAX)
		return err_set(err, "neither column \"symbol\" nor \"osi\" "
		    "in the header");
	if (at[BARS_DATE] == SIZE_MAX && at[BARS_TIMESTAMP] == SIZE_MAX)
		return err_set(err, "neither column \"ts_utc_ms\" nor "
		    "\"date\" in the header");
	return 0;
}

static void
bars_reject(const struct bars *bars, const struct bars_setup *setup,
    const struct csv *csv, const char *why)
{
	setup->control->count.in++;
	setup->control->count.reject++;
	control_reject(setup->control, bars->file, csv_line(csv), why);
}

static int
bars_read_rows(struct bars *bars, const struct bars_setup *setup,
    struct replay *replay, struct csv *csv, struct err *err)
{
	bool daily = bars_are_daily(bars);
	struct buf text = BUF_INIT;
	struct err why;
	struct bar bar;
	int r, put = 0;

	while (put == 0 && (r = csv_next(csv, &why)) != 0) {
		if (r > 0 && csv_is_unended(csv) &&
		    replay_trouble(replay) != NULL)
			r = err_set(&why, "half-written row");
		if (r > 0)
			r = bars_read_row(bars, csv, &bar, &why);
		if (r < 0) {
			bars_reject(bars, setup, csv, why.text);
			continue;
		}
		text.n = 0;
		buf_fmt(&text, "%zu,", bar.contract->number);
		bars_write(&text, &bar, daily);
		put = sorted_add(bars->sorted, bar.end_ts, (struct slice){
		    text.p, text.n }, err);
	}
	buf_free(&text);
	if (replay_trouble(replay) != NULL)
		control_reject(setup->control, bars->file, csv_line(csv),
		    replay_trouble(replay));
	return put < 0 ? -1 : sorted_end(bars->sorted, err);
}

static int
bars_read(struct bars *bars, const struct bars_setup *setup,
    struct replay *replay, int *status, struct err *err)
{
	struct csv *csv = csv_new(replay_read, replay);
	const char *trouble;
	struct err why;
	int r = csv_next(csv, &why);

	*status = EXIT_USAGE;
	if (r > 0)
		r = bars_bind(bars, csv, &why) < 0 ? -1 : 1;
	if (r < 0)
		err_set(err, "%s:1: %s", bars->file, why.text);
	trouble = replay_trouble(replay);
	if (r == 0)
		control_reject(setup->control, bars->file, 1,
		    trouble != NULL ? trouble : "empty input");
	if (r > 0) {
		*status = EXIT_SYSTEM;
		r = bars_read_rows(bars, setup, replay, csv, err);
	}
	csv_free(csv);
	return r;
}

static int
bars_next(struct source *source, struct source_item *item, struct err *err)
{
	struct bars *bars = (struct bars *)source;
	struct sorted_line line;
	int r = sorted_next(bars->sorted, &line, err);
	size_t number = 0, at = 0;

	if (r <= 0)
		return r < 0 ? SOURCE_ERROR : SOURCE_END;
	while (line.text.p[at] != ',')
		number = 10 * number + (size_t)(line.text.p[at++] - '0');
	bars->made.n = 0;
	buf_add(&bars->made, line.text.p + at + 1, line.text.n - at - 1);
	buf_str(&bars->made, "\n");
	memset(item, 0, sizeof(*item));
	item->ts = line.key;
	item->rank = SOURCE_BAR;
	item->contract = bars->book->all[number];
	item->made = (struct slice){ bars->made.p, bars->made.n };
	item->file = bars->file;
	return SOURCE_ITEM;
}

struct source *
bars_open(struct replay *replay, const struct bars_setup *setup, int *status,
    struct err *err)
{
	struct bars *bars = buf_alloc(1, sizeof(*bars));
	const char *name = replay_name(replay);

	bars->source.next = bars_next;
	bars->source.free = bars_free;
	bars->book = setup->book;
	bars->file = buf_dup(name, strlen(name));
	bars->sorted = sorted_new(setup->memory, replay_stop(replay));
	if (bars_read(bars, setup, replay, status, err) >= 0)
		return &bars->source;
	bars_free(&bars->source);
	return NULL;
}
