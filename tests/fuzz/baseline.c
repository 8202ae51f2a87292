/*
 * baseline_read on any bytes: never crashes, a refusal has a reason, and what
 * it accepts can be asked for: sizes end and are in range and order, figures by
 * time are some step's, shares are at least 0.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "market/baseline.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(int ok)
{
	if (!ok)
		abort();
}

static void
walk(const struct baseline *b, const struct baseline_sizes *sizes)
{
	struct baseline_place at = { 0 };
	int32_t day, last = INT32_MIN;
	int64_t size;

	while (baseline_next_size(b, sizes, &at, &day, &size)) {
		must(size > 0 && size <= UINT16_MAX && day >= last);
		must(baseline_use(b, day, false) != BASELINE_NOW);
		last = day;
	}
	must(at.at == sizes->n);
}

static void
ask(const struct baseline *b)
{
	const struct baseline_underlying *u = baseline_underlying(b,
	    SLICE("KO"));
	const struct baseline_contract *c = baseline_contract(b,
	    SLICE("O:KO251219C00062000"));
	struct buf name = BUF_INIT;

	if (u != NULL) {
		walk(b, &u->sizes[0]);
		walk(b, &u->sizes[1]);
		for (int64_t ts = 0; ts < INT64_C(4000000000000);
		    ts += INT64_C(100000000001)) {
			int64_t flow = baseline_by_time(b, &u->call_flow, ts);

			must(flow >= 0 || u->call_flow.n == 0);
			must(baseline_share_e6(b, u, ts) >= 0 ||
			    baseline_share_e6(b, u, ts) == TRADE_NONE);
		}
	}
	if (c != NULL)
		walk(b, &c->sizes);
	baseline_persist(b, SLICE("KO"), 20441, TRADE_PUT);
	baseline_name(&name, b, "fuzz");
	must(name.n == strlen("fuzz 2025-11-25 ") + SHA256_TEXT);
	buf_free(&name);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct err err = { "" };
	struct baseline *b;
	char path[64];
	int fd = memfd_create("baseline", 0);

	must(fd >= 0 && write(fd, data, n) == (ssize_t)n);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	b = baseline_read(path, BASELINE_SIZES | BASELINE_FLOW |
	    BASELINE_BARS | BASELINE_PERSIST, &err);
	close(fd);
	must(b != NULL || err.text[0] != '\0');
	if (b != NULL)
		ask(b);
	baseline_free(b);
	return 0;
}
