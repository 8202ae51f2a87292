#!/usr/bin/env bats
# flow-tap --feed ib --mode stream.
load helper
load ib

# Volume ticks of the scenario's call, and others that count for nothing.
pushes='[[0.01, 46, 48, "1.25;3;1767627601700;15;1.238;true"],
  [0.01, 46, 48, "1.26;2;1767627601800;20;1.24;true"],
  [0.01, 46, 48, ";;1767627601850;24;1.24;false"],
  [0.01, 46, 77, "1.25;3;1767627601700;15;1.238;true"],
  [0.01, 45, 49, "0.0"]]'

streaming() {
	scenario "$(jq -n --argjson stream "$pushes" --argjson more "$1" '{
	  options: [{conId: 700001, symbol: "KO", expiration: "20260116",
	    strike: 70, right: "C", oi: 5021, volume: 12,
	    prints: [[1767627000, 1.25, 3, "CBOE", "I", 0]],
	    quotes: [[1767626999, 1.2, 1.3, 14, 22]],
	    stream: $stream}]} + ($more // {})')"
	gateway "$BATS_TEST_TMPDIR/scenario.json"
}

out=$BATS_TEST_TMPDIR/out

# stream DONE OPTION...: until DONE says that all is there; its output and
# messages are in $output and $stderr.
stream() {
	local done=$1 pid
	shift
	flow-tap --feed ib --port "$port" --mode stream "$@" >"$out" \
		2>"$BATS_TEST_TMPDIR/err" &
	pid=$!
	until_ok "$done"
	kill -INT $pid
	ends $pid 130
	output=$(cat "$out")
	stderr=$(cat "$BATS_TEST_TMPDIR/err")
}

# asked N: so often for the contract's volume.
asked() {
	has_lines "$1" "$BATS_TEST_TMPDIR/log" '^< 1|.*,233,375|'
}

# all_pushed: and a heartbeat was told since.
all_pushed() {
	has_lines 1 "$BATS_TEST_TMPDIR/log" '^> 45|.*|49|0.0|' || return
	[ -n "${beats-}" ] || beats=$(grep -c heartbeat "$out")
	has_lines $((beats + 2)) "$out" heartbeat
}

@test "a stream is sampled, and says what it did not see" {
	streaming null
	stream all_pushed --metrics-file "$BATS_TEST_TMPDIR/metrics" KO
	ends $gateway 0
	is "$stderr" ""
	is "$(grep '^flow_tap_\(connected\|trades_total\|requests\)' \
		"$BATS_TEST_TMPDIR/metrics")" 'flow_tap_connected 0
flow_tap_trades_total 2'
	is "$(jq -c 'select(.record == "hello") | [.mode,
		.capabilities.coverage, .capabilities.exchange,
		.capabilities.conditions, .capabilities.time_resolution_ms]' \
		<<<"$output")" '["sampled","stream",false,false,1]'
	is "$(jq -c 'select(.record == "trade") | [.timestamp, .price, .size,
		.bid, .ask, .underlying_price, .open_interest, .exchange]' \
		<<<"$output")" \
		'[1767627601700,1.25,3,1.2,1.3,70.12,5021,null]
[1767627601800,1.26,2,1.2,1.3,70.12,5021,null]'
	# volume 15 to 20 for 2 contracts, then to 24 for none: 3 + 4
	is "$(jq -r 'select(.code == "sampled_missing") | .message' \
		<<<"$output")" '7 contracts traded beside the 5 told'
	is "$(jq -c 'select(.record == "oi") | .open_interest' \
		<<<"$output")" 5021
	is "$(jq -s '[.[] | select(.record == "heartbeat").timestamp] |
		. == sort and length >= 1' <<<"$output")" true
}

# gaps: of the gap records on standard input what is known beforehand.
gaps() {
	jq -c 'select(.record == "gap") | [.state, .reason, .symbols[0],
		.from_ts != null, .to_ts != null]'
}

gap_closed() {
	has_lines 1 "$out" '"state":"lost"'
}

asked_again() {
	gap_closed && asked 2
}

two_gaps='["open","DISCONNECT","KO",true,false]
["lost","DISCONNECT","KO",true,true]'

@test "D8: 1101 opens a gap and asks again, 1102 opens one and does not" {
	streaming '{"script": [{"message": 1, "count": 3, "do": [
	  ["wait", 0.3], ["error", -1, 1100], ["wait", 0.1], ["lose"],
	  ["error", -1, 1101]]}]}'
	stream asked_again KO
	ends $gateway 0
	is "$(gaps <<<"$output")" "$two_gaps"
	is "$(grep -c '^< 1|.*,233,375|' "$BATS_TEST_TMPDIR/log")" 2
	streaming '{"script": [{"message": 1, "count": 3, "do": [
	  ["wait", 0.3], ["error", -1, 1100], ["wait", 0.1],
	  ["error", -1, 1102]]}]}'
	stream gap_closed KO
	ends $gateway 0
	is "$(gaps <<<"$output")" "$two_gaps"
	is "$(grep -c '^< 1|.*,233,375|' "$BATS_TEST_TMPDIR/log")" 1
}

@test "a connection cut while streaming is a gap" {
	scenario '{"script": [{"message": 1, "count": 3, "do": [
	  ["wait", 0.2], ["away", 0.1]]}]}'
	stays "$BATS_TEST_TMPDIR/scenario.json"
	stream gap_closed KO
	is "$(gaps <<<"$output")" "$two_gaps"
	kill $gateway
	ends $gateway 0
}

