#!/usr/bin/env bats
# K2: how the programs were linked.  What is wanted comes from the ELF
# documents: an ET_DYN file with an interpreter (PIE), GNU_RELRO with BIND_NOW
# (full RELRO), a GNU_STACK without E (NX), the stack protector's and the
# fortified functions among the imports, no RPATH or RUNPATH.

load helper

setup() {
	programs=()
	for source in "$top"/cmd/*.c; do
		programs+=("$FLOW_BUILD/bin/$(basename "$source" .c)")
	done
}

# unless_built FLAG: FLAGS are those of the build; sanitizers replace what is
# looked for here, and without an optimizer nothing is fortified.
unless_built() {
	[[ ${FLAGS-} != *"$1"* ]] || skip "built with $1"
}

@test "K2: every program is built" {
	for program in "${programs[@]}"; do
		[ -x "$program" ] || { echo "no $program"; return 1; }
	done
}

@test "K2: position independent" {
	for program in "${programs[@]}"; do
		run -0 readelf -hl "$program"
		has "$output" "DYN (" || { echo "$program"; return 1; }
		has "$output" "INTERP" || { echo "$program"; return 1; }
	done
}

@test "K2: full RELRO" {
	unless_built -fsanitize
	for program in "${programs[@]}"; do
		run -0 readelf -Wld "$program"
		has "$output" "GNU_RELRO" || { echo "$program"; return 1; }
		[[ $output =~ BIND_NOW|FLAGS.*NOW ]] ||
			{ echo "$program: lazy binding"; return 1; }
	done
}

@test "K2: no executable stack" {
	for program in "${programs[@]}"; do
		run -0 readelf -Wl "$program"
		[[ $output =~ GNU_STACK[^$'\n']*\ RW\  ]] ||
			{ echo "$program: $output"; return 1; }
	done
}

@test "K2: stack protector" {
	unless_built -fsanitize
	for program in "${programs[@]}"; do
		run -0 readelf -W --dyn-syms "$program"
		has "$output" " UND __stack_chk_fail@" ||
			{ echo "$program"; return 1; }
	done
}

@test "K2: fortified functions" {
	unless_built -fsanitize
	unless_built -O0
	for program in "${programs[@]}"; do
		run -0 readelf -W --dyn-syms "$program"
		[[ $output =~ \ UND\ __[a-z]+_chk@ ]] ||
			{ echo "$program"; return 1; }
	done
}

@test "K2: no search path of its own" {
	for program in "${programs[@]}"; do
		run -0 readelf -Wd "$program"
		[[ ! $output =~ RPATH|RUNPATH ]] ||
			{ echo "$program: $output"; return 1; }
	done
}

@test "K2: no time of the build inside" {
	run -1 grep -rnE '__(DATE|TIME|TIMESTAMP)__' "$top/cmd" "$top/lib"
	is "$output" ""
}
