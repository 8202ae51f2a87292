#!/usr/bin/env bats
# flow-report: what it answers, by the examples of domain.md 6 and by SQL over
# the same database; what it says of time nobody watched; hostile input.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	db=$BATS_TEST_TMPDIR/test.db
}

# hello SYMBOLS MORE
hello() {
	printf '{"record":"hello","schema_version":1,"run":"r%s","stage":"flow-tap","feed":"test","mode":"live","symbols":[%s]}\n' \
		"$RANDOM" "$1"
}

# at "2025-11-24 09:30": its ms; New York is five hours behind in winter.
at() {
	printf '%s000' "$(date -ud "$1 UTC + 5 hours" +%s)"
}

# ms TIME: the same to $ms; a hundred trades of a minute start one program.
declare -gA known
ms() {
	[ -n "${known[$1]-}" ] || known[$1]=$(at "$1")
	ms=${known[$1]}
}

# beat TIME
beat() {
	printf '{"record":"heartbeat","timestamp":%s,"run":"r","n":0,"hop":[]}\n' \
		"$(at "$1")"
}

# watched FROM TO: the feed was there.
watched() {
	beat "$1"
	beat "$2"
}

bye='{"record":"bye","run":"r","n":0,"reason":"end","exit":0}'

n=0
# trade TICKER TIME RIGHT PREMIUM MORE: 100 contracts, bought.
trade() {
	local type=call sentiment=BULLISH

	[ "$3" = C ] || { type=put; sentiment=BEARISH; }
	n=$((n + 1))
	ms "$2"
	printf '{"record":"trade","symbol":"%s","root":"%s","contract_ticker":"O:%s251219%s00060000","strike":60,"expiration":"2025-12-19","option_type":"%s","multiplier":100,"trade_date":"%s","timestamp":%s,"sequence":%d,"price":%d.%04d,"size":100,"premium":%s,"exchange":"CBOE","conditions":["AUTO"],"session":"RTH","side":"BUY","sentiment":"%s","trade_type":"LARGE","is_sweep":false,"is_block":false,"is_above_ask":false,"is_below_bid":false,"is_unusual_volume":false%s}\n' \
		"$1" "$1" "$1" "$3" "$type" "${2%% *}" "$ms" "$n" \
		$(($4 / 10000)) $(($4 % 10000)) "$4" \
		"$sentiment" "${5:+,$5}"
}

# bar TICKER DATE CLOSE: a daily bar.
bar() {
	local start end

	ms "$2 09:30"
	start=$ms
	ms "$2 16:00"
	end=$ms
	printf '{"record":"bar","symbol":"%s","tf":"1d","timestamp":%s,"end_ts":%s,"open":%s,"high":%s,"low":%s,"close":%s,"is_final":true}\n' \
		"$1" "$start" "$end" "$3" "$3" "$3" "$3"
}

store() {
	flow-store -q -d "$db" "$@" >/dev/null
}

report() {
	flow-report -d "$db" "$@"
}

# rows OPTIONS -- FILTER: of the JSON answer.
json() {
	report --format json "$@"
}

# A day of KO, watched whole.
ko() {
	hello '"KO"'
	watched '2025-11-24 09:30' '2025-11-24 10:00'
	trade KO '2025-11-24 10:00' C 420000
	trade KO '2025-11-24 10:01' P 1260000
	trade KO '2025-11-24 10:02' P 90000
	beat '2025-11-24 16:00'
	printf '%s\n' "$bye"
}

@test "EX-6.1 put 1,350,000, total 1,770,000, put_call_ratio 3.214286" {
	ko | store
	is "$(json --today KO | jq -c '.rows[0] | [.put_flow, .call_flow,
		.total_premium_flow, .put_call_ratio, .trade_count,
		.coverage_pct]')" '[1350000,420000,1770000,3.214286,3,100]'
	is "$(report --daily KO --format csv 2>/dev/null | cut -d , -f 1-7)" \
		'date,ticker,total_premium_flow,put_flow,call_flow,put_call_ratio,put_call_infinite
2025-11-24,KO,1770000,1350000,420000,3.214286,0'
	run -0 --separate-stderr report --today KO
	has "$output" '$1,770,000  $1,350,000  $420,000  3.214286'
	has "$output" 'coverage: 100 % (live)'
	is "$stderr" ''
}

