#!/usr/bin/env bats
# flow-report --baseline: what was usual before a trade date, against the same
# worked out anew from the streams (tests/history-check), and by hand.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	db=$BATS_TEST_TMPDIR/test.db
}

# Eight made-up days with cancels, lates, crosses and blocks; 28 November closes
# early, of 1 December only the first three hours were watched.
week() {
	local day more
	for day in 2025-11-21 2025-11-24 2025-11-25 2025-11-26 2025-11-28 \
		2025-12-01 2025-12-02 2025-12-03; do
		more=
		[ $day != 2025-12-01 ] || more='--for 3h'
		# shellcheck disable=SC2086	# none or two words
		flow-tap --demo KO PEP --rate 0.03/s --date $day $more \
			--demo-cancels 3 --demo-lates 2 --demo-crosses 3 \
			--demo-blocks 4 --demo-history 0 |
			flow-classify >"day.$day"
		flow-store -q -d "$db" "day.$day" >/dev/null
	done
}

baseline() {
	flow-report -d "$db" --baseline "$@"
}

@test "all figures equal those worked out anew from the streams" {
	week
	baseline 2025-12-03 >out
	"$top/tests/history-check" 2025-12-03 day.* >want
	jq -cS . out >got
	cmp got want
	# there was something of each
	is "$(jq -c 'select(.kind == "HEAD") | [.mode, .sessions]' out)" \
		'["demo",["2025-11-21","2025-11-24","2025-11-25","2025-11-26","2025-11-28","2025-12-02"]]'
	for kind in UNDERLYING CONTRACT PERSIST; do
		grep -q "\"kind\":\"$kind\"" out
	done
	jq -e -s 'any(.[]; has("bar_volume"))' out >have
	jq -e -s 'any(.[].events[]?; split(" ")[1] != "0")' out >have
	grep -h '"record":"cancel"' day.* | grep -q ref_trade_id
	# the day itself, which is stored already, changes nothing: without it,
	# but with the daily bars that came before its open, it is the same
	rm -f "$db"*
	grep '"tf":"1d"' day.2025-12-03 >bars
	flow-store -q -d "$db" day.2025-11-* day.2025-12-0[12] bars >/dev/null
	baseline 2025-12-03 | cmp - out
	# of some tickers the same lines
	baseline 2025-12-03 PEP >some
	is "$(jq -c 'select(.kind == "HEAD").symbols' some)" '["PEP"]'
	diff <(jq -c 'select(.symbol == "PEP")' some) \
		<(jq -c 'select(.symbol == "PEP")' out)
	is "$(jq -c 'select(.symbol == "KO")' some)" ''
	is "$(tail -n 1 some)" \
		"{\"record\":\"baseline\",\"kind\":\"END\",\"n\":$(($(wc -l <some) - 1))}"
}

# at "2025-11-24 09:30": its ms; New York is five hours behind in winter.
at() {
	printf '%s000' "$(date -ud "$1 UTC + 5 hours" +%s)"
}

# watched DATE FROM TO
watched() {
	echo '{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","feed":"test","mode":"live","symbols":["KO"]}'
	printf '{"record":"heartbeat","timestamp":%s}\n' "$(at "$1 $2")" \
		"$(at "$1 $3")"
	echo '{"record":"bye","run":"r","n":0,"reason":"end","exit":0}'
}

# trade SEQUENCE TIME CONTRACT PRICE SIZE CONDITION MORE: of KO; the contract
# is yymmddR and a strike, as 251219C70.
trade() {
	local right=call
	[ "${3:6:1}" = C ] || right=put
	printf '{"record":"trade","symbol":"KO","root":"KO","contract_ticker":"O:KO%s%05d000","strike":%s,"expiration":"20%s-%s-%s","option_type":"%s","multiplier":100,"trade_date":"%s","timestamp":%s,"sequence":%s,"price":%s,"size":%s,"exchange":"CBOE","session":"RTH","conditions":["%s"]%s}\n' \
		"${3:0:7}" "${3:7}" "${3:7}" "${3:0:2}" "${3:2:2}" "${3:4:2}" \
		"$right" "${2%% *}" "$(at "$2")" "$1" "$4" "$5" "$6" "${7:+,$7}"
}

