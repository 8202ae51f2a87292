#!/usr/bin/env bats
# flow-classify and flow-alert with --baseline: what was usual before a date
# changes what is said of it, and of no other.  All data is synthetic.  The day
# is Tuesday 2025-11-25; 1764046800000 is its midnight in New York.
load helper

midnight=1764046800000

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	number=0
}

# at HH:MM[:SS]: milliseconds.
at() {
	local h m s
	IFS=: read -r h m s <<<"$1:0"
	printf '%d' $((midnight + (10#$h * 3600 + 10#$m * 60 + 10#${s%%:*}) * 1000))
}

# t HH:MM CONTRACT SIZE PRICE [MEMBERS]: a print of KO's contract; t1, t2, ...
t() {
	number=$((number + 1))
	printf '{"record":"trade","trade_id":"t%d","symbol":"KO","root":"KO","contract_ticker":"O:%s","expiration":"2025-12-19","option_type":"call","multiplier":100,"timestamp":%d,"trade_date":"%s","session":"RTH","price":%s,"size":%d,"exchange":"CBOE","bid":1,"ask":9%s}\n' \
		$number "$2" "$(at "$1")" "${date:-2025-11-25}" "$4" "$3" \
		"${5:+,$5}"
}

# baseline LINE...: the file "base" of 2025-11-25; each line as the members
# behind record.
baseline() {
	{
		printf '"kind":"HEAD","schema_version":1,"date":"2025-11-25","sessions":[],"left_out":[]%s\n' \
			"${mode:+,\"mode\":\"$mode\"}"
		[ $# -eq 0 ] || printf '%s\n' "$@"
		printf '"kind":"END","n":%d\n' $(($# + 1))
	} | sed 's/.*/{"record":"baseline",&}/' >base
}

# contract TICKER MEMBERS: one line of it.
contract() {
	printf '"kind":"CONTRACT","symbol":"KO","contract_ticker":"O:%s",%s' \
		"$1" "$2"
}

# ko MEMBERS: the line of the underlying.
ko() {
	printf '"kind":"UNDERLYING","symbol":"KO",%s' "$1"
}

# ---- flow-classify ----

@test "3.11: EX-3.60 to EX-3.64 with a baseline" {
	baseline "$(contract A '"adv20":400,"adv20_sessions":20')" \
		"$(contract B '"adv20":20,"adv20_sessions":20')" \
		"$(contract C '"open_interest":1')"
	{
		t 10:00 A 800 1.85 '"open_interest":5000'	# EX-3.61
		t 10:01 A 1 1.85 '"open_interest":5000'		# EX-3.60
		t 10:02 B 90 1.85 '"open_interest":5000'	# EX-3.62
		t 10:03 C 5000 1.85 '"open_interest":2200'	# EX-3.63
		t 10:04 D 5 1.85 '"open_interest":0'		# EX-3.64
	} >in
	run -0 --separate-stderr flow-classify --baseline base in
	is "$stderr" ''
	jq -c 'select(.record == "trade") | [.trade_id, .volume_ratio,
		.vol_oi_ratio, .is_unusual_volume, .vol_gt_oi]' \
		<<<"$output" >got
	is "$(<got)" '["t1",2,0.16,false,null]
["t2",2.0025,0.1602,true,null]
["t3",4.5,0.018,false,null]
["t4",null,2.272727,true,true]
["t5",null,null,false,true]'
}

@test "3.11: volume_ratio_tod divides by the usual share, at least 0.25 %" {
	# 100 of 400 is 0.25.  By 10:00:00 250 of 1,000 have traded, a second
	# later the step of 10:05 counts: 500.  By 09:35 one of 1,000: 0.25 %.
	baseline "$(ko '"option_volume":["09:35 1","10:00 250","10:05 500","16:00 1000"],"sessions_flow":20')" \
		"$(contract A '"adv20":400,"adv20_sessions":20')" \
		"$(contract B '"adv20":400,"adv20_sessions":20')" \
		"$(contract C '"adv20":400,"adv20_sessions":20')" \
		"$(contract D '"adv20":400,"adv20_sessions":20')"
	{
		t 09:31 A 100 2; t 10:00 B 100 2; t 10:00:01 C 100 2
		t 16:05 D 100 2
	} >in
	run -0 --separate-stderr flow-classify --baseline base in
	is "$(jq -c 'select(.record == "trade") | [.volume_ratio,
		.volume_ratio_tod]' <<<"$output")" '[0.25,100]
[0.25,1]
[0.25,0.5]
[0.25,0.25]'
}

@test "a mean of no trades has no ratio, but 100 contracts are above it" {
	baseline "$(contract A '"adv20":0,"adv20_sessions":20')"
	{ t 10:00 A 99 2; t 10:01 A 1 2; } >in
	run -0 --separate-stderr flow-classify --baseline base in
	is "$(jq -c 'select(.record == "trade") | [.volume_ratio,
		.is_unusual_volume]' <<<"$output")" '[null,false]
[null,true]'
}

@test "3.9: a day with the sizes of five days is tagged as behind these days" {
	local seed=0
	for date in 2025-11-18 2025-11-19 2025-11-20 2025-11-21 2025-11-24; do
		seed=$((seed + 1))
		flow-tap --demo --date $date --seed $seed --for 2m KO SPY
	done >before
	flow-tap --demo --date 2025-11-25 --seed 9 --for 2m KO SPY >day
	flow-classify before >classified
	"$top/tests/baseline-of" 2025-11-25 classified |
		jq -c 'del(.adv20, .adv20_sessions)' >base
	for emit in hold fast; do
		flow-classify --emit $emit before day |
			awk '/"record":"hello"/ { n++ } n == 6' | tail -n +2 >want
		flow-classify --emit $emit --baseline base day |
			tail -n +2 >got
		flow-classify --emit $emit day | tail -n +2 >without
		cmp got want
		[ "$(grep -c '"avg_size_source":"CONTRACT"' got)" -gt 500 ]
		[ "$(grep -c '"avg_size_source":"UNDERLYING"' got)" -gt 500 ]
		run -1 cmp -s got without
	done
}

# twenty SIZE: twenty times the size.
twenty() {
	printf "$1%.0s " {1..19}
	printf '%s' "$1"
}

@test "3.9: sizes serve on the day and five dates on, never before it" {
	baseline "$(contract A "\"sizes\":[\"2025-11-18 $(twenty 3)\",\"2025-11-24 $(twenty 5)\"]")"
	average() {
		date=$1 t 10:00 A 1 2 >in
		flow-classify -q --baseline base in | jq -c 'select(.record ==
			"trade") | [.avg_trade_size, .avg_size_source]'
	}
	is "$(average 2025-11-24)" '[10,"DEFAULT"]'
	is "$(average 2025-11-25)" '[4,"CONTRACT"]'
	is "$(average 2025-11-26)" '[5,"CONTRACT"]'
	# 2025-11-24 is the fifth open date before 2025-12-02
	is "$(average 2025-12-02)" '[5,"CONTRACT"]'
	is "$(average 2025-12-03)" '[10,"DEFAULT"]'
}

@test "sizes of an underlying serve contracts that have none" {
	baseline "$(ko "\"call_sizes\":[\"2025-11-24 $(twenty 6) $(twenty 6) $(twenty 6)\"]")"
	t 10:00 A 1 2 >in
	flow-classify --baseline base in >out
	is "$(jq -c 'select(.record == "trade") | [.avg_trade_size,
		.avg_size_source]' out)" '[6,"UNDERLYING"]'
	sed 's/"call"/"put"/' in >put
	flow-classify --baseline base put >out
	is "$(jq -c 'select(.record == "trade") | .avg_size_source' out)" \
		'"DEFAULT"'
}

