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

@test "D1, D3 a connection that ends in any way opens a gap, once" {
	for how in '"rst"' '"eof"' '"close", "code": 1001' '"stall"' \
	    '"max_connections"'; do
		silence=60s
		[ "$how" != '"stall"' ] || silence=3s
		run -143 --separate-stderr tap "{\"cuts\": [{\"at\": 1500,
			\"lose\": 300, \"how\": $how}]}" \
			--silence $silence --gap-requests 0 --backoff 20ms --backoff-max 60ms \
			AAPL
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
		jq -c '.lost[]' report | jq -r .t | sort -n >lost
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

@test "D7 a key that is refused is never tried again" {
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

@test "D7 trades outside the plan are told, not asked for again" {
	run -2 --separate-stderr tap '{"refuse": ["T.*"]}' --underlying=no AAPL
	has "$stderr" '/options: T.*: not entitled'
	has "$stderr" 'not entitled to what was asked for'
	is "$(jq -c .asks report)" '["subscribe T.*"]'
}

@test "D7 an account whose connections are taken is left alone" {
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

@test "D6 a server that is not there is not hammered" {
	# Waits of at least 50, 100 and 200 ms lie between four tries.
	local began=${EPOCHREALTIME/./}
	POLYGON_API_KEY=test-key "$FLOW_BIN/flow-tap" --feed massive \
		--backoff 100ms --gap-requests 0 --underlying=no \
		--stream-url ws://127.0.0.1:1 AAPL >out 2>err &
	local pid=$!
	until_ok has_lines 4 err
	[ $((${EPOCHREALTIME/./} - began)) -ge 350000 ]
	kill -TERM $pid
	ends $pid 143
	is "$(tail -n 1 out | jq -r .record)" bye
}

@test "D5, D10 bytes no server should send end the connection, cheaply" {
	for kind in garbage frame headers other redirect; do
		run -143 --separate-stderr /usr/bin/python3 \
			"$top/tests/standin/rawbytes.py" "$kind" 3 -- \
			"$FLOW_BIN/flow-tap" --feed massive --underlying=no \
			--gap-requests 0 --backoff 10ms --stream-url '{stream}' AAPL
		is "$(jq -r 'select(.record == "trade").record' \
			<<<"$output")" ''
		has "$stderr" 'flow-tap: warning: 127.0.0.1:'
		has "$stderr" 'again in 0.0 s'
	done
}

# The session's clock is in 2025, so certificates are made in its begin.
openssl_then() {
	faketime -f '@2025-01-01 00:00:00' openssl "$@" 2>/dev/null
}

# certificate NAME SUBJECT DAYS: signed by the test's authority.
certificate() {
	openssl_then req -newkey rsa:2048 -nodes -keyout "$1.key" \
		-out "$1.csr" -subj "/CN=$2"
	printf 'subjectAltName=DNS:%s\n' "$2" >"$1.ext"
	openssl_then x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key \
		-CAcreateserial -extfile "$1.ext" -out "$1.pem" -days "$3"
}

@test "D4 only a certificate of who is asked for is taken" {
	openssl_then req -x509 -newkey rsa:2048 -nodes -keyout ca.key \
		-out ca.pem -subj /CN=test -days 9000
	certificate good localhost 9000
	certificate name other.example 9000
	certificate old localhost 30
	openssl_then req -x509 -newkey rsa:2048 -nodes -keyout self.key \
		-out self.pem -subj /CN=localhost -days 9000
	for bad in name old self; do
		run -143 --separate-stderr tap "{\"end_after\": 0,
			\"said\": [[2, \"SSL\", 1]], \"host\": \"localhost\", \"tls\": {
			\"cert\": \"$bad.pem\", \"key\": \"$bad.key\"}}" \
			--ca-file ca.pem --underlying=no AAPL
		has "$stderr" 'SSL'
		is "$(jq -c .connections report)" '{}'
	done
	# the system's authorities do not know ours
	run -143 --separate-stderr tap '{"end_after": 0,
		"said": [[2, "SSL", 1]], "host": "localhost", "tls": {"cert": "good.pem",
		"key": "good.key"}}' --underlying=no AAPL
	has "$stderr" 'SSL'
	is "$(jq -c .connections report)" '{}'
	run -143 --separate-stderr tap '{"host": "localhost", "tls": {
		"cert": "good.pem", "key": "good.key"}}' --ca-file ca.pem AAPL
	is "$stderr" ''
	cmp <(known out) "$BATS_FILE_TMPDIR/known"
}

@test "the key is in no argument, log, record or file" {
	run -143 --separate-stderr tap '{"key": "CANARY-0123456789"}' \
		-vv --record raw --journal journal AAPL
	has "$stderr" 'live'
	run -1 grep -rl CANARY out raw journal
	is "$output" ''
	run -1 grep CANARY <<<"$stderr"
	jq -e '.argv | index("--feed") and (map(test("CANARY")) | any | not)' \
		report
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
	run -2 --separate-stderr flow-tap AAPL
	is "$stderr" 'flow-tap: error: no source: say --feed, --replay FILE or --demo SYMBOL ...'
}

@test "D1 pings alone are no trades while the market is open" {
	# 09:29:59 in New York: the market opens, and all prints came before.
	run -143 --separate-stderr tap '{"end_after": 0, "ping": 0.1,
		"said": [[2, "no trade came", 1]]}' \
		--silence 800ms --gap-requests 0 --underlying=no AAPL
	has "$stderr" 'no trade came while the market is open'
	is "$(control | head -3)" '["status","feed_live"]
["status","feed_lost"]
["gap","open"]'
}
