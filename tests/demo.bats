#!/usr/bin/env bats
# flow-tap --demo: the simulator oracles of domain.md 9.3.2, and that what it
# makes up keeps to the exchanges' rules, says what it is, and is the same each
# time.  1763994600 is 2025-11-24 14:30:00Z, the open of the default day.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

demo() {
	flow-tap --demo "$@"
}

trades() {
	grep -h '^{"record":"trade"' "$@"
}

# Nothing but single orders, so that a share says something of every print.
singles=(--demo-sweeps 0 --demo-blocks 0 --demo-splits 0 --demo-auctions 0
	--demo-crosses 0 --demo-complex 0 --demo-cancels 0 --demo-lates 0
	--demo-stories=no)

# score RULE FILE: prints, those with a side, those with the right one, stale
# ones; of prints that rules may sign: no legs, crosses, late or cancels.
score() {
	flow-classify --rule "$1" "$2" | trades | jq -r 'select((.is_multileg or .is_cross or .is_floor or .is_late or
		.is_cancel | not)) |
		[.true_side, .side, .quote_status] | @tsv' |
	awk '{ n++; signed += $2 != "UNKNOWN"; right += $1 == $2
	       stale += $3 == "STALE" }
	     END { print n, signed, right, stale }'
}

# ---- the oracles of domain.md 9.3.2 ----

@test "9.3.2: no resting orders and no delay: the quote rule is always right" {
	demo SPY AAPL KO --for 10m --truth --demo-resting 0 >in
	read -r n signed right stale < <(score quote in)
	[ "$n" -gt 5000 ]
	is "$signed $right $stale" "$n $n 0"
}

@test "9.3.2: all orders rest at the quotes and fill: quote never, tsize always" {
	demo SPY AAPL KO --rate 4/s --for 8m --truth --demo-resting 100 \
		--demo-hidden 0 --demo-full-fills 100 "${singles[@]}" >in
	read -r n signed right stale < <(score quote in)
	[ "$n" -gt 3000 ]
	is "$signed $right $stale" "$n 0 0"

	# tsize by its definition (3.5): size = the exchange's bid size, not
	# its ask size, is a buy; mirrored a sell.
	is "$(trades in | jq -r 'if .size == .ex_bid_size and
		.size != .ex_ask_size then "BUY"
		elif .size == .ex_ask_size and .size != .ex_bid_size
		then "SELL" else "none" end == .true_side' | sort | uniq -c |
		tr -s ' ')" " $n true"

	# and by flow-classify, whose guards leave out sizes from 100 and
	# what stands together like a sweep
	is "$(flow-classify in | jq -r 'select(.record == "trade" and
		.size < 100 and (.is_sweep | not)) |
		[.side_method, .side == .true_side] | @tsv' | sort -u)" \
		$'TSIZE_EX\ttrue'
}

@test "9.3.2: with a delay of quotes accuracy falls and STALE rises" {
	local last_share=1001 last_stale=-1
	for delay in 0ms 500ms 20s 2m; do
		demo SPY AAPL KO --rate 4/s --for 8m --truth --demo-resting 0 \
			--demo-quote-delay $delay >in
		read -r n _ right stale < <(score quote in)
		echo "$delay: $right right, $stale stale of $n"
		[ $((right * 1000 / n)) -lt $last_share ]
		[ $delay = 2m ] || [ "$stale" -gt $last_stale ]
		last_share=$((right * 1000 / n)) last_stale=$stale
	done
}

# ---- what it is ----

@test "hello and every record say demo" {
	demo SPY KO --for 20s --quotes-out all >out 2>err
	is "$(<err)" ''
	is "$(head -n 1 out | jq -c '[.record, .feed, .mode, .symbols,
		.capabilities]')" \
		'["hello","demo","demo",["SPY","KO"],{"quotes":true,"conditions":true,"exchange":true,"time_resolution_ms":1,"coverage":"demo"}]'
	is "$(tail -n 1 out | jq -c '[.record, .reason, .exit]')" \
		'["bye","end",0]'
	is "$(jq -r .record out | sort -u | tr '\n' ' ')" \
		'bar bye heartbeat hello oi quote trade '
	is "$(jq -c 'select(.record | IN("bar", "oi", "quote", "trade")) |
		.feed' out | sort -u)" '"demo"'
}