@test "EX-6.2, EX-6.5 the cancelled put leaves 1,260,000 and a ratio of 3" {
	ko >day
	{
		hello '"KO"'
		printf '{"record":"cancel","symbol":"KO","root":"KO","contract_ticker":"O:KO251219P00060000","strike":60,"expiration":"2025-12-19","option_type":"put","multiplier":100,"trade_date":"2025-11-24","timestamp":%s,"ref_trade_id":"O:KO251219P00060000:%s:CBOE:3","ref_timestamp":%s,"ref_conditions":["AUTO"],"price":9,"size":100,"premium":90000,"exchange":"CBOE","conditions":["CANC"]}\n' \
			"$(at '2025-11-24 10:03')" "$(at '2025-11-24 10:02')" \
			"$(at '2025-11-24 10:02')"
		printf '%s\n' "$bye"
	} >cancel
	store day cancel
	is "$(json --today KO | jq -c '.rows[0] | [.put_flow,
		.put_call_ratio]')" '[1260000,3]'
	{
		hello '"JNJ"'
		trade JNJ '2025-11-24 10:00' C 420000
		trade JNJ '2025-11-24 10:01' P 1300000
		printf '%s\n' "$bye"
	} | store
	is "$(json --today JNJ | jq '.rows[0].put_call_ratio')" 3.095238
}

@test "EX-6.3 only puts: no ratio, put_call_infinite" {
	{
		hello '"KO"'
		trade KO '2025-11-24 10:00' P 420000
		printf '%s\n' "$bye"
	} | store
	is "$(json --today KO | jq -c '.rows[0] |
		[has("put_call_ratio"), .put_call_infinite]')" '[false,true]'
	is "$(json --daily KO --where 'put_call_ratio>2' | jq '.rows | length')" 0
	is "$(json --daily KO --where 'put_call_infinite=1' |
		jq '.rows | length')" 1
}

@test "EX-6.4 8250 puts to 10200 calls are 0.808824" {
	{
		hello '"SPX"'
		for _ in $(seq 33); do
			trade SPX '2025-11-24 10:00' P 250000
		done | sed 's/"size":100/"size":250/; s/"price":25/"price":10/'
		for _ in $(seq 34); do
			trade SPX '2025-11-24 10:00' C 300000
		done | sed 's/"size":100/"size":300/; s/"price":30/"price":10/'
		printf '%s\n' "$bye"
	} | store
	is "$(json --today SPX | jq '.rows[0].put_call_volume_ratio')" 0.808824
}

@test "EX-6.6 3000 puts and 9000 calls bought to open: a share of 0.25" {
	{
		hello '"KO"'
		for _ in $(seq 30); do
			trade KO '2025-11-24 10:00' P 1000 '"opening":"LIKELY"'
		done
		for _ in $(seq 90); do
			trade KO '2025-11-24 10:00' C 1000 '"opening":"PROVEN"'
		done
		trade KO '2025-11-24 10:01' P 1000 '"opening":"UNKNOWN"'
		trade KO '2025-11-24 10:02' P 1000 '"opening":"PROVEN"' |
			sed 's/"side":"BUY"/"side":"SELL"/'
		printf '%s\n' "$bye"
	} | store
	is "$(json --today KO | jq '.rows[0].put_share_open_buy')" 0.25
}

@test "EX-6.12, EX-6.13, EX-6.14 top flow, ties by ticker" {
	{
		hello '"*"'
		trade TSLA '2025-11-24 10:00' P 2100000
		trade KO '2025-11-24 10:00' C 400000
		trade AAPL '2025-11-24 10:00' C 2100000
		trade PEP '2025-11-24 10:00' C 500000
		trade GM '2025-11-24 10:00' C 499999
		printf '%s\n' "$bye"
	} | store
	is "$(json --top --min-flow 600000 | jq -c '[.rows[].ticker]')" \
		'["AAPL","TSLA"]'
	is "$(json --top AAPL KO TSLA --min-flow 0 | jq -c '[.rows[].ticker]')" \
		'["AAPL","TSLA","KO"]'
	is "$(json --top | jq -c '[.rows[].ticker]')" '["AAPL","TSLA","PEP"]'
	is "$(json --top --limit 1 | jq -c '[.rows[].ticker]')" '["AAPL"]'
}

@test "top: before the open the day before counts too" {
	{
		hello '"*"'
		trade KO '2025-11-21 10:00' C 900000
		beat '2025-11-24 09:29'
		beat '2025-11-24 09:31'
		printf '%s\n' "$bye"
	} | store
	is "$(json --top --until 2025-11-24T14:29:00Z | jq '.rows | length')" 1
	is "$(json --top | jq '.rows | length')" 0
}

