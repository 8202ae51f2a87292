/*
 * The WebSocket client over bytes in memory.  Frames are written here by hand
 * after RFC 6455 5.2, and what the client answers is taken apart by hand, so
 * that no framing code judges itself.  Groups are named after those of the
 * Autobahn test suite; each case is fed whole, by 1, 2, 3, 7 and 4096 bytes.
 */

#include "check.h"

#include <stdlib.h>

#include "net/ws.h"

enum { TEXT_MOST = 70000 };

static int cases;			/* so far, each in all pieces */

/* What became of a connection. */
struct got {
	struct buf texts;		/* each behind a "|" */
	size_t n;
	int result;
	struct err err;
};

static void
on_message(void *ctx, struct slice text)
{
	struct got *got = ctx;

	buf_str(&got->texts, "|");
	buf_add(&got->texts, text.p, text.n);
	got->n++;
}

/* The key and its answer are those of RFC 6455 1.3. */
static const char answer[] = "HTTP/1.1 101 Switching Protocols\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

static struct ws *
new_ws(struct got *got)
{
	struct ws_setup setup = { .host = "example.com:8443",
	    .path = "/options", .message = on_message, .ctx = got };

	memcpy(setup.nonce, "the sample nonce", WS_NONCE);
	memset(got, 0, sizeof(*got));
	return ws_new(&setup);
}

static void
feed_by(struct ws *ws, struct got *got, const struct buf *bytes, size_t step)
{
	for (size_t at = 0; at < bytes->n && got->result == 0; at += step) {
		size_t left = bytes->n - at;

		got->result = ws_feed(ws, bytes->p + at,
		    step == 0 || left < step ? left : step, &got->err);
		if (step == 0)
			break;
	}
}

/* ---- frames by hand ---- */

/* first: FIN, RSV and opcode.  A length of n bits is forced by bits 7,16,64 */
static void
put_frame_as(struct buf *dst, int first, int bits, uint64_t said,
    const char *p, size_t n)
{
	int bytes = bits == 7 ? 0 : bits / 8;
	char head[10];

	head[0] = (char)first;
	head[1] = (char)(bits == 7 ? (int)said : bits == 16 ? 126 : 127);
	for (int i = 0; i < bytes; i++)
		head[2 + i] = (char)(said >> (8 * (bytes - 1 - i)));
	buf_add(dst, head, (size_t)(2 + bytes));
	buf_add(dst, p, n);
}

static void
put_frame(struct buf *dst, int first, const char *p, size_t n)
{
	put_frame_as(dst, first, n < 126 ? 7 : n < 65536 ? 16 : 64, n, p, n);
}

/*
 * The frames a client sent, as text: opcode, and of closes the code, of pongs
 * the payload.  All must be masked (5.3).
 */
static void
take_apart(struct buf *dst, const struct buf *sent)
{
	const unsigned char *p = (const unsigned char *)sent->p;
	size_t at = 0;

	while (at + 6 <= sent->n) {
		size_t n = p[at + 1] & 127, i;
		unsigned char body[126] = { 0 };

		CHECK("the client masks", (p[at + 1] & 128) != 0);
		CHECK("short", n < 126);
		for (i = 0; i < n; i++)
			body[i] = p[at + 6 + i] ^ p[at + 2 + i % 4];
		if ((p[at] & 15) == 8)
			buf_fmt(dst, "[close %d]", body[0] << 8 | body[1]);
		else
			buf_fmt(dst, "[%d %.*s]", p[at] & 15, (int)n, body);
		at += 6 + n;
	}
	CHECK_INT("whole frames", at, sent->n);
}

/*
 * One case: what is fed, the texts and the answers (NULL: any) that must come
 * of it.  To a frame whose header is broken wslay's close has no code: 0.
 */
