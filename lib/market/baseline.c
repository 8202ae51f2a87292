#include "market/baseline.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/log.h"
#include "base/table.h"
#include "market/cal.h"
#include "record/control.h"
#include "record/line.h"
#include "record/scan.h"

enum {
	BASELINE_SCHEMA = 1,
	BASELINE_RUN = 2		/* words before a run of sizes */
};

struct baseline {
	int32_t day;
	bool demo;
	unsigned want;
	struct table underlyings, contracts, persists;
	struct baseline_underlying *first_underlying;
	struct baseline_contract *first_contract;
	struct baseline_persist *first_persist;
	char sha256[SHA256_TEXT + 1];
};

/* A file on its way in. */
struct baseline_file {
	struct baseline *baseline;
	struct scan *scan;
	struct buf list;		/* scratch */
	int64_t lines;			/* read before this one */
	bool ended;			/* END came */
};

/* ---- lists ---- */

/* Cuts the next word off a text of words parted by single spaces. */
static struct slice
baseline_word(struct slice *rest)
{
	const char *space = rest->n == 0 ? NULL : memchr(rest->p, ' ', rest->n);
	struct slice word = *rest;

	if (space == NULL) {
		*rest = (struct slice){ NULL, 0 };
		return word;
	}
	word.n = (size_t)(space - rest->p);
	rest->p += word.n + 1;
	rest->n -= word.n + 1;
	return word;
}

/* The next text of an array: 1, 0 at its end or without one, -1 and err. */
static int
baseline_text(struct baseline_file *f, enum key key, size_t *pos,
    struct slice *text, struct err *err)
{
	struct scan_value array = scan_get(f->scan, key), one;
	const struct key_text *name = &key_texts[key];

	if (array.type == SCAN_ABSENT)
		return 0;
	if (array.type != SCAN_ARRAY)
		return err_set(err, "%.*s: not an array", (int)name->n - 4,
		    name->text + 2);
	if (!scan_element(array, pos, &one))
		return 0;
	if (one.type != SCAN_STRING && one.type != SCAN_ESCAPED)
		return err_set(err, "%.*s: not an array of texts",
		    (int)name->n - 4, name->text + 2);
	*text = scan_unescape(f->scan, one);
	return 1;
}

/* -1 and err about the text of a member's list. */
static int
baseline_bad(enum key key, struct slice text, const char *why,
    struct err *err)
{
	const struct key_text *name = &key_texts[key];

	return err_set(err, "%.*s: \"%.*s\": %s", (int)name->n - 4,
	    name->text + 2, text.n > 40 ? 40 : (int)text.n,
	    text.n == 0 ? "" : text.p, why);
}

/* A number of a list, 0 to most units of 10^-scale; -1 when it is none. */
static int64_t
baseline_number(struct slice word, int scale, int64_t most)
{
	int64_t value;

	if (word.n == 0 || decimal_parse(word.p, word.n, scale, &value,
	    NULL) < 0 || value < 0 || value > most)
		return -1;
	return value;
}

/* A date before the baseline's own; DAY_NONE when it is none. */
static int32_t
baseline_past_day(const struct baseline_file *f, struct slice word)
{
	int32_t day = day_parse(word.p, word.n);

	return day < f->baseline->day ? day : DAY_NONE;
}

/* "09:35" in minutes; -1 when it is no time. */
static int32_t
baseline_minute(struct slice word)
{
	int hour, minute;

	if (word.n != 5 || word.p[2] != ':')
		return -1;
	hour = day_digits(word.p, 2);
	minute = day_digits(word.p + 3, 2);
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return -1;
	return hour * 60 + minute;
}

/* ---- sizes ---- */

/*
 * Sizes are kept as 16-bit words: for each date how many days before the
 * baseline's own it is, how many sizes follow, and these.
 */
