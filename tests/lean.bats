#!/usr/bin/env bats
# flow-report --context: which way the flow of a ticker leans, against jq over
# the classified stream, and by the examples of domain.md 4.1 to 4.3.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	db=$BATS_TEST_TMPDIR/test.db
}

# at "2025-11-24 09:30": its ms; New York is five hours behind in winter.
at() {
	printf '%s000' "$(date -ud "$1 UTC + 5 hours" +%s)"
}

# trade SEQUENCE TIME RIGHT PREMIUM SIZE MORE: of KO.
trade() {
	local type=call
	[ "$3" = C ] || type=put
	printf '{"record":"trade","symbol":"KO","root":"KO","contract_ticker":"O:KO251219%s00070000","strike":70,"expiration":"2025-12-19","option_type":"%s","multiplier":100,"trade_date":"%s","timestamp":%s,"sequence":%s,"price":1,"size":%s,"premium":%s,"exchange":"CBOE","session":"RTH","conditions":["AUTO"],"is_sweep":false%s}\n' \
		"$3" "$type" "${2%% *}" "$(at "$2")" "$1" "$5" "$4" "${6:+,$6}"
}

store() {
	flow-store -q -d "$db" "$@" >/dev/null
}

# context FILTER OPTIONS: of its rows.
context() {
	flow-report -d "$db" -f json --context KO "${@:2}" | jq -c ".rows[] | $1"
}

@test "EX-4.1, EX-4.2 ratios and bias of contracts" {
	{
		trade 1 '2025-11-24 10:00' C 1000 10200
		trade 2 '2025-11-24 10:01' P 1000 8250
	} | store
	is "$(context '[.total_volume, .put_call_volume_ratio, .call_put_bias]' \
		--window 1h)" '[18450,0.808824,0.105691]'
	rm -f "$db"*
	trade 1 '2025-11-24 10:00' P 1000 500 | store
	is "$(context '[has("put_call_volume_ratio"), .call_put_bias]' \
		--window 1h)" '[false,-1]'
}

@test "EX-4.3 an empty window, watched and not, never alike" {
	{
		echo '{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","feed":"test","mode":"live","symbols":["KO"]}'
		printf '{"record":"heartbeat","timestamp":%s}\n' \
			"$(at '2025-11-24 09:30')" "$(at '2025-11-24 12:00')"
		echo '{"record":"bye","run":"r","n":0,"reason":"end","exit":0}'
	} | store
	is "$(context '[.trade_count, .total_premium, .sentiment,
		.sentiment_strength, .aggressiveness, .coverage_pct,
		has("bias"), has("put_call_premium_ratio")]' --window 1h)" \
		'[0,0,"NEUTRAL",50,"NORMAL",100,false,false]'
	is "$(flow-report -d "$db" -f json --context PEP --window 1h |
		jq '.rows[0].coverage_pct')" 0
	has "$(flow-report -d "$db" --context PEP --window 1h)" \
		'coverage: 0 %, nothing was seen'
}

# leans BULL BEAR: premiums in dollars, of weight 0.5.
leans() {
	rm -f "$db"*
	{
		trade 1 '2025-11-24 10:00' C "$1" 1 \
			'"side":"BUY","sentiment":"BULLISH","sentiment_weight":0.5'
		trade 2 '2025-11-24 10:00' P "$2" 1 \
			'"side":"BUY","sentiment":"BEARISH","sentiment_weight":0.5'
	} | store
	context '[.bias, .sentiment, .sentiment_strength]' --window 4h
}

@test "EX-4.4, EX-4.5, EX-4.6 bias, sentiment, strength" {
	is "$(leans 24480000 11520000)" '[0.36,"BULLISH",68]'
	is "$(leans 45200000 38500000)" '[0.080048,"NEUTRAL",54]'
	is "$(leans 1000000 3000000)" '[-0.5,"BEARISH",75]'
}

# forced N AGGRESSIVE ALL: trades of both amounts of dollars, with a side.
forced() {
	rm -f "$db"*
	{
		for i in $(seq "$1"); do
			trade "$i" '2025-11-24 10:00' C $(($2 / $1)) 1 \
				'"side":"BUY","aggressiveness":"AGGRESSIVE"'
		done
		[ "$2" -eq "$3" ] || trade 99 '2025-11-24 10:00' C $(($3 - $2)) 1 \
			'"side":"SELL","aggressiveness":"NORMAL"'
		trade 100 '2025-11-24 10:00' C 5000000 1 \
			'"side":"UNKNOWN","aggressiveness":"NORMAL"'
	} | store
	context '[.aggressive_share, .aggressiveness]' --window 24h
}

@test "EX-4.6a, EX-4.6b, EX-4.6c aggressiveness of a window" {
	is "$(forced 5 650000 1000000)" '[0.65,"AGGRESSIVE"]'
	is "$(forced 5 350000 1000000)" '[0.35,"PASSIVE"]'
	is "$(forced 4 400000 400000)" '[1,"NORMAL"]'
}