@test "no trades watched and no trades unwatched never look alike" {
	{
		hello '"KO","PEP"'
		watched '2025-11-24 09:30' '2025-11-24 16:00'
		printf '%s\n' "$bye"
	} | store
	for format in table csv json; do
		for what in --today --daily --trend --recent --by-sentiment \
			--unusual --history --events --alerts --oi-change \
			--coverage; do
			report $what KO --format $format --until \
				2025-11-24T21:00:00Z >seen 2>&1
			report $what GM --format $format --until \
				2025-11-24T21:00:00Z >blind 2>&1
			sed -i 's/GM/KO/g' blind
			run -1 cmp -s seen blind
		done
	done
	has "$(report --recent GM)" 'coverage: 0 %, nothing was seen'
	has "$(report --recent KO)" 'coverage: 100 % (live)'
	# Another ticker's name that begins or ends alike is another.
	for ticker in K O PE EP P; do
		has "$(report --recent $ticker)" 'coverage: 0 %, nothing'
	done
}

@test "days have rows from the first that was watched, or from --since" {
	{
		hello '"KO"'
		watched '2025-11-24 09:30' '2025-11-24 16:00'
		watched '2025-11-25 09:30' '2025-11-25 16:00'
		trade KO '2025-11-25 10:00' C 420000
		printf '%s\n' "$bye"
	} | store
	is "$(json --daily KO | jq -c '[.rows[] | [.date, .trade_count,
		.coverage_pct]]')" \
		'[["2025-11-24",0,100],["2025-11-25",1,100]]'
	# The 22nd and 23rd are a weekend.
	is "$(json --daily KO --since 2025-11-21 | jq -c '[.rows[] | [.date,
		.coverage_pct]]')" \
		'[["2025-11-21",0],["2025-11-24",100],["2025-11-25",100]]'
}

@test "a file watched no ticker that it has no trade of that day" {
	{
		hello '"*"' | sed 's/"live"/"replay"/'
		trade KO '2025-11-24 09:30' C 420000
		trade KO '2025-11-25 09:30' C 420000
		trade PEP '2025-11-25 09:31' C 420000
		beat '2025-11-25 16:00'
		printf '%s\n' "$bye"
	} | store
	# 2025-11-25 is 23,400 s long; 2025-11-24 saw one millisecond.
	shares() {
		json --daily "$1" --since 2025-11-24 |
			jq -c '[.rows[].coverage_pct]'
	}
	is "$(shares KO)" '[0.0001,100]'
	is "$(shares PEP)" '[0,100]'
	is "$(shares JNJ)" '[0,0]'
	is "$(json --today JNJ | jq -c '[.coverage.coverage_pct,
		.coverage.quality]')" '[0,[]]'
	is "$(json --top --min-flow 1 | jq '.coverage.coverage_pct')" 100
	# Asked for by name, a ticker was looked at.
	{
		hello '"JNJ"' | sed 's/"live"/"replay"/'
		trade KO '2025-11-25 09:30' C 420000
		beat '2025-11-25 16:00'
		printf '%s\n' "$bye"
	} | store
	is "$(shares JNJ)" '[0,100]'
}

@test "blind time is named, and never rounds to all or nothing" {
	{
		hello '"KO"'
		watched '2025-11-24 09:30' '2025-11-24 16:00'
		printf '{"record":"gap","gap_id":"g1","state":"lost","from_ts":%s,"to_ts":%s,"symbols":["*"],"reason":"DISCONNECT"}\n' \
			"$(at '2025-11-24 10:31:04')" "$(at '2025-11-24 10:32:31')"
		printf '%s\n' "$bye"
	} | store
	# 87 of 23400 seconds: 99.6282 %
	has "$(report --today KO)" 'coverage: 99.6282 % (live), blind 2025-11-24 10:31:04 AM ET to 2025-11-24 10:32:31 AM ET'
	is "$(json --today KO | jq -c '.coverage.blind')" \
		'[{"from_ts":1763998264000,"to_ts":1763998351000}]'
	{
		hello '"KO"'
		printf '{"record":"gap","gap_id":"g2","state":"lost","from_ts":%s,"to_ts":%s,"symbols":["*"],"reason":"DISCONNECT"}\n' \
			1763998264000 1763998264001
		printf '%s\n' "$bye"
	} >tiny
	rm -f "$db"*
	{
		hello '"KO"'
		watched '2025-11-24 09:30' '2025-11-24 16:00'
		printf '%s\n' "$bye"
	} | cat - tiny | store
	is "$(json --today KO | jq '.rows[0].coverage_pct')" 99.9999
	is "$(json --today KO | jq '.coverage.coverage_pct')" 99.9999
}

@test "an early close is a whole session" {
	{
		hello '"KO"'
		watched '2025-11-28 09:30' '2025-11-28 13:00'
		printf '%s\n' "$bye"
	} | store
	is "$(json --coverage KO --days 1 | jq '.coverage.expected_seconds')" 12600
}

