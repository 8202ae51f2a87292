/*
 * Sale conditions and exchanges.  The rows are typed from domain.md 3.2 (every
 * column), the names of Massive's numbers from its reference call, ThetaData's
 * from the names in its trade_conditions.csv and exchanges.csv.
 */

#include "check.h"

#include "record/cond.h"

/*
 * counts: volume, premium, last, side, sweep as y or n, in the column order of
 * domain.md 3.2.  SLFT's side is a switch there: off here.
 */
static const struct row {
	const char *letter, *name, *massive, *counts;
	uint32_t flags;
	enum cond_cancel cancel;
} rows[] = {
	{ "I", "AUTO", "209", "yyyyy", 0, COND_NO_CANCEL },
	{ "S", "ISOI", "219", "yyyyy", COND_ISO, COND_NO_CANCEL },
	{ "J", "REOP", "210", "yyynn", 0, COND_NO_CANCEL },
	{ "A", "CANC", "201", "nnnnn", 0, COND_CANC },
	{ "C", "CNCL", "203", "nnnnn", 0, COND_CNCL },
	{ "E", "CNCO", "205", "nnnnn", 0, COND_CNCO },
	{ "G", "CNOL", "207", "nnnnn", 0, COND_CNOL },
	{ "B", "OSEQ", "202", "yynnn", COND_LATE | COND_OUT_OF_SEQUENCE, 0 },
	{ "D", "LATE", "204", "yynnn", COND_LATE, 0 },
	{ "F", "OPEN", "206", "yynnn", COND_LATE | COND_OUT_OF_SEQUENCE, 0 },
	{ "H", "OPNL", "208", "yynnn", COND_LATE, 0 },
	{ "a", "SLAN", "227", "yyyyn", COND_AUCTION, 0 },
	{ "b", "SLAI", "228", "yyyyy", COND_AUCTION | COND_ISO, 0 },
	{ "c", "SLCN", "229", "yynnn", COND_CROSS, 0 },
	{ "d", "SCLI", "230", "yynnn", COND_CROSS | COND_ISO, 0 },
	{ "e", "SLFT", "231", "yynnn", COND_FLOOR, 0 },
	{ "f", "MLET", "232", "yynnn", COND_MULTILEG, 0 },
	{ "g", "MLAT", "233", "yynnn", COND_MULTILEG, 0 },
	{ "h", "MLCT", "234", "yynnn", COND_MULTILEG, 0 },
	{ "i", "MLFT", "235", "yynnn", COND_MULTILEG, 0 },
	{ "j", "MESL", "236", "yynnn", COND_MULTILEG, 0 },
	{ "l", "MASL", "238", "yynnn", COND_MULTILEG, 0 },
	{ "m", "MFSL", "239", "yynnn", COND_MULTILEG, 0 },
	{ "k", "TLAT", "237", "yynnn", COND_MULTILEG | COND_STOCK_TIED, 0 },
	{ "n", "TLET", "240", "yynnn", COND_MULTILEG | COND_STOCK_TIED, 0 },
	{ "o", "TLCT", "241", "yynnn", COND_MULTILEG | COND_STOCK_TIED, 0 },
	{ "p", "TLFT", "242", "yynnn", COND_MULTILEG | COND_STOCK_TIED, 0 },
	{ "q", "TESL", "243", "yynnn", COND_MULTILEG | COND_STOCK_TIED, 0 },
	{ "r", "TASL", "244", "yynnn", COND_MULTILEG | COND_STOCK_TIED, 0 },
	{ "s", "TFSL", "245", "yynnn", COND_MULTILEG | COND_STOCK_TIED, 0 },
	{ "t", "CBMO", "246", "yynnn", COND_MULTILEG | COND_FLOOR, 0 },
	{ "u", "MCTP", "247", "ynnnn", COND_MULTILEG | COND_COMPRESSION, 0 },
	{ "v", "EXHT", "248", "yynyn", COND_EXTENDED, 0 },
	/* Seed 2's words, std profile: domain.md 3.2, under the table. */
	{ NULL, "SWEEP", NULL, "yyyyy", COND_VENDOR_SWEEP, 0 },
	{ NULL, "MLTI", NULL, "yynnn",
	    COND_MULTILEG | COND_VENDOR_MULTILEG, 0 },
	{ NULL, "SLCI", NULL, "yynnn", COND_CROSS | COND_ISO, 0 },
	/* OPRA before 2019: packages multi-leg, stopped trades auctions. */
	{ "L", "SPRD", NULL, "yynnn", COND_MULTILEG, 0 },
	{ "M", "STDL", NULL, "yynnn", COND_MULTILEG, 0 },
	{ "N", "STPD", NULL, "yyyyn", COND_AUCTION, 0 },
	{ "O", "CSTP", NULL, "nnnnn", 0, COND_CANC },
	{ "P", "BWRT", NULL, "yynnn", COND_MULTILEG | COND_STOCK_TIED, 0 },
	{ "Q", "CMBO", NULL, "yynnn", COND_MULTILEG, 0 },
	{ "R", "SPIM", NULL, "yynyn", COND_AUCTION, 0 }
};

