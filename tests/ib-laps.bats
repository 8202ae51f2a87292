#!/usr/bin/env bats
# flow-tap --feed ib, laps: what they read, how often, how fast.
load helper
load ib

# The truth is taken from the session by the rules alone: prints of the
# contracts a lap looked at, at whole seconds, each with the last quote of an
# earlier second; and they are what the pipe has stored.
@test "a lap of three symbols equals the session it was served, and is stored" {
	flow-tap --demo KO JNJ PG --rate 6/s --for 3m --quotes-out all \
		--demo-cancels 0 --date 2025-11-24 \
		>"$BATS_TEST_TMPDIR/day.ndjson"
	echo '{"history": {"per_10min": 1000}}' \
		>"$BATS_TEST_TMPDIR/more.json"
	gateway --session "$BATS_TEST_TMPDIR/day.ndjson" \
		"$BATS_TEST_TMPDIR/more.json"
	export port
	run -0 --separate-stderr bash -c 'set -o pipefail
		flow-tap --feed ib --port "$port" --expirations 2 --strikes 2 \
			--history 900 --record "$HOME/lap.ndjson" KO JNJ PG |
		flow-classify | flow-score | flow-store --db "$HOME/h.db" \
			--min-size 1 |
		flow-alert -q >"$HOME/alerts"'
	ends $gateway 0
	is "$stderr" ""
	run -0 --separate-stderr /usr/bin/python3 -B - \
		"$BATS_TEST_TMPDIR/day.ndjson" \
		"$BATS_TEST_TMPDIR/lap.ndjson" "$BATS_TEST_TMPDIR/h.db" <<'END'
import json, sqlite3, sys
day, lap = ([json.loads(l) for l in open(f)] for f in sys.argv[1:3])
seen = {r['contract_ticker'] for r in lap if r['record'] == 'chain'}
quotes = {}
for r in day:
    if r['record'] == 'quote' and r.get('scope') == 'NBBO':
        quotes.setdefault(r['contract_ticker'], []).append(r)
def told(r, bid, ask):
    return (r['contract_ticker'], r['timestamp'] // 1000, r['price'],
            r['size'], r['exchange'], tuple(r.get('conditions', [])),
            bid, ask)
want = []
for r in day:
    if r['record'] == 'trade' and r['contract_ticker'] in seen:
        q = [q for q in quotes[r['contract_ticker']]
             if q['timestamp'] // 1000 < r['timestamp'] // 1000]
        q = q[-1] if q else {}
        want.append(told(r, q.get('bid'), q.get('ask')))
got = [told(r, r.get('bid'), r.get('ask')) for r in lap
       if r['record'] == 'trade']
assert sorted(map(str, got)) == sorted(map(str, want)), \
    (set(want) - set(got), set(got) - set(want))
stored = sqlite3.connect(sys.argv[3]).execute('''SELECT contract_ticker,
    timestamp / 1000, price, size, exchange, conditions
    FROM options_flow_history''')
assert sorted((*r[:5], *json.loads(r[5])) for r in stored) == sorted(
    (*w[:5], *w[5]) for w in want)
times = [r['timestamp'] for r in lap if r['record'] == 'trade']
assert times == sorted(times)
print(len(seen) >= 16, len(want) > 50)
END
	is "$output" "True True"
}

@test "laps repeat, and read only what is new" {
	scenario '{"options": [{"conId": 700001, "symbol": "KO",
	  "expiration": "20260116", "strike": 70, "right": "C",
	  "prints": [[1767627000, 1.25, 3, "CBOE", "I", 0],
	    [1767627601, 1.24, 9, "PHLX", "I", 0]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	mkfifo "$BATS_TEST_TMPDIR/out"
	flow-tap --feed ib --port "$port" --every 1s KO \
		>"$BATS_TEST_TMPDIR/out" &
	tap=$!
	exec 7<"$BATS_TEST_TMPDIR/out"
	# one lap more than the one that reads the print of :01
	found='' more=''
	while [ "$found$more" != yesyes ] && read -r line <&7; do
		printf '%s\n' "$line" >>"$BATS_TEST_TMPDIR/got"
		case $line in
		*'"trade"'*1767627601000*) found=yes ;;
		*'"chain"'*) more=${found:+yes} ;;
		esac
	done
	kill -INT $tap
	cat <&7 >>"$BATS_TEST_TMPDIR/got"
	ends $tap 130
	ends $gateway 0
	output=$(cat "$BATS_TEST_TMPDIR/got")
	is "$(trades <<<"$output")" '1767627000000 1.25 3 CBOE
1767627601000 1.24 9 PHLX'
	is "$(jq -c 'select(.is_late_arrival)' <<<"$output")" ""
	# until the print of :01 is read, and not in the laps after that
	[ "$(grep -c '^< 96|.*|TRADES|' "$BATS_TEST_TMPDIR/log")" -lt \
		"$(grep -c '"chain"' <<<"$output")" ]
	# a heartbeat promises no more than the lap has read
	is "$(jq -s '[.[] | select(.record == "heartbeat").timestamp] |
		. == sort and (.[0] == 1767627598000)' <<<"$output")" true
}

