#!/usr/bin/env bats
# flow-tap --feed ib and each code of the gateway's: which end a request, which
# are advice, which are about the connection.  Codes and what to do at them:
# IBKR's documentation and reports from the field.
load helper
load ib

# each CODE...: a call of KO for each code, its conId 700000 + the code, traded
# once; and a rule of MESSAGE that answers it with the code, as advice or not.
each() {
	local message=$1 advice=$2
	shift 2
	scenario "$(printf '%s\n' "$@" | jq -sc --argjson message "$message" \
		--argjson advice "$advice" '{lines: 100,
		history: {per_10min: 10000},
		options: [.[] | {conId: (700000 + .), symbol: "KO",
		  expiration: "20260116", strike: (. / 10), right: "C",
		  volume: 3, prints: [[1767627000, 1.25, 3, "CBOE", "", 0]],
		  quotes: [[1767626999, 1.2, 1.3, 1, 1]]}],
		refuse: [.[] | {request: $message, conId: (700000 + .),
		  code: ., $advice}]}')"
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap -v --history 10000 --minutes=no \
		--strikes 1000 --expirations 1 KO
	ends $gateway 0
}

# codes KIND: the codes of the contracts of which such records came.
codes() {
	jq -r --arg kind "$1" 'select(.record == $kind).contract_ticker' \
		<<<"$output" | awk '{ print substr($1, 12) / 100 }' |
		sort -n | paste -sd ' ' -
}

ends_line='101 102 200 320 321 322 354 414 420 10168 10186 10187 10189 10190'
ends_line+=' 10225 10346'
advice='492 2107 2119 2174 2176 2177 10089 10090 10091 10167 10197'

@test "codes that end a line: the contract has no chain, its history is read" {
	# shellcheck disable=SC2086
	each 1 false $ends_line
	is "$(codes chain)" ""
	is "$(codes trade)" "$ends_line"
	is "$(grep -c 'no market data: ' <<<"$stderr")" 16
}

@test "codes that are advice on a line: what it says is taken" {
	# shellcheck disable=SC2086
	each 1 true $advice
	is "$(codes chain)" "$advice"
	is "$(codes trade)" "$advice"
	is "$(grep -c 'no market data: ' <<<"$stderr")" 0
}

@test "codes that end a request of history: the contract is left out" {
	local all='162 165 200 320 321 322 354 366 386 420'
	all+=' 10182 10187 10225 10299 10314'
	# shellcheck disable=SC2086
	each 96 false $all
	is "$(codes chain)" "$all"
	is "$(codes trade)" ""
	has "$(jq -r 'select(.code == "scan_left_out").message' \
		<<<"$output")" ' 15 contracts left out'
}

@test "codes that are advice on a request of history" {
	each 96 true 2174 2176 2177 10167
	is "$(codes trade)" "2174 2176 2177 10167"
}

@test "codes of the connection are told, once each; others are for people" {
	scenario '{"script": [{"message": 1, "count": 2, "do": [
	  ["error", -1, 2104], ["error", -1, 2106], ["error", -1, 2158],
	  ["error", -1, 2107], ["error", -1, 2108], ["error", -1, 2119],
	  ["error", 99, 300], ["error", 99, 365], ["error", 99, 366],
	  ["error", 99, 10147], ["error", 99, 317],
	  ["error", -1, 100], ["error", -1, 2174, "time zones"],
	  ["error", -1, 9999, "nobody knows"], ["unknown"],
	  ["error", -1, 2103], ["error", -1, 2105], ["error", -1, 2157],
	  ["error", -1, 2104], ["error", -1, 2106], ["error", -1, 2158],
	  ["error", -1, 1100], ["error", -1, 2110], ["error", -1, 1102],
	  ["error", -1, 2110], ["error", -1, 1102]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	is "$(jq -r 'select(.record == "status").code' <<<"$output" |
		paste -sd ' ' -)" "ib_2103 ib_2105 ib_2157 ib_2104 ib_2106 \
ib_2158 ib_1100 ib_1102 ib_2110 ib_1102 scan_lap"
	is "$(grep -cE 'Max rate|time zones|nobody knows' <<<"$stderr")" 3
}

@test "1100: nothing is sent but questions for the time, until 1102" {
	scenario '{"script": [{"message": 1, "count": 2, "do": [
	  ["error", -1, 1100], ["wait", 1], ["error", -1, 1102]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	is "$(awk '/^> 4.2.-1.1100/ { on = 1 } /^> 4.2.-1.1102/ { on = 0 }
		on && /^< / && !/^< 49/' "$BATS_TEST_TMPDIR/log")" ""
}

# What ends the search for an underlying, at each of its steps.
@test "codes of a symbol: it is left out, the others are read" {
	scenario "$(jq -nc '["A", "B", "C", "D", "E", "F"] as $names | {
	  stocks: ([{conId: 8894, symbol: "KO", price: 70.12}] +
	    [$names | to_entries[] | {conId: (100 + .key), symbol: .value,
	    price: 10}]),
	  refuse: [{request: 9, symbol: "A", code: 200},
	    {request: 9, symbol: "B", code: 321},
	    {request: 78, symbol: "C", code: 322},
	    {request: 78, symbol: "D", code: 200},
	    {request: 1, symbol: "E", code: 354},
	    {request: 1, symbol: "F", code: 10186}]}')"
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -3 --separate-stderr tap KO A B C D E F
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	is "$(grep -oE 'warning: [A-F]: [^:]+' <<<"$stderr" | sort)" \
		'warning: A: no such underlying
warning: B: no such underlying
warning: C: no options
warning: D: no options
warning: E: no market data
warning: F: no market data'
}

@test "a breach of pacing or form fails the test that makes it" {
	local way
	for way in fast wide identical; do
		scenario
		gateway "$BATS_TEST_TMPDIR/scenario.json"
		run -0 --separate-stderr /usr/bin/python3 -B - "$port" \
			"$data/ib-wire" $way <<'END'
import socket, sys
def vector(name):
    with open('%s/%s.hex' % (sys.argv[2], name)) as f:
        return bytes.fromhex(''.join(l for l in f if l[0] != '#'))
more = {'fast': vector('c-req-current-time') * 51,
        'wide': b'\0\0\0\x0549\x001\x00\x00'.replace(b'\x05', b'\x06'),
        'identical': vector('c-req-hist-ticks-trades') * 2}[sys.argv[3]]
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(vector('c-handshake-157-178') + vector('c-start-api') + more)
s.shutdown(socket.SHUT_WR)
while s.recv(4096):
    pass
END
		ends $gateway 1
	done
}
