# The rules of the source documents (domain.md 11), each reached by its own
# switch and by the profile; the seed columns of the EX-3.* tables.

load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# print TS PRICE SIZE [MEMBERS]: a call on a 2.00 x 2.10 market, both quotes,
# as the worked examples of domain.md 3.5 have it.
print() {
	printf '{"record":"trade","symbol":"XYZ","root":"XYZ","contract_ticker":"%s","timestamp":%d,"trade_date":"2025-11-24","session":"RTH","price":%s,"size":%d,"multiplier":100,"option_type":"%s","exchange":"%s","conditions":["%s"],"bid":2.00,"ask":2.10,"bid_size":50,"ask_size":30,"quote_timestamp":1763996399000}\n' \
		"O:XYZ251219${right:-C}00100000" $((1763996400000 + $1)) "$2" \
		"$3" "$([ "${right:-C}" = C ] && echo call || echo put)" \
		"${4:-CBOE}" "${5:-AUTO}"
}

# tagged FIELD [OPTION...]: the field of each trade after flow-classify.
tagged() {
	local field=$1
	shift
	flow-classify "$@" in >out || return
	jq -r "select(.record == \"trade\") | .$field" out | tr '\n' ' '
}

@test "domain.md 11, sentiment only outside the quotes: EX-3.30, 3.31, 3.33, 3.34" {
	print 0 2.10 7 >in
	is "$(tagged sentiment)" 'BULLISH '
	is "$(tagged sentiment --sentiment=outside)" 'NEUTRAL '
	is "$(tagged sentiment --profile seed)" 'NEUTRAL '
	right=P print 0 2.12 500 >in
	is "$(tagged sentiment)$(tagged sentiment --sentiment outside)" \
		'BEARISH BEARISH '
	right=P print 0 1.98 10 >in
	is "$(tagged sentiment)$(tagged sentiment --sentiment outside)" \
		'BULLISH BULLISH '
	print 0 1.99 10 CBOE MLET >in
	is "$(tagged sentiment)$(tagged sentiment --sentiment outside)" \
		'NEUTRAL BEARISH '
	is "$(tagged sentiment --profile seed --sentiment side)" 'NEUTRAL '
}

@test "domain.md 11, aggressiveness: EX-3.35 to EX-3.40" {
	{
		print 0 2.10 7		# EX-3.35
		print 3000 2.105 7	# EX-3.36
		print 6000 2.12 7	# EX-3.37
		print 9000 2.08 7	# EX-3.38
		print 12000 2.05 7	# EX-3.39
		print 15000 1.99 7	# EX-3.40
	} >in
	is "$(tagged aggressiveness)" \
		'AGGRESSIVE AGGRESSIVE AGGRESSIVE NORMAL PASSIVE AGGRESSIVE '
	is "$(tagged aggressiveness --aggressiveness seed)" \
		'PASSIVE PASSIVE AGGRESSIVE NORMAL NORMAL PASSIVE '
	is "$(tagged aggressiveness --profile=seed)" \
		'PASSIVE PASSIVE AGGRESSIVE NORMAL NORMAL PASSIVE '
}

@test "--rule seed: bought above the ask, sold below the bid, else unknown" {
	{
		print 0 2.10 7
		print 3000 2.11 7
		print 6000 1.99 7
		print 9000 2.05 7
	} >in
	is "$(tagged side --rule seed)" 'UNKNOWN BUY SELL UNKNOWN '
	is "$(tagged side_method --rule seed)" 'NONE QUOTE_NBBO QUOTE_NBBO NONE '
	is "$(tagged side)" 'BUY BUY SELL SELL '
}

@test "domain.md 11, sweep by two seconds alone: EX-3.55" {
	{
		print 0 2.10 30
		print 1500 2.10 30 ISE
	} >in
	is "$(tagged is_sweep)" 'false false '
	is "$(tagged is_sweep --sweep-evidence=any)" 'true true '
	is "$(jq -r 'select(.record == "sweep") | "\(.kind) \(.evidence) \(.size)"' out)" \
		'SWEEP WINDOW 60'
	is "$(tagged is_sweep --profile seed)" 'true true '
}

@test "domain.md 11, blocks and large prints without a floor: EX-3.46 to EX-3.50" {
	local case average size std seed
	while read -r case average size std seed; do
		# Twenty prints of the average size make it the contract's.
		for ((i = 0; i < 20; i++)); do
			print $((i * 3000)) 2.05 "$average" "" MASL |
				sed 's/"MASL"/"AUTO"/; s/"exchange":"[A-Z]*",//'
		done >in
		print 90000 2.05 "$size" >>in
		is "$case $(tagged trade_type | tr ' ' '\n' | tail -n 1)" \
			"$case $std"
		is "$case $(tagged trade_type --profile seed | tr ' ' '\n' |
			tail -n 1)" "$case $seed"
		printf 'classify:\n  block_floor: 1\n  large_floor: 1\n' >mine.yaml
		is "$case $(tagged trade_type --config mine.yaml | tr ' ' '\n' |
			tail -n 1)" "$case $seed"
	done <<-'END'
		EX-3.46 40 250 BLOCK BLOCK
		EX-3.47 2 10 LARGE BLOCK
		EX-3.48 300 500 BLOCK BLOCK
		EX-3.49 12 24 LARGE LARGE
		EX-3.50 3 8 REGULAR LARGE
	END
}

