#!/usr/bin/env bats
# Processes killed and power cut, in the short forms; each program says how to
# run the long one.
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
}

@test "C1: flow-store killed at any moment: what was committed is there, once" {
	local n=${KILLS:-$(fewer 300 60)}
	N=$n SEED=${SEED:-1} "$top/tests/kill9" >out
	is "$(jq -c '[.bad, .pass]' out)" '[0,true]'
	# Both ends of the run are reached: kills in time, and commits.
	[ "$(jq .killed out)" -ge $((n / 10)) ]
	[ "$(jq .committed out)" -ge $((n / 10)) ]
}

@test "a stage killed at any moment, all started over: the same database" {
	N=${KILLS:-8} PER_ROUND=8 SEED=${SEED:-1} "$top/tests/chain-kill" >out
	is "$(jq -c '[.bad, .pass]' out)" '[0,true]'
}

@test "C2: power cuts: what was committed is there, and relaxed is sound" {
	local n=${CUTS:-$(fewer 40 10)}
	MODE=durable N=$n SEED=${SEED:-1} "$FLOW_BUILD/fault/powercut" \
		>out
	is "$(jq -c '[.bad, .lost, .pass]' out)" '[0,0,true]'
	MODE=relaxed N=$n SEED=${SEED:-1} "$FLOW_BUILD/fault/powercut" \
		>out
	is "$(jq -c '[.bad, .pass]' out)" '[0,true]'
	# That it loses shows that the cuts take what was not synced.
	[ "$(jq .cuts_with_loss out)" -ge $((n / 10)) ]
}
