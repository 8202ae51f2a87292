#include "base/opt.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/log.h"
#include "check.h"

/*
 * opt_parse ends the process on help and on mistakes, so each case runs in a
 * child: a made-up command that prints what it was told.
 */

static const char *const rules[] = { "gsu", "quote", "lr", NULL };

struct options {
	bool dry;
	const char *db;
	struct opt_list skip;
	int64_t size, ratio, wait;
	int rule;
};

static void
command(int argc, char *argv[])
{
	struct options o = { .db = "built-in", .size = 500, .ratio = 6500,
	    .wait = 2000 };
	const struct opt table[] = {
		{ 'n', "dry-run", "classify.floor_side", NULL, OPT_FLAG, &o.dry,
		    NULL, 0, 0, NULL, "change nothing" },
		{ 'd', "db", "store.db", "T_DB", OPT_TEXT, &o.db, "FILE", 0, 0,
		    NULL, "database" },
		{ 0, "skip", "tickers.exclude", NULL, OPT_LIST, &o.skip,
		    "TICKER", 0, 0, NULL, "leave TICKER out" },
		{ 's', "size", "classify.block_size", "T_SIZE", OPT_INT,
		    &o.size, "N", 1, 1000, NULL, "least size of a block, which "
		    "is explained at such length here that it needs a second "
		    "line" },
		{ 0, NULL, "classify.aggressive_threshold", NULL, OPT_DECIMAL,
		    &o.ratio, NULL, 0, 10000, NULL, "configuration only" },
		{ 'w', "sweep-window-and-more", "classify.sweep_window_ms",
		    "T_WAIT", OPT_DURATION, &o.wait, "TIME", 0, 86400000, NULL,
		    "length of a sweep" },
		{ 0, "rule", "classify.rule", NULL, OPT_CHOICE, &o.rule, "RULE",
		    0, 0, rules, "side rule" },
		{ .help = NULL }
	};
	const struct opt_command c = { .name = "flow-test",
	    .synopsis = "[options] [file ...]",
	    .summary = "Says what it was told.", .table = table };
	struct conf *conf;
	int n;

	log_init(c.name);
	opt_parse(&c, argc, argv, &n, &conf);
	printf("%d %s %" PRId64 " %" PRId64 " %" PRId64 " %s", o.dry, o.db,
	    o.size, o.ratio, o.wait, rules[o.rule]);
	for (size_t i = 0; i < o.skip.n; i++)
		printf(" skip=%s", o.skip.items[i]);
	for (int i = 0; i < n; i++)
		printf(" <%s>", argv[i]);
	printf("\n");
	log_info("info");
	log_debug("debug");
	log_warning("warning");
	free(o.skip.items);
	conf_free(conf);
}

struct result {
	int status;
	char out[8192], err[8192];
};

/* What a file held, from its start. */
static void
slurp(int fd, char *text, size_t size)
{
	ssize_t n = pread(fd, text, size - 1, 0);

	text[n < 0 ? 0 : n] = '\0';
	close(fd);
}

static int
scratch_file(void)
{
	char name[] = "/tmp/flow-opt-XXXXXX";
	int fd = mkstemp(name);

	CHECK("scratch file", fd >= 0 && unlink(name) == 0);
	return fd;
}

/* Runs the command with words split at spaces; out: file for stdout or NULL. */
static void
run(const char *words, const char *out, struct result *r)
{
	char copy[512], *argv[64] = { NULL }, *save = NULL;
	int argc = 0, fds[2] = { scratch_file(), scratch_file() };
	pid_t pid;

	snprintf(copy, sizeof(copy), "flow-test %s", words);
	for (char *p = strtok_r(copy, " ", &save); p != NULL && argc < 63;
	    p = strtok_r(NULL, " ", &save))
		argv[argc++] = p;
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (out != NULL) {
			close(fds[0]);
			fds[0] = open(out, O_WRONLY);
		}
		dup2(fds[0], 1);
		dup2(fds[1], 2);
		close(fds[0]);
		close(fds[1]);
		command(argc, argv);
		exit(0);
	}
	CHECK("waits", waitpid(pid, &r->status, 0) == pid &&
	    WIFEXITED(r->status));
	r->status = WEXITSTATUS(r->status);
	slurp(fds[0], r->out, sizeof(r->out));
	slurp(fds[1], r->err, sizeof(r->err));
}

