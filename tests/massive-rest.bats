# What REST adds to flow-tap --feed massive: open interest, and prints missed.
# The session served by the stand-in is a demo's: synthetic.

load helper
load standin/massive

@test "D3: what a cut cost is fetched, once, and the gap says filled" {
	# Real twins: prints equal in all that both transports tell.
	jq -c 'if .record == "trade" and .sequence % 7 == 0 then .,
	    (.sequence += 100000) else . end' "$session" >twins
	cut='"how": "rst", "byte": 777'
	run -143 --separate-stderr tap "{\"session\": \"$PWD/twins\",
		\"said\": [[1, \"state.:.filled\", 2]], \"batch\": 20, \"rest\": {\"page\": 60},
		\"cuts\": [{\"at\": 1400, \"lose\": 90, $cut},
		{\"at\": 1800, \"lose\": 40, $cut}]}" \
		--record raw --backoff 20ms --backoff-max 60ms AAPL
	cmp <(prints out) <(prints twins)
	is "$(jq -r 'select(.record == "gap") | .state' out | sort)" \
		'filled
filled
open
open'
	# What was fetched is late, and of a gap; more may be than the server
	# kept back, for a reset takes what is on its way.
	jq -c 'select(.is_late_arrival) | .timestamp' out | sort -n >late
	[ "$(wc -l <late)" -ge \
		"$(jq '.lost | map(select(.ev == "T")) | length' report)" ]
	is "$(jq -s --slurpfile gaps <(jq -c 'select(.state == "filled")' out) '
	    map(. as $t | select(any($gaps[]; .from_ts <= $t and
	    $t <= .to_ts) | not))' late)" '[]'
	run -0 --separate-stderr flow-tap --replay raw/*.raw
	is "$output" "$(sed '1s/}$/,"replayed":true}/' out)"
}

@test "open interest comes from the chain, page by page" {
	run -143 --separate-stderr tap "{\"said\": [[1, \"record.:.oi\",
		$(grep -c '"record":"oi"' "$session")]]}" AAPL
	is "$stderr" ''
	cmp <(jq -c 'select(.record == "oi") | [.contract_ticker,
	    .open_interest, .oi_date]' "$session" | sort) \
		<(jq -c 'select(.record == "oi") | [.contract_ticker,
	    .open_interest, .oi_date]' out | sort)
	is "$(jq -r '.requests[]' report | grep -c /v3/snapshot/)" 2
}

@test "a reply that refuses, fails or leads away is told and survived" {
	chain=/v3/snapshot/options/
	cut='{"at": 1400, "how": "rst", "lose": 90}'
	sample=$data/massive/rest_error
	while IFS='|' read -r replies state text; do
		run -143 --separate-stderr tap "{
			\"said\": [[1, \"state.:.$state\", 1]], \"cuts\": [$cut], \"rest\": {\"replies\": {
			\"$chain\": [\"session\", \"session\", $replies]}}}" \
			--backoff 20ms --backoff-max 60ms AAPL
		has "$stderr" "$text"
		is "$(jq -r 'select(.record == "gap") | .state' out)" "open
$state"
	done <<-END
	{"status": 403, "file": "${sample}_403_message.json"}|lost|massive: the gap is not filled: HTTP status 403: You are not entitled to this data.
	{"body": {"results": [], "next_url": "https://evil.example/"}}|lost|the next page is on another server
	{"status": 302, "headers": {"Location": "file:///etc/passwd"}}|lost|HTTP status 302
	{"status": 429, "headers": {"Retry-After": "1"}}, "session"|filled|connection lost
	END
}

@test "a row of a gap that is no print is told, and the gap is partial" {
	cut='{"at": 1400, "how": "rst", "lose": 90}'
	run -143 --separate-stderr tap "{\"cuts\": [$cut],
		\"said\": [[1, \"state.:.partial\", 1]],
		\"rest\": {\"replies\": {\"/v3/trades/\": [{\"body\":
		{\"results\": [{\"price\": -1, \"size\": 1,
		\"sip_timestamp\": 1763994600000000000}]}}, \"session\"]}}}" \
		--backoff 20ms --backoff-max 60ms AAPL
	has "$stderr" 'massive: rows of a gap left out: 1'
	is "$(jq -r 'select(.record == "gap") | .state' out)" 'open
partial'
}

@test "D5: an endless next page ends with the budget" {
	cut='{"at": 1400, "how": "rst", "lose": 90}'
	run -143 --separate-stderr tap "{\"cuts\": [$cut],
		\"said\": [[1, \"state.:.partial\", 1]], \"rest\": {\"replies\": {\"/v3/snapshot/\": [\"session\",
		\"session\", {\"body\": {\"results\": [], \"next_url\":
		\"https://api.massive.com/v3/snapshot/options/AAPL?cursor=1\"
		}}]}}}" --gap-requests 7 --backoff 20ms AAPL
	is "$(jq -r 'select(.record == "gap") | .state' out)" 'open
partial'
	is "$(jq -r '.requests[]' report | grep -c /v3/)" 9
}

@test "--check says what the key can do" {
	run -0 --separate-stderr tap '{"end": "stay"}' --check AAPL
	is "$stderr" ''
	is "$(cat out)" 'options trades: yes
options quotes: yes
stocks trades: yes
chain snapshots: yes, without quotes
contracts: yes
past prints: yes
bars of shares: yes
market hours: yes, open'
	late='{"results": [{"details": {"ticker": "O:AAPL251219C00200000"},
		"last_quote": {"bid": 1, "ask": 2, "timeframe": "DELAYED"}}]}'
	run -0 --separate-stderr tap "{\"end\": \"stay\", \"stocks\": false,
		\"refuse\": [\"Q.*\"], \"rest\": {\"market\": \"closed\",
		\"replies\": {\"/v3/snapshot/\": [{\"body\": $late}],
		\"/v3/trades/\": [{\"status\": 403, \"file\":
		\"$data/massive/rest_error_403_message.json\"}]}}}" \
		--check AAPL
	is "$(cat out)" "options trades: yes
options quotes: no: not entitled
stocks trades: no: the key was refused: Your plan doesn't include websocket access.
chain snapshots: yes, 15 minutes late
contracts: yes
past prints: no: HTTP status 403: You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing
bars of shares: yes
market hours: yes, closed"
	run -1 --separate-stderr tap "{\"end\": \"stay\",
		\"auth\": \"bad_key\", \"rest\": {\"replies\": {\"/\": [{
		\"status\": 403, \"file\":
		\"$data/massive/rest_error_403_timeframe.json\"}]}}}" --check
	is "$(cat out)" "options trades: no: the key was refused: authentication failed
options quotes: no: the key was refused: authentication failed
stocks trades: yes
chain snapshots: no: HTTP status 403: Your plan doesn't include this data timeframe.
contracts: no: HTTP status 403: Your plan doesn't include this data timeframe.
past prints: no: no contract is known to ask for
bars of shares: no: HTTP status 403: Your plan doesn't include this data timeframe.
market hours: no: HTTP status 403: Your plan doesn't include this data timeframe."
	is "$(jq -cS .connections report)" '{"options":1,"stocks":1}'
	run -2 --separate-stderr flow-tap --check --replay /dev/null
	is "$stderr" 'flow-tap: error: --check: only with --feed'
}

@test "--universe prints the symbols traded most" {
	# 2025-11-24 is a Monday: the day before is Friday the 21st.
	grouped='{"results": [{"T": "KO", "v": 2e6}, {"T": "NVDA",
		"v": 180000000.5}, {"T": "bad one", "v": 9e9}, {"T": "A",
		"v": 2000000}, {"T": "BRK.B", "v": 3100000}]}'
	run -0 --separate-stderr tap "{\"end\": \"stay\", \"rest\": {
		\"replies\": {\"/v2/aggs/grouped/locale/us/market/stocks/2025-11-21\":
		[{\"status\": 503}, {\"body\": $grouped}]}}}" --universe 3
	is "$stderr" ''
	is "$(cat out)" 'NVDA
BRK.B
A'
	run -2 --separate-stderr tap "{\"end\": \"stay\", \"rest\": {
		\"replies\": {\"/v2/\": [{\"status\": 403, \"file\":
		\"$data/massive/rest_error_403_message.json\"}]}}}" \
		--universe 3
	is "$stderr" 'flow-tap: error: --universe: HTTP status 403: You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing'
	is "$(cat out)" ''
}
