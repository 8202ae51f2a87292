#include "paper/csv_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/decimal.h"
#include "record/trade.h"

static const char csv_log_signals[] =
    "timestamp,signal_id,ticker,kind,direction,contract_ticker,strength,tags,"
    "experiment_id\n";
static const char csv_log_paper_head[] =
    "timestamp,signal_id,ticker,kind,direction,contract_ticker,mark_source,"
    "entry_ts,entry_price,exit_ts,exit_price,exit_reason,qty,fees,pnl,"
    "return_pct,r_multiple,mfe_pct,mae_pct,gap_exposed\n";

static int
csv_log_file(int dir, const char *name, const char *head, struct err *err)
{
	int fd = openat(dir, name, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC,
	    0600);
	struct stat st;

	if (fd < 0)
		return err_sys(err, errno, "unable to open %s", name);
	if (fstat(fd, &st) == 0 && st.st_size == 0 &&
	    write(fd, head, strlen(head)) != (ssize_t)strlen(head)) {
		err_fill_sys(err, errno, "unable to write %s", name);
		close(fd);
		return -1;
	}
	return fd;
}

int
csv_log_open(struct csv_log *log, const char *path, struct err *err)
{
	int dir;

	*log = (struct csv_log){ .signals = -1, .paper = -1 };
	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return err_sys(err, errno, "unable to make %s", path);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return err_sys(err, errno, "unable to open %s", path);
	log->signals = csv_log_file(dir, "signals.csv", csv_log_signals, err);
	if (log->signals >= 0)
		log->paper = csv_log_file(dir, "paper.csv",
		    csv_log_paper_head, err);
	close(dir);
	if (log->paper >= 0)
		return 0;
	if (log->signals >= 0)
		close(log->signals);
	return -1;
}

/* ---- cells, each with its comma ---- */

static void
csv_log_text(struct csv_log *log, struct slice text)
{
	bool quoted = false;

	if (log->row.n > 0)
		buf_str(&log->row, ",");
	for (size_t i = 0; i < text.n; i++)
		quoted |= memchr(",\"\r\n", text.p[i], 4) != NULL;
	if (quoted)
		buf_str(&log->row, "\"");
	if (text.n > 0 && memchr("=+-@\t\r", text.p[0], 6) != NULL)
		buf_str(&log->row, "'");
	for (size_t i = 0; i < text.n; i++)
		buf_add(&log->row, text.p[i] == '"' ? "\"\"" : text.p + i,
		    text.p[i] == '"' ? 2 : 1);
	if (quoted)
		buf_str(&log->row, "\"");
}

static void
csv_log_str(struct csv_log *log, const char *text)
{
	csv_log_text(log, (struct slice){ text, strlen(text) });
}

static void
csv_log_number(struct csv_log *log, int64_t value, int scale)
{
	char text[DECIMAL_TEXT];

	if (log->row.n > 0)
		buf_str(&log->row, ",");
	if (value != TRADE_NONE)
		buf_add(&log->row, text, decimal_print(text, value, scale));
}

/* Tags in one cell, parted by spaces, none of which stands in a tag. */
static void
csv_log_tags(struct csv_log *log, struct slice tags)
{
	struct scan_value all = { tags.p, (uint32_t)tags.n, SCAN_ARRAY };
	struct scan_value one;
	struct buf text = BUF_INIT;
	size_t pos = 0;

	while (tags.n > 0 && scan_element(all, &pos, &one)) {
		if (text.n > 0)
			buf_str(&text, " ");
		buf_add(&text, one.p, one.n);
	}
	csv_log_text(log, (struct slice){ text.p, text.n });
	buf_free(&text);
}

static void
csv_log_write(struct csv_log *log, int fd)
{
	ssize_t n;

	buf_str(&log->row, "\n");
	do
		n = write(fd, log->row.p, log->row.n);
	while (n < 0 && errno == EINTR);
	if (n >= 0 && (size_t)n < log->row.n) {
		errno = ENOSPC;
		n = -1;
	}
	if (n < 0) {
		log->failed = true;
		err_fill_sys(&log->err, errno, "unable to write the csv log");
	}
	log->row.n = 0;
}

/* ---- rows ---- */

static void
csv_log_entry(struct csv_log *log, const struct entry *entry)
{
	csv_log_text(log, entry->signal_id);
	csv_log_text(log, entry->symbol);
	csv_log_str(log, entry_kind_names[entry->kind]);
	csv_log_str(log, entry->is_short ? "SHORT" : "LONG");
	csv_log_text(log, entry->contract_ticker);
}

void
csv_log_signal(struct csv_log *log, const struct entry *entry)
{
	if (log->failed)
		return;
	csv_log_number(log, entry->timestamp, 0);
	csv_log_entry(log, entry);
	csv_log_number(log, entry->strength_e4, DECIMAL_E4);
	csv_log_tags(log, entry->tags);
	csv_log_text(log, entry->experiment_id);
	csv_log_write(log, log->signals);
}

void
csv_log_paper(struct csv_log *log, const struct book_item *item,
    enum book_mark mark)
{
	const struct position *p = &item->position;
	struct position_result r = { TRADE_NONE, TRADE_NONE, TRADE_NONE,
	    TRADE_NONE, TRADE_NONE };

	if (log->failed)
		return;
	if (!item->pending)
		r = position_result(p);
	csv_log_number(log, item->entry.timestamp, 0);
	csv_log_entry(log, &item->entry);
	csv_log_str(log, book_mark_names[mark]);
	csv_log_number(log, item->pending ? TRADE_NONE : p->entry_ts, 0);
	csv_log_number(log, item->pending ? TRADE_NONE : p->entry_e6,
	    DECIMAL_E6);
	csv_log_number(log, item->pending ? TRADE_NONE : p->exit_ts, 0);
	csv_log_number(log, item->pending ? TRADE_NONE : p->exit_e6,
	    DECIMAL_E6);
	csv_log_str(log, position_reason_name(p->reason));
	csv_log_number(log, item->qty, 0);
	csv_log_number(log, item->pending ? TRADE_NONE : item->plan.fees_e6,
	    DECIMAL_E6);
	csv_log_number(log, r.pnl_e6, DECIMAL_E6);
	csv_log_number(log, r.return_e6, DECIMAL_E6);
	csv_log_number(log, r.r_e6, DECIMAL_E6);
	csv_log_number(log, r.mfe_e6, DECIMAL_E6);
	csv_log_number(log, r.mae_e6, DECIMAL_E6);
	csv_log_str(log, item->gap_exposed ? "true" : "");
	csv_log_write(log, log->paper);
}

static void
csv_log_leave(struct csv_log *log, int fd)
{
	if (!log->failed && fsync(fd) < 0 && errno != EINVAL) {
		log->failed = true;
		err_fill_sys(&log->err, errno, "unable to sync the csv log");
	}
	if (close(fd) < 0 && !log->failed) {
		log->failed = true;
		err_fill_sys(&log->err, errno, "unable to close the csv log");
	}
}

void
csv_log_close(struct csv_log *log)
{
	csv_log_leave(log, log->signals);
	csv_log_leave(log, log->paper);
	buf_free(&log->row);
}
