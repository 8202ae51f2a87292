#include "tap/massive_tables.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/decimal.h"
#include "base/log.h"
#include "base/plain.h"
#include "base/state.h"
#include "net/http.h"
#include "record/cond.h"
#include "tap/massive_rest.h"

enum {
	MASSIVE_TABLES_MS = 30000,
	MASSIVE_TABLES_TRIES = 4,
	MASSIVE_TABLES_NAME = 64	/* bytes of a name */
};

static const char massive_tables_magic[] = "flow-tables 1 massive\n";

struct massive_tables {
	const struct massive_tables_setup *setup;
	struct loop *loop;
	struct http *http;
	bool exchanges;			/* the second of the two */
	struct buf text;		/* of the file */
	struct buf *out;
	int64_t rows, odd;		/* of the table at hand */
	int status;
	struct err err;
};

/* ---- the file ---- */

char *
massive_tables_path(void)
{
	return state_path("massive-tables");
}

void
massive_tables_read(const char *path, struct buf *text)
{
	size_t begin = text->n, magic = sizeof(massive_tables_magic) - 1;
	int fd = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	while (fd >= 0 && text->n - begin <= MASSIVE_TABLES_MOST &&
	    (n = read(fd, buf_reserve(text, 1 << 16), 1 << 16)) > 0)
		text->n += (size_t)n;
	if (fd >= 0)
		close(fd);
	if (text->n - begin >= magic && text->n - begin <=
	    MASSIVE_TABLES_MOST && memcmp(text->p + begin,
	    massive_tables_magic, magic) == 0)
		return;
	if (fd >= 0)
		log_warning("%s: no table of Massive's: not used", path);
	text->n = begin;
}

struct slice
massive_tables_name(struct slice text, const char *kind, int64_t number)
{
	struct buf head = BUF_INIT;
	struct slice name = { NULL, 0 };
	const char *p = text.p, *end = text.p + text.n, *nl;

	buf_fmt(&head, "%s %" PRId64 " ", kind, number);
	for (; name.n == 0 && p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL)
			break;
		if ((size_t)(nl - p) > head.n &&
		    memcmp(p, head.p, head.n) == 0)
			name = (struct slice){ p + head.n,
			    (size_t)(nl - p) - head.n };
	}
	buf_free(&head);
	return name;
}

static int
massive_tables_write(struct massive_tables *tables)
{
	const char *path = tables->setup->path;
	struct buf part = BUF_INIT;
	char *dir = buf_dup(path, (size_t)(strrchr(path, '/') - path));
	int fd = -1, r = state_make(dir);

	free(dir);
	buf_fmt(&part, "%s.part%c", path, '\0');
	if (r == 0)
		fd = open(part.p, O_WRONLY | O_CREAT | O_TRUNC |
		    O_CLOEXEC, 0600);
	r = -1;
	if (fd >= 0) {
		r = write(fd, tables->text.p, tables->text.n) ==
		    (ssize_t)tables->text.n ? fsync(fd) : -1;
		if (close(fd) < 0 || r < 0 || rename(part.p, path) < 0)
			r = -1;
	}
	if (r < 0)
		err_fill_sys(&tables->err, errno, "unable to write %s", path);
	buf_free(&part);
	return r;
}

/* ---- rows ---- */

/* What is built in for the vendor's number, and for OPRA's letter. */
static void
massive_tables_ours(bool exchange, int64_t number, struct slice letter,
    struct slice *by_number, struct slice *by_letter)
{
	char digits[DECIMAL_TEXT];
	struct slice text = { digits, decimal_print_int(digits, number) };
	const char *name;

	*by_number = *by_letter = (struct slice){ NULL, 0 };
	if (exchange) {
		by_number->p = cond_exchange(COND_MASSIVE, text,
		    &by_number->n);
		by_letter->p = cond_exchange(COND_OPRA, letter,
		    &by_letter->n);
		return;
	}
	name = cond_name(COND_MASSIVE, text);
	if (name != NULL)
		*by_number = (struct slice){ name, strlen(name) };
	name = cond_name(COND_OPRA, letter);
	if (name != NULL)
		*by_letter = (struct slice){ name, strlen(name) };
}