/* rest_conditions_options.json: all 33 ids with their OPRA letters. */
static const struct {
	const char *id, *letter;
} massive[] = {
	{ "201", "A" }, { "202", "B" }, { "203", "C" }, { "204", "D" },
	{ "205", "E" }, { "206", "F" }, { "207", "G" }, { "208", "H" },
	{ "209", "I" }, { "210", "J" }, { "219", "S" }, { "227", "a" },
	{ "228", "b" }, { "229", "c" }, { "230", "d" }, { "231", "e" },
	{ "232", "f" }, { "233", "g" }, { "234", "h" }, { "235", "i" },
	{ "236", "j" }, { "237", "k" }, { "238", "l" }, { "239", "m" },
	{ "240", "n" }, { "241", "o" }, { "242", "p" }, { "243", "q" },
	{ "244", "r" }, { "245", "s" }, { "246", "t" }, { "247", "u" },
	{ "248", "v" }
};

/* trade_conditions.csv; the remarks are its names. */
static const struct {
	const char *code, *name;
} thetadata[] = {
	{ "0", "" },		/* REGULAR */
	{ "255", "" },		/* none, in the ext_condition columns */
	{ "2", "OSEQ" },	/* OUT_OF_SEQ */
	{ "5", "OPEN" },	/* OPEN_REPORT_LATE: may not be in sequence */
	{ "6", "OPEN" },	/* OPEN_REPORT_OUT_OF_SEQ */
	{ "7", "OPNL" },	/* OPEN_REPORT_IN_SEQ */
	{ "13", "LATE" },	/* SOLD_LAST: late reporting */
	{ "18", "AUTO" },	/* AUTO_EXECUTION */
	{ "21", "REOP" },	/* REOPEN */
	{ "97", "REOP" },	/* REOPENING */
	{ "35", "SPRD" }, { "36", "STDL" }, { "37", "BWRT" }, { "38", "CMBO" },
	{ "39", "STPD" },	/* STPD */
	{ "55", "STPD" },	/* STOPPED_REGULAR */
	{ "106", "SPIM" },	/* STOPPED_IM */
	{ "40", "CANC" }, { "41", "CNCL" }, { "42", "CNCO" }, { "43", "CNOL" },
	{ "44", "CSTP" },	/* CANC_STPD */
	{ "95", "ISOI" },	/* INTERMARKET_SWEEP */
	{ "118", "EXHT" },	/* OPRA_EXT_HOURS, obsolete: see 148 */
	{ "125", "SLAN" },	/* SINGLE_LEG_AUCTION_NON_ISO */
	{ "126", "SLAI" },	/* SINGLE_LEG_AUCTION_ISO */
	{ "127", "SLCN" },	/* SINGLE_LEG_CROSS_NON_ISO */
	{ "128", "SCLI" },	/* SINGLE_LEG_CROSS_ISO */
	{ "129", "SLFT" },	/* SINGLE_LEG_FLOOR_TRADE */
	{ "130", "MLET" },	/* MULTI_LEG_AUTOELEC_TRADE */
	{ "131", "MLAT" },	/* MULTI_LEG_AUCTION */
	{ "132", "MLCT" },	/* MULTI_LEG_CROSS */
	{ "133", "MLFT" },	/* MULTI_LEG_FLOOR_TRADE */
	{ "134", "MESL" },	/* ML_AUTO_ELEC_TRADE_AGSL */
	{ "135", "TLAT" },	/* STOCK_OPTIONS_AUCTION */
	{ "136", "MASL" },	/* ML_AUCTION_AGSL */
	{ "137", "MFSL" },	/* ML_FLOOR_TRADE_AGSL */
	{ "138", "TLET" },	/* STK_OPT_AUTO_ELEC_TRADE */
	{ "139", "TLCT" },	/* STOCK_OPTIONS_CROSS */
	{ "140", "TLFT" },	/* STOCK_OPTIONS_FLOOR_TRADE */
	{ "141", "TESL" },	/* STK_OPT_AE_TRD_AGSL */
	{ "142", "TASL" },	/* STK_OPT_AUCTION_AGSL */
	{ "143", "TFSL" },	/* STK_OPT_FLOOR_TRADE_AGSL */
	{ "144", "CBMO" },	/* ML_FLOOR_TRADE_OF_PP */
	{ "147", "MCTP" },	/* MULTILAT_COMP_TR_PDP */
	{ "148", "EXHT" }	/* EXTENDED_HOURS_TRADE */
};

