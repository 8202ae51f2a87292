#include "base/conf.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

static const struct {
	const char *name, *text, *path, *want;
	int line;
} good[] = {
	{ "block style", "classify:\n  block_size: 400\n",
	    "classify.block_size", "400", 2 },
	{ "JSON", "{\"classify\": {\"block_size\": 400,\n\"rule\":\"lr\"}}",
	    "classify.rule", "lr", 2 },
	{ "no final newline", "feed:\n  quote_lag_ms: 0",
	    "feed.quote_lag_ms", "0", 2 },
	{ "CRLF", "feed:\r\n  quote_lag_ms: 5\r\n",
	    "feed.quote_lag_ms", "5", 2 },
	{ "byte order mark", "\xef\xbb\xbf" "feed:\n  quote_lag_ms: 5\n",
	    "feed.quote_lag_ms", "5", 2 },
	{ "comments", "# a\n\nfeed: # b\n  quote_lag_ms: 5 # c\n",
	    "feed.quote_lag_ms", "5", 4 },
	{ "no stays text", "experiment:\n  id: NO\n",
	    "experiment.id", "NO", 2 },
	{ "octal stays text", "experiment:\n  id: 08\n",
	    "experiment.id", "08", 2 },
	{ "real stays text", "experiment:\n  id: 1e3\n",
	    "experiment.id", "1e3", 2 },
	{ "tilde stays text", "experiment:\n  id: ~\n",
	    "experiment.id", "~", 2 },
	{ "quotes are undone", "experiment:\n  id: 'it''s'\n",
	    "experiment.id", "it's", 2 },
	{ "quoted nothing is a value", "experiment:\n  id: ''\n",
	    "experiment.id", "", 2 },
	{ "escapes are undone", "experiment:\n  id: \"a\\tb\\u00e9\"\n",
	    "experiment.id", "a\tb\xc3\xa9", 2 },
	{ "section may be empty", "alert:\nfeed:\n  quote_lag_ms: 5\n",
	    "feed.quote_lag_ms", "5", 3 },
	{ "document marks", "---\nfeed:\n  quote_lag_ms: 5\n...\n",
	    "feed.quote_lag_ms", "5", 3 },
	{ "kind at the top", "scalp:\n  min_premium: 7\n",
	    "score.scalp.min_premium", "7", 2 },
	{ "kind under score", "score:\n  swing:\n    min_strength: 9\n",
	    "score.swing.min_strength", "9", 3 },
	{ "free channel name",
	    "routing:\n  channels:\n    telegram_main: url\n",
	    "routing.channels.telegram_main", "url", 3 },
	{ "sequence, flow", "tickers:\n  exclude: [A, NO]\n",
	    "tickers.exclude.1", "NO", 2 },
	{ "sequence, block", "tickers:\n  exclude:\n    - A\n    - ON\n",
	    "tickers.exclude.1", "ON", 4 },
	{ "one value for a sequence", "tickers:\n  exclude: Y\n",
	    "tickers.exclude.0", "Y", 2 },
	{ "override", "tickers:\n  overrides:\n    KO:\n"
	    "      alert: {put_block: 5}\n",
	    "tickers.overrides.KO.alert.put_block", "5", 4 },
	{ "ticker with a dot", "tickers:\n  overrides:\n    BRK.B:\n"
	    "      day_trade: {max_dte: 5}\n",
	    "tickers.overrides.BRK.B.score.day_trade.max_dte", "5", 4 },
	{ "ticker NO", "tickers: {overrides: {NO: {regime: {proxy: ON}}}}",
	    "tickers.overrides.NO.regime.proxy", "ON", 1 }
};

