#!/usr/bin/env bats
# flow-classify --why and --near-miss.  tests/why-check proves each tag from its
# reasons, by the text of domain.md 3, and then changes every value in them.
# The day is that of classify.bats: Monday 2025-11-24, milliseconds after 10:00
# in New York.
load helper

base=1763996400000

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	number=0
	nbbo='"bid":2.08,"ask":2.1'
}

# t MS EXCHANGE SIZE PRICE [CONDITION [MEMBERS]]: a print; ids are p1, p2, ...
t() {
	number=$((number + 1))
	printf '{"record":"trade","trade_id":"p%d","symbol":"KO","root":"KO","contract_ticker":"O:KO251219C00062000","strike":62,"expiration":"2025-12-19","option_type":"call","multiplier":100,"exercise_style":"A","timestamp":%d,"trade_date":"2025-11-24","session":"RTH","price":%s,"size":%s,"exchange":"%s"%s,%s%s}\n' \
		$number $((base + $1)) "$4" "$3" "$2" \
		"${5:+,\"conditions\":[\"$5\"]}" "$nbbo" "${6:+,$6}"
}

# many N SIZE: prints of one size at the midpoint, which open no cluster.
many() {
	local i
	for ((i = $1; i > 0; i--)); do
		t $((-i * 1000)) CBOE "$2" 2.09 AUTO
	done
}

# why TRADE ENTRY: the reasons of one tag, or the config with ENTRY config.
why() {
	jq -c --arg id "$1" --arg entry "$2" \
		'select(.record == "trade" and .trade_id == $id) |
		.why[$entry]' out
}

