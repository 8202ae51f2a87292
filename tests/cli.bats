#!/usr/bin/env bats
# The filter contract of house-style, for each command, and reliability.md
# B1-B6, B10 and K5.
load helper

# One line a command: the words that make it pass a stream on; a word with "@"
# stands once for each input, "@" being its name, "-" standard input.
filters=(
	'flow-tap --replay=@'
	'flow-classify @'
	'flow-score @'
	'flow-paper @'
	'flow-alert --format=json @'
	'flow-store --db=store.db @'
)

# filter WORDS INPUT...
filter() {
	local line words=() word input

	read -ra line <<<"$1"
	shift
	for word in "${line[@]}"; do
		if [[ $word == *@* ]]; then
			for input; do
				words+=("${word/@/$input}")
			done
		else
			words+=("$word")
		fi
	done
	"${words[@]}"
}

# try STATUS COMMAND...: its output in the files out and err, byte for byte.
try() {
	local want=$1 got=0

	shift
	"$@" >out 2>err || got=$?
	[ "$got" -eq "$want" ] || {
		printf '%s: status %d, not %d; stderr:\n' "$*" "$got" "$want"
		cat err
		return 1
	}
}

# What err says beyond the closing statistics.
complaints() {
	sed '/^flow-[a-z]*: info: /d' err
}

# silent: no complaint.
silent() {
	is "$(complaints)" ''
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || exit
	session 1718371800000 240621 >prints.csv
	flow-tap --replay prints.csv --columns \
		timestamp_ms=t,osi=o,price=p,size=s,exchange=x,conditions=c \
		--columns bid=b,ask=a,bid_size=bs,ask_size=as \
		--columns quote_timestamp_ms=q,sequence=n >stream
	{
		head -n 1 stream
		for _ in 1 2 3 4; do
			sed '1d;$d' stream
		done
		tail -n 1 stream
	} >big
	cat >three <<-'END'
	{"record":"hello","schema_version":1,"run":"r"}
	{"record":"trade","contract_ticker":"O:KO251219P00062000","timestamp":1764000000000,"trade_date":"2025-11-24","price":0.41,"size":3,"option_type":"put"}
	{"record":"bye","run":"r","n":1,"reason":"end","exit":0}
	END
	"${CC:-cc}" -shared -fPIC -o shortread.so "$top/tests/fault/shortread.c"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	stream=$BATS_FILE_TMPDIR/stream
	three=$BATS_FILE_TMPDIR/three
	big=$BATS_FILE_TMPDIR/big
}

# ---- options ----

@test "--help and -h go to stdout and end with 0" {
	local name
	for f in "${filters[@]}"; do
		name=${f%% *}
		run -0 --separate-stderr "$name" --help
		is "$stderr" ''
		is "${output%% \[*}" "usage: $name"
		long=$output
		run -0 --separate-stderr "$name" -h
		is "$output" "$long"
		try 4 eval "$name --help >/dev/full"
	done
}

