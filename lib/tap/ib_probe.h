#ifndef FLOW_IB_PROBE_H
#define FLOW_IB_PROBE_H

#include <stdbool.h>
#include <stdint.h>

/* Whether TWS or IB Gateway may be running: something takes connections. */

/* True when host's port does within a second; whatever else fails is a no. */
bool ib_probe_answers(const char *host, int64_t port);

#endif
