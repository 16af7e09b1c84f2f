/* One thread accepts connections; each connection has a thread of its own, which waits for bytes until a deadline. */
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <math.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/status.h"
#include "head.h"
#include "http_socket.h"

/* How long a draining server waits for a request on an idle connection, and a closing connection for its last bytes. */
#define GRACE_SECONDS 1.0
enum {
    BACKLOG = 511,
    CONNECTION_STACK = 1 << 20,
    MAX_HEAD = 16 << 10,
    MAX_EXCESS = 2048,      /* connections beyond the limits that are answered at the same time */
    MAX_LEFTOVER = 64 << 20 /* bytes of a client that goes on sending after its last answer */
};

typedef struct connection {
    http_server *server;
    int socket;
    bool excess;          /* there are enough without it, of its address or in all: it is only answered 503 */
    struct in6_addr from; /* of IPv4 as well */
    char peer[INET6_ADDRSTRLEN];
    char in[MAX_HEAD]; /* bytes that came and were not used yet */
    size_t held;
    struct connection *previous, *next;
} connection;

struct http_server {
    http_options options;
    int listener;
    int drain_event; /* wakes threads that wait for bytes when the server begins to drain */
    uint16_t port;
    pthread_t acceptor;
    bool acceptor_runs;
    pthread_mutex_t lock;  /* of the members below */
    pthread_cond_t closed; /* signalled when a connection is closed */
    connection *connections;
    size_t count, excess; /* excess: of the count */
    bool draining;
};

/* ---------------------------------------------------------------- the connections */

static bool server_drains(http_server *server)
{
    pthread_mutex_lock(&server->lock);
    bool draining = server->draining;
    pthread_mutex_unlock(&server->lock);
    return draining;
}

/* Decides whether the connection is served or answered 503; false if there is no room for it at all. */
static bool connection_enter(http_server *server, connection *c)
{
    unsigned same = 0;
    pthread_mutex_lock(&server->lock);
    for (const connection *other = server->connections; other != NULL; other = other->next)
        same += !other->excess && memcmp(&other->from, &c->from, sizeof c->from) == 0;
    c->excess = (server->options.connections_each > 0 && same >= server->options.connections_each) ||
                server->count - server->excess >= server->options.connections;
    bool fine = !c->excess || server->excess < MAX_EXCESS;
    if (fine) {
        c->next = server->connections;
        if (c->next != NULL)
            c->next->previous = c;
        server->connections = c;
        server->count++;
        server->excess += c->excess;
    }
    pthread_mutex_unlock(&server->lock);
    return fine;
}

static void connection_leave(connection *c)
{
    http_server *server = c->server;
    pthread_mutex_lock(&server->lock);
    if (c->next != NULL)
        c->next->previous = c->previous;
    if (c->previous != NULL)
        c->previous->next = c->next;
    else
        server->connections = c->next;
    server->count--;
    server->excess -= c->excess;
    close(c->socket);
    free(c);
    pthread_cond_broadcast(&server->closed);
    pthread_mutex_unlock(&server->lock); /* the last thing that this thread does with the server */
}

size_t http_connections(http_server *server)
{
    pthread_mutex_lock(&server->lock);
    size_t count = server->count;
    pthread_mutex_unlock(&server->lock);
    return count;
}

/* ---------------------------------------------------------------- requests */

/* Waits for a whole head. Returns its size, 0 if none came in time, MAX_HEAD + 1 if it is too long. */
static size_t head_receive(connection *c)
{
    double deadline = clock_seconds() + c->server->options.header_seconds;
    size_t seen = 0, size;
    while ((size = head_size((heed_bytes){c->in, c->held}, seen)) == 0) {
        seen = c->held;
        if (c->held == MAX_HEAD)
            return MAX_HEAD + 1;
        /* Draining cuts the wait for a first byte short; a request that has begun has its whole time. */
        bool idle = c->held == 0, draining = idle && server_drains(c->server);
        double until = draining ? fmin(deadline, clock_seconds() + GRACE_SECONDS) : deadline;
        int wake = idle && !draining ? c->server->drain_event : -1;
        socket_result result = socket_receive(c->socket, c->in, &c->held, MAX_HEAD, until, wake);
        if (result != SOCKET_OK && result != SOCKET_WOKEN)
            return 0;
    }
    return size;
}

