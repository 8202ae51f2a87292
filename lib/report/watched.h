#ifndef FLOW_WATCHED_H
#define FLOW_WATCHED_H

#include "report/render.h"

/* How much of each day was seen, and when the feeds were there. */
int watched_report(const struct ask *ask, const struct seen_set *set,
    struct answer *answer, struct err *err);

#endif