@test "what is cut out of a demo remains one" {
	demo KO --for 1m | trades >cut
	flow-tap --replay cut >out
	is "$(head -n 1 out | jq -c '[.feed, .mode]')" '["replay","demo"]'
	flow-classify cut >out
	is "$(trades out | jq -c .feed | sort -u)" '"demo"'
	# alerts of it are told to be none, once, with or without the hello
	flow-alert <out 2>err >/dev/null
	is "$(grep -c 'these records were made up' err)" 1
	demo KO --for 1m | flow-classify | flow-alert 2>err >/dev/null
	is "$(grep -c 'these records were made up' err)" 1
	# the hello of real prints does not say so
	jq -c 'del(.feed)' cut >plain
	is "$(flow-tap --replay plain | head -n 1 | jq -r .mode)" replay
}

@test "a recording of a demo replays as it was" {
	demo SPY --for 1m --record day.ndjson >out
	cmp out day.ndjson
	flow-tap --replay day.ndjson >again
	is "$(head -n 1 again | jq -c '[.mode, .replayed]')" '["demo",true]'
	diff <(tail -n +2 out) <(tail -n +2 again)
}

# ---- the same each time ----

@test "the same command, the same bytes; another seed, others" {
	demo SPY AAPL --for 2m --truth >one
	demo SPY AAPL --for 2m --truth --seed 1 --date 2025-11-24 \
		--rate 10/s >two
	cmp one two
	demo SPY AAPL --for 2m --truth --seed 2 >other
	is "$(trades one | head -n 100 | cmp -s - <(trades other |
		head -n 100) && echo same)" ''
	is "$(head -n 1 one | jq .run | cmp -s - <(head -n 1 other |
		jq .run) && echo same)" ''
}

@test "--speed changes no byte" {
	demo KO --for 5s >max
	demo KO --for 5s --speed 50 >paced
	cmp max paced
}

@test "what came before the open does not wait" {
	# 60 days at this speed would take 9 minutes
	run -0 timeout 20 flow-tap --demo KO --for 2s --speed 9600
	# and VIX
	is "$(jq -r 'select(.tf == "1d").tf' <<<"$output" | wc -l)" 61
}

@test "--for ends it earlier and changes nothing before" {
	demo SPY AAPL --for 1m | trades >short
	demo SPY AAPL --for 2m | trades >long
	n=$(wc -l <short)
	[ "$n" -gt 500 ]
	cmp short <(head -n "$n" long)
	is "$(jq -s 'map(.timestamp) | max <= 1763994660000' short)" true
}

# ---- what is in it ----

@test "--rate is kept over the day, more at the open than at noon" {
	demo AAPL KO --rate 0.3/s | trades >out
	n=$(wc -l <out)
	# 0.3 x 23,400 seconds, within 7 %
	[ "$n" -gt 6528 ]
	[ "$n" -lt 7512 ]
	hour() {
		jq -r .timestamp out | awk -v from="$1" '
			$1 >= from && $1 < from + 3600000 { n++ }
			END { print n + 0 }'
	}
	open=$(hour 1763994600000) noon=$(hour 1764003600000)
	close=$(hour 1764014400000)
	echo "open $open noon $noon close $close"
	[ "$open" -gt $((noon * 3 / 2)) ]
	[ "$close" -gt "$noon" ]
}

@test "all kinds of orders, and each cancel finds its print" {
	demo SPY AAPL --for 5m --truth --demo-cancels 3 --demo-lates 3 \
		--demo-crosses 5 --demo-blocks 1 --demo-splits 3 >in
	is "$(trades in | jq -r '.conditions[0]' | sort -u | tr '\n' ' ')" \
		'AUTO CANC CNCL CNCO CNOL ISOI LATE MESL MLAT MLET MLFT OSEQ SLAN SLCN SLFT TLET '
	flow-classify in >out 2>err
	is "$(<err)" ''
	is "$(grep '^{"record":"cancel"' out | jq -c 'has("ref_trade_id")' |
		sort -u)" true
	is "$(grep '^{"record":"sweep"' out | jq -r .kind | sort -u |
		tr '\n' ' ')" 'SPLIT SWEEP '
	[ "$(trades in | jq -c 'select(.size >= 500)' | wc -l)" -gt 10 ]
}