static void
check_case(const char *name, const struct buf *frames, int result,
    const char *texts, size_t n_texts, const char *answers)
{
	static const size_t steps[] = { 0, 1, 2, 3, 7, 4096 };

	cases++;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		struct buf bytes = BUF_INIT, told = BUF_INIT;
		struct got got;
		struct ws *ws = new_ws(&got);

		if (steps[i] > 0 && steps[i] < 7 && frames->n > 1 << 20) {
			ws_free(ws);
			continue;
		}
		ws_out(ws)->n = 0;
		buf_str(&bytes, answer);
		buf_add(&bytes, frames->p, frames->n);
		feed_by(ws, &got, &bytes, steps[i]);
		CHECK_INT(name, got.result, result);
		CHECK_TEXT(name, got.texts.n > 0 ? got.texts.p : "",
		    got.texts.n < n_texts ? got.texts.n : n_texts, texts);
		CHECK_INT(name, got.texts.n, n_texts);
		take_apart(&told, ws_out(ws));
		if (answers != NULL)
			CHECK_TEXT(name, told.n > 0 ? told.p : "", told.n,
			    answers);
		buf_free(&told);
		buf_free(&bytes);
		buf_free(&got.texts);
		ws_free(ws);
	}
}

static void
check_str(const char *name, struct buf *frames, int result,
    const char *texts, const char *answers)
{
	check_case(name, frames, result, texts, strlen(texts), answers);
	frames->n = 0;
}

/* ---- groups ---- */

/* 1: text of the lengths where the header changes its form */
static void
check_lengths(void)
{
	static const size_t sizes[] = { 0, 1, 125, 126, 127, 128, 65535,
	    65536, 65537 };
	struct buf frames = BUF_INIT;
	char *text = buf_alloc(TEXT_MOST + 2, 1);

	memset(text, '*', TEXT_MOST);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		put_frame(&frames, 0x81, text, sizes[i]);
		text[sizes[i]] = '\0';
		memmove(text + 1, text, sizes[i] + 1);
		text[0] = '|';
		check_case("1.1 text", &frames, 0, text, sizes[i] + 1, "");
		frames.p[0] = (char)0x82;
		check_case("1.2 binary", &frames, 0, text, sizes[i] + 1, "");
		memset(text, '*', TEXT_MOST);
		frames.n = 0;
	}
	for (size_t n = 64; n <= 65536; n *= 4) {	/* 9.3 */
		for (size_t at = 0; at < 65536; at += n)
			put_frame(&frames, at == 0 ? 0x01 : 0x00, text, n);
		put_frame(&frames, 0x80, "", 0);
		text[0] = '|';
		text[65537] = '\0';
		check_case("9.3 pieces", &frames, 0, text, 65537, "");
		memset(text, '*', TEXT_MOST);
		frames.n = 0;
	}
	free(text);
	buf_free(&frames);
}

/* 2: pings and pongs */
static void
check_pings(void)
{
	char long_ping[126];
	struct buf f = BUF_INIT;

	memset(long_ping, 'p', sizeof(long_ping));
	put_frame(&f, 0x89, "", 0);
	check_str("2.1 ping", &f, 0, "", "[10 ]");
	put_frame(&f, 0x89, "Hello", 5);
	check_str("2.2 ping", &f, 0, "", "[10 Hello]");
	for (size_t n = 1; n <= 125; n += n < 124 ? 41 : 1) {
		char want[140];

		snprintf(want, sizeof(want), "[10 %.*s]", (int)n, long_ping);
		put_frame(&f, 0x89, long_ping, n);
		check_str("2.3 ping", &f, 0, "", want);
	}
	put_frame_as(&f, 0x89, 16, 126, long_ping, 126);
	check_str("2.5 ping of 126", &f, -1, "", "[close 0]");
	put_frame(&f, 0x8a, "unasked", 7);
	check_str("2.7 pong", &f, 0, "", "");
	for (int i = 0; i < 3; i++)
		put_frame(&f, 0x89, &"abc"[i], 1);
	put_frame(&f, 0x81, "t", 1);
	check_str("2.10 pings", &f, 0, "|t", "[10 a][10 b][10 c]");
	buf_free(&f);
}

