# The real prints through the pipeline, against tests/real-check, which works
# out from the raw files what must come: sides, sums, every sweep.

load helper

spy=$data/real/thetadata
ibm=$data/real/lean_equity_ticks

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

@test "60 SPY option prints: sides, legs and sums as worked out apart" {
	flow-tap --replay "$spy/spy_option_trades_nbbo_20240614.csv" \
		--input csv --codes thetadata --columns \
timestamp_ms=trade_ts_utc_ms,quote_timestamp_ms=quote_ts_utc_ms,osi=osi,\
symbol=symbol,price=price,size=size,bid=bid,ask=ask,bid_size=bid_size,\
ask_size=ask_size,exchange=exchange,conditions=condition,sequence=sequence \
		>taken
	flow-classify taken >out
	run -0 --separate-stderr "$top/tests/real-check" spy \
		"$spy/spy_option_trades_nbbo_20240614.csv" \
		"$spy/trade_conditions.csv" <out
	is "$output" \
		'60 prints, 56 complex legs, 4 with a side, 514 contracts, $2134420'
	is "$stderr" ''
	# The same sums by awk: premium is dollars times contracts times 100.
	is "$(awk -F, 'NR > 1 { s += $18; p += $18 * $19 * 100 }
		END { printf "%d %.0f", s, p }' \
		"$spy/spy_option_trades_nbbo_20240614.csv")" '514 2134420'
}

@test "33,381 IBM ticks: sides, and every sweep as worked out apart" {
	"$top/tests/ibm-ticks" "$ibm/trades.csv.gz" "$ibm/quotes.csv.gz" \
		>ibm.csv
	flow-tap --replay ibm.csv --multiplier 1 --columns \
timestamp_ms=ts_utc_ms,contract=symbol,price=price,size=size,\
exchange=exchange,conditions=condition,bid=bid,ask=ask,bid_size=bid_size,\
ask_size=ask_size,quote_timestamp_ms=quote_timestamp >taken
	flow-classify taken >out
	run -0 --separate-stderr "$top/tests/real-check" ibm ibm.csv <out
	is "$output" '33381 prints, 14255 ISO, 3247 sweeps by ISO, 436 by burst, 3645641 shares in them'
	is "$stderr" ''
	# hold and fast make the same sweeps and events, at other places.
	flow-classify --emit fast taken >fast
	grep -E '"record":"(sweep|event)"' out | LC_ALL=C sort >a
	grep -E '"record":"(sweep|event)"' fast | LC_ALL=C sort >b
	cmp a b
}
