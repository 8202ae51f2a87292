#include "tap/demo_chain.h"

#include <stdlib.h>
#include <string.h>

#include "market/cal.h"

enum { CHAIN_RATE_E4 = 400, CHAIN_STRIKES = 25 };

/*
 * Prices and volatilities as they were, roughly, in November 2025; weights and
 * widths of quotes are set by hand.  Options on the Cboe's own indexes trade
 * there alone, those of the Nasdaq-100 on its exchanges.
 */
static const struct demo_product chain_products[] = {
#define ETF(symbol, cents, vol, yield, width, weight) \
	{ symbol, "", symbol, "", cents, vol, yield, width, weight, \
	    DEMO_TICKS_PENNY, DEMO_LISTING_DAILY }
#define INDEX(symbol, weekly, home, cents, vol, yield, width, weight) \
	{ symbol, symbol, weekly, home, cents, vol, yield, width, weight, \
	    DEMO_TICKS_CLASSIC, DEMO_LISTING_DAILY }
#define STOCK(symbol, cents, vol, yield, width, weight) \
	{ symbol, "", symbol, "", cents, vol, yield, width, weight, \
	    DEMO_TICKS_PROGRAM, DEMO_LISTING_WEEKLY }
	ETF("SPY", 67000, 1400, 110, 6, 100),
	ETF("QQQ", 60500, 1800, 50, 7, 60),
	ETF("IWM", 24000, 2000, 100, 9, 25),
	INDEX("SPX", "SPXW", "CBOE", 670000, 1400, 110, 18, 60),
	INDEX("NDX", "NDXP", "PHLX", 2480000, 1800, 60, 15, 5),
	INDEX("RUT", "RUTW", "CBOE", 239000, 2000, 120, 15, 5),
	{ "XSP", "", "XSP", "CBOE", 67000, 1400, 110, 10, 5,
	    DEMO_TICKS_PENNY, DEMO_LISTING_DAILY },
	STOCK("AAPL", 27500, 2400, 40, 12, 30),
	STOCK("AMD", 21000, 4800, 0, 15, 20),
	STOCK("AMZN", 22500, 3000, 0, 12, 25),
	STOCK("BA", 18000, 3000, 0, 25, 6),
	STOCK("BAC", 5200, 2400, 210, 20, 6),
	{ "BRK.B", "", "BRKB", "", 50500, 1600, 0, 25, 3,
	    DEMO_TICKS_PROGRAM, DEMO_LISTING_WEEKLY },
	STOCK("COIN", 24500, 6500, 0, 25, 10),
	STOCK("DIS", 10400, 2400, 140, 25, 5),
	STOCK("F", 1300, 3000, 450, 25, 4),
	STOCK("GME", 2050, 5500, 0, 30, 4),
	STOCK("GOOGL", 31500, 3000, 30, 12, 20),
	STOCK("IBM", 30000, 2600, 220, 25, 4),
	STOCK("INTC", 3500, 5000, 0, 20, 8),
	STOCK("JPM", 30000, 2200, 200, 25, 5),
	STOCK("KO", 7250, 1400, 280, 40, 4),
	STOCK("META", 60000, 3000, 35, 15, 20),
	STOCK("MSFT", 47500, 2200, 75, 12, 15),
	STOCK("MSTR", 17500, 7000, 0, 25, 12),
	STOCK("NVDA", 18200, 3800, 2, 8, 60),
	STOCK("PEP", 14600, 1800, 380, 40, 3),
	STOCK("PLTR", 15800, 5500, 0, 12, 20),
	STOCK("TSLA", 40500, 4800, 0, 8, 60),
	STOCK("WMT", 10400, 2000, 90, 25, 5),
	STOCK("XOM", 11700, 2000, 340, 25, 5),
#undef ETF
#undef INDEX
#undef STOCK
};

/* ---- products ---- */

static void
chain_unknown(struct demo_product *product, const struct osi *osi)
{
	uint64_t hash = demo_random_hash(osi->symbol, strlen(osi->symbol), 0);

	memset(product, 0, sizeof(*product));
	memcpy(product->symbol, osi->symbol, sizeof(osi->symbol));
	memcpy(product->weekly_root, osi->root, sizeof(osi->root));
	product->price_cents = (int32_t)(1000 + hash % 39000);
	product->vol_e4 = (int32_t)(2000 + (hash >> 20) % 4000);
	product->width_e3 = 35;
	product->weight = 4;
	product->ticks = (hash >> 40) % 4 == 0 ? DEMO_TICKS_CLASSIC :
	    DEMO_TICKS_PROGRAM;
	product->listing = DEMO_LISTING_WEEKLY;
}

int
demo_chain_product(struct demo_product *product, const char *symbol,
    struct err *err)
{
	char root[OSI_ROOT + 2];
	enum cal_class cls;
	struct osi osi;
	size_t n = 0;

