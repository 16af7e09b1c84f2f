#include "draw_worker.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/status.h"
#include "graph_render.h"
#include "svg_render.h"

static const struct {
    const char *from, *to;
} drawings[] = {
    {"svg", "png"}, {"svg", "pdf"}, {"svg", DRAW_CHECK}, {"dot", "svg"}, {"dot", "png"}, {"dot", "pdf"},
};

/* A limit that is lower already stays. */
static void limit_lower(unsigned of, rlim_t value)
{
    struct rlimit limit;
    if (getrlimit(of, &limit) == 0 && limit.rlim_cur > value) {
        limit.rlim_cur = value;
        setrlimit(of, &limit);
    }
}

/* The worker ends with its parent, and without a core file. */
static void limits_set(void)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    limit_lower(RLIMIT_CORE, 0);
    limit_lower(RLIMIT_CPU, DRAW_SECONDS);
}

/* With a NUL after it. */
static heed_status input_read(writer *in, heed_error *error)
{
    char block[1 << 16];
    size_t size;
    while ((size = fread(block, 1, sizeof block, stdin)) > 0)
        writer_bytes(in, block, size);
    if (ferror(stdin))
        return fail(error, HEED_FAILED, "a picture: what to draw cannot be read from standard input");
    writer_byte(in, '\0');
    return writer_check(in, error);
}

static heed_status draw(writer *out, const char *from, const char *to, heed_error *error)
{
    writer in = {0};
    heed_status status;
    if (strcmp(to, DRAW_CHECK) == 0) {
        writer_text(out, "here"); /* a library that ends the process by itself says nothing */
        return svg_render_check(error);
    }
    TRY(input_read(&in, error));
    status = (strcmp(from, "dot") == 0 ? graph_render : svg_render)(out, in.data, to, error);
done:
    writer_release(&in);
    return status;
}

/* The answer's own descriptor: what a library prints by itself goes to standard error. */
static FILE *answer_open(void)
{
    int descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (descriptor < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return NULL;
    return fdopen(descriptor, "wb");
}

/* Without what libraries do at exit, where some of them crash. */
static _Noreturn void answer(const char *from, const char *to)
{
    heed_error error = {""};
    writer picture = {0}, out = {.file = answer_open()};
    if (out.file == NULL)
        _exit(EXIT_FAILURE);
    heed_status status = draw(&picture, from, to, &error);
    if (status == HEED_OK)
        status = writer_check(&picture, &error);
    if (status == HEED_OK)
        writer_bytes(&out, picture.data, picture.size);
    else
        writer_text(&out, error.message);
    if (fflush(out.file) != 0 || out.problem != 0)
        _exit(EXIT_FAILURE);
    _exit(heed_status_exit(status));
}

heed_status draw_worker(int count, char **arguments, heed_error *error)
{
    for (size_t i = 0; i < sizeof drawings / sizeof *drawings && count == 2; i++)
        if (strcmp(arguments[0], drawings[i].from) == 0 && strcmp(arguments[1], drawings[i].to) == 0) {
            limits_set();
            answer(drawings[i].from, drawings[i].to);
        }
    return fail(error, HEED_USAGE,
                DRAW_COMMAND ": only heed itself starts it, expected 'svg png' or the like after it");
}
