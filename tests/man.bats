#!/usr/bin/env bats
# The pages and the README do what they say: their commands are run, and where
# output is shown it is compared.
load helper

real=$data/real/thetadata/spy_option_trades_nbbo_20240614.csv

# The project's root as far as examples need it, and the files they speak of.
setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	ln -s "$top/tests" tests
	cp "$real" .
	cp "$real" prints.csv
	lean=tests/data/real/lean_equity_options
	zcat $lean/underlying_trade_minute_bars.csv.gz >minutes.csv
	zcat $lean/underlying_daily_bars.csv.gz >days.csv
	gzip -c tests/data/synthetic/massive/trades.csv >2024-06-14.csv.gz
	gzip -c tests/data/synthetic/massive/quotes.csv >quotes.csv.gz
	{
		grep -m 1 '"hello"' tests/data/synthetic/alerts.ndjson
		grep -m 3 '"trade"' tests/data/synthetic/alerts.ndjson
		echo '{"record":"bye","n":3,"reason":"end","exit":0}'
	} >day.ndjson
}

# blocks PAGE SECTION: what is displayed in a section, each display to a numbered files, and
# "1.shown" for block 1 when the page says that block 0 prints it.
blocks() {
	rm -f ./*.block ./*.shown
	mandoc -Tmarkdown "$top/man/$1" | awk -v section="$2" '
	/^#+ / { on = $0 ~ "^#+ " section "$"; next }
	!on { next }
	sub(/^(> |>$|\t)/, "") {
		if (!inside)
			file = sprintf("%03d.%s", ++n,
			    prints ? "shown" : "block")
		inside = 1
		prints = 0
		print >file
		next
	}
	{ inside = 0 }
	/^This prints/ { prints = 1 }'
}

# runs: each block, and what it shows if it does.  Prints how many there were.
runs() {
	local n=0 shown
	for block in *.block; do
		shown=$(printf '%03d.shown' $((10#${block%.block} + 1)))
		n=$((n + 1))
		bash -e -o pipefail "$block" >out 2>err || {
			printf '%s: status %d\n' "$(<"$block")" $?
			cat err
			return 1
		} >&2
		[ -s out ] || [ -s err ] || [[ $(<"$block") == *\>* ]] || {
			printf '%s: prints nothing\n' "$(<"$block")" >&2
			return 1
		}
		[ ! -e "$shown" ] || diff out "$shown" || return 1
	done
	printf '%d\n' $n
}

@test "flow(7): the pipes run" {
	blocks flow.7 Pipes
	runs >count
	is "$(cat count)" '11'
	is "$(wc -l <tagged.ndjson)" "$(wc -l <day.ndjson)"
}

@test "flow(7) names every module" {
	for header in "$top"/lib/*/*.h; do
		name=$(basename "$header" .h)
		grep -q "^\.It Pa \(.* \)\?$name\( \|$\)" "$top/man/flow.7" || {
			echo "$name: not in flow(7)"
			return 1
		}
	done
}

@test "flow-tap(1): the examples run" {
	blocks flow-tap.1 EXAMPLES
	runs >count
	is "$(cat count)" '6'
}

@test "flow-classify(1): the examples run and print what they show" {
	blocks flow-classify.1 EXAMPLES
	is "$(ls ./*.shown)" ./002.shown
	runs >count
	is "$(cat count)" '1'
}

@test "flow-alert(1): the examples run" {
	blocks flow-alert.1 EXAMPLES
	runs >count
	is "$(cat count)" '5'
}

@test "flow-score(1): the examples run" {
	blocks flow-score.1 EXAMPLES
	runs >count
	is "$(cat count)" '5'
	is "$(jq -r 'select(.record == "signal") | .kind' scored.ndjson |
		sort -u | xargs)" 'DAY_TRADE SCALP SWING'
}

@test "flow-paper(1): the examples run" {
	{
		cat tests/data/synthetic/signals/signals.ndjson
		grep -m 1 'TSLA' tests/data/synthetic/signals/signals.ndjson |
			jq -c '{record: "trade", symbol, contract_ticker,
				timestamp: (.decision_ts + 1000), price, size,
				underlying_price}'
	} >scored.ndjson
	blocks flow-paper.1 EXAMPLES
	runs >count
	is "$(cat count)" '2'
}

@test "flow-store(1): the examples run" {
	flow-tap --replay day.ndjson --journal journal >/dev/null
	blocks flow-store.1 EXAMPLES
	runs >count
	is "$(cat count)" '7'
}

@test "flow-report(1): the examples run" {
	flow-tap --replay prints.csv --codes thetadata \
		--columns timestamp_ms=trade_ts_utc_ms,osi=osi,price=price,size=size \
		--columns exchange=exchange,conditions=condition,sequence=sequence \
		--columns quote_timestamp_ms=quote_ts_utc_ms,bid=bid,ask=ask \
		--columns bid_size=bid_size,ask_size=ask_size |
		flow-classify | flow-store -q --db history.db >/dev/null
	blocks flow-report.1 EXAMPLES
	runs >count
	is "$(cat count)" '15'
}

@test "flow-record(5): the examples run" {
	blocks flow-record.5 EXAMPLES
	runs >count
	is "$(cat count)" '2'
}

