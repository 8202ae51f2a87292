#!/usr/bin/env bats
# flow-classify over small streams: domain.md 1, 3.1 to 3.11 and design.md 3.
# The day is Monday 2025-11-24, when New York is UTC-5; times are milliseconds
# after 10:00:00 in New York, which is 1763996400000.
load helper

base=1763996400000

# contract TICKER SYMBOL RIGHT: the identity that t writes from here on.
contract() {
	identity="\"symbol\":\"$2\",\"root\":\"$2\",\"contract_ticker\":\"$1\""
	identity+=",\"strike\":62,\"expiration\":\"2025-12-19\""
	identity+=",\"option_type\":\"$3\",\"multiplier\":100"
	identity+=",\"exercise_style\":\"A\""
}

# The table of 3.10 holds at NBBO 2.08 x 2.10.
setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	number=0
	contract O:KO251219C00062000 KO call
	day='"trade_date":"2025-11-24","session":"RTH"'
	nbbo='"bid":2.08,"ask":2.1'
	hello='{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","mode":"demo","symbols":["*"]}'
	bye='{"record":"bye","run":"r","n":0,"reason":"end","exit":0}'
}

# t MS EXCHANGE SIZE PRICE [CONDITION [MEMBERS]]: a print; ids are p1, p2, ...
t() {
	number=$((number + 1))
	printf '{"record":"trade","trade_id":"p%d",%s,"timestamp":%d,%s,"price":%s,"size":%s,"exchange":"%s"%s,%s%s}\n' \
		$number "$identity" $((base + $1)) "$day" "$4" "$3" "$2" \
		"${5:+,\"conditions\":[\"$5\"]}" "$nbbo" "${6:+,$6}"
}

# hb MS
hb() {
	printf '{"record":"heartbeat","timestamp":%d,"run":"r","n":0}\n' \
		$((base + $1))
}

# gap FROM TO SYMBOL [ID STATE]
gap() {
	printf '{"record":"gap","gap_id":"%s","state":"%s","from_ts":%d,"to_ts":%d,"symbols":["%s"],"reason":"DISCONNECT"}\n' \
		"${4:-g}" "${5:-lost}" $((base + $1)) $((base + $2)) "$3"
}

# classify [OPTION...]: the file in to the files out and err.
classify() {
	local got=0
	flow-classify "$@" in >out 2>err || got=$?
	[ $got -eq "${want_status:-0}" ] || {
		echo "status $got"
		cat err
		return 1
	}
}

# q FILTER: what jq finds in out, a line each.
q() {
	jq -rc "$1" out
}

# of KIND MEMBER...: these members of each record of a kind, in jq's words.
of() {
	local kind=$1
	shift
	jq -rc "select(.record == \"$kind\") | [$(IFS=,; echo "$*")] |
		map(tostring) | join(\" \")" out
}

# order: every record of out in short, but events of the ratio.
order() {
	q 'select(.event_type != "AGGRESSIVE") | .record + if .record == "trade" then " " + .trade_id
		elif .record == "sweep" then " " + .kind + " " + (.trade_ids | join(","))
		elif .record == "event" then " " + .event_type
		elif .record == "status" then " " + .code
		elif .record == "cancel" then " " + (.ref_trade_id // "-")
		else "" end'
}

# conserved: in + add = out + dropped in the heartbeats' last hop (B10), and
# out is what stands before the heartbeat.
conserved() {
	is "$(jq -c 'select(.record == "heartbeat") | .hop[-1] |
		select(.in + .add != .out + ([.drop[]] | add // 0))' out)" ''
	is "$(jq -c 'select(.record == "heartbeat") | .hop[-1].out' out)" \
		"$(jq -c -n 'foreach inputs as $r (0;
			if $r.record == "hello" then 0
			elif $r.record | IN("heartbeat", "gap", "status", "bye")
			then . else . + 1 end;
			select($r.record == "heartbeat"))' out)"
}

# ---- 1: records ----

@test "EX-1.1: seed 2's record" {
	local i
	nbbo='"bid":44.8,"ask":45.2,"underlying_price":6450'
	day='"trade_date":"2025-11-24","session":"CURB"'
	identity='"symbol":"SPX","root":"SPX","contract_ticker":"O:SPX251219C06475000","strike":6475,"expiration":"2025-12-19","option_type":"call","dte":25,"multiplier":100,"settlement":"AM","exercise_style":"E"'
	base=1764019200000
	{
		# twenty prints of 40 at the midpoint: average 40, no cluster
		for ((i = 20; i > 0; i--)); do
			t -$((i * 1000)) CBOE 40 45 AUTO
		done
		t 0 CBOE 250 45.5 ISOI '"open_interest":500'
	} >in
	classify
	is "$(q 'select(.record == "trade" and .trade_id == "p21") | [.price_location, .side,
		.side_method, .aggressor_side, .sentiment, .aggressiveness,
		.trade_type, .is_sweep, .is_block, .is_large, .is_above_ask,
		.is_below_bid, .is_through, .is_iso, .avg_trade_size,
		.avg_size_source, .size_ratio, .is_unusual_volume,
		.volume_before, .day_volume, .vol_oi_ratio]')" \
		'["ABOVE_ASK","BUY","QUOTE_NBBO","BUY","BULLISH","AGGRESSIVE","BLOCK",false,true,true,true,false,true,true,40,"CONTRACT",6.25,true,800,1050,2.1]'
}

@test "EX-1.2, EX-1.4: ids are made when the feed gave none" {
	{
		t 0 CBOE 5 2.09 AUTO
		t 0 CBOE 50 2.10 ISOI
		t 3 ISE 50 2.10 ISOI
	} | sed 's/"trade_id":"[^"]*",//' >in
	classify
	is "$(of trade .trade_id)" "O:KO251219C00062000:1763996400000:CBOE:1
O:KO251219C00062000:1763996400000:CBOE:2
O:KO251219C00062000:1763996400003:ISE:1"
	is "$(of sweep .sweep_id)" \
		'sw:O:KO251219C00062000:1763996400000:CBOE:2'
	is "$(of trade '(.sweep_id // "-")')" "-
sw:O:KO251219C00062000:1763996400000:CBOE:2
sw:O:KO251219C00062000:1763996400000:CBOE:2"
}

@test "EX-1.3: the feed's sequence in a made id" {
	t 0 CBOE 5 2.09 AUTO '"sequence":88123' |
		sed 's/"trade_id":"[^"]*",//' >in
	classify
	is "$(of trade .trade_id)" \
		'O:KO251219C00062000:1763996400000:CBOE:88123'
}

@test "1.2: keys follow the order of the table, unknown members stay" {
	t 0 CBOE 5 2.10 ISOI '"zz":[1,{"a":"\u00e9"}],"recv_ts":1' >in
	classify
	has "$(cat out)" '"zz":[1,{"a":"\u00e9"}],"recv_ts":1,"volume_before":0'
	is "$(jq -r 'keys_unsorted | join(" ")' out | sed 's/.*recv_ts //')" \
		"volume_before day_volume decision_ts quote_status spread_position price_location side side_method side_confidence aggressor_side sentiment sentiment_weight aggressiveness trade_type is_sweep is_block is_above_ask is_below_bid is_at_ask is_iso avg_trade_size avg_size_source size_ratio is_unusual_volume opening"
}

# ---- 3.2: conditions and cancels ----

@test "EX-3.1: a cancelled print, day_volume back to 0" {
	{
		t 0 CBOE 10 1.00 AUTO
		t 5 CBOE 10 1.00 CANC
	} >in
	classify
	is "$(of cancel .ref_trade_id .ref_timestamp .price .size .premium \
		.exchange '(.conditions[0])' '(.ref_conditions[0])' .timestamp)" \
		"p1 $base 1 10 1000 CBOE CANC AUTO $((base + 5))"
	is "$(of trade .trade_id .volume_before .day_volume)" "p1 0 10
p2 10 0"
	# the cancelling print counts nowhere and is followed by its cancel
	is "$(order)" "trade p1
trade p2
cancel p1"
	is "$(q 'select(.record == "trade" and .trade_id == "p2") | [.side, .is_block, .sentiment]')" \
		'["UNKNOWN",false,"NEUTRAL"]'
}

@test "EX-3.2: CNCL takes the last report back" {
	{
		t 0 ISE 10 1.00 AUTO
		t 1 ISE 10 1.05 AUTO
		t 2 ISE 10 1.05 CNCL
	} >in
	classify
	is "$(of cancel .ref_trade_id)" 'p2'
}

@test "EX-3.3: no such print" {
	{
		t 0 ISE 10 1.00 AUTO
		t 1 ISE 7 2.00 CANC
	} >in
	classify -v
	is "$(q 'select(.record == "cancel") | has("ref_trade_id")')" 'false'
	is "$(of trade .day_volume)" "10
10"
	has "$(cat err)" 'unmatched_cancels 1'
}

@test "EX-3.4: a late report" {
	{
		t 0 CBOE 1 2.95 AUTO
		t 1 CBOE 500 3.00 LATE '"bid_size":1,"ask_size":1'
		t 2 ISE 500 3.00 ISOI
		# tick state: 2.95, 3.00 (p3); p2 set none
		nbbo='"bid":3.05,"ask":3.03' t 3 ISE 1 2.97 AUTO
	} >in
	classify
	is "$(q 'select(.record == "trade" and .trade_id == "p2") | [.volume_before, .day_volume,
		.side, .side_method, .sentiment, .is_late, .trade_type,
		.is_block, .is_sweep]')" \
		'[1,501,"UNKNOWN","NONE","NEUTRAL",true,"BLOCK",true,false]'
	is "$(of sweep '(.trade_ids | join(","))')" 'p1,p3'
	is "$(q 'select(.event_type == "BLOCK") | [.trade_id, .premium]')" \
		'["p2",150000]
["p3",150000]'
	{
		t 0 CBOE 1 2.95 AUTO
		t 1 CBOE 500 3.00 LATE
		nbbo='"bid":3.05,"ask":3.03' t 3 ISE 1 2.97 AUTO
	} >in
	classify
	is "$(of trade .side_method .side | tail -n 1)" 'TICK_ALL BUY'
}

@test "EX-3.5: multi-leg above the ask" {
	t 0 CBOE 500 3.00 MLET >in
	classify
	is "$(q 'select(.record == "trade") | [.sentiment, .is_above_ask,
		.aggressiveness, .is_multileg, .side, .aggressor_side,
		.side_method, .side_confidence, .sentiment_weight]')" \
		'["NEUTRAL",true,"NORMAL",true,"UNKNOWN","UNKNOWN","NONE",0.5,0]'
}

