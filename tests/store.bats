#!/usr/bin/env bats
# flow-store: what is stored of a stream, that it is stored once, and what
# faults do to it.  Checks are named by reliability.md 3 C, examples by
# domain.md 6.
load helper

hello='{"record":"hello","schema_version":1,"run":"r1","stage":"flow-tap","feed":"test","mode":"live","symbols":["KO"]}'
bye='{"record":"bye","run":"r1","n":0,"reason":"end","exit":0}'
contract='"symbol":"KO","root":"KO","contract_ticker":"O:KO251219P00062000","trade_date":"2025-11-24","strike":62,"expiration":"2025-12-19","option_type":"put","multiplier":100'

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	db=$BATS_TEST_TMPDIR/test.db
}

sql() {
	sqlite3 "$db" "$1"
}

# print TS EXCHANGE PRICE SIZE MORE: a put of KO without feed number.
print() {
	printf '{"record":"trade",%s,"timestamp":%s,"price":%s,"size":%s,"exchange":"%s"%s}\n' \
		"$contract" "$1" "$3" "$4" "$2" "${5:+,$5}"
}

# store STATUS FILE...: what it passes in out, what it says in err.
store() {
	local want=$1 got=0
	shift
	flow-store -d "$db" "$@" >out 2>err || got=$?
	[ "$got" -eq "$want" ] || {
		printf 'status %d, not %d: %s\n' "$got" "$want" "$(cat err)"
		return 1
	}
}

# A classified day of several contracts with sweeps, cancels and blocks.
day() {
	session 1763994600000 251219 >prints.csv
	flow-tap --replay prints.csv --columns \
		timestamp_ms=t,osi=o,price=p,size=s,exchange=x,conditions=c \
		--columns bid=b,ask=a,bid_size=bs,ask_size=as \
		--columns "quote_timestamp_ms=q${1-,sequence=n}" >tapped
}

# data FILE: its data records, members sorted, lines sorted.
data() {
	jq -cS 'select(.record | IN("hello", "heartbeat", "bye", "status") |
		not)' "$1" | sort
}

# What the tables hold, without the numbers that depend on the order.
rows() {
	flow-store -d "${1:-$db}" --export >rows.ndjson
	data rows.ndjson
	sqlite3 "${1:-$db}" 'SELECT * FROM daily_summary ORDER BY date, ticker'
}

# ---- what can be asked ----

@test "source 0: SELECT COUNT(*) FROM flow_events, in its default place" {
	mkdir data
	flow-alert -q -f json "$top/tests/data/synthetic/alerts.ndjson" >day
	sed '$s/.*/{"record":"event","event_type":"BLOCK",'"$contract"',"timestamp":1763994600000,"size":120,"premium":5000}\n&/' day >day2
	flow-store day2 >out
	cmp out day2 || diff <(data out) <(data day2)
	# The command of the document as it stands; jq counts the same.
	run -0 sqlite3 data/flow_history.db "SELECT COUNT(*) FROM flow_events;"
	is "$(flow-report --format csv --sql 'SELECT COUNT(*) FROM flow_events;' |
		tail -n 1)" "$output"
	is "$output" "$(jq -c 'select(.record == "event")' day2 | wc -l)"
	[ "$output" -ge 1 ]
}

@test "source 0: the columns of the three tables" {
	store 0 <<<"$hello"$'\n'"$bye"
	is "$(sqlite3 "$db" "SELECT group_concat(name, ' ') FROM
		pragma_table_info('flow_events')")" \
		'id timestamp ticker strike right expiration event_type size premium_flow aggressive_ratio sweep_exchanges details'
	has "$(sqlite3 "$db" "SELECT group_concat(name, ' ') FROM
		pragma_table_info('daily_summary')")" \
		'date ticker total_premium_flow put_flow call_flow put_call_ratio block_count sweep_count aggressive_buy_count '
	has "$(sqlite3 "$db" "SELECT group_concat(name, ' ') FROM
		pragma_table_info('alerts')")" \
		'timestamp ticker alert_type severity title message recommendation '
	has "$(sqlite3 "$db" "SELECT group_concat(name, ' ') FROM
		pragma_table_info('options_flow_history')")" \
		'symbol contract_ticker timestamp price size premium trade_type sentiment aggressiveness strike expiration option_type underlying_price dte is_sweep is_block is_above_ask is_below_bid is_unusual_volume exchange conditions '
}

@test "source 0: an event as a row" {
	{
		print 1763994600123 CBOE 0.41 120 '"trade_id":"O:KO251219P00062000:1763994600123:CBOE:1"'
		echo '{"record":"event","event_type":"BLOCK",'"$contract"',"timestamp":1763994600123,"trade_id":"O:KO251219P00062000:1763994600123:CBOE:1","size":120,"premium":4920,"side":"BUY","note":"x"}'
		echo '{"record":"event","event_type":"AGGRESSIVE",'"$contract"',"timestamp":1763994900000,"size":200,"premium":8000,"aggressive_ratio":0.65,"window_start":1763994600000,"window_end":1763994900000}'
	} >in
	store 0 in
	# Time worked out by date(1) -u -d @1763994600: 14:30:00.
	is "$(sql 'SELECT id, timestamp, ticker, strike, right, expiration,
		event_type, size, premium_flow, aggressive_ratio,
		sweep_exchanges FROM flow_events ORDER BY id')" \
		'1|2025-11-24T14:30:00.123Z|KO|62.0|P|2025-12-19|BLOCK|120|4920.0||1
2|2025-11-24T14:35:00.000Z|KO|62.0|P|2025-12-19|AGGRESSIVE|200|8000.0|0.65|1'
	is "$(sql 'SELECT details ->> "side", details ->> "note" FROM
		flow_events WHERE id = 1')" 'BUY|x'
}

# asked SELECT: what the shell of SQLite answers; flow-report says the same.
asked() {
	diff <(sqlite3 -json "$db" "$1" | jq -c '.[]') \
		<(flow-report -d "$db" -f json --sql "$1" | jq -c '.rows[]') &&
		sql "$1"
}

@test "source 2: its record, EX-1.1, and its three queries as they stand" {
	local now ago trade
	trade='{"record":"trade","trade_id":"O:SPX251219C06475000:1764019200000:CBOE:1","symbol":"SPX","root":"SPX","contract_ticker":"O:SPX251219C06475000","timestamp":1764019200000,"trade_date":"2025-11-24","session":"CURB","price":45.5,"size":250,"multiplier":100,"premium":1137500,"strike":6475,"expiration":"2025-12-19","option_type":"call","dte":25,"settlement":"AM","exercise_style":"E","exchange":"CBOE","conditions":["ISOI"],"underlying_price":6450,"bid":44.8,"ask":45.2,"price_location":"ABOVE_ASK","side":"BUY","side_method":"QUOTE_NBBO","aggressor_side":"BUY","sentiment":"BULLISH","aggressiveness":"AGGRESSIVE","trade_type":"BLOCK","is_sweep":false,"is_block":true,"is_large":true,"is_above_ask":true,"is_below_bid":false,"is_through":true,"is_iso":true,"avg_trade_size":40,"size_ratio":6.25,"is_unusual_volume":true}'
	now=$(date +%s)
	# The queries go by the clock, so the record is given a recent time.
	for ago in 60 1800 10000 90000; do
		jq -c --argjson t $(((now - ago) * 1000)) \
			'.timestamp = $t | del(.trade_id) | .premium += $t % 7' \
			<<<"$trade"
	done >in
	store 0 in
	run -0 asked "SELECT
  timestamp,
  contract_ticker,
  trade_type,
  sentiment,
  aggressiveness,
  size,
  premium,
  is_sweep,
  is_block
FROM options_flow_history
WHERE
  symbol = 'SPX'
  AND timestamp > (unixepoch() - 3600) * 1000
ORDER BY timestamp DESC
LIMIT 50;"
	is "${#lines[@]}" 2
	has "${lines[0]}" '|O:SPX251219C06475000|BLOCK|BULLISH|AGGRESSIVE|250|11375'
	is "${lines[0]##*|}" 1
	run -0 asked "SELECT
  symbol,
  sentiment,
  COUNT(*) as trade_count,
  SUM(size) as total_size,
  SUM(premium) as total_premium,
  SUM(CASE WHEN is_sweep THEN 1 ELSE 0 END) as sweeps,
  SUM(CASE WHEN is_block THEN 1 ELSE 0 END) as blocks
FROM options_flow_history
WHERE timestamp > (unixepoch() - 4 * 3600) * 1000
GROUP BY symbol, sentiment
ORDER BY total_premium DESC;"
	is "${output%%|34125*}" 'SPX|BULLISH|3|750'
	has "$output" '|0|3'
	run -0 asked "SELECT
  timestamp,
  symbol,
  contract_ticker,
  trade_type,
  sentiment,
  size,
  premium,
  is_sweep,
  is_block,
  is_above_ask,
  aggressiveness
FROM options_flow_history
WHERE timestamp > (unixepoch() - 24 * 3600) * 1000
ORDER BY premium DESC
LIMIT 20;"
	is "${#lines[@]}" 3
	run -0 asked "SELECT COUNT(*), symbol FROM options_flow_history WHERE timestamp > (unixepoch() - 300) * 1000 GROUP BY symbol;"
	is "$output" '1|SPX'
	# The 21 columns of the record itself.
	run -0 sqlite3 -json "$db" "SELECT symbol, contract_ticker, price, size,
		trade_type, strike, expiration, option_type, underlying_price,
		dte, is_sweep, is_block, is_above_ask, is_below_bid,
		is_unusual_volume, exchange, conditions
		FROM options_flow_history LIMIT 1"
	is "$(jq -c '.[0]' <<<"$output")" '{"symbol":"SPX","contract_ticker":"O:SPX251219C06475000","price":45.5,"size":250,"trade_type":"BLOCK","strike":6475,"expiration":"2025-12-19","option_type":"call","underlying_price":6450,"dte":25,"is_sweep":0,"is_block":1,"is_above_ask":1,"is_below_bid":0,"is_unusual_volume":1,"exchange":"CBOE","conditions":"[\"ISOI\"]"}'
}

@test "a query by time and one by symbol use the keys" {
	store 0 <<<"$hello"$'\n'"$bye"
	run -0 sql "EXPLAIN QUERY PLAN SELECT size FROM options_flow_history
		WHERE timestamp > 1763994600000"
	has "$output" 'SEARCH t USING PRIMARY KEY (ts>?)'
	run -0 sql "EXPLAIN QUERY PLAN SELECT size FROM options_flow_history
		WHERE symbol = 'SPX' AND timestamp > 1763994600000
		ORDER BY timestamp DESC LIMIT 50"
	has "$output" 'SEARCH t USING INDEX trades_symbol (symbol=? AND ts>?)'
	[[ $output != *'TEMP B-TREE'* ]]
}

