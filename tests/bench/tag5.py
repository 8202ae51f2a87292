# The work of tag5.c in python.
import json
import sys

NAMES = [
    ["side", "price_location", "spread_position",
     "ratio", "is_large"],
    ["aggressor_side", "quote_status", "sentiment_weight",
     "size_ratio", "is_block"],
    ["sentiment", "opening", "volume_ratio",
     "vol_oi_ratio", "is_split"],
    ["aggressiveness", "trade_type", "avg_trade_size",
     "vwap_price", "is_wide"],
]
side, place, position, ratio, large = NAMES[
    int(sys.argv[1]) if len(sys.argv) > 1 else 0]
out = sys.stdout
for line in sys.stdin:
    o = json.loads(line)
    if "price" in o and "bid" in o and "ask" in o:
        p, b, a, s = o["price"], o["bid"], o["ask"], o["size"]
        o[side] = "BUY" if 2 * p > b + a + 1e-9 else \
            "SELL" if 2 * p < b + a - 1e-9 else "UNKNOWN"
        o[place] = "ASK" if p >= a else "BID" if p <= b else \
            "INSIDE"
        o[position] = round((p - b) / (a - b), 6)
        o[ratio] = round(p * s, 4)
        o[large] = s >= 100
    out.write(json.dumps(o, separators=(",", ":")))
    out.write("\n")
