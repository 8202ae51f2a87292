#ifndef FLOW_OPT_H
#define FLOW_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/conf.h"

/*
 * One table per command says every option once: it drives parsing, the
 * configuration file, --help, --show-config and the check of the man page.
 * Precedence: flag, then environment, then configuration, then the built-in
 * value that stands in the destination before opt_parse.  An empty
 * environment variable counts as unset.
 *
 * Every command has -h --help, -V --version, -v --verbose, -q --quiet,
 * --config FILE and --show-config besides its own; opt_parse handles them
 * itself (help, version and show-config print to stdout and exit 0).  -v sets
 * the level of messages to info, -vv to debug, -q to error; runtime.log_level
 * is its key.
 */

enum opt_kind {
	OPT_FLAG,		/* bool *; no argument, or --name=yes|no */
	OPT_TEXT,		/* const char ** */
	OPT_LIST,		/* struct opt_list *; repeatable */
	OPT_INT,		/* int64_t *, min..max */
	OPT_DECIMAL,		/* int64_t *, units of 10^-4, min..max */
	OPT_DURATION,		/* int64_t *, ms; "500ms" "2s" "5m" "1h" "1d" */
	OPT_CHOICE		/* int *, index into choices; -1: none yet */
};

struct opt_list {
	const char **items;	/* in the order given; the array is yours
				 * to free(), the texts are borrowed */
	size_t n;
};

struct opt {
	char letter;		/* short option, or 0 */
	const char *name;	/* long option, or NULL: configuration only */
	const char *key;	/* path in the configuration, or NULL */
	const char *env;	/* environment variable, or NULL */
	enum opt_kind kind;
	void *dest;		/* where the value goes, by kind */
	const char *arg;	/* name of the argument in the help, or NULL */
	int64_t min, max;	/* of numbers and durations; both 0: any */
	const char *const *choices;	/* NULL-terminated, OPT_CHOICE */
	const char *help;	/* one line, lower case, no full stop */
};

/* What opt_parse was told of a row. */
struct opt_said {
	const char *flag;	/* by a flag, or NULL */
	const char *env;	/* by the environment, but it cannot be read */
};

struct opt_command {
	const char *name;	/* "flow-tap" */
	const char *synopsis;	/* "[options] [file ...]" */
	const char *summary;	/* one line: what it does */
	const struct opt *table;	/* ends with a row of NULL help */
	/*
	 * Not NULL: the table's first row, a choice, is a profile.  It is read
	 * before all others, and preset puts the built-in values that go with
	 * it in their places.
	 */
	void (*preset)(void *ctx);
	void *ctx;
	/*
	 * Not NULL: one for each row, filled by opt_parse.  Then a mistake in
	 * the environment is no end: the variable counts as unset, and who
	 * needs the value looks here first.
	 */
	struct opt_said *said;
};

/*
 * Parses argv, permuting nothing: options may stand before and after
 * operands, "--" ends them.  Operands are moved to argv[0..n-1] and counted in
 * *n.  The configuration read is returned in *conf (never NULL afterwards;
 * yours to conf_free, after the texts it lent are no longer used); what flags
 * and environment gave is set in it, so that conf_get_for answers with the
 * effective text for a ticker.  The overrides of all tickers are checked
 * too.  A mistake is printed with the program's name and ends the process
 * with EXIT_USAGE.
 *
 * A list given by flags replaces the one of the file.  In the environment and
 * the file a duration whose key ends in _ms or _s may be a bare number of
 * that unit.
 */
void opt_parse(const struct opt_command *command, int argc, char *argv[],
    int *n, struct conf **conf);

/*
 * Puts what holds for a ticker in the places of a table that opt_parse has
 * read: its profile's built-in values and its own, but for lists.  The texts
 * were checked by opt_parse.
 */
void opt_settle(const struct opt_command *command, const struct conf *conf,
    const char *ticker);

/*
 * Appends what --show-config prints of a table: the values in force, as YAML.
 */
void opt_print_config(struct buf *dst, const struct opt *table);

/*
 * Reads one text as the row's kind into dest; a list gets one more item.  The
 * text is borrowed by texts and lists.
 * Returns 0, or -1 with the reason ("not an integer") and dest as it was.
 */
int opt_set(const struct opt *opt, const char *text, struct err *err);

/*
 * The same for a text of the file or the environment (conf_get_for): there
 * the unit in a key's name serves for a number without one.
 */
int opt_set_keyed(const struct opt *opt, const char *text, struct err *err);

#endif
