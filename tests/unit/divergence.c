/* report/divergence: the worked numbers of domain.md 6.3. */
#include "report/divergence.h"

#include <math.h>

#include "check.h"

/* The sigma of sessions, from that of one in 10^-9. */
static int64_t
sigma(int64_t day_e9, int sessions)
{
	/* Returns of +x and -x have the sample deviation x * sqrt(2). */
	const double x = (double)day_e9 / 1e9 / sqrt(2);
	const int64_t base = INT64_C(1000000000000000);
	const int64_t closes[3] = { base, (int64_t)((double)base * exp(x)),
	    base };

	return divergence_sigma(closes, 3, sessions);
}

static void
test_sign(void)
{
	static const struct {
		const char *name;
		int64_t flow_e6, from_e4, to_e4, day_e9;
		int64_t return_e6, sigma_e6;	/* -1: not given */
		enum divergence kind;
		int64_t score_e2;		/* -1: not given */
	} rows[] = {
		{ "EX-6.7", -360000, 600000, 618000, 12500000, 29559, 27951,
		    DIVERGENCE_BEARISH, 3807 },
		{ "EX-6.8", 420000, 1010000, 985000, 11000000, -25064, 24597,
		    DIVERGENCE_BULLISH, 4280 },
		/* ln(0.98807171) = -0.012 */
		{ "EX-6.9", 250000, 1000000000, 988071710, 15000000, -12000,
		    33541, DIVERGENCE_NONE, -1 },
		/* ln(0.97044553) = -0.03 */
		{ "EX-6.10", 150000, 1000000000, 970445534, 12500000, -30000,
		    27951, DIVERGENCE_NONE, -1 },
		/* ln(1.06183655) = 0.06 */
		{ "EX-6.11", -450000, 1000000000, 1061836547, 12500000, 60000,
		    27951, DIVERGENCE_BEARISH, 9000 },
		/* EX-6.7 with the other sign of flow */
		{ "same signs", 360000, 600000, 618000, 12500000, 29559,
		    27951, DIVERGENCE_CONFIRMATION, 3807 },
		{ "0.2 is enough", -200000, 600000, 618000, 12500000, 29559,
		    27951, DIVERGENCE_BEARISH, -1 },
		{ "0.199999 is not", -199999, 600000, 618000, 12500000, 29559,
		    27951, DIVERGENCE_NONE, -1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t score, move, wide;

		move = divergence_return(rows[i].from_e4, rows[i].to_e4);
		wide = sigma(rows[i].day_e9, 5);
		CHECK_INT(rows[i].name, move, rows[i].return_e6);
		CHECK_INT(rows[i].name, wide, rows[i].sigma_e6);
		CHECK_INT(rows[i].name, divergence_sign(rows[i].flow_e6, move,
		    wide, &score), rows[i].kind);
		if (rows[i].score_e2 >= 0)
			CHECK_INT(rows[i].name, score, rows[i].score_e2);
	}
}

/* Exactly half of sigma counts, a millionth less does not. */
static void
test_sign_edges(void)
{
	int64_t score;

	CHECK_INT("half of sigma", divergence_sign(-300000, 10000, 20000,
	    &score), DIVERGENCE_BEARISH);
	CHECK_INT("below half", divergence_sign(-300000, 9999, 20000, &score),
	    DIVERGENCE_NONE);
	CHECK_INT("no sigma", divergence_sign(-300000, 9999, 0, &score),
	    DIVERGENCE_UNKNOWN);
	CHECK_INT("no score", score, DIVERGENCE_ABSENT);
	CHECK_INT("no flow", divergence_sign(DIVERGENCE_ABSENT, 1, 1, &score),
	    DIVERGENCE_UNKNOWN);
	CHECK_INT("no close", divergence_return(0, 600000),
	    DIVERGENCE_ABSENT);
	/* (32 - 68) / (32 + 68) */
	CHECK_INT("F", divergence_flow(320000, 680000), -360000);
	CHECK_INT("no sides", divergence_flow(0, 0), DIVERGENCE_ABSENT);
}

static void
test_standard(void)
{
	/* mean 0.1, sample deviation sqrt((0.01 + 0 + 0.01) / 2) = 0.1 */
	static const int64_t others[] = { 0, 100000, 200000 };
	int64_t difference;

	CHECK_INT("D2 apart", divergence_standard(-1400000, 1100000,
	    &difference), DIVERGENCE_BEARISH);
	CHECK_INT("D2 -2.5", difference, -2500000);
	CHECK_INT("D2 near", divergence_standard(-900000, 800000,
	    &difference), DIVERGENCE_NONE);
	CHECK_INT("D2 -1.7", difference, -1700000);
	CHECK_INT("D2 same sign", divergence_standard(2400000, 300000,
	    &difference), DIVERGENCE_NONE);
	CHECK_INT("D2 bullish", divergence_standard(1200000, -900000,
	    &difference), DIVERGENCE_BULLISH);
	CHECK_INT("z", divergence_z(350000, others, 3), 2500000);
	CHECK_INT("z of equals", divergence_z(1, (const int64_t[]){ 5, 5 },
	    2), DIVERGENCE_ABSENT);
	CHECK_INT("D2 unknown", divergence_standard(DIVERGENCE_ABSENT, 1,
	    &difference), DIVERGENCE_UNKNOWN);
}

static void
test_rank(void)
{
	static const int64_t flow[] = { 300000, -100000, 200000, -400000,
	    50000, -250000, 150000, 350000 };
	static const int64_t price[] = { -800000, 400000, -200000, 1100000,
	    100000, 600000, -500000, -900000 };
	/* Ranks 1, 2.5, 2.5, 4 against 1, 2, 3, 4: off the mean -1.5, 0, 0,
	 * 1.5 and -1.5, -0.5, 0.5, 1.5: 4.5 / sqrt(4.5 * 5) = 0.948683 */
	static const int64_t ties[] = { 1, 2, 2, 3 }, row[] = { 1, 2, 3, 4 };

	CHECK_INT("D3", divergence_rank(flow, price, 8), -976190);
	CHECK_INT("D3 divergent", divergence_opposed(-976190),
	    DIVERGENCE_OPPOSED);
	CHECK_INT("D3 -0.3", divergence_opposed(-300000), DIVERGENCE_OPPOSED);
	CHECK_INT("D3 above", divergence_opposed(-299999), DIVERGENCE_NONE);
	CHECK_INT("D3 identical", divergence_rank(flow, flow, 8), 1000000);
	CHECK_INT("D3 ties", divergence_rank(ties, row, 4), 948683);
	CHECK_INT("D3 all equal", divergence_rank((const int64_t[]){ 7, 7 },
	    row, 2), DIVERGENCE_ABSENT);
}

static void
test_trend(void)
{
	static const int64_t rising[] = { 800000, 900000, 1000000, 1200000,
	    1400000 };
	static const int64_t falling[] = { 1400000, 1200000, 1000000, 900000,
	    800000 };
	static const int64_t up[] = { 600000, 603000, 606000, 612000, 618000 };
	static const int64_t down[] = { 618000, 612000, 606000, 603000,
	    600000 };
	int64_t r = divergence_slope(rising, 5), f = divergence_slope(falling,
	    5), u = divergence_slope(up, 5), d = divergence_slope(down, 5);

	/* (-2 ln 0.8 - ln 0.9 + ln 1.2 + 2 ln 1.4) / 10  = 0.1406914 */
	CHECK_INT("D4 slope", r, 140691);
	CHECK_INT("D4 bearish", divergence_trend(r, u), DIVERGENCE_BEARISH);
	CHECK_INT("D4 bullish", divergence_trend(f, d), DIVERGENCE_BULLISH);
	CHECK_INT("D4 mixed", divergence_trend(r, d), DIVERGENCE_NONE);
	CHECK_INT("D4 mixed", divergence_trend(f, u), DIVERGENCE_NONE);
	CHECK_INT("D4 only puts", divergence_trend(divergence_slope(
	    (const int64_t[]){ 0, 5 }, 2), u), DIVERGENCE_UNKNOWN);
}

int
main(void)
{
	test_sign();
	test_sign_edges();
	test_standard();
	test_rank();
	test_trend();
	return check_end();
}