store() {
	flow-store -q -d "$db" "$@" >/dev/null
}

# of CONTRACT FILTER: of its line in out.
of() {
	jq -c "select(.contract_ticker == \"O:KO$1\") | $2" out
}

# Watched: the whole of 26 November and 1 December, the short 28 November, half
# of 2 December.
four_days() {
	watched 2025-11-26 09:30 16:00
	watched 2025-11-28 09:30 13:00
	watched 2025-12-01 09:30 16:00
	watched 2025-12-02 09:30 12:45
}

@test "3.11: adv20 since the contract was listed, without early closes" {
	{
		four_days
		trade 1 '2025-11-26 10:00' 251219C70 1 100 AUTO
		trade 2 '2025-11-28 10:00' 251219C70 1 1000 AUTO
		trade 3 '2025-12-01 10:00' 251219C70 1 300 AUTO
		trade 4 '2025-12-01 10:01' 251219C70 1 50 MLET
		trade 5 '2025-12-02 10:01' 251219C70 1 9 AUTO
		trade 6 '2025-12-01 10:00' 251219P70 1 30 AUTO
		trade 7 '2025-11-28 10:00' 251219P71 1 30 AUTO
		trade 8 '2025-12-02 10:00' 251219P72 1 30 AUTO
		trade 9 '2025-12-01 10:00' 251202P70 1 30 AUTO
		trade 10 '2025-12-01 10:00' 251203P70 1 30 AUTO
		# known of before its first trade
		echo '{"record":"oi","contract_ticker":"O:KO251219P00070000","timestamp":'"$(at '2025-11-26 09:00')"',"oi_date":"2025-11-25","open_interest":77}'
		# comes out on the day itself
		echo '{"record":"oi","contract_ticker":"O:KO251219C00070000","timestamp":'"$(at '2025-12-02 09:00')"',"oi_date":"2025-12-01","open_interest":5}'
		echo '{"record":"oi","contract_ticker":"O:KO251219C00070000","timestamp":'"$(at '2025-12-03 09:00')"',"oi_date":"2025-12-02","open_interest":6}'
	} | store
	baseline 2025-12-03 >out
	is "$(jq -c 'select(.kind == "HEAD") | [.sessions, .left_out[-1],
		(.left_out | length), .mode]' out)" \
		'[["2025-11-26","2025-11-28","2025-12-01"],"2025-12-02 0.5",17,null]'
	# (100 + 350) / 2; nothing known of its day: the last was left out
	is "$(of 251219C00070000 '[.adv20, .adv20_sessions, .open_interest,
		.oi_date]')" '[225,2,5,"2025-12-01"]'
	# (0 + 30) / 2: open interest of 25 November says it was listed
	is "$(of 251219P00070000 '[.adv20, .adv20_sessions, .open_interest]')" \
		'[15,2,77]'
	is "$(of 251219P00071000 '[.adv20, .adv20_sessions]')" '[0,1]'
	is "$(of 251219P00072000 '[has("adv20"), .adv20_sessions, .sizes]')" \
		'[false,0,["2025-12-02 30"]]'
	is "$(of 251202P00070000 .)" ''
	is "$(of 251203P00070000 .adv20)" 30
	is "$(jq -c 'select(.kind == "UNDERLYING").sessions_flow' out)" 2
	# half a day counts when half is enough: (100 + 350 + 9) / 3
	baseline 2025-12-03 --min-coverage 50 >out
	is "$(of 251219C00070000 '[.adv20, .adv20_sessions]')" '[153,3]'
}

