#!/usr/bin/env bats
# flow-score: contexts and signals of classified records, domain.md 4.  All
# data is synthetic but for the bars of test data.  Monday 2025-11-24 10:00 in
# New York is 1763996400000.
load helper

ten=1763996400000
lean=$data/real/lean_equity_options

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	number=0
}

# t SECONDS RIGHT SIZE PRICE [MEMBERS]: a classified print of XYZ so long after
# ten; a call expiring on Friday is bought at the ask.  Members come first, so
# that jq lets them stand.
t() {
	local right=$2 bull=BULLISH
	number=$((number + 1))
	[ "$right" = call ] || bull=BEARISH
	jq -c "{record: \"trade\", trade_id: \"t$number\", symbol: \"XYZ\",
		root: \"XYZ\", contract_ticker: \"O:XYZ251128C00100000\",
		timestamp: ($ten + $1 * 1000), trade_date: \"2025-11-24\",
		session: \"RTH\", price: $4, size: $3, multiplier: 100,
		premium: ($3 * $4 * 100), strike: 100,
		expiration: \"2025-11-28\", option_type: \"$right\", dte: 4,
		quote_status: \"OK\", side: \"BUY\", side_confidence: 0.75,
		aggressor_side: \"BUY\", sentiment: \"$bull\",
		sentiment_weight: 0.5, aggressiveness: \"AGGRESSIVE\",
		is_sweep: false, is_block: false, is_above_ask: false,
		is_below_bid: false, is_unusual_volume: false,
		underlying_price: 100, underlying_age_ms: 5} + ${5:-{\}}" <<<null
}

# heartbeat SECONDS
heartbeat() {
	printf '{"record":"heartbeat","timestamp":%d}\n' $((ten + $1 * 1000))
}

# contexts FILTER [OPTION...]: of each context of "in", through jq -r
contexts() {
	local filter=$1
	shift
	flow-score "$@" in >out
	jq -r "select(.record == \"context\") | $filter" out
}

# sample KIND [OPTION...]: the last signal of that kind in tests/samples
sample() {
	local kind=$1
	shift
	"$top/tests/samples" "$kind" | flow-classify >in
	flow-score "$@" in >out
	jq -c "select(.record == \"signal\" and
		.kind == \"${kind^^}\")" out | tail -n 1
}

# ---- contexts ----

@test "EX-4.1, EX-4.2: ratios of volume, once more than seed 2 shows" {
	{ t 1 call 10200 1; t 2 put 8250 1; } >in
	is "$(contexts 'select(.window == "1h") | "\(.total_volume)
		\(.put_call_volume_ratio) \(.call_put_bias) \(.trade_count)"' |
		xargs)" '18450 0.808824 0.105691 2'
	t 1 put 500 1 >in
	is "$(contexts '"\(.window) \(.put_call_volume_ratio)
		\(.call_put_bias)"' | xargs)" '1h null -1 4h null -1 24h null -1'
}

@test "EX-4.3: an empty window counts 0, has no ratios and no confidence" {
	# What goes from the window of one hour is still in that of four.
	{ t 0 call 10 1; t 3601 call 10 1 '{"is_adjusted": true}'
	t 3602 call 10 1 '{"conditions": ["MCTP"]}'
	printf '{"record":"cancel","timestamp":%d,"symbol":"XYZ","contract_ticker":"O:XYZ251128C00100000","ref_trade_id":"t9","ref_timestamp":1,"size":1,"premium":1}\n' \
		$((ten + 3603000)); t 3604 call 10 1; } >in
	# t3 and t9 count nothing; take the last print back as well.
	printf '{"record":"cancel","timestamp":%d,"symbol":"XYZ","contract_ticker":"O:XYZ251128C00100000","expiration":"2025-11-28","option_type":"call","trade_date":"2025-11-24","ref_trade_id":"t4","ref_timestamp":%d,"size":10,"premium":1000}\n' \
		$((ten + 3605000)) $((ten + 3604000)) >>in
	is "$(contexts 'select(.timestamp == '$((ten + 3605000))' and
		.window == "1h") | "\(.total_volume) \(.total_premium)
		\(.trade_count) \(.put_call_volume_ratio) \(.call_put_bias)
		\(.bias) \(.sentiment) \(.sentiment_strength) \(.confidence)
		\(.recommendation)"' | xargs)" \
		'0 0 0 null null null NEUTRAL 50 0 IGNORE'
	is "$(jq -r 'select(.window == "4h") | .total_volume' out |
		tail -n 1)" 10
}

