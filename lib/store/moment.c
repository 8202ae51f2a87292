#include "store/moment.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#include "store/column.h"

enum {
	MOMENT_RING = 1024,		/* milliseconds in memory */
	MOMENT_MOST = 1 << 20,		/* prints in memory */
	MOMENT_END = -1			/* of a chain */
};

/* A print that is stored. */
struct moment_row {
	struct moment_print print;	/* ordinal: as last named */
	int64_t n;
	int64_t pass;			/* in which it was last named */
	int32_t next_content, next_native;	/* of the same hash */
	int32_t leader;			/* first print of the same content */
	int32_t next_twin;		/* behind it, of the same content */
	/* Of leaders only: */
	int32_t last_twin;
	int32_t cursor;			/* last that a pass came to */
	int64_t twins;			/* with itself */
	int64_t unnumbered;		/* of them, stored without number */
	int64_t counted;		/* pass that these are of: */
	int64_t seen;			/* prints without number that came */
	int64_t claimed;		/* numbered ones that were such */
};

struct moment {
	int64_t ts;
	struct moment_row *rows;
	int32_t *heads;			/* 2 x cap: chains by hash */
	int32_t n, cap;			/* cap 0 or a power of two */
	int64_t next;			/* number of the next print */
	bool used;
};

struct moments {
	struct moment ring[MOMENT_RING];
	struct db_stmt *pending;
	struct db_stmt *load;
	int64_t newest;			/* ts; nothing is stored behind it */
	int64_t pass;
	int64_t rows;			/* in memory */
};

struct moments *
moment_new(struct db *db, struct db_stmt *pending, struct err *err)
{
	struct moments *m = buf_alloc(1, sizeof(*m));
	int64_t any = 0;

	m->pending = pending;
	m->pass = 1;
	m->load = db_prepare(db, "SELECT t.n, c.base, t.exchange, t.price_e4,"
	    " t.size, w.text, t.seq, t.flags, t.trade_id FROM trades t"
	    " JOIN contracts c ON c.id = t.contract"
	    " LEFT JOIN words w ON w.id = t.conditions"
	    " WHERE t.ts = ?1 ORDER BY t.n", err);
	if (m->load == NULL ||
	    db_value(db, "SELECT count(*) FROM (SELECT 1 FROM trades LIMIT 1)",
	    &any, err) < 0 ||
	    db_value(db, "SELECT max(ts) FROM trades", &m->newest, err) < 0) {
		moment_free(m);
		return NULL;
	}
	if (any == 0)
		m->newest = INT64_MIN;
	return m;
}

void
moment_free(struct moments *moments)
{
	if (moments == NULL)
		return;
	for (int i = 0; i < MOMENT_RING; i++) {
		free(moments->ring[i].rows);
		free(moments->ring[i].heads);
	}
	free(moments);
}

void
moment_pass(struct moments *moments)
{
	moments->pass++;
}

uint64_t
moment_hash(struct slice text)
{
	uint64_t h = hash_bytes(HASH_START, text.p, text.n);

	return h ^ h >> 29;
}

/* ---- chains ---- */

static uint64_t
moment_mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * UINT64_C(0x9e3779b97f4a7c15);
	return h ^ h >> 31;
}

static uint64_t
moment_where(const struct moment_print *p)
{
	return moment_mix((uint64_t)p->contract, (uint64_t)p->exchange);
}

/* The heads of both chains a print is in. */
static int32_t *
moment_content_head(const struct moment *m, const struct moment_print *p)
{
	uint64_t h = moment_mix(moment_mix(moment_where(p), p->conditions),
	    (uint64_t)p->price_e4 << 32 ^ (uint64_t)p->size);

	return &m->heads[h & (uint64_t)(m->cap - 1)];
}

static int32_t *
moment_native_head(const struct moment *m, const struct moment_print *p)
{
	uint64_t h = moment_mix(moment_where(p), (uint64_t)p->native);

	return &m->heads[m->cap + (int32_t)(h & (uint64_t)(m->cap - 1))];
}

static bool
moment_same_content(const struct moment_print *a,
    const struct moment_print *b)
{
	return a->contract == b->contract && a->exchange == b->exchange &&
	    a->price_e4 == b->price_e4 && a->size == b->size &&
	    a->conditions == b->conditions;
}

static void
moment_link(struct moment *m, int32_t i)
{
	struct moment_row *row = &m->rows[i];
	int32_t *head = moment_content_head(m, &row->print);

	row->next_content = *head;
	*head = i;
	head = moment_native_head(m, &row->print);
	row->next_native = *head;
	*head = i;
}