@test "a planted sweep: one contract and side, several exchanges, at once" {
	demo SPY AAPL --for 6m --truth --demo-sweeps 20 | trades |
		jq -s -c 'map(select(.true_sweep_id)) |
		group_by(.true_sweep_id) | map({ n: length,
		contracts: (map(.contract_ticker) | unique | length),
		sides: (map(.true_side) | unique | length),
		exchanges: (map(.exchange) | unique | length),
		ms: ((map(.timestamp) | max) - (map(.timestamp) | min)) })' \
		>out
	is "$(jq -c 'length > 300, (map(.contracts, .sides) | unique),
		all(.exchanges == .n), (map(.ms) | max < 200)' out |
		tr '\n' ' ')" 'true [1] true true '
	# beside them trade others
	is "$(jq '(map(select(.n > 1)) | length) / length > 0.95' out)" true
}

@test "truth is told only when asked for" {
	demo SPY AAPL --for 1m >out
	is "$(jq -c 'with_entries(select(.key | startswith("true_"))) |
		select(. != {})' out)" ''
	demo SPY AAPL --for 1m --truth >told
	is "$(trades told | jq -r .true_side | sort -u | tr '\n' ' ')" \
		'BUY SELL '
	is "$(trades told | jq -c '.true_informed // empty' | sort -u)" true
	# nothing else changes
	diff <(trades out) <(trades told | jq -c 'del(.true_side,
		.true_sweep_id, .true_informed)')
}

@test "the stories: puts swept in the first symbol, calls bought in the second" {
	demo KO PEP --truth --rate 1/s --for 20m >in
	is "$(trades in | jq -r 'select(.true_informed) | [.symbol,
		.option_type, .true_side] | join(" ")' | sort -u)" \
		$'KO put BUY\nPEP call BUY'
	is "$(trades in | jq -r 'select(.true_informed and .symbol == "PEP") |
		.contract_ticker' | sort -u | wc -l)" 1
	has "$(flow-classify in | flow-alert -q)" '[CRITICAL] KO PUT_SWEEP'
	demo KO PEP --truth --rate 1/s --for 20m --demo-stories=no >in
	is "$(trades in | jq -c 'select(.true_informed)')" ''
}

@test "quotes on the tape: in order, on the tick, bid below ask" {
	demo KO SPX --for 90s --quotes-out all >out
	is "$(jq -r 'select(.record | IN("trade", "quote")).timestamp' out |
		sort -nc 2>&1)" ''
	jq -c 'select(.record == "quote")' out >quotes
	[ "$(jq -r .scope quotes | sort | uniq -c | wc -l)" -eq 2 ]
	# cents below 3, nickels above; nickels below 3, dimes above for SPX
	is "$(jq -c 'def step: if (.contract_ticker | startswith("O:SPX"))
		then [5, 10] else [1, 5] end;
		def off($p; $s): ($p * 100 | round) %
			(if $p < 3 then $s[0] else $s[1] end) != 0;
		select(.bid >= .ask or off(.bid; step) or off(.ask; step))' \
		quotes)" ''
	# what only the Cboe lists trades there
	is "$(trades out | jq -r 'select(.symbol == "SPX").exchange' |
		sort -u)" CBOE
}

@test "series that exist: Fridays, third Fridays, no holiday" {
	demo AAPL SPX --for 1s | jq -r 'select(.record == "oi") |
		.contract_ticker' | sed -E 's/^O:([A-Z]+)([0-9]{6}).*/\1 \2/' |
		sort -u >out
	# by hand: 2025-11-27 is Thanksgiving; 2026-03-20, 2026-01-16 and
	# 2027-01-15 are third Fridays; 2025-12-25 is a Thursday
	cat >want <<-'END'
		AAPL 251128
		AAPL 251205
		AAPL 251212
		AAPL 251219
		AAPL 251226
		AAPL 260116
		AAPL 260220
		AAPL 270115
		SPX 251219
		SPX 260116
		SPX 260220
		SPX 270115
		SPXW 251124
		SPXW 251125
		SPXW 251126
		SPXW 251128
		SPXW 251205
		SPXW 251212
		SPXW 251219
		SPXW 251226
	END
	diff want out
}

