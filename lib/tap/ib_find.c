#include "tap/ib_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/decimal.h"
#include "base/log.h"

enum {
	IB_FIND_DETAILS = 20,		/* such requests at once */
	IB_FIND_QUIET_MS = 500		/* a close will do after that */
};

/* ---- jobs ---- */

void
ib_find_run(struct ib_jobs *jobs)
{
	while (jobs->running < jobs->most && jobs->next < jobs->n)
		if (jobs->start(jobs->ctx, jobs->next++))
			jobs->running++;
	if (jobs->running == 0 && jobs->next == jobs->n)
		jobs->done(jobs->ctx);
}

void
ib_find_ran(struct ib_jobs *jobs)
{
	jobs->running--;
	ib_find_run(jobs);
}

static void
ib_find_jobs(struct ib_find *find, size_t n, size_t most,
    bool (*start)(void *, size_t), void (*done)(void *))
{
	find->jobs = (struct ib_jobs){ n, 0, 0, most, start, done, find };
	ib_find_run(&find->jobs);
}

/* ---- names ---- */

static void
ib_find_copy(char dst[IB_FIND_TEXT], struct slice text)
{
	size_t n = text.n < IB_FIND_TEXT ? text.n : IB_FIND_TEXT - 1;

	memcpy(dst, text.p, n);
	dst[n] = '\0';
}

static struct slice
ib_find_slice(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

struct ib_contract
ib_find_underlying(const struct ib_under *under)
{
	return (struct ib_contract){
		.id = under->id,
		.symbol = ib_find_slice(under->wire),
		.type = under->index ? SLICE("IND") : SLICE("STK"),
		.exchange = under->index ? SLICE("CBOE") : SLICE("SMART"),
		.primary = ib_find_slice(under->primary),
		.currency = SLICE("USD")
	};
}

struct ib_contract
ib_find_contract(const struct ib_option *option)
{
	if (option->chain == NULL)
		return (struct ib_contract){ .id = option->id,
			.type = SLICE("OPT"), .exchange = SLICE("SMART") };
	return (struct ib_contract){
		.id = option->id,
		.symbol = ib_find_slice(option->under->wire),
		.type = SLICE("OPT"),
		.expiration = ib_find_slice(option->expiration),
		.strike_e4 = option->strike_e4,
		.right = option->right == OSI_CALL ? SLICE("C") : SLICE("P"),
		.multiplier = ib_find_slice(option->chain->multiplier),
		.exchange = SLICE("SMART"),
		.currency = SLICE("USD"),
		.local = ib_find_slice(option->local),
		.trading_class = ib_find_slice(option->chain->name)
	};
}

/* ---- requests ---- */

static void
ib_find_send(struct ib_find *find, struct ib_call *call)
{
	ib_session_send(find->session, call,
	    (struct slice){ find->frame.p, find->frame.n }, NULL);
	find->frame.n = 0;
}

void
ib_find_line(struct ib_session *session, struct buf *frame,
    struct ib_call *call, const struct ib_contract *contract,
    struct slice generic)
{
	call->cancel = IB_CANCEL_MARKET;
	call->timeout_ms = 0;
	frame->n = 0;
	ib_wire_market(frame, ib_session_open(session, call), contract,
	    generic, false);
	ib_session_send(session, call, (struct slice){ frame->p, frame->n },
	    NULL);
	frame->n = 0;
}

/* The end of one job, unless all of them ended with the connection. */
static void
ib_find_over(struct ib_find *find, int64_t code)
{
	if (code == IB_CALL_GONE)
		find->broken = true;
	else
		ib_find_ran(&find->jobs);
}

static void
ib_find_leave(struct ib_under *under, const char *what, int64_t code,
    const char *why)
{
	if (code == IB_CALL_GONE)
		return;
	snprintf(under->why, sizeof(under->why), "%s",
	    *why != '\0' ? why : what);
	log_warning("%s: %s: %s%s", under->symbol, what, why,
	    code == 200 ? " (not a symbol of IBKR's?)" : "");
}

/* ---- underlyings ---- */

/* A US listing in dollars, if several answer. */
static void
ib_under_details(struct ib_call *call, struct ib_message *message)
{
	struct ib_under *under = (struct ib_under *)call;
	const struct ib_contract *contract = &message->contract;

	if (message->id != IB_DETAILS || under->id != TRADE_NONE ||
	    !slice_equal(contract->currency, SLICE("USD")))
		return;
	under->id = contract->id;
	ib_find_copy(under->primary, contract->primary);
}

static void
ib_under_details_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_under *under = (struct ib_under *)call;

	if (under->id == TRADE_NONE)
		ib_find_leave(under, "no such underlying", code, why);
	ib_find_over(under->find, code);
}

