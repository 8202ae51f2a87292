#!/usr/bin/env bats
# flow-tap: offline sources.  Times of the small inputs are of Friday
# 2024-06-14, when New York is UTC-4; 1718371800 is 13:30:00Z, the open.
load helper

spy=$data/real/thetadata/spy_option_trades_nbbo_20240614.csv
ibm=$data/real/lean_equity_ticks
spy_columns=timestamp_ms=trade_ts_utc_ms,quote_timestamp_ms=quote_ts_utc_ms
spy_columns+=,osi=osi,symbol=symbol,price=price,size=size,bid=bid,ask=ask
spy_columns+=,bid_size=bid_size,ask_size=ask_size,exchange=exchange
spy_columns+=,conditions=condition,sequence=sequence
small=timestamp_ms=t,osi=o,price=p,size=s
contract=SPY240621C00500000

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

tap_spy() {
	flow-tap --replay "$spy" --input csv --codes thetadata \
		--columns "$spy_columns" "$@"
}

# csv FILE ROW...: the columns t, o, p, s.
csv() {
	local file=$1
	shift
	printf '%s\n' t,o,p,s "$@" >"$file"
}

trades() {
	jq -c 'select(.record == "trade")' "$@"
}

# Each heartbeat adds up, and the last one's stages count on where the one
# before them stopped (reliability B10).
conserved() {
	is "$(grep '"record":"heartbeat"' "$1" | jq -c '
		select(.record == "heartbeat") | .hop[] |
		select(.in + .add != .out + ([.drop[]] | add // 0))')" ''
}

# ---- real prints ----

@test "the 60 SPY prints: conditions, quotes and premium as the raw file says" {
	run -0 --separate-stderr tap_spy
	is "$stderr" ''
	printf '%s\n' "$output" >out
	conserved out
	trades out >prints

	# Names of the vendor's code table, by OPRA's mnemonics for them.
	awk -F, 'NR > 1 {
		name[130] = "MLET"; name[131] = "MLAT"; name[125] = "SLAN"
		name[18] = "AUTO"
		printf "%s %s %s %s %.0f\n", $1, name[$12], $19, $18,
		    $19 * $18 * 100
	}' "$spy" >want
	jq -r '"\(.timestamp) \(.conditions | join(",")) \(.price) \(.size) \(.premium)"' \
		prints >got
	diff got want
	is "$(wc -l <got)" 60

	is "$(jq -s 'map(.premium) | add' prints)" \
		"$(awk -F, 'NR > 1 { s += $19 * $18 * 100 } END { printf "%.0f", s }' "$spy")"

	# The last quote of the file before the print's millisecond.
	awk -F, 'NR > 1 { q[NR] = $4; quote[NR] = $20 " " $24; t[NR] = $1 }
	END {
		for (i = 2; i <= NR; i++) {
			best = -1; text = "null null"; when = "null"
			for (k = 2; k <= NR; k++)
				if (q[k] < t[i] && q[k] >= best) {
					best = when = q[k]; text = quote[k]
				}
			print when, text
		}
	}' "$spy" >want
	jq -r '"\(.quote_timestamp) \(.bid) \(.ask)"' prints >got
	diff got want
}

@test "SPY prints: identity, session and id of each" {
	run -0 --separate-stderr tap_spy
	printf '%s\n' "$output" | trades | head -n 1 >first
	is "$(cat first)" '{"record":"trade","trade_id":"O:SPY240621C00500000:1718373303122:ISE:-1986932228","symbol":"SPY","root":"SPY","contract_ticker":"O:SPY240621C00500000","timestamp":1718373303122,"sequence":-1986932228,"trade_date":"2024-06-14","session":"RTH","price":41.71,"size":10,"multiplier":100,"premium":41710,"strike":500,"expiration":"2024-06-21","option_type":"call","dte":7,"settlement":"PM","exercise_style":"A","exchange":"ISE","conditions":["MLET"],"bid":41.2,"ask":42.09,"bid_size":431,"ask_size":430,"quote_timestamp":1718373299396}'
	is "$(printf '%s\n' "$output" | head -n 1 |
		jq -c '[.record, .schema_version, .stage, .feed, .mode, .symbols, .capabilities]')" \
		'["hello",1,"flow-tap","replay","replay",["*"],{"quotes":true,"conditions":true,"exchange":true,"time_resolution_ms":1,"coverage":"file"}]'
	is "$(printf '%s\n' "$output" | tail -n 1 | jq -c 'del(.run)')" \
		'{"record":"bye","n":60,"reason":"end","exit":0}'
}

