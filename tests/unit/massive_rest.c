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
	buf_str(ctx, "\n");
}

static void
check_body(const char *name, const char *body, size_t n, const char *want)
{
	struct buf told = BUF_INIT;
	struct massive_rest_rows rows = { on_print, on_contract, &told };
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
		    "O:AAPL230616C00150000 oi8133 v8 t1678718527714665700\n"
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
	check_errors();
	return check_end();
}