static void head_drop(connection *c, size_t size)
{
    memmove(c->in, c->in + size, c->held - size);
    c->held -= size;
}

/* Reads the body: first what came with the head, then the rest from the socket. */
static socket_result body_receive(connection *c, char *body, const request_head *head, double deadline)
{
    size_t size = head->guard.length, held = c->held < size ? c->held : size;
    if (held > 0)
        memcpy(body, c->in, held);
    head_drop(c, held);
    socket_result result = SOCKET_OK;
    if (head->continues && held < size)
        result = socket_send(c->socket, "HTTP/1.1 100 Continue\r\n\r\n", 25, NULL, 0, deadline);
    while (result == SOCKET_OK && held < size)
        result = socket_receive(c->socket, body, &held, size, deadline, -1);
    return result;
}

/* Returns whether the connection may go on. */
static bool answer_send(connection *c, const http_request *request, http_answer *answer, bool with_body)
{
    char head[HTTP_MAX_HEAD];
    bool keep = !answer->close && !server_drains(c->server);
    answer->close = !keep;
    c->server->options.answered(c->server->options.user, request, answer);
    size_t size = http_head_write(head, answer);
    double deadline = request->deadline + GRACE_SECONDS; /* the answer "too late" is late itself */
    keep &= socket_send(c->socket, head, size, answer->body, with_body ? answer->size : 0, deadline) == SOCKET_OK;
    free(answer->body);
    return keep;
}

/* The case of a method matters: an answer to `head` has a body. */
static bool is_head(heed_bytes method)
{
    return method.size == 4 && memcmp(method.data, "HEAD", 4) == 0;
}

static bool refuse(connection *c, http_request *request, unsigned status, const char *why)
{
    http_answer answer = {0};
    http_refuse(&answer, status, why);
    answer.close = true;
    return answer_send(c, request, &answer, !is_head(request->method));
}

static bool body_answer(connection *c, const request_head *head, http_request *request, char *body)
{
    http_answer answer = {.close = head->close};
    socket_result result = body_receive(c, body, head, request->deadline);
    if (result == SOCKET_TIMEOUT)
        return refuse(c, request, 408, "the request did not come in time");
    if (result != SOCKET_OK)
        return false;
    request->body = (heed_bytes){body, head->guard.length};
    c->server->options.handle(c->server->options.user, request, &answer);
    return answer_send(c, request, &answer, !is_head(request->method));
}

/* Answers one request; returns whether another may follow. */
static bool request_serve(connection *c)
{
    char bytes[MAX_HEAD]; /* a copy of the head: the body moves up in c->in */
    request_head head;
    const char *why = NULL;
    size_t size = head_receive(c);
    if (size == 0)
        return false;
    http_request request = {.peer = c->peer, .from = c->from, .began = clock_seconds()};
    request.deadline = request.began + c->server->options.request_seconds;
    if (size > MAX_HEAD)
        return refuse(c, &request, 431, "the headers are too long");
    memcpy(bytes, c->in, size);
    head_drop(c, size);
    unsigned status = head_read(&head, (heed_bytes){bytes, size}, c->server->options.max_body, &why);
    request.method = head.method;
    request.path = head.path;
    if (status != 0)
        return refuse(c, &request, status, why);
    request.head = &head;
    http_answer early = {.close = head.close || head.guard.length > 0}; /* the body would follow */
    if (!c->server->options.admit(c->server->options.user, &request, &early))
        return answer_send(c, &request, &early, !is_head(request.method));
    char *body = malloc(head.guard.length + 1);
    if (body == NULL)
        return refuse(c, &request, 503, "out of memory for the request");
    bool more = body_answer(c, &head, &request, body);
    free(body);
    return more;
}