@test "flow-record(5): the tables of conditions and exchanges are the code's" {
	# Each row's letter, in a csv file by OPRA's codes, gives its name.
	awk '/^\.Sh/ { on = $2 == "CONDITIONS" }
		on && $1 == ".It" && $3 == "Ta" && length($4) == 1 {
			print $2, $4
		}' "$top/man/flow-record.5" >conditions
	awk '/^\.Sh/ { on = $2 == "EXCHANGES" }
		on && $1 == ".It" && $3 == "Ta" && length($4) == 1 {
			print $2, $4
		}' "$top/man/flow-record.5" >exchanges
	[ "$(wc -l <conditions)" -eq 40 ]
	[ "$(wc -l <exchanges)" -eq 21 ]
	{
		echo t,o,p,s,c,x
		awk '{ printf "%d,SPY240621C00500000,1,1,%s,C\n",
			1718371800 + NR, $2 }' conditions
		awk '{ printf "%d,SPY240621C00500000,1,1,I,%s\n",
			1718371900 + NR, $2 }' exchanges
	} >coded.csv
	run -0 --separate-stderr flow-tap --replay coded.csv --codes opra \
		--columns timestamp_s=t,osi=o,price=p,size=s,conditions=c,exchange=x
	is "$stderr" ''
	is "$(jq -r 'select(.record == "trade" and .timestamp < 1718371900000) |
		.conditions[0]' <<<"$output")" "$(cut -d ' ' -f 1 conditions)"
	is "$(jq -r 'select(.record == "trade" and .timestamp > 1718371900000) |
		.exchange' <<<"$output")" "$(cut -d ' ' -f 1 exchanges)"
}

@test "flow-record(5): what a condition counts towards" {
	local got want
	awk '/^\.Sh/ { on = $2 == "CONDITIONS" }
		on && $1 == ".It" && $2 ~ /^[A-Z]+$/ {
			sub(/^\.It /, "")
			split($0, part, / *Ta */)
			print part[1] ":" part[3]
		}' "$top/man/flow-record.5" >table
	[ "$(wc -l <table)" -eq 42 ]
	# In a contract of its own, each follows a sweep order at the ask.
	while IFS=: read -r name want; do
		printf '{"record":"trade","contract_ticker":"O:%s251219C00100000","timestamp":1764000000000,"trade_date":"2025-11-24","price":1,"size":50,"option_type":"call","exchange":"CBOE","conditions":["ISOI"],"bid":0.9,"ask":1}\n' "$name"
		printf '{"record":"trade","contract_ticker":"O:%s251219C00100000","timestamp":1764000000000,"trade_date":"2025-11-24","price":1,"size":50,"option_type":"call","exchange":"ISE","conditions":["%s"],"bid":0.9,"ask":1}\n' \
			"$name" "$name"
	done <table >in
	flow-classify in >out
	while IFS=: read -r name want; do
		got=$(jq -r --arg t "O:${name}251219C00100000" '
			select(.contract_ticker == $t)' out | jq -rs '
			(.[] | select(.record == "trade" and
			.exchange == "ISE")) as $p |
			[(if $p.day_volume == 100 then "V" else empty end),
			(if any(.[]; .record == "event" and
			.event_type == "SWEEP") then "W" else empty end),
			(if $p.side != "UNKNOWN" then "S" else empty end)] |
			join(" ")')
		case $want in
		'V P L S W' | 'V P L S' | 'V P S' | 'V P L' | 'V P' | V | '\-') ;;
		*) echo "$name: $want"; return 1 ;;
		esac
		is "$name $got" "$name $(for letter in V W S; do
			[[ $want == *$letter* ]] && printf '%s\n' $letter
		done | paste -s -d ' ')"
	done <table
}

@test "flow-config(5): the example is a configuration" {
	blocks flow-config.5 EXAMPLES
	is "$(ls ./*.block)" ./001.block
	for name in flow-tap flow-classify flow-paper flow-alert; do
		run -0 --separate-stderr "$name" --config 001.block --show-config
		is "$stderr" ''
	done
	has "$output" 'put_block: 500000'
}

# sessions FILE: the console blocks of a markdown file, each command ("$ ",
# going on after a line that ends in \ or |) to N.block and what stands behind
# it to N.shown.
sessions() {
	awk '
	/^```/ { on = $0 == "```console"; going = 0; next }
	!on { next }
	!going && sub(/^\$ /, "") {
		block = sprintf("%03d.block", ++n)
		shown = sprintf("%03d.shown", n)
		printf "" >shown
		going = 1
	}
	going { print >block; going = /[\\|]$/; next }
	{ print >shown }' "$1"
}

@test "README: the commands print what it shows" {
	sessions "$top/README.md"
	[ -e 007.block ] && [ ! -e 008.block ]
	for block in *.block; do
		bash -e -o pipefail "$block" >out 2>&1
		diff out "${block%.block}.shown"
	done
}

@test "README: files it names are there, and every command has its line" {
	grep -oE '\]\([^)h][^)]*\)' "$top/README.md" | tr -d ']()' >links
	[ -s links ]
	while read -r link; do
		[ -e "$top/$link" ]
	done <links
	for source in "$top"/cmd/*.c; do
		name=$(basename "$source" .c)
		grep -q "^| \[$name\](man/$name.1) |" "$top/README.md"
		grep -q "^\.It Xr $name 1 Ta" "$top/man/flow.7"
	done
}