/* 3 and 4: reserved bits and opcodes */
static void
check_reserved(void)
{
	static const int opcodes[] = { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 };
	struct buf f = BUF_INIT;

	for (int bit = 0x10; bit <= 0x70; bit += 0x10) {
		put_frame(&f, 0x81, "ok", 2);
		put_frame(&f, 0x81 | bit, "x", 1);
		check_str("3 RSV", &f, -1, "|ok", "[close 1002]");
		put_frame(&f, 0x89 | bit, "x", 1);
		check_str("3 RSV of a ping", &f, -1, "", "[close 1002]");
		put_frame(&f, 0x8a | bit, "x", 1);
		check_str("3 RSV of a pong", &f, -1, "", "[close 1002]");
		put_frame(&f, 0x88 | bit, "\3\xe8", 2);
		check_str("3 RSV of a close", &f, -1, "", "[close 1002]");
		put_frame(&f, 0x01, "x", 1);
		put_frame(&f, 0x80 | bit, "x", 1);
		check_str("3 RSV of a piece", &f, -1, "", "[close 1002]");
	}
	for (size_t i = 0; i < sizeof(opcodes) / sizeof(*opcodes); i++) {
		put_frame(&f, 0x81, "ok", 2);
		put_frame(&f, 0x80 | opcodes[i], "x", 1);
		check_str("4 opcode", &f, -1, "|ok", "[close 1002]");
		put_frame(&f, 0x80 | opcodes[i], "", 0);
		check_str("4 opcode, empty", &f, -1, "", "[close 1002]");
		put_frame(&f, 0x01, "x", 1);
		put_frame(&f, 0x80 | opcodes[i], "", 0);
		check_str("4 opcode among pieces", &f, -1, "",
		    "[close 1002]");
	}
	buf_free(&f);
}

/* 5: fragments, with control frames between them */
static void
check_fragments(void)
{
	struct buf f = BUF_INIT;

	put_frame(&f, 0x01, "fragment1", 9);
	put_frame(&f, 0x80, "fragment2", 9);
	check_str("5.3", &f, 0, "|fragment1fragment2", "");
	put_frame(&f, 0x01, "a", 1);
	put_frame(&f, 0x89, "ping", 4);
	put_frame(&f, 0x00, "b", 1);
	put_frame(&f, 0x89, "pong", 4);
	put_frame(&f, 0x80, "c", 1);
	check_str("5.6", &f, 0, "|abc", "[10 ping][10 pong]");
	put_frame(&f, 0x01, "", 0);
	put_frame(&f, 0x00, "", 0);
	put_frame(&f, 0x80, "", 0);
	check_str("6.1 empty fragments", &f, 0, "|", "");
	put_frame(&f, 0x09, "x", 1);
	put_frame(&f, 0x80, "y", 1);
	check_str("5.1 ping in fragments", &f, -1, "", "[close 0]");
	put_frame(&f, 0x0a, "x", 1);
	check_str("5.2 pong in fragments", &f, -1, "", "[close 0]");
	put_frame(&f, 0x80, "nothing to continue", 19);
	check_str("5.9", &f, -1, "", "[close 1002]");
	put_frame(&f, 0x00, "x", 1);
	check_str("5.10", &f, -1, "", "[close 1002]");
	put_frame(&f, 0x01, "a", 1);
	put_frame(&f, 0x81, "b", 1);
	check_str("5.18 text within text", &f, -1, "", "[close 1002]");
	buf_free(&f);
}

/* 6: UTF-8, whole and cut anywhere */
static void
check_utf8(void)
{
	static const char *const good[] = {
		"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
		"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5",
		"\xed\x9f\xbf", "\xee\x80\x80", "\xf4\x8f\xbf\xbf",
		"\xef\xbf\xbf", "\xc2\x80", "\xe0\xa0\x80"
	};
	static const char *const bad[] = {
		"\xed\xa0\x80", "\xed\xbf\xbf", "\xf4\x90\x80\x80",
		"\xc0\xaf", "\xe0\x80\xaf", "\xf8\x88\x80\x80\x80", "\xff",
		"\xfe", "\x80", "\xc3\x28", "\xe2\x82", "\xf0\x9f\x98",
		"ok\xc1\xbf", "\xe2\x28\xa1"
	};
	struct buf f = BUF_INIT, want = BUF_INIT;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		size_t n = strlen(good[i]);

		want.n = 0;
		buf_fmt(&want, "|%s%c", good[i], '\0');
		put_frame(&f, 0x81, good[i], n);
		check_str("6.2 good", &f, 0, want.p, "");
		put_frame(&f, 0x01, good[i], 1);
		put_frame(&f, 0x80, good[i] + 1, n - 1);
		check_str("6.2 good, cut", &f, 0, want.p, "");
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		size_t n = strlen(bad[i]);

		put_frame(&f, 0x81, bad[i], n);
		check_str("6.3 bad", &f, -1, "", "[close 1007]");
		put_frame(&f, 0x01, bad[i], n / 2);
		put_frame(&f, 0x80, bad[i] + n / 2, n - n / 2);
		check_str("6.4 bad, cut", &f, -1, "", "[close 1007]");
	}
	buf_free(&f);
	buf_free(&want);
}

