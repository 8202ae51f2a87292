/*
 * Massive's stream on this machine, fast enough to press a client: frames are
 * made before, their times and numbers written over while they are sent.  The
 * same program starts the client, reads what it writes, and watches it.
 *
 *	massive way N COMMAND ...
 *	massive load TRADES/S QUOTES/S SECONDS COMMAND ...
 *
 * {stream} and {rest} in COMMAND become this server; the key is in its
 * environment.  Each of CONTRACTS trades once, and the client may ask for its
 * quotes.  Then
 *
 * way sends N prints, one after the other into an idle stream, and waits for
 * the trade line of each;
 *
 * load sends so many prints and quotes a second, in frames as Massive batches
 * them, every TICK_MS, quotes only of contracts whose quotes were asked for.
 *
 * Prints lines of "name value": what was sent and what came back by lines,
 * whether each trade came once and in order, how late the server was, CPU and
 * resident memory of the client.  It is synthetic data of a session long past,
 * so that the market is open whenever this runs.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sha1.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/decimal.h"
#include "base/log.h"

enum {
	CONTRACTS = 1000,
	ROOTS = 10,
	TICK_MS = 10,
	TICKS = 1000 / TICK_MS,		/* made before: a second */
	FRAME_EVENTS = 100,
	PEERS = 8,			/* connections at once */
	ARGS = 64,
	SECONDS_MOST = 3600,
	PIPE = 256 << 10,		/* as the next filter asks for */
	PATIENCE_MS = 20000,
	TIME_DIGITS = 13,
	NUMBER_DIGITS = 10
};

#define START_TS INT64_C(1763994600000)	/* 2025-11-24 09:30 New York */
#define NUMBER_FIRST INT64_C(1000000000)	/* all have ten digits */

static const char *const roots[ROOTS] = {
	"AAPL", "AMD", "AMZN", "IWM", "META", "MSFT", "NVDA", "QQQ", "SPY",
	"TSLA"
};

/* Where a number stands in the frames of a second, and what it is there. */
struct patch {
	size_t at;
	int64_t value;		/* ms of the second; number of the print */
	bool is_time;
};

struct tick {
	size_t from, to;	/* its bytes */
	size_t first, end;	/* its patches */
};

/* One connection: HTTP first, then, when it was asked for, WebSocket. */
struct peer {
	int fd;			/* -1: none */
	bool ws, options;
	struct buf in, out;
	size_t sent;		/* bytes of out that are gone */
};

struct market {
	int listener;
	struct peer peers[PEERS];
	struct peer *options, *stocks;	/* those subscribed to trades */
	size_t quotes_asked;
	pid_t client;
	int from;			/* its standard output */
	struct buf text;		/* of it, the unread rest */
	int64_t now_ts;			/* of the session */

	struct buf frames;		/* of a second */
	struct patch *patches;
	size_t n_patches;
	struct tick ticks[TICKS];
	size_t trades, quotes;		/* a second */

	int64_t sent, sent_quotes;
	/* What came back. */
	int64_t came, quoted, priced, others, newest, disorder;
	int64_t said_out, said_drop;	/* of the last heartbeat */
	int64_t bye_n;
};

static int64_t
now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static void
put_digits(char *dst, int n, int64_t value)
{
	while (n-- > 0) {
		dst[n] = (char)('0' + value % 10);
		value /= 10;
	}
}

/* ---- events ---- */

static void
add_contract(struct buf *dst, size_t i)
{
	size_t k = i / ROOTS;

	buf_fmt(dst, "O:%s251219%c%08zu", roots[i % ROOTS],
	    k % 2 == 0 ? 'C' : 'P', 100000 + 5000 * (k / 2));
}

/* Between 1.00 and 9.99, moving with the print's number. */
static int64_t
cents(size_t contract, int64_t number)
{
	return 100 + ((int64_t)contract * 37 + number % 11) % 890;
}

