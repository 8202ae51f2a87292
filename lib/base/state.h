#ifndef FLOW_STATE_H
#define FLOW_STATE_H

#include "base/buf.h"

/*
 * Where programs keep what must outlive them: $FLOW_STATE, else
 * $XDG_STATE_HOME/flow, else ~/.local/state/flow.
 */

/*
 * The path of a name there, yours to free(); NULL when the environment does
 * not say where.  Nothing is made.
 */
char *state_path(const char *name);

/* Makes a directory and those above it, 0700.  0, or -1 and errno. */
int state_make(const char *path);

#endif
