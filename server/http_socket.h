/* Sends and receives on a socket until a deadline. */
#ifndef SERVER_HTTP_SOCKET_H
#define SERVER_HTTP_SOCKET_H

#include <stddef.h>

typedef enum socket_result {
    SOCKET_OK,
    SOCKET_TIMEOUT, /* the deadline passed */
    SOCKET_CLOSED,  /* by the other side, or it failed */
    SOCKET_WOKEN    /* `wake` became readable */
} socket_result;

/* Waits for at least one byte and appends what there is to the *held bytes of data, which has room for `capacity`.
 * wake: another descriptor to wait for, or -1. deadline: by clock_seconds. */
socket_result socket_receive(int from, char *data, size_t *held, size_t capacity, double deadline, int wake);
/* Sends the head, then the body. */
socket_result socket_send(int to, const char *head, size_t head_size, const char *body, size_t body_size,
                          double deadline);

#endif
