/*
 * Replies of Massive's REST service.  Every golden sample of the kinds read is
 * taken; what must come out is copied from the sample by hand.
 */

#include "check.h"

#include <stdlib.h>

#include "base/buf.h"
#include "tap/massive_rest.h"

static void
put(struct buf *dst, const char *name, int64_t value)
{
	if (value != TRADE_NONE)
		buf_fmt(dst, " %s%lld", name, (long long)value);
}

static void
on_print(void *ctx, const struct massive_wire *print)
{
	buf_fmt(ctx, "print %lld%s", (long long)print->ns,
	    print->fine ? " fine" : "");
	put(ctx, "p", print->price_e4);
	put(ctx, "s", print->size);
	put(ctx, "x", print->exchange);
	for (size_t i = 0; i < print->n_conditions; i++)
		put(ctx, "c", print->condition[i]);
	put(ctx, "q", print->sequence);
	buf_str(ctx, "\n");
}

static void
on_contract(void *ctx, const struct massive_rest_contract *contract)
{
	buf_fmt(ctx, "%.*s", (int)contract->ticker.n, contract->ticker.p);
	put(ctx, "oi", contract->open_interest);
	put(ctx, "v", contract->day_volume);
	put(ctx, "t", contract->traded_ns);
	put(ctx, "last", contract->last_e4);
	put(ctx, "b", contract->quote.bid_e4);
	put(ctx, "x", contract->quote.bid_size);
	put(ctx, "a", contract->quote.ask_e4);
	put(ctx, "x", contract->quote.ask_size);
	put(ctx, "u", contract->underlying_e4);
	put(ctx, "iv", contract->iv_e6);
	put(ctx, "delta", contract->delta_e6);
	put(ctx, "gamma", contract->gamma_e6);
	put(ctx, "theta", contract->theta_e6);
	put(ctx, "vega", contract->vega_e6);
	buf_str(ctx, contract->delayed ? " delayed\n" : "\n");
}

static void
on_bar(void *ctx, const struct massive_rest_bar *bar)
{
	put(ctx, "bar ", bar->start_ts);
	put(ctx, "o", bar->open_e4);
	put(ctx, "h", bar->high_e4);
	put(ctx, "l", bar->low_e4);
	put(ctx, "c", bar->close_e4);
	put(ctx, "v", bar->volume);
	put(ctx, "vw", bar->vwap_e4);
	put(ctx, "n", bar->trades);
	buf_str(ctx, "\n");
}

static void
check_body(const char *name, const char *body, size_t n, const char *want)
{
	struct buf told = BUF_INIT;
	struct massive_rest_rows rows = { on_print, on_contract, on_bar,
	    &told };
	struct massive_rest_page page;
	struct err err;

	if (massive_rest_read((struct slice){ body, n },
	    "https://api.massive.com", &rows, &page, &err) < 0) {
		buf_fmt(&told, "error: %s\n", err.text);
	} else {
		buf_fmt(&told, "rows %lld refused %lld%s%.12s\n",
		    (long long)page.rows, (long long)page.refused,
		    page.next != NULL ? " next " : "",
		    page.next != NULL ? page.next : "");
		free(page.next);
	}
	CHECK_TEXT(name, told.p, told.n, want);
	buf_free(&told);
}

static size_t
read_sample(const char *name, char *text, size_t most)
{
	char path[128];
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "tests/data/massive/rest_%s.json", name);
	file = fopen(path, "r");
	CHECK(path, file != NULL);
	if (file == NULL)
		return 0;
	n = fread(text, 1, most, file);
	fclose(file);
	return n;
}

