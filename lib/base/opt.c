#include "base/opt.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/decimal.h"
#include "base/log.h"

#define OPT_WIDTH 80		/* of the help */
#define OPT_COLUMN 26		/* where its second column starts */

static const char *const opt_levels[] = {
	"error", "warning", "info", "debug", NULL
};

/* What every command has; opt_standard handles them. */
static const struct opt opt_standards[] = {
	{ .name = "config", .kind = OPT_TEXT, .arg = "FILE",
	    .help = "read the configuration from FILE" },
	{ .name = "show-config",
	    .help = "print the values in force, for a TICKER and KIND when "
	    "given, and exit" },
	{ .letter = 'v', .name = "verbose",
	    .help = "say more on stderr; twice: even more" },
	{ .letter = 'q', .name = "quiet",
	    .help = "say nothing but errors on stderr" },
	{ .letter = 'h', .name = "help", .help = "print this help and exit" },
	{ .letter = 'V', .name = "version",
	    .help = "print the version and exit" },
	{ .help = NULL }
};

struct opt_state {
	const struct opt_command *command;
	int argc;
	char **argv;
	int at;			/* the next argument */
	const char *config;	/* --config, or NULL */
	bool show;		/* --show-config */
	bool quiet;
	int verbose;		/* times -v was given */
	const char **given;	/* per row of the table: the text given by flag
				 * or environment, or NULL */
	struct conf *conf;
};

static noreturn void
opt_finish(const struct buf *text)
{
	if ((text->n > 0 && fwrite(text->p, text->n, 1, stdout) != 1) ||
	    fclose(stdout) != 0)
		log_die(EXIT_SYSTEM, "unable to write standard output: %s",
		    strerror(errno));
	exit(EXIT_DONE);
}

/* Reading values. */

static int
opt_read_flag(const char *text, bool *out, struct err *err)
{
	static const char *const yes[] = { "true", "yes", "on", "1" };
	static const char *const no[] = { "false", "no", "off", "0" };

	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++) {
		if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
			*out = strcmp(text, yes[i]) == 0;
			return 0;
		}
	}
	return err_set(err, "not yes or no");
}

/* Digits with an optional minus; *rest is where they end. */
static int
opt_read_digits(const char *text, int64_t *out, const char **rest,
    struct err *err, const char *what)
{
	const char *digits = text + (*text == '-');
	size_t n = strspn(digits, "0123456789");
	char *end;

	if (n == 0)
		return err_set(err, "%s", what);
	errno = 0;
	*out = strtoll(text, &end, 10);
	*rest = end;
	return errno == ERANGE ? err_set(err, "number too large") : 0;
}

static int
opt_read_int(const char *text, int64_t *out, struct err *err)
{
	const char *rest;

	if (opt_read_digits(text, out, &rest, err, "not an integer") < 0)
		return -1;
	return *rest == '\0' ? 0 : err_set(err, "not an integer");
}

static const struct {
	const char *unit;
	int64_t ms;
} opt_units[] = {
	{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 },
	{ "ms", 1 }
};

#define OPT_NUNITS (sizeof(opt_units) / sizeof(opt_units[0]))

static int
opt_read_duration(const char *text, int64_t *out, struct err *err)
{
	static const char what[] = "not a duration like 500ms, 2s, 5m, 1h, 1d";
	const char *unit;

	if (opt_read_digits(text, out, &unit, err, what) < 0)
		return -1;
	for (size_t i = 0; i < OPT_NUNITS; i++) {
		if (strcmp(unit, opt_units[i].unit) != 0)
			continue;
		if (__builtin_mul_overflow(*out, opt_units[i].ms, out))
			return err_set(err, "number too large");
		return 0;
	}
	return err_set(err, "%s", what);
}

static void
opt_join(struct buf *buf, const char *const *choices)
{
	for (size_t i = 0; choices[i] != NULL; i++)
		buf_fmt(buf, "%s%s", i == 0 ? "" : ", ", choices[i]);
}

static int
opt_read_choice(const struct opt *opt, const char *text, int *out,
    struct err *err)
{
	struct buf all = BUF_INIT;

	for (int i = 0; opt->choices[i] != NULL; i++) {
		if (strcmp(text, opt->choices[i]) == 0) {
			*out = i;
			return 0;
		}
	}
	opt_join(&all, opt->choices);
	err_set(err, "not one of %.*s", (int)all.n, all.p);
	buf_free(&all);
	return -1;
}