# near: all near misses: the print or record, and the text.
near() {
	jq -r 'select(.near_miss) | (.trade_id // (.record + " " +
		((.trade_ids // []) | join(",")))) + ": " + .near_miss[]' out
}

# proven STEP FILE [OPTION...]: every tag is proven, every change is caught.
proven() {
	local step=$1 file=$2 got=0
	shift 2
	flow-classify "$@" --show-config >config
	flow-classify "$@" --why "$file" >out 2>err || got=$?
	[ $got -eq 0 ] || [ $got -eq 3 ]
	run -0 --separate-stderr "$top/tests/why-check" --mutate="$step" \
		config out
	is "$stderr" ''
	has "${lines[0]}" ' 0 records not'
	[[ ${lines[1]} =~ ^([0-9]+)' changes, '([0-9]+)' caught'$ ]]
	[ "${BASH_REMATCH[1]}" -gt 100 ]
	is "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}"
}

# ---- reasons ----

@test "property: the real SPY prints" {
	flow-tap --replay \
		"$data/real/thetadata/spy_option_trades_nbbo_20240614.csv" \
		--input csv --codes thetadata --columns \
timestamp_ms=trade_ts_utc_ms,quote_timestamp_ms=quote_ts_utc_ms,osi=osi,\
symbol=symbol,price=price,size=size,bid=bid,ask=ask,bid_size=bid_size,\
ask_size=ask_size,exchange=exchange,conditions=condition,sequence=sequence \
		>taken
	proven 2 taken
}

@test "property: the inputs of the golden files" {
	local name
	for name in sides sweep cancels bad; do
		proven 1 "$data/synthetic/classify/$name.ndjson"
	done
	proven 1 "$data/synthetic/classify/sweep.ndjson" --emit fast
}

@test "property: synthetic prints, held and at once" {
	"$top/tests/synth" 1500 7 >in
	proven 41 in
	proven 43 in --emit fast
}

@test "property: the other rules" {
	"$top/tests/synth" 400 8 >in
	proven 37 in --profile seed
	proven 37 in --rule gsu-raw --lookahead 20000
	proven 37 in --rule emo --floor-side on
	proven 37 in --rule clnv
}

@test "a check of other reasons fails: it is no formality" {
	"$top/tests/synth" 300 9 >in
	flow-classify --show-config >config
	flow-classify --why in >out
	flow-classify --show-config --rule clnv >other
	run -1 --separate-stderr "$top/tests/why-check" other out
	# A tag that is not what its reasons say.
	sed '0,/"side":"BUY","side_method"/s//"side":"SELL","side_method"/' \
		out >changed
	run -1 --separate-stderr "$top/tests/why-check" config changed
	has "$output" '1 records not'
}

@test "EX-3.12, EX-3.16: the rule, what it saw and how old the quote was" {
	nbbo='"bid":2,"ask":2.1,"bid_size":50,"ask_size":30'
	{
		t 0 CBOE 30 2.10 AUTO \
			"\"quote_timestamp\":$((base - 20)),\"ex_bid\":2,\"ex_ask\":2.1,\"ex_bid_size\":20,\"ex_ask_size\":30,\"ex_quote_timestamp\":$((base - 40))"
		t 5000 CBOE 7 2.05 AUTO "\"quote_timestamp\":$((base + 4000))"
	} >in
	flow-classify --why in >out
	is "$(why p1 side)" \
		'{"rule":"3.5 TSIZE_EX","stack":"gsu","tsize_max":99,"price":2.1,"size":30,"ex_bid":2,"ex_ask":2.1,"ex_quote_timestamp":1763996399960,"ex_quote_age_ms":40,"ex_bid_size":20,"ex_ask_size":30}'
	is "$(why p1 aggressor_side)" \
		'{"rule":"3.5 QUOTE_NBBO","stack":"gsu","price":2.1,"bid":2,"ask":2.1,"quote_timestamp":1763996399980,"quote_age_ms":20}'
	is "$(why p2 side)" \
		'{"rule":"3.5 DEPTH_NBBO","stack":"gsu","price":2.05,"bid":2,"ask":2.1,"quote_timestamp":1763996404000,"quote_age_ms":1000,"bid_size":50,"ask_size":30}'
	is "$(why p2 sentiment)" \
		'{"rule":"3.6 side","side":"SELL","option_type":"call","side_confidence":0.55}'
}

@test "EX-3.5b, EX-3.18: a stale quote with its threshold, a tick" {
	{
		t -100 CBOE 1 2.04 AUTO
		nbbo='"bid":2.00,"ask":2.1'
		t 500 CBOE 1 2.10 AUTO "\"quote_timestamp\":$((base - 61000))"
	} >in
	flow-classify --why in >out
	is "$(why p2 quote_status)" \
		'{"rule":"3.3 STALE","bid":2,"ask":2.1,"quote_timestamp":1763996339000,"quote_age_ms":61500,"max_quote_age_s":60}'
	is "$(why p2 side)" \
		'{"rule":"3.5 TICK_ALL","stack":"gsu","price":2.1,"last_different_price":2.04}'
	is "$(why p2 aggressiveness)" \
		'{"rule":"3.7 no usable quote","quote_status":"STALE"}'
}

@test "3.5: the next different price and when it came" {
	nbbo='"bid":2.1,"ask":2.08'
	{
		t 0 CBOE 1 2.05 AUTO
		t 700 CBOE 1 2.06 AUTO
	} >in
	flow-classify --why --lookahead 1000 in >out
	is "$(why p1 side)" \
		'{"rule":"3.5 RTICK_ALL","stack":"gsu","price":2.05,"next_different_price":2.06,"next_timestamp":1763996400700,"lookahead_ms":1000}'
}

@test "EX-3.46: a block by five times the average" {
	{
		many 20 40
		t 0 CBOE 250 2.09 AUTO
	} >in
	flow-classify --why in >out
	is "$(why p21 is_block)" \
		'{"rule":"3.9 average","size":250,"block_floor":100,"size_ratio":6.25,"block_mult":5}'
	is "$(why p21 avg_trade_size)" \
		'{"rule":"3.9 CONTRACT","contracts":800,"prints":20,"avg_contract_min":20}'
	is "$(why p21 trade_type)" \
		'{"rule":"3.9 precedence","of":["is_block","is_large"]}'
	is "$(jq -c 'select(.event_type == "BLOCK") | .why.event_type' out)" \
		'{"rule":"3.9 event BLOCK","size":250,"event_block_size":100}'
}

@test "EX-3.52: a sweep, in the print, the record and the event" {
	local want
	{
		t 0 CBOE 40 2.10 ISOI "\"quote_timestamp\":$((base - 5))"
		t 3 ISE 60 2.10 ISOI
		t 5 PHLX 55 2.12 ISOI
		t 1800 ARCA 45 2.12 AUTO
		t 2400 CBOE 10 2.12 AUTO
	} >in
	flow-classify --why in >out
	want='{"rule":"3.10 ISO","anchor":"p1","span_ms":1800,"sweep_window_ms":2000,"n_exchanges":4,"sweep_min_exchanges":2,"size":200,"sweep_min_size":10,"iso_prints":3}'
	is "$(why p3 is_sweep)" "$want"
	is "$(jq -c 'select(.record == "sweep") | .why.kind' out)" "$want"
	is "$(jq -c 'select(.event_type == "SWEEP") | .why.event_type' out)" \
		"$want"
	# The member is signed by the quote before the first print.
	is "$(why p3 side)" \
		'{"rule":"3.5 SWEEP_ANCHOR","anchor":"p1","price":2.12,"bid":2.08,"ask":2.1,"quote_timestamp":1763996399995,"quote_age_ms":10}'
	is "$(why p5 is_sweep)" null
}

@test "EX-3.54, EX-3.56: a burst and a split" {
	{
		t 0 CBOE 30 2.10 AUTO
		t 40 ISE 30 2.10 AUTO
		t 90 BOX 20 2.10 AUTO
		t 10000 CBOE 30 2.10 AUTO
		t 10300 CBOE 30 2.10 AUTO
		t 10900 CBOE 40 2.10 AUTO
	} >in
	flow-classify --why in >out
	is "$(why p2 is_sweep)" \
		'{"rule":"3.10 BURST","anchor":"p1","span_ms":90,"sweep_window_ms":2000,"n_exchanges":3,"sweep_min_exchanges":2,"size":80,"sweep_min_size":10,"gap_ms":50,"burst_gap_ms":100}'
	is "$(why p5 is_split)" \
		'{"rule":"3.10 SPLIT","anchor":"p4","span_ms":900,"sweep_window_ms":2000,"n_exchanges":1,"n_prints":3,"split_min_prints":3,"size":100,"split_min_size":50,"avg_trade_size":10}'
}

@test "EX-3.63, EX-3.65: unusual volume and opening" {
	{
		t 0 CBOE 5000 1.85 AUTO '"open_interest":2200'
		t 1 CBOE 10000 1.85 AUTO '"open_interest":4000'
	} >in
	flow-classify --why in >out
	is "$(why p1 is_unusual_volume)" \
		'{"rule":"3.11 V/OI","day_volume":5000,"vol_oi_min_volume":500,"open_interest":2200,"vol_oi_min_oi":100,"vol_oi_ratio":2.272727,"vol_oi_min":1.25,"price":1.85,"price_above":0.1}'
	# 10,000 > 4,000 + 5,000
	is "$(why p2 opening)" \
		'{"rule":"3.12 PROVEN","size":10000,"volume_before":5000,"open_interest":4000}'
}

@test "EX-3.43: an aggressive window" {
	{
		t 0 CBOE 130 2.10 SLAN
		t 1 CBOE 70 2.09 SLAN
	} >in
	flow-classify --why in >out
	is "$(jq -c 'select(.event_type == "AGGRESSIVE") | .why.event_type' \
		out)" \
		'{"rule":"3.8 event AGGRESSIVE","at_ask":130,"eligible":200,"aggressive_threshold":0.65,"aggressive_min":100}'
}

# fnv: FNV-1a with 64 bits of standard input (Fowler, Noll and Vo's numbers).
fnv() {
	python3 -c 'import sys
h = 0xcbf29ce484222325
for b in sys.stdin.buffer.read():
    h = (h ^ b) * 0x100000001b3 % 2 ** 64
print("%016x" % h)'
}

@test "the digest is of the configuration in force, a ticker's own with it" {
	t 0 CBOE 1 2.10 AUTO >in
	is "$(printf foobar | fnv)" 85944171f73967e8	# their test vector
	flow-classify --why in >out
	is "$(why p1 config)" "\"$(flow-classify --show-config |
		grep -v '^  emit:' | fnv)\""
	mv out before
	flow-classify --why --emit fast in >out
	is "$(jq -c .why out)" "$(jq -c .why before)"
	printf 'tickers: {overrides: {KO: {classify: {block_size: 200}}}}\n' \
		>flow.yaml
	flow-classify --why in >out
	is "$(why p1 config)" "\"$(flow-classify --show-config KO |
		grep -v '^  emit:' | fnv)\""
	has "$(flow-classify --show-config KO)" 'block_size: 200'
	run -1 cmp -s out before
}

