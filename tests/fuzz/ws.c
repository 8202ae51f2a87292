/*
 * The WebSocket client on any bytes: handshake and frames.  The first byte says
 * how the rest is cut; with its low bit the handshake's right answer comes
 * first, so that frames are reached.  The bytes are fed whole and in pieces:
 *
 * - nothing crashes, and what is to be sent stays small beside what came,
 * - both ways give the same messages.
 *
 * They need not end alike: of a frame that breaks off, bad UTF-8 may be seen
 * already or not yet.
 *
 * How to run: see scan.c beside this file.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/ws.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What RFC 6455 1.3 answers to "the sample nonce". */
static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

struct got {
	struct buf texts;		/* each behind its length */
	int result;
};

static void
must(int ok, const char *what)
{
	if (ok)
		return;
	fprintf(stderr, "%s\n", what);
	abort();
}

static void
on_message(void *ctx, struct slice text)
{
	struct got *got = ctx;
	uint64_t n = text.n;

	buf_add(&got->texts, &n, sizeof(n));
	buf_add(&got->texts, text.p, text.n);
}

static struct got
run(const struct buf *bytes, size_t step)
{
	struct got got = { BUF_INIT, 0 };
	struct ws_setup setup = { .host = "h", .path = "/",
	    .message = on_message, .ctx = &got };
	struct err err;
	struct ws *ws;

	memcpy(setup.nonce, "the sample nonce", WS_NONCE);
	ws = ws_new(&setup);
	for (size_t at = 0; at < bytes->n && got.result == 0; at += step) {
		size_t left = bytes->n - at;

		got.result = ws_feed(ws, bytes->p + at,
		    left < step ? left : step, &err);
	}
	/* A ping of 2 bytes costs a pong of 6, and there is the request. */
	must(ws_out(ws)->n <= 3 * bytes->n + 512, "much to send");
	ws_free(ws);
	return got;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf bytes = BUF_INIT;
	struct got whole, pieces;

	if (size == 0)
		return 0;
	if ((data[0] & 1) != 0)
		buf_str(&bytes, answer);
	buf_add(&bytes, data + 1, size - 1);
	whole = run(&bytes, bytes.n + 1);
	pieces = run(&bytes, 1 + data[0] / 2 % 64);
	must(whole.texts.n == pieces.texts.n && (whole.texts.n == 0 ||
	    memcmp(whole.texts.p, pieces.texts.p, whole.texts.n) == 0),
	    "other messages");
	buf_free(&whole.texts);
	buf_free(&pieces.texts);
	buf_free(&bytes);
	return 0;
}