static bool
ib_find_ask_details(void *ctx, size_t i)
{
	struct ib_find *find = ctx;
	struct ib_under *under = &find->unders[i];
	struct ib_contract contract = ib_find_underlying(under);

	if (under->id != TRADE_NONE || under->why[0] != '\0')
		return false;
	contract.primary.n = 0;
	under->call = (struct ib_call){ ib_under_details,
	    ib_under_details_over, find->setup.request_ms, 0, 0, 0, false };
	ib_wire_details(&find->frame, ib_session_open(find->session,
	    &under->call), &contract);
	ib_find_send(find, &under->call);
	return true;
}

static void
ib_under_ticks(struct ib_call *call, struct ib_message *message)
{
	struct ib_under *under = (struct ib_under *)call;

	if (message->id == IB_DATA_TYPE)
		under->data_type = message->type;
	else if (message->id == IB_ERROR)
		log_warning("%s: %s", under->symbol, message->text.p);
	else if (message->id == IB_PRICE && message->price_e4 > 0 &&
	    (message->type == 4 || message->type == 68)) {
		under->price_e4 = message->price_e4;
		under->priced = true;
	} else if (message->id == IB_PRICE && message->price_e4 > 0 &&
	    (message->type == 9 || message->type == 75))
		under->close_e4 = message->price_e4;
}

static bool
ib_under_is_priced(const struct ib_under *under)
{
	return under->price_e4 != TRADE_NONE || under->close_e4 != TRADE_NONE;
}

/* An earlier price will do. */
static void
ib_under_ticks_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_under *under = (struct ib_under *)call;

	if (!ib_under_is_priced(under))
		ib_find_leave(under, "no market data", code, why);
	ib_find_over(under->find, code);
}

static bool
ib_find_ask_price(void *ctx, size_t i)
{
	struct ib_find *find = ctx;
	struct ib_under *under = &find->unders[i];
	struct ib_contract contract = ib_find_underlying(under);

	if (under->id == TRADE_NONE || under->why[0] != '\0')
		return false;
	under->call = (struct ib_call){ ib_under_ticks, ib_under_ticks_over,
	    0, 0, 0, 0, false };
	under->asked_ms = ib_session_now(find->session);
	under->priced = false;
	ib_find_line(find->session, &find->frame, &under->call, &contract,
	    SLICE(""));
	return true;
}

/* ---- chains ---- */

static int
ib_find_day_order(const void *a, const void *b)
{
	int32_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

static int
ib_find_strike_order(const void *a, const void *b)
{
	int64_t x, y;

	memcpy(&x, a, sizeof(x));
	memcpy(&y, b, sizeof(y));
	return x < y ? -1 : x > y;
}

/* Adjusted series have a digit in their class: no plain contract. */
static bool
ib_find_plain(const struct ib_message *message)
{
	struct slice name = message->contract.trading_class;

	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] >= '0' && name.p[i] <= '9')
			return false;
	return name.n < IB_FIND_TEXT && slice_equal(
	    message->contract.exchange, SLICE("SMART"));
}

