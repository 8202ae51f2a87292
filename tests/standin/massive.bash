# shellcheck shell=bash
# What the bats files of the feed share; load after helper.
# shellcheck disable=SC2119,SC2120,SC2154 # for the arguments and helper's top

setup_file() {
	FLOW_BIN=${FLOW_BIN:-$(cd "$BATS_TEST_DIRNAME/.." && pwd)/build/release/bin}
	"$FLOW_BIN"/flow-tap --demo AAPL --rate 20/s --for 25s \
		--quotes-out all >"$BATS_FILE_TMPDIR/session"
	known <"$BATS_FILE_TMPDIR/session" >"$BATS_FILE_TMPDIR/known"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	session=$BATS_FILE_TMPDIR/session
	unset https_proxy all_proxy HTTPS_PROXY ALL_PROXY no_proxy NO_PROXY
	# Nobody answers there: plain http to this machine never goes through it.
	export http_proxy=http://127.0.0.1:9
}

# known: of each print what this feed tells.  A bid of 0 for 0 contracts is on
# the wire what no bid is (massive-api.md 3.3).
known() {
	jq -c 'select(.record == "trade") | del(.feed, .underlying_price,
	    .underlying_age_ms, .open_interest, .ex_bid, .ex_ask,
	    .ex_bid_size, .ex_ask_size, .ex_quote_timestamp) |
	    if .bid == 0 and .bid_size == 0 then del(.bid, .bid_size)
	    else . end' "$@"
}

# tap SCENARIO [option ...]: flow-tap against the stand-in; stdout in out,
# what the stand-in saw in report.  Members of every scenario come first.
tap() {
	local scenario=$1
	shift
	/usr/bin/python3 "$top/tests/standin/massive.py" "{
		\"session\": \"$session\", \"quotes\": \"all\",
		\"clock\": \"2025-11-24 14:29:59\", \"timeout\": 120,
		${scenario#\{}" --report report -- "$FLOW_BIN/flow-tap" \
		--feed massive --stream-url '{stream}' \
		--rest-url '{rest}' "$@" >out
}

control() {
	jq -c 'select(.record == "gap" or .record == "status" or
	    .record == "bye") | [.record, .state // .code // .reason]' out
}

# prints: what identifies each, whatever brought it.
prints() {
	jq -c 'select(.record == "trade") | [.contract_ticker, .timestamp,
	    .exchange, .price, .size, .conditions]' "$@" | sort
}