@test "3.9: sizes of eligible prints, capped, of five trade dates" {
	local condition i=100
	{
		# six trade dates before: no longer
		trade 1 '2025-11-24 10:00' 251219C70 1 2 AUTO
		trade 2 '2025-11-25 10:00' 251219C70 1 3 AUTO
		trade 3 '2025-12-01 10:00' 251219C70 1 900 AUTO
		trade 4 '2025-12-01 10:01' 251219C70 1 5 ISOI
		for condition in OSEQ LATE OPEN OPNL SLCN SCLI SLFT MLET MESL \
			TLET TASL CBMO MCTP UNKNOWN_9; do
			i=$((i + 1))
			trade $i '2025-12-01 10:02' 251219C70 1 7 $condition
		done
		for condition in REOP SLAN SLAI EXHT; do
			i=$((i + 1))
			trade $i '2025-12-01 10:03' 251219C70 1 11 $condition
		done
		trade 5 '2025-12-01 10:04' 251219C70 1 13 AUTO \
			'"is_late_arrival":true'
		trade 6 '2025-12-01 10:05' 251219C70 1 17 AUTO |
			sed 's/"RTH"/"CLOSED"/'
		trade 7 '2025-12-01 10:06' 251219C70 1 19 AUTO
		trade 8 '2025-12-01 10:07' 251219C70 1 19 CANC \
			'"is_cancel":true'
		trade 9 '2025-12-02 10:00' 251219P70 1 4 AUTO
	} >raw
	flow-classify raw >day 2>/dev/null || is $? 3
	four_days >days
	store day days
	baseline 2025-12-03 >out
	is "$(of 251219C00070000 .sizes)" \
		'["2025-11-25 3","2025-12-01 500 5 11 11 11 11"]'
	is "$(jq -c 'select(.kind == "UNDERLYING") | [.call_sizes, .put_sizes]' \
		out)" \
		'[["2025-11-25 3","2025-12-01 500 5 11 11 11 11"],["2025-12-02 4"]]'
}

@test "3.9: 100 of a contract, 1,000 of an underlying; a cancel leaves a hole" {
	{
		for strike in 70 71; do
			trade 0 '2025-12-01 10:00' 251219C$strike 1 0 AUTO
		done | awk '{ line[NR] = $0 } END { for (i = 1; i <= 1001; i++) {
			$0 = line[1 + (i > 901)]
			sub(/"sequence":0/, "\"sequence\":" i)
			sub(/"size":0/, "\"size\":" i % 400 + 1)
			print
		} }'
		# as flow-classify, which has dropped the oldest before
		trade 2000 '2025-12-01 10:01' 251219C70 1 88 AUTO
		trade 2001 '2025-12-01 10:02' 251219C70 1 88 CNCL \
			'"is_cancel":true'
	} | flow-classify >day
	watched 2025-12-01 09:30 16:00 >days
	store day days
	baseline 2025-12-02 >out
	sizes() {
		seq "$1" "$2" | awk '{ printf " %d", $1 % 400 + 1 }'
	}
	is "$(of 251219C00070000 .sizes)" "[\"2025-12-01$(sizes 803 901)\"]"
	is "$(of 251219C00071000 .sizes)" "[\"2025-12-01$(sizes 902 1001)\"]"
	is "$(jq -c 'select(.kind == "UNDERLYING").call_sizes' out)" \
		"[\"2025-12-01$(sizes 3 1001)\"]"
}

@test "5.1: call flow by five minutes, the mean of what had flowed by then" {
	{
		four_days
		trade 1 '2025-11-26 09:20' 251219C70 1 1 AUTO	# 100
		trade 2 '2025-11-26 09:34' 251219C70 1 2 AUTO	# 200
		trade 3 '2025-11-26 09:35' 251219C70 1 4 AUTO	# 400
		trade 4 '2025-12-01 09:36' 251219C70 1 8 MLET	# no flow
		trade 5 '2025-12-01 09:36' 251219P70 1 16 AUTO	# puts
		trade 6 '2025-12-01 15:59' 251219C70 2.5 3 AUTO	# 750
		trade 7 '2025-12-01 16:30' 251219C70 1 1 AUTO	# 100
		trade 8 '2025-11-28 09:36' 251219C70 1 64 AUTO	# early close
	} | store
	baseline 2025-12-03 >out
	steps() {
		jq -c "select(.kind == \"UNDERLYING\").$1 | [.[0,1,2,76,77],
			length]" out
	}
	is "$(steps call_flow)" \
		'["09:35 150","09:40 350","09:45 350","15:55 350","16:00 775",78]'
	is "$(steps option_volume)" \
		'["09:35 1.5","09:40 15.5","09:45 15.5","15:55 15.5","16:00 17.5",78]'
}

