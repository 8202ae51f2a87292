#ifndef FLOW_DEMO_H
#define FLOW_DEMO_H

#include "tap/contract.h"
#include "tap/demo_setup.h"
#include "tap/source.h"

/*
 * A session that never happened, as a source: daily bars of the days before,
 * open interest, then quotes, prints and minute bars from the open to the
 * close.  Everything is drawn from the setup: the same setup gives the same
 * items.  It is made as it is asked for; memory does not grow with the prints.
 *
 * Every record carries "feed":"demo" (item.made), so that what is cut out of
 * the stream still says what it is.  With setup->truth prints carry true_side,
 * true_sweep_id and true_informed besides.
 */

/*
 * setup has been checked and must outlive the source, as must book.
 * *open_ts: when the session begins.  NULL and err when the calendar does not
 * reach.
 */
struct source *demo_open(const struct demo_setup *setup,
    struct contract_book *book, int64_t *open_ts, struct err *err);

#endif
