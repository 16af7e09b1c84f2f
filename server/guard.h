/* Checks a request before its body is read. It refuses what could make two servers in a row disagree on where a request
 * ends (request smuggling), and bodies that are too long or not JSON. */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include "heed.h"

/* The headers that matter; begins as {0}. */
typedef struct guard {
    unsigned lengths, hosts, types, json_lengths; /* how many headers of these names */
    bool bad_length, transfer, encoded, is_json, is_binary;
    bool of_kserve,
        of_browser;  /* set by head_read: the path is one of KServe's; a header is there that browsers send */
    uint64_t length; /* of the body */
    uint64_t
        json_length; /* Inference-Header-Content-Length: of the JSON at its begin, after which binary tensors follow */
} guard;

/* Whether these bytes are `name`, in upper or lower case. */
bool guard_equals(heed_bytes bytes, const char *name);
/* The value of a Content-Length: only digits, below 10^18. */
bool guard_length(uint64_t *out, heed_bytes value);
/* Notes one header. */
void guard_header(guard *g, heed_bytes name, heed_bytes value);
/* 0: the request may go on, with a body of g->length bytes, at most max_body. Otherwise the status to refuse it with,
 * and why; then the connection has to be closed, since a body may follow. */
unsigned guard_check(const guard *g, heed_bytes method, heed_bytes version, uint64_t max_body, const char **why);

#endif
