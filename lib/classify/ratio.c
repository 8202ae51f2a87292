#include "classify/ratio.h"

#include "base/decimal.h"

int64_t
ratio_start(int64_t ts)
{
	return ts - ts % RATIO_WINDOW_MS;
}

void
ratio_add(struct ratio_window *window, bool at_ask, int64_t size,
    int64_t premium_e4, int sign)
{
	window->eligible += sign * size;
	if (at_ask)
		window->at_ask += sign * size;
	if (__builtin_add_overflow(window->premium_e4, sign * premium_e4,
	    &window->premium_e4))
		window->premium_e4 = INT64_MAX;
}

bool
ratio_is_aggressive(const struct ratio_window *window, int64_t threshold_e6,
    int64_t minimum, int64_t *ratio_e6)
{
	*ratio_e6 = 0;
	if (window->eligible <= 0)
		return false;
	*ratio_e6 = decimal_ratio(window->at_ask, window->eligible,
	    DECIMAL_E6);
	/* By cross product: rounding must not decide. */
	return window->eligible >= minimum &&
	    window->at_ask * 1000000 >= threshold_e6 * window->eligible;
}
