#ifndef FLOW_SHA1_H
#define FLOW_SHA1_H

#include <stddef.h>
#include <stdint.h>

/*
 * SHA-1 (FIPS 180-4), for the one place that still demands it: the handshake
 * of RFC 6455, where it proves nothing but that the server speaks WebSocket.
 */

enum { SHA1_BYTES = 20 };

void sha1_of(const void *p, size_t n, uint8_t out[SHA1_BYTES]);

#endif