@test "the 33,381 IBM ticks replay whole" {
	"$top/tests/ibm-ticks" "$ibm/trades.csv.gz" "$ibm/quotes.csv.gz" >ibm.csv
	run -0 --separate-stderr bash -c 'flow-tap --replay ibm.csv \
		--multiplier 1 --columns timestamp_ms=ts_utc_ms,contract=symbol \
		--columns price=price,size=size,exchange=exchange \
		--columns conditions=condition,bid=bid,ask=ask,bid_size=bid_size \
		--columns ask_size=ask_size,quote_timestamp_ms=quote_timestamp >out'
	is "$stderr" ''
	conserved out
	# One reading by jq: it takes a second.
	jq -r 'select(.record == "trade") | [.timestamp, .bid, .ask,
		.quote_timestamp, .size, (.premium * 10000 | round), .session,
		(.conditions // [] | join("|")),
		if .dte or .option_type or .strike or .root then "option"
		else "" end] | join(",")' out >prints
	is "$(wc -l <prints)" 33381
	zcat "$ibm/trades.csv.gz" >raw
	is "$(awk -F, '{ s += $5 } END { print s }' prints)" \
		"$(awk -F, 'NR > 1 { s += $6 } END { print s }' raw)"
	is "$(awk -F, '$8 ~ /(^|[|])ISOI([|]|$)/' prints | wc -l)" \
		"$(awk -F, '$9 ~ /(^|[|])ISO([|]|$)/' raw | wc -l)"
	is "$(awk -F, '$8 ~ /(^|[|])EXHT([|]|$)/' prints | wc -l)" \
		"$(awk -F, '$9 ~ /EXTENDED/' raw | wc -l)"
	# Prices have 4 decimals at most: whole ten-thousandths are exact.
	is "$(awk -F, '{ s += $6 } END { printf "%.0f", s }' prints)" \
		"$(awk -F, 'NR > 1 { s += int($5 * 10000 + 0.5) * $6 }
		END { printf "%.0f", s }' raw)"
	# Regular hours are 13:30 to 20:00 UTC that day, by milliseconds.
	is "$(cut -d , -f 7 prints | sort | uniq -c | xargs)" \
		"$(awk -F, 'NR > 1 && $2 < 34200000 { pre++ }
		NR > 1 && $2 >= 57600000 { post++ }
		END { printf "%d POST %d PRE %d RTH", post, pre,
		    NR - 1 - post - pre }' raw)"
	# Every print has the quote of its own row, which stands before it.
	cut -d , -f 1-4 prints >got
	awk -F, 'NR > 1 { print $1 "," $8 "," $10 "," $12 }' ibm.csv >want
	diff got want
	is "$(cut -d , -f 9 prints | sort -u)" ''
}

# ---- recordings ----

@test "record, then replay: the same bytes, only hello says replayed" {
	tap_spy --record day.ndjson >out
	cmp out day.ndjson
	[ ! -e day.ndjson.part ]
	run -0 --separate-stderr bash -c 'flow-tap --replay day.ndjson >again'
	is "$stderr" ''
	is "$(head -n 1 again)" "$(head -n 1 out | sed 's/}$/,"replayed":true}/')"
	cmp <(tail -n +2 out) <(tail -n +2 again)
	flow-tap --replay again >third
	cmp again third
	flow-tap --replay - <day.ndjson >stdin
	cmp again stdin
	gzip -k day.ndjson
	flow-tap --replay day.ndjson.gz >packed
	cmp again packed
}

@test "two runs give the same bytes, under any TZ" {
	tap_spy >one
	TZ=Australia/Lord_Howe tap_spy >two
	cmp one two
}

@test "several recordings are parts, and cannot be mixed" {
	csv a.csv "1718371800100,$contract,1.00,1"
	flow-tap --replay a.csv --columns "$small" --record a.ndjson >/dev/null
	run -0 --separate-stderr flow-tap --replay a.ndjson --replay a.ndjson
	is "$(printf '%s\n' "$output" | jq -r .record | tr '\n' ' ')" \
		'hello heartbeat trade bye hello heartbeat trade bye '
	run -2 --separate-stderr flow-tap --replay a.ndjson --replay a.csv \
		--columns "$small"
	is "$output" ''
	is "$stderr" 'flow-tap: error: a.ndjson: a recording has its own heartbeats and cannot be mixed with other files'
}

@test "a recording without bye: what is whole passes, then a status, exit 3" {
	csv a.csv "1718371800100,$contract,1.00,1"
	flow-tap --replay a.csv --columns "$small" >whole
	head -n 3 whole >part
	run -3 --separate-stderr flow-tap --replay part
	is "$(printf '%s\n' "$output" | jq -c '[.record, .code, .stage]' | tail -n 2)" \
		'["trade",null,null]
["status","no_bye","flow-tap-replay"]'
	has "$stderr" 'the input ended without a bye'
	# Then another part: the status stands between them.
	run -3 --separate-stderr flow-tap --replay part --replay whole
	is "$(printf '%s\n' "$output" | jq -r .record | tr '\n' ' ')" \
		'hello heartbeat trade status hello heartbeat trade bye '
}

