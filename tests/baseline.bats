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