@test "--version and -V print the name and a version" {
	local name
	for f in "${filters[@]}"; do
		name=${f%% *}
		for option in --version -V; do
			run -0 --separate-stderr "$name" "$option"
			is "$stderr" ''
			[[ $output =~ ^$name\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
		done
	done
}

@test "a bad option, argument or configuration: one line on stderr, 2" {
	local name
	printf 'feed:\n  nosuch: 1\n' >bad.yaml
	for f in "${filters[@]}"; do
		name=${f%% *}
		for bad in --no-such-option -Z --help=x --config \
			--config=bad.yaml --config=absent.yaml; do
			run -2 --separate-stderr "$name" "$bad"
			is "$output" ''
			is "${#stderr_lines[@]}" 1
			has "$stderr" "$name: error: "
		done
		run -2 --separate-stderr "$name" --config=bad.yaml
		has "$stderr" bad.yaml:2:
	done
}

@test "--quiet silences warnings and nothing else, -v adds none to stdout" {
	sed '3s/.*/{"record":"trade"/' "$stream" >bad
	for f in "${filters[@]}"; do
		try 3 filter "$f" bad
		[ -s err ]
		mv out want
		try 3 filter "${f/ / --quiet }" bad
		cmp out want
		is "$(cat err)" ''
		try 3 filter "${f/ / -q }" bad
		is "$(cat err)" ''
		try 3 filter "${f/ / -vv }" bad
		cmp out want
	done
}

@test "--show-config prints a configuration the command reads back" {
	local name
	for f in "${filters[@]}"; do
		name=${f%% *}
		try 0 "$name" --show-config
		silent
		mv out shown.yaml
		try 0 "$name" --config shown.yaml --show-config
		cmp out shown.yaml
	done
}

# ---- input ----

@test "operand, standard input, - and pipe give the same bytes" {
	for f in "${filters[@]}"; do
		try 0 filter "$f" "$stream"
		silent
		mv out want
		[ "$(wc -l <want)" -ge "$(wc -l <"$stream")" ]
		filter "$f" - <"$stream" >out 2>err
		cmp out want
		tee <"$stream" | filter "$f" - >out 2>err
		cmp out want
		[[ $f != *\ @ ]] || {
			${f% @} <"$stream" >out 2>err
			cmp out want
		}
	done
}

@test "several files are one input" {
	sed '1s/}$/,"replayed":true}/' "$stream" >replayed
	cat replayed replayed >both
	for f in "${filters[@]}"; do
		filter "$f" - <both >want 2>err || is $? 3
		filter "$f" replayed replayed >out 2>err || is $? 3
		cmp out want
	done
}

@test "a missing file is told; flow-tap opens nothing, filters go on" {
	for f in "${filters[@]}"; do
		filter "$f" "$stream" >want 2>err
		case $f in
		flow-tap*)
			try 2 filter "$f" absent "$stream"
			is "$(cat out)" ''
			;;
		*)
			try 3 filter "$f" absent "$stream"
			cmp <(sed '$d' out) <(sed '$d' want)
			is "$(tail -n 1 out | jq .exit)" 3
			;;
		esac
		is "$(complaints)" "${f%% *}: error: unable to open absent: No such file or directory"
	done
}

@test "a directory is no input" {
	mkdir dir
	for f in "${filters[@]}"; do
		case $f in
		flow-tap*) try 2 filter "$f" dir ;;
		*) try 3 filter "$f" dir ;;
		esac
		is "$(complaints | wc -l)" 1
		has "$(complaints)" dir
	done
}

@test "empty input makes no record up" {
	for f in "${filters[@]}"; do
		case $f in
		flow-tap*)	# which was asked for prints
			try 3 filter "$f" - </dev/null
			is "$(cat err)" 'flow-tap: warning: -:1: empty input'
			is "$(jq -r .record out | xargs)" 'hello bye'
			is "$(tail -n 1 out | jq .exit)" 3
			;;
		*)
			try 0 filter "$f" - </dev/null
			is "$(cat out)" ''
			silent
			;;
		esac
	done
}