@test "an early close: stocks end at 13:00, SPY at 13:15" {
	demo SPY AAPL --date 2025-11-28 --rate 0.3/s | trades >out
	# 18:00Z and 18:15Z
	is "$(jq -s -c 'group_by(.symbol) | map([.[0].symbol,
		(map(.timestamp) | max) < 1764352800000,
		(map(.timestamp) | max) < 1764353700000])' out)" \
		'[["AAPL",true,true],["SPY",false,true]]'
	is "$(jq -r .session out | sort -u)" RTH
}

@test "SPX series of the day stop at 16:00, AM series the day before" {
	demo SPX --date 2025-12-19 --rate 0.3/s --demo-stories=no | trades >out
	is "$(jq -r .session out | sort -u)" RTH
	# 21:00Z is 16:00
	is "$(jq -c 'select(.dte == 0 and .timestamp >= 1766178000000)' out)" ''
	is "$(jq -c 'select(.root == "SPX" and .dte == 0)' out)" ''
	[ "$(jq -c 'select(.timestamp >= 1766178000000)' out | wc -l)" -gt 20 ]
}

@test "bars: sixty days before, six by the minute, then a minute each" {
	demo KO SPX --for 5m >day
	grep '"bar"' day >out
	# 6 x 390 minutes before, five today
	is "$(jq -r '"\(.symbol) \(.tf)"' out | sort | uniq -c | tr -s ' ')" \
		$' 60 KO 1d\n 2345 KO 1m\n 60 SPX 1d\n 2345 SPX 1m\n 1 VIX 1d'
	is "$(jq -c 'select(.high < .open or .high < .close or .low > .open or
		.low > .close or .low <= 0 or .end_ts <= .timestamp or
		(.is_final | not))' out)" ''
	is "$(jq -c 'select(.vwap) | select(.vwap < .low or
		.vwap > .high)' out)" ''
	# an index has no volume
	is "$(jq -r 'select(has("volume")).symbol' out | sort -u)" KO
	is "$(jq -r .end_ts out | sort -nc 2>&1)" ''
	# two heartbeats for each of the sixty days, as it begins and when it
	# is over; from a second before the open on one each second
	is "$(jq -r 'select(.record == "heartbeat" and
		.timestamp < 1763994599000)' day | jq -s length)" 120
}

@test "a day before is what its minutes come to; --demo-history" {
	demo KO PEP --for 1s | grep '"bar"' >out
	jq -s -c 'def day: .timestamp / 86400000 | floor;
		group_by([.symbol, day])[] | select(length > 2) |
		map(select(.tf == "1m")) as $m | {
			open: $m[0].open, close: $m[-1].close,
			high: ($m | map(.high) | max),
			low: ($m | map(.low) | min),
			volume: ($m | map(.volume) | add),
			trades: ($m | map(.trades) | add) } as $want |
		map(select(.tf == "1d"))[0] | [$want == (. | {open, close,
			high, low, volume, trades})]' out | sort | uniq -c |
		tr -s ' ' >got
	is "$(cat got)" ' 12 [true]'
	# each begins where the minute before has ended
	is "$(jq -s -c 'group_by([.symbol, .timestamp / 86400000 | floor])[] |
		map(select(.tf == "1m")) | range(1; length) as $i |
		select(.[$i].open != .[$i - 1].close)' out)" ''
	demo KO PEP --for 1s --demo-history 0 | grep '"bar"' >none
	is "$(jq -r .tf none | sort -u)" 1d
	# prints and quotes do not know of it
	cmp <(demo KO --for 2m | trades) \
		<(demo KO --for 2m --demo-history 0 | trades)
	# the first minute's volume is above the mean minute's, as today's
	is "$(jq -s -c 'map(select(.tf == "1m" and .symbol == "KO")) |
		(map(select(.timestamp % 86400000 < 53100000).volume) |
			add / length) > (map(.volume) | add / length)' out)" true
}

