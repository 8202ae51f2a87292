#include "tap/massive_codes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "record/cond.h"
#include "tap/massive_tables.h"

enum {
	MASSIVE_CODES = 512,		/* exchanges and conditions are below */
	MASSIVE_CODES_TEXT = 16
};

struct massive_codes_one {
	bool known;			/* was looked up */
	struct slice name;		/* empty: nothing to say */
	char text[MASSIVE_CODES_TEXT];
};

struct massive_codes {
	struct buf tables;		/* the vendor's, or empty */
	struct massive_codes_one conds[MASSIVE_CODES];
	struct massive_codes_one exchanges[MASSIVE_CODES];
};

struct massive_codes *
massive_codes_new(void)
{
	return buf_alloc(1, sizeof(struct massive_codes));
}

void
massive_codes_free(struct massive_codes *codes)
{
	if (codes == NULL)
		return;
	buf_free(&codes->tables);
	free(codes);
}

void
massive_codes_tables(struct massive_codes *codes, struct slice text)
{
	codes->tables.n = 0;
	buf_add(&codes->tables, text.p, text.n);
}

static struct slice
massive_codes_told(const struct massive_codes *codes, const char *kind,
    int64_t number)
{
	return massive_tables_name((struct slice){ codes->tables.p,
	    codes->tables.n }, kind, number);
}

/* Numbers beyond the table have no name of ours either. */
static struct massive_codes_one *
massive_codes_at(struct massive_codes_one *codes, int64_t number)
{
	return &codes[number < 0 || number >= MASSIVE_CODES ? 0 : number];
}

static struct slice
massive_codes_cond(struct massive_codes *codes, int64_t number)
{
	struct massive_codes_one *code = massive_codes_at(codes->conds,
	    number);
	char digits[DECIMAL_TEXT];
	struct slice told;
	const char *name;

	if (code->known)
		return code->name;
	name = cond_name(COND_MASSIVE,
	    (struct slice){ digits, decimal_print_int(digits, number) });
	code->known = true;
	code->name.p = code->text;
	if (name != NULL) {
		code->name.n = strlen(name);
		memcpy(code->text, name, code->name.n);
		return code->name;
	}
	memcpy(code->text, "UNKNOWN_", 8);
	code->name.n = 8 + decimal_print_int(digits, number % 10000000);
	memcpy(code->text + 8, digits, code->name.n - 8);
	told = massive_codes_told(codes, "condition", number);
	log_warning("massive: conditions: %" PRId64 "%s%.*s%s is unknown: "
	    "counts for volume only", number, told.n > 0 ? " (" : "",
	    (int)told.n, told.p, told.n > 0 ? ")" : "");
	return code->name;
}

static struct slice
massive_codes_exchange(struct massive_codes *codes, int64_t number)
{
	struct massive_codes_one *code = massive_codes_at(codes->exchanges,
	    number);
	char digits[DECIMAL_TEXT];
	struct slice told;
	const char *name;
	size_t n = 0;

	if (code->known)
		return code->name;
	code->known = true;
	name = cond_exchange(COND_MASSIVE,
	    (struct slice){ digits, decimal_print_int(digits, number) }, &n);
	told = massive_codes_told(codes, "exchange", number);
	if (name == NULL && told.n > 0)
		name = cond_exchange(COND_NAMES, told, &n);
	if (name == NULL || n > MASSIVE_CODES_TEXT)
		log_warning("massive: exchange: %" PRId64 " is unknown: left "
		    "out", number);
	else
		code->name = (struct slice){ memcpy(code->text, name, n), n };
	return code->name;
}

void
massive_codes_print(struct massive_codes *codes,
    const struct massive_wire *print, struct trade *trade)
{
	trade->timestamp = print->ns / 1000000;
	trade->sequence = print->sequence;
	trade->price_e4 = print->price_e4;
	trade->size = print->size;
	trade->is_cancelled = print->is_cancelled;
	if (print->exchange != TRADE_NONE)
		trade->exchange = massive_codes_exchange(codes,
		    print->exchange);
	for (size_t i = 0; i < print->n_conditions; i++) {
		struct slice name = massive_codes_cond(codes,
		    print->condition[i]);

		if (name.n == 0)
			continue;
		trade->condition[trade->n_conditions++] = name;
		cond_add(&trade->cond, name);
	}
}