# closes TICKER: 21 sessions that alternate up and down, then five.
sessions='2025-10-17 2025-10-20 2025-10-21 2025-10-22 2025-10-23 2025-10-24 2025-10-27 2025-10-28 2025-10-29 2025-10-30 2025-10-31 2025-11-03 2025-11-04 2025-11-05 2025-11-06 2025-11-07 2025-11-10 2025-11-11 2025-11-12 2025-11-13 2025-11-14 2025-11-17'

# Calls of KO sold off and puts bought over five sessions in which it rose.
against() {
	hello '"KO"'
	i=0
	for day in $sessions; do
		bar KO "$day" "$((60 + i % 2))"
		i=$((i + 1))
	done
	close=61
	for day in 2025-11-18 2025-11-19 2025-11-20 2025-11-21 2025-11-24; do
		close=$((close + 1))
		for _ in 1 2 3 4 5 6; do
			trade KO "$day 10:00" P 60000
		done
		trade KO "$day 10:00" C 40000
		bar KO "$day" $close
		beat "$day 16:00"
	done
	printf '%s\n' "$bye"
}

@test "divergence from what is stored: calls sold off, price up" {
	against | store
	json --divergence KO >out
	# F = (200000 - 1800000) / 2000000; r = ln(66 / 61)
	is "$(jq -c '.rows[0] | [.method, .result, .flow, .price, .sessions]' \
		out)" '["sign","BEARISH_DIVERGENCE",-0.8,0.078781,5]'
	# Sample deviation of 20 returns of +-ln(61/60), times root of 5.
	is "$(jq '.rows[0].sigma' out)" "$(jq -n '((61 / 60 | log) as $x |
		(20 * $x * $x / 19 | sqrt) * (5 | sqrt) * 1e6 | round / 1e6)')"
	is "$(jq -r '.rows[1].reason' out)" \
		'fewer than 60 flows of as many sessions before'
	is "$(jq -r '.rows[3].result' out)" NONE
	is "$(json --today KO | jq -r '.rows[0].divergence')" \
		BEARISH_DIVERGENCE
	json --divergence KO --until 2025-11-20T22:00:00Z >out
	is "$(jq -r '.rows[0].result // .rows[0].reason' out)" \
		'fewer than 30 trades with a sentiment'
}

@test "FLOW_DIVERGENCE: from the days stored to the alert" {
	{
		against
		# as many trades, no price
		hello '"PEP"'
		trade PEP '2025-11-24 10:00' C 1000
		printf '%s\n' "$bye"
	} | store
	report --divergence-records KO >out
	# the numbers of --divergence, at the close of the last session
	is "$(jq -c '[.record, .symbol, .method, .result, .score, .flow_bias,
		.price_return, .sigma, .n_sessions, .coverage_pct]' out)" \
		"$(json --divergence KO | jq -c '.rows[0] | ["divergence",
		.ticker, .method, .result, .score, .flow, .price, .sigma,
		.sessions, .coverage_pct]')"
	is "$(jq -c '[.timestamp, .trade_date, .window_start, .window_end]' \
		out)" "[$(at '2025-11-24 16:00'),\"2025-11-24\",$(at '2025-11-18 09:30'),$(at '2025-11-24 16:00')]"
	# 6.3: 100 x min(1, 0.8 / 0.5) x min(1, r / (2 sigma))
	is "$(jq .score out)" "$(jq 'def min1: if . > 1 then 1 else . end;
		100 * (.price_return / (2 * .sigma) | min1) * 100 | round / 100' \
		out)"
	run -0 --separate-stderr flow-alert out
	is "$(head -n 1 <<<"$output")" '[MEDIUM] KO FLOW_DIVERGENCE'
	has "$output" 'BEARISH_DIVERGENCE 100/100 | Flow -0.8 | Price 0.078781 | 5 sessions'
	has "$output" 'Action: Recheck thesis.'
	has "$output" 'Time: 04:00:00 PM ET'
	flow-alert -q -f json out >alerts
	is "$(head -n 1 alerts)" "$(cat out)"
	is "$(jq -c 'select(.record == "alert") | [.alert_id, .ticker, .trade_date,
		.window_start, .metrics.score, .metrics.result, has("root"),
		has("feed")]' alerts)" \
		"[\"al:FLOW_DIVERGENCE:KO:$(at '2025-11-24 16:00')\",\"KO\",\"2025-11-24\",$(at '2025-11-18 09:30'),100,\"BEARISH_DIVERGENCE\",false,false]"
	# said once an hour of the stream's time
	is "$(cat out out | flow-alert -q | grep -c FLOW_DIVERGENCE)" 1
	# only a divergence, of 30 and more
	for edit in 's/"score":100/"score":29.999999/' \
		's/BEARISH_DIVERGENCE/CONFIRMATION/' \
		's/"result":"[A-Z_]*",//' 's/"score":100,//'; do
		is "$(sed "$edit" out | flow-alert -q)" ''
	done
	has "$(sed 's/"score":100/"score":30/; s/BEAR/BULL/' out |
		flow-alert -q)" 'BULLISH_DIVERGENCE 30/100'
	# all tickers; what does not follow says why, and is no alert
	report --divergence-records >all
	is "$(jq -c '[.symbol, .result, .reason]' all)" \
		'["KO","BEARISH_DIVERGENCE",null]
