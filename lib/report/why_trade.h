#ifndef FLOW_WHY_TRADE_H
#define FLOW_WHY_TRADE_H

#include "report/why.h"

/* Explains a trade: 1, 0 when there is none of this id, -1. */
int why_trade_explain(struct why *why, struct slice id, struct err *err);

#endif
