#include "tap/meter.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/log.h"
#include "market/cal.h"
#include "net/loop.h"

void
meter_rows(struct meter *meter, struct opt rows[METER_ROWS])
{
	const struct opt all[METER_ROWS] = {
		{ 0, "stats", NULL, NULL, OPT_DURATION, &meter->stats_ms,
		    "TIME", 1000, 86400000, NULL,
		    "say so often on stderr how a live feed does" },
		{ 0, "metrics-file", NULL, NULL, OPT_TEXT, &meter->path,
		    "FILE", 0, 0, NULL,
		    "keep in FILE how a live feed does, for Prometheus" }
	};

	memcpy(rows, all, sizeof(all));
}

/* ---- the line ---- */

/* 1,248 */
static void
meter_number(struct buf *dst, int64_t n)
{
	if (n >= 1000) {
		meter_number(dst, n / 1000);
		buf_fmt(dst, ",%03d", (int)(n % 1000));
	} else {
		buf_fmt(dst, "%d", (int)n);
	}
}

static void
meter_span(struct buf *dst, int64_t ms)
{
	if (ms < 120000)
		buf_fmt(dst, "%" PRId64 " seconds", ms / 1000);
	else if (ms < 7200000)
		buf_fmt(dst, "%" PRId64 " minutes", ms / 60000);
	else
		buf_fmt(dst, "%" PRId64 " hours", ms / 3600000);
}

/* As people read the clock in New York: 2:35:42 PM. */
static void
meter_clock(struct buf *dst, int64_t ts)
{
	struct cal_time t;
	int hour;

	cal_new_york(ts, &t);
	hour = (int)(t.ms / 3600000);
	buf_fmt(dst, "%d:%02d:%02d %s", (hour + 11) % 12 + 1,
	    (int)(t.ms / 60000 % 60), (int)(t.ms / 1000 % 60),
	    hour < 12 ? "AM" : "PM");
}

static void
meter_tell(const struct meter *meter, const struct desk *desk,
    const struct meter_facts *facts, int64_t now_ms)
{
	struct buf text = BUF_INIT;

	buf_str(&text, "uptime ");
	meter_span(&text, now_ms - meter->start_ms);
	buf_str(&text, facts->connected ? "" : ", not connected");
	if (facts->trades != TRADE_NONE) {
		buf_str(&text, ", trades ");
		meter_number(&text, facts->trades);
	}
	buf_str(&text, ", passed on ");
	meter_number(&text, desk->trades);
	if (facts->trades > 0) {
		int64_t mille = (2000 * desk->trades + facts->trades) /
		    (2 * facts->trades);

		buf_fmt(&text, " (%d.%d%%)", (int)(mille / 10),
		    (int)(mille % 10));
	}
	buf_str(&text, ", dropped ");
	meter_number(&text, desk->control->count.overflow);
	buf_str(&text, ", errors ");
	meter_number(&text, desk->control->count.reject);
	if (desk->trades > 0) {
		buf_str(&text, ", last trade ");
		meter_clock(&text, desk->trade_ts);
	}
	log_result("%.*s", (int)text.n, text.p);
	buf_free(&text);
}

/* ---- the file ---- */

static void
meter_put(struct buf *dst, const char *name, const char *type,
    const char *help, int64_t value)
{
	if (value != TRADE_NONE)
		buf_fmt(dst, "# HELP flow_tap_%s %s\n# TYPE flow_tap_%s %s\n"
		    "flow_tap_%s %" PRId64 "\n", name, help, name, type, name,
		    value);
}

static int64_t
meter_rss(void)
{
	char text[64] = "";
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *pages = n <= 0 ? NULL : strchr(text, ' ');

	if (fd >= 0)
		close(fd);
	return pages == NULL ? TRADE_NONE :
	    strtoll(pages, NULL, 10) * sysconf(_SC_PAGESIZE);
}