static void
add_trade(struct buf *dst, size_t contract, int64_t ts, int64_t number)
{
	static const int conditions[] = { 209, 209, 209, 219, 232, 227 };
	static const int exchanges[] = { 302, 303, 309, 312, 313, 316, 325 };
	int64_t price = cents(contract, number);

	buf_str(dst, "{\"ev\":\"T\",\"sym\":\"");
	add_contract(dst, contract);
	buf_fmt(dst, "\",\"x\":%d,\"p\":%" PRId64 ".%02" PRId64 ",\"s\":%"
	    PRId64 ",\"c\":[%d],\"t\":%" PRId64 ",\"q\":%" PRId64 "}",
	    exchanges[number % 7], price / 100, price % 100, 1 + number % 50,
	    conditions[number % 6], ts, number);
}

static void
add_quote(struct buf *dst, size_t contract, int64_t ts, int64_t number)
{
	int64_t price = cents(contract, number);

	buf_str(dst, "{\"ev\":\"Q\",\"sym\":\"");
	add_contract(dst, contract);
	buf_fmt(dst, "\",\"bx\":302,\"ax\":303,\"bp\":%" PRId64 ".%02" PRId64
	    ",\"ap\":%" PRId64 ".%02" PRId64 ",\"bs\":%" PRId64 ",\"as\":%"
	    PRId64 ",\"t\":%" PRId64 ",\"q\":%" PRId64 "}", (price - 3) / 100,
	    (price - 3) % 100, (price + 4) / 100, (price + 4) % 100,
	    1 + number % 90, 1 + number % 70, ts, number);
}

/* A WebSocket frame of text, RFC 6455 5.2; a server does not mask. */
static void
add_frame(struct buf *dst, uint8_t opcode, const char *p, size_t n)
{
	uint8_t head[10] = { (uint8_t)(0x80 | opcode) };
	size_t wide = n < 126 ? 0 : n < 65536 ? 2 : 8;

	head[1] = (uint8_t)(wide == 0 ? n : wide == 2 ? 126 : 127);
	for (size_t i = 0; i < wide; i++)
		head[2 + i] = (uint8_t)(n >> 8 * (wide - 1 - i));
	buf_add(dst, head, 2 + wide);
	buf_add(dst, p, n);
}

/* ---- a second of frames ---- */

/* Where the last event's time and number stand, as seen from its end. */
static void
note_patches(struct market *m, size_t end, int64_t ms, int64_t number)
{
	m->patches[m->n_patches++] = (struct patch){ end - 1 - NUMBER_DIGITS -
	    5 - TIME_DIGITS, ms, true };
	m->patches[m->n_patches++] = (struct patch){ end - 1 - NUMBER_DIGITS,
	    number, false };
}

static void
close_frame(struct market *m, struct buf *events, size_t first_patch)
{
	size_t base;

	if (events->n < 2)
		return;
	events->p[events->n - 1] = ']';
	add_frame(&m->frames, 1, events->p, events->n);
	base = m->frames.n - events->n;
	for (size_t i = first_patch; i < m->n_patches; i++)
		m->patches[i].at += base;
	events->n = 1;
}