static const struct {
	const char *name, *text, *want;
} bad[] = {
	{ "unknown section", "clasify: {}\n",
	    "f.yaml:1: clasify: unknown key" },
	{ "unknown key", "classify:\n  block_size: 1\n  blok: 2\n",
	    "f.yaml:3: classify.blok: unknown key" },
	{ "part of a key", "classify:\n  block_siz: 1\n",
	    "f.yaml:2: classify.block_siz: unknown key" },
	{ "more than a key", "classify:\n  block_sizes: 1\n",
	    "f.yaml:2: classify.block_sizes: unknown key" },
	{ "key with dots", "classify.block_size: 1\n",
	    "f.yaml:1: classify.block_size: unknown key" },
	{ "empty key", "\"\": 1\n", "f.yaml:1: unknown key" },
	{ "NUL in a key", "\"feed\\0\": {}\n", "f.yaml:1: feed: unknown key" },
	{ "star is no key", "routing: {\"*\": 1}\n",
	    "f.yaml:1: routing.*: unknown key" },
	{ "key is a sequence", "? [a]\n: 1\n",
	    "f.yaml:1: a key must be a word" },
	{ "merge key", "feed:\n  <<: {}\n",
	    "f.yaml:2: feed.<<: unknown key" },
	{ "key given twice", "feed:\n  quote_lag_ms: 1\n  quote_lag_ms: 1\n",
	    "f.yaml:3: feed.quote_lag_ms: given twice, first on line 2" },
	{ "section given twice", "feed:\n  name: ib\nfeed:\n  key_file: k\n",
	    "f.yaml:3: feed: given twice, first on line 1" },
	{ "section in two places",
	    "score:\n  scalp: {min_dte: 1}\nscalp: {max_dte: 2}\n",
	    "f.yaml:3: score.scalp: given twice, first on line 2" },
	{ "ticker given twice",
	    "tickers:\n  overrides:\n    KO: {}\n    KO: {}\n",
	    "f.yaml:4: tickers.overrides.KO: given twice, first on line 3" },
	{ "sequence given twice", "tickers: {exclude: A,\n exclude: B}\n",
	    "f.yaml:2: tickers.exclude: given twice, first on line 1" },
	{ "anchor", "feed: &a\n  quote_lag_ms: 1\n",
	    "f.yaml:1: feed: anchors and tags are not supported" },
	{ "anchor on a value", "feed:\n  name: &a ib\n",
	    "f.yaml:2: feed.name: anchors and tags are not supported" },
	{ "alias", "feed:\n  name: *a\n",
	    "f.yaml:2: feed.name: aliases are not supported" },
	{ "tag", "feed:\n  quote_lag_ms: !!int 1\n",
	    "f.yaml:2: feed.quote_lag_ms: anchors and tags are not "
	    "supported" },
	{ "tag on a key", "!x feed: {}\n",
	    "f.yaml:1: anchors and tags are not supported" },
	{ "tag on a sequence", "tickers:\n  exclude: !!set [A]\n",
	    "f.yaml:2: tickers.exclude: anchors and tags are not supported" },
	{ "mapping for a value", "feed:\n  quote_lag_ms: {a: 1}\n",
	    "f.yaml:2: feed.quote_lag_ms: a single value is wanted" },
	{ "sequence for a value", "feed:\n  quote_lag_ms: [1]\n",
	    "f.yaml:2: feed.quote_lag_ms: a single value is wanted" },
	{ "no value", "feed:\n  quote_lag_ms:\n",
	    "f.yaml:2: feed.quote_lag_ms: no value" },
	{ "value for a section", "feed: 1\n",
	    "f.yaml:1: feed: a mapping is wanted" },
	{ "sequence for a section", "feed:\n- 1\n",
	    "f.yaml:2: feed: a mapping is wanted" },
	{ "mapping for a sequence", "tickers:\n  exclude: {A: 1}\n",
	    "f.yaml:2: tickers.exclude.0: a single value is wanted" },
	{ "sequence in a sequence", "tickers:\n  exclude: [A, [B]]\n",
	    "f.yaml:2: tickers.exclude.1: a single value is wanted" },
	{ "small ticker", "tickers:\n  overrides:\n    ko: {}\n",
	    "f.yaml:3: tickers.overrides.ko: not a ticker in capitals" },
	{ "value for a ticker", "tickers:\n  overrides: {KO: 5}\n",
	    "f.yaml:2: tickers.overrides.KO: a mapping is wanted" },
	{ "section without overrides",
	    "tickers: {overrides: {KO:\n {store: {db: a}}}}\n",
	    "f.yaml:2: tickers.overrides.KO.store: unknown key" },
	{ "unknown key of a ticker",
	    "tickers: {overrides: {KO: {alert:\n {pt: 1}}}}\n",
	    "f.yaml:2: tickers.overrides.KO.alert.pt: unknown key" },
	{ "not a mapping", "- feed\n", "f.yaml:1: a mapping is wanted" },
	{ "two documents", "feed: {}\n---\nfeed: {}\n",
	    "f.yaml:2: more than one document" },
	{ "bad grammar", "feed: {\n  name: ib\nalert: {}\n",
	    "f.yaml:3: did not find expected ',' or '}'" },
	{ "tab for indentation", "feed:\n\tname: ib\n",
	    "f.yaml:2: found character that cannot start any token" },
	{ "not UTF-8", "feed:\n  name: ib\n  key_file: \xff\n",
	    "f.yaml:3: invalid leading UTF-8 octet" },
	{ "UTF-16", "\xff\xfe" "f", "f.yaml:1: invalid leading UTF-8 octet" },
	{ "control byte", "feed:\n  name: \x01\n",
	    "f.yaml:2: control characters are not allowed" },
	{ "NUL by escape", "feed:\n  name: \"a\\0b\"\n",
	    "f.yaml:2: feed.name: NUL in a value" }
};

