# The work of tag5.c in jq; --arg stage 0..3.
[["side", "price_location", "spread_position", "ratio", "is_large"],
["aggressor_side", "quote_status", "sentiment_weight", "size_ratio", "is_block"],
["sentiment", "opening", "volume_ratio", "vol_oi_ratio", "is_split"],
["aggressiveness", "trade_type", "avg_trade_size", "vwap_price", "is_wide"]][$stage | tonumber] as $n |
if .price and .bid and .ask then
  .price as $p | .bid as $b | .ask as $a | .size as $s |
  .[$n[0]] = (if 2*$p > $b+$a+1e-9 then "BUY"
           elif 2*$p < $b+$a-1e-9 then "SELL" else "UNKNOWN" end) |
  .[$n[1]] = (if $p >= $a then "ASK" elif $p <= $b then "BID"
                     else "INSIDE" end) |
  .[$n[2]] = ((($p-$b)/($a-$b)*1e6 | round) / 1e6) |
  .[$n[3]] = (($p*$s*1e4 | round) / 1e4) |
  .[$n[4]] = ($s >= 100)
else . end
