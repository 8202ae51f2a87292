/*
 * Option symbols: EX-2.6 to EX-2.9 of domain.md, the massive-api.md traps, and
 * what must be refused.
 */

#include "check.h"

#include "record/osi.h"

static const struct {
	const char *name, *text;
	const char *root, *symbol, *expiration;
	enum osi_right right;
	int64_t strike_e4;
	int am, european, adjusted, flex;
	const char *printed;
} good[] = {
	{ "EX-2.6", "O:SPX251219C06475000", "SPX", "SPX", "2025-12-19",
	    OSI_CALL, 64750000, 1, 1, 0, 0, "O:SPX251219C06475000" },
	{ "EX-2.7", "SPXW  251219P06400500", "SPXW", "SPX", "2025-12-19",
	    OSI_PUT, 64005000, 0, 1, 0, 0, "O:SPXW251219P06400500" },
	{ "EX-2.8", "O:XYZ1110122C00022500", "XYZ1", "XYZ", "2011-01-22",
	    OSI_CALL, 225000, 0, 0, 1, 0, "O:XYZ1110122C00022500" },
	{ "EX-2.9", "O:BRKB260116C00500000", "BRKB", "BRK.B", "2026-01-16",
	    OSI_CALL, 5000000, 0, 0, 0, 0, "O:BRKB260116C00500000" },
	{ "padded and O:", "O:AAPL  250221C00250000", "AAPL", "AAPL",
	    "2025-02-21", OSI_CALL, 2500000, 0, 0, 0, 0,
	    "O:AAPL250221C00250000" },
	{ "unpadded, no O:", "AAPL250221P00002500", "AAPL", "AAPL",
	    "2025-02-21", OSI_PUT, 25000, 0, 0, 0, 0,
	    "O:AAPL250221P00002500" },
	{ "adjusted", "AAPL1 250221C00250000", "AAPL1", "AAPL", "2025-02-21",
	    OSI_CALL, 2500000, 0, 0, 1, 0, "O:AAPL1250221C00250000" },
	{ "adjusted class", "BRKB1 260116C00500000", "BRKB1", "BRK.B",
	    "2026-01-16", OSI_CALL, 5000000, 0, 0, 1, 0,
	    "O:BRKB1260116C00500000" },
	{ "FLEX", "2SPX  251219C06475000", "2SPX", "SPX", "2025-12-19",
	    OSI_CALL, 64750000, 1, 1, 0, 1, "O:2SPX251219C06475000" },
	{ "six characters", "GOOGLX240621C00170000", "GOOGLX", "GOOGLX",
	    "2024-06-21", OSI_CALL, 1700000, 0, 0, 0, 0,
	    "O:GOOGLX240621C00170000" },
	{ "one character", "F240229C00012500", "F", "F", "2024-02-29",
	    OSI_CALL, 125000, 0, 0, 0, 0, "O:F240229C00012500" },
	{ "highest strike", "X991231P99999999", "X", "X", "2099-12-31",
	    OSI_PUT, 999999990, 0, 0, 0, 0, "O:X991231P99999999" },
	{ "lowest strike", "X000101C00000001", "X", "X", "2000-01-01",
	    OSI_CALL, 10, 0, 0, 0, 0, "O:X000101C00000001" }
};

/* Settlement and style: domain.md 2.3; DJX, OEX, XEO: Cboe's specifications. */
static const struct {
	const char *root, *symbol;
	int am, european;
} roots[] = {
	{ "SPX", "SPX", 1, 1 }, { "SPXW", "SPX", 0, 1 },
	{ "NDX", "NDX", 1, 1 }, { "NDXP", "NDX", 0, 1 },
	{ "RUT", "RUT", 1, 1 }, { "RUTW", "RUT", 0, 1 },
	{ "VIX", "VIX", 1, 1 }, { "VIXW", "VIX", 1, 1 },
	{ "XSP", "XSP", 0, 1 }, { "DJX", "DJX", 1, 1 },
	{ "OEX", "OEX", 0, 0 }, { "XEO", "XEO", 0, 1 },
	{ "SPY", "SPY", 0, 0 }, { "AAPL", "AAPL", 0, 0 },
	{ "BRKB", "BRK.B", 0, 0 }, { "SP", "SP", 0, 0 }
};

static const char *const bad[] = {
	"",
	"O:",
	"AAPL",
	"O:AAPL211022C000150000",	/* nine digits: the vendor's own page */
	"O:AAPL211022C0150000",		/* seven */
	"O:AAPL250230C00250000",	/* 30 February */
	"O:AAPL230229C00250000",	/* 2023 is no leap year */
	"O:AAPL251301C00250000",	/* month 13 */
	"O:AAPL250001C00250000",
	"O:AAPL250100C00250000",
	"O:AAPL250221X00250000",
	"O:AAPL250221c00250000",
	"O:AAPL250221C0025000A",
	"O:AAPL2502 1C00250000",
	"O:AAPL250221C00000000",	/* no strike */
	"250221C00250000",		/* no root */
	"      250221C00250000",
	"O:123250221C00250000",		/* root without a letter */
	"O:aapl250221C00250000",
	"O:BRK.B260116C00500000",
	" AAPL 250221C00250000",	/* padded on the wrong side */
	"AAPL 250221C00250000",		/* padded to 20 */
	"AAPL   250221C00250000",	/* padded to 22 */
	"AA PL 250221C00250000",
	"ABCDEFG250221C00250000",	/* root of seven */
	"o:AAPL250221C00250000",
	"O:O:AAPL250221C00250000",
	"AAPL  250221C00250000 "
};