@test "a day gives signals of all three kinds" {
	demo SPY AAPL KO --rate 3/s | flow-classify -q | flow-score -q >out
	is "$(jq -r 'select(.record == "signal") | .kind' out | sort -u |
		xargs)" 'DAY_TRADE SCALP SWING'
	# without stories shares change hands as ever: the gate on relative
	# volume, 1.2, leaves little or nothing through
	demo SPY AAPL KO --rate 3/s --demo-stories=no | flow-classify -q |
		flow-score -q >quiet
	[ "$(grep -c '"signal"' quiet)" -lt "$(grep -c '"signal"' out)" ]
}

@test "conservation at every heartbeat" {
	demo SPY --for 2m --until 2025-11-24T14:31:00Z >out
	is "$(jq -c 'select(.record == "heartbeat") | .hop[] |
		select(.in + .add != .out + ([.drop[]] | add // 0))' out)" ''
	is "$(jq -s -c 'map(select(.timestamp and
		.timestamp >= 1763994660000))' out)" '[]'
}

# ---- what cannot be ----

# refuses WANT ARGUMENT...: exit 2, and why.
refuses() {
	local want=$1
	shift
	run -2 --separate-stderr flow-tap "$@"
	is "$output" ''
	has "$stderr" "$want"
}

@test "no trading day" {
	refuses '2025-11-27: no trading day, exchanges are closed' \
		--demo SPY --date 2025-11-27
	refuses '2025-11-23: no trading day, a weekend' \
		--demo SPY --date 2025-11-23
	refuses '2024-02-30: not a date' --demo SPY --date 2024-02-30
	refuses '2035' --demo SPY --date 2035-01-02
}

@test "no symbols, or such that have no options" {
	refuses 'say which symbols' --demo
	refuses 'SPY: said twice' --demo SPY SPY
	refuses 'VIX: the demo knows no series of it' --demo VIX
	refuses 'SPXW: the demo knows no series of it' --demo SPXW
	refuses 'TOOLONGA: not a symbol that has options' --demo TOOLONGA
	refuses 'spy: not a symbol' --demo spy
}

@test "options of the demo, and only of it" {
	refuses '--seed: only with --demo' --replay x --seed 1
	refuses '--truth: only with --demo' --replay x --truth
	refuses '--date: only with --demo' --date 2025-11-24
	refuses '--rate: only with --demo' --rate 1/s
	refuses '--demo-resting: only with --demo' --demo-resting 5
	refuses '--demo-stories: only with --demo' --demo-stories=no
	refuses 'not mixed' --demo SPY --replay x
	refuses 'not mixed' --demo SPY --follow
	refuses 'not a rate like 40/s' --demo SPY --rate 40
	refuses 'not a rate like 40/s' --demo SPY --rate 0/s
	refuses '--demo-resting' --demo SPY --demo-resting 101
	refuses '--demo-resting' --demo SPY --demo-resting -1
	refuses '--for' --demo SPY --for 5
	refuses 'more than all' --demo SPY --demo-complex 60 --demo-sweeps 50
}

@test "nothing that comes of it hides that it was made up" {
	flow-tap --demo SPY AAPL --for 2m --demo-cancels 5 |
		flow-classify >tagged
	# sweeps, cancels and events, each by itself, without hello and prints
	is "$(jq -r 'select(.record | IN("sweep", "cancel", "event")) |
		"\(.record) \(.feed)"' tagged | sort -u)" "cancel demo
event demo
sweep demo"
	grep '"record":"sweep"' tagged | flow-alert -q >alerts
	has "$(cat alerts)" 'SPY PUT_SWEEP (DEMO)'
	is "$(grep '^\[' alerts | grep -vc '(DEMO)$' || :)" 0
	# rules over sums and open interest too
	flow-alert -q tagged >alerts
	is "$(grep '^\[' alerts | grep -vc '(DEMO)$' || :)" 0
	[ "$(grep -c '^\[' alerts)" -gt 2 ]
	is "$(flow-alert -q -f json tagged | jq -r 'select(.record == "alert") |
		.feed' | sort -u)" demo
	is "$(flow-alert -q -f tape tagged | grep -vc '  DEMO$' || :)" 0
}