static void
make_tick(struct market *m, size_t tick, struct buf *events)
{
	size_t t = m->trades * tick / TICKS, t_end = m->trades * (tick + 1) /
	    TICKS, q = m->quotes * tick / TICKS, q_end = m->quotes *
	    (tick + 1) / TICKS, n_t = t_end - t, n_q = q_end - q;
	size_t n = n_t + n_q, first = m->n_patches, k = 0;

	m->ticks[tick].from = m->frames.n;
	m->ticks[tick].first = m->n_patches;
	events->n = 0;
	buf_str(events, "[");
	for (size_t i = 0; i < n; i++) {
		int64_t ms = (int64_t)(tick * TICK_MS + i * TICK_MS / n);
		/* Spread evenly among the others. */
		bool quote = (i + 1) * n_q / n > i * n_q / n;
		size_t at = quote ? q++ : t++;
		int64_t number = NUMBER_FIRST + (int64_t)at;

		if (quote)
			add_quote(events, at * 7 % CONTRACTS, START_TS,
			    number);
		else
			add_trade(events, at * 13 % CONTRACTS, START_TS,
			    number);
		note_patches(m, events->n, ms, quote ? -1 : (int64_t)at);
		buf_str(events, ",");
		if (++k % FRAME_EVENTS == 0) {
			close_frame(m, events, first);
			first = m->n_patches;
		}
	}
	close_frame(m, events, first);
	m->ticks[tick].to = m->frames.n;
	m->ticks[tick].end = m->n_patches;
}

static void
make_second(struct market *m)
{
	struct buf events = BUF_INIT;

	m->patches = buf_alloc(2 * (m->trades + m->quotes) + 1,
	    sizeof(*m->patches));
	for (size_t i = 0; i < TICKS; i++)
		make_tick(m, i, &events);
	buf_free(&events);
}

/* Writes a tick's times and numbers for this second over the last ones. */
static void
patch_tick(struct market *m, const struct tick *tick, int64_t second)
{
	int64_t ts = m->now_ts - m->now_ts % 1000;
	int64_t first = NUMBER_FIRST + CONTRACTS + second *
	    (int64_t)m->trades;

	for (size_t i = tick->first; i < tick->end; i++) {
		const struct patch *p = &m->patches[i];

		if (p->is_time)
			put_digits(m->frames.p + p->at, TIME_DIGITS,
			    ts + p->value);
		else if (p->value >= 0)
			put_digits(m->frames.p + p->at, NUMBER_DIGITS,
			    first + p->value);
	}
}

/* ---- a connection ---- */

static void
drop_peer(struct market *m, struct peer *peer)
{
	close(peer->fd);
	buf_free(&peer->in);
	buf_free(&peer->out);
	if (m->options == peer)
		m->options = NULL;
	if (m->stocks == peer)
		m->stocks = NULL;
	memset(peer, 0, sizeof(*peer));
	peer->fd = -1;
}

/* Sends what goes at once; true when all is gone. */
static bool
push(struct peer *peer)
{
	while (peer->sent < peer->out.n) {
		ssize_t n = send(peer->fd, peer->out.p + peer->sent,
		    peer->out.n - peer->sent, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0)
			return false;
		peer->sent += (size_t)n;
	}
	peer->out.n = peer->sent = 0;
	return true;
}

static void
say(struct peer *peer, const char *text)
{
	add_frame(&peer->out, 1, text, strlen(text));
}

static void
base64(char *dst, const uint8_t *p, size_t n)
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
	*dst = '\0';
}

/* The whole head of a request is there: a stream, or a page we have not. */
static void
answer_head(struct peer *peer, const char *head)
{
	static const char key_name[] = "\r\nSec-WebSocket-Key:",
	    guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	const char *key = strcasestr(head, key_name);
	uint8_t digest[SHA1_DIGEST_LENGTH];
	char accept[32];
	SHA1_CTX sha1;
	size_t n;

	if (key == NULL) {
		buf_str(&peer->out, "HTTP/1.1 404 Not Found\r\n"
		    "Content-Length: 2\r\n\r\n{}");
		return;
	}
	key += sizeof(key_name) - 1;
	key += strspn(key, " ");
	n = strcspn(key, "\r ");
	SHA1Init(&sha1);
	SHA1Update(&sha1, (const uint8_t *)key, n);
	SHA1Update(&sha1, (const uint8_t *)guid, sizeof(guid) - 1);
	SHA1Final(digest, &sha1);
	base64(accept, digest, sizeof(digest));
	buf_fmt(&peer->out, "HTTP/1.1 101 Switching Protocols\r\n"
	    "Upgrade: websocket\r\nConnection: Upgrade\r\n"
	    "Sec-WebSocket-Accept: %s\r\n\r\n", accept);
	peer->ws = true;
	peer->options = strncmp(head, "GET /options ", 13) == 0;
	say(peer, "[{\"ev\":\"status\",\"status\":\"connected\","
	    "\"message\":\"Connected Successfully\"}]");
}

