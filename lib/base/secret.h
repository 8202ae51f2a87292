#ifndef FLOW_SECRET_H
#define FLOW_SECRET_H

#include "base/err.h"

/*
 * Keys and tokens: from the environment or a file that only its owner may
 * read, never from the command line.
 */

enum { SECRET_MOST = 1024 };

/*
 * The first of the environment's variables (NULL-terminated) that is set and
 * not empty, else the file's content without white space around it (file NULL:
 * none).  Returns 1 with *out to be given to secret_free, 0 when there is
 * none, -1 and err: the file cannot be read, is open to others, or holds what
 * is no key: empty, over SECRET_MOST bytes, or other than A-Z a-z 0-9 and
 * "-._~+/=:".
 */
int secret_read(const char *const *names, const char *file, char **out,
    struct err *err);

/* Overwrites and frees; NULL is fine. */
void secret_free(char *secret);

#endif
