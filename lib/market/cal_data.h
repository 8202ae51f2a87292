#ifndef FLOW_CAL_DATA_H
#define FLOW_CAL_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "market/cal.h"

/*
 * What no rule gives: unscheduled closures, and which products trade when.
 * Private to cal.  Dates are written 20250109 so that they compare as
 * integers.
 */

/* Days closed beyond the rules. */
extern const int cal_data_closures[];
extern const size_t cal_data_n_closures;

/* Roots that are not plain equity options; in order of root, then of from. */
struct cal_root {
	char root[8];		/* NUL-padded */
	int from;		/* the class holds from this date on */
	enum cal_class cls;
};

extern const struct cal_root cal_data_roots[];
extern const size_t cal_data_n_roots;

/* Hours of CAL_INDEX_GTH outside the regular session, in order of from. */
struct cal_hours {
	int from;		/* trade date */
	int gth_start, gth_end;	/* minutes from the trade day's midnight */
	int curb_end;		/* CURB starts at the regular close; 0: none */
};

extern const struct cal_hours cal_data_hours[];
extern const size_t cal_data_n_hours;

#endif
