#include "http_socket.h"

#include <errno.h>
#include <jansson.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include "base/clock.h"
#include "base/escape.h"

enum { RETRY_SECONDS = 1 };

/* Milliseconds to wait, rounded up; 0 when it is too late. */
static int milliseconds_until(double deadline)
{
    double left = (deadline - clock_seconds()) * 1e3;
    return left <= 0 ? 0 : left > INT_MAX - 1 ? INT_MAX : (int)left + 1;
}

static socket_end socket_wait(int socket, short events, double deadline, int wake)
{
    struct pollfd wait[] = {{.fd = socket, .events = events}, {.fd = wake, .events = POLLIN}};
    for (;;) {
        int left = milliseconds_until(deadline);
        int ready = left > 0 ? poll(wait, 2, left) : 0; /* of -1 nothing is heard */
        if (ready == 0)
            return SOCKET_LATE;
        if (ready < 0 && errno != EINTR)
            return SOCKET_GONE;
        if (ready > 0)
            return wait[0].revents != 0 ? SOCKET_FINE : SOCKET_WOKEN;
    }
}

static bool is_passing(void)
{
    return errno == EAGAIN || errno == EINTR;
}

socket_end socket_receive(int from, char *data, size_t *held, size_t most, double deadline, int wake)
{
    for (;;) {
        socket_end end = socket_wait(from, POLLIN, deadline, wake);
        if (end != SOCKET_FINE)
            return end;
        ssize_t got = recv(from, data + *held, most - *held, MSG_DONTWAIT);
        if (got > 0) {
            *held += (size_t)got;
            return SOCKET_FINE;
        }
        if (got == 0 || !is_passing())
            return SOCKET_GONE;
    }
}

socket_end socket_send(int to, const char *head, size_t head_size, const char *body, size_t body_size, double deadline)
{
    size_t sent = 0, all = head_size + body_size;
    while (sent < all) {
        size_t left = sent < head_size ? head_size - sent : 0, begun = sent > head_size ? sent - head_size : 0;
        struct iovec parts[] = {{(void *)(head + head_size - left), left},
                                {body_size > 0 ? (void *)(body + begun) : NULL, body_size - begun}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t one = sendmsg(to, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        if (one < 0 && !is_passing())
            return SOCKET_GONE;
        sent += one > 0 ? (size_t)one : 0;
        socket_end end = sent < all ? socket_wait(to, POLLOUT, deadline, -1) : SOCKET_FINE;
        if (end != SOCKET_FINE)
            return end;
    }
    return SOCKET_FINE;
}

static const char *reason(unsigned status)
{
    static const struct {
        unsigned status;
        const char *reason;
    } reasons[] = {{200, "OK"},
                   {400, "Bad Request"},
                   {404, "Not Found"},
                   {405, "Method Not Allowed"},
                   {408, "Request Timeout"},
                   {411, "Length Required"},
                   {413, "Content Too Large"},
                   {414, "URI Too Long"},
                   {415, "Unsupported Media Type"},
                   {417, "Expectation Failed"},
                   {422, "Unprocessable Content"},
                   {429, "Too Many Requests"},
                   {431, "Request Header Fields Too Large"},
                   {503, "Service Unavailable"},
                   {504, "Gateway Timeout"}};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (reasons[i].status == status)
            return reasons[i].reason;
    return "Internal Server Error";
}

/* What an error quotes may be cut inside a character, which JSON must not hold: bytes beyond ASCII then become '?'. */
static void make_plain(char *message)
{
    json_t *text = json_string(message);
    for (char *p = message; text == NULL && *p != '\0'; p++)
        if ((unsigned char)*p >= 0x80)
            *p = '?';
    json_decref(text);
}

void http_refuse(http_answer *answer, unsigned status, const char *message)
{
    char plain[sizeof(heed_error)];
    snprintf(plain, sizeof plain, "%s", message);
    make_plain(plain);
    answer->status = status;
    answer->type = "application/json";
    answer->retry_after = status == 429 || status == 503 ? RETRY_SECONDS : 0;
    writer body = {0};
    writer_text(&body, "{\"error\": ");
    escape_json(&body, bytes_of(plain));
    writer_text(&body, "}\n");
    writer_take(&body, &answer->body, &answer->size, NULL);
    writer_release(&body);
}

size_t http_head_write(char out[HTTP_HEAD_MOST], const http_answer *answer)
{
    char date[40] = "", retry[40] = "";
    time_t now = time(NULL);
    struct tm utc;
    if (gmtime_r(&now, &utc) != NULL) /* the program never calls setlocale: English names */
        strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    if (answer->retry_after > 0)
        snprintf(retry, sizeof retry, "Retry-After: %u\r\n", answer->retry_after);
    int size =
        snprintf(out, HTTP_HEAD_MOST,
                 "HTTP/1.1 %u %s\r\nDate: %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
                 "X-Content-Type-Options: nosniff\r\n%s%s%s%s%s\r\n",
                 answer->status, reason(answer->status), date, answer->type != NULL ? answer->type : "text/plain",
                 answer->size, answer->allow != NULL ? "Allow: " : "", answer->allow != NULL ? answer->allow : "",
                 answer->allow != NULL ? "\r\n" : "", retry, answer->close ? "Connection: close\r\n" : "");
    return size > 0 && size < HTTP_HEAD_MOST ? (size_t)size : 0;
}
