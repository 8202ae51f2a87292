#!/usr/bin/env bats
# Outputs byte for byte: tests/golden/<command>/<case> holds cmd, a shell
# command run in that folder, and what it must give: out, err, status.  "make
# golden" writes these anew; a person reads the difference before it is kept.
load helper

# compare FILE: what was got against the file in the case, or into it.
compare() {
	if [ -n "${FLOW_GOLDEN_UPDATE-}" ]; then
		cp "$BATS_TEST_TMPDIR/$1" "$1"
	else
		diff -u "$1" "$BATS_TEST_TMPDIR/$1"
	fi
}

@test "golden: every case gives the same bytes" {
	local dir bad=0 n=0
	for dir in "$top"/tests/golden/*/*/; do
		cd "$dir" || return
		n=$((n + 1))
		bash ./cmd >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" \
			</dev/null && status=0 || status=$?
		echo $status >"$BATS_TEST_TMPDIR/status"
		for file in out err status; do
			compare $file || { echo "in $dir"; bad=1; }
		done
	done
	[ $bad -eq 0 ] && [ $n -gt 0 ]
}
