#ifndef FLOW_DAY_H
#define FLOW_DAY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Dates as numbers: a day is an int32_t counting days since 1970-01-01 of the
 * proleptic Gregorian calendar, years 1 to 9999.  Days subtract to calendar
 * days (DTE).  No time zone takes part.
 */

#define DAY_NONE INT32_MIN

enum { DAY_TEXT = 10 };		/* "YYYY-MM-DD", no NUL */

/* month 1-12, mday from 1; DAY_NONE when there is no such date. */
int32_t day_make(int year, int month, int mday);

/* The parts of a day; NULL for parts not wanted. */
void day_civil(int32_t day, int *year, int *month, int *mday);

int day_weekday(int32_t day);		/* 0 Sunday .. 6 Saturday */

/* "YYYY-MM-DD" and nothing else; DAY_NONE when the text is no such date. */
int32_t day_parse(const char *p, size_t n);

/* Value of n digits (9 at most) and nothing else; -1 when they are not. */
int day_digits(const char *p, size_t n);

/* Writes "YYYY-MM-DD", no NUL; returns DAY_TEXT. */
size_t day_print(char *dst, int32_t day);

#endif
