/* classify/side: sides, confidence, sentiment, aggressiveness; domain.md
 * 3.5 to 3.7. */
#include "classify/side.h"

#include "check.h"

static const struct side_rules std = { .tsize_max = 99 };

enum { TSIZE_MAX = 99 };

static struct quote_view
view(int64_t bid_e4, int64_t ask_e4, int64_t bid_size, int64_t ask_size)
{
	struct trade_quote quote = { bid_e4, ask_e4, bid_size, ask_size, 999 };
	struct quote_view v;

	quote_look(&v, &quote, 1000, 60000, TRADE_NONE);
	return v;
}

static struct quote_view
no_quote(void)
{
	return view(TRADE_NONE, TRADE_NONE, TRADE_NONE, TRADE_NONE);
}

/*
 * Above the worked examples of 3.5: NBBO 2.00 x 2.10 with 50 x 30, exchange
 * 2.00 x 2.10 with 20 x 30, last different price 2.05, AUTO.
 */
static struct side_print
standard(int64_t size, int64_t price_e4)
{
	return (struct side_print){
		.price_e4 = price_e4,
		.size = size,
		.nbbo = view(20000, 21000, 50, 30),
		.ex = view(20000, 21000, 20, 30),
		.tick_e4 = 20500,
		.next_e4 = TRADE_NONE,
		.eligible = true,
		.right = TRADE_CALL,
	};
}

static struct side_verdict
decide(enum side_rule rule, const struct side_print *print)
{
	struct side_verdict v;

	side_decide(&(struct side_rules){ .rule = rule,
	    .tsize_max = TSIZE_MAX }, print, &v);
	return v;
}

static void
want(const char *name, enum side_rule rule, const struct side_print *print,
    const char *side, const char *method, const char *aggressor)
{
	struct side_verdict v = decide(rule, print);

	CHECK_STR(name, side_name(v.side), side);
	CHECK_STR(name, side_method_name(v.method), method);
	CHECK_STR(name, side_name(v.aggressor), aggressor);
}

