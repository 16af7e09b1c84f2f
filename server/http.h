/* HTTP/1.1, as much of it as an inference server needs and no more: requests go to a handler, each on the thread of its
 * connection, and have deadlines that no drip of bytes moves. */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include "http_answer.h"

typedef struct http_request {
    heed_bytes method, path; /* path: as it was sent, without the query */
    heed_bytes body;
    const char *peer; /* address of the client */
    double began;     /* of clock_seconds, when its headers were there */
    double deadline;  /* when it has to be answered */
} http_request;

typedef struct http_options {
    const char *address;                    /* numeric */
    uint16_t port;                          /* 0: any free one */
    unsigned connections, connections_each; /* in all, and of one address (0: no such limit) */
    uint64_t body_most;
    double header_seconds, request_seconds; /* until the headers of a request are there, and from then on */
    /* Answers; called by many threads at once. */
    void (*handle)(void *user, const http_request *request, http_answer *answer);
    /* Told of every answer, refused requests' too, when it is about to be sent. */
    void (*answered)(void *user, const http_request *request, const http_answer *answer);
    void *user;
} http_options;

typedef struct http_server http_server;

/* Listens and answers from now on; *out is set before the first request. Errors: HEED_FAILED for a port that cannot be
 * had, HEED_USAGE for an address that is none. */
heed_status http_start(http_server **out, const http_options *options, heed_error *error);
uint16_t http_port(const http_server *server);
/* Accepts no new connections; those that are there get their answers, with which they are closed. Returns whether all
 * were gone before `seconds` were over or `hurry` said true. */
bool http_drain(http_server *server, double seconds, bool (*hurry)(void));
/* Number of open connections. */
size_t http_connections(http_server *server);
void http_free(http_server *server);

#endif
