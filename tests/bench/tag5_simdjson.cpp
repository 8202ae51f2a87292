// The work of tag5.c with simdjson On-Demand and splicing: the skipped values
// are not fully validated, the wanted ones are.
#include <simdjson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <charconv>
#include <cmath>
#include <string>

using namespace simdjson;

static const char *const names[4][5] = {
	{ "side", "price_location", "spread_position",
	    "ratio", "is_large" },
	{ "aggressor_side", "quote_status", "sentiment_weight",
	    "size_ratio", "is_block" },
	{ "sentiment", "opening", "volume_ratio",
	    "vol_oi_ratio", "is_split" },
	{ "aggressiveness", "trade_type", "avg_trade_size",
	    "vwap_price", "is_wide" }
};
static const char *const *name = names[0];
static std::string out;

static void
flush()
{
	size_t done = 0;

	while (done < out.size()) {
		ssize_t n = write(1, out.data() + done, out.size() - done);

		if (n <= 0)
			exit(1);
		done += (size_t)n;
	}
	out.clear();
}

static void
put_text(const char *key, const char *value)
{
	out.append(",\"").append(key).append("\":\"").append(value);
	out.push_back('"');
}

static void
put_number(const char *key, double value)
{
	char text[40];
	auto end = std::to_chars(text, text + sizeof(text), value).ptr;

	out.append(",\"").append(key).append("\":");
	out.append(text, (size_t)(end - text));
}

static void
tag(ondemand::document_reference doc, std::string_view line)
{
	double price = NAN, bid = NAN, ask = NAN;
	int64_t size = 0;
	ondemand::object object;

	if (doc.get_object().get(object))
		return;
	for (auto field : object) {
		ondemand::raw_json_string key;

		if (field.key().get(key))
			return;
		if (key == "price")
			(void)field.value().get_double().get(price);
		else if (key == "size")
			(void)field.value().get_int64().get(size);
		else if (key == "bid")
			(void)field.value().get_double().get(bid);
		else if (key == "ask")
			(void)field.value().get_double().get(ask);
	}
	while (!line.empty() && line.back() != '}')
		line.remove_suffix(1);
	if (std::isnan(price) || std::isnan(bid) || std::isnan(ask)) {
		out.append(line);
		out.push_back('\n');
		return;
	}
	out.append(line.data(), line.size() - 1);
	put_text(name[0], 2 * price > bid + ask + 1e-9 ? "BUY" :
	    2 * price < bid + ask - 1e-9 ? "SELL" : "UNKNOWN");
	put_text(name[1], price >= ask ? "ASK" : price <= bid ? "BID" :
	    "INSIDE");
	put_number(name[2],
	    std::round((price - bid) / (ask - bid) * 1e6) / 1e6);
	put_number(name[3], std::round(price * (double)size * 1e4) / 1e4);
	out.append(",\"").append(name[4]).append("\":");
	out.append(size >= 100 ? "true}\n" : "false}\n");
}

int
main(int argc, char *argv[])
{
	if (argc > 1)
		name = names[atoi(argv[1]) & 3];
	std::string in;
	ondemand::parser parser;
	char *chunk = (char *)malloc(1 << 20);
	ssize_t n;

	while ((n = read(0, chunk, 1 << 20)) > 0) {
		in.append(chunk, (size_t)n);
		size_t end = in.rfind('\n');
		if (end == std::string::npos)
			continue;
		padded_string block(in.data(), end + 1);
		ondemand::document_stream docs;
		if (parser.iterate_many(block, 4 << 20).get(docs))
			return 1;
		for (auto i = docs.begin(); i != docs.end(); ++i) {
			if (i.error())
				return 1;
			tag((*i).value(), i.source());
			if (out.size() > (128 << 10))
				flush();
		}
		in.erase(0, end + 1);
	}
	flush();
	return 0;
}
