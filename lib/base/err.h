#ifndef FLOW_ERR_H
#define FLOW_ERR_H

/*
 * Why something failed, as one line of text for people.  The library never
 * prints: a function that can fail returns -1 and fills a struct err; the
 * command adds the place and hands it to log.
 */

#define ERR_PRINTF(a, b) __attribute__((format(printf, a, b)))

/* Exit statuses of every command (design.md 3). */
enum {
	EXIT_DONE = 0,		/* all handled */
	EXIT_NO = 1,		/* the answer is no (gate, check) */
	EXIT_USAGE = 2,		/* cannot work as asked: do not restart */
	EXIT_PARTIAL = 3,	/* done, but input was rejected or cut short */
	EXIT_SYSTEM = 4		/* system failure, worth retrying */
};

struct err {
	char text[256];		/* NUL-terminated, cut when too long */
};

/* Sets the text; err may be NULL. */
void err_fill(struct err *err, const char *fmt, ...) ERR_PRINTF(2, 3);

/* As err_fill, followed by ": " and the text of errno value num. */
void err_fill_sys(struct err *err, int num, const char *fmt, ...)
    ERR_PRINTF(3, 4);

/*
 * The same as an expression of value -1, for "return err_set(err, ...);".  The
 * value stands here, where the compiler and its analyzers see it.
 */
static inline int
err_failed(void)
{
	return -1;
}

#define err_set(...) (err_fill(__VA_ARGS__), err_failed())
#define err_sys(...) (err_fill_sys(__VA_ARGS__), err_failed())

#endif
