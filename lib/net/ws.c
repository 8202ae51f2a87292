#include "net/ws.h"

#include <errno.h>
#include <sha1.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/random.h>
#include <wslay/wslay.h>

#include "base/log.h"
#include "base/plain.h"

/* Base64 of WS_NONCE and of SHA1_DIGEST_LENGTH bytes. */
enum { WS_KEY = 24, WS_ACCEPT = 28 };

struct ws {
	wslay_event_context_ptr frames;
	void (*message)(void *, struct slice);
	void *ctx;
	char accept[WS_ACCEPT];		/* the answer to our key */
	bool open;
	struct buf head;		/* of the handshake's answer */
	struct buf out;
	const char *in;			/* left of what is being fed */
	size_t n_in;
	size_t n_frames;		/* of the present message */
	bool too_many;
	int closed_by;
	struct err reason;		/* of the close frame */
};

/* ---- handshake ---- */

static void
ws_base64(char *dst, const uint8_t *p, size_t n)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < n; i += 3) {
		uint32_t bits = (uint32_t)p[i] << 16 |
		    (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
		    (i + 2 < n ? p[i + 2] : 0);

		for (size_t k = 0; k < 4; k++)
			*dst++ = i + k > n ? '=' :
			    digits[bits >> (18 - 6 * k) & 63];
	}
}

static void
ws_ask(struct ws *ws, const struct ws_setup *setup)
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	char key[WS_KEY + sizeof(guid)];
	uint8_t digest[SHA1_DIGEST_LENGTH];
	SHA1_CTX sha1;

	ws_base64(key, setup->nonce, WS_NONCE);
	memcpy(key + WS_KEY, guid, sizeof(guid));
	SHA1Init(&sha1);
	SHA1Update(&sha1, (const uint8_t *)key, WS_KEY + sizeof(guid) - 1);
	SHA1Final(digest, &sha1);
	ws_base64(ws->accept, digest, sizeof(digest));
	buf_fmt(&ws->out, "GET %s HTTP/1.1\r\nHost: %s\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %.*s\r\n\r\n",
	    setup->path, setup->host, WS_KEY, key);
}

static bool
ws_is(struct slice text, const char *word)
{
	return text.n == strlen(word) &&
	    strncasecmp(text.p, word, text.n) == 0;
}

/* The text without blanks around it. */
static struct slice
ws_trim(struct slice text)
{
	while (text.n > 0 && (*text.p == ' ' || *text.p == '\t')) {
		text.p++;
		text.n--;
	}
	while (text.n > 0 && (text.p[text.n - 1] == ' ' ||
	    text.p[text.n - 1] == '\t'))
		text.n--;
	return text;
}

/* Takes the text up to the mark, or all, and drops it with the mark. */
static struct slice
ws_until(struct slice *text, const char *mark)
{
	size_t n = strlen(mark);
	const char *at = text->n == 0 ? NULL :
	    memmem(text->p, text->n, mark, n);
	struct slice part = *text;

	if (at == NULL) {
		*text = (struct slice){ NULL, 0 };
		return part;
	}
	part.n = (size_t)(at - text->p);
	text->p += part.n + n;
	text->n -= part.n + n;
	return part;
}

static bool
ws_lists(struct slice value, const char *word)
{
	while (value.n > 0)
		if (ws_is(ws_trim(ws_until(&value, ",")), word))
			return true;
	return false;
}