@test "4.1 to 4.6: every member of a demo's contexts, recomputed" {
	flow-tap --demo KO --for 70m --rate 1/s --date 2025-11-24 |
		flow-classify | flow-score >scored
	is "$(jq -r 'select(.record == "context") | .window' scored |
		sort | uniq -c | awk '{ print ($1 > 60), $2 }' | xargs)" \
		'1 1h 1 24h 1 4h'
	run -0 --separate-stderr "$top/tests/score-context" scored 8
	[[ $output =~ ^(2[0-9]|3[0-9])\ of ]]
	is "$stderr" ''
}

@test "4.1: a context at the first multiple passed after a trade, before what passes it" {
	{ t 0 call 1 1; t 60 call 2 1; heartbeat 60; heartbeat 61
	t 100 call 4 1; t 400 call 8 1; } >in
	# A trade at the very minute belongs to it; none is written twice.
	is "$(flow-score in | jq -r 'if .record == "context" then
		select(.window == "24h") | "c\((.timestamp - '$ten') / 1000)
		\(.total_volume)" else .record[0:1] end' | xargs)" \
		't c0 1 t h c60 3 h t c120 7 t c400 15'
	is "$(flow-score --context-interval 5m in | jq -r 'select(.window ==
		"24h") | .timestamp / 1000 - '$((ten / 1000)) | xargs)" '0 300 400'
}

@test "4.1: t - w < timestamp" {
	{ t 0 call 1 1; t 1 call 2 1; t 3600 call 4 1; } >in
	is "$(contexts 'select(.window == "1h") | .total_volume' |
		tail -n 1)" 6
	{ t 0 call 1 1; t 1 call 2 1; t 3601 call 4 1; } >in
	is "$(contexts 'select(.window == "1h") | .total_volume' |
		tail -n 1)" 4
}

@test "4.1: --window-clock session counts open hours" {
	# A minute into Friday's last half hour, and Monday's first half hour.
	local friday=$((ten - 3 * 86400000 + 5 * 3600000 + 1860000))
	{
		t 0 call 1 1 "{timestamp: $friday, trade_date: \"2025-11-21\"}"
		t 0 call 2 1
	} >in
	is "$(contexts '"\(.window) \(.total_volume)"' | tail -n 3 | xargs)" \
		'1h 2 4h 2 24h 2'
	is "$(contexts '"\(.window) \(.total_volume)"' --window-clock session |
		tail -n 3 | xargs)" '1h 3 4h 3 24h 3'
}

@test "4.2: --weight none, and the seed profile" {
	{ t 1 call 10 1 '{"sentiment_weight": 0.1}'; t 2 put 10 2; } >in
	# 1000 x 0.1 against 2000 x 0.5; 1000 against 2000
	is "$(contexts 'select(.window == "1h") | .bias')" -0.818182
	is "$(contexts 'select(.window == "1h") | .bias' --weight none)" \
		-0.333333
	is "$(contexts 'select(.window == "1h") | .bias' --profile seed)" \
		-0.333333
	is "$(contexts 'select(.window == "1h") | .bias' --profile seed \
		--weight confidence)" -0.818182
	t 3 call 30 1 '{"conditions": ["MLET"], "side": "UNKNOWN"}' >>in
	is "$(contexts 'select(.window == "1h") | .total_volume')" 20
	is "$(contexts 'select(.window == "1h") | .total_volume' \
		--count-complex)" 50
	is "$(contexts 'select(.window == "1h") | .total_volume' \
		--profile seed)" 50
}

@test "a late print counts where its time is, and makes no signal" {
	sample scalp >signal
	jq -c 'if .trade_id? == "O:TSLA250221P00240000:1740063600000:CBOE:1"
		then .timestamp -= 3600000 | .is_late_arrival = true else .
		end' in >late
	flow-score late | jq -r 'select(.record == "context" and .timestamp ==
		1740064354000) | "\(.window) \(.put_volume)"' | xargs >got
	is "$(cat got)" '1h 0 4h 2000 24h 2000'
	jq -c 'if .record == "sweep" then .is_late_arrival = true else . end' \
		in >late
	is "$(flow-score late | grep -c '"signal"')" 0
}

