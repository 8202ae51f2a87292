#!/usr/bin/env bats
# flow-tap --feed ib against tests/standin/ib_gateway.py, which ends with 1
# when a rule of the protocol was broken: then "ends" fails.
load helper
load ib

@test "a lap is the scenario's prints, with the quote before their second" {
	scenario
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$stderr" ""
	is "$(trades <<<"$output")" "$two"
	# at 15:30:01 the quote of that second may already show the print
	is "$(jq -c 'select(.record == "trade") | [.bid, .ask, .bid_size,
		.ask_size, .quote_timestamp, .conditions[0],
		.open_interest]' <<<"$output")" \
		'[1.2,1.3,14,22,1767626999000,"AUTO",5021]
[1.2,1.3,14,22,1767626999000,"SLAN",5021]'
	is "$(jq -c 'select(.record == "hello") | [.feed, .mode,
		.capabilities.time_resolution_ms, .capabilities.coverage]' \
		<<<"$output")" '["ib","sampled",1000,"scan"]'
	is "$(jq -c 'select(.record == "oi") | [.contract_ticker,
		.open_interest, .oi_date]' <<<"$output")" \
		'["O:KO260116C00070000",5021,"2026-01-02"]'
	is "$(jq -r 'select(.record == "chain") | [.iv, .delta, .gamma,
		.theta, .vega, .underlying_price, .day_volume, .bid, .ask,
		.model] | map(tostring) | join(" ")' <<<"$output")" \
		"0.2417 0.5231 0.0087 -0.0287 0.3141 70.12 12 1.2 1.25 VENDOR"
	is "$(jq -r 'select(.record == "bye") | .exit' <<<"$output")" 0
}

@test "D8: messages that come two bytes at a time" {
	scenario '{"write": 2}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
}

@test "D8: 1101 in a lap asks for all again, 1102 for nothing" {
	scenario '{"script": [{"message": 1, "count": 2, "do": [
	  ["error", -1, 1100], ["lose"], ["error", -1, 1101]]}],
	  "chunk": 1}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	is "$(jq -r 'select(.record == "status") | .code' <<<"$output")" \
		'ib_1100
ib_1101
ib_back
scan_lap'
	scenario '{"script": [{"message": 1, "count": 2, "do": [
	  ["error", -1, 1100], ["error", -1, 1102]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	is "$(jq -r 'select(.record == "status") | .code' <<<"$output")" \
		'ib_1100
ib_1102
scan_lap'
	is "$(grep -c '^< 96|.*|TRADES|' "$BATS_TEST_TMPDIR/log")" 1
}

@test "D8: the daily restart: the port is away for a while" {
	scenario '{"script": [{"message": 1, "count": 2,
	  "do": [["away", 0.2]]}]}'
	stays "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	is "$(trades <<<"$output")" "$two"
	is "$(jq -r 'select(.record == "status") | .code' <<<"$output")" \
		'ib_lost
ib_back
scan_lap'
	kill $gateway
	ends $gateway 0
}

@test "D8: 1300: the port has changed" {
	scenario '{"script": [{"message": 1, "count": 2, "do": [["move"]]}]}'
	stays "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	is "$(trades <<<"$output")" "$two"
	has "$stderr" "socket port has been reset"
	kill $gateway
	ends $gateway 0
}

@test "D8: a kind of data is away and comes back" {
	scenario '{"script": [{"message": 1, "count": 2, "do": [
	  ["error", -1, 2105], ["error", -1, 2106], ["error", -1, 2103]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$(jq -r 'select(.record == "status") | .code' <<<"$output")" \
		'ib_2105
ib_2106
ib_2103
scan_lap'
}

@test "D8: delayed data is never called live" {
	scenario '{"data_type": 3}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --data-type delayed KO
	ends $gateway 0
	is "$(jq -r 'select(.record == "hello") | .mode' <<<"$output")" delayed
	is "$(trades <<<"$output")" "$two"
}

@test "D8: a version we do not speak" {
	scenario '{"version": 175}'
	stays "$BATS_TEST_TMPDIR/scenario.json"
	run -2 --separate-stderr tap KO
	is "$output" ""
	has "$stderr" "it speaks version 175, not 176 to 178"
	kill $gateway
	ends $gateway 0
}

