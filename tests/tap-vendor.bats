#!/usr/bin/env bats
# flow-tap: the files of vendors whose columns are known.  Times are of Friday
# 2024-06-14, when New York is UTC-4; 1718373600 is 10:00:00 there.
load helper

livevol=$data/synthetic/livevol
massive=$data/synthetic/massive

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

trades() {
	jq -c 'select(.record == "trade")' "$@"
}

# Each heartbeat adds up.
conserved() {
	is "$(grep '"record":"heartbeat"' "$1" | jq -c '.hop[] |
		select(.in + .add != .out + ([.drop[]] | add // 0))')" ''
}

# left SIZES: the prints in the file out, its heartbeats add up, and at its end
# stands a status of 3.  One jq, because it takes 30 ms to start.
left() {
	is "$(jq -s -c '[map(select(.record == "trade").size),
		map(select(.record == "heartbeat").hop[] |
		select(.in + .add != .out + ([.drop[]] | add // 0))),
		.[-1].exit]' out)" "[[$1],[],3]"
}

# ---- livevol ----

@test "livevol: the records worked out by hand, and nothing else" {
	run -0 --separate-stderr flow-tap --replay "$livevol/option_trades.csv"
	is "$stderr" ''
	printf '%s\n' "$output" >out
	conserved out
	grep '"record":"trade"' out >got
	diff got "$livevol/trades.ndjson"
	is "$(jq -r .record out | sort | uniq -c | tr -s ' ' | tr '\n' ';')" \
		"$(printf ' 1 bye; %d heartbeat; 1 hello; 8 trade;' 1803)"
	is "$(head -n 1 out | jq -c '[.mode, .capabilities]')" \
		'["replay",{"quotes":true,"conditions":true,"exchange":true,"time_resolution_ms":1,"coverage":"file"}]'
	is "$(tail -n 1 out | jq -c 'del(.run)')" \
		'{"record":"bye","n":8,"reason":"end","exit":0}'
}

@test "livevol: gzip, standard input, CRLF and a mark make no difference" {
	# One name for all: it is part of the run's identity.
	ln -s "$livevol/option_trades.csv" plain.csv
	flow-tap --replay plain.csv --input livevol | grep '"trade"' >want
	is "$(wc -l <want)" 8
	gzip -c plain.csv >packed
	flow-tap --replay packed | grep '"trade"' >got
	cmp got want
	flow-tap --replay - <plain.csv | grep '"trade"' >got
	cmp got want
	{
		printf '\xef\xbb\xbf'
		sed 's/$/\r/' plain.csv
	} >crlf
	flow-tap --replay crlf | grep '"trade"' >got
	cmp got want
	sed 's/\([^,]*\),\([^,]*\),/"\1","\2",/' plain.csv >quoted
	flow-tap --replay quoted | grep '"trade"' >got
	cmp got want
	flow-tap --replay plain.csv >one
	TZ=Asia/Tokyo flow-tap --replay plain.csv >two
	cmp one two
}

@test "livevol with calculated columns, and symbols as operands" {
	# trade_iv and trade_delta stand between best_ask and underlying_bid.
	awk -F, -v OFS=, '{
		$14 = $14 "," (NR == 1 ? "trade_iv,trade_delta" : "0.25,0.51")
	} 1' "$livevol/option_trades.csv" >calcs.csv
	flow-tap --replay calcs.csv >out
	grep '"record":"trade"' out >got
	diff got "$livevol/trades.ndjson"
	run -0 --separate-stderr flow-tap --replay calcs.csv BRK.B SPX
	is "$(printf '%s\n' "$output" | trades | jq -r .root | tr '\n' ' ')" \
		'SPXW BRKB BRKB BRKB '
}

# livevol ROW REASON [GOOD]: the row after a good one.
header=$(head -n 1 "$livevol/option_trades.csv")
start='KO,2024-06-14 10:00:00.500,1001,KO,2024-06-21,60.000,C'
bad_livevol() {
	printf '%s\n' "$header" "$start,5,1,2.10,18,0,2.00,2.10,62,63,0" "$1" \
		"${start/500,1001/900,1002},5,3,2.10,18,0,2.00,2.10,62,63,0" >bad.csv
	run -3 --separate-stderr flow-tap --replay bad.csv
	is "$stderr" "flow-tap: warning: bad.csv:3: $2"
	printf '%s\n' "$output" >out
	left "${3:-1,3}"
}

@test "livevol: malformed rows are said, left out, and the rest is handled" {
	local n=1002 rest=2.00,2.10,62,63,0
	row="${start/1001/1003}"
	bad_livevol "$row,5,2,2.10,18,0,2.00" 'row too short: 13 cells, needs 17'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,62,63,2,5,1,2.00,1,2.10" \
		'row too short: 22 cells, needs 27'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,62,63,1,5,1,2.00,1,2.10,6,1,2.00,1,2.10" \
		'row too long: 27 cells, needs 22'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,62,63,-1" 'markets: below 0'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,62,63,x" \
		'markets: not a number, or too long'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,62,63,1000" \
		'markets: out of range'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,62,63,1,5,1,two,1,2.10" \
		'ex_bid: not a number, or too long'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,62,63,1,5,-1,2.00,1,2.10" \
		'ex_bid_size: below 0'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,62,63,1,5,1,2.00,1.5,2.10" \
		'ex_ask_size: more than 0 decimals'
	bad_livevol "$row,5,2,2.10,18,0,-2.00,2.10,62,63,0" 'bid: below 0'
	bad_livevol "$row,5,2,2.10,18,0,2.00,abc,62,63,0" \
		'ask: not a number, or too long'
	bad_livevol "$row,5,2,2.10,18,0,2.00,2.10,-62,63,0" \
		'underlying_bid: below 0'
	bad_livevol "$row,5,2,2.10,18,no,$rest" \
		'is_cancelled: not a number, or too long'
	bad_livevol "$row,5,0,2.10,18,0,$rest" 'size: not above 0'
	bad_livevol "$row,5,-2,2.10,18,0,$rest" 'size: not above 0'
	bad_livevol "$row,5,2,0.0000,18,0,$rest" 'price: not above 0'
	bad_livevol "$row,5,2,,18,0,$rest" 'price: empty'
	bad_livevol "${row/1003/x},5,2,2.10,18,0,$rest" \
		'sequence: not a number, or too long'
	bad_livevol "${row/60.000,C/60.000,X},5,2,2.10,18,0,$rest" \
		'option_type: neither call nor put'
	bad_livevol "${row/60.000/sixty},5,2,2.10,18,0,$rest" \
		'strike: not a number, or too long'
	bad_livevol "${row/2024-06-21/2024-06-31},5,2,2.10,18,0,$rest" \
		'expiration: not a date'
	bad_livevol "${row/2024-06-21/2024-06-07},5,2,2.10,18,0,$rest" \
		'expiration: 2024-06-07 is before the trade date 2024-06-14'
	bad_livevol "${row/10:00:00.500/25:00:00.500},5,2,2.10,18,0,$rest" \
		'timestamp: not a time'
	bad_livevol "${row/2024-06-14 /},5,2,2.10,18,0,$rest" \
		'timestamp: a time without a date'
	bad_livevol "${row/KO,/ko,},5,2,2.10,18,0,$rest" 'symbol: not a symbol'
	bad_livevol "\"$row,5,2,2.10,18,0,$rest" 'a quoted cell is not closed'
}

@test "livevol: what is not known is said, and the print stays" {
	row="${start/1001/1003}"
	bad_livevol "$row,5,2,2.10,222,0,2.00,2.10,62,63,0" \
		'conditions: 222 is unknown: counts for volume only' 1,2,3
	bad_livevol "$row,200,2,2.10,18,0,2.00,2.10,62,63,0" \
		'exchange: 200 is unknown: left out' 1,2,3
}

@test "livevol: the same print twice, once marked: the marked one stays" {
	row="${start/1001/1003}"
	end=2.00,2.10,62,63,0
	for order in '0 40' '40 0'; do
		# shellcheck disable=SC2086 # words are meant
		set -- $order
		printf '%s\n' "$header" "$row,5,2,2.10,18,$1,$end" \
			"$row,5,2,2.10,18,$2,$end" >twice.csv
		run -3 --separate-stderr flow-tap --replay twice.csv
		has "$stderr" 'trade_id: O:KO240621C00060000:1718373600500:CBOE:1003 came before'
		is "$(printf '%s\n' "$output" | trades |
			jq -c '[.size, .is_cancelled]')" '[2,true]'
	done
}

@test "livevol: no ask, no quote at all" {
	row="${start/1001/1003}"
	printf '%s\n' "$header" \
		"$row,5,1,2.10,18,0,2.00,0.0000,0,63,2,5,1,2.00,0,0,6,2,2.00,0,0" \
		"${row/500,1003/600,1004},5,1,2.10,18,0,0,0,62,63,1,5,0,0,0,0" >a.csv
	run -0 --separate-stderr flow-tap --replay a.csv
	is "$(printf '%s\n' "$output" | trades | jq -c '[.bid, .ask, .bid_size,
		.ask_size, .ex_bid, .ex_ask, .underlying_price]')" \
		'[2,null,3,null,2,null,null]
[null,null,null,null,null,null,62.5]'
}

@test "livevol: a missing column, and files of others" {
	sed '1s/,best_ask//' "$livevol/option_trades.csv" >a.csv
	run -2 --separate-stderr flow-tap --replay a.csv --input livevol
	is "$output" ''
	is "$stderr" 'flow-tap: error: a.csv:1: no column "best_ask" in the header'
	run -2 --separate-stderr flow-tap --replay a.csv
	is "$stderr" 'flow-tap: error: a.csv: neither flow records nor a livevol or massive-flat file; for another csv file say --columns'
	run -3 --separate-stderr flow-tap --replay /dev/null --input livevol
	is "$stderr" 'flow-tap: warning: /dev/null:1: empty input'
	run -2 --separate-stderr flow-tap --replay a.csv --input livevol \
		--columns price=p
	is "$stderr" 'flow-tap: error: --columns: only for csv files'
}

@test "livevol: gzip cut short: what could be unpacked, exit 3" {
	gzip -c "$livevol/option_trades.csv" >whole.gz
	head -c $(($(wc -c <whole.gz) * 3 / 4)) whole.gz >part.gz
	run -3 --separate-stderr flow-tap --replay part.gz
	has "$stderr" 'gzip data is cut short'
	has "$stderr" 'half-written row'
	printf '%s\n' "$output" | grep '"record":"trade"' | sort >got
	[ -s got ]
	is "$(sort "$livevol/trades.ndjson" | comm -13 - got)" ''
}

# ---- massive-flat ----

@test "massive-flat: prints and their quotes as worked out by hand" {
	run -0 --separate-stderr flow-tap --replay "$massive/trades.csv" \
		--quotes "$massive/quotes.csv"
	is "$stderr" ''
	printf '%s\n' "$output" >out
	conserved out
	grep '"record":"trade"' out >got
	diff got "$massive/trades.ndjson"
	has "$(head -n 1 out)" '"capabilities":{"quotes":true,"conditions":true,"exchange":true,"time_resolution_ms":0.000001,"coverage":"file"}'
	is "$(tail -n 1 out | jq -c 'del(.run)')" \
		'{"record":"bye","n":6,"reason":"end","exit":0}'
	# Packed, and in any order of columns, rows and quotes' files.
	gzip -c "$massive/trades.csv" >trades.csv.gz
	awk -F, '{ print $9 "," $1 "," $6 "," $7 "," $3 "," $4 }' \
		"$massive/quotes.csv" >turned
	sed -n '1p;2,5p' turned >q1
	sed -n '1p;6,$p' turned | gzip >q2
	flow-tap --input massive-flat --replay trades.csv.gz --quotes q2 \
		--quotes q1 | grep '"record":"trade"' >got
	diff got "$massive/trades.ndjson"
}

@test "massive-flat without quotes, and with quotes passed on" {
	run -0 --separate-stderr flow-tap --replay "$massive/trades.csv"
	is "$stderr" ''
	is "$(printf '%s\n' "$output" | head -n 1 | jq -c '.capabilities.quotes')" \
		false
	printf '%s\n' "$output" | trades >got
	diff got <(jq -c 'del(.bid, .ask, .bid_size, .ask_size,
		.quote_timestamp)' "$massive/trades.ndjson")
	run -0 --separate-stderr flow-tap --replay "$massive/trades.csv" \
		--quotes "$massive/quotes.csv" --quotes-out all KO
	printf '%s\n' "$output" >out
	conserved out
	is "$(jq -c 'select(.record == "quote") | [.timestamp, .bid, .ask, .scope]' out)" \
		'[1718373600100,2,2.1,"NBBO"]
[1718373600100,2.02,2.08,"NBBO"]
[1718373600500,2.04,2.12,"NBBO"]
[1718373600500,2.1,2.2,"NBBO"]'
}

@test "massive-flat: a clock of milliseconds in nanoseconds keeps its distance" {
	printf '%s\n' ticker,conditions,correction,exchange,price,sip_timestamp,size \
		O:KO240621C00060000,209,0,302,2.1,1718373600500000000,10 >t.csv
	printf '%s\n' "$(head -n 1 "$massive/quotes.csv")" \
		O:KO240621C00060000,302,2.1,12,308,2,11,1,1718373600499000000 \
		O:KO240621C00060000,302,2.2,12,308,2,11,1,1718373600500000000 >q.csv
	run -0 --separate-stderr flow-tap --replay t.csv --quotes q.csv
	is "$(printf '%s\n' "$output" | trades | jq -c '[.ask, .ts_ns]')" \
		'[2.1,null]'
	is "$(printf '%s\n' "$output" | head -n 1 |
		jq -c .capabilities.time_resolution_ms)" 1
}