@test "alerts: what was sent, with what was cancelled; suppressed ones apart" {
	flow-alert -q -f json "$top/tests/data/synthetic/alerts.ndjson" >day
	store 0 day
	is "$(sql 'SELECT count(*) FROM alerts')" \
		"$(jq -c 'select(.record == "alert" and .suppressed != true and
		.cancelled != true)' day | wc -l)"
	is "$(sql 'SELECT count(*) FROM alert_rows WHERE suppressed')" \
		"$(jq -c 'select(.suppressed == true)' day | wc -l)"
	is "$(sql "SELECT ticker, alert_type, severity, title, recommendation
		FROM alerts ORDER BY timestamp LIMIT 1")" \
		'DEMOA|PUT_SWEEP|CRITICAL|DEMOA PUT_SWEEP|Do not sell puts now'
	is "$(sql 'SELECT ticker FROM alerts WHERE cancelled')" DEMOF
}

@test "--min-size is for options_flow_history; all is stored and summed" {
	{ print 1763994600000 CBOE 1 9; print 1763994600001 CBOE 1 10; } >in
	store 0 in
	is "$(sql 'SELECT group_concat(size) FROM options_flow_history')" 10
	is "$(sql 'SELECT count(*) FROM trades')" 2
	is "$(sql 'SELECT put_flow, trade_count FROM daily_summary')" '1900.0|2'
	store 0 --min-size 0 in
	is "$(sql 'SELECT count(*) FROM options_flow_history')" 2
	printf 'store:\n  min_size: 10\n' >flow.yaml
	store 0 in
	is "$(sql 'SELECT count(*) FROM options_flow_history')" 1
}

# ---- nothing is lost ----

@test "what goes in comes out: every member of every record" {
	day
	flow-classify tapped >tagged
	flow-classify --emit fast tapped |
		flow-alert -q -f json --journal none >fast
	sed '1s/}$/,"zz":{"a":[1.50,"é"]}}/' "$data/synthetic/alerts.ndjson" >third
	for file in tagged fast third; do
		rm -f "$db"*
		store 0 "$file"
		flow-store -d "$db" --export >back
		diff <(data "$file") <(data back)
		[ "$(data back | wc -l)" -ge 20 ]
		cp "$db" first.db
		rm -f "$db"*
		store 0 back	# and the rows are the same again
		diff <(rows first.db) <(rows)
	done
}

@test "members nobody knows, and values a column cannot hold, stay" {
	local odd='"why":{"rule":"x","n":1.500},"quote_status":7,"spread_position":0.12345678,"dte":1.5,"ts_ns":"0123","zz":null'
	{
		print 1763994600000 CBOE 0.41 12 "$odd"
		print 1763994600001 CBOE 0.41 12 '"bid":0.4,"ts_ns":"1763994600001000007"'
	} >in
	store 0 in
	flow-store -d "$db" --export >back
	diff <(jq -cS . in | sort) <(jq -cS 'del(.premium)' back |
		grep '"trade"' | sort)
	is "$(sql 'SELECT ns_after, bid_e4, extra IS NULL FROM trades')" \
		'||0
7|4000|1'
	# Verbatim: 1.500 is not 1.5.
	has "$(sql 'SELECT extra FROM trades LIMIT 1')" \
		'"why":{"rule":"x","n":1.500}'
}

# ---- once ----

@test "C10: a day fed three times, and files that overlap" {
	day
	flow-classify tapped >tagged
	store 0 tagged
	rows >want
	[ "$(sql 'SELECT count(*) FROM trades')" -eq 438 ]
	store 0 tagged tagged
	flow-store -v -d "$db" tagged >out 2>err
	has "$(cat err)" '0 records stored'
	rows >got
	diff want got
	# Two halves that share a hundred lines, the second first.
	rm -f "$db"*
	{ head -n 1 tagged; tail -n 300 tagged; } >second
	head -n -200 tagged >first
	store 0 second
	store 3 first	# it has no bye
	store 0 tagged
	diff want <(rows)
}

@test "C10: the same without feed numbers" {
	day ''
	flow-classify tapped >tagged
	[ "$(grep -c sequence tagged)" -eq 0 ]
	store 0 tagged
	rows >want
	store 0 tagged
	diff want <(rows)
}

@test "C10: true twins are two, however often they are fed" {
	{
		print 1763994600000 CBOE 0.41 12
		print 1763994600000 CBOE 0.41 12
		print 1763994600000 ISE 0.41 12
		print 1763994600000 CBOE 0.42 12
	} >in
	store 0 in
	store 0 in
	store 0 in in
	is "$(sql 'SELECT count(*), sum(size) FROM trades')" '4|48'
	# One more twin than before is one more row.
	{ cat in; print 1763994600000 CBOE 0.41 12; } >more
	store 0 more
	store 0 more
	is "$(sql 'SELECT count(*) FROM trades')" 5
	is "$(sql 'SELECT trade_count FROM daily_summary')" 5
}

@test "C10: a repeated trade_id is a repeat, twins have their own" {
	id='"trade_id":"O:KO251219P00062000:1763994600000:CBOE'
	{
		print 1763994600000 CBOE 0.41 12 "$id:1\""
		print 1763994600000 CBOE 0.41 12 "$id:2\""
		print 1763994600000 CBOE 0.41 12 "$id:2\""
		print 1763994600000 CBOE 0.41 12 "$id:1\""
	} >in
	store 0 in
	is "$(sql 'SELECT count(*) FROM trades')" 2
	# Cut within the millisecond, ordinals begin anew: another print is
	# not the first because it is called :1.
	print 1763994600000 CBOE 0.55 7 "$id:1\"" >cut
	store 0 cut
	is "$(sql 'SELECT count(*), sum(size) FROM trades')" '3|31'
}

@test "C10: socket and REST copies of a print are one" {
	fed() { print "$1" CBOE 0.41 12 "\"sequence\":$2"; }
	rest() { print "$1" CBOE 0.41 12; }
	# Two twins on the socket; REST has them too, interleaved or behind.
	{ fed 1763994600000 5; rest 1763994600000; fed 1763994600000 7
		rest 1763994600000; } >a
	{ rest 1763994601000; fed 1763994601000 5; rest 1763994601000
		fed 1763994601000 7; } >b
	store 0 a b
	is "$(sql 'SELECT ts, count(*) FROM trades GROUP BY ts')" \
		'1763994600000|2
1763994601000|2'
	store 0 b a
	# The socket missed one that REST has.
	{ fed 1763994602000 9; } >live
	{ rest 1763994602000; rest 1763994602000; } >served
	store 0 live
	store 0 served
	store 0 served live
	is "$(sql 'SELECT count(*) FROM trades WHERE ts = 1763994602000')" 2
	# A new number is a new print, even when REST once had only two.
	fed 1763994602000 11 >third
	store 0 third
	store 0 third live
	is "$(sql 'SELECT count(*) FROM trades')" 6
}

@test "C10: conditions of any characters, in any order, are the same again" {
	{
		print 1763994600000 CBOE 0.41 12 '"conditions":["A\"B","C"]'
		print 1763994600000 CBOE 0.41 12 '"conditions":["A\\"]'
		print 1763994600000 CBOE 0.41 12 '"conditions":["\\","A"]'
		print 1763994600000 CBOE 0.41 12 '"conditions":["\n\u00e9"]'
		print 1763994600000 CBOE 0.41 12
	} >in
	{
		print 1763994600000 CBOE 0.41 12 '"conditions":["C","A\u0022B"]'
		tail -n 4 in | sed 's/\\u00e9/é/'
	} >again
	store 0 in
	is "$(sql 'SELECT count(*) FROM trades')" 5
	store 0 in	# by another process, which reads what is stored
	store 0 again
	is "$(sql 'SELECT count(*) FROM trades')" 5
	store 0 in again
	is "$(sql 'SELECT count(*) FROM trades')" 5
}

@test "C10: numbers of the feed with holes, and one number for two contracts" {
	{
		print 1763994600000 CBOE 0.41 12 '"sequence":5'
		print 1763994600000 CBOE 0.41 12 '"sequence":9'
		print 1763994600000 CBOE 0.41 12 '"sequence":5' |
			sed 's/P00062000/P00063000/g; s/"strike":62/"strike":63/'
		print 1763994600000 ISE 0.41 12 '"sequence":5'
	} >in
	store 0 in
	store 0 in
	is "$(sql 'SELECT count(*) FROM trades')" 4
}

@test "identifiers of others are identities" {
	{
		print 1763994600000 CBOE 0.41 12 '"trade_id":"abc"'
		print 1763994600000 CBOE 0.41 12 '"trade_id":"abd"'
		print 1763994600000 CBOE 0.41 12 '"trade_id":"abc"'
	} >in
	store 0 in
	store 0 in
	is "$(sql 'SELECT group_concat(trade_id) FROM trades')" 'abc,abd'
	# A cancel finds its print by it.
	echo '{"record":"cancel",'"$contract"',"timestamp":1763994600500,"ref_trade_id":"abd","ref_timestamp":1763994600000,"price":0.41,"size":12,"premium":492,"exchange":"CBOE"}' >cancel
	store 0 cancel
	store 0 cancel
	is "$(sql 'SELECT trade_id FROM options_flow_history')" abc
	is "$(sql 'SELECT put_flow, cancelled_count FROM daily_summary')" \
		'492.0|1'
}

@test "records that disagree about a contract are one contract's prints" {
	{
		print 1763994600000 CBOE 0.41 12
		print 1763994600000 CBOE 0.41 12 | sed 's/"strike":62/"strike":61/'
	} >in
	store 0 in
	is "$(sql 'SELECT count(*) FROM trades')" 2
	store 0 in
	is "$(sql 'SELECT count(*), count(DISTINCT base) FROM contracts')" '2|1'
	is "$(sql 'SELECT count(*) FROM trades')" 2
	flow-store -d "$db" --export >back
	diff <(data in) <(data back | jq -cS 'del(.premium)')
}