/* Letter and MIC: rest_exchanges_options.json; number: exchanges.csv. */
static const struct {
	const char *name, *letter, *massive, *thetadata, *mic;
} markets[] = {
	{ "AMEX", "A", "300", "4", "AMXO" },
	{ "BOX", "B", "301", "11", "XBOX" },
	{ "CBOE", "C", "302", "5", "XCBO" },
	{ "EMLD", "D", "303", "46", "EMLD" },
	{ "EDGX", "E", "304", "65", "EDGO" },
	{ "MX2", "G", "306", NULL, NULL },
	{ "GEMX", "H", "307", "31", "GMNI" },
	{ "ISE", "I", "308", "6", "XISX" },
	{ "MRX", "J", "309", "22", "MCRY" },
	{ "MIAX", "M", "312", "43", "XMIO" },
	{ "ARCA", "N", "313", "7", "ARCO" },
	{ "OPRA", "O", "314", "10", "OPRA" },
	{ "PEARL", "P", "315", "69", "MPRL" },
	{ "NOM", "Q", "316", "1", "XNDQ" },
	{ "SPHR", "S", "318", NULL, "SPHR" },
	{ "BX", "T", "319", "47", "XBXO" },
	{ "MEMX", "U", "320", "73", "MXOP" },
	{ "IEX", "V", "321", "68", NULL },
	{ "C2", "W", "322", "42", "C2OX" },
	{ "PHLX", "X", "323", "9", "XPHL" },
	{ "BZX", "Z", "325", "60", "BATO" }
};

static struct slice
text(const char *p)
{
	return (struct slice){ p, strlen(p) };
}

static void
check_sum(const char *name, const struct cond *sum, const char *counts,
    uint32_t flags, enum cond_cancel cancel)
{
	char got[5];

	got[0] = sum->volume ? 'y' : 'n';
	got[1] = sum->premium ? 'y' : 'n';
	got[2] = sum->last ? 'y' : 'n';
	got[3] = sum->side ? 'y' : 'n';
	got[4] = sum->sweep ? 'y' : 'n';
	CHECK_TEXT(name, got, sizeof(got), counts);
	CHECK_INT(name, sum->flags, flags);
	CHECK_INT(name, sum->cancel, cancel);
}

static void
check_name(enum cond_codes codes, const char *code, const char *want)
{
	const char *got = cond_name(codes, text(code));

	CHECK_TEXT(code, got, got == NULL ? 0 : strlen(got), want);
}

static void
check_market(enum cond_codes codes, const char *code, const char *want)
{
	size_t n = 0;
	const char *got = cond_exchange(codes, text(code), &n);

	CHECK_TEXT(code, got, n, want);
}