static void
moment_grow(struct moment *m)
{
	int32_t cap = m->cap == 0 ? 4 : 2 * m->cap;

	m->rows = buf_realloc(m->rows, (size_t)cap, sizeof(*m->rows));
	m->heads = buf_realloc(m->heads, 2 * (size_t)cap, sizeof(*m->heads));
	m->cap = cap;
	memset(m->heads, 0xff, 2 * (size_t)cap * sizeof(*m->heads));
	for (int32_t i = 0; i < m->n; i++)
		moment_link(m, i);
}

/* The first print of the same content, or NULL. */
static struct moment_row *
moment_leader(struct moment *m, const struct moment_print *print)
{
	if (m->n == 0)
		return NULL;
	for (int32_t i = *moment_content_head(m, print); i != MOMENT_END;
	    i = m->rows[i].next_content)
		if (moment_same_content(&m->rows[i].print, print))
			return &m->rows[m->rows[i].leader];
	return NULL;
}

static struct moment_row *
moment_numbered(struct moment *m, const struct moment_print *print)
{
	if (m->n == 0)
		return NULL;
	for (int32_t i = *moment_native_head(m, print); i != MOMENT_END;
	    i = m->rows[i].next_native) {
		const struct moment_print *p = &m->rows[i].print;

		if (p->kind == print->kind && p->native == print->native &&
		    p->contract == print->contract &&
		    p->exchange == print->exchange)
			return &m->rows[i];
	}
	return NULL;
}

/* Behind all that are there; n: its number. */
static struct moment_row *
moment_append(struct moments *all, struct moment *m,
    const struct moment_print *print, int64_t n)
{
	struct moment_row *leader, *row;
	int32_t i;

	if (m->n == m->cap)
		moment_grow(m);
	leader = moment_leader(m, print);
	i = m->n++;
	all->rows++;
	row = &m->rows[i];
	*row = (struct moment_row){ .print = *print, .n = n,
	    .next_twin = MOMENT_END, .leader = i, .last_twin = i,
	    .cursor = MOMENT_END };
	if (leader != NULL) {
		row->leader = leader->leader;
		m->rows[leader->last_twin].next_twin = i;
		leader->last_twin = i;
	} else {
		leader = row;
	}
	leader->twins++;
	leader->unnumbered += print->kind == MOMENT_CONTENT;
	moment_link(m, i);
	if (n >= m->next)
		m->next = n + 1;
	return row;
}

/* ---- the file ---- */

/* The quote that ends a text, or the end: of a damaged file. */
static const char *
moment_quote(const char *p, const char *end)
{
	while (p < end && *p != '"')
		p += *p == '\\' && end - p > 1 ? 2 : 1;
	return p;
}

/* Escapes count as they stand: emit has one way to write a text. */
uint64_t
moment_conditions(struct slice array)
{
	uint64_t sum = 0;
	const char *p = array.p, *end = array.p + array.n;

	while (p < end && (p = memchr(p, '"', (size_t)(end - p))) != NULL) {
		const char *start = p + 1;

		p = moment_quote(start, end);
		sum += moment_hash((struct slice){ start,
		    (size_t)(p - start) });
		p += p < end;
	}
	return sum;
}

static int
moment_load(struct moments *all, struct moment *m, struct err *err)
{
	int r;

	if (db_flush(all->pending, err) < 0)
		return -1;
	db_bind_int(all->load, 1, m->ts);
	while ((r = db_step(all->load, err)) > 0) {
		struct db_stmt *s = all->load;
		struct slice id = db_text(s, 8);
		int64_t flags = db_int(s, 7);
		struct moment_print p = { .contract = db_int(s, 1),
		    .exchange = db_int(s, 2), .price_e4 = db_int(s, 3),
		    .size = db_int(s, 4),
		    .conditions = moment_conditions(db_text(s, 5)),
		    .ordinal = db_is_null(s, 6) ? -1 : db_int(s, 6) };

		if (flags >> COLUMN_FED & 1) {
			p.kind = MOMENT_SEQUENCE;
			p.native = p.ordinal;
		} else if (id.n > 0) {
			p.kind = MOMENT_NAME;
			p.native = (int64_t)moment_hash(id);
		}
		moment_append(all, m, &p, db_int(s, 0));
	}
	db_reset(all->load);
	return r;
}

