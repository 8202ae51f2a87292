#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

/* Nothing that would end a header or a JSON text. */
static int
secret_take(const char *p, size_t n, const char *from, char **out,
    struct err *err)
{
	static const char fine[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~+/=:";

	while (n > 0 && strchr(" \t\r\n", p[n - 1]) != NULL)
		n--;
	while (n > 0 && strchr(" \t\r\n", *p) != NULL) {
		p++;
		n--;
	}
	if (n == 0 || n > SECRET_MOST)
		return err_set(err, "%s: holds no key", from);
	for (size_t i = 0; i < n; i++)
		if (memchr(fine, p[i], sizeof(fine) - 1) == NULL)
			return err_set(err, "%s: holds what is no key", from);
	*out = buf_dup(p, n);
	return 1;
}

static int
secret_file(const char *file, char **out, struct err *err)
{
	char text[SECRET_MOST + 64];
	int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return err_sys(err, errno, "unable to open %s", file);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_set(err, "%s: not a file", file);
	}
	if ((st.st_mode & 077) != 0) {
		close(fd);
		return err_set(err, "%s: others may read it; say chmod 600",
		    file);
	}
	n = read(fd, text, sizeof(text));
	r = n < 0 ? err_sys(err, errno, "unable to read %s", file) :
	    secret_take(text, (size_t)n, file, out, err);
	explicit_bzero(text, sizeof(text));
	close(fd);
	return r;
}

int
secret_read(const char *const *names, const char *file, char **out,
    struct err *err)
{
	for (; *names != NULL; names++) {
		const char *text = getenv(*names);

		if (text != NULL && *text != '\0')
			return secret_take(text, strlen(text), *names, out,
			    err);
	}
	return file == NULL ? 0 : secret_file(file, out, err);
}

void
secret_free(char *secret)
{
	if (secret == NULL)
		return;
	explicit_bzero(secret, strlen(secret));
	free(secret);
}