static void
test_rows(void)
{
	struct cond sum = cond_regular();

	check_sum("no condition", &sum, "yyyyy", 0, COND_NO_CANCEL);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		const char *name = strcmp(r->name, "SLCI") == 0 ? "SCLI" :
		    r->name;

		sum = cond_regular();
		cond_add(&sum, text(r->name));
		check_sum(r->name, &sum, r->counts, r->flags, r->cancel);
		check_name(COND_NAMES, r->name, name);
		if (r->letter != NULL)
			check_name(COND_OPRA, r->letter, name);
		if (r->massive != NULL)
			check_name(COND_MASSIVE, r->massive, name);
	}
}

/* A vendor's spelling adds as the mnemonic it is translated to. */
static void
test_sums(void)
{
	struct cond sum = cond_regular();

	cond_add(&sum, SLICE("ISOI"));
	cond_add(&sum, SLICE("SLAN"));
	check_sum("ISOI SLAN", &sum, "yyyyn", COND_ISO | COND_AUCTION, 0);
	cond_add(&sum, SLICE("LATE"));
	check_sum("and LATE", &sum, "yynnn", COND_ISO | COND_AUCTION |
	    COND_LATE, 0);
	cond_add(&sum, SLICE("MCTP"));
	cond_add(&sum, SLICE("AUTO"));
	check_sum("and MCTP AUTO", &sum, "ynnnn", COND_ISO | COND_AUCTION |
	    COND_LATE | COND_MULTILEG | COND_COMPRESSION, 0);
	cond_add(&sum, SLICE("CNCL"));
	cond_add(&sum, SLICE("AUTO"));
	CHECK_INT("and CNCL AUTO", sum.cancel, COND_CNCL);
	CHECK("and CNCL AUTO", !sum.volume);
	sum = cond_regular();
	cond_add(&sum, SLICE("EXHT"));
	cond_add(&sum, SLICE("AUTO"));
	check_sum("EXHT AUTO", &sum, "yynyn", COND_EXTENDED, 0);
	sum = cond_regular();
	cond_add(&sum, SLICE(""));
	check_sum("empty", &sum, "yyyyy", 0, 0);
}

static void
test_unknown(void)
{
	static const char *const names[] = {
		"XXXX", "auto", "AUT", "AUTOO", "isoi", "SWEE", "MLETX", "130"
	};
	struct cond sum;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		sum = cond_regular();
		cond_add(&sum, text(names[i]));
		check_sum(names[i], &sum, "ynnnn", COND_UNKNOWN, 0);
		CHECK(names[i], cond_name(COND_NAMES, text(names[i])) == NULL);
	}
	CHECK("letter K", cond_name(COND_OPRA, text("K")) == NULL);
	CHECK("letter NUL", cond_name(COND_OPRA, SLICE("\0")) == NULL);
	CHECK("two letters", cond_name(COND_OPRA, text("II")) == NULL);
	CHECK("Massive 211", cond_name(COND_MASSIVE, text("211")) == NULL);
	CHECK("Massive 200", cond_name(COND_MASSIVE, text("200")) == NULL);
	CHECK("Massive 0", cond_name(COND_MASSIVE, text("0")) == NULL);
	CHECK("Massive -1", cond_name(COND_MASSIVE, text("-1")) == NULL);
	CHECK("Massive 209x", cond_name(COND_MASSIVE, text("209x")) == NULL);
	CHECK("Massive long", cond_name(COND_MASSIVE,
	    text("4294967505")) == NULL);
	/* What makes no sense for an option: FORM_T, CASH_SALE, a new one. */
	CHECK("ThetaData 1", cond_name(COND_THETADATA, text("1")) == NULL);
	CHECK("ThetaData 11", cond_name(COND_THETADATA, text("11")) == NULL);
	CHECK("ThetaData 149", cond_name(COND_THETADATA, text("149")) == NULL);
	CHECK("ThetaData -1", cond_name(COND_THETADATA, text("-1")) == NULL);
}

static void
test_numbers(void)
{
	check_name(COND_OPRA, " ", "");
	check_name(COND_OPRA, "", "");
	check_name(COND_MASSIVE, "", "");
	check_name(COND_THETADATA, "", "");
	check_name(COND_NAMES, "", "");
	for (size_t i = 0; i < sizeof(massive) / sizeof(massive[0]); i++) {
		const char *name = cond_name(COND_OPRA,
		    text(massive[i].letter));

		CHECK(massive[i].letter, name != NULL);
		if (name != NULL)
			check_name(COND_MASSIVE, massive[i].id, name);
	}
	for (size_t i = 0; i < sizeof(thetadata) / sizeof(thetadata[0]); i++)
		check_name(COND_THETADATA, thetadata[i].code,
		    thetadata[i].name);
}

