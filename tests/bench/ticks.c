/*
 * Reads frames of Interactive Brokers' protocol as flow-tap does and writes
 * what they say, a line each, so that another decoder of the same bytes
 * (tests/bench/ticks.py) can be held against it:
 *
 *	1 request type price_e4 size		a price
 *	2 request type size			a size
 *	21 request type iv_e6 delta_e6		a model's greeks
 *	46 request price_e4 size ms volume	a print
 *
 * "-" is what the gateway does not know.
 */
#include <errno.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/log.h"
#include "record/line.h"
#include "tap/ib_wire.h"

enum { READ = 256 << 10, RTVOLUME = 48 };

static void
put(struct buf *dst, int64_t value)
{
	char *to = buf_reserve(dst, DECIMAL_TEXT + 1);
	size_t n = 1;

	if (value == TRADE_NONE)
		*to = '-';
	else
		n = decimal_print_int(to, value);
	to[n] = ' ';
	dst->n += n + 1;
}

static int
put_message(struct buf *dst, const struct ib_message *message,
    struct err *err)
{
	struct ib_rtvolume print;

	put(dst, message->id);
	put(dst, message->request);
	if (message->id == IB_STRING && message->type == RTVOLUME) {
		if (ib_wire_rtvolume(message->text, &print, err) < 0)
			return -1;
		put(dst, print.price_e4);
		put(dst, print.size);
		put(dst, print.ts);
		put(dst, print.volume);
	} else {
		put(dst, message->type);
	}
	if (message->id == IB_PRICE)
		put(dst, message->price_e4);
	if (message->id == IB_PRICE || message->id == IB_SIZE)
		put(dst, message->size);
	if (message->id == IB_GREEKS) {
		put(dst, message->iv_e6);
		put(dst, message->delta_e6);
	}
	dst->p[dst->n - 1] = '\n';
	return 0;
}

/* Reads all whole frames; what is left of the bytes. */
static struct slice
read_frames(struct slice rest, struct line_out *out)
{
	struct ib_message message;
	struct slice payload;
	struct err err;
	size_t used;
	int r;

	while ((r = ib_wire_frame(rest, &payload, &used, &err)) > 0) {
		rest.p += used;
		rest.n -= used;
		r = ib_wire_read(payload, &message, &err);
		if (r > 0)
			r = put_message(&out->buf, &message, &err);
		if (r < 0)
			break;
		line_out_end(out);
	}
	if (r < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	return rest;
}

int
main(void)
{
	struct buf in = BUF_INIT;
	struct line_out out;
	struct slice rest;
	struct err err;
	ssize_t n;

	log_init("ticks");
	line_out_init(&out, STDOUT_FILENO);
	while ((n = read(STDIN_FILENO, buf_reserve(&in, READ), READ)) > 0) {
		in.n += (size_t)n;
		rest = read_frames((struct slice){ in.p, in.n }, &out);
		buf_drop(&in, in.n - rest.n);
	}
	if (n < 0 || in.n > 0)
		log_die(EXIT_SYSTEM, "the frames break off");
	buf_free(&in);
	if (line_out_close(&out, &err) < 0)
		log_die(EXIT_SYSTEM, "%s", err.text);
	return 0;
}
