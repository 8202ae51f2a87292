#include "tap/demo_flow.h"

#include <string.h>

/* Where options trade, in 256ths of the prints; set by hand. */
static const struct {
	const char *name;
	int share;
} flow_exchanges[] = {
	{ "CBOE", 30 }, { "ARCA", 30 }, { "PHLX", 27 }, { "AMEX", 18 },
	{ "BOX", 17 }, { "ISE", 16 }, { "MIAX", 16 }, { "EDGX", 15 },
	{ "NOM", 14 }, { "BZX", 13 }, { "PEARL", 11 }, { "MEMX", 10 },
	{ "EMLD", 10 }, { "MRX", 8 }, { "C2", 7 }, { "GEMX", 6 },
	{ "BX", 5 }, { "SPHR", 3 }
};

enum { FLOW_EXCHANGES = sizeof(flow_exchanges) / sizeof(*flow_exchanges) };

static const char *const flow_conds[DEMO_CONDS] = {
	"AUTO", "ISOI", "SLAN", "SLCN", "SLFT", "MLET", "MLAT", "MLFT",
	"MESL", "TLET", "LATE", "OSEQ", "CANC", "CNCL", "CNCO", "CNOL"
};

/* The quote that an order meets, and when. */
struct flow_market {
	struct demo_contract *contract;
	struct trade_quote nbbo;
};

enum {
	FLOW_BUSY_MS = 2000,	/* contracts with more ahead are left alone */
	FLOW_TRIES = 8,
	/* orders in the money, millionths: single ones, and spreads */
	FLOW_INSIDE = 150000,
	FLOW_INSIDE_SPREAD = 450000,
	FLOW_SWEEP_LEGS = 8
};

const char *
demo_flow_exchange(int exchange)
{
	return flow_exchanges[exchange].name;
}

int
demo_flow_exchange_number(const char *name)
{
	int i = FLOW_EXCHANGES - 1;

	while (i >= 0 && strcmp(flow_exchanges[i].name, name) != 0)
		i--;
	return i;
}

const char *
demo_flow_cond(enum demo_cond cond)
{
	return flow_conds[cond];
}

void
demo_flow_init(struct demo_flow *flow, const struct demo_setup *setup,
    struct demo_random *random, struct demo_queue *queue)
{
	size_t at = 0;

	memset(flow, 0, sizeof(*flow));
	flow->setup = setup;
	flow->random = random;
	flow->queue = queue;
	flow->day = setup->day;
	for (size_t i = 0; i < FLOW_EXCHANGES; i++)
		for (int k = 0; k < flow_exchanges[i].share; k++)
			flow->routes[at++] = (uint8_t)i;
}

/* ---- draws ---- */

static int
flow_route(struct demo_flow *flow, const struct demo_stock *stock)
{
	return stock->home >= 0 ? stock->home :
	    flow->routes[demo_random_below(flow->random, 256)];
}

static bool
flow_hit(struct demo_flow *flow, enum demo_share share)
{
	return demo_random_hit(flow->random, flow->setup->share[share]);
}

/* Contracts of an order: mostly few, often round. */
static int64_t
flow_size(struct demo_flow *flow)
{
	static const uint8_t sizes[64] = {
		1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
		1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4, 4,
		4, 5, 5, 5, 5, 5, 6, 7, 8, 10, 10, 10, 10, 10, 10, 12, 15,
		20, 20, 25, 30, 40, 50, 100
	};

	return sizes[demo_random_below(flow->random, 64)];
}

/* Contracts displayed at a quote. */
static int64_t
flow_displayed(struct demo_flow *flow)
{
	static const uint16_t percent[16] = {
		5, 10, 15, 25, 35, 50, 60, 75, 90, 100, 120, 140, 160, 190,
		220, 305
	};
	int64_t size = flow->setup->displayed *
	    percent[demo_random_below(flow->random, 16)] / 100;

	return size < 1 ? 1 : size;
}

