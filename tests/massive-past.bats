# What flow-tap knows of Massive beside its stream: the hours, bars and chains
# at the start, past days, tables.  The session served is a demo's: synthetic.

load helper
load standin/massive

@test "what is stored of a session is the session" {
	# make t-massive is the long form: a whole session.
	run -0 --separate-stderr "$top/tests/massive-day" 20s
	is "$stderr" ''
	is "$(jq -c '[.n > 300, .bad, .pass]' <<<"$output")" '[true,0,true]'
}

# bars TIMEFRAME FILE: without what only a demo says; of minutes those of
# 2025-11-24.
bars() {
	jq -c --arg tf "$1" 'select(.record == "bar" and .tf == $tf and
	    .symbol == "AAPL" and ($tf == "1d" or
	    .timestamp >= 1763960400000)) | del(.feed)' "$2"
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
	run -143 --separate-stderr tap "{\"said\": [[1, \"record.:.chain\", 1]],
		\"rest\": {\"replies\": {\"/v3/snapshot/\": [{\"file\":
		\"$data/massive/rest_chain_snapshot_AAPL.json\"}]}}}" AAPL
	is "$stderr" ''
	is "$(jq -c 'select(.record == "chain" or .record == "oi") |
	    del(.timestamp)' out)" \
		'{"record":"oi","symbol":"AAPL","contract_ticker":"O:AAPL230616C00150000","oi_date":"2025-11-21","open_interest":8133}
{"record":"chain","symbol":"AAPL","contract_ticker":"O:AAPL230616C00150000","bid":28.9,"ask":29.25,"bid_size":294,"ask_size":209,"quote_timestamp":1651254260800,"last":29.25,"day_volume":8,"open_interest":8133,"underlying_price":159.9606,"iv":0.357028,"delta":0.643661,"gamma":0.006174,"theta":-0.028227,"vega":0.638116,"model":"VENDOR"}'
}

@test "a day that the service calls closed has no outage" {
	run -143 --separate-stderr tap '{"end_after": 3, "ping": 0.1,
		"said": [[1, "code.:.market", 1]],
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
	run -143 --separate-stderr tap "{\"said\": [[2, \"no open interest\", 1],
		[2, \"no bars\", 1]], \"rest\": {
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
		run -143 --separate-stderr tap "{\"quiet\": 0.6,
			\"said\": [[2, \"no bars\", 1]], \"rest\": {
			\"replies\": {\"/v2/aggs/\": [$reply]}}}" AAPL
		has "$stderr" "massive: no bars of the past: $text"
		is "$(bars 1d out)" ''
		is "$(jq 'select(.record == "chain")' out | grep -c iv)" 0
		cmp <(known out) "$BATS_FILE_TMPDIR/known"
	done <<-'END'
	{"body": "{\"results\":[{\"t\":1"}|the reply is no page
	{"body": {"results": [], "next_url": "https://evil.example/x"}}|the next page is on another server
	{"body": {"results": "x"}}|the reply is no page
	END
}

# past STATUS SCENARIO [option ...]: a day later, flow-tap fetches.
past() {
	local want=$1 scenario=$2 got=0
	shift 2
	tap "{\"clock\": \"2025-11-25 20:00:00\", \"end\": \"stay\",
		${scenario#\{}" "$@" 2>err || got=$?
	is "$got" "$want" || {
		cat err
		return 1
	}
}

# stored DB: of each print what identifies it, as sqlite3 reads it.
stored() {
	sqlite3 -csv "$1" "SELECT c.ticker, t.ts, x.text, t.price_e4, t.size,
		COALESCE(k.text, '') FROM trades t
		JOIN contracts c ON c.id = t.contract
		JOIN words x ON x.id = t.exchange
		LEFT JOIN words k ON k.id = t.conditions" | tr -d '[]"\r' | sort
}

# truth FILE: the same of records, as jq reads them.
truth() {
	jq -r 'select(.record == "trade") | [.contract_ticker, .timestamp,
	    .exchange, (.price * 10000 | round), .size, (.conditions // [] |
	    join(","))] | @csv' "$1" | tr -d '"' | sort
}

@test "a past day is fetched whole, in order, its bars before it" {
	past 0 '{"rest": {"page": 150}}' --backfill 2025-11-24 AAPL
	is "$(cat err)" ''
	cmp <(prints out) <(prints "$session")
	cmp <(bars 1d out) <(bars 1d "$session")
	jq -c 'select(.record == "hello" or .record == "gap" or .record == "bye")
	    | del(.run, .n, .gap_id)' out >control
	# Midnight to midnight in New York, at UTC-5.
	is "$(cat control)" '{"record":"hello","schema_version":1,"stage":"flow-tap","feed":"massive","mode":"replay","symbols":["AAPL"],"capabilities":{"quotes":false,"conditions":true,"exchange":true,"time_resolution_ms":1,"coverage":"backfill"}}
{"record":"gap","state":"open","from_ts":1763960400000,"symbols":["AAPL"],"reason":"BACKFILL"}
{"record":"gap","state":"filled","from_ts":1763960400000,"to_ts":1764046800000,"symbols":["AAPL"],"reason":"BACKFILL"}
{"record":"bye","reason":"end","exit":0}'
	jq -s '[.[] | select(.record == "trade" or .record == "bar") |
	    .end_ts // .timestamp] | . == sort' out >sorted
	is "$(cat sorted)" true
	# Equal prints have ids of their own; the same again is the same.
	is "$(jq -r '.trade_id // empty' out | sort | uniq -d)" ''
	mv out first
	past 0 '{"rest": {}}' --backfill 2025-11-24 --record kept AAPL
	cmp out first
	cmp kept first
}

@test "D3 what was stored from the stream and what is fetched is stored once" {
	# Real twins: prints equal in all that both transports tell.
	jq -c 'if .record == "trade" and .sequence % 7 == 0 then .,
	    (.sequence += 100000) else . end' "$session" >twins
	session=$PWD/twins
	run -143 --separate-stderr tap '{"cuts": [{"at": 900, "lose": 600,
		"how": "rst"}]}' --gap-requests 0 --backoff 20ms AAPL
	is "$(jq -r 'select(.record == "gap") | .state' out)" 'open