@test "the same contexts and signals without heartbeats, and cut anyhow" {
	flow-tap --demo SPY --for 20m --rate 20/s | flow-classify >tagged
	flow-score --strategies scalp tagged >want
	grep -v '"heartbeat"' tagged | flow-score --strategies scalp >got
	cmp <(grep -v '"heartbeat"' want) <(grep -v '"heartbeat"' got)
	flow-score --strategies scalp < <(
		head -c 100001 tagged
		tail -c +100002 tagged | head -c 77777
		tail -c +177779 tagged) | cmp - want
}

@test "B10: each heartbeat counts what was made" {
	flow-tap --demo KO --for 10m | flow-classify | flow-score >scored
	is "$(grep '"record":"heartbeat"' scored | jq -c '.hop[-1] |
		select(.in + .add != .out)' | head -n 1)" ''
	is "$(jq -s 'map(select(.record == "heartbeat"))[-1].hop[-1].add ==
		((map(.record == "heartbeat") | rindex(true)) as $last |
		.[:$last] | map(select(.record | IN("context", "signal"))) |
		length)' scored)" true
}

# ---- the market ----

@test "4.7: averages, trends, VWAP and regime of real bars, recomputed" {
	flow-tap --bars "$lean/underlying_daily_bars.csv.gz" \
		--bars "$lean/underlying_trade_minute_bars.csv.gz" |
		flow-score --explain >scored
	run -0 --separate-stderr "$top/tests/score-bars" scored 20
	is "$output" '137 of 2795 bars agree'
	is "$stderr" ''
	# Without --explain bars pass as they are.
	flow-tap --bars "$lean/underlying_daily_bars.csv.gz" >in
	flow-score in | grep '"bar"' | cmp - <(grep '"bar"' in)
}

@test "EX-4.40, EX-4.41, EX-4.42: otm_pct, none of a price that is too old" {
	{
		t 0 call 1 1 '{"strike": 245, "underlying_price": 243.40}'
		t 1 put 1 1 '{"strike": 135, "underlying_price": 138.20}'
		t 2 call 1 1 '{"strike": 400, "underlying_price": 384.20,
			"underlying_age_ms": 60000}'
		t 3 call 1 1 '{"underlying_age_ms": 60001}'
		t 4 call 1 1 '{"underlying_price": null}'
		t 5 call 1 1 '{"is_adjusted": true}'
		t 6 call 1 1 '{"strike": 98}'
		t 7 call 1 1 '{"strike": 98, "otm_pct": 0.8}'
	} >in
	is "$(flow-score in | jq -r 'select(.record == "trade") | .otm_pct' |
		xargs)" '0.657354 2.315485 4.112441 null null null -2 0.8'
}

@test "4.7: the VWAP of an index is its ETF's, scaled at the first common bar" {
	bar() {
		printf '{"record":"bar","symbol":"%s","tf":"1m","timestamp":%d,"end_ts":%d,"open":%s,"high":%s,"low":%s,"close":%s,%s"session":"RTH","is_final":true}\n' \
			"$1" $((ten + $2 * 60000)) $((ten + $2 * 60000 + 60000)) \
			"$3" "$3" "$3" "$3" "$4"
	}
	{
		bar SPY 0 600 '"volume":100,'
		bar SPX 1 6050 ''
		bar SPY 1 605 '"volume":300,'
		bar SPX 2 6060 ''
	} | flow-score --explain | jq -c 'select(.symbol == "SPX") |
		[.metrics.vwap, .metrics.vwap_source]' >got
	# (600 x 100 + 605 x 300) / 400 = 603.75; x 6050 / 605
	is "$(xargs <got)" '[null,null] [6037.5,PROXY]'
}

# ---- signals ----

