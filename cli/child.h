/* A program that runs as a child: bytes go to its standard input, what it writes on its standard output comes back. It
 * shares standard error, and no other open file; it gets Ctrl-C as the parent does. */
#ifndef CLI_CHILD_H
#define CLI_CHILD_H

#include "base/writer.h"

typedef enum child_end {
    CHILD_EXITED,    /* value: its exit status */
    CHILD_CRASHED,   /* value: the signal that ended it */
    CHILD_STOPPED,   /* by Ctrl-C or SIGTERM, its own or the parent's */
    CHILD_TOO_SLOW,  /* it was killed after its seconds, or had used up its processor time */
    CHILD_TOO_LARGE, /* it was killed after writing more than the writer may hold */
    CHILD_FAILED     /* it could not be started or read; value: errno */
} child_end;

/* Runs arguments[0], which is a path, with these arguments (NULL after the last), and returns when it has ended: it
 * leaves no process behind. The writer's limit is that of the output. Expects that SIGPIPE is ignored, so that a child
 * which does not read all of its input is no more than that. */
child_end child_run(writer *out, int *value, const char *const *arguments, heed_bytes input, double seconds);

#endif