/* Each ask of a subscription has its own answer, all in one frame. */
static void
answer_asks(struct market *m, struct peer *peer, char *asks)
{
	struct buf text = BUF_INIT;
	const char *ask;

	buf_str(&text, "[");
	while ((ask = strsep(&asks, ",")) != NULL) {
		buf_fmt(&text, "%s{\"ev\":\"status\",\"status\":\"success\","
		    "\"message\":\"subscribed to: %s\"}",
		    text.n > 1 ? "," : "", ask);
		if (strncmp(ask, "Q.", 2) == 0)
			m->quotes_asked++;
		else if (strncmp(ask, "T.", 2) == 0 && peer->options)
			m->options = peer;
		else if (strncmp(ask, "T.", 2) == 0)
			m->stocks = peer;
	}
	buf_str(&text, "]");
	add_frame(&peer->out, 1, text.p, text.n);
	buf_free(&text);
}

static void
answer_message(struct market *m, struct peer *peer, char *text)
{
	char *params = strstr(text, "\"params\""), *end = NULL;

	if (strstr(text, "\"auth\"") != NULL) {
		say(peer, "[{\"ev\":\"status\",\"status\":\"auth_success\","
		    "\"message\":\"authenticated\"}]");
		return;
	}
	if (params != NULL && (params = strchr(params + 8, '"')) != NULL)
		end = strchr(++params, '"');
	if (end == NULL || strstr(text, "\"subscribe\"") == NULL)
		return;
	*end = '\0';
	answer_asks(m, peer, params);
}

/* Takes a client's frame, always masked; false when it is not whole yet. */
static bool
take_frame(struct market *m, struct peer *peer)
{
	const uint8_t *p = (const uint8_t *)peer->in.p;
	size_t head = 6, n;
	char *text;

	if (peer->in.n < head)
		return false;
	n = p[1] & 127;
	if (n == 127)
		log_die(EXIT_SYSTEM, "a client's frame over 64 KiB");
	if (n == 126) {
		head = 8;
		n = (size_t)p[2] << 8 | p[3];
	}
	if (peer->in.n < head + n)
		return false;
	text = buf_dup(peer->in.p + head, n);
	for (size_t i = 0; i < n; i++)
		text[i] = (char)(text[i] ^ (char)p[head - 4 + i % 4]);
	if ((p[0] & 15) == 1)
		answer_message(m, peer, text);
	else if ((p[0] & 15) == 9)
		add_frame(&peer->out, 10, text, n);
	free(text);
	buf_drop(&peer->in, head + n);
	return true;
}

static void
hear(struct market *m, struct peer *peer)
{
	ssize_t n = recv(peer->fd, buf_reserve(&peer->in, 65536), 65536,
	    MSG_DONTWAIT);
	const char *end;
	char *head;

	if (n <= 0) {
		if (n == 0 || errno != EAGAIN)
			drop_peer(m, peer);
		return;
	}
	peer->in.n += (size_t)n;
	while (!peer->ws && (end = memmem(peer->in.p, peer->in.n, "\r\n\r\n",
	    4)) != NULL) {
		n = end + 4 - peer->in.p;
		head = buf_dup(peer->in.p, (size_t)n);
		answer_head(peer, head);
		free(head);
		buf_drop(&peer->in, (size_t)n);
	}
	while (peer->ws && take_frame(m, peer))
		;
	push(peer);
}

