/* market/baseline: the reader.  Synthetic files. */
#include "market/baseline.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "market/cal.h"

#include "check.h"

#define HEAD "{\"record\":\"baseline\",\"kind\":\"HEAD\"," \
	"\"schema_version\":1,\"date\":\"2025-11-25\"," \
	"\"sessions\":[\"2025-11-21\",\"2025-11-24\"]," \
	"\"left_out\":[\"2025-11-20 0.62\"]}\n"
#define UNDERLYING "{\"record\":\"baseline\",\"kind\":\"UNDERLYING\","
#define CONTRACT "{\"record\":\"baseline\",\"kind\":\"CONTRACT\","
#define PERSIST "{\"record\":\"baseline\",\"kind\":\"PERSIST\","
#define END(n) "{\"record\":\"baseline\",\"kind\":\"END\",\"n\":" #n "}\n"

enum { ALL = BASELINE_SIZES | BASELINE_FLOW | BASELINE_BARS |
    BASELINE_PERSIST };

static struct baseline *
read_text(const char *text, unsigned want, struct err *err)
{
	struct baseline *b;
	char path[64];
	int fd = memfd_create("baseline", 0);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	b = baseline_read(path, want, err);
	close(fd);
	return b;
}

static const char whole[] =
    HEAD
    UNDERLYING "\"symbol\":\"KO\","
    "\"call_sizes\":[\"2025-11-21 3 600\",\"2025-11-24 70000\"],"
    "\"call_flow\":[\"09:35 1000.5\",\"09:40 2500\",\"16:00 90000\"],"
    "\"option_volume\":[\"09:35 10\",\"09:40 33.333333\",\"16:00 3000\"],"
    "\"sessions_flow\":2,\"closes\":[\"2025-11-21 72.1\","
    "\"2025-11-24 71.25\"],\"highs\":[\"2025-11-24 72\"],"
    "\"lows\":[\"2025-11-24 70.5\"],\"bar_volume\":[\"09:31 12345.5\"],"
    "\"sessions_bars\":5,\"iv30\":0.21,\"nobody\":\"knows\"}\n"
    CONTRACT "\"symbol\":\"KO\",\"contract_ticker\":\"O:A\","
    "\"sizes\":[\"2025-11-24 1 2 5\"],\"adv20\":400.5,"
    "\"adv20_sessions\":2,\"open_interest\":5000,"
    "\"oi_date\":\"2025-11-21\",\"iv\":0.3,\"iv_ts\":1763999999000}\n"
    CONTRACT "\"symbol\":\"KO\",\"contract_ticker\":\"O:B\"}\n"
    "{\"record\":\"baseline\",\"kind\":\"LATER\",\"symbol\":5}\n"
    PERSIST "\"symbol\":\"KO\",\"expiration\":\"2025-12-19\","
    "\"option_type\":\"put\",\"events\":["
    "\"2025-11-24 2 1685000 1000000.5 600000\"]}\n"
    END(6);

static void
check_sizes(const struct baseline *b)
{
	static const struct {
		const char *date;
		int64_t size;
	} want[] = { { "2025-11-21", 3 }, { "2025-11-21", 600 },
	    { "2025-11-24", 65535 } };	/* as much as is kept */
	const struct baseline_underlying *u = baseline_underlying(b,
	    SLICE("KO"));
	struct baseline_place at = { 0 };
	int64_t size;
	int32_t day;

	for (size_t i = 0; i < 3; i++) {
		CHECK("a size", baseline_next_size(b, &u->sizes[0], &at, &day,
		    &size));
		CHECK_INT("its date", day, day_parse(want[i].date, 10));
		CHECK_INT("itself", size, want[i].size);
	}
	CHECK("no more", !baseline_next_size(b, &u->sizes[0], &at, &day,
	    &size));
	at = (struct baseline_place){ 0 };
	CHECK("no puts", !baseline_next_size(b, &u->sizes[1], &at, &day,
	    &size));
}

/* 09:30 New York on 2025-11-25 is 14:30 UTC. */
static void
check_times(const struct baseline *b)
{
	const int64_t open = INT64_C(1764081000000), minute = 60000;
	const struct baseline_underlying *u = baseline_underlying(b,
	    SLICE("KO"));
	const struct {
		const char *name;
		int64_t ts, dollars_e6;
	} rows[] = {
		{ "the evening before", open - 900 * minute, 1000500000 },
		{ "09:30", open, 1000500000 },
		{ "09:35:00.000", open + 5 * minute, 1000500000 },
		{ "a moment later", open + 5 * minute + 1, 2500000000 },
		{ "09:41", open + 11 * minute, 90000000000 },
		{ "16:10", open + 400 * minute, 90000000000 },
	};

	CHECK_INT("09:30", cal_instant(day_parse("2025-11-25", 10),
	    570 * 60000), open);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		CHECK_INT(rows[i].name, baseline_by_time(b, &u->call_flow,
		    rows[i].ts), rows[i].dollars_e6);
	CHECK_INT("10 of 3,000", baseline_share_e6(b, u, open), 3333);
	CHECK_INT("33.333333 of 3,000", baseline_share_e6(b, u,
	    open + 8 * minute), 11111);
	CHECK_INT("all", baseline_share_e6(b, u, open + 390 * minute),
	    1000000);
}

