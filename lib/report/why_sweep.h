#ifndef FLOW_WHY_SWEEP_H
#define FLOW_WHY_SWEEP_H

#include "report/why.h"

/* Explains a sweep or split: 1, 0 when there is none of this id, -1. */
int why_sweep_explain(struct why *why, struct slice id, struct err *err);

#endif
