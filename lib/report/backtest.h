#ifndef FLOW_BACKTEST_H
#define FLOW_BACKTEST_H

#include "report/render.h"

/*
 * What following signals came to (domain.md 8), and what prices did after them
 * (9.3.5).  No rate stands without its interval, and what was made up stands
 * apart from what was not.
 */

/*
 * Paper records: a row for all and for each kind of signal, another table by
 * tag, whole points of strength, and regime.
 */
int backtest_report(const struct ask *ask, struct answer *answer,
    struct err *err);

/*
 * Returns of the underlying after signals, in their direction, over some
 * minutes, by kind, tag and whole points of strength: beside them the same
 * ticker at the same time of other days without a signal of the kind.  Prices
 * are closes of minute bars.
 */
int backtest_markout(const struct ask *ask, struct answer *answer,
    struct err *err);

#endif