# bad_massive ROW REASON [SIZES]: the row between two good ones.
bad_massive() {
	printf '%s\n' ticker,conditions,correction,exchange,price,sip_timestamp,size \
		O:KO240621C00060000,209,0,302,2.1,1718373600500000001,1 "$1" \
		O:KO240621C00060000,209,0,302,2.1,1718373600900000000,3 >bad.csv
	run -3 --separate-stderr flow-tap --replay bad.csv
	is "$stderr" "flow-tap: warning: bad.csv:3: $2"
	printf '%s\n' "$output" >out
	left "${3:-1,3}"
}

@test "massive-flat: malformed rows are said, left out, and the rest is handled" {
	ko=O:KO240621C00060000
	bad_massive $ko,209,0,302,2.1,1718373600600000000 \
		'row too short: 6 cells, needs 7'
	# One digit too many in the strike: the vendor's own documentation has it.
	bad_massive O:AAPL240621C000150000,209,0,302,2.1,1718373600600000000,2 \
		'not an option symbol: does not end in yymmdd, C or P, 8 digits'
	bad_massive ,209,0,302,2.1,1718373600600000000,2 'osi: empty'
	bad_massive $ko,209,0,302,,1718373600600000000,2 'price: empty'
	bad_massive $ko,209,0,302,0,1718373600600000000,2 'price: not above 0'
	bad_massive $ko,209,0,302,-2.1,1718373600600000000,2 \
		'price: not above 0'
	bad_massive $ko,209,0,302,2.1,1718373600600000000,0 'size: not above 0'
	bad_massive $ko,209,0,302,2.1,1718373600600000000,1.5 \
		'size: more than 0 decimals'
	bad_massive $ko,209,0,302,2.1,,2 'timestamp: not a number, or too long'
	bad_massive $ko,209,0,302,2.1,1718373600600,2 \
		'timestamp: outside the exchange calendar, 2012 to 2028'
	bad_massive $ko,209,0,302,2.1,-1,2 'timestamp: before 1970'
	bad_massive O:KO240607C00060000,209,0,302,2.1,1718373600600000000,2 \
		'expiration: 2024-06-07 is before the trade date 2024-06-14'
	bad_massive "$ko,\"209,0,302,2.1,1718373600600000000,2" \
		'a quoted cell is not closed'
	bad_massive $ko,213,0,302,2.1,1718373600600000000,2 \
		'conditions: 213 is unknown: counts for volume only' 1,2,3
	bad_massive $ko,209,0,65,2.1,1718373600600000000,2 \
		'exchange: 65 is unknown: left out' 1,2,3
	bad_massive $ko,209,12,302,2.1,1718373600600000000,2 \
		'correction: unknown: taken as cancelled' 1,2,3
	is "$(trades out | jq -c '[.size, .is_cancelled]' | tr '\n' ' ')" \
		'[1,null] [2,true] [3,null] '
}

