/* classify/cluster: the judgement of domain.md 3.10. */
#include "classify/cluster.h"

#include "check.h"

static const struct cluster_limits limits = {
	2000, 2, 10, 100, 3, 50, false
};

struct print {
	int64_t ms;
	const char *exchange;
	int64_t size, price_e4;
	uint32_t flags;
};

/* NBBO 2.08 x 2.10 of the table in 3.10. */
static void
open_at_table(struct cluster *cluster, enum side side)
{
	struct trade_quote nbbo = { 20800, 21000, 10, 10, TRADE_NONE };
	struct trade_quote none = { TRADE_NONE, TRADE_NONE, TRADE_NONE,
	    TRADE_NONE, TRADE_NONE };
	struct quote_view view, ex;

	quote_look(&view, &nbbo, 0, 60000, TRADE_NONE);
	quote_look(&ex, &none, 0, 60000, TRADE_NONE);
	cluster_open(cluster, side, 0, &view, &ex);
}

static struct cluster_member *
join(struct cluster *cluster, const struct print *p)
{
	struct cluster_member *m = cluster_join(cluster, SLICE("id"),
	    p->price_e4);

	m->ts = p->ms;
	m->size = p->size;
	m->premium_e4 = p->price_e4 * p->size * 100;
	memcpy(m->exchange, p->exchange, strlen(p->exchange));
	m->flags = p->flags;
	m->average = (struct size_average){ 10, 1, SIZE_DEFAULT };
	return m;
}

static void
fill(struct cluster *cluster, const struct print *p, size_t n)
{
	open_at_table(cluster, SIDE_BUY);
	for (size_t i = 0; i < n; i++)
		join(cluster, &p[i]);
}

static void
want(const char *name, struct cluster *cluster, const char *kind,
    const char *evidence, int64_t first, int64_t n, int64_t size)
{
	struct cluster_verdict v;

	cluster_judge(cluster, &limits, &v);
	CHECK_STR(name, cluster_kind_name(v.kind), kind);
	CHECK_STR(name, cluster_evidence_name(v.evidence), evidence);
	CHECK_INT(name, v.first, first);
	CHECK_INT(name, v.n, n);
	CHECK_INT(name, v.size, size);
}

static void
test_iso(void)
{
	static const struct print p[] = {
		{ 0, "CBOE", 40, 21000, COND_ISO },
		{ 3, "ISE", 60, 21000, COND_ISO },
		{ 5, "PHLX", 55, 21200, COND_ISO },
		{ 1800, "ARCA", 45, 21200, 0 },
		{ 2000, "CBOE", 10, 21200, 0 },
	};
	struct cluster cluster = { 0 };
	struct cluster_verdict v;

	fill(&cluster, p, 4);
	cluster_judge(&cluster, &limits, &v);
	CHECK_STR("EX-3.52", cluster_kind_name(v.kind), "SWEEP");
	CHECK_STR("EX-3.52", cluster_evidence_name(v.evidence), "ISO");
	CHECK_INT("EX-3.52 prints", v.n, 4);
	CHECK_INT("EX-3.52 exchanges", v.exchanges, 4);
	CHECK_INT("EX-3.52 size", v.size, 200);
	CHECK_INT("EX-3.52 premium", v.premium_e4, 422000000);
	CHECK_INT("EX-3.52 VWAP", v.vwap_e6, 2110000);
	CHECK_INT("EX-3.52 worst", v.worst_e4, 21200);
	CHECK_INT("EX-3.52 iso prints", v.iso, 3);
	CHECK("EX-3.52 monotone", cluster.monotone);
	CHECK("EX-3.53: 2000 is in time", cluster_is_in_time(&cluster, 2000,
	    &limits));
	CHECK("EX-3.52: 2400 is not", !cluster_is_in_time(&cluster, 2400,
	    &limits));
	CHECK("2001 is not", !cluster_is_in_time(&cluster, 2001, &limits));
	join(&cluster, &p[4]);
	want("EX-3.53", &cluster, "SWEEP", "ISO", 0, 5, 210);
	cluster_free(&cluster);
}