/* The same, but not as many as the print: a size of its own. */
static int64_t
flow_displayed_not(struct demo_flow *flow, int64_t size)
{
	int64_t displayed = flow_displayed(flow);

	return displayed == size ? displayed + 1 : displayed;
}

/* From the quote to the print: mostly at once, at times seconds. */
static int64_t
flow_delay(struct demo_flow *flow, bool busy)
{
	static const uint16_t weights[] = { 50, 33, 17 };
	static const int64_t means[] = { 10, 200, 1800 };

	return 1 + demo_random_wait(flow->random, busy ? 2 :
	    means[demo_random_pick(flow->random, weights, 3)]);
}

/* ---- quotes ---- */

static int64_t
flow_down(const struct demo_stock *stock, int64_t price_e4)
{
	int64_t tick = demo_chain_tick(&stock->chain, price_e4);

	return price_e4 <= 0 ? 0 : price_e4 / tick * tick;
}

static int64_t
flow_up(const struct demo_stock *stock, int64_t price_e4)
{
	int64_t tick = demo_chain_tick(&stock->chain, price_e4);

	return price_e4 <= 0 ? tick : (price_e4 + tick - 1) / tick * tick;
}

/* Bid and ask around the value; a bid above 0 when there must be one. */
static void
flow_prices(struct demo_flow *flow, struct demo_stock *stock,
    struct flow_market *market, bool bid)
{
	const struct demo_contract *contract = market->contract;
	int64_t spot_e4 = stock->spot.price_e4, value, inside, spread, noise;
	int64_t busy = demo_spot_activity(&stock->spot.session,
	    stock->spot.ts);

	value = demo_chain_value(&stock->chain, market->contract,
	    market->nbbo.ts, spot_e4, stock->spot.ln);
	inside = contract->put ? contract->strike_e4 - spot_e4 :
	    spot_e4 - contract->strike_e4;
	inside = inside < 0 ? 0 : inside > value ? value : inside;
	/* wider far in the money, and when much is going on */
	spread = (100 + (value - inside) * stock->chain.product.width_e3 /
	    1000 + inside / 50) * (500 + busy / 2) / 1000 *
	    demo_random_between(flow->random, 50, 150) / 100;
	noise = demo_random_between(flow->random, -40, 40);
	market->nbbo.bid_e4 = flow_down(stock, value + noise - spread / 2);
	market->nbbo.ask_e4 = flow_up(stock, value + noise + spread / 2);
	if (bid && market->nbbo.bid_e4 == 0)
		market->nbbo.bid_e4 = flow_up(stock, 1);
	if (market->nbbo.ask_e4 <= market->nbbo.bid_e4)
		market->nbbo.ask_e4 = flow_up(stock, market->nbbo.bid_e4 + 1);
}

/*
 * The quotes of a contract at the order's time, or when the orders before it
 * are done; false when too many are.
 */
static bool
flow_meet(struct demo_flow *flow, struct demo_stock *stock,
    struct demo_contract *contract, bool bid, struct flow_market *market)
{
	int64_t ts = stock->spot.ts;

	if (contract->free_at > ts + FLOW_BUSY_MS)
		return false;
	market->contract = contract;
	market->nbbo.ts = contract->free_at > ts ? contract->free_at : ts;
	if (market->nbbo.ts >= contract->series->close_ts)
		return false;
	flow_prices(flow, stock, market, bid);
	market->nbbo.bid_size = flow_displayed(flow);
	market->nbbo.ask_size = flow_displayed(flow);
	return true;
}

/*
 * The same of some contract, one that is free if possible: orders that wait
 * for each other would look like bursts.
 */
static bool
flow_meet_some(struct demo_flow *flow, struct demo_stock *stock, bool bid,
    int64_t inside, struct flow_market *market)
{
	struct demo_contract *contract;

	for (int i = 0; i < FLOW_TRIES; i++) {
		contract = demo_chain_pick(&stock->chain, flow->random,
		    stock->spot.price_e4, inside);
		if ((contract->free_at <= stock->spot.ts ||
		    i + 2 >= FLOW_TRIES) &&
		    flow_meet(flow, stock, contract, bid, market))
			return true;
	}
	return false;
}