static void
ib_under_chain(struct ib_call *call, struct ib_message *message)
{
	struct ib_under *under = (struct ib_under *)call;
	struct ib_chain *chain;
	struct ib_row row;

	if (message->id != IB_CHAIN || !ib_find_plain(message))
		return;
	under->chains = buf_realloc(under->chains, under->n_chains + 1,
	    sizeof(*under->chains));
	chain = &under->chains[under->n_chains++];
	memset(chain, 0, sizeof(*chain));
	ib_find_copy(chain->name, message->contract.trading_class);
	ib_find_copy(chain->multiplier, message->contract.multiplier);
	chain->days = buf_alloc(message->rows[0] + 1, sizeof(*chain->days));
	chain->strikes_e4 = buf_alloc(message->rows[1] + 1,
	    sizeof(*chain->strikes_e4));
	while (ib_wire_row(message, 0, &row, NULL) == 1) {
		int32_t day = contract_day(row.text);

		if (day != DAY_NONE)
			chain->days[chain->n_days++] = day;
	}
	while (ib_wire_row(message, 1, &row, NULL) == 1)
		if (row.price_e4 > 0)
			chain->strikes_e4[chain->n_strikes++] = row.price_e4;
	qsort(chain->days, chain->n_days, sizeof(*chain->days),
	    ib_find_day_order);
	qsort(chain->strikes_e4, chain->n_strikes,
	    sizeof(*chain->strikes_e4), ib_find_strike_order);
}

static void
ib_find_drop_chains(struct ib_under *under)
{
	for (size_t i = 0; i < under->n_chains; i++) {
		free(under->chains[i].days);
		free(under->chains[i].strikes_e4);
	}
	under->n_chains = 0;
}

static void
ib_under_chain_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_under *under = (struct ib_under *)call;

	if (code != IB_CALL_DONE)
		ib_find_drop_chains(under);	/* they may not be whole */
	if (under->n_chains == 0)
		ib_find_leave(under, "no options", code, why);
	ib_find_over(under->find, code);
}

static bool
ib_find_ask_chain(void *ctx, size_t i)
{
	struct ib_find *find = ctx;
	struct ib_under *under = &find->unders[i];
	struct ib_contract contract = ib_find_underlying(under);

	if (under->id == TRADE_NONE || under->why[0] != '\0' ||
	    under->n_chains > 0)
		return false;
	under->call = (struct ib_call){ ib_under_chain, ib_under_chain_over,
	    find->setup.request_ms, 0, 0, 0, false };
	ib_wire_chain(&find->frame, ib_session_open(find->session,
	    &under->call), &contract);
	ib_find_send(find, &under->call);
	return true;
}

/* ---- which contracts ---- */

size_t
ib_find_near(const int64_t *strikes, size_t k, int64_t price, size_t n,
    size_t *from)
{
	size_t low = 0, high = k;

	while (high - low > n)
		if (price - strikes[low] > strikes[high - 1] - price)
			low++;
		else
			high--;
	*from = low;
	return high - low;
}

size_t
ib_find_chosen(const struct ib_find *find, struct ib_option **dst)
{
	size_t n = 0;

	for (size_t i = 0; i < find->n_options; i++)
		if (find->options[i]->chosen)
			dst[n++] = find->options[i];
	return n;
}

/* True when both rights were known before; they are chosen again. */
static bool
ib_find_keep(struct ib_find *find, size_t known, const struct ib_chain *chain,
    const char *expiration, int64_t strike_e4)
{
	bool found = false;

	for (size_t i = 0; i < known; i++) {
		struct ib_option *option = find->options[i];

		if (option->chain == chain &&
		    option->strike_e4 == strike_e4 &&
		    strcmp(option->expiration, expiration) == 0)
			option->chosen = found = true;
	}
	return found;
}

/* The pair of a strike; known: so many options were chosen earlier. */
static void
ib_find_add(struct ib_find *find, size_t known, struct ib_under *under,
    const struct ib_chain *chain, int32_t day, int64_t strike_e4)
{
	char text[DAY_TEXT], expiration[IB_FIND_TEXT];

	day_print(text, day);
	snprintf(expiration, sizeof(expiration), "%.4s%.2s%.2s", text,
	    text + 5, text + 8);
	if (ib_find_keep(find, known, chain, expiration, strike_e4))
		return;
	for (int right = OSI_CALL; right <= OSI_PUT; right++) {
		struct ib_option *option = buf_alloc(1, sizeof(*option));

		find->options = buf_realloc(find->options,
		    find->n_options + 1, sizeof(*find->options));
		find->options[find->n_options++] = option;
		option->under = under;
		option->chain = chain;
		option->strike_e4 = strike_e4;
		option->right = (enum osi_right)right;
		option->id = option->multiplier = TRADE_NONE;
		decimal_parse(chain->multiplier, strlen(chain->multiplier),
		    0, &option->multiplier, NULL);
		option->oi_day = CAL_NO_DAY;
		option->base_volume = TRADE_NONE;
		option->chosen = true;
		memcpy(option->expiration, expiration, sizeof(expiration));
	}
}

