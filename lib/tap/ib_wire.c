#include "tap/ib_wire.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"

enum { IB_WIRE_HEAD = 4 };		/* bytes of a frame's length */

/* ---- frames ---- */

int
ib_wire_frame(struct slice bytes, struct slice *payload, size_t *used,
    struct err *err)
{
	const unsigned char *p = (const unsigned char *)bytes.p;
	size_t n;

	if (bytes.n < IB_WIRE_HEAD)
		return 0;
	n = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
	if (n == 0 || n > IB_WIRE_FRAME)
		return err_set(err, "a frame of %zu bytes", n);
	if (bytes.n - IB_WIRE_HEAD < n)
		return 0;
	*payload = (struct slice){ bytes.p + IB_WIRE_HEAD, n };
	*used = IB_WIRE_HEAD + n;
	return 1;
}

/* ---- fields in ---- */

int64_t
ib_wire_open(struct ib_in *in, struct slice payload, struct err *err)
{
	int64_t id;

	if (payload.n == 0 || payload.p[payload.n - 1] != '\0')
		return err_set(err, "a message without its last NUL");
	*in = (struct ib_in){ payload.p, payload.p + payload.n, -1, 0 };
	id = ib_wire_number(in, 0);
	if (id < 0 || in->bad != 0)
		return err_set(err, "a message without a number");
	return id;
}

struct slice
ib_wire_text(struct ib_in *in)
{
	struct slice text = { "", 0 };

	in->field++;
	if (in->p == in->end) {
		if (in->bad == 0)
			in->bad = in->field;
		return text;
	}
	text = (struct slice){ in->p, strlen(in->p) };
	in->p += text.n + 1;
	return text;
}

/* Finer than the scale: Java writes up to 17 digits. */
static int
ib_wire_round(struct slice text, int scale, int64_t *out)
{
	double value;
	char *end;

	if (strspn(text.p, "0123456789.eE+-") != text.n || text.p[0] == '+')
		return -1;	/* strtod would take hex, inf and nan */
	value = strtod(text.p, &end);
	if (end != text.p + text.n)
		return -1;
	value *= (double)decimal_pow10[scale];
	*out = TRADE_NONE;
	if (fabs(value) < 9e18)
		*out = decimal_whole(value);
	else if (fabs(value) < 1e300)	/* no sentinel either */
		return -1;
	return 0;
}

/* -1: not a number. */
static int
ib_wire_parse(struct slice text, int scale, int64_t *out)
{
	*out = TRADE_NONE;
	if (text.n == 0 || slice_equal(text, SLICE("2147483647")) ||
	    slice_equal(text, SLICE("9223372036854775807")) ||
	    slice_equal(text, SLICE("-9223372036854775808")))
		return 0;
	if (decimal_parse(text.p, text.n, scale, out, NULL) == 0)
		return 0;
	return ib_wire_round(text, scale, out);
}

int64_t
ib_wire_number(struct ib_in *in, int scale)
{
	struct slice text = ib_wire_text(in);
	int64_t value;

	if (ib_wire_parse(text, scale, &value) < 0 && in->bad == 0)
		in->bad = in->field;
	return value;
}

/* ---- layouts ---- */

enum ib_kind { IB_SKIP, IB_TEXT, IB_WHOLE, IB_E4, IB_E6, IB_KINDS };

/* A field, where it goes, and the number that says there is none (0: none). */
struct ib_field {
	enum ib_kind kind;
	int none;
	size_t at;
};

/* A message: fields, then lists of rows, then fields again. */
struct ib_layout {
	int64_t id;
	const struct ib_field *head;
	const struct ib_field *row[2];
	const struct ib_field *tail;
};

