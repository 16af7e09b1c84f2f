/* Why a request is refused, and the HTTP status that says so. */
#ifndef SERVER_REFUSAL_H
#define SERVER_REFUSAL_H

/* Writes the message by fail (base/status.h); its value is the status. */
#define refusal(error, status, ...) (fail(error, HEED_BAD_DATA, __VA_ARGS__), (unsigned)(status))

#endif
