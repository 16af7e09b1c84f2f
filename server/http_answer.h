/* An answer of the server, and its head on the wire. */
#ifndef SERVER_HTTP_ANSWER_H
#define SERVER_HTTP_ANSWER_H

#include "heed.h"

enum { HTTP_HEAD_MOST = 512 };

/* Begins as {0}. */
typedef struct http_answer {
    unsigned status;
    const char *type; /* of the body */
    char *body;       /* of malloc; released when it is sent */
    size_t size;
    const char *allow;    /* 405: the methods */
    unsigned retry_after; /* seconds; 0: not told */
    bool close;           /* the connection */
    unsigned route;       /* for the handler and the listener */
    size_t texts;
} http_answer;

/* Fills the answer with {"error": message}. */
void http_refuse(http_answer *answer, unsigned status, const char *message);
/* Writes the head of an answer; its size. */
size_t http_head_write(char out[HTTP_HEAD_MOST], const http_answer *answer);

#endif
