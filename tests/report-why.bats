#!/usr/bin/env bats
# flow-report --why: what is stored follows from itself by the rules, and a
# value that was changed does not.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	db=$BATS_TEST_TMPDIR/test.db
}

# made CLASSIFY-OPTIONS: half a minute of made-up prints with all that follows,
# stored; the stream in "all".
made() {
	flow-tap --demo KO SPX --rate 12/s --for 20s --date 2025-11-24 --seed 6 \
		--demo-cancels 6 --demo-lates 10 --demo-hidden 50 \
		--demo-quote-delay 200ms 2>/dev/null |
		flow-classify "$@" | flow-alert -q -f json >all
	flow-store -q -d "$db" all >/dev/null
}

# ids KIND MEMBER: those in "all".
ids() {
	jq -r --arg kind "$1" --arg member "$2" \
		'select(.record == $kind) | .[$member]' all | sort -u
}

# rows ID: of the answer, as JSON, whatever it is.
rows() {
	flow-report -d "$db" --why "$1" -f json | jq -c '.rows[]'
}

# agree STEP: none of "all" differs, and how many were asked about: each
# STEPth print, sweep and alert, and of these fewer under the sanitizers.
agree() {
	local n=0 got
	{
		ids trade trade_id | awk -v step="$1" 'NR % step == 0'
		ids sweep sweep_id
		ids alert alert_id
	} | awk -v step="$(fewer 1 4)" 'NR % step == 0' >asked
	while read -r id; do
		got=0
		flow-report -d "$db" --why "$id" >out 2>err || got=$?
		[ $got -eq 0 ] || {
			printf '%s: %d\n' "$id" $got
			grep -e ' no ' -e error out err
			return 1
		} >&2
		n=$((n + 1))
	done <asked
	[ $n -ge "$(fewer 100 25)" ]
}

@test "made-up prints, held: all follows" {
	made
	agree 3
	# Of the tags only these may be open: what they went by is not stored.
	jq -r 'select(.avg_size_source == "UNDERLYING") | .trade_id' all >some
	head -20 some | while read -r id; do rows "$id"; done |
		jq -r 'select(.agrees == "unknown") | .tag' >open
	is "$(uniq -c open)" '     20 avg_trade_size'
}

@test "made-up prints, at once, with reasons: all follows, averages too" {
	made --emit fast --why
	agree 3
	jq -r 'select(.avg_size_source == "UNDERLYING") | .trade_id' all >some
	head -20 some | while read -r id; do rows "$id"; done |
		jq -r 'select(.tag == "avg_trade_size") | .agrees' >open
	is "$(uniq -c open)" '     20 yes'
}

@test "behind a baseline: means, what is usual by the time, heavy calls" {
	flow-tap --demo --date 2025-11-24 --seed 3 --for 20s KO 2>/dev/null |
		flow-classify >before
	flow-tap --demo --date 2025-11-25 --seed 4 --for 30s KO 2>/dev/null >day
	"$top/tests/baseline-of" 2025-11-25 before | jq -c \
		'if .kind == "UNDERLYING" then .option_volume =
		["09:31 1.5", "16:00 9000.123456"] |
		.call_flow = ["09:35 1000", "16:00 200000"] else . end' >base
	for why in '' --why; do
		rm -f "$db"*
		flow-classify --baseline base $why day |
			flow-alert --baseline base -q -f json >all
		flow-store -q -d "$db" all >/dev/null
		agree 4
		jq -r 'select(.volume_ratio_tod != null) | .trade_id' all >some
		head -12 some | while read -r id; do rows "$id"; done |
			jq -r 'select(.tag | startswith("volume_ratio")) |
				.agrees' >open
		is "$(sort open | uniq -c | tr -s ' ')" \
			" 24 $([ -n "$why" ] && echo yes || echo unknown)"
	done
	# A mean of 0 is exceeded without a ratio.
	changed_base=$(jq -c 'if .adv20 then .adv20 = 0 else . end' base)
	printf '%s\n' "$changed_base" >base
	rm -f "$db"*
	flow-classify --baseline base day | tee all | flow-store -q -d "$db" >/dev/null
	id=$(jq -r 'select(.record == "trade" and .is_unusual_volume and
		.volume_ratio == null) | .trade_id' all | head -1)
	run -0 flow-report -d "$db" --why "$id" -f json
	is "$(jq -r '.rows[] | select(.tag == "is_unusual_volume") | .reason' \
		<<<"$output")" 'the average volume is not stored'
}

