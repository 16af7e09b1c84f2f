#include "http_socket.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "base/clock.h"

/* Milliseconds to wait, rounded up; 0 when it is too late. */
static int milliseconds_until(double deadline)
{
    double left = (deadline - clock_seconds()) * 1e3;
    return left <= 0 ? 0 : left > INT_MAX - 1 ? INT_MAX : (int)left + 1;
}

static socket_result socket_wait(int socket, short events, double deadline, int wake)
{
    struct pollfd wait[] = {{.fd = socket, .events = events}, {.fd = wake, .events = POLLIN}};
    for (;;) {
        int left = milliseconds_until(deadline);
        int ready = left > 0 ? poll(wait, 2, left) : 0; /* poll ignores a descriptor of -1 */
        if (ready == 0)
            return SOCKET_TIMEOUT;
        if (ready < 0 && errno != EINTR)
            return SOCKET_CLOSED;
        if (ready > 0)
            return wait[0].revents != 0 ? SOCKET_OK : SOCKET_WOKEN;
    }
}

static bool is_temporary(void)
{
    return errno == EAGAIN || errno == EINTR;
}

socket_result socket_receive(int from, char *data, size_t *held, size_t capacity, double deadline, int wake)
{
    for (;;) {
        socket_result result = socket_wait(from, POLLIN, deadline, wake);
        if (result != SOCKET_OK)
            return result;
        ssize_t got = recv(from, data + *held, capacity - *held, MSG_DONTWAIT);
        if (got > 0) {
            *held += (size_t)got;
            return SOCKET_OK;
        }
        if (got == 0 || !is_temporary())
            return SOCKET_CLOSED;
    }
}

socket_result socket_send(int to, const char *head, size_t head_size, const char *body, size_t body_size,
                          double deadline)
{
    size_t sent = 0, all = head_size + body_size;
    while (sent < all) {
        size_t left = sent < head_size ? head_size - sent : 0, body_sent = sent > head_size ? sent - head_size : 0;
        struct iovec parts[] = {{(void *)(head + head_size - left), left},
                                {body_size > 0 ? (void *)(body + body_sent) : NULL, body_size - body_sent}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t one = sendmsg(to, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (one < 0 && !is_temporary())
            return SOCKET_CLOSED;
        sent += one > 0 ? (size_t)one : 0;
        socket_result result = sent < all ? socket_wait(to, POLLOUT, deadline, -1) : SOCKET_OK;
        if (result != SOCKET_OK)
            return result;
    }
    return SOCKET_OK;
}