@test "a run that begins earlier keeps its own averages" {
	baseline "$(contract A "\"sizes\":[\"2025-11-24 $(twenty 5)\"]")"
	{
		midnight=$((midnight - 86400000)) date=2025-11-24
		for i in {1..19}; do t 10:00:$i A 7 2; done
		midnight=$((midnight + 86400000)) date=2025-11-25
		t 10:00 A 7 2; t 10:01 A 7 2
	} >in
	run -0 --separate-stderr flow-classify --baseline base in
	is "$(jq -c 'select(.trade_date == "2025-11-25" and .record == "trade") |
		[.avg_trade_size, .avg_size_source]' <<<"$output")" \
		'[10,"DEFAULT"]
[7,"CONTRACT"]'
}

# uses DATE FILTER: what flow-classify says of prints of two contracts on a
# date, sed's filter having changed them: messages, statuses and ratios.
uses() {
	{ date=$1 t 10:00 A 100 2; date=$1 t 10:01 B 100 2; } |
		sed "$2" >in
	run -0 --separate-stderr flow-classify --baseline base in
	printf '%s\n' "$stderr"
	jq -c 'select(.record == "status" or .record == "trade") |
		.code // .volume_ratio' <<<"$output"
}

@test "other dates and other worlds: said once, and no means are used" {
	baseline "$(contract A '"adv20":400,"adv20_sessions":1')" \
		"$(contract B '"adv20":200,"adv20_sessions":1')"
	is "$(uses 2025-11-25 '')" '
0.25
0.5'
	is "$(uses 2025-11-24 '')" 'flow-classify: warning: the baseline is for 2025-11-25, records are of 2025-11-24: it would tell their future and is not used for them
"baseline_ahead"
null
null'
	is "$(uses 2025-11-26 '')" 'flow-classify: warning: the baseline is for 2025-11-25, records are of 2025-11-26: only its sizes are used for them
"baseline_stale"
null
null'
	is "$(uses 2025-11-25 's/"symbol"/"feed":"demo",&/')" 'flow-classify: warning: the baseline is for 2025-11-25, records are of 2025-11-25: one of the two is made up (demo), so it is not used for them
"baseline_foreign"
null
null'
	mode=demo baseline "$(contract A '"adv20":400,"adv20_sessions":1')"
	is "$(uses 2025-11-25 's/"symbol"/"feed":"demo",&/')" '
0.25
null'
	has "$(uses 2025-11-25 '')" baseline_foreign
}