@test "the real SPY prints: all follows" {
	flow-tap --replay "$data/real/thetadata/spy_option_trades_nbbo_20240614.csv" \
		--codes thetadata \
		--columns timestamp_ms=trade_ts_utc_ms,osi=osi,price=price,size=size \
		--columns exchange=exchange,conditions=condition,sequence=sequence \
		--columns quote_timestamp_ms=quote_ts_utc_ms,bid=bid,ask=ask \
		--columns bid_size=bid_size,ask_size=ask_size |
		flow-classify | tee all | flow-store -q -d "$db" >/dev/null
	is "$(ids trade trade_id | wc -l)" 60
	while read -r id; do
		flow-report -d "$db" --why "$id" -f json >>out
	done <<<"$(ids trade trade_id)"
	is "$(jq -s -c 'map(.answer) | unique' out)" '["agrees"]'
	# The print of the README whose quote was stale.
	is "$(jq -c '.rows[] | select(.tag == "side_method" and
		.stored == "TICK_ALL") | [.recomputed, .agrees]' out)" \
		'["TICK_ALL","yes"]'
}

contract='"symbol":"KO","root":"KO","contract_ticker":"O:KO251219P00062000","strike":62,"expiration":"2025-12-19","option_type":"put","multiplier":100,"trade_date":"2025-11-24","session":"RTH","dte":25'
# print MS EXCHANGE PRICE SIZE CONDITION MORE
print() {
	printf '{"record":"trade","timestamp":%s,%s,"price":%s,"size":%s,"exchange":"%s","conditions":["%s"],"bid":2,"ask":2.1,"bid_size":50,"ask_size":30,"quote_timestamp":%s%s}\n' \
		$((1763994600000 + $1)) "$contract" "$3" "$4" "$2" "$5" \
		$((1763994599900 + $1)) "${6:+,$6}"
}

# A print signed in each way, a block, what was cancelled, a sweep by orders, a
# burst, a split, legs and what is late; then alerts of all that was sold.
ways() {
	local ex='"ex_bid":2,"ex_ask":2.1,"ex_bid_size":20,"ex_ask_size":30,"ex_quote_timestamp":1763994590000'
	printf '%s\n' '{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","feed":"test","mode":"live","symbols":["KO"]}'
	print 0 CBOE 2.06 7 AUTO '"open_interest":400'
	print 10000 CBOE 2.1 30 AUTO "$ex"
	print 20000 CBOE 2.05 7 AUTO "${ex/2.1/2.2}"
	print 30000 CBOE 2.05 7 AUTO
	print 40000 CBOE 2.05 7 AUTO |
		sed 's/"bid_size":50,"ask_size":30/"bid_size":40,"ask_size":40/'
	print 50000 CBOE 2.05 7 AUTO "${ex/\"ex_bid_size\":20/\"ex_bid_size\":25}" |
		sed 's/"bid_size":50,"ask_size":30/"bid_size":40,"ask_size":40/'
	print 60000 CBOE 2.12 2500 AUTO '"open_interest":400'
	for i in 0 3 5; do
		print $((70000 + i)) "X$i" 2.1 60 ISOI
	done
	for i in 0 40 90; do
		print $((80000 + i)) "X$i" 2 30 AUTO
	done
	for i in 0 300 900; do
		print $((90000 + i)) CBOE 2.1 40 AUTO
	done
	print 100000 CBOE 2.13 500 MLET
	print 110000 CBOE 2.1 12 LATE
	print 120000 CBOE 2.1 12 AUTO
	print 121000 CBOE 2.1 12 CANC
	print 122000 CBOE 2.1 12 SLCN
	print 123000 CBOE 2.1 12 SLFT
	print 124000 CBOE 2.08 12 SLAN
	print 125000 CBOE 2.1 12 TLET
	print 126000 CBOE 2.1 12 EXHT
	print 127000 CBOE 2.1 12 OSEQ
	print 128000 CBOE 2.06 3 AUTO "$ex" |
		sed 's/"bid":2,"ask":2.1/"bid":1.5,"ask":2.4/'
	printf '%s\n' '{"record":"bye","run":"r","n":26,"reason":"end","exit":0}'
}

stored_ways() {
	ways | flow-classify | flow-alert -q -f json >all
	flow-store -q -d "$db" all >/dev/null
}

@test "each way a print is signed, and what it became" {
	stored_ways
	while read -r id; do
		rows "$id"
	done <<<"$(ids trade trade_id)" >out
	is "$(jq -r 'select(.agrees == "no") | .tag' out)" ''
	is "$(jq -r 'select(.tag == "side_method") | .stored' out | sort -u |
		paste -s -d ' ')" \
		'DEPTH_EX DEPTH_NBBO NONE QUOTE_EX QUOTE_NBBO SWEEP_ANCHOR TICK_ALL TSIZE_EX'
	is "$(jq -r 'select(.tag == "trade_type") | .stored' out | sort -u |
		paste -s -d ' ')" 'BLOCK LARGE REGULAR SPLIT SWEEP'
	is "$(ids sweep sweep_id | while read -r id; do
		rows "$id" | jq -r 'select(.tag == "evidence") |
			.recomputed'; done | sort | paste -s -d ' ')" \
		'BURST ISO WINDOW'
	is "$(ids alert alert_id | cut -d : -f 2 | sort -u | paste -s -d ' ')" \
		'BLOCK_TRADE EXTREME_BEARISH_FLOW PUT_BLOCK PUT_SWEEP UNUSUAL_VOLUME'
	while read -r id; do
		flow-report -d "$db" --why "$id" >/dev/null
	done <<<"$(ids sweep sweep_id; ids alert alert_id)"
}