static void
welcome(struct market *m)
{
	int fd = accept4(m->listener, NULL, NULL, SOCK_CLOEXEC), one = 1;

	for (size_t i = 0; fd >= 0 && i < PEERS; i++)
		if (m->peers[i].fd < 0) {
			m->peers[i].fd = fd;
			setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one,
			    sizeof(one));
			return;
		}
	if (fd >= 0)
		close(fd);
}

/* ---- what the client writes ---- */

/* The number behind a name, or -1. */
static int64_t
number_of(const char *line, size_t n, const char *name)
{
	const char *at = memmem(line, n, name, strlen(name));
	int64_t v = 0;

	if (at == NULL)
		return -1;
	for (at += strlen(name); *at >= '0' && *at <= '9'; at++)
		v = 10 * v + (*at - '0');
	return v;
}

static void
read_trade(struct market *m, const char *line, size_t n)
{
	int64_t number = number_of(line, n, "\"sequence\":") - NUMBER_FIRST;

	m->came++;
	m->disorder += number != m->newest + 1;
	m->newest = number;
	m->quoted += memmem(line, n, "\"bid\":", 6) != NULL;
	m->priced += memmem(line, n, "\"underlying_price\":", 19) != NULL;
}

/* hop: {"stage":"flow-tap","in":9,"out":9,"add":0,"drop":{"reason":9,...}} */
static void
read_heartbeat(struct market *m, const char *line, size_t n)
{
	const char *drop = memmem(line, n, "\"drop\":{", 8);

	m->said_out = number_of(line, n, "\"out\":");
	m->said_drop = 0;
	for (; drop != NULL && drop < line + n; drop++)
		if (*drop == ':' && drop[1] >= '0' && drop[1] <= '9')
			m->said_drop += strtoll(drop + 1, NULL, 10);
}

static void
read_line(struct market *m, const char *line, size_t n)
{
	static const char trade[] = "{\"record\":\"trade\",",
	    beat[] = "{\"record\":\"heartbeat\",", bye[] =
	    "{\"record\":\"bye\",";

	if (strncmp(line, trade, sizeof(trade) - 1) == 0) {
		read_trade(m, line, n);
		return;
	}
	m->others++;
	if (strncmp(line, beat, sizeof(beat) - 1) == 0)
		read_heartbeat(m, line, n);
	else if (strncmp(line, bye, sizeof(bye) - 1) == 0)
		m->bye_n = number_of(line, n, "\"n\":");
}

/* True unless the client has ended. */
static bool
read_client(struct market *m)
{
	ssize_t n = read(m->from, buf_reserve(&m->text, PIPE), PIPE);
	char *p, *end;

	if (n <= 0)
		return n < 0 && errno == EAGAIN;
	m->text.n += (size_t)n;
	p = m->text.p;
	while ((end = memchr(p, '\n', m->text.n - (size_t)(p -
	    m->text.p))) != NULL) {
		*end = '\0';
		read_line(m, p, (size_t)(end - p));
		p = end + 1;
	}
	buf_drop(&m->text, (size_t)(p - m->text.p));
	return true;
}

/* Waits at most so long for anything to do, and does it. */
static bool
turn(struct market *m, int wait_ms)
{
	struct pollfd fds[PEERS + 2] = { { m->from, POLLIN, 0 },
	    { m->listener, POLLIN, 0 } };
	bool goes_on = true;

	for (size_t i = 0; i < PEERS; i++) {
		const struct peer *peer = &m->peers[i];

		fds[2 + i] = (struct pollfd){ peer->fd, (short)(POLLIN |
		    (peer->out.n > 0 ? POLLOUT : 0)), 0 };
	}
	if (poll(fds, PEERS + 2, wait_ms) <= 0)
		return true;
	if (fds[0].revents != 0)
		goes_on = read_client(m);
	if (fds[1].revents != 0)
		welcome(m);
	for (size_t i = 0; i < PEERS; i++) {
		if ((fds[2 + i].revents & POLLOUT) != 0)
			push(&m->peers[i]);
		if ((fds[2 + i].revents & ~POLLOUT) != 0)
			hear(m, &m->peers[i]);
	}
	return goes_on;
}