static int
baseline_run(struct baseline_file *f, enum key key, struct slice text,
    int32_t *last, struct err *err)
{
	struct slice rest = text;
	int32_t day = baseline_past_day(f, baseline_word(&rest));
	uint16_t *word, n = 0;
	size_t head = f->list.n;

	if (day == DAY_NONE || day < *last ||
	    f->baseline->day - day > UINT16_MAX)
		return baseline_bad(key, text, "not a date before the file's "
		    "in rising order", err);
	*last = day;
	f->list.n += BASELINE_RUN * sizeof(*word);
	while (rest.n > 0) {
		int64_t size = baseline_number(baseline_word(&rest), 0,
		    TRADE_SIZE_MOST);
		uint16_t capped = size > UINT16_MAX ? UINT16_MAX :
		    (uint16_t)size;

		if (size < 1 || n == UINT16_MAX)
			return baseline_bad(key, text, "not sizes", err);
		buf_add(&f->list, &capped, sizeof(capped));
		n++;
	}
	word = (uint16_t *)(void *)(f->list.p + head);
	word[0] = (uint16_t)(f->baseline->day - day);
	word[1] = n;
	return 0;
}

static int
baseline_sizes(struct baseline_file *f, enum key key,
    struct baseline_sizes *out, struct err *err)
{
	int32_t last = DAY_NONE;
	struct slice text;
	size_t pos = 0;
	int r;

	f->list.n = 0;
	while ((r = baseline_text(f, key, &pos, &text, err)) > 0) {
		buf_reserve(&f->list, BASELINE_RUN * sizeof(*out->word));
		if (baseline_run(f, key, text, &last, err) < 0)
			return -1;
	}
	if (r < 0 || f->list.n == 0 ||
	    (f->baseline->want & BASELINE_SIZES) == 0)
		return r;
	out->n = f->list.n / sizeof(*out->word);
	out->word = buf_alloc(out->n, sizeof(*out->word));
	memcpy(out->word, f->list.p, f->list.n);
	return 0;
}

bool
baseline_next_size(const struct baseline *baseline,
    const struct baseline_sizes *sizes, struct baseline_place *at,
    int32_t *day, int64_t *size)
{
	while (at->left == 0) {
		if (at->at == sizes->n)
			return false;
		at->day = baseline->day - sizes->word[at->at];
		at->left = sizes->word[at->at + 1];
		at->at += BASELINE_RUN;
	}
	at->left--;
	*day = at->day;
	*size = sizes->word[at->at++];
	return true;
}

/* ---- figures by date or time ---- */

static int
baseline_values(struct baseline_file *f, enum key key, bool by_day,
    enum baseline_want want, struct baseline_values *out, struct err *err)
{
	int32_t last = DAY_NONE;
	struct slice text;
	size_t pos = 0;
	int r;

	f->list.n = 0;
	while ((r = baseline_text(f, key, &pos, &text, err)) > 0) {
		struct slice rest = text, at = baseline_word(&rest);
		struct baseline_value value = {
			by_day ? baseline_past_day(f, at) :
			    baseline_minute(at),
			baseline_number(rest, DECIMAL_E6, INT64_MAX)
		};

		if (value.at <= last || value.at == -1)
			return baseline_bad(key, text, by_day ?
			    "not a date before the file's in rising order" :
			    "not a time in rising order", err);
		if (value.value_e6 < 0)
			return baseline_bad(key, text, "not a number", err);
		last = value.at;
		buf_add(&f->list, &value, sizeof(value));
	}
	if (r < 0 || f->list.n == 0 || (f->baseline->want & want) == 0)
		return r;
	out->n = f->list.n / sizeof(*out->item);
	out->item = buf_alloc(out->n, sizeof(*out->item));
	memcpy(out->item, f->list.p, f->list.n);
	return 0;
}

int64_t
baseline_by_time(const struct baseline *baseline,
    const struct baseline_values *steps, int64_t ts)
{
	int64_t since = ts - cal_instant(baseline->day, 0);
	size_t low = 0, high = steps->n;

	if (high == 0)
		return TRADE_NONE;
	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (steps->item[mid].at * INT64_C(60000) < since)
			low = mid + 1;
		else
			high = mid;
	}
	return steps->item[low == steps->n ? low - 1 : low].value_e6;
}

int64_t
baseline_share_e6(const struct baseline *baseline,
    const struct baseline_underlying *underlying, int64_t ts)
{
	const struct baseline_values *steps = &underlying->option_volume;
	int64_t day;

	if (steps->n == 0)
		return TRADE_NONE;
	day = steps->item[steps->n - 1].value_e6;
	return day == 0 ? TRADE_NONE : decimal_ratio(baseline_by_time(
	    baseline, steps, ts), day, DECIMAL_E6);
}

