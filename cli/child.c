#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

typedef struct child {
    pid_t pid;
    int in, out;      /* the parent's ends of its pipes; -1: closed */
    heed_bytes input; /* what it was not given yet */
    double deadline;
} child;

static void descriptor_close(int *descriptor)
{
    if (*descriptor >= 0)
        close(*descriptor);
    *descriptor = -1;
}

/* ---- starting it */

/* The child's ends become its standard input and output; whatever else is open, also without O_CLOEXEC, is closed. */
static int program_start(pid_t *pid, const char *const *arguments, int in, int out)
{
    posix_spawn_file_actions_t actions;
    int problem = posix_spawn_file_actions_init(&actions);
    if (problem != 0)
        return problem;
    problem = posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
    if (problem == 0)
        problem = posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
    if (problem == 0)
        problem = posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    if (problem == 0)
        problem = posix_spawn(pid, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

/* Returns errno. */
static int child_start(child *c, const char *const *arguments)
{
    int in[2] = {-1, -1}, out[2] = {-1, -1}, problem = 0;
    signal(SIGCHLD, SIG_DFL); /* whoever started the program may have it ignored, and then no exit status is kept */
    if (pipe2(in, O_CLOEXEC) != 0 || pipe2(out, O_CLOEXEC) != 0 || fcntl(in[1], F_SETFL, O_NONBLOCK) != 0)
        problem = errno;
    else
        problem = program_start(&c->pid, arguments, in[0], out[1]);
    descriptor_close(&in[0]);
    descriptor_close(&out[1]);
    c->in = in[1];
    c->out = out[0];
    return problem;
}

/* ---- its input and output */

static void input_give(child *c)
{
    ssize_t given = write(c->in, c->input.data, c->input.size);
    if (given > 0) {
        c->input.data += given;
        c->input.size -= (size_t)given;
    }
    if (c->input.size == 0 || (given < 0 && errno != EAGAIN && errno != EINTR))
        descriptor_close(&c->in); /* a child that does not want the rest says by its exit status why */
}

static void output_take_over(child *c, writer *out)
{
    char block[1 << 16];
    ssize_t size = read(c->out, block, sizeof block);
    if (size > 0)
        writer_bytes(out, block, (size_t)size);
    else if (size < 0 && errno != EINTR)
        writer_fail(out, errno);
    else if (size == 0)
        descriptor_close(&c->out);
}

/* Until it closes its output: CHILD_EXITED, or what came before that. */
static child_end child_talk(child *c, writer *out, int *value)
{
    while (c->out >= 0 && out->problem == 0) {
        struct pollfd files[] = {{.fd = c->out, .events = POLLIN}, {.fd = c->in, .events = POLLOUT}};
        double left = c->deadline - clock_seconds();
        int ready = left > 0 ? poll(files, 2, (int)(left * 1000) + 1) : 0;
        if (ready == 0)
            return CHILD_TOO_SLOW;
        if (ready < 0) {
            *value = errno;
            return errno == EINTR ? CHILD_STOPPED : CHILD_FAILED;
        }
        if (files[1].revents != 0)
            input_give(c);
        if (files[0].revents != 0)
            output_take_over(c, out);
    }
    *value = out->problem;
    return out->problem == 0 ? CHILD_EXITED : out->problem == EFBIG ? CHILD_TOO_LARGE : CHILD_FAILED;
}

/* ---- its end */

/* Without a wait that can be given a time, in naps: after its output a child has little left to do. */
static bool child_ends_in_time(const child *c, int *status)
{
    const struct timespec nap = {.tv_nsec = 1000000};
    pid_t ended;
    while ((ended = waitpid(c->pid, status, WNOHANG)) == 0 && clock_seconds() < c->deadline)
        nanosleep(&nap, NULL);
    return ended == c->pid;
}

static void child_kill(const child *c)
{
    kill(c->pid, SIGKILL);
    while (waitpid(c->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

static child_end end_describe(int status, int *value)
{
    if (WIFEXITED(status)) {
        *value = WEXITSTATUS(status);
        return CHILD_EXITED;
    }
    *value = WTERMSIG(status);
    return *value == SIGXCPU ? CHILD_TOO_SLOW : *value == SIGINT || *value == SIGTERM ? CHILD_STOPPED : CHILD_CRASHED;
}

child_end child_run(writer *out, int *value, const char *const *arguments, heed_bytes input, double seconds)
{
    child c = {.input = input, .deadline = clock_seconds() + seconds};
    child_end end = CHILD_FAILED;
    int status;
    *value = child_start(&c, arguments);
    if (*value == 0) {
        end = child_talk(&c, out, value);
        if (end == CHILD_EXITED && child_ends_in_time(&c, &status)) {
            end = end_describe(status, value);
        } else {
            end = end == CHILD_EXITED ? CHILD_TOO_SLOW : end;
            child_kill(&c);
        }
    }
    descriptor_close(&c.in);
    descriptor_close(&c.out);
    return end;
}
