#!/usr/bin/env bats
# The numbers of flow-report, each made again from the raw stream by a program
# in another language that has the specification alone (tests/report-check).
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || exit
	db=$BATS_TEST_TMPDIR/test.db
}

store() {
	flow-classify | flow-alert -q -f json >all
	flow-store -q -d "$db" all >/dev/null
}

# checks TICKER...: how many numbers of each report were equal.
checks() {
	"$top/tests/report-check" "$db" all "$@"
}

# least REPORT N: at least so many numbers were compared.
least() {
	local n
	n=$(tr ' ' '\n' <counts | sed -n "s/^$1://p")
	[ "${n:-0}" -ge "$2" ] || {
		printf '%s: %s numbers, fewer than %s\n' "$1" "${n:-no}" "$2"
		return 1
	}
}

@test "a made-up hour: every number of every report" {
	flow-tap --demo KO PEP SPX --rate 2/s --for 1h --date 2025-11-24 \
		--seed 11 --demo-cancels 3 --demo-lates 3 | store
	checks >counts
	least today 60
	least daily 60
	least trend 60
	least top 20
	least coverage 15
	least recent 20000
	least unusual 5000
	least by-sentiment 60
	least events 1000
	least history 1000
	least alerts 500
	least oi-change 3000
}

@test "the real SPY prints: every number of every report" {
	flow-tap --replay "$data/real/thetadata/spy_option_trades_nbbo_20240614.csv" \
		--codes thetadata \
		--columns timestamp_ms=trade_ts_utc_ms,osi=osi,price=price,size=size \
		--columns exchange=exchange,conditions=condition,sequence=sequence \
		--columns quote_timestamp_ms=quote_ts_utc_ms,bid=bid,ask=ask \
		--columns bid_size=bid_size,ask_size=ask_size | store
	checks >counts
	least today 15
	# The sums of the 4 prints that are no legs (README): the prices are
	# 40.48, 41.25, 41.07, 41.50, the sizes 1, 3, 1, 2.
	is "$(flow-report -d "$db" --today -f json |
		jq -c '.rows[0] | [.call_flow, .put_flow, .trade_count]')" \
		"$(jq -nc "[4048 + 3 * 4125 + 4107 + 2 * 4150, 0, 4]")"
}

# sessions SEED: synthetic: 90 sessions of KO and PEP to 2025-11-24, of each a
# daily bar and twelve prints that have what flow-classify would add.
sessions() {
	python3 - "$1" <<'END'
import datetime, json, random, sys
random.seed(int(sys.argv[1]))
day = datetime.date(2025, 11, 24)
days = []
while len(days) < 90:
    if day.weekday() < 5 and day not in (datetime.date(2025, 9, 1),
                                         datetime.date(2025, 7, 4)):
        days.insert(0, day)
    day -= datetime.timedelta(1)
def put(**of):
    print(json.dumps(of, separators=(",", ":")))
put(record="hello", schema_version=1, run="s", stage="flow-tap",
    feed="synthetic", mode="demo", symbols=["KO", "PEP"])
close = {"KO": 60.0, "PEP": 150.0}
# In the last week flow and price lean, each to a side of its own.
lean = {ticker: random.choice((1, 9)) for ticker in close}
drift = {ticker: random.choice((-0.012, 0.012)) for ticker in close}
n = 0
for day in days:
    late = day > days[-6]
    # New York is four hours behind until 2 November.
    hours = 13 if day < datetime.date(2025, 11, 2) else 14
    start = int(datetime.datetime(day.year, day.month, day.day, hours, 30,
        tzinfo=datetime.timezone.utc).timestamp()) * 1000
    put(record="heartbeat", timestamp=start, run="s", n=n, hop=[])
    for i in range(12):
        for ticker in close:
            n += 1
            call = random.random() < 0.5
            size = random.randrange(1, 200)
            cents = random.randrange(5, 900)
            contract = "O:%s260116%s00060000" % (ticker, "CP"[not call])
            ts = start + i * 1000000 + 4 - n % 2 * 3
            put(record="trade", symbol=ticker, root=ticker,
                trade_id="%s:%d:CBOE:%d" % (contract, ts, n),
                contract_ticker=contract, strike=60, expiration="2026-01-16",
                option_type="call" if call else "put", multiplier=100,
                trade_date=str(day), timestamp=ts, sequence=n,
                price=cents / 100, size=size, premium=cents * size,
                exchange="CBOE", conditions=["AUTO"], session="RTH",
                side=random.choice(("BUY", "SELL")), opening="UNKNOWN",
                sentiment=random.choices(("BULLISH", "BEARISH", "NEUTRAL"),
                    (lean[ticker] if late else 3, 3, 3))[0],
                trade_type="REGULAR", aggressiveness="NORMAL",
                is_sweep=False, is_block=False, is_above_ask=False,
                is_below_bid=False, is_unusual_volume=False)
    put(record="heartbeat", timestamp=start + 23400000, run="s", n=n, hop=[])
    for ticker in close:
        close[ticker] = round(close[ticker] * (random.uniform(0.99, 1.011) +
            (drift[ticker] if late else 0)), 2)
        put(record="bar", symbol=ticker, tf="1d", timestamp=start,
            end_ts=start + 23400000, open=1, high=1, low=1,
            close=close[ticker], is_final=True)
put(record="bye", run="s", n=n, reason="end", exit=0)
END
}

@test "synthetic sessions: days, and divergence by all four ways" {
	local results=
	for seed in 1 3 6; do
		rm -f "$db"*
		sessions $seed >all
		flow-store -q -d "$db" all >/dev/null
		checks KO PEP >counts
		least divergence 40
		results+=$(flow-report -d "$db" --divergence KO PEP -f json |
			jq -r '.rows[].result')$'\n'
	done
	# 30 days of 2 tickers, 21 sessions: twelve rows of 18 numbers each
	least daily 700
	is "$(sort -u <<<"${results%$'\n'}" | paste -s -d ' ')" \
		'BEARISH_DIVERGENCE BULLISH_DIVERGENCE CONFIRMATION DIVERGENCE NONE'
}

@test "the check is no formality: a row that is changed fails it" {
	sessions 1 >all
	flow-store -q -d "$db" all >/dev/null
	checks KO PEP >counts
	for change in 'daily_rows SET put_e4 = put_e4 + 1' \
		'daily_rows SET bull_e4 = bull_e4 + 10000' \
		'trades SET size = size + 1' 'bars SET close = close + 0.01' \
		"coverage SET to_ts = to_ts - 60000" \
		"coverage SET quality = 'missing'"; do
		cp "$db" kept.db
		sqlite3 "$db" "UPDATE $change"
		run -1 "$top/tests/report-check" "$db" all KO PEP
		has "$output" 'got '
		mv kept.db "$db"
	done
}
