/* The tests of scan.c on the code for machines without SSE2. */

#undef __SSE2__

#include "record/scan.c"
#include "scan.c"
