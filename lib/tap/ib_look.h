#ifndef FLOW_IB_LOOK_H
#define FLOW_IB_LOOK_H

#include "tap/desk.h"
#include "tap/ib_find.h"

/*
 * A look at the market data lines of options, so many at once: each is open
 * until it has said all that ib_line knows, or says no more.
 */

struct ib_look_setup {
	int64_t max_lines, request_ms;
	/* All were looked at, or have none. */
	void (*done)(void *ctx);
	void *ctx;
};

struct ib_look {
	struct ib_look_setup setup;
	struct ib_session *session;
	struct desk *desk;
	struct ib_option **options;	/* borrowed */
	struct ib_jobs jobs;
	struct buf frame;		/* scratch */
	bool on;			/* from start to done, or until the
					 * connection is lost */
	bool delayed;			/* data is, which was told */
};

void ib_look_init(struct ib_look *look, struct ib_session *session,
    struct desk *desk, const struct ib_look_setup *setup);
void ib_look_free(struct ib_look *look);	/* after the session */

/*
 * Those without a contract are passed over.  When the connection is lost, done
 * does not come.
 */
void ib_look_start(struct ib_look *look, struct ib_option **options,
    size_t n);
/* Whenever a tenth of a second passed. */
void ib_look_tick(struct ib_look *look, int64_t now_ms);

/* Tells, once, that the data of a line is delayed. */
void ib_look_late(struct ib_look *look, bool delayed);

#endif