# bad_quotes ROW REASON: between two good ones; prints have the last.
bad_quotes() {
	ko=O:KO240621C00060000
	printf '%s\n' "$(head -n 1 "$massive/quotes.csv")" \
		$ko,302,2.1,12,308,2,11,1,1718373600100000001 "$1" \
		$ko,302,2.2,12,308,2,11,1,1718373600400000000 >q.csv
	run -3 --separate-stderr flow-tap --replay "$massive/trades.csv" \
		--quotes q.csv KO
	is "$stderr" "flow-tap: warning: q.csv:3: $2"
	printf '%s\n' "$output" >out
	conserved out
	is "$(trades out | jq .ask | tr '\n' ' ')" '2.1 2.1 2.2 '
}

@test "massive-flat: malformed quotes" {
	ko=O:KO240621C00060000
	bad_quotes $ko,302,2.1,12,308,2,11,1 'row too short: 8 cells, needs 9'
	bad_quotes $ko,302,two,12,308,2,11,1,1718373600400000001 \
		'ask: not a number, or too long'
	bad_quotes $ko,302,2.1,12,308,-2,11,1,1718373600400000001 'bid: below 0'
	bad_quotes $ko,302,2.1,1.5,308,2,11,1,1718373600400000001 \
		'ask_size: more than 0 decimals'
	bad_quotes $ko,302,2.1,12,308,2,11,1, \
		'quote_timestamp: not a number, or too long'
	bad_quotes KO,302,2.1,12,308,2,11,1,1718373600400000001 \
		'not an option symbol: 2 characters'
}