static void
expect(const char *words, int status, const char *out, const char *err)
{
	struct result r;

	run(words, NULL, &r);
	CHECK_INT(words, r.status, status);
	CHECK_STR(words, r.out, out);
	CHECK_STR(words, r.err, err);
}

/* The whole of stdout and stderr for a good set of words. */
static void
good(const char *words, const char *out)
{
	char line[512];

	snprintf(line, sizeof(line), "%s\n", out);
	expect(words, 0, line, "flow-test: warning: warning\n");
}

static void
bad(const char *words, const char *err)
{
	char line[512];

	snprintf(line, sizeof(line), "flow-test: error: %s\n", err);
	expect(words, 2, "", line);
}

static void
test_arguments(void)
{
	good("", "0 built-in 500 6500 2000 gsu");
	good("--size=7", "0 built-in 7 6500 2000 gsu");
	good("--size 7", "0 built-in 7 6500 2000 gsu");
	good("-s7", "0 built-in 7 6500 2000 gsu");
	good("-s 7 -s 8", "0 built-in 8 6500 2000 gsu");
	good("-nd a.db", "1 a.db 500 6500 2000 gsu");
	good("-nda.db", "1 a.db 500 6500 2000 gsu");
	good("--db=", "0  500 6500 2000 gsu");
	good("--db=a=b", "0 a=b 500 6500 2000 gsu");
	good("--db -n", "0 -n 500 6500 2000 gsu");
	good("--dry-run=no", "0 built-in 500 6500 2000 gsu");
	good("-n --dry-run=off", "0 built-in 500 6500 2000 gsu");
	good("--rule lr", "0 built-in 500 6500 2000 lr");
	good("--skip A --skip=B", "0 built-in 500 6500 2000 gsu skip=A skip=B");
	good("a -n b - --size 7 c",
	    "1 built-in 7 6500 2000 gsu <a> <b> <-> <c>");
	good("a -- -n --", "0 built-in 500 6500 2000 gsu <a> <-n> <-->");
}

static void
test_values(void)
{
	good("-s 1", "0 built-in 1 6500 2000 gsu");
	good("-s 1000", "0 built-in 1000 6500 2000 gsu");
	bad("-s 0", "-s: out of range 1..1000");
	bad("--size 1001", "--size: out of range 1..1000");
	bad("--size=-5", "--size: out of range 1..1000");
	bad("--size x", "--size: not an integer");
	bad("--size=", "--size: not an integer");
	bad("--size 7x", "--size: not an integer");
	bad("--size 7.0", "--size: not an integer");
	bad("--size 1e2", "--size: not an integer");
	bad("--size 0x10", "--size: not an integer");
	bad("--size +7", "--size: not an integer");
	bad("--size 99999999999999999999", "--size: number too large");
	good("-w 0s", "0 built-in 500 6500 0 gsu");
	good("-w 500ms", "0 built-in 500 6500 500 gsu");
	good("-w 90s", "0 built-in 500 6500 90000 gsu");
	good("-w 5m", "0 built-in 500 6500 300000 gsu");
	good("-w 1h", "0 built-in 500 6500 3600000 gsu");
	good("-w 1d", "0 built-in 500 6500 86400000 gsu");
	bad("-w 2d", "-w: out of range 0..86400000");
	bad("-w 5", "-w: not a duration like 500ms, 2s, 5m, 1h, 1d");
	bad("-w 1.5h", "-w: not a duration like 500ms, 2s, 5m, 1h, 1d");
	bad("-w s", "-w: not a duration like 500ms, 2s, 5m, 1h, 1d");
	bad("-w 5min", "-w: not a duration like 500ms, 2s, 5m, 1h, 1d");
	bad("-w 9223372036854775807d", "-w: number too large");
	bad("--rule LR", "--rule: not one of gsu, quote, lr");
	bad("--rule=", "--rule: not one of gsu, quote, lr");
	bad("--dry-run=maybe", "--dry-run: not yes or no");
}