	for (size_t i = 0; i < sizeof(chain_products) /
	    sizeof(*chain_products); i++)
		if (strcmp(symbol, chain_products[i].symbol) == 0) {
			*product = chain_products[i];
			return 0;
		}
	for (size_t i = 0; symbol[i] != '\0' && n < sizeof(root); i++)
		if (symbol[i] != '.')
			root[n++] = symbol[i];
	if (osi_make((struct slice){ root, n }, day_make(2025, 1, 17),
	    OSI_CALL, 10000, &osi, NULL) < 0)
		return err_set(err, "%s: not a symbol that has options",
		    symbol);
	cls = cal_class_of((struct slice){ root, n }, osi.expiration, true);
	if (strcmp(osi.symbol, symbol) != 0 || osi.is_adjusted ||
	    osi.is_flex || cls == CAL_INDEX || cls == CAL_INDEX_GTH)
		return err_set(err, "%s: the demo knows no series of it",
		    symbol);
	chain_unknown(product, &osi);
	return 0;
}

/* ---- expirations ---- */

/* The series in its place by date; none twice. */
static void
chain_add(struct demo_chain *chain, int32_t expiration, bool am)
{
	size_t at = chain->n;

	for (size_t i = 0; i < chain->n; i++)
		if (chain->series[i].expiration == expiration &&
		    chain->series[i].am == am)
			return;
	if (chain->n == DEMO_SERIES)
		return;
	while (at > 0 && chain->series[at - 1].expiration > expiration)
		at--;
	memmove(chain->series + at + 1, chain->series + at,
	    (chain->n - at) * sizeof(*chain->series));
	chain->n++;
	memset(&chain->series[at], 0, sizeof(*chain->series));
	chain->series[at].expiration = expiration;
	chain->series[at].am = am;
}

/* The open day at or before a Friday; CAL_NO_DAY outside the calendar. */
static int32_t
chain_friday(int32_t friday)
{
	if (cal_known(friday, NULL) < 0)
		return CAL_NO_DAY;
	while (!cal_is_open(friday))
		friday--;
	return friday;
}

static void
chain_weeklies(struct demo_chain *chain, int32_t day)
{
	int32_t friday = day + (5 - day_weekday(day) + 7) % 7, open;

	if (chain->product.listing == DEMO_LISTING_DAILY)
		for (int32_t d = day; d < day + 7; d++)
			if (cal_known(d, NULL) == 0 && cal_is_open(d))
				chain_add(chain, d, false);
	for (int i = 0; i < 5; i++) {
		open = chain_friday(friday + 7 * i);
		if (open != CAL_NO_DAY && open >= day)
			chain_add(chain, open, false);
	}
}

/* An AM series does not trade on the day it is settled. */
static void
chain_month(struct demo_chain *chain, int32_t day, int year, int month)
{
	bool am = chain->product.root[0] != '\0';
	int32_t expiration = cal_monthly_expiry(year, month);

	if (expiration != CAL_NO_DAY && expiration >= day + (am ? 1 : 0))
		chain_add(chain, expiration, am);
}

static void
chain_months(struct demo_chain *chain, int32_t day)
{
	int year, month;

	day_civil(day, &year, &month, NULL);
	for (int i = month - 1; i < month + 3; i++)
		chain_month(chain, day, year + i / 12, i % 12 + 1);
	for (int i = 1; i <= 2; i++)
		chain_month(chain, day, year + i, 1);
}

/* ---- strikes ---- */

/* Dollars between strikes at a price, as listed near the money. */
static int64_t
chain_step(const struct demo_product *product, int64_t price_e4)
{
	static const struct {
		int64_t below, step;	/* dollars, 1/10,000 dollar */
	} steps[] = {
		{ 25, 5000 }, { 100, 10000 }, { 250, 25000 }, { 1000, 50000 },
		{ 100000, 100000 }
	};
	size_t i = 0;

	if (product->ticks == DEMO_TICKS_PENNY)
		return 10000;
	if (product->root[0] != '\0')
		return price_e4 < 100000000 ? 50000 : 250000;
	while (price_e4 >= steps[i].below * 10000)
		i++;
	return steps[i].step;
}

/* Trades by days to expiration. */
static uint16_t
chain_weight(int32_t days)
{
	static const struct {
		int32_t most;
		uint16_t weight;
	} rows[] = {
		{ 0, 400 }, { 1, 160 }, { 2, 90 }, { 4, 80 }, { 7, 120 },
		{ 14, 60 }, { 31, 60 }, { 60, 35 }, { 120, 20 },
		{ INT32_MAX, 12 }
	};
	size_t i = 0;

	while (days > rows[i].most)
		i++;
	return rows[i].weight;
}