/* RFC 6455 4.1, what a client must demand of the answer. */
static int
ws_check_head(const struct ws *ws, struct slice head, struct err *err)
{
	struct slice line = ws_until(&head, "\r\n"), name, value;
	bool upgrade = false, connection = false, accept = false;

	if (line.n < 12 || memcmp(line.p, "HTTP/1.1 ", 9) != 0)
		return err_set(err, "not an HTTP/1.1 server");
	if (memcmp(line.p + 9, "101", 3) != 0 ||
	    (line.n > 12 && line.p[12] != ' '))
		return err_set(err, "no WebSocket here: HTTP status %.3s",
		    line.p + 9);
	while (head.n > 0) {
		value = ws_until(&head, "\r\n");
		name = ws_until(&value, ":");
		value = ws_trim(value);
		if (ws_is(name, "Upgrade"))
			upgrade |= ws_lists(value, "websocket");
		else if (ws_is(name, "Connection"))
			connection |= ws_lists(value, "Upgrade");
		else if (ws_is(name, "Sec-WebSocket-Accept"))
			accept = value.n == WS_ACCEPT &&
			    memcmp(value.p, ws->accept, WS_ACCEPT) == 0;
		else if (ws_is(name, "Sec-WebSocket-Extensions") ||
		    ws_is(name, "Sec-WebSocket-Protocol"))
			return err_set(err, "the server chose what was not "
			    "offered: %.*s", (int)name.n, name.p);
	}
	if (!upgrade || !connection)
		return err_set(err, "the server does not say that it changes "
		    "to WebSocket");
	if (!accept)
		return err_set(err, "wrong Sec-WebSocket-Accept");
	return 0;
}

/* Gathers the answer; what follows it stays in ws->in. */
static int
ws_read_head(struct ws *ws, struct err *err)
{
	size_t old = ws->head.n, n = ws->n_in, end;
	const char *at;

	n = n < WS_HEAD - old ? n : WS_HEAD - old;
	buf_add(&ws->head, ws->in, n);
	at = memmem(ws->head.p, ws->head.n, "\r\n\r\n", 4);
	if (at == NULL) {
		ws->in += n;
		ws->n_in -= n;
		return ws->head.n < WS_HEAD ? 0 : err_set(err,
		    "more than %d bytes before the handshake's end", WS_HEAD);
	}
	end = (size_t)(at - ws->head.p);
	ws->in += end + 4 - old;
	ws->n_in -= end + 4 - old;
	if (ws_check_head(ws, (struct slice){ ws->head.p, end }, err) < 0)
		return -1;
	ws->open = true;
	buf_free(&ws->head);
	return 0;
}

/* ---- what wslay asks for ---- */