@test "what is not final is passed on and not stored" {
	cut() {
		echo '{"record":"status","stage":"flow-classify","severity":"error","code":"'"$1"'"}'
	}
	{
		echo "$hello"
		print 1763994600000 CBOE 0.41 12
		cut not_final
		print 1763994601000 CBOE 0.41 13
		echo "$hello"	# one that was held with the rest
		print 1763994602000 CBOE 0.41 14
		echo '{"record":"heartbeat","timestamp":1763994603000}'
		cut no_bye
	} >in
	store 3 in
	sed '$d' out | jq -c 'del(.hop)' | cmp - in
	is "$(sql 'SELECT group_concat(size) FROM trades')" 12
	is "$(sql 'SELECT to_ts FROM coverage')" 1763994600000
	is "$(grep -v 'without a bye' err)" \
		'flow-store: warning: 2 records behind the break of the stream are not final and were not stored: feed it again'
	# The next file is another stream.
	sed '/no_bye/d' in >killed
	print 1763994604000 CBOE 0.41 15 >next
	store 3 killed next
	is "$(sql 'SELECT group_concat(size) FROM trades')" 12,15
	# What is broken off within the recording itself is final.
	sed '/not_final/d' in >said
	store 3 said
	is "$(sql 'SELECT group_concat(size) FROM trades')" 12,13,14,15
}

@test "a stream cut anywhere, then whole: what the whole one alone gives" {
	local size n cuts
	cuts=$(fewer 12 4)
	day
	for emit in hold fast; do
		rm -f "$db"*
		flow-classify --emit $emit tapped | flow-store -d "$db" >out
		rows >want
		sql 'SELECT * FROM options_flow_history ORDER BY trade_id' >want2
		size=$(stat -c %s tapped)
		rm -f "$db"*
		for ((n = 700; n < size; n += size / cuts)); do
			head -c $n tapped | flow-classify -q --emit $emit |
				flow-store -q -d "$db" >out || true
		done
		flow-classify --emit $emit tapped | flow-store -d "$db" >out
		diff want <(rows)
		sql 'SELECT * FROM options_flow_history ORDER BY trade_id' |
			cmp want2
	done
}

# ---- the daily summary ----

# ex61: domain.md EX-6.1: a call of 420,000, puts of 1,260,000 and 90,000.
ex61() {
	print 1763994600000 CBOE 42 100 | sed 's/put/call/; s/P00062000/C00062000/'
	print 1763994601000 CBOE 12.6 1000 '"side":"BUY","sentiment":"BEARISH"'
	print 1763994602000 ISE 9 100 '"trade_id":"O:KO251219P00062000:1763994602000:ISE:1","side":"SELL","sentiment":"BULLISH"'
}

cancel() {	# of EX-6.1's last print
	echo '{"record":"cancel",'"$contract"',"timestamp":1763994603000,"ref_trade_id":"O:KO251219P00062000:1763994602000:ISE:1","ref_timestamp":1763994602000,"ref_conditions":["AUTO"],"price":9,"size":100,"premium":90000,"exchange":"ISE","conditions":["CANC"]}'
}

@test "EX-6.1 EX-6.2 EX-6.3: flows, ratio, cancel, only puts" {
	ex61 >in
	store 0 in
	is "$(sql 'SELECT date, ticker, put_flow, call_flow,
		total_premium_flow, put_call_ratio, put_call_infinite
		FROM daily_summary')" \
		'2025-11-24|KO|1350000.0|420000.0|1770000.0|3.214286|0'
	is "$(sql 'SELECT bull_flow, bear_flow, net_flow, trade_count FROM
		daily_summary')" '90000.0|1260000.0|-1170000.0|3'
	cancel >taken
	store 0 taken
	store 0 taken
	store 0 in taken	# EX-6.2, however often it is told
	is "$(sql 'SELECT put_flow, put_call_ratio, bull_flow, trade_count,
		cancelled_count FROM daily_summary')" '1260000.0|3.0|0.0|2|1'
	is "$(sql 'SELECT count(*) FROM options_flow_history')" 2
	is "$(sql 'SELECT count(*) FROM trades')" 3	# nothing was deleted
	rm -f "$db"*
	grep '"put"' in >puts
	store 0 puts	# EX-6.3
	is "$(sql 'SELECT put_call_ratio IS NULL, put_call_infinite FROM
		daily_summary')" '1|1'
}

# A sweep of two prints, 100 at 0.41 are $4,100 each; the prints were NEUTRAL.
swept() {
	local id='O:KO251219P00062000:1763994600000'
	case $1 in
	prints)
		print 1763994600000 CBOE 0.41 100 '"sequence":1,"sentiment":"NEUTRAL"'
		print 1763994600000 ISE 0.41 100 '"sequence":2,"sentiment":"NEUTRAL"' ;;
	sweep)
		echo '{"record":"sweep",'"$contract"',"sweep_id":"sw:'"$id"':CBOE:1","kind":"SWEEP","evidence":"ISO","timestamp":1763994600500,"trade_ids":["'"$id"':CBOE:1","'"$id"':ISE:2"],"size":200,"premium":8200,"n_exchanges":2,"side":"BUY","sentiment":"BEARISH"}' ;;
	CBOE:1 | ISE:2)
		echo '{"record":"cancel",'"$contract"',"timestamp":1763994601000,"ref_trade_id":"'"$id:$1"'","ref_timestamp":1763994600000,"size":100,"premium":4100}' ;;
	esac
}

@test "a sweep counts while one of its prints stands" {
	local sums='SELECT sweep_count, put_flow, bear_flow, cancelled_count
		FROM daily_summary'
	{ swept prints; swept sweep; } >in
	store 0 in
	is "$(sql "$sums")" '1|8200.0|8200.0|0'
	store 0 <<<"$(swept CBOE:1)"
	is "$(sql "$sums")" '1|4100.0|4100.0|1'
	store 0 <<<"$(swept ISE:2)"
	is "$(sql "$sums")" '0|0.0|0.0|2'
	flow-store -d "$db" --check
	# In another order: what was taken back before its sweep came.
	rm -f "$db"*
	{ swept prints; swept CBOE:1; swept sweep; } >in
	store 0 in
	is "$(sql "$sums")" '1|4100.0|4100.0|1'
	rm -f "$db"*
	{ swept prints; swept CBOE:1; swept ISE:2; swept sweep; } >in
	store 0 in
	is "$(sql "$sums")" '0|0.0|0.0|2'
	flow-store -d "$db" --check
}

@test "C10: an id means the print that came under it, when files begin elsewhere" {
	local id='O:KO251219P00062000:1763994600000:CBOE'
	{
		print 1763994600000 CBOE 0.41 100 '"trade_id":"'$id':1"'
		print 1763994600000 CBOE 0.42 100 '"trade_id":"'$id':2"'
	} >in
	store 0 in
	# The second print is the first of a file that holds no other.
	{
		print 1763994600000 CBOE 0.42 100 '"trade_id":"'$id':1"'
		swept CBOE:1
	} >other
	store 0 other
	is "$(sql 'SELECT count(*) FROM trades')" 2
	is "$(sql 'SELECT price FROM options_flow_history')" 0.41
}