@test "massive-flat: missing columns, --quotes without prints, cut files" {
	sed '1s/sip_timestamp/time/' "$massive/trades.csv" >t.csv
	run -2 --separate-stderr flow-tap --replay t.csv --input massive-flat
	is "$stderr" 'flow-tap: error: t.csv:1: no column "sip_timestamp" in the header'
	sed '1s/bid_size/bid/' "$massive/quotes.csv" >q.csv
	run -2 --separate-stderr flow-tap --replay "$massive/trades.csv" \
		--quotes q.csv
	is "$output" ''
	is "$stderr" 'flow-tap: error: q.csv:1: no column "bid_size" in the header'
	run -2 --separate-stderr flow-tap --replay "$livevol/option_trades.csv" \
		--quotes "$massive/quotes.csv"
	is "$stderr" 'flow-tap: error: --quotes: only with a massive-flat file'
	gzip -c "$massive/quotes.csv" >whole.gz
	head -c $(($(wc -c <whole.gz) * 3 / 4)) whole.gz >q.gz
	run -3 --separate-stderr flow-tap --replay "$massive/trades.csv" \
		--quotes q.gz
	has "$stderr" 'q.gz:'
	has "$stderr" 'gzip data is cut short'
	is "$(printf '%s\n' "$output" | trades | wc -l)" 6
}

