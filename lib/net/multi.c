#include "net/multi.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdlib.h>

#include "base/log.h"

/* What of libcurl is called; X(easy_init) is curl_easy_init. */
#define MULTI_API(X)							\
	X(global_init) X(global_cleanup) X(multi_init) X(multi_cleanup)	\
	X(multi_setopt) X(multi_socket_action) X(multi_info_read)	\
	X(multi_assign) X(multi_add_handle) X(multi_remove_handle)	\
	X(easy_init) X(easy_cleanup) X(easy_setopt) X(easy_getinfo)	\
	X(easy_strerror) X(easy_recv) X(easy_send) X(slist_append)	\
	X(slist_free_all)

/* Its checks of options' types are macros of the same names. */
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

struct multi_api {
	void *library;
#define MULTI_MEMBER(name) __typeof__(curl_##name) *(name);
	MULTI_API(MULTI_MEMBER)
#undef MULTI_MEMBER
};

struct multi {
	struct multi_api api;
	CURLM *curl;
	struct loop *loop;
	struct multi_setup setup;
	struct loop_timer *timer;
};

struct multi_call {
	struct multi *multi;
	CURL *easy;
	void (*done)(void *, const char *);
	bool (*body)(void *, const char *, size_t);
	void *ctx;
	struct curl_slist *header;
	char why[CURL_ERROR_SIZE];
	bool started;
};

/* libcurl's watch of a socket, kept with it. */
struct multi_socket {
	struct multi *multi;
	struct loop_watch *watch;
	curl_socket_t fd;
};

bool
multi_url_ok(const char *url)
{
	static const char *const plain[] = {
		"http://127.0.0.1", "http://localhost", "http://[::1]"
	};
	size_t n;

	if (strchr(url, '@') != NULL)
		return false;
	if (strncmp(url, "https://", 8) == 0)
		return url[8] != '\0';
	for (size_t i = 0; i < sizeof(plain) / sizeof(*plain); i++) {
		n = strlen(plain[i]);
		if (strncmp(url, plain[i], n) == 0 && (url[n] == '\0' ||
		    url[n] == ':' || url[n] == '/'))
			return true;
	}
	return false;
}

void
multi_url_host(const char *url, char *dst, size_t most)
{
	const char *from = strstr(url, "://");
	size_t n;

	from = from == NULL ? url : from + 3;
	n = strcspn(from, "/");
	n = n < most - 1 ? n : most - 1;
	memcpy(dst, from, n);
	dst[n] = '\0';
}

/* Tells those that are done.  A call may be freed by its own done. */
static void
multi_reap(struct multi *multi)
{
	struct multi_call *call;
	CURLMsg *message;
	int left;

	while ((message = multi->api.multi_info_read(multi->curl,
	    &left)) != NULL) {
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		multi->api.easy_getinfo(message->easy_handle,
		    CURLINFO_PRIVATE, (char **)&call);
		call->done(call->ctx, code == CURLE_OK ? NULL :
		    call->why[0] != '\0' ? call->why :
		    multi->api.easy_strerror(code));
	}
}

static void
multi_act(struct multi *multi, curl_socket_t fd, int what)
{
	int running;

	multi->api.multi_socket_action(multi->curl, fd, what, &running);
	multi_reap(multi);
}

static void
multi_on_timer(void *ctx)
{
	multi_act(ctx, CURL_SOCKET_TIMEOUT, 0);
}

static void
multi_on_ready(void *ctx, int what)
{
	struct multi_socket *socket = ctx;

	multi_act(socket->multi, socket->fd,
	    ((what & LOOP_READ) != 0 ? CURL_CSELECT_IN : 0) |
	    ((what & LOOP_WRITE) != 0 ? CURL_CSELECT_OUT : 0));
}

static int
multi_on_time(CURLM *curl, long ms, void *ctx)
{
	struct multi *multi = ctx;

	(void)curl;
	if (ms < 0)
		loop_timer_off(multi->timer);
	else
		loop_timer_set(multi->timer, ms);
	return 0;
}

static int
multi_on_socket(CURL *easy, curl_socket_t fd, int what, void *ctx, void *mine)
{
	struct multi_socket *socket = mine;
	struct multi *multi = ctx;

	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		if (socket != NULL)
			loop_watch_free(socket->watch);
		free(socket);
		return 0;
	}
	if (socket == NULL) {
		socket = buf_alloc(1, sizeof(*socket));
		socket->multi = multi;
		socket->fd = fd;
		socket->watch = loop_watch_new(multi->loop, fd,
		    multi_on_ready, socket);
		multi->api.multi_assign(multi->curl, fd, socket);
	}
	loop_watch_set(socket->watch,
	    ((what & CURL_POLL_IN) != 0 ? LOOP_READ : 0) |
	    ((what & CURL_POLL_OUT) != 0 ? LOOP_WRITE : 0));
	return 0;
}

