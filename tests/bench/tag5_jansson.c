/* The work of tag5.c with jansson: load, add, dump. */
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void
tag5_trade(json_t *o, const char *const *name)
{
	json_t *p = json_object_get(o, "price"), *b = json_object_get(o, "bid");
	json_t *a = json_object_get(o, "ask"), *s = json_object_get(o, "size");
	double price, bid, ask, size;

	if (p == NULL || b == NULL || a == NULL || s == NULL)
		return;
	price = json_number_value(p);
	bid = json_number_value(b);
	ask = json_number_value(a);
	size = json_number_value(s);
	json_object_set_new(o, name[0], json_string(
	    2 * price > bid + ask + 1e-9 ? "BUY" :
	    2 * price < bid + ask - 1e-9 ? "SELL" : "UNKNOWN"));
	json_object_set_new(o, name[1], json_string(
	    price >= ask ? "ASK" : price <= bid ? "BID" : "INSIDE"));
	json_object_set_new(o, name[2],
	    json_real(round((price - bid) / (ask - bid) * 1e6) / 1e6));
	json_object_set_new(o, name[3], json_real(price * size));
	json_object_set_new(o, name[4], json_boolean(size >= 100));
}

int
main(int argc, char *argv[])
{
	const char *const *name =
	    names[argc > 1 ? strtol(argv[1], NULL, 10) & 3 : 0];
	char *line = NULL, *text;
	size_t cap = 0;
	ssize_t n;

	while ((n = getline(&line, &cap, stdin)) > 0) {
		json_t *o = json_loadb(line, (size_t)n,
		    JSON_REJECT_DUPLICATES, NULL);

		if (o == NULL)
			continue;
		tag5_trade(o, name);
		text = json_dumps(o, JSON_COMPACT | JSON_REAL_PRECISION(15));
		fputs(text, stdout);
		putchar('\n');
		free(text);
		json_decref(o);
	}
	free(line);
	return fclose(stdout) != 0;
}