@test "D10: noise after a good greeting ends the connection, no record" {
	scenario '{"script": [{"message": 9, "do": [["garbage", 4096]]}]}'
	stays "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	is "$(trades <<<"$output")" "$two"
	has "$stderr" 'flow-tap: warning: a message without its last NUL'
	kill $gateway
	ends $gateway 0
}

@test "a client id in use, a gateway that hangs up, one that is silent" {
	scenario '{"taken_ids": [1]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -2 --separate-stderr tap KO
	is "$output" ""
	has "$stderr" "the client id is already in use"
	run -2 --separate-stderr tap --check
	has "$stderr" "the client id is already in use"
	run -0 --separate-stderr tap --client-id 2 KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	scenario '{"greeting": "close"}'
	stays "$BATS_TEST_TMPDIR/scenario.json"
	run -4 --separate-stderr tap KO
	has "$stderr" "closed the connection at once"
	run -4 --separate-stderr tap --check
	has "$stderr" "closed the connection at once: is this computer among"
	kill $gateway
	ends $gateway 0
	scenario '{"greeting": "silent"}'
	stays "$BATS_TEST_TMPDIR/scenario.json"
	run -4 --separate-stderr tap --connect-timeout 100ms KO
	has "$stderr" "does not answer"
	run -4 --separate-stderr tap --connect-timeout 100ms --check
	has "$stderr" "a dialog in TWS"
	kill $gateway
	ends $gateway 0
	run -4 --separate-stderr tap --check
	is "$output" ""
	has "$stderr" "unable to connect to 127.0.0.1 port $port: Connection \
refused: neither TWS nor IB Gateway listens there, or its API is off"
}

@test "the target is a port; environment and file come after flags" {
	local target
	while read -r target want; do
		run -4 --separate-stderr flow-tap --feed ib --host 127.0.0.2 \
			--target "$target" KO
		has "$stderr" "unable to connect to 127.0.0.2 port $want: "
	done <<'END'
gateway-paper 4002
gateway-live 4001
tws-paper 7497
tws-live 7496
END
	scenario '{"version": 176}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	TWS_HOST=127.0.0.1 TWS_PORT=$port CLIENT_ID=9 MAX_SUBSCRIPTIONS=1 \
		run -0 --separate-stderr flow-tap --feed ib KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	has "$(cat "$BATS_TEST_TMPDIR/log")" '< 71|2|9||'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	printf 'feed: {name: ib, quote_lag_ms: 0, ib: {port: %d, %s: 8}}\n' \
		"$port" client_id >"$BATS_TEST_TMPDIR/flow.yaml"
	run -0 --separate-stderr flow-tap \
		--config "$BATS_TEST_TMPDIR/flow.yaml" KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	# a lag for other feeds lets no quote of the print's second in
	is "$(jq 'select(.record == "trade") | .quote_timestamp' \
		<<<"$output")" '1767626999000
1767626999000'
	has "$(cat "$BATS_TEST_TMPDIR/log")" '< 71|2|8||'
}

# An address that no other test, and no gateway of a person's, listens on.
@test "without a key, a gateway that answers is the source: 4002, then 7497" {
	local port host
	host=127.$((BASHPID / 250 % 250 + 1)).$((BASHPID % 250 + 1)).9
	for port in 4002 7497; do
		scenario
		gateway --host "$host" --port "$port" \
			"$BATS_TEST_TMPDIR/scenario.json"
		TWS_HOST=$host run -0 --separate-stderr flow-tap KO
		ends $gateway 0
		is "$(trades <<<"$output")" "$two"
		is "$stderr" "flow-tap: info: no key of Massive, but $host \
port $port answers: taking --feed ib"
		is "$(jq -r 'select(.record == "hello").feed' \
			<<<"$output")" ib
	done
	# said, it may be TWS's port too; a live one is never guessed
	scenario
	gateway --host "$host" --port 7497 "$BATS_TEST_TMPDIR/scenario.json"
	TWS_HOST=$host run -0 --separate-stderr flow-tap --feed ib KO
	ends $gateway 0
	stays --host "$host" --port 4001 "$BATS_TEST_TMPDIR/scenario.json"
	TWS_HOST=$host run -2 --separate-stderr flow-tap KO
	has "$stderr" 'no source: say --feed, --replay FILE or --demo SYMBOL'
	TWS_HOST=$host run -0 --separate-stderr flow-tap --feed ib \
		--target gateway-live KO
	kill $gateway
	ends $gateway 0
}