/* Strikes of each expiration that the lines allow, when not told. */
static size_t
ib_find_share(const struct ib_find *find)
{
	int64_t share = find->setup.max_lines /
	    ((int64_t)find->setup.n * find->setup.expirations * 2);

	if (find->setup.strikes > 0)
		return (size_t)find->setup.strikes;
	return share < 1 ? 1 : (size_t)share;
}

/* The first days of all chains together, from today on. */
static int32_t
ib_find_last_day(const struct ib_find *find, const struct ib_under *under,
    int32_t today)
{
	int32_t last = today - 1;

	for (int64_t n = 0; n < find->setup.expirations; n++) {
		int32_t next = INT32_MAX;

		for (size_t i = 0; i < under->n_chains; i++)
			for (size_t j = 0; j < under->chains[i].n_days; j++)
				if (under->chains[i].days[j] > last &&
				    under->chains[i].days[j] < next)
					next = under->chains[i].days[j];
		if (next == INT32_MAX)
			break;
		last = next;
	}
	return last;
}

static void
ib_find_choose(struct ib_find *find, size_t known, struct ib_under *under)
{
	int64_t price = under->price_e4 != TRADE_NONE ? under->price_e4 :
	    under->close_e4;
	struct cal_time now;
	int32_t last;

	if (under->why[0] != '\0' || find->setup.expirations == 0)
		return;
	cal_new_york(ib_session_now(find->session), &now);
	last = ib_find_last_day(find, under, now.day);
	for (size_t i = 0; i < under->n_chains; i++) {
		const struct ib_chain *chain = &under->chains[i];
		size_t from, n = ib_find_near(chain->strikes_e4,
		    chain->n_strikes, price, ib_find_share(find), &from);

		for (size_t j = 0; j < chain->n_days; j++)
			for (size_t k = from; chain->days[j] >= now.day &&
			    chain->days[j] <= last && k < from + n; k++)
				ib_find_add(find, known, under, chain,
				    chain->days[j], chain->strikes_e4[k]);
	}
}

static void
ib_find_choose_all(struct ib_find *find)
{
	size_t known = find->n_options;
	bool *before = buf_alloc(known + 1, sizeof(*before));

	for (size_t i = 0; i < known; i++) {
		before[i] = find->options[i]->chosen;
		find->options[i]->chosen = false;
	}
	for (size_t i = 0; i < find->setup.n; i++)
		ib_find_choose(find, known, &find->unders[i]);
	find->entered = find->n_options - known;
	find->left = 0;
	for (size_t i = 0; i < known; i++) {
		find->entered += !before[i] && find->options[i]->chosen;
		find->left += before[i] && !find->options[i]->chosen;
	}
	free(before);
}

/* ---- each of them ---- */

static void
ib_option_details(struct ib_call *call, struct ib_message *message)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_find *find = option->owner;
	const struct contract_name name = {
		.osi = message->contract.local,
		.symbol = ib_find_slice(option->under->symbol)
	};
	struct err err;

	if (message->id != IB_DETAILS || option->id != TRADE_NONE)
		return;
	option->contract = contract_find(find->book, &name, &err);
	if (option->contract == NULL) {
		log_warning("%.*s: %s", (int)name.osi.n, name.osi.p,
		    err.text);
		return;
	}
	option->id = message->contract.id;
	ib_find_copy(option->local, message->contract.local);
}

static void
ib_option_details_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_option *option = (struct ib_option *)call;

	/* 200: the pair does not exist, as chains are */
	option->absent |= code == 200;
	if (code != IB_CALL_DONE && code != 200 && code != IB_CALL_GONE)
		log_warning("%s %s: %s", option->under->symbol,
		    option->expiration, why);
	ib_find_over(option->owner, code);
}

