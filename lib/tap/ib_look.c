#include "tap/ib_look.h"

#include "base/log.h"
#include "tap/ib_line.h"

enum { IB_LOOK_QUIET_MS = 700 };	/* a line that says no more */

void
ib_look_late(struct ib_look *look, bool delayed)
{
	if (delayed && !look->delayed)
		desk_status(look->desk, "warning", "delayed_data",
		    "the gateway sends delayed data");
	look->delayed |= delayed;
}

static void
ib_look_got(struct ib_call *call, struct ib_message *message)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_look *look = option->owner;
	bool delayed = false;

	if (ib_line_take(option, message, &delayed))
		option->ticked_ms = ib_session_now(look->session);
	ib_look_late(look, delayed);
}

static void
ib_look_over(struct ib_call *call, int64_t code, const char *why)
{
	struct ib_option *option = (struct ib_option *)call;
	struct ib_look *look = option->owner;

	if (code == IB_CALL_GONE) {
		look->on = false;
		return;
	}
	log_info("%s: no market data: %s", option->local, why);
	ib_find_ran(&look->jobs);
}

static bool
ib_look_one(void *ctx, size_t i)
{
	struct ib_look *look = ctx;
	struct ib_option *option = look->options[i];
	struct ib_contract contract;

	ib_line_init(option);
	if (option->contract == NULL)
		return false;
	contract = ib_find_contract(option);
	option->owner = look;
	option->call.got = ib_look_got;
	option->call.over = ib_look_over;
	option->asked_ms = ib_session_now(look->session);
	ib_find_line(look->session, &look->frame, &option->call, &contract,
	    SLICE(IB_LINE_GENERIC));
	return true;
}

static void
ib_look_done(void *ctx)
{
	struct ib_look *look = ctx;

	look->on = false;
	look->setup.done(look->setup.ctx);
}

void
ib_look_tick(struct ib_look *look, int64_t now_ms)
{
	for (size_t i = 0; look->on && i < look->jobs.n; i++) {
		struct ib_option *option = look->options[i];
		int64_t quiet = now_ms - option->ticked_ms;

		if (option->call.id == 0 || option->call.got != ib_look_got)
			continue;
		if (!ib_line_is_whole(option) && (option->ticked_ms == 0 ||
		    quiet < IB_LOOK_QUIET_MS) &&
		    now_ms - option->asked_ms < look->setup.request_ms)
			continue;
		ib_session_close(look->session, &option->call);
		ib_find_ran(&look->jobs);
	}
}

void
ib_look_start(struct ib_look *look, struct ib_option **options, size_t n)
{
	look->on = true;
	look->options = options;
	look->jobs = (struct ib_jobs){ n, 0, 0,
		(size_t)look->setup.max_lines, ib_look_one, ib_look_done,
		look };
	ib_find_run(&look->jobs);
}

void
ib_look_init(struct ib_look *look, struct ib_session *session,
    struct desk *desk, const struct ib_look_setup *setup)
{
	*look = (struct ib_look){ .setup = *setup, .session = session,
		.desk = desk };
}

void
ib_look_free(struct ib_look *look)
{
	buf_free(&look->frame);
}