static void
test_burst(void)
{
	static const struct print p[] = {
		{ 0, "CBOE", 30, 21000, 0 }, { 40, "ISE", 30, 21000, 0 },
		{ 90, "BOX", 20, 21000, 0 }, { 1500, "CBOE", 10, 21000, 0 },
	};
	static const struct print late[] = {
		{ 0, "CBOE", 30, 21000, 0 }, { 500, "ISE", 4, 21000, 0 },
		{ 520, "BOX", 5, 21000, 0 }, { 700, "ISE", 6, 21000, 0 },
		{ 800, "BOX", 4, 21000, 0 }, { 901, "ARCA", 50, 21000, 0 },
	};
	static const struct print apart[] = {
		{ 0, "CBOE", 30, 21000, 0 }, { 1500, "ISE", 30, 21000, 0 },
	};
	struct cluster cluster = { 0 };

	fill(&cluster, p, 3);
	want("EX-3.54", &cluster, "SWEEP", "BURST", 0, 3, 80);
	fill(&cluster, p, 4);
	want("EX-3.54a", &cluster, "SWEEP", "BURST", 0, 3, 80);
	fill(&cluster, late, 6);
	/* 500 and 520: 9 contracts are too few; 700 and 800 are 10 */
	want("the first run that is enough; 100 ms is close, 101 not",
	    &cluster, "SWEEP", "BURST", 3, 2, 10);
	fill(&cluster, apart, 2);
	want("EX-3.55", &cluster, "PLAIN", "WINDOW", 0, 2, 60);
	cluster_free(&cluster);
}

static void
test_iso_small(void)
{
	static const struct print p[] = {
		{ 0, "CBOE", 4, 21000, COND_ISO },
		{ 2, "ISE", 4, 21000, COND_ISO },
		{ 3, "ISE", 2, 21000, 0 },
	};
	static const struct print one[] = {
		{ 0, "CBOE", 30, 21000, COND_ISO },
		{ 2, "CBOE", 30, 21000, COND_ISO },
	};
	static const struct print unknown[] = {
		{ 0, "CBOE", 30, 21000, COND_ISO },
		{ 2, "", 30, 21000, COND_ISO },
	};
	struct cluster cluster = { 0 };

	fill(&cluster, p, 2);
	want("EX-3.59", &cluster, "PLAIN", "ISO", 0, 2, 8);
	fill(&cluster, p, 3);
	want("10 contracts", &cluster, "SWEEP", "ISO", 0, 3, 10);
	fill(&cluster, one, 2);
	want("one exchange", &cluster, "PLAIN", "ISO", 0, 2, 60);
	fill(&cluster, unknown, 2);
	want("an exchange nobody named is none", &cluster, "PLAIN", "ISO", 0,
	    2, 60);
	cluster_free(&cluster);
}

static void
test_split(void)
{
	static const struct print p[] = {
		{ 0, "CBOE", 30, 21000, 0 }, { 300, "CBOE", 30, 21000, 0 },
		{ 900, "CBOE", 40, 21000, 0 },
	};
	static const struct print small[] = {
		{ 0, "CBOE", 16, 21000, 0 }, { 300, "CBOE", 16, 21000, 0 },
		{ 900, "CBOE", 17, 21000, 0 }, { 901, "CBOE", 1, 21000, 0 },
	};
	static const struct print two[] = {
		{ 0, "CBOE", 30, 21000, 0 }, { 300, "ISE", 30, 21000, 0 },
		{ 900, "CBOE", 40, 21000, 0 },
	};
	struct cluster cluster = { 0 };

	fill(&cluster, p, 3);
	want("EX-3.56", &cluster, "SPLIT", "WINDOW", 0, 3, 100);
	fill(&cluster, p, 2);
	want("two prints", &cluster, "PLAIN", "WINDOW", 0, 2, 60);
	fill(&cluster, small, 3);
	want("49 contracts", &cluster, "PLAIN", "WINDOW", 0, 3, 49);
	fill(&cluster, small, 4);
	want("50 contracts", &cluster, "SPLIT", "WINDOW", 0, 4, 50);
	fill(&cluster, two, 3);
	want("two exchanges", &cluster, "PLAIN", "WINDOW", 0, 3, 100);
	fill(&cluster, p, 3);
	cluster.member[1].is_block = true;
	want("a block among them", &cluster, "PLAIN", "WINDOW", 0, 3, 100);
	fill(&cluster, p, 3);
	cluster.member[0].average = (struct size_average){ 101, 2,
	    SIZE_CONTRACT };
	want("100 < 2 x 50.5", &cluster, "PLAIN", "WINDOW", 0, 3, 100);
	fill(&cluster, p, 3);
	cluster.member[0].average = (struct size_average){ 100, 2,
	    SIZE_CONTRACT };
	cluster.member[1].average = (struct size_average){ 1000, 1,
	    SIZE_CONTRACT };
	want("2 x 50 of the first member", &cluster, "SPLIT", "WINDOW", 0, 3,
	    100);
	cluster_free(&cluster);
}