["PEP",null,"fewer than 3 sessions with trades"]'
	is "$(flow-alert -q all | grep -c FLOW_DIVERGENCE)" 1
	# not two days before, when there was too little
	report --divergence-records KO --until 2025-11-20T22:00:00Z >less
	is "$(jq -r .reason less)" 'fewer than 30 trades with a sentiment'
	for bad in 's/"symbol":"KO",//' 's/"timestamp":[0-9]*,//' \
		's/2025-11-24/2025-11-34/' 's/"score":100/"score":"x"/' \
		"s/KO/$(printf 'K%.0s' $(seq 65))/"; do
		sed "$bad" out >bad
		run -3 --separate-stderr flow-alert -q bad
		is "$output" ''
	done
}

@test "recent, by-sentiment, unusual equal the queries of the sources" {
	ko | store
	is "$(json --recent KO --hours 24 | jq -c '.rows[] | [.timestamp,
		.contract_ticker, .sentiment, .size, .premium]')" \
		"$(sqlite3 "$db" "SELECT json_array(timestamp, contract_ticker,
			sentiment, size, CAST(premium AS INTEGER)) FROM
			options_flow_history WHERE symbol = 'KO'
			ORDER BY timestamp DESC LIMIT 50")"
	is "$(json --by-sentiment --hours 24 | jq -c '.rows[] | [.symbol,
		.sentiment, .trade_count, .total_size, .total_premium]')" \
		'["KO","BEARISH",2,200,1350000]
["KO","BULLISH",1,100,420000]'
	is "$(json --unusual --hours 24 --limit 2 | jq -c '[.rows[].premium]')" \
		'[1260000,420000]'
	is "$(report --sql 'SELECT COUNT(*) AS n FROM options_flow_history' \
		--format csv)" 'n
3'
}

# alert ID SEVERITY TYPE TIME
alert() {
	printf '{"record":"alert","timestamp":%s,"alert_id":"%s","ticker":"KO","alert_type":"%s","severity":"%s","title":"KO %s","message":"m","recommendation":"r"}\n' \
		"$(at "$4")" "$1" "$3" "$2" "$3"
}

@test "alerts: severity, hours, colour" {
	{
		hello '"KO"'
		alert a1 LOW NO_UNUSUAL_ACTIVITY '2025-11-24 09:40'
		alert a2 HIGH PUT_BLOCK '2025-11-24 09:41'
		alert a3 CRITICAL PUT_SWEEP '2025-11-21 09:41'
		alert a4 MEDIUM BLOCK_TRADE '2025-11-24 09:42'
		printf '%s\n' "$bye"
	} | store
	is "$(json --alerts | jq -c '[.rows[].alert_id]')" '["a4","a2"]'
	is "$(json --alerts --min-severity HIGH --days 7 |
		jq -c '[.rows[].alert_id]')" '["a2","a3"]'
	is "$(json --alerts PEP | jq '.rows | length')" 0
	has "$(report --alerts --color always)" $'\e[31mHIGH\e[0m'
	[[ $(report --alerts) != *$'\e'* ]]
}

# gate STATUS OPTIONS: its answer.
gate() {
	run -"$1" --separate-stderr report --gate KO "${@:2}"
}

@test "gate: 0 clear, 1 adverse, 3 when it cannot know" {
	{
		ko | sed '$d' | grep -v '"put"'
		alert a1 LOW NO_UNUSUAL_ACTIVITY '2025-11-24 09:40'
		printf '%s\n' "$bye"
	} | store
	gate 3
	is "$(jq -r .answer <<<"$output")" unknown
	gate 3 --until 2025-11-24T21:00:00Z
	is "$(jq -r '.rows[] | select(.result == "unknown").check' \
		<<<"$output")" divergence
	gate 0 --until 2025-11-24T21:00:00Z --skip divergence
	is "$(jq -r .answer <<<"$output")" clear
	gate 3 --until 2025-11-25T18:00:00Z --skip divergence
	{
		hello '"KO"'
		alert a2 CRITICAL PUT_SWEEP '2025-11-24 10:41'
		printf '%s\n' "$bye"
	} | store
	gate 1 --until 2025-11-24T21:00:00Z
	is "$(jq -r '.rows[0].reason' <<<"$output")" \
		'1 CRITICAL or HIGH in 24 hours: PUT_SWEEP'
	run -2 --separate-stderr report --gate
	has "$stderr" 'of which ticker?'
}