lost'
	flow-classify <out | flow-store -d db >/dev/null
	truth twins >all
	[ "$(stored db | wc -l)" -lt "$(wc -l <all)" ]
	past 0 '{"rest": {}}' --backfill 2025-11-24 AAPL
	for _ in 1 2; do
		flow-classify <out | flow-store -d db >/dev/null
		cmp <(stored db) all
	done
	# The other way round, and fetched alone.
	past 0 '{"rest": {}}' --backfill 2025-11-24 AAPL
	flow-classify <out | flow-store -d other >/dev/null
	cmp <(stored other) all
	run -143 --separate-stderr tap '{"quiet": 0}' AAPL
	flow-classify <out | flow-store -d other >/dev/null
	cmp <(stored other) all
}

@test "the budget goes to contracts near the close, and the day is partial" {
	# 12 requests: 2 of bars, 2 of the list, 8 of prints.
	past 3 '{"rest": {"page": 250}}' --backfill 2025-11-24 \
		--gap-requests 12 AAPL
	is "$(jq -r 'select(.record == "gap") | .state' out)" 'open
partial'
	is "$(jq -r 'select(.record == "bye").exit' out)" 3
	is "$(jq '.requests | length' report)" 12
	# Nearest by hand: distance in thousandths of the last close and two
	# for each day to expiration, of the session's own contracts.
	close=$(bars 1d "$session" | jq .close | tail -n 1)
	jq -r 'select(.record == "oi").contract_ticker' "$session" |
		python3 -c '
import datetime, math, sys
close = float(sys.argv[1])
def rank(t):
    day = datetime.date(2000 + int(t[-15:-13]), int(t[-13:-11]),
                        int(t[-11:-9]))
    return (math.floor(abs(int(t[-8:]) / 1000 - close) * 1000 / close +
                       1e-9) +
            2 * (day - datetime.date(2025, 11, 24)).days)
print(*sorted(sorted(sys.stdin.read().split()), key=rank)[:8], sep="\n")
' "$close" >near
	is "$(jq -r '.requests[]' report | sed -n 's|^/v3/trades/\(.*\)?.*|\1|p')" \
		"$(cat near)"
	cmp <(prints out) <(jq -c --rawfile near near 'select(.record ==
	    "trade" and (.contract_ticker | IN($near | split("\n")[])))' \
	    "$session" | prints)
}