static struct conf *
parse(const char *text, struct err *err)
{
	return conf_parse(text, strlen(text), "f.yaml", err);
}

static void
test_good(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct err err = { "" };
		struct conf *conf = parse(good[i].text, &err);
		const char *got;
		int line = 0;

		CHECK_STR(good[i].name, err.text, "");
		if (conf == NULL)
			continue;
		got = conf_get(conf, good[i].path, &line);
		CHECK_TEXT(good[i].name, got, got == NULL ? 0 : strlen(got),
		    good[i].want);
		CHECK_INT(good[i].name, line, good[i].line);
		CHECK_STR(good[i].name, conf_path(conf), "f.yaml");
		conf_free(conf);
	}
}

static void
test_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = { "" };
		struct conf *conf = parse(bad[i].text, &err);

		CHECK(bad[i].name, conf == NULL);
		CHECK_STR(bad[i].name, err.text, bad[i].want);
		conf_free(conf);
	}
}

static void
test_limits(void)
{
	static char big[(1 << 20) + 1];
	static const char nul[] = "feed:\n  name: a\0b\n";
	struct err err = { "" };
	struct conf *conf;

	memset(big, '#', sizeof(big));
	conf = conf_parse(big, sizeof(big) - 1, "f.yaml", &err);
	CHECK("1 MiB is read", conf != NULL);
	conf_free(conf);
	CHECK("more is not", conf_parse(big, sizeof(big), "f.yaml",
	    &err) == NULL);
	CHECK_STR("more is not", err.text, "f.yaml: larger than 1048576 bytes");

	memset(big, '[', sizeof(big));
	CHECK("endless depth", conf_parse(big, sizeof(big) - 1, "f.yaml",
	    &err) == NULL);
	CHECK_STR("endless depth", err.text, "f.yaml:1: a mapping is wanted");

	CHECK("NUL byte", conf_parse(nul, sizeof(nul) - 1, "f.yaml",
	    &err) == NULL);
	CHECK_STR("NUL byte", err.text,
	    "f.yaml:2: control characters are not allowed");

	conf = conf_parse(NULL, 0, "f.yaml", &err);
	CHECK("empty file", conf != NULL && conf_first(conf) == NULL);
	conf_free(conf);
}