/* ---- kinds of lines ---- */

/* A text that must be there. */
static int
baseline_need(struct baseline_file *f, enum key key, struct slice *text,
    struct err *err)
{
	const struct key_text *name = &key_texts[key];
	int r = scan_text(f->scan, key, text, err);

	if (r > 0 && text->n > 0)
		return 0;
	return r < 0 ? -1 : err_set(err, "%.*s: missing", (int)name->n - 4,
	    name->text + 2);
}

/* A number of at least 0; *out stays when it is absent. */
static int
baseline_decimal(struct baseline_file *f, enum key key, int scale,
    int64_t *out, struct err *err)
{
	const struct key_text *name = &key_texts[key];
	int64_t value;
	int r = scan_decimal(f->scan, key, scale, &value, err);

	if (r <= 0)
		return r;
	if (value < 0)
		return err_set(err, "%.*s: below 0", (int)name->n - 4,
		    name->text + 2);
	*out = value;
	return 0;
}

/* A date; *out stays when it is absent. */
static int
baseline_date(struct baseline_file *f, enum key key, int32_t *out,
    struct err *err)
{
	const struct key_text *name = &key_texts[key];
	struct slice text;
	int r = scan_text(f->scan, key, &text, err);

	if (r <= 0)
		return r;
	*out = day_parse(text.p, text.n);
	if (*out == DAY_NONE)
		return err_set(err, "%.*s: not a date", (int)name->n - 4,
		    name->text + 2);
	return 0;
}

/* A list that is for people: texts all the same. */
static int
baseline_skip(struct baseline_file *f, enum key key, struct err *err)
{
	struct slice text;
	size_t pos = 0;
	int r;

	do {
		r = baseline_text(f, key, &pos, &text, err);
	} while (r > 0);
	return r;
}

static int
baseline_head(struct baseline_file *f, struct err *err)
{
	struct slice mode = { NULL, 0 };
	int64_t version = 0;

	f->baseline->day = DAY_NONE;
	if (scan_int(f->scan, KEY_schema_version, &version, err) < 0 ||
	    baseline_date(f, KEY_date, &f->baseline->day, err) < 0 ||
	    scan_text(f->scan, KEY_mode, &mode, err) < 0 ||
	    baseline_skip(f, KEY_sessions, err) < 0 ||
	    baseline_skip(f, KEY_left_out, err) < 0 ||
	    baseline_skip(f, KEY_symbols, err) < 0)
		return -1;
	if (version != BASELINE_SCHEMA)
		return err_set(err, "schema_version: not %d",
		    BASELINE_SCHEMA);
	if (f->baseline->day == DAY_NONE)
		return err_set(err, "date: missing");
	f->baseline->demo = slice_equal(mode, SLICE("demo"));
	return 0;
}

static int
baseline_read_underlying(struct baseline_file *f, struct err *err)
{
	struct baseline *b = f->baseline;
	struct baseline_underlying *u;
	struct slice symbol;
	void **at;

	if (baseline_need(f, KEY_symbol, &symbol, err) < 0)
		return -1;
	at = table_at(&b->underlyings, symbol.p, symbol.n);
	if (*at != NULL)
		return err_set(err, "symbol: a second time");
	*at = u = buf_alloc(1, sizeof(*u));
	u->next = b->first_underlying;
	b->first_underlying = u;
	u->iv30_e6 = TRADE_NONE;
	if (baseline_sizes(f, KEY_call_sizes, &u->sizes[0], err) < 0 ||
	    baseline_sizes(f, KEY_put_sizes, &u->sizes[1], err) < 0 ||
	    baseline_values(f, KEY_call_flow, false, BASELINE_FLOW,
	    &u->call_flow, err) < 0 ||
	    baseline_values(f, KEY_option_volume, false, BASELINE_FLOW,
	    &u->option_volume, err) < 0 ||
	    baseline_values(f, KEY_bar_volume, false, BASELINE_BARS,
	    &u->bar_volume, err) < 0 ||
	    baseline_values(f, KEY_closes, true, BASELINE_BARS, &u->closes,
	    err) < 0 ||
	    baseline_values(f, KEY_highs, true, BASELINE_BARS, &u->highs,
	    err) < 0 ||
	    baseline_values(f, KEY_lows, true, BASELINE_BARS, &u->lows,
	    err) < 0 ||
	    baseline_decimal(f, KEY_sessions_flow, 0, &u->sessions_flow,
	    err) < 0 ||
	    baseline_decimal(f, KEY_sessions_bars, 0, &u->sessions_bars,
	    err) < 0)
		return -1;
	return baseline_decimal(f, KEY_iv30, DECIMAL_E6, &u->iv30_e6, err);
}

