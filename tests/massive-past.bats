# What flow-tap knows of Massive beside its stream: the hours, bars and chains
# at the start, past days, tables.  The session served is a demo's: synthetic.

load helper
load standin/massive
# shellcheck disable=SC2154 # for helper's top and bats' stderr

@test "what is stored of a session is the session" {
	# make t-massive is the long form: a whole session.
	run -0 --separate-stderr "$top/tests/massive-day" 20s
	is "$stderr" ''
	is "$(jq -c '[.n > 300, .bad, .pass]' <<<"$output")" '[true,0,true]'
}

# bars TIMEFRAME FILE: without what only a demo says.
bars() {
	jq -c --arg tf "$1" 'select(.record == "bar" and .tf == $tf) |
	    del(.feed)' "$2"
}

@test "bars of the past come first, days and minutes, and again from frames" {
	flow-tap --demo AAPL --rate 1/s --for 3m --quotes-out all >minutes
	# 09:32:05 in New York: two minutes of three are over.
	run -143 --separate-stderr tap "{\"session\": \"$PWD/minutes\",
		\"clock\": \"2025-11-24 14:32:05\", \"quiet\": 0.5,
		\"rest\": {\"page\": 7}}" --record raw AAPL
	cmp <(bars 1d out) <(bars 1d minutes)
	bars 1m minutes >told
	is "$(wc -l <told)" 3
	# Those of the past as a file's would be; then the stream's, which
	# waited; it does not tell the session or the number of trades.
	cmp <(bars 1m out | head -n 2) <(head -n 2 told)
	cmp <(bars 1m out | tail -n +3) <(jq -c 'del(.trades, .session)' told)
	run -0 --separate-stderr flow-tap --replay raw/*.raw
	is "$output" "$(sed '1s/}$/,"replayed":true}/' out)"
	# None when they are not wanted.
	run -143 --separate-stderr tap '{"quiet": 0.3}' --warm-days 0 AAPL
	is "$(jq -r '.requests[]' report | grep -c /v2/aggs/)" 0
}

@test "a chain becomes open interest and a snapshot of each contract" {
	# The values stand in the golden sample; 2025-11-21 is the Friday before.
	run -143 --separate-stderr tap "{\"quiet\": 0.5, \"rest\": {
		\"replies\": {\"/v3/snapshot/\": [{\"file\":
		\"$data/massive/rest_chain_snapshot_AAPL.json\"}]}}}" AAPL
	is "$stderr" ''
	is "$(jq -c 'select(.record == "chain" or .record == "oi") |
	    del(.timestamp)' out)" \
		'{"record":"oi","symbol":"AAPL","contract_ticker":"O:AAPL230616C00150000","oi_date":"2025-11-21","open_interest":8133}
{"record":"chain","symbol":"AAPL","contract_ticker":"O:AAPL230616C00150000","bid":28.9,"ask":29.25,"bid_size":294,"ask_size":209,"quote_timestamp":1651254260800,"last":29.25,"day_volume":8,"open_interest":8133,"underlying_price":159.9606,"iv":0.357028,"delta":0.643661,"gamma":0.006174,"theta":-0.028227,"vega":0.638116,"model":"VENDOR"}'
}

@test "a day that the service calls closed has no outage" {
	run -143 --separate-stderr tap '{"end_after": 3, "ping": 0.1,
		"rest": {"upcoming": [{"date": "2025-11-24",
		"exchange": "NYSE", "status": "closed", "name": "test"}]}}' \
		--silence 1500ms --underlying=no AAPL
	is "$stderr" 'flow-tap: warning: massive: 2025-11-24 is closed, by the calendar a whole trading day'
	is "$(control)" '["status","feed_live"]
["status","calendar"]
["status","market"]
["bye","signal"]'
}

@test "what the plan lacks at the start is said once and survived" {
	run -143 --separate-stderr tap "{\"quiet\": 1, \"rest\": {
		\"replies\": {\"/v\": [{\"status\": 403, \"file\":
		\"$data/massive/rest_error_403_message.json\"}]}}}" AAPL KO
	why='HTTP status 403: You are not entitled to this data. Please upgrade your plan at https://massive.com/pricing'
	is "$stderr" "flow-tap: warning: massive: the market's hours are not known: $why
flow-tap: warning: massive: the market's hours are not known: $why
flow-tap: warning: massive: no bars of the past: $why
flow-tap: warning: massive: no open interest: $why"
	cmp <(known out) "$BATS_FILE_TMPDIR/known"
}

@test "odd replies at the start are told, and no more comes of them" {
	while IFS='|' read -r reply text; do
		run -143 --separate-stderr tap "{\"quiet\": 0.6, \"rest\": {
			\"replies\": {\"/v2/aggs/\": [$reply]}}}" AAPL
		has "$stderr" "massive: no bars of the past: $text"
		is "$(jq -c 'select(.record == "bar")' out)" ''
		is "$(jq 'select(.record == "chain")' out | grep -c iv)" 0
		cmp <(known out) "$BATS_FILE_TMPDIR/known"
	done <<-'END'
	{"body": "{\"results\":[{\"t\":1"}|the reply is no page
	{"body": {"results": [], "next_url": "https://evil.example/x"}}|the next page is on another server
	{"body": {"results": "x"}}|the reply is no page
	END
}