static void
test_cancelled(void)
{
	static const struct print p[] = {
		{ 0, "CBOE", 30, 21000, COND_ISO },
		{ 2, "ISE", 30, 21200, COND_ISO },
		{ 3, "BOX", 20, 21000, 0 },
	};
	struct cluster cluster = { 0 };

	fill(&cluster, p, 3);
	cluster.member[0].cancelled = true;
	want("without the first", &cluster, "SWEEP", "ISO", 0, 2, 50);
	fill(&cluster, p, 3);
	cluster.member[0].cancelled = cluster.member[1].cancelled = true;
	want("one is left", &cluster, "PLAIN", "WINDOW", 0, 1, 20);
	fill(&cluster, p, 3);
	for (int i = 0; i < 3; i++)
		cluster.member[i].cancelled = true;
	cluster_judge(&cluster, &limits, &(struct cluster_verdict){ 0 });
	CHECK_INT("none is left", cluster.n, 0);
	cluster_free(&cluster);
}

/* Prices of a cluster in order; is it monotone? */
static bool
monotone(enum side side, const int64_t *price, size_t n)
{
	struct cluster cluster = { 0 };
	struct print p = { 0, "CBOE", 1, 0, 0 };
	bool result;

	open_at_table(&cluster, side);
	for (size_t i = 0; i < n; i++) {
		p.price_e4 = price[i];
		join(&cluster, &p);
	}
	result = cluster.monotone;
	cluster_free(&cluster);
	return result;
}

static void
test_monotone(void)
{
	CHECK("one tick back", monotone(SIDE_BUY,
	    (int64_t[]){ 21200, 21100 }, 2));
	CHECK("more than one tick back", !monotone(SIDE_BUY,
	    (int64_t[]){ 21200, 21099 }, 2));
	CHECK("against the highest, not the last", !monotone(SIDE_BUY,
	    (int64_t[]){ 21200, 21100, 21050 }, 3));
	CHECK("a nickel from 3.00", monotone(SIDE_BUY,
	    (int64_t[]){ 31000, 30500 }, 2));
	CHECK("more than a nickel", !monotone(SIDE_BUY,
	    (int64_t[]){ 31000, 30499 }, 2));
	CHECK("3.00 itself", monotone(SIDE_BUY,
	    (int64_t[]){ 30000, 29500 }, 2));
	CHECK("2.99", !monotone(SIDE_BUY,
	    (int64_t[]){ 29900, 29700 }, 2));
	CHECK("sold, one tick back", monotone(SIDE_SELL,
	    (int64_t[]){ 20500, 20600 }, 2));
	CHECK("sold, more", !monotone(SIDE_SELL,
	    (int64_t[]){ 20500, 20601 }, 2));
	CHECK("sold, a nickel", monotone(SIDE_SELL,
	    (int64_t[]){ 30500, 31000 }, 2));
	CHECK("rising is buying", monotone(SIDE_BUY,
	    (int64_t[]){ 20000, 29000, 35000 }, 3));
	CHECK("falling is selling", monotone(SIDE_SELL,
	    (int64_t[]){ 35000, 29000, 20000 }, 3));
}

static void
test_sold(void)
{
	static const struct print p[] = {
		{ 0, "CBOE", 10, 20800, COND_ISO },
		{ 2, "ISE", 20, 20500, COND_ISO },
	};
	struct cluster cluster = { 0 };
	struct cluster_verdict v;

	open_at_table(&cluster, SIDE_SELL);
	join(&cluster, &p[0]);
	join(&cluster, &p[1]);
	cluster_judge(&cluster, &limits, &v);
	CHECK_INT("worst sold is the lowest", v.worst_e4, 20500);
	CHECK_INT("VWAP (20.8 + 41) / 30", v.vwap_e6, 2060000);
	cluster_free(&cluster);
}

/* The market moves because of the sweep: the anchor decides. */
static void
test_anchor(void)
{
	struct trade_quote nbbo = { 20800, 21000, 10, 10, TRADE_NONE };
	struct trade_quote ex = { 20800, 21200, 10, 10, TRADE_NONE };
	struct cluster cluster = { 0 };
	struct quote_view view, ex_view;

	open_at_table(&cluster, SIDE_BUY);
	CHECK_INT("above the anchor's mid", cluster_anchor_side(&cluster,
	    20901), SIDE_BUY);
	CHECK_INT("below it", cluster_anchor_side(&cluster, 20899),
	    SIDE_SELL);
	CHECK_INT("at it", cluster_anchor_side(&cluster, 20900),
	    SIDE_UNKNOWN);
	quote_look(&view, &nbbo, 0, 60000, TRADE_NONE);
	quote_look(&ex_view, &ex, 0, 60000, TRADE_NONE);
	cluster_open(&cluster, SIDE_SELL, 0, &view, &ex_view);
	CHECK_INT("then the exchange's quote", cluster_anchor_side(&cluster,
	    20900), SIDE_SELL);
	cluster_free(&cluster);
}

int
main(void)
{
	test_iso();
	test_burst();
	test_iso_small();
	test_split();
	test_cancelled();
	test_monotone();
	test_sold();
	test_anchor();
	return check_end();
}