static void
check_samples(void)
{
	static const struct {
		const char *file, *want;
	} samples[] = {
		{ "options_trades",
		    "print 1401715883806000000 p69100 s1 x46 q1\n"
		    "print 1401716547786000000 p72000 s1 x67 c209 q2\n"
		    "rows 2 refused 0 next /v3/trades/O\n" },
		{ "chain_snapshot_AAPL",
		    "O:AAPL230616C00150000 oi8133 v8 t1678718527714665700 "
		    "last292500 b289000 x294 a292500 x209 u1599606 iv357028 "
		    "delta643661 gamma6174 theta-28227 vega638116\n"
		    "rows 1 refused 0\n" },
		{ "chain_snapshot_SPX_page2",
		    "O:SPXW261002C03000000 oi0 v0 b26101000 x10 a26150000 "
		    "x20 u56123400\n"
		    "O:SPXW261002P05600000 oi1000 v100 t1789999999987000000 "
		    "last180000 u56123400 iv143200 delta-480000 gamma3100 "
		    "theta-1250000 vega2100000\n"
		    "rows 2 refused 0\n" },
		{ "contracts_adjusted_vendor_example",
		    "O:AAPL211119C00085000\nO:AAPL211119C00090000\n"
		    "rows 2 refused 0\n" },
		{ "options_aggs",
		    " bar 1632369600000 o262000 h262000 l262000 c262000 v2 "
		    "vw262000 n1\n"
		    " bar 1632456000000 o283000 h283000 l283000 c283000 v2 "
		    "vw283000 n1\n"
		    "rows 2 refused 0\n" },
		{ "stocks_prev",
		    " bar 1651003200000 o1622500 h1623400 l1567200 c1568000 "
		    "v95595226 vw1586074 n899965\n"
		    "rows 1 refused 0\n" },
		{ "chain_snapshot_bad_ticker_in_vendor_example",
		    "rows 1 refused 1\n" },
		{ "aggs_empty", "rows 0 refused 0\n" },
		{ "contracts_empty", "rows 0 refused 0\n" },
		{ "marketstatus_upcoming", "error: the reply is no page\n" },
		{ "contract_detail", "error: the reply is no page\n" },
	};
	char text[32768];

	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++)
		check_body(samples[i].file, text, read_sample(
		    samples[i].file, text, sizeof(text)), samples[i].want);
}

static void
check_odd(void)
{
	static const struct {
		const char *name, *body, *want;
	} odd[] = {
		{ "empty", "", "error: the reply is no page\n" },
		{ "HTML", "<html>", "error: the reply is no page\n" },
		{ "cut", "{\"results\":[{\"price\":1",
		    "error: the reply is no page\n" },
		{ "another server", "{\"results\":[],\"next_url\":"
		    "\"https://evil.example/v3?cursor=1\"}",
		    "error: the next page is on another server\n" },
		{ "a longer name", "{\"results\":[],\"next_url\":"
		    "\"https://api.massive.com.evil.example/\"}",
		    "error: the next page is on another server\n" },
		{ "twice a key", "{\"results\":[],\"results\":[]}",
		    "error: the reply is no page\n" },
		{ "one bad row of three", "{\"results\":[{\"price\":1,"
		    "\"size\":1,\"sip_timestamp\":1790000000000000001},"
		    "{\"price\":0,\"size\":1,\"sip_timestamp\":1},7]}",
		    "print 1790000000000000001 fine p10000 s1\n"
		    "rows 3 refused 2\n" },
		{ "a quote of nothing, and delayed", "{\"results\":[{"
		    "\"details\":{\"ticker\":\"O:KO261218C00070000\"},"
		    "\"open_interest\":7.0,\"last_quote\":{\"bid\":0,"
		    "\"bid_size\":0,\"ask\":0,\"ask_size\":3,"
		    "\"timeframe\":\"DELAYED\"}}]}",
		    "O:KO261218C00070000 oi7 delayed\nrows 1 refused 0\n" },
		{ "wrong types in a chain", "{\"results\":[{\"details\":{"
		    "\"ticker\":\"O:KO261218C00070000\"},"
		    "\"open_interest\":\"7\",\"greeks\":[1],\"day\":5,"
		    "\"implied_volatility\":true,\"last_quote\":\"x\"},"
		    "{\"details\":3},{\"details\":{\"ticker\":9}}]}",
		    "O:KO261218C00070000\nrows 3 refused 2\n" },
		{ "bars out of their range, or none", "{\"results\":[{"
		    "\"t\":1790000000000,\"o\":2,\"h\":3,\"l\":2.5,"
		    "\"c\":3,\"v\":1},{\"t\":1790000000000,\"o\":2,"
		    "\"h\":3,\"l\":1,\"c\":3,\"v\":1.5e3,\"vw\":2.33333},"
		    "{\"t\":\"x\",\"o\":2,\"h\":3,\"l\":1,\"c\":3}]}",
		    " bar 1790000000000 o20000 h30000 l10000 c30000 v1500 "
		    "vw23333\nrows 3 refused 2\n" },
		{ "floats, null conditions", "{\"results\":[{\"price\":0.05,"
		    "\"size\":5.0,\"exchange\":302,\"conditions\":null,"
		    "\"sip_timestamp\":1790000000001000000}]}",
		    "print 1790000000001000000 p500 s5 x302\n"
		    "rows 1 refused 0\n" },
	};

	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++)
		check_body(odd[i].name, odd[i].body, strlen(odd[i].body),
		    odd[i].want);
}