@test "a mistake in the environment stops --feed ib alone" {
	local name
	for name in TWS_PORT CLIENT_ID MAX_SUBSCRIPTIONS \
		MAX_CONCURRENT_REQUESTS; do
		run -0 --separate-stderr env "$name=many" \
			flow-tap --demo KO --for 1s
		is "$stderr" ""
		run -2 --separate-stderr env "$name=many" \
			flow-tap --feed ib KO
		is "$stderr" "flow-tap: error: \$$name: not an integer"
	done
	# a flag stands over it
	run -4 --separate-stderr env TWS_PORT=many flow-tap --feed ib \
		--host 127.0.0.2 --port 4002 KO
}

@test "options of one feed are refused with another" {
	local option
	while read -r option; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr flow-tap --demo KO $option
		is "$stderr" "flow-tap: error: ${option%% *}: only with \
--feed ib"
		# shellcheck disable=SC2086
		run -2 --separate-stderr env MASSIVE_API_KEY=k flow-tap KO \
			$option
		is "$stderr" "flow-tap: error: ${option%% *}: only with \
--feed ib"
	done <<'END'
--target tws-paper
--host localhost
--port 4002
--client-id 1
--data-type live
--mode scan
--expirations 3
--every 5m
--min-day-volume 100
--scan HIGH_OPT_VOLUME_PUT_CALL_RATIO
--positions
END
	while read -r option; do
		# shellcheck disable=SC2086
		run -2 --separate-stderr flow-tap --feed ib KO $option
		is "$stderr" "flow-tap: error: ${option%% *}: only with \
--feed massive"
	done <<'END'
--delayed
--quotes-max 5
--stream-url wss://example.com
--gap-requests 5
--ca-file none
END
	run -2 --separate-stderr flow-tap --feed ib --mode stream --every 5m KO
	is "$stderr" "flow-tap: error: --every: not with --mode stream"
	run -2 --separate-stderr flow-tap --feed ib --rotate 5m KO
	is "$stderr" "flow-tap: error: --rotate: only with --mode stream"
}

@test "what --feed ib needs, and what needs it" {
	run -2 --separate-stderr flow-tap --positions --replay /dev/null
	has "$stderr" "--positions: only with --feed ib"
	# a key alone means massive, but not when ib was said
	run -2 --separate-stderr env MASSIVE_API_KEY=k flow-tap --positions
	has "$stderr" "--positions: only with --feed ib"
	run -2 --separate-stderr env MASSIVE_API_KEY=k flow-tap --feed ib
	has "$stderr" "--feed ib: say which symbols, or --universe N"
	run -2 --separate-stderr flow-tap --feed ib --universe 51
	has "$stderr" "--universe: at most 50 with --feed ib"
	run -2 --separate-stderr flow-tap --feed ib --speed 2 KO
	has "$stderr" "--speed: not with --feed"
	run -2 --separate-stderr flow-tap --feed ib --universe 5 KO
	has "$stderr" "--universe: instead of symbols, not beside them"
}

@test "an unknown symbol is left out, alone it is a mistake" {
	scenario
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -3 --separate-stderr tap KO NONE
	ends $gateway 0
	has "$stderr" "NONE: no such underlying: No security definition"
	is "$(trades <<<"$output")" "$two"
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -2 --separate-stderr tap NONE
	ends $gateway 0
	is "$output" ""
}

@test "codes nobody knows: the print stays, the status is 3" {
	scenario '{"options": [{"conId": 700001, "symbol": "KO",
	  "expiration": "20260116", "strike": 70, "right": "C",
	  "prints": [[1767627000, 1.25, 3, "EX-1", "I Z", 0],
	    [1767627001, 1.24, 9, "BATS", "", 0],
	    [1767627002, 0, 0, "", "", 1]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -3 --separate-stderr tap KO
	ends $gateway 0
	is "$(jq -c 'select(.record == "trade") | [.price, .exchange,
		.conditions]' <<<"$output")" \
		'[1.25,null,["AUTO","UNKNOWN_Z"]]
[1.24,"BZX",null]'
	has "$stderr" "exchange: EX-1 is unknown: left out"
	has "$stderr" "conditions: Z is unknown: counts for volume only"
}

