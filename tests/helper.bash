# shellcheck shell=bash
# Common ground of the bats tests; each file starts with "load helper".

bats_require_minimum_version 1.5.0

top=$(cd "$BATS_TEST_DIRNAME/.." && pwd)
data=$top/tests/data
export top data

# The build under test.  FLOW_BIN may hold wrappers (make valgrind), the
# programs themselves always stand in $FLOW_BUILD/bin.
export FLOW_BUILD=${FLOW_BUILD:-$top/build/release}
export FLOW_BIN=${FLOW_BIN:-$FLOW_BUILD/bin}
PATH=$FLOW_BIN:$PATH

# Nothing of the person who runs the tests may change a result.
export TZ=UTC LC_ALL=C
unset TWS_HOST TWS_PORT CLIENT_ID MAX_SUBSCRIPTIONS MAX_CONCURRENT_REQUESTS
unset FLOW_CONFIG POLYGON_MASSIVE_KEY POLYGON_API_KEY MASSIVE_API_KEY
export HOME=${BATS_TEST_TMPDIR:-/nonexistent}
export XDG_CONFIG_HOME=$HOME/config XDG_STATE_HOME=$HOME/state
export FLOW_STATE=$HOME/flow-state

# is GOT WANT: both texts are the same, or both are shown.
is() {
	[ "$1" = "$2" ] || {
		printf 'got:  %s\nwant: %s\n' "$1" "$2"
		return 1
	}
}

# has TEXT PART: the part stands in the text, or both are shown.
has() {
	[[ $1 == *"$2"* ]] || {
		printf 'got:  %s\nwant within: %s\n' "$1" "$2"
		return 1
	}
}

# ends PID STATUS: waits for a child; here, because "run" asks in a subshell,
# which knows only those that were waited for before.
ends() {
	local got=0
	wait "$1" || got=$?
	is "$got" "$2"
}

# fewer N M: M under the sanitizers, which look at the same code again and
# where a program starts in 20 ms; N else.
fewer() {
	case ${FLAGS-} in
	*-fsanitize*) echo "$2" ;;
	*) echo "$1" ;;
	esac
}

# on_clock TIME COMMAND...: with a clock that starts at TIME, libfaketime's.  It
# names a semaphore by its process and leaves it behind when that is killed: one
# of an earlier process of our number would end the command.  A sanitizer wants
# to be loaded first; behind faketime it works too.
on_clock() {
	FAKETIME=$1 sh -c '
		rm -f "/dev/shm/faketime_shm_$$" "/dev/shm/sem.faketime_sem_$$"
		LD_PRELOAD=$0
		ASAN_OPTIONS=${ASAN_OPTIONS-}:verify_asan_link_order=0
		export LD_PRELOAD ASAN_OPTIONS
		exec "$@"' \
		"$(echo /usr/lib/*/faketime/libfaketime.so.1)" "${@:2}"
}

# until_ok COMMAND...: waits for it to succeed, two minutes at most.  It has a
# child of its own: keep $! before.
until_ok() {
	local end=$((SECONDS + 120))
	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		read -r -t 0.02 <> <(:) || true
	done
}

# has_lines N FILE [PATTERN]: so many at least.
has_lines() {
	[ "$(grep -c "${3-}" "$2" 2>/dev/null)" -ge "$1" ]
}

# need_terminal: skips, by name, where no pseudo-terminal can be had.
need_terminal() {
	script -qec true /dev/null </dev/null >/dev/null 2>&1 ||
		skip 'no pseudo-terminal here'
}

# session START EXPIRATION: as csv, prints of three contracts from a time in ms,
# expiring on yymmdd, with quotes, sweeps, cancels and a block.
session() {
	awk -v start="$1" -v day="$2" 'BEGIN {
		print "t,o,p,s,x,c,b,a,bs,as,q,n"
		split("SPY" day "C00500000 SPY" day "P00500000 KO" day \
		    "P00062000", osi, " ")
		split("CBOE ISE PHLX", exchange, " ")
		for (i = 0; i < 400; i++) {
			t = start + i * 250
			price = i % 7 < 3 ? "2.10" : "2.0" i % 7
			row(t, i % 3 + 1, price, i == 77 ? 600 : 5 + i % 20,
			    exchange[i % 3 + 1], "AUTO")
			if (i % 40 == 9)
				for (k = 1; k <= 3; k++)
					row(t + k, 2, "2.10", 90,
					    exchange[k], "ISOI")
			if (i % 50 == 11)
				row(t + 9, i % 3 + 1, price, 5 + i % 20,
				    exchange[i % 3 + 1], "CANC")
		}
	}
	function row(t, o, p, s, x, c) {
		printf "%.0f,%s,%s,%d,%s,%s,2.00,2.10,50,30,%.0f,%d\n", t,
		    osi[o], p, s, x, c, t - 40, ++n
	}'
}