@test "run: the files of quotes are part of it" {
	flow-tap --replay "$massive/trades.csv" | head -n 1 | jq .run >one
	flow-tap --replay "$massive/trades.csv" --quotes "$massive/quotes.csv" |
		head -n 1 | jq .run >two
	[ "$(cat one)" != "$(cat two)" ]
}

# ---- files too large for memory ----

# many FILE: 300,000 prints of 40 contracts, grouped by contract, 22 MB put
# aside.  Every millisecond has one; its number by time is its size.
many() {
	awk 'BEGIN {
		print "ticker,conditions,correction,exchange,price,sip_timestamp,size"
		for (c = 0; c < 40; c++)
			for (i = 0; i < 7500; i++) {
				ms = 40 * i + c
				printf "O:SPY240621C%08d,209,0,302,%d.%02d,%d%03d000007,%d\n",
				    500000 + 1000 * c, 1 + i % 9, i % 100,
				    1718373600 + int(ms / 1000), ms % 1000, ms + 1
			}
	}' >"$1"
}

@test "a large file goes through sort(1): every print, in order of time" {
	many big.csv
	flow-tap --replay big.csv >out
	grep '"heartbeat"' out >beats
	conserved beats
	grep -o '"size":[0-9]*' out | sed 's/.*://' >got
	cmp got <(seq 300000)
	# The same rows in two files, each small enough for memory.
	for part in 0 1; do
		awk -v part=$part 'NR == 1 || NR % 2 == part' big.csv >$part.csv
	done
	flow-tap --replay 0.csv --replay 1.csv >parts
	cmp <(grep '"trade"' out) <(grep '"trade"' parts)
}

