/*
 * Paper positions: levels, what ends them, what comes of them.  EX-8.1 to
 * EX-8.9 are domain.md's; other numbers are worked out beside them.
 */
#include "paper/position.h"
#include "check.h"

#define USD(x) ((int64_t)((x) * 1000000 + ((x) < 0 ? -0.5 : 0.5)))

enum { MIN = 60000 };

static const struct position_plan scalp = { .take_pct = 20000,
	.stop_pct = 10000, .units = 1, .eod_ts = POSITION_NEVER,
	.expiry_ts = POSITION_NEVER };

/* EX-8.1's position, opened at time 0 with 30 minutes to go. */
static struct position
opened(const struct position_plan *plan, double price)
{
	struct position p;

	position_open(&p, plan, 0, USD(price), USD(price), 30 * MIN);
	return p;
}

static void
test_levels(void)
{
	struct position_plan plan = scalp;
	struct position p = opened(&scalp, 243.40);

	CHECK_INT("EX-8.1 TP", p.take_e6, USD(248.268));
	CHECK_INT("EX-8.1 SL", p.stop_e6, USD(240.966));
	plan = (struct position_plan){ .is_short = true, .take_pct = 40000,
	    .stop_pct = 20000, .units = 1 };
	p = opened(&plan, 138.20);
	CHECK_INT("EX-8.2 TP", p.take_e6, USD(132.672));
	CHECK_INT("EX-8.2 SL", p.stop_e6, USD(140.964));
	plan = (struct position_plan){ .take_pct = 100000,
	    .stop_pct = 50000, .units = 1 };
	p = opened(&plan, 384.20);
	CHECK_INT("EX-8.3 TP", p.take_e6, USD(422.62));
	CHECK_INT("EX-8.3 SL", p.stop_e6, USD(364.99));
}

static void
test_bar(void)
{
	const struct position_bar both = { MIN, 2 * MIN, USD(243.5),
	    USD(248.5), USD(240.5), USD(244) };
	struct position_bar bar = both;
	struct position p = opened(&scalp, 243.40);

	CHECK("EX-8.4 a bar reaches both", position_bar(&p, &both));
	CHECK_INT("EX-8.4 SL first", p.reason, POSITION_SL);
	CHECK_INT("EX-8.4 at the level", p.exit_e6, USD(240.966));
	CHECK_INT("EX-8.4 at the bar's end", p.exit_ts, 2 * MIN);
	CHECK_INT("EX-8.4 -1 %", position_result(&p).return_e6, -1000000);
	CHECK_INT("EX-8.4 -1 R", position_result(&p).r_e6, -1000000);
	/* the open was 0.1 / 243.4 above; the high may have come later */
	CHECK_INT("EX-8.4 the high is not counted",
	    position_result(&p).mfe_e6, 41085);

	p = opened(&scalp, 243.40);
	bar.low_e6 = USD(243);
	CHECK("the high alone", position_bar(&p, &bar));
	CHECK_INT("TP", p.reason, POSITION_TP);
	CHECK_INT("at the level", p.exit_e6, USD(248.268));

	/* opened at 249: beyond the target, filled at the target */
	p = opened(&scalp, 243.40);
	bar.open_e6 = bar.high_e6 = USD(249);
	CHECK("a jump up", position_bar(&p, &bar));
	CHECK_INT("TP at the level only", p.exit_e6, USD(248.268));
	CHECK_INT("at the open", p.exit_ts, MIN);

	p = opened(&scalp, 243.40);
	bar = both;
	bar.open_e6 = bar.low_e6 = USD(239);
	CHECK("a jump down at the open", position_bar(&p, &bar));
	CHECK_INT("fills there", p.exit_e6, USD(239));

	/* the bar it was opened in: only its close is surely later */
	position_open(&p, &scalp, MIN + 1, USD(243.40), USD(243.40), 30 * MIN);
	CHECK("not the bar it was opened in", !position_bar(&p, &both));
	CHECK_INT("but its close", p.last_e6, USD(244));
	CHECK_INT("best is the close", p.best_e6, USD(244));

	/* ticks came within the bar: its open is the past */
	p = opened(&scalp, 243.40);
	CHECK("tick", !position_price(&p, MIN + 5, USD(243.6)));
	bar = both;
	bar.open_e6 = bar.low_e6 = USD(240.99);
	bar.high_e6 = USD(244);
	CHECK("no open after ticks", !position_bar(&p, &bar));
	CHECK_INT("the low counts", p.worst_e6, USD(240.99));

	/* short: the high is the danger */
	{
		struct position_plan plan = scalp;

		plan.is_short = true;	/* stop 245.834, target 238.532 */
		p = opened(&plan, 243.40);
		CHECK("short: both", position_bar(&p, &both));
		CHECK_INT("short: SL", p.exit_e6, USD(245.834));
	}
}