static void
test_mistakes(void)
{
	bad("--bogus", "--bogus: unknown option");
	bad("--bogus=1", "--bogus: unknown option");
	bad("--siz 7", "--siz: unknown option");
	bad("--sizes 7", "--sizes: unknown option");
	bad("--=7", "--: unknown option");
	bad("-x", "-x: unknown option");
	bad("-nx", "-x: unknown option");
	bad("--size", "--size: needs an argument");
	bad("-ns", "-s: needs an argument");
	bad("--config", "--config: needs an argument");
	bad("--help=1", "--help: takes no argument");
	bad("--config no.yaml",
	    "unable to read no.yaml: No such file or directory");
}

static void
test_messages(void)
{
	static const char said[] = "0 built-in 500 6500 2000 gsu\n";

	expect("-q", 0, said, "");
	expect("--quiet", 0, said, "");
	expect("-v", 0, said, "flow-test: info: info\n"
	    "flow-test: warning: warning\n");
	expect("-vv", 0, said, "flow-test: info: info\n"
	    "flow-test: debug: debug\nflow-test: warning: warning\n");
	expect("-vq", 0, said, "");
	expect("-V", 0, "flow-test 0.1.0\n", "");
	expect("--version --bogus", 0, "flow-test 0.1.0\n", "");
}

/* Laid out by hand: two columns, the second from the 27th place, 80 wide. */
static const char help[] =
	"usage: flow-test [options] [file ...]\n"
	"Says what it was told.\n"
	"\n"
	"  -n, --dry-run           change nothing\n"
	"  -d, --db FILE           database\n"
	"      --skip TICKER       leave TICKER out\n"
	"  -s, --size N            least size of a block, which is explained at"
	" such\n"
	"                          length here that it needs a second line\n"
	"  -w, --sweep-window-and-more TIME\n"
	"                          length of a sweep\n"
	"      --rule RULE         side rule: gsu, quote, lr\n"
	"      --config FILE       read the configuration from FILE\n"
	"      --show-config       print the values in force, for a TICKER and"
	" KIND when\n"
	"                          given, and exit\n"
	"  -v, --verbose           say more on stderr; twice: even more\n"
	"  -q, --quiet             say nothing but errors on stderr\n"
	"  -h, --help              print this help and exit\n"
	"  -V, --version           print the version and exit\n";

static void
test_help(void)
{
	struct result r;

	expect("-h", 0, help, "");
	expect("-n --help --bogus", 0, help, "");
	run("-h", "/dev/full", &r);
	CHECK_INT("full device", r.status, 4);
	CHECK_STR("full device", r.err, "flow-test: error: unable to write "
	    "standard output: No space left on device\n");
}

static void
put(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	CHECK("writes", f != NULL && fputs(text, f) >= 0 && fclose(f) == 0);
}

static void
test_precedence(void)
{
	put("f.yaml", "classify:\n  block_size: 3\n  sweep_window_ms: 40\n"
	    "  floor_side: yes\n  rule: quote\n  aggressive_threshold: 0.7\n"
	    "store: {db: f.db}\ntickers: {exclude: [NO, Y]}\n");
	good("--config f.yaml",
	    "1 f.db 3 7000 40 quote skip=NO skip=Y");
	good("--config f.yaml --dry-run=no --skip A",
	    "0 f.db 3 7000 40 quote skip=A");
	setenv("T_SIZE", "4", 1);
	setenv("T_DB", "", 1);
	setenv("T_WAIT", "50", 1);
	good("--config f.yaml", "1 f.db 4 7000 50 quote skip=NO skip=Y");
	good("--config=f.yaml -s 5 -w 1s",
	    "1 f.db 5 7000 1000 quote skip=NO skip=Y");
	setenv("T_SIZE", "x", 1);
	bad("", "$T_SIZE: not an integer");
	unsetenv("T_SIZE");
	unsetenv("T_DB");
	unsetenv("T_WAIT");

	put("f.yaml", "runtime: {log_level: info}\n");
	expect("--config f.yaml", 0, "0 built-in 500 6500 2000 gsu\n",
	    "flow-test: info: info\nflow-test: warning: warning\n");
	expect("--config f.yaml -q", 0, "0 built-in 500 6500 2000 gsu\n", "");
}

