#include "alert/tape.h"

#include <inttypes.h>

#include "alert/text.h"
#include "base/decimal.h"
#include "base/plain.h"
#include "market/cal.h"

void
tape_dollars(struct buf *dst, int64_t value_e4)
{
	int64_t dollars = value_e4 / 10000;

	if (dollars < 1000)
		buf_fmt(dst, "$%" PRId64, dollars);
	else if (dollars < 1000000)
		buf_fmt(dst, "$%" PRId64 "K", dollars / 1000);
	else
		buf_fmt(dst, "$%" PRId64 ".%" PRId64 "M", dollars / 1000000,
		    dollars / 100000 % 10);
}

void
tape_trade(struct buf *dst, const struct trade *trade, struct slice type)
{
	bool put = trade->right == TRADE_PUT;
	int64_t price_e6;

	if (trade->right == TRADE_NO_RIGHT || trade->strike_e4 == TRADE_NONE ||
	    __builtin_mul_overflow(trade->price_e4, 100, &price_e6))
		return;
	/* U+1F4C8 and U+1F4C9, by the right as in the source */
	buf_str(dst, put ? "\xf0\x9f\x93\x89 " : "\xf0\x9f\x93\x88 ");
	plain_clean(dst, trade->symbol);
	buf_str(dst, " ");
	plain_decimal(dst, trade->strike_e4, DECIMAL_E4);
	buf_fmt(dst, "%c %" PRId64 " @ ", put ? 'P' : 'C', trade->size);
	text_price(dst, price_e6);
	buf_str(dst, " (");
	tape_dollars(dst, trade->premium_e4);
	buf_str(dst, " premium)");
	if (slice_equal(type, SLICE("BLOCK")))
		buf_str(dst, "  BLOCK");
	else if (slice_equal(type, SLICE("SWEEP")))
		buf_str(dst, "  SWEEP");
	if (trade_is_demo(trade))
		buf_str(dst, "  DEMO");
	buf_str(dst, "\n");
}

static void
tape_count(struct buf *dst, const char *name, int64_t n, const char *tail)
{
	buf_fmt(dst, "  %s: ", name);
	plain_group(dst, (uint64_t)n);
	buf_str(dst, tail);
}

void
tape_summary(struct buf *dst, const struct tape_stats *stats, int64_t errors)
{
	char clock[CAL_CLOCK_TEXT];
	int64_t minutes;

	if (stats->ts == INT64_MIN || __builtin_sub_overflow(stats->ts,
	    stats->first_ts, &minutes))
		minutes = 0;
	minutes /= 60000;
	buf_str(dst, "\xf0\x9f\x93\x8a Statistics:\n");	/* U+1F4CA */
	tape_count(dst, "Uptime", minutes, minutes == 1 ? " minute\n" :
	    " minutes\n");
	tape_count(dst, "Trades processed", stats->trades, "\n");
	tape_count(dst, "Trades stored", stats->stored, "");
	if (stats->trades > 0) {
		buf_str(dst, " (");
		plain_decimal(dst, decimal_ratio(stats->stored * 100,
		    stats->trades, 1), 1);
		buf_str(dst, "%)");
	}
	buf_str(dst, "\n");
	tape_count(dst, "Sweeps detected", stats->sweeps, "\n");
	tape_count(dst, "Blocks detected", stats->blocks, "\n");
	tape_count(dst, "Errors", errors, "\n");
	buf_str(dst, "  Last trade: ");
	if (stats->trades > 0)
		buf_add(dst, clock, cal_clock_print(clock, stats->trade_ts));
	else
		buf_str(dst, "-");
	buf_str(dst, "\n");
}
