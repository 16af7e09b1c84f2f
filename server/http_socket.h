/* Bytes to and from a socket before a deadline. */
#ifndef SERVER_HTTP_SOCKET_H
#define SERVER_HTTP_SOCKET_H

#include <stddef.h>

typedef enum socket_end {
    SOCKET_FINE,
    SOCKET_LATE, /* the deadline came first */
    SOCKET_GONE, /* the other side closed it, or it failed */
    SOCKET_WOKEN /* `wake` became readable first */
} socket_end;

/* Waits for some bytes, at least one, which go behind the *held that there are, up to `most`. wake: another descriptor
 * to wait for; -1: none. deadline: of clock_seconds. */
socket_end socket_receive(int from, char *data, size_t *held, size_t most, double deadline, int wake);
/* Sends both, one behind the other. */
socket_end socket_send(int to, const char *head, size_t head_size, const char *body, size_t body_size, double deadline);

#endif