@test "hello names stage, date and digest of each baseline" {
	baseline
	echo '{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap"}
{"record":"bye","run":"r","n":0,"reason":"end","exit":0}' >in
	local sum
	sum=$(sha256sum <base)
	sum=${sum%% *}
	flow-classify --baseline base in >out
	is "$(jq -c 'select(.record == "hello") | .baseline' out)" \
		"[\"flow-classify 2025-11-25 $sum\"]"
	is "$(jq -c 'del(.baseline)' out)" "$(jq -c . in)"
	flow-classify in >out
	cmp out in
}

@test "a baseline that is not as it must be: exit 2, with file and line" {
	bad() {
		run -2 --separate-stderr flow-classify --baseline base /dev/null
		is "$output" ''
		is "$stderr" "flow-classify: error: $1"
	}
	rm -f base
	bad 'unable to open base: No such file or directory'
	baseline "$(contract A '"adv20":"400"')"
	bad 'base:2: adv20: not a number'
	baseline "$(contract A '"adv20":400')"
	sed -i '$d' base
	bad 'base:2: no END: the file was cut'
	printf '{"record":"baseline"' >base
	bad 'base:1: not a JSON object: comma or } expected at byte 20'
	: >base
	bad 'base:0: no END: the file was cut'
	# what nobody knows is passed over
	baseline '"kind":"WEATHER","rain":[1,{"a":[]}]' \
		"$(contract A '"adv20":400,"mood":{"good":true}')"
	run -0 flow-classify --baseline base /dev/null
}

@test "why: tags of a day with a baseline are proven, every change is caught" {
	flow-tap --demo --date 2025-11-24 --seed 3 --for 1m KO |
		flow-classify >before
	flow-tap --demo --date 2025-11-25 --seed 4 --for 1m KO >day
	"$top/tests/baseline-of" 2025-11-25 before | jq -c \
		'if .kind == "UNDERLYING" then .option_volume =
		["09:31 1.5", "09:32 700", "16:00 9000.123456"] else . end' \
		>base
	flow-classify --show-config >config
	flow-classify --baseline base --why day >out
	run -0 --separate-stderr "$top/tests/why-check" --baseline=base \
		--mutate=20 config out
	is "$stderr" ''
	has "${lines[0]}" ' 0 records not'
	[[ ${lines[1]} =~ ^([0-9]+)' changes, '([0-9]+)' caught'$ ]]
	[ "${BASH_REMATCH[1]}" -gt 100 ]
	is "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
	# and all three entries were there
	for entry in volume_ratio volume_ratio_tod is_unusual_volume; do
		grep -q "\"why\":.*\"$entry\":{" out
	done
	# the other half of the proof: without the file they are not
	run -1 "$top/tests/why-check" config out
}

