#include "record/cond.h"

#include <stddef.h>
#include <string.h>

/* What a print counts towards, as the columns of domain.md 3.2 say it. */
enum {
	V = 1 << 0,		/* volume */
	P = 1 << 1,		/* premium */
	L = 1 << 2,		/* last price and tick */
	S = 1 << 3,		/* side */
	W = 1 << 4,		/* sweep cluster */
	VP = V | P,
	ALL = V | P | L | S | W
};

#define LATE_OSEQ (COND_LATE | COND_OUT_OF_SEQUENCE)
#define TIED (COND_MULTILEG | COND_STOCK_TIED)

/* A number no vendor uses. */
#define NONE (-1)

/*
 * Massive's number is 200 and the letter's ordinal; ThetaData's were matched
 * by name and description.  After the blank row come the types in use, as in
 * domain.md 3.2, then OPRA's older ones (a stopped trade is an auction's; a
 * package's legs are multi-leg), and at last what OPRA never had.
 */
static const struct cond_row {
	char name[6];
	char letter;			/* OPRA message type; 0: none */
	int16_t massive;
	int16_t thetadata[2];
	uint8_t counts;
	uint8_t cancel;			/* enum cond_cancel */
	uint32_t flags;
} cond_rows[] = {
	{ "", ' ', NONE, { 0, 255 }, ALL, 0, 0 },
	{ "AUTO", 'I', 209, { 18, NONE }, ALL, 0, 0 },
	{ "ISOI", 'S', 219, { 95, NONE }, ALL, 0, COND_ISO },
	{ "REOP", 'J', 210, { 21, 97 }, VP | L, 0, 0 },
	{ "CANC", 'A', 201, { 40, NONE }, 0, COND_CANC, 0 },
	{ "CNCL", 'C', 203, { 41, NONE }, 0, COND_CNCL, 0 },
	{ "CNCO", 'E', 205, { 42, NONE }, 0, COND_CNCO, 0 },
	{ "CNOL", 'G', 207, { 43, NONE }, 0, COND_CNOL, 0 },
	{ "OSEQ", 'B', 202, { 2, NONE }, VP, 0, LATE_OSEQ },
	{ "LATE", 'D', 204, { 13, NONE }, VP, 0, COND_LATE },
	{ "OPEN", 'F', 206, { 5, 6 }, VP, 0, LATE_OSEQ },
	{ "OPNL", 'H', 208, { 7, NONE }, VP, 0, COND_LATE },
	{ "SLAN", 'a', 227, { 125, NONE }, VP | L | S, 0, COND_AUCTION },
	{ "SLAI", 'b', 228, { 126, NONE }, ALL, 0, COND_AUCTION | COND_ISO },
	{ "SLCN", 'c', 229, { 127, NONE }, VP, 0, COND_CROSS },
	{ "SCLI", 'd', 230, { 128, NONE }, VP, 0, COND_CROSS | COND_ISO },
	{ "SLFT", 'e', 231, { 129, NONE }, VP, 0, COND_FLOOR },
	{ "MLET", 'f', 232, { 130, NONE }, VP, 0, COND_MULTILEG },
	{ "MLAT", 'g', 233, { 131, NONE }, VP, 0, COND_MULTILEG },
	{ "MLCT", 'h', 234, { 132, NONE }, VP, 0, COND_MULTILEG },
	{ "MLFT", 'i', 235, { 133, NONE }, VP, 0, COND_MULTILEG },
	{ "MESL", 'j', 236, { 134, NONE }, VP, 0, COND_MULTILEG },
	{ "TLAT", 'k', 237, { 135, NONE }, VP, 0, TIED },
	{ "MASL", 'l', 238, { 136, NONE }, VP, 0, COND_MULTILEG },
	{ "MFSL", 'm', 239, { 137, NONE }, VP, 0, COND_MULTILEG },
	{ "TLET", 'n', 240, { 138, NONE }, VP, 0, TIED },
	{ "TLCT", 'o', 241, { 139, NONE }, VP, 0, TIED },
	{ "TLFT", 'p', 242, { 140, NONE }, VP, 0, TIED },
	{ "TESL", 'q', 243, { 141, NONE }, VP, 0, TIED },
	{ "TASL", 'r', 244, { 142, NONE }, VP, 0, TIED },
	{ "TFSL", 's', 245, { 143, NONE }, VP, 0, TIED },
	{ "CBMO", 't', 246, { 144, NONE }, VP, 0, COND_MULTILEG | COND_FLOOR },
	{ "MCTP", 'u', 247, { 147, NONE }, V, 0,
	    COND_MULTILEG | COND_COMPRESSION },
	{ "EXHT", 'v', 248, { 118, 148 }, VP | S, 0, COND_EXTENDED },

	{ "SPRD", 'L', NONE, { 35, NONE }, VP, 0, COND_MULTILEG },
	{ "STDL", 'M', NONE, { 36, NONE }, VP, 0, COND_MULTILEG },
	{ "STPD", 'N', NONE, { 39, 55 }, VP | L | S, 0, COND_AUCTION },
	{ "CSTP", 'O', NONE, { 44, NONE }, 0, COND_CANC, 0 },
	{ "BWRT", 'P', NONE, { 37, NONE }, VP, 0, TIED },
	{ "CMBO", 'Q', NONE, { 38, NONE }, VP, 0, COND_MULTILEG },
	{ "SPIM", 'R', NONE, { 106, NONE }, VP | S, 0, COND_AUCTION },

	{ "SWEEP", 0, NONE, { NONE, NONE }, ALL, 0, COND_VENDOR_SWEEP },
	{ "MLTI", 0, NONE, { NONE, NONE }, VP, 0,
	    COND_MULTILEG | COND_VENDOR_MULTILEG }
};