static int64_t
opt_number(const void *dest)
{
	int64_t v;

	memcpy(&v, dest, sizeof(v));
	return v;
}

/* A number as a person writes it; durations in the key's unit if it has one. */
static void
opt_print_number(struct buf *buf, const struct opt *opt, int64_t v)
{
	const char *suffix = opt->key == NULL ? NULL :
	    strrchr(opt->key, '_');
	char text[DECIMAL_TEXT];
	size_t i = v == 0 ? 3 : 0;	/* "0s" */

	if (opt->kind != OPT_DURATION) {
		buf_add(buf, text, decimal_print(text, v,
		    opt->kind == OPT_DECIMAL ? DECIMAL_E4 : 0));
		return;
	}
	while (v % opt_units[i].ms != 0)
		i++;
	if (suffix != NULL && strcmp(suffix, "_ms") == 0)
		buf_fmt(buf, "%lld", (long long)v);
	else if (suffix != NULL && strcmp(suffix, "_s") == 0 && v % 1000 == 0)
		buf_fmt(buf, "%lld", (long long)v / 1000);
	else
		buf_fmt(buf, "%lld%s", (long long)(v / opt_units[i].ms),
		    opt_units[i].unit);
}

static int
opt_set_number(const struct opt *opt, const char *text, struct err *err)
{
	struct buf range = BUF_INIT;
	int64_t v;
	int rc;

	if (opt->kind == OPT_INT)
		rc = opt_read_int(text, &v, err);
	else if (opt->kind == OPT_DECIMAL)
		rc = decimal_parse(text, strlen(text), DECIMAL_E4, &v, err);
	else
		rc = opt_read_duration(text, &v, err);
	if (rc < 0)
		return -1;
	if ((opt->min != 0 || opt->max != 0) &&
	    (v < opt->min || v > opt->max)) {
		opt_print_number(&range, opt, opt->min);
		buf_str(&range, "..");
		opt_print_number(&range, opt, opt->max);
		err_set(err, "out of range %.*s", (int)range.n, range.p);
		buf_free(&range);
		return -1;
	}
	memcpy(opt->dest, &v, sizeof(v));
	return 0;
}

int
opt_set(const struct opt *opt, const char *text, struct err *err)
{
	struct opt_list *list;

	switch (opt->kind) {
	case OPT_FLAG:
		return opt_read_flag(text, opt->dest, err);
	case OPT_TEXT:
		memcpy(opt->dest, &text, sizeof(text));
		return 0;
	case OPT_LIST:
		list = opt->dest;
		list->items = buf_realloc(list->items, list->n + 1,
		    sizeof(*list->items));
		list->items[list->n++] = text;
		return 0;
	case OPT_CHOICE:
		return opt_read_choice(opt, text, opt->dest, err);
	case OPT_INT:
	case OPT_DECIMAL:
	case OPT_DURATION:
		break;
	}
	return opt_set_number(opt, text, err);
}

/* A row's place to try a text, or to hold a ticker's value. */
struct opt_scratch {
	struct opt row;
	union {
		bool flag;
		const char *text;
		struct opt_list list;
		int64_t number;
		int choice;
	} value;
};

static const struct opt *
opt_scratch(struct opt_scratch *scratch, const struct opt *opt)
{
	*scratch = (struct opt_scratch){ .row = *opt };
	scratch->row.dest = &scratch->value;
	return &scratch->row;
}

int
opt_set_keyed(const struct opt *opt, const char *text, struct err *err)
{
	const char *suffix = opt->key == NULL ? NULL :
	    strrchr(opt->key, '_');
	char whole[32];

	if (opt->kind != OPT_DURATION || suffix == NULL || text[0] == '\0' ||
	    strspn(text, "0123456789") != strlen(text) ||
	    strlen(text) > sizeof(whole) - 3 ||
	    (strcmp(suffix, "_ms") != 0 && strcmp(suffix, "_s") != 0))
		return opt_set(opt, text, err);
	snprintf(whole, sizeof(whole), "%s%s", text, suffix + 1);
	return opt_set(opt, whole, err);
}

