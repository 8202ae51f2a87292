#!/usr/bin/env bats
# flow-report --backtest and --markout: domain.md 8 and 9.3.5.  The records are
# synthetic.
load helper

hello='{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","feed":"test","mode":"replay","symbols":["*"]}'
bye='{"record":"bye","run":"r","n":0,"reason":"end","exit":0}'

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# paper N R [MEMBERS]: the n-th position of 2025-11-24, which came to R
paper() {
	printf '{"record":"paper","signal_id":"s%s","timestamp":%s,"symbol":"KO","kind":"SCALP","strength":7.9,"tags":["SWEEP"],"regime_trend":"UP","regime_vol":"LOW","mark_source":"UNDERLYING","entry_ts":1,"exit_ts":%s,"exit_reason":"TP","r_multiple":%s%s}\n' \
		"$1" "$((1764000000000 + $1))" "$((1764000000000 + $1))" \
		"$2" "${3:+,$3}"
}

# EX-8.10's eight positions
example() {
	local n=0 r
	for r in 2 -1 -1 2 0.3 -1 2 -0.4; do
		n=$((n + 1))
		paper "$n" "$r"
	done
}

# stored: standard input into the database
stored() {
	{ echo "$hello"; cat; echo "$bye"; } |
		flow-store -q --db b.db >/dev/null
}

report() {
	flow-report --db b.db -f json "$@"
}

@test "EX-8.10: win rate with its interval, profit factor, drawdown" {
	example | stored
	report --backtest >out
	is "$(jq -c '.rows[0]' out)" '{"detector":"ALL","markSource":"UNDERLYING","madeUp":false,"totalTrades":8,"winRate":0.5,"winRateLow":0.215216,"winRateHigh":0.784784,"profitFactor":1.852941,"meanR":0.3625,"sdR":1.424217,"maxDrawdownR":2}'
	is "$(jq -c '[.rows[].detector], [.groups[].detector]' out)" \
		'["ALL","SCALP"]
["tag SWEEP","strength 7","regime UP/LOW"]'
	is "$(jq -c '[(.rows + .groups)[] | .detector = "ALL"] | unique |
		length' out)" 1
}

@test "what was taken back or never filled is no trade" {
	{ example; paper 9 5 | sed 's/"TP"/"CANCELLED"/'
		paper 10 5 | sed 's/"TP"/"NOT_FILLED"/; s/,"r_multiple":5//'; } |
		stored
	is "$(report --backtest | jq -c '.rows[0] | [.totalTrades, .meanR]')" \
		'[8,0.3625]'
}

@test "tags that are a text or a number are none" {
	local tags
	for tags in '"[\"x"' '"["' '"[\"a\",\"b\"]"' 5 '{"a":["b"]}' null; do
		rm -f b.db*
		paper 1 1 | sed 's/"tags":\["SWEEP"\]/"tags":'"${tags//\\/\\\\}"'/' >in
		jq -ce '.tags != ["SWEEP"]' in >valid
		stored <in
		is "$tags $(report --backtest | jq -c '[.groups[].detector]')" \
			"$tags "'["strength 7","regime UP/LOW"]'
	done
}

@test "groups: kinds, marks, what was made up; no factor without a loss" {
	{ paper 1 1; paper 2 2 '"feed":"demo"'
		paper 3 3 | sed 's/UNDERLYING/OPTION_MID/; s/SCALP/SWING/
			s/7.9/10/; s/\["SWEEP"\]/["SIZE","SWEEP"]/'
		paper 4 4 | sed 's/"tags":[^]]*],//; s/"regime_[a-z]*":"[A-Z]*",//g'
	} | stored
	report --backtest >out
	is "$(jq -r '.rows[] | [.detector, .markSource, .madeUp, .totalTrades,
		.meanR, .profitFactor] | map(tostring) | join(" ")' out)" \
		'ALL OPTION_MID false 1 3 null
SWING OPTION_MID false 1 3 null
ALL UNDERLYING false 2 2.5 null
SCALP UNDERLYING false 2 2.5 null
ALL UNDERLYING true 1 2 null
SCALP UNDERLYING true 1 2 null'
	is "$(jq -r '.groups[] | [.detector, .markSource, .madeUp,
		.totalTrades] | map(tostring) | join(" ")' out)" \
		'tag SIZE OPTION_MID false 1
tag SWEEP OPTION_MID false 1
strength 10 OPTION_MID false 1
regime UP/LOW OPTION_MID false 1
tag SWEEP UNDERLYING false 1
strength 7 UNDERLYING false 2
regime UP/LOW UNDERLYING false 1
tag SWEEP UNDERLYING true 1
strength 7 UNDERLYING true 1
regime UP/LOW UNDERLYING true 1'
}