/*
 * Massive's number is 300 and the ordinal of the OPRA letter from A.  ISO
 * 10383 has the MIC codes; the other aliases are ThetaData's and Interactive
 * Brokers' names.
 */
static const struct cond_market {
	char name[8];			/* NUL-padded */
	char letter;
	int16_t thetadata;
	char alias[4][8];
} cond_markets[] = {
	{ "AMEX", 'A', 4, { "AMXO" } },
	{ "BOX", 'B', 11, { "XBOX", "BOST" } },
	{ "CBOE", 'C', 5, { "XCBO" } },
	{ "EMLD", 'D', 46, { "EMERALD" } },
	{ "EDGX", 'E', 65, { "EDGO" } },
	{ "MX2", 'G', NONE, { "" } },
	{ "GEMX", 'H', 31, { "GMNI", "GEMI", "GEMINI" } },
	{ "ISE", 'I', 6, { "XISX", "ISEX" } },
	{ "MRX", 'J', 22, { "MCRY", "MRCY", "MERCURY" } },
	{ "MIAX", 'M', 43, { "XMIO" } },
	{ "ARCA", 'N', 7, { "ARCO", "PACF", "PSE" } },
	{ "OPRA", 'O', 10, { "" } },
	{ "PEARL", 'P', 69, { "MPRL", "PERL" } },
	{ "NOM", 'Q', 1, { "XNDQ", "NASDAQOM" } },
	{ "SPHR", 'S', NONE, { "SAPPHIRE" } },
	{ "BX", 'T', 47, { "XBXO", "NQBX", "NASDAQBX" } },
	{ "MEMX", 'U', 73, { "MXOP" } },
	{ "IEX", 'V', 68, { "" } },
	{ "C2", 'W', 42, { "C2OX", "CBOE2" } },
	{ "PHLX", 'X', 9, { "XPHL", "PHIL" } },
	{ "BZX", 'Z', 60, { "BATO", "BATS" } }
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct cond
cond_regular(void)
{
	return (struct cond){ true, true, true, true, true, 0,
	    COND_NO_CANCEL };
}

/* Almost every mnemonic has four letters: compared as one word. */
static const struct cond_row *
cond_find(struct slice name)
{
	uint32_t want, have;

	if (slice_equal(name, SLICE("SLCI")))	/* most vendors' spelling */
		name = SLICE("SCLI");
	if (name.n != 4) {
		for (size_t i = 0; i < COUNT(cond_rows); i++)
			if (strlen(cond_rows[i].name) == name.n &&
			    memcmp(cond_rows[i].name, name.p, name.n) == 0)
				return &cond_rows[i];
		return NULL;
	}
	memcpy(&want, name.p, sizeof(want));
	for (size_t i = 0; i < COUNT(cond_rows); i++) {
		memcpy(&have, cond_rows[i].name, sizeof(have));
		if (have == want && cond_rows[i].name[4] == '\0')
			return &cond_rows[i];
	}
	return NULL;
}

void
cond_add(struct cond *sum, struct slice mnemonic)
{
	const struct cond_row *row = cond_find(mnemonic);
	unsigned counts = row != NULL ? row->counts : V;

	sum->volume = sum->volume && (counts & V) != 0;
	sum->premium = sum->premium && (counts & P) != 0;
	sum->last = sum->last && (counts & L) != 0;
	sum->side = sum->side && (counts & S) != 0;
	sum->sweep = sum->sweep && (counts & W) != 0;
	sum->flags |= row != NULL ? row->flags : (uint32_t)COND_UNKNOWN;
	if (row != NULL && row->cancel != COND_NO_CANCEL)
		sum->cancel = (enum cond_cancel)row->cancel;
}

/* A vendor's number of at most 4 digits; NONE when it is none. */
static int
cond_number(struct slice code)
{
	int v = 0;

	if (code.n < 1 || code.n > 4)
		return NONE;
	for (size_t i = 0; i < code.n; i++) {
		if (code.p[i] < '0' || code.p[i] > '9')
			return NONE;
		v = 10 * v + (code.p[i] - '0');
	}
	return v;
}

static bool
cond_row_has(const struct cond_row *row, enum cond_codes codes,
    struct slice code, int number)
{
	if (codes == COND_OPRA)
		return code.n == 1 && row->letter != '\0' &&
		    row->letter == code.p[0];
	if (number == NONE)
		return false;
	if (codes == COND_MASSIVE)
		return row->massive == number;
	return row->thetadata[0] == number || row->thetadata[1] == number;
}

const char *
cond_name(enum cond_codes codes, struct slice code)
{
	const struct cond_row *row;
	int number = cond_number(code);

	if (code.n == 0)
		return "";
	if (codes == COND_NAMES) {
		row = cond_find(code);
		return row != NULL ? row->name : NULL;
	}
	for (size_t i = 0; i < COUNT(cond_rows); i++)
		if (cond_row_has(&cond_rows[i], codes, code, number))
			return cond_rows[i].name;
	return NULL;
}

static bool
cond_is_name(struct slice text)
{
	if (text.n < 1 || text.n > 8)
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((text.p[i] < 'A' || text.p[i] > 'Z') &&
		    (text.p[i] < '0' || text.p[i] > '9'))
			return false;
	return true;
}

/* Our own names first: they are what nearly every record holds. */
static const struct cond_market *
cond_market_named(struct slice text)
{
	char key[8] = { 0 };

	memcpy(key, text.p, text.n);
	for (size_t i = 0; i < COUNT(cond_markets); i++)
		if (memcmp(cond_markets[i].name, key, sizeof(key)) == 0)
			return &cond_markets[i];
	for (size_t i = 0; i < COUNT(cond_markets); i++)
		for (size_t j = 0; j < COUNT(cond_markets[i].alias); j++)
			if (memcmp(cond_markets[i].alias[j], key,
			    sizeof(key)) == 0)
				return &cond_markets[i];
	return NULL;
}

static const struct cond_market *
cond_market_coded(enum cond_codes codes, struct slice code)
{
	int number = cond_number(code);
	char letter = '\0';

	if (codes == COND_OPRA && code.n == 1)
		letter = code.p[0];
	else if (codes == COND_MASSIVE && number >= 300 && number < 326)
		letter = (char)('A' + number - 300);
	for (size_t i = 0; i < COUNT(cond_markets); i++)
		if (codes == COND_THETADATA ? number != NONE &&
		    cond_markets[i].thetadata == number :
		    cond_markets[i].letter == letter)
			return &cond_markets[i];
	return NULL;
}

const char *
cond_exchange(enum cond_codes codes, struct slice code, size_t *len)
{
	const struct cond_market *market;

	if (codes == COND_NAMES && !cond_is_name(code))
		return NULL;
	market = codes == COND_NAMES ? cond_market_named(code) :
	    cond_market_coded(codes, code);
	if (market != NULL) {
		*len = strlen(market->name);
		return market->name;
	}
	if (codes != COND_NAMES)
		return NULL;
	*len = code.n;
	return code.p;
}
