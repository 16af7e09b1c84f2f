/* HTTP/1.1, as much of it as an inference server needs: requests go to a handler, each on the thread of its connection,
 * and have deadlines that a client cannot move by sending slowly. */
#ifndef SERVER_HTTP_H
#define SERVER_HTTP_H

#include <netinet/in.h>

#include "head.h"
#include "http_answer.h"

typedef struct http_request {
    heed_bytes method, path;  /* path: as sent, without the query */
    const request_head *head; /* NULL: it was not read to its end */
    heed_bytes body;
    const char *peer;     /* address of the client, as text */
    struct in6_addr from; /* and as bytes, of IPv4 as well */
    double began;         /* when its head had come, by clock_seconds */
    double deadline;      /* for its answer */
} http_request;

typedef struct http_options {
    const char *address;                    /* numeric */
    uint16_t port;                          /* 0: any free one */
    unsigned connections, connections_each; /* in all, and from one address (0: any number) */
    uint64_t max_body;
    double header_seconds, request_seconds; /* until the head of a request has come, and from then on */
    /* Whether the request may go on, before its body is read; else fills the answer. This and the following are called
     * by many threads at once. */
    bool (*admit)(void *user, const http_request *request, http_answer *answer);
    /* Fills the answer. */
    void (*handle)(void *user, const http_request *request, http_answer *answer);
    /* Called before every answer is sent, also for requests that are refused before `handle` sees them. */
    void (*answered)(void *user, const http_request *request, http_answer *answer);
    void *user;
} http_options;

typedef struct http_server http_server;

/* Listens and answers from now on; *out is set before the first request. Errors: HEED_FAILED if the port cannot be
 * used, HEED_USAGE if the address is not one. */
heed_status http_start(http_server **out, const http_options *options, heed_error *error);
uint16_t http_port(const http_server *server);
/* Accepts no new connections; open ones are closed with their next answer. Returns whether all were closed before
 * `seconds` had passed or `hurry` returned true. */
bool http_drain(http_server *server, double seconds, bool (*hurry)(void));
/* Number of open connections. */
size_t http_connections(http_server *server);
void http_free(http_server *server);

#endif
