#include "net/multi.h"

#include <curl/curl.h>
#include <stdlib.h>

#include "base/log.h"

struct multi {
	CURLM *curl;
	struct loop *loop;
	struct multi_setup setup;
	struct loop_timer *timer;
};

struct multi_call {
	struct multi *multi;
	CURL *easy;
	void (*done)(void *, const char *);
	void *ctx;
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

/* Tells those that are done.  A call may be freed by its own done. */
static void
multi_reap(struct multi *multi)
{
	struct multi_call *call;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(multi->curl, &left)) != NULL) {
		CURLcode code = message->data.result;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE,
		    (char **)&call);
		call->done(call->ctx, code == CURLE_OK ? NULL :
		    call->why[0] != '\0' ? call->why :
		    curl_easy_strerror(code));
	}
}

static void
multi_act(struct multi *multi, curl_socket_t fd, int what)
{
	int running;

	curl_multi_socket_action(multi->curl, fd, what, &running);
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
		curl_multi_assign(multi->curl, fd, socket);
	}
	loop_watch_set(socket->watch,
	    ((what & CURL_POLL_IN) != 0 ? LOOP_READ : 0) |
	    ((what & CURL_POLL_OUT) != 0 ? LOOP_WRITE : 0));
	return 0;
}

struct multi *
multi_new(struct loop *loop, const struct multi_setup *setup)
{
	struct multi *multi = buf_alloc(1, sizeof(*multi));

	multi->loop = loop;
	multi->setup = *setup;
	multi->timer = loop_timer_new(loop, multi_on_timer, multi);
	/* Counted by libcurl: the first call does the work. */
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK ||
	    (multi->curl = curl_multi_init()) == NULL)
		log_die(EXIT_SYSTEM, "unable to initialize libcurl");
	curl_multi_setopt(multi->curl, CURLMOPT_SOCKETFUNCTION,
	    multi_on_socket);
	curl_multi_setopt(multi->curl, CURLMOPT_SOCKETDATA, multi);
	curl_multi_setopt(multi->curl, CURLMOPT_TIMERFUNCTION, multi_on_time);
	curl_multi_setopt(multi->curl, CURLMOPT_TIMERDATA, multi);
	return multi;
}

void
multi_free(struct multi *multi)
{
	if (multi == NULL)
		return;
	curl_multi_cleanup(multi->curl);
	loop_timer_free(multi->timer);
	free(multi);
	curl_global_cleanup();
}

struct multi_call *
multi_call_new(struct multi *multi, const char *url,
    void (*done)(void *ctx, const char *why), void *ctx)
{
	struct multi_call *call = buf_alloc(1, sizeof(*call));
	CURL *easy = curl_easy_init();

	if (easy == NULL)
		log_die(EXIT_SYSTEM, "out of memory");
	*call = (struct multi_call){ .multi = multi, .easy = easy,
	    .done = done, .ctx = ctx };
	curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
	curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->why);
	curl_easy_setopt(easy, CURLOPT_URL, url);
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
	curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
	curl_easy_setopt(easy, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(easy, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
	    (long)multi->setup.connect_ms);
	if (multi->setup.ca_file != NULL) {
		curl_easy_setopt(easy, CURLOPT_CAINFO, multi->setup.ca_file);
		curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
	}
	return call;
}

void *
multi_call_easy(struct multi_call *call)
{
	return call->easy;
}

void
multi_call_start(struct multi_call *call)
{
	call->started = true;
	curl_multi_add_handle(call->multi->curl, call->easy);
}

void
multi_call_free(struct multi_call *call)
{
	if (call == NULL)
		return;
	if (call->started)
		curl_multi_remove_handle(call->multi->curl, call->easy);
	curl_easy_cleanup(call->easy);
	free(call);
}