static void
on_volume(void *ctx, struct slice symbol, int64_t volume)
{
	buf_fmt(ctx, "%.*s %lld\n", (int)symbol.n, symbol.p,
	    (long long)volume);
}

static void
check_volumes(void)
{
	struct buf told = BUF_INIT;
	char text[4096];
	size_t n = read_sample("stocks_grouped_daily", text, sizeof(text));

	CHECK_INT("grouped", massive_rest_volumes((struct slice){ text, n },
	    on_volume, &told, NULL), 0);
	CHECK_TEXT("grouped", told.n > 0 ? told.p : "", told.n,
	    "GIK 895345\n");
	CHECK_INT("HTML", massive_rest_volumes(SLICE("<html>"), on_volume,
	    &told, NULL), -1);
	buf_free(&told);
}

static void
on_market(void *ctx, struct slice market)
{
	buf_fmt(ctx, "%.*s\n", (int)market.n, market.p);
}

static void
on_holiday(void *ctx, const struct massive_rest_holiday *holiday)
{
	if (slice_equal(holiday->exchange, SLICE("NYSE")))
		buf_fmt(ctx, "%.*s%s %.*s\n", (int)holiday->date.n,
		    holiday->date.p, holiday->early ? " early" : "",
		    (int)holiday->name.n, holiday->name.p);
}

static void
check_hours(void)
{
	struct buf told = BUF_INIT;
	char text[4096];
	size_t n = read_sample("marketstatus_now", text, sizeof(text));

	CHECK_INT("now", massive_rest_market((struct slice){ text, n },
	    on_market, &told, NULL), 0);
	n = read_sample("marketstatus_upcoming", text, sizeof(text));
	CHECK_INT("upcoming", massive_rest_holidays((struct slice){ text, n },
	    on_holiday, &told, NULL), 0);
	CHECK_TEXT("hours", told.p, told.n, "extended-hours\n"
	    "2022-05-30 Memorial Day\n2022-06-20 Juneteenth\n"
	    "2022-07-04 Independence Day\n2022-09-05 Labor Day\n"
	    "2022-11-24 Thanksgiving\n2022-11-25 early Thanksgiving\n"
	    "2022-12-26 Christmas\n");
	CHECK_INT("an array is no status", massive_rest_market(SLICE("[]"),
	    on_market, &told, NULL), -1);
	CHECK_INT("an object is no list", massive_rest_holidays(SLICE("{}"),
	    on_holiday, &told, NULL), -1);
	CHECK_STR("prefix", massive_rest_prefix("SPX"), "I:");
	CHECK_STR("no prefix", massive_rest_prefix("SPY"), "");
	buf_free(&told);
}

static void
check_errors(void)
{
	static const struct {
		int status;
		const char *file, *want;
	} samples[] = {
		{ 400, "error_400",
		    "HTTP status 400: synthetic: malformed parameter" },
		{ 401, "error_401_unknown_key",
		    "HTTP status 401: Unknown API Key" },
		{ 403, "error_403_message", "HTTP status 403: You are not "
		    "entitled to this data. Please upgrade your plan at "
		    "https://massive.com/pricing" },
		{ 403, "error_403_error_field", "HTTP status 403: You are not "
		    "entitled to this data. Please upgrade your plan at "
		    "https://massive.com/pricing" },
		{ 403, "error_403_timeframe", "HTTP status 403: Your plan "
		    "doesn't include this data timeframe." },
		{ 404, "error_404_not_found",
		    "HTTP status 404: Ticker not found." },
		{ 429, "error_429_rate_limit", "HTTP status 429: You've "
		    "exceeded the maximum requests per minute, please wait or "
		    "upgrade your subscription to continue." },
	};
	char text[1024];
	struct err err;

	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		massive_rest_why(samples[i].status, (struct slice){ text,
		    read_sample(samples[i].file, text, sizeof(text)) }, &err);
		CHECK_STR(samples[i].file, err.text, samples[i].want);
	}
	massive_rest_why(500, SLICE("<html>\033[31m"), &err);
	CHECK_STR("HTML", err.text, "HTTP status 500");
	massive_rest_why(429, (struct slice){ NULL, 0 }, &err);
	CHECK_STR("empty", err.text, "HTTP status 429");
}

int
main(void)
{
	check_samples();
	check_odd();
	check_volumes();
	check_hours();
	check_errors();
	return check_end();
}
