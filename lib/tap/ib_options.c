#include "tap/ib_options.h"

#include <string.h>

void
ib_options_init(struct ib_options *options)
{
	*options = (struct ib_options){ .host = "127.0.0.1", .client = 1,
		.scan_code = "HIGH_OPT_VOLUME_PUT_CALL_RATIO",
		.connect_ms = 10000, .request_ms = 5000, .expirations = 3,
		.lookback = 1000, .max_lines = 90, .max_inflight = 50,
		.history = IB_PACE_HISTORY, .rotate_ms = 10000 };
}

/* A number. */
#define IB_OPTIONS_INT(name, key, env, dest, min, max, help) \
	{ 0, name, key, env, OPT_INT, &o->dest, "N", min, max, NULL, help }

/* A time that only a flag gives. */
#define IB_OPTIONS_TIME(name, dest, min, max, help) \
	{ 0, name, NULL, NULL, OPT_DURATION, &o->dest, "TIME", min, max, \
	    NULL, help }

void
ib_options_rows(struct ib_options *o, struct opt rows[IB_OPTIONS_ROWS])
{
	static const char *const targets[] = { "gateway-paper",
		"gateway-live", "tws-paper", "tws-live", NULL };
	static const char *const types[] = { "live", "frozen", "delayed",
		"delayed-frozen", NULL };
	static const char *const modes[] = { "scan", "stream", NULL };
	const struct opt all[] = {
		{ 0, "target", "feed.ib.target", NULL, OPT_CHOICE, &o->target,
		    "WHICH", 0, 0, targets, "whose port is meant" },
		{ 0, "host", "feed.ib.host", "TWS_HOST", OPT_TEXT, &o->host,
		    "NAME", 0, 0, NULL, "where TWS or IB Gateway runs" },
		IB_OPTIONS_INT("port", "feed.ib.port", "TWS_PORT", port, 0,
		    65535, "its port; 0: the target's"),
		IB_OPTIONS_INT("client-id", "feed.ib.client_id", "CLIENT_ID",
		    client, 0, INT32_MAX, "our number there"),
		IB_OPTIONS_TIME("connect-timeout", connect_ms, 100, 600000,
		    "most time for each step of connecting"),
		IB_OPTIONS_TIME("request-timeout", request_ms, 100, 600000,
		    "most time for an answer; history has 12 times that"),
		{ 0, "data-type", "feed.ib.data_type", NULL, OPT_CHOICE,
		    &o->data_type, "WHICH", 0, 0, types,
		    "market data that will do" },
		{ 0, "mode", NULL, NULL, OPT_CHOICE, &o->mode, "WHICH", 0, 0,
		    modes, "read history in laps, or take samples" },
		IB_OPTIONS_INT("expirations", NULL, NULL, expirations, 1, 100,
		    "the nearest expirations that are read"),
		IB_OPTIONS_INT("strikes", NULL, NULL, strikes, 1, 1000,
		    "strikes of each, nearest to the price"),
		IB_OPTIONS_INT("lookback", NULL, NULL, lookback, 1, 1000,
		    "prints of a contract in the first lap"),
		IB_OPTIONS_TIME("every", every_ms, 1000, 86400000,
		    "another lap each so often, not one only"),
		{ 0, "minutes", NULL, NULL, OPT_FLAG, &o->minutes, NULL, 0, 0,
		    NULL, "minute bars of the underlyings with each lap" },
		IB_OPTIONS_TIME("rotate", rotate_ms, 100, 86400000,
		    "a quiet line may go to another contract so often"),
		IB_OPTIONS_INT("max-lines", "feed.ib.max_lines",
		    "MAX_SUBSCRIPTIONS", max_lines, 1, 10000,
		    "market data lines at once"),
		IB_OPTIONS_INT("max-inflight", "feed.ib.max_inflight",
		    "MAX_CONCURRENT_REQUESTS", max_inflight, 1, 50,
		    "requests of history at once"),
		IB_OPTIONS_INT("history", "feed.ib.history", NULL, history, 3,
		    100000, "requests of history in ten minutes"),
		{ 0, "scan", NULL, NULL, OPT_TEXT, &o->scan_code, "CODE", 0, 0,
		    NULL, "the scanner that --universe asks" },
		{ 0, "positions", NULL, NULL, OPT_FLAG, &o->positions, NULL, 0,
		    0, NULL, "the account's positions as records" }
	};

	_Static_assert(sizeof(all) == IB_OPTIONS_ROWS * sizeof(*rows),
	    "IB_OPTIONS_ROWS is their number");
	memcpy(rows, all, sizeof(all));
}

void
ib_options_setup(const struct ib_options *o, struct ib_run_setup *setup)
{
	static const int64_t ports[] = { 4002, 4001, 7497, 7496 };

	*setup = (struct ib_run_setup){
		.task = o->positions ? IB_TASK_POSITIONS : o->mode == 0 ?
		    IB_TASK_SCAN : IB_TASK_STREAM,
		.session = { o->host, o->port > 0 ? o->port :
		    ports[o->target], o->client, o->connect_ms,
		    o->data_type + 1, o->history, o->max_inflight },
		.find = { .expirations = o->expirations,
		    .strikes = o->strikes, .max_lines = o->max_lines,
		    .request_ms = o->request_ms },
		.lookback = o->lookback, .repeat = o->every_ms > 0,
		.every_ms = o->every_ms > 0 ? o->every_ms : 300000,
		.bars = o->minutes, .rotate_ms = o->rotate_ms,
		.scan_code = o->scan_code
	};
}