@test "why: the words of the mean" {
	baseline "$(ko '"option_volume":["10:00 250","16:00 1000"]')" \
		"$(contract A '"adv20":40.5,"adv20_sessions":2')"
	t 10:00 A 100 2 >in
	flow-classify --baseline base --why in >out
	is "$(jq -c 'select(.record == "trade").why | .is_unusual_volume,
		.volume_ratio, .volume_ratio_tod' out)" \
		'{"rule":"3.11 adv20","day_volume":100,"adv20":40.5,"adv20_sessions":2,"unusual_mult":2,"unusual_min":100}
{"rule":"3.11 baseline","day_volume":100,"adv20":40.5,"adv20_sessions":2}
{"rule":"3.11 baseline","day_volume":100,"adv20":40.5,"adv20_sessions":2,"usual_share":0.25,"usual_share_min":0.0025}'
}

@test "near misses against the mean" {
	baseline "$(contract A '"adv20":400,"adv20_sessions":20')" \
		"$(contract B '"adv20":20,"adv20_sessions":20')" \
		"$(contract C '"adv20":20,"adv20_sessions":20')" \
		"$(contract D '"adv20":20,"adv20_sessions":20')"
	{
		t 10:00 A 719 2; t 10:01 A 1 2; t 10:02 A 80 2; t 10:03 A 1 2
		t 10:04 B 90 2; t 10:05 C 89 2; t 10:06 D 30 2
	} >in
	flow-classify --baseline base --near-miss in >out
	is "$(jq -r 'select(.near_miss and .record == "trade") | .trade_id +
		": " + (.near_miss[] | select(startswith("unusual")))' out)" \
		't2: unusual volume: volume_ratio 1.8 <= unusual_mult 2
t3: unusual volume: volume_ratio 2 <= unusual_mult 2
t5: unusual volume: day_volume 90 < unusual_min 100'
}

# ---- flow-alert ----

# calls HH:MM DOLLARS: a classified print of calls of that premium.
calls() {
	t "$1" "${3:-KO251219C00062000}" 1 2 \
		"\"premium\":$2,\"is_sweep\":false,\"is_block\":false"
}

# heavy FILE: when calls were heavy, and the mean by then.
heavy() {
	flow-alert -q -f json --baseline base "$1" | jq -c \
		'select(.alert_type == "HEAVY_CALL_FLOW") | [.trade_ids[0],
		.metrics.call_flow, .metrics.call_flow_mean]'
}

@test "5.1: HEAVY_CALL_FLOW, above twice the mean by this time" {
	# Twice 600,000 is above 1,000,000: 1,200,000 is not enough, a dollar
	# more is.  By 10:05 the mean is 700,000: 1,200,001 is not enough.
	baseline "$(ko '"call_flow":["10:00 600000","10:05 700000","16:00 9000000"],"sessions_flow":20')"
	{ calls 09:50 1200000; calls 10:00 1; } >in
	is "$(heavy in)" '["t2",1200001,600000]'
	{ calls 09:50 1200000; calls 10:01 1; calls 10:02 200000; } >in
	is "$(heavy in)" '["t5",1400001,700000]'
	{ calls 09:50 1200000; calls 10:01 1; calls 16:30 500000; } >in
	is "$(heavy in)" ''
	# a late print is held against the mean of the time it came at
	{ calls 09:50 1200000; calls 10:03 1; calls 09:55 1; } >in
	is "$(heavy in)" ''
}