@test "EX-4.46: the TSLA scalp through the pipeline" {
	sample scalp >signal
	is "$(jq -c '[.strength, .strength_raw, .direction, .tags]' signal)" \
		'[7.9,7.86,"LONG",["SWEEP","AGGRESSIVE","VOL>OI"]]'
	is "$(jq -c '.components' signal)" '{"size":0.9,"sweep":1.5,"aggression":1.5,"vol_oi":0.75,"vwap":1,"trend":0.96,"rvol":0.25,"level":0.4,"regime":0.4,"fit":0.2,"persistence":0}'
	is "$(jq -r .signal_id signal)" \
		"sig:SCALP:$(jq -r 'select(.record == "sweep") | .sweep_id' in)"
	# Members of the sweep make none of their own.
	is "$(jq -r 'select(.record == "signal") | .kind' out | xargs)" \
		'SCALP DAY_TRADE'
	flow-alert -q signal | cmp - "$data/synthetic/signals/scalp.txt"
}

@test "EX-4.47: the AMD day trade through the pipeline" {
	sample day_trade >signal
	is "$(jq -c '[.strength, .strength_raw, .direction, .tags]' signal)" \
		'[8.3,8.31,"SHORT",["AGGRESSIVE","VOL>OI","LEVEL_BREAK"]]'
	flow-alert -q signal | cmp - "$data/synthetic/signals/day_trade.txt"
}

@test "EX-4.48, EX-4.43: the META swing through the pipeline" {
	sample swing >signal
	is "$(jq -c '[.strength, .strength_raw, .notional, .premium, .tags]' \
		signal)" \
		'[9.2,9.175,6300000,705000,["AGGRESSIVE","PERSISTENT_BUYER"]]'
	flow-alert -q signal | cmp - "$data/synthetic/signals/swing.txt"
	# The print that made it says how strong it was, and comes before it.
	is "$(grep -B 1 '"signal"' out | tail -n 2 | jq -r '"\(.record)
		\(.score)"' | xargs)" 'trade 92 signal null'
}

@test "EX-5.13, EX-5.14, EX-5.15: from a recording to the text, in one pipe" {
	local kind want
	for kind in scalp day_trade swing; do
		want=$data/synthetic/signals/$kind.txt
		{
			echo '{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","feed":"synthetic","mode":"demo","symbols":["*"]}'
			"$top/tests/samples" $kind
			echo '{"record":"bye","run":"r","n":0,"reason":"end","exit":0}'
		} >day.ndjson
		flow-tap --replay day.ndjson | flow-classify |
			flow-score --strategies $kind |
			flow-alert -q --min-severity CRITICAL >texts
		tail -n "$(wc -l <"$want")" texts | cmp - "$want"
	done
}

@test "EX-4.51: flow that agrees boosts" {
	"$top/tests/samples" scalp | grep -v '"put"' | flow-classify >in
	boosted() {
		flow-score "$@" in | jq -r 'select(.kind == "SCALP") |
			"\(.strength) \(.boost)"'
	}
	is "$(boosted)" '9.4 1.2'
	is "$(boosted --boost always)" '9.4 1.2'
	is "$(boosted --boost none)" '7.9 1'
	# 0.15 of a score of 100 parts are 1.5 of 10: see EX-4.16
	score=$(flow-score in | jq -r 'select(.window == "4h") |
		.institutional_score' | tail -n 1)
	is "$(boosted --boost additive)" "$(awk -v s="$score" 'BEGIN {
		b = s * 0.015; printf "%.1f %s", 7.86 + b, b }')"
	sed -i 's/"is_iso":true,/&"is_wide":true,/' in
	jq -c 'if .record == "sweep" then .anchor_bid = 1.6 else . end' in >wide
	mv wide in
	is "$(boosted)" '8.8 1.2'
}

@test "EX-4.45d: a ticker's own gate, also as source 4 writes it" {
	sample scalp --config "$data/synthetic/source4.yaml" >signal
	is "$(cat signal)" ''
	is "$(jq -r 'select(.record == "signal") | .experiment_id' out)" exp-7
	sample scalp --config "$data/synthetic/source4.yaml" --near-miss >signal
	is "$(jq -c 'select(.record == "sweep") | .rules_failed' out)" \
		'["SCALP:min_premium"]'
	is "$(flow-score --config "$data/synthetic/source4.yaml" \
		--show-config TSLA scalp | grep min_premium)" \
		'    min_premium: 200000'
	is "$(flow-score --config "$data/synthetic/source4.yaml" \
		--show-config AMD scalp | grep min_premium)" \
		'    min_premium: 25000'
	echo 'tickers: {exclude: [TSLA]}' >flow.yaml
	sample scalp --explain >signal
	is "$(jq -r 'select(.record == "sweep") | .rules_failed[] |
		select(test("SCALP"))' out)" SCALP:ticker
}