/* Only the codes of the tables above are known, of all there could be. */
static void
test_no_more(void)
{
	char code[16];
	int numbers = 0, conditions = 0, letters = 0;

	for (int i = 0; i <= 9999; i++) {
		snprintf(code, sizeof(code), "%d", i);
		numbers += cond_name(COND_THETADATA, text(code)) != NULL;
		conditions += cond_name(COND_MASSIVE, text(code)) != NULL;
	}
	for (int i = 0; i < 256; i++) {
		code[0] = (char)i;
		letters += cond_name(COND_OPRA,
		    (struct slice){ code, 1 }) != NULL;
	}
	CHECK_INT("ThetaData codes", numbers,
	    sizeof(thetadata) / sizeof(thetadata[0]));
	CHECK_INT("Massive codes", conditions, 33);
	CHECK_INT("OPRA letters", letters, 33 + 1 + 7);
}

static void
test_markets(void)
{
	for (size_t i = 0; i < sizeof(markets) / sizeof(markets[0]); i++) {
		check_market(COND_NAMES, markets[i].name, markets[i].name);
		check_market(COND_OPRA, markets[i].letter, markets[i].name);
		check_market(COND_MASSIVE, markets[i].massive,
		    markets[i].name);
		if (markets[i].thetadata != NULL)
			check_market(COND_THETADATA, markets[i].thetadata,
			    markets[i].name);
		if (markets[i].mic != NULL)
			check_market(COND_NAMES, markets[i].mic,
			    markets[i].name);
	}
	check_market(COND_NAMES, "NASDAQOM", "NOM");	/* IB's names */
	check_market(COND_NAMES, "CBOE2", "C2");
	check_market(COND_NAMES, "GEMINI", "GEMX");
	check_market(COND_NAMES, "NYSE", "NYSE");
	check_market(COND_NAMES, "K", "K");
	check_market(COND_NAMES, "FINRA123", "FINRA123");
}

static void
test_markets_unknown(void)
{
	size_t n;

	CHECK("305", cond_exchange(COND_MASSIVE, text("305"), &n) == NULL);
	CHECK("326", cond_exchange(COND_MASSIVE, text("326"), &n) == NULL);
	CHECK("299", cond_exchange(COND_MASSIVE, text("299"), &n) == NULL);
	CHECK("67", cond_exchange(COND_MASSIVE, text("67"), &n) == NULL);
	CHECK("F", cond_exchange(COND_OPRA, text("F"), &n) == NULL);
	CHECK("c", cond_exchange(COND_OPRA, text("c"), &n) == NULL);
	CHECK("CC", cond_exchange(COND_OPRA, text("CC"), &n) == NULL);
	CHECK("NUL", cond_exchange(COND_OPRA, SLICE("\0"), &n) == NULL);
	CHECK("NYSE 3", cond_exchange(COND_THETADATA, text("3"), &n) == NULL);
	CHECK("255", cond_exchange(COND_THETADATA, text("255"), &n) == NULL);
	CHECK("-1", cond_exchange(COND_THETADATA, text("-1"), &n) == NULL);
	CHECK("empty number", cond_exchange(COND_THETADATA, text(""), &n) ==
	    NULL);
	CHECK("empty", cond_exchange(COND_NAMES, text(""), &n) == NULL);
	CHECK("nine", cond_exchange(COND_NAMES, text("ABCDEFGHI"), &n) ==
	    NULL);
	CHECK("lower", cond_exchange(COND_NAMES, text("cboe"), &n) == NULL);
	CHECK("blank", cond_exchange(COND_NAMES, text("C2 OX"), &n) == NULL);
}

int
main(void)
{
	test_rows();
	test_sums();
	test_unknown();
	test_numbers();
	test_no_more();
	test_markets();
	test_markets_unknown();
	return check_end();
}