/* One as single orders like it: mostly without intrinsic value. */
static bool
flow_meet_any(struct demo_flow *flow, struct demo_stock *stock, bool bid,
    struct flow_market *market)
{
	return flow_meet_some(flow, stock, bid, FLOW_INSIDE, market);
}

static void
flow_add_quote(struct demo_flow *flow, const struct demo_stock *stock,
    const struct flow_market *market, int exchange,
    const struct trade_quote *quote)
{
	struct demo_item item = { .what = DEMO_QUOTE, .exchange = exchange,
	    .ts = quote->ts + flow->setup->delay_ms, .stock = stock->number,
	    .contract = market->contract, .u.quote = *quote };

	item.u.quote.ts = item.ts;
	demo_queue_add(flow->queue, SOURCE_QUOTE, &item);
}

static void
flow_tell_nbbo(struct demo_flow *flow, const struct demo_stock *stock,
    struct flow_market *market)
{
	if (market->nbbo.bid_e4 == 0)
		market->nbbo.bid_size = 0;
	flow_add_quote(flow, stock, market, -1, &market->nbbo);
}

/*
 * The quote of one exchange, at the best price on the side that trades there
 * (ask) with size contracts, on the other side at the best or a tick behind.
 * The market's size is at least that.
 */
static void
flow_tell_exchange(struct demo_flow *flow, const struct demo_stock *stock,
    struct flow_market *market, int exchange, bool ask, int64_t size,
    int64_t print)
{
	struct trade_quote quote = market->nbbo, *nbbo = &market->nbbo;
	int64_t other = flow_displayed_not(flow, print);
	bool behind = demo_random_hit(flow->random, 300000);
	int64_t below = flow_down(stock, nbbo->bid_e4 - 1);

	quote.ask_size = ask ? size : other;
	quote.bid_size = ask ? other : size;
	if (behind && ask && below > 0)
		quote.bid_e4 = below;
	else if (behind && !ask)
		quote.ask_e4 = flow_up(stock, nbbo->ask_e4 + 1);
	if (nbbo->ask_size < quote.ask_size && quote.ask_e4 == nbbo->ask_e4)
		nbbo->ask_size = quote.ask_size;
	if (nbbo->bid_size < quote.bid_size && quote.bid_e4 == nbbo->bid_e4)
		nbbo->bid_size = quote.bid_size;
	if (quote.bid_e4 == 0)
		quote.bid_size = 0;
	flow_add_quote(flow, stock, market, exchange, &quote);
}

/* What a large order leaves behind: the side it took is a step away. */
static void
flow_move(struct demo_flow *flow, const struct demo_stock *stock,
    struct flow_market *market, bool ask, int64_t ts)
{
	struct trade_quote *nbbo = &market->nbbo;

	nbbo->ts = ts + 1 + demo_random_wait(flow->random, 2);
	if (ask)
		nbbo->ask_e4 = flow_up(stock, nbbo->ask_e4 + 1);
	else
		nbbo->bid_e4 = flow_down(stock, nbbo->bid_e4 - 1);
	nbbo->ask_size = flow_displayed(flow);
	nbbo->bid_size = flow_displayed(flow);
	flow_tell_nbbo(flow, stock, market);
	market->contract->free_at = nbbo->ts;
}

/* ---- prints ---- */

/* Plans a print; false after the close. */
static bool
flow_add_print(struct demo_flow *flow, struct demo_stock *stock,
    struct demo_contract *contract, int64_t ts, int exchange,
    const struct demo_print *print)
{
	struct demo_item item = { .what = DEMO_PRINT, .exchange = exchange,
	    .ts = ts, .stock = stock->number, .contract = contract,
	    .u.print = *print };

	if (ts >= contract->series->close_ts)
		return false;
	if (contract->free_at < ts)
		contract->free_at = ts;
	demo_queue_add(flow->queue, SOURCE_TRADE, &item);
	return true;
}

