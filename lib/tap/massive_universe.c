#include "tap/massive_universe.h"

#include <stdlib.h>

#include "base/day.h"
#include "market/cal.h"
#include "net/http.h"
#include "tap/contract.h"
#include "tap/massive_rest.h"

enum {
	MASSIVE_UNIVERSE_MS = 30000,
	MASSIVE_UNIVERSE_REPLY = 64 << 20,
	MASSIVE_UNIVERSE_TRIES = 4
};

struct massive_universe {
	struct loop *loop;
	struct massive_universe_share {
		char symbol[CONTRACT_SYMBOL + 1];
		int64_t volume;
	} *shares;			/* n of them */
	size_t n, cap;
	int status;
	struct err err;
};

static void
massive_universe_on_row(void *ctx, struct slice symbol, int64_t volume)
{
	struct massive_universe *universe = ctx;
	struct massive_universe_share *share;

	if (universe->n == universe->cap) {
		universe->cap = 2 * universe->cap + 1024;
		universe->shares = buf_realloc(universe->shares,
		    universe->cap, sizeof(*universe->shares));
	}
	share = &universe->shares[universe->n++];
	memcpy(share->symbol, symbol.p, symbol.n);
	share->symbol[symbol.n] = '\0';
	share->volume = volume;
}

/* Most shares first; of as many, by name. */
static int
massive_universe_compare(const void *a, const void *b)
{
	const struct massive_universe_share *x = a, *y = b;

	if (x->volume != y->volume)
		return x->volume > y->volume ? -1 : 1;
	return strcmp(x->symbol, y->symbol);
}

static void
massive_universe_on_reply(void *ctx, const struct http_reply *reply)
{
	struct massive_universe *universe = ctx;

	universe->status = EXIT_SYSTEM;
	if (reply->status == 0) {
		err_fill(&universe->err, "%s", reply->why);
	} else if (reply->status != 200) {
		massive_rest_why(reply->status, reply->body, &universe->err);
		if (reply->status == 401 || reply->status == 403)
			universe->status = EXIT_USAGE;
	} else if (massive_rest_volumes(reply->body, massive_universe_on_row,
	    universe, &universe->err) == 0) {
		universe->status = EXIT_DONE;
	}
	loop_stop(universe->loop);
}

int
massive_universe_run(const struct massive_universe_setup *setup,
    struct buf *out, struct err *err)
{
	struct massive_universe universe = { .loop = loop_new() };
	struct http_setup http = { { setup->ca_file, MASSIVE_UNIVERSE_MS },
	    setup->key, 0, MASSIVE_UNIVERSE_MS, MASSIVE_UNIVERSE_REPLY,
	    MASSIVE_UNIVERSE_TRIES };
	struct http *client = http_new(universe.loop, &http);
	struct buf url = BUF_INIT;
	struct cal_time now;
	char day[DAY_TEXT];
	int32_t before;

	cal_new_york(loop_wall_ms(), &now);
	universe.status = EXIT_SYSTEM;
	if (cal_step(now.day, -1, &before, &universe.err) == 0) {
		day_print(day, before);
		buf_fmt(&url, "%s/v2/aggs/grouped/locale/us/market/stocks/"
		    "%.*s%c", setup->rest_url, DAY_TEXT, day, '\0');
		http_get(client, url.p, massive_universe_on_reply, &universe);
		loop_run(universe.loop);
	}
	if (universe.n > 0)
		qsort(universe.shares, universe.n, sizeof(*universe.shares),
		    massive_universe_compare);
	for (size_t i = 0; i < universe.n && i < setup->n; i++)
		buf_fmt(out, "%s\n", universe.shares[i].symbol);
	*err = universe.err;
	free(universe.shares);
	buf_free(&url);
	http_free(client);
	loop_free(universe.loop);
	return universe.status;
}