@test "3.2: the flags of each condition" {
	for c in ISOI SLAN SLAI SLCN SCLI SLFT MLET TLAT OSEQ LATE OPEN OPNL \
		CBMO EXHT MLTI SWEEP; do
		t $number CBOE 5 2.10 $c
	done >in
	classify
	is "$(of trade '(.conditions[0])' '([to_entries[] | select(.value ==
		true and (.key | IN("is_iso", "is_auction", "is_cross",
		"is_floor", "is_multileg", "is_stock_tied", "is_late",
		"is_out_of_sequence", "is_extended", "is_sweep"))) | .key] |
		join(","))' .side)" "ISOI is_iso BUY
SLAN is_auction BUY
SLAI is_iso,is_auction BUY
SLCN is_cross UNKNOWN
SCLI is_iso,is_cross UNKNOWN
SLFT is_floor UNKNOWN
MLET is_multileg UNKNOWN
TLAT is_multileg,is_stock_tied UNKNOWN
OSEQ is_late,is_out_of_sequence UNKNOWN
LATE is_late UNKNOWN
OPEN is_late,is_out_of_sequence UNKNOWN
OPNL is_late UNKNOWN
CBMO is_floor,is_multileg UNKNOWN
EXHT is_extended BUY
MLTI is_multileg UNKNOWN
SWEEP is_sweep BUY"
}

@test "3.2: --floor-side gives SLFT the quote rule" {
	{
		t 0 CBOE 5 2.10 SLFT
		t 1 CBOE 5 2.10 SLFT '"is_adjusted":true'
	} >in
	classify --floor-side=on
	is "$(of trade .side .side_method)" "BUY QUOTE_NBBO
BUY QUOTE_NBBO"
	classify
	is "$(of trade .side .side_method)" "UNKNOWN NONE
UNKNOWN NONE"
}

@test "3.2: several conditions, the most restrictive answer" {
	t 0 CBOE 5 2.10 'ISOI","MLET' >in
	classify
	is "$(of trade .side .is_iso .is_multileg)" 'UNKNOWN true true'
}

@test "3.2: an unknown condition is volume and nothing else" {
	{
		t 0 CBOE 500 2.12 UNKNOWN_999
		nbbo='"bid":2.15,"ask":2.1' t 1 CBOE 5 2.10 AUTO
	} >in
	classify -v
	# no tick from it: the second print finds none
	is "$(of trade .side .day_volume .avg_size_source)" \
		"UNKNOWN 500 DEFAULT
UNKNOWN 505 DEFAULT"
	is "$(of event .event_type)" ''
	has "$(cat err)" 'unknown_condition 1'
}

@test "2.2: a print outside any session is volume and nothing else" {
	local i
	{
		day='"trade_date":"2025-11-24","session":"CLOSED"'
		t 0 CBOE 40 2.10 ISOI
		t 1 ISE 600 2.10 ISOI
		day='"trade_date":"2025-11-24","session":"RTH"'
		nbbo='"bid":2.15,"ask":2.1' t 2 CBOE 5 2.12 AUTO
	} >in
	classify
	is "$(of trade .side .day_volume .is_sweep)" "UNKNOWN 40 false
UNKNOWN 640 false
UNKNOWN 645 false"
	is "$(of sweep .kind)$(of event .event_type)" ''
}

@test "cancels: the kinds, against the first, the last, the only" {
	{
		t 0 CBOE 10 1.00 AUTO
		t 1 CBOE 10 1.00 CNOL
		t 2 CBOE 10 1.00 AUTO
		t 3 CBOE 10 1.00 AUTO
		t 4 CBOE 10 1.00 AUTO
		t 5 CBOE 10 1.00 CANC
		t 6 CBOE 10 1.00 CANC
		t 7 CBOE 10 1.00 CNCO
		t 8 CBOE 10 1.00 CNCL
		t 9 CBOE 10 1.00 CNCL
	} >in
	classify
	# CANC prefers neither the first (p1) nor the last (p5) report
	is "$(of cancel '(.conditions[0])' '(.ref_trade_id // "-")')" \
		"CNOL p1
CANC p4
CANC p3
CNCO -
CNCL p5
CNCL -"
	is "$(of trade .day_volume | tail -n 1)" '0'
}

@test "cancels: the feed's sequence of the original decides" {
	{
		t 0 CBOE 10 1.00 AUTO '"sequence":1'
		t 1 CBOE 10 1.00 AUTO '"sequence":2'
		t 2 CBOE 10 1.00 AUTO '"sequence":3'
		t 3 CBOE 10 1.00 CANC '"sequence":4,"ref_sequence":1'
	} >in
	classify
	is "$(of cancel .ref_trade_id)" 'p1'
}

@test "cancels: a member of an open cluster leaves it" {
	{
		t 0 CBOE 8 2.10 ISOI
		t 1 ISE 8 2.10 ISOI
		t 2 BOX 8 2.12 ISOI
		t 3 ISE 8 2.10 CANC
	} >in
	classify
	is "$(of sweep '(.trade_ids | join(","))' .size .n_exchanges .sweep_id)" \
		'p1,p3 16 2 sw:p1'
	is "$(of trade .trade_id '(.is_cancelled // false)' .sentiment \
		.trade_type)" "p1 false BULLISH SWEEP
p2 true NEUTRAL REGULAR
p3 false BULLISH SWEEP
p4 false NEUTRAL REGULAR"
	classify --emit=fast
	is "$(of sweep '(.trade_ids | join(","))' .size)" 'p1,p3 16'
	is "$(of cancel .ref_trade_id)" 'p2'
}

@test "cancels: what is left may be no sweep, or nothing" {
	{
		t 0 CBOE 8 2.10 ISOI
		t 1 ISE 8 2.10 ISOI
		t 2 ISE 8 2.10 CNCL
	} >in
	classify
	is "$(of sweep .kind)" ''
	{
		t 0 CBOE 8 2.10 ISOI
		t 2 CBOE 8 2.10 CNCL
	} >in
	classify
	is "$(of sweep .kind)" ''
	is "$(of trade .trade_type)" "REGULAR
REGULAR"
}

@test "cancels: a held print outside any cluster, and one that has left" {
	{
		t 0 CBOE 8 2.10 AUTO
		t 1 ISE 8 2.09 AUTO '"bid_size":5,"ask_size":9'
		t 2 ISE 8 2.09 CNCL
		hb 3000
		t 3001 CBOE 8 2.10 CANC
	} >in
	classify
	is "$(of trade .trade_id '(.is_cancelled // false)' .sentiment)" \
		"p1 false BULLISH
p2 true NEUTRAL
p3 false NEUTRAL
p4 false NEUTRAL"
	is "$(of cancel .ref_trade_id)" "p2
p1"
}

@test "cancels: after the sweep has left" {
	{
		t 0 CBOE 8 2.10 ISOI
		t 1 ISE 8 2.10 ISOI
		hb 2500
		t 3000 CBOE 8 2.10 CANC
	} >in
	classify
	is "$(order)" "trade p1
trade p2
sweep SWEEP p1,p2
event SWEEP
heartbeat
trade p3
cancel p1"
}

@test "cancels: of another trade date they find nothing" {
	{
		t 0 CBOE 10 1.00 AUTO
		base=$((base + 86400000))
		day='"trade_date":"2025-11-25","session":"RTH"'
		t 0 CBOE 10 1.00 CNCL
		t 1 CBOE 10 1.00 AUTO
		day='"trade_date":"2025-11-24","session":"RTH"'
		t 2 CBOE 10 1.00 CNCL
	} >in
	classify
	is "$(of cancel '(.ref_trade_id // "-")' .trade_date)" \
		"- 2025-11-25
- 2025-11-24"
}

@test "duplicate ids: the second is dropped, told and counted" {
	{
		echo "$hello"
		t 0 CBOE 10 1.00 AUTO
		number=0
		t 0 CBOE 10 1.00 AUTO
		t 1 CBOE 10 1.00 AUTO
		hb 1000
		echo "$bye"
	} >in
	want_status=3 classify
	is "$(of trade .trade_id .day_volume)" "p1 10
p2 20"
	is "$(q 'select(.record == "heartbeat") | .hop[-1].drop')" \
		'{"duplicate":1}'
	is "$(cat err)" \
		'flow-classify: warning: in:3: trade_id p1: seen before'
	is "$(q 'select(.record == "bye") | .exit')" 3
	conserved
	# on another trade date the id is another print's
	{
		number=0
		t 0 CBOE 10 1.00 AUTO
		base=$((base + 86400000)) number=0
		day='"trade_date":"2025-11-25","session":"RTH"'
		t 0 CBOE 10 1.00 AUTO
	} >in
	classify
	is "$(of trade .trade_id .volume_before)" "p1 0
p1 0"
}

@test "3.11, 3.5: a new trade date starts volume and ticks over" {
	{
		nbbo='"bid":2.15,"ask":2.1'
		t 0 CBOE 10 2.10 AUTO
		t 1 CBOE 10 2.11 AUTO
		base=$((base + 86400000))
		day='"trade_date":"2025-11-25","session":"RTH"'
		t 0 CBOE 10 2.12 AUTO
		t 1 CBOE 10 2.13 AUTO
	} >in
	classify
	is "$(of trade .volume_before .day_volume .side_method .side)" \
		"0 10 NONE UNKNOWN
10 20 TICK_ALL BUY
0 10 NONE UNKNOWN
10 20 TICK_ALL BUY"
}