void
opt_settle(const struct opt_command *command, const struct conf *conf,
    const char *ticker)
{
	const struct opt *first = command->table;

	for (const struct opt *o = first; o->help != NULL; o++) {
		const char *text = o->key == NULL || o->kind == OPT_LIST ?
		    NULL : conf_get_for(conf, ticker, o->key, NULL);

		if (text != NULL)
			opt_set_keyed(o, text, NULL);
		if (o == first && command->preset != NULL)
			command->preset(command->ctx);
	}
}

/* --help */

/* help, wrapped into the second column, the first being filled already. */
static void
opt_help_wrap(struct buf *buf, size_t column, const char *help, size_t n)
{
	const char *p = help, *end = help + n;

	while (p < end) {
		const char *space = memchr(p, ' ', (size_t)(end - p));
		size_t word = (size_t)((space == NULL ? end : space) - p);

		if (column + 1 + word > OPT_WIDTH || column < OPT_COLUMN - 1) {
			if (column >= OPT_COLUMN) {
				buf_str(buf, "\n");
				column = 0;
			}
			buf_fmt(buf, "%*s", (int)(OPT_COLUMN - 1 - column),
			    "");
			column = OPT_COLUMN - 1;
		}
		buf_str(buf, " ");
		buf_add(buf, p, word);
		column += 1 + word;
		p += word + (space != NULL);
	}
	buf_str(buf, "\n");
}

static void
opt_help_row(struct buf *buf, const struct opt *opt)
{
	struct buf left = BUF_INIT, help = BUF_INIT;

	buf_fmt(&left, opt->letter != 0 ? "  -%c, " : "      ", opt->letter);
	buf_fmt(&left, "--%s", opt->name);
	if (opt->kind != OPT_FLAG)
		buf_fmt(&left, " %s", opt->arg);
	buf_str(&help, opt->help);
	if (opt->choices != NULL) {
		buf_str(&help, ": ");
		opt_join(&help, opt->choices);
	}
	buf_add(buf, left.p, left.n);
	if (left.n >= OPT_COLUMN - 1) {
		buf_str(buf, "\n");
		left.n = 0;
	}
	opt_help_wrap(buf, left.n, help.p, help.n);
	buf_free(&left);
	buf_free(&help);
}

static noreturn void
opt_help(const struct opt_command *command)
{
	const struct opt *tables[] = { command->table, opt_standards };
	struct buf buf = BUF_INIT;

	buf_fmt(&buf, "usage: %s %s\n%s\n\n", command->name,
	    command->synopsis, command->summary);
	for (size_t i = 0; i < 2; i++)
		for (const struct opt *o = tables[i]; o->help != NULL; o++)
			if (o->name != NULL)
				opt_help_row(&buf, o);
	opt_finish(&buf);
}

/* --show-config */

/* The length of the UTF-8 character at p, its code point in *c. */
static size_t
opt_decode(const char *p, uint32_t *c)
{
	const unsigned char *u = (const unsigned char *)p;
	size_t n = u[0] < 0xc0 ? 1 : u[0] < 0xe0 ? 2 : u[0] < 0xf0 ? 3 : 4;

	*c = n == 1 ? u[0] : u[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((u[i] & 0xc0) != 0x80) {	/* not UTF-8: byte by byte */
			*c = u[0];
			return 1;
		}
		*c = *c << 6 | (u[i] & 0x3f);
	}
	return n;
}

/* A double-quoted YAML scalar that reads back to the same text. */
static void
opt_quote(struct buf *buf, const char *text)
{
	uint32_t c;

	buf_str(buf, "\"");
	for (size_t n; *text != '\0'; text += n) {
		n = opt_decode(text, &c);
		if (c == '"' || c == '\\')
			buf_fmt(buf, "\\%c", (int)c);
		else if (c >= 0x20 && c < 0x7f)
			buf_add(buf, text, n);
		else
			buf_fmt(buf, "\\U%08X", (unsigned)c);
	}
	buf_str(buf, "\"");
}

static void
opt_show_list(struct buf *buf, const struct opt_list *list)
{
	buf_str(buf, "[");
	for (size_t i = 0; i < list->n; i++) {
		buf_str(buf, i == 0 ? "" : ", ");
		opt_quote(buf, list->items[i]);
	}
	buf_str(buf, "]");
}

