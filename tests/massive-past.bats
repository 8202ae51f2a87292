# What flow-tap knows of Massive beside its stream: the hours, bars and chains
# at the start, past days, tables.  The session served is a demo's: synthetic.

load helper
load standin/massive

@test "what is stored of a session is the session" {
	# make t-massive is the long form: a whole session.
	run -0 --separate-stderr "$top/tests/massive-day" 20s
	is "$stderr" ''
	is "$(jq -c '[.n > 300, .bad, .pass]' <<<"$output")" '[true,0,true]'
}
