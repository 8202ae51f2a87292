/* market/flow: what counts, by the columns of domain.md 3.2 and 5.1. */
#include "market/flow.h"

#include "check.h"

static struct trade
print(enum trade_right right, const char *condition)
{
	struct trade trade;

	trade_init(&trade);
	trade.right = right;
	if (condition != NULL)
		cond_add(&trade.cond, (struct slice){ condition,
		    strlen(condition) });
	return trade;
}

/* 2.2: prints outside any session take part in volume only. */
static void
test_closed(void)
{
	struct trade trade = print(TRADE_PUT, NULL);

	trade.session = SLICE("RTH");
	CHECK_INT("RTH", flow_class_of(&trade, false), FLOW_PUT);
	trade.session = SLICE("CLOSED");
	CHECK_INT("CLOSED", flow_class_of(&trade, false), FLOW_NONE);
}

/* 3.9: single-leg, not late, not cross or floor. */
static void
test_usual(void)
{
	static const struct {
		const char *condition;
		bool usual;
	} rows[] = {
		{ NULL, true }, { "AUTO", true }, { "ISOI", true },
		{ "REOP", true }, { "SLAN", true }, { "SLAI", true },
		{ "EXHT", true }, { "OSEQ", false }, { "LATE", false },
		{ "OPNL", false }, { "SLCN", false }, { "SCLI", false },
		{ "SLFT", false }, { "MLET", false }, { "MESL", false },
		{ "TLET", false }, { "CBMO", false }, { "MCTP", false },
		{ "CANC", false }, { "UNKNOWN_999", false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct trade trade = print(TRADE_CALL, rows[i].condition);

		CHECK_INT(rows[i].condition == NULL ? "none" :
		    rows[i].condition, flow_is_usual(&trade.cond, false),
		    rows[i].usual);
		CHECK_INT("closed", flow_is_usual(&trade.cond, true), false);
	}
}

static void
test_class(void)
{
	/* Column "volume & premium" and flags of 3.2; 5.1 for the rest. */
	static const struct {
		const char *condition;
		enum flow_class call, put, counted;	/* counted: put with
							 * --count-complex */
	} rows[] = {
		{ NULL, FLOW_CALL, FLOW_PUT, FLOW_PUT },
		{ "AUTO", FLOW_CALL, FLOW_PUT, FLOW_PUT },
		{ "ISOI", FLOW_CALL, FLOW_PUT, FLOW_PUT },
		{ "LATE", FLOW_CALL, FLOW_PUT, FLOW_PUT },	/* EX-3.4 */
		{ "OSEQ", FLOW_CALL, FLOW_PUT, FLOW_PUT },
		{ "SLAN", FLOW_CALL, FLOW_PUT, FLOW_PUT },
		{ "SLFT", FLOW_CALL, FLOW_PUT, FLOW_PUT },
		{ "EXHT", FLOW_CALL, FLOW_PUT, FLOW_PUT },
		{ "MLET", FLOW_CALL_COMPLEX, FLOW_PUT_COMPLEX, FLOW_PUT },
		{ "MESL", FLOW_CALL_COMPLEX, FLOW_PUT_COMPLEX, FLOW_PUT },
		{ "CBMO", FLOW_CALL_COMPLEX, FLOW_PUT_COMPLEX, FLOW_PUT },
		{ "SLCN", FLOW_CALL_COMPLEX, FLOW_PUT_COMPLEX, FLOW_PUT },
		{ "SCLI", FLOW_CALL_COMPLEX, FLOW_PUT_COMPLEX, FLOW_PUT },
		{ "MCTP", FLOW_CALL_COMPLEX, FLOW_PUT_COMPLEX, FLOW_PUT },
		{ "TLET", FLOW_NONE, FLOW_NONE, FLOW_NONE },
		{ "TESL", FLOW_NONE, FLOW_NONE, FLOW_NONE },
		{ "CANC", FLOW_NONE, FLOW_NONE, FLOW_NONE },
		{ "UNKNOWN_999", FLOW_NONE, FLOW_NONE, FLOW_NONE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *name = rows[i].condition == NULL ? "no condition" :
		    rows[i].condition;
		struct trade call = print(TRADE_CALL, rows[i].condition);
		struct trade put = print(TRADE_PUT, rows[i].condition);

		CHECK_INT(name, flow_class_of(&call, false), rows[i].call);
		CHECK_INT(name, flow_class_of(&put, false), rows[i].put);
		CHECK_INT(name, flow_class_of(&put, true), rows[i].counted);
	}
}

static void
test_nowhere(void)
{
	struct trade t = print(TRADE_PUT, NULL);

	t.is_adjusted = true;
	CHECK_INT("adjusted", flow_class_of(&t, true), FLOW_NONE);
	t = print(TRADE_PUT, NULL);
	t.is_cancel = true;
	CHECK_INT("cancelling print", flow_class_of(&t, true), FLOW_NONE);
	t = print(TRADE_PUT, NULL);
	t.is_cancelled = true;
	CHECK_INT("cancelled print", flow_class_of(&t, true), FLOW_NONE);
	t = print(TRADE_NO_RIGHT, NULL);
	CHECK_INT("shares", flow_class_of(&t, true), FLOW_NONE);
}

static void
test_sum(void)
{
	struct flow_sum s = { 0 };

	/* 850 x $0.41 x 100 = $34,850 */
	flow_sum_add(&s, FLOW_PUT, INT64_C(348500000), 850, 1);
	flow_sum_add(&s, FLOW_CALL, 10000, 3, 1);
	flow_sum_add(&s, FLOW_PUT_COMPLEX, 20000, 5, 1);
	flow_sum_add(&s, FLOW_CALL_COMPLEX, 30000, 7, 1);
	flow_sum_add(&s, FLOW_NONE, 40000, 9, 1);
	CHECK_INT("put", s.put_e4, INT64_C(348500000));
	CHECK_INT("call", s.call_e4, 10000);
	CHECK_INT("put complex", s.put_complex_e4, 20000);
	CHECK_INT("call complex", s.call_complex_e4, 30000);
	CHECK_INT("put contracts", s.put_contracts, 850);
	CHECK_INT("call contracts", s.call_contracts, 3);
	CHECK_INT("trades", s.trades, 2);
	flow_sum_add(&s, FLOW_PUT, INT64_C(348500000), 850, -1);
	CHECK_INT("put taken back", s.put_e4, 0);
	CHECK_INT("contracts taken back", s.put_contracts, 0);
	CHECK_INT("trades taken back", s.trades, 1);
	flow_sum_add(&s, FLOW_CALL, INT64_MAX, 1, 1);
	CHECK_INT("saturates above", s.call_e4, INT64_MAX);
	flow_sum_add(&s, FLOW_PUT, INT64_MAX, 1, -1);
	flow_sum_add(&s, FLOW_PUT, INT64_MAX, 1, -1);
	CHECK_INT("saturates below", s.put_e4, INT64_MIN);
}

int
main(void)
{
	test_class();
	test_closed();
	test_usual();
	test_nowhere();
	test_sum();
	return check_end();
}