@test "5.1: the floor stays, and another ticker has no mean" {
	baseline "$(ko '"call_flow":["16:00 100"]')"
	calls 10:00 1000000 >in
	is "$(heavy in)" ''
	calls 10:01 1 >>in
	is "$(heavy in)" '["t2",1000001,100]'
	sed 's/KO/PEP/g' in >other
	is "$(heavy other)" '["t2",1000001,null]'
	run -0 --separate-stderr flow-alert --baseline base in
	has "$output" 'Call flow $1,000,001 | Ratio 0 | 2 trades | Usual call flow by now $100'
	has "$stderr" 'HEAVY_CALL_FLOW: 1 fired, 1 emitted, 0 suppressed'
	[[ $stderr != *20-day* ]]
	run -0 --separate-stderr flow-alert --baseline base other
	has "$stderr" '20-day arm off (not in the baseline)'
	run -0 --separate-stderr flow-alert other
	has "$stderr" '20-day arm off (no baseline)'
	# seed's words know no mean
	baseline "$(ko '"call_flow":["16:00 600000"]')"
	run -0 --separate-stderr flow-alert -q --profile seed --baseline base in
	has "$output" HEAVY_CALL_FLOW
	is "$(heavy in)" ''
}

@test "5.2: a cancel is judged by the mean that the alert was" {
	# 1,300,001 is above twice 600,000 (10:00); without 200,000 it is not,
	# though above 1,000,000 and above twice what is usual an hour before.
	baseline "$(ko '"call_flow":["09:00 1","10:00 600000","16:00 600000"]')"
	{
		calls 09:50 1100001; calls 09:51 200000
		printf '{"record":"cancel","symbol":"KO","contract_ticker":"O:KO251219C00062000","option_type":"call","trade_date":"2025-11-25","timestamp":%s,"ref_trade_id":"t2","ref_timestamp":%s,"price":2,"size":1,"premium":200000}\n' \
			"$(at 09:55)" "$(at 09:51)"
	} >in
	is "$(flow-alert -q -f json --baseline base in | jq -c \
		'select(.record == "alert") | [.alert_type, .cancelled]')" \
		'["HEAVY_CALL_FLOW",null]
["HEAVY_CALL_FLOW",true]'
}

@test "UNUSUAL_VOLUME by the contract's own average, through the pipe" {
	# 801 of a mean of 400, and 800: no open interest is known.
	baseline "$(contract KO251219C00062000 '"adv20":400,"adv20_sessions":20')" \
		"$(contract KO251219C00063000 '"adv20":400,"adv20_sessions":20')"
	{ t 10:00 KO251219C00062000 801 2; t 10:01 KO251219C00063000 800 2; } >in
	flow-classify --baseline base in >out
	run -0 --separate-stderr flow-alert out
	is "$(grep -A 1 UNUSUAL <<<"$output")" '[MEDIUM] KO UNUSUAL_VOLUME
Vol/OI 801/- | 2.0025x average | Strike 62 exp 12-19-2025 CALL | Premium today $160,200'
	flow-classify in >out
	run -0 --separate-stderr flow-alert out
	has "$stderr" 'UNUSUAL_VOLUME: off (no input)'
}

# oi HH:MM CONTRACT OI OI_DATE: the figure without its change.
oi() {
	printf '{"record":"oi","symbol":"KO","contract_ticker":"O:%s","timestamp":%s,"open_interest":%s%s}\n' \
		"$2" "$(at "$1")" "$3" "${4:+,\"oi_date\":\"$4\"}"
}

@test "OI_CHANGE: a figure without a change, against the one of the day before" {
	baseline "$(contract KO251219P00060000 '"open_interest":5000,"oi_date":"2025-11-21"')" \
		"$(contract KO251219P00061000 '"open_interest":5001,"oi_date":"2025-11-21"')" \
		"$(contract KO251219P00062000 '"open_interest":5000,"oi_date":"2025-11-20"')" \
		"$(contract KO251219P00063000 '"open_interest":5000,"oi_date":"2025-11-21"')" \
		"$(contract KO251219P00064000 '"iv":0.2')"
	{
		oi 07:00 KO251219P00060000 6000 2025-11-24
		oi 07:00 KO251219P00061000 6001 2025-11-24	# under 20 %
		oi 07:00 KO251219P00062000 9000 2025-11-24	# of two days
		oi 07:00 KO251219P00063000 3000			# of no day
		oi 07:00 KO251219P00064000 9000 2025-11-24	# nothing before
		oi 07:00 KO251219P00065000 9000 2025-11-24	# not there
		oi 07:01 KO251219P00063000 3000 2025-11-24
	} >in
	run -0 --separate-stderr flow-alert --cooldown 0s --baseline base in
	is "$(grep OI <<<"$output")" '[MEDIUM] KO OI_CHANGE
OI 5000 -> 6000 (+1000) | Strike 60 exp 12-19-2025 PUT
[MEDIUM] KO OI_CHANGE
OI 5000 -> 3000 (-2000) | Strike 63 exp 12-19-2025 PUT'
	run -0 --separate-stderr flow-alert in
	has "$stderr" 'OI_CHANGE: off (no input)'
}