@test "B4: a recording cut at every byte: only whole records out, exit 3" {
	csv a.csv "1718371800100,$contract,1.00,1"
	flow-tap --replay a.csv --columns "$small" >whole
	size=$(wc -c <whole)
	head -n 1 whole | sed 's/}$/,"replayed":true}/' >want
	tail -n +2 whole >>want
	local want=() got=() line ends=() length=0 cuts=0
	readarray -t want <want
	while IFS= read -r line; do
		length=$((length + ${#line} + 1))	# bytes: LC_ALL is C
		ends+=("$length")
	done <whole
	for ((n = ends[0] + 1, whole = 1; n < size - 1; n += 7)); do
		head -c $n whole >part
		while [ $n -ge "${ends[whole]}" ]; do
			whole=$((whole + 1))
		done
		rest=$((n - ends[whole - 1]))
		run -3 --separate-stderr flow-tap --replay part
		readarray -t got <<<"$output"
		is "${#got[@]}" $((whole + 1))
		is "${got[*]:0:whole}" "${want[*]:0:whole}"
		printf '%s\n' "${got[whole]}" >>last
		cuts=$((cuts + 1))
		[ $rest -eq 0 ] ||
			has "$stderr" "part:$((whole + 1)): half-written line of $rest bytes at byte $((n - rest)): "
	done
	[ $cuts -gt 50 ]
	is "$(jq -r .code last | sort | uniq -c | xargs)" "$cuts no_bye"
}

@test "symbols, --since and --until drop from a recording and say so in hop" {
	csv a.csv "1718371800100,$contract,1.00,1" \
		"1718371801100,KO240621P00060000,2.00,2" \
		"1718371802100,$contract,3.00,3" "1718371803100,$contract,4.00,4"
	flow-tap --replay a.csv --columns "$small" >rec
	run -0 --separate-stderr flow-tap --replay rec SPY
	is "$stderr" ''
	printf '%s\n' "$output" >out
	conserved out
	is "$(trades out | jq .size | tr '\n' ' ')" '1 3 4 '
	is "$(jq -c 'select(.record == "heartbeat") | [.hop[].stage]' out)" \
		'["flow-tap"]
["flow-tap"]
["flow-tap","flow-tap-replay"]
["flow-tap","flow-tap-replay"]'
	is "$(jq -c 'select(.record == "heartbeat") | .hop[1]' out | tail -n 1)" \
		'{"stage":"flow-tap-replay","in":3,"out":2,"add":0,"drop":{"filter":1}}'
	run -0 --separate-stderr flow-tap --replay rec \
		-s 2024-06-14T13:30:01.1Z -u 1718371803100
	is "$(printf '%s\n' "$output" | trades | jq .size | tr '\n' ' ')" '2 3 '
	run -0 --separate-stderr flow-tap --replay rec --since 2024-06-15
	is "$(printf '%s\n' "$output" | trades)" ''
}

# ---- one stream ----

@test "symbols, --since and --until of a csv; half-open" {
	csv a.csv "1718371800100,$contract,1.00,1" \
		"1718371801100,KO240621P00060000,2.00,2" \
		"1718371802100,$contract,3.00,3"
	run -0 --separate-stderr flow-tap --replay a.csv --columns "$small" KO
	printf '%s\n' "$output" >out
	conserved out
	is "$(trades out | jq -r .symbol)" KO
	is "$(head -n 1 out | jq -c .symbols)" '["KO"]'
	run -0 --separate-stderr flow-tap --replay a.csv --columns "$small" \
		--since 1718371801100 --until 1718371802100
	is "$(printf '%s\n' "$output" | trades | jq .size)" 2
	run -0 --separate-stderr flow-tap --replay a.csv --columns "$small" \
		--since 2024-06-14 --until 2024-06-15
	is "$(printf '%s\n' "$output" | trades | wc -l)" 3
}

@test "--speed changes no byte" {
	csv a.csv "1718371800100,$contract,1.00,1" \
		"1718371802100,$contract,3.00,3"
	flow-tap --replay a.csv --columns "$small" >max
	flow-tap --replay a.csv --columns "$small" --speed 1000 >paced
	cmp max paced
	run -2 --separate-stderr flow-tap --replay a.csv --columns "$small" \
		--speed 0
	is "$stderr" 'flow-tap: error: --speed: neither max nor a number above 0'
}

@test "files are merged by time; of one millisecond, quotes come before prints" {
	csv a.csv "1718371800500,$contract,1.00,1" \
		"1718371800100,$contract,2.00,2"
	csv b.csv "1718371800500,$contract,3.00,3" \
		"1718371800300,$contract,4.00,4"
	printf '%s\n' '{"record":"quote","contract_ticker":"O:SPY240621C00500000","timestamp":1718371800300,"bid":1,"ask":2,"bid_size":3,"ask_size":4}' >q.ndjson
	run -0 --separate-stderr flow-tap --replay a.csv --replay b.csv \
		--replay q.ndjson --columns "$small"
	is "$stderr" ''
	is "$(printf '%s\n' "$output" | jq -c 'select(.record == "trade" or
		.record == "quote") | [.record, .timestamp, .size, .bid,
		.quote_timestamp]')" \
		'["trade",1718371800100,2,null,null]
["quote",1718371800300,null,1,null]
["trade",1718371800300,4,null,null]
["trade",1718371800500,1,1,1718371800300]
["trade",1718371800500,3,1,1718371800300]'
}

@test "a heartbeat each second of a trade date, one between two" {
	csv a.csv "1718371800900,$contract,1.00,1" \
		"1718371803000,$contract,1.00,1" \
		"1718631000500,$contract,1.00,1"
	run -0 --separate-stderr flow-tap --replay a.csv --columns "$small"
	is "$(printf '%s\n' "$output" | jq -c 'select(.timestamp) |
		[.record, .timestamp, .n, .market]')" \
		'["heartbeat",1718371800000,0,"open"]
["trade",1718371800900,null,null]
["heartbeat",1718371801000,1,"open"]
["heartbeat",1718371802000,1,"open"]
["heartbeat",1718371803000,1,"open"]
["trade",1718371803000,null,null]
["heartbeat",1718371804000,2,"open"]
["heartbeat",1718631000000,2,"open"]
["trade",1718631000500,null,null]'
	is "$(printf '%s\n' "$output" | tail -n 1 | jq .n)" 3
}

@test "run is a hash of names, sizes and what changes bytes" {
	csv a.csv "1718371800100,$contract,1.00,1"
	cp a.csv b.csv
	run_of() {
		flow-tap --columns "$small" "$@" | head -n 1 | jq -r .run
	}
	one=$(run_of --replay a.csv)
	[[ $one =~ ^[0-9a-f]{16}$ ]]
	is "$(run_of --replay a.csv --speed 1000)" "$one"
	for other in '--replay b.csv' '--replay a.csv SPY' \
		'--replay a.csv --multiplier 10' '--replay a.csv --since 2024-01-02'; do
		# shellcheck disable=SC2086 # words are meant
		[ "$(run_of $other)" != "$one" ]
	done
	echo >>a.csv
	[ "$(run_of --replay a.csv)" != "$one" ]
}

# ---- ids, dates, sessions ----

ids() {		# COLUMNS FILE
	flow-tap --replay "$2" --columns "$1" | trades | jq -r .trade_id
}

@test "EX-1.2 prints of one contract, millisecond and exchange count from 1" {
	printf '%s\n' t,o,p,s,x "1718371800100,$contract,1,1,CBOE" \
		"1718371800100,$contract,1,1,CBOE" \
		"1718371800100,$contract,1,1,ISE" \
		"1718371800100,KO240621P00060000,1,1,CBOE" \
		"1718371800100,$contract,1,1,CBOE" \
		"1718371800101,$contract,1,1,CBOE" >a.csv
	is "$(ids "$small,exchange=x" a.csv)" \
		'O:SPY240621C00500000:1718371800100:CBOE:1
O:SPY240621C00500000:1718371800100:CBOE:2
O:SPY240621C00500000:1718371800100:ISE:1
O:KO240621P00060000:1718371800100:CBOE:1
O:SPY240621C00500000:1718371800100:CBOE:3
O:SPY240621C00500000:1718371800101:CBOE:1'
}

@test "EX-1.3 the feed's sequence is the number" {
	printf '%s\n' t,o,p,s,x,n "1718371800100,$contract,1,1,CBOE,88123" >a.csv
	is "$(ids "$small,exchange=x,sequence=n" a.csv)" \
		O:SPY240621C00500000:1718371800100:CBOE:88123
}

# stage TIME SYMBOL: session, trade date, dte of a print.
stage() {
	csv one.csv "$1,$2,1.00,1"
	flow-tap --replay one.csv --columns timestamp_et=t,osi=o,price=p,size=s |
		trades | jq -r '[.session, .trade_date, .dte] | join(" ")'
}

@test "EX-2.1 to EX-2.5: session and trade date" {
	is "$(stage '2025-11-24 16:20:00' SPX251219C06475000)" 'CURB 2025-11-24 25'
	is "$(stage '2025-11-24 20:30:00' SPXW251219P06400500)" 'GTH 2025-11-25 24'
	is "$(stage '2025-11-23 20:30:00' SPXW251219P06400500)" 'GTH 2025-11-24 25'
	is "$(stage '2025-11-28 13:10:00' AAPL251219C00250000)" \
		'CLOSED 2025-11-28 21'
	is "$(stage '2025-11-28 13:10:00' SPY251219C00600000)" 'RTH 2025-11-28 21'
}

# identity SYMBOL TIME
identity() {
	csv one.csv "$2,$1,1.00,1"
	flow-tap --replay one.csv --columns timestamp_et=t,osi=o,price=p,size=s |
		trades | jq -r '[.contract_ticker, .root, .symbol, .expiration,
		.option_type, .strike, .settlement, .exercise_style,
		.is_adjusted // false] | join(" ")'
}

@test "EX-2.6 to EX-2.9: symbols" {
	is "$(identity O:SPX251219C06475000 '2025-11-24 10:00:00')" \
		'O:SPX251219C06475000 SPX SPX 2025-12-19 call 6475 AM E false'
	is "$(identity 'SPXW  251219P06400500' '2025-11-24 10:00:00')" \
		'O:SPXW251219P06400500 SPXW SPX 2025-12-19 put 6400.5 PM E false'
	is "$(identity O:BRKB260116C00500000 '2025-11-24 10:00:00')" \
		'O:BRKB260116C00500000 BRKB BRK.B 2026-01-16 call 500 PM A false'
	# EX-2.8 is of 2011, which the calendar does not know: in 2025 instead.
	is "$(identity O:XYZ1251219C00022500 '2025-11-24 10:00:00')" \
		'O:XYZ1251219C00022500 XYZ1 XYZ 2025-12-19 call 22.5 PM A true'
	is "$(trades < <(flow-tap --replay one.csv \
		--columns timestamp_et=t,osi=o,price=p,size=s) |
		jq -c '[.multiplier, .multiplier_assumed]')" '[100,true]'
}

@test "EX-2.10 to EX-2.12: dte, with a warning for an expiry on a holiday" {
	is "$(stage '2025-11-24 10:00:00' SPX251219C06475000)" 'RTH 2025-11-24 25'
	is "$(stage '2025-02-20 10:12:34' TSLA250221C00245000)" 'RTH 2025-02-20 1'
	is "$(stage '2025-03-14 13:18:45' META250417C00400000)" 'RTH 2025-03-14 34'
	csv one.csv "2025-03-14 13:18:45,META250418C00400000,1.00,1" \
		"2025-03-14 13:18:46,META250418C00400000,1.00,1"
	run -0 --separate-stderr flow-tap --replay one.csv \
		--columns timestamp_et=t,osi=o,price=p,size=s
	is "$(printf '%s\n' "$output" | trades | jq .dte | tr '\n' ' ')" '35 35 '
	is "$stderr" 'flow-tap: warning: one.csv:2: expiry_on_holiday: O:META250418C00400000 expires on 2025-04-18, when exchanges are closed'
}

@test "EX-0.7 and EX-0.8: New York text on both sides of both clock changes" {
	ts() {
		csv one.csv "$1,SPY261218C00500000,1.00,1"
		flow-tap --replay one.csv \
			--columns timestamp_et=t,osi=o,price=p,size=s |
			trades | jq .timestamp
	}
	is "$(ts '2025-03-07 09:30:00')" 1741357800000
	is "$(ts '2025-03-10 09:30:00')" 1741613400000
	is "$(ts '2025-10-31 09:30:00')" 1761917400000
	is "$(ts '2025-11-03 09:30:00')" 1762180200000
}

# ---- csv ----

@test "a contract by its parts, quoted, CRLF, mark, any order of columns" {
	printf '\xef\xbb\xbfsize,"pri""ce",k,right,root,day,time,exp\r\n' >a.csv
	printf '3,"1.5",60.5,Put,KO,2024-06-14,09:30:00.25,06/21/2024\r\n' >>a.csv
	printf '"4",2,62,c,BRK.B,2024-06-14,09:30:01,20240621\r\n' >>a.csv
	run -0 --separate-stderr flow-tap --replay a.csv --columns \
		'timestamp_et=time,date_et=day,root=root,expiration=exp,strike=k,option_type=right,size=size,price=pri"ce'
	is "$stderr" ''
	is "$(printf '%s\n' "$output" | trades | jq -c '[.contract_ticker, .symbol,
		.timestamp, .price, .size, .premium]')" \
		'["O:KO240621P00060500","KO",1718371800250,1.5,3,450]
["O:BRKB240621C00062000","BRK.B",1718371801000,2,4,800]'
	is "$(printf '%s\n' "$output" | head -n 1 |
		jq -c .capabilities)" \
		'{"quotes":false,"conditions":false,"exchange":false,"time_resolution_ms":10,"coverage":"file"}'
}