@test "a trade_date that is none comes out as it came in, once" {
	{
		swept prints
		swept sweep
		swept CBOE:1
		echo '{"record":"event","event_type":"AGGRESSIVE",'"$contract"',"timestamp":1763994600000,"size":200}'
	} | sed 's/"trade_date":"2025-11-24"/"trade_date":"someday"/' >in
	store 0 in
	is "$(sql 'SELECT date FROM daily_summary')" 2025-11-24	# New York's
	flow-store -d "$db" --export >back
	is "$(grep -c '"trade_date"' back)" 5
	is "$(grep -o '"trade_date":"[^"]*"' back | sort | uniq -c | xargs)" \
		'5 trade_date:someday'
	# A member told twice would be rejected.
	run -0 --separate-stderr flow-store -d copy.db back
	is "$stderr" ''
	is "$(sqlite3 copy.db 'SELECT count(*) FROM trades')" 2
}

@test "a block counts while its print stands, whichever was told first" {
	local id='O:KO251219P00062000:1763994600000:CBOE:1' order
	swept prints | head -n 1 >print
	swept CBOE:1 >taken
	echo '{"record":"event","event_type":"BLOCK",'"$contract"',"timestamp":1763994600000,"trade_id":"'$id'","size":100,"premium":4100}' >event
	store 0 print event
	is "$(sql 'SELECT block_count FROM daily_summary')" 1
	for order in 'print event taken' 'print taken event'; do
		rm -f "$db"*
		# shellcheck disable=SC2086
		cat $order >in
		store 0 in
		is "$order: $(sql 'SELECT block_count, put_flow FROM
			daily_summary')" "$order: 0|0.0"
		flow-store -d "$db" --check
	done
}

@test "a sweep that came before its prints has them when it comes again" {
	{ swept prints; swept sweep; } >whole
	store 0 whole
	rows >want
	rm -f "$db"*
	store 0 <<<"$(swept sweep)"
	is "$(sql 'SELECT sweep_count, put_flow FROM daily_summary')" '1|0.0'
	{ swept prints | head -n 1; swept sweep; } >half
	store 0 half
	is "$(sql 'SELECT sweep_count, bear_flow FROM daily_summary')" \
		'1|4100.0'
	store 0 whole
	rows >got
	diff got want
	is "$(sql 'SELECT count(*), sum(extra IS NULL) FROM sweeps')" '1|1'
	flow-store -d "$db" --check
	# Prints that were taken back end it; one that stands brings it back.
	rm -f "$db"*
	store 0 <<<"$(swept sweep | sed 's/"SWEEP"/"SPLIT"/')"
	is "$(sql 'SELECT count(*) FROM daily_summary')" 0
	flow-store -d "$db" --check
	rm -f "$db"*
	store 0 <<<"$(swept sweep)"
	{ swept prints | head -n 1; swept CBOE:1; swept sweep; } >half
	store 0 half
	is "$(sql 'SELECT sweep_count FROM daily_summary')" 0
	flow-store -d "$db" --check
	store 0 whole
	is "$(sql 'SELECT sweep_count, bear_flow FROM daily_summary')" \
		'1|4100.0'
	flow-store -d "$db" --check
}

@test "a late print counts on the day it belongs to" {
	ex61 >in
	store 0 in
	print 1763994600500 PHLX 1 10 '"is_late_arrival":true' >late
	print 1764081000000 PHLX 2 10 | sed 's/"2025-11-24"/"2025-11-25"/' >next
	store 0 next
	store 0 late
	is "$(sql 'SELECT date, put_flow FROM daily_summary ORDER BY date')" \
		'2025-11-24|1351000.0
2025-11-25|2000.0'
	flow-store -d "$db" --check
}

@test "the summary is what jq makes of the stream" {
	day
	flow-classify tapped >tagged
	store 0 tagged
	# Not cancelled, not a cancelling print; none here is complex.
	jq -r -s '(map(select(.record == "cancel").ref_trade_id)) as $gone |
		map(select(.record == "trade" and .is_cancel != true and
		(.trade_id | IN($gone[]) | not))) | group_by(.symbol)[] |
		(map(select(.option_type == "put").premium) | add // 0) as $p |
		(map(select(.option_type == "call").premium) | add // 0) as $c |
		[.[0].symbol, $p, $c, length] | @tsv' tagged | tr '\t' '|' >want
	sql "SELECT ticker, printf('%g', put_flow), printf('%g', call_flow),
		trade_count FROM daily_summary ORDER BY ticker" >got
	diff want got
	for kind in BLOCK AGGRESSIVE; do
		jq -r "select(.event_type == \"$kind\").symbol" tagged
	done | wc -l >want
	sql 'SELECT sum(block_count + aggressive_buy_count) FROM daily_summary' >got
	[ "$(cat want)" -ge 2 ]
	diff want got
	is "$(sql 'SELECT sum(sweep_count) FROM daily_summary')" \
		"$(jq -c 'select(.record == "sweep" and .kind == "SWEEP")' tagged | wc -l)"
}

@test "--emit fast and --emit hold: the same answers" {
	day
	flow-classify --emit hold tapped >held
	flow-classify --emit fast tapped >sent
	ask='SELECT symbol, contract_ticker, timestamp, price, size, premium,
		trade_type, sentiment, aggressiveness, is_sweep, is_block,
		is_above_ask, is_below_bid, side, trade_id
		FROM options_flow_history ORDER BY trade_id;
		SELECT * FROM daily_summary ORDER BY date, ticker'
	store 0 --min-size 0 held
	sql "$ask" >want
	rm -f "$db"*
	store 0 --min-size 0 sent
	sql "$ask" >got
	diff want got
	[ "$(grep -c '|SWEEP|' got)" -ge 20 ]
	flow-store -d "$db" --check
}

@test "--rebuild gives identical rows" {
	day
	for emit in hold fast; do
		rm -f "$db"*
		flow-classify --emit $emit tapped >tagged
		store 0 tagged
		sql 'SELECT * FROM daily_rows' >want
		[ "$(wc -l <want)" -eq 2 ]
		flow-store -d "$db" --rebuild
		diff want <(sql 'SELECT * FROM daily_rows')
		sql 'UPDATE daily_rows SET put_e4 = put_e4 + 1, sweeps = 0'
		run -1 flow-store -d "$db" --check
		has "$output" 'not the sum of its trades'
		flow-store -d "$db" --rebuild
		diff want <(sql 'SELECT * FROM daily_rows')
	done
}

@test "gaps, closing prices and the seconds nobody saw" {
	{
		echo "$hello"
		echo '{"record":"bar","symbol":"KO","tf":"1d","timestamp":1763960400000,"end_ts":1764046800000,"close":73.25,"is_final":true}'
		ex61
		echo '{"record":"gap","gap_id":"g1","state":"open","from_ts":1763994610000,"symbols":["KO"]}'
		echo '{"record":"heartbeat","timestamp":1763994700000}'
		echo '{"record":"gap","gap_id":"g1","state":"lost","from_ts":1763994610000,"to_ts":1763994640000,"symbols":["KO"]}'
		echo "$bye"
	} >in
	store 0 in
	is "$(sql 'SELECT gap_seconds, close FROM daily_summary')" '30.0|73.25'
	is "$(sql 'SELECT quality, universe, from_ts, to_ts FROM coverage
		ORDER BY id')" 'missing|KO|1763994610000|1763994640000
live|KO|1763994600000|1763994700000'
	sed 's/"lost"/"filled"/' in >filled
	store 0 in filled
	is "$(sql 'SELECT gap_seconds FROM daily_summary')" '0.0'
	is "$(sql "SELECT count(*) FROM coverage WHERE quality = 'filled'")" 1
}

@test "coverage: days that a stream leaps over were not watched" {
	{
		echo "$hello"
		# 2025-11-20 15:00 and 16:00, 2025-11-24 09:30; then midnight
		for ts in 1763668800000 1763672400000 1763994600000 \
			1764046799000 1764046800000; do
			echo "{\"record\":\"heartbeat\",\"timestamp\":$ts}"
		done
		echo "$bye"
	} >day
	store 0 day
	is "$(sql 'SELECT from_ts, to_ts FROM coverage ORDER BY from_ts')" \
		'1763668800000|1763672400000
1763994600000|1764046800000'
	# prints of two days, of a file
	for date in 2025-11-20 2025-11-24; do
		print "$(date -ud "$date 15:00" +%s)000" CBOE 1.5 10 |
			sed "s/2025-11-24/$date/"
	done >prints.ndjson
	rm -f "$db"*
	flow-tap --replay prints.ndjson | flow-store -q -d "$db" >/dev/null
	is "$(sql "SELECT count(*) FROM coverage WHERE from_ts < 1763700000000
		AND to_ts > 1763900000000")" 0
}

@test "coverage: parts of a day are joined, a stream without hello claims none" {
	part() {
		echo "$hello"
		echo "{\"record\":\"heartbeat\",\"timestamp\":$1}"
		echo "{\"record\":\"heartbeat\",\"timestamp\":$2}"
		echo "$bye"
	}
	part 1000 5000 >a
	part 4000 9000 >b
	part 20000 21000 >c
	store 0 a b c
	store 0 c a
	is "$(sql 'SELECT feed, mode, universe, quality, from_ts, to_ts FROM
		coverage ORDER BY from_ts')" \
		'test|live|KO|live|1000|9000
test|live|KO|live|20000|21000'
	sed 's/"live"/"sampled"/' a >sampled
	store 0 sampled
	is "$(sql "SELECT count(*) FROM coverage WHERE quality = 'sampled'")" 1
	rm -f "$db"*
	sed 1d a >plain
	store 0 plain
	is "$(sql 'SELECT count(*) FROM coverage')" 0
}

@test "coverage: a file watched nothing before its first trade of a date" {
	beat() { echo "{\"record\":\"heartbeat\",\"timestamp\":$1}"; }
	for mode in demo replay; do
		rm -f "$db"*
		{
			echo "${hello/\"live\"/\"$mode\"}"
			beat 1763730000000	# history, days before
			beat 1763994000000
			print 1763994600000 CBOE 0.41 12
			beat 1763994601000
			beat 1764081000000	# between dates
			print 1764081060000 CBOE 0.41 12
			print 1764081070000 CBOE 0.41 12
			# 20:15 in New York is of the next date, as 09:30 after it
			print 1764119700000 CBOE 0.41 12
			beat 1764170000000
			echo "$bye"
		} >in
		store 0 in
		store 0 in
		sql 'SELECT mode, from_ts, to_ts FROM coverage ORDER BY from_ts'
	done >got
	is "$(cat got)" 'demo|1763994600000|1763994601000
demo|1764081060000|1764081070000
demo|1764119700000|1764170000000
replay|1763994600000|1763994601000
replay|1764081060000|1764081070000
replay|1764119700000|1764170000000'
}

@test "coverage: of a made-up session its history is none" {
	flow-tap --demo KO --for 10s >in
	store 0 in
	[ "$(jq -r 'select(.record == "heartbeat").timestamp' in | head -n 1)" \
		-lt 1763900000000 ]
	# From the whole second of the first trade on.
	is "$(sql 'SELECT min(from_ts) FROM coverage')" \
		"$(jq -r 'select(.record == "trade").timestamp' in |
			sed -n '1s/...$/000/p')"
}

@test "the first difference of the counts is audited, with a status" {
	day
	sed '20,30{/"record":"trade"/d}' tapped >filtered
	store 0 filtered
	is "$(jq -r 'select(.record == "status") | "\(.severity) \(.code)"' out)" \
		'warning uneven_counts'
	is "$(sql 'SELECT stage, severity, code FROM audit')" \
		'flow-store|warning|uneven_counts'
	is "$(sql 'SELECT message FROM audit')" \
		"$(jq -r 'select(.record == "status").message' out)"
	store 0 filtered
	is "$(sql 'SELECT count(*) FROM audit')" 1
	# What other stages say is there too.
	store 0 out
	is "$(sql "SELECT count(*) FROM audit")" 1
}

# ---- commits ----

# begin OPTION...: flow-store in the background, fed by $to; its process in
# pid.  The program itself, not a wrapper: signals are for it, HUP also when
# the tests run under nohup.
begin() {
	rm -f in.fifo
	mkfifo in.fifo
	env --default-signal=HUP "$FLOW_BUILD/bin/flow-store" -d "$db" "$@" \
		<in.fifo >out 2>err &
	pid=$!
	exec {to}>in.fifo
}

# finish STATUS
finish() {
	exec {to}>&-
	ends "$pid" "$1"
}

counted() {
	[ "$(sqlite3 "$db" 'SELECT count(*) FROM trades' 2>&1)" = "$1" ]
}

@test "--ack: committed is said when it is, without more input" {
	begin --ack
	print 1763994600000 CBOE 0.41 12 >&"$to"
	until_ok grep -q 'committed 1$' err
	is "$(sql 'SELECT count(*) FROM trades')" 1
	is "$(sql 'SELECT put_flow FROM daily_summary')" 492.0
	{ print 1763994600001 CBOE 0.41 12; echo garbage; } >&"$to"
	until_ok grep -q 'committed 3$' err
	finish 3
	is "$(tail -n 1 err)" 'flow-store: info: committed 3'
}

@test "--ack: relaxed commits are called applied" {
	print 1763994600000 CBOE 0.41 12 >in
	store 0 --ack --relaxed in
	is "$(cat err)" 'flow-store: info: applied 1'
}

@test "commits by rows: 50,000 at most wait" {
	awk 'BEGIN { for (i = 0; i < 120000; i++)
		print "{\"record\":\"oi\",\"contract_ticker\":\"O:KO251219P00062000\",\"timestamp\":1,\"oi_date\":\"2025-11-24\"}" }' >in
	store 0 --ack in
	[ "$(grep -c committed err)" -ge 3 ]
	is "$(tail -n 1 err)" 'flow-store: info: committed 120000'
}

@test "a signal: what was read is committed, and it ends by the signal" {
	for signal in HUP INT TERM; do
		rm -f "$db"*
		begin
		print 1763994600000 CBOE 0.41 12 >&"$to"
		until_ok grep -q trade out || until_ok counted 1
		kill -s $signal $pid
		finish $((128 + $(kill -l $signal)))
		is "$(sql 'SELECT count(*) FROM trades')" 1
		is "$(sql 'PRAGMA integrity_check')" ok
	done
}

@test "a terminal that goes ends nothing under nohup" {
	mkfifo in.fifo
	nohup "$FLOW_BUILD/bin/flow-store" -d "$db" <in.fifo >out 2>err &
	pid=$!
	exec {to}>in.fifo
	print 1763994600000 CBOE 0.41 12 >&"$to"
	until_ok counted 1
	kill -HUP $pid
	print 1763994600001 CBOE 0.41 12 >&"$to"
	until_ok counted 2
	finish 0
}

@test "a signal is heard while the input never makes us wait" {
	yes '{"record":"note"}' | flow-store -d "$db" >/dev/null 2>err &
	pid=$!
	until_ok [ -s "$db" ]
	kill -TERM $pid
	ends $pid 143
}

@test "a reader that goes: what was read is committed" {
	day
	local status
	{ cat tapped; sed 1d tapped; sed 1d tapped; } >big
	for _ in 1 2 3 4 5; do cat big; done >bigger
	flow-store -d "$db" bigger 2>err | head -n 1 >out
	status=${PIPESTATUS[0]}
	is "$status" 141
	is "$(cat err)" ''
	[ "$(sql 'SELECT count(*) FROM trades')" -ge 1 ]
	flow-store -d "$db" --check
}

@test "a reader that stalls: rows are committed all the same, TERM ends it" {
	day
	sed '1d;$d' tapped >body
	rm -f out.fifo
	mkfifo in.fifo out.fifo
	"$FLOW_BUILD/bin/flow-store" -d "$db" <in.fifo >out.fifo 2>err &
	pid=$!
	exec {to}>in.fifo {from}<out.fifo
	# Far more than the pipe and the buffer hold, all of it known to the
	# store after the first time but for the last print.
	{
		for _ in 1 2 3 4 5 6; do cat body; done
		print 1763994900000 CBOE 0.41 12
	} >&"$to" &
	writer=$!
	[ "$(wc -c <body)" -gt 150000 ]
	until_ok counted 438 || counted 439
	kill -s TERM $pid
	got=0
	wait $pid || got=$?
	is "$got" 143
	kill $writer 2>/dev/null || true
	wait $writer || true
	exec {to}>&- {from}<&-
	is "$(sql 'PRAGMA integrity_check')" ok
}

# ---- flow-alert's journal ----

# watched: the synthetic stream with alerts of all kinds of decisions.
watched() {
	cat "$data/synthetic/alerts.ndjson"
}

# alert ID MORE: one of those, as short as it may be.
alert() {
	echo '{"record":"alert","alert_id":"'"$1"'","timestamp":1763994600000,"ticker":"KO"'"$2"'}'
}

ids='SELECT group_concat(alert_id) FROM (SELECT alert_id FROM alert_rows
	ORDER BY alert_id)'

