// The work of tag5.c in node, reading in chunks.
const fs = require('fs');
const names = [
	['side', 'price_location', 'spread_position',
	    'ratio', 'is_large'],
	['aggressor_side', 'quote_status', 'sentiment_weight',
	    'size_ratio', 'is_block'],
	['sentiment', 'opening', 'volume_ratio',
	    'vol_oi_ratio', 'is_split'],
	['aggressiveness', 'trade_type', 'avg_trade_size',
	    'vwap_price', 'is_wide'],
][Number(process.argv[2] || 0)];
const buffer = Buffer.alloc(1 << 20);
let rest = '';
let out = [];
let held = 0;
function tag(line) {
	const o = JSON.parse(line);
	if (o.price !== undefined && o.bid !== undefined &&
	    o.ask !== undefined) {
		const p = o.price, b = o.bid, a = o.ask, s = o.size;
		o[names[0]] = 2 * p > b + a + 1e-9 ? 'BUY' :
		    2 * p < b + a - 1e-9 ? 'SELL' : 'UNKNOWN';
		o[names[1]] = p >= a ? 'ASK' : p <= b ? 'BID' : 'INSIDE';
		o[names[2]] = Math.round((p - b) / (a - b) * 1e6) / 1e6;
		o[names[3]] = Math.round(p * s * 1e4) / 1e4;
		o[names[4]] = s >= 100;
	}
	return JSON.stringify(o);
}
function flush() {
	let text = Buffer.from(out.join('\n') + '\n'), at = 0;
	while (at < text.length) {
		try {
			at += fs.writeSync(1, text, at);
		} catch (e) {
			if (e.code !== 'EAGAIN') throw e;
		}
	}
	out = [];
	held = 0;
}
for (;;) {
	let n;
	try {
		n = fs.readSync(0, buffer, 0, buffer.length, null);
	} catch (e) {
		if (e.code === 'EAGAIN') continue;
		if (e.code === 'EOF') break;
		throw e;
	}
	if (n === 0) break;
	const lines = (rest + buffer.toString('latin1', 0, n)).split('\n');
	rest = lines.pop();
	for (const line of lines) {
		const text = tag(line);
		out.push(text);
		held += text.length;
		if (held > 131072) flush();
	}
}
if (rest !== '') out.push(tag(rest));
if (out.length > 0) flush();
