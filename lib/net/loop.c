#include "net/loop.h"

#include <event2/event.h>
#include <stdlib.h>
#include <time.h>

#include "base/buf.h"
#include "base/log.h"

enum { LOOP_SIGNALS = 4 };

struct loop {
	struct event_base *base;
	struct loop_signal {
		struct event *event;
		void (*fn)(void *, int);
		void *ctx;
	} signals[LOOP_SIGNALS];
	size_t n_signals;
};

struct loop_watch {
	struct loop *loop;
	struct event *event;
	int fd, what;
	void (*fn)(void *, int);
	void *ctx;
};

struct loop_timer {
	struct event *event;
	void (*fn)(void *);
	void *ctx;
};

static void *
loop_got(void *p)
{
	if (p == NULL)
		log_die(EXIT_SYSTEM, "out of memory");
	return p;
}

struct loop *
loop_new(void)
{
	struct loop *loop = buf_alloc(1, sizeof(*loop));
	struct event_config *config = loop_got(event_config_new());

	/* epoll refuses a regular file, which standard output may be. */
	event_config_require_features(config, EV_FEATURE_FDS);
	loop->base = loop_got(event_base_new_with_config(config));
	event_config_free(config);
	return loop;
}

void
loop_free(struct loop *loop)
{
	if (loop == NULL)
		return;
	for (size_t i = 0; i < loop->n_signals; i++)
		event_free(loop->signals[i].event);
	event_base_free(loop->base);
	free(loop);
}

void
loop_run(struct loop *loop)
{
	event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

void
loop_stop(struct loop *loop)
{
	event_base_loopbreak(loop->base);
}

int64_t
loop_now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

int64_t
loop_wall_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

/* ---- descriptors ---- */

static void
loop_on_watch(evutil_socket_t fd, short what, void *ctx)
{
	struct loop_watch *watch = ctx;

	(void)fd;
	watch->fn(watch->ctx, ((what & EV_READ) != 0 ? LOOP_READ : 0) |
	    ((what & EV_WRITE) != 0 ? LOOP_WRITE : 0));
}

struct loop_watch *
loop_watch_new(struct loop *loop, int fd, void (*fn)(void *ctx, int what),
    void *ctx)
{
	struct loop_watch *watch = buf_alloc(1, sizeof(*watch));

	*watch = (struct loop_watch){ loop, NULL, fd, 0, fn, ctx };
	watch->event = loop_got(event_new(loop->base, fd, 0, loop_on_watch,
	    watch));
	return watch;
}

void
loop_watch_set(struct loop_watch *watch, int what)
{
	int events = EV_PERSIST;

	if (what == watch->what)
		return;
	watch->what = what;
	event_del(watch->event);
	if (what == 0)
		return;
	if ((what & LOOP_READ) != 0)
		events |= EV_READ;
	if ((what & LOOP_WRITE) != 0)
		events |= EV_WRITE;
	event_assign(watch->event, watch->loop->base, watch->fd,
	    (short)events, loop_on_watch, watch);
	event_add(watch->event, NULL);
}

void
loop_watch_free(struct loop_watch *watch)
{
	if (watch == NULL)
		return;
	event_free(watch->event);
	free(watch);
}

/* ---- timers ---- */

static void
loop_on_timer(evutil_socket_t fd, short what, void *ctx)
{
	struct loop_timer *timer = ctx;

	(void)fd;
	(void)what;
	timer->fn(timer->ctx);
}

struct loop_timer *
loop_timer_new(struct loop *loop, void (*fn)(void *ctx), void *ctx)
{
	struct loop_timer *timer = buf_alloc(1, sizeof(*timer));

	*timer = (struct loop_timer){ NULL, fn, ctx };
	timer->event = loop_got(event_new(loop->base, -1, 0, loop_on_timer,
	    timer));
	return timer;
}

void
loop_timer_set(struct loop_timer *timer, int64_t ms)
{
	struct timeval after = { ms / 1000, ms % 1000 * 1000 };

	event_add(timer->event, &after);
}

void
loop_timer_off(struct loop_timer *timer)
{
	event_del(timer->event);
}

bool
loop_timer_is_set(const struct loop_timer *timer)
{
	return event_pending(timer->event, EV_TIMEOUT, NULL) != 0;
}

void
loop_timer_free(struct loop_timer *timer)
{
	if (timer == NULL)
		return;
	event_free(timer->event);
	free(timer);
}

/* ---- signals ---- */

static void
loop_on_signal(evutil_socket_t number, short what, void *ctx)
{
	struct loop_signal *entry = ctx;

	(void)what;
	entry->fn(entry->ctx, (int)number);
}

void
loop_signal(struct loop *loop, int number,
    void (*fn)(void *ctx, int number), void *ctx)
{
	struct loop_signal *entry = &loop->signals[loop->n_signals++];

	entry->fn = fn;
	entry->ctx = ctx;
	entry->event = loop_got(evsignal_new(loop->base, number,
	    loop_on_signal, entry));
	event_add(entry->event, NULL);
}