# told WORDS FROM: out is the file want but for one complaint of line 10.
told() {
	local at="${1%% *}: warning: $2:10: "

	is "$(complaints | wc -l)" 1
	is "$(complaints | cut -c "1-${#at}")" "$at"
	# The counts differ in hop, the exit in bye.
	cmp <(grep '"record":"trade"' out) want
	has "$(tail -n 1 out)" '"exit":3'
}

@test "a bad line is told with its place, left out, and the rest goes on" {
	head -n 60 "$stream" >short
	tail -n 1 "$stream" >>short
	for f in "${filters[@]}"; do
		filter "$f" short 2>err | grep '"record":"trade"' >want
		for bad in '{"record":"trade"' '[1]' '{"a":1,"a":2}' '' \
			'{"record":7}' $'{"a":"\xff"}' $'\x7fELF\x01' garbage; do
			{ sed 9q short; echo "$bad"; sed 1,9d short; } >bad
			try 3 filter "$f" bad
			told "$f" bad
		done
		try 3 filter "$f" - <bad
		told "$f" -
	done
}

@test "many bad lines: the first hundred are told, the rest counted" {
	{
		sed -n 1p "$stream"
		yes garbage | head -n 5000
		sed 1d "$stream"
	} >bad
	for f in "${filters[@]}"; do
		try 3 filter "$f" bad
		[ "$(complaints | wc -l)" -le 102 ]
		has "$(complaints | tail -n 1)" '5000'
	done
}

@test "a last line without newline counts" {
	head -c -1 "$stream" >open
	for f in "${filters[@]}"; do
		filter "$f" "$stream" >want 2>err
		try 0 filter "$f" open
		silent
		cmp out want
	done
}

# long N: a record of N bytes that no command knows, and a newline.
long() {
	printf '{"record":"note","text":"'
	head -c $(($1 - 27)) /dev/zero | tr '\0' x
	printf '"}\n'
}

@test "B6: lines up to 1 MiB are records, longer ones are one bad record" {
	for n in 65537 1048576; do
		{ sed -n 1p "$three"; long $n; sed 1d "$three"; } >in
		is "$(sed -n 2p in | wc -c)" $((n + 1))
		for f in "${filters[@]}"; do
			try 0 filter "$f" in
			silent
			cmp <(sed -n 2p out) <(sed -n 2p in)
		done
	done
	for n in 1048577 3000000; do
		{ sed -n 1p "$three"; long $n; sed 1d "$three"; } >in
		for f in "${filters[@]}"; do
			try 3 filter "$f" in
			is "$(complaints | wc -l)" 1
			has "$(complaints)" "${f%% *}: warning: in:2: "
			is "$(jq -r 'select(.record != "context") | .record' \
				out | xargs)" 'hello trade bye'
		done
	done
}

# begin WORDS: the filter in the background, fed by $to, read by $from (bats
# has 3 for itself); its process in pid.  As it was built: a wrapper's memory is not its own.
begin() {
	rm -f in.fifo out.fifo
	mkfifo in.fifo out.fifo
	PATH=$FLOW_BUILD/bin:$PATH
	filter "exec $1" - <in.fifo >out.fifo 2>err &
	pid=$!
	exec {to}>in.fifo {from}<out.fifo
}

# finish STATUS: no more input; waits.
finish() {
	local got=0
	exec {to}>&-
	cat <&"$from" >rest
	exec {from}<&-
	wait "$pid" || got=$?
	is "$got" "$1"
}

peak_kib() {
	awk '/^VmHWM:/ { print $2 }' "/proc/$pid/status"
}

@test "B6: a line of 64 MiB needs no more memory than others" {
	local line idle limit
	for f in "${filters[@]}"; do
		begin "$f"
		sed -n 1p "$three" >&"$to"
		read -r -t 60 line <&"$from"
		has "$line" '"record":"hello"'
		idle=$(peak_kib)
		{
			head -c 67108864 /dev/zero | tr '\0' x
			printf '\n{"record":"note"}\n'
		} >&"$to"
		read -r -t 60 line <&"$from"
		is "$line" '{"record":"note"}'
		# 16 MiB; a sanitizer's own memory is not ours.
		limit=16384
		[ "$idle" -lt 8192 ] || limit=$((idle + 8192))
		[ "$(peak_kib)" -lt "$limit" ] || {
			echo "$f: $(peak_kib) KiB at most, $idle before"
			return 1
		}
		sed -n '$p' "$three" >&"$to"
		finish 3
		has "$(complaints)" ': warning: -:2: '
	done
}

@test "each record leaves before the next one is there" {
	local line
	for f in "${filters[@]}"; do
		begin "$f"
		for kind in hello note status heartbeat; do
			printf '{"record":"%s"}\n' "$kind" >&"$to"
			read -r -t 60 line <&"$from"
			has "$line" "{\"record\":\"$kind\""
		done
		echo '{"record":"bye"}' >&"$to"
		finish 0
	done
}

# ---- what passes ----

@test "unknown members and records pass byte for byte" {
	local trade='{ "zz_first" : {"a" : [1.50,-0,1E+3,"\u00e9\/é"]} ,"record":"trade","contract_ticker":"O:KO251219P00062000","timestamp":1764000000000,"trade_date":"2025-11-24","price":0.41,"size":3,"zz_last" :null'
	local other='{"record":"martian" , "timestamp":1764000000000,"price":"x","hop":7,"deep":{"a":[[[{}]]]}}'
	{
		sed -n 1p "$three"
		printf '%s}\n%s\n' "$trade" "$other"
		sed -n 3p "$three"
	} >in
	for f in "${filters[@]}"; do
		try 0 filter "$f" in
		silent
		is "$(sed -n 2p out | cut -c "1-${#trade}")" "$trade"
		is "$(sed -n 3p out)" "$other"
	done
}

@test "all records pass, in order, control records among them" {
	local keep='[.record, .trade_id, .timestamp, .n, .reason]'
	jq -c "$keep" "$stream" >want
	[ "$(grep -c '"trade"' want)" -eq 438 ]
	try 0 flow-classify "$stream"
	cp out classified
	for kind in sweep cancel event; do
		[ "$(grep -c "^{\"record\":\"$kind\"" classified)" -ge 8 ]
	done
	for f in "${filters[@]}"; do
		try 0 filter "$f" "$stream"
		jq -c "select(.record | IN(\"sweep\", \"cancel\", \"event\",
			\"alert\", \"context\") | not) | $keep" out >got
		cmp got want
		# And those that another stage made.
		try 0 filter "$f" classified
		is "$(jq -r .record classified | sort | uniq -c | awk \
			'$2 ~ /trade|heartbeat|hello|bye/')" \
			"$(jq -r .record out | sort | uniq -c | awk \
			'$2 ~ /trade|heartbeat|hello|bye/')"
	done
}

@test "the members that were there stay as they were" {
	for f in "${filters[@]}"; do
		try 0 filter "$f" "$stream"
		# An object's text without its brace begins its record.
		awk 'NR == FNR {
			if (/"record":"trade"/)
				want[++n] = substr($0, 1, length - 1)
			next
		}
		/^{"record":"trade"/ && index($0, want[++m]) != 1 { exit 1 }
		END { exit n != m || n == 0 }' "$stream" out
	done
}

@test "a stream above our schema passes, with one warning" {
	sed '1s/"schema_version":1/"schema_version":2/' "$stream" >newer
	for f in "${filters[@]}"; do
		try 0 filter "$f" newer
		is "$(complaints | wc -l)" 1
		has "$(complaints)" schema_version
		is "$(sed 1d out | grep -v '"record":"heartbeat"')" \
			"$(sed 1d newer | grep -v '"record":"heartbeat"')"
	done
}

# ---- the end of the stream ----

@test "hello without bye: a status record and 3" {
	sed '$d' "$stream" >unended
	for f in "${filters[@]}"; do
		try 3 filter "$f" unended
		is "$(tail -n 1 out | jq -c '[.record, .severity, .code]')" \
			'["status","error","no_bye"]'
		is "$(complaints | wc -l)" 1
		has "$(complaints)" bye
	done
}

@test "the exit of an earlier stage goes on to the end" {
	for n in 3 4; do
		sed "\$s/\"exit\":0/\"exit\":$n/" "$three" >in
		for f in "${filters[@]}"; do
			try 3 filter "$f" in
			silent
			cmp <(tail -n 1 out) <(tail -n 1 in)
		done
	done
}

# cuts WORDS: the filter over three records, cut at every byte; its output is
# gathered in the file all.
cuts() (
	local hello='{"record":"hello"}' bye='{"record":"bye"}' text made
	local trade='{"record":"trade","contract_ticker":"O:KO251219P00062000","timestamp":1764000000000,"price":1,"size":3'
	local size start end at want step
	step=$(fewer 1 7)
	[ -z "${WRAP:-}" ] || step=7	# half a second a run
	trap - DEBUG	# bats' own; it takes longer than the test
	text=$hello$'\n'$trade$'}\n'$bye$'\n'
	size=${#text}
	start=$((${#hello} + 1))	# of the second record
	end=$((start + ${#trade} + 2))
	: >all
	for ((k = 0; k <= size; k += step)); do
		printf %s "${text:0:k}" >part
		want=3
		((k < size - 1)) || want=0
		((k > 0)) || [[ $1 == flow-tap* ]] || want=0
		try $want filter "$1" part
		IFS= read -r -d '' made <out || true
		printf %s "$made" >>all
		if ((k < end - 1)); then
			[[ $made != *'"record":"trade"'* ]]
		else
			[[ $made == *"$trade"* ]]
		fi
		# Where a record is torn: file, line and reason.
		at=1
		((k < start)) || at=2
		((k < end)) || at=3
		case $k in
		0 | "$((start - 1))" | "$start" | "$((end - 1))" | "$end" | \
			"$((size - 1))" | "$size") ;;
		*)
			IFS= read -r -d '' made <err || true
			has "$made" "${1%% *}: warning: part:$at: "
			;;
		esac
	done
)

@test "B4: cut at every byte, only whole records leave" {
	for f in "${filters[@]}"; do
		cuts "$f"
		# What has no newline spoils the line behind it.
		jq -c . all >lines
		is "$(wc -l <lines)" "$(wc -l <all)"
	done
}

@test "B5: the same bytes, however the input is cut into reads" {
	local options=${ASAN_OPTIONS:+$ASAN_OPTIONS:}verify_asan_link_order=0
	{
		head -n 60 "$stream"
		tail -n 1 "$stream"
	} >short
	for f in "${filters[@]}"; do
		for file in short "$stream"; do
			filter "$f" "$file" >want 2>err
			for n in 1 2 3 7 4095 4096 4097 65535 65536 65537; do
				[ $n -ge 4095 ] || [ "$file" = short ] || continue
				SHORTREAD=$n ASAN_OPTIONS=$options \
					LD_PRELOAD=$BATS_FILE_TMPDIR/shortread.so \
					filter "$f" - <"$file" >out 2>err
				cmp out want
			done
		done
	done
}

# ---- output ----

@test "B1: a full device ends each command with 4 and one line" {
	for f in "${filters[@]}"; do
		for file in "$three" "$big"; do
			try 4 eval "filter '$f' $file >/dev/full"
			is "$(cat err)" "${f%% *}: error: unable to write standard output: No space left on device"
		done
	done
}

@test "B1: what cannot be written ends the reading, of an endless input too" {
	for f in "${filters[@]}"; do
		try 4 eval "filter '$f' - < <(cat $three; yes '{}') >/dev/full"
	done
}

@test "B2: closed descriptors 0, 1 and 2 do no harm" {
	for f in "${filters[@]}"; do
		filter "$f" "$stream" >want 2>err
		filter "$f" "$stream" <&- >out 2>err
		cmp out want
		filter "$f" "$stream" >out 2>&-
		cmp out want
		filter "$f" "$stream" >&- 2>err
		silent
		cp "$stream" kept
		filter "$f" kept >&- 2>&- <&-
		cmp kept "$stream"
	done
	# A file that is opened must not become standard output.
	flow-tap --replay "$stream" --record rec >&- 2>&- <&-
	flow-tap --replay "$stream" >want
	cmp rec want
}

@test "B3: a reader that goes ends the command, silently" {
	local status
	for f in "${filters[@]}"; do
		for signal in default ignored; do
			status=$(
				[ $signal = default ] || trap '' PIPE
				filter "$f" "$big" 2>err | head -n 1 >first
				echo "${PIPESTATUS[0]}"
			)
			is "$status" 141	# 128 + SIGPIPE
			silent
			has "$(cat first)" '{"record":"hello"'
		done
	done
}

@test "a terminal gets the same bytes as a file" {
	need_terminal
	for f in "${filters[@]}"; do
		filter "$f" "$stream" >want 2>err
		SHELL=$BASH script -qec \
			"$(declare -f filter); filter '$f' $stream 2>err" \
			/dev/null </dev/null | tr -d '\r' >out
		cmp out want
	done
}

@test "TZ changes nothing" {
	for f in "${filters[@]}"; do
		filter "$f" "$stream" >want 2>err
		for zone in America/New_York Asia/Tokyo :nowhere; do
			TZ=$zone filter "$f" "$stream" >out 2>err
			cmp out want
		done
	done
}

# ---- counts ----

@test "B10: in + add = out + dropped in each stage of each heartbeat" {
	{
		sed -n 1,40p "$stream"
		echo garbage
		sed -n 41,80p "$stream"
		sed -n '1,80{/"record":"trade"/p}' "$stream" | head -n 2
		sed 1,80d "$stream"
	} >uneven
	for file in "$stream" uneven; do
		flow-tap --replay "$file" SPY 2>err >tapped || is $? 3
		flow-classify tapped 2>err >classified || is $? 3
		flow-classify --emit fast tapped 2>err >sent || is $? 3
		flow-alert --format json classified 2>err >alerted || is $? 3
		for made in tapped classified sent alerted; do
			is "$(jq -c 'select(.record == "heartbeat") | .hop[] |
				select(.in + .add != .out +
				([.drop[]] | add // 0))' $made | head -n 1)" ''
		done
		# Nothing is lost between the stages, and the last heartbeat
		# counts what is there before it.
		is "$(jq -c 'select(.record == "heartbeat") | .hop[-3:] |
			select(map(.stage)[1:] != ["flow-classify",
			"flow-alert"] or .[0].out != .[1].in or
			.[1].out != .[2].in)' alerted | head -n 1)" ''
		is "$(tac alerted | sed '1,/"record":"heartbeat"/d' | jq -r '
			select(.record | IN("hello", "heartbeat", "status") |
			not) | .record' | wc -l)" \
			"$(jq -s 'map(select(.record == "heartbeat"))[-1].hop[-1].out' \
			alerted)"
	done
	is "$(jq -s -c 'map(select(.record == "heartbeat"))[-1].hop[-2].drop' \
		alerted)" '{"duplicate":2}'
}

@test "records lost on the way are told once, and are no error" {
	sed '20,30{/"record":"trade"/d}' "$stream" >filtered
	for f in "${filters[@]:1}"; do
		try 0 filter "$f" filtered
		is "$(jq -r 'select(.record == "status") |
			"\(.severity) \(.code)"' out)" 'warning uneven_counts'
	done
}

# ---- for people ----

# clean FILE: no control byte but newline, no DEL, no C1, no bidi control.
clean() {
	python3 -c 'import sys
for n, c in enumerate(open(sys.argv[1], encoding="utf-8").read()):
    o = ord(c)
    if (o < 32 and c != "\n") or 127 <= o < 160 or o in (0x200e, 0x200f) \
            or 0x2028 <= o <= 0x202e or 0x2066 <= o <= 0x2069:
        sys.exit("%s: U+%04X at %d" % (sys.argv[1], o, n))' "$1"
}

# A text with what a terminal may act on, as it stands in JSON.
hostile='\u001b[2J\u0007\r\n\u007f\u009b31m\u202eevil\u2066\u200f'

@test "K5: nothing a terminal acts on reaches stderr" {
	local ticker="O:KO251219P00062000$hostile"
	local trade='{"record":"trade","trade_id":"'$ticker'","symbol":"'$hostile'","contract_ticker":"'$ticker'","timestamp":1764000000000,"price":0.41,"size":3'
	local raw=$'\x1b[2J\a\r\x7f\xc2\x9b31m\xe2\x80\xae'
	{
		sed -n 1p "$three"
		printf '%s}\n' "$trade" "$trade"
		printf '%s,"trade_date":"%s"}\n' "$trade" "$hostile"
		printf '%s\n' "$raw" "{\"$raw\":1}" "{\"record\":\"$raw\"}"
		printf '{"record":"trade","price":"%s"}\n' "$hostile"
		printf '{"record":"gap","gap_id":7,"state":"%s"}\n' "$hostile"
		sed -n 3p "$three"
	} >"in$raw"
	for f in "${filters[@]}"; do
		try 3 filter "$f" "in$raw"
		[ -s err ]
		cat err >>said
		filter "$f" "absent$raw" >out 2>>said || [ $? -ge 2 ]
		run -2 --separate-stderr "${f%% *}" "--$raw"
		printf '%s\n' "$stderr" >>said
	done
	has "$(cat said)" "${f%% *}: error: --"
	clean said
}

@test "K5: nothing a terminal acts on is in an alert" {
	sed 's/"symbol":"DEMO[A-Z]*"/"symbol":"KO'"${hostile//\\/\\\\}"'"/' \
		"$data/synthetic/alerts.ndjson" >in
	try 0 flow-alert in
	has "$(cat out)" 'KO'
	[ "$(grep -c '^\[' out)" -ge 2 ]
	clean out
	clean err
}
