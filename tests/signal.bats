#!/usr/bin/env bats
# flow-alert: the texts of signals, domain.md 5.4 to 5.7.  The three sample
# alerts are those of source 4, byte for byte.
load helper

samples=$data/synthetic/signals

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# scalp MEMBERS: EX-5.13's signal with members changed, {"strike":1}.
scalp() {
	jq -c "select(.kind == \"SCALP\") + $1" "$samples/signals.ndjson"
}

# says MEMBERS OPTION...: its text
says() {
	local members=$1
	shift
	scalp "$members" >in
	flow-alert -q "$@" in
}

# one KIND: the text of one of the three alone
one() {
	grep -F "\"kind\":\"$1\"" "$samples/signals.ndjson" | flow-alert -q
}

@test "EX-5.13: the SCALP sample, byte for byte" {
	one SCALP | cmp - "$samples/scalp.txt"
}

@test "EX-5.14: the DAY_TRADE sample, byte for byte" {
	one DAY_TRADE | cmp - "$samples/day_trade.txt"
}

@test "EX-5.15: the SWING sample, byte for byte" {
	one SWING | cmp - "$samples/swing.txt"
}

@test "EX-5.16: strike 247.5, OI unknown, no header tags, in the money" {
	says '{strike: 247.5, open_interest: null, tags: ["SIZE"],
		otm_pct: -1.25}' >out
	is "$(sed -n 2p out)" '1000x @ $1.85 | Strike 247.5 exp 02-21-2025 | Notional $185,000 | Vol/OI 5000/- | -'
	has "$(cat out)" ' | ITM 1.3% | '
	has "$(cat out)" 'tags: SIZE.'
}

@test "half away from zero: 7.85 is 7.9, -0.04 out of the money is 0.0" {
	says '{strength: 7.85, otm_pct: -0.04, underlying_price: 243.405,
		notional: 185000.5}' >out
	has "$(cat out)" '(Strength 7.9/10)'
	has "$(cat out)" 'Underlying $243.41 | OTM 0.0%'
	has "$(cat out)" 'Notional $185,001 |'
}

@test "what is not known is a dash" {
	says '{otm_pct: null, underlying_price: null, dte: null,
		vwap_side: null, day_volume: null, regime_trend: null,
		regime_vol: null, tags: null, notional: null}' >out
	is "$(sed -n 2p out)" '1000x @ $1.85 | Strike 245 exp 02-21-2025 | Notional $185,000 | Vol/OI -/2200 | -'
	has "$(cat out)" '  Underlying - | OTM - | DTE - | - VWAP'
	has "$(cat out)" 'Microstructure: no VWAP; '
	has "$(cat out)" 'tags: none.'
	has "$(cat out)" 'Regime: trend=- vol=-'
	says '{rvol: null}' --style medium >out
	has "$(cat out)" 'Above VWAP | RVOL -'
	has "$(cat out)" 'RVOL=-.'
}

@test "short: every word the rules have" {
	has "$(says '{aggressiveness: "PASSIVE"}')" ': passive CALL flow;'
	has "$(says '{aggressiveness: "NORMAL", option_type: "put"}')" \
		': steady PUT flow;'
	has "$(says '{tags: ["SWEEP"]}')" 'size vs OI inconclusive;'
	has "$(says '{vwap_side: "AT"}')" 'At VWAP'
	has "$(says '{vwap_side: "AT"}')" ': pinned to VWAP; '
	has "$(says '{vwap_side: "BELOW"}')" ': fighting VWAP; '
	has "$(says '{trend_5m: "NEUTRAL"}')" 'trend 1m/5m mixed; '
	has "$(says '{trend_1m: "DOWN", trend_5m: null}')" \
		'trend 1m/5m opposed; '
	has "$(says '{level_state: "BREAK"}')" 'level pressure=yes.'
	has "$(says '{level_state: "NONE"}')" 'level pressure=no.'
	# the tag alone, the word alone, neither
	has "$(says '{tags: ["SWEEP"], aggressiveness: "NORMAL"}')" \
		'a fast upside continuation'
	has "$(says '{tags: [], aggressiveness: "AGGRESSIVE"}')" \
		'a fast upside continuation'
	has "$(says '{tags: []}')" '  partial alignment only; treat as information, not as a trigger.'
	has "$(says '{vwap_side: "BELOW"}')" '  partial alignment only;'
	has "$(says '{direction: "SHORT", vwap_side: "BELOW"}')" \
		'a fast downside continuation'
}

