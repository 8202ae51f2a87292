#ifndef FLOW_WHY_ALERT_H
#define FLOW_WHY_ALERT_H

#include "report/why.h"

/* Explains an alert: 1, 0 when there is none of this id, -1. */
int why_alert_explain(struct why *why, struct slice id, struct err *err);

#endif