@test "EX-4.45e: a put swept up by a seller is bullish flow, and no signal" {
	"$top/tests/samples" scalp | grep -v MLET | grep ISOI | jq -c \
		'.option_type = "put" | .contract_ticker =
		"O:TSLA250221P00245000" | .price = 1.80' | flow-classify >in
	is "$(jq -r 'select(.record == "sweep") | "\(.side) \(.sentiment)"' \
		in)" 'SELL BULLISH'
	is "$(contexts 'select(.window == "4h") | "\(.sentiment)
		\(.bull_premium) \(.sweep_count)"' | xargs)" 'BULLISH 180000 1'
	is "$(grep -c '"signal"' out)" 0
	is "$(flow-score --explain in | jq -r 'select(.record == "sweep") |
		.rules_failed[] | select(. == "SCALP:side")')" SCALP:side
}

@test "--explain tells every gate, --near-miss those that failed alone" {
	sample swing --explain >signal
	is "$(jq -c 'select(.trade_id == "O:META250418C00400000:1741972725000:CBOE:1" and .record == "trade") |
		.rules_failed' out)" \
		'["SCALP:dte","SCALP:otm_pct","SCALP:min_strength","DAY_TRADE:dte"]'
	sample swing --near-miss >signal
	is "$(jq -c 'select(.trade_id == "O:META250418C00400000:1741972725000:CBOE:1" and .record == "trade") |
		.rules_failed' out)" '["DAY_TRADE:dte"]'
	is "$(sample swing --strategies scalp,day_trade)" ''
	run -2 --separate-stderr flow-score --strategies scalp,day
	is "$stderr" 'flow-score: error: --strategies: day: not scalp, day_trade or swing'
}

@test "4.11: open interest that only the ratio tells" {
	sample day_trade >signal
	vol_oi() {
		jq -c "if .trade_date? then del(.open_interest) + $1 else . end" \
			in | flow-score | jq -c 'select(.kind == "DAY_TRADE") |
			[.components.vol_oi, .open_interest]' | tail -n 1
	}
	is "$(vol_oi '{vol_oi_ratio: 1.5}')" '[0.9,null]'
	is "$(vol_oi '{vol_oi_ratio: null, vol_gt_oi: true}')" '[1.2,0]'
	is "$(vol_oi '{vol_oi_ratio: null, vol_gt_oi: null}')" '[0,null]'
}

@test "4.9: a cancel takes an event out of the memory" {
	"$top/tests/samples" swing >raw
	# The event of the evening before is taken back in the morning it is of.
	jq -c 'select(.price == 8.50 and .size == 1300) | .conditions =
		["CANC"] | .timestamp += 60000' raw >cancel
	sed "/\"price\":8.5,\"size\":1300/r cancel" raw | jq -s -c \
		'sort_by(if .record == "bar" then .end_ts else .timestamp end)[]' |
		flow-classify | flow-score | jq -c 'select(.kind == "SWING") |
		[.notional]' | tail -n 1 >got
	# 6,300,000 less 8.50 x 1300 x 100
	is "$(cat got)" '[5195000]'
}

# ---- the baseline ----