@test "3.11: a print of a trade date that is over changes nothing of today" {
	{
		nbbo='"bid":2.15,"ask":2.1'
		base=$((base + 86400000))
		day='"trade_date":"2025-11-25","session":"RTH"'
		t 0 CBOE 10 2.10 AUTO
		day='"trade_date":"2025-11-24","session":"RTH"'
		t -70000000 CBOE 600 2.50 AUTO
		day='"trade_date":"2025-11-25","session":"RTH"'
		t 1 CBOE 10 2.12 AUTO
	} >in
	classify
	is "$(of trade .volume_before .day_volume .side .is_block \
		.trade_date)" "0 10 UNKNOWN false 2025-11-25
null null UNKNOWN true 2025-11-24
10 20 BUY false 2025-11-25"
	is "$(q 'select(.event_type == "BLOCK") | .trade_date')" 2025-11-24
}

# ---- 3.3: quotes ----

@test "EX-3.5b: a quote older than 60 s falls to tick" {
	{
		t -100 CBOE 1 2.04 AUTO
		nbbo='"bid":2.00,"ask":2.1'
		t 500 CBOE 1 2.10 AUTO "\"quote_timestamp\":$((base - 61000))"
	} >in
	classify
	is "$(of trade .quote_status '(.quote_age_ms // "-")' \
		.price_location .side_method | tail -n 1)" \
		'STALE 61500 UNKNOWN TICK_ALL'
}

@test "EX-3.5c: a crossed quote gives no side" {
	nbbo='"bid":2.15,"ask":2.1'
	t 500 CBOE 1 2.10 AUTO "\"quote_timestamp\":$((base + 450))" >in
	classify
	is "$(of trade .quote_status .side .price_location)" \
		'CROSSED UNKNOWN UNKNOWN'
}

@test "EX-3.5d: a gap makes the quote before it stale" {
	{
		t -5000 CBOE 1 2.09 AUTO "\"quote_timestamp\":$((base - 6000))"
		gap -1000 0 KO
		t 500 CBOE 1 2.10 AUTO "\"quote_timestamp\":$((base - 2000))"
		t 501 CBOE 1 2.10 AUTO "\"quote_timestamp\":$((base + 1))"
		contract O:PEP251219C00150000 PEP call
		t 502 CBOE 1 2.10 AUTO "\"quote_timestamp\":$((base - 2000))"
	} >in
	classify
	is "$(of trade .quote_status)" "OK
STALE
OK
OK"
	sed -i 's/"symbols":\["KO"\]/"symbols":["*"]/' in
	classify
	is "$(of trade .quote_status)" "OK
STALE
OK
STALE"
}

@test "3.3: an older gap told later gives no quote back" {
	for symbol in KO '*'; do
		{
			number=0
			t -5000 CBOE 1 2.09 AUTO
			gap -1000 0 "$symbol" g
			gap -3000 -2000 "$symbol" h filled
			t 500 CBOE 1 2.10 AUTO "\"quote_timestamp\":$((base - 1500))"
		} >in
		classify
		is "$(of trade .quote_status | tail -n 1)" 'STALE'
	done
}

@test "EX-3.5d: also when the contract was not seen before the gap" {
	{
		gap -1000 0 KO
		t 500 CBOE 1 2.10 AUTO "\"quote_timestamp\":$((base - 2000))"
	} >in
	classify
	is "$(of trade .quote_status)" 'STALE'
}

# ---- 3.5, 3.6: side in the stream ----

@test "3.5: tick state: different price, a gap voids it, late arrivals do not move it" {
	{
		nbbo='"bid":2.15,"ask":2.1'
		t 0 CBOE 1 2.10 AUTO
		t 1 CBOE 1 2.10 AUTO
		t 2 CBOE 1 2.12 AUTO
		t 3 CBOE 1 2.12 AUTO
		t 1 CBOE 1 2.50 AUTO
		t 4 CBOE 1 2.12 AUTO
		gap 5 6 KO
		t 7 CBOE 1 2.13 AUTO
		t 8 CBOE 1 2.12 AUTO
	} >in
	classify
	is "$(of trade .trade_id .side)" "p1 UNKNOWN
p2 UNKNOWN
p3 BUY
p4 BUY
p5 BUY
p6 BUY
p7 UNKNOWN
p8 SELL"
}

@test "3.5: a gap of another symbol voids nothing" {
	{
		nbbo='"bid":2.15,"ask":2.1'
		t 0 CBOE 1 2.10 AUTO
		gap 1 2 PEP
		t 3 CBOE 1 2.12 AUTO
	} >in
	classify
	is "$(of trade .side)" "UNKNOWN
BUY"
}

@test "3.5: --rule reaches each stack" {
	{
		t 0 CBOE 1 2.10 AUTO
		nbbo='"bid":2.00,"ask":2.1'
		t 1 CBOE 7 2.08 AUTO
	} >in
	for rule in gsu gsu-raw quote lr emo clnv tick; do
		classify --rule=$rule
		echo "$rule $(of trade .side .side_method | tail -n 1)"
	done >table
	is "$(cat table)" "gsu BUY QUOTE_NBBO
gsu-raw BUY QUOTE_NBBO
quote BUY QUOTE_NBBO
lr BUY QUOTE_NBBO
emo SELL TICK_ALL
clnv BUY QUOTE_NBBO
tick SELL TICK_ALL"
}

@test "3.6: an adjusted contract has no sentiment" {
	t 0 CBOE 12 2.10 AUTO '"is_adjusted":true' >in
	classify
	is "$(of trade .side .sentiment .sentiment_weight)" 'BUY NEUTRAL 0'
}

# ---- 3.5: --lookahead ----

# A locked quote has no midpoint to be above or below of, and no depth.  Each
# decision is worked by hand from the table of 3.5: the next different price
# lower: BUY; higher: SELL; none within the time: what was known before.
@test "--lookahead: the next different price decides, at most MS later" {
	{
		nbbo='"bid":2.1,"ask":2.1'
		t 0 CBOE 1 2.10 AUTO	# next 2.12 at 600: SELL
		t 500 CBOE 1 2.10 AUTO	# the same price says nothing: SELL
		t 600 CBOE 1 2.12 AUTO	# above the ask by the quote: BUY
		t 700 CBOE 1 2.10 AUTO	# next 2.08 at 1700, just in time: BUY
		t 1700 CBOE 1 2.08 AUTO	# below the bid by the quote: SELL
		t 1800 CBOE 1 2.10 AUTO	# next 2.11 comes 1 ms late: tick, BUY
		t 2801 CBOE 1 2.11 AUTO	# above the ask by the quote: BUY
		t 2900 CBOE 1 2.10 AUTO	# none follows: tick, SELL
	} >in
	classify --lookahead=1000
	is "$(of trade .trade_id .side .side_method .side_confidence)" "p1 SELL RTICK_ALL 0.52
p2 SELL RTICK_ALL 0.52
p3 BUY QUOTE_NBBO 0.7
p4 BUY RTICK_ALL 0.52
p5 SELL QUOTE_NBBO 0.7
p6 BUY TICK_ALL 0.52
p7 BUY QUOTE_NBBO 0.7
p8 SELL TICK_ALL 0.52"
	# The published stack has no tick rule.
	classify --lookahead=1000 --rule=gsu-raw
	is "$(of trade .trade_id .side .side_method | grep -v QUOTE)" "p1 SELL RTICK_ALL
p2 SELL RTICK_ALL
p4 BUY RTICK_ALL
p6 UNKNOWN NONE
p8 UNKNOWN NONE"
	# Without it, and with rules that do not have it: only what is past.
	classify
	is "$(of trade .side_method)" "NONE
NONE
QUOTE_NBBO
TICK_ALL
QUOTE_NBBO
TICK_ALL
QUOTE_NBBO
TICK_ALL"
	for rule in quote lr emo clnv tick seed; do
		classify --rule=$rule
		cp out plain
		classify --rule=$rule --lookahead=1000
		cmp out plain
	done
}

@test "--lookahead: what every quote and depth passes on" {
	# At both midpoints with equal sizes, so neither size, quote nor depth
	# tells; the next different price is lower: bought.
	{
		nbbo='"bid":2.05,"ask":2.15,"bid_size":40,"ask_size":40,"ex_bid":2.05,"ex_ask":2.15,"ex_bid_size":20,"ex_ask_size":20'
		t 0 CBOE 20 2.10 AUTO
		nbbo='"bid":2.05,"ask":2.15,"bid_size":40,"ask_size":40'
		t 10 CBOE 20 2.08 AUTO
	} >in
	classify --lookahead=1000
	is "$(of trade .side .side_method .aggressor_side | head -n 1)" \
		'BUY RTICK_ALL BUY'
}

@test "--lookahead: order, control records and clusters keep their place" {
	{
		echo "$hello"
		nbbo='"bid":2.1,"ask":2.1'
		t 0 CBOE 1 2.10 AUTO		# waits until 5000
		hb 100
		nbbo='"bid":2.08,"ask":2.1'
		contract O:PEP251219C00150000 PEP call
		t 200 CBOE 50 2.10 ISOI		# a sweep behind it
		t 201 ISE 50 2.10 ISOI
		hb 3000
		contract O:KO251219C00062000 KO call
		t 4000 CBOE 1 2.09 AUTO
		hb 4100
		echo "$bye"
	} >in
	classify --lookahead=5000
	is "$(order | grep -v event)" "hello
trade p1
heartbeat
trade p2
trade p3
sweep SWEEP p2,p3
heartbeat
trade p4
heartbeat
bye"
	conserved
	is "$(of trade .trade_id .side .side_method '(.decision_ts - '$base')')" "p1 BUY RTICK_ALL 5000
p2 BUY SWEEP_ANCHOR 5000
p3 BUY SWEEP_ANCHOR 5000
p4 SELL TICK_ALL 9000"
}