@test "domain.md 11, SWEEP and MLTI from a vendor" {
	{
		print 0 2.05 7 CBOE SWEEP
		print 3000 2.10 7 CBOE MLTI
	} >in
	is "$(tagged is_sweep)" 'true false '
	is "$(jq -r 'select(.record == "sweep") | "\(.evidence) \(.n_prints)"' out)" \
		'VENDOR 1'
	is "$(tagged is_multileg)" 'null true '
	is "$(tagged is_sweep --profile seed)" 'true true '
	is "$(jq -r 'select(.record == "sweep") | .evidence' out | tr '\n' ' ')" \
		'VENDOR VENDOR '
}

@test "--count-complex: block events of spread legs" {
	print 0 2.10 150 CBOE MLET >in
	flow-classify in >out
	is "$(grep -c '"event_type":"BLOCK"' out || :)" 0
	flow-classify --count-complex in >out
	is "$(grep -c '"event_type":"BLOCK"' out)" 1
	flow-classify --profile seed in >out
	is "$(grep -c '"event_type":"BLOCK"' out)" 1
}

@test "a ticker's own thresholds hold for its prints alone" {
	{
		print 0 2.10 200
		print 0 2.10 200 | sed 's/XYZ/ABC/g'
	} >in
	printf 'classify:\n  block_size: 500\n  block_mult: 100\ntickers:\n  overrides:\n    ABC:\n      classify:\n        block_size: 150\n' >mine.yaml
	is "$(tagged is_block --config mine.yaml)" 'false true '
	flow-classify --config mine.yaml --show-config ABC >shown
	is "$(grep " block_size" shown)" '  block_size: 150'
}

# ---- the ledger ----

# row NAME MEMBER SWITCH...: the member of each record of $in that has it,
# without the switch and with it; key=value goes into the configuration.
row() {
	local name=$1 member=$2 std seed switch=${*:3}
	shift 2
	[[ $1 == -* ]] || {
		printf 'classify: {%s: %s}\n' "${1%=*}" "${1#*=}" >key.yaml
		set -- --config key.yaml
	}
	std=$(flow-classify in | jq -r "select($member != null) | $member" |
		paste -sd,)
	seed=$(flow-classify "$@" in |
		jq -r "select($member != null) | $member" | paste -sd,)
	echo "$name | $switch | ${std:--} | ${seed:--}"
}

# The rows that flow-classify reaches; flow-alert's are the table of the same
# name in alert.bats.  The others are of commands that this version has not
# (divergence, portfolio sums, boosts, retention, strategies), or have no
# switch: one time zone, one meaning of a split.
@test "domain 11: each row of classification, its switch, and both results" {
	{
		for ((i = 0; i < 20; i++)); do
			print $((i * 3000)) 2.05 100
		done >in
		print 90000 2.05 150 >>in	# 1.5 times the average
		row '0: block threshold 100' 'select(.size == 150).is_block' \
			block_size=100
		print 0 2.05 150 >in
		row '0: block threshold 100, events' .event_type event_block_size=500
		{ print 0 2.10 30; print 1500 2.10 30 ISE; } >in	# EX-3.55
		row '0: sweep = multi-exchange in 2 s' .kind --sweep-evidence=any
		row '0: sweep = multi-exchange in 2 s' .is_sweep --sweep-evidence=any
		{
			print 0 2.10 129 "" SLAN
			print 1 2.09 71 "" SLAN
		} >in							# EX-3.44
		row '0: 65 % at ask' .aggressive_ratio aggressive_threshold=0.64
		print 3000 2.10 7 CBOE MLTI >in
		row '2: SWEEP if MLTI' .is_sweep --profile=seed
		row '2: SWEEP if MLTI' 'select(.is_multileg).side' --profile=seed
		for ((i = 0; i < 20; i++)); do
			print $((i * 3000)) 2.05 2
		done >in
		print 90000 2.05 10 >>in				# EX-3.47
		row '2: BLOCK >= 5x' 'select(.size == 10).trade_type' block_floor=1
		sed -i 's/"size":2,/"size":3,/; $s/"size":10/"size":8/' in	# EX-3.50
		row '2: LARGE >= 2x' 'select(.size == 8).trade_type' large_floor=1
		print 0 2.12 7 CBOE MLET >in
		row '2: sentiment only outside' .sentiment --sentiment=outside
		print 0 2.10 7 >in
		row '2: sentiment only outside' .sentiment --sentiment=outside
		row '2: aggressiveness' .aggressiveness --aggressiveness=seed
		row '3.5: --rule=seed' .side --rule=seed
		print 0 2.10 150 CBOE MLET >in
		row '5.1: complex legs' .event_type --count-complex
		print 0 2.10 7 CBOE SLFT >in
		row '3.2: floor prints' .side --floor-side=on
	} >got
	diff got - <<'END'
0: block threshold 100 | block_size=100 | false | true
0: block threshold 100, events | event_block_size=500 | BLOCK | -
0: sweep = multi-exchange in 2 s | --sweep-evidence=any | - | SWEEP
0: sweep = multi-exchange in 2 s | --sweep-evidence=any | false,false | true,true
0: 65 % at ask | aggressive_threshold=0.64 | - | 0.645
2: SWEEP if MLTI | --profile=seed | false | true
2: SWEEP if MLTI | --profile=seed | UNKNOWN | UNKNOWN
2: BLOCK >= 5x | block_floor=1 | LARGE | BLOCK
2: LARGE >= 2x | large_floor=1 | REGULAR | LARGE
2: sentiment only outside | --sentiment=outside | NEUTRAL | BULLISH
2: sentiment only outside | --sentiment=outside | BULLISH | NEUTRAL
2: aggressiveness | --aggressiveness=seed | AGGRESSIVE | PASSIVE
3.5: --rule=seed | --rule=seed | BUY | UNKNOWN
5.1: complex legs | --count-complex | - | BLOCK
3.2: floor prints | --floor-side=on | UNKNOWN | BUY
END
}