@test "tickers and times select; nothing is no row" {
	{ example; paper 9 3 | sed 's/"KO"/"PEP"/'; } | stored
	is "$(report --backtest PEP | jq -c '.rows[0].meanR')" 3
	is "$(report --backtest KO --until 1764000000003 | jq -c \
		'.rows[0] | [.totalTrades, .winRate]')" '[2,0.5]'
	is "$(report --backtest MSFT | jq -c '.rows, .groups')" '[]
[]'
	run -0 flow-report --db b.db --markout
	has "$output" '0 comparisons'
	has "$output" 'no rows'
}

@test "the four names of source 2, as csv" {
	example | stored
	run -0 --separate-stderr flow-report --db b.db --backtest -f csv
	is "$(head -n 2 <<<"$output")" 'detector,markSource,madeUp,totalTrades,winRate,winRateLow,winRateHigh,profitFactor,meanR,sdR,maxDrawdownR
ALL,UNDERLYING,0,8,0.5,0.215216,0.784784,1.852941,0.3625,1.424217,2'
}

@test "positions of flow-paper, through the store" {
	cat >f.ndjson <<-'end'
	{"record":"signal","signal_id":"s1","kind":"SCALP","symbol":"KO","contract_ticker":"O:KO260116C00062000","timestamp":1764000000000,"direction":"LONG","strength":7.9,"size":1,"price":1,"premium":100}
	{"record":"trade","symbol":"KO","contract_ticker":"KO","timestamp":1764000001000,"price":100,"size":1}
	{"record":"trade","symbol":"KO","contract_ticker":"KO","timestamp":1764000002000,"price":110,"size":1}
	end
	flow-paper -q f.ndjson | stored
	is "$(report --backtest | jq -c '.rows[0] | [.totalTrades, .meanR]')" \
		'[1,2]'
}

@test "markout: returns and matched controls as tests/markout-of finds them" {
	"$top/tests/markout-of" --make >in
	stored <in
	report --markout >out
	# to a millionth of a per cent, controls being rounded once more
	jq -c '.rows[] | [.detector, .minutes, .n, .mean_pct, .low_pct,
		.high_pct, .matched, .controls, .beyond_pct, .beyond_low_pct,
		.beyond_high_pct] | map(values)' out >got
	"$top/tests/markout-of" <in >want
	jq -n --slurpfile got got --slurpfile want want '
		def near($a; $b): if ($a | type) == "number" then
			($a - $b | fabs) < 0.0000021 else $a == $b end;
		($got | length) == 21 and ($want | length) == 21 and
		all(range(21) as $i | ($got[$i] | length) as $n |
			$n == ($want[$i] | length) and
			all(range($n) as $k |
				near($got[$i][$k]; $want[$i][$k]); .); .)' >same
	is "$(cat same)" true
	is "$(jq -c '[.rows[] | select(.made_up)]' out)" '[]'
	run -0 flow-report --db b.db --markout --until 2025-11-22
	has "$output" '21 comparisons: of 20 without meaning one is expected outside its interval'
}

@test "markout: what was made up stands apart; one day has no interval" {
	"$top/tests/markout-of" --make | head -n 700 |
		jq -c '. + {feed: "demo"}' | stored
	report --markout >out
	is "$(jq -c '[.rows[] | .made_up] | unique' out)" '[true]'
	is "$(jq -c '[.rows[] | select(.low_pct or .beyond_pct)]' out)" '[]'
}

@test "questions that make no sense" {
	example | stored
	run -2 --separate-stderr flow-report --db b.db --backtest --markout
	has "$stderr" 'more than one question'
}

# ---- scripts/backtest ----

# day DATE ID:PRICES...: a recording of that date: a signal on each id's own
# symbol at 10:00 New York, its option quoted at 100 then, and at each price a
# minute later
day() {
	local at id prices price n
	at=$(date -u -d "$1 15:00" +%s%3N)
	shift
	{
		echo "$hello"
		for id; do
			printf '{"record":"signal","signal_id":"%s","kind":"SCALP","symbol":"%s","contract_ticker":"O:%s260116C00062000","timestamp":%s,"direction":"LONG","strength":7.9,"size":1,"price":1,"premium":100}\n' \
				"${id%%:*}" "${id%%:*}" "${id%%:*}" "$at"
		done
		for id; do
			quote "${id%%:*}" $((at + 1000)) 100
		done
		for n in 1 2; do
			for id; do
				IFS=: read -r id prices <<<"$id"
				read -r -a price <<<"$prices"
				quote "$id" $((at + 60000 * n)) "${price[n - 1]}"
			done
		done
		echo "$bye"
	}
}

quote() {
	printf '{"record":"quote","contract_ticker":"O:%s260116C00062000","timestamp":%s,"bid":%s,"ask":%s}\n' \
		"$1" "$2" "$3" "$3"
}

# The first takes 2 % or loses 1 %, the second 1 % or 0.5 %.
recorded() {
	mkdir days
	day 2025-11-24 'S1:101.5 98' 'S2:100 103' 'S3:98 98' \
		>days/demo-20251124.ndjson
	day 2025-11-25 'S4:101.5 98' 'S5:99.4 103' |
		gzip >days/2025-11-25.ndjson.gz
	day 2025-11-26 'S6:98 98' >days/2025-11-26.ndjson
	echo 'paper: {fee: 0, mark_source: OPTION_MID}' >one.yaml
	echo 'paper: {fee: 0, mark_source: OPTION_MID, scalp:
		{take_profit_pct: 1, stop_loss_pct: 0.5}}' >two.yaml
}

