/*
 * The work every contestant of tests/bench/run does, with our codec: read a
 * line, place the price in its quote, append five members, write it.  Records
 * that are not trades pass.  The argument, 0 to 3, chooses the five names, so
 * that stages in a chain add different ones; 4 stands for a stage behind
 * flow-classify.
 */
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "record/emit.h"
#include "record/line.h"

static const enum key tag5_names[5][5] = {
	{ KEY_side, KEY_price_location, KEY_spread_position, KEY_ratio,
	    KEY_is_large },
	{ KEY_aggressor_side, KEY_quote_status, KEY_sentiment_weight,
	    KEY_size_ratio, KEY_is_block },
	{ KEY_sentiment, KEY_opening, KEY_volume_ratio, KEY_vol_oi_ratio,
	    KEY_is_split },
	{ KEY_aggressiveness, KEY_trade_type, KEY_avg_trade_size,
	    KEY_vwap_price, KEY_is_wide },
	{ KEY_kind, KEY_reason, KEY_ratio, KEY_coverage_pct, KEY_cancelled }
};

static void
tag5_trade(struct buf *dst, const struct scan *scan, const enum key *name)
{
	int64_t price, bid, ask, size, above, position;
	const char *side, *place;

	if (scan_decimal(scan, KEY_price, DECIMAL_E4, &price, NULL) <= 0 ||
	    scan_decimal(scan, KEY_bid, DECIMAL_E4, &bid, NULL) <= 0 ||
	    scan_decimal(scan, KEY_ask, DECIMAL_E4, &ask, NULL) <= 0 ||
	    scan_int(scan, KEY_size, &size, NULL) <= 0 || ask <= bid)
		return;
	above = 2 * price - (bid + ask);
	side = above > 0 ? "BUY" : above < 0 ? "SELL" : "UNKNOWN";
	place = price >= ask ? "ASK" : price <= bid ? "BID" : "INSIDE";
	position = decimal_ratio(price - bid, ask - bid, DECIMAL_E6);
	emit_str(dst, name[0], side);
	emit_str(dst, name[1], place);
	emit_decimal(dst, name[2], position, DECIMAL_E6);
	emit_decimal(dst, name[3], price * size, DECIMAL_E4);
	emit_bool(dst, name[4], size >= 100);
}

int
main(int argc, char *argv[])
{
	const enum key *name =
	    tag5_names[argc > 1 ? strtol(argv[1], NULL, 10) % 5 : 0];
	struct scan *scan = scan_new();
	struct line_out out;
	struct line_in *in;
	struct line line;
	struct err err;

	log_init("tag5");
	line_out_init(&out, STDOUT_FILENO);
	in = line_in_new(NULL, 0, &out);
	while (line_next(in, &line, &err) > 0) {
		if (scan_line(scan, line.p, line.n, &err) < 0) {
			log_warning("%s", err.text);
			continue;
		}
		emit_splice(&out.buf, scan, NULL);
		tag5_trade(&out.buf, scan, name);
		emit_close(&out.buf);
		line_out_end(&out);
	}
	line_in_free(in);
	scan_free(scan);
	return line_out_close(&out, &err) < 0;
}
