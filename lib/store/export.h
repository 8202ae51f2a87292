#ifndef FLOW_EXPORT_H
#define FLOW_EXPORT_H

#include "record/line.h"
#include "store/db.h"

/*
 * All records that are stored, in the order of their time, between a hello and
 * a bye: a stream that flow-store reads back into the same rows.  Heartbeats
 * were not stored, and no claim about coverage is made.
 */
int export_all(struct db *db, struct line_out *out, struct err *err);

#endif