/* The value the row holds. */
static void
opt_show_value(struct buf *buf, const struct opt *opt)
{
	switch (opt->kind) {
	case OPT_FLAG:
		buf_str(buf, *(const bool *)opt->dest ? "true" : "false");
		break;
	case OPT_TEXT:
		opt_quote(buf, *(const char *const *)opt->dest);
		break;
	case OPT_LIST:
		opt_show_list(buf, opt->dest);
		break;
	case OPT_CHOICE:
		buf_str(buf, opt->choices[*(const int *)opt->dest]);
		break;
	case OPT_INT:
	case OPT_DECIMAL:
	case OPT_DURATION:
		opt_print_number(buf, opt, opt_number(opt->dest));
		break;
	}
}

/* Rows of other kinds of signal say nothing about the kind asked for. */
static bool
opt_shown(const struct opt *opt, const char *kind)
{
	static const char *const kinds[] = { "scalp", "day_trade", "swing" };
	char part[16];

	if (opt->key == NULL || (opt->kind == OPT_TEXT &&
	    *(const char *const *)opt->dest == NULL) ||
	    (opt->kind == OPT_CHOICE && *(const int *)opt->dest < 0))
		return false;
	for (size_t i = 0; kind != NULL && i < 3; i++) {
		snprintf(part, sizeof(part), ".%s.", kinds[i]);
		if (strcasecmp(kind, kinds[i]) != 0 &&
		    strstr(opt->key, part) != NULL)
			return false;
	}
	return true;
}

/*
 * The rows below the first n bytes of prefix as one YAML mapping, in the order
 * of the table; a section stands where its first row does.
 */
static void
opt_show_under(struct buf *buf, const struct opt *table,
    const char *prefix, size_t n, int depth, const char *kind)
{
	for (const struct opt *o = table; o->help != NULL; o++) {
		const struct opt *first = table;
		size_t part;

		if (!opt_shown(o, kind) || strncmp(o->key, prefix, n) != 0)
			continue;
		part = n + strcspn(o->key + n, ".");
		while (!opt_shown(first, kind) ||
		    strncmp(first->key, o->key, part + 1) != 0)
			first++;
		if (first != o)
			continue;	/* in a section printed before */
		buf_fmt(buf, "%*s%.*s:", 2 * depth, "", (int)(part - n),
		    o->key + n);
		if (o->key[part] == '.') {
			buf_str(buf, "\n");
			opt_show_under(buf, table, o->key, part + 1,
			    depth + 1, kind);
			continue;
		}
		buf_str(buf, " ");
		opt_show_value(buf, o);
		buf_str(buf, "\n");
	}
}

void
opt_print_config(struct buf *dst, const struct opt *table)
{
	opt_show_under(dst, table, "", 0, 0, NULL);
}

/* Operands: a ticker, and after it a kind of signal. */
static noreturn void
opt_show(const struct opt_state *state, int n)
{
	const char *who[2] = { NULL, NULL };
	struct buf buf = BUF_INIT;

	for (int i = 0; i < n && i < 2; i++)
		who[i] = state->argv[i];
	if (n > 2 || (n > 0 && !conf_ticker_ok(who[0], strlen(who[0]))))
		log_die(EXIT_USAGE, "--show-config: operands are TICKER KIND");
	if (n > 1 && strcasecmp(who[1], "scalp") != 0 &&
	    strcasecmp(who[1], "day_trade") != 0 &&
	    strcasecmp(who[1], "swing") != 0)
		log_die(EXIT_USAGE,
		    "--show-config: KIND is scalp, day_trade or swing");
	if (who[0] != NULL)
		opt_settle(state->command, state->conf, who[0]);
	opt_show_under(&buf, state->command->table, "", 0, 0, who[1]);
	opt_finish(&buf);
}

/* Arguments. */

static void
opt_standard(struct opt_state *state, const struct opt *opt, const char *text)
{
	struct buf buf = BUF_INIT;

	switch (opt->letter) {
	case 'h':
		opt_help(state->command);
	case 'V':
		buf_fmt(&buf, "%s " FLOW_VERSION "\n", state->command->name);
		opt_finish(&buf);
	case 'v':
		state->verbose++;
		break;
	case 'q':
		state->quiet = true;
		break;
	default:
		if (opt->kind == OPT_TEXT)
			state->config = text;
		else
			state->show = true;
		break;
	}
}