/* What a contract is, which its name says too: of the right types. */
static int
baseline_identity(struct baseline_file *f, struct err *err)
{
	struct slice text, right = SLICE("call");
	int64_t strike_e4;
	int32_t expiration;

	if (scan_text(f->scan, KEY_symbol, &text, err) < 0 ||
	    scan_text(f->scan, KEY_root, &text, err) < 0 ||
	    baseline_decimal(f, KEY_strike, DECIMAL_E4, &strike_e4,
	    err) < 0 ||
	    baseline_date(f, KEY_expiration, &expiration, err) < 0 ||
	    scan_text(f->scan, KEY_option_type, &right, err) < 0)
		return -1;
	if (!slice_equal(right, SLICE("call")) &&
	    !slice_equal(right, SLICE("put")))
		return err_set(err, "option_type: neither call nor put");
	return 0;
}

static int
baseline_read_contract(struct baseline_file *f, struct err *err)
{
	struct baseline *b = f->baseline;
	struct baseline_contract *c;
	struct slice ticker;
	void **at;

	if (baseline_need(f, KEY_contract_ticker, &ticker, err) < 0)
		return -1;
	at = table_at(&b->contracts, ticker.p, ticker.n);
	if (*at != NULL)
		return err_set(err, "contract_ticker: a second time");
	*at = c = buf_alloc(1, sizeof(*c));
	c->next = b->first_contract;
	b->first_contract = c;
	c->adv20_e6 = c->open_interest = c->iv_e6 = c->iv_ts = TRADE_NONE;
	c->oi_day = DAY_NONE;
	if (baseline_identity(f, err) < 0 ||
	    baseline_sizes(f, KEY_sizes, &c->sizes, err) < 0 ||
	    baseline_decimal(f, KEY_adv20, DECIMAL_E6, &c->adv20_e6,
	    err) < 0 ||
	    baseline_decimal(f, KEY_adv20_sessions, 0, &c->adv20_sessions,
	    err) < 0 ||
	    baseline_decimal(f, KEY_open_interest, 0, &c->open_interest,
	    err) < 0 ||
	    baseline_date(f, KEY_oi_date, &c->oi_day, err) < 0 ||
	    baseline_decimal(f, KEY_iv, DECIMAL_E6, &c->iv_e6, err) < 0)
		return -1;
	return baseline_decimal(f, KEY_iv_ts, 0, &c->iv_ts, err);
}

/* The name under which PERSIST lines are found. */
static void
baseline_persist_key(struct buf *dst, struct slice symbol,
    int32_t expiration, enum trade_right right)
{
	dst->n = 0;
	buf_fmt(dst, "%c %" PRId32 " ", right == TRADE_PUT ? 'P' : 'C',
	    expiration);
	buf_add(dst, symbol.p, symbol.n);
}

static int
baseline_events(struct baseline_file *f, struct baseline_persist *out,
    struct err *err)
{
	struct slice text;
	size_t pos = 0;
	int r;