@test "nanoseconds stay in ts_ns, and the quote of the same millisecond counts" {
	printf '%s\n' t,o,p,s,b,a,q \
		"1718371800100000900,$contract,1,1,0.9,1.1,1718371800100000899" \
		"1718371800100000950,$contract,1,1,0.8,1.2,1718371800100000951" >a.csv
	run -0 --separate-stderr flow-tap --replay a.csv --columns \
		timestamp_ns=t,osi=o,price=p,size=s,bid=b,ask=a,quote_timestamp_ns=q
	is "$(printf '%s\n' "$output" | trades | jq -c '[.timestamp, .ts_ns, .bid,
		.quote_timestamp]')" \
		'[1718371800100,"1718371800100000900",0.9,1718371800100]
[1718371800100,"1718371800100000950",0.9,1718371800100]'
	has "$(printf '%s\n' "$output" | head -n 1)" \
		'"time_resolution_ms":0.000001,'
}

@test "conditions of several columns and codes; massive and opra numbering" {
	printf '%s\n' t,o,p,s,c,d,x "1718371800100,$contract,1,1,I S,,302" \
		"1718371800101,$contract,1,1,S|S;I,a,C" >a.csv
	run -3 --separate-stderr flow-tap --replay a.csv --codes opra --columns \
		"$small,conditions=c,conditions=d,exchange=x"
	is "$(printf '%s\n' "$output" | trades | jq -c '[.conditions, .exchange]')" \
		'[["AUTO","ISOI"],null]
[["ISOI","AUTO","SLAN"],"CBOE"]'
	is "$stderr" 'flow-tap: warning: a.csv:2: exchange: 302 is unknown: left out'
	printf '%s\n' t,o,p,s,c,d,x "1718371800100,$contract,1,1,219,232,302" >a.csv
	run -0 --separate-stderr flow-tap --replay a.csv --codes massive --columns \
		"$small,conditions=c,conditions=d,exchange=x"
	is "$(printf '%s\n' "$output" | trades | jq -c '[.conditions, .exchange]')" \
		'[["ISOI","MLET"],"CBOE"]'
}