@test "all sums equal jq's over the stream, in each window" {
	flow-tap --demo KO PEP --rate 0.2/s --demo-cancels 3 --demo-lates 2 \
		--demo-crosses 3 --demo-blocks 3 | flow-classify >day
	store day
	now=$(at '2025-11-24 14:30')
	context '[.window, .total_volume, .total_premium, .trade_count,
		.call_volume, .put_volume, .bull_premium, .bear_premium,
		.neutral_premium, .net_premium, .bias, .aggressive_share,
		.sweep_count, .block_count]' --until $((now + 1)) >got
	jq -c -n --argjson now "$now" '
	def e6: . * 1e6 | round / 1e6;
	def money: . * 1e4 | round / 1e4;
	[inputs | select(.symbol == "KO")] as $all |
	($all | map(select(.record == "cancel").ref_trade_id) |
		map({ (.): true }) | add) as $gone |
	("1h", "4h", "24h") as $window |
	($now - ($window | rtrimstr("h") | tonumber) * 3600000) as $from |
	($all | map(select(.timestamp > $from and .timestamp <= $now))) as $in |
	($in | map(select(.record == "trade" and (.is_cancel or .is_multileg or
		.is_cross or .is_stock_tied or .is_cancelled | not) and
		($gone[.trade_id] | not)))) as $t |
	def sum(f): map(f) | add // 0;
	def part($s): $t | map(select(.sentiment == $s));
	(part("BULLISH") | sum(.premium * .sentiment_weight)) as $b |
	(part("BEARISH") | sum(.premium * .sentiment_weight)) as $r |
	($t | map(select(.side != "UNKNOWN"))) as $sided |
	[$window, ($t | sum(.size)), ($t | sum(.premium) | money),
	($t | length),
	($t | map(select(.option_type == "call")) | sum(.size)),
	($t | map(select(.option_type == "put")) | sum(.size)),
	(part("BULLISH") | sum(.premium) | money),
	(part("BEARISH") | sum(.premium) | money),
	(part("NEUTRAL") | sum(.premium) | money),
	((part("BULLISH") | sum(.premium)) - (part("BEARISH") | sum(.premium)) |
		money),
	(($b - $r) / ($b + $r) | e6),
	(($sided | map(select(.aggressiveness == "AGGRESSIVE")) |
		sum(.premium)) / ($sided | sum(.premium)) | e6),
	($in | map(select(.record == "sweep" and .kind == "SWEEP" and
		any(.trade_ids[]; $gone[.] | not))) | length),
	($t | map(select(.is_block)) | length)]' day >want
	diff got want
	is "$(wc -l <got)" 3
	# from --emit fast, where only the sweep records know it
	rm -f "$db"*
	flow-tap --demo KO PEP --rate 0.2/s --demo-cancels 3 --demo-lates 2 \
		--demo-crosses 3 --demo-blocks 3 | flow-classify --emit fast |
		store
	context '[.window, .total_volume, .total_premium, .trade_count,
		.call_volume, .put_volume, .bull_premium, .bear_premium,
		.neutral_premium, .net_premium, .bias, .aggressive_share,
		.sweep_count, .block_count]' --until $((now + 1)) >got
	diff got want
}

@test "a context record of the moment is told as it is" {
	record='{"record":"context","symbol":"KO","timestamp":'"$(at '2025-11-24 10:02')"',"window":"1h","total_volume":18450,"total_premium":45200000.5,"trade_count":342,"put_call_volume_ratio":0.808824,"sentiment":"BULLISH","sentiment_strength":68,"institutional_score":72,"confidence":85,"recommendation":"FOLLOW_FLOW","n_eff":60.5}'
	{
		trade 1 '2025-11-24 10:01' C 1000 10
		echo "$record"
		echo '{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","feed":"test","mode":"live","symbols":["KO"]}'
		printf '{"record":"heartbeat","timestamp":%s}\n' \
			"$(at '2025-11-24 10:00')" \
			"$(($(at '2025-11-24 10:03') - 1))"
	} >in
	flow-store -q -d "$db" in >/dev/null || is $? 3
	is "$(context 'del(.coverage_pct)' --window 1h)" \
		"$(jq -c '{symbol, window, timestamp, source: "context"} +
			(del(.record) | del(.symbol, .timestamp, .window))' \
			<<<"$record")"
	# another window, a minute later, a trade later: the sums
	is "$(context '[.source, .total_volume]' --window 4h)" '["trades",10]'
	is "$(context .source --window 1h --until "$(($(at '2025-11-24 10:03') +
		1))")" '"trades"'
	trade 2 '2025-11-24 10:02:30' C 1000 10 >later
	store later
	is "$(context '[.source, .total_volume]' --window 1h)" '["trades",20]'
}

@test "what does not go with --context" {
	trade 1 '2025-11-24 10:01' C 1000 10 | store
	for more in '--days 2' '--hours 2' '--since 2025-11-24' \
		'--window 2h'; do
		# shellcheck disable=SC2086	# two words
		run -2 --separate-stderr flow-report -d "$db" --context KO $more
		is "$output" ''
	done
	run -2 --separate-stderr flow-report -d "$db" --context
	has "$stderr" 'of which ticker?'
	run -2 --separate-stderr flow-report -d "$db" --today --window 1h
	run -2 --separate-stderr flow-report -d "$db" --context "KO' OR '1"
}