/* The tape hears of it when other quotes stand already. */
static void
flow_add_late(struct demo_flow *flow, struct demo_stock *stock,
    const struct flow_market *market, int exchange, struct demo_print *print)
{
	int64_t ts = market->nbbo.ts + 5000 +
	    demo_random_wait(flow->random, 30000);
	int64_t free_at = market->contract->free_at;

	print->cond = demo_random_hit(flow->random, 700000) ? DEMO_LATE :
	    DEMO_OSEQ;
	flow_add_print(flow, stock, market->contract, ts, exchange, print);
	market->contract->free_at = free_at;
}

/* A price inside the quote, in cents, on the taker's side of the middle. */
static int64_t
flow_improve(struct demo_flow *flow, const struct trade_quote *nbbo, bool ask,
    int64_t price_e4)
{
	int64_t steps = ((nbbo->ask_e4 - nbbo->bid_e4) / 100 - 1) / 2;
	int64_t better;

	if (steps <= 0)
		return price_e4;
	better = 100 * demo_random_between(flow->random, 1, steps);
	return ask ? price_e4 - better : price_e4 + better;
}

/* The wider the quote, the likelier a price inside it. */
static bool
flow_inside(struct demo_flow *flow, enum demo_share which,
    const struct trade_quote *nbbo)
{
	int64_t cents = (nbbo->ask_e4 - nbbo->bid_e4) / 100;
	int64_t share = flow->setup->share[which];

	share += share * (cents - 5) / 8;
	return demo_random_hit(flow->random, share < 0 ? 0 :
	    share > 950000 ? 950000 : share);
}

/* The middle of a narrow quote, anywhere inside a wide one, in cents. */
static int64_t
flow_between(struct demo_flow *flow, const struct demo_stock *stock,
    struct trade_quote *nbbo)
{
	int64_t cents = (nbbo->ask_e4 - nbbo->bid_e4) / 100;

	if (cents > 10)
		return nbbo->bid_e4 + 100 *
		    demo_random_between(flow->random, 1, cents - 1);
	if (cents % 2 != 0)
		nbbo->ask_e4 = flow_up(stock, nbbo->ask_e4 + 1);
	return (nbbo->bid_e4 + nbbo->ask_e4) / 200 * 100;
}

/* ---- orders ---- */

/* Takes what is displayed at one exchange. */
static void
flow_take(struct demo_flow *flow, struct demo_stock *stock,
    struct flow_market *market, struct demo_print *print)
{
	int exchange = flow_route(flow, stock);
	bool busy = market->nbbo.ts > stock->spot.ts;
	int64_t displayed = print->size, ts;

	if (!demo_random_hit(flow->random, 80000))
		displayed += flow_displayed(flow);
	print->price_e4 = print->buy ? market->nbbo.ask_e4 :
	    market->nbbo.bid_e4;
	if (print->cond == DEMO_SLAN || flow_inside(flow, DEMO_IMPROVED,
	    &market->nbbo))
		print->price_e4 = flow_improve(flow, &market->nbbo,
		    print->buy, print->price_e4);
	flow_tell_exchange(flow, stock, market, exchange, print->buy,
	    displayed, print->size);
	flow_tell_nbbo(flow, stock, market);
	ts = market->nbbo.ts + flow_delay(flow, busy);
	if (print->cond == DEMO_AUTO && flow_hit(flow, DEMO_LATES))
		flow_add_late(flow, stock, market, exchange, print);
	else if (flow_add_print(flow, stock, market->contract, ts, exchange,
	    print) && (displayed == print->size || print->size >= 100))
		flow_move(flow, stock, market, print->buy, ts);
}

/*
 * Stands in the book until a market maker trades with it: at the quote, where
 * the order is what the exchange displays, or unseen inside it.
 */