static void
multi_load(struct multi_api *api)
{
	api->library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
	if (api->library == NULL)
		log_die(EXIT_USAGE, "live feeds need libcurl: %s", dlerror());
#define MULTI_LOAD(name) \
	*(void **)&api->name = dlsym(api->library, "curl_" #name); \
	if (api->name == NULL) \
		log_die(EXIT_USAGE, "libcurl is too old: %s", dlerror());
	MULTI_API(MULTI_LOAD)
#undef MULTI_LOAD
}

struct multi *
multi_new(struct loop *loop, const struct multi_setup *setup)
{
	struct multi *multi = buf_alloc(1, sizeof(*multi));

	multi->loop = loop;
	multi->setup = *setup;
	multi->timer = loop_timer_new(loop, multi_on_timer, multi);
	multi_load(&multi->api);
	/* Counted by libcurl: the first call does the work. */
	if (multi->api.global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (multi->curl = multi->api.multi_init()) == NULL)
		log_die(EXIT_SYSTEM, "unable to initialize libcurl");
	multi->api.multi_setopt(multi->curl, CURLMOPT_SOCKETFUNCTION,
	    multi_on_socket);
	multi->api.multi_setopt(multi->curl, CURLMOPT_SOCKETDATA, multi);
	multi->api.multi_setopt(multi->curl, CURLMOPT_TIMERFUNCTION,
	    multi_on_time);
	multi->api.multi_setopt(multi->curl, CURLMOPT_TIMERDATA, multi);
	return multi;
}

void
multi_free(struct multi *multi)
{
	if (multi == NULL)
		return;
	multi->api.multi_cleanup(multi->curl);
	loop_timer_free(multi->timer);
	multi->api.global_cleanup();
	/* The library stays: unloading OpenSSL is not safe. */
	free(multi);
}

struct multi_call *
multi_call_new(struct multi *multi, const char *url,
    void (*done)(void *ctx, const char *why), void *ctx)
{
	struct multi_call *call = buf_alloc(1, sizeof(*call));
	__typeof__(curl_easy_setopt) *set = multi->api.easy_setopt;
	CURL *easy = multi->api.easy_init();

	if (easy == NULL)
		log_die(EXIT_SYSTEM, "out of memory");
	*call = (struct multi_call){ .multi = multi, .easy = easy,
	    .done = done, .ctx = ctx };
	set(easy, CURLOPT_PRIVATE, call);
	set(easy, CURLOPT_ERRORBUFFER, call->why);
	set(easy, CURLOPT_URL, url);
	/* Plain http is for this machine: no proxy may see the key. */
	if (strncmp(url, "http://", 7) == 0)
		set(easy, CURLOPT_NOPROXY, "*");
	set(easy, CURLOPT_NOSIGNAL, 1L);
	set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	set(easy, CURLOPT_FOLLOWLOCATION, 0L);
	set(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	set(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	set(easy, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)multi->setup.connect_ms);
	if (multi->setup.ca_file != NULL) {
		set(easy, CURLOPT_CAINFO, multi->setup.ca_file);
		set(easy, CURLOPT_CAPATH, NULL);
	}
	return call;
}

void
multi_call_start(struct multi_call *call)
{
	call->started = true;
	call->multi->api.multi_add_handle(call->multi->curl, call->easy);
}

void
multi_call_free(struct multi_call *call)
{
	if (call == NULL)
		return;
	if (call->started)
		call->multi->api.multi_remove_handle(call->multi->curl,
		    call->easy);
	call->multi->api.easy_cleanup(call->easy);
	if (call->header != NULL)
		explicit_bzero(call->header->data,
		    strlen(call->header->data));
	call->multi->api.slist_free_all(call->header);
	free(call);
}

/* ---- a connection ---- */

void
multi_call_connect(struct multi_call *call)
{
	__typeof__(curl_easy_setopt) *set = call->multi->api.easy_setopt;

	set(call->easy, CURLOPT_CONNECT_ONLY, 1L);
	set(call->easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
	set(call->easy, CURLOPT_TCP_NODELAY, 1L);
	set(call->easy, CURLOPT_TCP_KEEPALIVE, 1L);
}

int
multi_call_fd(const struct multi_call *call)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	call->multi->api.easy_getinfo(call->easy, CURLINFO_ACTIVESOCKET, &fd);
	return fd == CURL_SOCKET_BAD ? -1 : (int)fd;
}

int
multi_call_recv(struct multi_call *call, char *p, size_t n, size_t *done)
{
	CURLcode code = call->multi->api.easy_recv(call->easy, p, n, done);

	return code == CURLE_OK ? 1 : code == CURLE_AGAIN ? 0 : -1;
}

int
multi_call_send(struct multi_call *call, const char *p, size_t n,
    size_t *done)
{
	CURLcode code = call->multi->api.easy_send(call->easy, p, n, done);

	return code == CURLE_OK ? 1 : code == CURLE_AGAIN ? 0 : -1;
}

/* ---- a request ---- */

static size_t
multi_on_body(char *p, size_t size, size_t n, void *ctx)
{
	struct multi_call *call = ctx;

	return call->body(call->ctx, p, n * size) ? n * size : 0;
}

void
multi_call_request(struct multi_call *call, const char *header,
    int64_t timeout_ms, bool (*body)(void *ctx, const char *p, size_t n))
{
	__typeof__(curl_easy_setopt) *set = call->multi->api.easy_setopt;

	call->body = body;
	if (header != NULL)
		call->header = call->multi->api.slist_append(NULL, header);
	set(call->easy, CURLOPT_HTTPHEADER, call->header);
	set(call->easy, CURLOPT_ACCEPT_ENCODING, "gzip");
	set(call->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
	set(call->easy, CURLOPT_WRITEFUNCTION, multi_on_body);
	set(call->easy, CURLOPT_WRITEDATA, call);
}

int
multi_call_status(const struct multi_call *call, int64_t *retry_after_s)
{
	curl_off_t after = 0;
	long status = 0;

	call->multi->api.easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE,
	    &status);
	call->multi->api.easy_getinfo(call->easy, CURLINFO_RETRY_AFTER,
	    &after);
	*retry_after_s = after;
	return (int)status;
}