@test "reasons and near misses change nothing else" {
	"$top/tests/synth" 600 5 >in
	flow-classify in >plain
	flow-classify --why in >out
	sed 's/,"why":{.*}}$/}/; s/,"why":{.*}}}$/}/' out | cmp - plain
	flow-classify --near-miss in | grep -v '"record":"heartbeat"' |
		grep -v '^{"record":"near_miss"' |
		sed 's/,"near_miss":\[.*\]}$/}/' >out
	grep -v '"record":"heartbeat"' plain | cmp - out
}

@test "reasons of the input are replaced" {
	t 0 CBOE 1 2.10 AUTO '"why":{"old":1},"near_miss":["old"]' >in
	flow-classify in >out
	is "$(jq -c '[.why, .near_miss]' out)" '[{"old":1},["old"]]'
	flow-classify --why --near-miss in >out
	is "$(jq -c '[.why.old, .near_miss]' out)" '[null,null]'
}

@test "held or at once, the final reasons and near misses are the same" {
	"$top/tests/synth" 1500 6 >in
	flow-classify --why --near-miss in >hold
	flow-classify --why --near-miss --emit fast in >fast
	run -0 --separate-stderr "$top/tests/final-tags" hold fast
	has "$output" ' 0 differences'
}

# ---- near misses ----