static void
moment_forget(struct moments *all)
{
	for (int i = 0; i < MOMENT_RING; i++) {
		struct moment *m = &all->ring[i];

		free(m->rows);
		free(m->heads);
		*m = (struct moment){ 0 };
	}
	all->rows = 0;
}

/* The millisecond, loaded when it is not in memory. */
static int
moment_at(struct moments *all, int64_t ts, struct moment **out,
    struct err *err)
{
	struct moment *m = &all->ring[(uint64_t)ts % MOMENT_RING];

	*out = m;
	if (m->used && m->ts == ts)
		return 0;
	if (all->rows > MOMENT_MOST)
		moment_forget(all);
	all->rows -= m->n;
	m->ts = ts;
	m->n = 0;
	m->next = 1;
	m->used = true;
	if (m->cap > 0)
		memset(m->heads, 0xff,
		    2 * (size_t)m->cap * sizeof(*m->heads));
	if (ts > all->newest) {
		all->newest = ts;
		return 0;
	}
	if (moment_load(all, m, err) == 0)
		return 0;
	m->used = false;
	return -1;
}

/* ---- placing ---- */

/* The twin that a pass comes to as its k-th, k counted from 1. */
static struct moment_row *
moment_twin(struct moment *m, struct moment_row *leader)
{
	int32_t i = leader->cursor == MOMENT_END ? leader->leader :
	    m->rows[leader->cursor].next_twin;

	leader->cursor = i == MOMENT_END ? leader->last_twin : i;
	return &m->rows[leader->cursor];
}

/* The twin that came in this pass under the same id, or NULL. */
static struct moment_row *
moment_again(struct moments *all, struct moment *m,
    const struct moment_row *leader, int64_t ordinal)
{
	int32_t i = ordinal < 0 ? MOMENT_END : leader->leader;

	for (; i != MOMENT_END; i = m->rows[i].next_twin)
		if (m->rows[i].pass == all->pass &&
		    m->rows[i].print.ordinal == ordinal)
			return &m->rows[i];
	return NULL;
}

/* The stored print that this is, or NULL when it is new. */
static struct moment_row *
moment_match(struct moments *all, struct moment *m,
    const struct moment_print *print)
{
	struct moment_row *leader, *row;

	if (print->kind != MOMENT_CONTENT) {
		row = moment_numbered(m, print);
		if (row != NULL)
			return row;
	}
	leader = moment_leader(m, print);
	if (leader == NULL)
		return NULL;
	if (leader->counted != all->pass) {
		leader->counted = all->pass;
		leader->seen = leader->claimed = 0;
		leader->cursor = MOMENT_END;
	}
	if (print->kind != MOMENT_CONTENT) {
		if (leader->claimed >= leader->unnumbered)
			return NULL;
		leader->claimed++;
		return moment_twin(m, leader);
	}
	row = moment_again(all, m, leader, print->ordinal);
	if (row != NULL)
		return row;
	if (leader->seen++ >= leader->twins)
		return NULL;
	return moment_twin(m, leader);
}

int
moment_place(struct moments *moments, int64_t ts,
    const struct moment_print *print, int64_t *n, struct err *err)
{
	struct moment_row *row, *leader;
	struct moment *m;
	bool fresh;

	if (moment_at(moments, ts, &m, err) < 0)
		return -1;
	row = moment_match(moments, m, print);
	fresh = row == NULL;
	if (fresh) {
		row = moment_append(moments, m, print, m->next);
		leader = &m->rows[row->leader];
		if (leader->counted != moments->pass) {
			leader->counted = moments->pass;
			leader->seen = print->kind == MOMENT_CONTENT;
			leader->claimed = 0;
		}
		leader->cursor = leader->last_twin;
	}
	row->pass = moments->pass;
	row->print.ordinal = print->ordinal;
	*n = row->n;
	return fresh;
}

int
moment_named(struct moments *moments, int64_t ts,
    const struct moment_print *print, int64_t *n, struct err *err)
{
	struct moment_row *found = NULL;
	struct moment *m;

	if (moment_at(moments, ts, &m, err) < 0)
		return -1;
	for (int32_t i = 0; i < m->n; i++) {
		struct moment_row *row = &m->rows[i];
		const struct moment_print *p = &row->print;
		bool same = print->kind == MOMENT_NAME ?
		    p->kind == MOMENT_NAME && p->native == print->native :
		    p->contract == print->contract &&
		    p->exchange == print->exchange &&
		    p->ordinal == print->ordinal;

		if (same && (found == NULL || row->pass == moments->pass))
			found = row;
	}
	if (found == NULL)
		return 0;
	*n = found->n;
	return 1;
}