/* A code point in UTF-8 as RFC 3629 section 3 has it, or would. */
static void
put_point(struct buf *dst, unsigned point)
{
	char text[4];
	size_t n = point < 0x80 ? 1 : point < 0x800 ? 2 :
	    point < 0x10000 ? 3 : 4;
	static const unsigned char heads[] = { 0, 0xc0, 0xe0, 0xf0 };

	for (size_t i = n; i-- > 1; point >>= 6)
		text[i] = (char)(0x80 | (point & 0x3f));
	text[0] = (char)(heads[n - 1] | point);
	buf_add(dst, text, n);
}

/* 6.5 to 6.23: the ends of each range, surrogates, what is no character. */
static void
check_points(void)
{
	static const unsigned good[] = { 1, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff,
	    0xe000, 0xfffd, 0xfffe, 0xffff, 0x10000, 0x1fffe, 0x1ffff, 0x2fffe,
	    0x2ffff, 0x3fffe, 0x3ffff, 0x4fffe, 0x4ffff, 0x5fffe, 0x5ffff,
	    0x6fffe, 0x6ffff, 0x7fffe, 0x7ffff, 0x8fffe, 0x8ffff, 0x9fffe,
	    0x9ffff, 0xafffe, 0xaffff, 0xbfffe, 0xbffff, 0xcfffe, 0xcffff,
	    0xdfffe, 0xdffff, 0xefffe, 0xeffff, 0xffffe, 0xfffff, 0x10fffe,
	    0x10ffff };
	static const unsigned bad[] = { 0xd800, 0xdb7f, 0xdb80, 0xdbff, 0xdc00,
	    0xdf80, 0xdfff, 0x110000, 0x1fffff };
	struct buf f = BUF_INIT, text = BUF_INIT, want = BUF_INIT;

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		text.n = want.n = 0;
		put_point(&text, good[i]);
		buf_fmt(&want, "|%.*s%c", (int)text.n, text.p, '\0');
		put_frame(&f, 0x81, text.p, text.n);
		check_str("6.22 no character", &f, 0, want.p, "");
		put_frame(&f, 0x01, text.p, text.n - 1);
		put_frame(&f, 0x89, "", 0);
		put_frame(&f, 0x80, text.p + text.n - 1, 1);
		check_str("6.22 in pieces", &f, 0, want.p, "[10 ]");
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		text.n = 0;
		put_point(&text, bad[i]);
		put_frame(&f, 0x81, text.p, text.n);
		check_str("6.21 surrogate", &f, -1, "", "[close 1007]");
	}
	/* 6.11 to 6.14: starts without their rest, rests without a start */
	for (int first = 0x80; first <= 0xff; first += 3) {
		char two[2] = { (char)first, ' ' };

		put_frame(&f, 0x81, two, 2);
		check_str("6.14 alone", &f, -1, "", "[close 1007]");
	}
	buf_free(&f);
	buf_free(&text);
	buf_free(&want);
}

