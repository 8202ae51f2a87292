# flow-tap --feed massive against a stand-in (tests/standin), which shares no
# code with it.  The session served is a demo's: synthetic.

load helper
load standin/massive

@test "a session arrives as it was, and again from the frames kept" {
	run -143 --separate-stderr tap '{"batch": 50}' --record raw AAPL
	is "$stderr" ''
	cmp <(known out) "$BATS_FILE_TMPDIR/known"
	is "$(control)" '["status","feed_live"]
["bye","signal"]'
	is "$(jq -c 'select(.record == "hello") | del(.run)' out)" \
		'{"record":"hello","schema_version":1,"stage":"flow-tap","feed":"massive","mode":"live","symbols":["AAPL"],"capabilities":{"quotes":true,"conditions":true,"exchange":true,"time_resolution_ms":1,"coverage":"live"}}'
	run -0 --separate-stderr flow-tap --replay raw/*.raw
	is "$stderr" ''
	is "$output" "$(sed '1s/}$/,"replayed":true}/' out)"
	gzip raw/*.raw
	run -0 --separate-stderr flow-tap --replay raw/*.raw.gz
	is "$output" "$(sed '1s/}$/,"replayed":true}/' out)"
}

@test "the underlying's price and bars come from the other connection" {
	run -143 --separate-stderr tap '{"speed": 5, "batch": 1}' AAPL
	is "$stderr" ''
	# What has a price has one the session told at or before the print.
	jq -s '[.[] | select(.record == "trade" and .underlying_price)] |
	    length > 100' out >many
	is "$(cat many)" true
	jq -c 'select(.record == "trade") | [.timestamp - .underlying_age_ms,
	    .underlying_price]' "$session" | sort -u >told
	jq -c 'select(.record == "trade" and .underlying_price) |
	    [.timestamp - .underlying_age_ms, .underlying_price]' out |
	    sort -u >joined
	is "$(comm -13 told joined)" ''
}

@test "an index has its price and bars from a third connection" {
	flow-tap --demo SPX --rate 20/s --for 60s --quotes-out all >spx
	run -143 --separate-stderr tap "{\"session\": \"$PWD/spx\",
		\"speed\": 10, \"batch\": 1,
		\"said\": [[1, \"tf.:.1m\", 1]]}" --record raw SPX
	is "$stderr" ''
	is "$(jq -cS .connections report)" '{"indices":1,"options":1}'
	is "$(jq -c '[.asks[] | select(contains("SPX"))][:2]' report)" \
		'["subscribe V.I:SPX","subscribe AM.I:SPX"]'
	is "$(jq -c 'select(.record == "bar" and .tf == "1m") |
	    [.symbol, .open, .close, .end_ts]' out)" \
		"$(jq -c 'select(.record == "bar" and .tf == "1m" and
	    .timestamp >= 1763994600000) |	# of the day itself
	    [.symbol, .open, .close, .end_ts]' spx)"
	jq -c 'select(.record == "trade") | [.timestamp - .underlying_age_ms,
	    .underlying_price]' spx | sort -u >told
	jq -c 'select(.record == "trade" and .underlying_price) |
	    [.timestamp - .underlying_age_ms, .underlying_price]' out |
	    sort -u >joined
	is "$(comm -13 told joined)" ''
	[ -s joined ]
	run -0 --separate-stderr flow-tap --replay raw/*.raw
	is "$output" "$(sed '1s/}$/,"replayed":true}/' out)"
	run -143 --separate-stderr tap "{\"session\": \"$PWD/spx\",
		\"indices\": false}" SPX
	has "$stderr" 'prints of index options have no underlying_price'
}

@test "contracts are asked for one by one, with quotes as many as may" {
	mapfile -t two < <(jq -r 'select(.record == "trade").contract_ticker' \
		"$session" | sort | uniq -c | sort -k1,1rn -k2 |
		awk 'NR <= 2 { print $2 }')
	run -143 --separate-stderr tap '{"quotes": "asked"}' \
		--gap-requests 0 --underlying=no --record raw \
		"${two[@]}" O:AAPL991217C00001000
	is "$stderr" ''
	is "$(jq -r '.asks[]' report | sort)" "$(for c in "${two[@]}" \
		O:AAPL991217C00001000; do
		printf 'subscribe %s\n' "Q.$c" "T.$c"; done | sort)"
	is "$(prints out)" "$(prints "$session" |
		grep -F "$(printf '"%s"\n' "${two[@]}")")"
	is "$(jq -c 'select(.record == "hello").symbols' out)" \
		"[\"${two[0]}\",\"${two[1]}\",\"O:AAPL991217C00001000\"]"
	run -0 --separate-stderr flow-tap --replay raw/*.raw
	is "$output" "$(sed '1s/}$/,"replayed":true}/' out)"
	# One that the server does not answer to is told; the others come.
	run -143 --separate-stderr tap "{\"quotes\": \"asked\", \"rate\": 4,
		\"said\": [[2, \"no answer\", 1]], \"deaf\": [\"T.${two[1]}\"]}" --gap-requests 0 \
		--quotes-max 1 --underlying=no "${two[@]}"
	has "$stderr" "/options: T.${two[1]}: no answer"
	is "$(jq -r 'select(.record == "trade").contract_ticker' out |
		sort -u)" "${two[0]}"
	is "$(jq -c '.asks[2:]' report)" "[\"subscribe Q.${two[0]}\"]"
	for bad in "${two[0]} KO" 'O:AAPL99C1' 'O:AAPL251219C000150000'; do
		# shellcheck disable=SC2086 # several names
		run -2 --separate-stderr env MASSIVE_API_KEY=k flow-tap $bad
		is "$stderr" "flow-tap: error: ${bad##* }: not a contract"
	done
	run -2 --separate-stderr flow-tap --demo "${two[0]}"
	is "$stderr" "flow-tap: error: ${two[0]}: contracts only with --feed massive"
}

@test "frames of every odd shape are read" {
	for odd in '"unknown", "extra", "status"' '"fragments", "pretty"' \
	    '"huge"'; do
		run -143 --separate-stderr tap \
			"{\"odd\": [$odd], \"batch\": 300, \"greet\": \"ping\",
			\"one_ack\": true}" AAPL
		is "$stderr" ''
		cmp <(known out) "$BATS_FILE_TMPDIR/known"
	done
}

@test "quotes are asked for when a contract trades, and come" {
	run -143 --separate-stderr tap '{"quotes": "asked", "speed": 5,
		"quiet": 3}' \
		--quotes-out all AAPL
	is "$stderr" ''
	jq -r '.asks[]' report | sort >asks
	is "$(grep -c '^subscribe Q.O:AAPL' asks)" \
		"$(jq -r 'select(.record == "trade").contract_ticker' out |
		sort -u | wc -l)"
	is "$(uniq -d asks)" ''
	jq -s '[.[] | select(.record == "trade" and .bid)] | length > 100' \
		out >many
	is "$(cat many)" true
	jq -s '[.[] | select(.record == "quote")] | length > 100' out >many
	is "$(cat many)" true
}

@test "D1: a connection that ends in any way opens a gap, once" {
	for how in '"rst"' '"eof"' '"close", "code": 1001' '"stall"' \
	    '"mute"' '"quotes"' '"max_connections"'; do
		silence=60s
		case $how in
		'"stall"' | '"mute"' | '"quotes"') silence=3s ;;
		esac
		run -143 --separate-stderr tap "{\"cuts\": [{\"at\": 1500,
			\"lose\": 300, \"how\": $how}]}" \
			--silence $silence --gap-requests 0 --backoff 20ms \
			--backoff-max 60ms AAPL
		has "$stderr" '/options: '
		is "$(control)" '["status","feed_live"]
["status","feed_lost"]
["gap","open"]
["status","feed_live"]
["gap","lost"]
["bye","signal"]'
		# The gap lies between the prints seen before and after it.
		jq -r 'select(.record == "gap") | .from_ts, .to_ts // empty' \
			out | sort -nu >span
		jq -r '.lost[].t' report | sort -n >lost
		is "$(wc -l <span)" 2
		[ "$(head -1 span)" -le "$(head -1 lost)" ]
		[ "$(tail -1 span)" -ge "$(tail -1 lost)" ]
		is "$(jq -r .connections.options report)" 2
		# Nothing twice, nothing else missing.
		jq -r 'select(.record == "trade").sequence' out >got
		is "$(sort -n got | uniq -d)" ''
		is "$(($(wc -l <got) + $(wc -l <lost)))" \
			"$(wc -l <"$BATS_FILE_TMPDIR/known")"
	done
}

@test "D1: by itself it takes 12 s of silence, and the gap begins before it" {
	# All of the command's clocks go 8 times as fast; a heartbeat is 1 s.
	for how in stall mute; do
		run -143 --separate-stderr tap "{\"rate\": 8, \"speed\": 8,
			\"ping\": 0.1, \"cuts\": [{\"at\": 1500,
			\"how\": \"$how\"}],
			\"said\": [[1, \"(?s)feed_lost.*heartbeat\", 1]]}" \
			--gap-requests 0 --underlying=no AAPL
		is "$(control | sed -n '2,3p')" '["status","feed_lost"]
["gap","open"]'
		from=$(jq 'select(.state == "open").from_ts' out)
		last=$(sed '/feed_lost/,$d' out |
			jq 'select(.record == "trade").timestamp' | tail -1)
		[ $((from - last)) -ge 0 ]
		[ $((from - last)) -lt 1000 ]
		# A heartbeat is 1 s behind, and its clock up to 2 s beside that
		# of the prints: the look that comes first after 12 s of
		# silence, however late, is the last.
		before=$(sed '/feed_lost/,$d' out | grep heartbeat |
			jq .timestamp | tail -1)
		after=$(sed '1,/feed_lost/d' out | grep heartbeat |
			jq .timestamp | head -1)
		[ $((before - last)) -le 14000 ]
		[ $((after - last)) -ge 9000 ]
	done
}

@test "D1: silence in place of an answer is not waited for" {
	run -143 --separate-stderr tap '{"rate": 8, "end_after": 0,
		"said": [[2, "no answer to a subscription; again", 1]],
		"deaf": ["T.*"]}' --gap-requests 0 --underlying=no AAPL
	has "$stderr" 'no answer to a subscription; again in'
	is "$(control)" '["status","feed_lost"]
["gap","open"]
["bye","signal"]'
	run -143 --separate-stderr tap '{"rate": 8, "end_after": 0,
		"said": [[2, "no answer to the key; again", 1]],
		"auth": "silent"}' --gap-requests 0 --underlying=no AAPL
	has "$stderr" 'no answer to the key; again in'
}

@test "D7: a key that is refused is never tried again" {
	for auth in bad_key no_plan; do
		run -2 --separate-stderr tap "{\"auth\": \"$auth\"}" \
			--underlying=no AAPL
		has "$stderr" 'error: '
		has "$stderr" 'the key was refused: '
		has "$stderr" 'a plan with delayed data needs --delayed'
		is "$(jq -c .connections report)" '{"options":1}'
		is "$(control)" '["bye","refused"]'
		is "$(jq -r 'select(.record == "bye").exit' out)" 2
	done
}

@test "D7: trades outside the plan are told, not asked for again" {
	run -2 --separate-stderr tap '{"refuse": ["T.*"]}' --underlying=no AAPL
	has "$stderr" '/options: T.*: not entitled'
	has "$stderr" 'not entitled to what was asked for'
	is "$(jq -c .asks report)" '["subscribe T.*"]'
}

@test "D7: an account whose connections are taken is left alone" {
	cut='{"at": 10, "how": "max_connections"}'
	run -2 --separate-stderr tap "{\"cuts\": [$cut, $cut, $cut, $cut]}" \
		--underlying=no --backoff-max 20ms AAPL
	has "$stderr" "the account's connections are taken: Maximum number"
	is "$(jq -c .connections report)" '{"options":3}'
}

@test "without a plan for stocks prints have no underlying" {
	run -143 --separate-stderr tap '{"stocks": false}' AAPL
	has "$stderr" 'prints have no underlying_price'
	cmp <(known out) "$BATS_FILE_TMPDIR/known"
	is "$(jq -r .connections.stocks report)" 1
	is "$(grep -c underlying_price out)" 0
}

# ten_minutes: of a feed whose server is not there, on a clock that goes 300
# times as fast.
ten_minutes() {
	POLYGON_API_KEY=test-key on_clock '@2025-11-24 14:30:00 x300' \
		"$FLOW_BIN/flow-tap" --feed massive --gap-requests 0 \
		--underlying=no --stream-url ws://127.0.0.1:1 AAPL |
		awk -F '"timestamp":' '$2 + 0 > 1763995200000 { exit } 1' >out
}

@test "D6: a server that is not there is not hammered" {
	run -0 --separate-stderr ten_minutes
	tries=$(grep -c 'again in' <<<"$stderr")
	[ "$tries" -ge 20 ]
	[ "$tries" -le 40 ]
	is "$(control)" '["status","feed_lost"]
["gap","open"]'
}

# bytes KIND N ...: a server of raw bytes; the last line has the peak in KiB.
bytes() {
	/usr/bin/python3 "$top/tests/standin/rawbytes.py" "$@"
}

# lean: this build and this run show what the program really takes.
lean() {
	[ "$FLOW_BIN" = "$FLOW_BUILD/bin" ] &&
		! grep -q fsanitize "$FLOW_BUILD/flags"
}

@test "D5: what is sent without end costs no memory" {
	local -a tap=("$FLOW_BIN/flow-tap" --feed massive --underlying=no
		--gap-requests 0 --backoff 10ms --stream-url '{stream}' AAPL)
	run -143 --separate-stderr bytes other 1 -- "${tap[@]}"
	least=${stderr_lines[-1]#* }
	for kind in pings frame headers redirect; do
		run -143 --separate-stderr bytes "$kind" "${N:-1}" -- \
			"${tap[@]}"
		is "$(jq -r 'select(.record == "trade").record' \
			<<<"$output")" ''
		has "$stderr" 'flow-tap: warning: 127.0.0.1:'
		has "$stderr" 'again in 0.0 s'
		lean || continue
		[ $((${stderr_lines[-1]#* } - least)) -lt 1024 ]
	done
	run -4 --separate-stderr bytes page 1 -- "$FLOW_BIN/flow-tap" \
		--feed massive --rest-url '{rest}' --universe 3
	has "$stderr" 'a reply of more than 67108864 bytes'
	is "$output" ''
	# The page itself stays below its limit.
	lean || return 0
	[ $((${stderr_lines[-1]#* } - least)) -lt $((2 * 65536)) ]
}

@test "D11: a clock that is wrong is told once, and no age is negative" {
	for clock in 14:20:00 14:40:30; do
		run -143 --separate-stderr tap "{\"batch\": 50,
			\"clock\": \"2025-11-24 $clock\"}" \
			--gap-requests 0 AAPL
		has "$stderr" "this machine's clock"
		is "$(grep -c '"code":"clock"' out)" 1
		is "$(jq '[.lag_ms, .underlying_age_ms][] | numbers |
			select(. < 0)' out)" ''
		cmp <(prints out) <(prints "$session")
	done
	# Steps of an hour, both ways: check_steps there.
	run -0 "$FLOW_BUILD/unit/massive_feed"
}

@test "D9: who reads too slowly is given all of it, from the journal" {
	run -0 --separate-stderr env N=30000 "$top/tests/fault/slow-reader"
	is "$stderr" ''
	is "$(jq -c '[.bad, .pass]' <<<"$output")" '[0,true]'
	[ "$(jq .n <<<"$output")" -ge 30000 ]
}

@test "D10: garbage ends the connection, and makes no record" {
	run -143 --separate-stderr bytes garbage "${N:-3}" --seed "${SEED:-1}" \
		-- "$FLOW_BIN/flow-tap" --feed massive --underlying=no \
		--gap-requests 0 --backoff 10ms --backoff-max 10ms \
		--stream-url '{stream}' AAPL
	is "$(grep -c '"trade"' <<<"$output")" 0
	is "$(grep -c 'again in 0.0 s' <<<"$stderr")" "${N:-3}"
}

# The session's clock is in 2025, so certificates are made in its begin.
openssl_then() {
	on_clock '@2025-01-01 00:00:00' openssl "$@" 2>/dev/null
}

# authority NAME SUBJECT: one that signs itself.
authority() {
	openssl_then req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-nodes -keyout "$1.key" -out "$1.pem" -subj "/CN=$2" -days 9000
}

# certificate NAME SUBJECT DAYS: signed by the test's authority.
certificate() {
	openssl_then req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$1.key" \
		-out "$1.csr" -subj "/CN=$2"
	printf 'subjectAltName=DNS:%s\n' "$2" >"$1.ext"
	openssl_then x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key \
		-CAcreateserial -extfile "$1.ext" -out "$1.pem" -days "$3"
}

@test "D4: only a certificate of who is asked for is taken" {
	authority ca test
	authority self localhost
	certificate good localhost 9000
	certificate name other.example 9000
	certificate old localhost 30
	# The system's authorities do not know ours.
	while IFS=' ' read -r name ca old; do
		run -143 --separate-stderr tap "{\"end_after\": 0,
			\"said\": [[2, \"SSL\", 1]], \"host\": \"localhost\", \"tls\": {
			\"cert\": \"$name.pem\", \"key\": \"$name.key\"
			$old}}" --ca-file "$ca" --underlying=no AAPL
		has "$stderr" 'SSL'
		is "$(jq -c .connections report)" '{}'
	done <<-'END'
	name ca.pem
	old ca.pem
	self ca.pem
	good /etc/ssl/certs/ca-certificates.crt
	good ca.pem , "old": true
	END
	# A connection cut under TLS is no end, and half a print is none.
	run -143 --separate-stderr bytes cut 2 --tls good.pem good.key -- \
		"$FLOW_BIN/flow-tap" --feed massive --underlying=no \
		--gap-requests 0 --backoff 10ms --ca-file ca.pem \
		--stream-url '{stream}' AAPL
	is "$(grep -c 'connection lost; again\|ended the connection; again' \
		<<<"$stderr")" 2
	is "$(grep -c '"trade"' <<<"$output")" 0
	run -143 --separate-stderr tap '{"host": "localhost", "tls": {
		"cert": "good.pem", "key": "good.key"}}' --ca-file ca.pem AAPL
	is "$stderr" ''
	cmp <(known out) "$BATS_FILE_TMPDIR/known"
}

@test "E7: the key is in no argument, log, record or file" {
	run -143 --separate-stderr tap '{"key": "CANARY-0123456789"}' \
		-vv --record raw --journal journal --metrics-file metrics \
		--stats 1s AAPL
	has "$stderr" 'trades are confirmed'
	run -1 grep -rl CANARY out raw journal metrics
	is "$output" ''
	run -1 grep CANARY <<<"$stderr"
	jq -e '.argv | index("--feed") and (map(test("CANARY")) | any | not)' \
		report
	# Nor when it is refused.
	run -2 --separate-stderr tap "{\"key\": \"CANARY-0123456789\",
		\"auth\": \"bad_key\"}" -vv --record raw2 AAPL
	run -1 grep -rl CANARY out raw2
	run -1 grep CANARY <<<"$stderr"
}

@test "--stats and --metrics-file say how the feed does" {
	run -143 --separate-stderr tap '{"quotes": "asked", "rate": 8,
		"said": [[2, "uptime", 1]], "rest": {"replies": {"/v3/": [{"status": 429}]}}
		}' --stats 5s --silence 10m --metrics-file metrics --quotes-max 3 \
		AAPL
	line=$(grep -m 1 'uptime [0-9]* seconds, trades ' <<<"$stderr")
	[[ $line =~ ^'flow-tap: info: uptime '[0-9]+' seconds, trades '[0-9,]+', passed on '[0-9,]+' ('[0-9.]+'%), dropped 0, errors 0, last trade 9:30:'[0-9]{2}' AM'$ ]]
	n=$(grep -c '"record":"trade"' out)
	while read -r name want; do
		is "$name $(sed -n "s/^flow_tap_$name //p" metrics)" \
			"$name $want"
	done <<-END
	connected 0
	trades_total $n
	feed_trades_total $n
	lines_used 3
	records_total{what="overflow"} 0
	last_trade_timestamp_seconds $(jq -s 'map(select(.record == "trade")
		.timestamp) | last / 1000 | floor' out)
	END
	for name in requests_total throttled_total uptime_seconds rss_bytes; do
		[ "$(sed -n "s/^flow_tap_$name //p" metrics)" -gt 0 ]
	done
	for name in loop_lag_ms cpu_ms_total evictions_total; do
		[ "$(sed -n "s/^flow_tap_$name //p" metrics)" -ge 0 ]
	done
	# The text form: each sample has its type, each name stands once.
	is "$(grep -v '^#' metrics | sed 's/[ {].*//' | sort -u)" \
		"$(sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' metrics | sort)"
	is "$(ls metrics*)" metrics
	run -143 --separate-stderr tap '{"batch": 50}' --metrics-file no/metrics \
		--gap-requests 0 AAPL
	is "$stderr" 'flow-tap: warning: --metrics-file: unable to write no/metrics: No such file or directory'
}