#define M(kind, member) { IB_##kind, 0, offsetof(struct ib_message, member) }
#define R(kind, member) { IB_##kind, 0, offsetof(struct ib_row, member) }
#define M_NOT(none, kind, member) \
	{ IB_##kind, none, offsetof(struct ib_message, member) }
#define R_NOT(none, kind, member) \
	{ IB_##kind, none, offsetof(struct ib_row, member) }
#define SKIP { IB_SKIP, 0, 0 }
#define SKIP5 SKIP, SKIP, SKIP, SKIP, SKIP
#define END { IB_KINDS, 0, 0 }

static const struct ib_field ib_price[] = { SKIP, M(WHOLE, request),
    M(WHOLE, type), M(E4, price_e4), M(WHOLE, size), SKIP, END };
static const struct ib_field ib_size[] = { SKIP, M(WHOLE, request),
    M(WHOLE, type), M(WHOLE, size), END };
static const struct ib_field ib_error[] = { SKIP, M(WHOLE, request),
    M(WHOLE, number), M(TEXT, text), SKIP, END };
static const struct ib_field ib_number[] = { SKIP, M(WHOLE, number), END };
static const struct ib_field ib_accounts[] = { SKIP, M(TEXT, text), END };
static const struct ib_field ib_details[] = { M(WHOLE, request),
    M(TEXT, contract.symbol), M(TEXT, contract.type),
    M(TEXT, contract.expiration), M(E4, contract.strike_e4),
    M(TEXT, contract.right), M(TEXT, contract.exchange),
    M(TEXT, contract.currency), M(TEXT, contract.local), SKIP,
    M(TEXT, contract.trading_class), M(WHOLE, contract.id), SKIP,
    M(TEXT, contract.multiplier), SKIP, SKIP, SKIP, M(WHOLE, underlying_id),
    M(TEXT, long_name), M(TEXT, contract.primary), SKIP5, SKIP, SKIP, SKIP,
    SKIP, END };
static const struct ib_field ib_pair[] = { SKIP, SKIP, END };
static const struct ib_field ib_details_tail[] = { SKIP5, SKIP, SKIP, SKIP,
    SKIP, END };
static const struct ib_field ib_bars[] = { M(WHOLE, request), SKIP, SKIP,
    END };
static const struct ib_field ib_bar[] = { R(WHOLE, time), R(E4, open_e4),
    R(E4, high_e4), R(E4, low_e4), R(E4, close_e4), R_NOT(-1, WHOLE, volume),
    R_NOT(-1, E6, vwap_e6), R_NOT(-1, WHOLE, trades), END };
static const struct ib_field ib_found[] = { SKIP, M(WHOLE, request), END };
static const struct ib_field ib_found_row[] = { R(WHOLE, rank),
    R(WHOLE, contract.id), R(TEXT, contract.symbol), R(TEXT, contract.type),
    R(TEXT, contract.expiration), R(E4, contract.strike_e4),
    R(TEXT, contract.right), R(TEXT, contract.exchange),
    R(TEXT, contract.currency), R(TEXT, contract.local), SKIP,
    R(TEXT, contract.trading_class), SKIP, SKIP, SKIP, SKIP, END };
static const struct ib_field ib_greeks[] = { M(WHOLE, request),
    M(WHOLE, type), SKIP, M_NOT(-1, E6, iv_e6), M_NOT(-2, E6, delta_e6),
    M_NOT(-1, E4, price_e4), SKIP, M_NOT(-2, E6, gamma_e6),
    M_NOT(-2, E6, vega_e6), M_NOT(-2, E6, theta_e6),
    M_NOT(-1, E4, underlying_e4), END };
static const struct ib_field ib_string[] = { SKIP, M(WHOLE, request),
    M(WHOLE, type), M(TEXT, text), END };
static const struct ib_field ib_request[] = { SKIP, M(WHOLE, request), END };
static const struct ib_field ib_data_type[] = { SKIP, M(WHOLE, request),
    M(WHOLE, type), END };
static const struct ib_field ib_position[] = { SKIP, M(TEXT, account),
    M(WHOLE, contract.id), M(TEXT, contract.symbol), M(TEXT, contract.type),
    M(TEXT, contract.expiration), M(E4, contract.strike_e4),
    M(TEXT, contract.right), M(TEXT, contract.multiplier),
    M(TEXT, contract.exchange), M(TEXT, contract.currency),
    M(TEXT, contract.local), M(TEXT, contract.trading_class),
    M(E4, position_e4), M(E4, cost_e4), END };
static const struct ib_field ib_nothing[] = { SKIP, END };
static const struct ib_field ib_chain[] = { M(WHOLE, request),
    M(TEXT, contract.exchange), M(WHOLE, underlying_id),
    M(TEXT, contract.trading_class), M(TEXT, contract.multiplier), END };
static const struct ib_field ib_expiration[] = { R(TEXT, text), END };
static const struct ib_field ib_strike[] = { R(E4, price_e4), END };
static const struct ib_field ib_only_request[] = { M(WHOLE, request), END };
static const struct ib_field ib_quote[] = { R(WHOLE, time), R(WHOLE, mask),
    R(E4, bid_e4), R(E4, ask_e4), R(WHOLE, bid_size), R(WHOLE, ask_size),
    END };
static const struct ib_field ib_print[] = { R(WHOLE, time), R(WHOLE, mask),
    R(E4, price_e4), R(WHOLE, size), R(TEXT, exchange), R(TEXT, conditions),
    END };
static const struct ib_field ib_done[] = { M(WHOLE, number), END };

static const struct ib_layout ib_layouts[] = {
	{ IB_PRICE, ib_price, { NULL, NULL }, NULL },
	{ IB_SIZE, ib_size, { NULL, NULL }, NULL },
	{ IB_ERROR, ib_error, { NULL, NULL }, NULL },
	{ IB_NEXT_ID, ib_number, { NULL, NULL }, NULL },
	{ IB_DETAILS, ib_details, { ib_pair, NULL }, ib_details_tail },
	{ IB_ACCOUNTS, ib_accounts, { NULL, NULL }, NULL },
	{ IB_BARS, ib_bars, { ib_bar, NULL }, NULL },
	{ IB_FOUND, ib_found, { ib_found_row, NULL }, NULL },
	{ IB_GREEKS, ib_greeks, { NULL, NULL }, NULL },
	{ IB_STRING, ib_string, { NULL, NULL }, NULL },
	{ IB_TIME, ib_number, { NULL, NULL }, NULL },
	{ IB_DETAILS_END, ib_request, { NULL, NULL }, NULL },
	{ IB_SNAPSHOT_END, ib_request, { NULL, NULL }, NULL },
	{ IB_DATA_TYPE, ib_data_type, { NULL, NULL }, NULL },
	{ IB_POSITION, ib_position, { NULL, NULL }, NULL },
	{ IB_POSITIONS_END, ib_nothing, { NULL, NULL }, NULL },
	{ IB_CHAIN, ib_chain, { ib_expiration, ib_strike }, NULL },
	{ IB_CHAIN_END, ib_only_request, { NULL, NULL }, NULL },
	{ IB_QUOTES, ib_only_request, { ib_quote, NULL }, ib_done },
	{ IB_PRINTS, ib_only_request, { ib_print, NULL }, ib_done },
};

#undef M
#undef R
#undef M_NOT
#undef R_NOT
#undef SKIP
#undef SKIP5
#undef END

static const struct ib_layout *
ib_wire_layout(int64_t id)
{
	for (size_t i = 0; i < sizeof(ib_layouts) / sizeof(*ib_layouts); i++)
		if (ib_layouts[i].id == id)
			return &ib_layouts[i];
	return NULL;
}

static size_t
ib_wire_width(const struct ib_field *fields)
{
	size_t n = 0;

	while (fields[n].kind != IB_KINDS)
		n++;
	return n;
}

static void
ib_wire_fields(struct ib_in *in, const struct ib_field *fields, void *to)
{
	static const int scales[] = { [IB_WHOLE] = 0, [IB_E4] = DECIMAL_E4,
		[IB_E6] = DECIMAL_E6 };

	for (; fields->kind != IB_KINDS; fields++) {
		char *at = (char *)to + fields->at;

		if (fields->kind == IB_SKIP || fields->kind == IB_TEXT) {
			struct slice text = ib_wire_text(in);

			if (fields->kind == IB_TEXT)
				memcpy(at, &text, sizeof(text));
		} else {
			int scale = scales[fields->kind];
			int64_t number = ib_wire_number(in, scale);

			if (fields->none != 0 &&
			    number == fields->none * decimal_pow10[scale])
				number = TRADE_NONE;
			memcpy(at, &number, sizeof(number));
		}
	}
}

static int
ib_wire_bad(const struct ib_in *in, int64_t id, struct err *err)
{
	return err_set(err, "message %lld: field %d: %s", (long long)id,
	    in->bad, in->p == in->end ? "missing, or no number" :
	    "not a number");
}

/* Counts a list's rows and steps over them. */
static void
ib_wire_list(struct ib_in *in, size_t width, struct ib_message *message,
    int list)
{
	int64_t n = ib_wire_number(in, 0);

	if ((n < 0 || n > in->end - in->p) && in->bad == 0)
		in->bad = in->field;
	if (in->bad != 0)
		return;
	message->rows[list] = (size_t)n;
	message->in[list] = *in;
	for (size_t i = 0; i < (size_t)n * width && in->bad == 0; i++)
		ib_wire_text(in);
}

/* Nothing said of it. */
static void
ib_wire_contract_init(struct ib_contract *contract)
{
	memset(contract, 0, sizeof(*contract));
	contract->id = TRADE_NONE;
}

int
ib_wire_read(struct slice payload, struct ib_message *message,
    struct err *err)
{
	const struct ib_layout *layout;
	struct ib_in in;

	memset(message, 0, sizeof(*message));
	message->request = -1;
	message->type = message->number = message->price_e4 = message->size =
	    message->iv_e6 = message->delta_e6 = message->gamma_e6 =
	    message->vega_e6 = message->theta_e6 = message->underlying_e4 =
	    message->underlying_id = message->position_e4 = message->cost_e4 =
	    TRADE_NONE;
	ib_wire_contract_init(&message->contract);
	message->id = ib_wire_open(&in, payload, err);
	if (message->id < 0)
		return -1;
	layout = ib_wire_layout(message->id);
	if (layout == NULL)
		return 0;
	ib_wire_fields(&in, layout->head, message);
	for (int i = 0; i < 2 && layout->row[i] != NULL; i++)
		ib_wire_list(&in, ib_wire_width(layout->row[i]), message, i);
	if (layout->tail != NULL)
		ib_wire_fields(&in, layout->tail, message);
	return in.bad == 0 ? 1 : ib_wire_bad(&in, message->id, err);
}

int
ib_wire_row(struct ib_message *message, int list, struct ib_row *row,
    struct err *err)
{
	const struct ib_layout *layout = ib_wire_layout(message->id);
	struct ib_in *in = &message->in[list];

	if (message->rows[list] == 0)
		return 0;
	message->rows[list]--;
	memset(row, 0, sizeof(*row));
	ib_wire_contract_init(&row->contract);
	ib_wire_fields(in, layout->row[list], row);
	return in->bad == 0 ? 1 : ib_wire_bad(in, message->id, err);
}

/* The part up to the next semicolon. */
static struct slice
ib_wire_part(struct slice *text)
{
	const char *end = text->n == 0 ? NULL :
	    memchr(text->p, ';', text->n);
	struct slice part = { text->p,
	    end == NULL ? text->n : (size_t)(end - text->p) };

	text->p += part.n;
	text->n -= part.n;
	if (text->n > 0) {
		text->p++;
		text->n--;
	}
	return part;
}

/* A part does not end with a NUL, as strtod needs. */
static int
ib_wire_part_number(struct slice *text, int scale, int64_t *out)
{
	struct slice part = ib_wire_part(text);
	char copy[48];

	if (part.n >= sizeof(copy))
		return -1;
	memcpy(copy, part.p, part.n);
	copy[part.n] = '\0';
	return ib_wire_parse((struct slice){ copy, part.n }, scale, out);
}

int
ib_wire_rtvolume(struct slice text, struct ib_rtvolume *out, struct err *err)
{
	if (ib_wire_part_number(&text, DECIMAL_E4, &out->price_e4) < 0 ||
	    ib_wire_part_number(&text, 0, &out->size) < 0 ||
	    ib_wire_part_number(&text, 0, &out->ts) < 0 ||
	    ib_wire_part_number(&text, 0, &out->volume) < 0 ||
	    out->ts == TRADE_NONE || out->volume == TRADE_NONE)
		return err_set(err, "a volume tick that is none");
	return 0;
}

/* ---- messages out ---- */

void
ib_wire_hello(struct buf *dst, int low, int high)
{
	size_t begin;

	buf_add(dst, "API", 4);
	begin = ib_wire_begin(dst);
	buf_fmt(dst, "v%d..%d", low, high);
	ib_wire_end(dst, begin);
}

size_t
ib_wire_begin(struct buf *dst)
{
	static const char room[IB_WIRE_HEAD];

	buf_add(dst, room, sizeof(room));
	return dst->n;
}

void
ib_wire_put(struct buf *dst, struct slice field)
{
	buf_add(dst, field.p, field.n);
	buf_add(dst, "", 1);
}

void
ib_wire_put_int(struct buf *dst, int64_t value)
{
	char text[DECIMAL_TEXT];

	ib_wire_put(dst, (struct slice){ text,
	    decimal_print_int(text, value) });
}

void
ib_wire_end(struct buf *dst, size_t begin)
{
	size_t n = dst->n - begin;
	unsigned char *p = (unsigned char *)dst->p + begin - IB_WIRE_HEAD;

	p[0] = (unsigned char)(n >> 24);
	p[1] = (unsigned char)(n >> 16);
	p[2] = (unsigned char)(n >> 8);
	p[3] = (unsigned char)n;
}

bool
ib_wire_reads(int64_t id)
{
	static const int64_t ids[] = { IB_REQ_MARKET, IB_CANCEL_MARKET,
		IB_REQ_DETAILS, IB_REQ_BARS, IB_REQ_SCAN, IB_CANCEL_SCAN,
		IB_CANCEL_BARS, IB_REQ_TIME, IB_REQ_DATA_TYPE,
		IB_REQ_POSITIONS, IB_CANCEL_POSITIONS, IB_START, IB_REQ_CHAIN,
		IB_REQ_TICKS };

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Begins a message; version 0: its kind has none. */
static size_t
ib_wire_open_out(struct buf *dst, int id, int version)
{
	size_t begin = ib_wire_begin(dst);

	ib_wire_put_int(dst, id);
	if (version > 0)
		ib_wire_put_int(dst, version);
	return begin;
}

/* A double as clients write it: 400.0, 5.5; TRADE_NONE is empty. */
static void
ib_wire_put_e4(struct buf *dst, int64_t value)
{
	char text[DECIMAL_TEXT + 2];
	size_t n = 0;

	if (value != TRADE_NONE) {
		n = decimal_print(text, value, DECIMAL_E4);
		if (memchr(text, '.', n) == NULL) {
			text[n++] = '.';
			text[n++] = '0';
		}
	}
	ib_wire_put(dst, (struct slice){ text, n });
}

static void
ib_wire_put_empty(struct buf *dst, int n)
{
	while (n-- > 0)
		ib_wire_put(dst, (struct slice){ NULL, 0 });
}

/* The twelve fields of section 5 of the protocol. */
static void
ib_wire_put_contract(struct buf *dst, const struct ib_contract *contract)
{
	ib_wire_put_int(dst, contract->id == TRADE_NONE ? 0 : contract->id);
	ib_wire_put(dst, contract->symbol);
	ib_wire_put(dst, contract->type);
	ib_wire_put(dst, contract->expiration);
	ib_wire_put_e4(dst, contract->strike_e4);
	ib_wire_put(dst, contract->right);
	ib_wire_put(dst, contract->multiplier);
	ib_wire_put(dst, contract->exchange);
	ib_wire_put(dst, contract->primary);
	ib_wire_put(dst, contract->currency);
	ib_wire_put(dst, contract->local);
	ib_wire_put(dst, contract->trading_class);
}

void
ib_wire_start(struct buf *dst, int64_t client)
{
	size_t begin = ib_wire_open_out(dst, IB_START, 2);

	ib_wire_put_int(dst, client);
	ib_wire_put_empty(dst, 1);	/* optional capabilities */
	ib_wire_end(dst, begin);
}

void
ib_wire_time(struct buf *dst)
{
	ib_wire_end(dst, ib_wire_open_out(dst, IB_REQ_TIME, 1));
}

void
ib_wire_data_type(struct buf *dst, int64_t type)
{
	size_t begin = ib_wire_open_out(dst, IB_REQ_DATA_TYPE, 1);

	ib_wire_put_int(dst, type);
	ib_wire_end(dst, begin);
}

void
ib_wire_positions(struct buf *dst)
{
	ib_wire_end(dst, ib_wire_open_out(dst, IB_REQ_POSITIONS, 1));
}

void
ib_wire_details(struct buf *dst, int64_t request,
    const struct ib_contract *contract)
{
	size_t begin = ib_wire_open_out(dst, IB_REQ_DETAILS, 8);

	ib_wire_put_int(dst, request);
	ib_wire_put_contract(dst, contract);
	ib_wire_put_int(dst, 0);	/* expired ones too */
	ib_wire_put_empty(dst, 3);	/* identifier, its type, issuer */
	ib_wire_end(dst, begin);
}

void
ib_wire_chain(struct buf *dst, int64_t request,
    const struct ib_contract *contract)
{
	size_t begin = ib_wire_open_out(dst, IB_REQ_CHAIN, 0);

	ib_wire_put_int(dst, request);
	ib_wire_put(dst, contract->symbol);
	ib_wire_put_empty(dst, 1);	/* exchange, of futures options */
	ib_wire_put(dst, contract->type);
	ib_wire_put_int(dst, contract->id);
	ib_wire_end(dst, begin);
}

void
ib_wire_market(struct buf *dst, int64_t request,
    const struct ib_contract *contract, struct slice generic, bool snapshot)
{
	size_t begin = ib_wire_open_out(dst, IB_REQ_MARKET, 11);

	ib_wire_put_int(dst, request);
	ib_wire_put_contract(dst, contract);
	ib_wire_put_int(dst, 0);	/* delta-neutral */
	ib_wire_put(dst, generic);
	ib_wire_put_int(dst, snapshot);
	ib_wire_put_int(dst, 0);	/* a snapshot that costs money */
	ib_wire_put_empty(dst, 1);	/* options */
	ib_wire_end(dst, begin);
}

void
ib_wire_ticks(struct buf *dst, int64_t request,
    const struct ib_contract *contract, const struct ib_ticks *ticks)
{
	size_t begin = ib_wire_open_out(dst, IB_REQ_TICKS, 0);

	ib_wire_put_int(dst, request);
	ib_wire_put_contract(dst, contract);
	ib_wire_put_int(dst, 0);	/* expired ones too */
	ib_wire_put(dst, ticks->start);
	ib_wire_put(dst, ticks->end);
	ib_wire_put_int(dst, ticks->n);
	ib_wire_put(dst, ticks->what);
	ib_wire_put_int(dst, ticks->regular);
	ib_wire_put_int(dst, ticks->ignore_size);
	ib_wire_put_empty(dst, 1);	/* options */
	ib_wire_end(dst, begin);
}

void
ib_wire_bars(struct buf *dst, int64_t request,
    const struct ib_contract *contract, const struct ib_bars *bars)
{
	size_t begin = ib_wire_open_out(dst, IB_REQ_BARS, 0);

	ib_wire_put_int(dst, request);
	ib_wire_put_contract(dst, contract);
	ib_wire_put_int(dst, 0);	/* expired ones too */
	ib_wire_put(dst, bars->end);
	ib_wire_put(dst, bars->size);
	ib_wire_put(dst, bars->span);
	ib_wire_put_int(dst, bars->regular);
	ib_wire_put(dst, bars->what);
	ib_wire_put_int(dst, bars->format);
	ib_wire_put_int(dst, 0);	/* keep up to date */
	ib_wire_put_empty(dst, 1);	/* options */
	ib_wire_end(dst, begin);
}

void
ib_wire_scan(struct buf *dst, int64_t request, const struct ib_scanner *scan)
{
	size_t begin = ib_wire_open_out(dst, IB_REQ_SCAN, 0);

	ib_wire_put_int(dst, request);
	ib_wire_put_int(dst, scan->rows);
	ib_wire_put(dst, scan->instrument);
	ib_wire_put(dst, scan->location);
	ib_wire_put(dst, scan->code);
	ib_wire_put_e4(dst, scan->price_above_e4);
	ib_wire_put_empty(dst, 12);	/* price below .. coupon below */
	ib_wire_put_int(dst, 0);	/* without convertible bonds */
	ib_wire_put_empty(dst, 3);	/* option volume, pairs, stock type */
	ib_wire_put(dst, scan->filter);
	ib_wire_put_empty(dst, 1);	/* options */
	ib_wire_end(dst, begin);
}

void
ib_wire_cancel(struct buf *dst, int kind, int64_t request)
{
	size_t begin = ib_wire_open_out(dst, kind,
	    kind == IB_CANCEL_MARKET ? 2 : 1);

	if (kind != IB_CANCEL_POSITIONS)
		ib_wire_put_int(dst, request);
	ib_wire_end(dst, begin);
}