@test "--lookahead: a gap, another day and the end stop the wait" {
	{
		nbbo='"bid":2.1,"ask":2.1'
		t 0 CBOE 1 2.10 AUTO
		gap 1 2 KO
		t 3 CBOE 1 2.11 AUTO
		contract O:PEP251219C00150000 PEP call
		t 4 CBOE 1 2.10 AUTO
		base=$((base + 86400000))
		day='"trade_date":"2025-11-25","session":"RTH"'
		t 0 CBOE 1 2.11 AUTO
		contract O:KO251219C00062000 KO call
		t 5 CBOE 1 2.10 AUTO
	} >in
	classify --lookahead=86400000
	is "$(of trade .trade_id .side_method)" "p1 NONE
p2 QUOTE_NBBO
p3 NONE
p4 QUOTE_NBBO
p5 NONE"
}

@test "--lookahead: late and complex prints neither wait nor answer" {
	{
		nbbo='"bid":2.1,"ask":2.1'
		t 100 CBOE 1 2.10 AUTO		# next single-leg price: 2.08
		t 101 CBOE 1 2.12 MLET
		t 50 CBOE 1 2.12 AUTO		# late: by its quote alone
		t 51 CBOE 1 2.10 AUTO		# late: waits for nothing
		t 102 CBOE 1 2.08 AUTO
	} >in
	classify --lookahead=1000
	is "$(of trade .trade_id .side .side_method)" "p1 BUY RTICK_ALL
p2 UNKNOWN NONE
p3 BUY QUOTE_NBBO
p4 UNKNOWN NONE
p5 SELL QUOTE_NBBO"
}

@test "--lookahead: a print that moves no tick waits for a price all the same" {
	{
		nbbo='"bid":2.1,"ask":2.1'
		t 0 CBOE 1 2.11 AUTO		# the last price is 2.11
		t 1 CBOE 1 2.10 EXHT		# next price 2.11: SELL
		t 2 CBOE 1 2.11 AUTO
		t 3 CBOE 1 2.10 EXHT		# 2.10 again says nothing; 2.09: BUY
		t 4 CBOE 1 2.10 AUTO		# 2.09: BUY
		t 5 CBOE 1 2.09 AUTO
	} >in
	classify --lookahead=1000
	is "$(of trade .trade_id .side .side_method | grep -v QUOTE)" "p2 SELL RTICK_ALL
p4 BUY RTICK_ALL
p5 BUY RTICK_ALL"
}

@test "--lookahead: --hold-max bounds what waits" {
	local i
	{
		echo "$hello"
		nbbo='"bid":2.1,"ask":2.1'
		for ((i = 0; i < 100; i++)); do
			t $i CBOE 1 2.10 AUTO
			hb $i
		done
		t 200 CBOE 1 2.11 AUTO
		echo "$bye"
	} >in
	classify --lookahead=1000 --hold-max=20000
	conserved
	# The first had to go undecided, the last were still there.
	is "$(of trade .trade_id .side_method | sed -n '1p;100p')" "p1 NONE
p100 RTICK_ALL"
}

@test "--lookahead: a forgotten contract's prints leave as they are" {
	{
		echo "$hello"
		nbbo='"bid":2.1,"ask":2.1'
		for c in 1 2 3 4 1; do
			contract O:K${c}251219C00062000 K$c call
			t $((number * 10)) CBOE 1 2.10 AUTO
		done
		t 60 CBOE 1 2.11 AUTO
		echo "$bye"
	} >in
	classify --lookahead=1000 --contracts-max=2
	conserved
	is "$(of trade .trade_id .side_method)" "p1 NONE
p2 NONE
p3 NONE
p4 NONE
p5 RTICK_ALL
p6 QUOTE_NBBO"
}

@test "--lookahead needs hold, and whole milliseconds" {
	: >in
	want_status=2 classify --lookahead=1000 --emit=fast
	has "$(cat err)" '--lookahead: needs --emit hold'
	want_status=2 classify --lookahead=-1
	want_status=2 classify --lookahead=1.5
	want_status=2 classify --lookahead=86400001
}

# ---- 3.8: the aggressive ratio ----

# ratio AT_ASK OTHER EXCLUDED: one window of those contracts.
ratio() {
	{
		t 0 CBOE "$1" 2.10 SLAN
		t 1 CBOE "$2" 2.09 SLAN
		[ "$3" -eq 0 ] || t 2 CBOE "$3" 2.10 MLET
		hb 300000
	} >in
	classify
	of event .event_type .aggressive_ratio .size .premium \
		"(.window_start - $base)" "(.window_end - $base)" \
		"(.timestamp - $base)" | grep AGGRESSIVE
}

@test "EX-3.43: 0.65 of 200 contracts" {
	# 130 x 2.10 x 100 + 70 x 2.09 x 100
	is "$(ratio 130 70 0)" 'AGGRESSIVE 0.65 200 41930 0 300000 300000'
}

@test "EX-3.44: 0.645 of 200 contracts" {
	is "$(ratio 129 71 0)" ''
}

@test "EX-3.45: 80 contracts and 400 multi-leg" {
	is "$(ratio 65 15 400)" ''
}