/* 7: closing */
static void
check_closes(void)
{
	static const int good[] = { 1000, 1001, 1002, 1003, 1007, 1008, 1009,
	    1010, 1011, 3000, 3999, 4000, 4999 };
	static const int bad[] = { 0, 999, 1004, 1005, 1006, 1016, 1100, 2000,
	    2999, 5000, 65535 };
	struct buf f = BUF_INIT;
	char body[16], want[32];

	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		body[0] = (char)(good[i] >> 8);
		body[1] = (char)good[i];
		memcpy(body + 2, "why", 3);
		snprintf(want, sizeof(want), "[close %d]", good[i]);
		put_frame(&f, 0x81, "a", 1);
		put_frame(&f, 0x88, body, 5);
		check_str("7.7 close", &f, -1, "|a", want);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		body[0] = (char)(bad[i] >> 8);
		body[1] = (char)bad[i];
		put_frame(&f, 0x88, body, 2);
		check_str("7.9 code", &f, -1, "", "[close 1002]");
	}
	/* The connection ends either way; the answer is wslay's. */
	put_frame(&f, 0x88, "\3", 1);
	check_str("7.3 close of 1 byte", &f, -1, "", NULL);
	put_frame(&f, 0x88, "\3\xe8\xce\xba\xf5", 5);
	check_str("7.5 bad UTF-8", &f, -1, "", NULL);
	put_frame(&f, 0x88, "\3\xe8", 2);
	put_frame(&f, 0x81, "after", 5);
	check_str("7.1 text after close", &f, -1, "", "[close 1000]");
	buf_free(&f);
}

/* What RFC 6455 5.1, 5.2 and our limits forbid. */
static void
check_limits(void)
{
	struct buf f = BUF_INIT;
	char *many = buf_alloc(65536, 1);

	buf_add(&f, "\x81\x85\1\2\3\4iggmn", 11);
	check_str("masked by the server", &f, -1, "", "[close 1002]");
	put_frame_as(&f, 0x81, 16, 125, "x", 1);
	check_str("16 bits for 125", &f, -1, "", "[close 0]");
	put_frame_as(&f, 0x81, 64, 65535, "x", 1);
	check_str("64 bits for 65535", &f, -1, "", "[close 0]");
	put_frame_as(&f, 0x81, 64, UINT64_MAX, "x", 1);
	check_str("2^64-1 bytes", &f, -1, "", "[close 0]");
	put_frame_as(&f, 0x81, 64, INT64_MAX, "x", 1);
	check_str("2^63-1 bytes", &f, -1, "", "[close 1009]");
	put_frame_as(&f, 0x81, 64, 1 << 30, "x", 1);
	check_str("1 GiB", &f, -1, "", "[close 1009]");
	put_frame_as(&f, 0x81, 64, WS_MESSAGE + 1, "x", 1);
	check_str("over the limit", &f, -1, "", "[close 1009]");
	memset(many, 'm', 65536);
	put_frame(&f, 0x01, many, 65536);
	for (int i = 0; i < WS_MESSAGE / 65536; i++)
		put_frame(&f, 0x00, many, 65536);
	check_str("over the limit in pieces", &f, -1, "", "[close 1009]");
	put_frame(&f, 0x01, "x", 1);
	for (int i = 0; i < WS_FRAMES; i++)
		put_frame(&f, 0x00, "x", 1);
	check_str("too many pieces", &f, -1, "", "[close 1009]");
	free(many);
	buf_free(&f);
}

/* ---- handshake ---- */

static void
check_head(const char *name, const char *text, const char *why)
{
	cases++;
	for (size_t step = 0; step <= 1; step++) {
		struct buf bytes = BUF_INIT;
		struct got got;
		struct ws *ws = new_ws(&got);

		buf_str(&bytes, text);
		feed_by(ws, &got, &bytes, step);
		CHECK_INT(name, got.result, why == NULL ? 0 : -1);
		CHECK(name, ws_is_open(ws) == (why == NULL));
		if (why != NULL)
			CHECK_STR(name, got.err.text, why);
		buf_free(&bytes);
		ws_free(ws);
	}
}

#define OK "HTTP/1.1 101 Switching Protocols\r\n"
#define UP "Upgrade: websocket\r\n"
#define CO "Connection: Upgrade\r\n"
#define AC "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"

