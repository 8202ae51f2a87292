#!/usr/bin/env bats
# flow-paper: positions from signals, domain.md 8.  The day is Monday
# 2025-11-24, when New York is UTC-5; the streams are synthetic.
load helper

hello='{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","mode":"replay","symbols":["*"]}'
bye='{"record":"bye","run":"r","n":0,"reason":"end","exit":0}'

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# at [DATE] HH:MM[:SS[.mmm]]: milliseconds UTC of a New York time in winter.
at() {
	local day=2025-11-24 time=$1
	[ $# -eq 1 ] || { day=$1 time=$2; }
	date -u -d "$day $time -0500" +%s%3N
}

# signal KIND DIRECTION [MEMBERS]: of KO at 10:00:00, known at 10:00:00
signal() {
	printf '{"record":"signal","signal_id":"sig:%s:t1","kind":"%s","symbol":"KO","root":"KO","contract_ticker":"O:KO260116C00062000","timestamp":%s,"direction":"%s","strength":7.9,"tags":["SWEEP","VOL>OI"],"size":10,"price":1.85,"premium":1850,"regime_trend":"UP","regime_vol":"LOW","trade_id":"t1"%s}\n' \
		"$1" "$1" "$(at 10:00:00)" "$2" "${3:+,$3}"
}

# price [DATE] TIME PRICE: of KO, on a trade of another contract
price() {
	local p=${*: -1}
	printf '{"record":"trade","symbol":"KO","contract_ticker":"O:KO251219P00060000","strike":60,"timestamp":%s,"price":1,"size":1,"underlying_price":%s}\n' \
		"$(at "${@:1:$#-1}")" "$p"
}

# quote TIME BID ASK: of the signal's contract
quote() {
	printf '{"record":"quote","contract_ticker":"O:KO260116C00062000","timestamp":%s,"bid":%s,"ask":%s,"scope":"NBBO"}\n' \
		"$(at "$1")" "$2" "$3"
}

# bar START END OPEN HIGH LOW CLOSE
bar() {
	printf '{"record":"bar","symbol":"KO","tf":"1m","timestamp":%s,"end_ts":%s,"open":%s,"high":%s,"low":%s,"close":%s,"is_final":true}\n' \
		"$(at "$1")" "$(at "$2")" "$3" "$4" "$5" "$6"
}

beat() {
	printf '{"record":"heartbeat","timestamp":%s,"run":"r","n":0,"hop":[]}\n' \
		"$(at "$@")"
}

# stream: the lines on standard input as a stream, in the file in.
stream() {
	{ echo "$hello"; cat; echo "$bye"; } >in
}

# papers OPTION...: of in, each as "REASON entry exit return R", times in New
# York.
papers() {
	flow-paper -q "$@" in >out || return
	jq -r 'def time: . / 1000 - 18000 | strftime("%d %H:%M:%S") +
			".\(. * 1000 % 1000 | floor)";
		select(.record == "paper") | [.exit_reason,
		(.entry_ts // empty | time), (.entry_price // empty),
		(.exit_ts // empty | time), (.exit_price // empty),
		(.return_pct // empty), (.r_multiple // empty)] |
		map(tostring) | join(" ")' out
}

@test "the entry: first price from 250 ms on, 1 bp against us" {
	{ signal SCALP LONG; price 10:00:00.249 99; price 10:00:00.250 100
		price 10:05 101; price 10:31 100.5; } | stream
	# entry 100.01; 0.49 / 100.01
	is "$(papers)" 'TIMEOUT 24 10:00:00.250 100.01 24 10:31:00.0 100.5 0.489951 0.489951'
	{ signal SCALP SHORT; price 10:00:01 100; price 10:31 100.5; } | stream
	# entry 99.99; -0.51 / 99.99
	is "$(papers)" 'TIMEOUT 24 10:00:01.0 99.99 24 10:31:00.0 100.5 -0.510051 -0.510051'
	# latency, and a decision later than the print (a held sweep)
	{ signal SCALP LONG "\"decision_ts\":$(at 10:00:02)"
		price 10:00:02.200 99; price 10:00:03 100; price 10:31 100; } |
		stream
	is "$(papers | cut -d ' ' -f 3,4)" '10:00:03.0 100.01'
	is "$(papers --latency 100ms | cut -d ' ' -f 3,4)" \
		'10:00:02.200 99.0099'
}

@test "no price within 5 s, or in the session: NOT_FILLED" {
	{ signal SCALP LONG; price 10:00:05.250 100; price 10:31 100; } |
		stream
	is "$(papers | cut -d ' ' -f 1)" TIMEOUT
	{ signal SCALP LONG; price 10:00:05.251 100; } | stream
	is "$(papers)" NOT_FILLED
	is "$(jq -c 'select(.record == "paper")' out)" "{\"record\":\"paper\",\"signal_id\":\"sig:SCALP:t1\",\"timestamp\":$(at 10:00:05.250),\"symbol\":\"KO\",\"contract_ticker\":\"O:KO260116C00062000\",\"kind\":\"SCALP\",\"direction\":\"LONG\",\"strength\":7.9,\"tags\":[\"SWEEP\",\"VOL>OI\"],\"regime_trend\":\"UP\",\"regime_vol\":\"LOW\",\"mark_source\":\"UNDERLYING\",\"exit_reason\":\"NOT_FILLED\"}"
	# it stands before the record that told
	is "$(jq -r .record out | tr '\n' ' ')" \
		'hello signal paper trade bye '
	signal SCALP LONG | sed "s/$(at 10:00)/$(at 15:59:58)/" >late
	{ cat late; price 16:00 100; price 16:00:02 100; price 16:00:10 100; } |
		stream
	is "$(papers)" NOT_FILLED
}

@test "an old price of the underlying is one of its own time" {
	{ signal SCALP LONG; price 10:00:01 99 |
		sed 's/}$/,"underlying_age_ms":800}/'; price 10:00:02 100
		price 10:31 100; } | stream
	is "$(papers | cut -d ' ' -f 3,4)" '10:00:02.0 100.01'
}

@test "levels on prices in their order" {
	{ signal SCALP LONG; price 10:00:01 100; price 10:02 102.1
		price 10:03 90; } | stream
	# 2 % of 100.01 above: 102.0102
	is "$(papers)" 'TP 24 10:00:01.0 100.01 24 10:02:00.0 102.0102 2 2'
	{ signal SCALP LONG; price 10:00:01 100; price 10:02 98; } | stream
	is "$(papers)" 'SL 24 10:00:01.0 100.01 24 10:02:00.0 98 -2.009799 -2.009799'
	{ signal DAY_TRADE SHORT; price 10:00:01 100; price 10:02 96; } |
		stream
	# 4 % of 99.99 below: 95.9904
	is "$(papers)" ''
	{ signal DAY_TRADE SHORT; price 10:00:01 100; price 10:02 95.99; } |
		stream
	is "$(papers)" 'TP 24 10:00:01.0 99.99 24 10:02:00.0 95.9904 4 2'
}

@test "EX-8.4: a bar that reaches both levels: SL first" {
	# E 243.40 would need a price of 243.375662...: the option's middle
	# has no basis point
	{ signal SCALP LONG; quote 10:00:01 243.39 243.41; } >x
	{ cat x; quote 10:01 248.40 248.60; } | stream
	is "$(papers --mark-source OPTION_MID --fee 0 | cut -d ' ' -f 1,4,7)" \
		'TP 243.4 248.268'
	{ signal SCALP LONG; price 10:00:01 100
		bar 10:01 10:02 100 103 98.9 101; } | stream
	# 1 % of 100.01 below: 99.0099
	is "$(papers)" 'SL 24 10:00:01.0 100.01 24 10:02:00.0 99.0099 -1 -1'
	# the minute it was opened in may have been there before
	{ signal SCALP LONG; price 10:00:01 100
		bar 10:00 10:01 100 103 98.9 101; price 10:31 100; } | stream
	is "$(papers | cut -d ' ' -f 1)" TIMEOUT
}

@test "bars alone: entry and exit at a close" {
	# the close at 10:00:05 is in time
	{ signal SCALP LONG; bar 09:59:05 10:00:05 90 110 90 100
		bar 10:29:05 10:30:05 100 101 99.5 100.2; } | stream
	is "$(papers)" 'TIMEOUT 24 10:00:05.0 100.01 24 10:30:05.0 100.2 0.189981 0.189981'
	{ signal SCALP LONG; bar 10:00 10:01 100 100 100 100; } | stream
	is "$(papers)" NOT_FILLED
}

@test "DAY_TRADE: 15:55, on an early close 12:55, or 180 minutes" {
	{ signal DAY_TRADE LONG; price 10:00:01 100; price 12:59 100
		price 13:00:02 100; } | stream
	is "$(papers | cut -d ' ' -f 1,6)" 'TIMEOUT 13:00:02.0'
	signal DAY_TRADE LONG | sed "s/$(at 10:00)/$(at 14:00)/" >x
	{ cat x; price 14:00:01 100; price 15:54:59 100; price 15:55 100; } |
		stream
	is "$(papers | cut -d ' ' -f 1,6)" 'EOD 15:55:00.0'
	# 2025-11-28, the Friday after Thanksgiving
	signal DAY_TRADE LONG |
		sed "s/$(at 10:00)/$(at 2025-11-28 12:00)/" >x
	{ cat x; price 2025-11-28 12:00:01 100; price 2025-11-28 12:54:59 100
		price 2025-11-28 12:55:01 100; } | stream
	is "$(papers | cut -d ' ' -f 1,5,6)" 'EOD 28 12:55:01.0'
}

@test "SWING: 10 sessions, Thanksgiving not counted" {
	# 25 26 28, 1 to 5, 8 9 of December
	{ signal SWING LONG; price 10:00:01 100; price 2025-12-09 10:00 100
		price 2025-12-09 10:00:01 101; } | stream
	is "$(papers | cut -d ' ' -f 1,5,6)" 'TIMEOUT 09 10:00:01.0'
}

@test "EXPIRY: at the last price before the close before expiration" {
	signal SWING LONG | sed 's/KO260116/KO251205/' >x
	{ cat x; price 10:00:01 100; price 2025-12-04 15:59 101
		price 2025-12-04 16:00:01 102; } | stream
	is "$(papers)" 'EXPIRY 24 10:00:01.0 100.01 04 15:59:00.0 101 0.989901 0.19798'
	is "$(jq 'select(.record == "paper").timestamp' out)" \
		"$(at 2025-12-04 16:00)"
	# a close at that very time is the price
	{ cat x; price 10:00:01 100; price 2025-12-04 15:59 101
		price 2025-12-04 16:00 103; } | stream
	is "$(papers | cut -d ' ' -f 1,5-7)" 'EXPIRY 04 16:00:00.0 103'
	# a SCALP of the expiration day itself ends with the day
	signal SCALP LONG | sed "s/KO260116/KO251124/; s/$(at 10:00)/$(at \
		15:50)/" >x
	{ cat x; price 15:50:01 100; price 15:58 100.5
		price 16:00:30 100.6; } | stream
	is "$(papers | cut -d ' ' -f 1,5-7)" 'EXPIRY 24 15:58:00.0 100.5'
}

@test "OPTION_EXEC: buys at the ask, sells at the bid, pays fees" {
	{ signal SCALP SHORT; quote 10:00:01 1.84 1.85; quote 10:05 1.95 2
		quote 10:31 1.95 2; } | stream
	# EX-8.7 with levels out of reach: 10 - 1.30, of 185
	cat >flow.yaml <<-'end'
	paper:
	  scalp: {take_profit_pct: 50, stop_loss_pct: 50}
	end
	is "$(papers --mark-source OPTION_EXEC)" \
		'TIMEOUT 24 10:00:01.0 1.85 24 10:31:00.0 1.95 4.702703 0.094054'
	is "$(jq -c 'select(.record == "paper") | [.qty, .fees, .pnl,
		.mfe_pct, .mae_pct]' out)" '[1,1.3,8.7,5.405405,0]'
	is "$(papers --mark-source OPTION_EXEC --slippage 0.02 --qty 3 |
		cut -d ' ' -f 4)" 1.87
	# (1.95 - 1.87) x 300 - 3.90
	is "$(jq -c 'select(.record == "paper") | [.qty, .fees, .pnl]' out)" \
		'[3,3.9,20.1]'
	# no bid: nobody buys it from us
	{ signal SCALP LONG; quote 10:00:01 1.84 1.85; quote 10:31 0 0.05
		quote 10:32 0.01 0.05; } | stream
	is "$(papers --mark-source OPTION_EXEC | cut -d ' ' -f 1,6,7)" \
		'SL 10:32:00.0 0.01'
}

@test "quotes: crossed, of one exchange, or stale on a trade are no price" {
	trade() {
		printf '{"record":"trade","symbol":"KO","contract_ticker":"O:KO260116C00062000","strike":62,"timestamp":%s,"price":5,"size":1,"bid":%s,"ask":%s,"quote_timestamp":%s}\n' \
			"$(at "$1")" "$2" "$3" "$(at "$4")"
	}
	{ signal SCALP LONG; quote 10:00:01 2 1.9
		quote 10:00:01 1 1.1 | sed 's/NBBO/EX/'
		trade 10:00:02 1 1.1 09:59:01.999; trade 10:00:02.5 2 2.2 09:59:10
		quote 10:31 2 2.2; } | stream
	is "$(papers --mark-source OPTION_MID | cut -d ' ' -f 1,3,4)" \
		'TIMEOUT 10:00:02.500 2.1'
}

@test "a stock's own prints and quotes are prices; taken back or late none" {
	print() {
		printf '{"record":"trade","symbol":"KO","contract_ticker":"KO","timestamp":%s,"price":%s,"size":1%s}\n' \
			"$(at "$1")" "$2" "${3:+,$3}"
	}
	{ signal SCALP LONG; print 10:00:01 99 '"is_cancelled":true'
		print 10:00:01 99 '"is_cancel":true'
		print 10:00:01 99 '"is_late":true'
		print 10:00:01 99 '"is_late_arrival":true'
		print 10:00:01 99 '"is_out_of_sequence":true'
		print 10:00:02 100; print 10:31 100; } | stream
	is "$(papers | cut -d ' ' -f 3,4)" '10:00:02.0 100.01'
	{ signal SCALP LONG; printf '{"record":"quote","symbol":"KO","timestamp":%s,"bid":99.99,"ask":100.01}\n' \
		"$(at 10:00:01)" "$(at 10:31)"; } | stream
	is "$(papers | cut -d ' ' -f 1,4)" 'TIMEOUT 100.01'
}

@test "what comes late is no price: a bar, a trade, a quote of the past" {
	{ signal SCALP LONG; price 10:00:02 100
		beat 10:10; bar 10:08 10:09 1 1 1 1; price 10:09:59 1
		printf '{"record":"quote","symbol":"KO","timestamp":%s,"bid":1,"ask":1}\n' \
			"$(at 10:09:58)"; price 10:31 100; } | stream
	is "$(papers | cut -d ' ' -f 1)" TIMEOUT
	is "$(jq 'select(.record == "paper").mae_pct' out)" -0.009999
}

@test "one position of a symbol, kind and direction; another after it" {
	{ signal SCALP LONG; signal SCALP LONG | sed 's/:t1/:t2/'
		signal SCALP SHORT | sed 's/:t1/:t3/'
		signal SWING LONG | sed 's/:t1/:t4/'
		price 10:00:01 100; price 10:00:02 98
		signal SCALP LONG | sed "s/:t1/:t5/; s/$(at 10:00)/$(at \
		10:00:02)/"; price 10:00:03 100; price 10:00:04 90; } | stream
	papers >/dev/null
	is "$(jq -r 'select(.record == "paper") | .signal_id + " " +
		.exit_reason' out)" 'sig:SCALP:t1 SL
sig:SCALP:t3 TP
sig:SWING:t4 SL
sig:SCALP:t5 SL'
	flow-paper in 2>err >/dev/null
	has "$(cat err)" 'signals 5, of them 1 while such a position was open; still open or waiting 0'
}

@test "bounded: beyond 65,536 positions signals are counted only" {
	signal SCALP LONG >one
	awk -F '"KO"' '{ for (i = 0; i < 65538; i++)
		print $1 "\"K" i "\"" $2 FS $3 }' one >many
	{ cat many; beat 10:00:06; } | stream
	flow-paper in 2>err >out
	is "$(grep -c NOT_FILLED out)" 65536
	has "$(cat err)" 'signals left out, 65536 positions being open: 2'
}

@test "a gap while it is open or waits is told; others are not" {
	local symbols want
	while read -r symbols want; do
		{ signal SCALP LONG
			echo "{\"record\":\"gap\",\"gap_id\":\"g\",\"state\":\"open\",\"symbols\":$symbols}"
			price 10:00:01 100; price 10:31 100; } | stream
		papers >/dev/null
		is "$(jq 'select(.record == "paper").gap_exposed' out)" "$want"
	done <<-'end'
	["*"] true
	["KO"] true
	["PEP"] null
	null true
	end
}

@test "the signal's trade is taken back: CANCELLED at the newest price, apart" {
	cancel='{"record":"cancel","ref_trade_id":"t1","timestamp":'$(at 10:06)'}'
	{ signal SCALP LONG; price 10:00:01 100; price 10:05 101
		echo "$cancel"; price 10:07 90; } | stream
	is "$(papers)" 'CANCELLED 24 10:00:01.0 100.01 24 10:05:00.0 101 0.989901 0.989901'
	flow-paper in 2>err >/dev/null
	has "$(cat err)" 'info: all: 0 trades'
	has "$(cat err)" 'not filled 0, cancelled 1, exposed to a gap 0'
	{ signal SCALP LONG; echo "${cancel/t1/t2}"; } | stream
	is "$(papers)" NOT_FILLED
	{ signal SCALP LONG; echo "${cancel//$(at 10:06)/$(at 10:00:01)}"; } |
		stream
	is "$(papers)" CANCELLED
}

@test "all is passed on, byte for byte and in order, counted in hop" {
	{ signal SCALP LONG; echo '{"record":"other","x":[1, 2.50],"\u0061b":null}'
		price 10:00:01 100; beat 10:00:02; price 10:31 100; beat 10:32; } |
		stream
	papers >/dev/null
	grep -v '"paper"\|heartbeat' out >got
	grep -v heartbeat in | diff - got
	is "$(jq -c 'select(.record == "heartbeat").hop[-1] |
		[.stage, .in, .out, .add]' out | tail -n 1)" \
		'["flow-paper",4,5,1]'
}

@test "the same positions in chunks, with heartbeats thinned, twice" {
	{ for i in 0 1 2 3 4; do
		signal SCALP LONG | sed "s/:t1/:t$i/; s/KO/K$i/g
			s/$(at 10:00)/$(at 10:0$i)/"
		price 10:0$i:01 100 | sed "s/\"KO\"/\"K$i\"/"
		beat 10:0$i:09
		price 10:0$i:30 $((97 + i)) | sed "s/\"KO\"/\"K$i\"/"
		beat 10:0$i:55
	done; signal SWING LONG; } | stream
	papers >/dev/null
	grep '"paper"' out >want
	is "$(wc -l <want)" 3
	grep -v heartbeat in >thin
	flow-paper -q thin | grep '"paper"' | diff want -
	dd if=in obs=7 status=none | flow-paper -q | diff out -
}

@test "one leap of time: what ends by time ends in the order of that time" {
	{ signal SCALP LONG "\"decision_ts\":$(at 10:00:03)"
		signal SWING LONG | sed 's/KO260116/KO251205/'
		signal DAY_TRADE LONG "\"decision_ts\":$(at 10:00:02)"
		price 10:00:01 100; beat 2025-12-05 10:00; } | stream
	papers >/dev/null
	is "$(jq -r 'select(.record == "paper") | .kind + " " + .exit_reason' \
		out)" 'DAY_TRADE NOT_FILLED
SCALP NOT_FILLED
SWING EXPIRY'
}

@test "--csv: signals and positions as rows, appended" {
	{ signal SCALP LONG '"experiment_id":"=1+1"'; price 10:00:01 100
		price 10:31 100; signal SWING SHORT | sed 's/"KO"/"-K\\"O,"/'; } |
		stream
	flow-paper -q --csv log in >/dev/null
	flow-paper -q --csv log in >/dev/null
	is "$(cat log/signals.csv)" 'timestamp,signal_id,ticker,kind,direction,contract_ticker,strength,tags,experiment_id
'"$(for _ in 1 2; do printf '%s,sig:SCALP:t1,KO,SCALP,LONG,O:KO260116C00062000,7.9,SWEEP VOL>OI,%s\n%s,sig:SWING:t1,"%s",SWING,SHORT,O:KO260116C00062000,7.9,SWEEP VOL>OI,\n' \
		"$(at 10:00)" "'=1+1" "$(at 10:00)" "'-K\"\"O,"; done)"
	is "$(sed -n '1p;2p' log/paper.csv)" "timestamp,signal_id,ticker,kind,direction,contract_ticker,mark_source,entry_ts,entry_price,exit_ts,exit_price,exit_reason,qty,fees,pnl,return_pct,r_multiple,mfe_pct,mae_pct,gap_exposed
$(at 10:00),sig:SCALP:t1,KO,SCALP,LONG,O:KO260116C00062000,UNDERLYING,$(at 10:00:01),100.01,$(at 10:31),100,TIMEOUT,1,0,-0.01,-0.009999,-0.009999,0,-0.009999,"
	is "$(wc -l <log/paper.csv)" 3
	is "$(stat -c %a log log/paper.csv | tr '\n' ' ')" '700 600 '
	run -4 --separate-stderr flow-paper --csv /dev/null/x in
	has "$stderr" 'flow-paper: error: --csv /dev/null/x: unable to make'
	mkdir full
	ln -s /dev/full full/paper.csv
	run -4 --separate-stderr flow-paper --csv full in
	has "$stderr" '--csv full: unable to write paper.csv: No space left'
}

@test "--csv: when a row cannot be written the stream goes on, exit 4" {
	for i in {1..20}; do
		signal SCALP LONG | sed "s/:t1/:t$i/; s/KO/K$i/g"
	done | stream
	run -4 --separate-stderr bash -c \
		'ulimit -f 1; flow-paper --csv log in | cat; exit ${PIPESTATUS[0]}'
	is "$(grep -c '"record":"signal"' <<<"$output")" 20
	has "$stderr" 'flow-paper: error: unable to write the csv log: '
	is "$(wc -c <log/signals.csv)" 1024
}

@test "the closing statistics: EX-8.10's numbers, by group" {
	# R 2 -1 -1 2 0.3 -1 2 -0.4, the half point as TIMEOUT: prices that
	# give them on a middle of 100 without fees
	n=0
	for r in 102 99 99 102 100.3 99 102 99.6; do
		n=$((n + 1))
		signal SCALP LONG | sed "s/:t1/:t$n/; s/KO/K$n/g"
		quote 10:00:01 100 100 | sed "s/KO/K$n/"
		quote 10:31 "$r" "$r" | sed "s/KO/K$n/"
	done | sort -t: -s -k 1,1 >x
	{ grep signal x; grep "$(at 10:00:01)" x; grep "$(at 10:31)" x; } |
		stream
	flow-paper --mark-source OPTION_MID --fee 0 in 2>err >out
	is "$(jq -s '[.[] | select(.record == "paper").r_multiple] | add * 10 |
		round' out)" 29
	line='8 trades, won 50 % (21.5 to 78.5), mean R 0.363, sd 1.424, profit factor 1.853, drawdown 2'
	is "$(cat err)" "flow-paper: info: signals 8, of them 0 while such a position was open; still open or waiting 0
flow-paper: info: all: $line
flow-paper: info: kind SCALP: $line
flow-paper: info: regime UP/LOW: $line
flow-paper: info: strength 7: $line
flow-paper: info: tag SWEEP: $line
flow-paper: info: tag VOL>OI: $line
flow-paper: info: not filled 0, cancelled 0, exposed to a gap 0"
}

@test "what comes of a demo says so, as record and to people" {
	{ signal SCALP LONG '"feed":"demo"'; price 10:00:01 100
		price 10:31 100; } | stream
	run -0 --separate-stderr flow-paper in
	is "$(jq -r 'select(.record == "paper").feed' <<<"$output")" demo
	is "$(grep -c 'these signals were made up (demo): nothing happened' \
		<<<"$stderr")" 1
}

@test "bad records are left out and told, exit 3" {
	local line want n=0
	while IFS='|' read -r line want; do
		printf '%s\n' "$line" '{"record":"x"}' >in
		run -3 --separate-stderr flow-paper -v in
		is "$output" '{"record":"x"}'
		has "$stderr" "flow-paper: warning: in:1: $want"
		n=$((n + 1))
	done <<-'end'
	{"record":"trade","symbol":"KO"}|timestamp: missing
	{"record":"trade","timestamp":1,"underlying_price":"x"}|underlying_price: not a number
	{"record":"bar","symbol":"KO","timestamp":1,"open":1,"high":1,"low":1,"close":1}|end_ts: missing
	{"record":"bar","symbol":"KO","timestamp":1,"end_ts":2,"open":3,"high":2,"low":1,"close":1}|open, high, low, close: not those of a bar
	{"record":"signal","kind":"NAP"}|kind: not SCALP, DAY_TRADE or SWING
	{"record":"signal","kind":"SCALP","direction":"UP"}|direction: neither LONG nor SHORT
	{"record":"signal","kind":"SCALP","direction":"LONG","tags":"x"}|tags: not an array
	{"record":"signal","kind":"SCALP","direction":"LONG"}|signal_id: missing
	{"record":"signal","kind":"SCALP","direction":"LONG","signal_id":"s","symbol":"KO"}|timestamp: missing
	{"record":"signal","kind":"SCALP","direction":"LONG","signal_id":"s","symbol":"KO","timestamp":1,"contract_ticker":"KO"}|
	nonsense|
	end
	is "$n" 11
}

@test "configuration: every key of paper, and mistakes" {
	cat >flow.yaml <<-'end'
	paper:
	  mark_source: OPTION_EXEC
	  latency_ms: 100
	  fee: 0.5
	  slippage: 0.01
	  qty: 2
	  scalp: {take_profit_pct: 3, stop_loss_pct: 1.5, timeout_min: 20}
	  day_trade: {take_profit_pct: 5, stop_loss_pct: 2.5, timeout_min: 60}
	  swing: {take_profit_pct: 9, stop_loss_pct: 4, timeout_sessions: 5}
	end
	flow-paper --show-config >shown
	mv shown flow.yaml
	flow-paper --show-config | diff flow.yaml -
	is "$(grep -c ': [0-9O]' flow.yaml)" 14
	run -2 --separate-stderr flow-paper --mark-source BID
	has "$stderr" 'not one of UNDERLYING, OPTION_MID, OPTION_EXEC'
	run -2 --separate-stderr flow-paper --qty 0
	is "$output" ''
}

@test "a print of the signal's sweep is taken back: CANCELLED" {
	sweep='{"record":"sweep","sweep_id":"sw:t7","timestamp":'$(at 10:00:00)',"contract_ticker":"O:KO260116C00062000","trade_ids":["t7","t8","t9"]}'
	cancel='{"record":"cancel","ref_trade_id":"t8","timestamp":'$(at 10:06)'}'
	swept() {
		signal SCALP LONG '"sweep_id":"sw:t7"' | sed 's/,"trade_id":"t1"//'
	}
	{ echo "$sweep"; swept; price 10:00:01 100; price 10:05 101
		echo "$cancel"; price 10:07 90; } | stream
	is "$(papers)" 'CANCELLED 24 10:00:01.0 100.01 24 10:05:00.0 101 0.989901 0.989901'
	# another print, and the signal of another sweep
	{ echo "$sweep"; swept; echo "${cancel/t8/t1}"; } | stream
	is "$(papers)" NOT_FILLED
	{ echo "${sweep/sw:t7/sw:t6}"; swept; echo "$cancel"; } | stream
	is "$(papers)" NOT_FILLED
}

# chunks SEED: standard input, written on in pieces of random size
chunks() {
	python3 -c 'import random, sys
draw = random.Random(sys.argv[1])
sizes = 1, 17, 333, 4096, 70000
while piece := sys.stdin.buffer.read(draw.choice(sizes)):
    sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()' "$1"
}

# backtest SEED: the stream behind score and paper, cut anyhow on its way
backtest() {
	chunks "$1" | flow-classify -q | chunks "$1$1" | flow-score -q |
		chunks "$1$1$1" | flow-paper -q
}

@test "live equals replay: a session twice, cut anyhow, heartbeats thinned" {
	flow-tap -q --demo TSLA --date 2025-11-26 --seed 4 --rate 4/s --for 1h \
		--record day.ndjson | flow-classify -q | flow-score -q |
		flow-paper -q >live
	is "$(jq -r 'select(.record == "signal") | .kind' live | sort -u |
		xargs)" 'DAY_TRADE SCALP SWING'
	grep '^{"record":"paper"' live >papers
	[ "$(wc -l <papers)" -ge 2 ]
	flow-tap -q --replay day.ndjson | backtest 1 >again
	is "$(head -n 1 again | jq .replayed)" true
	cmp <(tail -n +2 live) <(tail -n +2 again)
	# one heartbeat in seven is left
	flow-tap -q --replay day.ndjson | awk '/^{"record":"heartbeat"/ &&
		++n % 7 { next } { print }' | backtest 2 >thinned
	[ "$(grep -c '"heartbeat"' thinned)" -lt 700 ]
	cmp <(grep -E '^{"record":"(signal|paper)"' live) \
		<(grep -E '^{"record":"(signal|paper)"' thinned)
}