# decisions: the rows, as the records they came as.
decisions() {
	sql 'SELECT record FROM alert_rows ORDER BY record'
}

@test "alerts: before or behind the store in a pipe, the rows are the same" {
	watched | flow-alert -q -f json --journal before |
		flow-store -d "$db" --alerts before >out
	decisions >want
	is "$(jq -r '[.suppressed // false, .cancelled // false] | @tsv' want |
		sort -u | wc -l)" 3
	cut -c1-20 want | sort -u >kinds
	is "$(cat kinds)" '{"record":"alert","a'
	# The stream alone gives the same.
	rm -f "$db"*
	flow-store -d "$db" --alerts none out >/dev/null
	decisions | cmp want
	# Behind it, in words: what it said last is stored by another run.
	rm -f "$db"*
	watched | flow-store -d "$db" --alerts behind |
		flow-alert -q --journal behind >words
	store 0 --alerts behind /dev/null
	decisions | cmp want
	cat before/* | cmp - <(cat behind/*)
	# And it changes nothing of what is passed on.
	watched >in
	store 0 --alerts behind in
	diff <(jq -c 'del(.hop)' out | grep -v '"record":"alert"') \
		<(jq -c 'del(.hop)' <(flow-store -d "$db" --alerts none in))
	cmp out <(flow-store -d "$db" --alerts none in)
}

@test "alerts: fed again, read again, moved: each is one row" {
	watched >in
	flow-alert -q --journal j in >/dev/null
	store 0 --alerts j in
	decisions >want
	is "$(wc -l <want)" "$(flow-alert -q -f json --journal none in |
		grep -c '"record":"alert"')"
	is "$(sql "SELECT name, position FROM cursor WHERE name LIKE 'al%'")" \
		"$(cd j && stat -c \
		'alerts/%n|%s' ./* | sed 's/\.\///')"
	store 0 --alerts j in
	for _ in 1 2 3; do
		flow-alert -q --journal j in >/dev/null
		store 0 --alerts j /dev/null
	done
	decisions | cmp want
	[ "$(cat j/* | wc -l)" -eq $(($(wc -l <want) * 4)) ]
	# A file that was taken away, and begun anew, is read anew.
	rm j/*
	flow-alert -q --journal j in >/dev/null
	store 0 --alerts j /dev/null
	decisions | cmp want
	is "$(sql "SELECT position FROM cursor WHERE name LIKE 'al%'")" \
		"$(stat -c %s j/*)"
	rm -r j
	store 0 --alerts j /dev/null
	decisions | cmp want
}

@test "alerts: half a line waits for its end" {
	local size
	watched >in
	flow-alert -q --journal j in >/dev/null
	mv j/*.ndjson whole
	store 0 --alerts none in
	size=$(stat -c %s whole)
	for ((n = 0; n < size; n += 311)); do
		head -c $n whole >j/20251124.ndjson
		store 0 --alerts j /dev/null
		is "$(sql 'SELECT count(*) FROM alert_rows')" \
			"$(head -c $n whole | wc -l)"
	done
	cp whole j/20251124.ndjson
	store 0 --alerts j /dev/null
	decisions | cmp - <(sort whole)
}

@test "alerts: made-up ones and others are kept apart" {
	mkdir j
	{ alert real; alert made ',"feed":"demo"'; } >j/20251124.ndjson
	# Neither hello nor alerts name a run.
	{ echo "${hello/'"run":"r1",'/}"; echo "$bye"; } >live
	sed 's/"live"/"demo"/' live >demo
	store 0 --alerts j live
	is "$(sql "$ids")" real
	alert made2 ',"feed":"demo"' >>j/20251124.ndjson
	store 0 --alerts j /dev/null
	is "$(sql "$ids")" real
	rm -f "$db"*
	store 0 --alerts j demo
	is "$(sql "$ids")" 'made,made2'
	# A run without a stream goes by what is stored.
	{ alert real2; alert made3 ',"feed":"demo"'; } >>j/20251124.ndjson
	store 0 --alerts j /dev/null
	is "$(sql "$ids")" 'made,made2,made3'
	# Without a hello the prints say it.
	rm -f "$db"*
	print 1763994600000 CBOE 0.41 12 '"feed":"demo"' >in
	store 0 --alerts j in
	is "$(sql "$ids")" 'made,made2,made3'
	rm -f "$db"*
	print 1763994600000 CBOE 0.41 12 >in	# nothing says it is made up
	store 0 --alerts j in
	is "$(sql "$ids")" 'real,real2'
}

@test "alerts: two databases, one journal: each has those of its runs" {
	local of
	mkdir j
	for of in one two; do
		{
			echo "${hello/r1/$of}"
			print 1763994600000 CBOE 0.41 12
			echo "${bye/r1/$of}"
		} >$of
	done
	# Said before either store knows a run; no run is a run of its own.
	for of in one two; do
		alert $of-1 ',"run":"'$of'"'
		echo 'no alert'
	done >j/20251124.ndjson
	alert plain-1 >>j/20251124.ndjson
	store 3 --alerts j one
	has "$(cat err)" 'j: 2 lines are no alerts'
	is "$(sql "$ids")" one-1
	db=$BATS_TEST_TMPDIR/two.db
	store 3 --alerts j two
	is "$(sql "$ids")" two-1
	# After the stream, and in a file of its own.
	for of in two one plain; do
		alert $of-2 "$([ $of = plain ] || echo ',"run":"'$of'"')" |
			tee -a j/20251124.ndjson >>j/20251125.ndjson
	done
	store 0 --alerts j /dev/null
	is "$(sql "$ids")" two-1,two-2
	# Fed again it repeats nothing, as a look at the ids would not tell.
	sql 'DELETE FROM alert_rows'
	store 0 --alerts j two
	is "$(sql "$ids")" ''
	# Another run: what was passed over is looked at for it, and only it.
	store 0 --alerts none one
	store 0 --alerts j /dev/null
	is "$(cat err)" ''			# bad lines are told once
	is "$(sql "$ids")" one-1,one-2
	store 0 --alerts j /dev/null
	print 1763994600000 CBOE 0.41 12 >three	# without hello
	store 0 --alerts j three
	is "$(sql "$ids")" one-1,one-2,plain-1,plain-2
	# The one whose store was away all the time.
	db=$BATS_TEST_TMPDIR/test.db
	store 0 --alerts j /dev/null
	is "$(sql "$ids")" one-1,one-2
	# A journal with nothing for it, and a database that holds nothing.
	db=$BATS_TEST_TMPDIR/new.db
	store 3 --alerts j /dev/null
	is "$(sql "$ids")" ''
}

@test "alerts: runs beside each other: an alert is of the stream it came from" {
	watched >in
	sed 's/"synthetic-alerts"/"other"/' in >other
	flow-alert -q --journal j other >/dev/null
	store 0 --alerts j in
	is "$(sql "$ids")" ''
	flow-alert -q --journal j in >/dev/null
	store 0 --alerts j /dev/null
	decisions >want
	is "$(jq -r .run want | sort -u)" synthetic-alerts
	is "$(wc -l <want)" "$(flow-alert -q -f json --journal none in |
		grep -c '"record":"alert"')"
	flow-alert -q --journal j in >/dev/null
	store 0 --alerts j in
	decisions | cmp want
}

@test "alerts: the place, none, and what is no alert" {
	print 1763994600000 CBOE 0.41 12 >in	# alerts without run are its
	mkdir -p "$FLOW_STATE/alerts" there j
	echo '{"record":"alert","alert_id":"a","timestamp":1}' |
		tee there/20251124.ndjson >"$FLOW_STATE/alerts/20251124.ndjson"
	count='SELECT count(*) FROM alert_rows'
	store 0 --alerts none /dev/null
	is "$(sql "$count")" 0
	printf 'store: {alerts: there}\n' >flow.yaml
	store 0 in
	is "$(sql "$count")" 1
	rm -f flow.yaml "$db"*
	store 0 in
	is "$(sql "$count")" 1
	{
		echo '{"record":"alert","alert_id":"b","timestamp":1}'
		echo '{"record":"alert",'
		print 1763994600000 CBOE 0.41 12
		head -c 1100000 /dev/zero | tr '\0' x
		echo
		echo '{"record":"alert","alert_id":"c","timestamp":1}'
	} >j/20251125.ndjson
	mkdir j/20251126.ndjson
	mkfifo j/20251127.ndjson
	echo '{"record":"alert","alert_id":"d","timestamp":1}' >j/other.ndjson
	store 3 --alerts j /dev/null
	is "$(cat err)" 'flow-store: warning: j: 3 lines are no alerts, the first at alerts/20251125.ndjson: byte 48: not a JSON object: key expected at byte 18'
	is "$(sql 'SELECT group_concat(alert_id) FROM alert_rows')" a,b,c
	is "$(sql 'SELECT count(*) FROM trades')" 1
	store 0 --alerts j /dev/null	# told once
	is "$(cat err)" ''
}

@test "a time that is no number is no time: the record is rejected" {
	local record
	mkdir j
	# Kept as a text it would be the newest of all, and no report work.
	for record in '"alert","alert_id":"a"' '"signal","signal_id":"s"' \
		'"context","symbol":"KO","window":"1h"' \
		'"bar","symbol":"KO","tf":"1d"' '"paper","signal_id":"s"'; do
		store 3 <<<'{"record":'"$record"',"timestamp":"soon"}'
		is "$(cat err)" 'flow-store: warning: -:1: timestamp: not an integer'
	done
	echo '{"record":"alert","alert_id":"b","timestamp":"soon"}' \
		>j/20251124.ndjson
	print 1763994600000 CBOE 0.41 12 >in
	store 3 --alerts j in
	has "$(cat err)" 'j: 1 lines are no alerts, the first at alerts/20251124.ndjson: byte 0: timestamp: not an integer'
	is "$(sql 'SELECT count(*) FROM alert_rows')" 0
	flow-report -d "$db" --today KO >said
	has "$(cat said)" '2025-11-24  KO'
}

@test "alerts: kill -9 of either at any moment: all rows, once" {
	local n=${KILLS:-$(fewer 12 4)} first second both from to
	day
	flow-classify tapped >tagged
	flow-alert -q --min-severity LOW --cooldown 1s --journal once tagged \
		>/dev/null
	[ "$(cat once/* | wc -l)" -ge 4 ]
	mkfifo pipe
	for ((i = 0; i < n; i++)); do
		# Both ends are open before either program can be killed, else
		# the other would wait for one that never comes.
		exec {both}<>pipe {from}<pipe {to}>pipe {both}>&-
		"$FLOW_BUILD/bin/flow-store" -d "$db" --alerts j tagged \
			>&"$to" 2>err {from}<&- {to}>&- &
		first=$!
		"$FLOW_BUILD/bin/flow-alert" -q --min-severity LOW \
			--cooldown 1s --journal j <&"$from" >out 2>err2 \
			{from}<&- {to}>&- &
		second=$!
		exec {from}<&- {to}>&-
		read -r -t "0.$(printf '%03d' $((i * 7 % 60)))" <> <(:) || true
		kill -9 $((i % 2 ? first : second)) 2>/dev/null || true
		wait $first || true
		wait $second || true
	done
	flow-alert -q --min-severity LOW --cooldown 1s --journal j tagged \
		>/dev/null
	store 0 --alerts j tagged
	decisions | cmp - <(sort once/*)
	flow-store -d "$db" --check
}

# ---- flow-tap's journal: which days may go ----

# three: prints of three mornings, 2025-11-24 to 26, as a journal j.
three() {
	local d i
	for d in 0 1 2; do
		for i in 1 2 3 4 5; do
			print $((1763994600000 + d * 86400000 + i * 1000)) \
				CBOE 0.41 "$i" | sed "s/2025-11-24/2025-11-2$((4 + d))/"
		done
	done >prints.ndjson
	flow-tap --replay prints.ndjson --journal j >stream
}

# cursor STATUS: the days of j, their states, and what is not stored.
cursor() {
	run "-$1" --separate-stderr flow-store -d "$db" --cursor j
	output=$(sed 's/^2025-11-//; s/\t/ /g' <<<"$output" | paste -sd,)
}

@test "--cursor: days that are stored whole, by replaying them" {
	three
	store 0 /dev/null
	cursor 1
	is "$output" '24 missing 5,25 missing 5,26 open 5'
	# A restart follows from the newest day: the older ones are not there.
	flow-tap --replay j --follow | flow-classify | flow-store -d "$db" >out
	cursor 1
	is "$output" '24 missing 5,25 missing 5,26 open 5'
	flow-tap --replay j/2025-11-24 | flow-classify | flow-store -d "$db" >out
	cursor 1
	is "$output" '24 stored 0,25 missing 5,26 open 5'
	flow-tap --replay j | flow-classify --emit fast | flow-store -d "$db" >out
	cursor 0
	is "$output" '24 stored 0,25 stored 0,26 open 0'
	is "$(sql "SELECT position FROM cursor WHERE name LIKE 'run/%'")" 15
	is "$(sql 'SELECT count(*) FROM trades')" 15
	# Another run on a day that was stored.
	sed 's/"size":1,/"size":7,/' prints.ndjson >more
	rm -r j/2025-11-26
	flow-tap --replay more --until 2025-11-25 --journal k >out
	cp k/2025-11-24/000001.ndjson j/2025-11-24/000002.ndjson
	cursor 1
	is "$output" '24 missing 5,25 open 0'
	flow-store -d "$db" out >/dev/null
	cursor 0
	is "$output" '24 stored 0,25 open 0'
}

@test "--cursor: what was lost, left out, rejected or not durable is missing" {
	three
	lossy() {
		rm -f "$db"*
		"$@" <stream | flow-store -q -d "$db" >out 2>err || true
		cursor "${want:-1}"
	}
	lossy sed '/"size":3,/{/2025-11-25/d}'
	# What comes behind the loss is there, but nobody can know that.
	is "$output" '24 stored 0,25 missing 3,26 open 5'
	lossy sed '2,3d'	# before the first heartbeat that counts
	is "$output" '24 missing 5,25 missing 5,26 open 5'
	lossy sed 's/"size":4,/"size":"x",/'
	is "$output" '24 missing 2,25 missing 5,26 open 5'
	lossy flow-tap --replay - PEP
	is "$output" '24 missing 5,25 missing 5,26 open 5'
	want=0 lossy sed '/"heartbeat"/d'	# the end alone counts them all
	is "$output" '24 stored 0,25 stored 0,26 open 0'
	lossy sed '/"heartbeat"/d; s/"exit":0/"exit":3/'
	is "$output" '24 missing 5,25 missing 5,26 open 5'
	lossy head -n 9	# whoever wrote it died; heartbeats count to 3
	is "$output" '24 missing 2,25 missing 5,26 open 5'
	rm -f "$db"*
	store 0 --relaxed stream
	cursor 1
	is "$output" '24 missing 5,25 missing 5,26 open 5'
	# Fed again, whole: all is there.
	store 0 stream
	cursor 0
	is "$output" '24 stored 0,25 stored 0,26 open 0'
}

@test "--cursor: what filters add is not counted as the tap's, whatever its kind" {
	local kinds
	three
	# Every kind that the code of a stage behind flow-tap writes.
	kinds=$(grep -rhoE 'emit_open\([^,]+, "[a-z_]+' \
		"$top"/lib/{classify,score,paper,alert} | sed 's/.*"//' |
		grep -vxE 'hello|heartbeat|gap|status|bye' | sort -u)
	has "$kinds" near_miss
	jq -c --arg kinds "sweep $kinds" '., if .record == "trade" then {
		record: ($kinds | gsub("\n"; " ") / " ")[], timestamp,
		contract_ticker, trade_date, sweep_id: "s\(.timestamp)"
		} else empty end' stream >added
	[ "$(grep -c near_miss added)" -eq 15 ]
	store 0 added
	cursor 0
	is "$output" '24 stored 0,25 stored 0,26 open 0'
}

@test "--cursor: a writer that is killed claims nothing that is not there" {
	local i n=${KILLS:-$(fewer 8 3)} held stored
	three
	for ((i = 0; i < 2000; i++)); do
		print $((1763994600000 + i * 100)) CBOE 0.41 $((i % 90 + 1))
	done >many
	rm -r j
	flow-tap --replay many --journal j >stream
	mkdir j/2025-11-25
	for ((i = 0; i < n; i++)); do
		"$FLOW_BUILD/bin/flow-store" -d "$db" stream >out 2>err &
		pid=$!
		read -r -t "0.0$(printf '%02d' $((i * 3 + 2)))" <> <(:) || true
		kill -9 $pid 2>/dev/null || true
		wait $pid || true
		[ -e "$db" ] || continue
		stored=$(sql "SELECT max(position) FROM cursor" 2>&1) || continue
		held=$(sql 'SELECT count(*) FROM trades')
		[ "${stored:-0}" -le "$held" ]
	done
	store 0 stream
	cursor 0
	is "$output" '24 stored 0,25 open 0'
}

@test "--cursor: no journal, no database, half a line" {
	three
	run -2 flow-store -d "$db" --cursor j
	store 0 stream
	run -2 --separate-stderr flow-store -d "$db" --cursor nothing
	is "$stderr" 'flow-store: error: unable to read nothing: No such file or directory'
	printf '{"record":"trade","x' >>j/2025-11-25/000001.ndjson
	cursor 0
	is "$output" '24 stored 0,25 stored 0,26 open 0'
}

# ---- faults ----

@test "C7: a second writer exits and names the first; a dead one holds nothing" {
	begin
	print 1763994600000 CBOE 0.41 12 >&"$to"
	until_ok counted 1
	store 4 /dev/null
	is "$(cat err)" "flow-store: error: unable to write $db: process $pid writes it"
	ln -s "$db" other.db
	run -4 flow-store -d other.db /dev/null
	has "$output" "process $pid writes it"
	run -4 flow-store -d "$db" --vacuum
	has "$output" "process $pid writes it"
	kill -9 "$pid"
	wait "$pid" || true
	exec {to}>&-
	store 0 /dev/null
	is "$(sql 'SELECT count(*) FROM trades')" 1
}

@test "C7: a link made before its database locks the same name" {
	mkdir disk
	ln -s disk/far.db test.db
	begin
	print 1763994600000 CBOE 0.41 12 >&"$to"
	until_ok counted 1
	run -4 flow-store -d "$db" /dev/null
	has "$output" "process $pid writes it"
	run -4 flow-store -d disk/far.db /dev/null
	has "$output" "process $pid writes it"
	finish 0
	[ -L test.db ]
	[ ! -e test.db-lock ]
}

@test "a directory that is not there: 2, and nothing is made" {
	run -2 --separate-stderr flow-store -d no/such.db </dev/null
	is "$output" ''
	is "$stderr" 'flow-store: error: unable to open no/such.db: directory no: No such file or directory'
	[ ! -e no ]
	run -2 --separate-stderr flow-store -d '' </dev/null
	run -2 --separate-stderr flow-store -d "$BATS_TEST_TMPDIR/" </dev/null
	for option in --check --export --vacuum --rebuild --retain=1d \
		--backup=copy; do
		run -2 --separate-stderr flow-store -d no.db $option
		is "$stderr" 'flow-store: error: unable to open no.db: No such file or directory'
		[ ! -e no.db ]
	done
}

@test "what is not a database, or another program's, is left as it is" {
	head -c 20000 /dev/urandom >noise.db
	sqlite3 other.db 'CREATE TABLE t(a); INSERT INTO t VALUES (1)'
	sqlite3 wal.db 'PRAGMA journal_mode = wal; CREATE TABLE t(a)'
	for file in noise other wal; do
		cp $file.db kept
		run -2 --separate-stderr flow-store -d $file.db </dev/null
		is "${#stderr_lines[@]}" 1
		has "$stderr" "$file.db"
		cmp $file.db kept
	done
	has "$stderr" 'the database of another program'
}

@test "a file of a later version: 2, untouched" {
	store 0 /dev/null
	sql 'PRAGMA user_version = 99; PRAGMA wal_checkpoint(TRUNCATE)'
	cp "$db" kept
	store 2 /dev/null
	is "$(cat err)" "flow-store: error: unable to use $db: schema 99 is newer than 2, which this version knows"
	cmp "$db" kept
	run -2 flow-store -d "$db" --check
	cmp "$db" kept
}

@test "an empty file becomes a database" {
	: >"$db"
	print 1763994600000 CBOE 0.41 12 >in
	store 0 in
	is "$(sql 'SELECT count(*) FROM trades')" 1
}

@test "C9: a flipped bit is found or harmless, never a crash, never written to" {
	local n=${FLIPS:-$(fewer 40 12)} file size at status
	day
	flow-classify tapped >tagged
	head -n 300 tagged >half
	flow-store -q -d "$db" half >out || is $? 3
	sql 'PRAGMA wal_checkpoint(TRUNCATE)'
	# Killed with commits in the WAL.
	begin
	sed -n '301,$p' tagged >&"$to"
	until_ok counted 438
	kill -9 "$pid"
	wait "$pid" || true
	exec {to}>&-
	for ((i = 0; i < n; i++)); do
		file=bad.db$([ $((i % 2)) -eq 0 ] || echo -wal)
		cp "$db" bad.db
		cp "$db-wal" bad.db-wal
		rm -f bad.db-shm
		size=$(stat -c %s "$file")
		[ "$size" -gt 8192 ]
		at=$(((i * 7919 * 131 + 17) % size))
		printf '\xa5' | dd of="$file" bs=1 seek=$at conv=notrunc 2>dd
		cp bad.db kept
		cp bad.db-wal kept-wal
		status=0
		flow-store -d bad.db --check >out 2>err || status=$?
		[ $status -le 2 ]
		[ $status -ne 0 ] || is "$(cat out)" ok
		cmp bad.db kept
		cmp bad.db-wal kept-wal
	done
	# A page of the trades overwritten is damage for sure.
	sql 'PRAGMA wal_checkpoint(TRUNCATE)'
	size=$(stat -c %s "$db")
	cp "$db" bad.db
	rm -f bad.db-*
	dd if=/dev/urandom of=bad.db bs=8192 seek=$((size / 8192 - 8)) count=7 \
		conv=notrunc 2>dd
	status=0
	flow-store -d bad.db --check >out 2>err || status=$?
	[ $status -eq 1 ] || [ $status -eq 2 ]
}

@test "C3: a full disk: 4, what was committed is there, and it goes on later" {
	awk 'BEGIN { for (i = 0; i < 30000; i++) printf "{\"record\":\"trade\",\"symbol\":\"KO\",\"contract_ticker\":\"O:KO251219P00062000\",\"trade_date\":\"2025-11-24\",\"option_type\":\"put\",\"multiplier\":100,\"timestamp\":%.0f,\"price\":1.5,\"size\":1,\"exchange\":\"CBOE\"}\n", 1763994600000 + i }' >in
	local status=0
	(
		ulimit -f 1200	# KiB; the database needs more
		exec "$FLOW_BUILD/bin/flow-store" -d "$db" --ack in 2>err >/dev/null
	) || status=$?
	is "$status" 4
	has "$(cat err)" 'unable to write'
	is "$(sql 'PRAGMA integrity_check')" ok
	[ "$(sql 'SELECT count(*) FROM trades')" -ge \
		"$(sed -n 's/.*committed //p' err | tail -n 1 | grep . || echo 0)" ]
	store 0 in
	is "$(sql 'SELECT count(*) FROM trades')" 30000
}

@test "a foreign writer: it waits, then says so" {
	store 0 /dev/null
	mkfifo hold
	sqlite3 "$db" <hold >held 2>&1 &
	pid=$!
	exec {to}>hold
	printf 'BEGIN IMMEDIATE;\nSELECT 1;\n' >&"$to"
	until_ok test -s held
	print 1763994600000 CBOE 0.41 12 >in
	store 4 in
	has "$(cat err)" 'another program writes to it'
	echo 'ROLLBACK;' >&"$to"
	finish 0
	store 0 in
	is "$(sql 'SELECT count(*) FROM trades')" 1
}

# as_nobody COMMAND...: as another user, who may look but not write.
as_nobody() {
	[ "$(id -u)" -eq 0 ] || skip 'not root: there is no other user to be'
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# open_way: lets others reach the test's directory.
open_way() {
	local dir=$PWD
	while [ "$dir" != / ]; do
		chmod o+x "$dir" || return
		dir=$(dirname "$dir")
	done
	chmod o+rx .
	cp "$FLOW_BUILD/bin/flow-store" program
	chmod 755 program
}

@test "a file that may not be written: 2" {
	store 0 /dev/null
	open_way
	chmod 644 "$db"*
	run -2 as_nobody ./program -d "$db" /dev/null
	has "$output" "$db"
	is "${#lines[@]}" 1
}

@test "what a reader of another user lacks is said" {
	store 0 /dev/null
	open_way
	chmod 600 "$db"
	run -2 as_nobody ./program -d "$db" --check
	is "$output" "flow-store: error: unable to read $db: unable to open database file: Permission denied"
	cp "$db" copy.db
	chmod 644 copy.db
	run -2 as_nobody ./program -d copy.db --check
	is "$output" 'flow-store: error: unable to read copy.db: -wal and -shm are not beside it, and may not be made there'
	flow-store -d "$db" --backup copy.db
	run -0 as_nobody ./program -d copy.db --check
	is "$output" ok
}

@test "C11: a reader of another user: writer running, stopped, killed" {
	print 1763994600000 CBOE 0.41 12 >in
	open_way
	begin
	cat in >&"$to"
	until_ok counted 1
	chmod 644 "$db"*
	for state in running stopped killed; do
		run -0 as_nobody sqlite3 "$db" 'SELECT count(*) FROM options_flow_history'
		is "$output" 1
		run -0 as_nobody ./program -d "$db" --check
		is "$output" ok
		case $state in
		running) finish 0; begin; cat in >&"$to" ;;
		stopped) until_ok grep -q trade out; kill -9 "$pid"
			wait "$pid" || true
			exec {to}>&- ;;
		esac
	done
}

@test "C8: killed while the file is made: no table or all of them" {
	local n=${KILLS:-$(fewer 12 4)} tables
	store 0 /dev/null
	want=$(sql 'SELECT count(*) FROM sqlite_schema')
	for ((i = 0; i < n; i++)); do
		rm -f "$db"*
		"$FLOW_BUILD/bin/flow-store" -d "$db" </dev/null >out 2>err &
		pid=$!
		read -r -t "0.$(printf '%03d' $((i * 3 % 23)))" <> <(:) || true
		kill -9 $pid || true
		wait $pid || true
		[ -e "$db" ] || continue
		tables=$(sqlite3 -readonly "$db" 'SELECT count(*) FROM
			sqlite_schema' 2>&1) || tables=0
		[ "$tables" = 0 ] || is "$tables" "$want"
		store 0 /dev/null
		is "$(sql 'SELECT count(*) FROM sqlite_schema')" "$want"
	done
}

# The file of schema 1, and what its tables hold.
old() {
	rm -f "$db"*
	sqlite3 "$db" <"$data/synthetic/store-v1.sql"
}

tables() {
	sqlite3 "$db" .dump | grep -v 'CREATE VIEW daily_summary'
}

# Within the session, by hand: g8 5 s, g1 to g3 40 s together (30 + 20 + 1
# apart), g4 10 s; g5 was filled, g6 is another ticker's, g7 came before.
gap_seconds='SELECT gap_seconds FROM daily_summary'

@test "a file of schema 1 is taken forward: overlapping gaps count once" {
	old
	is "$(sql "$gap_seconds")" 66.0
	tables >want
	# A reader leaves it as it is.
	run -0 flow-store -d "$db" --check
	is "$(sql 'PRAGMA user_version')" 1
	store 0 /dev/null
	is "$(sql 'PRAGMA user_version')" 2
	is "$(sql "$gap_seconds")" 55.0
	tables | cmp want
	# What is new has the same view.
	view='SELECT sql FROM sqlite_schema WHERE name = "daily_summary"'
	sql "$view" >want
	rm -f "$db"*
	store 0 /dev/null
	sql "$view" | cmp want
}

@test "C8: killed while it is taken forward: the old or the new, rows equal" {
	local n=${KILLS:-$(fewer 12 4)} version
	old
	tables >want
	for ((i = 0; i < n; i++)); do
		old
		"$FLOW_BUILD/bin/flow-store" -d "$db" </dev/null >out 2>err &
		pid=$!
		read -r -t "0.$(printf '%03d' $((i * 7 % 15)))" <> <(:) || true
		kill -9 $pid 2>/dev/null || true
		wait $pid || true
		version=$(sql 'PRAGMA user_version')
		case $version in
		1) is "$(sql "$gap_seconds")" 66.0 ;;
		2) is "$(sql "$gap_seconds")" 55.0 ;;
		*) false ;;
		esac
		tables | cmp want
		is "$(sql 'PRAGMA integrity_check')" ok
		store 0 /dev/null
		is "$(sql "$gap_seconds")" 55.0
	done
}

@test "C13: the risk is told with -v; readers write neither db nor wal" {
	print 1763994600000 CBOE 0.41 12 >in
	flow-store -v -d "$db" in >out 2>err
	version=$(sqlite3 :memory: 'SELECT sqlite_version()')
	[[ $(printf '%s\n' 3.51.3 "$version" | sort -V | head -n 1) == 3.51.3 ]] ||
		has "$(cat err)" "SQLite $version can damage"
	flow-tap --replay in --journal j >out
	for task in --check --export --cursor=j; do
		ASAN_OPTIONS=$ASAN_OPTIONS:detect_leaks=0 strace -f -y -o trace \
			-e trace=write,pwrite64,ftruncate,unlink,rename \
			"$FLOW_BUILD/bin/flow-store" -d "$db" $task >out
		is "$(grep -E '(write|truncate).*test\.db(-wal)?>' trace)" ''
		is "$(grep -E 'unlink|rename' trace)" ''
	done
}

# ---- maintenance ----

@test "C12: --backup beside a writer is whole and consistent" {
	day
	flow-classify tapped >tagged
	begin
	for i in 1 2 3 4 5; do
		sed -n "$((i * 80)),$((i * 80 + 80))p" tagged >&"$to"
		flow-store -d "$db" --backup copy.db
		is "$(sqlite3 copy.db 'PRAGMA integrity_check')" ok
		is "$(flow-store -d copy.db --check)" ok
		[ ! -e copy.db-wal ]
	done
	finish 0
	flow-store -d "$db" --backup copy.db
	rows copy.db >got
	rows >want
	cmp want got
	run -2 flow-store -d "$db" --backup "$db"
	has "$output" 'it is the database'
	run -2 --separate-stderr flow-store -d "$db" --backup no/copy.db
	is "$stderr" 'flow-store: error: unable to open no/copy.db: directory no: No such file or directory'
	# SQLite would take a log that stands there for the copy's.
	echo log >copy.db-wal
	run -2 --separate-stderr flow-store -d "$db" --backup copy.db
	is "$stderr" 'flow-store: error: unable to write copy.db: it is a database in use, copy.db-wal belongs to it'
	is "$(cat copy.db-wal)" log
	for left in copy.db.*; do	# no half copies
		is "$left" 'copy.db.*'
	done
}

@test "--retain: older days go, with all that is of them" {
	for date in 2025-08-20 2025-08-25 2025-08-26 2025-11-24; do
		ts=$(date -u -d "$date 15:00" +%s)000
		print "$ts" CBOE 0.41 12 | sed "s/2025-11-24/$date/"
		echo '{"record":"event","event_type":"BLOCK",'"${contract/2025-11-24/$date}"',"timestamp":'"$ts"',"size":120,"premium":5000}'
	done >in
	store 0 in
	flow-store -d "$db" --retain 90d
	# 90 days before 2025-11-24 is 2025-08-26, by date(1).
	is "$(sql "SELECT group_concat(date) FROM daily_summary")" \
		'2025-08-26,2025-11-24'
	is "$(sql 'SELECT count(*) FROM trades')" 2
	is "$(sql 'SELECT count(*) FROM flow_events')" 2
	flow-store -d "$db" --check
	run -2 flow-store -d "$db" --retain 90
	has "$output" retain
}

# whole_day DATE: one record of each kind that is kept, of that trade date; the
# second print of the sweep comes at 19:30 in New York, on the next day by UTC.
whole_day() {
	local at of id
	at=$(date -u -d "$1 15:00" +%s)000
	of=${contract/2025-11-24/$1}
	id="O:KO251219P00062000:$at"
	{
		echo '{"record":"oi",'"$of"',"timestamp":'"$at"',"oi_date":"'"$1"'","open_interest":5}'
		print "$at" CBOE 0.41 12 '"sequence":1'
		echo '{"record":"status","stage":"x","severity":"info","code":"c","message":"m'"$at"'"}'
		print "$(date -u -d "$1 00:30 next day" +%s)000" ISE 0.41 12 '"sequence":2'
		echo '{"record":"sweep",'"$of"',"sweep_id":"sw:'"$id"'","kind":"SWEEP","timestamp":'"$at"',"trade_ids":["'"$id"':CBOE:1"],"size":12}'
		echo '{"record":"cancel",'"$of"',"timestamp":'"$at"',"ref_trade_id":"'"$id"':CBOE:1","ref_timestamp":'"$at"',"size":12}'
		echo '{"record":"event","event_type":"BLOCK",'"$of"',"timestamp":'"$at"',"size":120}'
		echo '{"record":"alert","alert_id":"a'"$at"'","timestamp":'"$at"'}'
		echo '{"record":"signal","signal_id":"s'"$at"'","timestamp":'"$at"'}'
		echo '{"record":"context","symbol":"KO","window":"1h","timestamp":'"$at"'}'
		echo '{"record":"bar","symbol":"KO","tf":"1d","timestamp":'"$at"'}'
		echo '{"record":"paper","signal_id":"s'"$at"'","timestamp":'"$at"'}'
		echo '{"record":"gap","gap_id":"g'"$at"'","state":"filled","from_ts":'"$at"',"to_ts":'"$((at + 1000))"'}'
	} | sed "s/2025-11-24/$1/"
}

@test "--retain: nothing of an older day is left in any table" {
	local table
	{ whole_day 2025-11-18; whole_day 2025-11-19; whole_day 2025-11-24; } >in
	store 0 in
	flow-store -d "$db" --retain 5d
	for table in trades members sweeps sweep_ids cancels events oi \
		daily_rows alert_rows signals context bars paper gaps \
		coverage audit; do
		case $table in trades) want=4 ;; *) want=2 ;; esac
		is "$table $(sql "SELECT count(*) FROM $table")" "$table $want"
	done
	flow-store -d "$db" --check
}

@test "--check: names a member without its print, a trade without contract" {
	whole_day 2025-11-24 >in
	store 0 in
	is "$(flow-store -d "$db" --check)" ok
	sql 'UPDATE members SET n = 77'
	run -1 --separate-stderr flow-store -d "$db" --check
	has "$output" 'member of a sweep without its print: '
	sql 'DELETE FROM members; DELETE FROM contracts'
	run -1 --separate-stderr flow-store -d "$db" --check
	has "$output" 'trade without its contract: '
}

@test "--prune: the same by store.retain_days, 90 unless told" {
	for date in 2025-08-20 2025-08-25 2025-08-26 2025-11-14 2025-11-24; do
		print "$(date -u -d "$date 15:00" +%s)000" CBOE 0.41 12 |
			sed "s/2025-11-24/$date/"
	done >in
	store 0 in
	dates='SELECT group_concat(date) FROM daily_summary'
	flow-store -d "$db" --prune
	is "$(sql "$dates")" '2025-08-26,2025-11-14,2025-11-24'
	printf 'store: {retain_days: 10}\n' >flow.yaml
	store 0 /dev/null	# by itself the key deletes nothing
	is "$(sql "$dates")" '2025-08-26,2025-11-14,2025-11-24'
	flow-store -d "$db" --prune
	is "$(sql "$dates")" '2025-11-14,2025-11-24'
	flow-store -d "$db" --prune --retain 9d
	is "$(sql "$dates")" '2025-11-24'
	printf 'store: {retain_days: 0}\n' >flow.yaml
	run -2 flow-store -d "$db" --prune
	has "$output" 'store.retain_days'
}

@test "--vacuum gives the space back" {
	day
	flow-classify tapped >tagged
	store 0 tagged
	sql 'DELETE FROM trades; DELETE FROM members; DELETE FROM daily_rows;
		DELETE FROM sweeps; DELETE FROM events; DELETE FROM cancels'
	sql 'PRAGMA wal_checkpoint(TRUNCATE)'
	before=$(stat -c %s "$db")
	flow-store -d "$db" --vacuum --check
	sql 'PRAGMA wal_checkpoint(TRUNCATE)'
	[ "$(stat -c %s "$db")" -lt "$before" ]
	store 0 tagged
	[ "$(sql 'SELECT count(*) FROM trades')" -eq 438 ]
}

@test "a task reads no input" {
	store 0 /dev/null
	run -2 flow-store -d "$db" --check in
	has "$output" 'no input is read'
}

@test "K4: hostile texts are values, whatever they say" {
	local evil="x'); DROP TABLE trades; --"
	print 1763994600000 CBOE 0.41 12 | jq -c --arg e "$evil" \
		'.symbol = $e | .exchange = $e | .conditions = [$e] |
		.trade_id = $e | .sentiment = $e | .root = $e' >in
	store 0 in
	is "$(sql 'SELECT count(*) FROM trades')" 1
	is "$(sql 'SELECT symbol FROM options_flow_history')" "$evil"
	flow-store -d "$db" --export >back
	diff <(data in) <(grep '"trade"' back | jq -cS 'del(.premium)')
}

@test "a contract that open interest names first is whole all the same" {
	{
		printf '%s\n' '{"record":"hello","schema_version":1,"run":"r","stage":"flow-tap","feed":"test","mode":"live","symbols":["KO"]}' \
			'{"record":"oi","symbol":"KO","contract_ticker":"O:KO251219P00062000","timestamp":1763994599000,"oi_date":"2025-11-21","open_interest":900,"oi_change":3}' \
			'{"record":"oi","symbol":"KO","contract_ticker":"O:KO251219C00062000","timestamp":1763994599000,"oi_date":"2025-11-21","open_interest":600,"oi_change":3}'
		print 1763994600000 CBOE 0.41 120
		printf '%s\n' '{"record":"bye","run":"r","n":3,"reason":"end","exit":0}'
	} | flow-classify >in
	store 0 in
	is "$(sql 'SELECT event_type, "right", strike, expiration FROM flow_events')" \
		'BLOCK|P|62.0|2025-12-19'
	# 900 / 600
	is "$(flow-report -d "$db" --today KO -f json |
		jq '.rows[0].put_call_oi_ratio')" 1.5
}
