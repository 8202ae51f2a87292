#!/usr/bin/env bats
# flow-alert: the rules, cooldown, cancels and text of domain.md 5.1 to 5.3.
# The day is Monday 2025-11-24, when New York is UTC-5.
load helper

put='"symbol":"KO","root":"KO","contract_ticker":"O:KO251219P00062000","strike":62,"expiration":"2025-12-19","option_type":"put","multiplier":100,"trade_date":"2025-11-24"'
call='"symbol":"KO","root":"KO","contract_ticker":"O:KO251219C00062000","strike":62,"expiration":"2025-12-19","option_type":"call","multiplier":100,"trade_date":"2025-11-24"'

hello='{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","mode":"demo","symbols":["*"]}'
bye='{"record":"bye","run":"r","n":0,"reason":"end","exit":0}'

# at HH:MM[:SS]: milliseconds UTC of a New York time on the day.
at() {
	local h m s
	IFS=: read -r h m s <<<"$1"
	# 1763960400 is 2025-11-24T05:00:00Z, midnight in New York
	echo $(((1763960400 + 10#$h * 3600 + 10#$m * 60 + 10#${s:-0}) * 1000))
}

# trade TIME IDENTITY ID PREMIUM [MEMBERS]: a print; its premium is a member, so
# price and size may be anything.
trade() {
	printf '{"record":"trade","trade_id":"%s",%s,"timestamp":%s,"price":1,"size":1,"premium":%s,"is_sweep":false,"is_block":false%s}\n' \
		"$3" "$2" "$(at "$1")" "$4" "${5:+,$5}"
}

# sweep TIME SIDE PREMIUM N_EXCHANGES [ID...]
sweep() {
	local time=$1 side=$2 premium=$3 n=$4 ids
	shift 4
	ids=$(printf ',"%s"' "${@:-x}")
	printf '{"record":"sweep","sweep_id":"sw",%s,"kind":"SWEEP","timestamp":%s,"first_ts":%s,"size":850,"premium":%s,"vwap_price":0.41,"n_exchanges":%s,"trade_ids":[%s],"side":"%s"}\n' \
		"$put" "$(at "$time")" "$(at "$time")" "$premium" "$n" \
		"${ids#,}" "$side"
}

# cancel TIME IDENTITY ID PREMIUM REF_TIME [MEMBERS]
cancel() {
	printf '{"record":"cancel",%s,"timestamp":%s,"ref_trade_id":"%s","ref_timestamp":%s,"price":1,"size":1,"premium":%s%s}\n' \
		"$2" "$(at "$1")" "$3" "$(at "$5")" "$4" "${6:+,$6}"
}

# many N TIME IDENTITY PREMIUM: N equal trades.
many() {
	local i
	for ((i = 0; i < $1; i++)); do
		trade "$2" "$3" "m$i-$2" "$4"
	done
}

# alerts [OPTION...]: the alerts of $in, "TYPE SEVERITY time suppressed count".
alerts() {
	flow-alert -q -f json "$@" "$in" >"$BATS_TEST_TMPDIR/out" ||
		echo "exit $?"
	jq -r 'select(.record == "alert") | [.alert_type, .severity,
		(.timestamp / 1000 - 18000 | strftime("%H:%M:%S")),
		(if .cancelled then "cancelled" elif .suppressed
		then "suppressed" else "emitted" end),
		.suppressed_count // "-"] | map(tostring) | join(" ")' \
		"$BATS_TEST_TMPDIR/out"
}

setup() {
	in=$BATS_TEST_TMPDIR/in
}

@test "EX-5.1: a bought put sweep of \$34,850 is CRITICAL" {
	sweep 10:31:07 BUY 34850 5 >"$in"
	is "$(alerts)" 'PUT_SWEEP CRITICAL 10:31:07 emitted 0'
}

@test "EX-5.2: \$9,000 is none; seed: CRITICAL" {
	sweep 10:31:07 BUY 9000 5 >"$in"
	is "$(alerts --min-severity LOW)" ''
	is "$(alerts --profile seed)" 'PUT_SWEEP CRITICAL 10:31:07 emitted 0'
}

@test "EX-5.3: a sold put sweep of \$400,000 is none" {
	sweep 10:31:07 SELL 400000 5 >"$in"
	is "$(alerts --min-severity LOW)" ''
}

@test "EX-5.4: a put print alerts above \$500,000, not at it" {
	trade 10:00 "$put" a 500000 >"$in"
	is "$(alerts)" ''
	trade 10:00 "$put" a 500000.01 >"$in"
	is "$(alerts)" 'PUT_BLOCK HIGH 10:00:00 emitted 0'
}

@test "EX-5.5: a put print of \$900,000 in a spread is none; seed: HIGH" {
	trade 10:00 "$put" a 900000 '"conditions":["MLET"]' >"$in"
	is "$(alerts)" ''
	is "$(alerts --count-complex)" ''
	# with one trade and no calls seed's ratio holds too
	is "$(alerts --profile seed)" 'PUT_BLOCK HIGH 10:00:00 emitted 0
EXTREME_BEARISH_FLOW HIGH 10:00:00 emitted 0'
}

@test "EX-5.6: puts 1,350,000, calls 420,000, 25 trades: ratio 3.2143" {
	# 5 calls of 84,000, 19 puts of 13,500 (256,500), one of 1,093,500,
	# sold, so that it is no PUT_BLOCK
	{
		many 5 10:00 "$call" 84000
		many 19 10:01 "$put" 13500
		trade 10:02 "$put" last 1093500 '"side":"SELL"'
	} >"$in"
	is "$(alerts)" 'EXTREME_BEARISH_FLOW HIGH 10:02:00 emitted 0'
	run -0 jq -c 'select(.record == "alert") | .metrics | [.put_flow,
		.call_flow, .ratio, .trades]' "$BATS_TEST_TMPDIR/out"
	is "$output" '[1350000,420000,3.214286,25]'
}

@test "EX-5.7: ratio 3.1, 2.8, 3.2, 2.4, 3.1 fires at the first and the last" {
	# sums: calls 1,000,000 in 20 trades, puts 3,100,000 (3.1); calls
	# 1,107,143 (2.8); puts 3,542,858 (3.2); calls 1,476,191 (2.4); puts
	# 4,576,193 (3.1).  Puts are sold, so that none is a PUT_BLOCK.
	sold='"side":"SELL"'
	{
		many 20 10:00 "$call" 50000
		trade 10:00 "$put" p1 3100000 "$sold"
		trade 11:10 "$call" c1 107143
		trade 12:20 "$put" p2 442858 "$sold"
		trade 13:30 "$call" c2 369048
		trade 14:40 "$put" p3 1033335 "$sold"
	} >"$in"
	alerts >"$BATS_TEST_TMPDIR/got"
	run -0 grep BEARISH "$BATS_TEST_TMPDIR/got"
	is "$output" 'EXTREME_BEARISH_FLOW HIGH 10:00:00 emitted 0
EXTREME_BEARISH_FLOW HIGH 14:40:00 emitted 0'
}

@test "EX-5.8: call flow alerts above 1,000,000, not at it, once a day" {
	trade 10:00 "$call" a 1000000 >"$in"
	is "$(alerts)" ''
	trade 10:00 "$call" a 1000001 >"$in"
	trade 12:00 "$call" b 1000001 >>"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 10:00:00 emitted 0'
}

@test "EX-5.9: exactly 60 minutes after the last emitted one passes" {
	{
		sweep 10:00 BUY 34850 5
		sweep 10:40 BUY 34850 5
		sweep 11:00 BUY 34850 5
		sweep 12:00 BUY 34850 5
	} >"$in"
	want='PUT_SWEEP CRITICAL 10:00:00 emitted 0
PUT_SWEEP CRITICAL 10:40:00 suppressed -
PUT_SWEEP CRITICAL 11:00:00 emitted 1
PUT_SWEEP CRITICAL 12:00:00 emitted 0'
	is "$(alerts)" "$want"
	is "$(alerts --cooldown-scope ticker)" "$want"
	is "$(alerts --cooldown 40m | grep -c emitted)" 3
}

@test "EX-5.10: a higher severity passes in both scopes" {
	{
		trade 10:00 "$call" a 1000001
		sweep 10:10 BUY 34850 5
	} >"$in"
	want='HEAVY_CALL_FLOW MEDIUM 10:00:00 emitted 0
PUT_SWEEP CRITICAL 10:10:00 emitted 0'
	is "$(alerts)" "$want"
	is "$(alerts --cooldown-scope ticker)" "$want"
}

@test "EX-5.11: a lower severity is suppressed in ticker scope" {
	{
		sweep 10:00 BUY 34850 5
		trade 10:20 "$put" a 600000
	} >"$in"
	is "$(alerts)" 'PUT_SWEEP CRITICAL 10:00:00 emitted 0
PUT_BLOCK HIGH 10:20:00 emitted 0'
	is "$(alerts --cooldown-scope ticker)" \
		'PUT_SWEEP CRITICAL 10:00:00 emitted 0
PUT_BLOCK HIGH 10:20:00 suppressed -'
}

@test "EX-5.12: a cancelled sweep is marked, and still cools down" {
	a=O:KO251219P00062000:1:CBOE:1 b=O:KO251219P00062000:1:ISE:1
	{
		trade 10:00 "$put" $a 17425
		trade 10:00 "$put" $b 17425
		sweep 10:00 BUY 34850 2 $a $b
		cancel 10:05 "$put" $a 17425 10:00
		sweep 10:30 BUY 34850 2
	} >"$in"
	want='PUT_SWEEP CRITICAL 10:00:00 emitted 0
PUT_SWEEP CRITICAL 10:00:00 cancelled 0
PUT_SWEEP CRITICAL 10:30:00 suppressed -'
	is "$(alerts)" "$want"
	is "$(alerts --cooldown-scope ticker)" "$want"
	run -0 jq -s 'map(select(.record == "alert")) |
		(.[0] + {cancelled: true}) == .[1]' "$BATS_TEST_TMPDIR/out"
	is "$output" true
	# it stands right behind the cancel
	run -0 jq -r .record "$BATS_TEST_TMPDIR/out"
	is "$output" 'trade
trade
sweep
alert
cancel
alert
sweep
alert'
}

@test "EX-5.12: whatever characters an id has, its cancel finds it" {
	want='PUT_BLOCK HIGH 10:00:00 emitted 0
PUT_SWEEP CRITICAL 10:00:00 emitted 0
PUT_BLOCK HIGH 10:00:00 cancelled 0
PUT_SWEEP CRITICAL 10:00:00 cancelled 0'
	# As they stand in JSON; the last says "x/y" in two ways.
	for a in x 'x\\' 'x\"' 'x\"]' 'x\",\"' '\\' '\n' 'x\u002fy'; do
		{
			trade 10:00 "$put" "$a" 600000
			sweep 10:00 BUY 600000 2 "$a" b
			cancel 10:05 "$put" "${a/u002f//}" 600000 10:00
		} >"$in"
		is "$a: $(alerts)" "$a: $want"
	done
}

@test "EX-5.12: no retraction in words unless asked for" {
	a=O:KO251219P00062000:1:CBOE:1 b=O:KO251219P00062000:1:ISE:1
	{
		trade 10:00 "$put" $a 17425
		trade 10:00 "$put" $b 17425
		sweep 10:00 BUY 34850 2 $a $b
		cancel 10:05 "$put" $a 17425 10:00
	} >"$in"
	run -0 --separate-stderr flow-alert -q "$in"
	is "${#lines[@]}" 4
	run -0 --separate-stderr flow-alert -q --retract "$in"
	is "$(tail -n +6 <<<"$output")" '[CRITICAL] KO PUT_SWEEP RETRACTED
850x @ $0.41 | Strike 62 exp 12-19-2025 PUT | Premium $34,850 | 2 exchanges | BUY
Action: Disregard the alert of 10:00:00 AM ET; its trades were cancelled.
Time: 10:05:00 AM ET'
}

@test "a sweep that loses a member and still holds is not cancelled" {
	a=O:KO251219P00062000:1:CBOE:1 b=O:KO251219P00062000:1:ISE:1
	c=O:KO251219P00062000:1:ISE:2
	{
		trade 10:00 "$put" $a 20000
		trade 10:00 "$put" $b 20000
		trade 10:00 "$put" $c 20000
		sweep 10:00 BUY 60000 2 $a $b $c
		cancel 10:05 "$put" $c 20000 10:00
		cancel 10:05 "$put" $c 20000 10:00
	} >"$in"
	is "$(alerts)" 'PUT_SWEEP CRITICAL 10:00:00 emitted 0'
	# now CBOE goes: two prints on one exchange are left of 40,000
	cancel 10:06 "$put" $a 20000 10:00 >>"$in"
	has "$(alerts)" cancelled
}

@test "a cancelled print takes its block alert back" {
	{
		trade 10:00 "$put" a 600000 '"is_block":true' |
			sed 's/"is_block":false,//'
		cancel 10:05 "$put" a 600000 10:00
	} >"$in"
	is "$(alerts)" 'PUT_BLOCK HIGH 10:00:00 emitted 0
PUT_BLOCK HIGH 10:00:00 cancelled 0'
}

@test "a cancel subtracts, by the conditions of the original" {
	{
		trade 10:00 "$call" a 600000
		trade 10:01 "$call" b 500000 '"conditions":["MLET"]'
		cancel 10:02 "$call" b 500000 10:01 '"ref_conditions":["MLET"]'
		trade 10:03 "$call" c 400001
	} >"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 10:03:00 emitted 0'
	sed -i 's/,"ref_conditions":\["MLET"\]//' "$in"
	is "$(alerts)" ''
}

@test "a cancel that refers to nothing subtracts nothing" {
	{
		trade 10:00 "$call" a 600000
		cancel 10:02 "$call" a 500000 10:00 |
			sed 's/"ref_trade_id":"a",//'
		trade 10:03 "$call" c 400001
	} >"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 10:03:00 emitted 0'
}

@test "a cancel of a print from before the stream subtracts nothing" {
	{
		trade 10:00 "$call" a 600000
		cancel 10:02 "$call" z 500000 09:40
		trade 10:03 "$call" c 400001
	} >"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 10:03:00 emitted 0'
}

@test "a trade that came cancelled counts nowhere and is not subtracted" {
	{
		trade 10:00 "$call" a 900000
		trade 10:01 "$call" b 900000 '"is_cancelled":true'
		trade 10:02 "$call" x 900000 '"is_cancel":true'
		cancel 10:02 "$call" b 900000 10:01
		trade 10:03 "$call" c 100000
	} >"$in"
	is "$(alerts)" ''
	trade 10:04 "$call" d 1 >>"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 10:04:00 emitted 0'
}

@test "a day alert is cancelled when what it counted is" {
	{
		trade 10:00 "$call" a 600000
		trade 10:01 "$call" b 500000
		trade 10:02 "$call" c 500000
		cancel 10:03 "$call" c 500000 10:02
	} >"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 10:01:00 emitted 0'
	cancel 10:04 "$call" a 600000 10:00 >>"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 10:01:00 emitted 0
HEAVY_CALL_FLOW MEDIUM 10:01:00 cancelled 0'
}

@test "adjusted, stock-tied and complex trades stay out of the sums" {
	{
		trade 10:00 "$call" a 2000000 '"is_adjusted":true'
		trade 10:00 "$call" b 2000000 '"conditions":["TLET"]'
		trade 10:00 "$call" c 2000000 '"conditions":["SLCN"]'
	} >"$in"
	is "$(alerts)" ''
	is "$(alerts --count-complex)" \
		'HEAVY_CALL_FLOW MEDIUM 10:00:00 emitted 0'
}

@test "a new trade date starts sums and arms anew" {
	{
		trade 10:00 "$call" a 1000001
		trade 34:00 "${call/2025-11-24/2025-11-25}" b 600000
		trade 34:01 "${call/2025-11-24/2025-11-25}" c 400001
	} >"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 10:00:00 emitted 0
HEAVY_CALL_FLOW MEDIUM 10:01:00 emitted 0'
}

@test "a trade of an older date counts in no sum" {
	{
		trade 34:00 "${call/2025-11-24/2025-11-25}" b 600000
		trade 10:00 "$call" a 1000001
		trade 34:01 "${call/2025-11-24/2025-11-25}" c 400000
	} >"$in"
	is "$(alerts)" ''
}

@test "an alert made by a late record says so" {
	{
		trade 10:00 "$call" a 600000
		trade 09:50 "$call" b 400001
	} >"$in"
	is "$(alerts)" 'HEAVY_CALL_FLOW MEDIUM 09:50:00 emitted 0'
	run -0 jq -c 'select(.record == "alert") |
		.metrics.is_late_arrival' "$BATS_TEST_TMPDIR/out"
	is "$output" true
	run -0 --separate-stderr flow-alert -q "$in"
	has "$output" ' | late report'
}

@test "UNUSUAL_VOLUME: per contract, from \$25,000 premium today, once" {
	unusual='"is_unusual_volume":true,"vol_oi_ratio":2.2727,"day_volume":5000,"open_interest":2200'
	{
		trade 10:00 "$put" a 24999 "$unusual"
		trade 10:01 "$call" b 24999 "$unusual"
		trade 10:02 "$put" c 1 "$unusual"
		trade 10:03 "$put" d 9000 "$unusual"
		trade 10:04 "$call" e 9000 "$unusual"
	} >"$in"
	is "$(alerts)" 'UNUSUAL_VOLUME MEDIUM 10:02:00 emitted 0
UNUSUAL_VOLUME MEDIUM 10:04:00 emitted 0'
	run -0 jq -r 'select(.record == "alert") | .alert_id' \
		"$BATS_TEST_TMPDIR/out"
	is "$output" "al:UNUSUAL_VOLUME:O:KO251219P00062000:$(at 10:02)
al:UNUSUAL_VOLUME:O:KO251219C00062000:$(at 10:04)"
	run -0 --separate-stderr flow-alert -q "$in"
	is "${lines[1]}" 'Vol/OI 5000/2200 | Strike 62 exp 12-19-2025 PUT | Premium today $25,000'
}

@test "OI_CHANGE: at least 1,000 contracts and 20 % of the prior figure" {
	oi() {	# TIME STRIKE OI CHANGE
		printf '{"record":"oi","contract_ticker":"O:KO251219P000%s000","timestamp":%s,"oi_date":"2025-11-21","open_interest":%s,"oi_change":%s}\n' \
			"$2" "$(at "$1")" "$3" "$4"
	}
	# 999; 1,000 of 5,001; more than there is; 1,000 of 5,000
	{
		oi 07:00 60 1999 999
		oi 07:00 61 6001 1000
		oi 07:00 63 1500 1600
	} >"$in"
	is "$(alerts)" ''
	{ oi 07:00 62 6000 1000; oi 07:01 62 6000 1000; } >>"$in"
	is "$(alerts)" 'OI_CHANGE MEDIUM 07:00:00 emitted 0'
	run -0 --separate-stderr flow-alert -q "$in"
	is "$output" '[MEDIUM] KO OI_CHANGE
OI 5000 -> 6000 (+1000) | Strike 62 exp 12-19-2025 PUT
Action: Check direction of yesterday'\''s flow.
Time: 07:00:00 AM ET'
}

@test "BLOCK_TRADE: names the side; needs a known aggressor" {
	block() {
		trade 10:00 "$put" a 50000 "\"is_block\":true,$1" |
			sed 's/"is_block":false,//'
	}
	block '"side":"BUY","aggressor_side":"UNKNOWN"' >"$in"
	is "$(alerts)" ''
	block '"side":"BUY","aggressor_side":"SELL"' >"$in"
	is "$(alerts)" 'BLOCK_TRADE MEDIUM 10:00:00 emitted 0'
	run -0 --separate-stderr flow-alert -q "$in"
	is "$output" '[MEDIUM] KO BLOCK_TRADE
1x @ $1.00 | Strike 62 exp 12-19-2025 PUT | Premium $50,000 | BUY, aggressor SELL
Time: 10:00:00 AM ET'
}

@test "BULLISH_POSITIONING is LOW: counted, printed only when asked" {
	many 20 10:00 "$call" 12500 >"$in"
	run -0 --separate-stderr flow-alert "$in"
	is "$output" ''
	has "$stderr" 'BULLISH_POSITIONING: 1 fired, 0 emitted, 0 suppressed, 1 below min_severity'
	is "$(alerts --min-severity LOW)" \
		'BULLISH_POSITIONING LOW 10:00:00 emitted 0'
}

# quiet: 20 trades that alert nobody, as many puts as calls.
quiet() {
	many 10 10:00 "$call" 100
	many 10 10:01 "$put" 100
}

@test "NO_UNUSUAL_ACTIVITY: at bye, with 20 trades" {
	{ echo "$hello"; quiet; echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW)" \
		'NO_UNUSUAL_ACTIVITY LOW 10:01:00 emitted 0'
	run -0 --separate-stderr flow-alert -q --min-severity LOW "$in"
	is "${lines[2]}" 'Action: No rule fired; coverage 100 %.'
	{ echo "$hello"; quiet | tail -n 19; echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW)" ''
	{ echo "$hello"; quiet; sweep 10:05 BUY 34850 5; echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW | grep -c NO_UNUSUAL)" 0
}

@test "NO_UNUSUAL_ACTIVITY: at the session's close, before what moved it" {
	beat="{\"record\":\"heartbeat\",\"timestamp\":$(at 16:00:01),\"run\":\"r\",\"n\":20,\"hop\":[]}"
	{ echo "$hello"; quiet; echo "$beat"; echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW)" \
		'NO_UNUSUAL_ACTIVITY LOW 16:00:00 emitted 0'
	run -0 tail -n 3 "$BATS_TEST_TMPDIR/out"
	run -0 jq -r .record <<<"$output"
	is "$output" 'alert
heartbeat
bye'
}

@test "NO_UNUSUAL_ACTIVITY: silent without hello, bye, class, or after a gap" {
	{ quiet; echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW)" ''
	{ echo "$hello"; quiet; } >"$in"
	is "$(alerts --min-severity LOW)" 'exit 3'
	{ echo "$hello"; quiet | sed 's/,"is_sweep":false,"is_block":false//'
		echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW)" ''
	gap="{\"record\":\"gap\",\"gap_id\":\"g\",\"state\":\"lost\",\"from_ts\":$(at 09:40),\"to_ts\":$(at 09:41),\"symbols\":[\"KO\"]}"
	{ echo "$hello"; quiet; echo "$gap"; echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW)" ''
	# of another symbol
	{ echo "$hello"; quiet; echo "${gap/KO/PEP}"; echo "$bye"; } >"$in"
	has "$(alerts --min-severity LOW)" NO_UNUSUAL
}

@test "coverage: the share of the session so far that was seen" {
	# 09:30 to 10:10 is 40 minutes.  Blind 09:20-09:40 (10 of them) and
	# 09:35-09:50 (10 more): 50 %.  The filled one does not count.
	gap() {
		printf '{"record":"gap","gap_id":"%s","state":"%s","from_ts":%s,"to_ts":%s,"symbols":["*"]}\n' \
			"$1" "$2" "$(at "$3")" "$(at "$4")"
	}
	{
		echo "$hello"
		gap a lost 09:20 09:40
		gap b partial 09:35 09:50
		gap c filled 10:00 10:05
		many 19 10:05 "$call" 20000
		trade 10:10 "$call" last 20000
		echo "$bye"
	} >"$in"
	alerts --min-severity LOW >/dev/null
	run -0 jq -c 'select(.record == "alert") |
		[.alert_type, .metrics.coverage_pct, .recommendation]' \
		"$BATS_TEST_TMPDIR/out"
	is "$output" '["BULLISH_POSITIONING",50,"No adverse flow; coverage 50 %"]'
}

@test "rules without input say that they are off" {
	run -0 --separate-stderr flow-alert /dev/null
	is "$output" ''
	is "$(grep -c ': off (no input)$' <<<"$stderr")" 11
	{ quiet; sweep 10:05 BUY 1 1; } >"$in"
	run -0 --separate-stderr flow-alert "$in"
	is "$(grep off <<<"$stderr")" 'flow-alert: info: HEAVY_CALL_FLOW: 0 fired, 0 emitted, 0 suppressed; 20-day arm off (no baseline)
flow-alert: info: UNUSUAL_VOLUME: off (no input)
flow-alert: info: OI_CHANGE: off (no input)
flow-alert: info: IV_SPIKE: off (no input)
flow-alert: info: FLOW_DIVERGENCE: off (no input)
flow-alert: info: NO_UNUSUAL_ACTIVITY: off (no input)'
	run -0 --separate-stderr flow-alert -q "$in"
	is "$stderr" ''
}

@test "trades that flow-classify has not seen turn its rules off" {
	trade 10:00 "$put" a 900000 |
		sed 's/,"is_sweep":false,"is_block":false//' >"$in"
	run -0 --separate-stderr flow-alert "$in"
	is "$output" ''
	has "$stderr" 'PUT_BLOCK: off (no input)'
	has "$stderr" 'PUT_SWEEP: off (no input)'
}

@test "5.3: the sample, byte for byte" {
	sweep 10:31:07 BUY 34850 5 >"$in"
	flow-alert -q "$in" >"$BATS_TEST_TMPDIR/out"
	cat >"$BATS_TEST_TMPDIR/want" <<'END'
[CRITICAL] KO PUT_SWEEP
850x @ $0.41 | Strike 62 exp 12-19-2025 PUT | Premium $34,850 | 5 exchanges | BUY
Action: Do not sell puts now.
Time: 10:31:07 AM ET
END
	cmp "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/want"
}

@test "text: an empty line between alerts" {
	{ sweep 10:00 BUY 34850 5; trade 10:20 "$put" a 600000; } >"$in"
	flow-alert -q "$in" >"$BATS_TEST_TMPDIR/out"
	is "$(wc -l <"$BATS_TEST_TMPDIR/out")" 9
	is "$(sed -n 5p "$BATS_TEST_TMPDIR/out")" ''
}

@test "K5: hostile names reach a terminal without control characters" {
	sweep 10:00 BUY 34850 5 |
		sed 's/"symbol":"KO"/"symbol":"K\\u001b[2J\\u009b\\u202e\\n\\u007fO"/' \
		>"$in"
	flow-alert -q "$in" >"$BATS_TEST_TMPDIR/out"
	is "$(head -n 1 "$BATS_TEST_TMPDIR/out")" \
		'[CRITICAL] K?[2J????O PUT_SWEEP'
	run -0 python3 -c 'import sys, unicodedata
text = open(sys.argv[1], encoding="utf-8").read()
bad = [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cf")]
print(len(bad))' "$BATS_TEST_TMPDIR/out"
	is "$output" 0
}

@test "a second alert with the same id gets :2" {
	{
		trade 10:00 "$put" a 600000
		trade 10:00 "$put" b 600000
	} >"$in"
	alerts >/dev/null
	run -0 jq -r 'select(.record == "alert") | .alert_id' \
		"$BATS_TEST_TMPDIR/out"
	is "$output" "al:PUT_BLOCK:KO:$(at 10:00)
al:PUT_BLOCK:KO:$(at 10:00):2"
}

@test "thresholds come from the configuration, by ticker too" {
	cat >"$BATS_TEST_TMPDIR/flow.yaml" <<'END'
alert:
  put_sweep_min: 40000
tickers:
  overrides:
    PEP:
      alert:
        put_sweep_min: 30000
        cooldown_s: 60
END
	{
		sweep 10:00 BUY 34850 5
		sweep 10:00 BUY 34850 5 | sed 's/KO/PEP/g'
		sweep 10:01 BUY 34850 5 | sed 's/KO/PEP/g'
	} >"$in"
	is "$(alerts --config "$BATS_TEST_TMPDIR/flow.yaml")" \
		'PUT_SWEEP CRITICAL 10:00:00 emitted 0
PUT_SWEEP CRITICAL 10:01:00 emitted 0'
	# a flag stands over both
	is "$(alerts --config "$BATS_TEST_TMPDIR/flow.yaml" --cooldown 1h)" \
		'PUT_SWEEP CRITICAL 10:00:00 emitted 0
PUT_SWEEP CRITICAL 10:01:00 suppressed -'
}

@test "json: every record passes byte for byte, alerts apart" {
	f=$data/synthetic/alerts.ndjson
	flow-alert -q -f json "$f" >"$BATS_TEST_TMPDIR/out"
	grep -v -e '"record":"alert"' -e '"record":"heartbeat"' \
		"$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/rest"
	grep -v '"record":"heartbeat"' "$f" |
		cmp - "$BATS_TEST_TMPDIR/rest"
	echo '{"record":"what","x" : [1.0, {"y":null}]}' >"$in"
	run -0 --separate-stderr flow-alert -q -f json "$in"
	is "$output" "$(cat "$in")"
}

@test "json: heartbeats account for the alerts" {
	f=$data/synthetic/alerts.ndjson
	flow-alert -q -f json "$f" >"$BATS_TEST_TMPDIR/out"
	run -0 jq -s '[limit(1; reverse[] | select(.record == "heartbeat"))][0]
		| .hop[-1] | [.stage, .in + .add == .out, .add > 0]' -c \
		"$BATS_TEST_TMPDIR/out"
	is "$output" '["flow-alert",true,true]'
}

@test "the synthetic stream fires what its comment says" {
	in=$data/synthetic/alerts.ndjson
	alerts | cut -d' ' -f 1,2,4 >"$BATS_TEST_TMPDIR/got"
	cmp "$BATS_TEST_TMPDIR/got" - <<'END'
PUT_SWEEP CRITICAL emitted
PUT_SWEEP CRITICAL suppressed
PUT_BLOCK HIGH emitted
BLOCK_TRADE MEDIUM emitted
EXTREME_BEARISH_FLOW HIGH emitted
HEAVY_CALL_FLOW MEDIUM emitted
UNUSUAL_VOLUME MEDIUM emitted
PUT_SWEEP CRITICAL emitted
PUT_SWEEP CRITICAL cancelled
END
}

@test "the same bytes however the input is cut, and twice" {
	f=$data/synthetic/alerts.ndjson
	for format in text json; do
		flow-alert -q -f $format "$f" >"$BATS_TEST_TMPDIR/want"
		flow-alert -q -f $format "$f" >"$BATS_TEST_TMPDIR/again"
		cmp "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/again"
		for n in 1 7 4096 65537; do
			dd if="$f" bs=$n 2>/dev/null | flow-alert -q \
				-f $format >"$BATS_TEST_TMPDIR/got"
			cmp "$BATS_TEST_TMPDIR/want" "$BATS_TEST_TMPDIR/got"
		done
	done
}

@test "an alert is out before the input ends" {
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	mkfifo "$BATS_TEST_TMPDIR/fifo2"
	flow-alert -q "$BATS_TEST_TMPDIR/fifo" >"$BATS_TEST_TMPDIR/fifo2" 3>&- &
	pid=$!
	exec 8<"$BATS_TEST_TMPDIR/fifo2" 9>"$BATS_TEST_TMPDIR/fifo"
	sweep 10:31:07 BUY 34850 5 >&9
	read -r -t 10 line <&8
	exec 9>&-
	wait $pid
	is "$line" '[CRITICAL] KO PUT_SWEEP'
}

@test "bad records are named, skipped and counted" {
	{
		sweep 10:00 BUY 34850 5
		echo '{"record":"trade",'
		trade 10:00 "$put" a '"x"'
		sweep 10:00 BUY '"x"' 5
		cancel 10:00 "$put" a 1 10:00 | sed 's/"size":1,//'
		trade 10:01 "$put" a 600000
		printf '{"record":"bye","exit":0}'
	} >"$in"
	run -3 --separate-stderr flow-alert -q -f json "$in"
	is "$(jq -r .record <<<"$output" | xargs)" 'sweep alert trade alert bye'
	is "$(jq -c 'select(.record == "bye").exit' <<<"$output")" 3
	run -3 --separate-stderr flow-alert - <"$in"
	is "$(grep warning <<<"$stderr" | cut -d: -f 1-4)" \
		'flow-alert: warning: -:2
flow-alert: warning: -:3
flow-alert: warning: -:4
flow-alert: warning: -:5'
	has "$stderr" 'flow-alert: warning: -:4: premium: not a number'
}

@test "an upstream that failed or died makes exit 3" {
	{ echo "$hello"; echo "${bye/\"exit\":0/\"exit\":3}"; } >"$in"
	run -3 --separate-stderr flow-alert -q "$in"
	echo "$hello" >"$in"
	run -3 --separate-stderr flow-alert -q -f json "$in"
	has "$output" no_bye
}

@test "a full disk is exit 4" {
	sweep 10:00 BUY 34850 5 >"$in"
	run -4 --separate-stderr bash -c 'flow-alert -q "$1" >/dev/full' _ "$in"
	has "$stderr" 'unable to write standard output'
}

# ---- profile seed: domain.md 11 and the column "seed literal" of 5.1 ----

# open_interest TIME OI CHANGE
open_interest() {
	printf '{"record":"oi","contract_ticker":"O:KO251219P00062000","timestamp":%s,"oi_date":"2025-11-21","open_interest":%s,"oi_change":%s}\n' \
		"$(at "$1")" "$2" "$3"
}

# ledger ROW SWITCH STD SEED: what $in gives without and with the switch.
ledger() {
	local std seed
	# shellcheck disable=SC2086 # the switch is words
	std=$(alerts --min-severity LOW | cut -d' ' -f 1,2,4 | paste -sd,) \
		seed=$(alerts --min-severity LOW $2 | cut -d' ' -f 1,2,4 |
			paste -sd,)
	echo "$1 | $2 | ${std:--} | ${seed:--}"
}

@test "domain 11: each row of alerts, its switch, and both results" {
	sold='"side":"SELL"' seed=--profile=seed
	{
		sweep 10:00 BUY 24999 2 >"$in"
		ledger '0: put sweeps' $seed
		sweep 10:00 SELL 400000 5 >"$in"		# EX-5.3
		ledger '0: put sweeps, sold' $seed
		trade 10:00 "$put" a 600000 "$sold" >"$in"
		ledger '0: blocks > 500k' $seed
		{
			trade 10:00 "$call" a 100
			trade 10:00 "$put" b 301
		} >"$in"
		ledger '0: P/C > 3' $seed
		trade 10:00 "$call" a 1000001 >"$in"
		ledger '0: calls > 1M' $seed
		{
			echo "$hello"
			trade 10:00 "$put" a 0
			trade 10:00 "$call" b 0
			echo "$bye"
		} >"$in"
		ledger '0: LOW states' $seed
		{
			sweep 10:00 BUY 34850 5
			trade 10:20 "$put" a 600000
		} >"$in"					# EX-5.11
		ledger '0: 60 min per ticker' --cooldown-scope=ticker
		trade 10:00 "$put" a 100 '"volume_ratio":4.5' |
			sed 's/}$/,"is_unusual_volume":false}/' >"$in"	# EX-3.62
		ledger '1: volume > 2x' $seed
		trade 10:00 "$put" a 100 '"volume_ratio":2' |
			sed 's/}$/,"is_unusual_volume":false}/' >"$in"	# EX-3.61
		ledger '1: volume = 2x' $seed
		open_interest 07:00 901001 1001 >"$in"
		ledger '1: OI > 1000' $seed
		open_interest 07:00 901000 1000 >"$in"
		ledger '1: OI = 1000' $seed
		trade 10:00 "$put" a 100 '"day_volume":10000,"open_interest":4000' \
			>"$in"
		ledger '1: OI within the day' --oi-estimate
		trade 10:00 "$call" a 500000 '"conditions":["MLET"]' >"$in"
		trade 10:01 "$call" a 500001 '"conditions":["SLCN"]' >>"$in"
		ledger '5.1: complex trades' --count-complex
	} >"$BATS_TEST_TMPDIR/got"
	diff "$BATS_TEST_TMPDIR/got" - <<'END'
0: put sweeps | --profile=seed | - | PUT_SWEEP CRITICAL emitted
0: put sweeps, sold | --profile=seed | - | -
0: blocks > 500k | --profile=seed | - | PUT_BLOCK HIGH emitted,EXTREME_BEARISH_FLOW HIGH emitted
0: P/C > 3 | --profile=seed | - | BULLISH_POSITIONING LOW emitted,EXTREME_BEARISH_FLOW HIGH emitted
0: calls > 1M | --profile=seed | HEAVY_CALL_FLOW MEDIUM emitted | HEAVY_CALL_FLOW MEDIUM emitted,BULLISH_POSITIONING LOW emitted
0: LOW states | --profile=seed | - | NO_UNUSUAL_ACTIVITY LOW emitted
0: 60 min per ticker | --cooldown-scope=ticker | PUT_SWEEP CRITICAL emitted,PUT_BLOCK HIGH emitted | PUT_SWEEP CRITICAL emitted,PUT_BLOCK HIGH suppressed
1: volume > 2x | --profile=seed | - | EXTREME_BEARISH_FLOW HIGH emitted,UNUSUAL_VOLUME MEDIUM emitted
1: volume = 2x | --profile=seed | - | EXTREME_BEARISH_FLOW HIGH emitted
1: OI > 1000 | --profile=seed | - | OI_CHANGE MEDIUM emitted
1: OI = 1000 | --profile=seed | - | -
1: OI within the day | --oi-estimate | - | OI_CHANGE MEDIUM emitted
5.1: complex trades | --count-complex | - | HEAVY_CALL_FLOW MEDIUM emitted
END
}

@test "domain 11: seed 1 calls a sold block BEARISH; std leaves it to sentiment" {
	trade 10:00 "$put" a 100000 \
		'"is_block":true,"bid":2,"ask":2.1,"side":"SELL","aggressor_side":"SELL","sentiment":"BULLISH"' |
		sed 's/"price":1,"size":1/"price":2,"size":500/; s/"is_block":false,//' \
		>"$in"
	run -0 --separate-stderr flow-alert -q "$in"
	is "${lines[1]}" \
		'500x @ $2.00 | Strike 62 exp 12-19-2025 PUT | Premium $100,000 | SELL'
	alerts >/dev/null
	run -0 jq -c 'select(.record == "alert") | .metrics.sentiment' \
		"$BATS_TEST_TMPDIR/out"
	is "$output" null
	run -0 --separate-stderr flow-alert -q --profile seed "$in"
	has "$output" '[MEDIUM] KO BLOCK_TRADE
500x @ $2.00 | Strike 62 exp 12-19-2025 PUT | Premium $100,000 | SELL | BEARISH'
	alerts --profile seed >/dev/null
	run -0 jq -c 'select(.alert_type == "BLOCK_TRADE") |
		.metrics.sentiment' "$BATS_TEST_TMPDIR/out"
	is "$output" '"BEARISH"'
	# 499, and 500 between the quotes, are none
	sed -i 's/"size":500/"size":499/' "$in"
	is "$(alerts --profile seed | grep -c BLOCK_TRADE)" 0
	sed -i 's/"size":499/"size":500/; s/"price":2,/"price":2.05,/' "$in"
	is "$(alerts --profile seed | grep -c BLOCK_TRADE)" 0
}

@test "EX-3.69: the estimate of 2,500 at 0.6 is +500, and says so" {
	printf 'alert: {oi_change_min: 500}\n' >"$BATS_TEST_TMPDIR/flow.yaml"
	trade 10:00 "$put" a 100 '"day_volume":2499,"open_interest":2500' >"$in"
	trade 10:01 "$put" b 100 '"day_volume":2500,"open_interest":2500' >>"$in"
	trade 10:02 "$put" c 100 '"day_volume":2600,"open_interest":2500' >>"$in"
	set -- --config "$BATS_TEST_TMPDIR/flow.yaml"
	is "$(alerts "$@")" ''
	# 2,499 x 0.2 = 499.8, which rounds to 500 (0.2)
	is "$(alerts "$@" --oi-estimate)" 'OI_CHANGE MEDIUM 10:00:00 emitted 0'
	run -0 jq -c 'select(.record == "alert").metrics | [.oi_change,
		.oi_change_est, .open_interest]' "$BATS_TEST_TMPDIR/out"
	is "$output" '[null,500,2500]'
	run -0 --separate-stderr flow-alert -q "$@" --oi-estimate "$in"
	is "${lines[1]}" \
		'OI 2500 -> 3000 (+500) ESTIMATE | Strike 62 exp 12-19-2025 PUT'
	# 0.5: as much closes as opens
	echo '  opening_share: 0.5' | sed '1i alert:\n  oi_change_min: 500' \
		>"$BATS_TEST_TMPDIR/flow.yaml"
	is "$(alerts "$@" --oi-estimate)" ''
}

@test "seed: LOW says safe to proceed, std never does" {
	many 20 10:00 "$call" 12500 >"$in"
	run -0 --separate-stderr flow-alert -q --min-severity LOW \
		--profile seed "$in"
	is "${lines[2]}" \
		'Action: Safe to proceed with wheel strategy; coverage unknown.'
	run -0 --separate-stderr flow-alert -q --min-severity LOW "$in"
	is "${lines[2]}" 'Action: No adverse flow; coverage unknown.'
}

@test "seed: silence after a gap is still no all-clear" {
	gap="{\"record\":\"gap\",\"gap_id\":\"g\",\"state\":\"lost\",\"from_ts\":$(at 09:40),\"to_ts\":$(at 09:41),\"symbols\":[\"KO\"]}"
	quiet=$(many 1 10:00 "$put" 0; many 1 10:00 "$call" 0)
	{ echo "$hello"; echo "$quiet"; echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW --profile seed)" \
		'NO_UNUSUAL_ACTIVITY LOW 10:00:00 emitted 0'
	{ echo "$hello"; echo "$quiet"; echo "$gap"; echo "$bye"; } >"$in"
	is "$(alerts --min-severity LOW --profile seed)" ''
}

@test "seed counts complex trades, unless a switch says no" {
	trade 10:00 "$call" a 2000000 '"conditions":["SLCN"]' >"$in"
	is "$(alerts)" ''
	is "$(alerts --profile seed)" 'HEAVY_CALL_FLOW MEDIUM 10:00:00 emitted 0'
	is "$(alerts --profile seed --count-complex=no)" ''
	trade 10:00 "$call" a 2000000 '"conditions":["TLET"]' >"$in"
	is "$(alerts --profile seed)" ''
}

@test "seed: UNUSUAL_VOLUME is off without an average" {
	trade 10:00 "$put" a 30000 \
		'"is_unusual_volume":true,"vol_oi_ratio":2.2727' >"$in"
	is "$(alerts)" 'UNUSUAL_VOLUME MEDIUM 10:00:00 emitted 0'
	run -0 --separate-stderr flow-alert --profile seed "$in"
	has "$stderr" 'UNUSUAL_VOLUME: off (no input)'
}

@test "the profile comes from the configuration, by ticker too" {
	f=$BATS_TEST_TMPDIR/flow.yaml
	{
		sweep 10:00 BUY 9000 5
		sweep 10:00 BUY 9000 5 | sed 's/KO/PEP/g'
	} >"$in"
	printf 'tickers: {overrides: {PEP: {alert: {profile: seed}}}}\n' >"$f"
	alerts --config "$f" >/dev/null
	run -0 jq -r 'select(.record == "alert").ticker' "$BATS_TEST_TMPDIR/out"
	is "$output" PEP
	# a flag stands over it
	is "$(alerts --config "$f" --profile std)" ''
	# a single value over the profile's
	printf 'alert: {profile: seed, put_sweep_min: 9001}\n' >"$f"
	is "$(alerts --config "$f")" ''
	printf 'alert: {profile: seed, put_sweep_min: 9000}\n' >"$f"
	is "$(alerts --config "$f" | wc -l)" 2
	run -0 --separate-stderr flow-alert --config "$f" --show-config KO
	has "$output" 'put_sweep_min: 9000'
	has "$output" 'count_complex: true'
	run -0 --separate-stderr flow-alert --config "$f" --profile std \
		--show-config
	has "$output" 'oi_change_ratio: 0.2'
	run -2 --separate-stderr flow-alert --profile soft "$in"
	is "$stderr" 'flow-alert: error: --profile: not one of std, seed'
}

@test "seed: a cancel takes back what seed's rule found" {
	a=O:KO251219P00062000:1:CBOE:1 b=O:KO251219P00062000:1:ISE:1
	{
		sweep 10:00 BUY 9000 2 $a $b
		trade 10:00 "$put" $a 4500
		trade 10:00 "$put" $b 4500
		cancel 10:05 "$put" $a 4500 10:00
	} >"$in"
	is "$(alerts --profile seed | grep PUT_SWEEP)" \
		'PUT_SWEEP CRITICAL 10:00:00 emitted 0
PUT_SWEEP CRITICAL 10:00:00 cancelled 0'
}

# ---- the tape and statistics of source 2 ----

@test "EX-0.1 to EX-0.3: the tape, as source 2 prints it" {
	print() {	# SYMBOL EXPIRATION+RIGHT STRIKE SIZE PRICE TYPE
		printf '{"record":"trade","contract_ticker":"O:%s251219%s%08d","timestamp":%s,"price":%s,"size":%s,"is_block":false,"trade_type":"%s"}\n' \
			"$1" "$2" $(($3 * 1000)) "$(at 10:00)" "$5" "$4" "$6"
	}
	{
		print SPX C 6475 250 45.50 LARGE
		print NDX P 21000 150 32.00 REGULAR
		sweep 10:00 BUY 34850 5
		print SPY C 645 500 2.15 BLOCK
		trade 10:01 "$put" x 100 '"is_cancel":true'
		trade 10:01 "$put" y 100 '"is_cancelled":true'
	} >"$in"
	run -0 --separate-stderr flow-alert --format tape "$in"
	is "$output" '📈 SPX 6475C 250 @ $45.50 ($1.1M premium)
📉 NDX 21000P 150 @ $32.00 ($480K premium)
📈 SPY 645C 500 @ $2.15 ($107K premium)  BLOCK'
	# the alert is counted, though not printed
	has "$stderr" 'PUT_SWEEP: 1 fired, 1 emitted'
}

@test "EX-0.4: \$999,999 is \$999K" {
	trade 10:00 "$put" a 999999 >"$in"
	run -0 --separate-stderr flow-alert -q -f tape "$in"
	is "$output" '📉 KO 62P 1 @ $1.00 ($999K premium)'
}

@test "--stats: source 2's block, every five minutes of the stream" {
	{
		trade 14:30 "$put" a 100 '"is_block":true' |
			sed 's/"is_block":false,//; s/"size":1,/"size":10,/'
		trade 14:34:59 "$put" b 100
		echo '{"record":"trade"}'
		sweep 14:34:59 BUY 34850 5
		trade 14:35 "$put" c 100 | sed 's/"size":1,/"size":9,/'
		trade 14:35:42 "$put" d 100
	} >"$in"
	run -3 --separate-stderr flow-alert --stats "$in"
	grep -A 7 Statistics <<<"$stderr" >"$BATS_TEST_TMPDIR/got"
	diff "$BATS_TEST_TMPDIR/got" - <<'END'
flow-alert: info: 📊 Statistics:
flow-alert: info:   Uptime: 5 minutes
flow-alert: info:   Trades processed: 3
flow-alert: info:   Trades stored: 1 (33.3%)
flow-alert: info:   Sweeps detected: 1
flow-alert: info:   Blocks detected: 1
flow-alert: info:   Errors: 1
flow-alert: info:   Last trade: 02:35:00 PM ET
--
flow-alert: info: 📊 Statistics:
flow-alert: info:   Uptime: 5 minutes
flow-alert: info:   Trades processed: 4
flow-alert: info:   Trades stored: 1 (25%)
flow-alert: info:   Sweeps detected: 1
flow-alert: info:   Blocks detected: 1
flow-alert: info:   Errors: 1
flow-alert: info:   Last trade: 02:35:42 PM ET
END
	run -3 --separate-stderr flow-alert "$in"
	is "$(grep -c Statistics <<<"$stderr")" 0
	printf 'store: {min_size: 9}\n' >"$BATS_TEST_TMPDIR/flow.yaml"
	run -3 --separate-stderr flow-alert --stats \
		--config "$BATS_TEST_TMPDIR/flow.yaml" "$in"
	has "$stderr" 'Trades stored: 2 (50%)'
}

# ---- the log ----

@test "--log-dir: each alert in the file of its trade date, 0600, appended" {
	dir=$BATS_TEST_TMPDIR/logs
	evening=${put/2025-11-24/2025-11-25}
	{
		sweep 10:31:07 BUY 34850 5
		sweep 10:32 BUY 34850 5		# suppressed
		trade 20:30 "$evening" a 600000	# of the next trade date
	} >"$in"
	(umask 000; flow-alert -q --log-dir "$dir" "$in" \
		>"$BATS_TEST_TMPDIR/out")
	is "$(ls "$dir")" 'flow_alerts_20251124.log
flow_alerts_20251125.log'
	is "$(stat -c '%a %A' "$dir"/*)" '600 -rw-------
600 -rw-------'
	cat >"$BATS_TEST_TMPDIR/want" <<'END'
[CRITICAL] KO PUT_SWEEP
850x @ $0.41 | Strike 62 exp 12-19-2025 PUT | Premium $34,850 | 5 exchanges | BUY
Action: Do not sell puts now.
Time: 10:31:07 AM ET

END
	cmp "$dir/flow_alerts_20251124.log" "$BATS_TEST_TMPDIR/want"
	is "$(head -n 1 "$dir/flow_alerts_20251125.log")" '[HIGH] KO PUT_BLOCK'
	is "$(grep -c . "$BATS_TEST_TMPDIR/out")" 8
	# a second run appends, whatever goes to standard output
	flow-alert -q -f json --log-dir "$dir" "$in" >"$BATS_TEST_TMPDIR/out"
	cat "$BATS_TEST_TMPDIR/want" >>"$BATS_TEST_TMPDIR/twice"
	cat "$BATS_TEST_TMPDIR/want" >>"$BATS_TEST_TMPDIR/twice"
	cmp "$dir/flow_alerts_20251124.log" "$BATS_TEST_TMPDIR/twice"
	# nothing to say, no file
	trade 10:00 "$put" a 1 >"$in"
	flow-alert -q --log-dir "$dir/deep" "$in"
	is "$(ls "$dir/deep")" ''
}

@test "--log-dir: a retraction is logged too, when asked for" {
	a=O:KO251219P00062000:1:CBOE:1 b=O:KO251219P00062000:1:ISE:1
	{
		trade 10:00 "$put" $a 17425
		trade 10:00 "$put" $b 17425
		sweep 10:00 BUY 34850 2 $a $b
		cancel 10:05 "$put" $a 17425 10:00
	} >"$in"
	flow-alert -q -f tape --log-dir "$BATS_TEST_TMPDIR/a" "$in" >/dev/null
	is "$(grep -c RETRACTED "$BATS_TEST_TMPDIR"/a/*)" 0
	flow-alert -q -f tape --retract --log-dir "$BATS_TEST_TMPDIR/b" "$in" \
		>/dev/null
	is "$(grep -c RETRACTED "$BATS_TEST_TMPDIR"/b/*)" 1
}

@test "--log-dir: a full disk is said once, exit 4, no alert lost" {
	dir=$BATS_TEST_TMPDIR/logs
	{ sweep 10:00 BUY 34850 5; trade 10:20 "$put" a 600000; } >"$in"
	flow-alert -q "$in" >"$BATS_TEST_TMPDIR/want"
	mkdir "$dir"
	ln -s /dev/full "$dir/flow_alerts_20251124.log"
	run -4 --separate-stderr flow-alert -q --log-dir "$dir" "$in"
	is "$output" "$(cat "$BATS_TEST_TMPDIR/want")"
	is "$stderr" "flow-alert: error: unable to write the alert log in $dir: No space left on device; alerts are no longer logged"
	# worse than rejected input
	echo '{' >>"$in"
	run -4 --separate-stderr flow-alert -q --log-dir "$dir" "$in"
	is "$output" "$(cat "$BATS_TEST_TMPDIR/want")"
}

@test "--log-dir: a directory that cannot be made or opened is exit 4" {
	sweep 10:00 BUY 34850 5 >"$in"
	run -4 --separate-stderr flow-alert --log-dir "$in" "$in"
	is "$output" ''
	is "$stderr" "flow-alert: error: unable to open $in: Not a directory"
	run -4 --separate-stderr flow-alert --log-dir "$in/x" "$in"
	is "$stderr" "flow-alert: error: unable to make $in/x: Not a directory"
}

@test "--log-dir: one write an alert, closed to children, synced at the end" {
	dir=$BATS_TEST_TMPDIR/logs
	{ sweep 10:00 BUY 34850 5; trade 10:20 "$put" a 600000; } >"$in"
	# not the wrapper that FLOW_BIN may hold; no leak check below strace
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
	program=$FLOW_BUILD/bin/flow-alert
	strace -o "$BATS_TEST_TMPDIR/calls" -y \
		-e trace=openat,write,fsync "$program" -q --log-dir "$dir" \
		"$in" >"$BATS_TEST_TMPDIR/out"
	calls=$(grep flow_alerts_20251124 "$BATS_TEST_TMPDIR/calls")
	has "$(grep openat <<<"$calls")" 'O_WRONLY|O_CREAT|O_APPEND|O_CLOEXEC, 0600'
	is "$(grep -c '^write' <<<"$calls")" 2
	is "$(sed -n 's/(.*//p' <<<"$calls" | tail -n 1)" fsync
	# a disk that cannot keep it
	run -4 --separate-stderr strace -o /dev/null -e trace=fsync \
		-e inject=fsync:error=EIO "$program" -q --log-dir "$dir" "$in"
	is "$output" "$(cat "$BATS_TEST_TMPDIR/out")"
	has "$stderr" 'unable to sync the alert log'
}

# ---- the journal ----

@test "journal: each decision, as the record, whatever is printed" {
	a=O:KO251219P00062000:1:CBOE:1 b=O:KO251219P00062000:1:ISE:1
	evening=${put/2025-11-24/2025-11-25}
	{
		echo "$hello"
		trade 10:00 "$put" $a 17425
		trade 10:00 "$put" $b 17425
		sweep 10:00 BUY 34850 2 $a $b		# sent
		sweep 10:01 BUY 34850 2 			# suppressed
		cancel 10:05 "$put" $a 17425 10:00	# cancelled
		trade 09:59 "$put" l 600000		# late
		trade 20:30 "$evening" e 600000		# the next date's
		trade 20:31 "$evening" d 600001 '"feed":"demo"'
		echo "$bye"
	} >"$in"
	(umask 000; flow-alert -q -f json --journal "$BATS_TEST_TMPDIR/new/j" \
		"$in" >"$BATS_TEST_TMPDIR/out")
	grep '"record":"alert"' "$BATS_TEST_TMPDIR/out" >"$BATS_TEST_TMPDIR/want"
	cd "$BATS_TEST_TMPDIR/new/j"
	is "$(ls)" '20251124.ndjson
20251125.ndjson'
	is "$(stat -c %a .. . ./*)" '700
700
600
600'
	cat ./* | cmp - "$BATS_TEST_TMPDIR/want"
	is "$(jq -r '[.alert_type, .suppressed // .cancelled //
		.metrics.is_late_arrival // "sent"] | @tsv' ./*)" \
		'PUT_SWEEP	sent
PUT_SWEEP	true
PUT_SWEEP	true
PUT_BLOCK	true
PUT_BLOCK	sent
PUT_BLOCK	true'
	is "$(jq -r .feed 20251125.ndjson)" 'null
demo'
	for format in text tape; do
		flow-alert -q -f $format --journal "$format" "$in" >/dev/null
		cat $format/* | cmp - "$BATS_TEST_TMPDIR/want"
	done
	# Less than asked for is counted only.
	flow-alert -q --min-severity CRITICAL --journal few "$in" >/dev/null
	is "$(cat few/* | grep -vc PUT_SWEEP || true)" 0
}

@test "journal: an alert says the run of the hello before it" {
	local a=O:KO251219P00062000:1:CBOE:1
	{
		trade 09:58 "$put" before 600001		# none yet
		echo "$hello"
		trade 10:00 "$put" $a 600000
		echo "$bye"
		echo "${hello/'"run":"r"'/'"run":"s\"2"'}"
		trade 10:01 "$put" c 600001
		cancel 10:05 "$put" $a 600000 10:00	# of an alert of r
		echo "$bye"
		echo "${hello/'"run":"r",'/}"
		trade 10:06 "$put" d 600001
		echo "$bye"
	} >"$in"
	flow-alert -q --cooldown 0s -f json --journal "$BATS_TEST_TMPDIR/j" \
		"$in" >"$BATS_TEST_TMPDIR/out"
	grep '"record":"alert"' "$BATS_TEST_TMPDIR/out" |
		cmp - "$BATS_TEST_TMPDIR/j/20251124.ndjson"
	is "$(jq -c 'select(.alert_type == "PUT_BLOCK") |
		[.trade_ids[0], .run, .cancelled]' \
		"$BATS_TEST_TMPDIR/j/20251124.ndjson")" '["before",null,null]
["'$a'","r",null]
["c","s\"2",null]
["'$a'","r",true]
["d",null,null]'
}

@test "journal: its place, and none" {
	sweep 10:00 BUY 34850 5 >"$in"
	cd "$BATS_TEST_TMPDIR"
	flow-alert -q "$in" >out
	is "$(ls "$FLOW_STATE/alerts")" 20251124.ndjson
	FLOW_STATE='' flow-alert -q "$in" >out
	is "$(ls "$XDG_STATE_HOME/flow/alerts")" 20251124.ndjson
	FLOW_STATE='' XDG_STATE_HOME=relative flow-alert -q "$in" >out
	is "$(ls "$HOME/.local/state/flow/alerts")" 20251124.ndjson
	[ ! -e relative ]
	rm -r "$FLOW_STATE"
	flow-alert -q --journal none "$in" >out
	printf 'alert: {journal: there}\n' >flow.yaml
	flow-alert -q "$in" >out
	is "$(ls there)" 20251124.ndjson
	[ ! -e "$FLOW_STATE" ]
	rm flow.yaml
	run -0 --separate-stderr env -u FLOW_STATE -u XDG_STATE_HOME -u HOME \
		flow-alert "$in"
	is "$(head -n 1 <<<"$output")" '[CRITICAL] KO PUT_SWEEP'
	has "$stderr" 'no journal of alerts: neither FLOW_STATE nor HOME is set'
}

@test "journal: a torn last line is cut, whole ones stay" {
	cd "$BATS_TEST_TMPDIR"
	sweep 10:00 BUY 34850 5 >"$in"
	flow-alert -q --journal j "$in" >out
	line=$(cat j/20251124.ndjson)
	for ((n = 1; n <= ${#line}; n += 97)); do
		{ echo "$line"; printf %s "${line:0:n}"; } >j/20251124.ndjson
		flow-alert -q --journal j "$in" >out
		is "$(cat j/20251124.ndjson)" "$line"$'\n'"$line"
	done
	printf x >j/20251124.ndjson
	flow-alert -q --journal j "$in" >out
	is "$(cat j/20251124.ndjson)" "$line"
}

@test "journal: several processes, and kills, leave no line broken" {
	cd "$BATS_TEST_TMPDIR"
	local n
	n=$(fewer 12 4)
	trade 10:00 "$put" m 600000 | sed ':a; p; ba' | head -n 4000 >"$in"
	for ((i = 0; i < n; i++)); do
		for _ in 1 2; do
			"$FLOW_BUILD/bin/flow-alert" -q --journal j "$in" \
				>/dev/null 2>&1 &
		done
		read -r -t "0.0$(printf %02d $((i * 5)))" <> <(:) || true
		kill -9 $! 2>/dev/null || true
		wait
	done
	# What a kill tore is cut by the next one.
	flow-alert -q --journal j "$in" >/dev/null
	jq -c . j/20251124.ndjson | cmp - j/20251124.ndjson
	is "$(grep PUT_BLOCK j/20251124.ndjson | sort -u | wc -l)" 4000
}

@test "journal: what cannot be written is said once, exit 4, no alert lost" {
	cd "$BATS_TEST_TMPDIR"
	{ sweep 10:00 BUY 34850 5; trade 10:20 "$put" a 600000; } >"$in"
	flow-alert -q "$in" >want
	mkdir j
	ln -s /dev/full j/20251124.ndjson
	run -4 --separate-stderr flow-alert -q --journal j "$in"
	is "$output" "$(cat want)"
	is "$stderr" "flow-alert: error: unable to write the alert journal in j: No space left on device; alerts no longer reach flow-store by it"
	: >file
	run -4 --separate-stderr flow-alert -q --journal file "$in"
	is "$output" "$(cat want)"
	has "$stderr" 'unable to open file: Not a directory'
}

@test "journal: what is not final is printed and not kept" {
	cd "$BATS_TEST_TMPDIR"
	{
		echo "$hello"
		echo '{"record":"status","stage":"flow-classify","code":"not_final"}'
		sweep 10:00 BUY 34850 5
		echo '{"record":"status","stage":"flow-classify","code":"no_bye"}'
	} >"$in"
	run -3 --separate-stderr flow-alert -q --journal j "$in"
	has "$output" 'KO PUT_SWEEP'
	is "$(ls j)" ''
	{ cat "$in"; echo "$hello"; sweep 10:01 BUY 34850 5; } >both
	run -3 flow-alert -q --cooldown 1s --journal j both
	is "$(jq -r .timestamp j/*)" "$(at 10:01)"
}

@test "journal: an alert is in it before it is out" {
	cd "$BATS_TEST_TMPDIR"
	sweep 10:00 BUY 34850 5 >"$in"
	export ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0
	strace -o calls -y -e trace=write,flock,fsync \
		"$FLOW_BUILD/bin/flow-alert" -q --journal j "$in" >out
	is "$(sed -n 's/(.*\/\(j\|out\|20251124.ndjson\)>.*/ \1/p' calls)" \
		'flock 20251124.ndjson
write 20251124.ndjson
flock 20251124.ndjson
write out
fsync 20251124.ndjson
fsync j'
}

@test "2.2: a print outside every session counts in no sum, nor does its cancel" {
	trade 10:00 "$call" a 1000001 '"session":"CLOSED"' >"$in"
	run -0 --separate-stderr flow-alert -q "$in"
	is "$output" ''
	trade 10:00 "$call" a 1000001 '"session":"RTH"' >"$in"
	run -0 --separate-stderr flow-alert -q "$in"
	has "$output" HEAVY_CALL_FLOW
}