static void
bad_file(const char *text, const char *err)
{
	put("f.yaml", text);
	bad("--config f.yaml", err);
}

static void
test_bad_file(void)
{
	bad_file("classify:\n  block_size: 0\n",
	    "f.yaml:2: classify.block_size: out of range 1..1000");
	bad_file("classify:\n  block_size: 08x\n",
	    "f.yaml:2: classify.block_size: not an integer");
	bad_file("classify:\n  rule: best\n",
	    "f.yaml:2: classify.rule: not one of gsu, quote, lr");
	bad_file("classify:\n  aggressive_threshold: 1.1\n",
	    "f.yaml:2: classify.aggressive_threshold: out of range 0..1");
	bad_file("classify:\n  aggressive_threshold: 0.00001\n",
	    "f.yaml:2: classify.aggressive_threshold: more than 4 decimals");
	bad_file("classify:\n  sweep_window_ms: 2x\n",
	    "f.yaml:2: classify.sweep_window_ms: not a duration like 500ms, "
	    "2s, 5m, 1h, 1d");
	bad_file("tickers:\n  overrides:\n    KO: {classify: {rule: best}}\n",
	    "f.yaml:3: tickers.overrides.KO.classify.rule: not one of gsu, "
	    "quote, lr");
	bad_file("runtime:\n  log_level: loud\n",
	    "f.yaml:2: runtime.log_level: not one of error, warning, info, "
	    "debug");
	bad_file("a: 1\n", "f.yaml:1: a: unknown key");
}

/* The file that --show-config prints says the same again. */
static void
same_again(const char *words)
{
	struct result first, second;

	run(words, NULL, &first);
	put("g.yaml", first.out);
	CHECK_INT(words, first.status, 0);
	run("--config g.yaml --show-config", NULL, &second);
	CHECK_STR(words, second.out, first.out);
	CHECK_STR(words, second.err, "");
}

static void
test_show(void)
{
	expect("--show-config", 0,
	    "classify:\n"
	    "  floor_side: false\n"
	    "  block_size: 500\n"
	    "  aggressive_threshold: 0.65\n"
	    "  sweep_window_ms: 2000\n"
	    "  rule: gsu\n"
	    "store:\n"
	    "  db: \"built-in\"\n"
	    "tickers:\n"
	    "  exclude: []\n", "");
	put("f.yaml", "classify: {block_size: 3}\n"
	    "tickers:\n  exclude: [NO, \"a\\\"\\\\\\x85\\u2028 b\"]\n"
	    "  overrides:\n    KO: {classify: {block_size: 7, rule: lr,"
	    " sweep_window_ms: 2s}}\n");
	expect("--config f.yaml --show-config KO", 0,
	    "classify:\n"
	    "  floor_side: false\n"
	    "  block_size: 7\n"
	    "  aggressive_threshold: 0.65\n"
	    "  sweep_window_ms: 2000\n"
	    "  rule: lr\n"
	    "store:\n"
	    "  db: \"built-in\"\n"
	    "tickers:\n"
	    "  exclude: [\"NO\", \"a\\\"\\\\\\U00000085\\U00002028 b\"]\n",
	    "");
	same_again("--config f.yaml --show-config");
	same_again("--config f.yaml -n -d x -w 1500ms --show-config KO scalp");
	same_again("--db \"'\\:#\xc3\xa9\xf0\x9f\x98\x80{ --show-config");
}

/* A flag stands over the file, the tickers' own values included. */
static void
test_show_flag(void)
{
	struct result r;

	put("f.yaml", "tickers: {overrides: {KO: {classify:"
	    " {block_size: 7, rule: lr}}}}\n");
	run("--config f.yaml -s 9 --show-config KO", NULL, &r);
	CHECK("flag", strstr(r.out, "  block_size: 9\n") != NULL);
	CHECK("file", strstr(r.out, "  rule: lr\n") != NULL);
	run("--config f.yaml -s 9 --show-config PEP", NULL, &r);
	CHECK("other ticker", strstr(r.out, "  rule: gsu\n") != NULL);
	bad("--show-config ko", "--show-config: operands are TICKER KIND");
	bad("--show-config A scalp b",
	    "--show-config: operands are TICKER KIND");
	bad("--show-config A b",
	    "--show-config: KIND is scalp, day_trade or swing");
}