@test "a cancelling print passes with is_cancel" {
	printf '%s\n' t,o,p,s,c,n,r "1718371800100,$contract,1,1,AUTO,7," \
		"1718371800101,$contract,1,1,CNCL,8,7" >a.csv
	run -0 --separate-stderr flow-tap --replay a.csv --columns \
		"$small,conditions=c,sequence=n,ref_sequence=r"
	is "$(printf '%s\n' "$output" | trades |
		jq -c '[.sequence, .ref_sequence, .is_cancel]')" \
		'[7,null,null]
[8,7,true]'
}

quote_rows() {
	printf '%s\n' t,o,p,s,b,a,q,x,e,f \
		"1718371800100,$contract,1,1,0.9,1.1,1718371800000,CBOE,0.8,1.2" \
		"1718371800200,$contract,1,1,0.9,1.1,1718371800000,CBOE,0.8,1.2" \
		"1718371800300,$contract,1,1,1.0,1.2,1718371800300,CBOE,,"
}

@test "the quote of a row; of its own millisecond it is too late; --quote-lag" {
	quote_rows >a.csv
	columns=$small,bid=b,ask=a,quote_timestamp_ms=q
	bids() {
		flow-tap --replay a.csv --columns "$columns" "$@" | trades |
			jq -c .bid | tr '\n' ' '
	}
	is "$(bids)" '0.9 0.9 0.9 '
	is "$(bids --quote-lag 0ms)" '0.9 0.9 1 '
	is "$(bids --quote-lag 150ms)" 'null 0.9 0.9 '
	columns=$small,bid=b,ask=a
	is "$(bids)" '0.9 0.9 1 '
	is "$(flow-tap --replay a.csv --columns "$columns" | trades |
		jq -c .quote_timestamp | sort -u)" null
	columns=$small,exchange=x,ex_bid=e,ex_ask=f,ex_quote_timestamp_ms=q
	is "$(flow-tap --replay a.csv --columns "$columns" | trades |
		jq -c '[.ex_bid, .ex_ask, .ex_quote_timestamp]' | sort -u)" \
		'[0.8,1.2,1718371800000]'
}

@test "--quotes-out of csv rows and of quote records" {
	quote_rows >a.csv
	columns=$small,bid=b,ask=a,quote_timestamp_ms=q
	out() {
		flow-tap --columns "$columns" "$@" >out
		conserved out
		jq -c 'select(.record == "quote" or .record == "trade") |
			[.record, .timestamp]' out | tr '\n' ' '
	}
	is "$(out --replay a.csv)" \
		'["trade",1718371800100] ["trade",1718371800200] ["trade",1718371800300] '
	is "$(out --replay a.csv --quotes-out all)" \
		'["quote",1718371800000] ["trade",1718371800100] ["trade",1718371800200] ["quote",1718371800300] ["trade",1718371800300] '
	is "$(out --replay a.csv --quotes-out traded)" \
		'["trade",1718371800100] ["trade",1718371800200] ["quote",1718371800300] ["trade",1718371800300] '
	flow-tap --replay a.csv --columns "$columns" --quotes-out all |
		jq -c 'select(.record == "quote")' >q.ndjson
	is "$(head -n 1 q.ndjson)" \
		'{"record":"quote","contract_ticker":"O:SPY240621C00500000","timestamp":1718371800000,"bid":0.9,"ask":1.1,"scope":"NBBO"}'
	is "$(out --replay q.ndjson --quotes-out none)" ''
	is "$(out --replay q.ndjson)" \
		'["quote",1718371800000] ["quote",1718371800300] '
}