static void
test_stack(void)
{
	struct side_print p = standard(7, 21000);

	want("EX-3.11", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO", "BUY");
	p = standard(30, 21000);
	want("EX-3.12", SIDE_RULE_GSU, &p, "SELL", "TSIZE_EX", "BUY");
	p = standard(20, 20000);
	want("EX-3.13", SIDE_RULE_GSU, &p, "BUY", "TSIZE_EX", "SELL");
	p = standard(30, 21000);
	p.flags = COND_ISO;
	want("EX-3.14", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO", "BUY");
	p = standard(7, 20500);
	p.ex = view(20000, 22000, 20, 30);
	want("EX-3.15", SIDE_RULE_GSU, &p, "SELL", "QUOTE_EX", "SELL");
	p = standard(7, 20500);
	p.ex = no_quote();
	want("EX-3.16", SIDE_RULE_GSU, &p, "SELL", "DEPTH_NBBO", "SELL");
	p = standard(7, 20500);
	p.nbbo = view(20000, 21000, 40, 40);
	p.ex = view(20000, 21000, 10, 25);
	want("EX-3.17", SIDE_RULE_GSU, &p, "BUY", "DEPTH_EX", "BUY");
	p.ex = no_quote();
	p.tick_e4 = 20400;
	want("EX-3.18", SIDE_RULE_GSU, &p, "BUY", "TICK_ALL", "BUY");
	p.tick_e4 = TRADE_NONE;
	want("EX-3.19", SIDE_RULE_GSU, &p, "UNKNOWN", "NONE", "UNKNOWN");
	p = standard(7, 21000);
	p.nbbo = view(21500, 21000, 50, 30);
	p.ex = no_quote();
	p.tick_e4 = 21200;
	want("EX-3.20", SIDE_RULE_GSU, &p, "SELL", "TICK_ALL", "SELL");
	p = standard(500, 21200);
	want("EX-3.21", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO", "BUY");
	p = standard(10, 500);
	p.nbbo = view(0, 500, 50, 30);
	p.ex = view(0, 500, 20, 30);
	want("EX-3.22", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO", "BUY");
}

/*
 * 3.5, rtick_all: the next different price below the print's is a buy, above it
 * a sell.  At both midpoints with equal sizes nothing before it decides.
 */
static void
test_lookahead(void)
{
	static const struct {
		const char *name;
		enum side_rule rule;
		int64_t next_e4, tick_e4;
		const char *side, *method;
	} rows[] = {
		{ "lower", SIDE_RULE_GSU, 20400, 20600, "BUY", "RTICK_ALL" },
		{ "higher", SIDE_RULE_GSU, 20600, 20400, "SELL", "RTICK_ALL" },
		{ "none, tick", SIDE_RULE_GSU, TRADE_NONE, 20400, "BUY",
		    "TICK_ALL" },
		{ "raw", SIDE_RULE_GSU_RAW, 20600, 20400, "SELL", "RTICK_ALL" },
		{ "raw has no tick", SIDE_RULE_GSU_RAW, TRADE_NONE, 20400,
		    "UNKNOWN", "NONE" },
		{ "lr has no rtick", SIDE_RULE_LR, 20600, 20400, "BUY",
		    "TICK_ALL" },
	};
	struct side_verdict v;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct side_rules rules = { .rule = rows[i].rule,
		    .tsize_max = TSIZE_MAX, .lookahead = true };
		struct side_print p = standard(7, 20500);

		p.nbbo = p.ex = view(20000, 21000, 40, 40);
		p.next_e4 = rows[i].next_e4;
		p.tick_e4 = rows[i].tick_e4;
		side_decide(&rules, &p, &v);
		CHECK_STR(rows[i].name, side_name(v.side), rows[i].side);
		CHECK_STR(rows[i].name, side_method_name(v.method),
		    rows[i].method);
		CHECK_INT(rows[i].name, side_needs_next(&rules, &p),
		    rows[i].rule != SIDE_RULE_LR);
		rules.lookahead = false;
		CHECK_INT(rows[i].name, side_needs_next(&rules, &p), 0);
		p.nbbo = view(20000, 21100, 40, 40);	/* off its midpoint */
		rules.lookahead = true;
		CHECK_INT(rows[i].name, side_needs_next(&rules, &p), 0);
	}
}

/* A rule of its own: quote, else tick. */
static void
test_rules(void)
{
	struct side_print p = standard(7, 20800);

	p.tick_e4 = 21000;
	want("EX-3.23", SIDE_RULE_EMO, &p, "SELL", "TICK_ALL", "SELL");
	want("EX-3.24", SIDE_RULE_CLNV, &p, "BUY", "QUOTE_NBBO", "BUY");
	want("tick", SIDE_RULE_TICK, &p, "SELL", "TICK_ALL", "SELL");
	want("quote", SIDE_RULE_QUOTE, &p, "BUY", "QUOTE_NBBO", "BUY");
	p = standard(7, 20500);
	p.tick_e4 = 20600;
	want("EX-3.25", SIDE_RULE_LR, &p, "SELL", "TICK_ALL", "SELL");
	want("quote stops at the midpoint", SIDE_RULE_QUOTE, &p, "UNKNOWN",
	    "NONE", "UNKNOWN");
	p = standard(7, 21000);
	p.tick_e4 = 21100;
	want("emo at the ask", SIDE_RULE_EMO, &p, "BUY", "QUOTE_NBBO", "BUY");
	want("lr off the midpoint", SIDE_RULE_LR, &p, "BUY", "QUOTE_NBBO",
	    "BUY");
	p = standard(7, 20000);
	p.tick_e4 = 19900;
	want("emo at the bid", SIDE_RULE_EMO, &p, "SELL", "QUOTE_NBBO",
	    "SELL");
	p = standard(7, 20300);
	want("clnv 0.3", SIDE_RULE_CLNV, &p, "SELL", "QUOTE_NBBO", "SELL");
	p.price_e4 = 20700;
	p.tick_e4 = 21000;
	want("clnv 0.7", SIDE_RULE_CLNV, &p, "BUY", "QUOTE_NBBO", "BUY");
	p.price_e4 = 20690;
	want("clnv 0.69", SIDE_RULE_CLNV, &p, "SELL", "TICK_ALL", "SELL");
	p.price_e4 = 21100;
	p.tick_e4 = 21200;
	want("clnv above the ask", SIDE_RULE_CLNV, &p, "SELL", "TICK_ALL",
	    "SELL");
	want("emo above the ask", SIDE_RULE_EMO, &p, "SELL", "TICK_ALL",
	    "SELL");
	p = standard(7, 20000);
	p.nbbo = view(20000, 20000, 5, 5);
	p.tick_e4 = 19900;
	want("emo locked: at the ask but also the bid", SIDE_RULE_EMO, &p,
	    "BUY", "TICK_ALL", "BUY");
	p = standard(30, 21000);
	want("no size rule in lr", SIDE_RULE_LR, &p, "BUY", "QUOTE_NBBO",
	    "BUY");
}

/* The size rule's guards (3.5), and that gsu-raw drops them. */
static void
test_tsize(void)
{
	static const struct {
		const char *name;
		uint32_t flags;
	} flags[] = {
		{ "iso", COND_ISO }, { "auction", COND_AUCTION },
		{ "cross", COND_CROSS }, { "floor", COND_FLOOR },
		{ "multileg", COND_MULTILEG },
	};
	struct side_print p;

	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		p = standard(30, 21000);
		p.flags = flags[i].flags;
		want(flags[i].name, SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO",
		    "BUY");
		want("raw", SIDE_RULE_GSU_RAW, &p, "SELL", "TSIZE_EX", "BUY");
	}
	p = standard(99, 21000);
	p.ex = view(20000, 21000, 20, 99);
	want("99", SIDE_RULE_GSU, &p, "SELL", "TSIZE_EX", "BUY");
	p = standard(100, 21000);
	p.ex = view(20000, 21000, 20, 100);
	want("100 is too large", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO",
	    "BUY");
	want("raw 100", SIDE_RULE_GSU_RAW, &p, "SELL", "TSIZE_EX", "BUY");
	p = standard(30, 21100);
	want("above the exchange's ask", SIDE_RULE_GSU, &p, "BUY",
	    "QUOTE_NBBO", "BUY");
	p = standard(20, 19900);
	want("below the exchange's bid", SIDE_RULE_GSU, &p, "SELL",
	    "QUOTE_NBBO", "SELL");
	p = standard(30, 21000);
	p.ex = view(20000, 21000, 30, 30);
	want("equal sizes", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO", "BUY");
	p = standard(30, 21000);
	p.ex = view(0, 21000, 20, 30);
	want("zero bid: tsize no", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO",
	    "BUY");
	p = standard(30, 21000);
	p.ex = view(21000, 21000, 20, 30);
	want("locked: tsize no", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO",
	    "BUY");
	p = standard(30, 21000);
	p.ex = view(0, 21000, 20, 30);
	want("zero bid, raw", SIDE_RULE_GSU_RAW, &p, "SELL", "TSIZE_EX",
	    "BUY");
	p.ex = view(21500, 21000, 20, 30);
	want("crossed, raw", SIDE_RULE_GSU_RAW, &p, "SELL", "TSIZE_EX", "BUY");
	p.ex = view(TRADE_NONE, 21000, 20, 30);
	want("one side, raw", SIDE_RULE_GSU_RAW, &p, "SELL", "TSIZE_EX",
	    "BUY");
	p.ex = view(20000, 21000, 20, 30);
	p.ex.status = QUOTE_STALE;
	want("stale, raw", SIDE_RULE_GSU_RAW, &p, "BUY", "QUOTE_NBBO", "BUY");
	p = standard(30, 20500);
	want("inside the exchange's quote too", SIDE_RULE_GSU, &p, "SELL",
	    "TSIZE_EX", "SELL");
}

static void
test_corners(void)
{
	struct side_print p = standard(7, 21000);

	p.eligible = false;
	want("conditions give no side", SIDE_RULE_GSU, &p, "UNKNOWN", "NONE",
	    "UNKNOWN");
	CHECK_INT("0.50", decide(SIDE_RULE_GSU, &p).confidence_e6, 500000);
	p = standard(7, 15200);
	p.nbbo = view(15000, 15000, 50, 30);
	p.ex = no_quote();
	want("locked, above", SIDE_RULE_GSU, &p, "BUY", "QUOTE_NBBO", "BUY");
	p.price_e4 = 15000;
	want("locked, at: depth by sizes", SIDE_RULE_GSU, &p, "SELL",
	    "DEPTH_NBBO", "SELL");
	p.nbbo = view(0, 1000, 10, 40);
	p.price_e4 = 500;
	want("zero bid, mid: depth yes", SIDE_RULE_GSU, &p, "BUY",
	    "DEPTH_NBBO", "BUY");
	p = standard(7, 21200);
	p.nbbo = view(21500, 21000, 50, 30);
	want("crossed, the exchange decides", SIDE_RULE_GSU, &p, "BUY",
	    "QUOTE_EX", "BUY");
	p = standard(7, 20500);
	p.nbbo = view(20000, 21000, 40, 40);
	p.ex = no_quote();
	p.tick_e4 = 20500;
	want("tick equal to the price", SIDE_RULE_GSU, &p, "UNKNOWN", "NONE",
	    "UNKNOWN");
	p.nbbo = view(20000, 21000, TRADE_NONE, TRADE_NONE);
	p.tick_e4 = 20400;
	want("no sizes, no depth", SIDE_RULE_GSU, &p, "BUY", "TICK_ALL",
	    "BUY");
}

static void
test_provisional(void)
{
	struct side_print p = standard(30, 21000);

	CHECK_INT("never by size", side_provisional(&p), SIDE_BUY);
	p = standard(7, 20500);
	CHECK_INT("never by depth or tick", side_provisional(&p),
	    SIDE_UNKNOWN);
	p.ex = view(20000, 22000, 20, 30);
	CHECK_INT("then the exchange's quote", side_provisional(&p),
	    SIDE_SELL);
}

static int64_t
confidence(const struct side_print *p)
{
	return decide(SIDE_RULE_GSU, p).confidence_e6;
}

static void
test_confidence(void)
{
	struct side_print p = standard(7, 21000), q;
	struct side_verdict v;

	CHECK_INT("EX-3.27", confidence(&p), 750000);
	q = p;
	q.is_index = true;
	CHECK_INT("EX-3.27 index", confidence(&q), 625000);
	p.ex = no_quote();
	CHECK_INT("EX-3.26", confidence(&p), 500000);
	p = standard(30, 21000);
	CHECK_INT("EX-3.28", confidence(&p), 800000);
	p = standard(20, 21000);
	p.flags = COND_AUCTION;
	CHECK_INT("EX-3.29", confidence(&p), 644000);
	p.is_index = true;		/* 0.18 x 0.5 x 0.8 = 0.072 */
	CHECK_INT("index auction", confidence(&p), 572000);
	p = standard(11, 21000);
	CHECK_INT("size 11", confidence(&p), 750000);
	p = standard(12, 21000);
	CHECK_INT("size 12", confidence(&p), 680000);
	p.ex = no_quote();
	CHECK_INT("size 12, NBBO only", confidence(&p), 650000);
	p = standard(7, 20800);
	CHECK_INT("inside", confidence(&p), 650000);
	p.ex = no_quote();
	CHECK_INT("inside, NBBO only", confidence(&p), 630000);
	p = standard(7, 20500);
	CHECK_INT("depth", confidence(&p), 660000);
	p.ex = no_quote();
	CHECK_INT("depth, NBBO only", confidence(&p), 550000);
	p = standard(7, 21200);
	CHECK_INT("outside", confidence(&p), 680000);
	p.ex = no_quote();
	CHECK_INT("outside, NBBO only", confidence(&p), 700000);
	p = standard(7, 20500);
	p.nbbo = p.ex = view(20000, 21000, 40, 40);
	p.tick_e4 = 20400;
	CHECK_INT("tick", confidence(&p), 530000);
	p.ex = no_quote();
	CHECK_INT("tick, NBBO only", confidence(&p), 520000);
	p.tick_e4 = TRADE_NONE;
	CHECK_INT("unknown", confidence(&p), 500000);
	/* "at the quotes" is of the quote that decided */
	p = standard(12, 20500);
	p.ex = view(20000, 20500, 20, 30);
	CHECK_INT("at the exchange's ask, mid of the NBBO", confidence(&p),
	    680000);
	p = standard(7, 21000);
	side_sweep(SIDE_BUY, &p, &v);
	CHECK_INT("sweep member", v.confidence_e6, 800000);
	CHECK_STR("sweep member", side_method_name(v.method),
	    "SWEEP_ANCHOR");
	CHECK_INT("sweep member aggressor", v.aggressor, SIDE_BUY);
	p.ex = no_quote();
	p.is_index = true;
	side_sweep(SIDE_SELL, &p, &v);
	CHECK_INT("sweep member, index", v.confidence_e6, 650000);
	CHECK_INT("sweep member, sold", v.side, SIDE_SELL);
}

static void
sentiment(const char *name, const struct side_print *print, const char *want,
    int64_t weight_e6)
{
	struct side_verdict v = decide(SIDE_RULE_GSU, print);
	enum side_sentiment s = side_sentiment(&std, print, v.side);

	CHECK_STR(name, side_sentiment_name(s), want);
	CHECK_INT(name, side_weight_e6(&v, s), weight_e6);
}

/* The column "seed" of 3.6: prices outside the NBBO alone. */
static void
sentiment_seed(const char *name, const struct side_print *print,
    const char *want)
{
	const struct side_rules seed = { .rule = SIDE_RULE_SEED,
	    .sentiment = SIDE_SENTIMENT_OUTSIDE };
	struct side_verdict v;

	side_decide(&seed, print, &v);
	CHECK_STR(name, side_sentiment_name(side_sentiment(&seed, print,
	    v.side)), want);
}

static void
test_sentiment(void)
{
	static const uint32_t neutral[] = { COND_MULTILEG, COND_STOCK_TIED,
	    COND_CROSS, COND_LATE, COND_OUT_OF_SEQUENCE, COND_COMPRESSION };
	struct side_print p = standard(7, 21000);

	sentiment("EX-3.30", &p, "BULLISH", 500000);
	sentiment_seed("EX-3.30 seed", &p, "NEUTRAL");
	p.right = TRADE_PUT;
	sentiment("put bought", &p, "BEARISH", 500000);
	p = standard(500, 21200);
	p.right = TRADE_PUT;
	sentiment("EX-3.31", &p, "BEARISH", 360000);
	sentiment_seed("EX-3.31 seed", &p, "BEARISH");
	p = standard(30, 21000);
	sentiment("EX-3.32", &p, "BEARISH", 600000);
	sentiment_seed("EX-3.32 seed", &p, "NEUTRAL");
	p = standard(10, 19800);
	p.right = TRADE_PUT;
	sentiment("EX-3.33", &p, "BULLISH", 360000);
	sentiment_seed("EX-3.33 seed", &p, "BULLISH");
	p = standard(10, 19900);
	p.flags = COND_MULTILEG;
	p.eligible = false;
	sentiment("EX-3.34", &p, "NEUTRAL", 0);
	sentiment_seed("EX-3.34 seed", &p, "BEARISH");
	p = standard(7, 21000);
	p.ex = no_quote();
	sentiment("EX-3.26 weighs nothing", &p, "BULLISH", 0);
	p.is_neutral = true;
	sentiment("adjusted or cancelled", &p, "NEUTRAL", 0);
	p = standard(7, 21000);
	p.right = TRADE_NO_RIGHT;
	sentiment("no option", &p, "NEUTRAL", 0);
	for (size_t i = 0; i < sizeof(neutral) / sizeof(*neutral); i++) {
		p = standard(7, 21000);
		p.flags = neutral[i];
		CHECK_STR("flags", side_sentiment_name(side_sentiment(&std, &p,
		    SIDE_BUY)), "NEUTRAL");
	}
}

static void
aggressiveness(const char *name, const struct side_print *print,
    const char *want)
{
	struct side_verdict v = decide(SIDE_RULE_GSU, print);

	CHECK_STR(name, side_aggressiveness_name(side_aggressiveness(&std,
	    print, &v)), want);
}

/* The column "seed" of 3.7: through the quote by a tenth of the spread. */
static void
aggressiveness_seed(const char *name, const struct side_print *print,
    const char *want)
{
	const struct side_rules seed = { .rule = SIDE_RULE_SEED,
	    .aggressiveness = SIDE_AGGRESSIVENESS_SEED };
	struct side_verdict v;

	side_decide(&seed, print, &v);
	CHECK_STR(name, side_aggressiveness_name(side_aggressiveness(&seed,
	    print, &v)), want);
}

static void
test_aggressiveness(void)
{
	static const struct {
		const char *name;
		int64_t price_e4;
		const char *want, *seed;
	} rows[] = {
		{ "EX-3.35", 21000, "AGGRESSIVE", "PASSIVE" },
		{ "EX-3.36", 21050, "AGGRESSIVE", "PASSIVE" },
		{ "EX-3.37", 21200, "AGGRESSIVE", "AGGRESSIVE" },
		{ "EX-3.38", 20800, "NORMAL", "NORMAL" },
		{ "EX-3.39", 20500, "PASSIVE", "NORMAL" },
		{ "EX-3.40", 19900, "AGGRESSIVE", "PASSIVE" },
		{ "at the bid", 20000, "AGGRESSIVE", "PASSIVE" },
		{ "e 0.4", 20700, "NORMAL", "NORMAL" },
		{ "e 0.398", 20699, "PASSIVE", "NORMAL" },
	};
	struct side_print p;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		p = standard(7, rows[i].price_e4);
		aggressiveness(rows[i].name, &p, rows[i].want);
		aggressiveness_seed(rows[i].name, &p, rows[i].seed);
	}
	p = standard(30, 21000);
	aggressiveness("EX-3.41", &p, "PASSIVE");
	aggressiveness_seed("EX-3.41 seed", &p, "PASSIVE");
	p = standard(250, 455000);
	p.nbbo = p.ex = view(448000, 452000, 10, 10);
	aggressiveness("EX-3.42", &p, "AGGRESSIVE");
	aggressiveness_seed("EX-3.42 seed", &p, "AGGRESSIVE");
	p = standard(500, 21200);
	p.flags = COND_MULTILEG;
	p.eligible = false;
	aggressiveness("EX-3.5", &p, "NORMAL");
	p.flags = COND_CROSS;
	aggressiveness("cross", &p, "NORMAL");
	p = standard(7, 20500);
	p.flags = COND_AUCTION;
	aggressiveness("auction inside", &p, "NORMAL");
	p = standard(7, 21000);
	p.flags = COND_AUCTION;
	aggressiveness("auction at the ask", &p, "AGGRESSIVE");
	p = standard(7, 21000);
	p.nbbo = view(21500, 21000, 50, 30);
	aggressiveness("no usable quote", &p, "NORMAL");
	p = standard(7, 15200);
	p.nbbo = view(15000, 15000, 50, 30);
	aggressiveness("locked, above", &p, "AGGRESSIVE");
	p.price_e4 = 15000;
	aggressiveness("locked, at", &p, "PASSIVE");
	/* at the ask, but nobody knows who */
	p = standard(7, 21000);
	p.eligible = false;
	aggressiveness("side unknown", &p, "NORMAL");
	p.price_e4 = 20500;
	aggressiveness("side unknown, mid", &p, "PASSIVE");
}

int
main(void)
{
	test_stack();
	test_lookahead();
	test_rules();
	test_tsize();
	test_corners();
	test_provisional();
	test_confidence();
	test_sentiment();
	test_aggressiveness();
	return check_end();
}
