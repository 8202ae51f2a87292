#include "tap/demo_setup.h"

#include <string.h>

#include "base/day.h"
#include "base/decimal.h"
#include "market/cal.h"
#include "tap/demo_chain.h"
#include "tap/demo_random.h"

/* A Monday with a daily, weekly and monthly series ahead of every symbol. */
enum { SETUP_YEAR = 2025, SETUP_MONTH = 11, SETUP_MDAY = 24 };

enum { SETUP_RATE_MOST = 2000 };	/* prints a second */

/* Relative volume wants five full days; one of six may close early. */
enum { SETUP_HISTORY = 6 };

/* Names of the options, and what holds when they are not said. */
static const struct {
	const char *name;
	int64_t value;		/* millionths */
} setup_shares[DEMO_SHARES] = {
	[DEMO_RESTING] = { "--demo-resting", 500000 },
	[DEMO_HIDDEN] = { "--demo-hidden", 250000 },
	[DEMO_FULL_FILLS] = { "--demo-full-fills", 500000 },
	[DEMO_IMPROVED] = { "--demo-improved", 120000 },
	[DEMO_ISO] = { "--demo-iso", 10000 },
	[DEMO_CANCELS] = { "--demo-cancels", 1000 },
	[DEMO_LATES] = { "--demo-lates", 1000 },
	[DEMO_SWEEPS] = { "--demo-sweeps", 30000 },
	[DEMO_BLOCKS] = { "--demo-blocks", 1500 },
	[DEMO_SPLITS] = { "--demo-splits", 4000 },
	[DEMO_AUCTIONS] = { "--demo-auctions", 120000 },
	[DEMO_CROSSES] = { "--demo-crosses", 3000 },
	[DEMO_COMPLEX] = { "--demo-complex", 150000 },
};

void
demo_setup_init(struct demo_setup *setup)
{
	memset(setup, 0, sizeof(*setup));
	setup->day = DAY_NONE;
	setup->seed = setup->rate_e4 = setup->span_ms = DEMO_SETUP_NONE;
	setup->delay_ms = setup->displayed = DEMO_SETUP_NONE;
	setup->history = DEMO_SETUP_NONE;
	for (size_t i = 0; i < DEMO_SHARES; i++)
		setup->share[i] = DEMO_SETUP_NONE;
	setup->stories = true;
}

/* A percentage of the demo. */
#define SETUP_SHARE(name, which, help) \
	{ 0, name, NULL, NULL, OPT_DECIMAL, &d->share[which], "PERCENT", \
	    0, 1000000, NULL, help }

void
demo_setup_rows(struct demo_setup *d, struct opt rows[DEMO_SETUP_ROWS])
{
	const struct opt all[] = {
		{ 0, "date", NULL, NULL, OPT_TEXT, &d->date, "DATE", 0, 0,
		    NULL, "trade date of the demo" },
		{ 0, "seed", NULL, NULL, OPT_INT, &d->seed, "N", 0, INT64_MAX,
		    NULL, "another demo for each number" },
		{ 0, "rate", NULL, NULL, OPT_TEXT, &d->rate, "N/s", 0, 0,
		    NULL, "prints a second of the demo, all symbols together" },
		{ 0, "for", NULL, NULL, OPT_DURATION, &d->span_ms, "TIME",
		    1, 86400000, NULL, "end the demo so long after the open" },
		{ 0, "truth", NULL, NULL, OPT_FLAG, &d->truth, NULL, 0, 0,
		    NULL, "let prints of the demo say who really traded" },
		{ 0, "demo-quote-delay", NULL, NULL, OPT_DURATION,
		    &d->delay_ms, "TIME", 0, 600000, NULL,
		    "how late quotes come" },
		{ 0, "demo-displayed", NULL, NULL, OPT_INT, &d->displayed,
		    "N", 1, 100000, NULL, "contracts at a quote, about" },
		{ 0, "demo-history", NULL, NULL, OPT_INT, &d->history, "N", 0,
		    60, NULL, "days before told by minutes" },
		{ 0, "demo-stories", NULL, NULL, OPT_FLAG, &d->stories, NULL,
		    0, 0, NULL, "plant stories (default), or not: =no" },
		SETUP_SHARE("demo-resting", DEMO_RESTING,
		    "single orders that wait, not take"),
		SETUP_SHARE("demo-hidden", DEMO_HIDDEN,
		    "of these: unseen, inside the quote"),
		SETUP_SHARE("demo-full-fills", DEMO_FULL_FILLS,
		    "of those at the quote: filled whole"),
		SETUP_SHARE("demo-improved", DEMO_IMPROVED,
		    "takers who trade inside a quote 0.05 wide"),
		SETUP_SHARE("demo-iso", DEMO_ISO,
		    "takers marked ISO on one exchange only"),
		SETUP_SHARE("demo-cancels", DEMO_CANCELS,
		    "prints taken back"),
		SETUP_SHARE("demo-lates", DEMO_LATES,
		    "takers reported late"),
		SETUP_SHARE("demo-sweeps", DEMO_SWEEPS,
		    "orders that are sweeps"),
		SETUP_SHARE("demo-blocks", DEMO_BLOCKS,
		    "orders that are blocks"),
		SETUP_SHARE("demo-splits", DEMO_SPLITS,
		    "orders that come in pieces"),
		SETUP_SHARE("demo-auctions", DEMO_AUCTIONS,
		    "orders that are auctioned"),
		SETUP_SHARE("demo-crosses", DEMO_CROSSES,
		    "orders that are crossed"),
		SETUP_SHARE("demo-complex", DEMO_COMPLEX,
		    "orders that are spreads")
	};

	_Static_assert(sizeof(all) == DEMO_SETUP_ROWS * sizeof(*rows),
	    "DEMO_SETUP_ROWS is their number");
	memcpy(rows, all, sizeof(all));
}