# ---- records from elsewhere ----

@test "NDJSON without hello: sorted, completed, unknown members kept" {
	printf '%s\n' \
		'{"record":"trade","contract_ticker":"O:KO240621P00060000","timestamp":1718371801000,"price":1.25,"size":4,"exchange":"CBOE","mine":[1,{"a":2}],"dte":null}' \
		'{"record":"bar","symbol":"KO","tf":"1m","timestamp":1718371740000,"end_ts":1718371800000,"open":60,"close":61}' \
		'{"record":"quote","contract_ticker":"O:KO240621P00060000","timestamp":1718371800999,"bid":1.2,"ask":1.3,"bid_size":5,"ask_size":6}' >a.ndjson
	run -0 --separate-stderr flow-tap --replay a.ndjson
	is "$stderr" ''
	is "$(printf '%s\n' "$output" | grep -v -e '"hello"' -e '"heartbeat"' -e '"bye"')" \
		'{"record":"bar","symbol":"KO","tf":"1m","timestamp":1718371740000,"end_ts":1718371800000,"open":60,"close":61}
{"record":"quote","contract_ticker":"O:KO240621P00060000","timestamp":1718371800999,"bid":1.2,"ask":1.3,"bid_size":5,"ask_size":6}
{"record":"trade","contract_ticker":"O:KO240621P00060000","timestamp":1718371801000,"price":1.25,"size":4,"exchange":"CBOE","mine":[1,{"a":2}],"trade_id":"O:KO240621P00060000:1718371801000:CBOE:1","symbol":"KO","root":"KO","trade_date":"2024-06-14","session":"RTH","multiplier":100,"premium":500,"strike":60,"expiration":"2024-06-21","option_type":"put","dte":7,"settlement":"PM","exercise_style":"A","bid":1.2,"ask":1.3,"bid_size":5,"ask_size":6,"quote_timestamp":1718371800999}'
}

@test "what a record says itself is not overwritten" {
	record='{"record":"trade","trade_id":"mine","contract_ticker":"O:KO240621P00060000","symbol":"COKE","timestamp":1718371801000,"price":1,"size":1,"multiplier":10,"premium":10,"bid":0.5,"ask":2}'
	printf '%s\n' "$record" '{"record":"quote","contract_ticker":"O:KO240621P00060000","timestamp":1718371800000,"bid":1.2,"ask":1.3}' >a.ndjson
	run -0 --separate-stderr flow-tap --replay a.ndjson
	is "$(printf '%s\n' "$output" | trades | jq -c '[.trade_id, .symbol,
		.multiplier, .premium, .bid, .ask, .quote_timestamp]')" \
		'["mine","COKE",10,10,0.5,2,null]'
}

@test "a gap voids the quotes of its symbols" {
	quote='{"record":"quote","contract_ticker":"O:%s240621P00060000","timestamp":1718371800000,"bid":1.2,"ask":1.3}\n'
	trade='{"record":"trade","contract_ticker":"O:%s240621P00060000","timestamp":1718371802000,"price":1,"size":1}\n'
	# shellcheck disable=SC2059 # the format is meant
	{
		printf "$quote" KO
		printf "$quote" PEP
		printf '%s\n' '{"record":"gap","gap_id":"g1","state":"open","from_ts":1718371801000,"symbols":["KO"]}'
		printf "$trade" KO
		printf "$trade" PEP
	} >a.ndjson
	run -0 --separate-stderr flow-tap --replay a.ndjson
	is "$(printf '%s\n' "$output" | trades | jq -c '[.symbol, .bid]')" \
		'["KO",null]
["PEP",1.2]'
}

@test "control records of another stream are left out" {
	csv a.csv "1718371800100,$contract,1.00,1"
	flow-tap --replay a.csv --columns "$small" | grep -v hello >a.ndjson
	run -0 --separate-stderr flow-tap --replay a.ndjson
	is "$(printf '%s\n' "$output" | jq -r .record | tr '\n' ' ')" \
		'hello heartbeat trade bye '
	is "$stderr" 'flow-tap: warning: a.ndjson:1: control records of another stream are left out'
}

# ---- bad input: said, left out, the rest handled, exit 3 ----

# bad ROW REASON: between two good rows of the columns t o p s.  What all gave
# is looked at by one jq, in bads.
bad() {
	csv bad.csv "1718371800100,$contract,1.00,1" "$1" \
		"1718371800300,$contract,1.00,3"
	run -3 --separate-stderr flow-tap --replay bad.csv --columns "$small"
	is "$stderr" "flow-tap: warning: bad.csv:3: $2"
	has "${lines[-1]}" '"record":"bye"'
	printf '%s\n' "$output" >>out
	bad=$((${bad:-0} + 1))
}

# bads: each gave both good rows and a bye that says so.
bads() {
	conserved out
	is "$(jq -c 'if .record == "trade" then .size
		elif .record == "bye" then [.n, .exit] else empty end' out |
		xargs)" "$(yes '1 3 [2,3]' | head -n "$bad" | xargs)"
}