/* The row of a letter, or of n bytes of a name; NULL when there is none. */
static const struct opt *
opt_find(const struct opt *table, char letter, const char *name, size_t n)
{
	for (; table->help != NULL; table++) {
		if (table->name == NULL)
			continue;
		if (letter != 0 ? table->letter == letter :
		    strlen(table->name) == n &&
		    memcmp(table->name, name, n) == 0)
			return table;
	}
	return NULL;
}

/* Takes one option; where is its spelling for messages, n bytes. */
static void
opt_take(struct opt_state *state, const struct opt *opt, const char *text,
    const char *where, int n)
{
	const struct opt *table = state->command->table;
	struct err err;
	size_t row;

	if (opt->dest == NULL) {
		opt_standard(state, opt, text);
		return;
	}
	row = (size_t)(opt - table);
	if (opt->kind == OPT_LIST && state->given[row] == NULL)
		*(struct opt_list *)opt->dest = (struct opt_list){ NULL, 0 };
	if (opt_set(opt, text, &err) < 0)
		log_die(EXIT_USAGE, "%.*s: %s", n, where, err.text);
	state->given[row] = text;
	if (state->command->said != NULL)
		state->command->said[row].flag = text;
}

static const char *
opt_next(struct opt_state *state, const char *where, int n)
{
	if (state->at == state->argc)
		log_die(EXIT_USAGE, "%.*s: needs an argument", n, where);
	return state->argv[state->at++];
}

static void
opt_long(struct opt_state *state, const char *arg)
{
	size_t n = strcspn(arg + 2, "=");
	const char *text = arg[2 + n] == '=' ? arg + 2 + n + 1 : NULL;
	const struct opt *opt;
	int len = (int)n + 2;

	opt = opt_find(state->command->table, 0, arg + 2, n);
	if (opt == NULL)
		opt = opt_find(opt_standards, 0, arg + 2, n);
	if (opt == NULL)
		log_die(EXIT_USAGE, "%.*s: unknown option", len, arg);
	if (text != NULL && opt->kind == OPT_FLAG && opt->dest == NULL)
		log_die(EXIT_USAGE, "%.*s: takes no argument", len, arg);
	if (text == NULL)
		text = opt->kind == OPT_FLAG ? "true" :
		    opt_next(state, arg, len);
	opt_take(state, opt, text, arg, len);
}

/* "-vq", "-dFILE", "-d FILE". */
static void
opt_short(struct opt_state *state, const char *arg)
{
	for (const char *p = arg + 1; *p != '\0'; p++) {
		const struct opt *opt;
		char where[3] = { '-', *p, '\0' };

		opt = opt_find(state->command->table, *p, NULL, 0);
		if (opt == NULL)
			opt = opt_find(opt_standards, *p, NULL, 0);
		if (opt == NULL)
			log_die(EXIT_USAGE, "%s: unknown option", where);
		if (opt->kind == OPT_FLAG) {
			opt_take(state, opt, "true", where, 2);
			continue;
		}
		opt_take(state, opt, p[1] != '\0' ? p + 1 :
		    opt_next(state, where, 2), where, 2);
		return;
	}
}

/* Returns how many operands there were, moved to the front. */
static int
opt_arguments(struct opt_state *state)
{
	int n = 0;

	for (state->at = 1; state->at < state->argc; ) {
		char *arg = state->argv[state->at++];

		if (strcmp(arg, "--") == 0)
			break;
		if (arg[0] != '-' || arg[1] == '\0')
			state->argv[n++] = arg;
		else if (arg[1] == '-')
			opt_long(state, arg);
		else
			opt_short(state, arg);
	}
	while (state->at < state->argc)
		state->argv[n++] = state->argv[state->at++];
	return n;
}

/* Environment and file. */

static noreturn void
opt_die_conf(const struct opt_state *state, const char *path, int line,
    const char *why)
{
	log_die(EXIT_USAGE, "%s:%d: %s: %s", conf_path(state->conf), line,
	    path, why);
}

static void
opt_conf_list(const struct opt_state *state, const struct opt *opt)
{
	struct buf path = BUF_INIT;
	const char *text;

	for (size_t i = 0;; i++) {
		path.n = 0;
		buf_fmt(&path, "%s.%zu", opt->key, i);
		buf_add(&path, "", 1);
		text = conf_get(state->conf, path.p, NULL);
		if (text == NULL)
			break;
		if (i == 0)
			*(struct opt_list *)opt->dest =
			    (struct opt_list){ NULL, 0 };
		opt_set(opt, text, NULL);
	}
	buf_free(&path);
}