/* ---- the client ---- */

static char *
fill_in(const char *text, int port)
{
	static const char *const names[] = { "{stream}", "{rest}" };
	static const char *const schemes[] = { "ws", "http" };
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < 2; i++)
		if (strstr(text, names[i]) != NULL) {
			buf_fmt(&out, "%.*s%s://127.0.0.1:%d%s%c",
			    (int)(strstr(text, names[i]) - text), text,
			    schemes[i], port, strstr(text, names[i]) +
			    strlen(names[i]), '\0');
			return out.p;
		}
	return buf_dup(text, strlen(text));
}

static void
start_client(struct market *m, char *const command[])
{
	struct sockaddr_in place = { .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t n = sizeof(place);
	char *args[ARGS + 1] = { NULL };
	int out[2];

	m->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (m->listener < 0 || bind(m->listener, (struct sockaddr *)&place,
	    n) < 0 || listen(m->listener, PEERS) < 0 ||
	    getsockname(m->listener, (struct sockaddr *)&place, &n) < 0 ||
	    pipe2(out, O_CLOEXEC) < 0)
		log_die(EXIT_SYSTEM, "unable to listen: %s", strerror(errno));
	if (command[0] == NULL)
		log_die(EXIT_USAGE, "no command");
	fcntl(out[1], F_SETPIPE_SZ, PIPE);
	for (size_t i = 0; i < ARGS && command[i] != NULL; i++)
		args[i] = fill_in(command[i], ntohs(place.sin_port));
	m->client = fork();
	if (m->client == 0) {
		dup2(out[1], STDOUT_FILENO);
		setenv("POLYGON_MASSIVE_KEY", "test-key", 1);
		execvp(args[0], args);
		log_die(EXIT_SYSTEM, "unable to run %s", args[0]);
	}
	close(out[1]);
	m->from = out[0];
	for (size_t i = 0; args[i] != NULL; i++)
		free(args[i]);
}

/* Seconds of CPU of a process, and its resident KiB, from proc(5). */
static double
cpu_of(pid_t pid, int64_t *kib)
{
	enum { USER = 14, SYS = 15, PAGES = 24 };	/* fields, from 1 */
	char path[64], text[1024], *rest;
	int64_t fields[PAGES + 1] = { 0 };
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	if (f == NULL || fgets(text, sizeof(text), f) == NULL)
		log_die(EXIT_SYSTEM, "the client has ended");
	fclose(f);
	rest = strrchr(text, ')');	/* ends field 2 */
	for (int i = 2; i <= PAGES; i++) {
		const char *word = strsep(&rest, " ");

		if (word == NULL)
			log_die(EXIT_SYSTEM, "%s: not as proc(5) has it",
			    path);
		fields[i] = strtoll(word, NULL, 10);
	}
	*kib = fields[PAGES] * (sysconf(_SC_PAGESIZE) / 1024);
	return (double)(fields[USER] + fields[SYS]) /
	    (double)sysconf(_SC_CLK_TCK);
}

/* ---- both ways of asking ---- */

static void
await(struct market *m, bool (*done)(const struct market *m),
    const char *what)
{
	int64_t end = now_us() + PATIENCE_MS * INT64_C(1000);

	while (!done(m)) {
		if (now_us() > end)
			log_die(EXIT_SYSTEM, "%s: not in %d s", what,
			    PATIENCE_MS / 1000);
		if (!turn(m, 100))
			log_die(EXIT_SYSTEM, "%s: the client ended", what);
	}
}

static bool
is_subscribed(const struct market *m)
{
	return m->options != NULL && m->stocks != NULL;
}

static bool
is_answered(const struct market *m)
{
	return m->came == m->sent && m->quotes_asked == CONTRACTS;
}

static bool
is_complete(const struct market *m)
{
	return m->came == m->sent;
}

static void
send_text(struct market *m, struct peer *peer, struct buf *events)
{
	events->p[events->n - 1] = ']';
	add_frame(&peer->out, 1, events->p, events->n);
	push(peer);
	events->n = 1;
	m->now_ts++;
}

/* The price of each underlying, for those who asked. */
static void
send_shares(struct market *m, struct buf *events)
{
	for (size_t i = 0; i < ROOTS; i++)
		buf_fmt(events, "{\"ev\":\"T\",\"sym\":\"%s\",\"x\":12,"
		    "\"i\":\"1\",\"z\":3,\"p\":%zu.5,\"s\":100,\"c\":[14],"
		    "\"t\":%" PRId64 ",\"q\":1},", roots[i], 100 + i,
		    m->now_ts);
	send_text(m, m->stocks, events);
}

/* Each contract trades and is quoted once. */
static void
open_market(struct market *m, struct buf *events)
{
	await(m, is_subscribed, "subscribe to trades");
	send_shares(m, events);
	for (size_t i = 0; i < CONTRACTS; i++) {
		add_quote(events, i, m->now_ts, NUMBER_FIRST);
		buf_str(events, ",");
		add_trade(events, i, m->now_ts + 1, NUMBER_FIRST + m->sent++);
		buf_str(events, ",");
		m->sent_quotes++;
		if ((i + 1) % FRAME_EVENTS == 0)
			send_text(m, m->options, events);
	}
	await(m, is_answered, "print and ask for quotes");
}

static int
by_time(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void
run_way(struct market *m, size_t n)
{
	int64_t *us = buf_alloc(n, sizeof(*us)), start, rest;
	struct buf events = BUF_INIT;

	buf_str(&events, "[");
	await(m, is_subscribed, "subscribe to trades");
	for (size_t i = 0; i < n; i++) {
		rest = now_us() + 20000;
		while ((start = now_us()) < rest)
			turn(m, (int)((rest - start) / 1000) + 1);
		m->now_ts += 20;
		add_trade(&events, i % CONTRACTS, m->now_ts,
		    NUMBER_FIRST + m->sent++);
		buf_str(&events, ",");
		start = now_us();
		send_text(m, m->options, &events);
		await(m, is_complete, "print");
		us[i] = now_us() - start;
	}
	printf("first_us %" PRId64 "\n", us[0]);
	qsort(us, n, sizeof(*us), by_time);
	printf("p50_us %" PRId64 "\np99_us %" PRId64 "\n", us[n / 2],
	    us[n * 99 / 100]);
	free(us);
	buf_free(&events);
}

/* Sends a tick whole, reading meanwhile, or the two would wait for us. */
static void
send_tick(struct market *m, int64_t second, const struct tick *tick)
{
	struct peer *peer = m->options;

	patch_tick(m, tick, second);
	buf_add(&peer->out, m->frames.p + tick->from, tick->to - tick->from);
	push(peer);
	while (peer->out.n > 0) {
		if (!turn(m, 1000) || m->options == NULL)
			log_die(EXIT_SYSTEM, "the client parted");
	}
}

static void
run_load(struct market *m, int64_t seconds)
{
	struct buf events = BUF_INIT;
	int64_t kib[SECONDS_MOST] = { 0 }, start, due, late = 0, worst = 0;
	double cpu;

	make_second(m);
	buf_str(&events, "[");
	open_market(m, &events);
	m->now_ts += 1000;
	cpu = cpu_of(m->client, &kib[0]);
	start = now_us();
	for (int64_t i = 0; i < seconds * TICKS; i++) {
		due = start + i * TICK_MS * 1000;
		while (now_us() < due)
			turn(m, (int)((due - now_us()) / 1000));
		send_tick(m, i / TICKS, &m->ticks[i % TICKS]);
		late = now_us() - due;
		worst = late > worst ? late : worst;
		if (i % TICKS != TICKS - 1)
			continue;
		m->now_ts += 1000;
		send_shares(m, &events);
		m->sent += (int64_t)m->trades;
		m->sent_quotes += (int64_t)m->quotes;
		cpu_of(m->client, &kib[i / TICKS]);
	}
	late = now_us() - start - seconds * 1000000;
	cpu = cpu_of(m->client, &due) - cpu;
	await(m, is_complete, "print all");
	printf("seconds %.3f\nlate_us %" PRId64 "\nworst_us %" PRId64
	    "\ncpu_s %.2f\n", (double)(now_us() - start) / 1e6, late, worst,
	    cpu);
	printf("kib");
	for (int64_t i = 0; i < seconds; i++)
		printf(" %" PRId64, kib[i]);
	printf("\n");
	buf_free(&events);
}

static void
end_client(struct market *m)
{
	struct rusage usage;
	int status;

	kill(m->client, SIGTERM);
	while (turn(m, 1000))
		;
	wait4(m->client, &status, 0, &usage);
	printf("sent %" PRId64 "\nsent_quotes %" PRId64 "\ncame %" PRId64
	    "\ndisorder %" PRId64 "\nquoted %" PRId64 "\npriced %" PRId64
	    "\nsaid_out %" PRId64 "\nsaid_drop %" PRId64 "\nbye_n %" PRId64
	    "\nothers %" PRId64 "\nquotes_asked %zu\n", m->sent,
	    m->sent_quotes, m->came, m->disorder, m->quoted, m->priced,
	    m->said_out, m->said_drop, m->bye_n, m->others, m->quotes_asked);
	printf("user_s %.2f\nsys_s %.2f\n", (double)usage.ru_utime.tv_sec +
	    (double)usage.ru_utime.tv_usec / 1e6,
	    (double)usage.ru_stime.tv_sec +
	    (double)usage.ru_stime.tv_usec / 1e6);
	printf("max_kib %ld\nstatus %d\n", usage.ru_maxrss,
	    WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
	    WEXITSTATUS(status));
	getrusage(RUSAGE_SELF, &usage);
	printf("server_cpu_s %.2f\n", (double)(usage.ru_utime.tv_sec +
	    usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec +
	    usage.ru_stime.tv_usec) / 1e6);
}

int
main(int argc, char *argv[])
{
	struct market m = { .now_ts = START_TS, .newest = -1, .bye_n = -1 };
	bool way = argc > 3 && strcmp(argv[1], "way") == 0;
	long seconds = 0;

	log_init("massive");
	signal(SIGPIPE, SIG_IGN);
	if (!way && (argc < 6 || strcmp(argv[1], "load") != 0))
		log_die(EXIT_USAGE, "usage: massive way N COMMAND ... | "
		    "massive load TRADES/S QUOTES/S SECONDS COMMAND ...");
	for (size_t i = 0; i < PEERS; i++)
		m.peers[i].fd = -1;
	if (!way) {
		m.trades = (size_t)strtoul(argv[2], NULL, 10);
		m.quotes = (size_t)strtoul(argv[3], NULL, 10);
		seconds = strtol(argv[4], NULL, 10);
		if (m.trades < TICKS || seconds < 1 || seconds > SECONDS_MOST)
			log_die(EXIT_USAGE, "too few trades, or no time");
	}
	start_client(&m, argv + (way ? 3 : 5));
	if (way)
		run_way(&m, (size_t)strtoul(argv[2], NULL, 10));
	else
		run_load(&m, seconds);
	end_client(&m);
	for (size_t i = 0; i < PEERS; i++)
		if (m.peers[i].fd >= 0)
			drop_peer(&m, &m.peers[i]);
	buf_free(&m.text);
	buf_free(&m.frames);
	free(m.patches);
	return 0;
}