static void
test_whole(void)
{
	const struct baseline_underlying *u;
	const struct baseline_contract *c;
	const struct baseline_persist *p;
	struct baseline *b = read_text(whole, ALL, NULL);
	int32_t friday = day_parse("2025-12-19", 10);

	CHECK("read", b != NULL);
	if (b == NULL)
		return;
	check_sizes(b);
	check_times(b);
	u = baseline_underlying(b, SLICE("KO"));
	CHECK_INT("closes", u->closes.n, 2);
	CHECK_INT("close", u->closes.item[1].value_e6, 71250000);
	CHECK_INT("of", u->closes.item[1].at, day_parse("2025-11-24", 10));
	CHECK_INT("high", u->highs.item[0].value_e6, 72000000);
	CHECK_INT("low", u->lows.item[0].value_e6, 70500000);
	CHECK_INT("minute", u->bar_volume.item[0].at, 9 * 60 + 31);
	CHECK_INT("shares", u->bar_volume.item[0].value_e6, 12345500000);
	CHECK_INT("iv30", u->iv30_e6, 210000);
	CHECK_INT("sessions_flow", u->sessions_flow, 2);
	CHECK_INT("sessions_bars", u->sessions_bars, 5);
	c = baseline_contract(b, SLICE("O:A"));
	CHECK_INT("adv20", c->adv20_e6, 400500000);
	CHECK_INT("adv20_sessions", c->adv20_sessions, 2);
	CHECK_INT("open_interest", c->open_interest, 5000);
	CHECK_INT("oi_date", c->oi_day, day_parse("2025-11-21", 10));
	CHECK_INT("iv", c->iv_e6, 300000);
	CHECK_INT("iv_ts", c->iv_ts, INT64_C(1763999999000));
	c = baseline_contract(b, SLICE("O:B"));
	CHECK_INT("unknown adv20", c->adv20_e6, TRADE_NONE);
	CHECK_INT("unknown open_interest", c->open_interest, TRADE_NONE);
	CHECK("no such", baseline_contract(b, SLICE("O:C")) == NULL);
	p = baseline_persist(b, SLICE("KO"), friday, TRADE_PUT);
	CHECK("persist", p != NULL && p->n == 1);
	CHECK_INT("events", p->item[0].events, 2);
	CHECK_INT("premium", p->item[0].premium_e4, 16850000000);
	CHECK_INT("buy", p->item[0].buy_e4, 10000005000);
	CHECK_INT("sell", p->item[0].sell_e4, 6000000000);
	CHECK("no calls", baseline_persist(b, SLICE("KO"), friday,
	    TRADE_CALL) == NULL);
	baseline_free(b);
}

/* Lists that nobody asked for are checked and not kept. */
static void
test_want(void)
{
	struct baseline *b = read_text(whole, 0, NULL);
	const struct baseline_underlying *u;

	CHECK("read", b != NULL);
	if (b == NULL)
		return;
	u = baseline_underlying(b, SLICE("KO"));
	CHECK("nothing", u->sizes[0].n == 0 && u->call_flow.n == 0 &&
	    u->option_volume.n == 0 && u->closes.n == 0);
	CHECK_INT("no steps", baseline_by_time(b, &u->call_flow, 0),
	    TRADE_NONE);
	CHECK_INT("no share", baseline_share_e6(b, u, 0), TRADE_NONE);
	CHECK_INT("numbers", baseline_contract(b, SLICE("O:A"))->adv20_e6,
	    400500000);
	baseline_free(b);
}

static void
test_use(void)
{
	struct baseline *b = read_text(HEAD END(1), ALL, NULL);
	int32_t day = day_parse("2025-11-25", 10);
	struct buf text = BUF_INIT;
	unsigned told = 0;

	CHECK_INT("its date", baseline_use(b, day, false), BASELINE_NOW);
	CHECK_INT("before", baseline_use(b, day - 1, false), BASELINE_AHEAD);
	CHECK_INT("after", baseline_use(b, day + 1, false), BASELINE_STALE);
	CHECK_INT("made up", baseline_use(b, day, true), BASELINE_FOREIGN);
	log_level_set(LOG_ERROR);
	baseline_tell(b, BASELINE_NOW, day, "flow-x", &told, &text);
	CHECK_INT("nothing to tell", text.n, 0);
	for (int i = 0; i < 3; i++)
		baseline_tell(b, BASELINE_AHEAD, day - 1, "flow-x", &told,
		    &text);
	CHECK_TEXT("told once", text.p, text.n, "{\"record\":\"status\","
	    "\"stage\":\"flow-x\",\"severity\":\"warning\","
	    "\"code\":\"baseline_ahead\",\"message\":\"the baseline is for "
	    "2025-11-25, records are of 2025-11-24: it would tell their "
	    "future and is not used for them\"}\n");
	buf_free(&text);
	baseline_free(b);
}

