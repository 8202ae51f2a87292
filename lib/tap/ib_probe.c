#include "tap/ib_probe.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IB_PROBE_MS = 1000 };

/* Connected, or being connected and then so. */
static bool
ib_probe_wait(int fd)
{
	struct pollfd up = { fd, POLLOUT, 0 };
	socklen_t n = sizeof(int);
	int error = 0;

	return poll(&up, 1, IB_PROBE_MS) > 0 &&
	    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n) == 0 &&
	    error == 0;
}

static bool
ib_probe_one(const struct addrinfo *to)
{
	int fd = socket(to->ai_family, to->ai_socktype | SOCK_NONBLOCK |
	    SOCK_CLOEXEC, 0);
	bool answers;

	if (fd < 0)
		return false;
	answers = connect(fd, to->ai_addr, to->ai_addrlen) == 0 ||
	    (errno == EINPROGRESS && ib_probe_wait(fd));
	close(fd);
	return answers;
}

bool
ib_probe_answers(const char *host, int64_t port)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *all = NULL;
	bool answers = false;
	char text[8];

	snprintf(text, sizeof(text), "%d", (int)port);
	if (getaddrinfo(host, text, &hints, &all) != 0)
		return false;
	for (const struct addrinfo *to = all; to != NULL && !answers;
	    to = to->ai_next)
		answers = ib_probe_one(to);
	freeaddrinfo(all);
	return answers;
}