/* Answers before the request is read, so that a client with too many connections costs little. */
static void excess_answer(connection *c)
{
    http_request request = {.peer = c->peer, .from = c->from, .began = clock_seconds()};
    request.deadline = request.began;
    refuse(
        c, &request, 503,
        "there are too many connections; 'heed serve --connections' says how many there may be, and --connections-each "
        "how many of one address");
}

/* Reads and drops what the client still sends, until it closes the connection. If a socket is closed with bytes unread,
 * the kernel sends a reset, and the client may lose the answer. */
static void leftover_drop(connection *c)
{
    double deadline = clock_seconds() + GRACE_SECONDS;
    size_t dropped = 0, piece = 0;
    shutdown(c->socket, SHUT_WR);
    while (dropped < MAX_LEFTOVER && socket_receive(c->socket, c->in, &piece, MAX_HEAD, deadline, -1) == SOCKET_OK) {
        dropped += piece;
        piece = 0;
    }
}

static void *connection_serve(void *user)
{
    connection *c = user;
    if (c->excess)
        excess_answer(c);
    while (!c->excess && request_serve(c))
        ;
    leftover_drop(c);
    connection_leave(c);
    return NULL;
}

/* ---------------------------------------------------------------- new connections */

static void peer_set(connection *c, const struct sockaddr_storage *address)
{
    const struct sockaddr_in *four = (const void *)address;
    const struct sockaddr_in6 *six = (const void *)address;
    bool is_six = address->ss_family == AF_INET6;
    if (is_six)
        c->from = six->sin6_addr;
    else
        memcpy(&c->from, &four->sin_addr, sizeof four->sin_addr);
    if (inet_ntop(address->ss_family, is_six ? (const void *)&six->sin6_addr : &four->sin_addr, c->peer,
                  sizeof c->peer) == NULL)
        c->peer[0] = '\0';
}

static bool thread_start(connection *c)
{
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, CONNECTION_STACK);
    bool fine = pthread_create(&thread, &attributes, connection_serve, c) == 0;
    pthread_attr_destroy(&attributes);
    return fine;
}

/* False if no connection waits to be accepted. */
static bool connection_accept(http_server *server)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    int on = 1, accepted = accept4(server->listener, (struct sockaddr *)&address, &size, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (accepted < 0)
        return errno == ECONNABORTED || errno == EINTR;
    connection *c = calloc(1, sizeof *c);
    if (c == NULL) {
        close(accepted);
        return true;
    }
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    c->server = server;
    c->socket = accepted;
    peer_set(c, &address);
    if (!connection_enter(server, c)) {
        close(accepted);
        free(c);
    } else if (!thread_start(c)) {
        connection_leave(c);
    }
    return true;
}

/* From now on the kernel drops the first packet (SYN) of a new connection, and handshakes that have begun have a moment
 * to end. Without this, clients that connect between the last accept and the close of the listener are reset with their
 * request sent; with it they try again a second later and are refused. */
static void newcomers_stop(http_server *server)
{
    enum { FLAGS_OF_TCP = 13, SYN = 2 };
    struct sock_filter drop_syn[] = {
        BPF_STMT(BPF_LD | BPF_B | BPF_ABS, FLAGS_OF_TCP), BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, SYN, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, 0),         /* bytes to keep of a SYN */
        BPF_STMT(BPF_RET | BPF_K, UINT32_MAX) /* and of any other packet */
    };
    const struct sock_fprog program = {.len = sizeof drop_syn / sizeof *drop_syn, .filter = drop_syn};
    const struct timespec handshake = {.tv_nsec = 50000000};
    setsockopt(server->listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
    nanosleep(&handshake, NULL);
}

/* At the end the clients that the kernel has already connected are served too. */
static void *connections_accept(void *user)
{
    const struct timespec pause = {.tv_nsec = 10000000};
    http_server *server = user;
    while (!server_drains(server)) {
        struct pollfd wait[] = {{.fd = server->listener, .events = POLLIN},
                                {.fd = server->drain_event, .events = POLLIN}};
        poll(wait, 2, -1);
        if ((wait[0].revents & POLLIN) != 0 && !connection_accept(server) && errno != EAGAIN)
            nanosleep(&pause, NULL); /* out of descriptors: some will be closed */
    }
    newcomers_stop(server);
    for (int i = 0; i <= BACKLOG && connection_accept(server); i++) /* the kernel held no more than these */
        ;
    close(server->listener);
    server->listener = -1;
    return NULL;
}