static void
test_bad(void)
{
	static const struct {
		const char *text, *why;	/* what the reason ends with */
	} rows[] = {
		{ "", ":0: no END: the file was cut" },
		{ HEAD, ":1: no END: the file was cut" },
		{ HEAD END(2), ":2: n: not the 1 lines before" },
		{ HEAD END(1) END(2), ":3: lines behind the END" },
		{ HEAD HEAD END(2), ":2: kind: HEAD stands first, and once" },
		{ END(0), ":1: kind: HEAD stands first, and once" },
		{ "{\"record\":\"baseline\",\"kind\":\"HEAD\","
		    "\"schema_version\":2,\"date\":\"2025-11-25\"}\n",
		    ":1: schema_version: not 1" },
		{ "{\"record\":\"baseline\",\"kind\":\"HEAD\","
		    "\"schema_version\":1}\n", ":1: date: missing" },
		{ "{\"record\":\"baseline\",\"kind\":\"HEAD\","
		    "\"schema_version\":1,\"date\":\"2025-02-30\"}\n",
		    ":1: date: not a date" },
		{ HEAD "{\"record\":\"trade\"}\n", ":2: record: not baseline" },
		{ HEAD CONTRACT "\"symbol\":\"KO\"}\n",
		    ":2: contract_ticker: missing" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\"}\n"
		    CONTRACT "\"contract_ticker\":\"O:A\"}\n",
		    ":3: contract_ticker: a second time" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"adv20\":\"400\"}\n", ":2: adv20: not a number" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"strike\":\"62\"}\n", ":2: strike: not a number" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"option_type\":\"C\"}\n",
		    ":2: option_type: neither call nor put" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"expiration\":\"2025-13-01\"}\n",
		    ":2: expiration: not a date" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"adv20\":-1}\n", ":2: adv20: below 0" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"sizes\":\"2025-11-24 1\"}\n",
		    ":2: sizes: not an array" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"sizes\":[5]}\n", ":2: sizes: not an array of texts" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"sizes\":[\"2025-11-25 5\"]}\n",
		    ":2: sizes: \"2025-11-25 5\": not a date before the "
		    "file's in rising order" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"sizes\":[\"2025-11-24 5 0\"]}\n",
		    ":2: sizes: \"2025-11-24 5 0\": not sizes" },
		{ HEAD CONTRACT "\"contract_ticker\":\"O:A\","
		    "\"sizes\":[\"2025-11-24 5  6\"]}\n",
		    ":2: sizes: \"2025-11-24 5  6\": not sizes" },
		{ HEAD UNDERLYING "\"symbol\":\"KO\","
		    "\"call_flow\":[\"09:40 1\",\"09:35 2\"]}\n",
		    ":2: call_flow: \"09:35 2\": not a time in rising order" },
		{ HEAD UNDERLYING "\"symbol\":\"KO\","
		    "\"call_flow\":[\"24:00 1\"]}\n",
		    ":2: call_flow: \"24:00 1\": not a time in rising order" },
		{ HEAD UNDERLYING "\"symbol\":\"KO\","
		    "\"call_flow\":[\"09:35 x\"]}\n",
		    ":2: call_flow: \"09:35 x\": not a number" },
		{ HEAD PERSIST "\"symbol\":\"KO\",\"option_type\":\"put\","
		    "\"expiration\":\"2025-12-19\","
		    "\"events\":[\"2025-11-24 2 1 1\"]}\n",
		    ":2: events: \"2025-11-24 2 1 1\": not a date, a count "
		    "and three sums" },
	};
	struct err err;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *why;
		struct baseline *b = read_text(rows[i].text, ALL, &err);

		CHECK(rows[i].why, b == NULL);
		why = b == NULL ? strchr(err.text, ':') : NULL;
		CHECK_STR(rows[i].why, why == NULL ? "" : why, rows[i].why);
		baseline_free(b);
	}
	CHECK("no file", baseline_read("/nonexistent", ALL, &err) == NULL);
	CHECK_STR("no file", err.text,
	    "unable to open /nonexistent: No such file or directory");
}

int
main(void)
{
	test_whole();
	test_want();
	test_use();
	test_bad();
	return check_end();
}