@test "gate: an alert that was taken back is none" {
	{
		ko | sed '$d'
		alert a1 CRITICAL PUT_SWEEP '2025-11-24 10:41'
		printf '%s\n' "$bye"
	} | store
	gate 1 --until 2025-11-24T21:00:00Z --skip history --skip divergence
	is "$(jq -r '.rows[0].result' <<<"$output")" adverse
	alert a1 CRITICAL PUT_SWEEP '2025-11-24 10:41' |
		sed 's/}$/,"cancelled":true}/' | store
	gate 0 --until 2025-11-24T21:00:00Z --skip history --skip divergence
	is "$(jq -c '.rows[0]' <<<"$output")" \
		'{"check":"alerts","result":"clear","reason":"none CRITICAL or HIGH in 24 hours"}'
	# It is told once, as taken back.
	is "$(json --alerts | jq -c '[.rows[] | [.alert_id, .cancelled]]')" \
		'[["a1",true]]'
}

@test "gate: history leans from 20 trades and \$250,000 on" {
	local i
	# 19 puts of 13,200 are 250,800, of which 18 come first; a call of 1.
	{
		hello '"KO"'
		watched '2025-11-24 09:30' '2025-11-24 10:00'
		for ((i = 10; i < 28; i++)); do
			trade KO "2025-11-24 10:$i" P 13200
		done
		trade KO '2025-11-24 10:40' C 1
	} >day
	whole() {
		cat "$@" - <<<"$bye" | store
	}
	whole day
	asked() {
		gate "$1" --until 2025-11-24T21:00:00Z --skip alerts \
			--skip divergence --min-coverage 1
		jq -r '.rows[0] | "\(.result): \(.reason)"' <<<"$output"
	}
	is "$(asked 0)" 'clear: $237,601 in 19 trades is too little to lean either way'
	trade KO '2025-11-24 10:41' P 13200 | store
	is "$(asked 1)" 'adverse: put/call premium 250800'
	# As much in fewer trades, and as many of less.
	rm -f "$db"*
	{ sed -n 1,3p day; trade KO '2025-11-24 10:40' P 900000; } >few
	whole few
	is "$(asked 0)" 'clear: $900,000 in 1 trades is too little to lean either way'
	rm -f "$db"*
	trade KO '2025-11-24 10:41' P 1 >one
	whole day one
	is "$(asked 0)" 'clear: $237,602 in 20 trades is too little to lean either way'
}

@test "gate: a demo clears nothing" {
	{
		ko | sed 's/"mode":"[a-z]*"/"mode":"demo"/; $d' | grep -v '"put"'
		alert a1 LOW NO_UNUSUAL_ACTIVITY '2025-11-24 09:40'
		printf '%s\n' "$bye"
	} | store
	gate 3 --until 2025-11-24T21:00:00Z --skip divergence
	is "$(jq -r '.rows[] | select(.result == "unknown").check' \
		<<<"$output")" coverage
}

@test "gate: an old database is not taken for quiet" {
	{
		hello '"KO"'
		watched '2025-11-24 09:30' '2025-11-24 16:00'
		alert a1 LOW NO_UNUSUAL_ACTIVITY '2025-11-24 09:40'
		trade KO '2025-11-24 10:00' C 100
		printf '%s\n' "$bye"
	} | store
	run -0 on_clock '@2025-11-24 21:30:00' "$FLOW_BIN/flow-report" \
		-d "$db" --gate KO --skip divergence
	run -3 on_clock '@2025-11-25 21:30:00' "$FLOW_BIN/flow-report" \
		-d "$db" --gate KO --skip divergence
}

@test "K4: hostile tickers, conditions and SQL reach no other row" {
	ko | store
	for word in "KO' OR '1'='1" 'KO"--' 'KO;DROP TABLE trades' '%' '_O' \
		"')) UNION SELECT 1--" $'KO\n' 'KO,PEP' '*'; do
		run -2 --separate-stderr report --recent -- "$word"
		is "$output" ''
	done
	for where in 'put_flow>1 OR 1=1' '1=1' 'ticker=KO' 'put_flow>>1' \
		"put_flow>'1'" 'put_flow' 'close;--=1' ''; do
		run -2 --separate-stderr report --daily KO --where "$where"
		is "$output" ''
	done
	sha256sum "$db" >before
	for sql in "DELETE FROM trades" "ATTACH 'x.db' AS x" 'PRAGMA user_version' \
		'VACUUM' "SELECT load_extension('x')" 'BEGIN' 'CREATE TABLE t(a)' \
		'UPDATE meta SET value = 1' 'SELECT 1; DELETE FROM trades' \
		"VACUUM INTO 'y.db'" 'DROP VIEW alerts' '' \
		"SELECT * FROM pragma_table_info('trades')" 'ANALYZE' \
		'CREATE TEMP TABLE t(a)' 'REINDEX' 'DETACH main'; do
		run -2 --separate-stderr report --sql "$sql"
		is "$output" ''
	done
	sha256sum -c --quiet before
	[ ! -e x.db ] && [ ! -e y.db ]
}