/* ---------------------------------------------------------------- the server */

static heed_status listener_open(http_server *server, const struct addrinfo *at, heed_error *error)
{
    int on = 1;
    struct sockaddr_storage bound;
    socklen_t size = sizeof bound;
    server->listener = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->listener < 0 || setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        bind(server->listener, at->ai_addr, at->ai_addrlen) != 0 || listen(server->listener, BACKLOG) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&bound, &size) != 0)
        return fail(error, HEED_FAILED, "%s, port %u: cannot listen: %s", server->options.address, server->options.port,
                    strerror(errno));
    server->port = ntohs(at->ai_family == AF_INET ? ((const struct sockaddr_in *)(const void *)&bound)->sin_port
                                                  : ((const struct sockaddr_in6 *)(const void *)&bound)->sin6_port);
    return HEED_OK;
}

/* As many files as the system lets a process have: each connection is one. */
static void files_allow(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur < files.rlim_max) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
}

static heed_status server_open(http_server *server, heed_error *error)
{
    const struct addrinfo want = {
        .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV, .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *at = NULL;
    char port[8];
    snprintf(port, sizeof port, "%u", server->options.port);
    if (getaddrinfo(server->options.address, port, &want, &at) != 0)
        return fail(error, HEED_USAGE, "--address: found '%s', expected an address in digits such as 127.0.0.1 or ::1",
                    server->options.address);
    heed_status status = listener_open(server, at, error);
    freeaddrinfo(at);
    if (status == HEED_OK && (server->drain_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) < 0)
        status = fail(error, HEED_FAILED, "the server cannot be started: %s", strerror(errno));
    if (status == HEED_OK) {
        server->acceptor_runs = pthread_create(&server->acceptor, NULL, connections_accept, server) == 0;
        status = server->acceptor_runs ? HEED_OK : fail(error, HEED_FAILED, "a thread cannot be started");
    }
    return status;
}

heed_status http_start(http_server **out, const http_options *options, heed_error *error)
{
    http_server *server = *out = calloc(1, sizeof *server);
    if (server == NULL)
        return fail_memory(error, "the server");
    server->options = *options;
    server->listener = server->drain_event = -1;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->closed, NULL);
    files_allow();
    heed_status status = server_open(server, error);
    if (status != HEED_OK) {
        http_free(server);
        *out = NULL;
    }
    return status;
}

uint16_t http_port(const http_server *server)
{
    return server->port;
}

bool http_drain(http_server *server, double seconds, bool (*hurry)(void))
{
    const struct timespec pause = {.tv_nsec = 10000000};
    double until = clock_seconds() + seconds;
    pthread_mutex_lock(&server->lock);
    server->draining = true;
    pthread_cond_broadcast(&server->closed);
    pthread_mutex_unlock(&server->lock);
    eventfd_write(server->drain_event, 1);
    pthread_join(server->acceptor, NULL);
    server->acceptor_runs = false;
    while (http_connections(server) > 0 && clock_seconds() < until && !hurry())
        nanosleep(&pause, NULL);
    return http_connections(server) == 0;
}

static bool never_hurries(void)
{
    return false;
}

void http_free(http_server *server)
{
    if (server == NULL)
        return;
    if (server->acceptor_runs)
        http_drain(server, 0, never_hurries);
    if (server->listener >= 0)
        close(server->listener);
    pthread_mutex_lock(&server->lock);
    for (const connection *c = server->connections; c != NULL; c = c->next)
        shutdown(c->socket, SHUT_RDWR);
    while (server->count > 0)
        pthread_cond_wait(&server->closed, &server->lock);
    pthread_mutex_unlock(&server->lock);
    if (server->drain_event >= 0)
        close(server->drain_event);
    pthread_cond_destroy(&server->closed);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