static void
massive_tables_compare(struct massive_tables *tables,
    const struct massive_rest_code *row)
{
	const char *what = tables->exchanges ? "exchange" : "condition";
	struct slice by_number, by_letter;
	struct buf name = BUF_INIT;

	massive_tables_ours(tables->exchanges, row->id, row->letter,
	    &by_number, &by_letter);
	if (by_number.p != NULL && (row->letter.n == 0 ||
	    slice_equal(by_number, by_letter)))
		return;
	tables->odd++;
	plain_clean(&name, row->name);
	buf_fmt(tables->out, "%s %" PRId64 ": %.*s, OPRA's %.*s: ", what,
	    row->id, (int)name.n, name.p, (int)row->letter.n,
	    row->letter.n > 0 ? row->letter.p : "");
	if (by_number.p == NULL)
		buf_fmt(tables->out, "not built in\n");
	else
		buf_fmt(tables->out, "built in as %.*s, its letter as %.*s\n",
		    (int)by_number.n, by_number.p, (int)by_letter.n,
		    by_letter.n > 0 ? by_letter.p : "");
	buf_free(&name);
}

static void
massive_tables_on_row(void *ctx, const struct massive_rest_code *row)
{
	struct massive_tables *tables = ctx;
	struct slice name = tables->exchanges ? row->mic : row->name;
	struct buf clean = BUF_INIT;

	tables->rows++;
	massive_tables_compare(tables, row);
	if (name.n == 0)
		return;
	if (name.n > MASSIVE_TABLES_NAME)
		name.n = MASSIVE_TABLES_NAME;
	plain_clean(&clean, name);
	buf_fmt(&tables->text, "%s %" PRId64 " %.*s\n", tables->exchanges ?
	    "exchange" : "condition", row->id, (int)clean.n, clean.p);
	buf_free(&clean);
}

/* ---- requests ---- */

static void massive_tables_on_reply(void *ctx,
    const struct http_reply *reply);

static void
massive_tables_get(struct massive_tables *tables)
{
	struct buf url = BUF_INIT;

	buf_fmt(&url, "%s/v3/reference/%s?asset_class=options%s%c",
	    tables->setup->rest_url, tables->exchanges ? "exchanges" :
	    "conditions", tables->exchanges ? "" :
	    "&data_type=trade&limit=1000", '\0');
	http_get(tables->http, url.p, massive_tables_on_reply, tables);
	buf_free(&url);
}

static void
massive_tables_on_reply(void *ctx, const struct http_reply *reply)
{
	struct massive_tables *tables = ctx;

	tables->rows = tables->odd = 0;
	if (reply->status == 0) {
		err_fill(&tables->err, "%s", reply->why);
	} else if (reply->status != 200) {
		massive_rest_why(reply->status, reply->body, &tables->err);
		if (reply->status == 401 || reply->status == 403)
			tables->status = EXIT_USAGE;
	} else if (massive_rest_codes(reply->body, massive_tables_on_row,
	    tables, &tables->err) == 0) {
		buf_fmt(tables->out, "%s: %" PRId64 ", of them %" PRId64
		    " otherwise than built in\n", tables->exchanges ?
		    "exchanges" : "conditions", tables->rows, tables->odd);
		if (!tables->exchanges) {
			tables->exchanges = true;
			massive_tables_get(tables);
			return;
		}
		if (massive_tables_write(tables) == 0)
			tables->status = EXIT_DONE;
	}
	loop_stop(tables->loop);
}

int
massive_tables_refresh(const struct massive_tables_setup *setup,
    struct buf *out, struct err *err)
{
	struct massive_tables tables = { .setup = setup, .out = out,
	    .loop = loop_new(), .status = EXIT_SYSTEM };
	struct http_setup http = { { setup->ca_file, MASSIVE_TABLES_MS },
	    setup->key, 0, MASSIVE_TABLES_MS, MASSIVE_TABLES_MOST,
	    MASSIVE_TABLES_TRIES };

	tables.http = http_new(tables.loop, &http);
	buf_str(&tables.text, massive_tables_magic);
	massive_tables_get(&tables);
	loop_run(tables.loop);
	*err = tables.err;
	buf_free(&tables.text);
	http_free(tables.http);
	loop_free(tables.loop);
	return tables.status;
}
