#include "tap/ib_options.h"

#include <string.h>

#include "tap/ib_probe.h"

/* In the order of --target's words. */
static const int64_t ib_options_ports[] = { 4002, 4001, 7497, 7496 };

void
ib_options_init(struct ib_options *options)
{
	*options = (struct ib_options){ .target = -1, .host = "127.0.0.1",
		.client = 1,
		.scan_code = "HIGH_OPT_VOLUME_PUT_CALL_RATIO",
		.connect_ms = 10000, .request_ms = 5000, .expirations = 3,
		.lookback = 1000, .minutes = true, .max_lines = 90,
		.max_inflight = 50, .history = IB_PACE_HISTORY,
		.rotate_ms = 10000 };
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
		    NULL, "minute bars of the underlyings with each lap "
		    "(default), or not: =no" },
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
		IB_OPTIONS_INT("min-day-volume", NULL, NULL, min_volume, 0,
		    INT64_MAX, "leave out contracts that traded less today"),
		{ 0, "scan", NULL, NULL, OPT_TEXT, &o->scan_code, "CODE", 0, 0,
		    NULL, "the scanner that --universe asks" },
		{ 0, "positions", NULL, NULL, OPT_FLAG, &o->positions, NULL, 0,
		    0, NULL, "the account's positions as records" }
	};

	_Static_assert(sizeof(all) == IB_OPTIONS_ROWS * sizeof(*rows),
	    "IB_OPTIONS_ROWS is their number");
	memcpy(rows, all, sizeof(all));
}

/* Only of laps, or of streams. */
static int
ib_options_check_mode(const struct ib_options *o, const char *name,
    struct err *err)
{
	static const char *const laps[] = { "lookback", "every", "minutes" };

	if (o->mode == 0)
		return strcmp(name, "rotate") != 0 ? 0 :
		    err_set(err, "--rotate: only with --mode stream");
	for (size_t i = 0; i < sizeof(laps) / sizeof(*laps); i++)
		if (strcmp(name, laps[i]) == 0)
			return err_set(err, "--%s: not with --mode stream",
			    name);
	return 0;
}

int
ib_options_check(struct ib_options *o,
    const struct opt_said said[IB_OPTIONS_ROWS], bool ib, struct err *err)
{
	struct opt rows[IB_OPTIONS_ROWS];
	struct err why;

	ib_options_rows(o, rows);
	for (size_t i = 0; i < IB_OPTIONS_ROWS; i++) {
		if (!ib && said[i].flag != NULL)
			return err_set(err, "--%s: only with --feed ib",
			    rows[i].name);
		if (ib && said[i].env != NULL && said[i].flag == NULL &&
		    opt_set_keyed(&rows[i], said[i].env, &why) < 0)
			return err_set(err, "$%s: %s", rows[i].env, why.text);
		if (ib && said[i].flag != NULL &&
		    ib_options_check_mode(o, rows[i].name, err) < 0)
			return -1;
	}
	return 0;
}

/* That was said, or the first. */
static int64_t
ib_options_port(const struct ib_options *o)
{
	return o->port > 0 ? o->port :
	    ib_options_ports[o->target < 0 ? 0 : o->target];
}

bool
ib_options_find(struct ib_options *o)
{
	static const int papers[] = { 0, 2 };

	if (o->port > 0 || o->target >= 0)
		return ib_probe_answers(o->host, ib_options_port(o));
	for (size_t i = 0; i < sizeof(papers) / sizeof(*papers); i++)
		if (ib_probe_answers(o->host, ib_options_ports[papers[i]])) {
			o->target = papers[i];
			return true;
		}
	return false;
}

void
ib_options_setup(const struct ib_options *o, struct ib_run_setup *setup)
{
	*setup = (struct ib_run_setup){
		.task = o->positions ? IB_TASK_POSITIONS : o->mode == 0 ?
		    IB_TASK_SCAN : IB_TASK_STREAM,
		.session = { o->host, ib_options_port(o), o->client,
		    o->connect_ms, o->data_type + 1, o->history,
		    o->max_inflight },
		.find = { .expirations = o->expirations,
		    .strikes = o->strikes, .max_lines = o->max_lines,
		    .min_volume = o->min_volume,
		    .request_ms = o->request_ms },
		.lookback = o->lookback, .repeat = o->every_ms > 0,
		.every_ms = o->every_ms > 0 ? o->every_ms : 300000,
		.bars = o->minutes, .rotate_ms = o->rotate_ms,
		.scan_code = o->scan_code
	};
}
