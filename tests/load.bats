#!/usr/bin/env bats
# flow-store under load: readers, backups and a reader that does not let go,
# in the short forms of reliability.md 3 C.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

# prints N: so many prints of a dollar, a millisecond apart.
prints() {
	awk -v n="$1" 'BEGIN { for (i = 0; i < n; i++) printf "{\"record\":\"trade\",\"symbol\":\"KO\",\"contract_ticker\":\"O:KO251219P00062000\",\"trade_date\":\"2025-11-24\",\"option_type\":\"put\",\"multiplier\":100,\"timestamp\":%.0f,\"price\":1,\"size\":1,\"exchange\":\"CBOE\"}\n", 1763994600000 + i }'
}

@test "C6: a reader that does not let go is told, and nothing is lost" {
	# Above what waits without one (32 MiB and a commit), below all of it.
	printf 'store: {wal_warn_mib: 44}\n' >flow.yaml
	prints 600000 >in
	flow-store -q -d db --relaxed </dev/null
	mkfifo hold
	sqlite3 -readonly db <hold >held 2>&1 &
	exec {to}>hold
	printf 'BEGIN;\nSELECT count(*) FROM trades;\n' >&"$to"
	until [ -s held ]; do read -r -t 0.02 <> <(:) || true; done
	run -0 --separate-stderr bash -c 'flow-store -d db --relaxed in >out'
	[[ $stderr =~ ^'flow-store: warning: a reader of the database does not let go: '(4[4-9]|5.)' MiB wait beside it'$ ]]
	is "$(grep -c '"code":"wal_pinned"' out)" 1
	is "$(grep -vc '"record":"trade"' out)" 1
	[ "$(stat -c %s db-wal)" -ge $((44 << 20)) ]
	is "$(sqlite3 db 'SELECT code, count(*) FROM audit')" 'wal_pinned|1'
	echo 'SELECT count(*) FROM trades;' >&"$to"
	exec {to}>&-
	ends $! 0
	is "$(paste -sd' ' held)" '0 0'
	is "$(sqlite3 db 'SELECT count(*) FROM trades')" 600000
	# Without it the same is quiet.
	rm -f db db-*
	run -0 --separate-stderr bash -c 'flow-store -d db --relaxed in >out'
	is "$stderr" ''
}

@test "C5: readers beside the writer: none fails, the file beside stays small" {
	local n=${READERS:-$(fewer 8 3)} rows i
	rows=$(fewer 150000 40000)
	prints "$rows" >in
	head -n 1 in | flow-store -q -d db >out
	"$FLOW_BUILD/bin/flow-store" -d db in >out 2>err &
	pid=$!
	# each once at least, however late it begins
	reader() {
		while :; do
			stat -c %s db-wal >>sizes 2>/dev/null
			# $100 each: what is summed is what is there.
			flow-report --db db --daily KO -f json >"$1.json" &&
			[ "$(sqlite3 -readonly -cmd '.timeout 5000' db '
				SELECT (SELECT count(*) FROM trades) * 100.0 -
				COALESCE((SELECT put_flow FROM daily_summary),
				0)')" = 0.0 ] && echo "$1" >>ended || {
				echo "$1" >>failed
				return
			}
			kill -0 "$pid" 2>/dev/null || return 0
		done
	}
	echo 0 >sizes
	for ((i = 0; i < n; i++)); do
		reader "$i" 2>>errors &
	done
	wait
	is "$(cat failed errors 2>/dev/null)" ''
	is "$(sort -u ended | wc -l)" "$n"
	is "$(sqlite3 db 'SELECT count(*) FROM trades')" "$rows"
	[ "$(sort -n sizes | tail -n 1)" -le $((64 << 20)) ]
}

@test "C12: twenty backups under full load, each sound and a prefix" {
	local n=${BACKUPS:-$(fewer 20 6)} rows i
	rows=$(fewer 100000 30000)
	prints "$rows" >in
	flow-store -q -d db </dev/null
	"$FLOW_BUILD/bin/flow-store" -d db in >out 2>err &
	pid=$!
	for ((i = 0; i < n; i++)); do
		flow-store -d db --backup copy
		is "$(sqlite3 copy 'PRAGMA integrity_check')" ok
		# The first so many milliseconds, each once, and their sum.
		is "$(sqlite3 copy 'SELECT count(*) - count(DISTINCT ts),
			COALESCE(max(ts) - min(ts) + 1, 0) = count(*),
			COALESCE(min(ts), 1763994600000), count(*) * 100.0 -
			COALESCE((SELECT put_flow FROM daily_summary), 0)
			FROM trades')" '0|1|1763994600000|0.0'
	done
	ends $pid 0
	is "$(sqlite3 db 'SELECT count(*) FROM trades')" "$rows"
}