# changed IDS UPDATE: some id differs once a value was changed.
changed() {
	local got
	cp "$db" copy.db
	sqlite3 copy.db "$2"
	while read -r id; do
		got=0
		flow-report -d copy.db --why "$id" >out 2>err || got=$?
		[ $got -ne 1 ] || return 0
		[ $got -eq 0 ] || [ $got -eq 3 ] || break
	done <"$1"
	printf '%s: %d\n' "$2" $got
	return 1
}

@test "a column that is changed is found: prints" {
	stored_ways
	ids trade trade_id >asked
	# Numbers, one more; words, another; flags, each bit the other way.
	# Not here, for no tag follows from them: seq, recv_after, ns_after,
	# underlying_e4, underlying_age_ms, decision_after, trade_id, extra.
	for column in premium_e4 price_e4 size flow dte open_interest bid_e4 \
		ask_e4 bid_size ask_size quote_ago ex_bid_e4 ex_ask_e4 \
		ex_ask_size volume_before day_volume quote_age_ms \
		spread_position_e6 side_confidence_e6 sentiment_weight_e6 \
		size_ratio_e6 vol_oi_ratio_e6 opening_min date; do
		changed asked "UPDATE trades SET $column = $column + 1
			WHERE $column IS NOT NULL"
	done
	changed asked "UPDATE trades SET ex_bid_size = 40"
	changed asked "UPDATE trades SET avg_trade_size_e6 =
		avg_trade_size_e6 + 1000000"
	for column in quote_status price_location side side_method \
		aggressor_side sentiment aggressiveness trade_type opening \
		conditions; do
		changed asked "UPDATE trades SET $column = 1 WHERE $column <> 1"
		changed asked "UPDATE trades SET $column = NULL"
	done
	changed asked "UPDATE trades SET avg_size_source = (SELECT id FROM
		words WHERE text = 'DEFAULT'), avg_trade_size_e6 = 11000000"
	changed asked "INSERT INTO words(text) VALUES ('CLOSED');
		UPDATE trades SET session = last_insert_rowid()"
	for bit in 0 1 2 3 4 7 8 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do
		changed asked "UPDATE trades SET flags = flags + CASE flags >> $bit & 1
			WHEN 0 THEN 1 ELSE -1 END * (1 << $bit)"
	done
	for column in price_location aggressiveness; do
		changed asked "UPDATE members SET $column = 1"
	done
	for change in "strike_e4 = strike_e4, option_type = 'call'" \
		"expiration = '2025-12-20'" 'multiplier = 10' 'flags = 1' \
		"exercise_style = 'E'"; do
		changed asked "UPDATE contracts SET $change"
	done
}

@test "a column that is changed is found: sweeps" {
	stored_ways
	ids sweep sweep_id >asked
	for column in n_prints n_exchanges size premium_e4 vwap_price_e6 \
		worst_price_e4 iso_prints side_confidence_e6 \
		sentiment_weight_e6 first_ago last_ago ts; do
		changed asked "UPDATE sweeps SET $column = $column + 1"
	done
	for column in monotone is_unusual_volume; do
		changed asked "UPDATE sweeps SET $column = 1 - $column"
	done
	for column in kind evidence exchanges side side_method aggressor_side \
		sentiment; do
		changed asked "UPDATE sweeps SET $column = 1 WHERE $column <> 1"
		changed asked "UPDATE sweeps SET $column = NULL"
	done
	changed asked 'UPDATE sweeps SET anchor_bid_e4 = 30000,
		anchor_ask_e4 = 31000'
	# Of the members
	for column in exchange size price_e4 premium_e4; do
		changed asked "UPDATE trades SET $column = $column + 1"
	done
	changed asked "UPDATE members SET sweep = 1 WHERE at = 1"
	changed asked "UPDATE members SET at = 3 - at"
}