@test "3.8: windows tumble at whole five minutes, for each contract" {
	{
		t 299999 CBOE 100 2.10 SLAN
		t 300000 CBOE 99 2.10 SLAN
		contract O:KO251219P00062000 KO put
		t 300001 CBOE 100 2.10 SLAN
		t 600000 CBOE 1 2.09 SLAN
	} >in
	classify
	is "$(q '.event_type // .trade_id')" "p1
BLOCK
AGGRESSIVE
p2
p3
BLOCK
AGGRESSIVE
p4"
	is "$(of event .event_type .contract_ticker \
		"((.window_start // $base) - $base)" | grep AGG)" \
		"AGGRESSIVE O:KO251219C00062000 0
AGGRESSIVE O:KO251219P00062000 300000"
}

@test "3.8: what counts: usable quote, at or above the ask, bought" {
	{
		t 0 CBOE 40 2.10 SLAN
		t 0 CBOE 25 2.12 SLAN
		# at the ask, sold by the tick rule of nobody: locked market
		nbbo='"bid":2.1,"ask":2.1' t 1 CBOE 35 2.10 SLAN
		nbbo='"bid":2.2,"ask":2.1' t 2 CBOE 500 2.10 SLAN
		t 3 CBOE 500 2.10 SLCN
		t 1 CBOE 500 2.09 SLAN
		hb 300000
	} >in
	classify
	is "$(of event .event_type .aggressive_ratio .size | grep AGG)" \
		'AGGRESSIVE 0.65 100'
}

@test "3.8: a sweep across the boundary is waited for, and judged at its anchor" {
	{
		# own quote: mid, so not at the ask; anchor: at the ask
		t 299000 CBOE 60 2.10 ISOI
		nbbo='"bid":2.09,"ask":2.12'
		t 299500 ISE 60 2.11 ISOI
		nbbo='"bid":2.08,"ask":2.1'
		t 300500 BOX 10 2.10 ISOI
		t 301001 CBOE 1 2.09 AUTO
	} >in
	classify
	# 120 of 120 in the first window
	is "$(of event .event_type .aggressive_ratio .size \
		"((.window_end // $base) - $base)" | grep AGG)" \
		'AGGRESSIVE 1 120 300000'
	classify --emit=fast
	is "$(of event .event_type .aggressive_ratio .size \
		"((.window_end // $base) - $base)" | grep AGG)" \
		'AGGRESSIVE 1 120 300000'
}

@test "3.8: cancels leave the window, sweep members too" {
	{
		t 0 CBOE 100 2.10 SLAN
		t 1 CBOE 20 2.10 SLAN
		t 2 CBOE 20 2.10 CNCL
		hb 300000
	} >in
	classify
	is "$(of event .event_type .size | grep AGG)" 'AGGRESSIVE 100'
	{
		t 0 CBOE 64 2.10 ISOI
		nbbo='"bid":2.09,"ask":2.12'
		t 1 ISE 20 2.11 ISOI
		nbbo='"bid":2.08,"ask":2.1'
		hb 2500
		# 64 of 64 + 36: not aggressive.  With the cancelled 20 still
		# at the ask it would be 84 of 100.
		t 3000 ISE 20 2.11 CNCL
		t 3001 BOX 36 2.09 SLAN
		hb 300000
	} >in
	classify
	is "$(of event .event_type .size | grep AGG)" ''
}

@test "3.8: a gap ends the window there, once" {
	{
		t 0 CBOE 100 2.10 SLAN
		contract O:PEP251219C00150000 PEP call
		t 1 CBOE 100 2.10 SLAN
		contract O:KO251219C00062000 KO call
		gap 5 10 KO
		t 20 CBOE 500 2.10 SLAN
		gap 25 30 KO h
		hb 300000
	} >in
	classify
	is "$(of event .event_type .symbol .size "((.window_end // $base) - $base)" |
		grep AGG)" "AGGRESSIVE KO 100 1
AGGRESSIVE PEP 100 300000"
	is "$(q '.event_type // .record' | grep -B 1 '^gap' | head -n 1)" \
		'AGGRESSIVE'
}

@test "3.8: a bye ends the window once, although the input goes on" {
	{
		echo "$hello"
		t 0 CBOE 100 2.10 SLAN
		echo "$bye"
		echo "$hello"
		t 20 CBOE 100 2.10 SLAN
		echo "$bye"
	} >in
	classify
	is "$(of event .event_type .size | grep AGG)" 'AGGRESSIVE 100'
}

# ---- 3.9: averages ----

@test "EX-3.51: ten prints are too few for the contract" {
	for size in 1 2 5 10 3 4 1 20 2 12 5; do
		t $number CBOE "$size" 2.09 AUTO
	done >in
	classify
	is "$(of trade .avg_trade_size .avg_size_source .size_ratio |
		tail -n 1)" '10 DEFAULT 0.5'
}

# fill N SIZE [CONDITION [MEMBERS]]: N prints at the midpoint.
fill() {
	local i
	for ((i = 0; i < $1; i++)); do
		t $((clock += 1)) CBOE "$2" 2.09 "${3:-AUTO}" "${4-}"
	done
}

@test "3.9: the contract from 20 prints, else calls or puts of the underlying from 50" {
	clock=0
	{
		fill 20 8
		t 100 CBOE 4 2.09 AUTO
		contract O:KO251219C00065000 KO call
		clock=200
		fill 19 5
		contract O:KO251219C00070000 KO call
		fill 10 5
		t 300 CBOE 1 2.09 AUTO
		contract O:KO251219P00062000 KO put
		t 301 CBOE 1 2.09 AUTO
		contract O:PEP251219C00150000 PEP call
		t 302 CBOE 1 2.09 AUTO
	} >in
	classify
	is "$(q 'select(.trade_id | IN("p20", "p21", "p50", "p51", "p52", "p53"))
		| [.trade_id, .avg_trade_size, .avg_size_source]')" \
		'["p20",10,"DEFAULT"]
["p21",8,"CONTRACT"]
["p50",10,"DEFAULT"]
["p51",6.18,"UNDERLYING"]
["p52",10,"DEFAULT"]
["p53",10,"DEFAULT"]'
	# 20 x 8 + 4 + 29 x 5 of 50 = 309 / 50
}

@test "3.9: what is not averaged: multi-leg, late, cross, floor, cancelled, arrived late" {
	clock=0
	{
		fill 19 8
		for c in MLET LATE SLCN SLFT MCTP UNKNOWN_7; do
			fill 1 400 $c
		done
		t 5 CBOE 400 2.09 AUTO
		fill 1 400
		fill 1 400 CNCL
		fill 1 1
		fill 1 1
	} >in
	classify
	is "$(of trade .trade_id .avg_trade_size .avg_size_source |
		tail -n 2)" "p29 10 DEFAULT
p30 7.65 CONTRACT"
	# 19 x 8 + 1 of 20 = 153 / 20
}

@test "3.9: a cancelled print leaves the underlying's average too" {
	clock=0
	{
		fill 18 8
		fill 1 400
		fill 1 400 CNCL
		contract O:KO251219C00065000 KO call
		fill 19 8
		contract O:KO251219C00070000 KO call
		fill 12 8
		contract O:KO251219C00075000 KO call
		fill 1 8
		fill 1 8
	} >in
	classify
	# 49 prints of 8, then 50; the cancelled one would make them 50 and 51
	is "$(of trade .avg_trade_size .avg_size_source | tail -n 2)" \
		"10 DEFAULT
8 UNDERLYING"
}

@test "3.9: auctions and ISO prints are averaged, sizes capped at 500" {
	clock=0
	{
		fill 9 8 SLAN
		fill 9 8 ISOI
		fill 1 9999
		fill 1 500
		fill 1 1
	} >in
	classify
	# (18 x 8 + 1000) / 20
	is "$(of trade .avg_trade_size .avg_size_source | tail -n 1)" \
		'57.2 CONTRACT'
}

@test "3.9: the last 100 of the contract" {
	clock=0
	{
		fill 50 30
		fill 100 3
		fill 1 1
	} >in
	classify
	is "$(of trade .avg_trade_size | tail -n 1)" '3'
}

@test "3.9: current and previous five trade dates" {
	clock=0
	{
		# Friday 11-14 is five trade dates before Friday 11-21
		base=1763132400000 # 2025-11-14 10:00 New York
		day='"trade_date":"2025-11-14","session":"RTH"'
		fill 10 2
		base=1763391600000 # 2025-11-17
		day='"trade_date":"2025-11-17","session":"RTH"'
		fill 10 20
		base=1763737200000 # 2025-11-21
		day='"trade_date":"2025-11-21","session":"RTH"'
		fill 1 20
		fill 9 20
		base=1763996400000 # 2025-11-24
		day='"trade_date":"2025-11-24","session":"RTH"'
		fill 1 20
	} >in
	classify
	is "$(of trade .trade_id .avg_trade_size | grep -E '^p(21|31) ')" \
		"p21 11
p31 20"
	{
		number=0 clock=0
		base=1763132400000
		day='"trade_date":"2025-11-14","session":"RTH"'
		fill 50 2
		base=1763737200000
		day='"trade_date":"2025-11-21","session":"RTH"'
		contract O:KO251219C00065000 KO call
		fill 1 20
		base=1763996400000
		day='"trade_date":"2025-11-24","session":"RTH"'
		fill 1 20
	} >in
	classify
	is "$(of trade .trade_id .avg_trade_size .avg_size_source |
		tail -n 2)" "p51 2 UNDERLYING
p52 10 DEFAULT"
}

# ---- 3.10: sweeps and splits ----

ex_352() {
	t 0 CBOE 40 2.10 ISOI
	t 3 ISE 60 2.10 ISOI
	t 5 PHLX 55 2.12 ISOI
	t 1800 ARCA 45 2.12 AUTO
}

@test "EX-3.52: a sweep of intermarket orders" {
	{
		ex_352
		t 2400 CBOE 10 2.12 AUTO
	} >in
	classify
	is "$(of sweep .kind .evidence .n_prints .n_exchanges .size .premium \
		.vwap_price .worst_price .iso_prints .monotone)" \
		'SWEEP ISO 4 4 200 42200 2.11 2.12 3 true'
	is "$(of sweep "(.timestamp - $base)" "(.first_ts - $base)" \
		"(.last_ts - $base)" "(.decision_ts - $base)")" '1800 0 1800 2000'
	is "$(of sweep '(.trade_ids | join(","))' '(.exchanges | join(","))' \
		'(.price_locations | join(","))' '(.aggressivenesses | join(","))')" \
		'p1,p2,p3,p4 CBOE,ISE,PHLX,ARCA AT_ASK,AT_ASK,ABOVE_ASK,ABOVE_ASK AGGRESSIVE,AGGRESSIVE,AGGRESSIVE,AGGRESSIVE'
	is "$(of sweep .anchor_bid .anchor_ask .side .side_method \
		.side_confidence .aggressor_side .sentiment .sentiment_weight)" \
		'2.08 2.1 BUY SWEEP_ANCHOR 0.8 BUY BULLISH 0.6'
	is "$(of sweep .symbol .root .contract_ticker .strike .expiration \
		.option_type .multiplier .trade_date .sweep_id)" \
		'KO KO O:KO251219C00062000 62 2025-12-19 call 100 2025-11-24 sw:p1'
	is "$(of trade .trade_id .trade_type .is_sweep '(.sweep_id // "-")' \
		.side_method)" "p1 SWEEP true sw:p1 SWEEP_ANCHOR
p2 SWEEP true sw:p1 SWEEP_ANCHOR
p3 SWEEP true sw:p1 SWEEP_ANCHOR
p4 SWEEP true sw:p1 SWEEP_ANCHOR
p5 REGULAR false - QUOTE_NBBO"
	is "$(order)" "trade p1
trade p2
trade p3
trade p4
sweep SWEEP p1,p2,p3,p4
event SWEEP
trade p5"
	is "$(of event .event_type .side .n_exchanges .size .premium \
		.sweep_id "(.timestamp - $base)" | grep -v AGG)" 'SWEEP BUY 4 200 42200 sw:p1 1800'
}

@test "EX-3.52: fast says the same in the sweep record" {
	{
		ex_352
		t 2400 CBOE 10 2.12 AUTO
	} >in
	classify
	q 'select(.record == "sweep")' >hold
	classify --emit=fast
	is "$(q 'select(.record == "sweep")')" "$(cat hold)"
	is "$(order)" "trade p1
trade p2
trade p3
trade p4
sweep SWEEP p1,p2,p3,p4
event SWEEP
trade p5"
	is "$(of trade .trade_type .is_sweep .side_method \
		"(.decision_ts - $base)" | head -n 2)" \
		"LARGE false QUOTE_NBBO 0
LARGE false QUOTE_NBBO 3"
}

@test "EX-3.53: the boundary is closed" {
	{
		ex_352
		t 2000 CBOE 10 2.12 AUTO
	} >in
	classify
	is "$(of sweep .size .n_prints)" '210 5'
	{
		ex_352
		t 2001 CBOE 10 2.12 AUTO
	} >in
	classify
	is "$(of sweep .size .n_prints)" '200 4'
}

@test "EX-3.54: a burst" {
	{
		t 0 CBOE 30 2.10 AUTO
		t 40 ISE 30 2.10 AUTO
		t 90 BOX 20 2.10 AUTO
	} >in
	classify
	is "$(of sweep .kind .evidence .size .n_prints)" 'SWEEP BURST 80 3'
}

@test "EX-3.54a: a straggler does not undo the burst" {
	{
		t 0 CBOE 30 2.10 AUTO
		t 40 ISE 30 2.10 AUTO
		t 90 BOX 20 2.10 AUTO
		t 1500 CBOE 10 2.10 AUTO
	} >in
	classify
	is "$(of sweep .kind .evidence .size '(.trade_ids | join(","))')" \
		'SWEEP BURST 80 p1,p2,p3'
	is "$(of trade .trade_type .side_method)" "SWEEP SWEEP_ANCHOR
SWEEP SWEEP_ANCHOR
SWEEP SWEEP_ANCHOR
REGULAR QUOTE_NBBO"
	is "$(order)" "trade p1
trade p2
trade p3
sweep SWEEP p1,p2,p3
event SWEEP
trade p4"
}

@test "EX-3.55: two seconds alone are no evidence" {
	{
		t 0 CBOE 30 2.10 AUTO
		t 1500 ISE 30 2.10 AUTO
	} >in
	classify
	is "$(of sweep .kind)" ''
	is "$(of trade .trade_type)" "LARGE
LARGE"
}

@test "EX-3.56: a split" {
	{
		t 0 CBOE 30 2.10 AUTO
		t 300 CBOE 30 2.10 AUTO
		nbbo='"bid":2.09,"ask":2.11'
		t 900 CBOE 40 2.10 AUTO '"ex_bid":2.09,"ex_ask":2.1'
		t 901 CBOE 40 2.12 AUTO
	} >in
	classify
	is "$(of sweep .kind .size .n_prints .n_exchanges .side \
		.side_method)" 'SPLIT 140 4 1 BUY QUOTE_NBBO'
	# members on their own quotes
	is "$(of trade .trade_type .is_split .side_method .price_location \
		'(.sweep_id // "-")')" "SPLIT true QUOTE_NBBO AT_ASK sw:p1
SPLIT true QUOTE_NBBO AT_ASK sw:p1
SPLIT true QUOTE_EX MID sw:p1
SPLIT true QUOTE_NBBO ABOVE_ASK sw:p1"
	is "$(of event .event_type | grep -v AGG)" ''
	nbbo='"bid":2.08,"ask":2.1'
	{
		t 0 CBOE 30 2.10 AUTO
		t 300 CBOE 30 2.10 AUTO
		t 900 CBOE 40 2.10 AUTO
	} >in
	classify
	is "$(of sweep .kind .size .evidence)" 'SPLIT 100 WINDOW'
}

@test "3.10: a split at the NBBO's midpoint goes by the exchange's quote" {
	for ms in 0 300 900; do
		t $ms CBOE 40 2.09 AUTO '"ex_bid":2.08,"ex_ask":2.09'
	done >in
	classify
	is "$(of sweep .kind .side .side_method .sentiment)" \
		'SPLIT BUY QUOTE_EX BULLISH'
}

@test "EX-3.57: two sides, two clusters" {
	{
		t 0 CBOE 50 2.10 AUTO
		t 10 ISE 50 2.08 AUTO
	} >in
	classify
	is "$(of sweep .kind)" ''
	is "$(of trade .side)" "BUY
SELL"
}

@test "EX-3.58: multi-leg prints are not eligible" {
	{
		t 0 CBOE 50 2.10 MLET
		t 20 ISE 50 2.10 MLET
		t 50 BOX 50 2.10 MLET
	} >in
	classify
	is "$(of sweep .kind)" ''
}

@test "EX-3.59: eight contracts are no sweep" {
	{
		t 0 CBOE 4 2.10 ISOI
		t 2 ISE 4 2.10 ISOI
	} >in
	classify
	is "$(of sweep .kind)" ''
}

@test "3.5, 3.7: confidence and aggressiveness of index and auction sweeps" {
	sweep_of() { # CONDITION STYLE
		identity=${identity/style\":\"?/style\":\"$2}
		{
			t 0 CBOE 50 2.06 "$1"
			t 1 ISE 50 2.10 "$1"
		} >in
		classify
		of sweep .side_confidence .sentiment_weight \
			'(.aggressivenesses | join(","))'
		is "$(of trade .side_confidence .aggressiveness | tr '\n' ' ')" "$3"
	}
	nbbo='"bid":2.00,"ask":2.1'
	# 2.06: e = 0.2.  0.5 + 0.3 x 0.8, 0.5 + 0.3 x 0.5
	is "$(sweep_of ISOI A '0.8 PASSIVE 0.8 AGGRESSIVE ')" \
		'0.8 0.6 PASSIVE,AGGRESSIVE'
	is "$(sweep_of SLAI A '0.74 NORMAL 0.74 AGGRESSIVE ')" \
		'0.74 0.48 NORMAL,AGGRESSIVE'
	is "$(sweep_of ISOI E '0.65 PASSIVE 0.65 AGGRESSIVE ')" \
		'0.65 0.3 PASSIVE,AGGRESSIVE'
}

@test "3.6: a sweep of an adjusted contract is neutral" {
	{
		t 0 CBOE 50 2.10 ISOI '"is_adjusted":true'
		t 1 ISE 50 2.10 ISOI '"is_adjusted":true'
	} >in
	classify
	is "$(of sweep .side .sentiment .sentiment_weight .is_adjusted)" \
		'BUY NEUTRAL 0 true'
	is "$(of trade .sentiment)" "NEUTRAL
NEUTRAL"
}

@test "3.10: both sides sweep at once" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 1 CBOE 50 2.08 ISOI
		t 2 ISE 50 2.10 ISOI
		t 3 ISE 50 2.07 ISOI
	} >in
	classify
	is "$(of sweep .side '(.trade_ids | join(","))' .worst_price)" \
		"BUY p1,p3 2.1
SELL p2,p4 2.07"
}

@test "3.10: members join by the anchor quote, not by their own" {
	{
		t 0 CBOE 50 2.10 ISOI
		# the market has moved up: by its own quote 2.14 is a buy inside
		nbbo='"bid":2.10,"ask":2.16'
		t 5 ISE 50 2.14 ISOI
	} >in
	classify
	is "$(of sweep '(.price_locations | join(","))' .size)" \
		'AT_ASK,ABOVE_ASK 100'
	is "$(of trade .price_location .spread_position .is_above_ask \
		.quote_status)" "AT_ASK 1 false OK
ABOVE_ASK 3 true OK"
}

@test "3.10: not the cluster's side any more: it closes and another opens" {
	{
		t 0 CBOE 50 2.10 ISOI
		# own quote: bought at the ask; by the anchor (mid 2.09): sold
		nbbo='"bid":2.00,"ask":2.06'
		t 5 ISE 50 2.06 ISOI
		t 6 BOX 50 2.06 ISOI
	} >in
	classify
	is "$(of sweep .side '(.trade_ids | join(","))' .anchor_ask)" \
		'BUY p2,p3 2.06'
	is "$(of trade .trade_type)" "LARGE
SWEEP
SWEEP"
}

@test "3.10: at the anchor's midpoint it does not join either" {
	{
		t 0 CBOE 50 2.10 ISOI
		nbbo='"bid":2.00,"ask":2.09'
		t 5 ISE 50 2.09 ISOI
	} >in
	classify
	is "$(of sweep .kind)" ''
}

@test "3.10: monotone, by the tick at the price" {
	monotone() {
		{
			t 0 CBOE 50 "$1" ISOI
			t 1 ISE 50 "$2" ISOI
		} >in
		classify
		of sweep .monotone .n_prints
	}
	is "$(monotone 2.11 2.10)" 'true 2'
	is "$(monotone 2.12 2.10)" 'false 2'
	nbbo='"bid":2.80,"ask":2.90'
	is "$(monotone 3.00 2.95)" 'true 2'
	is "$(monotone 3.01 2.95)" 'false 2'
	nbbo='"bid":3.20,"ask":3.30'
	is "$(monotone 3.10 3.15)" 'true 2'
	is "$(monotone 3.10 3.16)" 'false 2'
}

@test "3.10: a cluster closes when time is past 2,000 ms, not at it" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 1 ISE 50 2.10 ISOI
		hb 2000
		hb 2001
		t 2002 CBOE 1 2.09 AUTO
	} >in
	classify --emit=fast
	is "$(order)" "trade p1
trade p2
heartbeat
sweep SWEEP p1,p2
event SWEEP
heartbeat
trade p3"
}

@test "3.10: all clusters whose time is past close at once" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 1 CBOE 50 2.08 ISOI
		t 2 ISE 50 2.10 ISOI
		t 3 ISE 50 2.07 ISOI
		hb 2001
		hb 9000
	} >in
	classify --emit=fast
	is "$(order | tail -n 6)" "sweep SWEEP p1,p3