static void
check_heads(void)
{
	static const char silent[] =
	    "the server does not say that it changes to WebSocket";
	struct got got;
	struct ws *ws = new_ws(&got);
	struct buf endless = BUF_INIT;

	CHECK_TEXT("the request of RFC 6455 1.3", ws_out(ws)->p, ws_out(ws)->n,
	    "GET /options HTTP/1.1\r\nHost: example.com:8443\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Version: 13\r\n"
	    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
	ws_free(ws);
	check_head("plain", answer, NULL);
	check_head("other spelling", "HTTP/1.1 101\r\nuPGRADE:WebSocket\r\n"
	    "connection: keep-alive ,\tupgrade\r\nX: y\r\n"
	    "sec-websocket-accept:\ts3pPLMBiTxaQ9kYGzzhZRbK+xOo= \r\n\r\n",
	    NULL);
	check_head("404", "HTTP/1.1 404 Not Found\r\n\r\n",
	    "no WebSocket here: HTTP status 404");
	check_head("redirect", "HTTP/1.1 302 Found\r\nLocation: file:///\r\n"
	    "\r\n", "no WebSocket here: HTTP status 302");
	check_head("1010", "HTTP/1.1 1010 Odd\r\n\r\n",
	    "no WebSocket here: HTTP status 101");
	check_head("HTTP/1.0", "HTTP/1.0 101 x\r\n" UP CO AC "\r\n",
	    "not an HTTP/1.1 server");
	check_head("ssh", "SSH-2.0-OpenSSH\r\n\r\n", "not an HTTP/1.1 server");
	check_head("no upgrade", OK CO AC "\r\n", silent);
	check_head("no connection", OK UP AC "\r\n", silent);
	check_head("other upgrade", OK "Upgrade: websocketx\r\n" CO AC "\r\n",
	    silent);
	check_head("no accept", OK UP CO "\r\n",
	    "wrong Sec-WebSocket-Accept");
	check_head("wrong accept", OK UP CO "Sec-WebSocket-Accept: "
	    "s3pPLMBiTxaQ9kYGzzhZRbK+xOO=\r\n\r\n",
	    "wrong Sec-WebSocket-Accept");
	check_head("extension", OK UP CO AC "Sec-WebSocket-Extensions: "
	    "permessage-deflate\r\n\r\n", "the server chose what was not "
	    "offered: Sec-WebSocket-Extensions");
	check_head("protocol", OK UP CO AC "Sec-WebSocket-Protocol: x\r\n"
	    "\r\n", "the server chose what was not offered: "
	    "Sec-WebSocket-Protocol");
	buf_str(&endless, OK);
	for (int i = 0; i < 1000; i++)
		buf_str(&endless, "A-Header: twenty-five chars\r\n");
	buf_add(&endless, "", 1);
	check_head("endless", endless.p,
	    "more than 16384 bytes before the handshake's end");
	buf_free(&endless);
}

static void
check_sending(void)
{
	struct buf told = BUF_INIT;
	struct got got;
	struct ws *ws = new_ws(&got);

	ws_out(ws)->n = 0;
	CHECK_INT("open", ws_feed(ws, answer, strlen(answer), NULL), 0);
	ws_text(ws, SLICE("{\"action\":\"auth\"}"));
	ws_ping(ws);
	ws_close(ws, 1000);
	take_apart(&told, ws_out(ws));
	CHECK_TEXT("sent", told.p, told.n,
	    "[1 {\"action\":\"auth\"}][9 ][close 1000]");
	CHECK_INT("not closed by the server", ws_closed_by(ws), 0);
	CHECK_INT("its close", ws_feed(ws, "\x88\2\3\xe8", 4, &got.err), -1);
	CHECK_INT("closed by the server", ws_closed_by(ws), 1000);
	CHECK_STR("why", got.err.text, "closed by the server: 1000");
	buf_free(&told);
	ws_free(ws);
}

int
main(void)
{
	check_heads();
	check_sending();
	check_lengths();
	check_pings();
	check_reserved();
	check_fragments();
	check_utf8();
	check_points();
	check_closes();
	check_limits();
	printf("%d cases\n", cases);
	return check_end();
}
