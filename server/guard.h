/* What a request has to be like before its body is read: what makes two servers in a row disagree on where a request
 * ends (request smuggling) is refused, and so are bodies that are too long or no JSON. */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include "heed.h"

/* What of the headers matters; begins as {0}. */
typedef struct guard {
    unsigned lengths, hosts; /* headers of these names */
    bool bad_length, transfer, encoded, other_type;
    uint64_t length; /* of the body */
} guard;

/* Whether these bytes say `name`, whatever the case of their letters. */
bool guard_is(heed_bytes bytes, const char *name);
/* The value of a Content-Length: digits alone, below 10^18. */
bool guard_length(uint64_t *out, heed_bytes value);
/* Takes note of one header. */
void guard_header(guard *g, heed_bytes name, heed_bytes value);
/* 0: the request may go on, with a body of g->length bytes, `most` of them at most. Otherwise the status to refuse it
 * with, and why. The connection has to be closed then, for a body may follow. */
unsigned guard_verdict(const guard *g, heed_bytes method, heed_bytes version, uint64_t most, const char **why);

#endif
