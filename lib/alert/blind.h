#ifndef FLOW_BLIND_H
#define FLOW_BLIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "market/cal.h"
#include "record/scan.h"

/*
 * When we were blind: what the gap records said.  A gap counts from its
 * from_ts until a record of the same gap_id gives its end; filled ones were
 * made good later and do not lessen coverage, partial ones count whole,
 * because nobody knows which part is missing.
 */

enum { BLIND_GAPS = 256 };		/* remembered; the oldest go */

struct blind_gap {
	char *id;			/* NUL-terminated */
	char *symbols;			/* JSON array of texts, NUL-ended */
	size_t n;			/* bytes of symbols */
	int64_t from_ts, to_ts;		/* INT64_MAX: still open */
	bool filled;
};

struct blind {
	struct blind_gap gaps[BLIND_GAPS];
	size_t n;			/* in use */
	size_t next;			/* the oldest, once all are in use */
	int64_t forgotten;
};

void blind_free(struct blind *blind);

/*
 * Notes a gap record at watermark ts, which stands for the times it lacks.
 * -1 and err when a member has the wrong type.
 */
int blind_note(struct blind *blind, struct scan *scan, int64_t ts,
    struct err *err);

/* True when a gap, filled or not, touches the ticker within the span. */
bool blind_touches(const struct blind *blind, struct slice ticker,
    const struct cal_span *span);

/*
 * Percent of the span in which the ticker was seen, in 1/10,000; the span is
 * not empty.
 */
int64_t blind_coverage_e4(const struct blind *blind, struct slice ticker,
    const struct cal_span *span);

#endif