event SWEEP
heartbeat
sweep SWEEP p2,p4
event SWEEP
heartbeat"
	sed -i '/:'$((base + 2001))',/d' in
	classify --emit=fast
	is "$(order | tail -n 5)" "sweep SWEEP p1,p3
event SWEEP
sweep SWEEP p2,p4
event SWEEP
heartbeat"
}

@test "3.10: any contract's print moves time" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 1 ISE 50 2.10 ISOI
		contract O:PEP251219C00150000 PEP call
		t 2001 CBOE 1 2.09 AUTO
	} >in
	classify --emit=fast
	is "$(order)" "trade p1
trade p2
sweep SWEEP p1,p2
event SWEEP
trade p3"
}

@test "3.10: a quote moves time, a status and a hello do not" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 1 ISE 50 2.10 ISOI
		echo '{"record":"status","timestamp":9999999999999,"stage":"x","severity":"info","code":"c","message":"m"}'
		printf '{"record":"quote","symbol":"KO","timestamp":%d,"bid":60,"ask":61}\n' $((base + 2001))
	} >in
	classify --emit=fast
	is "$(order)" "trade p1
trade p2
status c
sweep SWEEP p1,p2
event SWEEP
quote"
}

@test "design 3: a bar's stream time is its end" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 1 ISE 50 2.10 ISOI
		printf '{"record":"bar","symbol":"KO","timestamp":%d,"end_ts":%d}\n' \
			$((base + 9000)) $((base + 2000))
		printf '{"record":"bar","symbol":"KO","timestamp":%d,"end_ts":%d}\n' \
			$((base - 57999)) $((base + 2001))
	} >in
	classify --emit=fast
	is "$(order)" "trade p1
trade p2
bar
sweep SWEEP p1,p2
event SWEEP
bar"
}

@test "3.10: a gap closes its symbols' clusters and no others" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 1 ISE 50 2.10 ISOI
		contract O:PEP251219C00150000 PEP call
		t 2 CBOE 50 2.10 ISOI
		gap 3 4 KO
		t 5 ISE 50 2.10 ISOI
		contract O:KO251219C00062000 KO call
		t 6 BOX 50 2.10 ISOI
	} >in
	classify
	is "$(of sweep .symbol '(.trade_ids | join(","))')" "KO p1,p2
