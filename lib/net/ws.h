#ifndef FLOW_WS_H
#define FLOW_WS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * The client's side of a WebSocket (RFC 6455, version 13, no extension, no
 * subprotocol): handshake and framing, over bytes that somebody else carries.
 * Bytes received go into ws_feed however they were cut; bytes to send gather
 * in ws_out.  The only place that knows wslay.  No clock, no socket.
 *
 * Limits: WS_HEAD bytes of handshake, WS_MESSAGE bytes and WS_FRAMES fragments
 * a message.  Pongs are made as pings are read, so who stops reading while
 * ws_out cannot be sent bounds them too.
 */

enum {
	WS_HEAD = 16 << 10,
	WS_MESSAGE = 16 << 20,
	WS_FRAMES = 64 << 10,
	WS_NONCE = 16
};

struct ws;

struct ws_setup {
	const char *host;	/* of the Host header, port included */
	const char *path;	/* "/options" */
	uint8_t nonce[WS_NONCE];	/* random, of the handshake's key */
	/* A whole message; a text is UTF-8, binary is as it came.  May
	 * not free the ws. */
	void (*message)(void *ctx, struct slice text);
	void *ctx;
};

/* The request is in ws_out already.  Of the setup nothing is kept by name. */
struct ws *ws_new(const struct ws_setup *setup);
void ws_free(struct ws *ws);	/* NULL is fine */

/* What is to be sent; whoever sends drops it from the front. */
struct buf *ws_out(struct ws *ws);

/* The handshake is done. */
bool ws_is_open(const struct ws *ws);

/*
 * Takes n bytes received.  0, or -1 with the reason when the connection is
 * over: the server closed it or broke the protocol.  Then ws_out still holds
 * the close frame, and nothing more may be fed.
 */
int ws_feed(struct ws *ws, const void *p, size_t n, struct err *err);

/* The code of the close frame received, 1005 without one in it, 0: none. */
int ws_closed_by(const struct ws *ws);

/* Only while open. */
void ws_text(struct ws *ws, struct slice text);
void ws_ping(struct ws *ws);
void ws_close(struct ws *ws, int code);

#endif