/* Volatility at the money by days to expiration, hundredths. */
static int64_t
chain_term_vol(int32_t days)
{
	return days < 2 ? 112 : days < 8 ? 104 : days < 45 ? 100 :
	    days < 120 ? 103 : 106;
}

/* Far expirations list fewer strikes: 12 of them reach 2.5 deviations. */
static void
chain_strikes(struct demo_series *series, const struct demo_product *product)
{
	static const int64_t times[] = { 1, 2, 4, 5, 10, 20, 40 };
	int64_t spot_e4 = (int64_t)product->price_cents * 100;
	int64_t step = chain_step(product, spot_e4), reach;
	size_t i = 0;

	reach = (spot_e4 * ((series->vol * series->term.root) >> 28) >> 28) *
	    5 / 2;
	while (i < 6 && step * times[i] * (CHAIN_STRIKES / 2) < reach)
		i++;
	series->step_e4 = step * times[i];
	series->n = CHAIN_STRIKES;
	series->low_e4 = ((spot_e4 + series->step_e4 / 2) / series->step_e4 -
	    CHAIN_STRIKES / 2) * series->step_e4;
	if (series->low_e4 < series->step_e4)
		series->low_e4 = series->step_e4;
}

/* More where months end and near the money, as interest gathers. */
static void
chain_interest(struct demo_contract *contract, int64_t spot_e4,
    const struct demo_product *product, struct demo_random *random)
{
	const struct demo_series *series = contract->series;
	int64_t away = (contract->strike_e4 - spot_e4) / series->step_e4;
	int64_t mean;

	away = away < 0 ? -away : away;
	mean = 40 * (int64_t)product->weight * (series->am ||
	    series->weight < 40 ? 4 : 2) / (4 + away);
	contract->open_interest = demo_random_hit(random, 40000) ? 0 :
	    demo_random_wait(random, mean);
	contract->oi_change = contract->open_interest *
	    demo_random_between(random, -12, 20) / 100;
}

static int
chain_contract(struct demo_contract *contract, struct demo_chain *chain,
    struct contract_book *book, struct err *err)
{
	const struct demo_series *series = contract->series;
	const char *root = series->am ? chain->product.root :
	    chain->product.weekly_root;
	struct contract_name name = { .symbol = { chain->product.symbol,
	    strlen(chain->product.symbol) } };
	char text[OSI_TEXT];
	struct osi osi;

	if (osi_make((struct slice){ root, strlen(root) }, series->expiration,
	    contract->put ? OSI_PUT : OSI_CALL, contract->strike_e4, &osi,
	    err) < 0)
		return -1;
	name.osi = (struct slice){ text, osi_print(text, &osi) };
	contract->contract = contract_find(book, &name, err);
	contract->strike_ln = demo_price_ln(contract->strike_e4);
	return contract->contract == NULL ? -1 : 0;
}

static int
chain_list(struct demo_chain *chain, struct demo_series *series,
    struct contract_book *book, struct demo_random *random, struct err *err)
{
	int64_t spot_e4 = (int64_t)chain->product.price_cents * 100;

	series->calls = buf_alloc(2 * series->n, sizeof(*series->calls));
	series->puts = series->calls + series->n;
	for (size_t i = 0; i < 2 * series->n; i++) {
		struct demo_contract *contract = &series->calls[i];

		contract->series = series;
		contract->put = i >= series->n;
		contract->strike_e4 = series->low_e4 +
		    (int64_t)(i % series->n) * series->step_e4;
		if (chain_contract(contract, chain, book, err) < 0)
			return -1;
		chain_interest(contract, spot_e4, &chain->product, random);
	}
	return 0;
}

static void
chain_refresh(const struct demo_chain *chain, struct demo_series *series,
    int64_t ts)
{
	demo_price_term(&series->term, cal_t_years_e6(ts, series->expiration,
	    series->am), CHAIN_RATE_E4, chain->product.yield_e4);
	series->term_ts = ts;
}

int
demo_chain_init(struct demo_chain *chain, int32_t day, int64_t close_ts,
    struct contract_book *book, struct demo_random *random, struct err *err)
{
	bool index = chain->product.exchange[0] != '\0';

	chain->n = 0;
	chain_weeklies(chain, day);
	chain_months(chain, day);
	if (chain->n == 0)
		return err_set(err, "%s: no expirations are known",
		    chain->product.symbol);
	for (size_t i = 0; i < chain->n; i++) {
		struct demo_series *series = &chain->series[i];
		int32_t days = series->expiration - day;

		series->close_ts = close_ts;
		if (index && !series->am && days == 0 &&
		    cal_expiry_ts(day, false) < close_ts)
			series->close_ts = cal_expiry_ts(day, false);
		series->weight = chain->weights[i] = chain_weight(days);
		series->vol = (DEMO_PRICE_ONE * chain->product.vol_e4 /
		    10000) * chain_term_vol(days) / 100;
		chain_refresh(chain, series, close_ts - 23400000);
		chain_strikes(series, &chain->product);
		if (chain_list(chain, series, book, random, err) < 0)
			return -1;
	}
	return 0;
}