@test "medium: every word the rules have" {
	has "$(says '{tags: []}' --style medium)" ': participation pressing'
	has "$(says '{}' --style medium)" 'VWAP/EMA: underfoot/support;'
	has "$(says '{vwap_side: "AT"}' --style medium)" 'VWAP/EMA: neutral;'
	has "$(says '{trend_15m: "UP"}' --style medium)" '15m trend aligned;'
	has "$(says '{trend_15m: "DOWN"}' --style medium)" '15m trend opposed;'
	has "$(says '{direction: "SHORT", trend_15m: "DOWN"}' \
		--style medium)" '15m trend aligned;'
	has "$(says '{}' --style medium)" 'key level=pressure;'
	has "$(says '{level_state: null}' --style medium)" 'key level=none;'
	has "$(says '{}' --style medium)" 'to buyers control;'
	has "$(says '{direction: "SHORT"}' --style medium)" \
		'to sellers control;'
}

@test "deep: every word the rules have" {
	has "$(says '{}' --style deep)" 'Flow Intent (swing): single flow;'
	has "$(says '{trend_1d: "NEUTRAL"}' --style deep)" \
		'daily trend uncertain;'
	has "$(says '{level_state: "BREAK"}' --style deep)" \
		'structure breakout/pullback; level posture=supportive;'
	has "$(says '{level_state: "HOSTILE"}' --style deep)" \
		'structure none; level posture=hostile;'
	has "$(says '{}' --style deep)" \
		'structure none; level posture=neutral;'
}

@test "--style: the body changes, the title stays the kind's" {
	is "$(says '{}' --style deep | head -n 1)" \
		'⚡ SCALP CALL – TSLA (Strength 7.9/10)'
	is "$(says '{}' --style short)" "$(<"$samples/scalp.txt")"
	is "$(says '{}' --style auto)" "$(<"$samples/scalp.txt")"
	run -2 --separate-stderr flow-alert --style long
	has "$stderr" '--style: not one of short, medium, deep, auto'
}

@test "--ascii: nothing beyond ASCII is left" {
	flow-alert -q --ascii "$samples/signals.ndjson" >out
	is "$(LC_ALL=C grep -c '[^ -~]' out)" 0
	is "$(head -n 1 out)" 'SCALP CALL - TSLA (Strength 7.9/10)'
	has "$(cat out)" 'a 5-20 min scalp'
	has "$(cat out)" 'Cluster notional ~ $6,300,000.'
	has "$(cat out)" '(approx. 30-180 minutes'
}

@test "json: signals pass as they are, with their channel" {
	flow-alert -q -f json "$samples/signals.ndjson" >out
	is "$(jq -r 'select(.record == "signal") | .kind + " " + .channel' \
		out)" 'SCALP telegram_scalps
DAY_TRADE telegram_main
SWING telegram_swings'
	jq -c 'del(.channel)' out | diff - <(jq -c . "$samples/signals.ndjson")
	# once more: replaced, not repeated
	flow-alert -q -f json out | cmp - out
}

@test "the log has signals too, under their trade date; a tape has none" {
	flow-alert -q -f tape --log-dir log "$samples/signals.ndjson" >out
	is "$(cat out)" ''
	is "$(cd log && echo *)" 'flow_alerts_20250220.log flow_alerts_20250226.log flow_alerts_20250314.log'
	{ cat "$samples/swing.txt"; echo; } |
		cmp - log/flow_alerts_20250314.log
}

@test "signals are told whatever --min-severity; alerts beside them" {
	says '{}' --min-severity CRITICAL | cmp - "$samples/scalp.txt"
	says '{feed: "demo"}' >out 2>err
	is "$(head -n 1 out)" '⚡ SCALP CALL – TSLA (DEMO) (Strength 7.9/10)'
}

@test "no byte of a record acts on a terminal" {
	says '{symbol: "T\u001b[31m\u202e", tags: ["SWEEP\u0007", "\u009b"],
		regime_trend: "\r", regime_vol: "A\nB", level_state: "\u001b"}' \
		>out
	is "$(LC_ALL=C grep -c "$(printf '[\001-\010\013-\037\177]')" out)" 0
	has "$(cat out)" '– T?[31m? ('
	has "$(cat out)" 'tags: SWEEP?, ?.'
	has "$(cat out)" 'trend=? vol=A?B'
	is "$(wc -l <out)" "$(wc -l <"$samples/scalp.txt")"
}

@test "a bad signal is left out and told, exit 3" {
	local members want n=0
	while IFS='|' read -r members want; do
		scalp "$members" >in
		run -3 --separate-stderr flow-alert in
		is "$output" ''
		has "$stderr" "flow-alert: warning: in:1: $want"
		n=$((n + 1))
	done <<-'end'
	{kind: "LUNCH"}|kind: not SCALP, DAY_TRADE or SWING
	{direction: null}|direction: neither LONG nor SHORT
	{strength: null}|strength: missing
	{strength: "7"}|strength: not a number
	{price: null}|price: missing or below 0
	{size: 0}|size: not above 0
	{premium: null}|premium: missing
	{tags: "SWEEP"}|tags: not an array
	{tags: [1]}|tags: not texts
	{timestamp: null}|timestamp: missing
	{contract_ticker: "TSLA", option_type: null}|contract_ticker: not an option
	end
	is "$n" 11
}