PEP p3,p4"
	is "$(order)" "trade p1
trade p2
sweep SWEEP p1,p2
event SWEEP
trade p3
gap
trade p4
sweep SWEEP p3,p4
event SWEEP
trade p5"
	sed -i 's/"symbols":\["KO"\]/"symbols":["*"]/' in
	classify
	is "$(of sweep .symbol '(.trade_ids | join(","))')" 'KO p1,p2'
}

@test "1.8: only the first record of a gap closes clusters" {
	{
		t 0 CBOE 50 2.10 ISOI
		gap 1 1 KO g open
		t 2 ISE 50 2.10 ISOI
		gap 1 2 KO g filled
		t 3 BOX 50 2.10 ISOI
	} >in
	classify
	is "$(of sweep '(.trade_ids | join(","))')" 'p2,p3'
}

@test "3.10: another session closes the cluster" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 1 ISE 50 2.10 ISOI
		day='"trade_date":"2025-11-24","session":"CURB"'
		t 2 BOX 50 2.10 ISOI
		t 3 ISE 50 2.10 ISOI
	} >in
	classify
	is "$(of sweep '(.trade_ids | join(","))')" "p1,p2
p3,p4"
}

@test "3.10: a late arrival of another session closes nothing" {
	{
		t 0 CBOE 50 2.10 ISOI
		day='"trade_date":"2025-11-24","session":"PRE"'
		t -9 BOX 50 2.10 ISOI
		day='"trade_date":"2025-11-24","session":"RTH"'
		t 3 ISE 50 2.10 ISOI
	} >in
	classify
	is "$(of sweep '(.trade_ids | join(","))')" 'p1,p3'
}

@test "3.10: a bye and the end of input close all" {
	{
		echo "$hello"
		t 0 CBOE 50 2.10 ISOI
		t 1 ISE 50 2.10 ISOI
		echo "$bye"
	} >in
	classify
	is "$(order)" "hello
trade p1
trade p2
sweep SWEEP p1,p2
event SWEEP
bye"
	sed -i '$d' in
	want_status=3 classify
	is "$(order)" "hello
status not_final
trade p1
trade p2
sweep SWEEP p1,p2
event SWEEP
status no_bye"
}

@test "what stands before not_final is what the whole stream gives" {
	local size n
	session 1763994600000 251219 >prints.csv
	flow-tap --replay prints.csv --columns \
		timestamp_ms=t,osi=o,price=p,size=s,exchange=x,conditions=c,sequence=n \
		--columns bid=b,ask=a,bid_size=bs,ask_size=as >whole
	flow-classify whole >want
	size=$(stat -c %s whole)
	for ((n = 500; n < size; n += size / 23)); do
		head -c $n whole >in
		want_status=3 classify
		is "$(grep -c '"code":"not_final"' out)" 1
		sed '/"code":"not_final"/,$d' out >sure
		cmp -n "$(stat -c %s sure)" sure want
		[ "$(wc -l <sure)" -ge $(($(wc -l <in) / 2 - 60)) ]
		is "$(tail -n 1 out | jq -r .code)" no_bye
	done
	# A recording that says itself that it was cut gives the same again.
	flow-tap --replay in >cut || is $? 3
	want_status=3 flow-classify -q cut >out || is $? 3
	is "$(grep -c not_final out)" 0
}

@test "3.10: a late arrival opens nothing and joins nothing" {
	{
		t 0 CBOE 50 2.10 ISOI
		t 10 ISE 50 2.10 ISOI
		t 5 BOX 50 2.10 ISOI
		t 11 PHLX 50 2.10 ISOI '"is_late_arrival":true'
		hb 3000
		t 2500 CBOE 50 2.10 ISOI
		t 2501 ISE 50 2.10 ISOI
		hb 9000
	} >in
	classify
	is "$(of sweep '(.trade_ids | join(","))')" 'p1,p2'
	is "$(of trade .trade_id .day_volume '(.is_late_arrival // false)')" \
		"p1 50 false
p2 100 false
p3 150 true
p4 200 true
p5 250 true
p6 300 true"
	is "$(of sweep .kind | wc -l)" 1
}

@test "3.2: a vendor's SWEEP and MLTI" {
	{
		t 0 CBOE 50 2.10 SWEEP
		t 9000 CBOE 50 2.10 MLTI
		t 9001 ISE 50 2.10 MLTI
	} >in
	classify
	is "$(of sweep .kind .evidence '(.trade_ids | join(","))' .size \
		.side)" 'SWEEP VENDOR p1 50 BUY'
	is "$(of trade .trade_type .is_sweep '(.is_multileg // false)')" \
		"SWEEP true false
LARGE false true
LARGE false true"
}

@test "3.2: a vendor's SWEEP that is a member of a sweep is told once" {
	{
		t 0 CBOE 50 2.10 SWEEP
		t 1 ISE 50 2.10 ISOI
	} >in
	classify
	is "$(of sweep .evidence '(.trade_ids | join(","))')" 'ISO p1,p2'
}

@test "3.10: held records leave in input order, control records in their place" {
	{
		echo "$hello"
		t 0 CBOE 50 2.10 ISOI
		contract O:PEP251219C00150000 PEP call
		t 1 CBOE 5 2.09 AUTO
		hb 100
		echo '{"record":"odd","x":1}'
		echo '{"record":"status","stage":"x","severity":"info","code":"c","message":"m"}'
		contract O:KO251219C00062000 KO call
		t 200 ISE 50 2.10 ISOI
		t 201 CBOE 5 2.09 AUTO
		hb 2000
		hb 2001
		echo "$bye"
	} >in
	classify
	is "$(order)" "hello
trade p1
trade p2
heartbeat
odd
status c
trade p3
sweep SWEEP p1,p3
event SWEEP
trade p4
heartbeat
heartbeat
bye"
	conserved
}

@test "3.10: decision_ts is when the last cluster waited for is over" {
	{
		t 0 CBOE 50 2.09 AUTO
		t 1 CBOE 50 2.10 ISOI
		contract O:PEP251219C00150000 PEP call
		t 500 CBOE 5 2.10 AUTO
		t 600 CBOE 5 2.09 AUTO
		contract O:KO251219C00062000 KO call
		t 700 ISE 50 2.10 ISOI
		hb 2001
		t 2100 ISE 5 2.09 AUTO
		hb 2501
		t 2600 ISE 5 2.09 AUTO
	} >in
	classify
	is "$(of trade .trade_id "(.decision_ts - $base)")" "p1 0
p2 2001
p3 2500
p4 2500
p5 2500
p6 2500
p7 2600"
	classify --emit=fast
	is "$(of trade "(.decision_ts - $base)")" "0
1
500
600
700
2100
2600"
}

@test "3.10: at 4,096 members the cluster closes" {
	awk -v base=$base -v identity="$identity" 'BEGIN {
		for (i = 1; i <= 4100; i++)
			printf "{\"record\":\"trade\",\"trade_id\":\"p%d\",%s,\"timestamp\":%.0f,\"trade_date\":\"2025-11-24\",\"session\":\"RTH\",\"price\":2.1,\"size\":1,\"exchange\":\"%s\",\"conditions\":[\"ISOI\"],\"bid\":2.08,\"ask\":2.1}\n", i, identity, base + i % 2, i % 2 ? "CBOE" : "ISE"
	}' | sed 's/"timestamp":[0-9]*/"timestamp":'$base'/' >in
	classify
	is "$(of sweep .n_prints .size '(.truncated // false)')" \
		"4096 4096 true"
	is "$(of trade .sweep_id | sort | uniq -c | sed 's/^ *//')" \
		"4 null
4096 sw:p1"
	t 3 BOX 10 2.10 ISOI >>in
	classify
	is "$(of sweep .n_prints .size '(.truncated // false)')" \
		"4096 4096 true
5 14 false"
}

@test "3.10: at hold_max the oldest cluster closes early" {
	local i
	{
		t 0 CBOE 50 2.10 ISOI
		t 0 ISE 50 2.10 ISOI
		for ((i = 0; i < 20; i++)); do
			t 1 CBOE 1 2.09 AUTO
		done
		t 2 BOX 50 2.10 ISOI
	} >in
	classify --hold-max=8192
	is "$(of sweep '(.trade_ids | join(","))' .truncated)" 'p1,p2 true'
	is "$(of trade .trade_id)" "$(for ((i = 1; i <= 23; i++)); do
		echo "p$i"; done)"
	classify
	is "$(of sweep '(.trade_ids | join(","))' .truncated)" 'p1,p2,p23 null'
}

@test "EX-3.46: a BLOCK is a size class; events have their own threshold" {
	{
		t 0 CBOE 99 2.09 AUTO
		t 1 CBOE 100 2.09 AUTO
		t 2 CBOE 100 2.09 MLET
		t 3 CBOE 500 2.09 SLCN
		t 4 CBOE 100 2.09 CANC
	} >in
	classify
	is "$(of event .event_type .trade_id .size .premium)" \
		'BLOCK p2 100 20900'
	is "$(of trade .is_block .trade_type)" "false LARGE
true BLOCK
true BLOCK
true BLOCK
false REGULAR"
}

# ---- 3.11, 3.12 ----