void
demo_chain_free(struct demo_chain *chain)
{
	for (size_t i = 0; i < chain->n; i++)
		free(chain->series[i].calls);
	chain->n = 0;
}

/* ---- choosing ---- */

static struct demo_contract *
chain_strike(struct demo_series *series, bool put, int64_t at)
{
	int64_t last = (int64_t)series->n - 1;

	at = at < 0 ? 0 : at > last ? last : at;
	return (put ? series->puts : series->calls) + at;
}

static int64_t
chain_nearest(const struct demo_series *series, int64_t price_e4)
{
	return (price_e4 - series->low_e4 + series->step_e4 / 2) /
	    series->step_e4;
}

/* Mostly near the money. */
struct demo_contract *
demo_chain_pick(struct demo_chain *chain, struct demo_random *random,
    int64_t spot_e4, int64_t inside)
{
	size_t i = demo_random_pick(random, chain->weights, chain->n);
	struct demo_series *series = &chain->series[i];
	bool put = demo_random_hit(random, 450000);
	int64_t out = demo_random_wait(random, 4);

	if (demo_random_hit(random, inside))
		out = -out;
	return chain_strike(series, put,
	    chain_nearest(series, spot_e4) + (put ? -out : out));
}

struct demo_contract *
demo_chain_at(struct demo_chain *chain, int32_t day, int32_t days, bool put,
    int64_t spot_e4, int64_t percent)
{
	size_t i = 0;

	while (i + 1 < chain->n && chain->series[i].expiration - day < days)
		i++;
	return chain_strike(&chain->series[i], put,
	    chain_nearest(&chain->series[i], spot_e4 * percent / 100));
}

struct demo_contract *
demo_chain_beside(struct demo_contract *contract, int n)
{
	struct demo_series *series = contract->series;
	struct demo_contract *row = contract->put ? series->puts :
	    series->calls;
	ptrdiff_t at = contract - row + n;

	return at < 0 || at >= (ptrdiff_t)series->n ? NULL : row + at;
}

/* ---- values ---- */

/*
 * The volatility of a strike against the one at the money, hundredths, by how
 * many deviations away it is, from -4 to 4: puts far below cost more, on
 * indexes most of all.
 */
static int64_t
chain_skew(const struct demo_product *product, int64_t deviations)
{
	static const int64_t tables[2][9] = {
		{ 145, 130, 117, 107, 100, 97, 99, 105, 114 },
		{ 160, 142, 126, 112, 100, 93, 92, 97, 105 }
	};
	const int64_t *row =
	    tables[product->listing == DEMO_LISTING_DAILY ? 1 : 0];
	int64_t at = deviations + 4 * DEMO_PRICE_ONE, i, part;

	if (at <= 0)
		return row[0] * 100;
	i = at >> 28;
	part = at & (DEMO_PRICE_ONE - 1);
	return i >= 8 ? row[8] * 100 : row[i] * 100 +
	    ((row[i + 1] - row[i]) * 100 * part >> 28);
}

int64_t
demo_chain_value(const struct demo_chain *chain,
    struct demo_contract *contract, int64_t ts, int64_t spot_e4,
    int64_t spot_ln)
{
	struct demo_series *series = contract->series;
	int64_t width, away, value, exercise;

	if (ts - series->term_ts >= 60000 || ts < series->term_ts)
		chain_refresh(chain, series, ts);
	width = (series->vol * series->term.root >> 28) + 1;
	away = contract->strike_ln - spot_ln;
	away = away > 5 * width ? 5 * DEMO_PRICE_ONE :
	    away < -5 * width ? -5 * DEMO_PRICE_ONE :
	    away * DEMO_PRICE_ONE / width;
	value = demo_price_value(&series->term, contract->put, spot_e4,
	    spot_ln, contract->strike_e4, contract->strike_ln,
	    series->vol * chain_skew(&chain->product, away) / 10000);
	/* American options are worth their exercise at least. */
	exercise = contract->put ? contract->strike_e4 - spot_e4 :
	    spot_e4 - contract->strike_e4;
	if (chain->product.exchange[0] == '\0' && value < exercise)
		value = exercise;
	return value;
}

int64_t
demo_chain_tick(const struct demo_chain *chain, int64_t price_e4)
{
	switch (chain->product.ticks) {
	case DEMO_TICKS_PENNY:
		return 100;
	case DEMO_TICKS_PROGRAM:
		return price_e4 < 30000 ? 100 : 500;
	case DEMO_TICKS_CLASSIC:
		break;
	}
	return price_e4 < 30000 ? 500 : 1000;
}
