#ifndef FLOW_MULTI_H
#define FLOW_MULTI_H

#include <stdbool.h>

#include "base/buf.h"
#include "net/loop.h"

/*
 * libcurl on the event loop: transfers that run beside one another without
 * blocking, all with the same care.  TLS 1.2 or later, certificates and names
 * always verified; no redirect is followed; nothing but http and https.
 */

struct multi;
struct multi_call;

struct multi_setup {
	const char *ca_file;	/* trusted besides nothing else; NULL: the
				 * system's certificates */
	int64_t connect_ms;	/* most time to connect, TLS included */
};

/*
 * True for https, and for http to this machine itself: a key never travels
 * unencrypted over a network.
 */
bool multi_url_ok(const char *url);

/* Texts of the setup are borrowed. */
struct multi *multi_new(struct loop *loop, const struct multi_setup *setup);
void multi_free(struct multi *multi);	/* after its calls; NULL is fine */

/*
 * A transfer; done is called once, with NULL or the reason why it failed, and
 * may free the call.  Further options go to multi_call_easy, a CURL *, before
 * multi_call_start.
 */
struct multi_call *multi_call_new(struct multi *multi, const char *url,
    void (*done)(void *ctx, const char *why), void *ctx);
void *multi_call_easy(struct multi_call *call);
void multi_call_start(struct multi_call *call);
void multi_call_free(struct multi_call *call);	/* NULL is fine */

#endif