static void
test_tickers(void)
{
	struct conf *conf = parse("alert:\n  put_block: 1\n  pc_ratio: 2\n"
	    "tickers:\n  overrides:\n    KO:\n      alert:\n"
	    "        put_block: 3\n", NULL);
	const struct conf_item *item;
	int line = -1;

	CHECK("parses", conf != NULL);
	if (conf == NULL)
		return;
	CHECK_STR("own value", conf_get_for(conf, "KO", "alert.put_block",
	    &line), "3");
	CHECK_INT("own line", line, 8);
	CHECK_STR("value of all", conf_get_for(conf, "KO", "alert.pc_ratio",
	    &line), "2");
	CHECK_INT("line of all", line, 3);
	CHECK_STR("another ticker", conf_get_for(conf, "PEP",
	    "alert.put_block", NULL), "1");
	CHECK("nothing", conf_get_for(conf, "KO", "alert.call_flow",
	    NULL) == NULL);

	item = conf_first(conf);
	CHECK_STR("order", item->key, "alert.put_block");
	CHECK("no ticker", item->ticker == NULL);
	item = item->next->next;
	CHECK_STR("its ticker", item->ticker, "KO");
	CHECK_STR("its key", item->key, "alert.put_block");
	CHECK("the last", item->next == NULL);
	CHECK("its own", conf_has_own(conf, SLICE("KO"), ""));
	CHECK("of a section", conf_has_own(conf, SLICE("KO"), "alert."));
	CHECK("of another", !conf_has_own(conf, SLICE("KO"), "score."));
	CHECK("no ticker's", !conf_has_own(conf, SLICE("K"), ""));

	conf_set(conf, "alert.put_block", "9");
	conf_set(conf, "alert.call_flow", "8");
	CHECK_STR("set stands over the ticker's", conf_get_for(conf, "KO",
	    "alert.put_block", &line), "9");
	CHECK_INT("and has no line", line, 0);
	CHECK_STR("set where nothing was", conf_get(conf, "alert.call_flow",
	    NULL), "8");
	conf_free(conf);
	CHECK("no configuration", conf_get(NULL, "feed.name", NULL) == NULL &&
	    conf_get_for(NULL, "KO", "feed.name", NULL) == NULL);
}

