/* How many requests a second heed serve answers, and how long one takes.
 *
 *     cc -O2 bench/serve_load.c -pthread -o build/serve_load
 *     build/serve_load PROGRAM MODEL TEXTS [REQUESTS [OPTION OF HEED SERVE]...]
 *     build/serve_load PORT TEXTS REQUESTS CONNECTIONS
 *
 * PROGRAM is such as build/release/heed; TEXTS holds a text a line. Starts a server and asks it on 1, 8 and 64
 * connections at a time, kept open, REQUESTS (20,000) times in all on each, one text a request. Prints requests a
 * second, the median and the 99th percentile of the time from a request to its answer, and the server's resident memory
 * before and after. The second form asks any server that runs already and answers POST / as heed does. Clients take
 * processor time from the server: give both the same machine in every comparison. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TEXTS = 10000, MAX_CONNECTIONS = 64, ANSWER_MOST = 1 << 16, MAX_OPTIONS = 16 };

extern char **environ;

typedef struct client {
    pthread_t thread;
    size_t first, count; /* its requests */
    unsigned short port;
    double *times; /* [count] */
} client;

static char *requests[MAX_TEXTS];
static size_t request_count;

static void fail(const char *what)
{
    fprintf(stderr, "serve_load: %s\n", what);
    exit(1);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void request_add(const char *line)
{
    size_t size = strlen(line);
    char *body = malloc(6 * size + 16), *to = body;
    if (body == NULL)
        fail("out of memory");
    to = stpcpy(to, "{\"inputs\": \"");
    for (; *line != '\0' && *line != '\n'; line++) {
        if (*line == '"' || *line == '\\')
            *to++ = '\\';
        *to++ = *line < ' ' && *line >= 0 ? ' ' : *line;
    }
    strcpy(to, "\"}");
    if (asprintf(&requests[request_count++],
                 "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(body), body) < 0)
        fail("out of memory");
    free(body);
}

static void requests_read(const char *path)
{
    FILE *file = fopen(path, "r");
    char *line = NULL;
    size_t room = 0;
    if (file == NULL)
        fail("the texts cannot be read");
    while (request_count < MAX_TEXTS && getline(&line, &room, file) > 0)
        request_add(line);
    free(line);
    fclose(file);
    if (request_count == 0)
        fail("no texts");
}

/* Reads one answer; whether it is whole and fine. */
static int answer_read(int from, char *answer)
{
    size_t held = 0, whole = 0;
    while (whole == 0 || held < whole) {
        ssize_t got = held < ANSWER_MOST ? recv(from, answer + held, ANSWER_MOST - held, 0) : 0;
        if (got <= 0)
            return 0;
        held += (size_t)got;
        answer[held] = '\0';
        const char *end = strstr(answer, "\r\n\r\n"), *length = strcasestr(answer, "Content-Length: ");
        if (end != NULL && length != NULL)
            whole = (size_t)(end + 4 - answer) + strtoull(length + 16, NULL, 10);
    }
    return strncmp(answer, "HTTP/1.1 200", 12) == 0;
}

static void *client_run(void *user)
{
    client *c = user;
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(c->port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
    int with = socket(AF_INET, SOCK_STREAM, 0), on = 1;
    char *answer = malloc(ANSWER_MOST + 1);
    if (answer == NULL || connect(with, (const struct sockaddr *)&to, sizeof to) != 0)
        fail("no connection");
    setsockopt(with, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (size_t i = 0; i < c->count; i++) {
        const char *request = requests[(c->first + i) % request_count];
        size_t size = strlen(request);
        double began = now();
        if (send(with, request, size, MSG_NOSIGNAL) != (ssize_t)size || !answer_read(with, answer))
            fail("a request was not answered");
        c->times[i] = now() - began;
    }
    free(answer);
    close(with);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void clients_run(unsigned short port, unsigned connections, size_t count)
{
    static client clients[MAX_CONNECTIONS];
    double *times = malloc(count * sizeof *times), began = now();
    if (times == NULL)
        fail("out of memory");
    for (unsigned i = 0; i < connections; i++) {
        size_t first = count * i / connections;
        clients[i] = (client){
            .first = first, .count = count * (i + 1) / connections - first, .port = port, .times = times + first};
        if (pthread_create(&clients[i].thread, NULL, client_run, &clients[i]) != 0)
            fail("no thread");
    }
    for (unsigned i = 0; i < connections; i++)
        pthread_join(clients[i].thread, NULL);
    double seconds = (now() - began) / 1e3;
    qsort(times, count, sizeof *times, compare);
    printf("%2u connections: %8.0f requests/s, median %7.3f ms, 99%% %7.3f ms\n", connections, (double)count / seconds,
           times[count / 2], times[count - 1 - count / 100]);
    fflush(stdout);
    free(times);
}

/* Starts a server; its port. */
static unsigned short server_start(pid_t *out, char **arguments, int extra)
{
    char *line[MAX_OPTIONS + 8] = {arguments[1], "serve", arguments[2], "--port", "0", "--quiet"};
    int out_pipe[2];
    unsigned port = 0;
    posix_spawn_file_actions_t actions;
    for (int i = 0; i < extra && i < MAX_OPTIONS; i++)
        line[6 + i] = arguments[5 + i];
    if (pipe(out_pipe) != 0)
        fail("no pipe");
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, out_pipe[1], 1);
    if (posix_spawnp(out, arguments[1], &actions, NULL, line, environ) != 0)
        fail("the program cannot be started");
    close(out_pipe[1]);
    FILE *said = fdopen(out_pipe[0], "r");
    if (said == NULL || fscanf(said, "http://127.0.0.1:%u", &port) != 1)
        fail("no address of the server");
    fclose(said);
    return (unsigned short)port;
}

static double memory_of(pid_t process)
{
    char path[64];
    long pages = 0;
    snprintf(path, sizeof path, "/proc/%ld/statm", (long)process);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%*d %ld", &pages) != 1)
        fail("no memory of the server");
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / (1 << 20);
}

int main(int count, char **arguments)
{
    static const unsigned connections[] = {1, 8, 64};
    pid_t server;
    if (count == 5 && strspn(arguments[1], "0123456789") == strlen(arguments[1])) {
        unsigned long clients = strtoul(arguments[4], NULL, 10);
        requests_read(arguments[2]);
        if (clients == 0 || clients > MAX_CONNECTIONS)
            fail("CONNECTIONS is not from 1 to 64");
        clients_run((unsigned short)atoi(arguments[1]), (unsigned)clients, strtoull(arguments[3], NULL, 10));
        return 0;
    }
    if (count < 4) {
        fprintf(stderr, "usage: serve_load PROGRAM MODEL TEXTS [REQUESTS [OPTION]...]\n"
                        "       serve_load PORT TEXTS REQUESTS CONNECTIONS\n");
        return 2;
    }
    size_t all = count > 4 ? strtoull(arguments[4], NULL, 10) : 20000;
    requests_read(arguments[3]);
    unsigned short port = server_start(&server, arguments, count - 5);
    clients_run(port, 8, 1000); /* to warm up */
    double before = memory_of(server);
    for (size_t i = 0; i < sizeof connections / sizeof *connections; i++)
        clients_run(port, connections[i], all);
    printf("memory: %.1f MiB before, %.1f MiB after\n", before, memory_of(server));
    kill(server, SIGTERM);
    int status = 0;
    waitpid(server, &status, 0);
    return status;
}