static void
flow_rest(struct demo_flow *flow, struct demo_stock *stock,
    struct flow_market *market, struct demo_print *print)
{
	struct trade_quote *nbbo = &market->nbbo;
	bool busy = nbbo->ts > stock->spot.ts;
	int exchange = flow_route(flow, stock);
	int64_t displayed = print->size;
	bool ask = !print->buy;		/* where it is displayed */

	if (flow_inside(flow, DEMO_HIDDEN, nbbo)) {
		print->price_e4 = flow_between(flow, stock, nbbo);
		displayed = flow_displayed_not(flow, print->size);
		ask = demo_random_hit(flow->random, 500000);
	} else {
		print->price_e4 = print->buy ? nbbo->bid_e4 : nbbo->ask_e4;
		if (!flow_hit(flow, DEMO_FULL_FILLS))
			displayed += 1 + demo_random_below(flow->random,
			    2 * displayed + 3);
	}
	flow_tell_exchange(flow, stock, market, exchange, ask, displayed,
	    print->size);
	flow_tell_nbbo(flow, stock, market);
	flow_add_print(flow, stock, market->contract,
	    nbbo->ts + flow_delay(flow, busy), exchange, print);
}

static void
flow_single(struct demo_flow *flow, struct demo_stock *stock)
{
	struct demo_print print = { .buy = demo_random_hit(flow->random,
	    520000), .size = flow_size(flow) };
	bool rests = flow_hit(flow, DEMO_RESTING);
	struct flow_market market;

	if (!flow_meet_any(flow, stock, rests || !print.buy, &market))
		return;
	if (rests) {
		flow_rest(flow, stock, &market, &print);
		return;
	}
	if (flow_hit(flow, DEMO_ISO))
		print.cond = DEMO_ISOI;
	flow_take(flow, stock, &market, &print);
}

static void
flow_auction(struct demo_flow *flow, struct demo_stock *stock)
{
	struct demo_print print = { .buy = demo_random_hit(flow->random,
	    520000), .size = flow_size(flow), .cond = DEMO_SLAN };
	struct flow_market market;

	if (flow_meet_any(flow, stock, !print.buy, &market))
		flow_take(flow, stock, &market, &print);
}

static void
flow_block(struct demo_flow *flow, struct demo_stock *stock)
{
	static const uint16_t sizes[] = {
		500, 500, 500, 600, 750, 1000, 1000, 1500, 2000, 3000
	};
	struct demo_print print = { .buy = demo_random_hit(flow->random,
	    500000), .size = sizes[demo_random_below(flow->random, 10)] };
	struct flow_market market;

	if (flow_meet_any(flow, stock, !print.buy, &market))
		flow_take(flow, stock, &market, &print);
}

/* Two sides brought together, somewhere in the spread. */
static void
flow_cross(struct demo_flow *flow, struct demo_stock *stock)
{
	struct demo_print print = { .buy = demo_random_hit(flow->random,
	    500000), .size = 50 * demo_random_between(flow->random, 1, 20),
	    .cond = demo_random_hit(flow->random, 200000) ? DEMO_SLFT :
	    DEMO_SLCN };
	struct flow_market market;
	int64_t cents;
	int exchange;

	if (!flow_meet_any(flow, stock, true, &market))
		return;
	cents = (market.nbbo.ask_e4 - market.nbbo.bid_e4) / 100;
	print.price_e4 = market.nbbo.bid_e4 + 100 *
	    demo_random_between(flow->random, 0, cents);
	exchange = flow_route(flow, stock);
	flow_tell_exchange(flow, stock, &market, exchange, print.buy,
	    flow_displayed(flow), print.size);
	flow_tell_nbbo(flow, stock, &market);
	flow_add_print(flow, stock, market.contract, market.nbbo.ts +
	    flow_delay(flow, true), exchange, &print);
}