# spikes OPTION...: contracts of IV_SPIKE and their two volatilities.
spikes() {
	flow-alert -q -f json --baseline base "$@" in | jq -c 'select(
		.alert_type == "IV_SPIKE") | [.contract_ticker, .timestamp,
		.metrics.iv, .metrics.iv_ref]'
}

@test "IV_SPIKE: EX-3.70 to EX-3.72 against the baseline, once a day" {
	baseline "$(ko '"iv30":0.45')" \
		"$(contract A '"iv":0.45,"iv_ts":1764000000000')" \
		"$(contract B '"iv":0.1')" "$(contract C '"iv":0.3')" \
		"$(contract D '"adv20":1')"
	{
		t 10:00 A 1 2 '"iv":0.65'	# EX-3.70
		t 10:01 A 1 2 '"iv":0.75'	# the same day
		t 10:02 B 1 2 '"iv":0.121'	# EX-3.71
		t 10:03 C 1 2 '"iv":0.36'	# EX-3.72
		t 10:04 D 1 2 '"iv":0.65,"iv_status":"LOW"'
		t 10:05 D 1 2 '"iv":0.65,"iv_status":"OK"'	# by iv30
		t 10:06 E 1 2 '"iv":0.5'
	} >in
	is "$(spikes)" "[\"O:A\",$(at 10:00),0.65,0.45]
[\"O:D\",$(at 10:05),0.65,0.45]"
	is "$(spikes --profile seed | jq -r '.[0]')" 'O:A
O:B
O:D'
	run -0 --separate-stderr flow-alert --baseline base in
	is "$(head -n 2 <<<"$output")" '[MEDIUM] KO IV_SPIKE
IV 45 % -> 65 % (+44.4 %)'
	has "$stderr" 'IV_SPIKE: 2 fired'
	run -0 --separate-stderr flow-alert in
	has "$stderr" 'IV_SPIKE: off (no input)'
	printf 'alert: { iv_spike_ratio: 0.1 }\n' >flow.yaml
	is "$(spikes | jq -r '.[0]' | paste -sd ' ')" 'O:A O:C O:D O:E'
	printf 'alert: { iv_spike_points: 0.021 }\n' >flow.yaml
	is "$(spikes | jq -r '.[0]' | paste -sd ' ')" 'O:A O:B O:D'
}

@test "flow-alert: other dates are said once, and hello is given the name" {
	baseline "$(ko '"call_flow":["16:00 9000000"],"iv30":0.1')"
	hello='{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","baseline":["flow-classify 2025-11-25 00"]}'
	bye='{"record":"bye","run":"r","n":1,"reason":"end","exit":0}'
	for day in 24 26; do
		{
			echo "$hello"
			date=2025-11-$day calls 10:00 1000001
			date=2025-11-$day t 10:01 A 1 2 '"iv":0.9'
			echo "$bye"
		} >in
		run -0 --separate-stderr flow-alert -f json --baseline base in
		is "$(jq -r 'select(.record == "alert" or .record == "status") |
			.alert_type // .code' <<<"$output")" \
			"$([ $day = 24 ] && echo baseline_ahead ||
			echo baseline_stale)
HEAVY_CALL_FLOW"
		is "$(grep -c 'the baseline is for 2025-11-25' <<<"$stderr")" 1
	done
	sum=$(sha256sum <base)
	is "$(jq -r 'select(.record == "hello").baseline[]' <<<"$output")" \
		"flow-classify 2025-11-25 00
flow-alert 2025-11-25 ${sum%% *}"
	run -2 --separate-stderr flow-alert --baseline none in
	is "$stderr" 'flow-alert: error: unable to open none: No such file or directory'
	is "$output" ''
}
