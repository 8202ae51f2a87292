#include "base/state.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>

char *
state_path(const char *name)
{
	const char *own = getenv("FLOW_STATE"), *home = getenv("HOME");
	const char *xdg = getenv("XDG_STATE_HOME");
	struct buf path = BUF_INIT;

	/* A relative XDG path is to be ignored: XDG Base Directory 0.8. */
	if (own != NULL && own[0] != '\0')
		buf_fmt(&path, "%s/%s", own, name);
	else if (xdg != NULL && xdg[0] == '/')
		buf_fmt(&path, "%s/flow/%s", xdg, name);
	else if (home != NULL && home[0] != '\0')
		buf_fmt(&path, "%s/.local/state/flow/%s", home, name);
	else
		return NULL;
	buf_add(&path, "", 1);
	return path.p;
}

int
state_make(const char *path)
{
	char *name = buf_dup(path, strlen(path));
	int r = 0;

	for (char *slash = name + 1; *name != '\0' && r == 0; slash++) {
		bool end = *slash == '\0';

		if (*slash != '/' && !end)
			continue;
		*slash = '\0';
		r = mkdir(name, 0700) < 0 && errno != EEXIST ? -1 : 0;
		if (end)
			break;
		*slash = '/';
	}
	free(name);
	return r;
}
