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
	report --markout --until 2025-11-22 >out
	# to a millionth of a per cent, controls being rounded once more
	jq -c '.rows[] | [.detector, .minutes, .n, .mean_pct, .low_pct,
		.high_pct, .matched, .controls, .beyond_pct, .beyond_low_pct,
		.beyond_high_pct] | map(values)' out >got
	"$top/tests/markout-of" <in >want
	jq -n --slurpfile got got --slurpfile want want '
		def near($a; $b): if ($a | type) == "number" then
			($a - $b | fabs) < 0.0000021 else $a == $b end;
		($got | length) == 18 and ($want | length) == 18 and
		all(range(18) as $i | ($got[$i] | length) as $n |
			$n == ($want[$i] | length) and
			all(range($n) as $k |
				near($got[$i][$k]; $want[$i][$k]); .); .)' >same
	is "$(cat same)" true
	is "$(jq -c '[.rows[] | select(.made_up)]' out)" '[]'
	run -0 flow-report --db b.db --markout --until 2025-11-22
	has "$output" '18 comparisons: of 20 without meaning one is expected outside its interval'
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
