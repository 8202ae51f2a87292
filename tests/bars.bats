#!/usr/bin/env bats
# flow-tap --bars: csv files of bars as records.  The real bars are AAPL, GOOG,
# TWX and SPY of 2014 and 2015; what is expected of them is read from the files
# by zcat and awk.
load helper

lean=$data/real/lean_equity_options
days=$lean/underlying_daily_bars.csv.gz
minutes=$lean/underlying_trade_minute_bars.csv.gz

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

bars() {
	jq -c 'select(.record == "bar")' "$@"
}

@test "the 304 daily bars: prices, volume, New York's open and close" {
	flow-tap --bars "$days" >out 2>err
	is "$(cat err)" ''
	bars out | jq -r '[(.timestamp / 1000 | strftime("%Y-%m-%d")), .symbol,
		.open, .high, .low, .close, .volume] | @csv' | tr -d '"' >got
	zcat "$days" | sed 1d | sort >want
	sort got | diff - want
	is "$(bars out | jq -r '[.tf, .session, .is_final] | @csv' | sort -u)" \
		'"1d","RTH",true'
	# 2014-03-03 is winter (UTC-5), 2014-06-06 summer; the Friday after
	# Thanksgiving of 2015 closed at 13:00.
	is "$(bars out | jq -r 'select(.symbol == "SPY") |
		[.timestamp, .end_ts | . / 1000 | strftime("%m-%d %H:%M")] |
		join(" ")' | grep -E '^(03-03|06-06|11-27)')" \
		'03-03 14:30 03-03 21:00
06-06 13:30 06-06 20:00
11-27 14:30 11-27 18:00'
	is "$(tail -n 1 out | jq -c '[.n, .exit]')" '[304,0]'
}

@test "the 2,491 minute bars: sorted by their end, sessions by New York time" {
	flow-tap --bars "$minutes" >out 2>err
	is "$(cat err)" ''
	bars out | jq -r '[.timestamp, .symbol, .open, .high, .low, .close,
		.volume] | @csv' | tr -d '"' | sort >got
	zcat "$minutes" | sed 1d | cut -d, -f4- | sort | diff got -
	is "$(bars out | jq -s '[.[].end_ts] == ([.[].end_ts] | sort)')" true
	is "$(bars out | jq -s 'all(.end_ts - .timestamp == 60000)')" true
	# 2015-12-24 closed at 13:00.
	zcat "$minutes" | awk -F, 'NR > 1 {
		close_ms = ($1 == "2015-12-24" ? 13 : 16) * 3600000
		n[$3 < 34200000 ? "PRE" : $3 < close_ms ? "RTH" : "POST"]++ }
		END { for (s in n) print s, n[s] }' | sort >want
	bars out | jq -r .session | sort | uniq -c |
		awk '{ print $2, $1 }' | diff - want
}

@test "by date and time, and an option's" {
	printf '%s\n' date,time_et,osi,open,high,low,close,vwap,trades \
		2014-06-05,09:39:00,TWX140719C00070000,2.16,2.2,2.1,2.15,2.1512,7 \
		>f.csv
	run -0 --separate-stderr flow-tap --bars f.csv
	is "$stderr" ''
	# 09:39 New York in June is 13:39 UTC
	is "$(bars <<<"$output")" '{"record":"bar","contract_ticker":"O:TWX140719C00070000","tf":"1m","timestamp":1401975540000,"end_ts":1401975600000,"open":2.16,"high":2.2,"low":2.1,"close":2.15,"vwap":2.1512,"trades":7,"session":"RTH","is_final":true}'
}

