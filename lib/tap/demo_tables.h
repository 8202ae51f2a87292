#ifndef FLOW_DEMO_TABLES_H
#define FLOW_DEMO_TABLES_H

#include <stdint.h>

/*
 * What the demo draws and prices with, as integers in units of 2^-28 (Q28) or
 * 2^-16 (Q16): the same bytes on every machine, whatever its libm says.  Made
 * by scripts/demo-tables.
 */

enum { DEMO_TABLES_DRAWS = 1024 };

extern const uint32_t demo_tables_cdf[257];	/* N(i/32), Q28 */
extern const uint32_t demo_tables_density[257];	/* N'(i/32), Q28 */
extern const uint32_t demo_tables_log[65];	/* ln(1 + i/64), Q28 */

/* Quantiles at (i + 1/2) / DEMO_TABLES_DRAWS, Q16. */
extern const uint32_t demo_tables_exponential[DEMO_TABLES_DRAWS]; /* mean 1 */
extern const int32_t demo_tables_normal[DEMO_TABLES_DRAWS];	/* 0 and 1 */

#endif
