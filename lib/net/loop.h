#ifndef FLOW_LOOP_H
#define FLOW_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Waits for descriptors, timers and signals, and calls what was asked for.
 * The only place that knows libevent.  A callback may free its own watch or
 * timer.  Descriptors may be of any kind, regular files too.
 */

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

struct loop;
struct loop_watch;
struct loop_timer;

struct loop *loop_new(void);
void loop_free(struct loop *loop);	/* after its watches and timers */

/* Calls what becomes due, until loop_stop. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Monotonic time in nanoseconds; milliseconds since 1970, UTC. */
int64_t loop_now_ns(void);
int64_t loop_wall_ms(void);

/*
 * Calls fn with what can be done (LOOP_READ, LOOP_WRITE) as long as it can;
 * watches for nothing until loop_watch_set.
 */
struct loop_watch *loop_watch_new(struct loop *loop, int fd,
    void (*fn)(void *ctx, int what), void *ctx);
void loop_watch_set(struct loop_watch *watch, int what);
void loop_watch_free(struct loop_watch *watch);	/* NULL is fine */

/* Calls fn once, so long after each loop_timer_set. */
struct loop_timer *loop_timer_new(struct loop *loop, void (*fn)(void *ctx),
    void *ctx);
void loop_timer_set(struct loop_timer *timer, int64_t ms);
void loop_timer_off(struct loop_timer *timer);
bool loop_timer_is_set(const struct loop_timer *timer);
void loop_timer_free(struct loop_timer *timer);	/* NULL is fine */

/* Calls fn, from the loop, after the signal came. */
void loop_signal(struct loop *loop, int number,
    void (*fn)(void *ctx, int number), void *ctx);

#endif
