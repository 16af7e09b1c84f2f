/* An answer of the server, and how its head is written. */
#ifndef SERVER_HTTP_ANSWER_H
#define SERVER_HTTP_ANSWER_H

#include "heed.h"

enum { HTTP_MAX_HEAD = 1536, HTTP_MORE_HEADERS = 1024 };

/* Begins as {0}. */
typedef struct http_answer {
    unsigned status;
    const char *type; /* of the body */
    char *body;       /* from malloc; freed once it is sent */
    size_t size;
    const char *allow;            /* the methods, if the status is 405 */
    unsigned retry_after;         /* seconds; 0: no such header */
    bool close;                   /* the connection afterwards */
    char more[HTTP_MORE_HEADERS]; /* further header lines, each with its end (http_answer_header) */
    unsigned route;               /* kept for http_options.answered */
    size_t texts;
} http_answer;

/* Fills the answer with {"error": message}. */
void http_refuse(http_answer *answer, unsigned status, const char *message);
/* The same as OpenAI's clients read it: {"error": {"message": ..., "type": ..., "param": null, "code": status}}. */
void http_refuse_object(http_answer *answer, unsigned status, const char *message);
/* Adds a header, whose value has no line ends. One that has no room is left out. */
void http_answer_header(http_answer *answer, const char *name, heed_bytes value);
/* Writes the head of an answer and returns its size. */
size_t http_head_write(char out[HTTP_MAX_HEAD], const http_answer *answer);

#endif