/* What no flag gave: from the environment, else from the file. */
static void
opt_fill(struct opt_state *state, const struct opt *opt, size_t row)
{
	const char *text = opt->env == NULL ? NULL : getenv(opt->env);
	struct err err;
	int line;

	if (text != NULL && text[0] != '\0') {
		if (opt_set_keyed(opt, text, &err) == 0) {
			state->given[row] = text;
			return;
		}
		if (state->command->said == NULL)
			log_die(EXIT_USAGE, "$%s: %s", opt->env, err.text);
		state->command->said[row].env = text;
	}
	if (opt->key == NULL)
		return;
	if (opt->kind == OPT_LIST) {
		opt_conf_list(state, opt);
		return;
	}
	text = conf_get(state->conf, opt->key, &line);
	if (text != NULL && opt_set_keyed(opt, text, &err) < 0)
		opt_die_conf(state, opt->key, line, err.text);
}

/* The profile first; what flags gave stands over its values. */
static void
opt_preset(struct opt_state *state, size_t rows)
{
	const struct opt_command *command = state->command;

	if (command->preset == NULL)
		return;
	if (state->given[0] == NULL)
		opt_fill(state, &command->table[0], 0);
	command->preset(command->ctx);
	for (size_t i = 1; i < rows; i++)
		if (state->given[i] != NULL &&
		    command->table[i].kind != OPT_LIST)
			opt_set(&command->table[i], state->given[i], NULL);
}

/* The tickers' own values are used later, but are refused now. */
static void
opt_check_tickers(const struct opt_state *state)
{
	const struct conf_item *item = conf_first(state->conf);
	struct opt_scratch scratch;
	struct err err;

	for (; item != NULL; item = item->next) {
		const struct opt *o = state->command->table;

		for (; item->ticker != NULL && o->help != NULL; o++)
			if (o->key != NULL && strcmp(o->key, item->key) == 0 &&
			    opt_set_keyed(opt_scratch(&scratch, o), item->text,
			    &err) < 0)
				opt_die_conf(state, item->path, item->line,
				    err.text);
	}
}

static void
opt_level(const struct opt_state *state)
{
	int level = LOG_WARNING, line;
	const struct opt opt = { .kind = OPT_CHOICE, .dest = &level,
	    .choices = opt_levels };
	const char *text = conf_get(state->conf, "runtime.log_level", &line);
	struct err err;

	if (text != NULL && opt_set(&opt, text, &err) < 0)
		opt_die_conf(state, "runtime.log_level", line, err.text);
	if (state->quiet)
		level = LOG_ERROR;
	else if (state->verbose > 0)
		level = state->verbose == 1 ? LOG_INFO : LOG_DEBUG;
	log_level_set((enum log_level)level);
}

static bool
opt_key_known(const char *key)
{
	const char *known;

	for (size_t i = 0; (known = conf_key(i)) != NULL; i++)
		if (strcmp(known, key) == 0)
			return true;
	return false;
}

void
opt_parse(const struct opt_command *command, int argc, char *argv[], int *n,
    struct conf **conf)
{
	struct opt_state state = { .command = command, .argc = argc,
	    .argv = argv };
	const struct opt *table = command->table;
	size_t rows = 0;
	struct err err;

	for (; table[rows].help != NULL; rows++)
		assert(table[rows].key == NULL ||
		    opt_key_known(table[rows].key));
	state.given = buf_alloc(rows, sizeof(*state.given));
	*n = opt_arguments(&state);
	state.conf = conf_read(state.config, &err);
	if (state.conf == NULL)
		log_die(EXIT_USAGE, "%s", err.text);
	opt_preset(&state, rows);
	for (size_t i = 0; i < rows; i++)
		if (state.given[i] == NULL)
			opt_fill(&state, &table[i], i);
	opt_check_tickers(&state);
	opt_level(&state);
	for (size_t i = 0; i < rows; i++)
		if (state.given[i] != NULL && table[i].key != NULL &&
		    table[i].kind != OPT_LIST)
			conf_set(state.conf, table[i].key, state.given[i]);
	free(state.given);
	if (state.show)
		opt_show(&state, *n);
	*conf = state.conf;
}