/* The same customer, exchange and side, piece by piece within seconds. */
static void
flow_split_at(struct demo_flow *flow, struct demo_stock *stock,
    struct flow_market *market, struct demo_print *print)
{
	int exchange = flow_route(flow, stock);
	int64_t pieces = demo_random_between(flow->random, 3, 7);
	int64_t ts = market->nbbo.ts, size = print->size / pieces + 1;

	print->price_e4 = print->buy ? market->nbbo.ask_e4 :
	    market->nbbo.bid_e4;
	flow_tell_exchange(flow, stock, market, exchange, print->buy,
	    print->size + pieces + flow_displayed(flow), size);
	flow_tell_nbbo(flow, stock, market);
	for (int64_t i = 0; i < pieces; i++) {
		print->size = demo_random_between(flow->random,
		    size - size / 4, size + size / 4);
		ts += 1 + demo_random_wait(flow->random, 220);
		if (!flow_add_print(flow, stock, market->contract, ts,
		    exchange, print))
			return;
	}
	flow_move(flow, stock, market, print->buy, ts);
}

static void
flow_split(struct demo_flow *flow, struct demo_stock *stock)
{
	struct demo_print print = { .buy = demo_random_hit(flow->random,
	    500000), .size = 10 * demo_random_between(flow->random, 5, 40) };
	struct flow_market market;

	if (flow_meet_any(flow, stock, !print.buy, &market))
		flow_split_at(flow, stock, &market, &print);
}

/* ---- sweeps ---- */

/* Somebody else's small order on the same quote while the sweep runs. */
static void
flow_bystander(struct demo_flow *flow, struct demo_stock *stock,
    struct flow_market *market, int64_t ts)
{
	struct demo_print print = { .buy = demo_random_hit(flow->random,
	    500000), .size = flow_size(flow) };
	int exchange = flow_route(flow, stock);

	if (market->nbbo.bid_e4 == 0)
		print.buy = true;
	print.price_e4 = print.buy ? market->nbbo.ask_e4 :
	    market->nbbo.bid_e4;
	flow_add_print(flow, stock, market->contract, ts, exchange, &print);
}

/* Different exchanges, legs of them. */
static void
flow_routes(struct demo_flow *flow, const struct demo_stock *stock,
    int *exchanges, int64_t legs)
{
	for (int64_t i = 0; i < legs; i++) {
		bool taken;

		do {
			exchanges[i] = flow_route(flow, stock);
			taken = false;
			for (int64_t k = 0; k < i; k++)
				taken |= exchanges[k] == exchanges[i];
		} while (taken);
	}
}

/* Contracts of the next of so many parts: about even. */
static int64_t
flow_part(struct demo_flow *flow, int64_t left, int64_t parts)
{
	return parts == 1 ? left : left / parts +
	    demo_random_between(flow->random, 0, left / (2 * parts));
}

/* So many steps through the quote; the quote itself where there is none. */
static int64_t
flow_deeper(const struct demo_stock *stock, const struct trade_quote *nbbo,
    bool ask, int64_t steps)
{
	int64_t price = nbbo->bid_e4 - steps *
	    demo_chain_tick(&stock->chain, nbbo->bid_e4 - 1);

	if (ask)
		return nbbo->ask_e4 + steps *
		    demo_chain_tick(&stock->chain, nbbo->ask_e4);
	return price > 0 ? price : nbbo->bid_e4;
}

/*
 * One order sent to several exchanges at once, each taking all that is
 * displayed there; the last ones a step deeper.  The parts arrive within
 * milliseconds.  Most are marked ISO, as the rule on trading through asks.
 */
static void
flow_sweep_at(struct demo_flow *flow, struct demo_stock *stock,
    struct flow_market *market, struct demo_print *print)
{
	int64_t legs = demo_random_between(flow->random, 2, 6);
	int64_t left = print->size, steps = 0, ts;
	bool marked = demo_random_hit(flow->random, 850000);
	int exchanges[FLOW_SWEEP_LEGS];