static void
test_price(void)
{
	struct position p = opened(&scalp, 243.40);

	CHECK("EX-8.5 a jump", position_price(&p, MIN, USD(239)));
	CHECK_INT("EX-8.5 SL", p.reason, POSITION_SL);
	CHECK_INT("EX-8.5 where it is", p.exit_e6, USD(239));
	CHECK_INT("EX-8.5 %", position_result(&p).return_e6, -1807724);
	CHECK_INT("EX-8.5 R", position_result(&p).r_e6, -1807724);
	CHECK_INT("EX-8.5 at worst", position_result(&p).mae_e6, -1807724);

	p = opened(&scalp, 243.40);
	CHECK("before", !position_price(&p, 30 * MIN - 1, USD(245)));
	CHECK("EX-8.6 in time", position_price(&p, 30 * MIN, USD(244.13)));
	CHECK_INT("EX-8.6 TIMEOUT", p.reason, POSITION_TIMEOUT);
	CHECK_INT("EX-8.6 %", position_result(&p).return_e6, 299918);
	CHECK_INT("EX-8.6 R", position_result(&p).r_e6, 299918);
	/* 1.6 / 243.4 */
	CHECK_INT("at best", position_result(&p).mfe_e6, 657354);

	p = opened(&scalp, 243.40);
	CHECK("one 1/1,000,000 above the stop",
	    !position_price(&p, 1, USD(240.966001)));
	CHECK("at the stop", position_price(&p, 1, USD(240.966)));
	p = opened(&scalp, 243.40);
	CHECK("at the target", position_price(&p, 1, USD(248.268)));
	CHECK_INT("TP", p.reason, POSITION_TP);
}

/* One instant: SL, TP, TIMEOUT, EOD, EXPIRY. */
static void
test_order(void)
{
	struct position_plan plan = scalp;
	struct position p;

	plan.eod_ts = plan.expiry_ts = 30 * MIN;
	p = opened(&plan, 100);
	position_price(&p, 30 * MIN, USD(99));
	CHECK_INT("SL before all", p.reason, POSITION_SL);
	p = opened(&plan, 100);
	position_price(&p, 30 * MIN, USD(102));
	CHECK_INT("TP before the ends by time", p.reason, POSITION_TP);
	p = opened(&plan, 100);
	position_price(&p, 30 * MIN, USD(100));
	CHECK_INT("TIMEOUT before EOD", p.reason, POSITION_TIMEOUT);
	p = opened(&plan, 100);
	p.timeout_ts = POSITION_NEVER;
	position_price(&p, 30 * MIN, USD(100));
	CHECK_INT("EOD before EXPIRY", p.reason, POSITION_EOD);
	p = opened(&plan, 100);
	p.timeout_ts = p.plan.eod_ts = POSITION_NEVER;
	position_price(&p, 30 * MIN, USD(100));
	CHECK_INT("EXPIRY", p.reason, POSITION_EXPIRY);
	p = opened(&plan, 100);
	position_price(&p, 5, USD(101));
	position_end(&p, POSITION_CANCELLED);
	CHECK_INT("CANCELLED at the newest price", p.exit_e6, USD(101));
	CHECK_INT("and its time", p.exit_ts, 5);
}

static void
test_options(void)
{
	static const struct {
		const char *name;
		int64_t n;
		double in, out;
		int64_t pnl, pct;
	} rows[] = {
		{ "EX-8.7", 1, 1.85, 1.95, 8700000, 4702703 },
		{ "EX-8.8", 10, 2.40, 2.10, -313000000, -13041667 },
		{ "EX-8.9", 2, 9.40, 11.75, 467400000, 24861702 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		/* 0.65 a contract, in and out; levels out of reach */
		struct position_plan plan = { .take_pct = 900000,
		    .stop_pct = 900000, .units = 100 * rows[i].n,
		    .fees_e6 = 1300000 * rows[i].n,
		    .eod_ts = POSITION_NEVER, .expiry_ts = POSITION_NEVER };
		struct position p = opened(&plan, rows[i].in);

		position_price(&p, 30 * MIN, USD(rows[i].out));
		CHECK_INT(rows[i].name, position_result(&p).pnl_e6,
		    rows[i].pnl);
		CHECK_INT(rows[i].name, position_result(&p).return_e6,
		    rows[i].pct);
	}
}

int
main(void)
{
	test_levels();
	test_bar();
	test_price();
	test_order();
	test_options();
	return check_end();
}