@test "of today those that traded are fetched, the most active first" {
	# One is told twice; of its prints one is of tomorrow, one was taken
	# back, one is none.
	past 3 '{"clock": "2025-11-24 20:00:00", "rest": {"replies": {
		"/v3/snapshot/": [{"body": {"results": [
		{"details": {"ticker": "O:AAPL251128C00275000"},
		"day": {"volume": 5}},
		{"details": {"ticker": "O:AAPL251128P00275000"},
		"day": {"volume": 7}},
		{"details": {"ticker": "O:AAPL251128C00275000"},
		"day": {"volume": 6}},
		{"details": {"ticker": "O:AAPL251128C00300000"},
		"day": {"volume": 0}}]}}], "/v3/trades/O:AAPL251128P00275000":
		[{"body": {"results": [{"price": 1, "size": 1, "exchange": 302,
		"sip_timestamp": 1764046800000000000}, {"price": 2, "size": 3,
		"exchange": 302, "sip_timestamp": 1763996400000000001,
		"correction": 1}, {"price": 2, "size": 0, "exchange": 302,
		"sip_timestamp": 1763996400000000001}]}}]}}}' \
		--backfill 2025-11-24 AAPL
	is "$(jq -r '.requests[]' report | sed -n 's|^/v3/trades/\(.*\)?.*|\1|p')" \
		'O:AAPL251128P00275000
O:AAPL251128C00275000'
	is "$(jq -c 'select(.contract_ticker == "O:AAPL251128P00275000") |
	    [.ts_ns, .price, .size, .is_cancelled, .trade_id]' out)" \
		'["1763996400000000001",2,3,true,"O:AAPL251128P00275000:1763996400000:CBOE:1"]'
	cmp <(grep C00275000 out | prints) <(grep O:AAPL251128C00275000 \
		"$session" | prints)
	is "$(cat err)" 'flow-tap: warning: massive: /v3/trades/O:AAPL251128P00275000: rows left out: 1'
	# Until now, not until midnight.
	is "$(jq -r 'select(.state == "partial").to_ts < 1764046800000' out)" \
		true
}

@test "days in a row, each with its own gap; what fails is told" {
	past 3 "{\"rest\": {\"replies\": {
		\"/v3/trades/O:AAPL251128C00275000\": [{\"status\": 429,
		\"file\": \"$data/massive/rest_error_429_rate_limit.json\",
		\"headers\": {\"Retry-After\": \"1\"}}, {\"status\": 404},
		{\"body\": \"{\\\"results\\\":[{\"}]}}}" \
		--backfill 2025-11-21..2025-11-24 --warm-days 0 AAPL
	is "$(jq -r 'select(.record == "gap") | .state' out)" 'open
partial
open
partial'
	is "$(cat err)" 'flow-tap: warning: massive: 2025-11-21: no prints: HTTP status 404
flow-tap: warning: massive: 2025-11-24: no prints: the reply is no page'
	cmp <(prints out) <(grep -v O:AAPL251128C00275000 "$session" | prints)
	is "$(grep -c '"bar"' out)" 0
}

@test "a backfill that cannot be says why" {
	past 2 "{\"rest\": {\"replies\": {\"/v\": [{\"status\": 403,
		\"file\": \"$data/massive/rest_error_403_timeframe.json\"
		}]}}}" --backfill 2025-11-24 AAPL
	is "$(cat err)" "flow-tap: warning: massive: 2025-11-24: no bars of days: HTTP status 403: Your plan doesn't include this data timeframe.
flow-tap: warning: massive: 2025-11-24: no list of contracts: HTTP status 403: Your plan doesn't include this data timeframe.
flow-tap: error: --backfill: HTTP status 403: Your plan doesn't include this data timeframe."
	is "$(cat out)" ''
	# A list that leads on to itself for ever is read once.
	past 4 '{"rest": {"replies": {"/v3/reference/": [{"body": {"results":
		[], "next_url": "https://api.massive.com/v3/reference/options/contracts?underlying_ticker=AAPL&as_of=2025-11-24&expiration_date.gte=2025-11-24&limit=1000"
		}}]}}}' --backfill 2025-11-24 --warm-days 0 AAPL
	has "$(cat err)" 'no list of contracts: a page that leads on to itself'
	is "$(jq '.requests | length' report)" 1
	past 2 '{"rest": {}}' --backfill 2025-11-24 --gap-requests 3 AAPL
	is "$(cat err)" 'flow-tap: error: --backfill: 3 requests are too few'
	while IFS='|' read -r args text; do
		run -2 --separate-stderr env MASSIVE_API_KEY=k flow-tap $args
		is "$stderr" "flow-tap: error: --backfill: $text"
	done <<-'END'
	--backfill 2025-11-31 AAPL|neither a date nor FIRST..LAST
	--backfill 2025-11-24..2025-11-21 AAPL|neither a date nor FIRST..LAST
	--backfill 2025-11-22 AAPL|2025-11-22: no trading day
	--backfill 2028-12-01 AAPL|the day is yet to come
	--backfill 2025-11-24|say which symbols
	--backfill 2025-11-24 --gap-requests 0 AAPL|not with --gap-requests 0
	--backfill 2025-11-24 --check AAPL|only with --feed massive, and alone
	END
}