@test "minute bars of the underlying, when they are over" {
	# 15:38 ended before the lap did, 15:39 is not over at 15:39:58
	scenario '{"stocks": [{"conId": 8894, "symbol": "KO", "price": 70.12,
	  "bars": [[1767627480, 70.0, 70.2, 69.9, 70.1, 15234, 70.0512, 120],
	    [1767627540, 70.1, 70.1, 70.1, 70.1, 10, 70.1, 1]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$(jq -c 'select(.record == "bar")' <<<"$output")" \
		"$(jq -nc '{record: "bar", symbol: "KO", tf: "1m",
		timestamp: 1767627480000, end_ts: 1767627540000, open: 70,
		high: 70.2, low: 69.9, close: 70.1, volume: 15234,
		vwap: 70.0512, trades: 120, session: "RTH",
		is_final: true}')"
	is "$(trades <<<"$output")" "$two"
}

@test "laps end with regular hours" {
	# 2026-01-05 15:59:55 in New York
	scenario '{"now": 1767646795}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --every 1s --until close KO
	ends $gateway 0
	is "$(trades <<<"$output")" "$two"
	is "$(jq -c 'select(.record == "bye") | [.reason, .exit]' \
		<<<"$output")" '["end",0]'
	is "$(jq -s '[.[] | select(.record == "heartbeat").timestamp] |
		max < 1767646800000' <<<"$output")" true
}

@test "D8: fifteen tickers stay within the pace" {
	/usr/bin/python3 -B - >"$BATS_TEST_TMPDIR/scenario.json" <<'END'
import json
names = ['T%c' % (65 + i) for i in range(15)]
print(json.dumps({'now': 1767627600,
    'stocks': [{'conId': 100 + i, 'symbol': s, 'price': 70}
               for i, s in enumerate(names)],
    'options': [{'conId': 1000 + 10 * i + k, 'symbol': s, 'right': 'CP'[k],
                 'expiration': '20260116', 'strike': 70, 'oi': 1,
                 'greeks': dict(price=1, iv=.2, delta=.5, gamma=.1, vega=.1,
                                theta=-.1, underlying=70),
                 'quotes': [[1767626999, 1.2, 1.3, 14, 22]],
                 'prints': [[1767627000, 1.25, 3 + i, 'CBOE', 'I', 0]]}
                for i, s in enumerate(names) for k in (0, 1)]}))
END
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --minutes=no T{A..O}
	ends $gateway 0
	# 60 in ten minutes: 20 contracts of 3, those with most volume
	is "$(trades <<<"$output" | wc -l)" 20
	is "$(trades <<<"$output" | sort -k3,3n | head -1)" \
		'1767627000000 1.25 8 CBOE'
	has "$(jq -r 'select(.code == "scan_left_out") | .message' \
		<<<"$output")" '20 prints, 10 contracts left out'
}

# Quotes of 40 minutes, one a second, read back to the first print by pages of
# 1000: two prints, three pages.
@test "each print of a lap has its quote, however many quotes there were" {
	scenario "$(jq -n '{options: [{conId: 700001, symbol: "KO",
	  expiration: "20260116", strike: 70, right: "C", prints: [
	    [1767625000, 1.3, 3, "CBOE", "I", 0],
	    [1767627400, 1.31, 9, "PHLX", "I", 0]],
	  quotes: [range(1767624990; 1767627401) |
	    [., (. % 50 + 100) / 100, 2, 5, 7]]}]}')"
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	# the seconds before: 1767624999 % 50 = 49, 1767627399 % 50 = 49
	is "$(jq -c 'select(.record == "trade") | [.bid, .ask,
		.quote_timestamp]' <<<"$output")" '[1.49,2,1767624999000]
[1.49,2,1767627399000]'
	is "$(grep -c '^< 96|.*|BID_ASK|' "$BATS_TEST_TMPDIR/log")" 3
	# what there is no time for is told: 1 and 2 of 4
	scenario "$(jq -c '{options, history: {per_10min: 4}}' \
		"$BATS_TEST_TMPDIR/scenario.json")"
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --history 4 --minutes=no KO
	ends $gateway 0
	is "$(jq -c 'select(.record == "trade") | .bid' <<<"$output")" \
		'null
1.49'
	has "$(jq -r 'select(.code == "scan_left_out") | .message' \
		<<<"$output")" '0 contracts left out, 1 without their first'
}