@test "EX-4.43 events of five sessions: 7, of 6,300,000 dollars" {
	local i=0 day premium
	{
		while read -r day premium; do
			i=$((i + 1))
			trade $i "$day 10:00" 251219C70 \
				"$((premium / 10000)).$((premium % 10000 / 100))" \
				100 AUTO '"side":"BUY"'
		done <<-END
			2025-11-26 705000
			2025-11-26 980000
			2025-11-28 640000
			2025-12-01 1250000
			2025-12-01 870000
			2025-12-02 1105000
			2025-12-02 750000
			2025-11-21 990000
			2025-12-02 99900
		END
		trade 20 '2025-12-02 11:00' 251219C71 10 100 AUTO '"side":"SELL"'
		trade 21 '2025-12-02 11:00' 251219C72 10 100 MLET '"side":"BUY"'
		trade 22 '2025-12-02 11:00' 251219C72 10 100 AUTO \
			'"side":"UNKNOWN"'
		four_days
	} | store
	baseline 2025-12-03 >out
	is "$(jq -c 'select(.kind == "PERSIST")' out)" \
		'{"record":"baseline","kind":"PERSIST","symbol":"KO","expiration":"2025-12-19","option_type":"call","events":["2025-11-26 2 1685000 1685000 0","2025-11-28 1 640000 640000 0","2025-12-01 2 2120000 2120000 0","2025-12-02 2 1855000 1954900 100000"]}'
	is "$(jq -c 'select(.kind == "PERSIST") | [.events[] | split(" ") |
		map(tonumber? // 0)] | [map(.[1]), map(.[2])] | map(add)' out)" \
		'[7,6300000]'
}

@test "a sweep is one event, by what stands of it, its members are none" {
	watched 2025-12-01 09:30 16:00 | store
	{
		i=0
		for exchange in CBOE ISE PHLX; do
			i=$((i + 1))
			trade $i '2025-12-01 10:00' 251219P70 4 200 ISOI \
				'"bid":3.9,"ask":4,"bid_size":5,"ask_size":900,"quote_timestamp":'"$(($(at '2025-12-01 10:00') - 1))" |
				sed "s/CBOE/$exchange/"
		done
	} >raw
	flow-classify raw | store
	baseline 2025-12-02 >out
	is "$(jq -c 'select(.kind == "PERSIST").events' out)" \
		'["2025-12-01 1 240000 240000 0"]'
	trade 9 '2025-12-01 10:05' 251219P70 4 200 CANC '"is_cancel":true' |
		sed s/CBOE/ISE/ >>raw
	flow-classify raw | store
	baseline 2025-12-02 >out
	is "$(jq -c 'select(.kind == "PERSIST").events' out)" \
		'["2025-12-01 1 160000 160000 0"]'
}

@test "iv: the last of the session before, if it may be trusted" {
	{
		watched 2025-12-01 09:30 16:00
		trade 1 '2025-12-01 10:00' 251219C70 1 1 AUTO '"iv":0.25'
		trade 2 '2025-12-01 11:00' 251219C70 1 1 AUTO \
			'"iv":0.3123456,"iv_status":"OK"'
		trade 3 '2025-12-01 12:00' 251219C70 1 1 AUTO \
			'"iv":9,"iv_status":"NO_ROOT"'
		trade 4 '2025-11-28 12:00' 251219C71 1 1 AUTO '"iv":0.5'
	} | store
	baseline 2025-12-02 >out
	is "$(of 251219C00070000 '[.iv, .iv_ts]')" \
		"[0.312346,$(at '2025-12-01 11:00')]"
	is "$(of 251219C00071000 'has("iv")')" false
}

@test "dates that are none end with 2, no session that counts with 3" {
	watched 2025-12-02 09:30 12:00 | store
	for date in 2025-13-01 2025-11-27 2025-12-06 x '' 2051-01-03 \
		2025-12-3 20251203; do
		run -2 --separate-stderr baseline "$date"
		is "$output" ''
		has "$stderr" '--baseline: '
	done
	run -3 --separate-stderr baseline 2025-12-03 KO
	is "$(jq -c '[.kind, .date, .symbols, .sessions, .n]' <<<"$output")" \
		'["HEAD","2025-12-03",["KO"],[],null]
["END",null,null,null,1]'
	has "$stderr" 'no session of the 20 before 2025-12-03 was watched'
	run -2 --separate-stderr baseline 2025-12-03 --days 5
	run -2 --separate-stderr baseline 2025-12-03 --format json
	run -2 --separate-stderr baseline 2025-12-03 --today
	run -4 --separate-stderr bash -c \
		"flow-report -d '$db' --baseline 2025-12-03 >/dev/full"
}

@test "what is wrong in the file or at its edges stays harmless" {
	{
		watched 2025-12-01 09:30 16:00
		trade 1 '2025-12-01 10:00' 251219C70 1 1000000000 AUTO
		trade 2 '2025-12-01 10:00' 251219C70 100000000 1 AUTO
		# no symbol that a contract tells, no contract at all
		echo '{"record":"trade","contract_ticker":"O:?\"x","timestamp":'"$(at '2025-12-01 10:00')"',"price":1,"size":1,"symbol":"A\"B","expiration":"2026-01-16","option_type":"call"}'
		echo '{"record":"bar","symbol":"KO","tf":"1d","timestamp":'"$(at '2025-12-01 09:30')"',"close":"x","is_final":true}'
		echo '{"record":"bar","symbol":"VIX","tf":"1d","timestamp":'"$(at '2025-12-01 09:30')"',"close":16.5,"is_final":true}'
	} | store
	baseline 2025-12-02 >out
	jq -e . out >parsed
	is "$(of 251219C00070000 '[.sizes, .adv20]')" \
		'[["2025-12-01 500 1"],1000000001]'
	# bars alone make a line; highs and lows are not known
	is "$(jq -c 'select(.symbol == "VIX")' out)" \
		'{"record":"baseline","kind":"UNDERLYING","symbol":"VIX","sessions_flow":0,"closes":["2025-12-01 16.5"],"sessions_bars":0}'
}

@test "a day behind its baseline is tagged as behind the days themselves" {
	local day size='[.avg_trade_size, .avg_size_source, .size_ratio,
		.is_block, .is_large, .trade_type]'
	for day in 2025-11-26 2025-11-28 2025-12-01 2025-12-02 2025-12-03; do
		flow-tap --demo KO --rate 0.1/s --date $day --demo-cancels 5 \
			--demo-crosses 3 --demo-blocks 2 >"raw.$day"
	done
	flow-classify raw.2025-11-* raw.2025-12-01 raw.2025-12-02 | store
	baseline 2025-12-03 >usual
	of_day() {
		jq -c 'select(.record == "trade" and .trade_date ==
			"2025-12-03") | '"$size" "$1"
	}
	flow-classify raw.* >days
	of_day days >want
	flow-classify --baseline usual raw.2025-12-03 >day
	of_day day >got
	cmp got want
	grep -q '"CONTRACT"' got
	grep -q '"UNDERLYING"' got
	# alone it would be another day, and volume has an average now
	flow-classify raw.2025-12-03 >alone
	of_day alone >got
	run -1 cmp -s got want
	jq 'select(.volume_ratio).volume_ratio' day >ratios
	[ -s ratios ]
}