static bool
ib_find_ask_option(void *ctx, size_t i)
{
	struct ib_find *find = ctx;
	struct ib_option *option = find->options[i];
	struct ib_contract contract = ib_find_contract(option);

	if (option->id != TRADE_NONE || option->absent || !option->chosen)
		return false;
	option->owner = find;
	option->call = (struct ib_call){ ib_option_details,
	    ib_option_details_over, find->setup.request_ms, 0, 0, 0, false };
	ib_wire_details(&find->frame, ib_session_open(find->session,
	    &option->call), &contract);
	ib_find_send(find, &option->call);
	return true;
}

/* ---- in this order ---- */

static void
ib_find_found(void *ctx)
{
	struct ib_find *find = ctx;

	find->setup.done(find->setup.ctx);
}

static void
ib_find_options(void *ctx)
{
	struct ib_find *find = ctx;

	ib_find_choose_all(find);
	ib_find_jobs(find, find->n_options, IB_FIND_DETAILS,
	    ib_find_ask_option, ib_find_found);
}

static void
ib_find_chains(void *ctx)
{
	struct ib_find *find = ctx;

	ib_find_jobs(find, find->setup.n, IB_FIND_DETAILS, ib_find_ask_chain,
	    ib_find_options);
}

static void
ib_find_prices(void *ctx)
{
	struct ib_find *find = ctx;

	ib_find_jobs(find, find->setup.n, (size_t)find->setup.max_lines,
	    ib_find_ask_price, ib_find_chains);
}

void
ib_find_start(struct ib_find *find)
{
	find->broken = false;
	ib_find_jobs(find, find->setup.n, IB_FIND_DETAILS,
	    ib_find_ask_details, ib_find_prices);
}

/* A price is enough; an earlier one or the last close when none comes. */
void
ib_find_tick(struct ib_find *find, int64_t now_ms)
{
	for (size_t i = 0; !find->broken && i < find->setup.n; i++) {
		struct ib_under *under = &find->unders[i];
		int64_t waited = now_ms - under->asked_ms;

		if (under->call.id == 0 || under->call.got != ib_under_ticks)
			continue;
		if (!under->priced && (!ib_under_is_priced(under) ||
		    waited < IB_FIND_QUIET_MS) &&
		    waited < find->setup.request_ms)
			continue;
		if (!ib_under_is_priced(under))
			ib_find_leave(under, "no price", IB_CALL_LATE,
			    "is the market data subscribed?  "
			    "--data-type delayed needs no subscription");
		ib_session_close(find->session, &under->call);
		ib_find_over(find, IB_CALL_DONE);
	}
}

/* ---- life ---- */

struct ib_find *
ib_find_new(struct ib_session *session, const struct ib_find_setup *setup,
    struct contract_book *book)
{
	static const char *const indexes[] = { "SPX", "NDX", "RUT", "VIX",
		"XSP", "DJX", "OEX", "XEO" };
	struct ib_find *find = buf_alloc(1, sizeof(*find));

	find->setup = *setup;
	find->session = session;
	find->book = book;
	find->unders = buf_alloc(setup->n, sizeof(*find->unders));
	for (size_t i = 0; i < setup->n; i++) {
		struct ib_under *under = &find->unders[i];

		under->find = find;
		under->symbol = setup->symbols[i];
		ib_find_copy(under->wire, ib_find_slice(under->symbol));
		for (char *p = under->wire; *p != '\0'; p++)
			if (*p == '.' || *p == '/')
				*p = ' ';
		under->id = under->price_e4 = under->close_e4 =
		    under->data_type = TRADE_NONE;
		for (size_t j = 0; j < sizeof(indexes) / sizeof(*indexes);
		    j++)
			under->index |= strcmp(indexes[j],
			    under->symbol) == 0;
	}
	return find;
}

void
ib_find_free(struct ib_find *find)
{
	if (find == NULL)
		return;
	for (size_t i = 0; i < find->setup.n; i++) {
		ib_find_drop_chains(&find->unders[i]);
		free(find->unders[i].chains);
	}
	for (size_t i = 0; i < find->n_options; i++)
		free(find->options[i]);
	free(find->options);
	free(find->unders);
	buf_free(&find->frame);
	free(find);
}
