#include "market/flow.h"

enum flow_class
flow_class_of(const struct trade *trade, bool count_complex)
{
	const struct cond *cond = &trade->cond;
	bool call = trade->right == TRADE_CALL, complex;

	if (trade->right == TRADE_NO_RIGHT || trade->is_adjusted ||
	    trade->is_cancel || trade->is_cancelled ||
	    slice_equal(trade->session, SLICE("CLOSED")) ||
	    (cond->flags & (COND_STOCK_TIED | COND_UNKNOWN)) != 0)
		return FLOW_NONE;
	/*
	 * Compression has no premium of its own in 3.2 ("volume only"), yet
	 * 5.1 names it among what is summed apart.
	 */
	if (!cond->premium && (cond->flags & COND_COMPRESSION) == 0)
		return FLOW_NONE;
	complex = (cond->flags &
	    (COND_MULTILEG | COND_CROSS | COND_COMPRESSION)) != 0;
	if (complex && !count_complex)
		return call ? FLOW_CALL_COMPLEX : FLOW_PUT_COMPLEX;
	return call ? FLOW_CALL : FLOW_PUT;
}

bool
flow_is_usual(const struct cond *cond, bool closed)
{
	return !closed && cond->volume && (cond->flags & FLOW_UNUSUAL) == 0;
}

static void
flow_add(int64_t *sum, int64_t value, int sign)
{
	int64_t v;

	if (sign < 0 ? __builtin_sub_overflow(*sum, value, &v) :
	    __builtin_add_overflow(*sum, value, &v))
		v = (value < 0) == (sign < 0) ? INT64_MAX : INT64_MIN;
	*sum = v;
}

void
flow_sum_add(struct flow_sum *sum, enum flow_class cls, int64_t premium_e4,
    int64_t size, int sign)
{
	switch (cls) {
	case FLOW_NONE:
		break;
	case FLOW_CALL:
		flow_add(&sum->call_e4, premium_e4, sign);
		flow_add(&sum->call_contracts, size, sign);
		flow_add(&sum->trades, 1, sign);
		break;
	case FLOW_PUT:
		flow_add(&sum->put_e4, premium_e4, sign);
		flow_add(&sum->put_contracts, size, sign);
		flow_add(&sum->trades, 1, sign);
		break;
	case FLOW_CALL_COMPLEX:
		flow_add(&sum->call_complex_e4, premium_e4, sign);
		break;
	case FLOW_PUT_COMPLEX:
		flow_add(&sum->put_complex_e4, premium_e4, sign);
		break;
	}
}