static void
meter_records(struct buf *dst, const struct control_count *count)
{
	const struct {
		const char *what;
		int64_t n;
	} rows[] = {
		{ "in", count->in }, { "out", count->out },
		{ "add", count->add }, { "reject", count->reject },
		{ "duplicate", count->duplicate },
		{ "filter", count->filter }, { "overflow", count->overflow }
	};

	buf_str(dst, "# HELP flow_tap_records_total Data records by what "
	    "became of them, as in heartbeats.\n"
	    "# TYPE flow_tap_records_total counter\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		buf_fmt(dst, "flow_tap_records_total{what=\"%s\"} %" PRId64
		    "\n", rows[i].what, rows[i].n);
}

static void
meter_print(struct buf *dst, const struct meter *meter,
    const struct desk *desk, const struct meter_facts *facts, int64_t now_ms)
{
	struct rusage usage;

	getrusage(RUSAGE_SELF, &usage);
	meter_put(dst, "connected", "gauge", "1: trades are confirmed.",
	    facts->connected);
	meter_put(dst, "uptime_seconds", "gauge", "Since the start.",
	    (now_ms - meter->start_ms) / 1000);
	meter_put(dst, "feed_trades_total", "counter",
	    "Trades that came, asked for or not.", facts->trades);
	meter_put(dst, "trades_total", "counter", "Trades passed on.",
	    desk->trades);
	meter_put(dst, "last_trade_timestamp_seconds", "gauge",
	    "Event time of the last trade passed on.",
	    desk->trades == 0 ? TRADE_NONE : desk->trade_ts / 1000);
	meter_records(dst, &desk->control->count);
	meter_put(dst, "requests_total", "counter",
	    "Requests beside the stream.", facts->requests);
	meter_put(dst, "throttled_total", "counter",
	    "Requests that were put off by the server.", facts->throttled);
	meter_put(dst, "lines_used", "gauge",
	    "Contracts watched one by one.", facts->lines);
	meter_put(dst, "evictions_total", "counter",
	    "Contracts that gave way to others.", facts->evictions);
	meter_put(dst, "loop_lag_ms", "gauge",
	    "How late the last timer was.", facts->lag_ms);
	meter_put(dst, "rss_bytes", "gauge", "Memory in use.", meter_rss());
	meter_put(dst, "cpu_ms_total", "counter", "Processor time.",
	    (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000) +
	    (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000);
}

/* Not synced: after a power cut there is nothing to be told any more. */
static int
meter_replace(const char *path, struct slice text, struct err *err)
{
	struct buf part = BUF_INIT;
	int fd, error = 0;
	ssize_t n;

	buf_fmt(&part, "%s.part%c", path, '\0');
	fd = open(part.p, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	n = fd < 0 ? -1 : write(fd, text.p, text.n);
	if (n < 0)
		error = errno;
	else if ((size_t)n < text.n)
		error = ENOSPC;
	if (fd >= 0 && close(fd) < 0 && error == 0)
		error = errno;
	if (error == 0 && rename(part.p, path) < 0)
		error = errno;
	buf_free(&part);
	return error == 0 ? 0 : err_sys(err, error, "unable to write %s",
	    path);
}

static void
meter_write(struct meter *meter, const struct desk *desk,
    const struct meter_facts *facts, int64_t now_ms)
{
	struct buf text = BUF_INIT;
	struct err err;
	int r;

	meter_print(&text, meter, desk, facts, now_ms);
	r = meter_replace(meter->path, (struct slice){ text.p, text.n }, &err);
	if (r < 0 && !meter->failed)
		log_warning("--metrics-file: %s", err.text);
	meter->failed = r < 0;
	buf_free(&text);
}

/* ---- */

static void
meter_look(struct meter *meter, const struct desk *desk,
    const struct meter_facts *facts, bool last)
{
	int64_t now_ms = loop_now_ns() / 1000000;

	if (meter->start_ms == 0)
		meter->start_ms = meter->told_ms = now_ms;
	if (meter->path != NULL)
		meter_write(meter, desk, facts, now_ms);
	if (meter->stats_ms == 0 ||
	    (!last && now_ms - meter->told_ms < meter->stats_ms))
		return;
	meter->told_ms = now_ms;
	meter_tell(meter, desk, facts, now_ms);
}

void
meter_beat(struct meter *meter, const struct desk *desk,
    const struct meter_facts *facts)
{
	meter_look(meter, desk, facts, false);
}

void
meter_end(struct meter *meter, const struct desk *desk,
    const struct meter_facts *facts)
{
	meter_look(meter, desk, facts, true);
}