/* opt_set leaves the destination alone when the text is bad. */
static void
test_set(void)
{
	int64_t size = 5;
	const struct opt row = { .kind = OPT_INT, .dest = &size, .min = 1,
	    .max = 10 };
	const struct opt any = { .kind = OPT_INT, .dest = &size };
	struct err err;

	CHECK_INT("refused", opt_set(&row, "11", &err), -1);
	CHECK_STR("reason", err.text, "out of range 1..10");
	CHECK_INT("as it was", size, 5);
	CHECK_INT("taken", opt_set(&row, "10", &err), 0);
	CHECK_INT("value", size, 10);
	CHECK_INT("no range", opt_set(&any, "-9223372036854775808", &err), 0);
	CHECK_INT("least", size, INT64_MIN);
}

/* A profile, and a value that goes with it. */
struct profile {
	int64_t size;
	int profile;			/* index into rules */
};

static void
profile_preset(void *ctx)
{
	struct profile *p = ctx;

	p->size = 100 * (p->profile + 1);
}

/* The size for a ticker of what words and f.yaml say. */
static int64_t
profile_size(const char *word, const char *ticker)
{
	struct profile p = { 0, 0 };
	const struct opt table[] = {
		{ 0, "rule", "classify.rule", NULL, OPT_CHOICE, &p.profile,
		    "RULE", 0, 0, rules, "profile" },
		{ 0, "size", "classify.block_size", NULL, OPT_INT, &p.size,
		    "N", 0, 1000, NULL, "goes with it" },
		{ .help = NULL }
	};
	const struct opt_command c = { .name = "flow-test", .synopsis = "",
	    .summary = "", .table = table, .preset = profile_preset,
	    .ctx = &p };
	char name[] = "flow-test", file[] = "--config=f.yaml", text[32];
	char *argv[] = { name, file, text, NULL };
	struct conf *conf;
	int n;

	snprintf(text, sizeof(text), "%s", word);
	opt_parse(&c, word[0] == '\0' ? 2 : 3, argv, &n, &conf);
	if (ticker != NULL)
		opt_settle(&c, conf, ticker);
	conf_free(conf);
	return p.size;
}

static void
test_preset(void)
{
	put("f.yaml", "tickers:\n  overrides:\n"
	    "    KO: {classify: {rule: lr}}\n"
	    "    PEP: {classify: {rule: lr, block_size: 7}}\n");
	CHECK_INT("built-in", profile_size("", NULL), 100);
	CHECK_INT("flag", profile_size("--rule=quote", NULL), 200);
	CHECK_INT("a value over it", profile_size("--size=5", NULL), 5);
	CHECK_INT("of a ticker", profile_size("", "KO"), 300);
	CHECK_INT("of no such ticker", profile_size("", "XYZ"), 100);
	CHECK_INT("its value over it", profile_size("", "PEP"), 7);
	CHECK_INT("a flag over all", profile_size("--rule=quote", "KO"), 200);
	CHECK_INT("a flag's value over all", profile_size("--size=5", "PEP"),
	    5);
	put("f.yaml", "classify: {block_size: 3, rule: lr}\n");
	CHECK_INT("file", profile_size("", NULL), 3);
	put("f.yaml", "classify: {rule: lr}\n");
	CHECK_INT("file's profile", profile_size("", NULL), 300);
}

int
main(void)
{
	char dir[] = "/tmp/flow-opt-XXXXXX";

	CHECK("directory", mkdtemp(dir) != NULL && chdir(dir) == 0);
	setenv("HOME", dir, 1);
	unsetenv("XDG_CONFIG_HOME");
	unsetenv("FLOW_CONFIG");
	test_arguments();
	test_values();
	test_mistakes();
	test_messages();
	test_help();
	test_precedence();
	test_bad_file();
	test_show();
	test_show_flag();
	test_set();
	test_preset();
	unlink("f.yaml");
	unlink("g.yaml");
	CHECK("cleaned", chdir("/") == 0 && rmdir(dir) == 0);
	return check_end();
}