static void
put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	CHECK("writes", write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

/* Which file conf_read takes: its experiment.id, or the reason. */
static void
found(const char *name, const char *path, const char *want)
{
	struct err err = { "" };
	struct conf *conf = conf_read(path, &err);
	const char *id = conf_get(conf, "experiment.id", NULL);

	CHECK_STR(name, conf == NULL ? err.text : id == NULL ? "-" : id, want);
	if (conf != NULL)
		CHECK(name, (conf_path(conf) == NULL) == (id == NULL));
	conf_free(conf);
}

static void
test_search(void)
{
	char dir[] = "/tmp/flow-conf-XXXXXX", away[] = "/tmp";
	char xdg[64];

	CHECK("directory", mkdtemp(dir) != NULL && chdir(dir) == 0);
	mkdir("flow", 0700);
	mkdir(".config", 0700);
	mkdir(".config/flow", 0700);
	snprintf(xdg, sizeof(xdg), "%s", dir);
	setenv("HOME", dir, 1);
	setenv("XDG_CONFIG_HOME", "relative", 1);
	unsetenv("FLOW_CONFIG");
	found("none", NULL, "-");
	found("named and missing", "no.yaml",
	    "unable to read no.yaml: No such file or directory");
	found("a directory", "flow", "unable to read flow: Is a directory");

	put(".config/flow/flow.yaml", "experiment: {id: home}\n");
	found("home", NULL, "home");
	put("flow/flow.yaml", "experiment: {id: xdg}\n");
	setenv("XDG_CONFIG_HOME", xdg, 1);
	found("xdg before home", NULL, "xdg");
	put("flow.yaml", "experiment: {id: here}\n");
	found("here before xdg", NULL, "here");
	put("env.yaml", "experiment: {id: env}\n");
	setenv("FLOW_CONFIG", "env.yaml", 1);
	found("environment before here", NULL, "env");
	put("arg.yaml", "experiment: {id: arg}\n");
	found("argument before environment", "arg.yaml", "arg");
	put("env.yaml", "experiment:\n  idd: env\n");
	found("a mistake", NULL, "env.yaml:2: experiment.idd: unknown key");
	setenv("FLOW_CONFIG", "no.yaml", 1);
	found("environment and missing", NULL,
	    "unable to read no.yaml: No such file or directory");
	setenv("FLOW_CONFIG", "", 1);
	found("environment empty", NULL, "here");

	unlink("flow.yaml");
	unlink("env.yaml");
	unlink("arg.yaml");
	unlink("flow/flow.yaml");
	unlink(".config/flow/flow.yaml");
	rmdir(".config/flow");
	rmdir(".config");
	rmdir("flow");
	CHECK("cleaned", chdir(away) == 0 && rmdir(dir) == 0);
}

/* The manual page as text; runs before any chdir. */
static char *
manual(void)
{
	static char text[65536];
	FILE *f = fopen("man/flow-config.5", "r");
	size_t n = f == NULL ? 0 : fread(text, 1, sizeof(text) - 1, f);

	CHECK("manual", f != NULL && n > 0 && n < sizeof(text) - 1);
	if (f != NULL)
		fclose(f);
	return text;
}

static const char *
last_part(const char *key)
{
	const char *dot = strrchr(key, '.');

	return dot == NULL ? key : dot + 1;
}

/* Every key is in the manual, and the manual has no others. */
static void
test_manual_keys(const char *text)
{
	static const char item[] = "\n.It Cm ";
	const char *key, *p = text;
	char want[128];

	for (size_t i = 0; (key = conf_key(i)) != NULL; i++) {
		snprintf(want, sizeof(want), "%s%s P", item, last_part(key));
		CHECK(key, strstr(text, want) != NULL);
	}
	while ((p = strstr(p, item)) != NULL) {
		size_t n, i = 0;

		p += strlen(item);
		n = strcspn(p, " \n");
		while ((key = conf_key(i)) != NULL &&
		    (strlen(last_part(key)) != n ||
		    memcmp(last_part(key), p, n) != 0))
			i++;
		snprintf(want, sizeof(want), "%.*s", (int)n, p);
		CHECK(want, key != NULL);
	}
}

/* The manual's example file parses, and says what it seems to say. */
static void
test_manual_example(const char *text)
{
	const char *start = strstr(text, ".Bd -literal\n# flow.yaml");
	const char *end = start == NULL ? NULL : strstr(start, "\n.Ed");
	struct err err = { "" };
	struct conf *conf;

	CHECK("example", end != NULL);
	if (end == NULL)
		return;
	start += strlen(".Bd -literal\n");
	conf = conf_parse(start, (size_t)(end - start) + 1, "example", &err);
	CHECK_STR("example", err.text, "");
	if (conf == NULL)
		return;
	CHECK_STR("EX-4.45d TSLA", conf_get_for(conf, "TSLA",
	    "score.scalp.min_premium", NULL), "200000");
	CHECK_STR("EX-4.45d others", conf_get_for(conf, "KO",
	    "score.scalp.min_premium", NULL), "25000");
	CHECK_STR("ticker NO", conf_get(conf, "tickers.exclude.0", NULL), "NO");
	conf_free(conf);
}

int
main(void)
{
	char *text = manual();

	test_good();
	test_bad();
	test_limits();
	test_tickers();
	test_manual_keys(text);
	test_manual_example(text);
	test_search();
	return check_end();
}
