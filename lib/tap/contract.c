#include "tap/contract.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/day.h"
#include "base/decimal.h"

void
contract_book_init(struct contract_book *book)
{
	memset(book, 0, sizeof(*book));
	table_init(&book->by_name);
}

void
contract_book_free(struct contract_book *book)
{
	for (size_t i = 0; i < book->n; i++) {
		nbbo_free(&book->all[i]->nbbo);
		buf_free(&book->all[i]->first);
		free(book->all[i]);
	}
	free(book->all);
	table_free(&book->by_name);
	buf_free(&book->key);
}

int32_t
contract_day(struct slice text)
{
	const char *p = text.p;

	if (text.n == 8)
		return day_make(day_digits(p, 4),
		    day_digits(p + 4, 2), day_digits(p + 6, 2));
	if (text.n == 10 && p[2] == '/' && p[5] == '/')
		return day_make(day_digits(p + 6, 4),
		    day_digits(p, 2), day_digits(p + 3, 2));
	return day_parse(text.p, text.n);
}

static int
contract_right(struct slice text, enum osi_right *out)
{
	static const struct {
		const char *word;
		enum osi_right right;
	} words[] = {
		{ "c", OSI_CALL }, { "call", OSI_CALL },
		{ "p", OSI_PUT }, { "put", OSI_PUT },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (text.p != NULL && text.n == strlen(words[i].word) &&
		    strncasecmp(text.p, words[i].word, text.n) == 0) {
			*out = words[i].right;
			return 0;
		}
	return -1;
}

static int
contract_from_parts(const struct contract_name *name, struct osi *out,
    struct err *err)
{
	struct slice from = name->root.n > 0 ? name->root : name->symbol;
	int32_t day = contract_day(name->expiration);
	char root[CONTRACT_SYMBOL];
	enum osi_right right;
	struct err why;
	int64_t strike;
	size_t n = 0;

	if (from.n > sizeof(root))
		return err_set(err, "symbol: longer than %d", CONTRACT_SYMBOL);
	for (size_t i = 0; i < from.n; i++)	/* BRK.B has the root BRKB */
		if (from.p[i] != '.' && from.p[i] != '/')
			root[n++] = from.p[i];
	if (day == DAY_NONE)
		return err_set(err, "expiration: not a date");
	if (decimal_parse(name->strike.p, name->strike.n, DECIMAL_E4, &strike,
	    &why) < 0)
		return err_set(err, "strike: %s", why.text);
	if (contract_right(name->right, &right) < 0)
		return err_set(err, "option_type: neither call nor put");
	return osi_make((struct slice){ root, n }, day, right, strike, out,
	    err);
}

static struct slice
contract_copy(char *dst, struct slice text)
{
	if (text.n > 0)
		memcpy(dst, text.p, text.n);
	return (struct slice){ dst, text.n };
}

static struct contract *
contract_new(struct contract_book *book, const struct osi *osi,
    struct slice ticker, struct slice symbol)
{
	struct contract *contract = buf_alloc(1, sizeof(*contract));

	if (book->n == book->cap) {
		book->cap = book->cap == 0 ? 64 : 2 * book->cap;
		book->all = buf_realloc(book->all, book->cap,
		    sizeof(*book->all));
	}
	contract->number = book->n;
	book->all[book->n++] = contract;
	nbbo_init(&contract->nbbo);
	contract->class_day = CAL_NO_DAY;
	contract->id_ts = INT64_MIN;
	contract->ticker = contract_copy(contract->ticker_text, ticker);
	if (osi != NULL) {
		contract->expires = true;
		contract->osi = *osi;
		contract->root = (struct slice){ contract->osi.root,
		    strlen(osi->root) };
		contract->expiration = (struct slice){
		    contract->expiration_text,
		    day_print(contract->expiration_text, osi->expiration) };
		if (symbol.n == 0)
			symbol = (struct slice){ osi->symbol,
			    strlen(osi->symbol) };
	}
	contract->symbol = contract_copy(contract->symbol_text,
	    symbol.n > 0 ? symbol : ticker);
	return contract;
}

/* The contract of a normal ticker, made when it is new. */
static struct contract *
contract_intern(struct contract_book *book, const struct osi *osi,
    struct slice ticker, struct slice symbol)
{
	void **at = table_at(&book->by_name, ticker.p, ticker.n);

	if (*at == NULL)
		*at = contract_new(book, osi, ticker, symbol);
	return *at;
}

static struct contract *
contract_read(struct contract_book *book, const struct contract_name *name,
    struct err *err)
{
	char ticker[OSI_TEXT];
	struct osi osi;
	int r;

	if (name->symbol.n > 0 && !osi_is_symbol(name->symbol)) {
		err_set(err, "symbol: not a symbol");
		return NULL;
	}
	if (name->plain.n > 0) {
		if (!osi_is_symbol(name->plain)) {
			err_set(err, "contract: not a symbol");
			return NULL;
		}
		return contract_intern(book, NULL, name->plain, name->symbol);
	}
	r = name->osi.n > 0 ? osi_parse(name->osi, &osi, err) :
	    contract_from_parts(name, &osi, err);
	if (r < 0)
		return NULL;
	return contract_intern(book, &osi,
	    (struct slice){ ticker, osi_print(ticker, &osi) }, name->symbol);
}

/* All parts of a name in one key; a unit separator is in no symbol. */
static struct slice
contract_key(struct contract_book *book, const struct contract_name *name)
{
	const struct slice parts[] = {
		name->osi, name->plain, name->root, name->symbol,
		name->expiration, name->strike, name->right
	};

	book->key.n = 0;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		buf_add(&book->key, parts[i].p, parts[i].n);
		buf_add(&book->key, "\037", 1);
	}
	return (struct slice){ book->key.p, book->key.n };
}

struct contract *
contract_find(struct contract_book *book, const struct contract_name *name,
    struct err *err)
{
	struct slice key = contract_key(book, name);
	struct contract *contract = table_get(&book->by_name, key.p, key.n);

	if (contract != NULL)
		return contract;
	contract = contract_read(book, name, err);
	if (contract != NULL)
		*table_at(&book->by_name, key.p, key.n) = contract;
	return contract;
}

struct contract *
contract_known(const struct contract_book *book, struct slice ticker)
{
	struct contract *contract = table_get(&book->by_name, ticker.p,
	    ticker.n);

	return contract != NULL && contract->expires ? contract : NULL;
}

struct contract *
contract_of_ticker(struct contract_book *book, struct slice ticker,
    struct slice symbol, struct err *err)
{
	struct contract_name name = { .osi = ticker, .symbol = symbol };
	struct contract *contract = contract_find(book, &name, err);

	if (contract != NULL || !osi_is_symbol(ticker))
		return contract;
	name = (struct contract_name){ .plain = ticker, .symbol = symbol };
	return contract_find(book, &name, err);
}