@test "K4: 1,000 hostile values reach no other row and change nothing" {
	flow-tap --demo KO PEP SPX --rate 5/s --for 20s --date 2025-11-24 |
		flow-classify | flow-alert -q -f json | store
	local n
	n=$(fewer 1000 200)
	run -0 "$top/tests/report-hostile" "$db" 1 $n
	# How many were refused, of how many; of SQL all.
	has "$output" " sql:$((n / 5))/$((n / 5)) "
	[[ $output =~ ticker:([0-9]+)/$((n * 2 / 5)) ]]
	[ "${BASH_REMATCH[1]}" -lt $((n * 2 / 5)) ]
	[[ $output =~ time:([0-9]+)/$((n / 10)) ]]
	[ "${BASH_REMATCH[1]}" -lt $((n / 10)) ]
}

@test "a question that takes too long ends with 4" {
	ko | store
	run -4 --separate-stderr report --timeout 50ms --sql 'WITH RECURSIVE
		a(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a)
		SELECT count(*) FROM a'
	has "$stderr" 'not done after 50 ms'
}

@test "K6: formulas in csv are disarmed, numbers stay numbers" {
	ko | store
	is "$(report --format csv --sql "SELECT '=1+1' AS a, '+1' AS b,
		'-1' AS c, '@x' AS d, char(9) || 'x' AS e, char(13) || 'x' AS f,
		char(10) || 'x' AS l, -1 AS g, 'a,\"b' AS h, -1.5 AS i, '' AS j, NULL AS k")" \
		"a,b,c,d,e,f,l,g,h,i,j,k
'=1+1,'+1,'-1,'@x,'?x,'?x,'?x,-1,\"a,\"\"b\",-1.5,,"
	is "$(report --raw --format csv --sql "SELECT '=1+1' AS a")" 'a
=1+1'
}

@test "K5: control characters of the database reach no terminal" {
	ko | store
	report --sql "SELECT char(27) || '[31mred' || char(155) || char(8238)
		AS a, 1 AS \"b$(printf '\033')[0m\"" >out
	run -1 grep -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]' out
}