@test "D8: data that turns out delayed is told while streaming" {
	streaming '{"data_type": 3}'
	run -0 --separate-stderr tap --mode stream --until 1767627602000 \
		--data-type delayed KO
	ends $gateway 0
	is "$(jq -r 'select(.record == "hello") | .mode' <<<"$output")" delayed
}

evicted() {
	has_lines 1 "$out" line_evicted
}

@test "more contracts than lines: the quietest gives its own up" {
	scenario '{"lines": 2, "options": [
	  {"conId": 700001, "symbol": "KO", "expiration": "20260116",
	   "strike": 70, "right": "C"},
	  {"conId": 700002, "symbol": "KO", "expiration": "20260116",
	   "strike": 70, "right": "P"}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	stream evicted --max-lines 2 --rotate 800ms KO
	ends $gateway 0
	is "$(jq -r 'select(.code == "line_evicted") | .message' \
		<<<"$output" | head -n 1)" "the line of KO    260116C00070000 \
goes to KO    260116P00070000"
}

# Nothing is read here before prints are dropped; then prints told and prints
# counted are all there were.
@test "D9: the gateway is read while nobody reads us; what is shed is counted" {
	export N=${N:-180000}
	scenario "$(jq -n --argjson n "$N" '{volume: 0, script: [{message: 1,
	  count: 3, do: [["wait", 0.3], ["flood", $n, 1767627000000]]}],
	  options: [{conId: 700001, symbol: "KO", expiration: "20260116",
	    strike: 70, right: "C", volume: 0}]}')"
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	mkfifo "$BATS_TEST_TMPDIR/out"
	flow-tap --feed ib --port "$port" --mode stream KO \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	tap=$!
	exec 7<"$BATS_TEST_TMPDIR/out"
	grep -q -m 1 'are dropped' < <(tail -n +1 --pid=$tap -f \
		"$BATS_TEST_TMPDIR/err")
	run -0 --separate-stderr /usr/bin/python3 -B - "$N" $tap <<'END'
import json, os, signal, sys
n, tap = map(int, sys.argv[1:])
told = missing = 0
gaps = []
for line in open(7):
    if '"record":"trade"' in line:
        told += 1
    elif '"record":"gap"' in line:
        gaps.append(json.loads(line))
    elif '"record":"heartbeat"' in line and tap and \
            json.loads(line)['hop'][0]['in'] >= n:
        os.kill(tap, signal.SIGINT)
        tap = 0
assert [g['reason'] for g in gaps] == ['OVERFLOW'], gaps
missing = gaps[0]['missing']
print(told + missing == n, 0 < missing < n / 2, told, missing)
END
	has "$output" "True True"
	ends $tap 130
	ends $gateway 0
	has "$(cat "$BATS_TEST_TMPDIR/err")" "standard output is not read"
}

@test "either kind of volume ticks will do, and no print comes twice" {
	scenario '{"options": [{"conId": 700001, "symbol": "KO",
	  "expiration": "20260116", "strike": 70, "right": "C", "volume": 12,
	  "stream": [[0.01, 46, 77, "1.25;3;1767627601700;15;1.238;true"],
	    [0.01, 46, 48, "1.25;3;1767627601700;15;1.238;true"],
	    [0.01, 46, 48, "1.26;1;1767627601710;16;1.238;true"],
	    [0.01, 46, 77, "1.27;1;1767627601720;16;1.238;true"]]},
	  {"conId": 700002, "symbol": "KO",
	  "expiration": "20260116", "strike": 70, "right": "P", "volume": 12,
	  "stream": [[0.01, 46, 77, "2.25;3;1767627601705;8;2.238;true"],
	    [0.01, 46, 77, "2.26;1;1767627601715;9;2.238;true"],
	    [0.01, 2, 8, 20],
	    [0.1, 46, 77, "9.99;1;1767627601900;10;2.238;true"]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	seen '"price":9.99' --mode stream KO
	ends $gateway 0
	is "$(jq -r 'select(.record == "trade").price' <<<"$output")" '1.25
2.25
1.26
2.26
9.99'
	# the put's volume went from 12 to 20, 5 of it told; what its ticks
	# say of the day is only of reportable prints
	is "$(jq -r 'select(.code == "sampled_missing") | .message' \
		<<<"$output")" '3 contracts traded beside the 9 told'
}

@test "with few lines the most active contracts have them" {
	scenario '{"lines": 2, "options": [
	  {"conId": 700001, "symbol": "KO", "expiration": "20260116",
	   "strike": 70, "right": "C", "volume": 12},
	  {"conId": 700002, "symbol": "KO", "expiration": "20260116",
	   "strike": 70, "right": "P", "volume": 13},
	  {"conId": 700003, "symbol": "KO", "expiration": "20260116",
	   "strike": 75, "right": "P", "volume": 11}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	stream evicted --max-lines 2 --strikes 2 --min-day-volume 12 \
		--rotate 300ms KO
	ends $gateway 0
	is "$(grep '^< 1|.*,233,375|' "$BATS_TEST_TMPDIR/log" |
		head -n 2 | cut -d '|' -f 4)" '700002
700001'
	is "$(grep '^< 1|.*,233,375|' "$BATS_TEST_TMPDIR/log" |
		grep -c '|700003|')" 0
}