@test "sort(1) fails: exit 4, and nothing of the stream" {
	many big.csv
	# Twice as many rows as sort keeps in its own memory.
	tail -n +2 big.csv >rest
	cat rest >>big.csv
	export TMPDIR=/nonexistent
	run -4 --separate-stderr flow-tap --replay big.csv
	is "$output" ''
	has "$stderr" /nonexistent
	has "$stderr" 'flow-tap: error: unable to sort: sort ended with status 2'
}

@test "stopped while sort(1) works: it ends, and its files are gone" {
	many big.csv
	tail -n +2 big.csv >rest
	mkdir tmp
	mkfifo slow
	TMPDIR=$PWD/tmp flow-tap --replay slow --input massive-flat >out &
	pid=$!
	exec 7>slow
	cat big.csv rest >&7
	# Nothing ends the input; what sort was given it has soon written.
	for ((n = 0; n < 2000; n++)); do
		[ -z "$(ls tmp)" ] || break
	done
	[ -n "$(ls tmp)" ]
	kill -TERM $pid
	exec 7>&-
	status=0
	wait $pid || status=$?
	is $status 143
	is "$(ls tmp)" ''
	is "$(cat out)" ''
}

@test "progress is for terminals only" {
	need_terminal
	many big.csv
	run -0 --separate-stderr flow-tap --replay big.csv KO
	is "$stderr" ''
	printf '%s\n' "$output" >out
	# script(1) makes standard error a terminal.
	script -qec 'flow-tap --replay big.csv KO >out2' said >/dev/null
	has "$(cat said)" 'big.csv: 50 % read'
	has "$(cat said)" 'big.csv: sorting'
	cmp out out2
	script -qec 'flow-tap -q --replay big.csv KO >out3' said >/dev/null
	is "$(grep -c '% read' said || true)" 0
}

@test "the vendor's samples: options are read, what is none is refused" {
	cd "$data/massive"
	run -0 --separate-stderr flow-tap --replay flat_options_trades_v1.csv \
		--quotes flat_options_quotes_v1.csv
	is "$stderr" ''
	# 309 is MRX, 302 CBOE; 227 SLAN, 219 ISOI (massive-api.md 6 and 7)
	is "$(jq -c 'select(.record == "trade") | [.contract_ticker,
		.timestamp, .price, .size, .exchange, .conditions[0], .bid,
		.ask, .quote_timestamp]' <<<"$output")" \
		'["O:SPY261002C00560000",1790000000001,4.4,250,"CBOE","ISOI",4.35,4.4,1790000000000]
["O:ZZZ261016C00100000",1790000000511,16.25,5,"MRX","SLAN",null,null,null]'
	# Parts of shares, and tables of bars, are no option prints.
	run -3 --separate-stderr flow-tap --replay flat_stocks_trades_v1.csv
	is "$stderr" 'flow-tap: warning: flat_stocks_trades_v1.csv:2: size: more than 0 decimals'
	is "$(grep -c '"trade"' <<<"$output")" 0
	for file in flat_stocks_quotes_v1.csv flat_options_day_aggs_v1.csv; do
		run -2 --separate-stderr flow-tap --replay "$file"
		is "$stderr" "flow-tap: error: $file: neither flow records nor a livevol or massive-flat file; for another csv file say --columns"
	done
}
