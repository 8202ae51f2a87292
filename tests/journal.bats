#!/usr/bin/env bats
# flow-tap --journal and --replay DIR --follow: the stream kept by trade date
# (design.md 4 "exactly once", reliability.md 4.2).
load helper

bats_require_minimum_version 1.5.0

# trades DAY N: prints of a morning, 2025-11-DAY, one a second.
trades() {
	local i
	for ((i = 0; i < $2; i++)); do
		# 1763974800 is 2025-11-24T09:00:00Z; 14:30Z is 09:30 in New York
		printf '{"record":"trade","contract_ticker":"O:KO251219C00062000","timestamp":%d,"price":1.05,"size":%d,"exchange":"CBOE","conditions":["AUTO"]}\n' \
			$(((1763974800 + ($1 - 24) * 86400 + 19800 + i) * 1000)) $((i + 1))
	done
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	{ trades 24 5; trades 25 3; } >both
	flow-tap --replay both >stream
}

# tap [OPTION...]: the stream into the file out, messages into err.
tap() {
	local got=0
	flow-tap "$@" >out 2>err || got=$?
	[ $got -eq "${want_status:-0}" ] || {
		echo "status $got"
		cat err
		return 1
	}
}

# segments: name and lines of each.
segments() {
	find j -name '*.ndjson' | sort | while read -r name; do
		echo "${name#j/} $(wc -l <"$name")"
	done
}

@test "a journal changes no byte, and holds a folder a trade date" {
	tap --replay both --journal j
	cmp out stream
	is "$(cat err)" ''
	is "$(find j -name '*.ndjson' | sort)" "j/2025-11-24/000001.ndjson
j/2025-11-25/000001.ndjson"
	is "$(stat -c %a j j/lock j/2025-11-24 j/2025-11-24/000001.ndjson |
		paste -sd' ')" '700 600 700 600'
	# The second day can stand alone: it begins with the hello.
	is "$(head -n 1 j/2025-11-25/000001.ndjson)" "$(head -n 1 stream)"
	cat j/2025-11-24/* >whole
	tail -n +2 j/2025-11-25/000001.ndjson >>whole
	cmp whole stream
}

@test "a journal replays to the bytes of the recording" {
	tap --replay both --journal j --record r
	tap --replay r
	mv out want
	tap --replay j
	cmp out want
	tap --replay j --follow			# from the newest date on
	is "$(grep -c '"record":"trade"' out)" 3
	mv out newest
	tap --replay j/2025-11-25
	cmp out newest
}

@test "a day alone ends with a bye of its own when the stream went on" {
	tap --replay both --journal j
	tap --replay j/2025-11-24
	is "$(grep -c '"record":"trade"' out)" 5
	is "$(tail -n 1 out | jq -c 'del(.run)')" \
		'{"record":"bye","reason":"next_date","exit":0}'
	is "$(tail -n 1 out | jq .run)" "$(head -n 1 out | jq .run)"
	is "$(cat err)" ''
	# Not when its own end is missing.
	rm -r j/2025-11-25
	want_status=3 tap --replay j/2025-11-24
	has "$(cat err)" 'the input ended without a bye'
}

@test "--since and --until choose within a journal" {
	tap --replay both --journal j
	tap --replay j --since 2025-11-25
	is "$(grep -c '"record":"trade"' out)" 3
	tap --replay j --until 2025-11-25
	is "$(grep -c '"record":"trade"' out)" 5
	tap --replay j PEP
	is "$(grep -c '"record":"trade"' out || :)" 0
}

@test "another run goes into another segment of the same date" {
	trades 24 2 >a
	tap --replay a --journal j
	tap --replay a --journal j
	is "$(segments | cut -d' ' -f 1)" "2025-11-24/000001.ndjson
2025-11-24/000002.ndjson"
	tap --replay j
	is "$(jq -r .record out | grep -v heartbeat | paste -sd' ')" \
		'hello trade trade bye hello trade trade bye'
}

@test "20:00 in New York begins the next trade date, weekends its Monday" {
	# Friday 2025-11-21 19:59:59.999 and 20:00 EST: 2025-11-22T00:59:59.999Z
	for ts in 1763773199999 1763773200000; do
		printf '{"record":"trade","contract_ticker":"O:KO251219C00062000","timestamp":%d,"price":1,"size":1}\n' $ts
	done >late
	tap --replay late --journal j
	is "$(cd j && grep -c '"record":"trade"' ./*/*)" "./2025-11-21/000001.ndjson:1
