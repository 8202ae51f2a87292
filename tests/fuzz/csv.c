/*
 * A vendor's file of any bytes, through gzip, rows, columns, times, contracts,
 * conditions, quotes and stamps: never crashes, hands items out in order of
 * time, and what becomes of a print is a record the filters read.  The first
 * byte says which columns the file has, or whose file it is.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/log.h"
#include "record/scan.h"
#include "tap/prints.h"
#include "tap/sorted.h"
#include "tap/stamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static const char *const fuzz_columns[] = {
	"timestamp_ms=t,osi=o,price=p,size=s,bid=b,ask=a,quote_timestamp_ms=q,"
	    "exchange=x,conditions=c,sequence=n",
	"timestamp_et=t,date_et=d,symbol=y,expiration=e,strike=k,"
	    "option_type=r,price=p,size=s,conditions=c,conditions=f",
	"timestamp_ns=t,contract=y,price=p,size=s,ex_bid=b,ex_ask=a,"
	    "ex_quote_timestamp_us=q,exchange=x,multiplier=m",
};

struct fuzz {
	struct contract_book book;
	struct stamp stamp;
	struct nbbo_rule rule;
	struct scan *scan;
	struct buf line;
};

static void
fuzz_print(struct fuzz *fuzz, struct source_item *item)
{
	struct trade *trade = item->trade, again;
	struct err err;

	nbbo_pick(&item->contract->nbbo, &fuzz->rule,
	    (struct slice){ NULL, 0 }, item->time, &trade->nbbo);
	if (stamp_trade(&fuzz->stamp, item->contract, trade, &err) < 0 ||
	    stamp_id(&fuzz->stamp, item->contract, trade, &err) < 0)
		return;
	fuzz->line.n = 0;
	trade_write(&fuzz->line, trade);
	memset(buf_reserve(&fuzz->line, SCAN_PAD), 0, SCAN_PAD);
	trade_init(&again);
	if (scan_line(fuzz->scan, fuzz->line.p, fuzz->line.n - 1, &err) < 0 ||
	    trade_read(&again, fuzz->scan, &err) < 0) {
		fprintf(stderr, "%s: %.*s", err.text, (int)fuzz->line.n,
		    fuzz->line.p);
		abort();
	}
	if (again.price_e4 != trade->price_e4 || again.size != trade->size ||
	    again.premium_e4 != trade->premium_e4 ||
	    again.timestamp != trade->timestamp)
		abort();
}

static void
fuzz_items(struct fuzz *fuzz, struct source *source)
{
	struct source_item item;
	int64_t last = INT64_MIN;

	while (source->next(source, &item, NULL) == SOURCE_ITEM) {
		if (item.ts < last)
			abort();
		last = item.ts;
		if (item.trade != NULL)
			fuzz_print(fuzz, &item);
		else
			nbbo_add(&item.contract->nbbo, &fuzz->rule,
			    item.quote_exchange, &item.quote, item.time);
	}
}

static void
fuzz_file(struct fuzz *fuzz, const char *path, uint8_t choice)
{
	static const volatile sig_atomic_t never = 0;
	enum cond_codes codes = (enum cond_codes)(choice / 3 % 4);
	const char *spec = fuzz_columns[choice % 3];
	struct control control;
	struct columns columns;
	const struct prints_setup setup = { &columns, codes, &fuzz->book,
	    &control, SORTED_MEMORY, NULL };
	struct replay *replay;
	struct source *source;
	struct err err;
	int status;

	control_init(&control, "fuzz");
	replay = replay_open(path, false, NULL, &never, &err);
	if (replay == NULL || columns_parse(&columns, &spec, 1, &err) < 0)
		abort();
	if (choice >= 128)
		columns_vendor(&columns, (enum columns_vendor)(choice % 3));
	source = prints_open(replay, &setup, &status, &err);
	if (source != NULL)
		fuzz_items(fuzz, source);
	source_free(source);
	replay_free(replay);
	control_free(&control);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct fuzz fuzz = { .rule = { 0, false }, .line = BUF_INIT };
	char path[32];
	int fd;

	if (n == 0)
		return 0;
	log_level_set(LOG_ERROR);
	fd = memfd_create("fuzz", MFD_CLOEXEC);
	if (fd < 0 || write(fd, data + 1, n - 1) != (ssize_t)(n - 1))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	contract_book_init(&fuzz.book);
	stamp_init(&fuzz.stamp, 0);
	fuzz.scan = scan_new();
	fuzz_file(&fuzz, path, data[0]);
	scan_free(fuzz.scan);
	stamp_free(&fuzz.stamp);
	contract_book_free(&fuzz.book);
	buf_free(&fuzz.line);
	close(fd);
	return 0;
}