@test "rows 82, 83: how long to wait, and which data will do" {
	local which n=0
	scenario '{"refuse": [{"request": 78, "symbol": "KO", "code": 2174,
	  "text": "advice", "advice": false}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -2 --separate-stderr tap --request-timeout 100ms KO
	ends $gateway 0
	has "$stderr" "KO: no options: no answer in time"
	scenario
	for which in live frozen delayed delayed-frozen; do
		gateway "$BATS_TEST_TMPDIR/scenario.json"
		run -0 --separate-stderr tap --check --data-type $which KO
		ends $gateway 0
		n=$((n + 1))
		is "$(grep '^< 59|' "$BATS_TEST_TMPDIR/log")" "< 59|1|$n|"
	done
}

@test "SIGINT leaves no line open and no half record" {
	scenario '{"script": [{"message": 96, "do": [["error", -1, 2105]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	seen '"heartbeat"' --every 1s KO
	ends $gateway 0
	is "$(jq -es 'length > 4 and .[-1].reason == "signal"' \
		<"$BATS_TEST_TMPDIR/got")" true
	is "$(tail -c 1 "$BATS_TEST_TMPDIR/got" | wc -l)" 1
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	seen '"heartbeat"' --mode stream KO
	ends $gateway 0
	is "$(tail -n 1 "$BATS_TEST_TMPDIR/got" | jq -r .reason)" signal
}

@test "positions are records with greeks, accounts masked" {
	scenario
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --positions
	ends $gateway 0
	is "$(jq -c 'select(.record == "position") | [.symbol,
		.contract_ticker, .account, .position, .avg_cost,
		.multiplier]' <<<"$output")" \
		'["KO","O:KO260116C00070000","DU*****67",-2,124.5,100]
["KO",null,"DU*****67",100,68.25,null]'
	# row 98: ticker, strike, expiration, delta, gamma, theta, vega, IV
	is "$(jq -r 'select(.record == "position" and .strike) | [.symbol,
		.strike, .expiration, .delta, .gamma, .theta, .vega, .iv,
		.option_type] | map(tostring) | join(" ")' <<<"$output")" \
		"KO 70 2026-01-16 0.5231 0.0087 -0.0287 0.3141 0.2417 call"
	is "$(grep -c DU1234567 <<<"$output")" 0
}

@test "--check says what is there, and what is not" {
	scenario '{"stocks": [
	  {"conId": 8894, "symbol": "KO", "price": 70.12},
	  {"conId": 8895, "symbol": "PG", "price": 160}],
	  "refuse": [{"request": 1, "symbol": "PG", "code": 354}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -1 --separate-stderr tap --check KO PG
	ends $gateway 0
	is "$output" "127.0.0.1 port $port: answers, version 178, client id \
1 is free, accounts DU*****67
read-only: fine; nothing here can place an order
KO: market data is live, 1 chains
PG: no: Requested market data is not subscribed.Delayed market data is \
available."
	scenario '{"data_type": 3}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -1 --separate-stderr tap --check --data-type delayed KO
	ends $gateway 0
	is "${lines[2]}" \
		"KO: market data is delayed: live is not subscribed, 1 chains"
}

@test "a scanner names the symbols" {
	scenario '{"scan": {"OPT_VOLUME_MOST_ACTIVE": ["KO", "PG"],
	  "NONE_MATCHES": []}}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --universe 1 --scan OPT_VOLUME_MOST_ACTIVE
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	is "$(jq -c 'select(.record == "hello") | .symbols' <<<"$output")" \
		'["KO"]'
	is "$(grep -c '^< 23|' "$BATS_TEST_TMPDIR/log")" 1
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -1 --separate-stderr tap --universe 1 --scan NONE_MATCHES
	ends $gateway 0
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -2 --separate-stderr tap --universe 1 --scan WRONG
	ends $gateway 0
	has "$stderr" "--scan WRONG: Historical Market Data Service error"
}

@test "the stand-in itself: an order is a breach" {
	scenario
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr /usr/bin/python3 -B - "$port" \
		"$data/ib-wire" <<'END'
import socket, sys
def vector(name):
    with open('%s/%s.hex' % (sys.argv[2], name)) as f:
        return bytes.fromhex(''.join(l for l in f if l[0] != '#'))
s = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
s.sendall(vector('c-handshake-157-178') + vector('c-start-api') +
          vector('c-place-order-bag'))
while s.recv(4096):
    pass
END
	ends $gateway 1
	has "$(cat "$BATS_TEST_TMPDIR/said")" "message 3 is not on the list"
}