@test "the vendor's tables are kept, and say what a new number is called" {
	reference=$data/massive/rest
	run -0 --separate-stderr tap '{"end": "stay"}' --refresh-tables
	is "$stderr" ''
	is "$(cat out)" 'conditions: 33, of them 0 otherwise than built in
exchanges: 21, of them 0 otherwise than built in'
	is "$(cat "$FLOW_STATE/massive-tables")" "flow-tables 1 massive
$(jq -r '.results[] | "condition \(.id) \(.name)"' \
		"${reference}_conditions_options.json")
$(jq -r '.results[] | select(.mic) | "exchange \(.id) \(.mic)"' \
		"${reference}_exchanges_options.json")"
	is "$(ls "$FLOW_STATE")" massive-tables

	jq '.results += [{"id": 249, "name": "New Kind", "sip_mapping":
	    {"OPRA": "w"}}] | (.results[] | select(.id == 219) | .sip_mapping.OPRA)
	    |= "I"' "${reference}_conditions_options.json" >conditions
	jq '.results += [{"id": 326, "name": "New \u001b[1m", "mic": "XNEW",
	    "participant_id": "9"}, {"id": "x"}, 7]' \
		"${reference}_exchanges_options.json" >exchanges
	run -0 --separate-stderr tap "{\"end\": \"stay\", \"rest\": {
		\"replies\": {\"/v3/reference/conditions\": [{\"status\": 503},
		{\"file\": \"$PWD/conditions\"}],
		\"/v3/reference/exchanges\": [{\"file\":
		\"$PWD/exchanges\"}]}}}" --refresh-tables
	is "$stderr" ''
	is "$(cat out)" "condition 219: Intermarket Sweep Order, OPRA's I: built in as ISOI, its letter as AUTO
condition 249: New Kind, OPRA's w: not built in
conditions: 34, of them 2 otherwise than built in
exchange 326: New ?[1m, OPRA's 9: not built in
exchanges: 22, of them 1 otherwise than built in"
	# Prints of the new exchange and kind, then from frames elsewhere.
	jq -c 'if .record == "trade" and .exchange == "BOX" then
	    .exchange = 326 | .conditions = [249] else . end' "$session" >new
	run -143 --separate-stderr tap "{\"session\": \"$PWD/new\"}" \
		--record raw --gap-requests 0 AAPL
	is "$stderr" 'flow-tap: warning: massive: conditions: 249 (New Kind) is unknown: counts for volume only'
	cmp <(prints out) <(jq -c 'if .exchange == 326 then .exchange = "XNEW"
	    | .conditions = ["UNKNOWN_249"] else . end' new | prints)
	run -0 env FLOW_STATE="$PWD/other" flow-tap --quiet --replay raw/*.raw
	is "$output" "$(sed '1s/}$/,"replayed":true}/' out)"
}

@test "tables that do not come leave those there are" {
	mkdir -p "$FLOW_STATE"
	printf 'flow-tables 1 massive\nexchange 326 XNEW\n' \
		>"$FLOW_STATE/massive-tables"
	cp "$FLOW_STATE/massive-tables" before
	while IFS='|' read -r want reply text; do
		run "-$want" --separate-stderr tap "{\"end\": \"stay\",
			\"rest\": {\"replies\": {\"/v3/reference/exchanges\":
			[$reply]}}}" --refresh-tables
		is "$stderr" "flow-tap: error: --refresh-tables: $text"
		cmp "$FLOW_STATE/massive-tables" before
	done <<-END
	2|{"status": 401, "file": "$data/massive/rest_error_401_unknown_key.json"}|HTTP status 401: Unknown API Key
	4|{"body": "{\\"results\\": [{"}|the reply is no table
	4|{"body": {"results": []}}|the reply is no table
	4|{"status": 302, "headers": {"Location": "file:///etc/passwd"}}|HTTP status 302
	END
	printf 'something else\n' >"$FLOW_STATE/massive-tables"
	run -143 --separate-stderr tap '{"quiet": 0}' --gap-requests 0 AAPL
	is "$stderr" "flow-tap: warning: $FLOW_STATE/massive-tables: no table of Massive's: not used"
	run -2 --separate-stderr flow-tap --refresh-tables --replay /dev/null
	is "$stderr" 'flow-tap: error: --refresh-tables: only with --feed massive'
}
