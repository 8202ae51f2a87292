/* alert/text: words for people; K5 of reliability.md. */
#include "alert/text.h"
#include "base/plain.h"

#include "check.h"

static void
test_money(void)
{
	/* Amounts of domain.md 5.1 and 5.3, written by hand. */
	static const struct {
		int64_t e4;
		const char *text;
	} rows[] = {
		{ 0, "$0" },
		{ INT64_C(348500000), "$34,850" },
		{ INT64_C(5000000100), "$500,000.01" },
		{ INT64_C(11375000000), "$1,137,500" },
		{ 9990000, "$999" },
		{ 10000000, "$1,000" },
		{ INT64_C(10000000000000), "$1,000,000,000" },
		{ 4100, "$0.41" },
		{ 5000, "$0.50" },
		{ 50, "$0.005" },
		{ 12345, "$1.2345" },
		{ -10000050000, "-$1,000,005" },
		{ INT64_MAX, "$922,337,203,685,477.5807" },
		{ INT64_MIN, "-$922,337,203,685,477.5808" },
	};
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		b.n = 0;
		plain_money(&b, rows[i].e4);
		CHECK_TEXT(rows[i].text, b.p, b.n, rows[i].text);
	}
	buf_free(&b);
}

static void
test_clean(void)
{
	/* Code points of Unicode's Cc and Bidi_Control, and line separators. */
	static const struct {
		const char *dirty, *clean;
	} rows[] = {
		{ "BRK.B", "BRK.B" },
		{ "a\033[31mb", "a?[31mb" },
		{ "a\tb\nc\rd", "a?b?c?d" },
		{ "\x7f", "?" },
		{ "\xc2\x80\xc2\x9b\xc2\x9f", "???" },
		{ "\xc2\xa0", "\xc2\xa0" },
		{ "\xd8\x9c", "?" },
		{ "\xe2\x80\x8e\xe2\x80\x8f", "??" },
		{ "\xe2\x80\x90", "\xe2\x80\x90" },
		{ "\xe2\x80\xa8\xe2\x80\xa9", "??" },
		{ "\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad"
		    "\xe2\x80\xae", "?????" },
		{ "\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa",
		    "\xe2\x81\xa5??\xe2\x81\xaa" },
		{ "caf\xc3\xa9 \xe2\x82\xac", "caf\xc3\xa9 \xe2\x82\xac" },
	};
	struct buf b = BUF_INIT;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		b.n = 0;
		plain_clean(&b, (struct slice){ rows[i].dirty,
		    strlen(rows[i].dirty) });
		CHECK_TEXT("K5", b.p, b.n, rows[i].clean);
	}
	buf_free(&b);
}

static void
test_alert(void)
{
	struct notice n;
	struct buf b = BUF_INIT;

	notice_init(&n, RULE_PUT_SWEEP);
	n.ticker = SLICE("KO");
	n.identity.strike_e4 = 620000;
	n.identity.expiration = SLICE("2025-12-19");
	n.identity.right = TRADE_PUT;
	n.end_ts = INT64_C(1763998267000);	/* 2025-11-24 15:31:07Z */
	n.size = 850;
	n.price_e6 = 410000;
	n.premium_e4 = INT64_C(348500000);
	n.n_exchanges = 5;
	n.side = SLICE("BUY");
	text_alert(&b, &n);
	CHECK_TEXT("5.3", b.p, b.n,
	    "[CRITICAL] KO PUT_SWEEP\n"
	    "850x @ $0.41 | Strike 62 exp 12-19-2025 PUT | "
	    "Premium $34,850 | 5 exchanges | BUY\n"
	    "Action: Do not sell puts now.\n"
	    "Time: 10:31:07 AM ET\n");
	buf_free(&b);
}

int
main(void)
{
	test_money();
	test_clean();
	test_alert();
	return check_end();
}