	f->list.n = 0;
	while ((r = baseline_text(f, KEY_events, &pos, &text, err)) > 0) {
		struct slice rest = text;
		struct baseline_event e = { .day = baseline_past_day(f,
		    baseline_word(&rest)) };

		e.events = baseline_number(baseline_word(&rest), 0,
		    TRADE_SIZE_MOST);
		e.premium_e4 = baseline_number(baseline_word(&rest),
		    DECIMAL_E4, INT64_MAX);
		e.buy_e4 = baseline_number(baseline_word(&rest), DECIMAL_E4,
		    INT64_MAX);
		e.sell_e4 = baseline_number(baseline_word(&rest), DECIMAL_E4,
		    INT64_MAX);
		if (e.day == DAY_NONE || e.events < 0 || e.premium_e4 < 0 ||
		    e.buy_e4 < 0 || e.sell_e4 < 0 || rest.n > 0)
			return baseline_bad(KEY_events, text, "not a date, "
			    "a count and three sums", err);
		buf_add(&f->list, &e, sizeof(e));
	}
	if (r < 0 || f->list.n == 0 ||
	    (f->baseline->want & BASELINE_PERSIST) == 0)
		return r;
	out->n = f->list.n / sizeof(*out->item);
	out->item = buf_alloc(out->n, sizeof(*out->item));
	memcpy(out->item, f->list.p, f->list.n);
	return 0;
}

static int
baseline_read_persist(struct baseline_file *f, struct err *err)
{
	struct baseline *b = f->baseline;
	struct slice symbol, right;
	struct baseline_persist *p;
	int32_t expiration = DAY_NONE;
	void **at;

	if (baseline_need(f, KEY_symbol, &symbol, err) < 0 ||
	    baseline_need(f, KEY_option_type, &right, err) < 0 ||
	    baseline_date(f, KEY_expiration, &expiration, err) < 0)
		return -1;
	if (expiration == DAY_NONE)
		return err_set(err, "expiration: missing");
	if (!slice_equal(right, SLICE("call")) &&
	    !slice_equal(right, SLICE("put")))
		return err_set(err, "option_type: neither call nor put");
	baseline_persist_key(&f->list, symbol, expiration,
	    slice_equal(right, SLICE("put")) ? TRADE_PUT : TRADE_CALL);
	at = table_at(&b->persists, f->list.p, f->list.n);
	if (*at != NULL)
		return err_set(err, "expiration: a second time");
	*at = p = buf_alloc(1, sizeof(*p));
	p->next = b->first_persist;
	b->first_persist = p;
	return baseline_events(f, p, err);
}

static int
baseline_end(struct baseline_file *f, struct err *err)
{
	int64_t n = -1;

	if (scan_int(f->scan, KEY_n, &n, err) < 0)
		return -1;
	if (n != f->lines)
		return err_set(err, "n: not the %" PRId64 " lines before",
		    f->lines);
	f->ended = true;
	return 0;
}

/* ---- the file ---- */

static int
baseline_line(struct baseline_file *f, const struct line *line,
    struct err *err)
{
	struct slice record, kind;

	if (line->too_long)
		return err_set(err, "line over %d bytes", LINE_MAX_BYTES);
	if (f->ended)
		return err_set(err, "lines behind the END");
	if (scan_line(f->scan, line->p, line->n, err) < 0 ||
	    baseline_need(f, KEY_record, &record, err) < 0)
		return -1;
	if (!slice_equal(record, SLICE("baseline")))
		return err_set(err, "record: not baseline");
	if (baseline_need(f, KEY_kind, &kind, err) < 0)
		return -1;
	if (slice_equal(kind, SLICE("HEAD")) != (f->lines == 0))
		return err_set(err, "kind: HEAD stands first, and once");
	if (f->lines == 0)
		return baseline_head(f, err);
	if (slice_equal(kind, SLICE("UNDERLYING")))
		return baseline_read_underlying(f, err);
	if (slice_equal(kind, SLICE("CONTRACT")))
		return baseline_read_contract(f, err);
	if (slice_equal(kind, SLICE("PERSIST")))
		return baseline_read_persist(f, err);
	if (slice_equal(kind, SLICE("END")))
		return baseline_end(f, err);
	return 0;
}

static int
baseline_lines(struct baseline_file *f, const char *path, struct sha256 *sum,
    struct err *err)
{
	struct line_in *in = line_in_from(sha256_read, sum, path);
	struct line line;
	struct err why;
	int r;

	while ((r = line_next(in, &line, err)) > 0) {
		if (baseline_line(f, &line, &why) < 0) {
			r = err_set(err, "%s:%" PRId64 ": %s", path,
			    line.number, why.text);
			break;
		}
		f->lines++;
	}
	line_in_free(in);
	if (r == 0 && !f->ended)
		return err_set(err, "%s:%" PRId64 ": no END: the file was cut",
		    path, f->lines);
	return r;
}

