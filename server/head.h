/* Reads the head of a request: its first line and headers. Strict if RFC 9112 leaves a choice: lines end only in CR LF,
 * are not folded, and have no control characters. */
#ifndef SERVER_HEAD_H
#define SERVER_HEAD_H

#include "guard.h"

typedef struct request_head {
    heed_bytes method, path; /* path: without the query */
    heed_bytes version;
    heed_bytes host, origin, fetch_site, authorization, accept, traceparent; /* headers; data NULL: not there */
    bool preflight; /* OPTIONS, by which a browser asks what a page of another origin may send */
    guard guard;
    bool close;     /* the client wants no further answer on this connection */
    bool continues; /* it waits for "100 Continue" before it sends the body */
} request_head;

/* The size of a head, with the empty line at its end; 0 if the bytes do not have a whole one. seen: so many bytes were
 * searched before. */
size_t head_size(heed_bytes bytes, size_t seen);
/* Reads a whole head; `out` borrows from it. Returns 0, or the status to refuse the request with, and why; then the
 * connection has to be closed. max_body: as in guard_check. */
unsigned head_read(request_head *out, heed_bytes head, uint64_t max_body, const char **why);

#endif
