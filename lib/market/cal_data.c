#include "market/cal_data.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

const int cal_data_closures[] = {
	20121029, 20121030,	/* hurricane Sandy */
	20181205,		/* day of mourning, G. H. W. Bush */
	20250109		/* day of mourning, J. Carter */
};

const size_t cal_data_n_closures = COUNT(cal_data_closures);

/*
 * The ETF and ETN options that close at 16:15 are those named by both of two
 * independent lists: Terry's Tips, "Options Which Trade After Hours" (2017),
 * and Firstrade's help page on options that trade until 16:15.  Index classes:
 * domain.md 2.2, and Firstrade for DJX, MRUT, OEX and XEO.  RUT joined GTH
 * and CURB on 2026-02-09 (Cboe release of 2025-12-03; SR-CBOE-2025-070).
 */
const struct cal_root cal_data_roots[] = {
	{ "DBA", 0, CAL_LATE_ETF },
	{ "DBB", 0, CAL_LATE_ETF },
	{ "DBC", 0, CAL_LATE_ETF },
	{ "DBO", 0, CAL_LATE_ETF },
	{ "DIA", 0, CAL_LATE_ETF },
	{ "DJX", 0, CAL_INDEX },
	{ "EEM", 0, CAL_LATE_ETF },
	{ "EFA", 0, CAL_LATE_ETF },
	{ "GAZ", 0, CAL_LATE_ETF },
	{ "IWM", 0, CAL_LATE_ETF },
	{ "IWN", 0, CAL_LATE_ETF },
	{ "IWO", 0, CAL_LATE_ETF },
	{ "IWV", 0, CAL_LATE_ETF },
	{ "JJC", 0, CAL_LATE_ETF },
	{ "KBE", 0, CAL_LATE_ETF },
	{ "KRE", 0, CAL_LATE_ETF },
	{ "MDY", 0, CAL_LATE_ETF },
	{ "MOO", 0, CAL_LATE_ETF },
	{ "MRUT", 0, CAL_INDEX },
	{ "NDX", 0, CAL_INDEX },
	{ "NDXP", 0, CAL_INDEX },
	{ "OEF", 0, CAL_LATE_ETF },
	{ "OEX", 0, CAL_INDEX },
	{ "OIL", 0, CAL_LATE_ETF },
	{ "QQQ", 0, CAL_LATE_ETF },
	{ "RUT", 0, CAL_INDEX },
	{ "RUT", 20260209, CAL_INDEX_GTH },
	{ "RUTW", 0, CAL_INDEX },
	{ "RUTW", 20260209, CAL_INDEX_GTH },
	{ "SLX", 0, CAL_LATE_ETF },
	{ "SPX", 0, CAL_INDEX_GTH },
	{ "SPXW", 0, CAL_INDEX_GTH },
	{ "SPY", 0, CAL_LATE_ETF },
	{ "SVXY", 0, CAL_LATE_ETF },
	{ "UNG", 0, CAL_LATE_ETF },
	{ "UUP", 0, CAL_LATE_ETF },
	{ "UVXY", 0, CAL_LATE_ETF },
	{ "VIX", 0, CAL_INDEX_GTH },
	{ "VIXW", 0, CAL_INDEX_GTH },
	{ "VIXY", 0, CAL_LATE_ETF },
	{ "VXX", 0, CAL_LATE_ETF },
	{ "VXZ", 0, CAL_LATE_ETF },
	{ "XEO", 0, CAL_INDEX },
	{ "XHB", 0, CAL_LATE_ETF },
	{ "XLB", 0, CAL_LATE_ETF },
	{ "XLE", 0, CAL_LATE_ETF },
	{ "XLF", 0, CAL_LATE_ETF },
	{ "XLI", 0, CAL_LATE_ETF },
	{ "XLK", 0, CAL_LATE_ETF },
	{ "XLP", 0, CAL_LATE_ETF },
	{ "XLU", 0, CAL_LATE_ETF },
	{ "XLV", 0, CAL_LATE_ETF },
	{ "XLY", 0, CAL_LATE_ETF },
	{ "XME", 0, CAL_LATE_ETF },
	{ "XRT", 0, CAL_LATE_ETF },
	{ "XSP", 0, CAL_INDEX_GTH }
};

const size_t cal_data_n_roots = COUNT(cal_data_roots);

#define AT(hour, minute) ((hour) * 60 + (minute))

/*
 * Cboe Options: extended hours from 2015-03-02 (VIX; SPX a week later, XSP
 * that autumn), from the evening before since 2021-11-22 (SR-CBOE-2021-061),
 * CURB from 2022-04-25 (SR-CBOE-2021-071), GTH to 09:25 by SR-CBOE-2024-031,
 * filed 2024-07-12.  Where a product joined later than its row says there are
 * no prints to misname.
 */
const struct cal_hours cal_data_hours[] = {
	{ 0, 0, 0, 0 },
	{ 20150302, AT(3, 0), AT(9, 15), 0 },
	{ 20211122, AT(20, 15) - AT(24, 0), AT(9, 15), 0 },
	{ 20220425, AT(20, 15) - AT(24, 0), AT(9, 15), AT(17, 0) },
	{ 20240712, AT(20, 15) - AT(24, 0), AT(9, 25), AT(17, 0) }
};

const size_t cal_data_n_hours = COUNT(cal_data_hours);