@test "--baseline: what five sessions left stands for having read them" {
	"$top/tests/samples" swing | flow-classify >all
	day='"trade_date":"2025-03-14"|"timestamp":17419[5-9][0-9]*,"end_ts"'
	grep -E "$day" all >today
	grep -vE "$day" all >before
	[ "$(wc -l <today)" -gt 200 ]
	# The file as the history has it, written by jq alone.
	{
		echo '"kind":"HEAD","schema_version":1,"date":"2025-03-14","sessions":[],"left_out":[]'
		for s in META SPY VIX; do
			jq -s -r --arg s "$s" 'map(select(.symbol == $s and
				.tf == "1d")) | map(. + {day: (.timestamp / 1000 |
				strftime("%Y-%m-%d"))}) | (map(.day + " " +
				(.close | tostring))) as $c | (map(.day + " " +
				(.high | tostring))) as $h | (map(.day + " " +
				(.low | tostring))) as $l | {kind: "UNDERLYING",
				symbol: $s, closes: $c, highs: $h, lows: $l} +
				(if $s == "META" then {sessions_bars: 5, bar_volume:
				[range(0; 390) | ((570 + .) as $m | "\(($m + 1) /
				60 | floor | tostring | if length < 2 then "0" + .
				else . end):\(($m + 1) % 60 | tostring |
				if length < 2 then "0" + . else . end)") + " " +
				((. / 5 | floor + 1) * 1900 | tostring)]} else {}
				end) | tojson | .[1:-1]' before
		done
		jq -s -r 'map(select(.record == "trade")) | group_by(.trade_date) |
			map("\(.[0].trade_date) \(length) " + (map(.price *
			.size * 100) | add | "\(.) \(.) 0")) | {kind: "PERSIST",
			symbol: "META", expiration: "2025-04-18", option_type:
			"call", events: .} | tojson | .[1:-1]' before
	} >lines
	{
		cat lines
		printf '"kind":"END","n":%d\n' "$(wc -l <lines)"
	} | sed 's/.*/{"record":"baseline",&}/' >base
	signal() {
		jq -c 'select(.record == "signal" and .kind == "SWING") |
			del(.trend_1m, .trend_5m, .trend_15m)' | tail -n 1
	}
	flow-score all | signal >want
	is "$(jq .strength want)" 9.2
	flow-score --baseline base today | signal | cmp - want
	is "$(flow-score today | signal)" ''
	# Of another date it is nothing, which is said once.
	sed 's/"date":"2025-03-14"/"date":"2025-03-17"/' base >next
	flow-score --baseline next today 2>err >out
	is "$(signal <out)" ''
	is "$(grep -c '"baseline_ahead"' out)" 1
	echo '{"record":"hello","schema_version":1}' |
		flow-score --baseline base 2>err | head -n 1 >hello
	is "$(jq -r '.baseline[0]' hello)" \
		"flow-score 2025-03-14 $(sha256sum base | cut -d' ' -f1)"
	run -2 --separate-stderr flow-score --baseline lines today
	has "$stderr" 'flow-score: error: lines:1: '
}

# ---- bounds ----

@test "more underlyings than are remembered pass unscored, which is said" {
	{ t 1 call 1 1; t 2 call 1 1 '{"symbol": "ABC"}'
	t 3 call 1 1 '{"symbol": "DEF"}'; t 4 call 1 1; } >in
	run -0 --separate-stderr flow-score --underlyings-max 1 in
	is "$(jq -r '"\(.record) \(.symbol) \(.total_volume)"' <<<"$output" |
		xargs)" 'trade XYZ null status null null trade ABC null trade DEF null trade XYZ null context XYZ 2 context XYZ 2 context XYZ 2'
	is "$(jq -r 'select(.record == "status") | .code' <<<"$output")" \
		state_full
	is "$stderr" 'flow-score: warning: more underlyings than are remembered: some passed unscored'
}

@test "a sweep that does not follow its last print makes no signal" {
	# Another print comes before two seconds are over.
	"$top/tests/samples" scalp >raw
	{
		cat raw
		tail -n 1 raw | jq -c '.timestamp += 1000 | .price = 1.5'
	} | flow-classify --emit fast >in
	run -0 --separate-stderr flow-score in
	is "$(grep -c 'sig:SCALP:sw:' <<<"$output")" 0
	is "$stderr" 'flow-score: warning: a sweep does not follow its last print (flow-classify --emit fast?): such sweeps make no signal'
}

@test "what is bad is told, left out and counted" {
	{
		t 1 call 1 1
		t 2 call 1 1 '{"side": 1}'
		t 3 call 1 1 '{"sentiment_weight": 2}'
		echo '{"record":"sweep","timestamp":1,"contract_ticker":"X"}'
		echo '{"record":"bar","symbol":"XYZ","tf":"1m","is_final":true}'
		t 4 call 1 1
	} >in
	run -3 --separate-stderr flow-score in
	is "$(jq -r .record <<<"$output" | xargs)" \
		'trade trade context context context'
	is "$stderr" 'flow-score: warning: in:2: side: not a string
flow-score: warning: in:3: sentiment_weight: not from 0 to 1
flow-score: warning: in:4: size: missing or not above 0
flow-score: warning: in:5: open, high, low, close: missing or not above 0'
}
