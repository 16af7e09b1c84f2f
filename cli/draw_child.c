#include "draw_child.h"

#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/status.h"
#include "child.h"
#include "draw_worker.h"

enum { MAX_MEGABYTES = 256 }; /* of a picture */

/* How messages name what is drawn and what draws it, and what can be done without it. */
typedef struct drawer {
    const char *from, *what, *library, *instead;
} drawer;

static const drawer drawers[] = {
    {"svg", "a picture", "librsvg", "take a name that ends in .svg"},
    {"dot", "graph", "Graphviz", "ask for .dot"},
};

/* This very file, whatever has got its name since; without /proc, what the kernel was asked to run. */
static const char *own_program(void)
{
    static const char self[] = "/proc/self/exe";
    return access(self, X_OK) == 0 ? self : (const char *)getauxval(AT_EXECFN);
}

static heed_status status_of_exit(int code)
{
    for (int status = HEED_FAILED; status <= HEED_STOPPED; status++)
        if (heed_status_exit((heed_status)status) == code)
            return (heed_status)status;
    return HEED_FAILED;
}

/* The worker's message, if it is one: a library may have ended the process by itself, at any time. */
static heed_status exit_describe(writer *out, const drawer *d, int code, heed_error *error)
{
    if (code == 0 && out->size > 0)
        return HEED_OK;
    if (out->size == 0 || out->size >= sizeof error->message)
        return fail(error, HEED_FAILED, "%s: %s ended with status %d and drew nothing, expected a picture; %s", d->what,
                    d->library, code, d->instead);
    return fail(error, status_of_exit(code), "%.*s", (int)out->size, out->data);
}

static heed_status end_describe(writer *out, const drawer *d, child_end end, int value, heed_error *error)
{
    switch (end) {
    case CHILD_EXITED:
        return exit_describe(out, d, value, error);
    case CHILD_CRASHED:
        return fail(error, HEED_FAILED, "%s: %s crashed (%s); %s", d->what, d->library, strsignal(value), d->instead);
    case CHILD_STOPPED:
        return fail(error, HEED_STOPPED, "%s: stopped while %s drew it", d->what, d->library);
    case CHILD_TOO_SLOW:
        return fail(error, HEED_FAILED, "%s: %s was not done after %d seconds, and was stopped; %s", d->what,
                    d->library, DRAW_SECONDS, d->instead);
    case CHILD_TOO_LARGE:
        return fail(error, HEED_FAILED, "%s: what %s draws has more than %d megabytes; %s", d->what, d->library,
                    MAX_MEGABYTES, d->instead);
    case CHILD_FAILED:
        break;
    }
    return fail(error, HEED_FAILED, "%s: the process that draws it cannot be started or read: %s", d->what,
                strerror(value));
}

heed_status draw_in_child(writer *out, const char *from, const char *to, const char *text, heed_error *error)
{
    const drawer *d = &drawers[strcmp(from, "dot") == 0];
    const char *const arguments[] = {own_program(), DRAW_COMMAND, from, to, NULL};
    int value;
    out->limit = (size_t)MAX_MEGABYTES << 20;
    child_end end = child_run(out, &value, arguments, bytes_of(text), DRAW_SECONDS);
    return end_describe(out, d, end, value, error);
}

heed_status draw_check(heed_error *error)
{
    writer out = {0};
    heed_status status = draw_in_child(&out, "svg", DRAW_CHECK, "", error);
    writer_release(&out);
    return status;
}