static ssize_t
ws_on_recv(wslay_event_context_ptr frames, uint8_t *dst, size_t n, int flags,
    void *ctx)
{
	struct ws *ws = ctx;

	(void)flags;
	if (ws->n_in == 0) {
		wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	n = n < ws->n_in ? n : ws->n_in;
	memcpy(dst, ws->in, n);
	ws->in += n;
	ws->n_in -= n;
	return (ssize_t)n;
}

static ssize_t
ws_on_send(wslay_event_context_ptr frames, const uint8_t *p, size_t n,
    int flags, void *ctx)
{
	struct ws *ws = ctx;

	(void)frames;
	(void)flags;
	buf_add(&ws->out, p, n);
	return (ssize_t)n;
}

static int
ws_on_mask(wslay_event_context_ptr frames, uint8_t *dst, size_t n, void *ctx)
{
	size_t done = 0;

	(void)frames;
	(void)ctx;
	while (done < n) {
		ssize_t got = getrandom(dst + done, n - done, 0);

		if (got < 0 && errno != EINTR)
			return -1;
		done += got < 0 ? 0 : (size_t)got;
	}
	return 0;
}

/* A message of a byte a frame would cost a hundred times its length. */
static void
ws_on_frame(wslay_event_context_ptr frames,
    const struct wslay_event_on_frame_recv_start_arg *arg, void *ctx)
{
	struct ws *ws = ctx;

	(void)frames;
	if (arg->opcode == WSLAY_CONTINUATION_FRAME)
		ws->too_many |= ++ws->n_frames >= WS_FRAMES;
	else if (arg->opcode <= WSLAY_BINARY_FRAME)
		ws->n_frames = 0;
}

static void
ws_on_message(wslay_event_context_ptr frames,
    const struct wslay_event_on_msg_recv_arg *arg, void *ctx)
{
	struct ws *ws = ctx;
	struct slice text = { (const char *)arg->msg, arg->msg_length };
	struct buf clean = BUF_INIT;

	(void)frames;
	if (arg->opcode == WSLAY_TEXT_FRAME ||
	    arg->opcode == WSLAY_BINARY_FRAME) {
		ws->message(ws->ctx, text);
	} else if (arg->opcode == WSLAY_CONNECTION_CLOSE) {
		ws->closed_by = arg->status_code == 0 ?
		    WSLAY_CODE_NO_STATUS_RCVD : arg->status_code;
		if (text.n > 2)
			plain_clean(&clean, (struct slice){ text.p + 2,
			    text.n - 2 });
		err_fill(&ws->reason, "closed by the server: %d%s%.*s",
		    ws->closed_by, clean.n > 0 ? " " : "", (int)clean.n,
		    clean.n > 0 ? clean.p : "");
		buf_free(&clean);
	}
}

/* ---- */

struct ws *
ws_new(const struct ws_setup *setup)
{
	static const struct wslay_event_callbacks callbacks = {
		ws_on_recv, ws_on_send, ws_on_mask, ws_on_frame, NULL, NULL,
		ws_on_message
	};
	struct ws *ws = buf_alloc(1, sizeof(*ws));

	ws->message = setup->message;
	ws->ctx = setup->ctx;
	if (wslay_event_context_client_init(&ws->frames, &callbacks, ws) != 0)
		log_die(EXIT_SYSTEM, "out of memory");
	wslay_event_config_set_max_recv_msg_length(ws->frames, WS_MESSAGE);
	ws_ask(ws, setup);
	return ws;
}

void
ws_free(struct ws *ws)
{
	if (ws == NULL)
		return;
	wslay_event_context_free(ws->frames);
	buf_free(&ws->head);
	buf_free(&ws->out);
	free(ws);
}

struct buf *
ws_out(struct ws *ws)
{
	return &ws->out;
}

bool
ws_is_open(const struct ws *ws)
{
	return ws->open;
}

int
ws_closed_by(const struct ws *ws)
{
	return ws->closed_by;
}

/* ---- sending ---- */

static void
ws_queue(struct ws *ws, uint8_t opcode, struct slice text)
{
	struct wslay_event_msg message = { opcode, (const uint8_t *)text.p,
	    text.n };

	wslay_event_queue_msg(ws->frames, &message);
	wslay_event_send(ws->frames);
}

void
ws_text(struct ws *ws, struct slice text)
{
	ws_queue(ws, WSLAY_TEXT_FRAME, text);
}

void
ws_ping(struct ws *ws)
{
	ws_queue(ws, WSLAY_PING, (struct slice){ NULL, 0 });
}

void
ws_close(struct ws *ws, int code)
{
	wslay_event_queue_close(ws->frames, (uint16_t)code, NULL, 0);
	wslay_event_send(ws->frames);
}

/* ---- receiving ---- */

int
ws_feed(struct ws *ws, const void *p, size_t n, struct err *err)
{
	ws->in = p;
	ws->n_in = n;
	if (!ws->open && ws_read_head(ws, err) < 0)
		return -1;
	if (!ws->open)
		return 0;
	while (ws->n_in > 0 && wslay_event_get_read_enabled(ws->frames)) {
		if (wslay_event_recv(ws->frames) != 0) {
			wslay_event_send(ws->frames);
			return err_set(err, "broken WebSocket frame");
		}
		if (ws->too_many) {
			ws_close(ws, WSLAY_CODE_MESSAGE_TOO_BIG);
			return err_set(err, "a message of more than %d "
			    "fragments", WS_FRAMES);
		}
		wslay_event_send(ws->frames);
	}
	if (ws->closed_by != 0)
		return err_set(err, "%s", ws->reason.text);
	if (!wslay_event_get_read_enabled(ws->frames))
		return err_set(err, "not WebSocket as RFC 6455 has it "
		    "(closed with %d)",
		    wslay_event_get_status_code_sent(ws->frames));
	return 0;
}