# hostile TEXT: records that have it, as JSON, wherever a record has a text.
hostile() {
	local sed=${1//\\/\\\\}

	ko | sed '$d'
	trade KO '2025-11-24 10:05' P 90000 |
		sed "s/\"CBOE\"/\"$sed\"/; s/\"AUTO\"/\"$sed\"/; s/\"LARGE\"/\"$sed\"/
		s/\"BEARISH\"/\"$sed\"/; s/\"BUY\"/\"$sed\"/
		s/,\"root\":\"KO\"/,\"root\":\"$sed\"/
		s/\"contract_ticker\":\"[^\"]*\"/\"contract_ticker\":\"$sed\"/"
	printf '{"record":"event","event_type":"%s","symbol":"KO","contract_ticker":"%s","expiration":"%s","option_type":"put","side":"%s","timestamp":%s,"size":100,"premium":5}\n' \
		"$1" "$1" "$1" "$1" "$(at '2025-11-24 10:05')"
	printf '{"record":"oi","symbol":"KO","contract_ticker":"%s","timestamp":%s,"oi_date":"2025-11-24","open_interest":9000,"oi_change":5000}\n' \
		"$1" "$(at '2025-11-24 09:00')"
	printf '{"record":"alert","timestamp":%s,"alert_id":"%s","ticker":"KO","alert_type":"%s","severity":"HIGH","title":"%s","message":"%s","recommendation":"%s"}\n' \
		"$(at '2025-11-24 10:06')" "$1" "$1" "$1" "$1" "$1"
	printf '%s\n' '{"record":"gap","gap_id":"'"$1"'","state":"lost","from_ts":1763998264000,"to_ts":1763998264001,"symbols":["'"$1"'"],"reason":"'"$1"'"}' \
		'{"record":"hello","schema_version":1,"run":"x","stage":"flow-tap","feed":"'"$1"'","mode":"'"$1"'","symbols":["'"$1"'"]}'
	watched '2025-11-24 10:07' '2025-11-24 10:08'
	printf '%s\n' "$bye"
}

# every FORMAT: all that is said of the hostile ones.
every() {
	for what in --today --daily --trend --recent --by-sentiment --unusual \
		--history --events --alerts --oi-change --coverage --divergence; do
		report $what KO --format "$1" --days 9 2>&1 || return 1
	done
	report --gate KO --format "$1" || [ $? -ne 2 ]
	for id in "$(sqlite3 "$db" "SELECT alert_id FROM alert_rows LIMIT 1")" \
		"$(sqlite3 "$db" 'SELECT trade_id FROM options_flow_history
			ORDER BY timestamp DESC LIMIT 1')"; do
		report --why "$id" --format "$1" || [ $? -ne 2 ]
	done
}

@test "K5: hostile fields of records reach no terminal" {
	hostile 'x\u001b[2J\u0007\u009b1m\u202e\u2066\u007f\n\rb' | store
	is "$(sqlite3 "$db" 'SELECT count(*) FROM alert_rows')" 1
	every table >out
	[ "$(grep -c 'x?\[2J' out)" -ge 10 ]
	run -1 grep -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' out
	every csv >out
	run -1 grep -P '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' out
}

@test "K6: hostile fields of records are no formulas" {
	for sign in = + - @; do
		rm -f "$db"*
		hostile "${sign}1+2" | store
		every csv >out
		[ "$(grep -c "'${sign}1+2" out)" -ge 8 ]
		# A cell that begins with it would be one.
		run -1 grep -E "(^|,)\"?[$sign]1\\+2" out
		report --alerts KO --format csv --raw >raw 2>/dev/null
		grep -qE "(^|,)[$sign]1\\+2" raw
	done
}

@test "JSON is UTF-8 and valid, whatever is stored" {
	ko | store
	report --format json --sql "SELECT CAST(x'ff41' AS TEXT) AS a,
		x'00ff' AS b, 1.5 AS c, 12 AS d" >out
	is "$(jq -c '.rows[0]' out)" \
		'{"a":"?A","b":"X'"'00FF'"'","c":1.5,"d":12}'
}

@test "help, version, bad options, /dev/full, no database" {
	run -0 --separate-stderr flow-report --help
	has "$output" '--divergence'
	run -0 --separate-stderr flow-report --version
	has "$output" flow-report
	run -2 --separate-stderr report
	has "$stderr" 'no question'
	run -2 --separate-stderr report --today
	has "$stderr" 'unable to open'
	ko | store
	run -2 --separate-stderr report --today --top
	has "$stderr" 'more than one question'
	run -2 --separate-stderr report --today --hours 3
	run -2 --separate-stderr report --recent --hours 3 --days 2
	run -2 --separate-stderr report --recent --since yesterday
	has "$stderr" 'not a date'
	run -2 --separate-stderr report --alerts --min-severity WORST
	run -2 --separate-stderr report --today --days 0
	run -4 --separate-stderr bash -c 'flow-report -d "$1" --today >/dev/full' \
		_ "$db"
	has "$stderr" 'No space left'
}

@test "--limit holds for every question" {
	local question
	{
		for ticker in KO PEP; do
			hello '"'$ticker'"'
			watched '2025-11-24 09:30' '2025-11-24 10:00'
			trade $ticker '2025-11-24 10:00' C 900000
			trade $ticker '2025-11-24 10:01' P 900000
			printf '%s\n' "$bye"
		done
	} | store
	for question in --today --daily --top --coverage --recent --unusual \
		--by-sentiment '--trend KO PEP' '--divergence KO PEP' \
		'--context KO PEP'; do
		# More than one without it, each of them by hand.
		# shellcheck disable=SC2086
		[ "$(json $question | jq '.rows | length')" -ge 2 ]
		# shellcheck disable=SC2086
		is "$question $(json $question --limit 1 | jq '.rows | length')" \
			"$question 1"
	done
}

@test "what is stored of a year nobody knows hides nothing else" {
	ko >day
	store day
	trade KO '2099-11-24 10:00' C 420000 | store
	run -2 --separate-stderr report --today KO
	is "$stderr" 'flow-report: error: the newest that is stored is outside the exchange calendar: say --until'
	is "$(json --today KO --until 2025-11-25 | jq '.rows[0].put_flow')" \
		1350000
}

@test "an empty database is told, and gates nothing" {
	{
		printf '%s\n' '{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","feed":"test","mode":"live"}' "$bye"
	} | store
	run -2 --separate-stderr report --today
	has "$stderr" 'nothing was stored yet'
	run -3 --separate-stderr report --gate KO
	is "$(jq -r .answer <<<"$output")" unknown
}