@test "scripts/backtest: two configurations on the same two days" {
	recorded
	run -0 --separate-stderr "$top/scripts/backtest" --filters cat \
		--until 2025-11-26 --json days one.yaml two.yaml
	is "$stderr" ''
	# first: S1 -2, S2 2, S3 -2, S4 -2, S5 2; second: 2, 2, -4, 2, -1.2.
	# Wilson of 2 and 3 of 5 by python3's NormalDist.
	is "$(jq -c '.configurations[] | .rows[] | [.detector, .totalTrades,
		.winRate] + ([.winRateLow, .winRateHigh, .profitFactor, .meanR]
		| map(. * 10000 | round))' <<<"$output")" \
		'["ALL",5,0.4,1176,7693,6667,-4000]
["SCALP",5,0.4,1176,7693,6667,-4000]
["ALL",5,0.6,2307,8824,11538,1600]
["SCALP",5,0.6,2307,8824,11538,1600]'
	# two days drawn: 1/3 twice the first, 0 twice the second, 1/5 both
	is "$(jq -c '.difference | [.days, .winRate, .winRateLow,
		.winRateHigh] | map(. * 10000 | round)' <<<"$output")" \
		'[20000,2000,0,3333]'
	# and mean R: 0 + 2/3, 0.4 - 0, 0.16 + 0.4
	is "$(jq -c '.difference | [.meanR, .meanRLow, .meanRHigh] |
		map(. * 10000 | round)' <<<"$output")" '[5600,4000,6667]'
	# the second alone won S1 and S4, the first S5: (2 - 1 - 1)^2 / 3
	is "$(jq -c '.pairs' <<<"$output")" '{"signals":5,"bothWon":1,"onlyFirstWon":1,"onlySecondWon":2,"mcnemar":0,"p":1}'
	run -0 "$top/scripts/backtest" --filters cat -u 2025-11-26 days \
		one.yaml two.yaml
	is "$output" 'one.yaml
  ALL: 5 trades, win rate 0.400 (0.118 to 0.769), profit factor 0.667, mean R -0.400
  SCALP: 5 trades, win rate 0.400 (0.118 to 0.769), profit factor 0.667, mean R -0.400
two.yaml
  ALL: 5 trades, win rate 0.600 (0.231 to 0.882), profit factor 1.154, mean R 0.160
  SCALP: 5 trades, win rate 0.600 (0.231 to 0.882), profit factor 1.154, mean R 0.160
second less first, over 2 days
  win rate 0.200 (0.000 to 0.333), mean R 0.560 (0.400 to 0.667)
the same 5 signals
  won by both 1, by the first alone 1, by the second alone 2; McNemar 0.000, p 1.0000'
}

@test "scripts/backtest: one configuration, one day, a journal" {
	recorded
	run -0 "$top/scripts/backtest" --filters cat -s 2025-11-26 days one.yaml
	is "$output" 'one.yaml
  ALL: 1 trade, win rate 0.000 (0.000 to 0.793), profit factor 0.000, mean R -2.000
  SCALP: 1 trade, win rate 0.000 (0.000 to 0.793), profit factor 0.000, mean R -2.000'
	flow-tap -q --replay days/2025-11-26.ndjson --journal j >/dev/null
	run -0 "$top/scripts/backtest" --filters cat j one.yaml
	has "$output" 'ALL: 1 trade'
	run -0 "$top/scripts/backtest" --filters "grep -v signal" j one.yaml
	is "$output" 'one.yaml
  ALL: no trades'
}

@test "scripts/backtest: what it cannot do" {
	recorded
	run -2 --separate-stderr "$top/scripts/backtest" nowhere one.yaml
	has "$stderr" 'unable to read nowhere: No such file or directory'
	run -2 --separate-stderr "$top/scripts/backtest" days three.yaml
	has "$stderr" 'three.yaml: no such file'
	run -2 --separate-stderr "$top/scripts/backtest" -u 2025-01-01 days \
		one.yaml
	has "$stderr" 'days: no recording of these dates'
	run -2 --separate-stderr "$top/scripts/backtest" days one.yaml one.yaml \
		one.yaml
	has "$stderr" 'two configurations at most'
	echo 'paper: {fees: 1}' >one.yaml
	run -2 --separate-stderr "$top/scripts/backtest" --filters cat days \
		one.yaml
	has "$stderr" 'one.yaml:1: paper.fees: unknown key'
	cp days/2025-11-26.ndjson days/20251126.ndjson
	run -2 --separate-stderr "$top/scripts/backtest" days two.yaml
	has "$stderr" 'days: two recordings of 2025-11-26'
}