@test "-v tells the start step by step" {
	run -143 --separate-stderr tap '{"batch": 50}' -v --gap-requests 0 \
		--underlying=no AAPL
	is "$(sed 's/127.0.0.1:[0-9]*/HOST/; s/^flow-tap: info: //' \
		<<<"$stderr")" 'watching AAPL
HOST/options: connecting
HOST/options: connected
HOST/options: authenticated
HOST/options: subscribed to T.*
HOST/options: trades are confirmed'
}

@test "the key comes from the environment or a file for its owner alone" {
	printf 'test-key\n' >key
	printf 'feed:\n  name: massive\n  key_file: %s/key\n' "$PWD" >conf
	chmod 644 key
	run -2 --separate-stderr flow-tap --config conf AAPL
	is "$stderr" "flow-tap: error: $PWD/key: others may read it; say chmod 600"
	chmod 600 key
	run -143 --separate-stderr tap '{"env": "IGNORED"}' --config conf AAPL
	is "$stderr" ''
	cmp <(known out) "$BATS_FILE_TMPDIR/known"
	run -2 --separate-stderr flow-tap --feed massive AAPL
	is "$stderr" 'flow-tap: error: --feed massive: no key in POLYGON_MASSIVE_KEY, POLYGON_API_KEY, MASSIVE_API_KEY or feed.key_file'
	run -2 --separate-stderr env MASSIVE_API_KEY='a"b' flow-tap AAPL
	is "$stderr" 'flow-tap: error: MASSIVE_API_KEY: holds what is no key'
	for url in ws://example.com ws://127.0.0.1:1@example.com \
	    ws://localhost.example.com; do
		run -2 --separate-stderr env MASSIVE_API_KEY=k flow-tap \
			--stream-url "$url" AAPL
		is "$stderr" 'flow-tap: error: --stream-url: neither wss:// nor on this machine'
	done
	run -2 --separate-stderr env MASSIVE_API_KEY=k flow-tap --speed 2 AAPL
	is "$stderr" 'flow-tap: error: --speed: not with --feed'
}

@test "a key is enough to know the feed, and no key is told" {
	run -143 --separate-stderr tap '{"env": "MASSIVE_API_KEY"}' AAPL
	is "$stderr" ''
	TWS_HOST=127.0.0.2 run -2 --separate-stderr flow-tap AAPL
	is "$stderr" 'flow-tap: error: no source: say --feed, --replay FILE or --demo SYMBOL ...'
}

@test "D1: pings alone are no trades while the market is open" {
	# 09:29:59 in New York: the market opens, and all prints came before.
	run -143 --separate-stderr tap '{"end_after": 0, "ping": 0.1,
		"said": [[2, "no trade came", 1]]}' \
		--silence 800ms --gap-requests 0 --underlying=no AAPL
	has "$stderr" 'no trade came while the market is open'
	is "$(control | head -3)" '["status","feed_live"]
["status","feed_lost"]
["gap","open"]'
}
