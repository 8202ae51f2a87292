#!/usr/bin/env bats
# The same bytes in give the same bytes out (design.md 3), over synthetic
# streams made to be hard on flow-classify (tests/synth).
load helper

setup_file() {
	load helper
	cd "$BATS_FILE_TMPDIR" || exit
	for seed in 1 2 3; do
		"$top/tests/synth" 3000 $seed >in$seed
		flow-classify in$seed >hold$seed
		flow-classify --emit=fast in$seed >fast$seed
	done
	"${CC:-cc}" -shared -fPIC -o shortread.so "$top/tests/fault/shortread.c"
}

setup() {
	cd "$BATS_FILE_TMPDIR" || exit
}

@test "the streams hold what they are made for" {
	is "$(cat hold? | jq -r '.record + " " + (.kind // .event_type // "")
		+ " " + (.evidence // "")' | sort -u | tr '\n' ';')" \
		'bar  ;bye  ;cancel  ;event AGGRESSIVE ;event BLOCK ;event SWEEP ;gap  ;heartbeat  ;hello  ;oi  ;other  ;quote  ;sweep SPLIT WINDOW;sweep SWEEP BURST;sweep SWEEP ISO;sweep SWEEP VENDOR;trade  ;'
}

@test "two runs" {
	for seed in 1 2 3; do
		flow-classify in$seed >again
		cmp hold$seed again
		flow-classify --emit=fast in$seed >again
		cmp fast$seed again
	done
}

@test "reads of 1, 7, 4096 and 65537 bytes, and a pipe" {
	# the preloaded shim stands before the sanitizer's own library
	local options=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
	head -n 300 in1 >short
	flow-classify short >want 2>err || true
	for n in 1 7; do
		SHORTREAD=$n ASAN_OPTIONS=$options LD_PRELOAD=./shortread.so \
			flow-classify - <short >out 2>err || true
		cmp want out
	done
	for n in 4096 65537; do
		SHORTREAD=$n ASAN_OPTIONS=$options LD_PRELOAD=./shortread.so \
			flow-classify - <in1 >out
		cmp hold1 out
	done
	# shellcheck disable=SC2002 # a pipe is the point
	cat in2 | flow-classify >out
	cmp hold2 out
}

@test "hold and fast end in the same final tags" {
	for seed in 1 2 3; do
		run -0 "$top/tests/final-tags" hold$seed fast$seed
		has "$output" ' 0 differences'
		# a comparison of nothing would be no test
		[[ $output =~ ([0-9]+)\ prints,\ ([0-9]+)\ in\ sweeps ]]
		[ "${BASH_REMATCH[1]}" -ge 3000 ]
		[ "${BASH_REMATCH[2]}" -ge 300 ]
	done
}

@test "final-tags sees a difference" {
	jq -c 'if .record == "sweep" and .side == "BUY"
		then .side = "SELL" else . end' fast1 >wrong
	run -1 "$top/tests/final-tags" hold1 wrong
	jq -c 'if .record == "trade" then .is_large = true else . end' fast1 \
		>wrong
	run -1 "$top/tests/final-tags" hold1 wrong
}

@test "members of the input come out byte for byte, in order" {
	jq -c 'select(.record == "trade") | .trade_id' in1 >want
	jq -c 'select(.record == "trade") | .trade_id' hold1 >out
	cmp want out
	# a trade's line is its input, less the brace, and more
	grep '"record":"trade"' in1 | sed 's/}$//' >heads
	grep '"record":"trade"' hold1 >lines
	is "$(paste -d '\n' heads lines | awk 'NR % 2 { head = $0; next }
		index($0, head) != 1 { print "not kept: " head }')" ''
	# all else but heartbeats and what was made here passes unchanged
	grep -vE '"record":"(trade|heartbeat)"' in1 >want
	grep -vE '"record":"(trade|heartbeat|sweep|cancel|event)"' hold1 >out
	cmp want out
}

@test "B10: conservation at every heartbeat" {
	for file in hold? fast?; do
		is "$(jq -c 'select(.record == "heartbeat") | .hop[-1] |
			select(.in + .add != .out + ([.drop[]] | add // 0))' "$file")" ''
	done
	is "$(jq -c 'select(.record == "status")' hold? fast?)" ''
}