@test "bad rows of a csv" {
	bad "1718371800200,$contract,1.00" 'row too short: 3 cells, needs 4'
	bad "1718371800200,$contract,1.00,-5" 'size: not above 0'
	bad "1718371800200,$contract,1.00,0" 'size: not above 0'
	bad "1718371800200,$contract,1.00,1.5" 'size: more than 0 decimals'
	bad "1718371800200,$contract,0,1" 'price: not above 0'
	bad "1718371800200,$contract,0.00,1" 'price: not above 0'
	bad "1718371800200,$contract,-1,1" 'price: not above 0'
	bad "1718371800200,$contract,,1" 'price: empty'
	bad "1718371800200,$contract,1.00001,1" 'price: more than 4 decimals'
	bad "1718371800200,$contract,NaN,1" 'price: not a number, or too long'
	bad "1718371800200,,1.00,1" 'osi: empty'
	bad ",$contract,1.00,1" 'timestamp: not a number, or too long'
	bad "1718371800200,SPY240614X00500000,1.00,1" \
		'not an option symbol: does not end in yymmdd, C or P, 8 digits'
	bad "1718371800200,SPY240613C00500000,1.00,1" \
		'expiration: 2024-06-13 is before the trade date 2024-06-14'
	bad "1318371800200,$contract,1.00,1" \
		'timestamp: outside the exchange calendar, 2012 to 2028'
	bad "1918371800200,$contract,1.00,1" \
		'timestamp: outside the exchange calendar, 2012 to 2028'
	bad "1718371800200,$contract,100000000.01,1" 'price: out of range'
	bad "1718371800200,$contract,1.00,1000000001" 'size: out of range'
	bad "1718371800200,$contract,100000000,1000000000" \
		'premium: number too large'
	bad "1718371800200,\"$contract,1.00,1" 'a quoted cell is not closed'
	bads
}

@test "big jumps of the clock are sorted" {
	csv a.csv "1718371800100,$contract,1.00,1" \
		"1718285400100,$contract,1.00,2" "1718371800200,$contract,1.00,3"
	run -0 --separate-stderr flow-tap --replay a.csv --columns "$small"
	is "$(printf '%s\n' "$output" | trades | jq .size | tr '\n' ' ')" '2 1 3 '
}

@test "an unknown condition stays as UNKNOWN_, an unknown exchange is left out" {
	printf '%s\n' t,o,p,s,c,x "1718371800100,$contract,1,1,999,999" \
		"1718371800200,$contract,1,2,18,5" >a.csv
	run -3 --separate-stderr flow-tap --replay a.csv --codes thetadata \
		--columns "$small,conditions=c,exchange=x"
	is "$stderr" 'flow-tap: warning: a.csv:2: conditions: 999 is unknown: counts for volume only
flow-tap: warning: a.csv:2: exchange: 999 is unknown: left out'
	is "$(printf '%s\n' "$output" | trades | jq -c '[.conditions, .exchange]')" \
		'[["UNKNOWN_999"],null]
[["AUTO"],"CBOE"]'
}

@test "a repeated trade_id: the second is left out" {
	printf '%s\n' t,o,p,s,x,n "1718371800100,$contract,1,1,CBOE,7" \
		"1718371800100,$contract,1,2,CBOE,7" \
		"1718371800100,$contract,1,3,ISE,7" \
		"1718371800200,$contract,1,4,CBOE,7" >a.csv
	run -3 --separate-stderr flow-tap --replay a.csv \
		--columns "$small,exchange=x,sequence=n"
	is "$stderr" 'flow-tap: warning: a.csv:3: trade_id: O:SPY240621C00500000:1718371800100:CBOE:7 came before'
	printf '%s\n' "$output" >out
	conserved out
	is "$(trades out | jq .size | tr '\n' ' ')" '1 3 4 '
}

@test "an empty file: a stream without records, exit 3" {
	: >empty
	run -3 --separate-stderr flow-tap --replay empty
	is "$stderr" 'flow-tap: warning: empty:1: empty input'
	is "$(printf '%s\n' "$output" | jq -c '[.record, .n, .exit]')" \
		'["hello",null,null]
["bye",0,3]'
	run -3 --separate-stderr flow-tap --replay empty --columns "$small"
	is "$stderr" 'flow-tap: warning: empty:1: empty input'
	run -3 --separate-stderr flow-tap --replay - </dev/null
	is "$stderr" 'flow-tap: warning: -:1: empty input'
}

@test "a file of another format, a binary one, a missing column" {
	csv a.csv "1718371800100,$contract,1.00,1"
	run -2 --separate-stderr flow-tap --replay a.csv
	is "$stderr" 'flow-tap: error: a.csv: neither flow records nor a livevol or massive-flat file; for another csv file say --columns'
	run -3 --separate-stderr flow-tap --replay a.csv --input flow
	is "$(printf '%s\n' "$output" | jq -c '[.record, .n, .exit]')" \
		'["hello",null,null]
["bye",0,3]'
	has "$stderr" 'flow-tap: warning: a.csv:1: '
	has "$stderr" 'flow-tap: warning: a.csv:2: '
	run -2 --separate-stderr flow-tap --replay a.csv \
		--columns timestamp_ms=t,osi=o,price=p,size=volume
	is "$stderr" 'flow-tap: error: a.csv:1: no column "volume" in the header'
	printf 't,o,p,s,p\n' >a.csv
	run -2 --separate-stderr flow-tap --replay a.csv --columns "$small"
	is "$stderr" 'flow-tap: error: a.csv:1: column "p" stands twice in the header'
	head -c 4096 "$FLOW_BUILD/bin/flow-tap" >binary
	run -2 --separate-stderr flow-tap --replay binary --columns "$small"
	is "$output" ''
	run -3 --separate-stderr flow-tap --replay binary --input flow
	is "$(printf '%s\n' "$output" | jq -r .record | tr '\n' ' ')" 'hello bye '
}