@test "EX-3.63, EX-3.65: open interest of the trade or of an oi record" {
	{
		printf '{"record":"oi","contract_ticker":"O:KO251219C00062000","timestamp":%d,"open_interest":2200}\n' $((base - 1))
		nbbo='"bid":1.84,"ask":1.86'
		t 0 CBOE 2500 1.85 AUTO
		t 1 CBOE 2500 1.85 AUTO
		t 2 CBOE 10000 1.85 AUTO '"open_interest":20000'
		contract O:PEP251219C00150000 PEP call
		t 3 CBOE 10000 1.85 AUTO '"open_interest":4000'
		t 4 CBOE 5 1.85 AUTO
	} >in
	classify
	is "$(of trade .trade_id .vol_oi_ratio .is_unusual_volume \
		'(.vol_gt_oi // false)' .opening .opening_min)" \
		"p1 1.136364 false true PROVEN 300
p2 2.272727 true true LIKELY null
p3 0.75 false false UNKNOWN null
p4 2.5 true true PROVEN 6000
p5 null false false UNKNOWN null"
}

@test "EX-3.64: open interest 0" {
	t 0 CBOE 5 2.10 AUTO '"open_interest":0' >in
	classify
	is "$(of trade .vol_oi_ratio .vol_gt_oi .is_unusual_volume)" \
		'null true false'
}

# ---- design.md 3: the stream ----

@test "B10: in + add = out + dropped at each heartbeat, also when records wait" {
	local i
	{
		echo "$hello"
		for ((i = 0; i < 60; i++)); do
			t $((i * 150)) CBOE 50 2.10 ISOI
			t $((i * 150)) ISE 50 2.10 ISOI
			[ $((i % 5)) -ne 0 ] || hb $((i * 150))
			[ $((i % 7)) -ne 0 ] || echo 'no record'
			[ $((i % 11)) -ne 0 ] || { number=$((number - 1)); t $((i * 150)) ISE 50 2.10 ISOI; }
			[ $((i % 13)) -ne 0 ] || gap $((i * 150)) $((i * 150)) KO g$i
		done
		hb 20000
		echo "$bye"
	} >in
	want_status=3 classify
	conserved
	is "$(q 'select(.record == "heartbeat") | .hop[-1].stage' | sort -u)" \
		'flow-classify'
	is "$(q 'select(.record == "heartbeat") | .hop[-1].drop' | tail -n 1)" \
		'{"duplicate":6,"reject":9}'
	want_status=3 classify --emit=fast
	conserved
}

@test "B10: a hello before the last part has left starts new accounts" {
	{
		echo "$hello"
		t -9000 CBOE 5 2.09 AUTO
		t -8000 CBOE 100 2.09 AUTO
		t 0 CBOE 50 2.10 ISOI
		t 1 ISE 50 2.10 ISOI
		hb 2
		echo "$hello"
		t 3 CBOE 5 2.09 AUTO
		hb 4
		echo "$bye"
	} >in
	classify
	conserved
	# four prints, the events of a block and the sweep, the sweep
	is "$(q 'select(.record == "heartbeat") | .hop[-1] | [.in, .add]')" \
		"[4,3]
[1,0]"
}

@test "--contracts-max: the longest unused is forgotten and said" {
	{
		echo "$hello"
		for c in 1 2 3 1; do
			contract O:K${c}251219C00062000 K$c call
			t $((number * 5000)) CBOE 10 2.09 AUTO
		done
		hb 20000
		echo "$bye"
	} >in
	classify --contracts-max=2
	is "$(of status .severity .code)" 'warning state_evicted'
	is "$(of trade .contract_ticker .volume_before)" \
		"O:K1251219C00062000 0
O:K2251219C00062000 0
O:K3251219C00062000 0
O:K1251219C00062000 0"
	has "$(cat err)" '2 contracts were forgotten'
	conserved
	classify --contracts-max=3
	is "$(of status .code)" ''
	is "$(of trade .volume_before)" "0
0
0
10"
}

@test "--contracts-max: a contract whose cluster is open stays" {
	for price in 2.10 2.08; do
		{
			number=0
			contract O:K1251219C00062000 K1 call
			t 0 CBOE 50 $price ISOI
			for c in 2 3; do
				contract O:K${c}251219C00062000 K$c call
				t $((number * 5)) CBOE 10 2.09 AUTO
			done
			contract O:K1251219C00062000 K1 call
			t 100 ISE 50 $price ISOI
		} >in
		classify --contracts-max=2
		is "$(of sweep '(.trade_ids | join(","))')" 'p1,p4'
		is "$(of trade .volume_before | tail -n 1)" '50'
	done
}

@test "--contracts-max holds for contracts that only oi records name" {
	local i
	{
		echo "$hello"
		t 0 CBOE 10 2.09 AUTO '"open_interest":5'
		for ((i = 0; i < 50; i++)); do
			printf '{"record":"oi","contract_ticker":"O:K%d251219C00062000","timestamp":%d,"open_interest":9}\n' \
				$i $((base + i + 1))
		done
		t 100 CBOE 10 2.09 AUTO
		echo "$bye"
	} >in
	classify --contracts-max=20
	is "$(of status .severity .code)" 'warning state_evicted'
	is "$(of trade .volume_before)" "0
0"
	has "$(cat err)" '32 contracts were forgotten'
	conserved
}

@test "--hold-max bounds records that wait behind a print" {
	local i
	{
		echo "$hello"
		t 0 CBOE 50 2.10 ISOI
		for ((i = 0; i < 100; i++)); do
			printf '{"record":"quote","timestamp":%d,"pad":"%0200d"}\n' \
				$((base + 1)) 0
		done
		t 2 ISE 50 2.10 ISOI
		echo "$bye"
	} >in
	classify --hold-max=10000
	# The cluster had to close before its second print came.
	is "$(of sweep .kind)" ''
	classify
	is "$(of sweep .kind)" 'SWEEP'
}

@test "a print that waits keeps its ticker's options when all is forgotten" {
	printf 'tickers: {overrides: {K1: {classify: {aggressiveness: seed}}}}\n' >own.yaml
	{
		t 0 CBOE 50 2.10 ISOI		# all wait behind this cluster
		for c in 1 2 3; do
			contract O:K${c}251219C00062000 K$c call
			t $c CBOE 10 2.10 MLET
		done
	} >in
	classify --contracts-max=1 --config own.yaml
	is "$(of trade .trade_id .aggressiveness)" "p1 AGGRESSIVE
p2 PASSIVE
p3 NORMAL
p4 NORMAL"
}

@test "--prints-max bounds what cancels can find" {
	{
		t 0 CBOE 10 2.09 AUTO
		contract O:PEP251219C00150000 PEP call
		t 1 CBOE 10 2.09 AUTO
		contract O:KO251219C00062000 KO call
		t 2 CBOE 10 2.09 CNCL
	} >in
	classify
	is "$(of cancel .ref_trade_id)" 'p1'
	classify --prints-max=1
	is "$(of cancel '(.ref_trade_id // "-")')" '-'
}

@test "records of another schema pass unread" {
	{
		echo "${hello/:1,/:2,}"
		t 0 CBOE 10 2.09 AUTO
		echo "$bye"
	} >in
	classify
	is "$(sed -n 2p out)" "$(sed -n 2p in)"
	has "$(cat err)" 'schema_version 2'
}

@test "bad trades: told, counted, the rest goes on" {
	{
		echo "$hello"
		t 0 CBOE -5 2.10 AUTO
		t 0 CBOE 5 0 AUTO
		t 0 CBOE 5 2.10 AUTO '"open_interest":"x"'
		day='"trade_date":"2025-02-30","session":"RTH"'
		t 0 CBOE 5 2.10 AUTO
		day='"trade_date":"2025-11-24","session":"RTH"'
		t 0 CBOE 5 2.10 AUTO
		echo '{"record":"heartbeat","timestamp":"soon"}'
		echo '{"record":"gap","from_ts":1.5}'
		hb 1
		echo "$bye"
	} >in
	want_status=3 classify
	is "$(of trade .trade_id)" 'p5'
	is "$(cat err)" 'flow-classify: warning: in:2: size: not above 0
flow-classify: warning: in:3: price: not above 0
flow-classify: warning: in:4: open_interest: not an integer
flow-classify: warning: in:5: trade_date: no such date
flow-classify: warning: in:7: timestamp: not an integer
flow-classify: warning: in:8: from_ts: not an integer'
	is "$(q 'select(.record == "heartbeat") | .hop[-1].drop')" \
		'{"reject":4}'
	conserved
}

@test "a sweep's member takes no age from a quote that is none" {
	{
		# the NBBO is later than the print: none; the exchange's decides
		t 0 CBOE 50 2.10 ISOI "\"quote_timestamp\":$((base + 5)),\"ex_bid\":2.08,\"ex_ask\":2.1"
		t 9 ISE 50 2.10 ISOI "\"ex_bid\":2.08,\"ex_ask\":2.1"
	} >in
	classify
	is "$(of sweep .evidence '(.price_locations | join(","))')" \
		'ISO UNKNOWN,UNKNOWN'
	is "$(of trade .quote_status '(.quote_age_ms // "-")')" "NONE -
NONE -"
}

@test "3.2: a print that comes marked cancelled counts nowhere" {
	{
		t 0 CBOE 600 2.1 AUTO '"is_cancelled":true'
		t 10 CBOE 10 2.1
	} >in
	classify
	is "$(of trade .size .day_volume .is_block .side \
		'(.is_cancelled // false)' .sentiment)" \
		'600 0 true UNKNOWN true NEUTRAL
10 10 false BUY false BULLISH'
	is "$(q 'select(.record == "event" or .record == "cancel")')" ''
	# Its cancel finds it, and takes back nothing.
	t 20 CBOE 600 2.1 CANC >>in
	classify
	is "$(of cancel .ref_trade_id)" p1
	is "$(of trade .day_volume)" '0
10
10'
}

@test "2.2: the cancel of a print outside every session says so" {
	day='"trade_date":"2025-11-24","session":"CLOSED"'
	{ t 0 CBOE 10 2.1; t 10 CBOE 10 2.1 CANC; } >in
	classify
	is "$(of cancel .ref_trade_id .session)" 'p1 CLOSED'
	is "$(of trade .day_volume .side)" '10 UNKNOWN
0 UNKNOWN'
}