@test "strikes are chosen again when the price has moved" {
	scenario '{"stocks": [{"conId": 8894, "symbol": "KO",
	    "price": [70.12, 79.8]}],
	  "options": [{"conId": 700001, "symbol": "KO", "strike": 70,
	    "expiration": "20260116", "right": "C", "volume": 0},
	    {"conId": 700002, "symbol": "KO", "strike": 80,
	    "expiration": "20260116", "right": "C",
	    "prints": [[1767627000, 1.25, 3, "CBOE", "I", 0]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	seen '"trade"' --every 1s --strikes 1 KO
	ends $gateway 0
	is "$(jq -r 'select(.record == "chain").contract_ticker' \
		<<<"$output" | uniq | head -n 2)" 'O:KO260116C00070000
O:KO260116C00080000'
	is "$(jq -r 'select(.code == "strikes_moved").message' \
		<<<"$output")" 'chosen anew: 2 contracts more, 2 no longer'
	# read for the first time, it is later than the first lap promised
	is "$(jq -c 'select(.record == "trade") | [.timestamp,
		.is_late_arrival]' <<<"$output")" '[1767627000000,true]'
}

@test "row 89: contracts that trade little are left out when told so" {
	scenario '{"options": [{"conId": 700001, "symbol": "KO", "strike": 70,
	    "expiration": "20260116", "right": "C",
	    "prints": [[1767627000, 1.25, 99, "CBOE", "I", 0]]},
	    {"conId": 700002, "symbol": "KO", "strike": 70,
	    "expiration": "20260116", "right": "P",
	    "prints": [[1767627000, 1.25, 100, "CBOE", "I", 0]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --min-day-volume 100 KO
	ends $gateway 0
	is "$(trades <<<"$output")" '1767627000000 1.25 100 CBOE'
}

@test "prints carry the price of the underlying's last minute" {
	scenario '{"stocks": [{"conId": 8894, "symbol": "KO", "price": 70.12,
	  "bars": [[1767626940, 70.0, 70.2, 69.9, 70.1, 15234, 70.0512, 120],
	    [1767627000, 70.1, 70.5, 70.1, 70.4, 10, 70.1, 1]]}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	# that minute ended as the first print was made
	is "$(jq -c 'select(.record == "trade") | [.underlying_price,
		.underlying_age_ms]' <<<"$output")" '[70.1,0]
[70.1,1000]'
}

@test "row 49: the nearest expirations, the latest prints" {
	scenario '{"options": [
	  {"conId": 700001, "symbol": "KO", "strike": 70, "right": "C",
	   "expiration": "20260220"},
	  {"conId": 700002, "symbol": "KO", "strike": 70, "right": "C",
	   "expiration": "20260116"},
	  {"conId": 700003, "symbol": "KO", "strike": 70, "right": "C",
	   "expiration": "20260109",
	   "prints": [[1767627000, 1.25, 3, "CBOE", "I", 0],
	     [1767627001, 1.26, 4, "CBOE", "I", 0],
	     [1767627001, 1.27, 5, "CBOE", "I", 0],
	     [1767627002, 1.28, 6, "CBOE", "I", 0]]},
	  {"conId": 700004, "symbol": "KO", "strike": 70, "right": "C",
	   "expiration": "20260123"}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO
	ends $gateway 0
	is "$(jq -r 'select(.record == "chain").contract_ticker' \
		<<<"$output" | sort)" 'O:KO260109C00070000
O:KO260116C00070000
O:KO260123C00070000'
	is "$(trades <<<"$output" | wc -l)" 4
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --expirations 1 --lookback 2 KO
	ends $gateway 0
	is "$(jq -r 'select(.record == "chain").contract_ticker' \
		<<<"$output")" O:KO260109C00070000
	# two, and with them all of the second they begin in
	is "$(jq -r 'select(.record == "trade").price' <<<"$output")" '1.26
1.27
1.28'
}

@test "row 84: as many requests of history at once as were allowed" {
	scenario '{"history": {"open": 1, "delay_s": 0.1}, "stocks": [
	  {"conId": 8894, "symbol": "KO", "price": 70},
	  {"conId": 8895, "symbol": "PG", "price": 70},
	  {"conId": 8896, "symbol": "PEP", "price": 70}],
	  "options": [
	  {"conId": 1, "symbol": "KO", "strike": 70, "right": "C",
	   "expiration": "20260220"},
	  {"conId": 2, "symbol": "PG", "strike": 70, "right": "C",
	   "expiration": "20260220"},
	  {"conId": 3, "symbol": "PEP", "strike": 70, "right": "C",
	   "expiration": "20260220"}]}'
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap --max-inflight 1 KO PG PEP
	ends $gateway 0
	is "$(grep -c '^< 20|' "$BATS_TEST_TMPDIR/log")" 3
	# the stand-in's rule: all three at once are a breach
	gateway "$BATS_TEST_TMPDIR/scenario.json"
	run -0 --separate-stderr tap KO PG PEP
	ends $gateway 1
	has "$(cat "$BATS_TEST_TMPDIR/said")" "2 requests of history open"
}