@test "a value that is changed is found: alerts" {
	stored_ways
	ids alert alert_id >asked
	for member in alert_type severity; do
		changed asked "UPDATE alert_rows SET record =
			json_set(record, '\$.$member', 'PUT_BLOCK')
			WHERE record ->> 'alert_type' <> 'PUT_BLOCK'"
	done
	for member in put_flow call_flow put_flow_complex call_flow_complex \
		trades price size premium n_exchanges day_volume; do
		changed asked "UPDATE alert_rows SET record =
			json_set(record, '\$.metrics.$member',
			1 + (record ->> '\$.metrics.$member'))
			WHERE record ->> '\$.metrics.$member' IS NOT NULL"
	done
	for member in side aggressor_side; do
		changed asked "UPDATE alert_rows SET record =
			json_set(record, '\$.metrics.$member', 'NOBODY')
			WHERE record ->> '\$.metrics.$member' IS NOT NULL"
	done
	changed asked 'UPDATE trades SET premium_e4 = premium_e4 + 1'
	changed asked 'UPDATE trades SET flow = 1'
	changed asked 'DELETE FROM trades WHERE ts = 1763994600000'
	changed asked 'UPDATE sweeps SET premium_e4 = 1, size = 1'
}

@test "the answer: table and json, statuses" {
	stored_ways
	run -0 --separate-stderr flow-report -d "$db" --why \
		"$(ids trade trade_id | head -1)"
	is "${lines[0]}" agrees
	has "$output" 'contract_ticker'
	has "$output" 'price 2.06, size 7, multiplier 100'
	is "$stderr" ''
	run -2 --separate-stderr flow-report -d "$db" --why O:KO:1:X:2
	is "$stderr" 'flow-report: error: O:KO:1:X:2: no such trade, sweep or alert'
	run -2 --separate-stderr flow-report -d "$db" --why ''
	run -2 --separate-stderr flow-report -d "$db" --why "x' OR '1'='1"
	run -2 --separate-stderr flow-report -d "$db" --why x --today
	sqlite3 "$db" 'UPDATE trades SET side_confidence_e6 = 900000'
	run -1 --separate-stderr flow-report -d "$db" -f json --why \
		"$(ids trade trade_id | head -1)"
	is "$(jq -c '[.report, .answer, (.rows[] | select(.agrees == "no") |
		[.tag, .stored, .recomputed, .rule])]' <<<"$output")" \
		'["why","differs",["side_confidence","0.9","0.63","3.5"]]'
}

@test "what cannot be recomputed is told as such: 3" {
	stored_ways
	sqlite3 "$db" "UPDATE alert_rows SET record = json_set(json_remove(record,
		'\$.severity'), '\$.alert_type', 'IV_SPIKE_2', '\$.trade_ids',
		json('[\"gone\"]'))"
	run -3 --separate-stderr flow-report -d "$db" -f json --why \
		"$(ids alert alert_id | head -1)"
	is "$(jq -c '[.answer, .rows[].reason]' <<<"$output")" \
		'["nothing recomputed","its trade is not stored"]'
}

@test "what a profile of rules named in its reasons is not held against std" {
	ways | flow-classify --profile seed --why | tee all |
		flow-store -q -d "$db" >/dev/null
	while read -r id; do
		rows "$id"
	done <<<"$(ids trade trade_id; ids sweep sweep_id)" >out
	is "$(jq -c 'select(.agrees == "no")' out)" ''
	is "$(jq -r 'select(.agrees == "unknown") | .reason' out | sort -u)" \
		'any evidence was enough
by the prices outside the quote alone
by the seed formula
signed by another stack of rules'
}

@test "an average of 0 leaves no ratio: unusual volume is open, not wrong" {
	{
		echo '"kind":"HEAD","schema_version":1,"date":"2025-11-24"'
		echo '"kind":"CONTRACT","contract_ticker":"O:KO251219C00062000","adv20":0,"adv20_sessions":20'
		echo '"kind":"END","n":2'
	} | sed 's/.*/{"record":"baseline",&}/' >base
	for size in 99 100; do
		printf '{"record":"trade","trade_id":"t%d","symbol":"KO","root":"KO","contract_ticker":"O:KO251219C00062000","strike":62,"expiration":"2025-12-19","option_type":"call","multiplier":100,"timestamp":1763996400000,"trade_date":"2025-11-24","session":"RTH","price":2,"size":%d,"exchange":"CBOE"}\n' \
			$size $size >in
		rm -f "$db"
		flow-classify --baseline base in | flow-store -q -d "$db" >all
		rows t$size | jq -c 'select(.tag == "is_unusual_volume") |
			[.stored, .agrees, .reason]'
	done >got
	is "$(<got)" '["false","yes",null]
["true","unknown","the average volume is not stored"]'
	# Without the volume it is wrong all the same.
	sqlite3 "$db" 'UPDATE trades SET day_volume = 99, size = 99'
	flag=$(rows t100 | jq -r 'select(.tag == "is_unusual_volume").agrees')
	is "$flag" no
}
