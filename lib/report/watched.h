#ifndef FLOW_WATCHED_H
#define FLOW_WATCHED_H

#include "report/render.h"

/*
 * --coverage: how much of each day was seen of each ticker (report/seen does
 * the sums), and which feed was there when.
 */
int watched_report(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err);

#endif
