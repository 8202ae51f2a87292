#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void
err_fill(struct err *err, const char *fmt, ...)
{
	va_list ap;

	if (err == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
}

void
err_fill_sys(struct err *err, int num, const char *fmt, ...)
{
	va_list ap;
	char why[128];
	size_t n;

	if (err == NULL)
		return;
	va_start(ap, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	n = strlen(err->text);
	snprintf(err->text + n, sizeof(err->text) - n, ": %s",
	    strerror_r(num, why, sizeof(why)));
}