const char *
demo_setup_said(const struct demo_setup *setup)
{
	const struct {
		const char *name;
		bool said;
	} others[] = {
		{ "--seed", setup->seed != DEMO_SETUP_NONE },
		{ "--date", setup->date != NULL },
		{ "--rate", setup->rate != NULL },
		{ "--for", setup->span_ms != DEMO_SETUP_NONE },
		{ "--truth", setup->truth },
		{ "--demo-quote-delay", setup->delay_ms != DEMO_SETUP_NONE },
		{ "--demo-displayed", setup->displayed != DEMO_SETUP_NONE },
		{ "--demo-history", setup->history != DEMO_SETUP_NONE },
		{ "--demo-stories", !setup->stories },
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (others[i].said)
			return others[i].name;
	for (size_t i = 0; i < DEMO_SHARES; i++)
		if (setup->share[i] != DEMO_SETUP_NONE)
			return setup_shares[i].name;
	return NULL;
}

static int
setup_date(struct demo_setup *setup, const char *text, struct err *err)
{
	setup->day = day_parse(text, strlen(text));
	if (setup->day == DAY_NONE)
		return err_set(err, "--date: %s: not a date like 2025-11-24",
		    text);
	return 0;
}

static int
setup_rate(struct demo_setup *setup, const char *text, struct err *err)
{
	size_t n = strlen(text);

	if (n < 3 || strcmp(text + n - 2, "/s") != 0 ||
	    decimal_parse(text, n - 2, DECIMAL_E4, &setup->rate_e4,
	    NULL) < 0 || setup->rate_e4 <= 0 ||
	    setup->rate_e4 > SETUP_RATE_MOST * INT64_C(10000))
		return err_set(err, "--rate: %s: not a rate like 40/s, up to "
		    "%d/s", text, SETUP_RATE_MOST);
	return 0;
}

int
demo_setup_read(struct demo_setup *setup, struct err *err)
{
	if (setup->date != NULL && setup_date(setup, setup->date, err) < 0)
		return -1;
	if (setup->rate != NULL && setup_rate(setup, setup->rate, err) < 0)
		return -1;
	return 0;
}

static void
setup_default(int64_t *to, int64_t value)
{
	if (*to == DEMO_SETUP_NONE)
		*to = value;
}

static int
setup_check_day(const struct demo_setup *setup, struct err *err)
{
	char text[DAY_TEXT];

	struct err why;

	day_print(text, setup->day);
	if (cal_known(setup->day, &why) < 0)
		return err_set(err, "%.*s: %s", DAY_TEXT, text, why.text);
	if (cal_is_open(setup->day))
		return 0;
	return err_set(err, "%.*s: no trading day, %s", DAY_TEXT, text,
	    day_weekday(setup->day) % 6 == 0 ? "a weekend" :
	    "exchanges are closed");
}

static int
setup_check_symbols(const struct demo_setup *setup, struct err *err)
{
	struct demo_product product;

	if (setup->n == 0)
		return err_set(err, "say which symbols, as SPY AAPL");
	for (size_t i = 0; i < setup->n; i++) {
		if (demo_chain_product(&product, setup->symbols[i], err) < 0)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(setup->symbols[i], setup->symbols[k]) == 0)
				return err_set(err, "%s: said twice",
				    setup->symbols[i]);
	}
	return 0;
}

int
demo_setup_check(struct demo_setup *setup, struct err *err)
{
	int64_t sum = 0;

	if (setup->day == DAY_NONE)
		setup->day = day_make(SETUP_YEAR, SETUP_MONTH, SETUP_MDAY);
	setup_default(&setup->seed, 1);
	setup_default(&setup->rate_e4, 100000);
	setup_default(&setup->delay_ms, 0);
	setup_default(&setup->displayed, 20);
	setup_default(&setup->history, SETUP_HISTORY);
	for (size_t i = 0; i < DEMO_SHARES; i++) {
		setup_default(&setup->share[i], setup_shares[i].value);
		sum += i >= DEMO_SWEEPS ? setup->share[i] : 0;
	}
	if (sum > DEMO_RANDOM_ALL)
		return err_set(err, "sweeps, blocks, splits, auctions, "
		    "crosses and complex orders are more than all");
	if (setup_check_day(setup, err) < 0)
		return -1;
	return setup_check_symbols(setup, err);
}

uint64_t
demo_setup_hash(const struct demo_setup *setup)
{
	const int64_t numbers[] = { setup->day, setup->seed, setup->rate_e4,
	    setup->span_ms, setup->delay_ms, setup->displayed,
	    setup->history, setup->truth, setup->stories };
	uint64_t hash = 0;

	for (size_t i = 0; i < setup->n; i++)
		hash = demo_random_hash(setup->symbols[i],
		    strlen(setup->symbols[i]) + 1, hash);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		hash = demo_random_hash(NULL, 0, hash + (uint64_t)numbers[i]);
	for (size_t i = 0; i < DEMO_SHARES; i++)
		hash = demo_random_hash(NULL, 0,
		    hash + (uint64_t)setup->share[i]);
	return hash;
}