@test "merged by time: gap, oi, bar, quote, trade of one millisecond" {
	printf '%s\n' symbol,ts_utc_ms,open,high,low,close \
		SPY,1764019140000,1,1,1,1 SPY,1764019080000,2,2,2,2 >f.csv
	cat >x.ndjson <<-'end'
	{"record":"trade","contract_ticker":"SPY","timestamp":1764019200000,"price":1,"size":1}
	{"record":"quote","symbol":"SPY","timestamp":1764019200000,"bid":1}
	{"record":"oi","contract_ticker":"SPY","timestamp":1764019200000,"open_interest":1}
	{"record":"gap","gap_id":"g","state":"open","timestamp":1764019200000}
	end
	run -0 --separate-stderr flow-tap --replay x.ndjson --bars f.csv
	is "$(grep -v heartbeat <<<"$output" | jq -r '[.record, .open] |
		map(values) | join(" ")' | tr '\n' ';')" \
		'hello;bar 2;gap;oi;bar 1;quote;trade;bye;'
}

@test "symbols and --since select bars; run is a hash of the files too" {
	run -0 flow-tap --bars "$days" GOOG --since 2015-12-30
	is "$(bars <<<"$output" | jq -r .symbol)" GOOG
	cp "$days" other.csv.gz
	is "$(for f in "$days" "$days" other.csv.gz; do
		flow-tap --bars "$f" | head -n 1 | jq -r .run
	done | sort | uniq -c | awk '{ print $1 }' | sort | tr '\n' ' ')" '1 2 '
}

@test "bad rows are named by file and line, the rest goes on, exit 3" {
	printf '%s\n' symbol,date,open,high,low,close,volume \
		KO,2025-11-24,62,63,61,62.5,100 \
		KO,2025-11-23,62,63,61,62.5,100 \
		KO,yesterday,62,63,61,62.5,100 \
		KO,2025-11-25,62,63,61,63.5,100 \
		KO,2025-11-25,62,63,,62.5,100 \
		KO,2025-11-25,62,63,61,62.5,-1 \
		'k o,2025-11-25,62,63,61,62.5,1' \
		KO,2025-11-25,62.00001,63,61,62.5,1 \
		KO,2025-11-26,62,63,61,62.5, \
		KO,2025-11-26,62,63,0,62.5,1 >f.csv
	run -3 --separate-stderr flow-tap --bars f.csv
	is "$(bars <<<"$output" | jq -r '[.timestamp, .volume] | @csv')" \
		'1763994600000,100
1764167400000,'
	is "$(tail -n 1 <<<"$output" | jq -c '[.n, .exit]')" '[2,3]'
	is "$stderr" 'flow-tap: warning: f.csv:3: date: no trading day
flow-tap: warning: f.csv:4: date: not a date
flow-tap: warning: f.csv:5: high, low: open or close is outside
flow-tap: warning: f.csv:6: low: missing
flow-tap: warning: f.csv:7: volume: below 0
flow-tap: warning: f.csv:8: contract: not a symbol
flow-tap: warning: f.csv:9: open: more than 4 decimals
flow-tap: warning: f.csv:11: low: not above 0'
	printf '%s\n' symbol,ts_utc_ms,open,high,low,close \
		KO,1764019199999,1,1,1,1 KO,soon,1,1,1,1 >f.csv
	run -3 --separate-stderr flow-tap --bars f.csv
	has "$stderr" "f.csv:2: a minute's bar begins within a minute"
	has "$stderr" 'f.csv:3: ts_utc_ms: '
	: >f.csv
	run -3 --separate-stderr flow-tap --bars f.csv
	is "$stderr" 'flow-tap: warning: f.csv:1: empty input'
}

@test "what cannot be: exit 2" {
	local header
	for header in symbol,date,open,high,low date,open,high,low,close \
		symbol,open,high,low,close; do
		echo "$header" >f.csv
		run -2 --separate-stderr flow-tap --bars f.csv
		is "$output" ''
		has "$stderr" 'f.csv:1: '
		has "$stderr" ' in the header'
	done
	run -2 --separate-stderr flow-tap --bars nowhere
	has "$stderr" 'unable to open nowhere'
	run -2 --separate-stderr flow-tap --demo KO --bars f.csv
	has "$stderr" 'made-up prints are not mixed with recorded ones'
}
