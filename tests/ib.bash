# shellcheck shell=bash disable=SC2034,SC2154
# What the tests of flow-tap --feed ib have in common: the stand-in, and a
# scenario for it.  All data here is synthetic.

# stays ARG...: starts the stand-in; $port is where it listens, $gateway its
# process.
stays() {
	rm -f "$BATS_TEST_TMPDIR/port"
	mkfifo "$BATS_TEST_TMPDIR/port"
	/usr/bin/python3 -B "$top/tests/standin/ib_gateway.py" \
		--reads-only --ready "$BATS_TEST_TMPDIR/port" \
		--log "$BATS_TEST_TMPDIR/log" "$@" 2>"$BATS_TEST_TMPDIR/said" &
	gateway=$!
	read -r port <"$BATS_TEST_TMPDIR/port"
}

# gateway ARG...: the same, until its last client has gone.
gateway() {
	stays --once "$@"
}

# scenario JSON: KO with one call that traded twice, and what JSON adds.
# 1767627600 is 2026-01-05 15:40:00 UTC, 10:40 in New York.
scenario() {
	jq '. as $more | {
	  now: 1767627600,
	  stocks: [{conId: 8894, symbol: "KO", primary: "NYSE", price: 70.12,
	    close: 69.9, ids: {ISIN: "US1912161007"}}],
	  options: [{conId: 700001, symbol: "KO", expiration: "20260116",
	    strike: 70, right: "C", oi: 5021,
	    prints: [[1767627000, 1.25, 3, "CBOE", "I", 0],
	      [1767627001, 1.24, 9, "PHLX", "a", 0]],
	    quotes: [[1767626999, 1.2, 1.3, 14, 22],
	      [1767627001, 1.2, 1.25, 14, 9]],
	    greeks: {price: 1.24, iv: 0.2417, delta: 0.5231, gamma: 0.0087,
	      vega: 0.3141, theta: -0.0287, underlying: 70.12}}],
	  positions: [{conId: 700001, position: -2, avgCost: 124.5},
	    {conId: 8894, position: 100, avgCost: 68.25}]} + ($more // {})' \
		<<<"${1:-null}" >"$BATS_TEST_TMPDIR/scenario.json"
}

# trades: time, price, size, exchange of the records on standard input.
trades() {
	jq -r 'select(.record == "trade") |
		"\(.timestamp) \(.price) \(.size) \(.exchange)"'
}

two='1767627000000 1.25 3 CBOE
1767627001000 1.24 9 PHLX'

tap() {
	flow-tap --feed ib --port "$port" --request-timeout 20s "$@"
}

# seen TEXT ARG...: flow-tap until a line of it has the text, then SIGINT; its
# lines are $output, its messages $stderr.
seen() {
	local text=$1 line
	rm -f "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/got"
	mkfifo "$BATS_TEST_TMPDIR/out"
	flow-tap --feed ib --port "$port" --request-timeout 20s "${@:2}" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" &
	tap=$!
	exec 7<"$BATS_TEST_TMPDIR/out"
	while read -r line <&7; do
		printf '%s\n' "$line" >>"$BATS_TEST_TMPDIR/got"
		[[ $line != *"$text"* ]] || break
	done
	kill -INT $tap
	cat <&7 >>"$BATS_TEST_TMPDIR/got"
	ends $tap 130
	output=$(cat "$BATS_TEST_TMPDIR/got")
	stderr=$(cat "$BATS_TEST_TMPDIR/err")
}