struct baseline *
baseline_read(const char *path, unsigned want, struct err *err)
{
	struct baseline_file f = { .list = BUF_INIT };
	struct sha256 *sum = sha256_open(path, err);
	struct baseline *b;
	int r;

	if (sum == NULL)
		return NULL;
	f.baseline = b = buf_alloc(1, sizeof(*b));
	b->want = want;
	table_init(&b->underlyings);
	table_init(&b->contracts);
	table_init(&b->persists);
	f.scan = scan_new();
	r = baseline_lines(&f, path, sum, err);
	sha256_end(sum, b->sha256);
	scan_free(f.scan);
	buf_free(&f.list);
	if (r == 0)
		return b;
	baseline_free(b);
	return NULL;
}

static void
baseline_free_underlying(struct baseline_underlying *u)
{
	free(u->sizes[0].word);
	free(u->sizes[1].word);
	free(u->call_flow.item);
	free(u->option_volume.item);
	free(u->bar_volume.item);
	free(u->closes.item);
	free(u->highs.item);
	free(u->lows.item);
	free(u);
}

void
baseline_free(struct baseline *b)
{
	struct baseline_underlying *u;
	struct baseline_contract *c;
	struct baseline_persist *p;

	if (b == NULL)
		return;
	while ((u = b->first_underlying) != NULL) {
		b->first_underlying = u->next;
		baseline_free_underlying(u);
	}
	while ((c = b->first_contract) != NULL) {
		b->first_contract = c->next;
		free(c->sizes.word);
		free(c);
	}
	while ((p = b->first_persist) != NULL) {
		b->first_persist = p->next;
		free(p->item);
		free(p);
	}
	table_free(&b->underlyings);
	table_free(&b->contracts);
	table_free(&b->persists);
	free(b);
}

/* ---- what it is, and for whom ---- */

void
baseline_name(struct buf *dst, const struct baseline *b, const char *stage)
{
	char date[DAY_TEXT];

	day_print(date, b->day);
	buf_fmt(dst, "%s %.*s %s", stage, DAY_TEXT, date, b->sha256);
}

enum baseline_use
baseline_use(const struct baseline *b, int32_t day, bool demo)
{
	if (b->demo != demo)
		return BASELINE_FOREIGN;
	if (day < b->day)
		return BASELINE_AHEAD;
	return day > b->day ? BASELINE_STALE : BASELINE_NOW;
}

void
baseline_tell(const struct baseline *b, enum baseline_use use, int32_t day,
    const char *stage, unsigned *told, struct buf *dst)
{
	static const struct {
		const char *code, *what;
	} say[] = {
		[BASELINE_STALE] = { "baseline_stale", "only its sizes are "
		    "used for them" },
		[BASELINE_AHEAD] = { "baseline_ahead", "it would tell their "
		    "future and is not used for them" },
		[BASELINE_FOREIGN] = { "baseline_foreign", "one of the two "
		    "is made up (demo), so it is not used for them" },
	};
	char own[DAY_TEXT], other[DAY_TEXT];
	struct err text;

	if (use == BASELINE_NOW || (*told & 1u << use) != 0)
		return;
	*told |= 1u << use;
	day_print(own, b->day);
	day_print(other, day);
	err_fill(&text, "the baseline is for %.*s, records are of %.*s: %s",
	    DAY_TEXT, own, DAY_TEXT, other, say[use].what);
	log_warning("%s", text.text);
	control_status(dst, stage, "warning", say[use].code, text.text);
}

const struct baseline_underlying *
baseline_underlying(const struct baseline *b, struct slice symbol)
{
	return table_get(&b->underlyings, symbol.p, symbol.n);
}

const struct baseline_contract *
baseline_contract(const struct baseline *b, struct slice contract_ticker)
{
	return table_get(&b->contracts, contract_ticker.p,
	    contract_ticker.n);
}

const struct baseline_persist *
baseline_persist(const struct baseline *b, struct slice symbol,
    int32_t expiration, enum trade_right right)
{
	struct buf key = BUF_INIT;
	const struct baseline_persist *found;

	baseline_persist_key(&key, symbol, expiration, right);
	found = table_get(&b->persists, key.p, key.n);
	buf_free(&key);
	return found;
}