./2025-11-24/000001.ndjson:1"
}

@test "what a writer that died left unfinished is cut, and told" {
	tap --replay both --journal j
	truncate -s -10 j/2025-11-25/000001.ndjson
	last=$(tail -n 1 j/2025-11-25/000001.ndjson)
	want_status=0 tap --replay both --journal j
	is "$(cat err)" \
		"flow-tap: warning: j: an unfinished line of ${#last} bytes was cut"
	is "$(tail -c 1 j/2025-11-25/000001.ndjson | od -An -tx1)" ' 0a'
	tap --replay j
	is "$(grep -c '"record":"trade"' out)" 16
	is "$(grep -c '"record":"bye"' out)" 1
}

@test "a torn line between two days spoils no other line" {
	tap --replay both --journal j
	truncate -s -10 j/2025-11-24/000001.ndjson
	want_status=3 tap --replay j
	is "$(grep -c '"record":"trade"' out)" 8
	is "$(grep -c 'rejected\|not\|half' err)" 1
}

@test "one writes at a time; the second names the first" {
	mkfifo in
	flow-tap --replay in --journal j >/dev/null 2>&1 &
	exec 9>in
	pid=$!
	head -n 3 stream >&9
	until_ok test -d j/2025-11-24
	run -4 --separate-stderr flow-tap --replay both --journal j
	is "$stderr" "flow-tap: error: j: process $pid writes this journal"
	exec 9>&-
	ends $pid 3		# its stream had no bye
	tap --replay both --journal j
}

@test "--follow waits for a journal, and for what is still written to it" {
	flow-tap --replay j --follow >followed 2>err &
	mkfifo in
	flow-tap --replay in --journal j >direct &
	exec 9>in
	head -n 3 stream >&9
	until_ok test -s followed
	is "$(head -n 1 followed)" \
		"$(head -n 1 stream | sed 's/}$/,"replayed":true}/')"
	tail -n +4 stream >&9
	exec 9>&-
	wait
	flow-tap --replay stream >want
	cmp direct want
	flow-tap --replay direct >want
	cmp followed want
}

@test "--follow goes on behind a bye while somebody writes" {
	mkfifo in
	flow-tap --replay in --journal j >direct &
	exec 9>in
	head -n 1 stream >&9
	until_ok test -e j/lock
	flow-tap --replay j --follow >followed 9>&- &
	pid=$!
	cat stream >&9
	until_ok grep -q '"record":"bye"' followed
	kill -0 $pid
	cat stream >&9
	exec 9>&-
	wait
	is "$(grep -c '"record":"bye"' followed)" 2
}

@test "a signal ends the follower" {
	tap --replay both --journal j
	truncate -s -10 j/2025-11-25/000001.ndjson
	flow-tap --replay j --follow >followed &
	pid=$!
	until_ok test -s followed
	kill -TERM $pid
	ends $pid 143
}

@test "a journal that cannot be written ends the run with 4" {
	if [ "$(id -u)" -ne 0 ]; then
		mkdir -m 500 shut
		want_status=4 tap --replay both --journal shut/j
	fi
	: >file
	want_status=4 tap --replay both --journal file
	has "$(cat err)" 'unable to open file'
	yes "$(trades 24 5)" | head -n 2000 >many
	run -4 --separate-stderr bash -c \
		'trap "" XFSZ; ulimit -f 64; flow-tap --replay "$1" --journal k | cat >/dev/null; exit ${PIPESTATUS[0]}' _ many
	is "$stderr" \
		'flow-tap: error: unable to write the journal k: File too large'
}

@test "what does not go together is said" {
	tap --replay both --journal j
	want_status=2 tap --replay j --journal j
	has "$(cat err)" '--journal j: is what is replayed'
	want_status=2 tap --replay j --journal "$PWD/./j"
	want_status=2 tap --replay j --input csv --columns price=p
	want_status=2 tap --replay both --durable
	want_status=2 tap --replay both --replay j --follow
	want_status=2 tap --replay both --follow
	mkdir empty
	want_status=2 tap --replay empty
	has "$(cat err)" 'empty: no journal'
	tap --replay both --journal d --durable
	cmp out stream
}

@test "the history of a session is of its date" {
	tap --demo KO --for 1s --journal j
	cp out want
	is "$(ls j | paste -sd' ')" '2025-11-24 lock'
	tap --replay j --follow
	is "$(grep -c '"record":"bar"' out)" "$(grep -c '"record":"bar"' want)"
	[ "$(grep -c '"record":"bar"' out)" -gt 0 ]
}