	flow_routes(flow, stock, exchanges, legs);
	ts = market->nbbo.ts + flow_delay(flow,
	    market->nbbo.ts > stock->spot.ts);
	print->sweep = ++flow->sweeps;
	for (int64_t i = 0; i < legs && left > 0; i++) {
		print->size = flow_part(flow, left, legs - i);
		left -= print->size;
		flow_tell_exchange(flow, stock, market, exchanges[i],
		    print->buy, print->size, 0);
		if (i > 0 && demo_random_hit(flow->random, 250000))
			steps++;
		print->price_e4 = flow_deeper(stock, &market->nbbo,
		    print->buy, steps);
		print->cond = marked && (i == 0 || demo_random_hit(
		    flow->random, 900000)) ? DEMO_ISOI : DEMO_AUTO;
		if (!flow_add_print(flow, stock, market->contract, ts,
		    exchanges[i], print))
			break;
		ts += demo_random_wait(flow->random, 3);
		if (demo_random_hit(flow->random, 30000))
			flow_bystander(flow, stock, market, ts);
	}
	flow_tell_nbbo(flow, stock, market);
	flow_move(flow, stock, market, print->buy, ts);
}

/* What is listed on one exchange cannot be swept: it comes in pieces. */
static void
flow_sweep_or_split(struct demo_flow *flow, struct demo_stock *stock,
    struct flow_market *market, struct demo_print *print)
{
	if (stock->home >= 0)
		flow_split_at(flow, stock, market, print);
	else
		flow_sweep_at(flow, stock, market, print);
}

static void
flow_sweep(struct demo_flow *flow, struct demo_stock *stock)
{
	struct demo_print print = { .buy = demo_random_hit(flow->random,
	    550000), .size = 8 + demo_random_wait(flow->random, 70) };
	struct flow_market market;

	if (flow_meet_any(flow, stock, !print.buy, &market))
		flow_sweep_or_split(flow, stock, &market, &print);
}

/* ---- spreads ---- */

/* A leg's price comes from the package's: anywhere near the middle. */
static int64_t
flow_leg_price(struct demo_flow *flow, const struct trade_quote *nbbo)
{
	int64_t middle = (nbbo->bid_e4 + nbbo->ask_e4) / 2;
	int64_t half = (nbbo->ask_e4 - nbbo->bid_e4) / 2, price;

	price = middle + (half * demo_random_normal(flow->random) >> 17);
	price = price / 100 * 100;
	return price < 100 ? 100 : price;
}

static enum demo_cond
flow_leg_cond(struct demo_flow *flow)
{
	static const uint16_t weights[] = { 70, 17, 4, 6, 3 };
	static const enum demo_cond conds[] = {
		DEMO_MLET, DEMO_MLAT, DEMO_MLFT, DEMO_MESL, DEMO_TLET
	};

	return conds[demo_random_pick(flow->random, weights, 5)];
}

/*
 * Two legs of one type and expiration, at times the four of a condor; filled
 * at once, or against several others.
 */
static void
flow_complex(struct demo_flow *flow, struct demo_stock *stock)
{
	int n = demo_random_hit(flow->random, 150000) ? 4 : 2, exchange;
	int apart = (int)demo_random_between(flow->random, 1, 4);
	int fills = demo_random_hit(flow->random, 750000) ? 1 :
	    (int)demo_random_between(flow->random, 2, 5);
	struct demo_print print = { .size = flow_size(flow),
	    .cond = (uint8_t)flow_leg_cond(flow) };
	bool first = demo_random_hit(flow->random, 500000);
	struct flow_market legs[4];
	int64_t ts = 0;

	if (!flow_meet_some(flow, stock, false, FLOW_INSIDE_SPREAD, &legs[0]))
		return;
	for (int i = 1; i < n; i++) {
		struct demo_contract *beside = demo_chain_beside(
		    legs[0].contract, i * apart);

		if (beside == NULL || !flow_meet(flow, stock, beside, false,
		    &legs[i]))
			return;
	}
	exchange = flow_route(flow, stock);
	for (int i = 0; i < n; i++) {
		flow_tell_exchange(flow, stock, &legs[i], exchange, true,
		    flow_displayed(flow), print.size);
		flow_tell_nbbo(flow, stock, &legs[i]);
		ts = ts < legs[i].nbbo.ts ? legs[i].nbbo.ts : ts;
	}
	ts += flow_delay(flow, ts > stock->spot.ts);
	for (int i = 0; i < n; i++) {
		print.buy = first == (i == 0 || i == 3);
		print.price_e4 = flow_leg_price(flow, &legs[i].nbbo);
		for (int k = 0; k < fills; k++)
			flow_add_print(flow, stock, legs[i].contract, ts,
			    exchange, &print);
	}
}