@test "a line without end: one bad record, the next one is read" {
	{
		head -c 3000000 /dev/zero | tr '\0' x
		printf '\n{"record":"trade","contract_ticker":"O:KO240621P00060000","timestamp":1718371801000,"price":1,"size":1}\n'
	} >long
	run -3 --separate-stderr flow-tap --input flow --replay long
	is "$stderr" 'flow-tap: warning: long:1: a line of more than 1 MiB'
	is "$(printf '%s\n' "$output" | trades | wc -l)" 1
	{
		printf 't,o,p,s\n'
		head -c 3000000 /dev/zero | tr '\0' x
		printf '\n1718371800100,%s,1.00,1\n' "$contract"
	} >long.csv
	run -3 --separate-stderr flow-tap --replay long.csv --columns "$small"
	is "$stderr" 'flow-tap: warning: long.csv:2: a row of more than 1 MiB'
	is "$(printf '%s\n' "$output" | trades | wc -l)" 1
}

@test "gzip cut short or damaged: what could be unpacked, exit 3" {
	gzip -c "$spy" >whole.gz
	run -0 --separate-stderr flow-tap --replay whole.gz --codes thetadata \
		--columns "$spy_columns"
	is "$(printf '%s\n' "$output" | trades | wc -l)" 60
	head -c 1500 whole.gz >part.gz
	run -3 --separate-stderr flow-tap --replay part.gz --codes thetadata \
		--columns "$spy_columns"
	has "$stderr" 'gzip data is cut short'
	printf '%s\n' "$output" | trades | jq -r .trade_id >got
	[ -s got ]
	tap_spy | trades | jq -r .trade_id | head -n "$(wc -l <got)" >want
	diff got want
	# Its last eight bytes are the sum and the length of the contents.
	{ head -c -8 whole.gz; printf 12345678; } >bad.gz
	run -3 --separate-stderr flow-tap --replay bad.gz --codes thetadata \
		--columns "$spy_columns"
	has "$stderr" 'gzip data is damaged'
	is "$(printf '%s\n' "$output" | trades | wc -l)" 60
}

@test "a last line without newline counts" {
	csv a.csv "1718371800100,$contract,1.00,1"
	flow-tap --replay a.csv --columns "$small" >want
	printf %s "$(cat a.csv)" >b.csv
	flow-tap --replay b.csv --columns "$small" >got
	diff <(sed 's/"run":"[^"]*"//' got) <(sed 's/"run":"[^"]*"//' want)
	printf %s "$(cat want)" >rec
	run -0 --separate-stderr flow-tap --replay rec
	is "$stderr" ''
}

# ---- usage and pipes ----

@test "mistakes of the command line: exit 2, nothing on stdout" {
	csv a.csv "1718371800100,$contract,1.00,1"
	usage() {
		local want=$1
		shift
		run -2 --separate-stderr flow-tap "$@"
		is "$output" ''
		is "$stderr" "flow-tap: error: $want"
	}
	TWS_HOST=127.0.0.2 usage 'no source: say --feed, --replay FILE or --demo SYMBOL ...'
	usage 'unable to open none: No such file or directory' --replay none
	usage '.: no journal' --replay .
	usage '--input csv: needs --columns' --replay a.csv --input csv
	usage 'spy: not a symbol' --replay a.csv spy
	usage '--columns: prize: unknown field' --replay a.csv \
		--columns "$small,prize=p"
	usage '--since: yesterday: not a date, a time like 2024-06-14T13:30:00Z, or milliseconds since 1970' \
		--replay a.csv --since yesterday
	usage '--input: not one of flow, csv, auto, livevol, massive-flat' --replay a.csv --input excel
}

@test "a recording leaves as it comes: the first record before the end" {
	csv a.csv "1718371800100,$contract,1.00,1"
	flow-tap --replay a.csv --columns "$small" >rec
	mkfifo in out
	flow-tap --replay - <in >out &
	exec 7>in 8<out
	head -n 2 rec >&7
	read -r -t 20 first <&8
	read -r -t 20 second <&8
	exec 7>&-
	wait $! || true
	exec 8<&-
	has "$first" '"hello"'
	has "$second" '"heartbeat"'
}

@test "stdout that cannot be written: exit 4; the recording is whole" {
	csv a.csv "1718371800100,$contract,1.00,1"
	run -4 --separate-stderr bash -c "flow-tap --replay a.csv \
		--columns $small >/dev/full"
	is "$stderr" 'flow-tap: error: unable to write standard output: No space left on device'
	run -4 --separate-stderr flow-tap --replay a.csv --columns "$small" \
		--record none/rec
	is "$stderr" 'flow-tap: error: unable to create none/rec.part: No such file or directory'
}

@test "B3: head -1 ends it; SIGTERM while it waits leaves a recording" {
	{
		status=0
		tap_spy --record rec 2>said || status=$?
		echo $status >status
	} | head -n 1 >one
	is "$(cat said)" ''
	is "$(cat status)" 141
	is "$(jq -r .record one)" hello
	[ -s rec ]
	[ ! -e rec.part ]

	csv a.csv "1718371800100,$contract,1.00,1" \
		"1718375400100,$contract,1.00,2"
	mkfifo fifo
	flow-tap --replay a.csv --columns "$small" --speed 1 --record rec2 >fifo &
	pid=$!
	exec 8<fifo
	while read -r -t 20 line <&8; do
		[[ $line != *'"trade"'* ]] || break
	done
	kill -TERM $pid
	status=0
	wait $pid || status=$?
	exec 8<&-
	is $status 143
	is "$(trades rec2 | wc -l)" 1
	[ ! -e rec2.part ]
}