@test "one contract short of a block is one near miss that says so" {
	{
		many 20 300
		t 0 CBOE 499 2.09 AUTO
		t 1 CBOE 500 2.09 AUTO
	} >in
	flow-classify --near-miss in >out
	is "$(near)" 'p21: block: size 499 < block_size 500'
}

@test "one contract short of the floor, and of five times the average" {
	t 0 CBOE 99 2.09 AUTO >in
	flow-classify --near-miss in >out
	is "$(near)" 'p1: block: size 99 < block_floor 100'
	number=0
	{
		many 20 25
		t 0 CBOE 124 2.09 AUTO
		t 1 CBOE 499 2.09 AUTO
	} >in
	# 124 / 25; 499 has 20 times the average and is a block
	flow-classify --near-miss in >out
	is "$(near)" 'p21: block: size_ratio 4.96 < block_mult 5'
}

@test "both ways to a block are near: the nearer is told" {
	{
		many 20 99
		t 0 CBOE 494 2.09 AUTO
	} >in
	# 495 is 5 x 99, and 500 is further
	flow-classify --near-miss in >out
	is "$(near | tail -n 1)" 'p21: block: size_ratio 4.989899 < block_mult 5'
}

@test "a block event and a large print, when it was near no block" {
	{
		many 20 60
		t 0 CBOE 95 2.09 AUTO
	} >in
	flow-classify --near-miss in >out
	is "$(near)" 'p21: block event: size 95 < event_block_size 100'
	number=0
	{
		many 20 3
		t 0 CBOE 8 2.09 AUTO		# EX-3.50: below 10, not near
		t 1 CBOE 9 2.09 AUTO
	} >in
	flow-classify --near-miss in >out
	is "$(near)" 'p22: large: size 9 < large_floor 10'
}

