/* The head of a request: its first line and headers, as bytes. Strict where RFC 9112 leaves a choice: lines end in CR
 * LF and nothing else, are not continued, and hold no control characters. */
#ifndef SERVER_HEAD_H
#define SERVER_HEAD_H

#include "guard.h"

typedef struct request_head {
    heed_bytes method, path; /* path: what was asked for without its query */
    heed_bytes version;
    guard guard;
    bool close;     /* the client wants no further answer on this connection */
    bool continues; /* it waits for "100 Continue" before it sends the body */
} request_head;

/* The size of a head, with the empty line at its end; 0 where these bytes do not hold one whole. seen: as many bytes
 * are known not to. */
size_t head_size(heed_bytes bytes, size_t seen);
/* Reads a whole head, from which everything is borrowed. 0, or the status to refuse the request with, and why; then the
 * connection has to be closed. body_most: as guard_verdict takes it. */
unsigned head_read(request_head *out, heed_bytes head, uint64_t body_most, const char **why);

#endif