static void
test_good(void)
{
	char text[OSI_TEXT], day[DAY_TEXT];
	struct err err;
	struct osi osi;
	size_t n;

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const char *name = good[i].name;
		struct slice in = { good[i].text, strlen(good[i].text) };

		memset(&osi, 0xa5, sizeof(osi));
		CHECK_INT(name, osi_parse(in, &osi, &err), 0);
		CHECK_STR(name, osi.root, good[i].root);
		CHECK_STR(name, osi.symbol, good[i].symbol);
		day_print(day, osi.expiration);
		CHECK_TEXT(name, day, sizeof(day), good[i].expiration);
		CHECK_INT(name, osi.right, good[i].right);
		CHECK_INT(name, osi.strike_e4, good[i].strike_e4);
		CHECK_INT(name, osi.am_settled, good[i].am);
		CHECK_INT(name, osi.european, good[i].european);
		CHECK_INT(name, osi.is_adjusted, good[i].adjusted);
		CHECK_INT(name, osi.is_flex, good[i].flex);
		n = osi_print(text, &osi);
		CHECK_TEXT(name, text, n, good[i].printed);
	}
}

static void
test_bad(void)
{
	struct err err;
	struct osi osi;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct slice in = { bad[i], strlen(bad[i]) };

		err.text[0] = '\0';
		CHECK_INT(bad[i], osi_parse(in, &osi, &err), -1);
		CHECK(bad[i], err.text[0] != '\0');
	}
}

static void
test_roots(void)
{
	int32_t day = day_make(2025, 12, 19);
	struct osi osi;

	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
		struct slice root = { roots[i].root, strlen(roots[i].root) };

		CHECK_INT(roots[i].root, osi_make(root, day, OSI_CALL,
		    1000000, &osi, NULL), 0);
		CHECK_STR(roots[i].root, osi.root, roots[i].root);
		CHECK_STR(roots[i].root, osi.symbol, roots[i].symbol);
		CHECK_INT(roots[i].root, osi.am_settled, roots[i].am);
		CHECK_INT(roots[i].root, osi.european, roots[i].european);
	}
}

static void
test_make_refuses(void)
{
	int32_t day = day_make(2025, 12, 19);
	struct slice spx = SLICE("SPX");
	struct osi osi;

	CHECK_INT("fine strike", osi_make(spx, day, OSI_PUT, 10005, &osi,
	    NULL), -1);
	CHECK_INT("strike 100,000", osi_make(spx, day, OSI_PUT, 1000000000,
	    &osi, NULL), -1);
	CHECK_INT("strike 0", osi_make(spx, day, OSI_PUT, 0, &osi, NULL), -1);
	CHECK_INT("negative strike", osi_make(spx, day, OSI_PUT, -10000, &osi,
	    NULL), -1);
	CHECK_INT("no date", osi_make(spx, DAY_NONE, OSI_PUT, 10000, &osi,
	    NULL), -1);
	CHECK_INT("1999", osi_make(spx, day_make(1999, 12, 31), OSI_PUT,
	    10000, &osi, NULL), -1);
	CHECK_INT("2100", osi_make(spx, day_make(2100, 1, 1), OSI_PUT, 10000,
	    &osi, NULL), -1);
	CHECK_INT("day out of range", osi_make(spx, INT32_MAX, OSI_PUT, 10000,
	    &osi, NULL), -1);
	CHECK_INT("empty root", osi_make((struct slice){ NULL, 0 }, day,
	    OSI_PUT, 10000, &osi, NULL), -1);
}

static void
test_symbol(void)
{
	CHECK("BRK.B", osi_is_symbol(SLICE("BRK.B")));
	CHECK("I:SPX", osi_is_symbol(SLICE("I:SPX")));
	CHECK("^SPX", osi_is_symbol(SLICE("^SPX")));
	CHECK("BF-B", osi_is_symbol(SLICE("BF-B")));
	CHECK("BRK/B", osi_is_symbol(SLICE("BRK/B")));
	CHECK("sixteen", osi_is_symbol(SLICE("ABCDEFGHIJKLMNOP")));
	CHECK("seventeen", !osi_is_symbol(SLICE("ABCDEFGHIJKLMNOPQ")));
	CHECK("empty", !osi_is_symbol(SLICE("")));
	CHECK("lower case", !osi_is_symbol(SLICE("aapl")));
	CHECK("blank", !osi_is_symbol(SLICE("A B")));
	CHECK("NUL", !osi_is_symbol(SLICE("A\0B")));
}

int
main(void)
{
	test_good();
	test_bad();
	test_roots();
	test_make_refuses();
	test_symbol();
	return check_end();
}