/* ---- which ---- */

int64_t
demo_flow_prints_e3(const struct demo_setup *setup)
{
	/* what the functions above make on average */
	const struct {
		enum demo_share share;
		int64_t more_e3;	/* than one print */
	} rows[] = {
		{ DEMO_SWEEPS, 3100 }, { DEMO_SPLITS, 4000 },
		{ DEMO_COMPLEX, 2600 }
	};
	int64_t sum = 1000;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		sum += setup->share[rows[i].share] * rows[i].more_e3 /
		    DEMO_RANDOM_ALL;
	return sum;
}

void
demo_flow_order(struct demo_flow *flow, struct demo_stock *stock)
{
	static void (*const kinds[])(struct demo_flow *,
	    struct demo_stock *) = {
		flow_sweep, flow_block, flow_split, flow_auction, flow_cross,
		flow_complex
	};
	int64_t at = demo_random_below(flow->random, DEMO_RANDOM_ALL);

	for (size_t i = 0; i < DEMO_SHARES - DEMO_SWEEPS; i++) {
		at -= flow->setup->share[DEMO_SWEEPS + i];
		if (at < 0) {
			kinds[i](flow, stock);
			return;
		}
	}
	flow_single(flow, stock);
}

/* ---- stories ---- */

/*
 * Puts 2 % out of the money, some 30 days away, swept three times in the first
 * hours, for $100,000 to $200,000 where 3000 contracts are that much; after
 * each the price falls.
 */
static int64_t
flow_story_puts(struct demo_flow *flow, struct demo_stock *stock)
{
	struct demo_print print = { .buy = true, .informed = true };
	struct flow_market market;

	if (flow_meet(flow, stock, demo_chain_at(&stock->chain, flow->day, 25,
	    true, stock->spot.price_e4, 98), true, &market)) {
		print.size = 10000000 * demo_random_between(flow->random, 1,
		    2) / market.nbbo.ask_e4;
		print.size = print.size < 200 ? 200 : print.size > 3000 ?
		    3000 : print.size;
		flow_sweep_or_split(flow, stock, &market, &print);
	}
	demo_spot_drift(&stock->spot, -50, 1200000);
	return ++stock->chapter < 3 ? 3000000 : 0;
}

/* One call 5 % out of the money, bought every few minutes, all day. */
static int64_t
flow_story_calls(struct demo_flow *flow, struct demo_stock *stock)
{
	struct demo_print print = { .buy = true, .informed = true,
	    .size = 5 * demo_random_between(flow->random, 4, 16) };
	struct flow_market market;

	if (flow_meet(flow, stock, demo_chain_at(&stock->chain, flow->day, 40,
	    false, (int64_t)stock->chain.product.price_cents * 100, 105),
	    true, &market))
		flow_take(flow, stock, &market, &print);
	demo_spot_drift(&stock->spot, 5, 300000);
	return 1000 + demo_random_wait(flow->random, 300000);
}

int64_t
demo_flow_story(struct demo_flow *flow, struct demo_stock *stock)
{
	return stock->story == DEMO_STORY_PUT_SWEEP ?
	    flow_story_puts(flow, stock) : flow_story_calls(flow, stock);
}