@test "no near miss: far below, or more than one condition failed" {
	{
		many 20 300
		t 0 CBOE 449 2.09 AUTO		# a tenth below 500 is 450
		t 1 CBOE 10 2.09 AUTO
	} >in
	flow-classify --near-miss in >out
	is "$(near)" ''
}

@test "EX-3.59: a sweep short of contracts" {
	{
		t 0 CBOE 4 2.10 ISOI
		t 2 ISE 4 2.10 ISOI
	} >in
	flow-classify --near-miss in >out
	is "$(near)" 'near_miss p1,p2: sweep: size 8 < sweep_min_size 10'
	is "$(jq -c 'select(.record == "near_miss") | [.contract_ticker,
		.timestamp, .first_ts, .last_ts, .n_prints, .n_exchanges,
		.size, .premium, .side]' out)" \
		"[\"O:KO251219C00062000\",$((base + 2)),$base,$((base + 2)),2,2,8,1680,\"BUY\"]"
	flow-classify --near-miss --emit fast in >fast
	is "$(grep near_miss fast)" "$(grep near_miss out)"
}

@test "EX-3.55: no evidence: the pause was too long" {
	{
		t 0 CBOE 30 2.10 AUTO
		t 1500 ISE 30 2.10 AUTO
	} >in
	flow-classify --near-miss in >out
	is "$(near)" 'near_miss p1,p2: sweep: gap_ms 1500 > burst_gap_ms 100'
	flow-classify --near-miss --profile seed in >out
	is "$(near)" ''
	is "$(jq -r 'select(.record == "sweep").kind' out)" SWEEP
}

@test "one exchange short of a sweep, one print short of a split" {
	{
		t 0 CBOE 20 2.10 ISOI
		t 5 CBOE 20 2.10 ISOI
		t 10000 CBOE 30 2.10 AUTO
		t 10300 CBOE 30 2.10 AUTO
	} >in
	flow-classify --near-miss in >out
	is "$(near)" "near_miss p1,p2: sweep: n_exchanges 1 < sweep_min_exchanges 2
near_miss p3,p4: split: n_prints 2 < split_min_prints 3"
}

@test "EX-3.44: 0.645 of 200 contracts; EX-3.45: 80 is not near 100" {
	{
		t 0 CBOE 129 2.10 SLAN
		t 1 CBOE 71 2.09 SLAN
		t 300000 CBOE 65 2.10 SLAN
		t 300001 CBOE 15 2.09 SLAN
	} >in
	flow-classify --near-miss in >out
	is "$(near | grep '^near_miss')" \
		'near_miss : aggressive: aggressive_ratio 0.645 < aggressive_threshold 0.65'
	is "$(jq -c 'select(.record == "near_miss") | [.timestamp,
		.window_start, .window_end, .size, .premium]' out)" \
		"[$((base + 300000)),$base,$((base + 300000)),200,41929]"
}

@test "EX-3.66: not proven by little; volume short of the unusual" {
	{
		t 0 CBOE 499 2.09 AUTO '"open_interest":100'
		t 1 CBOE 500 2.09 AUTO '"open_interest":500'
	} >in
	flow-classify --near-miss in >out
	# 499 of 500; 500 > 500 + 499 fails by more than a tenth
	is "$(near)" \
		'p1: unusual volume: day_volume 499 < vol_oi_min_volume 500'
	number=0
	{
		t 0 CBOE 7000 2.09 AUTO '"open_interest":4000'
		t 1 CBOE 10000 2.09 AUTO '"open_interest":4000'
	} >in
	flow-classify --near-miss in >out
	is "$(near)" \
		'p2: opening: size 10000 <= open_interest + volume_before 11000'
}
